/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Commands and files of iptables. What the kernel has afterwards is read with nft, not only by our own words. */
#include <fwcore/fwcore.h>
#include <stdio.h>
#include <unistd.h>

#include "../check.h"

static struct fwc_kernel *kernel;
static struct fwc_error err;

static void setup(void)
{
	ns_enter();
	need_program("nft");
	assert_ok(fwc_kernel_open(&kernel, NULL, &err), err);
}

static void teardown(void)
{
	fwc_kernel_close(kernel);
}

/* What they print, which is good until the next call; NULL: err says why not. */
static const char *commit(struct fwc_iptables *commands, uint32_t flags)
{
	static char printed[8192];
	char *text;

	if (fwc_kernel_commit_iptables(kernel, commands, flags, &text, &err) < 0)
		return NULL;
	snprintf(printed, sizeof(printed), "%s", text);
	fwc_text_free(text);
	return printed;
}

/* One command, its words with single spaces between. */
static const char *iptables(const char *line)
{
	struct fwc_iptables *commands = fwc_iptables_new(FWC_FAMILY_IP);
	const char *printed = NULL, *words[32];
	char copy[512], *rest = copy;
	size_t count = 0;

	snprintf(copy, sizeof(copy), "%s", line);
	while ((words[count] = strtok_r(NULL, " ", &rest)))
		count++;
	if (fwc_iptables_add_words(commands, words, count, &err) == FWC_IPTABLES_COMMAND)
		printed = commit(commands, 0);
	fwc_iptables_free(commands);
	return printed;
}

static void good(const char *line)
{
	ck_assert_msg(iptables(line) != NULL, "%s: %s", line, err.msg);
}

/* -EINVAL and the like, at the line of the file; 0: it was carried out. */
static int restore(const char *text, uint32_t file_flags, uint32_t commit_flags)
{
	const struct fwc_iptables_file_opts opts = { .size = sizeof(opts), .flags = file_flags };
	struct fwc_iptables *commands = fwc_iptables_new(FWC_FAMILY_IP);
	int r = fwc_iptables_add_file(commands, text, strlen(text), &opts, &err);

	if (r == 0)
		r = commit(commands, commit_flags) ? 0 : err.code;
	fwc_iptables_free(commands);
	return r;
}

static void assert_listed(const char *line, const char *expected)
{
	const char *listed = iptables(line);

	ck_assert_msg(listed != NULL, "%s: %s", line, err.msg);
	ck_assert_str_eq(listed, expected);
}

START_TEST(rules_come_and_go_by_place_and_by_what_they_say)
{
	good("-A INPUT -p tcp --dport 22 -j ACCEPT");
	good("-I INPUT -i lo -j ACCEPT");
	good("-I INPUT 2 -s 192.0.2.1,192.0.2.2 -j DROP");
	assert_listed("-S INPUT", "-P INPUT ACCEPT\n"
				  "-A INPUT -i lo -j ACCEPT\n"
				  "-A INPUT -s 192.0.2.2/32 -j DROP\n"
				  "-A INPUT -s 192.0.2.1/32 -j DROP\n"
				  "-A INPUT -p tcp -m tcp --dport 22 -j ACCEPT\n");
	good("-C INPUT -p tcp -m tcp --dport 22 -j ACCEPT");
	good("-D INPUT -s 192.0.2.2 -j DROP");
	good("-R INPUT 2 -s 192.0.2.3 -j DROP");
	good("-D INPUT 1");
	assert_contains(sh("nft list chain ip filter INPUT"),
			"ip saddr 192.0.2.3 counter packets 0 bytes 0 drop\n");
	assert_listed("-S INPUT 2", "-A INPUT -p tcp -m tcp --dport 22 -j ACCEPT\n");
	good("-F INPUT");
	ck_assert(!strstr(sh("nft list chain ip filter INPUT"), "drop"));
}
END_TEST

