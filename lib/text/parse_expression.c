/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What is computed from a packet: fields, their bits, several side by side, look-ups in maps. */
#include "fields/order.h"
#include "text/parser.h"

enum {
	PRECEDENCE_NONE = 0,
};

/* ---- bits ---- */

/* A value, or constant bytes of a type. */
struct operand {
	const struct fwc_value *value; /* NULL: constant */
	const struct fwc_type *type; /* NULL: not known yet, for a constant that comes first */
	uint8_t bytes[FWC_TYPE_BYTES_MOST];
	int prefix_mask; /* see struct fwc_expression */
	bool all_bits;
};

struct step {
	const char *sign, *word;
	uint32_t op; /* enum fwc_bits_op */
	unsigned int precedence; /* as in C */
};

static const struct step steps[] = {
	{ "<<", "lshift", FWC_BITS_LSHIFT, 4 }, { ">>", "rshift", FWC_BITS_RSHIFT, 4 },
	{ "&", "and", FWC_BITS_AND, 3 },        { "^", "xor", FWC_BITS_XOR, 2 },
	{ "|", "or", FWC_BITS_OR, 1 },
};

static const struct step *peek_step(const struct fwc_parser *p)
{
	for (size_t i = 0; i < FWC_ARRAY_SIZE(steps); i++)
		if (fwc_parser_is(p, steps[i].sign) || fwc_parser_is(p, steps[i].word))
			return &steps[i];
	return NULL;
}

static int made(struct fwc_parser *p, struct operand *o, const struct fwc_value *v)
{
	if (!v)
		return fwc_fail_memory(p->err);
	o->value = v;
	return 0;
}

/* How deep a value is nested; what the model bounds is refused here, where the place is known. */
static unsigned int depth(const struct fwc_value *v)
{
	unsigned int left, right;

	if (v->kind == FWC_VALUE_BITS)
		return 1 + depth(v->of);
	if (v->kind == FWC_VALUE_HASH)
		return 1 + depth(v->child[0]);
	if (v->kind != FWC_VALUE_JOIN)
		return 1;
	left = depth(v->child[0]);
	right = depth(v->child[1]);
	return 1 + (left > right ? left : right);
}

static int join_constants(struct fwc_parser *p, const struct fwc_token *at, const struct step *op,
			  struct operand *left, const struct operand *right)
{
	for (size_t i = 0; i < left->type->len; i++) {
		uint8_t r = right->bytes[i], *l = &left->bytes[i];

		if (op->op == FWC_BITS_AND)
			*l &= r;
		else if (op->op == FWC_BITS_OR)
			*l |= r;
		else if (op->op == FWC_BITS_XOR)
			*l ^= r;
		else
			return fwc_parser_fail_at(p, at, "a constant is not shifted: write %s",
						  "the number that it comes to");
	}
	return 0;
}

/* (x & m) ^ f of whatever the left side was before: kept in the steps that nft would write. */
static int apply_mask(struct fwc_parser *p, struct operand *left)
{
	struct fwc_arena *a = &p->rs->arena;
	const struct fwc_type *t = left->type;
	struct fwc_bits_steps s;
	const struct fwc_value *v;
	uint64_t mask, flip;

	v = fwc_bits_flatten(left->value, &mask, &flip);
	s = fwc_bits_steps(t, mask, flip);
	left->all_bits = !s.has_and && !s.has_xor && !s.has_or;
	if (s.has_and)
		v = fwc_value_make_bits(a, v, FWC_BITS_AND, s.and_);
	if (s.has_xor)
		v = fwc_value_make_bits(a, v, FWC_BITS_XOR, s.xor_);
	if (s.has_or)
		v = fwc_value_make_bits(a, v, FWC_BITS_OR, s.or_);
	return made(p, left, v);
}

/* Masks are up to 64 bits wide; of an IPv6 address only those that are prefixes can be kept. */
static int mask_long(struct fwc_parser *p, const struct fwc_token *at, const struct step *op,
		     struct operand *left, const struct operand *right)
{
	left->prefix_mask =
		op->op == FWC_BITS_AND ? fwc_mask_to_prefix(right->bytes, left->type->len) : -1;
	if (left->prefix_mask < 0)
		return fwc_parser_fail_at(p, at,
					  "of an IPv6 address only a prefix can be compared: "
					  "`& ffff:ffff:: ==`, no other mask");
	return 0;
}

/* Whether the two have bits that can be put together is looked at when the value is bound. */
static int join_values(struct fwc_parser *p, const struct fwc_token *at, const struct step *op,
		       struct operand *left, const struct operand *right)
{
	if (depth(left->value) >= FWC_MAX_DEPTH - 1 || depth(right->value) >= FWC_MAX_DEPTH - 1)
		return fwc_parser_fail_at(p, at, "values are nested more than %d deep",
					  FWC_MAX_DEPTH);
	return made(p, left,
		    fwc_value_make_pair(&p->rs->arena, FWC_VALUE_JOIN, op->op, left->value,
					right->value));
}

