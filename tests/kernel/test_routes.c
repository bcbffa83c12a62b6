/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Routes: those that ip(8) made are read and made again, those that we make are read by ip(8). */
#include <fwcore/fwcore.h>
#include <net/if.h>

#include "../check.h"

static struct fwc_kernel *k;
static struct fwc_routes *list;
static struct fwc_error err;

/* Two links with addresses, so that there are gateways. */
static void open_kernel(void)
{
	need_program("ip");
	ns_enter();
	sh("ip link add va type veth peer name vb");
	sh("ip addr add 192.0.2.1/24 dev va; ip addr add 2001:db8::1/64 dev va nodad; ip link set va up");
	sh("ip addr add 198.51.100.1/24 dev vb; ip addr add 2001:db8:1::1/64 dev vb nodad; ip link set vb up");
	assert_ok(fwc_kernel_open(&k, NULL, &err), err);
}

static void close_kernel(void)
{
	fwc_routes_free(list);
	list = NULL;
	fwc_kernel_close(k);
}

static struct fwc_ip ip(const char *text)
{
	struct fwc_ip parsed;

	assert_ok(fwc_ip_parse(text, &parsed, &err), err);
	return parsed;
}

/* Whether a link has its carrier yet is told a moment later, and no matter here. */
static const char *shown(const char *table)
{
	return sh(
		"(ip -4 -N route show table %s; ip -6 -N route show table %s) | sed 's/ linkdown//'",
		table, table);
}

/* What ip made, in table 100. */
static const char *const by_ip[] = {
	"10.1.0.0/16 via 192.0.2.9",
	"10.2.0.0/16 dev va proto static",
	"10.3.0.0/16 via 192.0.2.9 metric 7 mtu 1400",
	"10.3.0.0/16 via 192.0.2.8 metric 9",
	"10.4.0.0/16 nexthop via 192.0.2.9 weight 3 nexthop via 198.51.100.9 weight 256",
	"10.5.0.0/16 via inet6 2001:db8::9 dev va",
	"10.6.0.1/32 via 203.0.113.1 dev va onlink",
	"10.7.0.0/16 via 192.0.2.9 src 198.51.100.1",
	"default via 192.0.2.9",
	"blackhole 10.8.0.0/16",
	"unreachable 10.9.0.0/16 metric 3",
	"prohibit 10.10.0.0/16",
	"throw 10.11.0.0/16",
	"local 10.12.0.1/32 dev lo",
	"broadcast 10.13.0.255/32 dev va",
	"2001:db8:a::/48 via 2001:db8::9",
	"2001:db8:b::/48 dev va metric 5 proto dhcp",
	"2001:db8:c::/48 nexthop via 2001:db8::9 weight 2 nexthop via 2001:db8:1::9",
	"2001:db8:d::/48 via 2001:db8::9 mtu 1300",
	"default via 2001:db8::9",
	"blackhole 2001:db8:e::/48",
	"unreachable 2001:db8:f::/48",
	"prohibit 2001:db8:10::/48",
};

static void add_by_ip(void)
{
	for (size_t i = 0; i < sizeof(by_ip) / sizeof(by_ip[0]); i++)
		sh("ip %s route add table 100 %s",
		   strstr(by_ip[i], "2001:db8") && !strstr(by_ip[i], "inet6") ? "-6" : "-4",
		   by_ip[i]);
}

static size_t each_of_table(uint32_t table,
			    int (*change)(struct fwc_kernel *, const struct fwc_route *,
					  struct fwc_error *))
{
	size_t done = 0;

	for (size_t i = 0; i < fwc_routes_count(list); i++) {
		const struct fwc_route *r = fwc_routes_at(list, i);

		if (r->table != table)
			continue;
		assert_ok(change(k, r, &err), err);
		done++;
	}
	return done;
}

/* What ip made is deleted and made again by what we read of it. */
START_TEST(routes_come_back_as_they_were_read)
{
	const size_t made = sizeof(by_ip) / sizeof(by_ip[0]);
	const char *before;

	add_by_ip();
	before = shown("100");
	assert_ok(fwc_routes_get(k, FWC_FAMILY_ANY, &list, &err), err);
	ck_assert_uint_eq(each_of_table(100, fwc_route_delete), made);
	ck_assert_str_eq(shown("100"), "");
	ck_assert_uint_eq(each_of_table(100, fwc_route_add), made);
	ck_assert_str_eq(shown("100"), before);
	ck_assert_uint_eq(each_of_table(100, fwc_route_replace), made);
	ck_assert_str_eq(shown("100"), before);
	fwc_routes_free(list);
	assert_ok(fwc_routes_get(k, FWC_FAMILY_IP6, &list, &err), err);
	ck_assert_uint_gt(fwc_routes_count(list), 0);
	for (size_t i = 0; i < fwc_routes_count(list); i++)
		ck_assert_uint_eq(fwc_routes_at(list, i)->destination.family, FWC_FAMILY_IP6);
}
END_TEST

