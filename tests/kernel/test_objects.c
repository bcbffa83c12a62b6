/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Named objects: declared, applied, read by nft and by us, changed, and refused where rules use them. */
#include <stdio.h>

#include "declared.h"

static char *shown(uint32_t flags)
{
	struct fwc_ruleset *rs;
	char *text;

	assert_ok(fwc_kernel_load(kernel, FWC_FAMILY_ANY, NULL, &rs, &err), err);
	assert_ok(fwc_ruleset_format(rs, FWC_SYNTAX_NFT, flags, &text, NULL, &err), err);
	fwc_ruleset_free(rs);
	return text;
}

static const char *const objects[] = {
	"counter inet t o { comment \"a counter\"; packets 5 bytes 7; }",
	"quota inet t o { over 25 mbytes used 3 bytes; }",
	"quota inet t o { 1 kbytes; }",
	"limit inet t o { rate 400/minute burst 6 packets; }",
	"limit inet t o { rate over 10 mbytes/second; comment \"l\"; }",
	"synproxy inet t o { mss 1460; wscale 7; timestamp sack-perm; }",
	"ct helper inet t o { type \"ftp\" protocol tcp; l3proto ip; }",
	"ct expectation inet t o { protocol tcp; dport 5432; timeout 1h; size 12; l3proto ip6; }",
	"ct timeout ip t o { protocol tcp; policy = { close : 4, established : 123 }; }",
	"ct timeout inet t o { comment \"c\"; protocol udp; l3proto ip6; policy = { replied : 5, unreplied : 30 }; }",
	"ct helper ip t o { type \"ftp\" protocol tcp; }",
	"ct expectation ip6 t o { protocol udp; dport 1; timeout 5s; size 1; comment \"c\"; }",
};

/* What nft lists as JSON says what is there already, and is what ours says. */
static void assert_nft_json_is_in_place(void)
{
	const char *json = sh("nft -j list ruleset");
	struct fwc_ruleset *rs = fwc_ruleset_parse(json, strlen(json), FWC_SYNTAX_JSON, &err);
	struct fwc_plan *plan;

	ck_assert_msg(rs != NULL, "%s: %s", json, err.msg);
	assert_ok(fwc_kernel_plan(kernel, rs, &plan, &err), err);
	ck_assert_uint_eq(fwc_plan_count(plan), 0);
	fwc_plan_free(plan);
	fwc_ruleset_free(rs);
}

START_TEST(each_kind_is_applied_and_listed_as_nft_lists_it)
{
	char commands[256], *text;
	struct fwc_ruleset *rs;
	int r;

	snprintf(commands, sizeof(commands), "add table %s t\nadd %s\n",
		 strstr(objects[_i], " ip t")    ? "ip"
		 : strstr(objects[_i], " ip6 t") ? "ip6"
						 : "inet",
		 objects[_i]);
	rs = parse(commands);
	r = fwc_kernel_apply(kernel, rs, NULL, &err);
	fwc_ruleset_free(rs);
	if (r == -ENOENT || r == -EOPNOTSUPP) /* who follows ftp is a module */
		test_skip("the kernel cannot: %s", err.msg);
	assert_ok(r, err);
	text = shown(0);
	ck_assert_str_eq(text, sh("nft list ruleset"));
	assert_in_place(commands);
	fwc_text_free(text);
	assert_nft_json_is_in_place();
	text = shown(FWC_FORMAT_COMMANDS);
	sh("nft flush ruleset");
	sh_input(text, "nft -f -");
	assert_in_place(commands);
	fwc_text_free(text);
}
END_TEST

START_TEST(typed_objects_are_applied_and_bad_ones_refused)
{
	struct fwc_ruleset *rs = fwc_ruleset_new(), *loaded;
	struct fwc_table *t = fwc_ruleset_add_table(rs, FWC_FAMILY_INET, "t", 0);
	struct fwc_target *quota = fwc_target_new(FWC_TARGET_QUOTA);
	struct fwc_target *log = fwc_target_new(FWC_TARGET_LOG);
	uint64_t bytes = 0;

	fwc_target_set_number(quota, FWC_QUOTA_BYTES, 4096);
	ck_assert_int_eq(fwc_table_add_object(t, "o", quota), 0);
	assert_ok(fwc_kernel_apply(kernel, rs, NULL, &err), err);
	assert_contains(sh("nft list quotas"), "quota o {\n\t\t4 kbytes");
	assert_ok(fwc_kernel_load(kernel, FWC_FAMILY_INET, "t", &loaded, &err), err);
	ck_assert(fwc_target_get_number(fwc_table_object_at(fwc_ruleset_at(loaded, 0), 0),
					FWC_QUOTA_BYTES, &bytes));
	ck_assert_uint_eq(bytes, 4096);
	fwc_ruleset_free(loaded);
	ck_assert_int_eq(fwc_table_add_object(NULL, "p", quota), -EINVAL);
	ck_assert_int_eq(fwc_table_add_object(t, "p", log), -EINVAL);
	assert_fails(fwc_kernel_apply(kernel, rs, NULL, &err), -EINVAL, err, "log");
	fwc_ruleset_free(rs);

	rs = fwc_ruleset_new();
	t = fwc_ruleset_add_table(rs, FWC_FAMILY_INET, "t", 0);
	ck_assert_int_eq(fwc_table_add_object(t, "o", quota), 0);
	ck_assert_int_eq(fwc_table_add_object(t, "o", quota), -EEXIST);
	assert_fails(fwc_ruleset_error(rs, &err), -EEXIST, err, "quota o is declared already");
	fwc_ruleset_free(rs);
	fwc_target_free(quota);
	fwc_target_free(log);
}
END_TEST

