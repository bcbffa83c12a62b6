/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* libcheck knows passed and failed only: a skip travels as a failure whose message begins with SKIP. */
#include <check.h>
#include <fcntl.h>
#include <net/if.h>
#include <pthread.h>
#include <sched.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "check.h"

static const char skip_mark[] = "SKIP: ";
static bool unprivileged;

/* "ok 3 - file.c:case:test_name: Passed" as TAP that says no more than needed. Returns what it was. */
enum outcome { OTHER, PASSED, FAILED, SKIPPED };

static enum outcome report(char *line, TestResult **failures)
{
	char *name, *message;
	int number = 0;
	bool ok = !strncmp(line, "ok ", 3);

	line[strcspn(line, "\n")] = '\0';
	if (sscanf(line, ok ? "ok %d" : "not ok %d", &number) != 1 || !(name = strchr(line, ':')) ||
	    !(name = strchr(name + 1, ':')) || !(message = strchr(name + 1, ':'))) {
		/* "1..9", or the next line of a message */
		printf("%s%s\n", strncmp(line, "1..", 3) ? "# " : "", line);
		return OTHER;
	}
	*message++ = '\0';
	message += strspn(message, " ");
	if (ok) {
		printf("ok %d - %s\n", number, name + 1);
		return PASSED;
	}
	if (!strncmp(message, skip_mark, strlen(skip_mark))) {
		printf("ok %d - %s # SKIP %s\n", number, name + 1, message + strlen(skip_mark));
		return SKIPPED;
	}
	printf("not ok %d - %s\n# %s:%d: %s\n", number, name + 1, tr_lfile(*failures),
	       tr_lno(*failures), message);
	return FAILED;
}

int fwc_test_main(Suite *(*make_suite)(void))
{
	char log[] = "/tmp/fwcore-test-XXXXXX", path[4096], line[8192];
	size_t count[4] = { 0 };
	TestResult **failures;
	SRunner *runner;
	FILE *tap;
	int fd;

	snprintf(path, sizeof(path), "%s:/usr/local/sbin:/usr/sbin:/sbin",
		 getenv("PATH") ? getenv("PATH") : "/usr/bin:/bin");
	setenv("PATH", path, 1);
	setenv("LC_ALL", "C", 1);
	setenv("CK_DEFAULT_TIMEOUT", "150", 0);
	fd = mkstemp(log);
	if (fd < 0) {
		perror(log);
		return 1;
	}
	close(fd);
	runner = srunner_create(make_suite());
	srunner_set_tap(runner, log);
	srunner_run_all(runner, CK_SILENT);
	failures = srunner_failures(runner); /* in the log's order, skips among them */

	tap = fopen(log, "r");
	while (tap && fgets(line, sizeof(line), tap))
		count[report(line, failures + count[FAILED] + count[SKIPPED])]++;
	if (tap)
		fclose(tap);
	free(failures);
	srunner_free(runner);
	unlink(log);
	if (count[FAILED])
		return 1;
	if (count[PASSED])
		return 0;
	return count[SKIPPED] ? 77 : 1; /* a suite without tests proves nothing */
}

void test_skip(const char *fmt, ...)
{
	const char *require = getenv("FWC_TEST_REQUIRE");
	char reason[512];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(reason, sizeof(reason), fmt, ap);
	va_end(ap);
	if (require && *require)
		ck_abort_msg("needed here (FWC_TEST_REQUIRE=%s): %s", require, reason);
	ck_abort_msg("%s%s", skip_mark, reason);
	abort();
}

/* Without asking a shell: most tests need one, and in a virtual machine a process is slow to start. */
void need_program(const char *name)
{
	char path[4096];

	for (const char *folder = getenv("PATH"); folder && *folder; folder += *folder == ':') {
		size_t len = strcspn(folder, ":");

		snprintf(path, sizeof(path), "%.*s/%s", (int)len, folder, name);
		if (access(path, X_OK) == 0)
			return;
		folder += len;
	}
	test_skip("the program %s is not installed", name);
}

