/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Carrying out a batch: declared rulesets are planned, tags looked up, elements given their types; then all is one
 * transaction. Operations alone carry no generation: handles and EXCL are their guard, and writers do not starve
 * each other. */
#include <fwcore/ruleset.h>
#include <stdlib.h>

#include "kernel/batch.h"
#include "kernel/load.h"
#include "kernel/others.h"
#include "kernel/plan.h"
#include "kernel/references.h"
#include "text/text.h"

enum { TRIES = 17 };

struct commit {
	struct fwc_kernel *kernel;
	const struct fwc_batch *batch;
	struct fwc_steps steps;
	struct fwc_ruleset *work; /* sets with the types of the kernel's, and elements */
	struct fwc_vec plans, loaded;
	uint32_t generation; /* of what was planned; 0: nothing was */
	const struct fwc_table *checked; /* the last one that was found not to be iptables-nft's */
	struct fwc_set *group; /* elements that go into one step; NULL: none yet */
	const struct fwc_operation *group_of; /* its first operation */
	struct fwc_error *err;
};

static void commit_free(struct commit *c)
{
	for (size_t i = 0; i < c->plans.count; i++)
		fwc_plan_free(c->plans.items[i]);
	for (size_t i = 0; i < c->loaded.count; i++)
		fwc_ruleset_free(c->loaded.items[i]);
	fwc_vec_free(&c->plans);
	fwc_vec_free(&c->loaded);
	fwc_ruleset_free(c->work);
	fwc_steps_free(&c->steps);
}

static struct fwc_step *add_step(struct commit *c, uint32_t kind)
{
	struct fwc_step *step = fwc_steps_add(&c->steps, kind);

	if (!step)
		fwc_fail_memory(c->err);
	return step;
}

/* ---- declared rulesets ---- */

static int plan_declared(struct commit *c, const struct fwc_ruleset *declared)
{
	struct fwc_plan *plan = NULL;
	int r;

	r = fwc_ruleset_error(declared, c->err);
	if (r == 0)
		r = fwc_plan_make(c->kernel, declared, 0, &plan, c->err);
	if (r < 0)
		return r;
	if (fwc_vec_push(&c->plans, plan) < 0) {
		fwc_plan_free(plan);
		return fwc_fail_memory(c->err);
	}
	if (c->generation && c->generation != plan->loaded->generation)
		return -ERESTART;
	c->generation = plan->loaded->generation;
	for (size_t i = 0; i < plan->steps.count; i++) {
		struct fwc_step *step = add_step(c, 0);

		if (!step)
			return -ENOMEM;
		*step = plan->steps.items[i];
	}
	return 0;
}

/* ---- sets ---- */

/* A set as it is declared, or as the kernel has it: for its types. */
static int find_set(struct commit *c, const struct fwc_table *table, const char *name,
		    const struct fwc_set **ret)
{
	const struct fwc_table *t;
	struct fwc_set *loaded;
	int r;

	for (size_t i = 0; i < c->batch->declared.count; i++) {
		t = fwc_ruleset_lookup_table(c->batch->declared.items[i], table->family,
					     table->name);
		*ret = t ? fwc_table_find_set(t, name) : NULL;
		if (*ret)
			return 0;
	}
	t = fwc_ruleset_lookup_table(c->work, table->family, table->name);
	*ret = t ? fwc_table_find_set(t, name) : NULL;
	if (*ret)
		return 0;
	r = fwc_load_set(c->kernel, table->family, table->name, name, c->work, &loaded, c->err);
	if (r == 0)
		*ret = loaded;
	return r;
}

/* ---- rules ---- */

/* The names iptables-nft gives its tables; whether one of that name is its own only a look at it tells. */
static bool may_be_iptables(const struct fwc_table *t)
{
	static const char *const names[] = { "filter", "nat", "mangle", "raw", "security" };

	for (size_t i = 0; t->family != FWC_FAMILY_INET && i < FWC_ARRAY_SIZE(names); i++)
		if (!strcmp(t->name, names[i]))
			return true;
	return false;
}

