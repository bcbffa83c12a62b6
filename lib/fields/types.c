/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Types of values, and their constants as numbers. */
#include "fields/types.h"
#include "fields/order.h"

enum { IFNAME_BYTES = 16 };

/* Ids and names are nft's: include/datatype.h there. They go into the kernel as NFTA_SET_KEY_TYPE, which tells
 * nft how to print a set. */
const struct fwc_type fwc_type_verdict = {
	"verdict", 1, 0, FWC_ORDER_HOST, FWC_FORM_VERDICT, fwc_symbols_verdict, 1,
};
const struct fwc_type fwc_type_nf_proto = {
	"nf_proto", 2, 1, FWC_ORDER_HOST, FWC_FORM_NUMBER, fwc_symbols_nf_proto, 5,
};
const struct fwc_type fwc_type_ipv4_addr = {
	"ipv4_addr", 7, 4, FWC_ORDER_NETWORK, FWC_FORM_IP4, NULL, 2,
};
const struct fwc_type fwc_type_ipv6_addr = {
	"ipv6_addr", 8, 16, FWC_ORDER_NETWORK, FWC_FORM_IP6, NULL, 1,
};
const struct fwc_type fwc_type_ether_addr = {
	"ether_addr", 9, 6, FWC_ORDER_NETWORK, FWC_FORM_ETHER, NULL, 1,
};
const struct fwc_type fwc_type_ether_type = {
	"ether_type", 10, 2, FWC_ORDER_NETWORK, FWC_FORM_HEX, fwc_symbols_ether_type, 1,
};
const struct fwc_type fwc_type_arp_op = {
	"arp_op", 11, 2, FWC_ORDER_NETWORK, FWC_FORM_NUMBER, fwc_symbols_arp_op, 5,
};
const struct fwc_type fwc_type_inet_proto = {
	"inet_proto", 12, 1, FWC_ORDER_NETWORK, FWC_FORM_NUMBER, fwc_symbols_inet_proto, 5,
};
const struct fwc_type fwc_type_inet_service = {
	"inet_service",    13, 2, FWC_ORDER_NETWORK, FWC_FORM_NUMBER, fwc_symbols_inet_service, 5,
	.read_only = true,
};
const struct fwc_type fwc_type_icmp_type = {
	"icmp_type", 14, 1, FWC_ORDER_NETWORK, FWC_FORM_NUMBER, fwc_symbols_icmp_type, 1,
};
const struct fwc_type fwc_type_tcp_flag = {
	"tcp_flag", 15, 1, FWC_ORDER_NETWORK, FWC_FORM_BITS, fwc_symbols_tcp_flag, 5,
};
const struct fwc_type fwc_type_dccp_pkttype = {
	"dccp_pkttype",           16, 1,          FWC_ORDER_NETWORK, FWC_FORM_NUMBER,
	fwc_symbols_dccp_pkttype, 5,  .shift = 1, .bits = 4,
};
const struct fwc_type fwc_type_mh_type = {
	"mh_type", 17, 1, FWC_ORDER_NETWORK, FWC_FORM_NUMBER, fwc_symbols_mh_type, 1,
};
const struct fwc_type fwc_type_time = {
	"time", 18, 4, FWC_ORDER_HOST, FWC_FORM_TIME, NULL, 1,
};
const struct fwc_type fwc_type_mark = {
	"mark", 19, 4, FWC_ORDER_HOST, FWC_FORM_HEX, NULL, 5,
};
const struct fwc_type fwc_type_iface_index = {
	"iface_index",  20, 4, FWC_ORDER_HOST, FWC_FORM_IFINDEX, fwc_symbols_iface_index, 5,
	.quoted = true,
};
const struct fwc_type fwc_type_iface_type = {
	"iface_type", 21, 2, FWC_ORDER_HOST, FWC_FORM_NUMBER, fwc_symbols_iface_type, 1,
};
const struct fwc_type fwc_type_realm = {
	"realm", 22, 4, FWC_ORDER_HOST, FWC_FORM_NUMBER, fwc_symbols_realm, 1, .quoted = true,
};
const struct fwc_type fwc_type_classid = {
	"classid", 23, 4, FWC_ORDER_HOST, FWC_FORM_CLASSID, fwc_symbols_classid, 5,
};
const struct fwc_type fwc_type_uid = {
	"uid", 24, 4, FWC_ORDER_HOST, FWC_FORM_NUMBER, fwc_symbols_root, 5, .read_only = true,
};
const struct fwc_type fwc_type_gid = {
	"gid", 25, 4, FWC_ORDER_HOST, FWC_FORM_NUMBER, fwc_symbols_root, 5, .read_only = true,
};
const struct fwc_type fwc_type_ct_state = {
	"ct_state", 26, 4, FWC_ORDER_HOST, FWC_FORM_BITS, fwc_symbols_ct_state, 2,
};
const struct fwc_type fwc_type_ct_dir = {
	"ct_dir", 27, 1, FWC_ORDER_HOST, FWC_FORM_NUMBER, fwc_symbols_ct_dir, 5,
};
const struct fwc_type fwc_type_ct_status = {
	"ct_status", 28, 4, FWC_ORDER_HOST, FWC_FORM_BITS, fwc_symbols_ct_status, 2,
};
const struct fwc_type fwc_type_icmpv6_type = {
	"icmpv6_type", 29, 1, FWC_ORDER_NETWORK, FWC_FORM_NUMBER, fwc_symbols_icmpv6_type, 1,
};
const struct fwc_type fwc_type_ct_label = {
	"ct_label", 30, 16, FWC_ORDER_HOST, FWC_FORM_LABEL, NULL, 1,
};
const struct fwc_type fwc_type_pkt_type = {
	"pkt_type", 31, 1, FWC_ORDER_HOST, FWC_FORM_NUMBER, fwc_symbols_pkt_type, 2,
};
const struct fwc_type fwc_type_icmp_code = {
	"icmp_code", 32, 1, FWC_ORDER_NETWORK, FWC_FORM_NUMBER, fwc_symbols_icmp_code, 1,
};
const struct fwc_type fwc_type_icmpv6_code = {
	"icmpv6_code", 33, 1, FWC_ORDER_NETWORK, FWC_FORM_NUMBER, fwc_symbols_icmpv6_code, 1,
};
const struct fwc_type fwc_type_devgroup = {
	"devgroup", 35, 4, FWC_ORDER_HOST, FWC_FORM_NUMBER, fwc_symbols_devgroup, 1, .quoted = true,
};
const struct fwc_type fwc_type_dscp = {
	"dscp", 36, 1, FWC_ORDER_NETWORK, FWC_FORM_HEX, fwc_symbols_dscp, 1, .bits = 6,
};
const struct fwc_type fwc_type_ecn = {
	"ecn", 37, 1, FWC_ORDER_NETWORK, FWC_FORM_HEX, fwc_symbols_ecn, 1, .bits = 2,
};
const struct fwc_type fwc_type_fib_addrtype = {
	"fib_addrtype", 38, 4, FWC_ORDER_HOST, FWC_FORM_NUMBER, fwc_symbols_fib_addrtype, 1,
};
const struct fwc_type fwc_type_boolean = {
	"boolean", 39, 1, FWC_ORDER_HOST, FWC_FORM_NUMBER, fwc_symbols_boolean, 1,
};
const struct fwc_type fwc_type_ct_event = {
	"ct_event", 40, 4, FWC_ORDER_HOST, FWC_FORM_BITS, fwc_symbols_ct_event, 1,
};
const struct fwc_type fwc_type_ifname = {
	"ifname", 41, IFNAME_BYTES, FWC_ORDER_HOST, FWC_FORM_IFNAME, NULL, 1,
};
const struct fwc_type fwc_type_igmp_type = {
	"igmp_type", 42, 1, FWC_ORDER_NETWORK, FWC_FORM_NUMBER, fwc_symbols_igmp_type, 1,
};
const struct fwc_type fwc_type_date = {
	"time", 43, 8, FWC_ORDER_HOST, FWC_FORM_DATE, NULL, 1,
};
const struct fwc_type fwc_type_hour = {
	"hour", 44, 4, FWC_ORDER_HOST, FWC_FORM_HOUR, NULL, 1,
};
const struct fwc_type fwc_type_day = {
	"day", 45, 1, FWC_ORDER_HOST, FWC_FORM_NUMBER, fwc_symbols_day, 1, .quoted = true,
};
const struct fwc_type fwc_type_cgroupsv2 = {
	"cgroupsv2", 46, 8, FWC_ORDER_HOST, FWC_FORM_NUMBER, NULL, 1,
};

