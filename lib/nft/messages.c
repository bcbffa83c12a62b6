/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Messages of tables, chains and rules. */
#include "nft/messages.h"
#include "fields/hooks.h"
#include "iptables/iptables.h"
#include "nft/encode.h"
#include "nft/userdata.h"

size_t fwc_message_begin(struct fwc_nft_writer *w, uint16_t type, uint16_t flags, uint32_t family)
{
	const struct nfgenmsg head = { .nfgen_family = (uint8_t)family, .version = NFNETLINK_V0 };

	return fwc_wire_begin(w->wire, (uint16_t)(NFNL_SUBSYS_NFTABLES << 8 | type),
			      NLM_F_REQUEST | flags, w->seq++, &head, sizeof(head));
}

static void put_labels(struct fwc_nft_writer *w, const struct fwc_labels *labels, uint16_t attr,
		       bool stamp_owner)
{
	struct fwc_userdata u = { .len = 0 };

	fwc_userdata_add_labels(&u, labels, FWC_UDATA_COMMENT, 0, stamp_owner ? w->owner : NULL);
	fwc_userdata_put(&u, w->wire, attr);
}

/* ---- tables ---- */

void fwc_nft_put_table(struct fwc_nft_writer *w, const struct fwc_table *t)
{
	size_t msg = fwc_message_begin(w, NFT_MSG_NEWTABLE, NLM_F_CREATE, t->family);

	fwc_put_text(w->wire, NFTA_TABLE_NAME, t->name);
	fwc_put_be32(w->wire, NFTA_TABLE_FLAGS,
		     (t->flags & FWC_TABLE_DORMANT ? NFT_TABLE_F_DORMANT : 0u) |
			     (t->flags & FWC_TABLE_OWNER ? NFT_TABLE_F_OWNER : 0u) |
			     (t->flags & FWC_TABLE_PERSIST ? FWC_NFT_TABLE_F_PERSIST : 0u));
	put_labels(w, t->labels, NFTA_TABLE_USERDATA, false);
	fwc_wire_end(w->wire, msg);
}

void fwc_nft_del_table(struct fwc_nft_writer *w, uint32_t family, const char *name, uint64_t handle)
{
	size_t msg = fwc_message_begin(w, NFT_MSG_DELTABLE, 0, family);

	/* With the handle alone, a table of that name that somebody made anew stays. */
	if (handle)
		fwc_put_be64(w->wire, NFTA_TABLE_HANDLE, handle);
	else
		fwc_put_text(w->wire, NFTA_TABLE_NAME, name);
	fwc_wire_end(w->wire, msg);
}

/* ---- chains ---- */

/* One device has an attribute of its own: kernels before 5.5 know no other. */
static void put_devices(struct fwc_wire *w, const struct fwc_chain *c)
{
	size_t nest;

	if (c->device_count == 1)
		fwc_put_text(w, NFTA_HOOK_DEV, c->devices[0]);
	if (c->device_count < 2)
		return;
	nest = fwc_nest_begin(w, NFTA_HOOK_DEVS);
	for (size_t i = 0; i < c->device_count; i++)
		fwc_put_text(w, NFTA_DEVICE_NAME, c->devices[i]);
	fwc_nest_end(w, nest);
}

/* What the policy has decided so far; the kernel goes on counting from there. */
static void put_counters(struct fwc_wire *w, const struct fwc_chain *c)
{
	size_t nest;

	if (!c->counted)
		return;
	nest = fwc_nest_begin(w, NFTA_CHAIN_COUNTERS);
	fwc_put_be64(w, NFTA_COUNTER_PACKETS, c->packets);
	fwc_put_be64(w, NFTA_COUNTER_BYTES, c->bytes);
	fwc_nest_end(w, nest);
}

static void put_hook(struct fwc_wire *w, const struct fwc_chain *c)
{
	const char *type = c->type ? fwc_chain_type_name(c->type) : c->type_name;
	size_t nest = fwc_nest_begin(w, NFTA_CHAIN_HOOK);
	uint32_t number = c->hook; /* of a type that is not known: the kernel's already */

	if (c->type)
		fwc_hook_to_kernel(c->table->family, c->hook, &number);
	fwc_put_be32(w, NFTA_HOOK_HOOKNUM, number);
	fwc_put_be32(w, NFTA_HOOK_PRIORITY, (uint32_t)c->priority);
	put_devices(w, c);
	fwc_nest_end(w, nest);
	fwc_put_be32(w, NFTA_CHAIN_POLICY, c->policy == FWC_VERDICT_DROP ? NF_DROP : NF_ACCEPT);
	if (type)
		fwc_put_text(w, NFTA_CHAIN_TYPE, type);
	put_counters(w, c);
}

