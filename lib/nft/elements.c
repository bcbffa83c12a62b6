/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Elements of sets, on their way to the kernel.
 *
 * An interval of one part is two elements: where it starts, and where it does not hold any more (INTERVAL_END); one
 * that reaches the largest key has no end, and tells nft so in its userdata. Intervals within concatenations are one
 * element with KEY and KEY_END, both included. */
#include <stdlib.h>

#include "nft/encode.h"
#include "nft/messages.h"
#include "nft/userdata.h"

enum {
	/* A nest holds 65,535 bytes; the largest element (keys and data of 64 bytes, userdata) and its end have 700. */
	NEST_MOST = UINT16_MAX - 1024,
	FIRST_ELEMENTS = 64,
};

struct key {
	uint8_t first[FWC_MAX_KEY], last[FWC_MAX_KEY];
	const struct fwc_element *element;
};

/* A place in the messages, and which element was written there. */
struct spot {
	uint32_t message, offset;
	const struct fwc_element *element;
};

/* What all elements of a set have in common. */
struct element_writer {
	struct fwc_nft_writer *w;
	const struct fwc_table *table;
	const struct fwc_set *set;
	const char *name, *owner;
	uint32_t set_id; /* 0: by name */
	uint16_t type, flags; /* of the messages */
	bool rbtree, key_end, ordered;
	size_t key_len, msg, nest; /* msg: SIZE_MAX when none is open */
	size_t begin, count, left; /* where all of them begin, how many there are and are left */
	struct spot *spot; /* looked for; NULL: no */
	struct fwc_error *err;
};

static void fill_key(const struct element_writer *ew, const struct fwc_element *e, struct key *ret)
{
	ret->element = e;
	if (ew->ordered)
		fwc_key_ordered_bytes(e->key, ret->first, ret->last);
	else
		fwc_key_bytes(e->key, ret->first, ret->last);
}

/* ---- messages ---- */

static void close_message(struct element_writer *ew)
{
	if (ew->msg == SIZE_MAX)
		return;
	fwc_nest_end(ew->w->wire, ew->nest);
	fwc_wire_end(ew->w->wire, ew->msg);
	ew->msg = SIZE_MAX;
}

static void open_message(struct element_writer *ew)
{
	struct fwc_wire *wire = ew->w->wire;

	if (ew->msg != SIZE_MAX && wire->len - ew->nest < NEST_MOST)
		return;
	close_message(ew);
	ew->msg = fwc_message_begin(ew->w, ew->type, ew->flags, ew->table->family);
	fwc_put_text(wire, NFTA_SET_ELEM_LIST_TABLE, ew->table->name);
	fwc_put_text(wire, NFTA_SET_ELEM_LIST_SET, ew->name);
	if (ew->set_id)
		fwc_put_be32(wire, NFTA_SET_ELEM_LIST_SET_ID, ew->set_id);
	ew->nest = fwc_nest_begin(wire, NFTA_SET_ELEM_LIST_ELEMENTS);
}

/* ---- elements ---- */

static void put_key(struct fwc_wire *w, uint16_t attr, const uint8_t *bytes, size_t len)
{
	size_t nest = fwc_nest_begin(w, attr);

	fwc_put(w, NFTA_DATA_VALUE, bytes, len);
	fwc_nest_end(w, nest);
}

/* Both ends, one behind the other, in a map of intervals. */
static void put_value(struct fwc_wire *w, const struct fwc_set *s, const struct fwc_value *data)
{
	size_t len = fwc_types_len(s->data, s->data_count);
	uint8_t bytes[2 * FWC_MAX_KEY], last[FWC_MAX_KEY];

	fwc_key_bytes(data, bytes, last);
	memcpy(bytes + len, last, len);
	fwc_put(w, NFTA_DATA_VALUE, bytes, fwc_wire_data_len(s));
}

