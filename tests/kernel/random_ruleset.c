/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * A grammar with dice. Valid means: protocols of one rule go together (as nft wants it), NAT stands where its
 * hook allows it, jumps go to later chains only, keys of one set do not overlap.
 */
#include "random_ruleset.h"

#include "../dice.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

static const char *one_of(struct dice *d, const char *const *words)
{
	unsigned int n = 0;

	while (words[n])
		n++;
	return words[below(d, n)];
}
#define ONE_OF(d, ...) one_of(d, (const char *const[]){ __VA_ARGS__, NULL })

/* What a rule may say depends on where it stands and on what it said before. */
struct place {
	struct dice *d;
	struct fwc_chain *chain;
	uint32_t family, type, hook; /* of the chain; type 0: a user chain */
	unsigned int jumps_from, jumps_to; /* user chains that it may jump to: u2, u3, ... */
	uint32_t l3; /* FWC_FAMILY_IP or IP6, 0: not said */
	const char *l4; /* "tcp", "udp", "icmp", "icmpv6", NULL: not said */
	bool compared; /* nft lists a second < or > of one field with the first, as a range */
	char text[4096];
	size_t len;
};

static void put(struct place *p, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

static void put(struct place *p, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	p->len += (size_t)vsnprintf(p->text + p->len, sizeof(p->text) - p->len, fmt, ap);
	va_end(ap);
}

static const char *not_equal(struct dice *d)
{
	return below(d, 4) ? "" : "!= ";
}

/* Constants. `slot` keeps those of one list apart from each other. */

static void put_ip4(struct place *p, unsigned int slot, bool interval)
{
	unsigned int form = interval ? below(p->d, 3) : 0;

	if (form == 1)
		put(p, "10.%u.0.0/%u", slot, 16 + below(p->d, 8));
	else if (form == 2)
		put(p, "10.%u.0.%u-10.%u.%u.9", slot, below(p->d, 9), slot, 1 + below(p->d, 9));
	else
		put(p, "10.%u.%u.%u", slot, below(p->d, 256), 1 + below(p->d, 254));
}

static void put_ip6(struct place *p, unsigned int slot, bool interval)
{
	unsigned int form = interval ? below(p->d, 3) : 0;

	if (form == 1)
		put(p, "2001:db8:%x::/%u", slot + 1, 48 + below(p->d, 16));
	else if (form == 2)
		put(p, "2001:db8:%x::%x-2001:db8:%x::%x:9", slot + 1, 1 + below(p->d, 8), slot + 1,
		    1 + below(p->d, 9));
	else
		put(p, "2001:db8:%x::%x", slot + 1, 1 + below(p->d, 65535));
}

static void put_port(struct place *p, unsigned int slot, bool interval)
{
	unsigned int first = slot * 1000 + below(p->d, 400);

	if (interval && below(p->d, 2))
		put(p, "%u-%u", first, first + 1 + below(p->d, 400));
	else
		put(p, "%u", first + 1);
}

static void put_mark(struct place *p, unsigned int slot, bool interval)
{
	unsigned int first = slot * 0x10000 + below(p->d, 0x4000);

	if (interval && below(p->d, 2))
		put(p, "0x%x-0x%x", first, first + 1 + below(p->d, 0x4000));
	else
		put(p, "0x%x", first + 1);
}

static void put_name(struct place *p, unsigned int slot, bool interval)
{
	(void)interval;
	put(p, "%s%u", ONE_OF(p->d, "eth", "wlan", "br-", "veth"), slot);
}

/* Types of keys, each with the field it is compared with. */
struct key {
	const char *type, *field;
	uint32_t l3;
	const char *l4;
	void (*put)(struct place *p, unsigned int slot, bool interval);
	bool interval; /* ranges or prefixes are possible */
};

static const struct key keys[] = {
	{ "ipv4_addr", "ip saddr", FWC_FAMILY_IP, NULL, put_ip4, true },
	{ "ipv4_addr", "ip daddr", FWC_FAMILY_IP, NULL, put_ip4, true },
	{ "ipv6_addr", "ip6 saddr", FWC_FAMILY_IP6, NULL, put_ip6, true },
	{ "ipv6_addr", "ip6 daddr", FWC_FAMILY_IP6, NULL, put_ip6, true },
	{ "inet_service", "tcp dport", 0, "tcp", put_port, true },
	{ "inet_service", "tcp sport", 0, "tcp", put_port, true },
	{ "inet_service", "udp dport", 0, "udp", put_port, true },
	{ "inet_service", "udp sport", 0, "udp", put_port, true },
	{ "mark", "meta mark", 0, NULL, put_mark, true },
	{ "mark", "ct mark", 0, NULL, put_mark, true },
	{ "ifname", "iifname", 0, NULL, put_name, false },
	{ "ifname", "oifname", 0, NULL, put_name, false },
};
enum { KEYS = sizeof(keys) / sizeof(keys[0]) };

/* Whether a rule at this place may still speak of that protocol; if so it does from now on. */
static bool agrees(struct place *p, uint32_t l3, const char *l4)
{
	uint32_t family3 = p->family == FWC_FAMILY_INET ? 0 : p->family;

	if (l3 && ((family3 && family3 != l3) || (p->l3 && p->l3 != l3)))
		return false;
	if (l4 && p->l4 && strcmp(l4, p->l4) != 0)
		return false;
	p->l3 = l3 ? l3 : p->l3;
	p->l4 = l4 ? l4 : p->l4;
	return true;
}

/* Ports exist only where a transport protocol is said: says tcp, unless the rule did. */
static bool says_tcp(struct place *p)
{
	if (p->l4)
		return !strcmp(p->l4, "tcp");
	put(p, "meta l4proto tcp ");
	p->l4 = "tcp";
	return true;
}

static void put_list(struct place *p, const struct key *key)
{
	unsigned int count = 1 + below(p->d, 5);
	bool interval = key->interval && below(p->d, 2);

	put(p, "{ ");
	for (unsigned int i = 0; i < count; i++) {
		put(p, "%s", i ? ", " : "");
		key->put(p, 2 * i + below(p->d, 2), interval);
	}
	put(p, " } ");
}

/* A field with a constant, range, list or named set. Returns false when the dice said nothing. */
static bool put_key_match(struct place *p)
{
	const struct key *key = &keys[below(p->d, KEYS)];

	if (!agrees(p, key->l3, key->l4))
		return false;
	put(p, "%s ", key->field);
	switch (below(p->d, 5)) {
	case 0:
		put(p, "%s", not_equal(p->d));
		put_list(p, key);
		return true;
	case 1:
		put(p, "%s@s_%s%s ", not_equal(p->d), key->type,
		    key->interval && below(p->d, 2) ? "_i" : "");
		return true;
	case 2:
		if ((key->put == put_port || key->put == put_mark) && !p->compared) {
			p->compared = true;
			put(p, "%s ", ONE_OF(p->d, "<", ">", ">="));
			key->put(p, 1 + below(p->d, 30), false);
			break;
		}
		if (key->put == put_name) {
			put(p, "%s%s* ", not_equal(p->d), ONE_OF(p->d, "eth", "veth-a", "w"));
			return true;
		}
		/* fall through */
	default:
		put(p, "%s", not_equal(p->d));
		key->put(p, below(p->d, 30), true);
	}
	put(p, " ");
	return true;
}

static bool put_concat_match(struct place *p)
{
	static const struct {
		const char *left;
		uint32_t l3;
		const char *l4;
		size_t parts, keys[3];
		const char *set;
	} rows[] = {
		{ "ip saddr . tcp dport", FWC_FAMILY_IP, "tcp", 2, { 0, 4 }, "s_addr_port" },
		{ "ip saddr . iifname", FWC_FAMILY_IP, NULL, 2, { 0, 10 }, NULL },
		{ "ip6 daddr . udp sport", FWC_FAMILY_IP6, "udp", 2, { 2, 6 }, NULL },
		{ "iifname . oifname", 0, NULL, 2, { 10, 10 }, NULL },
		{ "ct mark . meta mark", 0, NULL, 2, { 9, 9 }, NULL },
		{ "ip saddr . ip daddr . tcp sport", FWC_FAMILY_IP, "tcp", 3, { 0, 0, 4 }, NULL },
	};
	size_t row = below(p->d, sizeof(rows) / sizeof(rows[0]));
	unsigned int count = 1 + below(p->d, 4);
	bool interval = below(p->d, 2);

	if (!agrees(p, rows[row].l3, rows[row].l4))
		return false;
	put(p, "%s %s", rows[row].left, not_equal(p->d));
	if (rows[row].set && below(p->d, 2)) {
		put(p, "@%s ", rows[row].set);
		return true;
	}
	put(p, "{ ");
	for (unsigned int i = 0; i < count; i++) {
		put(p, "%s", i ? ", " : "");
		for (size_t k = 0; k < rows[row].parts; k++) {
			put(p, "%s", k ? " . " : "");
			keys[rows[row].keys[k]].put(p, i, interval);
		}
	}
	put(p, " } ");
	return true;
}

static bool put_bits_match(struct place *p)
{
	unsigned int mask = 1u << below(p->d, 31);

	switch (below(p->d, 9)) {
	case 0:
		put(p, "ct state %s ",
		    ONE_OF(p->d, "new", "established,related", "invalid", "untracked",
			   "established,related,new"));
		return true;
	case 1:
		put(p, "ct state != %s ", ONE_OF(p->d, "new", "invalid"));
		return true;
	case 2:
		put(p, "ct status %s ", ONE_OF(p->d, "dnat", "snat", "assured", "confirmed,dying"));
		return true;
	case 3:
		put(p, "meta mark & 0x%x %s 0x%x ", mask, ONE_OF(p->d, "==", "!="),
		    below(p->d, 2) ? mask : 0);
		return true;
	case 4:
		put(p, "ct mark & 0x%x == 0x%x ", mask | 0xff, mask | 0x11);
		return true;
	case 5:
		if (!agrees(p, 0, "tcp"))
			return false;
		put(p, "tcp flags %s ",
		    ONE_OF(p->d, "syn", "& (syn | ack) == syn", "! fin",
			   "& (fin | syn) != fin | syn", "== syn", "fin,rst"));
		return true;
	case 6:
		put(p, "fib %s type %s%s ", ONE_OF(p->d, "saddr", "daddr"), not_equal(p->d),
		    ONE_OF(p->d, "local", "broadcast", "{ local, multicast }", "unicast"));
		return true;
	case 7:
		if (!agrees(p, FWC_FAMILY_IP, "icmp"))
			return false;
		put(p, "icmp type %s%s ", not_equal(p->d),
		    ONE_OF(p->d, "echo-request", "echo-reply",
			   "{ destination-unreachable, time-exceeded }"));
		return true;
	default:
		if (!agrees(p, FWC_FAMILY_IP6, "icmpv6"))
			return false;
		put(p, "icmpv6 type %s%s ", not_equal(p->d),
		    ONE_OF(p->d, "echo-request", "packet-too-big",
			   "{ nd-router-advert, nd-neighbor-solicit, nd-neighbor-advert }"));
		return true;
	}
}

static bool put_protocol_match(struct place *p)
{
	switch (below(p->d, 5)) {
	case 0:
		if (p->family != FWC_FAMILY_INET || p->l3)
			return false;
		put(p, "meta nfproto %s ", ONE_OF(p->d, "ipv4", "ipv6"));
		p->l3 = 99; /* nothing of either family may follow */
		return true;
	case 1:
		if (p->l4)
			return false;
		put(p, "meta l4proto { tcp, udp } th %s %u ", ONE_OF(p->d, "sport", "dport"),
		    1 + below(p->d, 65535));
		p->l4 = "th";
		return true;
	case 2:
		if (p->l4)
			return false;
		put(p, "meta l4proto %s%s ", not_equal(p->d),
		    ONE_OF(p->d, "tcp", "udp", "sctp", "gre", "{ tcp, udp, sctp }"));
		p->l4 = "said";
		return true;
	case 3:
		if (p->l4 || !agrees(p, FWC_FAMILY_IP, "said"))
			return false;
		put(p, "ip protocol %s%s ", not_equal(p->d),
		    ONE_OF(p->d, "tcp", "gre", "{ icmp, esp }"));
		return true;
	default:
		if (p->l4 || !agrees(p, FWC_FAMILY_IP6, "said"))
			return false;
		put(p, "ip6 nexthdr %s%s ", not_equal(p->d),
		    ONE_OF(p->d, "udp", "esp", "{ tcp, udp }"));
		return true;
	}
}

static void put_match(struct place *p)
{
	static bool (*const forms[])(struct place *) = { put_key_match, put_key_match,
							 put_concat_match, put_bits_match,
							 put_protocol_match };

	while (!forms[below(p->d, sizeof(forms) / sizeof(forms[0]))](p))
		;
}

static void put_log(struct place *p)
{
	put(p, "log ");
	if (below(p->d, 2))
		put(p, "prefix \"%s\" ", ONE_OF(p->d, "in: ", "a b c ", "x"));
	if (below(p->d, 3) == 0)
		put(p, "group %u ", below(p->d, 100));
	else if (below(p->d, 2))
		put(p, "level %s ", ONE_OF(p->d, "emerg", "err", "notice", "info", "debug"));
}

static void put_limit(struct place *p)
{
	const char *unit = ONE_OF(p->d, "second", "minute", "hour", "day", "week");

	if (below(p->d, 3) == 0) {
		put(p, "limit rate %s%u %s/%s ", below(p->d, 2) ? "over " : "",
		    1 + below(p->d, 900), ONE_OF(p->d, "bytes", "kbytes"),
		    ONE_OF(p->d, "second", "minute"));
		return;
	}
	put(p, "limit rate %s%u/%s ", below(p->d, 2) ? "over " : "", 1 + below(p->d, 900), unit);
	if (below(p->d, 2))
		put(p, "burst %u packets ", 1 + below(p->d, 90));
}

static void put_mark_set(struct place *p)
{
	switch (below(p->d, 5)) {
	case 0:
		put(p, "meta mark set ct mark ");
		break;
	case 1:
		put(p, "ct mark set meta mark ");
		break;
	case 2:
		put(p, "meta mark set meta mark & 0x%x ", 0xff00u << below(p->d, 8));
		break;
	case 3:
		if (agrees(p, 0, "tcp")) {
			put(p, "meta mark set tcp dport map @m_port_mark ");
			break;
		}
		/* fall through */
	default:
		put(p, "%s mark set 0x%x ", ONE_OF(p->d, "meta", "ct"), 1 + below(p->d, 0xffff));
	}
}

static void put_statement(struct place *p)
{
	switch (below(p->d, 4)) {
	case 0:
		put(p, "counter ");
		return;
	case 1:
		put_log(p);
		return;
	case 2:
		put_limit(p);
		return;
	default:
		put_mark_set(p);
	}
}

static void put_reject(struct place *p)
{
	/* nft lists `meta nfproto ipv4 ct mark 1 reject with icmp ...` without the family, wherever it stands. */
	if (p->l3 == 99) {
		put(p, "drop ");
		return;
	}
	if (p->family == FWC_FAMILY_INET && below(p->d, 2)) {
		/* Not port-unreachable: nft lists that as `reject`, and reads it as one of the family. */
		put(p, "reject with icmpx %s ",
		    ONE_OF(p->d, "admin-prohibited", "host-unreachable", "no-route"));
		return;
	}
	/* Elsewhere nft 1.0.6 itself lists a rule that it reads as another one: it moves the match on TCP. */
	if (below(p->d, 2) && (!p->len || (p->l4 && !strcmp(p->l4, "tcp")))) {
		put(p, "reject with tcp reset ");
		return;
	}
	if (p->family == FWC_FAMILY_IP)
		put(p, "reject with icmp %s ",
		    ONE_OF(p->d, "host-unreachable", "net-prohibited", "admin-prohibited"));
	else if (p->family == FWC_FAMILY_IP6)
		put(p, "reject with icmpv6 %s ",
		    ONE_OF(p->d, "no-route", "addr-unreachable", "admin-prohibited"));
	else
		put(p, "reject ");
}

static void put_vmap(struct place *p)
{
	switch (below(p->d, 3)) {
	case 0:
		put(p, "ct state vmap { established : accept, related : accept, invalid : drop } ");
		return;
	case 1:
		put(p, "%s vmap { ", ONE_OF(p->d, "iifname", "oifname"));
		for (unsigned int i = 0; i <= below(p->d, 3); i++) {
			put(p, "%s\"eth%u\" : ", i ? ", " : "", i);
			if (p->jumps_from < p->jumps_to && below(p->d, 2))
				put(p, "%s u%u", ONE_OF(p->d, "jump", "goto"),
				    p->jumps_from + below(p->d, p->jumps_to - p->jumps_from));
			else
				put(p, "%s", ONE_OF(p->d, "accept", "drop", "return", "continue"));
		}
		put(p, " } ");
		return;
	default:
		if (agrees(p, 0, "tcp"))
			put(p, "tcp dport vmap @m_port_verdict ");
		else
			put(p, "drop ");
	}
}

static void put_verdict(struct place *p)
{
	unsigned int jumps = p->jumps_to - p->jumps_from;
	bool rejects = p->type == FWC_CHAIN_FILTER &&
		       (p->hook == FWC_HOOK_INPUT || p->hook == FWC_HOOK_FORWARD ||
			p->hook == FWC_HOOK_OUTPUT);

	switch (below(p->d, 5)) {
	case 0:
		if (jumps) {
			put(p, "%s u%u ", ONE_OF(p->d, "jump", "goto"),
			    p->jumps_from + below(p->d, jumps));
			return;
		}
		/* fall through */
	case 1:
		if (rejects) {
			put_reject(p);
			return;
		}
		/* fall through */
	case 2:
		put_vmap(p);
		return;
	default:
		put(p, "%s ", ONE_OF(p->d, "accept", "drop", "return", "continue"));
	}
}

static void put_dnat(struct place *p, uint32_t l3)
{
	const char *of = p->family != FWC_FAMILY_INET ? "" : l3 == FWC_FAMILY_IP ? "ip " : "ip6 ";

	if (l3 == FWC_FAMILY_IP6) {
		put(p, "dnat %sto 2001:db8::%x ", of, 1 + below(p->d, 999));
		return;
	}
	switch (below(p->d, 5)) {
	case 0:
		put(p, "dnat %sto 10.0.0.%u ", of, below(p->d, 255));
		return;
	case 1:
		put(p, "dnat %sto 10.0.0.%u-10.0.0.%u ", of, below(p->d, 99),
		    100 + below(p->d, 99));
		return;
	case 2:
		if (says_tcp(p)) {
			put(p, "dnat %sto 10.0.0.%u:%u ", of, below(p->d, 255),
			    1 + below(p->d, 9999));
			return;
		}
		/* fall through */
	case 3:
		if (agrees(p, 0, "tcp")) {
			put(p, "dnat %sto tcp dport map @m_port_addr ", of);
			return;
		}
		/* fall through */
	default:
		if (!p->l4) {
			put(p, "dnat %sto meta l4proto . th dport map @m_publish ", of);
			p->l4 = "th";
			return;
		}
		put(p, "accept ");
	}
}

static void put_nat(struct place *p)
{
	uint32_t l3 = p->l3 ? p->l3 : below(p->d, 2) ? FWC_FAMILY_IP : FWC_FAMILY_IP6;
	bool known = agrees(p, l3, NULL) && l3 != 99;

	if (p->hook == FWC_HOOK_POSTROUTING && below(p->d, 2)) {
		put(p, "masquerade %s",
		    ONE_OF(p->d, "", "random ", "fully-random ", "persistent "));
	} else if (p->hook == FWC_HOOK_POSTROUTING || p->hook == FWC_HOOK_INPUT) {
		if (!known)
			put(p, "accept ");
		else
			put(p, "snat %sto %s ",
			    p->family != FWC_FAMILY_INET ? ""
			    : l3 == FWC_FAMILY_IP        ? "ip "
							 : "ip6 ",
			    l3 == FWC_FAMILY_IP ? "198.51.100.7" : "2001:db8:7::1");
	} else if (below(p->d, 3) == 0) {
		if (below(p->d, 2) && says_tcp(p))
			put(p, "redirect to :%u ", 1 + below(p->d, 65535));
		else
			put(p, "redirect ");
	} else if (known) {
		put_dnat(p, l3);
	} else {
		put(p, "accept ");
	}
}

static struct fwc_rule *add_rule_in_words(struct place *p)
{

	p->len = 0;
	p->l3 = 0;
	p->l4 = NULL;
	p->compared = false;
	for (unsigned int i = below(p->d, 3); i > 0; i--)
		put_match(p);
	for (unsigned int i = below(p->d, 3); i > 0; i--)
		put_statement(p);
	if (p->type == FWC_CHAIN_NAT)
		put_nat(p);
	else if (below(p->d, 4))
		put_verdict(p);
	else if (!p->len)
		put(p, "counter ");
	p->text[p->len - 1] = '\0'; /* the last space */
	return fwc_chain_append_text(p->chain, FWC_SYNTAX_NFT, p->text);
}

/* ---- the same without words ---- */

static struct fwc_ip random_ip(struct dice *d, uint32_t family)
{
	struct fwc_ip ip = { .family = family };
	size_t len = family == FWC_FAMILY_IP ? 4 : 16;

	for (size_t i = 0; i < len; i++)
		ip.bytes[i] = (uint8_t)roll(d);
	ip.bytes[0] =
		family == FWC_FAMILY_IP ? 10 : 0x20; /* no address that means something else */
	return ip;
}

static uint32_t typed_l3(struct place *p)
{
	return p->family == FWC_FAMILY_IP6 || (p->family == FWC_FAMILY_INET && below(p->d, 2))
		       ? FWC_FAMILY_IP6
		       : FWC_FAMILY_IP;
}

static void typed_address(struct place *p, struct fwc_rule *rule, uint32_t l3)
{
	bool ip6 = l3 == FWC_FAMILY_IP6;
	struct fwc_ip ip = random_ip(p->d, l3);
	uint32_t first = ip6 ? FWC_FIELD_IP6_SADDR : FWC_FIELD_IP_SADDR;

	fwc_rule_match_ip(rule, first + below(p->d, 2), FWC_OP_EQ + below(p->d, 2), &ip,
			  8 + below(p->d, ip6 ? 121 : 25));
}

/* Addresses and ports side by side, against a list of such. */
static void typed_concatenation(struct place *p, struct fwc_rule *rule, uint32_t l3)
{
	bool ip6 = l3 == FWC_FAMILY_IP6;
	struct fwc_value *left[2], *elements[3], *concat, *list;
	unsigned int count = 1 + below(p->d, 3);

	left[0] = fwc_value_field(ip6 ? FWC_FIELD_IP6_DADDR : FWC_FIELD_IP_DADDR);
	left[1] = fwc_value_field(FWC_FIELD_TCP_DPORT);
	concat = fwc_value_concat((const struct fwc_value *const *)left, 2);
	for (unsigned int i = 0; i < count; i++) {
		struct fwc_ip ip = random_ip(p->d, l3);
		struct fwc_value *part[2];

		ip.bytes[1] = (uint8_t)i; /* they do not overlap */
		part[0] = fwc_value_ip(&ip);
		part[1] = fwc_value_number(1 + below(p->d, 65535));
		elements[i] = fwc_value_concat((const struct fwc_value *const *)part, 2);
		fwc_value_free(part[0]);
		fwc_value_free(part[1]);
	}
	list = fwc_value_list((const struct fwc_value *const *)elements, count);
	fwc_rule_match_value(rule, concat, FWC_OP_EQ + below(p->d, 2), list);
	for (unsigned int i = 0; i < count; i++)
		fwc_value_free(elements[i]);
	fwc_value_free(left[0]);
	fwc_value_free(left[1]);
	fwc_value_free(concat);
	fwc_value_free(list);
}

static void typed_match(struct place *p, struct fwc_rule *rule, uint32_t l3)
{
	uint64_t first = 1 + below(p->d, 60000), mask = 1u << below(p->d, 31);

	switch (below(p->d, p->compared ? 3 : 6)) {
	case 0:
		typed_address(p, rule, l3);
		return;
	case 1:
		typed_concatenation(p, rule, l3);
		return;
	case 2:
		fwc_rule_match_u64(rule, FWC_FIELD_TCP_DPORT, FWC_OP_EQ + below(p->d, 2), first,
				   first + below(p->d, 5000));
		return;
	case 3:
		p->compared = true;
		fwc_rule_match_u64(rule,
				   ONE_OF(p->d, "m", "c")[0] == 'm' ? FWC_FIELD_META_MARK
								    : FWC_FIELD_CT_MARK,
				   below(p->d, 2) ? FWC_OP_LT : FWC_OP_GT, first, first);
		return;
	case 4:
		/* Names are literal, whatever they look like in words. */
		fwc_rule_match_name(rule, FWC_FIELD_META_IIFNAME + below(p->d, 2),
				    FWC_OP_EQ + below(p->d, 2),
				    ONE_OF(p->d, "eth0", "a,b", "1-2", "{x", "accept", "#1", "@s"));
		return;
	default:
		fwc_rule_match_bits(rule, FWC_FIELD_META_MARK, FWC_OP_EQ + below(p->d, 2), mask,
				    below(p->d, 2) ? mask : 0);
	}
}

static void typed_target(struct place *p, struct fwc_rule *rule)
{
	static const uint32_t units[] = { 1, 60, 3600, 86400, 604800 };
	struct fwc_value *number = fwc_value_number(1 + below(p->d, 0xffff));
	struct fwc_target *log = fwc_target_new(FWC_TARGET_LOG);

	switch (below(p->d, 4)) {
	case 0:
		fwc_rule_counter(rule);
		break;
	case 1:
		fwc_target_set_text(log, FWC_LOG_PREFIX, ONE_OF(p->d, "dropped: ", "x"));
		fwc_target_set_number(log, FWC_LOG_GROUP, below(p->d, 65536));
		fwc_target_set_number(log, FWC_LOG_SNAPLEN, 1 + below(p->d, 1000));
		fwc_rule_add_target(rule, log);
		break;
	case 2:
		fwc_rule_limit(rule, 1 + below(p->d, 999), units[below(p->d, 5)],
			       1 + below(p->d, 99));
		break;
	default:
		fwc_rule_assign(rule, below(p->d, 2) ? FWC_FIELD_META_MARK : FWC_FIELD_CT_MARK,
				number);
	}
	fwc_value_free(number);
	fwc_target_free(log);
}

static void typed_nat(struct place *p, struct fwc_rule *rule, uint32_t l3)
{
	struct fwc_nat_opts opts = { .size = sizeof(opts) };
	bool source = p->hook == FWC_HOOK_POSTROUTING || p->hook == FWC_HOOK_INPUT;

	opts.addr_min = random_ip(p->d, l3);
	if (below(p->d, 2)) {
		opts.addr_max = opts.addr_min;
		opts.addr_min.bytes[3] &= 0x7f;
		opts.addr_max.bytes[3] |= 0x80;
	}
	if (below(p->d, 2)) {
		fwc_rule_match_u64(rule, FWC_FIELD_TCP_DPORT, FWC_OP_NE, 1, 1);
		opts.port_min = (uint16_t)(1 + below(p->d, 30000));
		opts.port_max = (uint16_t)(opts.port_min + below(p->d, 30000));
	}
	if (below(p->d, 3) == 0)
		opts.flags = FWC_NAT_PERSISTENT;
	fwc_rule_nat(rule, source ? FWC_TARGET_SNAT : FWC_TARGET_DNAT, &opts);
}

static struct fwc_rule *add_typed_rule(struct place *p)
{
	struct fwc_rule *rule = fwc_chain_append(p->chain);
	uint32_t l3 = typed_l3(p);

	p->compared = false;
	for (unsigned int i = below(p->d, 3); i > 0; i--)
		typed_match(p, rule, l3);
	for (unsigned int i = below(p->d, 3); i > 0; i--)
		typed_target(p, rule);
	if (p->type == FWC_CHAIN_NAT)
		typed_nat(p, rule, l3);
	else
		fwc_rule_verdict(rule, FWC_VERDICT_ACCEPT + below(p->d, 4), NULL);
	return rule;
}

static void add_rule(struct place *p)
{
	struct fwc_rule *rule = below(p->d, 4) ? add_rule_in_words(p) : add_typed_rule(p);

	if (below(p->d, 4) == 0)
		fwc_rule_comment(rule, ONE_OF(p->d, "ssh", "a comment of several words", "x"));
	if (below(p->d, 4) == 0)
		fwc_rule_tag(rule, ONE_OF(p->d, "container-7", "t"));
}

static void fill_set(struct place *p, struct fwc_set *set, const struct key *key,
		     const char *const *data, bool interval)
{
	unsigned int count = below(p->d, 6);

	for (unsigned int i = 0; i < count; i++) {
		struct fwc_element_opts opts = { .size = sizeof(opts) };

		if (below(p->d, 4) == 0)
			opts.comment = ONE_OF(p->d, "first", "an element");
		p->len = 0;
		key->put(p, 3 * i, interval);
		fwc_set_add(set, p->text, data ? one_of(p->d, data) : NULL, &opts);
	}
}

/* Every table has the sets that its rules may name. */
static void add_sets(struct place *p, struct fwc_table *table)
{
	static const size_t kinds[] = { 0, 2, 4, 8, 10 };
	struct fwc_set_opts opts = { .size = sizeof(opts) };
	const struct key *port = &keys[4];
	struct fwc_set *set;
	char name[64];

	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
		const struct key *key = &keys[kinds[i]];

		opts.flags = 0;
		opts.max_elements = below(p->d, 3) ? 0 : 1000;
		snprintf(name, sizeof(name), "s_%s", key->type);
		set = fwc_table_add_set(table, name, key->type, &opts);
		if (below(p->d, 3) == 0)
			fwc_set_comment(set, "a set");
		fill_set(p, set, key, NULL, false);
		opts.flags = FWC_SET_INTERVAL;
		snprintf(name, sizeof(name), "s_%s_i", key->type);
		if (key->interval)
			fill_set(p, fwc_table_add_set(table, name, key->type, &opts), key, NULL,
				 true);
	}
	opts.flags = FWC_SET_INTERVAL;
	set = fwc_table_add_set(table, "s_addr_port", "ipv4_addr . inet_service", &opts);
	for (unsigned int i = below(p->d, 4); i > 0; i--) {
		p->len = 0;
		put_ip4(p, i, true);
		put(p, " . ");
		put_port(p, i, true);
		fwc_set_add(set, p->text, NULL, NULL);
	}
	opts.flags = 0;
	opts.data_type = "verdict";
	fill_set(p, fwc_table_add_set(table, "m_port_verdict", "inet_service", &opts), port,
		 (const char *const[]){ "accept", "drop", "return", NULL }, false);
	opts.data_type = "mark";
	fill_set(p, fwc_table_add_set(table, "m_port_mark", "inet_service", &opts), port,
		 (const char *const[]){ "0x1", "0xff00", NULL }, false);
	if (p->family == FWC_FAMILY_IP6)
		return;
	opts.data_type = "ipv4_addr";
	fill_set(p, fwc_table_add_set(table, "m_port_addr", "inet_service", &opts), port,
		 (const char *const[]){ "10.0.0.1", "10.0.0.2", NULL }, false);
	opts.data_type = "ipv4_addr . inet_service";
	set = fwc_table_add_set(table, "m_publish", "inet_proto . inet_service", &opts);
	fwc_set_add(set, "tcp . 8080", "10.0.0.2 . 80", NULL);
	fwc_set_add(set, "udp . 53", "10.0.0.3 . 5353", NULL);
}

