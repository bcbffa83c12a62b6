/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Rules, values and rulesets in words: what is read, what is written, where and why a text is refused. What is written
 * is compared with nft itself in tests/kernel/text_nft.sh, which reads the same lines from tests/data. */
#include "../check.h"

#include <stdio.h>

#include "text/lexer.h"
#include "text/text.h"

/* ---- rules ---- */

struct line {
	uint32_t family;
	const char *in, *out; /* out NULL: the same */
};

enum { IP = FWC_FAMILY_IP, IP6 = FWC_FAMILY_IP6, INET = FWC_FAMILY_INET };

static const struct line lines[] = {
	/* fields */
	{ INET, "iifname \"lo\" accept", NULL },
	{ INET, "iifname lo accept", "iifname \"lo\" accept" },
	{ INET, "meta iifname \"a\" accept", "iifname \"a\" accept" },
	{ INET, "iifname 5 accept", "iifname \"5\" accept" },
	{ INET, "iifname eth* accept", "iifname \"eth*\" accept" },
	{ INET, "iifname br-0a1b2c3d4e5f accept", "iifname \"br-0a1b2c3d4e5f\" accept" },
	{ INET, "iifname eth0.100 accept", "iifname \"eth0.100\" accept" },
	{ INET, "iifname \"eth\\*\" accept", NULL },
	{ INET, "iifname \"et*h\" accept", NULL },
	{ INET, "iifname \"\\*\" accept", NULL },
	{ INET, "iifname \"a\\*b\" accept", NULL },
	{ INET, "iifname \"a,b\" accept", NULL },
	{ INET, "iifname \"1-2\" accept", NULL },
	{ INET, "iifname \"@x\" accept", NULL },
	{ INET, "iifname \"{\" accept", NULL },
	{ INET, "iifname \"#x\" accept", NULL },
	{ INET, "oifname { \"a\", \"b*\" } drop", NULL },
	{ INET, "oifname { a, \"c\" } drop", "oifname { \"a\", \"c\" } drop" },
	{ INET, "oifname != \"x\" drop", NULL },
	{ INET, "iifname . oifname { \"a\" . \"b\" } accept", NULL },
	{ INET, "meta l4proto tcp accept", NULL },
	{ INET, "meta l4proto { tcp, udp } accept", NULL },
	{ INET, "meta l4proto 6 accept", "meta l4proto tcp accept" },
	{ INET, "meta l4proto icmpv6 accept", "meta l4proto ipv6-icmp accept" },
	{ INET, "meta l4proto 1-6 accept", NULL },
	{ INET, "meta l4proto != tcp accept", NULL },
	{ INET, "meta nfproto ipv4 accept", NULL },
	{ INET, "meta nfproto { ipv4, ipv6 } accept", NULL },
	{ INET, "meta mark 0x1 accept", "meta mark 0x00000001 accept" },
	{ INET, "mark 7 accept", "meta mark 0x00000007 accept" },
	{ INET, "meta mark 10-20 accept", "meta mark 0x0000000a-0x00000014 accept" },
	{ INET, "meta mark 0xffffffff accept", NULL },
	{ INET, "ip saddr 10.0.0.0/8 accept", NULL },
	{ INET, "ip saddr 10.0.0.0 / 8 accept", "ip saddr 10.0.0.0/8 accept" },
	{ INET, "ip saddr 10.1.2.3/8 accept", "ip saddr 10.0.0.0/8 accept" },
	{ INET, "ip saddr 0.0.0.0/0 accept", NULL },
	{ INET, "ip saddr 10.0.0.1/32 accept", "ip saddr 10.0.0.1 accept" },
	{ INET, "ip saddr != 10.0.0.0/8 accept", NULL },
	{ INET, "ip saddr 10.0.0.1-10.0.0.7 accept", NULL },
	{ INET, "ip saddr 10.0.0.0-10.0.0.255 accept", NULL },
	{ INET, "ip saddr < 10.0.0.1 accept", NULL },
	{ INET, "ip saddr @s accept", NULL },
	{ INET, "ip saddr == @s accept", "ip saddr @s accept" },
	{ INET, "ip saddr != @s accept", NULL },
	{ INET, "ip daddr 10.0.0.1 accept", NULL },
	{ INET, "ip protocol tcp accept", NULL },
	{ INET, "ip protocol 99 accept", NULL },
	{ INET, "ip6 nexthdr ipv6-icmp accept", NULL },
	{ INET, "ip6 saddr ::1 accept", NULL },
	{ INET, "ip6 saddr 2001:db8::/32 accept", NULL },
	{ INET, "ip6 daddr 2001:db8::-2001:db8::5 accept", NULL },
	{ INET, "ip6 saddr ::ffff:1.2.3.4 accept", NULL },
	{ INET, "tcp sport 22 accept", NULL },
	{ INET, "tcp dport 0x16 accept", "tcp dport 22 accept" },
	{ INET, "tcp   dport\t22   accept", "tcp dport 22 accept" },
	{ INET, "tcp dport 22-80 accept", NULL },
	{ INET, "tcp dport 22 - 80 accept", "tcp dport 22-80 accept" },
	{ INET, "tcp dport 22- 80 accept", "tcp dport 22-80 accept" },
	{ INET, "tcp dport != 22-80 accept", NULL },
	{ INET, "tcp dport < 80 accept", NULL },
	{ INET, "tcp dport le 80 accept", "tcp dport <= 80 accept" },
	{ INET, "tcp dport gt 80 accept", "tcp dport > 80 accept" },
	{ INET, "tcp dport >= 80 accept", NULL },
	{ INET, "tcp dport eq 80 accept", "tcp dport 80 accept" },
	{ INET, "tcp dport ne 80 accept", "tcp dport != 80 accept" },
	{ INET, "udp sport 22 udp dport 33 accept", NULL },
	{ INET, "th dport 22 accept", NULL },
	{ INET, "meta l4proto { tcp, udp } th dport 53 accept", NULL },
	{ INET, "icmp type 8 accept", "icmp type echo-request accept" },
	{ INET, "icmp type 99 accept", NULL },
	{ INET, "icmp type 0-8 accept", NULL },
	{ INET, "icmpv6 type nd-neighbor-solicit accept", NULL },
	{ INET, "ct mark 5 accept", "ct mark 0x00000005 accept" },
	{ INET, "fib daddr type local accept", NULL },
	{ INET, "fib saddr type != local accept", NULL },
	{ INET, "fib saddr type { local, broadcast } accept", NULL },

	/* lists */
	{ INET, "ip saddr { 10.0.0.1 } accept", "ip saddr 10.0.0.1 accept" },
	{ INET, "ip saddr != { 10.0.0.0/8 } accept", "ip saddr != 10.0.0.0/8 accept" },
	{ INET, "ip saddr { 10.0.0.9, 10.0.0.1 } accept",
	  "ip saddr { 10.0.0.1, 10.0.0.9 } accept" },
	{ INET, "ip saddr { 10.0.0.1, 10.0.0.1 } accept", "ip saddr 10.0.0.1 accept" },
	{ INET, "ip saddr { 10.0.0.1, 10.1.0.0/16 } accept", NULL },
	{ INET, "ip saddr { 10.0.0.0-10.0.0.255, 1.1.1.1 } accept",
	  "ip saddr { 1.1.1.1, 10.0.0.0/24 } accept" },
	{ INET, "ip saddr { 0.0.0.0/0, 1.1.1.1 } accept", "ip saddr 0.0.0.0/0 accept" },
	{ INET, "ip saddr != { 10.0.0.1, 10.1.0.0/16 } accept", NULL },
	{ INET, "tcp dport { 80, 22, 8000-8080 } accept",
	  "tcp dport { 22, 80, 8000-8080 } accept" },
	{ INET, "tcp dport { 22, 80, } accept", "tcp dport { 22, 80 } accept" },
	{ INET, "tcp dport{22,80}accept", "tcp dport { 22, 80 } accept" },
	{ INET, "tcp dport == { 22, 23 } accept", "tcp dport { 22, 23 } accept" },
	{ INET, "tcp dport { 22-33 } accept", "tcp dport 22-33 accept" },
	{ INET, "tcp dport { 3, 1-5, 6 } accept", "tcp dport 1-6 accept" },
	{ INET, "tcp dport {\n22,\n80\n} accept", "tcp dport { 22, 80 } accept" },
	{ INET, "mark { 1-5, 9 } accept",
	  "meta mark { 0x00000001-0x00000005, 0x00000009 } accept" },
	{ INET, "meta mark { 0x10-0x1f, 1 } accept",
	  "meta mark { 0x00000001, 0x00000010/28 } accept" },
	{ INET, "meta mark { 0x00000001, 0x00000010/28 } accept", NULL },
	{ INET, "meta mark { 256, 1, 2, 65536 } accept",
	  "meta mark { 0x00000001, 0x00000002, 0x00000100, 0x00010000 } accept" },
	{ INET, "ip6 saddr { 2001:db8::-2001:db8::ffff, ::1 } accept",
	  "ip6 saddr { ::1, 2001:db8::/112 } accept" },
	{ INET, "iifname { \"ab\", \"ba\", \"b\", \"aaa\", \"c*\" } accept",
	  "iifname { \"aaa\", \"ab\", \"b\", \"ba\", \"c*\" } accept" },
	{ INET, "iifname { \"ab\", \"ba\", \"b\", \"aaa\", \"c\" } accept",
	  "iifname { \"b\", \"c\", \"ba\", \"ab\", \"aaa\" } accept" },
	{ INET, "meta l4proto { udp, tcp, icmp, icmpv6, 99, esp } accept",
	  "meta l4proto { icmp, tcp, udp, esp, ipv6-icmp, 99 } accept" },
	{ INET, "icmp type { echo-request, echo-reply } accept",
	  "icmp type { echo-reply, echo-request } accept" },
	{ INET, "icmp type { 0-8, 11 } accept", "icmp type { 0-8, time-exceeded } accept" },
	{ INET, "ct state { new, established, related, invalid, untracked } accept",
	  "ct state { invalid, established, related, new, untracked } accept" },
	{ INET, "tcp flags { syn, syn|ack } accept", "tcp flags { syn | ack, syn } accept" },

	/* concatenations */
	{ INET, "ip saddr . tcp dport @dyn accept", NULL },
	{ INET, "ip saddr . tcp dport { 1.1.1.1 . 80, 1.1.1.2 . 90-99 } accept", NULL },
	{ INET, "ip saddr . tcp dport != { 1.1.1.1 . 80 } accept", NULL },
	{ INET, "ip saddr . ip daddr . tcp dport { 10.0.0.0/8 . 1.1.1.1 . 80-90 } accept", NULL },
	{ INET,
	  "ip saddr . tcp dport { 10.1.0.0/16 . 22, 9.0.0.0/8 . 80-90, 10.0.0.0/16 . 5 } accept",
	  NULL },
	{ INET,
	  "ip saddr . tcp dport { 1.1.1.2 . 22, 1.1.1.1 . 80, 1.1.1.3 . 5, 1.1.1.1 . 300 } accept",
	  "ip saddr . tcp dport { 1.1.1.3 . 5, 1.1.1.2 . 22, 1.1.1.1 . 300, 1.1.1.1 . 80 } accept" },
	{ INET, "tcp dport . meta mark { 22 . 2, 80 . 1, 300 . 1, 5 . 256 } accept",
	  "tcp dport . meta mark { 300 . 0x00000001, 80 . 0x00000001, 22 . 0x00000002, "
	  "5 . 0x00000100 } accept" },
	{ INET, "meta mark & 0xff . ip saddr { 5 . 1.1.1.1 } accept",
	  "meta mark & 0x000000ff . ip saddr { 0x00000005 . 1.1.1.1 } accept" },

	/* bits */
	{ INET, "meta mark and 0xff == 0x1 accept", "meta mark & 0x000000ff == 0x00000001 accept" },
	{ INET, "meta mark & 0xff 1 accept", "meta mark & 0x000000ff == 0x00000001 accept" },
	{ INET, "(meta mark & 0xff) != 1 accept", "meta mark & 0x000000ff != 0x00000001 accept" },
	{ INET, "meta mark or 0xff == 1 accept", "meta mark | 0x000000ff == 0x00000001 accept" },
	{ INET, "meta mark ^ 0xff == 1 accept", "meta mark 0x000000fe accept" },
	{ INET, "meta mark & 0xff | 0x100 == 8 accept",
	  "meta mark & 0x000001ff | 0x00000100 == 0x00000008 accept" },
	{ INET, "meta mark & 0xff { 8, 9 } accept",
	  "meta mark & 0x000000ff == { 0x00000008, 0x00000009 } accept" },
	{ INET, "meta mark & 0xff < 8 accept", "meta mark & 0x000000ff < 0x00000008 accept" },
	{ INET, "meta mark & 0xff 8-10 accept",
	  "meta mark & 0x000000ff 0x00000008-0x0000000a accept" },
	{ INET, "meta mark & 0xff @mks accept", "meta mark & 0x000000ff == @mks accept" },
	{ INET, "meta mark & 0xff != 0 accept", "meta mark & 0x000000ff != 0x00000000 accept" },
	{ INET, "ip saddr & 255.0.0.255 == 10.0.0.1 accept", NULL },
	{ INET, "ip saddr & 255.0.0.0 == 10.0.0.0 accept", "ip saddr 10.0.0.0/8 accept" },
	{ INET, "ip saddr & 255.0.0.0 != 10.0.0.0 accept", "ip saddr != 10.0.0.0/8 accept" },
	{ INET, "ip saddr & 0.0.0.255 { 0.0.0.5, 0.0.0.6 } accept",
	  "ip saddr & 0.0.0.255 == { 0.0.0.5, 0.0.0.6 } accept" },
	{ INET, "ip6 saddr & ffff:: == fe80:: accept", "ip6 saddr fe80::/16 accept" },
	{ INET, "tcp dport & 0xff00 == 0x1600 accept", "tcp dport & 65280 == 5632 accept" },
	{ INET, "ip protocol & 0xf == 6 accept", "ip protocol & 15 == tcp accept" },

	/* flags */
	{ INET, "tcp flags syn accept", NULL },
	{ INET, "tcp flags == syn accept", NULL },
	{ INET, "tcp flags != syn accept", NULL },
	{ INET, "tcp flags ! syn,ack accept", NULL },
	{ INET, "tcp flags syn|ack accept", "tcp flags syn,ack accept" },
	{ INET, "tcp flags == syn|ack accept", "tcp flags == 0x12 accept" },
	{ INET, "tcp flags != (syn|ack) accept", "tcp flags != 0x12 accept" },
	{ INET, "tcp flags == syn,ack accept", "tcp flags == 0x12 accept" },
	{ INET, "tcp flags & (syn|ack) == syn accept", "tcp flags syn / syn,ack accept" },
	{ INET, "tcp flags & (syn|ack) syn accept", "tcp flags syn / syn,ack accept" },
	{ INET, "tcp flags & (syn|ack) != syn accept", "tcp flags != syn / syn,ack accept" },
	{ INET, "tcp flags & (fin | syn | rst | ack) == syn | ack accept",
	  "tcp flags syn,ack / fin,syn,rst,ack accept" },
	{ INET, "tcp flags syn / syn,ack accept", NULL },
	{ INET, "tcp flags != syn / syn,ack accept", NULL },
	{ INET, "tcp flags & syn == syn accept", NULL },
	{ INET, "tcp flags & syn != syn accept", NULL },
	{ INET, "tcp flags & (syn|ack) == 0 accept", "tcp flags ! syn,ack accept" },
	{ INET, "tcp flags & (syn|ack) != 0 accept", "tcp flags syn,ack accept" },
	{ INET, "tcp flags & (syn|ack) { syn, ack } accept",
	  "tcp flags & (syn | ack) == { syn, ack } accept" },
	{ INET, "tcp flags { syn } accept", "tcp flags syn accept" },
	{ INET, "tcp flags 2 accept", "tcp flags syn accept" },
	{ INET, "tcp flags == 0 accept", "tcp flags == 0x0 accept" },
	{ INET, "tcp flags 0xff accept", "tcp flags != 0x0 accept" },
	{ INET, "ct state established,related accept", NULL },
	{ INET, "ct state established, related accept", "ct state established,related accept" },
	{ INET, "ct state established|related accept", "ct state established,related accept" },
	{ INET, "ct state == new,established accept", "ct state == established | new accept" },
	{ INET, "ct state == established | new accept", NULL },
	{ INET, "ct state != new accept", NULL },
	{ INET, "ct state ! new accept", NULL },
	{ INET, "ct state & new == new accept", NULL },
	{ INET, "ct state & (new|established) == new accept",
	  "ct state new / established,new accept" },
	{ INET, "ct state & (new|established) != 0 accept", "ct state established,new accept" },
	{ INET, "ct state 0x100 accept", NULL },
	{ INET, "ct state @cts accept", NULL },
	{ INET, "ct status dnat,snat accept", "ct status snat,dnat accept" },
	{ INET, "ct status & dnat == 0 accept", "ct status ! dnat accept" },

	/* what is implied is not said */
	{ INET, "meta l4proto tcp tcp dport 53 accept", "tcp dport 53 accept" },
	{ INET, "meta l4proto tcp ip saddr 1.1.1.1 tcp dport 22 accept",
	  "ip saddr 1.1.1.1 tcp dport 22 accept" },
	{ INET, "meta l4proto tcp counter packets 0 bytes 0 tcp dport 22 accept", NULL },
	{ INET, "meta nfproto ipv4 ip saddr 1.1.1.1 accept", "ip saddr 1.1.1.1 accept" },
	{ INET, "meta l4proto udp th dport 53 accept", "udp dport 53 accept" },
	{ INET, "ip protocol tcp tcp dport 53 accept", NULL },

	/* verdicts */
	{ INET, "accept", NULL },
	{ INET, "drop", NULL },
	{ INET, "return", NULL },
	{ INET, "continue", NULL },
	{ INET, "jump x", NULL },
	{ INET, "goto x", NULL },
	{ INET, "accept # and a remark", "accept" },
	{ INET, "accept;", "accept" },
	{ INET, "\taccept\n", "accept" },
	{ INET, "tcp dport 22 \\\n accept", "tcp dport 22 accept" },
	{ INET, "accept comment \"it's #1\"", NULL },
	{ INET, "accept comment x", "accept comment \"x\"" },
	{ INET, "accept comment \"a\\b*\"", NULL },
	{ INET, "accept comment \"\"", NULL },
	{ INET, "tcp dport vmap { 22 : accept, 80 : jump x, 90-99 : goto x, 3 : return, 4:drop }",
	  "tcp dport vmap { 3 : return, 4 : drop, 22 : accept, 80 : jump x, 90-99 : goto x }" },
	{ INET, "tcp dport vmap @vm", NULL },
	{ INET, "ip saddr . tcp dport vmap { 1.1.1.1 . 80 : accept }", NULL },
	{ INET, "iifname vmap { \"a\" : accept, \"b*\" : drop }", NULL },
	{ INET, "ip6 saddr vmap { ::1 : accept, fe80::/10 : drop }", NULL },
	{ INET, "ct state vmap { established : accept, related : accept, invalid : drop }",
	  "ct state vmap { invalid : drop, established : accept, related : accept }" },

	/* reject */
	{ INET, "reject", NULL },
	{ IP, "reject", NULL },
	{ IP6, "reject", NULL },
	{ INET, "reject with icmp type host-unreachable", "reject with icmp host-unreachable" },
	{ INET, "reject with icmp port-unreachable", NULL },
	{ INET, "reject with icmp 3", "reject with icmp port-unreachable" },
	{ INET, "reject with icmpx port-unreachable", "reject" },
	{ INET, "reject with icmpx type admin-prohibited", "reject with icmpx admin-prohibited" },
	{ INET, "reject with icmpv6 no-route", NULL },
	{ IP, "reject with icmp port-unreachable", "reject" },
	{ IP, "reject with icmp host-prohibited", NULL },
	{ IP6, "reject with icmpv6 port-unreachable", "reject" },
	{ IP6, "reject with icmpv6 reject-route", NULL },
	{ INET, "ip saddr 1.1.1.1 reject", "ip saddr 1.1.1.1 reject with icmp port-unreachable" },
	{ INET, "ip6 saddr ::1 reject", "ip6 saddr ::1 reject with icmpv6 port-unreachable" },
	{ INET, "tcp dport 22 reject with tcp reset", NULL },
	{ INET, "reject with tcp reset", "meta l4proto tcp reject with tcp reset" },
	{ IP, "ip protocol tcp reject with tcp reset", NULL },

	/* log, counter, limit */
	{ INET, "log", NULL },
	{ INET, "log prefix \"x \"", NULL },
	{ INET, "log prefix x", "log prefix \"x\"" },
	{ INET, "log group 5 prefix \"x\"", "log prefix \"x\" group 5" },
	{ INET, "log group 0", NULL },
	{ INET, "log level warn", "log" },
	{ INET, "log level debug prefix \"x\"", "log prefix \"x\" level debug" },
	{ INET, "log level audit", NULL },
	{ INET, "log flags all", NULL },
	{ INET, "log flags tcp sequence,options flags ip options flags skuid flags ether",
	  "log flags all" },
	{ INET, "log flags tcp options", NULL },
	{ INET, "log flags ether flags ip options", "log flags ip options flags ether" },
	{ INET, "log prefix \"x\" level debug flags tcp sequence", NULL },
	{ INET, "log prefix \"x\" group 5 snaplen 100 queue-threshold 20", NULL },
	{ INET, "counter", "counter packets 0 bytes 0" },
	{ INET, "counter bytes 10 packets 5", "counter packets 5 bytes 10" },
	{ INET, "counter counter", "counter packets 0 bytes 0 counter packets 0 bytes 0" },
	{ INET, "limit rate 3/second", NULL },
	{ INET, "limit rate 3 / minute", "limit rate 3/minute" },
	{ INET, "limit rate 3/second burst 5 packets", "limit rate 3/second" },
	{ INET, "limit rate over 3/week burst 6 packets", NULL },
	{ INET, "limit rate 1024 bytes/second", "limit rate 1 kbytes/second" },
	{ INET, "limit rate 1025 bytes/hour", NULL },
	{ INET, "limit rate 10 mbytes/second burst 1500 bytes", NULL },
	{ INET, "limit rate over 10 mbytes/day burst 5 kbytes", NULL },
	{ INET, "limit rate 3 mbytes/second burst 0 bytes", "limit rate 3 mbytes/second" },

	/* marks */
	{ INET, "meta mark set 5", "meta mark set 0x00000005" },
	{ INET, "mark set 0x1 | 0x2", "meta mark set 0x00000003" },
	{ INET, "meta mark set ct mark", NULL },
	{ INET, "meta mark set ct mark and 0xff", "meta mark set ct mark & 0x000000ff" },
	{ INET, "meta mark set mark & 0xffffff00 | 0x1",
	  "meta mark set meta mark & 0xffffff01 | 0x00000001" },
	{ INET, "meta mark set ct mark & 0xff ^ 0x10f",
	  "meta mark set ct mark & 0x000001ff ^ 0x0000000f | 0x00000100" },
	{ INET, "meta mark set ct mark & 0xff ^ 0x0f",
	  "meta mark set ct mark & 0x000000ff ^ 0x0000000f" },
	{ INET, "meta mark set ct mark | 0x100 & 0xff", "meta mark set ct mark" },
	{ INET, "meta mark set ct mark & 0xffffffff", "meta mark set ct mark" },
	{ INET, "meta mark set ct mark & 0", "meta mark set ct mark & 0x00000000" },
	{ INET, "meta mark set ct mark | 0xffffffff", NULL },
	{ INET, "meta mark set ct mark ^ 0xffffffff", NULL },
	{ INET, "meta mark set ct mark << 8", NULL },
	{ INET, "meta mark set mark >> 8", "meta mark set meta mark >> 8" },
	{ INET, "meta mark set (ct mark & 0xff) << 8",
	  "meta mark set (ct mark & 0x000000ff) << 8" },
	{ INET, "meta mark set (ct mark << 8) | 0x1", "meta mark set ct mark << 8 | 0x00000001" },
	{ INET, "meta mark set ct mark << 8 & 0xff00", "meta mark set ct mark << 8 & 0x0000ff00" },
	{ INET, "ct mark set meta mark & 0xff", "ct mark set meta mark & 0x000000ff" },
	{ INET, "ct mark set 5", "ct mark set 0x00000005" },
	{ INET, "meta mark set ip saddr map @mm", NULL },
	{ INET, "meta mark set ip saddr map { 1.1.1.1 : 5, 1.1.1.2 : 0x6 }",
	  "meta mark set ip saddr map { 1.1.1.1 : 0x00000005, 1.1.1.2 : 0x00000006 }" },
	{ INET, "meta mark set tcp dport map { 80-90 : 5, 443 : 0x6 }",
	  "meta mark set tcp dport map { 80-90 : 0x00000005, 443 : 0x00000006 }" },
	{ INET, "meta mark set ip saddr . tcp dport map { 1.1.1.1 . 80 : 5 }",
	  "meta mark set ip saddr . tcp dport map { 1.1.1.1 . 80 : 0x00000005 }" },
	{ INET, "meta mark set (meta mark and 0xff) map { 1 : 2 }",
	  "meta mark set meta mark & 0x000000ff map { 0x00000001 : 0x00000002 }" },

	/* address translation */
	{ INET, "masquerade", NULL },
	{ INET, "masquerade fully-random,persistent,random",
	  "masquerade random,fully-random,persistent" },
	{ INET, "tcp dport 22 masquerade to :100-200 random", NULL },
	{ INET, "snat ip to 1.1.1.1", NULL },
	{ IP, "snat to 1.1.1.1", NULL },
	{ IP, "snat 1.1.1.1", "snat to 1.1.1.1" },
	{ IP6, "snat to 2001:db8::1-2001:db8::5", NULL },
	{ INET, "snat ip to 1.1.1.1-1.1.1.5 persistent", NULL },
	{ INET, "snat ip to 10.0.0.0/24", NULL },
	{ INET, "ip saddr 1.1.1.1 snat to 2.2.2.2", "ip saddr 1.1.1.1 snat ip to 2.2.2.2" },
	{ INET, "tcp dport 22 snat ip to 1.1.1.1-1.1.1.3:80-90 random", NULL },
	{ INET, "tcp dport 22 snat ip6 to [::1]:80", NULL },
	{ INET, "tcp dport 22 snat ip6 to [::1]-[::5]:80-90", NULL },
	{ INET, "tcp dport 22 snat to :80", NULL },
	{ INET, "snat ip to ip saddr map { 10.0.0.1 : 1.1.1.1, 10.0.0.2 : 1.1.1.2 }", NULL },
	{ INET, "dnat ip to ip saddr . tcp dport map @m", NULL },
	{ INET, "dnat ip addr . port to ip saddr . tcp dport map @m",
	  "dnat ip to ip saddr . tcp dport map @m" },
	{ INET, "dnat ip to tcp dport map { 80 : 1.1.1.1 . 8080, 443 : 1.1.1.2 . 8443 }", NULL },
	{ INET, "tcp dport 22 dnat ip to 1.1.1.1:tcp dport map { 80 : 8080 }", NULL },
	{ INET, "tcp dport 22 dnat ip to ip saddr map { 1.1.1.1 : 2.2.2.2 }:80", NULL },
	{ INET, "fib daddr type local tcp dport 22 dnat ip to 1.1.1.1:80", NULL },
	{ INET, "tcp dport 22 dnat to 1.1.1.1:80", "tcp dport 22 dnat ip to 1.1.1.1:80" },
	{ INET, "redirect", NULL },
	{ INET, "tcp dport 22 redirect to 80", "tcp dport 22 redirect to :80" },
	{ INET, "tcp dport 22 redirect to :80-90 random,persistent", NULL },
	{ INET, "tcp dport 22 redirect to :tcp dport map { 22 : 2222 }", NULL },
};

