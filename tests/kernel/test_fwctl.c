/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* fwctl as a user meets it: words, exit codes, JSON that others read. */
#include <poll.h>
#include <pty.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <sys/wait.h>
#include <unistd.h>

#include "../check.h"

/* Runs fwctl, which must end with that exit code, and returns what it printed. */
static __attribute__((format(printf, 2, 3))) const char *fwctl(int wanted, const char *fmt, ...)
{
	char arguments[4096];
	const char *output;
	va_list ap;
	int code;

	va_start(ap, fmt);
	vsnprintf(arguments, sizeof(arguments), fmt, ap);
	va_end(ap);
	code = sh_code(-1, NULL, &output, FWCTL " %s", arguments);

	ck_assert_msg(code == wanted, "`fwctl %s` exits with %d, not %d: %s", arguments, code,
		      wanted, output);
	return output;
}

static const char *const commands[] = { "show",           "apply",          "watch",
					"reset",          "features",       "interfaces",
					"forwarding",     "network",        "network create",
					"network attach", "network publish" };

START_TEST(every_command_explains_itself)
{
	const char *all = fwctl(0, "--help");

	for (size_t i = 0; i < sizeof(commands) / sizeof(commands[0]); i++) {
		char arguments[64];

		if (!strchr(commands[i], ' '))
			assert_contains(all, commands[i]);
		snprintf(arguments, sizeof(arguments), "%s --help", commands[i]);
		assert_contains(fwctl(0, "%s", arguments), "usage: fwctl ");
	}
	assert_contains(fwctl(0, "--version"), FWC_VERSION);
	assert_contains(fwctl(0, "help network attach"), "usage: fwctl network attach NETWORK");
	assert_contains(fwctl(0, "network help attach"), "usage: fwctl network attach NETWORK");
	assert_contains(fwctl(2, "help nonsense"), "'nonsense'");
}
END_TEST

START_TEST(wrong_arguments_are_named_and_exit_with_2)
{
	assert_contains(fwctl(2, "%s", ""), "usage: fwctl");
	assert_contains(fwctl(2, "nonsense"), "'nonsense'");
	assert_contains(fwctl(2, "--nonsense interfaces"),
			"option before the command: '--nonsense'");
	assert_contains(fwctl(2, "interfaces --nonsense"), "'--nonsense'");
	assert_contains(fwctl(2, "interfaces lo eth0"), "'eth0' is one word too many");
	assert_contains(fwctl(2, "forwarding maybe"), "'maybe'");
	assert_contains(fwctl(2, "forwarding on --family inet"), "'inet'");
	assert_contains(fwctl(2, "forwarding on --family"), "'--family' needs a value");
	assert_contains(fwctl(2, "show nonsense"), "'nonsense' is no family");
	assert_contains(fwctl(2, "apply"), "FILE");
	assert_contains(fwctl(2, "apply a b"), "FILE");
	assert_contains(fwctl(2, "network nonsense"), "'nonsense'");
	assert_contains(fwctl(2, "network create"), "usage: fwctl network create NAME");
	assert_contains(fwctl(2, "network create n --mtu x"), "'x'");
	assert_contains(fwctl(2, "network attach n id"), "NETNS is missing");
	assert_contains(fwctl(2, "network delete n --json"), "'--json'");
	assert_contains(fwctl(2, "network publish n id 80"), "'80' is no port to publish");
	assert_contains(fwctl(2, "network publish n id 80:70000"), "1 to 65535");
	assert_contains(fwctl(2, "network publish n id 0:80"), "1 to 65535");
	assert_contains(fwctl(2, "network publish n id 80-90:80"), "same number");
	assert_contains(fwctl(2, "network publish n id 90-80:90-80"), "1 to 65535");
	assert_contains(fwctl(2, "network publish n id 80:80/icmp"), "tcp, udp or sctp");
	assert_contains(fwctl(2, "network publish n id host:80:80"), "an address");
	assert_contains(fwctl(2, "watch everything"), "'everything'");
	assert_contains(fwctl(2, "interfaces --netns"), "'--netns' needs a value");
}
END_TEST

