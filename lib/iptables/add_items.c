/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A rule of iptables becomes items, in the order in which iptables-nft 1.8.9 writes its expressions. */
#include "iptables/forms.h"
#include "iptables/rule.h"

void fwc_xt_rule_free(struct fwc_xt_rule *x)
{
	fwc_vec_free(&x->matches);
	fwc_arena_free(&x->arena);
}

struct fwc_xt_use *fwc_xt_use_in(struct fwc_xt_rule *x, const struct fwc_xt_row *row)
{
	struct fwc_xt_use *u = fwc_arena_alloc(&x->arena, sizeof(*u));

	if (!u)
		return NULL;
	u->row = row;
	u->info = fwc_arena_alloc(&x->arena, fwc_xt_aligned(row) + 1u);
	if (!u->info)
		return NULL;
	fwc_xt_init(row, u->info);
	return u;
}

static struct fwc_arena *arena_of(const struct fwc_rule *r)
{
	return &r->chain->table->ruleset->arena;
}

static const struct fwc_value *field(uint32_t id)
{
	return fwc_value_of_field(fwc_field_by_id(id));
}

static int add_match(struct fwc_rule *r, const struct fwc_value *left, bool inverted,
		     const struct fwc_value *right)
{
	if (!left || !right)
		return -ENOMEM;
	return fwc_rule_add_match(r, left, inverted ? FWC_OP_NE : FWC_OP_EQ, right);
}

/* iptables-nft has no expression for "no interface at all": it asks for one that cannot be. */
static int add_interface(struct fwc_rule *r, uint32_t id, const struct fwc_xt_interface *i)
{
	const struct fwc_value *left = field(id), *right;
	uint8_t name[FWC_TYPE_BYTES_MOST] = { 0 };
	size_t len = strlen(i->name);
	bool open = len && i->name[len - 1] == '+', none = !strcmp(i->name, "+") && i->inverted;

	if (!len || (!strcmp(i->name, "+") && !i->inverted))
		return 0;
	if (none)
		memcpy(name, "INVAL/D", sizeof("INVAL/D"));
	else
		memcpy(name, i->name, open ? len - 1 : len);
	right = open && !none ? fwc_value_prefix_of(arena_of(r), left->type, name,
						    (uint32_t)(8 * (len - 1)))
			      : fwc_value_constant(arena_of(r), left->type, name);
	return add_match(r, left, i->inverted && !none, right);
}

static bool matches_all(const struct fwc_xt_prefix *p, size_t len)
{
	return !p->given || (fwc_mask_to_prefix(p->mask, len) == 0 && !p->inverted);
}

static int add_address(struct fwc_rule *r, uint32_t id, const struct fwc_xt_prefix *p)
{
	const struct fwc_value *left = field(id);
	const struct fwc_type *type = left->type;
	int bits = fwc_mask_to_prefix(p->mask, type->len);
	uint64_t mask = 0;

	if (matches_all(p, type->len))
		return 0;
	if (bits >= 0)
		return add_match(
			r, left, p->inverted,
			fwc_value_prefix_of(arena_of(r), type, p->address, (uint32_t)bits));
	fwc_type_get_number(type, p->mask, &mask);
	return add_match(r, fwc_value_make_bits(arena_of(r), left, FWC_BITS_AND, mask), p->inverted,
			 fwc_value_constant(arena_of(r), type, p->address));
}

/* Any packet that is not the first of a fragmented one: its offset is not 0. */
static int add_fragment(struct fwc_rule *r, bool inverted)
{
	enum { OFFSET_BITS = 0x1fff };
	static const uint8_t zero[2];
	const struct fwc_value *left = field(FWC_FIELD_IP_FRAG_OFF);

	return add_match(r, fwc_value_make_bits(arena_of(r), left, FWC_BITS_AND, OFFSET_BITS),
			 !inverted, fwc_value_constant(arena_of(r), left->type, zero));
}

static int add_number(struct fwc_rule *r, uint32_t id, uint64_t number, bool inverted)
{
	const struct fwc_value *left = field(id);
	uint8_t bytes[FWC_TYPE_BYTES_MOST] = { 0 };

	fwc_type_put_number(left->type, number, bytes);
	return add_match(r, left, inverted, fwc_value_constant(arena_of(r), left->type, bytes));
}

/* arptables-nft has the length of an IPv4 address in every rule, and that of Ethernet's beside it. */
static int add_arp_numbers(struct fwc_rule *r, const struct fwc_xt_rule *x)
{
	int code = 0;

	for (size_t i = 0; i < FWC_XT_ARP_NUMBERS && code == 0; i++) {
		const struct fwc_xt_number *n = &x->arp[i];
		uint16_t value = n->given ? n->value : fwc_xt_arp_rows[i].usual;

		if (value || n->inverted)
			code = add_number(r, fwc_xt_arp_rows[i].field, value, n->inverted);
		if (code == 0 && i == FWC_XT_ARP_LEN)
			code = add_number(r, FWC_FIELD_ARP_PLEN, 4, false);
	}
	return code;
}

