/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* hashlimit: a limit for each group of packets.
 *
 * Kernel: struct xt_hashlimit_mtinfo1, 2 and 3 of linux/netfilter/xt_hashlimit.h. A name of 16 bytes or of 255, then what is
 * counted, then numbers of 4 bytes; they differ in where these begin, and in the length of the first two. */
#include <strings.h>

#include "iptables/forms.h"

/* Bits of `mode`. */
enum {
	MODE_GROUPS = 0x0f,
	MODE_ABOVE = 0x10,
	MODE_BYTES = 0x20,
	MODE_RATE_MATCH = 0x40,
};

struct layout {
	uint16_t average, burst, len; /* of those two */
	uint16_t mode, expire, interval;
	uint32_t scale; /* of an average: units of 1/scale s */
};

enum { NO_INTERVAL = 0, V1_NUMBERS = 28, V2_NUMBERS = 276 };

static const struct layout layouts[] = {
	{ 20, 24, 4, 16, V1_NUMBERS + 12, NO_INTERVAL, 10000 },
	{ 256, 264, 8, 272, V2_NUMBERS + 12, NO_INTERVAL, 1000000 },
	{ 256, 264, 8, 272, V2_NUMBERS + 12, V2_NUMBERS + 16, 1000000 },
};

static const struct layout *layout_of(const struct fwc_xt_row *row)
{
	return &layouts[row->revision - 1];
}

static uint64_t mode_of(const struct fwc_xt_row *row, const uint8_t *info)
{
	return fwc_xt_get(info, layout_of(row)->mode, 4);
}

/* ---- a number of bytes per second is kept as what 16 bytes cost ---- */

static uint64_t cost_of_bytes(uint64_t bytes)
{
	return UINT32_MAX / ((bytes >> 4) + 1);
}

static uint64_t bytes_of_cost(uint64_t cost)
{
	return ((cost ? UINT32_MAX / cost : UINT32_MAX) - 1) << 4;
}

static const struct {
	const char *name;
	uint64_t bytes;
} byte_units[] = { { "mb", 1 << 20 }, { "kb", 1 << 10 }, { "b", 1 } };

/* `400kb` or, where a `/s` may follow, what stands before it. 0: no unit of bytes. */
static uint64_t scan_byte_unit(const char *text, size_t len)
{
	for (size_t i = 0; i < FWC_ARRAY_SIZE(byte_units); i++)
		if (strlen(byte_units[i].name) == len &&
		    !strncasecmp(byte_units[i].name, text, len))
			return byte_units[i].bytes;
	return 0;
}

/* ---- the rate ---- */

static const struct {
	const char *name, *written;
	uint32_t seconds;
} units[] = {
	{ "day", "day", 86400 },
	{ "hour", "hour", 3600 },
	{ "minute", "min", 60 },
	{ "second", "sec", 1 },
};

static uint32_t scan_seconds(const char *unit)
{
	for (size_t i = 0; *unit && i < FWC_ARRAY_SIZE(units); i++)
		if (!strncasecmp(units[i].name, unit, strlen(unit)))
			return units[i].seconds;
	return 0;
}

static void put_mode(const struct fwc_xt_place *p, uint64_t bits)
{
	fwc_xt_put(p->info, layout_of(p->row)->mode, 4, mode_of(p->row, p->info) | bits);
}

/* While the rule is read, the unit stands where the kernel keeps a pointer: `check` takes it from there. */
static size_t unit_at(const struct fwc_xt_row *row)
{
	return row->size - 8u;
}

static int bad_rate(const struct fwc_xt_place *p, const char *text)
{
	return fwc_xt_bad_value(
		p, text,
		"NUMBER/second, /minute, /hour or /day, up to %u a second, or bytes: NUMBERb/s from 16, NUMBERkb/s, NUMBERmb/s up to 4095",
		layout_of(p->row)->scale);
}