START_TEST(what_fails_is_named_and_exits_with_1)
{
	assert_contains(fwctl(1, "interfaces nope0"), "fwctl: there is no interface 'nope0'");
	assert_contains(fwctl(1, "interfaces --netns /dev/null"), "/dev/null");
	assert_contains(fwctl(1, "--netns=nope interfaces"), "/run/netns/nope");
	assert_contains(fwctl(1, "--owner 'a b' interfaces"), "a b");
	assert_contains(fwctl(1, "forwarding on --interface nope0"), "nope0");
	assert_contains(fwctl(1, "show inet nope"), "nope");
	assert_contains(fwctl(1, "apply nope.txt"), "fwctl: nope.txt: No such file");
	assert_contains(fwctl(1, "network show nope"), "nope");
	assert_contains(fwctl(1, "network delete nope"), "nope");
	assert_contains(fwctl(1, "network create n --subnet 10.0.0.0/33"), "10.0.0.0/33");
	assert_contains(fwctl(1, "network create n --subnet 10.0.0.0/24"), "forwarding");
	assert_contains(fwctl(1, "interfaces >/dev/full"), "standard output");
}
END_TEST

/* Another program reads both and compares what both say. */
START_TEST(interfaces_as_json_are_what_ip_says)
{
	need_program("python3");
	sh("ip link add br7 type bridge");
	sh("ip link set br7 alias 'a \"quoted\" \\ alias'");
	sh("ip addr add 198.51.100.1/24 brd + dev br7");
	sh("ip addr add 2001:db8::1/64 dev br7 nodad");
	sh("ip link set br7 mtu 1400 up");
	sh(FWCTL " interfaces --json >ours.json; ip -j -d -s addr >theirs.json");
	assert_contains(
		sh_input(
			"import json\n"
			"ours = json.load(open('ours.json'))\n"
			"theirs = json.load(open('theirs.json'))\n"
			"assert len(ours) == len(theirs) == 2\n"
			"for a, b in zip(ours, theirs):\n"
			"    assert a['name'] == b['ifname'] and a['index'] == b['ifindex']\n"
			"    assert a['mtu'] == b['mtu'] and a['mac'] == b['address']\n"
			"    assert a['state'] == b['operstate']\n"
			"    assert a.get('alias') == b.get('ifalias')\n"
			"    assert set(b['flags']) - set(a['flags']) <= {'NO-CARRIER'}, b['flags']\n"
			"    assert a['kind'] == b.get('linkinfo', {}).get('info_kind', '')\n"
			"    assert a['stats']['rx_bytes'] == b['stats64']['rx']['bytes']\n"
			"    assert [(x['address'], x['prefix_len'], x['scope']) for x in a['addresses']] \\\n"
			"        == [(x['local'], x['prefixlen'], x['scope']) for x in b['addr_info']]\n"
			"    print(a['name'], len(a['addresses']))\n",
			"python3 -"),
		"br7 3\n");
}
END_TEST

START_TEST(any_name_is_valid_json)
{
	need_program("python3");
	sh("ip link add 'q\"\\' type bridge");
	sh("ip link add \"$(printf 'x\\377\\001\\303\\251')\" type bridge");
	assert_contains(sh(FWCTL " interfaces --json | python3 -c 'import json, sys\n"
				 "print(ascii([i[\"name\"] for i in json.load(sys.stdin)]))'"),
			"['lo', 'q\"\\\\', 'x\\ufffd\\x01\\xe9']");
	assert_contains(fwctl(0, "interfaces"), "x\377?\303\251  bridge");
}
END_TEST

START_TEST(everything_about_an_interface_is_printed)
{
	const char *text;

	sh("ip link add br7 type bridge");
	sh("ip addr add 198.51.100.1/24 brd + dev br7");
	text = fwctl(0, "interfaces br7");
	assert_contains(text, "br7: bridge, link ether, mtu 1500");
	assert_contains(text, "198.51.100.1/24  broadcast 198.51.100.255  scope global");
	assert_contains(text, "collisions");
	assert_contains(fwctl(0, "interfaces lo"), "LOOPBACK");
}
END_TEST