START_TEST(chains_are_made_renamed_and_deleted)
{
	good("-t nat -N one");
	good("-t nat -A one -j RETURN");
	good("-t nat -A PREROUTING -j one");
	good("-t nat -E one other");
	assert_contains(sh("nft list chain ip nat PREROUTING"), "jump other");
	ck_assert_ptr_null(iptables("-t nat -X other"));
	assert_error(&err, -EBUSY, "other");
	good("-t nat -F");
	good("-t nat -X");
	/* An empty base chain that accepts goes, too. */
	ck_assert(!strstr(sh("nft list table ip nat"), "chain"));
}
END_TEST

static const struct {
	const char *line;
	int code;
	const char *part;
} wrong[] = {
	{ "-A nowhere -j ACCEPT", -ENOENT, "nowhere" },
	{ "-D INPUT -j DROP", -ESRCH, "-j DROP" },
	{ "-C INPUT -j DROP", -ESRCH, "-j DROP" },
	{ "-D INPUT 3", -E2BIG, "has 1 rule" },
	{ "-I INPUT 3 -j DROP", -E2BIG, "has 1 rule" },
	{ "-R INPUT 3 -j DROP", -E2BIG, "has 1 rule" },
	{ "-Z INPUT 3", -E2BIG, "has 1 rule" },
	{ "-N INPUT", -EEXIST, "INPUT" },
	{ "-E mine INPUT", -EEXIST, "INPUT" },
	{ "-E nowhere other", -ENOENT, "nowhere" },
	{ "-X nowhere", -ENOENT, "nowhere" },
	{ "-F nowhere", -ENOENT, "nowhere" },
	{ "-P mine DROP", -ENXIO, "mine" },
	{ "-P INPUT RETURN", -ENXIO, "RETURN" },
	{ "-L nowhere", -EADDRNOTAVAIL, "nowhere" },
	{ "-A INPUT -j nowhere", -EINVAL, "Chain 'nowhere' does not exist" },
	{ "-D INPUT -j nowhere", -EINVAL, "Chain 'nowhere' does not exist" },
	{ "-t nothing -L", -ENOENT, "nothing" },
	{ "-A INPUT -D INPUT", -EINVAL, "Cannot use -D with -A" },
	{ "-A", -EINVAL, "requires an argument" },
	{ "-j ACCEPT", -EINVAL, "no command specified" },
	{ "-D INPUT 0", -EINVAL, "Invalid rule number `0'" },
	{ "-R INPUT -j DROP", -EINVAL, "requires a rule number" },
	{ "-N ACCEPT", -EINVAL, "clash with target name" },
	{ "-N DNAT", -EINVAL, "clash with target name" },
	{ "-N -x", -EINVAL, "start with `-'" },
	{ "-N abcdefghijklmnopqrstuvwxyzabc", -EINVAL, "too long" },
	{ "-6 -L", -EINVAL, "other family" },
	{ "-F INPUT -p tcp", -EINVAL, "-F takes no rule" },
	{ "-A INPUT ! -s 192.0.2.1,192.0.2.2", -EINVAL, "multiple source" },
};

START_TEST(what_is_wrong_is_named)
{
	good("-N mine");
	good("-A INPUT -j ACCEPT");
	ck_assert_ptr_null(iptables(wrong[_i].line));
	assert_error(&err, wrong[_i].code, wrong[_i].part);
	assert_listed("-S", "-P INPUT ACCEPT\n-P FORWARD ACCEPT\n-P OUTPUT ACCEPT\n-N mine\n"
			    "-A INPUT -j ACCEPT\n");
}
END_TEST

static const char file[] = "# a comment\n"
			   "*filter\n"
			   ":INPUT DROP [5:600]\n"
			   ":mine - [0:0]\n"
			   "[3:180] -A INPUT -p tcp --dport 22 -j mine\n"
			   "-A mine -m comment --comment \"of a file\" -j ACCEPT\n"
			   "COMMIT\n"
			   "\n"
			   "*nat\n"
			   "-4 -A PREROUTING -p tcp --dport 80 -j REDIRECT --to-ports 8080\n"
			   "-6 -A PREROUTING -s 2001:db8::1 -j ACCEPT\n"
			   "COMMIT\n";

