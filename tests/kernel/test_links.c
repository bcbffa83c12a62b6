/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Lists of rtnetlink messages, read back with ip(8). The header is private: linked with the static library. */
#include <linux/if_link.h>
#include <linux/ip.h>
#include <sys/stat.h>
#include <unistd.h>

#include "../check.h"
#include "kernel/handle.h"
#include "route/links.h"

static struct fwc_kernel *k;
static struct fwc_links t;
static struct fwc_error err;

static void open_kernel(void)
{
	ns_enter();
	assert_ok(fwc_kernel_open(&k, NULL, &err), err);
}

static struct fwc_ip ip(const char *text)
{
	struct fwc_ip parsed;

	assert_ok(fwc_ip_parse(text, &parsed, &err), err);
	return parsed;
}

static void commit(void)
{
	assert_ok(fwc_links_commit(&t, &k->route, NULL, &err), err);
}

START_TEST(bridge_has_all_that_was_asked_for)
{
	const char *shown;

	fwc_links_add_bridge(&t, &(struct fwc_link_new){ .name = "br,1",
							 .alias = "fwcore: a \"b\"",
							 .index = 4711,
							 .mtu = 1400,
							 .mac = { 2, 0, 0, 0xab, 0, 7 },
							 .up = true });
	commit();
	shown = sh("ip -j -d link show dev br,1");
	assert_contains(shown, "\"ifindex\":4711,");
	assert_contains(shown, "\"ifalias\":\"fwcore: a \\\"b\\\"\"");
	assert_contains(shown, "\"mtu\":1400,");
	assert_contains(shown, "\"address\":\"02:00:00:ab:00:07\"");
	assert_contains(shown, "\"UP\"");
	assert_contains(shown, "\"info_kind\":\"bridge\"");
}
END_TEST

START_TEST(least_bridge_is_down_and_without_alias)
{
	const char *shown;

	fwc_links_add_bridge(&t, &(struct fwc_link_new){ .name = "b" });
	commit();
	shown = sh("ip -j link show dev b");
	assert_lacks(shown, "\"UP\"");
	assert_lacks(shown, "ifalias");
	assert_contains(shown, "\"mtu\":1500,");
}
END_TEST

START_TEST(veth_peer_is_born_in_the_other_namespace)
{
	int there = ns_new();
	const char *shown;

	fwc_links_add_bridge(&t, &(struct fwc_link_new){ .name = "br0", .index = 100, .up = true });
	fwc_links_add_veth(&t,
			   &(struct fwc_link_new){ .name = "v0",
						   .alias = "x",
						   .master = 100,
						   .index = 101,
						   .mtu = 1300,
						   .up = true },
			   &(struct fwc_link_peer){ .name = "eth0",
						    .netns_fd = there,
						    .index = 77,
						    .mtu = 1300,
						    .mac = { 2, 0, 0, 0, 0, 9 } });
	fwc_links_set_isolated(&t, 101, true);
	fwc_links_set_hairpin(&t, 101, true);
	commit();
	assert_lacks(sh("ip -o link"), "eth0");
	shown = sh("ip -j -d link show dev v0");
	assert_contains(shown, "\"master\":\"br0\"");
	assert_contains(shown, "\"isolated\":true");
	assert_contains(shown, "\"hairpin\":true");
	assert_contains(shown, "\"ifalias\":\"x\"");
	assert_contains(shown, "\"mtu\":1300,");
	shown = sh_in(there, "ip -j link show dev eth0");
	assert_contains(shown, "\"ifindex\":77,");
	assert_contains(shown, "\"mtu\":1300,");
	assert_contains(shown, "\"address\":\"02:00:00:00:00:09\"");
	fwc_links_set_isolated(&t, 101, false);
	commit();
	shown = sh("ip -j -d link show dev v0");
	assert_contains(shown, "\"isolated\":false");
	assert_contains(shown, "\"hairpin\":true");
	close(there);
}
END_TEST

START_TEST(peer_stays_here_without_a_namespace)
{
	fwc_links_add_veth(&t, &(struct fwc_link_new){ .name = "a" },
			   &(struct fwc_link_peer){ .name = "b", .netns_fd = -1 });
	commit();
	assert_contains(sh("ip -o link"), "a@b");
}
END_TEST

