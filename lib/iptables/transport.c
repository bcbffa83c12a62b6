/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Matches of transport headers: tcp, udp, icmp, multiport, and of IPsec's.
 *
 * Kernel: linux/netfilter/xt_tcpudp.h, xt_multiport.h, xt_esp.h, xt_ipcomp.h, xt_tcpmss.h, netfilter_ipv4/ip_tables.h, ipt_ah.h. */
#include <netinet/in.h>
#include <strings.h>

#include "fields/types.h"
#include "iptables/forms.h"

/* ---- tcp: ports at 0 and 4, option 8, mask 9, flags 10, inversions 11 ---- */

/* The order in which iptables-save writes them. */
static const struct fwc_symbol tcp_flags[] = {
	{ "FIN", 0x01 }, { "SYN", 0x02 }, { "RST", 0x04 }, { "PSH", 0x08 },
	{ "ACK", 0x10 }, { "URG", 0x20 }, { 0 },
};

static bool scan_tcp_flags(const char *text, uint8_t *ret)
{
	uint8_t bits = 0;

	for (;; text++) {
		size_t len = strcspn(text, ",");
		const struct fwc_symbol *s = tcp_flags;

		while (s->name && (strncasecmp(s->name, text, len) != 0 || s->name[len]))
			s++;
		if (s->name)
			bits |= (uint8_t)s->value;
		else if (len == 3 && !strncasecmp(text, "ALL", len))
			bits |= 0x3f;
		else if (len != 4 || strncasecmp(text, "NONE", len) != 0)
			return false;
		text += len;
		if (!*text)
			break;
	}
	*ret = bits;
	return true;
}

static int parse_tcp_flags(const struct fwc_xt_place *p, const char *const *words)
{
	for (size_t i = 0; i < 2; i++)
		if (!scan_tcp_flags(words[i], p->info + p->option->at + i))
			return fwc_xt_bad_value(
				p, words[i],
				"FIN, SYN, RST, PSH, ACK, URG with commas between, ALL or NONE");
	return 0;
}

static void format_tcp_flags(const struct fwc_xt_place *p, struct fwc_buf *out)
{
	for (size_t i = 0; i < 2; i++) {
		uint8_t bits = p->info[p->option->at + i];
		const char *separator = i ? " " : "";

		if (!bits)
			fwc_buf_printf(out, "%sNONE", separator);
		for (const struct fwc_symbol *s = tcp_flags; s->name; s++)
			if (bits & s->value) {
				fwc_buf_printf(out, "%s%s", separator, s->name);
				separator = ",";
			}
	}
}

static const struct fwc_xt_form flags_form = { 2, parse_tcp_flags, format_tcp_flags };

static int parse_syn(const struct fwc_xt_place *p, const char *const *words)
{
	(void)words;
	p->info[p->option->at] = 0x17; /* FIN,SYN,RST,ACK */
	p->info[p->option->at + 1] = 0x02; /* SYN */
	return 0;
}

static const struct fwc_xt_form syn_form = { 0, parse_syn, NULL };

enum { TCP_SPORT, TCP_SOURCE, TCP_DPORT, TCP_DESTINATION, TCP_OPTION, TCP_FLAGS, TCP_SYN };

#define BIT(n) (1u << (n))
#define SPORT(inv_at)                                                                              \
	.form = &fwc_xt_ports, .len = 4, .max = UINT16_MAX, .inverted = { inv_at, 1, 1, 1 }
#define DPORT(inv_at)                                                                              \
	.form = &fwc_xt_ports, .at = 4, .len = 4, .max = UINT16_MAX, .inverted = { inv_at, 1, 2, 2 }

