/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Statements as targets. */
#include "nft/decode.h"
#include "nft/read.h"
#include "nft/target_shape.h"

/* ---- verdicts ---- */

static enum fwc_decoded verdict(struct fwc_decoder *d, const struct fwc_attr *data)
{
	struct fwc_attr a[NFTA_DATA_MAX + 1];
	const struct fwc_value *v;
	struct fwc_target *t;

	if (d->waiting || fwc_attrs_parse(fwc_attr_slice(data), a, NFTA_DATA_MAX) < 0 ||
	    !a[NFTA_DATA_VERDICT].data)
		return FWC_DECODED_FOREIGN;
	v = fwc_read_verdict(d->arena, fwc_attr_slice(&a[NFTA_DATA_VERDICT]));
	if (!v)
		return FWC_DECODED_FOREIGN;
	if (!v->name && fwc_target_plain(FWC_TARGET_VERDICT, v->op))
		return fwc_rule_add_bound_target(d->rule,
						 fwc_target_plain(FWC_TARGET_VERDICT, v->op)) < 0
			       ? FWC_DECODED_NO_MEMORY
			       : FWC_DECODED_DONE;
	t = fwc_target_in(d->arena, FWC_TARGET_VERDICT);
	if (!t)
		return FWC_DECODED_NO_MEMORY;
	fwc_target_put_number(t, FWC_VERDICT_CODE, v->op);
	if (v->name && fwc_table_find_block(d->table, v->name))
		fwc_target_put_block(t, fwc_table_find_block(d->table, v->name));
	else if (v->name)
		fwc_target_put_text(t, FWC_VERDICT_CHAIN, v->name);
	return fwc_decoded_target(d, t, NULL, 0);
}

enum fwc_decoded fwc_decode_immediate(struct fwc_decoder *d, struct fwc_slice data)
{
	struct fwc_attr a[NFTA_IMMEDIATE_MAX + 1];
	uint32_t number, index;
	const uint8_t *bytes;
	struct fwc_slot *s;
	size_t len;

	if (fwc_attrs_parse(data, a, NFTA_IMMEDIATE_MAX) < 0 ||
	    !fwc_attr_be32(&a[NFTA_IMMEDIATE_DREG], &number))
		return FWC_DECODED_FOREIGN;
	if (number == NFT_REG_VERDICT)
		return verdict(d, &a[NFTA_IMMEDIATE_DATA]);
	bytes = fwc_decode_data(&a[NFTA_IMMEDIATE_DATA], &len);
	if (!bytes || !fwc_register_index(number, &index))
		return FWC_DECODED_FOREIGN;
	s = fwc_slot_load(d, index, FWC_SLOT_IMMEDIATE, len);
	if (!s)
		return FWC_DECODED_FOREIGN;
	memcpy(s->bytes, bytes, len);
	return FWC_DECODED_LOADED;
}

/* ---- reject ---- */

enum fwc_decoded fwc_decode_reject(struct fwc_decoder *d, struct fwc_slice data)
{
	uint32_t type, default_type, default_code, with;
	struct fwc_attr a[NFTA_REJECT_MAX + 1];
	bool mixed = fwc_family_is_mixed(d->table->family);
	struct fwc_target *t;
	uint8_t code = 0;

	if (d->waiting || fwc_attrs_parse(data, a, NFTA_REJECT_MAX) < 0 ||
	    !fwc_attr_be32(&a[NFTA_REJECT_TYPE], &type))
		return FWC_DECODED_FOREIGN;
	fwc_attr_u8(&a[NFTA_REJECT_ICMP_CODE], &code);
	fwc_reject_default(d->known.l3, &default_type, &default_code);
	if (type == NFT_REJECT_TCP_RST) {
		with = FWC_REJECT_TCP_RESET;
		if (!mixed)
			fwc_fold_l4(d, IPPROTO_TCP); /* as nft prints it: elsewhere it stays */
	} else if (type == NFT_REJECT_ICMPX_UNREACH) {
		with = FWC_REJECT_ICMPX;
	} else if (type == NFT_REJECT_ICMP_UNREACH && d->known.l3) {
		with = !mixed                        ? FWC_REJECT_ICMP
		       : d->known.l3 == NFPROTO_IPV4 ? FWC_REJECT_ICMPV4
						     : FWC_REJECT_ICMPV6;
		fwc_fold_l3(d, d->known.l3);
	} else {
		return FWC_DECODED_FOREIGN;
	}
	t = fwc_target_in(d->arena, FWC_TARGET_REJECT);
	if (!t)
		return FWC_DECODED_NO_MEMORY;
	if (type != default_type || code != default_code || (mixed && d->known.l3)) {
		fwc_target_put_number(t, FWC_REJECT_WITH, with);
		if (type != NFT_REJECT_TCP_RST)
			fwc_target_put_number(t, FWC_REJECT_CODE, code);
	}
	return fwc_decoded_target(d, t, NULL, 0);
}

