/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Any bytes as the messages of link, address and route dumps. */
#include <linux/rtnetlink.h>
#include <stdlib.h>

#include "fuzz.h"
#include "route/interfaces.h"
#include "route/routes.h"

static void check(bool good)
{
	if (!good)
		abort();
}

static size_t look_at(const struct fwc_interface *i)
{
	const struct fwc_interface_address *a;
	size_t sum = strlen(fwc_interface_kind(i)) + strlen(fwc_interface_link_type_name(i)) +
		     strlen(fwc_interface_state(i)),
	       len = 0;

	check(strlen(fwc_interface_name(i)) < 16);
	if (fwc_interface_alias(i))
		sum += strlen(fwc_interface_alias(i));
	if (fwc_interface_mac(i, &len))
		check(len > 0 && len <= 32);
	for (size_t n = 0; (a = fwc_interface_address_at(i, n)); n++) {
		check(strlen(a->label) < sizeof(a->label));
		check(!a->ip.family || fwc_ip_bits(&a->ip));
		sum += strlen(fwc_interface_address_scope_name(a));
	}
	return sum + fwc_interface_is_physical(i);
}

static void look_at_routes(const struct fwc_routes *list)
{
	const struct fwc_route *r;

	for (size_t n = 0; (r = fwc_routes_at(list, n)); n++) {
		check(fwc_ip_bits(&r->destination) && (r->hops || !r->hop_count));
		for (size_t i = 0; i < r->hop_count; i++)
			check(!r->hops[i].gateway.family || fwc_ip_bits(&r->hops[i].gateway));
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct fwc_interfaces list = { 0 };
	struct fwc_routes routes = { 0 };
	struct fwc_slice rest = { data, size }, payload;
	const struct nlmsghdr *nlh;
	size_t addresses = 0;
	uint32_t last = 0;

	while (fwc_msg_next(&rest, &nlh, &payload) > 0)
		if (nlh->nlmsg_type == RTM_NEWLINK)
			(void)fwc_interfaces_read_link(&list, payload);
		else if (nlh->nlmsg_type == RTM_NEWROUTE)
			(void)fwc_routes_read(&routes, payload);
		else
			(void)fwc_interfaces_read_address(&list, payload);
	addresses = list.read_count;
	check(fwc_interfaces_finish(&list) == 0);
	for (size_t n = 0; n < fwc_interfaces_count(&list); n++) {
		const struct fwc_interface *i = fwc_interfaces_at(&list, n);

		(void)look_at(i);
		check(fwc_interface_index(i) >= last);
		last = fwc_interface_index(i);
		check(fwc_interfaces_find_index(&list, last) != NULL);
		check(fwc_interface_address_count(i) <= addresses);
		addresses -= fwc_interface_address_count(i);
	}
	look_at_routes(&routes);
	fwc_routes_clear(&routes);
	fwc_interfaces_clear(&list);
	return 0;
}
