/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Which option of the kernel's configuration brings an expression: for errors that say what is missing. */
#include "nft/nft.h"

static const struct {
	const char *expression, *option;
	uint32_t family; /* 0: all others */
} options[] = {
	{ "ct", "CONFIG_NF_CONNTRACK_BRIDGE", FWC_FAMILY_BRIDGE },
	{ "ct", "CONFIG_NFT_CT", 0 },
	{ "meta", "CONFIG_NFT_BRIDGE_META", FWC_FAMILY_BRIDGE },
	{ "fib", "CONFIG_NFT_FIB_IPV4", FWC_FAMILY_IP },
	{ "fib", "CONFIG_NFT_FIB_IPV6", FWC_FAMILY_IP6 },
	{ "fib", "CONFIG_NFT_FIB_INET", FWC_FAMILY_INET },
	{ "fib", "CONFIG_NFT_FIB_NETDEV", FWC_FAMILY_NETDEV },
	{ "flow_offload", "CONFIG_NFT_FLOW_OFFLOAD", 0 },
	{ "connlimit", "CONFIG_NFT_CONNLIMIT", 0 },
	{ "hash", "CONFIG_NFT_HASH", 0 },
	{ "limit", "CONFIG_NFT_LIMIT", 0 },
	{ "log", "CONFIG_NFT_LOG", 0 },
	{ "masq", "CONFIG_NFT_MASQ", 0 },
	{ "nat", "CONFIG_NFT_NAT", 0 },
	{ "redir", "CONFIG_NFT_REDIR", 0 },
	{ "reject", "CONFIG_NFT_REJECT_NETDEV", FWC_FAMILY_NETDEV },
	{ "reject", "CONFIG_NFT_BRIDGE_REJECT", FWC_FAMILY_BRIDGE },
	{ "reject", "CONFIG_NFT_REJECT", 0 },
	{ "match", "CONFIG_NFT_COMPAT", 0 },
	{ "target", "CONFIG_NFT_COMPAT", 0 },
	{ "numgen", "CONFIG_NFT_NUMGEN", 0 },
	{ "osf", "CONFIG_NFT_OSF", 0 },
	{ "queue", "CONFIG_NFT_QUEUE", 0 },
	{ "quota", "CONFIG_NFT_QUOTA", 0 },
	{ "socket", "CONFIG_NFT_SOCKET", 0 },
	{ "synproxy", "CONFIG_NFT_SYNPROXY", 0 },
	{ "tproxy", "CONFIG_NFT_TPROXY", 0 },
	{ "tunnel", "CONFIG_NFT_TUNNEL", 0 },
	{ "xfrm", "CONFIG_NFT_XFRM", 0 },
	{ "dup", "CONFIG_NFT_DUP_IPV4", FWC_FAMILY_IP },
	{ "dup", "CONFIG_NFT_DUP_IPV6", FWC_FAMILY_IP6 },
	{ "dup", "CONFIG_NFT_DUP_NETDEV", FWC_FAMILY_NETDEV },
	{ "fwd", "CONFIG_NFT_FWD_NETDEV", 0 },
};

const char *fwc_nft_kconfig(const char *expression, uint32_t family)
{
	for (size_t i = 0; i < FWC_ARRAY_SIZE(options); i++)
		if (!strcmp(options[i].expression, expression) &&
		    (!options[i].family || options[i].family == family))
			return options[i].option;
	return "";
}