static int check_not_iptables(struct commit *c, const struct fwc_table *t)
{
	const struct fwc_load_filter filter = { .family = t->family, .table = t->name };
	fwc_cleanup(fwc_ruleset_freep) struct fwc_ruleset *rs = NULL;
	const struct fwc_table *loaded;
	int r;

	if (t == c->checked || !may_be_iptables(t))
		return 0;
	r = fwc_load(c->kernel, &filter, &rs, c->err);
	if (r < 0)
		return r;
	loaded = fwc_ruleset_lookup_table(rs, t->family, t->name);
	if (!loaded || !loaded->is_iptables) {
		c->checked = t;
		return 0;
	}
	fwc_fail(
		c->err, -EOPNOTSUPP, FWC_OBJECT_TABLE,
		"this table is managed by iptables-nft, which would misread rules of others: it is read, not written");
	fwc_table_place(t, c->err);
	return -EOPNOTSUPP;
}

/* Whether a declared ruleset says that the table is somebody else's: then what goes there must say that it is ours. */
static bool is_shared(const struct commit *c, const struct fwc_table *t)
{
	for (size_t i = 0; i < c->batch->declared.count; i++) {
		const struct fwc_table *declared =
			fwc_ruleset_lookup_table(c->batch->declared.items[i], t->family, t->name);

		if (declared && (declared->flags & FWC_TABLE_SHARED))
			return true;
	}
	return false;
}

struct use {
	struct commit *c;
	const struct fwc_rule *rule;
};

/* The kernel compares lengths only: an address looked up among marks would just never match. */
static int check_use(const struct fwc_reference *reference, void *ctx)
{
	const struct use *u = ctx;
	const struct fwc_set *s;
	int r;

	if (reference->chain)
		return 0;
	r = find_set(u->c, u->rule->chain->table, reference->set, &s);
	if (r == 0)
		r = fwc_reference_check(reference, s, u->c->err);
	if (r < 0 && r != -EAGAIN) {
		u->c->err->item = reference->item;
		fwc_rule_place(u->rule, u->c->err);
	}
	return r;
}

static int put_rule(struct commit *c, const struct fwc_operation *op)
{
	struct use use = { c, op->rule };
	const struct fwc_rule *rule = op->rule;
	struct fwc_step *step;
	int r;

	r = check_not_iptables(c, rule->chain->table);
	if (r == 0 && op->kind == FWC_OPERATION_RULE)
		r = fwc_rule_references(rule, check_use, &use);
	if (r < 0)
		return r;
	step = add_step(c, op->kind == FWC_OPERATION_RULE ? FWC_STEP_ADD_RULE : FWC_STEP_DEL_RULE);
	if (!step)
		return -ENOMEM;
	step->rule = rule;
	step->handle = op->handle;
	step->place = op->place;
	step->stamp = fwc_needs_owner(rule->chain->table, rule->labels) ||
		      is_shared(c, rule->chain->table);
	return 0;
}

/* ---- tags ---- */

static bool is_tagged(const struct commit *c, const struct fwc_labels *labels, const char *tag)
{
	return labels && labels->tag && !strcmp(labels->tag, tag) &&
	       fwc_is_owned(labels, c->kernel->owner);
}

static int del_tagged_rules(struct commit *c, const struct fwc_chain *chain, const char *tag)
{
	for (size_t i = 0; i < chain->rules.count; i++) {
		const struct fwc_rule *rule = chain->rules.items[i];
		struct fwc_step *step;

		if (!is_tagged(c, rule->labels, tag))
			continue;
		step = add_step(c, FWC_STEP_DEL_RULE);
		if (!step)
			return -ENOMEM;
		step->rule = rule;
		step->handle = rule->handle;
		step->looked_up = true;
	}
	return 0;
}

static int del_tagged_elements(struct commit *c, struct fwc_ruleset *loaded,
			       const struct fwc_set *set, const char *tag)
{
	const struct fwc_element **elements;
	struct fwc_step *step;
	size_t count = 0;

	for (size_t i = 0; i < set->elements.count; i++)
		count += is_tagged(c, ((struct fwc_element *)set->elements.items[i])->labels, tag);
	if (count == 0)
		return 0;
	elements = fwc_arena_alloc(&loaded->arena, count * sizeof(*elements));
	step = elements ? add_step(c, FWC_STEP_DEL_ELEMENTS) : NULL;
	if (!step)
		return fwc_fail_memory(c->err);
	step->set = set;
	step->elements = elements;
	step->looked_up = true;
	for (size_t i = 0; i < set->elements.count; i++) {
		const struct fwc_element *e = set->elements.items[i];

		if (is_tagged(c, e->labels, tag))
			elements[step->count++] = e;
	}
	return 0;
}

