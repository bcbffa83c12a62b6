/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "text/lexer.h"

/* By hand and not with isalnum(): the caller's locale must not change what a text means. */
static bool is_letter_or_digit(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
	       c == '_';
}

static bool begins_word(const struct fwc_lexer *lx)
{
	char c = *lx->at;

	if (c == ':') /* `::1` is an address, `:80` a port after its sign */
		return lx->end - lx->at > 1 && lx->at[1] == ':';
	return is_letter_or_digit(c) || c == '*' || c == '\\';
}

static bool is_in_word(char c)
{
	return is_letter_or_digit(c) || (c && strchr(".:/-*\\", c));
}

static size_t word_length(const struct fwc_lexer *lx)
{
	size_t len = 1, left = (size_t)(lx->end - lx->at);

	while (len < left && is_in_word(lx->at[len]))
		len++;
	/* `80:` is a key and its colon, `fe80::` an address. */
	if (len > 1 && lx->at[len - 1] == ':' && lx->at[len - 2] != ':')
		len--;
	return len;
}

static size_t sign_length(const struct fwc_lexer *lx)
{
	static const char *const pairs[] = { "==", "!=", "<=", ">=", "<<", ">>" };

	for (size_t i = 0; i < FWC_ARRAY_SIZE(pairs); i++)
		if (lx->end - lx->at > 1 && !memcmp(lx->at, pairs[i], 2))
			return 2;
	return *lx->at && strchr("{}()[],;:./-@=!<>&|^+", *lx->at) ? 1 : 0;
}

/* Blanks, comments, and line ends after a backslash. */
static void skip_blanks(struct fwc_lexer *lx)
{
	while (lx->at < lx->end) {
		const char *newline;

		if (*lx->at == ' ' || *lx->at == '\t' || *lx->at == '\r') {
			lx->at++;
		} else if (*lx->at == '\\' && lx->end - lx->at > 1 && lx->at[1] == '\n') {
			lx->at += 2;
			lx->line++;
			lx->line_start = lx->at;
		} else if (*lx->at == '#') {
			newline = memchr(lx->at, '\n', (size_t)(lx->end - lx->at));
			lx->at = newline ? newline : lx->end;
		} else {
			return;
		}
	}
}

static void set_bad(struct fwc_token *t, const char *why)
{
	t->kind = FWC_TOKEN_BAD;
	t->why = why;
}

static void read_quoted(struct fwc_lexer *lx)
{
	struct fwc_token *t = &lx->token;
	const char *start = lx->at + 1, *at = start;

	while (at < lx->end && *at != '"' && *at != '\n' && *at != '\0')
		at++;
	t->text = start;
	t->len = (size_t)(at - start);
	lx->at = at;
	if (at == lx->end || *at != '"') {
		set_bad(t, "the quote has no end on its line");
		return;
	}
	t->kind = FWC_TOKEN_QUOTED;
	lx->at++;
}

void fwc_lexer_next(struct fwc_lexer *lx)
{
	struct fwc_token *t = &lx->token;

	if (t->kind == FWC_TOKEN_BAD)
		return; /* there is nothing sound behind it */
	if (t->kind == FWC_TOKEN_NEWLINE) {
		lx->line++;
		lx->line_start = lx->at;
	}
	skip_blanks(lx);
	*t = (struct fwc_token){ .line = lx->line,
				 .column = (uint32_t)(lx->at - lx->line_start) + 1,
				 .text = lx->at };
	if (lx->at == lx->end) {
		t->kind = FWC_TOKEN_END;
	} else if (*lx->at == '"') {
		read_quoted(lx);
	} else if (*lx->at == '\n') {
		t->kind = FWC_TOKEN_NEWLINE;
		t->len = 1;
		lx->at++;
	} else if (begins_word(lx)) {
		t->kind = FWC_TOKEN_WORD;
		t->len = word_length(lx);
		lx->at += t->len;
	} else if (sign_length(lx)) {
		t->kind = FWC_TOKEN_SIGN;
		t->len = sign_length(lx);
		lx->at += t->len;
	} else {
		t->len = 1;
		set_bad(t, *lx->at ? "this byte belongs into quotes, if anywhere"
				   : "a text holds no NUL");
	}
}

void fwc_lexer_start(struct fwc_lexer *lx, const char *text, size_t len)
{
	*lx = (struct fwc_lexer){
		.at = text,
		.end = text + len,
		.line_start = text,
		.line = 1,
		.token = { .kind = FWC_TOKEN_END },
	};
	fwc_lexer_next(lx);
}

void fwc_lexer_cut(struct fwc_lexer *lx, size_t len)
{
	lx->at = lx->token.text + len;
	lx->token.len = len;
}

bool fwc_token_is(const struct fwc_token *t, const char *word)
{
	return (t->kind == FWC_TOKEN_WORD || t->kind == FWC_TOKEN_SIGN) && strlen(word) == t->len &&
	       !memcmp(t->text, word, t->len);
}
