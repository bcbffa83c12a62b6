/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Undo: a plan that takes back what a plan has done.
 *
 * It is planned anew. What the commit changed is known from its steps; each table becomes what it is now, with that as it
 * was, and the difference between the two is planned like any other. So what others changed since stays, and what both
 * changed is a conflict that has a name. */
#include <fwcore/ruleset.h>
#include <stdlib.h>

#include "kernel/load.h"
#include "kernel/undo.h"
#include "nft/uapi.h"

/* ---- the steps, by what they are about ---- */

static int compare_steps(const void *a, const void *b)
{
	const struct fwc_step *x = *(const struct fwc_step *const *)a;
	const struct fwc_step *y = *(const struct fwc_step *const *)b;

	if (x->table != y->table)
		return (uintptr_t)x->table < (uintptr_t)y->table ? -1 : 1;
	return x->kind < y->kind ? -1 : x->kind > y->kind;
}

static int sort_steps(struct fwc_undo *u)
{
	u->steps = calloc(u->done->steps.count + 1, sizeof(*u->steps));
	if (!u->steps)
		return fwc_fail_memory(u->err);
	for (size_t i = 0; i < u->done->steps.count; i++)
		u->steps[i] = &u->done->steps.items[i];
	qsort(u->steps, u->done->steps.count, sizeof(*u->steps), compare_steps);
	return 0;
}

const struct fwc_step *fwc_undo_step(const struct fwc_undo *u, uint32_t kind, const void *object)
{
	const struct fwc_step wanted = { .kind = (uint8_t)kind, .table = object }, *key = &wanted;
	const struct fwc_step **found = object ? bsearch(&key, u->steps, u->done->steps.count,
							 sizeof(*u->steps), compare_steps)
					       : NULL;

	return found ? *found : NULL;
}

int fwc_undo_conflict(const struct fwc_undo *u, const char *what, const char *name,
		      const char *done_to_it)
{
	fwc_fail(u->err, -ESTALE, FWC_OBJECT_TABLE, "%s%s%scannot be undone: others have %s since",
		 what, *name ? " " : "", name, done_to_it);
	fwc_table_place(u->put, u->err);
	return -ESTALE;
}

/* ---- chains ---- */

/* The chain as `shape` has it, without rules. */
static struct fwc_chain *clone_chain(const struct fwc_undo *u, const struct fwc_chain *shape)
{
	struct fwc_chain *c = fwc_table_chain_in(u->into, shape->name), made;

	if (!c)
		return NULL;
	made = *c;
	*c = *shape;
	c->table = made.table;
	c->name = made.name;
	c->rules = made.rules;
	return c;
}

static int restore_chain(const struct fwc_undo *u, const struct fwc_chain *was)
{
	struct fwc_chain *into = clone_chain(u, was);

	if (!into)
		return fwc_fail_memory(u->err);
	for (size_t i = 0; i < was->rules.count; i++)
		if (fwc_vec_push(&into->rules, was->rules.items[i]) < 0)
			return fwc_fail_memory(u->err);
	return 0;
}

/* Hook, type, priority and policy: as they are now, or as they were. */
static int merge_head(const struct fwc_undo *u, const struct fwc_chain *was,
		      const struct fwc_chain *put, const struct fwc_chain *is,
		      const struct fwc_chain **ret)
{
	bool remade = fwc_undo_step(u, FWC_STEP_DEL_CHAIN, was) != NULL;

	*ret = is;
	if (!remade && !fwc_undo_step(u, FWC_STEP_SET_POLICY, put))
		return 0;
	if (fwc_chains_have_one_hook(is, was) && is->policy == was->policy)
		return 0;
	if (!fwc_chains_have_one_hook(is, put) || is->policy != put->policy)
		return fwc_undo_conflict(u, "chain", is->name, "changed its head");
	*ret = was;
	return 0;
}

static int fail_memory(const struct fwc_undo *u, struct fwc_vec *rules)
{
	fwc_vec_free(rules);
	return fwc_fail_memory(u->err);
}

