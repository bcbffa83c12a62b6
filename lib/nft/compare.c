/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <endian.h>

#include "nft/compare.h"
#include "nft/encode.h"
#include "nft/nft.h"

/* ---- expressions ---- */

/* Attributes of 32 bits that kernels or writers leave out, and what they mean then. */
static const struct {
	const char *expression;
	uint16_t attr;
	uint32_t otherwise;
} defaults[] = {
	{ "bitwise", NFTA_BITWISE_OP, NFT_BITWISE_BOOL },
	{ "lookup", NFTA_LOOKUP_FLAGS, 0 },
	{ "limit", NFTA_LIMIT_TYPE, NFT_LIMIT_PKTS },
	{ "limit", NFTA_LIMIT_FLAGS, 0 },
	{ "osf", NFTA_OSF_FLAGS, 0 },
	{ "log", NFTA_LOG_LEVEL, NFT_LOGLEVEL_WARNING },
	{ "log", NFTA_LOG_FLAGS, 0 },
	{ "nat", NFTA_NAT_FLAGS, 0 },
	{ "masq", NFTA_MASQ_FLAGS, 0 },
	{ "redir", NFTA_REDIR_FLAGS, 0 },
};

static bool is_default(const char *expression, const struct fwc_attr *a)
{
	uint32_t n;

	for (size_t i = 0; i < FWC_ARRAY_SIZE(defaults); i++)
		if (a->type == defaults[i].attr && !strcmp(expression, defaults[i].expression))
			return fwc_attr_be32(a, &n) && n == defaults[i].otherwise;
	return false;
}

static bool find_attr(struct fwc_slice s, uint16_t type, struct fwc_attr *ret)
{
	while (fwc_attr_next(&s, ret) > 0)
		if (ret->type == type)
			return true;
	return false;
}

/* A name that is compared with its NUL is compared with all that follows: it is zero in the register. So is what follows
 * the one byte that says whether there is a route, of which nft up to 1.1 compares four. */
static bool equal_names(const struct fwc_attr *a, const struct fwc_attr *b)
{
	const struct fwc_attr *shorter = a->len < b->len ? a : b, *longer = a->len < b->len ? b : a;

	if (!shorter->len || (shorter->len > 1 && shorter->data[shorter->len - 1]) ||
	    memcmp(shorter->data, longer->data, shorter->len) != 0)
		return false;
	for (size_t i = shorter->len; i < longer->len; i++)
		if (longer->data[i])
			return false;
	return true;
}

static bool attrs_equal(const char *expression, struct fwc_slice a, struct fwc_slice b,
			unsigned int depth);

/* Numbers are no lists of attributes, though they may look so. Depths: 0 the expression, 1 its attributes, 2 data. */
static bool is_nest(const char *expression, const struct fwc_attr *a, unsigned int depth)
{
	static const char *const with_data[] = { "cmp", "bitwise", "range", "immediate" };

	if (depth != 1)
		return depth == 0 ? a->type == NFTA_EXPR_DATA : a->type == NFTA_DATA_VERDICT;
	for (size_t i = 0; i < FWC_ARRAY_SIZE(with_data); i++)
		if (!strcmp(expression, with_data[i]))
			return a->len > sizeof(uint32_t);
	return false;
}

static bool attr_equal(const char *expression, const struct fwc_attr *a, const struct fwc_attr *b,
		       unsigned int depth)
{
	if (a->len == b->len && (!a->len || !memcmp(a->data, b->data, a->len)))
		return true;
	if (depth == 2 && a->type == NFTA_DATA_VALUE && !strcmp(expression, "cmp"))
		return equal_names(a, b);
	return depth < 3 && is_nest(expression, a, depth) &&
	       attrs_equal(expression, fwc_attr_slice(a), fwc_attr_slice(b), depth + 1);
}

/* All of `a` are in `b` or at their default. */
static bool attrs_within(const char *expression, struct fwc_slice a, struct fwc_slice b,
			 unsigned int depth)
{
	struct fwc_attr one, other;
	int r;

	while ((r = fwc_attr_next(&a, &one)) > 0)
		if (!find_attr(b, one.type, &other)) {
			if (depth != 1 || !is_default(expression, &one))
				return false;
		} else if (!attr_equal(expression, &one, &other, depth)) {
			return false;
		}
	return r == 0;
}

