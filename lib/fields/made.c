/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "fields/made.h"

#include <linux/netfilter/nf_tables.h>

#include <fwcore/value.h>

#include "fields/tunnels.h"
#include "fields/types.h"

static struct fwc_buf words_of(struct fwc_made_field *m)
{
	return fwc_buf_over(m->name, sizeof(m->name));
}

static const struct fwc_field_row *finish(struct fwc_made_field *m, uint32_t id,
					  const struct fwc_type *type)
{
	m->row.id = id;
	m->row.type = type;
	m->row.name = m->name;
	m->row.made = true;
	return &m->row;
}

static const struct fwc_field_row *make_payload(struct fwc_made_field *m, uint32_t len)
{
	static const char *const bases[] = {
		[NFT_PAYLOAD_LL_HEADER] = "ll",
		[NFT_PAYLOAD_NETWORK_HEADER] = "nh",
		[NFT_PAYLOAD_TRANSPORT_HEADER] = "th",
		[NFT_PAYLOAD_INNER_HEADER] = "ih",
	};
	struct fwc_buf out = words_of(m);

	if (m->row.base >= FWC_ARRAY_SIZE(bases) || !len || len > FWC_TYPE_BYTES_MOST)
		return NULL;
	fwc_buf_printf(&out, "@%s,%u,%u", bases[m->row.base], m->row.offset * 8u, len * 8u);
	return finish(m, FWC_FIELD_RAW_PAYLOAD, &fwc_type_raw[len]);
}

/* What a route is looked up with, in nft's order. */
static const struct {
	uint32_t flag;
	const char *word;
} fib_words[] = {
	{ NFTA_FIB_F_SADDR, "saddr" }, { NFTA_FIB_F_DADDR, "daddr" }, { NFTA_FIB_F_MARK, "mark" },
	{ NFTA_FIB_F_IIF, "iif" },     { NFTA_FIB_F_OIF, "oif" },
};

static const struct fwc_field_row *make_fib(struct fwc_made_field *m)
{
	static const struct {
		const char *word;
		uint32_t id;
		const struct fwc_type *type;
	} results[] = {
		[NFT_FIB_RESULT_OIF] = { "oif", FWC_FIELD_FIB_OIF, &fwc_type_iface_index },
		[NFT_FIB_RESULT_OIFNAME] = { "oifname", FWC_FIELD_FIB_OIFNAME, &fwc_type_ifname },
		[NFT_FIB_RESULT_ADDRTYPE] = { "type", FWC_FIELD_FIB_TYPE, &fwc_type_fib_addrtype },
	};
	bool present = m->row.flags & NFTA_FIB_F_PRESENT;
	uint32_t left = m->row.flags & ~(uint32_t)NFTA_FIB_F_PRESENT;
	struct fwc_buf out = words_of(m);

	if (m->row.key >= FWC_ARRAY_SIZE(results) || !results[m->row.key].word || !left)
		return NULL;
	fwc_buf_puts(&out, "fib ");
	for (size_t i = 0; i < FWC_ARRAY_SIZE(fib_words); i++)
		if (left & fib_words[i].flag) {
			left &= ~fib_words[i].flag;
			fwc_buf_printf(&out, "%s%s", fib_words[i].word, left ? " . " : " ");
		}
	if (left)
		return NULL;
	fwc_buf_puts(&out, results[m->row.key].word);
	return finish(m, results[m->row.key].id,
		      present ? &fwc_type_boolean : results[m->row.key].type);
}

static const struct fwc_field_row *make_option(struct fwc_made_field *m, uint32_t len)
{
	bool present = m->row.flags == NFT_EXTHDR_F_PRESENT;
	struct fwc_buf out = words_of(m);

	if (present && (m->row.offset || len != 1))
		return NULL;
	if (m->row.base == NFT_EXTHDR_OP_TCPOPT) {
		if (present)
			fwc_buf_printf(&out, "tcp option %u", m->row.key);
		else
			fwc_buf_printf(&out, "tcp option @%u,%u,%u", m->row.key, m->row.offset * 8u,
				       len * 8u);
		if (len > FWC_TYPE_BYTES_MOST || !len)
			return NULL;
		return finish(m, FWC_FIELD_TCP_OPTION,
			      present                ? &fwc_type_boolean
			      : len <= 4 || len == 8 ? &fwc_type_integer[len]
						     : &fwc_type_raw[len]);
	}
	if (m->row.base != NFT_EXTHDR_OP_DCCP || !present)
		return NULL;
	fwc_buf_printf(&out, "dccp option %u", m->row.key);
	return finish(m, FWC_FIELD_DCCP_OPTION, &fwc_type_boolean);
}

