/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* For tests of lib/nft: a bare load and a bare commit, with nothing of lib/kernel. */
#ifndef FWC_TESTS_NFT_LOAD_H
#define FWC_TESTS_NFT_LOAD_H

#include "netlink/netlink.h"
#include "nft/nft.h"
#include "nft/uapi.h"

/* Everything of the namespace the thread is in. */
struct fwc_ruleset *nft_load(void);

/* One transaction: begin, then write with it, then commit. */
struct nft_batch {
	struct fwc_wire wire;
	struct fwc_nft_writer writer;
};
void nft_begin(struct nft_batch *b);
/* The kernel's first answer that is a failure; code 0: none. */
struct fwc_nl_answer nft_commit(struct nft_batch *b);

#endif
