/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Connections that go on after their rule has gone: conntrack remembers the translation, and `established` is accepted.
 *
 * Deleted by filter, one message a port, without looking at a single connection. Every message has a tuple as well: a
 * kernel that does not know CTA_FILTER then refuses it (EINVAL) instead of deleting everything. There they end by their
 * timeouts, so nothing here is a failure of the call that wanted it. The same goes for ranges of more than MOST_PORTS:
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

static void send_all(struct fwc_kernel *kernel, struct fwc_wire *w, uint32_t first)
{
	struct fwc_nl_answer answer;

	if (fwc_wire_error(w, NULL) == 0 && kernel->nft.seq >= first)
		(void)fwc_nl_transact(&kernel->nft, w, first, kernel->nft.seq, &answer, NULL);
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
