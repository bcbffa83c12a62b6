/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The words of a line. Within lib/iptables. */
#ifndef FWC_IPTABLES_WORDS_H
#define FWC_IPTABLES_WORDS_H

#include "core/core.h"

struct fwc_xt_words {
	const char **words;
	uint32_t *columns; /* where each begins, from 1 */
	size_t count;
};

/* In the arena. 0, -EINVAL, -ENOMEM. */
int fwc_xt_words_cut(struct fwc_xt_words *w, struct fwc_arena *a, const char *text, size_t len,
		     struct fwc_error *err);

#endif
