/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* An order of intervals, so that overlaps are found without comparing each with each.
 *
 * Entries are kept in blocks, ordered by their first key. A block knows the box around its entries: for each part of
 * the key the least first and the greatest last. Intervals of one part do not overlap, so there a binary search finds
 * the only candidate; of several parts one interval may lie within another's range in each part alone, and every block
 * whose box is met must be looked through. A group of blocks has a box as well, so that most are passed over unseen. */
#include "model/set.h"

enum { BLOCK_ENTRIES = 128, GROUP = 16 /* blocks */ };

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
	uint8_t *
		boxes; /* of several parts: one of 2 * len bytes for each group; what is taken out does not make them smaller */
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

static struct fwc_element *find_in_block(const struct fwc_intervals *ix, const struct block *b,
					 const uint8_t *keys, bool same)
{
	struct fwc_element *found = NULL;

	for (size_t i = 0; !found && i < b->count; i++)
		found = match(ix, entry_at(ix, b, i), keys, same);
	return found;
}

static uint8_t *group_box(const struct fwc_intervals *ix, size_t block)
{
	return ix->boxes + block / GROUP * 2 * ix->len;
}

static struct fwc_element *find_in_boxes(const struct fwc_intervals *ix, const uint8_t *keys,
					 bool same)
{
	struct fwc_element *found = NULL;

	for (size_t i = 0; !found && i < ix->count;) {
		if (i % GROUP == 0 && !meet(ix, group_box(ix, i), keys)) {
			i += GROUP;
			continue;
		}
		if (meet(ix, ix->blocks[i]->box, keys))
			found = find_in_block(ix, ix->blocks[i], keys, same);
		i++;
	}
	return found;
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

static void widen(const struct fwc_intervals *ix, uint8_t *box, const uint8_t *keys)
{
	uint8_t *first = box, *last = box + ix->len;

	for (size_t i = 0, at = 0; i < ix->parts; at += ix->part_len[i++]) {
		if (memcmp(keys + at, first + at, ix->part_len[i]) < 0)
			memcpy(first + at, keys + at, ix->part_len[i]);
		if (memcmp(keys + ix->len + at, last + at, ix->part_len[i]) > 0)
			memcpy(last + at, keys + ix->len + at, ix->part_len[i]);
	}
}

static void make_empty(const struct fwc_intervals *ix, uint8_t *box)
{
	memset(box, 0xff, ix->len);
	memset(box + ix->len, 0, ix->len);
}

static void measure(const struct fwc_intervals *ix, struct block *b)
{
	make_empty(ix, b->box);
	for (size_t i = 0; i < b->count; i++)
		widen(ix, b->box, entry_at(ix, b, i)->keys);
}

/* The groups from that block's on, whose blocks are others now. */
static void measure_groups(const struct fwc_intervals *ix, size_t block)
{
	for (size_t i = block - block % GROUP; i < ix->count; i++) {
		if (i % GROUP == 0)
			make_empty(ix, group_box(ix, i));
		widen(ix, group_box(ix, i), ix->blocks[i]->box);
	}
}

/* Room for one block more. */
static bool grow(struct fwc_intervals *ix, struct fwc_arena *a)
{
	size_t room = ix->room ? 2 * ix->room : 4;
	struct block **blocks;
	uint8_t *boxes;

	if (ix->count < ix->room)
		return true;
	blocks = fwc_arena_alloc(a, room * sizeof(struct block *));
	boxes = blocks ? fwc_arena_alloc(a, (room / GROUP + 1) * 2 * ix->len) : NULL;
	if (!boxes)
		return false;
	if (ix->count) {
		memcpy(blocks, ix->blocks, ix->count * sizeof(struct block *));
		memcpy(boxes, ix->boxes, ((ix->count - 1) / GROUP + 1) * 2 * ix->len);
	}
	ix->blocks = blocks;
	ix->boxes = boxes;
	ix->room = room;
	return true;
}

static struct block *insert_block(struct fwc_intervals *ix, struct fwc_arena *a, size_t at)
{
	struct block *b;

	if (!grow(ix, a))
		return NULL;
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
static struct block *make_room(struct fwc_intervals *ix, struct fwc_arena *a, const uint8_t *keys,
			       size_t *ret_at)
{
	size_t i = ix->count ? find_block(ix, keys) : 0;
	struct block *b = ix->count ? ix->blocks[i] : insert_block(ix, a, 0), *next;

	*ret_at = i;
	if (!b)
		return NULL;
	if (ix->count == 1 && !b->count)
		measure_groups(ix, 0);
	if (b->count < BLOCK_ENTRIES)
		return b;
	next = insert_block(ix, a, i + 1);
	if (!next)
		return NULL;
	if (i + 2 == ix->count && find_place(ix, b, keys) == BLOCK_ENTRIES) {
		*ret_at = i + 1;
		if (*ret_at % GROUP == 0)
			make_empty(ix, group_box(ix, *ret_at));
		return next;
	}
	b->count = next->count = BLOCK_ENTRIES / 2;
	memcpy(next->entries, entry_at(ix, b, b->count), next->count * ix->stride);
	measure(ix, b);
	measure(ix, next);
	measure_groups(ix, i);
	if (memcmp(next->entries + offsetof(struct entry, keys), keys, ix->len) > 0)
		return b;
	*ret_at = i + 1;
	return next;
}

int fwc_intervals_add(struct fwc_set *s, struct fwc_element *e)
{
	struct fwc_intervals *ix = s->intervals ? s->intervals : make(s);
	uint8_t keys[2 * FWC_MAX_KEY];
	struct entry *place;
	struct block *b;
	size_t at, block;

	if (!ix)
		return -ENOMEM;
	s->intervals = ix;
	fwc_key_ordered_bytes(e->key, keys, keys + ix->len);
	b = make_room(ix, &s->ruleset->arena, keys, &block);
	if (!b)
		return -ENOMEM;
	at = find_place(ix, b, keys);
	place = entry_at(ix, b, at);
	memmove((uint8_t *)place + ix->stride, place, (b->count - at) * ix->stride);
	place->element = e;
	memcpy(place->keys, keys, 2 * ix->len);
	b->count++;
	widen(ix, b->box, keys);
	widen(ix, group_box(ix, block), keys);
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
	measure_groups(ix, i);
}
