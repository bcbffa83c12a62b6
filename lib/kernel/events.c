/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Sockets that hear what anybody changes in nf_tables. */
#include <libmnl/libmnl.h>
#include <linux/sockios.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/stat.h>

#include "kernel/others.h"
#include "nft/uapi.h"

static int refuse(struct fwc_error *err, int code)
{
	if (code == -EPERM)
		return fwc_fail(
			err, code, FWC_OBJECT_KERNEL,
			"watching nf_tables needs CAP_NET_ADMIN in the user namespace that owns the network namespace");
	return fwc_fail(err, code, FWC_OBJECT_KERNEL, "nf_tables cannot be watched: %s",
			strerror(-code));
}

static int open_here(struct fwc_nl *nl, struct fwc_error *err)
{
	int group = NFNLGRP_NFTABLES, r;

	r = fwc_nl_open(nl, NETLINK_NETFILTER, err);
	if (r < 0)
		return r;
	if (mnl_socket_setsockopt(nl->socket, NETLINK_ADD_MEMBERSHIP, &group, sizeof(group)) < 0) {
		r = -errno;
		fwc_nl_close(nl);
		return refuse(err, r);
	}
	return 0;
}

/* Whether the calling thread is in that namespace already. A socket of its own tells: there may be no /proc. */
static bool is_here(int netns_fd)
{
	fwc_cleanup(fwc_closep) int probe =
		socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_NETFILTER);
	fwc_cleanup(fwc_closep) int here = probe < 0 ? -1 : ioctl(probe, SIOCGSKNS);
	struct stat a, b;

	return here >= 0 && fstat(here, &a) == 0 && fstat(netns_fd, &b) == 0 &&
	       a.st_dev == b.st_dev && a.st_ino == b.st_ino;
}

struct visit {
	int netns_fd;
	struct fwc_nl *nl;
	struct fwc_error *err;
	int result;
};

static void *visit(void *arg)
{
	struct visit *v = arg;

	if (setns(v->netns_fd, CLONE_NEWNET) < 0)
		v->result = fwc_fail(
			v->err, -errno, FWC_OBJECT_NAMESPACE,
			errno == EPERM
				? "watching another network namespace needs CAP_SYS_ADMIN in its user namespace and in this one"
				: "the network namespace cannot be entered again: %m");
	else
		v->result = open_here(v->nl, v->err);
	return NULL;
}

/* As when the kernel object was opened: the caller's thread stays where it is, and the helper gets no signals. */
static int open_there(struct fwc_nl *nl, int netns_fd, struct fwc_error *err)
{
	struct visit v = { netns_fd, nl, err, 0 };
	sigset_t all, before;
	pthread_t thread;
	int r;

	sigfillset(&all);
	pthread_sigmask(SIG_BLOCK, &all, &before);
	r = pthread_create(&thread, NULL, visit, &v);
	pthread_sigmask(SIG_SETMASK, &before, NULL);
	if (r)
		return fwc_fail(err, -r, FWC_OBJECT_NAMESPACE, "no thread can be started: %s",
				strerror(r));
	pthread_join(thread, NULL);
	return v.result;
}

int fwc_events_open(struct fwc_nl *nl, struct fwc_kernel *kernel, struct fwc_error *err)
{
	fwc_cleanup(fwc_closep) int netns_fd = ioctl(fwc_nl_fd(&kernel->nft), SIOCGSKNS);

	if (netns_fd < 0)
		return refuse(err, -errno);
	return is_here(netns_fd) ? open_here(nl, err) : open_there(nl, netns_fd, err);
}

bool fwc_generation_read(const struct nlmsghdr *nlh, struct fwc_slice payload,
			 struct fwc_generation *ret)
{
	struct fwc_generation generation = { .portid = nlh->nlmsg_pid };
	struct fwc_attr attrs[NFTA_GEN_PROC_NAME + 1];
	const char *process;

	if (nlh->nlmsg_type != ((NFNL_SUBSYS_NFTABLES << 8) | NFT_MSG_NEWGEN) ||
	    payload.len < sizeof(struct nfgenmsg))
		return false;
	payload.data += sizeof(struct nfgenmsg);
	payload.len -= sizeof(struct nfgenmsg);
	if (fwc_attrs_parse(payload, attrs, NFTA_GEN_PROC_NAME) < 0 ||
	    !fwc_attr_be32(&attrs[NFTA_GEN_ID], &generation.id))
		return false;
	fwc_attr_be32(&attrs[NFTA_GEN_PROC_PID], &generation.pid);
	process = fwc_attr_text(&attrs[NFTA_GEN_PROC_NAME]);
	if (process)
		fwc_copy_name(generation.process, sizeof(generation.process), process);
	*ret = generation;
	return true;
}

/* ---- others ---- */

void fwc_others_watch(struct fwc_others *others, struct fwc_kernel *kernel)
{
	if (!others->watching)
		others->watching = fwc_events_open(&others->nl, kernel, NULL) == 0;
}

static bool last_writer(struct fwc_others *others, struct fwc_generation *ret)
{
	struct fwc_slice datagram, payload;
	const struct nlmsghdr *nlh;
	bool found = false;
	int r;

	if (!others->watching)
		return false;
	/* Ours is not among them: this call has committed nothing. Lost events do not matter, the last one does. */
	while ((r = fwc_nl_receive(&others->nl, &datagram)) > 0 || r == -ENOBUFS)
		while (r > 0 && fwc_msg_next(&datagram, &nlh, &payload) > 0)
			found |= fwc_generation_read(nlh, payload, ret);
	return found && ret->process[0];
}

int fwc_others_fail(struct fwc_others *others, uint32_t tries, struct fwc_error *err)
{
	struct fwc_generation writer;

	if (!last_writer(others, &writer))
		return fwc_fail(err, -EAGAIN, FWC_OBJECT_KERNEL,
				"others changed nf_tables each of the %u times it was planned",
				tries);
	return fwc_fail(
		err, -EAGAIN, FWC_OBJECT_KERNEL,
		"others changed nf_tables each of the %u times it was planned, the last was '%s' (process %u)",
		tries, writer.process, writer.pid);
}

void fwc_others_stop(struct fwc_others *others)
{
	if (others->watching)
		fwc_nl_close(&others->nl);
	others->watching = false;
}
