/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Values and matches as nft writes them. */
#include "fields/order.h"
#include "text/format.h"
#include "text/parser.h"

#include <stdlib.h>

/* ---- constants ---- */

void fwc_format_field(const struct fwc_field_row *f, struct fwc_buf *out)
{
	fwc_buf_puts(out, f->prints_alias ? f->alias : f->name);
}

void fwc_format_verdict(uint32_t verdict, const char *chain, struct fwc_buf *out)
{
	static const char *const words[] = {
		[FWC_VERDICT_ACCEPT] = "accept", [FWC_VERDICT_DROP] = "drop",
		[FWC_VERDICT_RETURN] = "return", [FWC_VERDICT_CONTINUE] = "continue",
		[FWC_VERDICT_JUMP] = "jump",     [FWC_VERDICT_GOTO] = "goto",
	};

	if (verdict < FWC_ARRAY_SIZE(words) && words[verdict])
		fwc_buf_puts(out, words[verdict]);
	if (chain)
		fwc_buf_printf(out, " %s", chain);
}

/* An end of a range: a number, even where it has a name; seconds, even where they are hours. */
static void format_end(const struct fwc_value *v, struct fwc_buf *out)
{
	bool number_form = v->type->form == FWC_FORM_NUMBER || v->type->form == FWC_FORM_HEX;
	uint64_t number;

	if (!fwc_type_get_number(v->type, v->bytes, &number))
		number = 0;
	if (number_form)
		fwc_type_format_number(v->type, number, out);
	else if (v->type->form == FWC_FORM_TIME && number % 1000 == 0)
		fwc_buf_printf(out, "%llus", (unsigned long long)number / 1000);
	else
		fwc_type_format(v->type, v->bytes, 8u * v->type->len, NULL, out);
}

void fwc_format_constant(const struct fwc_value *v, const char *separator, struct fwc_buf *out)
{
	switch (v->kind) {
	case FWC_VALUE_CONSTANT:
		fwc_type_format(v->type, v->bytes, 8u * v->type->len, separator, out);
		break;
	case FWC_VALUE_PREFIX:
		fwc_type_format(v->type, v->bytes, v->bits, separator, out);
		break;
	case FWC_VALUE_RANGE:
		format_end(v->child[0], out);
		fwc_buf_puts(out, "-");
		format_end(v->child[1], out);
		break;
	case FWC_VALUE_VERDICT:
		fwc_format_verdict(v->op, v->name, out);
		break;
	case FWC_VALUE_OBJECT:
		fwc_buf_printf(out, "\"%s\"", v->name);
		break;
	case FWC_VALUE_ANY:
		fwc_buf_puts(out, "*");
		break;
	default:
		break;
	}
}

int fwc_format_prefix_of_range(const struct fwc_value *v)
{
	uint8_t first[FWC_TYPE_BYTES_MOST], last[FWC_TYPE_BYTES_MOST];
	const struct fwc_type *t = v->type;
	int bits;

	if (v->kind != FWC_VALUE_RANGE ||
	    (t->form != FWC_FORM_IP4 && t->form != FWC_FORM_IP6 && t->form != FWC_FORM_HEX))
		return -1;
	fwc_order_bytes(t, v->child[0]->bytes, first);
	fwc_order_bytes(t, v->child[1]->bytes, last);
	for (size_t i = 0; i < t->len; i++) {
		uint8_t differs = first[i] ^ last[i];

		if (first[i] & differs)
			return -1; /* it does not begin where a prefix does */
		first[i] = (uint8_t)~differs;
	}
	bits = fwc_mask_to_prefix(first, t->len);
	return bits == 8 * t->len ? -1 : bits;
}

