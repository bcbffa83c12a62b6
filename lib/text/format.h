/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What the parts of the printer share. */
#ifndef FWC_FORMAT_H
#define FWC_FORMAT_H

#include "text/text.h"

/* "tcp dport" */
void fwc_format_field(const struct fwc_field_row *f, struct fwc_buf *out);
/* A constant, prefix or range; bits are joined by `separator`, NULL: one word. */
void fwc_format_constant(const struct fwc_value *v, const char *separator, struct fwc_buf *out);
/* Within a set, where a range of addresses or marks that is a prefix is written as one. */
void fwc_format_key(const struct fwc_value *key, struct fwc_buf *out);
/* The length of the prefix that a range is, -1 when it is none or nft writes prefixes of its type as ranges. */
int fwc_format_prefix_of_range(const struct fwc_value *v);
/* The match that nft puts before `icmp id` and the like by itself: who reads the line does, too. */
bool fwc_format_is_implied(const struct fwc_item *i);
const char *fwc_format_opaque_name(const struct fwc_item *item); /* NULL: it has none */
void fwc_format_match(const struct fwc_item *match, struct fwc_buf *out);
/* `indent`: tabs before the rule, whose own rules stand on lines below it; 0: all on one line. */
void fwc_format_target_within(const struct fwc_rule *r, const struct fwc_target *t, bool stateless,
			      unsigned int indent, struct fwc_buf *out);
void fwc_format_target(const struct fwc_rule *r, const struct fwc_target *t, bool stateless,
		       struct fwc_buf *out);
void fwc_format_rule(const struct fwc_rule *r, bool stateless, unsigned int indent,
		     struct fwc_buf *out);
void fwc_format_object(const struct fwc_named *o, uint32_t flags, struct fwc_buf *out);
void fwc_format_verdict(uint32_t verdict, const char *chain, struct fwc_buf *out);
/* The elements of a set in the order in which nft lists them: yours, to be freed; NULL when out of memory. */
const struct fwc_element **fwc_format_order(const struct fwc_set *s);
void fwc_format_element(const struct fwc_element *e, uint32_t flags, struct fwc_buf *out);
/* `counter packets 1 bytes 2 quota 10 mbytes`, with `before` where there is any */
void fwc_format_stateful(const struct fwc_stateful *s, const char *before, bool stateless,
			 struct fwc_buf *out);
/* `1d2h`, as nft writes it; "0s" for 0 */
void fwc_format_time_ms(uint64_t ms, struct fwc_buf *out);
/* ` comment "x"`, when there is one */
void fwc_format_comment(const struct fwc_labels *l, const char *before, struct fwc_buf *out);
/* What is written as `flags`. */
uint32_t fwc_format_set_flags(const struct fwc_set *s, uint32_t flags);
/* Elements of dynamic sets come from packets: without state there are none. */
bool fwc_format_shows_elements(const struct fwc_set *s, uint32_t flags);
/* `add set` and `add element`; `where` is the family and name of the table. */
void fwc_format_set_commands(const struct fwc_set *s, uint32_t flags, const char *where,
			     struct fwc_buf *out);

#endif
