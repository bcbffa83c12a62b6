/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Fields, constants, values and matches. */
#include <stdlib.h>

#include "text/format.h"
#include "text/json/field.h"
#include "text/json/json.h"

/* ---- fields ---- */

/* What a part takes of the words at `at`: its length, 0 when it is not there. */
static size_t part_length(const struct fwc_json_part *p, const char *at)
{
	size_t len = strcspn(at, " ,");

	if (p->form == FWC_JSON_REST)
		return strlen(at);
	if (p->form == FWC_JSON_NUMBER)
		return strspn(at, "0123456789") == len ? len : 0;
	if (p->form == FWC_JSON_DOTTED)
		while (!strncmp(at + len, " . ", 3))
			len += 3 + strcspn(at + len + 3, " ");
	for (size_t i = 0; p->only[0]; i++) {
		if (!p->only[i])
			return 0;
		if (strlen(p->only[i]) == len && !strncmp(at, p->only[i], len))
			break;
	}
	return len;
}

struct part_words {
	const char *at;
	size_t len; /* 0: the part is not there */
};

/* Whether the words fit a row; then where each of its parts is. */
static bool fit(const struct fwc_json_field_row *row, const char *words, struct part_words *parts)
{
	const char *at = words + strlen(row->words);

	if (strncmp(words, row->words, strlen(row->words)) != 0)
		return false;
	for (size_t i = 0; i < FWC_ARRAY_SIZE(row->parts) && row->parts[i].key; i++) {
		const struct fwc_json_part *p = &row->parts[i];
		const char *before = p->before ? p->before : " ";
		bool there = !strncmp(at, before, strlen(before));

		parts[i] = (struct part_words){ at + strlen(before), 0 };
		if (p->form == FWC_JSON_AGAIN) {
			parts[i] = parts[0];
			continue;
		}
		if (there && p->form != FWC_JSON_FIXED)
			parts[i].len = part_length(p, parts[i].at);
		if (parts[i].len)
			at = parts[i].at + parts[i].len;
		else if (!p->optional && p->form != FWC_JSON_FIXED)
			return false;
	}
	return !*at;
}

static void put_dotted(struct fwc_json *j, const struct part_words *w)
{
	const char *end = w->at + w->len;

	fwc_json_open(j, "[");
	for (const char *at = w->at; at < end;) {
		size_t len = strcspn(at, " ");

		fwc_json_text(j, at, len);
		at += len + strspn(at + len, " .");
		if (at > end)
			break;
	}
	fwc_json_close(j, "]");
}

static void put_part(struct fwc_json *j, const struct fwc_json_part *p, const struct part_words *w)
{
	if (!w->len && p->form != FWC_JSON_FIXED)
		return;
	fwc_json_key(j, p->key);
	if (p->form == FWC_JSON_FIXED)
		fwc_json_number(j, p->fixed);
	else if (p->form == FWC_JSON_NUMBER)
		fwc_json_number(j, strtoull(w->at, NULL, 10));
	else if (p->form == FWC_JSON_DOTTED)
		put_dotted(j, w);
	else
		fwc_json_text(j, w->at, w->len);
}

void fwc_json_field(struct fwc_json *j, const struct fwc_field_row *f)
{
	struct part_words parts[FWC_ARRAY_SIZE(fwc_json_fields[0].parts)];

	for (size_t i = 0; i < fwc_json_fields_count; i++) {
		const struct fwc_json_field_row *row = &fwc_json_fields[i];

		if (row->load != f->load || (row->base >= 0 && row->base != f->base) ||
		    !fit(row, f->name, parts))
			continue;
		fwc_json_open(j, "{");
		fwc_json_key(j, row->object);
		fwc_json_open(j, "{");
		for (size_t k = 0; k < FWC_ARRAY_SIZE(row->parts) && row->parts[k].key; k++)
			put_part(j, &row->parts[k], &parts[k]);
		fwc_json_close(j, "}");
		fwc_json_close(j, "}");
		return;
	}
	j->no_form = true;
}

/* ---- constants ---- */

static bool is_digits(const char *text)
{
	size_t len = strspn(text, "0123456789");

	return len && len < 19 && !text[len] && (text[0] != '0' || len == 1);
}

/* An interface may be called `@x`, which nft's JSON takes for a set: then it shall take nothing. */
static void put_name(struct fwc_json *j, const char *name)
{
	fwc_json_open(j, "{");
	fwc_json_put_string(j, "name", name);
	fwc_json_close(j, "}");
}

