/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Interfaces, each compared with what `ip -j -s -s -d link` and `ip -j addr` print of it. */
#include <fcntl.h>
#include <linux/if_tun.h>
#include <net/if.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <sys/ioctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <fwcore/fwcore.h>

#include "../check.h"

static struct fwc_kernel *k;
static struct fwc_interfaces *list;
static struct fwc_error err;

static void enter(void)
{
	ns_enter();
	/* Neighbour discovery would count packets between our look and ip's. */
	sh("echo 1 > /proc/sys/net/ipv6/conf/default/disable_ipv6");
	assert_ok(fwc_kernel_open(&k, NULL, &err), err);
}

static void leave(void)
{
	fwc_interfaces_free(list);
	fwc_kernel_close(k);
}

static void look(void)
{
	fwc_interfaces_free(list);
	list = NULL;
	assert_ok(fwc_interfaces_get(k, &list, &err), err);
}

static const char *links_shown;

/* A look while nothing was counted: ip says the same before and after. */
static void look_in_silence(void)
{
	const char *after = "";

	for (int tries = 0; tries < 100; tries++) {
		links_shown = sh("ip -j -s -s link show");
		look();
		after = sh("ip -j -s -s link show");
		if (!strcmp(links_shown, after))
			return;
	}
	ck_abort_msg("it goes on changing: %s", after);
}

static const struct fwc_interface *find(const char *name)
{
	const struct fwc_interface *i = fwc_interfaces_find(list, name);

	ck_assert_msg(i != NULL, "no interface '%s'", name);
	ck_assert_str_eq(fwc_interface_name(i), name);
	return i;
}

/* ip's text has this fragment of JSON, or has it not. */
static void expect(const char *shown, bool wanted, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));
static void expect(const char *shown, bool wanted, const char *fmt, ...)
{
	char fragment[512];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(fragment, sizeof(fragment), fmt, ap);
	va_end(ap);
	ck_assert_msg(!strstr(shown, fragment) == !wanted, "%s%s: %s", wanted ? "" : "not ",
		      fragment, shown);
}

static void compare_flags(const struct fwc_interface *i, const char *shown)
{
	static const struct {
		uint32_t bit;
		const char *word;
	} flags[] = {
		{ 1, "UP" },
		{ 2, "BROADCAST" },
		{ 8, "LOOPBACK" },
		{ 0x10, "POINTOPOINT" },
		{ 0x80, "NOARP" },
		{ 0x100, "PROMISC" },
		{ 0x1000, "MULTICAST" },
		{ 0x10000, "LOWER_UP" },
	};

	for (size_t n = 0; n < sizeof(flags) / sizeof(flags[0]); n++)
		expect(shown, fwc_interface_flags(i) & flags[n].bit, "\"%s\"", flags[n].word);
	/* ip tells of the carrier only when it is missing. */
	if (fwc_interface_flags(i) & 1)
		expect(shown, !fwc_interface_carrier(i), "\"NO-CARRIER\"");
}

static void compare_peer(const struct fwc_interface *i, const char *shown)
{
	uint32_t peer = fwc_interface_peer(i);
	int32_t netns;

	if (fwc_interface_peer_netns(i, &netns)) {
		expect(shown, true, "\"link_netnsid\":%d", netns);
		expect(shown, true, "\"link_index\":%u,", peer);
		return;
	}
	expect(shown, false, "\"link_netnsid\"");
	expect(shown, peer != 0, "{\"ifindex\":%u,\"link\":\"%s\"", fwc_interface_index(i),
	       peer ? fwc_interface_name(fwc_interfaces_find_index(list, peer)) : "");
}

static void compare_mac(const struct fwc_interface *i, const char *shown)
{
	char text[32 * 3 + 1] = "";
	const uint8_t *mac;
	size_t len;

	mac = fwc_interface_mac(i, &len);
	for (size_t n = 0; mac && n < len; n++)
		sprintf(text + strlen(text), "%s%02x", n ? ":" : "", mac[n]);
	expect(shown, mac != NULL, "\"address\":\"%s", text);
}

