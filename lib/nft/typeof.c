/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* `typeof ip saddr . tcp dport`: the fields whose types a set has, as nft notes them in the set's userdata. The kernel
 * knows nothing of them; lengths and numbers of types stand in their own attributes. */
#include "fields/made.h"
#include "nft/uapi.h"
#include "nft/userdata.h"

enum {
	NOTE_KIND = 0, /* of the nest of a field, or of all of them */
	NOTE_DATA = 1,
};

/* nft's numbers of kinds of expressions. */
enum {
	KIND_VERDICT = 1,
	KIND_PAYLOAD = 7,
	KIND_EXTHDR = 8,
	KIND_CONCAT = 13,
};

/* ---- fields of headers: by the number of a header and of the field within it ---- */

struct header {
	const char *name;
	const char *fields; /* from number 1 on */
};

/* By nft's number of the header. */
static const struct header payload_headers[] = {
	[1] = { "ah", "nexthdr,hdrlength,reserved,spi,sequence" },
	[2] = { "esp", "spi,sequence" },
	[3] = { "comp", "nexthdr,flags,cpi" },
	[4] = { "icmp", "type,code,checksum,id,sequence,gateway,mtu" },
	[5] = { "igmp", "type,checksum,mrt,group" },
	[6] = { "udp", "sport,dport,length,checksum" },
	[7] = { "udplite", "sport,dport,csumcov,checksum" },
	[8] = { "tcp", "sport,dport,sequence,ackseq,doff,reserved,flags,window,checksum,urgptr" },
	[9] = { "dccp", "sport,dport,type" },
	[10] = { "sctp", "sport,dport,vtag,checksum" },
	[11] = { "th", "sport,dport" },
	[12] = { "ip", "version,hdrlength,dscp,ecn,length,id,frag-off,ttl,protocol,checksum,"
		       "saddr,daddr" },
	[13] = { "ip6", "version,dscp,ecn,flowlabel,length,nexthdr,hoplimit,saddr,daddr" },
	[14] = { "icmpv6", "type,code,checksum,parameter-problem,mtu,id,sequence,max-delay" },
	[15] = { "arp", "htype,ptype,hlen,plen,operation,saddr ether,saddr ip,daddr ether,"
			"daddr ip" },
	[16] = { "vlan", "pcp,dei,cfi,id,type" },
	[17] = { "ether", "daddr,saddr,type" },
};

static const struct header ip6_headers[] = {
	[1] = { "hbh", "nexthdr,hdrlength" },
	[2] = { "rt", "nexthdr,hdrlength,type,seg-left" },
	[3] = { "rt0", "reserved,addr[1]" },
	[4] = { "rt2", "reserved,addr" },
	[5] = { "srh", "last-entry,flags,tag,sid[1]" },
	[6] = { "frag", "nexthdr,reserved,frag-off,reserved2,more-fragments,id" },
	[7] = { "dst", "nexthdr,hdrlength" },
	[8] = { "mh", "nexthdr,hdrlength,type,reserved,checksum" },
};

static const char ip_option_fields[] = "type,length,value,ptr,addr";

/* The number of a word in a list, from 1; 0: it is not there. */
static uint32_t number_in(const char *list, const char *word)
{
	size_t len = strlen(word);

	for (uint32_t n = 1;; n++) {
		size_t one = strcspn(list, ",");

		if (one == len && !memcmp(list, word, len))
			return n;
		if (!list[one])
			return 0;
		list += one + 1;
	}
}

/* False: the field is of none of these headers, or nft has no number for it. */
static bool numbers_of(const struct header *headers, size_t count, const char *name,
		       uint32_t *ret_header, uint32_t *ret_field)
{
	for (size_t i = 1; i < count; i++) {
		size_t len = strlen(headers[i].name);

		if (strncmp(name, headers[i].name, len) != 0 || name[len] != ' ')
			continue;
		*ret_header = (uint32_t)i;
		*ret_field = number_in(headers[i].fields, name + len + 1);
		return *ret_field != 0;
	}
	return false;
}

