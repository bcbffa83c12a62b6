/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Tables of iptables while commands are carried out, in memory; what they have become is then steps. */
#include <stdlib.h>

#include "kernel/iptables.h"

static bool is_named(const void *item, const void *key)
{
	const struct fwc_xt_work_chain *c = item;

	return !strcmp(c->name, key);
}

struct fwc_xt_work_chain *fwc_xt_work_chain_of(const struct fwc_xt_work_table *t, const char *name)
{
	struct fwc_xt_work_chain *c =
		fwc_index_find(&t->lookup, fwc_hash(name, strlen(name)), is_named, name);

	return c && (c->is_base || c->there) ? c : NULL;
}

struct fwc_xt_work_table *fwc_xt_work_table_of(const struct fwc_xt_work *w,
					       const struct fwc_table *ours)
{
	for (size_t i = 0; i < w->tables.count; i++) {
		struct fwc_xt_work_table *t = w->tables.items[i];

		if (t->ours == ours)
			return t;
	}
	return NULL;
}

static struct fwc_xt_work_chain *new_chain(struct fwc_xt_work *w, struct fwc_xt_work_table *t,
					   const char *name)
{
	struct fwc_xt_work_chain *c = fwc_arena_alloc(&w->arena, sizeof(*c));

	if (!c || fwc_vec_push(&t->chains, c) < 0)
		return NULL;
	c->name = name;
	c->table = t;
	c->ours = fwc_table_find_chain(t->ours, name);
	if (!c->ours)
		c->ours = fwc_table_chain_in(t->ours, name);
	if (!c->ours || fwc_index_add(&t->lookup, fwc_hash(name, strlen(name)), c) < 0)
		return NULL;
	c->policy = FWC_VERDICT_ACCEPT;
	return c;
}

/* The rules of `was` are not looked at yet. */
static int take_loaded(struct fwc_xt_work_chain *c, const struct fwc_chain *was)
{
	c->was = was;
	c->there = true;
	if (was->is_base)
		c->policy = was->policy;
	c->packets = was->packets;
	c->bytes = was->bytes;
	return fwc_vec_push(&c->rules, NULL);
}

static int add_base_chains(struct fwc_xt_work *w, struct fwc_xt_work_table *t)
{
	const struct fwc_xt_chain *known;

	for (size_t i = 0; (known = fwc_xt_chain_at(t->ours->family, i)); i++) {
		const struct fwc_chain *was;
		struct fwc_xt_work_chain *c;

		if (strcmp(known->table, t->ours->name) != 0)
			continue;
		c = new_chain(w, t, known->name);
		if (!c)
			return -ENOMEM;
		c->is_base = true;
		was = t->was ? fwc_table_find_chain(t->was, known->name) : NULL;
		c->known = !was;
		if (was && take_loaded(c, was) < 0)
			return -ENOMEM;
	}
	return 0;
}

static int add_table(struct fwc_xt_work *w, struct fwc_table *ours)
{
	struct fwc_xt_work_table *t = fwc_arena_alloc(&w->arena, sizeof(*t));

	if (!t || fwc_vec_push(&w->tables, t) < 0)
		return -ENOMEM;
	t->ours = ours;
	t->was = fwc_ruleset_lookup_table(w->loaded, ours->family, ours->name);
	if (add_base_chains(w, t) < 0)
		return -ENOMEM;
	for (size_t i = 0; t->was && i < t->was->chains.count; i++) {
		const struct fwc_chain *was = t->was->chains.items[i];
		struct fwc_xt_work_chain *c;

		if (was->is_base || fwc_xt_work_chain_of(t, was->name))
			continue;
		c = new_chain(w, t, was->name);
		if (!c || take_loaded(c, was) < 0)
			return -ENOMEM;
	}
	return 0;
}

int fwc_xt_work_begin(struct fwc_xt_work *w)
{
	for (size_t i = 0; i < w->commands->rs->tables.count; i++)
		if (add_table(w, w->commands->rs->tables.items[i]) < 0)
			return fwc_fail_memory(w->err);
	return 0;
}

void fwc_xt_work_free(struct fwc_xt_work *w)
{
	for (size_t i = 0; i < w->tables.count; i++) {
		struct fwc_xt_work_table *t = w->tables.items[i];

		for (size_t n = 0; n < t->chains.count; n++)
			fwc_vec_free(&((struct fwc_xt_work_chain *)t->chains.items[n])->rules);
		fwc_vec_free(&t->chains);
		fwc_index_free(&t->lookup);
	}
	fwc_vec_free(&w->tables);
	fwc_steps_free(&w->steps);
	fwc_arena_free(&w->arena);
	fwc_ruleset_free(w->loaded);
	fwc_buf_free(&w->out);
}

