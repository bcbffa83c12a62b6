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
	FWC_FORM_ETHER, /* 00:11:22:33:44:55 */
	FWC_FORM_TEXT, /* "ftp": up to 15 bytes, in full */
	FWC_FORM_RAW, /* 0x2a: a number of any length, in as few digits as it has */
	FWC_FORM_TIME, /* 1h30m: milliseconds */
	FWC_FORM_DATE, /* "2026-11-24 08:30:00": nanoseconds since 1970, shown in the zone that the process is in */
	FWC_FORM_HOUR, /* "08:30": seconds since midnight UTC, shown like that */
	FWC_FORM_CLASSID, /* 1:2, none, root: a handle of tc */
	FWC_FORM_LABEL, /* 5: one bit of 128, by its number */
	FWC_FORM_IFINDEX, /* "lo", or the number of an interface */
	FWC_FORM_OBJECT, /* "a name": of an object of the table */
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
	/* The value is a part of the bytes: `bits` of them, 0: all, and `shift` more are below it. A constant is held where
	 * the part lies, so that registers, set keys and comparisons need no shift. */
	uint8_t shift, bits;
	bool quoted; /* symbols are written in quotes */
	bool read_only; /* symbols are read and never written */
};

enum {
	FWC_TYPE_BYTES_MOST = 16, /* no type is longer */
	FWC_FIELD_NAME_MOST = 96, /* bytes of a field's words, with what they are given */
	/* nft's numbers of types that stand for others of their kind */
	FWC_TYPE_ID_BITMASK = 3,
	FWC_TYPE_ID_INTEGER = 4,
	FWC_TYPE_ID_STRING = 5,
};

/* How the kernel brings a field into a register. */
enum fwc_load {
	FWC_LOAD_PAYLOAD = 1, /* base, offset, len in bytes */
	FWC_LOAD_META, /* key */
	FWC_LOAD_CT, /* key; flags: 0, or 1 + the direction */
	FWC_LOAD_FIB, /* key: result; flags */
	FWC_LOAD_EXTHDR, /* base: NFT_EXTHDR_OP_*; key: the header or option; offset; flags: NFT_EXTHDR_F_PRESENT */
	FWC_LOAD_RT, /* key */
	FWC_LOAD_SOCKET, /* key; flags: the level of a cgroup */
	FWC_LOAD_OSF, /* key: what of the TTL; flags */
	FWC_LOAD_XFRM, /* base: direction; key; flags: which of several */
	FWC_LOAD_NUMGEN, /* key: NFT_NG_*; flags: modulus; more: what is added */
	/* key: NFT_HASH_SYM or, of a value beside it, _JENKINS; flags: modulus; more: what is added; base: 1 with a seed */
	FWC_LOAD_HASH,
	/* base: enum fwc_tunnel; key: enum fwc_field of the packet within, or 0: of the tunnel's own header; offset */
	FWC_LOAD_INNER,
	FWC_LOAD_TUNNEL, /* key: NFT_TUNNEL_*; flags: NFT_TUNNEL_MODE_*, 0 */
};

/* What lies below the network header. */
enum fwc_l2 {
	FWC_L2_ANY,
	FWC_L2_ETHER,
	FWC_L2_VLAN, /* an Ethernet frame with a tag */
};

/* What the matches of a rule have made sure of so far. */
struct fwc_known {
	uint8_t l2; /* enum fwc_l2 */
	uint8_t l3; /* NFPROTO_IPV4, _IPV6, _ARP; 0: nothing */
	int16_t l4; /* IPPROTO_*; -1: nothing */
	uint8_t icmp; /* as `icmp` in struct fwc_field_row; 0: nothing */
};

/* Every field without parameters is a row of table.c. A field with parameters (`@th,16,8`) is a copy of such a row that has
 * them in it, made when it is met: see made.h. */
struct fwc_field_row {
	uint32_t id; /* enum fwc_field */
	const char *name; /* in nft's words, "tcp dport" */
	/* another spelling nft takes, "iifname" for "meta iifname"; NULL. nft prints `alias` when `prints_alias` */
	const char *alias;
	const struct fwc_type *type;
	uint32_t key, flags, more; /* see enum fwc_load */
	uint32_t seed; /* HASH: NFT_HASH_JENKINS; see base */
	uint16_t offset; /* PAYLOAD, EXTHDR: bytes */
	uint8_t load; /* enum fwc_load */
	uint8_t base; /* PAYLOAD: NFT_PAYLOAD_*_HEADER; else see enum fwc_load */
	int16_t l4; /* implies this IPPROTO_*; -1: none */
	uint8_t l3; /* implies this NFPROTO_IPV4, _IPV6 or _ARP; 0: none */
	uint8_t l2; /* implies this enum fwc_l2 */
	/* is there in this type of ICMP or ICMPv6 only: others have other fields at its place. A request stands for the reply
	 * as well. 0: in all of them */
	uint8_t icmp;
	bool is_l4; /* the field is itself the l4 protocol: a match of it satisfies `l4` of others */
	bool prints_alias;
	bool settable; /* of META and CT: has a set form, FWC_TARGET_ASSIGN; see fwc_field_is_settable() */
	bool pseudo; /* checksums of the transport header cover it as well */
	bool made; /* not a row of the table: it has parameters */
};

