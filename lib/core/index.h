/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A hash index over items that live elsewhere: finds one by its key in constant time. Items are never taken out. */
#ifndef FWC_INDEX_H
#define FWC_INDEX_H

#include "core/core.h"

struct fwc_index_slot {
	void *item; /* NULL: free */
	uint32_t hash;
};

/* Zero-initialised is empty. */
struct fwc_index {
	struct fwc_index_slot *slots;
	size_t room, count; /* room: 0 or a power of two */
};

uint32_t fwc_hash(const void *bytes, size_t len);
/* Adds without looking whether it is there. 0 or -ENOMEM. */
int fwc_index_add(struct fwc_index *ix, uint32_t hash, void *item);
/* The item of that hash for which `is` says so, NULL when there is none. */
void *fwc_index_find(const struct fwc_index *ix, uint32_t hash,
		     bool (*is)(const void *item, const void *key), const void *key);
void fwc_index_free(struct fwc_index *ix);

/* The same over an array, for very many items: by their numbers in it, at half the memory. */
struct fwc_numbers {
	uint64_t *slots; /* hash, then the number + 1; 0: free */
	size_t room, count; /* room: 0 or a power of two */
};

/* Adds without looking whether it is there; `number` is below UINT32_MAX. 0 or -ENOMEM. */
int fwc_numbers_add(struct fwc_numbers *ix, uint32_t hash, size_t number);
/* The number of that hash for which `is` says so, SIZE_MAX when there is none. */
size_t fwc_numbers_find(const struct fwc_numbers *ix, uint32_t hash,
			bool (*is)(const void *array, size_t number, const void *key),
			const void *array, const void *key);
void fwc_numbers_free(struct fwc_numbers *ix);

#endif
