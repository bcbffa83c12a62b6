/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* An order of intervals, so that overlaps are found without comparing each with each.
 *
 * Entries are kept in blocks, ordered by their first key. A block knows the box around its entries: for each part of
 * the key the least first and the greatest last. Intervals of one part do not overlap, so there a binary search finds
 * the only candidate; of several parts one interval may lie within another's range in each part alone, and every block
 * whose box is met must be looked through. */
#include "model/set.h"

enum { BLOCK_ENTRIES = 128 };

struct entry {
	struct fwc_element *element;
	uint8_t keys[]; /* first, then last */
};

struct block {
	size_t count;
	uint8_t box[2 * FWC_MAX_KEY]; /* first, then last */
	_Alignas(8) uint8_t entries[]; /* BLOCK_ENTRIES of them, `stride` bytes apart */
};

struct fwc_intervals {
	struct block **blocks;
	size_t count, room; /* blocks */
	size_t len, stride; /* bytes of a key, of an entry */
	uint8_t parts; /* types of the key */
	uint8_t part_len[FWC_MAX_CONCAT];
};

static struct entry *entry_at(const struct fwc_intervals *ix, const struct block *b, size_t i)
{
	return (struct entry *)((uint8_t *)b->entries + i * ix->stride);
}

/* Both point to a first key with its last key right behind. */
static bool meet(const struct fwc_intervals *ix, const uint8_t *a, const uint8_t *b)
{
	for (size_t i = 0, at = 0; i < ix->parts; at += ix->part_len[i++])
		if (memcmp(a + at, b + ix->len + at, ix->part_len[i]) > 0 ||
		    memcmp(b + at, a + ix->len + at, ix->part_len[i]) > 0)
			return false;
	return true;
}

/* The last block that begins at or before `keys`, 0 when all begin later. */
static size_t find_block(const struct fwc_intervals *ix, const uint8_t *keys)
{
	size_t low = 0, high = ix->count;

	while (high - low > 1) {
		size_t middle = low + (high - low) / 2;

		if (memcmp(entry_at(ix, ix->blocks[middle], 0)->keys, keys, ix->len) <= 0)
			low = middle;
		else
			high = middle;
	}
	return low;
}

