/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The snapshot of interfaces, and its reader: rtnetlink messages in, no socket here. */
#ifndef FWC_ROUTE_INTERFACES_H
#define FWC_ROUTE_INTERFACES_H

#include <fwcore/interface.h>

#include "core/wire.h"

struct fwc_interface {
	uint32_t index, flags, mtu, tx_queue_len, link_type, master, peer;
	int32_t peer_netns; /* counts when has_peer_netns */
	bool has_peer_netns, carrier, has_parent_device;
	uint8_t state; /* IF_OPER_* */
	uint8_t mac_len;
	uint8_t mac[32]; /* MAX_ADDR_LEN: InfiniBand has 20 */
	char name[16];
	const char *alias; /* NULL: none */
	const char *kind; /* "": none */
	const char *link_type_name;
	struct fwc_interface_stats stats;
	const struct fwc_interface_address *addresses;
	size_t address_count;
};

struct fwc_interface_address_read {
	uint32_t index; /* of its interface */
	struct fwc_interface_address address;
};

struct fwc_interfaces {
	struct fwc_arena arena; /* texts and addresses */
	struct fwc_interface *items; /* by index, once finished */
	size_t count, room;
	/* As read; moved to their interfaces by finish. */
	struct fwc_interface_address_read *read;
	size_t read_count, read_room;
};

/* Each takes what follows nlmsghdr of RTM_NEWLINK and RTM_NEWADDR. 0, -EBADMSG, -ENOMEM. */
int fwc_interfaces_read_link(struct fwc_interfaces *list, struct fwc_slice payload);
int fwc_interfaces_read_address(struct fwc_interfaces *list, struct fwc_slice payload);
/* Orders the interfaces and hands each its addresses, in the order they were read; addresses of interfaces that
 * are not there are dropped. 0 or -ENOMEM. */
int fwc_interfaces_finish(struct fwc_interfaces *list);
struct fwc_interface *fwc_interfaces_lookup(const struct fwc_interfaces *list,
					    uint32_t index); /* of a finished list; NULL: none */
void fwc_interfaces_clear(struct fwc_interfaces *list);

/* Words, NULL for numbers without one. */
const char *fwc_link_type_name(uint32_t type);
const char *fwc_link_state_name(uint8_t state);
const char *fwc_scope_name(uint32_t scope);

#endif
