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

#include <fwcore/field.h>
#include <fwcore/types.h>

FWC_BEGIN_DECLS

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
	FWC_VALUE_ANY = 12, /**< `*`: every key that no other element of the set has */
	FWC_VALUE_OBJECT = 13, /**< the name of an object, as data of a map */
	FWC_VALUE_HASH =
		14, /**< a hash of a value, jhash ip saddr mod 2: the value, and the JHASH */
	FWC_VALUE_JOIN = 15, /**< and, or, xor of two values, ct mark & meta mark (Linux 6.13) */
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
/**
 * A field with parameters: `numgen inc mod 2`, `ct original saddr`, `tcp option 255`, raw bytes of a header.
 *
 * @param field    enum fwc_field, one of those that are said to have parameters
 * @param details  enum fwc_field_detail
 * @param numbers  one for each of them
 * @param count    their number
 * @return yours; NULL when they are not those of the field, or out of memory
 *
 * Since: 0.1
 */
FWC_API struct fwc_value *fwc_value_field_with(uint32_t field, const uint32_t *details,
					       const uint32_t *numbers, size_t count);
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
 * And, or, xor of two values of one type, both of the packet: `ct mark & meta mark`.
 *
 * @param left   a field, or what is computed from one
 * @param op     FWC_BITS_AND, OR or XOR
 * @param right  likewise
 * @return yours
 *
 * Kernel: NFTA_BITWISE_SREG2, net/netfilter/nft_bitwise.c, since Linux 6.13.
 * Since: 0.1
 */
FWC_API struct fwc_value *fwc_value_join(const struct fwc_value *left, uint32_t op,
					 const struct fwc_value *right);

/**
 * A hash of a value, a number of 4 bytes: `jhash ip saddr mod 8 seed 0xdeadbeef`.
 *
 * @param value  a field, or several side by side
 * @param hash   a FWC_FIELD_JHASH with its parameters: fwc_value_field_with()
 * @return yours
 *
 * Kernel: NFT_HASH_JENKINS, net/netfilter/nft_hash.c.
 * Since: 0.1
 */
FWC_API struct fwc_value *fwc_value_hash(const struct fwc_value *value,
					 const struct fwc_value *hash);

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

/**
 * Every key that no other element of a set has: the key of its catch-all element. Since Linux 5.13.
 *
 * @return yours
 */
FWC_API struct fwc_value *fwc_value_any(void);

/** Release a value and its children. @param value the value, or NULL */
FWC_API void fwc_value_free(struct fwc_value *value);

/* Reading a value that a rule, target or element holds. Borrowed from it. */

/** @param value the value, or NULL @return enum fwc_value_kind, 0 for NULL */
FWC_API uint32_t fwc_value_kind(const struct fwc_value *value);
/** @param value a FIELD @return enum fwc_field, 0 if it is none */
FWC_API uint32_t fwc_value_get_field(const struct fwc_value *value);

/**
 * @param value   a FIELD
 * @param detail  enum fwc_field_detail
 * @param ret     receives the number
 * @return false when the field has no such parameter
 */
FWC_API bool fwc_value_get_field_detail(const struct fwc_value *value, uint32_t detail,
					uint32_t *ret);

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
 * @param value  a CONSTANT or PREFIX of a name, a SET, an OBJECT, or a VERDICT with a chain
 * @return its name, a PREFIX's without `*`; or NULL
 */
FWC_API const char *fwc_value_get_name(const struct fwc_value *value);
/** @param value a VERDICT @return enum fwc_verdict, 0 if it is none */
FWC_API uint32_t fwc_value_get_verdict(const struct fwc_value *value);

/**
 * @param value     BITS or JOIN
 * @param ret_op    receives enum fwc_bits_op
 * @param ret_bits  receives the mask or shift; 0 of a JOIN, whose children are two values
 * @return true when it is one of them
 */
FWC_API bool fwc_value_get_bits(const struct fwc_value *value, uint32_t *ret_op,
				uint64_t *ret_bits);

/**
 * Children: ends of a RANGE, parts of a CONCAT, the value of BITS, key and set of a MAP, both of a JOIN, value and JHASH of a HASH.
 *
 * @param value  the value
 * @return their number
 */
FWC_API size_t fwc_value_count(const struct fwc_value *value);
/** @param value the value @param i from 0 @return borrowed, or NULL past the end */
FWC_API const struct fwc_value *fwc_value_at(const struct fwc_value *value, size_t i);
/** @param value a LIST @return its anonymous set, read as any set; NULL if it is none */
FWC_API const struct fwc_set *fwc_value_get_list(const struct fwc_value *value);

FWC_END_DECLS
#endif
