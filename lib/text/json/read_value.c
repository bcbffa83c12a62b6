/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Expressions of JSON in nft's words. */
#include "text/format.h"
#include "text/json/field.h"
#include "text/json/read.h"

enum { DEPTH_MOST = 32 };

/* ---- words ---- */

int fwc_json_read_quoted(struct fwc_json_reader *r, const struct fwc_json_at *at, const json_t *v)
{
	const char *text = json_string_value(v);

	fwc_json_mark(r, at);
	if (!text)
		return fwc_json_fail(r, at, "a text is needed");
	if (strpbrk(text, "\"\n\r"))
		return fwc_json_fail(r, at, "a text holds no quotation mark and no line end");
	fwc_buf_printf(r->out, "\"%s\"", text);
	return 0;
}

int fwc_json_read_word(struct fwc_json_reader *r, const struct fwc_json_at *at, const json_t *v)
{
	static const char allowed[] =
		"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
		"_.-/:[]";
	const char *text = json_string_value(v);

	if (json_is_integer(v))
		return fwc_json_read_number(r, at, v);
	fwc_json_mark(r, at);
	if (!text || !*text || text[strspn(text, allowed)])
		return fwc_json_fail(r, at, "one word is needed");
	fwc_buf_puts(r->out, text);
	return 0;
}

int fwc_json_read_number(struct fwc_json_reader *r, const struct fwc_json_at *at, const json_t *v)
{
	const char *text = json_string_value(v);

	fwc_json_mark(r, at);
	if (json_is_integer(v) && json_integer_value(v) >= 0)
		fwc_buf_printf(r->out, "%lld", (long long)json_integer_value(v));
	else if (text && *text && strlen(text) <= 20 && !text[strspn(text, "0123456789")])
		fwc_buf_puts(r->out, text); /* one of more than 63 bits */
	else
		return fwc_json_fail(r, at, "a number of 0 or more is needed");
	return 0;
}

/* ---- fields ---- */

static const struct fwc_json_part *part_named(const struct fwc_json_field_row *row, const char *key)
{
	for (size_t i = 0; i < FWC_ARRAY_SIZE(row->parts) && row->parts[i].key; i++)
		if (!strcmp(row->parts[i].key, key))
			return &row->parts[i];
	return NULL;
}

/* Whether an object has what a row needs, and nothing else. */
static bool fits(const struct fwc_json_field_row *row, const json_t *object)
{
	const char *key;
	json_t *v;

	json_object_foreach((json_t *)(uintptr_t)object, key,
			    v) if (!part_named(row, key)) return false;
	for (size_t i = 0; i < FWC_ARRAY_SIZE(row->parts) && row->parts[i].key; i++) {
		const struct fwc_json_part *p = &row->parts[i];

		v = json_object_get(object, p->key);
		if (!v && !p->optional)
			return false;
		if (p->form == FWC_JSON_AGAIN &&
		    !json_equal(v, json_object_get(object, row->parts[0].key)))
			return false;
		if (p->form == FWC_JSON_FIXED && json_integer_value(v) != p->fixed)
			return false;
	}
	return true;
}

static int read_words(struct fwc_json_reader *r, const struct fwc_json_at *at, const json_t *v)
{
	const char *text = json_string_value(v);
	size_t len = text ? strspn(text, "abcdefghijklmnopqrstuvwxyz0123456789- []") : 0;

	if (!len || text[len])
		return fwc_json_fail(r, at, "a name in small letters is needed");
	fwc_buf_puts(r->out, text);
	return 0;
}

static int read_dotted(struct fwc_json_reader *r, const struct fwc_json_at *at, const json_t *v)
{
	int e = 0;

	if (json_is_string(v))
		return read_words(r, at, v);
	if (!json_array_size(v))
		return fwc_json_fail(r, at, "an array of texts is needed");
	for (size_t i = 0; e == 0 && i < json_array_size(v); i++) {
		fwc_buf_puts(r->out, i ? " . " : "");
		e = read_words(r, &(struct fwc_json_at){ at, NULL, i }, json_array_get(v, i));
	}
	return e;
}

