/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What matches make sure of, and the matches that fields imply: written once a rule, folded back when it is read. */
#include "fields/tunnels.h"
#include "model/protocols.h"
#include "nft/decode.h"

#include <linux/if_arp.h>
#include <linux/if_ether.h>

static const struct {
	uint8_t l3;
	uint16_t type; /* of the Ethernet frame */
	const char *name;
} network_protocols[] = {
	{ NFPROTO_IPV4, ETH_P_IP, "IPv4" },
	{ NFPROTO_IPV6, ETH_P_IPV6, "IPv6" },
	{ NFPROTO_ARP, ETH_P_ARP, "ARP" },
};

static uint16_t ether_type(uint8_t l3)
{
	for (size_t i = 0; i < FWC_ARRAY_SIZE(network_protocols); i++)
		if (network_protocols[i].l3 == l3)
			return network_protocols[i].type;
	return 0;
}

static const char *l3_name(uint8_t l3)
{
	for (size_t i = 0; i < FWC_ARRAY_SIZE(network_protocols); i++)
		if (network_protocols[i].l3 == l3)
			return network_protocols[i].name;
	return "another protocol";
}

/* ---- what is known ---- */

struct fwc_known fwc_known_of(uint32_t family)
{
	struct fwc_known k = { .l4 = -1 };

	if (family == FWC_FAMILY_IP || family == FWC_FAMILY_IP6 || family == FWC_FAMILY_ARP)
		k.l3 = (uint8_t)family;
	if (family == FWC_FAMILY_BRIDGE)
		k.l2 = FWC_L2_ETHER;
	return k;
}

static void learn_ether_type(struct fwc_known *k, const uint8_t *bytes)
{
	uint16_t type = (uint16_t)(bytes[0] << 8 | bytes[1]);

	for (size_t i = 0; i < FWC_ARRAY_SIZE(network_protocols); i++)
		if (network_protocols[i].type == type)
			k->l3 = network_protocols[i].l3;
	if (type == ETH_P_8021Q || type == ETH_P_8021AD)
		k->l2 = FWC_L2_VLAN;
}

static void learn(struct fwc_known *k, const struct fwc_field_row *f, const struct fwc_value *right)
{
	uint64_t number;

	if (fwc_is_icmp_type(f))
		k->icmp = fwc_icmp_type(f, right);
	if (right->kind != FWC_VALUE_CONSTANT)
		return;
	if (f->is_l4)
		k->l4 = right->bytes[0];
	switch (f->id) {
	case FWC_FIELD_META_NFPROTO:
		k->l3 = right->bytes[0];
		break;
	case FWC_FIELD_META_IIFTYPE:
		if (!k->l2 && fwc_value_get_number(right, &number) && number == ARPHRD_ETHER)
			k->l2 = FWC_L2_ETHER;
		break;
	case FWC_FIELD_META_PROTOCOL:
	case FWC_FIELD_ETHER_TYPE:
	case FWC_FIELD_VLAN_TYPE:
		learn_ether_type(k, right->bytes);
		break;
	default:
		break;
	}
}

void fwc_inside_enter(struct fwc_inside *inside, uint32_t tunnel)
{
	if (inside->tunnel == tunnel)
		return;
	inside->tunnel = tunnel;
	inside->known = fwc_known_of(fwc_tunnel_row(tunnel)->family);
}

void fwc_known_learn(struct fwc_known *k, struct fwc_inside *inside, const struct fwc_value *left,
		     uint32_t op, const struct fwc_value *right)
{
	const struct fwc_field_row *f;

	if (op != FWC_OP_EQ || left->kind != FWC_VALUE_FIELD)
		return;
	f = fwc_field_within(left->field);
	if (f) {
		fwc_inside_enter(inside, left->field->base);
		learn(&inside->known, f, right);
	} else {
		learn(k, left->field, right);
	}
}

/* ---- what is implied, written ---- */

static void put_match(struct fwc_encoder *e, uint32_t field, uint64_t number)
{
	const struct fwc_field_row *f = fwc_field_by_id(field);
	uint8_t bytes[FWC_TYPE_BYTES_MOST];

	fwc_type_put_number(f->type, number, bytes);
	fwc_encode_header(e, 0, f, f->type->len);
	fwc_put_cmp(e->wire, 0, NFT_CMP_EQ, bytes, f->type->len);
}

static bool sees_frames(uint32_t family)
{
	return family == FWC_FAMILY_BRIDGE || family == FWC_FAMILY_NETDEV;
}

