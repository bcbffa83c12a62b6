/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The set or map that a run becomes, and the rule that looks into it. */
#include <stdio.h>

#include "core/buf.h"
#include "model/fold.h"

/* ---- the set or map of a run ---- */

/* `input.ip_saddr.tcp_dport`, numbered when there is one already. False: no name is short enough. */
static bool name_set(const struct fwc_chain *c, const struct fwc_fold_run *run, char name[128])
{
	const struct fwc_fold_rule *f = &run->rules[run->from];
	char room[1024];
	struct fwc_buf out = fwc_buf_over(room, sizeof(room) - 8);

	fwc_buf_puts(&out, c->name);
	for (uint32_t i = 0; i < f->match_count; i++) {
		const struct fwc_value *left = f->match[i]->left;
		size_t parts = left->kind == FWC_VALUE_CONCAT ? left->len : 1;

		for (size_t n = 0; run->varied >> i & 1 && n < parts; n++) {
			const struct fwc_value *v =
				left->kind == FWC_VALUE_CONCAT ? left->child[n] : left;

			fwc_buf_printf(&out, ".%s", v->field->name);
		}
	}
	for (char *at = room; *at; at++)
		*at = strchr("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_./-",
			     *at)
			      ? *at
			      : '_';
	for (unsigned int n = 1; n < UINT16_MAX; n++) {
		if (n == 1)
			snprintf(name, 128, "%.120s", room);
		else
			snprintf(name, 128, "%.120s.%u", room, n);
		if (!fwc_table_find_set(c->table, name))
			return true;
	}
	return false;
}

/* What an element is made of, beside its key. */
struct element_maker {
	struct fwc_set *set;
	const struct fwc_fold_rule *rule;
	bool map, counted;
	struct fwc_fold_note note;
};

static uint16_t ranges_of(const struct fwc_value *key)
{
	uint16_t ranges = 0;

	if (key->kind != FWC_VALUE_CONCAT)
		return key->kind == FWC_VALUE_RANGE;
	for (size_t i = 0; i < key->len; i++)
		ranges |= (uint16_t)((key->child[i]->kind == FWC_VALUE_RANGE) << i);
	return ranges;
}

static uint32_t group_of(const struct fwc_set *s, const struct fwc_value *key)
{
	uint8_t first[FWC_MAX_KEY], last[FWC_MAX_KEY];

	fwc_key_ordered_bytes(key, first, last);
	return fwc_hash(first, fwc_set_key_len(s)) | 1;
}

/* What the rule has counted goes to its first element. */
static int add_counter(struct element_maker *m, struct fwc_element *e)
{
	if (!m->rule->counter)
		return 0;
	if (!fwc_element_state_in(e))
		return -ENOMEM;
	e->state->stateful.targets[0] =
		m->counted ? fwc_target_plain(FWC_TARGET_COUNTER, 0) : m->rule->counter;
	e->state->stateful.count = 1;
	m->counted = true;
	return 0;
}

static int make_element(const struct fwc_value *key, void *ctx)
{
	struct element_maker *m = ctx;
	struct fwc_arena *a = &m->set->ruleset->arena;
	const struct fwc_labels *of = m->rule->rule->labels;
	const struct fwc_value *data = NULL;
	struct fwc_fold_note note = m->note;
	struct fwc_element *e;

	if (m->map)
		data = fwc_value_make_verdict(a, m->rule->verdict, m->rule->chain);
	if (m->map && !data)
		return -ENOMEM;
	e = fwc_set_push(m->set, key, data);
	if (!e || !fwc_labels_in(a, &e->labels) || add_counter(m, e) < 0)
		return -ENOMEM;
	if (of) {
		e->labels->comment = of->comment;
		e->labels->tag = of->tag;
		e->labels->owner = of->owner;
	}
	if (m->note.group == 1)
		note.group = m->note.group = group_of(m->set, key);
	note.ranges = ranges_of(key);
	if (fwc_value_is_interval(key))
		m->set->flags |= FWC_SET_INTERVAL;
	return fwc_fold_note(a, e->labels, &note);
}

/* Bit n: the n-th match of the key is a list. */
static uint16_t lists_of(const struct fwc_fold_rule *f, uint32_t varied)
{
	uint16_t lists = 0;
	uint32_t n = 0;

	for (uint32_t i = 0; i < f->match_count; i++)
		if (varied >> i & 1)
			lists |= (uint16_t)((f->match[i]->right->kind == FWC_VALUE_LIST) << n++);
	return lists;
}

static int fill_set(const struct fwc_fold_run *run, struct fwc_set *s)
{
	int r = 0;

	for (size_t i = run->from; r == 0 && i < run->from + run->count; i++) {
		const struct fwc_fold_rule *f = &run->rules[i];
		struct element_maker m = { .set = s, .rule = f, .map = s->data_count };
		struct fwc_fold_keys k = { .rule = f,
					   .varied = run->varied,
					   .arena = &s->ruleset->arena,
					   .add = make_element,
					   .ctx = &m };

		m.note.number = (uint32_t)i;
		m.note.group = fwc_fold_key_count(f, run->varied) > 1;
		m.note.lists = lists_of(f, run->varied);
		r = fwc_fold_keys_add(&k);
	}
	return r;
}

