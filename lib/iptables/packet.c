/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Matches of the packet, its headers, its socket and its way.
 *
 * Kernel: linux/netfilter/xt_NAME.h of each, netfilter_ipv4/ipt_ttl.h, netfilter_ipv6/ip6t_hl.h. */
#include <stdlib.h>
#include <strings.h>

#include "fields/types.h"
#include "iptables/forms.h"

#define BIT(n) (1u << (n))

/* ---- comment, length, mac, mark, pkttype ---- */

static const struct fwc_xt_option comment_options[] = {
	{ .name = "comment",
	  .form = &fwc_xt_text,
	  .len = 256,
	  .flags = FWC_XT_REQUIRED | FWC_XT_ALWAYS },
};

static const struct fwc_xt_option length_options[] = {
	{ .name = "length",
	  .form = &fwc_xt_range,
	  .len = 4,
	  .flags = FWC_XT_REQUIRED | FWC_XT_ALWAYS,
	  .inverted = { 4, 1, 0xff, 1 } },
};

static const struct fwc_xt_option mac_options[] = {
	{ .name = "mac-source",
	  .form = &fwc_xt_mac,
	  .len = 6,
	  .flags = FWC_XT_REQUIRED | FWC_XT_ALWAYS,
	  .inverted = { 8, 4, UINT32_MAX, 1 } },
};

static const struct fwc_xt_option mark_options[] = {
	{ .name = "mark",
	  .form = &fwc_xt_mark,
	  .len = 8,
	  .flags = FWC_XT_REQUIRED | FWC_XT_ALWAYS,
	  .inverted = { 8, 1, 0xff, 1 } },
};

static const struct fwc_symbol packet_types[] = {
	{ "unicast", 0 },
	{ "broadcast", 1 },
	{ "multicast", 2 },
	{ 0 },
};

static const struct fwc_xt_option pkttype_options[] = {
	{ .name = "pkt-type",
	  .form = &fwc_xt_symbol,
	  .len = 4,
	  .flags = FWC_XT_REQUIRED | FWC_XT_ALWAYS,
	  .inverted = { 4, 4, UINT32_MAX, 1 },
	  .symbols = packet_types },
};

/* ---- limit: how long a packet takes, in units of 1/10000 s, at 0; burst at 4 ---- */

enum { LIMIT_SCALE = 10000, LIMIT_BURST = 5 };

static const struct {
	const char *name;
	uint32_t seconds;
} rate_units[] = { { "day", 86400 }, { "hour", 3600 }, { "minute", 60 }, { "sec", 1 } };

static int parse_rate(const struct fwc_xt_place *p, const char *const *words)
{
	static const char *const names[] = { "day", "hour", "minute", "second" };
	const char *slash = strchr(words[0], '/'), *end;
	uint32_t seconds = 1;
	uint64_t rate, period;
	size_t i = 0;

	if (slash) {
		while (i < FWC_ARRAY_SIZE(names) &&
		       (!slash[1] || strncasecmp(names[i], slash + 1, strlen(slash + 1)) != 0))
			i++;
		seconds = i < FWC_ARRAY_SIZE(names) ? rate_units[i].seconds : 0;
	}
	if (!fwc_xt_scan(words[0], 1, UINT32_MAX, &rate, &end) || (*end && end != slash) ||
	    !seconds)
		return fwc_xt_bad_value(p, words[0], "NUMBER/second, /minute, /hour or /day");
	period = (uint64_t)LIMIT_SCALE * seconds / rate;
	if (!period)
		return fwc_xt_bad_value(p, words[0], "at most 10000/second");
	fwc_xt_put(p->info, p->option->at, 4, period);
	return 0;
}

static void format_rate(const struct fwc_xt_place *p, struct fwc_buf *out)
{
	uint64_t period = fwc_xt_get(p->info, p->option->at, 4), unit = 0;
	size_t i = 1;

	for (; period && i < FWC_ARRAY_SIZE(rate_units); i++) {
		unit = (uint64_t)rate_units[i].seconds * LIMIT_SCALE;
		if (period > unit || unit / period < unit % period)
			break;
	}
	unit = (uint64_t)rate_units[i - 1].seconds * LIMIT_SCALE;
	fwc_buf_printf(out, "%llu/%s", (unsigned long long)(period ? unit / period : 0),
		       rate_units[i - 1].name[0] == 'm' ? "min" : rate_units[i - 1].name);
}

