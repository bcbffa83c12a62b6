/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The difference between a declared ruleset and a loaded one: tables, chains, sets and elements. Rules are in rules.c. */
#include <fwcore/ruleset.h>

#include "iptables/iptables.h"
#include "kernel/plan.h"
#include "kernel/references.h"
#include "model/fold.h"
#include "nft/nft.h"
#include "nft/uapi.h"

bool fwc_is_owned(const struct fwc_labels *labels, const char *owner)
{
	return labels && labels->owner && !strcmp(labels->owner, owner);
}

bool fwc_needs_owner(const struct fwc_table *t, const struct fwc_labels *labels)
{
	return (t->flags & FWC_TABLE_SHARED) || (labels && labels->tag);
}

static bool equal_texts(const char *a, const char *b)
{
	return a == b || (a && b && !strcmp(a, b));
}

struct fwc_step *fwc_planner_step(struct fwc_planner *p, uint32_t kind)
{
	struct fwc_step *step = fwc_steps_add(&p->plan->steps, kind);

	if (!step)
		fwc_fail_memory(p->err);
	return step;
}

static bool is_shared(const struct fwc_planner *p)
{
	return p->wanted->flags & FWC_TABLE_SHARED;
}

/* Whether an undeclared object of the loaded table is to go. */
static bool is_ours(const struct fwc_planner *p, const struct fwc_labels *labels)
{
	return !is_shared(p) || fwc_is_owned(labels, p->owner);
}

/* The kernel takes comments of tables, chains, sets and objects when it makes them, and ignores them ever after. */
static int keep_comment(struct fwc_planner *p, uint32_t object, const char *name,
			const struct fwc_labels *wanted, const struct fwc_labels *loaded)
{
	const char *declared = wanted ? wanted->comment : NULL;
	const char *there = loaded ? loaded->comment : NULL;
	struct fwc_kept *kept;

	if (equal_texts(declared, there))
		return 0;
	kept = fwc_arena_alloc(&p->plan->arena, sizeof(*kept));
	if (!kept || fwc_vec_push(&p->plan->kept, kept) < 0)
		return fwc_fail_memory(p->err);
	*kept = (struct fwc_kept){ p->wanted, object, name, declared, there };
	return 0;
}

/* ---- elements ---- */

static bool equal_labels(const struct fwc_labels *a, const struct fwc_labels *b)
{
	static const struct fwc_labels none;

	a = a ? a : &none;
	b = b ? b : &none;
	return equal_texts(a->comment, b->comment) && equal_texts(a->tag, b->tag);
}

enum { TICK_MS = 10 }; /* the longest of a kernel: times are cut to its ticks */

static bool same_time(uint64_t a, uint64_t b)
{
	return (a > b ? a - b : b - a) < TICK_MS;
}

/* What is left of it does not count. */
static uint64_t timeout_of(const struct fwc_element *e)
{
	return e->state && e->state->timeout_ms ? e->state->timeout_ms : e->set->timeout_ms;
}

bool fwc_elements_equal(const struct fwc_element *a, const struct fwc_element *b)
{
	return fwc_data_equal(a->data, b->data) && same_time(timeout_of(a), timeout_of(b)) &&
	       equal_labels(a->labels, b->labels) && fwc_fold_same_note(a->labels, b->labels) &&
	       fwc_stateful_equal(fwc_element_stateful(a), fwc_element_stateful(b));
}

/* What carries a tag is found again by tag and owner. */
static bool any_needs_owner(const struct fwc_table *t, const struct fwc_vec *elements)
{
	for (size_t i = 0; i < elements->count; i++)
		if (fwc_needs_owner(t, ((const struct fwc_element *)elements->items[i])->labels))
			return true;
	return false;
}

/* One step for all of them; the list moves into the plan. */
static int add_elements_step(struct fwc_planner *p, uint32_t kind, const struct fwc_set *s,
			     const struct fwc_vec *elements)
{
	struct fwc_step *step;

	if (elements->count == 0)
		return 0;
	step = fwc_planner_step(p, kind);
	if (!step)
		return -ENOMEM;
	step->set = s;
	step->stamp = any_needs_owner(p->wanted, elements);
	step->count = elements->count;
	step->elements = fwc_arena_copy(&p->plan->arena, elements->items,
					elements->count * sizeof(*elements->items));
	return step->elements ? 0 : fwc_fail_memory(p->err);
}

