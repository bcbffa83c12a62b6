/* SPDX-License-Identifier: LGPL-2.1-or-later */
/**
 * @file set.h
 * Named sets, maps and verdict maps, and their elements.
 */
#ifndef FWCORE_SET_H
#define FWCORE_SET_H

#include <fwcore/types.h>

FWC_BEGIN_DECLS

/** What a set or map is like. */
enum fwc_set_flags {
	FWC_SET_CONSTANT = 1, /**< elements never change once it is bound to a rule */
	FWC_SET_INTERVAL = 2, /**< keys may be prefixes and ranges */
	FWC_SET_DYNAMIC = 4, /**< elements may come from rules; they are state and never compared */
	/** elements may have timeouts; they are state. timeout_ms implies it */
	FWC_SET_TIMEOUT = 8,
	/** elements are somebody's state: apply adds what is declared, removes nothing */
	FWC_SET_STATE = 0x100,
	/** single keys and intervals that overlap or touch become one when they are added, without a word, in sets of one type
	 * without data. Not those that have a comment, tag, timeout or target: overlapping them is -EEXIST, as in a batch */
	FWC_SET_AUTO_MERGE = 0x200,
	/** the data of a map to addresses, or to addresses . ports, may be prefixes and ranges: for snat and dnat */
	FWC_SET_DATA_INTERVAL = 0x400,
};

/** What the kernel's choice among its kinds of sets is to favour. */
enum fwc_set_policy {
	FWC_SET_POLICY_PERFORMANCE = 0,
	FWC_SET_POLICY_MEMORY = 1, /**< policy memory */
};

/** What a set or map is like. */
struct fwc_set_opts {
	size_t size; /**< sizeof(struct fwc_set_opts) */
	uint32_t flags; /**< enum fwc_set_flags */
	uint32_t max_elements; /**< a hard limit; 0: none. A CONSTANT set is given its own number */
	/** NULL: a set; else a map to "ipv4_addr . inet_service", "typeof ip daddr . tcp dport", "verdict", or objects:
	 * "counter", "ct helper", ... */
	const char *data_type;
	uint64_t timeout_ms; /**< elements go after it and are state; 0: they stay */
	uint32_t
		gc_interval_ms; /**< how often those that expired are cleared away; 0: as the kernel likes */
	uint32_t policy; /**< enum fwc_set_policy */
};

/** What an element is given. */
struct fwc_element_opts {
	size_t size; /**< sizeof(struct fwc_element_opts) */
	uint64_t timeout_ms; /**< 0: the set's */
	const char *comment; /**< up to 128 bytes; NULL: none */
	const char *tag; /**< up to 64 bytes; NULL: none */
	/** what it keeps: COUNTER, LIMIT, QUOTA, CONNLIMIT or LAST; copied. NULL: as its set says */
	const struct fwc_target *target;
	const struct fwc_target *target_2; /**< another one (Linux 5.11); NULL: none */
};

/**
 * Declare a named set or map.
 *
 * @param table     the table
 * @param name      1 to 127 bytes
 * @param key_type  nft's names, the parts joined by " . ": "ipv4_addr . inet_service"; or fields that have the types:
 *                  "typeof ip saddr . vlan id"
 * @param opts      NULL: a plain set
 * @return borrowed from the ruleset; NULL on failure, which the ruleset keeps
 *
 * Types: ipv4_addr, ipv6_addr, inet_proto, inet_service, ifname, mark, ct_state, ct_status, icmp_type, icmpv6_type,
 * tcp_flag, nf_proto (meta nfproto), fib_addrtype and nft's others; verdict as data only. What has no such name (numbers,
 * texts, parts of bytes) is had by typeof: nft shows the fields again. They name types and nothing more: rules look up
 * whatever has the same type. The data of such a map are "typeof meta mark", verdicts or objects.
 * Since: 0.1
 */
FWC_API struct fwc_set *fwc_table_add_set(struct fwc_table *table, const char *name,
					  const char *key_type, const struct fwc_set_opts *opts);

/**
 * What each element keeps: a counter of its own, a limit, a quota, ... Elements that say something else
 * must be of the same kinds. At most two; elements that are added before have none in this ruleset,
 * though the kernel gives it to all.
 *
 * Kernel: a set of keys of one or two bytes (ports, protocols) without data and intervals is a bitmap, in which what
 * single elements have never counts, unless the set has a target too (nft_bitmap_estimate(),
 * net/netfilter/nft_set_bitmap.c). Lists within rules whose elements all count are spared that.
 *
 * @param set     the set
 * @param target  COUNTER, LIMIT, QUOTA, CONNLIMIT or LAST; copied
 * @return 0, -EINVAL, -ENOMEM
 */
FWC_API int fwc_set_add_target(struct fwc_set *set, const struct fwc_target *target);

/**
 * Add an element in nft's words.
 *
 * @param set   the set
 * @param key   "10.0.0.1 . 80"; "*" is every key that no other element has
 * @param data  for a map, else NULL
 * @param opts  NULL: none
 * @return 0, -EINVAL, -EEXIST, -ENOMEM
 */
