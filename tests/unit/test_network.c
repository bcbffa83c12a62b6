/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Networks, as far as they need no kernel: subnets, free addresses, ports, aliases. */
#include "../check.h"

#include "network/network.h"

static struct fwc_error err;
static const struct fwc_kernel kernel = { .owner = "rt-1" };

static struct fwc_ip ip(const char *text)
{
	struct fwc_ip parsed;

	assert_ok(fwc_ip_parse(text, &parsed, &err), err);
	return parsed;
}

static struct fwc_subnet subnet(uint32_t family, const char *text)
{
	struct fwc_subnet s;

	assert_ok(fwc_subnet_parse(family, text, NULL, &s, &err), err);
	return s;
}

START_TEST(gateway_is_the_first_address_unless_given)
{
	struct fwc_subnet s = subnet(FWC_FAMILY_IP, "172.30.0.0/24");

	ck_assert_str_eq(fwc_ip_text(&s.gateway).s, "172.30.0.1");
	s = subnet(FWC_FAMILY_IP6, "fd30:0:0:7::/64");
	ck_assert_str_eq(fwc_ip_text(&s.gateway).s, "fd30:0:0:7::1");
	assert_ok(fwc_subnet_parse(FWC_FAMILY_IP, "10.0.0.0/8", "10.200.3.4", &s, &err), err);
	ck_assert_str_eq(fwc_ip_text(&s.gateway).s, "10.200.3.4");
}
END_TEST

/* What is refused, and the words that say why. */
static const struct {
	uint32_t family;
	const char *subnet, *gateway, *words;
} refused_subnets[] = {
	{ FWC_FAMILY_IP, "10.0.0.0/33", NULL, "'10.0.0.0/33' is not an IPv4 prefix" },
	{ FWC_FAMILY_IP, "10.0.0.0", NULL, "'10.0.0.0' is no IPv4 subnet" },
	{ FWC_FAMILY_IP, "fd30::/64", NULL, "'fd30::/64' is no IPv4 subnet" },
	{ FWC_FAMILY_IP6, "10.0.0.0/24", NULL, "'10.0.0.0/24' is no IPv6 subnet" },
	{ FWC_FAMILY_IP, "10.0.0.0/31", NULL, "its length is 8 to 30" },
	{ FWC_FAMILY_IP6, "fd30::/127", NULL, "its length is 8 to 126" },
	{ FWC_FAMILY_IP, "10.0.0.0/7", NULL, "its length is 8 to 30" },
	{ FWC_FAMILY_IP, "10.0.0.5/24", NULL, "10.0.0.0/24 is meant" },
	{ FWC_FAMILY_IP, "127.5.0.0/16", NULL, "loopback addresses" },
	{ FWC_FAMILY_IP, "240.0.0.0/16", NULL, "multicast and reserved" },
	{ FWC_FAMILY_IP6, "fe80::/64", NULL, "link-local" },
	{ FWC_FAMILY_IP, "10.0.0.0/24", "10.0.1.1", "gateway: 10.0.1.1 is not in 10.0.0.0/24" },
	{ FWC_FAMILY_IP, "10.0.0.0/24", "10.0.0.0", "10.0.0.0 is no address for a host" },
	{ FWC_FAMILY_IP, "10.0.0.0/24", "10.0.0.255", "10.0.0.255 is no address for a host" },
	{ FWC_FAMILY_IP, "10.0.0.0/24", "fd30::1", "is not in 10.0.0.0/24" },
	{ FWC_FAMILY_IP, "10.0.0.0/24", "10.0.0", "'10.0.0' is not an IPv4 or IPv6 address" },
};

START_TEST(subnet_that_is_none_is_refused_with_the_reason)
{
	struct fwc_subnet s = { .prefix_len = 77 };

	assert_fails(fwc_subnet_parse(refused_subnets[_i].family, refused_subnets[_i].subnet,
				      refused_subnets[_i].gateway, &s, &err),
		     -EINVAL, err, refused_subnets[_i].words);
	ck_assert_uint_eq(s.prefix_len, 77);
}
END_TEST

static const struct {
	const char *a;
	uint32_t a_len;
	const char *b;
	uint32_t b_len;
	bool overlaps;
} prefixes[] = {
	{ "10.0.0.0", 24, "10.0.0.0", 24, true },    { "10.0.0.0", 24, "10.0.1.0", 24, false },
	{ "10.0.0.0", 23, "10.0.1.0", 24, true },    { "10.0.1.7", 32, "10.0.0.0", 23, true },
	{ "10.0.0.0", 25, "10.0.0.128", 25, false }, { "0.0.0.0", 0, "203.0.113.9", 32, true },
	{ "fd30::", 64, "fd30:0:0:1::", 64, false }, { "fd30::", 63, "fd30:0:0:1::", 64, true },
	{ "10.0.0.0", 8, "a00::", 8, false },
};

