/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Files of commands, what they would change, and changes that wait to be confirmed. */
#ifndef FWCTL_PLAN_H
#define FWCTL_PLAN_H

#include <fwcore/fwcore.h>

/* The whole file, or the standard input for "-". NULL: said so already. */
struct fwc_ruleset *read_ruleset(const char *path);

enum plan_format {
	PLAN_COMMANDS, /* as `nft -f` takes it */
	PLAN_DIFF, /* each with a sign */
	PLAN_JSON,
};
/* In colour when the standard output is a terminal, but not as JSON. */
void print_plan(const struct fwc_plan *plan, enum plan_format format);

/* Applies it in a process of its own, which takes it back unless it is confirmed in time. Returns what main should. */
int apply_to_confirm(const struct fwc_ruleset *ruleset, const char *path, unsigned long seconds);

#endif
