/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Sets and their elements: adding them, and finding one by its key. */
#include <assert.h>

#include "model/set.h"

/* Sets within rules have a few elements each, and there are many: those few are compared one by one. */
enum { INDEXED_FROM = 9 };

struct fwc_set *fwc_set_new_anonymous(struct fwc_ruleset *rs, const struct fwc_type *const *key,
				      size_t key_count, const struct fwc_type *const *data,
				      size_t data_count)
{
	struct fwc_set *s = fwc_set_in(rs);

	assert(key_count && key_count <= FWC_MAX_CONCAT && data_count <= FWC_MAX_CONCAT);
	if (!s)
		return NULL;
	s->anonymous = true;
	s->flags = FWC_SET_CONSTANT;
	s->key_count = (uint8_t)key_count;
	s->data_count = (uint8_t)data_count;
	memcpy(s->key, key, key_count * sizeof(*key));
	if (data_count)
		memcpy(s->data, data, data_count * sizeof(*data));
	return s;
}

void fwc_list_note_fields(struct fwc_set *list, const struct fwc_value *key)
{
	bool open = false;

	if (!list->anonymous || list->key_of || key->kind != FWC_VALUE_CONCAT)
		return;
	for (size_t i = 0; i < key->len; i++) {
		const struct fwc_type *t = key->child[i]->type;

		if (key->child[i]->kind != FWC_VALUE_FIELD || t->shift)
			return;
		open |= t->id == FWC_TYPE_ID_INTEGER || t->id == FWC_TYPE_ID_STRING;
	}
	if (open)
		list->key_of = key;
}

bool fwc_set_is_state(const struct fwc_set *s)
{
	return s->timeout_ms || (s->flags & (FWC_SET_DYNAMIC | FWC_SET_TIMEOUT | FWC_SET_STATE));
}

struct fwc_element_state *fwc_element_state_in(struct fwc_element *e)
{
	if (!e->state)
		e->state = fwc_arena_alloc(&e->set->ruleset->arena, sizeof(*e->state));
	return e->state;
}

const struct fwc_stateful *fwc_element_stateful(const struct fwc_element *e)
{
	return e->state && e->state->stateful.count ? &e->state->stateful : &e->set->stateful;
}

struct fwc_element *fwc_set_push(struct fwc_set *s, const struct fwc_value *key,
				 const struct fwc_value *data)
{
	struct fwc_element *e = fwc_arena_alloc(&s->ruleset->arena, sizeof(*e));

	if (!e || fwc_vec_push(&s->elements, e) < 0)
		return NULL;
	e->set = s;
	e->key = key;
	e->data = data;
	if (key->kind == FWC_VALUE_ANY)
		s->catch_all = e;
	return e;
}

int fwc_set_check_stateful(const struct fwc_set *s, const struct fwc_stateful *own,
			   struct fwc_error *err)
{
	const struct fwc_stateful *all = &s->stateful;

	if (!own->count || !all->count)
		return 0;
	for (size_t i = 0; i < own->count && own->count == all->count; i++)
		if (own->targets[i]->type != all->targets[i]->type)
			return fwc_fail(err, -EINVAL, FWC_OBJECT_ELEMENT,
					"elements of this set have a %s, not a %s",
					all->targets[i]->type->name, own->targets[i]->type->name);
	if (own->count == all->count)
		return 0;
	return fwc_fail(err, -EINVAL, FWC_OBJECT_ELEMENT,
			"elements of this set have %zu targets, not %zu", all->count, own->count);
}

/* ---- finding ---- */

struct key_bytes {
	size_t len;
	uint8_t first[FWC_MAX_KEY], last[FWC_MAX_KEY];
};

static struct key_bytes bytes_of(const struct fwc_set *s, const struct fwc_value *key)
{
	struct key_bytes k;

	k.len = fwc_set_key_len(s);
	fwc_key_ordered_bytes(key, k.first, k.last);
	return k;
}

static bool has_key(const struct fwc_element *e, const struct key_bytes *wanted)
{
	uint8_t first[FWC_MAX_KEY], last[FWC_MAX_KEY];

	if (e->key->kind == FWC_VALUE_ANY)
		return false;
	fwc_key_ordered_bytes(e->key, first, last);
	return !memcmp(first, wanted->first, wanted->len) &&
	       !memcmp(last, wanted->last, wanted->len);
}

