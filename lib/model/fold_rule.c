/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Which rules can be folded, and why others cannot: in doubt a rule stays as it is. */
#include <linux/netfilter/nf_tables.h>

#include "model/fold.h"

/* ---- what may differ from look to look ---- */

static bool field_changes(const struct fwc_field_row *f)
{
	return f->load == FWC_LOAD_NUMGEN || f->id == FWC_FIELD_META_RANDOM;
}

static bool any_field(const struct fwc_value *v, bool (*is)(const struct fwc_field_row *f))
{
	switch (v->kind) {
	case FWC_VALUE_FIELD:
		return is(v->field);
	case FWC_VALUE_BITS:
		return any_field(v->of, is);
	case FWC_VALUE_MAP:
		return any_field(v->child[0], is);
	case FWC_VALUE_CONCAT:
	case FWC_VALUE_JOIN:
	case FWC_VALUE_HASH:
		for (size_t i = 0; i < v->len; i++)
			if (any_field(v->child[i], is))
				return true;
		return false;
	default:
		return false;
	}
}

/* Such fields stand behind the match that says which message it is: nothing may move in front of that. */
static bool field_is_in_icmp(const struct fwc_field_row *f)
{
	return f->icmp != 0;
}

/* ---- keys ---- */

/* A set must have a name for the type, and the kernel must order its constants as the model does. */
static bool is_key_type(const struct fwc_type *t)
{
	const uint32_t forms = 1u << FWC_FORM_NUMBER | 1u << FWC_FORM_HEX | 1u << FWC_FORM_IP4 |
			       1u << FWC_FORM_IP6 | 1u << FWC_FORM_IFNAME | 1u << FWC_FORM_BITS |
			       1u << FWC_FORM_ETHER | 1u << FWC_FORM_IFINDEX;

	return (forms >> t->form & 1) && !t->bits && t->id != FWC_TYPE_ID_INTEGER &&
	       t->id != FWC_TYPE_ID_BITMASK && t->id != FWC_TYPE_ID_STRING &&
	       fwc_type_by_name(t->name, strlen(t->name)) == t;
}

static bool is_key_field(const struct fwc_value *v)
{
	return v->kind == FWC_VALUE_FIELD && is_key_type(v->field->type);
}

static bool is_key_left(const struct fwc_value *v)
{
	if (v->kind != FWC_VALUE_CONCAT)
		return is_key_field(v);
	for (size_t i = 0; i < v->len; i++)
		if (!is_key_field(v->child[i]))
			return false;
	return true;
}

/* `eth*` is no interval of a set to every kernel and nft. */
static bool is_key_constant(const struct fwc_value *v)
{
	if (v->kind == FWC_VALUE_CONCAT) {
		for (size_t i = 0; i < v->len; i++)
			if (!is_key_constant(v->child[i]))
				return false;
		return true;
	}
	return fwc_value_is_key(v) &&
	       !(v->kind != FWC_VALUE_CONSTANT &&
		 (v->type->form == FWC_FORM_IFNAME || v->type->form == FWC_FORM_BITS));
}

static bool is_key_list(const struct fwc_set *s)
{
	if (s->data_count || s->opaque || !s->elements.count)
		return false;
	for (size_t i = 0; i < s->elements.count; i++) {
		const struct fwc_element *e = s->elements.items[i];

		if (e->labels || e->state || !is_key_constant(e->key))
			return false;
	}
	return true;
}

bool fwc_fold_is_key(const struct fwc_item *match)
{
	if (match->op != FWC_OP_EQ || !is_key_left(match->left))
		return false;
	if (match->right->kind == FWC_VALUE_LIST)
		return is_key_list(match->right->list);
	return is_key_constant(match->right);
}

/* ---- tails ---- */

static bool same_param(const struct fwc_target *a, const struct fwc_target *b, uint32_t param);

static bool same_target(const struct fwc_target *a, const struct fwc_target *b)
{
	if (a == b)
		return true;
	if (a->type != b->type || a->has != b->has)
		return false;
	for (uint32_t param = 1; param <= a->type->count; param++)
		if (fwc_target_has(a, param) && !same_param(a, b, param))
			return false;
	return true;
}

