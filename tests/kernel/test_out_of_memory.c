/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Every allocation on the way to the kernel and back fails once: nothing crashes or leaks, the failure is told, and the
 * kernel has all of a change or nothing. */
#include <fwcore/fwcore.h>
#include <stdio.h>

#include "../check.h"
#include "../failing.h"

enum { MOST = 5000 };

static struct fwc_kernel *kernel;
static struct fwc_ruleset *wanted, *nothing;

static void setup(void)
{
	struct fwc_error err;

	ns_enter();
	need_program("nft");
	assert_ok(fwc_kernel_open(&kernel, NULL, &err), err);
	nothing = fwc_ruleset_new();
	fwc_ruleset_absent_table(nothing, FWC_FAMILY_INET, "t");
}

static void teardown(void)
{
	fwc_ruleset_free(nothing);
	fwc_ruleset_free(wanted);
	fwc_kernel_close(kernel);
}

static void build(int port)
{
	const struct fwc_base_opts opts = { .size = sizeof(opts), .hook = FWC_HOOK_INPUT };
	struct fwc_error err;
	struct fwc_table *t;
	struct fwc_chain *c;
	char rule[64];

	fwc_ruleset_free(wanted);
	wanted = fwc_ruleset_new();
	t = fwc_ruleset_add_table(wanted, FWC_FAMILY_INET, "t", 0);
	c = fwc_table_add_chain(t, "input", &opts);
	for (int i = 0; i < 12; i++) {
		snprintf(rule, sizeof(rule), "tcp dport { %d, %d } counter accept", port + i % 7,
			 i);
		fwc_chain_append_text(c, FWC_SYNTAX_NFT, rule);
	}
	fwc_chain_append_text(c, FWC_SYNTAX_NFT, "ip saddr @s jump u");
	fwc_table_add_chain(t, "u", NULL);
	fwc_set_add(fwc_table_add_set(t, "s", "ipv4_addr", NULL),
		    port % 2 ? "10.0.0.1" : "10.0.0.2", NULL, NULL);
	assert_ok(fwc_ruleset_error(wanted, &err), err);
}

static void check_code(int r, unsigned long n, const struct fwc_error *err)
{
	ck_assert_msg(r == 0 || r == -ENOMEM, "allocation %lu failed, and the result is %d: %s", n,
		      r, err->msg);
	ck_assert_int_eq(err->code, r);
}

START_TEST(apply_changes_all_or_nothing)
{
	struct fwc_error err;
	unsigned long n;

	for (n = 1; n < MOST; n++) {
		const char *before, *after;
		int r;

		/* From nothing, or from other rules and elements. */
		build(100);
		assert_ok(fwc_kernel_apply(kernel, _i ? wanted : nothing, NULL, &err), err);
		build(103);
		before = n % 16 ? "" : sh("nft -s list ruleset");
		fail_allocation(n);
		r = fwc_kernel_apply(kernel, wanted, NULL, &err);
		fail_allocation(0);
		if (allocations_seen() < n)
			break;
		check_code(r, n, &err);
		/* Now and then, as a process is slow. */
		if (r < 0 && n % 16 == 0) {
			after = sh("nft -s list ruleset");
			ck_assert_str_eq(after, before);
		}
	}
	ck_assert_uint_gt(n, 15);
	ck_assert_uint_lt(n, MOST);
}
END_TEST

START_TEST(load_is_whole_or_fails)
{
	struct fwc_error err;
	unsigned long n;

	build(1);
	assert_ok(fwc_kernel_apply(kernel, wanted, NULL, &err), err);
	for (n = 1; n < MOST; n++) {
		struct fwc_ruleset *rs = NULL;
		int r;

		fail_allocation(n);
		r = fwc_kernel_load(kernel, FWC_FAMILY_ANY, NULL, &rs, &err);
		fail_allocation(0);
		if (allocations_seen() < n) {
			ck_assert_int_eq(r, 0);
			fwc_ruleset_free(rs);
			break;
		}
		check_code(r, n, &err);
		ck_assert_int_eq(r == 0, rs != NULL);
		fwc_ruleset_free(rs);
	}
	ck_assert_uint_gt(n, 20);
	ck_assert_uint_lt(n, MOST);
}
END_TEST

static int use_batch(unsigned long n, struct fwc_error *err)
{
	const struct fwc_place place = { .family = FWC_FAMILY_INET, .table = "t", .chain = "u" };
	struct fwc_batch *batch;
	int r = -ENOMEM;

	fail_allocation(n);
	batch = fwc_batch_new();
	if (batch) {
		fwc_rule_tag(fwc_batch_add_rule_text(batch, &place, FWC_SYNTAX_NFT,
						     "tcp dport 7 accept"),
			     "x");
		fwc_batch_add_element(batch, FWC_FAMILY_INET, "t", "s", "10.1.1.1", NULL, 0, NULL);
		fwc_batch_add_element(batch, FWC_FAMILY_INET, "t", "s", "10.1.1.2", NULL, 0, NULL);
		fwc_batch_del_element(batch, FWC_FAMILY_INET, "t", "s", "10.1.1.2");
		fwc_batch_del_tagged(batch, FWC_FAMILY_INET, "t", "y");
		r = fwc_kernel_commit(kernel, batch, err);
	} else {
		err->code = r;
	}
	fail_allocation(0);
	fwc_batch_free(batch);
	return r;
}

START_TEST(batch_is_whole_or_fails)
{
	struct fwc_error err;
	unsigned long n;

	build(1);
	assert_ok(fwc_kernel_apply(kernel, wanted, NULL, &err), err);
	for (n = 1; n < MOST; n++) {
		int r = use_batch(n, &err);

		if (allocations_seen() < n) {
			ck_assert_int_eq(r, 0);
			break;
		}
		check_code(r, n, &err);
	}
	ck_assert_uint_gt(n, 20);
	ck_assert_uint_lt(n, MOST);
}
END_TEST

START_TEST(watch_tells_and_goes_on)
{
	struct fwc_watch *watch;
	struct fwc_error err;
	unsigned long n;

	assert_ok(fwc_watch_open(kernel, &watch, &err), err);
	for (n = 1; n < MOST; n++) {
		const struct fwc_event *event;
		int r;

		build((int)n);
		assert_ok(fwc_kernel_apply(kernel, nothing, NULL, &err), err);
		assert_ok(fwc_kernel_apply(kernel, wanted, NULL, &err), err);
		fail_allocation(n);
		while ((r = fwc_watch_next(watch, &event, &err)) > 0)
			;
		fail_allocation(0);
		check_code(r, n, &err);
		if (allocations_seen() < n)
			break;
		while ((r = fwc_watch_next(watch, &event, &err)) > 0)
			;
		ck_assert_int_eq(r, 0);
	}
	ck_assert_uint_gt(n, 20);
	ck_assert_uint_lt(n, MOST);
	fwc_watch_close(watch);
}
END_TEST

static Suite *suite(void)
{
	Suite *s = suite_create("out_of_memory");
	TCase *tc = tcase_create("kernel");

	tcase_add_checked_fixture(tc, setup, teardown);
	tcase_add_loop_test(tc, apply_changes_all_or_nothing, 0, 2);
	tcase_add_test(tc, load_is_whole_or_fails);
	tcase_add_test(tc, batch_is_whole_or_fails);
	tcase_add_test(tc, watch_tells_and_goes_on);
	suite_add_tcase(s, tc);
	return s;
}

TEST_MAIN(suite)