static struct fwc_chain *add_base_chain(struct place *p, struct fwc_table *table,
					unsigned int number)
{
	static const uint32_t hooks[] = { FWC_HOOK_INPUT, FWC_HOOK_OUTPUT, FWC_HOOK_PREROUTING,
					  FWC_HOOK_POSTROUTING, FWC_HOOK_FORWARD };
	struct fwc_base_opts opts = { .size = sizeof(opts) };
	char name[32];

	p->type = opts.type = below(p->d, 3) ? FWC_CHAIN_FILTER : FWC_CHAIN_NAT;
	/* NAT does not forward. */
	p->hook = opts.hook = hooks[below(p->d, p->type == FWC_CHAIN_NAT ? 4 : 5)];
	if (p->type == FWC_CHAIN_FILTER) {
		opts.policy = below(p->d, 2) ? FWC_VERDICT_ACCEPT : FWC_VERDICT_DROP;
		opts.priority = ONE_OF(p->d, "filter", "filter - 5", "raw", "mangle", "security",
				       "10", "-300", "raw + 10");
	} else {
		opts.priority = p->hook == FWC_HOOK_POSTROUTING || p->hook == FWC_HOOK_INPUT
					? "100"
					: "-100";
	}
	snprintf(name, sizeof(name), "base%u", number);
	return fwc_table_add_chain(table, name, &opts);
}

