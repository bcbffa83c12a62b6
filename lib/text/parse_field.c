/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Fields: those of the table by their words, those with parameters word by word. */
#include "fields/made.h"
#include "fields/tunnels.h"
#include "model/protocols.h"
#include "text/parser.h"

#include <stdio.h>

#include <linux/netfilter.h>
#include <linux/netfilter/nf_tables.h>

enum {
	FIELD_TEXT_MOST = 64, /* bytes in which the words of a field lie */
	FIELDS_TEXT_MOST = 160, /* of the fields of a header, in a message */
};

static const struct fwc_field_row *find_field(const struct fwc_parser *p, size_t *ret_len)
{
	const struct fwc_token *t = &p->lx.token;
	size_t left = (size_t)(p->lx.end - t->text);
	const char *newline;

	if (t->kind != FWC_TOKEN_WORD)
		return NULL;
	left = left < FIELD_TEXT_MOST ? left : FIELD_TEXT_MOST;
	newline = memchr(t->text, '\n', left);
	return fwc_field_by_name(t->text, newline ? (size_t)(newline - t->text) : left, ret_len);
}

/* ---- with parameters ---- */

/* A place in bits, which has to be one of whole bytes. */
static int parse_bytes(struct fwc_parser *p, const char *what, uint64_t max, uint64_t *ret)
{
	struct fwc_token at = p->lx.token;
	uint64_t bits;
	int r = fwc_parser_number(p, what, max * 8, &bits);

	if (r < 0)
		return r;
	if (bits % 8)
		return fwc_parser_fail_at(p, &at,
					  "%s: whole bytes are loaded, a multiple of 8 bits; "
					  "bits of them follow with '&'",
					  what);
	*ret = bits / 8;
	return 0;
}

/* `,16,8` */
static int parse_place(struct fwc_parser *p, struct fwc_field_row *f, uint32_t *ret_len)
{
	struct fwc_token at;
	uint64_t offset, len;

	if (fwc_parser_expect(p, ",") < 0 ||
	    parse_bytes(p, "an offset in bits", 2047, &offset) < 0 || fwc_parser_expect(p, ",") < 0)
		return -EINVAL;
	at = p->lx.token;
	if (parse_bytes(p, "a length in bits", FWC_TYPE_BYTES_MOST, &len) < 0)
		return -EINVAL;
	if (!len)
		return fwc_parser_fail_at(p, &at, "a length in bits is not 0");
	f->offset = (uint16_t)offset;
	*ret_len = (uint32_t)len;
	return 0;
}

static int parse_payload(struct fwc_parser *p, struct fwc_field_row *f, uint32_t *ret_len)
{
	static const struct fwc_symbol bases[] = {
		{ "ll", NFT_PAYLOAD_LL_HEADER },
		{ "nh", NFT_PAYLOAD_NETWORK_HEADER },
		{ "th", NFT_PAYLOAD_TRANSPORT_HEADER },
		{ "ih", NFT_PAYLOAD_INNER_HEADER },
		{ NULL, 0 },
	};
	uint64_t base;

	if (fwc_parser_symbol(p, bases, "a header", &base) < 0)
		return -EINVAL;
	f->load = FWC_LOAD_PAYLOAD;
	f->base = (uint8_t)base;
	return parse_place(p, f, ret_len);
}

/* Whether what follows a route's interface asks for the route alone: `missing`, `!= exists`. */
static bool asks_for_presence(const struct fwc_parser *p)
{
	struct fwc_parser ahead = *p;

	ahead.err = NULL;
	if (!fwc_parser_accept(&ahead, "==") && !fwc_parser_accept(&ahead, "!=") &&
	    !fwc_parser_accept(&ahead, "eq"))
		fwc_parser_accept(&ahead, "ne");
	return fwc_parser_is(&ahead, "exists") || fwc_parser_is(&ahead, "missing");
}

