/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Opening the kernel of this namespace and of others. */
#include <dirent.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <sys/eventfd.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <fwcore/fwcore.h>

#include "../check.h"

static struct fwc_error err;

static ino_t namespace_of_thread(void)
{
	struct stat st;

	ck_assert_int_eq(stat("/proc/thread-self/ns/net", &st), 0);
	return st.st_ino;
}

static size_t count_open_files(void)
{
	DIR *dir = opendir("/proc/self/fd");
	size_t count = 0;

	ck_assert_ptr_nonnull(dir);
	while (readdir(dir))
		count++;
	closedir(dir);
	return count;
}

static struct fwc_kernel *open_fd(int fd)
{
	struct fwc_kernel_opts opts = { .size = sizeof(opts), .netns_fd = fd };
	struct fwc_kernel *k;

	assert_ok(fwc_kernel_open(&k, &opts, &err), err);
	return k;
}

static struct fwc_kernel *open_path(const char *path)
{
	struct fwc_kernel_opts opts = { .size = sizeof(opts), .netns_path = path };
	struct fwc_kernel *k;

	assert_ok(fwc_kernel_open(&k, &opts, &err), err);
	return k;
}

static void refuse(const struct fwc_kernel_opts *opts, int code, const char *part)
{
	struct fwc_kernel *const untouched = (void *)0x10;
	struct fwc_kernel *k = untouched;

	assert_fails(fwc_kernel_open(&k, opts, &err), code, err, part);
	ck_assert_ptr_eq(k, untouched);
	ck_assert_int_eq(fwc_kernel_open(&k, opts, NULL), code);
}

static void refuse_path(const char *path, int code, const char *part)
{
	refuse(&(struct fwc_kernel_opts){ .size = sizeof(struct fwc_kernel_opts),
					  .netns_path = path },
	       code, part);
}

static void refuse_owner(const char *owner, const char *part)
{
	refuse(&(struct fwc_kernel_opts){ .size = sizeof(struct fwc_kernel_opts), .owner = owner },
	       -EINVAL, part);
}

static bool has_interface(struct fwc_kernel *k, const char *name)
{
	struct fwc_interfaces *list;
	bool has;

	assert_ok(fwc_interfaces_get(k, &list, &err), err);
	has = fwc_interfaces_find(list, name);
	fwc_interfaces_free(list);
	return has;
}

START_TEST(opens_the_namespace_of_the_thread)
{
	struct fwc_kernel *k;

	sh("ip link add name here type bridge");
	assert_ok(fwc_kernel_open(&k, NULL, &err), err);
	ck_assert(has_interface(k, "here"));
	/* It stays there when the thread leaves. */
	ns_switch(ns_new());
	ck_assert(has_interface(k, "here"));
	fwc_kernel_close(k);
}
END_TEST

START_TEST(opens_another_by_fd_and_by_path)
{
	int there = ns_new();
	ino_t here = namespace_of_thread();
	struct fwc_kernel *k;
	char path[64];

	sh("ip link add name here type bridge");
	sh_in(there, "ip link add name there type bridge");
	k = open_fd(there);
	ck_assert(has_interface(k, "there"));
	ck_assert(!has_interface(k, "here"));
	fwc_kernel_close(k);
	/* Not closed, not moved. */
	ck_assert_int_ge(fcntl(there, F_GETFD), 0);
	ck_assert_uint_eq(namespace_of_thread(), here);

	snprintf(path, sizeof(path), "/proc/%d/fd/%d", getpid(), there);
	k = open_path(path);
	ck_assert(has_interface(k, "there"));
	fwc_kernel_close(k);
	k = open_path("/proc/self/ns/net");
	ck_assert(has_interface(k, "here"));
	fwc_kernel_close(k);
	ck_assert_uint_eq(namespace_of_thread(), here);
	close(there);
}
END_TEST