/* ---- address translation ---- */

/* What two registers hold: one value, or the range between two constants. NULL: something else. */
static const struct fwc_value *take_ends(struct fwc_decoder *d, struct fwc_nat_ends ends,
					 const struct fwc_type *type)
{
	const struct fwc_slot *from = fwc_slot_take(d, ends.first), *to;

	if (!from || from->big_endian)
		return NULL;
	if (ends.first == ends.last)
		return fwc_slot_value(d, from, type);
	to = fwc_slot_take(d, ends.last);
	if (!to || from->kind != FWC_SLOT_IMMEDIATE || to->kind != FWC_SLOT_IMMEDIATE ||
	    from->len != type->len || to->len != type->len ||
	    memcmp(from->bytes, to->bytes, type->len) >= 0)
		return NULL;
	return fwc_key_value(d->arena, type, from->bytes, to->bytes, false);
}

/* The two registers of a range. 1: there; 0: not there; -1: neither. */
static int read_ends(const struct fwc_attr *min, const struct fwc_attr *max,
		     struct fwc_nat_ends *ret)
{
	ret->first = ret->last = FWC_NO_REGISTER;
	if (!min->data)
		return max->data ? -1 : 0;
	if (!fwc_decode_register(min, &ret->first))
		return -1;
	ret->last = ret->first;
	return !max->data || fwc_decode_register(max, &ret->last) ? 1 : -1;
}

static uint32_t model_flags(uint32_t kernel)
{
	return (kernel & NF_NAT_RANGE_PROTO_RANDOM ? FWC_NAT_RANDOM : 0u) |
	       (kernel & NF_NAT_RANGE_PROTO_RANDOM_FULLY ? FWC_NAT_FULLY_RANDOM : 0u) |
	       (kernel & NF_NAT_RANGE_PERSISTENT ? FWC_NAT_PERSISTENT : 0u) |
	       (kernel & NF_NAT_RANGE_NETMAP ? FWC_NAT_PREFIX : 0u);
}

static void put_flags(struct fwc_target *t, const struct fwc_attr *attr)
{
	uint32_t flags = 0;

	fwc_attr_be32(attr, &flags);
	if (model_flags(flags))
		fwc_target_put_number(t, FWC_NAT_FLAGS, model_flags(flags));
}

static const struct fwc_type *service(void)
{
	return fwc_type_by_name("inet_service", strlen("inet_service"));
}

static const struct fwc_type *address_type(uint32_t family)
{
	if (family == NFPROTO_IPV4)
		return fwc_type_by_name("ipv4_addr", strlen("ipv4_addr"));
	return family == NFPROTO_IPV6 ? fwc_type_by_name("ipv6_addr", strlen("ipv6_addr")) : NULL;
}

/* What ports come from; *ret is NULL when there are none. */
static bool take_ports(struct fwc_decoder *d, const struct fwc_attr *min,
		       const struct fwc_attr *max, const struct fwc_value **ret)
{
	struct fwc_nat_ends ends;
	int there = read_ends(min, max, &ends);

	*ret = there > 0 ? take_ends(d, ends, service()) : NULL;
	return there == 0 || *ret;
}

/* The declaration of the map whose data begin in a register; NULL: none that is known. */
static const struct fwc_set *map_at(const struct fwc_decoder *d, uint32_t index)
{
	const struct fwc_slot *s = &d->slots[index];

	if (s->kind != FWC_SLOT_VALUE || s->value->kind != FWC_VALUE_MAP)
		return NULL;
	return fwc_encode_set(d->table, s->value->child[1]);
}

