/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Targets but those of table nat.
 *
 * Kernel: linux/netfilter/xt_NAME.h of each, netfilter_ipv4/ipt_REJECT.h, ipt_TTL.h, netfilter_ipv6/ip6t_REJECT.h, ip6t_HL.h. */
#include <netinet/in.h>
#include <stdio.h>
#include <strings.h>

#include "iptables/forms.h"

#define BIT(n) (1u << (n))

/* ---- REJECT ---- */

static const struct fwc_symbol reject_types[] = {
	{ "icmp-net-unreachable", 0 },
	{ "icmp-host-unreachable", 1 },
	{ "icmp-proto-unreachable", 2 },
	{ "icmp-port-unreachable", 3 },
	{ "icmp-net-prohibited", 5 },
	{ "icmp-host-prohibited", 6 },
	{ "tcp-reset", 7 },
	{ "icmp-admin-prohibited", 8 },
	{ "net-unreach", 0 },
	{ "host-unreach", 1 },
	{ "proto-unreach", 2 },
	{ "port-unreach", 3 },
	{ "net-prohib", 5 },
	{ "host-prohib", 6 },
	{ "tcp-rst", 7 },
	{ "admin-prohib", 8 },
	{ 0 },
};

static const struct fwc_symbol reject6_types[] = {
	{ "icmp6-no-route", 0 },
	{ "icmp6-adm-prohibited", 1 },
	{ "icmp6-addr-unreachable", 3 },
	{ "icmp6-port-unreachable", 4 },
	{ "tcp-reset", 6 },
	{ "icmp6-policy-fail", 7 },
	{ "icmp6-reject-route", 8 },
	{ "no-route", 0 },
	{ "adm-prohibited", 1 },
	{ "addr-unreach", 3 },
	{ "port-unreach", 4 },
	{ "policy-fail", 7 },
	{ "reject-route", 8 },
	{ 0 },
};

#define REJECT_WITH(names)                                                                         \
	{                                                                                          \
		.name = "reject-with", .form = &fwc_xt_symbol, .len = 4, .flags = FWC_XT_ALWAYS,   \
		.symbols = (names)                                                                 \
	}

static const struct fwc_xt_option reject_options[] = { REJECT_WITH(reject_types) };
static const struct fwc_xt_option reject6_options[] = { REJECT_WITH(reject6_types) };

static int check_reject(const struct fwc_xt_row *row, uint8_t *info, uint8_t proto, uint32_t given,
			struct fwc_error *err)
{
	uint64_t reset = row->families == FWC_XT_IP ? 7 : 6;

	(void)given;
	if (fwc_xt_get(info, 0, 4) != reset || proto == IPPROTO_TCP)
		return 0;
	return fwc_fail(err, -EINVAL, FWC_OBJECT_TEXT, "--reject-with tcp-reset needs -p tcp");
}

/* ---- LOG and NFLOG ---- */

const char *const fwc_xt_log_levels[FWC_XT_LOG_LEVELS] = { "emerg", "alert",  "crit", "err",
							   "warn",  "notice", "info", "debug" };

static const struct fwc_symbol log_levels[] = {
	{ "emerg", 0 },  { "panic", 0 }, { "alert", 1 },   { "crit", 2 },
	{ "err", 3 },    { "error", 3 }, { "warning", 4 }, { "warn", 4 },
	{ "notice", 5 }, { "info", 6 },  { "debug", 7 },   { 0 },
};

static int parse_level(const struct fwc_xt_place *p, const char *const *words)
{
	uint64_t n;

	if (!fwc_xt_scan_all(words[0], 0, 7, &n))
		return fwc_xt_symbol.parse(p, words);
	p->info[p->option->at] = (uint8_t)n;
	return 0;
}

static void format_level(const struct fwc_xt_place *p, struct fwc_buf *out)
{
	fwc_buf_printf(out, "%u", p->info[p->option->at]);
}

static const struct fwc_xt_form level_form = { 1, parse_level, format_level };

#define LOG_FLAG(option, bit)                                                                      \
	{                                                                                          \
		.name = (option), .form = &fwc_xt_flag, .given = { 1, 1, (bit), (bit) }            \
	}

