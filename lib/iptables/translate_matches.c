/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Matches of iptables in nft's words. Where bytes lie is said beside the row of each. */
#include "iptables/forms.h"
#include "iptables/translate.h"

static const char *not_word(uint64_t inverted)
{
	return inverted ? "!= " : "";
}

/* ---- ports ---- */

static bool is_any_port(const uint8_t *info, size_t at)
{
	return !fwc_xt_get(info, at, 2) && fwc_xt_get(info, at + 2, 2) == UINT16_MAX;
}

static bool put_ports(struct fwc_xt_translation *t, const char *field, const uint8_t *info,
		      size_t at, bool inverted)
{
	if (is_any_port(info, at))
		return !inverted;
	fwc_buf_printf(t->out, "%s %s", field, not_word(inverted));
	fwc_xt_words_of_range(t->out, info, at, 2);
	fwc_buf_puts(t->out, " ");
	return true;
}

static bool udp(struct fwc_xt_translation *t, const uint8_t *info)
{
	return put_ports(t, "udp sport", info, 0, info[8] & 1) &&
	       put_ports(t, "udp dport", info, 4, info[8] & 2);
}

static bool tcp(struct fwc_xt_translation *t, const uint8_t *info)
{
	enum { OPTION = 8, MASK = 9, FLAGS = 10, INVERTED = 11 };

	if (!put_ports(t, "tcp sport", info, 0, info[INVERTED] & 1) ||
	    !put_ports(t, "tcp dport", info, 4, info[INVERTED] & 2))
		return false;
	if (info[OPTION])
		fwc_buf_printf(t->out, "tcp option %u %s ", info[OPTION],
			       info[INVERTED] & 8 ? "missing" : "exists");
	if (info[MASK])
		fwc_buf_printf(t->out, "tcp flags & 0x%02x %s 0x%02x ", info[MASK],
			       info[INVERTED] & 4 ? "!=" : "==", info[FLAGS]);
	return info[MASK] || !(info[INVERTED] & 4);
}

/* Both ends are one number in a range; what overlaps is one, because a list of nft's takes none that do. */
static bool multiport(struct fwc_xt_translation *t, const uint8_t *info)
{
	enum { COUNT = 1, PORTS = 2, RANGES = 32, INVERTED = 47, MOST = 15 };
	uint32_t ends[MOST][2];
	size_t count = 0;

	if (info[0] > 1 || info[COUNT] > MOST)
		return false;
	for (size_t i = 0; i < info[COUNT]; i++) {
		uint32_t first = (uint32_t)fwc_xt_get(info, PORTS + 2 * i, 2), last = first;
		size_t at = 0;

		if (info[RANGES + i] && i + 1 < info[COUNT])
			last = (uint32_t)fwc_xt_get(info, PORTS + 2 * ++i, 2);
		while (at < count)
			if (ends[at][0] <= last && first <= ends[at][1]) {
				first = first < ends[at][0] ? first : ends[at][0];
				last = last > ends[at][1] ? last : ends[at][1];
				memcpy(ends[at], ends[--count], sizeof(ends[at]));
				at = 0;
			} else {
				at++;
			}
		ends[count][0] = first;
		ends[count++][1] = last;
	}
	fwc_buf_printf(t->out, "th %s %s{ ", info[0] ? "dport" : "sport", not_word(info[INVERTED]));
	for (size_t i = 0; i < count; i++) {
		fwc_buf_printf(t->out, "%s%u", i ? ", " : "", ends[i][0]);
		if (ends[i][1] != ends[i][0])
			fwc_buf_printf(t->out, "-%u", ends[i][1]);
	}
	fwc_buf_puts(t->out, " }");
	return count > 0;
}

/* ---- other headers ---- */

/* A type, and a code: any, or one. Together inverted they are a pair. */
static bool icmp_of(struct fwc_xt_translation *t, const char *word, const uint8_t *info)
{
	bool any_code = info[1] == 0 && info[2] == UINT8_MAX;

	if (!any_code && info[1] != info[2])
		return false;
	if (any_code)
		fwc_buf_printf(t->out, "%s type %s%u", word, not_word(info[3]), info[0]);
	else if (info[3])
		fwc_buf_printf(t->out, "%s type . %s code != { %u . %u }", word, word, info[0],
			       info[1]);
	else
		fwc_buf_printf(t->out, "%s type %u %s code %u", word, info[0], word, info[1]);
	return true;
}