static void compare_stats(const struct fwc_interface *i)
{
	const struct fwc_interface_stats *s = fwc_interface_stats(i);
	char name[64], rx[1024], *tx;
	const char *at;

	snprintf(name, sizeof(name), "\"ifname\":\"%s\"", fwc_interface_name(i));
	at = strstr(links_shown, name);
	ck_assert_ptr_nonnull(at);
	at = strstr(at, "\"rx\":");
	ck_assert_ptr_nonnull(at);
	/* This interface's alone: the flags of the next one are in brackets. */
	snprintf(rx, sizeof(rx), "%.*s", (int)strcspn(at, "["), at);
	tx = strstr(rx, "\"tx\":");
	ck_assert_ptr_nonnull(tx);
	expect(rx, true,
	       "\"rx\":{\"bytes\":%llu,\"packets\":%llu,\"errors\":%llu,\"dropped\":%llu,\"over_errors\":%llu,\"multicast\":%llu,",
	       (unsigned long long)s->rx_bytes, (unsigned long long)s->rx_packets,
	       (unsigned long long)s->rx_errors, (unsigned long long)s->rx_dropped,
	       (unsigned long long)s->rx_overruns, (unsigned long long)s->multicast);
	expect(rx, true, "\"frame_errors\":%llu,", (unsigned long long)s->rx_frame);
	expect(tx, true,
	       "\"tx\":{\"bytes\":%llu,\"packets\":%llu,\"errors\":%llu,\"dropped\":%llu,\"carrier_errors\":%llu,\"collisions\":%llu,",
	       (unsigned long long)s->tx_bytes, (unsigned long long)s->tx_packets,
	       (unsigned long long)s->tx_errors, (unsigned long long)s->tx_dropped,
	       (unsigned long long)s->tx_carrier, (unsigned long long)s->collisions);
	expect(tx, true, "\"fifo_errors\":%llu,", (unsigned long long)s->tx_overruns);
}

static void compare_addresses(const struct fwc_interface *i)
{
	const char *at = sh("ip -j addr show dev '%s'", fwc_interface_name(i));
	const struct fwc_interface_address *a;
	char own[64], peer[64], broadcast[64], text[512];

	for (size_t n = 0; (a = fwc_interface_address_at(i, n)); n++) {
		ck_assert_int_eq(fwc_ip_format(&a->ip, own, sizeof(own), NULL), 0);
		if (a->peer.family)
			ck_assert_int_eq(fwc_ip_format(&a->peer, peer, sizeof(peer), NULL), 0);
		if (a->broadcast.family)
			fwc_ip_format(&a->broadcast, broadcast, sizeof(broadcast), NULL);
		snprintf(text, sizeof(text),
			 "\"local\":\"%s\"%s%s%s,\"prefixlen\":%u%s%s%s,\"scope\":\"%s\"", own,
			 a->peer.family ? ",\"address\":\"" : "", a->peer.family ? peer : "",
			 a->peer.family ? "\"" : "", a->prefix_len,
			 a->broadcast.family ? ",\"broadcast\":\"" : "",
			 a->broadcast.family ? broadcast : "", a->broadcast.family ? "\"" : "",
			 fwc_interface_address_scope_name(a));
		/* In ip's order: each behind the one before. */
		ck_assert_msg(strstr(at, text) != NULL, "%s: %s", text, at);
		at = strstr(at, text) + strlen(text);
		snprintf(text, sizeof(text), "\"label\":\"%s\"", a->label);
		ck_assert_msg(!a->label[0] || strstr(at, text), "%s: %s", text, at);
		ck_assert_int_eq(!!(a->flags & 1), !strncmp(at, ",\"secondary\":true", 17));
	}
	ck_assert_msg(!strstr(at, "\"local\""), "more addresses: %s", at);
	ck_assert_ptr_null(fwc_interface_address_at(i, fwc_interface_address_count(i)));
}

static const struct fwc_interface *compare(const char *name)
{
	const char *shown = sh("ip -j -s -s -d link show dev '%s'", name);
	const struct fwc_interface *i = find(name);
	const struct fwc_interface *master =
		fwc_interfaces_find_index(list, fwc_interface_master(i));

	expect(shown, true, "{\"ifindex\":%u,", fwc_interface_index(i));
	expect(shown, true, "\"ifname\":\"%s\"", name);
	expect(shown, true, "\"mtu\":%u,", fwc_interface_mtu(i));
	expect(shown, true, "\"operstate\":\"%s\"", fwc_interface_state(i));
	expect(shown, fwc_interface_tx_queue_len(i) > 0, "\"txqlen\":%u,",
	       fwc_interface_tx_queue_len(i));
	expect(shown, true, "\"link_type\":\"%s\"", fwc_interface_link_type_name(i));
	expect(shown, fwc_interface_alias(i), "\"ifalias\":\"%s",
	       fwc_interface_alias(i) ? fwc_interface_alias(i) : "");
	expect(shown, *fwc_interface_kind(i), "\"info_kind\":\"%s", fwc_interface_kind(i));
	expect(shown, master, "\"master\":\"%s", master ? fwc_interface_name(master) : "");
	ck_assert(!fwc_interface_is_physical(i));
	compare_flags(i, shown);
	compare_peer(i, shown);
	compare_mac(i, shown);
	compare_stats(i);
	compare_addresses(i);
	return i;
}