static int del_tagged(struct commit *c, const struct fwc_operation *op)
{
	const struct fwc_load_filter filter = { .family = op->table->family,
						.table = op->table->name };
	struct fwc_ruleset *rs = NULL;
	const struct fwc_table *t;
	int r;

	r = fwc_load(c->kernel, &filter, &rs, c->err);
	if (r < 0)
		return r;
	if (fwc_vec_push(&c->loaded, rs) < 0) {
		fwc_ruleset_free(rs);
		return fwc_fail_memory(c->err);
	}
	t = fwc_ruleset_lookup_table(rs, op->table->family, op->table->name);
	for (size_t i = 0; r == 0 && t && i < t->chains.count; i++)
		r = del_tagged_rules(c, t->chains.items[i], op->tag);
	for (size_t i = 0; r == 0 && t && i < t->sets.count; i++)
		r = del_tagged_elements(c, rs, t->sets.items[i], op->tag);
	return r;
}

/* ---- elements ---- */

/* An empty set of the same shape, to hold the elements of one step. */
static struct fwc_set *set_like(struct commit *c, const struct fwc_set *shape)
{
	struct fwc_table *t =
		fwc_ruleset_lookup_table(c->work, shape->table->family, shape->table->name);
	struct fwc_set *s = fwc_set_in(c->work);

	if (!t)
		t = fwc_ruleset_table_in(c->work, shape->table->family, shape->table->name);
	if (!s || !t)
		return NULL;
	s->table = t; /* not a declared ruleset's: failures stick to it */
	s->name = shape->name;
	memcpy(s->key, shape->key, sizeof(s->key));
	memcpy(s->data, shape->data, sizeof(s->data));
	s->key_count = shape->key_count;
	s->data_count = shape->data_count;
	s->opaque = shape->opaque;
	s->max_elements = shape->max_elements;
	s->is_part = true;
	/* Each operation has its element. */
	s->flags = shape->flags & ~(uint32_t)FWC_SET_AUTO_MERGE;
	s->timeout_ms = shape->timeout_ms;
	s->stateful = shape->stateful;
	return s;
}

static bool joins_group(const struct commit *c, const struct fwc_operation *op)
{
	const struct fwc_operation *first = c->group_of;

	return c->group && first->kind == op->kind && first->exclusive == op->exclusive &&
	       !first->tag == !op->tag && first->table == op->table && !strcmp(first->set, op->set);
}

/* The set object for the operation's element: the one before it, while it is the same kind of operation on the same set. */
static int group_for(struct commit *c, const struct fwc_operation *op)
{
	const struct fwc_set *shape;
	struct fwc_step *step;
	int r;

	if (joins_group(c, op))
		return 0;
	r = find_set(c, op->table, op->set, &shape);
	if (r < 0)
		return r;
	c->group = set_like(c, shape);
	if (!c->group)
		return fwc_fail_memory(c->err);
	c->group_of = op;
	step = add_step(c, op->kind == FWC_OPERATION_ADD_ELEMENT ? FWC_STEP_ADD_ELEMENTS
								 : FWC_STEP_DEL_ELEMENTS);
	if (!step)
		return -ENOMEM;
	step->set = c->group;
	step->exclusive = op->exclusive;
	step->stamp = op->tag || is_shared(c, op->table);
	return 0;
}

static int add_element(struct commit *c, const struct fwc_operation *op)
{
	const struct fwc_element_opts opts = {
		.size = sizeof(opts),
		.timeout_ms = op->timeout_ms,
		.comment = op->comment,
		.tag = op->tag,
		.target = op->stateful.targets[0],
		.target_2 = op->stateful.targets[1],
	};

	if (op->key)
		return fwc_set_add(c->group, op->key, op->data, &opts);
	return fwc_set_add_value(c->group, op->key_value, op->data_value, &opts);
}

static int name_element(struct commit *c, const struct fwc_operation *op)
{
	const struct fwc_value *key;

	key = op->key ? fwc_set_parse_key(c->group, op->key, c->err)
		      : fwc_set_bind_key(c->group, op->key_value, c->err);
	if (!key)
		return -EINVAL;
	return fwc_set_push(c->group, key, NULL) ? 0 : fwc_fail_memory(c->err);
}