static int note_layout(const struct fwc_fold_run *run, struct fwc_set *s)
{
	const struct fwc_fold_rule *f = &run->rules[run->from];
	uint8_t layout[FWC_FOLD_MATCHES] = { 0 };

	for (uint32_t i = 0; i < f->match_count; i++)
		if (run->varied >> i & 1)
			layout[i] = f->match[i]->left->kind == FWC_VALUE_CONCAT
					    ? (uint8_t)f->match[i]->left->len
					    : 1;
	if (!fwc_labels_in(&s->ruleset->arena, &s->labels))
		return -ENOMEM;
	s->labels->owner = fwc_rule_owner_get(f->rule);
	return fwc_fold_layout(&s->ruleset->arena, s->labels, layout, f->match_count);
}

/* A set of single keys is filled 2.5 times faster with a size, which is a limit: some room is left. */
static uint32_t room_for(size_t count)
{
	uint32_t room = 64;

	while (room < count + count / 4)
		room *= 2;
	return room;
}

/* Keys of two bytes are a bitmap to the kernel, where elements count nothing; a map or intervals are not. */
static bool would_not_count(const struct fwc_fold_run *run, const struct fwc_set *s)
{
	bool counts = false;

	for (size_t i = run->from; i < run->from + run->count; i++)
		counts |= run->rules[i].counter != NULL;
	return counts && s->key_count == 1 && s->key[0]->len <= sizeof(uint16_t);
}

static struct fwc_set *make_set(struct fwc_chain *c, const struct fwc_fold_run *run)
{
	const struct fwc_type *types[FWC_MAX_TYPES];
	struct fwc_set *s;
	char name[128];

	if (!name_set(c, run, name))
		return NULL;
	s = fwc_table_set_in(c->table, name);
	if (!s)
		return NULL;
	s->key_count = (uint8_t)fwc_fold_types(run, types);
	memcpy(s->key, types, s->key_count * sizeof(*types));
	if (!run->same_tails || (would_not_count(run, s) && run->rules[run->from].verdict)) {
		s->data[0] = &fwc_type_verdict;
		s->data_count = 1;
	} else if (would_not_count(run, s)) {
		s->flags |= FWC_SET_INTERVAL;
	}
	if (fill_set(run, s) < 0 || note_layout(run, s) < 0)
		return NULL;
	if (!(s->flags & FWC_SET_INTERVAL))
		s->max_elements = room_for(s->elements.count);
	return s;
}

/* ---- the rule of a run ---- */

static const struct fwc_value *left_of_run(const struct fwc_fold_run *run, struct fwc_arena *a)
{
	const struct fwc_fold_rule *f = &run->rules[run->from];
	const struct fwc_value *part[FWC_MAX_CONCAT];
	size_t parts = 0;

	for (uint32_t i = 0; i < f->match_count; i++) {
		const struct fwc_value *left = f->match[i]->left;

		if (!(run->varied >> i & 1))
			continue;
		if (left->kind != FWC_VALUE_CONCAT)
			part[parts++] = left;
		for (size_t n = 0; left->kind == FWC_VALUE_CONCAT && n < left->len; n++)
			part[parts++] = left->child[n];
	}
	return parts == 1 ? part[0] : fwc_value_make_concat(a, part, parts);
}

static int add_vmap(struct fwc_rule *r, const struct fwc_value *left, const struct fwc_value *set)
{
	struct fwc_arena *a = &r->chain->table->ruleset->arena;
	const struct fwc_value *map = fwc_value_make_map(a, left, set);
	struct fwc_target *t = fwc_target_in(a, FWC_TARGET_VMAP);

	if (!map || !t)
		return -ENOMEM;
	fwc_target_put_value(t, FWC_VMAP_VALUE, map);
	return fwc_rule_add_bound_target(r, t);
}

static int fill_rule(const struct fwc_fold_run *run, const struct fwc_set *s, struct fwc_rule *r)
{
	struct fwc_arena *a = &s->ruleset->arena;
	const struct fwc_fold_rule *f = &run->rules[run->from];
	const struct fwc_value *left = left_of_run(run, a), *set = fwc_value_make_set(a, s->name);
	int result = left && set ? 0 : -ENOMEM;

	for (uint32_t i = 0; result == 0 && i < f->match_count; i++)
		if (!(run->varied >> i & 1))
			result = fwc_rule_add_match(r, f->match[i]->left, f->match[i]->op,
						    f->match[i]->right);
	if (result == 0 && s->data_count)
		return add_vmap(r, left, set);
	if (result == 0)
		result = fwc_rule_add_match(r, left, FWC_OP_EQ, set);
	for (const struct fwc_item *i = f->tail; result == 0 && i; i = i->next)
		result = fwc_rule_add_bound_target(r, i->target);
	return result;
}

struct fwc_rule *fwc_fold_build(struct fwc_chain *c, const struct fwc_fold_run *run,
				const struct fwc_set **ret_set)
{
	struct fwc_rule *r = fwc_rule_new_in(c);
	struct fwc_set *s = r ? make_set(c, run) : NULL;

	if (!s || fill_rule(run, s, r) < 0)
		return NULL;
	if (s->labels->owner) {
		if (!fwc_labels_in(&s->ruleset->arena, &r->labels))
			return NULL;
		r->labels->owner = s->labels->owner;
	}
	*ret_set = s;
	return r;
}
