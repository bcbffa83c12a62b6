/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The table of fields, the types of values and the names of priorities: text, bytes, text. */
#include "../check.h"

#include "fields/types.h"

#include <fwcore/value.h>

/* The bytes that stand for `text`, as a register of a little-endian machine holds them, and how it is printed. */
struct constant {
	const char *field, *text, *printed;
	uint32_t bits;
	uint8_t bytes[16];
};

static const struct constant constants[] = {
	{ "meta iifname", "eth0", "\"eth0\"", 128, "eth0" },
	{ "iifname", "eth*", "\"eth*\"", 24, "eth" },
	{ "oifname", "eth\\*", "\"eth\\*\"", 128, "eth*" },
	{ "meta oifname", "\\*", "\"\\*\"", 128, "*" },
	{ "iifname", "a,b", "\"a,b\"", 128, "a,b" },
	{ "iifname", "123456789012345", "\"123456789012345\"", 128, "123456789012345" },
	{ "meta l4proto", "tcp", "tcp", 8, { 6 } },
	{ "meta l4proto", "icmpv6", "ipv6-icmp", 8, { 58 } },
	{ "meta l4proto", "255", "255", 8, { 255 } },
	{ "meta l4proto", "0x84", "sctp", 8, { 132 } },
	{ "meta nfproto", "ipv6", "ipv6", 8, { 10 } },
	{ "meta mark", "42", "0x0000002a", 32, { 0x2a } },
	{ "mark", "0xdeadbeef", "0xdeadbeef", 32, { 0xef, 0xbe, 0xad, 0xde } },
	{ "ct state", "established,related", "established,related", 32, { 6 } },
	{ "ct state", "related|new", "related,new", 32, { 12 } },
	{ "ct state", "new | untracked ,invalid", "invalid,new,untracked", 32, { 0x49 } },
	{ "ct state", "0x182", "established,0x80,0x100", 32, { 0x82, 1 } },
	{ "ct state", "0", "0x0", 32, { 0 } },
	{ "ct status", "dnat,snat", "snat,dnat", 32, { 0x30 } },
	{ "ct status", "dying", "dying", 32, { 0, 2 } },
	{ "ct mark", "0xFF", "0x000000ff", 32, { 0xff } },
	{ "fib saddr type", "local", "local", 32, { 2 } },
	{ "fib daddr type", "11", "11", 32, { 11 } },
	{ "ip saddr", "192.0.2.1", "192.0.2.1", 32, { 192, 0, 2, 1 } },
	{ "ip saddr", "192.0.2.1/32", "192.0.2.1", 32, { 192, 0, 2, 1 } },
	{ "ip daddr", "10.0.0.1/8", "10.0.0.0/8", 8, { 10 } },
	{ "ip daddr", "0.0.0.0/0", "0.0.0.0/0", 0, { 0 } },
	{ "ip protocol", "udp", "udp", 8, { 17 } },
	{ "ip6 saddr", "2001:db8::1", "2001:db8::1", 128, { 0x20, 1, 0x0d, 0xb8, [15] = 1 } },
	{ "ip6 daddr",
	  "2001:db8:ffff::/33",
	  "2001:db8:8000::/33",
	  33,
	  { 0x20, 1, 0x0d, 0xb8, 0x80 } },
	{ "ip6 saddr", "::/0", "::/0", 0, { 0 } },
	{ "ip6 saddr", "::ffff:1.2.3.4", "::ffff:1.2.3.4", 128, { [10] = 0xff, 0xff, 1, 2, 3, 4 } },
	{ "ip6 nexthdr", "0", "ip", 8, { 0 } },
	{ "tcp sport", "0", "0", 16, { 0 } },
	{ "tcp dport", "65535", "65535", 16, { 0xff, 0xff } },
	{ "tcp dport", "22", "22", 16, { 0, 22 } },
	{ "tcp flags", "ack|syn", "syn,ack", 8, { 0x12 } },
	{ "tcp flags", "0xff", "fin,syn,rst,psh,ack,urg,ecn,cwr", 8, { 0xff } },
	{ "vxlan vni", "10", "10", 24, { 0, 0, 10 } },
	{ "udp sport", "53", "53", 16, { 0, 53 } },
	{ "udp dport", "0x35", "53", 16, { 0, 53 } },
	{ "th sport", "256", "256", 16, { 1, 0 } },
	{ "th dport", "255", "255", 16, { 0, 255 } },
	{ "icmp type", "echo-request", "echo-request", 8, { 8 } },
	{ "icmp type", "1", "1", 8, { 1 } },
	{ "icmpv6 type", "133", "nd-router-solicit", 8, { 133 } },
	{ "meta length", "1500", "1500", 32, { 0xdc, 5 } },
	{ "meta protocol", "ip6", "ip6", 16, { 0x86, 0xdd } },
	{ "meta protocol", "0x8863", "0x8863", 16, { 0x88, 0x63 } },
	{ "meta priority", "1:2", "1:2", 32, { 2, 0, 1, 0 } },
	{ "meta priority", "ffff:", "ffff:0", 32, { 0, 0, 0xff, 0xff } },
	{ "meta priority", "root", "root", 32, { 0xff, 0xff, 0xff, 0xff } },
	{ "meta priority", "0", "none", 32, { 0 } },
	{ "iif", "lo", "\"lo\"", 32, { 1 } },
	{ "oif", "7", "7", 32, { 7 } },
	{ "meta iiftype", "loopback", "loopback", 16, { 4, 3 } },
	{ "meta skuid", "1000", "1000", 32, { 0xe8, 3 } },
	{ "meta skgid", "0", "0", 32, { 0 } },
	{ "meta nftrace", "1", "1", 8, { 1 } },
	{ "meta rtclassid", "cosmos", "\"cosmos\"", 32, { 0 } },
	{ "meta pkttype", "unicast", "host", 8, { 0 } },
	{ "meta iifgroup", "default", "\"default\"", 32, { 0 } },
	{ "meta random", "0x10", "16", 32, { 0, 0, 0, 16 } },
	{ "meta ipsec", "missing", "missing", 8, { 0 } },
	{ "meta ibrpvid", "258", "258", 16, { 2, 1 } },
	{ "meta time",
	  "2026-11-24 08:30:00",
	  "\"2026-11-24 08:30:00\"",
	  64,
	  { 0x00, 0x50, 0x04, 0x28, 0xec, 0xed, 0xea, 0x18 } },
	{ "meta time", "1", "\"1970-01-01 00:00:01\"", 64, { 0x00, 0xca, 0x9a, 0x3b } },
	{ "meta day", "Saturday", "\"Saturday\"", 8, { 6 } },
	{ "meta day", "mon", "\"Monday\"", 8, { 1 } },
	{ "meta hour", "17:00", "\"17:00\"", 32, { 0x10, 0xef } },
	{ "meta hour", "00:00:05", "\"00:00:05\"", 32, { 5 } },
	{ "ct direction", "reply", "reply", 8, { 1 } },
	{ "ct expiration", "1h30m", "1h30m", 32, { 0xc0, 0x65, 0x52 } },
	{ "ct expiration", "2", "2s", 32, { 0xd0, 7 } },
	{ "ct expiration", "5ms", "5ms", 32, { 5 } },
	{ "ct helper", "ftp", "\"ftp\"", 128, "ftp" },
	{ "ct label", "9", "9", 128, { 0, 2 } },
	{ "ct bytes", "4294967296", "4294967296", 64, { 0, 0, 0, 0, 1 } },
	{ "ct event", "new,label", "new,label", 32, { 1, 4 } },
	{ "ip version", "4", "4", 8, { 0x40 } },
	{ "ip hdrlength", "5", "5", 8, { 5 } },
	{ "ip dscp", "cs1", "cs1", 8, { 0x20 } },
	{ "ip dscp", "0x3f", "0x3f", 8, { 0xfc } },
	{ "ip ecn", "ce", "ce", 8, { 3 } },
	{ "ip length", "0x102", "258", 16, { 1, 2 } },
	{ "ip ttl", "64", "64", 8, { 64 } },
	{ "ip6 dscp", "ef", "ef", 16, { 0x0b, 0x80 } },
	{ "ip6 ecn", "ect0", "ect0", 8, { 0x20 } },
	{ "ip6 flowlabel", "0xabcde", "703710", 24, { 0x0a, 0xbc, 0xde } },
	{ "arp operation", "reply", "reply", 16, { 0, 2 } },
	{ "ether saddr", "0:1:2:A:b:ff", "00:01:02:0a:0b:ff", 48, { 0, 1, 2, 10, 11, 255 } },
	{ "vlan id", "4094", "4094", 16, { 0x0f, 0xfe } },
	{ "vlan pcp", "7", "7", 8, { 0xe0 } },
	{ "vlan dei", "1", "1", 8, { 0x10 } },
	{ "tcp sequence", "1", "1", 32, { 0, 0, 0, 1 } },
	{ "dccp type", "syncack", "syncack", 8, { 0x12 } },
	{ "icmp code", "host-unreachable", "host-unreachable", 8, { 1 } },
	{ "icmpv6 code", "no-route", "no-route", 8, { 0 } },
	{ "igmp type", "leave-group", "leave-group", 8, { 0x17 } },
	{ "comp flags", "18", "0x12", 8, { 0x12 } },
	{ "gre flags", "31", "31", 8, { 0xf8 } },
	{ "gre version", "7", "7", 8, { 7 } },
	{ "mh type", "binding-error", "binding-error", 8, { 7 } },
	{ "frag frag-off", "8191", "8191", 16, { 0xff, 0xf8 } },
	{ "frag reserved2", "3", "3", 8, { 6 } },
	{ "frag more-fragments", "1", "1", 8, { 1 } },
	{ "icmpv6 type", "mld-listener-reduction", "mld-listener-done", 8, { 132 } },
};

