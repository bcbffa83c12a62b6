/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Lists of rtnetlink messages that make links, addresses and routes.
 *
 * Written by hand: libnl can express neither isolated ports nor a veth peer born in another namespace nor several messages
 * in one datagram, and it drops the kernel's words. */
#include <linux/if.h>
#include <linux/if_addr.h>
#include <linux/if_link.h>
#include <linux/rtnetlink.h>
#include <linux/veth.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>

#include "route/interfaces.h"
#include "route/links.h"
#include "route/routes.h"

struct fwc_links_op {
	size_t message; /* offset in the wire */
	uint32_t object; /* enum fwc_object */
	const char *verb; /* "make the bridge" */
	char subject[128];
};

/* Begins the next message of the list; seq and NLM_F_ACK are filled in by commit. */
static size_t begin(struct fwc_links *t, uint16_t type, uint16_t flags, const void *head,
		    size_t head_len, struct fwc_links_op op)
{
	if (t->count == t->room) {
		size_t room = t->room ? t->room * 2 : 16;
		struct fwc_links_op *ops = reallocarray(t->ops, room, sizeof(*ops));

		if (!ops) {
			t->wire.error = -ENOMEM;
			return 0;
		}
		t->ops = ops;
		t->room = room;
	}
	op.message = fwc_wire_begin(&t->wire, type, NLM_F_REQUEST | flags, 0, head, head_len);
	t->ops[t->count++] = op;
	return op.message;
}

static struct fwc_links_op op_link(const char *verb, uint32_t index, const char *name)
{
	struct fwc_links_op op = { .object = FWC_OBJECT_INTERFACE, .verb = verb };

	if (name)
		snprintf(op.subject, sizeof(op.subject), "'%s'", name);
	else
		snprintf(op.subject, sizeof(op.subject), "of index %u", index);
	return op;
}

static struct fwc_links_op op_ip(const char *verb, uint32_t object, const struct fwc_ip *ip)
{
	struct fwc_links_op op = { .object = object, .verb = verb };

	(void)fwc_ip_format(ip, op.subject, sizeof(op.subject), NULL);
	return op;
}

static void put_mac(struct fwc_wire *w, const uint8_t mac[6])
{
	static const uint8_t none[6];

	if (memcmp(mac, none, sizeof(none)))
		fwc_put(w, IFLA_ADDRESS, mac, sizeof(none));
}

static size_t begin_new(struct fwc_links *t, const struct fwc_link_new *link, const char *verb)
{
	const struct ifinfomsg head = { .ifi_index = (int)link->index,
					.ifi_flags = link->up ? IFF_UP : 0,
					.ifi_change = link->up ? IFF_UP : 0 };
	size_t msg = begin(t, RTM_NEWLINK, NLM_F_CREATE | NLM_F_EXCL, &head, sizeof(head),
			   op_link(verb, link->index, link->name));

	fwc_put_text(&t->wire, IFLA_IFNAME, link->name);
	if (link->mtu)
		fwc_put_u32(&t->wire, IFLA_MTU, link->mtu);
	if (link->master)
		fwc_put_u32(&t->wire, IFLA_MASTER, link->master);
	put_mac(&t->wire, link->mac);
	return msg;
}

static void end_new(struct fwc_links *t, const struct fwc_link_new *link, size_t msg)
{
	fwc_wire_end(&t->wire, msg);
	/* The kernel takes an alias only for a link that is there. */
	if (link->alias)
		fwc_links_set_alias(t, 0, link->name, link->alias);
}

void fwc_links_add_bridge(struct fwc_links *t, const struct fwc_link_new *link)
{
	size_t msg = begin_new(t, link, "make the bridge");
	size_t info = fwc_nest_begin(&t->wire, IFLA_LINKINFO);

	fwc_put_text(&t->wire, IFLA_INFO_KIND, "bridge");
	fwc_nest_end(&t->wire, info);
	end_new(t, link, msg);
}

