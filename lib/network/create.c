/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Making and deleting networks.
 *
 * Made: table and elements (one commit), then the bridge, so that the guard rules are there before the bridge routes 127/8.
 * Deleted: the other way round. docs/NETWORK.md tells what is left where that is cut short. */
#include <fwcore/forwarding.h>
#include <fwcore/interface.h>
#include <linux/if_link.h>
#include <linux/ip.h>
#include <sys/random.h>

#include "network/network.h"

/* ---- what is asked for ---- */

static int parse_subnet(struct fwc_network *n, int family, const char *subnet, const char *gateway,
			struct fwc_error *err)
{
	if (subnet)
		return fwc_subnet_parse(fwc_net_family[family], subnet, gateway, &n->subnet[family],
					err);
	if (gateway)
		return fwc_fail(err, -EINVAL, FWC_OBJECT_NETWORK,
				"the gateway '%.60s' has no %s subnet to be in", gateway,
				fwc_net_family_name[family]);
	return 0;
}

static int check_mtu(const struct fwc_network *n, uint32_t mtu, struct fwc_error *err)
{
	uint32_t least = n->subnet[1].base.family ? 1280 : 68;

	if (mtu && (mtu < least || mtu > 65535))
		return fwc_fail(err, -EINVAL, FWC_OBJECT_NETWORK,
				"an MTU of %u bytes: it is %u to 65535 with %s", mtu, least,
				least == 68 ? "IPv4" : "IPv6");
	return 0;
}

static int parse_opts(const char *name, const struct fwc_network_opts *opts, struct fwc_network *n,
		      struct fwc_error *err)
{
	const uint32_t known = FWC_NETWORK_INTERNAL | FWC_NETWORK_ISOLATED;
	int r = fwc_opts_check(opts, sizeof(*opts), err);

	if (r == 0)
		r = fwc_network_check_name(name, err);
	if (r < 0)
		return r;
	fwc_copy_name(n->name, sizeof(n->name), name);
	n->flags = fwc_opts_get(opts, flags, 0u);
	if (n->flags & ~known)
		return fwc_fail(err, -EINVAL, FWC_OBJECT_NETWORK,
				"0x%x are no flags of a network: 0x%x are known", n->flags, known);
	r = parse_subnet(n, 0, fwc_opts_get(opts, subnet4, NULL),
			 fwc_opts_get(opts, gateway4, NULL), err);
	if (r == 0)
		r = parse_subnet(n, 1, fwc_opts_get(opts, subnet6, NULL),
				 fwc_opts_get(opts, gateway6, NULL), err);
	if (r == 0 && !n->subnet[0].base.family && !n->subnet[1].base.family)
		r = fwc_fail(err, -EINVAL, FWC_OBJECT_NETWORK,
			     "network '%s' needs an IPv4 or an IPv6 subnet", name);
	return r == 0 ? check_mtu(n, fwc_opts_get(opts, mtu, 0u), err) : r;
}

/* ---- what is in the way ---- */

/* Switching it on opens the host between all its other networks as well: that is the caller's decision. */
static int check_forwarding(struct fwc_kernel *kernel, const struct fwc_network *n,
			    struct fwc_error *err)
{
	if (n->flags & FWC_NETWORK_INTERNAL)
		return 0;
	for (int f = 0; f < FWC_NET_FAMILIES; f++) {
		bool on = false;
		int r = 0;

		if (n->subnet[f].base.family)
			r = fwc_forwarding_get(kernel, fwc_net_family[f], NULL, &on, err);
		else
			on = true;
		if (r == 0 && !on)
			r = fwc_fail(
				err, -ENOTCONN, FWC_OBJECT_SETTING,
				"%s forwarding is off, so network '%s' would reach nothing: switch it on (%s), or make it internal",
				fwc_net_family_name[f], n->name,
				f ? "net.ipv6.conf.all.forwarding" : "net.ipv4.ip_forward");
		if (r < 0)
			return r;
	}
	return 0;
}

static int check_address(const struct fwc_network *n, const struct fwc_interface *link,
			 const struct fwc_interface_address *a, struct fwc_error *err)
{
	const struct fwc_subnet *s = &n->subnet[a->ip.family == FWC_FAMILY_IP6];

	if (!s->base.family || !fwc_prefix_overlaps(&s->base, s->prefix_len, &a->ip, a->prefix_len))
		return 0;
	return fwc_fail(err, -EADDRINUSE, FWC_OBJECT_NETWORK,
			"the subnet %s/%u overlaps %s/%u of interface '%s'",
			fwc_ip_text(&s->base).s, s->prefix_len, fwc_ip_text(&a->ip).s,
			a->prefix_len, fwc_interface_name(link));
}

