/* SPDX-License-Identifier: LGPL-2.1-or-later */
/**
 * @file target.h
 * Targets: what a rule does with a packet (nft says statement).
 *
 * A target is an object with parameters. Make one, set what differs from its defaults, add copies of it to
 * as many rules as needed. rule.h has one-call forms for the common ones.
 *
 *     struct fwc_target *t = fwc_target_new(FWC_TARGET_LOG);
 *     fwc_target_set_text(t, FWC_LOG_PREFIX, "dropped: ");
 *     fwc_rule_add_target(rule, t);
 *     fwc_target_free(t);
 *
 * A parameter that does not exist or a value outside its limits is kept as the target's failure; the rule
 * that it is added to reports it.
 */
#ifndef FWCORE_TARGET_H
#define FWCORE_TARGET_H

#include <fwcore/types.h>

FWC_BEGIN_DECLS

/** What a target does. */
enum fwc_target_kind {
	FWC_TARGET_VERDICT = 1, /**< accept, drop, return, continue, jump, goto */
	FWC_TARGET_VMAP = 2, /**< the verdict that a map holds */
	FWC_TARGET_REJECT = 3,
	FWC_TARGET_LOG = 4,
	FWC_TARGET_COUNTER = 5,
	FWC_TARGET_LIMIT = 6,
	/** meta mark set, ct zone set, ip dscp set, tcp option maxseg size set: fields that can be set */
	FWC_TARGET_ASSIGN = 7,
	FWC_TARGET_MASQUERADE = 8,
	FWC_TARGET_SNAT = 9,
	FWC_TARGET_DNAT = 10,
	FWC_TARGET_REDIRECT = 11,
	FWC_TARGET_QUOTA = 12,
	FWC_TARGET_CONNLIMIT = 13, /**< ct count */
	FWC_TARGET_LAST = 14, /**< when it was last seen */
	FWC_TARGET_NOTRACK = 15,
	FWC_TARGET_SYNPROXY = 16,
	FWC_TARGET_QUEUE = 17,
	FWC_TARGET_TPROXY = 18,
	FWC_TARGET_DUP = 19,
	FWC_TARGET_FWD = 20,
	FWC_TARGET_OBJREF = 21, /**< counter name "x", ct helper set "y", ... */
	FWC_TARGET_FLOW = 22, /**< flow add @f */
	FWC_TARGET_UPDATE = 23, /**< add @s { ... }, update @s { ... }, delete @s { ... } */
	FWC_TARGET_STRIP = 24, /**< reset tcp option sack-perm (Linux 5.18) */

	/* What only named objects do, for fwc_table_add_object(). */
	FWC_TARGET_CT_HELPER = 64,
	FWC_TARGET_CT_EXPECTATION = 65,
	FWC_TARGET_SECMARK = 66,
	FWC_TARGET_FLOWTABLE = 67,
	FWC_TARGET_CT_TIMEOUT = 68,
};

/** Parameters of FWC_TARGET_VERDICT. */
enum fwc_verdict_param {
	FWC_VERDICT_CODE = 1, /**< number: enum fwc_verdict; required */
	FWC_VERDICT_CHAIN = 2, /**< text: for JUMP and GOTO */
	/** a chain without a name that belongs to the rule: see fwc_rule_add_block(), fwc_target_get_block() */
	FWC_VERDICT_BLOCK = 3,
};

/** Parameters of FWC_TARGET_VMAP. */
enum fwc_vmap_param {
	FWC_VMAP_VALUE = 1, /**< value: a MAP whose data are verdicts; required */
};

/** Parameters of FWC_TARGET_REJECT. None: the family's port-unreachable. */
enum fwc_reject_param {
	FWC_REJECT_WITH = 1, /**< number: enum fwc_reject_with */
	FWC_REJECT_CODE = 2, /**< number: the ICMP code, for all but TCP_RESET */
};

