/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Targets as objects: their parameters, and failures of setters that stay until the target is added. */
#include "../check.h"

#include "model/model.h"

START_TEST(every_kind_has_a_row)
{
	for (uint32_t kind = FWC_TARGET_VERDICT; kind <= FWC_TARGET_UPDATE; kind++) {
		struct fwc_target *t = fwc_target_new(kind);

		ck_assert_ptr_nonnull(t);
		ck_assert_uint_eq(fwc_target_kind(t), kind);
		ck_assert_ptr_nonnull(fwc_target_name(t));
		fwc_target_free(t);
	}
	ck_assert_ptr_null(fwc_target_new(0));
	ck_assert_ptr_null(fwc_target_new(FWC_TARGET_STRIP + 1));
	ck_assert_uint_eq(fwc_target_kind(NULL), 0);
	ck_assert_ptr_null(fwc_target_name(NULL));
	fwc_target_free(NULL);
}
END_TEST

START_TEST(a_target_holds_targets_that_keep_state_and_no_others)
{
	struct fwc_target *t = fwc_target_new(FWC_TARGET_UPDATE);
	struct fwc_target *limit = fwc_target_new(FWC_TARGET_LIMIT);
	struct fwc_target *log = fwc_target_new(FWC_TARGET_LOG);
	const struct fwc_target *inner;
	uint64_t n;

	ck_assert_ptr_null(fwc_target_get_target(t, FWC_UPDATE_TARGET));
	ck_assert_ptr_null(fwc_target_get_target(NULL, FWC_UPDATE_TARGET));
	ck_assert_int_eq(fwc_target_set_target(NULL, FWC_UPDATE_TARGET, limit), -EINVAL);
	fwc_target_set_number(limit, FWC_LIMIT_RATE, 3);
	ck_assert_int_eq(fwc_target_set_target(t, FWC_UPDATE_TARGET, limit), 0);
	ck_assert_int_eq(fwc_target_set_target(t, FWC_UPDATE_TARGET, limit), 0);
	fwc_target_free(limit);
	inner = fwc_target_get_target(t, FWC_UPDATE_TARGET);
	ck_assert_uint_eq(fwc_target_kind(inner), FWC_TARGET_LIMIT);
	ck_assert(fwc_target_get_number(inner, FWC_LIMIT_RATE, &n));
	ck_assert_uint_eq(n, 3);
	ck_assert_ptr_null(fwc_target_get_target(t, FWC_UPDATE_KEY));
	ck_assert_int_eq(fwc_target_set_target(t, FWC_UPDATE_TARGET_2, log), -EINVAL);
	fwc_target_free(t);
	t = fwc_target_new(FWC_TARGET_UPDATE);
	ck_assert_int_eq(fwc_target_set_target(t, FWC_UPDATE_SET, log), -EINVAL);
	fwc_target_free(t);
	fwc_target_free(log);
}
END_TEST

START_TEST(parameters_that_are_not_set_are_not_zero)
{
	struct fwc_target *t = fwc_target_new(FWC_TARGET_LOG);
	uint64_t n = 7;

	ck_assert(!fwc_target_get_number(t, FWC_LOG_GROUP, &n));
	ck_assert_uint_eq(n, 7);
	ck_assert_ptr_null(fwc_target_get_text(t, FWC_LOG_PREFIX));
	ck_assert_int_eq(fwc_target_set_number(t, FWC_LOG_GROUP, 0), 0);
	ck_assert(fwc_target_get_number(t, FWC_LOG_GROUP, &n));
	ck_assert_uint_eq(n, 0);
	ck_assert_int_eq(fwc_target_set_text(t, FWC_LOG_PREFIX, "a"), 0);
	ck_assert_int_eq(fwc_target_set_text(t, FWC_LOG_PREFIX, "b"), 0);
	ck_assert_str_eq(fwc_target_get_text(t, FWC_LOG_PREFIX), "b");
	ck_assert(!fwc_target_get_number(t, FWC_LOG_PREFIX, &n));
	ck_assert_ptr_null(fwc_target_get_value(t, FWC_LOG_PREFIX));
	ck_assert(!fwc_target_get_number(t, 0, &n));
	ck_assert(!fwc_target_get_number(t, 99, &n));
	fwc_target_free(t);
}
END_TEST