START_TEST(prefixes_overlap_when_one_holds_the_other)
{
	struct fwc_ip a = ip(prefixes[_i].a), b = ip(prefixes[_i].b);

	ck_assert_int_eq(fwc_prefix_overlaps(&a, prefixes[_i].a_len, &b, prefixes[_i].b_len),
			 prefixes[_i].overlaps);
	ck_assert_int_eq(fwc_prefix_overlaps(&b, prefixes[_i].b_len, &a, prefixes[_i].a_len),
			 prefixes[_i].overlaps);
}
END_TEST

START_TEST(lowest_free_address_is_picked)
{
	struct fwc_subnet s = subnet(FWC_FAMILY_IP, "172.30.0.0/24");
	struct fwc_ip taken[] = { ip("172.30.0.3"), ip("172.30.0.2"), ip("172.30.0.5"),
				  ip("172.30.1.4"), ip("fd30::4"),    ip("172.30.0.5") };
	struct fwc_ip picked;

	assert_ok(fwc_subnet_pick(&s, taken, 6, 0, &picked, &err), err);
	ck_assert_str_eq(fwc_ip_text(&picked).s, "172.30.0.4");
	assert_ok(fwc_subnet_pick(&s, taken, 6, 1, &picked, &err), err);
	ck_assert_str_eq(fwc_ip_text(&picked).s, "172.30.0.6");
	assert_ok(fwc_subnet_pick(&s, NULL, 0, 252, &picked, &err), err);
	ck_assert_str_eq(fwc_ip_text(&picked).s, "172.30.0.254");
	assert_ok(fwc_subnet_pick(&s, NULL, 0, 253, &picked, &err), err);
	ck_assert_str_eq(fwc_ip_text(&picked).s, "172.30.0.2");
}
END_TEST

START_TEST(full_subnet_has_no_address_and_the_last_one_is_found)
{
	struct fwc_subnet s = subnet(FWC_FAMILY_IP, "10.9.8.0/29");
	struct fwc_ip taken[5], picked = { 0 };

	for (size_t i = 0; i < 5; i++) { /* .2 to .6; .1 is the gateway */
		assert_ok(fwc_subnet_pick(&s, taken, i, 1000 * i, &picked, &err), err);
		for (size_t j = 0; j < i; j++)
			ck_assert(!fwc_ip_equal(&picked, &taken[j]));
		assert_ok(fwc_subnet_check(&s, &picked, &err), err);
		taken[i] = picked;
	}
	assert_fails(fwc_subnet_pick(&s, taken, 5, 0, &picked, &err), -EADDRNOTAVAIL, err,
		     "10.9.8.0/29 has no free address: all 6 are taken");
}
END_TEST

START_TEST(wide_ip6_subnets_hand_out_small_addresses_and_take_large_ones)
{
	struct fwc_subnet s = subnet(FWC_FAMILY_IP6, "fd30::/48");
	struct fwc_ip far = ip("fd30:0:0:5::2"), picked;

	assert_ok(fwc_subnet_check(&s, &far, &err), err);
	assert_ok(fwc_subnet_pick(&s, &far, 1, 0, &picked, &err), err);
	ck_assert_str_eq(fwc_ip_text(&picked).s, "fd30::2");
	far = ip("fd30::");
	assert_fails(fwc_subnet_check(&s, &far, &err), -EINVAL, err, "no address for a host");
}
END_TEST