static bool attrs_equal(const char *expression, struct fwc_slice a, struct fwc_slice b,
			unsigned int depth)
{
	return a.len && b.len && attrs_within(expression, a, b, depth) &&
	       attrs_within(expression, b, a, depth);
}

static const char *expression_name(const struct fwc_attr *elem)
{
	struct fwc_attr name;

	return find_attr(fwc_attr_slice(elem), NFTA_EXPR_NAME, &name) ? fwc_attr_text(&name) : NULL;
}

static bool expression_equal(const struct fwc_attr *a, const struct fwc_attr *b)
{
	const char *name;

	if (a->whole.len == b->whole.len && !memcmp(a->whole.data, b->whole.data, a->whole.len))
		return true;
	name = expression_name(a);
	return name && attrs_equal(name, fwc_attr_slice(a), fwc_attr_slice(b), 0);
}

static bool is_filled(struct fwc_slice data, uint16_t type, uint8_t byte)
{
	struct fwc_attr nest, value;

	if (!find_attr(data, type, &nest) ||
	    !find_attr(fwc_attr_slice(&nest), NFTA_DATA_VALUE, &value))
		return false;
	for (size_t i = 0; i < value.len; i++)
		if (value.data[i] != byte)
			return false;
	return true;
}

/* A mask of all bits, and nothing flipped. nft writes it where somebody asks for it, and lists the rule without. */
static bool changes_nothing(const struct fwc_attr *elem)
{
	const char *name = expression_name(elem);
	struct fwc_attr data, from, to;

	return name && !strcmp(name, "bitwise") &&
	       find_attr(fwc_attr_slice(elem), NFTA_EXPR_DATA, &data) &&
	       find_attr(fwc_attr_slice(&data), NFTA_BITWISE_SREG, &from) &&
	       find_attr(fwc_attr_slice(&data), NFTA_BITWISE_DREG, &to) && from.len == to.len &&
	       !memcmp(from.data, to.data, to.len) &&
	       is_filled(fwc_attr_slice(&data), NFTA_BITWISE_MASK, 0xff) &&
	       is_filled(fwc_attr_slice(&data), NFTA_BITWISE_XOR, 0);
}

static int next_changing(struct fwc_slice *s, struct fwc_attr *ret)
{
	int more;

	do
		more = fwc_attr_next(s, ret);
	while (more > 0 && changes_nothing(ret));
	return more;
}

bool fwc_expressions_equal(struct fwc_slice a, struct fwc_slice b, size_t *ret_at)
{
	const uint8_t *start = a.data;
	struct fwc_attr one, other;

	for (;;) {
		int more_a, more_b;

		*ret_at = (size_t)(a.data - start);
		more_a = next_changing(&a, &one);
		more_b = next_changing(&b, &other);
		if (more_a <= 0 || more_b <= 0)
			return more_a == 0 && more_b == 0;
		if (!expression_equal(&one, &other))
			return false;
	}
}

/* ---- rules ---- */

int fwc_nft_canonical(struct fwc_wire *out, const struct fwc_rule *r, struct fwc_error *err)
{
	struct fwc_encoder e = fwc_encoder_for(r, out, FWC_ENCODE_CANONICAL, err);
	uint32_t index = 0;

	for (const struct fwc_item *i = fwc_rule_items(r); i; i = i->next, index++) {
		int code = fwc_encode_item(&e, i);

		if (code < 0) {
			if (err)
				err->item = index;
			return code;
		}
	}
	return fwc_wire_error(out, err);
}

static bool equal_texts(const char *a, const char *b)
{
	return a == b || (a && b && !strcmp(a, b));
}

static bool equal_labels(const struct fwc_labels *a, const struct fwc_labels *b)
{
	static const struct fwc_labels none;

	a = a ? a : &none;
	b = b ? b : &none;
	return equal_texts(a->comment, b->comment) && equal_texts(a->tag, b->tag);
}

/* As it was loaded, or as the kernel would dump it. A slice of NULL: it cannot be written. */
static struct fwc_slice rule_bytes(const struct fwc_rule *r, struct fwc_wire *room)
{
	struct fwc_encoder e = fwc_encoder_for(r, room, FWC_ENCODE_AS_LOADED, NULL);

