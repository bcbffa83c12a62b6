/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* conntrack and state: one struct, two names.
 *
 * Kernel: struct xt_conntrack_mtinfo3 of linux/netfilter/xt_conntrack.h. */
#include <strings.h>

#include "iptables/forms.h"

/* Where: addresses and masks of 16 bytes from 0, expiry 128, protocol 136, ports 138, their ends 154. */
enum {
	EXPIRES = 128,
	PROTO = 136,
	PORTS = 138,
	TO_LAST_PORT = 16,
	MATCHED = 146,
	INVERTED = 148,
	STATE = 150,
	STATUS = 152,
	SIZE = 162,
	IS_STATE = 0x2000, /* XT_CONNTRACK_STATE_ALIAS */
	DIRECTION = 0x1000,
};

static const struct fwc_symbol states[] = {
	{ "INVALID", 0x01 },    { "NEW", 0x08 },  { "RELATED", 0x04 }, { "ESTABLISHED", 0x02 },
	{ "UNTRACKED", 0x100 }, { "SNAT", 0x40 }, { "DNAT", 0x80 },    { 0 },
};

static const struct fwc_symbol plain_states[] = {
	{ "INVALID", 0x01 },     { "NEW", 0x08 },        { "RELATED", 0x04 },
	{ "ESTABLISHED", 0x02 }, { "UNTRACKED", 0x100 }, { 0 },
};

static const struct fwc_symbol statuses[] = {
	{ "NONE", 0 },    { "EXPECTED", 1 },  { "SEEN_REPLY", 2 },
	{ "ASSURED", 4 }, { "CONFIRMED", 8 }, { 0 },
};

/* ---- ports: one, or the first and far behind it the last ---- */

static int parse_ports(const struct fwc_xt_place *p, const char *const *words)
{
	uint8_t ends[4] = { 0 };
	struct fwc_xt_option o = *p->option;
	struct fwc_xt_place both = { p->row, &o, ends, p->family, p->proto, p->err };
	int r;

	o.at = 0;
	r = fwc_xt_ports.parse(&both, words);
	if (r < 0)
		return r;
	memcpy(p->info + p->option->at, ends, 2);
	memcpy(p->info + p->option->at + TO_LAST_PORT, ends + 2, 2);
	return 0;
}

static void format_ports(const struct fwc_xt_place *p, struct fwc_buf *out)
{
	unsigned int first = (unsigned int)fwc_xt_get(p->info, p->option->at, 2);
	unsigned int last = (unsigned int)fwc_xt_get(p->info, p->option->at + TO_LAST_PORT, 2);

	fwc_buf_printf(out, "%u", first);
	if (last && last != first)
		fwc_buf_printf(out, ":%u", last);
}

static const struct fwc_xt_form ports_form = { 1, parse_ports, format_ports };

/* ---- the direction is an inversion ---- */

static int parse_direction(const struct fwc_xt_place *p, const char *const *words)
{
	uint64_t inverted = fwc_xt_get(p->info, INVERTED, 2) & ~(uint64_t)DIRECTION;

	if (!strcasecmp(words[0], "REPLY"))
		inverted |= DIRECTION;
	else if (strcasecmp(words[0], "ORIGINAL") != 0)
		return fwc_xt_bad_value(p, words[0], "ORIGINAL or REPLY");
	fwc_xt_put(p->info, INVERTED, 2, inverted);
	return 0;
}

static void format_direction(const struct fwc_xt_place *p, struct fwc_buf *out)
{
	fwc_buf_puts(out, fwc_xt_get(p->info, INVERTED, 2) & DIRECTION ? "REPLY" : "ORIGINAL");
}

static const struct fwc_xt_form direction_form = { 1, parse_direction, format_direction };

#define FLAG(bit) .given = { MATCHED, 2, (bit), (bit) }, .inverted = { INVERTED, 2, (bit), (bit) }
#define ADDRESS(option, where, bit)                                                                \
	{                                                                                          \
		.name = (option), .form = &fwc_xt_address, .at = (where), .len = 32, FLAG(bit)     \
	}
#define PORT(option, which, bit)                                                                   \
	{                                                                                          \
		.name = (option), .form = &ports_form, .at = PORTS + 2 * (which), .len = 4,        \
		.max = UINT16_MAX, FLAG(bit)                                                       \
	}

static const struct fwc_xt_option conntrack_options[] = {
	{ .name = "ctstate",
	  .form = &fwc_xt_symbols,
	  .at = STATE,
	  .len = 2,
	  .symbols = states,
	  FLAG(0x01) },
	{ .name = "ctproto", .form = &fwc_xt_protocol, .at = PROTO, .len = 2, FLAG(0x02) },
	ADDRESS("ctorigsrc", 0, 0x04),
	ADDRESS("ctorigdst", 32, 0x08),
	ADDRESS("ctreplsrc", 64, 0x10),
	ADDRESS("ctrepldst", 96, 0x20),
	PORT("ctorigsrcport", 0, 0x100),
	PORT("ctorigdstport", 1, 0x200),
	PORT("ctreplsrcport", 2, 0x400),
	PORT("ctrepldstport", 3, 0x800),
	{ .name = "ctstatus",
	  .form = &fwc_xt_symbols,
	  .at = STATUS,
	  .len = 2,
	  .symbols = statuses,
	  FLAG(0x40) },
	{ .name = "ctexpire", .form = &fwc_xt_range, .at = EXPIRES, .len = 8, FLAG(0x80) },
	{ .name = "ctdir", .form = &direction_form, .given = { MATCHED, 2, DIRECTION, DIRECTION } },
};

static const struct fwc_xt_option state_options[] = {
	{ .name = "state",
	  .form = &fwc_xt_symbols,
	  .at = STATE,
	  .len = 2,
	  .flags = FWC_XT_REQUIRED,
	  .symbols = plain_states,
	  FLAG(0x01) },
};

static const struct fwc_xt_row rows[] = {
	{ .name = "conntrack",
	  .families = FWC_XT_BOTH,
	  .revision = 3,
	  .size = SIZE,
	  FWC_XT_OPTIONS(conntrack_options),
	  .one_of = 0x1fff,
	  .alias = { MATCHED, 2, IS_STATE, 0 } },
	{ .name = "state",
	  .kernel_name = "conntrack",
	  .families = FWC_XT_BOTH,
	  .revision = 3,
	  .size = SIZE,
	  FWC_XT_OPTIONS(state_options),
	  .alias = { MATCHED, 2, IS_STATE, IS_STATE } },
};

const struct fwc_xt_rows fwc_xt_conntrack_rows = { rows, FWC_ARRAY_SIZE(rows) };
