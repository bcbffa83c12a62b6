/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Targets are checked against their kind's parameters and against the rule they go to. */
#include <netinet/icmp6.h>
#include <netinet/in.h>
#include <netinet/ip_icmp.h>
#include <stdio.h>

#include "model/bind_target.h"

/* ---- after a verdict ---- */

static bool is_terminal(const struct fwc_target *t)
{
	uint64_t verdict;

	switch (t->type->kind) {
	case FWC_TARGET_VERDICT:
		return fwc_target_get_number(t, FWC_VERDICT_CODE, &verdict) &&
		       verdict != FWC_VERDICT_CONTINUE;
	case FWC_TARGET_REJECT:
	case FWC_TARGET_MASQUERADE:
	case FWC_TARGET_SNAT:
	case FWC_TARGET_DNAT:
	case FWC_TARGET_REDIRECT:
	case FWC_TARGET_QUEUE:
	case FWC_TARGET_FWD:
		return true;
	default:
		return false;
	}
}

int fwc_rule_check_open(const struct fwc_rule *r, struct fwc_error *err)
{
	const struct fwc_item *last = NULL;

	for (const struct fwc_item *item = fwc_rule_items(r); item; item = item->next)
		last = item;
	if (last && last->kind == FWC_ITEM_TARGET && is_terminal(last->target))
		return fwc_fail(err, -EINVAL, FWC_OBJECT_RULE,
				"nothing can follow a %s: it would never be reached",
				last->target->type->name);
	return 0;
}

/* ---- parameters ---- */

static int check_number(const struct fwc_target_type *type, const struct fwc_param_kind *kind,
			uint64_t n, struct fwc_error *err)
{
	/* Between them are families that have no addresses. */
	if (!strcmp(kind->name, "family") && n >= kind->min && n != FWC_FAMILY_INET &&
	    n != FWC_FAMILY_IP && n != FWC_FAMILY_IP6)
		return fwc_fail(err, -EINVAL, FWC_OBJECT_RULE,
				"%s: family %llu is not ip (2) or ip6 (10)", type->name,
				(unsigned long long)n);
	if (n >= kind->min && n <= kind->max)
		return 0;
	return fwc_fail(err, -EINVAL, FWC_OBJECT_RULE, "%s: %s %llu is not %llu to %llu",
			type->name, kind->name, (unsigned long long)n,
			(unsigned long long)kind->min, (unsigned long long)kind->max);
}

static int check_text(const struct fwc_target_type *type, const struct fwc_param_kind *kind,
		      const char *text, struct fwc_error *err)
{
	char what[40];

	snprintf(what, sizeof(what), "%s %s", type->name, kind->name);
	return fwc_check_label(what, text, kind->max, err);
}

/* What the setters refused, in words. */
static int check_setters(const struct fwc_target *t, struct fwc_error *err)
{
	if (t->failed == -ENOMEM)
		return fwc_fail_memory(err);
	if (t->failed && !fwc_target_has(t, t->failed_param)) {
		const char *name = NULL;

		if (t->failed_param >= 1 && t->failed_param <= t->type->count)
			name = t->type->params[t->failed_param - 1].name;
		return fwc_fail(
			err, t->failed, FWC_OBJECT_RULE,
			name ? "%s: parameter %u (%s) was given NULL or another form of value"
			     : "%s has no parameter %u",
			t->type->name, t->failed_param, name);
	}
	return 0;
}

/* Copies numbers and texts. */
static int take_params(struct fwc_adding *a)
{
	const struct fwc_target_type *type = a->in->type;
	int r = check_setters(a->in, a->err);

	for (uint32_t param = 1; param <= type->count && r == 0; param++) {
		const struct fwc_param_kind *kind = &type->params[param - 1];
		const union fwc_param *p = &a->in->params[param - 1];

		if (!fwc_target_has(a->in, param)) {
			if (kind->required)
				r = fwc_fail(a->err, -EINVAL, FWC_OBJECT_RULE, "%s needs its %s",
					     type->name, kind->name);
		} else if (kind->form == FWC_PARAM_NUMBER) {
			r = check_number(type, kind, p->number, a->err);
			fwc_target_put_number(a->out, param, p->number);
		} else if (kind->form == FWC_PARAM_TEXT) {
			const char *copy;

			r = check_text(type, kind, p->text, a->err);
			if (r < 0 || a->binder.in_arena)
				continue;
			copy = fwc_arena_strdup(&a->binder.ruleset->arena, p->text);
			if (!copy)
				return fwc_fail_memory(a->err);
			fwc_target_put_text(a->out, param, copy);
		}
	}
	return r < 0 || !a->in->failed ? r
				       : fwc_fail(a->err, a->in->failed, FWC_OBJECT_RULE,
						  "%s: parameter %u was refused when it was set",
						  type->name, a->in->failed_param);
}