START_TEST(forwarding_is_switched_and_told)
{
	assert_contains(fwctl(0, "forwarding"), "ip      (all)            off");
	assert_contains(fwctl(0, "forwarding on --family ip"), "net.ipv4.ip_forward was 0");
	ck_assert_str_eq(sh("cat /proc/sys/net/ipv4/ip_forward"), "1\n");
	assert_contains(fwctl(0, "forwarding show"), "ip      (all)            on");
	assert_contains(fwctl(0, "forwarding off --family ip --interface lo"),
			"net.ipv4.conf.lo.forwarding was 1");
	assert_contains(fwctl(0, "forwarding --interface lo --family ip"), "off");
	ck_assert_str_eq(fwctl(0, "forwarding on --family ip"), "");
}
END_TEST

/* A line of ours is a route to ip(8), and the other way round. */
static const char *const routes[] = {
	"default via 192.0.2.9 dev va proto static metric 5",
	"10.1.0.0/16 via 192.0.2.9 dev va proto boot src 192.0.2.1 mtu 1400",
	"10.2.0.0/16 dev va proto boot",
	"10.3.0.0/16 via inet6 2001:db8::9 dev va proto boot",
	"blackhole 10.4.0.0/16 proto boot",
	"10.5.0.0/16 proto boot nexthop via 192.0.2.9 dev va weight 3 nexthop via 192.0.2.8 dev va weight 1",
	"2001:db8:5::/48 via 2001:db8::9 dev va proto boot metric 1024",
};

START_TEST(routes_are_written_read_and_asked_for)
{
	need_program("ip");
	sh("ip link add va type veth peer name vb; ip addr add 192.0.2.1/24 dev va; ip addr add 2001:db8::1/64 dev va nodad");
	sh("ip link set va up; ip link set vb up");
	for (size_t i = 0; i < sizeof(routes) / sizeof(routes[0]); i++) {
		ck_assert_str_eq(fwctl(0, "route add %s", routes[i]), "");
		assert_contains(fwctl(0, "route"), routes[i]);
		assert_contains(fwctl(1, "route add %s", routes[i]), "File exists");
		ck_assert_str_eq(fwctl(0, "route replace %s", routes[i]), "");
		sh("ip %s route del %s", strncmp(routes[i], "2001", 4) ? "-4" : "-6", routes[i]);
		sh("ip %s route add %s", strncmp(routes[i], "2001", 4) ? "-4" : "-6", routes[i]);
		assert_contains(fwctl(0, "route show --table main"), routes[i]);
		ck_assert_str_eq(fwctl(0, "route delete %s", routes[i]), "");
		assert_lacks(fwctl(0, "route"), routes[i]);
	}
	sh("ip route add 10.1.0.0/16 via 192.0.2.9 table 77");
	ck_assert_str_eq(fwctl(0, "route --table 77"),
			 "10.1.0.0/16 via 192.0.2.9 dev va table 77 proto boot\n");
	assert_contains(fwctl(0, "route --table all --json"), "\"table\": \"77\"");
	assert_contains(fwctl(0, "route get 192.0.2.77"), "192.0.2.77/32 dev va");
	assert_contains(fwctl(1, "route get 203.0.113.1"), "no route to 203.0.113.1");
}
END_TEST

static const struct {
	const char *words, *msg;
} bad_routes[] = {
	{ "add", "'' is no destination" },
	{ "add 10.0.0.1.1/8 via 192.0.2.1", "'10.0.0.1.1/8' is no destination" },
	{ "add 10.0.0.0/8 by 192.0.2.1", "'by' is no word of a route" },
	{ "add 10.0.0.0/8 via", "'' is not right after 'via'" },
	{ "add 10.0.0.0/8 dev none", "'none' is not right after 'dev'" },
	{ "add 10.0.0.0/8 metric 1e3", "'1e3' is not right after 'metric'" },
	{ "list", "'list' is no command about routes" },
	{ "--family arp", "'arp' is no family of routes" },
	{ "--table none", "'none' is no table" },
	{ "get 10.0.0.0/8", "'10.0.0.0/8' is no address" },
};

START_TEST(bad_words_of_a_route_are_named)
{
	assert_contains(fwctl(2, "route %s", bad_routes[_i].words), bad_routes[_i].msg);
}
END_TEST

START_TEST(another_namespace_is_entered_by_path)
{
	int fd = ns_new();

	sh_in(fd, "ip link add br8 type bridge");
	assert_lacks(sh(FWCTL " interfaces"), "br8");
	assert_contains(sh(FWCTL " interfaces --netns /proc/%d/fd/%d", (int)getpid(), fd), "br8");
	close(fd);
}
END_TEST