static const struct fwc_xt_form rate_form = { 1, parse_rate, format_rate };

static const struct fwc_xt_option limit_options[] = {
	{ .name = "limit", .form = &rate_form, .len = 4, .flags = FWC_XT_ALWAYS },
	{ .name = "limit-burst", .form = &fwc_xt_number, .at = 4, .len = 4, .max = 10000 },
};

/* ---- addrtype: source types 0, destination types 2, flags 4 ---- */

static const struct fwc_symbol address_types[] = {
	{ "UNSPEC", 0x001 },
	{ "UNICAST", 0x002 },
	{ "LOCAL", 0x004 },
	{ "BROADCAST", 0x008 },
	{ "ANYCAST", 0x010 },
	{ "MULTICAST", 0x020 },
	{ "BLACKHOLE", 0x040 },
	{ "UNREACHABLE", 0x080 },
	{ "PROHIBIT", 0x100 },
	{ "THROW", 0x200 },
	{ "NAT", 0x400 },
	{ "XRESOLVE", 0x800 },
	{ 0 },
};

static const struct fwc_xt_option addrtype_options[] = {
	{ .name = "src-type",
	  .form = &fwc_xt_symbols,
	  .len = 2,
	  .inverted = { 4, 4, 1, 1 },
	  .symbols = address_types },
	{ .name = "dst-type",
	  .form = &fwc_xt_symbols,
	  .at = 2,
	  .len = 2,
	  .inverted = { 4, 4, 2, 2 },
	  .symbols = address_types },
	{ .name = "limit-iface-in",
	  .form = &fwc_xt_flag,
	  .excludes = BIT(3),
	  .given = { 4, 4, 4, 4 } },
	{ .name = "limit-iface-out",
	  .form = &fwc_xt_flag,
	  .excludes = BIT(2),
	  .given = { 4, 4, 8, 8 } },
};

/* ---- iprange: four ends of 16 bytes, flags 64 ---- */

static const struct fwc_xt_option iprange_options[] = {
	{ .name = "src-range",
	  .form = &fwc_xt_address_range,
	  .len = 32,
	  .given = { 64, 1, 0x01, 0x01 },
	  .inverted = { 64, 1, 0x10, 0x10 } },
	{ .name = "dst-range",
	  .form = &fwc_xt_address_range,
	  .at = 32,
	  .len = 32,
	  .given = { 64, 1, 0x02, 0x02 },
	  .inverted = { 64, 1, 0x20, 0x20 } },
};

/* ---- owner: users 0, groups 8, what is looked at 16, inverted 17 ---- */

static int parse_owner_of(const struct fwc_xt_place *p, const char *const *words,
			  const struct fwc_type *type)
{
	uint8_t bytes[FWC_TYPE_BYTES_MOST];
	uint32_t bits;

	if (fwc_xt_dash_range.parse(p, words) == 0)
		return 0;
	if (fwc_type_parse(type, words[0], strlen(words[0]), bytes, &bits, NULL) < 0)
		return fwc_xt_bad_value(p, words[0], "a name, NUMBER or NUMBER-NUMBER");
	memcpy(p->info + p->option->at, bytes, 4);
	memcpy(p->info + p->option->at + 4, bytes, 4);
	fwc_error_clear(p->err);
	return 0;
}

static int parse_user(const struct fwc_xt_place *p, const char *const *words)
{
	return parse_owner_of(p, words, &fwc_type_uid);
}

static int parse_group(const struct fwc_xt_place *p, const char *const *words)
{
	return parse_owner_of(p, words, &fwc_type_gid);
}

static void format_owner(const struct fwc_xt_place *p, struct fwc_buf *out)
{
	fwc_xt_dash_range.format(p, out);
}

