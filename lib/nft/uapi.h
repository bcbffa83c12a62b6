/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The kernel's numbers of nf_tables: its own headers, and what those of Debian 12 (Linux 6.1) lack.
 *
 * Sources: include/uapi/linux/netfilter/nf_tables.h, nf_nat.h, nf_log.h; net/netfilter/nft_*.c. */
#ifndef FWC_NFT_UAPI_H
#define FWC_NFT_UAPI_H

/* libc's first: the kernel's headers make way for it, not the other way round. */
#include <netinet/in.h>

#include <linux/netfilter.h>
#include <linux/netfilter/nf_log.h>
#include <linux/netfilter/nf_nat.h>
#include <linux/netfilter/nf_tables.h>
#include <linux/netfilter/nf_tables_compat.h>
#include <linux/netfilter/nfnetlink.h>

/* Lengths and limits that no uapi header names. */
enum {
	FWC_NFT_REGISTERS = 16, /* of 4 bytes */
	/* NFTA_SET_DATA_LEN of a verdict map: sizeof(struct nft_verdict) */
	FWC_NFT_VERDICT_LEN = 16,
	FWC_NFT_TYPE_BITS = 6, /* nft: each part of a concatenation in NFTA_SET_KEY_TYPE */
};

/* enum nft_bitwise_ops and nft_bitwise_attributes, Linux 6.13 */
enum {
	FWC_NFT_BITWISE_AND = 3,
	FWC_NFT_BITWISE_OR = 4,
	FWC_NFT_BITWISE_XOR = 5,
	FWC_NFTA_BITWISE_SREG2 = 8,
};

/* enum nft_inner_attributes, Linux 6.2; enum nft_payload_bases */
enum {
	FWC_NFTA_INNER_NUM = 1,
	FWC_NFTA_INNER_TYPE = 2,
	FWC_NFTA_INNER_FLAGS = 3,
	FWC_NFTA_INNER_HDRSIZE = 4,
	FWC_NFTA_INNER_EXPR = 5,
	FWC_NFTA_INNER_MAX = FWC_NFTA_INNER_EXPR,
	FWC_NFT_PAYLOAD_TUN_HEADER = 4,
};

/* enum nf_tables_msg_types, Linux 6.2 and 6.5 */
enum {
	FWC_NFT_MSG_GETRULE_RESET = 25,
	FWC_NFT_MSG_GETSETELEM_RESET = 33,
};

enum { FWC_NFT_TABLE_F_PERSIST = 4 /* Linux 6.9 */ };

/* Userdata: {u8 type, u8 len, value}. nft's own types, and ours from 0x80 on, which nft passes over. */
enum {
	FWC_UDATA_COMMENT = 0, /* of tables, chains, rules, elements */
	FWC_UDATA_SET_KEYBYTEORDER = 0,
	FWC_UDATA_SET_DATABYTEORDER = 1,
	FWC_UDATA_SET_MERGE = 2,
	FWC_UDATA_SET_KEY_TYPEOF = 3,
	FWC_UDATA_SET_DATA_TYPEOF = 4,
	FWC_UDATA_SET_DATA_INTERVAL = 6,
	FWC_UDATA_SET_COMMENT = 7,
	FWC_UDATA_ELEMENT_FLAGS = 1,
	FWC_UDATA_OWNER = 0x80,
	FWC_UDATA_TAG = 0x81,
	/* 0x82: model/fold_note.c */
};

enum {
	FWC_UDATA_ELEMENT_OPEN = 1, /* an interval that ends at the largest key: no end follows */
};

/* nft's enum byteorder, as it stands in the userdata of sets. */
enum {
	FWC_BYTEORDER_NONE = 0, /* concatenations and verdicts */
	FWC_BYTEORDER_HOST = 1,
	FWC_BYTEORDER_BIG = 2,
};

#endif
