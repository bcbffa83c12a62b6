/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Items become a rule of iptables. What iptables-nft would read as another rule, or not at all, is refused by name. */
#include <netinet/in.h>

#include "iptables/forms.h"
#include "iptables/iptables.h"
#include "iptables/rule.h"

struct taker {
	struct fwc_xt_rule *x;
	struct fwc_xt_use *ports; /* tcp or udp, whose options are several matches here */
	struct fwc_xt_use *icmp;
	bool counted;
	uint32_t arp_seen; /* FWC_XT_ARP_*, a bit for each */
	struct fwc_error *err;
};

enum { ARP_SEEN_IP_LEN = 1 << FWC_XT_ARP_NUMBERS };

/* What is matched, and how. */
struct matched {
	const struct fwc_value *left, *right;
	const struct fwc_field_row *field;
	uint32_t op;
	uint64_t mask; /* of the field's bits */
	bool masked, whole_range, inverted;
};

enum { TAKEN = 1, NOT_TAKEN = 0 };

/* ---- uses ---- */

static bool push(struct taker *t, struct fwc_xt_use *u, bool is_target)
{
	if (is_target)
		t->x->target = u;
	else if (fwc_vec_push(&t->x->matches, u) < 0)
		t->x->arena.failed = true; /* what is told apart from an item without words */
	return !t->x->arena.failed;
}

static struct fwc_xt_use *use_of(struct taker *t, const struct fwc_xt_row *row)
{
	struct fwc_xt_use *u = fwc_xt_use_in(t->x, row);

	return u && push(t, u, row->is_target) ? u : NULL;
}

/* NULL: the family has none of that name, or there is no memory. */
static struct fwc_xt_use *new_use(struct taker *t, const char *name, bool is_target)
{
	const struct fwc_xt_row *row = fwc_xt_find(name, is_target, t->x->family);

	return row ? use_of(t, row) : NULL;
}

static bool is_equality(const struct matched *m)
{
	return (m->op == FWC_OP_EQ || m->op == FWC_OP_NE) && m->right->kind == FWC_VALUE_CONSTANT;
}

/* ---- what every rule can have ---- */

static int take_interface(struct fwc_xt_interface *i, const struct matched *m)
{
	size_t len = m->right->kind == FWC_VALUE_PREFIX ? m->right->bits / 8u : m->right->len;

	if (i->name[0] || m->masked || (m->op != FWC_OP_EQ && m->op != FWC_OP_NE) ||
	    (m->right->kind != FWC_VALUE_CONSTANT && m->right->kind != FWC_VALUE_PREFIX) ||
	    len >= sizeof(i->name) - 1)
		return NOT_TAKEN;
	memcpy(i->name, m->right->bytes, len);
	i->name[len] = '\0';
	i->inverted = m->inverted;
	if (m->right->kind == FWC_VALUE_PREFIX)
		memcpy(i->name + len, "+", 2);
	if (!strcmp(i->name, "INVAL/D") && !m->inverted) {
		memcpy(i->name, "+", 2);
		i->inverted = true;
	}
	return TAKEN;
}

static int take_protocol(struct taker *t, const struct matched *m)
{
	uint8_t proto = m->right->bytes[0];

	if (!is_equality(m) || m->masked || (t->x->proto && t->x->proto != proto))
		return NOT_TAKEN;
	t->x->proto = proto;
	t->x->proto_inverted = m->inverted;
	return TAKEN;
}

static int take_address(struct fwc_xt_prefix *p, const struct matched *m)
{
	size_t len = m->field->type->len;

	if (p->given || (m->op != FWC_OP_EQ && m->op != FWC_OP_NE) ||
	    (m->right->kind != FWC_VALUE_CONSTANT && m->right->kind != FWC_VALUE_PREFIX))
		return NOT_TAKEN;
	memcpy(p->address, m->right->bytes, len);
	memset(p->mask, 0xff, len);
	if (m->right->kind == FWC_VALUE_PREFIX)
		fwc_mask_bits(p->mask, len, m->right->bits);
	if (m->masked && !fwc_type_put_number(m->field->type, m->mask, p->mask)) {
		/* An address takes no number of its own: by its bytes. */
		for (size_t i = 0; i < len && i < sizeof(m->mask); i++)
			p->mask[len - 1 - i] = (uint8_t)(m->mask >> 8 * i);
	}
	p->given = true;
	p->inverted = m->inverted;
	return TAKEN;
}