/* What the lines above name. */
static const char world[] =
	"add set F t s { type ipv4_addr; }\n"
	"add set F t dyn { type ipv4_addr . inet_service; }\n"
	"add set F t mks { type mark; }\n"
	"add set F t cts { type ct_state; }\n"
	"add map F t m { type ipv4_addr . inet_service : ipv4_addr . inet_service; }\n"
	"add map F t vm { type inet_service : verdict; }\n"
	"add map F t mm { type ipv4_addr : mark; }\n";

static struct fwc_ruleset *make_world(uint32_t family)
{
	struct fwc_ruleset *rs;
	struct fwc_error err;
	char text[1024] = "";
	size_t at = 0;

	at += (size_t)snprintf(text, sizeof(text), "add table %s t\n", fwc_family_name(family));
	for (const char *c = world; *c; c++)
		at += (size_t)snprintf(text + at, sizeof(text) - at, "%s",
				       *c == 'F' && c[1] == ' ' ? fwc_family_name(family)
								: (char[]){ *c, '\0' });
	at += (size_t)snprintf(text + at, sizeof(text) - at, "add chain %s t x\nadd chain %s t c\n",
			       fwc_family_name(family), fwc_family_name(family));
	rs = fwc_ruleset_parse(text, at, FWC_SYNTAX_NFT, &err);
	ck_assert_msg(rs != NULL, "%s", err.msg);
	return rs;
}