static int read_part(struct fwc_json_reader *r, const struct fwc_json_at *at,
		     const struct fwc_json_part *p, const json_t *v)
{
	const struct fwc_json_at here = { at, p->key, 0 };

	if (!v || p->form == FWC_JSON_FIXED || p->form == FWC_JSON_AGAIN)
		return 0;
	/* nft says 0 where nothing was said. */
	if (p->optional && p->form == FWC_JSON_NUMBER && !json_integer_value(v))
		return 0;
	fwc_buf_puts(r->out, p->before ? p->before : " ");
	if (p->form == FWC_JSON_DOTTED)
		return read_dotted(r, &here, v);
	if (p->form == FWC_JSON_NUMBER)
		return fwc_json_read_number(r, &here, v);
	return read_words(r, &here, v);
}

/* `{"tcp option":{"base":5,"offset":0,"len":8}}` is bytes of it, and beside true or false whether it is there. */
static const struct fwc_json_field_row *row_of(const char *object, const json_t *v, bool exists,
					       bool *ret_known)
{
	const struct fwc_json_field_row *found = NULL;

	for (size_t i = 0; i < fwc_json_fields_count; i++) {
		const struct fwc_json_field_row *row = &fwc_json_fields[i];

		if (strcmp(row->object, object))
			continue;
		*ret_known = true;
		if (!json_is_object(v) || !fits(row, v))
			continue;
		if (row->exists == exists)
			return row;
		found = found ? found : row;
	}
	return found;
}

/* 1: it is a field, and written; 0: it is none. */
static int read_field(struct fwc_json_reader *r, const struct fwc_json_at *at, const char *object,
		      const json_t *v)
{
	const struct fwc_json_at here = { at, object, 0 };
	bool known = false;
	const struct fwc_json_field_row *row = row_of(object, v, r->exists, &known);
	int e = 0;

	if (!row)
		return known ? fwc_json_fail(r, &here, "there is no %s with these keys", object)
			     : 0;
	fwc_buf_puts(r->out, row->words);
	for (size_t k = 0; e == 0 && k < FWC_ARRAY_SIZE(row->parts) && row->parts[k].key; k++)
		e = read_part(r, &here, &row->parts[k], json_object_get(v, row->parts[k].key));
	return e < 0 ? e : 1;
}

/* ---- expressions ---- */

static int need(struct fwc_json_reader *r, const struct fwc_json_at *at, const json_t *object,
		const char *key)
{
	const json_t *v = json_object_get(object, key);
	const struct fwc_json_at here = { at, key, 0 };

	if (!json_is_object(object))
		return fwc_json_fail(r, at, "an object is needed");
	return v ? fwc_json_read_operand(r, &here, v) : fwc_json_fail(r, &here, "is needed");
}

static int read_two(struct fwc_json_reader *r, const struct fwc_json_at *at, const json_t *v,
		    const char *between)
{
	int e;

	if (json_array_size(v) != 2)
		return fwc_json_fail(r, at, "an array of two is needed");
	e = fwc_json_read_operand(r, &(struct fwc_json_at){ at, NULL, 0 }, json_array_get(v, 0));
	fwc_buf_puts(r->out, between);
	return e < 0 ? e
		     : fwc_json_read_operand(r, &(struct fwc_json_at){ at, NULL, 1 },
					     json_array_get(v, 1));
}

static int read_concat(struct fwc_json_reader *r, const struct fwc_json_at *at, const json_t *v)
{
	int e = json_array_size(v) ? 0 : fwc_json_fail(r, at, "an array is needed");

	for (size_t i = 0; e == 0 && i < json_array_size(v); i++) {
		fwc_buf_puts(r->out, i ? " . " : "");
		e = fwc_json_read_expression(r, &(struct fwc_json_at){ at, NULL, i },
					     json_array_get(v, i));
	}
	return e;
}

static int read_prefix(struct fwc_json_reader *r, const struct fwc_json_at *at, const json_t *v)
{
	int e = need(r, at, v, "addr");

	fwc_buf_puts(r->out, " / ");
	return e < 0 ? e
		     : fwc_json_read_number(r, &(struct fwc_json_at){ at, "len", 0 },
					    json_object_get(v, "len"));
}

