/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Within lib/model: what the files about sets share. */
#ifndef FWC_MODEL_SET_H
#define FWC_MODEL_SET_H

#include "model/model.h"

enum {
	/* nft packs the types of a key into 32 bits, 6 each; of more it loses the first ones when it lists the set. */
	FWC_MAX_TYPES = 5,
};

static inline size_t fwc_padded(size_t len)
{
	return (len + 3) & ~(size_t)3;
}

/* Whether they can stand side by side as a key. */
int fwc_check_types(const char *text, const struct fwc_type *const *types, size_t count,
		    struct fwc_error *err);
/* "ipv4_addr . inet_service", in the arena; NULL when out of memory. */
char *fwc_types_text(struct fwc_arena *a, const struct fwc_type *const *types, size_t count);
/* Constants, prefixes, ranges, and concatenations of them. */
bool fwc_value_is_key(const struct fwc_value *v);

/* Fills in which set it was; the ruleset keeps it. Returns err->code. */
int fwc_set_fail(struct fwc_set *s, struct fwc_error *err);

/* *ret: an element that shares a key with this one, NULL: none. 0 or -ENOMEM. */
int fwc_set_find_meeting(struct fwc_set *s, const struct fwc_value *key, struct fwc_element **ret);
/* Takes an element out of the set. The others do not keep their order. */
void fwc_set_remove(struct fwc_set *s, struct fwc_element *e);

/* ---- intervals: elements ordered by their ordered bytes ---- */

/* Adds without looking. 0 or -ENOMEM. */
int fwc_intervals_add(struct fwc_set *s, struct fwc_element *e);
void fwc_intervals_remove(struct fwc_set *s, const struct fwc_element *e);
/* An element that shares a key with `first` to `last`; with `same`, one that has exactly those. NULL: none. */
struct fwc_element *fwc_intervals_find(const struct fwc_set *s, const uint8_t *first,
				       const uint8_t *last, bool same);

#endif