static struct fwc_chain *chain_of(struct fwc_ruleset *rs)
{
	return fwc_table_find_chain(fwc_ruleset_at(rs, 0), "c");
}

static void assert_line(const struct line *l)
{
	struct fwc_ruleset *rs = make_world(l->family);
	struct fwc_rule *r = fwc_chain_append(chain_of(rs));
	struct fwc_buf out = { 0 };
	struct fwc_error err;
	int failed = fwc_text_parse_rule(r, l->in, strlen(l->in), &err);

	ck_assert_msg(failed == 0, "'%s': %s (column %u)", l->in, err.msg, err.column);
	fwc_text_format_rule(r, false, &out);
	ck_assert_str_eq(out.data, l->out ? l->out : l->in);
	fwc_buf_free(&out);
	fwc_ruleset_free(rs);
}

START_TEST(a_rule_is_written_as_nft_writes_it)
{
	assert_line(&lines[_i]);
}
END_TEST

START_TEST(what_is_written_is_read_again_as_the_same_rule)
{
	const struct line *l = &lines[_i];

	assert_line(&(struct line){ l->family, l->out ? l->out : l->in, NULL });
}
END_TEST

/* ---- bad rules ---- */

static const struct bad_line {
	const char *text;
	uint32_t line, column;
	const char *part; /* of the message */
} bad_lines[] = {
	{ "", 1, 1, "a match or a target" },
	{ "   # nothing", 1, 13, "a match or a target" },
	{ "comment \"x\"", 1, 1, "'comment' is not known here" },
	{ "bogus 22 accept", 1, 1, "'bogus' is not known here" },
	{ "tcp bogus 22 accept", 1, 1, "'tcp' is not known here" },
	{ "tcp dport", 1, 10, "the text ends" },
	{ "tcp dport accept", 1, 11, "'accept' is no inet_service" },
	{ "tcp dport 70000 accept", 1, 11, "'70000' is no inet_service" },
	{ "tcp dport 80-22 accept", 1, 11, "ends before it begins" },
	{ "tcp dport { } accept", 1, 13, "'}' is not known here" },
	{ "tcp dport { 22 accept", 1, 16, "'accept' is not known here" },
	{ "tcp dport { 22, 80", 1, 19, "the text ends" },
	{ "tcp dport {{{{{{{{{{", 1, 12, "'{' is not known here" },
	{ "tcp dport { { 22 } } accept", 1, 13, "'{' is not known here" },
	{ "tcp dport 22,80 accept", 1, 13, "',' is not known here" },
	{ "tcp dport ! 22 accept", 1, 13, "goes with flags only" },
	{ "tcp dport < { 22, 23 } accept", 1, 13, NULL },
	{ "tcp dport in { 22, 23 } accept", 1, 11, "'in' is no inet_service" },
	{ "tcp dport \"22 accept", 1, 11, "the quote has no end" },
	{ "ip saddr 10.0.0.0/33 accept", 1, 10, "'10.0.0.0/33' is no ipv4_addr" },
	{ "ip saddr ::1 accept", 1, 10, "'::1' is no ipv4_addr" },
	{ "ip saddr 10.0.0.9-10.0.0.1 accept", 1, 10, "ends before it begins" },
	{ "ip saddr 10.0.0.0/8-11.0.0.0/8 accept", 1, 20, NULL },
	{ "ip saddr @\"s\" accept", 1, 11, "the name of a set" },
	{ "ip saddr . tcp dport 1.1.1.1 . 80 accept", 1, 22, "put them into '{ }'" },
	{ "ip saddr . tcp dport { 1.1.1.1 } accept", 1, 32,
	  "'.' and a value of type inet_service" },
	{ "iifname 0123456789012345 accept", 1, 9, "1 to 15" },
	{ "iifname \"*\" accept", 1, 9, "every interface" },
	{ "iifname \"a b\" accept", 1, 9, "white space" },
	{ "iifname a & 1 accept", 1, 11, "'&' is not known here" },
	{ "iifname & 1 accept", 1, 9, "a name has no bits" },
	{ "ct state bogus accept", 1, 10, "'bogus' is no ct_state" },
	{ "meta mark 0x100000000 accept", 1, 11, "is no mark" },
	{ "meta mark set tcp dport", 1, 1, NULL },
	{ "tcp dport set 5", 1, 1, "only 'meta mark' and 'ct mark' can be set" },
	{ "meta mark set 1 << 2", 1, 17, "not shifted" },
	{ "meta mark set ct mark << 32", 1, 26, "from 0 to 31" },
	{ "meta mark set 1 | ct mark", 1, 17, "the field stands before '|'" },
	{ "((((((((((meta mark))))))))))", 1, 9, "nested" },
	{ "(meta mark & 0xff == 1 accept", 1, 19, "expected ')'" },
	{ "meta mark << 1 << 1 << 1 << 1 << 1 << 1 << 1 << 1 == 1", 1, 46, "nested" },
	{ "ip6 saddr & ::ffff == ::1 accept", 1, 11, "only a prefix" },
	{ "accept drop", 1, 8, "no packet gets past" },
	{ "accept\ndrop", 2, 1, "it is one rule" },
	{ "accept; drop", 1, 9, "it is one rule" },
	{ "accept comment \"x\" drop", 1, 20, "nothing follows a comment" },
	{ "accept comment \"x", 1, 16, "the quote has no end" },
	{ "jump", 1, 5, "the name of a chain" },
	{ "jump 5x", 1, 6, "is no name for a chain" },
	{ "tcp dport vmap { 22 : bogus }", 1, 23, "a verdict" },
	{ "tcp dport vmap { 22 }", 1, 21, "expected ':'" },
	{ "tcp dport vmap { 22 : accept, 22 : drop }", 1, 31, "there already" },
	{ "tcp dport vmap { 3 : accept, 1-5 : drop }", 1, 30, "overlaps" },
	{ "reject with bogus", 1, 13, "icmp, icmpv6, icmpx" },
	{ "reject with icmp bogus", 1, 18, "host-unreachable" },
	{ "reject with icmp 256", 1, 18, "from 0 to 255" },
	{ "log prefix", 1, 11, "the prefix in quotes" },
	{ "log prefix \"a\" prefix \"b\"", 1, 23, "given twice" },
	{ "log level loud", 1, 11, "emerg" },
	{ "log group 65536", 1, 11, "from 0 to 65535" },
	{ "limit rate 3", 1, 13, "where '/' is expected" },
	{ "limit rate 3/fortnight", 1, 14, "second, minute" },
	{ "limit rate 0/second", 1, 12, "a rate is not 0" },
	{ "limit rate 3/second burst 0 packets", 1, 27, "a burst is a number from 1" },
	{ "limit rate 3/second burst 5 bytes", 1, 27, "in packets as well" },
	{ "limit rate 18446744073709551616/second", 1, 12, "a rate" },
	{ "counter packets x", 1, 17, "packets: a number" },
	{ "dnat to", 1, 8, "the text ends" },
	{ "snat ip to 1.1.1.1.1", 1, 12, "is no ipv4_addr" },
	{ "snat ip6 to [::1", 1, 17, "where ']' is expected" },
	{ "masquerade to :70000", 1, 16, "is no inet_service" },
	{ "accept \x80", 1, 8, "is no word" },
	{ "tcp flags 0 accept", 1, 11, "needs a bit" },
	{ "tcp flags > 5 accept", 1, 13, "does not go with tcp_flag" },
	{ "tcp dport 22 udp dport 22", 1, 24, "contradicts" },
	{ "iif lo accept", 1, 1, "'iif' is not known here" },
};