static const struct fwc_xt_form user_form = { 1, parse_user, format_owner };
static const struct fwc_xt_form group_form = { 1, parse_group, format_owner };

enum { OWNER_SOCKET, OWNER_UID, OWNER_GID, OWNER_GROUPS };

static const struct fwc_xt_option owner_options[] = {
	{ .name = "socket-exists",
	  .form = &fwc_xt_flag,
	  .given = { 16, 1, 4, 4 },
	  .inverted = { 17, 1, 4, 4 } },
	{ .name = "uid-owner",
	  .form = &user_form,
	  .len = 8,
	  .given = { 16, 1, 1, 1 },
	  .inverted = { 17, 1, 1, 1 } },
	{ .name = "gid-owner",
	  .form = &group_form,
	  .at = 8,
	  .len = 8,
	  .given = { 16, 1, 2, 2 },
	  .inverted = { 17, 1, 2, 2 } },
	{ .name = "suppl-groups",
	  .form = &fwc_xt_flag,
	  .flags = FWC_XT_AFTER,
	  .needs = BIT(OWNER_GID),
	  .given = { 16, 1, 8, 8 } },
};

/* ---- physdev: names and masks of 16 bytes, inverted 64, what is looked at 65 ---- */

#define PHYSDEV(bit) .given = { 65, 1, (bit), (bit) }, .inverted = { 64, 1, (bit), (bit) }

static const struct fwc_xt_option physdev_options[] = {
	{ .name = "physdev-is-in", .form = &fwc_xt_flag, PHYSDEV(0x08) },
	{ .name = "physdev-in", .form = &fwc_xt_ifname, .len = 32, PHYSDEV(0x01) },
	{ .name = "physdev-is-out", .form = &fwc_xt_flag, PHYSDEV(0x10) },
	{ .name = "physdev-out", .form = &fwc_xt_ifname, .at = 32, .len = 32, PHYSDEV(0x02) },
	{ .name = "physdev-is-bridged", .form = &fwc_xt_flag, PHYSDEV(0x04) },
};

/* ---- statistic: mode 0, inversion 2, probability or every 4, packet 8 ---- */

static int parse_probability(const struct fwc_xt_place *p, const char *const *words)
{
	char *end;
	double n = strtod(words[0], &end);

	if (end == words[0] || *end || !(n >= 0 && n <= 1))
		return fwc_xt_bad_value(p, words[0], "a number from 0 to 1");
	fwc_xt_put(p->info, p->option->at, 4, (uint64_t)(n * 0x80000000 + 0.5));
	return 0;
}

/* Eleven decimals of n / 2^31, rounded, whatever the locale's point is. */
static void format_probability(const struct fwc_xt_place *p, struct fwc_buf *out)
{
	uint64_t n = fwc_xt_get(p->info, p->option->at, 4), decimals = 0, rest = n & 0x7fffffff;

	for (size_t i = 0; i < 11; i++) {
		rest *= 10;
		decimals = decimals * 10 + (rest >> 31);
		rest &= 0x7fffffff;
	}
	decimals += rest >> 30;
	fwc_buf_printf(out, "%u.%011llu", (unsigned int)(n >> 31), (unsigned long long)decimals);
}

static const struct fwc_xt_form probability_form = { 1, parse_probability, format_probability };

static int parse_every(const struct fwc_xt_place *p, const char *const *words)
{
	uint64_t n;

	if (!fwc_xt_scan_all(words[0], 1, UINT32_MAX, &n))
		return fwc_xt_bad_value(p, words[0], "a number from 1 to 4294967295");
	fwc_xt_put(p->info, p->option->at, 4, n - 1);
	return 0;
}

static void format_every(const struct fwc_xt_place *p, struct fwc_buf *out)
{
	fwc_buf_printf(out, "%llu", (unsigned long long)fwc_xt_get(p->info, p->option->at, 4) + 1);
}

static const struct fwc_xt_form every_form = { 1, parse_every, format_every };
static const struct fwc_symbol modes[] = { { "random", 0 }, { "nth", 1 }, { 0 } };

