/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* RTM_NEWROUTE into the snapshot. Attributes of another size than the kernel's are passed over. */
#include <linux/rtnetlink.h>
#include <sys/socket.h>

#include "route/routes.h"

static uint32_t family_of(uint8_t family)
{
	return family == AF_INET ? FWC_FAMILY_IP : family == AF_INET6 ? FWC_FAMILY_IP6 : 0;
}

static void read_ip(struct fwc_ip *ip, uint32_t family, const uint8_t *bytes, size_t len)
{
	struct fwc_ip read = { .family = family };

	if (!bytes || len != fwc_ip_bits(&read) / 8)
		return;
	memcpy(read.bytes, bytes, len);
	*ip = read;
}

/* The gateway of the route's family, or of the other one (RTA_VIA). */
static void read_gateway(struct fwc_ip *ip, uint32_t family, const struct fwc_attr *attrs)
{
	const struct fwc_attr *via = &attrs[RTA_VIA];
	uint16_t other;

	read_ip(ip, family, attrs[RTA_GATEWAY].data, attrs[RTA_GATEWAY].len);
	if (via->len < sizeof(other))
		return;
	memcpy(&other, via->data, sizeof(other));
	read_ip(ip, family_of((uint8_t)other), via->data + sizeof(other), via->len - sizeof(other));
}

static struct fwc_next_hop *make_hops(struct fwc_routes *list, struct fwc_route *route,
				      size_t count)
{
	struct fwc_next_hop *hops = fwc_arena_alloc(&list->arena, count * sizeof(*hops));

	if (hops) {
		route->hops = hops;
		route->hop_count = count;
	}
	return hops;
}

static int read_hop(struct fwc_routes *list, struct fwc_route *route, uint32_t flags,
		    const struct fwc_attr *attrs)
{
	struct fwc_next_hop hop = { .weight = 1, .flags = flags };
	struct fwc_next_hop *to;

	/* IPv6 gives those that end a packet's way the interface lo. */
	if (!fwc_route_type_has_hops(route->type))
		return 0;
	read_gateway(&hop.gateway, route->destination.family, attrs);
	fwc_attr_u32(&attrs[RTA_OIF], &hop.interface);
	if (!hop.gateway.family && !hop.interface)
		return 0;
	to = make_hops(list, route, 1);
	if (!to)
		return -ENOMEM;
	*to = hop;
	return 0;
}

/* Takes the next struct rtnexthop off *s with the attributes behind it: 1, 0 at the end, -EBADMSG. */
static int next_hop(struct fwc_slice *s, uint32_t family, struct fwc_next_hop *ret)
{
	struct fwc_attr attrs[RTA_VIA + 1];
	struct rtnexthop head;
	size_t whole;

	if (!s->len)
		return 0;
	if (s->len < sizeof(head))
		return -EBADMSG;
	memcpy(&head, s->data, sizeof(head));
	if (head.rtnh_len < sizeof(head) || head.rtnh_len > s->len ||
	    fwc_attrs_parse(
		    (struct fwc_slice){ s->data + sizeof(head), head.rtnh_len - sizeof(head) },
		    attrs, RTA_VIA) < 0)
		return -EBADMSG;
	*ret = (struct fwc_next_hop){ .interface = (uint32_t)head.rtnh_ifindex,
				      .weight = head.rtnh_hops + 1u,
				      .flags = head.rtnh_flags };
	read_gateway(&ret->gateway, family, attrs);
	whole = RTNH_ALIGN(head.rtnh_len);
	whole = whole < s->len ? whole : s->len;
	*s = (struct fwc_slice){ s->data + whole, s->len - whole };
	return 1;
}

static int read_hops(struct fwc_routes *list, struct fwc_route *route, const struct fwc_attr *attr)
{
	struct fwc_slice all = fwc_attr_slice(attr), s = all;
	struct fwc_next_hop hop, *hops;
	size_t count = 0;
	int r;

	while ((r = next_hop(&s, route->destination.family, &hop)) > 0)
		count++;
	if (r < 0 || !count)
		return r;
	hops = make_hops(list, route, count);
	if (!hops)
		return -ENOMEM;
	for (size_t i = 0; i < count; i++)
		(void)next_hop(&all, route->destination.family, &hops[i]);
	return 0;
}

static int read_mtu(struct fwc_route *route, const struct fwc_attr *metrics)
{
	struct fwc_attr attrs[RTAX_MTU + 1];

	if (!metrics->data)
		return 0;
	if (fwc_attrs_parse(fwc_attr_slice(metrics), attrs, RTAX_MTU) < 0)
		return -EBADMSG;
	fwc_attr_u32(&attrs[RTAX_MTU], &route->mtu);
	return 0;
}

static int read_attrs(struct fwc_routes *list, struct fwc_route *route, const struct rtmsg *head,
		      const struct fwc_attr *attrs)
{
	uint32_t family = route->destination.family;
	int r = read_mtu(route, &attrs[RTA_METRICS]);

	read_ip(&route->destination, family, attrs[RTA_DST].data, attrs[RTA_DST].len);
	read_ip(&route->source, family, attrs[RTA_PREFSRC].data, attrs[RTA_PREFSRC].len);
	fwc_attr_u32(&attrs[RTA_TABLE], &route->table);
	fwc_attr_u32(&attrs[RTA_PRIORITY], &route->metric);
	if (r == 0)
		r = attrs[RTA_MULTIPATH].data
			    ? read_hops(list, route, &attrs[RTA_MULTIPATH])
			    : read_hop(list, route, head->rtm_flags & 0xff, attrs);
	return r;
}

int fwc_routes_read(struct fwc_routes *list, struct fwc_slice payload)
{
	struct fwc_attr attrs[RTA_VIA + 1];
	struct fwc_route *route;
	struct rtmsg head;
	int r;

	if (payload.len < sizeof(head))
		return -EBADMSG;
	memcpy(&head, payload.data, sizeof(head));
	if (!family_of(head.rtm_family))
		return 0;
	payload.data += sizeof(head);
	payload.len -= sizeof(head);
	if (fwc_attrs_parse(payload, attrs, RTA_VIA) < 0)
		return -EBADMSG;
	route = fwc_arena_alloc(&list->arena, sizeof(*route));
	if (!route)
		return -ENOMEM;
	route->destination.family = family_of(head.rtm_family);
	route->prefix_len = head.rtm_dst_len;
	route->table = head.rtm_table;
	route->type = head.rtm_type;
	route->protocol = head.rtm_protocol;
	route->scope = head.rtm_scope;
	route->flags = head.rtm_flags;
	r = read_attrs(list, route, &head, attrs);
	return r == 0 ? fwc_vec_push(&list->list, route) : r;
}

void fwc_routes_clear(struct fwc_routes *list)
{
	fwc_vec_free(&list->list);
	fwc_arena_free(&list->arena);
	memset(list, 0, sizeof(*list));
}
