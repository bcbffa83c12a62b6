/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Address translation: of which family, to what, and whether the rule knows that there are ports. */
#include "model/bind_target.h"

/* ---- the family ---- */

static uint32_t family_of_type(const struct fwc_type *t)
{
	if (!t)
		return 0;
	return t->form == FWC_FORM_IP4   ? FWC_FAMILY_IP
	       : t->form == FWC_FORM_IP6 ? FWC_FAMILY_IP6
					 : 0;
}

/* The data of a map: its first one, where it is written out. */
static const struct fwc_value *first_data(const struct fwc_value *map)
{
	return map->kind == FWC_VALUE_UNTYPED && map->op == FWC_UNTYPED_PAIRS && map->len
		       ? map->child[map->len / 2]
		       : NULL;
}

/* Its declaration, where it has one. */
static const struct fwc_set *known_map(const struct fwc_binder *b, const struct fwc_value *map)
{
	return map->kind == FWC_VALUE_LIST  ? map->list
	       : map->kind == FWC_VALUE_SET ? fwc_bind_find_set(b, map)
					    : NULL;
}

/* What an address says of its family, typed or not; 0: nothing. */
static uint32_t family_of(const struct fwc_binder *b, const struct fwc_value *v)
{
	const struct fwc_set *s;

	switch (v->kind) {
	case FWC_VALUE_RANGE:
	case FWC_VALUE_CONCAT:
		return v->len ? family_of(b, v->child[0]) : 0;
	case FWC_VALUE_MAP:
		s = known_map(b, v->child[1]);
		if (s)
			return s->data_count ? family_of_type(s->data[0]) : 0;
		return first_data(v->child[1]) ? family_of(b, first_data(v->child[1])) : 0;
	case FWC_VALUE_UNTYPED:
		if (v->op == FWC_UNTYPED_IP)
			return v->ip->family;
		if (v->op == FWC_UNTYPED_TEXT)
			return strchr(v->name, ':') ? FWC_FAMILY_IP6 : FWC_FAMILY_IP;
		return 0;
	default:
		return family_of_type(v->type);
	}
}

/* 0: an inet table, and nothing says it. */
static uint32_t nat_family(const struct fwc_adding *a, const struct fwc_value *addr)
{
	uint64_t said = fwc_adding_number(a, FWC_NAT_FAMILY, 0);

	if (said)
		return (uint32_t)said;
	if (a->protocols.family != FWC_FAMILY_INET)
		return a->protocols.family;
	said = family_of(&a->binder, addr);
	return said ? (uint32_t)said : a->protocols.l3;
}

/* ---- values ---- */

/* Whether the data of a map are address . port. */
static bool has_ports(const struct fwc_adding *a, const struct fwc_value *map)
{
	const struct fwc_set *s = known_map(&a->binder, map);
	const struct fwc_value *data = first_data(map);

	if (s)
		return s->data_count == 2;
	if (!data)
		return false;
	return data->kind == FWC_VALUE_CONCAT ||
	       (data->kind == FWC_VALUE_UNTYPED && data->op == FWC_UNTYPED_TEXT &&
		strstr(data->name, " . "));
}

static int need_transport(const struct fwc_adding *a)
{
	if (a->protocols.transport)
		return 0;
	return fwc_fail(
		a->err, -EINVAL, FWC_OBJECT_RULE,
		"%s to a port: the rule must match a transport protocol before it, like tcp dport",
		a->in->type->name);
}

/* `10.0.0.0/24` stands for all addresses of it: the kernel takes a range. */
static const struct fwc_value *as_range(struct fwc_adding *a, const struct fwc_value *v)
{
	struct fwc_arena *arena = &a->binder.ruleset->arena;
	uint8_t first[FWC_MAX_KEY], last[FWC_MAX_KEY];

	if (!v || v->kind != FWC_VALUE_PREFIX)
		return v;
	fwc_key_bytes(v, first, last);
	return fwc_bind_made(&a->binder,
			     fwc_value_make_range(arena, fwc_value_constant(arena, v->type, first),
						  fwc_value_constant(arena, v->type, last)));
}

/* One value, a range of them, or what the packet or a map says. */
static const struct fwc_value *bind_to(struct fwc_adding *a, const struct fwc_value *v,
				       const struct fwc_type *const *types, size_t count)
{
	const struct fwc_value *bound;

	a->binder.ranges = true;
	bound = as_range(a, fwc_bind_any(&a->binder, v, types, count));
	a->binder.ranges = false;
	if (bound && bound->kind != FWC_VALUE_CONSTANT && bound->kind != FWC_VALUE_RANGE &&
	    !fwc_value_is_computed(bound))
		return fwc_bind_refuse(&a->binder, bound, types, count);
	return bound;
}