static bool icmp(struct fwc_xt_translation *t, const uint8_t *info)
{
	enum { ANY = 0xff };

	return info[0] == ANY ? !info[3] : icmp_of(t, "icmp", info);
}

static bool icmp6(struct fwc_xt_translation *t, const uint8_t *info)
{
	return icmp_of(t, "icmpv6", info);
}

static bool spi_of(struct fwc_xt_translation *t, const char *field, const uint8_t *info)
{
	if (!fwc_xt_get(info, 0, 4) && fwc_xt_get(info, 4, 4) == UINT32_MAX)
		return !info[8];
	fwc_buf_printf(t->out, "%s %s", field, not_word(info[8]));
	fwc_xt_words_of_range(t->out, info, 0, 4);
	return true;
}

static bool esp(struct fwc_xt_translation *t, const uint8_t *info)
{
	return spi_of(t, "esp spi", info);
}

static bool ah(struct fwc_xt_translation *t, const uint8_t *info)
{
	return t->x->family == FWC_FAMILY_IP && spi_of(t, "ah spi", info);
}

static bool hops_of(struct fwc_xt_translation *t, const char *field, const uint8_t *info)
{
	static const char *const how[] = { "", "!= ", "< ", "> " };

	if (info[0] >= FWC_ARRAY_SIZE(how))
		return false;
	fwc_buf_printf(t->out, "%s %s%u", field, how[info[0]], info[1]);
	return true;
}

static bool ttl(struct fwc_xt_translation *t, const uint8_t *info)
{
	return hops_of(t, "ip ttl", info);
}

static bool hl(struct fwc_xt_translation *t, const uint8_t *info)
{
	return hops_of(t, "ip6 hoplimit", info);
}

static bool dscp(struct fwc_xt_translation *t, const uint8_t *info)
{
	fwc_buf_printf(t->out, "%s dscp %s0x%02x", fwc_xt_family_word(t), not_word(info[1]),
		       info[0]);
	return true;
}

static bool mac(struct fwc_xt_translation *t, const uint8_t *info)
{
	fwc_buf_printf(t->out, "ether saddr %s%02x:%02x:%02x:%02x:%02x:%02x",
		       not_word(fwc_xt_get(info, 8, 4)), info[0], info[1], info[2], info[3],
		       info[4], info[5]);
	return true;
}

static bool iprange_side(struct fwc_xt_translation *t, const char *side, const uint8_t *ends,
			 bool inverted)
{
	fwc_buf_printf(t->out, "%s %s %s", fwc_xt_family_word(t), side, not_word(inverted));
	fwc_xt_format_address(t->x->family, ends, t->out);
	if (memcmp(ends, ends + 16, 16) != 0) {
		fwc_buf_puts(t->out, "-");
		fwc_xt_format_address(t->x->family, ends + 16, t->out);
	}
	fwc_buf_puts(t->out, " ");
	return memcmp(ends, ends + 16, 16) <= 0;
}

static bool iprange(struct fwc_xt_translation *t, const uint8_t *info)
{
	enum { FLAGS = 64 };

	return (!(info[FLAGS] & 1) || iprange_side(t, "saddr", info, info[FLAGS] & 0x10)) &&
	       (!(info[FLAGS] & 2) || iprange_side(t, "daddr", info + 32, info[FLAGS] & 0x20));
}

/* ---- connections ---- */

struct word {
	uint32_t bit;
	const char *name;
};

static bool put_bits(struct fwc_xt_translation *t, const char *field, uint64_t bits, bool inverted,
		     const struct word *words, size_t count)
{
	const char *separator = inverted ? "! " : "";

	if (!bits)
		return false;
	fwc_buf_printf(t->out, "%s ", field);
	for (size_t i = 0; i < count; i++)
		if (bits & words[i].bit) {
			fwc_buf_printf(t->out, "%s%s", separator, words[i].name);
			separator = ",";
			bits &= ~(uint64_t)words[i].bit;
		}
	fwc_buf_puts(t->out, " ");
	return !bits;
}

