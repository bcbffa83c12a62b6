/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Commands of iptables, carried out: on tables in memory, whose difference is then one transaction. */
#include <stdlib.h>

#include "iptables/rule.h"
#include "kernel/iptables.h"
#include "kernel/load.h"
#include "kernel/plan.h"

#include <fwcore/rule.h>

enum { TRIES = 64 };

typedef int (*carry_out)(struct fwc_xt_work *w, const struct fwc_xt_operation *op,
			 struct fwc_xt_work_table *t);

/* ---- finding ---- */

static int no_chain(struct fwc_xt_work *w, const struct fwc_xt_operation *op)
{
	return fwc_fail(w->err, -ENOENT, FWC_OBJECT_CHAIN, "table %s has no chain '%.64s'",
			op->table->name, op->chain);
}

/* The chain that is meant, with all its rules where that is asked for. */
static int find_chain(struct fwc_xt_work *w, const struct fwc_xt_operation *op,
		      struct fwc_xt_work_table *t, bool rules, struct fwc_xt_work_chain **ret)
{
	*ret = fwc_xt_work_chain_of(t, op->chain);
	if (!*ret)
		return no_chain(w, op);
	return rules ? fwc_xt_work_know(w, *ret) : 0;
}

static int too_big(struct fwc_xt_work *w, const struct fwc_xt_operation *op,
		   const struct fwc_xt_work_chain *c)
{
	return fwc_fail(w->err, -E2BIG, FWC_OBJECT_RULE,
			"chain %s has no place %u: it has %zu rule%s", c->name, op->number,
			c->rules.count, c->rules.count == 1 ? "" : "s");
}

/* Counters do not count. Bytes tell quickly; what iptables writes in two ways, words. */
static int find_rule(struct fwc_xt_work *w, const struct fwc_xt_operation *op,
		     const struct fwc_xt_work_chain *c, size_t *ret)
{
	fwc_cleanup(fwc_buf_free) struct fwc_buf wanted = { 0 };
	fwc_cleanup(fwc_buf_free) struct fwc_buf is = { 0 };

	for (*ret = 0; *ret < c->rules.count; ++*ret)
		if (fwc_nft_rules_equal(op->rule, c->rules.items[*ret]))
			return 0;
	if (fwc_xt_format_rule(op->rule, &wanted, w->err) < 0)
		return w->err ? w->err->code : -EINVAL;
	for (*ret = 0; *ret < c->rules.count; ++*ret) {
		is.len = 0;
		if (fwc_xt_format_rule(c->rules.items[*ret], &is, NULL) == 0 &&
		    is.len == wanted.len &&
		    !memcmp(is.data ? is.data : "", wanted.data ? wanted.data : "", is.len))
			return 0;
	}
	return fwc_fail(w->err, -ESRCH, FWC_OBJECT_RULE, "chain %s has no rule '%.128s'", c->name,
			wanted.data ? wanted.data : "");
}

static int check_target(struct fwc_xt_work *w, const struct fwc_xt_operation *op,
			const struct fwc_xt_work_table *t)
{
	if (!op->target || fwc_xt_work_chain_of(t, op->target))
		return 0;
	return fwc_fail(w->err, -EINVAL, FWC_OBJECT_CHAIN, "Chain '%.64s' does not exist",
			op->target);
}

static int tell_rule(struct fwc_xt_work *w, const struct fwc_xt_operation *op)
{
	return op->list & FWC_XT_LIST_VERBOSE ? fwc_xt_list_told(op->rule, &w->out, w->err) : 0;
}

static void tell_chain(struct fwc_xt_work *w, const struct fwc_xt_operation *op, const char *what,
		       const struct fwc_xt_work_chain *c)
{
	if (op->list & FWC_XT_LIST_VERBOSE)
		fwc_buf_printf(&w->out, "%s chain `%s'\n", what, c->name);
}

