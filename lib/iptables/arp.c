/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What arptables alone has: numbers and hardware addresses of an ARP header, targets with options of its own.
 *
 * Kernel: linux/netfilter_arp/arpt_mangle.h, linux/netfilter/xt_mark.h, xt_CLASSIFY.h. */
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <strings.h>

#include "iptables/forms.h"
#include "iptables/rule.h"

#define BIT(n) (1u << (n))

/* ---- numbers ---- */

static const struct fwc_symbol hardware[] = { { "Ethernet", 1 }, { 0 } };
static const struct fwc_symbol protocols[] = { { "IPv4", 0x800 }, { 0 } };
static const struct fwc_symbol no_names[] = { { 0 } };
static const struct fwc_symbol opcodes[] = {
	{ "Request", 1 },         { "Reply", 2 },
	{ "Request_Reverse", 3 }, { "Reply_Reverse", 4 },
	{ "DRARP_Request", 5 },   { "DRARP_Reply", 6 },
	{ "DRARP_Error", 7 },     { "InARP_Request", 8 },
	{ "ARP_NAK", 9 },         { 0 },
};

const struct fwc_xt_arp_row fwc_xt_arp_rows[FWC_XT_ARP_NUMBERS] = {
	[FWC_XT_ARP_TYPE] = { "h-type", FWC_FIELD_ARP_HTYPE, 16, 1, hardware,
			      "Ethernet, or a hexadecimal number up to ffff, 0 for any" },
	[FWC_XT_ARP_PROTO] = { "proto-type", FWC_FIELD_ARP_PTYPE, 0, 0, protocols,
			       "IPv4, or a number from 1 to 0xffff" },
	[FWC_XT_ARP_LEN] = { "h-length", FWC_FIELD_ARP_HLEN, 10, 6, no_names, "6 alone" },
	[FWC_XT_ARP_OPCODE] = { "opcode", FWC_FIELD_ARP_OPERATION, 10, 0, opcodes,
				"a number from 1 to 65535, Request, Reply, Request_Reverse, Reply_Reverse, DRARP_Request, DRARP_Reply, DRARP_Error, InARP_Request or ARP_NAK" },
};

static bool scan_number(const struct fwc_xt_arp_row *row, const char *text, unsigned long *ret)
{
	char *end;

	for (const struct fwc_symbol *s = row->symbols; s->name; s++)
		if (!strcasecmp(s->name, text)) {
			*ret = s->value;
			return true;
		}
	if (!isxdigit((unsigned char)text[0]))
		return false;
	errno = 0;
	*ret = strtoul(text, &end, row->base);
	return !errno && *ret <= UINT16_MAX && (!*end || (!*ret && !strcmp(end, "/0")));
}

/* 0 is any, which only the type can say: without a word it is Ethernet. */
bool fwc_xt_arp_scan(size_t which, const char *text, bool inverted, struct fwc_xt_number *ret)
{
	const struct fwc_xt_arp_row *row = &fwc_xt_arp_rows[which];
	unsigned long n;

	if (!scan_number(row, text, &n) || (!n && !inverted && which != FWC_XT_ARP_TYPE) ||
	    (which == FWC_XT_ARP_LEN && n != row->usual))
		return false;
	*ret = (struct fwc_xt_number){ (uint16_t)n, inverted || n != row->usual, inverted };
	return true;
}

/* arptables reads a hardware type as hexadecimal and writes it as decimal: from 10 on ours says which it is. */
static const char *number_format(size_t which, uint16_t value)
{
	return which == FWC_XT_ARP_PROTO || (which == FWC_XT_ARP_TYPE && value > 9) ? "%s --%s 0x%x"
										    : "%s --%s %u";
}

static void format_number(size_t which, const struct fwc_xt_rule *x, struct fwc_buf *out)
{
	const struct fwc_xt_number *n = &x->arp[which];

	if (!n->given)
		return;
	fwc_buf_printf(out, number_format(which, n->value), n->inverted ? " !" : "",
		       fwc_xt_arp_rows[which].name, n->value);
	if (!n->value && !n->inverted)
		fwc_buf_puts(out, "/0");
}

/* ---- addresses ---- */

static const struct {
	const char *name;
	uint8_t address[6], mask[6];
} known[] = {
	{ "Unicast", { 0 }, { 1 } },
	{ "Multicast", { 1 }, { 1 } },
	{ "Broadcast",
	  { 0xff, 0xff, 0xff, 0xff, 0xff, 0xff },
	  { 0xff, 0xff, 0xff, 0xff, 0xff, 0xff } },
	{ "BGA", { 0x01, 0x80, 0xc2 }, { 0xff, 0xff, 0xff, 0xff, 0xff, 0xff } },
};

