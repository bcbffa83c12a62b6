/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Words of targets that parser and printer share. Tables end with a NULL name; where two words have one value, the
 * first is the one that nft prints. */
#ifndef FWC_WORDS_H
#define FWC_WORDS_H

#include "fields/fields.h"

extern const struct fwc_symbol fwc_words_verdict[];
extern const struct fwc_symbol fwc_words_log_level[];
extern const struct fwc_symbol fwc_words_nat_flag[];
extern const struct fwc_symbol fwc_words_rate_unit[]; /* seconds */
extern const struct fwc_symbol fwc_words_bytes_unit[]; /* smallest first */
extern const struct fwc_symbol fwc_words_hook[];
extern const struct fwc_symbol fwc_words_set_flag[];
extern const struct fwc_symbol fwc_words_table_flag[];
extern const struct fwc_symbol fwc_words_synproxy_flag[];
extern const struct fwc_symbol fwc_words_flowtable_flag[];
extern const struct fwc_symbol fwc_words_queue_flag[];
extern const struct fwc_symbol fwc_words_chain_type[];

enum {
	FWC_LOG_LEVEL_DEFAULT = 4, /* warn */
	FWC_LIMIT_BURST_DEFAULT = 5, /* packets */
	FWC_LOG_FLAGS_ALL = 0x2f,
};

/* The largest unit of which so many bytes are a whole number. */
const struct fwc_symbol *fwc_words_bytes_unit_of(uint64_t bytes);
/* Of ICMPX, ICMPV4 or ICMPV6: the words of its codes. */
const struct fwc_symbol *fwc_words_reject_code(uint32_t with);

/* NULL when no word has that value. */
const char *fwc_word_of(const struct fwc_symbol *words, uint64_t value);
bool fwc_word_find(const struct fwc_symbol *words, const char *text, size_t len, uint64_t *ret);

#endif
