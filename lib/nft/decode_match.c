/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Comparisons and look-ups: where registers become matches. */
#include "fields/types.h"
#include "nft/decode.h"
#include "nft/messages.h"
#include "nft/read.h"

static bool is_zero(const uint8_t *bytes, size_t len)
{
	for (size_t i = 0; i < len; i++)
		if (bytes[i])
			return false;
	return true;
}

/* A constant as the model holds it, from bytes that a byteorder expression may have turned. */
static const struct fwc_value *constant(struct fwc_decoder *d, const struct fwc_slot *s,
					const struct fwc_type *t, const uint8_t *bytes)
{
	return fwc_key_value(d->arena, t, bytes, bytes, s->big_endian);
}

static bool is_address(const struct fwc_type *t)
{
	return t->form == FWC_FORM_IP4 || t->form == FWC_FORM_IP6;
}

/* ---- cmp ---- */

/* A constant of the packet that is compared up to some byte: 10.0.0.0/8 as one byte. */
static enum fwc_decoded match_part(struct fwc_decoder *d, const struct fwc_value *field,
				   uint32_t op, const uint8_t *bytes, size_t len)
{
	uint8_t padded[16] = { 0 };

	if (!field)
		return FWC_DECODED_FOREIGN;
	memcpy(padded, bytes, len);
	return fwc_decoded_match(
		d, field, op,
		fwc_value_prefix_of(d->arena, field->type, padded, (uint32_t)(8 * len)));
}

/* The next of several fields that lie side by side and were loaded at once. */
static const struct fwc_field_row *next_merged(const struct fwc_decoder *d,
					       const struct fwc_slot *s, size_t at)
{
	for (size_t len = s->len - at; len; len--) {
		const struct fwc_field_row *f = fwc_field_by_payload(
			s->base, s->offset + (uint32_t)at, (uint32_t)len, d->known, NULL);

		if (f && f->type->len == len)
			return f;
	}
	return NULL;
}

/* One match each. FOREIGN: not all of the bytes are fields. */
static enum fwc_decoded match_merged(struct fwc_decoder *d, const struct fwc_slot *s,
				     const uint8_t *bytes)
{
	const struct fwc_field_row *f;

	for (size_t at = 0; at < s->len; at += f->type->len) {
		f = next_merged(d, s, at);
		if (!f)
			return FWC_DECODED_FOREIGN;
	}
	for (size_t at = 0; at < s->len; at += f->type->len) {
		enum fwc_decoded done;

		f = next_merged(d, s, at);
		done = fwc_decoded_match(d, fwc_value_of_field(f), FWC_OP_EQ,
					 fwc_value_constant(d->arena, f->type, bytes + at));
		if (done != FWC_DECODED_DONE)
			return done;
	}
	return FWC_DECODED_DONE;
}

static enum fwc_decoded cmp_payload(struct fwc_decoder *d, const struct fwc_slot *s, uint32_t op,
				    const uint8_t *bytes, size_t len)
{
	const struct fwc_field_row *f =
		fwc_field_by_payload(s->base, s->offset, s->len, fwc_slot_known(d, s), NULL);

	if (len != s->len || (op != FWC_OP_EQ && op != FWC_OP_NE))
		return FWC_DECODED_FOREIGN;
	if (f && f->type->len > len)
		return match_part(d, fwc_slot_field(d, s, f), op, bytes, len);
	return op == FWC_OP_EQ && !s->tunnel ? match_merged(d, s, bytes) : FWC_DECODED_FOREIGN;
}

static const struct fwc_item *last_item(const struct fwc_rule *r)
{
	const struct fwc_item *i = r->items;

	while (i && i->next)
		i = i->next;
	return i;
}