static int take_fragment(struct taker *t, const struct matched *m)
{
	uint64_t n = 1;

	if (!is_equality(m) || !m->masked || m->mask != 0x1fff || t->x->fragment ||
	    !fwc_type_get_number(m->right->type, m->right->bytes, &n) || n)
		return NOT_TAKEN;
	t->x->fragment = true;
	t->x->fragment_inverted = !m->inverted;
	return TAKEN;
}

/* ---- arp ---- */

static int take_arp_number(struct taker *t, const struct matched *m, size_t which)
{
	struct fwc_xt_number *n = &t->x->arp[which];
	uint16_t usual = fwc_xt_arp_rows[which].usual;
	uint64_t value;

	if (!is_equality(m) || m->masked || t->arp_seen & 1u << which ||
	    !fwc_type_get_number(m->right->type, m->right->bytes, &value) ||
	    (which == FWC_XT_ARP_LEN && value != usual))
		return NOT_TAKEN;
	t->arp_seen |= 1u << which;
	*n = (struct fwc_xt_number){ (uint16_t)value, m->inverted || value != usual, m->inverted };
	return TAKEN;
}

/* Of an IPv4 address's length arptables has no words: it is 4. */
static int take_arp_length(struct taker *t, const struct matched *m)
{
	if (!is_equality(m) || m->masked || m->inverted || m->right->bytes[0] != 4)
		return NOT_TAKEN;
	t->arp_seen |= ARP_SEEN_IP_LEN;
	return TAKEN;
}

/* An address of whole bytes has no name as a field: it is what lies there. */
static int take_mac_part(struct taker *t, const struct matched *m)
{
	enum { SOURCE = 8, DESTINATION = 18 };
	struct fwc_xt_prefix *p =
		m->field->offset == SOURCE ? &t->x->source_mac : &t->x->destination_mac;

	if (m->field->base != FWC_HEADER_NETWORK || !is_equality(m) || m->masked || p->given ||
	    (m->field->offset != SOURCE && m->field->offset != DESTINATION) || m->right->len > 6)
		return NOT_TAKEN;
	memcpy(p->address, m->right->bytes, m->right->len);
	memset(p->mask, 0xff, m->right->len);
	p->given = true;
	p->inverted = m->inverted;
	return TAKEN;
}

static int take_arp(struct taker *t, const struct matched *m)
{
	switch (m->field->id) {
	case FWC_FIELD_ARP_SADDR_ETHER:
		return take_address(&t->x->source_mac, m);
	case FWC_FIELD_ARP_SADDR_IP:
		return take_address(&t->x->source, m);
	case FWC_FIELD_ARP_DADDR_ETHER:
		return take_address(&t->x->destination_mac, m);
	case FWC_FIELD_ARP_DADDR_IP:
		return take_address(&t->x->destination, m);
	case FWC_FIELD_ARP_PLEN:
		return take_arp_length(t, m);
	default:
		for (size_t i = 0; i < FWC_XT_ARP_NUMBERS; i++)
			if (fwc_xt_arp_rows[i].field == m->field->id)
				return take_arp_number(t, m, i);
		return NOT_TAKEN;
	}
}

/* After the last item. */
static int check_arp(struct taker *t)
{
	const uint32_t lengths = 1u << FWC_XT_ARP_LEN | ARP_SEEN_IP_LEN;

	if (!(t->arp_seen & 1u << FWC_XT_ARP_TYPE))
		t->x->arp[FWC_XT_ARP_TYPE].given = true; /* any */
	if ((t->arp_seen & lengths) == lengths)
		return 0;
	return fwc_fail(
		t->err, -EOPNOTSUPP, FWC_OBJECT_RULE,
		"a rule of arptables compares 'arp hlen' and 'arp plen', which arptables would read into this one");
}

