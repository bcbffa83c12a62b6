/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Sets and their elements, taken back. Elements that are state are nobody's declaration and stay as they are; those of a set
 * that the commit deleted come again with it. */
#include "kernel/undo.h"

/* The set as `shape` has it, without elements. */
static struct fwc_set *clone_set(const struct fwc_undo *u, const struct fwc_set *shape)
{
	struct fwc_set *s = fwc_table_set_in(u->into, shape->name), made;

	if (!s)
		return NULL;
	made = *s;
	*s = *shape;
	s->ruleset = made.ruleset;
	s->table = made.table;
	s->name = made.name;
	s->index = made.index;
	s->elements = made.elements;
	s->lookup = made.lookup;
	s->intervals = made.intervals;
	s->indexed = made.indexed;
	s->disordered = made.disordered;
	s->catch_all = NULL;
	s->reading = NULL;
	s->loaded_count = 0;
	return s;
}

static int push(const struct fwc_undo *u, struct fwc_set *into, const struct fwc_element *e)
{
	struct fwc_element *borrowed = (struct fwc_element *)(uintptr_t)e;

	if (e->set->catch_all == e)
		into->catch_all = borrowed;
	return fwc_vec_push(&into->elements, borrowed) < 0 ? fwc_fail_memory(u->err) : 0;
}

static const struct fwc_element *find(const struct fwc_set *s, const struct fwc_element *e)
{
	return s ? fwc_set_find(s, e->key) : NULL;
}

/* An element that is there: it stays, or becomes what it was, or goes. */
static int merge_present(const struct fwc_undo *u, const struct fwc_set *was,
			 const struct fwc_set *put, const struct fwc_element *now,
			 struct fwc_set *into)
{
	const struct fwc_element *before = find(was, now), *declared = find(put, now);
	bool added = declared && (!before || !fwc_elements_equal(before, declared));

	if (!added || (before && fwc_elements_equal(before, now)))
		return push(u, into, now);
	if (!fwc_elements_equal(declared, now))
		return fwc_undo_conflict(u, "set", into->name, "changed an element");
	return before ? push(u, into, before) : 0;
}

/* Whether the commit deleted it, or gave it other data. */
static bool was_deleted(const struct fwc_undo *u, const struct fwc_set *put,
			const struct fwc_element *e)
{
	const struct fwc_element *declared = find(put, e);

	if (declared)
		return !fwc_elements_equal(declared, e);
	return !(u->put->flags & FWC_TABLE_SHARED) || fwc_is_owned(e->labels, u->owner);
}

static int merge_elements(const struct fwc_undo *u, const struct fwc_set *was,
			  const struct fwc_set *put, const struct fwc_set *is, struct fwc_set *into)
{
	const struct fwc_step *deleted = fwc_undo_step(u, FWC_STEP_DEL_ELEMENTS, was);
	bool touched = deleted || fwc_undo_step(u, FWC_STEP_ADD_ELEMENTS, put);
	int r = 0;

	for (size_t i = 0; r == 0 && i < is->elements.count; i++)
		r = touched && !fwc_set_is_state(is)
			    ? merge_present(u, was, put, is->elements.items[i], into)
			    : push(u, into, is->elements.items[i]);
	for (size_t i = 0; r == 0 && deleted && i < was->elements.count; i++) {
		const struct fwc_element *e = was->elements.items[i];

		if (!was_deleted(u, put, e) || find(is, e))
			continue;
		if (find(put, e))
			return fwc_undo_conflict(u, "set", into->name, "deleted an element");
		r = push(u, into, e);
	}
	return r;
}

/* ---- sets ---- */

int fwc_undo_restore_set(const struct fwc_undo *u, const struct fwc_set *was)
{
	struct fwc_set *into = clone_set(u, was);
	int r = into ? 0 : fwc_fail_memory(u->err);

	for (size_t i = 0; r == 0 && i < was->elements.count; i++)
		r = push(u, into, was->elements.items[i]);
	return r;
}

/* Whether the set has what was declared, no more and no less. */
static bool holds(const struct fwc_undo *u, const struct fwc_set *is, const struct fwc_set *put)
{
	if (!fwc_sets_have_one_shape(is, put))
		return false;
	if (fwc_set_is_state(put))
		return true;
	if (is->elements.count != put->elements.count && !u->done->partly)
		return false;
	for (size_t i = 0; i < is->elements.count; i++) {
		const struct fwc_element *now = is->elements.items[i], *e = find(put, now);

		if (!e || !fwc_elements_equal(e, now))
			return false;
	}
	return true;
}

static int merge_set(const struct fwc_undo *u, const struct fwc_set *is)
{
	const struct fwc_set *was = u->was ? fwc_table_find_set(u->was, is->name) : NULL;
	const struct fwc_set *put = fwc_table_find_set(u->put, is->name);
	bool added = fwc_undo_step(u, FWC_STEP_ADD_SET, put);
	bool deleted = fwc_undo_step(u, FWC_STEP_DEL_SET, was);
	struct fwc_set *into;

	if (deleted && !added)
		return fwc_undo_conflict(u, "set", is->name, "made it again");
	if (added && !holds(u, is, put))
		return fwc_undo_conflict(u, "set", is->name, "changed it");
	if (added)
		return deleted ? fwc_undo_restore_set(u, was) : 0;
	into = clone_set(u, is);
	return into ? merge_elements(u, was, put, is, into) : fwc_fail_memory(u->err);
}

/* A set that is there no more. */
static int merge_gone(const struct fwc_undo *u, const struct fwc_set *was)
{
	const struct fwc_set *put = fwc_table_find_set(u->put, was->name);

	if (fwc_undo_step(u, FWC_STEP_DEL_SET, was) && !fwc_undo_step(u, FWC_STEP_ADD_SET, put))
		return fwc_undo_restore_set(u, was);
	if (fwc_undo_step(u, FWC_STEP_ADD_SET, put) || fwc_undo_step(u, FWC_STEP_DEL_ELEMENTS, was))
		return fwc_undo_conflict(u, "set", was->name, "deleted it");
	return 0;
}

int fwc_undo_sets(const struct fwc_undo *u)
{
	int r = 0;

	for (size_t i = 0; r == 0 && i < u->is->sets.count; i++)
		r = merge_set(u, u->is->sets.items[i]);
	for (size_t i = 0; r == 0 && u->was && i < u->was->sets.count; i++) {
		const struct fwc_set *was = u->was->sets.items[i];

		if (!fwc_table_find_set(u->is, was->name))
			r = merge_gone(u, was);
	}
	return r;
}
