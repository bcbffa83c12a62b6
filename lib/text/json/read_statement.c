/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Statements and named objects of JSON in nft's words. */
#include "fields/objects.h"
#include "text/json/read.h"
#include "text/json/statement.h"
#include "text/lexer.h"
#include "text/words.h"

typedef int (*read_fn)(struct fwc_json_reader *, const struct fwc_json_at *, const json_t *);

/* What stands before a key's value, and the value. 0 when the key is not there. */
static int read_key(struct fwc_json_reader *r, const struct fwc_json_at *at, const json_t *object,
		    const char *key, const char *before, read_fn fn)
{
	const json_t *v = json_object_get(object, key);

	if (!v)
		return 0;
	fwc_buf_puts(r->out, before);
	return fn(r, &(struct fwc_json_at){ at, key, 0 }, v);
}

static int need_key(struct fwc_json_reader *r, const struct fwc_json_at *at, const json_t *object,
		    const char *key, const char *before, read_fn fn)
{
	if (!json_object_get(object, key))
		return fwc_json_fail(r, &(struct fwc_json_at){ at, key, 0 }, "is needed");
	return read_key(r, at, object, key, before, fn);
}

/* ---- by the table ---- */

static int read_flags(struct fwc_json_reader *r, const struct fwc_json_at *at,
		      const struct fwc_json_key_row *k, const json_t *v)
{
	size_t count = json_is_array(v) ? json_array_size(v) : 1;
	const char *between = "";
	uint64_t ignored;

	for (size_t i = 0; i < count; i++) {
		const json_t *one = json_is_array(v) ? json_array_get(v, i) : v;
		const char *word = json_string_value(one);

		if (word && k->words == fwc_json_nat_flags && !strcmp(word, "netmap"))
			continue; /* prefix, of type_flags, says it */
		if (!word ||
		    (strcmp(word, "all") && !fwc_word_find(k->words, word, strlen(word), &ignored)))
			return fwc_json_fail(r, at, "'%s' is no flag that is known here",
					     word ? word : "what is there");
		fwc_buf_printf(r->out, "%s%s", between, word);
		between = k->between;
	}
	return 0;
}

static int read_row_value(struct fwc_json_reader *r, const struct fwc_json_at *at,
			  const struct fwc_json_key_row *k, const json_t *v)
{
	switch (k->form) {
	case FWC_JSON_KEY_TEXT:
		return fwc_json_read_quoted(r, at, v);
	case FWC_JSON_KEY_FLAGS:
		return read_flags(r, at, k, v);
	case FWC_JSON_KEY_TRUE:
		return json_is_boolean(v) ? 0 : fwc_json_fail(r, at, "true or false is needed");
	case FWC_JSON_KEY_VALUE:
		return fwc_json_read_operand(r, at, v);
	case FWC_JSON_KEY_NUMBER:
	case FWC_JSON_KEY_NEEDED:
	case FWC_JSON_KEY_STATE:
		return fwc_json_read_number(r, at, v);
	case FWC_JSON_KEY_SECONDS:
		return fwc_json_read_ms(r, at, v);
	default:
		return fwc_json_read_word(r, at, v);
	}
}

static bool has_row(const struct fwc_json_statement_row *row, const char *key)
{
	for (const struct fwc_json_key_row *k = row->keys; k->key; k++)
		if (!strcmp(k->key, key))
			return true;
	return false;
}

static bool is_ip6_text(const json_t *v)
{
	return json_is_string(v) && strchr(json_string_value(v), ':');
}

/* Before a port an IPv6 address stands in brackets. */
static int read_bracketed(struct fwc_json_reader *r, const struct fwc_json_at *at, const json_t *v)
{
	const json_t *range = json_object_get(v, "range");
	int e = 0;

	for (size_t i = 0; e == 0 && i < (range ? json_array_size(range) : 1); i++) {
		fwc_buf_puts(r->out, i ? "-[" : "[");
		e = fwc_json_read_word(r, at, range ? json_array_get(range, i) : v);
		fwc_buf_puts(r->out, "]");
	}
	return e;
}

