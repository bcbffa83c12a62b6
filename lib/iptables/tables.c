/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The tables and base chains of iptables-nft, arptables-nft and ebtables-nft 1.8.9. */
#include "iptables/iptables.h"

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

/* In the order in which iptables-save lists them. */
static const struct fwc_xt_chain ip[] = {
	{ "filter", "INPUT", FWC_CHAIN_FILTER, FWC_HOOK_INPUT, FILTER },
	{ "filter", "FORWARD", FWC_CHAIN_FILTER, FWC_HOOK_FORWARD, FILTER },
	{ "filter", "OUTPUT", FWC_CHAIN_FILTER, FWC_HOOK_OUTPUT, FILTER },
	{ "nat", "PREROUTING", FWC_CHAIN_NAT, FWC_HOOK_PREROUTING, DSTNAT },
	{ "nat", "INPUT", FWC_CHAIN_NAT, FWC_HOOK_INPUT, SRCNAT },
	{ "nat", "OUTPUT", FWC_CHAIN_NAT, FWC_HOOK_OUTPUT, DSTNAT },
	{ "nat", "POSTROUTING", FWC_CHAIN_NAT, FWC_HOOK_POSTROUTING, SRCNAT },
	{ "mangle", "PREROUTING", FWC_CHAIN_FILTER, FWC_HOOK_PREROUTING, MANGLE },
	{ "mangle", "INPUT", FWC_CHAIN_FILTER, FWC_HOOK_INPUT, MANGLE },
	{ "mangle", "FORWARD", FWC_CHAIN_FILTER, FWC_HOOK_FORWARD, MANGLE },
	{ "mangle", "OUTPUT", FWC_CHAIN_ROUTE, FWC_HOOK_OUTPUT, MANGLE },
	{ "mangle", "POSTROUTING", FWC_CHAIN_FILTER, FWC_HOOK_POSTROUTING, MANGLE },
	{ "raw", "PREROUTING", FWC_CHAIN_FILTER, FWC_HOOK_PREROUTING, RAW },
	{ "raw", "OUTPUT", FWC_CHAIN_FILTER, FWC_HOOK_OUTPUT, RAW },
	{ "security", "INPUT", FWC_CHAIN_FILTER, FWC_HOOK_INPUT, SECURITY },
	{ "security", "FORWARD", FWC_CHAIN_FILTER, FWC_HOOK_FORWARD, SECURITY },
	{ "security", "OUTPUT", FWC_CHAIN_FILTER, FWC_HOOK_OUTPUT, SECURITY },
};

static const struct fwc_xt_chain arp[] = {
	{ "filter", "INPUT", FWC_CHAIN_FILTER, FWC_HOOK_INPUT, FILTER },
	{ "filter", "OUTPUT", FWC_CHAIN_FILTER, FWC_HOOK_OUTPUT, FILTER },
};

static const struct fwc_xt_chain bridge[] = {
	{ "filter", "INPUT", FWC_CHAIN_FILTER, FWC_HOOK_INPUT, BRIDGE_FILTER },
	{ "filter", "FORWARD", FWC_CHAIN_FILTER, FWC_HOOK_FORWARD, BRIDGE_FILTER },
	{ "filter", "OUTPUT", FWC_CHAIN_FILTER, FWC_HOOK_OUTPUT, BRIDGE_FILTER },
	{ "nat", "PREROUTING", FWC_CHAIN_FILTER, FWC_HOOK_PREROUTING, BRIDGE_DSTNAT },
	{ "nat", "OUTPUT", FWC_CHAIN_FILTER, FWC_HOOK_OUTPUT, BRIDGE_OUT },
	{ "nat", "POSTROUTING", FWC_CHAIN_FILTER, FWC_HOOK_POSTROUTING, BRIDGE_SRCNAT },
};

