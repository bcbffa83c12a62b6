/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Netlink sockets: open, options, buffers, datagrams in and out. */
#include <libmnl/libmnl.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#include "netlink/private.h"

enum {
	RECEIVE_BUFFER = 4 * 1024 * 1024, /* some thousand errors of one transaction */
	SEND_SLACK = 4096,
	SEND_OVERHEAD = 64, /* the kernel takes len <= sk_sndbuf - 32 */
};

static void set_option(int fd, int level, int option, int value)
{
	/* Every one of these is an improvement, none a condition: old kernels lack some, rootless callers are refused others. */
	(void)setsockopt(fd, level, option, &value, sizeof(value));
}

static size_t send_room(int fd)
{
	socklen_t len = sizeof(int);
	int bytes = 0;

	if (getsockopt(fd, SOL_SOCKET, SO_SNDBUF, &bytes, &len) < 0 || bytes < SEND_OVERHEAD)
		return 0;
	return (size_t)bytes - SEND_OVERHEAD;
}

static int bind_socket(struct fwc_nl *nl, struct fwc_error *err)
{
	int fd = mnl_socket_get_fd(nl->socket);

	/* A second bind of a bound socket is refused. */
	if (mnl_socket_get_portid(nl->socket) == 0 &&
	    mnl_socket_bind(nl->socket, 0, MNL_SOCKET_AUTOPID) < 0)
		return fwc_fail(err, -errno, FWC_OBJECT_KERNEL,
				"the netlink socket cannot be bound: %s", strerror(errno));
	nl->portid = mnl_socket_get_portid(nl->socket);
	set_option(fd, SOL_NETLINK, NETLINK_EXT_ACK, 1);
	set_option(fd, SOL_NETLINK, NETLINK_CAP_ACK, 1);
	set_option(fd, SOL_SOCKET, SO_RCVBUF, RECEIVE_BUFFER);
	set_option(fd, SOL_SOCKET, SO_RCVBUFFORCE, RECEIVE_BUFFER);
	return 0;
}

/* Takes over `socket`. */
static int start(struct fwc_nl *nl, struct mnl_socket *socket, struct fwc_error *err)
{
	struct fwc_nl made = { .socket = socket };
	int domain = 0, r = 0;
	socklen_t len = sizeof(domain);

	getsockopt(mnl_socket_get_fd(socket), SOL_SOCKET, SO_DOMAIN, &domain, &len);
	made.is_netlink = domain == AF_NETLINK;
	made.buf = malloc(FWC_NL_BUFFER);
	if (!made.buf)
		r = fwc_fail_memory(err);
	else if (made.is_netlink)
		r = bind_socket(&made, err);
	if (r < 0) {
		fwc_nl_close(&made);
		return r;
	}
	made.send_room = send_room(mnl_socket_get_fd(socket));
	*nl = made;
	return 0;
}

int fwc_nl_open(struct fwc_nl *nl, int bus, struct fwc_error *err)
{
	struct mnl_socket *socket = mnl_socket_open2(bus, SOCK_CLOEXEC);

	if (!socket)
		return fwc_fail(err, -errno, FWC_OBJECT_KERNEL,
				"a netlink socket cannot be opened: %s", strerror(errno));
	return start(nl, socket, err);
}

int fwc_nl_open_fd(struct fwc_nl *nl, int fd, struct fwc_error *err)
{
	struct mnl_socket *socket = mnl_socket_fdopen(fd);
	int code = -errno;

	if (!socket) {
		fwc_closep(&fd);
		return fwc_fail(err, code, FWC_OBJECT_KERNEL, "that is no socket: %s",
				strerror(-code));
	}
	return start(nl, socket, err);
}

void fwc_nl_close(struct fwc_nl *nl)
{
	if (nl->socket)
		mnl_socket_close(nl->socket);
	free(nl->buf);
	memset(nl, 0, sizeof(*nl));
}

int fwc_nl_fd(const struct fwc_nl *nl)
{
	return mnl_socket_get_fd(nl->socket);
}

int fwc_nl_grow_send(struct fwc_nl *nl, size_t len, struct fwc_error *err)
{
	int fd = mnl_socket_get_fd(nl->socket);
	size_t half = len / 2 + SEND_SLACK; /* the kernel doubles what it is given */

	if (len <= nl->send_room)
		return 0;
	if (half < INT32_MAX / 2) {
		set_option(fd, SOL_SOCKET, SO_SNDBUFFORCE, (int)half);
		nl->send_room = send_room(fd);
		if (len > nl->send_room) {
			set_option(fd, SOL_SOCKET, SO_SNDBUF, (int)half);
			nl->send_room = send_room(fd);
		}
	}
	if (len <= nl->send_room)
		return 0;
	return fwc_fail(
		err, -EMSGSIZE, FWC_OBJECT_KERNEL,
		"the transaction has %zu bytes and the socket takes %zu: more needs CAP_NET_ADMIN in the initial user namespace or a higher net.core.wmem_max",
		len, nl->send_room);
}

int fwc_nl_send(struct fwc_nl *nl, const struct fwc_wire *w, struct fwc_error *err)
{
	struct sockaddr_nl kernel = { .nl_family = AF_NETLINK };
	struct iovec iov = { .iov_base = w->data, .iov_len = w->len };
	struct msghdr msg = { .msg_iov = &iov, .msg_iovlen = 1 };
	ssize_t n;
	int r;

	r = fwc_nl_grow_send(nl, w->len, err);
	if (r < 0)
		return r;
	if (nl->is_netlink) {
		msg.msg_name = &kernel;
		msg.msg_namelen = sizeof(kernel);
	}
	do
		n = sendmsg(mnl_socket_get_fd(nl->socket), &msg, MSG_NOSIGNAL);
	while (n < 0 && errno == EINTR);
	if (n < 0)
		return fwc_fail(err, -errno, FWC_OBJECT_KERNEL,
				"a netlink message of %zu bytes cannot be sent: %s", w->len,
				strerror(errno));
	return 0;
}

int fwc_nl_receive(struct fwc_nl *nl, struct fwc_slice *ret)
{
	for (;;) {
		struct sockaddr_nl sender = { 0 };
		struct iovec iov = { .iov_base = nl->buf, .iov_len = FWC_NL_BUFFER };
		struct msghdr msg = { .msg_name = &sender,
				      .msg_namelen = sizeof(sender),
				      .msg_iov = &iov,
				      .msg_iovlen = 1 };
		ssize_t n = recvmsg(mnl_socket_get_fd(nl->socket), &msg, MSG_DONTWAIT);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return errno == EAGAIN ? 0 : -errno;
		if (n == 0)
			return 0; /* the other end of a socketpair is closed */
		/* Any process may write to a netlink socket; only port 0 is the kernel. */
		if (nl->is_netlink && (msg.msg_namelen != sizeof(sender) ||
				       sender.nl_family != AF_NETLINK || sender.nl_pid != 0))
			continue;
		if (msg.msg_flags & MSG_TRUNC)
			return -EBADMSG;
		*ret = (struct fwc_slice){ nl->buf, (size_t)n };
		return 1;
	}
}
