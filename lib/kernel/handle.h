/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The kernel object: one network namespace, its sockets and settings, one owner. */
#ifndef FWC_KERNEL_HANDLE_H
#define FWC_KERNEL_HANDLE_H

#include <sys/types.h>

#include <fwcore/kernel.h>

#include "netlink/netlink.h"

struct fwc_kernel {
	struct fwc_nl nft; /* NETLINK_NETFILTER */
	struct fwc_nl route; /* NETLINK_ROUTE */
	/* O_PATH of /proc/sys/net/ipv4 and ipv6 as the namespace sees them, -1 when absent. One of
	 * /proc/sys/net itself would follow the caller's namespace instead. */
	int proc_ipv4, proc_ipv6;
	uint64_t netns; /* the namespace's cookie; 0: not known (before Linux 5.14) */
	pid_t pid; /* of the process that opened it */
	char owner[32];
};

/* For a visit to another namespace that is about links only: no nf_tables socket, no /proc, no owner. Any descriptor, 0 too.
 * Release it with fwc_kernel_close(). */
int fwc_kernel_open_route(struct fwc_kernel **ret, int netns_fd, struct fwc_error *err);

/* What each public call with a kernel object begins with: clears `err`, then 0, -EINVAL for NULL, -ECHILD when it was
 * opened by a parent of this process. */
int fwc_kernel_check(const struct fwc_kernel *kernel, struct fwc_error *err);

#endif