void fwc_format_key(const struct fwc_value *key, struct fwc_buf *out)
{
	int bits;

	if (key->kind == FWC_VALUE_CONCAT) {
		for (size_t i = 0; i < key->len; i++) {
			fwc_buf_puts(out, i ? " . " : "");
			/* nft lists `0x00000010/28 . 1.1.1.1` but reads other bytes from it. */
			if (key->child[i]->type->form == FWC_FORM_HEX)
				fwc_format_constant(key->child[i], NULL, out);
			else
				fwc_format_key(key->child[i], out);
		}
		return;
	}
	bits = fwc_format_prefix_of_range(key);
	if (bits < 0) {
		fwc_format_constant(key, " | ", out);
		return;
	}
	fwc_format_constant(key->child[0], NULL, out);
	fwc_buf_printf(out, "/%d", bits);
}

/* ---- trees ---- */

static void format_list(const struct fwc_set *s, struct fwc_buf *out)
{
	fwc_cleanup(fwc_freep) const struct fwc_element **order = fwc_format_order(s);

	if (!order && s->elements.count) {
		out->failed = true;
		return;
	}
	fwc_buf_puts(out, "{ ");
	for (size_t i = 0; i < s->elements.count; i++) {
		fwc_buf_puts(out, i ? ", " : "");
		fwc_format_element(order[i], 0, out);
	}
	fwc_buf_puts(out, " }");
}

/* How tightly an operation binds, as in C. */
static unsigned int precedence(uint32_t op)
{
	static const uint8_t of[] = {
		[FWC_BITS_AND] = 3,    [FWC_BITS_OR] = 1,     [FWC_BITS_XOR] = 2,
		[FWC_BITS_LSHIFT] = 4, [FWC_BITS_RSHIFT] = 4,
	};

	return op < FWC_ARRAY_SIZE(of) ? of[op] : 0;
}

static void format_number_of(const struct fwc_type *t, uint64_t number, const char *separator,
			     struct fwc_buf *out)
{
	uint8_t bytes[FWC_TYPE_BYTES_MOST] = { 0 };

	for (size_t i = 0; i < t->len && i < sizeof(number); i++) {
		bool turn = t->order == FWC_ORDER_NETWORK || __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__;

		bytes[turn ? t->len - 1u - i : i] = (uint8_t)(number << t->shift >> (8 * i));
	}
	fwc_type_format(t, bytes, 8u * t->len, separator, out);
}

/* A mask: several flags need parentheses. */
static void format_mask(const struct fwc_type *t, uint64_t mask, struct fwc_buf *out)
{
	bool several = t->form == FWC_FORM_BITS && (mask & (mask - 1));

	fwc_buf_puts(out, several ? "(" : "");
	format_number_of(t, mask, " | ", out);
	fwc_buf_puts(out, several ? ")" : "");
}

static void format_step(const struct fwc_type *t, bool is, const char *sign, uint64_t number,
			struct fwc_buf *out)
{
	if (!is)
		return;
	fwc_buf_printf(out, " %s ", sign);
	format_mask(t, number, out);
}

static bool has_sign(const struct fwc_value *v)
{
	return v->kind == FWC_VALUE_BITS || v->kind == FWC_VALUE_JOIN;
}

static void format_bits(const struct fwc_value *v, struct fwc_buf *out)
{
	bool shifts = v->op == FWC_BITS_LSHIFT || v->op == FWC_BITS_RSHIFT;
	const struct fwc_value *of = v->of;
	struct fwc_bits_steps s;
	uint64_t mask, flip;
	bool parentheses;

	if (shifts) {
		parentheses = has_sign(of) && precedence(of->op) < precedence(v->op);
		fwc_buf_puts(out, parentheses ? "(" : "");
		fwc_text_format_value(of, out);
		fwc_buf_printf(out, "%s %s %llu", parentheses ? ")" : "",
			       v->op == FWC_BITS_LSHIFT ? "<<" : ">>", (unsigned long long)v->mask);
		return;
	}
	of = fwc_bits_flatten(v, &mask, &flip);
	s = fwc_bits_steps(v->type, mask, flip);
	parentheses = of->kind == FWC_VALUE_JOIN;
	fwc_buf_puts(out, parentheses ? "(" : "");
	fwc_text_format_value(of, out);
	fwc_buf_puts(out, parentheses ? ")" : "");
	format_step(v->type, s.has_and, "&", s.and_, out);
	format_step(v->type, s.has_xor, "^", s.xor_, out);
	format_step(v->type, s.has_or, "|", s.or_, out);
}

