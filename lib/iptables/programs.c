/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Matches that are programs: u32 and bpf.
 *
 * Kernel: linux/netfilter/xt_u32.h, xt_bpf.h, linux/filter.h. */
#include "iptables/forms.h"

/* ---- u32: tests of 180 bytes, their number 1980, inversion 1981 ----
 *
 * A test has places of 8 bytes: a number, and at 4 the operator before it; at 88 ranges of 8 bytes; how many of each at 176
 * and 177. */
enum {
	TEST = 180,
	TEST_RANGES = 88,
	TEST_NUMBER_COUNT = 176,
	TEST_RANGE_COUNT = 177,
	TESTS = 1980,
	U32_INVERT = 1981,
	U32_SIZE = 1984,
	U32_MOST = 10, /* tests, numbers, ranges */
};

/* In the order of the kernel's numbers. */
static const char *const operators[] = { "&", "<<", ">>", "@" };

static const char *skip_spaces(const char *at)
{
	while (*at == ' ')
		at++;
	return at;
}

static bool scan_u32(const char **at, uint64_t *ret)
{
	*at = skip_spaces(*at);
	if (!fwc_xt_scan(*at, 0, UINT32_MAX, ret, at))
		return false;
	*at = skip_spaces(*at);
	return true;
}

/* `&&` is none: it begins the next test. */
static size_t scan_operator(const char **at)
{
	size_t i = 0;

	for (; i < FWC_ARRAY_SIZE(operators); i++) {
		size_t len = strlen(operators[i]);

		if (!strncmp(*at, operators[i], len) && strncmp(*at, "&&", 2) != 0) {
			*at += len;
			break;
		}
	}
	return i;
}

static bool scan_location(const char **at, uint8_t *test)
{
	size_t count = 0, op = 0;
	uint64_t n;

	do {
		if (count == U32_MOST || !scan_u32(at, &n))
			return false;
		fwc_xt_put(test, 8 * count, 4, n);
		test[8 * count + 4] = (uint8_t)op;
		count++;
		op = scan_operator(at);
	} while (op < FWC_ARRAY_SIZE(operators));
	test[TEST_NUMBER_COUNT] = (uint8_t)count;
	return true;
}

static bool scan_ranges(const char **at, uint8_t *test)
{
	size_t count = 0;
	uint64_t first, last;

	do {
		if (count == U32_MOST || !scan_u32(at, &first))
			return false;
		last = first;
		if (**at == ':') {
			++*at;
			if (!scan_u32(at, &last) || last < first)
				return false;
		}
		fwc_xt_put(test, TEST_RANGES + 8 * count, 4, first);
		fwc_xt_put(test, TEST_RANGES + 8 * count + 4, 4, last);
		count++;
	} while (*(*at)++ == ',');
	--*at;
	test[TEST_RANGE_COUNT] = (uint8_t)count;
	return true;
}

static int parse_u32(const struct fwc_xt_place *p, const char *const *words)
{
	const char *at = words[0];
	size_t count = 0;
	bool well = true;

	do {
		well = count < U32_MOST && scan_location(&at, p->info + TEST * count) &&
		       *at++ == '=' && scan_ranges(&at, p->info + TEST * count);
		count++;
	} while (well && !strncmp(at, "&&", 2) && (at += 2));
	if (!well || *at)
		return fwc_xt_bad_value(
			p, words[0],
			"NUMBER[OPERATOR NUMBER...]=FIRST[:LAST][,...] with && between, up to 10 of each; operators are & << >> @");
	p->info[TESTS] = (uint8_t)count;
	return 0;
}

static size_t at_most(size_t n)
{
	return n < U32_MOST + 1 ? n : U32_MOST + 1;
}

static void format_test(const uint8_t *test, struct fwc_buf *out)
{
	for (size_t i = 0; i < at_most(test[TEST_NUMBER_COUNT]); i++) {
		uint8_t op = test[8 * i + 4];

		if (i)
			fwc_buf_puts(out, op < FWC_ARRAY_SIZE(operators) ? operators[op] : "?");
		fwc_buf_printf(out, "0x%llx", (unsigned long long)fwc_xt_get(test, 8 * i, 4));
	}
	for (size_t i = 0; i < at_most(test[TEST_RANGE_COUNT]); i++) {
		const uint8_t *range = test + TEST_RANGES + 8 * i;
		uint64_t first = fwc_xt_get(range, 0, 4), last = fwc_xt_get(range, 4, 4);

		fwc_buf_printf(out, "%s0x%llx", i ? "," : "=", (unsigned long long)first);
		if (last != first)
			fwc_buf_printf(out, ":0x%llx", (unsigned long long)last);
	}
}

static void format_u32(const struct fwc_xt_place *p, struct fwc_buf *out)
{
	fwc_buf_puts(out, "\"");
	for (size_t i = 0; i < at_most(p->info[TESTS]); i++) {
		fwc_buf_puts(out, i ? "&&" : "");
		format_test(p->info + TEST * i, out);
	}
	fwc_buf_puts(out, "\"");
}

