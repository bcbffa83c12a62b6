/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Rules that are folded into sets and maps, and come back. */
#include <fwcore/fwcore.h>
#include <stdio.h>

#include "../check.h"

static struct fwc_error err;

/* Table inet t with chains web and input, which has these rules. */
static struct fwc_ruleset *make(const char *const *rules)
{
	const struct fwc_base_opts opts = { .size = sizeof(opts), .hook = FWC_HOOK_INPUT };
	struct fwc_ruleset *rs = fwc_ruleset_new();
	struct fwc_table *t = fwc_ruleset_add_table(rs, FWC_FAMILY_INET, "t", 0);
	struct fwc_chain *web = fwc_table_add_chain(t, "web", NULL);
	struct fwc_chain *c = fwc_table_add_chain(t, "input", &opts);

	fwc_chain_append_text(web, FWC_SYNTAX_NFT, "tcp flags syn accept");
	for (; *rules; rules++)
		fwc_chain_append_text(c, FWC_SYNTAX_NFT, *rules);
	assert_ok(fwc_ruleset_error(rs, &err), err);
	return rs;
}
#define RULES(...) make((const char *const[]){ __VA_ARGS__, NULL })

static struct fwc_folds *optimize(struct fwc_ruleset *rs)
{
	const struct fwc_optimize_opts opts = { .size = sizeof(opts), .min_rules = 2 };
	struct fwc_folds *folds = NULL;

	assert_ok(fwc_ruleset_optimize(rs, &opts, &folds, &err), err);
	ck_assert_ptr_nonnull(folds);
	return folds;
}

static const char *text_of(const struct fwc_ruleset *rs)
{
	static char *text;

	fwc_text_free(text);
	text = NULL;
	assert_ok(fwc_ruleset_format(rs, FWC_SYNTAX_NFT, FWC_FORMAT_COMMANDS, &text, NULL, &err),
		  err);
	return text;
}

static const char *fold_text(const struct fwc_folds *folds, size_t i)
{
	static char text[256];

	ck_assert_int_eq(fwc_fold_format(fwc_folds_at(folds, i), text, sizeof(text), NULL), 0);
	return text;
}

/* Folded, the text has all of `parts`; unfolded it is what it was. */
static void check_fold(struct fwc_ruleset *rs, const char *const *parts)
{
	char *before = strdup(text_of(rs));
	struct fwc_folds *folds = optimize(rs);

	for (; *parts; parts++)
		assert_contains(text_of(rs), *parts);
	assert_ok(fwc_ruleset_unfold(rs, &err), err);
	ck_assert_str_eq(text_of(rs), before);
	fwc_folds_free(folds);
	fwc_ruleset_free(rs);
	free(before);
}
#define FOLDS(rs, ...) check_fold(rs, (const char *const[]){ __VA_ARGS__, NULL })

/* Nothing is folded; the reason of the first entry about chain input. */
static void check_left(struct fwc_ruleset *rs, uint32_t reason)
{
	char *before = strdup(text_of(rs));
	struct fwc_folds *folds = optimize(rs);
	const struct fwc_fold *f = fwc_folds_at(folds, 1); /* the first one is about chain web */

	ck_assert_str_eq(text_of(rs), before);
	ck_assert_uint_eq(fwc_fold_kind(f), FWC_FOLD_LEFT);
	ck_assert_msg(fwc_fold_reason(f) == reason, "reason %u, not %u: %s", fwc_fold_reason(f),
		      reason, fold_text(folds, 1));
	fwc_folds_free(folds);
	fwc_ruleset_free(rs);
	free(before);
}

START_TEST(verdicts_become_a_map_and_what_does_the_same_a_set)
{
	FOLDS(RULES("tcp dport 22 accept", "tcp dport 25 drop", "tcp dport 80 goto web"),
	      "add map inet t input.tcp_dport { type inet_service : verdict; size 64; }",
	      "{ 22 : accept, 25 : drop, 80 : goto web }",
	      "add rule inet t input tcp dport vmap @input.tcp_dport\n");
	FOLDS(RULES("tcp dport 22 accept", "tcp dport 25 accept"),
	      "tcp dport @input.tcp_dport accept");
	FOLDS(RULES("udp dport 53 log prefix \"x\" reject", "udp dport 54 log prefix \"x\" reject"),
	      "udp dport @input.udp_dport log prefix \"x\" reject\n");
	FOLDS(RULES("ip daddr 10.0.0.1 meta mark set 0x1", "ip daddr 10.0.0.2 meta mark set 0x1"),
	      "ip daddr @input.ip_daddr meta mark set 0x00000001\n");
	FOLDS(RULES("iifname \"eth0\" jump web", "iifname \"eth1\" jump web",
		    "iifname \"eth2\" drop"),
	      "\"eth0\" : jump web");
}
END_TEST

