/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Expressions as bytes, compared after normalisation. Within lib/nft. */
#ifndef FWC_NFT_COMPARE_H
#define FWC_NFT_COMPARE_H

#include "core/wire.h"

/* Whether two lists of expressions do the same: the order of attributes, and those that some kernels leave out at their
 * default, do not count. *ret_at is where in `a` the first difference is. */
bool fwc_expressions_equal(struct fwc_slice a, struct fwc_slice b, size_t *ret_at);

#endif
