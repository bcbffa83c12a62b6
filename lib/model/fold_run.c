/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Runs of rules that can become one look-up.
 *
 * A run grows rule by rule. Its rules compare the same fields in the same order; where the right sides differ is its key.
 * All keys of a run are disjoint, so that of its rules a packet matches one at most and their order means nothing;
 * a rule whose key overlaps one before it begins a new run, which stays behind. */
#include "model/fold.h"

/* ---- keys ---- */

size_t fwc_fold_types(const struct fwc_fold_run *run, const struct fwc_type *types[FWC_MAX_TYPES])
{
	const struct fwc_fold_rule *f = &run->rules[run->from];
	size_t count = 0;

	for (uint32_t i = 0; i < f->match_count; i++) {
		const struct fwc_type *part[FWC_MAX_CONCAT];
		size_t parts = run->varied >> i & 1 ? fwc_value_types(f->match[i]->left, part) : 0;

		if (count + parts > FWC_MAX_TYPES)
			return 0;
		memcpy(types + count, part, parts * sizeof(*part));
		count += parts;
	}
	return count;
}

static bool fits(const struct fwc_type *const *types, size_t count)
{
	size_t len = 0;

	for (size_t i = 0; i < count; i++)
		len += fwc_padded(types[i]->len);
	return count && len <= FWC_MAX_KEY;
}

static const struct fwc_value *right_at(const struct fwc_item *match, size_t i)
{
	if (match->right->kind != FWC_VALUE_LIST)
		return match->right;
	return ((const struct fwc_element *)match->right->list->elements.items[i])->key;
}

static size_t rights(const struct fwc_item *match)
{
	return match->right->kind == FWC_VALUE_LIST ? match->right->list->elements.count : 1;
}

size_t fwc_fold_key_count(const struct fwc_fold_rule *f, uint32_t varied)
{
	size_t count = 1;

	for (uint32_t i = 0; i < f->match_count; i++)
		if (varied >> i & 1 && count <= FWC_FOLD_KEYS)
			count *= rights(f->match[i]);
	return count;
}

static int add_key(struct fwc_fold_keys *k)
{
	const struct fwc_value *key =
		k->parts == 1 ? k->part[0] : fwc_value_make_concat(k->arena, k->part, k->parts);

	return key ? k->add(key, k->ctx) : -ENOMEM;
}

/* With the parts of match `i` and those behind it. */
static int add_keys_from(struct fwc_fold_keys *k, uint32_t i)
{
	size_t before = k->parts;
	int r = 0;

	while (i < k->rule->match_count && !(k->varied >> i & 1))
		i++;
	if (i == k->rule->match_count)
		return add_key(k);
	for (size_t n = 0; r == 0 && n < rights(k->rule->match[i]); n++) {
		const struct fwc_value *v = right_at(k->rule->match[i], n);

		k->parts = before;
		if (v->kind != FWC_VALUE_CONCAT)
			k->part[k->parts++] = v;
		for (size_t c = 0; v->kind == FWC_VALUE_CONCAT && c < v->len; c++)
			k->part[k->parts++] = v->child[c];
		r = add_keys_from(k, i + 1);
	}
	k->parts = before;
	return r;
}

int fwc_fold_keys_add(struct fwc_fold_keys *k)
{
	return add_keys_from(k, 0);
}

/* ---- runs ---- */

void fwc_fold_run_end(struct fwc_fold_run *run)
{
	fwc_ruleset_free(run->scratch);
	run->scratch = NULL;
	run->keys = NULL;
}

static int make_keys(struct fwc_fold_run *run)
{
	const struct fwc_type *types[FWC_MAX_TYPES];
	size_t count = fwc_fold_types(run, types);

	fwc_fold_run_end(run);
	run->scratch = fwc_ruleset_new();
	run->keys =
		run->scratch ? fwc_set_new_anonymous(run->scratch, types, count, NULL, 0) : NULL;
	return run->keys ? 0 : -ENOMEM;
}

static int try_key(const struct fwc_value *key, void *ctx)
{
	return fwc_set_add_bound(ctx, key, NULL, NULL, NULL);
}