/* As nft's words, without quotes; what is a number without a name becomes one. */
static void put_words(struct fwc_json *j, const struct fwc_type *t, const uint8_t *bytes,
		      uint32_t bits)
{
	char text[FWC_FIELD_NAME_MOST];
	struct fwc_buf out = fwc_buf_over(text, sizeof(text));
	const char *at = text;
	uint64_t number;
	bool quoted;

	fwc_type_format(t, bytes, bits, NULL, &out);
	quoted = text[0] == '"';
	if (quoted) {
		text[strlen(text) - 1] = '\0';
		at++;
	}
	if (!quoted && is_digits(at))
		fwc_json_word(j, at);
	else if (!quoted && !strncmp(at, "0x", 2) && fwc_type_get_number(t, bytes, &number) &&
		 number <= INT64_MAX)
		fwc_json_number(j, number);
	else if (at[0] == '@')
		put_name(j, at);
	else
		fwc_json_string(j, at);
}

static bool is_boolean(const struct fwc_type *t)
{
	return !strcmp(t->name, "boolean");
}

static void put_flags(struct fwc_json *j, const struct fwc_type *t, uint64_t flags,
		      enum fwc_json_bits how)
{
	uint8_t bytes[FWC_TYPE_BYTES_MOST];

	/* {"|":[{"|":["fin","syn"]},"ack"]}: two by two, more nft 1.0.6 does not take. */
	for (uint64_t left = flags & (flags - 1); how == FWC_JSON_BITS_OR && left;
	     left &= left - 1) {
		fwc_json_open(j, "{");
		fwc_json_key(j, "|");
		fwc_json_open(j, "[");
	}
	if (how == FWC_JSON_BITS_LIST)
		fwc_json_open(j, "[");
	for (uint64_t bit = 1; bit && bit <= flags; bit <<= 1) {
		if (!(flags & bit) || !fwc_type_put_number(t, bit, bytes))
			continue;
		put_words(j, t, bytes, 8u * t->len);
		if (how != FWC_JSON_BITS_OR || !(flags & (bit - 1)))
			continue;
		fwc_json_close(j, "]");
		fwc_json_close(j, "}");
	}
	if (how == FWC_JSON_BITS_LIST)
		fwc_json_close(j, "]");
}

static void put_single(struct fwc_json *j, const struct fwc_type *t, const uint8_t *bytes,
		       enum fwc_json_bits how)
{
	uint64_t number = 0;
	bool is_number = fwc_type_get_number(t, bytes, &number);

	if (is_number && is_boolean(t) && number <= 1)
		fwc_json_word(j, number ? "true" : "false");
	else if (is_number && t->form == FWC_FORM_BITS && number & (number - 1) &&
		 how != FWC_JSON_BITS_NUMBER)
		put_flags(j, t, number, how);
	else
		put_words(j, t, bytes, 8u * t->len);
}

static void put_prefix(struct fwc_json *j, const struct fwc_type *t, const uint8_t *bytes,
		       uint32_t bits)
{
	fwc_json_open(j, "{");
	fwc_json_key(j, "prefix");
	fwc_json_open(j, "{");
	fwc_json_key(j, "addr");
	put_single(j, t, bytes, FWC_JSON_BITS_NUMBER);
	fwc_json_put_number(j, "len", bits);
	fwc_json_close(j, "}");
	fwc_json_close(j, "}");
}

static void put_range(struct fwc_json *j, const struct fwc_value *v)
{
	fwc_json_open(j, "{");
	fwc_json_key(j, "range");
	fwc_json_open(j, "[");
	put_single(j, v->type, v->child[0]->bytes, FWC_JSON_BITS_NUMBER);
	put_single(j, v->type, v->child[1]->bytes, FWC_JSON_BITS_NUMBER);
	fwc_json_close(j, "]");
	fwc_json_close(j, "}");
}

void fwc_json_constant(struct fwc_json *j, const struct fwc_value *v, enum fwc_json_bits bits)
{
	if (v->kind == FWC_VALUE_RANGE)
		put_range(j, v);
	else if (v->kind == FWC_VALUE_PREFIX && v->type->form == FWC_FORM_IFNAME)
		put_words(j, v->type, v->bytes, v->bits);
	else if (v->kind == FWC_VALUE_PREFIX)
		put_prefix(j, v->type, v->bytes, v->bits);
	else if (v->kind == FWC_VALUE_CONSTANT)
		put_single(j, v->type, v->bytes, bits);
	else
		j->no_form = true;
}

void fwc_json_verdict(struct fwc_json *j, uint32_t verdict, const char *chain)
{
	char word[16];
	struct fwc_buf out = fwc_buf_over(word, sizeof(word));

	fwc_format_verdict(verdict, NULL, &out);
	fwc_json_open(j, "{");
	fwc_json_key(j, word);
	if (chain) {
		fwc_json_open(j, "{");
		fwc_json_put_string(j, "target", chain);
		fwc_json_close(j, "}");
	} else {
		fwc_json_word(j, "null");
	}
	fwc_json_close(j, "}");
}

/* ---- elements ---- */

