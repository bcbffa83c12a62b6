/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The dialect of iptables: lines, the structs that they become, and structs that are none. */
#include "../check.h"

#include <arpa/inet.h>

#include <linux/netfilter/nf_nat.h>
#include <linux/netfilter/xt_CONNMARK.h>
#include <linux/netfilter/xt_HMARK.h>
#include <linux/netfilter/xt_LOG.h>
#include <linux/netfilter/xt_SYNPROXY.h>
#include <linux/netfilter/xt_TPROXY.h>
#include <linux/netfilter/xt_addrtype.h>
#include <linux/netfilter/xt_cgroup.h>
#include <linux/netfilter/xt_connbytes.h>
#include <linux/netfilter/xt_connlimit.h>
#include <linux/netfilter/xt_conntrack.h>
#include <linux/netfilter/xt_dccp.h>
#include <linux/netfilter/xt_iprange.h>
#include <linux/netfilter/xt_multiport.h>
#include <linux/netfilter/xt_osf.h>
#include <linux/netfilter/xt_owner.h>
#include <linux/netfilter/xt_sctp.h>
#include <linux/netfilter_ipv6/ip6t_frag.h>
#include <linux/netfilter_ipv6/ip6t_opts.h>
#include <linux/netfilter_ipv6/ip6t_rt.h>
#include <linux/netfilter_ipv6/ip6t_srh.h>

#include <stdio.h>

#include "iptables/extension.h"
#include "iptables/iptables.h"

#include <fwcore/fwcore.h>

static struct fwc_ruleset *ruleset;

static struct fwc_chain *chain_of(uint32_t family)
{
	ruleset = fwc_ruleset_new();
	fwc_ruleset_add_iptables_table(ruleset, family, "filter", 0);
	return fwc_ruleset_find_chain(ruleset, family, "filter", "INPUT");
}

static void format(const struct fwc_rule *r, char *text, size_t size)
{
	ck_assert_int_eq(fwc_rule_format(r, FWC_SYNTAX_IPTABLES, text, size, NULL), 0);
}

/* ---- lines ---- */

#define X16 "xxxxxxxxxxxxxxxx"
#define X112 X16 X16 X16 X16 X16 X16 X16
#define X127 X112 "xxxxxxxxxxxxxxx"
#define X128 X127 "x"