static const struct {
	struct fwc_port port;
	int code;
	const char *words;
} refused_ports[] = {
	{ { .protocol = 1, .host_port = 80, .port = 80 }, -EINVAL, "ports of protocol 1 " },
	{ { .protocol = 6, .host_port = 0, .port = 80 }, -EINVAL, "1 port(s) from 0 " },
	{ { .protocol = 6, .host_port = 80, .port = 0 }, -EINVAL, "to 0 in the container" },
	{ { .protocol = 6, .host_port = 65535, .port = 80, .count = 2 }, -EINVAL, "1 to 65535" },
	{ { .protocol = 6, .host_port = 80, .port = 65000, .count = 537 }, -EINVAL, "1 to 65535" },
	{ { .protocol = 6, .host_port = 80, .port = 80, .reserved = 1 }, -EINVAL, "reserved" },
	{ { .protocol = 6, .host_port = 80, .port = 80, .host = { FWC_FAMILY_INET } },
	  -EINVAL,
	  "1 is no family" },
	{ { .protocol = 6, .host_port = 80, .port = 80, .host = { FWC_FAMILY_IP } },
	  -EINVAL,
	  "on 0.0.0.0" },
	{ { .protocol = 6, .host_port = 80, .port = 80, .host = { FWC_FAMILY_IP6 } },
	  -EINVAL,
	  "on ::" },
	{ { .protocol = 6, .host_port = 80, .port = 80, .host = { FWC_FAMILY_IP, { 224, 1 } } },
	  -EINVAL,
	  "224.1.0.0" },
	{ { .protocol = 6, .host_port = 80, .port = 80, .host = { FWC_FAMILY_IP6, { [15] = 1 } } },
	  -EOPNOTSUPP,
	  "::1" },
};

START_TEST(port_that_is_none_is_refused_with_the_reason)
{
	struct fwc_port p;

	assert_fails(fwc_port_check(&refused_ports[_i].port, &p, &err), refused_ports[_i].code, err,
		     refused_ports[_i].words);
}
END_TEST

START_TEST(highest_port_and_whole_range_are_allowed)
{
	struct fwc_port p;

	assert_ok(
		fwc_port_check(&(struct fwc_port){ .protocol = 17, .host_port = 65535, .port = 1 },
			       &p, &err),
		err);
	ck_assert_uint_eq(p.count, 1);
	assert_ok(fwc_port_check(
			  &(struct fwc_port){
				  .protocol = 132, .host_port = 1, .port = 1, .count = 65535 },
			  &p, &err),
		  err);
}
END_TEST

START_TEST(ports_meet_on_the_same_address_and_protocol_only)
{
	struct fwc_port range = { .protocol = 6, .host_port = 8000, .port = 8000, .count = 11 };
	struct fwc_port one = { .protocol = 6, .host_port = 8010, .port = 80, .count = 1 };

	ck_assert(fwc_port_overlaps(&range, &one) && fwc_port_overlaps(&one, &range));
	one.host_port = 8011;
	ck_assert(!fwc_port_overlaps(&range, &one) && !fwc_port_overlaps(&one, &range));
	one.host_port = 7999;
	ck_assert(!fwc_port_overlaps(&range, &one));
	one.host_port = 8005;
	one.host = ip("192.0.2.1");
	ck_assert(!fwc_port_overlaps(&range, &one));
	one.host = range.host;
	one.protocol = 17;
	ck_assert(!fwc_port_overlaps(&range, &one));
	ck_assert(fwc_port_is_range(&range) && !fwc_port_is_range(&one));
	ck_assert_str_eq(fwc_port_text(&range).s, "tcp ports 8000-8010");
	one.host = ip("fd30::9");
	ck_assert_str_eq(fwc_port_text(&one).s, "udp port 8005 of fd30::9");
}
END_TEST

static const char *const refused_names[] = {
	"",    "sixteen-bytes-xx", "a/b", "a b",        "br%d", "100%", "a,b", "..",
	"all", "default",          "lo",  "br\xc3\xa9",
};

START_TEST(network_name_is_one_that_kernel_sysctl_and_nft_take)
{
	ck_assert_int_eq(fwc_network_check_name(refused_names[_i], &err), -EINVAL);
	ck_assert(strlen(err.msg));
	ck_assert_int_eq(fwc_network_check_name(NULL, &err), -EINVAL);
	assert_ok(fwc_network_check_name("docker0", &err), err);
	assert_ok(fwc_network_check_name("fifteen-bytes.x", &err), err);
}
END_TEST

START_TEST(container_id_may_be_64_hex_digits_but_no_path)
{
	char id[66];

	memset(id, 'a', 65);
	id[65] = '\0';
	assert_fails(fwc_network_check_id(id, &err), -EINVAL, err, "more than 64 bytes");
	id[64] = '\0';
	assert_ok(fwc_network_check_id(id, &err), err);
	assert_fails(fwc_network_check_id("a/b", &err), -EINVAL, err, "'a/b' has a '/'");
	assert_fails(fwc_network_check_id("", &err), -EINVAL, err, "1 to 64 bytes");
	assert_fails(fwc_network_check_id(NULL, &err), -EINVAL, err, "1 to 64 bytes");
	assert_fails(fwc_network_check_id("a\nb", &err), -EINVAL, err, "control characters");
}
END_TEST

