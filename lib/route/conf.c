/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* RTM_NEWLINK and RTM_NEWNETCONF, as far as forwarding is concerned. */
#include <linux/if_link.h>
#include <linux/ip.h>
#include <linux/ipv6.h>
#include <linux/netconf.h>
#include <linux/rtnetlink.h>
#include <sys/socket.h>

#include "route/conf.h"
#include "route/links.h"

enum {
	KERNEL_DEVCONF_FORCE_FORWARDING = 59, /* Linux 6.17 */
	KERNEL_IF_RA_RCVD = 0x20, /* of IFLA_INET6_FLAGS: a router advertisement was accepted */
};

const char *fwc_conf_family_name(uint32_t family)
{
	return family == FWC_FAMILY_IP ? "IPv4" : "IPv6";
}

static uint8_t address_family(uint32_t family)
{
	return family == FWC_FAMILY_IP ? AF_INET : AF_INET6;
}

/* The kernel's array of settings; false when it is shorter. */
static bool conf_at(const struct fwc_attr *array, size_t index, int32_t *ret)
{
	if ((index + 1) * sizeof(*ret) > array->len)
		return false;
	memcpy(ret, array->data + index * sizeof(*ret), sizeof(*ret));
	return true;
}

static int read_inet_conf(struct fwc_slice attrs, struct fwc_conf *conf)
{
	struct fwc_attr inet[IFLA_INET_CONF + 1];
	int32_t forwarding = 0;

	if (fwc_attrs_parse(attrs, inet, IFLA_INET_CONF) < 0)
		return -EBADMSG;
	conf->found = conf_at(&inet[IFLA_INET_CONF], IPV4_DEVCONF_FORWARDING - 1, &forwarding);
	conf->forwarding = conf->found && forwarding;
	return 0;
}

static int read_inet6_conf(struct fwc_slice attrs, struct fwc_conf *conf)
{
	struct fwc_attr inet6[IFLA_INET6_CONF + 1];
	int32_t forwarding, accept_ra, force = 0;
	uint32_t flags = 0;

	if (fwc_attrs_parse(attrs, inet6, IFLA_INET6_CONF) < 0)
		return -EBADMSG;
	fwc_attr_u32(&inet6[IFLA_INET6_FLAGS], &flags);
	if (!conf_at(&inet6[IFLA_INET6_CONF], DEVCONF_FORWARDING, &forwarding) ||
	    !conf_at(&inet6[IFLA_INET6_CONF], DEVCONF_ACCEPT_RA, &accept_ra))
		return 0;
	conf->found = true;
	conf->forwarding = forwarding;
	conf->has_force = conf_at(&inet6[IFLA_INET6_CONF], KERNEL_DEVCONF_FORCE_FORWARDING, &force);
	conf->force = conf->has_force && force;
	/* accept_ra: 1 until it forwards, 2 whatever happens. By itself it is 1 everywhere, so what counts is that
	 * advertisements have come. */
	conf->loses_ra = (flags & KERNEL_IF_RA_RCVD) && accept_ra == 1 && !forwarding;
	return 0;
}

/* The attributes of RTM_NEWLINK. */
static int link_attrs(struct fwc_slice payload, struct fwc_attr attrs[IFLA_AF_SPEC + 1])
{
	if (payload.len < sizeof(struct ifinfomsg))
		return -EBADMSG;
	payload.data += sizeof(struct ifinfomsg);
	payload.len -= sizeof(struct ifinfomsg);
	return fwc_attrs_parse(payload, attrs, IFLA_AF_SPEC);
}

struct interface_reply {
	uint32_t family;
	struct fwc_conf conf;
};

static int on_interface(const struct nlmsghdr *nlh, struct fwc_slice payload, void *ctx)
{
	struct fwc_attr attrs[IFLA_AF_SPEC + 1], families[AF_INET6 + 1];
	struct interface_reply *reply = ctx;

	if (nlh->nlmsg_type != RTM_NEWLINK)
		return 0;
	if (link_attrs(payload, attrs) < 0 ||
	    fwc_attrs_parse(fwc_attr_slice(&attrs[IFLA_AF_SPEC]), families, AF_INET6) < 0)
		return -EBADMSG;
	return reply->family == FWC_FAMILY_IP
		       ? read_inet_conf(fwc_attr_slice(&families[AF_INET]), &reply->conf)
		       : read_inet6_conf(fwc_attr_slice(&families[AF_INET6]), &reply->conf);
}

int fwc_conf_read_interface(struct fwc_nl *route, uint32_t family, const char *interface,
			    struct fwc_conf *ret, struct fwc_error *err)
{
	struct interface_reply reply = { .family = family };
	int r;

