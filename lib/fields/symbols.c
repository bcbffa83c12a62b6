/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The words of each type, as nft 1.0.6 writes them. */
#include <linux/icmp.h>
#include <linux/icmpv6.h>
#include <linux/if_arp.h>
#include <linux/if_ether.h>
#include <linux/if_packet.h>
#include <linux/in6.h>
#include <linux/netfilter.h>
#include <linux/netfilter/nf_conntrack_common.h>
#include <linux/netfilter/nf_conntrack_tuple_common.h>
#include <linux/pkt_sched.h>
#include <linux/rtnetlink.h>

#include <fwcore/types.h>

#include "fields/types.h"

#define END                                                                                        \
	{                                                                                          \
		NULL, 0                                                                            \
	}

/* Not constants of a register: they make up the message when a text is no verdict. */
const struct fwc_symbol fwc_symbols_verdict[] = {
	{ "accept", FWC_VERDICT_ACCEPT },
	{ "drop", FWC_VERDICT_DROP },
	{ "return", FWC_VERDICT_RETURN },
	{ "continue", FWC_VERDICT_CONTINUE },
	{ "jump CHAIN", FWC_VERDICT_JUMP },
	{ "goto CHAIN", FWC_VERDICT_GOTO },
	END,
};

/* IANA's protocol numbers under the names that Linux distributions give them. The list is built in: what
 * /etc/protocols of a machine says must not change what a ruleset means. The common ones come first, for messages. */
const struct fwc_symbol fwc_symbols_inet_proto[] = {
	{ "tcp", IPPROTO_TCP },
	{ "udp", IPPROTO_UDP },
	{ "icmp", IPPROTO_ICMP },
	{ "ipv6-icmp", IPPROTO_ICMPV6 },
	{ "icmpv6", IPPROTO_ICMPV6 },
	{ "sctp", IPPROTO_SCTP },
	{ "esp", IPPROTO_ESP },
	{ "ah", IPPROTO_AH },
	{ "gre", IPPROTO_GRE },
	{ "ip", 0 },
	{ "hopopt", 0 },
	{ "igmp", 2 },
	{ "ggp", 3 },
	{ "ipencap", 4 },
	{ "st", 5 },
	{ "egp", 8 },
	{ "igp", 9 },
	{ "pup", 12 },
	{ "hmp", 20 },
	{ "xns-idp", 22 },
	{ "rdp", 27 },
	{ "iso-tp4", 29 },
	{ "dccp", 33 },
	{ "xtp", 36 },
	{ "ddp", 37 },
	{ "idpr-cmtp", 38 },
	{ "ipv6", 41 },
	{ "ipv6-route", 43 },
	{ "ipv6-frag", 44 },
	{ "idrp", 45 },
	{ "rsvp", 46 },
	{ "skip", 57 },
	{ "ipv6-nonxt", 59 },
	{ "ipv6-opts", 60 },
	{ "rspf", 73 },
	{ "vmtp", 81 },
	{ "eigrp", 88 },
	{ "ospf", 89 },
	{ "ax.25", 93 },
	{ "ipip", 94 },
	{ "etherip", 97 },
	{ "encap", 98 },
	{ "pim", 103 },
	{ "ipcomp", 108 },
	{ "comp", 108 },
	{ "vrrp", 112 },
	{ "l2tp", 115 },
	{ "isis", 124 },
	{ "fc", 133 },
	{ "mobility-header", 135 },
	{ "udplite", 136 },
	{ "mpls-in-ip", 137 },
	{ "manet", 138 },
	{ "hip", 139 },
	{ "shim6", 140 },
	{ "wesp", 141 },
	{ "rohc", 142 },
	{ "ethernet", 143 },
	END,
};

/* The kernel's bits: 1 << (enum ip_conntrack_info % IP_CT_IS_REPLY + 1), NF_CT_STATE_INVALID_BIT, _UNTRACKED_BIT. */
const struct fwc_symbol fwc_symbols_ct_state[] = {
	{ "invalid", NF_CT_STATE_INVALID_BIT },
	{ "established", NF_CT_STATE_BIT(IP_CT_ESTABLISHED) },
	{ "related", NF_CT_STATE_BIT(IP_CT_RELATED) },
	{ "new", NF_CT_STATE_BIT(IP_CT_NEW) },
	{ "untracked", NF_CT_STATE_UNTRACKED_BIT },
	END,
};

