/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Reading what the kernel has. */
#ifndef FWC_KERNEL_LOAD_H
#define FWC_KERNEL_LOAD_H

#include "kernel/handle.h"
#include "model/model.h"

struct fwc_load_filter {
	uint32_t family; /* FWC_FAMILY_ANY: all */
	const char *table; /* NULL: all of the family */
	/* Not NULL: the tables that it names, of absent ones only their chains, and no elements that a plan for it does
	 * not look at. */
	const struct fwc_ruleset *wanted;
	bool whole; /* with `wanted`: all of those tables after all */
	bool chains; /* tables and chains alone */
	bool sets; /* of `table` its sets with their elements alone */
	const char *set; /* with `sets`: of that name; NULL: all */
	bool bare; /* chains, sets and the lists in rules: no rules, no elements of named sets, no objects */
};

/* One generation of the kernel's tables, or -EAGAIN when others kept writing. */
int fwc_load(struct fwc_kernel *kernel, const struct fwc_load_filter *filter,
	     struct fwc_ruleset **ret, struct fwc_error *err);
/* The same for what a caller asks for: -EINVAL and -ENOENT with words. */
int fwc_load_checked(struct fwc_kernel *kernel, const struct fwc_load_filter *filter,
		     struct fwc_ruleset **ret, struct fwc_error *err);
/* The attributes of an answer of that kind; false for others. */
bool fwc_load_attributes(const struct nlmsghdr *nlh, struct fwc_slice payload, uint16_t msg,
			 uint32_t *ret_family, struct fwc_slice *ret);
int fwc_load_generation(struct fwc_kernel *kernel, uint32_t *ret, struct fwc_error *err);
/* One set without its elements, added to `into`. -ENOENT when it or its table does not exist. */
int fwc_load_set(struct fwc_kernel *kernel, uint32_t family, const char *table, const char *name,
		 struct fwc_ruleset *into, struct fwc_set **ret, struct fwc_error *err);
void fwc_ruleset_freep(struct fwc_ruleset **rs); /* for fwc_cleanup() */

#endif