START_TEST(opens_one_made_by_ip_netns)
{
	struct fwc_kernel *k;
	char name[64], path[96];

	if (ns_is_unprivileged() || access("/run", W_OK) < 0)
		test_skip("ip netns needs root");
	snprintf(name, sizeof(name), "fwcore-test-%d", getpid());
	sh("ip netns add %s && ip -n %s link add name named type bridge", name, name);
	snprintf(path, sizeof(path), "/run/netns/%s", name);
	k = open_path(path);
	sh("ip netns del %s", name);
	/* The object keeps it alive. */
	ck_assert(has_interface(k, "named"));
	fwc_kernel_close(k);
	refuse_path(path, -ENOENT, name);
}
END_TEST

START_TEST(two_objects_in_two_namespaces_keep_apart)
{
	int one = ns_new(), two = ns_new();
	struct fwc_kernel *a = open_fd(one), *b = open_fd(two);
	bool on;

	sh_in(one, "ip link add name one type bridge");
	sh_in(two, "ip link add name two type bridge");
	for (int i = 0; i < 3; i++) {
		ck_assert(has_interface(a, "one") && !has_interface(a, "two"));
		ck_assert(has_interface(b, "two") && !has_interface(b, "one"));
	}
	assert_ok(fwc_forwarding_set(a, FWC_FAMILY_IP, NULL, true, &err), err);
	assert_ok(fwc_forwarding_get(b, FWC_FAMILY_IP, NULL, &on, &err), err);
	ck_assert(!on);
	fwc_kernel_close(a);
	ck_assert(has_interface(b, "two"));
	fwc_kernel_close(b);
	close(one);
	close(two);
}
END_TEST

START_TEST(what_is_no_network_namespace_is_named)
{
	char dir[] = "/tmp/fwcore-test-XXXXXX", fifo[64];

	ck_assert_ptr_nonnull(mkdtemp(dir));
	snprintf(fifo, sizeof(fifo), "%s/fifo", dir);
	ck_assert_int_eq(mkfifo(fifo, 0600), 0);
	refuse_path("/nowhere/at/all", -ENOENT, "'/nowhere/at/all': No such file");
	refuse_path("", -ENOENT, "''");
	refuse_path("/etc/passwd", -EINVAL, "'/etc/passwd' is not a network namespace");
	refuse_path(dir, -EINVAL, "is not a network namespace");
	refuse_path(fifo, -EINVAL, "is not a network namespace"); /* and does not wait */
	refuse_path("/dev/null", -EINVAL, "'/dev/null' is not a network namespace");
	refuse_path("/proc/self/ns/mnt", -EINVAL, "is a namespace of another kind");
	unlink(fifo);
	rmdir(dir);
}
END_TEST

START_TEST(what_is_no_open_namespace_is_named)
{
	struct fwc_kernel_opts opts = { .size = sizeof(opts), .netns_fd = eventfd(0, 0) };

	refuse(&opts, -EINVAL, "is not a network namespace");
	close(opts.netns_fd);
	refuse(&opts, -EBADF, "Bad file descriptor");
	opts.netns_path = "/proc/self/ns/net";
	refuse(&opts, -EINVAL, "give one");
}
END_TEST

START_TEST(long_path_is_cut_in_the_message)
{
	char path[2000];

	memset(path, 'x', sizeof(path));
	path[0] = '/';
	path[sizeof(path) - 1] = '\0';
	refuse_path(path, -ENAMETOOLONG, "xxx");
	assert_contains(err.msg, "File name too long");
}
END_TEST

START_TEST(bad_options_are_named)
{
	struct {
		struct fwc_kernel_opts known;
		uint32_t newer;
	} opts = { .known = { .size = sizeof(opts) }, .newer = 0 };
	struct fwc_kernel *k;

	refuse(&(struct fwc_kernel_opts){ .size = 0 }, -EINVAL, "size");
	refuse(&(struct fwc_kernel_opts){ .size = sizeof(struct fwc_kernel_opts), .flags = 8 },
	       -EINVAL, "0x8");
	/* A newer caller that asks for nothing new is served. */
	assert_ok(fwc_kernel_open(&k, &opts.known, &err), err);
	fwc_kernel_close(k);
	opts.newer = 1;
	refuse(&opts.known, -E2BIG, "does not know");
	assert_fails(fwc_kernel_open(NULL, NULL, &err), -EINVAL, err, "place");
	fwc_kernel_close(NULL);
	ck_assert_ptr_null(fwc_kernel_owner(NULL));
}
END_TEST

