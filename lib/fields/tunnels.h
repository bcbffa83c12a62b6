/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Tunnels into which the kernel looks: a table. */
#ifndef FWC_FIELDS_TUNNELS_H
#define FWC_FIELDS_TUNNELS_H

#include "fields/fields.h"

struct fwc_tunnel_row {
	uint32_t tunnel; /* enum fwc_tunnel; nft's NFTA_INNER_TYPE */
	const char *name; /* nft's word */
	uint8_t l4; /* the protocol that carries it */
	bool wants_match; /* nft has that protocol matched before; else the field implies it */
	uint32_t header; /* bytes of the tunnel's own */
	uint32_t flags; /* NFT_INNER_*: which headers are within */
	uint32_t family; /* whose tables have what is within implied in the same way */
};

const struct fwc_tunnel_row *fwc_tunnel_row(uint32_t tunnel); /* NULL: unknown */
/* Whether packets within have that field. */
bool fwc_tunnel_has(const struct fwc_tunnel_row *t, const struct fwc_field_row *f);

#endif
