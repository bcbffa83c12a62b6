/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* JSON in: its objects become commands in nft's words, which the parser of those reads. So what a value means, which lists
 * are joined and what a match implies is known in one place. Texts of JSON become quoted words and nothing else: they
 * cannot say more than one. */
#ifndef FWC_JSON_READ_H
#define FWC_JSON_READ_H

#include <jansson.h>

#include "core/buf.h"
#include "core/core.h"

/* Where a value stands: nftables[3].rule.expr[1].match.right */
struct fwc_json_at {
	const struct fwc_json_at *above; /* NULL: the whole */
	const char *key; /* NULL: an item of an array */
	size_t index;
};

/* The same, to be kept; of one that is longer the beginning. */
struct fwc_json_step {
	const char *key;
	size_t index;
};

struct fwc_json_path {
	size_t count;
	struct fwc_json_step steps[96];
};

struct fwc_json_reader {
	struct fwc_buf *out; /* the words */
	struct fwc_error *err;
	unsigned int depth; /* of expressions */
	bool exists; /* what is read is compared with true or false */
	const char *text; /* what was read */
	size_t text_len;
	struct fwc_json_path *
		sought; /* of the last value whose words begin at `sought_at` or before; NULL: of none */
	size_t sought_at;
};

/* ---- place.c ---- */

/* -EINVAL: "nftables[3].rule.expr: an array is needed" */
int fwc_json_fail(struct fwc_json_reader *r, const struct fwc_json_at *at, const char *fmt, ...)
	FWC_PRINTF(3, 4);
/* The words of the value at `at` come next. */
void fwc_json_mark(struct fwc_json_reader *r, const struct fwc_json_at *at);
/* A failure of r->err, whose line and column are of the words that `write` made of `root`, gets the path and the place of
 * the value that they came from. */
typedef int (*fwc_json_write_fn)(struct fwc_json_reader *r, const json_t *root);
void fwc_json_blame(struct fwc_json_reader *r, fwc_json_write_fn write, const json_t *root);

/* ---- read_value.c ---- */

/* Each writes one word. */
int fwc_json_read_quoted(struct fwc_json_reader *r, const struct fwc_json_at *at, const json_t *v);
int fwc_json_read_word(struct fwc_json_reader *r, const struct fwc_json_at *at, const json_t *v);
int fwc_json_read_number(struct fwc_json_reader *r, const struct fwc_json_at *at, const json_t *v);
int fwc_json_read_expression(struct fwc_json_reader *r, const struct fwc_json_at *at,
			     const json_t *v);
/* Milliseconds, as `1d2h3ms`. */
int fwc_json_read_ms(struct fwc_json_reader *r, const struct fwc_json_at *at, const json_t *v);
/* ` timeout 5s`, when there is one: milliseconds where they are said, else seconds. */
int fwc_json_read_time(struct fwc_json_reader *r, const struct fwc_json_at *at,
		       const json_t *object, const char *key, const char *key_ms);
/* Within an expression: what has signs gets parentheses. */
int fwc_json_read_operand(struct fwc_json_reader *r, const struct fwc_json_at *at, const json_t *v);
/* An element without its data: `1.2.3.4 counter timeout 5s`. */
int fwc_json_read_key(struct fwc_json_reader *r, const struct fwc_json_at *at, const json_t *v);
/* An array, or one element: `{ a, b : c }`. */
int fwc_json_read_elements(struct fwc_json_reader *r, const struct fwc_json_at *at,
			   const json_t *v);

/* ---- read_statement.c ---- */

/* The statements of a rule. */
int fwc_json_read_statements(struct fwc_json_reader *r, const struct fwc_json_at *at,
			     const json_t *v);
int fwc_json_read_statement(struct fwc_json_reader *r, const struct fwc_json_at *at,
			    const json_t *v);
/* One of that name, whose parameters are `v`. */
int fwc_json_read_named(struct fwc_json_reader *r, const struct fwc_json_at *at, const char *name,
			const json_t *v);
/* The body of a named object, behind `{`. */
int fwc_json_read_object(struct fwc_json_reader *r, const struct fwc_json_at *at, const char *kind,
			 const json_t *v);

/* ---- read_ruleset.c ---- */

/* All commands, each on a line of its own. */
int fwc_json_read_ruleset(struct fwc_json_reader *r, const json_t *root);
/* What a rule says, without its chain. */
int fwc_json_read_rule(struct fwc_json_reader *r, const json_t *root);

#endif
