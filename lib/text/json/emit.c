/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* JSON's syntax, out: into a growing text, so that a million elements need no tree. */
#include "text/json/json.h"

/* What stands between two items, and before the first of them. */
static void separate(struct fwc_json *j)
{
	if (j->comma)
		fwc_buf_puts(j->out, ",");
	j->comma = true;
}

void fwc_json_open(struct fwc_json *j, const char *bracket)
{
	separate(j);
	fwc_buf_puts(j->out, bracket);
	j->comma = false;
}

void fwc_json_close(struct fwc_json *j, const char *bracket)
{
	fwc_buf_puts(j->out, bracket);
	j->comma = true;
}

/* The length of the UTF-8 character at `s`, 0 when it is none. */
static size_t character_length(const char *s, size_t left)
{
	const uint8_t *u = (const uint8_t *)s;
	size_t len = u[0] < 0x80                   ? 1
		     : u[0] >= 0xc2 && u[0] < 0xe0 ? 2
		     : u[0] >= 0xe0 && u[0] < 0xf0 ? 3
		     : u[0] >= 0xf0 && u[0] < 0xf5 ? 4
						   : 0;

	if (len > left)
		return 0;
	for (size_t i = 1; i < len; i++)
		if ((u[i] & 0xc0) != 0x80)
			return 0;
	/* Longer than needed, a surrogate, or above the last character. */
	if ((u[0] == 0xe0 && u[1] < 0xa0) || (u[0] == 0xed && u[1] > 0x9f) ||
	    (u[0] == 0xf0 && u[1] < 0x90) || (u[0] == 0xf4 && u[1] > 0x8f))
		return 0;
	return len;
}

void fwc_json_text(struct fwc_json *j, const char *text, size_t len)
{
	size_t at = 0, step;

	separate(j);
	fwc_buf_puts(j->out, "\"");
	while (at < len) {
		step = character_length(text + at, len - at);
		if (!step)
			j->bad_text = true;
		if (text[at] == '"' || text[at] == '\\')
			fwc_buf_printf(j->out, "\\%c", text[at]);
		else if ((uint8_t)text[at] < 0x20)
			fwc_buf_printf(j->out, "\\u%04x", (uint8_t)text[at]);
		else
			fwc_buf_add(j->out, text + at, step);
		at += step ? step : 1;
	}
	fwc_buf_puts(j->out, "\"");
}

void fwc_json_string(struct fwc_json *j, const char *text)
{
	fwc_json_text(j, text, strlen(text));
}

void fwc_json_key(struct fwc_json *j, const char *key)
{
	fwc_json_string(j, key);
	fwc_buf_puts(j->out, ":");
	j->comma = false;
}

/* Who reads JSON often holds integers in 63 bits: what is larger becomes a text, which nft takes for a number too. */
void fwc_json_number(struct fwc_json *j, uint64_t number)
{
	separate(j);
	fwc_buf_printf(j->out, number > INT64_MAX ? "\"%llu\"" : "%llu",
		       (unsigned long long)number);
}

void fwc_json_integer(struct fwc_json *j, int64_t number)
{
	separate(j);
	fwc_buf_printf(j->out, "%lld", (long long)number);
}

void fwc_json_word(struct fwc_json *j, const char *word)
{
	separate(j);
	fwc_buf_puts(j->out, word);
}

void fwc_json_flags(struct fwc_json *j, const struct fwc_symbol *words, uint64_t flags)
{
	fwc_json_open(j, "[");
	for (; words->name; words++)
		if (words->value && (flags & words->value) == words->value)
			fwc_json_string(j, words->name);
	fwc_json_close(j, "]");
}

/* ---- a key with its value ---- */

void fwc_json_put_string(struct fwc_json *j, const char *key, const char *text)
{
	fwc_json_key(j, key);
	fwc_json_string(j, text);
}

void fwc_json_put_number(struct fwc_json *j, const char *key, uint64_t number)
{
	fwc_json_key(j, key);
	fwc_json_number(j, number);
}