START_TEST(what_differs_is_the_key_and_what_is_the_same_stays_in_front)
{
	FOLDS(RULES("iifname \"eth0\" ip saddr 10.0.0.1 tcp dport 22 accept",
		    "iifname \"eth0\" ip saddr 10.0.0.2 tcp dport 23 drop"),
	      "iifname \"eth0\" ip saddr . tcp dport vmap @input.ip_saddr.tcp_dport");
	FOLDS(RULES("ip saddr 10.0.0.1 ct state new tcp dport 22 accept",
		    "ip saddr 10.0.0.2 ct state new tcp dport 23 accept"),
	      "ct state new ip saddr . tcp dport @input.ip_saddr.tcp_dport accept");
	FOLDS(RULES("ip saddr 10.0.0.1 meta l4proto tcp drop",
		    "ip saddr 10.0.0.2 meta l4proto 47 drop"),
	      "ip saddr . meta l4proto @input.ip_saddr.meta_l4proto drop");
	/* The second one widens a key that had one part. */
	FOLDS(RULES("ip saddr 10.0.0.1 tcp dport 22 accept", "ip saddr 10.0.0.1 tcp dport 23 drop",
		    "ip saddr 10.0.0.2 tcp dport 22 drop"),
	      "10.0.0.1 . 22 : accept, 10.0.0.2 . 22 : drop, 10.0.0.1 . 23 : drop");
}
END_TEST

START_TEST(lists_prefixes_ranges_and_concatenations_come_back_as_they_were)
{
	FOLDS(RULES("tcp dport { 22, 80-89 } accept", "tcp dport { 25 } drop", "tcp dport 99 drop",
		    "tcp dport 100-200 accept"),
	      "flags interval",
	      "{ 22 : accept, 25 : drop, 80-89 : accept, 99 : drop, 100-200 : accept }");
	FOLDS(RULES("ip saddr { 10.0.0.1, 10.0.0.2 } tcp dport { 22, 23 } accept",
		    "ip saddr 10.0.0.3 tcp dport 24 drop"),
	      "10.0.0.1 . 22 : accept, 10.0.0.2 . 22 : accept, 10.0.0.1 . 23 : accept, 10.0.0.2 . 23 : accept");
	FOLDS(RULES("ip saddr . tcp dport { 10.0.0.1 . 22, 10.0.0.2 . 23 } accept",
		    "ip saddr . tcp dport { 10.0.0.3 . 22 } drop"),
	      "ip saddr . tcp dport vmap");
	FOLDS(RULES("ip saddr 10.0.0.0/24 accept", "ip saddr 10.0.1.0-10.0.1.255 drop"),
	      "10.0.0.0/24 : accept, 10.0.1.0/24 : drop");
}
END_TEST

START_TEST(counters_are_the_elements)
{
	FOLDS(RULES("tcp dport 22 counter packets 3 bytes 4 accept", "tcp dport 23 drop",
		    "tcp dport { 24, 25 } counter packets 5 bytes 6 drop",
		    "tcp dport 26 counter packets 0 bytes 0 drop"),
	      "22 counter packets 3 bytes 4 : accept", "24 counter packets 5 bytes 6 : drop",
	      "25 counter packets 0 bytes 0 : drop", "26 counter packets 0 bytes 0 : drop");
	FOLDS(RULES("ip saddr 10.0.0.1 counter packets 1 bytes 2",
		    "ip saddr 10.0.0.2 counter packets 0 bytes 0"),
	      "rule inet t input ip saddr @input.ip_saddr\n");
	/* In the kernel's bitmap nothing would be counted. */
	FOLDS(RULES("tcp dport 22 counter packets 0 bytes 0 drop", "tcp dport 23 drop"),
	      "22 counter packets 0 bytes 0 : drop");
	FOLDS(RULES("tcp dport 22 counter packets 0 bytes 0",
		    "tcp dport 23 counter packets 0 bytes 0"),
	      "{ type inet_service; flags interval; }");
}
END_TEST

START_TEST(comments_and_tags_are_the_elements)
{
	struct fwc_ruleset *rs = RULES("tcp dport 22 accept comment \"ssh\"", "tcp dport 25 drop");
	struct fwc_chain *c = fwc_ruleset_find_chain(rs, FWC_FAMILY_INET, "t", "input");
	struct fwc_rule *r = fwc_chain_append_text(c, FWC_SYNTAX_NFT, "tcp dport 26 drop");
	struct fwc_folds *folds;
	const struct fwc_set *s;

	fwc_rule_tag(r, "container-7");
	folds = optimize(rs);
	s = fwc_ruleset_find_set(rs, FWC_FAMILY_INET, "t", fwc_fold_set(fwc_folds_at(folds, 1)));
	ck_assert_uint_eq(fwc_set_count(s), 3);
	ck_assert_str_eq(fwc_element_comment_get(fwc_set_at(s, 0)), "ssh");
	ck_assert_str_eq(fwc_element_tag_get(fwc_set_at(s, 2)), "container-7");
	assert_ok(fwc_ruleset_unfold(rs, &err), err);
	ck_assert_uint_eq(fwc_chain_count(c), 3);
	ck_assert_str_eq(fwc_rule_comment_get(fwc_chain_at(c, 0)), "ssh");
	ck_assert_str_eq(fwc_rule_tag_get(fwc_chain_at(c, 2)), "container-7");
	fwc_folds_free(folds);
	fwc_ruleset_free(rs);
}
END_TEST