static const struct fwc_route *find(uint32_t table, const char *destination, uint32_t metric)
{
	struct fwc_ip wanted = ip(destination);

	for (size_t i = 0; i < fwc_routes_count(list); i++) {
		const struct fwc_route *r = fwc_routes_at(list, i);

		if (r->table == table && !memcmp(&r->destination, &wanted, sizeof(wanted)) &&
		    (!metric || r->metric == metric))
			return r;
	}
	ck_abort_msg("no route to %s in table %u", destination, table);
	abort();
}

START_TEST(everything_about_a_route_is_read)
{
	const struct fwc_route *r;
	struct fwc_ip gateway;

	add_by_ip();
	assert_ok(fwc_routes_get(k, FWC_FAMILY_ANY, &list, &err), err);
	r = find(100, "10.3.0.0", 7);
	ck_assert_uint_eq(r->prefix_len, 16);
	ck_assert_uint_eq(r->type, FWC_ROUTE_UNICAST);
	ck_assert_str_eq(fwc_route_protocol_name(r->protocol), "boot");
	ck_assert_uint_eq(r->mtu, 1400);
	ck_assert_uint_eq(r->hop_count, 1);
	ck_assert_uint_eq(r->hops->interface, if_nametoindex("va"));
	gateway = ip("192.0.2.9");
	ck_assert_mem_eq(&r->hops->gateway, &gateway, sizeof(gateway));
	r = find(100, "10.4.0.0", 0);
	ck_assert_uint_eq(r->hop_count, 2);
	ck_assert_uint_eq(r->hops[0].weight, 3);
	ck_assert_uint_eq(r->hops[1].weight, 256);
	ck_assert_uint_eq(r->hops[1].interface, if_nametoindex("vb"));
	gateway = ip("198.51.100.9");
	ck_assert_mem_eq(&r->hops[1].gateway, &gateway, sizeof(gateway));
	r = find(100, "10.5.0.0", 0);
	gateway = ip("2001:db8::9");
	ck_assert_mem_eq(&r->hops->gateway, &gateway, sizeof(gateway));
	r = find(100, "10.8.0.0", 0);
	ck_assert_str_eq(fwc_route_type_name(r->type), "blackhole");
	ck_assert_uint_eq(r->hop_count, 0);
	r = find(FWC_ROUTE_TABLE_LOCAL, "192.0.2.1", 0);
	ck_assert_uint_eq(r->type, FWC_ROUTE_LOCAL);
	ck_assert_uint_eq(r->scope, 254);
	ck_assert_mem_eq(&r->source, &r->destination, sizeof(r->source));
}
END_TEST

START_TEST(route_is_the_one_that_ip_would_get)
{
	struct fwc_ip to = ip("10.1.2.3"), source = ip("198.51.100.1"), gateway = ip("192.0.2.9");
	struct fwc_route_lookup_opts opts = { .size = sizeof(opts), .source = &source };
	const struct fwc_route *r;

	sh("ip route add 10.1.0.0/16 via 192.0.2.9; ip route add 10.1.0.0/16 via 198.51.100.9 table 7");
	sh("ip rule add from 198.51.100.1 table 7; ip rule add fwmark 0x5 table 7");
	assert_ok(fwc_route_lookup(k, &to, NULL, &list, &err), err);
	ck_assert_uint_eq(fwc_routes_count(list), 1);
	r = fwc_routes_at(list, 0);
	ck_assert_uint_eq(r->table, FWC_ROUTE_TABLE_MAIN);
	ck_assert_uint_eq(r->prefix_len, 32);
	ck_assert_mem_eq(&r->destination, &to, sizeof(to));
	ck_assert_mem_eq(&r->hops->gateway, &gateway, sizeof(gateway));
	assert_contains(sh("ip route get 10.1.2.3"), "via 192.0.2.9 dev va src 192.0.2.1");
	source = ip("192.0.2.1");
	ck_assert_mem_eq(&r->source, &source, sizeof(source));
	source = ip("198.51.100.1");
	for (int by_mark = 0; by_mark < 2; by_mark++) {
		fwc_routes_free(list);
		assert_ok(fwc_route_lookup(k, &to, &opts, &list, &err), err);
		ck_assert_uint_eq(fwc_routes_at(list, 0)->table, 7);
		ck_assert_uint_eq(fwc_routes_at(list, 0)->hops->interface, if_nametoindex("vb"));
		opts.source = NULL;
		opts.mark = 5;
	}
	to = ip("2001:db8:1::77");
	fwc_routes_free(list);
	assert_ok(fwc_route_lookup(k, &to, NULL, &list, &err), err);
	ck_assert_uint_eq(fwc_routes_at(list, 0)->hops->interface, if_nametoindex("vb"));
}
END_TEST

