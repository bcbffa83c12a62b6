/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Targets as expressions. */
#include "nft/encode.h"
#include "nft/target_shape.h"

static bool get_number(const struct fwc_target *t, uint32_t param, uint64_t *ret)
{
	if (!fwc_target_has(t, param))
		return false;
	*ret = t->params[param - 1].number;
	return true;
}

static const struct fwc_value *get_value(const struct fwc_target *t, uint32_t param)
{
	return fwc_target_has(t, param) ? t->params[param - 1].value : NULL;
}

static int missing(struct fwc_encoder *e, const struct fwc_target *t, uint32_t param)
{
	return fwc_fail(e->err, -EINVAL, FWC_OBJECT_RULE, "'%s' needs its %s", t->type->name,
			t->type->params[param - 1].name);
}

/* ---- verdicts ---- */

/* The rules of a chain that has no name to tell what is in it. */
static int put_rules_content(struct fwc_encoder *e, const struct fwc_chain *block)
{
	int r = 0;

	for (size_t i = 0; i < block->rules.count && r == 0; i++) {
		const struct fwc_rule *rule = block->rules.items[i];
		struct fwc_encoder inner = fwc_encoder_for(rule, e->wire, e->mode, e->err);
		size_t nest = fwc_expression_nest_begin(e->wire, NFTA_LIST_ELEM);

		if (rule->labels && rule->labels->comment)
			fwc_put_text(e->wire, NFTA_RULE_USERDATA, rule->labels->comment);
		if (rule->labels && rule->labels->tag)
			fwc_put_text(e->wire, NFTA_RULE_TABLE, rule->labels->tag);
		for (const struct fwc_item *n = fwc_rule_items(rule); n && r == 0; n = n->next)
			r = fwc_encode_item(&inner, n);
		fwc_nest_end(e->wire, nest);
	}
	return r;
}

/* A jump to a chain that the rule owns. */
static int put_block(struct fwc_encoder *e, int32_t code, const struct fwc_chain *block)
{
	struct fwc_expression_nest nest;
	size_t data, verdict;

	if (e->mode != FWC_ENCODE_SEND) {
		fwc_put_verdict(e->wire, code, e->mode == FWC_ENCODE_CANONICAL ? "" : block->name);
		return e->mode == FWC_ENCODE_CANONICAL ? put_rules_content(e, block) : 0;
	}
	nest = fwc_expression_begin(e->wire, "immediate");
	fwc_put_be32(e->wire, NFTA_IMMEDIATE_DREG, NFT_REG_VERDICT);
	data = fwc_expression_nest_begin(e->wire, NFTA_IMMEDIATE_DATA);
	verdict = fwc_expression_nest_begin(e->wire, NFTA_DATA_VERDICT);
	fwc_put_be32(e->wire, NFTA_VERDICT_CODE, (uint32_t)code);
	fwc_put_be32(e->wire, NFTA_VERDICT_CHAIN_ID, e->block_id);
	fwc_nest_end(e->wire, verdict);
	fwc_nest_end(e->wire, data);
	fwc_expression_end(e->wire, nest);
	return 0;
}

static int put_verdict(struct fwc_encoder *e, const struct fwc_target *t)
{
	uint64_t code = 0;
	const char *chain =
		fwc_target_has(t, FWC_VERDICT_CHAIN) ? t->params[FWC_VERDICT_CHAIN - 1].text : NULL;

	if (!get_number(t, FWC_VERDICT_CODE, &code) || code < FWC_VERDICT_ACCEPT ||
	    code > FWC_VERDICT_GOTO)
		return missing(e, t, FWC_VERDICT_CODE);
	if (fwc_target_get_block(t))
		return put_block(e, fwc_verdict_code((uint32_t)code), fwc_target_get_block(t));
	if ((code == FWC_VERDICT_JUMP || code == FWC_VERDICT_GOTO) != (chain != NULL))
		return missing(e, t, FWC_VERDICT_CHAIN);
	fwc_put_verdict(e->wire, fwc_verdict_code((uint32_t)code), chain);
	return 0;
}

static int put_vmap(struct fwc_encoder *e, const struct fwc_target *t)
{
	const struct fwc_value *map = get_value(t, FWC_VMAP_VALUE);
	const struct fwc_set *set;
	int r;

	if (!map || map->kind != FWC_VALUE_MAP)
		return missing(e, t, FWC_VMAP_VALUE);
	set = fwc_encode_set(e->table, map->child[1]);
	r = fwc_encode_implied(e, map->child[0]);
	if (r == 0)
		r = fwc_encode_load(e, map->child[0], 0, fwc_encode_is_interval(set));
	return r < 0 ? r : fwc_encode_lookup(e, map->child[1], 0, FWC_VERDICT_REGISTER, false);
}

