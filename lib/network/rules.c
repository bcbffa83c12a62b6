/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The table of an owner's networks: chains and rules are always the same, a network is elements of its sets.
 *
 * docs/NETWORK.md gives each rule's reason. */
#include <stdio.h>

#include "network/network.h"

static const struct {
	const char *name, *key, *data;
	uint32_t flags;
} sets[] = {
	{ "bridges", "ifname" },
	{ "internal", "ifname" },
	{ "icc", "ifname . ifname" },
	{ "subnets4", "ipv4_addr", NULL, FWC_SET_INTERVAL },
	{ "subnets6", "ipv6_addr", NULL, FWC_SET_INTERVAL },
	{ "nets4", "ipv4_addr . ifname", NULL, FWC_SET_INTERVAL },
	{ "nets6", "ipv6_addr . ifname", NULL, FWC_SET_INTERVAL },
	{ "addrs4", "ipv4_addr . ifname", "ifname" },
	{ "addrs6", "ipv6_addr . ifname", "ifname" },
	{ "pub4ip", "ipv4_addr . inet_proto . inet_service", "ipv4_addr . inet_service" },
	{ "pub6ip", "ipv6_addr . inet_proto . inet_service", "ipv6_addr . inet_service" },
	{ "rng4ip", "ipv4_addr . inet_proto . inet_service", "ipv4_addr", FWC_SET_INTERVAL },
	{ "rng6ip", "ipv6_addr . inet_proto . inet_service", "ipv6_addr", FWC_SET_INTERVAL },
	{ "pub4any", "inet_proto . inet_service", "ipv4_addr . inet_service" },
	{ "pub6any", "inet_proto . inet_service", "ipv6_addr . inet_service" },
	{ "rng4any", "inet_proto . inet_service", "ipv4_addr", FWC_SET_INTERVAL },
	{ "rng6any", "inet_proto . inet_service", "ipv6_addr", FWC_SET_INTERVAL },
};

/* Base chains have a hook. A chain stands after those it jumps to. */
static const struct {
	const char *name;
	const char *priority; /* NULL: no base chain */
	uint32_t type, hook;
} chains[] = {
	{ "publish" },
	{ "into" },
	{ "outof" },
	{ "inward" },
	{ "guard", "raw", FWC_CHAIN_FILTER, FWC_HOOK_PREROUTING },
	{ "dstnat", "dstnat", FWC_CHAIN_NAT, FWC_HOOK_PREROUTING },
	{ "localnat", "-100", FWC_CHAIN_NAT, FWC_HOOK_OUTPUT },
	{ "forward", "filter", FWC_CHAIN_FILTER, FWC_HOOK_FORWARD },
	{ "srcnat", "srcnat", FWC_CHAIN_NAT, FWC_HOOK_POSTROUTING },
};

