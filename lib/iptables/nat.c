/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Targets of table nat: where to, as a range of addresses and of ports.
 *
 * Kernel: linux/netfilter/nf_nat.h. IPv4 has a struct of its own, behind a count that is 1: flags, then addresses of 4
 * bytes. The others have flags, then addresses of 16. Ports are big-endian. */
#include <netinet/in.h>

#include "iptables/forms.h"

enum {
	MAP_IPS = 1,
	HAS_PORTS = 2,
	RANDOM = 4,
	PERSISTENT = 8,
	FULLY_RANDOM = 16,
	HAS_BASE = 32,
	RANGE2_SIZE = 42, /* the one with a base port */
};

static bool may_have_ports(uint8_t proto)
{
	return proto == IPPROTO_TCP || proto == IPPROTO_UDP || proto == IPPROTO_SCTP ||
	       proto == IPPROTO_DCCP || proto == IPPROTO_ICMP;
}

/* An option's `at` is where the flags are, its `len` the bytes of an address. */
static uint8_t *addresses_of(const struct fwc_xt_place *p)
{
	return p->info + p->option->at + 4;
}

static size_t ports_of(const struct fwc_xt_place *p)
{
	return p->option->at + 4u + 2u * p->option->len;
}

static void add_flags(const struct fwc_xt_place *p, uint32_t flags)
{
	fwc_xt_put(p->info, p->option->at, 4, fwc_xt_get(p->info, p->option->at, 4) | flags);
}

static void put_port(const struct fwc_xt_place *p, size_t which, uint64_t port)
{
	fwc_xt_put(p->info, ports_of(p) + 2 * which, 2, htons((uint16_t)port));
}

static unsigned int port_at(const struct fwc_xt_place *p, size_t which)
{
	return ntohs((uint16_t)fwc_xt_get(p->info, ports_of(p) + 2 * which, 2));
}

/* 22, ssh, 1000-2000, 1000-2000/3000. */
static int parse_port_range(const struct fwc_xt_place *p, const char *text, const char *whole)
{
	uint64_t first, last, base = 0;
	const char *end;
	bool well;

	if (!may_have_ports(p->proto))
		return fwc_fail(p->err, -EINVAL, FWC_OBJECT_TEXT,
				"--%s with ports needs -p tcp, udp, sctp, dccp or icmp",
				p->option->name);
	well = fwc_xt_scan_port(text, &first);
	last = first;
	if (!well)
		well = fwc_xt_scan(text, 0, UINT16_MAX, &first, &end) && *end == '-' &&
		       fwc_xt_scan(end + 1, first, UINT16_MAX, &last, &end) &&
		       (!*end || (*end == '/' && p->row->size == RANGE2_SIZE &&
				  fwc_xt_scan_port(end + 1, &base) && base));
	if (!well)
		return fwc_xt_bad_value(
			p, whole, "a port is a name or a number up to 65535, a range PORT-PORT%s",
			p->row->size == RANGE2_SIZE ? " or PORT-PORT/BASE" : "");
	put_port(p, 0, first);
	put_port(p, 1, last);
	if (base)
		put_port(p, 2, base);
	add_flags(p, HAS_PORTS | (base ? HAS_BASE : 0u));
	return 0;
}

static bool scan_addresses(const struct fwc_xt_place *p, const char *text, size_t len)
{
	uint8_t ends[2][16] = { { 0 } };
	char copy[2 * INET6_ADDRSTRLEN], *dash;

	if (len >= sizeof(copy))
		return false;
	memcpy(copy, text, len);
	copy[len] = '\0';
	dash = strchr(copy, '-');
	if (dash)
		*dash = '\0';
	if (!fwc_xt_scan_address(p->family, copy, ends[0]) ||
	    !fwc_xt_scan_address(p->family, dash ? dash + 1 : copy, ends[1]))
		return false;
	memcpy(addresses_of(p), ends[0], p->option->len);
	memcpy(addresses_of(p) + p->option->len, ends[1], p->option->len);
	add_flags(p, MAP_IPS);
	return true;
}

