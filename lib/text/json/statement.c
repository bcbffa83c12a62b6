/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "text/json/statement.h"

#include "text/words.h"

const struct fwc_symbol fwc_json_log_flags[] = {
	{ "tcp sequence", 1 }, { "tcp options", 2 }, { "ip options", 4 },
	{ "skuid", 8 },        { "ether", 32 },      { NULL, 0 },
};

/* A translation of prefixes is said twice: nft asks for both. */
static const struct fwc_symbol nat_type_flag[] = { { "prefix", FWC_NAT_PREFIX }, { NULL, 0 } };

const struct fwc_symbol fwc_json_nat_flags[] = {
	{ "random", FWC_NAT_RANDOM },
	{ "fully-random", FWC_NAT_FULLY_RANDOM },
	{ "persistent", FWC_NAT_PERSISTENT },
	{ "netmap", FWC_NAT_PREFIX },
	{ NULL, 0 },
};

#define NAT_KEYS                                                                                   \
	{ "family", FWC_NAT_FAMILY, FWC_JSON_KEY_FAMILY, NULL, " " },                              \
		{ "type_flags", FWC_NAT_FLAGS, FWC_JSON_KEY_FLAGS, nat_type_flag, " ", " " },      \
		{ "addr", FWC_NAT_ADDR, FWC_JSON_KEY_VALUE, NULL, " to " },                        \
		{ "port", FWC_NAT_PORT, FWC_JSON_KEY_VALUE, NULL, ":" },                           \
	{                                                                                          \
		"flags", FWC_NAT_FLAGS, FWC_JSON_KEY_FLAGS, fwc_json_nat_flags, " ", ","           \
	}
#define PORT_KEYS                                                                                  \
	{ "port", FWC_NAT_PORT, FWC_JSON_KEY_VALUE, NULL, " to :" },                               \
	{                                                                                          \
		"flags", FWC_NAT_FLAGS, FWC_JSON_KEY_FLAGS, fwc_json_nat_flags, " ", ","           \
	}

/* In the order in which nft writes their words. */
static const struct fwc_json_statement_row statements[] = {
	{ FWC_TARGET_LOG,
	  "log",
	  { { "prefix", FWC_LOG_PREFIX, FWC_JSON_KEY_TEXT, NULL, " prefix " },
	    { "group", FWC_LOG_GROUP, FWC_JSON_KEY_NUMBER, NULL, " group " },
	    { "snaplen", FWC_LOG_SNAPLEN, FWC_JSON_KEY_NUMBER, NULL, " snaplen " },
	    { "queue-threshold", FWC_LOG_QUEUE_THRESHOLD, FWC_JSON_KEY_NUMBER, NULL,
	      " queue-threshold " },
	    { "level", FWC_LOG_LEVEL, FWC_JSON_KEY_WORD, fwc_words_log_level, " level " },
	    { "flags", FWC_LOG_FLAGS, FWC_JSON_KEY_FLAGS, fwc_json_log_flags, " flags ",
	      " flags " } } },
	{ FWC_TARGET_MASQUERADE, "masquerade", { PORT_KEYS } },
	{ FWC_TARGET_REDIRECT, "redirect", { PORT_KEYS } },
	{ FWC_TARGET_SNAT, "snat", { NAT_KEYS } },
	{ FWC_TARGET_DNAT, "dnat", { NAT_KEYS } },
	{ FWC_TARGET_CONNLIMIT,
	  "ct count",
	  { { "inv", FWC_CONNLIMIT_OVER, FWC_JSON_KEY_TRUE, NULL, " over" },
	    { "val", FWC_CONNLIMIT_COUNT, FWC_JSON_KEY_NEEDED, NULL, " " } } },
	{ FWC_TARGET_NOTRACK, "notrack", { { NULL } } },
	{ FWC_TARGET_SYNPROXY,
	  "synproxy",
	  { { "mss", FWC_SYNPROXY_MSS, FWC_JSON_KEY_NUMBER, NULL, " mss " },
	    { "wscale", FWC_SYNPROXY_WSCALE, FWC_JSON_KEY_NUMBER, NULL, " wscale " },
	    { "flags", FWC_SYNPROXY_FLAGS, FWC_JSON_KEY_FLAGS, fwc_words_synproxy_flag, " ",
	      " " } } },
	{ FWC_TARGET_TPROXY,
	  "tproxy",
	  { { "family", FWC_TPROXY_FAMILY, FWC_JSON_KEY_FAMILY, NULL, " " },
	    { "addr", FWC_TPROXY_ADDR, FWC_JSON_KEY_VALUE, NULL, " to " },
	    { "port", FWC_TPROXY_PORT, FWC_JSON_KEY_VALUE, NULL, ":" } } },
	{ FWC_TARGET_FWD,
	  "fwd",
	  { { "family", FWC_FWD_FAMILY, FWC_JSON_KEY_FAMILY, NULL, " " },
	    { "addr", FWC_FWD_ADDR, FWC_JSON_KEY_VALUE, NULL, " to " },
	    { "dev", FWC_FWD_DEVICE, FWC_JSON_KEY_VALUE, NULL, " device " } } },
};

