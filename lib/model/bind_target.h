/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What the checks of the kinds of targets share. */
#ifndef FWC_MODEL_BIND_TARGET_H
#define FWC_MODEL_BIND_TARGET_H

#include "model/bind.h"
#include "model/protocols.h"
#include "model/rule.h"

/* One target on its way into a rule. */
struct fwc_adding {
	const struct fwc_target *in;
	struct fwc_target *out; /* numbers and texts are there already */
	struct fwc_binder binder;
	struct fwc_protocols protocols; /* what the rule says before it */
	struct fwc_error *err;
	bool in_block; /* the rule is in a chain that a rule owns */
};

uint64_t fwc_adding_number(const struct fwc_adding *a, uint32_t param, uint64_t otherwise);
/* The target reads or writes the fields of a value: checked against what the rule matches already. */
int fwc_adding_uses(struct fwc_adding *a, const struct fwc_value *v);
/* Puts a bound value; NULL is the failure of its binding. */
int fwc_adding_put(struct fwc_adding *a, uint32_t param, const struct fwc_value *bound);
/* Parameters and checks of a->in, into a->out: what a rule's target goes through. */
int fwc_adding_take(struct fwc_adding *a);

/* By kind. */
int fwc_adding_assign(struct fwc_adding *a);
int fwc_adding_nat(struct fwc_adding *a); /* SNAT, DNAT, MASQUERADE, REDIRECT */
int fwc_adding_values(struct fwc_adding *a); /* no check beside its row's */
int fwc_adding_dup(struct fwc_adding *a);
int fwc_adding_fwd(struct fwc_adding *a);
int fwc_adding_tproxy(struct fwc_adding *a);
int fwc_adding_queue(struct fwc_adding *a);
int fwc_adding_update(struct fwc_adding *a);
int fwc_adding_objref(struct fwc_adding *a);
int fwc_adding_flowtable(struct fwc_adding *a);
int fwc_adding_timeouts(struct fwc_adding *a);

#endif
