/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Changes of a network's elements, collected into one commit.
 *
 * Which elements stand for what is said here and in state.c only. */
#include <stdio.h>
#include <stdlib.h>

#include "network/network.h"

int fwc_change_begin(struct fwc_change *c, const struct fwc_kernel *kernel, struct fwc_error *err)
{
	c->kernel = kernel;
	fwc_network_table(kernel, c->table);
	c->batch = fwc_batch_new();
	return c->batch ? 0 : fwc_fail_memory(err);
}

void fwc_change_end(struct fwc_change *c)
{
	fwc_batch_free(c->batch);
	c->batch = NULL;
}

/* Several values side by side; takes them over. */
static struct fwc_value *join(struct fwc_value *a, struct fwc_value *b, struct fwc_value *c)
{
	const struct fwc_value *parts[] = { a, b, c };
	struct fwc_value *joined = a && b ? fwc_value_concat(parts, c ? 3 : 2) : NULL;

	fwc_value_free(a);
	fwc_value_free(b);
	fwc_value_free(c);
	return joined;
}

/* One element; takes key and data over. `who` (may be NULL) is a container's id, or words about the element: the tag is for
 * programs, the comment for people and for those who save the ruleset with nft, which drops tags. */
static void put(struct fwc_change *c, enum fwc_change_op op, const char *set, struct fwc_value *key,
		struct fwc_value *data, const char *who)
{
	const struct fwc_element_opts opts = { .size = sizeof(opts), .comment = who, .tag = who };
	bool is_exclusive = op == FWC_CHANGE_ADD || op == FWC_CHANGE_PROBE;

	/* A key that is there with other data is refused, one that is not there comes and goes within the commit: so only what
	 * is ours is taken back. */
	if (op != FWC_CHANGE_DEL)
		(void)fwc_batch_add_element_value(c->batch, FWC_FAMILY_INET, c->table, set, key,
						  data, is_exclusive ? FWC_ELEMENT_EXCLUSIVE : 0,
						  who ? &opts : NULL);
	if (op != FWC_CHANGE_ADD && op != FWC_CHANGE_ENSURE)
		(void)fwc_batch_del_element_value(c->batch, FWC_FAMILY_INET, c->table, set, key);
	fwc_value_free(key);
	fwc_value_free(data);
}

static const char *set_name(char name[16], const char *begin, int family, const char *end)
{
	snprintf(name, 16, "%s%d%s", begin, family ? 6 : 4, end);
	return name;
}

static void change_subnet(struct fwc_change *c, enum fwc_change_op op,
			  const struct fwc_network *network, int family)
{
	const struct fwc_subnet *s = &network->subnet[family];
	char name[16];

	/* Only this set refuses what overlaps; nets4 has the bridge in its key, so that nothing meets. */
	put(c, op, set_name(name, "subnets", family, ""), fwc_value_prefix(&s->base, s->prefix_len),
	    NULL, NULL);
	put(c, op, set_name(name, "nets", family, ""),
	    join(fwc_value_prefix(&s->base, s->prefix_len), fwc_value_name(network->name), NULL),
	    NULL, NULL);
	if (s->gateway.family)
		fwc_change_address(c, op, network->name, &s->gateway, NULL);
}

void fwc_change_network(struct fwc_change *c, enum fwc_change_op op,
			const struct fwc_network *network)
{
	put(c, op, "bridges", fwc_value_name(network->name), NULL, NULL);
	if (network->flags & FWC_NETWORK_INTERNAL)
		put(c, op, "internal", fwc_value_name(network->name), NULL, NULL);
	if (!(network->flags & FWC_NETWORK_ISOLATED))
		put(c, op, "icc",
		    join(fwc_value_name(network->name), fwc_value_name(network->name), NULL), NULL,
		    NULL);
	for (int f = 0; f < FWC_NET_FAMILIES; f++)
		if (network->subnet[f].base.family)
			change_subnet(c, op, network, f);
}

/* The data says whose the address is: without it, taking one back could take it from its next owner. */
void fwc_change_address(struct fwc_change *c, enum fwc_change_op op, const char *network,
			const struct fwc_ip *ip, const char *id)
{
	char name[16], interface[16];

	if (id)
		fwc_network_veth(c->kernel, network, id, interface);
	put(c, op, set_name(name, "addrs", ip->family == FWC_FAMILY_IP6, ""),
	    join(fwc_value_ip(ip), fwc_value_name(network), NULL),
	    fwc_value_name(id ? interface : network), id ? id : FWC_GATEWAY_TAG);
}

/* The host's side of a port, as a key: [address .] protocol . ports. */
static struct fwc_value *port_key(const struct fwc_port *port, uint32_t first, uint32_t last)
{
	struct fwc_value *protocol = fwc_value_number(port->protocol);
	struct fwc_value *from = fwc_value_number(first), *to = fwc_value_number(last);
	struct fwc_value *ports =
		first == last ? fwc_value_number(first) : fwc_value_range(from, to);

	fwc_value_free(from);
	fwc_value_free(to);
	if (!port->host.family)
		return join(protocol, ports, NULL);
	return join(fwc_value_ip(&port->host), protocol, ports);
}

static void change_range(struct fwc_change *c, enum fwc_change_op op, const struct fwc_port *port,
			 const struct fwc_ip *ip, const char *id)
{
	char name[16];

	put(c, op,
	    set_name(name, "rng", ip->family == FWC_FAMILY_IP6, port->host.family ? "ip" : "any"),
	    port_key(port, port->host_port, port->host_port + port->count - 1u), fwc_value_ip(ip),
	    id);
}

/* Ports of other numbers in the container: nft_nat moves an address, not a range of ports, so each has its element. */
static void change_ports(struct fwc_change *c, enum fwc_change_op op, const struct fwc_port *port,
			 const struct fwc_ip *ip, const char *id)
{
	char name[16];

	if (op == FWC_CHANGE_TAKE_BACK) { /* as two messages, however many ports there are */
		change_ports(c, FWC_CHANGE_ENSURE, port, ip, id);
		change_ports(c, FWC_CHANGE_DEL, port, ip, id);
		return;
	}
	set_name(name, "pub", ip->family == FWC_FAMILY_IP6, port->host.family ? "ip" : "any");
	for (uint32_t i = 0; i < port->count; i++)
		put(c, op, name, port_key(port, port->host_port + i, port->host_port + i),
		    join(fwc_value_ip(ip), fwc_value_number(port->port + i), NULL), id);
}

void fwc_change_port(struct fwc_change *c, enum fwc_change_op op, const struct fwc_port *port,
		     const struct fwc_ip ip[FWC_NET_FAMILIES], const char *id)
{
	for (int f = 0; f < FWC_NET_FAMILIES; f++) {
		if (!ip[f].family || (port->host.family && port->host.family != ip[f].family))
			continue;
		if (fwc_port_is_range(port)) {
			change_range(c, op, port, &ip[f], id);
			continue;
		}
		/* Ranges live in maps of their own. An element that comes and goes within the commit asks them whether these
		 * ports are part of one: then the kernel refuses it. */
		if (op == FWC_CHANGE_ADD)
			change_range(c, FWC_CHANGE_PROBE, port, &ip[f], NULL);
		change_ports(c, op, port, &ip[f], id);
	}
}