static const struct fwc_xt_form u32_form = { 1, parse_u32, format_u32 };

static const struct fwc_xt_option u32_options[] = {
	{ .name = "u32",
	  .form = &u32_form,
	  .flags = FWC_XT_REQUIRED | FWC_XT_ALWAYS,
	  .inverted = { U32_INVERT, 1, 0xff, 1 } },
};

/* ---- bpf: mode 0, instructions 2, a descriptor 4, then the program or the path of one; before it was in the kernel, only
 * the number at 0 and the program at 4 ---- */

enum {
	BPF_MODE = 0,
	BPF_PROGRAM = 8,
	BPF_PROGRAM_LEN = 512,
	BPF_OLD_PROGRAM = 4,
	BPF_SIZE = 528,
	BPF_MOST = 64,
	BPF_BYTECODE = 0,
	BPF_PINNED = 1,
};

/* An option's `at` is where the program is; its length is before it, at `min`. */
static bool scan_instruction(const char **at, uint8_t *to)
{
	static const struct {
		uint8_t at, len;
		uint64_t max;
	} parts[] = {
		{ 0, 2, UINT16_MAX }, { 2, 1, UINT8_MAX }, { 3, 1, UINT8_MAX }, { 4, 4, UINT32_MAX }
	};

	for (size_t i = 0; i < FWC_ARRAY_SIZE(parts); i++) {
		uint64_t n;

		*at = skip_spaces(*at);
		if (!fwc_xt_scan(*at, 0, parts[i].max, &n, at))
			return false;
		fwc_xt_put(to, parts[i].at, parts[i].len, n);
	}
	*at = skip_spaces(*at);
	return true;
}

static size_t length_at(const struct fwc_xt_place *p)
{
	return p->option->at == BPF_PROGRAM ? 2 : 0;
}

static int parse_bytecode(const struct fwc_xt_place *p, const char *const *words)
{
	const char *at = words[0];
	uint64_t count = 0, n = 0;

	if (fwc_xt_scan(at, 1, BPF_MOST, &count, &at))
		while (n < count && (*at == ',' || *at == '\n')) {
			at++;
			if (!scan_instruction(&at, p->info + p->option->at + 8 * n))
				break;
			n++;
		}
	if (*at == ',' || *at == '\n')
		at++;
	if (!n || n != count || *at)
		return fwc_xt_bad_value(
			p, words[0],
			"how many instructions, 1 to %d, then each as 'CODE JT JF K', with commas between",
			BPF_MOST);
	fwc_xt_put(p->info, length_at(p), 2, count);
	return 0;
}

static void format_bytecode(const struct fwc_xt_place *p, struct fwc_buf *out)
{
	uint64_t count = fwc_xt_get(p->info, length_at(p), 2);

	fwc_buf_printf(out, "\"%llu", (unsigned long long)count);
	for (size_t i = 0; i < count && i < BPF_MOST; i++) {
		const uint8_t *at = p->info + p->option->at + 8 * i;

		fwc_buf_printf(out, ",%u %u %u %u", (unsigned int)fwc_xt_get(at, 0, 2), at[2],
			       at[3], (unsigned int)fwc_xt_get(at, 4, 4));
	}
	fwc_buf_puts(out, "\"");
}

static const struct fwc_xt_form bytecode_form = { 1, parse_bytecode, format_bytecode };

static const struct fwc_xt_option bpf_options[] = {
	{ .name = "bytecode",
	  .form = &bytecode_form,
	  .at = BPF_PROGRAM,
	  .len = BPF_PROGRAM_LEN,
	  .excludes = 2,
	  .given = { BPF_MODE, 2, 0xffff, BPF_BYTECODE } },
	{ .name = "object-pinned",
	  .form = &fwc_xt_text,
	  .at = BPF_PROGRAM,
	  .len = BPF_PROGRAM_LEN,
	  .min = 1,
	  .excludes = 1,
	  .given = { BPF_MODE, 2, 0xffff, BPF_PINNED } },
};

static const struct fwc_xt_option bpf_old_options[] = {
	{ .name = "bytecode",
	  .form = &bytecode_form,
	  .at = BPF_OLD_PROGRAM,
	  .len = BPF_PROGRAM_LEN,
	  .flags = FWC_XT_ALWAYS },
};

#define BOTH .families = FWC_XT_BOTH

static const struct fwc_xt_row rows[] = {
	{ .name = "u32", BOTH, .size = U32_SIZE, FWC_XT_OPTIONS(u32_options) },
	{ .name = "bpf",
	  BOTH,
	  .revision = 1,
	  .size = BPF_SIZE,
	  FWC_XT_OPTIONS(bpf_options),
	  .one_of = 3 },
	{ .name = "bpf", BOTH, .size = BPF_SIZE, FWC_XT_OPTIONS(bpf_old_options), .one_of = 1 },
};

const struct fwc_xt_rows fwc_xt_program_rows = { rows, FWC_ARRAY_SIZE(rows) };