static int merge_chain(const struct fwc_undo *u, const struct fwc_chain *is)
{
	const struct fwc_chain *was = u->was ? fwc_table_find_chain(u->was, is->name) : NULL;
	const struct fwc_chain *put = fwc_table_find_chain(u->put, is->name), *head;
	bool added = fwc_undo_step(u, FWC_STEP_ADD_CHAIN, put);
	bool deleted = fwc_undo_step(u, FWC_STEP_DEL_CHAIN, was);
	struct fwc_chain rules = { .name = is->name }, *into;
	int r;

	if (deleted && !added)
		return fwc_undo_conflict(u, "chain", is->name, "made it again");
	r = merge_head(u, was, put, is, &head);
	if (r == 0)
		r = fwc_undo_rules(u, was, put, is, &rules);
	/* One that the commit made goes, unless others have put rules into it. */
	if (r == 0 && (!added || deleted || rules.rules.count)) {
		into = clone_chain(u, head);
		if (into)
			into->rules = rules.rules;
		return into ? 0 : fail_memory(u, &rules.rules);
	}
	fwc_vec_free(&rules.rules);
	return r;
}

static bool touched(const struct fwc_undo *u, const struct fwc_chain *was)
{
	for (size_t i = 0; i < was->rules.count; i++)
		if (fwc_undo_step(u, FWC_STEP_DEL_RULE, was->rules.items[i]))
			return true;
	return fwc_undo_step(u, FWC_STEP_FLUSH_CHAIN, was);
}

/* A chain that is there no more. */
static int merge_gone_chain(const struct fwc_undo *u, const struct fwc_chain *was)
{
	const struct fwc_chain *put = fwc_table_find_chain(u->put, was->name);

	if (fwc_undo_step(u, FWC_STEP_DEL_CHAIN, was) && !fwc_undo_step(u, FWC_STEP_ADD_CHAIN, put))
		return restore_chain(u, was);
	if (touched(u, was) || fwc_undo_step(u, FWC_STEP_SET_POLICY, put))
		return fwc_undo_conflict(u, "chain", was->name, "deleted it");
	return 0;
}

static int merge_chains(const struct fwc_undo *u)
{
	int r = 0;

	for (size_t i = 0; r == 0 && i < u->is->chains.count; i++)
		r = merge_chain(u, u->is->chains.items[i]);
	for (size_t i = 0; r == 0 && u->was && i < u->was->chains.count; i++) {
		const struct fwc_chain *was = u->was->chains.items[i];

		/* One that a rule holds in itself comes and goes with that rule. */
		if (!fwc_table_find_chain(u->is, was->name) &&
		    !(was->kernel_flags & NFT_CHAIN_BINDING))
			r = merge_gone_chain(u, was);
	}
	return r;
}

/* ---- objects ---- */

static int clone_object(const struct fwc_undo *u, const struct fwc_named *o)
{
	struct fwc_named *into = fwc_table_object_in(u->into, o->type, o->name);

	if (!into)
		return fwc_fail_memory(u->err);
	into->what = o->what;
	into->data = o->data;
	into->labels = o->labels;
	return 0;
}

static int merge_object(const struct fwc_undo *u, const struct fwc_named *is)
{
	const struct fwc_named *was =
		u->was ? fwc_table_find_object(u->was, is->type, is->name) : NULL;
	const struct fwc_named *put = fwc_table_find_object(u->put, is->type, is->name);

	if (fwc_undo_step(u, FWC_STEP_ADD_OBJECT, put)) {
		if (was && fwc_nft_objects_equal(is, was))
			return clone_object(u, is);
		if (!fwc_nft_objects_equal(is, put))
			return fwc_undo_conflict(u, "object", is->name, "changed it");
		return was ? clone_object(u, was) : 0;
	}
	if (fwc_undo_step(u, FWC_STEP_DEL_OBJECT, was))
		return fwc_undo_conflict(u, "object", is->name, "made it again");
	return clone_object(u, is);
}

static int merge_objects(const struct fwc_undo *u)
{
	int r = 0;

	for (size_t i = 0; r == 0 && i < u->is->objects.count; i++)
		r = merge_object(u, u->is->objects.items[i]);
	for (size_t i = 0; r == 0 && u->was && i < u->was->objects.count; i++) {
		const struct fwc_named *was = u->was->objects.items[i];

		if (!fwc_table_find_object(u->is, was->type, was->name) &&
		    fwc_undo_step(u, FWC_STEP_DEL_OBJECT, was))
			r = clone_object(u, was);
	}
	return r;
}

/* ---- tables ---- */

static int merge_flags(const struct fwc_undo *u)
{
	uint32_t put = u->put->flags & ~(uint32_t)FWC_TABLE_SHARED;

	u->into->flags = u->is->flags;
	if (!fwc_undo_step(u, FWC_STEP_SET_TABLE, u->put) || u->is->flags == u->was->flags)
		return 0;
	if (u->is->flags != put)
		return fwc_undo_conflict(u, "table", u->put->name, "changed its flags");
	u->into->flags = u->was->flags;
	return 0;
}

