/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A process that is killed within a call of the network part: at every point at which it could leave something else.
 *
 * The kernel is changed by requests, each one sendmsg(2) that it carries out before it returns. So the library's sendmsg is
 * the one below, and the process dies after its first changing request, then after its second, and so on until a call gets
 * through. What is left must be what docs/NETWORK.md says: repaired by the calls named there, with nothing over. */
#include <fwcore/fwcore.h>
#include <linux/netlink.h>
#include <stdbool.h>
#include <stdio.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "../check.h"

static struct fwc_kernel *k;
static struct fwc_error err;
static int container; /* its namespace */

/* ---- dying ---- */

static int requests_left; /* 0: live */

ssize_t sendmsg(int fd, const struct msghdr *msg, int flags)
{
	const struct nlmsghdr *first = msg->msg_iov->iov_base;
	/* The begin of a batch, or a link, address or route; RTM_GET* have a 2 at the end, what nf_tables is asked a subsystem. */
	bool changes = first->nlmsg_type >= NLMSG_MIN_TYPE && first->nlmsg_type < 0x100 &&
		       (first->nlmsg_type & 3) != 2;
	ssize_t r = syscall(SYS_sendmsg, fd, msg, flags);

	if (changes && requests_left && --requests_left == 0)
		kill(getpid(), SIGKILL);
	return r;
}

static void open_kernel(void)
{
	const struct fwc_kernel_opts opts = { .size = sizeof(opts), .owner = "test" };

	assert_ok(fwc_kernel_open(&k, &opts, &err), err);
}

/* In another process, which dies after that many requests. False when the call came to its end before. */
static bool dies(int (*call)(void), int requests)
{
	int status;
	pid_t pid = fork();

	ck_assert_int_ge(pid, 0);
	if (pid == 0) {
		const struct fwc_kernel_opts opts = { .size = sizeof(opts), .owner = "test" };

		if (fwc_kernel_open(&k, &opts, NULL) < 0)
			_exit(2);
		requests_left = requests;
		_exit(call() == 0 ? 0 : 1);
	}
	ck_assert_int_eq(waitpid(pid, &status, 0), pid);
	if (WIFSIGNALED(status)) {
		ck_assert_int_eq(WTERMSIG(status), SIGKILL);
		return true;
	}
	ck_assert_int_eq(WEXITSTATUS(status), 0);
	return false;
}

/* ---- the calls ---- */

static const struct fwc_port ports[] = {
	{ .protocol = 6, .host_port = 8080, .port = 80 },
	{ .protocol = 17, .host_port = 5000, .port = 5000, .count = 10 },
};

static int create(void)
{
	const struct fwc_network_opts opts = { .size = sizeof(opts),
					       .subnet4 = "172.30.0.0/24",
					       .subnet6 = "fd30::/64" };

	return fwc_network_create(k, "fbr0", &opts, &err);
}

static int delete (void)
{
	return fwc_network_delete(k, "fbr0", &err);
}

static int attach(void)
{
	const struct fwc_attach_opts opts = { .size = sizeof(opts),
					      .ports = ports,
					      .ports_count = 1 };

	return fwc_network_attach(k, "fbr0", "c1", container, &opts, &err);
}

static int detach(void)
{
	return fwc_network_detach(k, "fbr0", "c1", &err);
}

static int publish(void)
{
	return fwc_network_publish(k, "fbr0", "c1", &ports[1], &err);
}

static int unpublish(void)
{
	return fwc_network_unpublish(k, "fbr0", "c1", &ports[1], &err);
}

/* 0, or what the call says when the dead process had done it all. */
static void succeeds_or(int (*call)(void), int code)
{
	int r = call();

	ck_assert_msg(r == 0 || r == code, "%d: %s", r, err.msg);
}

static void repair_create(void)
{
	if (create() == 0)
		return;
	ck_assert_int_eq(err.code, -EEXIST);
	assert_ok(delete (), err);
	assert_ok(create(), err);
}

static void repair_attach(void)
{
	if (attach() == 0)
		return;
	ck_assert_int_eq(err.code, -EEXIST);
	assert_ok(detach(), err);
	assert_ok(attach(), err);
}

static void repair_publish(void)
{
	succeeds_or(publish, -EADDRINUSE);
}

static void repair_unpublish(void)
{
	succeeds_or(unpublish, -ENOENT);
}

static void repair_detach(void)
{
	succeeds_or(detach, -ENOENT);
}

static void repair_delete(void)
{
	succeeds_or(delete, -ENOENT);
}

/* In this order they make everything and take it back. */
static const struct {
	int (*call)(void);
	void (*repair)(void);
} calls[] = {
	{ create, repair_create },       { attach, repair_attach }, { publish, repair_publish },
	{ unpublish, repair_unpublish }, { detach, repair_detach }, { delete, repair_delete },
};

enum { CALLS = sizeof(calls) / sizeof(*calls) };

/* ---- what there is ---- */

static const char *world(void)
{
	static const char links[] =
		"ip -o link | cut -d: -f2 | sed 's/@.*//' | sort; ip -o -4 addr | sed 's/^[0-9]*: //'; ip route | sed 's/ linkdown//'";

	return sh("nft list ruleset | grep -v '^$'; %s; nsenter --net=/proc/%d/fd/%d sh -c \"%s\"",
		  links, (int)getpid(), container, links);
}

/* Where they differ. */
static void assert_same(const char *is, const char *wanted, int requests)
{
	size_t at = 0;

	while (is[at] && is[at] == wanted[at])
		at++;
	ck_assert_msg(is[at] == wanted[at], "after request %d: '%.200s' where '%.200s' is wanted",
		      requests, is + at, wanted + at);
}

static void set_up(void)
{
	need_program("ip");
	need_program("nft");
	need_program("nsenter");
	ns_enter();
	sh("echo 1 > /proc/sys/net/ipv4/ip_forward; echo 1 > /proc/sys/net/ipv6/conf/all/forwarding");
	container = ns_new();
	open_kernel();
}

/* From where the calls before it have come to; then those behind it are made. */
static void do_others(size_t from, size_t to)
{
	for (size_t i = from; i < to; i++)
		assert_ok(calls[i].call(), err);
}

START_TEST(killed_in_mid_call_a_repeat_repairs_it_and_nothing_is_left)
{
	size_t i = (size_t)_i;
	const char *empty = world(), *done;
	int requests = 0;

	do_others(0, i + 1);
	done = world();
	do_others(i + 1, CALLS);
	assert_same(world(), empty, 0);
	for (;;) {
		do_others(0, i);
		if (!dies(calls[i].call, ++requests))
			break;
		calls[i].repair();
		assert_same(world(), done, requests);
		do_others(i + 1, CALLS);
		assert_same(world(), empty, requests);
	}
	ck_assert_int_gt(requests, 1); /* it did die */
	fwc_kernel_close(k);
}
END_TEST

static Suite *crash_suite(void)
{
	Suite *suite = suite_create("crash");
	TCase *tc = tcase_create("crash");

	tcase_add_checked_fixture(tc, set_up, NULL);
	tcase_add_loop_test(tc, killed_in_mid_call_a_repeat_repairs_it_and_nothing_is_left, 0,
			    CALLS);
	suite_add_tcase(suite, tc);
	return suite;
}

TEST_MAIN(crash_suite)
