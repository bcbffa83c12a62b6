/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "nft/load_shape.h"

enum member { DREG = 1, BASE, KEY, FLAGS, FLAGS_IF_SET, OFFSET, LEN, MORE, MORE_IF_SET, DIRECTION };

enum { ATTRS_MOST = 7 };

struct shape {
	uint8_t load; /* enum fwc_load */
	const char *expression;
	/* in the order in which the kernel dumps them */
	struct {
		uint16_t attr;
		uint8_t member; /* enum member; 0: no more */
		bool is_u8; /* else 32 bits, big-endian */
	} attrs[ATTRS_MOST];
};

static const struct shape shapes[] = {
	{ FWC_LOAD_CT,
	  "ct",
	  { { NFTA_CT_DREG, DREG },
	    { NFTA_CT_KEY, KEY },
	    { NFTA_CT_DIRECTION, DIRECTION, true } } },
	{ FWC_LOAD_FIB,
	  "fib",
	  { { NFTA_FIB_DREG, DREG }, { NFTA_FIB_RESULT, KEY }, { NFTA_FIB_FLAGS, FLAGS } } },
	{ FWC_LOAD_EXTHDR,
	  "exthdr",
	  { { NFTA_EXTHDR_DREG, DREG },
	    { NFTA_EXTHDR_TYPE, KEY, true },
	    { NFTA_EXTHDR_OFFSET, OFFSET },
	    { NFTA_EXTHDR_LEN, LEN },
	    { NFTA_EXTHDR_FLAGS, FLAGS },
	    { NFTA_EXTHDR_OP, BASE } } },
	{ FWC_LOAD_RT, "rt", { { NFTA_RT_KEY, KEY }, { NFTA_RT_DREG, DREG } } },
	{ FWC_LOAD_SOCKET,
	  "socket",
	  { { NFTA_SOCKET_KEY, KEY },
	    { NFTA_SOCKET_DREG, DREG },
	    { NFTA_SOCKET_LEVEL, FLAGS_IF_SET } } },
	{ FWC_LOAD_OSF,
	  "osf",
	  { { NFTA_OSF_TTL, KEY, true },
	    { NFTA_OSF_FLAGS, FLAGS_IF_SET },
	    { NFTA_OSF_DREG, DREG } } },
	{ FWC_LOAD_XFRM,
	  "xfrm",
	  { { NFTA_XFRM_DREG, DREG },
	    { NFTA_XFRM_KEY, KEY },
	    { NFTA_XFRM_DIR, BASE, true },
	    { NFTA_XFRM_SPNUM, FLAGS } } },
	{ FWC_LOAD_NUMGEN,
	  "numgen",
	  { { NFTA_NG_DREG, DREG },
	    { NFTA_NG_MODULUS, FLAGS },
	    { NFTA_NG_TYPE, KEY },
	    { NFTA_NG_OFFSET, MORE } } },
	{ FWC_LOAD_TUNNEL,
	  "tunnel",
	  { { NFTA_TUNNEL_KEY, KEY }, { NFTA_TUNNEL_DREG, DREG }, { NFTA_TUNNEL_MODE, FLAGS } } },
	{ FWC_LOAD_HASH,
	  "hash",
	  { { NFTA_HASH_DREG, DREG },
	    { NFTA_HASH_MODULUS, FLAGS },
	    { NFTA_HASH_OFFSET, MORE_IF_SET },
	    { NFTA_HASH_TYPE, KEY } } },
};

/* ---- writing ---- */

static uint32_t member_of(const struct fwc_field_row *f, uint8_t member, uint32_t reg)
{
	switch (member) {
	case DREG:
		return fwc_register_number(reg);
	case BASE:
		return f->base;
	case KEY:
		return f->key;
	case OFFSET:
		return f->offset;
	case LEN:
		return f->type->len;
	case MORE:
	case MORE_IF_SET:
		return f->more;
	case DIRECTION:
		return f->flags - 1;
	default:
		return f->flags;
	}
}

