/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Attaching containers to a network and detaching them.
 *
 * Attached: elements (one commit: address and ports, all reserved or none), then the veth pair, then the container's side.
 * Detached: the veth first. docs/NETWORK.md tells what is left where that is cut short. */
#include <linux/sockios.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <unistd.h>

#include "network/network.h"

struct attachment {
	struct fwc_kernel *kernel;
	struct fwc_kernel *inside; /* of the container's namespace, closed before attach returns */
	const char *network, *id, *interface;
	int netns_fd;
	struct fwc_ip wanted[FWC_NET_FAMILIES];
	struct fwc_port *ports;
	size_t port_count;
	/* Found on the way. */
	uint32_t flags; /* enum fwc_network_flags */
	struct fwc_subnet subnet[FWC_NET_FAMILIES];
	struct fwc_ip ip[FWC_NET_FAMILIES];
	uint32_t veth; /* its index; 0: not made */
};

/* ---- what is asked for ---- */

static int parse_addresses(struct attachment *a, const struct fwc_ip *ip, size_t count,
			   struct fwc_error *err)
{
	for (size_t i = 0; i < count; i++) {
		int f = ip[i].family == FWC_FAMILY_IP6;

		if (!fwc_ip_bits(&ip[i]))
			return fwc_fail(err, -EINVAL, FWC_OBJECT_ADDRESS,
					"%u is no family for an address of '%s'", ip[i].family,
					a->id);
		if (a->wanted[f].family)
			return fwc_fail(err, -EINVAL, FWC_OBJECT_ADDRESS,
					"%s: '%s' gets one %s address only", fwc_ip_text(&ip[i]).s,
					a->id, fwc_net_family_name[f]);
		a->wanted[f].family = ip[i].family;
		memcpy(a->wanted[f].bytes, ip[i].bytes, fwc_ip_bits(&ip[i]) / 8);
	}
	return 0;
}

static int parse_ports(struct attachment *a, const struct fwc_port *ports, size_t count,
		       struct fwc_error *err)
{
	a->ports = count ? calloc(count, sizeof(*ports)) : NULL;
	if (count && !a->ports)
		return fwc_fail_memory(err);
	for (size_t i = 0; i < count; i++) {
		int r = fwc_port_check(&ports[i], &a->ports[i], err);

		for (size_t j = 0; r == 0 && j < i; j++)
			if (fwc_port_overlaps(&a->ports[i], &a->ports[j]))
				r = fwc_fail(err, -EINVAL, FWC_OBJECT_ARGUMENT,
					     "%s is asked for twice",
					     fwc_port_text(&a->ports[i]).s);
		if (r < 0)
			return r;
	}
	a->port_count = count;
	return 0;
}

static int parse_opts(struct attachment *a, const struct fwc_attach_opts *opts,
		      struct fwc_error *err)
{
	const struct fwc_ip *addresses = fwc_opts_get(opts, addresses, NULL);
	const struct fwc_port *ports = fwc_opts_get(opts, ports, NULL);
	size_t addresses_count = fwc_opts_get(opts, addresses_count, 0);
	size_t ports_count = fwc_opts_get(opts, ports_count, 0);
	int r = fwc_opts_check(opts, sizeof(*opts), err);

	if (r < 0)
		return r;
	if ((addresses_count && !addresses) || (ports_count && !ports))
		return fwc_fail(err, -EINVAL, FWC_OBJECT_ARGUMENT,
				"there is a number of addresses or ports, but none is given");
	a->interface = fwc_opts_get(opts, interface, NULL);
	if (!a->interface)
		a->interface = "eth0";
	r = fwc_check_ifname(a->interface, err);
	if (r == 0 && strchr(a->interface, '%'))
		r = fwc_fail(err, -EINVAL, FWC_OBJECT_ARGUMENT,
			     "'%s' is a pattern to the kernel, not the name of an interface",
			     a->interface);
	if (r == 0)
		r = parse_addresses(a, addresses, addresses_count, err);
	return r == 0 ? parse_ports(a, ports, ports_count, err) : r;
}

/* ---- the container's namespace ---- */

static bool same_namespace(const struct fwc_kernel *a, const struct fwc_kernel *b)
{
	fwc_cleanup(fwc_closep) int one = ioctl(fwc_nl_fd(&a->route), SIOCGSKNS);
	fwc_cleanup(fwc_closep) int other = ioctl(fwc_nl_fd(&b->route), SIOCGSKNS);
	struct stat x, y;

	return one >= 0 && other >= 0 && fstat(one, &x) == 0 && fstat(other, &y) == 0 &&
	       x.st_dev == y.st_dev && x.st_ino == y.st_ino;
}

