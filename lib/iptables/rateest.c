/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* RATEEST, which estimates the rate of the packets that reach it, and rateest, which compares estimates.
 *
 * Kernel: linux/netfilter/xt_RATEEST.h: name 0, interval 16, averaging 17; linux/netfilter/xt_rateest.h: names 0 and 16,
 * flags 32, how it compares 34, then bytes and packets per second, for one side and for the other. */
#include <stdlib.h>
#include <strings.h>

#include "iptables/forms.h"

enum { NAME_LEN = 16 };

#define BIT(n) (1u << (n))

/* ---- RATEEST ----
 *
 * The interval is 1/4 s * 2^(n + 2), n from -2 to 3. Averaging has a weight of 2^-n. While the rule is read both stand in us
 * where the kernel keeps a pointer. */

enum {
	INTERVAL = 16,
	WEIGHT = 17,
	GIVEN_INTERVAL = 24,
	GIVEN_WEIGHT = 28,
	INTERVAL_MIN = -2,
	INTERVAL_MAX = 3,
	SHORTEST_US = 250000,
	WEIGHT_MOST = 31,
};

static bool scan_time(const char *text, double *ret)
{
	static const struct {
		const char *unit;
		double us;
	} units[] = { { "s", 1e6 }, { "ms", 1e3 }, { "us", 1 }, { "", 1 } };
	char *end;
	double n = strtod(text, &end);

	for (size_t i = 0; end != text && i < FWC_ARRAY_SIZE(units); i++)
		if (!strcmp(end, units[i].unit)) {
			*ret = n * units[i].us;
			return *ret >= 1 && *ret <= UINT32_MAX;
		}
	return false;
}

static int parse_time(const struct fwc_xt_place *p, const char *const *words)
{
	size_t at = p->option->at == INTERVAL ? GIVEN_INTERVAL : GIVEN_WEIGHT;
	double us;

	if (!scan_time(words[0], &us))
		return fwc_xt_bad_value(p, words[0],
					"a time up to 4294s: NUMBERs, NUMBERms, NUMBERus");
	fwc_xt_put(p->info, at, 4, (uint64_t)us);
	return 0;
}

static uint64_t interval_us(const uint8_t *info)
{
	int n = (int8_t)info[INTERVAL];

	return (uint64_t)SHORTEST_US << ((n < INTERVAL_MIN ? 0 : n - INTERVAL_MIN) & 31);
}

/* As iptables writes times: in 32 bits of us. */
static void format_us(uint64_t us, struct fwc_buf *out)
{
	const char *unit = "us";
	uint64_t tenths = (us & UINT32_MAX) * 10, scale = 1;

	if (tenths >= 10000000) {
		unit = "s";
		scale = 1000000;
	} else if (tenths >= 10000) {
		unit = "ms";
		scale = 1000;
	}
	tenths = (tenths + scale / 2) / scale;
	if (scale == 1)
		fwc_buf_printf(out, "%llu%s", (unsigned long long)tenths / 10, unit);
	else
		fwc_buf_printf(out, "%llu.%llu%s", (unsigned long long)tenths / 10,
			       (unsigned long long)tenths % 10, unit);
}

static void format_interval(const struct fwc_xt_place *p, struct fwc_buf *out)
{
	format_us(interval_us(p->info), out);
}

static void format_weight(const struct fwc_xt_place *p, struct fwc_buf *out)
{
	format_us(interval_us(p->info) << (p->info[WEIGHT] & 31), out);
}

static const struct fwc_xt_form interval_form = { 1, parse_time, format_interval };
static const struct fwc_xt_form weight_form = { 1, parse_time, format_weight };

/* Over how many intervals a weight of 2^-n averages, in thousandths: 1 / -ln(1 - 2^-n). */
static uint64_t intervals_of_weight(unsigned int n)
{
	static const uint16_t first[] = { 0, 1443, 3476, 7489, 15495, 31498 };

	return n < FWC_ARRAY_SIZE(first) ? first[n] : (UINT64_C(1000) << n) - 500;
}