const struct fwc_symbol fwc_symbols_ct_status[] = {
	{ "expected", IPS_EXPECTED }, { "seen-reply", IPS_SEEN_REPLY },
	{ "assured", IPS_ASSURED },   { "confirmed", IPS_CONFIRMED },
	{ "snat", IPS_SRC_NAT },      { "dnat", IPS_DST_NAT },
	{ "dying", IPS_DYING },       END,
};

const struct fwc_symbol fwc_symbols_icmp_type[] = {
	{ "echo-reply", ICMP_ECHOREPLY },
	{ "destination-unreachable", ICMP_DEST_UNREACH },
	{ "source-quench", ICMP_SOURCE_QUENCH },
	{ "redirect", ICMP_REDIRECT },
	{ "echo-request", ICMP_ECHO },
	{ "router-advertisement", 9 },
	{ "router-solicitation", 10 },
	{ "time-exceeded", ICMP_TIME_EXCEEDED },
	{ "parameter-problem", ICMP_PARAMETERPROB },
	{ "timestamp-request", ICMP_TIMESTAMP },
	{ "timestamp-reply", ICMP_TIMESTAMPREPLY },
	{ "info-request", ICMP_INFO_REQUEST },
	{ "info-reply", ICMP_INFO_REPLY },
	{ "address-mask-request", ICMP_ADDRESS },
	{ "address-mask-reply", ICMP_ADDRESSREPLY },
	END,
};

const struct fwc_symbol fwc_symbols_icmpv6_type[] = {
	{ "destination-unreachable", ICMPV6_DEST_UNREACH },
	{ "packet-too-big", ICMPV6_PKT_TOOBIG },
	{ "time-exceeded", ICMPV6_TIME_EXCEED },
	{ "parameter-problem", ICMPV6_PARAMPROB },
	{ "echo-request", ICMPV6_ECHO_REQUEST },
	{ "echo-reply", ICMPV6_ECHO_REPLY },
	{ "mld-listener-query", ICMPV6_MGM_QUERY },
	{ "mld-listener-report", ICMPV6_MGM_REPORT },
	{ "mld-listener-done", ICMPV6_MGM_REDUCTION },
	{ "mld-listener-reduction", ICMPV6_MGM_REDUCTION },
	{ "nd-router-solicit", 133 },
	{ "nd-router-advert", 134 },
	{ "nd-neighbor-solicit", 135 },
	{ "nd-neighbor-advert", 136 },
	{ "nd-redirect", 137 },
	{ "router-renumbering", 138 },
	{ "ind-neighbor-solicit", 141 },
	{ "ind-neighbor-advert", 142 },
	{ "mld2-listener-report", ICMPV6_MLD2_REPORT },
	END,
};

const struct fwc_symbol fwc_symbols_tcp_flag[] = {
	{ "fin", 0x01 }, { "syn", 0x02 }, { "rst", 0x04 },
	{ "psh", 0x08 }, { "ack", 0x10 }, { "urg", 0x20 },
	{ "ecn", 0x40 }, { "cwr", 0x80 }, END,
};

const struct fwc_symbol fwc_symbols_nf_proto[] = {
	{ "ipv4", NFPROTO_IPV4 },
	{ "ipv6", NFPROTO_IPV6 },
	END,
};

const struct fwc_symbol fwc_symbols_fib_addrtype[] = {
	{ "unspec", RTN_UNSPEC },       { "unicast", RTN_UNICAST },
	{ "local", RTN_LOCAL },         { "broadcast", RTN_BROADCAST },
	{ "anycast", RTN_ANYCAST },     { "multicast", RTN_MULTICAST },
	{ "blackhole", RTN_BLACKHOLE }, { "unreachable", RTN_UNREACHABLE },
	{ "prohibit", RTN_PROHIBIT },   END,
};