static int open_inside(struct attachment *a, struct fwc_error *err)
{
	int r = fwc_kernel_open_route(&a->inside, a->netns_fd, err);

	if (r == 0 && same_namespace(a->kernel, a->inside))
		r = fwc_fail(err, -EINVAL, FWC_OBJECT_NAMESPACE,
			     "the namespace of '%s' is the one that network '%s' is in", a->id,
			     a->network);
	return r;
}

/* ---- address and ports ---- */

static bool is_taken(const struct fwc_network *n, const struct fwc_ip *ip, const char **ret_by)
{
	for (size_t i = 0; i < n->endpoints.count; i++) {
		const struct fwc_endpoint *e = n->endpoints.items[i];

		*ret_by = e->id;
		if (fwc_ip_equal(&e->ip[ip->family == FWC_FAMILY_IP6], ip))
			return true;
	}
	return false;
}

static int take_wanted(struct attachment *a, const struct fwc_network *n, int f,
		       struct fwc_error *err)
{
	const struct fwc_ip *ip = &a->wanted[f];
	const char *by;
	int r;

	if (!n->subnet[f].base.family)
		return fwc_fail(err, -EINVAL, FWC_OBJECT_ADDRESS, "%s: network '%s' has no %s",
				fwc_ip_text(ip).s, n->name, fwc_net_family_name[f]);
	r = fwc_subnet_check(&n->subnet[f], ip, err);
	if (r == 0 && is_taken(n, ip, &by))
		r = fwc_fail(err, -EADDRINUSE, FWC_OBJECT_ADDRESS, "'%s' of network '%s' has %s",
			     by, n->name, fwc_ip_text(ip).s);
	if (r == 0)
		a->ip[f] = *ip;
	return r;
}

/* The lowest free address; where others were faster, one further up, so that many who begin at once do not all meet again. */
static int pick_free(struct attachment *a, const struct fwc_network *n, int f, int attempt,
		     struct fwc_error *err)
{
	size_t count = n->endpoints.count;
	fwc_cleanup(fwc_freep) struct fwc_ip *taken = calloc(count + 1, sizeof(*taken));
	uint64_t skip = 0;

	if (!taken)
		return fwc_fail_memory(err);
	for (size_t i = 0; i < count; i++)
		taken[i] = ((const struct fwc_endpoint *)n->endpoints.items[i])->ip[f];
	if (attempt && getrandom(&skip, sizeof(skip), 0) == sizeof(skip))
		skip &= ((uint64_t)1 << (attempt < 8 ? 2 * attempt : 16)) - 1;
	return fwc_subnet_pick(&n->subnet[f], taken, count, skip, &a->ip[f], err);
}

/* The IPv6 address of the same number as the IPv4 one, if it is free: 172.30.0.7 and fd30::7. */
static bool has_twin(struct attachment *a, const struct fwc_network *n)
{
	struct fwc_ip twin;
	const char *by;

	if (!a->ip[0].family || !n->subnet[1].base.family ||
	    !fwc_subnet_twin(&n->subnet[0], &a->ip[0], &n->subnet[1], &twin) ||
	    is_taken(n, &twin, &by))
		return false;
	a->ip[1] = twin;
	return true;
}

static int choose_addresses(struct attachment *a, const struct fwc_network *n, int attempt,
			    struct fwc_error *err)
{
	memset(a->ip, 0, sizeof(a->ip));
	for (int f = 0; f < FWC_NET_FAMILIES; f++) {
		int r = 0;

		if (a->wanted[f].family)
			r = take_wanted(a, n, f, err);
		else if (f && has_twin(a, n))
			continue;
		else if (n->subnet[f].base.family)
			r = pick_free(a, n, f, attempt, err);
		if (r < 0)
			return r;
	}
	return 0;
}

static int check_ports(const struct attachment *a, const struct fwc_networks *list,
		       const struct fwc_endpoint *self, struct fwc_error *err)
{
	for (size_t i = 0; i < a->port_count; i++) {
		int r = fwc_port_check_container(&a->ports[i], a->id,
						 a->flags & FWC_NETWORK_INTERNAL, a->ip, err);

		if (r == 0)
			r = fwc_networks_check_port(list, self, &a->ports[i], err);
		if (r < 0)
			return r;
	}
	return 0;
}

