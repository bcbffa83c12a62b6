/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Plans that one transaction cannot hold.
 *
 * Only root of the initial user namespace may raise the send buffer as far as it likes. Elsewhere a large plan is carried
 * out in stages: a new table is made dormant, so that no packet meets it, and chains and sets that nobody refers to are
 * harmless, too. The last transaction wakes the tables and sets the jumps. All are tied to generations that follow each
 * other, so that others cannot come between. When one fails, what was made before is taken back.
 *
 * The kernel does not change a hook of a table in the transaction that wakes the table or puts it to sleep. There a table
 * is changed while it sleeps: before it is woken, or after it went to sleep, in the first of the stages. */
#include <stdlib.h>

#include "kernel/plan.h"

enum {
	ELEMENTS_AT_ONCE = 200
}; /* with keys, data and comments of all the bytes they may have: 140 KiB */

struct staging {
	struct fwc_plan *plan;
	struct fwc_kernel *kernel;
	struct fwc_steps stages, last;
	size_t done; /* of stages, carried out */
	uint32_t generation;
	const struct fwc_chain
		*chain; /* of the rule before, and whether it is one of the stages' */
	bool chain_is_staged;
	struct fwc_error *err;
};

static void staging_free(struct staging *s)
{
	fwc_steps_free(&s->stages);
	fwc_steps_free(&s->last);
}

/* ---- what can go into a stage ---- */

/* New, or dormant in the kernel: what happens in it no packet sees. */
static bool is_hidden(const struct staging *s, const struct fwc_table *t)
{
	const struct fwc_table *loaded =
		fwc_ruleset_lookup_table(s->plan->loaded, t->family, t->name);

	return !loaded || (loaded->flags & FWC_TABLE_DORMANT);
}

static bool is_staged(const struct staging *s, uint32_t kind, const void *object)
{
	for (size_t i = 0; i < s->stages.count; i++)
		if (s->stages.items[i].kind == kind && s->stages.items[i].set == object)
			return true;
	return false;
}

static bool goes_first(const struct staging *s, const struct fwc_step *step)
{
	const struct fwc_table *loaded;

	switch (step->kind) {
	case FWC_STEP_ADD_CHAIN:
		loaded = fwc_ruleset_lookup_table(s->plan->loaded, step->chain->table->family,
						  step->chain->table->name);
		return !step->chain->is_base && !fwc_table_find_chain(loaded, step->chain->name);
	case FWC_STEP_ADD_SET:
		loaded = fwc_ruleset_lookup_table(s->plan->loaded, step->set->table->family,
						  step->set->table->name);
		return !fwc_table_find_set(loaded, step->set->name);
	default:
		return false;
	}
}

/* Whether the table holds sets or chains that go and come again: what refers to them must wait for them. */
static bool has_remade(const struct staging *s, const struct fwc_table *t)
{
	const struct fwc_steps *steps = &s->plan->steps;

	/* What goes is at the beginning. */
	for (size_t i = 0; i < steps->count; i++) {
		const struct fwc_step *step = &steps->items[i];

		if (step->kind > FWC_STEP_SET_TABLE && !step->beside_flags)
			break;

		if (step->kind == FWC_STEP_DEL_SET && !strcmp(step->set->table->name, t->name) &&
		    fwc_table_find_set(t, step->set->name))
			return true;
		if (step->kind == FWC_STEP_DEL_CHAIN &&
		    !strcmp(step->chain->table->name, t->name) &&
		    fwc_table_find_chain(t, step->chain->name))
			return true;
	}
	return false;
}

static bool can_be_staged(struct staging *s, const struct fwc_step *step)
{
	const struct fwc_table *t = fwc_step_table(step);

	if (step->kind == FWC_STEP_SET_TABLE)
		return step->apart && (t->flags & FWC_TABLE_DORMANT);
	if (step->kind == FWC_STEP_DEL_TABLE)
		return false;
	if (is_hidden(s, t))
		return true;
	switch (step->kind) {
	case FWC_STEP_ADD_ELEMENTS:
		return is_staged(s, FWC_STEP_ADD_SET, step->set);
	case FWC_STEP_ADD_RULE:
		if (s->chain != step->rule->chain) {
			s->chain = step->rule->chain;
			s->chain_is_staged = is_staged(s, FWC_STEP_ADD_CHAIN, s->chain);
		}
		return s->chain_is_staged;
	default:
		return goes_first(s, step) && !has_remade(s, t);
	}
}

/* ---- dividing the plan ---- */

static int push(struct staging *s, struct fwc_steps *to, const struct fwc_step *step)
{
	struct fwc_step *copy = fwc_steps_add(to, step->kind);

	if (!copy)
		return fwc_fail_memory(s->err);
	*copy = *step;
	return 0;
}

/* Made dormant, and woken up in the end. */
static int push_table(struct staging *s, const struct fwc_step *step)
{
	struct fwc_step dormant = *step, wake = *step;
	struct fwc_table *copy;
	int r;

	copy = fwc_arena_copy(&s->plan->arena, step->table, sizeof(*copy));
	if (!copy)
		return fwc_fail_memory(s->err);
	copy->flags |= FWC_TABLE_DORMANT;
	dormant.table = copy;
	wake.kind = FWC_STEP_SET_TABLE;
	r = push(s, &s->stages, &dormant);
	if (r == 0 && !(step->table->flags & FWC_TABLE_DORMANT))
		r = push(s, &s->last, &wake);
	return r;
}

