/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The snapshot of routes, and its reader: rtnetlink messages in, no socket here. */
#ifndef FWC_ROUTE_ROUTES_H
#define FWC_ROUTE_ROUTES_H

#include <fwcore/route.h>

#include "core/wire.h"

struct fwc_routes {
	struct fwc_arena arena; /* routes and their hops */
	struct fwc_vec list; /* of struct fwc_route */
};

/* Takes what follows nlmsghdr of RTM_NEWROUTE. Routes of other families than IPv4 and IPv6 are passed over. 0, -EBADMSG,
 * -ENOMEM. */
int fwc_routes_read(struct fwc_routes *list, struct fwc_slice payload);
void fwc_routes_clear(struct fwc_routes *list);

/* Whether a route has next hops: the others end a packet's way. */
bool fwc_route_type_has_hops(uint32_t type);

/* "default", "192.0.2.0/24": for messages. */
struct fwc_route_text {
	char s[56];
};
struct fwc_route_text fwc_route_text(const struct fwc_route *route);

#endif
