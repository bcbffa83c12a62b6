/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The words that ip(8) has for rtnetlink's numbers. */
#include <linux/if.h>
#include <linux/if_arp.h>
#include <linux/rtnetlink.h>

#include "route/interfaces.h"
#include "route/routes.h"

struct word {
	uint32_t number;
	const char *text;
};

/* As ip 6.1 names them on a tun device whose type is set with TUNSETLINK. */
static const struct word link_types[] = {
	{ ARPHRD_NETROM, "netrom" },
	{ ARPHRD_ETHER, "ether" },
	{ ARPHRD_EETHER, "eether" },
	{ ARPHRD_AX25, "ax25" },
	{ ARPHRD_PRONET, "pronet" },
	{ ARPHRD_CHAOS, "chaos" },
	{ ARPHRD_IEEE802, "ieee802" },
	{ ARPHRD_ARCNET, "arcnet" },
	{ ARPHRD_APPLETLK, "atalk" },
	{ ARPHRD_DLCI, "dlci" },
	{ ARPHRD_ATM, "atm" },
	{ ARPHRD_METRICOM, "metricom" },
	{ ARPHRD_IEEE1394, "ieee1394" },
	{ ARPHRD_INFINIBAND, "infiniband" },
	{ ARPHRD_SLIP, "slip" },
	{ ARPHRD_CSLIP, "cslip" },
	{ ARPHRD_SLIP6, "slip6" },
	{ ARPHRD_CSLIP6, "cslip6" },
	{ ARPHRD_RSRVD, "rsrvd" },
	{ ARPHRD_ADAPT, "adapt" },
	{ ARPHRD_ROSE, "rose" },
	{ ARPHRD_X25, "x25" },
	{ ARPHRD_HWX25, "hwx25" },
	{ ARPHRD_CAN, "can" },
	{ ARPHRD_PPP, "ppp" },
	{ ARPHRD_HDLC, "hdlc" },
	{ ARPHRD_LAPB, "lapb" },
	{ ARPHRD_DDCMP, "ddcmp" },
	{ ARPHRD_RAWHDLC, "rawhdlc" },
	{ ARPHRD_TUNNEL, "ipip" },
	{ ARPHRD_TUNNEL6, "tunnel6" },
	{ ARPHRD_FRAD, "frad" },
	{ ARPHRD_SKIP, "skip" },
	{ ARPHRD_LOOPBACK, "loopback" },
	{ ARPHRD_LOCALTLK, "ltalk" },
	{ ARPHRD_FDDI, "fddi" },
	{ ARPHRD_BIF, "bif" },
	{ ARPHRD_SIT, "sit" },
	{ ARPHRD_IPDDP, "ip/ddp" },
	{ ARPHRD_IPGRE, "gre" },
	{ ARPHRD_PIMREG, "pimreg" },
	{ ARPHRD_HIPPI, "hippi" },
	{ ARPHRD_ASH, "ash" },
	{ ARPHRD_ECONET, "econet" },
	{ ARPHRD_IRDA, "irda" },
	{ ARPHRD_FCPP, "fcpp" },
	{ ARPHRD_FCAL, "fcal" },
	{ ARPHRD_FCPL, "fcpl" },
	{ ARPHRD_FCFABRIC, "fcfb0" },
	{ ARPHRD_FCFABRIC + 1, "fcfb1" },
	{ ARPHRD_FCFABRIC + 2, "fcfb2" },
	{ ARPHRD_FCFABRIC + 3, "fcfb3" },
	{ ARPHRD_FCFABRIC + 4, "fcfb4" },
	{ ARPHRD_FCFABRIC + 5, "fcfb5" },
	{ ARPHRD_FCFABRIC + 6, "fcfb6" },
	{ ARPHRD_FCFABRIC + 7, "fcfb7" },
	{ ARPHRD_FCFABRIC + 8, "fcfb8" },
	{ ARPHRD_FCFABRIC + 9, "fcfb9" },
	{ ARPHRD_FCFABRIC + 10, "fcfb10" },
	{ ARPHRD_FCFABRIC + 11, "fcfb11" },
	{ ARPHRD_FCFABRIC + 12, "fcfb12" },
	{ ARPHRD_IEEE802_TR, "tr" },
	{ ARPHRD_IEEE80211, "ieee802.11" },
	{ ARPHRD_IEEE80211_PRISM, "ieee802.11/prism" },
	{ ARPHRD_IEEE80211_RADIOTAP, "ieee802.11/radiotap" },
	{ ARPHRD_IEEE802154, "ieee802.15.4" },
	{ ARPHRD_IEEE802154_MONITOR, "ieee802.15.4/monitor" },
	{ ARPHRD_PHONET, "phonet" },
	{ ARPHRD_PHONET_PIPE, "phonet_pipe" },
	{ ARPHRD_CAIF, "caif" },
	{ ARPHRD_IP6GRE, "gre6" },
	{ ARPHRD_NETLINK, "netlink" },
	{ ARPHRD_6LOWPAN, "6lowpan" },
	{ ARPHRD_NONE, "none" },
	{ ARPHRD_VOID, "void" },
};

