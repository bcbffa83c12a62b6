/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The words of iptables, out: what iptables-save 1.8.9 prints for the same rule. */
#include <stdlib.h>

#include "iptables/forms.h"
#include "iptables/iptables.h"
#include "iptables/rule.h"

static void format_address(char letter, const struct fwc_xt_rule *x, const struct fwc_xt_prefix *p,
			   struct fwc_buf *out)
{
	if (!p->given)
		return;
	fwc_buf_printf(out, "%s -%c ", p->inverted ? " !" : "", letter);
	fwc_xt_format_address(x->family, p->address, out);
	fwc_xt_format_mask(x->family, p->mask, out);
}

static void format_interface(char letter, const struct fwc_xt_interface *i, struct fwc_buf *out)
{
	if (i->name[0])
		fwc_buf_printf(out, "%s -%c %s", i->inverted ? " !" : "", letter, i->name);
}

static void format_standard(const struct fwc_xt_rule *x, struct fwc_buf *out)
{
	const char *proto = fwc_xt_protocol_name(x->proto);

	format_address('s', x, &x->source, out);
	format_address('d', x, &x->destination, out);
	format_interface('i', &x->in, out);
	format_interface('o', &x->out, out);
	if (x->proto) {
		fwc_buf_puts(out, x->proto_inverted ? " ! -p " : " -p ");
		if (proto)
			fwc_buf_puts(out, proto);
		else
			fwc_buf_printf(out, "%u", x->proto);
	}
	if (x->fragment)
		fwc_buf_puts(out, x->fragment_inverted ? " ! -f" : " -f");
}

/* What is not known is shown in a way that no parser takes: a rule must not lose a part unnoticed. */
static void format_use(const struct fwc_xt_rule *x, const struct fwc_xt_use *u, struct fwc_buf *out)
{
	if (!u->row) {
		fwc_buf_printf(out, " %s %s <revision %u: %u bytes>",
			       u->kernel->is_target ? "-j" : "-m", u->kernel->name,
			       u->kernel->revision, u->kernel->len);
		return;
	}
	fwc_buf_printf(out, " %s %s", u->row->is_target ? "-j" : "-m", u->row->name);
	fwc_xt_format_options(u->row, u->info, x->family, out);
}

static void format_verdict(const struct fwc_xt_rule *x, struct fwc_buf *out)
{
	static const char *const words[] = {
		[FWC_VERDICT_ACCEPT] = "ACCEPT",
		[FWC_VERDICT_DROP] = "DROP",
		[FWC_VERDICT_RETURN] = "RETURN",
	};

	if (x->chain)
		fwc_buf_printf(out, " -%c %s", x->verdict == FWC_VERDICT_GOTO ? 'g' : 'j',
			       x->chain);
	else if (x->verdict < FWC_ARRAY_SIZE(words) && words[x->verdict])
		fwc_buf_printf(out, " -j %s", words[x->verdict]);
}

/* arptables' order: the target's name first, its options last. */
static void format_arp_words(const struct fwc_xt_rule *x, struct fwc_buf *out)
{
	const struct fwc_xt_use *target = x->target;

	if (target && target->row)
		fwc_buf_printf(out, " -j %s", target->row->name);
	else if (target)
		format_use(x, target, out);
	format_verdict(x, out);
	format_interface('i', &x->in, out);
	format_interface('o', &x->out, out);
	fwc_xt_arp_format(x, out);
	for (size_t i = 0; i < x->matches.count; i++)
		format_use(x, x->matches.items[i], out);
	if (target && target->row)
		fwc_xt_format_options(target->row, target->info, x->family, out);
}

/* Every word with a space before it. */
void fwc_xt_format_words(const struct fwc_xt_rule *x, bool counters, struct fwc_buf *out)
{
	if (x->family == FWC_FAMILY_ARP) {
		format_arp_words(x, out);
		return;
	}
	format_standard(x, out);
	for (size_t i = 0; i < x->matches.count; i++)
		format_use(x, x->matches.items[i], out);
	if (counters)
		fwc_buf_printf(out, " -c %llu %llu", (unsigned long long)x->packets,
			       (unsigned long long)x->bytes);
	if (x->target)
		format_use(x, x->target, out);
	format_verdict(x, out);
}

int fwc_xt_format_rule(const struct fwc_rule *r, struct fwc_buf *out, struct fwc_error *err)
{
	fwc_cleanup(fwc_buf_free) struct fwc_buf words = { 0 };
	struct fwc_xt_rule x;
	int code = fwc_xt_take_items(r, &x, err);

	if (code == 0) {
		fwc_xt_format_words(&x, false, &words);
		if (words.failed)
			code = fwc_fail_memory(err);
		else if (words.len)
			fwc_buf_add(out, words.data + 1, words.len - 1);
	}
	fwc_xt_rule_free(&x);
	return code;
}

