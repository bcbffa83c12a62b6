/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The forwarding settings as rtnetlink tells them, which works without /proc. */
#ifndef FWC_ROUTE_CONF_H
#define FWC_ROUTE_CONF_H

#include "netlink/netlink.h"

/* What one interface's settings say of a family. */
struct fwc_conf {
	bool found; /* the interface has that family */
	bool forwarding;
	bool has_force, force; /* IPv6: force_forwarding */
	bool loses_ra; /* IPv6: forwarding would make it ignore the advertisements that it follows */
};

const char *fwc_conf_family_name(uint32_t family); /* "IPv4" */

/* The global switch. -ENOENT when the kernel has no such family. */
int fwc_conf_read_global(struct fwc_nl *route, uint32_t family, bool *ret, struct fwc_error *err);
/* -ENOENT when there is no such interface or it has no such family. */
int fwc_conf_read_interface(struct fwc_nl *route, uint32_t family, const char *interface,
			    struct fwc_conf *ret, struct fwc_error *err);
/* Adds to `names`, in `arena`, the interfaces that would lose router advertisements. 0, -EAGAIN, -ENOMEM. */
int fwc_conf_find_ra(struct fwc_nl *route, struct fwc_arena *arena, struct fwc_vec *names,
		     struct fwc_error *err);

#endif
