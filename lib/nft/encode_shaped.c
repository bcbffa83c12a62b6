/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Targets that are one expression whose attributes are parameters: one function for all of them, by their rows. */
#include "nft/encode.h"
#include "nft/nft.h"
#include "nft/target_shape.h"

enum {
	STEP = NFT_REG_SIZE / NFT_REG32_SIZE
}; /* each value takes a register of 16 bytes, as nft does it */

/* The flags that say which other attributes count, and those that the parameter holds. */
static uint64_t collect_flags(const struct fwc_target *t, const struct fwc_target_shape *shape,
			      uint64_t n)
{
	for (size_t i = 0; i < shape->count; i++)
		if (shape->attrs[i].sets && fwc_target_has(t, shape->attrs[i].param))
			n |= shape->attrs[i].sets;
	return n;
}

/* The kernel says of a quota that it is used up, and takes no such word. */
static bool is_depleted(const struct fwc_target *t)
{
	uint64_t used = 0, most = 0;

	if (t->type->kind != FWC_TARGET_QUOTA)
		return false;
	fwc_target_get_number(t, FWC_QUOTA_USED, &used);
	fwc_target_get_number(t, FWC_QUOTA_BYTES, &most);
	return used >= most;
}

static uint64_t number_of(const struct fwc_encoder *e, const struct fwc_target *t,
			  const struct fwc_target_shape *shape, const struct fwc_attr_shape *a,
			  uint64_t otherwise)
{
	uint64_t n = fwc_target_has(t, a->param) ? t->params[a->param - 1].number : otherwise;

	if (a->state && e->mode == FWC_ENCODE_CANONICAL)
		return 0;
	if (a->collects)
		n = collect_flags(t, shape, n);
	if (e->mode == FWC_ENCODE_AS_LOADED && a->param == FWC_QUOTA_OVER && is_depleted(t))
		n |= NFT_QUOTA_F_DEPLETED;
	return n;
}

static void put_number(struct fwc_wire *w, const struct fwc_attr_shape *a, uint64_t n)
{
	if (a->form == FWC_ATTR_U8)
		fwc_put_u8(w, a->attr, (uint8_t)n);
	else if (a->form == FWC_ATTR_BE16)
		fwc_put_be16(w, a->attr, (uint16_t)n);
	else if (a->form == FWC_ATTR_BE32)
		fwc_put_be32(w, a->attr, (uint32_t)n);
	else if (a->form == FWC_ATTR_U32)
		fwc_put_u32(w, a->attr, (uint32_t)n);
	else
		fwc_put_be64(w, a->attr, n);
}

static void put_attr(struct fwc_encoder *e, const struct fwc_target *t,
		     const struct fwc_target_shape *shape, const struct fwc_attr_shape *a,
		     uint32_t *reg)
{
	uint64_t otherwise, n;

	if ((a->not_with && fwc_target_has(t, a->not_with)) ||
	    (a->only_with && !fwc_target_has(t, a->only_with)))
		return;
	if (a->form == FWC_ATTR_TEXT) {
		if (fwc_target_has(t, a->param))
			fwc_put_text(e->wire, a->attr, t->params[a->param - 1].text);
		return;
	}
	if (a->form == FWC_ATTR_REGISTER) {
		if (fwc_target_has(t, a->param))
			fwc_put_be32(e->wire, a->attr, fwc_register_number(*reg));
		*reg += fwc_target_has(t, a->param) ? STEP : 0u;
		return;
	}
	otherwise = fwc_target_default(t, a, e->family);
	n = number_of(e, t, shape, a, otherwise);
	if (n != otherwise || a->always)
		put_number(e->wire, a, n);
}

/* Values go into registers in the order of their attributes. */
static int load_values(struct fwc_encoder *e, const struct fwc_target *t,
		       const struct fwc_target_shape *shape)
{
	uint32_t reg = 0;
	int r = 0;

	for (size_t i = 0; i < shape->count && r == 0; i++) {
		const struct fwc_attr_shape *a = &shape->attrs[i];
		const struct fwc_value *v;

		if (a->form != FWC_ATTR_REGISTER || !fwc_target_has(t, a->param))
			continue;
		v = t->params[a->param - 1].value;
		r = fwc_encode_implied(e, v);
		if (r == 0)
			r = fwc_encode_load(e, v, reg, false);
		reg += STEP;
	}
	return r;
}

int fwc_encode_shaped(struct fwc_encoder *e, const struct fwc_target *t,
		      const struct fwc_target_shape *shape)
{
	struct fwc_expression_nest nest;
	uint32_t reg = 0;
	int r = load_values(e, t, shape);

	if (r < 0)
		return r;
	if (!shape->count) { /* the kernel dumps no data for what has none */
		fwc_put_bare(e->wire, shape->expression);
		return 0;
	}
	nest = fwc_expression_begin(e->wire, shape->expression);
	for (size_t i = 0; i < shape->count; i++)
		put_attr(e, t, shape, &shape->attrs[i], &reg);
	fwc_expression_end(e->wire, nest);
	return 0;
}

void fwc_encode_attrs(struct fwc_wire *w, const struct fwc_target *t, uint32_t family,
		      uint32_t mode)
{
	const struct fwc_target_shape *shape = fwc_target_shape(t->type->kind);
	struct fwc_encoder e = { .wire = w, .mode = mode, .family = family };
	uint32_t reg = 0;

	for (size_t i = 0; i < shape->count; i++)
		put_attr(&e, t, shape, &shape->attrs[i], &reg);
}

void fwc_encode_stateful(struct fwc_wire *w, const struct fwc_target *t, uint32_t mode,
			 uint16_t attr)
{
	size_t nest = fwc_expression_nest_begin(w, attr), data;

	fwc_put_text(w, NFTA_EXPR_NAME, fwc_target_shape(t->type->kind)->expression);
	data = fwc_expression_nest_begin(w, NFTA_EXPR_DATA);
	fwc_encode_attrs(w, t, 0, mode);
	fwc_nest_end(w, data);
	fwc_nest_end(w, nest);
}

void fwc_encode_stateful_list(struct fwc_wire *w, const struct fwc_stateful *s, uint32_t mode,
			      uint16_t one, uint16_t list)
{
	size_t nest;

	if (s->count == 1)
		fwc_encode_stateful(w, s->targets[0], mode, one);
	if (s->count < 2)
		return;
	nest = fwc_expression_nest_begin(w, list);
	for (size_t i = 0; i < s->count; i++)
		fwc_encode_stateful(w, s->targets[i], mode, NFTA_LIST_ELEM);
	fwc_nest_end(w, nest);
}

bool fwc_stateful_equal(const struct fwc_stateful *a, const struct fwc_stateful *b)
{
	fwc_cleanup(fwc_wire_free) struct fwc_wire x = { .data = NULL }, y = { .data = NULL };

	if (a->count != b->count)
		return false;
	for (size_t i = 0; i < a->count; i++) {
		if (a->targets[i] == b->targets[i])
			continue;
		fwc_encode_stateful(&x, a->targets[i], FWC_ENCODE_CANONICAL, NFTA_LIST_ELEM);
		fwc_encode_stateful(&y, b->targets[i], FWC_ENCODE_CANONICAL, NFTA_LIST_ELEM);
	}
	return !x.error && !y.error && x.len == y.len && (!x.len || !memcmp(x.data, y.data, x.len));
}