START_TEST(a_bad_rule_is_refused_with_its_place_and_adds_nothing)
{
	const struct bad_line *l = &bad_lines[_i];
	struct fwc_ruleset *rs = make_world(INET);
	struct fwc_rule *r = fwc_chain_append(chain_of(rs));
	struct fwc_error err = { 0 };
	int failed = fwc_text_parse_rule(r, l->text, strlen(l->text), &err);

	ck_assert_msg(failed < 0, "'%s' was taken", l->text);
	ck_assert_msg(err.line == l->line && err.column == l->column,
		      "'%s': %u:%u instead of %u:%u: %s", l->text, err.line, err.column, l->line,
		      l->column, err.msg);
	if (l->part)
		assert_error(&err, failed, l->part);
	ck_assert_ptr_null(r->items);
	ck_assert_ptr_null(fwc_rule_comment_get(r));
	ck_assert_int_eq(fwc_text_parse_rule(r, "accept", 6, NULL), 0);
	ck_assert_uint_eq(fwc_rule_count(r), 1);
	fwc_ruleset_free(rs);
}
END_TEST

START_TEST(a_text_with_nul_is_refused)
{
	struct fwc_ruleset *rs = make_world(INET);
	struct fwc_rule *r = fwc_chain_append(chain_of(rs));
	struct fwc_error err;

	assert_fails(fwc_text_parse_rule(r, "accept\0drop", 11, &err), -EINVAL, err, "NUL");
	ck_assert_uint_eq(err.column, 7);
	assert_fails(fwc_text_parse_rule(r, "iifname \"a\0b\"", 13, &err), -EINVAL, err, "quote");
	fwc_ruleset_free(rs);
}
END_TEST

