/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Reading tables: a handful of dumps that must all be of one generation. */
#include <fwcore/ruleset.h>
#include <stdlib.h>

#include "kernel/load.h"
#include "kernel/plan.h"
#include "kernel/stale.h"
#include "nft/nft.h"
#include "nft/uapi.h"

enum {
	/* A dump of a table walks past all rules it has handed out for each 32 KiB more; one dump a chain does not, but costs
	 * a request each. From this many rules a chain on the second is quicker. */
	RULES_FOR_OWN_DUMP = 32,
};

struct chain_use {
	const struct fwc_chain *chain;
	uint32_t use; /* rules in it and jumps to it */
};

struct loading {
	struct fwc_kernel *kernel;
	const struct fwc_load_filter *filter;
	struct fwc_ruleset *rs;
	struct fwc_wire request;
	uint32_t generation;
	struct chain_use *chains; /* those that may have rules, table by table */
	size_t chain_count, chain_room;
	struct fwc_error *err;
};

/* ---- requests ---- */

static size_t begin_request(struct loading *l, uint16_t msg, uint16_t flags, uint32_t family)
{
	struct nfgenmsg nfg = { .nfgen_family = (uint8_t)family, .version = NFNETLINK_V0 };

	fwc_wire_reset(&l->request);
	return fwc_wire_begin(&l->request, (NFNL_SUBSYS_NFTABLES << 8) | msg, NLM_F_REQUEST | flags,
			      ++l->kernel->nft.seq, &nfg, sizeof(nfg));
}

/* What people need to hear when even reading is refused. */
static void explain(struct fwc_error *err, int code)
{
	if (code == -EPERM) {
		fwc_fail(
			err, code, FWC_OBJECT_KERNEL,
			"reading nf_tables needs CAP_NET_ADMIN in the user namespace that owns the network namespace");
	} else if (code == -EINVAL || code == -EOPNOTSUPP) {
		fwc_fail(err, -EOPNOTSUPP, FWC_OBJECT_KERNEL,
			 "the kernel has no nf_tables (CONFIG_NF_TABLES)");
		if (err)
			fwc_copy_name(err->kconfig, sizeof(err->kconfig), "CONFIG_NF_TABLES");
	}
	if (err)
		err->from_kernel = 1;
}

static int request(struct loading *l, size_t msg, fwc_nl_cb cb)
{
	int r;

	fwc_wire_end(&l->request, msg);
	r = fwc_wire_error(&l->request, l->err);
	if (r == 0)
		r = fwc_nl_dump(&l->kernel->nft, &l->request, l->kernel->nft.seq, cb, l, l->err);
	return r;
}

static bool is_message(const struct nlmsghdr *nlh, uint16_t msg)
{
	return nlh->nlmsg_type == ((NFNL_SUBSYS_NFTABLES << 8) | msg);
}

bool fwc_load_attributes(const struct nlmsghdr *nlh, struct fwc_slice payload, uint16_t msg,
			 uint32_t *ret_family, struct fwc_slice *ret)
{
	struct nfgenmsg nfg;

	if (!is_message(nlh, msg) || payload.len < sizeof(nfg))
		return false;
	memcpy(&nfg, payload.data, sizeof(nfg));
	*ret_family = nfg.nfgen_family;
	*ret = (struct fwc_slice){ payload.data + sizeof(nfg), payload.len - sizeof(nfg) };
	return true;
}

static int unreadable(struct loading *l, int code, const char *what)
{
	if (code == -ENOMEM)
		return fwc_fail_memory(l->err);
	return fwc_fail(l->err, code, FWC_OBJECT_KERNEL, "the kernel sent %s that cannot be read",
			what);
}

/* ---- what belongs to the load ---- */

static const struct fwc_table *wanted_table(const struct loading *l, const struct fwc_table *t)
{
	return l->filter->wanted && !l->filter->whole
		       ? fwc_ruleset_lookup_table(l->filter->wanted, t->family, t->name)
		       : NULL;
}

