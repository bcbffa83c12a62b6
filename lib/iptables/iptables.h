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
/* A base chain that is none of iptables, in a table of it. */
bool fwc_xt_is_foreign(const struct fwc_chain *c);
#define FWC_XT_FOREIGN_CHAINS                                                                      \
	"# Table `%s' contains incompatible base-chains, use 'nft' tool to list them.\n"

/* One rule's words: `-p tcp --dport 22 -j ACCEPT`, with or without `-A CHAIN`. Nothing is added on failure. */
int fwc_xt_parse_rule(struct fwc_rule *r, const char *text, size_t len, struct fwc_error *err);
/* The same in nft's words, for tables that are none of iptables. -EOPNOTSUPP: they cannot say quite the same. */
int fwc_xt_parse_native(struct fwc_rule *r, const char *text, size_t len, struct fwc_buf *out,
			struct fwc_error *err);
/* The same as iptables-save writes it, without `-A CHAIN`. -EOPNOTSUPP: iptables has no words for an item. */
int fwc_xt_format_rule(const struct fwc_rule *r, struct fwc_buf *out, struct fwc_error *err);
/* A table as iptables-save writes it, `*filter` to `COMMIT`. */
int fwc_xt_format_table(const struct fwc_table *t, uint32_t flags, struct fwc_buf *out,
			struct fwc_error *err);

/* ---- list.c ---- */

enum fwc_xt_list_flags {
	FWC_XT_LIST_VERBOSE = 1, /* with interfaces and counters */
	FWC_XT_LIST_NUMERIC = 2, /* without names of protocols, services, and "anywhere" */
	FWC_XT_LIST_EXACT = 4, /* counters are not rounded */
	FWC_XT_LIST_LINE_NUMBERS = 8,
};

/* A chain as it is to be shown, which the kernel may not have: then it is empty and accepts. */
struct fwc_xt_shown {
	const char *name;
	bool is_base;
	uint32_t policy; /* enum fwc_verdict */
	uint64_t packets, bytes; /* of the policy */
	uint32_t references; /* jumps to it */
	const struct fwc_rule *const *rules;
	size_t count;
	uint32_t number; /* of the one rule that is wanted, without a head; 0: all */
};

/* As `iptables -L` does. -EOPNOTSUPP: a rule has no words. */
int fwc_xt_list_chain(const struct fwc_xt_shown *c, uint32_t flags, struct fwc_buf *out,
		      struct fwc_error *err);
/* The chain's line of `iptables -S`, then its rules. */
void fwc_xt_list_chain_words(const struct fwc_xt_shown *c, uint32_t flags, struct fwc_buf *out);
int fwc_xt_list_rule_words(const struct fwc_xt_shown *c, uint32_t flags, struct fwc_buf *out,
			   struct fwc_error *err);
/* As `iptables -v -A` tells what it added. */
int fwc_xt_list_told(const struct fwc_rule *r, struct fwc_buf *out, struct fwc_error *err);

/* Whether iptables-nft would read the rule as what it is: 0, or -EOPNOTSUPP with what it would not. */
int fwc_xt_check_rule(const struct fwc_rule *r, struct fwc_error *err);
/* What NFTA_RULE_COMPAT says: the protocol that the rule's matches make sure of, 0: none. */
uint8_t fwc_xt_protocol_of(const struct fwc_rule *r, bool *ret_inverted);

#endif
