/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Every allocation on the way to interfaces, forwarding and links fails once: it is told, nothing leaks or is left half-done. */
#include "../check.h"
#include "../failing.h"

#include "core/core.h"
#include "kernel/handle.h"
#include "route/links.h"

#include <fwcore/fwcore.h>

static struct fwc_kernel *k;
static struct fwc_error err;

static int open_here(void)
{
	struct fwc_kernel *made;
	int r = fwc_kernel_open(&made, NULL, &err);

	if (r == 0)
		fwc_kernel_close(made);
	return r;
}

static int read_interfaces(void)
{
	struct fwc_interfaces *list;
	int r = fwc_interfaces_get(k, &list, &err);

	if (r == 0)
		fwc_interfaces_free(list);
	return r;
}

static int read_forwarding(void)
{
	bool on;

	return fwc_forwarding_get(k, FWC_FAMILY_IP6, "b", &on, &err);
}

static int change_forwarding(void)
{
	struct fwc_settings *before;
	int r = fwc_forwarding_change(k, FWC_FAMILY_IP, NULL, true, 0, &before, &err);

	if (r == 0)
		fwc_settings_free(before);
	return r;
}

static int make_links(void)
{
	struct fwc_link_peer peer = { .name = "made1", .netns_fd = -1 };
	struct fwc_links t = { 0 };
	int r;

	for (int i = 0; i < 20; i++)
		fwc_links_set_mtu(&t, 0, "b", 1400);
	fwc_links_add_veth(&t, &(struct fwc_link_new){ .name = "made0", .alias = "a" }, &peer);
	r = fwc_links_commit(&t, &k->route, NULL, &err);
	fwc_links_free(&t);
	return r;
}

static int find_link(void)
{
	struct fwc_link_info info;

	return fwc_link_find(&k->route, "b", 0, &info, &err);
}

/* Calls with the first allocation failing, with the second, until none is left to fail. */
static void each_fails_once(int (*call)(void), unsigned long at_least)
{
	int r = -ENOMEM;

	for (unsigned long n = 1; r == -ENOMEM; n++) {
		unsigned long seen;

		fail_allocation(n);
		r = call();
		seen = allocations_seen();
		fail_allocation(0);
		if (seen < n) {
			ck_assert_msg(r == 0, "%d %s", r, err.msg);
			ck_assert_uint_gt(n, at_least);
			return;
		}
		assert_error(&err, -ENOMEM, "out of memory");
		ck_assert_str_eq(sh("cat /proc/sys/net/ipv4/ip_forward"), "0\n");
		assert_lacks(sh("ip link show"), "made0");
	}
	ck_abort_msg("a failed allocation gave %d", r);
}

static void enter(void)
{
	ns_enter();
	sh("ip link add name b type bridge && ip link set dev b alias 'the alias'");
	sh("ip addr add 10.0.0.1/24 dev b");
	assert_ok(fwc_kernel_open(&k, NULL, &err), err);
}

static void leave(void)
{
	fwc_kernel_close(k);
}

START_TEST(each_allocation_fails_once)
{
	each_fails_once(open_here, 3);
	each_fails_once(read_interfaces, 6);
	each_fails_once(read_forwarding, 2);
	each_fails_once(find_link, 3);
	each_fails_once(make_links, 3);
	sh("ip link del made0"); /* of the call that worked */
	each_fails_once(change_forwarding, 20);
}
END_TEST

static Suite *memory_suite(void)
{
	Suite *s = suite_create("route_memory");
	TCase *tc = tcase_create("memory");

	tcase_add_checked_fixture(tc, enter, leave);
	tcase_add_test(tc, each_allocation_fails_once);
	suite_add_tcase(s, tc);
	return s;
}

TEST_MAIN(memory_suite)