/* Does it to the chain that is named, or to all. */
static int each_chain(struct fwc_xt_work *w, const struct fwc_xt_operation *op,
		      struct fwc_xt_work_table *t,
		      int (*act)(struct fwc_xt_work *w, const struct fwc_xt_operation *op,
				 struct fwc_xt_work_chain *c))
{
	struct fwc_xt_work_chain *one;
	struct fwc_vec all = { 0 };
	int r;

	if (op->chain) {
		r = find_chain(w, op, t, false, &one);
		return r < 0 ? r : act(w, op, one);
	}
	r = fwc_xt_work_sort(w, t, &all);
	for (size_t i = 0; i < all.count && r == 0; i++)
		r = act(w, op, all.items[i]);
	fwc_vec_free(&all);
	return r;
}

/* ---- rules ---- */

static int append(struct fwc_xt_work *w, const struct fwc_xt_operation *op,
		  struct fwc_xt_work_table *t)
{
	struct fwc_xt_work_chain *c;
	int r = find_chain(w, op, t, false, &c);

	if (r == 0)
		r = fwc_xt_work_insert(w, c, c->rules.count, op->rule);
	return r < 0 ? r : tell_rule(w, op);
}

static int insert(struct fwc_xt_work *w, const struct fwc_xt_operation *op,
		  struct fwc_xt_work_table *t)
{
	struct fwc_xt_work_chain *c;
	size_t at = op->number ? op->number - 1 : 0;
	int r = find_chain(w, op, t, at > 0, &c);

	if (r == 0 && at > 0 && at > c->rules.count)
		r = too_big(w, op, c);
	if (r == 0)
		r = fwc_xt_work_insert(w, c, at, op->rule);
	return r < 0 ? r : tell_rule(w, op);
}

static void take_out(struct fwc_xt_work_chain *c, size_t at)
{
	memmove(c->rules.items + at, c->rules.items + at + 1,
		(c->rules.count - at - 1) * sizeof(*c->rules.items));
	c->rules.count--;
}

static int delete (struct fwc_xt_work *w, const struct fwc_xt_operation *op,
		   struct fwc_xt_work_table *t)
{
	struct fwc_xt_work_chain *c;
	size_t at = op->number ? op->number - 1 : 0;
	int r = find_chain(w, op, t, true, &c);

	if (r == 0 && op->number && at >= c->rules.count)
		r = too_big(w, op, c);
	if (r == 0)
		r = check_target(w, op, t);
	if (r == 0 && !op->number)
		r = find_rule(w, op, c, &at);
	if (r < 0)
		return r;
	take_out(c, at);
	return op->rule ? tell_rule(w, op) : 0;
}

static int replace(struct fwc_xt_work *w, const struct fwc_xt_operation *op,
		   struct fwc_xt_work_table *t)
{
	struct fwc_xt_work_chain *c;
	int r = find_chain(w, op, t, true, &c);

	if (r == 0 && op->number > c->rules.count)
		r = too_big(w, op, c);
	if (r < 0)
		return r;
	c->rules.items[op->number - 1] = (void *)(uintptr_t)op->rule;
	c->table->touched = true;
	return tell_rule(w, op);
}

static int check(struct fwc_xt_work *w, const struct fwc_xt_operation *op,
		 struct fwc_xt_work_table *t)
{
	struct fwc_xt_work_chain *c;
	size_t at;
	int r = find_chain(w, op, t, true, &c);

	if (r == 0)
		r = check_target(w, op, t);
	if (r == 0)
		r = find_rule(w, op, c, &at);
	return r < 0 ? r : tell_rule(w, op);
}

/* ---- counters ---- */