static const struct fwc_field_row *row(const char *name)
{
	size_t len;
	const struct fwc_field_row *f = fwc_field_by_name(name, strlen(name), &len);

	ck_assert_msg(f && len == strlen(name), "'%s' is no field", name);
	return f;
}

static const char *printed(const struct fwc_type *t, const uint8_t *bytes, uint32_t bits,
			   const char *separator)
{
	static char text[512];
	struct fwc_buf out = fwc_buf_over(text, sizeof(text));

	fwc_type_format(t, bytes, bits, separator, &out);
	ck_assert_uint_eq(out.len, strlen(text));
	return text;
}

START_TEST(constant_is_text_then_bytes_then_text)
{
	const struct constant *c = &constants[_i];
	const struct fwc_type *t = row(c->field)->type;
	uint8_t bytes[16] = { 0 };
	struct fwc_error err;
	uint32_t bits;

	assert_ok(fwc_type_parse(t, c->text, strlen(c->text), bytes, &bits, &err), err);
	ck_assert_mem_eq(bytes, c->bytes, 16);
	ck_assert_uint_eq(bits, c->bits);
	ck_assert_str_eq(printed(t, bytes, bits, ","), c->printed);
}
END_TEST

START_TEST(every_type_of_a_field_has_a_constant_in_this_test)
{
	for (size_t i = 0; i < fwc_fields_count; i++) {
		size_t n = 0;

		for (size_t k = 0; k < FWC_ARRAY_SIZE(constants); k++)
			n += row(constants[k].field)->type == fwc_fields[i].type;
		ck_assert_msg(n > 0, "no constant of a type as '%s' has", fwc_fields[i].name);
	}
}
END_TEST

