/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A list that was read becomes an anonymous set. */
#include <stdlib.h>

#include "fields/order.h"
#include "text/parse_element.h"

void fwc_list_free(struct fwc_list *l)
{
	free(l->items);
	*l = (struct fwc_list){ 0 };
}

int fwc_list_push(struct fwc_parser *p, struct fwc_list *l, const struct fwc_listed *item)
{
	if (l->count == FWC_MAX_LIST)
		return fwc_parser_fail_at(p, &item->at, "a list has at most %u elements",
					  (unsigned int)FWC_MAX_LIST);
	if (l->count == l->room) {
		size_t room = l->room ? 2 * l->room : 8;
		void *items = reallocarray(l->items, room, sizeof(*l->items));

		if (!items)
			return fwc_fail_memory(p->err);
		l->items = items;
		l->room = room;
	}
	l->items[l->count++] = *item;
	return 0;
}

/* ---- intervals ---- */

/* First and last value in an order in which memcmp() compares what they mean. */
struct interval {
	uint8_t first[FWC_TYPE_BYTES_MOST], last[FWC_TYPE_BYTES_MOST];
	const struct fwc_value *value; /* what it was made from; NULL when it has grown */
};

static void get_interval(const struct fwc_value *v, struct interval *ret)
{
	const struct fwc_type *t = v->type;
	const struct fwc_value *low = v->kind == FWC_VALUE_RANGE ? v->child[0] : v;
	const struct fwc_value *high = v->kind == FWC_VALUE_RANGE ? v->child[1] : v;
	uint8_t mask[FWC_TYPE_BYTES_MOST];

	fwc_order_bytes(t, low->bytes, ret->first);
	fwc_order_bytes(t, high->bytes, ret->last);
	ret->value = v;
	if (v->kind != FWC_VALUE_PREFIX)
		return;
	memset(mask, 0xff, t->len);
	fwc_mask_bits(mask, t->len, v->bits);
	for (size_t i = 0; i < t->len; i++)
		ret->last[i] |= (uint8_t)~mask[i];
}

static int compare_intervals(const void *a, const void *b)
{
	const struct interval *x = a, *y = b;
	int r = memcmp(x->first, y->first, FWC_TYPE_BYTES_MOST);

	return r ? r : memcmp(y->last, x->last, FWC_TYPE_BYTES_MOST); /* the longer one first */
}

/* Whether `next` begins right behind `last`. */
static bool follows(const uint8_t *last, const uint8_t *next, size_t len)
{
	uint8_t after[FWC_TYPE_BYTES_MOST];
	size_t i = len;

	memcpy(after, last, len);
	while (i && ++after[i - 1] == 0)
		i--;
	return i && !memcmp(after, next, len);
}

/* Joins what overlaps or touches, in place; returns how many are left. Names are not numbers: they touch nothing. */
static size_t join(struct interval *list, size_t count, const struct fwc_type *t)
{
	size_t n = 0;

	for (size_t i = 1; i < count; i++) {
		struct interval *into = &list[n];

		if (memcmp(list[i].last, into->last, t->len) <= 0)
			continue;
		if (t->form != FWC_FORM_IFNAME && (memcmp(list[i].first, into->last, t->len) <= 0 ||
						   follows(into->last, list[i].first, t->len))) {
			memcpy(into->last, list[i].last, t->len);
			into->value = NULL;
			continue;
		}
		list[++n] = list[i];
	}
	return n + 1;
}

/* A value of the same meaning in the shortest form: a range that is a prefix is written as one within lists. */
static const struct fwc_value *shortest(struct fwc_arena *a, const struct fwc_type *t,
					const struct interval *i)
{
	uint8_t first[FWC_TYPE_BYTES_MOST], last[FWC_TYPE_BYTES_MOST];

	if (i->value && i->value->kind != FWC_VALUE_RANGE)
		return i->value;
	fwc_order_bytes(t, i->first, first);
	fwc_order_bytes(t, i->last, last);
	return fwc_make_interval(a, t, first, last);
}

static int add_intervals(struct fwc_parser *p, const struct fwc_list *l, const struct fwc_type *t,
			 struct fwc_set *s)
{
	fwc_cleanup(fwc_freep) struct interval *list = calloc(l->count, sizeof(*list));
	size_t count;

	if (!list)
		return fwc_fail_memory(p->err);
	for (size_t i = 0; i < l->count; i++)
		get_interval(l->items[i].key, &list[i]);
	qsort(list, l->count, sizeof(*list), compare_intervals);
	count = join(list, l->count, t);
	s->flags |= FWC_SET_INTERVAL;
	for (size_t i = 0; i < count; i++) {
		const struct fwc_value *v = shortest(&p->rs->arena, t, &list[i]);

		if (!v || !fwc_set_push(s, v, NULL))
			return fwc_fail_memory(p->err);
	}
	return 0;
}

/* ---- sets ---- */

static int add_items(struct fwc_parser *p, const struct fwc_list *l, struct fwc_set *s)
{
	struct fwc_element *e;

	for (size_t i = 0; i < l->count; i++) {
		const struct fwc_listed *item = &l->items[i];
		int r;

		r = fwc_set_add_bound(s, item->key, item->data, &e, p->err);
		if (r == -EEXIST && !item->data && fwc_set_find(s, item->key)) {
			fwc_error_clear(p->err); /* written twice */
			continue;
		}
		if (r == 0)
			r = fwc_element_give(p, e, &item->spec);
		if (r < 0)
			return fwc_parser_place(p, &item->at, r);
	}
	return 0;
}

/* Keys alone: what has a comment or counter of its own is not joined with others. */
static bool is_plain(const struct fwc_list *l)
{
	for (size_t i = 0; i < l->count; i++)
		if (l->items[i].key->kind == FWC_VALUE_ANY ||
		    !fwc_element_spec_is_empty(&l->items[i].spec))
			return false;
	return true;
}

const struct fwc_value *fwc_list_finish(struct fwc_parser *p, struct fwc_list *l,
					const struct fwc_type *const *types, size_t count,
					const struct fwc_type *const *data, size_t data_count)
{
	bool intervals = false, plain = is_plain(l) && count == 1 && !data_count;
	const struct fwc_value *v;
	struct fwc_set *s;

	if (l->count == 1 && plain)
		return l->items[0].key;
	s = fwc_set_new_anonymous(p->rs, types, count, data, data_count);
	if (!s) {
		fwc_fail_memory(p->err);
		return NULL;
	}
	for (size_t i = 0; i < l->count; i++)
		intervals |= fwc_value_is_interval(l->items[i].key);
	if ((intervals && plain ? add_intervals(p, l, types[0], s) : add_items(p, l, s)) < 0)
		return NULL;
	if (s->elements.count == 1 && plain)
		return ((struct fwc_element *)s->elements.items[0])->key;
	v = fwc_value_make_list(&p->rs->arena, s);
	if (!v)
		fwc_fail_memory(p->err);
	return v;
}
