/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The expressions that nearly every rule has are written as one struct each: half of the time of encoding went into
 * putting attribute after attribute. */
#include <assert.h>
#include <endian.h>

#include "nft/expression.h"

#include <fwcore/types.h>

uint32_t fwc_register_number(uint32_t index)
{
	if (index % (NFT_REG_SIZE / NFT_REG32_SIZE) == 0)
		return NFT_REG_1 + index / (NFT_REG_SIZE / NFT_REG32_SIZE);
	return NFT_REG32_00 + index;
}

bool fwc_register_index(uint32_t number, uint32_t *ret)
{
	if (number >= NFT_REG_1 && number <= NFT_REG_4)
		*ret = (number - NFT_REG_1) * (NFT_REG_SIZE / NFT_REG32_SIZE);
	else if (number >= NFT_REG32_00 && number <= NFT_REG32_15)
		*ret = number - NFT_REG32_00;
	else
		return false;
	return true;
}

struct be32_attr {
	struct nlattr head;
	uint32_t be;
};

static inline struct be32_attr be32_attr(uint16_t type, uint32_t n)
{
	return (struct be32_attr){ { sizeof(struct be32_attr), type }, htobe32(n) };
}

/* The outside of an expression: its name fills `text` to a multiple of 4. */
struct head4 {
	struct nlattr elem, name;
	char text[4];
	struct nlattr data;
};

struct head8 {
	struct nlattr elem, name;
	char text[8];
	struct nlattr data;
};

/* Names and sizes are constants where these are called: inlined, nothing is left to do. */
static inline __attribute__((always_inline)) struct head4 head4(const char *name, size_t size)
{
	struct head4 h = {
		.elem = { (uint16_t)size, NFTA_LIST_ELEM },
		.name = { (uint16_t)(sizeof(struct nlattr) + strlen(name) + 1), NFTA_EXPR_NAME },
		.data = { (uint16_t)(size - offsetof(struct head4, data)), NFTA_EXPR_DATA },
	};

	memcpy(h.text, name, strlen(name));
	return h;
}

static inline __attribute__((always_inline)) struct head8 head8(const char *name, size_t size)
{
	struct head8 h = {
		.elem = { (uint16_t)size, NFTA_LIST_ELEM },
		.name = { (uint16_t)(sizeof(struct nlattr) + strlen(name) + 1), NFTA_EXPR_NAME },
		.data = { (uint16_t)(size - offsetof(struct head8, data)), NFTA_EXPR_DATA },
	};

	memcpy(h.text, name, strlen(name));
	return h;
}

void fwc_put_payload(struct fwc_wire *w, uint32_t reg, uint32_t base, uint32_t offset, uint32_t len)
{
	const struct {
		struct head8 head;
		struct be32_attr dreg, base, offset, len;
	} e = {
		head8("payload", sizeof(e)),
		be32_attr(NFTA_PAYLOAD_DREG, fwc_register_number(reg)),
		be32_attr(NFTA_PAYLOAD_BASE, base),
		be32_attr(NFTA_PAYLOAD_OFFSET, offset),
		be32_attr(NFTA_PAYLOAD_LEN, len),
	};

	fwc_wire_add(w, &e, sizeof(e));
}

void fwc_put_payload_set(struct fwc_wire *w, uint32_t reg, uint32_t base, uint32_t offset,
			 uint32_t len, uint32_t csum_type, uint32_t csum_offset,
			 uint32_t csum_flags)
{
	struct fwc_expression_nest e = fwc_expression_begin(w, "payload");

	fwc_put_be32(w, NFTA_PAYLOAD_SREG, fwc_register_number(reg));
	fwc_put_be32(w, NFTA_PAYLOAD_BASE, base);
	fwc_put_be32(w, NFTA_PAYLOAD_OFFSET, offset);
	fwc_put_be32(w, NFTA_PAYLOAD_LEN, len);
	fwc_put_be32(w, NFTA_PAYLOAD_CSUM_TYPE, csum_type);
	fwc_put_be32(w, NFTA_PAYLOAD_CSUM_OFFSET, csum_offset);
	fwc_put_be32(w, NFTA_PAYLOAD_CSUM_FLAGS, csum_flags);
	fwc_expression_end(w, e);
}