/* Ports that people call by their names, as IANA registered them; like protocols they mean the same on every machine. */
const struct fwc_symbol fwc_symbols_inet_service[] = {
	{ "ssh", 22 },
	{ "http", 80 },
	{ "https", 443 },
	{ "domain", 53 },
	{ "echo", 7 },
	{ "discard", 9 },
	{ "daytime", 13 },
	{ "ftp-data", 20 },
	{ "ftp", 21 },
	{ "telnet", 23 },
	{ "smtp", 25 },
	{ "time", 37 },
	{ "tacacs", 49 },
	{ "bootps", 67 },
	{ "bootpc", 68 },
	{ "tftp", 69 },
	{ "finger", 79 },
	{ "kerberos", 88 },
	{ "pop3", 110 },
	{ "sunrpc", 111 },
	{ "auth", 113 },
	{ "nntp", 119 },
	{ "ntp", 123 },
	{ "netbios-ns", 137 },
	{ "netbios-dgm", 138 },
	{ "netbios-ssn", 139 },
	{ "imap2", 143 },
	{ "snmp", 161 },
	{ "snmp-trap", 162 },
	{ "bgp", 179 },
	{ "irc", 194 },
	{ "ldap", 389 },
	{ "microsoft-ds", 445 },
	{ "kpasswd", 464 },
	{ "submissions", 465 },
	{ "isakmp", 500 },
	{ "syslog", 514 },
	{ "printer", 515 },
	{ "submission", 587 },
	{ "ipp", 631 },
	{ "ldaps", 636 },
	{ "domain-s", 853 },
	{ "rsync", 873 },
	{ "imaps", 993 },
	{ "pop3s", 995 },
	{ "openvpn", 1194 },
	{ "ms-sql-s", 1433 },
	{ "radius", 1812 },
	{ "radius-acct", 1813 },
	{ "nfs", 2049 },
	{ "mysql", 3306 },
	{ "ipsec-nat-t", 4500 },
	{ "sip", 5060 },
	{ "sip-tls", 5061 },
	{ "xmpp-client", 5222 },
	{ "mdns", 5353 },
	{ "postgresql", 5432 },
	{ "amqp", 5672 },
	{ "x11", 6000 },
	{ "http-alt", 8080 },
	END,
};

/* Names of other users are a machine's own. */
const struct fwc_symbol fwc_symbols_root[] = {
	{ "root", 0 },
	END,
};

const struct fwc_symbol fwc_symbols_ether_type[] = {
	{ "ip", ETH_P_IP },
	{ "arp", ETH_P_ARP },
	{ "ip6", ETH_P_IPV6 },
	{ "8021q", ETH_P_8021Q },
	{ "8021ad", ETH_P_8021AD },
	{ "vlan", ETH_P_8021Q },
	END,
};

const struct fwc_symbol fwc_symbols_arp_op[] = {
	{ "request", ARPOP_REQUEST },
	{ "reply", ARPOP_REPLY },
	{ "rrequest", ARPOP_RREQUEST },
	{ "rreply", ARPOP_RREPLY },
	{ "inrequest", ARPOP_InREQUEST },
	{ "inreply", ARPOP_InREPLY },
	{ "nak", ARPOP_NAK },
	END,
};

const struct fwc_symbol fwc_symbols_dccp_pkttype[] = {
	{ "request", 0 },
	{ "response", 1 },
	{ "data", 2 },
	{ "ack", 3 },
	{ "dataack", 4 },
	{ "closereq", 5 },
	{ "close", 6 },
	{ "reset", 7 },
	{ "sync", 8 },
	{ "syncack", 9 },
	END,
};

/* RFC 6275 and its followers. */
const struct fwc_symbol fwc_symbols_mh_type[] = {
	{ "binding-refresh-request", 0 },
	{ "home-test-init", 1 },
	{ "careof-test-init", 2 },
	{ "home-test", 3 },
	{ "careof-test", 4 },
	{ "binding-update", 5 },
	{ "binding-acknowledgement", 6 },
	{ "binding-error", 7 },
	{ "fast-binding-update", 8 },
	{ "fast-binding-acknowledgement", 9 },
	{ "fast-binding-advertisement", 10 },
	{ "experimental-mobility-header", 11 },
	{ "home-agent-switch-message", 12 },
	END,
};

/* The only interface that has the same number in every network namespace. */
const struct fwc_symbol fwc_symbols_iface_index[] = {
	{ "lo", 1 },
	END,
};

const struct fwc_symbol fwc_symbols_iface_type[] = {
	{ "ether", ARPHRD_ETHER },       { "ppp", ARPHRD_PPP },
	{ "ipip", ARPHRD_TUNNEL },       { "ipip6", ARPHRD_TUNNEL6 },
	{ "loopback", ARPHRD_LOOPBACK }, { "sit", ARPHRD_SIT },
	{ "ipgre", ARPHRD_IPGRE },       END,
};

/* The names that iproute2 gives to 0. */
const struct fwc_symbol fwc_symbols_realm[] = {
	{ "cosmos", 0 },
	END,
};