/* ---- tcp and udp ---- */

static struct fwc_xt_use *ports_use(struct taker *t, const char *name)
{
	if (!t->ports)
		t->ports = new_use(t, name, false);
	return t->ports && !strcmp(t->ports->row->name, name) ? t->ports : NULL;
}

static uint64_t port_of(const struct fwc_value *constant)
{
	return (uint64_t)constant->bytes[0] << 8 | constant->bytes[1];
}

static bool port_ends(const struct matched *m, uint64_t *ret_first, uint64_t *ret_last)
{
	*ret_first = 0;
	*ret_last = UINT16_MAX;
	if (m->masked)
		return false;
	if (m->right->kind == FWC_VALUE_RANGE) {
		*ret_first = port_of(m->right->child[0]);
		*ret_last = port_of(m->right->child[1]);
		return m->op == FWC_OP_NE || (m->op == FWC_OP_EQ && m->whole_range);
	}
	if (m->right->kind != FWC_VALUE_CONSTANT)
		return false;
	if (m->op == FWC_OP_EQ || m->op == FWC_OP_NE)
		*ret_first = port_of(m->right);
	*ret_last = port_of(m->right);
	return m->op == FWC_OP_EQ || m->op == FWC_OP_NE || m->op == FWC_OP_LE || m->op == FWC_OP_GT;
}

static int take_port(struct taker *t, const struct matched *m, const char *name, size_t at,
		     uint8_t bit)
{
	struct fwc_xt_use *u = ports_use(t, name);
	uint64_t first, last;

	if (!u)
		return NOT_TAKEN;
	if (!port_ends(m, &first, &last) || fwc_xt_get(u->info, at, 2) ||
	    fwc_xt_get(u->info, at + 2, 2) != UINT16_MAX)
		return NOT_TAKEN;
	fwc_xt_put(u->info, at, 2, first);
	fwc_xt_put(u->info, at + 2, 2, last);
	if (m->op == FWC_OP_NE || m->op == FWC_OP_GT)
		u->info[u->row->size - 1 - (u->row->size == 10)] |= bit;
	return TAKEN;
}

/* `! --sport A ! --dport B` in one comparison. */
static int take_both_ports(struct taker *t, const struct matched *m)
{
	const char *name = t->x->proto == IPPROTO_TCP   ? "tcp"
			   : t->x->proto == IPPROTO_UDP ? "udp"
							: NULL;
	struct fwc_xt_use *u = name ? ports_use(t, name) : NULL;

	if (!u || m->field->base != FWC_HEADER_TRANSPORT || m->field->offset ||
	    m->right->len != 4 || m->op != FWC_OP_NE || m->masked ||
	    m->right->kind != FWC_VALUE_CONSTANT)
		return NOT_TAKEN;
	for (size_t i = 0; i < 2; i++) {
		uint64_t port = (uint64_t)m->right->bytes[2 * i] << 8 | m->right->bytes[2 * i + 1];

		fwc_xt_put(u->info, 4 * i, 2, port);
		fwc_xt_put(u->info, 4 * i + 2, 2, port);
	}
	u->info[u->row->size - 1 - (u->row->size == 10)] |= 3;
	return TAKEN;
}

static int take_tcp_flags(struct taker *t, const struct matched *m)
{
	enum { MASK = 9, FLAGS = 10, INVERTED = 11 };
	bool by_bits = m->op == FWC_OP_ANY_OF || m->op == FWC_OP_NONE_OF;
	struct fwc_xt_use *u;

	if (m->right->kind != FWC_VALUE_CONSTANT || (by_bits && m->masked) ||
	    (!by_bits && m->op != FWC_OP_EQ && m->op != FWC_OP_NE))
		return NOT_TAKEN;
	u = ports_use(t, "tcp");
	if (!u || u->info[MASK])
		return NOT_TAKEN;
	u->info[MASK] = by_bits ? m->right->bytes[0] : m->masked ? (uint8_t)m->mask : UINT8_MAX;
	u->info[FLAGS] = by_bits ? 0 : m->right->bytes[0];
	if (m->inverted || m->op == FWC_OP_ANY_OF)
		u->info[INVERTED] |= 4;
	return TAKEN;
}

