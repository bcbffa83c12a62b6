/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* One rule's line in iptables' words: a byte for the family of its table, then the text. What is taken is written in words
 * that are taken again and written as the same; what is refused leaves nothing in the rule. */
#include <stdlib.h>

#include <fwcore/ruleset.h>

#include "fuzz.h"
#include "iptables/iptables.h"

static char *text_of(const struct fwc_rule *r)
{
	struct fwc_buf out = { 0 };
	struct fwc_error err;

	fwc_buf_puts(&out, "");
	if (fwc_xt_format_rule(r, &out, &err) < 0 || out.failed)
		abort();
	return out.data;
}

static void check_written(struct fwc_rule *r, struct fwc_rule *again)
{
	char *first = text_of(r), *second;
	struct fwc_error err;

	if (fwc_xt_parse_rule(again, first, strlen(first), &err) < 0)
		abort();
	second = text_of(again);
	if (strcmp(first, second) != 0)
		abort();
	free(first);
	free(second);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const uint32_t families[] = { FWC_FAMILY_IP, FWC_FAMILY_IP6, FWC_FAMILY_ARP };
	struct fwc_ruleset *rs = fwc_ruleset_new();
	struct fwc_chain *c;
	struct fwc_rule *r;
	struct fwc_error err;
	uint32_t family;

	if (!rs)
		abort();
	family = families[size ? data[0] % FWC_ARRAY_SIZE(families) : 0];
	fwc_ruleset_add_iptables_table(rs, family, "filter", 0);
	c = fwc_ruleset_find_chain(rs, family, "filter", "INPUT");
	r = fwc_chain_append(c);
	if (!size || fwc_xt_parse_rule(r, (const char *)data + 1, size - 1, &err) == 0)
		check_written(r, fwc_chain_append(c));
	else if (r->items || !err.code || !err.msg[0])
		abort();
	fwc_ruleset_free(rs);
	return 0;
}
