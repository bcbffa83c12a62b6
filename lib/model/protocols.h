/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What the matches of a rule say about a packet's protocols. */
#ifndef FWC_MODEL_PROTOCOLS_H
#define FWC_MODEL_PROTOCOLS_H

#include "model/model.h"

struct fwc_protocols {
	uint32_t family; /* of the table */
	uint32_t l3; /* NFPROTO_IPV4, NFPROTO_IPV6; 0: not known */
	int l4; /* IPPROTO_*; -1: not known */
	uint8_t icmp; /* the type of ICMP or ICMPv6, as fwc_icmp_type() gives it; 0: not known */
	bool transport; /* something was said about the transport protocol, if only that it has ports */
	const char *l3_by, *l4_by; /* the fields that said so */
};

/* What the items of a rule say so far. */
struct fwc_protocols fwc_protocols_of(const struct fwc_rule *r);
/* `icmp type`, `icmpv6 type` */
bool fwc_is_icmp_type(const struct fwc_field_row *f);
/* What an exact match of that field with `right` makes sure of: one type, or the two of an echo, for which the request
 * stands; 0: nothing that fields depend on. */
uint8_t fwc_icmp_type(const struct fwc_field_row *f, const struct fwc_value *right);
/* The field within a value that is in another type of message than is known; NULL: none. */
const struct fwc_field_row *fwc_protocols_lack_icmp(const struct fwc_protocols *p,
						    const struct fwc_value *v);
/* Adds what a value says, or a match. 0, or -EINVAL: it contradicts what came before or the table's family. */
int fwc_protocols_add_value(struct fwc_protocols *p, const struct fwc_value *v,
			    struct fwc_error *err);
int fwc_protocols_add_match(struct fwc_protocols *p, const struct fwc_value *left, uint32_t op,
			    const struct fwc_value *right, struct fwc_error *err);
/* Adds an address family that a target needs. */
int fwc_protocols_add_l3(struct fwc_protocols *p, uint32_t l3, const char *by,
			 struct fwc_error *err);

#endif
