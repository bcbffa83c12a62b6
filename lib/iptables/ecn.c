/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Bits of congestion, matched and set, and options of TCP that are taken out.
 *
 * Kernel: linux/netfilter/xt_ecn.h, xt_TCPOPTSTRIP.h, netfilter_ipv4/ipt_ECN.h. */
#include <netinet/in.h>
#include <strings.h>

#include "iptables/forms.h"

#define BIT(n) (1u << (n))

enum { OP_IP = 0x01, OP_ECE = 0x10, OP_CWR = 0x20, ECT_MOST = 3 };

/* `tcp` has a bit for each option that is of TCP. */
static int check_tcp(const struct fwc_xt_row *row, uint8_t proto, uint32_t tcp,
		     struct fwc_error *err)
{
	if (!tcp || proto == IPPROTO_TCP)
		return 0;
	return fwc_fail(err, -EINVAL, FWC_OBJECT_TEXT, "%s %s --ecn-tcp-... needs -p tcp",
			row->is_target ? "-j" : "-m", row->name);
}

/* ---- ecn: what is looked at 0, inverted 1, the header's bits 2 ---- */

#define LOOKED_AT(bit) .given = { 0, 1, (bit), (bit) }, .inverted = { 1, 1, (bit), (bit) }

static const struct fwc_xt_option match_options[] = {
	{ .name = "ecn-tcp-ece", .form = &fwc_xt_flag, LOOKED_AT(OP_ECE) },
	{ .name = "ecn-tcp-cwr", .form = &fwc_xt_flag, LOOKED_AT(OP_CWR) },
	{ .name = "ecn-ip-ect",
	  .form = &fwc_xt_number,
	  .at = 2,
	  .len = 1,
	  .max = ECT_MOST,
	  LOOKED_AT(OP_IP) },
};

static int check_match(const struct fwc_xt_row *row, uint8_t *info, uint8_t proto, uint32_t given,
		       struct fwc_error *err)
{
	(void)info;
	return check_tcp(row, proto, given & 3, err);
}

/* ---- ECN: what is set 0, the header's bits 1, TCP's 2 ---- */

/* Four bytes of a struct as one number; two bits of its third, which C calls ece and cwr. */
#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
#define BYTES(first, third) ((uint32_t)(first) | (uint32_t)(third) << 16)
enum { TCP_ECE = 0x01, TCP_CWR = 0x02 };
#else
#define BYTES(first, third) ((uint32_t)(first) << 24 | (uint32_t)(third) << 8)
enum { TCP_ECE = 0x80, TCP_CWR = 0x40 };
#endif

static int parse_bit(const struct fwc_xt_place *p, const char *text, uint8_t bit)
{
	uint64_t n;

	if (!fwc_xt_scan_all(text, 0, 1, &n))
		return fwc_xt_bad_value(p, text, "0 or 1");
	p->info[2] = (uint8_t)(n ? p->info[2] | bit : p->info[2] & ~bit);
	return 0;
}

static int parse_ece(const struct fwc_xt_place *p, const char *const *words)
{
	return parse_bit(p, words[0], TCP_ECE);
}

static int parse_cwr(const struct fwc_xt_place *p, const char *const *words)
{
	return parse_bit(p, words[0], TCP_CWR);
}

static void format_ece(const struct fwc_xt_place *p, struct fwc_buf *out)
{
	fwc_buf_puts(out, p->info[2] & TCP_ECE ? "1" : "0");
}

static void format_cwr(const struct fwc_xt_place *p, struct fwc_buf *out)
{
	fwc_buf_puts(out, p->info[2] & TCP_CWR ? "1" : "0");
}

static const struct fwc_xt_form ece_form = { 1, parse_ece, format_ece };
static const struct fwc_xt_form cwr_form = { 1, parse_cwr, format_cwr };

/* Both bits to 0, and nothing else. */
#define REMOVED                                                                                    \
	{                                                                                          \
		0, 4, BYTES(0xff, TCP_ECE | TCP_CWR), BYTES(OP_ECE | OP_CWR, 0)                    \
	}

