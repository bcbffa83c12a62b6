/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The rules of one chain, taken back: those that the commit added go, those that it deleted come again behind the rule that
 * they stood behind, and others' rules stay where they are.
 *
 * Rules that stayed are known by their handles. Those that were added have none that is known: they are found again by what
 * they say, in their order. */
#include <stdlib.h>

#include "kernel/undo.h"

struct one {
	const struct fwc_rule *rule;
	size_t hunk; /* rules of ours before it that stayed */
	bool changed; /* `was`: deleted by the commit; `put`: added by it */
	bool found; /* it is there now */
};

struct merge {
	const struct fwc_undo *u;
	const char *chain;
	struct one *was, *put;
	size_t was_count, put_count;
	const struct fwc_rule *const *is;
	size_t is_count;
	bool *goes; /* of `is` */
	size_t *stayed; /* of `is`: 1 + its place in `was`; 0: it is new */
	struct one **by_handle; /* of `was`, those that stayed */
	size_t by_handle_count;
};

static void merge_free(struct merge *m)
{
	free(m->was);
	free(m->put);
	free(m->goes);
	free(m->stayed);
	free(m->by_handle);
}

/* ---- what the commit did ---- */

static size_t list(const struct merge *m, const struct fwc_chain *c, uint32_t kind, bool all,
		   struct one *ret)
{
	bool shared = m->u->put->flags & FWC_TABLE_SHARED;
	size_t hunk = 0;

	for (size_t i = 0; c && i < c->rules.count; i++) {
		const struct fwc_rule *r = c->rules.items[i];
		/* Of a shared table only ours were compared. */
		bool ours = kind == FWC_STEP_ADD_RULE || !shared ||
			    fwc_is_owned(r->labels, m->u->owner);

		ret[i] = (struct one){ .rule = r, .hunk = hunk };
		ret[i].changed = all || fwc_undo_step(m->u, kind, r);
		hunk += ours && !ret[i].changed;
	}
	return c ? c->rules.count : 0;
}

static int compare_handles(const void *a, const void *b)
{
	uint64_t x = (*(struct one *const *)a)->rule->handle;
	uint64_t y = (*(struct one *const *)b)->rule->handle;

	return x < y ? -1 : x > y;
}

static void find_stayed(struct merge *m)
{
	for (size_t i = 0; i < m->was_count; i++)
		if (!m->was[i].changed && m->was[i].rule->handle)
			m->by_handle[m->by_handle_count++] = &m->was[i];
	qsort(m->by_handle, m->by_handle_count, sizeof(struct one *), compare_handles);
	for (size_t i = 0; i < m->is_count; i++) {
		struct one wanted = { .rule = m->is[i] }, *key = &wanted, **found;

		found = bsearch(&key, m->by_handle, m->by_handle_count, sizeof(struct one *),
				compare_handles);
		m->stayed[i] = found ? (size_t)(*found - m->was) + 1 : 0;
	}
}

/* Finds what the commit added, or deleted, among the rules that are new: as they stand in order, the next one is looked at
 * first. */
static void find_new(struct merge *m, struct one *all, size_t count, bool goes)
{
	size_t next = 0;

	for (size_t i = 0; i < m->is_count; i++) {
		if (m->stayed[i] || m->goes[i])
			continue;
		for (size_t n = 0; n < count; n++) {
			struct one *o = &all[(next + n) % count];

			if (!o->changed || o->found || !fwc_nft_rules_equal(o->rule, m->is[i]))
				continue;
			o->found = true;
			m->goes[i] = goes;
			next = (size_t)(o - all) + 1;
			break;
		}
	}
}

/* Where rules took the place of others, and are not there any more, somebody has changed what is to be taken back. */
static int check(const struct merge *m)
{
	size_t n = 0;

	for (size_t i = 0; i < m->put_count; i++) {
		if (!m->put[i].changed || m->put[i].found)
			continue;
		while (n < m->was_count && m->was[n].hunk < m->put[i].hunk)
			n++;
		for (size_t k = n; k < m->was_count && m->was[k].hunk == m->put[i].hunk; k++)
			if (m->was[k].changed && !m->was[k].found)
				return fwc_undo_conflict(m->u, "chain", m->chain,
							 "changed the rules in the same place");
	}
	return 0;
}

/* ---- putting it together ---- */

static int push(const struct merge *m, struct fwc_chain *into, const struct fwc_rule *r)
{
	return fwc_vec_push(&into->rules, (void *)(uintptr_t)r) < 0 ? fwc_fail_memory(m->u->err)
								    : 0;
}

/* Those that come again from place `*next` of `was` on, up to the next one that is still there. */
static int push_deleted(const struct merge *m, struct fwc_chain *into, const bool *there,
			size_t next)
{
	int r = 0;

	for (; r == 0 && next < m->was_count && !there[next]; next++)
		if (m->was[next].changed && !m->was[next].found)
			r = push(m, into, m->was[next].rule);
	return r;
}

static int put_together(const struct merge *m, struct fwc_chain *into)
{
	fwc_cleanup(fwc_freep) bool *there = calloc(m->was_count + 1, sizeof(*there));
	int r;

	if (!there)
		return fwc_fail_memory(m->u->err);
	for (size_t i = 0; i < m->is_count; i++)
		if (m->stayed[i])
			there[m->stayed[i] - 1] = true;
	r = push_deleted(m, into, there, 0);
	for (size_t i = 0; r == 0 && i < m->is_count; i++) {
		if (!m->goes[i])
			r = push(m, into, m->is[i]);
		if (r == 0 && m->stayed[i])
			r = push_deleted(m, into, there, m->stayed[i]);
	}
	return r;
}

int fwc_undo_rules(const struct fwc_undo *u, const struct fwc_chain *was,
		   const struct fwc_chain *put, const struct fwc_chain *is, struct fwc_chain *into)
{
	size_t was_room = was ? was->rules.count : 0, put_room = put ? put->rules.count : 0;
	size_t is_room = is ? is->rules.count : 0;
	fwc_cleanup(merge_free) struct merge m = {
		.u = u,
		.chain = into->name,
		.was = calloc(was_room + 1, sizeof(*m.was)),
		.put = calloc(put_room + 1, sizeof(*m.put)),
		.goes = calloc(is_room + 1, sizeof(*m.goes)),
		.stayed = calloc(is_room + 1, sizeof(*m.stayed)),
		.by_handle = calloc(was_room + 1, sizeof(struct one *)),
		.is = is ? (const struct fwc_rule *const *)is->rules.items : NULL,
		.is_count = is_room,
	};
	int r;

	if (!m.was || !m.put || !m.goes || !m.stayed || !m.by_handle)
		return fwc_fail_memory(u->err);
	m.was_count = list(&m, was, FWC_STEP_DEL_RULE,
			   was && fwc_undo_step(u, FWC_STEP_FLUSH_CHAIN, was), m.was);
	m.put_count = list(&m, put, FWC_STEP_ADD_RULE, false, m.put);
	find_stayed(&m);
	find_new(&m, m.put, m.put_count, true);
	find_new(&m, m.was, m.was_count, false);
	r = check(&m);
	return r < 0 ? r : put_together(&m, into);
}
