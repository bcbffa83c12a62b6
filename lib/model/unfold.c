/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Rules again of what was folded.
 *
 * A set that folding made says so in its userdata, and so do its elements. It is unfolded where one rule looks into it, as
 * folding wrote that rule; whatever else somebody made of it stays as it is. */
#include <stdlib.h>

#include "model/fold.h"

/* A rule that looks into such a set. */
struct folded {
	const struct fwc_rule *rule;
	struct fwc_set *set;
	const struct fwc_item *front[FWC_FOLD_MATCHES];
	size_t front_count;
	const struct fwc_value *part[FWC_MAX_CONCAT]; /* of the key, its fields */
	size_t parts;
	const struct fwc_item *tail; /* of a set; NULL in a map */
	uint8_t layout[FWC_FOLD_MATCHES];
	size_t matches;
};

/* ---- which rules those are ---- */

static const struct fwc_target *counter_of(const struct fwc_element *e)
{
	const struct fwc_stateful *s = fwc_element_stateful(e);

	return s->count == 1 && s->targets[0]->type->kind == FWC_TARGET_COUNTER ? s->targets[0]
										: NULL;
}

/* What somebody gave an element beside a counter, a rule has no place for. */
static bool can_be_rules(const struct fwc_set *s)
{
	for (size_t i = 0; i < s->elements.count; i++) {
		const struct fwc_element *e = s->elements.items[i];

		if (e->key->kind == FWC_VALUE_ANY ||
		    (fwc_element_stateful(e)->count && !counter_of(e)) ||
		    (e->state && (e->state->timeout_ms || e->state->opaque.len)))
			return false;
	}
	return true;
}

static bool is_marked(const struct fwc_set *s)
{
	uint8_t layout[FWC_FOLD_MATCHES];

	return !s->opaque && fwc_fold_layout_read(s->labels, layout) > 0;
}

static struct fwc_set *marked_set(const struct fwc_rule *r, const struct fwc_value *v)
{
	struct fwc_set *s =
		v->kind == FWC_VALUE_SET ? fwc_table_find_set(r->chain->table, v->name) : NULL;

	return s && is_marked(s) ? s : NULL;
}

static bool take_key(struct folded *f, const struct fwc_value *left)
{
	if (left->kind != FWC_VALUE_CONCAT) {
		f->part[f->parts++] = left;
	} else {
		for (size_t i = 0; i < left->len && i < FWC_MAX_CONCAT; i++)
			f->part[f->parts++] = left->child[i];
	}
	for (size_t i = 0; i < f->parts; i++)
		if (f->part[i]->kind != FWC_VALUE_FIELD)
			return false;
	return f->parts == f->set->key_count;
}

/* Matches in the order in which they were; in front first when that is not known. */
static void take_layout(struct folded *f)
{
	size_t parts = 0, front = 0;

	f->matches = fwc_fold_layout_read(f->set->labels, f->layout);
	for (size_t i = 0; i < f->matches; i++) {
		parts += f->layout[i];
		front += !f->layout[i];
	}
	if (parts == f->parts && front == f->front_count)
		return;
	f->matches = f->front_count + f->parts;
	for (size_t i = 0; i < f->matches; i++)
		f->layout[i] = i >= f->front_count;
}

/* The set that an item looks into, and with what. */
static struct fwc_set *looks_into(const struct fwc_rule *r, const struct fwc_item *i,
				  const struct fwc_value **ret_left)
{
	const struct fwc_value *map;

	if (i->kind == FWC_ITEM_MATCH) {
		*ret_left = i->left;
		return i->op == FWC_OP_EQ ? marked_set(r, i->right) : NULL;
	}
	if (i->kind != FWC_ITEM_TARGET || i->target->type->kind != FWC_TARGET_VMAP)
		return NULL;
	map = fwc_target_get_value(i->target, FWC_VMAP_VALUE);
	*ret_left = map->child[0];
	return marked_set(r, map->child[1]);
}

static bool only_targets(const struct fwc_item *i)
{
	for (; i; i = i->next)
		if (i->kind != FWC_ITEM_TARGET)
			return false;
	return true;
}

