/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The difference between two rulesets, without a kernel: is it right, and is it the smallest. */
#include <fwcore/fwcore.h>

#include "../check.h"

#include "kernel/plan.h"

static struct fwc_error err;

static struct fwc_ruleset *chain_of(const int *ports, size_t count, bool loaded)
{
	struct fwc_ruleset *rs = fwc_ruleset_new();
	struct fwc_chain *c =
		fwc_table_add_chain(fwc_ruleset_add_table(rs, FWC_FAMILY_INET, "t", 0), "c", NULL);

	for (size_t i = 0; i < count; i++) {
		struct fwc_rule *r = fwc_chain_append(c);

		ck_assert_int_eq(fwc_rule_match_u64(r, FWC_FIELD_TCP_DPORT, FWC_OP_EQ,
						    (uint64_t)ports[i], (uint64_t)ports[i]),
				 0);
		ck_assert_int_eq(fwc_rule_counter(r), 0);
		if (loaded)
			r->handle = 100 + i;
	}
	return rs;
}

static size_t longest_common(const int *a, size_t n, const int *b, size_t m)
{
	static size_t length[65][65];

	for (size_t i = 0; i <= n; i++)
		for (size_t j = 0; j <= m; j++) {
			if (i == 0 || j == 0)
				length[i][j] = 0;
			else if (a[i - 1] == b[j - 1])
				length[i][j] = length[i - 1][j - 1] + 1;
			else
				length[i][j] = length[i - 1][j] > length[i][j - 1]
						       ? length[i - 1][j]
						       : length[i][j - 1];
		}
	return length[n][m];
}

static int port_of(const struct fwc_rule *r)
{
	const uint8_t *bytes = fwc_rule_items(r)->right->bytes;

	return bytes[0] << 8 | bytes[1];
}

struct row {
	uint64_t handle; /* 0: new */
	int port;
};

/* What the kernel would do, on an array. Returns the number of rules. */
static size_t carry_out(const struct fwc_steps *steps, struct row *rows, size_t count)
{
	for (size_t i = 0; i < steps->count; i++) {
		const struct fwc_step *s = &steps->items[i];
		size_t at = 0;

		while (at < count && rows[at].handle != s->handle)
			at++;
		switch (s->kind) {
		case FWC_STEP_FLUSH_CHAIN:
			count = 0;
			break;
		case FWC_STEP_DEL_RULE:
			ck_assert_uint_lt(at, count);
			memmove(&rows[at], &rows[at + 1], (--count - at) * sizeof(*rows));
			break;
		case FWC_STEP_ADD_RULE:
			if (s->place == FWC_NFT_APPEND)
				at = count;
			ck_assert(s->place == FWC_NFT_APPEND || at < count);
			memmove(&rows[at + 1], &rows[at], (count++ - at) * sizeof(*rows));
			rows[at] = (struct row){ 0, port_of(s->rule) };
			break;
		default:
			ck_abort_msg("step of kind %u", s->kind);
		}
	}
	return count;
}

static void check_difference(const int *before, size_t n, const int *after, size_t m)
{
	struct fwc_ruleset *wanted = chain_of(after, m, false);
	struct fwc_plan plan = { .wanted = wanted, .loaded = chain_of(before, n, true) };
	struct row rows[130];
	size_t count, kept = 0;

	for (size_t i = 0; i < n; i++)
		rows[i] = (struct row){ 100 + i, before[i] };
	assert_ok(fwc_plan_difference(&plan, "o", &err), err);
	count = carry_out(&plan.steps, rows, n);
	ck_assert_uint_eq(count, m);
	for (size_t i = 0; i < m; i++) {
		ck_assert_int_eq(rows[i].port, after[i]);
		kept += rows[i].handle != 0;
	}
	ck_assert_uint_eq(kept, longest_common(before, n, after, m));
	fwc_steps_free(&plan.steps);
	fwc_arena_free(&plan.arena);
	fwc_ruleset_free(plan.loaded);
	fwc_ruleset_free(wanted);
}

START_TEST(difference_of_rules_is_right_and_smallest)
{
	unsigned int seed = 1;
	int before[64], after[64];

	for (int round = 0; round < 300; round++) {
		size_t n = (size_t)rand_r(&seed) % 40, m = (size_t)rand_r(&seed) % 40;
		int kinds = 1 + rand_r(&seed) % 30;

		for (size_t i = 0; i < n; i++)
			before[i] = rand_r(&seed) % kinds;
		for (size_t i = 0; i < m; i++)
			after[i] = i < n && rand_r(&seed) % 3 ? before[i] : rand_r(&seed) % kinds;
		check_difference(before, n, after, m);
	}
}
END_TEST

