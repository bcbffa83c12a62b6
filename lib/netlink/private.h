/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Between the files of this folder. */
#ifndef FWC_NETLINK_PRIVATE_H
#define FWC_NETLINK_PRIVATE_H

#include "netlink/netlink.h"

/* Makes room for a transaction of `len` bytes, or -EMSGSIZE. */
int fwc_nl_grow_send(struct fwc_nl *nl, size_t len, struct fwc_error *err);
/* All of `w` as one datagram to the kernel. */
int fwc_nl_send(struct fwc_nl *nl, const struct fwc_wire *w, struct fwc_error *err);

#endif