static int parse_fib(struct fwc_parser *p, struct fwc_field_row *f)
{
	static const struct fwc_symbol keys[] = {
		{ "saddr", NFTA_FIB_F_SADDR }, { "daddr", NFTA_FIB_F_DADDR },
		{ "mark", NFTA_FIB_F_MARK },   { "iif", NFTA_FIB_F_IIF },
		{ "oif", NFTA_FIB_F_OIF },     { NULL, 0 },
	};
	static const struct fwc_symbol results[] = {
		{ "oif", NFT_FIB_RESULT_OIF },
		{ "oifname", NFT_FIB_RESULT_OIFNAME },
		{ "type", NFT_FIB_RESULT_ADDRTYPE },
		{ NULL, 0 },
	};
	struct fwc_token at = p->lx.token;
	uint64_t n;

	f->load = FWC_LOAD_FIB;
	do {
		if (fwc_parser_symbol(p, keys, "what a route is looked up with", &n) < 0)
			return -EINVAL;
		f->flags |= (uint32_t)n;
	} while (fwc_parser_accept(p, "."));
	if (fwc_parser_symbol(p, results, "what of the route", &n) < 0)
		return -EINVAL;
	f->key = (uint32_t)n;
	if (!(f->flags & NFTA_FIB_F_SADDR) == !(f->flags & NFTA_FIB_F_DADDR))
		return fwc_parser_fail_at(p, &at,
					  "a route is looked up with either 'saddr' or 'daddr'");
	if (f->flags & NFTA_FIB_F_IIF && f->flags & NFTA_FIB_F_OIF)
		return fwc_parser_fail_at(p, &at,
					  "a route is not looked up with both 'iif' and 'oif'");
	if (f->key != NFT_FIB_RESULT_ADDRTYPE && asks_for_presence(p))
		f->flags |= NFTA_FIB_F_PRESENT;
	return 0;
}

/* `255`, `@255,8,8` */
static int parse_tcp_option(struct fwc_parser *p, struct fwc_field_row *f, uint32_t *ret_len)
{
	bool place = fwc_parser_accept(p, "@");
	uint64_t kind;

	if (fwc_parser_number(p, "the kind of a TCP option", UINT8_MAX, &kind) < 0)
		return -EINVAL;
	f->load = FWC_LOAD_EXTHDR;
	f->base = NFT_EXTHDR_OP_TCPOPT;
	f->key = (uint32_t)kind;
	if (place)
		return parse_place(p, f, ret_len);
	f->flags = NFT_EXTHDR_F_PRESENT;
	*ret_len = 1;
	return 0;
}

static int parse_dccp_option(struct fwc_parser *p, struct fwc_field_row *f, uint32_t *ret_len)
{
	uint64_t type;

	if (fwc_parser_number(p, "the type of a DCCP option", UINT8_MAX, &type) < 0)
		return -EINVAL;
	f->load = FWC_LOAD_EXTHDR;
	f->base = NFT_EXTHDR_OP_DCCP;
	f->key = (uint32_t)type;
	f->flags = NFT_EXTHDR_F_PRESENT;
	*ret_len = 1;
	return 0;
}

static int parse_socket(struct fwc_parser *p, struct fwc_field_row *f)
{
	uint64_t level;

	if (fwc_parser_expect(p, "level") < 0 ||
	    fwc_parser_number(p, "the level of a cgroup", 255, &level) < 0)
		return -EINVAL;
	f->load = FWC_LOAD_SOCKET;
	f->key = NFT_SOCKET_CGROUPV2;
	f->flags = (uint32_t)level;
	return 0;
}

static int parse_osf(struct fwc_parser *p, struct fwc_field_row *f)
{
	static const struct fwc_symbol ttls[] = { { "loose", 1 }, { "skip", 2 }, { NULL, 0 } };
	static const struct fwc_symbol what[] = { { "name", 0 },
						  { "version", NFT_OSF_F_VERSION },
						  { NULL, 0 } };
	uint64_t n = 0;

	f->load = FWC_LOAD_OSF;
	if (fwc_parser_accept(p, "ttl") &&
	    fwc_parser_symbol(p, ttls, "a way to look at the TTL", &n) < 0)
		return -EINVAL;
	f->key = (uint32_t)n;
	if (fwc_parser_symbol(p, what, "what of the fingerprint", &n) < 0)
		return -EINVAL;
	f->flags = (uint32_t)n;
	return 0;
}

