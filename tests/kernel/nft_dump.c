/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Writes what the kernel dumps of the namespace it runs in: how tests/data/nft and the corpus of fuzz_decode were made.
 *
 *     nft_dump        text: `KIND FAMILY HEX` a message, before each rule a comment with nft's words for it
 *     nft_dump -b     the records that fuzz_decode reads: kind, family, 16 bits of length (little-endian), bytes
 *
 * KIND is table, chain, set, elements or rule (0 to 4); the bytes are the message's attributes after nfgenmsg. */
#include <stdio.h>
#include <stdlib.h>

#include "netlink/netlink.h"
#include "nft/uapi.h"

enum { KINDS = 5, NAMES_MOST = 256 };

static const struct {
	const char *name;
	uint16_t get;
} kinds[KINDS] = {
	{ "table", NFT_MSG_GETTABLE }, { "chain", NFT_MSG_GETCHAIN },
	{ "set", NFT_MSG_GETSET },     { "elements", NFT_MSG_GETSETELEM },
	{ "rule", NFT_MSG_GETRULE },
};

struct dump {
	size_t kind;
	bool binary;
	struct {
		uint8_t family;
		char table[128], set[128];
	} sets[NAMES_MOST];
	size_t set_count;
};

static void print_words(uint8_t family, const struct fwc_attr *a)
{
	uint64_t handle = 0;
	char command[512], line[4096];
	FILE *nft;

	fwc_attr_be64(&a[NFTA_RULE_HANDLE], &handle);
	snprintf(command, sizeof(command),
		 "nft -a list chain %s %s %s | sed -n 's/^\\t*\\(.*\\) # handle %llu$/\\1/p'",
		 fwc_family_name(family), fwc_attr_text(&a[NFTA_RULE_TABLE]),
		 fwc_attr_text(&a[NFTA_RULE_CHAIN]), (unsigned long long)handle);
	fflush(stdout);
	nft = popen(command, "r");
	while (nft && fgets(line, sizeof(line), nft))
		printf("# %s", line);
	if (nft)
		pclose(nft);
}

static int on_message(const struct nlmsghdr *nlh, struct fwc_slice payload, void *ctx)
{
	const struct nfgenmsg *head = (const void *)payload.data;
	struct fwc_slice attrs = { payload.data + sizeof(*head), payload.len - sizeof(*head) };
	struct fwc_attr a[NFTA_SET_MAX + 1];
	struct dump *d = ctx;

	(void)nlh;
	if (fwc_attrs_parse(attrs, a, NFTA_SET_MAX) < 0)
		return -EBADMSG;
	if (d->kind == 2 && d->set_count < NAMES_MOST) {
		d->sets[d->set_count].family = head->nfgen_family;
		fwc_copy_name(d->sets[d->set_count].table, 128, fwc_attr_text(&a[NFTA_SET_TABLE]));
		fwc_copy_name(d->sets[d->set_count++].set, 128, fwc_attr_text(&a[NFTA_SET_NAME]));
	}
	if (d->binary) {
		putchar((int)d->kind);
		putchar(head->nfgen_family);
		putchar((int)(attrs.len & 0xff));
		putchar((int)(attrs.len >> 8));
		fwrite(attrs.data, 1, attrs.len, stdout);
		return 0;
	}
	if (d->kind == 4)
		print_words(head->nfgen_family, a);
	printf("%s %u ", kinds[d->kind].name, head->nfgen_family);
	for (size_t i = 0; i < attrs.len; i++)
		printf("%02x", attrs.data[i]);
	putchar('\n');
	return 0;
}

static int dump(struct fwc_nl *nl, struct dump *d, uint8_t family, const char *table,
		const char *set)
{
	struct fwc_wire wire = { .data = NULL };
	const struct nfgenmsg head = { .nfgen_family = family };
	uint32_t seq = ++nl->seq;
	struct fwc_error err;
	size_t msg =
		fwc_wire_begin(&wire, (uint16_t)(NFNL_SUBSYS_NFTABLES << 8 | kinds[d->kind].get),
			       NLM_F_REQUEST | NLM_F_DUMP, seq, &head, sizeof(head));
	int r;

	if (table) {
		fwc_put_text(&wire, NFTA_SET_ELEM_LIST_TABLE, table);
		fwc_put_text(&wire, NFTA_SET_ELEM_LIST_SET, set);
	}
	fwc_wire_end(&wire, msg);
	r = fwc_nl_dump(nl, &wire, seq, on_message, d, &err);
	if (r < 0)
		fprintf(stderr, "%s\n", err.msg);
	fwc_wire_free(&wire);
	return r;
}

int main(int argc, char **argv)
{
	static struct dump d;
	struct fwc_error err;
	struct fwc_nl nl;
	int r;

	d.binary = argc > 1 && !strcmp(argv[1], "-b");
	r = fwc_nl_open(&nl, NETLINK_NETFILTER, &err);
	if (r < 0) {
		fprintf(stderr, "%s\n", err.msg);
		return 1;
	}
	for (; d.kind < KINDS && r == 0; d.kind++) {
		if (d.kind != 3)
			r = dump(&nl, &d, 0, NULL, NULL);
		for (size_t i = 0; d.kind == 3 && i < d.set_count && r == 0; i++)
			r = dump(&nl, &d, d.sets[i].family, d.sets[i].table, d.sets[i].set);
	}
	fwc_nl_close(&nl);
	return r < 0;
}
