/* SPDX-License-Identifier: LGPL-2.1-or-later */
/**
 * @file field.h
 * Fields: what of a packet, of its metadata and of its connection can be compared, counted by, or set.
 *
 * fwc_value_field() makes a value of one; those with parameters want fwc_value_field_with(). The comments say what of
 * metadata and connections can be set.
 */
#ifndef FWCORE_FIELD_H
#define FWCORE_FIELD_H

#include <fwcore/types.h>

FWC_BEGIN_DECLS

/** Fields of a packet, its metadata and its connection; the comment is the name in nft's words. */
enum fwc_field {
	FWC_FIELD_META_IIFNAME = 1, /**< meta iifname: a name, or a name and `*` */
	FWC_FIELD_META_OIFNAME = 2, /**< meta oifname */
	FWC_FIELD_META_L4PROTO = 3, /**< meta l4proto */
	FWC_FIELD_META_NFPROTO = 4, /**< meta nfproto */
	FWC_FIELD_META_MARK = 5, /**< meta mark; can be set */
	FWC_FIELD_META_LENGTH = 6, /**< meta length: bytes of the packet, without the link header */
	FWC_FIELD_META_PROTOCOL = 7, /**< meta protocol: the type of the Ethernet frame */
	FWC_FIELD_META_PRIORITY = 8, /**< meta priority: a handle of tc; can be set */
	FWC_FIELD_META_IIF = 9, /**< meta iif: the number of an interface */
	FWC_FIELD_META_OIF = 10, /**< meta oif */
	FWC_FIELD_META_IIFTYPE = 11, /**< meta iiftype */
	FWC_FIELD_META_OIFTYPE = 12, /**< meta oiftype */
	FWC_FIELD_META_SKUID = 13, /**< meta skuid: the user whose socket it is */
	FWC_FIELD_META_SKGID = 14, /**< meta skgid */
	FWC_FIELD_META_NFTRACE = 15, /**< meta nftrace; can be set */
	FWC_FIELD_META_RTCLASSID = 16, /**< meta rtclassid */
	FWC_FIELD_META_PKTTYPE = 17, /**< meta pkttype; can be set */
	FWC_FIELD_META_CPU = 18, /**< meta cpu */
	FWC_FIELD_META_IIFGROUP = 19, /**< meta iifgroup */
	FWC_FIELD_META_OIFGROUP = 20, /**< meta oifgroup */
	FWC_FIELD_META_CGROUP = 21, /**< meta cgroup: the classid of net_cls */
	FWC_FIELD_META_RANDOM = 22, /**< meta random */
	FWC_FIELD_META_IPSEC = 23, /**< meta ipsec; exists or missing */
	FWC_FIELD_META_IIFKIND = 24, /**< meta iifkind */
	FWC_FIELD_META_OIFKIND = 25, /**< meta oifkind */
	FWC_FIELD_META_IBRNAME = 26, /**< meta ibrname */
	FWC_FIELD_META_OBRNAME = 27, /**< meta obrname */
	FWC_FIELD_META_IBRPVID = 28, /**< meta ibrpvid */
	FWC_FIELD_META_IBRVPROTO = 29, /**< meta ibrvproto */
	FWC_FIELD_META_TIME = 30, /**< meta time: when it came; nanoseconds since 1970 */
	FWC_FIELD_META_DAY = 31, /**< meta day: of the week, 0: Sunday */
	FWC_FIELD_META_HOUR = 32, /**< meta hour: seconds since midnight UTC */
	FWC_FIELD_META_SECMARK = 33, /**< meta secmark; can be set */
	FWC_FIELD_META_SDIF = 34, /**< meta sdif */
	FWC_FIELD_META_SDIFNAME = 35, /**< meta sdifname */
	FWC_FIELD_META_BROUTE =
		36, /**< meta broute; can only be set: 1 routes what a bridge would forward */
	FWC_FIELD_META_IBRHWADDR = 37, /**< meta ibrhwaddr: of the bridge */
	FWC_FIELD_CT_STATE = 100, /**< ct state; bits */
	FWC_FIELD_CT_STATUS = 101, /**< ct status; bits */
	FWC_FIELD_CT_MARK = 102, /**< ct mark; can be set */
	FWC_FIELD_CT_DIRECTION = 103, /**< ct direction */
	FWC_FIELD_CT_EXPIRATION = 104, /**< ct expiration: milliseconds */
	FWC_FIELD_CT_HELPER = 105, /**< ct helper */
	FWC_FIELD_CT_L3PROTO = 106, /**< ct l3proto */
	FWC_FIELD_CT_PROTOCOL = 107, /**< ct protocol */
	FWC_FIELD_CT_LABEL = 108, /**< ct label; can be set */
	FWC_FIELD_CT_BYTES = 109, /**< ct bytes */
	FWC_FIELD_CT_PACKETS = 110, /**< ct packets */
	FWC_FIELD_CT_AVGPKT = 111, /**< ct avgpkt */
	FWC_FIELD_CT_ZONE = 112, /**< ct zone; can be set */
	FWC_FIELD_CT_EVENT = 113, /**< ct event; bits; can be set */
	FWC_FIELD_CT_SECMARK = 114, /**< ct secmark; can be set */
	FWC_FIELD_CT_ID = 115, /**< ct id */
	FWC_FIELD_CT_ORIGINAL_IP_SADDR = 120, /**< ct original ip saddr */
	FWC_FIELD_CT_ORIGINAL_IP_DADDR = 121, /**< ct original ip daddr */
	FWC_FIELD_CT_ORIGINAL_IP6_SADDR = 122, /**< ct original ip6 saddr */
	FWC_FIELD_CT_ORIGINAL_IP6_DADDR = 123, /**< ct original ip6 daddr */
	FWC_FIELD_CT_ORIGINAL_PROTO_SRC = 124, /**< ct original proto-src */
	FWC_FIELD_CT_ORIGINAL_PROTO_DST = 125, /**< ct original proto-dst */
	FWC_FIELD_CT_ORIGINAL_BYTES = 126, /**< ct original bytes */
	FWC_FIELD_CT_ORIGINAL_PACKETS = 127, /**< ct original packets */
	FWC_FIELD_CT_ORIGINAL_AVGPKT = 128, /**< ct original avgpkt */
	FWC_FIELD_CT_ORIGINAL_ZONE = 129, /**< ct original zone; can be set */
	FWC_FIELD_CT_REPLY_IP_SADDR = 135, /**< ct reply ip saddr */
	FWC_FIELD_CT_REPLY_IP_DADDR = 136, /**< ct reply ip daddr */
	FWC_FIELD_CT_REPLY_IP6_SADDR = 137, /**< ct reply ip6 saddr */
	FWC_FIELD_CT_REPLY_IP6_DADDR = 138, /**< ct reply ip6 daddr */
	FWC_FIELD_CT_REPLY_PROTO_SRC = 139, /**< ct reply proto-src */
	FWC_FIELD_CT_REPLY_PROTO_DST = 140, /**< ct reply proto-dst */
	FWC_FIELD_CT_REPLY_BYTES = 141, /**< ct reply bytes */
	FWC_FIELD_CT_REPLY_PACKETS = 142, /**< ct reply packets */
	FWC_FIELD_CT_REPLY_AVGPKT = 143, /**< ct reply avgpkt */
	FWC_FIELD_CT_REPLY_ZONE = 144, /**< ct reply zone; can be set */
	FWC_FIELD_FIB_SADDR_TYPE = 150, /**< fib saddr type */
	FWC_FIELD_FIB_DADDR_TYPE = 151, /**< fib daddr type */
	FWC_FIELD_FIB_TYPE = 152, /**< fib saddr . iif type and the like: with parameters */
	FWC_FIELD_FIB_OIF = 153, /**< fib saddr . iif oif and the like: with parameters */
	FWC_FIELD_FIB_OIFNAME = 154, /**< fib saddr . iif oifname and the like: with parameters */
	FWC_FIELD_RT_CLASSID = 160, /**< rt classid */
	FWC_FIELD_RT_IP_NEXTHOP = 161, /**< rt ip nexthop */
	FWC_FIELD_RT_IP6_NEXTHOP = 162, /**< rt ip6 nexthop */
	FWC_FIELD_RT_MTU = 163, /**< rt mtu */
	FWC_FIELD_RT_IPSEC = 164, /**< rt ipsec; exists or missing */
	FWC_FIELD_SOCKET_TRANSPARENT = 170, /**< socket transparent */
	FWC_FIELD_SOCKET_MARK = 171, /**< socket mark */
	FWC_FIELD_SOCKET_WILDCARD = 172, /**< socket wildcard */
	FWC_FIELD_SOCKET_CGROUPV2 = 173, /**< socket cgroupv2 level 1: with a parameter */
	FWC_FIELD_OSF_NAME = 180, /**< osf name, osf ttl skip name: with a parameter */
	FWC_FIELD_OSF_VERSION = 181, /**< osf version: likewise */
	FWC_FIELD_IPSEC_IN_REQID = 185, /**< ipsec in reqid */
	FWC_FIELD_IPSEC_IN_SPI = 186, /**< ipsec in spi */
	FWC_FIELD_IPSEC_IN_IP_SADDR = 187, /**< ipsec in ip saddr */
	FWC_FIELD_IPSEC_IN_IP_DADDR = 188, /**< ipsec in ip daddr */
	FWC_FIELD_IPSEC_IN_IP6_SADDR = 189, /**< ipsec in ip6 saddr */
	FWC_FIELD_IPSEC_IN_IP6_DADDR = 190, /**< ipsec in ip6 daddr */
	FWC_FIELD_IPSEC_OUT_REQID = 191, /**< ipsec out reqid */
	FWC_FIELD_IPSEC_OUT_SPI = 192, /**< ipsec out spi */
	FWC_FIELD_IPSEC_OUT_IP_SADDR = 193, /**< ipsec out ip saddr */
	FWC_FIELD_IPSEC_OUT_IP_DADDR = 194, /**< ipsec out ip daddr */
	FWC_FIELD_IPSEC_OUT_IP6_SADDR = 195, /**< ipsec out ip6 saddr */
	FWC_FIELD_IPSEC_OUT_IP6_DADDR = 196, /**< ipsec out ip6 daddr */
	FWC_FIELD_IP_SADDR = 200, /**< ip saddr */
	FWC_FIELD_IP_DADDR = 201, /**< ip daddr */
	FWC_FIELD_IP_PROTOCOL = 202, /**< ip protocol */
	FWC_FIELD_IP_VERSION = 203, /**< ip version */
	FWC_FIELD_IP_HDRLENGTH = 204, /**< ip hdrlength: words of 4 bytes */
	FWC_FIELD_IP_DSCP = 205, /**< ip dscp */
	FWC_FIELD_IP_ECN = 206, /**< ip ecn */
	FWC_FIELD_IP_LENGTH = 207, /**< ip length */
	FWC_FIELD_IP_ID = 208, /**< ip id */
	FWC_FIELD_IP_FRAG_OFF = 209, /**< ip frag-off: with the flags above it */
	FWC_FIELD_IP_TTL = 210, /**< ip ttl */
	FWC_FIELD_IP_CHECKSUM = 211, /**< ip checksum */
	FWC_FIELD_IP6_SADDR = 220, /**< ip6 saddr */
	FWC_FIELD_IP6_DADDR = 221, /**< ip6 daddr */
	FWC_FIELD_IP6_NEXTHDR = 222, /**< ip6 nexthdr */
	FWC_FIELD_IP6_VERSION = 223, /**< ip6 version */
	FWC_FIELD_IP6_DSCP = 224, /**< ip6 dscp */
	FWC_FIELD_IP6_ECN = 225, /**< ip6 ecn */
	FWC_FIELD_IP6_FLOWLABEL = 226, /**< ip6 flowlabel */
	FWC_FIELD_IP6_LENGTH = 227, /**< ip6 length */
	FWC_FIELD_IP6_HOPLIMIT = 228, /**< ip6 hoplimit */
	FWC_FIELD_ARP_HTYPE = 240, /**< arp htype */
	FWC_FIELD_ARP_PTYPE = 241, /**< arp ptype */
	FWC_FIELD_ARP_HLEN = 242, /**< arp hlen */
	FWC_FIELD_ARP_PLEN = 243, /**< arp plen */
	FWC_FIELD_ARP_OPERATION = 244, /**< arp operation */
	FWC_FIELD_ARP_SADDR_ETHER = 245, /**< arp saddr ether */
	FWC_FIELD_ARP_SADDR_IP = 246, /**< arp saddr ip */
	FWC_FIELD_ARP_DADDR_ETHER = 247, /**< arp daddr ether */
	FWC_FIELD_ARP_DADDR_IP = 248, /**< arp daddr ip */
	FWC_FIELD_ETHER_DADDR = 255, /**< ether daddr */
	FWC_FIELD_ETHER_SADDR = 256, /**< ether saddr */
	FWC_FIELD_ETHER_TYPE = 257, /**< ether type */
	FWC_FIELD_VLAN_ID = 260, /**< vlan id */
	FWC_FIELD_VLAN_PCP = 261, /**< vlan pcp */
	FWC_FIELD_VLAN_DEI = 262, /**< vlan dei */
	FWC_FIELD_VLAN_TYPE = 263, /**< vlan type */
	FWC_FIELD_TCP_SPORT = 300, /**< tcp sport */
	FWC_FIELD_TCP_DPORT = 301, /**< tcp dport */
	FWC_FIELD_TCP_FLAGS = 302, /**< tcp flags; bits */
	FWC_FIELD_TCP_SEQUENCE = 303, /**< tcp sequence */
	FWC_FIELD_TCP_ACKSEQ = 304, /**< tcp ackseq */
	FWC_FIELD_TCP_DOFF = 305, /**< tcp doff: words of 4 bytes */
	FWC_FIELD_TCP_RESERVED = 306, /**< tcp reserved */
	FWC_FIELD_TCP_WINDOW = 307, /**< tcp window */
	FWC_FIELD_TCP_CHECKSUM = 308, /**< tcp checksum */
	FWC_FIELD_TCP_URGPTR = 309, /**< tcp urgptr */
	FWC_FIELD_UDP_SPORT = 320, /**< udp sport */
	FWC_FIELD_UDP_DPORT = 321, /**< udp dport */
	FWC_FIELD_UDP_LENGTH = 322, /**< udp length */
	FWC_FIELD_UDP_CHECKSUM = 323, /**< udp checksum */
	FWC_FIELD_UDPLITE_SPORT = 330, /**< udplite sport */
	FWC_FIELD_UDPLITE_DPORT = 331, /**< udplite dport */
	FWC_FIELD_UDPLITE_CSUMCOV = 332, /**< udplite csumcov */
	FWC_FIELD_UDPLITE_CHECKSUM = 333, /**< udplite checksum */
	FWC_FIELD_TH_SPORT = 340, /**< th sport: of whatever transport has ports */
	FWC_FIELD_TH_DPORT = 341, /**< th dport */
	FWC_FIELD_SCTP_SPORT = 345, /**< sctp sport */
	FWC_FIELD_SCTP_DPORT = 346, /**< sctp dport */
	FWC_FIELD_SCTP_VTAG = 347, /**< sctp vtag */
	FWC_FIELD_SCTP_CHECKSUM = 348, /**< sctp checksum */
	FWC_FIELD_DCCP_SPORT = 350, /**< dccp sport */
	FWC_FIELD_DCCP_DPORT = 351, /**< dccp dport */
	FWC_FIELD_DCCP_TYPE = 352, /**< dccp type */
	FWC_FIELD_ICMP_TYPE = 360, /**< icmp type */
	FWC_FIELD_ICMP_CODE = 361, /**< icmp code */
	FWC_FIELD_ICMP_CHECKSUM = 362, /**< icmp checksum */
	FWC_FIELD_ICMP_ID = 363, /**< icmp id: of echo requests and replies */
	FWC_FIELD_ICMP_SEQUENCE = 364, /**< icmp sequence: likewise */
	FWC_FIELD_ICMP_GATEWAY = 365, /**< icmp gateway: of redirects */
	FWC_FIELD_ICMP_MTU = 366, /**< icmp mtu: of destination-unreachable */
	FWC_FIELD_ICMPV6_TYPE = 380, /**< icmpv6 type */
	FWC_FIELD_ICMPV6_CODE = 381, /**< icmpv6 code */
	FWC_FIELD_ICMPV6_CHECKSUM = 382, /**< icmpv6 checksum */
	FWC_FIELD_ICMPV6_PARAMETER_PROBLEM =
		383, /**< icmpv6 parameter-problem: of parameter-problem */
	FWC_FIELD_ICMPV6_MTU = 384, /**< icmpv6 mtu: of packet-too-big */
	FWC_FIELD_ICMPV6_ID = 385, /**< icmpv6 id: of echo requests and replies */
	FWC_FIELD_ICMPV6_SEQUENCE = 386, /**< icmpv6 sequence: likewise */
	FWC_FIELD_ICMPV6_MAX_DELAY = 387, /**< icmpv6 max-delay: of mld-listener-query */
	FWC_FIELD_ICMPV6_TADDR = 388, /**< icmpv6 taddr: of neighbour discovery */
	FWC_FIELD_ICMPV6_DADDR = 389, /**< icmpv6 daddr: of nd-redirect */
	FWC_FIELD_IGMP_TYPE = 400, /**< igmp type */
	FWC_FIELD_IGMP_MRT = 401, /**< igmp mrt */
	FWC_FIELD_IGMP_CHECKSUM = 402, /**< igmp checksum */
	FWC_FIELD_IGMP_GROUP = 403, /**< igmp group */
	FWC_FIELD_ESP_SPI = 410, /**< esp spi */
	FWC_FIELD_ESP_SEQUENCE = 411, /**< esp sequence */
	FWC_FIELD_AH_NEXTHDR = 420, /**< ah nexthdr */
	FWC_FIELD_AH_HDRLENGTH = 421, /**< ah hdrlength */
	FWC_FIELD_AH_RESERVED = 422, /**< ah reserved */
	FWC_FIELD_AH_SPI = 423, /**< ah spi */
	FWC_FIELD_AH_SEQUENCE = 424, /**< ah sequence */
	FWC_FIELD_COMP_NEXTHDR = 430, /**< comp nexthdr */
	FWC_FIELD_COMP_FLAGS = 431, /**< comp flags */
	FWC_FIELD_COMP_CPI = 432, /**< comp cpi */
	FWC_FIELD_GRE_FLAGS = 440, /**< gre flags */
	FWC_FIELD_GRE_VERSION = 441, /**< gre version */
	FWC_FIELD_GRE_PROTOCOL = 442, /**< gre protocol */
	FWC_FIELD_EXTHDR_HBH = 500, /**< exthdr hbh; exists or missing */
	FWC_FIELD_HBH_NEXTHDR = 501, /**< hbh nexthdr */
	FWC_FIELD_HBH_HDRLENGTH = 502, /**< hbh hdrlength */
	FWC_FIELD_EXTHDR_RT = 505, /**< exthdr rt; exists or missing */
	FWC_FIELD_RT_NEXTHDR = 506, /**< rt nexthdr */
	FWC_FIELD_RT_HDRLENGTH = 507, /**< rt hdrlength */
	FWC_FIELD_RT_TYPE = 508, /**< rt type */
	FWC_FIELD_RT_SEG_LEFT = 509, /**< rt seg-left */
	FWC_FIELD_RT0_RESERVED = 512, /**< rt0 reserved */
	FWC_FIELD_RT0_ADDR_1 = 513, /**< rt0 addr[1] */
	FWC_FIELD_RT0_ADDR_2 = 514, /**< rt0 addr[2] */
	FWC_FIELD_SRH_LAST_ENTRY = 520, /**< srh last-entry */
	FWC_FIELD_SRH_FLAGS = 521, /**< srh flags */
	FWC_FIELD_SRH_TAG = 522, /**< srh tag */
	FWC_FIELD_SRH_SID_1 = 523, /**< srh sid[1] */
	FWC_FIELD_SRH_SID_2 = 524, /**< srh sid[2] */
	FWC_FIELD_EXTHDR_FRAG = 530, /**< exthdr frag; exists or missing */
	FWC_FIELD_FRAG_NEXTHDR = 531, /**< frag nexthdr */
	FWC_FIELD_FRAG_RESERVED = 532, /**< frag reserved */
	FWC_FIELD_FRAG_FRAG_OFF = 533, /**< frag frag-off */
	FWC_FIELD_FRAG_RESERVED2 = 534, /**< frag reserved2 */
	FWC_FIELD_FRAG_MORE_FRAGMENTS = 535, /**< frag more-fragments */
	FWC_FIELD_FRAG_ID = 536, /**< frag id */
	FWC_FIELD_EXTHDR_DST = 540, /**< exthdr dst; exists or missing */
	FWC_FIELD_DST_NEXTHDR = 541, /**< dst nexthdr */
	FWC_FIELD_DST_HDRLENGTH = 542, /**< dst hdrlength */
	FWC_FIELD_EXTHDR_MH = 545, /**< exthdr mh; exists or missing */
	FWC_FIELD_MH_NEXTHDR = 546, /**< mh nexthdr */
	FWC_FIELD_MH_HDRLENGTH = 547, /**< mh hdrlength */
	FWC_FIELD_MH_TYPE = 548, /**< mh type */
	FWC_FIELD_MH_RESERVED = 549, /**< mh reserved */
	FWC_FIELD_MH_CHECKSUM = 550, /**< mh checksum */
	FWC_FIELD_TCP_OPTION_EOL = 600, /**< tcp option eol; exists or missing */
	FWC_FIELD_TCP_OPTION_EOL_KIND = 601, /**< tcp option eol kind */
	FWC_FIELD_TCP_OPTION_NOP = 602, /**< tcp option nop; exists or missing */
	FWC_FIELD_TCP_OPTION_NOP_KIND = 603, /**< tcp option nop kind */
	FWC_FIELD_TCP_OPTION_MAXSEG = 604, /**< tcp option maxseg; exists or missing */
	FWC_FIELD_TCP_OPTION_MAXSEG_KIND = 605, /**< tcp option maxseg kind */
	FWC_FIELD_TCP_OPTION_MAXSEG_LENGTH = 606, /**< tcp option maxseg length */
	FWC_FIELD_TCP_OPTION_MAXSEG_SIZE = 607, /**< tcp option maxseg size */
	FWC_FIELD_TCP_OPTION_WINDOW = 608, /**< tcp option window; exists or missing */
	FWC_FIELD_TCP_OPTION_WINDOW_KIND = 609, /**< tcp option window kind */
	FWC_FIELD_TCP_OPTION_WINDOW_LENGTH = 610, /**< tcp option window length */
	FWC_FIELD_TCP_OPTION_WINDOW_COUNT = 611, /**< tcp option window count */
	FWC_FIELD_TCP_OPTION_SACK_PERM = 612, /**< tcp option sack-perm; exists or missing */
	FWC_FIELD_TCP_OPTION_SACK_PERM_KIND = 613, /**< tcp option sack-perm kind */
	FWC_FIELD_TCP_OPTION_SACK_PERM_LENGTH = 614, /**< tcp option sack-perm length */
	FWC_FIELD_TCP_OPTION_SACK = 615, /**< tcp option sack; exists or missing */
	FWC_FIELD_TCP_OPTION_SACK_KIND = 616, /**< tcp option sack kind */
	FWC_FIELD_TCP_OPTION_SACK_LENGTH = 617, /**< tcp option sack length */
	FWC_FIELD_TCP_OPTION_SACK_LEFT = 618, /**< tcp option sack left */
	FWC_FIELD_TCP_OPTION_SACK_RIGHT = 619, /**< tcp option sack right */
	FWC_FIELD_TCP_OPTION_SACK1_LEFT = 620, /**< tcp option sack1 left */
	FWC_FIELD_TCP_OPTION_SACK1_RIGHT = 621, /**< tcp option sack1 right */
	FWC_FIELD_TCP_OPTION_SACK2_LEFT = 622, /**< tcp option sack2 left */
	FWC_FIELD_TCP_OPTION_SACK2_RIGHT = 623, /**< tcp option sack2 right */
	FWC_FIELD_TCP_OPTION_SACK3_LEFT = 624, /**< tcp option sack3 left */
	FWC_FIELD_TCP_OPTION_SACK3_RIGHT = 625, /**< tcp option sack3 right */
	FWC_FIELD_TCP_OPTION_TIMESTAMP = 626, /**< tcp option timestamp; exists or missing */
	FWC_FIELD_TCP_OPTION_TIMESTAMP_KIND = 627, /**< tcp option timestamp kind */
	FWC_FIELD_TCP_OPTION_TIMESTAMP_LENGTH = 628, /**< tcp option timestamp length */
	FWC_FIELD_TCP_OPTION_TIMESTAMP_TSVAL = 629, /**< tcp option timestamp tsval */
	FWC_FIELD_TCP_OPTION_TIMESTAMP_TSECR = 630, /**< tcp option timestamp tsecr */
	FWC_FIELD_TCP_OPTION_MD5SIG = 631, /**< tcp option md5sig; exists or missing */
	FWC_FIELD_TCP_OPTION_MD5SIG_KIND = 632, /**< tcp option md5sig kind */
	FWC_FIELD_TCP_OPTION_MD5SIG_LENGTH = 633, /**< tcp option md5sig length */
	FWC_FIELD_TCP_OPTION_MPTCP = 634, /**< tcp option mptcp; exists or missing */
	FWC_FIELD_TCP_OPTION_MPTCP_KIND = 635, /**< tcp option mptcp kind */
	FWC_FIELD_TCP_OPTION_MPTCP_LENGTH = 636, /**< tcp option mptcp length */
	FWC_FIELD_TCP_OPTION_MPTCP_SUBTYPE = 637, /**< tcp option mptcp subtype */
	FWC_FIELD_TCP_OPTION_FASTOPEN = 638, /**< tcp option fastopen; exists or missing */
	FWC_FIELD_TCP_OPTION_FASTOPEN_KIND = 639, /**< tcp option fastopen kind */
	FWC_FIELD_TCP_OPTION_FASTOPEN_LENGTH = 640, /**< tcp option fastopen length */
	FWC_FIELD_IP_OPTION_LSRR = 700, /**< ip option lsrr; exists or missing */
	FWC_FIELD_IP_OPTION_LSRR_TYPE = 701, /**< ip option lsrr type */
	FWC_FIELD_IP_OPTION_LSRR_LENGTH = 702, /**< ip option lsrr length */
	FWC_FIELD_IP_OPTION_LSRR_PTR = 703, /**< ip option lsrr ptr */
	FWC_FIELD_IP_OPTION_LSRR_ADDR = 704, /**< ip option lsrr addr */
	FWC_FIELD_IP_OPTION_RR = 705, /**< ip option rr; exists or missing */
	FWC_FIELD_IP_OPTION_RR_TYPE = 706, /**< ip option rr type */
	FWC_FIELD_IP_OPTION_RR_LENGTH = 707, /**< ip option rr length */
	FWC_FIELD_IP_OPTION_RR_PTR = 708, /**< ip option rr ptr */
	FWC_FIELD_IP_OPTION_RR_ADDR = 709, /**< ip option rr addr */
	FWC_FIELD_IP_OPTION_SSRR = 710, /**< ip option ssrr; exists or missing */
	FWC_FIELD_IP_OPTION_SSRR_TYPE = 711, /**< ip option ssrr type */
	FWC_FIELD_IP_OPTION_SSRR_LENGTH = 712, /**< ip option ssrr length */
	FWC_FIELD_IP_OPTION_SSRR_PTR = 713, /**< ip option ssrr ptr */
	FWC_FIELD_IP_OPTION_SSRR_ADDR = 714, /**< ip option ssrr addr */
	FWC_FIELD_IP_OPTION_RA = 715, /**< ip option ra; exists or missing */
	FWC_FIELD_IP_OPTION_RA_TYPE = 716, /**< ip option ra type */
	FWC_FIELD_IP_OPTION_RA_LENGTH = 717, /**< ip option ra length */
	FWC_FIELD_IP_OPTION_RA_VALUE = 718, /**< ip option ra value */
	FWC_FIELD_SCTP_CHUNK_DATA = 750, /**< sctp chunk data; exists or missing */
	FWC_FIELD_SCTP_CHUNK_DATA_TYPE = 751, /**< sctp chunk data type */
	FWC_FIELD_SCTP_CHUNK_DATA_FLAGS = 752, /**< sctp chunk data flags */
	FWC_FIELD_SCTP_CHUNK_DATA_LENGTH = 753, /**< sctp chunk data length */
	FWC_FIELD_SCTP_CHUNK_DATA_TSN = 754, /**< sctp chunk data tsn */
	FWC_FIELD_SCTP_CHUNK_DATA_STREAM = 755, /**< sctp chunk data stream */
	FWC_FIELD_SCTP_CHUNK_DATA_SSN = 756, /**< sctp chunk data ssn */
	FWC_FIELD_SCTP_CHUNK_DATA_PPID = 757, /**< sctp chunk data ppid */
	FWC_FIELD_SCTP_CHUNK_INIT = 758, /**< sctp chunk init; exists or missing */
	FWC_FIELD_SCTP_CHUNK_INIT_TYPE = 759, /**< sctp chunk init type */
	FWC_FIELD_SCTP_CHUNK_INIT_FLAGS = 760, /**< sctp chunk init flags */
	FWC_FIELD_SCTP_CHUNK_INIT_LENGTH = 761, /**< sctp chunk init length */
	FWC_FIELD_SCTP_CHUNK_INIT_INIT_TAG = 762, /**< sctp chunk init init-tag */
	FWC_FIELD_SCTP_CHUNK_INIT_A_RWND = 763, /**< sctp chunk init a-rwnd */
	FWC_FIELD_SCTP_CHUNK_INIT_NUM_OUTBOUND_STREAMS =
		764, /**< sctp chunk init num-outbound-streams */
	FWC_FIELD_SCTP_CHUNK_INIT_NUM_INBOUND_STREAMS =
		765, /**< sctp chunk init num-inbound-streams */
	FWC_FIELD_SCTP_CHUNK_INIT_INITIAL_TSN = 766, /**< sctp chunk init initial-tsn */
	FWC_FIELD_SCTP_CHUNK_INIT_ACK = 767, /**< sctp chunk init-ack; exists or missing */
	FWC_FIELD_SCTP_CHUNK_INIT_ACK_TYPE = 768, /**< sctp chunk init-ack type */
	FWC_FIELD_SCTP_CHUNK_INIT_ACK_FLAGS = 769, /**< sctp chunk init-ack flags */
	FWC_FIELD_SCTP_CHUNK_INIT_ACK_LENGTH = 770, /**< sctp chunk init-ack length */
	FWC_FIELD_SCTP_CHUNK_INIT_ACK_INIT_TAG = 771, /**< sctp chunk init-ack init-tag */
	FWC_FIELD_SCTP_CHUNK_INIT_ACK_A_RWND = 772, /**< sctp chunk init-ack a-rwnd */
	FWC_FIELD_SCTP_CHUNK_INIT_ACK_NUM_OUTBOUND_STREAMS =
		773, /**< sctp chunk init-ack num-outbound-streams */
	FWC_FIELD_SCTP_CHUNK_INIT_ACK_NUM_INBOUND_STREAMS =
		774, /**< sctp chunk init-ack num-inbound-streams */
	FWC_FIELD_SCTP_CHUNK_INIT_ACK_INITIAL_TSN = 775, /**< sctp chunk init-ack initial-tsn */
	FWC_FIELD_SCTP_CHUNK_SACK = 776, /**< sctp chunk sack; exists or missing */
	FWC_FIELD_SCTP_CHUNK_SACK_TYPE = 777, /**< sctp chunk sack type */
	FWC_FIELD_SCTP_CHUNK_SACK_FLAGS = 778, /**< sctp chunk sack flags */
	FWC_FIELD_SCTP_CHUNK_SACK_LENGTH = 779, /**< sctp chunk sack length */
	FWC_FIELD_SCTP_CHUNK_SACK_CUM_TSN_ACK = 780, /**< sctp chunk sack cum-tsn-ack */
	FWC_FIELD_SCTP_CHUNK_SACK_A_RWND = 781, /**< sctp chunk sack a-rwnd */
	FWC_FIELD_SCTP_CHUNK_SACK_NUM_GAP_ACK_BLOCKS =
		782, /**< sctp chunk sack num-gap-ack-blocks */
	FWC_FIELD_SCTP_CHUNK_SACK_NUM_DUP_TSNS = 783, /**< sctp chunk sack num-dup-tsns */
	FWC_FIELD_SCTP_CHUNK_HEARTBEAT = 784, /**< sctp chunk heartbeat; exists or missing */
	FWC_FIELD_SCTP_CHUNK_HEARTBEAT_TYPE = 785, /**< sctp chunk heartbeat type */
	FWC_FIELD_SCTP_CHUNK_HEARTBEAT_FLAGS = 786, /**< sctp chunk heartbeat flags */
	FWC_FIELD_SCTP_CHUNK_HEARTBEAT_LENGTH = 787, /**< sctp chunk heartbeat length */
	FWC_FIELD_SCTP_CHUNK_HEARTBEAT_ACK =
		788, /**< sctp chunk heartbeat-ack; exists or missing */
	FWC_FIELD_SCTP_CHUNK_HEARTBEAT_ACK_TYPE = 789, /**< sctp chunk heartbeat-ack type */
	FWC_FIELD_SCTP_CHUNK_HEARTBEAT_ACK_FLAGS = 790, /**< sctp chunk heartbeat-ack flags */
	FWC_FIELD_SCTP_CHUNK_HEARTBEAT_ACK_LENGTH = 791, /**< sctp chunk heartbeat-ack length */
	FWC_FIELD_SCTP_CHUNK_ABORT = 792, /**< sctp chunk abort; exists or missing */
	FWC_FIELD_SCTP_CHUNK_ABORT_TYPE = 793, /**< sctp chunk abort type */
	FWC_FIELD_SCTP_CHUNK_ABORT_FLAGS = 794, /**< sctp chunk abort flags */
	FWC_FIELD_SCTP_CHUNK_ABORT_LENGTH = 795, /**< sctp chunk abort length */
	FWC_FIELD_SCTP_CHUNK_SHUTDOWN = 796, /**< sctp chunk shutdown; exists or missing */
	FWC_FIELD_SCTP_CHUNK_SHUTDOWN_TYPE = 797, /**< sctp chunk shutdown type */
	FWC_FIELD_SCTP_CHUNK_SHUTDOWN_FLAGS = 798, /**< sctp chunk shutdown flags */
	FWC_FIELD_SCTP_CHUNK_SHUTDOWN_LENGTH = 799, /**< sctp chunk shutdown length */
	FWC_FIELD_SCTP_CHUNK_SHUTDOWN_CUM_TSN_ACK = 800, /**< sctp chunk shutdown cum-tsn-ack */
	FWC_FIELD_SCTP_CHUNK_SHUTDOWN_ACK = 801, /**< sctp chunk shutdown-ack; exists or missing */
	FWC_FIELD_SCTP_CHUNK_SHUTDOWN_ACK_TYPE = 802, /**< sctp chunk shutdown-ack type */
	FWC_FIELD_SCTP_CHUNK_SHUTDOWN_ACK_FLAGS = 803, /**< sctp chunk shutdown-ack flags */
	FWC_FIELD_SCTP_CHUNK_SHUTDOWN_ACK_LENGTH = 804, /**< sctp chunk shutdown-ack length */
	FWC_FIELD_SCTP_CHUNK_ERROR = 805, /**< sctp chunk error; exists or missing */
	FWC_FIELD_SCTP_CHUNK_ERROR_TYPE = 806, /**< sctp chunk error type */
	FWC_FIELD_SCTP_CHUNK_ERROR_FLAGS = 807, /**< sctp chunk error flags */
	FWC_FIELD_SCTP_CHUNK_ERROR_LENGTH = 808, /**< sctp chunk error length */
	FWC_FIELD_SCTP_CHUNK_COOKIE_ECHO = 809, /**< sctp chunk cookie-echo; exists or missing */
	FWC_FIELD_SCTP_CHUNK_COOKIE_ECHO_TYPE = 810, /**< sctp chunk cookie-echo type */
	FWC_FIELD_SCTP_CHUNK_COOKIE_ECHO_FLAGS = 811, /**< sctp chunk cookie-echo flags */
	FWC_FIELD_SCTP_CHUNK_COOKIE_ECHO_LENGTH = 812, /**< sctp chunk cookie-echo length */
	FWC_FIELD_SCTP_CHUNK_COOKIE_ACK = 813, /**< sctp chunk cookie-ack; exists or missing */
	FWC_FIELD_SCTP_CHUNK_COOKIE_ACK_TYPE = 814, /**< sctp chunk cookie-ack type */
	FWC_FIELD_SCTP_CHUNK_COOKIE_ACK_FLAGS = 815, /**< sctp chunk cookie-ack flags */
	FWC_FIELD_SCTP_CHUNK_COOKIE_ACK_LENGTH = 816, /**< sctp chunk cookie-ack length */
	FWC_FIELD_SCTP_CHUNK_ECNE = 817, /**< sctp chunk ecne; exists or missing */
	FWC_FIELD_SCTP_CHUNK_ECNE_TYPE = 818, /**< sctp chunk ecne type */
	FWC_FIELD_SCTP_CHUNK_ECNE_FLAGS = 819, /**< sctp chunk ecne flags */
	FWC_FIELD_SCTP_CHUNK_ECNE_LENGTH = 820, /**< sctp chunk ecne length */
	FWC_FIELD_SCTP_CHUNK_ECNE_LOWEST_TSN = 821, /**< sctp chunk ecne lowest-tsn */
	FWC_FIELD_SCTP_CHUNK_CWR = 822, /**< sctp chunk cwr; exists or missing */
	FWC_FIELD_SCTP_CHUNK_CWR_TYPE = 823, /**< sctp chunk cwr type */
	FWC_FIELD_SCTP_CHUNK_CWR_FLAGS = 824, /**< sctp chunk cwr flags */
	FWC_FIELD_SCTP_CHUNK_CWR_LENGTH = 825, /**< sctp chunk cwr length */
	FWC_FIELD_SCTP_CHUNK_CWR_LOWEST_TSN = 826, /**< sctp chunk cwr lowest-tsn */
	FWC_FIELD_SCTP_CHUNK_SHUTDOWN_COMPLETE =
		827, /**< sctp chunk shutdown-complete; exists or missing */
	FWC_FIELD_SCTP_CHUNK_SHUTDOWN_COMPLETE_TYPE = 828, /**< sctp chunk shutdown-complete type */
	FWC_FIELD_SCTP_CHUNK_SHUTDOWN_COMPLETE_FLAGS =
		829, /**< sctp chunk shutdown-complete flags */
	FWC_FIELD_SCTP_CHUNK_SHUTDOWN_COMPLETE_LENGTH =
		830, /**< sctp chunk shutdown-complete length */
	FWC_FIELD_SCTP_CHUNK_ASCONF_ACK = 831, /**< sctp chunk asconf-ack; exists or missing */
	FWC_FIELD_SCTP_CHUNK_ASCONF_ACK_TYPE = 832, /**< sctp chunk asconf-ack type */
	FWC_FIELD_SCTP_CHUNK_ASCONF_ACK_FLAGS = 833, /**< sctp chunk asconf-ack flags */
	FWC_FIELD_SCTP_CHUNK_ASCONF_ACK_LENGTH = 834, /**< sctp chunk asconf-ack length */
	FWC_FIELD_SCTP_CHUNK_ASCONF_ACK_SEQNO = 835, /**< sctp chunk asconf-ack seqno */
	FWC_FIELD_SCTP_CHUNK_FORWARD_TSN = 836, /**< sctp chunk forward-tsn; exists or missing */
	FWC_FIELD_SCTP_CHUNK_FORWARD_TSN_TYPE = 837, /**< sctp chunk forward-tsn type */
	FWC_FIELD_SCTP_CHUNK_FORWARD_TSN_FLAGS = 838, /**< sctp chunk forward-tsn flags */
	FWC_FIELD_SCTP_CHUNK_FORWARD_TSN_LENGTH = 839, /**< sctp chunk forward-tsn length */
	FWC_FIELD_SCTP_CHUNK_FORWARD_TSN_NEW_CUM_TSN =
		840, /**< sctp chunk forward-tsn new-cum-tsn */
	FWC_FIELD_SCTP_CHUNK_ASCONF = 841, /**< sctp chunk asconf; exists or missing */
	FWC_FIELD_SCTP_CHUNK_ASCONF_TYPE = 842, /**< sctp chunk asconf type */
	FWC_FIELD_SCTP_CHUNK_ASCONF_FLAGS = 843, /**< sctp chunk asconf flags */
	FWC_FIELD_SCTP_CHUNK_ASCONF_LENGTH = 844, /**< sctp chunk asconf length */
	FWC_FIELD_SCTP_CHUNK_ASCONF_SEQNO = 845, /**< sctp chunk asconf seqno */
	FWC_FIELD_TCP_OPTION = 900, /**< tcp option 255, tcp option @255,8,8: with parameters */
	FWC_FIELD_DCCP_OPTION = 901, /**< dccp option 5: with a parameter */
	FWC_FIELD_RAW_PAYLOAD = 902, /**< @th,16,8: header, offset and length in bits */
	FWC_FIELD_NUMGEN = 903, /**< numgen inc mod 2 offset 100: with parameters */
	FWC_FIELD_SYMHASH = 904, /**< symhash mod 2 offset 100: with parameters */
	/** jhash ... mod 2 seed 0x1 offset 100: with parameters, and never alone: see fwc_value_hash() */
	FWC_FIELD_JHASH = 905,
	/** vxlan ip saddr, gre tcp dport: a field of the packet within a tunnel's; with parameters (Linux 6.2) */
	FWC_FIELD_INNER = 906,
	FWC_FIELD_TUNNEL_PATH =
		907, /**< tunnel path; exists or missing: whether it came through a tunnel (Linux 4.19) */
	FWC_FIELD_TUNNEL_ID = 908, /**< tunnel id */
	FWC_FIELD_VXLAN_FLAGS = 910, /**< vxlan flags (Linux 6.2) */
	FWC_FIELD_VXLAN_VNI = 911, /**< vxlan vni */
	FWC_FIELD_GENEVE_TYPE =
		912, /**< geneve type: what is within, as of an Ethernet frame (Linux 6.2) */
	FWC_FIELD_GENEVE_VNI = 913, /**< geneve vni */
};

