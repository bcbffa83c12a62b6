/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* One rule as a line. */
#include <linux/netfilter/nf_tables.h>

#include "text/format.h"

/* What this version cannot name is shown, in a way that no parser takes: a rule must not lose a part unnoticed. */
static void format_opaque(const struct fwc_item *item, struct fwc_buf *out)
{
	struct fwc_slice s = { item->bytes, item->len };
	struct fwc_attr elem, table[NFTA_EXPR_MAX + 1];
	const char *name = NULL;

	if (fwc_attr_next(&s, &elem) == 1 &&
	    fwc_attrs_parse(fwc_attr_slice(&elem), table, NFTA_EXPR_MAX) == 0)
		name = fwc_attr_text(&table[NFTA_EXPR_NAME]);
	fwc_buf_printf(out, "<%s: %u bytes>", name ? name : "?", item->len);
}

void fwc_text_format_rule(const struct fwc_rule *r, bool stateless, struct fwc_buf *out)
{
	const struct fwc_item *first = fwc_rule_items(r);

	for (const struct fwc_item *i = first; i; i = i->next) {
		if (i != first)
			fwc_buf_puts(out, " ");
		if (i->kind == FWC_ITEM_MATCH)
			fwc_format_match(i, out);
		else if (i->kind == FWC_ITEM_TARGET)
			fwc_format_target(r, i->target, stateless, out);
		else
			format_opaque(i, out);
	}
	fwc_format_comment(r->labels, first ? " " : "", out);
}