static const struct fwc_xt_option log_options[] = {
	{ .name = "log-prefix", .form = &fwc_xt_text, .at = 2, .len = 30, .min = 1 },
	{ .name = "log-level", .form = &level_form, .len = 1, .symbols = log_levels },
	LOG_FLAG("log-tcp-sequence", 0x01),
	LOG_FLAG("log-tcp-options", 0x02),
	LOG_FLAG("log-ip-options", 0x04),
	LOG_FLAG("log-uid", 0x08),
	LOG_FLAG("log-macdecode", 0x20),
};

/* Length 0, group 4, threshold 6, flags 8, prefix 12. */
/* The struct has 64 bytes for the prefix. iptables-nft writes an expression, which has 127 and a NUL. */
enum { NFLOG_PREFIX = 12, NFLOG_STRUCT_PREFIX = 64, NFLOG_LOG_PREFIX = 128 };

#define NFLOG_OPTIONS(room, most)                                                                  \
	{ .name = "nflog-prefix",                                                                  \
	  .form = &fwc_xt_cut_text,                                                                \
	  .at = NFLOG_PREFIX,                                                                      \
	  .len = (room),                                                                           \
	  .min = 1,                                                                                \
	  .max = (most) },                                                                         \
		{ .name = "nflog-group", .form = &fwc_xt_number, .at = 4, .len = 2 },              \
		{ .name = "nflog-size",                                                            \
		  .form = &fwc_xt_number,                                                          \
		  .len = 4,                                                                        \
		  .excludes = BIT(3),                                                              \
		  .given = { 8, 2, 1, 1 } },                                                       \
		{ .name = "nflog-range",                                                           \
		  .form = &fwc_xt_number,                                                          \
		  .len = 4,                                                                        \
		  .excludes = BIT(2),                                                              \
		  .unless = { 8, 2, 1, 1 } },                                                      \
	{                                                                                          \
		.name = "nflog-threshold", .form = &fwc_xt_number, .at = 6, .len = 2               \
	}

static const struct fwc_xt_option nflog_options[] = { NFLOG_OPTIONS(NFLOG_LOG_PREFIX,
								    NFLOG_LOG_PREFIX - 1) };
static const struct fwc_xt_option nflog_struct_options[] = { NFLOG_OPTIONS(NFLOG_STRUCT_PREFIX,
									   NFLOG_STRUCT_PREFIX) };

/* ---- MARK and CONNMARK: a mark becomes (mark & ~mask) ^ value, where `len` is of both ---- */

static int put_mark(const struct fwc_xt_place *p, uint64_t value, uint64_t mask)
{
	fwc_xt_put(p->info, p->option->at, 4, value);
	fwc_xt_put(p->info, p->option->at + 4u, 4, mask);
	return 0;
}

/* What bits are set, whether or not the mask names them. */
static int parse_set_mark(const struct fwc_xt_place *p, const char *const *words)
{
	int r = fwc_xt_mark_full.parse(p, words);

	return r < 0 ? r
		     : put_mark(p, fwc_xt_get(p->info, p->option->at, 4),
				fwc_xt_get(p->info, p->option->at, 4) |
					fwc_xt_get(p->info, p->option->at + 4u, 4));
}

static int scan_bits(const struct fwc_xt_place *p, const char *text, uint64_t *ret)
{
	return fwc_xt_scan_all(text, 0, UINT32_MAX, ret)
		       ? 0
		       : fwc_xt_bad_value(p, text, "a number up to 0xffffffff");
}

static int parse_and_mark(const struct fwc_xt_place *p, const char *const *words)
{
	uint64_t n;
	int r = scan_bits(p, words[0], &n);

	return r < 0 ? r : put_mark(p, 0, ~n);
}

static int parse_or_mark(const struct fwc_xt_place *p, const char *const *words)
{
	uint64_t n;
	int r = scan_bits(p, words[0], &n);

	return r < 0 ? r : put_mark(p, n, n);
}

