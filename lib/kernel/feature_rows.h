/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What is asked of a kernel: a row each. */
#ifndef FWC_KERNEL_FEATURE_ROWS_H
#define FWC_KERNEL_FEATURE_ROWS_H

#include <stddef.h>

struct fwc_feature_row {
	const char *name, *summary;
	const char *since; /* the first Linux that has it; "": not known */
	/* The kernel's word for an expression, or an option of its configuration; "": nothing of its own. */
	const char *needs;
	const char *family;
	const char *before; /* commands that it needs, in table `t`; "": none */
	/* The head of chain `c`, in which `example` is a rule; NULL: it is a command. One that begins with `reset` is no part of
	 * a transaction: the kernel is asked whether it knows the message. */
	const char *chain;
	const char *example;
};

extern const struct fwc_feature_row fwc_feature_rows[];
extern const size_t fwc_feature_row_count;

/* NULL: none has that name. */
const struct fwc_feature_row *fwc_feature_row_find(const char *name);

#endif
