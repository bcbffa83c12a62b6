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
	tcase_add_test(tc, fwctl_is_what_it_is_called);
	suite_add_tcase(s, tc);
	return s;
}

int main(void)
{
	return fwc_test_main(make_suite);
}
