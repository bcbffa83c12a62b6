/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Registers of the symbolic execution, and the expressions that fill and change them. */
#include "fields/made.h"
#include "fields/tunnels.h"
#include "nft/decode.h"
#include "nft/load_shape.h"
#include "nft/read.h"

/* ---- slots ---- */

void fwc_slot_clear_all(struct fwc_decoder *d)
{
	for (size_t i = 0; i < FWC_NFT_REGISTERS; i++)
		d->slots[i].kind = FWC_SLOT_EMPTY;
	d->waiting = 0;
}

static void clear(struct fwc_decoder *d, uint32_t index)
{
	struct fwc_slot *s = &d->slots[index];

	if (s->kind != FWC_SLOT_EMPTY && s->kind != FWC_SLOT_PART && !s->used)
		d->waiting--;
	s->kind = FWC_SLOT_EMPTY;
}

struct fwc_slot *fwc_slot_load(struct fwc_decoder *d, uint32_t index, uint32_t kind, size_t len)
{
	size_t count = len ? fwc_pad4(len) / NFT_REG32_SIZE : 1;
	struct fwc_slot *s = &d->slots[index];

	if (index + count > FWC_NFT_REGISTERS)
		return NULL;
	for (size_t i = 0; i < count; i++) {
		clear(d, (uint32_t)(index + i));
		d->slots[index + i].kind = FWC_SLOT_PART;
		d->slots[index + i].start = (uint8_t)index;
	}
	*s = (struct fwc_slot){ .kind = (uint8_t)kind, .len = (uint8_t)len };
	d->waiting++;
	return s;
}

struct fwc_slot *fwc_slot_take(struct fwc_decoder *d, uint32_t index)
{
	struct fwc_slot *s = &d->slots[index];

	if (s->kind == FWC_SLOT_EMPTY || s->kind == FWC_SLOT_PART || s->used)
		return NULL;
	s->used = true;
	d->waiting--;
	return s;
}

/* Bytes that are no field, by their place. */
static const struct fwc_value *raw_value(struct fwc_decoder *d, const struct fwc_slot *s)
{
	struct fwc_made_field made = { .row = {
					       .load = s->kind == FWC_SLOT_PAYLOAD
							       ? FWC_LOAD_PAYLOAD
							       : FWC_LOAD_EXTHDR,
					       .base = s->base,
					       .key = s->key,
					       .offset = (uint16_t)s->offset,
				       } };
	const struct fwc_field_row *f =
		s->offset <= UINT16_MAX && !s->tunnel ? fwc_field_make(&made, s->len) : NULL;

	return f ? fwc_value_in(d->arena, f) : NULL;
}

bool fwc_slot_make_raw(struct fwc_decoder *d, struct fwc_slot *s)
{
	const struct fwc_value *v = raw_value(d, s);

	if (v) {
		s->kind = FWC_SLOT_VALUE;
		s->value = v;
	}
	return v != NULL;
}

const struct fwc_value *fwc_slot_value(struct fwc_decoder *d, const struct fwc_slot *s,
				       const struct fwc_type *type)
{
	uint64_t mask, xored;

	if (s->kind == FWC_SLOT_IMMEDIATE)
		return type && s->len == type->len && !s->masked
			       ? fwc_value_constant(d->arena, type, s->bytes)
			       : NULL;
	if (s->kind == FWC_SLOT_PAYLOAD || s->kind == FWC_SLOT_OPTION)
		return raw_value(d, s);
	if (s->kind != FWC_SLOT_VALUE)
		return NULL;
	if (!s->masked)
		return s->value;
	if (!s->value->type || !fwc_type_get_number(s->value->type, s->mask, &mask) ||
	    !fwc_type_get_number(s->value->type, s->xored, &xored))
		return NULL;
	return fwc_bits_unflatten(d->arena, s->value, mask, xored);
}

struct fwc_known fwc_slot_known(const struct fwc_decoder *d, const struct fwc_slot *s)
{
	return s->tunnel ? d->inside.known : d->known;
}

const struct fwc_value *fwc_slot_field(struct fwc_decoder *d, const struct fwc_slot *s,
				       const struct fwc_field_row *f)
{
	struct fwc_made_field made = { .row = { .load = FWC_LOAD_INNER, .base = s->tunnel } };
	const struct fwc_field_row *inner;

	if (!s->tunnel)
		return fwc_value_in(d->arena, f);
	made.row.key = f->id;
	inner = fwc_field_make(&made, 0);
	return inner ? fwc_value_in(d->arena, inner) : NULL;
}

