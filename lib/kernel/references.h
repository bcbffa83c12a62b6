/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What a rule or set refers to by name. */
#ifndef FWC_KERNEL_REFERENCES_H
#define FWC_KERNEL_REFERENCES_H

#include "model/model.h"

/* One of the two is not NULL: a named set or map that is looked into, or a chain that is jumped to. Non-zero stops and is
 * returned. */
typedef int (*fwc_reference_cb)(const char *set, const char *chain, void *ctx);

/* Anonymous maps are looked through as parts of the rule. */
int fwc_rule_references(const struct fwc_rule *r, fwc_reference_cb cb, void *ctx);
/* The chains that the elements of a verdict map jump to. */
int fwc_set_references(const struct fwc_set *s, fwc_reference_cb cb, void *ctx);

#endif
