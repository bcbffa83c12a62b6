/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What ip6tables alone has: matches of IPv6's extension headers, and the targets that change prefixes.
 *
 * Kernel: linux/netfilter_ipv6/ip6t_NAME.h of each. */
#include <netinet/in.h>

#include "iptables/forms.h"

#define BIT(n) (1u << (n))

/* Calls `take` with each part of a text that has commas between its parts. */
static bool scan_list(const struct fwc_xt_place *p, const char *text, char *part, size_t room,
		      bool (*take)(const struct fwc_xt_place *p, size_t i, const char *part))
{
	for (size_t i = 0;; i++, text++) {
		size_t len = strcspn(text, ",");

		if (len >= room)
			return false;
		memcpy(part, text, len);
		part[len] = '\0';
		if (!take(p, i, part))
			return false;
		text += len;
		if (!*text)
			return true;
	}
}

/* ---- frag: identifications 0, length 8, what is looked at 12, inverted 13 ---- */

#define FRAG(bit) .given = { 12, 1, (bit), (bit) }

static const struct fwc_xt_option frag_options[] = {
	{ .name = "fragid",
	  .form = &fwc_xt_range,
	  .len = 8,
	  .flags = FWC_XT_BY_VALUE,
	  FRAG(0x01),
	  .inverted = { 13, 1, 1, 1 } },
	{ .name = "fraglen",
	  .form = &fwc_xt_number,
	  .at = 8,
	  .len = 4,
	  FRAG(0x02),
	  .inverted = { 13, 1, 2, 2 } },
	{ .name = "fragres", .form = &fwc_xt_flag, FRAG(0x04) },
	{ .name = "fragfirst", .form = &fwc_xt_flag, FRAG(0x08) },
	{ .name = "fragmore", .form = &fwc_xt_flag, FRAG(0x10), .excludes = BIT(5) },
	{ .name = "fraglast", .form = &fwc_xt_flag, FRAG(0x20), .excludes = BIT(4) },
};

/* ---- ah: SPIs 0, length 8, whether reserved bits are 12, inverted 13 ---- */

static const struct fwc_xt_option ah_options[] = {
	{ .name = "ahspi", .form = &fwc_xt_range, .len = 8, .inverted = { 13, 1, 1, 1 } },
	{ .name = "ahlen", .form = &fwc_xt_number, .at = 8, .len = 4, .inverted = { 13, 1, 2, 2 } },
	{ .name = "ahres", .form = &fwc_xt_flag, .given = { 12, 1, 0xff, 1 } },
};

/* ---- mh: types 0, inverted 2 ---- */

static const struct fwc_symbol mobility_types[] = {
	{ "binding-refresh-request", 0 },
	{ "brr", 0 },
	{ "home-test-init", 1 },
	{ "hoti", 1 },
	{ "careof-test-init", 2 },
	{ "coti", 2 },
	{ "home-test", 3 },
	{ "hot", 3 },
	{ "careof-test", 4 },
	{ "cot", 4 },
	{ "binding-update", 5 },
	{ "bu", 5 },
	{ "binding-acknowledgement", 6 },
	{ "ba", 6 },
	{ "binding-error", 7 },
	{ "be", 7 },
	{ 0 },
};

static const struct fwc_xt_option mh_options[] = {
	{ .name = "mh-type",
	  .form = &fwc_xt_range,
	  .len = 2,
	  .inverted = { 2, 1, 1, 1 },
	  .symbols = mobility_types },
};

/* ---- rt: type 0, segments 4, length 12, what is looked at 16, inverted 17, hops 20, how many 276 ---- */

enum { RT_FLAGS = 16, RT_INVERTED = 17, RT_HOPS = 20, RT_HOPS_MOST = 16, RT_COUNT = 276 };

static bool take_hop(const struct fwc_xt_place *p, size_t i, const char *part)
{
	if (i == RT_HOPS_MOST ||
	    !fwc_xt_scan_address(FWC_FAMILY_IP6, part, p->info + RT_HOPS + 16 * i))
		return false;
	p->info[RT_COUNT] = (uint8_t)(i + 1);
	return true;
}

static int parse_hops(const struct fwc_xt_place *p, const char *const *words)
{
	char part[INET6_ADDRSTRLEN];

	return scan_list(p, words[0], part, sizeof(part), take_hop)
		       ? 0
		       : fwc_xt_bad_value(p, words[0], "up to %d addresses with commas between",
					  RT_HOPS_MOST);
}

static void format_hops(const struct fwc_xt_place *p, struct fwc_buf *out)
{
	for (size_t i = 0; i < p->info[RT_COUNT] && i < RT_HOPS_MOST; i++) {
		fwc_buf_puts(out, i ? "," : "");
		fwc_xt_format_address(FWC_FAMILY_IP6, p->info + RT_HOPS + 16 * i, out);
	}
}

