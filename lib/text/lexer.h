/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Words, quoted texts and signs of a text of known length, with their places. */
#ifndef FWC_LEXER_H
#define FWC_LEXER_H

#include "core/core.h"

enum fwc_token_kind {
	FWC_TOKEN_END,
	FWC_TOKEN_NEWLINE,
	FWC_TOKEN_WORD, /* letters, digits and _ . : / - * \ within */
	FWC_TOKEN_QUOTED, /* text and len are what lies between the quotes */
	FWC_TOKEN_SIGN, /* { } ( ) [ ] , ; : . / - @ = == ! != < <= << > >= >> & | ^ + */
	FWC_TOKEN_BAD, /* no token: `why` says what is wrong with it */
};

struct fwc_token {
	uint32_t kind; /* enum fwc_token_kind */
	uint32_t line, column; /* from 1, in bytes */
	const char *text;
	size_t len;
	const char *why; /* BAD */
};

/* A copy of a lexer looks ahead. */
struct fwc_lexer {
	const char *at, *end, *line_start;
	uint32_t line;
	struct fwc_token token; /* the current one */
};

void fwc_lexer_start(struct fwc_lexer *lx, const char *text, size_t len);
void fwc_lexer_next(struct fwc_lexer *lx);
/* The current word ends after `len` bytes; what follows them is read as the next token. */
void fwc_lexer_cut(struct fwc_lexer *lx, size_t len);
/* The token is this word or this sign. */
bool fwc_token_is(const struct fwc_token *t, const char *word);

#endif