/* Fills `size` bytes with copies of `part`. */
static char *repeat(const char *part, size_t size)
{
	char *text = malloc(size);

	for (size_t i = 0; i < size; i++)
		text[i] = part[i % strlen(part)];
	return text;
}

/* A megabyte is refused at once; a little less takes no more than its share of time. */
START_TEST(long_texts_are_bounded)
{
	static const char *const parts[] = { "(",
					     "{",
					     "a-",
					     "1.",
					     "-",
					     "\"",
					     "tcp dport 1 ",
					     ",",
					     ":",
					     "tcp flags syn,",
					     "@",
					     "meta mark & 1 & ",
					     "1|" };
	struct fwc_ruleset *rs = make_world(INET);
	struct fwc_rule *r = fwc_chain_append(chain_of(rs));
	struct fwc_error err;
	char *text;

	for (size_t i = 0; i < sizeof(parts) / sizeof(parts[0]); i++) {
		text = repeat(parts[i], 1 << 20);
		assert_fails(fwc_text_parse_rule(r, text, 1 << 20, &err), -EINVAL, err, "at most");
		fwc_text_parse_rule(r, text, (1 << 20) - 1, &err);
		free(text);
	}
	text = repeat("tcp dport { 1, 2, 3, 4, 5, 6, 7, 8, 9, ", (1 << 20) - 1);
	ck_assert_int_lt(fwc_text_parse_rule(r, text, (1 << 20) - 1, &err), 0);
	free(text);
	fwc_ruleset_free(rs);
}
END_TEST

