/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What the kernel's refusal means: which step it was, and why in words. */
#include <stdio.h>

#include "kernel/feature_rows.h"
#include "kernel/steps.h"
#include "nft/uapi.h"
#include "text/text.h"

const struct fwc_step *fwc_steps_of(const struct fwc_steps *steps, uint32_t seq, uint32_t first)
{
	const struct fwc_step *found = NULL;

	for (size_t i = 0; i < steps->count; i++) {
		/* Numbers may wrap: what counts is the distance from the first. */
		if (steps->items[i].seq - first > seq - first)
			break;
		found = &steps->items[i];
	}
	return found;
}

enum { ANY_KIND = FWC_STEP_KINDS };

/* Refusals whose errno alone would mislead. */
static const struct reason {
	uint8_t kind; /* enum fwc_step_kind, or ANY_KIND */
	int code;
	const char *words;
} reasons[] = {
	{ FWC_STEP_DEL_RULE, -ENOENT, "there is no such rule" },
	{ FWC_STEP_FLUSH_CHAIN, -ENOENT, "there is no such chain" },
	{ FWC_STEP_DEL_ELEMENTS, -ENOENT, "there is no such set or element" },
	{ FWC_STEP_DEL_SET, -EBUSY, "rules still refer to it" },
	{ FWC_STEP_DEL_SET, -ENOENT, "there is no such set" },
	{ FWC_STEP_DEL_OBJECT, -EBUSY, "rules or maps still refer to it" },
	{ FWC_STEP_DEL_OBJECT, -ENOENT, "there is no such object" },
	{ FWC_STEP_DEL_CHAIN, -EBUSY, "rules or maps still jump to it" },
	{ FWC_STEP_DEL_CHAIN, -ENOENT, "there is no such chain" },
	{ FWC_STEP_DEL_TABLE, -ENOENT, "there is no such table" },
	{ FWC_STEP_ADD_CHAIN, -EEXIST, "a chain of that name exists with another hook or type" },
	{ FWC_STEP_ADD_CHAIN, -EOPNOTSUPP,
	  "the kernel does not have this type of chain on this hook" },
	{ FWC_STEP_ADD_RULE, -EOPNOTSUPP,
	  "the kernel does not allow one of its targets in a chain of this type and hook" },
	{ FWC_STEP_ADD_SET, -EEXIST, "a set of that name exists with other types or flags" },
	{ FWC_STEP_ADD_ELEMENTS, -EEXIST,
	  "an element is there already, or overlaps another, or has other data" },
	{ FWC_STEP_ADD_ELEMENTS, -ENFILE, "the set is full" },
	{ FWC_STEP_ADD_ELEMENTS, -ENOENT,
	  "there is no such set, or no chain or object that an element leads to" },
	{ ANY_KIND, -EMLINK, "the jumps form a loop or lead through more than 16 chains" },
	{ ANY_KIND, -EPERM, "it belongs to another program, which has it open" },
};

static const char *reason_of(const struct fwc_step *step, int code)
{
	for (size_t i = 0; i < FWC_ARRAY_SIZE(reasons); i++)
		if (reasons[i].code == code &&
		    (reasons[i].kind == ANY_KIND || reasons[i].kind == step->kind))
			return reasons[i].words;
	return strerror(-code);
}

/* Expressions that name a set, chain or object: for them -ENOENT means that, not that the kernel lacks the expression. */
static const char *missing_name(const char *expression)
{
	static const char *const rows[][2] = {
		{ "lookup", "there is no set of that name" },
		{ "dynset", "there is no set of that name" },
		{ "objref", "there is no object of that name" },
		{ "immediate", "there is no chain of that name" },
		{ "flow_offload", "there is no flowtable of that name, or the kernel has no "
				  "'flow_offload' expression (CONFIG_NFT_FLOW_OFFLOAD)" },
	};

	for (size_t i = 0; i < FWC_ARRAY_SIZE(rows); i++)
		if (!strcmp(rows[i][0], expression))
			return rows[i][1];
	return NULL;
}

static void name_option(struct fwc_error *err, const char *option)
{
	if (err)
		fwc_copy_name(err->kconfig, sizeof(err->kconfig), option);
}

static void explain_expression(const struct fwc_rule *rule, const char *expression, int code,
			       struct fwc_error *err)
{
	const char *option = fwc_nft_kconfig(expression, rule->chain->table->family);
	const char *missing = missing_name(expression);

	if (code == -EOPNOTSUPP && !strcmp(expression, "immediate")) {
		fwc_fail(err, code, FWC_OBJECT_RULE, "only chains without a hook are jumped to");
	} else if (code != -ENOENT) {
		fwc_fail(err, code, FWC_OBJECT_RULE, "the kernel refuses the '%s' expression: %s",
			 expression, strerror(-code));
	} else if (missing) {
		fwc_fail(err, code, FWC_OBJECT_RULE, "%s", missing);
	} else {
		fwc_fail(err, code, FWC_OBJECT_RULE, "the kernel has no '%s' expression%s%s%s",
			 expression, *option ? " (" : "", option, *option ? ")" : "");
		name_option(err, option);
	}
}

