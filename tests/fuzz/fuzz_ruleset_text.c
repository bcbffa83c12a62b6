/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A ruleset in commands: what is taken is written as commands that are taken again and written as the same. */
#include <stdlib.h>

#include "fuzz.h"
#include "text/text.h"

static char *text_of(const struct fwc_ruleset *rs, uint32_t flags)
{
	struct fwc_error err;
	char *text;

	if (fwc_ruleset_format(rs, FWC_SYNTAX_NFT, flags, &text, NULL, &err) < 0)
		abort();
	return text;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct fwc_error err;
	struct fwc_ruleset *rs = fwc_ruleset_parse((const char *)data, size, FWC_SYNTAX_NFT, &err),
			   *again;
	char *first, *second;

	if (!rs) {
		if (!err.code || !err.msg[0])
			abort();
		return 0;
	}
	fwc_text_free(text_of(rs, FWC_FORMAT_HANDLES));
	first = text_of(rs, FWC_FORMAT_COMMANDS);
	again = fwc_ruleset_parse(first, strlen(first), FWC_SYNTAX_NFT, &err);
	if (!again)
		abort();
	second = text_of(again, FWC_FORMAT_COMMANDS);
	if (strcmp(first, second) != 0)
		abort();
	fwc_text_free(first);
	fwc_text_free(second);
	fwc_ruleset_free(rs);
	fwc_ruleset_free(again);
	return 0;
}
