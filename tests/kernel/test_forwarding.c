/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Forwarding, compared with what /proc/sys says in that namespace. */
#include <arpa/inet.h>
#include <net/if.h>
#include <netinet/icmp6.h>
#include <sched.h>
#include <stdbool.h>
#include <stdio.h>
#include <sys/mount.h>
#include <sys/wait.h>
#include <unistd.h>

#include <fwcore/fwcore.h>

#include "../check.h"

static struct fwc_kernel *k;
static struct fwc_error err;

static void enter(void)
{
	ns_enter();
	sh("ip link add name d1 type veth peer name d2 && ip link set d1 up && ip link set d2 up");
	sh("ip link add name a,b type bridge && ip link add name x.5 type bridge");
	sh("ip link add name 123456789012345 type bridge");
	assert_ok(fwc_kernel_open(&k, NULL, &err), err);
}

static void leave(void)
{
	fwc_kernel_close(k);
}

/* All that the kernel might move, one line a setting. */
static const char *settings_now(void)
{
	return sh("cd /proc/sys/net && grep -rs . ipv4/ip_forward ipv4/conf ipv6/conf | sort");
}

static bool get(uint32_t family, const char *interface)
{
	bool on;

	assert_ok(fwc_forwarding_get(k, family, interface, &on, &err), err);
	return on;
}

static struct fwc_settings *change(uint32_t family, const char *interface, bool on, uint32_t flags)
{
	struct fwc_settings *before;

	assert_ok(fwc_forwarding_change(k, family, interface, on, flags, &before, &err), err);
	return before;
}

static void restore(struct fwc_settings *before)
{
	assert_ok(fwc_settings_restore(k, before, &err), err);
	fwc_settings_free(before);
}

static void proc(const char *path, const char *value)
{
	sh("echo %s > '/proc/sys/net/%s'", value, path);
}

static const char *read_proc(const char *path)
{
	return sh("cat '/proc/sys/net/%s'", path);
}

static void need_force_forwarding(void)
{
	if (access("/proc/sys/net/ipv6/conf/all/force_forwarding", F_OK) < 0)
		test_skip("this kernel has no force_forwarding (Linux 6.17)");
}

START_TEST(reads_what_proc_says)
{
	for (int on = 0; on < 2; on++) {
		proc("ipv4/ip_forward", on ? "1" : "0");
		ck_assert_int_eq(get(FWC_FAMILY_IP, NULL), on);
		ck_assert_int_eq(get(FWC_FAMILY_IP, "d1"), on);
		proc("ipv6/conf/all/forwarding", on ? "1" : "0");
		ck_assert_int_eq(get(FWC_FAMILY_IP6, NULL), on);
		ck_assert_int_eq(get(FWC_FAMILY_IP6, "d1"), on);
		proc("ipv4/conf/x.5/forwarding", on ? "0" : "1");
		ck_assert_int_eq(get(FWC_FAMILY_IP, "x.5"), !on);
		ck_assert_int_eq(get(FWC_FAMILY_IP, "d2"), on);
	}
}
END_TEST

/* conf/NAME/forwarding of IPv6 alone forwards nothing, so it must not read as if it did. */
START_TEST(router_setting_of_an_ipv6_interface_is_not_forwarding)
{
	proc("ipv6/conf/d1/forwarding", "1");
	ck_assert(!get(FWC_FAMILY_IP6, "d1"));
}
END_TEST

START_TEST(sets_and_restores_ipv4_exactly)
{
	struct fwc_settings *before;
	const char *snapshot;

	/* What a naive undo loses: the kernel writes over these when the switch goes off. */
	proc("ipv4/conf/d2/forwarding", "1");
	proc("ipv4/conf/all/accept_redirects", "0");
	proc("ipv4/conf/default/forwarding", "1");
	snapshot = settings_now();
	before = change(FWC_FAMILY_IP, NULL, true, 0);
	ck_assert_str_eq(read_proc("ipv4/ip_forward"), "1\n");
	ck_assert_str_eq(read_proc("ipv4/conf/d1/forwarding"), "1\n");
	restore(before);
	ck_assert_str_eq(settings_now(), snapshot);
}
END_TEST

