/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Whose a port is, and ports that nobody has any more. */
#include "network/network.h"

static const struct fwc_port *overlapping(const struct fwc_endpoint *e, const struct fwc_port *port)
{
	for (size_t i = 0; i < e->port_count; i++)
		if (fwc_port_overlaps(&e->ports[i], port))
			return &e->ports[i];
	return NULL;
}

static int check_endpoint(const struct fwc_endpoint *e, const struct fwc_endpoint *self,
			  const struct fwc_port *port, struct fwc_error *err)
{
	const struct fwc_port *met = overlapping(e, port);

	if (!met || (e == self && fwc_port_equal(met, port)))
		return 0;
	return fwc_fail(err, -EADDRINUSE, FWC_OBJECT_ENDPOINT,
			"%s: '%s' of network '%s' has published %s", fwc_port_text(port).s, e->id,
			e->network->name, fwc_port_text(met).s);
}

int fwc_networks_check_port(const struct fwc_networks *list, const struct fwc_endpoint *self,
			    const struct fwc_port *port, struct fwc_error *err)
{
	for (size_t i = 0; i < list->list.count; i++) {
		const struct fwc_network *network = list->list.items[i];

		for (size_t j = 0; j < network->endpoints.count; j++) {
			int r = check_endpoint(network->endpoints.items[j], self, port, err);

			if (r < 0)
				return r;
		}
	}
	return 0;
}

int fwc_networks_drop_orphans(struct fwc_kernel *kernel, const struct fwc_networks *list,
			      struct fwc_error *err)
{
	struct fwc_change change;
	int r = fwc_change_begin(&change, kernel, err);

	if (r < 0 || !list->orphans.count) {
		fwc_change_end(&change);
		return r;
	}
	for (size_t i = 0; i < list->orphans.count; i++) {
		const struct fwc_orphan *o = list->orphans.items[i];
		struct fwc_ip ip[FWC_NET_FAMILIES] = { 0 };

		ip[o->ip.family == FWC_FAMILY_IP6] = o->ip;
		fwc_change_port(&change, FWC_CHANGE_TAKE_BACK, &o->port, ip, NULL);
	}
	r = fwc_kernel_commit(kernel, change.batch, err);
	fwc_change_end(&change);
	/* Somebody else has taken the port meanwhile: then it is no orphan's any more. */
	return r == -EEXIST ? 0 : r;
}
