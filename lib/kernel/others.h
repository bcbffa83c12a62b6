/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Who else writes: listened to only when somebody came between reading and writing, to name them in the end. */
#ifndef FWC_KERNEL_OTHERS_H
#define FWC_KERNEL_OTHERS_H

#include "kernel/handle.h"

struct fwc_others {
	struct fwc_nl nl;
	bool watching;
};

/* Nothing is lost when it cannot: then nobody is named. */
void fwc_others_watch(struct fwc_others *others, struct fwc_kernel *kernel);
/* -EAGAIN, with the last writer's name where it is known. */
int fwc_others_fail(struct fwc_others *others, uint32_t tries, struct fwc_error *err);
void fwc_others_stop(struct fwc_others *others);

/* A socket that hears every change of nf_tables in the kernel object's namespace. */
int fwc_events_open(struct fwc_nl *nl, struct fwc_kernel *kernel, struct fwc_error *err);

struct fwc_generation {
	uint32_t id, pid, portid; /* portid: of the netlink socket that committed it */
	char process[16]; /* "" when the kernel does not say */
};

/* The attributes of a NEWGEN event. False when it is none. */
bool fwc_generation_read(const struct nlmsghdr *nlh, struct fwc_slice payload,
			 struct fwc_generation *ret);

#endif