/* ---- attributes ---- */

bool fwc_decode_register(const struct fwc_attr *a, uint32_t *ret_index)
{
	uint32_t number;

	return fwc_attr_be32(a, &number) && fwc_register_index(number, ret_index);
}

const uint8_t *fwc_decode_data(const struct fwc_attr *a, size_t *ret_len)
{
	struct fwc_attr data[NFTA_DATA_MAX + 1];
	const struct fwc_attr *value = &data[NFTA_DATA_VALUE];

	if (!a->data || fwc_attrs_parse(fwc_attr_slice(a), data, NFTA_DATA_MAX) < 0 ||
	    !value->data || !value->len || value->len > NFT_REG_SIZE)
		return NULL;
	*ret_len = value->len;
	return value->data;
}

/* ---- loads ---- */

static enum fwc_decoded load_field(struct fwc_decoder *d, uint32_t index,
				   const struct fwc_field_row *f)
{
	struct fwc_slot *s = f ? fwc_slot_load(d, index, FWC_SLOT_VALUE, f->type->len) : NULL;

	if (!s)
		return FWC_DECODED_FOREIGN;
	s->value = fwc_value_in(d->arena, f);
	return s->value ? FWC_DECODED_LOADED : FWC_DECODED_NO_MEMORY;
}

enum fwc_decoded fwc_decode_payload(struct fwc_decoder *d, struct fwc_slice data)
{
	struct fwc_attr a[NFTA_PAYLOAD_MAX + 1];
	const struct fwc_field_row *f;
	uint32_t index, base, offset, len;
	struct fwc_slot *s;

	if (fwc_attrs_parse(data, a, NFTA_PAYLOAD_MAX) < 0)
		return FWC_DECODED_FOREIGN;
	if (a[NFTA_PAYLOAD_SREG].data)
		return fwc_decode_payload_set(d, a);
	if (!fwc_decode_register(&a[NFTA_PAYLOAD_DREG], &index) ||
	    !fwc_attr_be32(&a[NFTA_PAYLOAD_BASE], &base) ||
	    !fwc_attr_be32(&a[NFTA_PAYLOAD_OFFSET], &offset) ||
	    !fwc_attr_be32(&a[NFTA_PAYLOAD_LEN], &len) || base > UINT8_MAX || !len ||
	    len > NFT_REG_SIZE)
		return FWC_DECODED_FOREIGN;
	f = fwc_field_by_payload((uint8_t)base, offset, len, d->known, NULL);
	if (f && f->type->len == len)
		return load_field(d, index, f);
	s = fwc_slot_load(d, index, FWC_SLOT_PAYLOAD, len);
	if (!s)
		return FWC_DECODED_FOREIGN;
	s->base = (uint8_t)base;
	s->offset = offset;
	return FWC_DECODED_LOADED;
}

/* What an expression within `inner` loads: the same kinds of slots, of the packet within. */
static enum fwc_decoded load_inner(struct fwc_decoder *d, uint32_t tunnel,
				   const struct fwc_attr a[NFTA_PAYLOAD_MAX + 1])
{
	const struct fwc_field_row *f;
	uint32_t index, base, offset, len;
	struct fwc_slot *s;

	if (!fwc_decode_register(&a[NFTA_PAYLOAD_DREG], &index) ||
	    !fwc_attr_be32(&a[NFTA_PAYLOAD_BASE], &base) ||
	    !fwc_attr_be32(&a[NFTA_PAYLOAD_OFFSET], &offset) ||
	    !fwc_attr_be32(&a[NFTA_PAYLOAD_LEN], &len) || base > FWC_NFT_PAYLOAD_TUN_HEADER ||
	    !len || len > NFT_REG_SIZE)
		return FWC_DECODED_FOREIGN;
	if (base == FWC_NFT_PAYLOAD_TUN_HEADER)
		return load_field(d, index, fwc_field_by_tunnel((uint8_t)tunnel, offset, len));
	s = fwc_slot_load(d, index, FWC_SLOT_PAYLOAD, len);
	if (!s)
		return FWC_DECODED_FOREIGN;
	s->base = (uint8_t)base;
	s->offset = offset;
	s->tunnel = (uint8_t)tunnel;
	f = fwc_field_by_payload((uint8_t)base, offset, len, d->inside.known, NULL);
	if (!f || f->type->len != len)
		return FWC_DECODED_LOADED;
	s->value = fwc_slot_field(d, s, f);
	s->kind = s->value ? FWC_SLOT_VALUE : FWC_SLOT_PAYLOAD;
	return FWC_DECODED_LOADED;
}

