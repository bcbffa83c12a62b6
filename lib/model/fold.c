/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Chain by chain: runs of rules are found and folded, the others stay. */
#include <stdlib.h>

#include "model/fold.h"

/* One call, and the chain that it is at. */
struct folding {
	struct fwc_fold_table table;
	struct fwc_chain *chain;
	size_t min_rules;
	struct fwc_vec rules; /* the chain's new ones */
	struct fwc_folds *folds;
};

static int fold_run(struct folding *fo, const struct fwc_fold_run *run)
{
	const struct fwc_set *s;
	struct fwc_rule *r = fwc_fold_build(fo->chain, run, &s);

	if (!r || fwc_vec_push(&fo->rules, r) < 0)
		return -ENOMEM;
	return fwc_folds_add(fo->folds, fo->chain, s->data_count ? FWC_FOLD_MAP : FWC_FOLD_SET, 0,
			     run->from, run->count, s->name);
}

static int leave_run(struct folding *fo, const struct fwc_fold_run *run, uint32_t reason)
{
	for (size_t i = run->from; i < run->from + run->count; i++)
		if (fwc_vec_push(&fo->rules, (void *)(uintptr_t)run->rules[i].rule) < 0)
			return -ENOMEM;
	return fwc_folds_add(fo->folds, fo->chain, FWC_FOLD_LEFT, reason, run->from, run->count,
			     NULL);
}

/* A run that is too short: because of itself, or of what stands before or behind it. */
static uint32_t why_left(const struct fwc_fold_run *run, uint32_t began, uint32_t ended)
{
	const struct fwc_fold_rule *f = &run->rules[run->from];

	if (f->reason)
		return f->reason;
	if (ended == FWC_FOLD_OVERLAP || began == FWC_FOLD_OVERLAP)
		return FWC_FOLD_OVERLAP;
	if (ended == FWC_FOLD_LARGE || ended == FWC_FOLD_COMPARISON)
		return ended;
	for (uint32_t i = 0; i < f->match_count; i++)
		if (fwc_fold_is_key(f->match[i]))
			return FWC_FOLD_FEW;
	return FWC_FOLD_COMPARISON;
}

static int fold_rules(struct folding *fo, struct fwc_fold_run *run)
{
	size_t count = fo->chain->rules.count;
	uint32_t began = 0;
	int r = 0;

	for (size_t i = 0; i < count; i++)
		fwc_fold_look(&fo->table, fo->chain->rules.items[i], &run->rules[i]);
	for (size_t from = 0; r == 0 && from < count; from += run->count) {
		int ended = fwc_fold_run_grow(run, from, count);

		if (ended < 0)
			return ended;
		r = run->count >= fo->min_rules
			    ? fold_run(fo, run)
			    : leave_run(fo, run, why_left(run, began, (uint32_t)ended));
		began = (uint32_t)ended;
	}
	return r;
}

static int fold_chain(struct folding *fo, struct fwc_chain *c)
{
	struct fwc_fold_run run = { .rules = calloc(c->rules.count + 1, sizeof(*run.rules)) };
	int r;

	fo->chain = c;
	r = run.rules ? fold_rules(fo, &run) : -ENOMEM;
	if (r == 0 && fo->rules.count < c->rules.count)
		fwc_chain_take_rules(c, &fo->rules);
	fwc_fold_run_end(&run);
	free(run.rules);
	fwc_vec_free(&fo->rules);
	return r;
}

static int fold_table(struct folding *fo, struct fwc_table *t)
{
	int r = 0;

	fo->table = (struct fwc_fold_table){ .table = t };
	for (size_t i = 0; r == 0 && i < t->chains.count; i++) {
		struct fwc_chain *c = t->chains.items[i];

		if (t->is_iptables && c->rules.count)
			r = fwc_folds_add(fo->folds, c, FWC_FOLD_LEFT, FWC_FOLD_IPTABLES, 0,
					  c->rules.count, NULL);
		else if (!t->is_iptables)
			r = fold_chain(fo, c);
	}
	return r;
}

static int check_opts(const struct fwc_optimize_opts *opts, struct fwc_error *err)
{
	int r = fwc_opts_check(opts, sizeof(*opts), err);
	uint32_t least = fwc_opts_get(opts, min_rules, 0u);

	if (r < 0)
		return r;
	if (least == 1)
		return fwc_fail(err, -EINVAL, FWC_OBJECT_ARGUMENT,
				"min_rules 1: one rule is not folded, at least 2 are");
	if (fwc_opts_get(opts, reserved, 0u))
		return fwc_fail(err, -EINVAL, FWC_OBJECT_ARGUMENT,
				"the reserved field of the options is not 0");
	return 0;
}

/* Half of the rules may be in new chains already: such a ruleset must not be applied. */
static int fail_memory(struct fwc_ruleset *rs, struct fwc_error *err)
{
	struct fwc_error own;

	fwc_fail_memory(&own);
	fwc_ruleset_fail(rs, &own);
	return fwc_fail_memory(err);
}

static void freep_folds(struct fwc_folds **folds)
{
	fwc_folds_free(*folds);
}

int fwc_ruleset_optimize(struct fwc_ruleset *ruleset, const struct fwc_optimize_opts *opts,
			 struct fwc_folds **ret, struct fwc_error *err)
{
	fwc_cleanup(freep_folds) struct fwc_folds *folds = NULL;
	struct folding fo = { .min_rules = fwc_opts_get(opts, min_rules, 0u) };
	int r;

	fwc_error_clear(err);
	r = check_opts(opts, err);
	if (r == 0)
		r = fwc_ruleset_unfold(ruleset, err);
	if (r < 0)
		return r;
	folds = fwc_folds_new();
	if (!folds)
		return fwc_fail_memory(err);
	fo.min_rules = fo.min_rules ? fo.min_rules : FWC_FOLD_MIN;
	fo.folds = folds;
	for (size_t i = 0; r == 0 && i < ruleset->tables.count; i++)
		r = fold_table(&fo, ruleset->tables.items[i]);
	if (r < 0)
		return fail_memory(ruleset, err);
	r = fwc_ruleset_error(ruleset, err); /* a rule that could not be decoded */
	if (r == 0 && ret)
		*ret = fwc_take(folds);
	return r;
}
