/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What a rule or set refers to by name. */
#ifndef FWC_KERNEL_REFERENCES_H
#define FWC_KERNEL_REFERENCES_H

#include "model/model.h"

enum fwc_set_use {
	FWC_USE_SET, /* whether the key is in it */
	FWC_USE_MAP, /* what it has for the key */
	FWC_USE_VERDICTS, /* the verdict that it has for the key */
	FWC_USE_CHANGE, /* it is given elements, whatever it is */
};

/* A chain that is jumped to, or a named set or map that is looked into. */
struct fwc_reference {
	const char *chain; /* NULL: a set or block is meant */
	const char *set;
	const struct fwc_chain *block; /* one that the rule owns */
	uint8_t use; /* sets: enum fwc_set_use */
	const struct fwc_value *key; /* sets: what is looked up; NULL: not known */
	uint32_t item; /* index of the match or target, FWC_NO_INDEX for elements of a map */
};

/* Non-zero stops and is returned. */
typedef int (*fwc_reference_cb)(const struct fwc_reference *reference, void *ctx);

/* Anonymous maps are looked through as parts of the rule, and so are chains that it owns. */
int fwc_rule_references(const struct fwc_rule *r, fwc_reference_cb cb, void *ctx);
/* The same, but chains that it owns are told, not looked through. */
int fwc_rule_own_references(const struct fwc_rule *r, fwc_reference_cb cb, void *ctx);
/* The chains that the elements of a verdict map jump to. */
int fwc_set_references(const struct fwc_set *s, fwc_reference_cb cb, void *ctx);

/* Whether the set has the types that the reference needs: the kernel compares their lengths only. Types that are not known
 * pass. -EINVAL with both in words. */
int fwc_reference_check(const struct fwc_reference *reference, const struct fwc_set *s,
			struct fwc_error *err);

#endif
