/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Binding: values as a caller or parser made them become values of a ruleset, copied and typed. */
#ifndef FWC_MODEL_BIND_H
#define FWC_MODEL_BIND_H

#include "model/model.h"

/* Where values go, and where what is wrong with them is told. */
struct fwc_binder {
	struct fwc_ruleset *ruleset;
	const struct fwc_table *table; /* whose sets are named; NULL: none */
	struct fwc_error *err;
	bool ranges; /* a map may hold them: this place is an address to translate to */
	bool in_arena; /* values are of the ruleset's arena already: what is bound is kept, not copied */
	unsigned int level; /* of nesting */
};

/* All return NULL on failure, with *err filled. */

/* A constant, prefix, range, concatenation of such, list, set or verdict, for a place of these types. */
const struct fwc_value *fwc_bind_constant(struct fwc_binder *b, const struct fwc_value *v,
					  const struct fwc_type *const *types, size_t count);
/* The key of an element: a constant, prefix, range or concatenation of such, or ANY. */
const struct fwc_value *fwc_bind_key(struct fwc_binder *b, const struct fwc_value *v,
				     const struct fwc_type *const *types, size_t count);
/* What is computed from the packet: a field, bits, a map of known data, a concatenation of such. */
const struct fwc_value *fwc_bind_computed(struct fwc_binder *b, const struct fwc_value *v);
/* Either of them, for a place of these types. */
const struct fwc_value *fwc_bind_any(struct fwc_binder *b, const struct fwc_value *v,
				     const struct fwc_type *const *types, size_t count);
/* The same for what a packet adds to a set: some parts of a concatenation may be constants. */
const struct fwc_value *fwc_bind_new_key(struct fwc_binder *b, const struct fwc_value *v,
					 const struct fwc_type *const *types, size_t count);
/* A MAP from what its key computes to data of these types. */
const struct fwc_value *fwc_bind_map(struct fwc_binder *b, const struct fwc_value *v,
				     const struct fwc_type *const *types, size_t count);
/* Whether it is FIELD, BITS or MAP, or has one of them as a part. */
bool fwc_value_is_computed(const struct fwc_value *v);
/* The declared set that a SET names, NULL when it is not known here. */
const struct fwc_set *fwc_bind_find_set(const struct fwc_binder *b, const struct fwc_value *v);
/* A set, list or pairs, for a key of these types; without data types it must not be a map. */
const struct fwc_value *fwc_bind_container(struct fwc_binder *b, const struct fwc_value *v,
					   const struct fwc_type *const *key, size_t key_count,
					   const struct fwc_type *const *data, size_t data_count);
/* The types of a bound value; unlike fwc_value_types() it looks named maps up. 0: not known. */
size_t fwc_bind_types(const struct fwc_binder *b, const struct fwc_value *v,
		      const struct fwc_type *types[FWC_MAX_CONCAT]);

/* A value and types in words, for messages. */
const char *fwc_value_describe(const struct fwc_value *v, char text[96]);
const char *fwc_types_describe(const struct fwc_type *const *types, size_t count, char text[128]);
/* "'x' stands where ipv4_addr is wanted"; NULL. */
const struct fwc_value *fwc_bind_refuse(struct fwc_binder *b, const struct fwc_value *v,
					const struct fwc_type *const *types, size_t count);
/* Returns what an allocation gave; NULL is told. */
const struct fwc_value *fwc_bind_made(struct fwc_binder *b, const struct fwc_value *v);
/* One level deeper; false, and told, when there is no value or no depth left. Undone by b->level--. */
bool fwc_bind_enter(struct fwc_binder *b, const struct fwc_value *v);

#endif