static const struct fwc_type *type_named(const char *name)
{
	return fwc_type_by_name(name, strlen(name));
}

static int take_addr(struct fwc_adding *a, const struct fwc_value *v)
{
	uint32_t family = nat_family(a, v);
	const struct fwc_type *types[] = {
		type_named(family == FWC_FAMILY_IP ? "ipv4_addr" : "ipv6_addr"),
		type_named("inet_service"),
	};
	bool ports = v->kind == FWC_VALUE_MAP && has_ports(a, v->child[1]);
	int r;

	if (family != FWC_FAMILY_IP && family != FWC_FAMILY_IP6)
		return fwc_fail(
			a->err, -EINVAL, FWC_OBJECT_RULE,
			"%s in a table of family inet needs to know of which family the address is",
			a->in->type->name);
	r = fwc_protocols_add_l3(&a->protocols, family,
				 family == FWC_FAMILY_IP ? "an IPv4 address" : "an IPv6 address",
				 a->err);
	if (r == 0)
		r = fwc_adding_put(a, FWC_NAT_ADDR, bind_to(a, v, types, ports ? 2 : 1));
	if (r < 0)
		return r;
	if (a->protocols.family == FWC_FAMILY_INET)
		fwc_target_put_number(a->out, FWC_NAT_FAMILY, family);
	if (!ports)
		return 0;
	if (fwc_target_has(a->in, FWC_NAT_PORT))
		return fwc_fail(a->err, -EINVAL, FWC_OBJECT_RULE,
				"%s: the map holds ports, another port is too much",
				a->in->type->name);
	return need_transport(a);
}

/* Only what all addresses of the target share can be replaced. */
static int check_prefix(const struct fwc_adding *a)
{
	const struct fwc_value *addr = fwc_target_get_value(a->out, FWC_NAT_ADDR);
	uint8_t first[FWC_MAX_KEY], last[FWC_MAX_KEY];
	char text[96];
	size_t i = 0;

	if (!(fwc_adding_number(a, FWC_NAT_FLAGS, 0) & FWC_NAT_PREFIX) ||
	    (addr && addr->kind == FWC_VALUE_MAP))
		return 0;
	if (addr && addr->kind == FWC_VALUE_RANGE) {
		fwc_key_bytes(addr, first, last);
		while (i < addr->type->len && !(first[i] & (first[i] ^ last[i])))
			first[i] = (uint8_t) ~(first[i] ^ last[i]), i++;
		if (i == addr->type->len && fwc_mask_to_prefix(first, addr->type->len) >= 0)
			return 0;
	}
	return fwc_fail(a->err, -EINVAL, FWC_OBJECT_RULE,
			"%s prefix: %s is no prefix such as 192.0.2.0/24", a->in->type->name,
			addr ? fwc_value_describe(addr, text) : "nothing");
}

int fwc_adding_nat(struct fwc_adding *a)
{
	const struct fwc_value *addr = fwc_target_get_value(a->in, FWC_NAT_ADDR);
	const struct fwc_value *port = fwc_target_get_value(a->in, FWC_NAT_PORT);
	const struct fwc_type *const service = type_named("inet_service");
	uint32_t kind = a->in->type->kind, family = a->protocols.family;
	int r = 0;

	if (family != FWC_FAMILY_IP && family != FWC_FAMILY_IP6 && family != FWC_FAMILY_INET)
		return fwc_fail(
			a->err, -EINVAL, FWC_OBJECT_RULE,
			"%s does not go with a table of family %s: ip, ip6 and inet have it",
			a->in->type->name, fwc_family_name(family));
	if ((kind == FWC_TARGET_SNAT || kind == FWC_TARGET_DNAT) && !addr && !port)
		return fwc_fail(a->err, -EINVAL, FWC_OBJECT_RULE, "%s needs an address or a port",
				a->in->type->name);
	/* The table says it where it can: two rules that are the same look the same. */
	a->out->has &= (uint16_t) ~(1u << (FWC_NAT_FAMILY - 1));
	if (addr)
		r = take_addr(a, addr);
	if (r == 0)
		r = check_prefix(a);
	if (r == 0 && port)
		r = fwc_adding_put(a, FWC_NAT_PORT, bind_to(a, port, &service, 1));
	return r == 0 && port ? need_transport(a) : r;
}
