/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Steps and how they become one transaction. */
#include <endian.h>
#include <stdlib.h>

#include "kernel/steps.h"
#include "nft/uapi.h"

struct fwc_step *fwc_steps_add(struct fwc_steps *steps, uint32_t kind)
{
	struct fwc_step *step;

	if (steps->count == steps->room) {
		size_t room = steps->room ? steps->room * 2 : 8;
		struct fwc_step *items = fwc_block_grow(steps->items, steps->count * sizeof(*items),
							room * sizeof(*items));

		if (!items)
			return NULL;
		steps->items = items;
		steps->room = room;
	}
	step = &steps->items[steps->count++];
	memset(step, 0, sizeof(*step));
	step->kind = (uint8_t)kind;
	return step;
}

enum { RANKS = 2 * FWC_STEP_KINDS };

/* In one transaction the kernel neither wakes a table nor puts it to sleep once a hook of it is gone, and takes no new hook
 * of it once it has done so (-EINVAL): new hooks come right before SET_TABLE, old ones go right behind it. */
static size_t rank(const struct fwc_step *step)
{
	size_t flags = 2 * FWC_STEP_SET_TABLE;

	if (!step->beside_flags)
		return 2 * (size_t)step->kind;
	return step->kind == FWC_STEP_ADD_CHAIN ? flags - 1 : flags + 1;
}

static bool is_sorted(const struct fwc_steps *steps)
{
	for (size_t i = 1; i < steps->count; i++)
		if (rank(&steps->items[i - 1]) > rank(&steps->items[i]))
			return false;
	return true;
}

int fwc_steps_sort(struct fwc_steps *steps)
{
	size_t start[RANKS + 1] = { 0 };
	struct fwc_step *sorted;

	if (is_sorted(steps))
		return 0;
	sorted = fwc_block_alloc(steps->count * sizeof(*sorted));
	if (!sorted)
		return -ENOMEM;
	for (size_t i = 0; i < steps->count; i++)
		start[rank(&steps->items[i]) + 1]++;
	for (size_t i = 0; i < RANKS; i++)
		start[i + 1] += start[i];
	for (size_t i = 0; i < steps->count; i++)
		sorted[start[rank(&steps->items[i])]++] = steps->items[i];
	free(steps->items);
	steps->items = sorted;
	steps->room = steps->count;
	return 0;
}

void fwc_steps_free(struct fwc_steps *steps)
{
	free(steps->items);
	memset(steps, 0, sizeof(*steps));
}

const struct fwc_table *fwc_step_table(const struct fwc_step *step)
{
	switch (step->kind) {
	case FWC_STEP_DEL_RULE:
	case FWC_STEP_ADD_RULE:
		return step->rule->chain->table;
	case FWC_STEP_DEL_ELEMENTS:
	case FWC_STEP_ADD_ELEMENTS:
	case FWC_STEP_DEL_SET:
	case FWC_STEP_ADD_SET:
		return step->set->table;
	case FWC_STEP_DEL_OBJECT:
	case FWC_STEP_DEL_DEVICE:
	case FWC_STEP_ADD_OBJECT:
		return step->object->table;
	case FWC_STEP_DEL_TABLE:
	case FWC_STEP_ADD_TABLE:
	case FWC_STEP_SET_TABLE:
		return step->table;
	default:
		return step->chain->table;
	}
}