static bool put_states(struct fwc_xt_translation *t, uint64_t states, bool inverted)
{
	static const struct word names[] = {
		{ 0x001, "invalid" },     { 0x008, "new" },       { 0x004, "related" },
		{ 0x002, "established" }, { 0x100, "untracked" },
	};
	static const struct word changes[] = { { 0x40, "snat" }, { 0x80, "dnat" } };

	/* Of a state or of a status: nft has no `or` between them. */
	return states & 0xc0
		       ? put_bits(t, "ct status", states, inverted, changes,
				  FWC_ARRAY_SIZE(changes))
		       : put_bits(t, "ct state", states, inverted, names, FWC_ARRAY_SIZE(names));
}

static void put_ct_address(struct fwc_xt_translation *t, const char *direction, const char *side,
			   const uint8_t *at, bool inverted)
{
	size_t len = fwc_xt_address_len(t->x->family);
	int bits = fwc_mask_to_prefix(at + 16, len);

	fwc_buf_printf(t->out, "ct %s %s %s %s", direction, fwc_xt_family_word(t), side,
		       not_word(inverted));
	fwc_xt_format_address(t->x->family, at, t->out);
	if (bits < (int)(8 * len))
		fwc_buf_printf(t->out, "/%d", bits);
	fwc_buf_puts(t->out, " ");
}

static bool conntrack(struct fwc_xt_translation *t, const uint8_t *info)
{
	enum { PROTO = 136, PORTS = 138, TO_LAST = 16, MATCHED = 146, INVERTED = 148, STATE = 150 };
	enum { STATUS = 152, EXPIRES_BIT = 0x80, DIRECTION_BIT = 0x1000 };
	static const char *const directions[] = { "original", "original", "reply", "reply" };
	static const char *const sides[] = { "src", "dst", "src", "dst" };
	static const struct word statuses[] = {
		{ 1, "expected" }, { 2, "seen-reply" }, { 4, "assured" }, { 8, "confirmed" }
	};
	uint64_t matched = fwc_xt_get(info, MATCHED, 2), inverted = fwc_xt_get(info, INVERTED, 2);

	/* The time is of whole seconds there, and of milliseconds here. */
	if (matched & EXPIRES_BIT)
		return false;
	if (matched & 1 && !put_states(t, fwc_xt_get(info, STATE, 2), inverted & 1))
		return false;
	if (matched & 2)
		fwc_buf_printf(t->out, "ct protocol %s%u ", not_word(inverted & 2),
			       (unsigned int)fwc_xt_get(info, PROTO, 2));
	for (size_t i = 0; i < 4; i++)
		if (matched & 4u << i) {
			const uint8_t *at = info + 32 * i;

			if (fwc_mask_to_prefix(at + 16, fwc_xt_address_len(t->x->family)) < 0)
				return false;
			put_ct_address(t, directions[i], i % 2 ? "daddr" : "saddr", at,
				       inverted & 4u << i);
		}
	for (size_t i = 0; i < 4; i++)
		if (matched & 0x100u << i) {
			uint64_t first = fwc_xt_get(info, PORTS + 2 * i, 2);
			uint64_t last = fwc_xt_get(info, PORTS + 2 * i + TO_LAST, 2);

			fwc_buf_printf(t->out, "ct %s proto-%s %s%llu", directions[i], sides[i],
				       not_word(inverted & 0x100u << i), (unsigned long long)first);
			if (last > first)
				fwc_buf_printf(t->out, "-%llu", (unsigned long long)last);
			fwc_buf_puts(t->out, " ");
		}
	if (matched & 0x40 && !put_bits(t, "ct status", fwc_xt_get(info, STATUS, 2),
					inverted & 0x40, statuses, FWC_ARRAY_SIZE(statuses)))
		return false;
	if (matched & DIRECTION_BIT)
		fwc_buf_printf(t->out, "ct direction %s ",
			       inverted & DIRECTION_BIT ? "reply" : "original");
	return true;
}

static bool mark_of(struct fwc_xt_translation *t, const char *field, const uint8_t *info)
{
	uint64_t value = fwc_xt_get(info, 0, 4), mask = fwc_xt_get(info, 4, 4);

	fwc_buf_printf(t->out, "%s ", field);
	if (mask != UINT32_MAX)
		fwc_buf_printf(t->out, "& 0x%llx %s ", (unsigned long long)mask,
			       info[8] ? "!=" : "==");
	else
		fwc_buf_puts(t->out, not_word(info[8]));
	fwc_buf_printf(t->out, "0x%llx", (unsigned long long)value);
	return true;
}