/** What fields with parameters are given, for fwc_value_field_with(). */
enum fwc_field_detail {
	FWC_FIELD_DETAIL_HEADER = 1, /**< RAW_PAYLOAD: enum fwc_header; required */
	FWC_FIELD_DETAIL_OFFSET = 2, /**< RAW_PAYLOAD, TCP_OPTION: bits, a multiple of 8; else 0 */
	/** RAW_PAYLOAD: bits, a multiple of 8, up to 128; required. TCP_OPTION: likewise; without it, whether it is there */
	FWC_FIELD_DETAIL_LENGTH = 3,
	FWC_FIELD_DETAIL_KIND = 4, /**< TCP_OPTION, DCCP_OPTION: the option's number; required */
	FWC_FIELD_DETAIL_MODULUS = 5, /**< NUMGEN, SYMHASH, JHASH: how many numbers; required */
	FWC_FIELD_DETAIL_ADD = 6, /**< NUMGEN, SYMHASH, JHASH: the smallest one; else 0 */
	FWC_FIELD_DETAIL_RANDOM =
		7, /**< NUMGEN: 1 picks them at random, else one after the other */
	FWC_FIELD_DETAIL_LOOKUP =
		8, /**< FIB_TYPE, FIB_OIF, FIB_OIFNAME: enum fwc_fib_flags; required */
	FWC_FIELD_DETAIL_LEVEL = 9, /**< SOCKET_CGROUPV2: how far below the root; required */
	FWC_FIELD_DETAIL_TTL = 10, /**< OSF_NAME, OSF_VERSION: 1 loose, 2 skip */
	FWC_FIELD_DETAIL_SPNUM = 11, /**< IPSEC_*: which of several transformations */
	FWC_FIELD_DETAIL_SEED = 12, /**< JHASH: the kernel makes one when not set */
	FWC_FIELD_DETAIL_TUNNEL = 13, /**< INNER: enum fwc_tunnel; required */
	FWC_FIELD_DETAIL_FIELD = 14, /**< INNER: enum fwc_field, of a header; required */
};

