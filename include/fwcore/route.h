/* SPDX-License-Identifier: LGPL-2.1-or-later */
/**
 * @file route.h
 * Routes: what the tables of the kernel object's namespace hold, the one that a packet would take, and changing them.
 */
#ifndef FWCORE_ROUTE_H
#define FWCORE_ROUTE_H

#include <fwcore/types.h>

FWC_BEGIN_DECLS

/** What becomes of packets that a route is for; the numbers are the kernel's RTN_*. */
enum fwc_route_type {
	FWC_ROUTE_UNICAST = 1, /**< they go to a next hop */
	FWC_ROUTE_LOCAL = 2, /**< they are the host's own */
	FWC_ROUTE_BROADCAST = 3, /**< the host's own, and sent as broadcast */
	FWC_ROUTE_ANYCAST = 4, /**< the host's own, never a source */
	FWC_ROUTE_MULTICAST = 5, /**< to a group */
	FWC_ROUTE_BLACKHOLE = 6, /**< dropped; senders on this host get EINVAL */
	FWC_ROUTE_UNREACHABLE = 7, /**< ICMP host unreachable; EHOSTUNREACH */
	FWC_ROUTE_PROHIBIT = 8, /**< ICMP administratively prohibited; EACCES */
	FWC_ROUTE_THROW =
		9, /**< the lookup in this table ends; ENETUNREACH when no other has one */
};

/** Tables that have a name; any number to 2^32 - 1 is one. */
enum fwc_route_table {
	FWC_ROUTE_TABLE_DEFAULT = 253,
	FWC_ROUTE_TABLE_MAIN = 254,
	FWC_ROUTE_TABLE_LOCAL = 255, /**< the kernel's own */
};

/** Where packets go next. */
struct fwc_next_hop {
	struct fwc_ip gateway; /**< family 0: none, the destination is on the link */
	uint32_t
		interface; /**< index of the interface; 0: that through which the gateway is reached */
	uint32_t weight; /**< 1 to 256: its share of the packets among several; 0 when made: 1 */
	uint32_t flags; /**< RTNH_F_*: 1 dead, 4 onlink (the gateway is on the link), 16 linkdown */
	uint32_t reserved[2]; /**< 0 */
};

/** A route. */
struct fwc_route {
	struct fwc_ip destination; /**< its first address; all zero with its family: default */
	uint32_t prefix_len; /**< in bits */
	uint32_t table; /**< enum fwc_route_table, or any; 0 when made or deleted: main */
	uint32_t type; /**< enum fwc_route_type; 0 when made: UNICAST, when deleted: any */
	uint32_t
		protocol; /**< RTPROT_*: 2 kernel, 3 boot, 4 static, 9 ra, 16 dhcp; 0 when made: boot */
	uint32_t
		scope; /**< RT_SCOPE_*: 0 global, 253 link, 254 host; the library chooses when made */
	uint32_t metric; /**< of several the lowest is taken; IPv6: 0 when made is 1024 */
	uint32_t mtu; /**< bytes; 0: the interface's */
	uint32_t flags; /**< RTM_F_* and RTNH_F_* of one that was read; 0 when made */
	struct fwc_ip source; /**< of packets that have none yet; family 0: the kernel chooses */
	const struct fwc_next_hop *hops; /**< borrowed with the route; NULL for none */
	size_t hop_count; /**< their number; more than one share the packets */
	uint32_t reserved[8]; /**< 0 */
};

/**
 * Read the routes of all tables.
 *
 * @param kernel  the kernel object
 * @param family  FWC_FAMILY_IP, FWC_FAMILY_IP6 or FWC_FAMILY_ANY for both
 * @param ret     receives the snapshot, in the kernel's order; release it with fwc_routes_free()
 * @param err     detail on failure, or NULL
 * @return 0, -EINVAL for another family, -EAGAIN when they kept changing, -ENOMEM
 *
 * Threads: one at a time per kernel object; the snapshot needs it no more.
 * Kernel: RTM_GETROUTE dump, net/ipv4/fib_frontend.c, net/ipv6/ip6_fib.c.
 * Since: 0.1
 */
FWC_API int fwc_routes_get(struct fwc_kernel *kernel, uint32_t family, struct fwc_routes **ret,
			   struct fwc_error *err);
