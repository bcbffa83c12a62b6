/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "fields/clock.h"

#include <time.h>

enum { DAY_S = 86400, DIGITS_MOST = 8 };

#define NS_PER_S UINT64_C(1000000000)

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

/* Up to `most` digits; how many there were, 0: none. */
static size_t read_digits(const char *text, size_t len, size_t most, uint64_t *ret)
{
	size_t n = 0;

	*ret = 0;
	while (n < len && n < most && is_digit(text[n]))
		*ret = *ret * 10 + (uint64_t)(text[n++] - '0');
	return n;
}

static bool read_seconds(const char *text, size_t len, uint64_t *ret)
{
	return len && read_digits(text, len, 11, ret) == len;
}

/* ---- spans ---- */

static const struct {
	const char *name;
	uint64_t ms;
} units[] = {
	{ "d", UINT64_C(86400000) }, { "h", 3600000 }, { "m", 60000 }, { "s", 1000 }, { "ms", 1 },
};

/* The longest unit that `text` begins with, each once and the larger ones first. */
static size_t read_unit(const char *text, size_t len, size_t *at, uint64_t *ret_ms)
{
	for (size_t i = FWC_ARRAY_SIZE(units); i > *at; i--) {
		size_t n = strlen(units[i - 1].name);

		if (n > len || memcmp(text, units[i - 1].name, n) != 0)
			continue;
		*ret_ms = units[i - 1].ms;
		*at = i;
		return n;
	}
	return 0;
}

bool fwc_clock_read_span(const char *text, size_t len, uint64_t *ret)
{
	uint64_t total = 0, number, ms;
	size_t unit = 0;

	if (len <= DIGITS_MOST && read_seconds(text, len, &number)) {
		*ret = number * 1000;
		return true;
	}
	while (len) {
		size_t n = read_digits(text, len, DIGITS_MOST, &number);
		size_t u = n ? read_unit(text + n, len - n, &unit, &ms) : 0;

		if (!u)
			return false;
		total += number * ms;
		text += n + u;
		len -= n + u;
	}
	*ret = total;
	return unit != 0;
}

void fwc_clock_format_span(uint64_t ms, struct fwc_buf *out)
{
	if (!ms)
		fwc_buf_puts(out, "0s");
	for (size_t i = 0; i < FWC_ARRAY_SIZE(units); i++) {
		if (ms >= units[i].ms)
			fwc_buf_printf(out, "%llu%s", (unsigned long long)(ms / units[i].ms),
				       units[i].name);
		ms %= units[i].ms;
	}
}

/* ---- dates and hours ---- */

/* How far local time is ahead of UTC at that moment, in seconds. */
static long offset_at(time_t when)
{
	struct tm local;

	return localtime_r(&when, &local) ? local.tm_gmtoff : 0;
}

/* Numbers of two digits with `sign` between them: as many as there are, at most `most`. */
static size_t read_pairs(const char **text, size_t *len, char sign, uint64_t *ret, size_t most)
{
	size_t count = 0;

	while (count < most) {
		size_t skip = count ? 1 : 0, n;

		if (*len < skip || (skip && **text != sign))
			break;
		n = read_digits(*text + skip, *len - skip, 2, &ret[count]);
		if (!n)
			return 0;
		*text += skip + n;
		*len -= skip + n;
		count++;
	}
	return count;
}

bool fwc_clock_read_date(const char *text, size_t len, uint64_t *ret)
{
	uint64_t seconds, year, month_day[2], clock[3] = { 0, 0, 0 };
	struct tm tm = { 0 };
	time_t when;

	if (read_seconds(text, len, &seconds)) {
		*ret = seconds * NS_PER_S;
		return true;
	}
	if (read_digits(text, len, 4, &year) != 4 || len < 5 || text[4] != '-')
		return false;
	text += 5;
	len -= 5;
	if (read_pairs(&text, &len, '-', month_day, 2) != 2 || month_day[0] < 1 ||
	    month_day[0] > 12 || month_day[1] < 1 || month_day[1] > 31)
		return false;
	if (len && *text++ == ' ' && len--)
		if (read_pairs(&text, &len, ':', clock, 3) < 2)
			return false;
	if (len || clock[0] > 23 || clock[1] > 59 || clock[2] > 60 || year < 1970)
		return false;
	tm.tm_year = (int)year - 1900;
	tm.tm_mon = (int)month_day[0] - 1;
	tm.tm_mday = (int)month_day[1];
	tm.tm_hour = (int)clock[0];
	tm.tm_min = (int)clock[1];
	tm.tm_sec = (int)clock[2];
	when = timegm(&tm);
	when -= offset_at(when);
	if (when < 0 || (uint64_t)when > UINT64_MAX / NS_PER_S)
		return false;
	*ret = (uint64_t)when * NS_PER_S;
	return true;
}

void fwc_clock_format_date(uint64_t ns, struct fwc_buf *out)
{
	time_t when = (time_t)(ns / NS_PER_S);
	struct tm tm;

	/* What words leave out is written as a number, if a number can say it. */
	if (ns % NS_PER_S || !localtime_r(&when, &tm)) {
		fwc_buf_printf(out, "%llu", (unsigned long long)(ns / NS_PER_S));
		return;
	}
	fwc_buf_printf(out, "\"%04d-%02d-%02d %02d:%02d:%02d\"", tm.tm_year + 1900, tm.tm_mon + 1,
		       tm.tm_mday, tm.tm_hour, tm.tm_min, tm.tm_sec);
}

bool fwc_clock_read_hour(const char *text, size_t len, uint64_t *ret)
{
	uint64_t clock[3] = { 0, 0, 0 }, seconds;
	long local;

	if (read_seconds(text, len, &seconds)) {
		*ret = seconds;
		return true;
	}
	if (read_pairs(&text, &len, ':', clock, 3) < 2 || len || clock[0] > 23 || clock[1] > 59 ||
	    clock[2] > 59)
		return false;
	local = (long)(clock[0] * 3600 + clock[1] * 60 + clock[2]) - offset_at(time(NULL));
	*ret = (uint64_t)(local < 0 ? local + DAY_S : local >= DAY_S ? local - DAY_S : local);
	return true;
}

void fwc_clock_format_hour(uint64_t s, struct fwc_buf *out)
{
	long local = (long)(s % DAY_S) + offset_at(time(NULL));

	local = (local % DAY_S + DAY_S) % DAY_S;
	fwc_buf_printf(out, "\"%02ld:%02ld", local / 3600, local / 60 % 60);
	if (local % 60)
		fwc_buf_printf(out, ":%02ld", local % 60);
	fwc_buf_puts(out, "\"");
}
