/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A plan as an object: what is loaded, the difference to it, what is checked before the kernel is asked, and its words. */
#include <stdlib.h>

#include "kernel/load.h"
#include "kernel/plan.h"
#include "kernel/references.h"
#include "kernel/stale.h"

/* ---- what new rules refer to ---- */

struct use {
	const struct fwc_plan *plan;
	const struct fwc_rule *rule;
	struct fwc_error *err;
};

/* That it exists fwc_check_jumps() has found. */
static int check_use(const struct fwc_reference *reference, void *ctx)
{
	const struct use *u = ctx;
	const struct fwc_table *wanted = u->rule->chain->table, *loaded;
	const struct fwc_set *s;
	int r;

	if (reference->chain)
		return 0;
	s = fwc_table_find_set(wanted, reference->set);
	loaded = fwc_ruleset_lookup_table(u->plan->loaded, wanted->family, wanted->name);
	if (!s && loaded)
		s = fwc_table_find_set(loaded, reference->set);
	r = s ? fwc_reference_check(reference, s, u->err) : 0;
	if (r < 0 && u->err)
		u->err->item = reference->item;
	return r;
}

/* Rules that are there already are the kernel's business, whatever they look into. */
static int check_uses(const struct fwc_plan *plan, struct fwc_error *err)
{
	struct use u = { .plan = plan, .err = err };
	int r = 0;

	for (size_t i = 0; r == 0 && i < plan->steps.count; i++) {
		if (plan->steps.items[i].kind != FWC_STEP_ADD_RULE)
			continue;
		u.rule = plan->steps.items[i].rule;
		r = fwc_rule_references(u.rule, check_use, &u);
		if (r < 0)
			fwc_rule_place(u.rule, err);
	}
	return r;
}

/* ---- the plan as an object ---- */

void fwc_plan_freep(struct fwc_plan **plan)
{
	fwc_plan_free(*plan);
	*plan = NULL;
}

void fwc_plan_free(struct fwc_plan *plan)
{
	if (!plan)
		return;
	fwc_steps_free(&plan->steps);
	fwc_vec_free(&plan->kept);
	fwc_arena_free(&plan->arena);
	fwc_ruleset_free(plan->own);
	fwc_ruleset_free(plan->borrowed);
	fwc_ruleset_free(plan->loaded);
	free(plan);
}

int fwc_plan_fill(struct fwc_plan *plan, struct fwc_kernel *kernel, uint32_t flags,
		  struct fwc_error *err)
{
	int r = fwc_check_jumps(plan->wanted, plan->loaded, kernel->owner, err);

	if (r == 0)
		r = fwc_plan_difference(plan, kernel->owner, err);
	if (r == 0 && plan->steps.count && !(flags & FWC_PLAN_OVERWRITE))
		r = fwc_stale_check(plan->wanted, plan->loaded, err);
	if (r == 0)
		r = check_uses(plan, err);
	/* A rule that could not be decoded, for want of memory, has lost its matches: it must not be written. */
	if (r == 0)
		r = fwc_ruleset_error(plan->wanted, err);
	if (r == 0)
		r = fwc_ruleset_error(plan->loaded, err);
	return r;
}

int fwc_plan_make(struct fwc_kernel *kernel, const struct fwc_ruleset *wanted, uint32_t flags,
		  struct fwc_plan **ret, struct fwc_error *err)
{
	const struct fwc_load_filter filter = { .wanted = wanted, .whole = flags & FWC_PLAN_WHOLE };
	fwc_cleanup(fwc_plan_freep) struct fwc_plan *plan = calloc(1, sizeof(*plan));
	int r;

	if (!plan)
		return fwc_fail_memory(err);
	if (wanted->partial)
		return fwc_fail(
			err, -EINVAL, FWC_OBJECT_RULESET,
			"this is a part of a table, loaded without its chains and rules: applied, it would delete those");
	plan->wanted = wanted;
	r = fwc_load(kernel, &filter, &plan->loaded, err);
	if (r == 0)
		r = fwc_plan_fill(plan, kernel, flags, err);
	if (r == 0)
		*ret = fwc_take(plan);
	return r;
}

void fwc_plan_adopt(const struct fwc_plan *plan, struct fwc_kernel *kernel)
{
	fwc_cleanup(fwc_plan_freep) struct fwc_plan *again = NULL;
	/* What the ruleset says stays as it is. */
	struct fwc_ruleset *wanted = (struct fwc_ruleset *)(uintptr_t)plan->wanted;

	if (!wanted->loaded)
		return;
	if (plan->steps.count == 0)
		fwc_stale_adopt(wanted, plan->loaded);
	else if (fwc_plan_make(kernel, wanted, FWC_PLAN_OVERWRITE, &again, NULL) == 0 &&
		 again->steps.count == 0)
		fwc_stale_adopt(wanted, again->loaded);
}

size_t fwc_plan_count(const struct fwc_plan *plan)
{
	return plan ? plan->steps.count : 0;
}

int fwc_plan_format(const struct fwc_plan *plan, size_t i, char *buf, size_t size,
		    size_t *ret_needed)
{
	struct fwc_buf out;

	if (!plan || i >= plan->steps.count || (!buf && size))
		return -EINVAL;
	out = fwc_buf_over(buf, size);
	fwc_step_format(&plan->steps.items[i], &out);
	return fwc_buf_finish(&out, ret_needed);
}