START_TEST(a_file_replaces_what_its_tables_had)
{
	good("-A FORWARD -j DROP");
	good("-t raw -A OUTPUT -j ACCEPT");
	assert_ok(restore(file, FWC_IPTABLES_COUNTERS, 0), err);
	assert_contains(sh("nft list table ip filter"), "policy drop");
	assert_contains(sh("nft list table ip filter"),
			"dport 22 counter packets 3 bytes 180 jump mine");
	ck_assert(!strstr(sh("nft list table ip filter"), "FORWARD"));
	assert_contains(sh("nft list table ip nat"), "PREROUTING");
	assert_contains(sh("nft list table ip raw"), "accept");
	assert_listed("-v -S INPUT", "-P INPUT DROP -c 5 600\n"
				     "-A INPUT -p tcp -m tcp --dport 22 -c 3 180 -j mine\n");
	assert_ok(restore(file, 0, 0), err);
	assert_listed("-v -S INPUT", "-P INPUT DROP -c 0 0\n"
				     "-A INPUT -p tcp -m tcp --dport 22 -c 0 0 -j mine\n");
}
END_TEST

START_TEST(without_flush_a_file_changes_what_it_names)
{
	good("-N mine");
	good("-A mine -j DROP");
	good("-A FORWARD -j DROP");
	assert_ok(restore(file, FWC_IPTABLES_NOFLUSH, 0), err);
	assert_listed("-S", "-P INPUT DROP\n-P FORWARD ACCEPT\n-P OUTPUT ACCEPT\n-N mine\n"
			    "-A INPUT -p tcp -m tcp --dport 22 -j mine\n"
			    "-A FORWARD -j DROP\n"
			    "-A mine -m comment --comment \"of a file\" -j ACCEPT\n");
}
END_TEST

static const struct {
	const char *text;
	int code;
	uint32_t line;
} wrong_files[] = {
	{ "*filter\n-A INPUT -j DROP\n-A INPUT --bad\nCOMMIT\n", -EINVAL, 3 },
	{ "*filter\n-A INPUT -j DROP\nCOMMIT\n*nat\n-A nowhere -j ACCEPT\nCOMMIT\n", -ENOENT, 5 },
	{ "*filter\n-A INPUT -j DROP\n-A INPUT -j nowhere\nCOMMIT\n", -EINVAL, 3 },
	{ "*filter\n-A INPUT -j DROP\n", -EBADMSG, 3 },
	{ "*filter\n-A INPUT -j DROP\nCOMMIT\n-A INPUT -j DROP\n", -EBADMSG, 4 },
	{ "*filter\n:INPUT\nCOMMIT\n", -EINVAL, 2 },
	{ "*filter\n:INPUT GOOD [0:0]\nCOMMIT\n", -ENXIO, 2 },
	{ "*nothing\nCOMMIT\n", -ENOENT, 1 },
	{ "*filter\n-t nat -A INPUT -j DROP\nCOMMIT\n", -EINVAL, 2 },
	{ "*filter\n-A INPUT -j DROP\n-D INPUT -j RETURN\nCOMMIT\n", -ESRCH, 3 },
	/* Only the kernel knows that there is no such thing in this chain. */
	{ "*filter\n-A INPUT -j DROP\n-A INPUT -j DNAT --to-destination 192.0.2.1\nCOMMIT\n",
	  -EINVAL, 3 },
};

START_TEST(a_wrong_line_is_named_and_nothing_is_carried_out)
{
	good("-A INPUT -j ACCEPT");
	ck_assert_int_eq(restore(wrong_files[_i].text, 0, 0), wrong_files[_i].code);
	ck_assert_msg(err.line == wrong_files[_i].line, "line %u: %s", err.line, err.msg);
	assert_listed("-S INPUT", "-P INPUT ACCEPT\n-A INPUT -j ACCEPT\n");
}
END_TEST

