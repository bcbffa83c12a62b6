/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The outside programs do what they say, and take back what they did. */
#include <stdio.h>
#include <unistd.h>

#include "../check.h"

/* Somebody else's firewall. */
static const char foreign[] = "table inet filter {\n"
			      "\tchain input {\n"
			      "\t\ttype filter hook input priority filter; policy drop;\n"
			      "\t\tiifname \"lo\" accept\n"
			      "\t}\n"
			      "}\n";

static void enter(void)
{
	ns_enter();
	need_program("nft");
}

START_TEST(knock_adds_its_set_its_rule_and_an_element)
{
	const char *listing;

	sh_input(foreign, "nft -f -");
	sh(EXAMPLES "/knock 192.0.2.7");
	listing = sh("nft list ruleset");
	assert_contains(listing, "elements = { 192.0.2.7 expires ");
	assert_contains(listing, "ip saddr @knock tcp dport 22 ct state new accept\n"
				 "\t\tiifname \"lo\" accept\n");
}
END_TEST

START_TEST(second_knock_adds_an_element_only)
{
	const char *handles;

	sh_input(foreign, "nft -f -");
	sh(EXAMPLES "/knock 192.0.2.7");
	handles = sh("nft -a list chain inet filter input");
	sh(EXAMPLES "/knock 192.0.2.8");
	ck_assert_str_eq(sh("nft -a list chain inet filter input"), handles);
	assert_contains(sh("nft list set inet filter knock"), "192.0.2.8");
}
END_TEST

START_TEST(clear_leaves_the_others_firewall_as_it_was)
{
	sh_input(foreign, "nft -f -");
	sh(EXAMPLES "/knock 192.0.2.7");
	sh(EXAMPLES "/knock --clear");
	ck_assert_str_eq(sh("nft list ruleset"), foreign);
}
END_TEST

START_TEST(wrong_address_is_named_and_nothing_changed)
{
	const char *output;

	sh_input(foreign, "nft -f -");
	ck_assert_int_eq(sh_code(-1, NULL, &output, EXAMPLES "/knock 192.0.2"), 1);
	assert_contains(output, "knock: ");
	assert_contains(output, "'192.0.2'");
	ck_assert_str_eq(sh("nft list ruleset"), foreign);
	ck_assert_int_eq(sh_code(-1, NULL, NULL, EXAMPLES "/knock"), 2);
}
END_TEST

/* The switch in the background, its table damaged by the command, then the ruleset that is there when it is put back, or
 * after a minute. */
static const char *after(const char *command)
{
	return sh(EXAMPLES "/killswitch 192.0.2.1 >log 2>&1 & pid=$!; "
			   "for i in $(seq 600); do grep -q on log && break; sleep 0.1; done; "
			   "before=$(nft list ruleset); %s; "
			   "for i in $(seq 600); do"
			   " [ \"$(nft list ruleset)\" = \"$before\" ] && break; sleep 0.1; done; "
			   "kill $pid; cat log; nft list ruleset",
		  command);
}

START_TEST(killswitch_drops_all_but_the_server)
{
	const char *listing = after("true");

	assert_contains(listing, "killswitch: on");
	assert_contains(listing, "hook output priority filter; policy drop;");
	assert_contains(listing, "ip daddr 192.0.2.1 udp dport 51820 accept");
	sh("ping -n -c 1 -W 2 127.0.0.1");
}
END_TEST

START_TEST(killswitch_puts_back_what_others_change)
{
	const char *untouched = after("true");

	ck_assert_str_eq(after("nft add rule inet killswitch out accept"), untouched);
	ck_assert_str_eq(after("nft flush chain inet killswitch in"), untouched);
	ck_assert_str_eq(after("nft delete table inet killswitch"), untouched);
	ck_assert_str_eq(after("nft flush ruleset"), untouched);
}
END_TEST

START_TEST(killswitch_off_leaves_nothing)
{
	after("true");
	sh("nft add table ip other");
	sh(EXAMPLES "/killswitch --off");
	ck_assert_str_eq(sh("nft list ruleset"), "table ip other {\n}\n");
}
END_TEST

START_TEST(runtime_attaches_shows_and_takes_everything_back)
{
	int first = ns_new(), second = ns_new(), pid = (int)getpid();
	const char *output = sh_input("\n", EXAMPLES "/runtime /proc/%d/fd/%d /proc/%d/fd/%d", pid,
				      first, pid, second);

	assert_contains(output, "c1 has 172.29.0.2, published on port 8081\n");
	assert_contains(output, "c2 has 172.29.0.3, published on port 8082\n");
	ck_assert_str_eq(sh("nft list ruleset"), "");
	ck_assert_str_eq(sh("cat /proc/sys/net/ipv4/ip_forward"), "0\n");
	assert_lacks(sh("ip -br link"), "runtime0");
	close(first);
	close(second);
}
END_TEST

START_TEST(runtime_that_fails_half_way_takes_back_what_it_made)
{
	const char *output;
	int first = ns_new();

	ck_assert_int_eq(sh_code(-1, NULL, &output, EXAMPLES "/runtime /proc/%d/fd/%d /dev/nothing",
				 (int)getpid(), first),
			 1);
	assert_contains(output, "runtime: /dev/nothing: No such file or directory");
	ck_assert_str_eq(sh("nft list ruleset"), "");
	ck_assert_str_eq(sh("cat /proc/sys/net/ipv4/ip_forward"), "0\n");
	assert_lacks(sh("ip -br link"), "runtime0");
	assert_lacks(sh_in(first, "ip -br link"), "eth0");
	close(first);
}
END_TEST

