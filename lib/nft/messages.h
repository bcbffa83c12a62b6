/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What the writers of messages share. Within lib/nft. */
#ifndef FWC_NFT_MESSAGES_H
#define FWC_NFT_MESSAGES_H

#include "nft/nft.h"
#include "nft/uapi.h"

size_t fwc_message_begin(struct fwc_nft_writer *w, uint16_t type, uint16_t flags, uint32_t family);
/* Set and all its elements, for a rule of `t`. */
int fwc_put_anonymous_set(struct fwc_nft_writer *w, const struct fwc_table *t,
			  const struct fwc_set *s, struct fwc_error *err);
int fwc_put_elements_of(struct fwc_nft_writer *w, const struct fwc_table *t,
			const struct fwc_set *s, const char *name, uint32_t id,
			struct fwc_error *err);

/* A ct timeout's data, both ways; NULL: of a protocol that is not known here, or no memory. */
void fwc_put_timeouts(struct fwc_wire *w, const struct fwc_target *t, uint32_t family);
struct fwc_target *fwc_read_timeouts(struct fwc_arena *arena, struct fwc_slice data,
				     uint32_t family);

/* The object that a message is about, made when it is not there, and its table. 0, -EBADMSG, -ENOMEM. */
int fwc_read_named(struct fwc_ruleset *rs, uint32_t family, const struct fwc_attr *table,
		   const struct fwc_attr *name, uint32_t type, struct fwc_named **ret);

/* Sets whose elements the kernel holds as starts and ends of intervals. */
bool fwc_set_is_rbtree(const struct fwc_set *s);
/* NFT_SET_* of a declared set. */
uint32_t fwc_set_kernel_flags(const struct fwc_set *s);
/* The bytes of a key or data in the kernel: one part as long as its type, several padded to 4 each. */
size_t fwc_types_len(const struct fwc_type *const *types, size_t count);
/* Bytes of an element's data: intervals have both ends. */
size_t fwc_wire_data_len(const struct fwc_set *s);

#endif
