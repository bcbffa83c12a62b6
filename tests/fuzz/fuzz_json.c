/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A ruleset, or one rule, in JSON: what is taken is written as JSON that is taken again and written as the same. */
#include <stdlib.h>

#include "fuzz.h"
#include "text/text.h"

static char *json_of(const struct fwc_ruleset *rs, size_t *ret_len)
{
	struct fwc_error err;
	char *text;
	int r = fwc_ruleset_format(rs, FWC_SYNTAX_JSON, FWC_FORMAT_COMMANDS, &text, ret_len, &err);

	if (r < 0)
		abort();
	return text;
}

static void check_ruleset(const struct fwc_ruleset *rs)
{
	struct fwc_error err;
	size_t len;
	char *first = json_of(rs, &len), *second;
	struct fwc_ruleset *again = fwc_ruleset_parse(first, len, FWC_SYNTAX_JSON, &err);

	if (!again)
		abort();
	second = json_of(again, &len);
	if (strcmp(first, second) != 0)
		abort();
	fwc_text_free(first);
	fwc_text_free(second);
	fwc_ruleset_free(again);
}

static void try_rule(const uint8_t *data, size_t size)
{
	struct fwc_ruleset *rs = fwc_ruleset_new();
	struct fwc_table *t = fwc_ruleset_add_table(rs, FWC_FAMILY_INET, "t", 0);
	struct fwc_chain *c = fwc_table_add_chain(t, "c", NULL);
	char *text = malloc(size + 1);

	if (!text)
		abort();
	memcpy(text, data, size);
	text[size] = '\0';
	if (fwc_chain_append_text(c, FWC_SYNTAX_JSON, text))
		check_ruleset(rs);
	free(text);
	fwc_ruleset_free(rs);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct fwc_error err;
	struct fwc_ruleset *rs = fwc_ruleset_parse((const char *)data, size, FWC_SYNTAX_JSON, &err);

	if (rs)
		check_ruleset(rs);
	else if (!err.code || !err.msg[0])
		abort();
	fwc_ruleset_free(rs);
	try_rule(data, size);
	return 0;
}