struct element_lists {
	struct fwc_vec add, del;
	size_t met; /* of the loaded elements, how many are declared */
};

static void element_lists_free(struct element_lists *lists)
{
	fwc_vec_free(&lists->add);
	fwc_vec_free(&lists->del);
}

/* Whether an element that is there stays as it is, whatever was declared: packets or somebody else may have changed it.
 * Elements that only have timeouts nobody changes. */
static bool is_left_alone(const struct fwc_set *s)
{
	return s->flags & (FWC_SET_DYNAMIC | FWC_SET_STATE);
}

static int list_declared(struct fwc_planner *p, const struct fwc_set *wanted,
			 const struct fwc_set *loaded, struct element_lists *lists)
{
	bool state = is_left_alone(wanted) || is_left_alone(loaded);

	for (size_t i = 0; i < wanted->elements.count; i++) {
		struct fwc_element *e = wanted->elements.items[i];
		const struct fwc_element *there = fwc_set_find(loaded, e->key);

		lists->met += there != NULL;
		if (there && (state || fwc_elements_equal(e, there)))
			continue;
		/* Others have merged it with theirs, which stay. */
		if (!there && state && fwc_set_merges(wanted) &&
		    fwc_set_find_covering(loaded, e->key))
			continue;
		/* Somebody else's with other data stays: the kernel then says that it is there. */
		if (there && is_ours(p, there->labels) &&
		    fwc_vec_push(&lists->del, (void *)(uintptr_t)there) < 0)
			return fwc_fail_memory(p->err);
		if (fwc_vec_push(&lists->add, e) < 0)
			return fwc_fail_memory(p->err);
	}
	return 0;
}

/* What is there and not declared. `wanted` NULL: nothing is. */
static int list_undeclared(struct fwc_planner *p, const struct fwc_set *wanted,
			   const struct fwc_set *loaded, struct element_lists *lists)
{
	if (fwc_set_is_state(loaded) || (wanted && fwc_set_is_state(wanted)))
		return 0;
	if (lists->met == loaded->elements.count)
		return 0; /* no key is declared twice */
	for (size_t i = 0; i < loaded->elements.count; i++) {
		struct fwc_element *e = loaded->elements.items[i];

		if (is_ours(p, e->labels) && !(wanted && fwc_set_find(wanted, e->key)) &&
		    fwc_vec_push(&lists->del, e) < 0)
			return fwc_fail_memory(p->err);
	}
	return 0;
}

static int plan_elements(struct fwc_planner *p, const struct fwc_set *wanted,
			 const struct fwc_set *loaded, const struct element_lists *lists)
{
	int r = add_elements_step(p, FWC_STEP_DEL_ELEMENTS, loaded, &lists->del);

	return r < 0 ? r : add_elements_step(p, FWC_STEP_ADD_ELEMENTS, wanted, &lists->add);
}

/* ---- sets ---- */

enum {
	SHAPE_FLAGS = FWC_SET_CONSTANT | FWC_SET_INTERVAL | FWC_SET_DYNAMIC | FWC_SET_AUTO_MERGE |
		      FWC_SET_DATA_INTERVAL,
};

static int is_changed(const struct fwc_reference *reference, void *ctx)
{
	return !reference->chain && reference->use == FWC_USE_CHANGE &&
	       !strcmp(reference->set, ctx);
}

static bool rules_change(const struct fwc_table *t, const struct fwc_set *s)
{
	for (size_t i = 0; i < t->chains.count; i++) {
		const struct fwc_chain *c = t->chains.items[i];

		for (size_t n = 0; n < c->rules.count; n++)
			if (fwc_rule_references(c->rules.items[n], is_changed,
						(void *)(uintptr_t)s->name))
				return true;
	}
	return false;
}

/* The first rule that adds to a set without a limit gives it one: nft_dynset_init(). */
enum { GIVEN_SIZE = 65535 };

