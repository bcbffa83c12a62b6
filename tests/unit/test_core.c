/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Errors, names and addresses: what everything else stands on. */
#include <stdlib.h>

#include "../check.h"

#include "core/core.h"

START_TEST(error_has_512_bytes_and_one_line)
{
	struct fwc_error err;

	ck_assert_uint_eq(sizeof(err), 512);
	ck_assert_int_eq(fwc_fail(&err, -EINVAL, FWC_OBJECT_TEXT, "'%s' is\nno %s", "a\tb", "word"),
			 -EINVAL);
	assert_error(&err, -EINVAL, "'a?b' is?no word");
	ck_assert_uint_eq(err.object, FWC_OBJECT_TEXT);
	ck_assert_uint_eq(err.rule, FWC_NO_INDEX);
	ck_assert_uint_eq(err.item, FWC_NO_INDEX);
}
END_TEST

START_TEST(failing_without_error_struct_is_fine)
{
	ck_assert_int_eq(fwc_fail(NULL, -EINVAL, FWC_OBJECT_TEXT, "lost"), -EINVAL);
	fwc_error_prepend(NULL, "table %s", "t");
	fwc_error_clear(NULL);
}
END_TEST

START_TEST(long_place_is_cut_and_the_cause_kept)
{
	struct fwc_error err;
	char place[600];

	memset(place, 'x', sizeof(place) - 1);
	place[sizeof(place) - 1] = '\0';
	fwc_fail(&err, -ENOENT, FWC_OBJECT_CHAIN, "there is no chain 'c'");
	fwc_error_prepend(&err, "table %s", place);
	assert_error(&err, -ENOENT, "xxx: there is no chain 'c'");
	ck_assert_uint_eq(strlen(err.msg), sizeof(err.msg) - 1);
}
END_TEST

START_TEST(cut_name_ends_with_a_whole_character)
{
	char name[6];

	fwc_copy_name(name, sizeof(name), "abcd\xc3\xa9");
	ck_assert_str_eq(name, "abcd");
}
END_TEST

START_TEST(interface_names_are_what_the_kernel_takes)
{
	static const char *const good[] = { "lo",      "eth0", "a,b", "1-2", "123456789012345",
					    "\xc3\xa9" };
	static const char *const bad[] = {
		"",     ".",     "..", "a/b", "a:b", "a b", "1234567890123456", "x\"accept;#",
		"a\1b", "a\177b"
	};
	struct fwc_error err;

	for (size_t i = 0; i < FWC_ARRAY_SIZE(good); i++)
		ck_assert_int_eq(fwc_check_ifname(good[i], &err), 0);
	for (size_t i = 0; i < FWC_ARRAY_SIZE(bad); i++)
		assert_fails(fwc_check_ifname(bad[i], &err), -EINVAL, err, "interface");
}
END_TEST

START_TEST(addresses_are_read_and_written_alike)
{
	static const char *const texts[] = { "0.0.0.0", "192.0.2.1", "::", "2001:db8::1",
					     "fe80::1" };
	char buf[46], small[4];
	struct fwc_error err;
	struct fwc_ip ip;
	size_t needed;

	for (size_t i = 0; i < FWC_ARRAY_SIZE(texts); i++) {
		assert_ok(fwc_ip_parse(texts[i], &ip, &err), err);
		ck_assert_int_eq(fwc_ip_format(&ip, buf, sizeof(buf), &needed), 0);
		ck_assert_str_eq(buf, texts[i]);
		ck_assert_uint_eq(needed, strlen(texts[i]));
	}
	ck_assert_int_eq(fwc_ip_format(&ip, small, sizeof(small), &needed), -ENOSPC);
	ck_assert_str_eq(small, "fe8");
	ck_assert_uint_eq(needed, strlen("fe80::1"));
}
END_TEST

START_TEST(wrong_address_is_named_and_nothing_written)
{
	static const char *const bad[] = { "",        "10.0.0",     "10.0.0.256",
					   "1::2::3", "10.0.0.1/8", "host" };
	struct fwc_ip ip = { .family = 77 };
	struct fwc_error err;

	for (size_t i = 0; i < FWC_ARRAY_SIZE(bad); i++) {
		assert_fails(fwc_ip_parse(bad[i], &ip, &err), -EINVAL, err, bad[i]);
		ck_assert_uint_eq(ip.family, 77);
	}
}
END_TEST

