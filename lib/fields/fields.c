/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The table of fields. */
#include <ctype.h>
#include <linux/in6.h>
#include <linux/netfilter.h>
#include <linux/netfilter/nf_tables.h>

#include <fwcore/value.h>

#include "fields/types.h"

#define META(id_, name_, type_, key_)                                                              \
	.id = (id_), .name = (name_), .type = &(type_), .load = FWC_LOAD_META, .key = (key_),      \
	.l4 = -1
#define CT(id_, name_, type_, key_)                                                                \
	.id = (id_), .name = (name_), .type = &(type_), .load = FWC_LOAD_CT, .key = (key_), .l4 = -1
#define FIB(id_, name_, flags_)                                                                    \
	.id = (id_), .name = (name_), .type = &fwc_type_fib_addrtype, .load = FWC_LOAD_FIB,        \
	.key = NFT_FIB_RESULT_ADDRTYPE, .flags = (flags_), .l4 = -1
#define NETWORK(id_, name_, type_, offset_, l3_)                                                   \
	.id = (id_), .name = (name_), .type = &(type_), .load = FWC_LOAD_PAYLOAD,                  \
	.base = NFT_PAYLOAD_NETWORK_HEADER, .offset = (offset_), .l3 = (l3_), .l4 = -1
#define TRANSPORT(id_, name_, type_, offset_, l4_)                                                 \
	.id = (id_), .name = (name_), .type = &(type_), .load = FWC_LOAD_PAYLOAD,                  \
	.base = NFT_PAYLOAD_TRANSPORT_HEADER, .offset = (offset_), .l4 = (l4_)

/* Rows of a protocol come before `th`, which is what ports are called when the protocol is not known. */
const struct fwc_field_row fwc_fields[] = {
	{ META(FWC_FIELD_META_IIFNAME, "meta iifname", fwc_type_ifname, NFT_META_IIFNAME),
	  .alias = "iifname", .prints_alias = true },
	{ META(FWC_FIELD_META_OIFNAME, "meta oifname", fwc_type_ifname, NFT_META_OIFNAME),
	  .alias = "oifname", .prints_alias = true },
	{ META(FWC_FIELD_META_L4PROTO, "meta l4proto", fwc_type_inet_proto, NFT_META_L4PROTO),
	  .is_l4 = true },
	{ META(FWC_FIELD_META_NFPROTO, "meta nfproto", fwc_type_nf_proto, NFT_META_NFPROTO) },
	{ META(FWC_FIELD_META_MARK, "meta mark", fwc_type_mark, NFT_META_MARK), .alias = "mark",
	  .settable = true },
	{ CT(FWC_FIELD_CT_STATE, "ct state", fwc_type_ct_state, NFT_CT_STATE) },
	{ CT(FWC_FIELD_CT_STATUS, "ct status", fwc_type_ct_status, NFT_CT_STATUS) },
	{ CT(FWC_FIELD_CT_MARK, "ct mark", fwc_type_mark, NFT_CT_MARK), .settable = true },
	{ FIB(FWC_FIELD_FIB_SADDR_TYPE, "fib saddr type", NFTA_FIB_F_SADDR) },
	{ FIB(FWC_FIELD_FIB_DADDR_TYPE, "fib daddr type", NFTA_FIB_F_DADDR) },
	{ NETWORK(FWC_FIELD_IP_SADDR, "ip saddr", fwc_type_ipv4_addr, 12, NFPROTO_IPV4) },
	{ NETWORK(FWC_FIELD_IP_DADDR, "ip daddr", fwc_type_ipv4_addr, 16, NFPROTO_IPV4) },
	{ NETWORK(FWC_FIELD_IP_PROTOCOL, "ip protocol", fwc_type_inet_proto, 9, NFPROTO_IPV4),
	  .is_l4 = true },
	{ NETWORK(FWC_FIELD_IP6_SADDR, "ip6 saddr", fwc_type_ipv6_addr, 8, NFPROTO_IPV6) },
	{ NETWORK(FWC_FIELD_IP6_DADDR, "ip6 daddr", fwc_type_ipv6_addr, 24, NFPROTO_IPV6) },
	{ NETWORK(FWC_FIELD_IP6_NEXTHDR, "ip6 nexthdr", fwc_type_inet_proto, 6, NFPROTO_IPV6),
	  .is_l4 = true },
	{ TRANSPORT(FWC_FIELD_TCP_SPORT, "tcp sport", fwc_type_inet_service, 0, IPPROTO_TCP) },
	{ TRANSPORT(FWC_FIELD_TCP_DPORT, "tcp dport", fwc_type_inet_service, 2, IPPROTO_TCP) },
	{ TRANSPORT(FWC_FIELD_TCP_FLAGS, "tcp flags", fwc_type_tcp_flag, 13, IPPROTO_TCP) },
	{ TRANSPORT(FWC_FIELD_UDP_SPORT, "udp sport", fwc_type_inet_service, 0, IPPROTO_UDP) },
	{ TRANSPORT(FWC_FIELD_UDP_DPORT, "udp dport", fwc_type_inet_service, 2, IPPROTO_UDP) },
	/* In an inet table nft ties these two to their address family as well; in ip and ip6 tables it does not. */
	{ TRANSPORT(FWC_FIELD_ICMP_TYPE, "icmp type", fwc_type_icmp_type, 0, IPPROTO_ICMP),
	  .l3 = NFPROTO_IPV4 },
	{ TRANSPORT(FWC_FIELD_ICMPV6_TYPE, "icmpv6 type", fwc_type_icmpv6_type, 0, IPPROTO_ICMPV6),
	  .l3 = NFPROTO_IPV6 },
	{ TRANSPORT(FWC_FIELD_TH_SPORT, "th sport", fwc_type_inet_service, 0, -1) },
	{ TRANSPORT(FWC_FIELD_TH_DPORT, "th dport", fwc_type_inet_service, 2, -1) },
};
const size_t fwc_fields_count = FWC_ARRAY_SIZE(fwc_fields);