static int read_rows(struct fwc_json_reader *r, const struct fwc_json_at *at,
		     const struct fwc_json_statement_row *row, const json_t *object)
{
	bool addr = json_object_get(object, "addr"), port = json_object_get(object, "port");
	int e = 0;

	for (const struct fwc_json_key_row *k = row->keys; e == 0 && k->key; k++) {
		const json_t *v = json_object_get(object, k->key);
		const struct fwc_json_at here = { at, k->key, 0 };
		const json_t *first = json_object_get(v, "range");

		if (!v || (k->form == FWC_JSON_KEY_TRUE && json_is_false(v)))
			continue;
		if (k->before[0] == ':' && !addr)
			fwc_buf_puts(r->out, " to ");
		/* `fwd to "lo"`: only behind an address it says what it is. */
		fwc_buf_puts(r->out, !strcmp(k->before, " device ") && !addr ? " to " : k->before);
		first = first ? json_array_get(first, 0) : v;
		if (!strcmp(k->key, "addr") && port && is_ip6_text(first))
			e = read_bracketed(r, &here, v);
		else
			e = read_row_value(r, &here, k, v);
	}
	return e;
}

static int check_keys(struct fwc_json_reader *r, const struct fwc_json_at *at,
		      const struct fwc_json_statement_row *row, const json_t *object)
{
	const char *key;
	json_t *v;

	if (!json_is_object(object) && !json_is_null(object))
		return fwc_json_fail(r, at, "an object or null is needed");
	json_object_foreach(
		(json_t *)(uintptr_t)object, key,
		v) if (!has_row(row, key)) return fwc_json_fail(r,
								&(struct fwc_json_at){ at, key, 0 },
								"is no key of %s", row->name);
	return 0;
}

static int read_by_row(struct fwc_json_reader *r, const struct fwc_json_at *at,
		       const struct fwc_json_statement_row *row, const json_t *v)
{
	fwc_buf_puts(r->out, row->name);
	return check_keys(r, at, row, v) < 0 ? -EINVAL : read_rows(r, at, row, v);
}

/* ---- by functions ---- */

static int read_match(struct fwc_json_reader *r, const struct fwc_json_at *at, const json_t *v)
{
	static const struct fwc_symbol ops[] = {
		{ "==", 0 }, { "!=", 0 }, { "<", 0 }, { "<=", 0 }, { ">", 0 },
		{ ">=", 0 }, { "in", 1 }, { "!", 0 }, { NULL, 0 },
	};
	const char *op = json_string_value(json_object_get(v, "op"));
	const json_t *left = json_object_get(v, "left");
	uint64_t in = 0;

	if (!op || !fwc_word_find(ops, op, strlen(op), &in))
		return fwc_json_fail(r, &(struct fwc_json_at){ at, "op", 0 },
				     "==, !=, <, <=, >, >=, in or ! is needed");
	if (!left)
		return fwc_json_fail(r, &(struct fwc_json_at){ at, "left", 0 }, "is needed");
	if (json_is_true(json_object_get(v, "xt"))) /* as iptables-nft writes a range */
		fwc_buf_puts(r->out, "xt range ");
	r->exists = json_is_boolean(json_object_get(v, "right"));
	if (fwc_json_read_expression(r, &(struct fwc_json_at){ at, "left", 0 }, left) < 0)
		return -EINVAL;
	if (in || (r->exists && !strcmp(op, "==")))
		op = "";
	r->exists = false;
	fwc_buf_printf(r->out, " %s ", op);
	return need_key(r, at, v, "right", "", fwc_json_read_expression);
}

static int read_vmap(struct fwc_json_reader *r, const struct fwc_json_at *at, const json_t *v)
{
	int e = need_key(r, at, v, "key", "", fwc_json_read_expression);

	return e < 0 ? e : need_key(r, at, v, "data", " vmap ", fwc_json_read_expression);
}

static int read_mangle(struct fwc_json_reader *r, const struct fwc_json_at *at, const json_t *v)
{
	int e = need_key(r, at, v, "key", "", fwc_json_read_expression);
	const json_t *value = json_object_get(v, "value");

	fwc_buf_puts(r->out, " set ");
	if (e == 0 && json_is_array(value)) /* `ct event set new,destroy` */
		for (size_t i = 0; e == 0 && i < json_array_size(value); i++) {
			fwc_buf_puts(r->out, i ? "," : "");
			e = fwc_json_read_word(r, at, json_array_get(value, i));
		}
	else if (e == 0)
		e = need_key(r, at, v, "value", "", fwc_json_read_expression);
	return e;
}