/* ---- targets in chains that they are not for ---- */

enum {
	PREROUTING = 1 << FWC_HOOK_PREROUTING,
	INPUT = 1 << FWC_HOOK_INPUT,
	FORWARD = 1 << FWC_HOOK_FORWARD,
	OUTPUT = 1 << FWC_HOOK_OUTPUT,
	POSTROUTING = 1 << FWC_HOOK_POSTROUTING,
	ANY_TYPE = 0,
};

/* What the kernel takes in some chains only: it refuses the rule as a whole, without saying which of its targets it was. */
static const struct allowed {
	uint8_t kind; /* enum fwc_target_kind */
	uint8_t type; /* of the chain */
	uint8_t hooks;
	const char *words;
} allowed[] = {
	{ FWC_TARGET_MASQUERADE, FWC_CHAIN_NAT, POSTROUTING, "nat chains at postrouting" },
	{ FWC_TARGET_SNAT, FWC_CHAIN_NAT, POSTROUTING | INPUT,
	  "nat chains at postrouting or input" },
	{ FWC_TARGET_DNAT, FWC_CHAIN_NAT, PREROUTING | OUTPUT,
	  "nat chains at prerouting or output" },
	{ FWC_TARGET_REDIRECT, FWC_CHAIN_NAT, PREROUTING | OUTPUT,
	  "nat chains at prerouting or output" },
	{ FWC_TARGET_REJECT, ANY_TYPE, PREROUTING | INPUT | FORWARD | OUTPUT,
	  "chains at prerouting, input, forward or output" },
	{ FWC_TARGET_TPROXY, ANY_TYPE, PREROUTING, "chains at prerouting" },
	{ FWC_TARGET_SYNPROXY, ANY_TYPE, INPUT | FORWARD, "chains at input or forward" },
	{ FWC_TARGET_FLOW, ANY_TYPE, FORWARD, "chains at forward" },
};

static const struct allowed *allowed_of(uint32_t kind)
{
	for (size_t i = 0; i < FWC_ARRAY_SIZE(allowed); i++)
		if (allowed[i].kind == kind)
			return &allowed[i];
	return NULL;
}

/* A chain without a hook has those of all that jump to it: there any of these may be the one. */
static bool fits(const struct allowed *a, const struct fwc_chain *c)
{
	return c->is_base && (a->type == ANY_TYPE || a->type == c->type) &&
	       a->hooks & 1u << c->hook;
}

/* The first target that may not stand in the rule's chain; FWC_NO_INDEX when none is known. */
static uint32_t misplaced(const struct fwc_rule *rule, const struct fwc_target **ret,
			  const struct allowed **ret_allowed)
{
	uint32_t index = 0;

	for (const struct fwc_item *i = fwc_rule_items(rule); i; i = i->next, index++) {
		const struct allowed *a =
			i->kind == FWC_ITEM_TARGET ? allowed_of(i->target->type->kind) : NULL;

		if (!a || fits(a, rule->chain))
			continue;
		*ret = i->target;
		*ret_allowed = a;
		return index;
	}
	return FWC_NO_INDEX;
}

static uint32_t explain_misplaced(const struct fwc_step *step, int code, struct fwc_error *err)
{
	const struct fwc_target *target;
	const struct allowed *a;
	uint32_t item = misplaced(step->rule, &target, &a);

	if (item == FWC_NO_INDEX)
		fwc_fail(err, code, FWC_OBJECT_RULE, "%s", reason_of(step, code));
	else
		fwc_fail(
			err, code, FWC_OBJECT_RULE,
			"the kernel does not allow '%s' in a chain of this type and hook: it is for %s%s",
			target->type->name, a->words,
			step->rule->chain->is_base ? "" : ", and what they jump to");
	return item;
}

static void explain_rule(const struct fwc_step *step, const struct fwc_nl_answer *answer,
			 bool own_message, struct fwc_error *err)
{
	uint32_t item = FWC_NO_INDEX;
	char expression[32] = "";

	/* The rule's own message is the last of its step, before it are those of its anonymous sets. */
	if (own_message && answer->offset)
		item = fwc_nft_item_at(step->rule, answer->offset, expression);
	if (*expression)
		explain_expression(step->rule, expression, answer->code, err);
	else if (answer->code == -ENOENT && step->place != FWC_NFT_APPEND && step->handle)
		fwc_fail(err, answer->code, FWC_OBJECT_RULE,
			 "there is no rule with handle %llu in that chain",
			 (unsigned long long)step->handle);
	else if (answer->code == -ENOENT)
		fwc_fail(err, answer->code, FWC_OBJECT_RULE, "there is no such table or chain");
	else if (answer->code == -EOPNOTSUPP)
		item = explain_misplaced(step, answer->code, err);
	else
		fwc_fail(err, answer->code, FWC_OBJECT_RULE, "%s", reason_of(step, answer->code));
	if (err)
		err->item = item;
	fwc_rule_place(step->rule, err);
}

