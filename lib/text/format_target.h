/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What the printers of targets share. */
#ifndef FWC_FORMAT_TARGET_H
#define FWC_FORMAT_TARGET_H

#include "fields/objects.h"
#include "text/format.h"

struct fwc_format_context {
	const struct fwc_rule *rule;
	bool stateless;
	unsigned int
		indent; /* tabs before the rule where it stands on lines of its own; 0: all on one line */
};

typedef void (*fwc_format_fn)(const struct fwc_format_context *c, const struct fwc_target *t,
			      struct fwc_buf *out);

/* Bytes in the largest unit that loses nothing. */
void fwc_format_bytes(uint64_t bytes, struct fwc_buf *out);
/* The kind of reject, or that of `reject` alone. */
void fwc_format_get_reject(const struct fwc_rule *rule, const struct fwc_target *t,
			   uint64_t *ret_with, uint64_t *ret_code);
/* The family that nft names before an address; 0: none. */
uint32_t fwc_format_nat_family(const struct fwc_rule *rule, const struct fwc_target *t);
/* An IPv6 address before a port stands in brackets. */
void fwc_format_nat_address(const struct fwc_value *v, bool brackets, struct fwc_buf *out);

/* ---- format_statement.c ---- */

void fwc_format_quota(const struct fwc_format_context *c, const struct fwc_target *t,
		      struct fwc_buf *out);
void fwc_format_connlimit(const struct fwc_format_context *c, const struct fwc_target *t,
			  struct fwc_buf *out);
void fwc_format_last(const struct fwc_format_context *c, const struct fwc_target *t,
		     struct fwc_buf *out);
void fwc_format_notrack(const struct fwc_format_context *c, const struct fwc_target *t,
			struct fwc_buf *out);
void fwc_format_synproxy(const struct fwc_format_context *c, const struct fwc_target *t,
			 struct fwc_buf *out);
void fwc_format_queue(const struct fwc_format_context *c, const struct fwc_target *t,
		      struct fwc_buf *out);
void fwc_format_tproxy(const struct fwc_format_context *c, const struct fwc_target *t,
		       struct fwc_buf *out);
void fwc_format_dup(const struct fwc_format_context *c, const struct fwc_target *t,
		    struct fwc_buf *out);
void fwc_format_fwd(const struct fwc_format_context *c, const struct fwc_target *t,
		    struct fwc_buf *out);
void fwc_format_objref(const struct fwc_format_context *c, const struct fwc_target *t,
		       struct fwc_buf *out);
void fwc_format_flow(const struct fwc_format_context *c, const struct fwc_target *t,
		     struct fwc_buf *out);
void fwc_format_strip(const struct fwc_format_context *c, const struct fwc_target *t,
		      struct fwc_buf *out);
void fwc_format_update(const struct fwc_format_context *c, const struct fwc_target *t,
		       struct fwc_buf *out);

#endif
