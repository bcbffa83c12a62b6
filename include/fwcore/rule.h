/* SPDX-License-Identifier: LGPL-2.1-or-later */
/**
 * @file rule.h
 * Rules: an ordered list of matches and targets.
 *
 * Builders take no error argument: they return a negative errno at once, and the ruleset or batch that the
 * rule belongs to keeps the first failure and refuses to be applied, committed or printed. A rule that is
 * NULL (because its chain could not be added) is accepted and answers -EINVAL.
 */
#ifndef FWCORE_RULE_H
#define FWCORE_RULE_H

#include <fwcore/types.h>

FWC_BEGIN_DECLS

/* Matches. A field must fit the table's family (`ip saddr` does in ip and inet) and what the rule matches already: `tcp
 * dport` after `udp sport` is -EINVAL, because no packet has both. Values that the program did not write itself belong in the typed forms, never in text. */

/**
 * Match a field with a constant in nft's words: fwc_rule_match(r, FWC_FIELD_TCP_DPORT, FWC_OP_EQ, "{ 22, 80-89 }").
 *
 * @param rule   the rule
 * @param field  enum fwc_field
 * @param op     enum fwc_op
 * @param text   "22", "10.0.0.0/8", "80-89", "{ a, b }", "@set", "established,related"
 * @return 0, -EINVAL, -ENOMEM
 *
 * Since: 0.1
 */
FWC_API int fwc_rule_match(struct fwc_rule *rule, uint32_t field, uint32_t op, const char *text);

/**
 * Match a number or a range of numbers.
 *
 * @param rule   the rule
 * @param field  enum fwc_field
 * @param op     enum fwc_op
 * @param first  host byte order
 * @param last   first again when it is one number; a range goes with EQ and NE
 * @return 0, -EINVAL, -ENOMEM
 */
FWC_API int fwc_rule_match_u64(struct fwc_rule *rule, uint32_t field, uint32_t op, uint64_t first,
			       uint64_t last);

/**
 * Match an address or a prefix.
 *
 * @param rule        the rule
 * @param field       enum fwc_field
 * @param op          EQ or NE
 * @param ip          the address
 * @param prefix_len  32 or 128 for one address
 * @return 0, -EINVAL, -ENOMEM
 */
FWC_API int fwc_rule_match_ip(struct fwc_rule *rule, uint32_t field, uint32_t op,
			      const struct fwc_ip *ip, uint32_t prefix_len);

/**
 * Match a name, taken literally.
 *
 * @param rule   the rule
 * @param field  enum fwc_field
 * @param op     EQ or NE
 * @param name   1 to 15 bytes for an interface
 * @return 0, -EINVAL, -ENOMEM
 */
FWC_API int fwc_rule_match_name(struct fwc_rule *rule, uint32_t field, uint32_t op,
				const char *name);

/**
 * Match some bits of a field: `tcp flags & (syn|ack) == syn`.
 *
 * @param rule   the rule
 * @param field  enum fwc_field
 * @param op     EQ or NE
 * @param mask   the bits looked at
 * @param bits   what they are
 * @return 0, -EINVAL, -ENOMEM
 */
FWC_API int fwc_rule_match_bits(struct fwc_rule *rule, uint32_t field, uint32_t op, uint64_t mask,
				uint64_t bits);

/**
 * Match a value with a value.
 *
 * @param rule   the rule
 * @param left   a field, concatenation or bits
 * @param op     enum fwc_op
 * @param right  constant, range, prefix, list or set
 * @return 0, -EINVAL, -ENOMEM
 */
FWC_API int fwc_rule_match_value(struct fwc_rule *rule, const struct fwc_value *left, uint32_t op,
				 const struct fwc_value *right);

/* Targets. */

/**
 * Add a copy of a target.
 *
 * @param rule    the rule
 * @param target  complete
 * @return 0, -EINVAL, -ENOMEM
 */
FWC_API int fwc_rule_add_target(struct fwc_rule *rule, const struct fwc_target *target);

/**
 * What happens to the packet: the rule's last word, but for CONTINUE; so are reject, snat, dnat,
 * masquerade and redirect.
 *
 * @param rule     the rule
 * @param verdict  enum fwc_verdict
 * @param chain    for JUMP and GOTO, else NULL
 * @return 0, -EINVAL, -ENOMEM
 */
FWC_API int fwc_rule_verdict(struct fwc_rule *rule, uint32_t verdict, const char *chain);
/** Count packets and bytes from here on. @param rule the rule @return 0, -EINVAL, -ENOMEM */
FWC_API int fwc_rule_counter(struct fwc_rule *rule);

/**
 * Log to the kernel's log.
 *
 * @param rule    the rule
 * @param prefix  up to 127 bytes, or NULL
 * @return 0, -EINVAL, -ENOMEM
 */
