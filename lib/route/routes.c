/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Reading routes: all of them, or the one that a packet would take. */
#include <linux/rtnetlink.h>
#include <stdlib.h>
#include <sys/socket.h>

#include "kernel/handle.h"
#include "route/routes.h"

static void listp(struct fwc_routes **list)
{
	fwc_routes_free(*list);
}

/* Routes that the kernel made for single destinations (redirects, path MTU) are no table's. */
static int on_route(const struct nlmsghdr *nlh, struct fwc_slice payload, void *ctx)
{
	struct rtmsg head;

	if (nlh->nlmsg_type != RTM_NEWROUTE)
		return 0;
	if (payload.len < sizeof(head))
		return -EBADMSG;
	memcpy(&head, payload.data, sizeof(head));
	return head.rtm_flags & RTM_F_CLONED ? 0 : fwc_routes_read(ctx, payload);
}

static int on_answer(const struct nlmsghdr *nlh, struct fwc_slice payload, void *ctx)
{
	return nlh->nlmsg_type == RTM_NEWROUTE ? fwc_routes_read(ctx, payload) : 0;
}

static int read_once(struct fwc_nl *nl, uint8_t family, struct fwc_routes *list,
		     struct fwc_error *err)
{
	fwc_cleanup(fwc_wire_free) struct fwc_wire w = { 0 };
	const struct rtmsg head = { .rtm_family = family };
	uint32_t seq = ++nl->seq;

	fwc_wire_end(&w, fwc_wire_begin(&w, RTM_GETROUTE, NLM_F_REQUEST | NLM_F_DUMP, seq, &head,
					sizeof(head)));
	if (fwc_wire_error(&w, err) < 0)
		return w.error;
	return fwc_nl_dump(nl, &w, seq, on_route, list, err);
}

static int read_both(struct fwc_nl *nl, uint32_t family, struct fwc_routes *list,
		     struct fwc_error *err)
{
	int r = 0;

	fwc_routes_clear(list);
	if (family != FWC_FAMILY_IP6)
		r = read_once(nl, AF_INET, list, err);
	if (r == 0 && family != FWC_FAMILY_IP)
		r = read_once(nl, AF_INET6, list, err);
	return r;
}

/* In words, where the kernel gave none. */
static int explain(int r, struct fwc_error *err)
{
	if (r == -EAGAIN)
		return fwc_fail(err, r, FWC_OBJECT_ROUTE,
				"the routes kept changing while they were read, %d times",
				FWC_NL_DUMP_TRIES);
	if (r == -EBADMSG)
		return fwc_fail(err, r, FWC_OBJECT_ROUTE, "the kernel's answer is cut off");
	return r == -ENOMEM ? fwc_fail_memory(err) : r;
}

static int new_list(struct fwc_kernel *kernel, struct fwc_routes **ret, struct fwc_routes **list,
		    struct fwc_error *err)
{
	int r = fwc_kernel_check(kernel, err);

	if (r < 0)
		return r;
	if (!ret)
		return fwc_fail(err, -EINVAL, FWC_OBJECT_ARGUMENT,
				"a place for the list of routes is needed");
	*list = calloc(1, sizeof(**list));
	return *list ? 0 : fwc_fail_memory(err);
}

int fwc_routes_get(struct fwc_kernel *kernel, uint32_t family, struct fwc_routes **ret,
		   struct fwc_error *err)
{
	fwc_cleanup(listp) struct fwc_routes *list = NULL;
	int r = new_list(kernel, ret, &list, err);

	if (r < 0)
		return r;
	if (family != FWC_FAMILY_ANY && family != FWC_FAMILY_IP && family != FWC_FAMILY_IP6)
		return fwc_fail(err, -EINVAL, FWC_OBJECT_ARGUMENT,
				"%u is no family of routes: ip (2), ip6 (10) or any (0)", family);
	r = -EAGAIN;
	for (int tries = 0; r == -EAGAIN && tries < FWC_NL_DUMP_TRIES; tries++)
		r = read_both(&kernel->route, family, list, err);
	r = explain(r, err);
	if (r < 0) {
		fwc_error_prepend(err, "reading the routes");
		return r;
	}
	*ret = fwc_take(list);
	return 0;
}

