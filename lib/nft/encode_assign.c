/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What a rule sets: metadata, connections, bytes of the packet, TCP options. */
#include "nft/encode.h"

/* ---- a part of the bytes that are written ---- */

/* A number of the field's type, at its place in the bytes that are written. */
static void place_number(const struct fwc_field_row *f, size_t at, uint64_t number,
			 uint8_t bytes[FWC_TYPE_BYTES_MOST])
{
	memset(bytes, 0, FWC_TYPE_BYTES_MOST);
	fwc_type_put_number(f->type, number, bytes + at);
}

/* The bytes that are written become (bytes & kept) ^ flipped. False: not by constants. */
static bool find_change(const struct fwc_field_row *f, const struct fwc_field_write *w,
			const struct fwc_value *value, uint8_t kept[FWC_TYPE_BYTES_MOST],
			uint8_t flipped[FWC_TYPE_BYTES_MOST])
{
	size_t at = f->offset - w->offset;
	uint8_t own[FWC_TYPE_BYTES_MOST];
	uint64_t mask = 0, flip = 0;

	if (value->kind == FWC_VALUE_CONSTANT) {
		memset(kept, 0, FWC_TYPE_BYTES_MOST);
		memset(flipped, 0, FWC_TYPE_BYTES_MOST);
		memcpy(flipped + at, value->bytes, value->len);
	} else {
		const struct fwc_value *of = fwc_bits_flatten(value, &mask, &flip);

		if (of->kind != FWC_VALUE_FIELD || !fwc_field_same(of->field, f))
			return false;
		place_number(f, at, mask, kept);
		place_number(f, at, flip, flipped);
	}
	fwc_field_write_mask(f, own);
	for (size_t i = 0; i < w->len; i++)
		kept[i] |= (uint8_t)~own[i];
	return true;
}

static int write_part(struct fwc_encoder *e, const struct fwc_field_row *f,
		      const struct fwc_field_write *w, const struct fwc_value *value)
{
	uint8_t kept[FWC_TYPE_BYTES_MOST], flipped[FWC_TYPE_BYTES_MOST];

	if (!find_change(f, w, value, kept, flipped))
		return fwc_fail(e->err, -EOPNOTSUPP, FWC_OBJECT_RULE,
				"'%s' is written along with the bits around it: it is set to a "
				"constant or to bits of itself",
				f->name);
	fwc_put_payload(e->wire, 0, f->base, w->offset, w->len);
	fwc_put_mask_xor(e->wire, 0, kept, flipped, w->len);
	return 0;
}

/* ---- each kind of field ---- */

static int write_payload(struct fwc_encoder *e, const struct fwc_field_row *f,
			 const struct fwc_value *value)
{
	struct fwc_field_write w = fwc_field_write_of(f);
	bool is_part = f->type->bits || w.len != f->type->len;
	/* What the kernel counts in host order lies the other way round in a packet. */
	int r = is_part ? write_part(e, f, &w, value) : fwc_encode_load(e, value, 0, true);

	if (r == 0)
		fwc_put_payload_set(e->wire, 0, f->base, w.offset, w.len, w.csum_type,
				    w.csum_offset, w.csum_flags);
	return r;
}

static int write_option(struct fwc_encoder *e, const struct fwc_field_row *f,
			const struct fwc_value *value)
{
	int r = fwc_encode_load(e, value, 0, true);
	struct fwc_expression_nest nest;

	if (f->type->bits)
		return fwc_fail(e->err, -EOPNOTSUPP, FWC_OBJECT_RULE,
				"'%s' is a part of its bytes, which the kernel cannot write",
				f->name);
	if (r < 0)
		return r;
	nest = fwc_expression_begin(e->wire, "exthdr");
	fwc_put_be32(e->wire, NFTA_EXTHDR_SREG, fwc_register_number(0));
	fwc_put_u8(e->wire, NFTA_EXTHDR_TYPE, (uint8_t)f->key);
	fwc_put_be32(e->wire, NFTA_EXTHDR_OFFSET, f->offset);
	fwc_put_be32(e->wire, NFTA_EXTHDR_LEN, f->type->len);
	if (e->mode != FWC_ENCODE_SEND) /* dumped, but not taken */
		fwc_put_be32(e->wire, NFTA_EXTHDR_FLAGS, 0);
	fwc_put_be32(e->wire, NFTA_EXTHDR_OP, f->base);
	fwc_expression_end(e->wire, nest);
	return 0;
}

static void put_ct_set(struct fwc_wire *w, const struct fwc_field_row *f)
{
	struct fwc_expression_nest nest;

	if (!f->flags) {
		fwc_put_ct_set(w, 0, f->key);
		return;
	}
	nest = fwc_expression_begin(w, "ct");
	fwc_put_be32(w, NFTA_CT_SREG, fwc_register_number(0));
	fwc_put_be32(w, NFTA_CT_KEY, f->key);
	fwc_put_u8(w, NFTA_CT_DIRECTION, (uint8_t)(f->flags - 1));
	fwc_expression_end(w, nest);
}

int fwc_encode_assign(struct fwc_encoder *e, const struct fwc_target *t)
{
	const struct fwc_value *value = fwc_target_get_value(t, FWC_ASSIGN_VALUE);
	const struct fwc_value *to = fwc_target_assigned(t);
	uint32_t reg = 0;
	int r;

	if (!to || !value)
		return fwc_fail(e->err, -EINVAL, FWC_OBJECT_RULE,
				"'set' needs a field and a value");
	r = fwc_encode_implied(e, to);
	if (r == 0)
		r = fwc_encode_implied(e, value);
	if (r < 0)
		return r;
	if (to->field->load == FWC_LOAD_PAYLOAD)
		return write_payload(e, to->field, value);
	if (to->field->load == FWC_LOAD_EXTHDR)
		return write_option(e, to->field, value);
	/* iptables-nft's target TRACE is the one rule that does not begin with the first register. */
	if (e->table->is_iptables && e->mode != FWC_ENCODE_CANONICAL &&
	    to->field->id == FWC_FIELD_META_NFTRACE)
		reg = 1;
	r = fwc_encode_load(e, value, reg, false);
	if (r < 0)
		return r;
	if (to->field->load == FWC_LOAD_CT)
		put_ct_set(e->wire, to->field);
	else
		fwc_put_meta_set(e->wire, reg, to->field->key);
	return 0;
}

/* An option that is not read and not written is taken out. */
int fwc_encode_strip(struct fwc_encoder *e, const struct fwc_target *t)
{
	struct fwc_expression_nest nest = fwc_expression_begin(e->wire, "exthdr");
	uint64_t kind = 0;

	fwc_target_get_number(t, FWC_STRIP_KIND, &kind);
	fwc_put_u8(e->wire, NFTA_EXTHDR_TYPE, (uint8_t)kind);
	if (e->mode != FWC_ENCODE_SEND) {
		fwc_put_be32(e->wire, NFTA_EXTHDR_OFFSET, 0);
		fwc_put_be32(e->wire, NFTA_EXTHDR_LEN, 0);
		fwc_put_be32(e->wire, NFTA_EXTHDR_FLAGS, 0);
	}
	fwc_put_be32(e->wire, NFTA_EXTHDR_OP, NFT_EXTHDR_OP_TCPOPT);
	fwc_expression_end(e->wire, nest);
	return 0;
}
