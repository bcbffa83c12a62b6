/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Ports of a container that is attached already.
 *
 * Where the container is comes from the alias of its veth, not from the table: so publishing costs the same with one and
 * with ten thousand ports. */
#include "network/network.h"

int fwc_network_find_veth(struct fwc_kernel *kernel, struct fwc_network_alias *a,
			  uint32_t *ret_index, struct fwc_error *err)
{
	struct fwc_link_info info = { 0 };
	char name[16];
	int r;

	fwc_network_veth(kernel, a->network, a->id, name);
	r = fwc_link_find(&kernel->route, name, 0, &info, err);
	if (r == -ENODEV || (r == 0 && !fwc_network_alias_read(kernel, info.alias, a)))
		return fwc_fail(err, -ENOENT, FWC_OBJECT_ENDPOINT,
				"'%s' is not on network '%s', or its namespace has gone", a->id,
				a->network);
	if (r == 0)
		*ret_index = info.index;
	return r;
}

int fwc_port_check_container(const struct fwc_port *port, const char *id, bool internal,
			     const struct fwc_ip ip[FWC_NET_FAMILIES], struct fwc_error *err)
{
	int f = port->host.family == FWC_FAMILY_IP6;

	if (internal)
		return fwc_fail(err, -EINVAL, FWC_OBJECT_ENDPOINT,
				"%s: '%s' is on an internal network, which publishes nothing",
				fwc_port_text(port).s, id);
	if (port->host.family && !ip[f].family)
		return fwc_fail(err, -EINVAL, FWC_OBJECT_ENDPOINT, "%s: '%s' has no %s address",
				fwc_port_text(port).s, id, fwc_net_family_name[f]);
	return 0;
}

static int commit_port(struct fwc_kernel *kernel, enum fwc_change_op op,
		       const struct fwc_port *port, const struct fwc_network_alias *a,
		       struct fwc_error *err)
{
	struct fwc_change change;
	int r = fwc_change_begin(&change, kernel, err);

	if (r == 0) {
		fwc_change_port(&change, op, port, a->ip, a->id);
		r = fwc_kernel_commit(kernel, change.batch, err);
	}
	fwc_change_end(&change);
	return r;
}

/* Whether the port meets another one, by what the table holds now. `own`: it is there already, published by this call. */
static int look_for_clash(struct fwc_kernel *kernel, const struct fwc_port *port,
			  const struct fwc_network_alias *a, bool own, struct fwc_error *err)
{
	fwc_cleanup(fwc_networks_freep) struct fwc_networks *list = NULL;
	const struct fwc_network *network;
	int r = fwc_networks_load(kernel, &list, err);

	if (r < 0)
		return r;
	network = fwc_networks_lookup(list, a->network);
	r = fwc_networks_check_port(
		list, own && network ? fwc_network_lookup(network, a->id) : NULL, port, err);
	return r == 0 && !own ? fwc_networks_drop_orphans(kernel, list, err) : r;
}

static int claim(struct fwc_kernel *kernel, const struct fwc_port *port,
		 const struct fwc_network_alias *a, struct fwc_error *err)
{
	for (int i = 0; i < FWC_NET_TRIES; i++) {
		int r = commit_port(kernel, FWC_CHANGE_ADD, port, a, err);

		if (r != -EEXIST)
			return r;
		r = look_for_clash(kernel, port, a, false, err);
		if (r < 0)
			return r;
	}
	return fwc_fail(err, -EAGAIN, FWC_OBJECT_ENDPOINT,
			"others kept publishing and taking back %s", fwc_port_text(port).s);
}

/* After the commit: the container is still there, or this is an orphan that nobody would find; and no port lies within the
 * range, which the kernel does not see (it compares the ends of a new range with the old ones, not the other way). */
