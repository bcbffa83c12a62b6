/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Tables of every family, their hooks, devices and flags: declared, applied, read by nft and by us. */
#include <fwcore/fwcore.h>
#include <netinet/in.h>
#include <stdio.h>
#include <sys/socket.h>
#include <unistd.h>

#include "../check.h"

static struct fwc_kernel *kernel;
static struct fwc_error err;

static void setup(void)
{
	ns_enter();
	need_program("nft");
	sh("ip link add d0 type veth peer name d1");
	assert_ok(fwc_kernel_open(&kernel, NULL, &err), err);
}

static void teardown(void)
{
	fwc_kernel_close(kernel);
}

static struct fwc_ruleset *parse(const char *text)
{
	struct fwc_ruleset *rs = fwc_ruleset_parse(text, strlen(text), FWC_SYNTAX_NFT, &err);

	ck_assert_msg(rs != NULL, "%s", err.msg);
	return rs;
}

static char *shown(void)
{
	struct fwc_ruleset *rs;
	char *text;

	assert_ok(fwc_kernel_load(kernel, FWC_FAMILY_ANY, NULL, &rs, &err), err);
	assert_ok(fwc_ruleset_format(rs, FWC_SYNTAX_NFT, 0, &text, NULL, &err), err);
	fwc_ruleset_free(rs);
	return text;
}

/* The kernel has what `rs` says already: a plan is empty. */
static void assert_in_place(const struct fwc_ruleset *rs)
{
	struct fwc_plan *plan;

	assert_ok(fwc_kernel_plan(kernel, rs, &plan, &err), err);
	ck_assert_uint_eq(fwc_plan_count(plan), 0);
	fwc_plan_free(plan);
}

/* What nft then lists, one line for each hook, and that our own words are taken by nft again. */
static const struct {
	const char *commands, *listed;
} families[] = {
	{ "add table arp t { comment \"of arp\"; }\n"
	  "add chain arp t a { type filter hook input priority filter; comment \"in\"; }\n"
	  "add chain arp t b { type filter hook output priority filter - 5; policy drop; }\n",
	  "hook input priority filter|hook output priority filter - 5|comment \"of arp\"|comment \"in\"" },
	{ "add table bridge t\n"
	  "add chain bridge t a { type filter hook prerouting priority dstnat; }\n"
	  "add chain bridge t b { type filter hook input priority filter; }\n"
	  "add chain bridge t c { type filter hook forward priority -200; }\n"
	  "add chain bridge t d { type filter hook output priority out; }\n"
	  "add chain bridge t e { type filter hook postrouting priority srcnat + 1; }\n"
	  "add rule bridge t b counter drop\n",
	  "hook prerouting priority dstnat|hook input priority filter|hook forward priority filter|"
	  "hook output priority out|hook postrouting priority srcnat + 1" },
	{ "add table netdev t\n"
	  "add chain netdev t a { type filter hook ingress device \"d0\" priority filter; policy accept; }\n"
	  "add chain netdev t b { type filter hook egress device d1 priority -5; }\n"
	  "add chain netdev t c { type filter hook ingress devices = { d1, \"d0\" } priority 7; }\n"
	  "add rule netdev t c counter\n",
	  "hook ingress device \"d0\" priority filter|hook egress device \"d1\" priority filter - 5|"
	  "hook ingress devices = { d" },
	{ "add table inet t\n"
	  "add chain inet t a { type filter hook ingress device \"d0\" priority filter; }\n"
	  "add chain inet t b { type nat hook postrouting priority srcnat; }\n"
	  "add chain inet t c { type route hook output priority mangle; }\n",
	  "hook ingress device \"d0\"|type nat hook postrouting priority srcnat|type route hook output" },
	{ "add table ip6 t { flags dormant; }\n"
	  "add chain ip6 t a { type nat hook prerouting priority dstnat; }\n",
	  "flags dormant|hook prerouting priority dstnat" },
};

