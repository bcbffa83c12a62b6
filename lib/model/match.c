/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Matches: two values are bound, checked against each other and against what the rule says already. */
#include "model/bind.h"
#include "model/protocols.h"
#include "model/rule.h"

/* ---- operators ---- */

#define FORM(f) (1u << (f))

static const struct {
	const char *words; /* for messages */
	bool any_right; /* also prefixes, ranges, lists and sets; else one constant */
	uint32_t forms; /* the types it goes with */
} ops[] = {
	[FWC_OP_EQ] = { "==", true, UINT32_MAX },
	[FWC_OP_NE] = { "!=", true, UINT32_MAX },
#define ORDERED                                                                                    \
	FORM(FWC_FORM_NUMBER) | FORM(FWC_FORM_HEX) | FORM(FWC_FORM_IP4) | FORM(FWC_FORM_IP6) |     \
		FORM(FWC_FORM_ETHER) | FORM(FWC_FORM_RAW) | FORM(FWC_FORM_TIME) |                  \
		FORM(FWC_FORM_DATE) | FORM(FWC_FORM_HOUR) | FORM(FWC_FORM_CLASSID) |               \
		FORM(FWC_FORM_IFINDEX)
	[FWC_OP_LT] = { "<", false, ORDERED },
	[FWC_OP_LE] = { "<=", false, ORDERED },
	[FWC_OP_GT] = { ">", false, ORDERED },
	[FWC_OP_GE] = { ">=", false, ORDERED },
#undef ORDERED
	[FWC_OP_ANY_OF] = { "any of", false, FORM(FWC_FORM_BITS) | FORM(FWC_FORM_LABEL) },
	[FWC_OP_NONE_OF] = { "none of", false, FORM(FWC_FORM_BITS) | FORM(FWC_FORM_LABEL) },
};

static int check_op(uint32_t op, const struct fwc_value *right, const struct fwc_type *const *types,
		    size_t count, struct fwc_error *err)
{
	char text[128];
	uint64_t bits;

	if (!(ops[op].forms & FORM(types[0]->form)) || (count > 1 && !ops[op].any_right))
		return fwc_fail(err, -EINVAL, FWC_OBJECT_RULE, "operator '%s' does not go with %s",
				ops[op].words, fwc_types_describe(types, count, text));
	if (!ops[op].any_right && right->kind != FWC_VALUE_CONSTANT) {
		char value[96];

		return fwc_fail(err, -EINVAL, FWC_OBJECT_RULE,
				"operator '%s' goes with one constant, not with '%s'",
				ops[op].words, fwc_value_describe(right, value));
	}
	if ((op == FWC_OP_ANY_OF || op == FWC_OP_NONE_OF) &&
	    fwc_type_get_number(types[0], right->bytes, &bits) && !bits)
		return fwc_fail(err, -EINVAL, FWC_OBJECT_RULE,
				"operator '%s' needs a bit that is set", ops[op].words);
	return 0;
}

/* ---- binding ---- */

/* `ip saddr . tcp dport == 10.0.0.1 . 22` is a look-up in a set of one: keys of several parts are compared nowhere else. */
static const struct fwc_value *as_list(struct fwc_binder *b, const struct fwc_value *concat,
				       const struct fwc_type *const *types, size_t count)
{
	struct fwc_set *s = fwc_set_new_anonymous(b->ruleset, types, count, NULL, 0);

	if (!s)
		return fwc_bind_made(b, NULL);
	if (fwc_set_add_bound(s, concat, NULL, NULL, b->err) < 0)
		return NULL;
	return fwc_bind_made(b, fwc_value_make_list(&b->ruleset->arena, s));
}

static const struct fwc_value *bind_right(struct fwc_binder *b, const struct fwc_value *v,
					  const struct fwc_type *const *types, size_t count)
{
	const struct fwc_value *right = fwc_bind_constant(b, v, types, count);

	return right && right->kind == FWC_VALUE_CONCAT ? as_list(b, right, types, count) : right;
}