	r = fwc_link_get(route, interface, 0, on_interface, &reply, err);
	if (r == -ENODEV)
		return fwc_fail(err, -ENOENT, FWC_OBJECT_INTERFACE, "there is no interface '%s'",
				interface);
	if (r == 0 && !reply.conf.found)
		return fwc_fail(err, -ENOENT, FWC_OBJECT_INTERFACE, "'%s' has no %s", interface,
				fwc_conf_family_name(family));
	if (r == 0)
		*ret = reply.conf;
	return r;
}

struct global_reply {
	bool found;
	uint32_t forwarding;
};

static int on_netconf(const struct nlmsghdr *nlh, struct fwc_slice payload, void *ctx)
{
	struct fwc_attr attrs[NETCONFA_FORWARDING + 1];
	size_t head = NLMSG_ALIGN(sizeof(struct netconfmsg));
	struct global_reply *reply = ctx;

	if (nlh->nlmsg_type != RTM_NEWNETCONF)
		return 0;
	if (payload.len < head)
		return -EBADMSG;
	payload.data += head;
	payload.len -= head;
	if (fwc_attrs_parse(payload, attrs, NETCONFA_FORWARDING) < 0)
		return -EBADMSG;
	reply->found = fwc_attr_u32(&attrs[NETCONFA_FORWARDING], &reply->forwarding);
	return 0;
}

int fwc_conf_read_global(struct fwc_nl *route, uint32_t family, bool *ret, struct fwc_error *err)
{
	const struct netconfmsg head = { .ncm_family = address_family(family) };
	fwc_cleanup(fwc_wire_free) struct fwc_wire w = { 0 };
	struct global_reply reply = { 0 };
	uint32_t seq = ++route->seq;
	size_t msg;
	int r;

	msg = fwc_wire_begin(&w, RTM_GETNETCONF, NLM_F_REQUEST | NLM_F_ACK, seq, &head,
			     sizeof(head));
	fwc_put_u32(&w, NETCONFA_IFINDEX, (uint32_t)NETCONFA_IFINDEX_ALL);
	fwc_wire_end(&w, msg);
	r = fwc_wire_error(&w, err);
	if (r == 0)
		r = fwc_nl_dump(route, &w, seq, on_netconf, &reply, err);
	if ((r == 0 && !reply.found) || r == -EOPNOTSUPP)
		return fwc_fail(err, -ENOENT, FWC_OBJECT_SETTING, "the kernel has no %s",
				fwc_conf_family_name(family));
	if (r == -EBADMSG)
		return fwc_fail(err, r, FWC_OBJECT_SETTING, "the kernel's answer is cut off");
	if (r < 0) {
		fwc_error_prepend(err, "reading whether %s is forwarded",
				  fwc_conf_family_name(family));
		return r;
	}
	*ret = reply.forwarding != 0;
	return 0;
}

struct ra_links {
	struct fwc_arena *arena;
	struct fwc_vec *names;
};

/* One interface of the AF_INET6 link dump. */
static int on_inet6_link(const struct nlmsghdr *nlh, struct fwc_slice payload, void *ctx)
{
	struct fwc_attr attrs[IFLA_AF_SPEC + 1];
	struct ra_links *links = ctx;
	struct fwc_conf conf = { 0 };
	char *name;

	if (nlh->nlmsg_type != RTM_NEWLINK)
		return 0;
	if (link_attrs(payload, attrs) < 0 ||
	    read_inet6_conf(fwc_attr_slice(&attrs[IFLA_PROTINFO]), &conf) < 0)
		return -EBADMSG;
	if (!conf.loses_ra || !fwc_attr_text(&attrs[IFLA_IFNAME]))
		return 0;
	name = fwc_arena_strdup(links->arena, fwc_attr_text(&attrs[IFLA_IFNAME]));
	return name ? fwc_vec_push(links->names, name) : -ENOMEM;
}

int fwc_conf_find_ra(struct fwc_nl *route, struct fwc_arena *arena, struct fwc_vec *names,
		     struct fwc_error *err)
{
	const struct ifinfomsg head = { .ifi_family = AF_INET6 };
	fwc_cleanup(fwc_wire_free) struct fwc_wire w = { 0 };
	struct ra_links links = { arena, names };
	int r = -EAGAIN;

	for (int tries = 0; r == -EAGAIN && tries < FWC_NL_DUMP_TRIES; tries++) {
		uint32_t seq = ++route->seq;

		names->count = 0;
		fwc_wire_reset(&w);
		fwc_wire_end(&w, fwc_wire_begin(&w, RTM_GETLINK, NLM_F_REQUEST | NLM_F_DUMP, seq,
						&head, sizeof(head)));
		r = fwc_wire_error(&w, err);
		if (r == 0)
			r = fwc_nl_dump(route, &w, seq, on_inet6_link, &links, err);
	}
	if (r == -ENOMEM)
		return fwc_fail_memory(err);
	if (r < 0)
		return fwc_fail(err, r, FWC_OBJECT_INTERFACE,
				"the interfaces that take router advertisements cannot be read: %s",
				strerror(-r));
	return 0;
}