START_TEST(each_family_is_applied_and_read)
{
	struct fwc_ruleset *rs = parse(families[_i].commands);
	const char *listed, *before;
	char *words = strdup(families[_i].listed), *rest = words, *word, *text;

	assert_ok(fwc_kernel_apply(kernel, rs, NULL, &err), err);
	listed = sh("nft list ruleset");
	while ((word = strsep(&rest, "|")))
		assert_contains(listed, word);
	assert_in_place(rs);
	text = shown();
	before = sh("nft -s list ruleset");
	sh("nft flush ruleset");
	sh_input(text, "nft -f -");
	ck_assert_str_eq(sh("nft -s list ruleset"), before);
	assert_in_place(rs);
	fwc_text_free(text);
	fwc_ruleset_free(rs);
	free(words);
}
END_TEST

START_TEST(a_chain_that_changes_its_devices_is_made_again)
{
	struct fwc_ruleset *rs =
		parse("add table netdev t\nadd chain netdev t a { type filter hook "
		      "ingress device d0 priority 0; }\n");

	assert_ok(fwc_kernel_apply(kernel, rs, NULL, &err), err);
	fwc_ruleset_free(rs);
	rs = parse("add table netdev t\nadd chain netdev t a { type filter hook ingress devices = "
		   "{ d0, d1 } priority 0; }\n");
	assert_ok(fwc_kernel_apply(kernel, rs, NULL, &err), err);
	assert_contains(sh("nft list ruleset"), "d1");
	assert_in_place(rs);
	fwc_ruleset_free(rs);
}
END_TEST

/* From Linux 6.16 on a chain waits for devices of its names. */
START_TEST(a_chain_at_a_device_that_is_not_there_waits_or_is_named)
{
	struct fwc_ruleset *rs =
		parse("add table netdev t\nadd chain netdev t a { type filter hook "
		      "ingress device nosuch priority 0; }\n");

	if (fwc_kernel_apply(kernel, rs, NULL, &err) < 0) {
		assert_error(&err, -ENOENT, "chain a");
		ck_assert_str_eq(sh("nft list ruleset"), "");
	} else {
		assert_contains(sh("nft list ruleset"), "chain a");
	}
	fwc_ruleset_free(rs);
}
END_TEST

static struct fwc_kernel *another_kernel(void)
{
	struct fwc_kernel *other;

	assert_ok(fwc_kernel_open(&other, NULL, &err), err);
	return other;
}

/* Its table shows as "flags owner" where the kernel knows of owners. */
static void need_owner_flag(const char *flags)
{
	char text[80];
	struct fwc_ruleset *rs;
	int r;

	snprintf(text, sizeof(text), "add table inet probe { flags %s; }\n", flags);
	rs = parse(text);
	r = fwc_kernel_apply(kernel, rs, NULL, &err);
	fwc_ruleset_free(rs);
	if (r == -EOPNOTSUPP || r == -EINVAL)
		test_skip("the kernel has no table flags %s", flags);
	assert_ok(r, err);
}

START_TEST(an_owned_table_is_its_owners_alone_and_goes_with_it)
{
	const char *commands = "add table inet t { flags owner; }\n"
			       "add chain inet t c { type filter hook input priority 0; }\n";
	struct fwc_ruleset *rs = parse(commands), *plain = parse("add table inet t\n");
	struct fwc_kernel *other;

	need_owner_flag("owner");
	assert_ok(fwc_kernel_apply(kernel, rs, NULL, &err), err);
	assert_in_place(rs);
	other = another_kernel();
	assert_fails(fwc_kernel_apply(other, plain, NULL, &err), -EEXIST, err, "table inet t");
	ck_assert_int_ne(sh_code(-1, NULL, NULL, "nft add chain inet t x"), 0);
	fwc_kernel_close(kernel);
	kernel = NULL;
	ck_assert_str_eq(sh("nft list ruleset"), "");
	fwc_kernel_close(other);
	fwc_ruleset_free(rs);
	fwc_ruleset_free(plain);
}
END_TEST