static bool wants_table(const struct loading *l, uint32_t family, const char *name)
{
	const struct fwc_load_filter *f = l->filter;

	if (f->wanted)
		return fwc_ruleset_lookup_table(f->wanted, family, name) != NULL;
	return (f->family == FWC_FAMILY_ANY || f->family == family) &&
	       (!f->table || !strcmp(f->table, name));
}

/* Of a table that is to go its being there counts, and its chains, which tell whether it is iptables-nft's. */
static bool wants_contents(const struct loading *l, const struct fwc_table *t)
{
	const struct fwc_table *wanted = wanted_table(l, t);

	return !l->filter->chains && (!wanted || !wanted->absent);
}

static bool is_verdict_map(const struct fwc_set *s)
{
	return s->data_count == 1 && s->data[0] == &fwc_type_verdict;
}

static bool wants_elements(const struct loading *l, const struct fwc_set *s)
{
	const struct fwc_table *table = wanted_table(l, s->table);
	const struct fwc_set *wanted;

	if (l->filter->bare)
		return s->anonymous;
	if (!table || s->anonymous || is_verdict_map(s))
		return true;
	wanted = fwc_table_find_set(table, s->name);
	if (fwc_set_is_state(s) || (wanted && fwc_set_is_state(wanted)))
		/* Of a set that is made anew for its size what others put there is kept. */
		return wanted &&
		       (wanted->elements.count > 0 || !fwc_sets_have_one_shape(wanted, s));
	/* An undeclared set of an own table goes as a whole. */
	return wanted || (table->flags & FWC_TABLE_SHARED);
}

/* ---- tables ---- */

static int take_table(const struct nlmsghdr *nlh, struct fwc_slice payload, void *ctx)
{
	struct fwc_attr attrs[NFTA_TABLE_NAME + 1];
	struct loading *l = ctx;
	struct fwc_slice s;
	struct fwc_table *t;
	uint32_t family;
	const char *name;
	int r;

	if (!fwc_load_attributes(nlh, payload, NFT_MSG_NEWTABLE, &family, &s))
		return 0;
	r = fwc_attrs_parse(s, attrs, NFTA_TABLE_NAME);
	name = r < 0 ? NULL : fwc_attr_text(&attrs[NFTA_TABLE_NAME]);
	if (!name)
		return unreadable(l, -EBADMSG, "a table");
	if (!wants_table(l, family, name))
		return 0;
	r = fwc_nft_read_table(l->rs, family, s, &t);
	return r < 0 ? unreadable(l, r, "a table") : 0;
}

static int load_tables(struct loading *l)
{
	int r = request(l, begin_request(l, NFT_MSG_GETTABLE, NLM_F_DUMP, l->filter->family),
			take_table);

	if (r == -EPERM || r == -EINVAL || r == -EOPNOTSUPP) {
		explain(l->err, r);
		return r == -EINVAL ? -EOPNOTSUPP : r;
	}
	return r;
}

/* ---- chains ---- */

static int note_use(struct loading *l, const struct fwc_chain *c, uint32_t use)
{
	if (use == 0)
		return 0;
	if (l->chain_count == l->chain_room) {
		size_t room = l->chain_room ? l->chain_room * 2 : 16;
		struct chain_use *chains = reallocarray(l->chains, room, sizeof(*chains));

		if (!chains)
			return fwc_fail_memory(l->err);
		l->chains = chains;
		l->chain_room = room;
	}
	l->chains[l->chain_count++] = (struct chain_use){ c, use };
	return 0;
}