START_TEST(sets_off_and_restores_exactly)
{
	struct fwc_settings *before;
	const char *snapshot;

	proc("ipv4/ip_forward", "1");
	proc("ipv4/conf/d1/forwarding", "0");
	proc("ipv4/conf/all/accept_redirects", "1");
	proc("ipv6/conf/all/forwarding", "1");
	proc("ipv6/conf/a,b/forwarding", "0");
	snapshot = settings_now();
	before = change(FWC_FAMILY_IP, NULL, false, 0);
	ck_assert_str_eq(read_proc("ipv4/ip_forward"), "0\n");
	restore(before);
	before = change(FWC_FAMILY_IP6, NULL, false, 0);
	ck_assert_str_eq(read_proc("ipv6/conf/all/forwarding"), "0\n");
	restore(before);
	ck_assert_str_eq(settings_now(), snapshot);
}
END_TEST

START_TEST(sets_and_restores_ipv6_exactly)
{
	struct fwc_settings *before;
	const char *snapshot;

	proc("ipv6/conf/d2/forwarding", "1");
	snapshot = settings_now();
	before = change(FWC_FAMILY_IP6, NULL, true, 0);
	ck_assert_str_eq(read_proc("ipv6/conf/all/forwarding"), "1\n");
	restore(before);
	ck_assert_str_eq(settings_now(), snapshot);
}
END_TEST

static bool reports(const struct fwc_settings *s, const char *name, const char *value)
{
	for (size_t i = 0; i < fwc_settings_count(s); i++)
		if (!strcmp(fwc_settings_name(s, i), name))
			return !strcmp(fwc_settings_value(s, i), value);
	return false;
}

START_TEST(reports_what_changed_and_nothing_else)
{
	struct fwc_settings *before;
	const char *name;

	proc("ipv4/conf/d2/forwarding", "1");
	before = change(FWC_FAMILY_IP, NULL, true, 0);
	ck_assert(reports(before, "net.ipv4.ip_forward", "0"));
	ck_assert(reports(before, "net.ipv4.conf.all.forwarding", "0"));
	ck_assert(reports(before, "net.ipv4.conf.default.forwarding", "0"));
	ck_assert(reports(before, "net.ipv4.conf.all.accept_redirects", "1"));
	ck_assert(reports(before, "net.ipv4.conf.lo.forwarding", "0"));
	ck_assert(reports(before, "net.ipv4.conf.d1.forwarding", "0"));
	ck_assert(reports(before, "net.ipv4.conf.a,b.forwarding", "0"));
	ck_assert(reports(before, "net.ipv4.conf.x/5.forwarding", "0"));
	ck_assert(reports(before, "net.ipv4.conf.123456789012345.forwarding", "0"));
	for (size_t i = 0; (name = fwc_settings_name(before, i)); i++)
		ck_assert_str_ne(name, "net.ipv4.conf.d2.forwarding");
	/* a gre0 that the kernel adds by itself, say, would be one more */
	ck_assert_uint_ge(fwc_settings_count(before), 9);
	ck_assert_ptr_null(fwc_settings_value(before, fwc_settings_count(before)));
	/* sysctl(8) takes the names as they are */
	for (size_t i = 0; (name = fwc_settings_name(before, i)); i++)
		sh("! command -v sysctl || sysctl -n '%s'", name);
	restore(before);
}
END_TEST

START_TEST(nothing_is_written_when_it_is_so_already)
{
	struct fwc_settings *before;
	const char *snapshot;

	proc("ipv4/ip_forward", "1");
	proc("ipv4/conf/d1/forwarding", "0"); /* writing ip_forward again would set it */
	proc("ipv6/conf/all/forwarding", "1");
	proc("ipv6/conf/d1/forwarding", "0");
	snapshot = settings_now();
	before = change(FWC_FAMILY_IP, NULL, true, 0);
	ck_assert_uint_eq(fwc_settings_count(before), 0);
	restore(before);
	before = change(FWC_FAMILY_IP6, NULL, true, FWC_FORWARDING_KEEP_RA);
	ck_assert_uint_eq(fwc_settings_count(before), 0);
	restore(before);
	assert_ok(fwc_forwarding_set(k, FWC_FAMILY_IP, "d1", false, &err), err);
	ck_assert_str_eq(settings_now(), snapshot);
}
END_TEST

