/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Steps that every part of the parser takes: expecting, accepting, failing at a place. */
#include <stdio.h>

#include "text/parser.h"

enum { QUOTED_MOST = 60 }; /* bytes of a word in a message */

void fwc_parser_start(struct fwc_parser *p, struct fwc_ruleset *rs, const char *text, size_t len,
		      struct fwc_error *err)
{
	*p = (struct fwc_parser){ .rs = rs, .err = err };
	fwc_lexer_start(&p->lx, text, len);
}

int fwc_parser_place(struct fwc_parser *p, const struct fwc_token *t, int r)
{
	if (r >= 0 || !p->err)
		return r;
	p->err->line = t->line;
	p->err->column = t->column;
	if (r == -EINVAL || r == -EEXIST)
		p->err->object = FWC_OBJECT_TEXT;
	return r;
}

int fwc_parser_fail_at(struct fwc_parser *p, const struct fwc_token *t, const char *fmt, ...)
{
	va_list ap;

	if (t->kind == FWC_TOKEN_BAD) {
		fwc_fail(p->err, -EINVAL, FWC_OBJECT_TEXT, "'%.*s' is no word: %s",
			 (int)(t->len < QUOTED_MOST ? t->len : QUOTED_MOST), t->text, t->why);
	} else {
		va_start(ap, fmt);
		fwc_failv(p->err, -EINVAL, FWC_OBJECT_TEXT, fmt, ap);
		va_end(ap);
	}
	return fwc_parser_place(p, t, -EINVAL);
}

int fwc_parser_expected(struct fwc_parser *p, const char *fmt, ...)
{
	const struct fwc_token *t = &p->lx.token;
	char allowed[256];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(allowed, sizeof(allowed), fmt, ap);
	va_end(ap);
	if (t->kind == FWC_TOKEN_END || t->kind == FWC_TOKEN_NEWLINE)
		return fwc_parser_fail_at(p, t, "the text ends where %s is expected", allowed);
	return fwc_parser_fail_at(p, t, "'%.*s%s' is not known here: expected %s",
				  (int)(t->len < QUOTED_MOST ? t->len : QUOTED_MOST), t->text,
				  t->len > QUOTED_MOST ? "..." : "", allowed);
}

bool fwc_parser_is(const struct fwc_parser *p, const char *word)
{
	return fwc_token_is(&p->lx.token, word);
}

bool fwc_parser_accept(struct fwc_parser *p, const char *word)
{
	if (!fwc_parser_is(p, word))
		return false;
	fwc_lexer_next(&p->lx);
	return true;
}

int fwc_parser_expect(struct fwc_parser *p, const char *word)
{
	return fwc_parser_accept(p, word) ? 0 : fwc_parser_expected(p, "'%s'", word);
}

void fwc_parser_skip_newlines(struct fwc_parser *p)
{
	while (p->lx.token.kind == FWC_TOKEN_NEWLINE)
		fwc_lexer_next(&p->lx);
}

bool fwc_parser_at_end(const struct fwc_parser *p)
{
	return p->lx.token.kind == FWC_TOKEN_END || p->lx.token.kind == FWC_TOKEN_NEWLINE ||
	       fwc_parser_is(p, ";") || (p->in_block && fwc_parser_is(p, "}"));
}

/* The digits at the start of the current word; the word is cut behind them. 0 when there are none. */
static size_t take_digits(struct fwc_parser *p, uint64_t *ret)
{
	const struct fwc_token *t = &p->lx.token;
	uint64_t number = 0;
	size_t len = 0;

	if (t->kind != FWC_TOKEN_WORD)
		return 0;
	while (len < t->len && t->text[len] >= '0' && t->text[len] <= '9') {
		uint64_t digit = (uint64_t)(t->text[len] - '0');

		if (number > (UINT64_MAX - digit) / 10)
			return 0;
		number = number * 10 + digit;
		len++;
	}
	if (len)
		*ret = number;
	return len;
}

