/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <errno.h>
#include <linux/netfilter/nfnetlink.h>
#include <linux/netlink.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "bench.h"

static double in_kernel; /* processor time in sendmsg and recvmsg */
static struct bench_recording *recording; /* the largest message */
static struct bench_recording *batches;
static size_t batch_room, batch_count;
static int only, contest; /* number of the one contest that is wanted, 0: all; of the last one */

double bench_now_ms(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec * 1e3 + (double)t.tv_nsec / 1e6;
}

static double cpu_ms(void)
{
	struct timespec t;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
	return (double)t.tv_sec * 1e3 + (double)t.tv_nsec / 1e6;
}

double bench_own_ms(void)
{
	return cpu_ms() - in_kernel;
}

int bench_die(const char *what)
{
	fprintf(stderr, "%s: %s\n", what, strerror(errno));
	return 1;
}

void bench_record(struct bench_recording *into)
{
	recording = into;
}

/* The library's own calls come here (ld --wrap): timed, and the largest message is kept. */
ssize_t __real_sendmsg(int fd, const struct msghdr *msg, int flags);
ssize_t __real_recvmsg(int fd, struct msghdr *msg, int flags);
ssize_t __wrap_sendmsg(int fd, const struct msghdr *msg, int flags);
ssize_t __wrap_recvmsg(int fd, struct msghdr *msg, int flags);

size_t bench_record_batches(struct bench_recording *into, size_t room)
{
	size_t count = batch_count;

	batches = into;
	batch_room = room;
	batch_count = 0;
	return count;
}

static void copy(struct bench_recording *to, const struct iovec *iov)
{
	free(to->data);
	to->data = malloc(iov->iov_len);
	to->len = to->data ? iov->iov_len : 0;
	if (to->data)
		memcpy(to->data, iov->iov_base, iov->iov_len);
}

/* The library sends each transaction as one piece. */
static void keep(int fd, const struct msghdr *msg)
{
	const struct iovec *iov = msg->msg_iov;
	const struct nlmsghdr *nlh = iov->iov_base;
	socklen_t len = sizeof(int);
	int bus = 0;

	if (recording && iov->iov_len > recording->len)
		copy(recording, iov);
	/* The number is RTM_NEWLINK's as well. */
	if (batch_count < batch_room && nlh->nlmsg_type == NFNL_MSG_BATCH_BEGIN &&
	    getsockopt(fd, SOL_SOCKET, SO_PROTOCOL, &bus, &len) == 0 && bus == NETLINK_NETFILTER) {
		copy(&batches[batch_count], iov);
		bench_clear_generation(&batches[batch_count++]);
	}
}

ssize_t __wrap_sendmsg(int fd, const struct msghdr *msg, int flags)
{
	double before = cpu_ms();
	ssize_t n = __real_sendmsg(fd, msg, flags);

	in_kernel += cpu_ms() - before;
	keep(fd, msg);
	return n;
}

ssize_t __wrap_recvmsg(int fd, struct msghdr *msg, int flags)
{
	double before = cpu_ms();
	ssize_t n = __real_recvmsg(fd, msg, flags);

	in_kernel += cpu_ms() - before;
	return n;
}

int bench_fresh_namespace(void)
{
	return unshare(CLONE_NEWNET) < 0 ? bench_die("unshare") : 0;
}

void bench_clear_generation(struct bench_recording *r)
{
	struct nlmsghdr *nlh = (void *)r->data;
	struct nlattr *genid = (void *)(r->data + NLMSG_HDRLEN + sizeof(struct nfgenmsg));

	/* NFNL_BATCH_GENID 0 is no check, for the kernel. */
	if (r->len > NLMSG_HDRLEN + 12 && nlh->nlmsg_type == NFNL_MSG_BATCH_BEGIN &&
	    nlh->nlmsg_len > NLMSG_HDRLEN + sizeof(struct nfgenmsg))
		memset(genid + 1, 0, 4);
}