static bool mark(struct fwc_xt_translation *t, const uint8_t *info)
{
	return mark_of(t, "meta mark", info);
}

static bool connmark(struct fwc_xt_translation *t, const uint8_t *info)
{
	return mark_of(t, "ct mark", info);
}

static bool helper(struct fwc_xt_translation *t, const uint8_t *info)
{
	const char *name = (const char *)info + 4;

	if (!name[0] || !fwc_xt_is_quotable(name, 29))
		return false;
	if (fwc_xt_get(info, 0, 4))
		t->differs = "packets without a helper match '! --helper' in iptables only";
	fwc_buf_printf(t->out, "ct helper %s\"%s\"", not_word(fwc_xt_get(info, 0, 4)), name);
	return true;
}

/* ---- the packet, its socket and its way ---- */

static bool comment(struct fwc_xt_translation *t, const uint8_t *info)
{
	enum { NFT_MOST = 128 };

	if (!t->comment && fwc_xt_is_quotable((const char *)info, NFT_MOST))
		t->comment = (const char *)info;
	else
		t->differs =
			"a comment is left out: nft has one a rule, of 128 bytes without quotes";
	return true;
}

static bool length(struct fwc_xt_translation *t, const uint8_t *info)
{
	fwc_buf_printf(t->out, "meta length %s", not_word(info[4]));
	fwc_xt_words_of_range(t->out, info, 0, 2);
	return true;
}

static bool pkttype(struct fwc_xt_translation *t, const uint8_t *info)
{
	static const char *const names[] = { "unicast", "broadcast", "multicast" };
	uint64_t n = fwc_xt_get(info, 0, 4);

	if (n >= FWC_ARRAY_SIZE(names))
		return false;
	fwc_buf_printf(t->out, "meta pkttype %s%s", not_word(fwc_xt_get(info, 4, 4)), names[n]);
	return true;
}

static bool cpu(struct fwc_xt_translation *t, const uint8_t *info)
{
	fwc_buf_printf(t->out, "meta cpu %s%u", not_word(fwc_xt_get(info, 4, 4)),
		       (unsigned int)fwc_xt_get(info, 0, 4));
	return true;
}

static bool put_address_types(struct fwc_xt_translation *t, const char *side, const char *link,
			      uint64_t types, bool inverted)
{
	/* By the kernel's numbers of them. */
	static const char *const names[] = {
		"unspec",    "unicast",   "local",       "broadcast", "anycast",
		"multicast", "blackhole", "unreachable", "prohibit",
	};
	const char *separator = "";

	if (!types)
		return true;
	fwc_buf_printf(t->out, "fib %s%s type %s{ ", side, link, not_word(inverted));
	for (size_t i = 0; i < FWC_ARRAY_SIZE(names); i++)
		if (types & 1u << i) {
			fwc_buf_printf(t->out, "%s%s", separator, names[i]);
			separator = ", ";
		}
	fwc_buf_puts(t->out, " } ");
	return !(types >> FWC_ARRAY_SIZE(names));
}

static bool addrtype(struct fwc_xt_translation *t, const uint8_t *info)
{
	uint64_t flags = fwc_xt_get(info, 4, 4);
	const char *link = flags & 4 ? " . iif" : flags & 8 ? " . oif" : "";

	return put_address_types(t, "saddr", link, fwc_xt_get(info, 0, 2), flags & 1) &&
	       put_address_types(t, "daddr", link, fwc_xt_get(info, 2, 2), flags & 2);
}

static bool owner(struct fwc_xt_translation *t, const uint8_t *info)
{
	enum { USER = 1, GROUP = 2, LOOKED_AT = 16, INVERTED = 17 };

	if (info[LOOKED_AT] & ~(USER | GROUP))
		return false;
	if (info[INVERTED])
		t->differs = "packets without a socket match '! --uid-owner' in iptables only";
	if (info[LOOKED_AT] & USER) {
		fwc_buf_printf(t->out, "meta skuid %s", not_word(info[INVERTED] & USER));
		fwc_xt_words_of_range(t->out, info, 0, 4);
		fwc_buf_puts(t->out, " ");
	}
	if (info[LOOKED_AT] & GROUP) {
		fwc_buf_printf(t->out, "meta skgid %s", not_word(info[INVERTED] & GROUP));
		fwc_xt_words_of_range(t->out, info, 8, 4);
	}
	return true;
}

