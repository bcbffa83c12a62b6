/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* HMARK: a mark that is a hash of the parts of a packet that are chosen.
 *
 * Kernel: struct xt_hmark_info of linux/netfilter/xt_HMARK.h. Ports and SPIs are big-endian. */
#include <arpa/inet.h>
#include <strings.h>

#include "iptables/forms.h"

#define BIT(n) (1u << (n))

enum {
	SADDR_MASK = 0,
	DADDR_MASK = 16,
	PORT_MASKS = 32,
	PORTS = 36,
	FLAGS = 40,
	PROTO_MASK = 44,
	RANDOM = 48,
	MODULUS = 52,
	OFFSET = 56,
	SIZE = 60,
	HAS_SADDR = BIT(0),
	HAS_DADDR = BIT(1),
	HAS_SPI = BIT(2),
	HAS_SPI_MASK = BIT(3),
	HAS_SPORT = BIT(4),
	HAS_DPORT = BIT(5),
	HAS_SPORT_MASK = BIT(6),
	HAS_DPORT_MASK = BIT(7),
	HAS_PROTO = BIT(8),
	HAS_RANDOM = BIT(9),
	HAS_MODULUS = BIT(10),
	HAS_OFFSET = BIT(11),
	HAS_CT = BIT(12),
	ANY_SPI = HAS_SPI | HAS_SPI_MASK,
	ANY_PORT = HAS_SPORT | HAS_DPORT | HAS_SPORT_MASK | HAS_DPORT_MASK,
};

/* ---- big-endian numbers ---- */

static int parse_wire(const struct fwc_xt_place *p, const char *const *words)
{
	uint64_t n;
	int r = fwc_xt_number.parse(p, words);

	if (r < 0)
		return r;
	n = fwc_xt_get(p->info, p->option->at, p->option->len);
	fwc_xt_put(p->info, p->option->at, p->option->len,
		   p->option->len == 2 ? htons((uint16_t)n) : htonl((uint32_t)n));
	return 0;
}

static void format_wire(const struct fwc_xt_place *p, struct fwc_buf *out)
{
	uint64_t n = fwc_xt_get(p->info, p->option->at, p->option->len);

	if (p->option->len == 2)
		fwc_buf_printf(out, "0x%04x", ntohs((uint16_t)n));
	else
		fwc_buf_printf(out, "0x%08x", ntohl((uint32_t)n));
}

static const struct fwc_xt_form wire_form = { 1, parse_wire, format_wire };

/* ---- tuples: all bits of each of their members ---- */

static const struct {
	const char *name;
	uint8_t at, len;
	uint32_t flag;
} members[] = {
	{ "src", SADDR_MASK, 16, HAS_SADDR },
	{ "dst", DADDR_MASK, 16, HAS_DADDR },
	{ "sport", PORT_MASKS, 2, HAS_SPORT_MASK },
	{ "dport", PORT_MASKS + 2, 2, HAS_DPORT_MASK },
	{ "proto", PROTO_MASK, 2, HAS_PROTO },
	{ "spi", PORT_MASKS, 4, HAS_SPI_MASK },
	{ "ct", FLAGS, 0, HAS_CT },
};

/* `before` are those that other options said. */
static bool take_member(uint8_t *info, const char *name, size_t len, uint64_t before)
{
	for (size_t i = 0; i < FWC_ARRAY_SIZE(members); i++) {
		if (strncasecmp(members[i].name, name, len) != 0 || members[i].name[len])
			continue;
		memset(info + members[i].at, 0xff, members[i].len);
		fwc_xt_put(info, FLAGS, 4, fwc_xt_get(info, FLAGS, 4) | members[i].flag);
		return !(before & members[i].flag);
	}
	return false;
}

static int parse_tuple(const struct fwc_xt_place *p, const char *const *words)
{
	uint64_t before = fwc_xt_get(p->info, FLAGS, 4);

	for (const char *at = words[0];; at++) {
		size_t len = strcspn(at, ",");

		if (!len || !take_member(p->info, at, len, before))
			return fwc_xt_bad_value(
				p, words[0],
				"src, dst, sport, dport, proto, spi, ct with commas between, none that an option before it says");
		at += len;
		if (!*at)
			return 0;
	}
}