static bool same_param(const struct fwc_target *a, const struct fwc_target *b, uint32_t param)
{
	const union fwc_param *one = &a->params[param - 1], *other = &b->params[param - 1];

	switch (a->type->params[param - 1].form) {
	case FWC_PARAM_NUMBER:
		return one->number == other->number;
	case FWC_PARAM_TEXT:
		return !strcmp(one->text, other->text);
	case FWC_PARAM_VALUE:
		return fwc_value_equal(one->value, other->value);
	default:
		return same_target(one->target, other->target);
	}
}

bool fwc_fold_same_tail(const struct fwc_item *a, const struct fwc_item *b)
{
	for (; a && b; a = a->next, b = b->next)
		if (!same_target(a->target, b->target))
			return false;
	return !a && !b;
}

/* What the target changes is none of what the rule compares: the next rule must not match what this one left. Marks and
 * the like are known by their number; headers overlap each other. */
static bool changes_own_key(const struct fwc_fold_rule *f, const struct fwc_target *t)
{
	const struct fwc_field_row *changed;
	uint64_t id = 0;

	fwc_target_get_number(t, FWC_ASSIGN_FIELD, &id);
	changed = fwc_field_by_id((uint32_t)id);
	if (!changed || (changed->load != FWC_LOAD_META && changed->load != FWC_LOAD_CT))
		return true;
	for (uint32_t i = 0; i < f->match_count; i++) {
		const struct fwc_value *left = f->match[i]->left;

		if (left->kind != FWC_VALUE_FIELD || left->field->id == id)
			return true;
	}
	return false;
}

/* Named objects that all rules share anyhow. */
static bool is_shared_object(const struct fwc_target *t)
{
	uint64_t type = 0;

	fwc_target_get_number(t, FWC_OBJREF_TYPE, &type);
	return fwc_target_has(t, FWC_OBJREF_NAME) &&
	       (type == FWC_OBJECT_TYPE_COUNTER || type == FWC_OBJECT_TYPE_QUOTA ||
		type == FWC_OBJECT_TYPE_LIMIT);
}

/* Whether one target can stand for the same one in each rule: it has no state of its own. */
static bool can_be_shared(const struct fwc_fold_rule *f, const struct fwc_target *t)
{
	switch (t->type->kind) {
	case FWC_TARGET_VERDICT: /* rules of its own are one rule's */
		return !fwc_target_get_block(t);
	case FWC_TARGET_REJECT:
	case FWC_TARGET_LOG:
	case FWC_TARGET_MASQUERADE:
	case FWC_TARGET_SNAT:
	case FWC_TARGET_DNAT:
	case FWC_TARGET_REDIRECT:
	case FWC_TARGET_QUEUE:
	case FWC_TARGET_FLOW:
		return true;
	case FWC_TARGET_OBJREF:
		return is_shared_object(t);
	case FWC_TARGET_ASSIGN:
		return !changes_own_key(f, t);
	default:
		return false;
	}
}

/* ---- jumps ---- */

/* Whether what comes after it sees the same packet, with the same marks. */
static bool leaves_packet(const struct fwc_item *i)
{
	if (i->kind == FWC_ITEM_MATCH)
		return true;
	if (i->kind != FWC_ITEM_TARGET)
		return false;
	switch (i->target->type->kind) {
	case FWC_TARGET_VERDICT:
		return !fwc_target_get_block(i->target); /* it is not looked into */
	case FWC_TARGET_VMAP:
	case FWC_TARGET_REJECT:
	case FWC_TARGET_LOG:
	case FWC_TARGET_COUNTER:
	case FWC_TARGET_LIMIT:
	case FWC_TARGET_QUOTA:
	case FWC_TARGET_CONNLIMIT:
	case FWC_TARGET_LAST:
	case FWC_TARGET_MASQUERADE:
	case FWC_TARGET_SNAT:
	case FWC_TARGET_DNAT:
	case FWC_TARGET_REDIRECT:
	case FWC_TARGET_QUEUE:
	case FWC_TARGET_FLOW:
	case FWC_TARGET_UPDATE:
		return true;
	case FWC_TARGET_OBJREF:
		return is_shared_object(i->target);
	default:
		return false;
	}
}

