/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Adding, replacing and deleting routes: what can be said without the kernel is said here. */
#include <linux/rtnetlink.h>
#include <stdio.h>

#include "kernel/handle.h"
#include "route/links.h"
#include "route/routes.h"

bool fwc_route_type_has_hops(uint32_t type)
{
	return type < FWC_ROUTE_BLACKHOLE || type > FWC_ROUTE_THROW;
}

struct fwc_route_text fwc_route_text(const struct fwc_route *route)
{
	struct fwc_route_text text = { "default" };
	char ip[48] = "";

	if (!route->prefix_len)
		return text;
	(void)fwc_ip_format(&route->destination, ip, sizeof(ip), NULL);
	snprintf(text.s, sizeof(text.s), "%s/%u", ip, route->prefix_len);
	return text;
}

static int check_destination(const struct fwc_route *route, struct fwc_error *err)
{
	unsigned int bits = fwc_ip_bits(&route->destination);
	struct fwc_route masked = *route;

	if (!bits)
		return fwc_fail(err, -EINVAL, FWC_OBJECT_ROUTE,
				"%u is no family of a route's destination: ip (2) or ip6 (10)",
				route->destination.family);
	if (route->prefix_len > bits)
		return fwc_fail(err, -EINVAL, FWC_OBJECT_ROUTE,
				"/%u is no prefix of %s: it has 0 to %u bits", route->prefix_len,
				bits == 32 ? "IPv4" : "IPv6", bits);
	fwc_mask_bits(masked.destination.bytes, bits / 8, route->prefix_len);
	if (memcmp(masked.destination.bytes, route->destination.bytes, bits / 8))
		return fwc_fail(err, -EINVAL, FWC_OBJECT_ROUTE,
				"the destination has bits behind its prefix: %s is the network",
				fwc_route_text(&masked).s);
	if (route->source.family && route->source.family != route->destination.family)
		return fwc_fail(err, -EINVAL, FWC_OBJECT_ROUTE,
				"the source of packets to %s is of another family",
				fwc_route_text(route).s);
	return 0;
}

static int check_hop(const struct fwc_route *route, const struct fwc_next_hop *hop,
		     struct fwc_error *err)
{
	struct fwc_route_text to = fwc_route_text(route);

	if (!hop->gateway.family && !hop->interface)
		return fwc_fail(err, -EINVAL, FWC_OBJECT_ROUTE,
				"a next hop of %s has neither a gateway nor an interface", to.s);
	if (hop->gateway.family && !fwc_ip_bits(&hop->gateway))
		return fwc_fail(err, -EINVAL, FWC_OBJECT_ROUTE,
				"%u is no family of a gateway of %s", hop->gateway.family, to.s);
	if (hop->gateway.family == FWC_FAMILY_IP && route->destination.family == FWC_FAMILY_IP6)
		return fwc_fail(err, -EINVAL, FWC_OBJECT_ROUTE,
				"IPv6 packets to %s cannot go by an IPv4 gateway", to.s);
	if (hop->weight > 256)
		return fwc_fail(err, -EINVAL, FWC_OBJECT_ROUTE,
				"a weight of %u for a next hop of %s: it is 1 to 256", hop->weight,
				to.s);
	return 0;
}

enum { MAX_HOPS = 1024 }; /* of 20 to 48 bytes each in one attribute of 65,535 */

static int check_hops(const struct fwc_route *route, bool needed, struct fwc_error *err)
{
	int r = 0;

	if (route->hop_count && !route->hops)
		return fwc_fail(err, -EINVAL, FWC_OBJECT_ARGUMENT,
				"there is a number of next hops, but none is given");
	if (route->hop_count > MAX_HOPS)
		return fwc_fail(err, -E2BIG, FWC_OBJECT_ROUTE, "%zu next hops: %d at most",
				route->hop_count, MAX_HOPS);
	if (route->hop_count && !fwc_route_type_has_hops(route->type))
		return fwc_fail(err, -EINVAL, FWC_OBJECT_ROUTE, "a %s route has no next hop",
				fwc_route_type_name(route->type));
	if (needed && !route->hop_count && route->type <= FWC_ROUTE_UNICAST)
		return fwc_fail(err, -EINVAL, FWC_OBJECT_ROUTE,
				"a route to %s needs a gateway or an interface",
				fwc_route_text(route).s);
	for (size_t i = 0; r == 0 && i < route->hop_count; i++)
		r = check_hop(route, &route->hops[i], err);
	return r;
}

static int check_numbers(const struct fwc_route *route, struct fwc_error *err)
{
	if (route->type > FWC_ROUTE_THROW)
		return fwc_fail(err, -EINVAL, FWC_OBJECT_ROUTE,
				"%u is no type of a route: 1 (unicast) to 9 (throw)", route->type);
	if (route->protocol > 255)
		return fwc_fail(err, -EINVAL, FWC_OBJECT_ROUTE,
				"%u is no protocol of a route: 1 to 255", route->protocol);
	return 0;
}

static int change(struct fwc_kernel *kernel, enum fwc_links_route_op op,
		  const struct fwc_route *route, struct fwc_error *err)
{
	struct fwc_links links = { 0 };
	int r = fwc_kernel_check(kernel, err);

	if (r == 0 && !route)
		r = fwc_fail(err, -EINVAL, FWC_OBJECT_ARGUMENT, "a route is needed");
	if (r == 0)
		r = check_destination(route, err);
	if (r == 0)
		r = check_numbers(route, err);
	if (r == 0)
		r = check_hops(route, op != FWC_LINKS_ROUTE_DELETE, err);
	if (r < 0)
		return r;
	fwc_links_route(&links, op, route);
	r = fwc_links_commit(&links, &kernel->route, NULL, err);
	fwc_links_free(&links);
	return r;
}

int fwc_route_add(struct fwc_kernel *kernel, const struct fwc_route *route, struct fwc_error *err)
{
	return change(kernel, FWC_LINKS_ROUTE_ADD, route, err);
}

int fwc_route_replace(struct fwc_kernel *kernel, const struct fwc_route *route,
		      struct fwc_error *err)
{
	return change(kernel, FWC_LINKS_ROUTE_REPLACE, route, err);
}

int fwc_route_delete(struct fwc_kernel *kernel, const struct fwc_route *route,
		     struct fwc_error *err)
{
	return change(kernel, FWC_LINKS_ROUTE_DELETE, route, err);
}