static void write_file(const char *path, const char *text)
{
	int fd = open(path, O_WRONLY | O_CLOEXEC);

	if (fd < 0 || write(fd, text, strlen(text)) != (ssize_t)strlen(text))
		test_skip("no user namespace: %s: %s", path, strerror(errno));
	close(fd);
}

/* Root of a user namespace of our own, from which a network namespace may be made. */
static void enter_user_namespace(void)
{
	uid_t uid = geteuid();
	gid_t gid = getegid();
	char map[64];

	if (unshare(CLONE_NEWUSER | CLONE_NEWNET) < 0)
		test_skip("no network namespace, not even in a user namespace: %s",
			  strerror(errno));
	unprivileged = true;
	write_file("/proc/self/setgroups", "deny");
	snprintf(map, sizeof(map), "0 %u 1", uid);
	write_file("/proc/self/uid_map", map);
	snprintf(map, sizeof(map), "0 %u 1", gid);
	write_file("/proc/self/gid_map", map);
}

static bool loopback_up(void)
{
	struct ifreq ifr = { .ifr_name = "lo", .ifr_flags = IFF_UP | IFF_RUNNING };
	int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	bool ok = fd >= 0 && ioctl(fd, SIOCSIFFLAGS, &ifr) == 0;

	if (fd >= 0)
		close(fd);
	return ok;
}

void ns_enter(void)
{
	if (geteuid() != 0 || unshare(CLONE_NEWNET) < 0)
		enter_user_namespace();
	if (!loopback_up())
		test_skip("lo cannot be brought up in a new network namespace: %s",
			  strerror(errno));
}

int ns_is_unprivileged(void)
{
	return unprivileged;
}

/* In a thread: the namespace of the others is left alone. */
static void *make_namespace(void *arg)
{
	int *fd = arg;

	if (unshare(CLONE_NEWNET) == 0 && loopback_up())
		*fd = open("/proc/thread-self/ns/net", O_RDONLY | O_CLOEXEC);
	return NULL;
}

int ns_new(void)
{
	pthread_t thread;
	int fd = -1;

	ck_assert_int_eq(pthread_create(&thread, NULL, make_namespace, &fd), 0);
	ck_assert_int_eq(pthread_join(thread, NULL), 0);
	ck_assert_msg(fd >= 0, "no further network namespace");
	return fd;
}

void ns_switch(int fd)
{
	ck_assert_msg(setns(fd, CLONE_NEWNET) == 0, "setns: %s", strerror(errno));
}

/* Outputs stay reachable until the process ends: a test need not free them, and no leak is reported. */
static char **kept;
static size_t kept_count;

static char *keep(char *text)
{
	kept = realloc(kept, (kept_count + 1) * sizeof(*kept));
	ck_assert_ptr_nonnull(kept);
	kept[kept_count++] = text;
	return text;
}

static char *read_all(int fd)
{
	size_t len = 0, size = 4096;
	char *text = malloc(size);
	ssize_t n;

	ck_assert_ptr_nonnull(text);
	while ((n = read(fd, text + len, size - len - 1)) > 0) {
		len += (size_t)n;
		if (size - len < 2) {
			size *= 2;
			text = realloc(text, size);
			ck_assert_ptr_nonnull(text);
		}
	}
	text[len] = '\0';
	return keep(text);
}

/* A file without a name that holds the input: a pipe would block on a text larger than its buffer. */
static int input_file(const char *input)
{
	FILE *file = tmpfile();
	int fd;

	ck_assert_ptr_nonnull(file);
	ck_assert_int_ge(fputs(input, file), 0);
	rewind(file);
	fd = dup(fileno(file));
	fclose(file);
	ck_assert_int_ge(fd, 0);
	return fd;
}

/* What a shell would do nothing to is run without one, which is a third of what a short command costs. Returns when a
 * shell is needed: for its signs, or for a command that is its own. */