/* (value & mask) == bytes, in the words of a prefix or of bits where it is one. FOREIGN: it is neither. */
static enum fwc_decoded cmp_masked(struct fwc_decoder *d, const struct fwc_slot *s, uint32_t op,
				   const uint8_t *bytes)
{
	const struct fwc_type *t = s->value->type;
	enum fwc_decoded done;
	uint8_t cut[16];
	int bits;

	if (!is_zero(s->xored, t->len) || s->value->kind != FWC_VALUE_FIELD)
		return FWC_DECODED_FOREIGN;
	if ((t->form == FWC_FORM_BITS || t->form == FWC_FORM_LABEL) && is_zero(bytes, t->len))
		return fwc_decoded_match(d, s->value,
					 op == FWC_OP_NE ? FWC_OP_ANY_OF : FWC_OP_NONE_OF,
					 fwc_value_constant(d->arena, t, s->mask));
	bits = is_address(t) ? fwc_mask_to_prefix(s->mask, t->len) : -1;
	if (bits < 0)
		return FWC_DECODED_FOREIGN;
	memcpy(cut, bytes, t->len);
	fwc_mask_bits(cut, t->len, (unsigned int)bits);
	if (memcmp(cut, bytes, t->len) != 0)
		return FWC_DECODED_FOREIGN;
	done = fwc_decoded_match(d, s->value, op,
				 fwc_value_prefix_of(d->arena, t, bytes, (uint32_t)bits));
	/* Whole bytes would be written as a shorter load: here somebody preferred a mask. */
	if (done == FWC_DECODED_DONE)
		((struct fwc_item *)(uintptr_t)last_item(d->rule))->masked = bits && bits % 8 == 0;
	return done;
}

/* Names: compared in full, up to their NUL, or up to where the `*` stands. */
static enum fwc_decoded cmp_name(struct fwc_decoder *d, const struct fwc_slot *s, uint32_t op,
				 const uint8_t *bytes, size_t len)
{
	const struct fwc_type *t = s->value->type;
	bool whole = memchr(bytes, '\0', len) != NULL;
	uint8_t padded[16] = { 0 };

	memcpy(padded, bytes, len);
	return fwc_decoded_match(
		d, s->value, op,
		whole ? fwc_value_constant(d->arena, t, padded)
		      : fwc_value_prefix_of(d->arena, t, padded, (uint32_t)(8 * len)));
}

/* Whether there is a route is one byte; nft up to 1.1 compares the whole register. */
static bool is_route_answer(const struct fwc_value *v, const uint8_t *bytes, size_t len)
{
	return v->kind == FWC_VALUE_FIELD && v->field->load == FWC_LOAD_FIB &&
	       v->type == &fwc_type_boolean && len == sizeof(uint32_t) &&
	       is_zero(bytes + 1, len - 1);
}

static enum fwc_decoded cmp_value(struct fwc_decoder *d, const struct fwc_slot *s, uint32_t op,
				  const uint8_t *bytes, size_t len)
{
	const struct fwc_type *t = s->value->type;
	bool by_order = op != FWC_OP_EQ && op != FWC_OP_NE;
	const struct fwc_value *left;
	enum fwc_decoded done;

	if (t && is_route_answer(s->value, bytes, len))
		len = t->len;
	if (!t || len > t->len || s->big_endian != (by_order && fwc_type_needs_hton(t)))
		return FWC_DECODED_FOREIGN;
	if (t->form == FWC_FORM_IFNAME && len < t->len && !by_order && !s->masked)
		return cmp_name(d, s, op, bytes, len);
	if (s->value->kind == FWC_VALUE_FIELD && is_address(t) && len < t->len && !by_order &&
	    !s->masked)
		return match_part(d, s->value, op, bytes, len);
	if (len != t->len)
		return FWC_DECODED_FOREIGN;
	if (s->masked && !by_order) {
		done = cmp_masked(d, s, op, bytes);
		if (done != FWC_DECODED_FOREIGN)
			return done;
	}
	left = fwc_slot_value(d, s, t);
	return left ? fwc_decoded_match(d, left, op, constant(d, s, t, bytes))
		    : FWC_DECODED_FOREIGN;
}

