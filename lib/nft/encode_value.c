/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Values into registers. */
#include <assert.h>

#include "fields/tunnels.h"
#include "nft/encode.h"
#include "nft/load_shape.h"

size_t fwc_encode_len(const struct fwc_value *v)
{
	size_t len = 0;

	switch (v->kind) {
	case FWC_VALUE_CONCAT:
		for (size_t i = 0; i < v->len; i++)
			len += fwc_pad4(fwc_encode_len(v->child[i]));
		return len;
	default:
		return v->type ? v->type->len : 0;
	}
}

bool fwc_type_needs_hton(const struct fwc_type *t)
{
	return t->order == FWC_ORDER_HOST && (t->len == 2 || t->len == 4 || t->len == 8) &&
	       __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__;
}

/* ---- bits ---- */

static bool is_mask(uint32_t op)
{
	return op == FWC_BITS_AND || op == FWC_BITS_OR || op == FWC_BITS_XOR;
}

static int load_bits(struct fwc_encoder *e, const struct fwc_value *v, uint32_t reg)
{
	uint8_t mask[8], xored[8];
	uint64_t m, x;
	int r;

	if (v->type->len > sizeof(mask))
		return fwc_fail(e->err, -EOPNOTSUPP, FWC_OBJECT_RULE,
				"bits of a value of %u bytes cannot be taken: at most 8",
				v->type->len);
	if (is_mask(v->op)) {
		r = fwc_encode_load(e, fwc_bits_flatten(v, &m, &x), reg, false);
		if (r < 0)
			return r;
		for (size_t i = 0; i < v->type->len; i++) {
			bool low_first = v->type->order == FWC_ORDER_HOST &&
					 __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__;
			size_t at = low_first ? i : v->type->len - 1u - i;

			mask[at] = (uint8_t)(m << v->type->shift >> (8 * i));
			xored[at] = (uint8_t)(x << v->type->shift >> (8 * i));
		}
		fwc_put_mask_xor(e->wire, reg, mask, xored, v->type->len);
		return 0;
	}
	/* The kernel shifts words of 4 bytes in host order. */
	if (v->type->order != FWC_ORDER_HOST || v->type->len != 4 || v->mask > 31)
		return fwc_fail(
			e->err, -EOPNOTSUPP, FWC_OBJECT_RULE,
			"only marks and the like, of 4 bytes in host order, can be shifted, by 0 to 31");
	r = fwc_encode_load(e, v->of, reg, false);
	if (r == 0)
		fwc_put_shift(e->wire, reg,
			      v->op == FWC_BITS_LSHIFT ? NFT_BITWISE_LSHIFT : NFT_BITWISE_RSHIFT,
			      (uint32_t)v->mask, v->type->len);
	return r;
}

/* ---- two registers ---- */

enum { STEP = NFT_REG_SIZE / NFT_REG32_SIZE }; /* nft gives each value a register of 16 bytes */

static int load_join(struct fwc_encoder *e, const struct fwc_value *v, uint32_t reg)
{
	static const uint32_t ops[] = {
		[FWC_BITS_AND] = FWC_NFT_BITWISE_AND,
		[FWC_BITS_OR] = FWC_NFT_BITWISE_OR,
		[FWC_BITS_XOR] = FWC_NFT_BITWISE_XOR,
	};
	int r = fwc_encode_load(e, v->child[0], reg, false);

	if (r == 0)
		r = fwc_encode_load(e, v->child[1], reg + STEP, false);
	if (r == 0)
		fwc_put_join(e->wire, reg, reg + STEP, ops[v->op], v->type->len);
	return r;
}

static int load_hash(struct fwc_encoder *e, const struct fwc_value *v, uint32_t reg)
{
	int r = fwc_encode_load(e, v->child[0], reg + STEP, false);

	if (r == 0)
		fwc_put_jhash(e->wire, reg, reg + STEP, fwc_encode_len(v->child[0]),
			      v->child[1]->field);
	return r;
}

