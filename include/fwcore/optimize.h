/* SPDX-License-Identifier: LGPL-2.1-or-later */
/**
 * @file optimize.h
 * Long lists of rules as look-ups in sets and maps, and back.
 *
 * A packet meets the rules of a chain one by one; ten thousand of them cost it a hundred times what one look-up costs, and
 * loading them takes five times as long. Rules that follow each other, compare the same fields with different constants
 * and then do the same or end in a verdict are one look-up:
 *
 *     ip saddr 192.0.2.1 tcp dport 22 accept
 *     ip saddr 192.0.2.7 tcp dport 25 drop       becomes  ip saddr . tcp dport vmap @input.ip_saddr.tcp_dport
 *     ...
 *
 * What becomes of a packet, and what is counted, is the same before and after. It is a step of its own, before apply:
 * nothing else in the library does it.
 */
#ifndef FWCORE_OPTIMIZE_H
#define FWCORE_OPTIMIZE_H

#include <fwcore/types.h>

FWC_BEGIN_DECLS

/** How a ruleset is optimised. */
struct fwc_optimize_opts {
	size_t size; /**< sizeof(struct fwc_optimize_opts) */
	/** fewer rules than this stay as they are; 0: 8, where a look-up begins to cost less; at least 2 */
	uint32_t min_rules;
	uint32_t reserved; /**< 0 */
};

/**
 * Fold adjacent rules into sets and maps.
 *
 * Rules are folded when they compare the same fields, with keys that no packet has two of, and then have the same
 * targets, or one verdict each that ends the chain for the packet. An order that matters is kept: a rule whose keys
 * overlap those of one before it begins a new set. Each element carries its rule's comment, tag, owner, and counter.
 *
 * The sets are named after chain and fields (`input.tcp_dport`), belong to the table and can be changed element by
 * element: applied again after a rule was added, the ruleset adds one element. A folded rule has no handle any more;
 * fwc_batch_del_tagged() finds it by its tag as before.
 *
 * Tables of iptables-nft are left alone, and so is a rule of which it is not certain that folding changes nothing.
 *
 * @param ruleset  declared, parsed or loaded; its rules change. Rules borrowed from it stay readable, also those that are
 *                 in no chain any more
 * @param opts     NULL: the defaults
 * @param ret      receives what was folded, and what was left and why; release it with fwc_folds_free(). NULL: not wanted
 * @param err      detail on failure, or NULL
 * @return 0, -EINVAL, -ENOMEM (which the ruleset keeps), or the ruleset's own failure
 *
 * Since: 0.1
 */
FWC_API int fwc_ruleset_optimize(struct fwc_ruleset *ruleset, const struct fwc_optimize_opts *opts,
				 struct fwc_folds **ret, struct fwc_error *err);

/**
 * Turn what fwc_ruleset_optimize() folded into rules again.
 *
 * Also in a ruleset that was loaded: what belongs together is noted in the sets' and elements' userdata. The rules come in
 * their order, with their comments, tags, owners and counters, but without handles. Elements that others added to
 * such a set become rules as well.
 *
 * @param ruleset  the ruleset; its rules change
 * @param err      detail on failure, or NULL
 * @return 0, -EINVAL, -ENOMEM (which the ruleset keeps), or the ruleset's own failure
 *
 * Since: 0.1
 */
FWC_API int fwc_ruleset_unfold(struct fwc_ruleset *ruleset, struct fwc_error *err);

/** What became of adjacent rules. */
enum fwc_fold_kind {
	FWC_FOLD_LEFT = 1, /**< they stay as they are: see fwc_fold_reason() */
	FWC_FOLD_SET = 2, /**< one rule with a set: they did the same */
	FWC_FOLD_MAP = 3, /**< one rule with a verdict map */
};

/** Why rules were left as they are. */
enum fwc_fold_reason {
	FWC_FOLD_NO_REASON = 0, /**< they were folded */
	FWC_FOLD_FEW =
		1, /**< fewer than min_rules that follow each other compare the same fields */
	FWC_FOLD_OVERLAP = 2, /**< a packet may match two of them: the first one decides */
	/** what they compare with is no key: another operator than ==, a named set, bits, a type that sets have no name for */
	FWC_FOLD_COMPARISON = 3,
	FWC_FOLD_NO_VERDICT =
		4, /**< they neither decide nor do anything, or go on with the next rule */
	FWC_FOLD_JUMP = 5, /**< a chain that they jump to may change what the next rule compares */
	FWC_FOLD_TARGET = 6, /**< they have a target that cannot be shared: limit, quota, ... */
	FWC_FOLD_CHANGING =
		7, /**< they compare numbers that are others at each look (numgen, meta random) */
	FWC_FOLD_OPAQUE = 8, /**< they hold something that this version cannot name */
	FWC_FOLD_LARGE = 9, /**< too many matches, or lists whose combinations are too many */
	FWC_FOLD_IPTABLES = 10, /**< the table is iptables-nft's, which would misread a set */
};

/** @param folds the list, or NULL @return the number of entries: each is about rules that follow each other in a chain */
FWC_API size_t fwc_folds_count(const struct fwc_folds *folds);
/** @param folds the list @param i from 0 @return borrowed, NULL past the end */
FWC_API const struct fwc_fold *fwc_folds_at(const struct fwc_folds *folds, size_t i);
/** Release a list. @param folds the list, or NULL */
FWC_API void fwc_folds_free(struct fwc_folds *folds);

/** @param fold the entry @return enum fwc_fold_kind, 0 for NULL */
FWC_API uint32_t fwc_fold_kind(const struct fwc_fold *fold);
/** @param fold the entry @return enum fwc_fold_reason */
FWC_API uint32_t fwc_fold_reason(const struct fwc_fold *fold);
/** @param fold the entry @return enum fwc_family of the table */
FWC_API uint32_t fwc_fold_family(const struct fwc_fold *fold);
/** @param fold the entry @return the table's name, borrowed */
FWC_API const char *fwc_fold_table(const struct fwc_fold *fold);
/** @param fold the entry @return the chain's name, borrowed */
FWC_API const char *fwc_fold_chain(const struct fwc_fold *fold);
/** @param fold the entry @return the name of the set or map that was made, borrowed; NULL when rules were left */
FWC_API const char *fwc_fold_set(const struct fwc_fold *fold);
/** @param fold the entry @return the index that the first of the rules had in its chain */
FWC_API uint32_t fwc_fold_first(const struct fwc_fold *fold);
/** @param fold the entry @return how many rules */
FWC_API uint32_t fwc_fold_rules(const struct fwc_fold *fold);

/**
 * An entry in words: `table inet t, chain input, rules 3 to 202: folded into map input.tcp_dport`.
 *
 * @param fold        the entry
 * @param buf         receives the text
 * @param size        bytes in buf
 * @param ret_needed  receives the length without the NUL, or NULL
 * @return 0, -EINVAL, -ENOSPC
 */
FWC_API int fwc_fold_format(const struct fwc_fold *fold, char *buf, size_t size,
			    size_t *ret_needed);

FWC_END_DECLS
#endif
