/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <arpa/inet.h>

#include "../check.h"
#include "core/wire.h"
#include "nft_load.h"

struct load {
	struct fwc_ruleset *rs;
	uint16_t what; /* NFT_MSG_NEW* */
};

static int on_message(const struct nlmsghdr *nlh, struct fwc_slice payload, void *ctx)
{
	const struct nfgenmsg *head = (const void *)payload.data;
	struct fwc_slice attrs = { payload.data + sizeof(*head), payload.len - sizeof(*head) };
	struct load *l = ctx;

	ck_assert_uint_eq(nlh->nlmsg_type, NFNL_SUBSYS_NFTABLES << 8 | l->what);
	ck_assert_uint_ge(payload.len, sizeof(*head));
	switch (l->what) {
	case NFT_MSG_NEWTABLE:
		return fwc_nft_read_table(l->rs, head->nfgen_family, attrs, NULL);
	case NFT_MSG_NEWCHAIN:
		return fwc_nft_read_chain(l->rs, head->nfgen_family, attrs, NULL);
	case NFT_MSG_NEWSET:
		return fwc_nft_read_set(l->rs, head->nfgen_family, attrs, NULL);
	case NFT_MSG_NEWSETELEM:
		return fwc_nft_read_elements(l->rs, head->nfgen_family, attrs, NULL);
	default:
		return fwc_nft_read_rule(l->rs, head->nfgen_family, attrs, NULL);
	}
}

static void dump(struct fwc_nl *nl, struct fwc_ruleset *rs, uint16_t get, uint16_t what,
		 const struct fwc_set *set)
{
	struct fwc_wire wire = { .data = NULL };
	struct nfgenmsg head = { .nfgen_family = 0 };
	struct load l = { rs, what };
	struct fwc_error err;
	uint32_t seq = ++nl->seq;
	size_t msg;

	if (set)
		head.nfgen_family = (uint8_t)set->table->family;
	msg = fwc_wire_begin(&wire, (uint16_t)(NFNL_SUBSYS_NFTABLES << 8 | get),
			     NLM_F_REQUEST | NLM_F_DUMP, seq, &head, sizeof(head));
	if (set) {
		fwc_put_text(&wire, NFTA_SET_ELEM_LIST_TABLE, set->table->name);
		fwc_put_text(&wire, NFTA_SET_ELEM_LIST_SET, set->name);
	}
	fwc_wire_end(&wire, msg);
	assert_ok(fwc_nl_dump(nl, &wire, seq, on_message, &l, &err), err);
	fwc_wire_free(&wire);
}

static void dump_elements(struct fwc_nl *nl, struct fwc_ruleset *rs, const struct fwc_vec *sets)
{
	for (size_t i = 0; i < sets->count; i++)
		dump(nl, rs, NFT_MSG_GETSETELEM, NFT_MSG_NEWSETELEM, sets->items[i]);
}

struct fwc_ruleset *nft_load(void)
{
	struct fwc_ruleset *rs = fwc_ruleset_new();
	struct fwc_error err;
	struct fwc_nl nl;

	ck_assert_ptr_nonnull(rs);
	assert_ok(fwc_nl_open(&nl, NETLINK_NETFILTER, &err), err);
	dump(&nl, rs, NFT_MSG_GETTABLE, NFT_MSG_NEWTABLE, NULL);
	dump(&nl, rs, NFT_MSG_GETCHAIN, NFT_MSG_NEWCHAIN, NULL);
	dump(&nl, rs, NFT_MSG_GETSET, NFT_MSG_NEWSET, NULL);
	for (size_t i = 0; i < rs->tables.count; i++) {
		struct fwc_table *t = rs->tables.items[i];

		dump_elements(&nl, rs, &t->sets);
		dump_elements(&nl, rs, &t->anonymous);
	}
	dump(&nl, rs, NFT_MSG_GETRULE, NFT_MSG_NEWRULE, NULL);
	fwc_nl_close(&nl);
	return rs;
}

static void put_bound(struct nft_batch *b, uint16_t type)
{
	const struct nfgenmsg head = { .res_id = htons(NFNL_SUBSYS_NFTABLES) };

	fwc_wire_end(&b->wire, fwc_wire_begin(&b->wire, type, NLM_F_REQUEST, b->writer.seq++, &head,
					      sizeof(head)));
}

void nft_begin(struct nft_batch *b)
{
	memset(b, 0, sizeof(*b));
	b->writer.wire = &b->wire;
	b->writer.seq = 1;
	put_bound(b, NFNL_MSG_BATCH_BEGIN);
}

struct fwc_nl_answer nft_commit(struct nft_batch *b)
{
	struct fwc_slice rest = { b->wire.data, b->wire.len }, payload;
	uint32_t last = b->writer.seq - 1;
	const struct nlmsghdr *nlh = NULL;
	struct fwc_nl_answer answer;
	struct fwc_error err;
	struct fwc_nl nl;

	while (fwc_msg_next(&rest, &nlh, &payload) > 0)
		continue;
	ck_assert_ptr_nonnull(nlh);
	((struct nlmsghdr *)(uintptr_t)nlh)->nlmsg_flags |= NLM_F_ACK;
	put_bound(b, NFNL_MSG_BATCH_END);
	assert_ok(fwc_wire_error(&b->wire, &err), err);
	assert_ok(fwc_nl_open(&nl, NETLINK_NETFILTER, &err), err);
	assert_ok(fwc_nl_transact(&nl, &b->wire, 1, last, &answer, &err), err);
	fwc_nl_close(&nl);
	fwc_wire_free(&b->wire);
	return answer;
}
