/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What `iptables -L` says about extensions. Each has a form of its own there, which no program reads back. Those that are
 * met every day are here as the original writes them; others are written with their options' names. */
#include "iptables/forms.h"
#include "iptables/rule.h"

void fwc_xt_list_use(const struct fwc_xt_rule *x, const struct fwc_xt_use *u, bool numeric,
		     struct fwc_buf *out)
{
	(void)numeric;
	if (!u->row) {
		fwc_buf_printf(out, " [%u bytes of unknown %s %s]", u->kernel->len,
			       u->kernel->is_target ? "target" : "match", u->kernel->name);
		return;
	}
	fwc_buf_printf(out, " %s", u->row->name);
	fwc_xt_format_options(u->row, u->info, x->family, out);
}