static const struct {
	const char *type, *text, *why;
} refused[] = {
	{ "inet_service", "70000", "'70000' is no inet_service: 0 to 65535" },
	{ "inet_service", "", "'' is no inet_service" },
	{ "inet_service", "-1", "'-1' is no" },
	{ "inet_service", "022", "'022' is no" },
	{ "inet_service", "0x", "'0x' is no" },
	{ "inet_service", "0x10000", "0 to 65535" },
	{ "inet_service", "22 ", "'22 ' is no" },
	{ "inet_service", "22-23", "'22-23' is no" },
	{ "inet_service", "shh", "0 to 65535" },
	{ "inet_service", "18446744073709551616", "0 to 65535" },
	{ "inet_proto", "tpc", "tcp, udp, icmp" },
	{ "inet_proto", "256", "or 0 to 255" },
	{ "nf_proto", "ip", "ipv4, ipv6 or 0 to 255" },
	{ "icmp_type", "ping", "echo-reply, destination-unreachable" },
	{ "icmpv6_type", "echo", "'echo' is no icmpv6_type" },
	{ "fib_addrtype", "locale", "unspec, unicast, local" },
	{ "mark", "0x100000000", "0 to 4294967295" },
	{ "mark", "1x", "0 to 4294967295" },
	{ "ct_state", "established;related", "invalid, established, related, new, untracked" },
	{ "ct_state", "established,", "is no ct_state" },
	{ "ct_state", ",new", "is no ct_state" },
	{ "ct_state", "new,,related", "is no ct_state" },
	{ "ct_state", "ne", "is no ct_state" },
	{ "ct_status", "nat", "snat, dnat, dying" },
	{ "tcp_flag", "0x100", "0 to 255" },
	{ "tcp_flag", "syn ack", "is no tcp_flag" },
	{ "ipv4_addr", "10.0.0.0/33",
	  "'10.0.0.0/33' is no ipv4_addr: an IPv4 address, or a prefix" },
	{ "ipv4_addr", "10.0.0.0/", "0 to 32 bits" },
	{ "ipv4_addr", "10.0.0.0/0x8", "0 to 32 bits" },
	{ "ipv4_addr", "10.0.0.0/08", "0 to 32 bits" },
	{ "ipv4_addr", "10.0.0.0/-1", "0 to 32 bits" },
	{ "ipv4_addr", "10.0.0.0/8/8", "0 to 32 bits" },
	{ "ipv4_addr", "10.0.0", "an IPv4 address" },
	{ "ipv4_addr", "::1", "an IPv4 address" },
	{ "ipv4_addr", "1", "an IPv4 address" },
	{ "ipv6_addr", "1.2.3.4", "an IPv6 address" },
	{ "ipv6_addr", "::/129", "0 to 128 bits" },
	{ "ifname", "", "1 to 15 bytes" },
	{ "ifname", "*", "every interface" },
	{ "ifname", "1234567890123456", "1 to 15" },
	{ "ifname", "123456789012345*", "14 bytes" },
	{ "ifname", "a b", "white space" },
	{ "ifname", "a/b*", "'/'" },
	{ "verdict", "accept", "jump CHAIN" },
};

