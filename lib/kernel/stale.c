/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Whether somebody else has changed a table since it was loaded.
 *
 * A ruleset that was loaded, edited and applied says how the whole table is to be; what others added meanwhile would go.
 * The generation tells that nothing at all was written. Where something was, what the ruleset still has of the table as it
 * was is compared with the table as it is: objects with a handle were loaded, and editing only adds to them. Counters and
 * elements that are state do not count. */
#include "kernel/stale.h"
#include "kernel/plan.h"
#include "nft/nft.h"

void fwc_stale_note(struct fwc_ruleset *loaded)
{
	for (size_t i = 0; i < loaded->sets.count; i++) {
		struct fwc_set *s = loaded->sets.items[i];

		s->loaded_count = s->elements.count;
	}
}

/* ---- comparing: what it was with what it is ---- */

static bool same_set(const struct fwc_set *was, const struct fwc_set *is)
{
	if (was->handle != is->handle)
		return false;
	if (fwc_set_is_state(was))
		return true;
	if (was->loaded_count != is->elements.count)
		return false;
	for (size_t i = 0; i < was->loaded_count; i++) {
		const struct fwc_element *e = was->elements.items[i];
		const struct fwc_element *now = fwc_set_find(is, e->key);

		if (!now || !fwc_elements_equal(e, now))
			return false;
	}
	return true;
}

static bool same_chain(const struct fwc_chain *was, const struct fwc_chain *is)
{
	/* Folding and unfolding take rules away. */
	const struct fwc_vec *rules = was->loaded_rules.count ? &was->loaded_rules : &was->rules;
	size_t at = 0;

	if (was->handle != is->handle || was->policy != is->policy)
		return false;
	for (size_t i = 0; i < rules->count; i++) {
		const struct fwc_rule *r = rules->items[i], *now;

		if (!r->handle)
			continue; /* added since */
		if (at == is->rules.count)
			return false;
		now = is->rules.items[at++];
		/* A rule that is replaced keeps its handle. */
		if (r->handle != now->handle || !fwc_nft_rules_equal(r, now))
			return false;
	}
	return at == is->rules.count;
}

/* The first that is another one, or new, or gone: its name, and what it is. NULL: none. */
static const char *changed_chain(const struct fwc_table *was, const struct fwc_table *is)
{
	for (size_t i = 0; i < is->chains.count; i++) {
		const struct fwc_chain *now = is->chains.items[i];
		const struct fwc_chain *before = fwc_table_find_chain(was, now->name);

		if (!before || !same_chain(before, now))
			return now->name;
	}
	for (size_t i = 0; i < was->chains.count; i++) {
		const struct fwc_chain *before = was->chains.items[i];

		if (before->handle && !fwc_table_find_chain(is, before->name))
			return before->name;
	}
	return NULL;
}

/* Unfolding takes sets away, and folding makes new ones of their names. */
static const struct fwc_set *loaded_set(const struct fwc_table *was, const char *name)
{
	for (size_t i = 0; i < was->loaded_sets.count; i++) {
		const struct fwc_set *s = was->loaded_sets.items[i];

		if (!strcmp(s->name, name))
			return s;
	}
	return fwc_table_find_set(was, name);
}

static const char *gone_set(const struct fwc_vec *before, const struct fwc_table *is)
{
	for (size_t i = 0; i < before->count; i++) {
		const struct fwc_set *s = before->items[i];

		if (s->handle && !fwc_table_find_set(is, s->name))
			return s->name;
	}
	return NULL;
}

static const char *changed_set(const struct fwc_table *was, const struct fwc_table *is)
{
	const char *gone;

	for (size_t i = 0; i < is->sets.count; i++) {
		const struct fwc_set *now = is->sets.items[i];
		const struct fwc_set *before = loaded_set(was, now->name);

		if (!before || !same_set(before, now))
			return now->name;
	}
	gone = gone_set(&was->sets, is);
	return gone ? gone : gone_set(&was->loaded_sets, is);
}

static int fail_stale(const struct fwc_table *was, struct fwc_error *err, const char *kind,
		      const char *name)
{
	fwc_fail(err, -ESTALE, FWC_OBJECT_TABLE,
		 "%s%s%s since it was loaded: load again, or apply with FWC_APPLY_OVERWRITE", kind,
		 *name ? " " : "", name);
	fwc_table_place(was, err);
	return -ESTALE;
}

static int check_table(const struct fwc_table *was, const struct fwc_table *is,
		       struct fwc_error *err)
{
	const char *name;

	if (!is)
		return fail_stale(was, err, "others have deleted it", "");
	if (is->handle != was->handle)
		return fail_stale(was, err, "others have deleted it and made it again", "");
	if (is->flags != was->flags)
		return fail_stale(was, err, "others have changed its flags", "");
	name = changed_chain(was, is);
	if (name)
		return fail_stale(was, err, "others have changed chain", name);
	name = changed_set(was, is);
	return name ? fail_stale(was, err, "others have changed set", name) : 0;
}

int fwc_stale_check(const struct fwc_ruleset *wanted, const struct fwc_ruleset *loaded,
		    struct fwc_error *err)
{
	int r = 0;

	if (!wanted->loaded || wanted->netns != loaded->netns ||
	    wanted->generation == loaded->generation)
		return 0;
	for (size_t i = 0; r == 0 && i < wanted->tables.count; i++) {
		const struct fwc_table *t = wanted->tables.items[i];

		if (t->handle && !t->absent) /* else added since, or to go in any case */
			r = check_table(t, fwc_ruleset_lookup_table(loaded, t->family, t->name),
					err);
	}
	return r;
}

/* ---- after it was applied ---- */

static void adopt_chain(struct fwc_chain *c, const struct fwc_chain *is)
{
	c->handle = is->handle;
	fwc_vec_free(&c->loaded_rules);
	for (size_t i = 0; i < c->rules.count && i < is->rules.count; i++) {
		struct fwc_rule *r = c->rules.items[i];

		r->handle = ((const struct fwc_rule *)is->rules.items[i])->handle;
	}
}

static void adopt_table(struct fwc_table *t, const struct fwc_table *is)
{
	t->handle = is->handle;
	fwc_vec_free(&t->loaded_sets);
	for (size_t i = 0; i < t->chains.count; i++) {
		struct fwc_chain *c = t->chains.items[i];
		const struct fwc_chain *now = fwc_table_find_chain(is, c->name);

		if (now)
			adopt_chain(c, now);
	}
	for (size_t i = 0; i < t->sets.count; i++) {
		struct fwc_set *s = t->sets.items[i];
		const struct fwc_set *now = fwc_table_find_set(is, s->name);

		s->loaded_count = s->elements.count;
		if (now)
			s->handle = now->handle;
	}
}

void fwc_stale_adopt(struct fwc_ruleset *wanted, const struct fwc_ruleset *loaded)
{
	if (wanted->netns != loaded->netns)
		return;
	for (size_t i = 0; i < wanted->tables.count; i++) {
		struct fwc_table *t = wanted->tables.items[i];
		const struct fwc_table *is = fwc_ruleset_lookup_table(loaded, t->family, t->name);

		/* Of a shared table only ours is declared. */
		if (is && !t->absent && !(t->flags & FWC_TABLE_SHARED))
			adopt_table(t, is);
	}
	wanted->generation = loaded->generation;
}