/* 80,000 addresses and as many ranges in one list. */
START_TEST(long_lists_take_no_more_than_their_share_of_time)
{
	for (int ranges = 0; ranges < 2; ranges++) {
		struct fwc_ruleset *rs = make_world(INET);
		struct fwc_rule *r = fwc_chain_append(chain_of(rs));
		struct fwc_buf text = { 0 }, out = { 0 };
		struct fwc_error err;
		unsigned int count = ranges ? 40000 : 80000;

		fwc_buf_puts(&text, "ip saddr { ");
		for (unsigned int i = 0; i < count; i++)
			fwc_buf_printf(&text, ranges ? "%s%u.%u.%u.1-%u.%u.%u.5" : "%s%u.%u.%u.1",
				       i ? "," : "", 1 + i / 65536, i / 256 % 256, i % 256,
				       1 + i / 65536, i / 256 % 256, i % 256);
		fwc_buf_puts(&text, "} drop");
		assert_ok(fwc_text_parse_rule(r, text.data, text.len, &err), err);
		ck_assert_uint_eq(r->items->right->list->elements.count, count);
		fwc_text_format_rule(r, false, &out);
		ck_assert_uint_gt(out.len, text.len);
		fwc_buf_free(&text);
		fwc_buf_free(&out);
		fwc_ruleset_free(rs);
	}
}
END_TEST

/* ---- values alone ---- */

START_TEST(values_are_read_for_the_types_of_their_place)
{
	const struct fwc_type *types[] = { fwc_type_by_name("ipv4_addr", 9),
					   fwc_type_by_name("inet_service", 12) };
	struct fwc_ruleset *rs = fwc_ruleset_new();
	const struct fwc_value *v;
	struct fwc_error err;
	struct fwc_buf out = { 0 };

	v = fwc_text_parse_value(rs, "10.0.0.0/8 . 80-90", 18, types, 2, &err);
	ck_assert_ptr_nonnull(v);
	ck_assert_uint_eq(v->kind, FWC_VALUE_CONCAT);
	fwc_text_format_value(v, &out);
	ck_assert_str_eq(out.data, "10.0.0.0/8 . 80-90");
	fwc_buf_free(&out);
	v = fwc_text_parse_value(rs, "{ 22, 80-89 }", 13, types + 1, 1, &err);
	ck_assert_uint_eq(v->kind, FWC_VALUE_LIST);
	v = fwc_text_parse_data(rs, "10.0.0.1 . 80", 13, types, 2, &err);
	ck_assert_uint_eq(v->kind, FWC_VALUE_CONCAT);
	ck_assert_ptr_null(fwc_text_parse_data(rs, "10.0.0.1", 8, types, 2, &err));
	assert_error(&err, -EINVAL, "2 values");
	ck_assert_ptr_null(fwc_text_parse_data(rs, "10.0.0.0/8 . 80", 15, types, 2, &err));
	assert_error(&err, -EINVAL, "no range and no prefix");
	ck_assert_ptr_null(fwc_text_parse_value(rs, "22 accept", 9, types + 1, 1, &err));
	assert_error(&err, -EINVAL, "nothing more");
	ck_assert_uint_eq(err.column, 4);
	fwc_ruleset_free(rs);
}
END_TEST