const struct fwc_field_row *fwc_field_by_id(uint32_t id)
{
	for (size_t i = 0; i < fwc_fields_count; i++)
		if (fwc_fields[i].id == id)
			return &fwc_fields[i];
	return NULL;
}

static bool is_word(char c)
{
	return isalnum((unsigned char)c) || c == '_' || c == '-';
}

/* Bytes of `text` that are the words of `name`, with any white space between them; 0 when they are not. */
static size_t match_words(const char *name, const char *text, size_t len)
{
	size_t at = 0;

	for (; *name; name++) {
		if (*name != ' ') {
			if (at == len || text[at++] != *name)
				return 0;
			continue;
		}
		if (at == len || !isspace((unsigned char)text[at]))
			return 0;
		while (at < len && isspace((unsigned char)text[at]))
			at++;
	}
	return at < len && is_word(text[at]) ? 0 : at;
}

const struct fwc_field_row *fwc_field_by_name(const char *text, size_t len, size_t *ret_len)
{
	const struct fwc_field_row *best = NULL;
	size_t best_len = 0;

	for (size_t i = 0; i < fwc_fields_count; i++) {
		const struct fwc_field_row *f = &fwc_fields[i];
		size_t matched = match_words(f->name, text, len);

		if (!matched && f->alias)
			matched = match_words(f->alias, text, len);
		if (matched > best_len) {
			best = f;
			best_len = matched;
		}
	}
	if (best)
		*ret_len = best_len;
	return best;
}

static bool has_prefixes(const struct fwc_type *t)
{
	return t->form == FWC_FORM_IP4 || t->form == FWC_FORM_IP6;
}

/* Bytes at the network header mean a field only when the address family is known; what lies at the transport
 * header is told by the protocol alone. */
static bool is_of_packet(const struct fwc_field_row *f, uint8_t l3, int l4)
{
	if (f->base == NFT_PAYLOAD_NETWORK_HEADER)
		return f->l3 == l3;
	return f->l4 == -1 || f->l4 == l4;
}

const struct fwc_field_row *fwc_field_by_payload(uint8_t base, uint32_t offset, uint32_t len,
						 uint8_t l3, int l4)
{
	for (size_t i = 0; i < fwc_fields_count; i++) {
		const struct fwc_field_row *f = &fwc_fields[i];

		if (f->load != FWC_LOAD_PAYLOAD || f->base != base || f->offset != offset ||
		    !is_of_packet(f, l3, l4))
			continue;
		if (len == f->type->len || (len && len < f->type->len && has_prefixes(f->type)))
			return f;
	}
	return NULL;
}

const struct fwc_field_row *fwc_field_by_key(uint8_t load, uint32_t key, uint32_t flags)
{
	for (size_t i = 0; i < fwc_fields_count; i++) {
		const struct fwc_field_row *f = &fwc_fields[i];

		if (f->load == load && f->load != FWC_LOAD_PAYLOAD && f->key == key &&
		    f->flags == flags)
			return f;
	}
	return NULL;
}

const char *fwc_field_name(uint32_t field)
{
	const struct fwc_field_row *f = fwc_field_by_id(field);

	return !f ? NULL : f->prints_alias ? f->alias : f->name;
}

uint32_t fwc_field_find(const char *name)
{
	size_t len = name ? strlen(name) : 0, matched;
	const struct fwc_field_row *f = len ? fwc_field_by_name(name, len, &matched) : NULL;

	return f && matched == len ? f->id : 0;
}