/* What a table or chain needs beside the oldest kernels; NULL: nothing. */
static const char *needed_feature(const struct fwc_step *step)
{
	const struct fwc_chain *c = step->chain;

	if (step->kind == FWC_STEP_ADD_TABLE || step->kind == FWC_STEP_SET_TABLE)
		return step->table->flags & FWC_TABLE_PERSIST ? "table persist"
		       : step->table->flags & FWC_TABLE_OWNER ? "table owner"
							      : NULL;
	if (step->kind != FWC_STEP_ADD_CHAIN || !c->is_base)
		return NULL;
	if (c->hook == FWC_HOOK_EGRESS)
		return "netdev egress";
	if (c->table->family != FWC_FAMILY_INET)
		return NULL;
	return c->hook == FWC_HOOK_INGRESS ? "inet ingress"
	       : c->type == FWC_CHAIN_NAT  ? "inet nat chain"
					   : NULL;
}

static void explain_feature(const struct fwc_step *step, int code, struct fwc_error *err)
{
	const struct fwc_feature_row *row;

	row = needed_feature(step) ? fwc_feature_row_find(needed_feature(step)) : NULL;
	if (!row || (code != -EOPNOTSUPP && code != -EINVAL && code != -ENOENT))
		fwc_fail(err, code, FWC_OBJECT_NONE, "%s", reason_of(step, code));
	else
		fwc_fail(err, code, FWC_OBJECT_NONE, "%s: '%s' is from Linux %s",
			 reason_of(step, code), row->name, row->since);
}

static void explain_chain(const struct fwc_step *step, int code, struct fwc_error *err)
{
	const struct fwc_chain *c = step->chain;

	/* The chain's type is a module of its own. */
	if (step->kind == FWC_STEP_ADD_CHAIN && code == -ENOENT && c->is_base &&
	    c->type == FWC_CHAIN_NAT) {
		fwc_fail(err, code, FWC_OBJECT_CHAIN,
			 "the kernel has no nat chains (CONFIG_NFT_NAT)");
		name_option(err, "CONFIG_NFT_NAT");
	} else {
		explain_feature(step, code, err);
		err->object = FWC_OBJECT_CHAIN;
	}
	fwc_chain_place(c, err);
}

/* NULL when the kernel does not say which one of many it was. */
static const struct fwc_element *refused_element(const struct fwc_steps *steps,
						 const struct fwc_step *step,
						 const struct fwc_nl_answer *answer)
{
	bool add = step->kind == FWC_STEP_ADD_ELEMENTS;

	if (step->count == 1)
		return step->elements[0];
	return fwc_nft_element_at(step->set, step->elements, step->count,
				  add ? NFT_MSG_NEWSETELEM : NFT_MSG_DELSETELEM,
				  add && step->stamp ? steps->owner : NULL, answer->seq - step->seq,
				  answer->offset);
}

static void explain_elements(const struct fwc_steps *steps, const struct fwc_step *step,
			     const struct fwc_nl_answer *answer, struct fwc_error *err)
{
	const struct fwc_element *e = refused_element(steps, step, answer);
	char text[128];
	struct fwc_buf out = fwc_buf_over(text, sizeof(text));

	fwc_fail(err, answer->code, FWC_OBJECT_ELEMENT, "%s", reason_of(step, answer->code));
	if (answer->code == -ENFILE && step->set->max_elements)
		fwc_fail(err, answer->code, FWC_OBJECT_ELEMENT,
			 "the set is full: its size is %u elements", step->set->max_elements);
	if (!e)
		return;
	fwc_text_format_element(e, &out);
	fwc_error_prepend(err, "element %s", text);
}

static void explain_set(const struct fwc_steps *steps, const struct fwc_step *step,
			const struct fwc_nl_answer *answer, struct fwc_error *err)
{
	const struct fwc_set *s = step->set;

	if (step->kind == FWC_STEP_ADD_ELEMENTS || step->kind == FWC_STEP_DEL_ELEMENTS)
		explain_elements(steps, step, answer, err);
	else
		fwc_fail(err, answer->code, FWC_OBJECT_SET, "%s", reason_of(step, answer->code));
	fwc_error_prepend(err, "set %s", s->name);
	if (err)
		fwc_copy_name(err->chain, sizeof(err->chain), s->name);
	fwc_table_place(s->table, err);
}

