/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The public calls that add targets to rules. */
#include <stdlib.h>

#include "model/rule.h"

static int add(struct fwc_rule *rule, const struct fwc_target *target)
{
	struct fwc_error err;

	if (fwc_rule_copy_target(rule, target, &err) < 0)
		return fwc_rule_fail(rule, &err);
	return 0;
}

/* A failure before there is a target. */
static int fail(struct fwc_rule *rule, struct fwc_error *err)
{
	err->item = (uint32_t)fwc_rule_count(rule);
	return fwc_rule_fail(rule, err);
}

static int fail_memory(struct fwc_rule *rule)
{
	struct fwc_error err;

	fwc_fail_memory(&err);
	return fail(rule, &err);
}

static void freep_target(struct fwc_target **t)
{
	fwc_target_free(*t);
}
#define OWNED_TARGET fwc_cleanup(freep_target) struct fwc_target *

int fwc_rule_add_target(struct fwc_rule *rule, const struct fwc_target *target)
{
	return rule ? add(rule, target) : -EINVAL;
}

int fwc_rule_verdict(struct fwc_rule *rule, uint32_t verdict, const char *chain)
{
	const struct fwc_target *plain = fwc_target_plain(FWC_TARGET_VERDICT, verdict);

	if (!rule)
		return -EINVAL;
	if (plain && !chain)
		return add(rule, plain);
	OWNED_TARGET t = fwc_target_new(FWC_TARGET_VERDICT);
	if (!t)
		return fail_memory(rule);
	fwc_target_set_number(t, FWC_VERDICT_CODE, verdict);
	if (chain)
		fwc_target_set_text(t, FWC_VERDICT_CHAIN, chain);
	return add(rule, t);
}

struct fwc_chain *fwc_rule_add_block(struct fwc_rule *rule, uint32_t verdict)
{
	struct fwc_chain *block;
	struct fwc_target *t;
	struct fwc_error err;

	if (!rule)
		return NULL;
	t = fwc_target_in(&rule->chain->table->ruleset->arena, FWC_TARGET_VERDICT);
	block = t ? fwc_table_block_in(rule->chain->table, NULL) : NULL;
	if (!block) {
		fail_memory(rule);
		return NULL;
	}
	fwc_target_put_number(t, FWC_VERDICT_CODE, verdict);
	fwc_target_put_block(t, block);
	if (fwc_rule_bind_target(rule, t, &err) < 0) {
		fwc_rule_fail(rule, &err);
		return NULL;
	}
	return block;
}

int fwc_rule_counter(struct fwc_rule *rule)
{
	return rule ? add(rule, fwc_target_plain(FWC_TARGET_COUNTER, 0)) : -EINVAL;
}

int fwc_rule_log(struct fwc_rule *rule, const char *prefix)
{
	if (!rule)
		return -EINVAL;
	OWNED_TARGET t = fwc_target_new(FWC_TARGET_LOG);
	if (!t)
		return fail_memory(rule);
	if (prefix)
		fwc_target_set_text(t, FWC_LOG_PREFIX, prefix);
	return add(rule, t);
}

int fwc_rule_reject(struct fwc_rule *rule, uint32_t with, uint32_t code)
{
	if (!rule)
		return -EINVAL;
	OWNED_TARGET t = fwc_target_new(FWC_TARGET_REJECT);
	if (!t)
		return fail_memory(rule);
	fwc_target_set_number(t, FWC_REJECT_WITH, with);
	if (with != FWC_REJECT_TCP_RESET || code)
		fwc_target_set_number(t, FWC_REJECT_CODE, code);
	return add(rule, t);
}

int fwc_rule_limit(struct fwc_rule *rule, uint64_t rate, uint32_t unit_s, uint32_t burst)
{
	if (!rule)
		return -EINVAL;
	OWNED_TARGET t = fwc_target_new(FWC_TARGET_LIMIT);
	if (!t)
		return fail_memory(rule);
	fwc_target_set_number(t, FWC_LIMIT_RATE, rate);
	fwc_target_set_number(t, FWC_LIMIT_UNIT_S, unit_s);
	fwc_target_set_number(t, FWC_LIMIT_BURST, burst);
	return add(rule, t);
}