/* A rule's counters are in its bytes: it is written anew. */
static int zero_rule(struct fwc_xt_work *w, struct fwc_xt_work_chain *c, size_t at)
{
	const struct fwc_rule *was = c->rules.items[at];
	uint64_t packets = 0, bytes = 0;
	struct fwc_xt_rule x;
	struct fwc_rule *r;
	int code = 0;

	if (fwc_rule_counter_get(was, &packets, &bytes) && !packets && !bytes)
		return 0;
	code = fwc_xt_take_items(was, &x, w->err);
	x.packets = x.bytes = 0;
	r = code == 0 ? fwc_chain_rule_in(c->ours) : NULL;
	if (code == 0 && (!r || fwc_xt_add_items(r, &x) < 0))
		code = fwc_fail_memory(w->err);
	if (code == 0) {
		r->labels = was->labels;
		c->rules.items[at] = r;
	}
	fwc_xt_rule_free(&x);
	return code;
}

static int zero_chain(struct fwc_xt_work *w, const struct fwc_xt_operation *op,
		      struct fwc_xt_work_chain *c)
{
	int r = fwc_xt_work_know(w, c);

	for (size_t i = 0; i < c->rules.count && r == 0; i++)
		r = zero_rule(w, c, i);
	if (c->is_base && (c->packets || c->bytes)) {
		c->packets = c->bytes = 0;
		c->decided = true;
	}
	tell_chain(w, op, "Zeroing", c);
	return r;
}

static int zero(struct fwc_xt_work *w, const struct fwc_xt_operation *op,
		struct fwc_xt_work_table *t)
{
	struct fwc_xt_work_chain *c;
	int r;

	if (!op->chain || !op->number)
		return each_chain(w, op, t, zero_chain);
	r = find_chain(w, op, t, true, &c);
	if (r == 0 && op->number > c->rules.count)
		r = too_big(w, op, c);
	return r < 0 ? r : zero_rule(w, c, op->number - 1);
}

/* ---- chains ---- */

static int flush_chain(struct fwc_xt_work *w, const struct fwc_xt_operation *op,
		       struct fwc_xt_work_chain *c)
{
	fwc_xt_work_flush(c);
	if (op->chain) {
		c->needed = true;
		c->table->touched = true;
	}
	tell_chain(w, op, "Flushing", c);
	return 0;
}

static int flush(struct fwc_xt_work *w, const struct fwc_xt_operation *op,
		 struct fwc_xt_work_table *t)
{
	return each_chain(w, op, t, flush_chain);
}

static int new_chain(struct fwc_xt_work *w, const struct fwc_xt_operation *op,
		     struct fwc_xt_work_table *t)
{
	if (fwc_xt_work_chain_of(t, op->chain))
		return fwc_fail(w->err, -EEXIST, FWC_OBJECT_CHAIN,
				"table %s has a chain '%.64s' already", op->table->name, op->chain);
	w->looked = true;
	return fwc_xt_work_add(w, t, op->chain) ? 0 : fwc_fail_memory(w->err);
}

static int has_rules(struct fwc_xt_work *w, const struct fwc_xt_work_chain *c)
{
	return fwc_fail(w->err, -EBUSY, FWC_OBJECT_CHAIN, "chain %s has rules", c->name);
}

/* An empty base chain that accepts is as good as none; others stay, where all are deleted. */
static int delete_chain(struct fwc_xt_work *w, const struct fwc_xt_operation *op,
			struct fwc_xt_work_chain *c)
{
	bool plain = c->policy == FWC_VERDICT_ACCEPT;

	w->looked = true;
	if (c->is_base && !op->chain && (!c->was || c->gone || !plain || c->rules.count))
		return 0;
	if (c->is_base && !plain)
		return fwc_fail(w->err, -EBUSY, FWC_OBJECT_CHAIN,
				"the policy of chain %s is not ACCEPT", c->name);
	if (c->known && c->rules.count)
		return has_rules(w, c);
	c->there = c->needed = c->decided = false;
	c->gone = c->was != NULL;
	c->rules.count = 0;
	c->known = true;
	tell_chain(w, op, "Deleting", c);
	return 0;
}