static int bare_socket(int bus, size_t send)
{
	struct sockaddr_nl self = { .nl_family = AF_NETLINK };
	int room = (int)(send / 2 + 4096);
	int fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, bus);

	if (fd < 0 || bind(fd, (void *)&self, sizeof(self)) < 0 ||
	    (send && setsockopt(fd, SOL_SOCKET, SO_SNDBUFFORCE, &room, sizeof(room)) < 0)) {
		bench_die("netlink socket");
		close(fd);
		return -1;
	}
	return fd;
}

static int send_and_wait(int fd, const struct bench_recording *r)
{
	struct sockaddr_nl kernel = { .nl_family = AF_NETLINK };
	char buf[32768];
	struct nlmsghdr *nlh = (void *)buf;
	ssize_t n;

	if (sendto(fd, r->data, r->len, 0, (void *)&kernel, sizeof(kernel)) != (ssize_t)r->len)
		return bench_die("bare send");
	n = recv(fd, buf, sizeof(buf), 0);
	if (n < NLMSG_HDRLEN + 4 || nlh->nlmsg_type != NLMSG_ERROR || *(int *)NLMSG_DATA(nlh)) {
		fprintf(stderr, "bare send: the kernel refused it (%d)\n",
			n > 16 ? *(int *)NLMSG_DATA(nlh) : 0);
		return 1;
	}
	return 0;
}

int bench_send(int bus, const struct bench_recording *r)
{
	int fd = bare_socket(bus, r->len);
	int failed = fd < 0 || send_and_wait(fd, r);

	close(fd);
	return failed;
}

int bench_replay_often(const struct bench_recording *r, uint8_t *vary, unsigned int times,
		       double *ret_ms)
{
	int fd = bare_socket(NETLINK_NETFILTER, r->len);
	double before = bench_now_ms();

	if (fd < 0)
		return 1;
	for (unsigned int i = 0; i < times; i++, (*vary)++)
		if (send_and_wait(fd, r))
			return 1;
	*ret_ms = (bench_now_ms() - before) / times;
	close(fd);
	return 0;
}

int bench_replay(const struct bench_recording *r, double *ret_ms)
{
	double before = bench_now_ms();
	int fd = bare_socket(NETLINK_NETFILTER, r->len);

	if (fd < 0 || send_and_wait(fd, r))
		return 1;
	*ret_ms = bench_now_ms() - before;
	close(fd);
	return 0;
}

int bench_bare_dump(int bus, const void *request, size_t len, double *ret_ms)
{
	struct sockaddr_nl kernel = { .nl_family = AF_NETLINK };
	static char buf[32768];
	double before = bench_now_ms();
	int fd = bare_socket(bus, 0);

	if (fd < 0)
		return 1;
	if (sendto(fd, request, len, 0, (void *)&kernel, sizeof(kernel)) != (ssize_t)len)
		return bench_die("bare dump");
	for (;;) {
		ssize_t n = recv(fd, buf, sizeof(buf), 0);
		struct nlmsghdr *last = (void *)buf;

		if (n < NLMSG_HDRLEN)
			return bench_die("bare dump");
		if (last->nlmsg_type == NLMSG_DONE || last->nlmsg_type == NLMSG_ERROR)
			break;
		/* DONE comes in a datagram of its own or at the end of the last one. */
		if (((struct nlmsghdr *)(buf + n - NLMSG_ALIGN(NLMSG_HDRLEN + 4)))->nlmsg_type ==
			    NLMSG_DONE &&
		    ((struct nlmsghdr *)(buf + n - NLMSG_ALIGN(NLMSG_HDRLEN + 4)))->nlmsg_len ==
			    NLMSG_HDRLEN + 4)
			break;
	}
	*ret_ms = bench_now_ms() - before;
	close(fd);
	return 0;
}