START_TEST(prefix_longer_than_its_address_is_refused)
{
	struct fwc_error err;
	struct fwc_ip ip;
	uint32_t len;

	assert_ok(fwc_ip_parse_prefix("10.0.0.0/8", 10, &ip, &len, &err), err);
	ck_assert_uint_eq(len, 8);
	assert_fails(fwc_ip_parse_prefix("10.0.0.0/33", 11, &ip, &len, &err), -EINVAL, err,
		     "10.0.0.0/33");
	assert_fails(fwc_ip_parse_prefix("::/129", 6, &ip, &len, &err), -EINVAL, err, "::/129");
}
END_TEST

START_TEST(options_of_a_newer_caller_are_refused_only_when_used)
{
	struct {
		size_t size;
		uint32_t known, newer;
	} opts = { .size = sizeof(opts), .known = 1 };
	const size_t known = sizeof(opts) - sizeof(opts.newer);
	struct fwc_error err;

	ck_assert_int_eq(fwc_opts_check(NULL, known, &err), 0);
	ck_assert_int_eq(fwc_opts_check(&opts, known, &err), 0);
	opts.newer = 1;
	assert_fails(fwc_opts_check(&opts, known, &err), -E2BIG, err, "does not know");
	opts.size = 0;
	assert_fails(fwc_opts_check(&opts, known, &err), -EINVAL, err, "sizeof");
}
END_TEST

START_TEST(arena_hands_out_zeroed_memory_that_stays_where_it_is)
{
	enum { PIECES = 3000, PIECE = 1500 }; /* beyond the first huge chunk */
	static uint8_t *at[PIECES];
	struct fwc_arena a = { 0 };

	ck_assert_ptr_nonnull(fwc_arena_alloc(&a, 0));
	for (int i = 0; i < PIECES; i++) {
		at[i] = fwc_arena_alloc(&a, PIECE);
		ck_assert_ptr_nonnull(at[i]);
		ck_assert_uint_eq((uintptr_t)at[i] % 8, 0);
		ck_assert_uint_eq(at[i][0] | at[i][PIECE - 1], 0);
		memset(at[i], i, PIECE);
	}
	for (int i = 0; i < PIECES; i++)
		ck_assert(at[i][0] == (uint8_t)i && at[i][PIECE - 1] == (uint8_t)i);
	ck_assert_ptr_nonnull(fwc_arena_alloc(&a, 5 * 1024 * 1024));
	fwc_arena_free(&a);
}
END_TEST

START_TEST(block_grows_with_what_is_in_it)
{
	uint8_t *block = NULL;

	for (size_t size = 1024, used = 0; size <= 16 * 1024 * 1024; used = size, size *= 2) {
		block = fwc_block_grow(block, used, size);
		ck_assert_ptr_nonnull(block);
		for (size_t i = 0; i < used; i += 512)
			ck_assert_uint_eq(block[i], i / 512 % 251);
		for (size_t i = used; i < size; i += 512)
			block[i] = (uint8_t)(i / 512 % 251);
	}
	free(block);
}
END_TEST

static Suite *core_suite(void)
{
	Suite *s = suite_create("core");
	TCase *tc = tcase_create("core");

	tcase_add_test(tc, error_has_512_bytes_and_one_line);
	tcase_add_test(tc, failing_without_error_struct_is_fine);
	tcase_add_test(tc, long_place_is_cut_and_the_cause_kept);
	tcase_add_test(tc, cut_name_ends_with_a_whole_character);
	tcase_add_test(tc, interface_names_are_what_the_kernel_takes);
	tcase_add_test(tc, addresses_are_read_and_written_alike);
	tcase_add_test(tc, wrong_address_is_named_and_nothing_written);
	tcase_add_test(tc, prefix_longer_than_its_address_is_refused);
	tcase_add_test(tc, options_of_a_newer_caller_are_refused_only_when_used);
	tcase_add_test(tc, arena_hands_out_zeroed_memory_that_stays_where_it_is);
	tcase_add_test(tc, block_grows_with_what_is_in_it);
	suite_add_tcase(s, tc);
	return s;
}

TEST_MAIN(core_suite)