static int delete_chains(struct fwc_xt_work *w, const struct fwc_xt_operation *op,
			 struct fwc_xt_work_table *t)
{
	/* Which base chains are empty is seen by their rules. */
	for (size_t i = 0; !op->chain && i < t->chains.count; i++)
		if (fwc_xt_work_know(w, t->chains.items[i]) < 0)
			return -ENOMEM;
	return each_chain(w, op, t, delete_chain);
}

static int rename_chain(struct fwc_xt_work *w, const struct fwc_xt_operation *op,
			struct fwc_xt_work_table *t)
{
	struct fwc_xt_work_chain *c, *other = fwc_xt_work_chain_of(t, op->name);
	int r;

	if (other)
		return fwc_fail(w->err, -EEXIST, FWC_OBJECT_CHAIN,
				"table %s has a chain '%.64s' already", op->table->name, op->name);
	r = find_chain(w, op, t, false, &c);
	if (r < 0)
		return r;
	w->looked = true;
	if (c->is_base || !c->was || c->gone)
		return fwc_fail(
			w->err, -EOPNOTSUPP, FWC_OBJECT_CHAIN,
			"only a user's chain that the kernel has is renamed, and '%.64s' is none",
			op->chain);
	c->renamed = c->name = op->name;
	return fwc_index_add(&t->lookup, fwc_hash(op->name, strlen(op->name)), c) < 0
		       ? fwc_fail_memory(w->err)
		       : 0;
}

static int set_policy(struct fwc_xt_work *w, const struct fwc_xt_operation *op,
		      struct fwc_xt_work_table *t)
{
	struct fwc_xt_work_chain *c = fwc_xt_work_chain_of(t, op->chain);

	if (!c || !c->is_base)
		return fwc_fail(w->err, -ENXIO, FWC_OBJECT_CHAIN,
				"'%.64s' is no base chain of table %s", op->chain, op->table->name);
	if (op->policy)
		c->policy = op->policy;
	if (op->counted) {
		c->packets = op->packets;
		c->bytes = op->bytes;
	}
	c->needed = c->decided = true;
	t->touched = true;
	return 0;
}

/* A line `:NAME`: what a user's chain has goes. */
static int declare_chain(struct fwc_xt_work *w, const struct fwc_xt_operation *op,
			 struct fwc_xt_work_table *t)
{
	struct fwc_xt_work_chain *c = fwc_xt_work_chain_of(t, op->chain);

	if (c && c->is_base)
		return op->policy ? set_policy(w, op, t) : 0;
	if (c) {
		fwc_xt_work_flush(c);
		return 0;
	}
	return fwc_xt_work_add(w, t, op->chain) ? 0 : fwc_fail_memory(w->err);
}

/* A line `*NAME`. */
static int replace_table(struct fwc_xt_work *w, const struct fwc_xt_operation *op,
			 struct fwc_xt_work_table *t)
{
	struct fwc_vec all = { 0 };
	int r = fwc_xt_work_sort(w, t, &all);

	for (size_t i = 0; i < all.count; i++)
		tell_chain(w, op, "Flushing", all.items[i]);
	for (size_t i = 0; i < all.count; i++)
		if (!((struct fwc_xt_work_chain *)all.items[i])->is_base)
			tell_chain(w, op, "Deleting", all.items[i]);
	fwc_vec_free(&all);
	return r < 0 ? r : fwc_xt_work_replace(w, t);
}

/* ---- listing ---- */

static struct fwc_xt_shown shown_of(const struct fwc_xt_operation *op,
				    const struct fwc_xt_work_chain *c)
{
	uint32_t own = c->was ? (uint32_t)c->was->rules.count : 0;

	return (struct fwc_xt_shown){
		.name = c->name,
		.is_base = c->is_base,
		.policy = c->policy,
		.packets = c->packets,
		.bytes = c->bytes,
		.references = c->was && c->was->uses > own ? c->was->uses - own : 0,
		.rules = (const struct fwc_rule *const *)c->rules.items,
		.count = c->rules.count,
		.number = op->chain ? op->number : 0,
	};
}