START_TEST(restore_follows_what_happened_meanwhile)
{
	struct fwc_settings *before = change(FWC_FAMILY_IP, NULL, true, 0);

	sh("ip link del x.5 && ip link add name new type bridge");
	restore(before);
	ck_assert_str_eq(read_proc("ipv4/ip_forward"), "0\n");
	/* Not there before: it follows the switch. */
	ck_assert_str_eq(read_proc("ipv4/conf/new/forwarding"), "0\n");

	/* Left alone by the change, then set by somebody else: it stays. */
	proc("ipv4/conf/d1/forwarding", "1");
	before = change(FWC_FAMILY_IP, NULL, true, 0);
	proc("ipv4/conf/d1/forwarding", "0");
	restore(before);
	ck_assert_str_eq(read_proc("ipv4/conf/d1/forwarding"), "0\n");

	/* The switch itself put back by somebody else. */
	before = change(FWC_FAMILY_IP, NULL, true, 0);
	proc("ipv4/ip_forward", "0");
	restore(before);
	ck_assert_str_eq(read_proc("ipv4/ip_forward"), "0\n");
}
END_TEST

START_TEST(one_ipv4_interface_is_switched_alone)
{
	static const char *const names[] = { "d1", "a,b", "x.5", "123456789012345" };

	for (size_t i = 0; i < 4; i++) {
		const char *snapshot = settings_now();
		struct fwc_settings *before = change(FWC_FAMILY_IP, names[i], true, 0);

		ck_assert_uint_eq(fwc_settings_count(before), 1);
		ck_assert_str_eq(sh("cat '/proc/sys/net/ipv4/conf/%s/forwarding'", names[i]),
				 "1\n");
		ck_assert(get(FWC_FAMILY_IP, names[i]));
		ck_assert(!get(FWC_FAMILY_IP, NULL));
		restore(before);
		ck_assert_str_eq(settings_now(), snapshot);
	}
}
END_TEST

START_TEST(one_ipv6_interface_is_switched_alone)
{
	struct fwc_settings *before;
	const char *snapshot;

	need_force_forwarding();
	snapshot = settings_now();
	before = change(FWC_FAMILY_IP6, "x.5", true, 0);
	ck_assert_uint_eq(fwc_settings_count(before), 1);
	ck_assert_str_eq(fwc_settings_name(before, 0), "net.ipv6.conf.x/5.force_forwarding");
	ck_assert_str_eq(read_proc("ipv6/conf/x.5/force_forwarding"), "1\n");
	ck_assert(get(FWC_FAMILY_IP6, "x.5"));
	ck_assert(!get(FWC_FAMILY_IP6, "d1"));
	restore(before);
	ck_assert_str_eq(settings_now(), snapshot);
}
END_TEST

START_TEST(one_ipv6_interface_cannot_be_left_out_of_global_forwarding)
{
	need_force_forwarding();
	proc("ipv6/conf/all/forwarding", "1");
	proc("ipv6/conf/d1/force_forwarding", "1");
	ck_assert(get(FWC_FAMILY_IP6, "d1"));
	assert_fails(fwc_forwarding_set(k, FWC_FAMILY_IP6, "d1", false, &err), -EOPNOTSUPP, err,
		     "'d1' cannot be left out");
	ck_assert_str_eq(read_proc("ipv6/conf/d1/force_forwarding"), "1\n");
}
END_TEST

START_TEST(works_in_the_namespace_of_the_kernel_object)
{
	struct fwc_kernel *here = k;
	struct fwc_kernel_opts opts = { .size = sizeof(opts), .netns_fd = ns_new() };
	struct fwc_settings *before;
	const char *snapshot = settings_now();

	assert_ok(fwc_kernel_open(&k, &opts, &err), err);
	before = change(FWC_FAMILY_IP, NULL, true, 0);
	fwc_settings_free(change(FWC_FAMILY_IP6, NULL, true, 0));
	ck_assert_str_eq(settings_now(), snapshot);
	ck_assert_str_eq(sh_in(opts.netns_fd, "cat /proc/sys/net/ipv4/ip_forward "
					      "/proc/sys/net/ipv6/conf/all/forwarding"),
			 "1\n1\n");
	restore(before);
	ck_assert_str_eq(sh_in(opts.netns_fd, "cat /proc/sys/net/ipv4/ip_forward"), "0\n");
	fwc_kernel_close(k);
	k = here;
	close(opts.netns_fd);
}
END_TEST