static const struct fwc_xt_option target_options[] = {
	{ .name = "ecn-tcp-remove",
	  .form = &fwc_xt_flag,
	  .excludes = BIT(1) | BIT(2),
	  .given = REMOVED },
	{ .name = "ecn-tcp-ece",
	  .form = &ece_form,
	  .at = 2,
	  .len = 1,
	  .excludes = BIT(0),
	  .given = { 0, 1, OP_ECE, OP_ECE },
	  .unless = REMOVED },
	{ .name = "ecn-tcp-cwr",
	  .form = &cwr_form,
	  .at = 2,
	  .len = 1,
	  .excludes = BIT(0),
	  .given = { 0, 1, OP_CWR, OP_CWR },
	  .unless = REMOVED },
	{ .name = "ecn-ip-ect",
	  .form = &fwc_xt_number,
	  .at = 1,
	  .len = 1,
	  .max = ECT_MOST,
	  .given = { 0, 1, OP_IP, OP_IP } },
};

static int check_target(const struct fwc_xt_row *row, uint8_t *info, uint8_t proto, uint32_t given,
			struct fwc_error *err)
{
	/* --ecn-tcp-remove says the whole byte, what was given before it as well. */
	if (given & BIT(3))
		info[0] |= OP_IP;
	return check_tcp(row, proto, given & 7, err);
}

/* ---- TCPOPTSTRIP: a bit for each of 256 options, in words of 32 ---- */

enum { OPTION_LEAST = 2, OPTION_MOST = 255 };

static const struct fwc_symbol tcp_option_names[] = {
	{ "mss", 2 },  { "wscale", 3 }, { "sack-permitted", 4 }, { "sack", 5 }, { "timestamp", 8 },
	{ "md5", 19 }, { 0 },
};

static bool scan_tcp_option(const char *text, size_t len, uint64_t *ret)
{
	char name[16];

	for (const struct fwc_symbol *s = tcp_option_names; s->name; s++)
		if (!strncasecmp(s->name, text, len) && !s->name[len]) {
			*ret = s->value;
			return true;
		}
	if (len >= sizeof(name))
		return false;
	memcpy(name, text, len);
	name[len] = '\0';
	return fwc_xt_scan_all(name, OPTION_LEAST, OPTION_MOST, ret);
}

static int parse_strip(const struct fwc_xt_place *p, const char *const *words)
{
	for (const char *at = words[0];; at++) {
		size_t len = strcspn(at, ",");
		uint64_t n, bits;

		if (!scan_tcp_option(at, len, &n))
			return fwc_xt_bad_value(
				p, words[0],
				"numbers from %d to %d, mss, wscale, sack-permitted, sack, timestamp or md5, with commas between",
				OPTION_LEAST, OPTION_MOST);
		bits = fwc_xt_get(p->info, n / 32 * 4, 4);
		if (bits >> n % 32 & 1)
			return fwc_xt_bad_value(p, words[0], "each option once");
		fwc_xt_put(p->info, n / 32 * 4, 4, bits | UINT64_C(1) << n % 32);
		at += len;
		if (!*at)
			return 0;
	}
}

static void format_strip(const struct fwc_xt_place *p, struct fwc_buf *out)
{
	const char *separator = "";

	for (size_t n = 0; n <= OPTION_MOST; n++)
		if (fwc_xt_get(p->info, n / 32 * 4, 4) >> n % 32 & 1) {
			fwc_buf_printf(out, "%s%zu", separator, n);
			separator = ",";
		}
}

static const struct fwc_xt_form strip_form = { 1, parse_strip, format_strip };

static const struct fwc_xt_option strip_options[] = {
	{ .name = "strip-options", .form = &strip_form, .len = 32 },
};

static const struct fwc_xt_row rows[] = {
	{ .name = "ecn",
	  .families = FWC_XT_BOTH,
	  .size = 4,
	  FWC_XT_OPTIONS(match_options),
	  .one_of = 7,
	  .check = check_match },
	{ .name = "ECN",
	  .is_target = true,
	  .families = FWC_XT_IP,
	  .size = 4, /* three, and one of padding */
	  FWC_XT_OPTIONS(target_options),
	  .one_of = 0xf,
	  .check = check_target },
	{ .name = "TCPOPTSTRIP",
	  .is_target = true,
	  .families = FWC_XT_BOTH,
	  .proto = IPPROTO_TCP,
	  .size = 32,
	  FWC_XT_OPTIONS(strip_options) },
};

const struct fwc_xt_rows fwc_xt_ecn_rows = { rows, FWC_ARRAY_SIZE(rows) };
