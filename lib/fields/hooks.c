/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "fields/hooks.h"
#include "core/buf.h"

/* libc's first: the kernel's headers make way for it, not the other way round. */
#include <netinet/in.h>

#include <linux/netfilter.h>
#include <linux/netfilter_arp.h>
#include <linux/netfilter_bridge.h>

#define BIT(n) (1u << (n))

enum {
	FILTER = BIT(FWC_CHAIN_FILTER),
	NAT = BIT(FWC_CHAIN_NAT),
	ROUTE = BIT(FWC_CHAIN_ROUTE),
};

/* What the kernel registers: net/netfilter/nft_chain_filter.c, nft_chain_nat.c, nft_chain_route.c. */
static const struct hook {
	uint8_t family, hook; /* enum fwc_family, enum fwc_hook */
	uint8_t number; /* the kernel's */
	uint8_t types;
} hooks[] = {
	{ FWC_FAMILY_INET, FWC_HOOK_PREROUTING, NF_INET_PRE_ROUTING, FILTER | NAT },
	{ FWC_FAMILY_INET, FWC_HOOK_INPUT, NF_INET_LOCAL_IN, FILTER | NAT },
	{ FWC_FAMILY_INET, FWC_HOOK_FORWARD, NF_INET_FORWARD, FILTER },
	{ FWC_FAMILY_INET, FWC_HOOK_OUTPUT, NF_INET_LOCAL_OUT, FILTER | NAT | ROUTE },
	{ FWC_FAMILY_INET, FWC_HOOK_POSTROUTING, NF_INET_POST_ROUTING, FILTER | NAT },
	{ FWC_FAMILY_INET, FWC_HOOK_INGRESS, NF_INET_INGRESS, FILTER },

	{ FWC_FAMILY_IP, FWC_HOOK_PREROUTING, NF_INET_PRE_ROUTING, FILTER | NAT },
	{ FWC_FAMILY_IP, FWC_HOOK_INPUT, NF_INET_LOCAL_IN, FILTER | NAT },
	{ FWC_FAMILY_IP, FWC_HOOK_FORWARD, NF_INET_FORWARD, FILTER },
	{ FWC_FAMILY_IP, FWC_HOOK_OUTPUT, NF_INET_LOCAL_OUT, FILTER | NAT | ROUTE },
	{ FWC_FAMILY_IP, FWC_HOOK_POSTROUTING, NF_INET_POST_ROUTING, FILTER | NAT },

	{ FWC_FAMILY_IP6, FWC_HOOK_PREROUTING, NF_INET_PRE_ROUTING, FILTER | NAT },
	{ FWC_FAMILY_IP6, FWC_HOOK_INPUT, NF_INET_LOCAL_IN, FILTER | NAT },
	{ FWC_FAMILY_IP6, FWC_HOOK_FORWARD, NF_INET_FORWARD, FILTER },
	{ FWC_FAMILY_IP6, FWC_HOOK_OUTPUT, NF_INET_LOCAL_OUT, FILTER | NAT | ROUTE },
	{ FWC_FAMILY_IP6, FWC_HOOK_POSTROUTING, NF_INET_POST_ROUTING, FILTER | NAT },

	{ FWC_FAMILY_ARP, FWC_HOOK_INPUT, NF_ARP_IN, FILTER },
	{ FWC_FAMILY_ARP, FWC_HOOK_OUTPUT, NF_ARP_OUT, FILTER },

	{ FWC_FAMILY_BRIDGE, FWC_HOOK_PREROUTING, NF_BR_PRE_ROUTING, FILTER },
	{ FWC_FAMILY_BRIDGE, FWC_HOOK_INPUT, NF_BR_LOCAL_IN, FILTER },
	{ FWC_FAMILY_BRIDGE, FWC_HOOK_FORWARD, NF_BR_FORWARD, FILTER },
	{ FWC_FAMILY_BRIDGE, FWC_HOOK_OUTPUT, NF_BR_LOCAL_OUT, FILTER },
	{ FWC_FAMILY_BRIDGE, FWC_HOOK_POSTROUTING, NF_BR_POST_ROUTING, FILTER },

	{ FWC_FAMILY_NETDEV, FWC_HOOK_INGRESS, NF_NETDEV_INGRESS, FILTER },
	{ FWC_FAMILY_NETDEV, FWC_HOOK_EGRESS, 1 /* NF_NETDEV_EGRESS: Linux 5.16 */, FILTER },
};