/* ---- reject ---- */

static void put_reject_expression(struct fwc_wire *w, uint32_t type, uint8_t code)
{
	struct fwc_expression_nest nest = fwc_expression_begin(w, "reject");

	fwc_put_be32(w, NFTA_REJECT_TYPE, type);
	if (type != NFT_REJECT_TCP_RST)
		fwc_put_u8(w, NFTA_REJECT_ICMP_CODE, code);
	fwc_expression_end(w, nest);
}

static int put_reject(struct fwc_encoder *e, const struct fwc_target *t)
{
	static const struct {
		uint8_t type, l3;
	} with[] = {
		[FWC_REJECT_ICMP] = { NFT_REJECT_ICMP_UNREACH, 0 },
		[FWC_REJECT_TCP_RESET] = { NFT_REJECT_TCP_RST, 0 },
		[FWC_REJECT_ICMPX] = { NFT_REJECT_ICMPX_UNREACH, 0 },
		[FWC_REJECT_ICMPV4] = { NFT_REJECT_ICMP_UNREACH, NFPROTO_IPV4 },
		[FWC_REJECT_ICMPV6] = { NFT_REJECT_ICMP_UNREACH, NFPROTO_IPV6 },
	};
	uint32_t type, default_code, default_type;
	uint64_t how, code;

	fwc_reject_default(e->known.l3, &type, &default_code);
	if (get_number(t, FWC_REJECT_WITH, &how)) {
		if (how >= FWC_ARRAY_SIZE(with))
			return missing(e, t, FWC_REJECT_WITH);
		type = with[how].type;
		if (with[how].l3 && e->known.l3 && e->known.l3 != with[how].l3)
			return fwc_fail(
				e->err, -EINVAL, FWC_OBJECT_RULE,
				"this rule sees %s only, which the other family's ICMP cannot reject",
				e->known.l3 == NFPROTO_IPV4 ? "IPv4" : "IPv6");
		if (with[how].l3)
			fwc_encode_l3(e, with[how].l3);
		if (how == FWC_REJECT_TCP_RESET)
			fwc_encode_l4(e, IPPROTO_TCP);
		if (type == NFT_REJECT_ICMP_UNREACH && !e->known.l3)
			return fwc_fail(
				e->err, -EINVAL, FWC_OBJECT_RULE,
				"'reject with icmp' in this table must say of which family");
		fwc_reject_default(type == NFT_REJECT_ICMPX_UNREACH ? 0 : e->known.l3,
				   &default_type, &default_code);
	}
	code = default_code;
	get_number(t, FWC_REJECT_CODE, &code);
	put_reject_expression(e->wire, type, (uint8_t)code);
	return 0;
}

/* ---- address translation ---- */

static struct fwc_nat_ends no_ends(void)
{
	return (struct fwc_nat_ends){ FWC_NO_REGISTER, FWC_NO_REGISTER };
}

/* A map of ranges gives both ends, one behind the other; one to addresses and ports the port as well. */
void fwc_nat_map_ends(const struct fwc_set *s, struct fwc_nat_ends *addr, struct fwc_nat_ends *port)
{
	uint32_t address, all = 0;

	if (!s || !s->data_count)
		return;
	address = (uint32_t)(fwc_pad4(s->data[0]->len) / NFT_REG32_SIZE);
	if (s->flags & FWC_SET_DATA_INTERVAL)
		all = (uint32_t)(fwc_set_data_len(s) / NFT_REG32_SIZE);
	addr->last = addr->first + all;
	if (s->data_count == 2) {
		port->first = addr->first + address;
		port->last = port->first + all;
	}
}

/* Each end takes a register of 16 bytes, as nft does it. *next is the first that is free. */
static int load_ends(struct fwc_encoder *e, const struct fwc_value *v, uint32_t *next,
		     struct fwc_nat_ends *ret)
{
	const uint32_t step = NFT_REG_SIZE / NFT_REG32_SIZE;
	uint8_t first[FWC_MAX_KEY], last[FWC_MAX_KEY];
	int r;