/* ---- others ---- */

static int take_mark(struct taker *t, const struct matched *m)
{
	struct fwc_xt_use *u = is_equality(m) ? new_use(t, "mark", false) : NULL;

	if (!u)
		return NOT_TAKEN;
	memcpy(u->info, m->right->bytes, 4);
	fwc_xt_put(u->info, 4, 4, m->masked ? m->mask : UINT32_MAX);
	u->info[8] = m->inverted;
	return TAKEN;
}

static int take_packet_type(struct taker *t, const struct matched *m)
{
	struct fwc_xt_use *u = is_equality(m) && !m->masked ? new_use(t, "pkttype", false) : NULL;

	if (!u)
		return NOT_TAKEN;
	fwc_xt_put(u->info, 0, 4, m->right->bytes[0]);
	fwc_xt_put(u->info, 4, 4, m->inverted);
	return TAKEN;
}

/* The type, and the code behind it. */
static int take_icmp(struct taker *t, const struct matched *m, bool is_code)
{
	const char *name = t->x->family == FWC_FAMILY_IP6 ? "icmp6" : "icmp";

	if (m->op != FWC_OP_EQ || m->right->kind != FWC_VALUE_CONSTANT || m->masked ||
	    !t->icmp != !is_code)
		return NOT_TAKEN;
	if (!is_code)
		t->icmp = new_use(t, name, false);
	if (!t->icmp)
		return NOT_TAKEN;
	t->icmp->info[is_code ? 1 : 0] = m->right->bytes[0];
	if (is_code)
		t->icmp->info[2] = m->right->bytes[0];
	return TAKEN;
}

static int take_match(struct taker *t, const struct matched *m)
{
	struct fwc_xt_rule *x = t->x;

	switch (m->field->id) {
	case FWC_FIELD_META_IIFNAME:
		return take_interface(&x->in, m);
	case FWC_FIELD_META_OIFNAME:
		return take_interface(&x->out, m);
	case FWC_FIELD_META_L4PROTO:
	case FWC_FIELD_IP_PROTOCOL:
		return take_protocol(t, m);
	case FWC_FIELD_IP_SADDR:
	case FWC_FIELD_IP6_SADDR:
		return take_address(&x->source, m);
	case FWC_FIELD_IP_DADDR:
	case FWC_FIELD_IP6_DADDR:
		return take_address(&x->destination, m);
	case FWC_FIELD_IP_FRAG_OFF:
		return take_fragment(t, m);
	case FWC_FIELD_TCP_SPORT:
		return take_port(t, m, "tcp", 0, 1);
	case FWC_FIELD_TCP_DPORT:
		return take_port(t, m, "tcp", 4, 2);
	case FWC_FIELD_TCP_FLAGS:
		return take_tcp_flags(t, m);
	case FWC_FIELD_UDP_SPORT:
		return take_port(t, m, "udp", 0, 1);
	case FWC_FIELD_UDP_DPORT:
		return take_port(t, m, "udp", 4, 2);
	case FWC_FIELD_RAW_PAYLOAD:
		return x->family == FWC_FAMILY_ARP ? take_mac_part(t, m) : take_both_ports(t, m);
	case FWC_FIELD_META_MARK:
		return take_mark(t, m);
	case FWC_FIELD_META_PKTTYPE:
		return take_packet_type(t, m);
	case FWC_FIELD_ICMP_TYPE:
	case FWC_FIELD_ICMPV6_TYPE:
		return take_icmp(t, m, false);
	case FWC_FIELD_ICMP_CODE:
	case FWC_FIELD_ICMPV6_CODE:
		return take_icmp(t, m, true);
	default:
		return x->family == FWC_FAMILY_ARP ? take_arp(t, m) : NOT_TAKEN;
	}
}