static int parse_xor_mark(const struct fwc_xt_place *p, const char *const *words)
{
	uint64_t n;
	int r = scan_bits(p, words[0], &n);

	return r < 0 ? r : put_mark(p, n, 0);
}

static const struct fwc_xt_form set_mark_form = { 1, parse_set_mark, NULL };
static const struct fwc_xt_form and_mark_form = { 1, parse_and_mark, NULL };
static const struct fwc_xt_form or_mark_form = { 1, parse_or_mark, NULL };
static const struct fwc_xt_form xor_mark_form = { 1, parse_xor_mark, NULL };

#define OTHER_MARK(option, how, others)                                                            \
	{                                                                                          \
		.name = (option), .form = &(how), .len = 8, .flags = FWC_XT_READ_ONLY,             \
		.excludes = (others)                                                               \
	}

static const struct fwc_xt_option mark_options[] = {
	{ .name = "set-xmark",
	  .form = &fwc_xt_mark_full,
	  .len = 8,
	  .flags = FWC_XT_ALWAYS,
	  .excludes = 0x1e },
	OTHER_MARK("set-mark", set_mark_form, 0x1d),
	OTHER_MARK("and-mark", and_mark_form, 0x1b),
	OTHER_MARK("or-mark", or_mark_form, 0x17),
	OTHER_MARK("xor-mark", xor_mark_form, 0x0f),
};

/* Mark 0, mask 4, mask of the packet's mark 8, direction and bits of a shift 12 and 13, what is done 14. */
enum { SET_MARK = 0, SAVE_MARK = 1, RESTORE_MARK = 2, CONNMARK_DONE = 14, OPERATIONS = 0x7f };

static int parse_both_masks(const struct fwc_xt_place *p, const char *const *words)
{
	uint64_t n;
	int r = scan_bits(p, words[0], &n);

	if (r < 0)
		return r;
	fwc_xt_put(p->info, 4, 4, n);
	fwc_xt_put(p->info, 8, 4, n);
	return 0;
}

static const struct fwc_xt_form both_masks_form = { 1, parse_both_masks, NULL };

#define NOT_SET_MARK .unless = { CONNMARK_DONE, 1, 0xff, SET_MARK }

static const struct fwc_xt_option connmark_options[] = {
	{ .name = "set-xmark",
	  .form = &fwc_xt_mark_full,
	  .len = 8,
	  .excludes = OPERATIONS & ~BIT(0),
	  .given = { CONNMARK_DONE, 1, 0xff, SET_MARK } },
	OTHER_MARK("set-mark", set_mark_form, OPERATIONS & ~BIT(1)),
	OTHER_MARK("and-mark", and_mark_form, OPERATIONS & ~BIT(2)),
	OTHER_MARK("or-mark", or_mark_form, OPERATIONS & ~BIT(3)),
	OTHER_MARK("xor-mark", xor_mark_form, OPERATIONS & ~BIT(4)),
	{ .name = "save-mark",
	  .form = &fwc_xt_flag,
	  .excludes = OPERATIONS & ~BIT(5),
	  .given = { CONNMARK_DONE, 1, 0xff, SAVE_MARK } },
	{ .name = "restore-mark",
	  .form = &fwc_xt_flag,
	  .excludes = OPERATIONS & ~BIT(6),
	  .given = { CONNMARK_DONE, 1, 0xff, RESTORE_MARK } },
	{ .name = "nfmask",
	  .form = &fwc_xt_hex,
	  .at = 8,
	  .len = 4,
	  .flags = FWC_XT_ALWAYS,
	  .excludes = BIT(9),
	  NOT_SET_MARK },
	{ .name = "ctmask",
	  .form = &fwc_xt_hex,
	  .at = 4,
	  .len = 4,
	  .flags = FWC_XT_ALWAYS,
	  .excludes = BIT(9),
	  NOT_SET_MARK },
	{ .name = "mask",
	  .form = &both_masks_form,
	  .len = 4,
	  .flags = FWC_XT_READ_ONLY,
	  .excludes = BIT(7) | BIT(8) },
	{ .name = "left-shift-mark",
	  .form = &fwc_xt_number,
	  .at = 13,
	  .len = 1,
	  .max = 31,
	  .excludes = BIT(11),
	  .given = { 12, 1, 0xff, 0 },
	  .unless = { 13, 1, 0xff, 0 } },
	{ .name = "right-shift-mark",
	  .form = &fwc_xt_number,
	  .at = 13,
	  .len = 1,
	  .max = 31,
	  .excludes = BIT(10),
	  .given = { 12, 1, 0xff, 1 },
	  .unless = { 13, 1, 0xff, 0 } },
};