static int check_link(const struct fwc_network *n, const struct fwc_interface *link,
		      struct fwc_error *err)
{
	for (size_t i = 0; i < fwc_interface_address_count(link); i++) {
		int r = check_address(n, link, fwc_interface_address_at(link, i), err);

		if (r < 0)
			return r;
	}
	return 0;
}

/* An interface of that name that is no bridge of ours, addresses that overlap. */
static int check_interfaces(struct fwc_kernel *kernel, const struct fwc_network *n,
			    struct fwc_error *err)
{
	struct fwc_network_alias alias = { .network = n->name };
	const struct fwc_interface *link;
	struct fwc_interfaces *links;
	int r = fwc_interfaces_get(kernel, &links, err);

	if (r < 0)
		return r;
	link = fwc_interfaces_find(links, n->name);
	if (link && fwc_interface_alias(link) &&
	    fwc_network_alias_read(kernel, fwc_interface_alias(link), &alias))
		r = fwc_fail(err, -EEXIST, FWC_OBJECT_NETWORK, "network '%s' exists", n->name);
	else if (link)
		r = fwc_fail(err, -EEXIST, FWC_OBJECT_INTERFACE, "interface '%s' exists", n->name);
	for (size_t i = 0; r == 0 && i < fwc_interfaces_count(links); i++)
		r = check_link(n, fwc_interfaces_at(links, i), err);
	fwc_interfaces_free(links);
	return r;
}

/* Says which of our networks the elements of a new one met; 0 when it is not to be seen any more. */
static int explain_clash(struct fwc_kernel *kernel, const struct fwc_network *n,
			 struct fwc_error *err)
{
	fwc_cleanup(fwc_networks_freep) struct fwc_networks *list = NULL;
	int r = fwc_networks_load(kernel, &list, err);

	if (r < 0)
		return r;
	if (fwc_networks_lookup(list, n->name))
		return fwc_fail(err, -EEXIST, FWC_OBJECT_NETWORK, "network '%s' exists", n->name);
	for (size_t i = 0; i < list->list.count; i++) {
		const struct fwc_network *other = list->list.items[i];

		for (int f = 0; f < FWC_NET_FAMILIES; f++) {
			const struct fwc_subnet *a = &n->subnet[f], *b = &other->subnet[f];

			if (a->base.family &&
			    fwc_prefix_overlaps(&a->base, a->prefix_len, &b->base, b->prefix_len))
				return fwc_fail(err, -EADDRINUSE, FWC_OBJECT_NETWORK,
						"the subnet %s/%u overlaps %s/%u of network '%s'",
						fwc_ip_text(&a->base).s, a->prefix_len,
						fwc_ip_text(&b->base).s, b->prefix_len,
						other->name);
		}
	}
	return 0;
}

/* ---- the table ---- */

static int commit_network(struct fwc_kernel *kernel, const struct fwc_network *n,
			  struct fwc_error *err)
{
	struct fwc_ruleset *rules = NULL;
	struct fwc_change change;
	int r = fwc_change_begin(&change, kernel, err);

	if (r == 0)
		r = fwc_network_rules(kernel, &rules, err);
	if (r == 0) {
		(void)fwc_batch_declare(change.batch, rules);
		fwc_change_network(&change, FWC_CHANGE_ADD, n);
		r = fwc_kernel_commit(kernel, change.batch, err);
	}
	fwc_change_end(&change);
	fwc_ruleset_free(rules);
	return r;
}

static int add_to_table(struct fwc_kernel *kernel, const struct fwc_network *n,
			struct fwc_error *err)
{
	int r = -EAGAIN;

	for (int i = 0; i < FWC_NET_TRIES; i++) {
		r = commit_network(kernel, n, err);
		if (r != -EEXIST)
			return r;
		r = explain_clash(kernel, n, err);
		if (r < 0)
			return r;
	}
	return fwc_fail(err, -EAGAIN, FWC_OBJECT_NETWORK,
			"others kept making and deleting networks while '%s' was made", n->name);
}

/* Deletes the table unless somebody has a network in it. Planned first, then looked at, then committed: the commit is
 * refused when anything was written since the plan. */
static int try_drop_table(struct fwc_kernel *kernel, const struct fwc_ruleset *absent,
			  struct fwc_error *err)
{
	fwc_cleanup(fwc_networks_freep) struct fwc_networks *list = NULL;
	struct fwc_plan *plan = NULL;
	int r = fwc_kernel_plan(kernel, absent, &plan, err);

	if (r == 0)
		r = fwc_networks_load(kernel, &list, err);
	if (r == 0 && !list->list.count && fwc_plan_count(plan))
		r = fwc_kernel_commit_plan(kernel, plan, NULL, err);
	fwc_plan_free(plan);
	return r;
}