static uint32_t most_elements(const struct fwc_set *s)
{
	bool given = !s->max_elements && !(s->flags & FWC_SET_CONSTANT) &&
		     (s->flags & FWC_SET_DYNAMIC || rules_change(s->table, s));

	return given ? GIVEN_SIZE : s->max_elements;
}

bool fwc_sets_have_one_shape(const struct fwc_set *a, const struct fwc_set *b)
{
	if (a->key_count != b->key_count || a->data_count != b->data_count ||
	    memcmp(a->key, b->key, a->key_count * sizeof(*a->key)) != 0 ||
	    memcmp(a->data, b->data, a->data_count * sizeof(*a->data)) != 0)
		return false;
	if ((a->flags ^ b->flags) & SHAPE_FLAGS || !same_time(a->timeout_ms, b->timeout_ms) ||
	    !a->timeout_ms != !b->timeout_ms || a->gc_interval_ms != b->gc_interval_ms ||
	    a->policy != b->policy || !fwc_stateful_equal(&a->stateful, &b->stateful))
		return false;
	/* A constant set's size is the number of its elements, whatever was asked for. */
	return (a->flags & FWC_SET_CONSTANT) || a->max_elements == b->max_elements ||
	       most_elements(a) == most_elements(b);
}

/* Whether elements of `from` can be elements of `to`. */
static bool can_move(const struct fwc_set *from, const struct fwc_set *to)
{
	return from->key_count == to->key_count && from->data_count == to->data_count &&
	       !((from->flags ^ to->flags) & FWC_SET_INTERVAL) &&
	       !(from->flags & FWC_SET_TIMEOUT & ~to->flags) &&
	       !memcmp(from->key, to->key, to->key_count * sizeof(*to->key)) &&
	       !memcmp(from->data, to->data, to->data_count * sizeof(*to->data)) &&
	       fwc_stateful_equal(&from->stateful, &to->stateful);
}

/* The kernel lets rules add to a set that was not declared dynamic where it has no size, and then gives it one itself. It is
 * made as it was: without. */
static const struct fwc_set *as_declared(struct fwc_planner *p, const struct fwc_set *s)
{
	const uint32_t other =
		FWC_SET_DYNAMIC | FWC_SET_CONSTANT | FWC_SET_INTERVAL | FWC_SET_TIMEOUT;
	struct fwc_set *copy;

	if (s->max_elements != GIVEN_SIZE || s->flags & other || s->timeout_ms ||
	    !rules_change(p->wanted, s))
		return s;
	copy = fwc_arena_copy(&p->plan->arena, s, sizeof(*s));
	if (copy)
		copy->max_elements = 0;
	else
		fwc_fail_memory(p->err);
	return copy;
}

static int create_set(struct fwc_planner *p, const struct fwc_set *wanted)
{
	const struct fwc_set *s = as_declared(p, wanted);
	struct fwc_step *step = s ? fwc_planner_step(p, FWC_STEP_ADD_SET) : NULL;

	if (!step)
		return -ENOMEM;
	step->set = s;
	step->stamp = fwc_needs_owner(p->wanted, s->labels);
	return add_elements_step(p, FWC_STEP_ADD_ELEMENTS, s, &s->elements);
}

static int delete_set(struct fwc_planner *p, const struct fwc_set *s)
{
	struct fwc_step *step = fwc_planner_step(p, FWC_STEP_DEL_SET);

	if (!step)
		return -ENOMEM;
	step->set = s;
	return 0;
}

/* What others put into a set that is state, and that is made anew with another size or timeout: in the same transaction it is
 * in the new one, so that no packet misses it. */
static int keep_state(struct fwc_planner *p, const struct fwc_set *wanted,
		      const struct fwc_set *loaded)
{
	fwc_cleanup(fwc_vec_free) struct fwc_vec kept = { 0 };

	if (!(fwc_set_is_state(wanted) || fwc_set_is_state(loaded)) || !can_move(loaded, wanted))
		return 0;
	for (size_t i = 0; i < loaded->elements.count; i++) {
		struct fwc_element *e = loaded->elements.items[i];

		if (!fwc_set_find(wanted, e->key) && fwc_vec_push(&kept, e) < 0)
			return fwc_fail_memory(p->err);
	}
	return add_elements_step(p, FWC_STEP_ADD_ELEMENTS, wanted, &kept);
}