static int read_range(struct fwc_json_reader *r, const struct fwc_json_at *at, const json_t *v)
{
	return read_two(r, at, v, " - ");
}

static int read_map(struct fwc_json_reader *r, const struct fwc_json_at *at, const json_t *v)
{
	int e = need(r, at, v, "key");

	fwc_buf_puts(r->out, " map ");
	return e < 0 ? e : need(r, at, v, "data");
}

static int read_target_chain(struct fwc_json_reader *r, const struct fwc_json_at *at,
			     const json_t *v)
{
	return fwc_json_read_word(r, &(struct fwc_json_at){ at, "target", 0 },
				  json_object_get(v, "target"));
}

/* 1: it is a verdict. */
static int read_verdict(struct fwc_json_reader *r, const struct fwc_json_at *at, const char *word,
			const json_t *v)
{
	static const char *const plain[] = { "accept", "drop", "return", "continue" };

	for (size_t i = 0; i < FWC_ARRAY_SIZE(plain); i++)
		if (!strcmp(word, plain[i])) {
			fwc_buf_puts(r->out, word);
			return 1;
		}
	if (strcmp(word, "jump") && strcmp(word, "goto"))
		return 0;
	fwc_buf_printf(r->out, "%s ", word);
	return read_target_chain(r, at, v) < 0 ? -EINVAL : 1;
}

static int read_jhash(struct fwc_json_reader *r, const struct fwc_json_at *at, const json_t *v)
{
	static const char *const keys[] = { "mod", "seed", "offset" };
	int e;

	fwc_buf_puts(r->out, "jhash ");
	e = need(r, at, v, "expr");
	for (size_t i = 0; e == 0 && i < FWC_ARRAY_SIZE(keys); i++) {
		const json_t *n = json_object_get(v, keys[i]);

		if (!n)
			continue;
		fwc_buf_printf(r->out, " %s ", keys[i]);
		e = fwc_json_read_number(r, &(struct fwc_json_at){ at, keys[i], 0 }, n);
	}
	return e;
}

/* Two operands or more, one beside the other without parentheses: `a | b | c`. nft writes them two by two. */
static int read_or(struct fwc_json_reader *r, const struct fwc_json_at *at, const json_t *v)
{
	int e = json_array_size(v) >= 2 ? 0
					: fwc_json_fail(r, at, "an array of two or more is needed");

	for (size_t i = 0; e == 0 && i < json_array_size(v); i++) {
		const struct fwc_json_at here = { at, NULL, i };
		const json_t *one = json_array_get(v, i);

		fwc_buf_puts(r->out, i ? " | " : "");
		e = json_object_get(one, "|") ? fwc_json_read_expression(r, &here, one)
					      : fwc_json_read_operand(r, &here, one);
	}
	return e;
}

/* 1: the key is an operation on bits, and written. */
static int read_bits(struct fwc_json_reader *r, const struct fwc_json_at *at, const char *sign,
		     const json_t *v)
{
	static const char *const signs[] = { "&", "^", "<<", ">>" };
	char between[8];

	if (!strcmp(sign, "|"))
		return read_or(r, at, v) < 0 ? -EINVAL : 1;
	for (size_t i = 0; i < FWC_ARRAY_SIZE(signs); i++) {
		struct fwc_buf out = fwc_buf_over(between, sizeof(between));

		if (strcmp(sign, signs[i]))
			continue;
		fwc_buf_printf(&out, " %s ", sign);
		return read_two(r, at, v, between) < 0 ? -EINVAL : 1;
	}
	return 0;
}