/* The address and what comes with it. False: registers are used as the model has no words for. */
static bool take_nat(struct fwc_decoder *d, const struct fwc_attr a[NFTA_NAT_MAX + 1],
		     uint32_t family, const struct fwc_value **addr, const struct fwc_value **port)
{
	struct fwc_nat_ends ends, ports, given, given_ports;
	int there = read_ends(&a[NFTA_NAT_REG_ADDR_MIN], &a[NFTA_NAT_REG_ADDR_MAX], &ends);
	int ports_there = read_ends(&a[NFTA_NAT_REG_PROTO_MIN], &a[NFTA_NAT_REG_PROTO_MAX], &ports);
	const struct fwc_set *map;

	*addr = *port = NULL;
	if (there < 0 || ports_there < 0 || (there && !address_type(family)))
		return false;
	map = there ? map_at(d, ends.first) : NULL;
	given = (struct fwc_nat_ends){ ends.first, ends.first };
	given_ports = ports;
	fwc_nat_map_ends(map, &given, &given_ports);
	if (map && (given.last != ends.last || given_ports.first != ports.first ||
		    given_ports.last != ports.last))
		return false;
	if (map)
		ends.last = ends.first;
	if (there) {
		*addr = take_ends(d, ends, address_type(family));
		if (!*addr)
			return false;
	}
	if (ports_there && !(map && map->data_count == 2))
		*port = take_ends(d, ports, service());
	return !ports_there || *port || (map && map->data_count == 2);
}

static void put_nat(struct fwc_decoder *d, struct fwc_target *t, uint32_t family,
		    const struct fwc_value *addr, const struct fwc_value *port)
{
	if (addr)
		fwc_target_put_value(t, FWC_NAT_ADDR, addr);
	if (port)
		fwc_target_put_value(t, FWC_NAT_PORT, port);
	/* A map by name does not show whose addresses it holds. */
	if (family != fwc_nat_family(d->table, addr) ||
	    (addr && addr->kind == FWC_VALUE_MAP && d->table->family == FWC_FAMILY_INET))
		fwc_target_put_number(t, FWC_NAT_FAMILY, family);
}

enum fwc_decoded fwc_decode_nat(struct fwc_decoder *d, struct fwc_slice data)
{
	const struct fwc_value *addr, *port;
	struct fwc_attr a[NFTA_NAT_MAX + 1];
	struct fwc_target *t;
	uint32_t type, family;

	if (fwc_attrs_parse(data, a, NFTA_NAT_MAX) < 0 ||
	    !fwc_attr_be32(&a[NFTA_NAT_TYPE], &type) ||
	    !fwc_attr_be32(&a[NFTA_NAT_FAMILY], &family) ||
	    (type != NFT_NAT_SNAT && type != NFT_NAT_DNAT) ||
	    !take_nat(d, a, family, &addr, &port) || d->waiting)
		return FWC_DECODED_FOREIGN;
	t = fwc_target_in(d->arena, type == NFT_NAT_SNAT ? FWC_TARGET_SNAT : FWC_TARGET_DNAT);
	if (!t)
		return FWC_DECODED_NO_MEMORY;
	put_nat(d, t, family, addr, port);
	put_flags(t, &a[NFTA_NAT_FLAGS]);
	/* The protocol that a map of ports implies stays, as nft prints it: without, nft does not take the line back. */
	return fwc_decoded_target(d, t, &addr, 1);
}

static enum fwc_decoded own_address(struct fwc_decoder *d, uint32_t kind,
				    const struct fwc_attr *flags, const struct fwc_attr *min,
				    const struct fwc_attr *max)
{
	const struct fwc_value *port;
	struct fwc_target *t;

	if (!take_ports(d, min, max, &port) || d->waiting)
		return FWC_DECODED_FOREIGN;
	t = fwc_target_in(d->arena, kind);
	if (!t)
		return FWC_DECODED_NO_MEMORY;
	if (port)
		fwc_target_put_value(t, FWC_NAT_PORT, port);
	put_flags(t, flags);
	return fwc_decoded_target(d, t, NULL, 0);
}

enum fwc_decoded fwc_decode_masq(struct fwc_decoder *d, struct fwc_slice data)
{
	struct fwc_attr a[NFTA_MASQ_MAX + 1];

	if (fwc_attrs_parse(data, a, NFTA_MASQ_MAX) < 0)
		return FWC_DECODED_FOREIGN;
	return own_address(d, FWC_TARGET_MASQUERADE, &a[NFTA_MASQ_FLAGS],
			   &a[NFTA_MASQ_REG_PROTO_MIN], &a[NFTA_MASQ_REG_PROTO_MAX]);
}

enum fwc_decoded fwc_decode_redir(struct fwc_decoder *d, struct fwc_slice data)
{
	struct fwc_attr a[NFTA_REDIR_MAX + 1];

	if (fwc_attrs_parse(data, a, NFTA_REDIR_MAX) < 0)
		return FWC_DECODED_FOREIGN;
	return own_address(d, FWC_TARGET_REDIRECT, &a[NFTA_REDIR_FLAGS],
			   &a[NFTA_REDIR_REG_PROTO_MIN], &a[NFTA_REDIR_REG_PROTO_MAX]);
}
