/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What the kernel keeps by name and a rule refers to: idle timers, LED triggers, accounting objects, security contexts; and
 * ipvs, whose connections another part of the kernel keeps.
 *
 * Kernel: linux/netfilter/xt_IDLETIMER.h, xt_LED.h, xt_nfacct.h, xt_SECMARK.h, xt_ipvs.h. */
#include <arpa/inet.h>

#include "iptables/forms.h"

#define BIT(n) (1u << (n))

/* ---- IDLETIMER: seconds 0, label 4, kind 33 ---- */

#define IDLETIMER_OPTIONS                                                                          \
	{ .name = "timeout",                                                                       \
	  .form = &fwc_xt_number,                                                                  \
	  .len = 4,                                                                                \
	  .min = 1,                                                                                \
	  .max = UINT32_MAX / 1000,                                                                \
	  .flags = FWC_XT_REQUIRED | FWC_XT_ALWAYS },                                              \
	{                                                                                          \
		.name = "label", .form = &fwc_xt_cut_name, .at = 4, .len = 28, .min = 1,           \
		.flags = FWC_XT_REQUIRED | FWC_XT_ALWAYS                                           \
	}

static const struct fwc_xt_option idletimer_options[] = {
	IDLETIMER_OPTIONS,
	{ .name = "alarm", .form = &fwc_xt_flag, .given = { 33, 1, 1, 1 } },
};
static const struct fwc_xt_option idletimer_old_options[] = { IDLETIMER_OPTIONS };

/* ---- LED: the trigger's name 0, always 27, ms 28 ---- */

static const char led_prefix[] = "netfilter-";

enum { LED_NAME = sizeof(led_prefix) - 1, LED_NAME_LEN = 27 - LED_NAME, LED_DELAY = 28 };

static int parse_trigger(const struct fwc_xt_place *p, const char *const *words)
{
	int r = fwc_xt_text.parse(p, words);

	if (r == 0)
		memcpy(p->info, led_prefix, LED_NAME);
	return r;
}

static void format_trigger(const struct fwc_xt_place *p, struct fwc_buf *out)
{
	fwc_xt_text.format(p, out);
}

static int parse_delay(const struct fwc_xt_place *p, const char *const *words)
{
	static const char *const forever[] = { "4294967295" };

	return fwc_xt_number.parse(p, strcmp(words[0], "inf") != 0 ? words : forever);
}

static void format_delay(const struct fwc_xt_place *p, struct fwc_buf *out)
{
	if (fwc_xt_get(p->info, LED_DELAY, 4) == UINT32_MAX)
		fwc_buf_puts(out, "inf");
	else
		fwc_xt_number.format(p, out);
}

static const struct fwc_xt_form trigger_form = { 1, parse_trigger, format_trigger };
static const struct fwc_xt_form delay_form = { 1, parse_delay, format_delay };

static const struct fwc_xt_option led_options[] = {
	{ .name = "led-trigger-id",
	  .form = &trigger_form,
	  .at = LED_NAME,
	  .len = LED_NAME_LEN,
	  .min = 1,
	  .flags = FWC_XT_REQUIRED | FWC_XT_ALWAYS },
	{ .name = "led-delay", .form = &delay_form, .at = LED_DELAY, .len = 4 },
	{ .name = "led-always-blink", .form = &fwc_xt_flag, .given = { 27, 1, 0xff, 1 } },
};

/* ---- nfacct: name 0; SECMARK: kind 0, context 1, number 260; before it was for all: number 4, context 8 ---- */

static const struct fwc_xt_option nfacct_options[] = {
	{ .name = "nfacct-name",
	  .form = &fwc_xt_cut_name,
	  .len = 32,
	  .min = 1,
	  .flags = FWC_XT_REQUIRED | FWC_XT_ALWAYS },
};

#define SECMARK_OPTION(where, bytes)                                                               \
	{                                                                                          \
		.name = "selctx", .form = &context_form, .at = (where), .len = (bytes), .min = 1,  \
		.flags = FWC_XT_REQUIRED | FWC_XT_ALWAYS                                           \
	}

static int parse_context(const struct fwc_xt_place *p, const char *const *words)
{
	return fwc_xt_text.parse(p, words);
}

static void format_context(const struct fwc_xt_place *p, struct fwc_buf *out)
{
	fwc_xt_cut_name.format(p, out);
}

static const struct fwc_xt_form context_form = { 1, parse_context, format_context };
static const struct fwc_xt_option secmark_options[] = { SECMARK_OPTION(1, 256) };
static const struct fwc_xt_option secmark_old_options[] = { SECMARK_OPTION(8, 256) };