struct fwc_xt_work_chain *fwc_xt_work_add(struct fwc_xt_work *w, struct fwc_xt_work_table *t,
					  const char *name)
{
	struct fwc_xt_work_chain *c =
		fwc_index_find(&t->lookup, fwc_hash(name, strlen(name)), is_named, name);

	if (!c)
		c = new_chain(w, t, name);
	if (c) {
		c->there = true;
		c->known = true;
		c->rules.count = 0;
		t->touched = true;
	}
	return c;
}

static int compare(const void *a, const void *b)
{
	const struct fwc_xt_work_chain *const *one = a, *const *other = b;

	return strcmp((*one)->name, (*other)->name);
}

int fwc_xt_work_sort(struct fwc_xt_work *w, struct fwc_xt_work_table *t, struct fwc_vec *ret)
{
	size_t bases = 0;

	for (size_t i = 0; i < t->chains.count; i++) {
		struct fwc_xt_work_chain *c = t->chains.items[i];

		if ((c->is_base || c->there) && fwc_vec_push(ret, c) < 0)
			return fwc_fail_memory(w->err);
		bases += c->is_base;
	}
	qsort(ret->items + bases, ret->count - bases, sizeof(*ret->items), compare);
	return 0;
}

void fwc_xt_work_flush(struct fwc_xt_work_chain *c)
{
	c->rules.count = 0;
	c->known = true;
	c->flushed = c->was && !c->gone;
}

/* It is deleted and made again. */
int fwc_xt_work_replace(struct fwc_xt_work *w, struct fwc_xt_work_table *t)
{
	w->looked = true; /* whether it is there to be deleted */
	t->touched = true;
	if (t->was)
		t->replaced = t->was;
	t->was = NULL;
	for (size_t i = 0; i < t->chains.count; i++) {
		struct fwc_xt_work_chain *c = t->chains.items[i];

		c->was = NULL;
		c->there = c->gone = c->flushed = c->needed = c->decided = false;
		c->known = true;
		c->rules.count = 0;
		c->policy = FWC_VERDICT_ACCEPT;
		c->packets = c->bytes = 0;
	}
	return 0;
}

int fwc_xt_work_insert(struct fwc_xt_work *w, struct fwc_xt_work_chain *c, size_t at,
		       const struct fwc_rule *r)
{
	if (fwc_vec_push(&c->rules, NULL) < 0)
		return fwc_fail_memory(w->err);
	memmove(c->rules.items + at + 1, c->rules.items + at,
		(c->rules.count - 1 - at) * sizeof(*c->rules.items));
	c->rules.items[at] = (void *)(uintptr_t)r;
	c->needed = true;
	c->table->touched = true;
	return 0;
}

int fwc_xt_work_know(struct fwc_xt_work *w, struct fwc_xt_work_chain *c)
{
	struct fwc_vec all = { 0 };

	w->looked = true;
	if (c->known)
		return 0;
	for (size_t i = 0; i < c->rules.count; i++) {
		bool marks = !c->rules.items[i];
		void **from = marks ? c->was->rules.items : &c->rules.items[i];
		size_t count = marks ? c->was->rules.count : 1;

		for (size_t n = 0; n < count; n++)
			if (fwc_vec_push(&all, from[n]) < 0) {
				fwc_vec_free(&all);
				return fwc_fail_memory(w->err);
			}
	}
	fwc_vec_free(&c->rules);
	c->rules = all;
	c->known = true;
	return 0;
}

/* ---- steps ---- */

static struct fwc_step *add_step(struct fwc_xt_work *w, uint32_t kind)
{
	struct fwc_step *step = fwc_steps_add(&w->steps, kind);

	if (!step)
		fwc_fail_memory(w->err);
	return step;
}

static int chain_step(struct fwc_xt_work *w, uint32_t kind, const struct fwc_chain *c)
{
	struct fwc_step *step = add_step(w, kind);

	if (!step)
		return -ENOMEM;
	step->chain = c;
	step->only_empty = kind == FWC_STEP_DEL_CHAIN;
	return 0;
}