static int push_elements(struct staging *s, const struct fwc_step *step)
{
	struct fwc_step some = *step;
	int r = 0;

	for (size_t i = 0; r == 0 && i < step->count; i += ELEMENTS_AT_ONCE) {
		some.elements = step->elements + i;
		some.count =
			step->count - i < ELEMENTS_AT_ONCE ? step->count - i : ELEMENTS_AT_ONCE;
		r = push(s, &s->stages, &some);
	}
	return r;
}

static int divide(struct staging *s)
{
	const struct fwc_steps *steps = &s->plan->steps;
	int r = 0;

	for (size_t i = 0; r == 0 && i < steps->count; i++) {
		const struct fwc_step *step = &steps->items[i];

		if (!can_be_staged(s, step))
			r = push(s, &s->last, step);
		else if (step->kind == FWC_STEP_ADD_TABLE)
			r = push_table(s, step);
		else if (step->kind == FWC_STEP_ADD_ELEMENTS || step->kind == FWC_STEP_DEL_ELEMENTS)
			r = push_elements(s, step);
		else
			r = push(s, &s->stages, step);
	}
	return r;
}

/* ---- carrying it out ---- */

static int take_back(struct staging *s)
{
	const struct fwc_plan made = {
		.wanted = s->plan->wanted,
		.loaded = s->plan->loaded,
		.steps = { .items = s->stages.items, .count = s->done },
		.partly = true,
	};
	fwc_cleanup(fwc_plan_freep) struct fwc_plan *undo = NULL;
	int r = fwc_plan_make_undo(s->kernel, &made, &undo, NULL);

	for (size_t i = 0; r == 0 && i < undo->steps.count;)
		r = fwc_steps_commit_part(&undo->steps, i, s->kernel, 0, &i, NULL);
	return r;
}

static int carry_out(struct staging *s)
{
	while (s->done < s->stages.count) {
		int r = fwc_steps_commit_part(&s->stages, s->done, s->kernel, s->generation,
					      &s->done, s->err);

		if (r < 0)
			return r;
		/* Ours was the one transaction since the last generation, or the next is refused. 0 is none. */
		if (++s->generation == 0)
			s->generation = 1;
	}
	return fwc_steps_commit(&s->last, s->kernel, s->generation, false, s->err);
}

/* The kernel also takes as one transaction what waking and putting to sleep leaves. */
static int check_apart(const struct fwc_plan *plan, struct fwc_kernel *kernel,
		       struct fwc_error *err)
{
	struct fwc_steps rest = { 0 };
	int r = 0;

	for (size_t i = 0; r == 0 && i < plan->steps.count; i++) {
		struct fwc_step *step;

		if (plan->steps.items[i].apart)
			continue;
		step = fwc_steps_add(&rest, 0);
		r = step ? 0 : fwc_fail_memory(err);
		if (step)
			*step = plan->steps.items[i];
	}
	if (r == 0)
		r = fwc_steps_commit(&rest, kernel, plan->loaded->generation, true, err);
	fwc_steps_free(&rest);
	return r;
}

static int check_last(struct staging *s)
{
	size_t size;
	int r = fwc_steps_size(&s->last, s->kernel, &size, s->err);

	if (r < 0 || size <= s->kernel->nft.send_room)
		return r;
	return fwc_fail(
		s->err, -EMSGSIZE, FWC_OBJECT_KERNEL,
		"what must change at once has %zu bytes and the socket takes %zu: more needs CAP_NET_ADMIN in the initial user namespace, a higher net.core.wmem_max, or the rules in chains of their own",
		size, s->kernel->nft.send_room);
}

static int commit_in_stages(struct fwc_plan *plan, struct fwc_kernel *kernel, struct fwc_error *err)
{
	fwc_cleanup(staging_free) struct staging s = {
		.plan = plan,
		.kernel = kernel,
		.generation = plan->loaded->generation,
		.err = err,
	};
	int r;

	r = divide(&s);
	if (r == 0)
		r = check_last(&s);
	if (r < 0)
		return r;
	r = carry_out(&s);
	if (r < 0 && s.done && take_back(&s) < 0) {
		fwc_error_prepend(err, "parts without effect were made and cannot be taken back");
		if (err)
			err->outcome = FWC_OUTCOME_UNKNOWN;
	}
	return r;
}

bool fwc_plan_is_apart(const struct fwc_plan *plan)
{
	for (size_t i = 0; i < plan->steps.count; i++)
		if (plan->steps.items[i].apart)
			return true;
	return false;
}

int fwc_plan_commit(struct fwc_plan *plan, struct fwc_kernel *kernel, bool dry_run,
		    struct fwc_error *err)
{
	int r;

	if (fwc_plan_is_apart(plan))
		return dry_run ? check_apart(plan, kernel, err)
			       : commit_in_stages(plan, kernel, err);
	r = fwc_steps_commit(&plan->steps, kernel, plan->loaded->generation, dry_run, err);
	return r == -EMSGSIZE && !dry_run ? commit_in_stages(plan, kernel, err) : r;
}