static int take_chain(const struct nlmsghdr *nlh, struct fwc_slice payload, void *ctx)
{
	struct fwc_attr attrs[NFTA_CHAIN_USE + 1];
	struct loading *l = ctx;
	const struct fwc_table *t;
	struct fwc_chain *c;
	struct fwc_slice s;
	uint32_t family, use = 1;
	const char *table;
	int r;

	if (!fwc_load_attributes(nlh, payload, NFT_MSG_NEWCHAIN, &family, &s))
		return 0;
	r = fwc_attrs_parse(s, attrs, NFTA_CHAIN_USE);
	table = r < 0 ? NULL : fwc_attr_text(&attrs[NFTA_CHAIN_TABLE]);
	if (!table)
		return unreadable(l, -EBADMSG, "a chain");
	/* The kernel does not filter chains by table. */
	t = fwc_ruleset_lookup_table(l->rs, family, table);
	if (!t)
		return 0;
	r = fwc_nft_read_chain(l->rs, family, s, &c);
	if (r < 0)
		return unreadable(l, r, "a chain");
	fwc_attr_be32(&attrs[NFTA_CHAIN_USE], &use);
	return wants_contents(l, t) ? note_use(l, c, use) : 0;
}

/* ---- sets and elements ---- */

static int take_set(const struct nlmsghdr *nlh, struct fwc_slice payload, void *ctx)
{
	struct loading *l = ctx;
	struct fwc_slice s;
	struct fwc_set *set;
	uint32_t family;
	int r;

	if (!fwc_load_attributes(nlh, payload, NFT_MSG_NEWSET, &family, &s))
		return 0;
	r = fwc_nft_read_set(l->rs, family, s, &set);
	return r < 0 ? unreadable(l, r, "a set") : 0;
}

static int take_elements(const struct nlmsghdr *nlh, struct fwc_slice payload, void *ctx)
{
	struct loading *l = ctx;
	struct fwc_slice s;
	struct fwc_set *set;
	uint32_t family;
	int r;

	if (!fwc_load_attributes(nlh, payload, NFT_MSG_NEWSETELEM, &family, &s))
		return 0;
	r = fwc_nft_read_elements(l->rs, family, s, &set);
	return r < 0 ? unreadable(l, r, "elements of a set") : 0;
}

static int load_elements(struct loading *l, const struct fwc_vec *sets)
{
	for (size_t i = 0; i < sets->count; i++) {
		const struct fwc_set *s = sets->items[i];
		size_t msg;
		int r;

		if (!wants_elements(l, s))
			continue;
		msg = begin_request(l, NFT_MSG_GETSETELEM, NLM_F_DUMP, s->table->family);
		fwc_put_text(&l->request, NFTA_SET_ELEM_LIST_TABLE, s->table->name);
		fwc_put_text(&l->request, NFTA_SET_ELEM_LIST_SET, s->name);
		r = request(l, msg, take_elements);
		if (r < 0)
			return r;
	}
	return 0;
}

static int load_sets(struct loading *l, const struct fwc_table *t)
{
	size_t msg = begin_request(l, NFT_MSG_GETSET, NLM_F_DUMP, t->family);
	int r;

	fwc_put_text(&l->request, NFTA_SET_TABLE, t->name);
	r = request(l, msg, take_set);
	if (r == 0)
		r = load_elements(l, &t->sets);
	if (r == 0)
		r = load_elements(l, &t->anonymous);
	return r;
}

/* ---- rules ---- */

static int take_rule(const struct nlmsghdr *nlh, struct fwc_slice payload, void *ctx)
{
	struct loading *l = ctx;
	struct fwc_slice s;
	struct fwc_rule *rule;
	uint32_t family;
	int r;

	if (!fwc_load_attributes(nlh, payload, NFT_MSG_NEWRULE, &family, &s))
		return 0;
	r = fwc_nft_read_rule(l->rs, family, s, &rule);
	return r < 0 ? unreadable(l, r, "a rule") : 0;
}

static int load_rules_of(struct loading *l, const struct fwc_table *t, const char *chain)
{
	size_t msg = begin_request(l, NFT_MSG_GETRULE, NLM_F_DUMP, t->family);

	fwc_put_text(&l->request, NFTA_RULE_TABLE, t->name);
	if (chain)
		fwc_put_text(&l->request, NFTA_RULE_CHAIN, chain);
	return request(l, msg, take_rule);
}