int fwc_rule_assign(struct fwc_rule *rule, uint32_t field, const struct fwc_value *value)
{
	if (!rule)
		return -EINVAL;
	OWNED_TARGET t = fwc_target_new(FWC_TARGET_ASSIGN);
	if (!t)
		return fail_memory(rule);
	fwc_target_set_number(t, FWC_ASSIGN_FIELD, field);
	fwc_target_set_value(t, FWC_ASSIGN_VALUE, value);
	return add(rule, t);
}

/* ---- address translation ---- */

/* One value, or a range when there is a second. */
static void set_range(struct fwc_target *t, uint32_t param, const struct fwc_value *first,
		      const struct fwc_value *last)
{
	const struct fwc_value *ends[] = { first, last };
	struct fwc_value range = { .kind = FWC_VALUE_RANGE, .len = 2, .child = ends };

	fwc_target_set_value(t, param, last ? &range : first);
}

static void set_addresses(struct fwc_target *t, struct fwc_ip *min, struct fwc_ip *max)
{
	struct fwc_value first = { .kind = FWC_VALUE_UNTYPED, .op = FWC_UNTYPED_IP, .ip = min };
	struct fwc_value last = { .kind = FWC_VALUE_UNTYPED, .op = FWC_UNTYPED_IP, .ip = max };

	first.bits = (uint16_t)fwc_ip_bits(min);
	last.bits = (uint16_t)fwc_ip_bits(max);
	set_range(t, FWC_NAT_ADDR, &first, max->family ? &last : NULL);
}

static void set_ports(struct fwc_target *t, uint16_t min, uint16_t max)
{
	struct fwc_value first = { .kind = FWC_VALUE_UNTYPED,
				   .op = FWC_UNTYPED_NUMBER,
				   .number = min };
	struct fwc_value last = { .kind = FWC_VALUE_UNTYPED,
				  .op = FWC_UNTYPED_NUMBER,
				  .number = max };

	set_range(t, FWC_NAT_PORT, &first, max ? &last : NULL);
}

static void fill_nat(struct fwc_target *t, const struct fwc_nat_opts *opts)
{
	const struct fwc_ip none = { 0 };
	struct fwc_ip addr_min = fwc_opts_get(opts, addr_min, none);
	struct fwc_ip addr_max = fwc_opts_get(opts, addr_max, none);
	uint16_t port_min = fwc_opts_get(opts, port_min, (uint16_t)0);
	uint32_t flags = fwc_opts_get(opts, flags, 0u);

	if (addr_min.family)
		set_addresses(t, &addr_min, &addr_max);
	if (port_min)
		set_ports(t, port_min, fwc_opts_get(opts, port_max, (uint16_t)0));
	if (flags)
		fwc_target_set_number(t, FWC_NAT_FLAGS, flags);
}

/* An upper end without a lower one would be lost without a word. */
static int check_ends(const struct fwc_nat_opts *opts, struct fwc_error *err)
{
	if (fwc_opts_has(opts, port_max) && opts->port_max && !opts->port_min)
		return fwc_fail(err, -EINVAL, FWC_OBJECT_ARGUMENT, "port_max %u without port_min",
				opts->port_max);
	if (fwc_opts_has(opts, addr_max) && opts->addr_max.family && !opts->addr_min.family)
		return fwc_fail(err, -EINVAL, FWC_OBJECT_ARGUMENT, "addr_max without addr_min");
	return 0;
}

int fwc_rule_nat(struct fwc_rule *rule, uint32_t kind, const struct fwc_nat_opts *opts)
{
	struct fwc_error err;

	if (!rule)
		return -EINVAL;
	if (kind < FWC_TARGET_MASQUERADE || kind > FWC_TARGET_REDIRECT) {
		fwc_fail(&err, -EINVAL, FWC_OBJECT_ARGUMENT,
			 "target %u is not masquerade, snat, dnat or redirect", kind);
		return fail(rule, &err);
	}
	if (fwc_opts_check(opts, sizeof(*opts), &err) < 0 || check_ends(opts, &err) < 0)
		return fail(rule, &err);
	OWNED_TARGET t = fwc_target_new(kind);
	if (!t)
		return fail_memory(rule);
	fill_nat(t, opts);
	return add(rule, t);
}