enum { MODE, PROBABILITY, EVERY, PACKET, MODE_RANDOM = 0, MODE_NTH = 1 };

static const struct fwc_xt_option statistic_options[] = {
	{ .name = "mode",
	  .form = &fwc_xt_symbol,
	  .len = 2,
	  .flags = FWC_XT_REQUIRED | FWC_XT_ALWAYS,
	  .symbols = modes },
	{ .name = "probability",
	  .form = &probability_form,
	  .at = 4,
	  .len = 4,
	  .flags = FWC_XT_ALWAYS,
	  .excludes = BIT(EVERY) | BIT(PACKET),
	  .unless = { 0, 2, 0xffff, MODE_NTH },
	  .inverted = { 2, 2, 1, 1 } },
	{ .name = "every",
	  .form = &every_form,
	  .at = 4,
	  .len = 4,
	  .flags = FWC_XT_ALWAYS,
	  .excludes = BIT(PROBABILITY),
	  .needs = BIT(PACKET),
	  .unless = { 0, 2, 0xffff, MODE_RANDOM },
	  .inverted = { 2, 2, 1, 1 } },
	{ .name = "packet",
	  .form = &fwc_xt_number,
	  .at = 8,
	  .len = 4,
	  .flags = FWC_XT_ALWAYS,
	  .excludes = BIT(PROBABILITY),
	  .needs = BIT(EVERY),
	  .unless = { 0, 2, 0xffff, MODE_RANDOM } },
};

static int check_statistic(const struct fwc_xt_row *row, uint8_t *info, uint8_t proto,
			   uint32_t given, struct fwc_error *err)
{
	bool nth = fwc_xt_get(info, 0, 2) == MODE_NTH;

	(void)proto;
	if (!(given & (nth ? BIT(EVERY) : BIT(PROBABILITY))))
		return fwc_fail(err, -EINVAL, FWC_OBJECT_TEXT, "-m %s --mode %s needs %s",
				row->name, modes[nth].name,
				nth ? "--every and --packet" : "--probability");
	/* What the kernel's first packets count from; iptables writes it also where nothing counts. */
	fwc_xt_put(info, 12, 4, fwc_xt_get(info, 4, 4) - fwc_xt_get(info, 8, 4));
	if (nth && fwc_xt_get(info, 8, 4) > fwc_xt_get(info, 4, 4))
		return fwc_fail(err, -EINVAL, FWC_OBJECT_TEXT,
				"--packet is less than --every: 0 to %llu here",
				(unsigned long long)fwc_xt_get(info, 4, 4));
	return 0;
}

/* ---- ttl and hl: how it compares 0, the number 1 ---- */

#define COMPARE(option, how, others)                                                               \
	{                                                                                          \
		.name = (option), .form = &fwc_xt_number, .at = 1, .len = 1, .excludes = (others), \
		.given = {                                                                         \
			0,                                                                         \
			1,                                                                         \
			0xff,                                                                      \
			(how)                                                                      \
		}                                                                                  \
	}
/* Equal, and the opposite, are numbers 0 and 1. */
#define COMPARE_EQUAL(option, more, others)                                                        \
	{                                                                                          \
		.name = (option), .form = &fwc_xt_number, .at = 1, .len = 1, .flags = (more),      \
		.excludes = (others), .given = { 0, 1, 0xfe, 0 }, .inverted = {                    \
			0,                                                                         \
			1,                                                                         \
			1,                                                                         \
			1                                                                          \
		}                                                                                  \
	}

static const struct fwc_xt_option ttl_options[] = {
	COMPARE_EQUAL("ttl-eq", 0, 0xe),
	COMPARE_EQUAL("ttl", FWC_XT_READ_ONLY, 0xd),
	COMPARE("ttl-lt", 2, 0xb),
	COMPARE("ttl-gt", 3, 0x7),
};

static const struct fwc_xt_option hl_options[] = {
	COMPARE_EQUAL("hl-eq", 0, 0xe),
	COMPARE_EQUAL("hl", FWC_XT_READ_ONLY, 0xd),
	COMPARE("hl-lt", 2, 0xb),
	COMPARE("hl-gt", 3, 0x7),
};