START_TEST(a_persistent_table_is_taken_over_by_its_next_owner)
{
	struct fwc_ruleset *rs = parse("add table inet t { flags owner,persist; }\n"
				       "add chain inet t c\n"
				       "add rule inet t c counter packets 7 bytes 70 accept\n");

	need_owner_flag("owner,persist");
	assert_ok(fwc_kernel_apply(kernel, rs, NULL, &err), err);
	fwc_kernel_close(kernel);
	kernel = another_kernel();
	assert_ok(fwc_kernel_apply(kernel, rs, NULL, &err), err);
	assert_contains(sh("nft list ruleset"), "packets 7 bytes 70");
	assert_in_place(rs);
	ck_assert_int_ne(sh_code(-1, NULL, NULL, "nft add chain inet t x"), 0);
	fwc_ruleset_free(rs);
}
END_TEST

/* ---- flowtables ---- */

static void need_feature(const char *name)
{
	struct fwc_features *features;
	bool present;

	assert_ok(fwc_features_get(kernel, &features, &err), err);
	present = fwc_feature_is_present(fwc_features_find(features, name));
	fwc_features_free(features);
	if (!present)
		test_skip("the kernel has no feature '%s'", name);
}

static const char *const flowtables[] = {
	"add table inet t\n"
	"add flowtable inet t f { hook ingress priority filter; devices = { d0, \"d1\" }; }\n"
	"add counter inet t o\n"
	"add set inet t s { type ipv4_addr; }\n"
	"add chain inet t c { type filter hook forward priority filter; }\n"
	"add rule inet t c ip protocol tcp flow add @f counter\n",
	"add table ip t\nadd flowtable ip t f { hook ingress priority -7; devices = { d1 }; counter; }\n",
	"add table ip6 t\nadd flowtable ip6 t f { hook ingress priority 20; }\n",
};

START_TEST(a_flowtable_is_applied_and_listed_as_nft_lists_it)
{
	struct fwc_ruleset *rs = parse(flowtables[_i]), *loaded;
	char *text, *json, *before;

	need_feature("flowtable");
	assert_ok(fwc_kernel_apply(kernel, rs, NULL, &err), err);
	assert_in_place(rs);
	text = shown();
	before = strdup(sh("nft list ruleset"));
	ck_assert_str_eq(text, before);
	sh("nft flush ruleset");
	sh_input(text, "nft -f -");
	assert_in_place(rs);
	assert_ok(fwc_kernel_load(kernel, FWC_FAMILY_ANY, NULL, &loaded, &err), err);
	assert_ok(fwc_ruleset_format(loaded, FWC_SYNTAX_JSON, 0, &json, NULL, &err), err);
	fwc_ruleset_free(loaded);
	fwc_ruleset_free(rs);
	rs = fwc_ruleset_parse(json, strlen(json), FWC_SYNTAX_JSON, &err);
	ck_assert_msg(rs != NULL, "%s", err.msg);
	assert_in_place(rs);
	fwc_ruleset_free(rs);
	fwc_text_free(json);
	json = strdup(sh("nft -j list ruleset"));
	rs = fwc_ruleset_parse(json, strlen(json), FWC_SYNTAX_JSON, &err);
	ck_assert_msg(rs != NULL, "%s", err.msg);
	if (!strstr(text, "counter\n\t}")) /* its JSON does not say that connections count */
		assert_in_place(rs);
	fwc_ruleset_free(rs);
	free(json);
	fwc_text_free(text);
	free(before);
}
END_TEST

/* Connections that are on their way stay there. */
START_TEST(a_flowtable_changes_its_devices_in_place)
{
	const char *begin =
		"add table inet t\nadd flowtable inet t f { hook ingress priority 0; devices = ";
	char commands[256], step[256] = "", *before;
	struct fwc_ruleset *rs;
	struct fwc_plan *plan, *undo;

	need_feature("flowtable");
	snprintf(commands, sizeof(commands), "%s{ d0 }; }\n", begin);
	rs = parse(commands);
	assert_ok(fwc_kernel_apply(kernel, rs, NULL, &err), err);
	fwc_ruleset_free(rs);
	before = strdup(sh("nft -a list ruleset | grep -o 'flowtable.*handle.*'"));
	snprintf(commands, sizeof(commands), "%s{ d1 }; }\n", begin);
	rs = parse(commands);
	assert_ok(fwc_kernel_plan(kernel, rs, &plan, &err), err);
	ck_assert_uint_eq(fwc_plan_count(plan), 2);
	assert_ok(fwc_plan_format(plan, 0, step, sizeof(step), NULL), err);
	ck_assert_str_eq(step, "delete flowtable inet t f { hook ingress priority filter; "
			       "devices = { d0 }; }");
	assert_ok(fwc_kernel_commit_plan(kernel, plan, NULL, &err), err);
	assert_in_place(rs);
	assert_contains(sh("nft list ruleset"), "devices = { d1 }");
	ck_assert_str_eq(sh("nft -a list ruleset | grep -o 'flowtable.*handle.*'"), before);
	assert_ok(fwc_kernel_plan_undo(kernel, plan, &undo, &err), err);
	assert_ok(fwc_kernel_commit_plan(kernel, undo, NULL, &err), err);
	assert_contains(sh("nft list ruleset"), "devices = { d0 }");
	fwc_plan_free(undo);
	fwc_plan_free(plan);
	fwc_ruleset_free(rs);
	free(before);
}
END_TEST