/* Where the address ends and the ports begin, NULL: there are none. IPv6 addresses with ports are in brackets. */
static const char *find_ports(const char *text, const char **ret_address, size_t *ret_len)
{
	const char *colon = strchr(text, ':'), *close = strchr(text, ']');

	*ret_address = text;
	if (text[0] == '[' && close) {
		*ret_address = text + 1;
		*ret_len = (size_t)(close - text - 1);
		return close[1] == ':' ? close + 2 : NULL;
	}
	if (colon && strchr(colon + 1, ':'))
		colon = NULL; /* several: an IPv6 address */
	*ret_len = colon ? (size_t)(colon - text) : strlen(text);
	return colon ? colon + 1 : NULL;
}

static int parse_to(const struct fwc_xt_place *p, const char *const *words)
{
	const char *address, *ports;
	size_t len;

	ports = find_ports(words[0], &address, &len);
	if (len && !scan_addresses(p, address, len))
		return fwc_xt_bad_value(
			p, words[0], "%s",
			p->family == FWC_FAMILY_IP
				? "ADDRESS or ADDRESS-ADDRESS, then :PORT or :PORT-PORT"
				: "ADDRESS or ADDRESS-ADDRESS, in brackets before :PORT or :PORT-PORT");
	if (ports)
		return parse_port_range(p, ports, words[0]);
	return len ? 0 : fwc_xt_bad_value(p, words[0], "it is empty");
}

static void format_port_range(const struct fwc_xt_place *p, struct fwc_buf *out)
{
	fwc_buf_printf(out, "%u", port_at(p, 0));
	if (port_at(p, 1) != port_at(p, 0))
		fwc_buf_printf(out, "-%u", port_at(p, 1));
	if (p->row->size == RANGE2_SIZE && fwc_xt_get(p->info, p->option->at, 4) & HAS_BASE)
		fwc_buf_printf(out, "/%u", port_at(p, 2));
}

static void format_to(const struct fwc_xt_place *p, struct fwc_buf *out)
{
	uint64_t flags = fwc_xt_get(p->info, p->option->at, 4);
	bool brackets = p->family == FWC_FAMILY_IP6 && flags & HAS_PORTS && flags & MAP_IPS;
	const uint8_t *first = addresses_of(p), *last = first + p->option->len;

	fwc_buf_puts(out, brackets ? "[" : "");
	if (flags & MAP_IPS) {
		fwc_xt_format_address(p->family, first, out);
		if (memcmp(first, last, p->option->len) != 0) {
			fwc_buf_puts(out, "-");
			fwc_xt_format_address(p->family, last, out);
		}
	}
	fwc_buf_puts(out, brackets ? "]" : "");
	if (flags & HAS_PORTS) {
		fwc_buf_puts(out, ":");
		format_port_range(p, out);
	}
}

static const struct fwc_xt_form to_form = { 1, parse_to, format_to };

static int parse_to_ports(const struct fwc_xt_place *p, const char *const *words)
{
	return parse_port_range(p, words[0], words[0]);
}

static const struct fwc_xt_form ports_form = { 1, parse_to_ports, format_port_range };

/* A whole network: from its first address to its last. */
static int parse_network(const struct fwc_xt_place *p, const char *const *words)
{
	uint8_t address[16], mask[16], *first = addresses_of(p), *last = first + p->option->len;

	if (!fwc_xt_scan_prefix(p->family, words[0], address, mask))
		return fwc_xt_bad_value(p, words[0], "ADDRESS or ADDRESS/PREFIX");
	for (size_t i = 0; i < p->option->len; i++) {
		first[i] = address[i] & mask[i];
		last[i] = (uint8_t)(first[i] | ~mask[i]);
	}
	add_flags(p, MAP_IPS);
	return 0;
}

static void format_network(const struct fwc_xt_place *p, struct fwc_buf *out)
{
	const uint8_t *first = addresses_of(p), *last = first + p->option->len;
	uint8_t mask[16] = { 0 };

	for (size_t i = 0; i < p->option->len; i++)
		mask[i] = (uint8_t) ~(first[i] ^ last[i]);
	fwc_xt_format_address(p->family, first, out);
	fwc_xt_format_mask(p->family, mask, out);
}

static const struct fwc_xt_form network_form = { 1, parse_network, format_network };

/* ---- rows ---- */

