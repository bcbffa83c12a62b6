/* SPDX-License-Identifier: LGPL-2.1-or-later */
/**
 * @file types.h
 * Names that every other header uses: families, hooks, verdicts, addresses.
 *
 * Conventions of the whole library: see docs/CONVENTIONS.md. In short: `T **ret` and `T *..._new()` are
 * yours to free, any other returned `T *` is borrowed from its root, `const T *` is borrowed and read-only.
 * Numbers are in host byte order, IP addresses are bytes in network order. One thread at a time per object.
 */
#ifndef FWCORE_TYPES_H
#define FWCORE_TYPES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
#define FWC_BEGIN_DECLS extern "C" {
#define FWC_END_DECLS }
#else
#define FWC_BEGIN_DECLS
#define FWC_END_DECLS
#endif

#ifndef FWC_API
#define FWC_API __attribute__((visibility("default")))
#endif

FWC_BEGIN_DECLS

struct fwc_error;
struct fwc_ruleset;
struct fwc_table;
struct fwc_chain;
struct fwc_rule;
struct fwc_item;
struct fwc_value;
struct fwc_target;
struct fwc_set;
struct fwc_element;
struct fwc_kernel;
struct fwc_plan;
struct fwc_batch;
struct fwc_iptables;
struct fwc_watch;
struct fwc_event;
struct fwc_folds;
struct fwc_fold;
struct fwc_interfaces;
struct fwc_interface;
struct fwc_routes;
struct fwc_route;
struct fwc_settings;
struct fwc_features;
struct fwc_feature;
struct fwc_networks;
struct fwc_network;

/** Protocol families; the numbers are the kernel's NFPROTO_*. */
enum fwc_family {
	FWC_FAMILY_ANY = 0, /**< every family, where a call says so */
	FWC_FAMILY_INET = 1,
	FWC_FAMILY_IP = 2,
	FWC_FAMILY_ARP = 3,
	FWC_FAMILY_NETDEV = 5,
	FWC_FAMILY_BRIDGE = 7,
	FWC_FAMILY_IP6 = 10,
};

/** Where a base chain sees packets, in every family; the library gives them the kernel's numbers. */
enum fwc_hook {
	FWC_HOOK_PREROUTING = 0,
	FWC_HOOK_INPUT = 1,
	FWC_HOOK_FORWARD = 2,
	FWC_HOOK_OUTPUT = 3,
	FWC_HOOK_POSTROUTING = 4,
	FWC_HOOK_INGRESS = 5, /**< of devices: netdev and inet */
	FWC_HOOK_EGRESS = 6, /**< of devices: netdev */
};

/** What a base chain is for. */
enum fwc_chain_type {
	FWC_CHAIN_FILTER = 1,
	FWC_CHAIN_NAT = 2,
	FWC_CHAIN_ROUTE = 3,
};

/** What becomes of a packet; CONTINUE goes on with the next rule. */
enum fwc_verdict {
	FWC_VERDICT_ACCEPT = 1,
	FWC_VERDICT_DROP = 2,
	FWC_VERDICT_RETURN = 3,
	FWC_VERDICT_CONTINUE = 4,
	FWC_VERDICT_JUMP = 5,
	FWC_VERDICT_GOTO = 6,
};

/** The words a text is written in. */
enum fwc_syntax {
	FWC_SYNTAX_NFT = 1, /**< man nft: one rule's line, or one command a line */
	/**
	 * libnftables-json(5): a whole ruleset, or one rule, `{"expr":[...],"comment":"..."}`
	 */
	FWC_SYNTAX_JSON = 2,
	/** iptables(8) and iptables-save(8), for tables of iptables in ip and ip6: one rule's options, or whole tables */
	FWC_SYNTAX_IPTABLES = 3,
};

/** What an error or an event speaks of. */
enum fwc_object {
	FWC_OBJECT_NONE = 0,
	FWC_OBJECT_ARGUMENT = 1,
	FWC_OBJECT_RULESET = 2,
	FWC_OBJECT_TABLE = 3,
	FWC_OBJECT_CHAIN = 4,
	FWC_OBJECT_RULE = 5,
	FWC_OBJECT_SET = 6,
	FWC_OBJECT_ELEMENT = 7,
	FWC_OBJECT_TEXT = 8,
	FWC_OBJECT_KERNEL = 9,
	FWC_OBJECT_NAMESPACE = 10,
	FWC_OBJECT_INTERFACE = 11,
	FWC_OBJECT_ADDRESS = 12,
	FWC_OBJECT_ROUTE = 13,
	FWC_OBJECT_SETTING = 14,
	FWC_OBJECT_NETWORK = 15,
	FWC_OBJECT_ENDPOINT = 16,
};

/** An IPv4 or IPv6 address. */
struct fwc_ip {
	uint32_t family; /**< FWC_FAMILY_IP or FWC_FAMILY_IP6, 0 when not set */
	uint8_t bytes[16]; /**< network order; IPv4 uses the first four */
};

/**
 * Read "192.0.2.1" or "2001:db8::1".
 *
 * @param text  the address, without prefix length
 * @param ret   receives the address; left alone on failure
 * @param err   detail on failure, or NULL
 * @return 0, or -EINVAL
 *
 * Threads: any.
 * Since: 0.1
 */
FWC_API int fwc_ip_parse(const char *text, struct fwc_ip *ret, struct fwc_error *err);

/**
 * Write an address as text.
 *
 * @param ip          the address
 * @param buf         receives the text with its NUL; may be NULL when size is 0
 * @param size        bytes in buf; 46 always suffice
 * @param ret_needed  receives the length without the NUL, or NULL
 * @return 0, -EINVAL for a family that is not IP or IP6, -ENOSPC when buf is too small (it then holds what fits)
 *
 * Threads: any.
 * Since: 0.1
 */
FWC_API int fwc_ip_format(const struct fwc_ip *ip, char *buf, size_t size, size_t *ret_needed);

/**
 * Release a text that the library handed out as `char **`.
 *
 * @param text  the text, or NULL
 *
 * Threads: any.
 * Since: 0.1
 */
FWC_API void fwc_text_free(char *text);

/**
 * The version of the library that is running, "0.1.0".
 *
 * @return a constant text
 *
 * Threads: any.
 * Since: 0.1
 */
FWC_API const char *fwc_version(void);

FWC_END_DECLS
#endif
