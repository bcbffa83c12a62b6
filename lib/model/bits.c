/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* And, or and xor with constants, however many, are one mask and one flip: that is what the kernel keeps, and what
 * nft writes again in at most three steps. */
#include "model/model.h"

uint64_t fwc_bits_all(const struct fwc_type *t)
{
	unsigned int bits = t->bits ? t->bits : 8u * t->len;

	return bits >= 64 ? UINT64_MAX : (UINT64_C(1) << bits) - 1;
}

const struct fwc_value *fwc_bits_flatten(const struct fwc_value *v, uint64_t *ret_mask,
					 uint64_t *ret_flip)
{
	uint64_t all = v->type ? fwc_bits_all(v->type) : UINT64_MAX;
	uint64_t mask = all, flip = 0; /* from outside in: of what is inside, (x & mask) ^ flip */

	for (; v->kind == FWC_VALUE_BITS && v->op <= FWC_BITS_XOR; v = v->of) {
		uint64_t inner_mask = v->op == FWC_BITS_AND  ? v->mask
				      : v->op == FWC_BITS_OR ? ~v->mask
							     : all;
		uint64_t inner_flip = v->op == FWC_BITS_AND ? 0 : v->mask;

		flip ^= inner_flip & mask;
		mask &= inner_mask;
	}
	*ret_mask = mask & all;
	*ret_flip = flip & all;
	return v;
}

struct fwc_bits_steps fwc_bits_steps(const struct fwc_type *t, uint64_t mask, uint64_t flip)
{
	struct fwc_bits_steps s = { .or_ = flip & ~mask, .xor_ = flip & mask };

	s.and_ = mask | s.or_;
	s.has_and = s.and_ != fwc_bits_all(t);
	s.has_xor = s.xor_ != 0;
	s.has_or = s.or_ != 0;
	return s;
}

const struct fwc_value *fwc_bits_unflatten(struct fwc_arena *a, const struct fwc_value *v,
					   uint64_t mask, uint64_t flip)
{
	struct fwc_bits_steps s = fwc_bits_steps(v->type, mask, flip);

	if (s.has_and)
		v = fwc_value_make_bits(a, v, FWC_BITS_AND, s.and_);
	if (s.has_xor)
		v = fwc_value_make_bits(a, v, FWC_BITS_XOR, s.xor_);
	if (s.has_or)
		v = fwc_value_make_bits(a, v, FWC_BITS_OR, s.or_);
	return v;
}
