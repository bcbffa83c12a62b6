/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Whether every jump of the tables as they would be has somewhere to go, and none leads back.
 *
 * The kernel refuses loops with -EMLINK and no word which chains they are; so they are looked for before. Operations do not
 * depend on what is there, and nothing is read for them: theirs are looked for when the kernel has refused. */
#include <stdio.h>
#include <stdlib.h>

#include "core/buf.h"
#include "core/index.h"
#include "kernel/load.h"
#include "kernel/plan.h"
#include "kernel/references.h"

enum { MOST_CHAINS = 16 }; /* in a row, the base chain counted: NFT_JUMP_STACK_SIZE */

struct node {
	const char *name; /* of a chain that a rule owns: which one it is */
	/* What it will be made of: one may be NULL. Of a chain that a declared rule owns it is `wanted`. */
	const struct fwc_chain *wanted, *loaded;
	struct node **next; /* chains that it jumps to */
	size_t next_count, next_room, cursor;
	uint32_t depth; /* chains in the longest row from here; 0: not known yet */
	struct node *deepest; /* the next one in that row */
	bool open; /* on the path that is being walked */
	bool ours; /* it is declared, or something comes to it */
};

/* One table as it would be. */
struct graph {
	const struct fwc_table *wanted, *loaded;
	const struct fwc_steps
		*steps; /* what comes to `wanted`, which is there; NULL: nothing does */
	const char *owner;
	struct fwc_error *err;
	struct fwc_arena arena;
	struct fwc_vec nodes; /* in the arena; those of blocks come while the others are read */
	struct fwc_index by_name;
	struct fwc_vec path;
	/* What is being read. */
	struct node *from;
	const struct fwc_rule *rule; /* NULL: a map's elements */
	bool ours; /* what is declared: its names must exist */
};

static void graph_free(struct graph *g)
{
	for (size_t i = 0; i < g->nodes.count; i++)
		free(((struct node *)g->nodes.items[i])->next);
	fwc_vec_free(&g->nodes);
	fwc_index_free(&g->by_name);
	fwc_vec_free(&g->path);
	fwc_arena_free(&g->arena);
}

static bool is_shared(const struct graph *g)
{
	return g->wanted->flags & FWC_TABLE_SHARED;
}

/* ---- chains and sets as they would be ---- */

static bool is_node(const void *item, const void *key)
{
	return !strcmp(((const struct node *)item)->name, key);
}

static struct node *find_node(const struct graph *g, const char *name)
{
	return fwc_index_find(&g->by_name, fwc_hash(name, strlen(name)), is_node, name);
}

static struct node *add_node(struct graph *g, const char *name, const struct fwc_chain *wanted,
			     const struct fwc_chain *loaded)
{
	struct node *n = fwc_arena_alloc(&g->arena, sizeof(*n));

	if (!n || !name || fwc_vec_push(&g->nodes, n) < 0) {
		fwc_fail_memory(g->err);
		return NULL;
	}
	n->name = name;
	n->wanted = wanted;
	n->loaded = loaded;
	n->ours = wanted && !g->steps;
	return n;
}

static int add_chain(struct graph *g, const struct fwc_chain *wanted,
		     const struct fwc_chain *loaded)
{
	const char *name = wanted ? wanted->name : loaded->name;
	struct node *n = add_node(g, name, wanted, loaded);

	if (!n)
		return -ENOMEM;
	return fwc_index_add(&g->by_name, fwc_hash(name, strlen(name)), n) < 0
		       ? fwc_fail_memory(g->err)
		       : 0;
}

static int add_nodes(struct graph *g)
{
	size_t loaded_count = g->loaded && is_shared(g) ? g->loaded->chains.count : 0;
	int r = 0;

	for (size_t i = 0; r == 0 && i < g->wanted->chains.count; i++) {
		const struct fwc_chain *c = g->wanted->chains.items[i];

		r = add_chain(g, c, loaded_count ? fwc_table_find_chain(g->loaded, c->name) : NULL);
	}
	for (size_t i = 0; r == 0 && i < loaded_count; i++) {
		const struct fwc_chain *c = g->loaded->chains.items[i];

		if (!fwc_table_find_chain(g->wanted, c->name) && !fwc_is_owned(c->labels, g->owner))
			r = add_chain(g, NULL, c);
	}
	return r;
}