static const struct fwc_xt_option tcp_options[] = {
	{ .name = "sport", SPORT(11), .excludes = BIT(TCP_SOURCE) },
	{ .name = "source-port", SPORT(11), .flags = FWC_XT_READ_ONLY, .excludes = BIT(TCP_SPORT) },
	{ .name = "dport", DPORT(11), .excludes = BIT(TCP_DESTINATION) },
	{ .name = "destination-port",
	  DPORT(11),
	  .flags = FWC_XT_READ_ONLY,
	  .excludes = BIT(TCP_DPORT) },
	{ .name = "tcp-option",
	  .form = &fwc_xt_number,
	  .at = 8,
	  .len = 1,
	  .min = 1,
	  .inverted = { 11, 1, 8, 8 } },
	{ .name = "tcp-flags",
	  .form = &flags_form,
	  .at = 9,
	  .len = 1,
	  .excludes = BIT(TCP_SYN),
	  .inverted = { 11, 1, 4, 4 } },
	{ .name = "syn",
	  .form = &syn_form,
	  .at = 9,
	  .flags = FWC_XT_READ_ONLY,
	  .excludes = BIT(TCP_FLAGS),
	  .inverted = { 11, 1, 4, 4 } },
};

/* ---- udp: ports at 0 and 4, inversions 8 ---- */

static const struct fwc_xt_option udp_options[] = {
	{ .name = "sport", SPORT(8), .excludes = BIT(TCP_SOURCE) },
	{ .name = "source-port", SPORT(8), .flags = FWC_XT_READ_ONLY, .excludes = BIT(TCP_SPORT) },
	{ .name = "dport", DPORT(8), .excludes = BIT(TCP_DESTINATION) },
	{ .name = "destination-port",
	  DPORT(8),
	  .flags = FWC_XT_READ_ONLY,
	  .excludes = BIT(TCP_DPORT) },
};

/* ---- icmp: type at 0, codes 1 and 2, inversion 3 ---- */

enum { ICMP_ANY = 0xff };

static bool scan_icmp_name(const struct fwc_symbol *s, const char *text, uint64_t *ret)
{
	for (; s->name; s++)
		if (!strcasecmp(s->name, text)) {
			*ret = s->value;
			return true;
		}
	return false;
}

/* Type * 256 + code, of names that are both. */
static const struct fwc_symbol icmp_codes[] = {
	{ "network-unreachable", 0x300 },
	{ "host-unreachable", 0x301 },
	{ "protocol-unreachable", 0x302 },
	{ "port-unreachable", 0x303 },
	{ "fragmentation-needed", 0x304 },
	{ "source-route-failed", 0x305 },
	{ "network-unknown", 0x306 },
	{ "host-unknown", 0x307 },
	{ "network-prohibited", 0x309 },
	{ "host-prohibited", 0x30a },
	{ "TOS-network-unreachable", 0x30b },
	{ "TOS-host-unreachable", 0x30c },
	{ "communication-prohibited", 0x30d },
	{ "host-precedence-violation", 0x30e },
	{ "precedence-cutoff", 0x30f },
	{ "network-redirect", 0x500 },
	{ "host-redirect", 0x501 },
	{ "TOS-network-redirect", 0x502 },
	{ "TOS-host-redirect", 0x503 },
	{ "ttl-zero-during-transit", 0xb00 },
	{ "ttl-zero-during-reassembly", 0xb01 },
	{ "ip-header-bad", 0xc00 },
	{ "required-option-missing", 0xc01 },
	{ 0 },
};

static const struct fwc_symbol icmp6_codes[] = {
	{ "no-route", 0x100 },
	{ "communication-prohibited", 0x101 },
	{ "beyond-scope", 0x102 },
	{ "address-unreachable", 0x103 },
	{ "port-unreachable", 0x104 },
	{ "failed-policy", 0x105 },
	{ "reject-route", 0x106 },
	{ "ttl-zero-during-transit", 0x300 },
	{ "ttl-zero-during-reassembly", 0x301 },
	{ "bad-header", 0x400 },
	{ "unknown-header-type", 0x401 },
	{ "unknown-option", 0x402 },
	{ 0 },
};