START_TEST(one_rule_thousands_of_times_is_bounded)
{
	enum { COUNT = 5000 };
	static int before[COUNT], after[COUNT];
	struct fwc_ruleset *wanted;
	struct fwc_plan plan;

	for (int i = 0; i < COUNT; i++)
		before[i] = after[i] = 7;
	before[0] = 1;
	before[COUNT / 2] = 2;
	before[COUNT - 1] = 3;
	wanted = chain_of(after, COUNT, false);
	plan = (struct fwc_plan){ .wanted = wanted, .loaded = chain_of(before, COUNT, true) };
	assert_ok(fwc_plan_difference(&plan, "o", &err), err);
	ck_assert_uint_le(plan.steps.count, 10);
	fwc_steps_free(&plan.steps);
	fwc_arena_free(&plan.arena);
	fwc_ruleset_free(plan.loaded);
	fwc_ruleset_free(wanted);
}
END_TEST

START_TEST(comments_and_tags_make_another_rule)
{
	const int ports[] = { 1, 2 };
	struct fwc_ruleset *wanted = chain_of(ports, 2, false);
	struct fwc_plan plan = { .wanted = wanted, .loaded = chain_of(ports, 2, true) };
	struct fwc_chain *c = fwc_ruleset_find_chain(wanted, FWC_FAMILY_INET, "t", "c");

	fwc_rule_comment((struct fwc_rule *)c->rules.items[0], "new");
	fwc_rule_tag((struct fwc_rule *)c->rules.items[1], "new");
	assert_ok(fwc_plan_difference(&plan, "o", &err), err);
	ck_assert_uint_gt(plan.steps.count, 2);
	fwc_steps_free(&plan.steps);
	fwc_arena_free(&plan.arena);
	fwc_ruleset_free(plan.loaded);
	fwc_ruleset_free(wanted);
}
END_TEST

START_TEST(steps_are_sorted_by_kind_and_else_keep_their_order)
{
	struct fwc_steps steps = { 0 };
	const uint32_t kinds[] = { FWC_STEP_ADD_RULE, FWC_STEP_DEL_RULE, FWC_STEP_ADD_RULE,
				   FWC_STEP_ADD_TABLE, FWC_STEP_DEL_RULE };
	const uint64_t sorted[] = { 1, 4, 3, 0, 2 };

	for (size_t i = 0; i < 5; i++)
		fwc_steps_add(&steps, kinds[i])->handle = i;
	ck_assert_int_eq(fwc_steps_sort(&steps), 0);
	for (size_t i = 0; i < 5; i++)
		ck_assert_uint_eq(steps.items[i].handle, sorted[i]);
	fwc_steps_free(&steps);
}
END_TEST

START_TEST(refusal_finds_its_step_across_wrapped_numbers)
{
	struct fwc_ruleset *rs = fwc_ruleset_new();
	struct fwc_table *t = fwc_ruleset_add_table(rs, FWC_FAMILY_INET, "t", 0);
	struct fwc_steps steps = { 0 };
	struct fwc_nl_answer answer = { .code = -EBUSY };
	struct fwc_step *s;

	for (uint32_t i = 0; i < 4; i++) {
		s = fwc_steps_add(&steps, FWC_STEP_DEL_CHAIN);
		s->chain = fwc_table_add_chain(t, (const char *[]){ "a", "b", "c", "d" }[i], NULL);
		s->seq = UINT32_MAX - 1 + i;
	}
	steps.end_seq = 2;
	for (uint32_t i = 0; i < 4; i++) {
		const char name[] = { (char)('a' + i), '\0' };

		answer.seq = UINT32_MAX - 1 + i;
		ck_assert_int_eq(fwc_steps_explain(&steps, &answer, UINT32_MAX - 2, &err), -EBUSY);
		ck_assert_str_eq(err.chain, name);
		ck_assert_ptr_eq(steps.refused, &steps.items[i]);
	}
	answer.seq = UINT32_MAX - 2;
	answer.code = -EPERM;
	ck_assert_int_eq(fwc_steps_explain(&steps, &answer, UINT32_MAX - 2, &err), -EPERM);
	assert_contains(err.msg, "CAP_NET_ADMIN");
	ck_assert_ptr_null(steps.refused);
	fwc_steps_free(&steps);
	fwc_ruleset_free(rs);
}
END_TEST

static Suite *plan_suite(void)
{
	Suite *suite = suite_create("plan");
	TCase *tc = tcase_create("plan");

	tcase_add_test(tc, difference_of_rules_is_right_and_smallest);
	tcase_add_test(tc, one_rule_thousands_of_times_is_bounded);
	tcase_add_test(tc, comments_and_tags_make_another_rule);
	tcase_add_test(tc, steps_are_sorted_by_kind_and_else_keep_their_order);
	tcase_add_test(tc, refusal_finds_its_step_across_wrapped_numbers);
	suite_add_tcase(suite, tc);
	return suite;
}

TEST_MAIN(plan_suite)