START_TEST(wrong_constant_is_named_with_what_is_allowed)
{
	const char *name = refused[_i].type, *text = refused[_i].text;
	const struct fwc_type *t = fwc_type_by_name(name, strlen(name));
	uint8_t bytes[16], before[16];
	uint32_t bits = 77;
	struct fwc_error err;

	ck_assert_ptr_nonnull(t);
	memset(bytes, 0xa5, sizeof(bytes));
	memcpy(before, bytes, sizeof(bytes));
	assert_fails(fwc_type_parse(t, text, strlen(text), bytes, &bits, &err), -EINVAL, err,
		     refused[_i].why);
	ck_assert_mem_eq(bytes, before, sizeof(bytes));
	ck_assert_uint_eq(bits, 77);
}
END_TEST

START_TEST(long_wrong_constant_is_cut_in_the_message)
{
	struct fwc_error err;
	char text[4000];
	uint8_t bytes[16];
	uint32_t bits;

	memset(text, 'x', sizeof(text));
	assert_fails(fwc_type_parse(&fwc_type_ct_state, text, sizeof(text), bytes, &bits, &err),
		     -EINVAL, err, "xxx...' is no ct_state: invalid, established");
}
END_TEST

START_TEST(text_with_a_nul_inside_is_refused)
{
	struct fwc_error err;
	uint8_t bytes[16];
	uint32_t bits;

	assert_fails(fwc_type_parse(&fwc_type_ifname, "lo\0x", 4, bytes, &bits, &err), -EINVAL, err,
		     "is no ifname");
	assert_fails(fwc_type_parse(&fwc_type_inet_service, "22\0", 3, bytes, &bits, &err), -EINVAL,
		     err, "is no inet_service");
}
END_TEST