static bool is_empty(const struct fwc_table *t)
{
	return t->chains.count == 0 && t->sets.count == 0 && t->objects.count == 0;
}

static int merge_table(const struct fwc_undo *u)
{
	int r = merge_flags(u);

	if (r == 0)
		r = merge_objects(u);
	if (r == 0)
		r = fwc_undo_sets(u);
	if (r == 0)
		r = merge_chains(u);
	/* One that the commit made goes, unless others have put something into it. */
	u->into->absent = r == 0 && !u->was && is_empty(u->into);
	return r;
}

/* All that was there. */
static int restore_table(struct fwc_undo *u)
{
	int r = 0;

	u->into->flags = u->was->flags;
	u->into->labels = u->was->labels;
	for (size_t i = 0; r == 0 && i < u->was->objects.count; i++)
		r = clone_object(u, u->was->objects.items[i]);
	for (size_t i = 0; r == 0 && i < u->was->sets.count; i++)
		r = fwc_undo_restore_set(u, u->was->sets.items[i]);
	for (size_t i = 0; r == 0 && i < u->was->chains.count; i++) {
		const struct fwc_chain *was = u->was->chains.items[i];

		if (!(was->kernel_flags & NFT_CHAIN_BINDING))
			r = restore_chain(u, was);
	}
	return r;
}

static bool has_steps(const struct fwc_undo *u)
{
	for (size_t i = 0; i < u->done->steps.count; i++)
		if (fwc_step_table(&u->done->steps.items[i])->family == u->put->family &&
		    !strcmp(fwc_step_table(&u->done->steps.items[i])->name, u->put->name))
			return true;
	return false;
}

/* What becomes of the table that is at hand; `into` is in `merged` when anything is to be done about it. */
static int undo_table(struct fwc_undo *u, struct fwc_ruleset *merged)
{
	bool deleted = fwc_undo_step(u, FWC_STEP_DEL_TABLE, u->was);

	if (!has_steps(u) || (!u->was && !u->is))
		return 0;
	if (deleted && u->is)
		return fwc_undo_conflict(u, "table", u->put->name, "made it again");
	if (u->was && !deleted && !u->is)
		return fwc_undo_conflict(u, "table", u->put->name, "deleted it");
	if (u->was && u->is && u->was->handle != u->is->handle)
		return fwc_undo_conflict(u, "table", u->put->name, "deleted it and made it again");
	u->into = fwc_ruleset_table_in(merged, u->put->family, u->put->name);
	if (!u->into)
		return fwc_fail_memory(u->err);
	return deleted ? restore_table(u) : merge_table(u);
}

static int merge(struct fwc_undo *u, const struct fwc_ruleset *now, struct fwc_ruleset *merged)
{
	const struct fwc_ruleset *wanted = u->done->wanted;
	int r = sort_steps(u);

	for (size_t i = 0; r == 0 && i < wanted->tables.count; i++) {
		u->put = wanted->tables.items[i];
		u->was = fwc_ruleset_lookup_table(u->done->loaded, u->put->family, u->put->name);
		u->is = fwc_ruleset_lookup_table(now, u->put->family, u->put->name);
		r = undo_table(u, merged);
	}
	free(u->steps);
	return r;
}

int fwc_plan_make_undo(struct fwc_kernel *kernel, const struct fwc_plan *done,
		       struct fwc_plan **ret, struct fwc_error *err)
{
	const struct fwc_load_filter filter = { .wanted = done->wanted, .whole = true };
	fwc_cleanup(fwc_plan_freep) struct fwc_plan *plan = calloc(1, sizeof(*plan));
	struct fwc_undo u = { .done = done, .owner = kernel->owner, .err = err };
	int r;

	if (!plan)
		return fwc_fail_memory(err);
	plan->own = fwc_ruleset_new();
	if (!plan->own)
		return fwc_fail_memory(err);
	plan->wanted = plan->own;
	plan->borrowed = fwc_ruleset_hold(done->loaded);
	r = fwc_load(kernel, &filter, &plan->loaded, err);
	if (r == 0)
		r = merge(&u, plan->loaded, plan->own);
	if (r == 0)
		r = fwc_plan_fill(plan, kernel, true, err);
	if (r == 0)
		r = fwc_ruleset_error(done->loaded, err);
	if (r == 0)
		*ret = fwc_take(plan);
	return r;
}