/* What is written where it is not what was read. */
static const struct {
	uint32_t family;
	const char *read, *written;
} lines[] = {
	{ FWC_FAMILY_IP, "", NULL },
	{ FWC_FAMILY_IP, "-s 10.0.0.0/8 ! -d 192.0.2.1/32 ! -i eth+ -p udp -f -j DROP", NULL },
	{ FWC_FAMILY_IP, "-s 10.1.2.3/255.0.255.0", "-s 10.0.2.0/255.0.255.0" },
	{ FWC_FAMILY_IP, "! -i + -j RETURN", NULL },
	{ FWC_FAMILY_IP, "[3:180] -A INPUT --src 10.0.0.1 -ptcp --dp ssh --jump ACCEPT",
	  "-s 10.0.0.1/32 -p tcp -m tcp --dport 22 -j ACCEPT" },
	{ FWC_FAMILY_IP, "-p tcp -m tcp --sport 1:5 ! --dport 80 --tcp-flags FIN,SYN SYN -g later",
	  NULL },
	{ FWC_FAMILY_IP, "-p tcp -m tcp ! --sport 1 ! --dport 2", NULL },
	{ FWC_FAMILY_IP, "-p tcp ! --syn", "-p tcp -m tcp ! --tcp-flags FIN,SYN,RST,ACK SYN" },
	{ FWC_FAMILY_IP, "-p tcp -m tcp --tcp-flags ALL NONE",
	  "-p tcp -m tcp --tcp-flags FIN,SYN,RST,PSH,ACK,URG NONE" },
	{ FWC_FAMILY_IP, "-p tcp -m tcp", NULL },
	{ FWC_FAMILY_IP, "-p tcp -m tcp --tcp-option 7", NULL },
	{ FWC_FAMILY_IP, "-p icmp -m icmp --icmp-type 3/4", NULL },
	{ FWC_FAMILY_IP, "-p icmp --icmp-type fragmentation-needed",
	  "-p icmp -m icmp --icmp-type 3/4" },
	{ FWC_FAMILY_IP, "-p tcp -m multiport ! --dports 22,80:90,443", NULL },
	{ FWC_FAMILY_IP,
	  "-m conntrack --ctstate RELATED,ESTABLISHED ! --ctorigsrc 10.0.0.0/8 --ctexpire 1:9 --ctdir REPLY",
	  NULL },
	{ FWC_FAMILY_IP, "-m state ! --state NEW", NULL },
	{ FWC_FAMILY_IP, "-m limit --limit 3/min --limit-burst 7 -m mark ! --mark 0x1/0xf", NULL },
	{ FWC_FAMILY_IP, "-m comment --comment \"a \\\"b\\\" c\" -j ACCEPT", NULL },
	{ FWC_FAMILY_IP, "-m addrtype ! --src-type LOCAL,MULTICAST --limit-iface-in", NULL },
	{ FWC_FAMILY_IP, "-m iprange --src-range 10.0.0.1-10.0.0.9 ! --dst-range 10.0.1.1-10.0.1.2",
	  NULL },
	{ FWC_FAMILY_IP, "-m owner ! --uid-owner 5 --gid-owner 1-9 --suppl-groups", NULL },
	{ FWC_FAMILY_IP, "-m statistic --mode random --probability 0.25000000000", NULL },
	{ FWC_FAMILY_IP, "-m statistic --mode nth ! --every 5 --packet 2", NULL },
	{ FWC_FAMILY_IP, "-m physdev --physdev-is-in --physdev-in eth+ ! --physdev-is-bridged",
	  NULL },
	{ FWC_FAMILY_IP, "-m ttl ! --ttl-eq 5 -m dscp --dscp-class EF",
	  "-m ttl ! --ttl-eq 5 -m dscp --dscp 0x2e" },
	{ FWC_FAMILY_IP, "-j REJECT", "-j REJECT --reject-with icmp-port-unreachable" },
	{ FWC_FAMILY_IP, "-j LOG --log-prefix \"x: \" --log-level info --log-uid",
	  "-j LOG --log-prefix \"x: \" --log-level 6 --log-uid" },
	{ FWC_FAMILY_IP, "-j NFLOG --nflog-size 0", NULL },
	{ FWC_FAMILY_IP, "-j NFLOG --nflog-prefix " X128, "-j NFLOG --nflog-prefix " X127 },
	{ FWC_FAMILY_IP, "-m hashlimit --hashlimit-upto 40/min --hashlimit-name h",
	  "-m hashlimit --hashlimit-upto 40/min --hashlimit-burst 5 --hashlimit-name h" },
	{ FWC_FAMILY_IP,
	  "-m hashlimit ! --hashlimit 120/m --hashlimit-burst 7kb --hashlimit-name h",
	  "-m hashlimit --hashlimit-above 2/sec --hashlimit-burst 7168 --hashlimit-name h --hashlimit-htable-expire 60000" },
	{ FWC_FAMILY_IP,
	  "-m hashlimit --hashlimit-upto 1/hour --hashlimit-burst 3 --hashlimit-mode srcip,srcport,dstip,dstport --hashlimit-name h --hashlimit-htable-size 7 --hashlimit-htable-max 8 --hashlimit-htable-gcinterval 5 --hashlimit-htable-expire 6 --hashlimit-srcmask 24 --hashlimit-dstmask 0",
	  NULL },
	{ FWC_FAMILY_IP,
	  "-m hashlimit --hashlimit-above 5000b/s --hashlimit-burst 7kb --hashlimit-name h",
	  "-m hashlimit --hashlimit-above 4992b/s --hashlimit-burst 9kb --hashlimit-name h" },
	{ FWC_FAMILY_IP, "-m hashlimit --hashlimit-upto 1000mb/s --hashlimit-name h",
	  "-m hashlimit --hashlimit-upto 1008mb/s --hashlimit-name h" },
	{ FWC_FAMILY_IP,
	  "-m hashlimit --hashlimit-rate-match --hashlimit-upto 40/min --hashlimit-name h",
	  "-m hashlimit --hashlimit-upto 40/sec --hashlimit-burst 5 --hashlimit-name h --hashlimit-htable-expire 60000 --hashlimit-rate-match --hashlimit-rate-interval 60" },
	{ FWC_FAMILY_IP6,
	  "-m hashlimit --hashlimit-upto 1/sec --hashlimit-burst 5 --hashlimit-mode dstip --hashlimit-name h --hashlimit-dstmask 64",
	  NULL },
	{ FWC_FAMILY_IP, "-m string --algo bm --string \"a \\\"b\\\\c\"",
	  "-m string --string \"a \\\"b\\\\c\" --algo bm" },
	{ FWC_FAMILY_IP,
	  "-m string ! --hex-string \"a|00 01|b\" --algo kmp --from 5 --to 0x20 --icase",
	  "-m string ! --hex-string \"|61000162|\" --algo kmp --from 5 --to 32 --icase" },
	{ FWC_FAMILY_IP, "-m policy --dir in", "-m policy --dir in --pol ipsec" },
	{ FWC_FAMILY_IP, "-m policy --dir out --pol none", NULL },
	{ FWC_FAMILY_IP,
	  "-m policy --dir in --pol ipsec --strict ! --reqid 1 --spi 0x100 --proto esp --mode tunnel ! --tunnel-dst 10.0.0.0/8 --tunnel-src 10.1.1.1 --next --proto ah --next ! --mode transport --next --reqid 4",
	  NULL },
	{ FWC_FAMILY_IP6, "-m policy --pol ipsec --mode tunnel --tunnel-s 2001:db8::/32 --dir in",
	  "-m policy --dir in --pol ipsec --mode tunnel --tunnel-src 2001:db8::/32" },
	{ FWC_FAMILY_IP, "-m time", "-m time --datestop 2038-01-19T03:14:07" },
	{ FWC_FAMILY_IP, "-m time ! --weekdays Mo,tue,3 --monthdays 1,31 --timestart 5:06",
	  "-m time --timestart 05:06:00 --timestop 23:59:59 --monthdays 1,31 --weekdays Thu,Fri,Sat,Sun --datestop 2038-01-19T03:14:07" },
	{ FWC_FAMILY_IP,
	  "-m time --timestart 22:00:00 --timestop 02:00:00 --datestart 2020-02 --datestop 2020-02-29T23:59 --kerneltz --contiguous",
	  "-m time --timestart 22:00:00 --timestop 02:00:00 --datestart 2020-02-01T00:00:00 --datestop 2020-02-29T23:59:00 --kerneltz --contiguous" },
	{ FWC_FAMILY_IP, "-m u32 ! --u32 \"6&0xFF=1 && 0>>22&0x3C@0>>24=0,5:9\"",
	  "-m u32 ! --u32 \"0x6&0xff=0x1&&0x0>>0x16&0x3c@0x0>>0x18=0x0,0x5:0x9\"" },
	{ FWC_FAMILY_IP, "-m bpf --bytecode \"4,48 0 0 9,21 0 1 6,6 0 0 1,6 0 0 0\"", NULL },
	{ FWC_FAMILY_IP, "-m bpf --object-pinned /sys/fs/bpf/x",
	  "-m bpf --object-pinned \"/sys/fs/bpf/x\"" },
	{ FWC_FAMILY_IP, "-j RATEEST --rateest-name e --rateest-interval 0.3s --rateest-ewmalog 1s",
	  "-j RATEEST --rateest-name e --rateest-interval 500.0ms --rateest-ewmalog 1.0s" },
	{ FWC_FAMILY_IP, "-j RATEEST --rateest-name e --rateest-interval 8s --rateest-ewmalog 60s",
	  "-j RATEEST --rateest-name e --rateest-interval 8.0s --rateest-ewmalog 64.0s" },
	{ FWC_FAMILY_IP, "-m rateest --rateest e ! --rateest-gt --rateest-bps 5kbit",
	  "-m rateest --rateest e ! --rateest-gt --rateest-bps 5000bit" },
	{ FWC_FAMILY_IP, "-m rateest --rateest e --rateest-lt --rateest-bps 1MiBps",
	  "-m rateest --rateest e --rateest-lt --rateest-bps 8389Kbit" },
	{ FWC_FAMILY_IP,
	  "-m rateest --rateest1 e --rateest-eq --rateest-bps --rateest2 f -j ACCEPT", NULL },
	{ FWC_FAMILY_IP,
	  "-m rateest --rateest-delta --rateest1 e --rateest-pps1 3 --rateest-lt --rateest-pps2 42 --rateest2 f",
	  NULL },
	{ FWC_FAMILY_IP, "-j IDLETIMER --timeout 42 --label a.b --alarm", NULL },
	{ FWC_FAMILY_IP, "-j LED --led-trigger-id \"foo\" --led-delay inf --led-always-blink",
	  "-j LED --led-trigger-id foo --led-delay inf --led-always-blink" },
	{ FWC_FAMILY_IP, "-j SECMARK --selctx system_u:object_r:x_t:s0", NULL },
	{ FWC_FAMILY_IP, "-m nfacct --nfacct-name a-b", NULL },
	{ FWC_FAMILY_IP, "-m ipvs ! --ipvs", NULL },
	{ FWC_FAMILY_IP,
	  "-m ipvs ! --vproto tcp --vaddr 1.2.3.4/16 ! --vport http --vdir REPLY ! --vmethod IPIP --vportctl 21",
	  "-m ipvs ! --vproto 6 --vaddr 1.2.3.4/16 ! --vport 80 --vdir REPLY ! --vmethod IPIP --vportctl 21" },
	{ FWC_FAMILY_IP, "-m recent ! --set",
	  "-m recent ! --set --name DEFAULT --mask 255.255.255.255 --rsource" },
	{ FWC_FAMILY_IP,
	  "-m recent --update --seconds 5 --reap --hitcount 3 --rttl --name a.b --mask 255.255.0.0 --rdest",
	  NULL },
	{ FWC_FAMILY_IP6, "-m recent --remove --mask ffff::",
	  "-m recent --remove --name DEFAULT --mask ffff:: --rsource" },
	{ FWC_FAMILY_IP, "-j NFLOG --nflog-prefix p --nflog-group 5 --nflog-threshold 2", NULL },
	{ FWC_FAMILY_IP, "-j MARK --set-mark 0x5/0x3", "-j MARK --set-xmark 0x5/0x7" },
	{ FWC_FAMILY_IP, "-j CONNMARK --save-mark",
	  "-j CONNMARK --save-mark --nfmask 0xffffffff --ctmask 0xffffffff" },
	{ FWC_FAMILY_IP, "-p tcp -j DNAT --to-destination 10.0.0.1-10.0.0.9:80-90/100 --persistent",
	  NULL },
	{ FWC_FAMILY_IP, "-p tcp -j MASQUERADE --to-ports 1024-2048 --random", NULL },
	{ FWC_FAMILY_IP, "-j NETMAP --to 10.1.0.0/16", NULL },
	{ FWC_FAMILY_IP, "-j CT --ctevents new,mark --zone-orig 5", NULL },
	{ FWC_FAMILY_IP, "-j NOTRACK", NULL },
	{ FWC_FAMILY_IP, "-j TRACE", NULL },
	{ FWC_FAMILY_IP6, "-s 2001:db8::/32 -p ipv6-icmp -m icmp6 --icmpv6-type 128 -j ACCEPT",
	  NULL },
	{ FWC_FAMILY_IP6, "-m conntrack ! --ctrepldst 2001:db8::/32 -m hl --hl-lt 5", NULL },
	{ FWC_FAMILY_IP6, "-p tcp -j SNAT --to-source [2001:db8::1-2001:db8::9]:80 --random-fully",
	  NULL },
	{ FWC_FAMILY_IP6, "-m frag ! --fragid 1:42 --fraglen 5 --fragres --fragfirst --fragmore",
	  NULL },
	{ FWC_FAMILY_IP6, "-m frag --fragid 0:4294967295 --fragla", "-m frag --fraglast" },
	{ FWC_FAMILY_IP6, "-m ah ! --ahspi 5:9 ! --ahlen 24 --ahres", NULL },
	{ FWC_FAMILY_IP6, "-p mh ! --mh-type home-test-init:cot",
	  "-p mobility-header -m mh ! --mh-type 1:4" },
	{ FWC_FAMILY_IP6, "-p mh --mh-type bind", "-p mobility-header -m mh --mh-type 0" },
	{ FWC_FAMILY_IP6, "-m rt ! --rt-type 1 ! --rt-segsleft 1:23 ! --rt-len 42", NULL },
	{ FWC_FAMILY_IP6,
	  "-m rt --rt-type 0 --rt-0-res --rt-0-addrs 2001:db8::1,::2 --rt-0-not-strict", NULL },
	{ FWC_FAMILY_IP6, "-m dst ! --dst-len 42 --dst-opts 149:92,12,255:254", NULL },
	{ FWC_FAMILY_IP6, "-m hbh --hbh-len 0 --hbh-opts 1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16",
	  NULL },
	{ FWC_FAMILY_IP6, "-m ipv6header ! --header hop,frag,51,prot --soft",
	  "-m ipv6header ! --header hop-by-hop,ipv6-frag,ah,protocol --soft" },
	{ FWC_FAMILY_IP6,
	  "-m srh ! --srh-next-hdr 17 --srh-hdr-len-eq 8 --srh-segs-left-gt 1 ! --srh-last-entry-lt 4 --srh-tag 0",
	  NULL },
	{ FWC_FAMILY_IP6, "-m srh --srh-psid a::/64 ! --srh-nsid ::1/128 --srh-lsid c::/0", NULL },
	{ FWC_FAMILY_IP6, "-m eui64", NULL },
	{ FWC_FAMILY_IP6, "-j SNPT --src-pfx fd00::/48 --dst-pfx 2001:db8:1::/48", NULL },
	{ FWC_FAMILY_IP6, "-j DNPT --src-pfx ::/0 --dst-pfx fd00::/64", NULL },
	{ FWC_FAMILY_IP, "-p tcp -m ecn --ecn-tcp-ece ! --ecn-tcp-cwr ! --ecn-ip-ect 3", NULL },
	{ FWC_FAMILY_IP, "-m ecn --ecn-ip-ect 0", NULL },
	{ FWC_FAMILY_IP, "-p tcp -j ECN --ecn-tcp-remove", NULL },
	{ FWC_FAMILY_IP, "-p tcp -j ECN --ecn-tcp-ece 1 --ecn-tcp-cwr 0 --ecn-ip-ect 2", NULL },
	{ FWC_FAMILY_IP, "-p tcp -j ECN --ecn-ip-ect 1 --ecn-tcp-remove",
	  "-p tcp -j ECN --ecn-tcp-ece 0 --ecn-tcp-cwr 0 --ecn-ip-ect 1" },
	{ FWC_FAMILY_IP, "-p tcp -j TCPOPTSTRIP", NULL },
	{ FWC_FAMILY_IP, "-p tcp -j TCPOPTSTRIP --strip-options mss,33,md5,255",
	  "-p tcp -j TCPOPTSTRIP --strip-options 2,19,33,255" },
	{ FWC_FAMILY_IP, "-p ipcomp -m ipcomp ! --ipcompspi 1:18 --compres", NULL },
	{ FWC_FAMILY_IP, "-p ipcomp -m ipcomp", "-p ipcomp -m ipcomp --ipcompspi 0" },
	{ FWC_FAMILY_IP,
	  "-m connbytes ! --connbytes 5:18446744073709551614 --connbytes-mode avgpkt --connbytes-dir reply",
	  NULL },
	{ FWC_FAMILY_IP, "-m connbytes --connbytes :9 --connbytes-mode bytes --connbytes-dir both",
	  "-m connbytes --connbytes 0:9 --connbytes-mode bytes --connbytes-dir both" },
	{ FWC_FAMILY_IP,
	  "-m connbytes ! --connbytes 7: --connbytes-m packets --connbytes-d original",
	  "-m connbytes ! --connbytes 7 --connbytes-mode packets --connbytes-dir original" },
	{ FWC_FAMILY_IP, "-m connlimit ! --connlimit-above 7",
	  "-m connlimit --connlimit-upto 7 --connlimit-mask 32 --connlimit-saddr" },
	{ FWC_FAMILY_IP6, "-m connlimit --connlimit-above 0 --connlimit-mask 64 --connlimit-daddr",
	  NULL },
	{ FWC_FAMILY_IP, "-m connlimit --connlimit-upto 1 --connlimit-mask 255.255.0.0",
	  "-m connlimit --connlimit-upto 1 --connlimit-mask 16 --connlimit-saddr" },
	{ FWC_FAMILY_IP, "-m connlabel ! --label \"127\" --set", NULL },
	{ FWC_FAMILY_IP,
	  "-m cluster ! --cluster-local-node 32 --cluster-total-nodes 32 --cluster-hash-seed 0xfeedcafe",
	  "-m cluster ! --cluster-local-nodemask 0x80000000 --cluster-total-nodes 32 --cluster-hash-seed 0xfeedcafe" },
	{ FWC_FAMILY_IP, "-j CONNSECMARK --save", NULL },
	{ FWC_FAMILY_IP, "-j CONNSECMARK --restore", NULL },
	{ FWC_FAMILY_IP, "-m cgroup ! --cgroup 65537", NULL },
	{ FWC_FAMILY_IP, "-m cgroup ! --path system.slice/a\\b",
	  "-m cgroup ! --path \"system.slice/a\\\\b\"" },
	{ FWC_FAMILY_IP, "-p tcp -m osf ! --genre Linux --ttl 2 --log 1", NULL },
	{ FWC_FAMILY_IP, "-j TEE --gateway 192.0.2.1 --oif eth0", NULL },
	{ FWC_FAMILY_IP6, "-j TEE --gateway 2001:db8::1", NULL },
	{ FWC_FAMILY_IP, "-p udp -j TPROXY --on-port 0 --on-ip 10.0.0.1 --tproxy-mark 0x23/0xff",
	  NULL },
	{ FWC_FAMILY_IP6, "-p tcp -j TPROXY --on-port http --tproxy-mark 5",
	  "-p tcp -j TPROXY --on-port 80 --on-ip :: --tproxy-mark 0x5/0xffffffff" },
	{ FWC_FAMILY_IP, "-p tcp -j SYNPROXY --sack-perm --timestamp --wscale 0 --mss 65535 --ecn",
	  NULL },
	{ FWC_FAMILY_IP,
	  "-j HMARK --hmark-tuple ct,src,dst,sport,dport,proto --hmark-mod 10 --hmark-rnd 4",
	  "-j HMARK --hmark-src-prefix 32 --hmark-dst-prefix 32 --hmark-sport-mask 0xffff --hmark-dport-mask 0xffff --hmark-proto-mask 0xffff --hmark-rnd 0x00000004 --hmark-mod 10 --hmark-tuple ct" },
	{ FWC_FAMILY_IP6,
	  "-j HMARK --hmark-src-prefix 64 --hmark-sport-mask 0x0003 --hmark-dport 0x0050 --hmark-proto-mask 0x05 --hmark-rnd 0xfeedcafe --hmark-mod 42 --hmark-offset 7",
	  NULL },
	{ FWC_FAMILY_IP,
	  "-p esp -j HMARK --hmark-spi-mask 0x00000002 --hmark-spi 0x00000050 --hmark-rnd 0x00000000 --hmark-mod 1",
	  NULL },
	{ FWC_FAMILY_IP, "-p sctp -m sctp --sport 0:65535 ! --dport 7", NULL },
	{ FWC_FAMILY_IP, "-p sctp --source-port 1 --chunk-types only init,data:Be,ABORT:t",
	  "-p sctp -m sctp --sport 1 --chunk-types only DATA:Be,INIT,ABORT:t" },
	{ FWC_FAMILY_IP,
	  "-p sctp -m sctp ! --chunk-types any SHUTDOWN_COMPLETE:T,I_DATA,I_FORWARD_TSN", NULL },
	{ FWC_FAMILY_IP, "-p sctp -m sctp --chunk-types all ALL", NULL },
	{ FWC_FAMILY_IP, "-p sctp -m sctp --chunk-types any NONE", NULL },
	{ FWC_FAMILY_ARP, "", NULL },
	{ FWC_FAMILY_ARP,
	  "-s 10.0.0.0/8 ! -d 1.2.3.4 -i eth+ --source-mac 0:1:2:3:4:5 ! --dst-mac Multicast -j DROP",
	  "-j DROP -i eth+ -s 10.0.0.0/8 --src-mac 00:01:02:03:04:05 ! -d 1.2.3.4 ! --dst-mac 01:00:00:00:00:00/01:00:00:00:00:00" },
	{ FWC_FAMILY_ARP, "-s ! 1.2.3.4/255.0.255.0 --opcode ! reply ! -i +",
	  "! -i + ! -s 1.0.3.0/255.0.255.0 ! --opcode 2" },
	{ FWC_FAMILY_ARP, "--src-mac 00:01:02:03:04:05/ff:ff:ff:00:00:00 --dst-mac BGA",
	  "--src-mac 00:01:02:00:00:00/ff:ff:ff:00:00:00 --dst-mac 01:80:c2:00:00:00" },
	{ FWC_FAMILY_ARP, "-l 6 --h-type ethernet --proto-type ipv4 --opcode 65535",
	  "--opcode 65535 --proto-type 0x800" },
	{ FWC_FAMILY_ARP, "! --h-length 6 ! --h-type 1 ! --opcode 0",
	  "! --h-length 6 ! --opcode 0 ! --h-type 1" },
	{ FWC_FAMILY_ARP, "--h-type 10", "--h-type 0x10" },
	{ FWC_FAMILY_ARP, "--h-type 0/0", NULL },
	{ FWC_FAMILY_ARP, "-j MARK --set-mark 0x1f", "-j MARK --set-mark 1f" },
	{ FWC_FAMILY_ARP, "--opcode 1 -j MARK --and-mark ff", "-j MARK --opcode 1 --and-mark ff" },
	{ FWC_FAMILY_ARP, "-j MARK --or-mark 80000000", NULL },
	{ FWC_FAMILY_ARP, "-j CLASSIFY --set-class 1:ffff", NULL },
	{ FWC_FAMILY_ARP,
	  "-j mangle -s 1.2.3.4 --mangle-ip-s 1.2.3.5 --mangle-mac-s 00:00:00:00:00:01 --mangle-ip-d 0.0.0.0 --mangle-mac-d 00:00:00:00:00:02 --mangle-target CONTINUE",
	  NULL },
	{ FWC_FAMILY_ARP, "-j mangle --mangle-ip-d 1.2.3.5 --mangle-target ACCEPT",
	  "-j mangle --mangle-ip-d 1.2.3.5" },
	{ FWC_FAMILY_ARP, "-j TRACE", NULL },
	{ FWC_FAMILY_IP,
	  "-p dccp -m dccp ! --sport 1:5 --dport 65535 ! --dccp-types REQUEST,INVALID --dccp-option 255",
	  NULL },
};