static bool is_in_order(const struct fwc_value *range)
{
	uint8_t first[FWC_MAX_KEY], last[FWC_MAX_KEY];

	fwc_key_ordered_bytes(range, first, last);
	return memcmp(first, last, range->type->len) <= 0;
}

/* `>= first` and right after it `<= last`, of what was loaded once: a range. */
static enum fwc_decoded finish_range(struct fwc_decoder *d, const uint8_t *bytes, size_t len)
{
	struct fwc_item *item = (struct fwc_item *)(uintptr_t)d->half_range;
	const struct fwc_slot *s = &d->slots[d->half_slot];
	const struct fwc_type *t = item->right->type;
	const struct fwc_value *range;

	if (len != t->len)
		return FWC_DECODED_FOREIGN;
	range = fwc_value_make_range(d->arena, item->right, constant(d, s, t, bytes));
	if (!range)
		return FWC_DECODED_NO_MEMORY;
	if (!is_in_order(range))
		return FWC_DECODED_FOREIGN;
	item->op = FWC_OP_EQ;
	item->right = range;
	d->half_range = NULL;
	return FWC_DECODED_DONE;
}

enum fwc_decoded fwc_decode_cmp(struct fwc_decoder *d, struct fwc_slice data)
{
	static const uint8_t ops[] = {
		[NFT_CMP_EQ] = FWC_OP_EQ,  [NFT_CMP_NEQ] = FWC_OP_NE, [NFT_CMP_LT] = FWC_OP_LT,
		[NFT_CMP_LTE] = FWC_OP_LE, [NFT_CMP_GT] = FWC_OP_GT,  [NFT_CMP_GTE] = FWC_OP_GE,
	};
	struct fwc_attr a[NFTA_CMP_MAX + 1];
	enum fwc_decoded done;
	const uint8_t *bytes;
	uint32_t index, op;
	struct fwc_slot *s;
	size_t len;

	if (fwc_attrs_parse(data, a, NFTA_CMP_MAX) < 0 ||
	    !fwc_decode_register(&a[NFTA_CMP_SREG], &index) ||
	    !fwc_attr_be32(&a[NFTA_CMP_OP], &op) || op >= FWC_ARRAY_SIZE(ops))
		return FWC_DECODED_FOREIGN;
	bytes = fwc_decode_data(&a[NFTA_CMP_DATA], &len);
	if (!bytes)
		return FWC_DECODED_FOREIGN;
	if (d->half_range && d->half_slot == index && op == NFT_CMP_LTE && !d->waiting)
		return finish_range(d, bytes, len);
	s = fwc_slot_take(d, index);
	if (!s || d->waiting)
		return FWC_DECODED_FOREIGN;
	done = s->kind == FWC_SLOT_PAYLOAD ? cmp_payload(d, s, ops[op], bytes, len)
					   : FWC_DECODED_FOREIGN;
	if (done != FWC_DECODED_FOREIGN)
		return done;
	if ((s->kind == FWC_SLOT_PAYLOAD || s->kind == FWC_SLOT_OPTION) && !fwc_slot_make_raw(d, s))
		return FWC_DECODED_FOREIGN;
	if (s->kind != FWC_SLOT_VALUE)
		return FWC_DECODED_FOREIGN;
	done = cmp_value(d, s, ops[op], bytes, len);
	if (done == FWC_DECODED_DONE && op == NFT_CMP_GTE) {
		d->half_range = last_item(d->rule);
		d->half_slot = index;
	}
	return done;
}

/* ---- range ---- */

/* iptables-nft writes a range as one expression, nft 1.0 as two. */
static enum fwc_decoded whole_range(struct fwc_decoder *d, const struct fwc_value *left,
				    const struct fwc_value *range)
{
	enum fwc_decoded done = fwc_decoded_match(d, left, FWC_OP_EQ, range);

	if (done == FWC_DECODED_DONE)
		((struct fwc_item *)(uintptr_t)last_item(d->rule))->whole_range = true;
	return done;
}