static int commit_elements(const struct attachment *a, enum fwc_change_op op, struct fwc_error *err)
{
	struct fwc_change change;
	int r = fwc_change_begin(&change, a->kernel, err);

	if (r == 0) {
		for (int f = 0; f < FWC_NET_FAMILIES; f++)
			if (a->ip[f].family)
				fwc_change_address(&change, op, a->network, &a->ip[f], a->id);
		for (size_t i = 0; i < a->port_count; i++)
			fwc_change_port(&change, op, &a->ports[i], a->ip, a->id);
		r = fwc_kernel_commit(a->kernel, change.batch, err);
	}
	fwc_change_end(&change);
	return r;
}

/* -EEXIST: somebody was faster, look again. */
static int try_reserve(struct attachment *a, int attempt, struct fwc_error *err)
{
	fwc_cleanup(fwc_networks_freep) struct fwc_networks *list = NULL;
	struct fwc_network *n = NULL;
	int r = fwc_networks_load(a->kernel, &list, err);

	if (r == 0)
		r = fwc_networks_need(list, a->network, &n, err);
	if (r < 0)
		return r;
	if (fwc_network_lookup(n, a->id)) {
		fwc_fail(err, -EEXIST, FWC_OBJECT_ENDPOINT, "'%s' is on network '%s' already",
			 a->id, a->network);
		return -EALREADY;
	}
	a->flags = n->flags;
	memcpy(a->subnet, n->subnet, sizeof(a->subnet));
	r = choose_addresses(a, n, attempt, err);
	if (r == 0)
		r = check_ports(a, list, NULL, err);
	if (r == 0)
		r = fwc_networks_drop_orphans(a->kernel, list, err);
	return r == 0 ? commit_elements(a, FWC_CHANGE_ADD, err) : r;
}

static int reserve(struct attachment *a, struct fwc_error *err)
{
	for (int i = 0; i < FWC_NET_TRIES; i++) {
		int r = try_reserve(a, i, err);

		if (r == -EALREADY)
			return -EEXIST;
		if (r != -EEXIST)
			return r;
	}
	return fwc_fail(err, -EAGAIN, FWC_OBJECT_ENDPOINT,
			"others kept taking the addresses of network '%s'", a->network);
}

/* ---- links ---- */

static int find_bridge(const struct attachment *a, struct fwc_link_info *ret, struct fwc_error *err)
{
	struct fwc_network_alias words = { .network = a->network };
	int r = fwc_link_find(&a->kernel->route, a->network, 0, ret, err);

	if (r == -ENODEV || (r == 0 && !fwc_network_alias_read(a->kernel, ret->alias, &words)))
		return fwc_fail(err, -ENOENT, FWC_OBJECT_NETWORK,
				"network '%s' has lost its bridge: delete it and make it again",
				a->network);
	if (r == 0 && words.closing)
		return fwc_fail(err, -ENOENT, FWC_OBJECT_NETWORK, "network '%s' is being deleted",
				a->network);
	return r;
}

/* Which of the two names was there already. */
static int explain_exists(const struct attachment *a, const char *veth, struct fwc_error *err)
{
	struct fwc_link_info info;

	if (fwc_link_find(&a->inside->route, a->interface, 0, &info, NULL) == 0)
		return fwc_fail(err, -EEXIST, FWC_OBJECT_INTERFACE,
				"the namespace of '%s' has an interface '%s' already", a->id,
				a->interface);
	return fwc_fail(err, -EEXIST, FWC_OBJECT_INTERFACE,
			"'%s' is on network '%s' already: there is an interface '%s'", a->id,
			a->network, veth);
}

/* Of the address, so that one that comes again is found by those who remember it: the kernel keeps its neighbours' hardware
 * addresses for half a minute and more. */
static void pick_mac(const struct attachment *a, uint8_t mac[6])
{
	const struct fwc_ip *ip = &a->ip[!a->ip[0].family];
	size_t len = fwc_ip_bits(ip) / 8;

	memset(mac, 0, 6);
	mac[0] = 0x02; /* one host's, locally chosen */
	mac[1] = ip->family == FWC_FAMILY_IP ? 0xfc : 0xfd;
	for (size_t i = 0; i < len; i++)
		mac[2 + i % 4] ^= ip->bytes[i];
}

