/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Fields with parameters: rows that are made when they are met. */
#ifndef FWC_FIELDS_MADE_H
#define FWC_FIELDS_MADE_H

#include "fields/fields.h"

struct fwc_made_field {
	struct fwc_field_row row;
	char name[FWC_FIELD_NAME_MOST]; /* what row.name points to */
};

/* Completes a row that says what is loaded (load, base, key, flags, more, offset), of `len` bytes where that is open: its
 * id, type and words. NULL: nft has no words for it; a row of the table where there is one. */
const struct fwc_field_row *fwc_field_make(struct fwc_made_field *m, uint32_t len);

#endif