static int write_step(struct fwc_nft_writer *w, const struct fwc_step *s, struct fwc_error *err)
{
	switch (s->kind) {
	case FWC_STEP_DEL_RULE:
		fwc_nft_del_rule(w, s->rule->chain, s->handle);
		return 0;
	case FWC_STEP_FLUSH_CHAIN:
		fwc_nft_flush_chain(w, s->chain);
		return 0;
	case FWC_STEP_DEL_ELEMENTS:
		return fwc_nft_del_elements(w, s->set, s->elements, s->count, err);
	case FWC_STEP_DEL_SET:
		fwc_nft_del_set(w, s->set);
		return 0;
	case FWC_STEP_DEL_OBJECT:
		fwc_nft_del_object(w, s->object);
		return 0;
	case FWC_STEP_DEL_DEVICE:
		fwc_nft_del_flowtable_device(w, s->object);
		return 0;
	case FWC_STEP_ADD_OBJECT:
		fwc_nft_put_object(w, s->object, s->stamp);
		return 0;
	case FWC_STEP_DEL_CHAIN:
		fwc_nft_del_chain(w, s->chain, s->only_empty);
		return 0;
	case FWC_STEP_DEL_TABLE:
		fwc_nft_del_table(w, s->table->family, s->table->name, s->table->handle);
		return 0;
	case FWC_STEP_ADD_TABLE:
	case FWC_STEP_SET_TABLE:
		fwc_nft_put_table(w, s->table);
		return 0;
	case FWC_STEP_ADD_CHAIN:
		fwc_nft_put_chain(w, s->chain, s->stamp);
		return 0;
	case FWC_STEP_RENAME_CHAIN:
		fwc_nft_rename_chain(w, s->chain, s->name);
		return 0;
	case FWC_STEP_ADD_SET:
		return fwc_nft_put_set(w, s->set, s->stamp, err);
	case FWC_STEP_ADD_ELEMENTS:
		return fwc_nft_put_elements(w, s->set, s->elements, s->count,
					    s->exclusive ? NLM_F_EXCL : 0, s->stamp, err);
	case FWC_STEP_ADD_RULE:
		return fwc_nft_put_rule(w, s->rule, s->place, s->handle, s->stamp, err);
	default:
		fwc_nft_put_chain_policy(w, s->chain, s->chain->policy);
		return 0;
	}
}

static void put_batch_mark(struct fwc_nft_writer *w, uint16_t type, uint32_t generation)
{
	struct nfgenmsg nfg = { .version = NFNETLINK_V0, .res_id = htobe16(NFNL_SUBSYS_NFTABLES) };
	size_t msg = fwc_wire_begin(w->wire, type, NLM_F_REQUEST, w->seq++, &nfg, sizeof(nfg));

	if (generation)
		fwc_put_be32(w->wire, NFNL_BATCH_GENID, generation);
	fwc_wire_end(w->wire, msg);
}

/* Asks for an ack of the newest message, which begins somewhere from `offset` on. */
static void ask_for_ack(struct fwc_wire *w, size_t offset)
{
	struct nlmsghdr nlh;
	size_t next = offset;

	if (w->error)
		return;
	while (next < w->len) {
		offset = next;
		memcpy(&nlh, w->data + offset, sizeof(nlh));
		next += NLMSG_ALIGN(nlh.nlmsg_len);
	}
	nlh.nlmsg_flags |= NLM_F_ACK;
	memcpy(w->data + offset, &nlh, sizeof(nlh));
}

enum { FIRST_STEPS = 64 };

/* The first steps tell how large the others will be. Growing step by step would touch twice the memory. */
static void reserve(struct fwc_wire *w, size_t steps, size_t room)
{
	size_t more = w->len / FIRST_STEPS * steps;

	more += more / 8;
	fwc_wire_reserve(w, more < room ? more : room);
}

enum { END_LEN = sizeof(struct nlmsghdr) + sizeof(struct nfgenmsg) };

/* As many steps as fit into `room` bytes, at least one. A dry run is a transaction without an end: the kernel checks it and
 * throws it away. */
static int write_part(struct fwc_steps *part, struct fwc_nft_writer *w, uint32_t generation,
		      size_t room, bool dry_run, struct fwc_error *err)
{
	size_t newest = 0;

	put_batch_mark(w, NFNL_MSG_BATCH_BEGIN, generation);
	for (size_t i = 0; i < part->count; i++) {
		size_t before = w->wire->len;
		int r;

		part->items[i].seq = w->seq;
		r = write_step(w, &part->items[i], err);
		if (r < 0)
			return r;
		if (i > 0 && w->wire->len + END_LEN > room) {
			w->wire->len = before;
			w->seq = part->items[i].seq;
			part->count = i;
			break;
		}
		newest = before;
		if (i + 1 == FIRST_STEPS)
			reserve(w->wire, part->count - FIRST_STEPS, room);
	}
	part->end_seq = w->seq;
	ask_for_ack(w->wire, newest);
	if (!dry_run)
		put_batch_mark(w, NFNL_MSG_BATCH_END, 0);
	return fwc_wire_error(w->wire, err);
}

