/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Tables of iptables-nft. They are written with rules of its dialect alone.
 *
 * A table is taken for one of iptables-nft's when its family and name are one of its tables (iptables/tables.c) and
 * - it has a base chain of the name, at the hook and with the priority that iptables-nft gives it, or
 * - a rule of it holds a `match` or `target` expression, which only iptables-nft writes.
 * A table of nft that is called `filter` but whose chains are called `input` is therefore not one; nft's own
 * `filter` with a chain `INPUT` at priority filter is, and iptables-nft would use it just so. */
#include "iptables/iptables.h"
#include "nft/read.h"

bool fwc_rule_is_iptables(const struct fwc_rule *r)
{
	struct fwc_slice rest = { r->raw, r->raw_len };
	const struct fwc_table *t = r->chain->table;
	struct fwc_attr elem, name;

	if (!fwc_xt_is_table(t->family, t->name))
		return false;
	while (fwc_attr_next(&rest, &elem) > 0) {
		struct fwc_slice inner = fwc_attr_slice(&elem);
		const char *text;

		if (fwc_attr_next(&inner, &name) <= 0 || name.type != NFTA_EXPR_NAME)
			continue;
		text = fwc_attr_text(&name);
		if (text && (!strcmp(text, "match") || !strcmp(text, "target")))
			return true;
	}
	return false;
}