static int check_target(const struct fwc_xt_row *row, uint8_t *info, uint8_t proto, uint32_t given,
			struct fwc_error *err)
{
	uint64_t interval = fwc_xt_get(info, GIVEN_INTERVAL, 4);
	uint64_t average = 1000 * fwc_xt_get(info, GIVEN_WEIGHT, 4);
	int n = INTERVAL_MIN;
	unsigned int weight = 0;

	(void)row;
	(void)proto;
	(void)given;
	while (n <= INTERVAL_MAX && (uint64_t)SHORTEST_US << (n - INTERVAL_MIN) < interval)
		n++;
	if (n > INTERVAL_MAX)
		return fwc_fail(err, -EINVAL, FWC_OBJECT_TEXT, "--rateest-interval is at most 8s");
	while (weight < WEIGHT_MOST && intervals_of_weight(weight + 1) * interval <= average)
		weight++;
	if (!weight || weight == WEIGHT_MOST)
		return fwc_fail(err, -EINVAL, FWC_OBJECT_TEXT,
				"--rateest-ewmalog is at least 1.45 times --rateest-interval");
	info[INTERVAL] = (uint8_t)n;
	info[WEIGHT] = (uint8_t)weight;
	fwc_xt_put(info, GIVEN_INTERVAL, 8, 0);
	return 0;
}

static const struct fwc_xt_option target_options[] = {
	{ .name = "rateest-name",
	  .form = &fwc_xt_cut_name,
	  .len = NAME_LEN,
	  .min = 1,
	  .flags = FWC_XT_REQUIRED | FWC_XT_ALWAYS },
	{ .name = "rateest-interval",
	  .form = &interval_form,
	  .at = INTERVAL,
	  .len = 1,
	  .flags = FWC_XT_REQUIRED | FWC_XT_ALWAYS },
	{ .name = "rateest-ewmalog",
	  .form = &weight_form,
	  .at = WEIGHT,
	  .len = 1,
	  .flags = FWC_XT_REQUIRED | FWC_XT_ALWAYS },
};

/* ---- rateest ---- */

enum {
	NAME2 = 16,
	FLAGS = 32,
	MODE = 34,
	BYTES1 = 36,
	PACKETS1 = 40,
	BYTES2 = 44,
	PACKETS2 = 48,
	INVERT = 0x01,
	ABSOLUTE = 0x02,
	RELATIVE = 0x04,
	DELTA = 0x08,
	BYTES = 0x10,
	PACKETS = 0x20,
	EQUAL = 1,
	LESS = 2,
	GREATER = 3,
};

/* In bits or bytes per second; what is not said is bits. Prefixes in capitals and small letters are powers of 1000, `i` makes
 * them of 1024. */
static bool scan_rate(const char *text, uint64_t *ret)
{
	static const char prefixes[] = "kmgt";
	char *end;
	double n = strtod(text, &end), step = 1000;
	const char *prefix;

	if (end == text || !(n >= 0))
		return false;
	prefix = *end ? strchr(prefixes, *end | 0x20) : NULL;
	if (prefix) {
		if (end[1] == 'i')
			step = 1024;
		end += step > 1000 ? 2 : 1;
		for (const char *c = prefixes; c <= prefix; c++)
			n *= step;
	}
	if (!strcasecmp(end, "bps"))
		n *= 8;
	else if (strcasecmp(end, "bit") != 0 && (*end || prefix))
		return false;
	if (n / 8 > UINT32_MAX)
		return false;
	*ret = (uint64_t)(n / 8);
	return true;
}

static bool is_relative(const struct fwc_xt_place *p)
{
	return fwc_xt_get(p->info, FLAGS, 2) & RELATIVE;
}

static bool is_delta(const struct fwc_xt_place *p)
{
	return fwc_xt_get(p->info, FLAGS, 2) & DELTA;
}

static int parse_rate(const struct fwc_xt_place *p, const char *const *words)
{
	uint64_t n = 0;

	if (words[0] && !scan_rate(words[0], &n))
		return fwc_xt_bad_value(
			p, words[0],
			"a number up to 34gbit, with bit, kbit, mbit, gbit, Kibit ..., Bps, KBps, KiBps ...");
	fwc_xt_put(p->info, p->option->at, 4, n);
	return 0;
}