static int join_value(struct fwc_parser *p, const struct fwc_token *at, const struct step *op,
		      struct operand *left, const struct operand *right)
{
	uint64_t number;

	if (left->prefix_mask >= 0)
		return fwc_parser_fail_at(p, at, "a masked IPv6 address can only be compared");
	if (right->value)
		return join_values(p, at, op, left, right);
	if (left->type->form == FWC_FORM_IFNAME)
		return fwc_parser_fail_at(p, at, "a name has no bits");
	if (!fwc_type_get_number(left->type, right->bytes, &number))
		return mask_long(p, at, op, left, right);
	if (depth(left->value) >= FWC_MAX_DEPTH)
		return fwc_parser_fail_at(p, at, "values are nested more than %d deep",
					  FWC_MAX_DEPTH);
	if (made(p, left, fwc_value_make_bits(&p->rs->arena, left->value, op->op, number)) < 0)
		return -ENOMEM;
	return apply_mask(p, left);
}

static int join(struct fwc_parser *p, const struct fwc_token *at, const struct step *op,
		struct operand *left, const struct operand *right)
{
	if (!left->value && !right->value)
		return join_constants(p, at, op, left, right);
	if (!left->value)
		return fwc_parser_fail_at(p, at,
					  "the field stands before '%.*s', the constant behind",
					  (int)at->len, at->text);
	return join_value(p, at, op, left, right);
}

/* What a shift takes is a count, whatever the type of the value. */
static int shift(struct fwc_parser *p, const struct fwc_token *at, const struct step *op,
		 struct operand *left)
{
	uint64_t count;

	if (fwc_parser_number(p, "how many bits to shift", left->type->len * 8u - 1u, &count) < 0)
		return -EINVAL;
	if (!left->value)
		return join_constants(p, at, op, left, left);
	if (left->type->form != FWC_FORM_HEX && left->type->form != FWC_FORM_NUMBER)
		return fwc_parser_fail_at(p, at, "only numbers are shifted, not %s",
					  left->type->name);
	if (depth(left->value) >= FWC_MAX_DEPTH)
		return fwc_parser_fail_at(p, at, "values are nested more than %d deep",
					  FWC_MAX_DEPTH);
	return made(p, left, fwc_value_make_bits(&p->rs->arena, left->value, op->op, count));
}

static int parse_bits(struct fwc_parser *p, const struct fwc_type *t, unsigned int above,
		      struct operand *ret);

static int parse_parentheses(struct fwc_parser *p, const struct fwc_type *t, struct operand *ret)
{
	int r;

	if (p->depth == FWC_MAX_DEPTH)
		return fwc_parser_fail_at(
			p, &p->lx.token, "parentheses are nested more than %d deep", FWC_MAX_DEPTH);
	fwc_lexer_next(&p->lx);
	p->depth++;
	r = parse_bits(p, t, PRECEDENCE_NONE, ret);
	p->depth--;
	return r < 0 ? r : fwc_parser_expect(p, ")");
}

/* `jhash ip saddr . tcp dport mod 2 seed 0x1 offset 100`, behind the first word */
static int parse_hash(struct fwc_parser *p, const struct fwc_token *at, struct operand *ret)
{
	const struct fwc_value *hash;
	struct fwc_expression of;
	int r;

	if (p->depth == FWC_MAX_DEPTH)
		return fwc_parser_fail_at(p, at, "values are nested more than %d deep",
					  FWC_MAX_DEPTH);
	p->depth++;
	r = fwc_parse_expression(p, &of);
	p->depth--;
	if (r < 0)
		return r;
	if (of.prefix_mask >= 0 || depth(of.value) >= FWC_MAX_DEPTH - 1)
		return fwc_parser_fail_at(p, at, "this cannot be hashed: fields can");
	r = fwc_parse_jhash(p, &hash);
	if (r < 0)
		return r;
	*ret = (struct operand){ .type = hash->type, .prefix_mask = -1 };
	return made(p, ret, fwc_value_make_pair(&p->rs->arena, FWC_VALUE_HASH, 0, of.value, hash));
}

static int parse_operand(struct fwc_parser *p, const struct fwc_type *t, struct operand *ret)
{
	const struct fwc_token at = p->lx.token;
	uint32_t bits;
	int r;

	if (fwc_parser_is(p, "("))
		return parse_parentheses(p, t, ret);
	if (fwc_parser_accept(p, "jhash"))
		return parse_hash(p, &at, ret);
	*ret = (struct operand){ .type = t, .prefix_mask = -1 };
	r = fwc_parse_field(p, &ret->value);
	if (r > 0)
		ret->type = ret->value->type;
	if (r)
		return r < 0 ? r : 0;
	if (!t)
		return fwc_parse_no_field(p, "a field such as 'ip saddr' or 'tcp dport'");
	return fwc_parse_word(p, t, ret->bytes, &bits);
}

/* Operators that bind more tightly than `above`; `t` is the type of constants, NULL before the first field. */
static int parse_bits(struct fwc_parser *p, const struct fwc_type *t, unsigned int above,
		      struct operand *ret)
{
	int r = parse_operand(p, t, ret);