START_TEST(a_flowtable_that_is_refused_is_named)
{
	static const struct {
		const char *commands;
		int code;
		const char *words;
	} rows[] = {
		{ "add table inet t\nadd flowtable inet t f { hook ingress priority 0; "
		  "devices = { nosuch }; }\n",
		  -ENOENT, "flowtable f: one of its devices is not there" },
		{ "add table inet t\nadd chain inet t c { type filter hook forward priority 0; }\n"
		  "add rule inet t c flow add @g\n",
		  -ENOENT, "there is no flowtable of that name" },
	};

	need_feature("flow add");
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct fwc_ruleset *rs = parse(rows[i].commands);
		int r = fwc_kernel_apply(kernel, rs, NULL, &err);

		fwc_ruleset_free(rs);
		if (i == 0 && r == 0) { /* from Linux 6.16 on it waits for devices of its names */
			sh("nft flush ruleset");
			continue;
		}
		ck_assert_int_eq(r, rows[i].code);
		assert_contains(err.msg, rows[i].words);
		ck_assert_str_eq(sh("nft list ruleset"), "");
	}
}
END_TEST

/* ---- what nft 1.0.6 has no words for ---- */

static const char joined[] = "add table inet t\n"
			     "add chain inet t c\n"
			     "add rule inet t c meta mark set ct mark & meta mark\n"
			     "add rule inet t c ct mark set meta mark | ct mark & 0x000000ff\n"
			     "add rule inet t c meta mark set ct mark ^ (meta mark | 0x00000001)\n"
			     "add rule inet t c ct mark & meta mark == 0x00000001 accept\n"
			     "add rule inet t c ip saddr ^ ip daddr == 0.0.0.1 accept\n";

START_TEST(bits_of_two_fields_are_applied_and_read_as_they_were)
{
	struct fwc_ruleset *rs = parse(joined), *loaded;
	char *text;

	need_feature("register bits");
	assert_ok(fwc_kernel_apply(kernel, rs, NULL, &err), err);
	assert_in_place(rs);
	assert_ok(fwc_kernel_load(kernel, FWC_FAMILY_INET, "t", &loaded, &err), err);
	assert_ok(
		fwc_ruleset_format(loaded, FWC_SYNTAX_NFT, FWC_FORMAT_COMMANDS, &text, NULL, &err),
		err);
	ck_assert_str_eq(text, joined);
	fwc_text_free(text);
	fwc_ruleset_free(loaded);
	fwc_ruleset_free(rs);
}
END_TEST

/* ---- packets within packets ---- */

static const char *const inner[] = {
	"udp dport 4789 vxlan vni 10",
	"udp dport 4789 vxlan ip saddr 10.141.11.2",
	"udp dport 4789 vxlan ip saddr 10.141.11.0/24",
	"udp dport 4789 vxlan ip protocol icmp",
	"udp dport 4789 vxlan udp sport 8888",
	"udp dport 4789 vxlan icmp type echo-reply",
	"udp dport 4789 vxlan ether saddr 62:87:4d:d6:19:05",
	"udp dport 4789 vxlan vlan id 10",
	"udp dport 4789 vxlan ip dscp 0x02",
	"udp dport 4789 vxlan ip saddr . vxlan ip daddr { 1.2.3.4 . 4.3.2.1 }",
	"udp dport 6081 geneve vni 10",
	"udp dport 6081 geneve type ip6 geneve ip6 saddr 2001:db8::/33 geneve tcp dport { 22, 80-90 } counter packets 0 bytes 0",
	"gre version 0 gre ip saddr 10.141.11.0/24",
	"gre icmp type echo-reply",
	"gre udp sport 8888",
	"gretap vlan id 10",
	"gretap icmpv6 type echo-request",
	"gretap ip saddr 10.0.0.1-10.0.0.9 gretap tcp dport != 22",
	"udp dport 4789 vxlan ip saddr vmap { 10.0.0.1 : accept, 10.0.0.2 : drop }",
};