static void put_peer(struct fwc_wire *w, const struct fwc_link_peer *peer)
{
	const struct ifinfomsg head = { .ifi_index = (int)peer->index };
	size_t nest = fwc_nest_begin(w, VETH_INFO_PEER);

	fwc_wire_add(w, &head, sizeof(head));
	fwc_put_text(w, IFLA_IFNAME, peer->name);
	if (peer->mtu)
		fwc_put_u32(w, IFLA_MTU, peer->mtu);
	put_mac(w, peer->mac);
	if (peer->netns_fd >= 0)
		fwc_put_u32(w, IFLA_NET_NS_FD, (uint32_t)peer->netns_fd);
	fwc_nest_end(w, nest);
}

void fwc_links_add_veth(struct fwc_links *t, const struct fwc_link_new *link,
			const struct fwc_link_peer *peer)
{
	size_t msg = begin_new(t, link, "make the veth pair");
	size_t info = fwc_nest_begin(&t->wire, IFLA_LINKINFO);
	size_t data;

	fwc_put_text(&t->wire, IFLA_INFO_KIND, "veth");
	data = fwc_nest_begin(&t->wire, IFLA_INFO_DATA);
	put_peer(&t->wire, peer);
	fwc_nest_end(&t->wire, data);
	fwc_nest_end(&t->wire, info);
	end_new(t, link, msg);
}

static size_t begin_set(struct fwc_links *t, uint32_t index, const char *name, uint32_t flags,
			uint32_t change, const char *verb)
{
	const struct ifinfomsg head = { .ifi_index = (int)index,
					.ifi_flags = flags,
					.ifi_change = change };
	size_t msg = begin(t, RTM_SETLINK, 0, &head, sizeof(head), op_link(verb, index, name));

	if (!index)
		fwc_put_text(&t->wire, IFLA_IFNAME, name);
	return msg;
}

void fwc_links_set_up(struct fwc_links *t, uint32_t index, const char *name, bool up)
{
	fwc_wire_end(&t->wire, begin_set(t, index, name, up ? IFF_UP : 0, IFF_UP,
					 up ? "set up the interface" : "set down the interface"));
}

void fwc_links_set_master(struct fwc_links *t, uint32_t index, const char *name, uint32_t master)
{
	size_t msg = begin_set(t, index, name, 0, 0, "set the master of the interface");

	fwc_put_u32(&t->wire, IFLA_MASTER, master);
	fwc_wire_end(&t->wire, msg);
}

void fwc_links_set_mtu(struct fwc_links *t, uint32_t index, const char *name, uint32_t mtu)
{
	size_t msg = begin_set(t, index, name, 0, 0, "set the MTU of the interface");

	fwc_put_u32(&t->wire, IFLA_MTU, mtu);
	fwc_wire_end(&t->wire, msg);
}

void fwc_links_set_alias(struct fwc_links *t, uint32_t index, const char *name, const char *alias)
{
	size_t msg = begin_set(t, index, name, 0, 0, "set the alias of the interface");

	fwc_put_text(&t->wire, IFLA_IFALIAS, alias);
	fwc_wire_end(&t->wire, msg);
}

static void set_port(struct fwc_links *t, uint32_t index, uint16_t which, bool on, const char *verb)
{
	const struct ifinfomsg head = { .ifi_family = AF_BRIDGE, .ifi_index = (int)index };
	size_t msg = begin(t, RTM_SETLINK, 0, &head, sizeof(head), op_link(verb, index, NULL));
	size_t port = fwc_nest_begin(&t->wire, IFLA_PROTINFO);

	fwc_put_u8(&t->wire, which, on);
	fwc_nest_end(&t->wire, port);
	fwc_wire_end(&t->wire, msg);
}

void fwc_links_set_isolated(struct fwc_links *t, uint32_t index, bool isolated)
{
	set_port(t, index, IFLA_BRPORT_ISOLATED, isolated, "isolate the bridge port");
}