static int drop_empty_table(struct fwc_kernel *kernel, struct fwc_error *err)
{
	struct fwc_ruleset *absent = fwc_ruleset_new();
	char table[48];
	int r = -ESTALE;

	fwc_network_table(kernel, table);
	(void)fwc_ruleset_absent_table(absent, FWC_FAMILY_INET, table);
	for (int i = 0; i < FWC_NET_TRIES && r == -ESTALE; i++)
		r = try_drop_table(kernel, absent, err);
	fwc_ruleset_free(absent);
	return r == -ESTALE ? fwc_fail(err, -EAGAIN, FWC_OBJECT_TABLE,
				       "others kept writing while table %s was deleted", table)
			    : r;
}

static int remove_from_table(struct fwc_kernel *kernel, const struct fwc_network *n,
			     struct fwc_error *err)
{
	struct fwc_change change;
	int r = fwc_change_begin(&change, kernel, err);

	if (r == 0) {
		fwc_change_network(&change, FWC_CHANGE_TAKE_BACK, n);
		r = fwc_kernel_commit(kernel, change.batch, err);
	}
	fwc_change_end(&change);
	return r == 0 ? drop_empty_table(kernel, err) : r;
}

/* ---- the bridge ---- */

/* One of its own: else a bridge has the smallest of its ports', and containers see their gateway's change. */
static int pick_mac(uint8_t mac[6], struct fwc_error *err)
{
	if (getrandom(mac, 6, 0) != 6)
		return fwc_fail(err, -errno, FWC_OBJECT_INTERFACE,
				"no random hardware address: %m");
	mac[0] = (uint8_t)((mac[0] & 0xfc) | 0x02); /* one host's, locally chosen */
	return 0;
}

static int make_bridge(struct fwc_kernel *kernel, const char *name, uint32_t mtu,
		       struct fwc_link_info *ret, struct fwc_error *err)
{
	const struct fwc_network_alias words = { .network = name };
	struct fwc_links links = { 0 };
	char alias[256];
	struct fwc_link_new bridge = { .name = name, .alias = alias, .mtu = mtu };
	int r = pick_mac(bridge.mac, err);

	if (r < 0)
		return r;
	fwc_network_alias_write(kernel, &words, alias);
	fwc_links_add_bridge(&links, &bridge);
	r = fwc_links_commit(&links, &kernel->route, NULL, err);
	fwc_links_free(&links);
	return r == 0 ? fwc_link_find(&kernel->route, name, 0, ret, err) : r;
}

/* fe80:: and the hardware address, as the kernel would make it. */
static struct fwc_ip link_local(const uint8_t mac[6])
{
	return (struct fwc_ip){ FWC_FAMILY_IP6,
				{ 0xfe, 0x80, [8] = mac[0] ^ 2, mac[1], mac[2], 0xff, 0xfe, mac[3],
				  mac[4], mac[5] } };
}

/* The kernel's own link-local address would be checked for duplicates first. For so long, a second or two, the kernel does
 * not ask for neighbours on behalf of what it forwards: the first packets to a published port would be lost. */
static void add_ip6(struct fwc_links *links, const struct fwc_network *n,
		    const struct fwc_link_info *bridge)
{
	struct fwc_ip ip = link_local(bridge->mac);

	fwc_links_set_ip6_addr_gen(links, bridge->index, IN6_ADDR_GEN_MODE_NONE);
	if (n->subnet[1].base.family)
		fwc_links_add_address(links, bridge->index, &ip, 64);
}

static int set_up_bridge(struct fwc_kernel *kernel, const struct fwc_network *n,
			 const struct fwc_link_info *bridge, struct fwc_error *err)
{
	const uint32_t index = bridge->index;
	bool is_internal = n->flags & FWC_NETWORK_INTERNAL;
	struct fwc_links links = { 0 };
	int r;

	add_ip6(&links, n, bridge);
	for (int f = 0; f < FWC_NET_FAMILIES; f++)
		if (n->subnet[f].base.family)
			fwc_links_add_address(&links, index, &n->subnet[f].gateway,
					      n->subnet[f].prefix_len);
	/* Answers to what was published on 127.0.0.1 come in here for that address. */
	if (n->subnet[0].base.family && !is_internal)
		fwc_links_set_inet_conf(&links, index, IPV4_DEVCONF_ROUTE_LOCALNET, 1);
	if (is_internal)
		fwc_links_set_inet_conf(&links, index, IPV4_DEVCONF_FORWARDING, 0);
	fwc_links_set_up(&links, index, NULL, true);
	r = fwc_links_commit(&links, &kernel->route, NULL, err);
	fwc_links_free(&links);
	return r;
}

