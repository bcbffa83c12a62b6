/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Tables of iptables-nft, which are read and never written.
 *
 * A table is taken for one of iptables-nft's when its family and name are one of its tables (list below) and
 * - it has a base chain of the name, at the hook and with the priority that iptables-nft gives it, or
 * - a rule of it holds a `match` or `target` expression, which only iptables-nft writes.
 * A table of nft that is called `filter` but whose chains are called `input` is therefore not one; nft's own
 * `filter` with a chain `INPUT` at priority filter is, and iptables-nft would use it just so. */
#include "nft/read.h"

enum {
	HOOK_PREROUTING = NF_INET_PRE_ROUTING,
	HOOK_INPUT = NF_INET_LOCAL_IN,
	HOOK_FORWARD = NF_INET_FORWARD,
	HOOK_OUTPUT = NF_INET_LOCAL_OUT,
	HOOK_POSTROUTING = NF_INET_POST_ROUTING,
	ARP_IN = 0, /* NF_ARP_IN */
	ARP_OUT = 1,
};

/* NF_IP_PRI_* and NF_BR_PRI_*; but security is at 150, not at NF_IP_PRI_SECURITY. */
enum {
	RAW = -300,
	MANGLE = -150,
	DSTNAT = -100,
	FILTER = 0,
	SECURITY = 150,
	SRCNAT = 100,
	BRIDGE_DSTNAT = -300,
	BRIDGE_FILTER = -200,
	BRIDGE_OUT = 100,
	BRIDGE_SRCNAT = 300,
};

/* What iptables-nft, arptables-nft and ebtables-nft 1.8.9 make. */
static const struct {
	uint32_t family; /* FWC_FAMILY_IP stands for IP6 as well */
	const char *table, *chain;
	uint32_t hook;
	int32_t priority;
} known[] = {
	{ FWC_FAMILY_IP, "filter", "INPUT", HOOK_INPUT, FILTER },
	{ FWC_FAMILY_IP, "filter", "FORWARD", HOOK_FORWARD, FILTER },
	{ FWC_FAMILY_IP, "filter", "OUTPUT", HOOK_OUTPUT, FILTER },
	{ FWC_FAMILY_IP, "nat", "PREROUTING", HOOK_PREROUTING, DSTNAT },
	{ FWC_FAMILY_IP, "nat", "INPUT", HOOK_INPUT, SRCNAT },
	{ FWC_FAMILY_IP, "nat", "POSTROUTING", HOOK_POSTROUTING, SRCNAT },
	{ FWC_FAMILY_IP, "nat", "OUTPUT", HOOK_OUTPUT, DSTNAT },
	{ FWC_FAMILY_IP, "mangle", "PREROUTING", HOOK_PREROUTING, MANGLE },
	{ FWC_FAMILY_IP, "mangle", "INPUT", HOOK_INPUT, MANGLE },
	{ FWC_FAMILY_IP, "mangle", "FORWARD", HOOK_FORWARD, MANGLE },
	{ FWC_FAMILY_IP, "mangle", "OUTPUT", HOOK_OUTPUT, MANGLE },
	{ FWC_FAMILY_IP, "mangle", "POSTROUTING", HOOK_POSTROUTING, MANGLE },
	{ FWC_FAMILY_IP, "raw", "PREROUTING", HOOK_PREROUTING, RAW },
	{ FWC_FAMILY_IP, "raw", "OUTPUT", HOOK_OUTPUT, RAW },
	{ FWC_FAMILY_IP, "security", "INPUT", HOOK_INPUT, SECURITY },
	{ FWC_FAMILY_IP, "security", "FORWARD", HOOK_FORWARD, SECURITY },
	{ FWC_FAMILY_IP, "security", "OUTPUT", HOOK_OUTPUT, SECURITY },
	{ FWC_FAMILY_ARP, "filter", "INPUT", ARP_IN, FILTER },
	{ FWC_FAMILY_ARP, "filter", "OUTPUT", ARP_OUT, FILTER },
	{ FWC_FAMILY_BRIDGE, "filter", "INPUT", HOOK_INPUT, BRIDGE_FILTER },
	{ FWC_FAMILY_BRIDGE, "filter", "FORWARD", HOOK_FORWARD, BRIDGE_FILTER },
	{ FWC_FAMILY_BRIDGE, "filter", "OUTPUT", HOOK_OUTPUT, BRIDGE_FILTER },
	{ FWC_FAMILY_BRIDGE, "nat", "PREROUTING", HOOK_PREROUTING, BRIDGE_DSTNAT },
	{ FWC_FAMILY_BRIDGE, "nat", "OUTPUT", HOOK_OUTPUT, BRIDGE_OUT },
	{ FWC_FAMILY_BRIDGE, "nat", "POSTROUTING", HOOK_POSTROUTING, BRIDGE_SRCNAT },
};

static bool is_known_table(uint32_t family, const char *name, size_t i)
{
	if (family == FWC_FAMILY_IP6)
		family = FWC_FAMILY_IP;
	return known[i].family == family && !strcmp(known[i].table, name);
}

bool fwc_chain_is_iptables(const struct fwc_chain *c)
{
	if (!c->is_base)
		return false;
	for (size_t i = 0; i < FWC_ARRAY_SIZE(known); i++)
		if (is_known_table(c->table->family, c->table->name, i) &&
		    !strcmp(known[i].chain, c->name) && known[i].hook == c->hook &&
		    known[i].priority == c->priority)
			return true;
	return false;
}

bool fwc_rule_is_iptables(const struct fwc_rule *r)
{
	struct fwc_slice rest = { r->raw, r->raw_len };
	const struct fwc_table *t = r->chain->table;
	struct fwc_attr elem, name;
	size_t i = 0;

	while (i < FWC_ARRAY_SIZE(known) && !is_known_table(t->family, t->name, i))
		i++;
	if (i == FWC_ARRAY_SIZE(known))
		return false;
	while (fwc_attr_next(&rest, &elem) > 0) {
		struct fwc_slice inner = fwc_attr_slice(&elem);
		const char *text;

		if (fwc_attr_next(&inner, &name) <= 0 || name.type != NFTA_EXPR_NAME)
			continue;
		text = fwc_attr_text(&name);
		if (text && (!strcmp(text, "match") || !strcmp(text, "target")))
			return true;
	}
	return false;
}