static const struct fwc_xt_form hops_form = { 1, parse_hops, format_hops };

enum { RT_TYPE, RT_SEGSLEFT, RT_LEN, RT_RES, RT_ADDRS, RT_NOT_STRICT };

#define RT(bit) .given = { RT_FLAGS, 1, (bit), (bit) }
#define RT_OR_NOT(bit) RT(bit), .inverted = { RT_INVERTED, 1, (bit), (bit) }
#define OF_TYPE_0 .flags = FWC_XT_AFTER, .needs = BIT(RT_TYPE)

static const struct fwc_xt_option rt_options[] = {
	{ .name = "rt-type", .form = &fwc_xt_number, .len = 4, RT_OR_NOT(0x01) },
	{ .name = "rt-segsleft",
	  .form = &fwc_xt_range,
	  .at = 4,
	  .len = 8,
	  .flags = FWC_XT_BY_VALUE,
	  RT_OR_NOT(0x02) },
	{ .name = "rt-len", .form = &fwc_xt_number, .at = 12, .len = 4, RT_OR_NOT(0x04) },
	{ .name = "rt-0-res", .form = &fwc_xt_flag, OF_TYPE_0, RT(0x08) },
	{ .name = "rt-0-addrs",
	  .form = &hops_form,
	  .at = RT_HOPS,
	  .len = 16 * RT_HOPS_MOST,
	  OF_TYPE_0,
	  RT(0x10) },
	{ .name = "rt-0-not-strict",
	  .form = &fwc_xt_flag,
	  .flags = FWC_XT_AFTER,
	  .needs = BIT(RT_ADDRS),
	  RT(0x20) },
};

static int check_rt(const struct fwc_xt_row *row, uint8_t *info, uint8_t proto, uint32_t given,
		    struct fwc_error *err)
{
	(void)proto;
	if (!(given & (BIT(RT_RES) | BIT(RT_ADDRS))) ||
	    (fwc_xt_get(info, 0, 4) == 0 && !(info[RT_INVERTED] & 1)))
		return 0;
	return fwc_fail(err, -EINVAL, FWC_OBJECT_TEXT, "-m %s --rt-0-... needs --rt-type 0",
			row->name);
}

/* ---- dst and hbh: length 0, what is looked at 4, inverted 5, options 6, how many 38 ---- */

enum { OPTS = 6, OPTS_MOST = 16, OPTS_COUNT = 38, ANY_LENGTH = 0xff };

/* TYPE or TYPE:LENGTH, as the kernel has them: type * 256 + length. */
static bool take_header_option(const struct fwc_xt_place *p, size_t i, const char *part)
{
	uint64_t type, len = ANY_LENGTH;
	const char *end;

	if (i == OPTS_MOST || !fwc_xt_scan(part, 0, UINT8_MAX, &type, &end) ||
	    (*end && (*end != ':' || !fwc_xt_scan_all(end + 1, 0, ANY_LENGTH - 1, &len))))
		return false;
	fwc_xt_put(p->info, OPTS + 2 * i, 2, type << 8 | len);
	p->info[OPTS_COUNT] = (uint8_t)(i + 1);
	return true;
}

static int parse_header_options(const struct fwc_xt_place *p, const char *const *words)
{
	char part[32];

	return scan_list(p, words[0], part, sizeof(part), take_header_option)
		       ? 0
		       : fwc_xt_bad_value(
				 p, words[0],
				 "up to %d of TYPE or TYPE:LENGTH with commas between, up to 255 and 254",
				 OPTS_MOST);
}

static void format_header_options(const struct fwc_xt_place *p, struct fwc_buf *out)
{
	for (size_t i = 0; i < p->info[OPTS_COUNT] && i < OPTS_MOST; i++) {
		unsigned int option = (unsigned int)fwc_xt_get(p->info, OPTS + 2 * i, 2);

		fwc_buf_printf(out, "%s%u", i ? "," : "", option >> 8);
		if ((option & 0xff) != ANY_LENGTH)
			fwc_buf_printf(out, ":%u", option & 0xff);
	}
}

static const struct fwc_xt_form header_options_form = { 1, parse_header_options,
							format_header_options };

#define HEADER_LENGTH(option)                                                                      \
	{                                                                                          \
		.name = (option), .form = &fwc_xt_number, .len = 4, .given = { 4, 1, 1, 1 },       \
		.inverted = {                                                                      \
			5,                                                                         \
			1,                                                                         \
			1,                                                                         \
			1                                                                          \
		}                                                                                  \
	}