void fwc_routes_free(struct fwc_routes *list)
{
	if (!list)
		return;
	fwc_routes_clear(list);
	free(list);
}

size_t fwc_routes_count(const struct fwc_routes *list)
{
	return list ? list->list.count : 0;
}

const struct fwc_route *fwc_routes_at(const struct fwc_routes *list, size_t i)
{
	return i < fwc_routes_count(list) ? list->list.items[i] : NULL;
}

/* ---- the one that a packet would take ---- */

static void put_question(struct fwc_wire *w, uint32_t seq, const struct fwc_ip *to,
			 const struct fwc_route_lookup_opts *opts)
{
	const struct fwc_ip *source = fwc_opts_get(opts, source, NULL);
	uint32_t in = fwc_opts_get(opts, in_interface, 0u);
	uint32_t out = fwc_opts_get(opts, out_interface, 0u);
	uint32_t mark = fwc_opts_get(opts, mark, 0u);
	const struct rtmsg head = { .rtm_family = to->family == FWC_FAMILY_IP ? AF_INET : AF_INET6,
				    .rtm_dst_len = (uint8_t)fwc_ip_bits(to),
				    .rtm_src_len = (uint8_t)(source ? fwc_ip_bits(source) : 0),
				    .rtm_flags = RTM_F_LOOKUP_TABLE };
	size_t msg = fwc_wire_begin(w, RTM_GETROUTE, NLM_F_REQUEST | NLM_F_ACK, seq, &head,
				    sizeof(head));

	fwc_put(w, RTA_DST, to->bytes, fwc_ip_bits(to) / 8);
	if (source)
		fwc_put(w, RTA_SRC, source->bytes, fwc_ip_bits(source) / 8);
	if (in)
		fwc_put_u32(w, RTA_IIF, in);
	if (out)
		fwc_put_u32(w, RTA_OIF, out);
	if (mark)
		fwc_put_u32(w, RTA_MARK, mark);
	fwc_wire_end(w, msg);
}

static int check_question(const struct fwc_ip *to, const struct fwc_route_lookup_opts *opts,
			  struct fwc_error *err)
{
	int r = fwc_opts_check(opts, sizeof(*opts), err);
	const struct fwc_ip *source;

	if (r < 0)
		return r;
	source = fwc_opts_get(opts, source, NULL);
	if (!to || !fwc_ip_bits(to))
		return fwc_fail(err, -EINVAL, FWC_OBJECT_ARGUMENT,
				"an IPv4 or IPv6 address is needed to look for a route to it");
	if (source && source->family != to->family)
		return fwc_fail(err, -EINVAL, FWC_OBJECT_ARGUMENT,
				"source and destination of a packet are of one family");
	return 0;
}

int fwc_route_lookup(struct fwc_kernel *kernel, const struct fwc_ip *destination,
		     const struct fwc_route_lookup_opts *opts, struct fwc_routes **ret,
		     struct fwc_error *err)
{
	fwc_cleanup(listp) struct fwc_routes *list = NULL;
	fwc_cleanup(fwc_wire_free) struct fwc_wire w = { 0 };
	char text[48] = "";
	int r = new_list(kernel, ret, &list, err);

	if (r == 0)
		r = check_question(destination, opts, err);
	if (r < 0)
		return r;
	put_question(&w, ++kernel->route.seq, destination, opts);
	r = fwc_wire_error(&w, err);
	if (r == 0)
		r = fwc_nl_dump(&kernel->route, &w, kernel->route.seq, on_answer, list, err);
	if (r == 0 && !list->list.count)
		r = -EBADMSG;
	r = explain(r, err);
	if (r < 0) {
		(void)fwc_ip_format(destination, text, sizeof(text), NULL);
		fwc_error_prepend(err, "no route to %s", text);
		return r;
	}
	*ret = fwc_take(list);
	return 0;
}
