/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Whether two bound values are the same. */
#include "model/model.h"

/* Constants, prefixes, ranges, and such side by side. */
static bool is_constant(const struct fwc_value *v)
{
	return v->kind == FWC_VALUE_CONSTANT || v->kind == FWC_VALUE_PREFIX ||
	       v->kind == FWC_VALUE_RANGE || v->kind == FWC_VALUE_CONCAT;
}

bool fwc_data_equal(const struct fwc_value *a, const struct fwc_value *b)
{
	const struct fwc_type *types[FWC_MAX_CONCAT], *others[FWC_MAX_CONCAT];
	uint8_t first[FWC_MAX_KEY] = { 0 }, last[FWC_MAX_KEY] = { 0 };
	uint8_t other_first[FWC_MAX_KEY] = { 0 }, other_last[FWC_MAX_KEY] = { 0 };

	if (a == b || !a || !b || !is_constant(a) || !is_constant(b))
		return fwc_value_equal(a, b);
	if (!fwc_types_same(types, fwc_value_types(a, types), others, fwc_value_types(b, others)))
		return false;
	fwc_key_bytes(a, first, last);
	fwc_key_bytes(b, other_first, other_last);
	return !memcmp(first, other_first, sizeof(first)) &&
	       !memcmp(last, other_last, sizeof(last));
}

static bool equal_sets(const struct fwc_set *a, const struct fwc_set *b)
{
	if (a->elements.count != b->elements.count ||
	    !fwc_types_same(a->key, a->key_count, b->key, b->key_count) ||
	    !fwc_types_same(a->data, a->data_count, b->data, b->data_count))
		return false;
	for (size_t i = 0; i < a->elements.count; i++) {
		const struct fwc_element *e = a->elements.items[i];
		const struct fwc_element *other = fwc_set_find(b, e->key);

		if (!other || !fwc_value_equal(e->key, other->key) ||
		    !fwc_data_equal(e->data, other->data))
			return false;
	}
	return true;
}

static bool equal_names(const char *a, const char *b)
{
	return a == b || (a && b && !strcmp(a, b));
}

bool fwc_value_equal(const struct fwc_value *a, const struct fwc_value *b)
{
	if (a == b)
		return true;
	if (!a || !b || a->kind != b->kind || a->op != b->op || a->bits != b->bits ||
	    a->len != b->len || a->type != b->type)
		return false;
	switch (a->kind) {
	case FWC_VALUE_ANY:
		return true;
	case FWC_VALUE_FIELD:
		return fwc_field_same(a->field, b->field);
	case FWC_VALUE_CONSTANT:
	case FWC_VALUE_PREFIX:
		return !memcmp(a->bytes, b->bytes, a->len);
	case FWC_VALUE_SET:
	case FWC_VALUE_OBJECT:
	case FWC_VALUE_VERDICT:
		return equal_names(a->name, b->name);
	case FWC_VALUE_LIST:
		return equal_sets(a->list, b->list);
	case FWC_VALUE_BITS:
		return a->mask == b->mask && fwc_value_equal(a->of, b->of);
	case FWC_VALUE_RANGE:
	case FWC_VALUE_CONCAT:
	case FWC_VALUE_JOIN:
	case FWC_VALUE_HASH:
	case FWC_VALUE_MAP:
		for (size_t i = 0; i < a->len; i++)
			if (!fwc_value_equal(a->child[i], b->child[i]))
				return false;
		return true;
	default:
		return false;
	}
}
