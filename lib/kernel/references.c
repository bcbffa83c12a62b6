/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "kernel/references.h"

static bool jumps(uint64_t verdict)
{
	return verdict == FWC_VERDICT_JUMP || verdict == FWC_VERDICT_GOTO;
}

int fwc_set_references(const struct fwc_set *s, fwc_reference_cb cb, void *ctx)
{
	if (s->data_count != 1 || s->data[0] != &fwc_type_verdict)
		return 0;
	for (size_t i = 0; i < s->elements.count; i++) {
		const struct fwc_value *data =
			((const struct fwc_element *)s->elements.items[i])->data;
		int r = 0;

		if (data && data->kind == FWC_VALUE_VERDICT && jumps(data->op))
			r = cb(NULL, data->name, ctx);
		if (r)
			return r;
	}
	return 0;
}

static int value_references(const struct fwc_value *v, fwc_reference_cb cb, void *ctx)
{
	int r = 0;

	if (!v)
		return 0;
	switch (v->kind) {
	case FWC_VALUE_SET:
		return cb(v->name, NULL, ctx);
	case FWC_VALUE_LIST:
		return fwc_set_references(v->list, cb, ctx);
	case FWC_VALUE_BITS:
		return value_references(v->of, cb, ctx);
	case FWC_VALUE_CONCAT:
	case FWC_VALUE_MAP:
		for (size_t i = 0; r == 0 && i < v->len; i++)
			r = value_references(v->child[i], cb, ctx);
		return r;
	default:
		return 0;
	}
}

static int target_references(const struct fwc_target *t, fwc_reference_cb cb, void *ctx)
{
	int r = 0;

	if (t->type->kind == FWC_TARGET_VERDICT) {
		if (!jumps(t->params[FWC_VERDICT_CODE - 1].number) ||
		    !fwc_target_has(t, FWC_VERDICT_CHAIN))
			return 0;
		return cb(NULL, t->params[FWC_VERDICT_CHAIN - 1].text, ctx);
	}
	for (uint32_t i = 0; r == 0 && i < t->type->count; i++)
		if (t->type->params[i].form == FWC_PARAM_VALUE && fwc_target_has(t, i + 1))
			r = value_references(t->params[i].value, cb, ctx);
	return r;
}

int fwc_rule_references(const struct fwc_rule *rule, fwc_reference_cb cb, void *ctx)
{
	int r = 0;

	for (const struct fwc_item *i = fwc_rule_items(rule); r == 0 && i; i = i->next) {
		if (i->kind == FWC_ITEM_TARGET) {
			r = target_references(i->target, cb, ctx);
		} else if (i->kind == FWC_ITEM_MATCH) {
			r = value_references(i->left, cb, ctx);
			if (r == 0)
				r = value_references(i->right, cb, ctx);
		}
	}
	return r;
}
