/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What only named objects do. */
#include "fields/timeouts.h"
#include "fields/types.h"
#include "model/bind_target.h"

/* One constant, or a list of them: what is listed may be neither a range nor a prefix. */
static int take_names(struct fwc_adding *a, uint32_t param)
{
	const struct fwc_type *const t = &fwc_type_ifname;
	const struct fwc_value *v;

	if (!fwc_target_has(a->in, param))
		return 0;
	v = fwc_bind_constant(&a->binder, a->in->params[param - 1].value, &t, 1);
	for (size_t i = 0; v && i < fwc_value_item_count(v); i++)
		if (fwc_value_item(v, i)->kind != FWC_VALUE_CONSTANT)
			v = fwc_bind_refuse(&a->binder, fwc_value_item(v, i), &t, 1);
	if (!v)
		return a->err->code;
	fwc_target_put_value(a->out, param, v);
	return 0;
}

/* The words become those that are printed: so two priorities that are the same look the same. */
int fwc_adding_flowtable(struct fwc_adding *a)
{
	const char *words = fwc_target_get_text(a->in, FWC_FLOWTABLE_PRIORITY);
	char text[64];
	struct fwc_buf out = fwc_buf_over(text, sizeof(text));
	int32_t priority;
	const char *copy;

	if (words) {
		if (fwc_priority_parse(words, FWC_FAMILY_NETDEV, FWC_HOOK_INGRESS, &priority,
				       a->err) < 0)
			return a->err->code;
		fwc_priority_format(priority, FWC_FAMILY_NETDEV, FWC_HOOK_INGRESS, &out);
		copy = fwc_arena_strdup(&a->binder.ruleset->arena, text);
		if (!copy)
			return fwc_fail_memory(a->err);
		fwc_target_put_text(a->out, FWC_FLOWTABLE_PRIORITY, copy);
	}
	return take_names(a, FWC_FLOWTABLE_DEVICES);
}

/* In the order of the states, and without those that are as by default. */
int fwc_adding_timeouts(struct fwc_adding *a)
{
	uint64_t l4 = fwc_adding_number(a, FWC_CT_TIMEOUT_PROTOCOL, 0);
	const struct fwc_timeouts *t = fwc_timeouts_of(l4);
	uint32_t seconds[FWC_TIMEOUTS_MOST];
	char text[320];
	struct fwc_buf out = fwc_buf_over(text, sizeof(text));
	const char *copy;

	if (!t)
		return fwc_fail(a->err, -EINVAL, FWC_OBJECT_RULE,
				"ct timeout: protocol %llu is not tcp (6) or udp (17)",
				(unsigned long long)l4);
	if (fwc_timeouts_parse(t, fwc_target_get_text(a->in, FWC_CT_TIMEOUT_POLICY), seconds,
			       a->err) < 0)
		return a->err->code;
	a->out->has &= (uint16_t) ~(1u << (FWC_CT_TIMEOUT_POLICY - 1));
	fwc_timeouts_format(t, seconds, &out);
	if (!out.len)
		return 0;
	copy = fwc_arena_strdup(&a->binder.ruleset->arena, text);
	if (!copy)
		return fwc_fail_memory(a->err);
	fwc_target_put_text(a->out, FWC_CT_TIMEOUT_POLICY, copy);
	return 0;
}
