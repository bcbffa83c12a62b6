/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* One rule as a line. */
#include <linux/icmp.h>
#include <linux/icmpv6.h>
#include <linux/netfilter/nf_tables.h>

#include "model/protocols.h"
#include "text/format.h"

const char *fwc_format_opaque_name(const struct fwc_item *item)
{
	struct fwc_slice s = { item->bytes, item->len };
	struct fwc_attr elem, table[NFTA_EXPR_MAX + 1];

	if (fwc_attr_next(&s, &elem) != 1 ||
	    fwc_attrs_parse(fwc_attr_slice(&elem), table, NFTA_EXPR_MAX) < 0)
		return NULL;
	return fwc_attr_text(&table[NFTA_EXPR_NAME]);
}

/* What this version cannot name is shown, in a way that no parser takes: a rule must not lose a part unnoticed. */
static void format_opaque(const struct fwc_item *item, struct fwc_buf *out)
{
	const char *name = fwc_format_opaque_name(item);

	fwc_buf_printf(out, "<%s: %u bytes>", name ? name : "?", item->len);
}

/* Likewise: nft has no words for it that it would read. */
static void format_extension(const struct fwc_extension *e, struct fwc_buf *out)
{
	fwc_buf_printf(out, "<%s %s revision %u: %u bytes>", e->is_target ? "target" : "match",
		       e->name, e->revision, e->len);
}

bool fwc_format_is_implied(const struct fwc_item *i)
{
	const struct fwc_protocols none = { .l4 = -1 };
	const struct fwc_field_row *needs;

	if (i->kind != FWC_ITEM_MATCH || i->op != FWC_OP_EQ || i->left->kind != FWC_VALUE_FIELD ||
	    !fwc_is_icmp_type(i->left->field) || !i->next || i->next->kind != FWC_ITEM_MATCH)
		return false;
	needs = fwc_protocols_lack_icmp(&none, i->next->left);
	/* The two types of an echo nft writes out. */
	return needs && needs->icmp != ICMP_ECHO && needs->icmp != ICMPV6_ECHO_REQUEST &&
	       needs->icmp == fwc_icmp_type(i->left->field, i->right);
}

void fwc_format_rule(const struct fwc_rule *r, bool stateless, unsigned int indent,
		     struct fwc_buf *out)
{
	const struct fwc_item *first = fwc_rule_items(r);
	bool written = false;

	for (const struct fwc_item *i = first; i; i = i->next) {
		if (fwc_format_is_implied(i))
			continue;
		if (written)
			fwc_buf_puts(out, " ");
		written = true;
		if (i->kind == FWC_ITEM_MATCH)
			fwc_format_match(i, out);
		else if (i->kind == FWC_ITEM_TARGET)
			fwc_format_target_within(r, i->target, stateless, indent, out);
		else if (i->kind == FWC_ITEM_EXTENSION)
			format_extension(i->extension, out);
		else
			format_opaque(i, out);
	}
	fwc_format_comment(r->labels, first ? " " : "", out);
}

void fwc_text_format_rule(const struct fwc_rule *r, bool stateless, struct fwc_buf *out)
{
	fwc_format_rule(r, stateless, 0, out);
}
