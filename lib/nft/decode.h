/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Expressions back into items: symbolic execution. Registers hold values instead of bytes; what loads them puts fields
 * there, bitwise and byteorder change them, comparisons make matches, statements take them. Within lib/nft. */
#ifndef FWC_NFT_DECODE_H
#define FWC_NFT_DECODE_H

#include "model/model.h"
#include "nft/encode.h"

enum fwc_slot_kind {
	FWC_SLOT_EMPTY,
	FWC_SLOT_VALUE, /* a field, or what a map holds */
	FWC_SLOT_PAYLOAD, /* bytes of the packet that are no field: a prefix of one, or several */
	FWC_SLOT_OPTION, /* bytes of a header or option that are no field: one is a part of them */
	FWC_SLOT_IMMEDIATE, /* bytes whose type the consumer knows */
	FWC_SLOT_PART, /* behind the first 4 bytes of another slot */
};

/* 4 bytes of the registers, and what begins there. */
struct fwc_slot {
	uint8_t kind; /* enum fwc_slot_kind */
	uint8_t len; /* bytes; 0: as many as the consumer takes (a map that is not known here) */
	uint8_t start; /* PART: of which slot */
	uint8_t base; /* PAYLOAD, OPTION */
	uint8_t tunnel; /* PAYLOAD: enum fwc_tunnel whose packet has it; 0: none */
	bool used; /* something took it already */
	bool big_endian; /* a byteorder expression turned it */
	bool masked; /* (value & mask) ^ xored */
	uint32_t offset; /* PAYLOAD, OPTION */
	uint32_t key; /* OPTION */
	const struct fwc_value *value;
	uint8_t mask[16], xored[16];
	uint8_t bytes[16]; /* IMMEDIATE */
};

enum fwc_decoded {
	FWC_DECODED_LOADED, /* the expression changed registers: its item is yet to come */
	FWC_DECODED_DONE, /* an item was added */
	FWC_DECODED_FOREIGN, /* the model has no words for it */
	FWC_DECODED_NO_MEMORY,
};

struct fwc_decoder {
	struct fwc_rule *rule;
	struct fwc_arena *arena;
	const struct fwc_table *table;
	struct fwc_slot slots[FWC_NFT_REGISTERS];
	uint32_t waiting; /* slots that were loaded and not taken */
	struct fwc_known known; /* as in struct fwc_encoder */
	struct fwc_inside inside;
	uint32_t family, within;
	bool fold; /* matches that fields imply are taken away */
	/* the last item is `>=`, of the value in slot half_slot: `<=` may follow */
	const struct fwc_item *half_range;
	uint32_t half_slot;
};

/* Slots. */
void fwc_slot_clear_all(struct fwc_decoder *d);
/* Makes `index` hold a new thing of `len` bytes; NULL when it does not fit. */
struct fwc_slot *fwc_slot_load(struct fwc_decoder *d, uint32_t index, uint32_t kind, size_t len);
struct fwc_slot *fwc_slot_take(struct fwc_decoder *d,
			       uint32_t index); /* NULL: nothing new is there */
/* What a slot holds, with its bits; constants take `type`. NULL: not of this type, or no value. */
const struct fwc_value *fwc_slot_value(struct fwc_decoder *d, const struct fwc_slot *s,
				       const struct fwc_type *type);

/* A field, of the packet that the slot's bytes are of. NULL: it has no words there, or no memory. */
const struct fwc_value *fwc_slot_field(struct fwc_decoder *d, const struct fwc_slot *s,
				       const struct fwc_field_row *f);
/* What is known of that packet. */
struct fwc_known fwc_slot_known(const struct fwc_decoder *d, const struct fwc_slot *s);

/* Bytes of the packet that are no field become a field by their place, `@nh,8,16`. False: they have none. */
bool fwc_slot_make_raw(struct fwc_decoder *d, struct fwc_slot *s);

/* Items. They answer DONE or NO_MEMORY. */
enum fwc_decoded fwc_decoded_match(struct fwc_decoder *d, const struct fwc_value *left, uint32_t op,
				   const struct fwc_value *right);
/* `values`: what the target takes, for the matches that it implies; NULL members are passed over. */
enum fwc_decoded fwc_decoded_target(struct fwc_decoder *d, struct fwc_target *t,
				    const struct fwc_value *const *values, size_t count);
/* Takes away the last item when it is the implied match of that family or protocol. */
void fwc_fold_l3(struct fwc_decoder *d, uint8_t l3);
void fwc_fold_l4(struct fwc_decoder *d, int l4);
/* Likewise what the fields of a value imply. */
void fwc_fold_value(struct fwc_decoder *d, const struct fwc_value *v);

/* Reads one attribute table: false when it is none. */
bool fwc_decode_register(const struct fwc_attr *a, uint32_t *ret_index);
/* The bytes of a NFTA_DATA_VALUE of 1 to 16 bytes within `a`; NULL when there is none. */
const uint8_t *fwc_decode_data(const struct fwc_attr *a, size_t *ret_len);