/* ---- TCPMSS ---- */

enum { CLAMP = 0xffff };

static const struct fwc_xt_option tcpmss_options[] = {
	{ .name = "clamp-mss-to-pmtu",
	  .form = &fwc_xt_flag,
	  .excludes = BIT(1),
	  .given = { 0, 2, 0xffff, CLAMP } },
	{ .name = "set-mss",
	  .form = &fwc_xt_number,
	  .len = 2,
	  .max = UINT16_MAX - 40,
	  .flags = FWC_XT_ALWAYS,
	  .excludes = BIT(0),
	  .unless = { 0, 2, 0xffff, CLAMP } },
};

/* ---- CLASSIFY, DSCP, TOS ---- */

static int parse_class(const struct fwc_xt_place *p, const char *const *words)
{
	unsigned int major, minor;
	int len = 0;

	if (sscanf(words[0], "%8x:%8x%n", &major, &minor, &len) != 2 || words[0][len] ||
	    strchr(words[0], '-'))
		return fwc_xt_bad_value(p, words[0], "MAJOR:MINOR, each up to ffff");
	fwc_xt_put(p->info, p->option->at, 4, (major << 16) | (minor & 0xffff));
	return 0;
}

static void format_class(const struct fwc_xt_place *p, struct fwc_buf *out)
{
	uint32_t n = (uint32_t)fwc_xt_get(p->info, p->option->at, 4);

	fwc_buf_printf(out, "%04x:%04x", n >> 16, n & 0xffff);
}

static const struct fwc_xt_form class_form = { 1, parse_class, format_class };

static const struct fwc_xt_option classify_options[] = {
	{ .name = "set-class",
	  .form = &class_form,
	  .len = 4,
	  .flags = FWC_XT_REQUIRED | FWC_XT_ALWAYS },
};

static const struct fwc_xt_option dscp_options[] = {
	{ .name = "set-dscp",
	  .form = &fwc_xt_hex2,
	  .len = 1,
	  .max = 0x3f,
	  .flags = FWC_XT_ALWAYS,
	  .excludes = BIT(1) },
	{ .name = "set-dscp-class",
	  .form = &fwc_xt_symbol,
	  .len = 1,
	  .flags = FWC_XT_READ_ONLY,
	  .excludes = BIT(0),
	  .symbols = fwc_xt_dscp_classes },
};

/* Value 0, mask 1. */
static int parse_tos(const struct fwc_xt_place *p, const char *const *words)
{
	return fwc_xt_parse_tos(p, words[0], &p->info[0], &p->info[1]);
}

static void format_tos(const struct fwc_xt_place *p, struct fwc_buf *out)
{
	fwc_buf_printf(out, "0x%02x/0x%02x", p->info[0], p->info[1]);
}

static const struct fwc_xt_form tos_form = { 1, parse_tos, format_tos };

/* `text` is "and", "or" or "xor". */
static int parse_tos_bits(const struct fwc_xt_place *p, const char *text, char how)
{
	uint64_t n;

	if (!fwc_xt_scan_all(text, 0, UINT8_MAX, &n))
		return fwc_xt_bad_value(p, text, "a number up to 0xff");
	p->info[0] = how == 'a' ? 0 : (uint8_t)n;
	p->info[1] = how == 'a' ? (uint8_t)~n : how == 'o' ? (uint8_t)n : 0;
	return 0;
}

static int parse_and_tos(const struct fwc_xt_place *p, const char *const *words)
{
	return parse_tos_bits(p, words[0], 'a');
}

static int parse_or_tos(const struct fwc_xt_place *p, const char *const *words)
{
	return parse_tos_bits(p, words[0], 'o');
}

