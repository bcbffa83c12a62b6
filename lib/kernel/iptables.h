/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Commands of iptables as they are collected, and the tables as they are while these are carried out. */
#ifndef FWC_KERNEL_IPTABLES_H
#define FWC_KERNEL_IPTABLES_H

#include "core/index.h"
#include "iptables/iptables.h"
#include "kernel/steps.h"

#include <fwcore/iptables.h>

struct fwc_xt_operation {
	char letter; /* of the command; '*': the table loses all that it has; ':': a chain is declared */
	bool zero; /* L, S: -Z beside it */
	bool counted; /* P, ':': with counters */
	uint32_t list; /* enum fwc_xt_list_flags */
	uint32_t number; /* of a rule, from 1; 0: none is given */
	uint32_t policy; /* P, ':': enum fwc_verdict; 0: as it is */
	uint32_t line; /* of a file; 0: none */
	uint64_t packets, bytes;
	struct fwc_table *table; /* in the ruleset of the commands, as is what follows */
	const char *chain, *name; /* NULL: not given; name: E: the new one */
	const struct fwc_rule *rule; /* A I R C, D without a number */
	const char *target; /* the rule jumps there; NULL: to none */
};

struct fwc_iptables {
	uint32_t family;
	struct fwc_ruleset *rs; /* tables and rules of the commands */
	struct fwc_vec operations; /* of struct fwc_xt_operation, in its arena */
	struct fwc_buf help; /* what was asked for last */
	char failed; /* letter of the one that could not be carried out */
};

/* ---- a chain while commands are carried out: iptables_chains.c ---- */

struct fwc_xt_work_table;

struct fwc_xt_work_chain {
	struct fwc_xt_work_table *table;
	const char *name;
	struct fwc_chain *ours; /* in the ruleset of the commands: what is made */
	const struct fwc_chain *was; /* loaded; NULL: it is new */
	bool is_base; /* iptables has it always */
	bool there; /* users' chains: it exists now */
	bool needed; /* a base chain that has something */
	bool gone; /* `was` is deleted; one of that name may have come again */
	bool flushed; /* all rules of `was` go */
	bool known; /* `rules` are all; else NULL among them stands for those of `was` */
	bool decided; /* its policy or its counters are set */
	const char *renamed; /* to this */
	uint32_t policy;
	uint64_t packets, bytes;
	struct fwc_vec rules; /* of const struct fwc_rule; new ones have no handle */
};

struct fwc_xt_work_table {
	struct fwc_table *ours;
	const struct fwc_table *was; /* loaded; NULL: not there, or it is replaced */
	const struct fwc_table *replaced; /* loaded, and goes */
	bool touched;
	struct fwc_vec chains; /* of struct fwc_xt_work_chain */
	struct fwc_index lookup;
};

struct fwc_xt_work {
	struct fwc_kernel *kernel;
	struct fwc_iptables *commands;
	struct fwc_arena arena;
	struct fwc_vec tables; /* of struct fwc_xt_work_table */
	struct fwc_ruleset *loaded;
	struct fwc_steps steps;
	struct fwc_buf out;
	bool looked; /* what is done depends on what was read */
	struct fwc_error *err;
};

/* All tables of the commands as the kernel has them. */
int fwc_xt_work_begin(struct fwc_xt_work *w);
void fwc_xt_work_free(struct fwc_xt_work *w);
struct fwc_xt_work_table *fwc_xt_work_table_of(const struct fwc_xt_work *w,
					       const struct fwc_table *ours);
/* NULL: there is none now. */
struct fwc_xt_work_chain *fwc_xt_work_chain_of(const struct fwc_xt_work_table *t, const char *name);
/* A user's chain that is not there comes to be. NULL: out of memory. */
struct fwc_xt_work_chain *fwc_xt_work_add(struct fwc_xt_work *w, struct fwc_xt_work_table *t,
					  const char *name);
/* Users' chains behind base chains, by name; those that are there. */
int fwc_xt_work_sort(struct fwc_xt_work *w, struct fwc_xt_work_table *t, struct fwc_vec *ret);
int fwc_xt_work_replace(struct fwc_xt_work *w, struct fwc_xt_work_table *t);
void fwc_xt_work_flush(struct fwc_xt_work_chain *c);
/* c->rules are all from here on. */
int fwc_xt_work_know(struct fwc_xt_work *w, struct fwc_xt_work_chain *c);
int fwc_xt_work_insert(struct fwc_xt_work *w, struct fwc_xt_work_chain *c, size_t at,
		       const struct fwc_rule *r);
/* What is to be done becomes steps. */
int fwc_xt_work_steps(struct fwc_xt_work *w);

#endif
