/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <linux/netfilter/nf_tables.h>

#include <fwcore/ruleset.h>
#include <fwcore/set.h>
#include <fwcore/target.h>

#include "text/words.h"

#define END                                                                                        \
	{                                                                                          \
		NULL, 0                                                                            \
	}

const struct fwc_symbol fwc_words_verdict[] = {
	{ "accept", FWC_VERDICT_ACCEPT },
	{ "drop", FWC_VERDICT_DROP },
	{ "return", FWC_VERDICT_RETURN },
	{ "continue", FWC_VERDICT_CONTINUE },
	{ "jump", FWC_VERDICT_JUMP },
	{ "goto", FWC_VERDICT_GOTO },
	END,
};

const struct fwc_symbol fwc_words_log_level[] = {
	{ "emerg", 0 },  { "alert", 1 }, { "crit", 2 },  { "err", 3 },   { "warn", 4 },
	{ "notice", 5 }, { "info", 6 },  { "debug", 7 }, { "audit", 8 }, END,
};

const struct fwc_symbol fwc_words_nat_flag[] = {
	{ "random", FWC_NAT_RANDOM },
	{ "fully-random", FWC_NAT_FULLY_RANDOM },
	{ "persistent", FWC_NAT_PERSISTENT },
	END,
};

const struct fwc_symbol fwc_words_rate_unit[] = {
	{ "second", 1 },  { "minute", 60 },   { "hour", 3600 },
	{ "day", 86400 }, { "week", 604800 }, END,
};

const struct fwc_symbol fwc_words_bytes_unit[] = {
	{ "bytes", 1 },
	{ "kbytes", 1024 },
	{ "mbytes", 1024 * 1024 },
	END,
};

static const struct fwc_symbol icmpx_code[] = {
	{ "no-route", NFT_REJECT_ICMPX_NO_ROUTE },
	{ "port-unreachable", NFT_REJECT_ICMPX_PORT_UNREACH },
	{ "host-unreachable", NFT_REJECT_ICMPX_HOST_UNREACH },
	{ "admin-prohibited", NFT_REJECT_ICMPX_ADMIN_PROHIBITED },
	END,
};

const struct fwc_symbol *fwc_words_reject_code(uint32_t with)
{
	const char *type = with == FWC_REJECT_ICMPV4 ? "icmp_code" : "icmpv6_code";

	return with == FWC_REJECT_ICMPX ? icmpx_code
					: fwc_type_by_name(type, strlen(type))->symbols;
}

const struct fwc_symbol fwc_words_hook[] = {
	{ "prerouting", FWC_HOOK_PREROUTING },   { "input", FWC_HOOK_INPUT },
	{ "forward", FWC_HOOK_FORWARD },         { "output", FWC_HOOK_OUTPUT },
	{ "postrouting", FWC_HOOK_POSTROUTING }, { "ingress", FWC_HOOK_INGRESS },
	{ "egress", FWC_HOOK_EGRESS },           END,
};

const struct fwc_symbol fwc_words_chain_type[] = {
	{ "filter", FWC_CHAIN_FILTER },
	{ "nat", FWC_CHAIN_NAT },
	{ "route", FWC_CHAIN_ROUTE },
	END,
};

const struct fwc_symbol fwc_words_synproxy_flag[] = {
	{ "timestamp", FWC_SYNPROXY_TIMESTAMP },
	{ "sack-perm", FWC_SYNPROXY_SACK_PERM },
	END,
};

const struct fwc_symbol fwc_words_flowtable_flag[] = {
	{ "offload", FWC_FLOWTABLE_OFFLOAD },
	{ "counter", FWC_FLOWTABLE_COUNTER },
	END,
};

const struct fwc_symbol fwc_words_queue_flag[] = {
	{ "bypass", FWC_QUEUE_BYPASS },
	{ "fanout", FWC_QUEUE_FANOUT },
	END,
};

const struct fwc_symbol fwc_words_set_flag[] = {
	{ "constant", FWC_SET_CONSTANT }, { "dynamic", FWC_SET_DYNAMIC },
	{ "interval", FWC_SET_INTERVAL }, { "timeout", FWC_SET_TIMEOUT },
	{ "state", FWC_SET_STATE },       END,
};

const struct fwc_symbol fwc_words_table_flag[] = {
	{ "shared", FWC_TABLE_SHARED },
	{ "dormant", FWC_TABLE_DORMANT },
	{ "owner", FWC_TABLE_OWNER },
	{ "persist", FWC_TABLE_PERSIST },
	END,
};

const struct fwc_symbol *fwc_words_bytes_unit_of(uint64_t bytes)
{
	const struct fwc_symbol *unit = fwc_words_bytes_unit;

	while (unit[1].name && bytes && bytes % unit[1].value == 0)
		unit++;
	return unit;
}

const char *fwc_word_of(const struct fwc_symbol *words, uint64_t value)
{
	for (; words->name; words++)
		if (words->value == value)
			return words->name;
	return NULL;
}

bool fwc_word_find(const struct fwc_symbol *words, const char *text, size_t len, uint64_t *ret)
{
	for (; words->name; words++)
		if (strlen(words->name) == len && !memcmp(words->name, text, len)) {
			*ret = words->value;
			return true;
		}
	return false;
}