static void put_key(struct fwc_json *j, const struct fwc_value *key)
{
	int bits = fwc_format_prefix_of_range(key);

	if (key->kind == FWC_VALUE_ANY)
		fwc_json_string(j, "*");
	else if (bits >= 0)
		put_prefix(j, key->type, key->child[0]->bytes, (uint32_t)bits);
	else
		fwc_json_value(j, key);
}

/* JSON's times are seconds. What a second is too long for stands beside them, in a key that nft passes over. */
void fwc_json_time(struct fwc_json *j, const char *key, const char *key_ms, uint64_t ms)
{
	if (!ms)
		return;
	fwc_json_put_number(j, key, (ms + 999) / 1000);
	if (ms % 1000)
		fwc_json_put_number(j, key_ms, ms);
}

static void put_element_key(struct fwc_json *j, const struct fwc_element *e)
{
	const struct fwc_element_state none = { 0 }, *state = e->state ? e->state : &none;
	const char *comment = e->labels ? e->labels->comment : NULL;
	bool expires =
		state->expires_ms && !(j->flags & (FWC_FORMAT_STATELESS | FWC_FORMAT_COMMANDS));

	if (!state->timeout_ms && !comment && !expires && !state->stateful.count) {
		put_key(j, e->key);
		return;
	}
	fwc_json_open(j, "{");
	fwc_json_key(j, "elem");
	fwc_json_open(j, "{");
	fwc_json_key(j, "val");
	put_key(j, e->key);
	fwc_json_target_keys(j, &state->stateful);
	fwc_json_time(j, "timeout", "timeout_ms", state->timeout_ms);
	if (expires)
		fwc_json_time(j, "expires", "expires_ms", state->expires_ms);
	if (comment)
		fwc_json_put_string(j, "comment", comment);
	fwc_json_close(j, "}");
	fwc_json_close(j, "}");
}

void fwc_json_elements(struct fwc_json *j, const struct fwc_set *s)
{
	fwc_cleanup(fwc_freep) const struct fwc_element **order = fwc_format_order(s);

	if (!order) {
		j->out->failed = true;
		return;
	}
	fwc_json_open(j, "[");
	for (size_t i = 0; i < s->elements.count; i++) {
		if (order[i]->data)
			fwc_json_open(j, "[");
		put_element_key(j, order[i]);
		if (!order[i]->data)
			continue;
		put_key(j, order[i]->data);
		fwc_json_close(j, "]");
	}
	fwc_json_close(j, "]");
}

/* ---- trees ---- */

static void put_concat(struct fwc_json *j, const struct fwc_value *v)
{
	fwc_json_open(j, "{");
	fwc_json_key(j, "concat");
	fwc_json_open(j, "[");
	for (size_t i = 0; i < v->len; i++)
		fwc_json_value(j, v->child[i]);
	fwc_json_close(j, "]");
	fwc_json_close(j, "}");
}

/* {"&":[of,number]}: opened here, `of` written by the caller's next call. */
static void open_step(struct fwc_json *j, const char *sign)
{
	fwc_json_open(j, "{");
	fwc_json_key(j, sign);
	fwc_json_open(j, "[");
}

static void close_step(struct fwc_json *j, const struct fwc_type *t, uint64_t number)
{
	uint8_t bytes[FWC_TYPE_BYTES_MOST] = { 0 };

	/* Of addresses too, which take no numbers otherwise. */
	if (t->form == FWC_FORM_IP4)
		for (size_t i = 0; i < t->len; i++)
			bytes[t->len - 1u - i] = (uint8_t)(number >> (8 * i));
	if (t->form == FWC_FORM_IP4 || fwc_type_put_number(t, number, bytes))
		put_single(j, t, bytes, FWC_JSON_BITS_LIST);
	else
		fwc_json_number(j, number);
	fwc_json_close(j, "]");
	fwc_json_close(j, "}");
}

static void put_bits(struct fwc_json *j, const struct fwc_value *v)
{
	const struct fwc_value *of;
	struct fwc_bits_steps s;
	uint64_t mask, flip;

	if (v->op == FWC_BITS_LSHIFT || v->op == FWC_BITS_RSHIFT) {
		open_step(j, v->op == FWC_BITS_LSHIFT ? "<<" : ">>");
		fwc_json_value(j, v->of);
		fwc_json_number(j, v->mask);
		fwc_json_close(j, "]");
		fwc_json_close(j, "}");
		return;
	}
	of = fwc_bits_flatten(v, &mask, &flip);
	s = fwc_bits_steps(v->type, mask, flip);
	if (s.has_or)
		open_step(j, "|");
	if (s.has_xor)
		open_step(j, "^");
	if (s.has_and)
		open_step(j, "&");
	fwc_json_value(j, of);
	if (s.has_and)
		close_step(j, v->type, s.and_);
	if (s.has_xor)
		close_step(j, v->type, s.xor_);
	if (s.has_or)
		close_step(j, v->type, s.or_);
}