/* The precedence of the loosest sign that is written of a value; masks are written in nft's steps. */
static unsigned int loosest(const struct fwc_value *v)
{
	struct fwc_bits_steps s;
	uint64_t mask, flip;

	if (v->kind == FWC_VALUE_JOIN || v->op > FWC_BITS_XOR)
		return precedence(v->op);
	fwc_bits_flatten(v, &mask, &flip);
	s = fwc_bits_steps(v->type, mask, flip);
	return precedence(s.has_or ? FWC_BITS_OR : s.has_xor ? FWC_BITS_XOR : FWC_BITS_AND);
}

/* In parentheses where it would not stay together; on the right also beside the same sign. */
static void format_side(const struct fwc_value *v, uint32_t op, bool right, struct fwc_buf *out)
{
	bool parentheses = has_sign(v) && loosest(v) < precedence(op) + right;

	fwc_buf_puts(out, parentheses ? "(" : "");
	fwc_text_format_value(v, out);
	fwc_buf_puts(out, parentheses ? ")" : "");
}

static void format_join(const struct fwc_value *v, struct fwc_buf *out)
{
	static const char *const signs[] = {
		[FWC_BITS_AND] = " & ",
		[FWC_BITS_OR] = " | ",
		[FWC_BITS_XOR] = " ^ ",
	};

	format_side(v->child[0], v->op, false, out);
	fwc_buf_puts(out, signs[v->op]);
	format_side(v->child[1], v->op, true, out);
}

/* `jhash ip saddr mod 2 seed 0x1`: the field's own words stand around what is hashed. */
static void format_hash(const struct fwc_value *v, struct fwc_buf *out)
{
	fwc_buf_puts(out, "jhash ");
	fwc_text_format_value(v->child[0], out);
	fwc_buf_puts(out, v->child[1]->field->name + strlen("jhash"));
}

/* What has not met its field yet, for messages. */
static void format_untyped(const struct fwc_value *v, struct fwc_buf *out)
{
	char ip[64];

	if (v->op == FWC_UNTYPED_NUMBER)
		fwc_buf_printf(out, "%llu", (unsigned long long)v->number);
	else if (v->op == FWC_UNTYPED_NAME || v->op == FWC_UNTYPED_TEXT)
		fwc_buf_puts(out, v->name);
	else if (v->op == FWC_UNTYPED_IP && !fwc_ip_format(v->ip, ip, sizeof(ip), NULL))
		fwc_buf_puts(out, ip);
}

static void format_map(const struct fwc_value *v, const char *word, struct fwc_buf *out)
{
	fwc_text_format_value(v->child[0], out);
	fwc_buf_printf(out, " %s ", word);
	fwc_text_format_value(v->child[1], out);
}

void fwc_text_format_value(const struct fwc_value *v, struct fwc_buf *out)
{
	switch (v->kind) {
	case FWC_VALUE_FIELD:
		fwc_format_field(v->field, out);
		break;
	case FWC_VALUE_SET:
		fwc_buf_printf(out, "@%s", v->name);
		break;
	case FWC_VALUE_LIST:
		format_list(v->list, out);
		break;
	case FWC_VALUE_CONCAT:
		for (size_t i = 0; i < v->len; i++) {
			fwc_buf_puts(out, i ? " . " : "");
			fwc_text_format_value(v->child[i], out);
		}
		break;
	case FWC_VALUE_BITS:
		format_bits(v, out);
		break;
	case FWC_VALUE_JOIN:
		format_join(v, out);
		break;
	case FWC_VALUE_HASH:
		format_hash(v, out);
		break;
	case FWC_VALUE_MAP:
		format_map(v, "map", out);
		break;
	case FWC_VALUE_UNTYPED:
		format_untyped(v, out);
		break;
	default:
		fwc_format_constant(v, " | ", out);
	}
}

/* ---- matches ---- */