	while (r >= 0) {
		const struct step *op = peek_step(p);
		struct fwc_token at = p->lx.token;
		struct operand right;

		if (!op || op->precedence <= above)
			break;
		fwc_lexer_next(&p->lx);
		if (op->op == FWC_BITS_LSHIFT || op->op == FWC_BITS_RSHIFT) {
			r = shift(p, &at, op, ret);
			continue;
		}
		r = parse_bits(p, ret->type, op->precedence, &right);
		if (r >= 0)
			r = join(p, &at, op, ret, &right);
	}
	return r;
}

/* ---- side by side ---- */

/* Constants are of the type at their place, of which there are `count`; else they are no parts. */
static int parse_parts(struct fwc_parser *p, const struct fwc_type *const *types, size_t count,
		       struct fwc_expression *ret)
{
	const struct fwc_value *parts[FWC_MAX_CONCAT];
	struct operand o;

	ret->count = 0;
	do {
		const struct fwc_type *t = ret->count < count ? types[ret->count] : NULL;
		struct fwc_token at = p->lx.token;
		int r = parse_bits(p, t, PRECEDENCE_NONE, &o);

		if (r == 0 && !o.value)
			r = made(p, &o, fwc_value_constant(&p->rs->arena, o.type, o.bytes));
		if (r < 0)
			return r;
		if (ret->count == FWC_MAX_CONCAT)
			return fwc_parser_fail_at(p, &at, "a concatenation has at most %d parts",
						  FWC_MAX_CONCAT);
		ret->types[ret->count] = o.type;
		parts[ret->count++] = o.value;
		if (ret->count > 1 && o.prefix_mask >= 0)
			return fwc_parser_fail_at(
				p, &at, "a masked IPv6 address is no part of a concatenation");
	} while (fwc_parser_accept(p, "."));
	ret->prefix_mask = o.prefix_mask;
	ret->all_bits = o.all_bits && ret->count == 1;
	ret->value = ret->count == 1 ? parts[0]
				     : fwc_value_make_concat(&p->rs->arena, parts, ret->count);
	return ret->value ? 0 : fwc_fail_memory(p->err);
}

int fwc_parse_expression(struct fwc_parser *p, struct fwc_expression *ret)
{
	return parse_parts(p, NULL, 0, ret);
}

int fwc_parse_new_key(struct fwc_parser *p, const struct fwc_type *const *types, size_t count,
		      struct fwc_expression *ret)
{
	return parse_parts(p, types, count, ret);
}

/* A look-up begins with a field or a parenthesis, and `map` stands behind its key. */
static const struct fwc_value *parse_lookup(struct fwc_parser *p, const struct fwc_type *t)
{
	struct fwc_expression key;

	if (fwc_parse_expression(p, &key) < 0)
		return NULL;
	if (key.prefix_mask < 0 && fwc_parser_accept(p, "map"))
		return fwc_parse_map(p, key.value, &t, 1);
	if (key.count == 1 && key.prefix_mask < 0)
		return key.value;
	fwc_parser_expected(p, "'map'");
	return NULL;
}

const struct fwc_value *fwc_parse_assigned(struct fwc_parser *p, const struct fwc_type *t)
{
	const struct fwc_value *v;
	struct operand o;

	if (fwc_parse_begins_field(p) || fwc_parser_is(p, "("))
		return parse_lookup(p, t);
	if (t->form == FWC_FORM_BITS)
		return fwc_parse_constant(p, t, true);
	if (parse_bits(p, t, PRECEDENCE_NONE, &o) < 0)
		return NULL;
	v = o.value ? o.value : fwc_value_constant(&p->rs->arena, t, o.bytes);
	if (!v)
		fwc_fail_memory(p->err);
	return v;
}

/* ---- fields alone ---- */

const struct fwc_value *fwc_parse_fields(struct fwc_parser *p)
{
	const struct fwc_value *parts[FWC_MAX_CONCAT], *v;
	size_t count = 0;
	int r;

	do {
		if (count == FWC_MAX_CONCAT) {
			fwc_parser_expected(p, "no more than %d fields", FWC_MAX_CONCAT);
			return NULL;
		}
		r = fwc_parse_field(p, &parts[count++]);
		if (r == 0)
			fwc_parse_no_field(p, "a field such as 'ip saddr' or 'tcp dport'");
		if (r <= 0)
			return NULL;
	} while (fwc_parser_accept(p, "."));
	v = count == 1 ? parts[0] : fwc_value_make_concat(&p->rs->arena, parts, count);
	if (!v)
		fwc_fail_memory(p->err);
	return v;
}

const struct fwc_value *fwc_text_parse_fields(struct fwc_ruleset *rs, const char *text, size_t len,
					      struct fwc_error *err)
{
	const struct fwc_value *v;
	struct fwc_parser p;

	fwc_parser_start(&p, rs, text, len, err);
	v = fwc_parse_fields(&p);
	if (!v || p.lx.token.kind == FWC_TOKEN_END)
		return v;
	fwc_parser_expected(&p, "nothing more");
	return NULL;
}
