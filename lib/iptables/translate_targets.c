/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Targets of iptables in nft's words. Where bytes lie is said beside the row of each. */
#include <arpa/inet.h>

#include "iptables/forms.h"
#include "iptables/translate.h"

/* ---- REJECT ---- */

static bool reject(struct fwc_xt_translation *t, const uint8_t *info)
{
	static const char *const words[] = {
		"icmp net-unreachable",
		"icmp host-unreachable",
		"icmp prot-unreachable",
		"icmp port-unreachable",
		NULL,
		"icmp net-prohibited",
		"icmp host-prohibited",
		"tcp reset",
		"icmp admin-prohibited",
	};
	static const char *const words6[] = {
		"icmpv6 no-route",
		"icmpv6 admin-prohibited",
		NULL,
		"icmpv6 addr-unreachable",
		"icmpv6 port-unreachable",
		NULL,
		"tcp reset",
		"icmpv6 policy-fail",
		"icmpv6 reject-route",
	};
	bool v6 = t->x->family == FWC_FAMILY_IP6;
	uint64_t n = fwc_xt_get(info, 0, 4);
	const char *word = n < FWC_ARRAY_SIZE(words) ? (v6 ? words6 : words)[n] : NULL;

	if (!word)
		return false;
	fwc_buf_printf(t->out, "reject with %s", word);
	return true;
}

/* ---- LOG and NFLOG ---- */

static bool put_prefix(struct fwc_xt_translation *t, const char *prefix, size_t most)
{
	if (!prefix[0])
		return true;
	fwc_buf_printf(t->out, "prefix \"%.*s\" ", (int)most, prefix);
	return fwc_xt_is_quotable(prefix, most);
}

static bool log_target(struct fwc_xt_translation *t, const uint8_t *info)
{
	static const struct {
		uint8_t bits, mask;
		const char *words;
	} flags[] = {
		{ 0x01, 0x03, "tcp sequence" },
		{ 0x02, 0x03, "tcp options" },
		{ 0x03, 0x03, "tcp sequence,options" },
		{ 0x04, 0x04, "ip options" },
		{ 0x08, 0x08, "skuid" },
		{ 0x20, 0x20, "ether" },
	};

	if (info[0] >= FWC_XT_LOG_LEVELS || info[1] & ~0x2f)
		return false;
	fwc_buf_puts(t->out, "log ");
	if (!put_prefix(t, (const char *)info + 2, 30))
		return false;
	fwc_buf_printf(t->out, "level %s ", fwc_xt_log_levels[info[0]]);
	for (size_t i = 0; i < FWC_ARRAY_SIZE(flags); i++)
		if ((info[1] & flags[i].mask) == flags[i].bits)
			fwc_buf_printf(t->out, "flags %s ", flags[i].words);
	return true;
}

static bool nflog(struct fwc_xt_translation *t, const uint8_t *info)
{
	fwc_buf_puts(t->out, "log ");
	if (!put_prefix(t, (const char *)info + 12, 127))
		return false;
	fwc_buf_printf(t->out, "group %u", (unsigned int)fwc_xt_get(info, 4, 2));
	if (fwc_xt_get(info, 8, 2) & 1)
		fwc_buf_printf(t->out, " snaplen %u", (unsigned int)fwc_xt_get(info, 0, 4));
	if (fwc_xt_get(info, 6, 2))
		fwc_buf_printf(t->out, " queue-threshold %u", (unsigned int)fwc_xt_get(info, 6, 2));
	return true;
}

/* ---- marks: (mark & ~mask) ^ value ---- */

static void put_mark(struct fwc_xt_translation *t, const char *field, uint32_t value, uint32_t mask)
{
	fwc_buf_printf(t->out, "%s set ", field);
	if (mask == UINT32_MAX)
		fwc_buf_printf(t->out, "0x%x", value);
	else if (value == mask)
		fwc_buf_printf(t->out, "%s | 0x%x", field, value);
	else if (!value)
		fwc_buf_printf(t->out, "%s & 0x%x", field, ~mask);
	else if (!mask)
		fwc_buf_printf(t->out, "%s ^ 0x%x", field, value);
	else
		fwc_buf_printf(t->out, "%s & 0x%x ^ 0x%x", field, ~mask, value);
}