START_TEST(keys_that_overlap_are_cut_where_they_do)
{
	struct fwc_ruleset *rs = RULES("tcp dport 22 accept", "tcp dport 23 accept",
				       "tcp dport 20-30 drop", "tcp dport 31 drop");
	struct fwc_folds *folds = optimize(rs);

	ck_assert_str_eq(
		fold_text(folds, 1),
		"table inet t, chain input, rules 1 to 2: folded into set input.tcp_dport");
	ck_assert_str_eq(
		fold_text(folds, 2),
		"table inet t, chain input, rules 3 to 4: folded into set input.tcp_dport.2");
	fwc_folds_free(folds);
	fwc_ruleset_free(rs);
	check_left(RULES("tcp dport 22 accept", "tcp dport 22 drop"), FWC_FOLD_OVERLAP);
	check_left(RULES("ip saddr 10.0.0.1 accept", "ip saddr 10.0.0.0/8 drop"), FWC_FOLD_OVERLAP);
}
END_TEST

START_TEST(what_could_change_something_is_left_and_told_why)
{
	check_left(RULES("tcp dport 22 accept", "udp dport 22 accept"), FWC_FOLD_FEW);
	check_left(RULES("tcp dport 22 limit rate 1/second accept",
			 "tcp dport 23 limit rate 1/second accept"),
		   FWC_FOLD_TARGET);
	check_left(RULES("counter tcp dport 22 accept", "counter tcp dport 23 accept"),
		   FWC_FOLD_TARGET);
	check_left(RULES("meta mark 1 meta mark set 2", "meta mark 2 meta mark set 2"),
		   FWC_FOLD_TARGET);
	check_left(RULES("tcp dport != 22 drop", "tcp dport != 23 drop"), FWC_FOLD_COMPARISON);
	check_left(RULES("iifname \"eth*\" drop", "iifname \"wlan*\" drop"), FWC_FOLD_COMPARISON);
	check_left(RULES("ct state established accept", "ct state related accept"),
		   FWC_FOLD_COMPARISON);
	check_left(RULES("meta mark and 0x1 == 0x1 accept", "meta mark and 0x1 == 0x0 accept"),
		   FWC_FOLD_COMPARISON);
	check_left(RULES("numgen inc mod 2 == 0 tcp dport 1 accept",
			 "numgen inc mod 2 == 0 tcp dport 2 accept"),
		   FWC_FOLD_CHANGING);
	check_left(RULES("tcp dport 22 continue", "tcp dport 23 continue"), FWC_FOLD_NO_VERDICT);
	check_left(RULES("icmp type echo-request icmp id 1 accept",
			 "icmp type echo-request icmp id 2 accept"),
		   FWC_FOLD_COMPARISON);
}
END_TEST

START_TEST(a_jump_is_folded_where_no_chain_changes_what_is_compared)
{
	struct fwc_ruleset *rs = RULES("tcp dport 22 jump web", "tcp dport 23 drop");
	struct fwc_chain *web = fwc_ruleset_find_chain(rs, FWC_FAMILY_INET, "t", "web");

	fwc_chain_append_text(web, FWC_SYNTAX_NFT, "tcp flags fin meta mark set 0x1");
	check_left(rs, FWC_FOLD_JUMP);
	FOLDS(RULES("tcp dport 22 log jump web", "tcp dport 23 log jump web"),
	      "@input.tcp_dport log jump web");
}
END_TEST