static bool is_block(const struct node *n)
{
	return (n->wanted ? n->wanted : n->loaded)->is_block;
}

static bool is_base(const struct node *n)
{
	/* In a shared table a chain may be declared by its name alone. */
	return (n->wanted && n->wanted->is_base) || (n->loaded && n->loaded->is_base);
}

/* ---- jumps ---- */

static int missing(struct graph *g, const char *what, const char *name)
{
	fwc_fail(g->err, -ENOENT, FWC_OBJECT_RULE, "there is no %s '%s'", what, name);
	if (g->rule)
		fwc_rule_place(g->rule, g->err);
	else
		fwc_table_place(g->wanted, g->err);
	return -ENOENT;
}

static int add_edge(struct graph *g, struct node *to)
{
	/* Many rules of a chain jump to the same one, mostly one after the other. */
	if (g->from->next_count && g->from->next[g->from->next_count - 1] == to)
		return 0;
	if (g->from->next_count == g->from->next_room) {
		size_t room = g->from->next_room ? g->from->next_room * 2 : 4;
		struct node **next = reallocarray(g->from->next, room, sizeof(*next));

		if (!next)
			return fwc_fail_memory(g->err);
		g->from->next = next;
		g->from->next_room = room;
	}
	g->from->next[g->from->next_count++] = to;
	return 0;
}

static int add_jump(struct graph *g, const char *chain)
{
	struct node *to = find_node(g, chain);

	if (!to)
		return g->ours ? missing(g, "chain", chain) : 0;
	if (is_base(to)) {
		if (!g->ours)
			return 0;
		fwc_fail(g->err, -EINVAL, FWC_OBJECT_RULE,
			 "'%s' is a base chain: only chains without a hook are jumped to", chain);
		if (g->rule)
			fwc_rule_place(g->rule, g->err);
		return -EINVAL;
	}
	return add_edge(g, to);
}

static int take_element_jump(const struct fwc_reference *reference, void *ctx)
{
	return add_jump(ctx, reference->chain);
}

/* Whether the step is about that kind of thing in the graph's table. */
static bool is_about(const struct graph *g, const struct fwc_step *step, uint32_t kind)
{
	const struct fwc_table *t = step->kind == kind ? fwc_step_table(step) : NULL;

	return t && t->family == g->wanted->family && !strcmp(t->name, g->wanted->name);
}

/* Elements that come to a map. */
static int take_new_elements(struct graph *g, const char *set)
{
	int r = 0;

	for (size_t i = 0; g->steps && r == 0 && i < g->steps->count; i++) {
		const struct fwc_step *step = &g->steps->items[i];

		if (!is_about(g, step, FWC_STEP_ADD_ELEMENTS) || strcmp(step->set->name, set) != 0)
			continue;
		g->from->ours = true;
		r = fwc_set_references(step->set, take_element_jump, g);
	}
	return r;
}

static int take_set(struct graph *g, const char *name)
{
	const struct fwc_set *wanted = fwc_table_find_set(g->wanted, name);
	const struct fwc_set *loaded = g->loaded ? fwc_table_find_set(g->loaded, name) : NULL;
	bool ours = g->ours;
	int r = 0;

	if (!wanted && (!loaded || !is_shared(g)))
		return ours ? missing(g, "set", name) : 0;
	if (wanted)
		r = fwc_set_references(wanted, take_element_jump, g);
	/* What stays of the elements that are there. */
	if (r == 0 && loaded && (is_shared(g) || fwc_set_is_state(loaded))) {
		g->ours = false;
		r = fwc_set_references(loaded, take_element_jump, g);
		g->ours = ours;
	}
	return r < 0 ? r : take_new_elements(g, name);
}

static int take_block(struct graph *g, const struct fwc_chain *block);

static int take_reference(const struct fwc_reference *reference, void *ctx)
{
	if (reference->block)
		return take_block(ctx, reference->block);
	return reference->chain ? add_jump(ctx, reference->chain) : take_set(ctx, reference->set);
}