static int add_rule(struct fwc_xt_work *w, const struct fwc_rule *r, const struct fwc_rule *before,
		    uint32_t place)
{
	struct fwc_step *step = add_step(w, FWC_STEP_ADD_RULE);

	if (!step)
		return -ENOMEM;
	step->rule = r;
	step->place = (uint8_t)place;
	step->handle = before ? before->handle : 0;
	return 0;
}

static bool is_new(const struct fwc_rule *r)
{
	return r && !r->handle;
}

/* New rules come before the next one that stays, or at the end. Before rules that were not looked at: at the beginning, the
 * last one first. */
static int add_rules(struct fwc_xt_work *w, const struct fwc_xt_work_chain *c)
{
	const struct fwc_rule *const *rules = (const struct fwc_rule *const *)c->rules.items;
	int r = 0;

	for (size_t from = 0, to; from < c->rules.count && r == 0; from = to + 1) {
		for (to = from; to < c->rules.count && is_new(rules[to]);)
			to++;
		for (size_t i = from; i < to && r == 0; i++) {
			if (to == c->rules.count)
				r = add_rule(w, rules[i], NULL, FWC_NFT_APPEND);
			else if (rules[to])
				r = add_rule(w, rules[i], rules[to], FWC_NFT_INSERT);
			else
				r = add_rule(w, rules[from + to - 1 - i], NULL, FWC_NFT_INSERT);
		}
	}
	return r;
}

/* Those of `was` that are not among the rules any more; what is left is in its old order. */
static int delete_rules(struct fwc_xt_work *w, const struct fwc_xt_work_chain *c)
{
	size_t at = 0;

	for (size_t i = 0; i < c->was->rules.count; i++) {
		const struct fwc_rule *was = c->was->rules.items[i];
		struct fwc_step *step;

		while (at < c->rules.count && is_new(c->rules.items[at]))
			at++;
		if (at < c->rules.count && c->rules.items[at] == was) {
			at++;
			continue;
		}
		step = add_step(w, FWC_STEP_DEL_RULE);
		if (!step)
			return -ENOMEM;
		step->rule = was;
		step->handle = was->handle;
	}
	return 0;
}

static int chain_steps(struct fwc_xt_work *w, struct fwc_xt_work_chain *c)
{
	bool stays = c->was && !c->gone;
	int r = 0;

	c->ours->policy = c->policy;
	c->ours->counted = c->decided && (c->packets || c->bytes || (stays && c->was->counted));
	c->ours->packets = c->packets;
	c->ours->bytes = c->bytes;
	if (c->flushed)
		r = chain_step(w, FWC_STEP_FLUSH_CHAIN, c->was);
	else if (stays && c->known)
		r = delete_rules(w, c);
	if (r == 0 && c->gone)
		r = chain_step(w, FWC_STEP_DEL_CHAIN, c->was);
	if (r < 0 || (c->is_base ? !stays && !c->needed && !c->decided : !c->there))
		return r;
	if (c->renamed) {
		r = chain_step(w, FWC_STEP_RENAME_CHAIN, c->was);
		if (r == 0)
			w->steps.items[w->steps.count - 1].name = c->renamed;
	}
	if (r == 0 && !stays)
		r = chain_step(w, FWC_STEP_ADD_CHAIN, c->ours);
	else if (r == 0 && c->decided)
		r = chain_step(w, FWC_STEP_SET_POLICY, c->ours);
	return r < 0 ? r : add_rules(w, c);
}

static int table_steps(struct fwc_xt_work *w, struct fwc_xt_work_table *t)
{
	struct fwc_step *step;
	int r = 0;

	if (t->replaced) {
		step = add_step(w, FWC_STEP_DEL_TABLE);
		if (!step)
			return -ENOMEM;
		step->table = t->replaced;
	}
	if (!t->was && t->touched) {
		step = add_step(w, FWC_STEP_ADD_TABLE);
		if (!step)
			return -ENOMEM;
		step->table = t->ours;
	}
	for (size_t i = 0; i < t->chains.count && r == 0; i++)
		r = chain_steps(w, t->chains.items[i]);
	return r;
}

int fwc_xt_work_steps(struct fwc_xt_work *w)
{
	int r = 0;

	for (size_t i = 0; i < w->tables.count && r == 0; i++)
		r = table_steps(w, w->tables.items[i]);
	if (r == 0 && fwc_steps_sort(&w->steps) < 0)
		r = fwc_fail_memory(w->err);
	return r;
}