/* The same where the value is a part of the bytes that are loaded. */
const struct fwc_type fwc_type_dscp4 = {
	"dscp", 36, 1, FWC_ORDER_NETWORK, FWC_FORM_HEX, fwc_symbols_dscp, 1, .shift = 2, .bits = 6,
};
const struct fwc_type fwc_type_dscp6 = {
	"dscp", 36, 2, FWC_ORDER_NETWORK, FWC_FORM_HEX, fwc_symbols_dscp, 1, .shift = 6, .bits = 6,
};
const struct fwc_type fwc_type_ecn6 = {
	"ecn", 37, 1, FWC_ORDER_NETWORK, FWC_FORM_HEX, fwc_symbols_ecn, 1, .shift = 4, .bits = 2,
};

/* Numbers of any length, by their bytes: what has no better type. nft lets sets have them by `typeof` only. */
#define NUMBER(len_, order_, form_)                                                                 \
	[len_] = {                                                                                  \
		"integer", FWC_TYPE_ID_INTEGER, len_, FWC_ORDER_##order_, FWC_FORM_##form_, NULL, 5 \
	}
const struct fwc_type fwc_type_integer[] = {
	NUMBER(1, NETWORK, NUMBER), NUMBER(2, NETWORK, NUMBER), NUMBER(3, NETWORK, NUMBER),
	NUMBER(4, NETWORK, NUMBER), NUMBER(8, NETWORK, NUMBER),
};
const struct fwc_type fwc_type_host_integer[] = {
	NUMBER(1, HOST, NUMBER),
	NUMBER(2, HOST, NUMBER),
	NUMBER(4, HOST, NUMBER),
	NUMBER(8, HOST, NUMBER),
};
const struct fwc_type fwc_type_raw[] = {
	NUMBER(1, NETWORK, RAW),  NUMBER(2, NETWORK, RAW),  NUMBER(3, NETWORK, RAW),
	NUMBER(4, NETWORK, RAW),  NUMBER(5, NETWORK, RAW),  NUMBER(6, NETWORK, RAW),
	NUMBER(7, NETWORK, RAW),  NUMBER(8, NETWORK, RAW),  NUMBER(9, NETWORK, RAW),
	NUMBER(10, NETWORK, RAW), NUMBER(11, NETWORK, RAW), NUMBER(12, NETWORK, RAW),
	NUMBER(13, NETWORK, RAW), NUMBER(14, NETWORK, RAW), NUMBER(15, NETWORK, RAW),
	NUMBER(16, NETWORK, RAW),
};
#undef NUMBER