START_TEST(lines_come_back_as_iptables_writes_them)
{
	const char *wanted = lines[_i].written ? lines[_i].written : lines[_i].read;
	const struct fwc_rule *r = fwc_chain_append_text(chain_of(lines[_i].family),
							 FWC_SYNTAX_IPTABLES, lines[_i].read);
	struct fwc_error err;
	char text[512];

	ck_assert_msg(r, "%s: %s", lines[_i].read, (fwc_ruleset_error(ruleset, &err), err.msg));
	format(r, text, sizeof(text));
	ck_assert_str_eq(text, wanted);
	fwc_ruleset_free(ruleset);
}
END_TEST

static const struct {
	const char *line, *told;
	uint32_t column;
} bad[] = {
	{ "-p tcp --dport 70000", "'70000' is no value of --dport: a number from 0 to 65535", 8 },
	{ "-m tcp --dport 1", "-m tcp needs -p tcp", 0 },
	{ "--dport 1", "unknown option \"--dport\"", 1 },
	{ "-m nothing", "Couldn't load match `nothing'", 1 },
	{ "-m conntrack", "-m conntrack needs one of --ctstate", 0 },
	{ "-m conntrack --ctstate wrong", "'wrong' is no value of --ctstate: one of INVALID, NEW",
	  14 },
	{ "-m limit ! --limit 5/sec", "--limit takes no '!'", 12 },
	{ "-m statistic --mode nth --every 5", "--every needs --packet", 0 },
	{ "-j DSCP --set-dscp 1 --set-dscp-class EF",
	  "--set-dscp-class does not go together with --set-dscp", 22 },
	{ "-m length --length 1 --length 2", "--length is given twice", 22 },
	{ "-p tcp -m multiport --dports 1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16", "up to 15 ports",
	  21 },
	{ "-j REJECT --reject-with tcp-reset", "--reject-with tcp-reset needs -p tcp", 0 },
	{ "-s 10.0.0.1,10.0.0.2", "'10.0.0.1,10.0.0.2' is no address", 1 },
	{ "-s ::1", "'::1' is no address of this family", 1 },
	{ "-i thisinterfaceistoolong0", "is no interface for -i", 1 },
	{ "! -p 0", "matches no packet", 3 },
	{ "-o lo", "chain INPUT has no -o: its packets have only -i", 0 },
	{ "! -s 1.2.3.4/0", "'! -s 1.2.3.4/0' matches no packet at all", 3 },
	{ "-s ! 1.2.3.4", "'!' is no address of this family", 1 },
	{ "-j ACCEPT -j DROP", "there are two targets", 11 },
	{ "-m comment --comment \"open", "a quoted text does not end", 22 },
	{ "-m comment --comment", "option \"--comment\" requires an argument", 12 },
	{ "-A OTHER -j ACCEPT", "this rule is added to chain INPUT", 1 },
	{ "-p tcp -m tcp --s 5", "'--s' is short for several options", 15 },
	{ "word", "Bad argument `word'", 1 },
	{ "-j", "option \"-j\" requires an argument", 1 },
	{ "-p tcp -m ecn", "-m ecn needs one of --ecn-tcp-ece", 0 },
	{ "-m ecn --ecn-tcp-cwr", "-m ecn --ecn-tcp-... needs -p tcp", 0 },
	{ "-m ecn --ecn-ip-ect 4", "'4' is no value of --ecn-ip-ect: a number from 0 to 3", 8 },
	{ "-p tcp -j ECN --ecn-tcp-ece 2", "'2' is no value of --ecn-tcp-ece: 0 or 1", 15 },
	{ "-p tcp -j ECN --ecn-tcp-remove --ecn-tcp-cwr 1",
	  "--ecn-tcp-cwr does not go together with --ecn-tcp-remove", 32 },
	{ "-j ECN --ecn-tcp-remove", "-j ECN --ecn-tcp-... needs -p tcp", 0 },
	{ "-p tcp -j TCPOPTSTRIP --strip-options 1,2",
	  "'1,2' is no value of --strip-options: numbers from 2 to 255, mss", 23 },
	{ "-p tcp -j TCPOPTSTRIP --strip-options 5,5", "each option once", 23 },
	{ "-m ipcomp --ipcompspi 3", "-m ipcomp needs -p ipcomp", 0 },
	{ "-m connbytes --connbytes 9:5", "'9:5' is no value of --connbytes: FROM, FROM:TO or :TO",
	  14 },
	{ "-m connbytes ! --connbytes 5:5", "'! --connbytes' of one number has no form", 16 },
	{ "-m connbytes --connbytes 5 --connbytes-dir both", "needs --connbytes-mode", 0 },
	{ "-m connlimit --connlimit-mask 24",
	  "-m connlimit needs one of --connlimit-upto, --connlimit-above", 0 },
	{ "-m connlimit --connlimit-upto 5 --connlimit-mask 33",
	  "'33' is no value of --connlimit-mask: a number of bits from 0 to 32, or a mask", 33 },
	{ "-m connlimit --connlimit-upto 5 --connlimit-mask 255.0.255.0", "or a mask", 33 },
	{ "-m connlabel --label 128", "'128' is no value of --label: a number from 0 to 127", 14 },
	{ "-m cluster --cluster-total-nodes 2 --cluster-local-node 3 --cluster-hash-seed 1",
	  "of 2 nodes the mask is up to 0x3, not 0x4", 0 },
	{ "-m cluster --cluster-local-node 33", "a number from 1 to 32", 12 },
	{ "-j CONNSECMARK", "-j CONNSECMARK needs one of --save, --restore", 0 },
	{ "-m cgroup --cgroup 1 --path /", "--path does not go together with --cgroup", 22 },
	{ "-p tcp -m osf --genre x --ttl 3", "'3' is no value of --ttl: a number from 0 to 2", 25 },
	{ "-m osf --genre linux", "-m osf needs -p tcp", 0 },
	{ "-j TEE --gateway 0.0.0.0", "'0.0.0.0' is no value of --gateway: the address of a host",
	  8 },
	{ "-j TEE --gateway ::1", "'::1' is no value of --gateway: an address of the family", 8 },
	{ "-p tcp -j TPROXY --on-port 65536",
	  "'65536' is no value of --on-port: a port's name, or a number up to 65535", 18 },
	{ "-p icmp -j TPROXY --on-port 1", "-j TPROXY needs -p tcp or udp", 0 },
	{ "-j SYNPROXY --mss 5", "-j SYNPROXY needs -p tcp", 0 },
	{ "-j HMARK --hmark-rnd 1 --hmark-mod 1", "-j HMARK needs one of --hmark-src-prefix", 0 },
	{ "-j HMARK --hmark-tuple src,wrong", "'src,wrong' is no value of --hmark-tuple: src, dst",
	  10 },
	{ "-j HMARK --hmark-dst-prefix 8 --hmark-tuple dst", "none that an option before it says",
	  31 },
	{ "-j HMARK --hmark-tuple spi,sport --hmark-rnd 1 --hmark-mod 1",
	  "SPIs and ports are in one place of a packet", 0 },
	{ "-j HMARK --hmark-tuple src --hmark-rnd 1 --hmark-mod 0",
	  "'0' is no value of --hmark-mod: a number from 1", 42 },
	{ "-p sctp --chunk-types some DATA",
	  "'some' is no value of --chunk-types: any, all or only", 9 },
	{ "-p sctp --chunk-types any DATA:X", "'DATA:X' is no value of --chunk-types: ALL, NONE",
	  9 },
	{ "-p sctp --chunk-types any I_DATA:I", "'I_DATA:I' is no value of --chunk-types", 9 },
	{ "-p dccp --dccp-types NONE", "'NONE' is no value of --dccp-types: one of REQUEST", 9 },
	{ "-p dccp --dccp-option 0", "'0' is no value of --dccp-option: a number from 1 to 255",
	  9 },
	{ "-m frag", "Couldn't load match `frag'", 1 },
	{ "-m unheard <revision 3: 312 bytes>", "Couldn't load match `unheard'", 1 },
	{ "-m hashlimit --hashlimit-upto 1/s", "-m hashlimit needs --hashlimit-name", 0 },
	{ "-m hashlimit --hashlimit-name h", "needs one of --hashlimit-upto", 0 },
	{ "-m hashlimit --hashlimit-upto 1000001/s", "'1000001/s' is no value", 14 },
	{ "-m hashlimit --hashlimit-upto 1gb/s", "NUMBERmb/s up to 4095", 14 },
	{ "-m hashlimit --hashlimit-upto 1kb/s --hashlimit-burst 5 --hashlimit-name h",
	  "here 1024b", 0 },
	{ "-m hashlimit --hashlimit-upto 1/s --hashlimit-name h --hashlimit-burst 1000001",
	  "from 1 to 1000000 packets", 0 },
	{ "-m hashlimit --hashlimit-upto 1/s --hashlimit-name h --hashlimit-srcmask 33",
	  "a number from 0 to 32", 54 },
	{ "-m hashlimit --hashlimit-upto 1/s --hashlimit-name h --hashlimit-rate-interval 5",
	  "--hashlimit-rate-interval needs --hashlimit-rate-match", 0 },
	{ "-m hashlimit --hashlimit-upto 2000000/m --hashlimit-name h --hashlimit-rate-match",
	  "at most 1000000 packets", 0 },
	{ "-m string --algo wrong --string a", "'wrong' is no value of --algo: bm, kmp or fsm",
	  11 },
	{ "-m string --algo bm", "-m string needs one of --string, --hex-string", 0 },
	{ "-m string --algo bm --hex-string \"a|6|\"", "pairs of hexadecimal digits", 21 },
	{ "-m string --algo bm --hex-string \"a|61\"", "a bar at the end", 21 },
	{ "-m string --algo bm --string " X128 "x", "1 to 128 bytes", 21 },
	{ "-m policy --dir in --pol ipsec --strict", "--strict needs one of --reqid", 0 },
	{ "-m policy --dir in --strict --reqid 1 --tunnel-dst 10.0.0.0/8", "need --mode tunnel",
	  0 },
	{ "-m policy --dir in --reqid 1 --reqid 2", "--reqid is given twice", 30 },
	{ "-m policy --dir in --pol none --reqid 1", "--pol none goes alone with --dir", 0 },
	{ "-m policy --dir in --reqid 1 --next --reqid 2", "--next needs --strict", 0 },
	{ "-m policy --dir in --proto tcp", "'tcp' is no value of --proto: esp, ah or ipcomp", 20 },
	{ "-m policy --dir in --strict --spi 1 --next --spi 2 --next --spi 3 --next --spi 4 --next",
	  "--next is given twice", 82 },
	{ "-m time --timestop 24:00", "'24:00' is no value of --timestop: hh:mm[:ss]", 9 },
	{ "-m time --datestart 2020-02-30", "a date from 1970 to 2038", 9 },
	{ "-m time --monthdays 32", "days from 1 to 31", 9 },
	{ "-m time ! --weekdays 1,2,3,4,5,6,7", "is left with no day", 0 },
	{ "-m time --contiguous", "--contiguous needs a --timestop", 0 },
	{ "-m u32 --u32 0=1:", "is no value of --u32: NUMBER[OPERATOR", 8 },
	{ "-m bpf --bytecode \"2,6 0 0 1\"", "is no value of --bytecode: how many", 8 },
	{ "-j RATEEST --rateest-name e --rateest-interval 9s --rateest-ewmalog 60s", "at most 8s",
	  0 },
	{ "-j RATEEST --rateest-name e --rateest-interval 1s --rateest-ewmalog 1s",
	  "at least 1.45 times", 0 },
	{ "-m rateest --rateest e --rateest-lt --rateest-bps 1tbit", "a number up to 34gbit", 37 },
	{ "-m rateest --rateest e --rateest-lt", "needs --rateest-bps or --rateest-pps", 0 },
	{ "-m rateest --rateest1 e --rateest-lt --rateest-bps", "--rateest1 needs --rateest2", 0 },
	{ "-m rateest --rateest-delta --rateest e --rateest-lt --rateest-bps1 5bit",
	  "--rateest-delta needs --rateest-bps1 and --rateest-bps2", 0 },
	{ "-j IDLETIMER --timeout 42", "-j IDLETIMER needs --label", 0 },
	{ "-j IDLETIMER --timeout 0 --label a", "a number from 1 to 4294967", 14 },
	{ "-j LED --led-trigger-id aaaaaaaaaaaaaaaaa", "a text of 1 to 16 bytes", 8 },
	{ "-j SECMARK", "-j SECMARK needs --selctx", 0 },
	{ "-m nfacct", "-m nfacct needs --nfacct-name", 0 },
	{ "-m ipvs --vmethod X", "'X' is no value of --vmethod: one of GATE, IPIP, MASQ", 9 },
	{ "-m recent --name x", "-m recent needs one of --set", 0 },
	{ "-m recent --set --rttl", "go with --rcheck and --update", 0 },
	{ "-m recent --rcheck --reap", "--reap needs --seconds", 0 },
	{ "-m recent --set --mask 24", "'24' is no value of --mask: a mask written as", 17 },
};

