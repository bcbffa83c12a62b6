/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Networks in a real kernel: read back with ip(8) and nft(8), and nothing is left of what failed or was deleted. */
#include <arpa/inet.h>
#include <fcntl.h>
#include <linux/capability.h>
#include <stdio.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <fwcore/fwcore.h>

#include "../check.h"

static struct fwc_kernel *k;
static struct fwc_error err;

static const struct fwc_network_opts both = { .size = sizeof(both),
					      .subnet4 = "172.30.0.0/24",
					      .subnet6 = "fd30::/64" };
static const struct fwc_network_opts only4 = { .size = sizeof(only4), .subnet4 = "172.31.0.0/24" };

static struct fwc_kernel *open_kernel(const char *owner)
{
	struct fwc_kernel *opened;

	assert_ok(fwc_kernel_open(&opened,
				  &(struct fwc_kernel_opts){ .size = sizeof(struct fwc_kernel_opts),
							     .owner = owner },
				  &err),
		  err);
	return opened;
}

static void set_up(void)
{
	need_program("ip");
	need_program("nft");
	ns_enter();
	sh("echo 1 > /proc/sys/net/ipv4/ip_forward; echo 1 > /proc/sys/net/ipv6/conf/all/forwarding");
	k = open_kernel("test");
}

static struct fwc_ip ip(const char *text)
{
	struct fwc_ip parsed;

	assert_ok(fwc_ip_parse(text, &parsed, &err), err);
	return parsed;
}

/* All that a failed or undone call could leave. */
static const char *world(void)
{
	return sh(
		"nft list ruleset; ip -o link | cut -d: -f2; ip -o -4 addr; ip -o route | sed 's/ linkdown//'");
}

static void create(const char *name, const struct fwc_network_opts *opts)
{
	assert_ok(fwc_network_create(k, name, opts, &err), err);
}

/* A namespace with a container attached. */
static int attach(const char *network, const char *id)
{
	int ns = ns_new();

	assert_ok(fwc_network_attach(k, network, id, ns, NULL, &err), err);
	return ns;
}

static const char *address_of(const struct fwc_network *network, size_t i, uint32_t family)
{
	static char text[46];
	struct fwc_ip found;

	ck_assert(fwc_network_endpoint_address(network, i, family, &found));
	ck_assert_int_eq(fwc_ip_format(&found, text, sizeof(text), NULL), 0);
	return text;
}

static struct fwc_networks *networks(void)
{
	struct fwc_networks *list;

	assert_ok(fwc_networks_get(k, &list, &err), err);
	return list;
}

/* ---- create and delete ---- */

START_TEST(created_network_is_what_ip_and_nft_show)
{
	const char *shown, *mac;

	create("fbr0", &both);
	shown = sh("ip -j -d addr show dev fbr0");
	assert_contains(shown, "\"info_kind\":\"bridge\"");
	assert_contains(shown, "\"ifalias\":\"fwcore/test/fbr0\"");
	assert_contains(shown,
			"\"local\":\"172.30.0.1\",\"prefixlen\":24,\"broadcast\":\"172.30.0.255\"");
	assert_contains(shown, "\"local\":\"fd30::1\",\"prefixlen\":64");
	assert_contains(shown, "\"UP\"");
	ck_assert_str_eq(sh("cat /proc/sys/net/ipv4/conf/fbr0/route_localnet"), "1\n");
	shown = sh("nft list table inet fwcore_test");
	assert_contains(shown, "elements = { \"fbr0\" }");
	assert_contains(shown, "elements = { 172.30.0.0/24 . \"fbr0\" }");
	assert_contains(shown, "elements = { fd30::/64 . \"fbr0\" }");
	assert_contains(shown, "172.30.0.1 . \"fbr0\" comment \"/gateway\" : \"fbr0\"");
	assert_contains(shown, "oifname @bridges goto into");
	mac = sh(
		"cat /sys/class/net/fbr0/address 2>/dev/null; ip -o link show fbr0 | grep -o 'ether [0-9a-f:]*'");
	attach("fbr0", "a");
	ck_assert_str_eq(sh("ip -o link show fbr0 | grep -o 'ether [0-9a-f:]*'"),
			 strstr(mac, "ether"));
}
END_TEST

/* nft 1.0.6 swaps the one byte of l4proto in pieces of two; some kernels refuse that (EOPNOTSUPP). */
static void need_nft_to_load_ranges(void)
{
	int code = sh_code(-1,
			   "table ip t {\n"
			   "map m { type inet_proto . inet_service : ipv4_addr; flags interval; }\n"
			   "chain c { dnat to meta l4proto . th dport map @m; }\n}\n",
			   NULL, "nft -c -f -");

	if (code != 0)
		test_skip(
			"this nft cannot load maps of ranges of l4proto and ports on this kernel");
}

START_TEST(ruleset_is_one_that_nft_loads_and_lists_the_same)
{
	const char *listed;

	need_nft_to_load_ranges();
	create("fbr0", &both);
	attach("fbr0", "a");
	listed = sh("nft list ruleset");
	sh("nft flush ruleset");
	sh_input(listed, "nft -f -");
	ck_assert_str_eq(sh("nft list ruleset"), listed);
}
END_TEST

START_TEST(second_network_adds_elements_only)
{
	const char *before, *after;

	create("fbr0", &both);
	before = sh("nft list table inet fwcore_test | grep -v elements | grep -v '^\t\t\t'");
	create("fbr1", &only4);
	after = sh("nft list table inet fwcore_test | grep -v elements | grep -v '^\t\t\t'");
	ck_assert_str_eq(before, after);
}
END_TEST

START_TEST(deleted_network_leaves_nothing)
{
	const char *before, *between;

	sh("nft add table inet other");
	before = world();
	create("fbr0", &both);
	between = world();
	create("fbr1", &only4);
	attach("fbr1", "a");
	assert_ok(fwc_network_detach(k, "fbr1", "a", &err), err);
	assert_ok(fwc_network_delete(k, "fbr1", &err), err);
	ck_assert_str_eq(world(), between);
	assert_ok(fwc_network_delete(k, "fbr0", &err), err);
	ck_assert_str_eq(world(), before);
	assert_fails(fwc_network_delete(k, "fbr0", &err), -ENOENT, err, "no network 'fbr0'");
}
END_TEST