static void run_without_shell(const char *command)
{
	enum { MOST = 31 };
	char words[512], *next = words;
	char *argv[MOST + 1];
	size_t count = 0;

	if (strlen(command) >= sizeof(words) || strpbrk(command, "|&;<>()$`\\\"'*?[]#~=!\n"))
		return;
	strcpy(words, command);
	while (count < MOST && (argv[count] = strtok_r(next, " \t", &next)))
		count++;
	if (count > 0 && count < MOST)
		execvp(argv[0], argv);
}

static __attribute__((noinline, noreturn)) void run_child(int netns_fd, int input, int output,
							  const char *command)
{
	if (netns_fd >= 0 && setns(netns_fd, CLONE_NEWNET) < 0)
		_exit(126);
	dup2(input >= 0 ? input : open("/dev/null", O_RDONLY), STDIN_FILENO);
	dup2(output, STDOUT_FILENO);
	dup2(output, STDERR_FILENO);
	run_without_shell(command);
	execl("/bin/sh", "sh", "-c", command, (char *)NULL);
	_exit(127);
}

/* Not fork(): with a sanitizer it copies the page tables of terabytes. The child changes nothing that is ours. */
static pid_t start_child(int netns_fd, int input, int output, const char *command)
{
	pid_t pid = vfork();

	if (pid == 0)
		run_child(netns_fd, input, output, command);
	return pid;
}

static int run(int netns_fd, const char *input, const char **ret_output, const char *command)
{
	int pipe_fds[2], input_fd = input ? input_file(input) : -1, status = 0;
	const char *output;
	pid_t pid;

	ck_assert_int_eq(pipe2(pipe_fds, O_CLOEXEC), 0);
	pid = start_child(netns_fd, input_fd, pipe_fds[1], command);
	ck_assert_int_ge(pid, 0);
	close(pipe_fds[1]);
	output = read_all(pipe_fds[0]);
	close(pipe_fds[0]);
	if (input_fd >= 0)
		close(input_fd);
	while (waitpid(pid, &status, 0) < 0)
		ck_assert_int_eq(errno, EINTR);
	if (ret_output)
		*ret_output = output;
	return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

static const char *run_ok(int netns_fd, const char *input, const char *fmt, va_list ap)
{
	char command[16384];
	const char *output;
	int code;

	ck_assert_int_lt(vsnprintf(command, sizeof(command), fmt, ap), (int)sizeof(command));
	code = run(netns_fd, input, &output, command);
	ck_assert_msg(code == 0, "`%.500s` exits with %d: %.2000s", command, code, output);
	return output;
}

const char *sh(const char *fmt, ...)
{
	const char *output;
	va_list ap;

	va_start(ap, fmt);
	output = run_ok(-1, NULL, fmt, ap);
	va_end(ap);
	return output;
}

const char *sh_in(int netns_fd, const char *fmt, ...)
{
	const char *output;
	va_list ap;

	va_start(ap, fmt);
	output = run_ok(netns_fd, NULL, fmt, ap);
	va_end(ap);
	return output;
}

const char *sh_input(const char *input, const char *fmt, ...)
{
	const char *output;
	va_list ap;

	va_start(ap, fmt);
	output = run_ok(-1, input, fmt, ap);
	va_end(ap);
	return output;
}

int sh_code(int netns_fd, const char *input, const char **ret_output, const char *fmt, ...)
{
	char command[16384];
	va_list ap;

	va_start(ap, fmt);
	ck_assert_int_lt(vsnprintf(command, sizeof(command), fmt, ap), (int)sizeof(command));
	va_end(ap);
	return run(netns_fd, input, ret_output, command);
}

void assert_error(const struct fwc_error *err, int code, const char *part)
{
	ck_assert_msg(err->code == code, "err.code is %d, not %d: %s", err->code, code, err->msg);
	ck_assert_msg(*err->msg, "err.msg is empty");
	ck_assert_msg(!strchr(err->msg, '\n'), "err.msg has a newline: %s", err->msg);
	ck_assert_msg(strstr(err->msg, part) != NULL, "'%s' is not in the message: %s", part,
		      err->msg);
}