/* A number of `bits` bits in `len` bytes, with `shift` bits below it. */
#define PART(len_, shift_, bits_)                                                                  \
	{                                                                                          \
		"integer", FWC_TYPE_ID_INTEGER, len_, FWC_ORDER_NETWORK, FWC_FORM_NUMBER, NULL, 5, \
			.shift = (shift_), .bits = (bits_)                                         \
	}
const struct fwc_type fwc_type_low4 = PART(1, 0, 4), fwc_type_high4 = PART(1, 4, 4),
		      fwc_type_low20 = PART(3, 0, 20), fwc_type_low12 = PART(2, 0, 12),
		      fwc_type_bit0 = PART(1, 0, 1), fwc_type_bit4 = PART(1, 4, 1),
		      fwc_type_high3 = PART(1, 5, 3), fwc_type_high13 = PART(2, 3, 13),
		      fwc_type_bits1_2 = PART(1, 1, 2), fwc_type_high5 = PART(1, 3, 5),
		      fwc_type_low3 = PART(1, 0, 3);
#undef PART

/* Flags without names. */
const struct fwc_type fwc_type_bitmask = {
	"bitmask", FWC_TYPE_ID_BITMASK, 1, FWC_ORDER_NETWORK, FWC_FORM_RAW, NULL, 1,
};

