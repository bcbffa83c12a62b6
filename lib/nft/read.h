/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What the readers share. Within lib/nft. */
#ifndef FWC_NFT_READ_H
#define FWC_NFT_READ_H

#include "nft/nft.h"
#include "nft/uapi.h"

/* Whether iptables-nft made the table that this belongs to: see iptables.c. */
bool fwc_rule_is_iptables(const struct fwc_rule *r); /* a raw one */

/* The value that an interval of keys is: a constant, prefix or range. Bytes are ordered (big-endian) when `ordered`. */
const struct fwc_value *fwc_key_value(struct fwc_arena *a, const struct fwc_type *t,
				      const uint8_t *first, const uint8_t *last, bool ordered);

/* The payload of a NFTA_DATA_VERDICT; NULL: a verdict that the model has no word for, or out of memory. */
const struct fwc_value *fwc_read_verdict(struct fwc_arena *a, struct fwc_slice verdict);

/* nft's number of a type leaves open what bytes mean: a list of numbers takes the types of what is looked up in it, and of
 * what its data go to. 0, -EINVAL when the lengths differ, -ENOMEM. */
int fwc_set_retype_key(struct fwc_set *s, const struct fwc_type *const *types, size_t count);
int fwc_set_retype_data(struct fwc_set *s, const struct fwc_type *type);

#endif