static int remake_set(struct fwc_planner *p, const struct fwc_set *wanted,
		      const struct fwc_set *loaded)
{
	int r;

	if (!is_ours(p, loaded->labels)) {
		fwc_fail(p->err, -EEXIST, FWC_OBJECT_SET,
			 "set %s is somebody else's and has other types or flags", wanted->name);
		fwc_table_place(p->wanted, p->err);
		return -EEXIST;
	}
	if (fwc_vec_push(&p->remade, (void *)(uintptr_t)wanted) < 0)
		return fwc_fail_memory(p->err);
	r = delete_set(p, loaded);
	if (r == 0)
		r = create_set(p, wanted);
	return r < 0 ? r : keep_state(p, wanted, loaded);
}

static int plan_set(struct fwc_planner *p, const struct fwc_set *wanted)
{
	const struct fwc_set *loaded =
		p->loaded ? fwc_table_find_set(p->loaded, wanted->name) : NULL;
	fwc_cleanup(element_lists_free) struct element_lists lists = { 0 };
	int r;

	if (!loaded)
		return create_set(p, wanted);
	if (!fwc_sets_have_one_shape(wanted, loaded))
		return remake_set(p, wanted, loaded);
	r = list_declared(p, wanted, loaded, &lists);
	if (r == 0)
		r = list_undeclared(p, wanted, loaded, &lists);
	if (r < 0)
		return r;
	/* The kernel changes no constant set that a rule uses. */
	if ((wanted->flags & FWC_SET_CONSTANT) && (lists.add.count || lists.del.count))
		return remake_set(p, wanted, loaded);
	r = plan_elements(p, wanted, loaded, &lists);
	if (r == 0 && is_ours(p, loaded->labels))
		r = keep_comment(p, FWC_OBJECT_SET, wanted->name, wanted->labels, loaded->labels);
	return r;
}

static int plan_undeclared_set(struct fwc_planner *p, const struct fwc_set *loaded)
{
	fwc_cleanup(element_lists_free) struct element_lists lists = { 0 };
	int r;

	if (is_ours(p, loaded->labels))
		return delete_set(p, loaded);
	r = list_undeclared(p, NULL, loaded, &lists);
	return r < 0 ? r : plan_elements(p, NULL, loaded, &lists);
}

int fwc_plan_sets(struct fwc_planner *p)
{
	int r = 0;

	for (size_t i = 0; r == 0 && i < p->wanted->sets.count; i++)
		r = plan_set(p, p->wanted->sets.items[i]);
	for (size_t i = 0; r == 0 && p->loaded && i < p->loaded->sets.count; i++) {
		const struct fwc_set *s = p->loaded->sets.items[i];

		if (!fwc_table_find_set(p->wanted, s->name))
			r = plan_undeclared_set(p, s);
	}
	return r;
}

/* ---- chains ---- */

/* The order in which devices are named means nothing. */
static bool equal_devices(const struct fwc_chain *a, const struct fwc_chain *b)
{
	size_t found = 0;

	for (size_t i = 0; i < a->device_count; i++)
		for (size_t n = 0; n < b->device_count; n++)
			found += !strcmp(a->devices[i], b->devices[n]);
	return found == a->device_count && found == b->device_count;
}

bool fwc_chains_have_one_hook(const struct fwc_chain *a, const struct fwc_chain *b)
{
	if (a->is_base != b->is_base)
		return false;
	return !a->is_base || (a->type == b->type && a->hook == b->hook &&
			       a->priority == b->priority && equal_devices(a, b));
}

static int chain_step(struct fwc_planner *p, uint32_t kind, const struct fwc_chain *c)
{
	struct fwc_step *step = fwc_planner_step(p, kind);

	if (!step)
		return -ENOMEM;
	step->chain = c;
	step->stamp = fwc_needs_owner(p->wanted, c->labels);
	step->beside_flags = p->beside_flags && c->is_base &&
			     (kind == FWC_STEP_ADD_CHAIN || kind == FWC_STEP_DEL_CHAIN);
	return 0;
}