/* One run in a process and namespace of its own. */
static int run_once(const struct bench_variant *v, size_t n, struct bench_sample *ret)
{
	int pipefd[2], status;
	pid_t pid;

	if (pipe(pipefd) < 0)
		return bench_die("pipe");
	fflush(stdout);
	pid = fork();
	if (pid == 0) {
		struct bench_sample s = { 0 };

		close(pipefd[0]);
		if (unshare(CLONE_NEWNET) < 0)
			_exit(bench_die("unshare"));
		if (v->run(n, &s))
			_exit(1);
		_exit(write(pipefd[1], &s, sizeof(s)) != (ssize_t)sizeof(s));
	}
	close(pipefd[1]);
	ssize_t got = read(pipefd[0], ret, sizeof(*ret));

	close(pipefd[0]);
	if (pid < 0 || waitpid(pid, &status, 0) < 0)
		return 1;
	return got != (ssize_t)sizeof(*ret) || status != 0;
}

static int by_value(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return x < y ? -1 : x > y;
}

static double median(double *values, size_t count)
{
	qsort(values, count, sizeof(*values), by_value);
	return count % 2 ? values[count / 2] : (values[count / 2 - 1] + values[count / 2]) / 2;
}

static void print_row(const char *name, size_t n, const struct bench_sample *mine,
		      const struct bench_sample *first, unsigned int rounds)
{
	double ms[BENCH_ROUNDS], ratio[BENCH_ROUNDS], own[BENCH_ROUNDS];

	for (unsigned int i = 0; i < rounds; i++) {
		ms[i] = mine[i].ms;
		ratio[i] = mine[i].ms / first[i].ms;
		own[i] = mine[i].own_ms;
	}
	double mid = median(ms, rounds), times = median(ratio, rounds),
	       own_mid = median(own, rounds);

	printf("| %s | %.3f (%.3f..%.3f) | %.2fx |", name, mid, ms[0], ms[rounds - 1], times);
	if (own_mid > 0)
		printf(" %.3f us each |", own_mid * 1e3 / (double)n);
	else
		printf(" |");
	if (mine[0].bytes > 0)
		printf(" %.0f |\n", mine[0].bytes);
	else
		printf(" |\n");
	fflush(stdout);
}

unsigned int bench_rounds(int argc, char **argv)
{
	int rounds = argc > 1 ? atoi(argv[1]) : 15;

	only = argc > 2 ? atoi(argv[2]) : 0;
	if (argc > 3 || rounds < 1 || rounds > BENCH_ROUNDS || only < 0) {
		fprintf(stderr, "usage: %s [ROUNDS, 1 to %d [CONTEST, from 1]]\n", argv[0],
			BENCH_ROUNDS);
		exit(2);
	}
	return (unsigned int)rounds;
}

void bench_contest(const char *title, size_t n, const struct bench_variant *variants, size_t count,
		   unsigned int rounds)
{
	struct bench_sample *samples, warm;
	char *failed;

	if (++contest != only && only)
		return;
	samples = calloc(count * rounds, sizeof(*samples));
	failed = calloc(count, 1);
	if (!samples || !failed)
		exit(bench_die("memory"));
	printf("\n### %s, n = %zu, %u rounds\n\n| variant | ms, median (min..max) | to the first | own time | bytes |\n|---|---|---|---|---|\n",
	       title, n, rounds);
	for (size_t v = 0; v < count; v++)
		failed[v] = run_once(&variants[v], n, &warm) != 0;
	for (unsigned int round = 0; round < rounds; round++)
		for (size_t v = 0; v < count; v++)
			if (!failed[v])
				failed[v] = run_once(&variants[v], n,
						     &samples[v * rounds + round]) != 0;
	for (size_t v = 0; v < count; v++) {
		if (failed[v] || failed[0])
			printf("| %s | did not run | | | |\n", variants[v].name);
		else
			print_row(variants[v].name, n, &samples[v * rounds], samples, rounds);
	}
	free(samples);
	free(failed);
}