/* ---- rulesets ---- */

static const char commands[] =
	"# a remark\n"
	"add table inet t { flags dormant; comment \"a table\"; }\n"
	"add chain inet t input { type filter hook input priority filter - 5; policy drop; comment \"a chain\"; }\n"
	"add chain inet t c\n"
	"add set inet t s { type ipv4_addr; size 10; flags constant,interval; comment \"a set\"; }\n"
	"add element inet t s { 192.168.0.1-192.168.0.9, 10.0.0.0/8, 1.1.1.1 comment \"one\" }\n"
	"add set inet t p { type ipv4_addr . inet_service; timeout 1d1h; }\n"
	"add element inet t p { 1.1.1.1 . 80 timeout 1m30s }\n"
	"add map inet t vm { type inet_service : verdict; }\n"
	"add element inet t vm { 80 : jump c, 22 : accept }; add rule inet t input iifname \"lo\" accept\n"
	"add rule inet t input tcp dport { 22,\n"
	"  80 } counter accept comment \"both\"\n"
	"add table ip e\n"
	"delete table ip6 old\n";

static const char listing[] =
	"table inet t {\n"
	"\tflags dormant\n"
	"\tcomment \"a table\"\n"
	"\tset s {\n"
	"\t\ttype ipv4_addr\n"
	"\t\tsize 10\n"
	"\t\tflags constant,interval\n"
	"\t\tcomment \"a set\"\n"
	"\t\telements = { 1.1.1.1 comment \"one\", 10.0.0.0/8,\n"
	"\t\t\t     192.168.0.1-192.168.0.9 }\n"
	"\t}\n"
	"\n"
	"\tset p {\n"
	"\t\ttype ipv4_addr . inet_service\n"
	"\t\ttimeout 1d1h\n"
	"\t\telements = { 1.1.1.1 . 80 timeout 1m30s }\n"
	"\t}\n"
	"\n"
	"\tmap vm {\n"
	"\t\ttype inet_service : verdict\n"
	"\t\telements = { 22 : accept, 80 : jump c }\n"
	"\t}\n"
	"\n"
	"\tchain input {\n"
	"\t\tcomment \"a chain\"\n"
	"\t\ttype filter hook input priority filter - 5; policy drop;\n"
	"\t\tiifname \"lo\" accept\n"
	"\t\ttcp dport { 22, 80 } counter packets 0 bytes 0 accept comment \"both\"\n"
	"\t}\n"
	"\n"
	"\tchain c {\n"
	"\t}\n"
	"}\n"
	"table ip e {\n"
	"}\n";

static char *format(const struct fwc_ruleset *rs, uint32_t flags)
{
	struct fwc_error err;
	size_t len = 0;
	char *text;

	assert_ok(fwc_ruleset_format(rs, FWC_SYNTAX_NFT, flags, &text, &len, &err), err);
	ck_assert_uint_eq(len, strlen(text));
	return text;
}

START_TEST(a_ruleset_is_listed_as_nft_lists_it)
{
	struct fwc_error err;
	struct fwc_ruleset *rs =
		fwc_ruleset_parse(commands, strlen(commands), FWC_SYNTAX_NFT, &err);
	char *text;

	ck_assert_msg(rs != NULL, "%u:%u: %s", err.line, err.column, err.msg);
	text = format(rs, 0);
	ck_assert_str_eq(text, listing);
	fwc_text_free(text);
	text = format(rs, FWC_FORMAT_STATELESS | FWC_FORMAT_HANDLES);
	assert_contains(text, "\tset s { # handle 0\n");
	assert_contains(text, "counter accept comment \"both\" # handle 0\n");
	fwc_text_free(text);
	fwc_ruleset_free(rs);
}
END_TEST

START_TEST(commands_are_read_again_as_the_same_ruleset)
{
	struct fwc_error err;
	struct fwc_ruleset *rs =
		fwc_ruleset_parse(commands, strlen(commands), FWC_SYNTAX_NFT, &err);
	struct fwc_ruleset *again;
	char *first, *second;

	ck_assert_ptr_nonnull(rs);
	first = format(rs, FWC_FORMAT_COMMANDS);
	assert_contains(first, "delete table ip6 old\n");
	again = fwc_ruleset_parse(first, strlen(first), FWC_SYNTAX_NFT, &err);
	ck_assert_msg(again != NULL, "%u:%u: %s\n%s", err.line, err.column, err.msg, first);
	second = format(again, FWC_FORMAT_COMMANDS);
	ck_assert_str_eq(first, second);
	fwc_text_free(first);
	fwc_text_free(second);
	first = format(rs, 0);
	second = format(again, 0);
	ck_assert_str_eq(first, second);
	fwc_text_free(first);
	fwc_text_free(second);
	fwc_ruleset_free(rs);
	fwc_ruleset_free(again);
}
END_TEST

/* Taking somebody else's table for one's own would clear it. */
START_TEST(flags_that_nft_has_no_word_for_survive_as_commands)
{
	struct fwc_ruleset *rs = fwc_ruleset_new(), *again;
	struct fwc_table *t = fwc_ruleset_add_table(rs, INET, "t", FWC_TABLE_SHARED);
	struct fwc_set_opts opts = { .size = sizeof(opts), .flags = FWC_SET_STATE };
	struct fwc_error err;
	char *text;

	fwc_table_add_set(t, "s", "ipv4_addr", &opts);
	text = format(rs, FWC_FORMAT_COMMANDS);
	again = fwc_ruleset_parse(text, strlen(text), FWC_SYNTAX_NFT, &err);
	ck_assert_msg(again != NULL, "%s", err.msg);
	ck_assert_uint_eq(fwc_table_flags(fwc_ruleset_at(again, 0)), FWC_TABLE_SHARED);
	ck_assert_uint_eq(fwc_set_flags(fwc_ruleset_find_set(again, INET, "t", "s")),
			  FWC_SET_STATE);
	fwc_text_free(text);
	fwc_ruleset_free(rs);
	fwc_ruleset_free(again);
}
END_TEST