START_TEST(bad_arguments_are_named)
{
	const char *snapshot = settings_now();
	bool on = true;

	assert_fails(fwc_forwarding_get(NULL, FWC_FAMILY_IP, NULL, &on, &err), -EINVAL, err,
		     "kernel object");
	assert_fails(fwc_forwarding_get(k, FWC_FAMILY_INET, NULL, &on, &err), -EINVAL, err,
		     "family 1");
	assert_fails(fwc_forwarding_get(k, FWC_FAMILY_IP, NULL, NULL, &err), -EINVAL, err, "place");
	assert_fails(fwc_forwarding_get(k, FWC_FAMILY_IP, "nope", &on, &err), -ENOENT, err,
		     "there is no interface 'nope'");
	assert_fails(fwc_forwarding_set(k, FWC_FAMILY_IP6, "nope", true, &err), -ENOENT, err,
		     "there is no interface 'nope'");
	assert_fails(fwc_forwarding_set(k, FWC_FAMILY_IP, "../d1", true, &err), -EINVAL, err,
		     "'../d1'");
	assert_fails(fwc_forwarding_set(k, FWC_FAMILY_IP, "..", true, &err), -EINVAL, err, "'..'");
	assert_fails(fwc_forwarding_set(k, FWC_FAMILY_IP, "", true, &err), -EINVAL, err, "1 to 15");
	assert_fails(fwc_forwarding_set(k, FWC_FAMILY_IP, "1234567890123456", true, &err), -EINVAL,
		     err, "'1234567890123456' has 16 bytes");
	assert_fails(fwc_forwarding_set(k, FWC_FAMILY_IP, "all", true, &err), -EINVAL, err,
		     "'all' is no interface");
	assert_fails(fwc_forwarding_set(k, FWC_FAMILY_IP6, "default", true, &err), -EINVAL, err,
		     "'default' is no interface");
	assert_fails(fwc_forwarding_change(k, FWC_FAMILY_IP, NULL, true, 2, NULL, &err), -EINVAL,
		     err, "0x2");
	assert_fails(fwc_settings_restore(k, NULL, &err), -EINVAL, err, "settings");
	ck_assert(on);
	ck_assert_uint_eq(fwc_settings_count(NULL), 0);
	ck_assert_ptr_null(fwc_settings_name(NULL, 0));
	fwc_settings_free(NULL);
	ck_assert_int_eq(fwc_forwarding_set(k, FWC_FAMILY_IP, "nope", true, NULL), -ENOENT);
	ck_assert_str_eq(settings_now(), snapshot);
}
END_TEST

START_TEST(interface_without_ipv6_is_named)
{
	bool on;

	sh("ip link set d1 mtu 1000"); /* below IPv6's least */
	assert_fails(fwc_forwarding_get(k, FWC_FAMILY_IP6, "d1", &on, &err), -ENOENT, err,
		     "'d1' has no IPv6");
	ck_assert(!get(FWC_FAMILY_IP, "d1"));
}
END_TEST

/* A mount namespace of our own, whose /proc/sys is read-only as in most containers. */
START_TEST(read_only_proc_is_named_and_reading_works)
{
	const char *snapshot = settings_now();

	if (unshare(CLONE_NEWNS) < 0 || mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) < 0 ||
	    mount("/proc/sys", "/proc/sys", NULL, MS_BIND, NULL) < 0 ||
	    mount(NULL, "/proc/sys", NULL,
		  MS_REMOUNT | MS_BIND | MS_RDONLY | MS_NOSUID | MS_NODEV | MS_NOEXEC, NULL) < 0)
		test_skip("/proc/sys cannot be mounted read-only: %s", strerror(errno));
	fwc_kernel_close(k);
	assert_ok(fwc_kernel_open(&k, NULL, &err), err);
	ck_assert(!get(FWC_FAMILY_IP, NULL));
	assert_fails(fwc_forwarding_set(k, FWC_FAMILY_IP, NULL, true, &err), -EROFS, err,
		     "cannot set net.ipv4.ip_forward: /proc/sys is mounted read-only");
	assert_fails(fwc_forwarding_set(k, FWC_FAMILY_IP6, NULL, true, &err), -EROFS, err,
		     "net.ipv6.conf.all.forwarding");
	ck_assert_uint_eq(err.outcome, FWC_OUTCOME_NOTHING);
	ck_assert_str_eq(settings_now(), snapshot);
}
END_TEST

