/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The kinds of named objects, in nft's words. */
#ifndef FWC_OBJECTS_H
#define FWC_OBJECTS_H

#include "core/core.h"

struct fwc_object_words {
	uint32_t type; /* enum fwc_object_type */
	const char *name; /* as it is declared: "ct helper" */
	/* what stands before its name in a rule: "ct helper set"; NULL: a statement of its own does */
	const char *statement;
};

extern const struct fwc_object_words fwc_object_kinds[];
extern const size_t fwc_object_kinds_count;

struct fwc_type;
/* What a map to objects holds: a type of no bytes, whose number is the object's. NULL when unknown. */
const struct fwc_type *fwc_type_of_object(uint32_t type);
const struct fwc_type *fwc_type_of_object_named(const char *name);

const char *fwc_object_word(uint32_t type); /* NULL when unknown */
const char *fwc_object_statement(uint32_t type);

#endif
