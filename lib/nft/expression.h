/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The kernel's expressions as bytes: one function writes one NFTA_LIST_ELEM, with all attributes and in the order in
 * which the kernel dumps them. No NLA_F_NESTED: the kernel dumps rules without it and takes them so.
 *
 * Registers are numbered here by their 4 bytes, 0 to 15. */
#ifndef FWC_NFT_EXPRESSION_H
#define FWC_NFT_EXPRESSION_H

#include "core/wire.h"
#include "nft/uapi.h"

static inline size_t fwc_pad4(size_t n)
{
	return (n + 3) & ~(size_t)3;
}

/* The kernel's number of a register: 1 to 4 where 16 bytes begin, 8 to 23 elsewhere. */
uint32_t fwc_register_number(uint32_t index);
/* The opposite; false for the verdict register and for what is none. */
bool fwc_register_index(uint32_t number, uint32_t *ret);

void fwc_put_payload(struct fwc_wire *w, uint32_t reg, uint32_t base, uint32_t offset,
		     uint32_t len);
void fwc_put_meta(struct fwc_wire *w, uint32_t reg, uint32_t key);
void fwc_put_ct(struct fwc_wire *w, uint32_t reg, uint32_t key);
/* `csum_*`: NFT_PAYLOAD_CSUM_*, where the checksum is, NFT_PAYLOAD_L4CSUM_*. */
void fwc_put_payload_set(struct fwc_wire *w, uint32_t reg, uint32_t base, uint32_t offset,
			 uint32_t len, uint32_t csum_type, uint32_t csum_offset,
			 uint32_t csum_flags);
void fwc_put_meta_set(struct fwc_wire *w, uint32_t reg, uint32_t key);
void fwc_put_ct_set(struct fwc_wire *w, uint32_t reg, uint32_t key);
/* At most 16 bytes of data each. */
void fwc_put_cmp(struct fwc_wire *w, uint32_t reg, uint32_t op, const uint8_t *data, size_t len);
void fwc_put_range(struct fwc_wire *w, uint32_t reg, uint32_t op, const uint8_t *first,
		   const uint8_t *last, size_t len);
void fwc_put_mask_xor(struct fwc_wire *w, uint32_t reg, const uint8_t *mask, const uint8_t *xored,
		      size_t len);
void fwc_put_shift(struct fwc_wire *w, uint32_t reg, uint32_t op, uint32_t shift, size_t len);
/* and, or, xor of two registers, into the first (Linux 6.13). */
void fwc_put_join(struct fwc_wire *w, uint32_t reg, uint32_t other, uint32_t op, size_t len);
void fwc_put_hton(struct fwc_wire *w, uint32_t reg, size_t len);
void fwc_put_immediate(struct fwc_wire *w, uint32_t reg, const uint8_t *data, size_t len);
void fwc_put_verdict(struct fwc_wire *w, int32_t code, const char *chain);
void fwc_put_counter(struct fwc_wire *w, uint64_t packets, uint64_t bytes);

enum { FWC_NO_REGISTER = UINT32_MAX, FWC_VERDICT_REGISTER = UINT32_MAX - 1 };

/* `dreg`: FWC_NO_REGISTER: the lookup is a match. `set_id` 0: the set is named, not made in this transaction. */
void fwc_put_lookup(struct fwc_wire *w, const char *set, uint32_t set_id, uint32_t reg,
		    uint32_t dreg, uint32_t flags);

/* NFTA_VERDICT_* of a model's verdict, and back; the second is false for what the model has no word for. */
int32_t fwc_verdict_code(uint32_t verdict);
bool fwc_verdict_of_code(int32_t code, uint32_t *ret);
/* The payload of NFTA_DATA_VERDICT. */
void fwc_put_verdict_attrs(struct fwc_wire *w, int32_t code, const char *chain);

/* A nest within expressions: without the flag, as the kernel dumps it. Ended by fwc_nest_end(). */
size_t fwc_expression_nest_begin(struct fwc_wire *w, uint16_t attr);

/* An expression without data. */
void fwc_put_bare(struct fwc_wire *w, const char *name);

/* An expression of unspecified shape: what is put between begin and end are its attributes. */
struct fwc_expression_nest {
	size_t elem, data;
};
struct fwc_expression_nest fwc_expression_begin(struct fwc_wire *w, const char *name);
void fwc_expression_end(struct fwc_wire *w, struct fwc_expression_nest nest);

#endif
