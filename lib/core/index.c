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