void fwc_nft_put_chain(struct fwc_nft_writer *w, const struct fwc_chain *c, bool stamp_owner)
{
	size_t msg = fwc_message_begin(w, NFT_MSG_NEWCHAIN, NLM_F_CREATE, c->table->family);

	fwc_put_text(w->wire, NFTA_CHAIN_TABLE, c->table->name);
	fwc_put_text(w->wire, NFTA_CHAIN_NAME, c->name);
	if (c->is_base && c->bound)
		put_hook(w->wire, c);
	put_labels(w, c->labels, NFTA_CHAIN_USERDATA, stamp_owner);
	fwc_wire_end(w->wire, msg);
}

static size_t begin_chain(struct fwc_nft_writer *w, uint16_t type, uint16_t flags,
			  const struct fwc_chain *c)
{
	size_t msg = fwc_message_begin(w, type, flags, c->table->family);

	fwc_put_text(w->wire, NFTA_CHAIN_TABLE, c->table->name);
	fwc_put_text(w->wire, NFTA_CHAIN_NAME, c->name);
	return msg;
}

void fwc_nft_put_chain_policy(struct fwc_nft_writer *w, const struct fwc_chain *c, uint32_t policy)
{
	size_t msg = begin_chain(w, NFT_MSG_NEWCHAIN, 0, c);

	fwc_put_be32(w->wire, NFTA_CHAIN_POLICY, policy == FWC_VERDICT_DROP ? NF_DROP : NF_ACCEPT);
	put_counters(w->wire, c);
	fwc_wire_end(w->wire, msg);
}

void fwc_nft_rename_chain(struct fwc_nft_writer *w, const struct fwc_chain *c, const char *name)
{
	size_t msg = fwc_message_begin(w, NFT_MSG_NEWCHAIN, 0, c->table->family);

	fwc_put_text(w->wire, NFTA_CHAIN_TABLE, c->table->name);
	fwc_put_text(w->wire, NFTA_CHAIN_NAME, name);
	fwc_put_be64(w->wire, NFTA_CHAIN_HANDLE, c->handle);
	fwc_wire_end(w->wire, msg);
}

void fwc_nft_del_chain(struct fwc_nft_writer *w, const struct fwc_chain *c, bool only_empty)
{
	fwc_wire_end(w->wire, begin_chain(w, NFT_MSG_DELCHAIN, only_empty ? NLM_F_NONREC : 0, c));
}

/* ---- rules ---- */

/* `block_id`: of a chain that is made in this transaction for a rule; 0: the chain has a name. */
static size_t begin_rule(struct fwc_nft_writer *w, uint16_t type, uint16_t flags,
			 const struct fwc_chain *c, uint32_t block_id)
{
	size_t msg = fwc_message_begin(w, type, flags, c->table->family);

	fwc_put_text(w->wire, NFTA_RULE_TABLE, c->table->name);
	if (block_id)
		fwc_put_be32(w->wire, NFTA_RULE_CHAIN_ID, block_id);
	else
		fwc_put_text(w->wire, NFTA_RULE_CHAIN, c->name);
	return msg;
}

void fwc_nft_flush_chain(struct fwc_nft_writer *w, const struct fwc_chain *c)
{
	fwc_wire_end(w->wire, begin_rule(w, NFT_MSG_DELRULE, 0, c, 0));
}

void fwc_nft_del_rule(struct fwc_nft_writer *w, const struct fwc_chain *c, uint64_t handle)
{
	size_t msg = begin_rule(w, NFT_MSG_DELRULE, 0, c, 0);

	fwc_put_be64(w->wire, NFTA_RULE_HANDLE, handle);
	fwc_wire_end(w->wire, msg);
}

/* Anonymous sets of a rule, in the order in which its encoder looks them up. */
struct set_sender {
	struct fwc_nft_writer *w;
	const struct fwc_table *table;
	struct fwc_error *err;
};

