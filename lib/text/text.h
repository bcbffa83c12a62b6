/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* nft's words, in and out. */
#ifndef FWC_TEXT_H
#define FWC_TEXT_H

#include "core/buf.h"
#include "model/model.h"

enum { FWC_TEXT_MOST = 64 * 1024 * 1024 }; /* bytes of a ruleset */

#define FWC_SYNTAX_UNKNOWN "syntax %u is not known: FWC_SYNTAX_NFT (1) and FWC_SYNTAX_JSON (2) are"

/* One rule's line: matches and targets are bound and added to `r`. Nothing is added on failure; err has line and column. */
int fwc_text_parse_rule(struct fwc_rule *r, const char *text, size_t len, struct fwc_error *err);
/* The same in any enum fwc_syntax, which is checked. */
int fwc_text_parse_rule_in(struct fwc_rule *r, uint32_t syntax, const char *text,
			   struct fwc_error *err);
/* What both are made of; `of_json`: the words were made of it, and may hold bytes that have no words. */
int fwc_text_parse_words(struct fwc_rule *r, const char *text, size_t len, bool of_json,
			 struct fwc_error *err);
struct fwc_ruleset *fwc_text_parse_commands(const char *text, size_t len, bool of_json,
					    struct fwc_error *err);
/* One constant, range, prefix, list, concatenation or @set as words: for fwc_rule_match() and UNTYPED TEXT.
 * Bound to `types`. NULL on failure. */
const struct fwc_value *fwc_text_parse_value(struct fwc_ruleset *rs, const char *text, size_t len,
					     const struct fwc_type *const *types, size_t count,
					     struct fwc_error *err);
/* A map element's data: a value of `types`, or a verdict when types[0] is fwc_type_verdict. */
const struct fwc_value *fwc_text_parse_data(struct fwc_ruleset *rs, const char *text, size_t len,
					    const struct fwc_type *const *types, size_t count,
					    struct fwc_error *err);

/* Fields with dots between, for `typeof`: FIELD, or CONCAT of such. NULL on failure. */
const struct fwc_value *fwc_text_parse_fields(struct fwc_ruleset *rs, const char *text, size_t len,
					      struct fwc_error *err);

/* The family whose packets the matches of a rule let through: FWC_FAMILY_IP, IP6, or INET for both. */
uint32_t fwc_text_known_family(const struct fwc_rule *r);

void fwc_text_format_rule(const struct fwc_rule *r, bool stateless, struct fwc_buf *out);
void fwc_text_format_value(const struct fwc_value *v, struct fwc_buf *out);
void fwc_text_format_element(const struct fwc_element *e, struct fwc_buf *out);
void fwc_text_format_set(const struct fwc_set *s, uint32_t flags,
			 struct fwc_buf *out); /* the block of `nft list` */
void fwc_text_format_chain(const struct fwc_chain *c, uint32_t flags, struct fwc_buf *out);
void fwc_text_format_chain_head(
	const struct fwc_chain *c,
	struct fwc_buf *out); /* `type filter hook input priority filter; policy drop;` */
/* `add counter ip t c { ... }`, or `delete counter ip t c` */
void fwc_text_format_object_command(const struct fwc_named *o, const char *verb, bool body,
				    bool stateless, struct fwc_buf *out);
void fwc_text_format_set_head(const struct fwc_set *s,
			      struct fwc_buf *out); /* `type ipv4_addr; flags interval;` */

#endif