static void put_meta(struct fwc_wire *w, uint32_t key, uint16_t reg_type, uint32_t reg)
{
	const struct {
		struct head8 head;
		struct be32_attr key, reg;
	} e = {
		head8("meta", sizeof(e)),
		be32_attr(NFTA_META_KEY, key),
		be32_attr(reg_type, fwc_register_number(reg)),
	};

	fwc_wire_add(w, &e, sizeof(e));
}

void fwc_put_meta(struct fwc_wire *w, uint32_t reg, uint32_t key)
{
	put_meta(w, key, NFTA_META_DREG, reg);
}

void fwc_put_meta_set(struct fwc_wire *w, uint32_t reg, uint32_t key)
{
	put_meta(w, key, NFTA_META_SREG, reg);
}

/* Unlike meta's, the register comes before the key, whichever way it goes. */
static void put_ct(struct fwc_wire *w, uint16_t attr, uint32_t reg, uint32_t key)
{
	const struct {
		struct head4 head;
		struct be32_attr reg, key;
	} e = {
		head4("ct", sizeof(e)),
		be32_attr(attr, fwc_register_number(reg)),
		be32_attr(NFTA_CT_KEY, key),
	};

	fwc_wire_add(w, &e, sizeof(e));
}

void fwc_put_ct(struct fwc_wire *w, uint32_t reg, uint32_t key)
{
	put_ct(w, NFTA_CT_DREG, reg, key);
}

void fwc_put_ct_set(struct fwc_wire *w, uint32_t reg, uint32_t key)
{
	put_ct(w, NFTA_CT_SREG, reg, key);
}

void fwc_put_cmp(struct fwc_wire *w, uint32_t reg, uint32_t op, const uint8_t *data, size_t len)
{
	struct {
		struct head4 head;
		struct be32_attr sreg, op;
		struct nlattr nest, value;
		uint8_t bytes[NFT_REG_SIZE];
	} e = {
		.sreg = be32_attr(NFTA_CMP_SREG, fwc_register_number(reg)),
		.op = be32_attr(NFTA_CMP_OP, op),
	};
	size_t value = sizeof(e.value) + fwc_pad4(len);

	assert(len <= sizeof(e.bytes));
	e.head = head4("cmp", sizeof(e) - sizeof(e.bytes) + fwc_pad4(len));
	e.nest = (struct nlattr){ (uint16_t)(sizeof(e.nest) + value), NFTA_CMP_DATA };
	e.value = (struct nlattr){ (uint16_t)(sizeof(e.value) + len), NFTA_DATA_VALUE };
	memcpy(e.bytes, data, len);
	fwc_wire_add(w, &e, e.head.elem.nla_len);
}

void fwc_put_counter(struct fwc_wire *w, uint64_t packets, uint64_t bytes)
{
	struct be64_attr {
		struct nlattr head;
		uint32_t high, low;
	};
	const struct {
		struct head8 head;
		struct be64_attr bytes, packets;
	} e = {
		head8("counter", sizeof(e)),
		{ { sizeof(struct be64_attr), NFTA_COUNTER_BYTES },
		  htobe32((uint32_t)(bytes >> 32)),
		  htobe32((uint32_t)bytes) },
		{ { sizeof(struct be64_attr), NFTA_COUNTER_PACKETS },
		  htobe32((uint32_t)(packets >> 32)),
		  htobe32((uint32_t)packets) },
	};

	fwc_wire_add(w, &e, sizeof(e));
}

size_t fwc_expression_nest_begin(struct fwc_wire *w, uint16_t attr)
{
	size_t nest = w->len;

	fwc_put(w, attr, NULL, 0);
	return nest;
}

void fwc_put_bare(struct fwc_wire *w, const char *name)
{
	size_t elem = fwc_expression_nest_begin(w, NFTA_LIST_ELEM);

	fwc_put_text(w, NFTA_EXPR_NAME, name);
	fwc_nest_end(w, elem);
}

struct fwc_expression_nest fwc_expression_begin(struct fwc_wire *w, const char *name)
{
	struct fwc_expression_nest nest = { .elem = w->len };