const struct fwc_symbol fwc_symbols_devgroup[] = {
	{ "default", 0 },
	END,
};

const struct fwc_symbol fwc_symbols_classid[] = {
	{ "none", TC_H_UNSPEC },
	{ "root", TC_H_ROOT },
	END,
};

const struct fwc_symbol fwc_symbols_ct_dir[] = {
	{ "original", IP_CT_DIR_ORIGINAL },
	{ "reply", IP_CT_DIR_REPLY },
	END,
};

const struct fwc_symbol fwc_symbols_pkt_type[] = {
	{ "host", PACKET_HOST },           { "unicast", PACKET_HOST },
	{ "broadcast", PACKET_BROADCAST }, { "multicast", PACKET_MULTICAST },
	{ "other", PACKET_OTHERHOST },     END,
};

const struct fwc_symbol fwc_symbols_icmp_code[] = {
	{ "net-unreachable", ICMP_NET_UNREACH },
	{ "host-unreachable", ICMP_HOST_UNREACH },
	{ "prot-unreachable", ICMP_PROT_UNREACH },
	{ "port-unreachable", ICMP_PORT_UNREACH },
	{ "net-prohibited", ICMP_NET_ANO },
	{ "host-prohibited", ICMP_HOST_ANO },
	{ "admin-prohibited", ICMP_PKT_FILTERED },
	{ "frag-needed", ICMP_FRAG_NEEDED },
	END,
};

const struct fwc_symbol fwc_symbols_icmpv6_code[] = {
	{ "no-route", ICMPV6_NOROUTE },
	{ "admin-prohibited", ICMPV6_ADM_PROHIBITED },
	{ "addr-unreachable", ICMPV6_ADDR_UNREACH },
	{ "port-unreachable", ICMPV6_PORT_UNREACH },
	{ "policy-fail", ICMPV6_POLICY_FAIL },
	{ "reject-route", ICMPV6_REJECT_ROUTE },
	END,
};

const struct fwc_symbol fwc_symbols_dscp[] = {
	{ "cs0", 0x00 },   { "cs1", 0x08 },
	{ "cs2", 0x10 },   { "cs3", 0x18 },
	{ "cs4", 0x20 },   { "cs5", 0x28 },
	{ "cs6", 0x30 },   { "cs7", 0x38 },
	{ "df", 0x00 },    { "be", 0x00 },
	{ "lephb", 0x01 }, { "af11", 0x0a },
	{ "af12", 0x0c },  { "af13", 0x0e },
	{ "af21", 0x12 },  { "af22", 0x14 },
	{ "af23", 0x16 },  { "af31", 0x1a },
	{ "af32", 0x1c },  { "af33", 0x1e },
	{ "af41", 0x22 },  { "af42", 0x24 },
	{ "af43", 0x26 },  { "va", 0x2c },
	{ "ef", 0x2e },    END,
};

const struct fwc_symbol fwc_symbols_ecn[] = {
	{ "not-ect", 0 }, { "ect1", 1 }, { "ect0", 2 }, { "ce", 3 }, END,
};

const struct fwc_symbol fwc_symbols_boolean[] = {
	{ "exists", 1 },
	{ "missing", 0 },
	END,
};

const struct fwc_symbol fwc_symbols_ct_event[] = {
	{ "new", 1 << IPCT_NEW },         { "related", 1 << IPCT_RELATED },
	{ "destroy", 1 << IPCT_DESTROY }, { "reply", 1 << IPCT_REPLY },
	{ "assured", 1 << IPCT_ASSURED }, { "protoinfo", 1 << IPCT_PROTOINFO },
	{ "helper", 1 << IPCT_HELPER },   { "mark", 1 << IPCT_MARK },
	{ "seqadj", 1 << IPCT_SEQADJ },   { "secmark", 1 << IPCT_SECMARK },
	{ "label", 1 << IPCT_LABEL },     END,
};

const struct fwc_symbol fwc_symbols_igmp_type[] = {
	{ "membership-query", 0x11 },     { "membership-report-v1", 0x12 },
	{ "membership-report-v2", 0x16 }, { "membership-report-v3", 0x22 },
	{ "leave-group", 0x17 },          END,
};

const struct fwc_symbol fwc_symbols_day[] = {
	{ "Sunday", 0 },   { "Monday", 1 }, { "Tuesday", 2 },  { "Wednesday", 3 },
	{ "Thursday", 4 }, { "Friday", 5 }, { "Saturday", 6 }, END,
};
