/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* time: dates, hours of the day, days of the week and of the month, in UTC.
 *
 * Kernel: struct xt_time_info of linux/netfilter/xt_time.h: dates 0 and 4, seconds of the day 8 and 12, days of the month 16,
 * of the week 20, flags 21, then two bytes that nobody looks at. */
#include <ctype.h>
#include <strings.h>
#include <time.h>

#include "iptables/forms.h"

enum {
	DATE_START = 0,
	DATE_STOP = 4,
	TIME_START = 8,
	TIME_STOP = 12,
	MONTHDAYS = 16,
	WEEKDAYS = 20,
	FLAGS = 21,
	INVERTED = 22, /* while the rule is read */
	KERNEL_TZ = 1,
	CONTIGUOUS = 2,
	LAST_SECOND = 86399,
	ALL_WEEKDAYS = 0xfe,
	LAST_YEAR = 2038,
};

static const uint32_t all_monthdays = 0xfffffffe;

/* ---- dates: YYYY[-MM[-DD[Thh[:mm[:ss]]]]] ---- */

/* Digits and the separator before them. False: another number, or none. */
static bool scan_part(const char **at, char separator, int digits, int min, int max, int *ret)
{
	const char *text = *at;
	int n = 0, count = 0;

	if (separator && *text++ != separator)
		return false;
	for (; isdigit((unsigned char)*text) && count < digits; text++, count++)
		n = n * 10 + (*text - '0');
	if (!count || n < min || n > max)
		return false;
	*at = text;
	*ret = n;
	return true;
}

static bool scan_date(const char *text, uint64_t *ret)
{
	static const struct {
		char separator;
		int digits, min, max;
	} parts[] = { { 0, 4, 1970, LAST_YEAR }, { '-', 2, 1, 12 }, { '-', 2, 1, 31 },
		      { 'T', 2, 0, 23 },         { ':', 2, 0, 59 }, { ':', 2, 0, 59 } };
	int n[FWC_ARRAY_SIZE(parts)] = { 0, 1, 1 };
	struct tm tm = { 0 };
	time_t seconds;

	for (size_t i = 0; i < FWC_ARRAY_SIZE(parts) && (*text || !i); i++)
		if (!scan_part(&text, parts[i].separator, parts[i].digits, parts[i].min,
			       parts[i].max, &n[i]))
			return false;
	tm.tm_year = n[0] - 1900;
	tm.tm_mon = n[1] - 1;
	tm.tm_mday = n[2];
	tm.tm_hour = n[3];
	tm.tm_min = n[4];
	tm.tm_sec = n[5];
	seconds = timegm(&tm);
	*ret = (uint64_t)seconds;
	return !*text && tm.tm_mday == n[2];
}

static int parse_date(const struct fwc_xt_place *p, const char *const *words)
{
	uint64_t seconds;

	if (!scan_date(words[0], &seconds))
		return fwc_xt_bad_value(
			p, words[0], "a date from 1970 to 2038 as YYYY[-MM[-DD[Thh[:mm[:ss]]]]]");
	fwc_xt_put(p->info, p->option->at, 4, seconds);
	return 0;
}

static void format_date(const struct fwc_xt_place *p, struct fwc_buf *out)
{
	time_t seconds = (time_t)fwc_xt_get(p->info, p->option->at, 4);
	struct tm tm;

	gmtime_r(&seconds, &tm);
	fwc_buf_printf(out, "%04d-%02d-%02dT%02d:%02d:%02d", tm.tm_year + 1900, tm.tm_mon + 1,
		       tm.tm_mday, tm.tm_hour, tm.tm_min, tm.tm_sec);
}

static const struct fwc_xt_form date_form = { 1, parse_date, format_date };

/* ---- hours: hh:mm[:ss] ---- */

static int parse_hour(const struct fwc_xt_place *p, const char *const *words)
{
	const char *at = words[0];
	int hour, minute, second = 0;

	if (!scan_part(&at, 0, 2, 0, 23, &hour) || !scan_part(&at, ':', 2, 0, 59, &minute) ||
	    (*at && !scan_part(&at, ':', 2, 0, 59, &second)) || *at)
		return fwc_xt_bad_value(p, words[0], "hh:mm[:ss] from 00:00 to 23:59:59");
	fwc_xt_put(p->info, p->option->at, 4,
		   (uint64_t)hour * 3600 + (uint64_t)minute * 60 + (uint64_t)second);
	return 0;
}

static void format_hour(const struct fwc_xt_place *p, struct fwc_buf *out)
{
	unsigned int s = (unsigned int)fwc_xt_get(p->info, p->option->at, 4);

	fwc_buf_printf(out, "%02u:%02u:%02u", s / 3600, s / 60 % 60, s % 60);
}

static const struct fwc_xt_form hour_form = { 1, parse_hour, format_hour };

/* Both are written where one is not what it is without. */
static bool is_whole_day(const struct fwc_xt_place *p)
{
	return !fwc_xt_get(p->info, TIME_START, 4) &&
	       fwc_xt_get(p->info, TIME_STOP, 4) == LAST_SECOND;
}

/* ---- days ---- */

static const char *const weekdays[] = { "Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun" };

static uint32_t scan_weekday(const char *text, size_t len)
{
	for (size_t i = 0; i < FWC_ARRAY_SIZE(weekdays); i++)
		if ((len >= 2 && !strncasecmp(weekdays[i], text, len < 3 ? len : 3)) ||
		    (len == 1 && text[0] == (char)('1' + (int)i)))
			return 2u << i;
	return 0;
}

static uint32_t scan_monthday(const char *text, size_t len)
{
	unsigned int n = 0;

	for (size_t i = 0; i < len; i++) {
		if (!isdigit((unsigned char)text[i]) || n > 31)
			return 0;
		n = n * 10 + (unsigned int)(text[i] - '0');
	}
	return n && n <= 31 ? 1u << n : 0;
}