START_TEST(alias_of_a_veth_says_where_the_container_is)
{
	struct fwc_network_alias a = { .network = "docker0",
				       .id = "web 1",
				       .internal = true,
				       .ip = { ip("172.30.0.2"), ip("fd30::2") } };
	struct fwc_network_alias read = { .network = "docker0", .id = "web 1" };
	char text[256];

	fwc_network_alias_write(&kernel, &a, text);
	ck_assert_str_eq(text, "fwcore/rt-1/docker0/internal,172.30.0.2,fd30::2/web 1");
	ck_assert(fwc_network_alias_read(&kernel, text, &read));
	ck_assert(read.internal && fwc_ip_equal(&read.ip[0], &a.ip[0]) &&
		  fwc_ip_equal(&read.ip[1], &a.ip[1]));
}
END_TEST

static const char *const foreign_aliases[] = {
	"",
	"uplink",
	"fwcore/rt-1/docker0",
	"fwcore/rt-1/docker0/172.30.0.2",
	"fwcore/rt-1/docker0/172.30.0.2/web",
	"fwcore/rt-1/docker0/172.30.0.2/web 11",
	"fwcore/rt-2/docker0/172.30.0.2/web 1",
	"fwcore/rt-1/docker/172.30.0.2/web 1",
	"fwcore/rt-1/docker0/172.30.0/web 1",
	"fwcore/rt-1/docker0//web 1",
};

START_TEST(alias_of_others_is_not_ours)
{
	struct fwc_network_alias a = { .network = "docker0", .id = "web 1" };

	ck_assert(!fwc_network_alias_read(&kernel, foreign_aliases[_i], &a));
}
END_TEST

START_TEST(alias_of_a_bridge_says_when_it_is_closing)
{
	struct fwc_network_alias a = { .network = "docker0" };

	ck_assert(fwc_network_alias_read(&kernel, "fwcore/rt-1/docker0", &a) && !a.closing);
	ck_assert(fwc_network_alias_read(&kernel, "fwcore/rt-1/docker0/closing", &a) && a.closing);
	ck_assert(!fwc_network_alias_read(&kernel, "fwcore/rt-1/docker01", &a));
	ck_assert(!fwc_network_alias_read(&kernel, "fwcore/rt-1/docker0/172.30.0.2/x", &a));
}
END_TEST

START_TEST(veth_names_differ_and_stay_the_same)
{
	char a[16], b[16];

	fwc_network_veth(&kernel, "docker0", "web", a);
	fwc_network_veth(&kernel, "docker0", "web", b);
	ck_assert_str_eq(a, b);
	assert_ok(fwc_check_ifname(a, &err), err);
	fwc_network_veth(&kernel, "docker", "0web", b);
	ck_assert_str_ne(a, b);
	fwc_network_veth(&kernel, "docker0", "wec", b);
	ck_assert_str_ne(a, b);
}
END_TEST

#define ADD_ROWS(tc, test, rows) tcase_add_loop_test(tc, test, 0, (int)FWC_ARRAY_SIZE(rows))

static Suite *make_suite(void)
{
	Suite *s = suite_create("network");
	TCase *tc = tcase_create("all");

	tcase_add_test(tc, gateway_is_the_first_address_unless_given);
	ADD_ROWS(tc, subnet_that_is_none_is_refused_with_the_reason, refused_subnets);
	ADD_ROWS(tc, prefixes_overlap_when_one_holds_the_other, prefixes);
	tcase_add_test(tc, lowest_free_address_is_picked);
	tcase_add_test(tc, full_subnet_has_no_address_and_the_last_one_is_found);
	tcase_add_test(tc, wide_ip6_subnets_hand_out_small_addresses_and_take_large_ones);
	ADD_ROWS(tc, port_that_is_none_is_refused_with_the_reason, refused_ports);
	tcase_add_test(tc, highest_port_and_whole_range_are_allowed);
	tcase_add_test(tc, ports_meet_on_the_same_address_and_protocol_only);
	ADD_ROWS(tc, network_name_is_one_that_kernel_sysctl_and_nft_take, refused_names);
	tcase_add_test(tc, container_id_may_be_64_hex_digits_but_no_path);
	tcase_add_test(tc, alias_of_a_veth_says_where_the_container_is);
	ADD_ROWS(tc, alias_of_others_is_not_ours, foreign_aliases);
	tcase_add_test(tc, alias_of_a_bridge_says_when_it_is_closing);
	tcase_add_test(tc, veth_names_differ_and_stay_the_same);
	suite_add_tcase(s, tc);
	return s;
}

TEST_MAIN(make_suite)
