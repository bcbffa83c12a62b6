/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Events of nf_tables. Those of one transaction come together, its generation last: they wait for it, as it tells whose
 * they are. */
#include <fwcore/ruleset.h>
#include <fwcore/watch.h>
#include <stdlib.h>

#include "kernel/load.h"
#include "kernel/others.h"
#include "nft/nft.h"
#include "nft/uapi.h"

struct fwc_event {
	uint32_t kind, object, family;
	bool own;
	uint64_t handle;
	const char *table, *name; /* never NULL */
	const struct fwc_rule *rule; /* NULL: none */
	uint32_t generation, pid;
	char process[16];
};

struct fwc_watch {
	struct fwc_kernel *kernel;
	struct fwc_nl nl;
	struct fwc_slice datagram; /* what is left of the newest one */
	struct fwc_ruleset
		*rs; /* of the transaction that is read or handed out: rules, sets, names */
	struct fwc_vec events; /* of that transaction, in the ruleset's arena */
	bool complete; /* its generation has come: events may be handed out */
	size_t next; /* of events, to be handed out */
	struct fwc_event resync;
};

/* ---- the object ---- */

int fwc_watch_open(struct fwc_kernel *kernel, struct fwc_watch **ret, struct fwc_error *err)
{
	struct fwc_watch *w;
	int r;

	r = fwc_kernel_check(kernel, err);
	if (r < 0)
		return r;
	if (!ret)
		return fwc_fail(err, -EINVAL, FWC_OBJECT_ARGUMENT,
				"there is no place for the watch");
	w = calloc(1, sizeof(*w));
	if (!w)
		return fwc_fail_memory(err);
	w->kernel = kernel;
	w->resync = (struct fwc_event){ .kind = FWC_EVENT_RESYNC, .table = "", .name = "" };
	r = fwc_events_open(&w->nl, kernel, err);
	if (r < 0) {
		free(w);
		return r;
	}
	*ret = w;
	return 0;
}

int fwc_watch_fd(const struct fwc_watch *watch)
{
	return watch ? fwc_nl_fd(&watch->nl) : -1;
}

/* Forgets a transaction: one that was handed out, or whose events were lost. */
static void forget(struct fwc_watch *w)
{
	fwc_ruleset_free(w->rs);
	w->rs = NULL;
	fwc_vec_free(&w->events);
	w->complete = false;
	w->next = 0;
}

void fwc_watch_close(struct fwc_watch *watch)
{
	if (!watch)
		return;
	forget(watch);
	fwc_nl_close(&watch->nl);
	free(watch);
}

/* ---- messages become events ---- */

static const struct row {
	uint16_t added, deleted; /* messages */
	uint8_t object; /* enum fwc_object */
	uint8_t name, handle; /* attributes; 0: none */
} rows[] = {
	{ NFT_MSG_NEWTABLE, NFT_MSG_DELTABLE, FWC_OBJECT_TABLE, 0, NFTA_TABLE_HANDLE },
	{ NFT_MSG_NEWCHAIN, NFT_MSG_DELCHAIN, FWC_OBJECT_CHAIN, NFTA_CHAIN_NAME,
	  NFTA_CHAIN_HANDLE },
	{ NFT_MSG_NEWRULE, NFT_MSG_DELRULE, FWC_OBJECT_RULE, NFTA_RULE_CHAIN, NFTA_RULE_HANDLE },
	{ NFT_MSG_NEWSET, NFT_MSG_DELSET, FWC_OBJECT_SET, NFTA_SET_NAME, NFTA_SET_HANDLE },
	{ NFT_MSG_NEWSETELEM, NFT_MSG_DELSETELEM, FWC_OBJECT_ELEMENT, NFTA_SET_ELEM_LIST_SET, 0 },
	{ NFT_MSG_NEWOBJ, NFT_MSG_DELOBJ, FWC_OBJECT_NONE, NFTA_OBJ_NAME, NFTA_OBJ_HANDLE },
	{ NFT_MSG_NEWFLOWTABLE, NFT_MSG_DELFLOWTABLE, FWC_OBJECT_NONE, NFTA_FLOWTABLE_NAME,
	  NFTA_FLOWTABLE_HANDLE },
};

/* The largest attribute that a row names. */
enum { MOST_ATTRS = NFTA_SET_HANDLE };

static const struct row *find_row(uint16_t type)
{
	if (type >> 8 != NFNL_SUBSYS_NFTABLES)
		return NULL;
	for (size_t i = 0; i < FWC_ARRAY_SIZE(rows); i++)
		if (rows[i].added == (type & 0xff) || rows[i].deleted == (type & 0xff))
			return &rows[i];
	return NULL;
}

static const char *keep_text(struct fwc_watch *w, const struct fwc_attr *a)
{
	const char *text = fwc_attr_text(a);

	return text ? fwc_arena_strdup(&w->rs->arena, text) : "";
}

/* What a rule needs to be read whole: itself, and the anonymous sets that came before it. */
static int keep_contents(struct fwc_watch *w, const struct row *row, bool added,
			 struct fwc_event *event, struct fwc_slice attrs)
{
	struct fwc_rule *rule;
	struct fwc_set *set;
	int r = 0;

	if (row->object == FWC_OBJECT_RULE) {
		r = fwc_nft_read_rule(w->rs, event->family, attrs, &rule);
		if (r == 0)
			event->rule = rule;
	} else if (row->object == FWC_OBJECT_SET && added) {
		r = fwc_nft_read_set(w->rs, event->family, attrs, &set);
	} else if (row->object == FWC_OBJECT_ELEMENT && added) {
		r = fwc_nft_read_elements(w->rs, event->family, attrs, &set);
	}
	/* The event is told even when its contents cannot be read. */
	return r == -ENOMEM ? r : 0;
}