static int delete_chain(struct fwc_planner *p, const struct fwc_chain *c)
{
	int r = 0;

	/* Emptied apart and first: the chains that go may jump to each other. */
	if (c->rules.count)
		r = chain_step(p, FWC_STEP_FLUSH_CHAIN, c);
	return r < 0 ? r : chain_step(p, FWC_STEP_DEL_CHAIN, c);
}

static int create_chain(struct fwc_planner *p, const struct fwc_chain *c)
{
	int r = chain_step(p, FWC_STEP_ADD_CHAIN, c);

	return r < 0 ? r : fwc_plan_rules(p, c, NULL);
}

static int plan_chain(struct fwc_planner *p, const struct fwc_chain *wanted)
{
	const struct fwc_chain *loaded =
		p->loaded ? fwc_table_find_chain(p->loaded, wanted->name) : NULL;
	int r;

	if (!loaded)
		return create_chain(p, wanted);
	if (wanted->is_base && !is_ours(p, loaded->labels) &&
	    !fwc_chains_have_one_hook(wanted, loaded)) {
		fwc_fail(p->err, -EEXIST, FWC_OBJECT_CHAIN,
			 "this chain is somebody else's and has another type, hook or priority");
		fwc_chain_place(wanted, p->err);
		return -EEXIST;
	}
	/* Others' chains stay as they are, and so does one that is declared by its name alone. */
	if (is_ours(p, loaded->labels) && (wanted->bound || !is_shared(p))) {
		if (!fwc_chains_have_one_hook(wanted, loaded)) {
			r = delete_chain(p, loaded);
			return r < 0 ? r : create_chain(p, wanted);
		}
		r = keep_comment(p, FWC_OBJECT_CHAIN, wanted->name, wanted->labels, loaded->labels);
		if (r == 0 && wanted->is_base && wanted->policy != loaded->policy)
			r = chain_step(p, FWC_STEP_SET_POLICY, wanted);
		if (r < 0)
			return r;
	}
	return fwc_plan_rules(p, wanted, loaded);
}

static int plan_undeclared_chain(struct fwc_planner *p, const struct fwc_chain *loaded)
{
	/* A chain that a rule holds in itself goes with that rule. */
	if (loaded->kernel_flags & NFT_CHAIN_BINDING)
		return 0;
	if (is_ours(p, loaded->labels))
		return delete_chain(p, loaded);
	return fwc_plan_rules(p, NULL, loaded);
}

int fwc_plan_chains(struct fwc_planner *p)
{
	int r = 0;

	for (size_t i = 0; r == 0 && i < p->wanted->chains.count; i++)
		r = plan_chain(p, p->wanted->chains.items[i]);
	for (size_t i = 0; r == 0 && p->loaded && i < p->loaded->chains.count; i++) {
		const struct fwc_chain *c = p->loaded->chains.items[i];

		if (!fwc_table_find_chain(p->wanted, c->name))
			r = plan_undeclared_chain(p, c);
	}
	return r;
}

/* ---- objects ---- */

static int object_step(struct fwc_planner *p, uint32_t kind, const struct fwc_named *o)
{
	struct fwc_step *step = fwc_planner_step(p, kind);

	if (!step)
		return -ENOMEM;
	step->object = o;
	step->stamp = fwc_needs_owner(p->wanted, o->labels);
	return 0;
}

/* The flowtable as if it had that device alone. */
static int remove_device(struct fwc_planner *p, const struct fwc_named *o,
			 const struct fwc_value *device)
{
	struct fwc_arena *arena = &p->plan->arena;
	struct fwc_target *what = fwc_target_in(arena, FWC_TARGET_FLOWTABLE);
	struct fwc_named *part = fwc_arena_copy(arena, o, sizeof(*o));
	const char *priority = fwc_target_get_text(o->what, FWC_FLOWTABLE_PRIORITY);

	if (!what || !part)
		return fwc_fail_memory(p->err);
	if (priority)
		fwc_target_put_text(what, FWC_FLOWTABLE_PRIORITY, priority);
	fwc_target_put_value(what, FWC_FLOWTABLE_DEVICES, device);
	part->what = what;
	return object_step(p, FWC_STEP_DEL_DEVICE, part);
}