int fwc_adding_uses(struct fwc_adding *a, const struct fwc_value *v)
{
	const struct fwc_field_row *lacking = fwc_protocols_lack_icmp(&a->protocols, v);

	if (lacking)
		return fwc_fail(a->err, -EINVAL, FWC_OBJECT_RULE,
				"'%s' is not in every message: a match on its type comes before",
				lacking->name);
	return fwc_protocols_add_value(&a->protocols, v, a->err);
}

int fwc_adding_put(struct fwc_adding *a, uint32_t param, const struct fwc_value *bound)
{
	if (!bound)
		return a->err->code;
	fwc_target_put_value(a->out, param, bound);
	return fwc_adding_uses(a, bound);
}

uint64_t fwc_adding_number(const struct fwc_adding *a, uint32_t param, uint64_t otherwise)
{
	return fwc_target_has(a->in, param) ? a->in->params[param - 1].number : otherwise;
}

/* ---- kinds ---- */

static int take_verdict(struct fwc_adding *a)
{
	uint64_t verdict = fwc_adding_number(a, FWC_VERDICT_CODE, 0);
	const char *chain = fwc_target_get_text(a->in, FWC_VERDICT_CHAIN);

	if (fwc_target_get_block(a->in)) {
		if (a->in_block)
			return fwc_fail(a->err, -EINVAL, FWC_OBJECT_RULE,
					"rules of a rule have no rules of their own");
		if (verdict != FWC_VERDICT_JUMP && verdict != FWC_VERDICT_GOTO)
			return fwc_fail(a->err, -EINVAL, FWC_OBJECT_RULE,
					"rules of its own with verdict %llu: jump (5) or goto (6) "
					"have them",
					(unsigned long long)verdict);
		/* A chain has one owner: fwc_rule_add_block() and the parser make it for this rule. */
		return a->binder.in_arena ? 0
					  : fwc_fail(a->err, -EINVAL, FWC_OBJECT_RULE,
						     "rules that belong to another rule are not "
						     "copied: fwc_rule_add_block()");
	}
	if (verdict == FWC_VERDICT_JUMP || verdict == FWC_VERDICT_GOTO)
		return fwc_check_name("chain", chain, a->err);
	if (chain)
		return fwc_fail(a->err, -EINVAL, FWC_OBJECT_RULE,
				"chain '%.60s' with a verdict that is neither jump nor goto",
				chain);
	return 0;
}

static int take_vmap(struct fwc_adding *a)
{
	const struct fwc_type *const verdict = &fwc_type_verdict;

	return fwc_adding_put(
		a, FWC_VMAP_VALUE,
		fwc_bind_map(&a->binder, a->in->params[FWC_VMAP_VALUE - 1].value, &verdict, 1));
}

static const struct {
	const char *name;
	uint32_t most; /* the largest code */
	uint32_t l3; /* of the packets it is for; 0: any */
} rejections[] = {
	[FWC_REJECT_TCP_RESET] = { "reject with tcp reset", 0, 0 },
	[FWC_REJECT_ICMPX] = { "reject with icmpx", 3, 0 },
	[FWC_REJECT_ICMPV4] = { "reject with icmp", 15, FWC_FAMILY_IP },
	[FWC_REJECT_ICMPV6] = { "reject with icmpv6", 6, FWC_FAMILY_IP6 },
};

/* ICMP is that of the table's family; in a table of several it must be said which. */
static int take_rejection(struct fwc_adding *a, uint32_t with)
{
	uint32_t family = a->protocols.family;
	uint64_t code = fwc_adding_number(a, FWC_REJECT_CODE, 0);

	if (with == FWC_REJECT_ICMP)
		with = family == FWC_FAMILY_IP    ? FWC_REJECT_ICMPV4
		       : family == FWC_FAMILY_IP6 ? FWC_REJECT_ICMPV6
						  : with;
	if (with == FWC_REJECT_ICMP || (with == FWC_REJECT_ICMPX && !fwc_family_is_mixed(family)))
		return fwc_fail(a->err, -EINVAL, FWC_OBJECT_RULE,
				"reject with type %u (%s) does not go with a table of family %s",
				with, with == FWC_REJECT_ICMP ? "icmp" : "icmpx",
				fwc_family_name(family));
	if (code > rejections[with].most)
		return fwc_fail(a->err, -EINVAL, FWC_OBJECT_RULE, "%s: code %llu is not 0 to %u",
				rejections[with].name, (unsigned long long)code,
				rejections[with].most);
	/* It would have to say to which size. */
	if (with == FWC_REJECT_ICMPV4 && code == ICMP_UNREACH_NEEDFRAG)
		return fwc_fail(a->err, -EINVAL, FWC_OBJECT_RULE,
				"%s: code %u (frag-needed) is none that rejects",
				rejections[with].name, ICMP_UNREACH_NEEDFRAG);
	if (with == FWC_REJECT_TCP_RESET && a->protocols.l4 != -1 && a->protocols.l4 != IPPROTO_TCP)
		return fwc_fail(a->err, -EINVAL, FWC_OBJECT_RULE, "%s contradicts %s before it",
				rejections[with].name, a->protocols.l4_by);
	if (rejections[with].l3 && !fwc_family_is_mixed(family))
		fwc_target_put_number(a->out, FWC_REJECT_WITH, FWC_REJECT_ICMP);
	else
		fwc_target_put_number(a->out, FWC_REJECT_WITH, with);
	return rejections[with].l3 ? fwc_protocols_add_l3(&a->protocols, rejections[with].l3,
							  rejections[with].name, a->err)
				   : 0;
}