static int send_sets_of_value(struct set_sender *s, const struct fwc_value *v)
{
	int r = 0;

	switch (v->kind) {
	case FWC_VALUE_LIST:
		return fwc_put_anonymous_set(s->w, s->table, v->list, s->err);
	case FWC_VALUE_BITS:
		return send_sets_of_value(s, v->of);
	case FWC_VALUE_CONCAT:
	case FWC_VALUE_JOIN:
	case FWC_VALUE_HASH:
	case FWC_VALUE_MAP:
		for (size_t i = 0; i < v->len && r == 0; i++)
			r = send_sets_of_value(s, v->child[i]);
		return r;
	default:
		return 0;
	}
}

static int send_sets_of_item(struct set_sender *s, const struct fwc_item *item)
{
	int r = 0;

	if (item->kind == FWC_ITEM_MATCH) {
		r = send_sets_of_value(s, item->left);
		return r < 0 ? r : send_sets_of_value(s, item->right);
	}
	if (item->kind != FWC_ITEM_TARGET)
		return 0;
	/* Parameters of values are looked up in the order of their numbers: address, then port. */
	for (uint32_t i = 0; i < item->target->type->count && r == 0; i++)
		if (item->target->type->params[i].form == FWC_PARAM_VALUE &&
		    fwc_target_has(item->target, i + 1))
			r = send_sets_of_value(s, item->target->params[i].value);
	return r;
}

static int put_expressions(struct fwc_encoder *e, const struct fwc_rule *r)
{
	size_t nest = fwc_nest_begin(e->wire, NFTA_RULE_EXPRESSIONS);
	uint32_t index = 0;

	for (const struct fwc_item *i = fwc_rule_items(r); i; i = i->next, index++) {
		int code = fwc_encode_item(e, i);

		if (code < 0) {
			if (e->err)
				e->err->item = index;
			return code;
		}
	}
	fwc_nest_end(e->wire, nest);
	return 0;
}

static const struct {
	uint16_t flags,
		handle_attr; /* handle_attr: what the handle goes into; left out when it is 0 */
} places[] = {
	[FWC_NFT_APPEND] = { NLM_F_CREATE | NLM_F_APPEND, NFTA_RULE_POSITION },
	[FWC_NFT_INSERT] = { NLM_F_CREATE, NFTA_RULE_POSITION },
	[FWC_NFT_AFTER] = { NLM_F_CREATE | NLM_F_APPEND, NFTA_RULE_POSITION },
	[FWC_NFT_REPLACE] = { NLM_F_REPLACE, NFTA_RULE_HANDLE },
};

/* The chain that a rule owns; NULL: none. */
static const struct fwc_chain *block_of(const struct fwc_rule *r)
{
	const struct fwc_chain *block = NULL;

	for (const struct fwc_item *i = fwc_rule_items(r); i && !block; i = i->next)
		if (i->kind == FWC_ITEM_TARGET)
			block = fwc_target_get_block(i->target);
	return block;
}

static int put_rule(struct fwc_nft_writer *w, const struct fwc_rule *r, uint32_t block_id,
		    uint32_t place, uint64_t handle, bool stamp_owner, struct fwc_error *err);

/* A chain without a name, and its rules: the rule that jumps there comes right after them. */
static int send_block(struct fwc_nft_writer *w, const struct fwc_chain *c, uint32_t *ret_id,
		      struct fwc_error *err)
{
	size_t msg;
	int code = 0;

	*ret_id = ++w->last_block_id;
	msg = fwc_message_begin(w, NFT_MSG_NEWCHAIN, NLM_F_CREATE, c->table->family);
	fwc_put_text(w->wire, NFTA_CHAIN_TABLE, c->table->name);
	fwc_put_be32(w->wire, NFTA_CHAIN_ID, *ret_id);
	fwc_put_be32(w->wire, NFTA_CHAIN_FLAGS, NFT_CHAIN_BINDING);
	fwc_wire_end(w->wire, msg);
	for (size_t i = 0; i < c->rules.count && code == 0; i++)
		code = put_rule(w, c->rules.items[i], *ret_id, FWC_NFT_APPEND, 0, false, err);
	return code;
}

