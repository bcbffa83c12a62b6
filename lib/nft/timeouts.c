/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The data of a ct timeout object: an attribute for each state of the protocol, all of them always. */
#include "fields/timeouts.h"
#include "nft/messages.h"

void fwc_put_timeouts(struct fwc_wire *w, const struct fwc_target *t, uint32_t family)
{
	uint64_t l4 = 0, l3 = family;
	const struct fwc_timeouts *row;
	uint32_t seconds[FWC_TIMEOUTS_MOST];
	size_t nest;

	fwc_target_get_number(t, FWC_CT_TIMEOUT_PROTOCOL, &l4);
	fwc_target_get_number(t, FWC_CT_TIMEOUT_FAMILY, &l3);
	row = fwc_timeouts_of(l4);
	fwc_timeouts_parse(row, fwc_target_get_text(t, FWC_CT_TIMEOUT_POLICY), seconds, NULL);
	fwc_put_u8(w, NFTA_CT_TIMEOUT_L4PROTO, row->l4);
	fwc_put_be16(w, NFTA_CT_TIMEOUT_L3PROTO, (uint16_t)l3);
	nest = fwc_nest_begin(w, NFTA_CT_TIMEOUT_DATA);
	for (size_t i = 0; i < row->count; i++)
		fwc_put_be32(w, (uint16_t)(i + 1), seconds[i]);
	fwc_nest_end(w, nest);
}

/* NULL: not a protocol or state that is known here, or no memory. */
struct fwc_target *fwc_read_timeouts(struct fwc_arena *arena, struct fwc_slice data,
				     uint32_t family)
{
	struct fwc_attr a[NFTA_CT_TIMEOUT_MAX + 1], states[FWC_TIMEOUTS_MOST + 1];
	struct fwc_target *t = fwc_target_in(arena, FWC_TARGET_CT_TIMEOUT);
	const struct fwc_timeouts *row;
	uint32_t seconds[FWC_TIMEOUTS_MOST];
	char text[320];
	struct fwc_buf out = fwc_buf_over(text, sizeof(text));
	const char *copy;
	uint16_t l3;
	uint8_t l4;

	if (!t || fwc_attrs_parse(data, a, NFTA_CT_TIMEOUT_MAX) < 0 ||
	    !fwc_attr_u8(&a[NFTA_CT_TIMEOUT_L4PROTO], &l4) ||
	    !fwc_attr_be16(&a[NFTA_CT_TIMEOUT_L3PROTO], &l3) || !fwc_timeouts_of(l4))
		return NULL;
	row = fwc_timeouts_of(l4);
	if (fwc_attrs_parse(fwc_attr_slice(&a[NFTA_CT_TIMEOUT_DATA]), states, row->count) < 0)
		return NULL;
	for (size_t i = 0; i < row->count; i++)
		if (!fwc_attr_be32(&states[i + 1], &seconds[i]))
			return NULL;
	fwc_target_put_number(t, FWC_CT_TIMEOUT_PROTOCOL, l4);
	if (l3 != family)
		fwc_target_put_number(t, FWC_CT_TIMEOUT_FAMILY, l3);
	fwc_timeouts_format(row, seconds, &out);
	if (!out.len)
		return t;
	copy = fwc_arena_strdup(arena, text);
	if (copy)
		fwc_target_put_text(t, FWC_CT_TIMEOUT_POLICY, copy);
	return copy ? t : NULL;
}
