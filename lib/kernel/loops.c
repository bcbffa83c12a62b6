/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Whether every jump of the tables as they would be has somewhere to go, and none leads back.
 *
 * The kernel refuses loops with -EMLINK and no word which chains they are; so they are looked for before. */
#include <stdlib.h>

#include "core/buf.h"
#include "core/index.h"
#include "kernel/plan.h"
#include "kernel/references.h"

enum { MOST_CHAINS = 16 }; /* in a row, the base chain counted: NFT_JUMP_STACK_SIZE */

struct node {
	const char *name;
	const struct fwc_chain *wanted, *loaded; /* what it will be made of; one may be NULL */
	struct node **next; /* chains that it jumps to */
	size_t next_count, next_room, cursor;
	uint32_t depth; /* chains in the longest row from here; 0: not known yet */
	struct node *deepest; /* the next one in that row */
	bool open; /* on the path that is being walked */
};

/* One table as it would be. */
struct graph {
	const struct fwc_table *wanted, *loaded;
	const char *owner;
	struct fwc_error *err;
	struct node *nodes;
	size_t count;
	struct fwc_index by_name;
	struct fwc_vec path;
	/* What is being read. */
	struct node *from;
	const struct fwc_rule *rule; /* NULL: a map's elements */
	bool ours; /* what is declared: its names must exist */
};

static void graph_free(struct graph *g)
{
	for (size_t i = 0; i < g->count; i++)
		free(g->nodes[i].next);
	free(g->nodes);
	fwc_index_free(&g->by_name);
	fwc_vec_free(&g->path);
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

static int add_node(struct graph *g, const struct fwc_chain *wanted, const struct fwc_chain *loaded)
{
	struct node *n = &g->nodes[g->count++];

	n->name = wanted ? wanted->name : loaded->name;
	n->wanted = wanted;
	n->loaded = loaded;
	return fwc_index_add(&g->by_name, fwc_hash(n->name, strlen(n->name)), n) < 0
		       ? fwc_fail_memory(g->err)
		       : 0;
}

static int add_nodes(struct graph *g)
{
	size_t loaded_count = g->loaded && is_shared(g) ? g->loaded->chains.count : 0;
	int r = 0;

	g->nodes = calloc(g->wanted->chains.count + loaded_count + 1, sizeof(*g->nodes));
	if (!g->nodes)
		return fwc_fail_memory(g->err);
	for (size_t i = 0; r == 0 && i < g->wanted->chains.count; i++) {
		const struct fwc_chain *c = g->wanted->chains.items[i];

		r = add_node(g, c, loaded_count ? fwc_table_find_chain(g->loaded, c->name) : NULL);
	}
	for (size_t i = 0; r == 0 && i < loaded_count; i++) {
		const struct fwc_chain *c = g->loaded->chains.items[i];

		if (!fwc_table_find_chain(g->wanted, c->name) && !fwc_is_owned(c->labels, g->owner))
			r = add_node(g, NULL, c);
	}
	return r;
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

static int take_element_jump(const struct fwc_reference *reference, void *ctx)
{
	return add_jump(ctx, reference->chain);
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
	return r;
}

static int take_reference(const struct fwc_reference *reference, void *ctx)
{
	return reference->chain ? add_jump(ctx, reference->chain) : take_set(ctx, reference->set);
}

static int take_rules(struct graph *g, const struct fwc_chain *c, bool ours)
{
	int r = 0;

	g->ours = ours;
	for (size_t i = 0; r == 0 && i < c->rules.count; i++) {
		g->rule = c->rules.items[i];
		/* Ours that are loaded are replaced by those declared. */
		if (ours || !fwc_is_owned(g->rule->labels, g->owner))
			r = fwc_rule_references(g->rule, take_reference, g);
	}
	g->rule = NULL;
	return r;
}

static int add_jumps(struct graph *g)
{
	int r = 0;

	for (size_t i = 0; r == 0 && i < g->count; i++) {
		g->from = &g->nodes[i];
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
	const struct fwc_chain *declared = again->wanted;
	size_t i = 0;

	while (g->path.items[i] != again)
		i++;
	for (; i < g->path.count; i++) {
		const struct node *n = g->path.items[i];

		put_name(&out, n->name);
		if (!declared)
			declared = n->wanted;
	}
	put_name(&out, again->name);
	/* A loop of others' chains that no packet reaches is none of our business; the kernel took it, too. */
	if (!declared)
		return 0;
	fwc_fail(g->err, -EMLINK, FWC_OBJECT_CHAIN, "the jumps form a loop: %s", names);
	if (g->err)
		fwc_copy_name(g->err->chain, sizeof(g->err->chain), declared->name);
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

static int check_table(struct graph *g)
{
	int r = add_nodes(g);

	if (r == 0)
		r = add_jumps(g);
	for (size_t i = 0; r == 0 && i < g->count; i++)
		if (g->nodes[i].depth == 0)
			r = walk(g, &g->nodes[i]);
	for (size_t i = 0; r == 0 && i < g->count; i++)
		if (is_base(&g->nodes[i]) && g->nodes[i].depth > MOST_CHAINS)
			r = fail_depth(g, &g->nodes[i]);
	return r;
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
