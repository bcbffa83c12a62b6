/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Expressions whose attributes are parameters, back into targets: by the rows that the encoder reads. */
#include "nft/decode.h"
#include "nft/target_shape.h"

static bool read_number(const struct fwc_attr *attr, uint8_t form, uint64_t *ret)
{
	uint8_t n8;
	uint16_t n16;
	uint32_t n32;

	if (form == FWC_ATTR_BE64)
		return fwc_attr_be64(attr, ret);
	if (form == FWC_ATTR_U8 && fwc_attr_u8(attr, &n8)) {
		*ret = n8;
		return true;
	}
	if (form == FWC_ATTR_BE16 && fwc_attr_be16(attr, &n16)) {
		*ret = n16;
		return true;
	}
	if (form == FWC_ATTR_U32 && fwc_attr_u32(attr, &n32)) {
		*ret = n32;
		return true;
	}
	if (form == FWC_ATTR_BE32 && fwc_attr_be32(attr, &n32)) {
		*ret = n32;
		return true;
	}
	return false;
}

static const struct fwc_attr_shape *shape_of(const struct fwc_target_shape *shape, uint16_t attr)
{
	for (size_t i = 0; i < shape->count; i++)
		if (shape->attrs[i].attr == attr)
			return &shape->attrs[i];
	return NULL;
}

/* Numbers and texts. Registers come later: the type of what is in them may be said by a number. */
static bool read_param(struct fwc_target *t, const struct fwc_attr_shape *a,
		       const struct fwc_attr *attr)
{
	uint64_t n;

	if (a->form == FWC_ATTR_REGISTER)
		return true;
	if (a->form == FWC_ATTR_TEXT) {
		if (!fwc_attr_text(attr))
			return false;
		fwc_target_put_text(t, a->param, fwc_attr_text(attr));
		return true;
	}
	if (!read_number(attr, a->form, &n))
		return false;
	fwc_target_put_number(t, a->param, n);
	return true;
}

static void unset(struct fwc_target *t, uint32_t param)
{
	t->has &= (uint16_t) ~(1u << (param - 1));
}

/* A flag says that another attribute counts: then that parameter is set, and the flag is not. */
static void spread_flags(struct fwc_target *t, const struct fwc_target_shape *shape,
			 const struct fwc_attr_shape *flags)
{
	uint64_t *n = &t->params[flags->param - 1].number;

	for (size_t i = 0; i < shape->count; i++) {
		const struct fwc_attr_shape *a = &shape->attrs[i];

		if (a->sets && !(*n & a->sets) && !t->params[a->param - 1].number)
			unset(t, a->param);
		*n &= ~(uint64_t)a->sets;
	}
}

/* What has its default is as if it were not set; but counters always tell their numbers. */
static void drop_defaults(struct fwc_target *t, const struct fwc_target_shape *shape,
			  uint32_t family)
{
	uint16_t has = t->has;

	for (size_t i = 0; i < shape->count; i++) {
		const struct fwc_attr_shape *a = &shape->attrs[i];

		if (a->form == FWC_ATTR_TEXT || a->form == FWC_ATTR_REGISTER || a->state ||
		    !fwc_target_has(t, a->param))
			continue;
		if (a->collects)
			spread_flags(t, shape, a);
		if (!a->sets && t->params[a->param - 1].number == fwc_target_default(t, a, family))
			has &= (uint16_t) ~(1u << (a->param - 1));
	}
	for (size_t i = 0; i < shape->count; i++)
		if (shape->attrs[i].sets && !fwc_target_has(t, shape->attrs[i].param))
			has &= (uint16_t) ~(1u << (shape->attrs[i].param - 1));
	t->has = has;
}

static bool read_numbers(struct fwc_target *t, const struct fwc_target_shape *shape,
			 struct fwc_slice data, uint32_t family)
{
	struct fwc_attr attr;
	int r;