FWC_API int fwc_rule_log(struct fwc_rule *rule, const char *prefix);

/**
 * Reject.
 *
 * @param rule  the rule
 * @param with  enum fwc_reject_with
 * @param code  ICMP code, 0 for TCP_RESET
 * @return 0, -EINVAL, -ENOMEM
 */
FWC_API int fwc_rule_reject(struct fwc_rule *rule, uint32_t with, uint32_t code);

/**
 * Go on only below a rate of packets.
 *
 * @param rule    the rule
 * @param rate    packets per unit
 * @param unit_s  1, 60, 3600, 86400, 604800
 * @param burst   packets
 * @return 0, -EINVAL, -ENOMEM
 */
FWC_API int fwc_rule_limit(struct fwc_rule *rule, uint64_t rate, uint32_t unit_s, uint32_t burst);

/**
 * End a rule with rules of its own: `jump { ... }`, a chain without a name that comes and goes with the rule.
 * Such a chain holds no other one.
 *
 * @param rule     the rule
 * @param verdict  FWC_VERDICT_JUMP or GOTO
 * @return the chain, borrowed, for fwc_chain_append(); NULL on failure, which the ruleset keeps
 *
 * Kernel: NFT_CHAIN_BINDING, Linux 5.9.
 * Since: 0.1
 */
FWC_API struct fwc_chain *fwc_rule_add_block(struct fwc_rule *rule, uint32_t verdict);

/**
 * Set a field: a mark, a zone, a field of a header.
 *
 * @param rule   the rule
 * @param field  enum fwc_field
 * @param value  a value
 * @return 0, -EINVAL, -ENOMEM
 */
FWC_API int fwc_rule_assign(struct fwc_rule *rule, uint32_t field, const struct fwc_value *value);

/** Addresses and ports of fwc_rule_nat(). */
struct fwc_nat_opts {
	size_t size; /**< sizeof(struct fwc_nat_opts) */
	uint32_t flags; /**< enum fwc_nat_flags */
	uint16_t port_min; /**< 0: ports are kept */
	uint16_t port_max; /**< 0: as port_min */
	struct fwc_ip addr_min; /**< family 0: none */
	struct fwc_ip addr_max; /**< family 0: as addr_min */
};

/**
 * @param rule  the rule
 * @param kind  FWC_TARGET_SNAT, DNAT, MASQUERADE or REDIRECT
 * @param opts  NULL: nothing but the kind
 * @return 0, -EINVAL, -ENOMEM
 */
FWC_API int fwc_rule_nat(struct fwc_rule *rule, uint32_t kind, const struct fwc_nat_opts *opts);

/* Names of a rule. */

/**
 * A comment that nft shows.
 *
 * @param rule  the rule
 * @param text  up to 128 bytes, or NULL for none
 * @return 0, -EINVAL, -ENOMEM
 */
FWC_API int fwc_rule_comment(struct fwc_rule *rule, const char *text);

/**
 * A tag by which the program finds the rule again; nft does not show it.
 *
 * @param rule  the rule
 * @param tag   up to 64 bytes, or NULL for none
 * @return 0, -EINVAL, -ENOMEM
 */
FWC_API int fwc_rule_tag(struct fwc_rule *rule, const char *tag);

/* Reading. */

/** @param rule the rule @return the kernel's handle; 0 when it was not read from a kernel */
FWC_API uint64_t fwc_rule_handle(const struct fwc_rule *rule);
/** @param rule the rule @return borrowed, NULL when there is none */
FWC_API const char *fwc_rule_comment_get(const struct fwc_rule *rule);
/** @param rule the rule @return borrowed, NULL when there is none */
FWC_API const char *fwc_rule_tag_get(const struct fwc_rule *rule);

/**
 * Whose rule it is: the owner string of the kernel object that wrote it.
 *
 * @param rule  the rule
 * @return borrowed, NULL when it says nothing
 */
FWC_API const char *fwc_rule_owner_get(const struct fwc_rule *rule);

/**
 * The first counter of the rule.
 *
 * @param rule         the rule
 * @param ret_packets  receives packets, or NULL
 * @param ret_bytes    receives bytes, or NULL
 * @return false when it has no counter
 */
FWC_API bool fwc_rule_counter_get(const struct fwc_rule *rule, uint64_t *ret_packets,
				  uint64_t *ret_bytes);
/** @param rule the rule @return matches, targets, extensions and opaque parts */
FWC_API size_t fwc_rule_count(const struct fwc_rule *rule);
/** @param rule the rule @param i from 0 @return borrowed, NULL past the end */
FWC_API const struct fwc_item *fwc_rule_at(const struct fwc_rule *rule, size_t i);

