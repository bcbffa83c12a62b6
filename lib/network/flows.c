/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Connections that go on after their rule has gone: conntrack remembers the translation, and `established` is accepted.
 *
 * Deleted by filter, one message a port, without looking at a single connection. Every message has a tuple as well: a
 * kernel that takes CTA_FILTER only in dumps (before Linux 6.11) then refuses it (EINVAL) instead of deleting everything;
 * there the same message asks for the connections, and they are deleted one by one. What cannot be deleted ends by its
 * timeout, so nothing here is a failure of the call that wanted it. The same goes for ranges of more than MOST_PORTS:
 * each message makes the kernel walk through all connections. */
#include <linux/netfilter/nfnetlink.h>
#include <linux/netfilter/nfnetlink_conntrack.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include "network/network.h"

enum { MOST_PORTS = 64 };

/* net/netfilter/nf_internals.h: which parts of a tuple a filter compares. */
enum {
	FILTER_IP_SRC = 1 << 0,
	FILTER_PROTO_NUM = 1 << 3,
	FILTER_PROTO_SRC_PORT = 1 << 4,
	FILTER_PROTO_DST_PORT = 1 << 5,
};

static size_t begin_delete(struct fwc_wire *w, struct fwc_nl *nl, const struct fwc_ip *ip)
{
	const struct nfgenmsg head = { .nfgen_family =
					       ip->family == FWC_FAMILY_IP ? AF_INET : AF_INET6,
				       .version = NFNETLINK_V0 };

	return fwc_wire_begin(w, NFNL_SUBSYS_CTNETLINK << 8 | IPCTNL_MSG_CT_DELETE,
			      NLM_F_REQUEST | NLM_F_ACK, ++nl->seq, &head, sizeof(head));
}

static void put_source(struct fwc_wire *w, const struct fwc_ip *ip)
{
	bool is_ip4 = ip->family == FWC_FAMILY_IP;
	size_t nest = fwc_nest_begin(w, CTA_TUPLE_IP);

	fwc_put(w, is_ip4 ? CTA_IP_V4_SRC : CTA_IP_V6_SRC, ip->bytes, is_ip4 ? 4 : 16);
	fwc_nest_end(w, nest);
}

static void put_protocol(struct fwc_wire *w, uint32_t protocol, uint16_t which, uint16_t port)
{
	size_t nest = fwc_nest_begin(w, CTA_TUPLE_PROTO);

	fwc_put_u8(w, CTA_PROTO_NUM, (uint8_t)protocol);
	fwc_put_be16(w, which, port);
	fwc_nest_end(w, nest);
}

static void put_filter(struct fwc_wire *w, uint32_t orig, uint32_t reply)
{
	size_t nest = fwc_nest_begin(w, CTA_FILTER);

	fwc_put_u32(w, CTA_FILTER_ORIG_FLAGS, orig);
	fwc_put_u32(w, CTA_FILTER_REPLY_FLAGS, reply);
	fwc_nest_end(w, nest);
}

/* To that port of the host, answered by that port of the container. */
static void delete_port(struct fwc_wire *w, struct fwc_nl *nl, const struct fwc_port *port,
			uint16_t i, const struct fwc_ip *ip)
{
	size_t msg = begin_delete(w, nl, ip);
	size_t tuple = fwc_nest_begin(w, CTA_TUPLE_ORIG);

	put_protocol(w, port->protocol, CTA_PROTO_DST_PORT, (uint16_t)(port->host_port + i));
	fwc_nest_end(w, tuple);
	tuple = fwc_nest_begin(w, CTA_TUPLE_REPLY);
	put_source(w, ip);
	put_protocol(w, port->protocol, CTA_PROTO_SRC_PORT, (uint16_t)(port->port + i));
	fwc_nest_end(w, tuple);
	put_filter(w, FILTER_PROTO_NUM | FILTER_PROTO_DST_PORT,
		   FILTER_IP_SRC | FILTER_PROTO_NUM | FILTER_PROTO_SRC_PORT);
	fwc_wire_end(w, msg);
}

/* From that address, or (reply) to it. */
static void delete_address(struct fwc_wire *w, struct fwc_nl *nl, const struct fwc_ip *ip,
			   bool reply)
{
	size_t msg = begin_delete(w, nl, ip);
	size_t tuple = fwc_nest_begin(w, reply ? CTA_TUPLE_REPLY : CTA_TUPLE_ORIG);

	put_source(w, ip);
	fwc_nest_end(w, tuple);
	put_filter(w, reply ? 0 : FILTER_IP_SRC, reply ? FILTER_IP_SRC : 0);
	fwc_wire_end(w, msg);
}

/* ---- one by one ---- */

/* What a request asks for, and the deletions of what came. */
struct search {
	struct fwc_nl *nl;
	struct fwc_slice wanted;
	struct fwc_wire deletions;
};

/* Whether the connection has every address, protocol and port of the request's tuples, `depth` nests down: a kernel that
 * does not know the filter (before Linux 5.8) dumps everything. */