static int chains_to_list(struct fwc_xt_work *w, const struct fwc_xt_operation *op,
			  struct fwc_xt_work_table *t, struct fwc_vec *ret)
{
	struct fwc_xt_work_chain *one = op->chain ? fwc_xt_work_chain_of(t, op->chain) : NULL;
	int r;

	if (op->chain && !one)
		return fwc_fail(w->err, -EADDRNOTAVAIL, FWC_OBJECT_CHAIN,
				"chain `%.64s' in table `%s' is incompatible, use 'nft' tool.",
				op->chain, op->table->name);
	r = !op->chain                   ? fwc_xt_work_sort(w, t, ret)
	    : fwc_vec_push(ret, one) < 0 ? fwc_fail_memory(w->err)
					 : 0;
	for (size_t i = 0; i < ret->count && r == 0; i++)
		r = fwc_xt_work_know(w, ret->items[i]);
	for (size_t i = 0; r == 0 && t->was && i < t->was->chains.count; i++)
		if (fwc_xt_is_foreign(t->was->chains.items[i])) {
			fwc_buf_printf(&w->out, FWC_XT_FOREIGN_CHAINS, t->ours->name);
			break;
		}
	return r;
}

static int list(struct fwc_xt_work *w, const struct fwc_xt_operation *op,
		struct fwc_xt_work_table *t)
{
	struct fwc_vec chains = { 0 };
	int r = chains_to_list(w, op, t, &chains);

	for (size_t i = 0; i < chains.count && r == 0; i++) {
		const struct fwc_xt_shown shown = shown_of(op, chains.items[i]);

		if (i)
			fwc_buf_puts(&w->out, "\n");
		r = fwc_xt_list_chain(&shown, op->list, &w->out, w->err);
	}
	fwc_vec_free(&chains);
	return r < 0 || !op->zero ? r : zero(w, op, t);
}

static int list_words(struct fwc_xt_work *w, const struct fwc_xt_operation *op,
		      struct fwc_xt_work_table *t)
{
	struct fwc_vec chains = { 0 };
	int r = chains_to_list(w, op, t, &chains);

	for (size_t i = 0; i < chains.count && r == 0; i++) {
		const struct fwc_xt_shown shown = shown_of(op, chains.items[i]);

		if (!shown.number || !shown.is_base)
			fwc_xt_list_chain_words(&shown, op->list, &w->out);
	}
	for (size_t i = 0; i < chains.count && r == 0; i++) {
		const struct fwc_xt_shown shown = shown_of(op, chains.items[i]);

		r = fwc_xt_list_rule_words(&shown, op->list, &w->out, w->err);
	}
	fwc_vec_free(&chains);
	return r < 0 || !op->zero ? r : zero(w, op, t);
}

/* ---- all of it ---- */

static const struct {
	char letter;
	carry_out carry_out;
} kinds[] = {
	{ 'A', append },        { 'I', insert },       { 'D', delete },     { 'R', replace },
	{ 'C', check },         { 'Z', zero },         { 'F', flush },      { 'N', new_chain },
	{ 'X', delete_chains }, { 'E', rename_chain }, { 'P', set_policy }, { ':', declare_chain },
	{ '*', replace_table }, { 'L', list },         { 'S', list_words },
};

static int run(struct fwc_xt_work *w, const struct fwc_xt_operation *op)
{
	struct fwc_xt_work_table *t = fwc_xt_work_table_of(w, op->table);

	for (size_t i = 0; i < FWC_ARRAY_SIZE(kinds); i++)
		if (kinds[i].letter == op->letter)
			return kinds[i].carry_out(w, op, t);
	return 0;
}

/* Whether rules of the kernel must be read for it, in a table that is not replaced. */
static bool needs_rules(const struct fwc_xt_operation *op)
{
	return strchr("DRCZLS", op->letter) || (op->letter == 'I' && op->number > 1) ||
	       (op->letter == 'X' && !op->chain);
}

