/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "text/json/field.h"

#include <linux/netfilter/nf_tables.h>

#define NAME                                                                                       \
	{                                                                                          \
		"name", FWC_JSON_WORD                                                              \
	}
#define FIELD                                                                                      \
	{                                                                                          \
		"field", FWC_JSON_REST                                                             \
	}
#define KEY                                                                                        \
	{                                                                                          \
		"key", FWC_JSON_REST                                                               \
	}
#define FAMILY                                                                                     \
	{                                                                                          \
		"family", FWC_JSON_WORD, true, NULL,                                               \
		{                                                                                  \
			"ip", "ip6"                                                                \
		}                                                                                  \
	}
#define AFTER(key_, form_, optional_, before_)                                                     \
	{                                                                                          \
		key_, form_, optional_, before_                                                    \
	}
#define FIXED(key_, number)                                                                        \
	{                                                                                          \
		key_, FWC_JSON_FIXED, false, "", { NULL }, number                                  \
	}
/* `@th,16,8` */
#define RAW AFTER("offset", FWC_JSON_NUMBER, false, ","), AFTER("len", FWC_JSON_NUMBER, false, ",")
#define MODULUS                                                                                    \
	AFTER("mod", FWC_JSON_NUMBER, false, " mod "),                                             \
		AFTER("offset", FWC_JSON_NUMBER, true, " offset ")

/* The first row that a field's words fit is its form; of an object in JSON the first whose keys are there. */
const struct fwc_json_field_row fwc_json_fields[] = {
	{ "payload",
	  "@",
	  FWC_LOAD_PAYLOAD,
	  -1,
	  false,
	  { AFTER("base", FWC_JSON_WORD, false, ""), RAW } },
	{ "payload",
	  "",
	  FWC_LOAD_PAYLOAD,
	  -1,
	  false,
	  { AFTER("protocol", FWC_JSON_WORD, false, ""), FIELD } },
	/* `vxlan vni`, and then `vxlan ip saddr` */
	{ "payload",
	  "",
	  FWC_LOAD_INNER,
	  -1,
	  false,
	  { AFTER("protocol", FWC_JSON_WORD, false, ""),
	    { "tunnel", FWC_JSON_AGAIN },
	    { "field", FWC_JSON_WORD } } },
	{ "payload",
	  "",
	  FWC_LOAD_INNER,
	  -1,
	  false,
	  { AFTER("tunnel", FWC_JSON_WORD, false, ""), { "protocol", FWC_JSON_WORD }, FIELD } },
	{ "meta", "meta", FWC_LOAD_META, -1, false, { KEY } },
	{ "ct",
	  "ct",
	  FWC_LOAD_CT,
	  -1,
	  false,
	  { { "dir", FWC_JSON_WORD, true, NULL, { "original", "reply" } }, KEY } },
	{ "fib",
	  "fib",
	  FWC_LOAD_FIB,
	  -1,
	  false,
	  { { "flags", FWC_JSON_DOTTED }, { "result", FWC_JSON_WORD } } },
	{ "exthdr", "exthdr", FWC_LOAD_EXTHDR, NFT_EXTHDR_OP_IPV6, true, { NAME } },
	{ "exthdr",
	  "",
	  FWC_LOAD_EXTHDR,
	  NFT_EXTHDR_OP_IPV6,
	  false,
	  { AFTER("name", FWC_JSON_WORD, false, ""), FIELD } },
	{ "tcp option",
	  "tcp option @",
	  FWC_LOAD_EXTHDR,
	  NFT_EXTHDR_OP_TCPOPT,
	  false,
	  { AFTER("base", FWC_JSON_NUMBER, false, ""), RAW } },
	{ "tcp option",
	  "tcp option",
	  FWC_LOAD_EXTHDR,
	  NFT_EXTHDR_OP_TCPOPT,
	  true,
	  { { "base", FWC_JSON_NUMBER }, FIXED("offset", 0), FIXED("len", 8) } },
	{ "tcp option",
	  "tcp option",
	  FWC_LOAD_EXTHDR,
	  NFT_EXTHDR_OP_TCPOPT,
	  false,
	  { NAME, FIELD } },
	{ "tcp option", "tcp option", FWC_LOAD_EXTHDR, NFT_EXTHDR_OP_TCPOPT, true, { NAME } },
	{ "ip option", "ip option", FWC_LOAD_EXTHDR, NFT_EXTHDR_OP_IPV4, false, { NAME, FIELD } },
	{ "ip option", "ip option", FWC_LOAD_EXTHDR, NFT_EXTHDR_OP_IPV4, true, { NAME } },
	{ "sctp chunk", "sctp chunk", FWC_LOAD_EXTHDR, NFT_EXTHDR_OP_SCTP, false, { NAME, FIELD } },
	{ "sctp chunk", "sctp chunk", FWC_LOAD_EXTHDR, NFT_EXTHDR_OP_SCTP, true, { NAME } },
	{ "dccp option",
	  "dccp option",
	  FWC_LOAD_EXTHDR,
	  NFT_EXTHDR_OP_DCCP,
	  true,
	  { { "type", FWC_JSON_NUMBER } } },
	{ "rt", "rt", FWC_LOAD_RT, -1, false, { FAMILY, KEY } },
	{ "socket",
	  "socket",
	  FWC_LOAD_SOCKET,
	  -1,
	  false,
	  { { "key", FWC_JSON_WORD }, AFTER("level", FWC_JSON_NUMBER, true, " level ") } },
	{ "osf",
	  "osf",
	  FWC_LOAD_OSF,
	  -1,
	  false,
	  { AFTER("ttl", FWC_JSON_WORD, true, " ttl "), KEY } },
	{ "ipsec",
	  "ipsec",
	  FWC_LOAD_XFRM,
	  -1,
	  false,
	  { { "dir", FWC_JSON_WORD },
	    AFTER("spnum", FWC_JSON_NUMBER, true, " spnum "),
	    FAMILY,
	    KEY } },
	{ "tunnel", "tunnel", FWC_LOAD_TUNNEL, -1, false, { KEY } },
	{ "numgen", "numgen", FWC_LOAD_NUMGEN, -1, false, { { "mode", FWC_JSON_WORD }, MODULUS } },
	{ "symhash", "symhash", FWC_LOAD_HASH, -1, false, { MODULUS } },
};

const size_t fwc_json_fields_count = FWC_ARRAY_SIZE(fwc_json_fields);