static const char firewall[] =
	"# a firewall\n"
	"add table inet firewall\n"
	"add set inet firewall blocked { type ipv4_addr; flags interval; }\n"
	"add element inet firewall blocked { 192.0.2.0/24, 198.51.100.7 }\n"
	"add chain inet firewall input { type filter hook input priority filter; policy drop; }\n"
	"add rule inet firewall input ip saddr @blocked drop\n"
	"add rule inet firewall input tcp dport 22 counter accept comment \"ssh\"\n";

START_TEST(file_is_applied_once_and_then_nothing_is_left_to_do)
{
	need_program("nft");
	sh_input(firewall, "cat >file");
	assert_contains(fwctl(0, "apply --dry-run file"),
			"\nadd rule inet firewall input ip saddr @blocked drop\n");
	ck_assert_str_eq(sh("nft list ruleset"), "");
	ck_assert_str_eq(fwctl(0, "apply file"), "");
	ck_assert_str_eq(fwctl(0, "apply --dry-run file"), "");
	sh("nft add rule inet firewall input tcp dport 23 accept");
	assert_contains(fwctl(0, "apply --dry-run file"), "delete rule inet firewall input");
	sh_input(firewall, FWCTL " apply -");
	assert_lacks(sh("nft list ruleset"), "23");
	sh("echo delete table inet firewall | " FWCTL " apply -");
	ck_assert_str_eq(sh("nft list ruleset"), "");
}
END_TEST

START_TEST(show_prints_what_nft_prints)
{
	need_program("nft");
	sh_input(firewall, FWCTL " apply -");
	sh("nft add table ip other");
	ck_assert_str_eq(fwctl(0, "show"), sh("nft list ruleset"));
	ck_assert_str_eq(fwctl(0, "show --handles"), sh("nft -a list ruleset"));
	ck_assert_str_eq(fwctl(0, "show --stateless"), sh("nft -s list ruleset"));
	ck_assert_str_eq(fwctl(0, "show ip"), sh("nft list ruleset ip"));
	ck_assert_str_eq(fwctl(0, "show inet firewall"), sh("nft list table inet firewall"));
	assert_contains(fwctl(2, "show --format xml"), "'xml' is no format");
	ck_assert_str_eq(fwctl(0, "show --format json"), fwctl(0, "show --json"));
}
END_TEST

START_TEST(show_prints_json_that_nft_takes)
{
	char *listed;

	need_program("nft");
	sh_input(firewall, FWCTL " apply -");
	listed = strdup(sh("nft -s list ruleset"));
	sh(FWCTL
	   " show --json --stateless >ruleset.json && nft flush ruleset && nft -j -f ruleset.json");
	ck_assert_str_eq(sh("nft -s list ruleset"), listed);
	free(listed);
}
END_TEST

START_TEST(rules_are_folded_shown_unfolded_and_changed_by_an_element)
{
	static const char *const words[] = { "accept", "drop" };
	char *plain;

	need_program("nft");
	sh("echo 'add table ip t\nadd chain ip t c { type filter hook input priority filter; policy accept; }' >file");
	for (int i = 0; i < 9; i++)
		sh("echo 'add rule ip t c tcp dport %d %s comment \"n%d\"' >>file", i, words[i % 2],
		   i);
	fwctl(0, "apply file");
	plain = strdup(sh("nft list ruleset"));
	assert_contains(fwctl(0, "apply --dry-run --optimize file"),
			"# table ip t, chain c, rules 1 to 9: folded into map c.tcp_dport\n");
	ck_assert_str_eq(sh("nft list ruleset"), plain);
	ck_assert_str_eq(fwctl(0, "apply --optimize file"), "");
	assert_contains(sh("nft list ruleset"), "\t\ttcp dport vmap @c.tcp_dport\n\t}\n");
	ck_assert_str_eq(fwctl(0, "show"), sh("nft list ruleset"));
	ck_assert_str_eq(fwctl(0, "show --unfold"), plain);
	free(plain);
	/* One more rule, in front, is one more element. */
	sh("sed -i '3iadd rule ip t c tcp dport 99 drop' file");
	assert_contains(fwctl(0, "apply --dry-run --optimize file"),
			"\nadd element ip t c.tcp_dport { 99 : drop }\n");
	assert_lacks(fwctl(0, "apply --dry-run --optimize file"), "rule ip t c ");
	fwctl(0, "apply --optimize file");
	ck_assert_str_eq(sh("nft list ruleset | grep -c dport"), "2\n");
	assert_contains(fwctl(0, "show --unfold"), "\t\ttcp dport 99 drop\n");
	fwctl(0, "apply file");
	assert_lacks(sh("nft list ruleset"), "vmap");
}
END_TEST