/* All chains of the table: which of them a jump leads to is not followed. In a SHARED one there may be others' rules. */
static bool table_changes(struct fwc_fold_table *t)
{
	if (t->looked)
		return t->changes;
	t->looked = true;
	t->changes = t->table->flags & FWC_TABLE_SHARED;
	for (size_t i = 0; i < t->table->chains.count && !t->changes; i++) {
		const struct fwc_chain *c = t->table->chains.items[i];

		for (size_t n = 0; n < c->rules.count && !t->changes; n++)
			for (const struct fwc_item *item = fwc_rule_items(c->rules.items[n]);
			     item && !t->changes; item = item->next)
				t->changes = !leaves_packet(item);
	}
	return t->changes;
}

static uint32_t look_at_jump(struct fwc_fold_table *t, const struct fwc_target *verdict)
{
	const char *chain = fwc_target_get_text(verdict, FWC_VERDICT_CHAIN);

	if (!chain || !fwc_table_find_chain(t->table, chain) || table_changes(t))
		return FWC_FOLD_JUMP;
	return 0;
}

/* ---- a rule ---- */

static uint32_t look_at_match(struct fwc_fold_rule *f, const struct fwc_item *i)
{
	if (f->match_count == FWC_FOLD_MATCHES)
		return FWC_FOLD_LARGE;
	if (any_field(i->left, field_changes))
		return FWC_FOLD_CHANGING;
	if (any_field(i->left, field_is_in_icmp))
		return FWC_FOLD_COMPARISON;
	f->match[f->match_count++] = i;
	return 0;
}

static uint32_t look_at_verdict(struct fwc_fold_table *t, struct fwc_fold_rule *f,
				const struct fwc_target *target)
{
	uint64_t code = 0;

	fwc_target_get_number(target, FWC_VERDICT_CODE, &code);
	if (code == FWC_VERDICT_CONTINUE)
		return FWC_FOLD_NO_VERDICT;
	if (!f->tail->next) {
		f->verdict = (uint32_t)code;
		f->chain = fwc_target_get_text(target, FWC_VERDICT_CHAIN);
	}
	return code == FWC_VERDICT_JUMP ? look_at_jump(t, target) : 0;
}

static uint32_t look_at_target(struct fwc_fold_table *t, struct fwc_fold_rule *f,
			       const struct fwc_item *i)
{
	if (!f->tail && !f->counter && i->target->type->kind == FWC_TARGET_COUNTER) {
		f->counter = i->target;
		return 0;
	}
	if (!f->tail)
		f->tail = i;
	if (!can_be_shared(f, i->target))
		return FWC_FOLD_TARGET;
	return i->target->type->kind == FWC_TARGET_VERDICT ? look_at_verdict(t, f, i->target) : 0;
}

static uint32_t look_at_labels(const struct fwc_rule *r)
{
	/* Userdata that others wrote says something about this rule that an element cannot say. */
	return r->labels && !fwc_fold_labels_are_plain(r->labels) ? FWC_FOLD_OPAQUE : 0;
}

void fwc_fold_look(struct fwc_fold_table *t, const struct fwc_rule *r, struct fwc_fold_rule *ret)
{
	struct fwc_fold_rule f = { .rule = r, .reason = look_at_labels(r) };

	for (const struct fwc_item *i = fwc_rule_items(r); i && !f.reason; i = i->next) {
		if (i->kind == FWC_ITEM_OPAQUE || i->kind == FWC_ITEM_EXTENSION)
			f.reason = FWC_FOLD_OPAQUE;
		else if (i->kind == FWC_ITEM_TARGET)
			f.reason = look_at_target(t, &f, i);
		else
			f.reason = f.tail || f.counter ? FWC_FOLD_TARGET : look_at_match(&f, i);
	}
	if (!f.reason && !f.tail && !f.counter)
		f.reason = FWC_FOLD_NO_VERDICT;
	if (!f.reason && !f.match_count)
		f.reason = FWC_FOLD_FEW;
	*ret = f;
}
