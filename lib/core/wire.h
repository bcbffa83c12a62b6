/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Netlink messages and attributes: written into one growing buffer, read with bounds of our own.
 *
 * Writing never fails half-way: the first failure (memory, an attribute over 65,535 bytes) sticks in the
 * buffer and is asked for once with fwc_wire_error(). Offsets stay valid while the buffer grows, pointers do not. */
#ifndef FWC_WIRE_H
#define FWC_WIRE_H

#include <linux/netlink.h>

#include "core/core.h"

struct fwc_wire {
	uint8_t *data;
	size_t len, room;
	int error; /* 0, -ENOMEM, -EMSGSIZE */
};

void fwc_wire_free(struct fwc_wire *w);
void fwc_wire_reset(struct fwc_wire *w); /* empty, keeps its memory */
/* Makes room at once for so many bytes more, as far as there is memory. */
void fwc_wire_reserve(struct fwc_wire *w, size_t more);
int fwc_wire_error(const struct fwc_wire *w, struct fwc_error *err);

/* Messages. `extra` is the family header (nfgenmsg, ifinfomsg). Returns the message's offset. */
size_t fwc_wire_begin(struct fwc_wire *w, uint16_t type, uint16_t flags, uint32_t seq,
		      const void *extra, size_t extra_len);
void fwc_wire_end(struct fwc_wire *w, size_t msg); /* sets nlmsg_len */

/* Attributes. Numbers of nf_tables are big-endian: the be forms. */
void fwc_put(struct fwc_wire *w, uint16_t type, const void *bytes, size_t len);
void fwc_put_text(struct fwc_wire *w, uint16_t type, const char *s); /* with its NUL */
void fwc_put_u8(struct fwc_wire *w, uint16_t type, uint8_t n);
void fwc_put_be16(struct fwc_wire *w, uint16_t type, uint16_t n);
void fwc_put_be32(struct fwc_wire *w, uint16_t type, uint32_t n);
void fwc_put_be64(struct fwc_wire *w, uint16_t type, uint64_t n);
void fwc_put_u32(struct fwc_wire *w, uint16_t type, uint32_t n); /* host order: rtnetlink */
size_t fwc_nest_begin(struct fwc_wire *w, uint16_t type);
void fwc_nest_end(struct fwc_wire *w, size_t nest);
void fwc_wire_add(struct fwc_wire *w, const void *bytes, size_t len); /* raw bytes, padded to 4 */

/* Reading. A slice is bytes that somebody else owns. */
struct fwc_slice {
	const uint8_t *data;
	size_t len;
};

struct fwc_attr {
	uint16_t type; /* without NLA_F_NESTED and NLA_F_NET_BYTEORDER */
	const uint8_t *data;
	size_t len;
	struct fwc_slice whole; /* the attribute with its header */
};

/* Takes the next attribute off *s: 1, 0 at the end, -EBADMSG when the length is no length. */
int fwc_attr_next(struct fwc_slice *s, struct fwc_attr *ret);
/* All attributes of a slice by type: table[type] for type <= max, absent ones zeroed; later ones win.
 * Unknown types are passed over. 0 or -EBADMSG. */
int fwc_attrs_parse(struct fwc_slice s, struct fwc_attr *table, uint16_t max);
bool fwc_attr_be16(const struct fwc_attr *a,
		   uint16_t *ret); /* false when absent or of another size */
bool fwc_attr_be32(const struct fwc_attr *a, uint32_t *ret);
bool fwc_attr_be64(const struct fwc_attr *a, uint64_t *ret);
bool fwc_attr_u8(const struct fwc_attr *a, uint8_t *ret);
bool fwc_attr_u32(const struct fwc_attr *a, uint32_t *ret);
const char *
fwc_attr_text(const struct fwc_attr *a); /* NULL unless it holds a NUL-terminated text */
static inline struct fwc_slice fwc_attr_slice(const struct fwc_attr *a)
{
	return (struct fwc_slice){ a->data, a->len };
}

/* Takes the next message off *s: 1, 0 at the end, -EBADMSG. `payload` is what follows nlmsghdr. */
int fwc_msg_next(struct fwc_slice *s, const struct nlmsghdr **ret, struct fwc_slice *ret_payload);

#endif
