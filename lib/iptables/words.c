/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A line is cut into words as iptables-restore cuts it: at white space, but not within double quotes, where a backslash
 * takes the next character as it is. */
#include "iptables/words.h"

static bool is_space(char c)
{
	return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

/* Copies one word to *to; the text goes on at the result. NULL: a quote is not closed. */
static const char *take_word(const char *text, const char *end, char **to)
{
	bool quoted = false;

	for (; text < end && (quoted || !is_space(*text)); text++) {
		if (*text == '"') {
			quoted = !quoted;
			continue;
		}
		if (quoted && *text == '\\' && text + 1 < end)
			text++;
		*(*to)++ = *text;
	}
	*(*to)++ = '\0';
	return quoted ? NULL : text;
}

int fwc_xt_words_cut(struct fwc_xt_words *w, struct fwc_arena *a, const char *text, size_t len,
		     struct fwc_error *err)
{
	const char *at = text, *end = text + len;
	char *to = fwc_arena_alloc(a, 2 * len + 1);
	size_t room = len / 2 + 1;

	w->words = fwc_arena_alloc(a, room * sizeof(*w->words));
	w->columns = fwc_arena_alloc(a, room * sizeof(*w->columns));
	if (!to || !w->words || !w->columns)
		return fwc_fail_memory(err);
	for (w->count = 0;; w->count++) {
		while (at < end && is_space(*at))
			at++;
		if (at == end)
			return 0;
		w->words[w->count] = to;
		w->columns[w->count] = (uint32_t)(at - text) + 1;
		at = memchr(at, '\0', (size_t)(end - at)) ? NULL : take_word(at, end, &to);
		if (!at)
			break;
	}
	fwc_fail(err, -EINVAL, FWC_OBJECT_TEXT, "a quoted text does not end, or holds a NUL");
	if (err)
		err->column = w->columns[w->count];
	return -EINVAL;
}