START_TEST(absent_proc_is_named_and_reading_works)
{
	if (unshare(CLONE_NEWNS) < 0 || mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) < 0)
		test_skip("no mount namespace: %s", strerror(errno));
	proc("ipv4/ip_forward", "1");
	if (mount("none", "/proc", "tmpfs", 0, NULL) < 0)
		test_skip("nothing can be mounted over /proc: %s", strerror(errno));
	/* And what lies there is not taken for the kernel's. */
	sh("mkdir -p /proc/sys/net/ipv4 && echo 1 > /proc/sys/net/ipv4/ip_forward");
	fwc_kernel_close(k);
	assert_ok(fwc_kernel_open(&k, NULL, &err), err);
	ck_assert(get(FWC_FAMILY_IP, NULL));
	ck_assert(!get(FWC_FAMILY_IP6, NULL));
	assert_fails(fwc_forwarding_set(k, FWC_FAMILY_IP, NULL, false, &err), -EOPNOTSUPP, err,
		     "cannot read net.ipv4.ip_forward: there is no /proc/sys/net");
	umount2("/proc", MNT_DETACH); /* a leak checker looks there at the end */
}
END_TEST

START_TEST(without_privilege_it_is_refused_and_reading_works)
{
	if (ns_is_unprivileged() || setresuid(65534, 65534, 65534) < 0)
		test_skip("no other user to be");
	fwc_kernel_close(k);
	assert_ok(fwc_kernel_open(&k, NULL, &err), err);
	ck_assert(!get(FWC_FAMILY_IP, NULL));
	assert_fails(fwc_forwarding_set(k, FWC_FAMILY_IP, NULL, true, &err), -EPERM, err,
		     "cannot set net.ipv4.ip_forward: CAP_NET_ADMIN is needed");
	assert_fails(fwc_forwarding_set(k, FWC_FAMILY_IP, "d1", true, &err), -EPERM, err,
		     "net.ipv4.conf.d1.forwarding");
}
END_TEST

/* One router advertisement out of `interface` of that namespace. */
static void advertise(int netns_fd, const char *interface)
{
	pid_t pid = fork();
	int status;

	if (pid == 0) {
		struct nd_router_advert ra = { .nd_ra_router_lifetime = htons(1800) };
		struct sockaddr_in6 to = { .sin6_family = AF_INET6 };
		int fd, hops = 255;
		unsigned int index;

		ra.nd_ra_type = ND_ROUTER_ADVERT;
		ra.nd_ra_curhoplimit = 64;
		ns_switch(netns_fd);
		fd = socket(AF_INET6, SOCK_RAW, IPPROTO_ICMPV6);
		index = if_nametoindex(interface);
		inet_pton(AF_INET6, "ff02::1", &to.sin6_addr);
		to.sin6_scope_id = index;
		setsockopt(fd, IPPROTO_IPV6, IPV6_MULTICAST_HOPS, &hops, sizeof(hops));
		_exit(sendto(fd, &ra, sizeof(ra), 0, (void *)&to, sizeof(to)) != sizeof(ra));
	}
	waitpid(pid, &status, 0);
}

/* "up0" here follows the advertisements of a router in another namespace. */
static void make_advertised_uplink(void)
{
	int router = ns_new();

	sh_in(router, "ip link add name r0 type veth peer name up0");
	sh_in(router, "echo 0 > /proc/sys/net/ipv6/conf/r0/accept_dad; ip link set up0 netns %d",
	      getpid());
	sh("echo 0 > /proc/sys/net/ipv6/conf/up0/accept_dad; ip link set up0 up");
	sh_in(router, "ip link set r0 up");
	for (int tries = 0; tries < 600; tries++) {
		advertise(router, "r0");
		if (strstr(sh("ip -6 route show default"), "up0"))
			return;
		usleep(100000);
	}
	ck_abort_msg("no route came from the advertisements");
}