static const struct word states[] = {
	{ IF_OPER_UNKNOWN, "UNKNOWN" }, { IF_OPER_NOTPRESENT, "NOTPRESENT" },
	{ IF_OPER_DOWN, "DOWN" },       { IF_OPER_LOWERLAYERDOWN, "LOWERLAYERDOWN" },
	{ IF_OPER_TESTING, "TESTING" }, { IF_OPER_DORMANT, "DORMANT" },
	{ IF_OPER_UP, "UP" },
};

static const struct word scopes[] = {
	{ RT_SCOPE_UNIVERSE, "global" }, { RT_SCOPE_SITE, "site" },       { RT_SCOPE_LINK, "link" },
	{ RT_SCOPE_HOST, "host" },       { RT_SCOPE_NOWHERE, "nowhere" },
};

static const struct word route_types[] = {
	{ RTN_UNICAST, "unicast" },     { RTN_LOCAL, "local" },
	{ RTN_BROADCAST, "broadcast" }, { RTN_ANYCAST, "anycast" },
	{ RTN_MULTICAST, "multicast" }, { RTN_BLACKHOLE, "blackhole" },
	{ RTN_PROHIBIT, "prohibit" },   { RTN_UNREACHABLE, "unreachable" },
	{ RTN_THROW, "throw" },
};

/* As /etc/iproute2/rt_protos of iproute2 6.1 names them. */
static const struct word route_protocols[] = {
	{ RTPROT_REDIRECT, "redirect" }, { RTPROT_KERNEL, "kernel" }, { RTPROT_BOOT, "boot" },
	{ RTPROT_STATIC, "static" },     { RTPROT_GATED, "gated" },   { RTPROT_RA, "ra" },
	{ RTPROT_MRT, "mrt" },           { RTPROT_ZEBRA, "zebra" },   { RTPROT_BIRD, "bird" },
	{ RTPROT_DNROUTED, "dnrouted" }, { RTPROT_XORP, "xorp" },     { RTPROT_NTK, "ntk" },
	{ RTPROT_DHCP, "dhcp" },         { 18, "keepalived" },        { RTPROT_BABEL, "babel" },
	{ RTPROT_BGP, "bgp" },           { RTPROT_ISIS, "isis" },     { RTPROT_OSPF, "ospf" },
	{ RTPROT_RIP, "rip" },           { RTPROT_EIGRP, "eigrp" },
};

static const char *find(const struct word *words, size_t count, uint32_t number)
{
	for (size_t i = 0; i < count; i++)
		if (words[i].number == number)
			return words[i].text;
	return NULL;
}

const char *fwc_link_type_name(uint32_t type)
{
	return find(link_types, FWC_ARRAY_SIZE(link_types), type);
}

const char *fwc_link_state_name(uint8_t state)
{
	return find(states, FWC_ARRAY_SIZE(states), state);
}

const char *fwc_scope_name(uint32_t scope)
{
	return find(scopes, FWC_ARRAY_SIZE(scopes), scope);
}

const char *fwc_route_type_name(uint32_t type)
{
	const char *name = find(route_types, FWC_ARRAY_SIZE(route_types), type);

	return name ? name : "";
}

const char *fwc_route_protocol_name(uint32_t protocol)
{
	const char *name = find(route_protocols, FWC_ARRAY_SIZE(route_protocols), protocol);

	return name ? name : "";
}