/** What the sender of a rejected packet is told. */
enum fwc_reject_with {
	FWC_REJECT_ICMP = 0, /**< icmp, in ip; icmpv6, in ip6 (FWC_REJECT_CODE is of that family) */
	FWC_REJECT_TCP_RESET = 1, /**< tcp reset */
	/** icmpx: the kernel picks by the packet's family; codes are NFT_REJECT_ICMPX_* */
	FWC_REJECT_ICMPX = 2,
	FWC_REJECT_ICMPV4 = 3, /**< icmp in inet, bridge, netdev: also matches IPv4 */
	FWC_REJECT_ICMPV6 = 4, /**< icmpv6 in inet, bridge, netdev: also matches IPv6 */
};

/** Parameters of FWC_TARGET_LOG. */
enum fwc_log_param {
	FWC_LOG_PREFIX = 1, /**< text: up to 127 bytes */
	FWC_LOG_LEVEL = 2, /**< number: 0 emerg to 7 debug, 8 audit; not with a group */
	FWC_LOG_GROUP = 3, /**< number: NFLOG group, 0 to 65535 */
	FWC_LOG_SNAPLEN = 4, /**< number: bytes of the packet; with a group */
	FWC_LOG_QUEUE_THRESHOLD = 5, /**< number: packets sent at once; with a group */
	/** number: NF_LOG_*: 1 tcp sequence, 2 tcp options, 4 ip options, 8 skuid, 32 ether */
	FWC_LOG_FLAGS = 6,
};

/** Parameters of FWC_TARGET_COUNTER: state, not declaration. Written when a rule is created, never compared. */
enum fwc_counter_param {
	FWC_COUNTER_PACKETS = 1, /**< number */
	FWC_COUNTER_BYTES = 2, /**< number */
};

/** Parameters of FWC_TARGET_LIMIT: a rule goes on while packets come slower than this. */
enum fwc_limit_param {
	/** number: packets, or bytes with FWC_LIMIT_IN_BYTES, per unit; required, not 0 */
	FWC_LIMIT_RATE = 1,
	FWC_LIMIT_UNIT_S = 2, /**< number: 1, 60, 3600, 86400 or 604800 seconds; 1 when not set */
	FWC_LIMIT_BURST = 3, /**< number: packets (5 when not set) or bytes (0 when not set) */
	FWC_LIMIT_IN_BYTES = 4, /**< number: 1 counts bytes */
	FWC_LIMIT_OVER = 5, /**< number: 1 goes on while packets come faster (`limit rate over`) */
};

/**
 * Parameters of FWC_TARGET_ASSIGN.
 *
 * What can be set: the fields whose comment in field.h says so, every field of a header (the kernel mends the
 * checksums as nft asks it to), raw bytes, and TCP options that the packet has.
 */
enum fwc_assign_param {
	/** number: enum fwc_field, one that can be set; required unless TO is given */
	FWC_ASSIGN_FIELD = 1,
	FWC_ASSIGN_VALUE = 2, /**< value: required */
	FWC_ASSIGN_TO = 3, /**< value: a FIELD with parameters, instead of FIELD: `@th,16,16` */
};

/** Parameters of FWC_TARGET_STRIP: a TCP option becomes as many NOPs. */
enum fwc_strip_param {
	FWC_STRIP_KIND = 1, /**< number: the option's kind, 0 to 255; required */
};

/** Parameters of FWC_TARGET_SNAT, DNAT, REDIRECT and MASQUERADE. */
enum fwc_nat_param {
	/** value: an address, a range, a prefix, or a MAP to addresses or to address . port; SNAT and DNAT */
	FWC_NAT_ADDR = 1,
	/** value: a port, a range, or a MAP to ports; the rule must match a transport protocol before */
	FWC_NAT_PORT = 2,
	FWC_NAT_FLAGS = 3, /**< number: enum fwc_nat_flags */
	/** number: FWC_FAMILY_IP or IP6; in inet, needed where ADDR does not say it */
	FWC_NAT_FAMILY = 4,
};

/** How addresses and ports are chosen; the comment is nft's word. */
enum fwc_nat_flags {
	FWC_NAT_RANDOM = 1, /**< random */
	FWC_NAT_FULLY_RANDOM = 2, /**< fully-random */
	FWC_NAT_PERSISTENT = 4, /**< persistent */
	/** prefix: the bits beyond ADDR's prefix stay those of the packet (`snat prefix to`) */
	FWC_NAT_PREFIX = 8,
};

