/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Steps in nft's command words. */
#include "kernel/plan.h"
#include "text/text.h"

static void put_table(struct fwc_buf *out, const char *verb, const char *object,
		      const struct fwc_table *t)
{
	const char *family = fwc_family_name(t->family);

	fwc_buf_printf(out, "%s %s %s %s", verb, object, family ? family : "?", t->name);
}

static void put_chain(struct fwc_buf *out, const char *verb, const char *object,
		      const struct fwc_chain *c)
{
	put_table(out, verb, object, c->table);
	fwc_buf_printf(out, " %s", c->name);
}

static void put_elements(struct fwc_buf *out, const char *verb, const struct fwc_step *s)
{
	put_table(out, verb, "element", s->set->table);
	fwc_buf_printf(out, " %s { ", s->set->name);
	for (size_t i = 0; i < s->count; i++) {
		fwc_buf_puts(out, i ? ", " : "");
		fwc_text_format_element(s->elements[i], out);
	}
	fwc_buf_puts(out, " }");
}

static void put_rule(struct fwc_buf *out, const struct fwc_step *s)
{
	static const char *const verbs[] = {
		[FWC_NFT_APPEND] = "add",
		[FWC_NFT_INSERT] = "insert",
		[FWC_NFT_AFTER] = "add",
		[FWC_NFT_REPLACE] = "replace",
	};

	put_chain(out, verbs[s->place], "rule", s->rule->chain);
	if (s->handle)
		fwc_buf_printf(out, " handle %llu", (unsigned long long)s->handle);
	fwc_buf_puts(out, " ");
	fwc_text_format_rule(s->rule, true, out);
}

static void put_chain_step(struct fwc_buf *out, const struct fwc_step *s)
{
	const struct fwc_chain *c = s->chain;

	switch (s->kind) {
	case FWC_STEP_FLUSH_CHAIN:
		put_chain(out, "flush", "chain", c);
		break;
	case FWC_STEP_DEL_CHAIN:
		put_chain(out, "delete", "chain", c);
		break;
	case FWC_STEP_RENAME_CHAIN:
		put_chain(out, "rename", "chain", c);
		fwc_buf_printf(out, " %s", s->name);
		break;
	case FWC_STEP_SET_POLICY:
		put_chain(out, "add", "chain", c);
		fwc_buf_printf(out, " { policy %s; }",
			       c->policy == FWC_VERDICT_DROP ? "drop" : "accept");
		break;
	default:
		put_chain(out, "add", "chain", c);
		if (!c->is_base)
			break;
		fwc_buf_puts(out, " { ");
		fwc_text_format_chain_head(c, out);
		fwc_buf_puts(out, " }");
	}
}

void fwc_step_format(const struct fwc_step *s, struct fwc_buf *out)
{
	switch (s->kind) {
	case FWC_STEP_DEL_TABLE:
		put_table(out, "delete", "table", s->table);
		break;
	case FWC_STEP_ADD_TABLE:
	case FWC_STEP_SET_TABLE:
		put_table(out, "add", "table", s->table);
		if (s->table->flags & FWC_TABLE_DORMANT)
			fwc_buf_puts(out, " { flags dormant; }");
		break;
	case FWC_STEP_DEL_SET:
		put_table(out, "delete", s->set->data_count ? "map" : "set", s->set->table);
		fwc_buf_printf(out, " %s", s->set->name);
		break;
	case FWC_STEP_ADD_SET:
		put_table(out, "add", s->set->data_count ? "map" : "set", s->set->table);
		fwc_buf_printf(out, " %s {", s->set->name);
		fwc_text_format_set_head(s->set, out);
		fwc_buf_puts(out, " }");
		break;
	case FWC_STEP_DEL_OBJECT:
		fwc_text_format_object_command(s->object, "delete", false, true, out);
		break;
	case FWC_STEP_DEL_DEVICE:
		fwc_text_format_object_command(s->object, "delete", true, true, out);
		break;
	case FWC_STEP_ADD_OBJECT:
		fwc_text_format_object_command(s->object, "add", true, true, out);
		break;
	case FWC_STEP_DEL_ELEMENTS:
		put_elements(out, "delete", s);
		break;
	case FWC_STEP_ADD_ELEMENTS:
		put_elements(out, s->exclusive ? "create" : "add", s);
		break;
	case FWC_STEP_DEL_RULE:
		put_chain(out, "delete", "rule", s->rule->chain);
		fwc_buf_printf(out, " handle %llu # ", (unsigned long long)s->handle);
		fwc_text_format_rule(s->rule, true, out);
		break;
	case FWC_STEP_ADD_RULE:
		put_rule(out, s);
		break;
	default:
		put_chain_step(out, s);
	}
}