static const struct fwc_field_row *field_of(const struct header *headers, size_t count,
					    uint32_t header, uint32_t number)
{
	const char *list = header && header < count ? headers[header].fields : NULL;
	const struct fwc_field_row *f;
	char name[64];
	size_t len;
	struct fwc_buf out = fwc_buf_over(name, sizeof(name));

	for (; list && number > 1; number--) {
		list = strchr(list, ',');
		list = list ? list + 1 : NULL;
	}
	if (!list || !number)
		return NULL;
	fwc_buf_printf(&out, "%s %.*s", headers[header].name, (int)strcspn(list, ","), list);
	f = fwc_field_by_name(name, strlen(name), &len);
	return f && len == strlen(name) ? f : NULL;
}

/* ---- fields of options and chunks: nft counts them from 0, in the order in which they lie ---- */

static bool is_of_option(const struct fwc_field_row *f, uint8_t op, uint32_t key)
{
	return f->load == FWC_LOAD_EXTHDR && f->base == op && f->key == key && !f->flags;
}

static uint32_t place_of(const struct fwc_field_row *f)
{
	uint32_t n = 0;

	for (size_t i = 0; i < fwc_fields_count; i++)
		n += is_of_option(&fwc_fields[i], f->base, f->key) &&
		     fwc_fields[i].offset < f->offset;
	return n;
}

static const struct fwc_field_row *field_at(uint8_t op, uint32_t key, uint32_t number)
{
	for (size_t i = 0; i < fwc_fields_count; i++) {
		const struct fwc_field_row *f = &fwc_fields[i];

		if (is_of_option(f, op, key) &&
		    (op == NFT_EXTHDR_OP_IPV4
			     ? number_in(ip_option_fields, strrchr(f->name, ' ') + 1)
			     : place_of(f)) == number)
			return f;
	}
	return NULL;
}

/* ---- the others: numbers as they are loaded with ---- */

enum member { KEY, FLAGS, MORE, BASE, DIRECTION, ZERO };

static const struct {
	uint8_t load, kind, count;
	uint8_t members[5]; /* by the type in which it stands */
} plain[] = {
	{ FWC_LOAD_META, 9, 1, { KEY } },
	{ FWC_LOAD_SOCKET, 10, 1, { KEY } },
	{ FWC_LOAD_OSF, 11, 0, { 0 } },
	{ FWC_LOAD_CT, 12, 2, { KEY, DIRECTION } },
	{ FWC_LOAD_NUMGEN, 23, 3, { KEY, FLAGS, MORE } },
	{ FWC_LOAD_HASH, 24, 5, { KEY, MORE, FLAGS, ZERO, ZERO } },
	{ FWC_LOAD_RT, 25, 1, { KEY } },
	{ FWC_LOAD_FIB, 26, 2, { KEY, FLAGS } },
	{ FWC_LOAD_XFRM, 27, 3, { KEY, FLAGS, BASE } },
};

static uint32_t get_member(const struct fwc_field_row *f, uint8_t member)
{
	switch (member) {
	case KEY:
		return f->key;
	case FLAGS:
		return f->flags;
	case MORE:
		return f->more;
	case BASE:
		return f->base;
	case DIRECTION:
		return f->flags - 1; /* of none: -1 */
	default:
		return 0;
	}
}

static void set_member(struct fwc_field_row *f, uint8_t member, uint32_t n)
{
	if (member == KEY)
		f->key = n;
	else if (member == FLAGS)
		f->flags = n;
	else if (member == MORE)
		f->more = n;
	else if (member == BASE)
		f->base = (uint8_t)n;
	else if (member == DIRECTION)
		f->flags = n + 1;
}

/* ---- writing ---- */

static bool put_payload(struct fwc_userdata *u, const struct fwc_field_row *f)
{
	uint32_t header = 0, number = 0;

	if (!f->made && !numbers_of(payload_headers, FWC_ARRAY_SIZE(payload_headers), f->name,
				    &header, &number))
		return false;
	fwc_userdata_add_u32(u, 0, header);
	fwc_userdata_add_u32(u, 1, number);
	if (!header) {
		fwc_userdata_add_u32(u, 2, f->base + 1u);
		fwc_userdata_add_u32(u, 3, f->offset * 8u);
	}
	if (f->type->id == FWC_TYPE_ID_INTEGER)
		fwc_userdata_add_u32(u, 4, f->type->bits ? f->type->bits : f->type->len * 8u);
	return true;
}