static const struct fwc_xt_form tuple_form = { 1, parse_tuple, NULL };

/* Of a tuple nothing but this is no option of its own. */
static void format_ct(const struct fwc_xt_place *p, struct fwc_buf *out)
{
	(void)p;
	fwc_buf_puts(out, "ct");
}

static const struct fwc_xt_form ct_form = { 1, parse_tuple, format_ct };

#define GIVEN(bit) .given = { FLAGS, 4, (bit), (bit) }
#define WIRE(option, where, bytes, bit)                                                            \
	{                                                                                          \
		.name = (option), .form = &wire_form, .at = (where), .len = (bytes), GIVEN(bit)    \
	}

enum { SELECTORS = 0x11ff }; /* the options that choose something */

static const struct fwc_xt_option options[] = {
	{ .name = "hmark-src-prefix",
	  .form = &fwc_xt_prefix_len,
	  .at = SADDR_MASK,
	  .len = 16,
	  GIVEN(HAS_SADDR) },
	{ .name = "hmark-dst-prefix",
	  .form = &fwc_xt_prefix_len,
	  .at = DADDR_MASK,
	  .len = 16,
	  GIVEN(HAS_DADDR) },
	WIRE("hmark-sport-mask", PORT_MASKS, 2, HAS_SPORT_MASK),
	WIRE("hmark-dport-mask", PORT_MASKS + 2, 2, HAS_DPORT_MASK),
	WIRE("hmark-spi-mask", PORT_MASKS, 4, HAS_SPI_MASK),
	WIRE("hmark-sport", PORTS, 2, HAS_SPORT),
	WIRE("hmark-dport", PORTS + 2, 2, HAS_DPORT),
	WIRE("hmark-spi", PORTS, 4, HAS_SPI),
	{ .name = "hmark-proto-mask",
	  .form = &fwc_xt_hex2,
	  .at = PROTO_MASK,
	  .len = 2,
	  GIVEN(HAS_PROTO) },
	{ .name = "hmark-rnd",
	  .form = &fwc_xt_hex_all,
	  .at = RANDOM,
	  .len = 4,
	  .flags = FWC_XT_REQUIRED,
	  GIVEN(HAS_RANDOM) },
	{ .name = "hmark-mod",
	  .form = &fwc_xt_number,
	  .at = MODULUS,
	  .len = 4,
	  .min = 1,
	  .flags = FWC_XT_REQUIRED,
	  GIVEN(HAS_MODULUS) },
	{ .name = "hmark-offset",
	  .form = &fwc_xt_number,
	  .at = OFFSET,
	  .len = 4,
	  GIVEN(HAS_OFFSET) },
	{ .name = "hmark-tuple", .form = &tuple_form, .flags = FWC_XT_READ_ONLY },
	{ .name = "hmark-tuple", .form = &ct_form, GIVEN(HAS_CT) },
};

static int check(const struct fwc_xt_row *row, uint8_t *info, uint8_t proto, uint32_t given,
		 struct fwc_error *err)
{
	uint64_t flags = fwc_xt_get(info, FLAGS, 4);

	(void)proto;
	(void)given;
	if (!(flags & ANY_SPI) || !(flags & ANY_PORT))
		return 0;
	return fwc_fail(err, -EINVAL, FWC_OBJECT_TEXT,
			"-j %s: SPIs and ports are in one place of a packet: one of them is chosen",
			row->name);
}

static const struct fwc_xt_row rows[] = {
	{ .name = "HMARK",
	  .is_target = true,
	  .families = FWC_XT_BOTH,
	  .size = SIZE,
	  FWC_XT_OPTIONS(options),
	  .one_of = SELECTORS,
	  .check = check },
};

const struct fwc_xt_rows fwc_xt_hmark_rows = { rows, FWC_ARRAY_SIZE(rows) };
