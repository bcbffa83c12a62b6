/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What `iptables -L` and -S 1.8.9 print. */
#include <stdio.h>

#include "iptables/forms.h"
#include "iptables/iptables.h"
#include "iptables/rule.h"

/* A number in five columns: from 100,000 on rounded to K, M, G or T. */
static void list_count(uint64_t n, bool exact, const char *plain, struct fwc_buf *out)
{
	static const char units[] = "KMGT";
	size_t unit = 0;

	if (exact || n <= 99999) {
		fwc_buf_printf(out, plain, (unsigned long long)n);
		return;
	}
	for (n = (n + 500) / 1000; n > 9999 && units[unit + 1]; unit++)
		n = (n + 500) / 1000;
	fwc_buf_printf(out, "%4llu%c", (unsigned long long)n, units[unit]);
}

static void list_counters(uint64_t packets, uint64_t bytes, bool exact, struct fwc_buf *out)
{
	list_count(packets, exact, exact ? "%8llu" : "%5llu", out);
	fwc_buf_puts(out, " ");
	list_count(bytes, exact, exact ? "%8llu" : "%5llu", out);
	fwc_buf_puts(out, " ");
}

/* ---- a chain's head ---- */

static void list_head(const struct fwc_xt_shown *c, uint32_t flags, struct fwc_buf *out)
{
	bool exact = flags & FWC_XT_LIST_EXACT, verbose = flags & FWC_XT_LIST_VERBOSE;

	fwc_buf_printf(out, "Chain %s (", c->name);
	if (!c->is_base) {
		fwc_buf_printf(out, "%u references)\n", c->references);
	} else {
		fwc_buf_printf(out, "policy %s", c->policy == FWC_VERDICT_DROP ? "DROP" : "ACCEPT");
		if (verbose) {
			fwc_buf_puts(out, " ");
			list_count(c->packets, exact, "%llu", out);
			fwc_buf_puts(out, " packets, ");
			list_count(c->bytes, exact, "%llu", out);
			fwc_buf_puts(out, " bytes");
		}
		fwc_buf_puts(out, ")\n");
	}
	if (flags & FWC_XT_LIST_LINE_NUMBERS)
		fwc_buf_puts(out, "num  ");
	if (verbose)
		fwc_buf_puts(out, exact ? "    pkts      bytes " : " pkts bytes ");
	fwc_buf_puts(out, "target     prot opt ");
	if (verbose)
		fwc_buf_puts(out, "in     out     ");
	fwc_buf_puts(out, "source               destination         \n");
}

/* ---- a rule ---- */

static const char *target_name(const struct fwc_xt_rule *x)
{
	static const char *const words[] = {
		[FWC_VERDICT_ACCEPT] = "ACCEPT",
		[FWC_VERDICT_DROP] = "DROP",
		[FWC_VERDICT_RETURN] = "RETURN",
	};

	if (x->chain)
		return x->chain;
	if (x->verdict < FWC_ARRAY_SIZE(words) && words[x->verdict])
		return words[x->verdict];
	if (!x->target)
		return "";
	if (!x->target->row)
		return x->target->kernel->name;
	return x->target->row->kernel_name ? x->target->row->kernel_name : x->target->row->name;
}

static void list_protocol(const struct fwc_xt_rule *x, bool numeric, const char *form,
			  struct fwc_buf *out)
{
	const char *name = x->proto ? fwc_xt_protocol_name(x->proto) : "all";
	char number[8];

	snprintf(number, sizeof(number), "%u", x->proto);
	fwc_buf_printf(out, form, numeric || !name ? number : name);
}

static void list_interface(const struct fwc_xt_interface *i, bool numeric, const char *form,
			   struct fwc_buf *out)
{
	char name[sizeof(i->name) + 1];

	snprintf(name, sizeof(name), "%s%s", i->inverted ? "!" : "",
		 i->name[0] ? i->name
		 : numeric  ? "*"
			    : "any");
	fwc_buf_printf(out, form, name);
}

static void list_address(const struct fwc_xt_rule *x, const struct fwc_xt_prefix *p, bool numeric,
			 const char *form, struct fwc_buf *out)
{
	static const uint8_t whole[16] = { 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
					   0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff };
	size_t len = fwc_xt_address_len(x->family);
	char text[128];
	struct fwc_buf b = fwc_buf_over(text, sizeof(text));

	if (!numeric && fwc_mask_to_prefix(p->mask, len) == 0) {
		fwc_buf_puts(&b, "anywhere");
	} else {
		fwc_xt_format_address(x->family, p->address, &b);
		if (memcmp(p->mask, whole, len) != 0)
			fwc_xt_format_mask(x->family, p->mask, &b);
	}
	fwc_buf_puts(out, p->inverted ? "!" : " ");
	fwc_buf_printf(out, form, text);
}