START_TEST(bad_lines_are_refused_and_named)
{
	struct fwc_chain *c = chain_of(FWC_FAMILY_IP);
	struct fwc_error err;

	ck_assert_ptr_null(fwc_chain_append_text(c, FWC_SYNTAX_IPTABLES, bad[_i].line));
	ck_assert_int_eq(fwc_ruleset_error(ruleset, &err), -EINVAL);
	ck_assert_msg(strstr(err.msg, bad[_i].told), "%s: %s", bad[_i].line, err.msg);
	ck_assert_uint_eq(err.column, bad[_i].column);
	ck_assert_uint_eq(fwc_rule_count(fwc_chain_at(c, 0)), 0);
	fwc_ruleset_free(ruleset);
}
END_TEST

static const struct {
	const char *line, *told;
} bad6[] = {
	{ "-m frag --fraglast --fragmore", "--fragmore does not go together with --fraglast" },
	{ "-m frag ! --fragres", "--fragres takes no '!'" },
	{ "-p mh --mh-type 256",
	  "'256' is no value of --mh-type: a number from 0 to 255, a name such as binding-refresh-request" },
	{ "-p mh --mh-type 9:7", "the smaller one first" },
	{ "-m mh", "-m mh needs -p mobility-header" },
	{ "-m rt --rt-0-res", "--rt-0-res needs --rt-type before it" },
	{ "-m rt --rt-type 2 --rt-0-res", "-m rt --rt-0-... needs --rt-type 0" },
	{ "-m rt ! --rt-type 0 --rt-0-addrs ::1", "-m rt --rt-0-... needs --rt-type 0" },
	{ "-m rt --rt-type 0 --rt-0-addrs ::1/64", "up to 16 addresses with commas between" },
	{ "-m rt --rt-type 0 --rt-0-addrs ::,::,::,::,::,::,::,::,::,::,::,::,::,::,::,::,::",
	  "up to 16 addresses" },
	{ "-m rt --rt-type 0 --rt-0-not-strict", "--rt-0-not-strict needs --rt-0-addrs before it" },
	{ "-m dst --dst-opts 256", "up to 16 of TYPE or TYPE:LENGTH with commas between" },
	{ "-m dst --dst-opts 1:255", "up to 255 and 254" },
	{ "-m hbh --hbh-opts 0,1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16", "up to 16 of TYPE" },
	{ "-m ipv6header --header tcp", "'tcp' is no value of --header: one of hop-by-hop" },
	{ "-m ipv6header --soft", "-m ipv6header needs --header" },
	{ "-m srh --srh-tag 65536", "a number from 0 to 65535" },
	{ "-m srh --srh-hdr-len-eq 1 --srh-hdr-len-lt 2",
	  "--srh-hdr-len-lt does not go together with --srh-hdr-len-eq" },
	{ "-m srh --srh-psid a::/ffff::ffff", "an address, or one with /PREFIX" },
	{ "-j SNPT --src-pfx dead::beef --dst-pfx 1c3::/64", "ADDRESS/PREFIX of up to 64 bits" },
	{ "-j SNPT --src-pfx dead::1/48 --dst-pfx 1c3::/64", "with none behind them" },
	{ "-j DNPT --src-pfx dead::/64", "-j DNPT needs --dst-pfx" },
};