START_TEST(addresses_and_routes_are_as_ip_would_set_them)
{
	struct fwc_ip a4 = ip("192.0.2.5"), a6 = ip("2001:db8::5"), single = ip("203.0.113.9");
	struct fwc_ip g4 = ip("192.0.2.1"), g6 = ip("2001:db8::1");
	const char *shown;

	fwc_links_add_bridge(&t, &(struct fwc_link_new){ .name = "e", .index = 50, .up = true });
	fwc_links_add_address(&t, 50, &a4, 25);
	fwc_links_add_address(&t, 50, &single, 32);
	fwc_links_add_address(&t, 50, &a6, 64);
	fwc_links_add_default_route(&t, 50, &g4);
	fwc_links_add_default_route(&t, 50, &g6);
	commit();
	shown = sh("ip -j addr show dev e");
	assert_contains(shown, "\"local\":\"192.0.2.5\",\"prefixlen\":25,"
			       "\"broadcast\":\"192.0.2.127\",\"scope\":\"global\"");
	assert_contains(shown, "\"local\":\"203.0.113.9\",\"prefixlen\":32,\"scope\":\"global\"");
	assert_contains(shown, "\"local\":\"2001:db8::5\",\"prefixlen\":64,\"scope\":\"global\","
			       "\"nodad\":true");
	assert_contains(sh("ip route show default"), "default via 192.0.2.1 dev e");
	assert_contains(sh("ip -6 route show default"), "default via 2001:db8::1 dev e");
	fwc_links_del_address(&t, 50, &a4, 25);
	fwc_links_del_address(&t, 50, &a6, 64);
	commit();
	shown = sh("ip -j addr show dev e");
	assert_lacks(shown, "192.0.2.5");
	assert_lacks(shown, "2001:db8::5");
	assert_contains(shown, "203.0.113.9");
}
END_TEST

START_TEST(ip4_settings_are_of_one_interface)
{
	fwc_links_add_bridge(&t, &(struct fwc_link_new){ .name = "e", .index = 50 });
	fwc_links_set_inet_conf(&t, 50, IPV4_DEVCONF_ROUTE_LOCALNET, 1);
	fwc_links_set_inet_conf(&t, 50, IPV4_DEVCONF_FORWARDING, 1);
	commit();
	ck_assert_str_eq(sh("cat /proc/sys/net/ipv4/conf/e/route_localnet"), "1\n");
	ck_assert_str_eq(sh("cat /proc/sys/net/ipv4/conf/e/forwarding"), "1\n");
	ck_assert_str_eq(sh("cat /proc/sys/net/ipv4/conf/lo/route_localnet"), "0\n");
	fwc_links_set_inet_conf(&t, 50, IPV4_DEVCONF_FORWARDING, 0);
	commit();
	ck_assert_str_eq(sh("cat /proc/sys/net/ipv4/conf/e/forwarding"), "0\n");
	fwc_links_set_inet_conf(&t, 51, IPV4_DEVCONF_FORWARDING, 0);
	assert_fails(fwc_links_commit(&t, &k->route, NULL, &err), -ENODEV, err, "index 51");
}
END_TEST

START_TEST(kernel_makes_no_link_local_address_when_told_so)
{
	fwc_links_add_bridge(&t, &(struct fwc_link_new){ .name = "e", .index = 50 });
	fwc_links_set_ip6_addr_gen(&t, 50, IN6_ADDR_GEN_MODE_NONE);
	fwc_links_set_up(&t, 50, NULL, true);
	fwc_links_add_bridge(&t, &(struct fwc_link_new){ .name = "f", .index = 51, .up = true });
	commit();
	assert_contains(sh("ip -d link show dev e"), "addrgenmode none");
	ck_assert_str_eq(sh("ip -6 addr show dev e"), "");
	assert_contains(sh("ip -6 addr show dev f"), "fe80::");
}
END_TEST

START_TEST(links_are_changed_by_name_and_by_index)
{
	const char *shown;

	sh("ip link add name m index 40 type bridge && ip link add name p index 41 type veth peer name q");
	fwc_links_set_mtu(&t, 0, "p", 1280);
	fwc_links_set_master(&t, 41, NULL, 40);
	fwc_links_set_alias(&t, 41, "ignored when an index is given", "one");
	fwc_links_set_up(&t, 0, "p", true);
	commit();
	shown = sh("ip -j link show dev p");
	assert_contains(shown, "\"mtu\":1280,");
	assert_contains(shown, "\"master\":\"m\"");
	assert_contains(shown, "\"ifalias\":\"one\"");
	assert_contains(shown, "\"UP\"");
	fwc_links_set_up(&t, 41, NULL, false);
	fwc_links_set_master(&t, 0, "p", 0);
	fwc_links_set_alias(&t, 0, "p", "");
	commit();
	shown = sh("ip -j link show dev p");
	assert_lacks(shown, "\"UP\"");
	assert_lacks(shown, "master");
	assert_lacks(shown, "ifalias");
	fwc_links_del(&t, 0, "p");
	fwc_links_del(&t, 40, NULL);
	commit();
	ck_assert_str_eq(sh("ip -o link show | grep -v LOOPBACK || true"), "");
}
END_TEST