static void put_data(struct element_writer *ew, const struct fwc_value *data)
{
	struct fwc_wire *w = ew->w->wire;
	size_t nest;

	if (data->kind == FWC_VALUE_OBJECT) {
		fwc_put_text(w, NFTA_SET_ELEM_OBJREF, data->name);
		return;
	}
	nest = fwc_nest_begin(w, NFTA_SET_ELEM_DATA);
	if (data->kind == FWC_VALUE_VERDICT)
		fwc_put_verdict_attrs(w, fwc_verdict_code(data->op), data->name);
	else
		put_value(w, ew->set, data);
	fwc_nest_end(w, nest);
}

static void put_element_userdata(struct element_writer *ew, const struct fwc_element *e, bool open)
{
	struct fwc_userdata u;

	if (!e->labels && !ew->owner && !open)
		return;
	u.len = 0;
	u.overflow = false;
	fwc_userdata_add_labels(&u, e->labels, FWC_UDATA_COMMENT, 1u << FWC_UDATA_ELEMENT_FLAGS,
				ew->owner);
	if (open)
		fwc_userdata_add_u32(&u, FWC_UDATA_ELEMENT_FLAGS, FWC_UDATA_ELEMENT_OPEN);
	fwc_userdata_put(&u, ew->w->wire, NFTA_SET_ELEM_USERDATA);
}

static void put_state(struct fwc_wire *w, const struct fwc_element_state *state)
{
	fwc_encode_stateful_list(w, &state->stateful, FWC_ENCODE_SEND, NFTA_SET_ELEM_EXPR,
				 NFTA_SET_ELEM_EXPRESSIONS);
	if (state->opaque.len)
		fwc_wire_add(w, state->opaque.data, state->opaque.len);
}

/* An element that was read and is written again has the time that it had left then, as far as it may live at all. */
static void put_expiration(struct element_writer *ew, const struct fwc_element *e)
{
	uint64_t longest =
		e->state && e->state->timeout_ms ? e->state->timeout_ms : ew->set->timeout_ms;

	if (e->state && e->state->expires_ms && e->state->expires_ms <= longest)
		fwc_put_be64(ew->w->wire, NFTA_SET_ELEM_EXPIRATION, e->state->expires_ms);
}

/* `last` NULL: no KEY_END. `open`: an interval without an end. */
static void put_element(struct element_writer *ew, const struct key *k, const uint8_t *last,
			bool open)
{
	const struct fwc_element *e = k->element;
	struct fwc_wire *w = ew->w->wire;
	size_t elem = fwc_nest_begin(w, NFTA_LIST_ELEM);

	if (e->key->kind == FWC_VALUE_ANY)
		fwc_put_be32(w, NFTA_SET_ELEM_FLAGS, NFT_SET_ELEM_CATCHALL);
	else
		put_key(w, NFTA_SET_ELEM_KEY, k->first, ew->key_len);
	if (last && e->key->kind != FWC_VALUE_ANY)
		put_key(w, NFTA_SET_ELEM_KEY_END, last, ew->key_len);
	if (ew->type == NFT_MSG_NEWSETELEM) {
		if (e->data)
			put_data(ew, e->data);
		if (e->state && e->state->timeout_ms)
			fwc_put_be64(w, NFTA_SET_ELEM_TIMEOUT, e->state->timeout_ms);
		put_expiration(ew, e);
		put_element_userdata(ew, e, open);
		if (e->state)
			put_state(w, e->state);
	}
	fwc_nest_end(w, elem);
}

static void put_end(struct element_writer *ew, const uint8_t *key)
{
	struct fwc_wire *w = ew->w->wire;
	size_t elem = fwc_nest_begin(w, NFTA_LIST_ELEM);

	fwc_put_be32(w, NFTA_SET_ELEM_FLAGS, NFT_SET_ELEM_INTERVAL_END);
	put_key(w, NFTA_SET_ELEM_KEY, key, ew->key_len);
	fwc_nest_end(w, elem);
}

/* key + 1, big-endian; false when it was the largest. */
static bool next_key(const uint8_t *key, size_t len, uint8_t *ret)
{
	memcpy(ret, key, len);
	while (len)
		if (++ret[--len])
			return true;
	return false;
}