START_TEST(wrong_line_is_named_and_nothing_applied)
{
	need_program("nft");
	sh_input(firewall, "cat >file");
	sh("echo 'add rule inet firewall input tcp dport 70000 accept' >>file");
	assert_contains(fwctl(1, "apply file"), "fwctl: file:8:40: '70000'");
	ck_assert_str_eq(sh("nft list ruleset"), "");
	sh("echo 'add rule inet firewall input jump nowhere' >file2; head -7 file | cat - file2 >file3");
	assert_contains(fwctl(1, "apply file3"), "nowhere");
	ck_assert_str_eq(sh("nft list ruleset"), "");
}
END_TEST

static void must(const char *arguments)
{
	fwctl(0, "%s", arguments);
}

START_TEST(network_is_made_used_and_taken_back)
{
	int container = ns_new(), other = ns_new();
	char arguments[256];
	const char *text;

	need_program("python3");
	must("forwarding on");
	must("network create net7 --subnet 198.51.100.0/24 --subnet fd07::/64 --gateway 198.51.100.9");
	snprintf(arguments, sizeof(arguments),
		 "network attach net7 web /proc/%d/fd/%d --publish 8080:80 --address 198.51.100.77 "
		 "--publish 127.0.0.1:5353:53/udp --publish '[fd07::1]:9000-9003:9000-9003'",
		 (int)getpid(), container);
	text = fwctl(0, "%s", arguments);
	assert_contains(text, "198.51.100.77");
	assert_contains(text, "8080:80/tcp");
	assert_contains(text, "127.0.0.1:5353:53/udp");
	assert_contains(text, "[fd07::1]:9000-9003:9000-9003/tcp");
	assert_contains(sh_in(container, "ip addr show eth0"), "198.51.100.77/24");
	assert_contains(fwctl(1, "%s", arguments), "web");
	snprintf(arguments, sizeof(arguments), "network attach net7 db /proc/%d/fd/%d --json",
		 (int)getpid(), other);
	assert_contains(fwctl(0, "%s", arguments), "\"id\": \"db\"");
	must("network unpublish net7 web 8080:80");
	must("network publish net7 db 8081:80");
	assert_contains(fwctl(0, "network list"), "198.51.100.9/24");
	assert_contains(
		sh(FWCTL
		   " network show net7 --json | python3 -c 'import json, sys\n"
		   "n = json.load(sys.stdin)\n"
		   "print(sorted((c[\"id\"], len(c[\"ports\"])) for c in n[\"containers\"]))'"),
		"[('db', 1), ('web', 2)]");
	assert_contains(fwctl(1, "network delete net7"), "net7");
	must("network detach net7 web");
	must("network detach net7 db");
	must("network delete net7");
	ck_assert_str_eq(sh("nft list ruleset"), "");
	assert_lacks(sh("ip -br link"), "net7");
	close(container);
	close(other);
}
END_TEST

START_TEST(features_are_printed_as_the_kernel_has_them)
{
	need_program("python3");
	assert_contains(fwctl(0, "features"),
			"\nfamily inet             yes   3.14   tables of IPv4");
	assert_contains(sh(FWCTL
			   " features --json | python3 -c 'import json, sys\n"
			   "f = {f[\"name\"]: f for f in json.load(sys.stdin)}\n"
			   "print(f[\"counter\"][\"present\"], f[\"counter\"][\"example\"])'"),
			"True add table inet t\n");
	assert_contains(fwctl(2, "features all"), "'all'");
}
END_TEST