static int parse_bytes_per_second(const struct fwc_xt_place *p, const char *text, uint64_t bytes)
{
	const struct layout *at = layout_of(p->row);

	if (bytes < 16 || bytes > UINT64_C(4095) << 20)
		return bad_rate(p, text);
	put_mode(p, MODE_BYTES);
	fwc_xt_put(p->info, unit_at(p->row), 8, 1);
	fwc_xt_put(p->info, at->average, at->len, cost_of_bytes(bytes));
	return 0;
}

static int parse_rate(const struct fwc_xt_place *p, const char *const *words)
{
	const struct layout *at = layout_of(p->row);
	const char *slash = strchr(words[0], '/'), *end;
	uint32_t seconds = slash ? scan_seconds(slash + 1) : 1;
	uint64_t rate, unit;

	if (!fwc_xt_scan(words[0], 1, UINT32_MAX, &rate, &end) || !seconds)
		return bad_rate(p, words[0]);
	unit = slash && seconds == 1 ? scan_byte_unit(end, (size_t)(slash - end)) : 0;
	if (unit)
		return parse_bytes_per_second(p, words[0], rate * unit);
	if ((slash ? end != slash : *end) || (uint64_t)seconds * at->scale < rate)
		return bad_rate(p, words[0]);
	fwc_xt_put(p->info, at->average, at->len, (uint64_t)seconds * at->scale / rate);
	fwc_xt_put(p->info, unit_at(p->row), 8, seconds);
	return 0;
}

/* The largest unit in which it is a number at all: what the kernel knows as units of 1/scale s. */
static size_t unit_of_average(uint64_t average, uint32_t scale)
{
	size_t i = 1;

	for (; average && i < FWC_ARRAY_SIZE(units); i++) {
		uint64_t unit = (uint64_t)units[i].seconds * scale;

		if (average > unit || unit / average < unit % average)
			break;
	}
	return i - 1;
}

/* The largest unit of bytes that is read as the same cost. */
static void format_byte_rate(uint64_t cost, struct fwc_buf *out)
{
	uint64_t bytes = bytes_of_cost(cost);
	size_t i = 0;

	for (; i + 1 < FWC_ARRAY_SIZE(byte_units); i++) {
		uint64_t n = bytes / byte_units[i].bytes;

		/* In 32 bits, as iptables counts. */
		if (n && cost_of_bytes((uint32_t)(n * byte_units[i].bytes)) == cost)
			break;
	}
	fwc_buf_printf(out, "%llu%s/s", (unsigned long long)(bytes / byte_units[i].bytes),
		       byte_units[i].name);
}

static void format_rate(const struct fwc_xt_place *p, struct fwc_buf *out)
{
	const struct layout *at = layout_of(p->row);
	uint64_t average = fwc_xt_get(p->info, at->average, at->len);
	size_t unit = unit_of_average(average, at->scale);

	if (mode_of(p->row, p->info) & MODE_BYTES)
		format_byte_rate(average, out);
	else
		fwc_buf_printf(out, "%llu/%s",
			       (unsigned long long)(average ? (uint64_t)units[unit].seconds *
								      at->scale / average
							    : 0),
			       units[unit].written);
}

static const struct fwc_xt_form rate_form = { 1, parse_rate, format_rate };

/* ---- the burst: packets, or seconds of the rate, written as bytes ---- */

enum { BURST_MOST = 1000000, BURST_MOST_V1 = 10000, BURST_PACKETS = 5 };

static int parse_burst(const struct fwc_xt_place *p, const char *const *words)
{
	const struct layout *at = layout_of(p->row);
	const char *end;
	uint64_t n, unit;

	if (fwc_xt_scan(words[0], 1, UINT32_MAX, &n, &end)) {
		unit = *end ? scan_byte_unit(end, strlen(end)) : 1;
		if (unit && n * unit <= UINT32_MAX) {
			fwc_xt_put(p->info, at->burst, at->len, n * unit);
			return 0;
		}
	}
	return fwc_xt_bad_value(p, words[0],
				"a number of packets, or NUMBERb, NUMBERkb, NUMBERmb up to 4095");
}

