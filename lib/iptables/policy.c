/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* policy: what IPsec did or will do to a packet, up to four transformations.
 *
 * Kernel: struct xt_policy_info of linux/netfilter/xt_policy.h: four elements, flags 304, their number 306. An element is
 * source, its mask, destination, its mask of 16 bytes, SPI 64, request 68, protocol 72, mode 73, what is looked at 74,
 * inversions 75. */
#include <netinet/in.h>

#include "iptables/forms.h"

enum {
	ELEMENT = 76,
	ELEMENTS = 4,
	FLAGS = 304,
	COUNT = 306,
	IN = 1,
	OUT = 2,
	NONE = 4,
	STRICT = 8,
};

/* Bits of what is looked at. */
enum { SOURCE = 1, DESTINATION = 2, PROTO = 4, MODE = 8, SPI = 16, REQID = 32 };

#define BIT(n) (1u << (n))

/* ---- the flags are words ---- */

static const struct fwc_symbol directions[] = { { "in", IN }, { "out", OUT }, { 0 } };
static const struct fwc_symbol policies[] = { { "none", NONE }, { "ipsec", 0 }, { 0 } };

/* Beside what other options put there. */
static int parse_flag(const struct fwc_xt_place *p, const char *const *words)
{
	uint64_t others = fwc_xt_get(p->info, FLAGS, 2);
	int r = fwc_xt_symbol.parse(p, words);

	if (r == 0)
		fwc_xt_put(p->info, FLAGS, 2, others | fwc_xt_get(p->info, FLAGS, 2));
	return r;
}

static void format_direction(const struct fwc_xt_place *p, struct fwc_buf *out)
{
	fwc_buf_puts(out, fwc_xt_get(p->info, FLAGS, 2) & IN ? "in" : "out");
}

static void format_policy(const struct fwc_xt_place *p, struct fwc_buf *out)
{
	fwc_buf_puts(out, fwc_xt_get(p->info, FLAGS, 2) & NONE ? "none" : "ipsec");
}

static const struct fwc_xt_form direction_form = { 1, parse_flag, format_direction };
static const struct fwc_xt_form policy_form = { 1, parse_flag, format_policy };

/* ---- elements ----
 *
 * The kernel compares the SPI as it is in the packet. iptables writes it in host order, and so do we: a rule must be the same
 * whoever wrote it. */

static int parse_proto(const struct fwc_xt_place *p, const char *const *words)
{
	uint64_t n;

	if (!fwc_xt_scan_protocol(words[0], &n) ||
	    (n != IPPROTO_ESP && n != IPPROTO_AH && n != IPPROTO_COMP))
		return fwc_xt_bad_value(p, words[0], "esp, ah or ipcomp");
	p->info[p->option->at] = (uint8_t)n;
	return 0;
}

static void format_proto(const struct fwc_xt_place *p, struct fwc_buf *out)
{
	const char *name = fwc_xt_protocol_name(p->info[p->option->at]);

	fwc_buf_puts(out, name ? name : "?");
}

static const struct fwc_xt_form proto_form = { 1, parse_proto, format_proto };
static const struct fwc_symbol modes[] = { { "transport", 0 }, { "tunnel", 1 }, { 0 } };

static bool is_past(const struct fwc_xt_place *p)
{
	return p->option->at / ELEMENT >= fwc_xt_get(p->info, COUNT, 2);
}

#define PART(option, n, how, where, bytes, bit)                                                    \
	{                                                                                          \
		.name = (option), .form = (how), .at = ELEMENT * (n) + (where), .len = (bytes),    \
		.given = { ELEMENT * (n) + 74, 1, (bit), (bit) },                                  \
		.inverted = { ELEMENT * (n) + 75, 1, (bit), (bit) }, .left_out = is_past,          \
		.symbols = modes                                                                   \
	}
#define PARTS(n)                                                                                   \
	PART("reqid", n, &fwc_xt_number, 68, 4, REQID), PART("spi", n, &fwc_xt_hex, 64, 4, SPI),   \
		PART("proto", n, &proto_form, 72, 1, PROTO),                                       \
		PART("mode", n, &fwc_xt_symbol, 73, 1, MODE),                                      \
		PART("tunnel-dst", n, &fwc_xt_address, 32, 32, DESTINATION),                       \
		PART("tunnel-src", n, &fwc_xt_address, 0, 32, SOURCE)
#define NEXT(n)                                                                                    \
	{                                                                                          \
		.name = "next", .form = &fwc_xt_flag, .at = ELEMENT * (n),                         \
		.flags = FWC_XT_ALWAYS | FWC_XT_PARTS, .needs = BIT(OPTION_STRICT),                \
		.left_out = is_past                                                                \
	}

enum { OPTION_DIRECTION, OPTION_POLICY, OPTION_STRICT, FIRST_PART, PART_COUNT = 6 };

static const struct fwc_xt_option options[] = {
	{ .name = "dir",
	  .form = &direction_form,
	  .at = FLAGS,
	  .len = 2,
	  .flags = FWC_XT_REQUIRED | FWC_XT_ALWAYS,
	  .symbols = directions },
	{ .name = "pol",
	  .form = &policy_form,
	  .at = FLAGS,
	  .len = 2,
	  .flags = FWC_XT_ALWAYS,
	  .symbols = policies },
	{ .name = "strict", .form = &fwc_xt_flag, .given = { FLAGS, 2, STRICT, STRICT } },
	PARTS(0),
	NEXT(1),
	PARTS(1),
	NEXT(2),
	PARTS(2),
	NEXT(3),
	PARTS(3),
};

static size_t first_of(size_t element)
{
	return FIRST_PART + element * (PART_COUNT + 1);
}

static int check_element(const uint8_t *element, bool strict, struct fwc_error *err)
{
	uint8_t looked_at = element[74], inverted = element[75];

	if (strict && !looked_at)
		return fwc_fail(
			err, -EINVAL, FWC_OBJECT_TEXT,
			"--strict needs one of --reqid, --spi, --proto, --mode, --tunnel-src, --tunnel-dst for each element");
	if (looked_at & (SOURCE | DESTINATION) &&
	    (!(looked_at & MODE) || inverted & MODE || element[73] != 1))
		return fwc_fail(err, -EINVAL, FWC_OBJECT_TEXT,
				"--tunnel-src and --tunnel-dst need --mode tunnel");
	return 0;
}

static int check(const struct fwc_xt_row *row, uint8_t *info, uint8_t proto, uint32_t given,
		 struct fwc_error *err)
{
	uint64_t flags = fwc_xt_get(info, FLAGS, 2);
	size_t count = 1;
	int r = 0;

	(void)row;
	(void)proto;
	if (flags & NONE)
		return given >> OPTION_STRICT ? fwc_fail(err, -EINVAL, FWC_OBJECT_TEXT,
							 "--pol none goes alone with --dir")
					      : 0;
	while (count < ELEMENTS && given & BIT(first_of(count) - 1))
		count++;
	for (size_t i = 0; i < count && r == 0; i++)
		r = check_element(info + ELEMENT * i, flags & STRICT, err);
	fwc_xt_put(info, COUNT, 2, count);
	return r;
}

static const struct fwc_xt_row rows[] = {
	{ .name = "policy",
	  .families = FWC_XT_BOTH,
	  .size = 308,
	  FWC_XT_OPTIONS(options),
	  .check = check },
};

const struct fwc_xt_rows fwc_xt_policy_rows = { rows, FWC_ARRAY_SIZE(rows) };
