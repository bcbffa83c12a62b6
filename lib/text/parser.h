/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What the parts of the parser share. Functions that return a value return NULL on failure, with the error set. */
#ifndef FWC_PARSER_H
#define FWC_PARSER_H

#include "text/lexer.h"
#include "text/text.h"

struct fwc_parser {
	struct fwc_lexer lx;
	struct fwc_ruleset *rs;
	struct fwc_rule *rule; /* NULL when a value is read alone */
	struct fwc_error *err;
	unsigned int depth; /* open parentheses */
	uint32_t
		number_prefix; /* of the last number that was one like 0x10/28: its length; else 0 */
	bool of_json; /* the words were made of JSON: `opaque` is known */
	bool in_block; /* of `jump { ... }`: a rule ends at `}` as well */
};

/* ---- parser.c ---- */

void fwc_parser_start(struct fwc_parser *p, struct fwc_ruleset *rs, const char *text, size_t len,
		      struct fwc_error *err);
/* -EINVAL at a token; a token that is none says so itself. */
int fwc_parser_fail_at(struct fwc_parser *p, const struct fwc_token *t, const char *fmt, ...)
	FWC_PRINTF(3, 4);
/* At the current token: `'x' is not known here: <what is allowed>`. */
int fwc_parser_expected(struct fwc_parser *p, const char *fmt, ...) FWC_PRINTF(2, 3);
/* Gives an error that another part of the library has made its place. Returns r. */
int fwc_parser_place(struct fwc_parser *p, const struct fwc_token *t, int r);
bool fwc_parser_is(const struct fwc_parser *p, const char *word);
bool fwc_parser_accept(struct fwc_parser *p, const char *word);
int fwc_parser_expect(struct fwc_parser *p, const char *word);
void fwc_parser_skip_newlines(struct fwc_parser *p);
/* A decimal number up to `max`. */
int fwc_parser_number(struct fwc_parser *p, const char *what, uint64_t max, uint64_t *ret);
/* `1d2h30m` */
int fwc_parser_time_ms(struct fwc_parser *p, uint64_t *ret);
/* A word or a quoted text, in the ruleset's arena. */
const char *fwc_parser_text(struct fwc_parser *p, const char *what);
/* The same, checked as the name of a `what`. */
const char *fwc_parser_name(struct fwc_parser *p, const char *what);
/* A word of a table that ends with a NULL name. */
int fwc_parser_symbol(struct fwc_parser *p, const struct fwc_symbol *symbols, const char *what,
		      uint64_t *ret);
/* The end of a rule: of the text, of the line, or `;`. */
bool fwc_parser_at_end(const struct fwc_parser *p);

/* ---- parse_value.c: constants ---- */

/* The bytes of one word of a type; the word is cut where a `-`, `/` or `:` ends it. */
int fwc_parse_word(struct fwc_parser *p, const struct fwc_type *t, uint8_t *bytes,
		   uint32_t *ret_bits);
/* A constant, prefix or range; words of bits are joined by `|`, and by `,` where `commas` are no separators. */
const struct fwc_value *fwc_parse_constant(struct fwc_parser *p, const struct fwc_type *t,
					   bool commas);
/* What a match compares with: a constant, `{ list }`, `@set`, or constants with dots between. */
const struct fwc_value *fwc_parse_right(struct fwc_parser *p, const struct fwc_type *const *types,
					size_t count);
/* An element's key. */
const struct fwc_value *fwc_parse_key(struct fwc_parser *p, const struct fwc_type *const *types,
				      size_t count, bool commas);
/* A verdict at the current token, for rules and verdict maps: 1, or 0 when there is none. */
int fwc_parse_verdict(struct fwc_parser *p, uint32_t *ret_verdict, const char **ret_chain);
/* An element's data: 1 to `count` constants, or a verdict; *ret_count is how many there were. */
const struct fwc_value *fwc_parse_data(struct fwc_parser *p, const struct fwc_type *const *types,
				       size_t count, size_t *ret_count);