static bool is_folded(const struct fwc_rule *r, struct folded *ret)
{
	struct folded f = { .rule = r };
	const struct fwc_item *i = fwc_rule_items(r);
	const struct fwc_value *left = NULL;

	if (fwc_rule_comment_get(r) || fwc_rule_tag_get(r))
		return false;
	for (; i && !f.set; i = i->next) {
		f.set = looks_into(r, i, &left);
		if (f.set)
			f.tail = i->next;
		else if (i->kind != FWC_ITEM_MATCH || f.front_count == FWC_FOLD_MATCHES)
			return false;
		else
			f.front[f.front_count++] = i;
	}
	if (!f.set || !take_key(&f, left) || f.front_count + f.parts > FWC_FOLD_MATCHES ||
	    !only_targets(f.tail) || (f.set->data_count && f.tail))
		return false;
	take_layout(&f);
	*ret = f;
	return true;
}

/* ---- how often a set is named ---- */

static size_t names_in_value(const struct fwc_value *v, const char *set)
{
	size_t count = 0;

	switch (v->kind) {
	case FWC_VALUE_SET:
		return !strcmp(v->name, set);
	case FWC_VALUE_BITS:
		return names_in_value(v->of, set);
	case FWC_VALUE_MAP:
	case FWC_VALUE_CONCAT:
	case FWC_VALUE_JOIN:
	case FWC_VALUE_HASH:
		for (size_t i = 0; i < v->len; i++)
			count += names_in_value(v->child[i], set);
		return count;
	default:
		return 0;
	}
}

/* Bytes that cannot be read may name it as well. */
static size_t names_in_rule(const struct fwc_rule *r, const char *set)
{
	size_t count = 0;

	for (const struct fwc_item *i = fwc_rule_items(r); i; i = i->next) {
		if (i->kind == FWC_ITEM_MATCH)
			count += names_in_value(i->left, set) + names_in_value(i->right, set);
		else if (i->kind == FWC_ITEM_OPAQUE)
			count += memmem(i->bytes, i->len, set, strlen(set)) != NULL;
		for (uint32_t p = 1; i->kind == FWC_ITEM_TARGET && p <= i->target->type->count;
		     p++) {
			const struct fwc_value *v = fwc_target_get_value(i->target, p);
			const char *text = fwc_target_get_text(i->target, p);

			count += v ? names_in_value(v, set) : 0;
			count += text && !strcmp(text, set);
		}
	}
	return count;
}

static bool is_named_once(const struct fwc_set *s)
{
	size_t count = 0;

	for (size_t i = 0; i < s->table->chains.count; i++) {
		const struct fwc_chain *c = s->table->chains.items[i];

		for (size_t n = 0; n < c->rules.count && count < 2; n++)
			count += names_in_rule(c->rules.items[n], s->name);
	}
	return count == 1;
}

/* ---- elements, by rules ---- */

struct entry {
	const struct fwc_element *element;
	struct fwc_fold_note note;
	size_t index;
};

static int by_group(const void *a, const void *b)
{
	const struct entry *x = a, *y = b;

	if (x->note.group != y->note.group)
		return x->note.group < y->note.group ? -1 : 1;
	return x->note.number < y->note.number ? -1 : x->note.number > y->note.number;
}

static int by_number(const void *a, const void *b)
{
	const struct entry *x = a, *y = b;

	if (x->note.number != y->note.number)
		return x->note.number < y->note.number ? -1 : 1;
	if (x->note.group != y->note.group)
		return x->note.group < y->note.group ? -1 : 1;
	return x->index < y->index ? -1 : x->index > y->index;
}

/* In the order of their rules; an element without a note is a rule at the end. A list that grew has elements of several
 * numbers: the first counts. */
static struct entry *sort_elements(const struct fwc_set *s)
{
	size_t count = s->elements.count;
	struct entry *entries = calloc(count + 1, sizeof(*entries));