static int take_reject(struct fwc_adding *a)
{
	if (fwc_target_has(a->in, FWC_REJECT_WITH))
		return take_rejection(a, (uint32_t)fwc_adding_number(a, FWC_REJECT_WITH, 0));
	if (fwc_target_has(a->in, FWC_REJECT_CODE))
		return fwc_fail(a->err, -EINVAL, FWC_OBJECT_RULE, "reject: a code needs a type");
	/* Alone, where the rule and not the table says the family: that family's, as nft has it. */
	if (fwc_family_is_mixed(a->protocols.family) &&
	    (a->protocols.l3 == FWC_FAMILY_IP || a->protocols.l3 == FWC_FAMILY_IP6)) {
		bool ip6 = a->protocols.l3 == FWC_FAMILY_IP6;

		fwc_target_put_number(a->out, FWC_REJECT_WITH,
				      ip6 ? FWC_REJECT_ICMPV6 : FWC_REJECT_ICMPV4);
		fwc_target_put_number(a->out, FWC_REJECT_CODE,
				      ip6 ? ICMP6_DST_UNREACH_NOPORT : ICMP_UNREACH_PORT);
	}
	return 0;
}

static int take_log(struct fwc_adding *a)
{
	static const struct {
		uint32_t param;
		bool with_group;
	} rules[] = {
		{ FWC_LOG_LEVEL, false },
		{ FWC_LOG_FLAGS, false },
		{ FWC_LOG_SNAPLEN, true },
		{ FWC_LOG_QUEUE_THRESHOLD, true },
	};
	bool group = fwc_target_has(a->in, FWC_LOG_GROUP);

	for (size_t i = 0; i < FWC_ARRAY_SIZE(rules); i++)
		if (fwc_target_has(a->in, rules[i].param) && rules[i].with_group != group)
			return fwc_fail(a->err, -EINVAL, FWC_OBJECT_RULE,
					"log: %s goes only %s a group",
					a->in->type->params[rules[i].param - 1].name,
					rules[i].with_group ? "with" : "without");
	if (fwc_adding_number(a, FWC_LOG_FLAGS, 0) & 0x10)
		return fwc_fail(a->err, -EINVAL, FWC_OBJECT_RULE,
				"log: flags 0x%llx: bits 0x2f are known",
				(unsigned long long)fwc_adding_number(a, FWC_LOG_FLAGS, 0));
	return 0;
}

static int take_synproxy(struct fwc_adding *a)
{
	const uint64_t known = FWC_SYNPROXY_SACK_PERM | FWC_SYNPROXY_TIMESTAMP;
	uint64_t flags = fwc_adding_number(a, FWC_SYNPROXY_FLAGS, 0);

	if (flags & ~known)
		return fwc_fail(a->err, -EINVAL, FWC_OBJECT_RULE,
				"synproxy: flags 0x%llx: 4 (sack-perm) and 8 (timestamp) are known",
				(unsigned long long)flags);
	return 0;
}

static int take_limit(struct fwc_adding *a)
{
	static const uint32_t units[] = { 1, 60, 3600, 86400, 604800 };
	uint64_t unit = fwc_adding_number(a, FWC_LIMIT_UNIT_S, 1);

	/* Of packets the kernel takes no 0: it is the default. */
	if (!fwc_adding_number(a, FWC_LIMIT_BURST, 0) &&
	    !fwc_adding_number(a, FWC_LIMIT_IN_BYTES, 0))
		a->out->has &= (uint16_t) ~(1u << (FWC_LIMIT_BURST - 1));
	for (size_t i = 0; i < FWC_ARRAY_SIZE(units); i++)
		if (unit == units[i])
			return 0;
	return fwc_fail(a->err, -EINVAL, FWC_OBJECT_RULE,
			"limit: a unit of %llu seconds is not 1, 60, 3600, 86400 or 604800",
			(unsigned long long)unit);
}

