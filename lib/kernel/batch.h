/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Operations as they are collected: names and words, which get their types when they are committed. */
#ifndef FWC_KERNEL_BATCH_H
#define FWC_KERNEL_BATCH_H

#include "kernel/steps.h"

#include <fwcore/batch.h>

enum fwc_operation_kind {
	FWC_OPERATION_RULE, /* add or replace */
	FWC_OPERATION_DEL_RULE,
	FWC_OPERATION_DEL_TAGGED,
	FWC_OPERATION_ADD_ELEMENT,
	FWC_OPERATION_DEL_ELEMENT,
};

struct fwc_operation {
	uint8_t kind; /* enum fwc_operation_kind */
	uint8_t place; /* RULE: enum fwc_nft_place */
	bool exclusive; /* ADD_ELEMENT */
	union {
		const struct fwc_rule *rule; /* RULE, DEL_RULE: in the batch's ruleset */
		const struct fwc_table *table; /* others: likewise */
	};
	uint64_t handle; /* RULE, DEL_RULE */
	const char *set; /* elements: its name */
	const char *key, *data; /* elements in words; data NULL: none */
	const struct fwc_value *key_value, *data_value; /* by values, when key is NULL */
	const char *tag, *comment; /* DEL_TAGGED, ADD_ELEMENT; NULL: none */
	uint64_t timeout_ms;
	struct fwc_stateful stateful;
};

struct fwc_batch {
	struct fwc_ruleset *rs; /* rules, names and the first failure; NULL: out of memory */
	struct fwc_vec operations; /* of struct fwc_operation, in the ruleset's arena */
	struct fwc_vec values; /* to be freed one by one */
	struct fwc_vec declared; /* of struct fwc_ruleset, not ours */
};

#endif