	ret->first = ret->last = *next;
	*next += step;
	if (v->kind != FWC_VALUE_RANGE && v->kind != FWC_VALUE_PREFIX)
		return fwc_encode_load(e, v, ret->first, false);
	fwc_key_bytes(v, first, last);
	ret->last = *next;
	*next += step;
	r = ret->last * NFT_REG32_SIZE < FWC_NFT_REGISTERS * NFT_REG32_SIZE ? 0 : -EINVAL;
	if (r < 0)
		return fwc_fail(e->err, r, FWC_OBJECT_RULE,
				"the ranges do not fit in the kernel's registers");
	fwc_put_immediate(e->wire, ret->first, first, v->type->len);
	fwc_put_immediate(e->wire, ret->last, last, v->type->len);
	return 0;
}

static size_t nat_types(const struct fwc_table *t, const struct fwc_value *addr,
			const struct fwc_type *types[FWC_MAX_CONCAT])
{
	const struct fwc_set *set;

	if (addr->kind != FWC_VALUE_MAP)
		return fwc_value_types(addr, types);
	set = fwc_encode_set(t, addr->child[1]);
	if (!set)
		return 0;
	memcpy(types, set->data, set->data_count * sizeof(*types));
	return set->data_count;
}

uint32_t fwc_nat_family(const struct fwc_table *t, const struct fwc_value *addr)
{
	const struct fwc_type *types[FWC_MAX_CONCAT];

	if (addr && nat_types(t, addr, types)) {
		if (types[0]->form == FWC_FORM_IP4)
			return NFPROTO_IPV4;
		if (types[0]->form == FWC_FORM_IP6)
			return NFPROTO_IPV6;
	}
	return t->family;
}

static uint32_t nat_flags(const struct fwc_target *t, struct fwc_nat_ends addr,
			  struct fwc_nat_ends port)
{
	static const struct {
		uint32_t flag, kernel;
	} flags[] = {
		{ FWC_NAT_RANDOM, NF_NAT_RANGE_PROTO_RANDOM },
		{ FWC_NAT_FULLY_RANDOM, NF_NAT_RANGE_PROTO_RANDOM_FULLY },
		{ FWC_NAT_PERSISTENT, NF_NAT_RANGE_PERSISTENT },
		{ FWC_NAT_PREFIX, NF_NAT_RANGE_NETMAP },
	};
	uint64_t set = 0;
	uint32_t kernel = 0;

	get_number(t, FWC_NAT_FLAGS, &set);
	for (size_t i = 0; i < FWC_ARRAY_SIZE(flags); i++)
		if (set & flags[i].flag)
			kernel |= flags[i].kernel;
	if (addr.first != FWC_NO_REGISTER)
		kernel |= NF_NAT_RANGE_MAP_IPS;
	if (port.first != FWC_NO_REGISTER)
		kernel |= NF_NAT_RANGE_PROTO_SPECIFIED;
	return kernel;
}

static void put_ends(struct fwc_encoder *e, uint16_t first, uint16_t last, struct fwc_nat_ends ends)
{
	if (ends.first == FWC_NO_REGISTER)
		return;
	fwc_put_be32(e->wire, first, fwc_register_number(ends.first));
	fwc_put_be32(e->wire, last, fwc_register_number(ends.last));
}

/* Puts address and ports into registers. */
static int load_nat(struct fwc_encoder *e, const struct fwc_value *addr,
		    const struct fwc_value *port, struct fwc_nat_ends *ret_addr,
		    struct fwc_nat_ends *ret_port)
{
	uint32_t next = 0;
	int r = addr ? fwc_encode_implied(e, addr) : 0;

	*ret_addr = *ret_port = no_ends();
	if (r == 0 && port)
		r = fwc_encode_implied(e, port);
	if (r == 0 && addr)
		r = load_ends(e, addr, &next, ret_addr);
	if (r < 0)
		return r;
	if (addr && addr->kind == FWC_VALUE_MAP)
		fwc_nat_map_ends(fwc_encode_set(e->table, addr->child[1]), ret_addr, ret_port);
	return port ? load_ends(e, port, &next, ret_port) : 0;
}