static const struct bad_line bad_commands[] = {
	{ "bogus", 1, 1, "'add' or 'delete table'" },
	{ "add bogus", 1, 5, "'table', 'chain'" },
	{ "add table", 1, 10, "the name of a table" },
	{ "add table inet 5", 1, 16, "is no name for a table" },
	{ "add table arp t", 1, 15, "not ip, ip6 or inet" },
	{ "add table inet t x", 1, 18, "the end of the command" },
	{ "add table inet t { bogus; }", 1, 20, "'flags' or 'comment'" },
	{ "add table inet t { flags bogus; }", 1, 26, "dormant" },
	{ "add table inet t { flags dormant comment \"x\"; }", 1, 34, "';' or '}'" },
	{ "add table inet t\nadd table inet t { flags dormant; }", 2, 16, "already" },
	{ "add chain inet t c", 1, 16, "table inet t was not added" },
	{ "add table inet t\nadd rule inet t c accept", 2, 17, "chain c was not added" },
	{ "add table inet t\nadd chain inet t c { policy drop; }", 2, 22, "'type' first" },
	{ "add table inet t\nadd chain inet t c { type bogus hook input priority 0; }", 2, 27,
	  "filter, nat, route" },
	{ "add table inet t\nadd chain inet t c { type filter hook bogus priority 0; }", 2, 39,
	  "prerouting" },
	{ "add table inet t\nadd chain inet t c { type filter hook input priority bogus; }", 2, 18,
	  "is no priority here" },
	{ "add table inet t\nadd chain inet t c { type filter hook input priority 0", 2, 55, NULL },
	{ "add table inet t\nadd chain inet t c\nadd rule inet t c tcp dport 70000 accept", 3, 29,
	  "70000" },
	{ "add table inet t\nadd set inet t s", 2, 17, "'{ type" },
	{ "add table inet t\nadd set inet t s { flags interval; }", 2, 16, "needs 'type KEY;'" },
	{ "add table inet t\nadd map inet t s { type ipv4_addr; }", 2, 16, "KEY : DATA" },
	{ "add table inet t\nadd set inet t s { type bogus; }", 2, 16, "bogus" },
	{ "add table inet t\nadd set inet t s { type ipv4_addr; timeout 5x; }", 2, 44,
	  "is no time" },
	{ "add table inet t\nadd set inet t s { type ipv4_addr; size x; }", 2, 41, "a number" },
	{ "add table inet t\nadd set inet t s { type ipv4_addr; elements = { ::1 }; }", 2, 49,
	  "'::1' is no ipv4_addr" },
	{ "add table inet t\nadd set inet t s { type ipv4_addr; elements = { 1.1.1.1", 2, 56,
	  "'}'" },
	{ "add table inet t\nadd set inet t s { type ipv4_addr; }\n"
	  "add element inet t s { 1.1.1.1, 1.1.1.1 }",
	  3, 33, "there already" },
	{ "add table inet t\nadd element inet t s { 1.1.1.1 }", 2, 20, "set s was not added" },
	{ "delete chain inet t c", 1, 8, "'table'" },
};

START_TEST(a_bad_command_is_refused_with_its_place)
{
	const struct bad_line *l = &bad_commands[_i];
	struct fwc_error err = { 0 };
	struct fwc_ruleset *rs = fwc_ruleset_parse(l->text, strlen(l->text), FWC_SYNTAX_NFT, &err);

	ck_assert_msg(!rs, "'%s' was taken", l->text);
	ck_assert_msg(err.line == l->line && err.column == l->column,
		      "'%s': %u:%u instead of %u:%u: %s", l->text, err.line, err.column, l->line,
		      l->column, err.msg);
	if (l->part)
		assert_contains(err.msg, l->part);
}
END_TEST

START_TEST(arguments_are_checked)
{
	struct fwc_ruleset *rs = fwc_ruleset_new();
	struct fwc_error err;
	char *text = NULL;

	ck_assert_ptr_null(fwc_ruleset_parse("", 0, 7, &err));
	assert_error(&err, -EINVAL, "syntax 7");
	ck_assert_ptr_null(fwc_ruleset_parse(NULL, 5, FWC_SYNTAX_NFT, &err));
	assert_fails(fwc_ruleset_format(rs, 7, 0, &text, NULL, &err), -EINVAL, err, "syntax 7");
	assert_fails(fwc_ruleset_format(rs, FWC_SYNTAX_NFT, 0x100, &text, NULL, &err), -EINVAL, err,
		     "0x100");
	assert_fails(fwc_ruleset_format(NULL, FWC_SYNTAX_NFT, 0, &text, NULL, &err), -EINVAL, err,
		     "ruleset");
	ck_assert_ptr_null(text);
	fwc_ruleset_add_table(rs, 99, "t", 0);
	assert_fails(fwc_ruleset_format(rs, FWC_SYNTAX_NFT, 0, &text, NULL, &err), -EINVAL, err,
		     "family 99");
	fwc_ruleset_free(rs);
	rs = fwc_ruleset_parse(NULL, 0, FWC_SYNTAX_NFT, &err);
	text = format(rs, 0);
	ck_assert_str_eq(text, "");
	fwc_text_free(text);
	fwc_ruleset_free(rs);
}
END_TEST

START_TEST(a_rule_is_written_into_a_buffer_that_may_be_too_small)
{
	struct fwc_ruleset *rs = make_world(INET);
	struct fwc_rule *r = fwc_chain_append(chain_of(rs));
	char buf[8];
	size_t needed = 0;

	ck_assert_int_eq(fwc_text_parse_rule(r, "tcp dport 22 accept", 19, NULL), 0);
	ck_assert_int_eq(fwc_rule_format(r, FWC_SYNTAX_NFT, NULL, 0, &needed), -ENOSPC);
	ck_assert_uint_eq(needed, 19);
	ck_assert_int_eq(fwc_rule_format(r, FWC_SYNTAX_NFT, buf, sizeof(buf), &needed), -ENOSPC);
	ck_assert_str_eq(buf, "tcp dpo");
	ck_assert_int_eq(fwc_rule_format(r, 2, buf, sizeof(buf), NULL), -EINVAL);
	ck_assert_int_eq(fwc_rule_format(NULL, FWC_SYNTAX_NFT, buf, sizeof(buf), NULL), -EINVAL);
	fwc_ruleset_free(rs);
}
END_TEST

static Suite *make_suite(void)
{
	Suite *s = suite_create("text");
	TCase *tc = tcase_create("rules");

	tcase_set_timeout(tc, 60);
	tcase_add_loop_test(tc, a_rule_is_written_as_nft_writes_it, 0,
			    sizeof(lines) / sizeof(lines[0]));
	tcase_add_loop_test(tc, what_is_written_is_read_again_as_the_same_rule, 0,
			    sizeof(lines) / sizeof(lines[0]));
	tcase_add_loop_test(tc, a_bad_rule_is_refused_with_its_place_and_adds_nothing, 0,
			    sizeof(bad_lines) / sizeof(bad_lines[0]));
	tcase_add_test(tc, a_text_with_nul_is_refused);
	tcase_add_test(tc, long_texts_are_bounded);
	tcase_add_test(tc, long_lists_take_no_more_than_their_share_of_time);
	tcase_add_test(tc, values_are_read_for_the_types_of_their_place);
	suite_add_tcase(s, tc);
	tc = tcase_create("rulesets");
	tcase_add_test(tc, a_ruleset_is_listed_as_nft_lists_it);
	tcase_add_test(tc, commands_are_read_again_as_the_same_ruleset);
	tcase_add_test(tc, flags_that_nft_has_no_word_for_survive_as_commands);
	tcase_add_loop_test(tc, a_bad_command_is_refused_with_its_place, 0,
			    sizeof(bad_commands) / sizeof(bad_commands[0]));
	tcase_add_test(tc, arguments_are_checked);
	tcase_add_test(tc, a_rule_is_written_into_a_buffer_that_may_be_too_small);
	suite_add_tcase(s, tc);
	return s;
}

TEST_MAIN(make_suite)