/* `mod 8 offset 100` */
static int parse_seed(struct fwc_parser *p, struct fwc_field_row *f)
{
	const struct fwc_type *t = fwc_type_by_name("mark", strlen("mark"));
	uint8_t bytes[FWC_TYPE_BYTES_MOST];
	uint64_t seed = 0;
	uint32_t bits;

	if (f->load != FWC_LOAD_HASH || f->key != NFT_HASH_JENKINS || !fwc_parser_accept(p, "seed"))
		return 0;
	if (fwc_parse_word(p, t, bytes, &bits) < 0)
		return -EINVAL;
	fwc_type_get_number(t, bytes, &seed);
	f->seed = (uint32_t)seed;
	f->base = 1;
	return 0;
}

static int parse_modulus(struct fwc_parser *p, struct fwc_field_row *f)
{
	struct fwc_token at;
	uint64_t mod, offset = 0;

	if (fwc_parser_expect(p, "mod") < 0)
		return -EINVAL;
	at = p->lx.token;
	if (fwc_parser_number(p, "a modulus", UINT32_MAX, &mod) < 0)
		return -EINVAL;
	if (!mod)
		return fwc_parser_fail_at(p, &at, "a modulus is not 0");
	if (parse_seed(p, f) < 0)
		return -EINVAL;
	if (fwc_parser_accept(p, "offset") &&
	    fwc_parser_number(p, "what is added", UINT32_MAX, &offset) < 0)
		return -EINVAL;
	if (offset + mod - 1 > UINT32_MAX)
		return fwc_parser_fail_at(p, &at, "numbers above %u are none of 32 bits",
					  UINT32_MAX);
	f->flags = (uint32_t)mod;
	f->more = (uint32_t)offset;
	return 0;
}

int fwc_parse_jhash(struct fwc_parser *p, const struct fwc_value **ret)
{
	struct fwc_made_field made = { .row = { .load = FWC_LOAD_HASH, .key = NFT_HASH_JENKINS } };
	int r = parse_modulus(p, &made.row);

	if (r < 0)
		return r;
	*ret = fwc_value_in(&p->rs->arena, fwc_field_make(&made, 0));
	return *ret ? 0 : fwc_fail_memory(p->err);
}

static int parse_numgen(struct fwc_parser *p, struct fwc_field_row *f)
{
	static const struct fwc_symbol kinds[] = {
		{ "inc", NFT_NG_INCREMENTAL },
		{ "random", NFT_NG_RANDOM },
		{ NULL, 0 },
	};
	uint64_t kind;

	if (fwc_parser_symbol(p, kinds, "a way to make numbers", &kind) < 0)
		return -EINVAL;
	f->load = FWC_LOAD_NUMGEN;
	f->key = (uint32_t)kind;
	return parse_modulus(p, f);
}

/* `ipsec in spnum 1 reqid`, behind `spnum` */
static int parse_ipsec(struct fwc_parser *p, struct fwc_field_row *f, bool in)
{
	char words[FWC_FIELD_NAME_MOST];
	const struct fwc_field_row *row;
	size_t len, matched, left = (size_t)(p->lx.end - p->lx.token.text);
	uint64_t number;

	if (fwc_parser_number(p, "the number of a transformation", UINT8_MAX, &number) < 0)
		return -EINVAL;
	left = (size_t)(p->lx.end - p->lx.token.text);
	len = (size_t)snprintf(words, sizeof(words), "ipsec %s %.*s", in ? "in" : "out",
			       (int)(left < 32 ? left : 32), p->lx.token.text);
	row = p->lx.token.kind == FWC_TOKEN_WORD ? fwc_field_by_name(words, len, &matched) : NULL;
	if (!row || row->load != FWC_LOAD_XFRM)
		return fwc_parser_expected(
			p, "reqid, spi, ip saddr, ip daddr, ip6 saddr or ip6 daddr");
	fwc_lexer_cut(&p->lx, matched - (in ? 9 : 10));
	fwc_lexer_next(&p->lx);
	f->load = FWC_LOAD_XFRM;
	f->base = row->base;
	f->key = row->key;
	f->flags = (uint32_t)number;
	return 0;
}

