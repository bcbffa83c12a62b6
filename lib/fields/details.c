/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Fields with parameters that are given as numbers: which member of a row each of them is. */
#include "fields/details.h"

#include <linux/netfilter/nf_tables.h>

#include <fwcore/value.h>

enum member { BASE = 1, KEY, FLAGS, MORE, OFFSET, LEN, SEED, FIELD };

enum { PARAMS_MOST = 4, BITS = 8 };

/* What a field is made of, and what is missing from it. */
static const struct shape {
	uint32_t field;
	struct fwc_field_row row;
	uint32_t len; /* bytes, where no parameter says it */
	struct {
		uint8_t param, member;
		bool optional;
	} params[PARAMS_MOST];
} shapes[] = {
	{ FWC_FIELD_RAW_PAYLOAD,
	  { .load = FWC_LOAD_PAYLOAD },
	  0,
	  { { FWC_FIELD_DETAIL_HEADER, BASE },
	    { FWC_FIELD_DETAIL_OFFSET, OFFSET, true },
	    { FWC_FIELD_DETAIL_LENGTH, LEN } } },
	{ FWC_FIELD_TCP_OPTION,
	  { .load = FWC_LOAD_EXTHDR, .base = NFT_EXTHDR_OP_TCPOPT },
	  0,
	  { { FWC_FIELD_DETAIL_KIND, KEY },
	    { FWC_FIELD_DETAIL_OFFSET, OFFSET, true },
	    { FWC_FIELD_DETAIL_LENGTH, LEN } } },
	/* without a place: whether it is there */
	{ FWC_FIELD_TCP_OPTION,
	  { .load = FWC_LOAD_EXTHDR, .base = NFT_EXTHDR_OP_TCPOPT, .flags = NFT_EXTHDR_F_PRESENT },
	  1,
	  { { FWC_FIELD_DETAIL_KIND, KEY } } },
	{ FWC_FIELD_DCCP_OPTION,
	  { .load = FWC_LOAD_EXTHDR, .base = NFT_EXTHDR_OP_DCCP, .flags = NFT_EXTHDR_F_PRESENT },
	  1,
	  { { FWC_FIELD_DETAIL_KIND, KEY } } },
	{ FWC_FIELD_NUMGEN,
	  { .load = FWC_LOAD_NUMGEN },
	  0,
	  { { FWC_FIELD_DETAIL_MODULUS, FLAGS },
	    { FWC_FIELD_DETAIL_ADD, MORE, true },
	    { FWC_FIELD_DETAIL_RANDOM, KEY, true } } },
	{ FWC_FIELD_SYMHASH,
	  { .load = FWC_LOAD_HASH, .key = NFT_HASH_SYM },
	  0,
	  { { FWC_FIELD_DETAIL_MODULUS, FLAGS }, { FWC_FIELD_DETAIL_ADD, MORE, true } } },
	{ FWC_FIELD_JHASH,
	  { .load = FWC_LOAD_HASH, .key = NFT_HASH_JENKINS },
	  0,
	  { { FWC_FIELD_DETAIL_MODULUS, FLAGS },
	    { FWC_FIELD_DETAIL_SEED, SEED, true },
	    { FWC_FIELD_DETAIL_ADD, MORE, true } } },
	{ FWC_FIELD_INNER,
	  { .load = FWC_LOAD_INNER },
	  0,
	  { { FWC_FIELD_DETAIL_TUNNEL, BASE }, { FWC_FIELD_DETAIL_FIELD, FIELD } } },
	{ FWC_FIELD_FIB_TYPE,
	  { .load = FWC_LOAD_FIB, .key = NFT_FIB_RESULT_ADDRTYPE },
	  0,
	  { { FWC_FIELD_DETAIL_LOOKUP, FLAGS } } },
	{ FWC_FIELD_FIB_OIF,
	  { .load = FWC_LOAD_FIB, .key = NFT_FIB_RESULT_OIF },
	  0,
	  { { FWC_FIELD_DETAIL_LOOKUP, FLAGS } } },
	{ FWC_FIELD_FIB_OIFNAME,
	  { .load = FWC_LOAD_FIB, .key = NFT_FIB_RESULT_OIFNAME },
	  0,
	  { { FWC_FIELD_DETAIL_LOOKUP, FLAGS } } },
	{ FWC_FIELD_SOCKET_CGROUPV2,
	  { .load = FWC_LOAD_SOCKET, .key = NFT_SOCKET_CGROUPV2 },
	  0,
	  { { FWC_FIELD_DETAIL_LEVEL, FLAGS } } },
	{ FWC_FIELD_OSF_NAME, { .load = FWC_LOAD_OSF }, 0, { { FWC_FIELD_DETAIL_TTL, KEY } } },
	{ FWC_FIELD_OSF_VERSION,
	  { .load = FWC_LOAD_OSF, .flags = NFT_OSF_F_VERSION },
	  0,
	  { { FWC_FIELD_DETAIL_TTL, KEY } } },
};