	while ((r = fwc_attr_next(&data, &attr)) > 0) {
		const struct fwc_attr_shape *a = shape_of(shape, attr.type);

		if (!a || !read_param(t, a, &attr))
			return false;
	}
	if (t->type->kind == FWC_TARGET_QUOTA)
		t->params[FWC_QUOTA_OVER - 1].number &= NFT_QUOTA_F_INV;
	drop_defaults(t, shape, family);
	return r == 0;
}

static bool take_values(struct fwc_decoder *d, struct fwc_target *t,
			const struct fwc_target_shape *shape, struct fwc_slice data,
			const struct fwc_value **values, size_t *ret_count)
{
	struct fwc_attr attr;

	*ret_count = 0;
	while (fwc_attr_next(&data, &attr) > 0) {
		const struct fwc_attr_shape *a = shape_of(shape, attr.type);
		const struct fwc_slot *s;
		const struct fwc_value *v;
		uint32_t index;

		if (a->form != FWC_ATTR_REGISTER)
			continue;
		s = fwc_decode_register(&attr, &index) ? fwc_slot_take(d, index) : NULL;
		v = s ? fwc_slot_value(d, s, fwc_target_value_type(t, a->param, d->table->family))
		      : NULL;
		if (!v || *ret_count == FWC_MAX_PARAMS)
			return false;
		fwc_target_put_value(t, a->param, v);
		values[(*ret_count)++] = v;
	}
	return true;
}

enum fwc_decoded fwc_decode_shaped(struct fwc_decoder *d, const char *name, struct fwc_slice data)
{
	const struct fwc_target_shape *shape = fwc_target_shape_by_expression(name);
	const struct fwc_value *values[FWC_MAX_PARAMS];
	struct fwc_target *t;
	size_t count;

	if (!shape)
		return FWC_DECODED_FOREIGN;
	t = fwc_target_in(d->arena, shape->kind);
	if (!t)
		return FWC_DECODED_NO_MEMORY;
	if (!read_numbers(t, shape, data, d->table->family) ||
	    !take_values(d, t, shape, data, values, &count) || d->waiting)
		return FWC_DECODED_FOREIGN;
	return fwc_decoded_target(d, t, values, count);
}

struct fwc_target *fwc_decode_attrs(struct fwc_arena *arena, uint32_t kind, struct fwc_slice data,
				    uint32_t family)
{
	struct fwc_target *t = fwc_target_in(arena, kind);

	return t && read_numbers(t, fwc_target_shape(kind), data, family) ? t : NULL;
}

/* The name and data of an expression within another, as a target that needs no registers. */
static struct fwc_target *stateful(struct fwc_arena *arena, const char *name, struct fwc_slice data)
{
	const struct fwc_target_shape *shape = name ? fwc_target_shape_by_expression(name) : NULL;
	struct fwc_target *t;

	if (!shape || !fwc_target_is_stateful(shape->kind))
		return NULL;
	t = fwc_target_in(arena, shape->kind);
	return t && read_numbers(t, shape, data, 0) ? t : NULL;
}

struct fwc_target *fwc_decode_stateful(struct fwc_arena *arena, const struct fwc_attr *expression)
{
	struct fwc_attr a[NFTA_EXPR_MAX + 1];

	if (fwc_attrs_parse(fwc_attr_slice(expression), a, NFTA_EXPR_MAX) < 0)
		return NULL;
	return stateful(arena, fwc_attr_text(&a[NFTA_EXPR_NAME]),
			fwc_attr_slice(&a[NFTA_EXPR_DATA]));
}

int fwc_decode_stateful_list(struct fwc_arena *arena, const struct fwc_attr *one,
			     const struct fwc_attr *list, const struct fwc_target **ret,
			     size_t room)
{
	struct fwc_slice rest = fwc_attr_slice(list);
	struct fwc_attr elem = *one;
	size_t count = 0;

	while (one->data || fwc_attr_next(&rest, &elem) > 0) {
		if (count == room)
			return -EBADMSG;
		ret[count] = fwc_decode_stateful(arena, &elem);
		if (!ret[count++])
			return -EBADMSG;
		if (one->data)
			break;
	}
	return (int)count;
}