static void explain_table(const struct fwc_step *step, int code, struct fwc_error *err)
{
	explain_feature(step, code, err);
	err->object = FWC_OBJECT_TABLE;
	fwc_table_place(step->table, err);
}

static void explain_batch(int code, struct fwc_error *err)
{
	switch (code) {
	case -EPERM:
		fwc_fail(
			err, code, FWC_OBJECT_KERNEL,
			"changing nf_tables needs CAP_NET_ADMIN in the user namespace that owns the network namespace");
		break;
	case -ERESTART:
		fwc_fail(err, code, FWC_OBJECT_KERNEL,
			 "others have changed nf_tables since it was read");
		break;
	case -EINVAL:
	case -EOPNOTSUPP:
		fwc_fail(err, code, FWC_OBJECT_KERNEL,
			 "the kernel has no nf_tables (CONFIG_NF_TABLES)");
		name_option(err, "CONFIG_NF_TABLES");
		break;
	default:
		fwc_fail(err, code, FWC_OBJECT_KERNEL, "the kernel refuses the transaction: %s",
			 strerror(-code));
	}
}

/* The number after its last message. */
static uint32_t end_of(const struct fwc_steps *steps, const struct fwc_step *step)
{
	return step + 1 < steps->items + steps->count ? step[1].seq : steps->end_seq;
}

static const char *flowtable_reason(const struct fwc_step *step, int code)
{
	if (step->kind == FWC_STEP_ADD_OBJECT && code == -ENOENT)
		return "one of its devices is not there, or the kernel has no flowtables for "
		       "tables of this family (CONFIG_NF_FLOW_TABLE_INET)";
	if (step->kind == FWC_STEP_ADD_OBJECT && (code == -EEXIST || code == -EBUSY))
		return "one of its devices is in another flowtable";
	if (step->kind == FWC_STEP_ADD_OBJECT && code == -EOPNOTSUPP)
		return "one of its devices, or this kernel, cannot do what its flags ask for";
	return reason_of(step, code);
}

static void explain_object(const struct fwc_step *step, int code, struct fwc_error *err)
{
	bool flowtable = step->object->type == FWC_OBJECT_TYPE_FLOWTABLE;

	fwc_fail(err, code, FWC_OBJECT_TABLE, "%s",
		 flowtable ? flowtable_reason(step, code) : reason_of(step, code));
	fwc_error_prepend(err, "%s %s", flowtable ? "flowtable" : "object", step->object->name);
	fwc_table_place(step->object->table, err);
}

static void explain_step(const struct fwc_steps *steps, const struct fwc_step *step,
			 const struct fwc_nl_answer *answer, struct fwc_error *err)
{
	switch (step->kind) {
	case FWC_STEP_DEL_TABLE:
	case FWC_STEP_ADD_TABLE:
	case FWC_STEP_SET_TABLE:
		explain_table(step, answer->code, err);
		break;
	case FWC_STEP_DEL_OBJECT:
	case FWC_STEP_DEL_DEVICE:
	case FWC_STEP_ADD_OBJECT:
		explain_object(step, answer->code, err);
		break;
	case FWC_STEP_FLUSH_CHAIN:
	case FWC_STEP_DEL_CHAIN:
	case FWC_STEP_ADD_CHAIN:
	case FWC_STEP_SET_POLICY:
		explain_chain(step, answer->code, err);
		break;
	case FWC_STEP_DEL_RULE:
		fwc_fail(err, answer->code, FWC_OBJECT_RULE, "%s", reason_of(step, answer->code));
		fwc_error_prepend(err, "rule with handle %llu", (unsigned long long)step->handle);
		fwc_chain_place(step->rule->chain, err);
		break;
	case FWC_STEP_ADD_RULE:
		explain_rule(step, answer, answer->seq + 1 == end_of(steps, step), err);
		break;
	default:
		explain_set(steps, step, answer, err);
	}
	if (err && (step->kind == FWC_STEP_DEL_RULE || step->kind == FWC_STEP_ADD_RULE))
		err->handle = step->handle;
}

int fwc_steps_explain(struct fwc_steps *steps, const struct fwc_nl_answer *answer,
		      uint32_t first_seq, struct fwc_error *err)
{
	const struct fwc_step *step = fwc_steps_of(steps, answer->seq, first_seq);

	steps->refused = step;
	if (!err)
		return answer->code;
	if (step)
		explain_step(steps, step, answer, err);
	else
		explain_batch(answer->code, err);
	if (answer->text[0]) {
		char text[sizeof(answer->text) + 8];

		snprintf(text, sizeof(text), " (%s)", answer->text);
		if (strlen(err->msg) + strlen(text) < sizeof(err->msg))
			strcat(err->msg, text);
	}
	err->offset = answer->offset;
	err->from_kernel = 1;
	return answer->code;
}