START_TEST(blocklist_adds_what_is_new_and_deletes_what_has_gone)
{
	const char *output, *handles;

	output = sh_input("192.0.2.1 # a comment\n\n198.51.100.0/24\n2001:db8::/32\n198.51.100.7\n",
			  EXAMPLES "/blocklist -");
	ck_assert_str_eq(output, "+ 192.0.2.1\n+ 198.51.100.0/24\n+ 2001:db8::/32\n"
				 "blocklist: 3 blocked, 3 added, 0 deleted\n");
	assert_contains(sh("nft list set inet blocklist v4"), "192.0.2.1, 198.51.100.0/24 }");
	handles = sh("nft -a list table inet blocklist | grep drop");
	assert_contains(handles, "ip saddr @v4 drop # handle");
	output = sh_input("192.0.2.1\n198.51.100.128/25\n2001:db8::/32\n", EXAMPLES "/blocklist -");
	ck_assert_str_eq(output, "- 198.51.100.0/24\n+ 198.51.100.128/25\n"
				 "blocklist: 3 blocked, 1 added, 1 deleted\n");
	assert_contains(sh("nft list set inet blocklist v4"), "192.0.2.1, 198.51.100.128/25 }");
	ck_assert_str_eq(sh("nft -a list table inet blocklist | grep drop"), handles);
	ck_assert_str_eq(sh(EXAMPLES "/blocklist --clear"), "");
	ck_assert_str_eq(sh("nft list ruleset"), "");
}
END_TEST

START_TEST(blocklist_names_bad_lines_and_changes_nothing)
{
	static const char lines[] = "192.0.2.1\nhost.example\n10.0.0.1/8\n10.0.0.0/33\n";
	const char *output;

	ck_assert_int_eq(sh_code(-1, lines, &output, EXAMPLES "/blocklist - 2>&1"), 1);
	assert_contains(output, "standard input, line 2: 'host.example': it is neither an IPv4");
	assert_contains(output, "line 3: '10.0.0.1/8': bits are set after the prefix");
	assert_contains(output, "line 4: '10.0.0.0/33': the prefix length of an IPv4 address is 0");
	ck_assert_str_eq(sh("nft list ruleset"), "");
	ck_assert_int_eq(sh_code(-1, NULL, &output, EXAMPLES "/blocklist no-such-file 2>&1"), 1);
	assert_contains(output, "blocklist: no-such-file: No such file or directory");
	ck_assert_int_eq(sh_code(-1, NULL, NULL, EXAMPLES "/blocklist"), 2);
	assert_contains(sh(EXAMPLES "/blocklist --help"), "usage: blocklist FILE");
}
END_TEST

START_TEST(blocklist_of_many_addresses_is_kept_up_to_date)
{
	const char *output;

	output = sh(
		"seq 0 19999 | awk '{ print \"10.\" int($1 / 32768) \".\" int($1 / 128) %% 256 \".\" $1 * 2 %% 256 }' >list; " EXAMPLES
		"/blocklist list | tail -1");
	ck_assert_str_eq(output, "blocklist: 20000 blocked, 20000 added, 0 deleted\n");
	output = sh("sed -i 's/^10.0.7.0$/192.0.2.1/' list; " EXAMPLES "/blocklist list");
	ck_assert_str_eq(output, "- 10.0.7.0\n+ 192.0.2.1\n"
				 "blocklist: 20000 blocked, 1 added, 1 deleted\n");
	output = sh(": >list; " EXAMPLES
		    "/blocklist list | tail -1; nft list set inet blocklist v4");
	assert_contains(output, "blocklist: 0 blocked, 0 added, 20000 deleted\n");
	assert_lacks(output, "elements");
}
END_TEST

static char folder[] = "/tmp/fwcore-examples-XXXXXX";

static void enter_folder(void)
{
	ck_assert_ptr_nonnull(mkdtemp(folder));
	ck_assert_int_eq(chdir(folder), 0);
}

static void leave_folder(void)
{
	sh("rm -rf %s", folder);
}

static Suite *examples_suite(void)
{
	Suite *s = suite_create("examples");
	TCase *tc = tcase_create("examples");

	tcase_add_checked_fixture(tc, enter, NULL);
	tcase_add_checked_fixture(tc, enter_folder, leave_folder);
	tcase_add_test(tc, knock_adds_its_set_its_rule_and_an_element);
	tcase_add_test(tc, second_knock_adds_an_element_only);
	tcase_add_test(tc, clear_leaves_the_others_firewall_as_it_was);
	tcase_add_test(tc, wrong_address_is_named_and_nothing_changed);
	tcase_add_test(tc, killswitch_drops_all_but_the_server);
	tcase_add_test(tc, killswitch_puts_back_what_others_change);
	tcase_add_test(tc, killswitch_off_leaves_nothing);
	tcase_add_test(tc, blocklist_adds_what_is_new_and_deletes_what_has_gone);
	tcase_add_test(tc, blocklist_names_bad_lines_and_changes_nothing);
	tcase_add_test(tc, blocklist_of_many_addresses_is_kept_up_to_date);
	tcase_add_test(tc, runtime_attaches_shows_and_takes_everything_back);
	tcase_add_test(tc, runtime_that_fails_half_way_takes_back_what_it_made);
	suite_add_tcase(s, tc);
	return s;
}

TEST_MAIN(examples_suite)