static const char *const all_types[] = {
	"verdict",      "nf_proto",    "ipv4_addr",    "ipv6_addr", "inet_proto",
	"inet_service", "icmp_type",   "tcp_flag",     "mark",      "ct_state",
	"ct_status",    "icmpv6_type", "fib_addrtype", "ifname",
};

START_TEST(every_symbol_is_read_and_printed)
{
	for (size_t i = 0; i < FWC_ARRAY_SIZE(all_types); i++) {
		const struct fwc_type *t = fwc_type_by_name(all_types[i], strlen(all_types[i]));

		ck_assert_ptr_nonnull(t);
		ck_assert_ptr_eq(fwc_type_by_id(t->id), t);
		if (t->form == FWC_FORM_VERDICT)
			continue;
		for (const struct fwc_symbol *s = t->symbols; s && s->name; s++) {
			uint8_t bytes[16] = { 0 }, again[16] = { 0 };
			const char *text;
			uint64_t number;
			uint32_t bits;

			ck_assert_int_eq(
				fwc_type_parse(t, s->name, strlen(s->name), bytes, &bits, NULL), 0);
			ck_assert(fwc_type_get_number(t, bytes, &number));
			ck_assert_uint_eq(number, s->value);
			text = printed(t, bytes, bits, ",");
			ck_assert_int_eq(fwc_type_parse(t, text, strlen(text), again, &bits, NULL),
					 0);
			ck_assert_mem_eq(bytes, again, 16);
		}
	}
}
END_TEST

START_TEST(every_byte_of_a_type_survives_printing)
{
	for (size_t i = 0; i < FWC_ARRAY_SIZE(all_types); i++) {
		const struct fwc_type *t = fwc_type_by_name(all_types[i], strlen(all_types[i]));

		for (unsigned int n = 0; t->len && n<65536; n += t->len> 2 ? 251 : 1) {
			uint8_t bytes[16] = { 0 }, again[16] = { 0 };
			const char *text;
			uint32_t bits;

			if (t->form == FWC_FORM_IFNAME || (t->len == 1 && n > 255))
				break;
			for (size_t k = 0; k < t->len; k++)
				bytes[k] = (uint8_t)(n >> (8 * (k % 2)));
			text = printed(t, bytes, 8u * t->len, "|");
			/* Not ck_assert: each writes to a pipe, a million times here. */
			if (fwc_type_parse(t, text, strlen(text), again, &bits, NULL) != 0 ||
			    memcmp(bytes, again, 16) != 0 || bits != 8u * t->len)
				ck_abort_msg("%s: '%s' is read as something else", all_types[i],
					     text);
		}
	}
}
END_TEST

START_TEST(bits_without_separator_stay_one_word)
{
	const uint8_t syn_ack[] = { 0x12 }, syn[] = { 0x02 }, none[] = { 0 };

	ck_assert_str_eq(printed(&fwc_type_tcp_flag, syn_ack, 8, NULL), "0x12");
	ck_assert_str_eq(printed(&fwc_type_tcp_flag, syn, 8, NULL), "syn");
	ck_assert_str_eq(printed(&fwc_type_tcp_flag, none, 8, NULL), "0x0");
	ck_assert_str_eq(printed(&fwc_type_tcp_flag, syn_ack, 8, " | "), "syn | ack");
}
END_TEST