static bool look_at(const struct fwc_item *i, struct matched *ret)
{
	const struct fwc_value *left = i->left;
	uint64_t flip = 0;

	*ret = (struct matched){ .left = left, .right = i->right, .op = i->op };
	ret->inverted = i->op == FWC_OP_NE;
	ret->whole_range = i->whole_range;
	if (left->kind == FWC_VALUE_BITS) {
		left = fwc_bits_flatten(left, &ret->mask, &flip);
		ret->masked = true;
	}
	if (left->kind != FWC_VALUE_FIELD || flip)
		return false;
	ret->field = left->field;
	return true;
}

/* ---- targets ---- */

static int take_limit(struct taker *t, const struct fwc_target *limit)
{
	enum { SCALE = 10000 };
	uint64_t rate = 0, unit = 1, burst = 5, over = 0, bytes = 0;
	struct fwc_xt_use *u;

	fwc_target_get_number(limit, FWC_LIMIT_RATE, &rate);
	fwc_target_get_number(limit, FWC_LIMIT_UNIT_S, &unit);
	fwc_target_get_number(limit, FWC_LIMIT_BURST, &burst);
	fwc_target_get_number(limit, FWC_LIMIT_OVER, &over);
	fwc_target_get_number(limit, FWC_LIMIT_IN_BYTES, &bytes);
	if (over || bytes || !rate || unit > 86400)
		return NOT_TAKEN;
	u = new_use(t, "limit", false);
	if (!u)
		return NOT_TAKEN;
	fwc_xt_put(u->info, 0, 4, SCALE * unit / rate);
	fwc_xt_put(u->info, 4, 4, burst);
	return TAKEN;
}

static int take_log(struct taker *t, const struct fwc_target *log)
{
	enum { PREFIX = 12, PREFIX_MOST = 127 };
	const char *prefix = fwc_target_get_text(log, FWC_LOG_PREFIX);
	uint64_t group, size, threshold = 0;
	struct fwc_xt_use *u;

	if (!fwc_target_get_number(log, FWC_LOG_GROUP, &group))
		return NOT_TAKEN;
	u = new_use(t, "NFLOG", true);
	if (!u || (prefix && strlen(prefix) > PREFIX_MOST))
		return NOT_TAKEN;
	fwc_xt_put(u->info, 4, 2, group);
	if (prefix)
		memcpy(u->info + PREFIX, prefix, strlen(prefix));
	if (fwc_target_get_number(log, FWC_LOG_SNAPLEN, &size)) {
		fwc_xt_put(u->info, 0, 4, size);
		fwc_xt_put(u->info, 8, 2, 1);
	}
	fwc_target_get_number(log, FWC_LOG_QUEUE_THRESHOLD, &threshold);
	fwc_xt_put(u->info, 6, 2, threshold);
	return TAKEN;
}

static int take_assign(struct taker *t, const struct fwc_target *assign)
{
	const struct fwc_value *to = fwc_target_assigned(assign);
	const struct fwc_value *value = fwc_target_get_value(assign, FWC_ASSIGN_VALUE);

	if (!to || to->field->id != FWC_FIELD_META_NFTRACE || value->kind != FWC_VALUE_CONSTANT ||
	    !value->bytes[0])
		return NOT_TAKEN;
	return new_use(t, "TRACE", true) ? TAKEN : NOT_TAKEN;
}

static int take_verdict(struct taker *t, const struct fwc_target *verdict)
{
	uint64_t code = 0;

	fwc_target_get_number(verdict, FWC_VERDICT_CODE, &code);
	if (code == FWC_VERDICT_CONTINUE || fwc_target_get_block(verdict))
		return NOT_TAKEN;
	t->x->verdict = (uint32_t)code;
	t->x->chain = fwc_target_get_text(verdict, FWC_VERDICT_CHAIN);
	return TAKEN;
}

static int take_counter(struct taker *t, const struct fwc_target *counter)
{
	if (t->counted)
		return NOT_TAKEN;
	t->counted = true;
	fwc_target_get_number(counter, FWC_COUNTER_PACKETS, &t->x->packets);
	fwc_target_get_number(counter, FWC_COUNTER_BYTES, &t->x->bytes);
	return TAKEN;
}