static void format_burst(const struct fwc_xt_place *p, struct fwc_buf *out)
{
	const struct layout *at = layout_of(p->row);
	uint64_t burst = fwc_xt_get(p->info, at->burst, at->len);
	size_t i = 0;

	if (!(mode_of(p->row, p->info) & MODE_BYTES)) {
		fwc_buf_printf(out, "%llu", (unsigned long long)burst);
		return;
	}
	burst *= bytes_of_cost(fwc_xt_get(p->info, at->average, at->len));
	while (i + 1 < FWC_ARRAY_SIZE(byte_units) && burst < byte_units[i].bytes)
		i++;
	fwc_buf_printf(out, "%llu%s", (unsigned long long)(burst / byte_units[i].bytes),
		       byte_units[i].name);
}

static bool burst_is_left_out(const struct fwc_xt_place *p)
{
	const struct layout *at = layout_of(p->row);

	return mode_of(p->row, p->info) & MODE_BYTES && !fwc_xt_get(p->info, at->burst, at->len);
}

static const struct fwc_xt_form burst_form = { 1, parse_burst, format_burst };

/* ---- groups ---- */

static const struct fwc_symbol groups[] = {
	{ "srcip", 0x4 }, { "srcport", 0x8 }, { "dstip", 0x1 }, { "dstport", 0x2 }, { 0 },
};

static int parse_groups(const struct fwc_xt_place *p, const char *const *words)
{
	uint64_t others = mode_of(p->row, p->info) & ~(uint64_t)MODE_GROUPS;
	int r = fwc_xt_symbols.parse(p, words);

	if (r == 0)
		put_mode(p, others);
	return r;
}

static void format_groups(const struct fwc_xt_place *p, struct fwc_buf *out)
{
	fwc_xt_symbols.format(p, out);
}

static bool groups_are_left_out(const struct fwc_xt_place *p)
{
	return !(mode_of(p->row, p->info) & MODE_GROUPS);
}

static const struct fwc_xt_form groups_form = { 1, parse_groups, format_groups };

/* ---- how long an entry lives, in ms: by default as long as it takes to fill ---- */

enum { BYTES_EXPIRE = 15000, BYTES_BURST_EXPIRE = 60000 };

static uint64_t default_expire(const struct fwc_xt_row *row, const uint8_t *info)
{
	const struct layout *at = layout_of(row);
	uint64_t average = fwc_xt_get(info, at->average, at->len);

	if (mode_of(row, info) & MODE_BYTES)
		return fwc_xt_get(info, at->burst, at->len) ? BYTES_BURST_EXPIRE : BYTES_EXPIRE;
	return UINT64_C(1000) * units[unit_of_average(average, at->scale)].seconds;
}

static bool expire_is_left_out(const struct fwc_xt_place *p)
{
	return fwc_xt_get(p->info, layout_of(p->row)->expire, 4) == default_expire(p->row, p->info);
}

static bool interval_is_left_out(const struct fwc_xt_place *p)
{
	return !(mode_of(p->row, p->info) & MODE_RATE_MATCH) ||
	       fwc_xt_get(p->info, layout_of(p->row)->interval, 4) == 1;
}

/* ---- the whole ---- */

enum {
	UPTO,
	LIMIT,
	ABOVE,
	BURST,
	MODE,
	NAME,
	TABLE_SIZE,
	TABLE_MAX,
	TABLE_GC,
	TABLE_EXPIRE,
	SOURCE_MASK,
	DESTINATION_MASK,
	RATE_MATCH,
	RATE_INTERVAL,
};

#define BIT(n) (1u << (n))

static int check_burst(const struct fwc_xt_row *row, uint8_t *info, uint32_t given,
		       struct fwc_error *err)
{
	const struct layout *at = layout_of(row);
	uint64_t burst = given & BIT(BURST) ? fwc_xt_get(info, at->burst, at->len) : 0;
	uint64_t most = row->revision == 1 ? BURST_MOST_V1 : BURST_MOST, rate;

