/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Targets that are one expression whose attributes are parameters: a table that encoder and decoder read. */
#ifndef FWC_NFT_TARGET_SHAPE_H
#define FWC_NFT_TARGET_SHAPE_H

#include "model/model.h"

enum fwc_attr_form {
	FWC_ATTR_BE16 = 1,
	FWC_ATTR_BE32,
	FWC_ATTR_BE64,
	FWC_ATTR_TEXT,
	FWC_ATTR_U8,
	FWC_ATTR_U32, /* host order */
	FWC_ATTR_REGISTER, /* the number of the register that holds the value */
};

struct fwc_attr_shape {
	uint16_t attr;
	uint8_t form; /* enum fwc_attr_form */
	uint8_t param;
	bool always; /* the kernel dumps it even when it is `otherwise` */
	bool state; /* zero in canonical form */
	uint8_t not_with; /* left out when this parameter is set; 0: none */
	uint8_t only_with; /* left out when this parameter is not set; 0: none */
	uint8_t sets; /* a bit of the attribute that `collects`, set when this parameter is */
	bool collects;
	bool optional; /* it is there when the parameter is set: 0 is a value like any other */
	bool by_family; /* `otherwise` is the family of the table */
	uint32_t otherwise; /* the value when the parameter is not set */
};

enum { FWC_MAX_TARGET_ATTRS = 6 };

struct fwc_target_shape {
	uint32_t kind; /* enum fwc_target_kind */
	uint32_t count;
	const char *expression;
	struct fwc_attr_shape attrs[FWC_MAX_TARGET_ATTRS]; /* in the kernel's order */
};

const struct fwc_target_shape *fwc_target_shape(uint32_t kind); /* NULL: not of this form */
const struct fwc_target_shape *fwc_target_shape_by_expression(const char *name);
/* The value that a parameter of `t`, in a table of `family`, has when it is not set. */
uint64_t fwc_target_default(const struct fwc_target *t, const struct fwc_attr_shape *a,
			    uint32_t family);

/* What `reject` means without parameters, in a rule that sees `l3` (0: both). */
void fwc_reject_default(uint8_t l3, uint32_t *ret_type, uint32_t *ret_code);

#endif