#define TO(option, where, bytes)                                                                   \
	{                                                                                          \
		.name = (option), .form = &to_form, .at = (where), .len = (bytes),                 \
		.flags = FWC_XT_REQUIRED | FWC_XT_ALWAYS                                           \
	}
#define TO_PORTS(where, bytes)                                                                     \
	{                                                                                          \
		.name = "to-ports", .form = &ports_form, .at = (where), .len = (bytes), .given = { \
			(where),                                                                   \
			4,                                                                         \
			HAS_PORTS,                                                                 \
			HAS_PORTS                                                                  \
		}                                                                                  \
	}
#define TO_NETWORK(where, bytes)                                                                   \
	{                                                                                          \
		.name = "to", .form = &network_form, .at = (where), .len = (bytes),                \
		.flags = FWC_XT_REQUIRED | FWC_XT_ALWAYS                                           \
	}
#define FLAG(option, where, bit)                                                                   \
	{                                                                                          \
		.name = (option), .form = &fwc_xt_flag, .given = {(where), 4, (bit), (bit) }       \
	}
#define MANNER(where)                                                                              \
	FLAG("random", where, RANDOM), FLAG("random-fully", where, FULLY_RANDOM),                  \
		FLAG("persistent", where, PERSISTENT)

enum { FLAGS4 = 4, LEN4 = 4, FLAGS16 = 0, LEN16 = 16 };

static const struct fwc_xt_option snat4[] = { TO("to-source", FLAGS4, LEN4), MANNER(FLAGS4) };
static const struct fwc_xt_option snat6[] = { TO("to-source", FLAGS16, LEN16), MANNER(FLAGS16) };
static const struct fwc_xt_option dnat[] = { TO("to-destination", FLAGS16, LEN16),
					     FLAG("random", FLAGS16, RANDOM),
					     FLAG("persistent", FLAGS16, PERSISTENT) };
static const struct fwc_xt_option masquerade4[] = { TO_PORTS(FLAGS4, LEN4),
						    FLAG("random", FLAGS4, RANDOM),
						    FLAG("random-fully", FLAGS4, FULLY_RANDOM) };
static const struct fwc_xt_option masquerade6[] = { TO_PORTS(FLAGS16, LEN16),
						    FLAG("random", FLAGS16, RANDOM),
						    FLAG("random-fully", FLAGS16, FULLY_RANDOM) };
static const struct fwc_xt_option redirect4[] = { TO_PORTS(FLAGS4, LEN4),
						  FLAG("random", FLAGS4, RANDOM) };
static const struct fwc_xt_option redirect6[] = { TO_PORTS(FLAGS16, LEN16),
						  FLAG("random", FLAGS16, RANDOM) };
static const struct fwc_xt_option netmap4[] = { TO_NETWORK(FLAGS4, LEN4) };
static const struct fwc_xt_option netmap6[] = { TO_NETWORK(FLAGS16, LEN16) };

#define TARGET4(target, array)                                                                     \
	{                                                                                          \
		.name = (target), .is_target = true, .families = FWC_XT_IP, .size = 20,            \
		FWC_XT_OPTIONS(array), .defaults = {                                               \
			{ 0, 4, UINT32_MAX, 1 }                                                    \
		}                                                                                  \
	}
#define TARGET6(target, number, array)                                                             \
	{                                                                                          \
		.name = (target), .is_target = true, .families = FWC_XT_IP6, .revision = (number), \
		.size = 40, FWC_XT_OPTIONS(array)                                                  \
	}

static const struct fwc_xt_row rows[] = {
	TARGET4("SNAT", snat4),
	TARGET6("SNAT", 1, snat6),
	{ .name = "DNAT",
	  .is_target = true,
	  .families = FWC_XT_BOTH,
	  .revision = 2,
	  .size = RANGE2_SIZE,
	  FWC_XT_OPTIONS(dnat) },
	TARGET4("MASQUERADE", masquerade4),
	TARGET6("MASQUERADE", 0, masquerade6),
	TARGET4("REDIRECT", redirect4),
	TARGET6("REDIRECT", 0, redirect6),
	TARGET4("NETMAP", netmap4),
	TARGET6("NETMAP", 0, netmap6),
};

const struct fwc_xt_rows fwc_xt_nat_rows = { rows, FWC_ARRAY_SIZE(rows) };