static int read_inverted(struct fwc_json_reader *r, const json_t *v)
{
	if (json_is_true(json_object_get(v, "inv")))
		fwc_buf_puts(r->out, " over");
	return 0;
}

static int read_counter(struct fwc_json_reader *r, const struct fwc_json_at *at, const json_t *v)
{
	int e;

	fwc_buf_puts(r->out, "counter");
	e = read_key(r, at, v, "packets", " packets ", fwc_json_read_number);
	return e < 0 ? e : read_key(r, at, v, "bytes", " bytes ", fwc_json_read_number);
}

/* An amount and its unit, bytes where none is said. */
static int read_amount(struct fwc_json_reader *r, const struct fwc_json_at *at, const json_t *v,
		       const char *before, const char *key, const char *unit)
{
	int e = need_key(r, at, v, key, before, fwc_json_read_number);

	fwc_buf_puts(r->out, " ");
	if (e < 0 || json_object_get(v, unit))
		return e < 0 ? e : read_key(r, at, v, unit, "", fwc_json_read_word);
	fwc_buf_puts(r->out, "bytes");
	return 0;
}

static int read_quota(struct fwc_json_reader *r, const struct fwc_json_at *at, const json_t *v)
{
	int e;

	fwc_buf_puts(r->out, "quota");
	read_inverted(r, v);
	e = read_amount(r, at, v, " ", "val", "val_unit");
	if (e == 0 && json_object_get(v, "used"))
		e = read_amount(r, at, v, " used ", "used", "used_unit");
	return e;
}

/* `unit`: of an object, for both numbers. */
static int read_limit_keys(struct fwc_json_reader *r, const struct fwc_json_at *at, const json_t *v)
{
	const char *unit = json_string_value(json_object_get(v, "unit"));
	const char *rate_unit = json_string_value(json_object_get(v, "rate_unit"));
	bool bytes =
		(unit && strcmp(unit, "packets")) || (rate_unit && strcmp(rate_unit, "packets"));
	int e;

	fwc_buf_puts(r->out, "rate");
	read_inverted(r, v);
	e = bytes ? read_amount(r, at, v, " ", "rate", "rate_unit")
		  : need_key(r, at, v, "rate", " ", fwc_json_read_number);
	if (e == 0)
		e = json_object_get(v, "per") ? read_key(r, at, v, "per", "/", fwc_json_read_word)
					      : (fwc_buf_puts(r->out, "/second"), 0);
	if (e < 0 || !json_object_get(v, "burst"))
		return e;
	if (bytes) /* of 0: none */
		return json_integer_value(json_object_get(v, "burst"))
			       ? read_amount(r, at, v, " burst ", "burst", "burst_unit")
			       : 0;
	e = read_key(r, at, v, "burst", " burst ", fwc_json_read_number);
	fwc_buf_puts(r->out, " packets");
	return e;
}

static int read_limit(struct fwc_json_reader *r, const struct fwc_json_at *at, const json_t *v)
{
	fwc_buf_puts(r->out, "limit ");
	return read_limit_keys(r, at, v);
}

static int read_last(struct fwc_json_reader *r, const struct fwc_json_at *at, const json_t *v)
{
	fwc_buf_puts(r->out, "last");
	return read_key(r, at, v, "used", " used ", fwc_json_read_ms);
}

static int read_reject(struct fwc_json_reader *r, const struct fwc_json_at *at, const json_t *v)
{
	static const struct fwc_symbol types[] = {
		{ "tcp reset", 0 }, { "icmp", 1 }, { "icmpv6", 1 }, { "icmpx", 1 }, { NULL, 0 }
	};
	const char *type = json_string_value(json_object_get(v, "type"));
	uint64_t code = 0;

	fwc_buf_puts(r->out, "reject");
	if (!type)
		return 0;
	if (!fwc_word_find(types, type, strlen(type), &code))
		return fwc_json_fail(r, &(struct fwc_json_at){ at, "type", 0 },
				     "'tcp reset', icmp, icmpv6 or icmpx is needed");
	fwc_buf_printf(r->out, " with %s", type);
	return code ? need_key(r, at, v, "expr", " ", fwc_json_read_word) : 0;
}

static int read_dup(struct fwc_json_reader *r, const struct fwc_json_at *at, const json_t *v)
{
	int e = need_key(r, at, v, "addr", "dup to ", fwc_json_read_expression);

	return e < 0 ? e : read_key(r, at, v, "dev", " device ", fwc_json_read_expression);
}

