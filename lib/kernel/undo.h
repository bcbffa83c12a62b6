/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Taking a plan back that was carried out: what the files about it share. */
#ifndef FWC_KERNEL_UNDO_H
#define FWC_KERNEL_UNDO_H

#include "kernel/plan.h"

/* Three states of a table: `was` before the commit, `put` what was declared, `is` now. The fourth, `into`, is `is` with what
 * the commit changed as it `was`: it borrows rules, elements and objects of the others. */
struct fwc_undo {
	const struct fwc_plan *done;
	const struct fwc_step **steps; /* of done, sorted by what they are about */
	const char *owner;
	struct fwc_error *err;
	const struct fwc_table *was, *put, *is; /* NULL: not there */
	struct fwc_table *into;
};

/* Whether the commit had such a step about that object. */
const struct fwc_step *fwc_undo_step(const struct fwc_undo *u, uint32_t kind, const void *object);
/* -ESTALE: `what` `name` cannot be brought back, because others have done something to it since. */
int fwc_undo_conflict(const struct fwc_undo *u, const char *what, const char *name,
		      const char *done_to_it);
/* The rules of a chain: each of the three may be NULL. */
int fwc_undo_rules(const struct fwc_undo *u, const struct fwc_chain *was,
		   const struct fwc_chain *put, const struct fwc_chain *is, struct fwc_chain *into);
int fwc_undo_sets(const struct fwc_undo *u);
int fwc_undo_restore_set(const struct fwc_undo *u, const struct fwc_set *was);

#endif