START_TEST(network_with_a_container_is_not_deleted)
{
	const char *before;

	create("fbr0", &both);
	attach("fbr0", "web");
	before = world();
	assert_fails(fwc_network_delete(k, "fbr0", &err), -EBUSY, err, "'web'");
	ck_assert_str_eq(world(), before);
	assert_contains(sh("ip -d link show fbr0"), "alias fwcore/test/fbr0\n");
	attach("fbr0", "db");
}
END_TEST

/* What create refuses: before it, a shell line. */
static const struct {
	const char *before, *name;
	struct fwc_network_opts opts;
	int code;
	const char *words;
} refused_networks[] = {
	{ "true", "sixteen-bytes-xx", { .subnet4 = "10.0.0.0/24" }, -EINVAL, "has 16 bytes" },
	{ "true",
	  "br%d",
	  { .subnet4 = "10.0.0.0/24" },
	  -EINVAL,
	  "'br%d' is no name for a network" },
	{ "true",
	  "fbr0",
	  { .subnet4 = "10.0.0.0/33" },
	  -EINVAL,
	  "'10.0.0.0/33' is not an IPv4 prefix" },
	{ "true", "fbr0", { 0 }, -EINVAL, "needs an IPv4 or an IPv6 subnet" },
	{ "true",
	  "fbr0",
	  { .subnet4 = "10.0.0.0/24", .gateway6 = "fd00::1" },
	  -EINVAL,
	  "no IPv6 subnet" },
	{ "true", "fbr0", { .subnet4 = "10.0.0.0/24", .flags = 4 }, -EINVAL, "0x4 are no flags" },
	{ "true", "fbr0", { .subnet6 = "fd31::/64", .mtu = 1279 }, -EINVAL, "1279 bytes" },
	{ "ip link add fbr0 type bridge",
	  "fbr0",
	  { .subnet4 = "10.0.0.0/24" },
	  -EEXIST,
	  "interface 'fbr0' exists" },
	{ "true", "old", { .subnet4 = "10.0.0.0/24" }, -EEXIST, "network 'old' exists" },
	{ "true",
	  "fbr0",
	  { .subnet4 = "172.16.0.0/12" },
	  -EADDRINUSE,
	  "overlaps 172.31.0.1/24 of interface 'old'" },
	{ "ip link del old",
	  "fbr0",
	  { .subnet4 = "172.16.0.0/12" },
	  -EADDRINUSE,
	  "overlaps 172.31.0.0/24 of network 'old'" },
	{ "ip link del old",
	  "fbr0",
	  { .subnet4 = "172.31.0.128/25" },
	  -EADDRINUSE,
	  "overlaps 172.31.0.0/24 of network 'old'" },
	{ "ip addr add 192.0.2.9/25 dev lo",
	  "fbr0",
	  { .subnet4 = "192.0.2.0/26" },
	  -EADDRINUSE,
	  "192.0.2.9/25 of interface 'lo'" },
	{ "ip addr add fd30::9/128 dev lo",
	  "fbr0",
	  { .subnet6 = "fd30::/64" },
	  -EADDRINUSE,
	  "fd30::9/128" },
	{ "echo 0 > /proc/sys/net/ipv4/ip_forward",
	  "fbr0",
	  { .subnet4 = "10.0.0.0/24" },
	  -ENOTCONN,
	  "net.ipv4.ip_forward" },
	{ "echo 0 > /proc/sys/net/ipv6/conf/all/forwarding",
	  "fbr0",
	  { .subnet6 = "fd31::/64" },
	  -ENOTCONN,
	  "net.ipv6.conf.all.forwarding" },
};

START_TEST(refused_network_changes_nothing)
{
	struct fwc_network_opts opts = refused_networks[_i].opts;
	const char *before;

	opts.size = sizeof(opts);
	create("old", &only4);
	sh("%s", refused_networks[_i].before);
	before = world();
	assert_fails(fwc_network_create(k, refused_networks[_i].name, &opts, &err),
		     refused_networks[_i].code, err, refused_networks[_i].words);
	ck_assert_str_eq(world(), before);
	ck_assert_uint_eq(err.outcome, FWC_OUTCOME_NOTHING);
}
END_TEST

START_TEST(network_that_fails_at_its_addresses_is_taken_back)
{
	const char *before;

	sh("echo 1 > /proc/sys/net/ipv6/conf/default/disable_ipv6");
	before = world();
	ck_assert_int_lt(fwc_network_create(k, "fbr0", &both, &err), 0);
	assert_contains(err.msg, "cannot add the address fe80::");
	ck_assert_str_eq(world(), before);
	create("fbr1", &only4);
	before = world();
	ck_assert_int_lt(fwc_network_create(k, "fbr0", &both, &err), 0);
	ck_assert_str_eq(world(), before);
}
END_TEST

START_TEST(internal_network_needs_no_forwarding_and_has_no_way_out)
{
	struct fwc_network_opts opts = only4;
	struct fwc_networks *list;
	int ns;

	sh("echo 0 > /proc/sys/net/ipv4/ip_forward");
	opts.flags = FWC_NETWORK_INTERNAL;
	create("fbr0", &opts);
	ns = attach("fbr0", "a");
	ck_assert_str_eq(sh_in(ns, "ip route show default"), "");
	ck_assert_str_eq(sh("cat /proc/sys/net/ipv4/conf/fbr0/route_localnet"), "0\n");
	list = networks();
	ck_assert_uint_eq(fwc_network_flags(fwc_networks_find(list, "fbr0")), FWC_NETWORK_INTERNAL);
	fwc_networks_free(list);
	assert_fails(fwc_network_publish(
			     k, "fbr0", "a",
			     &(struct fwc_port){ .protocol = 6, .host_port = 80, .port = 80 },
			     &err),
		     -EINVAL, err, "internal");
}
END_TEST

START_TEST(isolated_network_has_isolated_ports)
{
	struct fwc_network_opts opts = only4;
	struct fwc_networks *list;

	opts.flags = FWC_NETWORK_ISOLATED;
	create("fbr0", &opts);
	attach("fbr0", "a");
	assert_contains(sh("ip -d link show master fbr0"), "isolated on");
	list = networks();
	ck_assert_uint_eq(fwc_network_flags(fwc_networks_find(list, "fbr0")), FWC_NETWORK_ISOLATED);
	fwc_networks_free(list);
}
END_TEST