/* The rules of the table whose chains begin at `from`; *ret_next is where the next table's begin. */
static int load_rules(struct loading *l, size_t from, size_t *ret_next)
{
	const struct fwc_table *t = l->chains[from].chain->table;
	uint64_t uses = 0;
	size_t next = from;

	for (; next < l->chain_count && l->chains[next].chain->table == t; next++)
		uses += l->chains[next].use;
	*ret_next = next;
	if (uses < (uint64_t)RULES_FOR_OWN_DUMP * (next - from))
		return load_rules_of(l, t, NULL);
	for (size_t i = from; i < next; i++) {
		int r = load_rules_of(l, t, l->chains[i].chain->name);

		if (r < 0)
			return r;
	}
	return 0;
}

/* ---- named objects ---- */

typedef int (*read_fn)(struct fwc_ruleset *rs, uint32_t family, struct fwc_slice attrs,
		       struct fwc_named **ret);

static int take_named(struct loading *l, uint32_t family, struct fwc_slice s, read_fn read)
{
	struct fwc_attr attrs[NFTA_OBJ_TABLE + 1];
	const struct fwc_table *t;
	const char *table;
	int r = fwc_attrs_parse(s, attrs, NFTA_OBJ_TABLE);

	/* The table has the same number in both kinds. */
	_Static_assert((int)NFTA_OBJ_TABLE == (int)NFTA_FLOWTABLE_TABLE, "");
	table = r < 0 ? NULL : fwc_attr_text(&attrs[NFTA_OBJ_TABLE]);
	if (!table)
		return unreadable(l, -EBADMSG, "an object");
	t = fwc_ruleset_lookup_table(l->rs, family, table);
	if (!t || !wants_contents(l, t))
		return 0;
	r = read(l->rs, family, s, NULL);
	return r < 0 ? unreadable(l, r, "an object") : 0;
}

static int take_object(const struct nlmsghdr *nlh, struct fwc_slice payload, void *ctx)
{
	struct fwc_slice s;
	uint32_t family;

	if (!fwc_load_attributes(nlh, payload, NFT_MSG_NEWOBJ, &family, &s))
		return 0;
	return take_named(ctx, family, s, fwc_nft_read_object);
}

static int take_flowtable(const struct nlmsghdr *nlh, struct fwc_slice payload, void *ctx)
{
	struct fwc_slice s;
	uint32_t family;

	if (!fwc_load_attributes(nlh, payload, NFT_MSG_NEWFLOWTABLE, &family, &s))
		return 0;
	return take_named(ctx, family, s, fwc_nft_read_flowtable);
}

static int load_objects(struct loading *l)
{
	int r = request(l, begin_request(l, NFT_MSG_GETOBJ, NLM_F_DUMP, l->filter->family),
			take_object);

	return r < 0 ? r
		     : request(l,
			       begin_request(l, NFT_MSG_GETFLOWTABLE, NLM_F_DUMP,
					     l->filter->family),
			       take_flowtable);
}

/* ---- all of it ---- */

static int take_generation(const struct nlmsghdr *nlh, struct fwc_slice payload, void *ctx)
{
	struct fwc_attr attrs[NFTA_GEN_ID + 1];
	struct loading *l = ctx;
	struct fwc_slice s;
	uint32_t family;

	if (!fwc_load_attributes(nlh, payload, NFT_MSG_NEWGEN, &family, &s))
		return 0;
	if (fwc_attrs_parse(s, attrs, NFTA_GEN_ID) < 0 ||
	    !fwc_attr_be32(&attrs[NFTA_GEN_ID], &l->generation))
		return unreadable(l, -EBADMSG, "a generation");
	return 0;
}

static int load_generation(struct loading *l, uint32_t *ret)
{
	int r;

	l->generation = 0;
	r = request(l, begin_request(l, NFT_MSG_GETGEN, NLM_F_ACK, 0), take_generation);
	if (r < 0) {
		explain(l->err, r);
		return r == -EINVAL ? -EOPNOTSUPP : r;
	}
	if (l->generation == 0)
		return fwc_fail(l->err, -EBADMSG, FWC_OBJECT_KERNEL,
				"the kernel does not say its generation");
	*ret = l->generation;
	return 0;
}