/* The devices of a flowtable that are not wanted any more leave it, the others stay in use. */
static int remove_devices(struct fwc_planner *p, const struct fwc_named *wanted,
			  const struct fwc_named *loaded)
{
	const struct fwc_value *devices = fwc_target_get_value(loaded->what, FWC_FLOWTABLE_DEVICES);
	int r = 0;

	for (size_t i = 0; r == 0 && i < fwc_value_item_count(devices); i++)
		if (!fwc_nft_flowtable_has_device(wanted, fwc_value_item(devices, i)))
			r = remove_device(p, loaded, fwc_value_item(devices, i));
	return r;
}

/* The kernel changes quotas and flowtables in place; of others it takes the new numbers and ignores them. */
static int plan_object(struct fwc_planner *p, const struct fwc_named *wanted)
{
	const struct fwc_named *loaded =
		p->loaded ? fwc_table_find_object(p->loaded, wanted->type, wanted->name) : NULL;
	int r = 0;

	if (loaded && is_ours(p, loaded->labels) &&
	    (wanted->type == FWC_OBJECT_TYPE_QUOTA || fwc_nft_objects_equal(wanted, loaded)))
		r = keep_comment(p, FWC_OBJECT_NONE, wanted->name, wanted->labels, loaded->labels);
	if (r < 0 || (loaded && fwc_nft_objects_equal(wanted, loaded)))
		return r;
	if (loaded && !is_ours(p, loaded->labels)) {
		fwc_fail(p->err, -EEXIST, FWC_OBJECT_TABLE,
			 "object %s is somebody else's and does something else", wanted->name);
		fwc_table_place(p->wanted, p->err);
		return -EEXIST;
	}
	if (loaded && wanted->type == FWC_OBJECT_TYPE_FLOWTABLE &&
	    fwc_nft_flowtable_can_become(loaded, wanted))
		r = remove_devices(p, wanted, loaded);
	else if (loaded && wanted->type != FWC_OBJECT_TYPE_QUOTA)
		r = object_step(p, FWC_STEP_DEL_OBJECT, loaded);
	return r < 0 ? r : object_step(p, FWC_STEP_ADD_OBJECT, wanted);
}

static int plan_objects(struct fwc_planner *p)
{
	int r = 0;

	for (size_t i = 0; r == 0 && i < p->wanted->objects.count; i++)
		r = plan_object(p, p->wanted->objects.items[i]);
	for (size_t i = 0; r == 0 && p->loaded && i < p->loaded->objects.count; i++) {
		const struct fwc_named *o = p->loaded->objects.items[i];

		if (is_ours(p, o->labels) && !fwc_table_find_object(p->wanted, o->type, o->name))
			r = object_step(p, FWC_STEP_DEL_OBJECT, o);
	}
	return r;
}

/* ---- tables ---- */

static int table_step(struct fwc_planner *p, uint32_t kind, const struct fwc_table *t)
{
	struct fwc_step *step = fwc_planner_step(p, kind);

	if (!step)
		return -ENOMEM;
	step->table = t;
	return 0;
}

/* Whose table it is was said when it was made. One that its owner left has PERSIST alone, and can be taken over. */
static int plan_owned(struct fwc_planner *p)
{
	const uint32_t owned = FWC_TABLE_OWNER | FWC_TABLE_PERSIST;
	uint32_t wanted = p->wanted->flags & owned, loaded = p->loaded->flags & owned;

	if (wanted == loaded)
		return 0;
	if (wanted == owned && loaded == FWC_TABLE_PERSIST)
		return table_step(p, FWC_STEP_SET_TABLE, p->wanted);
	fwc_fail(
		p->err, -EEXIST, FWC_OBJECT_TABLE,
		"this table exists with other flags: owner and persist are given when a table is made");
	fwc_table_place(p->wanted, p->err);
	return -EEXIST;
}

/* Whether a hook goes and comes again under its name: that is before and behind SET_TABLE at once. */
static bool remakes_hook(const struct fwc_planner *p)
{
	for (size_t i = 0; i < p->wanted->chains.count; i++) {
		const struct fwc_chain *c = p->wanted->chains.items[i];
		const struct fwc_chain *loaded = fwc_table_find_chain(p->loaded, c->name);

		if (loaded && c->is_base && loaded->is_base && !fwc_chains_have_one_hook(c, loaded))
			return true;
	}
	return false;
}