static enum fwc_decoded load_inner_meta(struct fwc_decoder *d, uint32_t tunnel,
					const struct fwc_attr a[NFTA_META_MAX + 1])
{
	struct fwc_made_field made = { .row = { .load = FWC_LOAD_INNER, .base = (uint8_t)tunnel } };
	const struct fwc_field_row *f;
	uint32_t index, key;

	if (!fwc_decode_register(&a[NFTA_META_DREG], &index) ||
	    !fwc_attr_be32(&a[NFTA_META_KEY], &key))
		return FWC_DECODED_FOREIGN;
	f = fwc_field_by_key(FWC_LOAD_META, 0, key, 0);
	if (!f)
		return FWC_DECODED_FOREIGN;
	made.row.key = f->id;
	return load_field(d, index, fwc_field_make(&made, 0));
}

enum fwc_decoded fwc_decode_inner(struct fwc_decoder *d, struct fwc_slice data)
{
	struct fwc_attr a[FWC_NFTA_INNER_MAX + 1], e[NFTA_EXPR_MAX + 1], of[NFTA_PAYLOAD_MAX + 1];
	uint32_t number, type, flags, header;
	const struct fwc_tunnel_row *t;
	const char *name;

	if (fwc_attrs_parse(data, a, FWC_NFTA_INNER_MAX) < 0 ||
	    !fwc_attr_be32(&a[FWC_NFTA_INNER_NUM], &number) || number ||
	    !fwc_attr_be32(&a[FWC_NFTA_INNER_TYPE], &type) ||
	    !fwc_attr_be32(&a[FWC_NFTA_INNER_FLAGS], &flags) ||
	    !fwc_attr_be32(&a[FWC_NFTA_INNER_HDRSIZE], &header) ||
	    fwc_attrs_parse(fwc_attr_slice(&a[FWC_NFTA_INNER_EXPR]), e, NFTA_EXPR_MAX) < 0 ||
	    fwc_attrs_parse(fwc_attr_slice(&e[NFTA_EXPR_DATA]), of, NFTA_PAYLOAD_MAX) < 0)
		return FWC_DECODED_FOREIGN;
	t = fwc_tunnel_row(type);
	name = fwc_attr_text(&e[NFTA_EXPR_NAME]);
	if (!t || !name || t->flags != flags || t->header != header)
		return FWC_DECODED_FOREIGN;
	fwc_inside_enter(&d->inside, type);
	if (!strcmp(name, "payload"))
		return load_inner(d, type, of);
	return !strcmp(name, "meta") ? load_inner_meta(d, type, of) : FWC_DECODED_FOREIGN;
}

static enum fwc_decoded load_option(struct fwc_decoder *d, const struct fwc_loaded *l)
{
	const struct fwc_field_row *f = fwc_field_by_exthdr(l->row.base, l->row.key, l->row.offset,
							    l->len, l->row.flags, NULL);
	struct fwc_slot *s;

	if (f)
		return load_field(d, l->reg, f);
	s = fwc_slot_load(d, l->reg, FWC_SLOT_OPTION, l->len);
	if (!s)
		return FWC_DECODED_FOREIGN;
	s->base = l->row.base;
	s->key = l->row.key;
	s->offset = l->row.offset;
	return FWC_DECODED_LOADED;
}

/* Loads of which nothing but the attributes is special. */
static enum fwc_decoded load_shaped(struct fwc_decoder *d, const char *expression,
				    struct fwc_slice data)
{
	struct fwc_made_field made;
	struct fwc_loaded l;

	if (!fwc_read_load(expression, data, &l))
		return FWC_DECODED_FOREIGN;
	if (l.row.load == FWC_LOAD_EXTHDR && !l.row.flags)
		return load_option(d, &l);
	made.row = l.row;
	return load_field(d, l.reg, fwc_field_make(&made, l.len));
}

