/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* JSON by libnftables-json(5): what its writer shares.
 *
 * Reading goes through nft's words (read.h): one place knows what a text means. */
#ifndef FWC_JSON_H
#define FWC_JSON_H

#include "core/buf.h"
#include "model/model.h"

/* A JSON text that grows. A comma goes before the next item unless it is the first. */
struct fwc_json {
	struct fwc_buf *out;
	uint32_t flags; /* enum fwc_format_flags */
	const struct fwc_rule
		*rule; /* whose statements are written; NULL: an object's or element's */
	bool comma;
	bool bare; /* statements are keys of an object that is open */
	bool no_form; /* there was something that JSON has no form for */
	bool bad_text; /* there was a text that is not UTF-8 */
};

/* ---- emit.c ---- */

void fwc_json_open(struct fwc_json *j, const char *bracket);
void fwc_json_close(struct fwc_json *j, const char *bracket);
void fwc_json_key(struct fwc_json *j, const char *key);
void fwc_json_text(struct fwc_json *j, const char *text, size_t len);
void fwc_json_string(struct fwc_json *j, const char *text);
void fwc_json_number(struct fwc_json *j, uint64_t number);
void fwc_json_integer(struct fwc_json *j, int64_t number);
void fwc_json_word(struct fwc_json *j, const char *word); /* true, false, null, digits */
void fwc_json_flags(struct fwc_json *j, const struct fwc_symbol *words, uint64_t flags);
void fwc_json_put_string(struct fwc_json *j, const char *key, const char *text);
void fwc_json_put_number(struct fwc_json *j, const char *key, uint64_t number);

/* ---- write_value.c ---- */

/* How several flags in one constant are written. */
enum fwc_json_bits {
	FWC_JSON_BITS_OR, /* {"|":["syn","ack"]} */
	FWC_JSON_BITS_LIST, /* ["syn","ack"] */
	FWC_JSON_BITS_NUMBER, /* 18 */
};

void fwc_json_field(struct fwc_json *j, const struct fwc_field_row *f);
void fwc_json_constant(struct fwc_json *j, const struct fwc_value *v, enum fwc_json_bits bits);
void fwc_json_value(struct fwc_json *j, const struct fwc_value *v);
/* Seconds, and the milliseconds beside them where they are not whole; nothing for 0. */
void fwc_json_time(struct fwc_json *j, const char *key, const char *key_ms, uint64_t ms);
void fwc_json_verdict(struct fwc_json *j, uint32_t verdict, const char *chain);
void fwc_json_match(struct fwc_json *j, const struct fwc_item *m);
/* The elements of a set in the order in which nft lists them: an array. */
void fwc_json_elements(struct fwc_json *j, const struct fwc_set *s);

/* ---- write_statement.c ---- */

void fwc_json_target(struct fwc_json *j, const struct fwc_target *t);
/* What an element counts or limits: keys of it, one for each. */
void fwc_json_target_keys(struct fwc_json *j, const struct fwc_stateful *s);
/* What an object does, as keys of it. */
void fwc_json_object_keys(struct fwc_json *j, const struct fwc_target *t, uint32_t family);

/* ---- write_ruleset.c ---- */

/* {"expr":[...],"comment":"x"} */
void fwc_json_rule(struct fwc_json *j, const struct fwc_rule *r);
int fwc_json_format_ruleset(const struct fwc_ruleset *rs, uint32_t flags, struct fwc_buf *out,
			    struct fwc_error *err);

/* ---- parse.c ---- */

/* NULL on failure: the message has the path, `nftables[3].rule.expr[1]`, and err its line and column. */
struct fwc_ruleset *fwc_json_parse_ruleset(const char *text, size_t len, struct fwc_error *err);
/* One rule, as fwc_json_rule() writes it. Nothing is added on failure. */
int fwc_json_parse_rule(struct fwc_rule *r, const char *text, size_t len, struct fwc_error *err);

#endif