	if (!entries)
		return NULL;
	for (size_t i = 0; i < count; i++) {
		entries[i].element = s->elements.items[i];
		entries[i].index = i;
		if (!fwc_fold_note_read(entries[i].element->labels, &entries[i].note))
			entries[i].note.number = UINT32_MAX;
	}
	qsort(entries, count, sizeof(*entries), by_group);
	for (size_t i = 1; i < count; i++)
		if (entries[i].note.group && entries[i].note.group == entries[i - 1].note.group)
			entries[i].note.number = entries[i - 1].note.number;
	qsort(entries, count, sizeof(*entries), by_number);
	return entries;
}

static bool same_text(const char *a, const char *b)
{
	return a == b || (a && b && !strcmp(a, b));
}

static bool same_labels(const struct fwc_labels *a, const struct fwc_labels *b)
{
	static const struct fwc_labels none;

	a = a ? a : &none;
	b = b ? b : &none;
	return same_text(a->comment, b->comment) && same_text(a->tag, b->tag) &&
	       same_text(a->owner, b->owner);
}

/* The entries from the first on that are one rule. */
static size_t count_group(const struct entry *e, size_t most)
{
	size_t count = 1;

	while (e->note.group && count < most && e[count].note.group == e->note.group &&
	       same_labels(e->element->labels, e[count].element->labels) &&
	       (e->element->data == e[count].element->data ||
		fwc_value_equal(e->element->data, e[count].element->data)))
		count++;
	return count;
}

/* ---- matches ---- */

/* A range that is a prefix as well is read as one. */
static const struct fwc_value *as_range(struct fwc_arena *a, const struct fwc_value *v)
{
	uint8_t first[FWC_MAX_KEY], last[FWC_MAX_KEY];

	if (v->kind != FWC_VALUE_PREFIX)
		return v;
	fwc_key_bytes(v, first, last);
	return fwc_value_make_range(a, fwc_value_constant(a, v->type, first),
				    fwc_value_constant(a, v->type, last));
}

/* The parts from `at` on of an element's key, as the right side of a match. */
static const struct fwc_value *sub_key(const struct folded *f, const struct entry *e, size_t at,
				       size_t parts)
{
	struct fwc_arena *a = &f->set->ruleset->arena;
	const struct fwc_value *key = e->element->key, *part[FWC_MAX_CONCAT];

	for (size_t i = 0; i < parts; i++) {
		part[i] = key->kind == FWC_VALUE_CONCAT ? key->child[at + i] : key;
		if (e->note.ranges >> (at + i) & 1)
			part[i] = as_range(a, part[i]);
		if (!part[i])
			return NULL;
	}
	return parts == 1 ? part[0] : fwc_value_make_concat(a, part, parts);
}

static const struct fwc_value *left_of(const struct folded *f, size_t at, size_t parts)
{
	struct fwc_arena *a = &f->set->ruleset->arena;
	const struct fwc_value *part[FWC_MAX_CONCAT];

	if (parts == 1)
		return f->part[at];
	memcpy(part, f->part + at, parts * sizeof(*part));
	return fwc_value_make_concat(a, part, parts);
}

/* The different constants that the elements have there. NULL: out of memory, or, with -EEXIST, they overlap. */
static struct fwc_set *collect(const struct folded *f, const struct entry *e, size_t count,
			       size_t at, size_t parts, int *ret_error)
{
	struct fwc_set *s =
		fwc_set_new_anonymous(f->set->ruleset, f->set->key + at, parts, NULL, 0);

	*ret_error = -ENOMEM;
	for (size_t i = 0; s && i < count; i++) {
		const struct fwc_value *key = sub_key(f, &e[i], at, parts);
		int r = key ? fwc_set_add_bound(s, key, NULL, NULL, NULL) : -ENOMEM;

		if (r == -EEXIST && fwc_set_find(s, key))
			continue;
		*ret_error = r;
		if (r < 0)
			return NULL;
	}
	return s;
}

/* What one rule's elements are as right sides, one for each match of the key. */
struct rights {
	const struct fwc_value *of[FWC_FOLD_MATCHES];
	size_t keys; /* that they make, each with each */
};

static int collect_rights(const struct folded *f, const struct entry *e, size_t count,
			  struct rights *ret)
{
	struct fwc_arena *a = &f->set->ruleset->arena;
	size_t at = 0, n = 0;
	int r;