START_TEST(bad_lines_of_ipv6_are_refused_and_named)
{
	struct fwc_error err;

	ck_assert_ptr_null(fwc_chain_append_text(chain_of(FWC_FAMILY_IP6), FWC_SYNTAX_IPTABLES,
						 bad6[_i].line));
	ck_assert_int_eq(fwc_ruleset_error(ruleset, &err), -EINVAL);
	ck_assert_msg(strstr(err.msg, bad6[_i].told), "%s: %s", bad6[_i].line, err.msg);
	fwc_ruleset_free(ruleset);
}
END_TEST

static const struct {
	const char *line, *told;
} bad_arp[] = {
	{ "-o lo", "chain INPUT has no -o" },
	{ "--h-length 5", "'5' is no value of --h-length: 6 alone" },
	{ "--opcode 65536", "'65536' is no value of --opcode: a number from 1 to 65535, Request" },
	{ "--opcode 0", "'0' is no value of --opcode" },
	{ "--opcode 1/3", "'1/3' is no value of --opcode" },
	{ "--opcode 1 --opcode 2", "--opcode is given twice" },
	{ "--h-type 10000", "'10000' is no value of --h-type: Ethernet, or a hexadecimal number" },
	{ "--proto-type 0", "'0' is no value of --proto-type: IPv4, or a number from 1 to 0xffff" },
	{ "--src-mac 00:01:02:03:04",
	  "ADDRESS or ADDRESS/MASK, 00:11:22:33:44:55, or one of Unicast" },
	{ "--dst-mac Unicast/ff:ff:ff:ff:ff:ff", "is no value of --dst-mac" },
	{ "! --src-mac 00:00:00:00:00:00/00:00:00:00:00:00", "matches no packet at all" },
	{ "-s ::1", "'::1' is no address of this family" },
	{ "-m comment --comment x", "unknown option \"-m\"" },
	{ "! -s ! 1.2.3.4", "'!' is no address" },
	{ "-p 1", "unknown option \"-p\"" },
	{ "-j MARK --set-mark x",
	  "'x' is no value of --set-mark: a hexadecimal number up to ffffffff" },
	{ "-j MARK --set-mark 1 --or-mark 2", "--or-mark does not go together with --set-mark" },
	{ "-j CLASSIFY --set-class 1:10000", "MAJOR:MINOR, each up to ffff" },
	{ "-j mangle", "-j mangle needs one of --mangle-ip-s" },
	{ "-j mangle --mangle-ip-s 1.2.3.4/24",
	  "'1.2.3.4/24' is no value of --mangle-ip-s: an IPv4" },
	{ "-j mangle --mangle-target RETURN", "one of DROP, ACCEPT, CONTINUE" },
};

START_TEST(bad_lines_of_arp_are_refused_and_named)
{
	struct fwc_error err;

	ck_assert_ptr_null(fwc_chain_append_text(chain_of(FWC_FAMILY_ARP), FWC_SYNTAX_IPTABLES,
						 bad_arp[_i].line));
	ck_assert_int_eq(fwc_ruleset_error(ruleset, &err), -EINVAL);
	ck_assert_msg(strstr(err.msg, bad_arp[_i].told), "%s: %s", bad_arp[_i].line, err.msg);
	fwc_ruleset_free(ruleset);
}
END_TEST

static const char *const native_arp[] = {
	"arp operation request",
	"arp hlen 6",
	"arp hlen 6 arp plen 5",
	"arp hlen 8 arp plen 4",
	"arp hlen 6 arp plen 4 arp htype 1-5",
	"arp hlen 6 arp plen 4 meta mark 1",
};

START_TEST(rules_that_arptables_would_misread_are_named)
{
	struct fwc_rule *r =
		fwc_chain_append_text(chain_of(FWC_FAMILY_ARP), FWC_SYNTAX_NFT, native_arp[_i]);
	struct fwc_error err;

	ck_assert_msg(r, "%s: %s", native_arp[_i], (fwc_ruleset_error(ruleset, &err), err.msg));
	ck_assert_int_eq(fwc_xt_check_rule(r, &err), -EOPNOTSUPP);
	ck_assert_str_ne(err.msg, "");
	fwc_ruleset_free(ruleset);
}
END_TEST

START_TEST(other_tables_take_no_lines_of_iptables)
{
	struct fwc_error err;
	struct fwc_table *t;

	ruleset = fwc_ruleset_new();
	t = fwc_ruleset_add_table(ruleset, FWC_FAMILY_INET, "filter", 0);
	ck_assert_ptr_null(fwc_chain_append_text(fwc_table_add_chain(t, "INPUT", NULL),
						 FWC_SYNTAX_IPTABLES, "-j ACCEPT"));
	ck_assert_int_eq(fwc_ruleset_error(ruleset, &err), -EOPNOTSUPP);
	fwc_ruleset_free(ruleset);
	ruleset = fwc_ruleset_new();
	ck_assert_ptr_null(fwc_ruleset_add_iptables_table(ruleset, FWC_FAMILY_INET, "filter", 0));
	ck_assert_int_eq(fwc_ruleset_error(ruleset, NULL), -EINVAL);
	fwc_ruleset_free(ruleset);
	ruleset = fwc_ruleset_new();
	ck_assert_ptr_null(fwc_ruleset_add_iptables_table(ruleset, FWC_FAMILY_IP, "other", 0));
	ck_assert_int_eq(fwc_ruleset_error(ruleset, NULL), -EINVAL);
	fwc_ruleset_free(ruleset);
	ruleset = fwc_ruleset_new();
	ck_assert_ptr_null(fwc_ruleset_add_iptables_table(ruleset, FWC_FAMILY_ARP, "nat", 0));
	ck_assert_int_eq(fwc_ruleset_error(ruleset, &err), -EINVAL);
	ck_assert_str_eq(err.msg, "'nat' is no table of arptables: filter is");
	fwc_ruleset_free(ruleset);
}
END_TEST

/* ---- structs ---- */

/* Rows are of a 64-bit kernel; here the kernel's own headers can tell. */
#if UINTPTR_MAX > UINT32_MAX
/* The first extension that a line makes. */
static const struct fwc_extension *extension_of(struct fwc_chain *c, const char *line)
{
	const struct fwc_rule *r = fwc_chain_append_text(c, FWC_SYNTAX_IPTABLES, line);
	const struct fwc_item *i;

	ck_assert_ptr_nonnull(r);
	i = fwc_rule_items(r);
	while (i && i->kind != FWC_ITEM_EXTENSION)
		i = i->next;
	ck_assert_ptr_nonnull(i);
	return i->extension;
}

START_TEST(structs_are_those_of_the_kernels_headers)
{
	struct fwc_chain *c = chain_of(FWC_FAMILY_IP);
	const struct fwc_extension *e =
		extension_of(c, "-m conntrack --ctstate NEW --ctreplsrcport 5:9");
	const struct xt_conntrack_mtinfo3 *ct = (const void *)e->info;
	const struct xt_multiport_v1 *ports;
	const struct xt_owner_match_info *owner;
	const struct xt_iprange_mtinfo *range;
	const struct xt_addrtype_info_v1 *types;
	const struct xt_connmark_tginfo2 *mark;
	const struct xt_log_info *log;
	const struct nf_nat_range2 *nat;

	ck_assert_uint_eq(e->len, (sizeof(*ct) + 7) / 8 * 8);
	ck_assert_uint_eq(ct->state_mask, XT_CONNTRACK_STATE_BIT(IP_CT_NEW));
	ck_assert_uint_eq(ct->match_flags, XT_CONNTRACK_STATE | XT_CONNTRACK_REPLSRC_PORT);
	ck_assert_uint_eq(ct->replsrc_port, 5);
	ck_assert_uint_eq(ct->replsrc_port_high, 9);
	ports = (const void *)extension_of(c, "-p udp -m multiport ! --sports 7,8:9")->info;
	ck_assert_uint_eq(ports->flags, XT_MULTIPORT_SOURCE);
	ck_assert_uint_eq(ports->count, 3);
	ck_assert_uint_eq(ports->ports[2], 9);
	ck_assert_uint_eq(ports->pflags[1], 1);
	ck_assert_uint_eq(ports->invert, 1);
	owner = (const void *)extension_of(c, "-m owner ! --uid-owner 3 --gid-owner 4-5")->info;
	ck_assert_uint_eq(owner->uid_max, 3);
	ck_assert_uint_eq(owner->gid_min, 4);
	ck_assert_uint_eq(owner->match, XT_OWNER_UID | XT_OWNER_GID);
	ck_assert_uint_eq(owner->invert, XT_OWNER_UID);
	range = (const void *)extension_of(c, "-m iprange --dst-range 1.2.3.4-5.6.7.8")->info;
	ck_assert(!memcmp(&range->dst_max.ip, (const uint8_t[]){ 5, 6, 7, 8 }, 4));
	ck_assert_uint_eq(range->flags, IPRANGE_DST);
	types = (const void *)extension_of(c, "-m addrtype ! --dst-type LOCAL")->info;
	ck_assert_uint_eq(types->dest, XT_ADDRTYPE_LOCAL);
	ck_assert_uint_eq(types->flags, XT_ADDRTYPE_INVERT_DEST);
	mark = (const void *)extension_of(c, "-j CONNMARK --restore-mark --ctmask 0x5")->info;
	ck_assert_uint_eq(mark->mode, XT_CONNMARK_RESTORE);
	ck_assert_uint_eq(mark->ctmask, 5);
	ck_assert_uint_eq(mark->nfmask, UINT32_MAX);
	log = (const void *)extension_of(c, "-j LOG --log-prefix p --log-uid")->info;
	ck_assert_uint_eq(log->level, 4);
	ck_assert_uint_eq(log->logflags, XT_LOG_UID);
	ck_assert_str_eq(log->prefix, "p");
	e = extension_of(c, "-p tcp -j DNAT --to-destination 1.2.3.4:256-257/258");
	nat = (const void *)e->info;
	ck_assert_uint_eq(e->len, (sizeof(*nat) + 7) / 8 * 8);
	ck_assert_uint_eq(nat->base_proto.all, htons(258));
	ck_assert_uint_eq(nat->max_proto.all, htons(257));
	fwc_ruleset_free(ruleset);
}
END_TEST