static void compare_all(void)
{
	look_in_silence();
	for (size_t n = 0; n < fwc_interfaces_count(list); n++)
		compare(fwc_interface_name(fwc_interfaces_at(list, n)));
}

/* The kernel's link watch is up to a second behind. */
static void wait_for(const char *command)
{
	for (int tries = 0; sh_code(-1, NULL, NULL, "%s", command) != 0; tries++) {
		ck_assert_msg(tries < 600, "%s", command);
		usleep(100000);
	}
}

START_TEST(lo_is_as_ip_shows_it)
{
	const struct fwc_interface *lo;

	sh("ping -c 3 -i 0.01 -q 127.0.0.1 || ping6 -c 1 ::1 || true");
	look_in_silence();
	lo = compare("lo");
	ck_assert_uint_eq(fwc_interface_index(lo), 1);
	ck_assert_uint_eq(fwc_interface_link_type(lo), 772);
	ck_assert_str_eq(fwc_interface_kind(lo), "");
	ck_assert_uint_ge(fwc_interface_address_count(lo), 1);
}
END_TEST

START_TEST(each_kind_is_as_ip_shows_it)
{
	sh("ip link add name br0 mtu 1400 type bridge && ip link set br0 up");
	sh("ip link add name v0 type veth peer name v1 && ip link set v0 master br0 up");
	sh("ip link set v1 up && ip link set v1 promisc on txqueuelen 7");
	wait_for("ip link show br0 | grep 'state UP'");
	compare_all();
	ck_assert_str_eq(fwc_interface_kind(find("v0")), "veth");
	ck_assert_uint_eq(fwc_interface_master(find("v0")), fwc_interface_index(find("br0")));
	ck_assert_uint_eq(fwc_interface_peer(find("v0")), fwc_interface_index(find("v1")));
	ck_assert(fwc_interface_carrier(find("v1")));
	/* Not every kernel has these: each that can be made is compared. */
	sh("ip link add name if0 type ifb || true");
	sh("ip link add name mv0 link v1 type macvlan mode bridge || true");
	sh("ip link add name vx0 type vxlan id 5 dstport 4789 dev v1 || true");
	sh("ip tuntap add name tu0 mode tun || true");
	sh("ip link set v1 down");
	wait_for("ip link show br0 | grep 'state DOWN'");
	compare_all();
	ck_assert_str_eq(fwc_interface_state(find("v0")), "LOWERLAYERDOWN");
	ck_assert(!fwc_interface_carrier(find("v0")));
}
END_TEST

/* Both are modules that a small kernel lacks. */
START_TEST(vlan_and_dummy_are_as_ip_shows_them)
{
	if (sh_code(-1, NULL, NULL, "ip link add name du0 type dummy") != 0)
		test_skip("this kernel has no dummy interfaces (CONFIG_DUMMY)");
	if (sh_code(-1, NULL, NULL, "ip link add name vl0 link du0 type vlan id 7") != 0)
		test_skip("this kernel has no VLANs (CONFIG_VLAN_8021Q)");
	sh("ip link add name du0.9 link du0 type vlan id 9 protocol 802.1ad");
	sh("ip link add name in9 link du0.9 mtu 1400 type vlan id 7");
	compare_all();
	ck_assert_str_eq(fwc_interface_state(find("du0")), "DOWN");
	sh("ip link set du0 up && ip link set vl0 up && ip link set du0.9 up && ip link set in9 up");
	sh("ip addr add 192.0.2.1/24 dev vl0 && ip addr add 198.51.100.1/24 dev du0");
	wait_for("ip link show in9 | grep 'state UP'");
	wait_for("ip link show vl0 | grep 'state UP'");
	compare_all();
	ck_assert_str_eq(fwc_interface_kind(find("du0")), "dummy");
	ck_assert_uint_eq(fwc_interface_peer(find("du0")), 0);
	ck_assert_str_eq(fwc_interface_kind(find("vl0")), "vlan");
	ck_assert_uint_eq(fwc_interface_peer(find("vl0")), fwc_interface_index(find("du0")));
	/* One in another: each has the one below it. */
	ck_assert_uint_eq(fwc_interface_peer(find("in9")), fwc_interface_index(find("du0.9")));
	ck_assert_uint_eq(fwc_interface_peer(find("du0.9")), fwc_interface_index(find("du0")));
	sh("ip link set du0 down"); /* and all above it */
	compare_all();
	ck_assert_uint_eq(fwc_interface_flags(find("vl0")) & 1, 0);
	ck_assert(!fwc_interface_carrier(find("in9")));
}
END_TEST