/* ---- ipvs: address 0, mask 16, port 32, protocol 34, method 35, control port 36, inversions 38, what is looked at 39 ---- */

enum { IPVS_INVERT = 38, IPVS_LOOKED_AT = 39, IPVS_DIRECTION = 0x10 };

static int parse_port(const struct fwc_xt_place *p, const char *const *words)
{
	uint64_t n;

	if (!fwc_xt_scan_port(words[0], &n))
		return fwc_xt_bad_value(p, words[0], "a port's name, or a number up to 65535");
	fwc_xt_put(p->info, p->option->at, 2, htons((uint16_t)n));
	return 0;
}

static void format_port(const struct fwc_xt_place *p, struct fwc_buf *out)
{
	fwc_buf_printf(out, "%u", ntohs((uint16_t)fwc_xt_get(p->info, p->option->at, 2)));
}

/* The way is an inversion. */
static const struct fwc_symbol ways[] = { { "ORIGINAL", 0 }, { "REPLY", IPVS_DIRECTION }, { 0 } };

static int parse_way(const struct fwc_xt_place *p, const char *const *words)
{
	uint8_t others = p->info[IPVS_INVERT];
	int r = fwc_xt_symbol.parse(p, words);

	if (r == 0)
		p->info[IPVS_INVERT] |= others;
	return r;
}

static void format_way(const struct fwc_xt_place *p, struct fwc_buf *out)
{
	fwc_buf_puts(out, p->info[IPVS_INVERT] & IPVS_DIRECTION ? "REPLY" : "ORIGINAL");
}

static const struct fwc_xt_form port_form = { 1, parse_port, format_port };
static const struct fwc_xt_form way_form = { 1, parse_way, format_way };
static const struct fwc_symbol methods[] = { { "GATE", 3 }, { "IPIP", 2 }, { "MASQ", 0 }, { 0 } };

#define IPVS(option, how, where, bytes, bit)                                                       \
	{                                                                                          \
		.name = (option), .form = (how), .at = (where), .len = (bytes),                    \
		.given = { IPVS_LOOKED_AT, 1, (bit), (bit) },                                      \
		.inverted = { IPVS_INVERT, 1, (bit), (bit) }, .symbols = methods                   \
	}

static const struct fwc_xt_option ipvs_options[] = {
	IPVS("ipvs", &fwc_xt_flag, 0, 0, 0x01),
	IPVS("vproto", &fwc_xt_protocol, 34, 1, 0x02),
	IPVS("vaddr", &fwc_xt_address, 0, 32, 0x04),
	IPVS("vport", &port_form, 32, 2, 0x08),
	{ .name = "vdir",
	  .form = &way_form,
	  .at = IPVS_INVERT,
	  .len = 1,
	  .given = { IPVS_LOOKED_AT, 1, IPVS_DIRECTION, IPVS_DIRECTION },
	  .symbols = ways },
	IPVS("vmethod", &fwc_xt_symbol, 35, 1, 0x20),
	IPVS("vportctl", &port_form, 36, 2, 0x40),
};

#define BOTH .families = FWC_XT_BOTH
#define TARGET(target) .name = (target), .is_target = true, BOTH

static const struct fwc_xt_row rows[] = {
	{ TARGET("IDLETIMER"), .revision = 1, .size = 48, FWC_XT_OPTIONS(idletimer_options) },
	{ TARGET("IDLETIMER"), .size = 40, FWC_XT_OPTIONS(idletimer_old_options) },
	{ TARGET("LED"), .size = 40, FWC_XT_OPTIONS(led_options) },
	{ TARGET("SECMARK"), .revision = 1, .size = 264, FWC_XT_OPTIONS(secmark_options),
	  .defaults = { { 0, 1, 0xff, 1 } } },
	{ TARGET("SECMARK"), .size = 264, FWC_XT_OPTIONS(secmark_old_options),
	  .defaults = { { 0, 1, 0xff, 1 } } },
	{ .name = "nfacct", BOTH, .revision = 1, .size = 40, FWC_XT_OPTIONS(nfacct_options) },
	{ .name = "nfacct", BOTH, .size = 40, FWC_XT_OPTIONS(nfacct_options) },
	{ .name = "ipvs", BOTH, .size = 40, FWC_XT_OPTIONS(ipvs_options), .one_of = 0x7f },
};

const struct fwc_xt_rows fwc_xt_named_rows = { rows, FWC_ARRAY_SIZE(rows) };