static int plan_flags(struct fwc_planner *p)
{
	int r = table_step(p, FWC_STEP_SET_TABLE, p->wanted);

	if (r < 0)
		return r;
	p->beside_flags = !remakes_hook(p);
	p->plan->steps.items[p->plan->steps.count - 1].apart = !p->beside_flags;
	return 0;
}

static int plan_present(struct fwc_planner *p)
{
	int r = 0;

	p->beside_flags = false;
	if (!p->loaded)
		r = table_step(p, FWC_STEP_ADD_TABLE, p->wanted);
	else if (!is_shared(p) && (p->wanted->flags ^ p->loaded->flags) & FWC_TABLE_DORMANT)
		r = plan_flags(p);
	if (r == 0 && p->loaded && !is_shared(p))
		r = plan_owned(p);
	if (r == 0 && p->loaded && !is_shared(p))
		r = keep_comment(p, FWC_OBJECT_TABLE, "", p->wanted->labels, p->loaded->labels);
	if (r == 0)
		r = plan_objects(p);
	if (r == 0)
		r = fwc_plan_sets(p);
	return r < 0 ? r : fwc_plan_chains(p);
}

static int refuse_iptables(struct fwc_planner *p)
{
	fwc_fail(
		p->err, -EOPNOTSUPP, FWC_OBJECT_TABLE,
		"this table is managed by iptables-nft, which would misread rules of others: it takes what fwc_ruleset_add_iptables_table() declares");
	fwc_table_place(p->loaded, p->err);
	return -EOPNOTSUPP;
}

/* What goes into a table of iptables is what iptables-nft reads as what it is. */
static int check_step(const struct fwc_step *step, struct fwc_error *err)
{
	int r = 0;

	if (step->kind == FWC_STEP_ADD_RULE) {
		r = fwc_xt_check_rule(step->rule, err);
		if (r < 0)
			fwc_rule_place(step->rule, err);
		return r;
	}
	if (step->kind == FWC_STEP_ADD_CHAIN && step->chain->is_base &&
	    !fwc_xt_is_chain(step->chain)) {
		r = fwc_fail(err, -EOPNOTSUPP, FWC_OBJECT_CHAIN,
			     "iptables has no base chain of this name, hook and priority here");
		fwc_chain_place(step->chain, err);
	} else if (step->kind == FWC_STEP_ADD_SET || step->kind == FWC_STEP_ADD_OBJECT) {
		r = fwc_fail(err, -EOPNOTSUPP, FWC_OBJECT_TABLE,
			     "iptables has no sets and no named objects");
		fwc_table_place(fwc_step_table(step), err);
	}
	return r;
}

static int check_dialect(struct fwc_planner *p, size_t from)
{
	int r = 0;

	for (size_t i = from; i < p->plan->steps.count && r == 0; i++)
		r = check_step(&p->plan->steps.items[i], p->err);
	return r;
}

static int plan_table(struct fwc_planner *p)
{
	size_t before = p->plan->steps.count;
	int r = 0;

	if (!p->wanted->absent)
		r = plan_present(p);
	else if (p->loaded)
		r = table_step(p, FWC_STEP_DEL_TABLE, p->loaded);
	if (r < 0 || p->plan->steps.count == before)
		return r;
	if (p->wanted->is_iptables)
		return check_dialect(p, before);
	return p->loaded && p->loaded->is_iptables ? refuse_iptables(p) : 0;
}

int fwc_plan_difference(struct fwc_plan *plan, const char *owner, struct fwc_error *err)
{
	struct fwc_planner p = { .plan = plan, .owner = owner, .err = err };
	int r = 0;

	for (size_t i = 0; r == 0 && i < plan->wanted->tables.count; i++) {
		p.wanted = plan->wanted->tables.items[i];
		p.loaded = fwc_ruleset_lookup_table(plan->loaded, p.wanted->family, p.wanted->name);
		r = plan_table(&p);
		fwc_vec_free(&p.remade);
	}
	if (r == 0 && fwc_steps_sort(&plan->steps) < 0)
		r = fwc_fail_memory(err);
	return r;
}