static int load(struct fwc_xt_work *w)
{
	struct fwc_load_filter filter = {
		.family = w->commands->family,
		.wanted = w->commands->rs,
		.whole = true,
		.chains = true,
	};

	for (size_t i = 0; i < w->commands->operations.count; i++)
		if (needs_rules(w->commands->operations.items[i]))
			filter.chains = false;
	return fwc_load(w->kernel, &filter, &w->loaded, w->err);
}

static void blame(struct fwc_xt_work *w, const struct fwc_xt_operation *op)
{
	w->commands->failed = op->letter;
	if (w->err)
		w->err->line = op->line;
}

/* A chain that a rule jumps to may be declared behind it. */
static int check_targets(struct fwc_xt_work *w)
{
	int r = 0;

	for (size_t i = 0; i < w->commands->operations.count && r == 0; i++) {
		const struct fwc_xt_operation *op = w->commands->operations.items[i];

		r = check_target(w, op, fwc_xt_work_table_of(w, op->table));
		if (r < 0)
			blame(w, op);
	}
	return r;
}

/* The step that the kernel refused belongs to one of the commands. */
static void blame_step(struct fwc_xt_work *w)
{
	const struct fwc_step *step = w->steps.refused;

	for (size_t i = 0; step && i < w->commands->operations.count; i++) {
		const struct fwc_xt_operation *op = w->commands->operations.items[i];
		const char *name =
			step->kind == FWC_STEP_ADD_RULE || step->kind == FWC_STEP_DEL_RULE ? NULL
			: step->kind == FWC_STEP_ADD_TABLE || step->kind == FWC_STEP_DEL_TABLE
				? ""
				: step->chain->name;

		if (name ? op->chain && !op->rule && !strcmp(op->chain, name)
			 : step->kind == FWC_STEP_ADD_RULE && op->rule == step->rule) {
			blame(w, op);
			return;
		}
	}
}

static int attempt(struct fwc_xt_work *w, bool test)
{
	int r = load(w);

	if (r == 0)
		r = fwc_xt_work_begin(w);
	for (size_t i = 0; i < w->commands->operations.count && r == 0; i++) {
		const struct fwc_xt_operation *op = w->commands->operations.items[i];

		r = run(w, op);
		if (r < 0)
			blame(w, op);
	}
	if (r == 0)
		r = check_targets(w);
	if (r == 0)
		r = fwc_xt_work_steps(w);
	if (r < 0)
		return r;
	r = fwc_steps_commit(&w->steps, w->kernel, w->looked ? w->loaded->generation : 0, test,
			     w->err);
	if (r < 0)
		blame_step(w);
	return r;
}

int fwc_kernel_commit_iptables(struct fwc_kernel *kernel, struct fwc_iptables *iptables,
			       uint32_t flags, char **ret, struct fwc_error *err)
{
	struct fwc_xt_work w;
	int r = fwc_kernel_check(kernel, err);

	if (r < 0)
		return r;
	if (!iptables || flags & ~(uint32_t)FWC_IPTABLES_TEST)
		return fwc_fail(err, -EINVAL, FWC_OBJECT_ARGUMENT,
				"commands, and no flag but TEST (1), are needed");
	iptables->failed = '\0';
	for (unsigned int tries = 0; tries < TRIES; tries++) {
		w = (struct fwc_xt_work){ .commands = iptables, .kernel = kernel, .err = err };
		r = attempt(&w, flags & FWC_IPTABLES_TEST);
		if (r == 0 && w.out.failed)
			r = fwc_fail_memory(err);
		if (r == 0 && ret) {
			fwc_buf_puts(&w.out, "");
			*ret = fwc_take(w.out.data);
		}
		fwc_xt_work_free(&w);
		if (r != -ERESTART && r != -EAGAIN)
			return r;
	}
	return fwc_fail(err, -EAGAIN, FWC_OBJECT_KERNEL,
			"others kept changing nf_tables, and it was tried %d times", TRIES);
}
