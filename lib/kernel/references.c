/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "kernel/references.h"
#include "model/bind.h"

static bool jumps(uint64_t verdict)
{
	return verdict == FWC_VERDICT_JUMP || verdict == FWC_VERDICT_GOTO;
}

/* What a rule's references are told with. */
struct reader {
	fwc_reference_cb cb;
	void *ctx;
	uint32_t item;
	bool tell_blocks;
};

static int tell_chain(const struct reader *rd, const char *chain)
{
	const struct fwc_reference ref = { .chain = chain, .item = rd->item };

	return rd->cb(&ref, rd->ctx);
}

static int tell_set(const struct reader *rd, const char *set, uint8_t use,
		    const struct fwc_value *key)
{
	const struct fwc_reference ref = { .set = set, .use = use, .key = key, .item = rd->item };

	return rd->cb(&ref, rd->ctx);
}

static int element_references(const struct reader *rd, const struct fwc_set *s)
{
	if (s->data_count != 1 || s->data[0] != &fwc_type_verdict)
		return 0;
	for (size_t i = 0; i < s->elements.count; i++) {
		const struct fwc_value *data =
			((const struct fwc_element *)s->elements.items[i])->data;
		int r = 0;

		if (data && data->kind == FWC_VALUE_VERDICT && jumps(data->op))
			r = tell_chain(rd, data->name);
		if (r)
			return r;
	}
	return 0;
}

int fwc_set_references(const struct fwc_set *s, fwc_reference_cb cb, void *ctx)
{
	const struct reader rd = { cb, ctx, FWC_NO_INDEX, false };

	return element_references(&rd, s);
}

/* `use` and `key`: of a set that is the value itself. */
static int value_references(const struct reader *rd, const struct fwc_value *v, uint8_t use,
			    const struct fwc_value *key)
{
	int r = 0;

	if (!v)
		return 0;
	switch (v->kind) {
	case FWC_VALUE_SET:
		return tell_set(rd, v->name, use, key);
	case FWC_VALUE_LIST:
		return element_references(rd, v->list);
	case FWC_VALUE_BITS:
		return value_references(rd, v->of, FWC_USE_MAP, NULL);
	case FWC_VALUE_MAP:
		r = value_references(rd, v->child[0], FWC_USE_MAP, NULL);
		return r ? r
			 : value_references(rd, v->child[1],
					    use == FWC_USE_VERDICTS ? use : FWC_USE_MAP,
					    v->child[0]);
	case FWC_VALUE_CONCAT:
	case FWC_VALUE_JOIN:
	case FWC_VALUE_HASH:
		for (size_t i = 0; r == 0 && i < v->len; i++)
			r = value_references(rd, v->child[i], FWC_USE_MAP, NULL);
		return r;
	default:
		return 0;
	}
}

static int rule_references(struct reader *rd, const struct fwc_rule *rule, bool count);

/* What its rules refer to is told as what the item refers to that owns them. */
static int block_references(const struct reader *rd, const struct fwc_chain *block)
{
	const struct fwc_reference ref = { .block = block, .item = rd->item };
	struct reader inner = *rd;
	int r = rd->tell_blocks ? rd->cb(&ref, rd->ctx) : 0;

	for (size_t i = 0; !rd->tell_blocks && r == 0 && i < block->rules.count; i++)
		r = rule_references(&inner, block->rules.items[i], false);
	return r;
}

static int target_references(const struct reader *rd, const struct fwc_target *t)
{
	uint8_t use = t->type->kind == FWC_TARGET_VMAP ? FWC_USE_VERDICTS : FWC_USE_MAP;
	int r = 0;

	if (fwc_target_get_block(t))
		return block_references(rd, fwc_target_get_block(t));
	if (t->type->kind == FWC_TARGET_VERDICT) {
		if (!jumps(t->params[FWC_VERDICT_CODE - 1].number) ||
		    !fwc_target_has(t, FWC_VERDICT_CHAIN))
			return 0;
		return tell_chain(rd, t->params[FWC_VERDICT_CHAIN - 1].text);
	}
	if (t->type->kind == FWC_TARGET_UPDATE && fwc_target_has(t, FWC_UPDATE_SET))
		r = tell_set(rd, t->params[FWC_UPDATE_SET - 1].text, FWC_USE_CHANGE, NULL);
	for (uint32_t i = 0; r == 0 && i < t->type->count; i++)
		if (t->type->params[i].form == FWC_PARAM_VALUE && fwc_target_has(t, i + 1))
			r = value_references(rd, t->params[i].value, use, NULL);
	return r;
}

static int rule_references(struct reader *rd, const struct fwc_rule *rule, bool count)
{
	int r = 0;

	for (const struct fwc_item *i = fwc_rule_items(rule); r == 0 && i;
	     i = i->next, rd->item += count) {
		if (i->kind == FWC_ITEM_TARGET) {
			r = target_references(rd, i->target);
		} else if (i->kind == FWC_ITEM_MATCH) {
			r = value_references(rd, i->left, FWC_USE_MAP, NULL);
			if (r == 0)
				r = value_references(rd, i->right, FWC_USE_SET, i->left);
		}
	}
	return r;
}

int fwc_rule_references(const struct fwc_rule *rule, fwc_reference_cb cb, void *ctx)
{
	struct reader rd = { cb, ctx, 0, false };

	return rule_references(&rd, rule, true);
}

int fwc_rule_own_references(const struct fwc_rule *rule, fwc_reference_cb cb, void *ctx)
{
	struct reader rd = { cb, ctx, 0, true };

	return rule_references(&rd, rule, true);
}

/* ---- whether what is named is what is meant ---- */

/* By nft's numbers: types that share one are the same to nft. */
static bool same_types(const struct fwc_type *const *a, size_t a_count,
		       const struct fwc_type *const *b, size_t b_count)
{
	if (a_count != b_count)
		return false;
	for (size_t i = 0; i < a_count; i++)
		if (a[i]->id != b[i]->id || a[i]->len != b[i]->len)
			return false;
	return true;
}

int fwc_reference_check(const struct fwc_reference *reference, const struct fwc_set *s,
			struct fwc_error *err)
{
	static const char *const uses[] = { "a set", "a map", "a map to verdicts" };
	uint8_t use = s->data_count == 0                ? FWC_USE_SET
		      : s->data[0] == &fwc_type_verdict ? FWC_USE_VERDICTS
							: FWC_USE_MAP;
	const struct fwc_type *types[FWC_MAX_CONCAT];
	char have[128], want[128];
	size_t count;

	if (s->opaque)
		return 0;
	if (reference->use == FWC_USE_CHANGE)
		return 0;
	if (use != reference->use)
		return fwc_fail(err, -EINVAL, FWC_OBJECT_SET, "%s is %s, not %s", s->name,
				uses[use], uses[reference->use]);
	count = reference->key ? fwc_value_types(reference->key, types) : 0;
	if (count == 0 || same_types(s->key, s->key_count, types, count))
		return 0;
	return fwc_fail(err, -EINVAL, FWC_OBJECT_SET, "set %s holds %s, not %s", s->name,
			fwc_types_describe(s->key, s->key_count, have),
			fwc_types_describe(types, count, want));
}