static const struct fwc_json_statement_row objects[] = {
	{ FWC_TARGET_COUNTER,
	  "counter",
	  { { "packets", FWC_COUNTER_PACKETS, FWC_JSON_KEY_STATE, NULL, " packets " },
	    { "bytes", FWC_COUNTER_BYTES, FWC_JSON_KEY_STATE, NULL, " bytes " } } },
	{ FWC_TARGET_QUOTA,
	  "quota",
	  { { "inv", FWC_QUOTA_OVER, FWC_JSON_KEY_TRUE, NULL, " over" },
	    { "bytes", FWC_QUOTA_BYTES, FWC_JSON_KEY_NUMBER, NULL, " " },
	    { "used", FWC_QUOTA_USED, FWC_JSON_KEY_STATE, NULL, " bytes used " } } },
	{ FWC_TARGET_CT_HELPER,
	  "ct helper",
	  { { "type", FWC_CT_HELPER_TYPE, FWC_JSON_KEY_TEXT, NULL, " type " },
	    { "protocol", FWC_CT_HELPER_PROTOCOL, FWC_JSON_KEY_PROTOCOL, NULL, " protocol " },
	    { "l3proto", FWC_CT_HELPER_FAMILY, FWC_JSON_KEY_FAMILY, NULL, "; l3proto " } } },
	{ FWC_TARGET_CT_EXPECTATION,
	  "ct expectation",
	  { { "protocol", FWC_CT_EXPECTATION_PROTOCOL, FWC_JSON_KEY_PROTOCOL, NULL, " protocol " },
	    { "dport", FWC_CT_EXPECTATION_DPORT, FWC_JSON_KEY_NUMBER, NULL, "; dport " },
	    { "timeout", FWC_CT_EXPECTATION_TIMEOUT_MS, FWC_JSON_KEY_SECONDS, NULL, "; timeout " },
	    { "size", FWC_CT_EXPECTATION_SIZE, FWC_JSON_KEY_NUMBER, NULL, "; size " },
	    { "l3proto", FWC_CT_EXPECTATION_FAMILY, FWC_JSON_KEY_FAMILY, NULL, "; l3proto " } } },
	{ FWC_TARGET_SYNPROXY,
	  "synproxy",
	  { { "mss", FWC_SYNPROXY_MSS, FWC_JSON_KEY_NUMBER, NULL, " mss " },
	    { "wscale", FWC_SYNPROXY_WSCALE, FWC_JSON_KEY_NUMBER, NULL, "; wscale " },
	    { "flags", FWC_SYNPROXY_FLAGS, FWC_JSON_KEY_FLAGS, fwc_words_synproxy_flag, "; ",
	      " " } } },
	{ FWC_TARGET_SECMARK,
	  "secmark",
	  { { "context", FWC_SECMARK_CONTEXT, FWC_JSON_KEY_TEXT, NULL, " " } } },
};

static const struct fwc_json_statement_row *find(const struct fwc_json_statement_row *rows,
						 size_t count, uint32_t kind, const char *name)
{
	for (size_t i = 0; i < count; i++)
		if (name ? !strcmp(rows[i].name, name) : rows[i].kind == kind)
			return &rows[i];
	return NULL;
}

const struct fwc_json_statement_row *fwc_json_statement_of(uint32_t kind)
{
	return find(statements, FWC_ARRAY_SIZE(statements), kind, NULL);
}

const struct fwc_json_statement_row *fwc_json_statement_named(const char *name)
{
	return find(statements, FWC_ARRAY_SIZE(statements), 0, name);
}

const struct fwc_json_statement_row *fwc_json_object_of(uint32_t kind)
{
	return find(objects, FWC_ARRAY_SIZE(objects), kind, NULL);
}