START_TEST(owners_do_not_see_each_other_but_their_subnets)
{
	struct fwc_kernel *other = open_kernel("other");
	struct fwc_networks *list;

	create("fbr0", &both);
	assert_ok(fwc_networks_get(other, &list, &err), err);
	ck_assert_uint_eq(fwc_networks_count(list), 0);
	fwc_networks_free(list);
	assert_fails(fwc_network_delete(other, "fbr0", &err), -ENOENT, err, "fbr0");
	assert_fails(fwc_network_create(other, "fbr1", &both, &err), -EADDRINUSE, err,
		     "of interface 'fbr0'");
	fwc_kernel_close(other);
}
END_TEST

/* ---- attach and detach ---- */

START_TEST(attached_container_has_address_route_and_link)
{
	struct fwc_networks *list;
	const struct fwc_network *n;
	const char *shown, *veth;
	int ns;

	create("fbr0", &both);
	ns = attach("fbr0", "web");
	shown = sh_in(ns, "ip -j addr show dev eth0");
	assert_contains(shown,
			"\"local\":\"172.30.0.2\",\"prefixlen\":24,\"broadcast\":\"172.30.0.255\"");
	assert_contains(shown, "\"local\":\"fd30::2\",\"prefixlen\":64");
	assert_contains(shown, "\"operstate\":\"UP\"");
	assert_contains(sh_in(ns, "ip route show default"), "default via 172.30.0.1 dev eth0");
	assert_contains(sh_in(ns, "ip -6 route show default"), "default via fd30::1 dev eth0");
	list = networks();
	n = fwc_networks_find(list, "fbr0");
	ck_assert_uint_eq(fwc_network_endpoint_count(n), 1);
	ck_assert_str_eq(fwc_network_endpoint_id(n, 0), "web");
	ck_assert_str_eq(address_of(n, 0, FWC_FAMILY_IP), "172.30.0.2");
	ck_assert_str_eq(address_of(n, 0, FWC_FAMILY_IP6), "fd30::2");
	veth = fwc_network_endpoint_interface(n, 0);
	shown = sh("ip -d link show dev %s", veth);
	assert_contains(shown, "master fbr0");
	assert_contains(shown, "alias fwcore/test/fbr0/172.30.0.2,fd30::2/web");
	ck_assert_ptr_null(fwc_network_endpoint_id(n, 1));
	fwc_networks_free(list);
	ck_assert_str_eq(sh_in(ns, "ping -c1 -W2 -q 172.30.0.1 >/dev/null && echo ok"), "ok\n");
	ck_assert_str_eq(sh_in(ns, "ping -c1 -W2 -q fd30::1 >/dev/null && echo ok"), "ok\n");
}
END_TEST

START_TEST(nothing_of_ours_stays_open_in_the_namespace)
{
	int ns;

	create("fbr0", &only4);
	ns = attach("fbr0", "a");
	assert_contains(sh("ip -o link"), "master fbr0");
	close(ns);
	/* The kernel takes namespaces down in the background. */
	ck_assert_str_eq(
		sh("for i in $(seq 600); do"
		   " ip -o link | grep -q 'master fbr0' || { echo gone; break; }; sleep 0.2; done"),
		"gone\n");
}
END_TEST

START_TEST(detached_container_leaves_nothing)
{
	const struct fwc_port ports[] = {
		{ .protocol = 6, .host_port = 8080, .port = 80 },
		{ .protocol = 17, .host_port = 5000, .port = 5000, .count = 11 },
		{ .protocol = 6,
		  .host_port = 9000,
		  .port = 80,
		  .count = 3,
		  .host = ip("127.0.0.1") },
	};
	const struct fwc_attach_opts opts = { .size = sizeof(opts),
					      .ports = ports,
					      .ports_count = 3 };
	const char *before;
	int ns = ns_new();

	create("fbr0", &both);
	before = world();
	assert_ok(fwc_network_attach(k, "fbr0", "a", ns, &opts, &err), err);
	assert_contains(sh("nft list table inet fwcore_test"),
			"tcp . 8080 comment \"a\" : 172.30.0.2 . 80");
	assert_ok(fwc_network_detach(k, "fbr0", "a", &err), err);
	ck_assert_str_eq(world(), before);
	ck_assert_str_eq(sh_in(ns, "ip -o link | grep -v ' lo:' || true"), "");
	assert_fails(fwc_network_detach(k, "fbr0", "a", &err), -ENOENT, err, "'a'");
}
END_TEST

START_TEST(container_whose_namespace_has_gone_is_detached)
{
	struct fwc_networks *list;
	const char *before;
	int ns;

	create("fbr0", &only4);
	before = world();
	ns = attach("fbr0", "a");
	close(ns);
	sh("for i in $(seq 600); do"
	   " ip -o link | grep -q 'master fbr0' || break; sleep 0.2; done");
	list = networks();
	ck_assert_str_eq(fwc_network_endpoint_interface(fwc_networks_at(list, 0), 0), "");
	fwc_networks_free(list);
	assert_fails(fwc_network_publish(
			     k, "fbr0", "a",
			     &(struct fwc_port){ .protocol = 6, .host_port = 80, .port = 80 },
			     &err),
		     -ENOENT, err, "its namespace has gone");
	assert_ok(fwc_network_detach(k, "fbr0", "a", &err), err);
	ck_assert_str_eq(world(), before);
}
END_TEST

START_TEST(wanted_interface_and_addresses_are_given)
{
	const struct fwc_ip wanted[] = { ip("fd30::77"), ip("172.30.0.9") };
	const struct fwc_attach_opts opts = {
		.size = sizeof(opts), .interface = "net0", .addresses = wanted, .addresses_count = 2
	};
	int ns = ns_new();

	create("fbr0", &both);
	assert_ok(fwc_network_attach(k, "fbr0", "a", ns, &opts, &err), err);
	assert_contains(sh_in(ns, "ip -o addr show net0"), " 172.30.0.9/24 ");
	assert_contains(sh_in(ns, "ip -o addr show net0"), " fd30::77/64 ");
}
END_TEST

