/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Random rulesets that are valid: the kernel and nft take every one of them. */
#ifndef FWC_RANDOM_RULESET_H
#define FWC_RANDOM_RULESET_H

#include <fwcore/fwcore.h>

/* The same seed makes the same ruleset. */
struct fwc_ruleset *random_ruleset(uint64_t seed);
/* Of every family, with all that tables, sets, maps and elements can hold, as commands; to be freed. */
char *random_commands(uint64_t seed);

#endif