enum { INNER_COUNT = sizeof(inner) / sizeof(inner[0]) };

/* nft 1.0.6 does not list such rules, so what the kernel has is read by us alone; what it does with packets is below. */
START_TEST(fields_of_packets_within_tunnels_are_applied_and_read_as_they_were)
{
	static const uint32_t tables[] = { FWC_FAMILY_INET, FWC_FAMILY_IP, FWC_FAMILY_NETDEV };
	struct fwc_ruleset *rs = fwc_ruleset_new(), *loaded, *again;
	struct fwc_chain *c =
		fwc_table_add_chain(fwc_ruleset_add_table(rs, tables[_i], "t", 0), "c", NULL);
	char *text, *json, *other;
	size_t len;

	need_feature("inner header");
	for (size_t i = 0; i < INNER_COUNT; i++)
		fwc_chain_append_text(c, FWC_SYNTAX_NFT, inner[i]);
	assert_ok(fwc_kernel_apply(kernel, rs, NULL, &err), err);
	assert_ok(fwc_kernel_load(kernel, tables[_i], "t", &loaded, &err), err);
	c = fwc_ruleset_find_chain(loaded, tables[_i], "t", "c");
	ck_assert_uint_eq(fwc_chain_count(c), INNER_COUNT);
	for (size_t i = 0; i < INNER_COUNT; i++) {
		char words[256];

		ck_assert_int_eq(fwc_rule_format(fwc_chain_at(c, i), FWC_SYNTAX_NFT, words,
						 sizeof(words), NULL),
				 0);
		ck_assert_str_eq(words, inner[i]);
	}
	assert_ok(fwc_ruleset_format(loaded, FWC_SYNTAX_NFT, 0, &text, NULL, &err), err);
	assert_ok(fwc_ruleset_format(loaded, FWC_SYNTAX_JSON, 0, &json, &len, &err), err);
	assert_contains(
		json,
		"{\"payload\":{\"protocol\":\"vxlan\",\"tunnel\":\"vxlan\",\"field\":\"vni\"}}");
	assert_contains(
		json, "{\"payload\":{\"tunnel\":\"gre\",\"protocol\":\"ip\",\"field\":\"saddr\"}}");
	again = fwc_ruleset_parse(json, len, FWC_SYNTAX_JSON, &err);
	ck_assert_msg(again != NULL, "%s", err.msg);
	assert_ok(fwc_ruleset_format(again, FWC_SYNTAX_NFT, 0, &other, NULL, &err), err);
	ck_assert_str_eq(other, text);
	fwc_text_free(text);
	fwc_text_free(json);
	fwc_text_free(other);
	fwc_ruleset_free(rs);
	fwc_ruleset_free(loaded);
	fwc_ruleset_free(again);
}
END_TEST