/* What attach refuses. The namespace holds what `inside` makes. */
static const struct {
	const char *inside, *network, *id;
	struct fwc_attach_opts opts;
	const char *address;
	struct fwc_port port;
	int code;
	const char *words;
} refused_attachments[] = {
	{ "true",
	  "fbr0",
	  "first",
	  { 0 },
	  NULL,
	  { 0 },
	  -EEXIST,
	  "'first' is on network 'fbr0' already" },
	{ "true", "fbr9", "a", { 0 }, NULL, { 0 }, -ENOENT, "no network 'fbr9'" },
	{ "true", "fbr0", "a/b", { 0 }, NULL, { 0 }, -EINVAL, "'/'" },
	{ "true",
	  "fbr0",
	  "a",
	  { .interface = "sixteen-bytes-xx" },
	  NULL,
	  { 0 },
	  -EINVAL,
	  "has 16 bytes" },
	{ "true", "fbr0", "a", { .interface = "eth%d" }, NULL, { 0 }, -EINVAL, "'eth%d'" },
	{ "ip link add eth0 type bridge",
	  "fbr0",
	  "a",
	  { 0 },
	  NULL,
	  { 0 },
	  -EEXIST,
	  "an interface 'eth0' already" },
	{ "true",
	  "fbr0",
	  "a",
	  { 0 },
	  "172.30.0.2",
	  { 0 },
	  -EADDRINUSE,
	  "'first' of network 'fbr0' has 172.30.0.2" },
	{ "true",
	  "fbr0",
	  "a",
	  { 0 },
	  "172.30.0.1",
	  { 0 },
	  -EADDRINUSE,
	  "172.30.0.1 is the gateway" },
	{ "true",
	  "fbr0",
	  "a",
	  { 0 },
	  "172.31.0.9",
	  { 0 },
	  -EINVAL,
	  "172.31.0.9 is not in 172.30.0.0/24" },
	{ "true",
	  "fbr0",
	  "a",
	  { 0 },
	  NULL,
	  { .protocol = 6, .host_port = 8080, .port = 1 },
	  -EADDRINUSE,
	  "tcp port 8080: 'first' of network 'fbr0'" },
	{ "true",
	  "fbr1",
	  "a",
	  { 0 },
	  NULL,
	  { .protocol = 6, .host_port = 8080, .port = 1 },
	  -EADDRINUSE,
	  "tcp port 8080: 'first' of network 'fbr0'" },
	{ "true",
	  "fbr0",
	  "a",
	  { 0 },
	  NULL,
	  { .protocol = 6, .host_port = 8070, .port = 1, .count = 20 },
	  -EADDRINUSE,
	  "tcp ports 8070-8089: 'first'" },
	{ "true",
	  "fbr0",
	  "a",
	  { 0 },
	  NULL,
	  { .protocol = 6, .host_port = 8070, .port = 8070, .count = 20 },
	  -EADDRINUSE,
	  "tcp ports 8070-8089: 'first'" },
	{ "true",
	  "fbr0",
	  "a",
	  { 0 },
	  NULL,
	  { .protocol = 6, .host_port = 80, .port = 80, .host = { FWC_FAMILY_IP6, { [15] = 1 } } },
	  -EOPNOTSUPP,
	  "::1" },
	{ "true",
	  "fbr1",
	  "a",
	  { 0 },
	  NULL,
	  { .protocol = 6, .host_port = 80, .port = 80, .host = { FWC_FAMILY_IP6, { 0xfd } } },
	  -EINVAL,
	  "'a' has no IPv6 address" },
	/* Refused when the veth is there already. */
	{ "echo 1 > /proc/sys/net/ipv6/conf/default/disable_ipv6",
	  "fbr0",
	  "a",
	  { 0 },
	  NULL,
	  { .protocol = 6, .host_port = 99, .port = 1 },
	  -EACCES,
	  "in the namespace of 'a'" },
	{ "ip link add d0 type bridge; ip link set d0 up; ip route add default dev d0",
	  "fbr0",
	  "a",
	  { 0 },
	  NULL,
	  { .protocol = 6, .host_port = 99, .port = 1 },
	  -EEXIST,
	  "172.30.0.1" },
};

static void make_first(void)
{
	const struct fwc_port port = { .protocol = 6, .host_port = 8080, .port = 80 };
	const struct fwc_attach_opts opts = { .size = sizeof(opts),
					      .ports = &port,
					      .ports_count = 1 };

	create("fbr0", &both);
	create("fbr1", &only4);
	assert_ok(fwc_network_attach(k, "fbr0", "first", ns_new(), &opts, &err), err);
}

START_TEST(refused_attachment_changes_nothing)
{
	struct fwc_attach_opts opts = refused_attachments[_i].opts;
	const char *before, *inside;
	struct fwc_ip address;
	int ns = ns_new();

	make_first();
	sh_in(ns, "%s", refused_attachments[_i].inside);
	opts.size = sizeof(opts);
	if (refused_attachments[_i].address) {
		address = ip(refused_attachments[_i].address);
		opts.addresses = &address;
		opts.addresses_count = 1;
	}
	opts.ports = &refused_attachments[_i].port;
	opts.ports_count = refused_attachments[_i].port.protocol != 0;
	before = world();
	inside = sh_in(ns, "ip -o link | cut -d: -f2");
	assert_fails(fwc_network_attach(k, refused_attachments[_i].network,
					refused_attachments[_i].id, ns, &opts, &err),
		     refused_attachments[_i].code, err, refused_attachments[_i].words);
	ck_assert_str_eq(world(), before);
	ck_assert_str_eq(sh_in(ns, "ip -o link | cut -d: -f2"), inside);
	ck_assert_uint_eq(err.outcome, FWC_OUTCOME_NOTHING);
}
END_TEST