static int delete_link(struct fwc_kernel *kernel, uint32_t index, struct fwc_error *err)
{
	struct fwc_links links = { 0 };
	int r;

	fwc_links_del(&links, index, NULL);
	r = fwc_links_commit(&links, &kernel->route, NULL, err);
	fwc_links_free(&links);
	return r == -ENODEV ? 0 : r;
}

static int add_bridge(struct fwc_kernel *kernel, const struct fwc_network *n, uint32_t mtu,
		      struct fwc_error *err)
{
	struct fwc_link_info bridge = { 0 };
	int r = make_bridge(kernel, n->name, mtu, &bridge, err);

	if (r == 0)
		r = set_up_bridge(kernel, n, &bridge, err);
	if (r < 0 && bridge.index)
		(void)delete_link(kernel, bridge.index, NULL);
	return r;
}

int fwc_network_create(struct fwc_kernel *kernel, const char *name,
		       const struct fwc_network_opts *opts, struct fwc_error *err)
{
	struct fwc_network n = { 0 };
	int r = fwc_kernel_check(kernel, err);

	if (r == 0)
		r = parse_opts(name, opts, &n, err);
	if (r == 0)
		r = check_forwarding(kernel, &n, err);
	if (r == 0)
		r = check_interfaces(kernel, &n, err);
	if (r == 0)
		r = add_to_table(kernel, &n, err);
	if (r < 0)
		return r;
	r = add_bridge(kernel, &n, fwc_opts_get(opts, mtu, 0u), err);
	if (r < 0 && remove_from_table(kernel, &n, NULL) < 0 && err)
		err->outcome = FWC_OUTCOME_UNKNOWN;
	return r;
}

/* ---- deletion ---- */

/* Finds the bridge and marks it, so that no attach that looks at it from now on succeeds. 0 with *ret_index 0 when there
 * is none of ours. */
static int close_bridge(struct fwc_kernel *kernel, const char *name, bool closing,
			uint32_t *ret_index, struct fwc_error *err)
{
	struct fwc_network_alias words = { .network = name };
	struct fwc_link_info info;
	struct fwc_links links = { 0 };
	char alias[256];
	int r = fwc_link_find(&kernel->route, name, 0, &info, err);

	*ret_index = 0;
	if (r == -ENODEV)
		return 0;
	if (r < 0 || !fwc_network_alias_read(kernel, info.alias, &words))
		return r;
	words.closing = closing;
	fwc_network_alias_write(kernel, &words, alias);
	fwc_links_set_alias(&links, info.index, NULL, alias);
	r = fwc_links_commit(&links, &kernel->route, NULL, err);
	fwc_links_free(&links);
	if (r == 0)
		*ret_index = info.index;
	return r;
}

static int check_unused(struct fwc_kernel *kernel, const char *name, struct fwc_network *ret,
			struct fwc_error *err)
{
	fwc_cleanup(fwc_networks_freep) struct fwc_networks *list = NULL;
	struct fwc_network *found = NULL;
	int r = fwc_networks_load(kernel, &list, err);

	if (r == 0)
		r = fwc_networks_need(list, name, &found, err);
	if (r < 0)
		return r;
	if (found->endpoints.count)
		return fwc_fail(err, -EBUSY, FWC_OBJECT_NETWORK,
				"network '%s' has '%s' attached (%zu containers in all)", name,
				((struct fwc_endpoint *)found->endpoints.items[0])->id,
				found->endpoints.count);
	*ret = *found;
	memset(&ret->endpoints, 0, sizeof(ret->endpoints));
	return 0;
}

int fwc_network_delete(struct fwc_kernel *kernel, const char *name, struct fwc_error *err)
{
	struct fwc_network n;
	uint32_t bridge = 0;
	int r = fwc_kernel_check(kernel, err);

	if (r == 0)
		r = fwc_network_check_name(name, err);
	if (r < 0)
		return r;
	r = check_unused(kernel, name, &n, err);
	/* Whoever deleted the last network may have died before its table had gone, too. */
	if (r == -ENOENT)
		(void)drop_empty_table(kernel, NULL);
	if (r == 0)
		r = close_bridge(kernel, name, true, &bridge, err);
	if (r < 0)
		return r;
	/* Looked at once more: an attach has either seen the mark, or what it committed is seen here. */
	r = check_unused(kernel, name, &n, err);
	if (r < 0) {
		(void)close_bridge(kernel, name, false, &bridge, NULL);
		return r;
	}
	if (bridge)
		r = delete_link(kernel, bridge, err);
	return r == 0 ? remove_from_table(kernel, &n, err) : r;
}