START_TEST(structs_of_connections_are_those_of_the_kernels_headers)
{
	struct fwc_chain *c = chain_of(FWC_FAMILY_IP);
	const struct fwc_extension *e = extension_of(
		c, "-p sctp --sport 5:6 ! --chunk-types only INIT,DATA:Be,ABORT:t,I_DATA");
	const struct xt_sctp_info *sctp = (const void *)e->info;
	const struct xt_dccp_info *dccp;
	const struct xt_connbytes_info *bytes;
	const struct xt_connlimit_info *limit;
	const struct xt_hmark_info *hmark;

	ck_assert_uint_eq(e->len, (sizeof(*sctp) + 7) / 8 * 8);
	ck_assert_uint_eq(sctp->spts[1], 6);
	ck_assert_uint_eq(sctp->chunk_match_type, SCTP_CHUNK_MATCH_ONLY);
	ck_assert_uint_eq(sctp->chunkmap[0], 0x43);
	ck_assert_uint_eq(sctp->chunkmap[2], 1);
	ck_assert_int_eq(sctp->flag_count, 2);
	ck_assert_uint_eq(sctp->flag_info[0].flag, 2);
	ck_assert_uint_eq(sctp->flag_info[0].flag_mask, 3);
	ck_assert_uint_eq(sctp->flag_info[1].chunktype, 6);
	ck_assert_uint_eq(sctp->flags, XT_SCTP_SRC_PORTS | XT_SCTP_CHUNK_TYPES);
	ck_assert_uint_eq(sctp->invflags, XT_SCTP_CHUNK_TYPES);
	sctp = (const void *)extension_of(c, "-p sctp --chunk-types any ALL")->info;
	for (size_t i = 0; i < FWC_ARRAY_SIZE(sctp->chunkmap); i++)
		ck_assert_uint_eq(sctp->chunkmap[i], UINT32_MAX);
	dccp = (const void *)extension_of(c, "-p dccp ! --dport 7 --dccp-option 9")->info;
	ck_assert_uint_eq(dccp->dpts[1], 7);
	ck_assert_uint_eq(dccp->flags, XT_DCCP_DEST_PORTS | XT_DCCP_OPTION);
	ck_assert_uint_eq(dccp->invflags, XT_DCCP_DEST_PORTS);
	ck_assert_uint_eq(dccp->option, 9);
	bytes = (const void *)extension_of(
			c,
			"-m connbytes ! --connbytes 5:9 --connbytes-mode avgpkt --connbytes-dir reply")
			->info;
	ck_assert_uint_eq(bytes->count.from, 9);
	ck_assert_uint_eq(bytes->count.to, 5);
	ck_assert_uint_eq(bytes->what, XT_CONNBYTES_AVGPKT);
	ck_assert_uint_eq(bytes->direction, XT_CONNBYTES_DIR_REPLY);
	e = extension_of(c, "-m connlimit --connlimit-upto 7 --connlimit-mask 8 --connlimit-daddr");
	limit = (const void *)e->info;
	ck_assert_uint_eq(e->len, sizeof(*limit));
	ck_assert_uint_eq(limit->v4_mask, htonl(0xff000000));
	ck_assert_uint_eq(limit->limit, 7);
	ck_assert_uint_eq(limit->flags, XT_CONNLIMIT_INVERT | XT_CONNLIMIT_DADDR);
	e = extension_of(
		c,
		"-j HMARK --hmark-sport 1 --hmark-dport-mask 2 --hmark-rnd 3 --hmark-mod 4 --hmark-offset 5 --hmark-tuple ct");
	hmark = (const void *)e->info;
	ck_assert_uint_eq(e->len, (sizeof(*hmark) + 7) / 8 * 8);
	ck_assert_uint_eq(hmark->port_set.b16.src, htons(1));
	ck_assert_uint_eq(hmark->port_mask.b16.dst, htons(2));
	ck_assert_uint_eq(hmark->hashrnd, 3);
	ck_assert_uint_eq(hmark->hmodulus, 4);
	ck_assert_uint_eq(hmark->hoffset, 5);
	ck_assert(hmark->flags & XT_HMARK_FLAG(XT_HMARK_CT));
	fwc_ruleset_free(ruleset);
}
END_TEST

START_TEST(structs_of_proxies_and_sockets_are_those_of_the_kernels_headers)
{
	struct fwc_chain *c = chain_of(FWC_FAMILY_IP);
	const struct fwc_extension *e = extension_of(
		c, "-p tcp -j TPROXY --on-port 80 --on-ip 1.2.3.4 --tproxy-mark 0x5/0xf");
	const struct xt_tproxy_target_info_v1 *proxy = (const void *)e->info;
	const struct xt_synproxy_info *syn;
	const struct xt_cgroup_info_v2 *group;
	const struct xt_osf_info *osf;

	ck_assert_uint_eq(e->len, (sizeof(*proxy) + 7) / 8 * 8);
	ck_assert_uint_eq(proxy->lport, htons(80));
	ck_assert_uint_eq(proxy->laddr.ip, htonl(0x01020304));
	ck_assert_uint_eq(proxy->mark_mask, 0xf);
	ck_assert_uint_eq(proxy->mark_value, 5);
	syn = (const void *)extension_of(c, "-p tcp -j SYNPROXY --wscale 7 --mss 1460")->info;
	ck_assert_uint_eq(syn->options, XT_SYNPROXY_OPT_WSCALE | XT_SYNPROXY_OPT_MSS);
	ck_assert_uint_eq(syn->wscale, 7);
	ck_assert_uint_eq(syn->mss, 1460);
	e = extension_of(c, "-m cgroup ! --path a/b");
	group = (const void *)e->info;
	ck_assert_uint_eq(e->len, sizeof(*group));
	ck_assert_str_eq(group->path, "a/b");
	ck_assert(group->has_path && group->invert_path && !group->has_classid);
	e = extension_of(c, "-p tcp -m osf ! --genre Linux --ttl 1 --log 2");
	osf = (const void *)e->info;
	ck_assert_uint_eq(e->len, sizeof(*osf));
	ck_assert_uint_eq(osf->len, 5);
	ck_assert_uint_eq(osf->flags, XT_OSF_INVERT | XT_OSF_TTL | XT_OSF_LOG);
	ck_assert_uint_eq(osf->ttl, 1);
	ck_assert_uint_eq(osf->loglevel, 2);
	fwc_ruleset_free(ruleset);
}
END_TEST

START_TEST(structs_of_ipv6_are_those_of_the_kernels_headers)
{
	struct fwc_chain *c = chain_of(FWC_FAMILY_IP6);
	const struct fwc_extension *e =
		extension_of(c, "-m rt --rt-type 0 ! --rt-len 5 --rt-0-addrs ::1,::2");
	const struct ip6t_rt *rt = (const void *)e->info;
	const struct ip6t_opts *opts;
	const struct ip6t_srh1 *srh;
	const struct ip6t_frag *frag;

	ck_assert_uint_eq(e->len, sizeof(*rt));
	ck_assert_uint_eq(rt->hdrlen, 5);
	ck_assert_uint_eq(rt->segsleft[1], UINT32_MAX);
	ck_assert_uint_eq(rt->flags, IP6T_RT_TYP | IP6T_RT_LEN | IP6T_RT_FST);
	ck_assert_uint_eq(rt->invflags, IP6T_RT_INV_LEN);
	ck_assert_uint_eq(rt->addrnr, 2);
	ck_assert_uint_eq(rt->addrs[1].s6_addr[15], 2);
	e = extension_of(c, "-m hbh ! --hbh-len 7 --hbh-opts 1,2:3");
	opts = (const void *)e->info;
	ck_assert_uint_eq(e->len, sizeof(*opts));
	ck_assert_uint_eq(opts->hdrlen, 7);
	ck_assert_uint_eq(opts->flags, IP6T_OPTS_LEN | IP6T_OPTS_OPTS);
	ck_assert_uint_eq(opts->invflags, IP6T_OPTS_INV_LEN);
	ck_assert_uint_eq(opts->opts[0], 0x1ff);
	ck_assert_uint_eq(opts->opts[1], 0x203);
	ck_assert_uint_eq(opts->optsnr, 2);
	e = extension_of(c, "-m srh --srh-last-entry-gt 9 ! --srh-lsid 2001:db8::/32");
	srh = (const void *)e->info;
	ck_assert_uint_eq(e->len, (sizeof(*srh) + 7) / 8 * 8);
	ck_assert_uint_eq(srh->last_entry, 9);
	ck_assert_uint_eq(srh->lsid_addr.s6_addr[3], 0xb8);
	ck_assert_uint_eq(srh->lsid_msk.s6_addr[3], 0xff);
	ck_assert_uint_eq(srh->mt_flags, IP6T_SRH_LAST_GT | IP6T_SRH_LSID);
	ck_assert_uint_eq(srh->mt_invflags, IP6T_SRH_INV_LSID);
	frag = (const void *)extension_of(c, "-m frag ! --fraglen 9 --fraglast")->info;
	ck_assert_uint_eq(frag->hdrlen, 9);
	ck_assert_uint_eq(frag->flags, IP6T_FRAG_LEN | IP6T_FRAG_NMF);
	ck_assert_uint_eq(frag->invflags, IP6T_FRAG_INV_LEN);
	fwc_ruleset_free(ruleset);
}
END_TEST
#endif