static const char *const hook_names[] = {
	[FWC_HOOK_PREROUTING] = "prerouting",   [FWC_HOOK_INPUT] = "input",
	[FWC_HOOK_FORWARD] = "forward",         [FWC_HOOK_OUTPUT] = "output",
	[FWC_HOOK_POSTROUTING] = "postrouting", [FWC_HOOK_INGRESS] = "ingress",
	[FWC_HOOK_EGRESS] = "egress",
};

static const char *const type_names[] = {
	[FWC_CHAIN_FILTER] = "filter",
	[FWC_CHAIN_NAT] = "nat",
	[FWC_CHAIN_ROUTE] = "route",
};

static const struct hook *find(uint32_t family, uint32_t hook)
{
	for (size_t i = 0; i < FWC_ARRAY_SIZE(hooks); i++)
		if (hooks[i].family == family && hooks[i].hook == hook)
			return &hooks[i];
	return NULL;
}

bool fwc_hook_to_kernel(uint32_t family, uint32_t hook, uint32_t *ret)
{
	const struct hook *h = find(family, hook);

	if (h)
		*ret = h->number;
	return h;
}

bool fwc_hook_of_kernel(uint32_t family, uint32_t number, uint32_t *ret)
{
	for (size_t i = 0; i < FWC_ARRAY_SIZE(hooks); i++)
		if (hooks[i].family == family && hooks[i].number == number) {
			*ret = hooks[i].hook;
			return true;
		}
	return false;
}

const char *fwc_hook_name(uint32_t hook)
{
	return hook < FWC_ARRAY_SIZE(hook_names) ? hook_names[hook] : NULL;
}

const char *fwc_chain_type_name(uint32_t type)
{
	return type < FWC_ARRAY_SIZE(type_names) ? type_names[type] : NULL;
}

uint32_t fwc_chain_type_find(const char *name)
{
	for (uint32_t i = FWC_CHAIN_FILTER; i < FWC_ARRAY_SIZE(type_names); i++)
		if (!strcmp(name, type_names[i]))
			return i;
	return 0;
}

bool fwc_hook_has_devices(uint32_t hook)
{
	return hook == FWC_HOOK_INGRESS || hook == FWC_HOOK_EGRESS;
}

static void list_hooks(uint32_t family, uint32_t type, struct fwc_buf *out)
{
	for (size_t i = 0; i < FWC_ARRAY_SIZE(hooks); i++)
		if (hooks[i].family == family && hooks[i].types & BIT(type))
			fwc_buf_printf(out, "%s%s", out->len ? ", " : "",
				       hook_names[hooks[i].hook]);
}

int fwc_hook_check(uint32_t family, uint32_t hook, uint32_t type, struct fwc_error *err)
{
	const struct hook *h = find(family, hook);
	char allowed[96];
	struct fwc_buf out = fwc_buf_over(allowed, sizeof(allowed));

	if (!fwc_chain_type_name(type))
		return fwc_fail(
			err, -EINVAL, FWC_OBJECT_CHAIN,
			"type %u of a base chain: filter (1), nat (2) and route (3) are known",
			type);
	if (!fwc_hook_name(hook))
		return fwc_fail(err, -EINVAL, FWC_OBJECT_CHAIN,
				"hook %u of a base chain: prerouting (0) to egress (6) are known",
				hook);
	if (h && h->types & BIT(type))
		return 0;
	list_hooks(family, type, &out);
	if (!out.len)
		return fwc_fail(err, -EINVAL, FWC_OBJECT_CHAIN,
				"there are no %s chains in family %s", type_names[type],
				fwc_family_name(family));
	return fwc_fail(err, -EINVAL, FWC_OBJECT_CHAIN,
			"there is no %s chain at hook %s in family %s: %s are its hooks",
			type_names[type], hook_names[hook], fwc_family_name(family), allowed);
}