enum fwc_decoded fwc_decode_range(struct fwc_decoder *d, struct fwc_slice data)
{
	struct fwc_attr a[NFTA_RANGE_MAX + 1];
	const struct fwc_value *left, *range;
	const uint8_t *first, *last;
	size_t first_len, last_len;
	const struct fwc_type *t;
	uint32_t index, op;
	struct fwc_slot *s;

	if (fwc_attrs_parse(data, a, NFTA_RANGE_MAX) < 0 ||
	    !fwc_decode_register(&a[NFTA_RANGE_SREG], &index) ||
	    !fwc_attr_be32(&a[NFTA_RANGE_OP], &op) || (op != NFT_RANGE_EQ && op != NFT_RANGE_NEQ))
		return FWC_DECODED_FOREIGN;
	first = fwc_decode_data(&a[NFTA_RANGE_FROM_DATA], &first_len);
	last = fwc_decode_data(&a[NFTA_RANGE_TO_DATA], &last_len);
	s = fwc_slot_take(d, index);
	if (s && (s->kind == FWC_SLOT_PAYLOAD || s->kind == FWC_SLOT_OPTION))
		fwc_slot_make_raw(d, s);
	if (!first || !last || !s || d->waiting || s->kind != FWC_SLOT_VALUE || !s->value->type)
		return FWC_DECODED_FOREIGN;
	t = s->value->type;
	if (first_len != t->len || last_len != t->len || s->big_endian != fwc_type_needs_hton(t))
		return FWC_DECODED_FOREIGN;
	left = fwc_slot_value(d, s, t);
	range = fwc_value_make_range(d->arena, constant(d, s, t, first), constant(d, s, t, last));
	if (!range)
		return FWC_DECODED_NO_MEMORY;
	if (!left || !is_in_order(range))
		return FWC_DECODED_FOREIGN;
	if (op == NFT_RANGE_NEQ)
		return fwc_decoded_match(d, left, FWC_OP_NE, range);
	return whole_range(d, left, range);
}

/* ---- lookup ---- */

/* The parts of a key that begins at `index`; `count` 0: as many as were loaded one after the other. NULL: they are not
 * what the set takes. */
static const struct fwc_value *take_key(struct fwc_decoder *d, uint32_t index,
					const struct fwc_set *set, size_t count)
{
	const struct fwc_value *parts[FWC_MAX_CONCAT];
	size_t n = 0;

	while (n < FWC_MAX_CONCAT && index < FWC_NFT_REGISTERS && (n < count || !count)) {
		struct fwc_slot *s = fwc_slot_take(d, index);
		const struct fwc_type *t;

		if (!s)
			break;
		parts[n] = fwc_slot_value(d, s, NULL);
		if (!parts[n] || !parts[n]->type)
			return NULL;
		t = parts[n]->type;
		if (count && t->len != set->key[n]->len && !set->anonymous)
			return NULL;
		if (s->big_endian != (fwc_encode_is_interval(set) && fwc_type_needs_hton(t)))
			return NULL;
		n++;
		index += (uint32_t)(fwc_pad4(t->len) / NFT_REG32_SIZE);
	}
	if (!n || (count && n != count))
		return NULL;
	return n == 1 ? parts[0] : fwc_value_make_concat(d->arena, parts, n);
}

/* A list has the types of what is looked up in it. */
static bool take_types(struct fwc_set *anonymous, const struct fwc_value *key)
{
	const struct fwc_type *types[FWC_MAX_CONCAT];
	size_t count = fwc_value_types(key, types);

	return count && fwc_set_retype_key(anonymous, types, count) == 0;
}

static enum fwc_decoded load_map(struct fwc_decoder *d, uint32_t index, const struct fwc_set *set,
				 const struct fwc_value *map)
{
	size_t len = set && set->data_count ? fwc_wire_data_len(set) : 0;
	struct fwc_slot *s;

	s = fwc_slot_load(d, index, FWC_SLOT_VALUE, len);
	if (!s)
		return FWC_DECODED_FOREIGN;
	s->value = map;
	return FWC_DECODED_LOADED;
}