START_TEST(tunnels_that_packets_came_through_are_matched_and_read_as_they_were)
{
	static const char words[] = "add table netdev t\n"
				    "add chain netdev t c\n"
				    "add rule netdev t c tunnel path exists accept\n"
				    "add rule netdev t c tunnel path missing drop\n"
				    "add rule netdev t c tunnel id { 10, 20-30 } accept\n"
				    "add rule netdev t c tunnel id 10 accept\n";
	struct fwc_ruleset *rs = parse(words), *loaded, *again;
	char *text, *json;
	size_t len;

	need_feature("tunnel");
	assert_ok(fwc_kernel_apply(kernel, rs, NULL, &err), err);
	assert_in_place(rs);
	assert_ok(fwc_kernel_load(kernel, FWC_FAMILY_NETDEV, "t", &loaded, &err), err);
	assert_ok(
		fwc_ruleset_format(loaded, FWC_SYNTAX_NFT, FWC_FORMAT_COMMANDS, &text, NULL, &err),
		err);
	ck_assert_str_eq(text, words);
	assert_ok(fwc_ruleset_format(loaded, FWC_SYNTAX_JSON, 0, &json, &len, &err), err);
	assert_contains(json, "{\"tunnel\":{\"key\":\"path\"}},\"right\":true");
	again = fwc_ruleset_parse(json, len, FWC_SYNTAX_JSON, &err);
	ck_assert_msg(again != NULL, "%s", err.msg);
	assert_in_place(again);
	fwc_text_free(text);
	fwc_text_free(json);
	fwc_ruleset_free(rs);
	fwc_ruleset_free(loaded);
	fwc_ruleset_free(again);
}
END_TEST

/* A VXLAN header with VNI 10, an Ethernet frame, IPv4 from 10.1.2.3 to 10.4.5.6, UDP from port 7 to 9. */
static const uint8_t vxlan_packet[] = {
	0x08, 0, 0, 0,  0, 0, 10, 0, /* VXLAN */
	2,    0, 0, 0,  0, 1, 2,  0, 0,  0,  0, 2, 0x08, 0, /* Ethernet */
	0x45, 0, 0, 28, 0, 0, 0,  0, 64, 17, 0, 0, 10,   1, 2, 3, 10, 4, 5, 6, /* IPv4 */
	0,    7, 0, 9,  0, 8, 0,  0, /* UDP */
};

START_TEST(rules_see_the_packet_within_a_tunnel)
{
	static const struct {
		const char *rule;
		uint64_t packets;
	} rules[] = {
		{ "udp dport 4789 vxlan vni 10 counter", 1 },
		{ "udp dport 4789 vxlan vni 11 counter", 0 },
		{ "udp dport 4789 vxlan flags 8 counter", 1 },
		{ "udp dport 4789 vxlan ip saddr 10.1.0.0/16 counter", 1 },
		{ "udp dport 4789 vxlan ip saddr 10.2.0.0/16 counter", 0 },
		{ "udp dport 4789 vxlan udp dport 9 counter", 1 },
		{ "udp dport 4789 vxlan tcp dport 9 counter", 0 },
		{ "udp dport 4789 vxlan ether saddr 02:00:00:00:00:02 counter", 1 },
		{ "udp dport 4789 vxlan ip daddr . vxlan udp sport { 10.4.5.6 . 7 } counter", 1 },
		{ "udp dport 4789 ip saddr 10.1.2.3 counter", 0 },
		{ "udp dport 4790 vxlan vni 10 counter", 0 },
	};
	const struct sockaddr_in to = { .sin_family = AF_INET,
					.sin_port = htons(4789),
					.sin_addr = { htonl(INADDR_LOOPBACK) } };
	const struct fwc_base_opts base = { .size = sizeof(base), .hook = FWC_HOOK_OUTPUT };
	struct fwc_ruleset *rs = fwc_ruleset_new(), *loaded;
	struct fwc_chain *c =
		fwc_table_add_chain(fwc_ruleset_add_table(rs, FWC_FAMILY_INET, "t", 0), "c", &base);
	int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);

	need_feature("inner header");
	for (size_t i = 0; i < sizeof(rules) / sizeof(rules[0]); i++)
		fwc_chain_append_text(c, FWC_SYNTAX_NFT, rules[i].rule);
	assert_ok(fwc_kernel_apply(kernel, rs, NULL, &err), err);
	ck_assert_int_eq(sendto(fd, vxlan_packet, sizeof(vxlan_packet), 0,
				(const struct sockaddr *)&to, sizeof(to)),
			 sizeof(vxlan_packet));
	assert_ok(fwc_kernel_load(kernel, FWC_FAMILY_INET, "t", &loaded, &err), err);
	c = fwc_ruleset_find_chain(loaded, FWC_FAMILY_INET, "t", "c");
	for (size_t i = 0; i < sizeof(rules) / sizeof(rules[0]); i++) {
		uint64_t packets = 99, bytes;

		ck_assert(fwc_rule_counter_get(fwc_chain_at(c, i), &packets, &bytes));
		ck_assert_msg(packets == rules[i].packets, "'%s' counted %llu", rules[i].rule,
			      (unsigned long long)packets);
	}
	close(fd);
	fwc_ruleset_free(rs);
	fwc_ruleset_free(loaded);
}
END_TEST