/* `{ key : data, ... }` or `@map` after `map` or `vmap`; the data are the first one or more of `data`. */
const struct fwc_value *fwc_parse_map(struct fwc_parser *p, const struct fwc_value *key,
				      const struct fwc_type *const *data, size_t data_count);

/* ---- parse_list.c: anonymous sets ---- */

/* What an element has beside key and data. */
struct fwc_element_spec {
	uint64_t timeout_ms;
	const char *comment;
	struct fwc_stateful stateful;
};

struct fwc_listed {
	const struct fwc_value *key, *data;
	struct fwc_element_spec spec;
	struct fwc_token at;
};

struct fwc_list {
	struct fwc_listed *items;
	size_t count, room;
};

void fwc_list_free(struct fwc_list *l);
int fwc_list_push(struct fwc_parser *p, struct fwc_list *l, const struct fwc_listed *item);
/* Makes the set as nft makes it: doubles go, intervals that touch become one, a list of one is that one. */
const struct fwc_value *fwc_list_finish(struct fwc_parser *p, struct fwc_list *l,
					const struct fwc_type *const *types, size_t count,
					const struct fwc_type *const *data, size_t data_count);

/* ---- parse_expression.c: what is computed from a packet ---- */

/* parse_field.c: whether the words of a field begin at the current token, and the field: 1, 0 when there is none, -EINVAL,
 * -ENOMEM. */
bool fwc_parse_begins_field(const struct fwc_parser *p);
int fwc_parse_field(struct fwc_parser *p, const struct fwc_value **ret);
/* One or more, with dots between: FIELD, or CONCAT of such. */
const struct fwc_value *fwc_parse_fields(struct fwc_parser *p);
/* ` mod 2 seed 0x1 offset 100` of a jhash, behind what is hashed: its FIELD. */
int fwc_parse_jhash(struct fwc_parser *p, const struct fwc_value **ret);
/* Fails where none begins: `'tcp dprot' is no field: tcp has sport, dport, ...`, or with what is expected `otherwise`. */
int fwc_parse_no_field(struct fwc_parser *p, const char *otherwise);

struct fwc_expression {
	const struct fwc_value *value;
	const struct fwc_type *types[FWC_MAX_CONCAT];
	size_t count;
	bool all_bits; /* `&` with all bits was written */
	int prefix_mask; /* an IPv6 address that was masked to a prefix: its length; else -1 */
};

/* Fields, with bits and dots. */
int fwc_parse_expression(struct fwc_parser *p, struct fwc_expression *ret);
/* The same for the key of a set of these types: some of its parts may be constants. */
int fwc_parse_new_key(struct fwc_parser *p, const struct fwc_type *const *types, size_t count,
		      struct fwc_expression *ret);
/* What a field of type `t` is set to: the same, a constant, or a look-up in a map. */
const struct fwc_value *fwc_parse_assigned(struct fwc_parser *p, const struct fwc_type *t);

/* ---- parse_target.c ---- */

/* The target at the current token. 1 when there was one, 0 when the word begins none. *ret_ends: nothing may follow. */
int fwc_parse_target(struct fwc_parser *p, bool *ret_ends);
/* Adds a filled target; errors are placed at `at`. */
int fwc_parse_add_target(struct fwc_parser *p, const struct fwc_token *at, struct fwc_target *t);

/* ---- parse_opaque.c ---- */

/* `"1c00..."`, in the arena. */
int fwc_parse_bytes(struct fwc_parser *p, struct fwc_slice *ret);
/* `opaque "1c00..."` or `xt match "x" 0 "00..."`: an expression that has no words. */
bool fwc_parse_begins_opaque(const struct fwc_parser *p);
int fwc_parse_opaque(struct fwc_parser *p);

/* ---- parse_rule.c ---- */

/* Matches, targets and comment up to the end of the rule. Nothing is added on failure. */
int fwc_parse_rule(struct fwc_parser *p, struct fwc_rule *r);

#endif
