/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Fields with parameters, given and read as numbers: enum fwc_field_detail. */
#ifndef FWC_FIELDS_DETAILS_H
#define FWC_FIELDS_DETAILS_H

#include "fields/made.h"

/* The field with these parameters, made in `made` where it is no row of the table; NULL: they are not its own. */
const struct fwc_field_row *fwc_field_with(struct fwc_made_field *made, uint32_t field,
					   const uint32_t *params, const uint32_t *numbers,
					   size_t count);
/* False: the field has no such parameter, or was not given it. */
bool fwc_field_detail(const struct fwc_field_row *f, uint32_t param, uint32_t *ret);

#endif
