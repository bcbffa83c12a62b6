/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "fields/tunnels.h"

#include <netinet/in.h>

#include <linux/netfilter/nf_tables.h>

#include <fwcore/value.h>

/* enum nft_inner_flags, Linux 6.2 */
enum { HEADER = 1, LINK = 2, NETWORK = 4, TRANSPORT = 8 };

static const struct fwc_tunnel_row tunnels[] = {
	{ FWC_TUNNEL_VXLAN, "vxlan", IPPROTO_UDP, true, 8, HEADER | LINK | NETWORK | TRANSPORT,
	  FWC_FAMILY_BRIDGE },
	{ FWC_TUNNEL_GENEVE, "geneve", IPPROTO_UDP, true, 8, HEADER | LINK | NETWORK | TRANSPORT,
	  FWC_FAMILY_BRIDGE },
	{ FWC_TUNNEL_GRE, "gre", IPPROTO_GRE, false, 4, NETWORK | TRANSPORT, FWC_FAMILY_NETDEV },
	{ FWC_TUNNEL_GRETAP, "gretap", IPPROTO_GRE, false, 4, LINK | NETWORK | TRANSPORT,
	  FWC_FAMILY_BRIDGE },
};

const struct fwc_tunnel_row *fwc_tunnel_row(uint32_t tunnel)
{
	for (size_t i = 0; i < FWC_ARRAY_SIZE(tunnels); i++)
		if (tunnels[i].tunnel == tunnel)
			return &tunnels[i];
	return NULL;
}

bool fwc_tunnel_has(const struct fwc_tunnel_row *t, const struct fwc_field_row *f)
{
	/* What the kernel looks at to know which packet it is. */
	if (f->load == FWC_LOAD_META)
		return f->key == NFT_META_PROTOCOL || f->key == NFT_META_L4PROTO;
	if (f->load != FWC_LOAD_PAYLOAD)
		return false;
	return f->base == NFT_PAYLOAD_LL_HEADER        ? t->flags & LINK && !f->made
	       : f->base == NFT_PAYLOAD_NETWORK_HEADER ? t->flags & NETWORK && !f->made
						       : f->base == NFT_PAYLOAD_TRANSPORT_HEADER;
}