/* ---- loads ---- */

/* The expression that loads from the packet within another holds the one that would load from a packet. */
static void put_inner(struct fwc_encoder *e, uint32_t tunnel, uint32_t reg,
		      const struct fwc_field_row *f, uint32_t len)
{
	const struct fwc_tunnel_row *t = fwc_tunnel_row(tunnel);
	struct fwc_expression_nest outer = fwc_expression_begin(e->wire, "inner");
	bool meta = f->load == FWC_LOAD_META;
	size_t nest, data;

	fwc_put_be32(e->wire, FWC_NFTA_INNER_NUM, 0);
	fwc_put_be32(e->wire, FWC_NFTA_INNER_TYPE, t->tunnel);
	fwc_put_be32(e->wire, FWC_NFTA_INNER_FLAGS, t->flags);
	fwc_put_be32(e->wire, FWC_NFTA_INNER_HDRSIZE, t->header);
	nest = fwc_expression_nest_begin(e->wire, FWC_NFTA_INNER_EXPR);
	fwc_put_text(e->wire, NFTA_EXPR_NAME, meta ? "meta" : "payload");
	data = fwc_expression_nest_begin(e->wire, NFTA_EXPR_DATA);
	if (meta) {
		fwc_put_be32(e->wire, NFTA_META_KEY, f->key);
		fwc_put_be32(e->wire, NFTA_META_DREG, fwc_register_number(reg));
	} else {
		fwc_put_be32(e->wire, NFTA_PAYLOAD_DREG, fwc_register_number(reg));
		fwc_put_be32(e->wire, NFTA_PAYLOAD_BASE,
			     f->load == FWC_LOAD_INNER ? FWC_NFT_PAYLOAD_TUN_HEADER : f->base);
		fwc_put_be32(e->wire, NFTA_PAYLOAD_OFFSET, f->offset);
		fwc_put_be32(e->wire, NFTA_PAYLOAD_LEN, len);
	}
	fwc_nest_end(e->wire, data);
	fwc_nest_end(e->wire, nest);
	fwc_expression_end(e->wire, outer);
}

void fwc_encode_header(struct fwc_encoder *e, uint32_t reg, const struct fwc_field_row *f,
		       uint32_t len)
{
	const struct fwc_field_row *of = fwc_field_within(f);

	if (f->load == FWC_LOAD_INNER)
		put_inner(e, f->base, reg, of ? of : f, len);
	else if (e->within)
		put_inner(e, e->within, reg, f, len);
	else if (f->load == FWC_LOAD_META)
		fwc_put_meta(e->wire, reg, f->key);
	else
		fwc_put_payload(e->wire, reg, f->base, f->offset, len);
}

static void load_field(struct fwc_encoder *e, const struct fwc_field_row *f, uint32_t reg)
{
	static const uint8_t zero[FWC_TYPE_BYTES_MOST];
	uint8_t mask[FWC_TYPE_BYTES_MOST];

	if (f->load == FWC_LOAD_PAYLOAD || f->load == FWC_LOAD_META || f->load == FWC_LOAD_INNER)
		fwc_encode_header(e, reg, f, f->type->len);
	else if (f->load == FWC_LOAD_CT && !f->flags)
		fwc_put_ct(e->wire, reg, f->key);
	else
		fwc_put_load(e->wire, reg, f);
	if (!f->type->bits)
		return;
	fwc_type_mask(f->type, mask);
	fwc_put_mask_xor(e->wire, reg, mask, zero, f->type->len);
}

static int load_concat(struct fwc_encoder *e, const struct fwc_value *v, uint32_t reg,
		       bool big_endian)
{
	for (size_t i = 0; i < v->len; i++) {
		int r = fwc_encode_load(e, v->child[i], reg, big_endian);

		if (r < 0)
			return r;
		reg += (uint32_t)(fwc_pad4(fwc_encode_len(v->child[i])) / NFT_REG32_SIZE);
	}
	return 0;
}