#define SHAPED(name)                                                                               \
	enum fwc_decoded fwc_decode_##name(struct fwc_decoder *d, struct fwc_slice data)           \
	{                                                                                          \
		return load_shaped(d, #name, data);                                                \
	}
SHAPED(fib)
SHAPED(numgen)
SHAPED(osf)
SHAPED(rt)
SHAPED(socket)
SHAPED(xfrm)
SHAPED(tunnel)
#undef SHAPED

enum fwc_decoded fwc_decode_exthdr(struct fwc_decoder *d, struct fwc_slice data)
{
	struct fwc_attr a[NFTA_EXTHDR_MAX + 1];

	if (fwc_attrs_parse(data, a, NFTA_EXTHDR_MAX) < 0)
		return FWC_DECODED_FOREIGN;
	return a[NFTA_EXTHDR_DREG].data ? load_shaped(d, "exthdr", data)
					: fwc_decode_exthdr_set(d, a);
}

/* meta and ct either load into a register or are set from one. `flags`: see FWC_LOAD_CT. */
static enum fwc_decoded load_or_set(struct fwc_decoder *d, uint8_t load, const struct fwc_attr *key,
				    uint32_t flags, const struct fwc_attr *dreg,
				    const struct fwc_attr *sreg)
{
	const struct fwc_field_row *f;
	uint32_t k, index;

	if (!fwc_attr_be32(key, &k) || (dreg->data && sreg->data))
		return FWC_DECODED_FOREIGN;
	f = fwc_field_by_key(load, 0, k, flags);
	if (fwc_decode_register(dreg, &index))
		return load_field(d, index, f);
	return fwc_decode_set(d, f, sreg);
}

enum fwc_decoded fwc_decode_meta(struct fwc_decoder *d, struct fwc_slice data)
{
	struct fwc_attr a[NFTA_META_MAX + 1];

	if (fwc_attrs_parse(data, a, NFTA_META_MAX) < 0)
		return FWC_DECODED_FOREIGN;
	return load_or_set(d, FWC_LOAD_META, &a[NFTA_META_KEY], 0, &a[NFTA_META_DREG],
			   &a[NFTA_META_SREG]);
}

enum fwc_decoded fwc_decode_ct(struct fwc_decoder *d, struct fwc_slice data)
{
	struct fwc_attr a[NFTA_CT_MAX + 1];
	uint8_t direction;
	uint32_t flags = 0;

	if (fwc_attrs_parse(data, a, NFTA_CT_MAX) < 0)
		return FWC_DECODED_FOREIGN;
	if (a[NFTA_CT_DIRECTION].data && a[NFTA_CT_DREG].data)
		return load_shaped(d, "ct", data);
	if (fwc_attr_u8(&a[NFTA_CT_DIRECTION], &direction))
		flags = 1u + direction;
	return load_or_set(d, FWC_LOAD_CT, &a[NFTA_CT_KEY], flags, &a[NFTA_CT_DREG],
			   &a[NFTA_CT_SREG]);
}

/* ---- what is computed of several registers ---- */

static enum fwc_decoded load_value(struct fwc_decoder *d, uint32_t index, const struct fwc_value *v)
{
	struct fwc_slot *s = v ? fwc_slot_load(d, index, FWC_SLOT_VALUE, v->type->len) : NULL;

	if (!v)
		return FWC_DECODED_NO_MEMORY;
	if (!s)
		return FWC_DECODED_FOREIGN;
	s->value = v;
	return FWC_DECODED_LOADED;
}

/* The values that lie side by side in so many bytes from `index` on. NULL: they are none. */
static const struct fwc_value *take_bytes(struct fwc_decoder *d, uint32_t index, size_t len)
{
	const struct fwc_value *parts[FWC_MAX_CONCAT];
	size_t n = 0, taken = 0;

	while (taken < len && n < FWC_MAX_CONCAT && index < FWC_NFT_REGISTERS) {
		struct fwc_slot *s = fwc_slot_take(d, index);
		size_t bytes;

		parts[n] = s && !s->big_endian ? fwc_slot_value(d, s, NULL) : NULL;
		if (!parts[n] || !parts[n]->type)
			return NULL;
		bytes = parts[n++]->type->len;
		taken += bytes == len ? bytes : fwc_pad4(bytes);
		index += (uint32_t)(fwc_pad4(bytes) / NFT_REG32_SIZE);
	}
	if (taken != len)
		return NULL;
	return n == 1 ? parts[0] : fwc_value_make_concat(d->arena, parts, n);
}

static enum fwc_decoded jhash(struct fwc_decoder *d, const struct fwc_attr *a)
{
	struct fwc_made_field made = { .row = { .load = FWC_LOAD_HASH, .key = NFT_HASH_JENKINS } };
	const struct fwc_field_row *f;
	const struct fwc_value *v;
	uint32_t from, to, len;

	if (!fwc_decode_register(&a[NFTA_HASH_SREG], &from) ||
	    !fwc_decode_register(&a[NFTA_HASH_DREG], &to) ||
	    !fwc_attr_be32(&a[NFTA_HASH_LEN], &len) ||
	    !fwc_attr_be32(&a[NFTA_HASH_MODULUS], &made.row.flags))
		return FWC_DECODED_FOREIGN;
	made.row.base = fwc_attr_be32(&a[NFTA_HASH_SEED], &made.row.seed);
	fwc_attr_be32(&a[NFTA_HASH_OFFSET], &made.row.more);
	v = take_bytes(d, from, len);
	f = v ? fwc_field_make(&made, 0) : NULL;
	if (!f)
		return FWC_DECODED_FOREIGN;
	return load_value(
		d, to,
		fwc_value_make_pair(d->arena, FWC_VALUE_HASH, 0, v, fwc_value_in(d->arena, f)));
}

enum fwc_decoded fwc_decode_hash(struct fwc_decoder *d, struct fwc_slice data)
{
	struct fwc_attr a[NFTA_HASH_MAX + 1];
	uint32_t type = NFT_HASH_JENKINS;

	if (fwc_attrs_parse(data, a, NFTA_HASH_MAX) < 0)
		return FWC_DECODED_FOREIGN;
	fwc_attr_be32(&a[NFTA_HASH_TYPE], &type);
	return type == NFT_HASH_JENKINS ? jhash(d, a) : load_shaped(d, "hash", data);
}

/* and, or, xor of what two registers hold, in the first of them. */
static enum fwc_decoded join(struct fwc_decoder *d, uint32_t op, uint32_t len,
			     const struct fwc_attr *a)
{
	uint32_t first, second, to;
	struct fwc_slot *s, *other;
	const struct fwc_value *left, *right;

	if (!fwc_decode_register(&a[NFTA_BITWISE_SREG], &first) ||
	    !fwc_decode_register(&a[FWC_NFTA_BITWISE_SREG2], &second) ||
	    !fwc_decode_register(&a[NFTA_BITWISE_DREG], &to) || first != to || first == second)
		return FWC_DECODED_FOREIGN;
	s = fwc_slot_take(d, first);
	other = fwc_slot_take(d, second);
	if (!s || !other || s->big_endian || other->big_endian)
		return FWC_DECODED_FOREIGN;
	left = fwc_slot_value(d, s, NULL);
	right = fwc_slot_value(d, other, NULL);
	if (!left || !right || !left->type || !right->type || left->type->len != len ||
	    right->type->len != len)
		return FWC_DECODED_FOREIGN;
	return load_value(d, to,
			  fwc_value_make_pair(d->arena, FWC_VALUE_JOIN,
					      op == FWC_NFT_BITWISE_AND  ? FWC_BITS_AND
					      : op == FWC_NFT_BITWISE_OR ? FWC_BITS_OR
									 : FWC_BITS_XOR,
					      left, right));
}

/* ---- changes ---- */

/* The slot that an expression changes in place; NULL when it does anything else. */
static struct fwc_slot *changed(struct fwc_decoder *d, const struct fwc_attr *sreg,
				const struct fwc_attr *dreg, uint32_t len)
{
	uint32_t from, to;
	struct fwc_slot *s;

	if (!fwc_decode_register(sreg, &from) || !fwc_decode_register(dreg, &to) || from != to)
		return NULL;
	s = &d->slots[from];
	return s->kind == FWC_SLOT_VALUE && !s->used && s->len == len ? s : NULL;
}

static enum fwc_decoded shift(struct fwc_decoder *d, struct fwc_slot *s, uint32_t op,
			      const struct fwc_attr *data)
{
	const struct fwc_value *v = fwc_slot_value(d, s, NULL);
	const uint8_t *bytes;
	uint32_t by;
	size_t len;

	bytes = fwc_decode_data(data, &len);
	if (!v || !v->type || !bytes || len != sizeof(by))
		return FWC_DECODED_FOREIGN;
	memcpy(&by, bytes, sizeof(by));
	s->value = fwc_value_make_bits(
		d->arena, v, op == NFT_BITWISE_LSHIFT ? FWC_BITS_LSHIFT : FWC_BITS_RSHIFT, by);
	s->masked = false;
	return s->value ? FWC_DECODED_LOADED : FWC_DECODED_NO_MEMORY;
}

static bool is_zero(const uint8_t *bytes, size_t len)
{
	for (size_t i = 0; i < len; i++)
		if (bytes[i])
			return false;
	return true;
}

/* A mask that makes a field of bytes that are none: `ip dscp` is a part of its byte. */
static enum fwc_decoded take_part(struct fwc_decoder *d, const struct fwc_attr *sreg,
				  const uint8_t *mask, const uint8_t *xored, size_t len)
{
	const struct fwc_field_row *f;
	struct fwc_slot *s;
	uint32_t index;

	if (!fwc_decode_register(sreg, &index))
		return FWC_DECODED_FOREIGN;
	s = &d->slots[index];
	if (s->used || s->len != len)
		return FWC_DECODED_FOREIGN;
	f = !is_zero(xored, len) ? NULL
	    : s->kind == FWC_SLOT_PAYLOAD
		    ? fwc_field_by_payload(s->base, s->offset, s->len, fwc_slot_known(d, s), mask)
	    : s->kind == FWC_SLOT_OPTION
		    ? fwc_field_by_exthdr(s->base, s->key, s->offset, s->len, 0, mask)
		    : NULL;
	if (f)
		return load_value(d, index, fwc_slot_field(d, s, f));
	if ((s->kind != FWC_SLOT_PAYLOAD && s->kind != FWC_SLOT_OPTION) || !fwc_slot_make_raw(d, s))
		return FWC_DECODED_FOREIGN;
	s->masked = true;
	memcpy(s->mask, mask, len);
	memcpy(s->xored, xored, len);
	return FWC_DECODED_LOADED;
}

enum fwc_decoded fwc_decode_bitwise(struct fwc_decoder *d, struct fwc_slice data)
{
	struct fwc_attr a[FWC_NFTA_BITWISE_SREG2 + 1];
	uint32_t len, op = NFT_BITWISE_BOOL;
	const uint8_t *mask, *xored;
	size_t mask_len = 0, xor_len = 0;
	struct fwc_slot *s;

	if (fwc_attrs_parse(data, a, FWC_NFTA_BITWISE_SREG2) < 0 ||
	    !fwc_attr_be32(&a[NFTA_BITWISE_LEN], &len))
		return FWC_DECODED_FOREIGN;
	fwc_attr_be32(&a[NFTA_BITWISE_OP], &op);
	if (op >= FWC_NFT_BITWISE_AND && op <= FWC_NFT_BITWISE_XOR)
		return join(d, op, len, a);
	mask = fwc_decode_data(&a[NFTA_BITWISE_MASK], &mask_len);
	xored = fwc_decode_data(&a[NFTA_BITWISE_XOR], &xor_len);
	s = changed(d, &a[NFTA_BITWISE_SREG], &a[NFTA_BITWISE_DREG], len);
	if (!s && op == NFT_BITWISE_BOOL && mask && xored && mask_len == len && xor_len == len)
		return take_part(d, &a[NFTA_BITWISE_SREG], mask, xored, len);
	if (!s || s->big_endian)
		return FWC_DECODED_FOREIGN;
	if (op == NFT_BITWISE_LSHIFT || op == NFT_BITWISE_RSHIFT)
		return shift(d, s, op, &a[NFTA_BITWISE_DATA]);
	if (op != NFT_BITWISE_BOOL || s->masked || !mask || !xored || mask_len != len ||
	    xor_len != len)
		return FWC_DECODED_FOREIGN;
	s->masked = true;
	memcpy(s->mask, mask, len);
	memcpy(s->xored, xored, len);
	return FWC_DECODED_LOADED;
}

enum fwc_decoded fwc_decode_byteorder(struct fwc_decoder *d, struct fwc_slice data)
{
	struct fwc_attr a[NFTA_BYTEORDER_MAX + 1];
	uint32_t len, size, op;
	struct fwc_slot *s;

	if (fwc_attrs_parse(data, a, NFTA_BYTEORDER_MAX) < 0 ||
	    !fwc_attr_be32(&a[NFTA_BYTEORDER_LEN], &len) ||
	    !fwc_attr_be32(&a[NFTA_BYTEORDER_SIZE], &size) ||
	    !fwc_attr_be32(&a[NFTA_BYTEORDER_OP], &op) || op != NFT_BYTEORDER_HTON || len != size)
		return FWC_DECODED_FOREIGN;
	s = changed(d, &a[NFTA_BYTEORDER_SREG], &a[NFTA_BYTEORDER_DREG], len);
	if (!s || s->big_endian || !s->value->type || !fwc_type_needs_hton(s->value->type))
		return FWC_DECODED_FOREIGN;
	s->big_endian = true;
	return FWC_DECODED_LOADED;
}
