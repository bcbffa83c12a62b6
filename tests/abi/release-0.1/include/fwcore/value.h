/* SPDX-License-Identifier: LGPL-2.1-or-later */
/**
 * @file value.h
 * Values: what a match compares and what a target takes.
 *
 * A value is a tree: a field of the packet, a constant, a range, a list, a named set, several values
 * side by side (a concatenation), bits of a value, or what a map holds for a value.
 *
 * Constants are written without saying their type: they take it from the field they meet. So
 * fwc_value_number(22) is two bytes beside `tcp dport` and one byte beside `meta l4proto`.
 *
 * Every constructor returns a value of yours, to be released with fwc_value_free(). It copies what it is
 * given, children included. A child that is NULL, or a number of children that is too large, gives NULL:
 * a builder that receives NULL for a value it needs keeps that as its failure, so one check at the end
 * of building is enough. Values nest up to 8 deep. What only the field can tell (a port of 70000, a /33, a range
 * that ends before it begins) is told in words by the rule, set or target that the value is given to.
 */
#ifndef FWCORE_VALUE_H
#define FWCORE_VALUE_H

#include <fwcore/types.h>

FWC_BEGIN_DECLS

/** Fields of a packet, its metadata and its connection; the comment is the name in nft's words. */
enum fwc_field {
	FWC_FIELD_META_IIFNAME = 1, /**< meta iifname: a name, or a name and `*` */
	FWC_FIELD_META_OIFNAME = 2, /**< meta oifname */
	FWC_FIELD_META_L4PROTO = 3, /**< meta l4proto */
	FWC_FIELD_META_NFPROTO = 4, /**< meta nfproto */
	FWC_FIELD_META_MARK = 5, /**< meta mark; can be set */
	FWC_FIELD_CT_STATE = 100, /**< ct state; bits */
	FWC_FIELD_CT_STATUS = 101, /**< ct status; bits */
	FWC_FIELD_CT_MARK = 102, /**< ct mark; can be set */
	FWC_FIELD_FIB_SADDR_TYPE = 150, /**< fib saddr type */
	FWC_FIELD_FIB_DADDR_TYPE = 151, /**< fib daddr type */
	FWC_FIELD_IP_SADDR = 200, /**< ip saddr */
	FWC_FIELD_IP_DADDR = 201, /**< ip daddr */
	FWC_FIELD_IP_PROTOCOL = 202, /**< ip protocol */
	FWC_FIELD_IP6_SADDR = 220, /**< ip6 saddr */
	FWC_FIELD_IP6_DADDR = 221, /**< ip6 daddr */
	FWC_FIELD_IP6_NEXTHDR = 222, /**< ip6 nexthdr */
	FWC_FIELD_TCP_SPORT = 300, /**< tcp sport */
	FWC_FIELD_TCP_DPORT = 301, /**< tcp dport */
	FWC_FIELD_TCP_FLAGS = 302, /**< tcp flags; bits */
	FWC_FIELD_UDP_SPORT = 320, /**< udp sport */
	FWC_FIELD_UDP_DPORT = 321, /**< udp dport */
	FWC_FIELD_TH_SPORT = 340, /**< th sport: of whatever transport has ports */
	FWC_FIELD_TH_DPORT = 341, /**< th dport */
	FWC_FIELD_ICMP_TYPE = 360, /**< icmp type */
	FWC_FIELD_ICMPV6_TYPE = 380, /**< icmpv6 type */
};

/** How a match compares. */
enum fwc_op {
	FWC_OP_EQ = 1, /**< equal; with a range, prefix, list or set: is in it */
	FWC_OP_NE = 2, /**< the opposite of EQ */
	FWC_OP_LT = 3,
	FWC_OP_LE = 4,
	FWC_OP_GT = 5,
	FWC_OP_GE = 6,
	/** bits: at least one of them is set (`ct state established,related`) */
	FWC_OP_ANY_OF = 7,
	FWC_OP_NONE_OF = 8, /**< bits: none of them is set */
};

/** What a node of a value's tree is. */
enum fwc_value_kind {
	FWC_VALUE_FIELD = 1,
	FWC_VALUE_CONSTANT = 2, /**< bytes with a type */
	FWC_VALUE_PREFIX = 3, /**< the first bits of a constant: 10.0.0.0/8, "eth*" */
	FWC_VALUE_RANGE = 4, /**< two constants */
	FWC_VALUE_LIST = 5, /**< an anonymous set: { 22, 80-89 } */
	FWC_VALUE_SET = 6, /**< a named set: `@blocked` */
	FWC_VALUE_CONCAT = 7, /**< ip saddr . tcp dport */
	FWC_VALUE_BITS = 8, /**< a value after and, or, xor, or a shift */
	FWC_VALUE_MAP = 9, /**< what a map holds for a key */
	FWC_VALUE_UNTYPED = 10, /**< a constant or list that has not met its field yet */
	FWC_VALUE_VERDICT = 11, /**< a verdict, as data of a verdict map */
};

/** Operations on bits, for fwc_value_bits(). */
enum fwc_bits_op {
	FWC_BITS_AND = 1,
	FWC_BITS_OR = 2,
	FWC_BITS_XOR = 3,
	FWC_BITS_LSHIFT = 4,
	FWC_BITS_RSHIFT = 5,
};

/** A field. @param field enum fwc_field @return yours; NULL when unknown or out of memory */
FWC_API struct fwc_value *fwc_value_field(uint32_t field);
/** A number. @param number in host byte order @return yours */
FWC_API struct fwc_value *fwc_value_number(uint64_t number);
/** An address. @param ip the address @return yours */
FWC_API struct fwc_value *fwc_value_ip(const struct fwc_ip *ip);

