/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The namespaces that every other test here relies on: if these leak, the machine's rules are at stake. */
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "../check.h"

static ino_t own_namespace(void)
{
	struct stat st = { 0 };

	stat("/proc/thread-self/ns/net", &st);
	return st.st_ino;
}

static ino_t outside;

START_TEST(each_test_has_its_own_namespace)
{
	ck_assert_uint_ne(own_namespace(), 0);
	ck_assert_uint_ne(own_namespace(), outside);
}
END_TEST

START_TEST(new_namespace_has_only_lo_and_it_is_up)
{
	const char *links = sh("ip -o link show");

	assert_contains(links, "LOOPBACK,UP");
	assert_lacks(links, "\n2:");
}
END_TEST

START_TEST(nft_works_in_it_and_starts_empty)
{
	need_program("nft");
	ck_assert_str_eq(sh("nft list ruleset"), "");
	sh("nft add table inet t");
	assert_contains(sh("nft list tables"), "table inet t");
}
END_TEST

START_TEST(further_namespace_is_not_entered)
{
	ino_t here = own_namespace();
	int fd = ns_new();

	ck_assert_uint_eq(own_namespace(), here);
	sh_in(fd, "ip link add dummy7 type bridge");
	assert_lacks(sh("ip -o link"), "dummy7");
	assert_contains(sh_in(fd, "ip -o link"), "dummy7");
	close(fd);
}
END_TEST

static Suite *helpers_suite(void)
{
	Suite *s = suite_create("helpers");
	TCase *tc = tcase_create("namespaces");

	outside = own_namespace();
	tcase_add_checked_fixture(tc, ns_enter, NULL);
	tcase_add_test(tc, each_test_has_its_own_namespace);
	tcase_add_test(tc, new_namespace_has_only_lo_and_it_is_up);
	tcase_add_test(tc, nft_works_in_it_and_starts_empty);
	tcase_add_test(tc, further_namespace_is_not_entered);
	suite_add_tcase(s, tc);
	return s;
}

TEST_MAIN(helpers_suite)
