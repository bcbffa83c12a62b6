/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A packet has one address family and one transport protocol: `udp sport 53 tcp dport 22` matches nothing. */
#include <linux/icmp.h>
#include <linux/icmpv6.h>
#include <linux/if_ether.h>
#include <linux/netfilter/nf_tables.h>

#include "fields/tunnels.h"
#include "model/protocols.h"

int fwc_protocols_add_l3(struct fwc_protocols *p, uint32_t l3, const char *by,
			 struct fwc_error *err)
{
	if (p->l3 && p->l3 != l3) {
		if (!p->l3_by)
			return fwc_fail(err, -EINVAL, FWC_OBJECT_RULE,
					"%s does not go with a table of family %s", by,
					fwc_family_name(p->family));
		return fwc_fail(err, -EINVAL, FWC_OBJECT_RULE,
				"%s contradicts %s before it: a packet has one address family", by,
				p->l3_by);
	}
	if (!p->l3) {
		p->l3 = l3;
		p->l3_by = by;
	}
	return 0;
}

static int add_l4(struct fwc_protocols *p, int l4, const char *by, struct fwc_error *err)
{
	if (p->l4 != -1 && p->l4 != l4)
		return fwc_fail(err, -EINVAL, FWC_OBJECT_RULE,
				"%s contradicts %s before it: a packet has one transport protocol",
				by, p->l4_by);
	p->transport = true;
	if (p->l4 == -1) {
		p->l4 = l4;
		p->l4_by = by;
	}
	return 0;
}

static int add_field(struct fwc_protocols *p, const struct fwc_field_row *f, struct fwc_error *err)
{
	bool transport = f->load == FWC_LOAD_PAYLOAD && f->base == NFT_PAYLOAD_TRANSPORT_HEADER;
	const struct fwc_tunnel_row *tunnel =
		f->load == FWC_LOAD_INNER ? fwc_tunnel_row(f->base) : NULL;
	int r = 0;

	if (tunnel && tunnel->wants_match && p->l4 != tunnel->l4)
		return fwc_fail(
			err, -EINVAL, FWC_OBJECT_RULE,
			"'%s' is behind UDP: a match on UDP, such as its port, comes before",
			f->name);
	/* ICMP where packets are of the other family never comes, but iptables and nft let it be written. */
	if (f->l3 && (!transport || (p->family == FWC_FAMILY_INET && !p->l3)))
		r = fwc_protocols_add_l3(p, f->l3, f->name, err);
	if (r == 0 && f->l4 != -1)
		r = add_l4(p, f->l4, f->name, err);
	p->transport |= transport || f->is_l4;
	return r;
}

int fwc_protocols_add_value(struct fwc_protocols *p, const struct fwc_value *v,
			    struct fwc_error *err)
{
	int r = 0;

	switch (v->kind) {
	case FWC_VALUE_FIELD:
		return add_field(p, v->field, err);
	case FWC_VALUE_BITS:
		return fwc_protocols_add_value(p, v->of, err);
	case FWC_VALUE_MAP:
		return fwc_protocols_add_value(p, v->child[0], err);
	case FWC_VALUE_CONCAT:
	case FWC_VALUE_JOIN:
	case FWC_VALUE_HASH:
		for (size_t i = 0; i < v->len && r == 0; i++)
			r = fwc_protocols_add_value(p, v->child[i], err);
		return r;
	default:
		return 0;
	}
}

bool fwc_is_icmp_type(const struct fwc_field_row *f)
{
	return f->id == FWC_FIELD_ICMP_TYPE || f->id == FWC_FIELD_ICMPV6_TYPE;
}

uint8_t fwc_icmp_type(const struct fwc_field_row *f, const struct fwc_value *right)
{
	bool v4 = f->id == FWC_FIELD_ICMP_TYPE;
	uint8_t request = v4 ? ICMP_ECHO : ICMPV6_ECHO_REQUEST;
	uint8_t reply = v4 ? ICMP_ECHOREPLY : ICMPV6_ECHO_REPLY;
	const struct fwc_vec *v = right->kind == FWC_VALUE_LIST ? &right->list->elements : NULL;
	uint8_t seen = 0;

	if (right->kind == FWC_VALUE_CONSTANT)
		return right->bytes[0] == reply ? request : right->bytes[0];
	for (size_t i = 0; v && v->count == 2 && i < 2; i++) {
		const struct fwc_value *key = ((const struct fwc_element *)v->items[i])->key;

		if (key->kind == FWC_VALUE_CONSTANT)
			seen |= key->bytes[0] == request ? 1 : key->bytes[0] == reply ? 2 : 0;
	}
	return seen == 3 ? request : 0;
}