START_TEST(owner_is_checked)
{
	const struct fwc_kernel_opts opts = { .size = sizeof(opts),
					      .owner = "The_owner.of-31.bytes-exactly-1" };
	struct fwc_kernel *k;

	ck_assert_uint_eq(strlen(opts.owner), 31);
	assert_ok(fwc_kernel_open(&k, &opts, &err), err);
	ck_assert_str_eq(fwc_kernel_owner(k), opts.owner);
	fwc_kernel_close(k);
	refuse_owner("", "1 to 31");
	refuse_owner("The_owner.of-31.bytes-exactly-12", "1 to 31");
	refuse_owner("a b", "'a b' is no owner");
	refuse_owner("a/b", "'a/b' is no owner");
	refuse_owner("\xc3\xa4", "is no owner");
}
END_TEST

START_TEST(owner_is_the_programs_name_by_default)
{
	static const char *const names[][2] = {
		{ "ufw", "ufw" },
		{ "my daemon (2)", "my_daemon__2_" },
		{ "\xc3\xa4", "__" },
		{ "", "_" },
		{ "a-name.that_has-more-than-31-bytes", "a-name.that_has-more-than-31-by" },
	};
	char *before = program_invocation_short_name;
	struct fwc_kernel *k;

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		program_invocation_short_name = (char *)names[i][0];
		assert_ok(fwc_kernel_open(&k, NULL, &err), err);
		ck_assert_str_eq(fwc_kernel_owner(k), names[i][1]);
		fwc_kernel_close(k);
	}
	program_invocation_short_name = before;
}
END_TEST

START_TEST(object_of_the_parent_is_refused_in_the_child)
{
	struct fwc_kernel *k;
	int status;
	pid_t pid;

	assert_ok(fwc_kernel_open(&k, NULL, &err), err);
	pid = fork();
	if (pid == 0) {
		struct fwc_interfaces *list;
		bool on;
		bool good = fwc_interfaces_get(k, &list, &err) == -ECHILD && err.code == -ECHILD &&
			    strstr(err.msg, "fork") &&
			    fwc_forwarding_get(k, FWC_FAMILY_IP, NULL, &on, &err) == -ECHILD &&
			    fwc_forwarding_set(k, FWC_FAMILY_IP, NULL, true, NULL) == -ECHILD;

		fwc_kernel_close(k); /* its copy only */
		_exit(good ? 0 : 1);
	}
	ck_assert_int_eq(waitpid(pid, &status, 0), pid);
	ck_assert_int_eq(status, 0);
	ck_assert(has_interface(k, "lo"));
	fwc_kernel_close(k);
}
END_TEST

START_TEST(no_file_stays_open_and_none_passes_exec)
{
	int there = ns_new();
	struct fwc_kernel *k;
	bool mine[256];
	size_t before;
	int its = 0;

	fwc_kernel_close(open_fd(there)); /* what libc opens once */
	before = count_open_files();
	for (int i = 0; i < 500; i++) {
		assert_ok(fwc_kernel_open(&k, NULL, &err), err);
		fwc_kernel_close(k);
		fwc_kernel_close(open_fd(there));
		refuse_path("/etc/passwd", -EINVAL, "namespace");
		refuse_owner("a b", "owner");
	}
	ck_assert_uint_eq(count_open_files(), before);

	for (int fd = 0; fd < 256; fd++)
		mine[fd] = fcntl(fd, F_GETFD) >= 0;
	k = open_path("/proc/self/ns/net");
	for (int fd = 0; fd < 256; fd++) {
		int flags = fcntl(fd, F_GETFD);

		if (mine[fd] || flags < 0)
			continue;
		ck_assert_msg(flags & FD_CLOEXEC, "fd %d passes exec", fd);
		its++;
	}
	ck_assert_int_eq(its, 4);
	fwc_kernel_close(k);
	close(there);
}
END_TEST