static bool put_exthdr(struct fwc_userdata *u, const struct fwc_field_row *f)
{
	uint32_t header, number;

	if (f->flags || f->made)
		return false; /* whether it is there: nft notes the whole */
	if (f->base == NFT_EXTHDR_OP_IPV6) {
		if (!numbers_of(ip6_headers, FWC_ARRAY_SIZE(ip6_headers), f->name, &header,
				&number))
			return false;
		fwc_userdata_add_u32(u, 1, number);
		fwc_userdata_add_u32(u, 0, header);
		return true;
	}
	number = f->base == NFT_EXTHDR_OP_IPV4
			 ? number_in(ip_option_fields, strrchr(f->name, ' ') + 1)
			 : place_of(f);
	fwc_userdata_add_u32(u, 1, number);
	fwc_userdata_add_u32(u, 2, f->base);
	fwc_userdata_add_u32(u, 0, f->key);
	return true;
}

static bool put_field(struct fwc_userdata *u, const struct fwc_field_row *f)
{
	bool known = false;
	size_t nest;

	for (size_t i = 0; i < FWC_ARRAY_SIZE(plain); i++) {
		if (plain[i].load != f->load)
			continue;
		fwc_userdata_add_u32(u, NOTE_KIND, plain[i].kind);
		nest = fwc_userdata_nest_begin(u, NOTE_DATA);
		for (uint8_t k = 0; k < plain[i].count; k++)
			fwc_userdata_add_u32(u, k, get_member(f, plain[i].members[k]));
		fwc_userdata_nest_end(u, nest);
		return true;
	}
	fwc_userdata_add_u32(u, NOTE_KIND,
			     f->load == FWC_LOAD_PAYLOAD ? KIND_PAYLOAD : KIND_EXTHDR);
	nest = fwc_userdata_nest_begin(u, NOTE_DATA);
	if (f->load == FWC_LOAD_PAYLOAD)
		known = put_payload(u, f);
	else if (f->load == FWC_LOAD_EXTHDR)
		known = put_exthdr(u, f);
	fwc_userdata_nest_end(u, nest);
	return known;
}

static bool put_fields(struct fwc_userdata *u, const struct fwc_value *v)
{
	size_t nest;

	if (v->kind == FWC_VALUE_FIELD)
		return put_field(u, v->field);
	fwc_userdata_add_u32(u, NOTE_KIND, KIND_CONCAT);
	nest = fwc_userdata_nest_begin(u, NOTE_DATA);
	for (size_t i = 0; i < v->len; i++) {
		size_t one = fwc_userdata_nest_begin(u, (uint8_t)i);

		if (!put_field(u, v->child[i]->field))
			return false;
		fwc_userdata_nest_end(u, one);
	}
	fwc_userdata_nest_end(u, nest);
	return true;
}

void fwc_userdata_add_typeof(struct fwc_userdata *u, uint8_t type, const struct fwc_value *fields)
{
	struct fwc_userdata before = *u;
	size_t nest = fwc_userdata_nest_begin(u, type);

	if (fields && !put_fields(u, fields)) {
		*u = before;
		return;
	}
	if (!fields) { /* a verdict */
		fwc_userdata_add_u32(u, NOTE_KIND, KIND_VERDICT);
		fwc_userdata_add(u, NOTE_DATA, "", 0);
	}
	fwc_userdata_nest_end(u, nest);
}

/* ---- reading ---- */

/* The numbers of a list by their types; `there` has a bit for each. */
struct numbers {
	uint32_t n[5], there;
};

static struct numbers read_numbers(struct fwc_slice s)
{
	struct numbers ret = { .there = 0 };
	struct fwc_slice value;
	uint8_t type;

