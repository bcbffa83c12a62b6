/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Transactions and dumps.
 *
 * The kernel works within our sendmsg, so that every answer to a transaction is queued when it returns, and the next part of a
 * dump is made while the one before is read. Nothing here ever waits: an empty queue means that no more will come. */
#include "netlink/private.h"

struct answers {
	uint32_t first_seq, last_seq;
	bool acked; /* last_seq has an answer */
	bool lost; /* some did not fit the receive buffer */
	struct fwc_nl_answer failure; /* code 0: none so far */
	void (*refused)(const struct fwc_nl_answer *answer,
			void *ctx); /* NULL: the first is enough */
	void *ctx;
};

static bool within(uint32_t seq, const struct answers *a)
{
	return seq - a->first_seq <= a->last_seq - a->first_seq;
}

static int take_answers(struct answers *a, struct fwc_slice datagram)
{
	const struct nlmsghdr *nlh;
	struct fwc_nl_answer answer;
	struct fwc_slice payload;
	int r;

	while ((r = fwc_msg_next(&datagram, &nlh, &payload)) > 0) {
		if (nlh->nlmsg_type != NLMSG_ERROR || !within(nlh->nlmsg_seq, a))
			continue; /* echoes, and late answers to an earlier request */
		r = fwc_nl_parse_error(nlh, payload, &answer);
		if (r < 0)
			return r;
		if (answer.seq == a->last_seq)
			a->acked = true;
		if (answer.code < 0 && a->failure.code == 0)
			a->failure = answer;
		if (answer.code < 0 && a->refused)
			a->refused(&answer, a->ctx);
	}
	return r;
}

static int unknown(struct fwc_error *err, int code, const char *why)
{
	fwc_fail(err, code, FWC_OBJECT_KERNEL,
		 "%s: whether the transaction was carried out is unknown, load again", why);
	if (err)
		err->outcome = FWC_OUTCOME_UNKNOWN;
	return code;
}

static int transact(struct fwc_nl *nl, const struct fwc_wire *w, struct answers *a, bool need_ack,
		    struct fwc_error *err)
{
	struct fwc_slice datagram;
	bool garbled = false;
	int r;

	r = fwc_nl_send(nl, w, err);
	if (r < 0)
		return r;
	while ((r = fwc_nl_receive(nl, &datagram)) != 0) {
		if (r == -ENOBUFS)
			a->lost = true; /* told once; what did fit is still queued */
		else if (r < 0 && r != -EBADMSG)
			return unknown(err, r, "the answers cannot be read");
		else if (r < 0 || take_answers(a, datagram) < 0)
			garbled = true;
	}
	/* A failure is certain whatever else was lost: nothing of a transaction stays when one operation fails. */
	if (a->failure.code < 0 && !a->refused)
		return 0;
	if (a->lost)
		return unknown(err, -ENOBUFS, "answers of the kernel were lost");
	if (garbled)
		return unknown(err, -EBADMSG, "an answer of the kernel is cut off");
	if (need_ack && !a->acked)
		return unknown(err, -EBADMSG, "the kernel did not answer");
	return 0;
}

int fwc_nl_transact(struct fwc_nl *nl, const struct fwc_wire *w, uint32_t first_seq,
		    uint32_t last_seq, struct fwc_nl_answer *ret_first, struct fwc_error *err)
{
	struct answers a = { .first_seq = first_seq, .last_seq = last_seq };
	int r = transact(nl, w, &a, true, err);

	if (r == 0)
		*ret_first = a.failure;
	return r;
}

int fwc_nl_transact_check(struct fwc_nl *nl, const struct fwc_wire *w, uint32_t first_seq,
			  uint32_t last_seq, struct fwc_nl_answer *ret_first, struct fwc_error *err)
{
	struct answers a = { .first_seq = first_seq, .last_seq = last_seq };
	int r = transact(nl, w, &a, false, err);

	if (r == 0)
		*ret_first = a.failure;
	return r;
}

int fwc_nl_transact_ask(struct fwc_nl *nl, const struct fwc_wire *w, uint32_t first_seq,
			uint32_t last_seq,
			void (*refused)(const struct fwc_nl_answer *answer, void *ctx), void *ctx,
			struct fwc_error *err)
{
	struct answers a = {
		.first_seq = first_seq, .last_seq = last_seq, .refused = refused, .ctx = ctx
	};

	return transact(nl, w, &a, false, err);
}