	fwc_put(w, NFTA_LIST_ELEM, NULL, 0);
	fwc_put_text(w, NFTA_EXPR_NAME, name);
	nest.data = w->len;
	fwc_put(w, NFTA_EXPR_DATA, NULL, 0);
	return nest;
}

void fwc_expression_end(struct fwc_wire *w, struct fwc_expression_nest nest)
{
	fwc_nest_end(w, nest.data);
	fwc_nest_end(w, nest.elem);
}

static void put_data(struct fwc_wire *w, uint16_t type, const uint8_t *data, size_t len)
{
	size_t nest = w->len;

	fwc_put(w, type, NULL, 0);
	fwc_put(w, NFTA_DATA_VALUE, data, len);
	fwc_nest_end(w, nest);
}

void fwc_put_range(struct fwc_wire *w, uint32_t reg, uint32_t op, const uint8_t *first,
		   const uint8_t *last, size_t len)
{
	struct fwc_expression_nest e = fwc_expression_begin(w, "range");

	fwc_put_be32(w, NFTA_RANGE_SREG, fwc_register_number(reg));
	fwc_put_be32(w, NFTA_RANGE_OP, op);
	put_data(w, NFTA_RANGE_FROM_DATA, first, len);
	put_data(w, NFTA_RANGE_TO_DATA, last, len);
	fwc_expression_end(w, e);
}

static struct fwc_expression_nest bitwise_begin(struct fwc_wire *w, uint32_t reg, uint32_t op,
						size_t len)
{
	struct fwc_expression_nest e = fwc_expression_begin(w, "bitwise");

	fwc_put_be32(w, NFTA_BITWISE_SREG, fwc_register_number(reg));
	fwc_put_be32(w, NFTA_BITWISE_DREG, fwc_register_number(reg));
	fwc_put_be32(w, NFTA_BITWISE_LEN, (uint32_t)len);
	fwc_put_be32(w, NFTA_BITWISE_OP, op);
	return e;
}

void fwc_put_mask_xor(struct fwc_wire *w, uint32_t reg, const uint8_t *mask, const uint8_t *xored,
		      size_t len)
{
	struct fwc_expression_nest e = bitwise_begin(w, reg, NFT_BITWISE_BOOL, len);

	put_data(w, NFTA_BITWISE_MASK, mask, len);
	put_data(w, NFTA_BITWISE_XOR, xored, len);
	fwc_expression_end(w, e);
}

void fwc_put_shift(struct fwc_wire *w, uint32_t reg, uint32_t op, uint32_t shift, size_t len)
{
	struct fwc_expression_nest e = bitwise_begin(w, reg, op, len);

	/* The one number in NFTA_DATA_VALUE that is neither of the packet nor of a register: host order. */
	put_data(w, NFTA_BITWISE_DATA, (const uint8_t *)&shift, sizeof(shift));
	fwc_expression_end(w, e);
}

void fwc_put_join(struct fwc_wire *w, uint32_t reg, uint32_t other, uint32_t op, size_t len)
{
	struct fwc_expression_nest e = bitwise_begin(w, reg, op, len);

	fwc_put_be32(w, FWC_NFTA_BITWISE_SREG2, fwc_register_number(other));
	fwc_expression_end(w, e);
}

void fwc_put_hton(struct fwc_wire *w, uint32_t reg, size_t len)
{
	struct fwc_expression_nest e = fwc_expression_begin(w, "byteorder");

	fwc_put_be32(w, NFTA_BYTEORDER_SREG, fwc_register_number(reg));
	fwc_put_be32(w, NFTA_BYTEORDER_DREG, fwc_register_number(reg));
	fwc_put_be32(w, NFTA_BYTEORDER_OP, NFT_BYTEORDER_HTON);
	fwc_put_be32(w, NFTA_BYTEORDER_LEN, (uint32_t)len);
	fwc_put_be32(w, NFTA_BYTEORDER_SIZE, (uint32_t)len);
	fwc_expression_end(w, e);
}