bool fwc_xt_arp_scan_mac(const char *text, struct fwc_xt_prefix *ret)
{
	const char *slash = strchr(text, '/');

	for (size_t i = 0; i < FWC_ARRAY_SIZE(known); i++)
		if (!strcasecmp(known[i].name, text)) {
			memcpy(ret->address, known[i].address, 6);
			memcpy(ret->mask, known[i].mask, 6);
			return true;
		}
	memset(ret->mask, 0xff, 6);
	return fwc_xt_scan_mac(text, slash ? '/' : '\0', ret->address) &&
	       (!slash || fwc_xt_scan_mac(slash + 1, '\0', ret->mask));
}

static void format_mac(const uint8_t *mac, struct fwc_buf *out)
{
	for (size_t i = 0; i < 6; i++)
		fwc_buf_printf(out, "%s%02x", i ? ":" : "", mac[i]);
}

static void format_macs(const char *name, const struct fwc_xt_prefix *p, struct fwc_buf *out)
{
	if (!p->given)
		return;
	fwc_buf_printf(out, "%s --%s ", p->inverted ? " !" : "", name);
	format_mac(p->address, out);
	if (fwc_mask_to_prefix(p->mask, 6) == 48)
		return;
	fwc_buf_puts(out, "/");
	format_mac(p->mask, out);
}

static void format_address(char letter, const struct fwc_xt_prefix *p, struct fwc_buf *out)
{
	if (!p->given)
		return;
	fwc_buf_printf(out, "%s -%c ", p->inverted ? " !" : "", letter);
	fwc_xt_format_address(FWC_FAMILY_ARP, p->address, out);
	if (fwc_mask_to_prefix(p->mask, 4) != 32)
		fwc_xt_format_mask(FWC_FAMILY_ARP, p->mask, out);
}

void fwc_xt_arp_format(const struct fwc_xt_rule *x, struct fwc_buf *out)
{
	format_address('s', &x->source, out);
	format_macs("src-mac", &x->source_mac, out);
	format_address('d', &x->destination, out);
	format_macs("dst-mac", &x->destination_mac, out);
	format_number(FWC_XT_ARP_LEN, x, out);
	format_number(FWC_XT_ARP_OPCODE, x, out);
	format_number(FWC_XT_ARP_TYPE, x, out);
	format_number(FWC_XT_ARP_PROTO, x, out);
}

/* ---- CLASSIFY ---- */

static int parse_class(const struct fwc_xt_place *p, const char *const *words)
{
	unsigned int major, minor;
	int len = 0;

	if (sscanf(words[0], "%4x:%4x%n", &major, &minor, &len) != 2 || words[0][len] ||
	    strpbrk(words[0], "+-"))
		return fwc_xt_bad_value(p, words[0], "MAJOR:MINOR, each up to ffff");
	fwc_xt_put(p->info, p->option->at, 4, major << 16 | minor);
	return 0;
}

static void format_class(const struct fwc_xt_place *p, struct fwc_buf *out)
{
	uint32_t n = (uint32_t)fwc_xt_get(p->info, p->option->at, 4);

	fwc_buf_printf(out, "%x:%x", n >> 16, n & 0xffff);
}

static const struct fwc_xt_form class_form = { 1, parse_class, format_class };

static const struct fwc_xt_option classify_options[] = {
	{ .name = "set-class",
	  .form = &class_form,
	  .len = 4,
	  .flags = FWC_XT_REQUIRED | FWC_XT_ALWAYS },
};

/* ---- MARK: a mark becomes (mark & ~mask) ^ value; value 0, mask 4 ---- */

static int put_mark(const struct fwc_xt_place *p, const char *text, bool is_and, bool is_or)
{
	char *end;
	unsigned long n;

	errno = 0;
	n = strtoul(text, &end, 16);
	if (!isxdigit((unsigned char)text[0]) || *end || errno || n > UINT32_MAX)
		return fwc_xt_bad_value(p, text, "a hexadecimal number up to ffffffff");
	fwc_xt_put(p->info, 0, 4, is_and ? 0 : n);
	fwc_xt_put(p->info, 4, 4, is_and ? ~n : is_or ? n : 0);
	return 0;
}

/* arptables-nft has no mask for it: the bits are flipped, which sets them where a packet has no mark yet. */
static int parse_set_mark(const struct fwc_xt_place *p, const char *const *words)
{
	return put_mark(p, words[0], false, false);
}

static int parse_and_mark(const struct fwc_xt_place *p, const char *const *words)
{
	return put_mark(p, words[0], true, false);
}