void fwc_links_set_hairpin(struct fwc_links *t, uint32_t index, bool hairpin)
{
	set_port(t, index, IFLA_BRPORT_MODE, hairpin, "set the hairpin mode of the bridge port");
}

void fwc_links_set_inet_conf(struct fwc_links *t, uint32_t index, uint16_t which, uint32_t value)
{
	size_t msg = begin_set(t, index, NULL, 0, 0, "set an IPv4 setting of the interface");
	size_t families = fwc_nest_begin(&t->wire, IFLA_AF_SPEC);
	size_t family = fwc_nest_begin(&t->wire, AF_INET);
	size_t conf = fwc_nest_begin(&t->wire, IFLA_INET_CONF);

	fwc_put_u32(&t->wire, which, value);
	fwc_nest_end(&t->wire, conf);
	fwc_nest_end(&t->wire, family);
	fwc_nest_end(&t->wire, families);
	fwc_wire_end(&t->wire, msg);
}

void fwc_links_set_ip6_addr_gen(struct fwc_links *t, uint32_t index, uint8_t mode)
{
	size_t msg = begin_set(t, index, NULL, 0, 0, "set how the interface gets IPv6 addresses");
	size_t families = fwc_nest_begin(&t->wire, IFLA_AF_SPEC);
	size_t family = fwc_nest_begin(&t->wire, AF_INET6);

	fwc_put_u8(&t->wire, IFLA_INET6_ADDR_GEN_MODE, mode);
	fwc_nest_end(&t->wire, family);
	fwc_nest_end(&t->wire, families);
	fwc_wire_end(&t->wire, msg);
}

void fwc_links_del(struct fwc_links *t, uint32_t index, const char *name)
{
	const struct ifinfomsg head = { .ifi_index = (int)index };
	size_t msg = begin(t, RTM_DELLINK, 0, &head, sizeof(head),
			   op_link("delete the interface", index, name));

	if (!index)
		fwc_put_text(&t->wire, IFLA_IFNAME, name);
	fwc_wire_end(&t->wire, msg);
}

static uint8_t address_family(const struct fwc_ip *ip)
{
	return ip->family == FWC_FAMILY_IP ? AF_INET : AF_INET6;
}

static void put_ip(struct fwc_wire *w, uint16_t type, const struct fwc_ip *ip)
{
	fwc_put(w, type, ip->bytes, fwc_ip_bits(ip) / 8);
}

static void put_broadcast(struct fwc_wire *w, struct fwc_ip ip, uint32_t prefix_len)
{
	for (uint32_t bit = prefix_len; bit < 32; bit++)
		ip.bytes[bit / 8] |= (uint8_t)(0x80 >> (bit % 8));
	put_ip(w, IFA_BROADCAST, &ip);
}

void fwc_links_add_address(struct fwc_links *t, uint32_t index, const struct fwc_ip *ip,
			   uint32_t prefix_len)
{
	bool is_ip4 = ip->family == FWC_FAMILY_IP;
	const struct ifaddrmsg head = { .ifa_family = address_family(ip),
					.ifa_prefixlen = (uint8_t)prefix_len,
					.ifa_flags = is_ip4 ? 0 : IFA_F_NODAD,
					.ifa_index = index };
	size_t msg = begin(t, RTM_NEWADDR, NLM_F_CREATE | NLM_F_EXCL, &head, sizeof(head),
			   op_ip("add the address", FWC_OBJECT_ADDRESS, ip));

	put_ip(&t->wire, IFA_LOCAL, ip);
	put_ip(&t->wire, IFA_ADDRESS, ip);
	if (is_ip4 && prefix_len <= 30)
		put_broadcast(&t->wire, *ip, prefix_len);
	fwc_wire_end(&t->wire, msg);
}