static const struct fwc_symbol icmp_types[] = {
	{ "any", ICMP_ANY },
	{ "echo-reply", 0 },
	{ "pong", 0 },
	{ "destination-unreachable", 3 },
	{ "source-quench", 4 },
	{ "redirect", 5 },
	{ "echo-request", 8 },
	{ "ping", 8 },
	{ "router-advertisement", 9 },
	{ "router-solicitation", 10 },
	{ "time-exceeded", 11 },
	{ "ttl-exceeded", 11 },
	{ "parameter-problem", 12 },
	{ "timestamp-request", 13 },
	{ "timestamp-reply", 14 },
	{ "address-mask-request", 17 },
	{ "address-mask-reply", 18 },
	{ 0 },
};

static const struct fwc_symbol icmp6_types[] = {
	{ "destination-unreachable", 1 },
	{ "packet-too-big", 2 },
	{ "time-exceeded", 3 },
	{ "ttl-exceeded", 3 },
	{ "parameter-problem", 4 },
	{ "echo-request", 128 },
	{ "ping", 128 },
	{ "echo-reply", 129 },
	{ "pong", 129 },
	{ "mld-listener-query", 130 },
	{ "mld-listener-report", 131 },
	{ "mld-listener-done", 132 },
	{ "mld-listener-reduction", 132 },
	{ "router-solicitation", 133 },
	{ "router-advertisement", 134 },
	{ "neighbour-solicitation", 135 },
	{ "neighbor-solicitation", 135 },
	{ "neighbour-advertisement", 136 },
	{ "neighbor-advertisement", 136 },
	{ "redirect", 137 },
	{ 0 },
};

static int parse_icmp(const struct fwc_xt_place *p, const char *const *words)
{
	const struct fwc_symbol *codes = p->family == FWC_FAMILY_IP6 ? icmp6_codes : icmp_codes;
	uint8_t *at = p->info + p->option->at;
	uint64_t type, code = 0, last = UINT8_MAX;
	const char *end = "";

	if (scan_icmp_name(codes, words[0], &type)) {
		code = last = type & 0xff;
		type >>= 8;
	} else if (!scan_icmp_name(p->option->symbols, words[0], &type)) {
		if (!fwc_xt_scan(words[0], 0, UINT8_MAX, &type, &end) ||
		    (*end && (*end != '/' || !fwc_xt_scan_all(end + 1, 0, UINT8_MAX, &code))))
			return fwc_xt_bad_value(
				p, words[0],
				"a name such as echo-request, TYPE or TYPE/CODE, each up to 255");
		if (*end)
			last = code;
	}
	at[0] = (uint8_t)type;
	at[1] = (uint8_t)code;
	at[2] = (uint8_t)last;
	return 0;
}

static void format_icmp(const struct fwc_xt_place *p, struct fwc_buf *out)
{
	const uint8_t *at = p->info + p->option->at;

	if (at[0] == ICMP_ANY && p->family == FWC_FAMILY_IP) {
		fwc_buf_puts(out, "any");
		return;
	}
	fwc_buf_printf(out, "%u", at[0]);
	if (at[1] != 0 || at[2] != UINT8_MAX)
		fwc_buf_printf(out, "/%u", at[1]);
}

static const struct fwc_xt_form icmp_form = { 1, parse_icmp, format_icmp };

#define ICMP(option, names)                                                                        \
	{                                                                                          \
		.name = (option), .form = &icmp_form, .len = 3,                                    \
		.flags = FWC_XT_REQUIRED | FWC_XT_ALWAYS, .inverted = { 3, 1, 1, 1 },              \
		.symbols = (names)                                                                 \
	}

static const struct fwc_xt_option icmp_options[] = { ICMP("icmp-type", icmp_types) };
static const struct fwc_xt_option icmp6_options[] = { ICMP("icmpv6-type", icmp6_types) };

/* ---- multiport: which 0, count 1, ports 2, whether a range begins 32, inversion 47 ---- */