static int read_object(struct fwc_json_reader *r, const struct fwc_json_at *at, const json_t *v)
{
	static const struct {
		const char *key;
		int (*fn)(struct fwc_json_reader *, const struct fwc_json_at *, const json_t *);
	} forms[] = {
		{ "concat", read_concat },
		{ "set", fwc_json_read_elements },
		{ "map", read_map },
		{ "prefix", read_prefix },
		{ "range", read_range },
		{ "jhash", read_jhash },
		{ "name", fwc_json_read_quoted },
	};
	const char *key = json_object_iter_key(json_object_iter((json_t *)(uintptr_t)v));
	const json_t *inner = key ? json_object_get(v, key) : NULL;
	const struct fwc_json_at here = { at, key, 0 };
	int e;

	if (json_object_size(v) != 1)
		return fwc_json_fail(r, at, "an object with one key is needed, such as payload");
	for (size_t i = 0; i < FWC_ARRAY_SIZE(forms); i++)
		if (!strcmp(key, forms[i].key))
			return forms[i].fn(r, &here, inner);
	e = read_field(r, at, key, inner);
	if (e == 0)
		e = read_verdict(r, &here, key, inner);
	if (e == 0)
		e = read_bits(r, &here, key, inner);
	if (e == 0)
		return fwc_json_fail(r, &here,
				     "is no expression: payload, meta, ct, concat, set, "
				     "map, prefix, range, & and others are");
	return e < 0 ? e : 0;
}

/* Flags, or-ed. */
static int read_array(struct fwc_json_reader *r, const struct fwc_json_at *at, const json_t *v)
{
	int e = json_array_size(v) ? 0 : fwc_json_fail(r, at, "an array with items is needed");

	fwc_buf_puts(r->out, "(");
	for (size_t i = 0; e == 0 && i < json_array_size(v); i++) {
		fwc_buf_puts(r->out, i ? " | " : "");
		e = fwc_json_read_operand(r, &(struct fwc_json_at){ at, NULL, i },
					  json_array_get(v, i));
	}
	fwc_buf_puts(r->out, ")");
	return e;
}

static int read_text(struct fwc_json_reader *r, const struct fwc_json_at *at, const json_t *v)
{
	const char *text = json_string_value(v);

	if (text[0] == '@' && text[1]) {
		json_t *name = json_string_nocheck(text + 1);
		int e;

		if (!name)
			return fwc_fail_memory(r->err);
		fwc_buf_puts(r->out, "@");
		e = fwc_json_read_word(r, at, name);
		json_decref(name);
		return e;
	}
	if (!strcmp(text, "*")) {
		fwc_buf_puts(r->out, "*");
		return 0;
	}
	return fwc_json_read_quoted(r, at, v);
}

int fwc_json_read_expression(struct fwc_json_reader *r, const struct fwc_json_at *at,
			     const json_t *v)
{
	int e;

	if (r->depth == DEPTH_MOST)
		return fwc_json_fail(r, at, "expressions are nested more than %d deep", DEPTH_MOST);
	fwc_json_mark(r, at);
	r->depth++;
	if (json_is_string(v))
		e = read_text(r, at, v);
	else if (json_is_integer(v))
		e = fwc_json_read_number(r, at, v);
	else if (json_is_boolean(v))
		e = (fwc_buf_puts(r->out, json_is_true(v) ? "exists" : "missing"), 0);
	else if (json_is_array(v))
		e = read_array(r, at, v);
	else if (json_is_object(v))
		e = read_object(r, at, v);
	else
		e = fwc_json_fail(r, at,
				  "an expression is needed: a text, a whole number, an "
				  "array or an object");
	r->depth--;
	return e;
}

static bool has_sign(const json_t *v)
{
	const char *key = json_is_object(v)
				  ? json_object_iter_key(json_object_iter((json_t *)(uintptr_t)v))
				  : NULL;

	return key && *key && strchr("&|^<>", *key);
}

int fwc_json_read_operand(struct fwc_json_reader *r, const struct fwc_json_at *at, const json_t *v)
{
	bool sign = has_sign(v);
	int e;

	fwc_buf_puts(r->out, sign ? "(" : "");
	e = fwc_json_read_expression(r, at, v);
	fwc_buf_puts(r->out, sign ? ")" : "");
	return e;
}

/* ---- elements ---- */