static int parse_count(const struct fwc_xt_place *p, const char *const *words)
{
	return words[0] ? fwc_xt_number.parse(p, words) : 0;
}

static void format_rate(const struct fwc_xt_place *p, struct fwc_buf *out)
{
	uint64_t bits = 8 * fwc_xt_get(p->info, p->option->at, 4);

	if (bits >= UINT64_C(1000000000))
		fwc_buf_printf(out, "%lluMbit", (unsigned long long)(bits + 500000) / 1000000);
	else if (bits >= 1000000)
		fwc_buf_printf(out, "%lluKbit", (unsigned long long)(bits + 500) / 1000);
	else
		fwc_buf_printf(out, "%llubit", (unsigned long long)bits);
}

static void format_count(const struct fwc_xt_place *p, struct fwc_buf *out)
{
	fwc_xt_number.format(p, out);
}

static const struct fwc_xt_form rate_form = { 1, parse_rate, format_rate };
static const struct fwc_xt_form count_form = { 1, parse_count, format_count };

static bool is_no_delta(const struct fwc_xt_place *p)
{
	return !is_delta(p);
}

static bool is_delta_or_relative(const struct fwc_xt_place *p)
{
	return is_delta(p) || is_relative(p);
}

static bool is_delta_or_absolute(const struct fwc_xt_place *p)
{
	return is_delta(p) || !is_relative(p);
}

enum {
	OPTION_DELTA,
	OPTION_NAME,
	OPTION_NAME1,
	OPTION_BYTES1,
	OPTION_PACKETS1,
	OPTION_EQUAL,
	OPTION_LESS,
	OPTION_GREATER,
	OPTION_BYTES,
	OPTION_BYTES2,
	OPTION_PACKETS,
	OPTION_PACKETS2,
	OPTION_NAME2 = OPTION_PACKETS2 + 3,
	ALL_BYTES = BIT(OPTION_BYTES) | BIT(OPTION_BYTES1) | BIT(OPTION_BYTES2),
	ALL_PACKETS = BIT(OPTION_PACKETS) | BIT(OPTION_PACKETS1) | BIT(OPTION_PACKETS2),
	ALL_PLAIN = BIT(OPTION_BYTES) | BIT(OPTION_PACKETS),
	ALL_DELTA = (ALL_BYTES | ALL_PACKETS) & ~ALL_PLAIN,
	ALL_COMPARE = BIT(OPTION_EQUAL) | BIT(OPTION_LESS) | BIT(OPTION_GREATER),
};

#define ESTIMATOR(option, where, bit, more, others, together)                                      \
	{                                                                                          \
		.name = (option), .form = &fwc_xt_cut_name, .at = (where), .len = NAME_LEN,        \
		.min = 1, .flags = (more), .excludes = (others), .needs = (together), .given = {   \
			FLAGS,                                                                     \
			2,                                                                         \
			(bit),                                                                     \
			(bit)                                                                      \
		}                                                                                  \
	}
#define COMPARE(option, which, number)                                                             \
	{                                                                                          \
		.name = (option), .form = &fwc_xt_flag, .excludes = ALL_COMPARE & ~BIT(which),     \
		.given = { MODE, 2, 0xffff, (number) }, .inverted = {                              \
			FLAGS,                                                                     \
			2,                                                                         \
			INVERT,                                                                    \
			INVERT                                                                     \
		}                                                                                  \
	}
#define RATE(option, how, where, bit, more, others, when)                                          \
	{                                                                                          \
		.name = (option), .form = (how), .at = (where), .len = 4, .flags = (more),         \
		.excludes = (others), .given = { FLAGS, 2, (bit), (bit) }, .left_out = (when)      \
	}
/* Between two estimators it has no value. */
#define RATE_ALONE(option, bit)                                                                    \
	{                                                                                          \
		.name = (option), .form = &fwc_xt_flag, .given = { FLAGS, 2, (bit), (bit) },       \
		.left_out = is_delta_or_absolute                                                   \
	}