/* One that is not there is named. One that goes away before its elements are read is a change by others. */
static int load_sets_alone(struct loading *l)
{
	const struct fwc_table *t = l->rs->tables.items[0];
	struct fwc_set *one;
	int r;

	if (!l->filter->set)
		return load_sets(l, t);
	r = fwc_load_set(l->kernel, t->family, t->name, l->filter->set, l->rs, &one, l->err);
	if (r < 0)
		return r;
	r = load_elements(l, &t->sets);
	return r == -ENOENT ? -EAGAIN : r;
}

static int load_contents(struct loading *l)
{
	int r;

	if (l->filter->sets)
		return load_sets_alone(l);
	r = request(l, begin_request(l, NFT_MSG_GETCHAIN, NLM_F_DUMP, l->filter->family),
		    take_chain);
	for (size_t i = 0; r == 0 && i < l->rs->tables.count; i++)
		if (wants_contents(l, l->rs->tables.items[i]))
			r = load_sets(l, l->rs->tables.items[i]);
	if (l->filter->bare)
		return r;
	for (size_t i = 0; r == 0 && i < l->chain_count;)
		r = load_rules(l, i, &i);
	if (r == 0 && !l->filter->chains)
		r = load_objects(l);
	return r;
}

static int load_once(struct loading *l)
{
	uint32_t before = 0, after;
	int r;

	r = load_generation(l, &before);
	if (r == 0)
		r = load_tables(l);
	if (r == 0 && l->rs->tables.count > 0) {
		r = load_contents(l);
		/* A table, chain or set went away between two dumps. */
		if (r == -ENOENT && !l->filter->set)
			r = -EAGAIN;
	}
	if (r == 0)
		r = load_generation(l, &after);
	if (r == 0 && before != after)
		r = -EAGAIN;
	l->rs->generation = before;
	return r;
}

void fwc_ruleset_freep(struct fwc_ruleset **rs)
{
	fwc_ruleset_free(*rs);
	*rs = NULL;
}

static void loading_free(struct loading *l)
{
	fwc_ruleset_free(l->rs);
	fwc_wire_free(&l->request);
	free(l->chains);
}

int fwc_load(struct fwc_kernel *kernel, const struct fwc_load_filter *filter,
	     struct fwc_ruleset **ret, struct fwc_error *err)
{
	fwc_cleanup(loading_free) struct loading l = {
		.kernel = kernel,
		.filter = filter,
		.err = err,
	};

	for (int tries = 0; tries < FWC_NL_DUMP_TRIES; tries++) {
		int r;

		fwc_ruleset_free(l.rs);
		l.chain_count = 0;
		l.rs = fwc_ruleset_new();
		if (!l.rs)
			return fwc_fail_memory(err);
		l.rs->loaded = true;
		l.rs->partial = filter->sets || filter->bare;
		l.rs->netns = kernel->netns;
		r = load_once(&l);
		if (r == -EAGAIN)
			continue;
		if (r < 0)
			return r;
		fwc_error_clear(err); /* an earlier try may have left words */
		*ret = fwc_take(l.rs);
		return 0;
	}
	return fwc_fail(err, -EAGAIN, FWC_OBJECT_KERNEL,
			"others kept changing nf_tables while it was read %d times",
			FWC_NL_DUMP_TRIES);
}

int fwc_load_generation(struct fwc_kernel *kernel, uint32_t *ret, struct fwc_error *err)
{
	static const struct fwc_load_filter all;
	fwc_cleanup(loading_free) struct loading l = {
		.kernel = kernel,
		.filter = &all,
		.err = err,
	};

	return load_generation(&l, ret);
}

struct set_loading {
	struct loading l; /* first: its callbacks are given its address */
	struct fwc_set *set;
};

static int take_one_set(const struct nlmsghdr *nlh, struct fwc_slice payload, void *ctx)
{
	struct set_loading *one = ctx;
	struct fwc_slice s;
	uint32_t family;
	int r;

	if (!fwc_load_attributes(nlh, payload, NFT_MSG_NEWSET, &family, &s))
		return 0;
	r = fwc_nft_read_set(one->l.rs, family, s, &one->set);
	return r < 0 ? unreadable(&one->l, r, "a set") : 0;
}