/* Extensions ask which protocol the rule is for, and the kernel does not look at its matches to find out. */
static void put_compat(struct fwc_wire *w, const struct fwc_rule *r)
{
	bool inverted, wanted = r->chain->table->is_iptables;
	uint8_t proto;
	size_t nest;

	for (const struct fwc_item *i = fwc_rule_items(r); i && !wanted; i = i->next)
		wanted = i->kind == FWC_ITEM_EXTENSION;
	if (!wanted)
		return;
	proto = fwc_xt_protocol_of(r, &inverted);
	nest = fwc_nest_begin(w, NFTA_RULE_COMPAT);
	fwc_put_be32(w, NFTA_RULE_COMPAT_PROTO, proto);
	fwc_put_be32(w, NFTA_RULE_COMPAT_FLAGS, inverted ? NFT_RULE_COMPAT_F_INV : 0u);
	fwc_nest_end(w, nest);
}

static int put_rule(struct fwc_nft_writer *w, const struct fwc_rule *r, uint32_t block_id,
		    uint32_t place, uint64_t handle, bool stamp_owner, struct fwc_error *err)
{
	struct set_sender sets = { w, r->chain->table, err };
	struct fwc_encoder e = fwc_encoder_for(r, w->wire, FWC_ENCODE_SEND, err);
	const struct fwc_chain *block = block_of(r);
	size_t msg;
	int code = block ? send_block(w, block, &e.block_id, err) : 0;

	if (!w->next_set_id)
		w->next_set_id = 1;
	e.next_set_id = w->next_set_id;
	for (const struct fwc_item *i = fwc_rule_items(r); i && code == 0; i = i->next)
		code = send_sets_of_item(&sets, i);
	if (code < 0)
		return code;
	/* Expressions come right after the names, so that fwc_nft_item_at() knows where without knowing the place. */
	msg = begin_rule(w, NFT_MSG_NEWRULE, places[place].flags, r->chain, block_id);
	code = put_expressions(&e, r);
	if (code < 0)
		return code;
	put_compat(w->wire, r);
	if (handle)
		fwc_put_be64(w->wire, places[place].handle_attr, handle);
	put_labels(w, r->labels, NFTA_RULE_USERDATA, stamp_owner);
	fwc_wire_end(w->wire, msg);
	return 0;
}

int fwc_nft_put_rule(struct fwc_nft_writer *w, const struct fwc_rule *r, uint32_t place,
		     uint64_t handle, bool stamp_owner, struct fwc_error *err)
{
	struct fwc_nft_writer before = *w;
	size_t len = w->wire->len;
	int code = put_rule(w, r, 0, place, handle, stamp_owner, err);

	if (code < 0) { /* nothing half-written is left */
		*w = before;
		w->wire->len = len;
	}
	return code;
}

/* The name of the expression that `offset` lies in, among those written from `from` on. */
static void name_expression(const struct fwc_wire *wire, size_t from, size_t offset,
			    char ret_expression[32])
{
	struct fwc_slice rest = { wire->data + from, wire->len - from };
	struct fwc_attr elem, name;

	while (fwc_attr_next(&rest, &elem) > 0) {
		struct fwc_slice inner = fwc_attr_slice(&elem);

		if (offset >= (size_t)(rest.data - wire->data))
			continue;
		if (fwc_attr_next(&inner, &name) > 0 && name.type == NFTA_EXPR_NAME &&
		    fwc_attr_text(&name))
			fwc_copy_name(ret_expression, 32, fwc_attr_text(&name));
		return;
	}
}

/* The rule is written once more, up to the item that reaches over `offset`. */
uint32_t fwc_nft_item_at(const struct fwc_rule *r, uint32_t offset, char ret_expression[32])
{
	fwc_cleanup(fwc_wire_free) struct fwc_wire wire = { .data = NULL };
	struct fwc_encoder e = fwc_encoder_for(r, &wire, FWC_ENCODE_SEND, NULL);
	struct fwc_nft_writer w = { .wire = &wire };
	uint32_t index = 0;

	ret_expression[0] = '\0';
	e.next_set_id = 1;
	begin_rule(&w, NFT_MSG_NEWRULE, 0, r->chain, 0);
	fwc_nest_begin(&wire, NFTA_RULE_EXPRESSIONS);
	if (offset < wire.len)
		return FWC_NO_INDEX;
	for (const struct fwc_item *i = fwc_rule_items(r); i; i = i->next, index++) {
		size_t from = wire.len;

		if (fwc_encode_item(&e, i) < 0 || wire.error)
			break;
		if (offset < wire.len) {
			name_expression(&wire, from, offset, ret_expression);
			return index;
		}
	}
	return FWC_NO_INDEX;
}
