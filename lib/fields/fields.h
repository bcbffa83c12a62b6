/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The table of fields and the types of values: data that encoder, decoder, printer and parser read.
 *
 * A new field is a row in fields.c, a new type a row in types.c. Nothing outside this folder knows one by name. */
#ifndef FWC_FIELDS_H
#define FWC_FIELDS_H

#include "core/buf.h"
#include "core/core.h"

enum fwc_order {
	FWC_ORDER_NETWORK, /* big-endian in registers and set keys */
	FWC_ORDER_HOST,
};

/* How constants of a type are written. */
enum fwc_form {
	FWC_FORM_NUMBER, /* 22; symbols first where the type has them */
	FWC_FORM_HEX, /* 0x0000002a */
	FWC_FORM_IP4, /* 192.0.2.1, 192.0.2.0/24 */
	FWC_FORM_IP6,
	FWC_FORM_IFNAME, /* "eth0", "eth*" */
	FWC_FORM_BITS, /* established,related: symbols that are or-ed */
	FWC_FORM_VERDICT, /* accept, jump c */
};

struct fwc_symbol {
	const char *name;
	uint64_t value; /* host order */
};

/* A type of value, named as nft names it. */
struct fwc_type {
	const char *name; /* "ipv4_addr" */
	uint32_t id; /* nft's number, what NFTA_SET_KEY_TYPE carries (6 bits) */
	uint8_t len; /* bytes in a register; 16 for ifname */
	uint8_t order; /* enum fwc_order */
	uint8_t form; /* enum fwc_form */
	const struct fwc_symbol *symbols; /* ends with a NULL name; NULL when there are none */
	uint8_t a_line; /* elements that nft writes on one line of a set */
};

/* How the kernel brings a field into a register. */
enum fwc_load {
	FWC_LOAD_PAYLOAD = 1, /* base, offset, len in bytes */
	FWC_LOAD_META, /* key */
	FWC_LOAD_CT, /* key */
	FWC_LOAD_FIB, /* key: result; flags */
};

struct fwc_field_row {
	uint32_t id; /* enum fwc_field */
	const char *name; /* in nft's words, "tcp dport" */
	/* another spelling nft takes, "iifname" for "meta iifname"; NULL. nft prints `alias` when `prints_alias` */
	const char *alias;
	bool prints_alias;
	bool settable; /* has a set form: FWC_TARGET_ASSIGN */
	const struct fwc_type *type;
	uint8_t load; /* enum fwc_load */
	uint8_t base; /* PAYLOAD: NFT_PAYLOAD_NETWORK_HEADER, TRANSPORT_HEADER */
	uint16_t offset; /* PAYLOAD: bytes */
	uint32_t key; /* META, CT: the kernel's key; FIB: NFT_FIB_RESULT_* */
	uint32_t flags; /* FIB: NFTA_FIB_F_* */
	uint8_t l3; /* implies this NFPROTO_IPV4 or _IPV6; 0: none */
	int16_t l4; /* implies this IPPROTO_*; -1: none */
	uint8_t is_l4; /* the field is itself the l4 protocol: a match of it satisfies `l4` of others */
};

extern const struct fwc_field_row fwc_fields[];
extern const size_t fwc_fields_count;

const struct fwc_field_row *fwc_field_by_id(uint32_t id);
/* By name or alias: the words at `text` that are one, longest first; *ret_len is what they take. NULL: none. */
const struct fwc_field_row *fwc_field_by_name(const char *text, size_t len, size_t *ret_len);
/* By what the kernel loads; `l4` is the protocol known so far (-1: none), `l3` likewise (0: none).
 * A payload load that is shorter than the field and starts with it is that field's prefix: then *ret_bits < its length. */
const struct fwc_field_row *fwc_field_by_payload(uint8_t base, uint32_t offset, uint32_t len,
						 uint8_t l3, int l4);
const struct fwc_field_row *fwc_field_by_key(uint8_t load, uint32_t key, uint32_t flags);

extern const struct fwc_type fwc_type_verdict;
const struct fwc_type *fwc_type_by_name(const char *name, size_t len);
const struct fwc_type *fwc_type_by_id(uint32_t id);
/* -EINVAL: "'ipv4' is no type: ipv4_addr, ipv6_addr, ..." */
int fwc_type_unknown(const char *text, size_t len, struct fwc_error *err);
/* Names for messages: "'x' is no icmp_type: it is one of echo-reply, ... or 0 to 255". */
int fwc_type_fail(const struct fwc_type *t, const char *text, size_t len, struct fwc_error *err);

/* One constant in words <-> bytes as the register holds them.
 * Parsing: *ret_bits is 8 * t->len, or fewer for a prefix ("10.0.0.0/8", "eth*"). Symbols, numbers and, for BITS, lists with
 * commas or `|` are taken. `text` is len bytes, without quotes. */
int fwc_type_parse(const struct fwc_type *t, const char *text, size_t len, uint8_t *bytes,
		   uint32_t *ret_bits, struct fwc_error *err);
/* `bits` as above; BITS are joined by `separator` ("," in `ct state a,b`, " | " or "|" within parentheses); without
 * one they stay one word, as nft writes what follows `==`: a symbol or 0x12. */
void fwc_type_format(const struct fwc_type *t, const uint8_t *bytes, uint32_t bits,
		     const char *separator, struct fwc_buf *out);
/* A number in host order <-> the bytes of the type. False when it does not fit; addresses and names take no numbers,
 * but every type of up to 8 bytes gives one. */
bool fwc_type_put_number(const struct fwc_type *t, uint64_t number, uint8_t *bytes);
bool fwc_type_get_number(const struct fwc_type *t, const uint8_t *bytes, uint64_t *ret);

/* Chain priorities by name: family and hook decide ("filter" is -200 in bridge). Also "filter + 10", "-5". */
int fwc_priority_parse(const char *text, uint32_t family, uint32_t hook, int32_t *ret,
		       struct fwc_error *err);
void fwc_priority_format(int32_t priority, uint32_t family, uint32_t hook,
			 struct fwc_buf *out); /* "filter", "filter + 10", "7" */

#endif