/* It counts as a chain in a row of them, like one that has a name. */
static int take_block(struct graph *g, const struct fwc_chain *block)
{
	const struct fwc_rule *rule = g->rule;
	struct node *from = g->from, *n;
	char name[64];
	int r;

	snprintf(name, sizeof(name), "{ } of its rule %u", rule->index + 1);
	n = add_node(g, fwc_arena_strdup(&g->arena, name), g->ours ? block : NULL,
		     g->ours ? NULL : block);
	r = n ? add_edge(g, n) : -ENOMEM;
	for (size_t i = 0; r == 0 && i < block->rules.count; i++) {
		g->from = n;
		g->rule = block->rules.items[i];
		r = fwc_rule_own_references(g->rule, take_reference, g);
	}
	g->rule = rule;
	g->from = from;
	return r;
}

static int take_rules(struct graph *g, const struct fwc_chain *c, bool ours)
{
	int r = 0;

	g->ours = ours;
	for (size_t i = 0; r == 0 && i < c->rules.count; i++) {
		g->rule = c->rules.items[i];
		/* Ours that are loaded are replaced by those declared. */
		if (ours || !fwc_is_owned(g->rule->labels, g->owner))
			r = fwc_rule_own_references(g->rule, take_reference, g);
	}
	g->rule = NULL;
	return r;
}

static int add_jumps(struct graph *g)
{
	size_t count = g->nodes.count; /* blocks are read with their rules */
	int r = 0;

	for (size_t i = 0; r == 0 && i < count; i++) {
		g->from = g->nodes.items[i];
		if (g->from->wanted)
			r = take_rules(g, g->from->wanted, true);
		if (r == 0 && g->from->loaded)
			r = take_rules(g, g->from->loaded, false);
	}
	return r;
}

/* ---- loops ---- */

static void put_name(struct fwc_buf *out, const char *name)
{
	fwc_buf_printf(out, "%s%s", out->len ? " -> " : "", name);
}

static int fail_loop(struct graph *g, const struct node *again)
{
	char names[200];
	struct fwc_buf out = fwc_buf_over(names, sizeof(names));
	const struct node *at = again->ours ? again : NULL;
	size_t i = 0;

	while (g->path.items[i] != again)
		i++;
	for (; i < g->path.count; i++) {
		const struct node *n = g->path.items[i];

		put_name(&out, n->name);
		if (!at && n->ours)
			at = is_block(n) ? again : n;
	}
	put_name(&out, again->name);
	/* A loop of others' chains that no packet reaches is none of our business; the kernel took it, too. */
	if (!at)
		return 0;
	fwc_fail(g->err, -EMLINK, FWC_OBJECT_CHAIN, "the jumps form a loop: %s", names);
	if (g->err)
		fwc_copy_name(g->err->chain, sizeof(g->err->chain), at->name);
	fwc_table_place(g->wanted, g->err);
	return -EMLINK;
}

static int fail_depth(struct graph *g, const struct node *base)
{
	char names[200];
	struct fwc_buf out = fwc_buf_over(names, sizeof(names));

	for (const struct node *n = base; n; n = n->deepest)
		put_name(&out, n->name);
	fwc_fail(g->err, -EMLINK, FWC_OBJECT_CHAIN,
		 "the jumps lead through %u chains, %d are allowed: %s", base->depth, MOST_CHAINS,
		 names);
	if (g->err)
		fwc_copy_name(g->err->chain, sizeof(g->err->chain), base->name);
	fwc_table_place(g->wanted, g->err);
	return -EMLINK;
}

static void close_node(struct graph *g, struct node *n)
{
	n->depth = 1;
	for (size_t i = 0; i < n->next_count; i++) {
		if (n->next[i]->open || n->next[i]->depth < n->depth)
			continue;
		n->depth = n->next[i]->depth + 1;
		n->deepest = n->next[i];
	}
	n->open = false;
	g->path.count--;
}

static int open_node(struct graph *g, struct node *n)
{
	n->open = true;
	return fwc_vec_push(&g->path, n) < 0 ? fwc_fail_memory(g->err) : 0;
}

/* Depth first, with a path of our own: a ruleset may hold more chains than a stack has room for. */
static int walk(struct graph *g, struct node *start)
{
	int r = open_node(g, start);

	while (r == 0 && g->path.count) {
		struct node *n = g->path.items[g->path.count - 1], *to;

		if (n->cursor == n->next_count) {
			close_node(g, n);
			continue;
		}
		to = n->next[n->cursor++];
		if (to->open)
			r = fail_loop(g, to);
		else if (to->depth == 0)
			r = open_node(g, to);
	}
	return r;
}