/** Parameters of FWC_TARGET_QUOTA: a rule goes on until that many bytes were seen. */
enum fwc_quota_param {
	FWC_QUOTA_BYTES = 1, /**< number: required */
	FWC_QUOTA_OVER = 2, /**< number: 1 goes on once they were seen (`quota over`) */
	FWC_QUOTA_USED = 3, /**< number: bytes seen; state, like a counter's */
};

/** Parameters of FWC_TARGET_CONNLIMIT: a rule goes on while there are at most that many connections. */
enum fwc_connlimit_param {
	FWC_CONNLIMIT_COUNT = 1, /**< number: required */
	FWC_CONNLIMIT_OVER = 2, /**< number: 1 goes on while there are more (`ct count over`) */
};

/** Parameters of FWC_TARGET_LAST: state, like a counter's. Since Linux 5.14. */
enum fwc_last_param {
	FWC_LAST_SEEN = 1, /**< number: 1 when a packet was seen */
	FWC_LAST_AGO_MS = 2, /**< number: milliseconds since then */
};

/** Parameters of FWC_TARGET_SYNPROXY. */
enum fwc_synproxy_param {
	FWC_SYNPROXY_MSS = 1, /**< number: bytes, up to 65535 */
	FWC_SYNPROXY_WSCALE = 2, /**< number: up to 14 */
	FWC_SYNPROXY_FLAGS = 3, /**< number: enum fwc_synproxy_flags */
};

/** TCP options that a proxied connection may have; the comment is nft's word. */
enum fwc_synproxy_flags {
	FWC_SYNPROXY_SACK_PERM = 4, /**< sack-perm */
	FWC_SYNPROXY_TIMESTAMP = 8, /**< timestamp */
};

/** Parameters of FWC_TARGET_QUEUE: to a program that listens on a queue. */
enum fwc_queue_param {
	FWC_QUEUE_NUMBER = 1, /**< number: of the queue, or of the first; 0 when not set */
	FWC_QUEUE_COUNT = 2, /**< number: of queues that share the packets; 1 when not set */
	FWC_QUEUE_FLAGS = 3, /**< number: enum fwc_queue_flags */
	FWC_QUEUE_VALUE = 4, /**< value: a map or hash that picks the queue, instead of NUMBER */
};

/** What becomes of packets that nobody takes, and how they are spread. */
enum fwc_queue_flags {
	FWC_QUEUE_BYPASS = 1, /**< accept where nobody listens */
	FWC_QUEUE_FANOUT = 2, /**< by the processor, not by the packet's addresses */
};

/** Parameters of FWC_TARGET_TPROXY: to a socket of this machine, without changing the packet. */
enum fwc_tproxy_param {
	FWC_TPROXY_ADDR = 1, /**< value: an address */
	FWC_TPROXY_PORT = 2, /**< value: a port; one of ADDR and PORT is required */
	FWC_TPROXY_FAMILY = 3, /**< number: FWC_FAMILY_IP or IP6; in inet, where ADDR is set */
};

/** Parameters of FWC_TARGET_DUP: a copy goes to another machine, or in netdev out of a device. */
enum fwc_dup_param {
	FWC_DUP_ADDR = 1, /**< value: the address; required in ip and ip6 */
	FWC_DUP_DEVICE = 2, /**< value: the interface's index; required in netdev */
};

/** Parameters of FWC_TARGET_FWD, in netdev: the packet goes out of a device. */
enum fwc_fwd_param {
	FWC_FWD_DEVICE = 1, /**< value: the interface's index; required */
	FWC_FWD_ADDR = 2, /**< value: of the neighbour that it is sent to */
	FWC_FWD_FAMILY = 3, /**< number: FWC_FAMILY_IP or IP6, with ADDR */
};

/** Parameters of FWC_TARGET_OBJREF: what a named object of the table does. */
enum fwc_objref_param {
	FWC_OBJREF_TYPE = 1, /**< number: enum fwc_object_type; required */
	FWC_OBJREF_NAME = 2, /**< text: the object's name */
	FWC_OBJREF_MAP = 3, /**< value: a MAP to objects, instead of a name */
};