START_TEST(forwarding_that_would_lose_advertisements_is_refused)
{
	const char *snapshot;

	make_advertised_uplink();
	snapshot = settings_now();
	assert_fails(fwc_forwarding_set(k, FWC_FAMILY_IP6, NULL, true, &err), -EBUSY, err, "'up0'");
	ck_assert_uint_eq(err.object, FWC_OBJECT_INTERFACE);
	ck_assert_str_eq(settings_now(), snapshot);
	assert_contains(sh("ip -6 route show default"), "dev up0 proto ra");
	/* IPv4 has no such trouble. */
	assert_ok(fwc_forwarding_set(k, FWC_FAMILY_IP, NULL, true, &err), err);
}
END_TEST

START_TEST(advertisements_are_kept_when_asked)
{
	struct fwc_settings *before;
	const char *snapshot;

	make_advertised_uplink();
	snapshot = settings_now();
	before = change(FWC_FAMILY_IP6, NULL, true, FWC_FORWARDING_KEEP_RA);
	ck_assert_str_eq(read_proc("ipv6/conf/up0/accept_ra"), "2\n");
	ck_assert_str_eq(read_proc("ipv6/conf/d1/accept_ra"), "1\n"); /* never had one */
	ck_assert(reports(before, "net.ipv6.conf.up0.accept_ra", "1"));
	assert_contains(sh("ip -6 route show default"), "dev up0 proto ra");
	restore(before);
	ck_assert_str_eq(settings_now(), snapshot);
	assert_contains(sh("ip -6 route show default"), "dev up0 proto ra");
}
END_TEST

START_TEST(interfaces_that_follow_advertisements_as_routers_are_no_obstacle)
{
	make_advertised_uplink();
	proc("ipv6/conf/up0/accept_ra", "2");
	assert_ok(fwc_forwarding_set(k, FWC_FAMILY_IP6, NULL, true, &err), err);
	assert_contains(sh("ip -6 route show default"), "dev up0 proto ra");
}
END_TEST

static Suite *forwarding_suite(void)
{
	Suite *s = suite_create("forwarding");
	TCase *tc = tcase_create("forwarding");

	tcase_add_checked_fixture(tc, enter, leave);
	tcase_add_test(tc, reads_what_proc_says);
	tcase_add_test(tc, router_setting_of_an_ipv6_interface_is_not_forwarding);
	tcase_add_test(tc, sets_and_restores_ipv4_exactly);
	tcase_add_test(tc, sets_off_and_restores_exactly);
	tcase_add_test(tc, sets_and_restores_ipv6_exactly);
	tcase_add_test(tc, reports_what_changed_and_nothing_else);
	tcase_add_test(tc, nothing_is_written_when_it_is_so_already);
	tcase_add_test(tc, restore_follows_what_happened_meanwhile);
	tcase_add_test(tc, one_ipv4_interface_is_switched_alone);
	tcase_add_test(tc, one_ipv6_interface_is_switched_alone);
	tcase_add_test(tc, one_ipv6_interface_cannot_be_left_out_of_global_forwarding);
	tcase_add_test(tc, works_in_the_namespace_of_the_kernel_object);
	tcase_add_test(tc, bad_arguments_are_named);
	tcase_add_test(tc, interface_without_ipv6_is_named);
	tcase_add_test(tc, read_only_proc_is_named_and_reading_works);
	tcase_add_test(tc, absent_proc_is_named_and_reading_works);
	tcase_add_test(tc, without_privilege_it_is_refused_and_reading_works);
	tcase_add_test(tc, forwarding_that_would_lose_advertisements_is_refused);
	tcase_add_test(tc, advertisements_are_kept_when_asked);
	tcase_add_test(tc, interfaces_that_follow_advertisements_as_routers_are_no_obstacle);
	suite_add_tcase(s, tc);
	return s;
}

TEST_MAIN(forwarding_suite)
