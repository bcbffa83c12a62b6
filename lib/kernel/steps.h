/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A change as data: steps that are printed, written as one transaction, and found again when the kernel refuses one. */
#ifndef FWC_KERNEL_STEPS_H
#define FWC_KERNEL_STEPS_H

#include "core/buf.h"
#include "kernel/handle.h"
#include "model/model.h"
#include "nft/nft.h"

/* In the order in which a plan carries them out: what refers goes before what it refers to, and comes after it. */
enum fwc_step_kind {
	FWC_STEP_DEL_RULE,
	FWC_STEP_FLUSH_CHAIN, /* all its rules */
	FWC_STEP_DEL_ELEMENTS,
	FWC_STEP_DEL_SET,
	FWC_STEP_DEL_OBJECT,
	FWC_STEP_DEL_CHAIN,
	FWC_STEP_DEL_TABLE,
	FWC_STEP_ADD_TABLE,
	FWC_STEP_SET_TABLE, /* flags of an existing one */
	FWC_STEP_DEL_DEVICE, /* of a flowtable: the only one of the object */
	FWC_STEP_ADD_OBJECT,
	FWC_STEP_RENAME_CHAIN,
	FWC_STEP_ADD_CHAIN,
	FWC_STEP_ADD_SET,
	FWC_STEP_ADD_ELEMENTS,
	FWC_STEP_ADD_RULE,
	FWC_STEP_SET_POLICY, /* of an existing chain */
	FWC_STEP_KINDS,
};

struct fwc_step {
	uint8_t kind; /* enum fwc_step_kind */
	uint8_t place; /* ADD_RULE: enum fwc_nft_place */
	bool stamp; /* write our owner */
	bool exclusive; /* ADD_ELEMENTS: -EEXIST when one is there */
	bool only_empty; /* DEL_CHAIN: -EBUSY when it has rules */
	bool looked_up; /* DEL_*: what goes was read before, and may be gone */
	/* ADD_CHAIN, DEL_CHAIN: of a hook of a table that the plan wakes or puts to sleep */
	bool beside_flags;
	/* SET_TABLE: in a transaction of its own, since a hook of the table goes and comes again */
	bool apart;
	uint32_t seq; /* of its first message, once written */
	union {
		const struct fwc_table *table;
		const struct fwc_chain *chain;
		const struct fwc_set *set;
		const struct fwc_named *object;
		const struct fwc_rule *rule;
	};
	union {
		uint64_t handle; /* rules: of the one that `place` speaks of, or that goes */
		const struct fwc_element *const *elements;
		const char *name; /* RENAME_CHAIN: the new one */
	};
	size_t count; /* of elements */
};

struct fwc_steps {
	struct fwc_step *items;
	size_t count, room;
	uint32_t end_seq; /* the number after the last step's, once written */
	const char *owner; /* whom the written steps were stamped with */
	const struct fwc_step *refused; /* by the kernel; NULL: none, or the transaction itself */
};

/* An empty step at the end, NULL when out of memory; its address is good until the next one. */
struct fwc_step *fwc_steps_add(struct fwc_steps *steps, uint32_t kind);
/* In the order of their kinds, but for hooks beside SET_TABLE, else as they were added. 0 or -ENOMEM. */
int fwc_steps_sort(struct fwc_steps *steps);
void fwc_steps_free(struct fwc_steps *steps);
const struct fwc_table *fwc_step_table(const struct fwc_step *step);
/* In nft's command words. */
void fwc_step_format(const struct fwc_step *step, struct fwc_buf *out);

/* Writes all steps as one transaction and carries it out. `generation` 0: not tied to one. -ERESTART: others have written
 * since that generation. err names the step that was refused, and err->outcome. */
int fwc_steps_commit(struct fwc_steps *steps, struct fwc_kernel *kernel, uint32_t generation,
		     bool dry_run, struct fwc_error *err);
/* The steps from that one on, as many as the socket takes in one transaction; *ret_next is the first that is left. */
int fwc_steps_commit_part(struct fwc_steps *steps, size_t from, struct fwc_kernel *kernel,
			  uint32_t generation, size_t *ret_next, struct fwc_error *err);
/* The bytes of the transaction that fwc_steps_commit() would send. */
int fwc_steps_size(struct fwc_steps *steps, struct fwc_kernel *kernel, size_t *ret,
		   struct fwc_error *err);
/* Asks the kernel about all steps and carries none out: refused[i] is set where it would not take the i-th. A step that needs
 * one that is refused is refused, too. */
int fwc_steps_ask(struct fwc_steps *steps, struct fwc_kernel *kernel, bool *refused,
		  struct fwc_error *err);
/* The step that the message of that number belongs to; NULL for the transaction itself, which has the number `first`. */
const struct fwc_step *fwc_steps_of(const struct fwc_steps *steps, uint32_t seq, uint32_t first);
/* What the kernel's answer means, in words: which step it refused and why. Returns answer->code. */
int fwc_steps_explain(struct fwc_steps *steps, const struct fwc_nl_answer *answer,
		      uint32_t first_seq, struct fwc_error *err);

#endif