static void put_join(struct fwc_json *j, const struct fwc_value *v)
{
	static const char *const signs[] = {
		[FWC_BITS_AND] = "&",
		[FWC_BITS_OR] = "|",
		[FWC_BITS_XOR] = "^",
	};

	open_step(j, signs[v->op]);
	fwc_json_value(j, v->child[0]);
	fwc_json_value(j, v->child[1]);
	fwc_json_close(j, "]");
	fwc_json_close(j, "}");
}

static void put_hash(struct fwc_json *j, const struct fwc_value *v)
{
	const struct fwc_field_row *f = v->child[1]->field;

	fwc_json_open(j, "{");
	fwc_json_key(j, "jhash");
	fwc_json_open(j, "{");
	fwc_json_put_number(j, "mod", f->flags);
	if (f->base)
		fwc_json_put_number(j, "seed", f->seed);
	if (f->more)
		fwc_json_put_number(j, "offset", f->more);
	fwc_json_key(j, "expr");
	fwc_json_value(j, v->child[0]);
	fwc_json_close(j, "}");
	fwc_json_close(j, "}");
}

static void put_map(struct fwc_json *j, const struct fwc_value *v)
{
	fwc_json_open(j, "{");
	fwc_json_key(j, "map");
	fwc_json_open(j, "{");
	fwc_json_key(j, "key");
	fwc_json_value(j, v->child[0]);
	fwc_json_key(j, "data");
	fwc_json_value(j, v->child[1]);
	fwc_json_close(j, "}");
	fwc_json_close(j, "}");
}

static void put_set_name(struct fwc_json *j, const char *name)
{
	char text[160];
	struct fwc_buf out = fwc_buf_over(text, sizeof(text));

	fwc_buf_printf(&out, "@%s", name);
	fwc_json_string(j, text);
}

void fwc_json_value(struct fwc_json *j, const struct fwc_value *v)
{
	switch (v->kind) {
	case FWC_VALUE_FIELD:
		fwc_json_field(j, v->field);
		break;
	case FWC_VALUE_SET:
		put_set_name(j, v->name);
		break;
	case FWC_VALUE_LIST:
		fwc_json_open(j, "{");
		fwc_json_key(j, "set");
		fwc_json_elements(j, v->list);
		fwc_json_close(j, "}");
		break;
	case FWC_VALUE_CONCAT:
		put_concat(j, v);
		break;
	case FWC_VALUE_BITS:
		put_bits(j, v);
		break;
	case FWC_VALUE_JOIN:
		put_join(j, v);
		break;
	case FWC_VALUE_HASH:
		put_hash(j, v);
		break;
	case FWC_VALUE_MAP:
		put_map(j, v);
		break;
	case FWC_VALUE_OBJECT:
		fwc_json_string(j, v->name);
		break;
	case FWC_VALUE_VERDICT:
		fwc_json_verdict(j, v->op, v->name);
		break;
	default:
		fwc_json_constant(j, v, FWC_JSON_BITS_OR);
	}
}

/* ---- matches ---- */

/* An array would be any of the flags beside `==` and `!=`; beside a mask nft writes one all the same. */
static enum fwc_json_bits bits_of(const struct fwc_item *m)
{
	if (m->op == FWC_OP_ANY_OF || m->op == FWC_OP_NONE_OF)
		return FWC_JSON_BITS_LIST;
	return m->left->kind == FWC_VALUE_FIELD && m->left->field->load == FWC_LOAD_PAYLOAD
		       ? FWC_JSON_BITS_NUMBER
		       : FWC_JSON_BITS_OR;
}

void fwc_json_match(struct fwc_json *j, const struct fwc_item *m)
{
	static const char *const ops[] = {
		[FWC_OP_EQ] = "==",     [FWC_OP_NE] = "!=",     [FWC_OP_LT] = "<",
		[FWC_OP_LE] = "<=",     [FWC_OP_GT] = ">",      [FWC_OP_GE] = ">=",
		[FWC_OP_ANY_OF] = "in", [FWC_OP_NONE_OF] = "!",
	};

	fwc_json_open(j, "{");
	fwc_json_key(j, "match");
	fwc_json_open(j, "{");
	fwc_json_put_string(j, "op", ops[m->op]);
	fwc_json_key(j, "left");
	fwc_json_value(j, m->left);
	fwc_json_key(j, "right");
	if (m->right->kind == FWC_VALUE_CONSTANT)
		fwc_json_constant(j, m->right, bits_of(m));
	else
		fwc_json_value(j, m->right);
	if (m->whole_range) { /* a key that nft passes over: it would write two comparisons */
		fwc_json_key(j, "xt");
		fwc_json_word(j, "true");
	}
	fwc_json_close(j, "}");
	fwc_json_close(j, "}");
}
