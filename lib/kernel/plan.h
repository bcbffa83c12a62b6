/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What must change for the kernel to have what a ruleset declares. */
#ifndef FWC_KERNEL_PLAN_H
#define FWC_KERNEL_PLAN_H

#include "kernel/steps.h"

/* A comment that the kernel has otherwise and cannot change. */
struct fwc_kept {
	const struct fwc_table *table;
	uint32_t object; /* enum fwc_object; NONE: a named object */
	const char *name; /* "" for the table itself */
	const char *declared, *there; /* NULL: none */
};

struct fwc_plan {
	const struct fwc_ruleset *wanted;
	struct fwc_ruleset *own; /* the same where it is the plan's own; else NULL */
	struct fwc_ruleset *borrowed; /* what `own` points into, beside `loaded`; NULL: nothing */
	struct fwc_ruleset *loaded; /* what the steps delete points into it */
	struct fwc_steps steps;
	struct fwc_vec kept; /* of struct fwc_kept */
	struct fwc_arena arena; /* the steps' lists of elements */
	bool carried_out;
	bool partly; /* of its steps the first ones only were carried out */
};

/* What working out a plan needs at hand. */
struct fwc_planner {
	struct fwc_plan *plan;
	const char *owner;
	struct fwc_error *err;
	const struct fwc_table *wanted, *loaded; /* the table at hand; loaded NULL: not there */
	struct fwc_vec remade; /* its sets that go and come again: rules that name them must, too */
	bool beside_flags; /* it wakes or goes to sleep: see fwc_step.beside_flags */
};

/* How a plan is made. */
enum fwc_plan_flags {
	FWC_PLAN_OVERWRITE = 1,
	FWC_PLAN_WHOLE = 2, /* loads all of its tables, so that it can be undone */
};

/* The loaded state, the difference and its checks: all but the commit. Without OVERWRITE a ruleset that was loaded is
 * -ESTALE when others have changed its tables since. */
int fwc_plan_make(struct fwc_kernel *kernel, const struct fwc_ruleset *wanted, uint32_t flags,
		  struct fwc_plan **ret, struct fwc_error *err);
/* The same for what it takes to undo a plan that was carried out. */
int fwc_plan_make_undo(struct fwc_kernel *kernel, const struct fwc_plan *done,
		       struct fwc_plan **ret, struct fwc_error *err);
/* The difference between plan->wanted and plan->loaded, and its checks. */
int fwc_plan_fill(struct fwc_plan *plan, struct fwc_kernel *kernel, uint32_t flags,
		  struct fwc_error *err);
/* After the plan was carried out: a ruleset that was loaded counts as loaded again, if it is what is there. */
void fwc_plan_adopt(const struct fwc_plan *plan, struct fwc_kernel *kernel);
/* Fills plan->steps from plan->wanted and plan->loaded. No kernel needed. */
int fwc_plan_difference(struct fwc_plan *plan, const char *owner, struct fwc_error *err);
void fwc_plan_freep(struct fwc_plan **plan); /* for fwc_cleanup() */

/* In one transaction, or, where the socket or the kernel does not take it whole, by and by: what no packet meets yet first,
 * what makes it count last and at once. */
int fwc_plan_commit(struct fwc_plan *plan, struct fwc_kernel *kernel, bool dry_run,
		    struct fwc_error *err);

/* Whether the kernel does not take it as one transaction, however small it is. */
bool fwc_plan_is_apart(const struct fwc_plan *plan);

/* The parts of the difference. */
bool fwc_elements_equal(const struct fwc_element *a,
			const struct fwc_element *b); /* but for keys */
bool fwc_sets_have_one_shape(const struct fwc_set *a, const struct fwc_set *b);
bool fwc_chains_have_one_hook(const struct fwc_chain *a, const struct fwc_chain *b);
bool fwc_is_owned(const struct fwc_labels *labels, const char *owner);
/* Whether what is written must say whose it is: in a shared table, and what is looked for by its tag. */
bool fwc_needs_owner(const struct fwc_table *t, const struct fwc_labels *labels);
struct fwc_step *fwc_planner_step(struct fwc_planner *p, uint32_t kind); /* NULL: err is set */
int fwc_plan_sets(struct fwc_planner *p);
int fwc_plan_chains(struct fwc_planner *p);
/* The rules of one chain; `loaded` NULL: none are there. */
int fwc_plan_rules(struct fwc_planner *p, const struct fwc_chain *wanted,
		   const struct fwc_chain *loaded);

/* Jumps to chains that exist nowhere (-ENOENT), sets likewise, loops and more than 16 chains in a row (-EMLINK). `loaded` may be NULL. */
int fwc_check_jumps(const struct fwc_ruleset *wanted, const struct fwc_ruleset *loaded,
		    const char *owner, struct fwc_error *err);
/* The kernel has refused these steps with -EMLINK: *err names the chains, where they are found. */
void fwc_explain_loop(struct fwc_kernel *kernel, const struct fwc_steps *steps,
		      struct fwc_error *err);

#endif