static int take_target(struct taker *t, const struct fwc_target *target)
{
	if (t->x->target || t->x->verdict)
		return NOT_TAKEN;
	switch (target->type->kind) {
	case FWC_TARGET_VERDICT:
		return take_verdict(t, target);
	case FWC_TARGET_COUNTER:
		return take_counter(t, target);
	case FWC_TARGET_LIMIT:
		return take_limit(t, target);
	case FWC_TARGET_LOG:
		return take_log(t, target);
	case FWC_TARGET_ASSIGN:
		return take_assign(t, target);
	default:
		return NOT_TAKEN;
	}
}

static int take_extension(struct taker *t, const struct fwc_extension *e)
{
	const struct fwc_xt_row *row = fwc_xt_row_of(e, t->x->family);
	struct fwc_xt_use *u;

	if (t->x->target || t->x->verdict)
		return NOT_TAKEN;
	if (row) {
		u = use_of(t, row);
		if (u)
			memcpy(u->info, e->info, e->len);
		return u ? TAKEN : NOT_TAKEN;
	}
	u = fwc_arena_alloc(&t->x->arena, sizeof(*u));
	if (!u)
		return NOT_TAKEN;
	u->kernel = e;
	return push(t, u, e->is_target) ? TAKEN : NOT_TAKEN;
}

/* ---- items ---- */

static int take_item(struct taker *t, const struct fwc_item *i)
{
	struct matched m;

	if (i->kind == FWC_ITEM_TARGET)
		return take_target(t, i->target);
	if (i->kind == FWC_ITEM_EXTENSION)
		return take_extension(t, i->extension);
	if (i->kind != FWC_ITEM_MATCH || t->x->target || t->x->verdict || !look_at(i, &m))
		return NOT_TAKEN;
	/* A match that the field implies may have been folded into it. */
	if (m.field->l4 >= 0 && !t->x->proto)
		t->x->proto = (uint8_t)m.field->l4;
	return take_match(t, &m);
}

static const char *name_of(const struct fwc_item *i)
{
	struct matched m;

	if (i->kind == FWC_ITEM_TARGET)
		return i->target->type->name;
	return i->kind == FWC_ITEM_MATCH && look_at(i, &m) ? m.field->name : "this expression";
}

int fwc_xt_take_items(const struct fwc_rule *r, struct fwc_xt_rule *x, struct fwc_error *err)
{
	struct taker t = { .x = x, .err = err };
	uint32_t index = 0;

	*x = (struct fwc_xt_rule){ .family = r->chain->table->family };
	if (x->family != FWC_FAMILY_IP && x->family != FWC_FAMILY_IP6 &&
	    x->family != FWC_FAMILY_ARP)
		return fwc_fail(err, -EOPNOTSUPP, FWC_OBJECT_RULE,
				"words of iptables are of rules in ip, ip6 and arp");
	for (const struct fwc_item *i = fwc_rule_items(r); i; i = i->next, index++) {
		if (take_item(&t, i) == TAKEN)
			continue;
		if (x->arena.failed)
			return fwc_fail_memory(err);
		fwc_fail(err, -EOPNOTSUPP, FWC_OBJECT_RULE,
			 "'%s' has no form in iptables, which would read the rule as another one",
			 name_of(i));
		if (err)
			err->item = index;
		return -EOPNOTSUPP;
	}
	return x->family == FWC_FAMILY_ARP ? check_arp(&t) : 0;
}

uint8_t fwc_xt_protocol_of(const struct fwc_rule *r, bool *ret_inverted)
{
	struct matched m;

	*ret_inverted = false;
	for (const struct fwc_item *i = fwc_rule_items(r); i; i = i->next) {
		if (i->kind != FWC_ITEM_MATCH || !look_at(i, &m))
			continue;
		if (m.field->is_l4 && is_equality(&m)) {
			*ret_inverted = m.inverted;
			return m.right->bytes[0];
		}
		if (m.field->l4 >= 0)
			return (uint8_t)m.field->l4;
	}
	return 0;
}
