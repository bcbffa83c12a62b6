/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What the builders of rules share. */
#ifndef FWC_MODEL_RULE_H
#define FWC_MODEL_RULE_H

#include "model/model.h"

/* 0, or -EINVAL: the rule ends in a verdict already, and nothing after it would be reached. */
int fwc_rule_check_open(const struct fwc_rule *r, struct fwc_error *err);
/* fwc_rule_bind_target() for a target of the caller, which is copied. */
int fwc_rule_copy_target(struct fwc_rule *r, const struct fwc_target *t, struct fwc_error *err);

#endif
