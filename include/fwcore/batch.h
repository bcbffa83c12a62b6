/* SPDX-License-Identifier: LGPL-2.1-or-later */
/**
 * @file batch.h
 * Operations on tables as they are, one's own or others', all in one commit.
 *
 * A batch does not depend on what was read before: it carries no generation, so writers do not starve each other.
 * Its builders keep their first failure like a ruleset's.
 */
#ifndef FWCORE_BATCH_H
#define FWCORE_BATCH_H

#include <fwcore/types.h>

FWC_BEGIN_DECLS

struct fwc_element_opts;

/** Where in a chain. */
enum fwc_where {
	FWC_LAST = 0, /**< at the end of the chain */
	FWC_FIRST = 1, /**< at its beginning */
	FWC_BEFORE = 2, /**< before the rule of that handle */
	FWC_AFTER = 3, /**< after it */
};

/** A place in a chain, or the rule there. */
struct fwc_place {
	uint32_t family; /**< the table's */
	uint32_t where; /**< enum fwc_where */
	uint64_t handle; /**< a rule's; for BEFORE, AFTER, replace and delete */
	const char *table; /**< its name */
	const char *chain; /**< the chain's name */
	uint64_t reserved[2]; /**< 0 */
};

/** An empty batch. @return yours; NULL when out of memory */
FWC_API struct fwc_batch *fwc_batch_new(void);
/** Release a batch and its rules. @param batch the batch, or NULL */
FWC_API void fwc_batch_free(struct fwc_batch *batch);
/** Empty it, its failure too, to be used again. @param batch the batch */
FWC_API void fwc_batch_clear(struct fwc_batch *batch);

/**
 * The first failure of a builder.
 *
 * @param batch  the batch
 * @param err    receives it, or NULL
 * @return 0, or the failure's code
 */
FWC_API int fwc_batch_error(const struct fwc_batch *batch, struct fwc_error *err);

/**
 * Add a rule, to be filled by the calls of rule.h.
 *
 * @param batch  the batch
 * @param place  where
 * @return borrowed; NULL on failure
 */
FWC_API struct fwc_rule *fwc_batch_add_rule(struct fwc_batch *batch, const struct fwc_place *place);

/**
 * Add a rule in words.
 *
 * @param batch   the batch
 * @param place   where
 * @param syntax  enum fwc_syntax
 * @param text    as fwc_chain_append_text()
 * @return borrowed; NULL on failure
 */
FWC_API struct fwc_rule *fwc_batch_add_rule_text(struct fwc_batch *batch,
						 const struct fwc_place *place, uint32_t syntax,
						 const char *text);

/**
 * Replace a rule.
 *
 * @param batch  the batch
 * @param place  whose handle is the old rule's
 * @return the new rule, to be filled; borrowed; NULL on failure
 */
FWC_API struct fwc_rule *fwc_batch_replace_rule(struct fwc_batch *batch,
						const struct fwc_place *place);

/**
 * Delete a rule.
 *
 * @param batch  the batch
 * @param place  whose handle is the rule's
 * @return 0, -EINVAL, -ENOMEM
 */
FWC_API int fwc_batch_del_rule(struct fwc_batch *batch, const struct fwc_place *place);

/**
 * Delete all rules and elements of a table that carry a tag and this kernel object's owner. None
 * is no failure.
 *
 * @param batch   the batch
 * @param family  the table's
 * @param table   its name
 * @param tag     the tag
 * @return 0, -EINVAL, -ENOMEM
 */
FWC_API int fwc_batch_del_tagged(struct fwc_batch *batch, uint32_t family, const char *table,
				 const char *tag);

/** How an element is added. */
enum fwc_element_flags {
	FWC_ELEMENT_EXCLUSIVE = 1, /**< -EEXIST when it is there already: a reservation */
};

/**
 * Add an element in nft's words; the set's types are read from the declared rulesets, or from the
 * kernel at commit.
 *
 * @param batch   the batch
 * @param family  the table's
 * @param table   its name
 * @param set     the set's name
 * @param key     "10.0.0.1 . 80"
 * @param data    for a map, else NULL
 * @param flags   enum fwc_element_flags
 * @param opts    NULL: none
 * @return 0, -EINVAL, -ENOMEM
 */
FWC_API int fwc_batch_add_element(struct fwc_batch *batch, uint32_t family, const char *table,
				  const char *set, const char *key, const char *data,
				  uint32_t flags, const struct fwc_element_opts *opts);

/**
 * Delete an element.
 *
 * @param batch   the batch
 * @param family  the table's
 * @param table   its name
 * @param set     the set's name
 * @param key     as it was added
 * @return 0, -EINVAL, -ENOMEM
 */
FWC_API int fwc_batch_del_element(struct fwc_batch *batch, uint32_t family, const char *table,
				  const char *set, const char *key);

/**
 * Add an element by values.
 *
 * @param batch   the batch
 * @param family  the table's
 * @param table   its name
 * @param set     the set's name
 * @param key     as fwc_set_add_value()
 * @param data    for a map, else NULL
 * @param flags   enum fwc_element_flags
 * @param opts    NULL: none
 * @return 0, -EINVAL, -ENOMEM
 */
FWC_API int fwc_batch_add_element_value(struct fwc_batch *batch, uint32_t family, const char *table,
					const char *set, const struct fwc_value *key,
					const struct fwc_value *data, uint32_t flags,
					const struct fwc_element_opts *opts);

/**
 * Delete an element by value.
 *
 * @param batch   the batch
 * @param family  the table's
 * @param table   its name
 * @param set     the set's name
 * @param key     as it was added
 * @return 0, -EINVAL, -ENOMEM
 */
FWC_API int fwc_batch_del_element_value(struct fwc_batch *batch, uint32_t family, const char *table,
					const char *set, const struct fwc_value *key);

/**
 * Make a declared ruleset part of the commit: the difference is worked out when the batch is
 * committed. It comes before the operations.
 *
 * @param batch    the batch
 * @param ruleset  must live as long as the batch
 * @return 0, -EINVAL, -ENOMEM
 */
FWC_API int fwc_batch_declare(struct fwc_batch *batch, const struct fwc_ruleset *ruleset);

/**
 * Commit a batch: everything in it or nothing.
 *
 * @param kernel  the kernel object
 * @param batch   the batch; it can be committed again
 * @param err     the operation's table, chain or set, rule and item, and the kernel's words; or NULL
 * @return 0; the batch's own failure; -EINVAL (an element that is none of its set), -ENOENT,
 *         -EEXIST, -EMLINK, -EPERM, -EOPNOTSUPP, -EAGAIN, -ENOBUFS, -ECHILD, -ENOMEM; -EMSGSIZE without
 *         CAP_NET_ADMIN in the initial user namespace, when it is larger than the kernel then takes: commit in
 *         parts, or declare a ruleset and apply it; with a
 *         declared ruleset what fwc_kernel_apply() returns. err->outcome tells whether anything
 *         changed.
 *
 * Kernel: one nf_tables batch without generation, with one when a ruleset was declared.
 * Since: 0.1
 */
FWC_API int fwc_kernel_commit(struct fwc_kernel *kernel, struct fwc_batch *batch,
			      struct fwc_error *err);

FWC_END_DECLS
#endif