/* 0; -EEXIST: the rule's keys are not apart from those before it; -ENOMEM. */
static int try_rule(struct fwc_fold_run *run, size_t i)
{
	struct fwc_fold_keys k = { .rule = &run->rules[i],
				   .varied = run->varied,
				   .arena = &run->scratch->arena,
				   .add = try_key,
				   .ctx = run->keys };

	return fwc_fold_keys_add(&k);
}

static bool same_owner(const struct fwc_rule *a, const struct fwc_rule *b)
{
	const char *one = fwc_rule_owner_get(a), *other = fwc_rule_owner_get(b);

	return one == other || (one && other && !strcmp(one, other));
}

/* The matches that differ between the rule and the run's, beside those that did: 0, or why it is no rule of the run. */
static int look_for_varied(const struct fwc_fold_run *run, const struct fwc_fold_rule *f,
			   uint32_t *ret)
{
	const struct fwc_fold_rule *first = &run->rules[run->from];

	*ret = run->varied;
	if (f->match_count != first->match_count || !same_owner(f->rule, first->rule))
		return FWC_FOLD_FEW;
	for (uint32_t i = 0; i < f->match_count; i++)
		if (f->match[i]->op != first->match[i]->op ||
		    !fwc_value_equal(f->match[i]->left, first->match[i]->left))
			return FWC_FOLD_FEW;
	for (uint32_t i = 0; i < f->match_count; i++) {
		const struct fwc_item *a = first->match[i], *b = f->match[i];

		if (!(*ret >> i & 1) && fwc_value_equal(a->right, b->right))
			continue;
		if (!fwc_fold_is_key(a) || !fwc_fold_is_key(b))
			return FWC_FOLD_COMPARISON;
		*ret |= 1u << i;
	}
	return 0;
}

/* A map holds verdicts; all else must be the same. */
static bool goes_with(const struct fwc_fold_run *run, const struct fwc_fold_rule *f, bool *ret_same)
{
	const struct fwc_fold_rule *first = &run->rules[run->from];

	*ret_same = run->same_tails && fwc_fold_same_tail(first->tail, f->tail);
	return *ret_same || (first->verdict && f->verdict);
}

/* A wider key: the rules that are in the run already are in it with more parts. */
static int widen(struct fwc_fold_run *run, uint32_t varied)
{
	uint32_t before = run->varied;
	const struct fwc_type *types[FWC_MAX_TYPES];
	int r;

	run->varied = varied;
	if (!fits(types, fwc_fold_types(run, types)) ||
	    fwc_fold_key_count(&run->rules[run->from], varied) > FWC_FOLD_KEYS) {
		run->varied = before;
		return -E2BIG;
	}
	r = make_keys(run);
	for (size_t i = 0; r == 0 && i < run->count; i++)
		r = try_rule(run, run->from + i);
	return r;
}

/* Takes the next rule into the run. 0; the reason why not; -ENOMEM. */
static int grow(struct fwc_fold_run *run)
{
	const struct fwc_fold_rule *f = &run->rules[run->from + run->count];
	bool same_tails;
	uint32_t varied;
	int r = look_for_varied(run, f, &varied);

	if (r || !goes_with(run, f, &same_tails))
		return r ? r : FWC_FOLD_FEW;
	if (!varied) /* word for word what is there already */
		return FWC_FOLD_OVERLAP;
	if (fwc_fold_key_count(f, varied) > FWC_FOLD_KEYS)
		return FWC_FOLD_LARGE;
	if (varied != run->varied)
		r = widen(run, varied);
	if (r == -E2BIG)
		return FWC_FOLD_LARGE;
	if (r == 0)
		r = try_rule(run, run->from + run->count);
	if (r < 0)
		return r == -EEXIST ? FWC_FOLD_OVERLAP : r;
	run->count++;
	run->same_tails = same_tails;
	return 0;
}

int fwc_fold_run_grow(struct fwc_fold_run *run, size_t from, size_t count)
{
	int ended = 0;

	run->from = from;
	run->count = 1;
	run->varied = 0;
	run->same_tails = true;
	fwc_fold_run_end(run);
	if (run->rules[from].reason)
		return (int)run->rules[from].reason;
	while (ended == 0 && from + run->count < count && !run->rules[from + run->count].reason)
		ended = grow(run);
	return ended;
}