enum { MULTIPORT_MOST = 15, MULTIPORT_COUNT = 1, MULTIPORT_PORTS = 2, MULTIPORT_RANGES = 32 };

static int bad_multiport(const struct fwc_xt_place *p, const char *text)
{
	return fwc_xt_bad_value(p, text, "up to %d ports or ranges PORT:PORT, which count twice",
				MULTIPORT_MOST);
}

static int parse_multiport(const struct fwc_xt_place *p, const char *const *words)
{
	size_t count = 0;

	for (const char *at = words[0];; at++) {
		char item[64], *colon;
		size_t len = strcspn(at, ",");
		uint64_t port, last;

		if (len >= sizeof(item))
			return bad_multiport(p, words[0]);
		memcpy(item, at, len);
		item[len] = '\0';
		colon = strchr(item, ':');
		if (colon)
			*colon = '\0';
		if (count + (colon != NULL) >= MULTIPORT_MOST || !fwc_xt_scan_port(item, &port) ||
		    (colon && (!fwc_xt_scan_port(colon + 1, &last) || last < port)))
			return bad_multiport(p, words[0]);
		p->info[MULTIPORT_RANGES + count] = colon != NULL;
		fwc_xt_put(p->info, MULTIPORT_PORTS + 2 * count++, 2, port);
		if (colon)
			fwc_xt_put(p->info, MULTIPORT_PORTS + 2 * count++, 2, last);
		at += len;
		if (!*at)
			break;
	}
	p->info[MULTIPORT_COUNT] = (uint8_t)count;
	return 0;
}

static void format_multiport(const struct fwc_xt_place *p, struct fwc_buf *out)
{
	bool in_range = false;

	for (size_t i = 0; i < p->info[MULTIPORT_COUNT] && i < MULTIPORT_MOST; i++) {
		fwc_buf_printf(out, "%s%u",
			       in_range ? ":"
			       : i      ? ","
					: "",
			       (unsigned int)fwc_xt_get(p->info, MULTIPORT_PORTS + 2 * i, 2));
		in_range = !in_range && p->info[MULTIPORT_RANGES + i];
	}
}

static const struct fwc_xt_form multiport_form = { 1, parse_multiport, format_multiport };

/* `which` is 0 for source, 1 for destination, 2 for either. */
#define MULTIPORT(option, which, others, more)                                                     \
	{                                                                                          \
		.name = (option), .form = &multiport_form, .flags = (more), .excludes = (others),  \
		.given = { 0, 1, 0xff, (which) }, .inverted = {                                    \
			47,                                                                        \
			1,                                                                         \
			1,                                                                         \
			1                                                                          \
		}                                                                                  \
	}

enum { PORTS_ALL = 0x1f };

static const struct fwc_xt_option multiport_options[] = {
	MULTIPORT("sports", 0, PORTS_ALL & ~BIT(0), 0),
	MULTIPORT("source-ports", 0, PORTS_ALL & ~BIT(1), FWC_XT_READ_ONLY),
	MULTIPORT("dports", 1, PORTS_ALL & ~BIT(2), 0),
	MULTIPORT("destination-ports", 1, PORTS_ALL & ~BIT(3), FWC_XT_READ_ONLY),
	MULTIPORT("ports", 2, PORTS_ALL & ~BIT(4), 0),
};

static int check_multiport(const struct fwc_xt_row *row, uint8_t *info, uint8_t proto,
			   uint32_t given, struct fwc_error *err)
{
	(void)info;
	(void)given;
	if (proto == IPPROTO_TCP || proto == IPPROTO_UDP || proto == IPPROTO_UDPLITE ||
	    proto == IPPROTO_SCTP || proto == IPPROTO_DCCP)
		return 0;
	return fwc_fail(err, -EINVAL, FWC_OBJECT_TEXT,
			"-m %s needs -p tcp, udp, udplite, sctp or dccp", row->name);
}