static bool put(struct fwc_field_row *f, uint32_t *len, uint8_t member, uint32_t n)
{
	switch (member) {
	case BASE:
		f->base = (uint8_t)n;
		return n <= UINT8_MAX;
	case KEY:
		f->key = n;
		return n <= UINT8_MAX;
	case FIELD:
		f->key = n;
		return n > 0;
	case FLAGS:
		f->flags |= n;
		return true;
	case MORE:
		f->more = n;
		return true;
	case SEED:
		f->seed = n;
		f->base = 1;
		return true;
	case OFFSET:
		f->offset = (uint16_t)(n / BITS);
		return n % BITS == 0 && n / BITS <= UINT16_MAX;
	default:
		*len = n / BITS;
		return n && n % BITS == 0 && n / BITS <= FWC_TYPE_BYTES_MOST;
	}
}

static uint32_t get(const struct fwc_field_row *f, uint8_t member)
{
	switch (member) {
	case BASE:
		return f->base;
	case KEY:
	case FIELD:
		return f->key;
	case FLAGS:
		return f->flags;
	case MORE:
		return f->more;
	case SEED:
		return f->seed;
	case OFFSET:
		return f->offset * 8u;
	default:
		return f->type->len * 8u;
	}
}

/* Whether the parameters are those of this shape: none that it lacks, none missing, none twice. */
static bool fill(const struct shape *s, const uint32_t *params, const uint32_t *numbers,
		 size_t count, struct fwc_made_field *ret, uint32_t *ret_len)
{
	size_t used = 0;

	ret->row = s->row;
	*ret_len = s->len;
	for (size_t i = 0; i < PARAMS_MOST && s->params[i].param; i++) {
		size_t at = 0;

		while (at < count && params[at] != s->params[i].param)
			at++;
		if (at == count && !s->params[i].optional)
			return false;
		if (at == count)
			continue;
		if (!put(&ret->row, ret_len, s->params[i].member, numbers[at]))
			return false;
		used++;
	}
	return used == count;
}

/* `ipsec in spnum 2 reqid`: a row of the table with one number more. */
static bool fill_ipsec(const struct fwc_field_row *f, const uint32_t *params,
		       const uint32_t *numbers, size_t count, struct fwc_made_field *ret)
{
	if (!f || f->load != FWC_LOAD_XFRM || count != 1 || params[0] != FWC_FIELD_DETAIL_SPNUM ||
	    numbers[0] > UINT8_MAX)
		return false;
	ret->row = (struct fwc_field_row){
		.load = f->load, .base = f->base, .key = f->key, .flags = numbers[0]
	};
	return true;
}

const struct fwc_field_row *fwc_field_with(struct fwc_made_field *made, uint32_t field,
					   const uint32_t *params, const uint32_t *numbers,
					   size_t count)
{
	uint32_t len = 0;

	for (size_t i = 0; i < FWC_ARRAY_SIZE(shapes); i++) {
		const struct fwc_field_row *f;

		if (shapes[i].field != field ||
		    !fill(&shapes[i], params, numbers, count, made, &len))
			continue;
		if (made->row.load == FWC_LOAD_NUMGEN || made->row.load == FWC_LOAD_HASH)
			if (made->row.more + (uint64_t)made->row.flags - 1 > UINT32_MAX)
				return NULL;
		f = fwc_field_make(made, len);
		if (f)
			return f;
	}
	return fill_ipsec(fwc_field_by_id(field), params, numbers, count, made)
		       ? fwc_field_make(made, 0)
		       : NULL;
}

bool fwc_field_detail(const struct fwc_field_row *f, uint32_t param, uint32_t *ret)
{
	if (param == FWC_FIELD_DETAIL_SPNUM && f->made && f->load == FWC_LOAD_XFRM) {
		*ret = f->flags;
		return true;
	}
	for (size_t i = 0; f->made && i < FWC_ARRAY_SIZE(shapes); i++) {
		bool presence = shapes[i].row.load == FWC_LOAD_EXTHDR && shapes[i].row.flags;

		if (shapes[i].field != f->id ||
		    (f->load == FWC_LOAD_EXTHDR && presence != (f->flags != 0)))
			continue;
		for (size_t n = 0; n < PARAMS_MOST && shapes[i].params[n].param; n++)
			if (shapes[i].params[n].param == param &&
			    (shapes[i].params[n].member != SEED || f->base)) {
				*ret = get(f, shapes[i].params[n].member);
				return true;
			}
	}
	return false;
}