static const struct {
	const char *rule, *words;
} no_inner[] = {
	{ "vxlan vni 10", "'vxlan vni' is behind UDP" },
	{ "tcp dport 4789 vxlan ip saddr 10.0.0.1", "'vxlan ip saddr' is behind UDP" },
	{ "gre ether saddr 00:11:22:33:44:55", "'ether saddr' is no field of a packet within gre" },
	{ "vxlan nonsense", "a field of the packet within vxlan" },
	{ "udp dport 4789 vxlan ct state new", "'ct state' is no field of a packet within vxlan" },
	{ "udp dport 4789 vxlan ip saddr set 10.0.0.1", "'vxlan ip saddr' cannot be set" },
	{ "udp dport 4789 vxlan ip saddr 10.0.0.1 vxlan ip6 daddr ::1",
	  "'ip6 daddr' is of IPv6, but this rule sees IPv4 only" },
};

START_TEST(what_no_packet_within_has_is_named)
{
	struct fwc_ruleset *rs = fwc_ruleset_new();
	struct fwc_chain *c =
		fwc_table_add_chain(fwc_ruleset_add_table(rs, FWC_FAMILY_INET, "t", 0), "c", NULL);

	fwc_chain_append_text(c, FWC_SYNTAX_NFT, no_inner[_i].rule);
	assert_fails(fwc_kernel_apply(kernel, rs, NULL, &err), -EINVAL, err, no_inner[_i].words);
	fwc_ruleset_free(rs);
}
END_TEST

/* ---- features ---- */

/* Others' objects, a packet's way through them, the generation: all as before. A watch would have seen the rest. */
START_TEST(asking_for_features_leaves_no_trace)
{
	struct fwc_features *features;
	const struct fwc_event *event;
	struct fwc_watch *watch;
	char *before;

	sh("nft add table inet t");
	before = strdup(sh("nft list ruleset; ls /sys/class/net"));
	assert_ok(fwc_watch_open(kernel, &watch, &err), err);
	assert_ok(fwc_features_get(kernel, &features, &err), err);
	ck_assert_uint_gt(fwc_features_count(features), 70);
	ck_assert_int_eq(fwc_watch_next(watch, &event, &err), 0);
	ck_assert_str_eq(sh("nft list ruleset; ls /sys/class/net"), before);
	fwc_watch_close(watch);
	fwc_features_free(features);
	free(before);
}
END_TEST

/* What nft 1.0.6 has no words for, though kernels may. */
static bool nft_knows(const struct fwc_feature *f)
{
	static const char *const unknown[] = { "table persist", "last",           "dccp option",
					       "register bits", "inner header",   "tunnel",
					       "meta broute",   "meta ibrhwaddr", "object reset",
					       "rule reset",    "element reset" };

	for (size_t i = 0; i < sizeof(unknown) / sizeof(unknown[0]); i++)
		if (!strcmp(fwc_feature_name(f), unknown[i]))
			return false;
	return true;
}

/* Its example, in table `tN` instead of `t`, so that nft takes many of them at once. */
static void add_example(char *all, const struct fwc_feature *f, size_t n)
{
	size_t at = strlen(all);

	for (const char *c = fwc_feature_example(f); *c; c++) {
		all[at++] = *c;
		if (c[0] == 't' && c[-1] == ' ' && (c[1] == ' ' || c[1] == '\n' || !c[1]))
			at += (size_t)sprintf(all + at, "%zu", n);
	}
	all[at] = '\n';
}