static bool mark(struct fwc_xt_translation *t, const uint8_t *info)
{
	put_mark(t, "meta mark", (uint32_t)fwc_xt_get(info, 0, 4),
		 (uint32_t)fwc_xt_get(info, 4, 4));
	return true;
}

/* One mark becomes the other where all of its bits change: else there are two operands. */
static bool copy_mark(struct fwc_xt_translation *t, const char *to, const char *from,
		      uint64_t to_mask, uint64_t from_mask)
{
	fwc_buf_printf(t->out, "%s set %s", to, from);
	if (from_mask != UINT32_MAX)
		fwc_buf_printf(t->out, " & 0x%llx", (unsigned long long)from_mask);
	return to_mask == UINT32_MAX;
}

static bool connmark(struct fwc_xt_translation *t, const uint8_t *info)
{
	enum { SET, SAVE, RESTORE, SHIFT = 13, DONE = 14 };
	uint64_t ct_mask = fwc_xt_get(info, 4, 4), mask = fwc_xt_get(info, 8, 4);

	if (info[SHIFT])
		return false;
	switch (info[DONE]) {
	case SET:
		put_mark(t, "ct mark", (uint32_t)fwc_xt_get(info, 0, 4), (uint32_t)ct_mask);
		return true;
	case SAVE:
		return copy_mark(t, "ct mark", "meta mark", ct_mask, mask);
	case RESTORE:
		return copy_mark(t, "meta mark", "ct mark", mask, ct_mask);
	default:
		return false;
	}
}

/* ---- addresses and ports ---- */

enum { MAP_IPS = 1, HAS_PORTS = 2, RANDOM = 4, PERSISTENT = 8, FULLY_RANDOM = 16 };

/* A range that begins at `at`: flags, two addresses of `len` bytes, two ports. */
static bool put_nat(struct fwc_xt_translation *t, const char *word, const uint8_t *at, size_t len)
{
	static const struct {
		uint8_t bit;
		const char *name;
	} manners[] = { { RANDOM, "random" },
			{ FULLY_RANDOM, "fully-random" },
			{ PERSISTENT, "persistent" } };
	uint64_t flags = fwc_xt_get(at, 0, 4);
	bool brackets = t->x->family == FWC_FAMILY_IP6 && flags & MAP_IPS && flags & HAS_PORTS;
	const uint8_t *first = at + 4, *last = first + len;
	unsigned int port = ntohs((uint16_t)fwc_xt_get(last + len, 0, 2));
	unsigned int last_port = ntohs((uint16_t)fwc_xt_get(last + len, 2, 2));
	const char *separator = " ";

	fwc_buf_printf(t->out, "%s%s%s", word, flags & (MAP_IPS | HAS_PORTS) ? " to " : "",
		       brackets ? "[" : "");
	if (flags & MAP_IPS)
		fwc_xt_format_address(t->x->family, first, t->out);
	if (flags & MAP_IPS && memcmp(first, last, len) != 0) {
		fwc_buf_puts(t->out, brackets ? "]-[" : "-");
		fwc_xt_format_address(t->x->family, last, t->out);
	}
	fwc_buf_puts(t->out, brackets ? "]" : "");
	if (flags & HAS_PORTS) {
		fwc_buf_printf(t->out, ":%u", port);
		if (last_port != port)
			fwc_buf_printf(t->out, "-%u", last_port);
	}
	for (size_t i = 0; i < FWC_ARRAY_SIZE(manners); i++)
		if (flags & manners[i].bit) {
			fwc_buf_printf(t->out, "%s%s", separator, manners[i].name);
			separator = ",";
		}
	return !(flags >> 5);
}

static bool put_nat_of(struct fwc_xt_translation *t, const char *word, const uint8_t *info)
{
	return t->x->family == FWC_FAMILY_IP6 ? put_nat(t, word, info, 16)
					      : put_nat(t, word, info + 4, 4);
}

static bool snat(struct fwc_xt_translation *t, const uint8_t *info)
{
	return put_nat_of(t, "snat", info);
}