	ret->keys = 1;
	for (size_t i = 0; i < f->matches; i++) {
		size_t parts = f->layout[i];
		struct fwc_set *s;

		if (!parts)
			continue;
		s = collect(f, e, count, at, parts, &r);
		if (!s)
			return r;
		ret->keys *= s->elements.count;
		ret->of[i] = s->elements.count == 1 && parts == 1 && !(e->note.lists >> n & 1)
				     ? ((struct fwc_element *)s->elements.items[0])->key
				     : fwc_value_make_list(a, s);
		if (!ret->of[i])
			return -ENOMEM;
		at += parts;
		n++;
	}
	return 0;
}

/* Some of the elements are gone: what is left is no product of lists. */
static int add_key_as_list(const struct folded *f, const struct entry *e, size_t count,
			   struct fwc_rule *rule)
{
	struct fwc_arena *a = &f->set->ruleset->arena;
	const struct fwc_value *left = left_of(f, 0, f->parts), *list;
	struct fwc_set *s;
	int r = 0;

	for (size_t i = 0; r == 0 && i < f->front_count; i++)
		r = fwc_rule_add_match(rule, f->front[i]->left, f->front[i]->op,
				       f->front[i]->right);
	s = r == 0 ? collect(f, e, count, 0, f->parts, &r) : NULL;
	list = s ? fwc_value_make_list(a, s) : NULL;
	return left && list ? fwc_rule_add_match(rule, left, FWC_OP_EQ, list) : -ENOMEM;
}

static int add_matches(const struct folded *f, const struct entry *e, size_t count,
		       struct fwc_rule *rule)
{
	struct rights rights = { .keys = 0 };
	size_t front = 0, at = 0;
	int r = collect_rights(f, e, count, &rights);

	if (r == -EEXIST || (r == 0 && rights.keys != count))
		return add_key_as_list(f, e, count, rule);
	for (size_t i = 0; r == 0 && i < f->matches; i++) {
		const struct fwc_item *m = f->layout[i] ? NULL : f->front[front++];
		const struct fwc_value *left = m ? m->left : left_of(f, at, f->layout[i]);

		if (!left)
			return -ENOMEM;
		r = m ? fwc_rule_add_match(rule, left, m->op, m->right)
		      : fwc_rule_add_match(rule, left, FWC_OP_EQ, rights.of[i]);
		at += f->layout[i];
	}
	return r;
}

/* ---- rules ---- */

static const struct fwc_target *verdict_target(struct fwc_arena *a, const struct fwc_value *v)
{
	const struct fwc_target *plain = fwc_target_plain(FWC_TARGET_VERDICT, v->op);
	struct fwc_target *t;

	if (plain)
		return plain;
	t = fwc_target_in(a, FWC_TARGET_VERDICT);
	if (!t)
		return NULL;
	fwc_target_put_number(t, FWC_VERDICT_CODE, v->op);
	fwc_target_put_text(t, FWC_VERDICT_CHAIN, v->name);
	return t;
}

/* A rule has counted what its elements have. */
static int add_counter(const struct folded *f, const struct entry *e, size_t count,
		       struct fwc_rule *rule)
{
	uint64_t packets = 0, bytes = 0;
	struct fwc_target *t;

	if (!counter_of(e->element))
		return 0;
	for (size_t i = 0; i < count; i++) {
		const struct fwc_target *one = counter_of(e[i].element);
		uint64_t n = 0;

		if (fwc_target_get_number(one, FWC_COUNTER_PACKETS, &n))
			packets += n;
		if (fwc_target_get_number(one, FWC_COUNTER_BYTES, &n))
			bytes += n;
	}
	if (!packets && !bytes)
		return fwc_rule_add_bound_target(rule, fwc_target_plain(FWC_TARGET_COUNTER, 0));
	t = fwc_target_in(&f->set->ruleset->arena, FWC_TARGET_COUNTER);
	if (!t)
		return -ENOMEM;
	fwc_target_put_number(t, FWC_COUNTER_PACKETS, packets);
	fwc_target_put_number(t, FWC_COUNTER_BYTES, bytes);
	return fwc_rule_add_bound_target(rule, t);
}

