/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Links, addresses and routes written through one NETLINK_ROUTE socket: what a container network needs.
 *
 *	struct fwc_links t = { 0 };
 *
 *	fwc_links_add_bridge(&t, &(struct fwc_link_new){ .name = "br0", .up = true });
 *	...
 *	r = fwc_links_commit(&t, &kernel->route, NULL, err);
 *	fwc_links_free(&t);
 *
 * All messages of a list go out in one sendmsg. That is fast, not atomic: rtnetlink carries each message out by itself, so
 * after a failure those before AND those behind the refused one may have been done. The caller takes back what it made,
 * which is one fwc_links_del(): addresses, routes and the peer go with their link.
 *
 * Names and addresses are checked by the caller. A link is named by its index; where a later message of the same list
 * needs a link that an earlier one makes, give that one an index of your own choice (-EBUSY when it is taken: try
 * another), or name it by `name` where a function takes one.
 */
#ifndef FWC_ROUTE_LINKS_H
#define FWC_ROUTE_LINKS_H

#include <fwcore/route.h>

#include "netlink/netlink.h"

struct fwc_links_op;

/* A list of messages. Zero-initialised is empty. A failure while building sticks and comes out of commit. */
struct fwc_links {
	struct fwc_wire wire;
	struct fwc_links_op *ops; /* what each message is, for errors */
	size_t count, room;
};

/* A link to be made. Zero means: the kernel chooses. */
struct fwc_link_new {
	const char *name;
	const char *alias; /* ifalias, at most 255 bytes; NULL: none */
	uint32_t index;
	uint32_t master; /* index of the bridge it becomes a port of */
	uint32_t mtu; /* bytes */
	uint8_t mac[6]; /* all zero: random */
	bool up;
};

/* The other end of a veth pair. It cannot be set up at birth (ENOTCONN: both ends must exist): do that from its own
 * namespace with fwc_links_set_up(). */
struct fwc_link_peer {
	const char *name;
	int netns_fd; /* born in that namespace; < 0: in the socket's own */
	uint32_t index; /* in its namespace */
	uint32_t mtu;
	uint8_t mac[6];
};

void fwc_links_add_bridge(struct fwc_links *t, const struct fwc_link_new *link);
void fwc_links_add_veth(struct fwc_links *t, const struct fwc_link_new *link,
			const struct fwc_link_peer *peer);

/* By index, or by name when index is 0. */
void fwc_links_set_up(struct fwc_links *t, uint32_t index, const char *name, bool up);
void fwc_links_set_master(struct fwc_links *t, uint32_t index, const char *name, uint32_t master);
void fwc_links_set_mtu(struct fwc_links *t, uint32_t index, const char *name, uint32_t mtu);
void fwc_links_set_alias(struct fwc_links *t, uint32_t index, const char *name, const char *alias);
/* A port of a bridge that reaches only ports that are not isolated. The kernel takes an index only. */
void fwc_links_set_isolated(struct fwc_links *t, uint32_t index, bool isolated);
/* A port of a bridge that also gets back what it sent. */
void fwc_links_set_hairpin(struct fwc_links *t, uint32_t index, bool hairpin);
/* One of net.ipv4.conf.NAME: `which` is IPV4_DEVCONF_* of linux/ip.h. Needs no /proc. */
void fwc_links_set_inet_conf(struct fwc_links *t, uint32_t index, uint16_t which, uint32_t value);
/* Whether the kernel makes the IPv6 link-local address: `mode` is IN6_ADDR_GEN_MODE_* of linux/if_link.h. */
void fwc_links_set_ip6_addr_gen(struct fwc_links *t, uint32_t index, uint8_t mode);
void fwc_links_del(struct fwc_links *t, uint32_t index, const char *name);

/* IPv6 addresses are usable at once (no duplicate address detection). IPv4 addresses get the prefix's broadcast address
 * for lengths up to 30. -EEXIST from commit when it has it already. */
void fwc_links_add_address(struct fwc_links *t, uint32_t index, const struct fwc_ip *ip,
			   uint32_t prefix_len);
void fwc_links_del_address(struct fwc_links *t, uint32_t index, const struct fwc_ip *ip,
			   uint32_t prefix_len);

enum fwc_links_route_op {
	FWC_LINKS_ROUTE_ADD, /* must not be there */
	FWC_LINKS_ROUTE_REPLACE, /* may be there */
	FWC_LINKS_ROUTE_DELETE,
};
/* As the public calls of fwcore/route.h say it, checked by the caller. */
void fwc_links_route(struct fwc_links *t, enum fwc_links_route_op op,
		     const struct fwc_route *route);
/* The default route of the gateway's family, table main. */
void fwc_links_add_default_route(struct fwc_links *t, uint32_t index, const struct fwc_ip *gateway);

/* Sends the list and empties it. 0, or the first failure: err says which message with its link or address, and the
 * kernel's words; *ret_failed (may be NULL) receives its place in the list, from 0. -ENOBUFS: the outcome is unknown. */
int fwc_links_commit(struct fwc_links *t, struct fwc_nl *route, size_t *ret_failed,
		     struct fwc_error *err);
void fwc_links_free(struct fwc_links *t);

/* One link as it is now. */
struct fwc_link_info {
	uint32_t index;
	uint32_t flags; /* IFF_* */
	uint32_t mtu;
	uint32_t master; /* 0: none */
	uint32_t peer; /* IFLA_LINK, 0: none */
	char name[16];
	char kind[16]; /* "" for hardware */
	char alias[256]; /* "" for none */
	uint8_t mac[6];
};

/* By name, or by index when name is NULL. -ENODEV when there is none. */
int fwc_link_find(struct fwc_nl *route, const char *name, uint32_t index, struct fwc_link_info *ret,
		  struct fwc_error *err);
/* The same, as the kernel's RTM_NEWLINK (without counters) for `cb`. */
int fwc_link_get(struct fwc_nl *route, const char *name, uint32_t index, fwc_nl_cb cb, void *ctx,
		 struct fwc_error *err);

#endif