START_TEST(unusual_names_and_aliases_are_kept)
{
	static const char *const names[] = { "a,b", "1-2", "123456789012345", "x.5", "@" };
	char alias[256];

	for (size_t n = 0; n < sizeof(names) / sizeof(names[0]); n++)
		sh("ip link add name '%s' type bridge", names[n]);
	memset(alias, 'x', 255);
	alias[255] = '\0';
	sh("ip link set a,b alias 'fwcore: one, two' && ip link set 1-2 alias '%s'", alias);
	compare_all();
	ck_assert_str_eq(fwc_interface_alias(find("a,b")), "fwcore: one, two");
	ck_assert_str_eq(fwc_interface_alias(find("1-2")), alias);
	ck_assert_ptr_null(fwc_interface_alias(find("x.5")));
}
END_TEST

START_TEST(peer_in_another_namespace_is_told)
{
	int there = ns_new();
	int32_t netns = -1;

	sh("ip link add name v0 type veth peer name v1 netns /proc/%d/fd/%d", getpid(), there);
	compare_all();
	ck_assert(fwc_interface_peer_netns(find("v0"), &netns));
	ck_assert_int_ge(netns, 0);
	ck_assert(!fwc_interface_peer_netns(find("lo"), &netns));
	close(there);
}
END_TEST

START_TEST(addresses_are_as_ip_shows_them)
{
	const struct fwc_interface *i;
	const struct fwc_interface_address *a;

	sh("echo 0 > /proc/sys/net/ipv6/conf/default/disable_ipv6");
	sh("ip link add name none type bridge && ip link add name b type bridge");
	sh("ip addr add 192.0.2.1/24 brd + dev b label b:one");
	sh("ip addr add 192.0.2.2/24 dev b && ip addr add 198.51.100.7/32 dev b scope link");
	sh("ip addr add 203.0.113.1 peer 203.0.113.9/30 dev b");
	sh("ip addr add 127.1.2.3/8 scope host dev b && ip addr add 10.0.0.1/31 scope site dev b");
	sh("ip addr add 2001:db8::1/64 dev b nodad && ip addr add 2001:db8::5/128 dev b nodad");
	sh("ip addr add 2001:db8:1::1 peer 2001:db8:2::1/64 dev b nodad");
	sh("ip addr add fe80::7/10 dev b nodad");
	compare_all();
	i = find("b");
	ck_assert_uint_eq(fwc_interface_address_count(i), 10);
	ck_assert_uint_eq(fwc_interface_address_count(find("none")), 0);
	for (size_t n = 0; (a = fwc_interface_address_at(i, n)); n++) {
		bool is_labelled = a->ip.bytes[0] == 192 && a->ip.bytes[3] == 1;

		ck_assert_str_eq(a->label, a->ip.family == FWC_FAMILY_IP6 ? ""
					   : is_labelled                  ? "b:one"
									  : "b");
		ck_assert_uint_eq(a->flags & 0x80, 0x80);
	}
	/* The whole numbers, not the eight bits of the message's head. */
	sh("ip addr add 192.0.2.3/24 dev b noprefixroute");
	compare_all();
	i = find("b");
	for (size_t n = 0; (a = fwc_interface_address_at(i, n)); n++)
		if (a->ip.family == FWC_FAMILY_IP && a->ip.bytes[0] == 192 && a->ip.bytes[3] == 3)
			ck_assert_uint_eq(a->flags & 0x200, 0x200);
}
END_TEST

START_TEST(counters_are_the_kernels)
{
	const struct fwc_interface_stats *s;
	uint64_t before;

	sh("ip link add name v0 type veth peer name v1");
	sh("ip addr add 10.0.0.1/24 dev v0 && ip link set v0 up && ip link set v1 up");
	look();
	before = fwc_interface_stats(find("v0"))->tx_packets;
	/* Nobody answers: the questions who has the address count. */
	sh("ping -c 2 -i 0.1 -W 1 -q 10.0.0.2 || true");
	look_in_silence();
	s = fwc_interface_stats(compare("v0"));
	ck_assert_uint_gt(s->tx_packets, before);
	ck_assert_uint_eq(s->tx_packets, fwc_interface_stats(compare("v1"))->rx_packets);
	ck_assert_uint_gt(s->tx_bytes, 0);
}
END_TEST