START_TEST(no_row_reaches_past_its_struct)
{
	const struct fwc_xt_row *row;
	size_t i;

	for (i = 0; (row = fwc_xt_row_at(i)); i++) {
		uint8_t info[FWC_XT_SIZE_MOST];

		ck_assert_uint_le(fwc_xt_aligned(row), sizeof(info));
		ck_assert_uint_le(row->count, 32);
		fwc_xt_init(row, info);
		for (size_t n = 0; n < row->count; n++) {
			const struct fwc_xt_option *o = &row->options[n];
			const struct fwc_xt_bits *bits[] = { &o->given, &o->unless, &o->inverted };

			ck_assert_msg(o->at + o->len <= row->size, "--%s", o->name);
			ck_assert_msg(!(o->excludes & 1u << n), "--%s excludes itself", o->name);
			ck_assert_msg(!((o->excludes | o->needs) >> 1 >> (row->count - 1)), "--%s",
				      o->name);
			ck_assert_msg(o->flags & FWC_XT_READ_ONLY || !o->form->words ||
					      o->form->format,
				      "--%s cannot be written", o->name);
			for (size_t b = 0; b < FWC_ARRAY_SIZE(bits); b++)
				ck_assert_msg(bits[b]->at + bits[b]->len <= row->size, "--%s",
					      o->name);
		}
	}
	ck_assert_uint_gt(i, 50);
}
END_TEST

static uint32_t family_of(const struct fwc_xt_row *row)
{
	return row->families & FWC_XT_IP    ? FWC_FAMILY_IP
	       : row->families & FWC_XT_IP6 ? FWC_FAMILY_IP6
					    : FWC_FAMILY_ARP;
}

/* Each extension with its struct a little too short, too long, empty, of another revision: none is looked into. */
START_TEST(structs_of_a_wrong_size_are_kept_and_never_read)
{
	const struct fwc_xt_row *row;
	char text[256];

	for (size_t i = 0; (row = fwc_xt_row_at(i)); i++)
		for (int change = -8; change <= 8; change += 4) {
			uint32_t family = family_of(row);
			struct fwc_chain *c = chain_of(family);
			struct fwc_rule *r =
				family == FWC_FAMILY_ARP
					? fwc_chain_append_text(c, FWC_SYNTAX_IPTABLES, "")
					: fwc_chain_append(c);
			uint32_t len = fwc_xt_aligned(row);
			uint8_t *exact = malloc(len + 8u);
			struct fwc_extension e = {
				row->kernel_name ? row->kernel_name : row->name,
				change ? row->revision : 200u,
				row->is_target,
				change < 0 && !len ? 4 : len + (uint32_t)change,
				exact,
			};

			memset(exact, 0xff, len + 8u);
			ck_assert_ptr_null(fwc_xt_row_of(&e, family));
			ck_assert_int_eq(fwc_rule_add_extension(r, &e), 0);
			format(r, text, sizeof(text));
			ck_assert_ptr_nonnull(strstr(text, "<revision "));
			free(exact);
			fwc_ruleset_free(ruleset);
		}
}
END_TEST

/* Whatever a struct holds, writing it ends and stays within its bytes. */
START_TEST(structs_of_any_content_are_written)
{
	static const uint8_t fills[] = { 0x00, 0x01, 0x55, 0x80, 0xff };
	const struct fwc_xt_row *row;

	for (size_t i = 0; (row = fwc_xt_row_at(i)); i++)
		for (size_t n = 0; n < sizeof(fills); n++) {
			struct fwc_buf out = { 0 };
			uint32_t len = fwc_xt_aligned(row);
			uint8_t *exact = malloc(len ? len : 1);

			memset(exact, fills[n], len);
			fwc_xt_format_options(row, exact, family_of(row), &out);
			fwc_buf_free(&out);
			free(exact);
		}
}
END_TEST

/* ---- what iptables has no words for ---- */

static const char *const native[] = {
	"tcp dport { 22, 80 } accept", "ip saddr @s accept", "ct state new accept", "reject",
	"tcp dport 1-5 accept",        "meta mark set 1",
};

START_TEST(rules_that_iptables_would_misread_are_named)
{
	struct fwc_rule *r =
		fwc_chain_append_text(chain_of(FWC_FAMILY_IP), FWC_SYNTAX_NFT, native[_i]);
	struct fwc_error err;
	char text[128];

	ck_assert_ptr_nonnull(r);
	ck_assert_int_eq(fwc_xt_check_rule(r, &err), -EOPNOTSUPP);
	ck_assert_ptr_nonnull(strstr(err.msg, "has no form in iptables"));
	ck_assert_int_eq(fwc_rule_format(r, FWC_SYNTAX_IPTABLES, text, sizeof(text), NULL),
			 -EOPNOTSUPP);
	fwc_ruleset_free(ruleset);
}
END_TEST

START_TEST(rules_of_other_families_have_no_words_in_iptables)
{
	static const uint32_t families[] = { FWC_FAMILY_INET, FWC_FAMILY_BRIDGE };
	char text[128];

	for (size_t i = 0; i < FWC_ARRAY_SIZE(families); i++) {
		struct fwc_ruleset *rs = fwc_ruleset_new();
		struct fwc_table *t = fwc_ruleset_add_table(rs, families[i], "t", 0);
		struct fwc_rule *r = fwc_chain_append_text(fwc_table_add_chain(t, "c", NULL),
							   FWC_SYNTAX_NFT, "tcp dport 22 accept");

		ck_assert_ptr_nonnull(r);
		ck_assert_int_eq(fwc_rule_format(r, FWC_SYNTAX_IPTABLES, text, sizeof(text), NULL),
				 -EOPNOTSUPP);
		fwc_ruleset_free(rs);
	}
}
END_TEST

START_TEST(tables_are_written_as_iptables_save_has_them)
{
	struct fwc_chain *c = chain_of(FWC_FAMILY_IP);
	struct fwc_error err;
	char *text;

	fwc_table_add_chain(c->table, "user", NULL);
	fwc_table_add_chain(c->table, "a-user", NULL);
	fwc_chain_append_text(c, FWC_SYNTAX_IPTABLES, "-c 3 180 -p tcp --dport 22 -j user");
	ck_assert_int_eq(fwc_ruleset_format(ruleset, FWC_SYNTAX_IPTABLES, 0, &text, NULL, &err), 0);
	ck_assert_str_eq(
		text, "*filter\n:INPUT ACCEPT [0:0]\n:FORWARD ACCEPT [0:0]\n:OUTPUT ACCEPT [0:0]\n"
		      ":a-user - [0:0]\n:user - [0:0]\n"
		      "[3:180] -A INPUT -p tcp -m tcp --dport 22 -j user\nCOMMIT\n");
	fwc_text_free(text);
	fwc_ruleset_add_iptables_table(ruleset, FWC_FAMILY_IP6, "filter", 0);
	ck_assert_int_eq(fwc_ruleset_format(ruleset, FWC_SYNTAX_IPTABLES, 0, &text, NULL, &err),
			 -EINVAL);
	fwc_ruleset_free(ruleset);
}
END_TEST

START_TEST(tables_of_arp_are_written_as_arptables_save_has_them)
{
	struct fwc_chain *c = chain_of(FWC_FAMILY_ARP);
	struct fwc_error err;
	char *text;

	fwc_table_add_chain(c->table, "user", NULL);
	fwc_chain_append_text(c, FWC_SYNTAX_IPTABLES, "-c 3 84 -j user");
	fwc_chain_append_text(c, FWC_SYNTAX_IPTABLES, "");
	ck_assert_int_eq(fwc_ruleset_format(ruleset, FWC_SYNTAX_IPTABLES, 0, &text, NULL, &err), 0);
	ck_assert_str_eq(text, "*filter\n:INPUT ACCEPT\n:OUTPUT ACCEPT\n:user -\n"
			       "[3:84] -A INPUT -j user\n[0:0] -A INPUT \nCOMMIT\n");
	fwc_text_free(text);
	fwc_ruleset_free(ruleset);
}
END_TEST

/* ---- native tables ---- */

enum { EXACT = FWC_TRANSLATION_EXACT, APPROXIMATE = FWC_TRANSLATION_APPROXIMATE };