START_TEST(a_test_changes_nothing)
{
	good("-A INPUT -j ACCEPT");
	assert_ok(restore(file, 0, FWC_IPTABLES_TEST), err);
	assert_listed("-S INPUT", "-P INPUT ACCEPT\n-A INPUT -j ACCEPT\n");
	ck_assert_int_eq(restore("*nat\n-A INPUT -j DNAT --to-destination 192.0.2.1\nCOMMIT\n", 0,
				 FWC_IPTABLES_TEST),
			 -EINVAL);
}
END_TEST

START_TEST(counters_are_zeroed_where_that_is_asked_for)
{
	good("-A INPUT -c 3 180 -j ACCEPT");
	good("-A INPUT -c 4 240 -j DROP");
	good("-Z INPUT 1");
	assert_listed("-v -S INPUT", "-P INPUT ACCEPT -c 0 0\n-A INPUT -c 0 0 -j ACCEPT\n"
				     "-A INPUT -c 4 240 -j DROP\n");
	assert_listed(
		"-n -v -L INPUT -Z",
		"Chain INPUT (policy ACCEPT 0 packets, 0 bytes)\n"
		" pkts bytes target     prot opt in     out     source               destination         \n"
		"    0     0 ACCEPT     0    --  *      *       0.0.0.0/0            0.0.0.0/0           \n"
		"    4   240 DROP       0    --  *      *       0.0.0.0/0            0.0.0.0/0           \n"
		"Zeroing chain `INPUT'\n");
	ck_assert(!strstr(sh("nft list ruleset"), "240"));
}
END_TEST

START_TEST(a_file_as_a_declaration_is_applied)
{
	struct fwc_ruleset *rs =
		fwc_ruleset_parse_iptables(FWC_FAMILY_IP, file, strlen(file), &err);
	const char *command = "*filter\n-A INPUT\n-I INPUT\nCOMMIT\n";
	char *text;

	ck_assert_msg(rs != NULL, "%s", err.msg);
	assert_ok(fwc_kernel_apply(kernel, rs, NULL, &err), err);
	assert_contains(sh("nft list table ip filter"), "policy drop");
	assert_ok(fwc_ruleset_format(rs, FWC_SYNTAX_IPTABLES, 0, &text, NULL, &err), err);
	assert_contains(text, ":INPUT DROP [5:600]\n:FORWARD ACCEPT [0:0]\n");
	assert_contains(text, "[3:180] -A INPUT -p tcp -m tcp --dport 22 -j mine\n");
	fwc_text_free(text);
	fwc_ruleset_free(rs);
	rs = fwc_ruleset_parse_iptables(FWC_FAMILY_IP, command, strlen(command), &err);
	ck_assert_ptr_null(rs);
	assert_error(&err, -EINVAL, "-I is no declaration");
	ck_assert_uint_eq(err.line, 3);
}
END_TEST