START_TEST(descriptor_that_is_no_namespace_is_refused)
{
	int file = open("/dev/null", O_RDONLY | O_CLOEXEC);
	int here = open("/proc/self/ns/net", O_RDONLY | O_CLOEXEC);
	int uts = open("/proc/self/ns/uts", O_RDONLY | O_CLOEXEC);
	const char *before;

	create("fbr0", &only4);
	before = world();
	assert_fails(fwc_network_attach(k, "fbr0", "a", file, NULL, &err), -EINVAL, err,
		     "namespace");
	assert_fails(fwc_network_attach(k, "fbr0", "a", uts, NULL, &err), -EINVAL, err,
		     "namespace");
	assert_fails(fwc_network_attach(k, "fbr0", "a", -1, NULL, &err), -EBADF, err,
		     "descriptor -1");
	assert_fails(fwc_network_attach(k, "fbr0", "a", here, NULL, &err), -EINVAL, err,
		     "is the one that network 'fbr0' is in");
	ck_assert_int_lt(fwc_network_attach(k, "fbr0", "a", 999, NULL, &err), 0);
	ck_assert_str_eq(world(), before);
}
END_TEST

static void drop_capability(int capability)
{
	struct __user_cap_header_struct head = { .version = _LINUX_CAPABILITY_VERSION_3 };
	struct __user_cap_data_struct data[2];

	ck_assert_int_eq(syscall(SYS_capget, &head, data), 0);
	data[capability / 32].effective &= ~(1u << (capability % 32));
	ck_assert_int_eq(syscall(SYS_capset, &head, data), 0);
}

enum { PROCESSES = 4, CONTAINERS = 5 };

/* Runs `work` in several processes at once; each must end with 0. */
static void in_processes(int count, int (*work)(int i))
{
	pid_t pids[PROCESSES];
	int status;

	for (int i = 0; i < count; i++) {
		pids[i] = fork();
		ck_assert_int_ge(pids[i], 0);
		if (pids[i] == 0)
			_exit(work(i));
	}
	for (int i = 0; i < count; i++) {
		ck_assert_int_eq(waitpid(pids[i], &status, 0), pids[i]);
		ck_assert_msg(status == 0, "process %d ended with status 0x%x", i, status);
	}
}

static int without_privilege(int i)
{
	const struct fwc_port port = { .protocol = 6, .host_port = 80, .port = 80 };
	struct fwc_kernel *own = open_kernel("test");
	int ns = ns_new();

	(void)i;
	drop_capability(CAP_SYS_ADMIN);
	assert_fails(fwc_network_attach(own, "fbr0", "a", ns, NULL, &err), -EPERM, err,
		     "CAP_SYS_ADMIN");
	drop_capability(CAP_NET_ADMIN);
	ck_assert_int_eq(fwc_network_create(own, "fbr1", &both, &err), -EPERM);
	ck_assert_int_eq(fwc_network_publish(own, "fbr0", "first", &port, &err), -EPERM);
	ck_assert_int_eq(fwc_network_detach(own, "fbr0", "first", &err), -EPERM);
	ck_assert_int_eq(fwc_network_delete(own, "fbr0", &err), -EPERM);
	fwc_kernel_close(own);
	return 0;
}

START_TEST(without_privilege_nothing_is_changed)
{
	const char *before;

	create("fbr0", &only4);
	attach("fbr0", "first");
	before = world();
	in_processes(1, without_privilege);
	ck_assert_str_eq(world(), before);
}
END_TEST

START_TEST(full_subnet_says_so)
{
	const struct fwc_network_opts tiny = { .size = sizeof(tiny), .subnet4 = "10.1.1.0/30" };
	const char *before;
	int ns = ns_new();

	create("fbr0", &tiny);
	attach("fbr0", "a");
	before = world();
	assert_fails(fwc_network_attach(k, "fbr0", "b", ns, NULL, &err), -EADDRNOTAVAIL, err,
		     "10.1.1.0/30 has no free address");
	ck_assert_str_eq(world(), before);
	assert_ok(fwc_network_detach(k, "fbr0", "a", &err), err);
	assert_ok(fwc_network_attach(k, "fbr0", "b", ns, NULL, &err), err);
}
END_TEST

START_TEST(one_id_may_be_on_two_networks)
{
	const struct fwc_attach_opts second = { .size = sizeof(second), .interface = "eth1" };
	struct fwc_networks *list;
	int r, ns;

	create("fbr0", &only4);
	create("fbr1", &(struct fwc_network_opts){ .size = sizeof(struct fwc_network_opts),
						   .subnet4 = "172.32.0.0/24",
						   .flags = FWC_NETWORK_INTERNAL });
	ns = attach("fbr0", "a");
	r = fwc_network_attach(k, "fbr1", "a", ns, &second, &err);
	assert_ok(r, err);
	assert_ok(fwc_network_detach(k, "fbr0", "a", &err), err);
	list = networks();
	ck_assert_uint_eq(fwc_network_endpoint_count(fwc_networks_find(list, "fbr0")), 0);
	ck_assert_uint_eq(fwc_network_endpoint_count(fwc_networks_find(list, "fbr1")), 1);
	fwc_networks_free(list);
}
END_TEST

/* ---- ports ---- */

START_TEST(published_ports_are_elements_and_read_back)
{
	const struct fwc_port single = { .protocol = 6, .host_port = 8080, .port = 80 };
	const struct fwc_port range = {
		.protocol = 6, .host_port = 7000, .port = 7000, .count = 11
	};
	const struct fwc_port shifted = {
		.protocol = 17, .host_port = 8000, .port = 9000, .count = 4
	};
	const struct fwc_port local = {
		.protocol = 6, .host_port = 8080, .port = 81, .host = ip("127.0.0.1")
	};
	struct fwc_networks *list;
	const struct fwc_network *n;
	const char *before, *shown;

	create("fbr0", &both);
	attach("fbr0", "a");
	before = world();
	assert_ok(fwc_network_publish(k, "fbr0", "a", &single, &err), err);
	assert_ok(fwc_network_publish(k, "fbr0", "a", &range, &err), err);
	assert_ok(fwc_network_publish(k, "fbr0", "a", &shifted, &err), err);
	assert_ok(fwc_network_publish(k, "fbr0", "a", &local, &err), err);
	shown = sh("nft list map inet fwcore_test pub4any");
	assert_contains(shown, "tcp . 8080 comment \"a\" : 172.30.0.2 . 80");
	assert_contains(shown, "udp . 8003 comment \"a\" : 172.30.0.2 . 9003");
	assert_contains(sh("nft list map inet fwcore_test pub6any"),
			"tcp . 8080 comment \"a\" : fd30::2 . 80");
	assert_contains(sh("nft list map inet fwcore_test rng4any"),
			"{ tcp . 7000-7010 comment \"a\" : 172.30.0.2 }");
	assert_contains(sh("nft list map inet fwcore_test pub4ip"),
			"{ 127.0.0.1 . tcp . 8080 comment \"a\" : 172.30.0.2 . 81 }");
	assert_lacks(sh("nft list map inet fwcore_test rng4ip"), "elements");
	list = networks();
	n = fwc_networks_find(list, "fbr0");
	ck_assert_uint_eq(fwc_network_endpoint_port_count(n, 0), 4);
	for (size_t i = 0; i < 4; i++) {
		const struct fwc_port *p = fwc_network_endpoint_port_at(n, 0, i);

		if (p->protocol == 17) {
			ck_assert_uint_eq(p->host_port, 8000);
			ck_assert_uint_eq(p->port, 9000);
			ck_assert_uint_eq(p->count, 4);
		}
		if (p->host_port == 7000)
			ck_assert_uint_eq(p->count, 11);
		/* What is listed can be given back. */
		assert_ok(fwc_network_unpublish(k, "fbr0", "a", p, &err), err);
		assert_fails(fwc_network_unpublish(k, "fbr0", "a", p, &err), -ENOENT, err,
			     "'a' has not published");
	}
	ck_assert_ptr_null(fwc_network_endpoint_port_at(n, 0, 4));
	fwc_networks_free(list);
	ck_assert_str_eq(world(), before);
}
END_TEST