/* Text, compared in full. nft has no sets of them. */
const struct fwc_type fwc_type_text = {
	"string", FWC_TYPE_ID_STRING, FWC_TYPE_BYTES_MOST, FWC_ORDER_HOST, FWC_FORM_TEXT, NULL, 1,
};

/* Those that a set can be declared with; what people know comes first, for messages. */
static const struct fwc_type *const types[] = {
	&fwc_type_ipv4_addr,    &fwc_type_ipv6_addr,    &fwc_type_inet_service,
	&fwc_type_inet_proto,   &fwc_type_ifname,       &fwc_type_mark,
	&fwc_type_ct_state,     &fwc_type_ct_status,    &fwc_type_icmp_type,
	&fwc_type_tcp_flag,     &fwc_type_icmpv6_type,  &fwc_type_nf_proto,
	&fwc_type_fib_addrtype, &fwc_type_ether_addr,   &fwc_type_ether_type,
	&fwc_type_arp_op,       &fwc_type_dccp_pkttype, &fwc_type_mh_type,
	&fwc_type_time,         &fwc_type_iface_index,  &fwc_type_iface_type,
	&fwc_type_realm,        &fwc_type_classid,      &fwc_type_uid,
	&fwc_type_gid,          &fwc_type_ct_dir,       &fwc_type_ct_label,
	&fwc_type_pkt_type,     &fwc_type_icmp_code,    &fwc_type_icmpv6_code,
	&fwc_type_devgroup,     &fwc_type_dscp,         &fwc_type_ecn,
	&fwc_type_boolean,      &fwc_type_ct_event,     &fwc_type_igmp_type,
	&fwc_type_date,         &fwc_type_hour,         &fwc_type_day,
	&fwc_type_cgroupsv2,    &fwc_type_verdict,
};

const struct fwc_type *fwc_type_by_name(const char *name, size_t len)
{
	for (size_t i = 0; i < FWC_ARRAY_SIZE(types); i++)
		if (strlen(types[i]->name) == len && !memcmp(types[i]->name, name, len))
			return types[i];
	return NULL;
}

const struct fwc_type *fwc_type_by_id(uint32_t id)
{
	for (size_t i = 0; i < FWC_ARRAY_SIZE(types); i++)
		if (types[i]->id == id)
			return types[i];
	return NULL;
}

const struct fwc_type *fwc_type_of_key(uint32_t id, uint32_t len, bool host)
{
	const struct fwc_type *t = fwc_type_by_id(id);

	if (t && t->len == len)
		return t;
	if (id == fwc_type_dscp6.id && len == fwc_type_dscp6.len)
		return &fwc_type_dscp6;
	if (id == FWC_TYPE_ID_BITMASK && len == 1)
		return &fwc_type_bitmask;
	if (id == FWC_TYPE_ID_STRING && len == FWC_TYPE_BYTES_MOST)
		return &fwc_type_text;
	if (id != FWC_TYPE_ID_INTEGER || !len || len > FWC_TYPE_BYTES_MOST)
		return NULL;
	if (len < FWC_ARRAY_SIZE(fwc_type_integer) && fwc_type_integer[len].name)
		return host && fwc_type_host_integer[len].name ? &fwc_type_host_integer[len]
							       : &fwc_type_integer[len];
	return &fwc_type_raw[len];
}