static int add_tail(const struct folded *f, const struct entry *e, struct fwc_rule *rule)
{
	const struct fwc_target *verdict = NULL;
	int r = 0;

	if (e->element->data) {
		verdict = verdict_target(&f->set->ruleset->arena, e->element->data);
		return verdict ? fwc_rule_add_bound_target(rule, verdict) : -ENOMEM;
	}
	for (const struct fwc_item *i = f->tail; r == 0 && i; i = i->next)
		r = fwc_rule_add_bound_target(rule, i->target);
	return r;
}

static int add_labels(const struct folded *f, const struct entry *e, struct fwc_rule *rule)
{
	const struct fwc_labels *of = e->element->labels;

	if (!of || !(of->comment || of->tag || of->owner))
		return 0;
	if (!fwc_labels_in(&f->set->ruleset->arena, &rule->labels))
		return -ENOMEM;
	rule->labels->comment = of->comment;
	rule->labels->tag = of->tag;
	rule->labels->owner = of->owner;
	return 0;
}

static int unfold_rule(const struct folded *f, struct fwc_vec *rules)
{
	fwc_cleanup(fwc_freep) struct entry *entries = sort_elements(f->set);
	size_t count = f->set->elements.count, group;
	int r = entries ? 0 : -ENOMEM;

	for (size_t i = 0; r == 0 && i < count; i += group) {
		struct fwc_rule *rule = fwc_rule_new_in(f->rule->chain);

		group = count_group(entries + i, count - i);
		r = rule ? add_matches(f, entries + i, group, rule) : -ENOMEM;
		if (r == 0)
			r = add_counter(f, entries + i, group, rule);
		if (r == 0)
			r = add_tail(f, entries + i, rule);
		if (r == 0)
			r = add_labels(f, entries + i, rule);
		if (r == 0)
			r = fwc_vec_push(rules, rule);
	}
	return r;
}

static int unfold_chain(struct fwc_chain *c, struct fwc_vec *unfolded)
{
	struct fwc_vec rules = { 0 };
	size_t before = unfolded->count;
	int r = 0;

	for (size_t i = 0; r == 0 && i < c->rules.count; i++) {
		struct folded f;

		if (!is_folded(c->rules.items[i], &f) || !is_named_once(f.set) ||
		    !can_be_rules(f.set)) {
			r = fwc_vec_push(&rules, c->rules.items[i]);
			continue;
		}
		r = unfold_rule(&f, &rules);
		if (r == 0)
			r = fwc_vec_push(unfolded, f.set);
	}
	if (r == 0 && unfolded->count > before)
		fwc_chain_take_rules(c, &rules);
	fwc_vec_free(&rules);
	return r;
}

/* ---- tables ---- */

static bool holds_marked(const struct fwc_table *t)
{
	for (size_t i = 0; i < t->sets.count; i++)
		if (is_marked(t->sets.items[i]))
			return true;
	return false;
}

static int unfold_table(struct fwc_table *t)
{
	struct fwc_vec unfolded = { 0 };
	int r = 0;

	if (t->is_iptables || !holds_marked(t))
		return 0;
	for (size_t i = 0; r == 0 && i < t->chains.count; i++)
		r = unfold_chain(t->chains.items[i], &unfolded);
	for (size_t i = 0; r == 0 && i < unfolded.count; i++)
		r = fwc_table_drop_set(t, unfolded.items[i]);
	fwc_vec_free(&unfolded);
	return r;
}

int fwc_ruleset_unfold(struct fwc_ruleset *ruleset, struct fwc_error *err)
{
	struct fwc_error own;
	int r = fwc_ruleset_error(ruleset, err);

	if (r < 0)
		return r;
	for (size_t i = 0; r == 0 && i < ruleset->tables.count; i++)
		r = unfold_table(ruleset->tables.items[i]);
	if (r < 0) {
		/* Half of the rules may be back: such a ruleset must not be applied. */
		fwc_fail_memory(&own);
		fwc_ruleset_fail(ruleset, &own);
		return fwc_fail_memory(err);
	}
	return fwc_ruleset_error(ruleset, err); /* a rule that could not be decoded */
}