	if (!(mode_of(row, info) & MODE_BYTES))
		return burst <= most ? 0
				     : fwc_fail(err, -EINVAL, FWC_OBJECT_TEXT,
						"--hashlimit-burst is from 1 to %llu packets",
						(unsigned long long)most);
	rate = bytes_of_cost(fwc_xt_get(info, at->average, at->len));
	if (burst && burst < rate)
		return fwc_fail(
			err, -EINVAL, FWC_OBJECT_TEXT,
			"--hashlimit-burst is at least what may pass in a second: here %llub",
			(unsigned long long)rate);
	fwc_xt_put(info, at->burst, at->len, (burst + rate - 1) / rate);
	return 0;
}

/* With --hashlimit-rate-match the rate is of an interval: of its unit, where none is given. */
static int check_interval(const struct fwc_xt_row *row, uint8_t *info, uint64_t seconds,
			  uint32_t given, struct fwc_error *err)
{
	const struct layout *at = layout_of(row);
	uint64_t average = fwc_xt_get(info, at->average, at->len);

	if (!(given & BIT(RATE_MATCH)))
		return 0;
	if (!(given & BIT(RATE_INTERVAL)))
		fwc_xt_put(info, at->interval, 4, seconds);
	if (average < seconds)
		return fwc_fail(err, -EINVAL, FWC_OBJECT_TEXT,
				"--hashlimit-rate-match takes at most %u packets an interval",
				at->scale);
	fwc_xt_put(info, at->average, at->len, average / seconds);
	return 0;
}

static int check(const struct fwc_xt_row *row, uint8_t *info, uint8_t proto, uint32_t given,
		 struct fwc_error *err)
{
	uint64_t seconds = fwc_xt_get(info, unit_at(row), 8);
	int r = check_burst(row, info, given, err);

	(void)proto;
	fwc_xt_put(info, unit_at(row), 8, 0);
	if (r < 0)
		return r;
	if (!(given & BIT(TABLE_EXPIRE)))
		fwc_xt_put(info, layout_of(row)->expire, 4,
			   mode_of(row, info) & MODE_BYTES ? default_expire(row, info)
							   : 1000 * seconds);
	return check_interval(row, info, seconds, given, err);
}

#define RATE(option, at_mode, more, sense)                                                         \
	{                                                                                          \
		.name = (option), .form = &rate_form, .flags = (more),                             \
		.excludes = (BIT(UPTO) | BIT(LIMIT) | BIT(ABOVE)) & ~BIT(sense),                   \
		.given = { (at_mode), 4, MODE_ABOVE, (sense) == ABOVE ? MODE_ABOVE : 0 },          \
		.inverted = {                                                                      \
			(at_mode),                                                                 \
			4,                                                                         \
			MODE_ABOVE,                                                                \
			(sense) == ABOVE ? 0 : MODE_ABOVE                                          \
		}                                                                                  \
	}
#define NUMBER(option, where, least)                                                               \
	{                                                                                          \
		.name = (option), .form = &fwc_xt_number, .at = (where), .len = 4, .min = (least)  \
	}

/* `numbers` begins the sizes of the table; `masks` are two bytes. */
#define OPTIONS(name_len, at_mode, at_burst, len_burst, numbers, masks, bits)                      \
	RATE("hashlimit-upto", at_mode, 0, UPTO),                                                  \
		RATE("hashlimit", at_mode, FWC_XT_READ_ONLY, LIMIT),                               \
		RATE("hashlimit-above", at_mode, 0, ABOVE),                                        \
		{ .name = "hashlimit-burst",                                                       \
		  .form = &burst_form,                                                             \
		  .at = (at_burst),                                                                \
		  .len = (len_burst),                                                              \
		  .flags = FWC_XT_ALWAYS,                                                          \
		  .left_out = burst_is_left_out },                                                 \
		{ .name = "hashlimit-mode",                                                        \
		  .form = &groups_form,                                                            \
		  .at = (at_mode),                                                                 \
		  .len = 4,                                                                        \
		  .left_out = groups_are_left_out,                                                 \
		  .symbols = groups },                                                             \
		{ .name = "hashlimit-name",                                                        \
		  .form = &fwc_xt_cut_name,                                                        \
		  .len = (name_len),                                                               \
		  .min = 1,                                                                        \
		  .flags = FWC_XT_REQUIRED | FWC_XT_ALWAYS },                                      \
		NUMBER("hashlimit-htable-size", numbers, 0),                                       \
		NUMBER("hashlimit-htable-max", (numbers) + 4, 0),                                  \
		NUMBER("hashlimit-htable-gcinterval", (numbers) + 8, 1),                           \
		{ .name = "hashlimit-htable-expire",                                               \
		  .form = &fwc_xt_number,                                                          \
		  .at = (numbers) + 12,                                                            \
		  .len = 4,                                                                        \
		  .min = 1,                                                                        \
		  .left_out = expire_is_left_out },                                                \
		{ .name = "hashlimit-srcmask",                                                     \
		  .form = &fwc_xt_number,                                                          \
		  .at = (masks),                                                                   \
		  .len = 1,                                                                        \
		  .max = (bits) },                                                                 \
	{                                                                                          \
		.name = "hashlimit-dstmask", .form = &fwc_xt_number, .at = (masks) + 1, .len = 1,  \
		.max = (bits)                                                                      \
	}

