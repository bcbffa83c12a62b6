/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Where a value stands: its path, and its line and column in the text that was read. */
#include "text/json/read.h"

/* ---- paths ---- */

static void note(struct fwc_json_path *path, const struct fwc_json_at *at)
{
	size_t depth = 0;

	for (const struct fwc_json_at *a = at; a; a = a->above)
		depth++;
	path->count = depth < FWC_ARRAY_SIZE(path->steps) ? depth : FWC_ARRAY_SIZE(path->steps);
	for (const struct fwc_json_at *a = at; a; a = a->above)
		if (--depth < path->count)
			path->steps[depth] = (struct fwc_json_step){ a->key, a->index };
}

static void format(const struct fwc_json_path *path, struct fwc_buf *out)
{
	for (size_t i = 0; i < path->count; i++)
		if (path->steps[i].key)
			fwc_buf_printf(out, "%s%s", i ? "." : "", path->steps[i].key);
		else
			fwc_buf_printf(out, "[%zu]", path->steps[i].index);
}

/* ---- in the text, which is sound: it was read ---- */

struct scan {
	const char *at, *end;
};

static void skip_blanks(struct scan *s)
{
	while (s->at < s->end && strchr(" \t\r\n", *s->at))
		s->at++;
}

static void skip_string(struct scan *s)
{
	for (s->at++; s->at < s->end && *s->at != '"'; s->at++)
		s->at += *s->at == '\\';
	s->at++;
}

/* Without recursion: what is nested is counted. */
static void skip_value(struct scan *s)
{
	size_t depth = 0;

	do {
		skip_blanks(s);
		if (s->at >= s->end)
			return;
		if (*s->at == '"') {
			skip_string(s);
			continue;
		}
		if (strchr("[{", *s->at))
			depth++;
		else if (strchr("]}", *s->at))
			depth--;
		else if (!strchr(",:", *s->at))
			while (s->at + 1 < s->end && !strchr(" \t\r\n,:]}", s->at[1]))
				s->at++;
		s->at++;
	} while (depth);
}

/* From before a value to before what is within it. False: it is not there, or its key is written with escapes. */
static bool enter(struct scan *s, const struct fwc_json_step *step)
{
	size_t len = step->key ? strlen(step->key) : 0;

	skip_blanks(s);
	s->at++; /* the bracket */
	for (size_t i = 0; s->at < s->end; i++) {
		const char *key;
		bool found = !step->key && i == step->index;

		skip_blanks(s);
		key = s->at + 1;
		if (step->key) {
			skip_string(s);
			found = (size_t)(s->at - 1 - key) == len && !memcmp(key, step->key, len);
			skip_blanks(s);
			s->at++; /* the colon */
			skip_blanks(s);
		}
		if (found)
			return true;
		skip_value(s);
		skip_blanks(s);
		if (s->at >= s->end || *s->at != ',')
			return false;
		s->at++;
	}
	return false;
}

static void locate(const struct fwc_json_reader *r, const struct fwc_json_path *path)
{
	struct scan s = { r->text, r->text + r->text_len }, inner = s;
	const char *line = r->text;

	for (size_t i = 0; i < path->count && enter(&inner, &path->steps[i]); i++)
		s = inner;
	skip_blanks(&s);
	r->err->line = 1;
	for (const char *at = r->text; at < s.at && at < s.end; at++)
		if (*at == '\n') {
			r->err->line++;
			line = at + 1;
		}
	r->err->column = (uint32_t)(s.at - line) + 1;
}

/* ---- failures ---- */

static void place(struct fwc_json_reader *r, const struct fwc_json_path *path)
{
	char text[160];
	struct fwc_buf out = fwc_buf_over(text, sizeof(text));

	format(path, &out);
	if (out.len)
		fwc_error_prepend(r->err, "%s", text);
	locate(r, path);
}

int fwc_json_fail(struct fwc_json_reader *r, const struct fwc_json_at *at, const char *fmt, ...)
{
	struct fwc_json_path path;
	va_list ap;

	va_start(ap, fmt);
	fwc_failv(r->err, -EINVAL, FWC_OBJECT_TEXT, fmt, ap);
	va_end(ap);
	note(&path, at);
	place(r, &path);
	return -EINVAL;
}

void fwc_json_mark(struct fwc_json_reader *r, const struct fwc_json_at *at)
{
	if (r->sought && r->out->len <= r->sought_at)
		note(r->sought, at);
}

/* Where the words have their line and column. */
static size_t offset_of(const struct fwc_buf *words, const struct fwc_error *err)
{
	const char *at = words->data, *end = at + words->len;

	for (uint32_t line = 1; line < err->line && at < end; line++) {
		const char *newline = memchr(at, '\n', (size_t)(end - at));

		at = newline ? newline + 1 : end;
	}
	return (size_t)(at - words->data) + err->column - 1;
}

/* The words are written once more, to see which value they came from. */
void fwc_json_blame(struct fwc_json_reader *r, fwc_json_write_fn write, const json_t *root)
{
	fwc_cleanup(fwc_buf_free) struct fwc_buf again = { 0 };
	struct fwc_json_path path = { .count = 0 };
	struct fwc_error ignored;
	struct fwc_json_reader seek = *r;

	if (!r->err->line || !r->out->data)
		return;
	seek.out = &again;
	seek.err = &ignored;
	seek.sought = &path;
	seek.sought_at = offset_of(r->out, r->err);
	r->err->line = 0; /* they are of the words, which the caller does not see */
	r->err->column = 0;
	if (write(&seek, root) == 0 && !again.failed)
		place(r, &path);
}