/* ---- dscp: value 0, inversion 1; tos: mask 0, value 1, inversion 2 ---- */

static const struct fwc_xt_option dscp_options[] = {
	{ .name = "dscp",
	  .form = &fwc_xt_hex2,
	  .len = 1,
	  .max = 0x3f,
	  .flags = FWC_XT_ALWAYS,
	  .excludes = BIT(1),
	  .inverted = { 1, 1, 0xff, 1 } },
	{ .name = "dscp-class",
	  .form = &fwc_xt_symbol,
	  .len = 1,
	  .flags = FWC_XT_READ_ONLY,
	  .excludes = BIT(0),
	  .inverted = { 1, 1, 0xff, 1 },
	  .symbols = fwc_xt_dscp_classes },
};

static int parse_tos_match(const struct fwc_xt_place *p, const char *const *words)
{
	return fwc_xt_parse_tos(p, words[0], &p->info[1], &p->info[0]);
}

static void format_tos_match(const struct fwc_xt_place *p, struct fwc_buf *out)
{
	fwc_buf_printf(out, "0x%02x/0x%02x", p->info[1], p->info[0]);
}

static const struct fwc_xt_form tos_form = { 1, parse_tos_match, format_tos_match };

static const struct fwc_xt_option tos_options[] = {
	{ .name = "tos",
	  .form = &tos_form,
	  .len = 2,
	  .flags = FWC_XT_REQUIRED | FWC_XT_ALWAYS,
	  .inverted = { 2, 1, 0xff, 1 } },
};

/* ---- cpu, helper, realm, quota, rpfilter, socket, devgroup ---- */

static const struct fwc_xt_option cpu_options[] = {
	{ .name = "cpu",
	  .form = &fwc_xt_number,
	  .len = 4,
	  .flags = FWC_XT_REQUIRED | FWC_XT_ALWAYS,
	  .inverted = { 4, 4, UINT32_MAX, 1 } },
};

static const struct fwc_xt_option helper_options[] = {
	{ .name = "helper",
	  .form = &fwc_xt_text,
	  .at = 4,
	  .len = 30,
	  .flags = FWC_XT_REQUIRED | FWC_XT_ALWAYS,
	  .inverted = { 0, 4, UINT32_MAX, 1 } },
};

static const struct fwc_xt_option realm_options[] = {
	{ .name = "realm",
	  .form = &fwc_xt_mark,
	  .len = 8,
	  .flags = FWC_XT_REQUIRED | FWC_XT_ALWAYS,
	  .inverted = { 8, 1, 0xff, 1 } },
};

static const struct fwc_xt_option quota_options[] = {
	{ .name = "quota",
	  .form = &fwc_xt_number,
	  .at = 8,
	  .len = 8,
	  .flags = FWC_XT_REQUIRED | FWC_XT_ALWAYS,
	  .inverted = { 0, 4, 1, 1 } },
};

static const struct fwc_xt_option rpfilter_options[] = {
	{ .name = "loose", .form = &fwc_xt_flag, .given = { 0, 1, 1, 1 } },
	{ .name = "validmark", .form = &fwc_xt_flag, .given = { 0, 1, 2, 2 } },
	{ .name = "accept-local", .form = &fwc_xt_flag, .given = { 0, 1, 4, 4 } },
	{ .name = "invert", .form = &fwc_xt_flag, .given = { 0, 1, 8, 8 } },
};

static const struct fwc_xt_option socket_options[] = {
	{ .name = "transparent", .form = &fwc_xt_flag, .given = { 0, 1, 1, 1 } },
	{ .name = "nowildcard", .form = &fwc_xt_flag, .given = { 0, 1, 2, 2 } },
	{ .name = "restore-skmark", .form = &fwc_xt_flag, .given = { 0, 1, 4, 4 } },
};