/**
 * The addresses that share a prefix.
 *
 * @param ip          an address in it
 * @param prefix_len  in bits
 * @return yours
 */
FWC_API struct fwc_value *fwc_value_prefix(const struct fwc_ip *ip, uint32_t prefix_len);

/**
 * A name taken literally: an interface may be called `a,b` or `1-2`.
 *
 * @param name  up to 15 bytes for interfaces
 * @return yours
 */
FWC_API struct fwc_value *fwc_value_name(const char *name);

/**
 * A constant in nft's words, read when it meets its field: "22", "10.0.0.0/8",
 * "established,related", "eth*".
 *
 * @param text  the words
 * @return yours
 */
FWC_API struct fwc_value *fwc_value_text(const char *text);

/**
 * From one constant to another, both included.
 *
 * @param first  not above last
 * @param last   not below first
 * @return yours
 */
FWC_API struct fwc_value *fwc_value_range(const struct fwc_value *first,
					  const struct fwc_value *last);

/**
 * An anonymous set.
 *
 * @param items  constants, ranges, prefixes or concatenations of such
 * @param count  their number
 * @return yours
 */
FWC_API struct fwc_value *fwc_value_list(const struct fwc_value *const *items, size_t count);

/**
 * An anonymous map.
 *
 * @param keys   as for a list
 * @param data   one for each key, or verdicts
 * @param count  their number
 * @return yours; for fwc_value_map()
 */
FWC_API struct fwc_value *fwc_value_pairs(const struct fwc_value *const *keys,
					  const struct fwc_value *const *data, size_t count);
/**
 * A named set or map of the table the rule is in. One that the ruleset does not declare is the
 * kernel's to check, which compares the length of its keys and not their type.
 *
 * @param name  without `@`
 * @return yours
 */
FWC_API struct fwc_value *fwc_value_set(const char *name);

/**
 * Values side by side.
 *
 * @param parts  two or more
 * @param count  at most 8; 64 bytes in all
 * @return yours
 */
FWC_API struct fwc_value *fwc_value_concat(const struct fwc_value *const *parts, size_t count);

/**
 * Bits of a value.
 *
 * @param value  not constant
 * @param op     enum fwc_bits_op
 * @param bits   the mask or the shift, in host byte order
 * @return yours
 */
FWC_API struct fwc_value *fwc_value_bits(const struct fwc_value *value, uint32_t op, uint64_t bits);

/**
 * What a map holds for a key.
 *
 * @param key  as the map's key
 * @param map  a set value or pairs
 * @return yours
 */
FWC_API struct fwc_value *fwc_value_map(const struct fwc_value *key, const struct fwc_value *map);

/**
 * A verdict, as data of a verdict map.
 *
 * @param verdict  enum fwc_verdict
 * @param chain    for JUMP and GOTO, else NULL
 * @return yours
 */
FWC_API struct fwc_value *fwc_value_verdict(uint32_t verdict, const char *chain);
/** Release a value and its children. @param value the value, or NULL */
FWC_API void fwc_value_free(struct fwc_value *value);

/* Reading a value that a rule, target or element holds. Borrowed from it. */

/** @param value the value, or NULL @return enum fwc_value_kind, 0 for NULL */
FWC_API uint32_t fwc_value_kind(const struct fwc_value *value);
/** @param value a FIELD @return enum fwc_field, 0 if it is none */
FWC_API uint32_t fwc_value_get_field(const struct fwc_value *value);

/**
 * @param value  a CONSTANT of up to 8 bytes
 * @param ret    receives it in host byte order
 * @return true when it is one
 */
FWC_API bool fwc_value_get_number(const struct fwc_value *value, uint64_t *ret);

/**
 * @param value           a CONSTANT or PREFIX that is an address
 * @param ret             receives it
 * @param ret_prefix_len  receives its bits, or NULL
 * @return true when it is one
 */
FWC_API bool fwc_value_get_ip(const struct fwc_value *value, struct fwc_ip *ret,
			      uint32_t *ret_prefix_len);

/**
 * @param value  a CONSTANT or PREFIX of a name, a SET, or a VERDICT with a chain
 * @return its name, a PREFIX's without `*`; or NULL
 */
FWC_API const char *fwc_value_get_name(const struct fwc_value *value);
/** @param value a VERDICT @return enum fwc_verdict, 0 if it is none */
FWC_API uint32_t fwc_value_get_verdict(const struct fwc_value *value);

/**
 * @param value     BITS
 * @param ret_op    receives enum fwc_bits_op
 * @param ret_bits  receives the mask or shift
 * @return true when it is BITS
 */
FWC_API bool fwc_value_get_bits(const struct fwc_value *value, uint32_t *ret_op,
				uint64_t *ret_bits);

/**
 * Children: ends of a RANGE, parts of a CONCAT, the value of BITS, key and set of a MAP.
 *
 * @param value  the value
 * @return their number
 */
FWC_API size_t fwc_value_count(const struct fwc_value *value);
/** @param value the value @param i from 0 @return borrowed, or NULL past the end */
FWC_API const struct fwc_value *fwc_value_at(const struct fwc_value *value, size_t i);
/** @param value a LIST @return its anonymous set, read as any set; NULL if it is none */
FWC_API const struct fwc_set *fwc_value_get_list(const struct fwc_value *value);

/**
 * The name of a field in nft's words, "tcp dport".
 *
 * @param field  enum fwc_field
 * @return a constant text, NULL when unknown
 *
 * Since: 0.1
 */
FWC_API const char *fwc_field_name(uint32_t field);

/**
 * Find a field by its name in nft's words.
 *
 * @param name  "tcp dport"
 * @return enum fwc_field, 0 when there is none
 *
 * Since: 0.1
 */
FWC_API uint32_t fwc_field_find(const char *name);

FWC_END_DECLS
#endif