#define PORT(...)                                                                                  \
	{                                                                                          \
		.protocol = 6, __VA_ARGS__                                                         \
	}
/* One container has the first, another wants the second. */
static const struct {
	struct fwc_port had, wanted;
	bool taken;
} meetings[] = {
	{ PORT(.host_port = 80, .port = 1), PORT(.host_port = 80, .port = 2), true },
	{ PORT(.host_port = 80, .port = 80), PORT(.host_port = 80, .port = 80), true },
	{ PORT(.host_port = 80, .port = 80), PORT(.host_port = 81, .port = 80), false },
	{ PORT(.host_port = 80, .port = 80), PORT(.host_port = 70, .port = 70, .count = 20), true },
	{ PORT(.host_port = 80, .port = 80), PORT(.host_port = 70, .port = 70, .count = 11), true },
	{ PORT(.host_port = 80, .port = 80), PORT(.host_port = 70, .port = 70, .count = 10),
	  false },
	{ PORT(.host_port = 80, .port = 80), PORT(.host_port = 70, .port = 170, .count = 20),
	  true },
	{ PORT(.host_port = 70, .port = 70, .count = 20), PORT(.host_port = 80, .port = 80), true },
	{ PORT(.host_port = 70, .port = 70, .count = 20), PORT(.host_port = 90, .port = 80),
	  false },
	{ PORT(.host_port = 70, .port = 70, .count = 20),
	  PORT(.host_port = 75, .port = 75, .count = 3), true },
	{ PORT(.host_port = 70, .port = 70, .count = 20),
	  PORT(.host_port = 60, .port = 60, .count = 40), true },
	{ PORT(.host_port = 70, .port = 70, .count = 20),
	  PORT(.host_port = 60, .port = 60, .count = 11), true },
	{ PORT(.host_port = 70, .port = 70, .count = 20),
	  PORT(.host_port = 70, .port = 70, .count = 20), true },
	{ PORT(.host_port = 70, .port = 170, .count = 20),
	  PORT(.host_port = 60, .port = 60, .count = 40), true },
	{ PORT(.host_port = 70, .port = 170, .count = 20),
	  PORT(.host_port = 89, .port = 5, .count = 40), true },
	{ PORT(.host_port = 70, .port = 70, .count = 20),
	  PORT(.host_port = 60, .port = 160, .count = 40), true },
	{ PORT(.host_port = 80, .port = 80),
	  PORT(.host_port = 80, .port = 80, .host = { FWC_FAMILY_IP, { 127, 0, 0, 1 } }), false },
	{ PORT(.host_port = 80, .port = 80, .host = { FWC_FAMILY_IP, { 127, 0, 0, 1 } }),
	  PORT(.host_port = 80, .port = 80, .host = { FWC_FAMILY_IP, { 127, 0, 0, 1 } }), true },
	{ PORT(.host_port = 80, .port = 80, .host = { FWC_FAMILY_IP, { 127, 0, 0, 1 } }),
	  PORT(.host_port = 70, .port = 70, .count = 20,
	       .host = { FWC_FAMILY_IP, { 127, 0, 0, 1 } }),
	  true },
};

START_TEST(ports_of_two_containers_never_meet)
{
	const char *before;
	int ns = ns_new();

	create("fbr0", &both);
	create("fbr1", &only4);
	attach("fbr0", "had");
	attach("fbr1", "wants");
	assert_ok(fwc_network_publish(k, "fbr0", "had", &meetings[_i].had, &err), err);
	before = world();
	if (!meetings[_i].taken) {
		assert_ok(fwc_network_publish(k, "fbr1", "wants", &meetings[_i].wanted, &err), err);
		assert_ok(fwc_network_unpublish(k, "fbr1", "wants", &meetings[_i].wanted, &err),
			  err);
		ck_assert_str_eq(world(), before);
		return;
	}
	assert_fails(fwc_network_publish(k, "fbr1", "wants", &meetings[_i].wanted, &err),
		     -EADDRINUSE, err, "'had' of network 'fbr0' has published tcp port");
	ck_assert_str_eq(world(), before);
	/* The same in the commit of an attach. */
	assert_fails(fwc_network_attach(
			     k, "fbr1", "x", ns,
			     &(struct fwc_attach_opts){ .size = sizeof(struct fwc_attach_opts),
							.ports = &meetings[_i].wanted,
							.ports_count = 1 },
			     &err),
		     -EADDRINUSE, err, "'had' of network 'fbr0' has published tcp port");
	ck_assert_str_eq(world(), before);
	assert_ok(fwc_network_unpublish(k, "fbr0", "had", &meetings[_i].had, &err), err);
	assert_ok(fwc_network_publish(k, "fbr1", "wants", &meetings[_i].wanted, &err), err);
}
END_TEST

