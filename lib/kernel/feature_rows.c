/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The table of features.
 *
 * A row is asked as it stands, in words; so whatever is listed as present this version can also write. Where a kernel
 * takes something and ignores it (attributes that it does not know), asking tells nothing: that has no row. */
#include "kernel/feature_rows.h"

#include <string.h>

#define INPUT "type filter hook input priority filter;"
#define FORWARD "type filter hook forward priority filter;"
#define OUTPUT "type filter hook output priority filter;"
#define PREROUTING "type filter hook prerouting priority filter;"
#define SRCNAT "type nat hook postrouting priority srcnat;"
#define DSTNAT "type nat hook prerouting priority dstnat;"
#define INGRESS "type filter hook ingress device lo priority filter;"

const struct fwc_feature_row fwc_feature_rows[] = {
	/* families and chains */
	{ "family ip", "tables of IPv4", "3.13", "", "ip", "", NULL,
	  "add chain ip t c { " INPUT " }" },
	{ "family ip6", "tables of IPv6", "3.13", "", "ip6", "", NULL,
	  "add chain ip6 t c { " INPUT " }" },
	{ "family inet", "tables of IPv4 and IPv6", "3.14", "", "inet", "", NULL,
	  "add chain inet t c { " INPUT " }" },
	{ "family arp", "tables of ARP", "3.13", "", "arp", "", NULL,
	  "add chain arp t c { " INPUT " }" },
	{ "family bridge", "tables of bridges", "3.13", "", "bridge", "", NULL,
	  "add chain bridge t c { " INPUT " }" },
	{ "family netdev", "tables of devices", "4.2", "", "netdev", "", NULL,
	  "add chain netdev t c { " INGRESS " }" },
	{ "netdev egress", "chains for what leaves a device", "5.16", "", "netdev", "", NULL,
	  "add chain netdev t c { type filter hook egress device lo priority filter; }" },
	{ "inet ingress", "chains for what enters a device, in family inet", "5.10", "", "inet", "",
	  NULL, "add chain inet t c { " INGRESS " }" },
	{ "nat chain", "chains for translating addresses", "3.13", "", "ip", "", NULL,
	  "add chain ip t c { " SRCNAT " }" },
	{ "inet nat chain", "chains for translating addresses of IPv4 and IPv6", "5.2", "", "inet",
	  "", NULL, "add chain inet t c { " SRCNAT " }" },
	{ "route chain", "chains after which a packet is routed again", "3.13", "", "ip", "", NULL,
	  "add chain ip t c { type route hook output priority mangle; }" },
	/* tables */
	{ "table owner", "tables that only the program that made them can change", "5.12", "",
	  "inet", "", NULL, "add table inet t { flags owner; }" },
	{ "table persist", "tables that outlive the program that owns them", "6.9", "", "inet", "",
	  NULL, "add table inet t { flags owner,persist; }" },
	/* sets and maps */
	{ "set", "lists of addresses, ports, marks, ...", "3.13", "", "inet", "", NULL,
	  "add set inet t s { type ipv4_addr; }" },
	{ "interval set", "sets of ranges and prefixes", "3.13", "", "inet", "", NULL,
	  "add set inet t s { type ipv4_addr; flags interval; }" },
	{ "concatenation", "keys of several parts", "4.1", "", "inet", "", NULL,
	  "add set inet t s { type ipv4_addr . inet_service; }" },
	{ "interval concatenation", "keys of several parts that are ranges", "5.6", "", "inet", "",
	  NULL, "add set inet t s { type ipv4_addr . inet_service; flags interval; }" },
	{ "element timeout", "elements that go by themselves", "4.1", "", "inet", "", NULL,
	  "add set inet t s { type ipv4_addr; timeout 1h; }" },
	{ "verdict map", "maps to verdicts", "3.13", "lookup", "inet", "", INPUT,
	  "tcp dport vmap { 22 : accept, 23 : drop }" },
	{ "map", "maps to addresses, ports, marks, ...", "3.13", "lookup", "inet", "", INPUT,
	  "meta mark set tcp dport map { 22 : 0x1, 80 : 0x2 }" },
	{ "dynamic set", "sets to which packets add elements", "4.1", "dynset", "inet",
	  "add set inet t s { type ipv4_addr; flags dynamic; timeout 1m; }\n", INPUT,
	  "add @s { ip saddr }" },
	{ "dynamic delete", "sets from which packets delete elements", "5.4", "dynset", "inet",
	  "add set inet t s { type ipv4_addr; flags dynamic; timeout 1m; }\n", INPUT,
	  "delete @s { ip saddr }" },
	/* targets */
	{ "counter", "counts packets and bytes", "3.13", "counter", "inet", "", INPUT, "counter" },
	{ "limit", "matches up to a rate of packets", "3.13", "limit", "inet", "", INPUT,
	  "limit rate 10/second" },
	{ "byte limit", "matches up to or over a rate of bytes", "4.3", "limit", "inet", "", INPUT,
	  "limit rate over 10 mbytes/second" },
	{ "quota", "matches up to a number of bytes", "4.9", "quota", "inet", "", INPUT,
	  "quota over 25 mbytes" },
	{ "ct count", "matches up to a number of connections", "4.18", "connlimit", "inet", "",
	  INPUT, "ct count over 10" },
	{ "last", "remembers when a packet came last", "5.14", "last", "inet", "", INPUT, "last" },
	{ "log", "tells the kernel's log", "3.13", "log", "inet", "", INPUT, "log prefix \"x\"" },
	{ "log group", "tells a program by nfnetlink_log", "3.13", "log", "inet", "", INPUT,
	  "log group 1" },
	{ "reject", "refuses with an answer", "3.14", "reject", "inet", "", INPUT, "reject" },
	{ "bridge reject", "refuses with an answer, in bridges", "3.18", "reject", "bridge", "",
	  INPUT, "reject" },
	{ "netdev reject", "refuses with an answer, at devices", "5.11", "reject", "netdev", "",
	  INGRESS, "reject" },
	{ "queue", "hands packets to a program", "3.14", "queue", "inet", "", INPUT,
	  "queue num 1 bypass" },
	{ "masquerade", "translates to the address of the interface", "3.18", "masq", "ip", "",
	  SRCNAT, "masquerade" },
	{ "redirect", "translates to this machine", "3.19", "redir", "ip", "", DSTNAT,
	  "tcp dport 80 redirect to :8080" },
	{ "snat", "translates the source", "3.13", "nat", "ip", "", SRCNAT, "snat to 192.0.2.1" },
	{ "dnat", "translates the destination", "3.13", "nat", "ip", "", DSTNAT,
	  "tcp dport 80 dnat to 192.0.2.1:8080" },
	{ "tproxy", "gives packets to a local socket, addresses unchanged", "4.19", "tproxy", "ip",
	  "", "type filter hook prerouting priority mangle;", "tcp dport 80 tproxy to :8080" },
	{ "synproxy", "answers SYNs for a server", "5.3", "synproxy", "inet", "", INPUT,
	  "tcp dport 80 synproxy mss 1460 wscale 7" },
	{ "notrack", "connections are not tracked", "4.9", "notrack", "ip", "",
	  "type filter hook prerouting priority raw;", "notrack" },
	{ "dup", "sends a copy to another host", "4.3", "dup", "ip", "", PREROUTING,
	  "dup to 192.0.2.1" },
	{ "netdev dup", "sends a copy through another device", "4.6", "dup", "netdev", "", INGRESS,
	  "dup to \"lo\"" },
	{ "fwd", "sends on through another device", "4.6", "fwd", "netdev", "", INGRESS,
	  "fwd to \"lo\"" },
	/* metadata and connections */
	{ "meta mark", "the mark of a packet", "3.13", "meta", "inet", "", INPUT, "meta mark 0x1" },
	{ "meta mark set", "setting the mark of a packet", "3.14", "meta", "inet", "", INPUT,
	  "meta mark set 0x1" },
	{ "nftrace", "tracing what rules a packet meets", "3.14", "meta", "inet", "", INPUT,
	  "meta nftrace set 1" },
	{ "meta time", "date, day and hour", "5.4", "meta", "inet", "", INPUT,
	  "meta hour \"09:00\"-\"17:00\"" },
	{ "meta cgroup", "the net_cls cgroup of the sender", "3.18", "meta", "inet", "", OUTPUT,
	  "meta cgroup 1" },
	{ "meta sdifname", "the slave of a VRF that a packet came through", "5.6", "meta", "inet",
	  "", INPUT, "meta sdifname \"eth0\"" },
	{ "meta ibrpvid", "the VLAN that a bridge gives untagged frames", "5.3", "meta", "bridge",
	  "", PREROUTING, "meta ibrpvid 1" },
	{ "ct state", "the state of a connection", "3.13", "ct", "inet", "", INPUT,
	  "ct state established,related" },
	{ "bridge ct state", "the state of a connection, in bridges", "5.3", "ct", "bridge", "",
	  FORWARD, "ct state established" },
	{ "ct mark set", "setting the mark of a connection", "3.14", "ct", "inet", "", INPUT,
	  "ct mark set 0x1" },
	{ "ct label set", "setting labels of a connection", "4.7", "ct", "inet", "", INPUT,
	  "ct label set 1" },
	{ "ct zone set", "connection tracking in zones", "4.11", "ct", "inet", "",
	  "type filter hook prerouting priority raw;", "ct zone set 1" },
	{ "ct id", "the number of a connection", "5.1", "ct", "inet", "", INPUT, "ct id 1" },
	/* routes, sockets, fingerprints, IPsec */
	{ "fib", "what the routing table says of an address", "4.10", "fib", "inet", "", PREROUTING,
	  "fib daddr type local" },
	{ "rt", "the route of a packet", "4.10", "rt", "ip", "", OUTPUT, "rt nexthop 192.0.2.1" },
	{ "rt ipsec", "whether IPsec transforms a packet", "5.0", "rt", "inet", "", OUTPUT,
	  "rt ipsec exists" },
	{ "socket transparent", "whether a transparent socket takes a packet", "4.18", "socket",
	  "inet", "", PREROUTING, "socket transparent 1" },
	{ "socket wildcard", "whether a socket is bound to any address", "5.10", "socket", "inet",
	  "", PREROUTING, "socket wildcard 1" },
	{ "osf", "the operating system of a sender, by its SYN", "4.19", "osf", "inet", "", INPUT,
	  "osf name \"Linux\"" },
	{ "ipsec", "the IPsec state of a packet", "5.0", "xfrm", "inet", "", INPUT,
	  "ipsec in reqid 1" },
	/* generated values */
	{ "numgen", "a counter or a random number", "4.9", "numgen", "inet", "", INPUT,
	  "numgen inc mod 2 0" },
	{ "symhash", "the hash of a flow", "4.13", "hash", "inet", "", INPUT, "symhash mod 2 0" },
	{ "shift", "values that are shifted", "5.6", "bitwise", "inet", "", INPUT,
	  "meta mark set meta mark << 1" },
	/* headers and what is in them */
	{ "exthdr", "IPv6 extension headers", "3.13", "exthdr", "inet", "", INPUT,
	  "hbh nexthdr 6" },
	{ "tcp option", "options of TCP", "4.11", "exthdr", "inet", "", INPUT,
	  "tcp option maxseg size 1460" },
	{ "ip option", "options of IPv4", "5.3", "exthdr", "inet", "", INPUT,
	  "ip option rr exists" },
	{ "sctp chunk", "chunks of SCTP", "5.14", "exthdr", "inet", "", INPUT,
	  "sctp chunk init exists" },
	{ "dccp option", "options of DCCP", "6.5", "CONFIG_NFT_EXTHDR_DCCP", "inet", "", INPUT,
	  "dccp option 40 exists" },
	{ "raw inner payload", "bytes behind the transport header", "5.16", "payload", "inet", "",
	  INPUT, "@ih,0,8 1" },
	/* named objects */
	{ "named counter", "a counter that rules share", "4.10", "", "inet", "", NULL,
	  "add counter inet t o" },
	{ "named quota", "a quota that rules share", "4.10", "", "inet", "", NULL,
	  "add quota inet t o { over 25 mbytes }" },
	{ "named limit", "a limit that rules share", "4.14", "", "inet", "", NULL,
	  "add limit inet t o { rate 10/second }" },
	{ "ct helper", "protocols that open further connections", "4.12", "ct", "inet", "", NULL,
	  "add ct helper inet t o { type \"ftp\" protocol tcp; }" },
	{ "ct expectation", "connections that are let in before they come", "5.3", "ct", "inet", "",
	  NULL,
	  "add ct expectation inet t o { protocol tcp; dport 22; timeout 1m; size 1; l3proto ip; }" },
	{ "named synproxy", "a synproxy that rules share", "5.4", "synproxy", "inet", "", NULL,
	  "add synproxy inet t o { mss 1460; wscale 7; }" },
	{ "secmark", "security marks", "4.20", "CONFIG_NETWORK_SECMARK", "inet", "", NULL,
	  "add secmark inet t o { \"system_u:object_r:unlabeled_t:s0\" }" },
};

const size_t fwc_feature_row_count = sizeof(fwc_feature_rows) / sizeof(fwc_feature_rows[0]);

const struct fwc_feature_row *fwc_feature_row_find(const char *name)
{
	for (size_t i = 0; i < fwc_feature_row_count; i++)
		if (!strcmp(fwc_feature_rows[i].name, name))
			return &fwc_feature_rows[i];
	return NULL;
}