/* What a look-up in the set of that name takes from a register, and the SET or LIST. NULL: it has no words. */
const struct fwc_value *fwc_decode_key_of(struct fwc_decoder *d, const struct fwc_attr *reg,
					  const char *name, const struct fwc_value **ret_set);

/* Expressions, by kind; each takes the payload of NFTA_EXPR_DATA. */
typedef enum fwc_decoded (*fwc_decode_fn)(struct fwc_decoder *d, struct fwc_slice data);
enum fwc_decoded fwc_decode_payload(struct fwc_decoder *d, struct fwc_slice data);
enum fwc_decoded fwc_decode_meta(struct fwc_decoder *d, struct fwc_slice data);
enum fwc_decoded fwc_decode_ct(struct fwc_decoder *d, struct fwc_slice data);
enum fwc_decoded fwc_decode_exthdr(struct fwc_decoder *d, struct fwc_slice data);
enum fwc_decoded fwc_decode_fib(struct fwc_decoder *d, struct fwc_slice data);
enum fwc_decoded fwc_decode_hash(struct fwc_decoder *d, struct fwc_slice data);
enum fwc_decoded fwc_decode_numgen(struct fwc_decoder *d, struct fwc_slice data);
enum fwc_decoded fwc_decode_osf(struct fwc_decoder *d, struct fwc_slice data);
enum fwc_decoded fwc_decode_rt(struct fwc_decoder *d, struct fwc_slice data);
enum fwc_decoded fwc_decode_socket(struct fwc_decoder *d, struct fwc_slice data);
enum fwc_decoded fwc_decode_tunnel(struct fwc_decoder *d, struct fwc_slice data);
enum fwc_decoded fwc_decode_xfrm(struct fwc_decoder *d, struct fwc_slice data);
enum fwc_decoded fwc_decode_inner(struct fwc_decoder *d, struct fwc_slice data);
enum fwc_decoded fwc_decode_immediate(struct fwc_decoder *d, struct fwc_slice data);
enum fwc_decoded fwc_decode_bitwise(struct fwc_decoder *d, struct fwc_slice data);
enum fwc_decoded fwc_decode_byteorder(struct fwc_decoder *d, struct fwc_slice data);
enum fwc_decoded fwc_decode_cmp(struct fwc_decoder *d, struct fwc_slice data);
enum fwc_decoded fwc_decode_range(struct fwc_decoder *d, struct fwc_slice data);
enum fwc_decoded fwc_decode_lookup(struct fwc_decoder *d, struct fwc_slice data);
enum fwc_decoded fwc_decode_reject(struct fwc_decoder *d, struct fwc_slice data);
enum fwc_decoded fwc_decode_nat(struct fwc_decoder *d, struct fwc_slice data);
enum fwc_decoded fwc_decode_masq(struct fwc_decoder *d, struct fwc_slice data);
enum fwc_decoded fwc_decode_redir(struct fwc_decoder *d, struct fwc_slice data);
enum fwc_decoded fwc_decode_objref(struct fwc_decoder *d, struct fwc_slice data);
/* The compat expressions. */
enum fwc_decoded fwc_decode_xt_match(struct fwc_decoder *d, struct fwc_slice data);
enum fwc_decoded fwc_decode_xt_target(struct fwc_decoder *d, struct fwc_slice data);
enum fwc_decoded fwc_decode_dynset(struct fwc_decoder *d, struct fwc_slice data);
enum fwc_decoded fwc_decode_shaped(struct fwc_decoder *d, const char *name, struct fwc_slice data);

/* Halves of payload, exthdr, meta and ct: what a register is written to. */
enum fwc_decoded fwc_decode_set(struct fwc_decoder *d, const struct fwc_field_row *f,
				const struct fwc_attr *sreg);
enum fwc_decoded fwc_decode_payload_set(struct fwc_decoder *d,
					const struct fwc_attr a[NFTA_PAYLOAD_MAX + 1]);
enum fwc_decoded fwc_decode_exthdr_set(struct fwc_decoder *d,
				       const struct fwc_attr a[NFTA_EXTHDR_MAX + 1]);

/* A named object's data. NULL: an attribute that the row does not have, or no memory. */
struct fwc_target *fwc_decode_attrs(struct fwc_arena *arena, uint32_t kind, struct fwc_slice data,
				    uint32_t family);
/* An expression that keeps state, within another object: NFTA_*_EXPR, or an element of NFTA_*_EXPRESSIONS. NULL: another
 * kind of expression, or no memory. */
struct fwc_target *fwc_decode_stateful(struct fwc_arena *arena, const struct fwc_attr *expression);
/* What is in `one` (NFTA_*_EXPR), or in the list: how many there were, up to `room`; -EBADMSG as above. */
int fwc_decode_stateful_list(struct fwc_arena *arena, const struct fwc_attr *one,
			     const struct fwc_attr *list, const struct fwc_target **ret,
			     size_t room);

#endif