void fwc_links_del_address(struct fwc_links *t, uint32_t index, const struct fwc_ip *ip,
			   uint32_t prefix_len)
{
	const struct ifaddrmsg head = { .ifa_family = address_family(ip),
					.ifa_prefixlen = (uint8_t)prefix_len,
					.ifa_index = index };
	size_t msg = begin(t, RTM_DELADDR, 0, &head, sizeof(head),
			   op_ip("delete the address", FWC_OBJECT_ADDRESS, ip));

	put_ip(&t->wire, IFA_LOCAL, ip);
	fwc_wire_end(&t->wire, msg);
}

/* ---- routes ---- */

/* Of the route's family, or told with its family. */
static void put_gateway(struct fwc_wire *w, const struct fwc_route *route, const struct fwc_ip *ip)
{
	struct {
		uint16_t family;
		uint8_t bytes[16];
	} via;

	if (!ip->family)
		return;
	if (ip->family == route->destination.family) {
		put_ip(w, RTA_GATEWAY, ip);
		return;
	}
	via.family = address_family(ip);
	memcpy(via.bytes, ip->bytes, sizeof(via.bytes));
	fwc_put(w, RTA_VIA, &via, sizeof(via.family) + fwc_ip_bits(ip) / 8);
}

static void put_hop(struct fwc_wire *w, const struct fwc_route *route,
		    const struct fwc_next_hop *hop)
{
	struct rtnexthop head = { .rtnh_ifindex = (int)hop->interface,
				  .rtnh_flags = hop->flags & RTNH_F_ONLINK,
				  .rtnh_hops = (uint8_t)(hop->weight ? hop->weight - 1 : 0) };
	size_t at = w->len;

	fwc_wire_add(w, &head, sizeof(head));
	put_gateway(w, route, &hop->gateway);
	if (w->error)
		return;
	head.rtnh_len = (uint16_t)(w->len - at);
	memcpy(w->data + at, &head, sizeof(head));
}

static void put_hops(struct fwc_wire *w, const struct fwc_route *route)
{
	size_t nest;

	if (route->hop_count == 1) {
		put_gateway(w, route, &route->hops->gateway);
		if (route->hops->interface)
			fwc_put_u32(w, RTA_OIF, route->hops->interface);
		return;
	}
	nest = fwc_nest_begin(w, RTA_MULTIPATH);
	for (size_t i = 0; i < route->hop_count; i++)
		put_hop(w, route, &route->hops[i]);
	fwc_nest_end(w, nest);
}

/* How far away the destination is: what the kernel wants for IPv4, and passes over for IPv6. */
static uint8_t scope_of(const struct fwc_route *route)
{
	if (route->type == FWC_ROUTE_LOCAL)
		return RT_SCOPE_HOST;
	if (route->type == FWC_ROUTE_BROADCAST || route->type == FWC_ROUTE_ANYCAST ||
	    route->type == FWC_ROUTE_MULTICAST)
		return RT_SCOPE_LINK;
	return route->type <= FWC_ROUTE_UNICAST && route->hop_count == 1 &&
			       !route->hops->gateway.family
		       ? RT_SCOPE_LINK
		       : RT_SCOPE_UNIVERSE;
}

static struct rtmsg route_head(enum fwc_links_route_op op, const struct fwc_route *route)
{
	bool deleting = op == FWC_LINKS_ROUTE_DELETE;

	return (struct rtmsg){
		.rtm_family = address_family(&route->destination),
		.rtm_dst_len = (uint8_t)route->prefix_len,
		.rtm_protocol =
			(uint8_t)(route->protocol || deleting ? route->protocol : RTPROT_BOOT),
		.rtm_type = (uint8_t)(route->type || deleting ? route->type : RTN_UNICAST),
		.rtm_scope = deleting ? RT_SCOPE_NOWHERE : scope_of(route), /* nowhere: any */
		.rtm_flags = route->hop_count == 1 ? route->hops->flags & RTNH_F_ONLINK : 0,
	};
}