/* ---- esp, ah, ipcomp, tcpmss ---- */

#define SPI(option)                                                                                \
	{                                                                                          \
		.name = (option), .form = &fwc_xt_range, .len = 8, .inverted = { 8, 1, 1, 1 }      \
	}

static const struct fwc_xt_option esp_options[] = { SPI("espspi") };
static const struct fwc_xt_option ah_options[] = { SPI("ahspi") };
/* Without an option it is 0, as iptables has it. */
static const struct fwc_xt_option ipcomp_options[] = {
	{ .name = "ipcompspi",
	  .form = &fwc_xt_range,
	  .len = 8,
	  .flags = FWC_XT_ALWAYS,
	  .inverted = { 8, 1, 1, 1 } },
	{ .name = "compres", .form = &fwc_xt_flag, .given = { 9, 1, 0xff, 1 } },
};
static const struct fwc_xt_option tcpmss_options[] = {
	{ .name = "mss",
	  .form = &fwc_xt_range,
	  .len = 4,
	  .flags = FWC_XT_REQUIRED | FWC_XT_ALWAYS,
	  .inverted = { 4, 1, 1, 1 } },
};

static const struct fwc_xt_row rows[] = {
	{ .name = "tcp",
	  .families = FWC_XT_BOTH,
	  .proto = IPPROTO_TCP,
	  .size = 12,
	  FWC_XT_OPTIONS(tcp_options),
	  .defaults = { { 2, 2, 0xffff, 0xffff }, { 6, 2, 0xffff, 0xffff } },
	  .add_native = fwc_xt_add_tcp },
	{ .name = "udp",
	  .families = FWC_XT_BOTH,
	  .proto = IPPROTO_UDP,
	  .size = 10,
	  FWC_XT_OPTIONS(udp_options),
	  .defaults = { { 2, 2, 0xffff, 0xffff }, { 6, 2, 0xffff, 0xffff } },
	  .add_native = fwc_xt_add_udp },
	{ .name = "icmp",
	  .families = FWC_XT_IP,
	  .proto = IPPROTO_ICMP,
	  .size = 4,
	  FWC_XT_OPTIONS(icmp_options),
	  .defaults = { { 0, 1, 0xff, ICMP_ANY }, { 2, 1, 0xff, 0xff } } },
	{ .name = "icmp6",
	  .families = FWC_XT_IP6,
	  .proto = IPPROTO_ICMPV6,
	  .size = 4,
	  FWC_XT_OPTIONS(icmp6_options),
	  .defaults = { { 2, 1, 0xff, 0xff } } },
	{ .name = "multiport",
	  .families = FWC_XT_BOTH,
	  .revision = 1,
	  .size = 48,
	  FWC_XT_OPTIONS(multiport_options),
	  .one_of = PORTS_ALL,
	  .check = check_multiport },
	{ .name = "esp",
	  .families = FWC_XT_BOTH,
	  .proto = IPPROTO_ESP,
	  .size = 12,
	  FWC_XT_OPTIONS(esp_options),
	  .defaults = { { 4, 4, UINT32_MAX, UINT32_MAX } } },
	{ .name = "ah",
	  .families = FWC_XT_IP,
	  .proto = IPPROTO_AH,
	  .size = 12,
	  FWC_XT_OPTIONS(ah_options),
	  .defaults = { { 4, 4, UINT32_MAX, UINT32_MAX } } },
	{ .name = "ipcomp",
	  .families = FWC_XT_BOTH,
	  .proto = IPPROTO_COMP,
	  .size = 12,
	  FWC_XT_OPTIONS(ipcomp_options) },
	{ .name = "tcpmss",
	  .families = FWC_XT_BOTH,
	  .proto = IPPROTO_TCP,
	  .size = 6,
	  FWC_XT_OPTIONS(tcpmss_options) },
};

const struct fwc_xt_rows fwc_xt_transport_rows = { rows, FWC_ARRAY_SIZE(rows) };