/** Named objects; the numbers are the kernel's NFT_OBJECT_*, and one of ours for what it keeps apart. */
enum fwc_object_type {
	FWC_OBJECT_TYPE_COUNTER = 1,
	FWC_OBJECT_TYPE_QUOTA = 2,
	FWC_OBJECT_TYPE_CT_HELPER = 3,
	FWC_OBJECT_TYPE_LIMIT = 4,
	FWC_OBJECT_TYPE_TUNNEL = 6,
	FWC_OBJECT_TYPE_CT_TIMEOUT = 7,
	FWC_OBJECT_TYPE_SECMARK = 8,
	FWC_OBJECT_TYPE_CT_EXPECTATION = 9,
	FWC_OBJECT_TYPE_SYNPROXY = 10,
	FWC_OBJECT_TYPE_FLOWTABLE = 256, /**< rules refer to it by FWC_TARGET_FLOW */
};

/** Parameters of FWC_TARGET_FLOW: later packets of the connection take the short way. */
enum fwc_flow_param {
	FWC_FLOW_TABLE = 1, /**< text: the flowtable's name; required */
};

/** Parameters of FWC_TARGET_UPDATE: an element of a DYNAMIC set is made by the packet. */
enum fwc_update_param {
	FWC_UPDATE_OPERATION = 1, /**< number: enum fwc_update_operation; ADD when not set */
	FWC_UPDATE_SET = 2, /**< text: the set's name; required */
	FWC_UPDATE_KEY = 3, /**< value: required */
	FWC_UPDATE_DATA = 4, /**< value: in a map */
	FWC_UPDATE_TIMEOUT_MS = 5, /**< number: the set's when not set */
	/** target: COUNTER, LIMIT, QUOTA, CONNLIMIT or LAST, which each new element is given */
	FWC_UPDATE_TARGET = 6,
	FWC_UPDATE_TARGET_2 = 7, /**< target: another one (Linux 5.11) */
};

/** Parameters of FWC_TARGET_CT_HELPER: who follows the connections. */
enum fwc_ct_helper_param {
	FWC_CT_HELPER_TYPE = 1, /**< text: "ftp"; required */
	FWC_CT_HELPER_PROTOCOL = 2, /**< number: IPPROTO_*; required */
	FWC_CT_HELPER_FAMILY = 3, /**< number: enum fwc_family; the table's when not set */
};

/** Parameters of FWC_TARGET_CT_EXPECTATION: the connection that is to follow. */
enum fwc_ct_expectation_param {
	FWC_CT_EXPECTATION_PROTOCOL = 1, /**< number: IPPROTO_*; required */
	FWC_CT_EXPECTATION_DPORT = 2, /**< number: required */
	FWC_CT_EXPECTATION_TIMEOUT_MS = 3, /**< number: required */
	FWC_CT_EXPECTATION_SIZE = 4, /**< number: how many at once, 1 to 255; required */
	FWC_CT_EXPECTATION_FAMILY = 5, /**< number: enum fwc_family; the table's when not set */
};

/** Parameters of FWC_TARGET_SECMARK. */
enum fwc_secmark_param {
	FWC_SECMARK_CONTEXT = 1, /**< text: of the security module; required */
};

/**
 * Parameters of FWC_TARGET_FLOWTABLE: connections that take the short way past the rules from then on. The hook is
 * ingress.
 *
 * Kernel: NFT_MSG_NEWFLOWTABLE, net/netfilter/nf_tables_api.c; CONFIG_NF_FLOW_TABLE.
 */
enum fwc_flowtable_param {
	/** text: as of a chain at ingress, "filter - 5"; "filter" when not set */
	FWC_FLOWTABLE_PRIORITY = 1,
	/** value: the names of its devices: a constant, or a list of them; none when not set */
	FWC_FLOWTABLE_DEVICES = 2,
	FWC_FLOWTABLE_FLAGS = 3, /**< number: enum fwc_flowtable_flags */
};