static int carry_out(struct fwc_steps *part, struct fwc_kernel *kernel, struct fwc_wire *wire,
		     uint32_t generation, size_t room, bool dry_run, struct fwc_error *err)
{
	uint32_t first = kernel->nft.seq + 1;
	struct fwc_nft_writer w = {
		.wire = wire,
		.seq = first,
		.next_set_id = 1,
		.owner = kernel->owner,
	};
	struct fwc_nl_answer answer = { 0 };
	int r;

	part->owner = kernel->owner;
	r = write_part(part, &w, generation, room, dry_run, err);
	kernel->nft.seq = w.seq;
	if (r < 0)
		return r;
	r = (dry_run ? fwc_nl_transact_check : fwc_nl_transact)(&kernel->nft, wire, first,
								part->end_seq - 1, &answer, err);
	if (r < 0)
		return r;
	return answer.code ? fwc_steps_explain(part, &answer, first, err) : 0;
}

int fwc_steps_commit(struct fwc_steps *steps, struct fwc_kernel *kernel, uint32_t generation,
		     bool dry_run, struct fwc_error *err)
{
	struct fwc_wire wire = { 0 };
	int r;

	if (steps->count == 0)
		return 0;
	r = carry_out(steps, kernel, &wire, generation, SIZE_MAX, dry_run, err);
	fwc_wire_free(&wire);
	return r;
}

int fwc_steps_commit_part(struct fwc_steps *steps, size_t from, struct fwc_kernel *kernel,
			  uint32_t generation, size_t *ret_next, struct fwc_error *err)
{
	struct fwc_steps part = { .items = steps->items + from, .count = steps->count - from };
	struct fwc_wire wire = { 0 };
	int r = carry_out(&part, kernel, &wire, generation, kernel->nft.send_room, false, err);

	fwc_wire_free(&wire);
	if (r == 0)
		*ret_next = from + part.count;
	return r;
}

int fwc_steps_size(struct fwc_steps *steps, struct fwc_kernel *kernel, size_t *ret,
		   struct fwc_error *err)
{
	struct fwc_wire wire = { 0 };
	struct fwc_nft_writer w = { .wire = &wire, .next_set_id = 1, .owner = kernel->owner };
	int r = write_part(steps, &w, 1, SIZE_MAX, false, err);

	*ret = wire.len;
	fwc_wire_free(&wire);
	return r;
}

struct asking {
	const struct fwc_steps *steps;
	uint32_t first;
	bool *refused;
	int code; /* of the transaction itself */
};

static void take_refusal(const struct fwc_nl_answer *answer, void *ctx)
{
	struct asking *a = ctx;
	const struct fwc_step *step = fwc_steps_of(a->steps, answer->seq, a->first);

	if (step)
		a->refused[step - a->steps->items] = true;
	else
		a->code = answer->code;
}

int fwc_steps_ask(struct fwc_steps *steps, struct fwc_kernel *kernel, bool *refused,
		  struct fwc_error *err)
{
	fwc_cleanup(fwc_wire_free) struct fwc_wire wire = { 0 };
	struct asking a = { .steps = steps, .first = kernel->nft.seq + 1, .refused = refused };
	struct fwc_nft_writer w = {
		.wire = &wire,
		.seq = a.first,
		.next_set_id = 1,
		.owner = kernel->owner,
	};
	int r = write_part(steps, &w, 0, SIZE_MAX, true, err);

	kernel->nft.seq = w.seq;
	if (r == 0)
		r = fwc_nl_transact_ask(&kernel->nft, &wire, a.first, steps->end_seq - 1,
					take_refusal, &a, err);
	if (r == 0 && a.code)
		r = fwc_steps_explain(steps,
				      &(struct fwc_nl_answer){ .seq = a.first, .code = a.code },
				      a.first, err);
	return r;
}