static int load_map(struct fwc_encoder *e, const struct fwc_value *v, uint32_t reg)
{
	const struct fwc_set *set = fwc_encode_set(e->table, v->child[1]);
	int r = fwc_encode_load(e, v->child[0], reg, fwc_encode_is_interval(set));

	return r < 0 ? r : fwc_encode_lookup(e, v->child[1], reg, reg, false);
}

int fwc_encode_load(struct fwc_encoder *e, const struct fwc_value *v, uint32_t reg, bool big_endian)
{
	size_t len = fwc_encode_len(v);
	int r;

	if (reg * NFT_REG32_SIZE + len > FWC_NFT_REGISTERS * NFT_REG32_SIZE)
		return fwc_fail(e->err, -EINVAL, FWC_OBJECT_RULE,
				"a key has at most 64 bytes, each part taking a multiple of 4");
	switch (v->kind) {
	case FWC_VALUE_FIELD:
		load_field(e, v->field, reg);
		r = 0;
		break;
	case FWC_VALUE_BITS:
		r = load_bits(e, v, reg);
		break;
	case FWC_VALUE_JOIN:
		r = load_join(e, v, reg);
		break;
	case FWC_VALUE_HASH:
		r = load_hash(e, v, reg);
		break;
	case FWC_VALUE_CONSTANT:
		fwc_put_immediate(e->wire, reg, v->bytes, v->len);
		return 0;
	case FWC_VALUE_CONCAT:
		return load_concat(e, v, reg, big_endian);
	case FWC_VALUE_MAP:
		return load_map(e, v, reg);
	default:
		return fwc_fail(e->err, -EINVAL, FWC_OBJECT_RULE,
				"a list, range or set cannot stand where a single value is needed");
	}
	if (r == 0 && big_endian && fwc_type_needs_hton(v->type))
		fwc_put_hton(e->wire, reg, len);
	return r;
}

/* ---- look-ups ---- */

const struct fwc_set *fwc_encode_set(const struct fwc_table *t, const struct fwc_value *set)
{
	if (set->kind == FWC_VALUE_LIST)
		return set->list;
	return set->kind == FWC_VALUE_SET && t ? fwc_table_find_set(t, set->name) : NULL;
}

bool fwc_encode_is_interval(const struct fwc_set *s)
{
	if (!s)
		return false;
	if (s->flags & FWC_SET_INTERVAL || s->kernel_flags & NFT_SET_INTERVAL)
		return true;
	if (!s->anonymous)
		return false;
	for (size_t i = 0; i < s->elements.count; i++)
		if (fwc_value_is_interval(((const struct fwc_element *)s->elements.items[i])->key))
			return true;
	return false;
}

int fwc_encode_lookup(struct fwc_encoder *e, const struct fwc_value *set, uint32_t reg,
		      uint32_t dreg, bool inverted)
{
	uint32_t flags = inverted ? NFT_LOOKUP_F_INV : 0;

	if (set->kind == FWC_VALUE_SET) {
		fwc_put_lookup(e->wire, set->name, 0, reg, dreg, flags);
		return 0;
	}
	if (set->kind != FWC_VALUE_LIST)
		return fwc_fail(e->err, -EINVAL, FWC_OBJECT_RULE, "a map or set is needed here");
	switch (e->mode) {
	case FWC_ENCODE_SEND:
		fwc_put_lookup(e->wire, fwc_anonymous_name(set->list), e->next_set_id++, reg, dreg,
			       flags);
		break;
	case FWC_ENCODE_AS_LOADED:
		fwc_put_lookup(e->wire, set->list->name ? set->list->name : "", 0, reg, dreg,
			       flags);
		break;
	default:
		fwc_put_lookup(e->wire, "", 0, reg, dreg, flags);
		fwc_put_set_content(e->wire, set->list);
	}
	return 0;
}
