/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What one interface of a snapshot says. */
#include "route/interfaces.h"

uint32_t fwc_interface_index(const struct fwc_interface *interface)
{
	return interface ? interface->index : 0;
}

const char *fwc_interface_name(const struct fwc_interface *interface)
{
	return interface ? interface->name : NULL;
}

const char *fwc_interface_alias(const struct fwc_interface *interface)
{
	return interface ? interface->alias : NULL;
}

const char *fwc_interface_kind(const struct fwc_interface *interface)
{
	return interface ? interface->kind : NULL;
}

/* Drivers of hardware that have a kind nevertheless; other kinds with a parent device are stacked or simulated. */
static const char *const hardware_kinds[] = { "can", "dsa", "ipoib", "wwan" };

bool fwc_interface_is_physical(const struct fwc_interface *interface)
{
	if (!interface || !interface->has_parent_device)
		return false;
	for (size_t i = 0; i < FWC_ARRAY_SIZE(hardware_kinds); i++)
		if (!strcmp(interface->kind, hardware_kinds[i]))
			return true;
	return !interface->kind[0];
}

uint32_t fwc_interface_flags(const struct fwc_interface *interface)
{
	return interface ? interface->flags : 0;
}

uint32_t fwc_interface_mtu(const struct fwc_interface *interface)
{
	return interface ? interface->mtu : 0;
}

uint32_t fwc_interface_tx_queue_len(const struct fwc_interface *interface)
{
	return interface ? interface->tx_queue_len : 0;
}

uint32_t fwc_interface_link_type(const struct fwc_interface *interface)
{
	return interface ? interface->link_type : 0;
}

const char *fwc_interface_link_type_name(const struct fwc_interface *interface)
{
	return interface ? interface->link_type_name : NULL;
}

const uint8_t *fwc_interface_mac(const struct fwc_interface *interface, size_t *ret_len)
{
	if (!interface || interface->mac_len == 0)
		return NULL;
	if (ret_len)
		*ret_len = interface->mac_len;
	return interface->mac;
}

uint32_t fwc_interface_master(const struct fwc_interface *interface)
{
	return interface ? interface->master : 0;
}

uint32_t fwc_interface_peer(const struct fwc_interface *interface)
{
	return interface ? interface->peer : 0;
}

bool fwc_interface_peer_netns(const struct fwc_interface *interface, int32_t *ret)
{
	if (!interface || !interface->has_peer_netns)
		return false;
	if (ret)
		*ret = interface->peer_netns;
	return true;
}

const char *fwc_interface_state(const struct fwc_interface *interface)
{
	const char *name = interface ? fwc_link_state_name(interface->state) : NULL;

	return name ? name : "UNKNOWN";
}

bool fwc_interface_carrier(const struct fwc_interface *interface)
{
	return interface && interface->carrier;
}

const struct fwc_interface_stats *fwc_interface_stats(const struct fwc_interface *interface)
{
	return interface ? &interface->stats : NULL;
}

size_t fwc_interface_address_count(const struct fwc_interface *interface)
{
	return interface ? interface->address_count : 0;
}

const struct fwc_interface_address *fwc_interface_address_at(const struct fwc_interface *interface,
							     size_t i)
{
	return interface && i < interface->address_count ? &interface->addresses[i] : NULL;
}

const char *fwc_interface_address_scope_name(const struct fwc_interface_address *address)
{
	const char *name = address ? fwc_scope_name(address->scope) : NULL;

	return name ? name : "";
}