START_TEST(reset_prints_counts_that_begin_anew)
{
	const char *output;

	need_program("nft");
	sh("nft 'table inet t { counter n { packets 5 bytes 7; }; quota q { 1 mbytes used 3 bytes; };"
	   " set s { type ipv4_addr; counter; elements = { 192.0.2.1 counter packets 11 bytes 12 }; };"
	   " chain c { counter packets 8 bytes 9 accept; }; }'");
	ck_assert_str_eq(fwctl(0, "reset counters inet t"), "inet t n: packets 5 bytes 7\n");
	ck_assert_str_eq(fwctl(0, "reset counters"), "inet t n: packets 0 bytes 0\n");
	ck_assert_str_eq(fwctl(0, "reset quotas inet t q"), "inet t q: bytes 3\n");
	assert_contains(fwctl(1, "reset quotas inet t n"), "table inet t has no quota 'n'");
	assert_contains(fwctl(2, "reset nonsense"), "'nonsense' is none of rules");
	assert_contains(fwctl(2, "reset"), "is missing");
	if (sh_code(-1, NULL, &output, FWCTL " reset rules inet t c") == 1 &&
	    strstr(output, "does not set"))
		return;
	assert_contains(output, "inet t c handle ");
	assert_contains(output, ": counter packets 8 bytes 9 accept\n");
	assert_contains(sh("nft list chain inet t c"), "counter packets 0 bytes 0");
	if (sh_code(-1, NULL, &output, FWCTL " reset elements inet t s") == 1 &&
	    strstr(output, "does not set"))
		return;
	ck_assert_str_eq(output, "inet t s: 192.0.2.1 counter packets 11 bytes 12\n");
	assert_contains(sh("nft list set inet t s"), "counter packets 0 bytes 0");
}
END_TEST

START_TEST(watch_prints_what_others_change)
{
	const char *lines;

	need_program("nft");
	need_program("python3");
	sh_input(firewall,
		 FWCTL " watch >lines 2>&1 & echo $! >pids; " FWCTL
		       " watch --json >json 2>&1 & echo $! >>pids;"
		       /* They watch when they tell of a change. */
		       "for i in $(seq 600); do"
		       " nft add table inet first; nft delete table inet first;"
		       " grep -q first lines && grep -q first json && break; sleep 0.1;"
		       "done; nft -f -;"
		       "for i in $(seq 600); do"
		       " grep -q 'dport 22' lines && grep -q blocked.drop json && break; sleep 0.1;"
		       "done; kill $(cat pids)");
	lines = sh("cat lines");
	assert_contains(lines, "+ table inet firewall");
	assert_contains(lines, "+ rule inet firewall input tcp dport 22 counter");
	assert_contains(lines, "by nft (process ");
	assert_contains(
		sh("python3 -c 'import json\n"
		   "print([e[\"rule\"] for e in map(json.loads, open(\"json\")) if \"rule\" in e])'"),
		"'ip saddr @blocked drop'");
}
END_TEST

/* ---- apply --confirm ---- */

static const char guarded[] =
	"add table inet firewall\n"
	"add chain inet firewall input { type filter hook input priority filter; }\n"
	"add rule inet firewall input tcp dport 22 accept\n";

/* A terminal with a program at it. */
struct terminal {
	int fd;
	pid_t pid;
	char heard[4096];
	size_t len;
};

static void write_file(const char *name, const char *text)
{
	FILE *file = fopen(name, "w");

	ck_assert_ptr_nonnull(file);
	ck_assert_int_ge(fputs(text, file), 0);
	fclose(file);
}

static void at_terminal(struct terminal *t, const char *seconds)
{
	write_file("guarded", guarded);
	t->len = 0;
	t->pid = forkpty(&t->fd, NULL, NULL, NULL);
	ck_assert_int_ge(t->pid, 0);
	if (t->pid)
		return;
	execl(FWCTL, "fwctl", "apply", "--confirm", seconds, "guarded", NULL);
	_exit(127);
}

static void hear(struct terminal *t, const char *words)
{
	while (!strstr(t->heard, words)) {
		struct pollfd pollfd = { .fd = t->fd, .events = POLLIN };
		ssize_t len;

		ck_assert_msg(poll(&pollfd, 1, 60000) == 1, "nothing more than: %s", t->heard);
		len = read(t->fd, t->heard + t->len, sizeof(t->heard) - t->len - 1);
		ck_assert_msg(len > 0, "nothing more than: %s", t->heard);
		t->len += (size_t)len;
		t->heard[t->len] = '\0';
	}
}