/* nft writes `tcp flags == 0x12`, but `ct state == established | new`. */
static const char *flags_separator(const struct fwc_value *left)
{
	return left->kind == FWC_VALUE_FIELD && left->field->load == FWC_LOAD_PAYLOAD ? NULL
										      : " | ";
}

/* `tcp flags & (syn|ack) == syn` is written `tcp flags syn / syn,ack`; one bit against itself stays as it is. */
static bool format_slash(const struct fwc_item *m, struct fwc_buf *out)
{
	const struct fwc_value *left = m->left;
	uint64_t right;

	if (left->kind != FWC_VALUE_BITS || left->op != FWC_BITS_AND ||
	    left->of->kind != FWC_VALUE_FIELD || left->type->form != FWC_FORM_BITS ||
	    (m->op != FWC_OP_EQ && m->op != FWC_OP_NE) || !(left->mask & (left->mask - 1)) ||
	    !fwc_value_get_number(m->right, &right))
		return false;
	fwc_format_field(left->of->field, out);
	fwc_buf_puts(out, m->op == FWC_OP_NE ? " != " : " ");
	fwc_format_constant(m->right, ",", out);
	fwc_buf_puts(out, " / ");
	format_number_of(left->type, left->mask, ",", out);
	return true;
}

/* Of a mark those bits that a prefix has are compared: `meta mark 0x1200/24`. */
static bool format_number_prefix(const struct fwc_item *m, struct fwc_buf *out)
{
	const struct fwc_value *left = m->left;
	unsigned int bits = 8u * (left->type ? left->type->len : 0), prefix = bits;
	uint64_t right;

	if (left->kind != FWC_VALUE_BITS || left->op != FWC_BITS_AND ||
	    left->of->kind != FWC_VALUE_FIELD || left->type->form != FWC_FORM_HEX ||
	    (m->op != FWC_OP_EQ && m->op != FWC_OP_NE) || !fwc_value_get_number(m->right, &right) ||
	    (right & ~left->mask))
		return false;
	while (prefix && !(left->mask >> (bits - prefix) & 1))
		prefix--;
	if (!prefix || fwc_bits_all(left->type) >> (bits - prefix) << (bits - prefix) != left->mask)
		return false;
	fwc_format_field(left->of->field, out);
	fwc_buf_puts(out, m->op == FWC_OP_NE ? " != " : " ");
	fwc_format_constant(m->right, NULL, out);
	fwc_buf_printf(out, "/%u", prefix);
	return true;
}

static const char *op_words(const struct fwc_item *m)
{
	static const char *const words[] = {
		[FWC_OP_NE] = " != ",     [FWC_OP_LT] = " < ",  [FWC_OP_LE] = " <= ",
		[FWC_OP_GT] = " > ",      [FWC_OP_GE] = " >= ", [FWC_OP_ANY_OF] = " ",
		[FWC_OP_NONE_OF] = " ! ",
	};
	bool plain_flags;

	if (m->op != FWC_OP_EQ)
		return m->op < FWC_ARRAY_SIZE(words) && words[m->op] ? words[m->op] : " ";
	plain_flags = m->left->type && m->left->type->form == FWC_FORM_BITS &&
		      m->right->kind == FWC_VALUE_CONSTANT;
	/* Without `==` flags would be any of them, and a constant after a mask part of the mask. */
	return plain_flags || (has_sign(m->left) && m->right->kind != FWC_VALUE_RANGE) ? " == "
										       : " ";
}

void fwc_format_match(const struct fwc_item *m, struct fwc_buf *out)
{
	bool any = m->op == FWC_OP_ANY_OF || m->op == FWC_OP_NONE_OF;

	if (format_slash(m, out) || format_number_prefix(m, out))
		return;
	fwc_text_format_value(m->left, out);
	fwc_buf_puts(out, op_words(m));
	if (m->right->kind == FWC_VALUE_CONSTANT)
		fwc_format_constant(m->right, any ? "," : flags_separator(m->left), out);
	else
		fwc_text_format_value(m->right, out);
}