static bool limit(struct fwc_xt_translation *t, const uint8_t *info)
{
	static const struct {
		const char *name;
		uint32_t seconds;
	} units[] = { { "second", 1 }, { "minute", 60 }, { "hour", 3600 }, { "day", 86400 } };
	enum { SCALE = 10000 };
	uint64_t period = fwc_xt_get(info, 0, 4);
	size_t i = 0;

	/* The smallest unit in which it is a whole number of packets. */
	if (!period)
		return false;
	while (i + 1 < FWC_ARRAY_SIZE(units) && (uint64_t)units[i].seconds * SCALE % period)
		i++;
	if ((uint64_t)units[i].seconds * SCALE % period)
		t->differs = "the rate is rounded to a whole number of packets a day";
	fwc_buf_printf(t->out, "limit rate %llu/%s burst %u packets",
		       (unsigned long long)((uint64_t)units[i].seconds * SCALE / period),
		       units[i].name, (unsigned int)fwc_xt_get(info, 4, 4));
	return (uint64_t)units[i].seconds * SCALE >= period;
}

/* nf_tables counts in a signed number. */
static bool quota(struct fwc_xt_translation *t, const uint8_t *info)
{
	uint64_t bytes = fwc_xt_get(info, 8, 8);

	fwc_buf_printf(t->out, "quota %s%llu bytes", fwc_xt_get(info, 0, 4) ? "over " : "",
		       (unsigned long long)bytes);
	return bytes > 0 && bytes <= INT64_MAX;
}

static bool statistic(struct fwc_xt_translation *t, const uint8_t *info)
{
	enum { RANDOM = 0, NTH = 1 };
	uint64_t inverted = fwc_xt_get(info, 2, 2), n = fwc_xt_get(info, 4, 4);

	if (fwc_xt_get(info, 0, 2) == RANDOM && n && n < 0x80000000)
		fwc_buf_printf(t->out, "numgen random mod 2147483648 %s %llu",
			       inverted ? ">=" : "<", (unsigned long long)n);
	else if (fwc_xt_get(info, 0, 2) == NTH)
		fwc_buf_printf(t->out, "numgen inc mod %llu %s%llu", (unsigned long long)n + 1,
			       not_word(inverted), (unsigned long long)fwc_xt_get(info, 8, 4));
	else
		return false;
	return n < UINT32_MAX;
}

static bool tcpmss(struct fwc_xt_translation *t, const uint8_t *info)
{
	if (info[4])
		t->differs = "packets without the option match '! --mss' in iptables only";
	fwc_buf_printf(t->out, "tcp option maxseg size %s", not_word(info[4]));
	fwc_xt_words_of_range(t->out, info, 0, 2);
	return true;
}

static const struct fwc_xt_translator list[] = {
	{ "tcp", 0, tcp },
	{ "udp", 0, udp },
	{ "icmp", 0, icmp },
	{ "icmp6", 0, icmp6 },
	{ "multiport", 1, multiport },
	{ "esp", 0, esp },
	{ "ah", 0, ah },
	{ "ttl", 0, ttl },
	{ "hl", 0, hl },
	{ "dscp", 0, dscp },
	{ "mac", 0, mac },
	{ "iprange", 1, iprange },
	{ "conntrack", 3, conntrack },
	{ "state", 3, conntrack },
	{ "mark", 1, mark },
	{ "connmark", 1, connmark },
	{ "helper", 0, helper },
	{ "comment", 0, comment },
	{ "length", 0, length },
	{ "pkttype", 0, pkttype },
	{ "cpu", 0, cpu },
	{ "addrtype", 1, addrtype },
	{ "owner", 1, owner },
	{ "limit", 0, limit },
	{ "quota", 0, quota },
	{ "statistic", 0, statistic },
	{ "tcpmss", 0, tcpmss },
};

const struct fwc_xt_translators fwc_xt_match_translators = { list, FWC_ARRAY_SIZE(list) };