static int add_arp(struct fwc_rule *r, const struct fwc_xt_rule *x)
{
	const struct {
		uint32_t field;
		const struct fwc_xt_prefix *prefix;
	} addresses[] = {
		{ FWC_FIELD_ARP_SADDR_ETHER, &x->source_mac },
		{ FWC_FIELD_ARP_SADDR_IP, &x->source },
		{ FWC_FIELD_ARP_DADDR_ETHER, &x->destination_mac },
		{ FWC_FIELD_ARP_DADDR_IP, &x->destination },
	};
	int code = add_interface(r, FWC_FIELD_META_IIFNAME, &x->in);

	if (code == 0)
		code = add_interface(r, FWC_FIELD_META_OIFNAME, &x->out);
	if (code == 0)
		code = add_arp_numbers(r, x);
	for (size_t i = 0; i < FWC_ARRAY_SIZE(addresses) && code == 0; i++)
		code = add_address(r, addresses[i].field, addresses[i].prefix);
	return code;
}

static int add_standard(struct fwc_rule *r, const struct fwc_xt_rule *x)
{
	bool v6 = x->family == FWC_FAMILY_IP6;
	const struct fwc_value *proto = field(FWC_FIELD_META_L4PROTO);
	int code = add_interface(r, FWC_FIELD_META_IIFNAME, &x->in);

	if (code == 0)
		code = add_interface(r, FWC_FIELD_META_OIFNAME, &x->out);
	if (code == 0 && x->proto)
		code = add_match(r, proto, x->proto_inverted,
				 fwc_value_constant(arena_of(r), proto->type, &x->proto));
	if (code == 0)
		code = add_address(r, v6 ? FWC_FIELD_IP6_SADDR : FWC_FIELD_IP_SADDR, &x->source);
	if (code == 0)
		code = add_address(r, v6 ? FWC_FIELD_IP6_DADDR : FWC_FIELD_IP_DADDR,
				   &x->destination);
	if (code == 0 && x->fragment)
		code = add_fragment(r, x->fragment_inverted);
	return code;
}

static int add_use(struct fwc_rule *r, const struct fwc_xt_use *u)
{
	const struct fwc_xt_row *row = u->row;
	struct fwc_extension e;
	int code;

	if (!row)
		return fwc_rule_add_extension(r, u->kernel);
	code = row->add_native ? row->add_native(r, u->info) : 0;
	if (code)
		return code < 0 ? code : 0;
	e = (struct fwc_extension){
		.name = row->kernel_name ? row->kernel_name : row->name,
		.revision = row->revision,
		.is_target = row->is_target,
		.len = fwc_xt_aligned(row),
		.info = u->info,
	};
	return fwc_rule_add_extension(r, &e);
}

static int add_counter(struct fwc_rule *r, const struct fwc_xt_rule *x)
{
	struct fwc_target *t;

	if (!x->packets && !x->bytes)
		return fwc_rule_add_bound_target(r, fwc_target_plain(FWC_TARGET_COUNTER, 0));
	t = fwc_target_in(arena_of(r), FWC_TARGET_COUNTER);
	if (!t)
		return -ENOMEM;
	fwc_target_put_number(t, FWC_COUNTER_PACKETS, x->packets);
	fwc_target_put_number(t, FWC_COUNTER_BYTES, x->bytes);
	return fwc_rule_add_bound_target(r, t);
}

static int add_verdict(struct fwc_rule *r, const struct fwc_xt_rule *x)
{
	const struct fwc_target *plain = fwc_target_plain(FWC_TARGET_VERDICT, x->verdict);
	struct fwc_target *t;
	char *chain;

	if (plain)
		return fwc_rule_add_bound_target(r, plain);
	t = fwc_target_in(arena_of(r), FWC_TARGET_VERDICT);
	chain = fwc_arena_strdup(arena_of(r), x->chain);
	if (!t || !chain)
		return -ENOMEM;
	fwc_target_put_number(t, FWC_VERDICT_CODE, x->verdict);
	fwc_target_put_text(t, FWC_VERDICT_CHAIN, chain);
	return fwc_rule_add_bound_target(r, t);
}

int fwc_xt_add_items(struct fwc_rule *r, const struct fwc_xt_rule *x)
{
	int code = x->family == FWC_FAMILY_ARP ? add_arp(r, x) : add_standard(r, x);

	for (size_t i = 0; i < x->matches.count && code == 0; i++)
		code = add_use(r, x->matches.items[i]);
	if (code == 0)
		code = add_counter(r, x);
	if (code == 0 && x->target)
		code = add_use(r, x->target);
	if (code == 0 && x->verdict)
		code = add_verdict(r, x);
	return code;
}
