/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* One rule's line: a byte for the family of its table, then the text. What is taken is written in words that are taken
 * again and written as the same; what is refused leaves nothing in the rule. */
#include <stdlib.h>

#include "fuzz.h"
#include "text/text.h"

static const char world[] = "add table ip t; add table ip6 t; add table inet t\n"
			    "add chain ip t c; add chain ip6 t c; add chain inet t c\n"
			    "add set inet t s { type ipv4_addr; }\n"
			    "add map inet t m { type ipv4_addr . inet_service : verdict; }\n";

static char *text_of(const struct fwc_rule *r)
{
	struct fwc_buf out = { 0 };

	fwc_text_format_rule(r, false, &out);
	if (out.failed)
		abort();
	return out.data;
}

static void check_written(struct fwc_rule *r, struct fwc_rule *again)
{
	char *first = text_of(r), *second;
	struct fwc_error err;

	if (fwc_text_parse_rule(again, first, strlen(first), &err) < 0)
		abort();
	second = text_of(again);
	if (strcmp(first, second) != 0)
		abort();
	free(first);
	free(second);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const uint32_t families[] = { FWC_FAMILY_IP, FWC_FAMILY_IP6, FWC_FAMILY_INET };
	struct fwc_ruleset *rs;
	struct fwc_chain *c;
	struct fwc_rule *r;
	struct fwc_error err;

	if (!size)
		return 0;
	rs = fwc_ruleset_parse(world, strlen(world), FWC_SYNTAX_NFT, &err);
	if (!rs)
		abort();
	c = fwc_ruleset_find_chain(rs, families[data[0] % 3], "t", "c");
	r = fwc_chain_append(c);
	if (fwc_text_parse_rule(r, (const char *)data + 1, size - 1, &err) == 0)
		check_written(r, fwc_chain_append(c));
	else if (r->items || !err.code || !err.msg[0] || (err.line == 0) != (err.column == 0))
		abort();
	fwc_ruleset_free(rs);
	return 0;
}