/* In the order of their ids. */
extern const struct fwc_field_row fwc_fields[];
extern const size_t fwc_fields_count;

const struct fwc_field_row *fwc_field_by_id(uint32_t id);
/* By name or alias: the words at `text` that are one, longest first; *ret_len is what they take. NULL: none. */
const struct fwc_field_row *fwc_field_by_name(const char *text, size_t len, size_t *ret_len);
/* By what the kernel loads, of a packet of which so much is known. A payload load that is shorter than the field and starts with it is that field's prefix: then *ret_bits < its length.
 * Fields that are part of their bytes are found with their `mask` only, NULL: none. */
const struct fwc_field_row *fwc_field_by_payload(uint8_t base, uint32_t offset, uint32_t len,
						 struct fwc_known known, const uint8_t *mask);
/* Extension headers and options, likewise. */
const struct fwc_field_row *fwc_field_by_exthdr(uint8_t op, uint32_t key, uint32_t offset,
						uint32_t len, uint32_t flags, const uint8_t *mask);
const struct fwc_field_row *fwc_field_by_key(uint8_t load, uint8_t base, uint32_t key,
					     uint32_t flags);
/* Of a tunnel's own header. */
const struct fwc_field_row *fwc_field_by_tunnel(uint8_t tunnel, uint32_t offset, uint32_t len);
/* What a field of a packet within another is there; NULL: it is none. */
const struct fwc_field_row *fwc_field_within(const struct fwc_field_row *f);
/* The same parameters too. */
bool fwc_field_same(const struct fwc_field_row *a, const struct fwc_field_row *b);

/* ---- write.c: what is set ---- */

/* Whether FWC_TARGET_ASSIGN takes it. */
bool fwc_field_is_settable(const struct fwc_field_row *f);

/* The bytes that are written when a field of the packet is set, and the checksum that they are part of. */
struct fwc_field_write {
	uint16_t offset;
	uint8_t len;
	uint8_t csum_type, csum_offset, csum_flags; /* NFT_PAYLOAD_CSUM_*, NFT_PAYLOAD_L4CSUM_* */
};
struct fwc_field_write fwc_field_write_of(const struct fwc_field_row *f);
/* The bits of those bytes that are the field. */
void fwc_field_write_mask(const struct fwc_field_row *f, uint8_t mask[FWC_TYPE_BYTES_MOST]);
/* The field that is set where these bytes are written with the bits of `kept` as they were. NULL: none. */
const struct fwc_field_row *fwc_field_by_write(uint8_t base, uint32_t offset, uint32_t len,
					       struct fwc_known known, const uint8_t *kept);

/* Whether bytes at a field's place are that field, in a packet of which so much is known. */
bool fwc_field_is_of_packet(const struct fwc_field_row *f, struct fwc_known known);

extern const struct fwc_type fwc_type_verdict;
const struct fwc_type *fwc_type_by_name(const char *name, size_t len);
const struct fwc_type *fwc_type_by_id(uint32_t id);
/* The type of a set's key that has this number and takes so many bytes; `host`: where the number leaves it open. NULL:
 * not known. */
const struct fwc_type *fwc_type_of_key(uint32_t id, uint32_t len, bool host);
/* Whether sets of one can be looked up with the other. */
bool fwc_type_same(const struct fwc_type *a, const struct fwc_type *b);
bool fwc_types_same(const struct fwc_type *const *a, size_t a_count,
		    const struct fwc_type *const *b, size_t b_count);
/* The bits of its bytes that a type is, as a register holds them: all, but for parts. */
void fwc_type_mask(const struct fwc_type *t, uint8_t mask[FWC_TYPE_BYTES_MOST]);
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
/* The number alone, without symbols, as nft writes the ends of ranges. */
void fwc_type_format_number(const struct fwc_type *t, uint64_t number, struct fwc_buf *out);
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