int fwc_load_set(struct fwc_kernel *kernel, uint32_t family, const char *table, const char *name,
		 struct fwc_ruleset *into, struct fwc_set **ret, struct fwc_error *err)
{
	/* Where the kernel says what it does not know: the table's name is the first attribute. */
	enum { TABLE_OFFSET = sizeof(struct nlmsghdr) + sizeof(struct nfgenmsg) };
	struct fwc_error local = { 0 };
	struct set_loading one = { .l = { .kernel = kernel, .rs = into, .err = &local } };
	size_t msg = begin_request(&one.l, NFT_MSG_GETSET, NLM_F_ACK, family);
	int r;

	fwc_put_text(&one.l.request, NFTA_SET_TABLE, table);
	fwc_put_text(&one.l.request, NFTA_SET_NAME, name);
	r = request(&one.l, msg, take_one_set);
	fwc_wire_free(&one.l.request);
	if (r == -ENOENT || (r == 0 && !one.set)) {
		if (local.offset == TABLE_OFFSET)
			return fwc_fail(err, -ENOENT, FWC_OBJECT_TABLE, "there is no table %s %s",
					fwc_family_name(family), table);
		return fwc_fail(err, -ENOENT, FWC_OBJECT_SET, "table %s %s has no set '%s'",
				fwc_family_name(family), table, name);
	}
	if (r < 0 && err)
		*err = local;
	if (r == -EPERM)
		explain(err, r);
	if (r == 0)
		*ret = one.set;
	return r;
}

int fwc_load_checked(struct fwc_kernel *kernel, const struct fwc_load_filter *filter,
		     struct fwc_ruleset **ret, struct fwc_error *err)
{
	fwc_cleanup(fwc_ruleset_freep) struct fwc_ruleset *rs = NULL;
	uint32_t family = filter->family;
	const char *table = filter->table;
	int r;

	r = fwc_kernel_check(kernel, err);
	if (r < 0)
		return r;
	if (!ret)
		return fwc_fail(err, -EINVAL, FWC_OBJECT_ARGUMENT,
				"there is no place for the ruleset");
	if (family != FWC_FAMILY_ANY && !fwc_family_name(family))
		return fwc_fail(err, -EINVAL, FWC_OBJECT_ARGUMENT, "%u is no family", family);
	if (table && family == FWC_FAMILY_ANY)
		return fwc_fail(
			err, -EINVAL, FWC_OBJECT_ARGUMENT,
			"table '%s' needs its family: tables of one name may exist in several",
			table);
	r = fwc_load(kernel, filter, &rs, err);
	if (r < 0)
		return r;
	if (table && rs->tables.count == 0) {
		fwc_fail(err, -ENOENT, FWC_OBJECT_TABLE, "there is no table %s %s",
			 fwc_family_name(family), table);
		if (err)
			fwc_copy_name(err->table, sizeof(err->table), table);
		return -ENOENT;
	}
	fwc_stale_note(rs);
	*ret = fwc_take(rs);
	return 0;
}

int fwc_kernel_load(struct fwc_kernel *kernel, uint32_t family, const char *table,
		    struct fwc_ruleset **ret, struct fwc_error *err)
{
	const struct fwc_load_filter filter = { .family = family, .table = table };

	return fwc_load_checked(kernel, &filter, ret, err);
}

int fwc_kernel_load_sets(struct fwc_kernel *kernel, uint32_t family, const char *table,
			 const char *set, struct fwc_ruleset **ret, struct fwc_error *err)
{
	const struct fwc_load_filter filter = {
		.family = family, .table = table, .sets = true, .set = set
	};

	if (!table)
		return fwc_fail(err, -EINVAL, FWC_OBJECT_ARGUMENT, "the table's name is missing");
	return fwc_load_checked(kernel, &filter, ret, err);
}