/** Release a snapshot. @param list the snapshot, or NULL */
FWC_API void fwc_routes_free(struct fwc_routes *list);
/** @param list the snapshot @return the number of routes */
FWC_API size_t fwc_routes_count(const struct fwc_routes *list);
/** @param list the snapshot @param i from 0 @return borrowed, NULL past the end */
FWC_API const struct fwc_route *fwc_routes_at(const struct fwc_routes *list, size_t i);

/** What a packet is like, beside where it goes. */
struct fwc_route_lookup_opts {
	size_t size; /**< sizeof(struct fwc_route_lookup_opts) */
	const struct fwc_ip *source; /**< NULL: the kernel chooses */
	uint32_t in_interface; /**< index of the one it came in by; 0: this host sends it */
	uint32_t out_interface; /**< index of the one it has to leave by; 0: any */
	uint32_t mark; /**< what routing rules see as its mark */
	uint32_t reserved; /**< 0 */
};

/**
 * Ask for the route that a packet would take, by rules and tables, as `ip route get` does.
 *
 * @param kernel       the kernel object
 * @param destination  where it goes
 * @param opts         what else is known of it; NULL: nothing
 * @param ret          receives a snapshot with one route: the destination itself with all its bits, the table, type,
 *                     source and hop that were chosen; release it with fwc_routes_free()
 * @param err          detail on failure, or NULL
 * @return 0, -ENETUNREACH when there is none, -EHOSTUNREACH, -EACCES and -EINVAL by routes of type UNREACHABLE, PROHIBIT
 *         and BLACKHOLE, -ENODEV for an interface that is not there
 *
 * Threads: one at a time per kernel object.
 * Kernel: RTM_GETROUTE, inet_rtm_getroute(), inet6_rtm_getroute().
 * Since: 0.1
 */
FWC_API int fwc_route_lookup(struct fwc_kernel *kernel, const struct fwc_ip *destination,
			     const struct fwc_route_lookup_opts *opts, struct fwc_routes **ret,
			     struct fwc_error *err);

/**
 * Add a route.
 *
 * @param kernel  the kernel object
 * @param route   what it is to be; its hops are needed for UNICAST, and none are taken for BLACKHOLE, UNREACHABLE,
 *                PROHIBIT and THROW
 * @param err     detail on failure, or NULL
 * @return 0, -EINVAL naming what is wrong, -EEXIST when there is one of that destination, table and metric,
 *         -ENETUNREACH for a gateway that no interface reaches, -ENODEV, -EPERM
 *
 * Threads: one at a time per kernel object.
 * Kernel: RTM_NEWROUTE with NLM_F_EXCL.
 * Since: 0.1
 */
FWC_API int fwc_route_add(struct fwc_kernel *kernel, const struct fwc_route *route,
			  struct fwc_error *err);

/**
 * Add a route, in the place of the one of that destination, table and metric when there is one. The change is atomic: no
 * packet meets neither.
 *
 * @param kernel  the kernel object
 * @param route   as for fwc_route_add()
 * @param err     detail on failure, or NULL
 * @return as fwc_route_add(), but never -EEXIST
 *
 * Since: 0.1
 */
FWC_API int fwc_route_replace(struct fwc_kernel *kernel, const struct fwc_route *route,
			      struct fwc_error *err);

/**
 * Delete the first route that is as this one: of its destination and table, and of its type, protocol, metric and hops
 * where these are not 0.
 *
 * @param kernel  the kernel object
 * @param route   which
 * @param err     detail on failure, or NULL
 * @return 0, -EINVAL, -ESRCH when there is none, -EPERM
 *
 * Kernel: RTM_DELROUTE.
 * Since: 0.1
 */
FWC_API int fwc_route_delete(struct fwc_kernel *kernel, const struct fwc_route *route,
			     struct fwc_error *err);

/** @param type enum fwc_route_type @return in ip-route's words, "unicast", "blackhole"; "" for others */
FWC_API const char *fwc_route_type_name(uint32_t type);
/** @param protocol RTPROT_* @return in ip-route's words, "kernel", "static"; "" for others */
FWC_API const char *fwc_route_protocol_name(uint32_t protocol);

FWC_END_DECLS
#endif