static int read_queue(struct fwc_json_reader *r, const struct fwc_json_at *at, const json_t *v)
{
	static const struct fwc_json_key_row flags = {
		"flags", 0, FWC_JSON_KEY_FLAGS, fwc_words_queue_flag, " flags ", ","
	};
	const json_t *said = json_object_get(v, "flags"), *num = json_object_get(v, "num");
	int e = 0;

	fwc_buf_puts(r->out, "queue");
	if (said) {
		fwc_buf_puts(r->out, flags.before);
		e = read_flags(r, &(struct fwc_json_at){ at, "flags", 0 }, &flags, said);
	}
	if (e < 0 || !num)
		return e;
	return read_key(r, at, v, "num", " to ", fwc_json_read_expression);
}

static int read_flow(struct fwc_json_reader *r, const struct fwc_json_at *at, const json_t *v)
{
	return need_key(r, at, v, "flowtable", "flow add ", fwc_json_read_expression);
}

static int read_reset(struct fwc_json_reader *r, const struct fwc_json_at *at, const json_t *v)
{
	const json_t *base = json_object_get(json_object_get(v, "tcp option"), "base");

	fwc_buf_puts(r->out, "reset ");
	if (base) { /* the whole option, by its number */
		fwc_buf_puts(r->out, "tcp option ");
		return fwc_json_read_number(r, at, base);
	}
	return fwc_json_read_expression(r, at, v);
}

static int read_update(struct fwc_json_reader *r, const struct fwc_json_at *at, const json_t *v)
{
	const char *set = json_object_get(v, "map") ? "map" : "set";
	const json_t *stmt = json_object_get(v, "stmt");
	const struct fwc_json_at here = { at, "stmt", 0 };
	int e = need_key(r, at, v, "op", "", fwc_json_read_word);

	if (e == 0)
		e = need_key(r, at, v, set, " ", fwc_json_read_expression);
	if (e == 0)
		e = need_key(r, at, v, "elem", " { ", fwc_json_read_key);
	for (size_t i = 0; e == 0 && i < json_array_size(stmt); i++) {
		fwc_buf_puts(r->out, " ");
		e = fwc_json_read_statement(r, &(struct fwc_json_at){ &here, NULL, i },
					    json_array_get(stmt, i));
	}
	if (e == 0)
		e = read_key(r, at, v, "data", " : ", fwc_json_read_expression);
	fwc_buf_puts(r->out, " }");
	return e;
}

/* Bytes that have no words, as our writer wrote them. */
static int read_opaque(struct fwc_json_reader *r, const struct fwc_json_at *at, const json_t *v)
{
	return need_key(r, at, v, "bytes", "opaque ", fwc_json_read_quoted);
}

/* nft itself says no more than type and name: that is too little to make a rule of it. */
static int read_extension(struct fwc_json_reader *r, const struct fwc_json_at *at, const json_t *v)
{
	int e = need_key(r, at, v, "type", "xt ", fwc_json_read_word);

	if (e == 0)
		e = need_key(r, at, v, "name", " ", fwc_json_read_quoted);
	if (e == 0)
		e = need_key(r, at, v, "revision", " ", fwc_json_read_number);
	return e < 0 ? e : need_key(r, at, v, "bytes", " ", fwc_json_read_quoted);
}

static const struct {
	const char *name;
	read_fn fn;
} statements[] = {
	{ "match", read_match },     { "vmap", read_vmap },     { "mangle", read_mangle },
	{ "counter", read_counter }, { "quota", read_quota },   { "limit", read_limit },
	{ "last", read_last },       { "reject", read_reject }, { "dup", read_dup },
	{ "queue", read_queue },     { "flow", read_flow },     { "reset", read_reset },
	{ "set", read_update },      { "map", read_update },    { "opaque", read_opaque },
	{ "xt", read_extension },
};

/* What a rule says of a named object: its name, or a map to names. 1: it does. */
static int read_reference(struct fwc_json_reader *r, const struct fwc_json_at *at, const char *name,
			  const json_t *v)
{
	if (!json_is_string(v) && !json_object_get(v, "map"))
		return 0;
	for (size_t i = 0; i < fwc_object_kinds_count; i++) {
		if (strcmp(fwc_object_kinds[i].name, name) || !fwc_object_kinds[i].statement)
			continue;
		fwc_buf_printf(r->out, "%s ", fwc_object_kinds[i].statement);
		return fwc_json_read_expression(r, at, v) < 0 ? -EINVAL : 1;
	}
	return 0;
}