/* One of each form of `iptables -nL`, as iptables-save has it. */
static const char listed[] =
	"*filter\n"
	"-A INPUT -p tcp -m tcp --dport 22 -j ACCEPT\n"
	"-A INPUT -p tcp -m tcp --sport 1000:2000 ! --dport 80 -j ACCEPT\n"
	"-A INPUT -p tcp -m tcp --tcp-flags FIN,SYN,RST,ACK SYN\n"
	"-A INPUT -p tcp -m tcp --tcp-flags FIN,SYN,ACK NONE\n"
	"-A INPUT -p tcp -m tcp ! --tcp-flags FIN,SYN,RST,PSH,ACK,URG SYN,ACK\n"
	"-A INPUT -p tcp -m tcp --tcp-option 8\n"
	"-A INPUT -p tcp -m tcp\n"
	"-A INPUT -p udp -m udp --dport 53 -j DROP\n"
	"-A INPUT -p udp -m udp ! --sport 53:60\n"
	"-A INPUT -p icmp -m icmp --icmp-type 8\n"
	"-A INPUT -p icmp -m icmp --icmp-type 3/4\n"
	"-A INPUT -p icmp -m icmp --icmp-type any\n"
	"-A INPUT -p icmp -m icmp ! --icmp-type 8\n"
	"-A INPUT -m state --state NEW,ESTABLISHED\n"
	"-A INPUT -m state ! --state INVALID\n"
	"-A INPUT -m conntrack --ctstate RELATED,ESTABLISHED\n"
	"-A INPUT -m conntrack ! --ctstate INVALID,DNAT\n"
	"-A INPUT -m conntrack --ctproto 6 --ctorigsrc 10.0.0.0/8 --ctstatus ASSURED --ctexpire 5:10 --ctdir REPLY\n"
	"-A INPUT -m comment --comment \"hello world\"\n"
	"-A INPUT -p tcp -m multiport --dports 22,80,100:200\n"
	"-A INPUT -p udp -m multiport ! --sports 22\n"
	"-A INPUT -p tcp -m multiport --ports 22\n"
	"-A INPUT -m limit --limit 3/min --limit-burst 10\n"
	"-A INPUT -m limit --limit 1/sec\n"
	"-A INPUT -m mark --mark 0x5\n"
	"-A INPUT -m mark ! --mark 0x5/0xff\n"
	"-A INPUT -m connmark --mark 0x5/0x7\n"
	"-A INPUT -m mac --mac-source 00:11:22:33:44:55\n"
	"-A INPUT -m mac ! --mac-source 00:11:22:33:44:55\n"
	"-A INPUT -m addrtype --dst-type LOCAL\n"
	"-A INPUT -m addrtype ! --src-type UNICAST,LOCAL --limit-iface-in\n"
	"-A INPUT -m iprange --src-range 10.0.0.1-10.0.0.9 ! --dst-range 1.2.3.4-1.2.3.5\n"
	"-A INPUT -m length --length 5:10\n"
	"-A INPUT -m length ! --length 5\n"
	"-A INPUT -m pkttype --pkt-type broadcast\n"
	"-A INPUT -m ttl --ttl-eq 5\n"
	"-A INPUT -m ttl --ttl-lt 5\n"
	"-A INPUT -m statistic --mode random --probability 0.50000000000\n"
	"-A INPUT -m statistic --mode nth --every 3 --packet 1\n"
	"-A INPUT -m physdev --physdev-in eth0 --physdev-is-bridged\n"
	"-A INPUT -m recent --set --name x --mask 255.255.255.255 --rsource\n"
	"-A INPUT -m recent --update --seconds 5 --hitcount 3 --name x --mask 255.255.255.255 --rsource\n"
	"-A INPUT -m dscp --dscp 0x0a\n"
	"-A INPUT -j LOG --log-prefix \"abc \"\n"
	"-A INPUT -j LOG --log-prefix abc --log-tcp-sequence --log-tcp-options --log-ip-options --log-uid --log-macdecode\n"
	"-A INPUT -j NFLOG --nflog-prefix x --nflog-group 5\n"
	"-A INPUT -j REJECT --reject-with icmp-port-unreachable\n"
	"-A INPUT -p tcp -j REJECT --reject-with tcp-reset\n"
	"-A INPUT -j REJECT --reject-with icmp-host-prohibited\n"
	"-A INPUT -j NFQUEUE --queue-num 5\n"
	"-A INPUT -j NFQUEUE --queue-balance 5:8 --queue-bypass\n"
	"-A INPUT -j TRACE\n"
	"-A INPUT -j MARK --set-xmark 0x5/0xffffffff\n"
	"-A OUTPUT -m owner --uid-owner 0\n"
	"-A OUTPUT -m owner ! --gid-owner 1-5\n"
	"-A OUTPUT -m owner --socket-exists\n"
	"-A INPUT -m connmark ! --mark 0x5/0x7\n"
	"-A INPUT -m recent --rcheck --seconds 5 --reap --name y --mask 255.255.255.255 --rdest\n"
	"-A INPUT -m recent ! --remove --name y --mask 255.255.255.255 --rsource\n"
	"-A INPUT -m recent --update --rttl --name y --mask 255.255.0.0 --rsource\n"
	"-A INPUT -m pkttype ! --pkt-type multicast\n"
	"-A INPUT -m physdev ! --physdev-in eth0 ! --physdev-is-bridged\n"
	"-A INPUT -m mac ! --mac-source aa:bb:cc:dd:ee:ff\n"
	"-A INPUT -p icmp -m icmp --icmp-type 3/0\n"
	"-A INPUT -p icmp -m icmp ! --icmp-type any\n"
	"-A INPUT -m comment --comment \"a \\\"b\\\" c\"\n"
	"-A INPUT -m helper ! --helper ftp\n"
	"-A INPUT -p esp -m esp --espspi 5\n"
	"-A INPUT -m quota --quota 55\n"
	"-A INPUT -m policy --dir in --pol none\n"
	"COMMIT\n"
	"*nat\n"
	"-A PREROUTING -p tcp -m tcp --dport 80 -j DNAT --to-destination 10.0.0.1:8080\n"
	"-A PREROUTING -j DNAT --to-destination 10.0.0.1-10.0.0.5 --random --persistent\n"
	"-A PREROUTING -p tcp -j REDIRECT --to-ports 8080\n"
	"-A PREROUTING -p tcp -j REDIRECT\n"
	"-A POSTROUTING -j SNAT --to-source 10.0.0.1\n"
	"-A POSTROUTING -p udp -j SNAT --to-source 10.0.0.1:5-9 --random-fully\n"
	"-A POSTROUTING -j MASQUERADE\n"
	"-A POSTROUTING -p tcp -j MASQUERADE --to-ports 5-9 --random\n"
	"-A POSTROUTING -j NETMAP --to 10.0.0.0/24\n"
	"COMMIT\n"
	"*mangle\n"
	"-A PREROUTING -j MARK --set-xmark 0x5/0xffffffff\n"
	"-A PREROUTING -j MARK --set-xmark 0x5/0x7\n"
	"-A PREROUTING -j MARK --set-xmark 0x5/0x5\n"
	"-A PREROUTING -j MARK --set-xmark 0x0/0xfffffffa\n"
	"-A PREROUTING -j MARK --set-xmark 0x5/0x0\n"
	"-A PREROUTING -j CONNMARK --save-mark --nfmask 0xffffffff --ctmask 0xffffffff\n"
	"-A PREROUTING -j CONNMARK --restore-mark --nfmask 0xff --ctmask 0xff\n"
	"-A PREROUTING -j CONNMARK --set-xmark 0x5/0xffffffff\n"
	"-A PREROUTING -j CONNMARK --set-xmark 0x5/0x7\n"
	"-A PREROUTING -j TTL --ttl-set 5\n"
	"-A PREROUTING -j TTL --ttl-dec 5\n"
	"-A PREROUTING -j DSCP --set-dscp 0x05\n"
	"-A PREROUTING -j TOS --set-tos 0x10/0xff\n"
	"-A PREROUTING -p tcp -j TPROXY --on-port 50 --on-ip 0.0.0.0 --tproxy-mark 0x0/0x0\n"
	"-A FORWARD -p tcp -m tcp --tcp-flags FIN,SYN,RST,ACK SYN -j TCPMSS --clamp-mss-to-pmtu\n"
	"-A FORWARD -p tcp -m tcp --tcp-flags FIN,SYN,RST,ACK SYN -j TCPMSS --set-mss 1400\n"
	"-A POSTROUTING -j CLASSIFY --set-class 0001:0005\n"
	"-A PREROUTING -j CONNMARK --save-mark --nfmask 0x5 --ctmask 0x7\n"
	"-A PREROUTING -j TEE --gateway 1.2.3.4\n"
	"-A PREROUTING -j AUDIT --type accept\n"
	"COMMIT\n"
	"*raw\n"
	"-A PREROUTING -j CT --notrack\n"
	"-A PREROUTING -j NOTRACK\n"
	"-A PREROUTING -j CT --zone 5\n"
	"-A PREROUTING -p tcp -j CT --helper ftp\n"
	"COMMIT\n";

