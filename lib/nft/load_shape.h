/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* How fields are loaded that no expression of its own is written for: which attribute a member of a field's row travels
 * in. Read by encoder and decoder. */
#ifndef FWC_NFT_LOAD_SHAPE_H
#define FWC_NFT_LOAD_SHAPE_H

#include "fields/fields.h"
#include "nft/expression.h"

/* Writes the expression that loads a field; false: fields of this kind have none. */
bool fwc_put_load(struct fwc_wire *w, uint32_t reg, const struct fwc_field_row *f);

/* The hash of `len` bytes from register `from` on, as the row of a jhash says. */
void fwc_put_jhash(struct fwc_wire *w, uint32_t reg, uint32_t from, size_t len,
		   const struct fwc_field_row *f);

/* What an expression loads: a row without id, name and type, and how many bytes. */
struct fwc_loaded {
	struct fwc_field_row row;
	uint32_t len; /* 0: the expression does not say */
	uint32_t reg;
};

/* False: it is no such expression, or it has attributes that rows do not have. */
bool fwc_read_load(const char *expression, struct fwc_slice data, struct fwc_loaded *ret);

#endif