START_TEST(numbers_fit_or_are_refused)
{
	uint8_t bytes[16];
	uint64_t number;

	ck_assert(fwc_type_put_number(&fwc_type_inet_service, 65535, bytes));
	ck_assert(!fwc_type_put_number(&fwc_type_inet_service, 65536, bytes));
	ck_assert(!fwc_type_put_number(&fwc_type_inet_proto, 256, bytes));
	ck_assert(!fwc_type_put_number(&fwc_type_mark, UINT64_C(1) << 32, bytes));
	ck_assert(!fwc_type_put_number(&fwc_type_ipv4_addr, 1, bytes));
	ck_assert(!fwc_type_put_number(&fwc_type_ifname, 1, bytes));
	ck_assert(!fwc_type_put_number(&fwc_type_verdict, 1, bytes));
	ck_assert(fwc_type_get_number(&fwc_type_ipv4_addr, (const uint8_t[]){ 10, 0, 0, 1 },
				      &number));
	ck_assert_uint_eq(number, 0x0a000001);
	ck_assert(!fwc_type_get_number(&fwc_type_ipv6_addr, bytes, &number));
}
END_TEST

START_TEST(field_is_found_by_its_longest_words)
{
	size_t len;

	ck_assert_uint_eq(fwc_field_by_name("tcp \t dport 22", 14, &len)->id, FWC_FIELD_TCP_DPORT);
	ck_assert_uint_eq(len, 11);
	ck_assert_uint_eq(fwc_field_by_name("mark 1", 6, &len)->id, FWC_FIELD_META_MARK);
	ck_assert_uint_eq(len, 4);
	ck_assert_uint_eq(fwc_field_by_name("fib daddr type{", 15, &len)->id,
			  FWC_FIELD_FIB_DADDR_TYPE);
	ck_assert_uint_eq(len, 14);
	ck_assert_ptr_null(fwc_field_by_name("tcp dports", 10, &len));
	ck_assert_ptr_null(fwc_field_by_name("tcp dport", 8, &len));
	ck_assert_ptr_null(fwc_field_by_name("tcp", 3, &len));
	ck_assert_ptr_null(fwc_field_by_name("tcpdport", 8, &len));
	ck_assert_ptr_null(fwc_field_by_name("", 0, &len));
}
END_TEST

START_TEST(public_names_are_as_nft_prints_them)
{
	ck_assert_str_eq(fwc_field_name(FWC_FIELD_META_IIFNAME), "iifname");
	ck_assert_str_eq(fwc_field_name(FWC_FIELD_META_MARK), "meta mark");
	ck_assert_str_eq(fwc_field_name(FWC_FIELD_FIB_SADDR_TYPE), "fib saddr type");
	ck_assert_ptr_null(fwc_field_name(0));
	ck_assert_uint_eq(fwc_field_find("meta iifname"), FWC_FIELD_META_IIFNAME);
	ck_assert_uint_eq(fwc_field_find("tcp dport 22"), 0);
	ck_assert_uint_eq(fwc_field_find(NULL), 0);
	for (size_t i = 0; i < fwc_fields_count; i++)
		ck_assert_uint_eq(fwc_field_find(fwc_field_name(fwc_fields[i].id)),
				  fwc_fields[i].id);
}
END_TEST

START_TEST(what_the_kernel_loads_names_one_field)
{
	for (size_t i = 0; i < fwc_fields_count; i++) {
		const struct fwc_field_row *f = &fwc_fields[i];
		struct fwc_known known = { f->l2, f->l3, f->l4, f->icmp };
		uint8_t bits[FWC_TYPE_BYTES_MOST];
		const uint8_t *mask = f->type->bits ? bits : NULL;

		fwc_type_mask(f->type, bits);
		ck_assert_ptr_eq(fwc_field_by_id(f->id), f);
		if (f->load == FWC_LOAD_PAYLOAD)
			ck_assert_ptr_eq(
				fwc_field_by_payload(f->base, f->offset, f->type->len, known, mask),
				f);
		else if (f->load == FWC_LOAD_INNER)
			ck_assert_ptr_eq(fwc_field_by_tunnel(f->base, f->offset, f->type->len), f);
		else if (!strncmp(f->name, "rt0 ", 4))
			continue; /* the same bytes are another field of another routing header */
		else if (f->load == FWC_LOAD_EXTHDR)
			ck_assert_ptr_eq(fwc_field_by_exthdr(f->base, f->key, f->offset,
							     f->type->len, f->flags, mask),
					 f);
		else
			ck_assert_ptr_eq(fwc_field_by_key(f->load, f->base, f->key, f->flags), f);
	}
}
END_TEST