static void put_metrics(struct fwc_wire *w, uint32_t mtu)
{
	size_t metrics = fwc_nest_begin(w, RTA_METRICS);

	fwc_put_u32(w, RTAX_MTU, mtu);
	fwc_nest_end(w, metrics);
}

/* "the default route through 192.0.2.1", "the route to 10.0.0.0/8" */
static void name_route(const struct fwc_route *route, char *text, size_t size)
{
	int len = route->prefix_len
			  ? snprintf(text, size, "the route to %s", fwc_route_text(route).s)
			  : snprintf(text, size, "the default route");
	char gateway[48];

	if (route->hop_count == 1 &&
	    fwc_ip_format(&route->hops->gateway, gateway, sizeof(gateway), NULL) == 0)
		snprintf(text + len, size - (size_t)len, " through %s", gateway);
}

void fwc_links_route(struct fwc_links *t, enum fwc_links_route_op op, const struct fwc_route *route)
{
	static const struct {
		uint16_t type, flags;
		const char *verb;
	} messages[] = {
		[FWC_LINKS_ROUTE_ADD] = { RTM_NEWROUTE, NLM_F_CREATE | NLM_F_EXCL, "add" },
		[FWC_LINKS_ROUTE_REPLACE] = { RTM_NEWROUTE, NLM_F_CREATE | NLM_F_REPLACE,
					      "replace" },
		[FWC_LINKS_ROUTE_DELETE] = { RTM_DELROUTE, 0, "delete" },
	};
	const struct rtmsg head = route_head(op, route);
	struct fwc_links_op what = { .object = FWC_OBJECT_ROUTE, .verb = messages[op].verb };
	size_t msg;

	name_route(route, what.subject, sizeof(what.subject));
	msg = begin(t, messages[op].type, messages[op].flags, &head, sizeof(head), what);
	fwc_put_u32(&t->wire, RTA_TABLE, route->table ? route->table : RT_TABLE_MAIN);
	if (route->prefix_len)
		put_ip(&t->wire, RTA_DST, &route->destination);
	if (route->source.family)
		put_ip(&t->wire, RTA_PREFSRC, &route->source);
	if (route->metric)
		fwc_put_u32(&t->wire, RTA_PRIORITY, route->metric);
	if (route->mtu)
		put_metrics(&t->wire, route->mtu);
	if (route->hop_count)
		put_hops(&t->wire, route);
	fwc_wire_end(&t->wire, msg);
}

void fwc_links_add_default_route(struct fwc_links *t, uint32_t index, const struct fwc_ip *gateway)
{
	const struct fwc_next_hop hop = { .gateway = *gateway, .interface = index };
	const struct fwc_route route = { .destination.family = gateway->family,
					 .hops = &hop,
					 .hop_count = 1 };

	fwc_links_route(t, FWC_LINKS_ROUTE_ADD, &route);
}

static void number_messages(struct fwc_links *t, uint32_t first)
{
	for (size_t i = 0; i < t->count; i++) {
		struct nlmsghdr *nlh = (void *)(t->wire.data + t->ops[i].message);

		nlh->nlmsg_seq = first + (uint32_t)i;
		if (i + 1 == t->count)
			nlh->nlmsg_flags |= NLM_F_ACK;
	}
}

static int fail_op(const struct fwc_links_op *op, const struct fwc_nl_answer *answer,
		   struct fwc_error *err)
{
	const char *why =
		answer->text[0] ? answer->text
		: answer->code == -EPERM
			? "CAP_NET_ADMIN is needed in the user namespace that owns the network namespace"
			: strerror(-answer->code);

	fwc_fail(err, answer->code, op->object, "cannot %s %s: %s", op->verb, op->subject, why);
	if (err) {
		err->from_kernel = 1;
		err->offset = answer->offset;
	}
	return answer->code;
}

int fwc_links_commit(struct fwc_links *t, struct fwc_nl *route, size_t *ret_failed,
		     struct fwc_error *err)
{
	struct fwc_nl_answer answer = { 0 };
	uint32_t first = route->seq + 1;
	size_t failed;
	int r;