/* Hairpin: with br_netfilter, a container that uses its own published port is bridged back to where it came from. */
static int set_port(const struct attachment *a, struct fwc_error *err)
{
	struct fwc_links links = { 0 };
	int r;

	fwc_links_set_hairpin(&links, a->veth, true);
	if (a->flags & FWC_NETWORK_ISOLATED)
		fwc_links_set_isolated(&links, a->veth, true);
	r = fwc_links_commit(&links, &a->kernel->route, NULL, err);
	fwc_links_free(&links);
	return r;
}

static int make_veth(struct attachment *a, struct fwc_error *err)
{
	struct fwc_network_alias words = { .network = a->network,
					   .id = a->id,
					   .internal = a->flags & FWC_NETWORK_INTERNAL };
	struct fwc_link_peer peer = { .name = a->interface, .netns_fd = a->netns_fd };
	struct fwc_link_info bridge = { 0 }, info = { 0 };
	struct fwc_links links = { 0 };
	char name[16], alias[256];
	int r = find_bridge(a, &bridge, err);

	if (r < 0)
		return r;
	memcpy(words.ip, a->ip, sizeof(words.ip));
	fwc_network_alias_write(a->kernel, &words, alias);
	fwc_network_veth(a->kernel, a->network, a->id, name);
	pick_mac(a, peer.mac);
	peer.mtu = bridge.mtu;
	fwc_links_add_veth(&links,
			   &(struct fwc_link_new){ .name = name,
						   .alias = alias,
						   .master = bridge.index,
						   .mtu = bridge.mtu,
						   .up = true },
			   &peer);
	r = fwc_links_commit(&links, &a->kernel->route, NULL, err);
	if (r == -EEXIST)
		r = explain_exists(a, name, err);
	else if (r == 0)
		r = fwc_link_find(&a->kernel->route, name, 0, &info, err);
	if (r == 0) {
		a->veth = info.index;
		r = set_port(a, err);
	}
	fwc_links_free(&links);
	return r;
}

static int configure_inside(const struct attachment *a, struct fwc_error *err)
{
	struct fwc_link_info info = { 0 };
	struct fwc_links links = { 0 };
	int r = fwc_link_find(&a->inside->route, a->interface, 0, &info, err);

	if (r == 0) {
		fwc_links_set_up(&links, 0, "lo", true);
		fwc_links_set_up(&links, info.index, NULL, true);
		for (int f = 0; f < FWC_NET_FAMILIES; f++) {
			if (!a->ip[f].family)
				continue;
			fwc_links_add_address(&links, info.index, &a->ip[f],
					      a->subnet[f].prefix_len);
			if (!(a->flags & FWC_NETWORK_INTERNAL))
				fwc_links_add_default_route(&links, info.index,
							    &a->subnet[f].gateway);
		}
		r = fwc_links_commit(&links, &a->inside->route, NULL, err);
	}
	fwc_links_free(&links);
	if (r < 0)
		fwc_error_prepend(err, "in the namespace of '%s'", a->id);
	return r;
}

/* The kernel starts to send through a link that got its carrier a moment later, in a work queue, and drops what comes
 * before. Asked for a link it does that at once (since 6.8), so a container can be reached when attach returns. */
static int settle(const struct attachment *a, struct fwc_error *err)
{
	struct fwc_link_info info = { 0 };
	int r = fwc_link_find(&a->inside->route, a->interface, 0, &info, err);

	if (r == 0)
		r = fwc_link_find(&a->kernel->route, NULL, a->veth, &info, err);
	if (r == 0)
		r = fwc_link_find(&a->kernel->route, a->network, 0, &info, err);
	return r;
}

static int delete_veth(struct fwc_kernel *kernel, uint32_t index, struct fwc_error *err)
{
	struct fwc_links links = { 0 };
	int r;

	fwc_links_del(&links, index, NULL);
	r = fwc_links_commit(&links, &kernel->route, NULL, err);
	fwc_links_free(&links);
	return r == -ENODEV ? 0 : r;
}

/* A port of somebody else within a range of ours is not seen by the kernel, see publish.c. */
static int verify_ranges(const struct attachment *a, struct fwc_error *err)
{
	fwc_cleanup(fwc_networks_freep) struct fwc_networks *list = NULL;
	const struct fwc_network *n;
	bool has_range = false;
	int r;

	for (size_t i = 0; i < a->port_count; i++)
		has_range = has_range || a->ports[i].count > 1;
	if (!has_range)
		return 0;
	r = fwc_networks_load(a->kernel, &list, err);
	if (r < 0)
		return r;
	n = fwc_networks_lookup(list, a->network);
	return check_ports(a, list, n ? fwc_network_lookup(n, a->id) : NULL, err);
}