/* `vxlan ip saddr`, behind `vxlan` */
static int parse_inner(struct fwc_parser *p, struct fwc_field_row *f, uint32_t tunnel)
{
	const struct fwc_tunnel_row *t = fwc_tunnel_row(tunnel);
	struct fwc_token at = p->lx.token;
	const struct fwc_field_row *of;
	size_t len;

	of = find_field(p, &len);
	if (!of)
		return fwc_parser_expected(p, "a field of the packet within %s", t->name);
	if (!fwc_tunnel_has(t, of))
		return fwc_parser_fail_at(p, &at, "'%s' is no field of a packet within %s",
					  of->name, t->name);
	fwc_lexer_cut(&p->lx, len);
	fwc_lexer_next(&p->lx);
	f->load = FWC_LOAD_INNER;
	f->base = (uint8_t)tunnel;
	f->key = of->id;
	return 0;
}

/* Words up to `count` at the current token, which stay when one differs. */
static bool accept_words(struct fwc_parser *p, const char *const words[3])
{
	struct fwc_lexer before = p->lx;

	for (size_t i = 0; i < 3 && words[i]; i++)
		if (!fwc_parser_accept(p, words[i])) {
			p->lx = before;
			return false;
		}
	return true;
}

/* 1: the words of a field with parameters were read, 0: there are none, -EINVAL. */
static int parse_made(struct fwc_parser *p, struct fwc_field_row *f, uint32_t *ret_len)
{
	enum {
		PAYLOAD,
		FIB,
		TCP_OPTION,
		DCCP_OPTION,
		SOCKET,
		OSF,
		NUMGEN,
		SYMHASH,
		IPSEC_IN,
		IPSEC_OUT,
		VXLAN,
		GENEVE,
		GRE,
		GRETAP,
	};
	static const char *const first[][3] = {
		[PAYLOAD] = { "@" },
		[FIB] = { "fib" },
		[TCP_OPTION] = { "tcp", "option" },
		[DCCP_OPTION] = { "dccp", "option" },
		[SOCKET] = { "socket", "cgroupv2" },
		[OSF] = { "osf" },
		[NUMGEN] = { "numgen" },
		[SYMHASH] = { "symhash" },
		[IPSEC_IN] = { "ipsec", "in", "spnum" },
		[IPSEC_OUT] = { "ipsec", "out", "spnum" },
		[VXLAN] = { "vxlan" },
		[GENEVE] = { "geneve" },
		[GRE] = { "gre" },
		[GRETAP] = { "gretap" },
	};
	size_t i = 0;
	int r;

	while (i < FWC_ARRAY_SIZE(first) && !accept_words(p, first[i]))
		i++;
	switch (i) {
	case PAYLOAD:
		r = parse_payload(p, f, ret_len);
		break;
	case FIB:
		r = parse_fib(p, f);
		break;
	case TCP_OPTION:
		r = parse_tcp_option(p, f, ret_len);
		break;
	case DCCP_OPTION:
		r = parse_dccp_option(p, f, ret_len);
		break;
	case SOCKET:
		r = parse_socket(p, f);
		break;
	case OSF:
		r = parse_osf(p, f);
		break;
	case NUMGEN:
		r = parse_numgen(p, f);
		break;
	case SYMHASH:
		f->load = FWC_LOAD_HASH;
		f->key = NFT_HASH_SYM;
		r = parse_modulus(p, f);
		break;
	case IPSEC_IN:
	case IPSEC_OUT:
		r = parse_ipsec(p, f, i == IPSEC_IN);
		break;
	case VXLAN:
	case GENEVE:
	case GRE:
	case GRETAP:
		r = parse_inner(p, f, FWC_TUNNEL_VXLAN + (uint32_t)(i - VXLAN));
		break;
	default:
		return 0;
	}
	return r < 0 ? r : 1;
}

/* `rt nexthop` is an address of the family that the rule sees. *ret NULL: these are other words. */
static int parse_nexthop(struct fwc_parser *p, const struct fwc_field_row **ret)
{
	static const char *const words[3] = { "rt", "nexthop" };
	uint32_t l3 = p->rule ? fwc_protocols_of(p->rule).l3 : 0;
	struct fwc_token at = p->lx.token;

	*ret = NULL;
	if (!accept_words(p, words))
		return 0;
	if (l3 != NFPROTO_IPV4 && l3 != NFPROTO_IPV6)
		return fwc_parser_fail_at(p, &at,
					  "'rt nexthop' does not say of which family: it is "
					  "'rt ip nexthop' or 'rt ip6 nexthop'");
	*ret = fwc_field_by_id(l3 == NFPROTO_IPV4 ? FWC_FIELD_RT_IP_NEXTHOP
						  : FWC_FIELD_RT_IP6_NEXTHOP);
	return 0;
}