START_TEST(a_feature_is_present_when_nft_may_use_it)
{
	char *all = calloc(1, 65536);
	struct fwc_features *features;
	const char *output;

	assert_ok(fwc_features_get(kernel, &features, &err), err);
	for (size_t i = 0; i < fwc_features_count(features); i++) {
		const struct fwc_feature *f = fwc_features_at(features, i);

		ck_assert_ptr_eq(fwc_features_find(features, fwc_feature_name(f)), f);
		if (nft_knows(f) && fwc_feature_is_present(f))
			add_example(all, f, i);
		else if (nft_knows(f))
			ck_assert_msg(sh_code(-1, fwc_feature_example(f), &output, "nft -c -f -") !=
					      0,
				      "%s is absent, and nft uses it", fwc_feature_name(f));
	}
	ck_assert_msg(sh_code(-1, all, &output, "nft -c -f -") == 0, "%s", output);
	ck_assert_ptr_null(fwc_features_find(features, "nonsense"));
	ck_assert_ptr_null(fwc_features_at(features, fwc_features_count(features)));
	fwc_features_free(features);
	free(all);
}
END_TEST

static unsigned int release(const char *text)
{
	unsigned int major = 0, minor = 0;

	ck_assert_msg(sscanf(text, "%u.%u", &major, &minor) == 2, "'%s' is no release", text);
	return major * 1000 + minor;
}

/* What a kernel lacks although it is new enough was left out when it was built. The other way round proves nothing: Debian's 6.1
 * has features of 6.5. */
START_TEST(an_absent_feature_is_newer_or_has_an_option)
{
	unsigned int running = release(sh("uname -r"));
	struct fwc_features *features;

	assert_ok(fwc_features_get(kernel, &features, &err), err);
	for (size_t i = 0; i < fwc_features_count(features); i++) {
		const struct fwc_feature *f = fwc_features_at(features, i);
		bool old_enough = release(fwc_feature_since(f)) <= running;

		ck_assert_msg(fwc_feature_is_present(f) || !old_enough || *fwc_feature_kconfig(f),
			      "%s is from Linux %s, and absent, and no option says why",
			      fwc_feature_name(f), fwc_feature_since(f));
	}
	fwc_features_free(features);
}
END_TEST

static Suite *make_suite(void)
{
	Suite *s = suite_create("families");
	TCase *tc = tcase_create("families");

	tcase_set_timeout(tc, 120);
	tcase_add_checked_fixture(tc, setup, teardown);
	tcase_add_loop_test(tc, each_family_is_applied_and_read, 0,
			    sizeof(families) / sizeof(families[0]));
	tcase_add_test(tc, a_chain_that_changes_its_devices_is_made_again);
	tcase_add_test(tc, a_chain_at_a_device_that_is_not_there_waits_or_is_named);
	tcase_add_test(tc, an_owned_table_is_its_owners_alone_and_goes_with_it);
	tcase_add_test(tc, a_persistent_table_is_taken_over_by_its_next_owner);
	tcase_add_test(tc, bits_of_two_fields_are_applied_and_read_as_they_were);
	tcase_add_loop_test(tc, fields_of_packets_within_tunnels_are_applied_and_read_as_they_were,
			    0, 3);
	tcase_add_test(tc, rules_see_the_packet_within_a_tunnel);
	tcase_add_test(tc, tunnels_that_packets_came_through_are_matched_and_read_as_they_were);
	tcase_add_loop_test(tc, what_no_packet_within_has_is_named, 0,
			    sizeof(no_inner) / sizeof(no_inner[0]));
	tcase_add_test(tc, asking_for_features_leaves_no_trace);
	tcase_add_test(tc, a_feature_is_present_when_nft_may_use_it);
	tcase_add_test(tc, an_absent_feature_is_newer_or_has_an_option);
	suite_add_tcase(s, tc);
	tc = tcase_create("flowtables");
	tcase_set_timeout(tc, 120);
	tcase_add_checked_fixture(tc, setup, teardown);
	tcase_add_loop_test(tc, a_flowtable_is_applied_and_listed_as_nft_lists_it, 0,
			    sizeof(flowtables) / sizeof(flowtables[0]));
	tcase_add_test(tc, a_flowtable_changes_its_devices_in_place);
	tcase_add_test(tc, a_flowtable_that_is_refused_is_named);
	suite_add_tcase(s, tc);
	return s;
}

TEST_MAIN(make_suite)