/* A tun device takes any link type that it is told. */
START_TEST(link_types_have_ips_words)
{
	struct ifreq request = { .ifr_name = "t0", .ifr_flags = IFF_TAP | IFF_NO_PI };
	int fd = open("/dev/net/tun", O_RDWR | O_CLOEXEC);
	char word[64];
	size_t named = 0;

	if (fd < 0 || ioctl(fd, TUNSETIFF, &request) < 0)
		test_skip("no tun device: %s", strerror(errno));
	for (unsigned int type = 0; type < 65536; type += type == 900 ? 64600 : 1) {
		const char *shown, *end;

		if (ioctl(fd, TUNSETLINK, type) < 0)
			continue;
		/* The many numbers without a word: every fiftieth. */
		look();
		if (strncmp(fwc_interface_link_type_name(find("t0")), "link/", 5) == 0 && type % 50)
			continue;
		shown = strstr(sh("ip link show dev t0"), "link/");
		ck_assert_ptr_nonnull(shown);
		end = strchr(shown, ' ');
		snprintf(word, sizeof(word), "%.*s", (int)(end - shown - 5), shown + 5);
		if (word[0] == '[') {
			snprintf(word, sizeof(word), "link/%u", type);
		} else {
			named++;
		}
		ck_assert_msg(!strcmp(fwc_interface_link_type_name(find("t0")), word),
			      "%u is %s, not %s", type, word,
			      fwc_interface_link_type_name(find("t0")));
	}
	ck_assert_uint_gt(named, 60);
	close(fd);
}
END_TEST

START_TEST(three_hundred_interfaces_are_all_there_in_order)
{
	const char *shown;
	char line[64];
	uint32_t last = 0;

	sh("for i in $(seq 150); do"
	   "  echo link add name a$i type veth peer name b$i;"
	   "  echo addr add 10.0.$i.1/24 dev a$i;"
	   "done | ip -batch -");
	look();
	ck_assert_uint_eq(fwc_interfaces_count(list), (size_t)atoi(sh("ip -o link show | wc -l")));
	shown = sh("ip -o link show | sed 's/: \\([^:@]*\\).*/ \\1,/'");
	for (size_t n = 0; n < fwc_interfaces_count(list); n++) {
		const struct fwc_interface *i = fwc_interfaces_at(list, n);

		ck_assert_uint_gt(fwc_interface_index(i), last);
		last = fwc_interface_index(i);
		ck_assert_ptr_eq(fwc_interfaces_find_index(list, last), i);
		snprintf(line, sizeof(line), "%u %s,\n", last, fwc_interface_name(i));
		assert_contains(shown, line);
		if (fwc_interface_name(i)[0] == 'a') {
			ck_assert_uint_eq(fwc_interface_address_count(i), 1);
			ck_assert_int_eq(fwc_interface_address_at(i, 0)->ip.bytes[2],
					 atoi(fwc_interface_name(i) + 1));
		}
	}
	ck_assert_ptr_null(fwc_interfaces_at(list, fwc_interfaces_count(list)));
	ck_assert_ptr_null(fwc_interfaces_find_index(list, last + 1));
	ck_assert_ptr_null(fwc_interfaces_find_index(list, 0));
}
END_TEST

START_TEST(snapshot_outlives_interface_and_kernel_object)
{
	const struct fwc_interface *i;

	sh("ip link add name gone type bridge && ip addr add 10.0.0.1/24 dev gone");
	look();
	sh("ip link del gone");
	fwc_kernel_close(k);
	i = find("gone");
	ck_assert_str_eq(fwc_interface_kind(i), "bridge");
	ck_assert_uint_eq(fwc_interface_address_at(i, 0)->prefix_len, 24);
	assert_ok(fwc_kernel_open(&k, NULL, &err), err);
	look();
	ck_assert_ptr_null(fwc_interfaces_find(list, "gone"));
}
END_TEST