static const struct fwc_xt_option devgroup_options[] = {
	{ .name = "src-group",
	  .form = &fwc_xt_mark,
	  .at = 4,
	  .len = 8,
	  .given = { 0, 4, 1, 1 },
	  .inverted = { 0, 4, 2, 2 } },
	{ .name = "dst-group",
	  .form = &fwc_xt_mark,
	  .at = 12,
	  .len = 8,
	  .given = { 0, 4, 4, 4 },
	  .inverted = { 0, 4, 8, 8 } },
};

#define BOTH .families = FWC_XT_BOTH

static const struct fwc_xt_row rows[] = {
	{ .name = "comment", BOTH, .size = 256, FWC_XT_OPTIONS(comment_options) },
	{ .name = "length", BOTH, .size = 6, FWC_XT_OPTIONS(length_options) },
	{ .name = "mac", BOTH, .size = 12, FWC_XT_OPTIONS(mac_options) },
	{ .name = "mark",
	  BOTH,
	  .revision = 1,
	  .size = 12,
	  FWC_XT_OPTIONS(mark_options),
	  .add_native = fwc_xt_add_mark },
	{ .name = "connmark", BOTH, .revision = 1, .size = 12, FWC_XT_OPTIONS(mark_options) },
	{ .name = "pkttype", BOTH, .size = 8, FWC_XT_OPTIONS(pkttype_options) },
	{ .name = "limit",
	  BOTH,
	  .size = 40,
	  FWC_XT_OPTIONS(limit_options),
	  .defaults = { { 0, 4, UINT32_MAX, 3600 * LIMIT_SCALE / 3 },
			{ 4, 4, UINT32_MAX, LIMIT_BURST } },
	  .add_native = fwc_xt_add_limit },
	{ .name = "addrtype",
	  BOTH,
	  .revision = 1,
	  .size = 8,
	  FWC_XT_OPTIONS(addrtype_options),
	  .one_of = 3 },
	{ .name = "iprange",
	  BOTH,
	  .revision = 1,
	  .size = 68,
	  FWC_XT_OPTIONS(iprange_options),
	  .one_of = 3 },
	{ .name = "owner",
	  BOTH,
	  .revision = 1,
	  .size = 20,
	  FWC_XT_OPTIONS(owner_options),
	  .one_of = BIT(OWNER_SOCKET) | BIT(OWNER_UID) | BIT(OWNER_GID) },
	{ .name = "physdev", BOTH, .size = 66, FWC_XT_OPTIONS(physdev_options), .one_of = 0x1f },
	{ .name = "statistic",
	  BOTH,
	  .size = 24,
	  FWC_XT_OPTIONS(statistic_options),
	  .check = check_statistic },
	{ .name = "ttl",
	  .families = FWC_XT_IP,
	  .size = 2,
	  FWC_XT_OPTIONS(ttl_options),
	  .one_of = 0xf },
	{ .name = "hl",
	  .families = FWC_XT_IP6,
	  .size = 2,
	  FWC_XT_OPTIONS(hl_options),
	  .one_of = 0xf },
	{ .name = "dscp", BOTH, .size = 2, FWC_XT_OPTIONS(dscp_options), .one_of = 3 },
	{ .name = "tos", BOTH, .revision = 1, .size = 3, FWC_XT_OPTIONS(tos_options) },
	{ .name = "cpu", BOTH, .size = 8, FWC_XT_OPTIONS(cpu_options) },
	{ .name = "helper", BOTH, .size = 36, FWC_XT_OPTIONS(helper_options) },
	{ .name = "realm", .families = FWC_XT_IP, .size = 12, FWC_XT_OPTIONS(realm_options) },
	{ .name = "quota", BOTH, .size = 24, FWC_XT_OPTIONS(quota_options) },
	{ .name = "rpfilter", BOTH, .size = 1, FWC_XT_OPTIONS(rpfilter_options) },
	{ .name = "socket", BOTH, .revision = 3, .size = 1, FWC_XT_OPTIONS(socket_options) },
	{ .name = "devgroup", BOTH, .size = 20, FWC_XT_OPTIONS(devgroup_options), .one_of = 3 },
};

const struct fwc_xt_rows fwc_xt_packet_rows = { rows, FWC_ARRAY_SIZE(rows) };