static const struct {
	const char *chain, *text, *comment;
} rules[] = {
	{ "publish", "dnat ip to ip daddr . meta l4proto . th dport map @pub4ip", NULL },
	{ "publish", "dnat ip to ip daddr . meta l4proto . th dport map @rng4ip", NULL },
	{ "publish", "meta nfproto ipv4 dnat ip to meta l4proto . th dport map @pub4any", NULL },
	{ "publish", "meta nfproto ipv4 dnat ip to meta l4proto . th dport map @rng4any", NULL },
	{ "publish", "ip6 saddr fe80::/10 return", "answers would not be routed back" },
	{ "publish", "ip6 daddr ::1 return", "the kernel does not route ::1 to a bridge" },
	{ "publish", "dnat ip6 to ip6 daddr . meta l4proto . th dport map @pub6ip", NULL },
	{ "publish", "dnat ip6 to ip6 daddr . meta l4proto . th dport map @rng6ip", NULL },
	{ "publish", "meta nfproto ipv6 dnat ip6 to meta l4proto . th dport map @pub6any", NULL },
	{ "publish", "meta nfproto ipv6 dnat ip6 to meta l4proto . th dport map @rng6any", NULL },

	{ "into", "iifname . oifname @icc accept", "containers of one network" },
	{ "into", "iifname @internal drop", NULL },
	{ "into", "oifname @internal drop", NULL },
	{ "into", "ct state invalid drop", NULL },
	{ "into", "ct status dnat accept", "published ports" },
	{ "into", "drop", "everything else" },

	{ "outof", "iifname @internal drop", "no way out" },
	{ "outof", "ct state invalid drop", "would leave with the container's address" },

	{ "inward", "ip saddr 127.0.0.0/8 masquerade", "published on localhost" },
	{ "inward", "ct status dnat ip saddr . oifname @nets4 masquerade",
	  "to a neighbour's port" },
	{ "inward", "ct status dnat ip6 saddr . oifname @nets6 masquerade",
	  "to a neighbour's port" },

	{ "guard", "iifname != \"lo\" ip saddr 127.0.0.0/8 drop", "forged: bridges route 127/8" },
	{ "guard", "iifname != \"lo\" ip daddr 127.0.0.0/8 drop", "forged: bridges route 127/8" },
	{ "guard", "iifname @bridges ip saddr != 0.0.0.0 ip saddr . iifname != @nets4 drop",
	  "forged by a container" },
	{ "guard",
	  "iifname @bridges ip6 saddr != :: ip6 saddr != fe80::/10 ip6 saddr . iifname != @nets6 drop",
	  "forged by a container" },
	{ "guard", "iifname @bridges icmpv6 type nd-router-advert drop",
	  "containers are no routers of the host" },

	{ "dstnat", "fib daddr type local jump publish", NULL },
	{ "localnat", "fib daddr type local jump publish", NULL },

	{ "forward", "ct state established,related accept", NULL },
	{ "forward", "oifname @bridges goto into", NULL },
	{ "forward", "iifname @bridges goto outof", NULL },

	{ "srcnat", "oifname @bridges goto inward", NULL },
	{ "srcnat", "ip saddr @subnets4 masquerade", NULL },
	{ "srcnat", "ip6 saddr @subnets6 masquerade", NULL },
};

static void add_sets(struct fwc_table *table)
{
	for (size_t i = 0; i < FWC_ARRAY_SIZE(sets); i++) {
		/* Elements are the networks: they come and go without this declaration. */
		const struct fwc_set_opts opts = { .size = sizeof(opts),
						   .flags = sets[i].flags | FWC_SET_STATE,
						   .data_type = sets[i].data };

		(void)fwc_table_add_set(table, sets[i].name, sets[i].key, &opts);
	}
}

static void add_chains(struct fwc_table *table)
{
	for (size_t i = 0; i < FWC_ARRAY_SIZE(chains); i++) {
		const struct fwc_base_opts base = { .size = sizeof(base),
						    .type = chains[i].type,
						    .hook = chains[i].hook,
						    .policy = FWC_VERDICT_ACCEPT,
						    .priority = chains[i].priority };

		(void)fwc_table_add_chain(table, chains[i].name, chains[i].priority ? &base : NULL);
	}
}

static void add_rules(struct fwc_ruleset *ruleset, const char *table)
{
	for (size_t i = 0; i < FWC_ARRAY_SIZE(rules); i++) {
		struct fwc_chain *chain =
			fwc_ruleset_find_chain(ruleset, FWC_FAMILY_INET, table, rules[i].chain);
		struct fwc_rule *rule = fwc_chain_append_text(chain, FWC_SYNTAX_NFT, rules[i].text);

		if (rules[i].comment)
			(void)fwc_rule_comment(rule, rules[i].comment);
	}
}

int fwc_network_rules(const struct fwc_kernel *kernel, struct fwc_ruleset **ret,
		      struct fwc_error *err)
{
	struct fwc_ruleset *ruleset = fwc_ruleset_new();
	struct fwc_table *table;
	char name[48];
	int r;

	if (!ruleset)
		return fwc_fail_memory(err);
	fwc_network_table(kernel, name);
	table = fwc_ruleset_add_table(ruleset, FWC_FAMILY_INET, name, 0);
	add_sets(table);
	add_chains(table);
	add_rules(ruleset, name);
	r = fwc_ruleset_error(ruleset, err);
	if (r < 0) {
		fwc_ruleset_free(ruleset);
		return r;
	}
	*ret = ruleset;
	return 0;
}