static void list_uses(const struct fwc_xt_rule *x, bool numeric, struct fwc_buf *out)
{
	if (x->verdict == FWC_VERDICT_GOTO)
		fwc_buf_puts(out, "[goto] ");
	for (size_t i = 0; i < x->matches.count; i++)
		fwc_xt_list_use(x, x->matches.items[i], numeric, out);
	if (x->target)
		fwc_xt_list_use(x, x->target, numeric, out);
	fwc_buf_puts(out, "\n");
}

static void list_rule(const struct fwc_xt_rule *x, uint32_t flags, uint32_t number,
		      struct fwc_buf *out)
{
	bool numeric = flags & FWC_XT_LIST_NUMERIC;

	if (flags & FWC_XT_LIST_LINE_NUMBERS)
		fwc_buf_printf(out, "%-4u ", number);
	if (flags & FWC_XT_LIST_VERBOSE)
		list_counters(x->packets, x->bytes, flags & FWC_XT_LIST_EXACT, out);
	fwc_buf_printf(out, "%-9s %s", target_name(x), x->proto_inverted ? "!" : " ");
	list_protocol(x, numeric, "%-4s ", out);
	fwc_buf_puts(out, !x->fragment ? "--" : x->fragment_inverted ? "!f" : "-f");
	fwc_buf_puts(out, " ");
	if (flags & FWC_XT_LIST_VERBOSE) {
		list_interface(&x->in, numeric, " %-6s ", out);
		list_interface(&x->out, numeric, "%-6s ", out);
	}
	list_address(x, &x->source, numeric, "%-19s ", out);
	list_address(x, &x->destination, numeric, "%-19s ", out);
	list_uses(x, numeric, out);
}

typedef void (*write_rule)(const struct fwc_xt_shown *c, const struct fwc_xt_rule *x,
			   uint32_t flags, uint32_t number, struct fwc_buf *out);

static int each_rule(const struct fwc_xt_shown *c, uint32_t flags, write_rule write,
		     struct fwc_buf *out, struct fwc_error *err)
{
	int code = 0;

	for (uint32_t i = 0; i < c->count && code == 0; i++) {
		struct fwc_xt_rule x;

		if (c->number && c->number != i + 1)
			continue;
		code = fwc_xt_take_items(c->rules[i], &x, err);
		if (code == 0)
			write(c, &x, flags, i + 1, out);
		else
			fwc_rule_place(c->rules[i], err);
		fwc_xt_rule_free(&x);
	}
	return code;
}

static void write_listed(const struct fwc_xt_shown *c, const struct fwc_xt_rule *x, uint32_t flags,
			 uint32_t number, struct fwc_buf *out)
{
	(void)c;
	list_rule(x, flags, number, out);
}

int fwc_xt_list_chain(const struct fwc_xt_shown *c, uint32_t flags, struct fwc_buf *out,
		      struct fwc_error *err)
{
	if (!c->number)
		list_head(c, flags, out);
	return each_rule(c, flags, write_listed, out, err);
}

/* ---- -S ---- */

void fwc_xt_list_chain_words(const struct fwc_xt_shown *c, uint32_t flags, struct fwc_buf *out)
{
	if (!c->is_base) {
		fwc_buf_printf(out, "-N %s\n", c->name);
		return;
	}
	fwc_buf_printf(out, "-P %s %s", c->name, c->policy == FWC_VERDICT_DROP ? "DROP" : "ACCEPT");
	if (flags & FWC_XT_LIST_VERBOSE)
		fwc_buf_printf(out, " -c %llu %llu", (unsigned long long)c->packets,
			       (unsigned long long)c->bytes);
	fwc_buf_puts(out, "\n");
}

static void write_words(const struct fwc_xt_shown *c, const struct fwc_xt_rule *x, uint32_t flags,
			uint32_t number, struct fwc_buf *out)
{
	(void)number;
	fwc_buf_printf(out, "-A %s", c->name);
	fwc_xt_format_words(x, flags & FWC_XT_LIST_VERBOSE, out);
	fwc_buf_puts(out, "\n");
}

int fwc_xt_list_rule_words(const struct fwc_xt_shown *c, uint32_t flags, struct fwc_buf *out,
			   struct fwc_error *err)
{
	return each_rule(c, flags, write_words, out, err);
}

/* ---- what was done ---- */

int fwc_xt_list_told(const struct fwc_rule *r, struct fwc_buf *out, struct fwc_error *err)
{
	struct fwc_xt_rule x;
	int code = fwc_xt_take_items(r, &x, err);

	if (code == 0) {
		fwc_buf_printf(out, "%s %s", target_name(&x), x.proto_inverted ? "!" : " ");
		list_protocol(&x, false, "%s ", out);
		fwc_buf_printf(out, "opt %s ",
			       !x.fragment           ? "--"
			       : x.fragment_inverted ? "!f"
						     : "-f");
		list_interface(&x.in, true, "in %s ", out);
		list_interface(&x.out, true, "out %s ", out);
		list_address(&x, &x.source, true, "%s ", out);
		fwc_buf_puts(out, " ->");
		list_address(&x, &x.destination, true, "%s  ", out);
		list_uses(&x, true, out);
	}
	fwc_xt_rule_free(&x);
	return code;
}