static bool is_at(const void *elements, size_t number, const void *key)
{
	return has_key(((void *const *)elements)[number], key);
}

static bool has_intervals(const struct fwc_set *s)
{
	return s->flags & FWC_SET_INTERVAL;
}

/* Whether the element lies behind the one before it. */
static bool follows(const struct fwc_set *s, size_t i)
{
	const struct fwc_element *e = s->elements.items[i];
	const struct fwc_element *before = i ? s->elements.items[i - 1] : NULL;
	struct key_bytes k;

	if (e == s->catch_all || (has_intervals(s) && s->key_count > 1))
		return false;
	k = bytes_of(s, e->key);
	return !before || memcmp(bytes_of(s, before->key).last, k.first, k.len) < 0;
}

/* Elements are indexed when somebody asks for one: a set that is loaded and printed needs no index. Neither does one whose
 * elements come in order, as long lists mostly do. */
static int index_elements(struct fwc_set *s)
{
	int r = 0;

	while (!s->disordered && s->indexed < s->elements.count) {
		s->disordered = !follows(s, s->indexed);
		s->indexed = s->disordered ? 0 : s->indexed + 1;
	}

	for (; s->indexed < s->elements.count && !r; s->indexed++) {
		struct fwc_element *e = s->elements.items[s->indexed];
		struct key_bytes k;

		if (e == s->catch_all)
			continue;
		if (has_intervals(s)) {
			r = fwc_intervals_add(s, e);
			continue;
		}
		k = bytes_of(s, e->key);
		r = fwc_numbers_add(&s->lookup, fwc_hash(k.first, k.len), s->indexed);
	}
	return r;
}

/* Keys overlap when all their parts do. */
static bool meet(const struct fwc_set *s, const struct key_bytes *k, const struct fwc_element *e)
{
	uint8_t first[FWC_MAX_KEY], last[FWC_MAX_KEY];

	if (e->key->kind == FWC_VALUE_ANY)
		return false;
	fwc_key_ordered_bytes(e->key, first, last);
	for (size_t i = 0, at = 0; i < s->key_count; at += fwc_padded(s->key[i++]->len))
		if (memcmp(k->first + at, last + at, s->key[i]->len) > 0 ||
		    memcmp(first + at, k->last + at, s->key[i]->len) > 0)
			return false;
	return true;
}

static struct fwc_element *find_among_few(const struct fwc_set *s, const struct key_bytes *k,
					  bool same)
{
	for (size_t i = 0; i < s->elements.count; i++) {
		struct fwc_element *e = s->elements.items[i];

		if (same ? has_key(e, k) : meet(s, k, e))
			return e;
	}
	return NULL;
}