	if (r->raw)
		return (struct fwc_slice){ r->raw, r->raw_len };
	for (const struct fwc_item *i = fwc_rule_items(r); i; i = i->next)
		if (fwc_encode_item(&e, i) < 0)
			return (struct fwc_slice){ NULL, 0 };
	return (struct fwc_slice){ room->error ? NULL : room->data, room->error ? 0 : room->len };
}

/* Whether a look-up is in a set that the kernel named: then its name says nothing about what is in it. */
static bool is_anonymous_lookup(const struct fwc_attr *elem)
{
	struct fwc_attr data, set;
	const char *name;

	if (!find_attr(fwc_attr_slice(elem), NFTA_EXPR_DATA, &data) ||
	    !find_attr(fwc_attr_slice(&data), NFTA_LOOKUP_SET, &set))
		return true;
	name = fwc_attr_text(&set);
	return !name || !name[0] || !strncmp(name, "__", 2);
}

/* Likewise of a jump to a chain that the kernel named. */
static bool is_block_jump(const struct fwc_attr *elem)
{
	static const uint16_t path[] = { NFTA_EXPR_DATA, NFTA_IMMEDIATE_DATA, NFTA_DATA_VERDICT,
					 NFTA_VERDICT_CHAIN };
	struct fwc_attr a = *elem, inner;
	const char *name;

	for (size_t i = 0; i < FWC_ARRAY_SIZE(path); i++, a = inner)
		if (!find_attr(fwc_attr_slice(&a), path[i], &inner))
			return false;
	name = fwc_attr_text(&a);
	return !name || !strncmp(name, "__", 2);
}

/* Expressions whose bytes may be equal where the rules are not. The kernel and we put the name first, so that its first letter
 * tells for most. */
static bool names_what_has_no_name(const struct fwc_attr *elem)
{
	enum { LETTER = 2 * sizeof(struct nlattr) };
	const char *name;

	if (elem->whole.len > LETTER && elem->whole.data[LETTER] != 'l' &&
	    elem->whole.data[LETTER] != 'i')
		return false;
	name = expression_name(elem);
	return !name || (!strcmp(name, "lookup") && is_anonymous_lookup(elem)) ||
	       (!strcmp(name, "immediate") && memmem(elem->whole.data, elem->whole.len, "__", 2) &&
		is_block_jump(elem));
}

static bool are_counters(const struct fwc_attr *a, const struct fwc_attr *b)
{
	const char *name = expression_name(a), *other = expression_name(b);

	return name && other && !strcmp(name, "counter") && !strcmp(other, "counter");
}

/* Whether the bytes alone show that the rules are equal, counters aside. */
static bool look_equal(struct fwc_slice a, struct fwc_slice b)
{
	struct fwc_attr one, other;
	int more_a, more_b;

	while ((more_a = fwc_attr_next(&a, &one)) > 0 && (more_b = fwc_attr_next(&b, &other)) > 0) {
		bool same = one.whole.len == other.whole.len &&
			    !memcmp(one.whole.data, other.whole.data, one.whole.len);

		if (same ? names_what_has_no_name(&one) : !are_counters(&one, &other))
			return false;
	}
	return more_a == 0 && b.len == 0;
}

static bool equal_canonical(const struct fwc_rule *a, const struct fwc_rule *b,
			    struct fwc_wire *room_a, struct fwc_wire *room_b)
{
	fwc_wire_reset(room_a);
	fwc_wire_reset(room_b);
	return fwc_nft_canonical(room_a, a, NULL) == 0 && fwc_nft_canonical(room_b, b, NULL) == 0 &&
	       room_a->len == room_b->len &&
	       (!room_a->len || !memcmp(room_a->data, room_b->data, room_a->len));
}

bool fwc_nft_rules_equal(const struct fwc_rule *a, const struct fwc_rule *b)
{
	fwc_cleanup(fwc_wire_free) struct fwc_wire room_a = { .data = NULL };
	fwc_cleanup(fwc_wire_free) struct fwc_wire room_b = { .data = NULL };
	struct fwc_slice bytes_a, bytes_b;

	if (!equal_labels(a->labels, b->labels))
		return false;
	bytes_a = rule_bytes(a, &room_a);
	bytes_b = rule_bytes(b, &room_b);
	if (bytes_a.data && bytes_b.data && look_equal(bytes_a, bytes_b))
		return true;
	return equal_canonical(a, b, &room_a, &room_b);
}
