/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What a register is written to: metadata, connections, bytes of the packet, TCP options. */
#include "fields/made.h"
#include "nft/decode.h"
#include "nft/read.h"

static enum fwc_decoded assign(struct fwc_decoder *d, const struct fwc_field_row *f,
			       const struct fwc_value *v)
{
	const struct fwc_value *values[2] = { NULL, v };
	struct fwc_target *t;

	if (!f || !fwc_field_is_settable(f) || !v || d->waiting)
		return FWC_DECODED_FOREIGN;
	if (v->kind == FWC_VALUE_MAP && v->child[1]->kind == FWC_VALUE_LIST &&
	    fwc_set_retype_data(v->child[1]->list, f->type) < 0)
		return FWC_DECODED_FOREIGN;
	t = fwc_target_in(d->arena, FWC_TARGET_ASSIGN);
	values[0] = fwc_value_in(d->arena, f);
	if (!t || !values[0])
		return FWC_DECODED_NO_MEMORY;
	if (f->made)
		fwc_target_put_value(t, FWC_ASSIGN_TO, values[0]);
	else
		fwc_target_put_number(t, FWC_ASSIGN_FIELD, f->id);
	fwc_target_put_value(t, FWC_ASSIGN_VALUE, v);
	return fwc_decoded_target(d, t, values, 2);
}

/* What a register holds for a field; numbers in host order were turned where it is one of the packet. */
static const struct fwc_value *slot_value(struct fwc_decoder *d, const struct fwc_slot *s,
					  const struct fwc_field_row *f)
{
	const struct fwc_value *v = f && s ? fwc_slot_value(d, s, f->type) : NULL;
	bool turned = v && v->type && v->kind != FWC_VALUE_CONSTANT &&
		      f->type->order == FWC_ORDER_NETWORK && fwc_type_needs_hton(v->type);

	return v && s->big_endian == turned ? v : NULL;
}

enum fwc_decoded fwc_decode_set(struct fwc_decoder *d, const struct fwc_field_row *f,
				const struct fwc_attr *sreg)
{
	uint32_t index;

	if (!f || !fwc_decode_register(sreg, &index))
		return FWC_DECODED_FOREIGN;
	return assign(d, f, slot_value(d, fwc_slot_take(d, index), f));
}

/* ---- bytes of the packet ---- */

/* Bytes that a register holds after (bytes & kept) ^ flipped. */
struct window {
	uint8_t base;
	uint32_t offset, len;
	uint8_t kept[FWC_TYPE_BYTES_MOST], flipped[FWC_TYPE_BYTES_MOST];
};

static bool find_window(const struct fwc_slot *s, struct window *ret)
{
	const struct fwc_field_row *f;

	if (s->kind != FWC_SLOT_VALUE || s->value->kind != FWC_VALUE_FIELD || s->big_endian ||
	    (!s->masked && !s->value->type->bits))
		return false;
	f = s->value->field;
	if (f->load != FWC_LOAD_PAYLOAD)
		return false;
	*ret = (struct window){ .base = f->base, .offset = f->offset, .len = f->type->len };
	fwc_type_mask(f->type, ret->kept);
	for (size_t i = 0; s->masked && i < ret->len; i++) {
		ret->kept[i] &= s->mask[i];
		ret->flipped[i] = s->xored[i];
	}
	return true;
}

/* The part of those bytes that is not kept as it was, as a field, and what it becomes. */
static const struct fwc_field_row *find_part(struct fwc_decoder *d, const struct window *w,
					     const struct fwc_value **ret)
{
	const struct fwc_field_row *f =
		fwc_field_by_write(w->base, w->offset, w->len, d->known, w->kept);
	size_t at = f ? f->offset - w->offset : 0;
	uint64_t mask, flip;

	if (!f || !fwc_type_get_number(f->type, w->kept + at, &mask) ||
	    !fwc_type_get_number(f->type, w->flipped + at, &flip))
		return NULL;
	mask &= fwc_bits_all(f->type);
	*ret = mask ? fwc_bits_unflatten(d->arena, fwc_value_of_field(f), mask, flip)
		    : fwc_value_constant(d->arena, f->type, w->flipped + at);
	return f;
}

enum fwc_decoded fwc_decode_payload_set(struct fwc_decoder *d,
					const struct fwc_attr a[NFTA_PAYLOAD_MAX + 1])
{
	struct fwc_made_field made = { .row = { .load = FWC_LOAD_PAYLOAD } };
	const struct fwc_field_row *f;
	uint32_t index, base, offset, len;
	const struct fwc_value *v;
	const struct fwc_slot *s;
	struct window w;

	if (!fwc_decode_register(&a[NFTA_PAYLOAD_SREG], &index) ||
	    !fwc_attr_be32(&a[NFTA_PAYLOAD_BASE], &base) ||
	    !fwc_attr_be32(&a[NFTA_PAYLOAD_OFFSET], &offset) ||
	    !fwc_attr_be32(&a[NFTA_PAYLOAD_LEN], &len) || base > UINT8_MAX || offset > UINT16_MAX ||
	    !len || len > NFT_REG_SIZE)
		return FWC_DECODED_FOREIGN;
	s = fwc_slot_take(d, index);
	if (!s)
		return FWC_DECODED_FOREIGN;
	if (find_window(s, &w) && w.base == base && w.offset == offset && w.len == len) {
		f = find_part(d, &w, &v);
		if (f)
			return assign(d, f, v);
	}
	f = fwc_field_by_payload((uint8_t)base, offset, len, d->known, NULL);
	if (!f || f->type->len != len) {
		made.row.base = (uint8_t)base;
		made.row.offset = (uint16_t)offset;
		f = fwc_field_make(&made, len);
	}
	return assign(d, f, slot_value(d, s, f));
}

/* ---- options ---- */

static enum fwc_decoded strip(struct fwc_decoder *d, uint8_t kind)
{
	struct fwc_target *t = fwc_target_in(d->arena, FWC_TARGET_STRIP);

	if (!t)
		return FWC_DECODED_NO_MEMORY;
	fwc_target_put_number(t, FWC_STRIP_KIND, kind);
	return fwc_decoded_target(d, t, NULL, 0);
}

enum fwc_decoded fwc_decode_exthdr_set(struct fwc_decoder *d,
				       const struct fwc_attr a[NFTA_EXTHDR_MAX + 1])
{
	struct fwc_made_field made = { .row = { .load = FWC_LOAD_EXTHDR } };
	uint32_t op = 0, offset = 0, len = 0;
	uint8_t kind;

	fwc_attr_be32(&a[NFTA_EXTHDR_OP], &op);
	fwc_attr_be32(&a[NFTA_EXTHDR_OFFSET], &offset);
	fwc_attr_be32(&a[NFTA_EXTHDR_LEN], &len);
	if (op != NFT_EXTHDR_OP_TCPOPT || !fwc_attr_u8(&a[NFTA_EXTHDR_TYPE], &kind) ||
	    offset > UINT16_MAX || d->waiting > 1)
		return FWC_DECODED_FOREIGN;
	if (!a[NFTA_EXTHDR_SREG].data)
		return d->waiting ? FWC_DECODED_FOREIGN : strip(d, kind);
	made.row.base = (uint8_t)op;
	made.row.key = kind;
	made.row.offset = (uint16_t)offset;
	return fwc_decode_set(d, fwc_field_make(&made, len), &a[NFTA_EXTHDR_SREG]);
}