static int ended(struct terminal *t)
{
	int status;

	ck_assert_int_eq(waitpid(t->pid, &status, 0), t->pid);
	close(t->fd);
	return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

/* Until the ruleset is as it was, however long that takes here. */
static void wait_until_back(const char *before)
{
	for (int i = 0; i < 600 && strcmp(sh("nft list ruleset"), before) != 0; i++)
		usleep(100000);
	ck_assert_str_eq(sh("nft list ruleset"), before);
}

START_TEST(confirmed_at_the_terminal_it_stays)
{
	struct terminal t = { .fd = -1 };

	at_terminal(&t, "600");
	hear(&t, "keep it?");
	assert_contains(sh("nft list ruleset"), "tcp dport 22 accept");
	ck_assert_int_eq(write(t.fd, "yes\n", 4), 4);
	hear(&t, "kept");
	ck_assert_int_eq(ended(&t), 0);
	assert_contains(sh("nft list ruleset"), "tcp dport 22 accept");
	assert_contains(fwctl(1, "confirm"), "no change waits");
}
END_TEST

START_TEST(refused_at_the_terminal_it_is_taken_back)
{
	struct terminal t = { .fd = -1 };

	at_terminal(&t, "600");
	hear(&t, "keep it?");
	ck_assert_int_eq(write(t.fd, "no\n", 3), 3);
	hear(&t, "taken back");
	ck_assert_int_eq(ended(&t), 0);
	ck_assert_str_eq(sh("nft list ruleset"), "");
}
END_TEST

START_TEST(when_the_terminal_dies_it_is_taken_back)
{
	struct terminal t = { .fd = -1 };
	char *before;

	sh("nft 'add table inet firewall; add chain inet firewall old; add rule inet firewall old counter drop'");
	before = strdup(sh("nft list ruleset"));
	at_terminal(&t, "1");
	hear(&t, "keep it?");
	close(t.fd);
	waitpid(t.pid, NULL, 0);
	wait_until_back(before);
	free(before);
}
END_TEST

START_TEST(when_fwctl_is_killed_it_is_taken_back)
{
	struct terminal t = { .fd = -1 };

	at_terminal(&t, "1");
	hear(&t, "keep it?");
	kill(t.pid, SIGKILL);
	ended(&t);
	wait_until_back("");
}
END_TEST

START_TEST(without_a_terminal_it_is_confirmed_by_a_command)
{
	write_file("guarded", guarded);
	sh("(setsid -w " FWCTL
	   " apply --confirm 600 guarded >said 2>&1; echo $? >code) </dev/null >/dev/null 2>&1 &"
	   "until grep -q applied said 2>/dev/null; do sleep 0.1; done");
	assert_contains(sh("cat said"), "unless `fwctl confirm` is run");
	assert_contains(fwctl(1, "apply --confirm 9 guarded"), "another change waits");
	assert_contains(fwctl(0, "confirm"), "kept");
	ck_assert_str_eq(sh("until [ -s code ]; do sleep 0.1; done; cat code"), "0\n");
	assert_contains(sh("nft list ruleset"), "tcp dport 22 accept");
}
END_TEST

START_TEST(without_an_answer_it_is_taken_back)
{
	const char *output;

	write_file("guarded", guarded);
	ck_assert_int_eq(
		sh_code(-1, NULL, &output, "setsid -w " FWCTL " apply --confirm 1 guarded"), 1);
	assert_contains(output, "taken back");
	ck_assert_str_eq(sh("nft list ruleset"), "");
}
END_TEST

START_TEST(what_others_changed_since_is_named_and_stays)
{
	write_file("guarded", guarded);
	sh("(setsid -w " FWCTL
	   " apply --confirm 600 guarded >said 2>&1; echo $? >code) </dev/null >/dev/null 2>&1 &"
	   "until grep -q applied said 2>/dev/null; do sleep 0.1; done");
	sh("nft 'delete table inet firewall; add table inet firewall; add chain inet firewall input; add rule inet firewall input drop'");
	fwctl(0, "confirm --undo");
	ck_assert_str_eq(sh("until [ -s code ]; do sleep 0.1; done; cat code"), "1\n");
	assert_contains(sh("nft list ruleset"), "\t\tdrop\n");
}
END_TEST

START_TEST(difference_is_told_in_words_and_json)
{
	need_program("python3");
	sh("nft 'add table inet firewall; add chain inet firewall input { type filter hook input priority filter; };"
	   "add rule inet firewall input tcp dport 23 accept comment \"telnet\"'");
	write_file("guarded", guarded);
	assert_contains(
		fwctl(0, "diff guarded"),
		"- delete rule inet firewall input handle 2 # tcp dport 23 accept comment \"telnet\"\n"
		"+ add rule inet firewall input tcp dport 22 accept\n");
	assert_lacks(fwctl(0, "diff guarded"), "\033");
	assert_contains(sh("script -qc '" FWCTL " diff guarded' /dev/null"),
			"\033[32m+ add rule inet firewall input tcp dport 22 accept\033[m");
	assert_contains(
		sh(FWCTL
		   " diff --json guarded | python3 -c 'import json, sys\n"
		   "print([(s[\"action\"], s[\"object\"], s[\"name\"]) for s in json.load(sys.stdin)])'"),
		"[('delete', 'rule', 'input'), ('add', 'rule', 'input')]");
	/* What is printed is what nft takes. */
	sh(FWCTL " apply --dry-run guarded | nft -f -");
	ck_assert_str_eq(fwctl(0, "diff guarded"), "");
	assert_contains(fwctl(2, "apply --json guarded"), "--dry-run");
	assert_contains(fwctl(2, "apply --confirm 0 guarded"), "1 to 86400");
}
END_TEST

static char folder[] = "/tmp/fwcore-fwctl-XXXXXX";

static void enter_folder(void)
{
	ck_assert_ptr_nonnull(mkdtemp(folder));
	ck_assert_int_eq(chdir(folder), 0);
}

static void leave_folder(void)
{
	sh("rm -rf %s", folder);
}

static Suite *fwctl_suite(void)
{
	Suite *s = suite_create("fwctl");
	TCase *tc = tcase_create("fwctl");

	tcase_add_checked_fixture(tc, ns_enter, NULL);
	tcase_add_checked_fixture(tc, enter_folder, leave_folder);
	tcase_add_test(tc, every_command_explains_itself);
	tcase_add_test(tc, wrong_arguments_are_named_and_exit_with_2);
	tcase_add_test(tc, what_fails_is_named_and_exits_with_1);
	tcase_add_test(tc, interfaces_as_json_are_what_ip_says);
	tcase_add_test(tc, any_name_is_valid_json);
	tcase_add_test(tc, everything_about_an_interface_is_printed);
	tcase_add_test(tc, forwarding_is_switched_and_told);
	tcase_add_test(tc, routes_are_written_read_and_asked_for);
	tcase_add_loop_test(tc, bad_words_of_a_route_are_named, 0,
			    sizeof(bad_routes) / sizeof(bad_routes[0]));
	tcase_add_test(tc, another_namespace_is_entered_by_path);
	tcase_add_test(tc, file_is_applied_once_and_then_nothing_is_left_to_do);
	tcase_add_test(tc, show_prints_what_nft_prints);
	tcase_add_test(tc, rules_are_folded_shown_unfolded_and_changed_by_an_element);
	tcase_add_test(tc, show_prints_json_that_nft_takes);
	tcase_add_test(tc, wrong_line_is_named_and_nothing_applied);
	tcase_add_test(tc, network_is_made_used_and_taken_back);
	tcase_add_test(tc, features_are_printed_as_the_kernel_has_them);
	tcase_add_test(tc, reset_prints_counts_that_begin_anew);
	tcase_add_test(tc, watch_prints_what_others_change);
	tcase_add_test(tc, difference_is_told_in_words_and_json);
	tcase_add_test(tc, confirmed_at_the_terminal_it_stays);
	tcase_add_test(tc, refused_at_the_terminal_it_is_taken_back);
	tcase_add_test(tc, when_the_terminal_dies_it_is_taken_back);
	tcase_add_test(tc, when_fwctl_is_killed_it_is_taken_back);
	tcase_add_test(tc, without_a_terminal_it_is_confirmed_by_a_command);
	tcase_add_test(tc, without_an_answer_it_is_taken_back);
	tcase_add_test(tc, what_others_changed_since_is_named_and_stays);
	suite_add_tcase(s, tc);
	return s;
}

TEST_MAIN(fwctl_suite)