static const struct fwc_xt_option match_options[] = {
	{ .name = "rateest-delta", .form = &fwc_xt_flag, .given = { FLAGS, 2, DELTA, DELTA } },
	ESTIMATOR("rateest", 0, ABSOLUTE, 0, BIT(OPTION_NAME1) | BIT(OPTION_NAME2), 0),
	ESTIMATOR("rateest1", 0, RELATIVE, 0, BIT(OPTION_NAME), BIT(OPTION_NAME2)),
	RATE("rateest-bps1", &rate_form, BYTES1, BYTES, 0, ALL_PACKETS | BIT(OPTION_BYTES),
	     is_no_delta),
	RATE("rateest-pps1", &count_form, PACKETS1, PACKETS, 0, ALL_BYTES | BIT(OPTION_PACKETS),
	     is_no_delta),
	COMPARE("rateest-eq", OPTION_EQUAL, EQUAL),
	COMPARE("rateest-lt", OPTION_LESS, LESS),
	COMPARE("rateest-gt", OPTION_GREATER, GREATER),
	RATE("rateest-bps", &rate_form, BYTES2, BYTES, FWC_XT_VALUE_OPTIONAL,
	     ALL_PACKETS | BIT(OPTION_BYTES1) | BIT(OPTION_BYTES2), is_delta_or_relative),
	RATE("rateest-bps2", &rate_form, BYTES2, BYTES, 0, ALL_PACKETS | BIT(OPTION_BYTES),
	     is_no_delta),
	RATE("rateest-pps", &count_form, PACKETS2, PACKETS, FWC_XT_VALUE_OPTIONAL,
	     ALL_BYTES | BIT(OPTION_PACKETS1) | BIT(OPTION_PACKETS2), is_delta_or_relative),
	RATE("rateest-pps2", &count_form, PACKETS2, PACKETS, 0, ALL_BYTES | BIT(OPTION_PACKETS),
	     is_no_delta),
	RATE_ALONE("rateest-bps", BYTES),
	RATE_ALONE("rateest-pps", PACKETS),
	ESTIMATOR("rateest2", NAME2, RELATIVE, 0, BIT(OPTION_NAME), BIT(OPTION_NAME1)),
};

static int check_match(const struct fwc_xt_row *row, uint8_t *info, uint8_t proto, uint32_t given,
		       struct fwc_error *err)
{
	uint64_t flags = fwc_xt_get(info, FLAGS, 2);
	uint32_t bytes = BIT(OPTION_BYTES1) | BIT(OPTION_BYTES2);
	uint32_t packets = BIT(OPTION_PACKETS1) | BIT(OPTION_PACKETS2);

	(void)row;
	(void)proto;
	if (!(given & (BIT(OPTION_NAME) | BIT(OPTION_NAME1))))
		return fwc_fail(err, -EINVAL, FWC_OBJECT_TEXT,
				"-m rateest needs --rateest, or --rateest1 and --rateest2");
	if (flags & DELTA && (given & bytes) != bytes && (given & packets) != packets)
		return fwc_fail(
			err, -EINVAL, FWC_OBJECT_TEXT,
			"--rateest-delta needs --rateest-bps1 and --rateest-bps2, or both of pps");
	if (!(flags & DELTA) && !(given & ALL_PLAIN))
		return fwc_fail(
			err, -EINVAL, FWC_OBJECT_TEXT,
			"-m rateest without --rateest-delta needs --rateest-bps or --rateest-pps");
	return 0;
}

static const struct fwc_xt_row rows[] = {
	{ .name = "RATEEST",
	  .is_target = true,
	  .families = FWC_XT_BOTH,
	  .size = 32,
	  FWC_XT_OPTIONS(target_options),
	  .check = check_target },
	{ .name = "rateest",
	  .families = FWC_XT_BOTH,
	  .size = 72,
	  FWC_XT_OPTIONS(match_options),
	  .one_of = ALL_COMPARE,
	  .check = check_match },
};

const struct fwc_xt_rows fwc_xt_rateest_rows = { rows, FWC_ARRAY_SIZE(rows) };