static int verify(struct fwc_kernel *kernel, const struct fwc_port *port,
		  const struct fwc_network_alias *a, struct fwc_error *err)
{
	struct fwc_network_alias now = { .network = a->network, .id = a->id };
	uint32_t index;
	int r = fwc_network_find_veth(kernel, &now, &index, err);

	if (r == 0 && memcmp(now.ip, a->ip, sizeof(now.ip)))
		r = fwc_fail(err, -ENOENT, FWC_OBJECT_ENDPOINT,
			     "'%s' was detached from network '%s' meanwhile", a->id, a->network);
	if (r == 0 && port->count > 1)
		r = look_for_clash(kernel, port, a, true, err);
	return r;
}

static int check_arguments(struct fwc_kernel *kernel, const char *network, const char *id,
			   const struct fwc_port *port, struct fwc_port *ret, struct fwc_error *err)
{
	int r = fwc_kernel_check(kernel, err);

	if (r == 0)
		r = fwc_network_check_name(network, err);
	if (r == 0)
		r = fwc_network_check_id(id, err);
	if (r == 0 && !port)
		r = fwc_fail(err, -EINVAL, FWC_OBJECT_ARGUMENT, "a port is needed");
	return r == 0 ? fwc_port_check(port, ret, err) : r;
}

int fwc_network_publish(struct fwc_kernel *kernel, const char *network, const char *id,
			const struct fwc_port *port, struct fwc_error *err)
{
	struct fwc_network_alias a = { .network = network, .id = id };
	struct fwc_port p;
	uint32_t index;
	int r = check_arguments(kernel, network, id, port, &p, err);

	if (r == 0)
		r = fwc_network_find_veth(kernel, &a, &index, err);
	if (r == 0)
		r = fwc_port_check_container(&p, id, a.internal, a.ip, err);
	if (r == 0 && p.count > 1)
		r = look_for_clash(kernel, &p, &a, false, err);
	if (r == 0)
		r = claim(kernel, &p, &a, err);
	if (r < 0)
		return r;
	r = verify(kernel, &p, &a, err);
	if (r < 0 && commit_port(kernel, FWC_CHANGE_TAKE_BACK, &p, &a, NULL) < 0 && err)
		err->outcome = FWC_OUTCOME_UNKNOWN;
	return r;
}

/* Ports that were published one by one come as runs: any part of one may go. A range of one element goes whole. */
static bool is_published(const struct fwc_endpoint *e, const struct fwc_port *port)
{
	for (size_t i = 0; i < e->port_count; i++) {
		const struct fwc_port *p = &e->ports[i];

		if (fwc_port_equal(p, port))
			return true;
		if (fwc_port_overlaps(p, port) && !fwc_port_is_range(p) &&
		    p->port - p->host_port == port->port - port->host_port &&
		    port->host_port >= p->host_port &&
		    port->host_port + port->count <= p->host_port + p->count)
			return true;
	}
	return false;
}

int fwc_network_unpublish(struct fwc_kernel *kernel, const char *network, const char *id,
			  const struct fwc_port *port, struct fwc_error *err)
{
	fwc_cleanup(fwc_networks_freep) struct fwc_networks *list = NULL;
	struct fwc_network_alias a = { .network = network, .id = id };
	const struct fwc_endpoint *e = NULL;
	struct fwc_network *n = NULL;
	struct fwc_port p;
	int r = check_arguments(kernel, network, id, port, &p, err);

	if (r == 0)
		r = fwc_networks_load(kernel, &list, err);
	if (r == 0)
		r = fwc_networks_need(list, network, &n, err);
	if (r < 0)
		return r;
	e = fwc_network_lookup(n, id);
	if (!e)
		return fwc_fail(err, -ENOENT, FWC_OBJECT_ENDPOINT, "'%s' is not on network '%s'",
				id, network);
	memcpy(a.ip, e->ip, sizeof(a.ip));
	r = is_published(e, &p) ? commit_port(kernel, FWC_CHANGE_TAKE_BACK, &p, &a, err) : -EEXIST;
	if (r == -EEXIST)
		return fwc_fail(err, -ENOENT, FWC_OBJECT_ENDPOINT, "'%s' has not published %s", id,
				fwc_port_text(&p).s);
	if (r == 0)
		fwc_flows_drop_port(kernel, &p, a.ip);
	return r;
}