static int parse_xor_tos(const struct fwc_xt_place *p, const char *const *words)
{
	return parse_tos_bits(p, words[0], 'x');
}

static const struct fwc_xt_form and_tos_form = { 1, parse_and_tos, NULL };
static const struct fwc_xt_form or_tos_form = { 1, parse_or_tos, NULL };
static const struct fwc_xt_form xor_tos_form = { 1, parse_xor_tos, NULL };

static const struct fwc_xt_option tos_options[] = {
	{ .name = "set-tos", .form = &tos_form, .len = 2, .flags = FWC_XT_ALWAYS, .excludes = 0xe },
	{ .name = "and-tos", .form = &and_tos_form, .flags = FWC_XT_READ_ONLY, .excludes = 0xd },
	{ .name = "or-tos", .form = &or_tos_form, .flags = FWC_XT_READ_ONLY, .excludes = 0xb },
	{ .name = "xor-tos", .form = &xor_tos_form, .flags = FWC_XT_READ_ONLY, .excludes = 0x7 },
};

/* ---- TTL and HL: how 0, the number 1 ---- */

#define CHANGE(option, how, least, others)                                                         \
	{                                                                                          \
		.name = (option), .form = &fwc_xt_number, .at = 1, .len = 1, .min = (least),       \
		.excludes = (others), .given = {                                                   \
			0,                                                                         \
			1,                                                                         \
			0xff,                                                                      \
			(how)                                                                      \
		}                                                                                  \
	}

static const struct fwc_xt_option ttl_options[] = {
	CHANGE("ttl-set", 0, 0, 6),
	CHANGE("ttl-inc", 1, 1, 5),
	CHANGE("ttl-dec", 2, 1, 3),
};

static const struct fwc_xt_option hl_options[] = {
	CHANGE("hl-set", 0, 0, 6),
	CHANGE("hl-inc", 1, 1, 5),
	CHANGE("hl-dec", 2, 1, 3),
};

/* ---- CT: flags 0, zone 2, events 4, expectations' events 8, helper 12, timeout 28 ---- */

static const struct fwc_symbol ct_events[] = {
	{ "new", 0x001 },
	{ "related", 0x002 },
	{ "destroy", 0x004 },
	{ "reply", 0x008 },
	{ "assured", 0x010 },
	{ "protoinfo", 0x020 },
	{ "helper", 0x040 },
	{ "mark", 0x080 },
	{ "natseqinfo", 0x100 },
	{ "secmark", 0x200 },
	{ 0 },
};

static const struct fwc_symbol expectation_events[] = { { "new", 1 }, { 0 } };

enum { CT_NOTRACK = 1, CT_IS_NOTRACK = 2, CT_ORIGINAL = 4, CT_REPLY = 8, CT_MARK = 16 };

static int parse_zone(const struct fwc_xt_place *p, const char *const *words)
{
	uint64_t zone = 0;

	if (!strcasecmp(words[0], "mark"))
		fwc_xt_bits_set(p->info, &(struct fwc_xt_bits){ 0, 2, CT_MARK, CT_MARK });
	else if (!fwc_xt_scan_all(words[0], 0, UINT16_MAX, &zone))
		return fwc_xt_bad_value(p, words[0], "a number up to 65535, or mark");
	fwc_xt_put(p->info, 2, 2, zone);
	return 0;
}

static void format_zone(const struct fwc_xt_place *p, struct fwc_buf *out)
{
	if (fwc_xt_get(p->info, 0, 2) & CT_MARK)
		fwc_buf_puts(out, "mark");
	else
		fwc_buf_printf(out, "%u", (unsigned int)fwc_xt_get(p->info, 2, 2));
}

static const struct fwc_xt_form zone_form = { 1, parse_zone, format_zone };