START_TEST(why_there_is_no_route_is_told)
{
	static const struct {
		const char *to;
		int code;
	} rows[] = {
		{ "10.1.2.3", -EINVAL },
		{ "10.2.2.3", -EHOSTUNREACH },
		{ "10.3.2.3", -EACCES },
		{ "10.4.2.3", -ENETUNREACH },
		{ "2001:db8:77::1", -ENETUNREACH },
	};
	struct fwc_ip to;

	sh("ip route add blackhole 10.1.0.0/16; ip route add unreachable 10.2.0.0/16; ip route add prohibit 10.3.0.0/16");
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct fwc_routes *untouched = (void *)&err;

		to = ip(rows[i].to);
		ck_assert_int_eq(fwc_route_lookup(k, &to, NULL, &untouched, &err), rows[i].code);
		ck_assert_ptr_eq(untouched, &err);
		assert_contains(err.msg, rows[i].to);
	}
}
END_TEST

START_TEST(replaced_route_is_never_absent)
{
	struct fwc_next_hop hop = { .gateway = ip("192.0.2.9") };
	struct fwc_route route = {
		.destination = ip("10.1.0.0"), .prefix_len = 16, .hops = &hop, .hop_count = 1
	};

	assert_ok(fwc_route_replace(k, &route, &err), err);
	assert_contains(shown("main"), "10.1.0.0/16 via 192.0.2.9 dev va");
	ck_assert_int_eq(fwc_route_add(k, &route, &err), -EEXIST);
	ck_assert_str_eq(err.msg,
			 "cannot add the route to 10.1.0.0/16 through 192.0.2.9: File exists");
	hop.gateway = ip("192.0.2.8");
	assert_ok(fwc_route_replace(k, &route, &err), err);
	assert_lacks(shown("main"), "192.0.2.9");
	/* Deleted by what is said of it only. */
	route.metric = 5;
	ck_assert_int_eq(fwc_route_delete(k, &route, &err), -ESRCH);
	route.metric = 0;
	route.hop_count = 0;
	assert_ok(fwc_route_delete(k, &route, &err), err);
	assert_lacks(shown("main"), "10.1.0.0/16");
}
END_TEST

/* A change of a good route that makes it a bad one, and what is said then. */
static const struct {
	const char *destination, *gateway;
	uint32_t prefix_len, type, interface, weight, protocol, family;
	const char *msg;
} bad[] = {
	{ "10.0.0.0", "192.0.2.9", .prefix_len = 33,
	  .msg = "/33 is no prefix of IPv4: it has 0 to 32 bits" },
	{ "2001:db8::", "2001:db8::9", .prefix_len = 129,
	  .msg = "/129 is no prefix of IPv6: it has 0 to 128 bits" },
	{ "10.0.0.1", "192.0.2.9", .prefix_len = 8,
	  .msg = "the destination has bits behind its prefix: 10.0.0.0/8 is the network" },
	{ "10.0.0.0", NULL, .prefix_len = 8,
	  .msg = "a route to 10.0.0.0/8 needs a gateway or an interface" },
	{ "10.0.0.0", "192.0.2.9", .prefix_len = 8, .type = FWC_ROUTE_BLACKHOLE,
	  .msg = "a blackhole route has no next hop" },
	{ "10.0.0.0", "192.0.2.9", .prefix_len = 8, .type = 12,
	  .msg = "12 is no type of a route: 1 (unicast) to 9 (throw)" },
	{ "10.0.0.0", "192.0.2.9", .prefix_len = 8, .weight = 257,
	  .msg = "a weight of 257 for a next hop of 10.0.0.0/8: it is 1 to 256" },
	{ "10.0.0.0", "192.0.2.9", .prefix_len = 8, .protocol = 256,
	  .msg = "256 is no protocol of a route: 1 to 255" },
	{ "2001:db8:5::", "192.0.2.9", .prefix_len = 48,
	  .msg = "IPv6 packets to 2001:db8:5::/48 cannot go by an IPv4 gateway" },
	{ "10.0.0.0", "203.0.113.1", .prefix_len = 8,
	  .msg = "cannot add the route to 10.0.0.0/8 through 203.0.113.1: Nexthop has invalid gateway" },
	{ "10.0.0.0", "192.0.2.9", .prefix_len = 8, .interface = 999,
	  .msg = "cannot add the route to 10.0.0.0/8 through 192.0.2.9: " },
	{ "10.0.0.0", "192.0.2.9", .prefix_len = 8, .family = 7,
	  .msg = "7 is no family of a route's destination: ip (2) or ip6 (10)" },
};