static const struct fwc_field_row *make_socket(struct fwc_made_field *m)
{
	struct fwc_buf out = words_of(m);

	if (m->row.key != NFT_SOCKET_CGROUPV2)
		return NULL;
	fwc_buf_printf(&out, "socket cgroupv2 level %u", m->row.flags);
	return finish(m, FWC_FIELD_SOCKET_CGROUPV2, &fwc_type_cgroupsv2);
}

static const struct fwc_field_row *make_osf(struct fwc_made_field *m)
{
	static const char *const ttls[] = { "", "ttl loose ", "ttl skip " };
	bool version = m->row.flags == NFT_OSF_F_VERSION;
	struct fwc_buf out = words_of(m);

	if (m->row.key >= FWC_ARRAY_SIZE(ttls) || (m->row.flags && !version))
		return NULL;
	fwc_buf_printf(&out, "osf %s%s", ttls[m->row.key], version ? "version" : "name");
	return finish(m, version ? FWC_FIELD_OSF_VERSION : FWC_FIELD_OSF_NAME, &fwc_type_text);
}

/* `ipsec in spnum 2 reqid`: of the table's row without the number. */
static const struct fwc_field_row *make_ipsec(struct fwc_made_field *m)
{
	const struct fwc_field_row *f = fwc_field_by_key(m->row.load, m->row.base, m->row.key, 0);
	size_t direction = f ? strcspn(f->name + 6, " ") + 6 : 0; /* behind "ipsec " */
	struct fwc_buf out = words_of(m);

	if (!f)
		return NULL;
	fwc_buf_printf(&out, "%.*s spnum %u%s", (int)direction, f->name, m->row.flags,
		       f->name + direction);
	return finish(m, f->id, f->type);
}

static const struct fwc_field_row *make_number(struct fwc_made_field *m)
{
	bool generated = m->row.load == FWC_LOAD_NUMGEN;
	bool jhash = !generated && m->row.key == NFT_HASH_JENKINS;
	struct fwc_buf out = words_of(m);

	if (!m->row.flags || (generated ? m->row.key > NFT_NG_RANDOM : m->row.key > NFT_HASH_SYM))
		return NULL;
	fwc_buf_printf(&out, "%s mod %u",
		       jhash                              ? "jhash"
		       : !generated                       ? "symhash"
		       : m->row.key == NFT_NG_INCREMENTAL ? "numgen inc"
							  : "numgen random",
		       m->row.flags);
	if (jhash && m->row.base)
		fwc_buf_printf(&out, " seed 0x%x", m->row.seed);
	if (m->row.more)
		fwc_buf_printf(&out, " offset %u", m->row.more);
	return finish(m,
		      generated ? FWC_FIELD_NUMGEN
		      : jhash   ? FWC_FIELD_JHASH
				: FWC_FIELD_SYMHASH,
		      &fwc_type_host_integer[4]);
}

/* `vxlan ip saddr`: the words of the field behind those of the tunnel. */
static const struct fwc_field_row *make_inner(struct fwc_made_field *m)
{
	const struct fwc_tunnel_row *tunnel = fwc_tunnel_row(m->row.base);
	const struct fwc_field_row *f = fwc_field_by_id(m->row.key);
	struct fwc_buf out = words_of(m);

	if (!tunnel || !f || !fwc_tunnel_has(tunnel, f))
		return NULL;
	fwc_buf_printf(&out, "%s %s", tunnel->name, f->name);
	if (!tunnel->wants_match)
		m->row.l4 = tunnel->l4;
	return finish(m, FWC_FIELD_INNER, f->type);
}

const struct fwc_field_row *fwc_field_make(struct fwc_made_field *m, uint32_t len)
{
	const struct fwc_field_row *f = NULL;

	m->row.l4 = -1;
	if (m->row.load != FWC_LOAD_PAYLOAD && m->row.load != FWC_LOAD_EXTHDR)
		f = fwc_field_by_key(m->row.load, m->row.base, m->row.key, m->row.flags);
	if (f)
		return f;
	switch (m->row.load) {
	case FWC_LOAD_PAYLOAD:
		return make_payload(m, len);
	case FWC_LOAD_FIB:
		return make_fib(m);
	case FWC_LOAD_EXTHDR:
		f = fwc_field_by_exthdr(m->row.base, m->row.key, m->row.offset, len, m->row.flags,
					NULL);
		return f ? f : make_option(m, len);
	case FWC_LOAD_SOCKET:
		return make_socket(m);
	case FWC_LOAD_OSF:
		return make_osf(m);
	case FWC_LOAD_XFRM:
		return make_ipsec(m);
	case FWC_LOAD_INNER:
		return make_inner(m);
	case FWC_LOAD_NUMGEN:
	case FWC_LOAD_HASH:
		return make_number(m);
	default:
		return NULL;
	}
}