#define HEADER_OPTIONS(option)                                                                     \
	{                                                                                          \
		.name = (option), .form = &header_options_form, .at = OPTS,                        \
		.len = 2 * OPTS_MOST + 1, .given = {                                               \
			4,                                                                         \
			1,                                                                         \
			2,                                                                         \
			2                                                                          \
		}                                                                                  \
	}

static const struct fwc_xt_option dst_options[] = { HEADER_LENGTH("dst-len"),
						    HEADER_OPTIONS("dst-opts") };
static const struct fwc_xt_option hbh_options[] = { HEADER_LENGTH("hbh-len"),
						    HEADER_OPTIONS("hbh-opts") };

/* ---- ipv6header: which 0, inverted 1, any of them 2 ---- */

/* Of each header the first name is written; the others are those of iptables and of /etc/protocols. */
static const struct fwc_symbol headers[] = {
	{ "hop-by-hop", 0x80 },
	{ "ipv6-opts", 0x40 },
	{ "ipv6-route", 0x20 },
	{ "ipv6-frag", 0x10 },
	{ "ah", 0x08 },
	{ "esp", 0x04 },
	{ "ipv6-nonxt", 0x02 },
	{ "protocol", 0x01 },
	{ "hop", 0x80 },
	{ "hopopt", 0x80 },
	{ "0", 0x80 },
	{ "dst", 0x40 },
	{ "60", 0x40 },
	{ "route", 0x20 },
	{ "43", 0x20 },
	{ "frag", 0x10 },
	{ "44", 0x10 },
	{ "auth", 0x08 },
	{ "51", 0x08 },
	{ "50", 0x04 },
	{ "none", 0x02 },
	{ "59", 0x02 },
	{ "prot", 0x01 },
	{ "255", 0x01 },
	{ 0 },
};

static const struct fwc_xt_option ipv6header_options[] = {
	{ .name = "header",
	  .form = &fwc_xt_symbols,
	  .len = 1,
	  .flags = FWC_XT_REQUIRED | FWC_XT_ALWAYS,
	  .inverted = { 1, 1, 0xff, 0xff },
	  .symbols = headers },
	{ .name = "soft", .form = &fwc_xt_flag, .given = { 2, 1, 0xff, 0xff } },
};

/* ---- srh: numbers 0, tag 4, segments' addresses 8, their masks 56, what is looked at 104, inverted 106 ---- */

enum { SRH_TO_MASK = 48, SRH_FLAGS = 104, SRH_INVERTED = 106 };

/* iptables reads another mask as one of 128 bits. */
static int parse_segment(const struct fwc_xt_place *p, const char *const *words)
{
	uint8_t *at = p->info + p->option->at;

	return fwc_xt_scan_prefix(FWC_FAMILY_IP6, words[0], at, at + SRH_TO_MASK) &&
			       fwc_mask_to_prefix(at + SRH_TO_MASK, 16) >= 0
		       ? 0
		       : fwc_xt_bad_value(p, words[0], "an address, or one with /PREFIX");
}

static void format_segment(const struct fwc_xt_place *p, struct fwc_buf *out)
{
	const uint8_t *at = p->info + p->option->at;

	fwc_xt_format_address(FWC_FAMILY_IP6, at, out);
	fwc_xt_format_mask(FWC_FAMILY_IP6, at + SRH_TO_MASK, out);
}

static const struct fwc_xt_form segment_form = { 1, parse_segment, format_segment };

#define SRH(bit)                                                                                   \
	.given = { SRH_FLAGS, 2, (bit), (bit) }, .inverted = { SRH_INVERTED, 2, (bit), (bit) }
/* One number for the three: one of them is given. */
#define SRH_COMPARED(option, where, n, bit)                                                        \
	{ .name = (option "-eq"),                                                                  \
	  .form = &fwc_xt_number,                                                                  \
	  .at = (where),                                                                           \
	  .len = 1,                                                                                \
	  .excludes = BIT((n) + 1) | BIT((n) + 2),                                                 \
	  SRH(bit) },                                                                              \
		{ .name = (option "-gt"),                                                          \
		  .form = &fwc_xt_number,                                                          \
		  .at = (where),                                                                   \
		  .len = 1,                                                                        \
		  .excludes = BIT(n) | BIT((n) + 2),                                               \
		  SRH((bit) << 1) },                                                               \
	{                                                                                          \
		.name = (option "-lt"), .form = &fwc_xt_number, .at = (where), .len = 1,           \
		.excludes = BIT(n) | BIT((n) + 1), SRH((bit) << 2)                                 \
	}