START_TEST(rules_are_listed_as_the_original_lists_them)
{
	static const char *const tables[] = { "filter", "nat", "mangle", "raw" };

	need_program("iptables-nft");
	sh_input(listed, "iptables-nft-restore");
	for (size_t i = 0; i < sizeof(tables) / sizeof(tables[0]); i++)
		for (int verbose = 0; verbose < 2; verbose++) {
			const char *options = verbose ? "-nvxL --line-numbers" : "-nL";

			ck_assert_str_eq(sh(FWCTL " iptables -t %s %s", tables[i], options),
					 sh("iptables-nft -t %s %s", tables[i], options));
		}
}
END_TEST

START_TEST(fwctl_is_what_it_is_called)
{
	const char *out;

	ck_assert_str_eq(sh("%s iptables --version", FWCTL), "iptables v1.8.9 (nf_tables)\n");
	ck_assert_str_eq(
		sh("d=$(mktemp -d) && ln -s %s $d/ip6tables && $d/ip6tables -V; rm -r $d", FWCTL),
		"ip6tables v1.8.9 (nf_tables)\n");
	sh("%s iptables -w 5 -t nat -A POSTROUTING -s 192.0.2.0/24 -j MASQUERADE", FWCTL);
	assert_contains(
		sh("%s iptables-save", FWCTL),
		"\n*nat\n:PREROUTING ACCEPT [0:0]\n:INPUT ACCEPT [0:0]\n:OUTPUT ACCEPT [0:0]\n"
		":POSTROUTING ACCEPT [0:0]\n"
		"-A POSTROUTING -s 192.0.2.0/24 -j MASQUERADE\nCOMMIT\n# Completed on ");
	ck_assert_int_eq(sh_code(-1, file, &out, "%s iptables-restore -c", FWCTL), 0);
	assert_contains(sh("%s iptables-save -c -t filter", FWCTL), "[3:180] -A INPUT");
	ck_assert_int_eq(sh_code(-1, NULL, &out, "%s iptables -C INPUT -j REJECT 2>&1", FWCTL), 1);
	ck_assert_str_eq(out, "iptables: Bad rule (does a matching rule exist in that chain?).\n");
	ck_assert_int_eq(sh_code(-1, NULL, &out, "%s iptables -A INPUT -j nowhere 2>&1", FWCTL), 2);
	ck_assert_str_eq(out, "iptables v1.8.9 (nf_tables): Chain 'nowhere' does not exist\n"
			      "Try `iptables -h' or 'iptables --help' for more information.\n");
	ck_assert_int_eq(sh_code(-1, NULL, &out, "%s iptables -t nothing -L 2>&1", FWCTL), 3);
	ck_assert_int_eq(sh_code(-1, "*filter\n-X a\nCOMMIT\n", &out,
				 "%s iptables-restore --noflush 2>&1", FWCTL),
			 1);
	ck_assert_str_eq(out,
			 "iptables-restore: line 2 failed: No chain/target/match by that name.\n");
}
END_TEST