/* User chains first are declared, all of them, so that rules before them may jump there. */
static void add_table(struct place *p, struct fwc_ruleset *ruleset, const char *name)
{
	struct fwc_table *table = fwc_ruleset_add_table(ruleset, p->family, name,
							below(p->d, 8) ? 0 : FWC_TABLE_DORMANT);
	unsigned int users = below(p->d, 4), bases = 1 + below(p->d, 3);
	struct fwc_chain *chains[8];
	char user[16];

	if (below(p->d, 3) == 0)
		fwc_table_comment(table, "a table");
	add_sets(p, table);
	for (unsigned int i = 0; i < users; i++) {
		snprintf(user, sizeof(user), "u%u", i);
		chains[i] = fwc_table_add_chain(table, user, NULL);
	}
	p->jumps_to = users;
	for (unsigned int i = 0; i < users + bases; i++) {
		p->jumps_from = i < users ? i + 1 : 0;
		p->type = 0;
		p->chain = i < users ? chains[i] : add_base_chain(p, table, i - users);
		if (below(p->d, 4) == 0)
			fwc_chain_comment(p->chain, "a chain");
		for (unsigned int r = below(p->d, 8); r > 0; r--)
			add_rule(p);
	}
}

struct fwc_ruleset *random_ruleset(uint64_t seed)
{
	static const uint32_t families[] = { FWC_FAMILY_INET, FWC_FAMILY_IP, FWC_FAMILY_IP6 };
	struct fwc_ruleset *ruleset = fwc_ruleset_new();
	struct dice d = { .state = seed };
	unsigned int tables = 1 + below(&d, 3);

	for (unsigned int i = 0; i < tables; i++) {
		struct place p = { .d = &d, .family = families[below(&d, 3)] };
		char name[16];

		snprintf(name, sizeof(name), "t%u", i);
		add_table(&p, ruleset, name);
	}
	return ruleset;
}