/** What carries one packet within another; the comment is nft's word. */
enum fwc_tunnel {
	FWC_TUNNEL_VXLAN = 1, /**< vxlan: a match on UDP comes before */
	FWC_TUNNEL_GENEVE = 2, /**< geneve: likewise */
	FWC_TUNNEL_GRE = 3, /**< gre: packets, no frames */
	FWC_TUNNEL_GRETAP = 4, /**< gretap */
};

/** Where raw bytes of the packet are counted from; the comment is nft's word. */
enum fwc_header {
	FWC_HEADER_LINK = 0, /**< @ll */
	FWC_HEADER_NETWORK = 1, /**< @nh */
	FWC_HEADER_TRANSPORT = 2, /**< @th */
	FWC_HEADER_INNER = 3, /**< @ih: behind the transport header (Linux 5.16) */
};

/** What a route is looked up with; the comment is nft's word. The numbers are the kernel's NFTA_FIB_F_*. */
enum fwc_fib_flags {
	FWC_FIB_SADDR = 1, /**< saddr; this or DADDR is required */
	FWC_FIB_DADDR = 2, /**< daddr */
	FWC_FIB_MARK = 4, /**< mark */
	FWC_FIB_IIF = 8, /**< iif */
	FWC_FIB_OIF = 16, /**< oif */
	FWC_FIB_PRESENT = 32, /**< oif exists, oif missing: whether there is a route at all */
};

/**
 * The name of a field in nft's words, "tcp dport".
 *
 * @param field  enum fwc_field
 * @return a constant text, NULL when unknown
 *
 * Since: 0.1
 */
FWC_API const char *fwc_field_name(uint32_t field);

/**
 * Find a field by its name in nft's words.
 *
 * @param name  "tcp dport"
 * @return enum fwc_field, 0 when there is none
 *
 * Since: 0.1
 */
FWC_API uint32_t fwc_field_find(const char *name);

FWC_END_DECLS
#endif