static const struct fwc_field_row *by_payload(uint8_t base, uint32_t offset, uint32_t len,
					      uint8_t l3, int16_t l4)
{
	return fwc_field_by_payload(base, offset, len, (struct fwc_known){ 0, l3, l4, 0 }, NULL);
}

START_TEST(payload_is_a_field_only_of_its_protocol)
{
	const struct fwc_field_row *dport = row("tcp dport"), *saddr = row("ip saddr");

	ck_assert_ptr_eq(by_payload(dport->base, 2, 2, 0, -1), row("th dport"));
	ck_assert_ptr_eq(by_payload(dport->base, 2, 2, 0, 99), row("th dport"));
	ck_assert_ptr_eq(by_payload(dport->base, 2, 2, 10, 17), row("udp dport"));
	ck_assert_ptr_null(by_payload(dport->base, 2, 1, 0, 6));
	ck_assert_ptr_null(by_payload(dport->base, 13, 1, 0, -1));
	ck_assert_ptr_null(by_payload(saddr->base, 12, 4, 0, -1));
	ck_assert_ptr_null(by_payload(saddr->base, 12, 4, 10, -1));
	ck_assert_ptr_eq(by_payload(saddr->base, 12, 3, 2, -1), saddr);
	ck_assert_ptr_null(by_payload(saddr->base, 12, 0, 2, -1));
	ck_assert_ptr_null(by_payload(saddr->base, 12, 5, 2, -1));
	/* nft reads `icmp type` in an ip6 table without a word about the address family. */
	ck_assert_ptr_eq(by_payload(dport->base, 0, 1, 10, 1), row("icmp type"));
}
END_TEST

static const struct {
	uint32_t family, hook;
	int32_t number;
	const char *text;
} priorities[] = {
	{ FWC_FAMILY_INET, FWC_HOOK_INPUT, 0, "filter" },
	{ FWC_FAMILY_INET, FWC_HOOK_INPUT, 10, "filter + 10" },
	{ FWC_FAMILY_INET, FWC_HOOK_INPUT, 11, "11" },
	{ FWC_FAMILY_INET, FWC_HOOK_INPUT, -5, "filter - 5" },
	{ FWC_FAMILY_IP, FWC_HOOK_PREROUTING, -100, "dstnat" },
	{ FWC_FAMILY_IP, FWC_HOOK_OUTPUT, -100, "-100" },
	{ FWC_FAMILY_IP, FWC_HOOK_PREROUTING, -105, "dstnat - 5" },
	{ FWC_FAMILY_IP6, FWC_HOOK_POSTROUTING, 100, "srcnat" },
	{ FWC_FAMILY_IP6, FWC_HOOK_INPUT, 100, "100" },
	{ FWC_FAMILY_INET, FWC_HOOK_FORWARD, -310, "raw - 10" },
	{ FWC_FAMILY_INET, FWC_HOOK_FORWARD, -150, "mangle" },
	{ FWC_FAMILY_INET, FWC_HOOK_FORWARD, 60, "security + 10" },
	{ FWC_FAMILY_NETDEV, FWC_HOOK_INGRESS, 1, "filter + 1" },
	{ FWC_FAMILY_ARP, FWC_HOOK_INPUT, -300, "-300" },
	{ FWC_FAMILY_BRIDGE, FWC_HOOK_INPUT, -200, "filter" },
	{ FWC_FAMILY_BRIDGE, FWC_HOOK_INPUT, 0, "0" },
	{ FWC_FAMILY_BRIDGE, FWC_HOOK_OUTPUT, 100, "out" },
	{ FWC_FAMILY_BRIDGE, FWC_HOOK_PREROUTING, -300, "dstnat" },
	{ FWC_FAMILY_BRIDGE, FWC_HOOK_POSTROUTING, 300, "srcnat" },
	{ FWC_FAMILY_INET, FWC_HOOK_INPUT, INT32_MIN, "-2147483648" },
	{ FWC_FAMILY_INET, FWC_HOOK_INPUT, INT32_MAX, "2147483647" },
};