START_TEST(rules_share_an_object_and_its_state_is_kept)
{
	const char *commands = "add table inet t\nadd counter inet t hits { packets 3 bytes 30; }\n"
			       "add chain inet t c\nadd chain inet t d\n"
			       "add rule inet t c tcp dport 22 counter name \"hits\"\n"
			       "add rule inet t d counter name \"hits\" accept\n";

	apply(commands);
	assert_contains(sh("nft list ruleset"), "counter name \"hits\" accept");
	assert_contains(sh("nft list counters"), "packets 3 bytes 30");
	apply("add table inet t\nadd counter inet t hits\nadd chain inet t c\n"
	      "add rule inet t c tcp dport 22 counter name \"hits\"\n");
	assert_contains(sh("nft list counters"), "packets 3 bytes 30");
	assert_lacks(sh("nft list ruleset"), "chain d");
}
END_TEST

START_TEST(a_quota_is_changed_in_place_and_a_limit_is_made_again)
{
	apply("add table inet t\nadd quota inet t q { 1 mbytes; }\nadd limit inet t l { rate 1/second; }\n"
	      "add chain inet t c\nadd rule inet t c quota name \"q\"\n");
	apply("add table inet t\nadd quota inet t q { 2 mbytes; }\nadd limit inet t l { rate 2/second; }\n"
	      "add chain inet t c\nadd rule inet t c quota name \"q\"\n");
	assert_contains(sh("nft list ruleset"), "2 mbytes");
	assert_contains(sh("nft list ruleset"), "rate 2/second");
	apply("add table inet t\n");
	assert_lacks(sh("nft list ruleset"), "mbytes");
}
END_TEST

START_TEST(what_is_refused_is_named)
{
	struct fwc_ruleset *rs = parse("add table inet t\nadd chain inet t c\n"
				       "add rule inet t c counter name \"nosuch\"\n");

	assert_fails(fwc_kernel_apply(kernel, rs, NULL, &err), -ENOENT, err, "chain c, rule 1");
	fwc_ruleset_free(rs);
	apply("add table inet t\nadd limit inet t l { rate 1/second; }\n"
	      "add chain inet t c\nadd rule inet t c limit name \"l\"\n");
	rs = parse("add table inet t\nadd limit inet t l { rate 2/second; }\n"
		   "add chain inet t c\nadd rule inet t c limit name \"l\"\n");
	assert_fails(fwc_kernel_apply(kernel, rs, NULL, &err), -EBUSY, err,
		     "object l: rules or maps still refer to it");
	fwc_ruleset_free(rs);
}
END_TEST

START_TEST(objects_of_others_stay_in_a_shared_table)
{
	sh("nft add table inet t");
	sh("nft add counter inet t theirs");
	apply("add table inet t { flags shared; }\nadd counter inet t ours\n");
	assert_contains(sh("nft list ruleset"), "counter ours");
	apply("add table inet t { flags shared; }\n");
	assert_contains(sh("nft list ruleset"), "counter theirs");
	assert_lacks(sh("nft list ruleset"), "counter ours");
}
END_TEST

START_TEST(what_is_not_known_is_kept_and_shown)
{
	/* a timeout of ICMP, of which nft has none */
	const char *json = "{\"nftables\":[{\"table\":{\"family\":\"ip\",\"name\":\"t\"}},"
			   "{\"ct timeout\":{\"family\":\"ip\",\"table\":\"t\",\"name\":\"o\","
			   "\"opaque\":\"050002000100000006000100000200000c000380080001000000001e\""
			   "}}]}";
	struct fwc_ruleset *rs = fwc_ruleset_parse(json, strlen(json), FWC_SYNTAX_JSON, &err);
	char *text;
	int r;

	ck_assert_msg(rs != NULL, "%s", err.msg);
	r = fwc_kernel_apply(kernel, rs, NULL, &err);
	fwc_ruleset_free(rs);
	if (r == -ENOENT || r == -EOPNOTSUPP)
		test_skip("the kernel has no timeouts by name");
	assert_ok(r, err);
	text = shown(0);
	assert_contains(text, "ct timeout o {\n\t\t<");
	fwc_text_free(text);
	assert_ok(fwc_kernel_load(kernel, FWC_FAMILY_IP, "t", &rs, &err), err);
	ck_assert_uint_eq(fwc_table_object_count(fwc_ruleset_at(rs, 0)), 1);
	ck_assert_str_eq(fwc_table_object_name(fwc_ruleset_at(rs, 0), 0), "o");
	ck_assert_uint_eq(fwc_table_object_type(fwc_ruleset_at(rs, 0), 0),
			  FWC_OBJECT_TYPE_CT_TIMEOUT);
	ck_assert_ptr_null(fwc_table_object_at(fwc_ruleset_at(rs, 0), 0));
	fwc_ruleset_free(rs);
}
END_TEST

static Suite *make_suite(void)
{
	Suite *s = suite_create("objects");
	TCase *tc = tcase_create("objects");

	tcase_set_timeout(tc, 120);
	tcase_add_checked_fixture(tc, setup, teardown);
	tcase_add_loop_test(tc, each_kind_is_applied_and_listed_as_nft_lists_it, 0,
			    sizeof(objects) / sizeof(objects[0]));
	tcase_add_test(tc, typed_objects_are_applied_and_bad_ones_refused);
	tcase_add_test(tc, rules_share_an_object_and_its_state_is_kept);
	tcase_add_test(tc, a_quota_is_changed_in_place_and_a_limit_is_made_again);
	tcase_add_test(tc, what_is_refused_is_named);
	tcase_add_test(tc, objects_of_others_stay_in_a_shared_table);
	tcase_add_test(tc, what_is_not_known_is_kept_and_shown);
	suite_add_tcase(s, tc);
	return s;
}

TEST_MAIN(make_suite)