/** What an item of a rule is. */
enum fwc_item_kind {
	FWC_ITEM_MATCH = 1,
	FWC_ITEM_TARGET = 2,
	FWC_ITEM_OPAQUE = 3, /**< an expression that this version cannot name; kept as it is */
	FWC_ITEM_EXTENSION = 4, /**< a match or target of iptables: its name, revision and bytes */
};

/** @param item the item @return enum fwc_item_kind, 0 for NULL */
FWC_API uint32_t fwc_item_kind(const struct fwc_item *item);
/** @param item a MATCH @return its left side, NULL for others */
FWC_API const struct fwc_value *fwc_item_left(const struct fwc_item *item);
/** @param item a MATCH @return enum fwc_op, 0 for others */
FWC_API uint32_t fwc_item_op(const struct fwc_item *item);
/** @param item a MATCH @return its right side, NULL for others */
FWC_API const struct fwc_value *fwc_item_right(const struct fwc_item *item);
/** @param item a TARGET @return it, NULL for others */
FWC_API const struct fwc_target *fwc_item_target(const struct fwc_item *item);

/**
 * The kernel's bytes of an OPAQUE item: one NFTA_LIST_ELEM.
 *
 * @param item     the item
 * @param ret_len  receives their number
 * @return borrowed, NULL for others
 */
FWC_API const void *fwc_item_opaque(const struct fwc_item *item, size_t *ret_len);

/**
 * The name of an EXTENSION as the kernel has it: "conntrack", also where iptables says `-m state`.
 *
 * @param item  the item
 * @return borrowed, NULL for others
 *
 * Kernel: net/netfilter/nft_compat.c.
 * Since: 0.1
 */
FWC_API const char *fwc_item_extension_name(const struct fwc_item *item);
/** @param item an EXTENSION @return true for a target (`-j`), false for a match (`-m`) and for others */
FWC_API bool fwc_item_extension_is_target(const struct fwc_item *item);
/** @param item an EXTENSION @return which version of its struct it is, 0 for others */
FWC_API uint32_t fwc_item_extension_revision(const struct fwc_item *item);

/**
 * The struct of an EXTENSION, in the kernel's layout and byte order: `struct xt_conntrack_mtinfo3` and the like.
 *
 * @param item     the item
 * @param ret_len  receives its bytes, or NULL
 * @return borrowed, NULL for others
 */
FWC_API const void *fwc_item_extension_info(const struct fwc_item *item, size_t *ret_len);

/**
 * Write a rule as one line, without its chain, in nft's words: `tcp dport 22 counter accept comment "ssh"`.
 * An opaque part is written as `<name: N bytes>`, an extension of iptables as `<match name revision R: N bytes>`: no parser
 * takes them.
 *
 * @param rule        the rule
 * @param syntax      enum fwc_syntax
 * @param buf         receives the text with its NUL; may be NULL when size is 0
 * @param size        bytes in buf
 * @param ret_needed  receives the length without the NUL, or NULL
 * @return 0, -EINVAL, -ENOSPC when buf is too small (it then holds what fits), -EILSEQ when a text
 *         is not UTF-8, as JSON is, -EOPNOTSUPP when iptables has no words for it, or the failure of the rule's ruleset
 *
 * Since: 0.1
 */
FWC_API int fwc_rule_format(const struct fwc_rule *rule, uint32_t syntax, char *buf, size_t size,
			    size_t *ret_needed);

/** How well nft's words say what a rule of iptables says. */
enum fwc_translation {
	FWC_TRANSLATION_EXACT = 1, /**< the same packets get the same */
	FWC_TRANSLATION_APPROXIMATE = 2, /**< not all of them: the error says which do not */
};

/**
 * Write a rule of a table of iptables in nft's words, without its chain. In a native chain of the same family, as
 * fwc_chain_append_text() takes them, they say what the rule says.
 *
 * A chain of native tables of ip and ip6 takes iptables' words itself, where the translation is exact.
 *
 * @param rule             the rule, of a table of iptables in ip or ip6
 * @param buf              receives the text with its NUL; may be NULL when size is 0
 * @param size             bytes in buf
 * @param ret_needed       receives the length without the NUL, or NULL
 * @param ret_translation  receives enum fwc_translation, or NULL
 * @param err              detail on failure; after an approximation its code is 0 and its text says what differs. Or NULL
 * @return 0, -EOPNOTSUPP when a part of it has no native form: the error names it, -EINVAL (the table is none of
 *         iptables), -ENOSPC when buf is too small (it then holds what fits), -ENOMEM
 *
 * Since: 0.1
 */
FWC_API int fwc_rule_translate(const struct fwc_rule *rule, char *buf, size_t size,
			       size_t *ret_needed, uint32_t *ret_translation,
			       struct fwc_error *err);

FWC_END_DECLS
#endif