/* As nft does in rules: bytes that are a field of the packet, as far as that is known, get its name. */
static const struct fwc_field_row *named_bytes(const struct fwc_parser *p,
					       const struct fwc_field_row *raw)
{
	const struct fwc_field_row *f;
	struct fwc_protocols protocols;

	if (!p->rule || raw->base != NFT_PAYLOAD_TRANSPORT_HEADER)
		return raw;
	protocols = fwc_protocols_of(p->rule);
	f = fwc_field_by_payload(
		raw->base, raw->offset, raw->type->len,
		(struct fwc_known){ .l3 = (uint8_t)protocols.l3, .l4 = (int16_t)protocols.l4 },
		NULL);
	return f && f->type->len == raw->type->len && !f->icmp ? f : raw;
}

/* ---- any of them ---- */

int fwc_parse_no_field(struct fwc_parser *p, const char *otherwise)
{
	const struct fwc_token at = p->lx.token;
	const char *last = "";
	size_t last_len = 0;
	char list[FIELDS_TEXT_MOST];
	struct fwc_buf out = fwc_buf_over(list, sizeof(list));

	for (size_t i = 0; i < fwc_fields_count && at.kind == FWC_TOKEN_WORD; i++) {
		const char *name = fwc_fields[i].name, *word;
		size_t len;

		if (!name || strncmp(name, at.text, at.len) != 0 || name[at.len] != ' ')
			continue;
		word = name + at.len + 1;
		len = strcspn(word, " ");
		if (len == last_len && !memcmp(word, last, len))
			continue;
		if (out.len + len + 8 > sizeof(list)) {
			fwc_buf_puts(&out, ", ...");
			break;
		}
		fwc_buf_printf(&out, "%s%.*s", out.len ? ", " : "", (int)len, word);
		last = word;
		last_len = len;
	}
	if (!out.len)
		return fwc_parser_expected(p, "%s", otherwise);
	fwc_lexer_next(&p->lx);
	if (p->lx.token.kind != FWC_TOKEN_WORD)
		return fwc_parser_expected(p, "a field of %.*s: %s", (int)at.len, at.text, list);
	return fwc_parser_fail_at(p, &at, "'%.*s %.*s' is no field: %.*s has %s", (int)at.len,
				  at.text, (int)(p->lx.token.len > 40 ? 40 : p->lx.token.len),
				  p->lx.token.text, (int)at.len, at.text, list);
}

bool fwc_parse_begins_field(const struct fwc_parser *p)
{
	static const char *const words[] = { "@",       "fib",   "socket", "osf",   "numgen",
					     "symhash", "tcp",   "dccp",   "ipsec", "rt",
					     "jhash",   "vxlan", "geneve", "gre",   "gretap" };
	size_t len;

	if (find_field(p, &len))
		return true;
	for (size_t i = 0; i < FWC_ARRAY_SIZE(words); i++)
		if (fwc_parser_is(p, words[i]))
			return true;
	return false;
}

int fwc_parse_field(struct fwc_parser *p, const struct fwc_value **ret)
{
	struct fwc_made_field made = { .row = { .load = 0 } };
	const struct fwc_field_row *f;
	struct fwc_token at = p->lx.token;
	uint32_t bytes = 0;
	size_t len;
	int r = 0;

	f = find_field(p, &len);
	if (f) {
		fwc_lexer_cut(&p->lx, len);
		fwc_lexer_next(&p->lx);
	} else if ((r = parse_made(p, &made.row, &bytes)) > 0) {
		f = fwc_field_make(&made, bytes);
		if (f && f->id == FWC_FIELD_RAW_PAYLOAD)
			f = named_bytes(p, f);
		if (!f)
			return fwc_parser_fail_at(p, &at, "these words are no field");
	} else if (r == 0) {
		r = parse_nexthop(p, &f);
	}
	if (r < 0 || !f)
		return r;
	*ret = fwc_value_in(&p->rs->arena, f);
	return *ret ? 1 : fwc_fail_memory(p->err);
}
