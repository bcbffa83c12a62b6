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

struct fwc_json_reader {
	struct fwc_buf *out; /* the words */
	struct fwc_error *err;
	unsigned int depth; /* of expressions */
};

/* -EINVAL: "nftables[3].rule.expr: an array is needed" */
int fwc_json_fail(struct fwc_json_reader *r, const struct fwc_json_at *at, const char *fmt, ...)
	FWC_PRINTF(3, 4);

/* A value by its key; NULL: it is not there. */
const json_t *fwc_json_get(const json_t *object, const char *key);
/* Each writes one word. */
int fwc_json_read_quoted(struct fwc_json_reader *r, const struct fwc_json_at *at, const json_t *v);
int fwc_json_read_word(struct fwc_json_reader *r, const struct fwc_json_at *at, const json_t *v);
int fwc_json_read_number(struct fwc_json_reader *r, const struct fwc_json_at *at, const json_t *v);
/* One of the words that are allowed: the message lists them. */
int fwc_json_read_expression(struct fwc_json_reader *r, const struct fwc_json_at *at,
			     const json_t *v);
/* Within an expression: what has signs gets parentheses. */
int fwc_json_read_operand(struct fwc_json_reader *r, const struct fwc_json_at *at, const json_t *v);
/* An array, or one element: `{ a, b : c }`. */
int fwc_json_read_elements(struct fwc_json_reader *r, const struct fwc_json_at *at,
			   const json_t *v);
/* The statements of a rule. */
int fwc_json_read_statements(struct fwc_json_reader *r, const struct fwc_json_at *at,
			     const json_t *v);
int fwc_json_read_statement(struct fwc_json_reader *r, const struct fwc_json_at *at,
			    const json_t *v);
/* The body of a named object, behind `{`. */
int fwc_json_read_object(struct fwc_json_reader *r, const struct fwc_json_at *at, const char *kind,
			 const json_t *v);

#endif
