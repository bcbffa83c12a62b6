/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Rulesets that were loaded, and whether their tables are still what they were. */
#ifndef FWC_KERNEL_STALE_H
#define FWC_KERNEL_STALE_H

#include "model/model.h"

/* All that the ruleset has was loaded. */
void fwc_stale_note(struct fwc_ruleset *loaded);
/* -ESTALE, naming the table and the chain or set, when `wanted` was loaded in that namespace and others have changed one
 * of its tables since. `loaded`: what is there now. */
int fwc_stale_check(const struct fwc_ruleset *wanted, const struct fwc_ruleset *loaded,
		    struct fwc_error *err);
/* `wanted` says what is there now: changes count from here on. */
void fwc_stale_adopt(struct fwc_ruleset *wanted, const struct fwc_ruleset *loaded);

#endif
