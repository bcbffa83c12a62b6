/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The public snapshot of an owner's networks. */
#include <fwcore/interface.h>

#include "network/network.h"

/* The host's interface to a container, when it is there and ours. */
static void find_interface(const struct fwc_kernel *kernel, const struct fwc_interfaces *links,
			   struct fwc_endpoint *e)
{
	struct fwc_network_alias alias = { .network = e->network->name, .id = e->id };
	const struct fwc_interface *link;
	const char *text;
	char name[16];

	fwc_network_veth(kernel, e->network->name, e->id, name);
	link = fwc_interfaces_find(links, name);
	text = link ? fwc_interface_alias(link) : NULL;
	if (text && fwc_network_alias_read(kernel, text, &alias))
		memcpy(e->interface, name, sizeof(e->interface));
}

int fwc_networks_get(struct fwc_kernel *kernel, struct fwc_networks **ret, struct fwc_error *err)
{
	fwc_cleanup(fwc_networks_freep) struct fwc_networks *list = NULL;
	struct fwc_interfaces *links;
	int r = fwc_kernel_check(kernel, err);

	if (r < 0)
		return r;
	if (!ret)
		return fwc_fail(err, -EINVAL, FWC_OBJECT_ARGUMENT,
				"a place for the list of networks is needed");
	r = fwc_networks_load(kernel, &list, err);
	if (r == 0)
		r = fwc_interfaces_get(kernel, &links, err);
	if (r < 0)
		return r;
	for (size_t i = 0; i < list->list.count; i++) {
		const struct fwc_network *network = list->list.items[i];

		for (size_t j = 0; j < network->endpoints.count; j++)
			find_interface(kernel, links, network->endpoints.items[j]);
	}
	fwc_interfaces_free(links);
	*ret = fwc_take(list);
	return 0;
}

size_t fwc_networks_count(const struct fwc_networks *list)
{
	return list ? list->list.count : 0;
}

const struct fwc_network *fwc_networks_at(const struct fwc_networks *list, size_t i)
{
	return i < fwc_networks_count(list) ? list->list.items[i] : NULL;
}

const struct fwc_network *fwc_networks_find(const struct fwc_networks *list, const char *name)
{
	return list && name ? fwc_networks_lookup(list, name) : NULL;
}

const char *fwc_network_name(const struct fwc_network *network)
{
	return network ? network->name : NULL;
}

bool fwc_network_subnet(const struct fwc_network *network, uint32_t family,
			struct fwc_ip *ret_gateway, uint32_t *ret_prefix_len)
{
	const struct fwc_subnet *s = network ? &network->subnet[family == FWC_FAMILY_IP6] : NULL;

	if (!s || !family || s->base.family != family)
		return false;
	if (ret_gateway)
		*ret_gateway = s->gateway;
	if (ret_prefix_len)
		*ret_prefix_len = s->prefix_len;
	return true;
}

uint32_t fwc_network_flags(const struct fwc_network *network)
{
	return network ? network->flags : 0;
}

size_t fwc_network_endpoint_count(const struct fwc_network *network)
{
	return network ? network->endpoints.count : 0;
}

static const struct fwc_endpoint *endpoint(const struct fwc_network *network, size_t i)
{
	return i < fwc_network_endpoint_count(network) ? network->endpoints.items[i] : NULL;
}

const char *fwc_network_endpoint_id(const struct fwc_network *network, size_t i)
{
	const struct fwc_endpoint *e = endpoint(network, i);

	return e ? e->id : NULL;
}

const char *fwc_network_endpoint_interface(const struct fwc_network *network, size_t i)
{
	const struct fwc_endpoint *e = endpoint(network, i);

	return e ? e->interface : NULL;
}

bool fwc_network_endpoint_address(const struct fwc_network *network, size_t i, uint32_t family,
				  struct fwc_ip *ret)
{
	const struct fwc_endpoint *e = endpoint(network, i);
	const struct fwc_ip *ip = e ? &e->ip[family == FWC_FAMILY_IP6] : NULL;

	if (!ip || !family || ip->family != family)
		return false;
	if (ret)
		*ret = *ip;
	return true;
}

size_t fwc_network_endpoint_port_count(const struct fwc_network *network, size_t i)
{
	const struct fwc_endpoint *e = endpoint(network, i);

	return e ? e->port_count : 0;
}

const struct fwc_port *fwc_network_endpoint_port_at(const struct fwc_network *network, size_t i,
						    size_t j)
{
	return j < fwc_network_endpoint_port_count(network, i) ? &endpoint(network, i)->ports[j]
							       : NULL;
}