static Suite *make_suite(void)
{
	Suite *s = suite_create("iptables");
	TCase *tc = tcase_create("iptables");

	tcase_add_checked_fixture(tc, setup, teardown);
	tcase_set_timeout(tc, 120);
	tcase_add_test(tc, rules_come_and_go_by_place_and_by_what_they_say);
	tcase_add_test(tc, chains_are_made_renamed_and_deleted);
	tcase_add_loop_test(tc, what_is_wrong_is_named, 0, sizeof(wrong) / sizeof(wrong[0]));
	tcase_add_test(tc, a_file_replaces_what_its_tables_had);
	tcase_add_test(tc, without_flush_a_file_changes_what_it_names);
	tcase_add_loop_test(tc, a_wrong_line_is_named_and_nothing_is_carried_out, 0,
			    sizeof(wrong_files) / sizeof(wrong_files[0]));
	tcase_add_test(tc, a_test_changes_nothing);
	tcase_add_test(tc, counters_are_zeroed_where_that_is_asked_for);
	tcase_add_test(tc, a_file_as_a_declaration_is_applied);
	tcase_add_test(tc, rules_are_listed_as_the_original_lists_them);
	tcase_add_test(tc, fwctl_is_what_it_is_called);
	suite_add_tcase(s, tc);
	return s;
}

int main(void)
{
	return fwc_test_main(make_suite);
}