/* A zone of 0 is none. The second of a name is what is written of `mark`; the first one reads both. */
#define ZONE(option, direction, others)                                                            \
	{ .name = (option),                                                                        \
	  .form = &zone_form,                                                                      \
	  .at = 2,                                                                                 \
	  .len = 2,                                                                                \
	  .excludes = (others),                                                                    \
	  .given = { 0, 2, CT_ORIGINAL | CT_REPLY, (direction) },                                  \
	  .unless = { 2, 2, 0xffff, 0 } },                                                         \
	{                                                                                          \
		.name = (option), .form = &zone_form, .given = {                                   \
			0,                                                                         \
			2,                                                                         \
			CT_ORIGINAL | CT_REPLY | CT_MARK,                                          \
			(direction) | CT_MARK                                                      \
		}                                                                                  \
	}

static const struct fwc_xt_option ct_options[] = {
	{ .name = "notrack", .form = &fwc_xt_flag, .given = { 0, 2, CT_NOTRACK, CT_NOTRACK } },
	{ .name = "helper", .form = &fwc_xt_text, .at = 12, .len = 16 },
	{ .name = "timeout", .form = &fwc_xt_text, .at = 28, .len = 32 },
	{ .name = "ctevents", .form = &fwc_xt_symbols, .at = 4, .len = 4, .symbols = ct_events },
	{ .name = "expevents",
	  .form = &fwc_xt_symbols,
	  .at = 8,
	  .len = 4,
	  .symbols = expectation_events },
	ZONE("zone", 0, BIT(7) | BIT(9)),
	ZONE("zone-orig", CT_ORIGINAL, BIT(5) | BIT(9)),
	ZONE("zone-reply", CT_REPLY, BIT(5) | BIT(7)),
};

/* ---- NFQUEUE: queue 0, how many 2, flags 4 ---- */

static int parse_balance(const struct fwc_xt_place *p, const char *const *words)
{
	uint64_t first, last;
	const char *end;

	if (!fwc_xt_scan(words[0], 0, UINT16_MAX, &first, &end) || *end != ':' ||
	    !fwc_xt_scan_all(end + 1, first + 1, UINT16_MAX, &last))
		return fwc_xt_bad_value(p, words[0], "FIRST:LAST, up to 65535");
	fwc_xt_put(p->info, 0, 2, first);
	fwc_xt_put(p->info, 2, 2, last - first + 1);
	return 0;
}

static void format_balance(const struct fwc_xt_place *p, struct fwc_buf *out)
{
	unsigned int first = (unsigned int)fwc_xt_get(p->info, 0, 2);

	fwc_buf_printf(out, "%u:%u", first, first + (unsigned int)fwc_xt_get(p->info, 2, 2) - 1u);
}

static const struct fwc_xt_form balance_form = { 1, parse_balance, format_balance };

static const struct fwc_xt_option nfqueue_options[] = {
	{ .name = "queue-balance",
	  .form = &balance_form,
	  .len = 4,
	  .flags = FWC_XT_ALWAYS,
	  .excludes = BIT(1),
	  .unless = { 2, 2, 0xffff, 1 } },
	{ .name = "queue-num",
	  .form = &fwc_xt_number,
	  .len = 2,
	  .excludes = BIT(0),
	  .given = { 2, 2, 0xffff, 1 } },
	{ .name = "queue-bypass", .form = &fwc_xt_flag, .given = { 4, 2, 1, 1 } },
	{ .name = "queue-cpu-fanout",
	  .form = &fwc_xt_flag,
	  .needs = BIT(0),
	  .given = { 4, 2, 2, 2 } },
};

/* ---- AUDIT, CHECKSUM, ECN, NOTRACK, TRACE ---- */

static const struct fwc_symbol audit_types[] = {
	{ "accept", 0 },
	{ "drop", 1 },
	{ "reject", 2 },
	{ 0 },
};

static const struct fwc_xt_option audit_options[] = {
	{ .name = "type",
	  .form = &fwc_xt_symbol,
	  .len = 1,
	  .flags = FWC_XT_REQUIRED | FWC_XT_ALWAYS,
	  .symbols = audit_types },
};

static const struct fwc_xt_option checksum_options[] = {
	{ .name = "checksum-fill",
	  .form = &fwc_xt_flag,
	  .flags = FWC_XT_REQUIRED,
	  .given = { 0, 1, 1, 1 } },
};

