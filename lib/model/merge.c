/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* auto-merge: intervals that overlap or touch become one. */
#include "fields/order.h"
#include "model/set.h"

/* First and last key in an order in which memcmp() compares what they mean. */
struct span {
	uint8_t first[FWC_MAX_KEY], last[FWC_MAX_KEY];
};

bool fwc_set_merges(const struct fwc_set *s)
{
	/* Several parts side by side are no interval; names touch nothing; data of two elements are not joined; what was
	 * loaded is remembered as it was. */
	return s->flags & FWC_SET_AUTO_MERGE && s->key_count == 1 && !s->data_count &&
	       s->key[0]->form != FWC_FORM_IFNAME && !s->loaded_count;
}

static bool is_plain(const struct fwc_element *e)
{
	return !e->labels && !e->state;
}

/* One more or one less; false where there is none. */
static bool step(uint8_t *key, size_t len, int by)
{
	while (len--) {
		key[len] = (uint8_t)(key[len] + by);
		if (key[len] != (by > 0 ? 0 : 0xff))
			return true;
	}
	return false;
}

/* The same span and one key more at each end. */
static struct span with_neighbours(const struct fwc_set *s, const struct span *of)
{
	struct span ret = *of;
	size_t len = s->key[0]->len;

	if (!step(ret.first, len, -1))
		memcpy(ret.first, of->first, len);
	if (!step(ret.last, len, 1))
		memcpy(ret.last, of->last, len);
	return ret;
}

static void take(struct span *into, const struct span *more, size_t len)
{
	if (memcmp(more->first, into->first, len) < 0)
		memcpy(into->first, more->first, len);
	if (memcmp(more->last, into->last, len) > 0)
		memcpy(into->last, more->last, len);
}

static const struct fwc_value *key_of(const struct fwc_set *s, const struct span *of)
{
	uint8_t first[FWC_TYPE_BYTES_MOST], last[FWC_TYPE_BYTES_MOST];
	const struct fwc_type *t = s->key[0];

	fwc_order_bytes(t, of->first, first);
	fwc_order_bytes(t, of->last, last);
	return fwc_make_interval(&s->ruleset->arena, t, first, last);
}

/* An element that shares a key with `span` and can be joined with it. *ret NULL: none. */
static int find_plain(struct fwc_set *s, const struct span *span, struct fwc_element **ret)
{
	const struct fwc_value *key = key_of(s, span);

	if (!key || fwc_set_find_meeting(s, key, ret) < 0)
		return -ENOMEM;
	if (*ret && !is_plain(*ret))
		*ret = NULL;
	return 0;
}

static int find_next(struct fwc_set *s, const struct span *of, struct fwc_element **ret)
{
	const struct span wide = with_neighbours(s, of);
	int r = find_plain(s, of, ret);

	return r < 0 || *ret ? r : find_plain(s, &wide, ret);
}

int fwc_set_merge(struct fwc_set *s, const struct fwc_value *key, struct fwc_error *err)
{
	size_t len = s->key[0]->len;
	struct span all, one;
	struct fwc_element *e;

	if (!fwc_value_is_key(key))
		return fwc_set_add_bound(s, key, NULL, NULL, err); /* which tells why not */
	fwc_key_ordered_bytes(key, all.first, all.last);
	for (;;) {
		if (find_next(s, &all, &e) < 0)
			return fwc_fail_memory(err);
		if (!e)
			break;
		fwc_key_ordered_bytes(e->key, one.first, one.last);
		take(&all, &one, len);
		if (!memcmp(all.first, one.first, len) && !memcmp(all.last, one.last, len))
			return 0; /* it holds the key already */
		fwc_set_remove(s, e);
	}
	key = key_of(s, &all);
	return key ? fwc_set_add_bound(s, key, NULL, NULL, err) : fwc_fail_memory(err);
}
