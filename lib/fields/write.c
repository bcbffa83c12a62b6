/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What can be set, and what setting a part of the packet takes: which bytes are written, and the checksum that covers
 * them. */
#include "fields/fields.h"

#include <netinet/in.h>

#include <linux/netfilter.h>
#include <linux/netfilter/nf_tables.h>

bool fwc_field_is_settable(const struct fwc_field_row *f)
{
	/* The kernel writes TCP options and no other ones. */
	return f->settable || f->load == FWC_LOAD_PAYLOAD ||
	       (f->load == FWC_LOAD_EXTHDR && f->base == NFT_EXTHDR_OP_TCPOPT && !f->flags);
}

/* Headers that carry a checksum: where it is. */
static const struct {
	uint8_t base, l3;
	int16_t l4;
	uint8_t type, offset;
} checksums[] = {
	{ NFT_PAYLOAD_NETWORK_HEADER, NFPROTO_IPV4, -1, NFT_PAYLOAD_CSUM_INET, 10 },
	{ NFT_PAYLOAD_TRANSPORT_HEADER, 0, IPPROTO_TCP, NFT_PAYLOAD_CSUM_INET, 16 },
	{ NFT_PAYLOAD_TRANSPORT_HEADER, 0, IPPROTO_UDP, NFT_PAYLOAD_CSUM_INET, 6 },
	{ NFT_PAYLOAD_TRANSPORT_HEADER, 0, IPPROTO_ICMP, NFT_PAYLOAD_CSUM_INET, 2 },
	{ NFT_PAYLOAD_TRANSPORT_HEADER, 0, IPPROTO_ICMPV6, NFT_PAYLOAD_CSUM_INET, 2 },
	{ NFT_PAYLOAD_TRANSPORT_HEADER, 0, IPPROTO_IGMP, NFT_PAYLOAD_CSUM_INET, 2 },
	{ NFT_PAYLOAD_TRANSPORT_HEADER, 0, IPPROTO_SCTP, NFT_PAYLOAD_CSUM_SCTP, 8 },
};

struct fwc_field_write fwc_field_write_of(const struct fwc_field_row *f)
{
	struct fwc_field_write w = {
		.offset = f->offset,
		.len = f->type->len,
		.csum_flags = f->pseudo ? NFT_PAYLOAD_L4CSUM_PSEUDOHDR : 0,
	};

	if (f->load != FWC_LOAD_PAYLOAD)
		return w;
	for (size_t i = 0; i < FWC_ARRAY_SIZE(checksums); i++)
		if (checksums[i].base == f->base && checksums[i].l4 == f->l4 &&
		    (f->l4 != -1 || checksums[i].l3 == f->l3)) {
			w.csum_type = checksums[i].type;
			w.csum_offset = checksums[i].offset;
		}
	/* Checksums are sums of 16 bits: the other byte is written along, as it is. */
	if (w.csum_type && w.len % 2) {
		w.len++;
		w.offset -= w.offset % 2;
	}
	return w;
}

void fwc_field_write_mask(const struct fwc_field_row *f, uint8_t mask[FWC_TYPE_BYTES_MOST])
{
	struct fwc_field_write w = fwc_field_write_of(f);
	uint8_t own[FWC_TYPE_BYTES_MOST];

	fwc_type_mask(f->type, own);
	memset(mask, 0, FWC_TYPE_BYTES_MOST);
	memcpy(mask + (f->offset - w.offset), own, f->type->len);
}

const struct fwc_field_row *fwc_field_by_write(uint8_t base, uint32_t offset, uint32_t len,
					       struct fwc_known known, const uint8_t *kept)
{
	const struct fwc_field_row *any = NULL;

	for (size_t i = 0; i < fwc_fields_count; i++) {
		const struct fwc_field_row *f = &fwc_fields[i];
		uint8_t mask[FWC_TYPE_BYTES_MOST];
		struct fwc_field_write w;
		bool changed = false;

		if (f->load != FWC_LOAD_PAYLOAD || f->base != base ||
		    !fwc_field_is_of_packet(f, known))
			continue;
		w = fwc_field_write_of(f);
		if (w.offset != offset || w.len != len)
			continue;
		fwc_field_write_mask(f, mask);
		for (uint32_t n = 0; n < len; n++)
			changed |= (uint8_t)(~mask[n] & ~kept[n]) != 0;
		if (changed)
			continue;
		if (base != NFT_PAYLOAD_TRANSPORT_HEADER || f->l4 == known.l4)
			return f;
		any = f; /* `th` */
	}
	return any;
}