FWC_API int fwc_set_add(struct fwc_set *set, const char *key, const char *data,
			const struct fwc_element_opts *opts);

/**
 * Add an element by values.
 *
 * @param set   the set
 * @param key   constant, prefix, range or concatenation of them, or fwc_value_any()
 * @param data  for a map, else NULL
 * @param opts  NULL: none
 * @return 0, -EINVAL, -EEXIST, -ENOMEM
 */
FWC_API int fwc_set_add_value(struct fwc_set *set, const struct fwc_value *key,
			      const struct fwc_value *data, const struct fwc_element_opts *opts);

/**
 * A comment that nft shows.
 *
 * @param set   the set
 * @param text  up to 128 bytes, or NULL for none
 * @return 0, -EINVAL, -ENOMEM
 */
FWC_API int fwc_set_comment(struct fwc_set *set, const char *text);

/** @param set the set @return borrowed, "" for an anonymous set */
FWC_API const char *fwc_set_name(const struct fwc_set *set);
/** @param set the set @return the kernel's handle, 0 when not read from a kernel */
FWC_API uint64_t fwc_set_handle(const struct fwc_set *set);
/** @param set the set @return enum fwc_set_flags */
FWC_API uint32_t fwc_set_flags(const struct fwc_set *set);
/** @param set the set @return milliseconds, 0 for none */
FWC_API uint64_t fwc_set_timeout_ms(const struct fwc_set *set);
/** @param set the set @return milliseconds, 0 for what the kernel likes */
FWC_API uint32_t fwc_set_gc_interval_ms(const struct fwc_set *set);
/** @param set the set @return enum fwc_set_policy */
FWC_API uint32_t fwc_set_policy(const struct fwc_set *set);
/** @param set the set @return enum fwc_object_type of what a map to objects holds; 0 for others */
FWC_API uint32_t fwc_set_object_type(const struct fwc_set *set);
/** @param set the set @return the limit, 0 for none */
FWC_API uint32_t fwc_set_max_elements(const struct fwc_set *set);
/** @param set the set @return nft's name of the key's type, "ipv4_addr . inet_service", or "typeof ip saddr"; borrowed */
FWC_API const char *fwc_set_key_type(const struct fwc_set *set);
/** @param set the set @return nft's name of the data's type; NULL for a set */
FWC_API const char *fwc_set_data_type(const struct fwc_set *set);
/** @param set the set @return borrowed, NULL when there is none */
FWC_API const char *fwc_set_comment_get(const struct fwc_set *set);
/** @param set the set @return how many targets its elements have */
FWC_API size_t fwc_set_target_count(const struct fwc_set *set);
/** @param set the set @param i from 0 @return borrowed, NULL past the end */
FWC_API const struct fwc_target *fwc_set_target_at(const struct fwc_set *set, size_t i);
/** @param set the set @return the number of elements */
FWC_API size_t fwc_set_count(const struct fwc_set *set);
/** @param set the set @param i from 0 @return borrowed, NULL past the end */
FWC_API const struct fwc_element *fwc_set_at(const struct fwc_set *set, size_t i);

/** @param element the element @return constant, prefix, range, concatenation or ANY; borrowed */
FWC_API const struct fwc_value *fwc_element_key(const struct fwc_element *element);
/** @param element the element @return its data or verdict; NULL in a set; borrowed */
FWC_API const struct fwc_value *fwc_element_data(const struct fwc_element *element);
/** @param element the element @return milliseconds, 0 for the set's own or none */
FWC_API uint64_t fwc_element_timeout_ms(const struct fwc_element *element);
/** @param element the element @return milliseconds it has left, 0 when it does not expire */
FWC_API uint64_t fwc_element_expires_ms(const struct fwc_element *element);
/** @param element the element @return how many targets it has itself: counters that were read, ... */
FWC_API size_t fwc_element_target_count(const struct fwc_element *element);
/** @param element the element @param i from 0 @return borrowed, NULL past the end */
FWC_API const struct fwc_target *fwc_element_target_at(const struct fwc_element *element, size_t i);
/** @param element the element @return borrowed, NULL when there is none */
FWC_API const char *fwc_element_comment_get(const struct fwc_element *element);
/** @param element the element @return borrowed, NULL when there is none */
FWC_API const char *fwc_element_tag_get(const struct fwc_element *element);

/**
 * Write an element in nft's words.
 *
 * Its key, and in a map its data: `10.0.0.1 . 80 : accept`.
 *
 * @param element     the element
 * @param buf         receives the text
 * @param size        bytes in buf
 * @param ret_needed  receives the length without the NUL, or NULL
 * @return 0, -EINVAL, -ENOSPC
 */
FWC_API int fwc_element_format(const struct fwc_element *element, char *buf, size_t size,
			       size_t *ret_needed);

FWC_END_DECLS
#endif
