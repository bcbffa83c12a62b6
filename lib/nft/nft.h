/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The model <-> nf_tables messages. Writes into a fwc_wire, reads from slices; no socket here.
 *
 * The kernel's numbers are in nft/uapi.h. */
#ifndef FWC_NFT_H
#define FWC_NFT_H

#include "core/wire.h"
#include "model/model.h"

/* What writing a transaction needs beside the buffer. */
struct fwc_nft_writer {
	struct fwc_wire *wire;
	uint32_t seq; /* of the next message; each message takes one */
	uint32_t next_set_id; /* for anonymous sets of this transaction */
	uint32_t last_block_id; /* of a chain that belongs to a rule of this transaction */
	/* stamped on objects whose labels name no owner and that stamp_owner says to; NULL: none */
	const char *owner;
};

enum fwc_nft_place {
	FWC_NFT_APPEND, /* at the end */
	FWC_NFT_INSERT, /* at the beginning, or before `handle` */
	FWC_NFT_AFTER, /* after `handle` */
	FWC_NFT_REPLACE, /* instead of `handle` */
};

/* Each writes its message (for rules: first NEWSET and NEWSETELEM for each anonymous set). 0, or what cannot be written:
 * -EINVAL, -EOPNOTSUPP with words. Memory failures stick in the wire. */
void fwc_nft_put_table(struct fwc_nft_writer *w, const struct fwc_table *t);
void fwc_nft_del_table(struct fwc_nft_writer *w, uint32_t family, const char *name,
		       uint64_t handle);
void fwc_nft_put_chain(struct fwc_nft_writer *w, const struct fwc_chain *c, bool stamp_owner);
void fwc_nft_put_chain_policy(struct fwc_nft_writer *w, const struct fwc_chain *c,
			      uint32_t policy); /* change of an existing one */
/* With its rules, or -EBUSY when it has some. */
void fwc_nft_del_chain(struct fwc_nft_writer *w, const struct fwc_chain *c, bool only_empty);
/* Jumps to it go there as before. */
void fwc_nft_rename_chain(struct fwc_nft_writer *w, const struct fwc_chain *c, const char *name);
void fwc_nft_flush_chain(struct fwc_nft_writer *w, const struct fwc_chain *c); /* all its rules */
int fwc_nft_put_rule(struct fwc_nft_writer *w, const struct fwc_rule *r, uint32_t place,
		     uint64_t handle, bool stamp_owner, struct fwc_error *err);
void fwc_nft_del_rule(struct fwc_nft_writer *w, const struct fwc_chain *c, uint64_t handle);
int fwc_nft_put_set(struct fwc_nft_writer *w, const struct fwc_set *s, bool stamp_owner,
		    struct fwc_error *err);
void fwc_nft_del_set(struct fwc_nft_writer *w, const struct fwc_set *s);
void fwc_nft_put_object(struct fwc_nft_writer *w, const struct fwc_named *o, bool stamp_owner);
void fwc_nft_del_object(struct fwc_nft_writer *w, const struct fwc_named *o);
/* What the two above write for an object that is a flowtable; and the devices of `o` leave it. */
void fwc_nft_put_flowtable(struct fwc_nft_writer *w, const struct fwc_named *o);
void fwc_nft_del_flowtable(struct fwc_nft_writer *w, const struct fwc_named *o);
void fwc_nft_del_flowtable_device(struct fwc_nft_writer *w, const struct fwc_named *o);
bool fwc_nft_flowtable_has_device(const struct fwc_named *o, const struct fwc_value *device);
/* Whether the kernel changes the one into the other: else it goes, and comes again. */
bool fwc_nft_flowtable_can_become(const struct fwc_named *is, const struct fwc_named *wanted);
bool fwc_nft_flowtables_equal(const struct fwc_named *a, const struct fwc_named *b);
/* What elements keep, and objects, without their state. */
bool fwc_stateful_equal(const struct fwc_stateful *a, const struct fwc_stateful *b);
bool fwc_nft_objects_equal(const struct fwc_named *a, const struct fwc_named *b);
/* Elements, split over as many messages as 16-bit lengths ask for. `flags` is NLM_F_EXCL or 0. In a SHARED table's set
 * elements are stamped too, so that they are found again. */
int fwc_nft_put_elements(struct fwc_nft_writer *w, const struct fwc_set *s,
			 const struct fwc_element *const *elements, size_t count, uint16_t flags,
			 bool stamp_owner, struct fwc_error *err);
int fwc_nft_del_elements(struct fwc_nft_writer *w, const struct fwc_set *s,
			 const struct fwc_element *const *elements, size_t count,
			 struct fwc_error *err);
/* Which element the byte at `offset` of a message belongs to; `message` counts the messages that these elements were
 * written as, from 0. `type` is NFT_MSG_NEWSETELEM or DELSETELEM, `owner` what was stamped on them. NULL: none. */
const struct fwc_element *fwc_nft_element_at(const struct fwc_set *s,
					     const struct fwc_element *const *elements,
					     size_t count, uint16_t type, const char *owner,
					     uint32_t message, uint32_t offset);

/* A rule's expressions alone: the payload of NFTA_RULE_EXPRESSIONS, canonical: what the kernel dumps for it, with state
 * zeroed and anonymous sets written by content. Two rules are equal when these bytes, their comments and their tags are
 * (owners are not looked at: whose rules are compared is the caller's matter). */
int fwc_nft_canonical(struct fwc_wire *out, const struct fwc_rule *r, struct fwc_error *err);
bool fwc_nft_rules_equal(const struct fwc_rule *a, const struct fwc_rule *b);
/* Which item of the rule the byte at `offset` of its NEWRULE message belongs to; FWC_NO_INDEX when none.
 * *ret_expression receives the kernel's name of that expression, "" when none. */
uint32_t fwc_nft_item_at(const struct fwc_rule *r, uint32_t offset, char ret_expression[32]);
/* "reject" in a family -> "CONFIG_NFT_REJECT"; "" when unknown. */
const char *fwc_nft_kconfig(const char *expression, uint32_t family);

/* Reading: each takes the attributes of one message of a dump or event (after nfgenmsg). 0, -EBADMSG, -ENOMEM;
 * the object is added to `rs`, its table and chain made when they are not there yet. */
int fwc_nft_read_table(struct fwc_ruleset *rs, uint32_t family, struct fwc_slice attrs,
		       struct fwc_table **ret);
int fwc_nft_read_chain(struct fwc_ruleset *rs, uint32_t family, struct fwc_slice attrs,
		       struct fwc_chain **ret);
int fwc_nft_read_set(struct fwc_ruleset *rs, uint32_t family, struct fwc_slice attrs,
		     struct fwc_set **ret);
int fwc_nft_read_elements(struct fwc_ruleset *rs, uint32_t family, struct fwc_slice attrs,
			  struct fwc_set **ret);
int fwc_nft_read_object(struct fwc_ruleset *rs, uint32_t family, struct fwc_slice attrs,
			struct fwc_named **ret);
int fwc_nft_read_flowtable(struct fwc_ruleset *rs, uint32_t family, struct fwc_slice attrs,
			   struct fwc_named **ret);
/* Keeps the expressions raw, and leaves fwc_nft_decode_rule() in rs->decode for the first look. */
int fwc_nft_read_rule(struct fwc_ruleset *rs, uint32_t family, struct fwc_slice attrs,
		      struct fwc_rule **ret);
/* Fills r's items from r->raw. Never fails on foreign bytes: what it cannot name becomes opaque items. -ENOMEM only. */
int fwc_nft_decode_rule(struct fwc_rule *r);

#endif