static void put_interval(struct element_writer *ew, const struct key *k)
{
	bool any = k->element->key->kind == FWC_VALUE_ANY;
	uint8_t end[FWC_MAX_KEY];
	bool has_end = !any && next_key(k->last, ew->key_len, end);

	put_element(ew, k, NULL, !any && !has_end);
	if (has_end)
		put_end(ew, end);
}

/* The element that begins at `start` and has just been written. */
static void look(const struct element_writer *ew, size_t start, const struct key *k)
{
	size_t at = ew->msg + ew->spot->offset;

	/* Of a writer that counts from 0: its number is the next message's. */
	if (ew->w->seq - 1 == ew->spot->message && at >= start && at < ew->w->wire->len)
		ew->spot->element = k->element;
}

static void put_one(struct element_writer *ew, const struct key *k)
{
	size_t start;

	open_message(ew);
	start = ew->w->wire->len;
	if (ew->rbtree)
		put_interval(ew, k);
	else
		put_element(ew, k, ew->key_end ? k->last : NULL, false);
	if (ew->spot)
		look(ew, start, k);
}

/* ---- many ---- */

/* An element and where it begins, for sorting intervals of one part. */
struct start {
	const struct fwc_element *element;
	uint8_t first[16];
};

static void fill_start(const struct fwc_element *e, size_t len, struct start *ret)
{
	uint8_t first[FWC_MAX_KEY], last[FWC_MAX_KEY];

	memset(ret, 0, sizeof(*ret));
	ret->element = e;
	fwc_key_ordered_bytes(e->key, first, last);
	if (e->key->kind != FWC_VALUE_ANY)
		memcpy(ret->first, first, len);
}

/* The catch-all comes last. */
static int by_start(const void *a, const void *b)
{
	const struct start *x = a, *y = b;
	bool x_any = x->element->key->kind == FWC_VALUE_ANY;
	bool y_any = y->element->key->kind == FWC_VALUE_ANY;

	return x_any || y_any ? x_any - y_any : memcmp(x->first, y->first, sizeof(x->first));
}

static bool are_sorted(const struct fwc_element *const *elements, size_t count, size_t len)
{
	struct start pair[2];

	fill_start(elements[0], len, &pair[0]);
	for (size_t i = 1; i < count; i++) {
		fill_start(elements[i], len, &pair[i & 1]);
		if (by_start(&pair[(i & 1) ^ 1], &pair[i & 1]) > 0)
			return false;
	}
	return true;
}

/* nft closes the gap before the first one of an anonymous set. */
static void put_gap(struct element_writer *ew, const struct fwc_element *first)
{
	static const uint8_t zero[FWC_MAX_KEY];
	struct key key;

	fill_key(ew, first, &key);
	if (!ew->set->anonymous || first->key->kind == FWC_VALUE_ANY ||
	    !memcmp(key.first, zero, ew->key_len))
		return;
	open_message(ew);
	put_end(ew, zero);
}

/* The first elements tell how large the others will be. Growing bit by bit would touch twice the memory. */
static void reserve(struct element_writer *ew)
{
	size_t more = (ew->w->wire->len - ew->begin) / FIRST_ELEMENTS * ew->left;

	fwc_wire_reserve(ew->w->wire, more + more / 64);
}

static void put_next(struct element_writer *ew, const struct fwc_element *e)
{
	struct key key;

	fill_key(ew, e, &key);
	put_one(ew, &key);
	ew->left--;
	if (ew->count - ew->left == FIRST_ELEMENTS)
		reserve(ew);
}

/* Intervals go in order, or the kernel takes more time for each. Lists mostly come ordered. */
static int put_sorted(struct element_writer *ew, const struct fwc_element *const *elements,
		      size_t count)
{
	bool sorted = are_sorted(elements, count, ew->key_len);
	fwc_cleanup(fwc_freep) struct start *starts =
		sorted ? NULL : fwc_block_alloc(count * sizeof(*starts));

	if (!sorted && !starts)
		return fwc_fail_memory(ew->err);
	for (size_t i = 0; !sorted && i < count; i++)
		fill_start(elements[i], ew->key_len, &starts[i]);
	if (!sorted)
		qsort(starts, count, sizeof(*starts), by_start);
	put_gap(ew, sorted ? elements[0] : starts[0].element);
	for (size_t i = 0; i < count; i++)
		put_next(ew, sorted ? elements[i] : starts[i].element);
	return 0;
}

