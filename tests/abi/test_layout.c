/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Sizes that an old program was compiled with: they change with the soname only. */
#include "../check.h"

#include <fwcore/fwcore.h>

START_TEST(error_has_512_bytes)
{
	ck_assert_uint_eq(sizeof(struct fwc_error), 512);
}
END_TEST

/* Options may grow at their end; a smaller one would read beyond what an old program passes. */
START_TEST(options_begin_with_their_size)
{
	ck_assert_uint_eq(offsetof(struct fwc_kernel_opts, size), 0);
	ck_assert_uint_eq(offsetof(struct fwc_apply_opts, size), 0);
	ck_assert_uint_eq(offsetof(struct fwc_base_opts, size), 0);
	ck_assert_uint_eq(offsetof(struct fwc_set_opts, size), 0);
	ck_assert_uint_eq(offsetof(struct fwc_element_opts, size), 0);
	ck_assert_uint_eq(offsetof(struct fwc_nat_opts, size), 0);
	ck_assert_uint_eq(offsetof(struct fwc_network_opts, size), 0);
	ck_assert_uint_eq(offsetof(struct fwc_attach_opts, size), 0);
}
END_TEST

START_TEST(structs_without_size_keep_theirs)
{
	ck_assert_uint_eq(sizeof(struct fwc_ip), 20);
	ck_assert_uint_eq(sizeof(struct fwc_port), 32);
	ck_assert_uint_eq(sizeof(struct fwc_place), 32 + 2 * sizeof(void *));
	ck_assert_uint_eq(sizeof(struct fwc_interface_stats), 22 * sizeof(uint64_t));
	ck_assert_uint_eq(sizeof(struct fwc_interface_address), 3 * 20 + 3 * 4 + 16 + 16);
}
END_TEST

START_TEST(running_library_is_the_one_compiled_against)
{
	ck_assert_str_eq(fwc_version(), FWC_VERSION);
}
END_TEST

static Suite *layout_suite(void)
{
	Suite *s = suite_create("layout");
	TCase *tc = tcase_create("layout");

	tcase_add_test(tc, error_has_512_bytes);
	tcase_add_test(tc, options_begin_with_their_size);
	tcase_add_test(tc, structs_without_size_keep_theirs);
	tcase_add_test(tc, running_library_is_the_one_compiled_against);
	suite_add_tcase(s, tc);
	return s;
}

TEST_MAIN(layout_suite)
