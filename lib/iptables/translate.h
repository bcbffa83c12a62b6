/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A rule of iptables in nft's words. Within lib/iptables. */
#ifndef FWC_IPTABLES_TRANSLATE_H
#define FWC_IPTABLES_TRANSLATE_H

#include "iptables/rule.h"

struct fwc_xt_translation {
	struct fwc_buf *out;
	const struct fwc_xt_rule *x;
	const char *differs; /* in what the words do not say the same; NULL: in nothing */
	const char *comment;
};

/* One extension: false where it, or this way to use it, has no native form. */
typedef bool fwc_xt_translate(struct fwc_xt_translation *t, const uint8_t *info);

struct fwc_xt_translator {
	const char *name; /* of the row */
	uint8_t revision; /* of its struct */
	fwc_xt_translate *translate;
};

struct fwc_xt_translators {
	const struct fwc_xt_translator *list;
	size_t count;
};
extern const struct fwc_xt_translators fwc_xt_match_translators, fwc_xt_target_translators;

/* `ip` or `ip6`. */
const char *fwc_xt_family_word(const struct fwc_xt_translation *t);
/* `5` or `5-9`, each of `len` bytes in host order. */
void fwc_xt_words_of_range(struct fwc_buf *out, const uint8_t *info, size_t at, size_t len);
/* Nothing that nft's words cannot hold between quotes. */
bool fwc_xt_is_quotable(const char *text, size_t most);

/* All of a rule. 0, or -EOPNOTSUPP with what has no native form; *ret_differs is in what it is not quite the same. */
int fwc_xt_translate_rule(const struct fwc_xt_rule *x, struct fwc_buf *out,
			  const char **ret_differs, struct fwc_error *err);

#endif