const struct fwc_field_row *fwc_protocols_lack_icmp(const struct fwc_protocols *p,
						    const struct fwc_value *v)
{
	const struct fwc_field_row *f = NULL;

	switch (v->kind) {
	case FWC_VALUE_FIELD:
		return v->field->icmp && v->field->icmp != p->icmp ? v->field : NULL;
	case FWC_VALUE_BITS:
		return fwc_protocols_lack_icmp(p, v->of);
	case FWC_VALUE_MAP:
		return fwc_protocols_lack_icmp(p, v->child[0]);
	case FWC_VALUE_CONCAT:
	case FWC_VALUE_JOIN:
	case FWC_VALUE_HASH:
		for (size_t i = 0; i < v->len && !f; i++)
			f = fwc_protocols_lack_icmp(p, v->child[i]);
		return f;
	default:
		return NULL;
	}
}

static bool is_frame_type(const struct fwc_field_row *f)
{
	return f->id == FWC_FIELD_META_PROTOCOL || f->id == FWC_FIELD_ETHER_TYPE ||
	       f->id == FWC_FIELD_VLAN_TYPE;
}

int fwc_protocols_add_match(struct fwc_protocols *p, const struct fwc_value *left, uint32_t op,
			    const struct fwc_value *right, struct fwc_error *err)
{
	uint64_t number;
	int r = fwc_protocols_add_value(p, left, err);

	if (r == 0 && left->kind == FWC_VALUE_FIELD && op == FWC_OP_EQ &&
	    fwc_is_icmp_type(left->field))
		p->icmp = fwc_icmp_type(left->field, right);
	if (r < 0 || left->kind != FWC_VALUE_FIELD || op != FWC_OP_EQ ||
	    right->kind != FWC_VALUE_CONSTANT)
		return r;
	if (left->field->is_l4 && fwc_type_get_number(right->type, right->bytes, &number))
		return add_l4(p, (int)number, left->field->name, err);
	if (left->field->id == FWC_FIELD_META_NFPROTO &&
	    fwc_type_get_number(right->type, right->bytes, &number))
		return fwc_protocols_add_l3(p, (uint32_t)number, left->field->name, err);
	if (fwc_family_is_mixed(p->family) && is_frame_type(left->field) && !p->l3 &&
	    fwc_type_get_number(right->type, right->bytes, &number)) {
		p->l3 = number == ETH_P_IP     ? FWC_FAMILY_IP
			: number == ETH_P_IPV6 ? FWC_FAMILY_IP6
					       : 0;
		p->l3_by = left->field->name;
	}
	return 0;
}

static void add_target(struct fwc_protocols *p, const struct fwc_target *t)
{
	const struct fwc_value *v;

	if (t->type->kind == FWC_TARGET_ASSIGN && fwc_target_assigned(t))
		fwc_protocols_add_value(p, fwc_target_assigned(t), NULL);
	for (uint32_t param = 1; param <= t->type->count; param++) {
		v = fwc_target_get_value(t, param);
		if (v)
			fwc_protocols_add_value(p, v, NULL);
	}
}

struct fwc_protocols fwc_protocols_of(const struct fwc_rule *r)
{
	uint32_t family = r->chain->table->family;
	struct fwc_protocols p = { .family = family, .l4 = -1 };

	if (family == FWC_FAMILY_IP || family == FWC_FAMILY_IP6 || family == FWC_FAMILY_ARP)
		p.l3 = family;
	/* What is in the rule already was checked when it was added. */
	for (const struct fwc_item *item = fwc_rule_items(r); item; item = item->next) {
		if (item->kind == FWC_ITEM_MATCH)
			fwc_protocols_add_match(&p, item->left, item->op, item->right, NULL);
		else if (item->kind == FWC_ITEM_TARGET)
			add_target(&p, item->target);
	}
	return p;
}