	while (fwc_tlv_next(&s, &type, &value)) {
		if (type >= FWC_ARRAY_SIZE(ret.n) || value.len != sizeof(ret.n[0]))
			continue;
		memcpy(&ret.n[type], value.data, sizeof(ret.n[0]));
		ret.there |= 1u << type;
	}
	return ret;
}

static const struct fwc_field_row *read_payload(struct fwc_made_field *made,
						const struct numbers *l)
{
	if (!(l->there & 1))
		return NULL;
	if (l->n[0])
		return field_of(payload_headers, FWC_ARRAY_SIZE(payload_headers), l->n[0], l->n[1]);
	if (!l->n[2] || l->n[2] > UINT8_MAX || l->n[3] % 8 || l->n[3] / 8 > UINT16_MAX ||
	    l->n[4] % 8)
		return NULL;
	made->row.load = FWC_LOAD_PAYLOAD;
	made->row.base = (uint8_t)(l->n[2] - 1);
	made->row.offset = (uint16_t)(l->n[3] / 8);
	return fwc_field_make(made, l->n[4] / 8);
}

static const struct fwc_field_row *read_exthdr(const struct numbers *l)
{
	if ((l->there & 3) != 3)
		return NULL;
	if (!(l->there & 4) || l->n[2] == NFT_EXTHDR_OP_IPV6)
		return field_of(ip6_headers, FWC_ARRAY_SIZE(ip6_headers), l->n[0], l->n[1]);
	return l->n[2] <= UINT8_MAX ? field_at((uint8_t)l->n[2], l->n[0], l->n[1]) : NULL;
}

static const struct fwc_field_row *read_plain(struct fwc_made_field *made, uint32_t kind,
					      const struct numbers *l)
{
	for (size_t i = 0; i < FWC_ARRAY_SIZE(plain); i++) {
		if (plain[i].kind != kind)
			continue;
		if (l->there + 1 != 1u << plain[i].count)
			return NULL;
		made->row.load = plain[i].load;
		for (uint8_t k = 0; k < plain[i].count; k++)
			set_member(&made->row, plain[i].members[k], l->n[k]);
		return fwc_field_make(made, 0);
	}
	return NULL;
}

/* Kind and data of a nest. */
static bool split(struct fwc_slice s, uint32_t *ret_kind, struct fwc_slice *ret_data)
{
	struct fwc_slice value;
	bool kind = false;
	uint8_t type;

	*ret_data = (struct fwc_slice){ NULL, 0 };
	while (fwc_tlv_next(&s, &type, &value)) {
		if (type == NOTE_KIND && value.len == sizeof(*ret_kind)) {
			memcpy(ret_kind, value.data, sizeof(*ret_kind));
			kind = true;
		} else if (type == NOTE_DATA) {
			*ret_data = value;
		}
	}
	return kind;
}

static const struct fwc_value *read_field(struct fwc_arena *a, uint32_t kind, struct fwc_slice data)
{
	struct fwc_made_field made = { .row = { .load = 0 } };
	const struct numbers l = read_numbers(data);
	const struct fwc_field_row *f = kind == KIND_PAYLOAD  ? read_payload(&made, &l)
					: kind == KIND_EXTHDR ? read_exthdr(&l)
							      : read_plain(&made, kind, &l);

	return f ? fwc_value_in(a, f) : NULL;
}

const struct fwc_value *fwc_userdata_read_typeof(struct fwc_arena *a, struct fwc_slice note)
{
	const struct fwc_value *parts[FWC_MAX_CONCAT];
	struct fwc_slice data, one;
	uint32_t kind, part_kind;
	size_t count = 0;
	uint8_t type;

	if (!split(note, &kind, &data))
		return NULL;
	if (kind != KIND_CONCAT)
		return read_field(a, kind, data);
	while (fwc_tlv_next(&data, &type, &one)) {
		struct fwc_slice part;

		if (type != count || count == FWC_MAX_CONCAT || !split(one, &part_kind, &part))
			return NULL;
		parts[count] = read_field(a, part_kind, part);
		if (!parts[count++])
			return NULL;
	}
	return count > 1 ? fwc_value_make_concat(a, parts, count) : NULL;
}