START_TEST(without_files_left_it_fails_cleanly)
{
	int first, fd, there = ns_new(), worked = 0;
	struct fwc_kernel_opts opts = { .size = sizeof(opts), .netns_fd = there };
	struct fwc_kernel *k;

	/* Leaves 0, 1, 2 ... free: each step of opening fails once. */
	first = dup(0);
	while ((fd = dup(0)) >= 0)
		;
	ck_assert_int_eq(errno, EMFILE);
	for (fd = first; fd < first + 8; fd++) {
		int r = fwc_kernel_open(&k, &opts, &err);

		if (r == 0) {
			worked++;
			fwc_kernel_close(k);
		} else {
			assert_error(&err, -EMFILE, "netlink");
		}
		close(fd);
	}
	ck_assert_int_ge(worked, 3);
}
END_TEST

static volatile sig_atomic_t handler_namespace_differs;
static ino_t expected_namespace;

static void on_signal(int number)
{
	struct stat st;

	(void)number;
	if (stat("/proc/thread-self/ns/net", &st) < 0 || st.st_ino != expected_namespace)
		handler_namespace_differs = 1;
}

START_TEST(signals_are_never_handled_in_the_other_namespace)
{
	int there = ns_new();
	struct sigaction action = { .sa_handler = on_signal, .sa_flags = SA_RESTART };
	sigset_t before, after;
	pid_t parent = getpid(), pid;

	expected_namespace = namespace_of_thread();
	sigaction(SIGUSR1, &action, NULL);
	sigaction(SIGUSR2, &action, NULL);
	pthread_sigmask(SIG_SETMASK, NULL, &before);
	pid = fork();
	if (pid == 0) {
		/* While the first waits for the main thread the second would go to another one. */
		for (int i = 0; i < 60000; i++) {
			kill(parent, SIGUSR1);
			kill(parent, SIGUSR2);
		}
		_exit(0);
	}
	while (waitpid(pid, NULL, WNOHANG) == 0)
		fwc_kernel_close(open_fd(there));
	ck_assert_int_eq(handler_namespace_differs, 0);
	pthread_sigmask(SIG_SETMASK, NULL, &after);
	for (int number = 1; number < 32; number++)
		ck_assert_int_eq(sigismember(&before, number), sigismember(&after, number));
	close(there);
}
END_TEST

START_TEST(entering_without_privilege_is_refused_by_name)
{
	int there = ns_new();
	struct fwc_kernel_opts opts = { .size = sizeof(opts), .netns_fd = there };

	if (ns_is_unprivileged() || setresuid(65534, 65534, 65534) < 0)
		test_skip("no other user to be");
	refuse(&opts, -EPERM, "needs CAP_SYS_ADMIN");
	/* One's own may be looked at. */
	opts.netns_fd = 0;
	fwc_kernel_close(open_path(NULL));
	close(there);
}
END_TEST

static Suite *open_suite(void)
{
	Suite *s = suite_create("open");
	TCase *tc = tcase_create("open");

	tcase_add_checked_fixture(tc, ns_enter, NULL);
	tcase_add_test(tc, opens_the_namespace_of_the_thread);
	tcase_add_test(tc, opens_another_by_fd_and_by_path);
	tcase_add_test(tc, opens_one_made_by_ip_netns);
	tcase_add_test(tc, two_objects_in_two_namespaces_keep_apart);
	tcase_add_test(tc, what_is_no_network_namespace_is_named);
	tcase_add_test(tc, what_is_no_open_namespace_is_named);
	tcase_add_test(tc, long_path_is_cut_in_the_message);
	tcase_add_test(tc, bad_options_are_named);
	tcase_add_test(tc, owner_is_checked);
	tcase_add_test(tc, owner_is_the_programs_name_by_default);
	tcase_add_test(tc, object_of_the_parent_is_refused_in_the_child);
	tcase_add_test(tc, no_file_stays_open_and_none_passes_exec);
	tcase_add_test(tc, without_files_left_it_fails_cleanly);
	tcase_add_test(tc, signals_are_never_handled_in_the_other_namespace);
	tcase_add_test(tc, entering_without_privilege_is_refused_by_name);
	suite_add_tcase(s, tc);
	return s;
}

TEST_MAIN(open_suite)
