/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Making the kernel's tables what a ruleset says. */
#include <fwcore/ruleset.h>

#include "kernel/load.h"
#include "kernel/others.h"
#include "kernel/plan.h"

enum { DEFAULT_RETRIES = 16 };

static int check_ruleset(const struct fwc_ruleset *ruleset, struct fwc_error *err)
{
	if (!ruleset)
		return fwc_fail(err, -EINVAL, FWC_OBJECT_ARGUMENT, "there is no ruleset");
	return fwc_ruleset_error(ruleset, err);
}

static int check_opts(const struct fwc_apply_opts *opts, uint32_t *ret_flags, struct fwc_error *err)
{
	uint32_t flags;
	int r = fwc_opts_check(opts, sizeof(*opts), err);

	if (r < 0)
		return r;
	flags = fwc_opts_get(opts, flags, 0u);
	if (flags & ~(uint32_t)(FWC_APPLY_DRY_RUN | FWC_APPLY_OVERWRITE))
		return fwc_fail(err, -EINVAL, FWC_OBJECT_ARGUMENT,
				"0x%x holds a flag that is none of fwc_apply_flags", flags);
	*ret_flags = flags;
	return 0;
}

static int carry_out(struct fwc_plan *plan, struct fwc_kernel *kernel, bool dry_run,
		     struct fwc_error *err)
{
	int r = fwc_plan_commit(plan, kernel, dry_run, err);

	if (r < 0 || dry_run)
		return r;
	plan->carried_out = true;
	fwc_plan_adopt(plan, kernel);
	return 0;
}

static int apply_once(struct fwc_kernel *kernel, const struct fwc_ruleset *ruleset, uint32_t flags,
		      struct fwc_error *err)
{
	fwc_cleanup(fwc_plan_freep) struct fwc_plan *plan = NULL;
	int r = fwc_plan_make(kernel, ruleset, flags & FWC_APPLY_OVERWRITE ? FWC_PLAN_OVERWRITE : 0,
			      &plan, err);

	return r < 0 ? r : carry_out(plan, kernel, flags & FWC_APPLY_DRY_RUN, err);
}

int fwc_kernel_apply(struct fwc_kernel *kernel, const struct fwc_ruleset *ruleset,
		     const struct fwc_apply_opts *opts, struct fwc_error *err)
{
	fwc_cleanup(fwc_others_stop) struct fwc_others others = { 0 };
	uint32_t retries, flags = 0;
	int r;

	r = fwc_kernel_check(kernel, err);
	if (r == 0)
		r = check_ruleset(ruleset, err);
	if (r == 0)
		r = check_opts(opts, &flags, err);
	if (r < 0)
		return r;
	retries = fwc_opts_get(opts, retries, 0u);
	if (retries == 0)
		retries = DEFAULT_RETRIES;
	for (uint32_t i = 0; i <= retries; i++) {
		r = apply_once(kernel, ruleset, flags, err);
		/* When the answer was lost, planning again tells whether anything is left to do. */
		if (r == -ENOBUFS)
			continue;
		if (r != -ERESTART && r != -EAGAIN)
			break;
		fwc_others_watch(&others, kernel);
	}
	if (r == -ERESTART || r == -EAGAIN)
		return fwc_others_fail(&others, retries + 1, err);
	if (r == 0)
		fwc_error_clear(err);
	return r;
}

int fwc_kernel_plan(struct fwc_kernel *kernel, const struct fwc_ruleset *ruleset,
		    struct fwc_plan **ret, struct fwc_error *err)
{
	int r = fwc_kernel_check(kernel, err);

	if (r == 0)
		r = check_ruleset(ruleset, err);
	if (r < 0)
		return r;
	if (!ret)
		return fwc_fail(err, -EINVAL, FWC_OBJECT_ARGUMENT,
				"there is no place for the plan");
	return fwc_plan_make(kernel, ruleset, FWC_PLAN_WHOLE, ret, err);
}

static int fail_stale(struct fwc_error *err)
{
	return fwc_fail(err, -ESTALE, FWC_OBJECT_RULESET,
			"others have changed nf_tables since the plan was made");
}

int fwc_kernel_commit_plan(struct fwc_kernel *kernel, struct fwc_plan *plan,
			   const struct fwc_apply_opts *opts, struct fwc_error *err)
{
	uint32_t generation, flags = 0;
	int r;

	r = fwc_kernel_check(kernel, err);
	if (r == 0 && !plan)
		r = fwc_fail(err, -EINVAL, FWC_OBJECT_ARGUMENT, "there is no plan");
	if (r == 0)
		r = check_opts(opts, &flags, err);
	if (r < 0)
		return r;
	if (plan->steps.count == 0) {
		/* Nothing to send, and so nothing that the kernel would tie to the generation. */
		r = fwc_load_generation(kernel, &generation, err);
		if (r == 0 && generation != plan->loaded->generation)
			return fail_stale(err);
		plan->carried_out |= r == 0 && !(flags & FWC_APPLY_DRY_RUN);
		return r;
	}
	r = carry_out(plan, kernel, flags & FWC_APPLY_DRY_RUN, err);
	return r == -ERESTART ? fail_stale(err) : r;
}

int fwc_kernel_plan_undo(struct fwc_kernel *kernel, const struct fwc_plan *done,
			 struct fwc_plan **ret, struct fwc_error *err)
{
	int r = fwc_kernel_check(kernel, err);

	if (r < 0)
		return r;
	if (!done || !ret)
		return fwc_fail(err, -EINVAL, FWC_OBJECT_ARGUMENT,
				"a plan and a place for the one that undoes it are needed");
	if (!done->carried_out)
		return fwc_fail(err, -EINVAL, FWC_OBJECT_ARGUMENT,
				"the plan was not carried out: there is nothing to undo");
	return fwc_plan_make_undo(kernel, done, ret, err);
}