static struct fwc_element *find_ordered(const struct fwc_set *s, const struct key_bytes *k,
					bool same)
{
	size_t low = 0, high = s->elements.count;

	/* What is added mostly comes last. */
	if (high &&
	    memcmp(bytes_of(s, ((struct fwc_element *)s->elements.items[high - 1])->key).last,
		   k->first, k->len) < 0)
		return NULL;
	/* The first that ends where this key begins, or behind it. */
	while (low < high) {
		size_t middle = low + (high - low) / 2;
		const struct fwc_element *e = s->elements.items[middle];

		if (memcmp(bytes_of(s, e->key).last, k->first, k->len) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	if (low == s->elements.count)
		return NULL;
	if (same ? has_key(s->elements.items[low], k) : meet(s, k, s->elements.items[low]))
		return s->elements.items[low];
	return NULL;
}

static struct fwc_element *find_indexed(const struct fwc_set *s, const struct key_bytes *k,
					bool same)
{
	size_t number;

	if (!s->disordered)
		return find_ordered(s, k, same);
	if (has_intervals(s))
		return fwc_intervals_find(s, k->first, k->last, same);
	number = fwc_numbers_find(&s->lookup, fwc_hash(k->first, k->len), is_at, s->elements.items,
				  k);
	return number == SIZE_MAX ? NULL : s->elements.items[number];
}

/* *ret: the element that has this very key (`same`) or one that shares a part of it; NULL when there is none. */
static int find(struct fwc_set *s, const struct fwc_value *key, bool same, struct fwc_element **ret)
{
	struct key_bytes k;

	if (key->kind == FWC_VALUE_ANY) {
		*ret = s->catch_all;
		return 0;
	}
	k = bytes_of(s, key);
	if (s->elements.count >= INDEXED_FROM && index_elements(s) < 0)
		return -ENOMEM;
	*ret = s->elements.count < INDEXED_FROM ? find_among_few(s, &k, same)
						: find_indexed(s, &k, same);
	return 0;
}

int fwc_set_find_meeting(struct fwc_set *s, const struct fwc_value *key, struct fwc_element **ret)
{
	return find(s, key, false, ret);
}

void fwc_set_remove(struct fwc_set *s, struct fwc_element *e)
{
	size_t i = s->elements.count;

	while (s->elements.items[--i] != e)
		;
	assert(has_intervals(s) && e != s->catch_all);
	if (!s->disordered && i < s->indexed) {
		/* The last one leaves the others in order. */
		s->disordered = i + 1 < s->elements.count;
		s->indexed = s->disordered ? 0 : i;
	} else if (i < s->indexed) {
		fwc_intervals_remove(s, e);
		s->indexed--;
		s->elements.items[i] = s->elements.items[s->indexed];
		i = s->indexed;
	}
	s->elements.items[i] = s->elements.items[--s->elements.count];
}

/* Whether a set that threads may share has an index that is complete. */
static bool share_index(const struct fwc_set *s)
{
	int r;

	if (s->elements.count < INDEXED_FROM)
		return false;
	/* Making it changes nothing that can be seen. */
	pthread_mutex_lock(&s->ruleset->first_look);
	r = index_elements((struct fwc_set *)(uintptr_t)s);
	pthread_mutex_unlock(&s->ruleset->first_look);
	return r == 0;
}

const struct fwc_element *fwc_set_find(const struct fwc_set *s, const struct fwc_value *key)
{
	struct key_bytes k;

	if (key->kind == FWC_VALUE_ANY)
		return s->catch_all;
	k = bytes_of(s, key);
	/* No memory for an index is no reason to miss an element. */
	return share_index(s) ? find_indexed(s, &k, true) : find_among_few(s, &k, true);
}

const struct fwc_element *fwc_set_find_covering(const struct fwc_set *s,
						const struct fwc_value *key)
{
	uint8_t first[FWC_MAX_KEY], last[FWC_MAX_KEY];
	const struct fwc_element *e;
	struct key_bytes k;

	if (key->kind == FWC_VALUE_ANY)
		return s->catch_all;
	k = bytes_of(s, key);
	e = share_index(s) ? find_indexed(s, &k, false) : find_among_few(s, &k, false);
	if (!e)
		return NULL;
	fwc_key_ordered_bytes(e->key, first, last);
	return memcmp(first, k.first, k.len) <= 0 && memcmp(last, k.last, k.len) >= 0 ? e : NULL;
}

/* ---- adding ---- */

static bool has_types(const struct fwc_value *v, const struct fwc_type *const *types, size_t count)
{
	const struct fwc_type *found[FWC_MAX_CONCAT];

	return fwc_value_types(v, found) == count && !memcmp(found, types, count * sizeof(*types));
}

static int check_key(const struct fwc_set *s, const struct fwc_value *key, struct fwc_error *err)
{
	if (key->kind != FWC_VALUE_ANY &&
	    (!fwc_value_is_key(key) || !has_types(key, s->key, s->key_count)))
		return fwc_fail(err, -EINVAL, FWC_OBJECT_ELEMENT,
				"a key is a constant, prefix or range of %s", fwc_set_key_type(s));
	if (!s->anonymous && !has_intervals(s) && fwc_value_is_interval(key))
		return fwc_fail(
			err, -EINVAL, FWC_OBJECT_ELEMENT,
			"the set has single keys: prefixes and ranges need the flag interval");
	if (s->max_elements && !s->is_part && s->elements.count >= s->max_elements)
		return fwc_fail(err, -EINVAL, FWC_OBJECT_ELEMENT,
				"the set is full: it was given room for %u elements",
				s->max_elements);
	return 0;
}

/* Whether data are constants, or ranges of them where the map has such; a map within a rule has what it is given. */
static bool is_datum(const struct fwc_set *s, const struct fwc_value *v)
{
	return fwc_value_is_key(v) && has_types(v, s->data, s->data_count) &&
	       (!fwc_value_is_interval(v) || s->flags & FWC_SET_DATA_INTERVAL ||
		(s->anonymous && fwc_data_can_be_intervals(s->data, s->data_count)));
}

static int check_data(const struct fwc_set *s, const struct fwc_value *data, struct fwc_error *err)
{
	bool verdicts = s->data_count && s->data[0] == &fwc_type_verdict;
	bool objects = s->data_count && s->data[0]->form == FWC_FORM_OBJECT;

	if (!s->data_count && data)
		return fwc_fail(err, -EINVAL, FWC_OBJECT_ELEMENT,
				"this is a set, not a map: its elements have no data");
	if (!s->data_count)
		return 0;
	if (!data)
		return fwc_fail(err, -EINVAL, FWC_OBJECT_ELEMENT,
				"an element of a map needs data: a %s", fwc_set_data_type(s));
	if (verdicts  ? data->kind != FWC_VALUE_VERDICT
	    : objects ? data->kind != FWC_VALUE_OBJECT
		      : !is_datum(s, data))
		return fwc_fail(err, -EINVAL, FWC_OBJECT_ELEMENT,
				"the data of an element is one %s%s", fwc_set_data_type(s),
				fwc_data_can_be_intervals(s->data, s->data_count)
					? ": ranges and prefixes need the map's flag for them"
					: "");
	return 0;
}

static void format_key(const struct fwc_value *key, struct fwc_buf *out)
{
	if (key->kind == FWC_VALUE_ANY) {
		fwc_buf_puts(out, "*");
		return;
	}
	if (key->kind == FWC_VALUE_CONCAT || key->kind == FWC_VALUE_RANGE) {
		for (size_t i = 0; i < key->len; i++) {
			if (i)
				fwc_buf_puts(out, key->kind == FWC_VALUE_RANGE ? "-" : " . ");
			format_key(key->child[i], out);
		}
		return;
	}
	fwc_type_format(key->type, key->bytes,
			key->kind == FWC_VALUE_PREFIX ? key->bits : 8u * key->type->len, " | ",
			out);
}

static int fail_exists(const struct fwc_element *there, const struct fwc_value *key,
		       struct fwc_error *err)
{
	char new_text[120], old_text[120];
	struct fwc_buf new_out = fwc_buf_over(new_text, sizeof(new_text));
	struct fwc_buf old_out = fwc_buf_over(old_text, sizeof(old_text));

	format_key(key, &new_out);
	format_key(there->key, &old_out);
	if (!strcmp(new_text, old_text))
		return fwc_fail(err, -EEXIST, FWC_OBJECT_ELEMENT, "%s is there already", new_text);
	return fwc_fail(err, -EEXIST, FWC_OBJECT_ELEMENT, "%s overlaps %s, which is there already",
			new_text, old_text);
}

int fwc_set_add_bound(struct fwc_set *s, const struct fwc_value *key, const struct fwc_value *data,
		      struct fwc_element **ret, struct fwc_error *err)
{
	struct fwc_element *e;
	int r;

	r = check_key(s, key, err);
	if (r == 0)
		r = check_data(s, data, err);
	if (r < 0)
		return r;
	if (fwc_value_is_interval(key) && !has_intervals(s)) {
		s->flags |= FWC_SET_INTERVAL;
		s->indexed = 0; /* intervals have an index of their own */
		s->disordered = false;
	}
	if (find(s, key, false, &e) < 0)
		return fwc_fail_memory(err);
	if (e)
		return fail_exists(e, key, err);
	e = fwc_set_push(s, key, data);
	if (!e)
		return fwc_fail_memory(err);
	if (data && fwc_value_is_interval(data))
		s->flags |= FWC_SET_DATA_INTERVAL;
	if (ret)
		*ret = e;
	return 0;
}