/* Entries of the block that begin at or before `keys`. */
static size_t find_place(const struct fwc_intervals *ix, const struct block *b, const uint8_t *keys)
{
	size_t low = 0, high = b->count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (memcmp(entry_at(ix, b, middle)->keys, keys, ix->len) <= 0)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

static struct fwc_element *match(const struct fwc_intervals *ix, const struct entry *e,
				 const uint8_t *keys, bool same)
{
	bool is = same ? !memcmp(e->keys, keys, 2 * ix->len) : meet(ix, e->keys, keys);

	return is ? e->element : NULL;
}

/* Of one part: the entry before the place of `keys`, and the one after it. */
static struct fwc_element *find_neighbour(const struct fwc_intervals *ix, const uint8_t *keys,
					  bool same)
{
	size_t i = find_block(ix, keys);
	const struct block *b = ix->blocks[i];
	size_t place = find_place(ix, b, keys);
	struct fwc_element *found = NULL;

	if (place)
		found = match(ix, entry_at(ix, b, place - 1), keys, same);
	if (!found && place < b->count)
		found = match(ix, entry_at(ix, b, place), keys, same);
	if (!found && place == b->count && i + 1 < ix->count)
		found = match(ix, entry_at(ix, ix->blocks[i + 1], 0), keys, same);
	return found;
}

static struct fwc_element *find_in_boxes(const struct fwc_intervals *ix, const uint8_t *keys,
					 bool same)
{
	for (size_t i = 0; i < ix->count; i++) {
		const struct block *b = ix->blocks[i];

		if (!meet(ix, b->box, keys))
			continue;
		for (size_t k = 0; k < b->count; k++) {
			struct fwc_element *found = match(ix, entry_at(ix, b, k), keys, same);

			if (found)
				return found;
		}
	}
	return NULL;
}

struct fwc_element *fwc_intervals_find(const struct fwc_set *s, const uint8_t *first,
				       const uint8_t *last, bool same)
{
	const struct fwc_intervals *ix = s->intervals;
	uint8_t keys[2 * FWC_MAX_KEY];

	if (!ix || !ix->count)
		return NULL;
	memcpy(keys, first, ix->len);
	memcpy(keys + ix->len, last, ix->len);
	return ix->parts == 1 ? find_neighbour(ix, keys, same) : find_in_boxes(ix, keys, same);
}

/* ---- adding ---- */

static struct fwc_intervals *make(struct fwc_set *s)
{
	struct fwc_intervals *ix = fwc_arena_alloc(&s->ruleset->arena, sizeof(*ix));

	if (!ix)
		return NULL;
	ix->len = fwc_set_key_len(s);
	ix->stride = (sizeof(struct entry) + 2 * ix->len + 7) & ~(size_t)7;
	ix->parts = s->key_count;
	for (size_t i = 0; i < s->key_count; i++)
		ix->part_len[i] = (uint8_t)fwc_padded(s->key[i]->len);
	return ix;
}

static void widen(const struct fwc_intervals *ix, struct block *b, const uint8_t *keys)
{
	uint8_t *first = b->box, *last = b->box + ix->len;

	for (size_t i = 0, at = 0; i < ix->parts; at += ix->part_len[i++]) {
		if (memcmp(keys + at, first + at, ix->part_len[i]) < 0)
			memcpy(first + at, keys + at, ix->part_len[i]);
		if (memcmp(keys + ix->len + at, last + at, ix->part_len[i]) > 0)
			memcpy(last + at, keys + ix->len + at, ix->part_len[i]);
	}
}

static void measure(const struct fwc_intervals *ix, struct block *b)
{
	memset(b->box, 0xff, ix->len);
	memset(b->box + ix->len, 0, ix->len);
	for (size_t i = 0; i < b->count; i++)
		widen(ix, b, entry_at(ix, b, i)->keys);
}

static struct block *insert_block(struct fwc_intervals *ix, struct fwc_arena *a, size_t at)
{
	struct block *b;

	if (ix->count == ix->room) {
		size_t room = ix->room ? 2 * ix->room : 4;
		struct block **blocks = fwc_arena_alloc(a, room * sizeof(struct block *));

		if (!blocks)
			return NULL;
		if (ix->count)
			memcpy(blocks, ix->blocks, ix->count * sizeof(struct block *));
		ix->blocks = blocks;
		ix->room = room;
	}
	b = fwc_arena_alloc(a, sizeof(*b) + BLOCK_ENTRIES * ix->stride);
	if (!b)
		return NULL;
	measure(ix, b);
	memmove(ix->blocks + at + 1, ix->blocks + at, (ix->count - at) * sizeof(struct block *));
	ix->blocks[at] = b;
	ix->count++;
	return b;
}

/* The block for `keys`, with room for one more. Lists mostly come ordered: at the very end a full block stays full. */
static struct block *make_room(struct fwc_intervals *ix, struct fwc_arena *a, const uint8_t *keys)
{
	size_t i = ix->count ? find_block(ix, keys) : 0;
	struct block *b, *next;

	if (!ix->count)
		return insert_block(ix, a, 0);
	b = ix->blocks[i];
	if (b->count < BLOCK_ENTRIES)
		return b;
	next = insert_block(ix, a, i + 1);
	if (!next)
		return NULL;
	if (i + 2 == ix->count && find_place(ix, b, keys) == BLOCK_ENTRIES)
		return next;
	b->count = next->count = BLOCK_ENTRIES / 2;
	memcpy(next->entries, entry_at(ix, b, b->count), next->count * ix->stride);
	measure(ix, b);
	measure(ix, next);
	return memcmp(next->entries + offsetof(struct entry, keys), keys, ix->len) <= 0 ? next : b;
}

int fwc_intervals_add(struct fwc_set *s, struct fwc_element *e)
{
	struct fwc_intervals *ix = s->intervals ? s->intervals : make(s);
	uint8_t keys[2 * FWC_MAX_KEY];
	struct entry *place;
	struct block *b;
	size_t at;

	if (!ix)
		return -ENOMEM;
	s->intervals = ix;
	fwc_key_ordered_bytes(e->key, keys, keys + ix->len);
	b = make_room(ix, &s->ruleset->arena, keys);
	if (!b)
		return -ENOMEM;
	at = find_place(ix, b, keys);
	place = entry_at(ix, b, at);
	memmove((uint8_t *)place + ix->stride, place, (b->count - at) * ix->stride);
	place->element = e;
	memcpy(place->keys, keys, 2 * ix->len);
	b->count++;
	widen(ix, b, keys);
	return 0;
}

/* ---- taking out ---- */

void fwc_intervals_remove(struct fwc_set *s, const struct fwc_element *e)
{
	struct fwc_intervals *ix = s->intervals;
	uint8_t keys[2 * FWC_MAX_KEY];
	struct block *b;
	size_t i, at;

	fwc_key_ordered_bytes(e->key, keys, keys + ix->len);
	i = find_block(ix, keys);
	b = ix->blocks[i];
	for (at = find_place(ix, b, keys); at && entry_at(ix, b, at - 1)->element != e; at--)
		;
	if (!at)
		return;
	memmove(entry_at(ix, b, at - 1), entry_at(ix, b, at), (b->count - at) * ix->stride);
	if (--b->count)
		return;
	ix->count--;
	memmove(ix->blocks + i, ix->blocks + i + 1, (ix->count - i) * sizeof(*ix->blocks));
}