START_TEST(port_of_another_container_is_not_unpublished)
{
	const struct fwc_port port = { .protocol = 6, .host_port = 80, .port = 80 };
	const char *before;

	create("fbr0", &only4);
	attach("fbr0", "a");
	attach("fbr0", "b");
	assert_ok(fwc_network_publish(k, "fbr0", "a", &port, &err), err);
	before = world();
	assert_fails(fwc_network_unpublish(k, "fbr0", "b", &port, &err), -ENOENT, err,
		     "'b' has not published tcp port 80");
	assert_fails(fwc_network_publish(k, "fbr0", "a", &port, &err), -EADDRINUSE, err, "'a'");
	ck_assert_str_eq(world(), before);
}
END_TEST

START_TEST(port_without_a_container_is_cleared_away)
{
	const struct fwc_port port = { .protocol = 6, .host_port = 80, .port = 80 };

	create("fbr0", &only4);
	sh("nft add element inet fwcore_test pub4any '{ tcp . 80 : 172.31.0.2 . 80 }'");
	sh("nft add element inet fwcore_test rng4any '{ udp . 80-90 : 172.31.0.2 }'");
	attach("fbr0", "a");
	assert_lacks(sh("nft list map inet fwcore_test pub4any"), "elements");
	assert_lacks(sh("nft list map inet fwcore_test rng4any"), "elements");
	sh("nft add element inet fwcore_test pub4any '{ tcp . 80 : 172.31.0.9 . 80 }'");
	assert_ok(fwc_network_publish(k, "fbr0", "a", &port, &err), err);
}
END_TEST

START_TEST(ruleset_saved_and_loaded_with_nft_is_still_known)
{
	const struct fwc_port port = { .protocol = 6, .host_port = 80, .port = 80 };
	struct fwc_networks *list;
	const struct fwc_network *n;
	const char *listed;

	need_nft_to_load_ranges();
	create("fbr0", &both);
	attach("fbr0", "a");
	assert_ok(fwc_network_publish(k, "fbr0", "a", &port, &err), err);
	listed = sh("nft list ruleset");
	sh("nft flush ruleset");
	sh_input(listed, "nft -f -");
	list = networks();
	n = fwc_networks_find(list, "fbr0");
	ck_assert_uint_eq(fwc_network_endpoint_count(n), 1);
	ck_assert_str_eq(fwc_network_endpoint_id(n, 0), "a");
	ck_assert_uint_eq(fwc_network_endpoint_port_count(n, 0), 1);
	ck_assert(fwc_network_subnet(n, FWC_FAMILY_IP6, NULL, NULL));
	fwc_networks_free(list);
	assert_ok(fwc_network_detach(k, "fbr0", "a", &err), err);
	assert_ok(fwc_network_delete(k, "fbr0", &err), err);
	ck_assert_str_eq(sh("nft list ruleset"), "");
}
END_TEST

/* ---- many at once ---- */

static int attach_some(int i)
{
	struct fwc_kernel *own = open_kernel("test");

	for (int j = 0; j < CONTAINERS; j++) {
		const struct fwc_port port = { .protocol = 6,
					       .host_port = (uint16_t)(8000 + i * CONTAINERS + j),
					       .port = 80 };
		const struct fwc_attach_opts opts = { .size = sizeof(opts),
						      .ports = &port,
						      .ports_count = 1 };
		char id[16];

		snprintf(id, sizeof(id), "c%d-%d", i, j);
		if (fwc_network_attach(own, "fbr0", id, ns_new(), &opts, &err) < 0) {
			fprintf(stderr, "%s: %s\n", id, err.msg);
			return 1;
		}
	}
	/* The namespaces live as long as this process: it waits until all have looked. */
	pause();
	return 0;
}

START_TEST(containers_attached_at_once_have_different_addresses)
{
	pid_t pids[PROCESSES];
	struct fwc_networks *list;
	const struct fwc_network *n;
	char seen[46] = "";

	create("fbr0", &both);
	for (int i = 0; i < PROCESSES; i++) {
		pids[i] = fork();
		if (pids[i] == 0)
			_exit(attach_some(i));
	}
	for (int tries = 0; tries < 600; tries++) {
		list = networks();
		n = fwc_networks_find(list, "fbr0");
		if (fwc_network_endpoint_count(n) == PROCESSES * CONTAINERS &&
		    atoi(sh("ip -o link show master fbr0 | wc -l")) == PROCESSES * CONTAINERS)
			break;
		fwc_networks_free(list);
		usleep(50000);
		list = NULL;
	}
	ck_assert_ptr_nonnull(list);
	for (size_t i = 0; i < fwc_network_endpoint_count(n); i++) {
		const char *address = address_of(n, i, FWC_FAMILY_IP);

		ck_assert_str_ne(seen, address); /* equal ones would be side by side */
		snprintf(seen, sizeof(seen), "%s", address);
		ck_assert_uint_eq(fwc_network_endpoint_port_count(n, i), 1);
	}
	for (int i = 0; i < PROCESSES; i++)
		kill(pids[i], SIGKILL);
	for (size_t i = 0; i < fwc_network_endpoint_count(n); i++)
		assert_ok(fwc_network_detach(k, "fbr0", fwc_network_endpoint_id(n, i), &err), err);
	fwc_networks_free(list);
	assert_ok(fwc_network_delete(k, "fbr0", &err), err);
	ck_assert_str_eq(sh("nft list ruleset"), "");
}
END_TEST

/* Each makes and deletes networks of its own, the table coming and going under the others. */
static int make_and_delete(int i)
{
	struct fwc_kernel *own = open_kernel("test");
	char name[16], subnet[32];
	const struct fwc_network_opts opts = { .size = sizeof(opts), .subnet4 = subnet };

	snprintf(name, sizeof(name), "n%d", i);
	snprintf(subnet, sizeof(subnet), "10.%d.0.0/16", i);
	for (int j = 0; j < 5; j++)
		if (fwc_network_create(own, name, &opts, &err) < 0 ||
		    fwc_network_delete(own, name, &err) < 0) {
			fprintf(stderr, "%s, round %d: %s\n", name, j, err.msg);
			return 1;
		}
	fwc_kernel_close(own);
	return 0;
}