START_TEST(values_are_copied)
{
	struct fwc_target *t = fwc_target_new(FWC_TARGET_ASSIGN);
	struct fwc_value *v = fwc_value_number(5);

	ck_assert_int_eq(fwc_target_set_value(t, FWC_ASSIGN_VALUE, v), 0);
	ck_assert_int_eq(fwc_target_set_value(t, FWC_ASSIGN_VALUE, v), 0);
	ck_assert_ptr_ne(fwc_target_get_value(t, FWC_ASSIGN_VALUE), v);
	fwc_value_free(v);
	ck_assert_uint_eq(fwc_target_get_value(t, FWC_ASSIGN_VALUE)->number, 5);
	fwc_target_free(t);
}
END_TEST

START_TEST(a_failed_setter_fails_the_rule)
{
	struct fwc_ruleset *rs = fwc_ruleset_new();
	struct fwc_rule *r = fwc_chain_append(
		fwc_table_add_chain(fwc_ruleset_add_table(rs, FWC_FAMILY_INET, "t", 0), "c", NULL));
	struct fwc_target *t = fwc_target_new(FWC_TARGET_LOG);
	struct fwc_error err;

	ck_assert_int_eq(fwc_target_set_number(t, FWC_LOG_LEVEL, 9), -EINVAL);
	/* A later call does not heal it. */
	ck_assert_int_eq(fwc_target_set_number(t, FWC_LOG_LEVEL, 4), -EINVAL);
	ck_assert_int_eq(fwc_target_set_text(t, FWC_LOG_PREFIX, "x"), -EINVAL);
	ck_assert_int_eq(fwc_rule_add_target(r, t), -EINVAL);
	fwc_ruleset_error(rs, &err);
	assert_contains(err.msg, "rule 1: log: level 9 is not 0 to 8");
	ck_assert_uint_eq(fwc_rule_count(r), 0);
	fwc_target_free(t);
	fwc_ruleset_free(rs);
	ck_assert_int_eq(fwc_target_set_number(NULL, 1, 1), -EINVAL);
	ck_assert_int_eq(fwc_target_set_text(NULL, 1, "x"), -EINVAL);
	ck_assert_int_eq(fwc_target_set_value(NULL, 1, NULL), -EINVAL);
}
END_TEST

START_TEST(one_target_goes_to_many_rules)
{
	struct fwc_ruleset *rs = fwc_ruleset_new();
	struct fwc_chain *c =
		fwc_table_add_chain(fwc_ruleset_add_table(rs, FWC_FAMILY_INET, "t", 0), "c", NULL);
	struct fwc_target *t = fwc_target_new(FWC_TARGET_LOG);
	struct fwc_rule *first = fwc_chain_append(c), *second = fwc_chain_append(c);

	fwc_target_set_text(t, FWC_LOG_PREFIX, "x: ");
	ck_assert_int_eq(fwc_rule_add_target(first, t), 0);
	fwc_target_set_text(t, FWC_LOG_PREFIX, "y: ");
	ck_assert_int_eq(fwc_rule_add_target(second, t), 0);
	fwc_target_free(t);
	ck_assert_str_eq(
		fwc_target_get_text(fwc_item_target(fwc_rule_at(first, 0)), FWC_LOG_PREFIX), "x: ");
	ck_assert_str_eq(
		fwc_target_get_text(fwc_item_target(fwc_rule_at(second, 0)), FWC_LOG_PREFIX),
		"y: ");
	fwc_ruleset_free(rs);
}
END_TEST

static Suite *suite(void)
{
	Suite *s = suite_create("target");
	TCase *tc = tcase_create("target");

	tcase_add_test(tc, every_kind_has_a_row);
	tcase_add_test(tc, a_target_holds_targets_that_keep_state_and_no_others);
	tcase_add_test(tc, parameters_that_are_not_set_are_not_zero);
	tcase_add_test(tc, values_are_copied);
	tcase_add_test(tc, a_failed_setter_fails_the_rule);
	tcase_add_test(tc, one_target_goes_to_many_rules);
	suite_add_tcase(s, tc);
	return s;
}

TEST_MAIN(suite)