/* The field in which a table of this family looks for the protocol of the network header. */
static uint32_t l3_field(uint32_t family, uint8_t l2, uint8_t l3, bool transport)
{
	if (l2 == FWC_L2_VLAN)
		return FWC_FIELD_VLAN_TYPE;
	if (family == FWC_FAMILY_BRIDGE && transport)
		return FWC_FIELD_ETHER_TYPE;
	return sees_frames(family) || l3 == NFPROTO_ARP ? FWC_FIELD_META_PROTOCOL
							: FWC_FIELD_META_NFPROTO;
}

void fwc_encode_l3(struct fwc_encoder *e, uint8_t l3)
{
	uint32_t field = l3_field(e->family, e->known.l2, l3, false);

	if (e->known.l3 == l3)
		return;
	put_match(e, field, field == FWC_FIELD_META_NFPROTO ? l3 : ether_type(l3));
	e->known.l3 = l3;
}

void fwc_encode_l4(struct fwc_encoder *e, uint8_t l4)
{
	if (e->known.l4 == l4)
		return;
	fwc_encode_header(e, 0, fwc_field_by_id(FWC_FIELD_META_L4PROTO), 1);
	fwc_put_cmp(e->wire, 0, NFT_CMP_EQ, &l4, 1);
	e->known.l4 = l4;
}

static void imply_l2(struct fwc_encoder *e, uint8_t l2)
{
	if (e->known.l2 == FWC_L2_ANY) {
		put_match(e, FWC_FIELD_META_IIFTYPE, ARPHRD_ETHER);
		e->known.l2 = FWC_L2_ETHER;
	}
	if (e->known.l2 < l2) {
		put_match(e, FWC_FIELD_ETHER_TYPE, ETH_P_8021Q);
		e->known.l2 = l2;
	}
}

static bool is_transport(const struct fwc_field_row *f)
{
	return f->load == FWC_LOAD_PAYLOAD && f->base == NFT_PAYLOAD_TRANSPORT_HEADER;
}

static int imply_l3(struct fwc_encoder *e, const struct fwc_field_row *f)
{
	uint32_t field;

	/* icmp in an ip6 table and the like: the protocol alone decides there. */
	if (e->known.l3 == f->l3 || (is_transport(f) && e->known.l3))
		return 0;
	if (e->known.l3)
		return fwc_fail(e->err, -EINVAL, FWC_OBJECT_RULE,
				"'%s' is of %s, but this rule sees %s only", f->name,
				l3_name(f->l3), l3_name(e->known.l3));
	field = l3_field(e->family, e->known.l2, f->l3, is_transport(f));
	put_match(e, field, field == FWC_FIELD_META_NFPROTO ? f->l3 : ether_type(f->l3));
	e->known.l3 = f->l3;
	return 0;
}

static int imply_l4(struct fwc_encoder *e, const struct fwc_field_row *f)
{
	if (e->known.l4 >= 0 && e->known.l4 != f->l4)
		return fwc_fail(e->err, -EINVAL, FWC_OBJECT_RULE,
				"'%s' is of protocol %d, but this rule sees protocol %d only",
				f->name, f->l4, e->known.l4);
	fwc_encode_l4(e, (uint8_t)f->l4);
	return 0;
}

static int imply(struct fwc_encoder *e, const struct fwc_field_row *f);

/* The tunnel's protocol; then what the field implies, in the packet within. */
static int imply_inner(struct fwc_encoder *e, const struct fwc_field_row *f)
{
	const struct fwc_tunnel_row *t = fwc_tunnel_row(f->base);
	const struct fwc_known known = e->known;
	const uint32_t family = e->family;
	int r;

	if (e->known.l4 != t->l4 && t->wants_match)
		return fwc_fail(
			e->err, -EINVAL, FWC_OBJECT_RULE,
			"'%s' is behind UDP: a match on UDP, such as its port, comes before",
			f->name);
	r = t->wants_match ? 0 : imply_l4(e, f);
	if (r < 0 || !fwc_field_within(f))
		return r;
	fwc_inside_enter(&e->inside, f->base);
	e->known = e->inside.known;
	e->family = t->family;
	e->within = f->base;
	r = imply(e, fwc_field_within(f));
	e->inside.known = e->known;
	e->known = known;
	e->known.l4 = t->l4;
	e->family = family;
	e->within = 0;
	return r;
}

static int imply(struct fwc_encoder *e, const struct fwc_field_row *f)
{
	int r = 0;

	if (f->load == FWC_LOAD_INNER)
		return imply_inner(e, f);
	if (f->l2)
		imply_l2(e, f->l2);
	if (f->l3)
		r = imply_l3(e, f);
	if (r == 0 && f->l4 >= 0)
		r = imply_l4(e, f);
	if (r == 0 && f->icmp && f->icmp != e->known.icmp)
		r = fwc_fail(e->err, -EINVAL, FWC_OBJECT_RULE,
			     "'%s' is not in every message: a match on its type comes before",
			     f->name);
	return r;
}