/** Parameters of FWC_TARGET_CT_TIMEOUT: how long connections are remembered. */
enum fwc_ct_timeout_param {
	FWC_CT_TIMEOUT_PROTOCOL = 1, /**< number: IPPROTO_TCP or IPPROTO_UDP; required */
	/**
	 * text: seconds of the states that differ from nft's defaults, "established : 100, close : 4". Of TCP: syn_sent,
	 * syn_recv, established, fin_wait, close_wait, last_ack, time_wait, close, syn_sent2, retrans, unack; of UDP: unreplied,
	 * replied
	 */
	FWC_CT_TIMEOUT_POLICY = 2,
	FWC_CT_TIMEOUT_FAMILY = 3, /**< number: enum fwc_family; the table's when not set */
};

/** How a flowtable works. */
enum fwc_flowtable_flags {
	FWC_FLOWTABLE_OFFLOAD = 1, /**< in the devices themselves (Linux 5.5) */
	FWC_FLOWTABLE_COUNTER =
		2, /**< connections count what takes the short way, too (Linux 5.7) */
};

/** What a packet does to a set. */
enum fwc_update_operation {
	FWC_UPDATE_ADD = 0, /**< an element that is there stays as it is */
	FWC_UPDATE_UPDATE = 1, /**< its timeout begins anew */
	FWC_UPDATE_DELETE = 2,
};

/**
 * Make a target with its defaults.
 *
 * @param kind  enum fwc_target_kind
 * @return yours; NULL when unknown or out of memory
 *
 * Since: 0.1
 */
FWC_API struct fwc_target *fwc_target_new(uint32_t kind);

/** Release a target. @param target the target, or NULL */
FWC_API void fwc_target_free(struct fwc_target *target);

/**
 * Set a number.
 *
 * @param target  the target
 * @param param   its parameter
 * @param number  host byte order
 * @return 0 or -EINVAL
 */
FWC_API int fwc_target_set_number(struct fwc_target *target, uint32_t param, uint64_t number);

/**
 * Set a text.
 *
 * @param target  the target
 * @param param   its parameter
 * @param text    copied
 * @return 0, -EINVAL, -ENOMEM
 */
FWC_API int fwc_target_set_text(struct fwc_target *target, uint32_t param, const char *text);

/**
 * Set a value.
 *
 * @param target  the target
 * @param param   its parameter
 * @param value   copied
 * @return 0, -EINVAL, -ENOMEM
 */
FWC_API int fwc_target_set_value(struct fwc_target *target, uint32_t param,
				 const struct fwc_value *value);

/**
 * Set a target within the target.
 *
 * @param target  the target
 * @param param   its parameter
 * @param inner   copied
 * @return 0, -EINVAL, -ENOMEM
 */
FWC_API int fwc_target_set_target(struct fwc_target *target, uint32_t param,
				  const struct fwc_target *inner);

/** @param target the target @return enum fwc_target_kind, 0 for NULL */
FWC_API uint32_t fwc_target_kind(const struct fwc_target *target);
/** @param target the target @return its name in nft's words, "masquerade" */
FWC_API const char *fwc_target_name(const struct fwc_target *target);

/**
 * @param target  the target
 * @param param   its parameter
 * @param ret     receives the number
 * @return false when it is not set
 */
FWC_API bool fwc_target_get_number(const struct fwc_target *target, uint32_t param, uint64_t *ret);

/**
 * @param target  the target
 * @param param   its parameter
 * @return borrowed text, NULL when it is not set
 */
FWC_API const char *fwc_target_get_text(const struct fwc_target *target, uint32_t param);

/**
 * @param target  the target
 * @param param   its parameter
 * @return borrowed value, NULL when it is not set
 */
FWC_API const struct fwc_value *fwc_target_get_value(const struct fwc_target *target,
						     uint32_t param);

/**
 * @param target  the target
 * @param param   its parameter
 * @return borrowed target, NULL when it is not set
 */
FWC_API const struct fwc_target *fwc_target_get_target(const struct fwc_target *target,
						       uint32_t param);

/**
 * The chain without a name that a rule owns, `jump { ... }`.
 *
 * @param target  a VERDICT
 * @return borrowed, NULL when it has none
 *
 * Since: 0.1
 */
FWC_API const struct fwc_chain *fwc_target_get_block(const struct fwc_target *target);

FWC_END_DECLS
#endif