static int walk_all(struct graph *g)
{
	int r = 0;

	for (size_t i = 0; r == 0 && i < g->nodes.count; i++) {
		struct node *n = g->nodes.items[i];

		if (n->depth == 0)
			r = walk(g, n);
	}
	for (size_t i = 0; r == 0 && i < g->nodes.count; i++) {
		const struct node *n = g->nodes.items[i];

		if (is_base(n) && n->depth > MOST_CHAINS)
			r = fail_depth(g, n);
	}
	return r;
}

static int check_table(struct graph *g)
{
	int r = add_nodes(g);

	if (r == 0)
		r = add_jumps(g);
	return r < 0 ? r : walk_all(g);
}

int fwc_check_jumps(const struct fwc_ruleset *wanted, const struct fwc_ruleset *loaded,
		    const char *owner, struct fwc_error *err)
{
	int r = 0;

	for (size_t i = 0; r == 0 && i < wanted->tables.count; i++) {
		const struct fwc_table *t = wanted->tables.items[i];
		struct graph g = { .wanted = t, .owner = owner, .err = err };

		if (t->absent)
			continue;
		if (loaded)
			g.loaded = fwc_ruleset_lookup_table(loaded, t->family, t->name);
		r = check_table(&g);
		graph_free(&g);
	}
	return r;
}

/* ---- operations that the kernel has refused ---- */

static int add_new_chains(struct graph *g)
{
	int r = 0;

	for (size_t i = 0; r == 0 && i < g->steps->count; i++) {
		const struct fwc_step *step = &g->steps->items[i];

		if (is_about(g, step, FWC_STEP_ADD_CHAIN) && !find_node(g, step->chain->name))
			r = add_chain(g, step->chain, NULL);
	}
	return r;
}

static int add_new_jumps(struct graph *g)
{
	int r = 0;

	g->ours = false; /* what does not exist the kernel has told */
	for (size_t i = 0; r == 0 && i < g->steps->count; i++) {
		const struct fwc_step *step = &g->steps->items[i];

		if (!is_about(g, step, FWC_STEP_ADD_RULE))
			continue;
		g->from = find_node(g, step->rule->chain->name);
		if (!g->from)
			continue;
		g->from->ours = true;
		g->rule = step->rule;
		r = fwc_rule_own_references(step->rule, take_reference, g);
	}
	return r;
}

/* What goes in the same transaction is taken for still there: it can be in a loop only where there is another one. */
static int look_in_table(struct fwc_kernel *kernel, const struct fwc_steps *steps,
			 const struct fwc_table *t, struct fwc_error *err)
{
	const struct fwc_load_filter filter = { .family = t->family, .table = t->name };
	fwc_cleanup(fwc_ruleset_freep) struct fwc_ruleset *loaded = NULL;
	struct graph g = { .steps = steps, .owner = kernel->owner, .err = err };
	int r = fwc_load(kernel, &filter, &loaded, NULL);

	if (r < 0)
		return 0;
	g.wanted = fwc_ruleset_lookup_table(loaded, t->family, t->name);
	r = g.wanted ? add_nodes(&g) : 0;
	if (r == 0 && g.wanted)
		r = add_new_chains(&g);
	if (r == 0 && g.wanted)
		r = add_jumps(&g);
	if (r == 0 && g.wanted)
		r = add_new_jumps(&g);
	if (r == 0 && g.wanted)
		r = walk_all(&g);
	graph_free(&g);
	return r;
}

void fwc_explain_loop(struct fwc_kernel *kernel, const struct fwc_steps *steps,
		      struct fwc_error *err)
{
	const struct fwc_table *looked = NULL;
	struct fwc_error found;

	for (size_t i = 0; i < steps->count; i++) {
		const struct fwc_table *t = fwc_step_table(&steps->items[i]);

		if (t == looked)
			continue;
		looked = t;
		if (look_in_table(kernel, steps, t, &found) == -EMLINK) {
			*err = found;
			return;
		}
	}
}
