/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Two namespaces joined by a veth pair: the test's own, 10.0.0.1 and fd00::1, and a peer, 10.0.0.2 and fd00::2. */
#ifndef FWC_TESTS_PEER_H
#define FWC_TESTS_PEER_H

#include <arpa/inet.h>
#include <stdint.h>
#include <stdio.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "sockets.h"

static int peer_ns = -1;

static void peer_setup(void)
{
	ns_enter();
	need_program("ip");
	settle_setup();
	peer_ns = ns_new();
	sh("ip link add v0 type veth peer name v1 && ip link set v1 netns /proc/%d/fd/%d",
	   (int)getpid(), peer_ns);
	sh("ip addr add 10.0.0.1/24 dev v0 && ip addr add fd00::1/64 dev v0 nodad && ip link set v0 up");
	sh_in(peer_ns,
	      "ip addr add 10.0.0.2/24 dev v1 && ip addr add fd00::2/64 dev v1 nodad && ip link set v1 up");
}

static socklen_t make_address(const char *text, uint16_t port, struct sockaddr_storage *ret)
{
	struct sockaddr_in6 *v6 = (void *)ret;
	struct sockaddr_in *v4 = (void *)ret;

	memset(ret, 0, sizeof(*ret));
	if (inet_pton(AF_INET, text, &v4->sin_addr) == 1) {
		v4->sin_family = AF_INET;
		v4->sin_port = htons(port);
		return sizeof(*v4);
	}
	ck_assert_int_eq(inet_pton(AF_INET6, text, &v6->sin6_addr), 1);
	v6->sin6_family = AF_INET6;
	v6->sin6_port = htons(port);
	return sizeof(*v6);
}

/* A socket of this namespace, bound; TCP ones listen. The process's end closes it. */
static int serve(int type, const char *address, uint16_t port)
{
	struct sockaddr_storage sa;
	socklen_t len = make_address(address, port, &sa);
	int fd = socket(sa.ss_family, type | SOCK_CLOEXEC, 0), one = 1;

	ck_assert_int_ge(fd, 0);
	setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &one, sizeof(one));
	ck_assert_msg(bind(fd, (struct sockaddr *)&sa, len) == 0, "bind: %s", strerror(errno));
	if (type == SOCK_STREAM)
		ck_assert_int_eq(listen(fd, 16), 0);
	return fd;
}

/* Connects from the peer: 0, or the errno, which is EINPROGRESS when patience is over. */
__attribute__((unused)) static int peer_connects(const char *address, uint16_t port)
{
	struct sockaddr_storage to;
	socklen_t len = make_address(address, port, &to);
	int fd = socket_in(peer_ns, to.ss_family, SOCK_STREAM, 0);
	int r = connect(fd, (struct sockaddr *)&to, len) < 0 ? errno : 0;

	close(fd);
	return r;
}

/* The same where the answer must be none. */
static inline bool peer_is_unanswered(const char *address, uint16_t port)
{
	struct sockaddr_storage to;
	socklen_t len = make_address(address, port, &to);
	int fd = socket_in(peer_ns, to.ss_family, SOCK_STREAM, 0);
	bool silence = is_unanswered(fd, &to, len);

	close(fd);
	return silence;
}

#endif