static int by_number(const void *a, const void *b)
{
	const struct fwc_value *x = (*(const struct fwc_element *const *)a)->key;
	const struct fwc_value *y = (*(const struct fwc_element *const *)b)->key;
	uint64_t m = UINT64_MAX, n = UINT64_MAX; /* the catch-all */

	if (x->kind == FWC_VALUE_CONSTANT)
		fwc_type_get_number(x->type, x->bytes, &m);
	if (y->kind == FWC_VALUE_CONSTANT)
		fwc_type_get_number(y->type, y->bytes, &n);
	return m < n ? -1 : m > n;
}

/* nft lists those whose lowest flag is the same in the opposite order of the kernel's, which keeps ours: this one makes it
 * list what we print. */
static int put_flags(struct element_writer *ew, const struct fwc_element *const *elements,
		     size_t count)
{
	fwc_cleanup(fwc_freep) const struct fwc_element **sorted =
		fwc_block_alloc(count * sizeof(*sorted));

	if (!sorted)
		return fwc_fail_memory(ew->err);
	memcpy(sorted, elements, count * sizeof(*sorted));
	qsort(sorted, count, sizeof(*sorted), by_number);
	for (size_t i = 0; i < count; i++)
		put_next(ew, sorted[i]);
	return 0;
}

static int put_all(struct element_writer *ew, const struct fwc_element *const *elements,
		   size_t count)
{
	int r = 0;

	ew->begin = ew->w->wire->len;
	ew->count = ew->left = count;
	ew->msg = SIZE_MAX;
	ew->rbtree = fwc_set_is_rbtree(ew->set);
	ew->ordered = fwc_encode_is_interval(ew->set);
	ew->key_end = ew->ordered && !ew->rbtree;
	ew->key_len = fwc_types_len(ew->set->key, ew->set->key_count);
	if (!count)
		return 0;
	if (ew->rbtree) {
		r = put_sorted(ew, elements, count);
	} else if (ew->set->key_count == 1 && ew->set->key[0]->form == FWC_FORM_BITS) {
		r = put_flags(ew, elements, count);
	} else {
		for (size_t i = 0; i < count; i++)
			put_next(ew, elements[i]);
	}
	close_message(ew);
	return r;
}

static int refuse_opaque(const struct fwc_set *s, struct fwc_error *err)
{
	if (!s->opaque)
		return 0;
	return fwc_fail(err, -EOPNOTSUPP, FWC_OBJECT_SET,
			"set '%s' has a type that this version of the library does not know",
			s->name);
}

int fwc_nft_put_elements(struct fwc_nft_writer *w, const struct fwc_set *s,
			 const struct fwc_element *const *elements, size_t count, uint16_t flags,
			 bool stamp_owner, struct fwc_error *err)
{
	struct element_writer ew = {
		.w = w,
		.table = s->table,
		.set = s,
		.name = s->name,
		.owner = stamp_owner ? w->owner : NULL,
		.type = NFT_MSG_NEWSETELEM,
		.flags = NLM_F_CREATE | flags,
		.err = err,
	};
	int r = refuse_opaque(s, err);

	return r < 0 ? r : put_all(&ew, elements, count);
}

int fwc_nft_del_elements(struct fwc_nft_writer *w, const struct fwc_set *s,
			 const struct fwc_element *const *elements, size_t count,
			 struct fwc_error *err)
{
	struct element_writer ew = {
		.w = w,
		.table = s->table,
		.set = s,
		.name = s->name,
		.type = NFT_MSG_DELSETELEM,
		.err = err,
	};
	int r = refuse_opaque(s, err);

	return r < 0 ? r : put_all(&ew, elements, count);
}