int fwc_type_unknown(const char *text, size_t len, struct fwc_error *err)
{
	char names[256];
	struct fwc_buf out = fwc_buf_over(names, sizeof(names));

	for (size_t i = 0; i < FWC_ARRAY_SIZE(types); i++)
		fwc_buf_printf(&out, "%s%s", i ? ", " : "", types[i]->name);
	return fwc_fail(err, -EINVAL, FWC_OBJECT_ARGUMENT, "'%.*s' is no type: %s",
			(int)(len > 40 ? 40 : len), text, names);
}

/* ---- the same or not ---- */

bool fwc_type_same(const struct fwc_type *a, const struct fwc_type *b)
{
	return a == b || (a->id == b->id && a->len == b->len && a->order == b->order &&
			  a->shift == b->shift && a->bits == b->bits);
}

bool fwc_types_same(const struct fwc_type *const *a, size_t a_count,
		    const struct fwc_type *const *b, size_t b_count)
{
	if (a_count != b_count)
		return false;
	for (size_t i = 0; i < a_count; i++)
		if (!fwc_type_same(a[i], b[i]))
			return false;
	return true;
}

void fwc_type_mask(const struct fwc_type *t, uint8_t mask[FWC_TYPE_BYTES_MOST])
{
	uint64_t part = t->bits ? ((UINT64_C(1) << t->bits) - 1) << t->shift : 0;

	memset(mask, 0xff, FWC_TYPE_BYTES_MOST);
	/* Only numbers of the packet have parts: network order. */
	for (size_t i = 0; t->bits && i < t->len; i++)
		mask[t->len - 1u - i] = (uint8_t)(part >> (8 * i));
}

/* ---- numbers ---- */

bool fwc_type_is_number(const struct fwc_type *t)
{
	static const bool is[] = {
		[FWC_FORM_NUMBER] = true, [FWC_FORM_HEX] = true,     [FWC_FORM_BITS] = true,
		[FWC_FORM_RAW] = true,    [FWC_FORM_TIME] = true,    [FWC_FORM_DATE] = true,
		[FWC_FORM_HOUR] = true,   [FWC_FORM_CLASSID] = true, [FWC_FORM_IFINDEX] = true,
	};

	return t->form < FWC_ARRAY_SIZE(is) && is[t->form] && t->len <= sizeof(uint64_t);
}

uint64_t fwc_type_largest(const struct fwc_type *t)
{
	return UINT64_MAX >> (64 - (t->bits ? t->bits : 8 * t->len));
}

bool fwc_type_put_number(const struct fwc_type *t, uint64_t number, uint8_t *bytes)
{
	if (!fwc_type_is_number(t) || number > fwc_type_largest(t))
		return false;
	number <<= t->shift;
	for (size_t i = 0; i < t->len; i++) {
		bool swap = t->order == FWC_ORDER_NETWORK || __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__;

		bytes[swap ? t->len - 1u - i : i] = (uint8_t)(number >> (8 * i));
	}
	return true;
}

bool fwc_type_get_number(const struct fwc_type *t, const uint8_t *bytes, uint64_t *ret)
{
	uint64_t number = 0;

	if (!t->len || t->len > sizeof(number))
		return false;
	for (size_t i = 0; i < t->len; i++) {
		bool swap = t->order == FWC_ORDER_NETWORK || __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__;

		number |= (uint64_t)bytes[swap ? t->len - 1u - i : i] << (8 * i);
	}
	*ret = number >> t->shift;
	return true;
}
