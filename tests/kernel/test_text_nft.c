/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What we write is what nft reads and lists again, byte for byte. */
#include "../check.h"
#include "../rule_lines.h"

#include <stdarg.h>
#include <stdio.h>

#include <fwcore/kernel.h>
#include <fwcore/ruleset.h>

/* Text of any length, grown by printf. */
static void add(char **text, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
static void add(char **text, const char *fmt, ...)
{
	char *whole, *more;
	va_list ap;

	va_start(ap, fmt);
	ck_assert_int_ge(vasprintf(&more, fmt, ap), 0);
	va_end(ap);
	ck_assert_int_ge(asprintf(&whole, "%s%s", *text ? *text : "", more), 0);
	free(more);
	free(*text);
	*text = whole;
}

enum { FAMILIES = sizeof(line_families) / sizeof(line_families[0]) };

static const char *family_name(uint32_t family)
{
	return family == IP       ? "ip"
	       : family == IP6    ? "ip6"
	       : family == NETDEV ? "netdev"
	       : family == BRIDGE ? "bridge"
				  : "inet";
}

/* Many kernels are built without NFT_REJECT_NETDEV. */
static bool rejects_at_devices(void)
{
	return sh_code(-1, "add table netdev t\nadd chain netdev t c\nadd rule netdev t c reject\n",
		       NULL, "nft -c -f -") == 0;
}

/* Whether a line is for tables of the family and this kernel has what it says. */
static bool is_for(const struct line *line, uint32_t family)
{
	static int rejects = -1; /* not yet asked, in this process */

	if (line->family != family)
		return false;
	if (family != NETDEV || !strstr(line->in, "reject"))
		return true;
	if (rejects < 0)
		rejects = rejects_at_devices();
	return rejects;
}

/* What is_for() leaves out is told. */
START_TEST(lines_with_reject_at_devices_are_among_those_compared)
{
	need_program("nft");
	if (!rejects_at_devices())
		test_skip("this kernel has no reject in family netdev");
}
END_TEST

/* A table of the family with the sets and chains that the lines name. */
static char *make_world(uint32_t family)
{
	const char *name = family_name(family);
	char *text = NULL;

	add(&text, "add table %s t\nadd chain %s t x\nadd chain %s t c\n", name, name, name);
	for (size_t i = 0; i < sizeof(world) / sizeof(world[0]); i++)
		add(&text, "add %s %s t %s\n", world[i].kind, name, world[i].rest);
	return text;
}

static char *format_in(const char *commands, uint32_t syntax, uint32_t flags)
{
	struct fwc_error err;
	struct fwc_ruleset *rs =
		fwc_ruleset_parse(commands, strlen(commands), FWC_SYNTAX_NFT, &err);
	char *text = NULL;

	ck_assert_msg(rs != NULL, "%u:%u: %s", err.line, err.column, err.msg);
	assert_ok(fwc_ruleset_format(rs, syntax, flags, &text, NULL, &err), err);
	fwc_ruleset_free(rs);
	return text;
}

static char *format(const char *commands, uint32_t flags)
{
	return format_in(commands, FWC_SYNTAX_NFT, flags);
}

/* The first line that differs is shown: whole rulesets are too long for a message. */
static void assert_same_lines(const char *ours, const char *nfts)
{
	const char *at = ours, *other = nfts;

	while (*at && *at == *other) {
		at++;
		other++;
	}
	if (*at == *other)
		return;
	while (at > ours && at[-1] != '\n') {
		at--;
		other--;
	}
	ck_abort_msg("we:  %.*s\nnft: %.*s", (int)strcspn(at, "\n"), at, (int)strcspn(other, "\n"),
		     other);
}

static void assert_listed_again(const char *text)
{
	sh("nft flush ruleset");
	sh_input(text, "nft -f -");
	assert_same_lines(text, sh("nft list ruleset"));
}

START_TEST(rules_are_listed_by_nft_as_we_write_them)
{
	uint32_t family = line_families[_i];
	char *text = make_world(family), *ours;

	need_program("nft");
	for (size_t i = 0; i < sizeof(lines) / sizeof(lines[0]); i++)
		if (is_for(&lines[i], family))
			add(&text, "add rule %s t c %s\n", family_name(family),
			    lines[i].out ? lines[i].out : lines[i].in);
	ours = format(text, 0);
	assert_listed_again(ours);
	fwc_text_free(ours);
	free(text);
}
END_TEST

START_TEST(commands_are_taken_by_nft_and_mean_the_same)
{
	uint32_t family = line_families[_i];
	char *text = make_world(family), *ours, *listing;

	need_program("nft");
	for (size_t i = 0; i < sizeof(lines) / sizeof(lines[0]); i++)
		if (is_for(&lines[i], family))
			add(&text, "add rule %s t c %s\n", family_name(family), lines[i].in);
	ours = format(text, FWC_FORMAT_COMMANDS);
	sh_input(ours, "nft -f -");
	listing = format(text, 0);
	assert_same_lines(listing, sh("nft list ruleset"));
	fwc_text_free(ours);
	fwc_text_free(listing);
	free(text);
}
END_TEST

/* What the kernel has after nft loaded the text, as we write it. */
static char *load_and_format(const char *text)
{
	struct fwc_ruleset *rs = NULL;
	struct fwc_kernel *k = NULL;
	struct fwc_error err;
	char *loaded = NULL;

	sh_input(text, "nft -f -");
	assert_ok(fwc_kernel_open(&k, NULL, &err), err);
	assert_ok(fwc_kernel_load(k, FWC_FAMILY_ANY, NULL, &rs, &err), err);
	assert_ok(fwc_ruleset_format(rs, FWC_SYNTAX_NFT, 0, &loaded, NULL, &err), err);
	fwc_ruleset_free(rs);
	fwc_kernel_close(k);
	return loaded;
}

START_TEST(rules_that_nft_wrote_are_loaded_and_written_as_nft_lists_them)
{
	uint32_t family = line_families[_i];
	char *text = make_world(family), *loaded;

	need_program("nft");
	for (size_t i = 0; i < sizeof(lines) / sizeof(lines[0]); i++)
		if (is_for(&lines[i], family))
			add(&text, "add rule %s t c %s\n", family_name(family),
			    lines[i].out ? lines[i].out : lines[i].in);
	loaded = load_and_format(text);
	assert_same_lines(loaded, sh("nft list ruleset"));
	fwc_text_free(loaded);
	free(text);
}
END_TEST

/* Not only in words: with what nft loaded there is nothing to be done. */
START_TEST(rules_that_nft_wrote_are_those_that_we_write)
{
	uint32_t family = line_families[_i];
	char *text = make_world(family), *nfts = make_world(family), changes[1024] = "";
	struct fwc_plan *plan = NULL;
	struct fwc_kernel *k = NULL;
	struct fwc_ruleset *rs;
	struct fwc_error err;

	need_program("nft");
	for (size_t i = 0; i < sizeof(lines) / sizeof(lines[0]); i++)
		if (is_for(&lines[i], family)) {
			add(&text, "add rule %s t c %s\n", family_name(family), lines[i].in);
			add(&nfts, "add rule %s t c %s\n", family_name(family),
			    lines[i].out ? lines[i].out : lines[i].in);
		}
	sh_input(nfts, "nft -f -");
	rs = fwc_ruleset_parse(text, strlen(text), FWC_SYNTAX_NFT, &err);
	ck_assert_msg(rs != NULL, "%u:%u: %s", err.line, err.column, err.msg);
	assert_ok(fwc_kernel_open(&k, NULL, &err), err);
	assert_ok(fwc_kernel_plan(k, rs, &plan, &err), err);
	if (fwc_plan_count(plan))
		fwc_plan_format(plan, 0, changes, sizeof(changes), NULL);
	ck_assert_str_eq(changes, "");
	fwc_plan_free(plan);
	fwc_ruleset_free(rs);
	fwc_kernel_close(k);
	free(text);
	free(nfts);
}
END_TEST

static const char *const declarations[] = {
	"set inet t a { type ipv4_addr; flags interval; elements = { 10.0.0.0/8, 192.168.1.1-192.168.1.9, 1.1.1.1, 2.2.2.2, 3.3.3.3 }; }",
	"set inet t b { type inet_proto; elements = { 1, 2, 3, 4, 5, 6, 7 }; }",
	"set inet t c { type inet_service; flags interval; elements = { 1-5, 6-9, 11-20, 22-30, 44-55, 66-77, 80-95 }; }",
	"set inet t d { type mark; flags interval; elements = { 1, 2, 3-7, 0x10-0x1f, 0x100-0x105, 0x200, 0x300 }; }",
	"set inet t e { type ct_state; elements = { new, established, related, invalid, untracked, 0x100, 0x200 }; }",
	"set inet t f { type ct_status; elements = { dnat, snat, assured, confirmed, expected, dying }; }",
	"set inet t g { type icmp_type; flags interval; elements = { 0-7, 8, 9, 10, 16-31, 40-45 }; }",
	"set inet t h { type icmpv6_type; elements = { 1, 2, 3, 128 }; }",
	"set inet t i { type tcp_flag; elements = { syn, ack, rst, fin, psh, urg }; }",
	"set inet t j { type nf_proto; elements = { ipv4, ipv6, 7, 5, 3, 1 }; }",
	"set inet t k { type fib_addrtype; elements = { local, unicast, broadcast }; }",
	"set inet t l { type ipv6_addr; elements = { ::3, ::2, ::1, 1:: }; }",
	"set inet t m { type inet_service . inet_service; elements = { 2 . 3, 1 . 2, 3 . 4 }; }",
	"set inet t n { type ifname; elements = { \"eth0\", \"a*b\", \"ab\", \"ba\", \"5\" }; }",
	"set inet t o { type ifname; flags interval; elements = { \"eth*\", \"a\", \"b*\" }; }",
	"set inet t p { type inet_service . ipv4_addr; flags interval; elements = { 16-31 . 1.1.1.0-1.1.1.255, 1 . 1.1.2.1 }; }",
	"set inet t q { type ipv4_addr; size 100; timeout 1h; comment \"a comment\"; }",
	"set inet t r { type ipv4_addr; flags timeout; }",
	"set inet t s { type ipv4_addr . inet_service; size 65535; flags dynamic,timeout; timeout 90061s; }",
	"set inet t u { type ipv4_addr; flags constant,interval; elements = { 1.1.1.1 comment \"one\", 2.2.2.0/24 }; }",
	"map inet t ma { type inet_service : ipv4_addr; elements = { 80 : 10.0.0.1, 443 : 10.0.0.2, 1 : 1.1.1.1 }; }",
	"map inet t mb { type ipv4_addr . inet_service : ipv4_addr . inet_service; elements = { 1.1.1.1 . 80 : 10.0.0.1 . 8080 }; }",
	"map inet t mc { type ifname : verdict; flags interval; elements = { \"eth*\" : jump x, \"lo\" : accept }; }",
	"map inet t md { type ipv4_addr . inet_service : verdict; flags interval; elements = { 1.1.1.0/24 . 80-90 : jump x, 1.1.2.1-1.1.2.5 . 7 : accept }; }",
	"map inet t me { type ipv4_addr . inet_service : verdict; elements = { 1.1.1.1 . 80 comment \"q\" : accept, 1.1.1.2 . 80 : drop }; }",
	"map inet t mf { type inet_service : mark; flags constant; elements = { 1 : 2, 3 : 4, 4 : 4, 5 : 4, 6 : 4, 7 : 4 }; }",
	"map inet t mg { type mark : inet_service; elements = { 1 : 2 }; }",
	"map inet t mi { type fib_addrtype : verdict; elements = { local : accept }; }",
	"set inet t sa { type ipv4_addr; counter; elements = { 1.2.3.4 counter packets 0 bytes 0 comment \"x\", 1.2.3.5 counter packets 3 bytes 4 }; }",
	"set inet t sb { type ipv4_addr; counter quota 10 mbytes; }",
	"set inet t sc { type ipv4_addr; limit rate 5/second; flags dynamic; elements = { 1.1.1.2 limit rate 5/second }; }",
	"set inet t sd { type ipv4_addr; ct count 5; flags dynamic; }",
	"set inet t se { type ipv4_addr . inet_service; counter; flags interval; elements = { 1.1.1.0/24 . 80-90 counter packets 1 bytes 2, * counter packets 0 bytes 0 }; }",
	"set inet t sf { type ipv4_addr; counter; flags interval; elements = { 1.1.1.2/31 counter packets 0 bytes 0 comment \"foo\", 1.1.1.8-1.1.1.10 counter packets 0 bytes 0 comment \"bar\", * counter packets 0 bytes 0 }; }",
	"set inet t tb { type ipv4_addr; policy memory; size 1000; flags interval,timeout; counter; timeout 1h; gc-interval 10s; }",
	"map inet t sg { type ipv4_addr : verdict; counter; elements = { 1.1.1.1 counter packets 0 bytes 0 : accept, * counter packets 0 bytes 0 : drop }; }",
	"map inet t sh { type ipv6_addr : inet_service; flags interval; elements = { 2001:db8::/32 : 5, * comment \"the others\" : 7 }; }",
	"set inet t ta { typeof vlan id . ip saddr; elements = { 3567 . 1.2.3.4 }; }",
	"set inet t tc { typeof tcp option maxseg size; flags interval; elements = { 1-5, 1024 }; }",
	"map inet t td { typeof osf name : ct mark; elements = { \"Linux\" : 0x1 }; }",
	"map inet t te { typeof ip saddr . @ih,32,32 : verdict; elements = { 1.1.1.1 . 0x14 : accept, 7.7.7.8 . 0x97 : drop }; }",
	"map inet t tf { typeof udp length . @ih,32,32 : verdict; flags interval; elements = { 1-10 . 0xa : drop, 20-80 . 0x14 : accept }; }",
	"map inet t ti { typeof iifname . ip protocol . th dport : meta mark; size 65535; flags dynamic,timeout; timeout 6m; }",
	"map inet t ra { type ipv4_addr : interval ipv4_addr; flags interval; elements = { 10.141.10.0/24 : 192.168.2.2-192.168.2.4, 10.141.11.0/24 : 192.168.4.2/31, 10.141.12.1 : 192.168.5.1/32 }; }",
	"map inet t rb { type ipv4_addr : interval ipv4_addr . inet_service; elements = { 1.1.1.1 : 10.0.0.1-10.0.0.3 . 8888-8999, 2.2.2.2 : 10.0.0.9 . 5-6 }; }",
	"map inet t rc { type ipv4_addr . inet_service : interval ipv6_addr; flags interval; elements = { 1.1.1.0/24 . 80-90 : 2001:db8::/64, * : ::1-::5 }; }",
	"map inet t rd { type inet_service : interval ipv6_addr . inet_service; comment \"ranges\"; elements = { 80 : 2001:db8::/64 . 80 }; }",
	"chain inet t ca { type filter hook input priority filter; policy drop; comment \"a chain\"; }",
	"chain inet t cb { type filter hook input priority -5; }",
	"chain inet t cc { type nat hook postrouting priority srcnat + 1; }",
	"chain inet t cd { type nat hook prerouting priority dstnat; }",
	"chain inet t ce { type route hook output priority mangle - 5; }",
	"chain inet t cf { type filter hook ingress device \"lo\" priority filter; }",
	"chain inet t cg { type filter hook prerouting priority raw + 11; }",
	"chain inet t ch { type filter hook forward priority security; }",
	"chain inet t ci { comment \"another\"; }",
};

START_TEST(sets_and_chains_are_listed_by_nft_as_we_write_them)
{
	char *text = NULL, *ours;

	need_program("nft");
	add(&text, "add table inet t { comment \"a table\"; }\nadd chain inet t x\n");
	for (size_t i = 0; i < sizeof(declarations) / sizeof(declarations[0]); i++)
		add(&text, "add %s\n", declarations[i]);
	add(&text, "add table ip e\nadd table ip6 d { flags dormant; }\n");
	ours = format(text, 0);
	assert_listed_again(ours);
	fwc_text_free(ours);
	ours = format(text, FWC_FORMAT_COMMANDS);
	sh("nft flush ruleset");
	sh_input(ours, "nft -f -");
	fwc_text_free(ours);
	ours = format(text, 0);
	assert_same_lines(ours, sh("nft list ruleset"));
	fwc_text_free(ours);
	free(text);
}
END_TEST

/* Also: there is nothing left to do afterwards. */
START_TEST(sets_that_we_apply_are_listed_by_nft_as_we_write_them)
{
	char *text = NULL, *ours;
	struct fwc_ruleset *rs;
	struct fwc_kernel *k = NULL;
	struct fwc_plan *plan = NULL;
	struct fwc_error err;
	char step[512] = "";

	need_program("nft");
	add(&text, "add table inet t { comment \"a table\"; }\nadd chain inet t x\n");
	for (size_t i = 0; i < sizeof(declarations) / sizeof(declarations[0]); i++)
		add(&text, "add %s\n", declarations[i]);
	rs = fwc_ruleset_parse(text, strlen(text), FWC_SYNTAX_NFT, &err);
	ck_assert_msg(rs != NULL, "%u:%u: %s", err.line, err.column, err.msg);
	assert_ok(fwc_kernel_open(&k, NULL, &err), err);
	assert_ok(fwc_kernel_apply(k, rs, NULL, &err), err);
	ours = format(text, 0);
	assert_same_lines(ours, sh("nft list ruleset"));
	assert_ok(fwc_kernel_plan(k, rs, &plan, &err), err);
	fwc_plan_format(plan, 0, step, sizeof(step), NULL);
	ck_assert_msg(fwc_plan_count(plan) == 0, "still to do: %s", step);
	fwc_plan_free(plan);
	fwc_kernel_close(k);
	fwc_ruleset_free(rs);
	fwc_text_free(ours);
	free(text);
}
END_TEST

START_TEST(sets_that_nft_wrote_are_loaded_and_written_as_nft_lists_them)
{
	char *text = NULL, *loaded;

	need_program("nft");
	add(&text, "add table inet t { comment \"a table\"; }\nadd chain inet t x\n");
	for (size_t i = 0; i < sizeof(declarations) / sizeof(declarations[0]); i++)
		add(&text, "add %s\n", declarations[i]);
	loaded = load_and_format(text);
	assert_same_lines(loaded, sh("nft list ruleset"));
	fwc_text_free(loaded);
	free(text);
}
END_TEST

/* ---- JSON ---- */

/* What nft 1.0.6 does not take as JSON, whoever writes it: an interface that is called like a set, a map to address and
 * port (it crashes on what it writes itself), elements of maps made by packets, what a socket has as a value. */
static bool nft_takes_as_json(const char *line)
{
	static const char *const not [] = { "\"@x\"",     "map @m",
					    "@dm",        " : ipv4_addr . inet_service",
					    "set socket", " : interval ",
					    "@ranges",    "typeof" };

	for (size_t i = 0; i < sizeof(not ) / sizeof(not [0]); i++)
		if (strstr(line, not [i]))
			return false;
	return true;
}

/* A table as JSON has it: with what nft takes. */
static char *make_json_world(uint32_t family)
{
	const char *name = family_name(family);
	char *text = NULL;

	add(&text, "add table %s t\nadd chain %s t x\nadd chain %s t c\n", name, name, name);
	for (size_t i = 0; i < sizeof(world) / sizeof(world[0]); i++)
		if (nft_takes_as_json(world[i].rest))
			add(&text, "add %s %s t %s\n", world[i].kind, name, world[i].rest);
	return text;
}

START_TEST(rules_in_json_are_taken_by_nft_and_mean_the_same)
{
	uint32_t family = line_families[_i];
	char *text = make_json_world(family), *json, *by_words;

	need_program("nft");
	for (size_t i = 0; i < sizeof(lines) / sizeof(lines[0]); i++)
		if (is_for(&lines[i], family) && nft_takes_as_json(lines[i].in))
			add(&text, "add rule %s t c %s\n", family_name(family),
			    lines[i].out ? lines[i].out : lines[i].in);
	json = format_in(text, FWC_SYNTAX_JSON, 0);
	sh_input(text, "nft -f -");
	by_words = strdup(sh("nft list chain %s t c", family_name(family)));
	sh("nft flush ruleset");
	sh_input(json, "nft -j -f -");
	assert_same_lines(by_words, sh("nft list chain %s t c", family_name(family)));
	free(by_words);
	fwc_text_free(json);
	free(text);
}
END_TEST

/* But for what nft 1.0.6 passes over in JSON: comments of tables and chains, and `dynamic` of a set that no rule
 * updates, what elements have counted. */
static const char listing[] =
	"nft -s list ruleset | sed '/comment \"an*[o ]/d; s/dynamic,//; /flags dynamic$/d; /flags timeout$/d'";

START_TEST(sets_and_chains_in_json_are_taken_by_nft_and_mean_the_same)
{
	static const uint32_t flags[] = { 0, FWC_FORMAT_COMMANDS, FWC_FORMAT_HANDLES };
	char *text = NULL, *json, *by_words;

	need_program("nft");
	add(&text, "add table inet t\nadd chain inet t x\n");
	for (size_t i = 0; i < sizeof(declarations) / sizeof(declarations[0]); i++)
		if (nft_takes_as_json(declarations[i]))
			add(&text, "add %s\n", declarations[i]);
	json = format_in(text, FWC_SYNTAX_JSON, flags[_i]);
	sh_input(text, "nft -f -");
	by_words = strdup(sh("%s", listing));
	sh("nft flush ruleset");
	sh_input(json, "nft -j -f -");
	assert_same_lines(by_words, sh("%s", listing));
	free(by_words);
	fwc_text_free(json);
	free(text);
}
END_TEST

static Suite *make_suite(void)
{
	Suite *s = suite_create("text_nft");
	TCase *tc = tcase_create("nft");

	tcase_set_timeout(tc, 60);
	tcase_add_checked_fixture(tc, ns_enter, NULL);
	tcase_add_test(tc, lines_with_reject_at_devices_are_among_those_compared);
	tcase_add_loop_test(tc, rules_are_listed_by_nft_as_we_write_them, 0, FAMILIES);
	tcase_add_loop_test(tc, commands_are_taken_by_nft_and_mean_the_same, 0, FAMILIES);
	tcase_add_test(tc, sets_and_chains_are_listed_by_nft_as_we_write_them);
	tcase_add_loop_test(tc, rules_that_nft_wrote_are_loaded_and_written_as_nft_lists_them, 0,
			    FAMILIES);
	tcase_add_loop_test(tc, rules_that_nft_wrote_are_those_that_we_write, 0, FAMILIES);
	tcase_add_test(tc, sets_that_we_apply_are_listed_by_nft_as_we_write_them);
	tcase_add_test(tc, sets_that_nft_wrote_are_loaded_and_written_as_nft_lists_them);
	tcase_add_loop_test(tc, rules_in_json_are_taken_by_nft_and_mean_the_same, 0, FAMILIES);
	tcase_add_loop_test(tc, sets_and_chains_in_json_are_taken_by_nft_and_mean_the_same, 0, 3);
	suite_add_tcase(s, tc);
	return s;
}

TEST_MAIN(make_suite)