#define TARGET(target, at_family) .name = (target), .is_target = true, .families = (at_family)

static const struct fwc_xt_row rows[] = {
	{ TARGET("REJECT", FWC_XT_IP), .size = 4, FWC_XT_OPTIONS(reject_options),
	  .defaults = { { 0, 4, UINT32_MAX, 3 } }, .check = check_reject },
	{ TARGET("REJECT", FWC_XT_IP6), .size = 4, FWC_XT_OPTIONS(reject6_options),
	  .defaults = { { 0, 4, UINT32_MAX, 4 } }, .check = check_reject },
	{ TARGET("LOG", FWC_XT_BOTH), .size = 32, FWC_XT_OPTIONS(log_options),
	  .defaults = { { 0, 1, 0xff, 4 } } },
	{ TARGET("NFLOG", FWC_XT_BOTH), .revision = FWC_XT_NEVER_A_STRUCT,
	  .size = NFLOG_PREFIX + NFLOG_LOG_PREFIX, FWC_XT_OPTIONS(nflog_options),
	  .add_native = fwc_xt_add_nflog },
	{ TARGET("NFLOG", FWC_XT_BOTH), .size = NFLOG_PREFIX + NFLOG_STRUCT_PREFIX,
	  FWC_XT_OPTIONS(nflog_struct_options) },
	{ TARGET("MARK", FWC_XT_BOTH), .revision = 2, .size = 8, FWC_XT_OPTIONS(mark_options),
	  .one_of = 0x1f },
	{ TARGET("CONNMARK", FWC_XT_BOTH), .revision = 2, .size = 15,
	  FWC_XT_OPTIONS(connmark_options), .one_of = OPERATIONS,
	  .defaults = { { 4, 4, UINT32_MAX, UINT32_MAX }, { 8, 4, UINT32_MAX, UINT32_MAX } } },
	{ TARGET("TCPMSS", FWC_XT_BOTH), .proto = IPPROTO_TCP, .size = 2,
	  FWC_XT_OPTIONS(tcpmss_options), .one_of = 3 },
	{ TARGET("CLASSIFY", FWC_XT_BOTH), .size = 4, FWC_XT_OPTIONS(classify_options) },
	{ TARGET("DSCP", FWC_XT_BOTH), .size = 1, FWC_XT_OPTIONS(dscp_options), .one_of = 3 },
	{ TARGET("TOS", FWC_XT_BOTH), .revision = 1, .size = 2, FWC_XT_OPTIONS(tos_options),
	  .one_of = 0xf },
	{ TARGET("TTL", FWC_XT_IP), .size = 2, FWC_XT_OPTIONS(ttl_options), .one_of = 7 },
	{ TARGET("HL", FWC_XT_IP6), .size = 2, FWC_XT_OPTIONS(hl_options), .one_of = 7 },
	{ TARGET("CT", FWC_XT_BOTH), .revision = 2, .size = 72, FWC_XT_OPTIONS(ct_options),
	  .alias = { 0, 2, CT_IS_NOTRACK, 0 } },
	{ TARGET("NOTRACK", FWC_XT_BOTH), .kernel_name = "CT", .revision = 2, .size = 72,
	  .defaults = { { 0, 2, CT_NOTRACK, CT_NOTRACK } },
	  .alias = { 0, 2, CT_IS_NOTRACK, CT_IS_NOTRACK } },
	{ TARGET("NFQUEUE", FWC_XT_BOTH), .revision = 3, .size = 6, FWC_XT_OPTIONS(nfqueue_options),
	  .defaults = { { 2, 2, 0xffff, 1 } } },
	{ TARGET("AUDIT", FWC_XT_BOTH), .size = 1, FWC_XT_OPTIONS(audit_options) },
	{ TARGET("CHECKSUM", FWC_XT_BOTH), .size = 1, FWC_XT_OPTIONS(checksum_options) },
	{ TARGET("TRACE", FWC_XT_BOTH | FWC_XT_ARP), .add_native = fwc_xt_add_trace },
};

const struct fwc_xt_rows fwc_xt_target_rows = { rows, FWC_ARRAY_SIZE(rows) };