START_TEST(priority_is_printed_as_nft_prints_it_and_read_back)
{
	char text[64];
	struct fwc_buf out = fwc_buf_over(text, sizeof(text));
	uint32_t family = priorities[_i].family, hook = priorities[_i].hook;
	struct fwc_error err;
	int32_t number;

	fwc_priority_format(priorities[_i].number, family, hook, &out);
	ck_assert_str_eq(text, priorities[_i].text);
	assert_ok(fwc_priority_parse(text, family, hook, &number, &err), err);
	ck_assert_int_eq(number, priorities[_i].number);
}
END_TEST

START_TEST(priority_takes_blanks_and_far_offsets)
{
	struct fwc_error err;
	int32_t n;

	assert_ok(fwc_priority_parse(" filter+300 ", FWC_FAMILY_INET, 1, &n, &err), err);
	ck_assert_int_eq(n, 300);
	assert_ok(fwc_priority_parse("raw -  11", FWC_FAMILY_INET, 1, &n, &err), err);
	ck_assert_int_eq(n, -311);
}
END_TEST

START_TEST(wrong_priority_is_named)
{
	static const char *const bad[] = { "",
					   "filters",
					   "dstnat",
					   "out",
					   "filter +",
					   "filter 5",
					   "filter + -5",
					   "5 + 5",
					   "0x10",
					   "2147483648",
					   "security + 2147483647",
					   "-",
					   "filter - 99999999999999999999" };
	struct fwc_error err;
	int32_t n = 77;

	for (size_t i = 0; i < FWC_ARRAY_SIZE(bad); i++) {
		assert_fails(fwc_priority_parse(bad[i], FWC_FAMILY_INET, FWC_HOOK_INPUT, &n, &err),
			     -EINVAL, err,
			     "a number, or raw, mangle, filter, security, with or without");
		ck_assert_int_eq(n, 77);
	}
}
END_TEST

static Suite *make_suite(void)
{
	Suite *s = suite_create("fields");
	TCase *tc = tcase_create("all");

	tcase_add_loop_test(tc, constant_is_text_then_bytes_then_text, 0,
			    FWC_ARRAY_SIZE(constants));
	tcase_add_test(tc, every_type_of_a_field_has_a_constant_in_this_test);
	tcase_add_loop_test(tc, wrong_constant_is_named_with_what_is_allowed, 0,
			    FWC_ARRAY_SIZE(refused));
	tcase_add_test(tc, long_wrong_constant_is_cut_in_the_message);
	tcase_add_test(tc, text_with_a_nul_inside_is_refused);
	tcase_add_test(tc, every_symbol_is_read_and_printed);
	tcase_add_test(tc, every_byte_of_a_type_survives_printing);
	tcase_add_test(tc, bits_without_separator_stay_one_word);
	tcase_add_test(tc, numbers_fit_or_are_refused);
	tcase_add_test(tc, field_is_found_by_its_longest_words);
	tcase_add_test(tc, public_names_are_as_nft_prints_them);
	tcase_add_test(tc, what_the_kernel_loads_names_one_field);
	tcase_add_test(tc, payload_is_a_field_only_of_its_protocol);
	tcase_add_loop_test(tc, priority_is_printed_as_nft_prints_it_and_read_back, 0,
			    FWC_ARRAY_SIZE(priorities));
	tcase_add_test(tc, priority_takes_blanks_and_far_offsets);
	tcase_add_test(tc, wrong_priority_is_named);
	suite_add_tcase(s, tc);
	return s;
}

TEST_MAIN(make_suite)
