/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The whole model with dice, in commands: tables of every family, named objects, sets and maps of all kinds, what
 * elements keep, rules that look into them and change them, and chains that rules own. Whatever nft 1.0.6 takes, too.
 */
#include "random_ruleset.h"

#include "../dice.h"

#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char *one_of(struct dice *d, const char *const *words)
{
	unsigned int n = 0;

	while (words[n])
		n++;
	return words[below(d, n)];
}
#define ONE_OF(d, ...) one_of(d, (const char *const[]){ __VA_ARGS__, NULL })

enum {
	IP = 1,
	IP6 = 2,
	INET = 4,
	ARP = 8,
	BRIDGE = 16,
	NETDEV = 32,
	ALL = 63,
	ROUTED = IP | IP6 | INET, /* where connections are tracked */
};

enum { MOST_PARTS = 3, MOST_SETS = 7, MOST_OBJECTS = 6 };

struct text {
	struct dice *d;
	char *data;
	size_t len, room;
};

static void put(struct text *t, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

static void put(struct text *t, const char *fmt, ...)
{
	char line[512];
	va_list ap;
	size_t n;

	va_start(ap, fmt);
	n = (size_t)vsnprintf(line, sizeof(line), fmt, ap);
	va_end(ap);
	if (t->len + n + 1 > t->room) {
		t->room = 2 * t->room + n + 1;
		t->data = realloc(t->data, t->room);
	}
	memcpy(t->data + t->len, line, n + 1);
	t->len += n;
}

/* ---- keys ---- */

/* `slot` keeps those of one set apart from each other. */
static void put_ip(struct text *t, unsigned int slot, bool interval)
{
	switch (interval ? below(t->d, 3) : 0) {
	case 1:
		put(t, "10.%u.0.0/%u", slot, 16 + below(t->d, 9));
		return;
	case 2:
		put(t, "10.%u.0.%u-10.%u.1.%u", slot, below(t->d, 200), slot, below(t->d, 200));
		return;
	default:
		put(t, "10.%u.0.%u", slot, 1 + below(t->d, 250));
	}
}

static void put_ip6(struct text *t, unsigned int slot, bool interval)
{
	put(t, "2001:db8:%x::", slot + 1);
	if (interval && below(t->d, 2))
		put(t, "/%u", 48 + below(t->d, 70));
	else
		put(t, "%x", 1 + below(t->d, 9999));
}

static void put_number(struct text *t, unsigned int first, unsigned int width, bool hex,
		       bool interval)
{
	unsigned int from = first + below(t->d, width / 2), to = from + 1 + below(t->d, width / 2);

	put(t, hex ? "0x%x" : "%u", from);
	if (interval && below(t->d, 2))
		put(t, hex ? "-0x%x" : "-%u", to);
}

static void put_port(struct text *t, unsigned int slot, bool interval)
{
	put_number(t, 1 + slot * 1000, 900, false, interval);
}

static void put_mark(struct text *t, unsigned int slot, bool interval)
{
	put_number(t, 1 + slot * 0x1000, 0xf00, true, interval);
}

static void put_ether(struct text *t, unsigned int slot, bool interval)
{
	(void)interval;
	put(t, "02:00:00:00:%02x:%02x", slot, below(t->d, 256));
}

static void put_ifname(struct text *t, unsigned int slot, bool interval)
{
	(void)interval;
	put(t, "\"%s%u\"", ONE_OF(t->d, "eth", "wlan", "br-x", "veth"), slot);
}

static void put_proto(struct text *t, unsigned int slot, bool interval)
{
	static const char *const names[] = {
		"tcp", "udp", "icmp", "sctp", "esp", "gre", "udplite"
	};

	(void)interval;
	put(t, "%s", names[slot % 7]);
}

static void put_state(struct text *t, unsigned int slot, bool interval)
{
	static const char *const names[] = { "new", "established", "related", "invalid",
					     "untracked" };

	(void)interval;
	put(t, "%s", names[slot % 5]);
}

static void put_icmp(struct text *t, unsigned int slot, bool interval)
{
	static const char *const names[] = { "echo-request", "echo-reply", "redirect",
					     "time-exceeded", "source-quench" };

	(void)interval;
	put(t, "%s", names[slot % 5]);
}

/* A type of a key, and the field that is looked up among such keys. */
static const struct key {
	const char *type, *fields[2];
	unsigned int families;
	char layer3, layer4; /* two of one key must agree; 0: says nothing */
	bool interval;
	unsigned int slots; /* how many are apart from each other */
	void (*put)(struct text *t, unsigned int slot, bool interval);
} keys[] = {
	{ "ipv4_addr",
	  { "ip saddr", "ip daddr" },
	  IP | INET | BRIDGE | NETDEV,
	  '4',
	  0,
	  true,
	  200,
	  put_ip },
	{ "ipv6_addr",
	  { "ip6 saddr", "ip6 daddr" },
	  IP6 | INET | BRIDGE | NETDEV,
	  '6',
	  0,
	  true,
	  200,
	  put_ip6 },
	{ "inet_service", { "tcp dport", "tcp sport" }, ALL & ~ARP, 0, 't', true, 60, put_port },
	{ "inet_service", { "udp dport", "udp sport" }, ALL & ~ARP, 0, 'u', true, 60, put_port },
	{ "mark", { "meta mark", "meta mark" }, ALL, 0, 0, true, 200, put_mark },
	{ "mark", { "ct mark", "ct mark" }, ROUTED, 0, 0, true, 200, put_mark },
	{ "ifname", { "iifname", "oifname" }, ROUTED | BRIDGE, 0, 0, false, 200, put_ifname },
	{ "ifname", { "iifname", "iifname" }, ARP | NETDEV, 0, 0, false, 200, put_ifname },
	{ "ether_addr",
	  { "ether saddr", "ether daddr" },
	  BRIDGE | NETDEV,
	  0,
	  0,
	  false,
	  200,
	  put_ether },
	{ "ether_addr",
	  { "arp saddr ether", "arp daddr ether" },
	  ARP,
	  'a',
	  0,
	  false,
	  200,
	  put_ether },
	{ "ipv4_addr", { "arp saddr ip", "arp daddr ip" }, ARP, 'a', 0, true, 200, put_ip },
	{ "inet_proto",
	  { "meta l4proto", "meta l4proto" },
	  ALL & ~ARP,
	  0,
	  'p',
	  false,
	  7,
	  put_proto },
	{ "ct_state", { "ct state", "ct state" }, ROUTED, 0, 0, false, 5, put_state },
	{ "icmp_type",
	  { "icmp type", "icmp type" },
	  IP | INET | BRIDGE | NETDEV,
	  '4',
	  'i',
	  false,
	  5,
	  put_icmp },
};
enum { KEYS = sizeof(keys) / sizeof(keys[0]) };

/* ---- what a table has, for its rules ---- */

struct set {
	char name[16];
	const struct key *key[MOST_PARTS];
	unsigned int parts;
	bool interval, timeout, dynamic, constant, merged;
	const char *state; /* what its elements keep; NULL: nothing */
	const char *data; /* of a map: its type; NULL: a set */
};

struct object {
	char name[16];
	const char *kind;
};

struct table {
	struct text *t;
	unsigned int family;
	const char *where; /* "inet t0" */
	struct set sets[MOST_SETS];
	struct object objects[MOST_OBJECTS];
	unsigned int set_count, object_count;
	unsigned int chains; /* u0, u1, ... that have no hook */
};

static const struct {
	unsigned int family;
	const char *name;
} families[] = { { IP, "ip" },   { IP6, "ip6" },       { INET, "inet" },    { INET, "inet" },
		 { ARP, "arp" }, { BRIDGE, "bridge" }, { NETDEV, "netdev" } };

static bool chance(struct table *b, unsigned int n)
{
	return below(b->t->d, n) == 0;
}

static void put_comment(struct table *b)
{
	put(b->t, " comment \"%s\"", ONE_OF(b->t->d, "a", "of several words", "it's: {1, 2}; #3"));
}

/* ---- objects ---- */

static void put_object(struct table *b, struct object *o)
{
	struct text *t = b->t;
	bool comment = chance(b, 3);

	put(t, "add %s %s %s {", o->kind, b->where, o->name);
	if (comment) {
		put_comment(b);
		put(t, ";");
	}
	if (!strcmp(o->kind, "counter"))
		put(t, " packets %u bytes %u", below(t->d, 9), below(t->d, 9));
	else if (!strcmp(o->kind, "quota"))
		put(t, " %s%u %s", ONE_OF(t->d, "", "over "), 1 + below(t->d, 1000),
		    ONE_OF(t->d, "bytes", "kbytes", "mbytes"));
	else if (!strcmp(o->kind, "limit"))
		put(t, " rate %s%u/%s burst %u packets", ONE_OF(t->d, "", "over "),
		    1 + below(t->d, 900), ONE_OF(t->d, "second", "minute", "hour", "day"),
		    1 + below(t->d, 20));
	else if (!strcmp(o->kind, "synproxy"))
		put(t, " mss %u; wscale %u; timestamp sack-perm", 536 + below(t->d, 1000),
		    below(t->d, 14));
	else
		put(t, " protocol %s; dport %u; timeout %us; size %u; l3proto %s",
		    ONE_OF(t->d, "tcp", "udp"), 1 + below(t->d, 9999), 1 + below(t->d, 9999),
		    1 + below(t->d, 20), b->family == IP6 ? "ip6" : "ip");
	put(t, "; }\n");
}

static void add_objects(struct table *b)
{
	for (unsigned int i = below(b->t->d, MOST_OBJECTS + 1); i > 0; i--) {
		struct object *o = &b->objects[b->object_count++];

		o->kind = b->family & ROUTED ? ONE_OF(b->t->d, "counter", "quota", "limit",
						      "synproxy", "ct expectation")
					     : ONE_OF(b->t->d, "counter", "quota", "limit");
		snprintf(o->name, sizeof(o->name), "o%u", b->object_count);
		put_object(b, o);
	}
}

/* One of that kind, NULL: there is none. */
static const struct object *object_of(const struct table *b, const char *kind)
{
	for (unsigned int i = 0; i < b->object_count; i++)
		if (!strcmp(b->objects[i].kind, kind))
			return &b->objects[i];
	return NULL;
}

/* ---- sets and maps ---- */

static bool is_mac(const struct key *k)
{
	return !k->layer3 && !strcmp(k->type, "ether_addr");
}

static void pick_key(struct table *b, struct set *s)
{
	unsigned int parts = 1 + (chance(b, 3) ? below(b->t->d, MOST_PARTS) : 0);
	bool alone = false;

	while (s->parts < parts) {
		const struct key *k = &keys[below(b->t->d, KEYS)];
		bool fits = k->families & b->family;

		for (unsigned int i = 0; i < s->parts; i++) {
			const struct key *o = s->key[i];

			fits &= !(k->layer3 && o->layer3 && k->layer3 != o->layer3) &&
				!(k->layer4 && o->layer4);
			/* Beside a MAC address nft says the protocol in another way, and lists that. */
			fits &= !(is_mac(k) && (o->layer3 || o->layer4)) &&
				!(is_mac(o) && (k->layer3 || k->layer4));
		}
		if (!fits)
			continue;
		/* nft has words for masks of states alone, and transport protocols say what follows. */
		alone = !strcmp(k->type, "ct_state") || k->layer4 == 'p' || k->layer4 == 'i';
		if (alone && s->parts)
			continue;
		s->key[s->parts++] = k;
		if (alone)
			return;
	}
}

static bool can_be_intervals(const struct set *s)
{
	for (unsigned int i = 0; i < s->parts; i++)
		if (!s->key[i]->interval)
			return false;
	return true;
}

static const char *pick_data(struct table *b)
{
	const char *kind = ONE_OF(b->t->d, "verdict", "verdict", "mark", "inet_service", "object");

	if (strcmp(kind, "object") != 0)
		return kind;
	kind = ONE_OF(b->t->d, "counter", "quota", "limit");
	return object_of(b, kind) ? kind : "mark";
}

static void put_data(struct table *b, const struct set *s)
{
	struct text *t = b->t;

	if (!strcmp(s->data, "verdict") && b->chains && chance(b, 3))
		put(t, "%s u%u", ONE_OF(t->d, "jump", "goto"), below(t->d, b->chains));
	else if (!strcmp(s->data, "verdict"))
		put(t, "%s", ONE_OF(t->d, "accept", "drop", "return", "continue"));
	else if (!strcmp(s->data, "mark"))
		put(t, "0x%x", 1 + below(t->d, 0xffff));
	else if (!strcmp(s->data, "inet_service"))
		put(t, "%u", 1 + below(t->d, 65000));
	else
		put(t, "\"%s\"", object_of(b, s->data)->name);
}

static void put_state_words(struct table *b, const char *state, unsigned int n)
{
	if (!strcmp(state, "limit"))
		put(b->t, " limit rate %u/minute burst 5 packets", 1 + n);
	else if (!strcmp(state, "quota"))
		put(b->t, " quota over %u kbytes", 1 + n);
	else if (!strcmp(state, "counter"))
		put(b->t, " counter");
	else
		put(b->t, " ct count over %u", 1 + n);
}

static void put_element(struct table *b, const struct set *s, unsigned int slot)
{
	struct text *t = b->t;

	for (unsigned int i = 0; i < s->parts; i++) {
		put(t, "%s", i ? " . " : "");
		s->key[i]->put(t, slot, s->interval);
	}
	if (s->state)
		put_state_words(b, s->state, 7);
	if (s->timeout && chance(b, 2))
		put(t, " timeout %uh%us", 1 + below(t->d, 50), 1 + below(t->d, 59));
	if (chance(b, 4))
		put_comment(b);
	if (!s->data)
		return;
	put(t, " : ");
	put_data(b, s);
}

static void put_elements(struct table *b, const struct set *s)
{
	unsigned int slots = s->key[0]->slots, count = below(b->t->d, 6);
	bool any = chance(b, 6) && !s->constant;
	struct text *t = b->t;

	for (unsigned int i = 0; i < s->parts; i++)
		slots = s->key[i]->slots < slots ? s->key[i]->slots : slots;
	/* One a command, so that each can be left out. */
	for (unsigned int i = 0; i < count && i < slots; i++) {
		put(t, "add element %s %s { ", b->where, s->name);
		put_element(b, s, s->merged ? 2 * i : i); /* or they touch each other */
		put(t, " }\n");
	}
	if (!any)
		return;
	put(t, "add element %s %s { *", b->where, s->name);
	if (s->state)
		put_state_words(b, s->state, 7);
	if (s->data) {
		put(t, " : ");
		put_data(b, s);
	}
	put(t, " }\n");
}

static void put_flags(struct table *b, const struct set *s)
{
	const char *before = " flags ";

	if (s->constant)
		put(b->t, "%sconstant", before), before = ",";
	if (s->interval)
		put(b->t, "%sinterval", before), before = ",";
	if (s->dynamic)
		put(b->t, "%sdynamic", before), before = ",";
	if (s->timeout)
		put(b->t, "%stimeout", before), before = ",";
	if (*before == ',')
		put(b->t, ";");
}

static void put_set(struct table *b, struct set *s)
{
	struct text *t = b->t;
	bool sized;

	put(t, "add %s %s %s { type ", s->data ? "map" : "set", b->where, s->name);
	for (unsigned int i = 0; i < s->parts; i++)
		put(t, "%s%s", i ? " . " : "", s->key[i]->type);
	if (s->data)
		put(t, " : %s", s->data);
	put(t, ";");
	/* A dynamic one without a size gets that of 65535 from the first rule that adds to it. */
	sized = s->dynamic || (chance(b, 5) && !s->constant);
	if (sized)
		put(t, " size %u;", 500 + below(t->d, 500));
	/* Of a known size that is a tree of intervals for the kernel, which then overlap, nft's, too. */
	if (!sized && !s->constant && chance(b, 5))
		put(t, " policy memory;");
	put_flags(b, s);
	if (s->timeout && chance(b, 2))
		put(t, " timeout %uh;", 1 + below(t->d, 50));
	if (s->timeout && !s->data && chance(b, 3)) /* nft 1.0.6 knows none of maps */
		put(t, " gc-interval %us;", 1 + below(t->d, 500));
	s->merged = s->interval && !s->data && s->parts == 1 && chance(b, 4);
	if (s->merged)
		put(t, " auto-merge;");
	if (s->state) {
		put_state_words(b, s->state, 7);
		put(t, ";");
	}
	if (chance(b, 4)) {
		put_comment(b);
		put(t, ";");
	}
	put(t, " }\n");
	put_elements(b, s);
}

static void add_sets(struct table *b)
{
	for (unsigned int i = 1 + below(b->t->d, MOST_SETS); i > 0; i--) {
		struct set *s = &b->sets[b->set_count++];

		snprintf(s->name, sizeof(s->name), "s%u", b->set_count);
		pick_key(b, s);
		if (chance(b, 2))
			s->data = pick_data(b);
		s->interval = can_be_intervals(s) && chance(b, 2);
		s->constant = chance(b, 8);
		s->dynamic = !s->interval && !s->data && !s->constant && chance(b, 3);
		s->timeout = !s->constant && chance(b, 3);
		if (!s->constant && !s->data && chance(b, 3))
			s->state = ONE_OF(b->t->d, "counter", "limit");
		put_set(b, s);
	}
}

/* ---- rules ---- */

static void put_fields(struct table *b, const struct set *s)
{
	for (unsigned int i = 0; i < s->parts; i++)
		put(b->t, "%s%s", i ? " . " : "", s->key[i]->fields[below(b->t->d, 2)]);
}

/* What a rule does with one of the table's sets. False: it ends there. */
static bool put_use(struct table *b, const struct set *s)
{
	struct text *t = b->t;

	if (!s->data && s->dynamic && chance(b, 2)) {
		put(t, "%s @%s { ", s->timeout ? ONE_OF(t->d, "add", "update") : "add", s->name);
		put_fields(b, s);
		if (s->timeout && chance(b, 2))
			put(t, " timeout %um", 1 + below(t->d, 59));
		/* What the set says itself, the kernel lists of the set alone. */
		if (!s->state && chance(b, 3))
			put_state_words(
				b,
				b->family & ROUTED && !s->timeout
					? ONE_OF(t->d, "counter", "limit", "quota", "connlimit")
					: ONE_OF(t->d, "counter", "limit"),
				7);
		put(t, " } ");
		return true;
	}
	if (s->data && !strcmp(s->data, "inet_service"))
		return true; /* that is for NAT */
	if (s->data && !strcmp(s->data, "mark"))
		put(t, "meta mark set ");
	else if (s->data && object_of(b, s->data))
		put(t, "%s name ", s->data);
	put_fields(b, s);
	if (!s->data)
		put(t, " %s@%s ", ONE_OF(t->d, "", "!= "), s->name);
	else
		put(t, " %s @%s ", strcmp(s->data, "verdict") ? "map" : "vmap", s->name);
	return !s->data || strcmp(s->data, "verdict") != 0;
}

static void put_block(struct table *b)
{
	put(b->t, "%s { %s; %s%s }", ONE_OF(b->t->d, "jump", "goto"),
	    ONE_OF(b->t->d, "counter", "meta mark 0x1 counter", "iifname \"eth0\" drop"),
	    ONE_OF(b->t->d, "meta mark { 0x1, 0x2 } ", "", "limit rate 5/second "),
	    ONE_OF(b->t->d, "accept", "return", "drop"));
}

static void put_rule(struct table *b, const char *chain)
{
	struct text *t = b->t;
	const struct object *o;
	const char *kind = ONE_OF(t->d, "counter", "quota", "limit");
	bool more = true;

	put(t, "add rule %s %s ", b->where, chain);
	switch (below(t->d, 6)) {
	case 0:
	case 1:
	case 2:
		if (b->set_count)
			more = put_use(b, &b->sets[below(t->d, b->set_count)]);
		break;
	case 3:
		o = object_of(b, kind);
		if (o)
			put(t, "%s name \"%s\" ", kind, o->name);
		break;
	case 4:
		if (chance(b, 2)) {
			put_block(b);
			more = false;
		}
		break;
	default:
		put(t, "meta mark 0x%x ", 1 + below(t->d, 999));
	}
	if (more)
		put(t, "counter %s", ONE_OF(t->d, "accept", "drop", "return", "continue"));
	if (chance(b, 4))
		put_comment(b);
	put(t, "\n");
}

static void put_base_chain(struct table *b, unsigned int number)
{
	struct text *t = b->t;
	const char *hook = b->family == NETDEV ? "ingress device \"lo\""
			   : b->family == ARP  ? ONE_OF(t->d, "input", "output")
					       : ONE_OF(t->d, "input", "forward", "output",
							"prerouting", "postrouting");

	put(t, "add chain %s b%u { type filter hook %s priority %d; policy %s;", b->where, number,
	    hook, (int)below(t->d, 600) - 300, ONE_OF(t->d, "accept", "drop"));
	if (chance(b, 4)) {
		put_comment(b);
		put(t, ";");
	}
	put(t, " }\n");
}

static void put_table(struct text *t, unsigned int number)
{
	unsigned int row = below(t->d, sizeof(families) / sizeof(families[0]));
	struct table b = { .t = t, .family = families[row].family };
	unsigned int bases = 1 + below(t->d, 2);
	char where[32], chain[16];

	snprintf(where, sizeof(where), "%s t%u", families[row].name, number);
	b.where = where;
	put(t, "add table %s {", where);
	if (chance(&b, 8))
		put(t, " flags dormant;");
	if (chance(&b, 3)) {
		put_comment(&b);
		put(t, ";");
	}
	put(t, " }\n");
	b.chains = below(t->d, 3);
	for (unsigned int i = 0; i < b.chains; i++)
		put(t, "add chain %s u%u\n", where, i);
	for (unsigned int i = 0; i < bases; i++)
		put_base_chain(&b, i);
	add_objects(&b);
	add_sets(&b);
	/* Only chains with a hook look into maps, or a jump there might lead back. */
	for (unsigned int i = 0; i < b.chains; i++)
		put(t, "add rule %s u%u meta mark %u counter\n", where, i, 1 + below(t->d, 99));
	for (unsigned int i = 0; i < bases; i++) {
		snprintf(chain, sizeof(chain), "b%u", i);
		for (unsigned int r = below(t->d, 7); r > 0; r--)
			put_rule(&b, chain);
	}
}

char *random_commands(uint64_t seed)
{
	struct dice d = { .state = seed };
	struct text t = { .d = &d };

	for (unsigned int i = 1 + below(&d, 3); i > 0; i--)
		put_table(&t, i);
	return t.data;
}
