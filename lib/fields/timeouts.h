/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* How long a connection is remembered in each of its states: what a ct timeout object says. */
#ifndef FWC_FIELDS_TIMEOUTS_H
#define FWC_FIELDS_TIMEOUTS_H

#include "core/buf.h"
#include "core/core.h"

enum { FWC_TIMEOUTS_MOST = 11 };

struct fwc_timeout_state {
	const char *name;
	uint32_t seconds; /* nft's default: what is so is not written */
};

struct fwc_timeouts {
	uint8_t l4; /* IPPROTO_* */
	uint8_t count;
	struct fwc_timeout_state
		states[FWC_TIMEOUTS_MOST]; /* in the order of the kernel's attributes, from 1 */
};

const struct fwc_timeouts *fwc_timeouts_of(uint64_t l4); /* NULL: not known */
/* `established : 100, close : 4` -> seconds of all states; NULL: the defaults. 0, -EINVAL. */
int fwc_timeouts_parse(const struct fwc_timeouts *t, const char *text,
		       uint32_t seconds[FWC_TIMEOUTS_MOST], struct fwc_error *err);
/* The states that differ from the defaults. */
void fwc_timeouts_format(const struct fwc_timeouts *t, const uint32_t seconds[FWC_TIMEOUTS_MOST],
			 struct fwc_buf *out);

#endif