/* They are written once more. */
const struct fwc_element *fwc_nft_element_at(const struct fwc_set *s,
					     const struct fwc_element *const *elements,
					     size_t count, uint16_t type, const char *owner,
					     uint32_t message, uint32_t offset)
{
	fwc_cleanup(fwc_wire_free) struct fwc_wire wire = { .data = NULL };
	struct fwc_nft_writer w = { .wire = &wire };
	struct spot spot = { .message = message, .offset = offset };
	struct element_writer ew = {
		.w = &w,
		.table = s->table,
		.set = s,
		.name = s->name,
		.owner = owner,
		.type = type,
		.spot = &spot,
	};

	return put_all(&ew, elements, count) < 0 || wire.error ? NULL : spot.element;
}

int fwc_put_elements_of(struct fwc_nft_writer *w, const struct fwc_table *t,
			const struct fwc_set *s, const char *name, uint32_t id,
			struct fwc_error *err)
{
	struct element_writer ew = {
		.w = w,
		.table = t,
		.set = s,
		.name = name,
		.set_id = id,
		.type = NFT_MSG_NEWSETELEM,
		.flags = NLM_F_CREATE,
		.err = err,
	};

	return put_all(&ew, (const struct fwc_element *const *)s->elements.items,
		       s->elements.count);
}

/* ---- content, for comparing ---- */

/* The catch-all comes last. */
static int by_first(const void *a, const void *b)
{
	const struct key *x = a, *y = b;
	bool x_any = x->element->key->kind == FWC_VALUE_ANY;
	bool y_any = y->element->key->kind == FWC_VALUE_ANY;

	return x_any || y_any ? x_any - y_any : memcmp(x->first, y->first, FWC_MAX_KEY);
}

static void put_content(struct fwc_wire *w, const struct fwc_set *s, const struct key *k,
			size_t len)
{
	const struct fwc_element *e = k->element;
	const struct fwc_value *data = e->data;

	fwc_put_u32(w, NFTA_SET_ELEM_FLAGS, e->key->kind == FWC_VALUE_ANY);
	fwc_put(w, NFTA_SET_ELEM_KEY, k->first, len);
	fwc_put(w, NFTA_SET_ELEM_KEY_END, k->last, len);
	fwc_encode_stateful_list(w, fwc_element_stateful(e), FWC_ENCODE_CANONICAL,
				 NFTA_SET_ELEM_EXPR, NFTA_SET_ELEM_EXPRESSIONS);
	if (e->labels && e->labels->comment)
		fwc_put_text(w, NFTA_SET_ELEM_USERDATA, e->labels->comment);
	if (!data)
		return;
	if (data->kind == FWC_VALUE_OBJECT) {
		fwc_put_text(w, NFTA_SET_ELEM_OBJREF, data->name);
	} else if (data->kind == FWC_VALUE_VERDICT) {
		fwc_put_verdict_attrs(w, fwc_verdict_code(data->op), data->name);
	} else {
		uint8_t first[FWC_MAX_KEY], last[FWC_MAX_KEY];

		fwc_key_bytes(data, first, last);
		fwc_put(w, NFTA_SET_ELEM_DATA, first, fwc_set_data_len(s));
		if (s->flags & FWC_SET_DATA_INTERVAL)
			fwc_put(w, NFTA_SET_ELEM_DATA, last, fwc_set_data_len(s));
	}
}

void fwc_put_set_content(struct fwc_wire *w, const struct fwc_set *s)
{
	size_t count = s->elements.count, len = fwc_types_len(s->key, s->key_count);
	fwc_cleanup(fwc_freep) struct key *keys = calloc(count ? count : 1, sizeof(*keys));

	if (!keys) {
		w->error = w->error ? w->error : -ENOMEM;
		return;
	}
	for (size_t i = 0; i < s->key_count; i++)
		fwc_put_u32(w, NFTA_SET_KEY_TYPE, s->key[i]->id);
	for (size_t i = 0; i < s->data_count; i++)
		fwc_put_u32(w, NFTA_SET_DATA_TYPE, s->data[i]->id);
	for (size_t i = 0; i < count; i++) {
		keys[i].element = s->elements.items[i];
		fwc_key_ordered_bytes(keys[i].element->key, keys[i].first, keys[i].last);
	}
	qsort(keys, count, sizeof(*keys), by_first);
	for (size_t i = 0; i < count; i++)
		put_content(w, s, &keys[i], len);
}