/* One statement in nft's words, as nft writes what its JSON has no form for. Within braces, and nowhere else, `;` and the
 * end of a line are part of it: they say the same there. */
static int read_words(struct fwc_json_reader *r, const struct fwc_json_at *at, const json_t *v)
{
	const char *text = json_string_value(v);
	struct fwc_lexer lx;
	int depth = 0;

	fwc_lexer_start(&lx, text, strlen(text));
	while (lx.token.kind != FWC_TOKEN_END && lx.token.kind != FWC_TOKEN_BAD) {
		bool ends = lx.token.kind == FWC_TOKEN_NEWLINE || fwc_token_is(&lx.token, ";");

		depth += fwc_token_is(&lx.token, "{") - fwc_token_is(&lx.token, "}");
		if (depth < 0 || (depth == 0 && ends))
			break;
		fwc_lexer_next(&lx);
	}
	if (lx.token.kind != FWC_TOKEN_END || depth != 0 || strpbrk(text, "#\r\\"))
		return fwc_json_fail(r, at, "a text is one statement in nft's words");
	for (; *text; text++)
		fwc_buf_add(r->out, *text == '\n' ? ";" : text, 1);
	return 0;
}

int fwc_json_read_named(struct fwc_json_reader *r, const struct fwc_json_at *at, const char *name,
			const json_t *v)
{
	const struct fwc_json_statement_row *row = fwc_json_statement_named(name);
	int e = read_reference(r, at, name, v);

	if (e)
		return e < 0 ? e : 0;
	if (row)
		return read_by_row(r, at, row, v);
	for (size_t i = 0; i < FWC_ARRAY_SIZE(statements); i++)
		if (!strcmp(statements[i].name, name))
			return statements[i].fn(r, at, v);
	return fwc_json_fail(r, at,
			     "is no statement: match, accept, drop, jump, counter, "
			     "limit, log, mangle, snat, dnat and others are");
}

int fwc_json_read_statement(struct fwc_json_reader *r, const struct fwc_json_at *at,
			    const json_t *v)
{
	const char *name = json_object_iter_key(json_object_iter((json_t *)(uintptr_t)v));
	uint64_t ignored;

	fwc_json_mark(r, at);
	if (json_is_string(v))
		return read_words(r, at, v);
	if (json_object_size(v) != 1)
		return fwc_json_fail(r, at,
				     "an object with one key is needed: match, accept, "
				     "counter, log, ...");
	if (fwc_word_find(fwc_words_verdict, name, strlen(name), &ignored))
		return fwc_json_read_expression(r, at, v);
	return fwc_json_read_named(r, &(struct fwc_json_at){ at, name, 0 }, name,
				   json_object_get(v, name));
}

int fwc_json_read_statements(struct fwc_json_reader *r, const struct fwc_json_at *at,
			     const json_t *v)
{
	int e = json_is_array(v) ? 0 : fwc_json_fail(r, at, "an array of statements is needed");

	for (size_t i = 0; e == 0 && i < json_array_size(v); i++) {
		fwc_buf_puts(r->out, i ? " " : "");
		e = fwc_json_read_statement(r, &(struct fwc_json_at){ at, NULL, i },
					    json_array_get(v, i));
	}
	return e;
}

int fwc_json_read_object(struct fwc_json_reader *r, const struct fwc_json_at *at, const char *kind,
			 const json_t *v)
{
	const struct fwc_json_statement_row *row = NULL;

	for (size_t i = 0; i < fwc_object_kinds_count; i++)
		if (!strcmp(fwc_object_kinds[i].name, kind))
			row = fwc_json_object_of(fwc_object_kind_of(fwc_object_kinds[i].type));
	if (!strcmp(kind, "limit"))
		return read_limit_keys(r, at, v);
	if (!row)
		return fwc_json_fail(r, at, "is an object that is not known here");
	if (read_rows(r, at, row, v) < 0)
		return -EINVAL;
	if (!strcmp(kind, "quota"))
		fwc_buf_puts(r->out, " bytes");
	return 0;
}