START_TEST(interfaces_that_come_and_go_meanwhile_do_no_harm)
{
	time_t start = time(NULL);
	pid_t pid;
	int met = 0;

	sh("for i in $(seq 100); do echo link add name s$i type bridge; done | ip -batch -");
	pid = fork();
	if (pid == 0) {
		setpgid(0, 0);
		/* They stay a while: a reader meets them surely, and changes meet a reader. */
		execlp("sh", "sh", "-c",
		       "while :; do"
		       "  for i in 1 2 3 4 5; do echo link add name c$i type bridge;"
		       "    echo addr add 10.9.0.$i/32 dev c$i; done;"
		       "  sleep 0.02;"
		       "  for i in 1 2 3 4 5; do echo link del c$i; done;"
		       "done | ip -force -batch - >/dev/null 2>&1",
		       (char *)NULL);
		_exit(1);
	}
	/* Busy machines get few lists in that time, and one list that met a change is enough. */
	for (int tries = 0;
	     (tries < 500 && time(NULL) < start + 15) || (!met && time(NULL) < start + 100);
	     tries++) {
		uint32_t last = 0;
		int r;

		fwc_interfaces_free(list);
		list = NULL;
		r = fwc_interfaces_get(k, &list, &err);
		ck_assert_msg(r == 0 || r == -EAGAIN, "%d %s", r, err.msg);
		met += r == -EAGAIN;
		for (size_t n = 0; n < fwc_interfaces_count(list); n++) {
			const struct fwc_interface *i = fwc_interfaces_at(list, n);

			ck_assert_uint_gt(fwc_interface_index(i), last);
			last = fwc_interface_index(i);
			met += fwc_interface_name(i)[0] == 'c';
		}
		if (r == 0)
			ck_assert_ptr_nonnull(fwc_interfaces_find(list, "s100"));
	}
	kill(-pid, SIGKILL);
	waitpid(pid, NULL, 0);
	ck_assert_int_gt(met, 0);
}
END_TEST

START_TEST(bad_arguments_are_refused)
{
	const struct fwc_interface *none = NULL;
	int32_t netns = 5;
	size_t len = 7;

	assert_fails(fwc_interfaces_get(NULL, &list, &err), -EINVAL, err, "kernel object");
	assert_fails(fwc_interfaces_get(k, NULL, &err), -EINVAL, err, "place");
	ck_assert_uint_eq(fwc_interfaces_count(NULL), 0);
	ck_assert_ptr_null(fwc_interfaces_at(NULL, 0));
	ck_assert_ptr_null(fwc_interfaces_find(NULL, "lo"));
	ck_assert_ptr_null(fwc_interfaces_find_index(NULL, 1));
	fwc_interfaces_free(NULL);
	look();
	ck_assert_ptr_null(fwc_interfaces_find(list, NULL));
	ck_assert_ptr_null(fwc_interfaces_find(list, ""));
	ck_assert_ptr_null(fwc_interface_name(none));
	ck_assert_ptr_null(fwc_interface_mac(none, &len));
	ck_assert_uint_eq(len, 7);
	ck_assert(!fwc_interface_peer_netns(none, &netns));
	ck_assert_int_eq(netns, 5);
	ck_assert_uint_eq(fwc_interface_address_count(none), 0);
	ck_assert_ptr_null(fwc_interface_stats(none));
	ck_assert_str_eq(fwc_interface_address_scope_name(NULL), "");
	ck_assert_ptr_nonnull(fwc_interface_mac(find("lo"), NULL));
}
END_TEST

static Suite *interfaces_suite(void)
{
	Suite *s = suite_create("interfaces");
	TCase *tc = tcase_create("interfaces");

	tcase_add_checked_fixture(tc, enter, leave);
	tcase_add_test(tc, lo_is_as_ip_shows_it);
	tcase_add_test(tc, each_kind_is_as_ip_shows_it);
	tcase_add_test(tc, vlan_and_dummy_are_as_ip_shows_them);
	tcase_add_test(tc, unusual_names_and_aliases_are_kept);
	tcase_add_test(tc, peer_in_another_namespace_is_told);
	tcase_add_test(tc, addresses_are_as_ip_shows_them);
	tcase_add_test(tc, counters_are_the_kernels);
	tcase_add_test(tc, link_types_have_ips_words);
	tcase_add_test(tc, three_hundred_interfaces_are_all_there_in_order);
	tcase_add_test(tc, snapshot_outlives_interface_and_kernel_object);
	tcase_add_test(tc, interfaces_that_come_and_go_meanwhile_do_no_harm);
	tcase_add_test(tc, bad_arguments_are_refused);
	suite_add_tcase(s, tc);
	return s;
}

TEST_MAIN(interfaces_suite)