static bool dnat(struct fwc_xt_translation *t, const uint8_t *info)
{
	return put_nat(t, "dnat", info, 16);
}

static bool masquerade(struct fwc_xt_translation *t, const uint8_t *info)
{
	return put_nat_of(t, "masquerade", info);
}

static bool redirect(struct fwc_xt_translation *t, const uint8_t *info)
{
	return put_nat_of(t, "redirect", info);
}

/* ---- others ---- */

static bool notrack(struct fwc_xt_translation *t, const uint8_t *info)
{
	(void)info;
	fwc_buf_puts(t->out, "notrack");
	return true;
}

static bool trace(struct fwc_xt_translation *t, const uint8_t *info)
{
	(void)info;
	fwc_buf_puts(t->out, "meta nftrace set 1");
	return true;
}

static bool classify(struct fwc_xt_translation *t, const uint8_t *info)
{
	uint32_t n = (uint32_t)fwc_xt_get(info, 0, 4);

	fwc_buf_printf(t->out, "meta priority set %x:%x", n >> 16, n & 0xffff);
	return true;
}

static bool dscp(struct fwc_xt_translation *t, const uint8_t *info)
{
	fwc_buf_printf(t->out, "%s dscp set 0x%02x", fwc_xt_family_word(t), info[0]);
	return true;
}

static bool tcpmss(struct fwc_xt_translation *t, const uint8_t *info)
{
	enum { CLAMP = 0xffff };
	unsigned int n = (unsigned int)fwc_xt_get(info, 0, 2);

	t->differs = "packets without the option get one in iptables only";
	if (n == CLAMP)
		fwc_buf_puts(t->out, "tcp option maxseg size set rt mtu");
	else
		fwc_buf_printf(t->out, "tcp option maxseg size set %u", n);
	return true;
}

static bool nfqueue(struct fwc_xt_translation *t, const uint8_t *info)
{
	enum { BYPASS = 1, FANOUT = 2 };
	unsigned int first = (unsigned int)fwc_xt_get(info, 0, 2);
	unsigned int count = (unsigned int)fwc_xt_get(info, 2, 2), flags = info[4];

	fwc_buf_printf(t->out, "queue num %u", first);
	if (count > 1)
		fwc_buf_printf(t->out, "-%u", first + count - 1);
	if (flags)
		fwc_buf_printf(t->out, " %s%s%s", flags & BYPASS ? "bypass" : "",
			       flags == (BYPASS | FANOUT) ? "," : "",
			       flags & FANOUT ? "fanout" : "");
	return count > 0 && first + count - 1 <= UINT16_MAX;
}

static bool hops_of(struct fwc_xt_translation *t, const char *field, const uint8_t *info)
{
	fwc_buf_printf(t->out, "%s set %u", field, info[1]);
	return !info[0];
}

static bool ttl(struct fwc_xt_translation *t, const uint8_t *info)
{
	return hops_of(t, "ip ttl", info);
}

static bool hl(struct fwc_xt_translation *t, const uint8_t *info)
{
	return hops_of(t, "ip6 hoplimit", info);
}

static const struct fwc_xt_translator list[] = {
	{ "REJECT", 0, reject },
	{ "LOG", 0, log_target },
	{ "NFLOG", FWC_XT_NEVER_A_STRUCT, nflog },
	{ "MARK", 2, mark },
	{ "CONNMARK", 2, connmark },
	{ "SNAT", 0, snat },
	{ "SNAT", 1, snat },
	{ "DNAT", 2, dnat },
	{ "MASQUERADE", 0, masquerade },
	{ "REDIRECT", 0, redirect },
	{ "NOTRACK", 2, notrack },
	{ "TRACE", 0, trace },
	{ "CLASSIFY", 0, classify },
	{ "DSCP", 0, dscp },
	{ "TCPMSS", 0, tcpmss },
	{ "NFQUEUE", 3, nfqueue },
	{ "TTL", 0, ttl },
	{ "HL", 0, hl },
};

const struct fwc_xt_translators fwc_xt_target_translators = { list, FWC_ARRAY_SIZE(list) };