int fwc_json_read_ms(struct fwc_json_reader *r, const struct fwc_json_at *at, const json_t *v)
{
	fwc_json_mark(r, at);
	if (!json_is_integer(v) || json_integer_value(v) < 0)
		return fwc_json_fail(r, at, "a number of milliseconds is needed");
	fwc_format_time_ms((uint64_t)json_integer_value(v), r->out);
	return 0;
}

/* Milliseconds where they are said, else seconds. */
int fwc_json_read_time(struct fwc_json_reader *r, const struct fwc_json_at *at,
		       const json_t *object, const char *key, const char *key_ms)
{
	const json_t *ms = json_object_get(object, key_ms), *s = json_object_get(object, key);
	int e;

	if (!ms && !s)
		return 0;
	fwc_buf_printf(r->out, " %s ", key);
	if (ms)
		return fwc_json_read_ms(r, &(struct fwc_json_at){ at, key_ms, 0 }, ms);
	e = fwc_json_read_number(r, &(struct fwc_json_at){ at, key, 0 }, s);
	fwc_buf_puts(r->out, "s");
	return e;
}

/* In the order in which they stand: it is the order in which they act. */
static int read_element_statements(struct fwc_json_reader *r, const struct fwc_json_at *at,
				   const json_t *v)
{
	static const char *const kinds[] = {
		"counter", "limit", "quota", "ct count", "last", NULL
	};
	const char *key;
	json_t *inner;
	int e = 0;

	json_object_foreach((json_t *)(uintptr_t)v, key, inner)
	{
		const char *const *kind = kinds;

		while (*kind && strcmp(*kind, key))
			kind++;
		if (!*kind || e < 0)
			continue;
		fwc_buf_puts(r->out, " ");
		e = fwc_json_read_named(r, &(struct fwc_json_at){ at, key, 0 }, key, inner);
	}
	return e;
}

int fwc_json_read_key(struct fwc_json_reader *r, const struct fwc_json_at *at, const json_t *v)
{
	const json_t *elem = json_object_get(v, "elem"), *comment;
	const struct fwc_json_at here = { at, "elem", 0 };
	int e;

	if (!elem)
		return fwc_json_read_expression(r, at, v);
	e = need(r, &here, elem, "val");
	if (e == 0)
		e = read_element_statements(r, &here, elem);
	if (e == 0)
		e = fwc_json_read_time(r, &here, elem, "timeout", "timeout_ms");
	if (e == 0)
		e = fwc_json_read_time(r, &here, elem, "expires", "expires_ms");
	comment = json_object_get(elem, "comment");
	if (e < 0 || !comment)
		return e;
	fwc_buf_puts(r->out, " comment ");
	return fwc_json_read_quoted(r, &(struct fwc_json_at){ &here, "comment", 0 }, comment);
}

static int read_element(struct fwc_json_reader *r, const struct fwc_json_at *at, const json_t *v)
{
	int e;

	if (!json_is_array(v))
		return fwc_json_read_key(r, at, v);
	if (json_array_size(v) != 2)
		return fwc_json_fail(r, at, "a key and what it maps to are needed");
	e = fwc_json_read_key(r, &(struct fwc_json_at){ at, NULL, 0 }, json_array_get(v, 0));
	fwc_buf_puts(r->out, " : ");
	return e < 0 ? e
		     : fwc_json_read_expression(r, &(struct fwc_json_at){ at, NULL, 1 },
						json_array_get(v, 1));
}

int fwc_json_read_elements(struct fwc_json_reader *r, const struct fwc_json_at *at, const json_t *v)
{
	int e = 0;

	if (json_is_string(v) && json_string_value(v)[0] == '@')
		return fwc_json_read_expression(r, at, v);
	fwc_buf_puts(r->out, "{ ");
	if (!json_is_array(v))
		e = read_element(r, at, v);
	for (size_t i = 0; e == 0 && i < json_array_size(v); i++) {
		fwc_buf_puts(r->out, i ? ", " : "");
		e = read_element(r, &(struct fwc_json_at){ at, NULL, i }, json_array_get(v, i));
	}
	fwc_buf_puts(r->out, " }");
	return e;
}