#define SRH_SEGMENT(option, n, bit)                                                                \
	{                                                                                          \
		.name = (option), .form = &segment_form, .at = 8 + 16 * (n), .len = 16, SRH(bit)   \
	}

static const struct fwc_xt_option srh_options[] = {
	{ .name = "srh-next-hdr", .form = &fwc_xt_number, .len = 1, SRH(0x0001) },
	SRH_COMPARED("srh-hdr-len", 1, 1, 0x0002),
	SRH_COMPARED("srh-segs-left", 2, 4, 0x0010),
	SRH_COMPARED("srh-last-entry", 3, 7, 0x0080),
	{ .name = "srh-tag", .form = &fwc_xt_number, .at = 4, .len = 2, SRH(0x0400) },
	SRH_SEGMENT("srh-psid", 0, 0x0800),
	SRH_SEGMENT("srh-nsid", 1, 0x1000),
	SRH_SEGMENT("srh-lsid", 2, 0x2000),
};

/* ---- SNPT and DNPT: prefixes 0 and 16, their lengths 32 and 33 ---- */

enum { NPT_LENGTHS = 32, NPT_BITS_MOST = 64 };

/* The kernel takes up to 64 bits, and nothing behind them. */
static int parse_prefix(const struct fwc_xt_place *p, const char *const *words)
{
	uint8_t address[16], mask[16];
	int bits = -1;

	if (fwc_xt_scan_prefix(FWC_FAMILY_IP6, words[0], address, mask))
		bits = fwc_mask_to_prefix(mask, sizeof(mask));
	for (size_t i = 0; i < sizeof(address) && bits >= 0; i++)
		if (address[i] & ~mask[i])
			bits = -1;
	if (bits < 0 || bits > NPT_BITS_MOST)
		return fwc_xt_bad_value(p, words[0],
					"ADDRESS/PREFIX of up to %d bits, with none behind them",
					NPT_BITS_MOST);
	memcpy(p->info + p->option->at, address, sizeof(address));
	p->info[NPT_LENGTHS + p->option->at / 16] = (uint8_t)bits;
	return 0;
}

static void format_prefix(const struct fwc_xt_place *p, struct fwc_buf *out)
{
	fwc_xt_format_address(FWC_FAMILY_IP6, p->info + p->option->at, out);
	fwc_buf_printf(out, "/%u", p->info[NPT_LENGTHS + p->option->at / 16]);
}

static const struct fwc_xt_form prefix_form = { 1, parse_prefix, format_prefix };

static const struct fwc_xt_option npt_options[] = {
	{ .name = "src-pfx",
	  .form = &prefix_form,
	  .len = 16,
	  .flags = FWC_XT_REQUIRED | FWC_XT_ALWAYS },
	{ .name = "dst-pfx",
	  .form = &prefix_form,
	  .at = 16,
	  .len = 16,
	  .flags = FWC_XT_REQUIRED | FWC_XT_ALWAYS },
};

#define MATCH(match, bytes) .name = (match), .families = FWC_XT_IP6, .size = (bytes)
#define NPT(target)                                                                                \
	{                                                                                          \
		MATCH(target, 36), .is_target = true, FWC_XT_OPTIONS(npt_options)                  \
	}

static const struct fwc_xt_row rows[] = {
	{ MATCH("frag", 16), FWC_XT_OPTIONS(frag_options),
	  .defaults = { { 4, 4, UINT32_MAX, UINT32_MAX } } },
	{ MATCH("ah", 16), FWC_XT_OPTIONS(ah_options),
	  .defaults = { { 4, 4, UINT32_MAX, UINT32_MAX } } },
	{ MATCH("mh", 3), .proto = IPPROTO_MH, FWC_XT_OPTIONS(mh_options),
	  .defaults = { { 1, 1, 0xff, 0xff } } },
	{ MATCH("rt", 280), FWC_XT_OPTIONS(rt_options),
	  .defaults = { { 8, 4, UINT32_MAX, UINT32_MAX } }, .check = check_rt },
	{ MATCH("dst", 40), FWC_XT_OPTIONS(dst_options) },
	{ MATCH("hbh", 40), FWC_XT_OPTIONS(hbh_options) },
	{ MATCH("ipv6header", 3), FWC_XT_OPTIONS(ipv6header_options) },
	{ MATCH("srh", 108), .revision = 1, FWC_XT_OPTIONS(srh_options) },
	{ MATCH("eui64",
		4) }, /* nothing but the name: the kernel takes a number, and does not look at it */
	NPT("SNPT"),
	NPT("DNPT"),
};

const struct fwc_xt_rows fwc_xt_ipv6_rows = { rows, FWC_ARRAY_SIZE(rows) };