	r = fwc_wire_error(&t->wire, err);
	if (r == 0 && t->count) {
		number_messages(t, first);
		route->seq += (uint32_t)t->count;
		r = fwc_nl_transact(route, &t->wire, first, route->seq, &answer, err);
	}
	if (r == 0 && answer.code < 0) {
		failed = answer.seq - first;
		r = fail_op(&t->ops[failed], &answer, err);
		if (ret_failed)
			*ret_failed = failed;
	}
	fwc_wire_reset(&t->wire);
	t->count = 0;
	return r;
}

void fwc_links_free(struct fwc_links *t)
{
	fwc_wire_free(&t->wire);
	free(t->ops);
	memset(t, 0, sizeof(*t));
}

static int on_link(const struct nlmsghdr *nlh, struct fwc_slice payload, void *ctx)
{
	return nlh->nlmsg_type == RTM_NEWLINK ? fwc_interfaces_read_link(ctx, payload) : 0;
}

static void put_get(struct fwc_wire *w, uint32_t seq, const char *name, uint32_t index)
{
	const struct ifinfomsg head = { .ifi_index = name ? 0 : (int)index };
	size_t msg =
		fwc_wire_begin(w, RTM_GETLINK, NLM_F_REQUEST | NLM_F_ACK, seq, &head, sizeof(head));

	if (name)
		fwc_put_text(w, IFLA_IFNAME, name);
	fwc_put_u32(w, IFLA_EXT_MASK, RTEXT_FILTER_SKIP_STATS);
	fwc_wire_end(w, msg);
}

static struct fwc_link_info link_info(const struct fwc_interface *i)
{
	struct fwc_link_info info = { .index = i->index,
				      .flags = i->flags,
				      .mtu = i->mtu,
				      .master = i->master,
				      .peer = i->peer };

	memcpy(info.name, i->name, sizeof(info.name));
	memcpy(info.mac, i->mac, sizeof(info.mac));
	fwc_copy_name(info.kind, sizeof(info.kind), i->kind);
	fwc_copy_name(info.alias, sizeof(info.alias), i->alias ? i->alias : "");
	return info;
}

int fwc_link_get(struct fwc_nl *route, const char *name, uint32_t index, fwc_nl_cb cb, void *ctx,
		 struct fwc_error *err)
{
	fwc_cleanup(fwc_wire_free) struct fwc_wire w = { 0 };
	uint32_t seq = ++route->seq;
	int r;

	put_get(&w, seq, name, index);
	r = fwc_wire_error(&w, err);
	if (r == 0)
		r = fwc_nl_dump(route, &w, seq, cb, ctx, err);
	if (r == -ENOMEM)
		return fwc_fail_memory(err);
	if (r == -ENODEV && name)
		return fwc_fail(err, r, FWC_OBJECT_INTERFACE, "there is no interface '%s'", name);
	if (r == -ENODEV)
		return fwc_fail(err, r, FWC_OBJECT_INTERFACE, "there is no interface of index %u",
				index);
	if (r == -EBADMSG)
		return fwc_fail(err, r, FWC_OBJECT_INTERFACE, "the kernel's answer is cut off");
	if (r < 0)
		fwc_error_prepend(err, "looking for an interface");
	return r;
}

int fwc_link_find(struct fwc_nl *route, const char *name, uint32_t index, struct fwc_link_info *ret,
		  struct fwc_error *err)
{
	fwc_cleanup(fwc_interfaces_clear) struct fwc_interfaces list = { 0 };
	int r;

	r = fwc_link_get(route, name, index, on_link, &list, err);
	if (r == 0 && list.count == 0)
		r = fwc_fail(err, -EBADMSG, FWC_OBJECT_INTERFACE, "the kernel's answer is cut off");
	if (r == 0)
		*ret = link_info(&list.items[0]);
	return r;
}