int fwc_parser_number(struct fwc_parser *p, const char *what, uint64_t max, uint64_t *ret)
{
	uint64_t number;
	size_t len = take_digits(p, &number);

	if (!len || number > max)
		return fwc_parser_expected(p, "%s: a number from 0 to %llu", what,
					   (unsigned long long)max);
	fwc_lexer_cut(&p->lx, len);
	fwc_lexer_next(&p->lx);
	*ret = number;
	return 0;
}

int fwc_parser_time_ms(struct fwc_parser *p, uint64_t *ret)
{
	static const struct fwc_symbol units[] = {
		{ "ms", 1 },    { "d", 86400000 }, { "h", 3600000 },
		{ "m", 60000 }, { "s", 1000 },     { NULL, 0 },
	};
	struct fwc_token whole = p->lx.token;
	uint64_t total = 0, number = 0;
	size_t digits;

	do {
		const struct fwc_symbol *u = units;
		size_t left;

		digits = take_digits(p, &number);
		left = p->lx.token.len - digits;
		while (u->name && (left < strlen(u->name) || memcmp(p->lx.token.text + digits,
								    u->name, strlen(u->name)) != 0))
			u++;
		if (!digits || (!u->name && (left || total)) || number > UINT32_MAX)
			return fwc_parser_fail_at(
				p, &whole, "'%.*s' is no time: expected one like 1d2h30m5s100ms",
				(int)(whole.len < QUOTED_MOST ? whole.len : QUOTED_MOST),
				whole.text);
		total += number * (u->name ? u->value : 1000);
		fwc_lexer_cut(&p->lx, digits + (u->name ? strlen(u->name) : 0));
		left = whole.len - (size_t)(p->lx.token.text + p->lx.token.len - whole.text);
		fwc_lexer_next(&p->lx);
		if (!left)
			break;
	} while (true);
	*ret = total;
	return 0;
}

const char *fwc_parser_text(struct fwc_parser *p, const char *what)
{
	const struct fwc_token *t = &p->lx.token;
	char *copy;

	if (t->kind != FWC_TOKEN_WORD && t->kind != FWC_TOKEN_QUOTED) {
		fwc_parser_expected(p, "%s", what);
		return NULL;
	}
	copy = fwc_arena_alloc(&p->rs->arena, t->len + 1);
	if (!copy) {
		fwc_fail_memory(p->err);
		return NULL;
	}
	memcpy(copy, t->text, t->len);
	fwc_lexer_next(&p->lx);
	return copy;
}

const char *fwc_parser_name(struct fwc_parser *p, const char *what)
{
	struct fwc_token at = p->lx.token;
	char expected[64];
	const char *name;

	snprintf(expected, sizeof(expected), "the name of a %s", what);
	if (at.kind == FWC_TOKEN_QUOTED) { /* nft takes names unquoted only */
		fwc_parser_expected(p, "%s", expected);
		return NULL;
	}
	name = fwc_parser_text(p, expected);
	if (!name || fwc_parser_place(p, &at, fwc_check_name(what, name, p->err)) < 0)
		return NULL;
	return name;
}

static void list_symbols(const struct fwc_symbol *s, struct fwc_buf *out)
{
	for (; s->name; s++)
		fwc_buf_printf(out, "%s%s", s->name, s[1].name ? ", " : "");
}

int fwc_parser_symbol(struct fwc_parser *p, const struct fwc_symbol *symbols, const char *what,
		      uint64_t *ret)
{
	char allowed[200];
	struct fwc_buf out = fwc_buf_over(allowed, sizeof(allowed));

	for (const struct fwc_symbol *s = symbols; s->name; s++)
		if (fwc_parser_accept(p, s->name)) {
			*ret = s->value;
			return 0;
		}
	list_symbols(symbols, &out);
	return fwc_parser_expected(p, "%s: %s", what, allowed);
}