static int parse_or_mark(const struct fwc_xt_place *p, const char *const *words)
{
	return put_mark(p, words[0], false, true);
}

static void format_value(const struct fwc_xt_place *p, struct fwc_buf *out)
{
	fwc_buf_printf(out, "%llx", (unsigned long long)fwc_xt_get(p->info, 0, 4));
}

static void format_and_mark(const struct fwc_xt_place *p, struct fwc_buf *out)
{
	fwc_buf_printf(out, "%x", ~(uint32_t)fwc_xt_get(p->info, 4, 4));
}

/* Which of the three a struct is: no bits to set; the same to clear and to set; others. */
static bool is_other_than_or(const struct fwc_xt_place *p)
{
	return fwc_xt_get(p->info, 0, 4) != fwc_xt_get(p->info, 4, 4);
}

static bool is_or(const struct fwc_xt_place *p)
{
	return !is_other_than_or(p);
}

static const struct fwc_xt_form set_mark_form = { 1, parse_set_mark, format_value };
static const struct fwc_xt_form and_mark_form = { 1, parse_and_mark, format_and_mark };
static const struct fwc_xt_form or_mark_form = { 1, parse_or_mark, format_value };

#define NO_BITS                                                                                    \
	{                                                                                          \
		0, 4, UINT32_MAX, 0                                                                \
	}

static const struct fwc_xt_option mark_options[] = {
	{ .name = "set-mark",
	  .form = &set_mark_form,
	  .flags = FWC_XT_ALWAYS,
	  .excludes = BIT(1) | BIT(2),
	  .unless = NO_BITS,
	  .left_out = is_or },
	{ .name = "and-mark",
	  .form = &and_mark_form,
	  .excludes = BIT(0) | BIT(2),
	  .given = NO_BITS },
	{ .name = "or-mark",
	  .form = &or_mark_form,
	  .flags = FWC_XT_ALWAYS,
	  .excludes = BIT(0) | BIT(1),
	  .unless = NO_BITS,
	  .left_out = is_other_than_or },
};

/* ---- mangle: hardware addresses 0 and 16, addresses 32 and 36, what is changed 40, what comes then 44 ---- */

static int parse_ip(const struct fwc_xt_place *p, const char *const *words)
{
	uint8_t address[4];

	if (!fwc_xt_scan_address(FWC_FAMILY_ARP, words[0], address))
		return fwc_xt_bad_value(p, words[0], "an IPv4 address");
	memcpy(p->info + p->option->at, address, sizeof(address));
	return 0;
}

static void format_ip(const struct fwc_xt_place *p, struct fwc_buf *out)
{
	fwc_xt_format_address(FWC_FAMILY_ARP, p->info + p->option->at, out);
}

static const struct fwc_xt_form ip_form = { 1, parse_ip, format_ip };

static const struct fwc_symbol mangle_targets[] = {
	{ "DROP", 0 },
	{ "ACCEPT", 1 },
	{ "CONTINUE", UINT32_MAX },
	{ 0 },
};

#define MANGLE(option, how, where, bytes, bit)                                                     \
	{                                                                                          \
		.name = (option), .form = &(how), .at = (where), .len = (bytes), .given = {        \
			40,                                                                        \
			1,                                                                         \
			(bit),                                                                     \
			(bit)                                                                      \
		}                                                                                  \
	}

static const struct fwc_xt_option mangle_options[] = {
	MANGLE("mangle-ip-s", ip_form, 32, 4, 0x04),
	MANGLE("mangle-mac-s", fwc_xt_mac, 0, 6, 0x01),
	MANGLE("mangle-ip-d", ip_form, 36, 4, 0x08),
	MANGLE("mangle-mac-d", fwc_xt_mac, 16, 6, 0x02),
	{ .name = "mangle-target",
	  .form = &fwc_xt_symbol,
	  .at = 44,
	  .len = 4,
	  .symbols = mangle_targets },
};

#define TARGET(target, number, bytes)                                                              \
	.name = (target), .is_target = true, .families = FWC_XT_ARP, .revision = (number),         \
	.size = (bytes)

static const struct fwc_xt_row rows[] = {
	{ TARGET("CLASSIFY", 0, 4), FWC_XT_OPTIONS(classify_options) },
	{ TARGET("MARK", 2, 8), FWC_XT_OPTIONS(mark_options) },
	{ TARGET("mangle", 0, 48), FWC_XT_OPTIONS(mangle_options), .one_of = 0xf,
	  .defaults = { { 44, 4, UINT32_MAX, 1 } } },
};

const struct fwc_xt_rows fwc_xt_arp_target_rows = { rows, FWC_ARRAY_SIZE(rows) };