static const struct {
	uint8_t action, object;
} meanings[FWC_STEP_KINDS] = {
	[FWC_STEP_DEL_RULE] = { FWC_PLAN_DELETE, FWC_OBJECT_RULE },
	[FWC_STEP_FLUSH_CHAIN] = { FWC_PLAN_CHANGE, FWC_OBJECT_CHAIN },
	[FWC_STEP_DEL_ELEMENTS] = { FWC_PLAN_DELETE, FWC_OBJECT_ELEMENT },
	[FWC_STEP_DEL_SET] = { FWC_PLAN_DELETE, FWC_OBJECT_SET },
	[FWC_STEP_DEL_OBJECT] = { FWC_PLAN_DELETE, FWC_OBJECT_NONE },
	[FWC_STEP_DEL_DEVICE] = { FWC_PLAN_CHANGE, FWC_OBJECT_NONE },
	[FWC_STEP_DEL_CHAIN] = { FWC_PLAN_DELETE, FWC_OBJECT_CHAIN },
	[FWC_STEP_DEL_TABLE] = { FWC_PLAN_DELETE, FWC_OBJECT_TABLE },
	[FWC_STEP_ADD_TABLE] = { FWC_PLAN_ADD, FWC_OBJECT_TABLE },
	[FWC_STEP_SET_TABLE] = { FWC_PLAN_CHANGE, FWC_OBJECT_TABLE },
	[FWC_STEP_ADD_OBJECT] = { FWC_PLAN_ADD, FWC_OBJECT_NONE },
	[FWC_STEP_RENAME_CHAIN] = { FWC_PLAN_CHANGE, FWC_OBJECT_CHAIN },
	[FWC_STEP_ADD_CHAIN] = { FWC_PLAN_ADD, FWC_OBJECT_CHAIN },
	[FWC_STEP_ADD_SET] = { FWC_PLAN_ADD, FWC_OBJECT_SET },
	[FWC_STEP_ADD_ELEMENTS] = { FWC_PLAN_ADD, FWC_OBJECT_ELEMENT },
	[FWC_STEP_ADD_RULE] = { FWC_PLAN_ADD, FWC_OBJECT_RULE },
	[FWC_STEP_SET_POLICY] = { FWC_PLAN_CHANGE, FWC_OBJECT_CHAIN },
};

static const struct fwc_step *step_at(const struct fwc_plan *plan, size_t i)
{
	return plan && i < plan->steps.count ? &plan->steps.items[i] : NULL;
}

uint32_t fwc_plan_action(const struct fwc_plan *plan, size_t i)
{
	const struct fwc_step *s = step_at(plan, i);

	return s ? meanings[s->kind].action : 0;
}

uint32_t fwc_plan_object(const struct fwc_plan *plan, size_t i)
{
	const struct fwc_step *s = step_at(plan, i);

	return s ? meanings[s->kind].object : FWC_OBJECT_NONE;
}

uint32_t fwc_plan_family(const struct fwc_plan *plan, size_t i)
{
	const struct fwc_step *s = step_at(plan, i);

	return s ? fwc_step_table(s)->family : 0;
}

const char *fwc_plan_table(const struct fwc_plan *plan, size_t i)
{
	const struct fwc_step *s = step_at(plan, i);

	return s ? fwc_step_table(s)->name : NULL;
}

const char *fwc_plan_name(const struct fwc_plan *plan, size_t i)
{
	const struct fwc_step *s = step_at(plan, i);

	if (!s)
		return NULL;
	switch (meanings[s->kind].object) {
	case FWC_OBJECT_TABLE:
		return "";
	case FWC_OBJECT_RULE:
		return s->rule->chain->name;
	case FWC_OBJECT_CHAIN:
		return s->chain->name;
	case FWC_OBJECT_NONE:
		return s->object->name;
	default:
		return s->set->name;
	}
}

size_t fwc_plan_kept_count(const struct fwc_plan *plan)
{
	return plan ? plan->kept.count : 0;
}

static void put_comment(struct fwc_buf *out, const char *before, const char *comment)
{
	if (comment)
		fwc_buf_printf(out, "%s \"%s\"", before, comment);
	else
		fwc_buf_printf(out, "%s none", before);
}

int fwc_plan_kept_format(const struct fwc_plan *plan, size_t i, char *buf, size_t size,
			 size_t *ret_needed)
{
	static const char *const words[] = {
		[FWC_OBJECT_NONE] = "object",
		[FWC_OBJECT_TABLE] = "table",
		[FWC_OBJECT_CHAIN] = "chain",
		[FWC_OBJECT_SET] = "set",
	};
	const struct fwc_kept *kept;
	struct fwc_buf out;

	if (!plan || i >= plan->kept.count || (!buf && size))
		return -EINVAL;
	kept = plan->kept.items[i];
	out = fwc_buf_over(buf, size);
	put_table(&out, "comment of", words[kept->object], kept->table);
	fwc_buf_printf(&out, "%s%s", *kept->name ? " " : "", kept->name);
	put_comment(&out, " stays", kept->there);
	put_comment(&out, ", declared is", kept->declared);
	return fwc_buf_finish(&out, ret_needed);
}