static int put_element(struct commit *c, const struct fwc_operation *op)
{
	int r = group_for(c, op);

	if (r < 0)
		return r;
	if (op->kind == FWC_OPERATION_DEL_ELEMENT) {
		r = name_element(c, op);
		if (r < 0 && c->err) {
			r = c->err->code;
			fwc_error_prepend(c->err, "set %s", op->set);
			fwc_table_place(op->table, c->err);
		}
		return r;
	}
	r = add_element(c, op);
	if (r == -EEXIST && c->group->elements.count) {
		/* The key comes twice in this batch. In a step of its own it is the kernel's to judge, as in two batches. */
		fwc_ruleset_forgive(c->work);
		c->group = NULL;
		r = group_for(c, op);
		if (r < 0)
			return r;
		r = add_element(c, op);
	}
	return r < 0 ? fwc_ruleset_error(c->work, c->err) : 0;
}

/* The lists of elements are complete: a set's vector moves no more. */
static void finish_groups(struct commit *c)
{
	for (size_t i = 0; i < c->steps.count; i++) {
		struct fwc_step *step = &c->steps.items[i];

		if ((step->kind == FWC_STEP_ADD_ELEMENTS || step->kind == FWC_STEP_DEL_ELEMENTS) &&
		    !step->elements) {
			step->elements =
				(const struct fwc_element *const *)step->set->elements.items;
			step->count = step->set->elements.count;
		}
	}
}

/* ---- all of it ---- */

static int put_operation(struct commit *c, const struct fwc_operation *op)
{
	int r;

	switch (op->kind) {
	case FWC_OPERATION_ADD_ELEMENT:
	case FWC_OPERATION_DEL_ELEMENT:
		return put_element(c, op);
	case FWC_OPERATION_DEL_TAGGED:
		r = del_tagged(c, op);
		break;
	default:
		r = put_rule(c, op);
	}
	c->group = NULL; /* operations keep their order */
	return r;
}

/* A declaration alone may go in stages, as when it is applied. Operations go as one, or not at all. */
static int send(struct commit *c)
{
	if (c->plans.count == 1 && c->batch->operations.count == 0)
		return fwc_plan_commit(c->plans.items[0], c->kernel, false, c->err);
	for (size_t i = 0; i < c->plans.count; i++)
		if (fwc_plan_is_apart(c->plans.items[i]))
			return fwc_fail(
				c->err, -EOPNOTSUPP, FWC_OBJECT_RULESET,
				"a table wakes or goes to sleep, and a chain of it gets another hook: the kernel takes that as two transactions only, so it must be declared in a batch of its own");
	return fwc_steps_commit(&c->steps, c->kernel, c->generation, false, c->err);
}

static int commit_once(struct commit *c)
{
	int r = 0;

	c->work = fwc_ruleset_new();
	if (!c->work)
		return fwc_fail_memory(c->err);
	for (size_t i = 0; r == 0 && i < c->batch->declared.count; i++)
		r = plan_declared(c, c->batch->declared.items[i]);
	for (size_t i = 0; r == 0 && i < c->batch->operations.count; i++)
		r = put_operation(c, c->batch->operations.items[i]);
	if (r < 0)
		return r;
	finish_groups(c);
	r = send(c);
	if (r == -EMSGSIZE && c->batch->operations.count)
		fwc_error_prepend(
			c->err, "a batch is one transaction: this one must be committed in parts");
	if (r == -EMLINK)
		fwc_explain_loop(c->kernel, &c->steps, c->err);
	for (size_t i = 0; r == 0 && i < c->plans.count; i++)
		fwc_plan_adopt(c->plans.items[i], c->kernel);
	/* What a tag had found is gone: others were quicker. */
	if (r == -ENOENT && c->steps.refused && c->steps.refused->looked_up)
		return -ERESTART;
	return r;
}

int fwc_kernel_commit(struct fwc_kernel *kernel, struct fwc_batch *batch, struct fwc_error *err)
{
	fwc_cleanup(fwc_others_stop) struct fwc_others others = { 0 };
	struct fwc_error local;
	int r;

	if (!err)
		err = &local; /* one way for all that is worked out below */
	r = fwc_kernel_check(kernel, err);
	if (r == 0)
		r = fwc_batch_error(batch, err);
	if (r < 0)
		return r;
	for (unsigned int i = 0; i < TRIES; i++) {
		fwc_cleanup(commit_free) struct commit c = { .kernel = kernel,
							     .batch = batch,
							     .err = err };

		r = commit_once(&c);
		if (r != -ERESTART && r != -EAGAIN)
			break;
		fwc_others_watch(&others, kernel);
	}
	if (r == -ERESTART || r == -EAGAIN)
		return fwc_others_fail(&others, TRIES, err);
	if (r == 0)
		fwc_error_clear(err);
	return r;
}
