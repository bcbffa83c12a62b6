/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Rulesets that are larger than what a program without privilege may send at once. */
#include <fwcore/fwcore.h>
#include <stdio.h>
#include <sys/prctl.h>
#include <unistd.h>

#include "../check.h"

enum {
	MANY = 26000
}; /* some 10 MB: more than twice the 4 MiB that net.core.wmem_max commonly is */

static struct fwc_kernel *kernel;
static struct fwc_watch *watch;
static struct fwc_error err;

/* What the tests rely on is asked before the namespace is entered: there the file may be missing. */
static void check_limit(void)
{
	long limit = 0;
	FILE *f = fopen("/proc/sys/net/core/wmem_max", "r");

	if (f && fscanf(f, "%ld", &limit) != 1)
		limit = 0;
	if (f)
		fclose(f);
	if (limit > 4194304)
		test_skip("net.core.wmem_max is %ld: these rulesets fit at once", limit);
}

/* Root of a user namespace alone, whoever runs the tests. */
static void setup(void)
{
	check_limit();
	if (geteuid() == 0) {
		ck_assert_int_eq(setresgid(65534, 65534, 65534), 0);
		ck_assert_int_eq(setresuid(65534, 65534, 65534), 0);
		/* Or /proc/self would stay root's. */
		ck_assert_int_eq(prctl(PR_SET_DUMPABLE, 1), 0);
	}
	ns_enter();
	need_program("nft");
	assert_ok(fwc_kernel_open(&kernel, NULL, &err), err);
	assert_ok(fwc_watch_open(kernel, &watch, &err), err);
}

static void teardown(void)
{
	fwc_watch_close(watch);
	fwc_kernel_close(kernel);
}

static void add_many(struct fwc_chain *c)
{
	for (int i = 0; i < MANY; i++) {
		struct fwc_rule *r = fwc_chain_append(c);
		const struct fwc_ip ip = { .family = FWC_FAMILY_IP,
					   .bytes = { 10, 0, (uint8_t)(i >> 8), (uint8_t)i } };

		fwc_rule_match_ip(r, FWC_FIELD_IP_SADDR, FWC_OP_EQ, &ip, 32);
		fwc_rule_match_u64(r, FWC_FIELD_TCP_DPORT, FWC_OP_EQ, 80, 80);
		fwc_rule_counter(r);
		fwc_rule_verdict(r, FWC_VERDICT_ACCEPT, NULL);
	}
}

static struct fwc_chain *input_chain(struct fwc_ruleset *rs)
{
	const struct fwc_base_opts opts = { .size = sizeof(opts), .hook = FWC_HOOK_INPUT };

	return fwc_table_add_chain(fwc_ruleset_add_table(rs, FWC_FAMILY_INET, "t", 0), "input",
				   &opts);
}

/* How many transactions there were; -1 when some were lost among the events. */
static int commits(void)
{
	const struct fwc_event *event;
	int count = 0, r;

	while ((r = fwc_watch_next(watch, &event, &err)) > 0) {
		if (fwc_event_kind(event) == FWC_EVENT_RESYNC)
			return -1;
		count += fwc_event_kind(event) == FWC_EVENT_COMMIT;
	}
	return count;
}

START_TEST(new_table_sleeps_until_it_is_whole)
{
	struct fwc_ruleset *rs = fwc_ruleset_new();
	struct fwc_set *s;
	char key[16];
	int count;

	add_many(input_chain(rs));
	s = fwc_table_add_set(fwc_ruleset_at(rs, 0), "s", "inet_service", NULL);
	for (int i = 1; i < 1000; i++) {
		snprintf(key, sizeof(key), "%d", i);
		fwc_set_add(s, key, NULL, NULL);
	}
	assert_ok(fwc_kernel_apply(kernel, rs, NULL, &err), err);
	count = commits();
	ck_assert_msg(count == -1 || count > 2, "%d transactions", count);
	assert_contains(sh("nft list table inet t | grep -c counter"), "26000\n");
	assert_lacks(sh("nft list tables; nft list table inet t | head -3"), "dormant");
	assert_contains(sh("nft list set inet t s | tr -c 0-9 '\\n' | grep -c ."), "999\n");
	while (commits() < 0)
		;
	assert_ok(fwc_kernel_apply(kernel, rs, NULL, &err), err);
	ck_assert_int_eq(commits(), 0);
	fwc_ruleset_free(rs);
}
END_TEST

START_TEST(chain_nobody_jumps_to_is_filled_before_the_jump)
{
	struct fwc_ruleset *rs = fwc_ruleset_new();
	const char *listing;

	sh("nft add table inet t; nft add chain inet t input '{ type filter hook input priority 0; }';"
	   "nft add rule inet t input tcp dport 22 accept");
	fwc_chain_append_text(input_chain(rs), FWC_SYNTAX_NFT, "jump many");
	add_many(fwc_table_add_chain(fwc_ruleset_at(rs, 0), "many", NULL));
	assert_ok(fwc_kernel_apply(kernel, rs, NULL, &err), err);
	listing = sh("nft list chain inet t input");
	assert_contains(listing, "jump many");
	assert_lacks(listing, "dport 22");
	assert_contains(sh("nft list table inet t | grep -c counter"), "26000\n");
	fwc_ruleset_free(rs);
}
END_TEST

