/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Whether two bound values are the same. */
#include "model/model.h"

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
		    !fwc_value_equal(e->data, other->data))
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
	case FWC_VALUE_MAP:
		for (size_t i = 0; i < a->len; i++)
			if (!fwc_value_equal(a->child[i], b->child[i]))
				return false;
		return true;
	default:
		return false;
	}
}