START_TEST(few_rules_stay_as_they_are)
{
	const struct fwc_optimize_opts one = { .size = sizeof(one), .min_rules = 1 };
	struct fwc_ruleset *rs = RULES("tcp dport 22 accept", "tcp dport 25 drop");
	char *before = strdup(text_of(rs));
	struct fwc_folds *folds;

	assert_fails(fwc_ruleset_optimize(rs, &one, NULL, &err), -EINVAL, err, "min_rules 1");
	assert_fails(fwc_ruleset_optimize(NULL, NULL, NULL, &err), -EINVAL, err, "ruleset");
	assert_fails(fwc_ruleset_unfold(NULL, &err), -EINVAL, err, "ruleset");
	assert_ok(fwc_ruleset_optimize(rs, NULL, NULL, &err), err);
	assert_ok(fwc_ruleset_optimize(rs, NULL, &folds, &err), err);
	ck_assert_str_eq(text_of(rs), before);
	ck_assert_uint_eq(fwc_folds_count(folds), 2);
	ck_assert_str_eq(
		fold_text(folds, 1),
		"table inet t, chain input, rules 1 to 2: left: too few that follow each other compare the same fields");
	ck_assert_ptr_null(fwc_fold_set(fwc_folds_at(folds, 1)));
	ck_assert_ptr_null(fwc_folds_at(folds, 2));
	ck_assert_str_eq(fwc_fold_table(fwc_folds_at(folds, 1)), "t");
	ck_assert_str_eq(fwc_fold_chain(fwc_folds_at(folds, 1)), "input");
	ck_assert_uint_eq(fwc_fold_family(fwc_folds_at(folds, 1)), FWC_FAMILY_INET);
	ck_assert_uint_eq(fwc_fold_first(fwc_folds_at(folds, 1)), 0);
	ck_assert_uint_eq(fwc_fold_rules(fwc_folds_at(folds, 1)), 2);
	fwc_folds_free(folds);
	fwc_ruleset_free(rs);
	free(before);
}
END_TEST

START_TEST(a_ruleset_that_failed_is_not_folded)
{
	struct fwc_ruleset *rs = RULES("tcp dport 22 accept", "tcp dport 25 drop");
	struct fwc_folds *folds = NULL;

	fwc_ruleset_add_table(rs, FWC_FAMILY_INET, "", 0);
	assert_fails(fwc_ruleset_optimize(rs, NULL, &folds, &err), -EINVAL, err, "name");
	assert_fails(fwc_ruleset_unfold(rs, &err), -EINVAL, err, "name");
	ck_assert_ptr_null(folds);
	fwc_ruleset_free(rs);
}
END_TEST

START_TEST(folded_again_with_one_more_rule_it_is_the_same_set)
{
	struct fwc_ruleset *rs = RULES("tcp dport 22 accept", "tcp dport 25 drop");
	struct fwc_chain *c = fwc_ruleset_find_chain(rs, FWC_FAMILY_INET, "t", "input");

	fwc_folds_free(optimize(rs));
	fwc_chain_append_text(c, FWC_SYNTAX_NFT, "tcp dport 26 drop");
	fwc_folds_free(optimize(rs));
	ck_assert_uint_eq(fwc_chain_count(c), 1);
	ck_assert_uint_eq(fwc_table_set_count(fwc_ruleset_at(rs, 0)), 1);
	assert_contains(text_of(rs), "input.tcp_dport { 22 : accept, 25 : drop, 26 : drop }");
	fwc_ruleset_free(rs);
}
END_TEST

START_TEST(a_set_that_somebody_uses_otherwise_stays)
{
	struct fwc_ruleset *rs = RULES("tcp dport 22 accept", "tcp dport 25 accept");
	struct fwc_chain *c = fwc_ruleset_find_chain(rs, FWC_FAMILY_INET, "t", "input");
	char *folded;

	fwc_folds_free(optimize(rs));
	fwc_chain_append_text(c, FWC_SYNTAX_NFT, "udp dport @input.tcp_dport drop");
	folded = strdup(text_of(rs));
	assert_ok(fwc_ruleset_unfold(rs, &err), err);
	ck_assert_str_eq(text_of(rs), folded);
	fwc_ruleset_free(rs);
	free(folded);
}
END_TEST

static Suite *optimize_suite(void)
{
	Suite *suite = suite_create("optimize");
	TCase *tc = tcase_create("optimize");

	tcase_add_test(tc, verdicts_become_a_map_and_what_does_the_same_a_set);
	tcase_add_test(tc, what_differs_is_the_key_and_what_is_the_same_stays_in_front);
	tcase_add_test(tc, lists_prefixes_ranges_and_concatenations_come_back_as_they_were);
	tcase_add_test(tc, counters_are_the_elements);
	tcase_add_test(tc, comments_and_tags_are_the_elements);
	tcase_add_test(tc, keys_that_overlap_are_cut_where_they_do);
	tcase_add_test(tc, what_could_change_something_is_left_and_told_why);
	tcase_add_test(tc, a_jump_is_folded_where_no_chain_changes_what_is_compared);
	tcase_add_test(tc, few_rules_stay_as_they_are);
	tcase_add_test(tc, a_ruleset_that_failed_is_not_folded);
	tcase_add_test(tc, folded_again_with_one_more_rule_it_is_the_same_set);
	tcase_add_test(tc, a_set_that_somebody_uses_otherwise_stays);
	suite_add_tcase(suite, tc);
	return suite;
}

TEST_MAIN(optimize_suite)
