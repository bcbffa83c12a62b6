/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Code generation: a rule's items as expressions. Within lib/nft. */
#ifndef FWC_NFT_ENCODE_H
#define FWC_NFT_ENCODE_H

#include "model/model.h"
#include "nft/expression.h"

enum fwc_encode_mode {
	FWC_ENCODE_SEND, /* anonymous sets by the id they have in this transaction */
	FWC_ENCODE_AS_LOADED, /* anonymous sets by the name they were loaded with: to compare with raw bytes */
	FWC_ENCODE_CANONICAL, /* anonymous sets by content, counters zero */
};

/* The tunnel that a rule looks into, and what is known of the packet within. */
struct fwc_inside {
	uint32_t tunnel; /* enum fwc_tunnel; 0: none yet */
	struct fwc_known known;
};

struct fwc_encoder {
	struct fwc_wire *wire;
	const struct fwc_table *table;
	struct fwc_error *err;
	uint32_t mode; /* enum fwc_encode_mode */
	uint32_t next_set_id; /* SEND: of the next anonymous set that is met */
	uint32_t block_id; /* SEND: of the chain that the rule owns; a rule owns one at most */
	uint32_t family;
	struct fwc_known known; /* what the rule's matches have made sure of so far */
	struct fwc_inside inside;
	uint32_t
		within; /* enum fwc_tunnel: what is loaded now is of the packet within; 0: of the packet itself */
	const struct fwc_item *merged; /* written already, along with the item before it */
	bool whole_range, masked; /* of the match that is being written */
};

struct fwc_encoder fwc_encoder_for(const struct fwc_rule *r, struct fwc_wire *w, uint32_t mode,
				   struct fwc_error *err);
/* 0, -EINVAL, -EOPNOTSUPP. Memory failures stick in the wire. */
int fwc_encode_item(struct fwc_encoder *e, const struct fwc_item *item);
int fwc_encode_target(struct fwc_encoder *e, const struct fwc_target *t);
int fwc_encode_assign(struct fwc_encoder *e, const struct fwc_target *t);
int fwc_encode_strip(struct fwc_encoder *e, const struct fwc_target *t);
int fwc_encode_objref(struct fwc_encoder *e, const struct fwc_target *t);
int fwc_encode_update(struct fwc_encoder *e, const struct fwc_target *t);
/* By its row. */
struct fwc_target_shape;
int fwc_encode_shaped(struct fwc_encoder *e, const struct fwc_target *t,
		      const struct fwc_target_shape *shape);
/* The attributes alone, for named objects. */
void fwc_encode_attrs(struct fwc_wire *w, const struct fwc_target *t, uint32_t family,
		      uint32_t mode);
/* A target that keeps state, within another object: a nest of its name and data. `mode` as in struct fwc_encoder. */
void fwc_encode_stateful(struct fwc_wire *w, const struct fwc_target *t, uint32_t mode,
			 uint16_t attr);
/* One of them in the nest `one`, several in the nest `list`. */
void fwc_encode_stateful_list(struct fwc_wire *w, const struct fwc_stateful *s, uint32_t mode,
			      uint16_t one, uint16_t list);

/* Values. `reg` is where the value goes, by 4 bytes. */

/* Bytes that a value takes in registers. */
size_t fwc_encode_len(const struct fwc_value *v);
/* Whether the value is in host order though an interval set or an ordered comparison needs it big-endian. */
bool fwc_type_needs_hton(const struct fwc_type *t);
/* Writes the matches that fields of `v` imply and that nothing has made sure of yet. */
int fwc_encode_implied(struct fwc_encoder *e, const struct fwc_value *v);
void fwc_encode_l3(struct fwc_encoder *e, uint8_t l3);
/* What is known of every packet of a family, and what a match adds. */
struct fwc_known fwc_known_of(uint32_t family);
void fwc_known_learn(struct fwc_known *k, struct fwc_inside *inside, const struct fwc_value *left,
		     uint32_t op, const struct fwc_value *right);
/* Another tunnel's packet is another packet. */
void fwc_inside_enter(struct fwc_inside *inside, uint32_t tunnel);
/* Loads the first `len` bytes of a field of the packet, or a meta key: of the packet within where e->within says so. */
void fwc_encode_header(struct fwc_encoder *e, uint32_t reg, const struct fwc_field_row *f,
		       uint32_t len);
void fwc_encode_l4(struct fwc_encoder *e, uint8_t l4);
int fwc_encode_load(struct fwc_encoder *e, const struct fwc_value *v, uint32_t reg,
		    bool big_endian);
/* A lookup in a SET or LIST, whose key is in `reg`. */
int fwc_encode_lookup(struct fwc_encoder *e, const struct fwc_value *set, uint32_t reg,
		      uint32_t dreg, bool inverted);
/* The set that a SET or LIST means, as far as it is known here. */
const struct fwc_set *fwc_encode_set(const struct fwc_table *t, const struct fwc_value *set);
/* The kernel puts a number in it. */
const char *fwc_anonymous_name(const struct fwc_set *s);
/* NFT_SET_INTERVAL: keys are big-endian then. */
bool fwc_encode_is_interval(const struct fwc_set *s);

/* Registers that hold the ends of a range. */
struct fwc_nat_ends {
	uint32_t first, last; /* FWC_NO_REGISTER: not there */
};

/* Those that a map fills whose data go to the registers from addr->first on. NULL: it is not known here. */
void fwc_nat_map_ends(const struct fwc_set *s, struct fwc_nat_ends *addr,
		      struct fwc_nat_ends *port);
/* The family that an address translation has when it names none. `addr` may be NULL. */
uint32_t fwc_nat_family(const struct fwc_table *t, const struct fwc_value *addr);

/* Elements by content, for CANONICAL. */
void fwc_put_set_content(struct fwc_wire *w, const struct fwc_set *s);

#endif