/* `native` is what our own printer makes of the words, in a native table. */
static const struct {
	uint32_t family, how;
	const char *line, *native;
} translated[] = {
	{ FWC_FAMILY_IP, EXACT, "-s 10.0.0.0/8 ! -d 192.0.2.1 -i eth+ ! -o lo -j DROP",
	  "iifname \"eth*\" oifname != \"lo\" ip saddr 10.0.0.0/8 ip daddr != 192.0.2.1 counter drop" },
	{ FWC_FAMILY_IP, EXACT, "-s 10.0.2.0/255.0.255.0",
	  "ip saddr & 255.0.255.0 == 10.0.2.0 counter" },
	{ FWC_FAMILY_IP, EXACT, "-f", "ip frag-off & 8191 != 0 counter" },
	{ FWC_FAMILY_IP, EXACT, "-p tcp -m tcp -j later", "meta l4proto tcp counter jump later" },
	{ FWC_FAMILY_IP, EXACT, "-p esp -m esp", "meta l4proto esp counter" },
	{ FWC_FAMILY_IP, EXACT, "-p tcp --sport 1:5 ! --dport 22 --syn -g later",
	  "tcp sport 1-5 tcp dport != 22 tcp flags syn / fin,syn,rst,ack counter goto later" },
	{ FWC_FAMILY_IP, EXACT, "-p udp -m multiport ! --dports 53,80:90,85:95 -j ACCEPT",
	  "udp dport != { 53, 80-95 } counter accept" },
	{ FWC_FAMILY_IP, EXACT, "-p icmp --icmp-type echo-request",
	  "icmp type echo-request counter" },
	{ FWC_FAMILY_IP, EXACT, "-m conntrack --ctstate NEW,RELATED ! --ctorigsrc 10.0.0.0/8",
	  "ct state related,new ct original ip saddr != 10.0.0.0/8 counter" },
	{ FWC_FAMILY_IP, EXACT, "-m state ! --state NEW,INVALID",
	  "ct state ! invalid,new counter" },
	{ FWC_FAMILY_IP, EXACT, "-m conntrack --ctdir REPLY --ctstatus ASSURED",
	  "ct status assured ct direction reply counter" },
	{ FWC_FAMILY_IP, EXACT, "-m mark ! --mark 1/0xf -m connmark --mark 7",
	  "meta mark & 0x0000000f != 0x00000001 ct mark 0x00000007 counter" },
	{ FWC_FAMILY_IP, EXACT,
	  "-m limit --limit 3/min --limit-burst 7 -j LOG --log-prefix \"x: \"",
	  "limit rate 3/minute burst 7 packets counter log prefix \"x: \"" },
	{ FWC_FAMILY_IP, EXACT, "-m comment --comment \"why not\" -j ACCEPT",
	  "counter accept comment \"why not\"" },
	{ FWC_FAMILY_IP, EXACT, "-m addrtype --dst-type LOCAL -m pkttype --pkt-type multicast",
	  "fib daddr type local meta pkttype multicast counter" },
	{ FWC_FAMILY_IP, EXACT, "-m iprange --src-range 10.0.0.1-10.0.0.9",
	  "ip saddr 10.0.0.1-10.0.0.9 counter" },
	{ FWC_FAMILY_IP, EXACT, "-m owner --uid-owner 5", "meta skuid 5 counter" },
	{ FWC_FAMILY_IP, APPROXIMATE, "-m owner ! --uid-owner 5", "meta skuid != 5 counter" },
	{ FWC_FAMILY_IP, EXACT, "-m statistic --mode nth --every 5 --packet 2 -m ttl --ttl-gt 3",
	  "numgen inc mod 5 2 ip ttl > 3 counter" },
	{ FWC_FAMILY_IP, EXACT, "-p tcp -j REJECT --reject-with tcp-reset",
	  "meta l4proto tcp counter reject with tcp reset" },
	{ FWC_FAMILY_IP, EXACT, "-j REJECT --reject-with icmp-host-prohibited",
	  "counter reject with icmp host-prohibited" },
	{ FWC_FAMILY_IP, EXACT, "-j MARK --set-mark 0x5/0x3",
	  "counter meta mark set meta mark & 0xfffffffd | 0x00000005" },
	{ FWC_FAMILY_IP, EXACT, "-j CONNMARK --restore-mark", "counter meta mark set ct mark" },
	{ FWC_FAMILY_IP, EXACT, "-j NFLOG --nflog-group 5 --nflog-size 0",
	  "counter log group 5 snaplen 0" },
	{ FWC_FAMILY_IP, EXACT, "-p tcp -j DNAT --to-destination 10.0.0.1:80",
	  "meta l4proto tcp counter dnat to 10.0.0.1:80" },
	{ FWC_FAMILY_IP, EXACT, "-j SNAT --to-source 10.0.0.1-10.0.0.9 --random --persistent",
	  "counter snat to 10.0.0.1-10.0.0.9 random,persistent" },
	{ FWC_FAMILY_IP, EXACT, "-p udp -j MASQUERADE --to-ports 1024-2048",
	  "meta l4proto udp counter masquerade to :1024-2048" },
	{ FWC_FAMILY_IP, EXACT, "-p tcp -j REDIRECT --to-ports 8080",
	  "meta l4proto tcp counter redirect to :8080" },
	{ FWC_FAMILY_IP, APPROXIMATE, "-p tcp -j TCPMSS --set-mss 1400",
	  "meta l4proto tcp counter tcp option maxseg size set 1400" },
	{ FWC_FAMILY_IP, EXACT, "-j NFQUEUE --queue-balance 1:3 --queue-bypass",
	  "counter queue flags bypass to 1-3" },
	{ FWC_FAMILY_IP6, EXACT, "-s 2001:db8::/32 -p icmpv6 --icmpv6-type echo-request",
	  "ip6 saddr 2001:db8::/32 icmpv6 type echo-request counter" },
	{ FWC_FAMILY_IP6, EXACT, "-p tcp -j DNAT --to-destination [2001:db8::1]:80",
	  "meta l4proto tcp counter dnat to [2001:db8::1]:80" },
};

static struct fwc_chain *native_chain(struct fwc_ruleset *rs, uint32_t family)
{
	struct fwc_table *t = fwc_ruleset_add_table(rs, family, "native", 0);

	fwc_table_add_chain(t, "later", NULL);
	return fwc_table_add_chain(t, "c", NULL);
}

/* In nft's words, without the values of its counter. */
static void format_stateless(const struct fwc_rule *r, char *text, size_t size)
{
	static const char values[] = " packets 0 bytes 0";
	char *at;

	ck_assert_int_eq(fwc_rule_format(r, FWC_SYNTAX_NFT, text, size, NULL), 0);
	at = strstr(text, values);
	if (at)
		memmove(at, at + sizeof(values) - 1, strlen(at + sizeof(values) - 1) + 1);
}

START_TEST(rules_of_iptables_are_said_in_words_of_nft)
{
	uint32_t family = translated[_i].family, how = 0;
	const char *line = translated[_i].line;
	struct fwc_table *filter = chain_of(family)->table;
	const struct fwc_rule *r = fwc_chain_append_text(fwc_table_find_chain(filter, "FORWARD"),
							 FWC_SYNTAX_IPTABLES, line);
	struct fwc_ruleset *rs = fwc_ruleset_new();
	char words[512], again[512];
	struct fwc_chain *c;
	struct fwc_error err;

	ck_assert_msg(r, "%s: %s", line, (fwc_ruleset_error(ruleset, &err), err.msg));
	ck_assert_msg(fwc_rule_translate(r, words, sizeof(words), NULL, &how, &err) == 0, "%s: %s",
		      line, err.msg);
	ck_assert_uint_eq(how, translated[_i].how);
	ck_assert_int_eq(err.msg[0] != '\0', how == APPROXIMATE);
	c = native_chain(rs, family);
	r = fwc_chain_append_text(c, FWC_SYNTAX_NFT, words);
	ck_assert_msg(r, "%s: %s", words, (fwc_ruleset_error(rs, &err), err.msg));
	format_stateless(r, words, sizeof(words));
	ck_assert_str_eq(words, translated[_i].native);
	/* A native chain takes iptables' words where nothing differs. */
	r = fwc_chain_append_text(c, FWC_SYNTAX_IPTABLES, line);
	ck_assert_int_eq(r != NULL, how == EXACT);
	if (r) {
		format_stateless(r, again, sizeof(again));
		ck_assert_str_eq(again, words);
	}
	fwc_ruleset_free(rs);
	fwc_ruleset_free(ruleset);
}
END_TEST

static const char *const untranslated[] = {
	"-m quota --quota 9223372036854775808",
	"-m string --string a --algo bm",
	"-m recent --set",
	"-p tcp -m multiport --ports 1,2",
	"-m conntrack --ctexpire 5",
	"-m conntrack --ctstatus NONE",
	"-m owner --socket-exists",
	"-j CONNMARK --save-mark --ctmask 1",
	"-p tcp -j DNAT --to-destination 10.0.0.1:80-90/100",
	"-j TTL --ttl-inc 1",
	"-j IDLETIMER --timeout 5 --label x",
	"! -i +",
};

START_TEST(what_has_no_native_form_is_named)
{
	struct fwc_chain *c = chain_of(FWC_FAMILY_IP);
	const struct fwc_rule *r = fwc_chain_append_text(c, FWC_SYNTAX_IPTABLES, untranslated[_i]);
	char words[16] = "untouched";
	struct fwc_error err;

	ck_assert_ptr_nonnull(r);
	ck_assert_int_eq(fwc_rule_translate(r, words, sizeof(words), NULL, NULL, &err),
			 -EOPNOTSUPP);
	ck_assert_ptr_nonnull(strstr(err.msg, " native "));
	ck_assert_str_eq(words, "untouched");
	ck_assert_int_eq(fwc_rule_translate(NULL, words, sizeof(words), NULL, NULL, &err), -EINVAL);
	fwc_ruleset_free(ruleset);
	ruleset = fwc_ruleset_new();
	r = fwc_chain_append_text(native_chain(ruleset, FWC_FAMILY_IP), FWC_SYNTAX_NFT, "accept");
	ck_assert_int_eq(fwc_rule_translate(r, words, sizeof(words), NULL, NULL, &err), -EINVAL);
	fwc_ruleset_free(ruleset);
}
END_TEST

static Suite *suite(void)
{
	Suite *s = suite_create("iptables");
	TCase *tc = tcase_create("iptables");

	tcase_add_loop_test(tc, lines_come_back_as_iptables_writes_them, 0, FWC_ARRAY_SIZE(lines));
	tcase_add_loop_test(tc, bad_lines_are_refused_and_named, 0, FWC_ARRAY_SIZE(bad));
	tcase_add_loop_test(tc, bad_lines_of_ipv6_are_refused_and_named, 0, FWC_ARRAY_SIZE(bad6));
	tcase_add_loop_test(tc, bad_lines_of_arp_are_refused_and_named, 0, FWC_ARRAY_SIZE(bad_arp));
	tcase_add_loop_test(tc, rules_that_arptables_would_misread_are_named, 0,
			    FWC_ARRAY_SIZE(native_arp));
	tcase_add_test(tc, tables_of_arp_are_written_as_arptables_save_has_them);
	tcase_add_test(tc, other_tables_take_no_lines_of_iptables);
#if UINTPTR_MAX > UINT32_MAX
	tcase_add_test(tc, structs_are_those_of_the_kernels_headers);
	tcase_add_test(tc, structs_of_connections_are_those_of_the_kernels_headers);
	tcase_add_test(tc, structs_of_proxies_and_sockets_are_those_of_the_kernels_headers);
	tcase_add_test(tc, structs_of_ipv6_are_those_of_the_kernels_headers);
#endif
	tcase_add_test(tc, no_row_reaches_past_its_struct);
	tcase_add_test(tc, structs_of_a_wrong_size_are_kept_and_never_read);
	tcase_add_test(tc, structs_of_any_content_are_written);
	tcase_add_loop_test(tc, rules_that_iptables_would_misread_are_named, 0,
			    FWC_ARRAY_SIZE(native));
	tcase_add_test(tc, rules_of_other_families_have_no_words_in_iptables);
	tcase_add_test(tc, tables_are_written_as_iptables_save_has_them);
	tcase_add_loop_test(tc, rules_of_iptables_are_said_in_words_of_nft, 0,
			    FWC_ARRAY_SIZE(translated));
	tcase_add_loop_test(tc, what_has_no_native_form_is_named, 0, FWC_ARRAY_SIZE(untranslated));
	suite_add_tcase(s, tc);
	return s;
}

TEST_MAIN(suite)
