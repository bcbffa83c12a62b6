/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* string: bytes anywhere in a packet.
 *
 * Kernel: struct xt_string_info of linux/netfilter/xt_string.h: from 0, to 2, algorithm 4, pattern 20, its length 148,
 * flags 149. */
#include <ctype.h>

#include "iptables/forms.h"

enum {
	FROM = 0,
	TO = 2,
	ALGORITHM = 4,
	ALGORITHM_LEN = 16,
	PATTERN = 20,
	PATTERN_MOST = 128,
	PATTERN_LEN = 148,
	FLAGS = 149,
	INVERT = 1,
	IGNORE_CASE = 2,
};

#define BIT(n) (1u << (n))

static int put_pattern(const struct fwc_xt_place *p, const uint8_t *bytes, size_t len,
		       const char *text)
{
	if (!len || len > PATTERN_MOST)
		return fwc_xt_bad_value(p, text, "1 to %d bytes", PATTERN_MOST);
	memcpy(p->info + PATTERN, bytes, len);
	p->info[PATTERN_LEN] = (uint8_t)len;
	return 0;
}

static int parse_string(const struct fwc_xt_place *p, const char *const *words)
{
	return put_pattern(p, (const uint8_t *)words[0], strlen(words[0]), words[0]);
}

static int hex_digit(char c)
{
	return isdigit((unsigned char)c)    ? c - '0'
	       : isxdigit((unsigned char)c) ? tolower((unsigned char)c) - 'a' + 10
					    : -1;
}

/* Between bars are bytes in hexadecimal, with spaces or not; else a character is itself. */
static int parse_hex_string(const struct fwc_xt_place *p, const char *const *words)
{
	uint8_t bytes[PATTERN_MOST + 1];
	bool hex = false;
	size_t len = 0;

	for (const char *at = words[0]; *at && len < sizeof(bytes); at++) {
		if (*at == '|') {
			hex = !hex;
		} else if (!hex) {
			bytes[len++] = (uint8_t)*at;
		} else if (*at != ' ') {
			int high = hex_digit(at[0]), low = high < 0 ? -1 : hex_digit(at[1]);

			if (low < 0)
				return fwc_xt_bad_value(p, words[0],
							"pairs of hexadecimal digits between bars");
			bytes[len++] = (uint8_t)(high << 4 | low);
			at++;
		}
	}
	if (hex)
		return fwc_xt_bad_value(p, words[0], "a bar at the end of |00 01|");
	return put_pattern(p, bytes, len, words[0]);
}

static size_t pattern_len(const struct fwc_xt_place *p)
{
	size_t len = p->info[PATTERN_LEN];

	return len < PATTERN_MOST ? len : PATTERN_MOST;
}

static bool is_text(const struct fwc_xt_place *p)
{
	for (size_t i = 0; i < pattern_len(p); i++)
		if (p->info[PATTERN + i] < ' ' || p->info[PATTERN + i] > '~')
			return false;
	return true;
}

static bool is_no_text(const struct fwc_xt_place *p)
{
	return !is_text(p);
}

static void format_string(const struct fwc_xt_place *p, struct fwc_buf *out)
{
	fwc_buf_puts(out, "\"");
	for (size_t i = 0; i < pattern_len(p); i++)
		fwc_buf_printf(out, "%s%c", strchr("\"\\", p->info[PATTERN + i]) ? "\\" : "",
			       p->info[PATTERN + i]);
	fwc_buf_puts(out, "\"");
}

static void format_hex_string(const struct fwc_xt_place *p, struct fwc_buf *out)
{
	fwc_buf_puts(out, "\"|");
	for (size_t i = 0; i < pattern_len(p); i++)
		fwc_buf_printf(out, "%02x", p->info[PATTERN + i]);
	fwc_buf_puts(out, "|\"");
}

static const struct fwc_xt_form string_form = { 1, parse_string, format_string };
static const struct fwc_xt_form hex_string_form = { 1, parse_hex_string, format_hex_string };

static int parse_algorithm(const struct fwc_xt_place *p, const char *const *words)
{
	if (strcmp(words[0], "bm") != 0 && strcmp(words[0], "kmp") != 0 &&
	    strcmp(words[0], "fsm") != 0)
		return fwc_xt_bad_value(p, words[0],
					"bm, kmp or fsm, which the kernel searches with");
	return fwc_xt_cut_name.parse(p, words);
}

static void format_algorithm(const struct fwc_xt_place *p, struct fwc_buf *out)
{
	fwc_xt_cut_name.format(p, out);
}

static const struct fwc_xt_form algorithm_form = { 1, parse_algorithm, format_algorithm };

static const struct fwc_xt_option options[] = {
	{ .name = "string",
	  .form = &string_form,
	  .at = PATTERN,
	  .len = PATTERN_MOST,
	  .flags = FWC_XT_ALWAYS,
	  .excludes = BIT(1),
	  .inverted = { FLAGS, 1, INVERT, INVERT },
	  .left_out = is_no_text },
	{ .name = "hex-string",
	  .form = &hex_string_form,
	  .at = PATTERN,
	  .len = PATTERN_MOST,
	  .flags = FWC_XT_ALWAYS,
	  .excludes = BIT(0),
	  .inverted = { FLAGS, 1, INVERT, INVERT },
	  .left_out = is_text },
	{ .name = "algo",
	  .form = &algorithm_form,
	  .at = ALGORITHM,
	  .len = ALGORITHM_LEN,
	  .flags = FWC_XT_REQUIRED | FWC_XT_ALWAYS },
	{ .name = "from", .form = &fwc_xt_number, .at = FROM, .len = 2 },
	{ .name = "to", .form = &fwc_xt_number, .at = TO, .len = 2 },
	{ .name = "icase", .form = &fwc_xt_flag, .given = { FLAGS, 1, IGNORE_CASE, IGNORE_CASE } },
};

static int check(const struct fwc_xt_row *row, uint8_t *info, uint8_t proto, uint32_t given,
		 struct fwc_error *err)
{
	(void)row;
	(void)proto;
	(void)given;
	if (fwc_xt_get(info, FROM, 2) <= fwc_xt_get(info, TO, 2))
		return 0;
	return fwc_fail(err, -EINVAL, FWC_OBJECT_TEXT, "--from is not behind --to");
}

static const struct fwc_xt_row rows[] = {
	{ .name = "string",
	  .families = FWC_XT_BOTH,
	  .revision = 1,
	  .size = 160,
	  FWC_XT_OPTIONS(options),
	  .one_of = BIT(0) | BIT(1),
	  .defaults = { { TO, 2, 0xffff, 0xffff } },
	  .check = check },
};

const struct fwc_xt_rows fwc_xt_string_rows = { rows, FWC_ARRAY_SIZE(rows) };
