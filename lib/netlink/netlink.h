/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Netlink sockets (libmnl): send a transaction and read its answers, dump, listen. Knows no nf_tables object. */
#ifndef FWC_NETLINK_H
#define FWC_NETLINK_H

#include "core/core.h"
#include "core/wire.h"

struct mnl_socket;

struct fwc_nl {
	struct mnl_socket *socket;
	bool is_netlink; /* false: the end of a socketpair, which has no sender to check */
	uint32_t portid;
	uint32_t seq; /* the last one used */
	uint8_t *buf; /* for receiving, FWC_NL_BUFFER bytes */
	size_t send_room; /* the largest transaction it takes, in bytes */
};

enum {
	FWC_NL_BUFFER = 64 * 1024, /* a dump's datagrams have up to 32 KiB */
	FWC_NL_DUMP_TRIES = 16,
};

/* In the calling thread's namespace. `bus` is NETLINK_NETFILTER or NETLINK_ROUTE. */
int fwc_nl_open(struct fwc_nl *nl, int bus, struct fwc_error *err);
/* Around a socket that is open already (a test's socketpair end, or a socket opened in another namespace). Takes it over,
 * also when it fails. */
int fwc_nl_open_fd(struct fwc_nl *nl, int fd, struct fwc_error *err);
void fwc_nl_close(struct fwc_nl *nl);
int fwc_nl_fd(const struct fwc_nl *nl);

/* One answer to one message of a transaction. */
struct fwc_nl_answer {
	uint32_t seq;
	int32_t code; /* 0: ack; else negative errno */
	uint32_t offset; /* NLMSGERR_ATTR_OFFS, 0: none */
	char text[128]; /* NLMSGERR_ATTR_MSG, "" if none */
};

/* Sends all of `w` in one sendmsg (growing the send buffer as far as allowed; -EMSGSIZE when that is not enough) and reads
 * the answers, which are all there when sendmsg returns. 0: the outcome is known: *ret_first is the first failure (by
 * order of arrival), or has code 0 when `last_seq` was acked and nothing failed. -ENOBUFS, -EBADMSG: answers were lost
 * or are none, the outcome is unknown. */
int fwc_nl_transact(struct fwc_nl *nl, const struct fwc_wire *w, uint32_t first_seq,
		    uint32_t last_seq, struct fwc_nl_answer *ret_first, struct fwc_error *err);
/* For a dry run, whose last operation need not be acked: no failure is success. */
int fwc_nl_transact_check(struct fwc_nl *nl, const struct fwc_wire *w, uint32_t first_seq,
			  uint32_t last_seq, struct fwc_nl_answer *ret_first,
			  struct fwc_error *err);

/* For questions: a transaction without an end, of which nothing stays. Hands out every answer that is a failure. -ENOBUFS: some
 * were lost. */
int fwc_nl_transact_ask(struct fwc_nl *nl, const struct fwc_wire *w, uint32_t first_seq,
			uint32_t last_seq,
			void (*refused)(const struct fwc_nl_answer *answer, void *ctx), void *ctx,
			struct fwc_error *err);

/* Called for each message of a dump: its type, and what follows nlmsghdr. Non-zero stops the dump and is returned. */
typedef int (*fwc_nl_cb)(const struct nlmsghdr *nlh, struct fwc_slice payload, void *ctx);
/* Sends the one request in `w`, a dump or a get with NLM_F_ACK, and hands out its answers. -EAGAIN: the dump was interrupted (NLM_F_DUMP_INTR), everything
 * handed out is void, start again; other errors as the kernel gave them, with its words. */
int fwc_nl_dump(struct fwc_nl *nl, const struct fwc_wire *w, uint32_t seq, fwc_nl_cb cb, void *ctx,
		struct fwc_error *err);
/* The same for a dump that cannot be begun again, since the kernel forgets what it has handed out: every message is handed
 * out, also those of a dump that was interrupted. -ENOBUFS: some were lost. */
int fwc_nl_dump_once(struct fwc_nl *nl, const struct fwc_wire *w, uint32_t seq, fwc_nl_cb cb,
		     void *ctx, struct fwc_error *err);
/* Non-blocking: 1 and *ret when there is a datagram, 0 none, -ENOBUFS events were lost. The slice lives until the next call. */
int fwc_nl_receive(struct fwc_nl *nl, struct fwc_slice *ret);
/* NLMSG_ERROR's payload (after nlmsghdr) -> answer; bounds are checked, foreign bytes are -EBADMSG. */
int fwc_nl_parse_error(const struct nlmsghdr *nlh, struct fwc_slice payload,
		       struct fwc_nl_answer *ret);

#endif
