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

#endif