START_TEST(refused_message_is_named_with_the_kernels_words)
{
	struct fwc_ip far = ip("198.51.100.1");
	size_t failed = 99;

	sh("ip link add name e index 50 type bridge && ip link set e up");
	fwc_links_set_mtu(&t, 50, NULL, 1400);
	fwc_links_add_default_route(&t, 50, &far);
	fwc_links_set_alias(&t, 50, NULL, "after");
	assert_fails(
		fwc_links_commit(&t, &k->route, &failed, &err), -ENETUNREACH, err,
		"cannot add the default route through 198.51.100.1: Nexthop has invalid gateway");
	ck_assert_uint_eq(failed, 1);
	ck_assert_uint_eq(err.object, FWC_OBJECT_ROUTE);
	ck_assert_uint_eq(err.from_kernel, 1);
	/* Not atomic: what came behind it was done. */
	assert_contains(sh("ip link show dev e"), "alias after");
	/* The list is empty again and usable. */
	fwc_links_add_bridge(&t, &(struct fwc_link_new){ .name = "e" });
	assert_fails(fwc_links_commit(&t, &k->route, &failed, &err), -EEXIST, err,
		     "cannot make the bridge 'e': ");
	ck_assert_uint_eq(failed, 0);
	fwc_links_set_mtu(&t, 4000, NULL, 1500);
	assert_fails(fwc_links_commit(&t, &k->route, NULL, &err), -ENODEV, err,
		     "the interface of index 4000");
	ck_assert_uint_eq(err.object, FWC_OBJECT_INTERFACE);
}
END_TEST

START_TEST(index_that_is_taken_is_refused_and_nothing_made)
{
	sh("ip link add name e index 50 type bridge");
	fwc_links_add_bridge(&t, &(struct fwc_link_new){ .name = "f", .index = 50 });
	ck_assert_int_lt(fwc_links_commit(&t, &k->route, NULL, &err), 0);
	ck_assert_msg(err.code == -EBUSY || err.code == -EEXIST, "%d %s", err.code, err.msg);
	assert_lacks(sh("ip -o link"), " f:");
}
END_TEST

START_TEST(empty_list_is_nothing_to_do)
{
	commit();
	fwc_links_free(&t);
	commit();
}
END_TEST

START_TEST(link_is_found_by_name_and_by_index)
{
	struct fwc_link_info info;

	sh("ip link add name m index 40 type bridge");
	sh("ip link add name p index 41 address 02:00:00:00:00:05 mtu 1400 type veth peer name q index 42");
	sh("ip link set p master m alias 'the alias'");
	assert_ok(fwc_link_find(&k->route, "p", 0, &info, &err), err);
	ck_assert_uint_eq(info.index, 41);
	ck_assert_uint_eq(info.master, 40);
	ck_assert_uint_eq(info.peer, 42);
	ck_assert_uint_eq(info.mtu, 1400);
	ck_assert_str_eq(info.kind, "veth");
	ck_assert_str_eq(info.alias, "the alias");
	ck_assert_mem_eq(info.mac, "\x02\0\0\0\0\x05", 6);
	assert_ok(fwc_link_find(&k->route, NULL, 40, &info, &err), err);
	ck_assert_str_eq(info.name, "m");
	ck_assert_str_eq(info.kind, "bridge");
	ck_assert_str_eq(info.alias, "");
	assert_ok(fwc_link_find(&k->route, "lo", 0, &info, &err), err);
	ck_assert_str_eq(info.kind, "");
	assert_fails(fwc_link_find(&k->route, "nope", 0, &info, &err), -ENODEV, err,
		     "there is no interface 'nope'");
	assert_fails(fwc_link_find(&k->route, NULL, 4000, &info, &err), -ENODEV, err, "4000");
	ck_assert_str_eq(info.name, "lo"); /* left alone */
}
END_TEST

static void close_kernel(void)
{
	fwc_links_free(&t);
	fwc_kernel_close(k);
}

static Suite *links_suite(void)
{
	Suite *s = suite_create("links");
	TCase *tc = tcase_create("links");

	tcase_add_checked_fixture(tc, open_kernel, close_kernel);
	tcase_add_test(tc, bridge_has_all_that_was_asked_for);
	tcase_add_test(tc, least_bridge_is_down_and_without_alias);
	tcase_add_test(tc, veth_peer_is_born_in_the_other_namespace);
	tcase_add_test(tc, peer_stays_here_without_a_namespace);
	tcase_add_test(tc, addresses_and_routes_are_as_ip_would_set_them);
	tcase_add_test(tc, ip4_settings_are_of_one_interface);
	tcase_add_test(tc, kernel_makes_no_link_local_address_when_told_so);
	tcase_add_test(tc, links_are_changed_by_name_and_by_index);
	tcase_add_test(tc, refused_message_is_named_with_the_kernels_words);
	tcase_add_test(tc, index_that_is_taken_is_refused_and_nothing_made);
	tcase_add_test(tc, empty_list_is_nothing_to_do);
	tcase_add_test(tc, link_is_found_by_name_and_by_index);
	suite_add_tcase(s, tc);
	return s;
}

TEST_MAIN(links_suite)
