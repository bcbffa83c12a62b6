/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Reading all interfaces: two dumps into one snapshot. */
#include <linux/rtnetlink.h>
#include <stdlib.h>
#include <sys/socket.h>

#include "kernel/handle.h"
#include "route/interfaces.h"

static int on_link(const struct nlmsghdr *nlh, struct fwc_slice payload, void *ctx)
{
	return nlh->nlmsg_type == RTM_NEWLINK ? fwc_interfaces_read_link(ctx, payload) : 0;
}

static int on_address(const struct nlmsghdr *nlh, struct fwc_slice payload, void *ctx)
{
	return nlh->nlmsg_type == RTM_NEWADDR ? fwc_interfaces_read_address(ctx, payload) : 0;
}

static int dump(struct fwc_nl *route, struct fwc_wire *w, uint16_t type, const void *head,
		size_t head_len, fwc_nl_cb cb, struct fwc_interfaces *list, struct fwc_error *err)
{
	uint32_t seq = ++route->seq;

	fwc_wire_reset(w);
	fwc_wire_end(w, fwc_wire_begin(w, type, NLM_F_REQUEST | NLM_F_DUMP, seq, head, head_len));
	if (fwc_wire_error(w, err) < 0)
		return w->error;
	return fwc_nl_dump(route, w, seq, cb, list, err);
}

/* Links first: an interface that appears in between shows up without addresses rather than addresses without it. */
static int read_once(struct fwc_nl *route, struct fwc_wire *w, struct fwc_interfaces *list,
		     struct fwc_error *err)
{
	const struct ifinfomsg link = { .ifi_family = AF_UNSPEC };
	const struct ifaddrmsg address = { .ifa_family = AF_UNSPEC };
	int r;

	r = dump(route, w, RTM_GETLINK, &link, sizeof(link), on_link, list, err);
	if (r == 0)
		r = dump(route, w, RTM_GETADDR, &address, sizeof(address), on_address, list, err);
	return r;
}

static void listp(struct fwc_interfaces **list)
{
	fwc_interfaces_free(*list);
}

int fwc_interfaces_get(struct fwc_kernel *kernel, struct fwc_interfaces **ret,
		       struct fwc_error *err)
{
	fwc_cleanup(listp) struct fwc_interfaces *list = NULL;
	fwc_cleanup(fwc_wire_free) struct fwc_wire w = { 0 };
	int r;

	r = fwc_kernel_check(kernel, err);
	if (r < 0)
		return r;
	if (!ret)
		return fwc_fail(err, -EINVAL, FWC_OBJECT_ARGUMENT,
				"a place for the list of interfaces is needed");
	list = calloc(1, sizeof(*list));
	if (!list)
		return fwc_fail_memory(err);
	r = -EAGAIN;
	for (int tries = 0; r == -EAGAIN && tries < FWC_NL_DUMP_TRIES; tries++) {
		fwc_interfaces_clear(list);
		r = read_once(&kernel->route, &w, list, err);
	}
	if (r == -EAGAIN)
		return fwc_fail(err, r, FWC_OBJECT_INTERFACE,
				"the interfaces kept changing while they were read, %d times",
				FWC_NL_DUMP_TRIES);
	if (r == -EBADMSG)
		return fwc_fail(err, r, FWC_OBJECT_INTERFACE,
				"the kernel's list of interfaces is cut off");
	if (r == 0)
		r = fwc_interfaces_finish(list);
	if (r == -ENOMEM)
		return fwc_fail_memory(err);
	if (r < 0) {
		fwc_error_prepend(err, "reading the interfaces");
		return r;
	}
	*ret = fwc_take(list);
	return 0;
}

void fwc_interfaces_free(struct fwc_interfaces *list)
{
	if (!list)
		return;
	fwc_interfaces_clear(list);
	free(list);
}

size_t fwc_interfaces_count(const struct fwc_interfaces *list)
{
	return list ? list->count : 0;
}

const struct fwc_interface *fwc_interfaces_at(const struct fwc_interfaces *list, size_t i)
{
	return list && i < list->count ? &list->items[i] : NULL;
}

const struct fwc_interface *fwc_interfaces_find(const struct fwc_interfaces *list, const char *name)
{
	for (size_t i = 0; name && i < fwc_interfaces_count(list); i++)
		if (!strcmp(list->items[i].name, name))
			return &list->items[i];
	return NULL;
}

const struct fwc_interface *fwc_interfaces_find_index(const struct fwc_interfaces *list,
						      uint32_t index)
{
	return list ? fwc_interfaces_lookup(list, index) : NULL;
}
