/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Dumps of the kernel as tests/kernel/nft_dump.c writes them: tests/data/nft/NAME.dump. */
#ifndef FWC_TESTS_NFT_RECORDS_H
#define FWC_TESTS_NFT_RECORDS_H

#include "nft/nft.h"

struct records {
	struct fwc_ruleset *rs;
	struct fwc_rule *rules[512]; /* in the order of the dump */
	char *words[512]; /* nft's, of the rule of the same index; NULL when it has none */
	size_t count;
};

/* The ruleset that a dump holds; the test fails when it cannot be read. */
struct records records_load(const char *name);
void records_free(struct records *r);
/* The rule that nft prints so. The test fails when there is none. */
struct fwc_rule *records_find(const struct records *r, const char *words);
/* The expressions of `r` as it would be dumped, anonymous sets by the name they have. -errno when it cannot be written. */
int records_encode(const struct fwc_rule *r, struct fwc_wire *wire, struct fwc_error *err);
size_t records_opaque(const struct fwc_rule *r); /* items that are opaque */

#endif
