/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What the matches of a rule say about a packet's protocols. */
#ifndef FWC_MODEL_PROTOCOLS_H
#define FWC_MODEL_PROTOCOLS_H

#include "model/model.h"

struct fwc_protocols {
	uint32_t family; /* of the table */
	uint32_t l3; /* NFPROTO_IPV4, NFPROTO_IPV6; 0: not known */
	int l4; /* IPPROTO_*; -1: not known */
	bool transport; /* something was said about the transport protocol, if only that it has ports */
	const char *l3_by, *l4_by; /* the fields that said so */
};

/* What the items of a rule say so far. */
struct fwc_protocols fwc_protocols_of(const struct fwc_rule *r);
/* Adds what a value says, or a match. 0, or -EINVAL: it contradicts what came before or the table's family. */
int fwc_protocols_add_value(struct fwc_protocols *p, const struct fwc_value *v,
			    struct fwc_error *err);
int fwc_protocols_add_match(struct fwc_protocols *p, const struct fwc_value *left, uint32_t op,
			    const struct fwc_value *right, struct fwc_error *err);
/* Adds an address family that a target needs. */
int fwc_protocols_add_l3(struct fwc_protocols *p, uint32_t l3, const char *by,
			 struct fwc_error *err);

#endif
