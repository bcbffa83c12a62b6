/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Constants as numbers to be compared. */
#ifndef FWC_FIELDS_ORDER_H
#define FWC_FIELDS_ORDER_H

#include "fields/fields.h"

/* Register bytes <-> bytes in an order in which memcmp() compares what they mean. */
static inline void fwc_order_bytes(const struct fwc_type *t, const uint8_t *bytes, uint8_t *ret)
{
	bool turn = t->order == FWC_ORDER_HOST && t->form != FWC_FORM_IFNAME &&
		    __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__;
	size_t len = t->len < FWC_TYPE_BYTES_MOST ? t->len : FWC_TYPE_BYTES_MOST;

	for (size_t i = 0; i < len; i++)
		ret[i] = bytes[turn ? len - 1 - i : i];
}

#endif
