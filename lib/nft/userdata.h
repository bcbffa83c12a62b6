/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The bytes that the kernel keeps for programs: comments that nft shows, our owners and tags, what others wrote. */
#ifndef FWC_NFT_USERDATA_H
#define FWC_NFT_USERDATA_H

#include "model/model.h"

enum { FWC_MAX_USERDATA = 256 };

/* Collected first, then put as one attribute. Too many bytes stick as -EMSGSIZE in the wire. */
struct fwc_userdata {
	uint8_t bytes[FWC_MAX_USERDATA];
	size_t len;
	bool overflow;
};

void fwc_userdata_add(struct fwc_userdata *u, uint8_t type, const void *value, size_t len);
/* What is added between them is the value of one of this type. */
size_t fwc_userdata_nest_begin(struct fwc_userdata *u, uint8_t type);
void fwc_userdata_nest_end(struct fwc_userdata *u, size_t nest);
/* The fields whose types a set has: FIELD or CONCAT of such; NULL: its data are verdicts. */
void fwc_userdata_add_typeof(struct fwc_userdata *u, uint8_t type, const struct fwc_value *fields);
/* NULL: the note is of something that has no words here, or out of memory. */
const struct fwc_value *fwc_userdata_read_typeof(struct fwc_arena *a, struct fwc_slice note);
void fwc_userdata_add_u32(struct fwc_userdata *u, uint8_t type, uint32_t n); /* host order */
/* Comment, owner, tag, and what was loaded and has none of these types, nor one of `written` (a bit for each type
 * below 32). `owner` is used when the labels name none. Labels may be NULL. */
void fwc_userdata_add_labels(struct fwc_userdata *u, const struct fwc_labels *labels,
			     uint8_t comment_type, uint32_t written, const char *owner);
void fwc_userdata_put(const struct fwc_userdata *u, struct fwc_wire *w, uint16_t attr);

/* Labels from userdata; *at stays NULL when there is nothing in it but types of `written`. Foreign bytes are kept. */
int fwc_userdata_read(struct fwc_arena *a, struct fwc_slice bytes, uint8_t comment_type,
		      uint32_t written, struct fwc_labels **at);

#endif
