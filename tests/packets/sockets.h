/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Sockets in other namespaces, and when the packets that they set off have come to rest.
 *
 * Nothing here is decided by a clock: what must come is waited for as long as it takes, and that nothing comes is known
 * once everything that was under way is through. */
#ifndef FWC_TESTS_SOCKETS_H
#define FWC_TESTS_SOCKETS_H

#include <fcntl.h>
#include <netinet/in.h>
#include <poll.h>
#include <pthread.h>
#include <sched.h>
#include <stdbool.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include "../check.h"

/* For what must come. It is over then; a machine that is slow beyond that is taken for a failure. */
enum { PATIENCE_S = 120 };

struct wish {
	int ns, family, type, protocol, fd;
};

static inline void *make_socket(void *arg)
{
	struct wish *w = arg;

	if (setns(w->ns, CLONE_NEWNET) == 0)
		w->fd = socket(w->family, w->type | SOCK_CLOEXEC, w->protocol);
	return NULL;
}

/* Its calls that block do so for as long as patience lasts. */
static inline int socket_in(int ns, int family, int type, int protocol)
{
	struct wish w = { ns, family, type, protocol, -1 };
	const struct timeval patience = { .tv_sec = PATIENCE_S };
	pthread_t thread;

	ck_assert_int_eq(pthread_create(&thread, NULL, make_socket, &w), 0);
	pthread_join(thread, NULL);
	ck_assert_int_ge(w.fd, 0);
	setsockopt(w.fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof(patience));
	setsockopt(w.fd, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof(patience));
	return w.fd;
}

/* A datagram socket that is connected to itself, in a namespace without rules. */
static int echo = -1;

/* From now on this thread and what it starts stay on one processor. */
static inline void settle_setup(void)
{
	struct sockaddr_in self = { .sin_family = AF_INET };
	socklen_t len = sizeof(self);
	cpu_set_t here;

	CPU_ZERO(&here);
	CPU_SET((size_t)sched_getcpu(), &here);
	ck_assert_int_eq(sched_setaffinity(0, sizeof(here), &here), 0);
	self.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	echo = socket_in(ns_new(), AF_INET, SOCK_DGRAM, 0);
	ck_assert_int_eq(bind(echo, (struct sockaddr *)&self, len), 0);
	ck_assert_int_eq(getsockname(echo, (struct sockaddr *)&self, &len), 0);
	ck_assert_int_eq(connect(echo, (struct sockaddr *)&self, len), 0);
}

/*
 * Returns when what was sent before, and all that the kernel sent because of it, has arrived or is gone. A packet on a
 * veth, a bridge or lo waits in one queue of the processor that sent it (netif_rx(), net/core/dev.c), whatever the
 * namespace, and what it sets off is queued behind: a datagram that comes back has let pass one step of all others.
 * From one end to the other and back, with the questions for hardware addresses, are a dozen.
 * What a program answers is not included.
 */
static inline void settle(void)
{
	char byte;

	for (int step = 0; step < 64; step++) {
		ck_assert_int_eq(send(echo, "x", 1, 0), 1);
		ck_assert_int_eq(recv(echo, &byte, 1, 0), 1);
	}
}

/*
 * Connects a stream, or sends a datagram, and returns whether that was answered by nothing at all: no acceptance, no
 * refusal, no failure. A datagram is for a port where no program listens, which the kernel itself refuses.
 */
static inline bool is_unanswered(int fd, const struct sockaddr_storage *to, socklen_t len)
{
	struct pollfd pfd = { .fd = fd, .events = POLLIN };
	int type = 0;
	socklen_t size = sizeof(type);

	getsockopt(fd, SOL_SOCKET, SO_TYPE, &type, &size);
	if (type == SOCK_STREAM) {
		pfd.events = POLLOUT;
		fcntl(fd, F_SETFL, O_NONBLOCK);
		if (connect(fd, (const struct sockaddr *)to, len) == 0 || errno != EINPROGRESS)
			return false;
	} else if (connect(fd, (const struct sockaddr *)to, len) < 0 || send(fd, "?", 1, 0) != 1) {
		return false;
	}
	settle();
	return poll(&pfd, 1, 0) == 0;
}

#endif