struct dump {
	uint32_t seq;
	fwc_nl_cb cb;
	void *ctx;
	bool done, interrupted, lost;
	bool once; /* what was interrupted is handed out nevertheless */
	int stopped; /* what cb returned */
	struct fwc_nl_answer failure;
};

/* The end of a dump carries the code when it ended early. */
static void take_done(struct dump *d, const struct nlmsghdr *nlh, struct fwc_slice payload)
{
	int32_t code = 0;

	if (payload.len >= sizeof(code))
		memcpy(&code, payload.data, sizeof(code));
	if (code < 0 && d->failure.code == 0)
		d->failure = (struct fwc_nl_answer){ .seq = nlh->nlmsg_seq, .code = code };
	d->done = true;
}

static int take_message(struct dump *d, const struct nlmsghdr *nlh, struct fwc_slice payload)
{
	if (nlh->nlmsg_seq != d->seq)
		return 0; /* of a request before this one, or an event */
	if (nlh->nlmsg_flags & NLM_F_DUMP_INTR)
		d->interrupted = true;
	switch (nlh->nlmsg_type) {
	case NLMSG_NOOP:
		return 0;
	case NLMSG_DONE:
		take_done(d, nlh, payload);
		return 0;
	case NLMSG_ERROR:
		d->done = true; /* also the ack that ends a get */
		return fwc_nl_parse_error(nlh, payload, &d->failure);
	default:
		/* Read on to the end when stopped: a dump that is left half-read makes the next one -EBUSY. */
		if (!d->stopped && (!d->interrupted || d->once))
			d->stopped = d->cb(nlh, payload, d->ctx);
		return 0;
	}
}

static int take_part(struct dump *d, struct fwc_slice datagram)
{
	const struct nlmsghdr *nlh;
	struct fwc_slice payload;
	int r;

	while ((r = fwc_msg_next(&datagram, &nlh, &payload)) > 0) {
		r = take_message(d, nlh, payload);
		if (r < 0)
			return r;
	}
	return r;
}

static int dump_result(const struct dump *d, struct fwc_error *err)
{
	const struct fwc_nl_answer *f = &d->failure;

	if (f->code < 0) {
		fwc_fail(err, f->code, FWC_OBJECT_KERNEL, "%s",
			 f->text[0] ? f->text : strerror(-f->code));
		if (err) {
			err->from_kernel = 1;
			err->offset = f->offset;
		}
		return f->code;
	}
	if (d->once && d->lost)
		return fwc_fail(err, -ENOBUFS, FWC_OBJECT_KERNEL,
				"some of what the kernel handed out was lost");
	if (d->interrupted && !d->once)
		return fwc_fail(err, -EAGAIN, FWC_OBJECT_KERNEL,
				"somebody changed the ruleset while it was read");
	return d->stopped;
}

static int dump(struct fwc_nl *nl, const struct fwc_wire *w, struct dump *d, struct fwc_error *err)
{
	struct fwc_slice datagram;
	bool garbled = false;
	int r;

	r = fwc_nl_send(nl, w, err);
	if (r < 0)
		return r;
	while (!d->done && (r = fwc_nl_receive(nl, &datagram)) != 0) {
		if (r == -ENOBUFS)
			d->interrupted = d->lost = true;
		else if (r < 0 && r != -EBADMSG)
			return fwc_fail(err, r, FWC_OBJECT_KERNEL,
					"the kernel's answer cannot be read: %s", strerror(-r));
		else if (r < 0 || take_part(d, datagram) < 0)
			garbled = true;
	}
	if (garbled || !d->done)
		return fwc_fail(err, -EBADMSG, FWC_OBJECT_KERNEL,
				garbled ? "an answer of the kernel is cut off"
					: "the kernel's answer has no end");
	return dump_result(d, err);
}

int fwc_nl_dump(struct fwc_nl *nl, const struct fwc_wire *w, uint32_t seq, fwc_nl_cb cb, void *ctx,
		struct fwc_error *err)
{
	struct dump d = { .seq = seq, .cb = cb, .ctx = ctx };

	return dump(nl, w, &d, err);
}

int fwc_nl_dump_once(struct fwc_nl *nl, const struct fwc_wire *w, uint32_t seq, fwc_nl_cb cb,
		     void *ctx, struct fwc_error *err)
{
	struct dump d = { .seq = seq, .cb = cb, .ctx = ctx, .once = true };

	return dump(nl, w, &d, err);
}