bool fwc_put_load(struct fwc_wire *w, uint32_t reg, const struct fwc_field_row *f)
{
	struct fwc_expression_nest e;
	const struct shape *s = shapes;

	while (s < shapes + FWC_ARRAY_SIZE(shapes) && s->load != f->load)
		s++;
	if (s == shapes + FWC_ARRAY_SIZE(shapes))
		return false;
	e = fwc_expression_begin(w, s->expression);
	for (size_t i = 0; i < ATTRS_MOST && s->attrs[i].member; i++) {
		uint32_t n = member_of(f, s->attrs[i].member, reg);
		uint8_t member = s->attrs[i].member;

		if (((member == DIRECTION || member == FLAGS_IF_SET) && !f->flags) ||
		    (member == MORE_IF_SET && !f->more))
			continue;
		if (s->attrs[i].is_u8)
			fwc_put_u8(w, s->attrs[i].attr, (uint8_t)n);
		else
			fwc_put_be32(w, s->attrs[i].attr, n);
	}
	fwc_expression_end(w, e);
	return true;
}

void fwc_put_jhash(struct fwc_wire *w, uint32_t reg, uint32_t from, size_t len,
		   const struct fwc_field_row *f)
{
	struct fwc_expression_nest e = fwc_expression_begin(w, "hash");

	fwc_put_be32(w, NFTA_HASH_SREG, fwc_register_number(from));
	fwc_put_be32(w, NFTA_HASH_DREG, fwc_register_number(reg));
	fwc_put_be32(w, NFTA_HASH_LEN, (uint32_t)len);
	fwc_put_be32(w, NFTA_HASH_MODULUS, f->flags);
	if (f->base)
		fwc_put_be32(w, NFTA_HASH_SEED, f->seed);
	if (f->more)
		fwc_put_be32(w, NFTA_HASH_OFFSET, f->more);
	fwc_put_be32(w, NFTA_HASH_TYPE, NFT_HASH_JENKINS);
	fwc_expression_end(w, e);
}

/* ---- reading ---- */

static bool read_number(const struct fwc_attr *a, bool is_u8, uint32_t *ret)
{
	if (!is_u8)
		return fwc_attr_be32(a, ret);
	if (!a->data || a->len != 1)
		return false;
	*ret = a->data[0];
	return true;
}

static bool set_member(struct fwc_loaded *l, uint8_t member, uint32_t n)
{
	switch (member) {
	case DREG:
		return fwc_register_index(n, &l->reg);
	case BASE:
		l->row.base = (uint8_t)n;
		return n <= UINT8_MAX;
	case KEY:
		l->row.key = n;
		return true;
	case OFFSET:
		l->row.offset = (uint16_t)n;
		return n <= UINT16_MAX;
	case LEN:
		l->len = n;
		return n && n <= FWC_TYPE_BYTES_MOST;
	case MORE:
	case MORE_IF_SET:
		l->row.more = n;
		return true;
	case DIRECTION:
		l->row.flags = n + 1;
		return n < 2;
	default:
		l->row.flags = n;
		return true;
	}
}

static const struct fwc_attr *find(const struct fwc_attr *all, size_t count, uint16_t type)
{
	for (size_t i = 0; i < count; i++)
		if (all[i].type == type)
			return &all[i];
	return NULL;
}

static bool read_shape(const struct shape *s, const struct fwc_attr *all, size_t count,
		       struct fwc_loaded *ret)
{
	size_t used = 0;

	for (size_t i = 0; i < ATTRS_MOST && s->attrs[i].member; i++) {
		uint8_t member = s->attrs[i].member;
		const struct fwc_attr *a = find(all, count, s->attrs[i].attr);
		uint32_t n;

		if (!a && member != DREG && member != LEN)
			continue; /* 0, as kernels that leave it out mean it */
		if (!a || !read_number(a, s->attrs[i].is_u8, &n) || !set_member(ret, member, n))
			return false;
		used++;
	}
	return used == count;
}

bool fwc_read_load(const char *expression, struct fwc_slice data, struct fwc_loaded *ret)
{
	struct fwc_attr all[ATTRS_MOST];
	size_t count = 0;
	int r;

	while (count < ATTRS_MOST && (r = fwc_attr_next(&data, &all[count])) > 0)
		count++;
	if (count == ATTRS_MOST)
		return false;
	for (size_t i = 0; i < FWC_ARRAY_SIZE(shapes); i++) {
		if (strcmp(expression, shapes[i].expression) != 0)
			continue;
		*ret = (struct fwc_loaded){ .row = { .load = shapes[i].load, .l4 = -1 } };
		return read_shape(&shapes[i], all, count, ret);
	}
	return false;
}