static bool has_all(struct fwc_slice wanted, struct fwc_slice connection, int depth)
{
	struct fwc_attr want, have;

	while (fwc_attr_next(&wanted, &want) > 0) {
		struct fwc_slice rest = connection;

		if (depth == 2 && want.type == CTA_FILTER)
			continue;
		do {
			if (fwc_attr_next(&rest, &have) <= 0)
				return false;
		} while (have.type != want.type);
		if (depth > 0 ? !has_all(fwc_attr_slice(&want), fwc_attr_slice(&have), depth - 1)
			      : have.len != want.len || memcmp(have.data, want.data, want.len))
			return false;
	}
	return true;
}

static int on_connection(const struct nlmsghdr *nlh, struct fwc_slice payload, void *ctx)
{
	struct search *s = ctx;
	struct fwc_slice attrs;
	struct fwc_attr a;
	size_t msg;

	if (nlh->nlmsg_type != (NFNL_SUBSYS_CTNETLINK << 8 | IPCTNL_MSG_CT_NEW) ||
	    payload.len < sizeof(struct nfgenmsg))
		return 0;
	attrs = (struct fwc_slice){ payload.data + sizeof(struct nfgenmsg),
				    payload.len - sizeof(struct nfgenmsg) };
	if (!has_all(s->wanted, attrs, 2))
		return 0;
	msg = fwc_wire_begin(&s->deletions, NFNL_SUBSYS_CTNETLINK << 8 | IPCTNL_MSG_CT_DELETE,
			     NLM_F_REQUEST | NLM_F_ACK, ++s->nl->seq, payload.data,
			     sizeof(struct nfgenmsg));
	while (fwc_attr_next(&attrs, &a) > 0)
		if (a.type == CTA_TUPLE_ORIG || a.type == CTA_ZONE || a.type == CTA_ID)
			fwc_wire_add(&s->deletions, a.whole.data, a.whole.len);
	fwc_wire_end(&s->deletions, msg);
	return 0;
}

/* Asks with one message of delete_port() or delete_address(), and deletes what the answer lists. */
static void delete_found(struct fwc_nl *nl, struct fwc_slice payload)
{
	const size_t head = sizeof(struct nfgenmsg);
	struct search s = { .nl = nl, .wanted = { payload.data + head, payload.len - head } };
	struct fwc_wire w = { 0 };
	struct fwc_nl_answer answer;
	uint32_t seq = ++nl->seq;
	size_t msg = fwc_wire_begin(&w, NFNL_SUBSYS_CTNETLINK << 8 | IPCTNL_MSG_CT_GET,
				    NLM_F_REQUEST | NLM_F_DUMP, seq, payload.data, head);

	fwc_wire_add(&w, s.wanted.data, s.wanted.len);
	fwc_wire_end(&w, msg);
	if (fwc_wire_error(&w, NULL) == 0 &&
	    fwc_nl_dump(nl, &w, seq, on_connection, &s, NULL) == 0 && nl->seq > seq &&
	    fwc_wire_error(&s.deletions, NULL) == 0)
		(void)fwc_nl_transact(nl, &s.deletions, seq + 1, nl->seq, &answer, NULL);
	fwc_wire_free(&w);
	fwc_wire_free(&s.deletions);
}

/* ---- */

static void send_all(struct fwc_kernel *kernel, struct fwc_wire *w, uint32_t first)
{
	struct fwc_slice rest = { w->data, w->len }, payload;
	struct fwc_nl_answer answer = { 0 };
	const struct nlmsghdr *nlh;

	if (fwc_wire_error(w, NULL) == 0 && kernel->nft.seq >= first &&
	    fwc_nl_transact(&kernel->nft, w, first, kernel->nft.seq, &answer, NULL) == 0 &&
	    answer.code == -EINVAL)
		while (fwc_msg_next(&rest, &nlh, &payload) > 0)
			delete_found(&kernel->nft, payload);
	fwc_wire_free(w);
}

void fwc_flows_drop_port(struct fwc_kernel *kernel, const struct fwc_port *port,
			 const struct fwc_ip ip[FWC_NET_FAMILIES])
{
	struct fwc_wire w = { 0 };
	uint32_t first = kernel->nft.seq + 1;

	if (port->count > MOST_PORTS)
		return;
	for (int f = 0; f < FWC_NET_FAMILIES; f++)
		for (uint16_t i = 0; ip[f].family && i < port->count; i++)
			delete_port(&w, &kernel->nft, port, i, &ip[f]);
	send_all(kernel, &w, first);
}

void fwc_flows_drop_address(struct fwc_kernel *kernel, const struct fwc_ip ip[FWC_NET_FAMILIES])
{
	struct fwc_wire w = { 0 };
	uint32_t first = kernel->nft.seq + 1;

	for (int f = 0; f < FWC_NET_FAMILIES; f++) {
		if (!ip[f].family)
			continue;
		delete_address(&w, &kernel->nft, &ip[f], false);
		delete_address(&w, &kernel->nft, &ip[f], true);
	}
	send_all(kernel, &w, first);
}