static int take_object(struct fwc_watch *w, const struct nlmsghdr *nlh, struct fwc_slice payload)
{
	const struct row *row = find_row(nlh->nlmsg_type);
	struct fwc_attr attrs[MOST_ATTRS + 1];
	struct fwc_event *event;
	struct nfgenmsg nfg;

	if (!row || payload.len < sizeof(nfg))
		return 0;
	memcpy(&nfg, payload.data, sizeof(nfg));
	payload.data += sizeof(nfg);
	payload.len -= sizeof(nfg);
	if (fwc_attrs_parse(payload, attrs, MOST_ATTRS) < 0)
		return 0;
	event = fwc_arena_alloc(&w->rs->arena, sizeof(*event));
	if (!event || fwc_vec_push(&w->events, event) < 0)
		return -ENOMEM;
	event->kind = row->added == (nlh->nlmsg_type & 0xff) ? FWC_EVENT_ADDED : FWC_EVENT_DELETED;
	event->object = row->object;
	event->family = nfg.nfgen_family;
	event->table = keep_text(w, &attrs[NFTA_TABLE_NAME]); /* 1 in all of them */
	event->name = row->name ? keep_text(w, &attrs[row->name]) : "";
	if (!event->table || !event->name)
		return -ENOMEM;
	if (row->handle)
		fwc_attr_be64(&attrs[row->handle], &event->handle);
	return keep_contents(w, row, event->kind == FWC_EVENT_ADDED, event, payload);
}

/* The end of a transaction: now each of its events knows whose it was. */
static int take_end(struct fwc_watch *w, const struct fwc_generation *generation)
{
	struct fwc_event *end = fwc_arena_alloc(&w->rs->arena, sizeof(*end));

	if (!end || fwc_vec_push(&w->events, end) < 0)
		return -ENOMEM;
	end->kind = FWC_EVENT_COMMIT;
	end->object = FWC_OBJECT_RULESET;
	end->table = end->name = "";
	for (size_t i = 0; i < w->events.count; i++) {
		struct fwc_event *event = w->events.items[i];

		event->generation = generation->id;
		event->pid = generation->pid;
		memcpy(event->process, generation->process, sizeof(event->process));
		/* Port ids are unique among the sockets of a namespace. */
		event->own = generation->portid == w->kernel->nft.portid;
	}
	w->complete = true;
	return 0;
}

static int take_message(struct fwc_watch *w, const struct nlmsghdr *nlh, struct fwc_slice payload)
{
	struct fwc_generation generation;

	if (!w->rs) {
		w->rs = fwc_ruleset_new();
		if (!w->rs)
			return -ENOMEM;
		w->rs->loaded = true;
	}
	if (fwc_generation_read(nlh, payload, &generation))
		return take_end(w, &generation);
	return take_object(w, nlh, payload);
}

/* Reads on until a transaction is complete: 1; 0 when there is no more to read. */
static int read_transaction(struct fwc_watch *w)
{
	while (!w->complete) {
		const struct nlmsghdr *nlh;
		struct fwc_slice payload;
		int r = fwc_msg_next(&w->datagram, &nlh, &payload);

		if (r == 0) {
			r = fwc_nl_receive(&w->nl, &w->datagram);
			if (r <= 0)
				return r;
			continue;
		}
		if (r > 0)
			r = take_message(w, nlh, payload);
		if (r < 0)
			return r;
	}
	return 1;
}

int fwc_watch_next(struct fwc_watch *watch, const struct fwc_event **ret, struct fwc_error *err)
{
	int r;

	fwc_error_clear(err);
	if (!watch || !ret)
		return fwc_fail(err, -EINVAL, FWC_OBJECT_ARGUMENT,
				"a watch and a place for its event are needed");
	r = fwc_kernel_check(watch->kernel, err);
	if (r < 0)
		return r;
	if (watch->complete && watch->next == watch->events.count)
		forget(watch);
	r = read_transaction(watch);
	if (r == -ENOBUFS || r == -EBADMSG) {
		/* What has been read of a transaction has lost its rest. */
		forget(watch);
		watch->datagram.len = 0;
		*ret = &watch->resync;
		return 1;
	}
	if (r == -ENOMEM) {
		forget(watch);
		return fwc_fail_memory(err);
	}
	if (r < 0)
		return fwc_fail(err, r, FWC_OBJECT_KERNEL, "events cannot be read: %s",
				strerror(-r));
	if (r == 0)
		return 0;
	*ret = watch->events.items[watch->next++];
	return 1;
}

/* ---- reading an event ---- */

uint32_t fwc_event_kind(const struct fwc_event *event)
{
	return event ? event->kind : 0;
}

bool fwc_event_is_own(const struct fwc_event *event)
{
	return event && event->own;
}

uint32_t fwc_event_object(const struct fwc_event *event)
{
	return event ? event->object : FWC_OBJECT_NONE;
}

uint32_t fwc_event_family(const struct fwc_event *event)
{
	return event ? event->family : 0;
}

const char *fwc_event_table(const struct fwc_event *event)
{
	return event ? event->table : "";
}

const char *fwc_event_name(const struct fwc_event *event)
{
	return event ? event->name : "";
}

uint64_t fwc_event_handle(const struct fwc_event *event)
{
	return event ? event->handle : 0;
}

uint32_t fwc_event_generation(const struct fwc_event *event)
{
	return event ? event->generation : 0;
}

uint32_t fwc_event_pid(const struct fwc_event *event)
{
	return event ? event->pid : 0;
}

const char *fwc_event_process(const struct fwc_event *event)
{
	return event ? event->process : "";
}

const struct fwc_rule *fwc_event_rule(const struct fwc_event *event)
{
	return event ? event->rule : NULL;
}