#define OPTIONS1(bits) OPTIONS(16, 16, 24, 4, V1_NUMBERS, 44, bits)
#define OPTIONS2(bits) OPTIONS(255, 272, 264, 8, V2_NUMBERS, 292, bits)
#define OPTIONS3(bits)                                                                             \
	OPTIONS(255, 272, 264, 8, V2_NUMBERS, 296, bits),                                          \
		{ .name = "hashlimit-rate-match",                                                  \
		  .form = &fwc_xt_flag,                                                            \
		  .given = { 272, 4, MODE_RATE_MATCH, MODE_RATE_MATCH } },                         \
	{                                                                                          \
		.name = "hashlimit-rate-interval", .form = &fwc_xt_number, .at = 292, .len = 4,    \
		.min = 1, .max = UINT32_MAX - 1, .needs = BIT(RATE_MATCH),                         \
		.left_out = interval_is_left_out                                                   \
	}

enum { GC_MS = 1000, BITS = 32, BITS6 = 128, BOTH_BITS = 0x2020, BOTH_BITS6 = 0x8080 };

static const struct fwc_xt_option options1[] = { OPTIONS1(BITS) };
static const struct fwc_xt_option options1_6[] = { OPTIONS1(BITS6) };
static const struct fwc_xt_option options2[] = { OPTIONS2(BITS) };
static const struct fwc_xt_option options2_6[] = { OPTIONS2(BITS6) };
static const struct fwc_xt_option options3[] = { OPTIONS3(BITS) };
static const struct fwc_xt_option options3_6[] = { OPTIONS3(BITS6) };

#define ROW(at_family, number, bytes, array, numbers, at_burst, len_burst, masks, both)              \
	{                                                                                            \
		.name = "hashlimit", .families = (at_family), .revision = (number),                \
		.size = (bytes), FWC_XT_OPTIONS(array),                                            \
		.one_of = BIT(UPTO) | BIT(LIMIT) | BIT(ABOVE), .defaults = {                       \
			{ (numbers) + 8, 4, UINT32_MAX, GC_MS },                                   \
			{ (at_burst), (len_burst), UINT32_MAX, BURST_PACKETS },                    \
			{ (masks), 2, 0xffff, (both) },                                            \
		}, .check = check \
	}
#define ROWS(family, array3, array2, array1, both)                                                 \
	ROW(family, 3, 312, array3, V2_NUMBERS, 264, 8, 296, both),                                \
		ROW(family, 2, 304, array2, V2_NUMBERS, 264, 8, 292, both),                        \
		ROW(family, 1, 56, array1, V1_NUMBERS, 24, 4, 44, both)

static const struct fwc_xt_row rows[] = {
	ROWS(FWC_XT_IP, options3, options2, options1, BOTH_BITS),
	ROWS(FWC_XT_IP6, options3_6, options2_6, options1_6, BOTH_BITS6),
};

const struct fwc_xt_rows fwc_xt_hashlimit_rows = { rows, FWC_ARRAY_SIZE(rows) };
