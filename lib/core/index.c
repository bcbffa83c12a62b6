/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Open addressing, at most half full. */
#include <stdlib.h>

#include "core/index.h"

/* FNV-1a; its low bits are good enough for a table whose size is a power of two. */
uint32_t fwc_hash(const void *bytes, size_t len)
{
	const uint8_t *p = bytes;
	uint32_t h = 2166136261u;

	for (size_t i = 0; i < len; i++)
		h = (h ^ p[i]) * 16777619u;
	return h ^ h >> 16;
}

static void place(struct fwc_index *ix, struct fwc_index_slot slot)
{
	size_t i = slot.hash & (ix->room - 1);

	while (ix->slots[i].item)
		i = (i + 1) & (ix->room - 1);
	ix->slots[i] = slot;
}

static int grow(struct fwc_index *ix)
{
	struct fwc_index bigger = { .room = ix->room ? ix->room * 2 : 8, .count = ix->count };

	bigger.slots = calloc(bigger.room, sizeof(*bigger.slots));
	if (!bigger.slots)
		return -ENOMEM;
	for (size_t i = 0; i < ix->room; i++)
		if (ix->slots[i].item)
			place(&bigger, ix->slots[i]);
	free(ix->slots);
	*ix = bigger;
	return 0;
}

int fwc_index_add(struct fwc_index *ix, uint32_t hash, void *item)
{
	if (ix->count >= ix->room / 2 && grow(ix) < 0)
		return -ENOMEM;
	place(ix, (struct fwc_index_slot){ item, hash });
	ix->count++;
	return 0;
}

void *fwc_index_find(const struct fwc_index *ix, uint32_t hash,
		     bool (*is)(const void *item, const void *key), const void *key)
{
	if (!ix->room)
		return NULL;
	for (size_t i = hash & (ix->room - 1); ix->slots[i].item; i = (i + 1) & (ix->room - 1))
		if (ix->slots[i].hash == hash && is(ix->slots[i].item, key))
			return ix->slots[i].item;
	return NULL;
}

void fwc_index_free(struct fwc_index *ix)
{
	free(ix->slots);
	memset(ix, 0, sizeof(*ix));
}

/* ---- numbers ---- */

static void place_number(struct fwc_numbers *ix, uint64_t slot)
{
	size_t i = (slot >> 32) & (ix->room - 1);

	while (ix->slots[i])
		i = (i + 1) & (ix->room - 1);
	ix->slots[i] = slot;
}

static int grow_numbers(struct fwc_numbers *ix)
{
	struct fwc_numbers bigger = { .room = ix->room ? ix->room * 2 : 32, .count = ix->count };

	bigger.slots = fwc_block_alloc(bigger.room * sizeof(*bigger.slots));
	if (!bigger.slots)
		return -ENOMEM;
	memset(bigger.slots, 0, bigger.room * sizeof(*bigger.slots));
	for (size_t i = 0; i < ix->room; i++)
		if (ix->slots[i])
			place_number(&bigger, ix->slots[i]);
	free(ix->slots);
	*ix = bigger;
	return 0;
}

int fwc_numbers_add(struct fwc_numbers *ix, uint32_t hash, size_t number)
{
	if (number >= UINT32_MAX || (ix->count >= ix->room / 2 && grow_numbers(ix) < 0))
		return -ENOMEM;
	place_number(ix, (uint64_t)hash << 32 | (uint32_t)(number + 1));
	ix->count++;
	return 0;
}

size_t fwc_numbers_find(const struct fwc_numbers *ix, uint32_t hash,
			bool (*is)(const void *array, size_t number, const void *key),
			const void *array, const void *key)
{
	if (!ix->room)
		return SIZE_MAX;
	for (size_t i = hash & (ix->room - 1); ix->slots[i]; i = (i + 1) & (ix->room - 1))
		if (ix->slots[i] >> 32 == hash && is(array, (uint32_t)ix->slots[i] - 1u, key))
			return (uint32_t)ix->slots[i] - 1u;
	return SIZE_MAX;
}

void fwc_numbers_free(struct fwc_numbers *ix)
{
	free(ix->slots);
	memset(ix, 0, sizeof(*ix));
}