static enum fwc_decoded verdict_map(struct fwc_decoder *d, const struct fwc_value *map)
{
	struct fwc_target *t = fwc_target_in(d->arena, FWC_TARGET_VMAP);

	if (t)
		fwc_target_put_value(t, FWC_VMAP_VALUE, map);
	return fwc_decoded_target(d, t, &map, 1);
}

const struct fwc_value *fwc_decode_key_of(struct fwc_decoder *d, const struct fwc_attr *reg,
					  const char *name, const struct fwc_value **ret_set)
{
	struct fwc_set *anonymous = fwc_table_find_anonymous(d->table, name);
	const struct fwc_set *set = anonymous ? anonymous : fwc_table_find_set(d->table, name);
	const struct fwc_value *key;
	uint32_t index;

	if (!fwc_decode_register(reg, &index) ||
	    (anonymous && (anonymous->opaque || !anonymous->key_count)))
		return NULL;
	key = take_key(d, index, set, set ? set->key_count : 0);
	if (!key || (anonymous && !take_types(anonymous, key)))
		return NULL;
	*ret_set = anonymous ? fwc_value_make_list(d->arena, anonymous)
			     : fwc_value_make_set(d->arena, name);
	return *ret_set ? key : NULL;
}

enum fwc_decoded fwc_decode_lookup(struct fwc_decoder *d, struct fwc_slice data)
{
	struct fwc_attr a[NFTA_LOOKUP_MAX + 1];
	const struct fwc_value *key, *value, *map;
	struct fwc_set *set, *anonymous;
	uint32_t index, dreg, flags = 0;
	const char *name;

	if (fwc_attrs_parse(data, a, NFTA_LOOKUP_MAX) < 0 ||
	    !fwc_decode_register(&a[NFTA_LOOKUP_SREG], &index))
		return FWC_DECODED_FOREIGN;
	name = fwc_attr_text(&a[NFTA_LOOKUP_SET]);
	fwc_attr_be32(&a[NFTA_LOOKUP_FLAGS], &flags);
	if (!name || flags & ~(uint32_t)NFT_LOOKUP_F_INV)
		return FWC_DECODED_FOREIGN;
	anonymous = fwc_table_find_anonymous(d->table, name);
	set = anonymous ? anonymous : fwc_table_find_set(d->table, name);
	if (anonymous && (anonymous->opaque || !anonymous->key_count))
		return FWC_DECODED_FOREIGN;
	key = take_key(d, index, set, set ? set->key_count : 0);
	if (!key || (anonymous && !take_types(anonymous, key)))
		return FWC_DECODED_FOREIGN;
	/* Only a map into registers leaves what waits there to a later expression. */
	if (d->waiting && (!a[NFTA_LOOKUP_DREG].data ||
			   (fwc_attr_be32(&a[NFTA_LOOKUP_DREG], &dreg) && dreg == NFT_REG_VERDICT)))
		return FWC_DECODED_FOREIGN;
	value = anonymous ? fwc_value_make_list(d->arena, anonymous)
			  : fwc_value_make_set(d->arena, name);
	if (!a[NFTA_LOOKUP_DREG].data)
		return fwc_decoded_match(d, key, flags ? FWC_OP_NE : FWC_OP_EQ, value);
	map = fwc_value_make_map(d->arena, key, value);
	if (!map)
		return FWC_DECODED_NO_MEMORY;
	if (fwc_attr_be32(&a[NFTA_LOOKUP_DREG], &dreg) && dreg == NFT_REG_VERDICT)
		return verdict_map(d, map);
	if (!fwc_decode_register(&a[NFTA_LOOKUP_DREG], &index))
		return FWC_DECODED_FOREIGN;
	return load_map(d, index, set, map);
}