static int bind_match(struct fwc_rule *r, const struct fwc_value *left, uint32_t op,
		      const struct fwc_value *right, bool in_arena, struct fwc_error *err)
{
	struct fwc_binder b = {
		.ruleset = r->chain->table->ruleset,
		.table = r->chain->table,
		.err = err,
		.in_arena = in_arena,
	};
	const struct fwc_type *types[FWC_MAX_CONCAT];
	struct fwc_protocols protocols = fwc_protocols_of(r);
	const struct fwc_value *l, *bound;
	const struct fwc_field_row *lacking;
	size_t count;
	char text[96];

	if (op < FWC_OP_EQ || op > FWC_OP_NONE_OF)
		return fwc_fail(err, -EINVAL, FWC_OBJECT_ARGUMENT,
				"operator %u: 1 (==) to 8 (none of) are known", op);
	if (fwc_rule_check_open(r, err) < 0)
		return -EINVAL;
	l = fwc_bind_computed(&b, left);
	if (!l)
		return err->code;
	count = fwc_bind_types(&b, l, types);
	if (!count)
		return fwc_fail(err, -EINVAL, FWC_OBJECT_ARGUMENT,
				"%s has no known type: it cannot be compared",
				fwc_value_describe(l, text));
	bound = bind_right(&b, right, types, count);
	if (!bound || check_op(op, bound, types, count, err) < 0) {
		if (l->kind == FWC_VALUE_FIELD)
			fwc_error_prepend(err, "%s", l->field->name);
		return err->code;
	}
	lacking = fwc_protocols_lack_icmp(&protocols, l);
	if (lacking)
		return fwc_fail(err, -EINVAL, FWC_OBJECT_RULE,
				"'%s' is not in every message: a match on its type comes before",
				lacking->name);
	if (fwc_protocols_add_match(&protocols, l, op, bound, err) < 0)
		return -EINVAL;
	if (bound->kind == FWC_VALUE_LIST)
		fwc_list_note_fields(bound->list, l);
	return fwc_rule_add_match(r, l, op, bound) < 0 ? fwc_fail_memory(err) : 0;
}

static int add(struct fwc_rule *r, const struct fwc_value *left, uint32_t op,
	       const struct fwc_value *right, bool in_arena, struct fwc_error *err)
{
	int result = bind_match(r, left, op, right, in_arena, err);

	if (result < 0)
		err->item = (uint32_t)fwc_rule_count(r);
	return result;
}

int fwc_rule_bind_match(struct fwc_rule *r, const struct fwc_value *left, uint32_t op,
			const struct fwc_value *right, struct fwc_error *err)
{
	struct fwc_error own;

	return add(r, left, op, right, true, err ? err : &own);
}

/* ---- public calls ---- */

/* The constants of a call, on its stack: binding copies what it keeps. */
static struct fwc_value untyped(uint32_t op)
{
	return (struct fwc_value){ .kind = FWC_VALUE_UNTYPED, .op = (uint8_t)op };
}

static struct fwc_value number_value(uint64_t number)
{
	struct fwc_value v = untyped(FWC_UNTYPED_NUMBER);

	v.number = number;
	return v;
}

static int match(struct fwc_rule *rule, const struct fwc_value *left, uint32_t op,
		 const struct fwc_value *right)
{
	struct fwc_error err;

	if (add(rule, left, op, right, false, &err) < 0)
		return fwc_rule_fail(rule, &err);
	return 0;
}

static int match_field(struct fwc_rule *rule, uint32_t field, uint32_t op,
		       const struct fwc_value *right)
{
	const struct fwc_field_row *row = fwc_field_by_id(field);
	struct fwc_error err;

	if (!row) {
		fwc_fail(&err, -EINVAL, FWC_OBJECT_ARGUMENT, "field %u is unknown", field);
		err.item = (uint32_t)fwc_rule_count(rule);
		return fwc_rule_fail(rule, &err);
	}
	return match(rule, fwc_value_of_field(row), op, right);
}