START_TEST(failing_stage_is_named_and_all_are_taken_back)
{
	struct fwc_ruleset *rs = fwc_ruleset_new();
	struct fwc_chain *many;

	sh("nft add table inet t; nft add chain inet t input '{ type filter hook input priority 0; }'");
	fwc_chain_append_text(input_chain(rs), FWC_SYNTAX_NFT, "jump many");
	many = fwc_table_add_chain(fwc_ruleset_at(rs, 0), "many", NULL);
	add_many(many);
	/* Refused in a chain that a filter chain jumps to: so by the last transaction. */
	fwc_chain_append_text(many, FWC_SYNTAX_NFT, "masquerade");
	ck_assert_int_lt(fwc_kernel_apply(kernel, rs, NULL, &err), 0);
	ck_assert_uint_eq(err.outcome, FWC_OUTCOME_NOTHING);
	ck_assert_str_eq(
		sh("nft list table inet t"),
		"table inet t {\n\tchain input {\n\t\ttype filter hook input priority filter; "
		"policy accept;\n\t}\n}\n");
	fwc_ruleset_free(rs);
}
END_TEST

START_TEST(change_that_cannot_be_staged_is_refused_with_its_size)
{
	struct fwc_ruleset *rs = fwc_ruleset_new();

	sh("nft add table inet t; nft add chain inet t input '{ type filter hook input priority 0; }'");
	add_many(input_chain(rs));
	assert_fails(fwc_kernel_apply(kernel, rs, NULL, &err), -EMSGSIZE, err, "at once");
	ck_assert_str_eq(sh("nft list table inet t | grep -c counter || true"), "0\n");
	fwc_ruleset_free(rs);
}
END_TEST

/* Elements with comments: some 140 bytes each. */
static struct fwc_batch *elements(int count)
{
	static const char comment[] =
		"a hundred bytes of words about an element, so that few of them are as large as very many are without it";
	const struct fwc_element_opts opts = { .size = sizeof(opts), .comment = comment };
	struct fwc_batch *batch = fwc_batch_new();
	char key[32];

	for (int i = 0; i < count; i++) {
		snprintf(key, sizeof(key), "10.%d.%d.%d", i >> 16, i >> 8 & 255, i & 255);
		ck_assert_int_eq(fwc_batch_add_element(batch, FWC_FAMILY_INET, "t", "s", key, NULL,
						       0, &opts),
				 0);
	}
	return batch;
}

START_TEST(batch_that_is_too_large_says_what_to_do)
{
	struct fwc_batch *batch = elements(80000);

	sh("nft add table inet t; nft add set inet t s '{ type ipv4_addr; }'");
	assert_fails(fwc_kernel_commit(kernel, batch, &err), -EMSGSIZE, err,
		     "must be committed in parts: the transaction has ");
	assert_contains(err.msg, "net.core.wmem_max");
	ck_assert_uint_eq(err.outcome, FWC_OUTCOME_NOTHING);
	assert_lacks(sh("nft list set inet t s"), "10.");
	fwc_batch_free(batch);
	batch = elements(1000);
	assert_ok(fwc_kernel_commit(kernel, batch, &err), err);
	assert_contains(sh("nft list set inet t s"), "10.0.3.231");
	fwc_batch_free(batch);
}
END_TEST

START_TEST(batch_of_a_declaration_alone_goes_in_stages)
{
	struct fwc_ruleset *rs = fwc_ruleset_new();
	struct fwc_batch *batch = fwc_batch_new();

	add_many(input_chain(rs));
	fwc_batch_declare(batch, rs);
	assert_ok(fwc_kernel_commit(kernel, batch, &err), err);
	assert_contains(sh("nft list tables"), "inet t\n");
	fwc_batch_free(batch);
	fwc_ruleset_free(rs);
}
END_TEST

static Suite *stage_suite(void)
{
	Suite *suite = suite_create("stage");
	TCase *tc = tcase_create("stage");

	tcase_add_checked_fixture(tc, setup, teardown);
	tcase_add_test(tc, new_table_sleeps_until_it_is_whole);
	tcase_add_test(tc, chain_nobody_jumps_to_is_filled_before_the_jump);
	tcase_add_test(tc, failing_stage_is_named_and_all_are_taken_back);
	tcase_add_test(tc, change_that_cannot_be_staged_is_refused_with_its_size);
	tcase_add_test(tc, batch_that_is_too_large_says_what_to_do);
	tcase_add_test(tc, batch_of_a_declaration_alone_goes_in_stages);
	suite_add_tcase(suite, tc);
	return suite;
}

TEST_MAIN(stage_suite)
