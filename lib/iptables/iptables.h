/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The dialect of iptables: its words, and the rules that iptables-nft 1.8.9 writes for them. */
#ifndef FWC_IPTABLES_H
#define FWC_IPTABLES_H

#include "core/buf.h"
#include "model/model.h"

/* A base chain of a table of iptables-nft's. */
struct fwc_xt_chain {
	const char *table, *name;
	uint32_t type, hook; /* enum fwc_chain_type, fwc_hook */
	int32_t priority;
};
/* The i-th of a family, NULL past the end. */
const struct fwc_xt_chain *fwc_xt_chain_at(uint32_t family, size_t i);
bool fwc_xt_is_table(uint32_t family, const char *name);
/* Whether it stands where iptables-nft puts the chain of that name. */
bool fwc_xt_is_chain(const struct fwc_chain *c);

/* One rule's words: `-p tcp --dport 22 -j ACCEPT`, with or without `-A CHAIN`. Nothing is added on failure. */
int fwc_xt_parse_rule(struct fwc_rule *r, const char *text, size_t len, struct fwc_error *err);
/* The same as iptables-save writes it, without `-A CHAIN`. -EOPNOTSUPP: iptables has no words for an item. */
int fwc_xt_format_rule(const struct fwc_rule *r, struct fwc_buf *out, struct fwc_error *err);
/* A table as iptables-save writes it, `*filter` to `COMMIT`. */
int fwc_xt_format_table(const struct fwc_table *t, uint32_t flags, struct fwc_buf *out,
			struct fwc_error *err);
/* Whether iptables-nft would read the rule as what it is: 0, or -EOPNOTSUPP with what it would not. */
int fwc_xt_check_rule(const struct fwc_rule *r, struct fwc_error *err);
/* What NFTA_RULE_COMPAT says: the protocol that the rule's matches make sure of, 0: none. */
uint8_t fwc_xt_protocol_of(const struct fwc_rule *r, bool *ret_inverted);

#endif