int fwc_rule_match(struct fwc_rule *rule, uint32_t field, uint32_t op, const char *text)
{
	struct fwc_value right = untyped(FWC_UNTYPED_TEXT);

	if (!rule)
		return -EINVAL;
	right.name = (char *)(uintptr_t)text;
	return match_field(rule, field, op, text ? &right : NULL);
}

int fwc_rule_match_u64(struct fwc_rule *rule, uint32_t field, uint32_t op, uint64_t first,
		       uint64_t last)
{
	struct fwc_value low = number_value(first), high = number_value(last);
	const struct fwc_value *ends[] = { &low, &high };
	struct fwc_value range = { .kind = FWC_VALUE_RANGE, .len = 2, .child = ends };

	if (!rule)
		return -EINVAL;
	return match_field(rule, field, op, first == last ? &low : &range);
}

int fwc_rule_match_ip(struct fwc_rule *rule, uint32_t field, uint32_t op, const struct fwc_ip *ip,
		      uint32_t prefix_len)
{
	struct fwc_value right = untyped(FWC_UNTYPED_IP);

	if (!rule)
		return -EINVAL;
	right.ip = (struct fwc_ip *)(uintptr_t)ip;
	right.bits = prefix_len < UINT16_MAX ? (uint16_t)prefix_len : UINT16_MAX;
	return match_field(rule, field, op, ip ? &right : NULL);
}

int fwc_rule_match_name(struct fwc_rule *rule, uint32_t field, uint32_t op, const char *name)
{
	struct fwc_value right = untyped(FWC_UNTYPED_NAME);

	if (!rule)
		return -EINVAL;
	right.name = (char *)(uintptr_t)name;
	return match_field(rule, field, op, name ? &right : NULL);
}

static int check_bits(uint32_t op, uint64_t mask, uint64_t bits, struct fwc_error *err)
{
	if (op != FWC_OP_EQ && op != FWC_OP_NE)
		return fwc_fail(err, -EINVAL, FWC_OBJECT_RULE,
				"operator %u with bits under a mask: EQ (1) and NE (2) are allowed",
				op);
	if (bits & ~mask)
		return fwc_fail(err, -EINVAL, FWC_OBJECT_RULE,
				"bits 0x%llx are not all in the mask 0x%llx: they are never equal",
				(unsigned long long)bits, (unsigned long long)mask);
	return 0;
}

/* Bits are a number everywhere, also where the field is an address. */
static struct fwc_value bits_value(const struct fwc_field_row *row, uint64_t bits,
				   struct fwc_ip *ip)
{
	struct fwc_value v = number_value(bits);

	if (row->type->form != FWC_FORM_IP4 || bits > UINT32_MAX)
		return v;
	*ip = (struct fwc_ip){ FWC_FAMILY_IP,
			       { (uint8_t)(bits >> 24), (uint8_t)(bits >> 16), (uint8_t)(bits >> 8),
				 (uint8_t)bits } };
	v = untyped(FWC_UNTYPED_IP);
	v.ip = ip;
	v.bits = 32;
	return v;
}

int fwc_rule_match_bits(struct fwc_rule *rule, uint32_t field, uint32_t op, uint64_t mask,
			uint64_t bits)
{
	const struct fwc_field_row *row = fwc_field_by_id(field);
	struct fwc_value left = { .kind = FWC_VALUE_BITS, .op = FWC_BITS_AND };
	struct fwc_value right;
	struct fwc_error err;
	struct fwc_ip ip;

	if (!rule)
		return -EINVAL;
	if (!row)
		return match_field(rule, field, op, NULL);
	if (check_bits(op, mask, bits, &err) < 0) {
		err.item = (uint32_t)fwc_rule_count(rule);
		return fwc_rule_fail(rule, &err);
	}
	left.of = fwc_value_of_field(row);
	left.mask = mask;
	right = bits_value(row, bits, &ip);
	return match(rule, &left, op, &right);
}

int fwc_rule_match_value(struct fwc_rule *rule, const struct fwc_value *left, uint32_t op,
			 const struct fwc_value *right)
{
	return rule ? match(rule, left, op, right) : -EINVAL;
}