START_TEST(networks_made_and_deleted_at_once_do_not_disturb_each_other)
{
	create("fbr0", &both);
	in_processes(3, make_and_delete);
	assert_contains(sh("nft list table inet fwcore_test"), "elements = { \"fbr0\" }");
	assert_ok(fwc_network_delete(k, "fbr0", &err), err);
	in_processes(3, make_and_delete);
	ck_assert_str_eq(sh("nft list ruleset; ip -o link | grep -v ' lo:' || true"), "");
}
END_TEST

/* One attaches and detaches, the other deletes and creates: each call does all or nothing. */
static int attach_or_not(int i)
{
	struct fwc_kernel *own = open_kernel("test");
	int ns = ns_new(), r = 0;

	for (int j = 0; j < 20 && r == 0; j++) {
		if (i == 0) {
			r = fwc_network_attach(own, "fbr0", "a", ns, NULL, &err);
			r = r == -ENOENT ? 0
			    : r == 0     ? fwc_network_detach(own, "fbr0", "a", &err)
					 : r;
		} else {
			r = fwc_network_delete(own, "fbr0", &err);
			r = r == -EBUSY ? 0
			    : r == 0    ? fwc_network_create(own, "fbr0", &both, &err)
					: r;
		}
		if (r < 0)
			fprintf(stderr, "process %d, round %d: %d %s\n", i, j, r, err.msg);
	}
	fwc_kernel_close(own);
	return r != 0;
}

START_TEST(network_is_never_deleted_under_a_container)
{
	create("fbr0", &both);
	in_processes(2, attach_or_not);
	assert_ok(fwc_network_delete(k, "fbr0", &err), err);
	ck_assert_str_eq(sh("nft list ruleset; ip -o link | grep -v ' lo:' || true"), "");
}
END_TEST

START_TEST(calls_refuse_what_is_missing)
{
	struct fwc_networks *list = NULL;
	struct fwc_port port = { .protocol = 6, .host_port = 80, .port = 80 };

	assert_fails(fwc_network_create(NULL, "x", &both, &err), -EINVAL, err, "");
	assert_fails(fwc_network_create(k, NULL, &both, &err), -EINVAL, err, "name");
	assert_fails(fwc_network_create(k, "x", NULL, &err), -EINVAL, err, "subnet");
	assert_fails(fwc_network_attach(k, "x", NULL, 3, NULL, &err), -EINVAL, err, "id");
	assert_fails(fwc_network_publish(k, "x", "a", NULL, &err), -EINVAL, err, "port");
	assert_fails(fwc_network_publish(k, "x", "a", &port, &err), -ENOENT, err, "'a'");
	assert_fails(fwc_network_unpublish(k, "x", "a", &port, &err), -ENOENT, err, "'x'");
	assert_fails(fwc_network_detach(k, "x", "a", &err), -ENOENT, err, "'x'");
	assert_fails(fwc_networks_get(k, NULL, &err), -EINVAL, err, "place");
	ck_assert_int_eq(fwc_network_create(k, "x", NULL, NULL), -EINVAL);
	assert_ok(fwc_networks_get(k, &list, &err), err);
	ck_assert_uint_eq(fwc_networks_count(list), 0);
	ck_assert_ptr_null(fwc_networks_at(list, 0));
	ck_assert_ptr_null(fwc_networks_find(list, "x"));
	ck_assert_ptr_null(fwc_networks_find(NULL, NULL));
	ck_assert_uint_eq(fwc_network_endpoint_count(NULL), 0);
	ck_assert(!fwc_network_subnet(NULL, FWC_FAMILY_IP, NULL, NULL));
	fwc_networks_free(list);
	fwc_networks_free(NULL);
}
END_TEST

#define ADD_ROWS(tc, test, rows)                                                                   \
	tcase_add_loop_test(tc, test, 0, (int)(sizeof(rows) / sizeof((rows)[0])))

static Suite *make_suite(void)
{
	Suite *s = suite_create("network");
	TCase *tc = tcase_create("all");

	tcase_set_timeout(tc, 60);
	tcase_add_checked_fixture(tc, set_up, NULL);
	tcase_add_test(tc, created_network_is_what_ip_and_nft_show);
	tcase_add_test(tc, ruleset_is_one_that_nft_loads_and_lists_the_same);
	tcase_add_test(tc, second_network_adds_elements_only);
	tcase_add_test(tc, deleted_network_leaves_nothing);
	tcase_add_test(tc, network_with_a_container_is_not_deleted);
	ADD_ROWS(tc, refused_network_changes_nothing, refused_networks);
	tcase_add_test(tc, network_that_fails_at_its_addresses_is_taken_back);
	tcase_add_test(tc, internal_network_needs_no_forwarding_and_has_no_way_out);
	tcase_add_test(tc, isolated_network_has_isolated_ports);
	tcase_add_test(tc, owners_do_not_see_each_other_but_their_subnets);
	tcase_add_test(tc, attached_container_has_address_route_and_link);
	tcase_add_test(tc, nothing_of_ours_stays_open_in_the_namespace);
	tcase_add_test(tc, detached_container_leaves_nothing);
	tcase_add_test(tc, container_whose_namespace_has_gone_is_detached);
	tcase_add_test(tc, wanted_interface_and_addresses_are_given);
	ADD_ROWS(tc, refused_attachment_changes_nothing, refused_attachments);
	tcase_add_test(tc, descriptor_that_is_no_namespace_is_refused);
	tcase_add_test(tc, without_privilege_nothing_is_changed);
	tcase_add_test(tc, full_subnet_says_so);
	tcase_add_test(tc, one_id_may_be_on_two_networks);
	tcase_add_test(tc, published_ports_are_elements_and_read_back);
	ADD_ROWS(tc, ports_of_two_containers_never_meet, meetings);
	tcase_add_test(tc, port_of_another_container_is_not_unpublished);
	tcase_add_test(tc, port_without_a_container_is_cleared_away);
	tcase_add_test(tc, ruleset_saved_and_loaded_with_nft_is_still_known);
	tcase_add_test(tc, containers_attached_at_once_have_different_addresses);
	tcase_add_test(tc, networks_made_and_deleted_at_once_do_not_disturb_each_other);
	tcase_add_test(tc, network_is_never_deleted_under_a_container);
	tcase_add_test(tc, calls_refuse_what_is_missing);
	suite_add_tcase(s, tc);
	return s;
}

TEST_MAIN(make_suite)