void fwc_put_immediate(struct fwc_wire *w, uint32_t reg, const uint8_t *data, size_t len)
{
	struct fwc_expression_nest e = fwc_expression_begin(w, "immediate");

	fwc_put_be32(w, NFTA_IMMEDIATE_DREG, fwc_register_number(reg));
	put_data(w, NFTA_IMMEDIATE_DATA, data, len);
	fwc_expression_end(w, e);
}

/* ---- verdicts ---- */

static const int32_t verdict_codes[] = {
	[FWC_VERDICT_ACCEPT] = NF_ACCEPT,  [FWC_VERDICT_DROP] = NF_DROP,
	[FWC_VERDICT_RETURN] = NFT_RETURN, [FWC_VERDICT_CONTINUE] = NFT_CONTINUE,
	[FWC_VERDICT_JUMP] = NFT_JUMP,     [FWC_VERDICT_GOTO] = NFT_GOTO,
};

int32_t fwc_verdict_code(uint32_t verdict)
{
	assert(verdict && verdict < FWC_ARRAY_SIZE(verdict_codes));
	return verdict_codes[verdict];
}

bool fwc_verdict_of_code(int32_t code, uint32_t *ret)
{
	for (uint32_t i = FWC_VERDICT_ACCEPT; i < FWC_ARRAY_SIZE(verdict_codes); i++)
		if (verdict_codes[i] == code) {
			*ret = i;
			return true;
		}
	return false;
}

void fwc_put_verdict_attrs(struct fwc_wire *w, int32_t code, const char *chain)
{
	size_t nest = w->len;

	fwc_put(w, NFTA_DATA_VERDICT, NULL, 0);
	fwc_put_be32(w, NFTA_VERDICT_CODE, (uint32_t)code);
	if (chain)
		fwc_put_text(w, NFTA_VERDICT_CHAIN, chain);
	fwc_nest_end(w, nest);
}

void fwc_put_verdict(struct fwc_wire *w, int32_t code, const char *chain)
{
	struct fwc_expression_nest e;
	size_t nest;

	if (!chain) {
		const struct {
			struct nlattr elem, name;
			char text[12];
			struct nlattr data;
			struct be32_attr dreg;
			struct nlattr value, verdict;
			struct be32_attr code;
		} s = {
			{ sizeof(s), NFTA_LIST_ELEM },
			{ sizeof(struct nlattr) + sizeof("immediate"), NFTA_EXPR_NAME },
			"immediate",
			{ sizeof(s) - 20, NFTA_EXPR_DATA },
			be32_attr(NFTA_IMMEDIATE_DREG, NFT_REG_VERDICT),
			{ 16, NFTA_IMMEDIATE_DATA },
			{ 12, NFTA_DATA_VERDICT },
			be32_attr(NFTA_VERDICT_CODE, (uint32_t)code),
		};

		fwc_wire_add(w, &s, sizeof(s));
		return;
	}
	e = fwc_expression_begin(w, "immediate");
	fwc_put_be32(w, NFTA_IMMEDIATE_DREG, NFT_REG_VERDICT);
	nest = w->len;
	fwc_put(w, NFTA_IMMEDIATE_DATA, NULL, 0);
	fwc_put_verdict_attrs(w, code, chain);
	fwc_nest_end(w, nest);
	fwc_expression_end(w, e);
}

void fwc_put_lookup(struct fwc_wire *w, const char *set, uint32_t set_id, uint32_t reg,
		    uint32_t dreg, uint32_t flags)
{
	struct fwc_expression_nest e = fwc_expression_begin(w, "lookup");

	fwc_put_text(w, NFTA_LOOKUP_SET, set);
	fwc_put_be32(w, NFTA_LOOKUP_SREG, fwc_register_number(reg));
	if (dreg != FWC_NO_REGISTER)
		fwc_put_be32(w, NFTA_LOOKUP_DREG,
			     dreg == FWC_VERDICT_REGISTER ? NFT_REG_VERDICT
							  : fwc_register_number(dreg));
	fwc_put_be32(w, NFTA_LOOKUP_FLAGS, flags);
	if (set_id)
		fwc_put_be32(w, NFTA_LOOKUP_SET_ID, set_id);
	fwc_expression_end(w, e);
}