static int put_nat(struct fwc_encoder *e, const struct fwc_target *t)
{
	const struct fwc_value *addr = get_value(t, FWC_NAT_ADDR);
	const struct fwc_value *port = get_value(t, FWC_NAT_PORT);
	uint64_t family = fwc_nat_family(e->table, addr);
	struct fwc_nat_ends addr_ends, port_ends;
	struct fwc_expression_nest nest;
	uint32_t flags;
	int r;

	if (!addr && !port)
		return missing(e, t, FWC_NAT_ADDR);
	r = load_nat(e, addr, port, &addr_ends, &port_ends);
	if (r < 0)
		return r;
	get_number(t, FWC_NAT_FAMILY, &family);
	flags = nat_flags(t, addr_ends, port_ends);
	nest = fwc_expression_begin(e->wire, "nat");
	fwc_put_be32(e->wire, NFTA_NAT_TYPE,
		     t->type->kind == FWC_TARGET_SNAT ? NFT_NAT_SNAT : NFT_NAT_DNAT);
	fwc_put_be32(e->wire, NFTA_NAT_FAMILY, (uint32_t)family);
	put_ends(e, NFTA_NAT_REG_ADDR_MIN, NFTA_NAT_REG_ADDR_MAX, addr_ends);
	put_ends(e, NFTA_NAT_REG_PROTO_MIN, NFTA_NAT_REG_PROTO_MAX, port_ends);
	if (flags)
		fwc_put_be32(e->wire, NFTA_NAT_FLAGS, flags);
	fwc_expression_end(e->wire, nest);
	return 0;
}

/* masq and redir: the address is the interface's. The kernel dumps their attributes by number. */
static int put_own_address(struct fwc_encoder *e, const struct fwc_target *t)
{
	const struct fwc_value *port = get_value(t, FWC_NAT_PORT);
	struct fwc_nat_ends ends = no_ends();
	struct fwc_expression_nest nest;
	uint32_t next = 0, flags;
	int r;

	if (port) {
		r = fwc_encode_implied(e, port);
		if (r == 0)
			r = load_ends(e, port, &next, &ends);
		if (r < 0)
			return r;
	}
	flags = nat_flags(t, no_ends(), ends);
	if (t->type->kind == FWC_TARGET_MASQUERADE) {
		nest = fwc_expression_begin(e->wire, "masq");
		if (flags)
			fwc_put_be32(e->wire, NFTA_MASQ_FLAGS, flags);
		put_ends(e, NFTA_MASQ_REG_PROTO_MIN, NFTA_MASQ_REG_PROTO_MAX, ends);
	} else {
		nest = fwc_expression_begin(e->wire, "redir");
		put_ends(e, NFTA_REDIR_REG_PROTO_MIN, NFTA_REDIR_REG_PROTO_MAX, ends);
		if (flags)
			fwc_put_be32(e->wire, NFTA_REDIR_FLAGS, flags);
	}
	fwc_expression_end(e->wire, nest);
	return 0;
}

/* By its row as well: this is quicker, and nearly every rule has one. */
static int put_counter(struct fwc_encoder *e, const struct fwc_target *t)
{
	uint64_t packets = 0, bytes = 0;

	if (e->mode != FWC_ENCODE_CANONICAL) {
		fwc_target_get_number(t, FWC_COUNTER_PACKETS, &packets);
		fwc_target_get_number(t, FWC_COUNTER_BYTES, &bytes);
	}
	fwc_put_counter(e->wire, packets, bytes);
	return 0;
}

int fwc_encode_target(struct fwc_encoder *e, const struct fwc_target *t)
{
	const struct fwc_target_shape *shape;

	if (t->type->kind == FWC_TARGET_VERDICT)
		return put_verdict(e, t);
	if (t->type->kind == FWC_TARGET_COUNTER)
		return put_counter(e, t);
	shape = fwc_target_shape(t->type->kind);
	if (shape)
		return fwc_encode_shaped(e, t, shape);
	switch (t->type->kind) {
	case FWC_TARGET_VMAP:
		return put_vmap(e, t);
	case FWC_TARGET_REJECT:
		return put_reject(e, t);
	case FWC_TARGET_ASSIGN:
		return fwc_encode_assign(e, t);
	case FWC_TARGET_STRIP:
		return fwc_encode_strip(e, t);
	case FWC_TARGET_SNAT:
	case FWC_TARGET_DNAT:
		return put_nat(e, t);
	case FWC_TARGET_MASQUERADE:
	case FWC_TARGET_REDIRECT:
		return put_own_address(e, t);
	case FWC_TARGET_OBJREF:
		return fwc_encode_objref(e, t);
	case FWC_TARGET_UPDATE:
		return fwc_encode_update(e, t);
	default:
		return fwc_fail(e->err, -EOPNOTSUPP, FWC_OBJECT_RULE,
				"the target '%s' cannot be written", t->type->name);
	}
}