START_TEST(bad_route_is_refused_and_named)
{
	struct fwc_next_hop hop = { .interface = bad[_i].interface, .weight = bad[_i].weight };
	struct fwc_route route = { .destination = ip(bad[_i].destination),
				   .prefix_len = bad[_i].prefix_len,
				   .type = bad[_i].type,
				   .protocol = bad[_i].protocol,
				   .hops = &hop,
				   .hop_count = bad[_i].gateway != NULL };

	if (bad[_i].gateway)
		hop.gateway = ip(bad[_i].gateway);
	if (bad[_i].family)
		route.destination.family = bad[_i].family;
	ck_assert_int_lt(fwc_route_add(k, &route, &err), 0);
	ck_assert_msg(!strncmp(err.msg, bad[_i].msg, strlen(bad[_i].msg)), "%s", err.msg);
	ck_assert_uint_eq(err.object, FWC_OBJECT_ROUTE);
	/* The kernel's own routes may still be coming. */
	ck_assert_str_eq(
		sh("ip -4 route show root 10.0.0.0/7 table all; ip -6 route show root 2001:db8:5::/48 table all"),
		"");
}
END_TEST

START_TEST(wrong_arguments_are_refused)
{
	struct fwc_ip none = { 0 }, to = ip("10.0.0.1"), other = ip("2001:db8::1");
	struct fwc_route_lookup_opts opts = { .size = sizeof(opts), .source = &other };
	struct fwc_route many = { .destination = ip("10.0.0.0"), .prefix_len = 8, .hop_count = 2 };

	ck_assert_int_eq(fwc_routes_get(NULL, 0, &list, &err), -EINVAL);
	ck_assert_int_eq(fwc_routes_get(k, FWC_FAMILY_ARP, &list, &err), -EINVAL);
	assert_contains(err.msg, "3 is no family of routes");
	ck_assert_int_eq(fwc_routes_get(k, 0, NULL, &err), -EINVAL);
	ck_assert_int_eq(fwc_route_lookup(k, &none, NULL, &list, &err), -EINVAL);
	ck_assert_int_eq(fwc_route_lookup(k, NULL, NULL, &list, &err), -EINVAL);
	ck_assert_int_eq(fwc_route_lookup(k, &to, &opts, &list, &err), -EINVAL);
	ck_assert_int_eq(fwc_route_add(k, NULL, &err), -EINVAL);
	ck_assert_int_eq(fwc_route_delete(NULL, &many, NULL), -EINVAL);
	ck_assert_int_eq(fwc_route_add(k, &many, &err), -EINVAL);
	ck_assert_ptr_null(list);
	ck_assert_uint_eq(fwc_routes_count(NULL), 0);
	ck_assert_ptr_null(fwc_routes_at(NULL, 0));
	ck_assert_str_eq(fwc_route_type_name(99), "");
	ck_assert_str_eq(fwc_route_protocol_name(99), "");
	fwc_routes_free(NULL);
}
END_TEST

static Suite *make_suite(void)
{
	Suite *s = suite_create("routes");
	TCase *tc = tcase_create("routes");

	tcase_add_checked_fixture(tc, open_kernel, close_kernel);
	tcase_add_test(tc, routes_come_back_as_they_were_read);
	tcase_add_test(tc, everything_about_a_route_is_read);
	tcase_add_test(tc, route_is_the_one_that_ip_would_get);
	tcase_add_test(tc, why_there_is_no_route_is_told);
	tcase_add_test(tc, replaced_route_is_never_absent);
	tcase_add_loop_test(tc, bad_route_is_refused_and_named, 0, sizeof(bad) / sizeof(bad[0]));
	tcase_add_test(tc, wrong_arguments_are_refused);
	suite_add_tcase(s, tc);
	return s;
}

TEST_MAIN(make_suite)