static void undo(const struct attachment *a, struct fwc_error *err)
{
	int r = a->veth ? delete_veth(a->kernel, a->veth, NULL) : 0;

	if (commit_elements(a, FWC_CHANGE_TAKE_BACK, NULL) < 0)
		r = -EIO;
	if (r < 0 && err)
		err->outcome = FWC_OUTCOME_UNKNOWN;
}

static int attach(struct attachment *a, struct fwc_error *err)
{
	int r = open_inside(a, err);

	if (r == 0)
		r = reserve(a, err);
	if (r < 0)
		return r;
	r = make_veth(a, err);
	if (r == 0)
		r = configure_inside(a, err);
	if (r == 0)
		r = settle(a, err);
	if (r == 0)
		r = verify_ranges(a, err);
	if (r < 0)
		undo(a, err);
	return r;
}

static int check_names(struct fwc_kernel *kernel, const char *network, const char *id,
		       struct fwc_error *err)
{
	int r = fwc_kernel_check(kernel, err);

	if (r == 0)
		r = fwc_network_check_name(network, err);
	return r == 0 ? fwc_network_check_id(id, err) : r;
}

int fwc_network_attach(struct fwc_kernel *kernel, const char *network, const char *id, int netns_fd,
		       const struct fwc_attach_opts *opts, struct fwc_error *err)
{
	struct attachment a = {
		.kernel = kernel, .network = network, .id = id, .netns_fd = netns_fd
	};
	int r = check_names(kernel, network, id, err);

	if (r == 0)
		r = parse_opts(&a, opts, err);
	if (r == 0)
		r = attach(&a, err);
	fwc_kernel_close(a.inside);
	free(a.ports);
	return r;
}

/* ---- detaching ---- */

static int take_back_endpoint(struct fwc_kernel *kernel, const struct fwc_endpoint *e,
			      struct fwc_error *err)
{
	const struct attachment a = { .kernel = kernel,
				      .network = e->network->name,
				      .id = e->id,
				      .ports = e->ports,
				      .port_count = e->port_count,
				      .ip = { e->ip[0], e->ip[1] } };

	return commit_elements(&a, FWC_CHANGE_TAKE_BACK, err);
}

/* -EEXIST: what was read is somebody else's by now, look again. -ENOENT: there is nothing. */
static int try_release(struct fwc_kernel *kernel, const char *network, const char *id,
		       struct fwc_ip ip[FWC_NET_FAMILIES], struct fwc_error *err)
{
	fwc_cleanup(fwc_networks_freep) struct fwc_networks *list = NULL;
	const struct fwc_endpoint *e;
	struct fwc_network *n = NULL;
	int r = fwc_networks_load(kernel, &list, err);

	if (r == 0)
		r = fwc_networks_need(list, network, &n, err);
	if (r < 0)
		return r;
	e = fwc_network_lookup(n, id);
	if (!e)
		return fwc_fail(err, -ENOENT, FWC_OBJECT_ENDPOINT, "'%s' is not on network '%s'",
				id, network);
	memcpy(ip, e->ip, sizeof(e->ip));
	return take_back_endpoint(kernel, e, err);
}

int fwc_network_detach(struct fwc_kernel *kernel, const char *network, const char *id,
		       struct fwc_error *err)
{
	struct fwc_network_alias alias = { .network = network, .id = id };
	struct fwc_ip ip[FWC_NET_FAMILIES] = { 0 };
	uint32_t veth = 0;
	int r = check_names(kernel, network, id, err);

	if (r < 0)
		return r;
	/* The veth first: a publish that looks at it afterwards takes its port back itself, one that looked before has
	 * committed what is read here. Without a veth the namespace has gone. */
	r = fwc_network_find_veth(kernel, &alias, &veth, err);
	if (r == 0)
		r = delete_veth(kernel, veth, err);
	if (r < 0 && r != -ENOENT)
		return r;
	r = -EEXIST;
	for (int i = 0; i < FWC_NET_TRIES && r == -EEXIST; i++)
		r = try_release(kernel, network, id, ip, err);
	if (r == 0)
		fwc_flows_drop_address(kernel, ip);
	if (r == -ENOENT && veth)
		r = 0; /* only the veth was left */
	if (r == -EEXIST)
		return fwc_fail(err, -EAGAIN, FWC_OBJECT_ENDPOINT,
				"others kept changing what '%s' has on network '%s'", id, network);
	if (r == 0)
		fwc_error_clear(err);
	return r;
}