static bool scan_days(const char *text, uint32_t (*scan)(const char *text, size_t len),
		      uint32_t *ret)
{
	uint32_t days = 0;

	for (;; text++) {
		size_t len = strcspn(text, ",");
		uint32_t day = scan(text, len);

		if (!day)
			return false;
		days |= day;
		text += len;
		if (!*text)
			break;
	}
	*ret = days;
	return true;
}

static int parse_monthdays(const struct fwc_xt_place *p, const char *const *words)
{
	uint32_t days;

	if (!scan_days(words[0], scan_monthday, &days))
		return fwc_xt_bad_value(p, words[0], "days from 1 to 31 with commas between");
	fwc_xt_put(p->info, MONTHDAYS, 4, days);
	return 0;
}

static int parse_weekdays(const struct fwc_xt_place *p, const char *const *words)
{
	uint32_t days;

	if (!scan_days(words[0], scan_weekday, &days))
		return fwc_xt_bad_value(
			p, words[0],
			"Mon, Tue, Wed, Thu, Fri, Sat, Sun or 1 to 7 with commas between");
	p->info[WEEKDAYS] = (uint8_t)days;
	return 0;
}

static void format_monthdays(const struct fwc_xt_place *p, struct fwc_buf *out)
{
	const char *separator = "";

	for (unsigned int day = 1; day <= 31; day++)
		if (fwc_xt_get(p->info, MONTHDAYS, 4) & UINT64_C(1) << day) {
			fwc_buf_printf(out, "%s%u", separator, day);
			separator = ",";
		}
}

static void format_weekdays(const struct fwc_xt_place *p, struct fwc_buf *out)
{
	const char *separator = "";

	for (size_t i = 0; i < FWC_ARRAY_SIZE(weekdays); i++)
		if (p->info[WEEKDAYS] & 2u << i) {
			fwc_buf_printf(out, "%s%s", separator, weekdays[i]);
			separator = ",";
		}
}

static const struct fwc_xt_form monthdays_form = { 1, parse_monthdays, format_monthdays };
static const struct fwc_xt_form weekdays_form = { 1, parse_weekdays, format_weekdays };

#define HOUR(option, where)                                                                        \
	{                                                                                          \
		.name = (option), .form = &hour_form, .at = (where), .len = 4,                     \
		.flags = FWC_XT_ALWAYS, .left_out = is_whole_day                                   \
	}
/* One that is read, with its inversion, and one that is written: the days that are left. */
#define DAYS(option, how, where, bytes, bit)                                                       \
	{ .name = (option),                                                                        \
	  .form = (how),                                                                           \
	  .at = (where),                                                                           \
	  .len = (bytes),                                                                          \
	  .flags = FWC_XT_READ_ONLY,                                                               \
	  .inverted = { INVERTED, 1, (bit), (bit) } },                                             \
	{                                                                                          \
		.name = (option), .form = (how), .at = (where), .len = (bytes)                     \
	}

static const struct fwc_xt_option options[] = {
	HOUR("timestart", TIME_START),
	HOUR("timestop", TIME_STOP),
	DAYS("monthdays", &monthdays_form, MONTHDAYS, 4, 1),
	DAYS("weekdays", &weekdays_form, WEEKDAYS, 1, 2),
	{ .name = "datestart", .form = &date_form, .at = DATE_START, .len = 4 },
	{ .name = "datestop",
	  .form = &date_form,
	  .at = DATE_STOP,
	  .len = 4,
	  .flags = FWC_XT_ALWAYS },
	{ .name = "kerneltz", .form = &fwc_xt_flag, .given = { FLAGS, 1, KERNEL_TZ, KERNEL_TZ } },
	{ .name = "contiguous",
	  .form = &fwc_xt_flag,
	  .given = { FLAGS, 1, CONTIGUOUS, CONTIGUOUS } },
};

static int check(const struct fwc_xt_row *row, uint8_t *info, uint8_t proto, uint32_t given,
		 struct fwc_error *err)
{
	uint32_t monthdays = (uint32_t)fwc_xt_get(info, MONTHDAYS, 4);

	(void)row;
	(void)proto;
	(void)given;
	if (info[INVERTED] & 1)
		monthdays ^= all_monthdays;
	if (info[INVERTED] & 2)
		info[WEEKDAYS] ^= ALL_WEEKDAYS;
	info[INVERTED] = 0;
	fwc_xt_put(info, MONTHDAYS, 4, monthdays);
	if (!monthdays || !info[WEEKDAYS])
		return fwc_fail(err, -EINVAL, FWC_OBJECT_TEXT, "-m time is left with no day");
	if (info[FLAGS] & CONTIGUOUS &&
	    fwc_xt_get(info, TIME_START, 4) <= fwc_xt_get(info, TIME_STOP, 4))
		return fwc_fail(err, -EINVAL, FWC_OBJECT_TEXT,
				"--contiguous needs a --timestop that is before --timestart");
	return 0;
}

static const struct fwc_xt_row rows[] = {
	{ .name = "time",
	  .families = FWC_XT_BOTH,
	  .size = 24,
	  FWC_XT_OPTIONS(options),
	  .defaults = { { DATE_STOP, 4, UINT32_MAX, INT32_MAX },
			{ TIME_STOP, 4, UINT32_MAX, LAST_SECOND },
			{ MONTHDAYS, 4, UINT32_MAX, 0xfffffffe },
			{ WEEKDAYS, 1, 0xff, ALL_WEEKDAYS } },
	  .check = check },
};

const struct fwc_xt_rows fwc_xt_time_rows = { rows, FWC_ARRAY_SIZE(rows) };