/* Kinds that are not here have no check beside their rows'. */
static int (*const takers[])(struct fwc_adding *a) = {
	[FWC_TARGET_VERDICT] = take_verdict,
	[FWC_TARGET_VMAP] = take_vmap,
	[FWC_TARGET_REJECT] = take_reject,
	[FWC_TARGET_LOG] = take_log,
	[FWC_TARGET_LIMIT] = take_limit,
	[FWC_TARGET_ASSIGN] = fwc_adding_assign,
	[FWC_TARGET_MASQUERADE] = fwc_adding_nat,
	[FWC_TARGET_SNAT] = fwc_adding_nat,
	[FWC_TARGET_DNAT] = fwc_adding_nat,
	[FWC_TARGET_REDIRECT] = fwc_adding_nat,
	[FWC_TARGET_SYNPROXY] = take_synproxy,
	[FWC_TARGET_QUEUE] = fwc_adding_queue,
	[FWC_TARGET_TPROXY] = fwc_adding_tproxy,
	[FWC_TARGET_DUP] = fwc_adding_dup,
	[FWC_TARGET_FWD] = fwc_adding_fwd,
	[FWC_TARGET_OBJREF] = fwc_adding_objref,
	[FWC_TARGET_UPDATE] = fwc_adding_update,
	[FWC_TARGET_CT_TIMEOUT] = fwc_adding_timeouts,
	[FWC_TARGET_FLOWTABLE] = fwc_adding_flowtable,
};

int fwc_adding_take(struct fwc_adding *a)
{
	uint32_t kind = a->in->type->kind;
	int r = take_params(a);

	if (r < 0)
		return r;
	return kind < FWC_ARRAY_SIZE(takers) && takers[kind] ? takers[kind](a)
							     : fwc_adding_values(a);
}

/* A counter from zero and verdicts without chain are shared by all rules. */
static const struct fwc_target *plain(const struct fwc_target *t)
{
	uint64_t verdict = 0, packets = 0, bytes = 0;

	if (t->failed)
		return NULL;
	if (t->type->kind == FWC_TARGET_COUNTER) {
		fwc_target_get_number(t, FWC_COUNTER_PACKETS, &packets);
		fwc_target_get_number(t, FWC_COUNTER_BYTES, &bytes);
		return packets || bytes ? NULL : fwc_target_plain(FWC_TARGET_COUNTER, 0);
	}
	if (t->type->kind != FWC_TARGET_VERDICT || fwc_target_has(t, FWC_VERDICT_CHAIN) ||
	    fwc_target_has(t, FWC_VERDICT_BLOCK))
		return NULL;
	fwc_target_get_number(t, FWC_VERDICT_CODE, &verdict);
	return verdict <= UINT32_MAX ? fwc_target_plain(FWC_TARGET_VERDICT, (uint32_t)verdict)
				     : NULL;
}

static int bind_target(struct fwc_rule *r, const struct fwc_target *t, bool in_arena,
		       struct fwc_error *err)
{
	struct fwc_ruleset *rs = r->chain->table->ruleset;
	const struct fwc_target *bound;

	if (!t)
		return fwc_fail(err, -EINVAL, FWC_OBJECT_ARGUMENT, "a target is missing (NULL)");
	if (t->type->kind >= FWC_TARGET_CT_HELPER)
		return fwc_fail(err, -EINVAL, FWC_OBJECT_RULE,
				"%s is what a named object does: rules refer to it by its name",
				t->type->name);
	if (fwc_rule_check_open(r, err) < 0)
		return -EINVAL;
	bound = plain(t);
	if (!bound) {
		struct fwc_adding a = {
			.in = t,
			.out = in_arena ? (struct fwc_target *)(uintptr_t)t
					: fwc_target_in(&rs->arena, t->type->kind),
			.binder = { .ruleset = rs,
				    .table = r->chain->table,
				    .err = err,
				    .in_arena = in_arena },
			.protocols = fwc_protocols_of(r),
			.in_block = r->chain->is_block,
			.err = err,
		};

		if (!a.out)
			return fwc_fail_memory(err);
		if (fwc_adding_take(&a) < 0)
			return err->code;
		bound = a.out;
	}
	return fwc_rule_add_bound_target(r, bound) < 0 ? fwc_fail_memory(err) : 0;
}

static int add(struct fwc_rule *r, const struct fwc_target *t, bool in_arena, struct fwc_error *err)
{
	int result = bind_target(r, t, in_arena, err);

	if (result < 0)
		err->item = (uint32_t)fwc_rule_count(r);
	return result;
}

int fwc_rule_bind_target(struct fwc_rule *r, struct fwc_target *t, struct fwc_error *err)
{
	struct fwc_error own;

	return add(r, t, true, err ? err : &own);
}

int fwc_rule_copy_target(struct fwc_rule *r, const struct fwc_target *t, struct fwc_error *err)
{
	return add(r, t, false, err);
}