static const struct {
	uint32_t family;
	const struct fwc_xt_chain *chains;
	size_t count;
} families[] = {
	{ FWC_FAMILY_IP, ip, FWC_ARRAY_SIZE(ip) },
	{ FWC_FAMILY_IP6, ip, FWC_ARRAY_SIZE(ip) },
	{ FWC_FAMILY_ARP, arp, FWC_ARRAY_SIZE(arp) },
	{ FWC_FAMILY_BRIDGE, bridge, FWC_ARRAY_SIZE(bridge) },
};

const struct fwc_xt_chain *fwc_xt_chain_at(uint32_t family, size_t i)
{
	for (size_t f = 0; f < FWC_ARRAY_SIZE(families); f++)
		if (families[f].family == family)
			return i < families[f].count ? &families[f].chains[i] : NULL;
	return NULL;
}

bool fwc_xt_is_table(uint32_t family, const char *name)
{
	const char *last = NULL;
	const struct fwc_xt_chain *known;

	/* Asked for each rule that is loaded. The rows of a table stand side by side. */
	for (size_t i = 0; (known = fwc_xt_chain_at(family, i)); last = known->table, i++)
		if (known->table != last && !strcmp(known->table, name))
			return true;
	return false;
}

bool fwc_xt_is_chain(const struct fwc_chain *c)
{
	const struct fwc_xt_chain *known;

	if (!c->is_base)
		return false;
	for (size_t i = 0; (known = fwc_xt_chain_at(c->table->family, i)); i++)
		if (!strcmp(known->table, c->table->name) && !strcmp(known->name, c->name) &&
		    known->hook == c->hook && known->priority == c->priority)
			return true;
	return false;
}

bool fwc_xt_is_foreign(const struct fwc_chain *c)
{
	return c->is_base && !fwc_xt_is_chain(c);
}

/* ---- declared ---- */

static int check_table(uint32_t family, const char *name, uint32_t flags, struct fwc_error *err)
{
	if (family != FWC_FAMILY_IP && family != FWC_FAMILY_IP6 && family != FWC_FAMILY_ARP)
		return fwc_fail(err, -EINVAL, FWC_OBJECT_TABLE,
				"family %u is not ip, ip6 or arp, whose tables iptables has",
				family);
	if (!name || !fwc_xt_is_table(family, name))
		return fwc_fail(err, -EINVAL, FWC_OBJECT_TABLE, "'%.64s' is no table of %s",
				name ? name : "NULL",
				family == FWC_FAMILY_ARP
					? "arptables: filter is"
					: "iptables: filter, nat, mangle, raw and security are");
	if (flags & ~(uint32_t)FWC_TABLE_SHARED)
		return fwc_fail(err, -EINVAL, FWC_OBJECT_TABLE,
				"flags 0x%x of a table of iptables: only SHARED (1) is one", flags);
	return 0;
}

static int add_chain(struct fwc_table *t, const struct fwc_xt_chain *known)
{
	struct fwc_chain *c = fwc_table_chain_in(t, known->name);

	if (!c)
		return -ENOMEM;
	c->is_base = true;
	c->bound = true;
	c->type = known->type;
	c->hook = known->hook;
	c->priority = known->priority;
	c->policy = FWC_VERDICT_ACCEPT;
	return 0;
}

struct fwc_table *fwc_ruleset_add_iptables_table(struct fwc_ruleset *ruleset, uint32_t family,
						 const char *name, uint32_t flags)
{
	const struct fwc_xt_chain *known;
	struct fwc_table *t;
	struct fwc_error err;

	if (!ruleset)
		return NULL;
	if (check_table(family, name, flags, &err) < 0) {
		fwc_ruleset_fail(ruleset, &err);
		return NULL;
	}
	t = fwc_ruleset_add_table(ruleset, family, name, flags);
	if (!t)
		return NULL;
	t->is_iptables = true;
	for (size_t i = 0; (known = fwc_xt_chain_at(family, i)); i++)
		if (!strcmp(known->table, name) && add_chain(t, known) < 0) {
			fwc_fail_memory(&err);
			fwc_table_fail(t, &err);
			return NULL;
		}
	return t;
}