int fwc_encode_implied(struct fwc_encoder *e, const struct fwc_value *v)
{
	int r = 0;

	switch (v->kind) {
	case FWC_VALUE_FIELD:
		return imply(e, v->field);
	case FWC_VALUE_BITS:
		return fwc_encode_implied(e, v->of);
	case FWC_VALUE_MAP:
		return fwc_encode_implied(e, v->child[0]);
	case FWC_VALUE_CONCAT:
	case FWC_VALUE_JOIN:
	case FWC_VALUE_HASH:
		for (size_t i = 0; i < v->len && r == 0; i++)
			r = fwc_encode_implied(e, v->child[i]);
		return r;
	default:
		return 0;
	}
}

/* ---- what is implied, folded back ---- */

static struct fwc_item **last_link(struct fwc_rule *r)
{
	struct fwc_item **link = &r->items;

	while (*link && (*link)->next)
		link = &(*link)->next;
	return *link ? link : NULL;
}

/* Whether it is that field, of the packet or of the one within. */
static bool is_field(const struct fwc_value *v, uint32_t within, uint32_t field)
{
	if (!within)
		return fwc_value_get_field(v) == field;
	return v->kind == FWC_VALUE_FIELD && v->field->load == FWC_LOAD_INNER &&
	       v->field->base == within && v->field->key == field;
}

/* Takes the last item away when it is that match. */
static bool fold_last(struct fwc_decoder *d, uint32_t field, uint64_t wanted)
{
	struct fwc_item **link = d->fold ? last_link(d->rule) : NULL;
	const struct fwc_item *i = link ? *link : NULL;
	uint64_t number;

	if (!i || i->kind != FWC_ITEM_MATCH || i->op != FWC_OP_EQ ||
	    !is_field(i->left, d->within, field) || !fwc_value_get_number(i->right, &number) ||
	    number != wanted)
		return false;
	*link = NULL;
	d->rule->tail = link;
	return true;
}

void fwc_fold_l4(struct fwc_decoder *d, int l4)
{
	if (l4 >= 0)
		fold_last(d, FWC_FIELD_META_L4PROTO, (uint64_t)l4);
}

static void fold_l3(struct fwc_decoder *d, uint8_t l3, bool transport)
{
	uint32_t family = d->family;
	uint32_t field = l3_field(family, d->known.l2, l3, transport);

	if (l3 && (family == FWC_FAMILY_INET || sees_frames(family)))
		fold_last(d, field, field == FWC_FIELD_META_NFPROTO ? l3 : ether_type(l3));
}

void fwc_fold_l3(struct fwc_decoder *d, uint8_t l3)
{
	fold_l3(d, l3, false);
}

static void fold_l2(struct fwc_decoder *d, uint8_t l2)
{
	if (l2 == FWC_L2_VLAN)
		fold_last(d, FWC_FIELD_ETHER_TYPE, ETH_P_8021Q);
	if (l2)
		fold_last(d, FWC_FIELD_META_IIFTYPE, ARPHRD_ETHER);
}

static void fold_field(struct fwc_decoder *d, const struct fwc_field_row *f)
{
	fwc_fold_l4(d, f->l4);
	fold_l3(d, f->l3, is_transport(f));
	fold_l2(d, f->l2);
}

/* What is implied of the packet within, and then of the tunnel itself. */
static void fold_inner(struct fwc_decoder *d, const struct fwc_field_row *f)
{
	const struct fwc_known known = d->known;
	const uint32_t family = d->family;

	if (fwc_field_within(f)) {
		d->known = d->inside.known;
		d->family = fwc_tunnel_row(f->base)->family;
		d->within = f->base;
		fold_field(d, fwc_field_within(f));
		d->known = known;
		d->family = family;
		d->within = 0;
	}
	fwc_fold_l4(d, f->l4);
}

/* The fields of a value, the last one first: their implied matches were written the other way round. */
void fwc_fold_value(struct fwc_decoder *d, const struct fwc_value *v)
{
	switch (v->kind) {
	case FWC_VALUE_FIELD:
		if (v->field->load == FWC_LOAD_INNER)
			fold_inner(d, v->field);
		else
			fold_field(d, v->field);
		return;
	case FWC_VALUE_BITS:
		fwc_fold_value(d, v->of);
		return;
	case FWC_VALUE_MAP:
		fwc_fold_value(d, v->child[0]);
		return;
	case FWC_VALUE_CONCAT:
	case FWC_VALUE_JOIN:
	case FWC_VALUE_HASH:
		for (size_t i = v->len; i > 0; i--)
			fwc_fold_value(d, v->child[i - 1]);
		return;
	default:
		return;
	}
}