int fwc_xt_check_rule(const struct fwc_rule *r, struct fwc_error *err)
{
	struct fwc_xt_rule x;
	int code = fwc_xt_take_items(r, &x, err);

	fwc_xt_rule_free(&x);
	return code;
}

/* ---- tables ---- */

/* `c` NULL: a base chain that is not there accepts all and counts nothing. */
static void format_chain_head(uint32_t family, const char *name, const struct fwc_chain *c,
			      struct fwc_buf *out)
{
	const char *policy = c && !c->is_base                     ? "-"
			     : c && c->policy == FWC_VERDICT_DROP ? "DROP"
								  : "ACCEPT";

	fwc_buf_printf(out, ":%s %s", name, policy);
	if (family != FWC_FAMILY_ARP)
		fwc_buf_printf(out, " [%llu:%llu]",
			       c && c->counted ? (unsigned long long)c->packets : 0,
			       c && c->counted ? (unsigned long long)c->bytes : 0);
	fwc_buf_puts(out, "\n");
}

static int format_rule_of(const struct fwc_rule *r, uint32_t flags, struct fwc_buf *out,
			  struct fwc_error *err)
{
	struct fwc_xt_rule x;
	int code = fwc_xt_take_items(r, &x, err);
	size_t words;

	if (code == 0) {
		if (!(flags & FWC_FORMAT_STATELESS))
			fwc_buf_printf(out, "[%llu:%llu] ", (unsigned long long)x.packets,
				       (unsigned long long)x.bytes);
		fwc_buf_printf(out, "-A %s", r->chain->name);
		words = out->len;
		fwc_xt_format_words(&x, false, out);
		if (x.family == FWC_FAMILY_ARP && out->len == words)
			fwc_buf_puts(out, " "); /* as arptables-save has it */
		fwc_buf_puts(out, "\n");
	} else {
		fwc_rule_place(r, err);
	}
	fwc_xt_rule_free(&x);
	return code;
}

static const struct fwc_chain *find_base(const struct fwc_table *t,
					 const struct fwc_xt_chain *known)
{
	const struct fwc_chain *c = fwc_table_find_chain(t, known->name);

	return c && fwc_xt_is_chain(c) ? c : NULL;
}

static int compare_names(const void *a, const void *b)
{
	const struct fwc_chain *const *one = a, *const *other = b;

	return strcmp((*one)->name, (*other)->name);
}

/* Base chains in the order of their hooks, then the others by name, as iptables-save has them. NULL: out of memory. */
static const struct fwc_chain **chains_in_order(const struct fwc_table *t, size_t *ret_count)
{
	const struct fwc_chain **order = calloc(t->chains.count + 1, sizeof(struct fwc_chain *));
	const struct fwc_xt_chain *known;
	size_t count = 0, bases;

	for (size_t i = 0; order && (known = fwc_xt_chain_at(t->family, i)); i++)
		if (!strcmp(known->table, t->name) && find_base(t, known))
			order[count++] = find_base(t, known);
	bases = count;
	for (size_t i = 0; order && i < t->chains.count; i++)
		if (!((const struct fwc_chain *)t->chains.items[i])->is_base)
			order[count++] = t->chains.items[i];
	if (order && count > bases)
		qsort(order + bases, count - bases, sizeof(struct fwc_chain *), compare_names);
	*ret_count = count;
	return order;
}

int fwc_xt_format_table(const struct fwc_table *t, uint32_t flags, struct fwc_buf *out,
			struct fwc_error *err)
{
	size_t count;
	const struct fwc_chain **order = chains_in_order(t, &count);
	const struct fwc_xt_chain *known;
	int code = order ? 0 : fwc_fail_memory(err);

	for (size_t i = 0; i < t->chains.count; i++)
		if (fwc_xt_is_foreign(t->chains.items[i])) {
			fwc_buf_printf(out, FWC_XT_FOREIGN_CHAINS, t->name);
			break;
		}
	fwc_buf_printf(out, "*%s\n", t->name);
	for (size_t i = 0; (known = fwc_xt_chain_at(t->family, i)); i++)
		if (!strcmp(known->table, t->name))
			format_chain_head(t->family, known->name, find_base(t, known), out);
	for (size_t i = 0; code == 0 && i < count; i++)
		if (!order[i]->is_base)
			format_chain_head(t->family, order[i]->name, order[i], out);
	for (size_t i = 0; code == 0 && i < count; i++)
		for (size_t rule = 0; code == 0 && rule < order[i]->rules.count; rule++)
			code = format_rule_of(order[i]->rules.items[rule], flags, out, err);
	fwc_buf_puts(out, "COMMIT\n");
	free(order);
	return code;
}
