/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Counts that are read and begin anew in one go.
 *
 * The kernel forgets what it has handed out, so a dump of this kind is never begun again: first everything around it is
 * read as often as it takes, then the counts once. */
#include <fwcore/kernel.h>
#include <fwcore/ruleset.h>

#include "kernel/load.h"
#include "nft/nft.h"
#include "nft/uapi.h"

struct resetting {
	struct fwc_kernel *kernel;
	struct fwc_ruleset *rs;
	const struct kind *kind;
	uint32_t family;
	const char *table, *name;
	struct fwc_error *err;
};

static const struct kind {
	const char *word; /* of one, for messages */
	uint16_t message, answer;
	uint32_t object_type; /* 0: no named objects */
	uint16_t table_attr, name_attr;
	const char *since;
} kinds[] = {
	[FWC_RESET_RULES] = { "chain", FWC_NFT_MSG_GETRULE_RESET, NFT_MSG_NEWRULE, 0,
			      NFTA_RULE_TABLE, NFTA_RULE_CHAIN, "6.2" },
	[FWC_RESET_COUNTERS] = { "counter", NFT_MSG_GETOBJ_RESET, NFT_MSG_NEWOBJ,
				 NFT_OBJECT_COUNTER, NFTA_OBJ_TABLE, NFTA_OBJ_NAME, "4.10" },
	[FWC_RESET_QUOTAS] = { "quota", NFT_MSG_GETOBJ_RESET, NFT_MSG_NEWOBJ, NFT_OBJECT_QUOTA,
			       NFTA_OBJ_TABLE, NFTA_OBJ_NAME, "4.10" },
	[FWC_RESET_ELEMENTS] = { "set", FWC_NFT_MSG_GETSETELEM_RESET, NFT_MSG_NEWSETELEM, 0,
				 NFTA_SET_ELEM_LIST_TABLE, NFTA_SET_ELEM_LIST_SET, "6.5" },
};

/* ---- answers ---- */

static int read_one(struct fwc_ruleset *rs, uint16_t answer, uint32_t family,
		    struct fwc_slice attrs)
{
	switch (answer) {
	case NFT_MSG_NEWRULE:
		return fwc_nft_read_rule(rs, family, attrs, NULL);
	case NFT_MSG_NEWOBJ:
		return fwc_nft_read_object(rs, family, attrs, NULL);
	default:
		return fwc_nft_read_elements(rs, family, attrs, NULL);
	}
}

static int take(const struct nlmsghdr *nlh, struct fwc_slice payload, void *ctx)
{
	struct resetting *s = ctx;
	struct fwc_slice attrs;
	uint32_t family;
	int r;

	if (!fwc_load_attributes(nlh, payload, s->kind->answer, &family, &attrs))
		return 0;
	r = read_one(s->rs, s->kind->answer, family, attrs);
	if (r == -ENOMEM)
		return fwc_fail_memory(s->err);
	return r < 0 ? fwc_fail(s->err, r, FWC_OBJECT_KERNEL,
				"the kernel sent a %s that cannot be read", s->kind->word)
		     : 0;
}

/* ---- requests ---- */

static int no_such(const struct resetting *s)
{
	return fwc_fail(s->err, -ENOENT, FWC_OBJECT_ARGUMENT, "table %s %s has no %s '%s'",
			fwc_family_name(s->family), s->table, s->kind->word, s->name);
}

/* In the kernel's words, where it does not know the message or what is named. */
static int explain(const struct resetting *s, int code)
{
	if (code == -ENOENT && s->name)
		return no_such(s);
	if (code != -EINVAL && code != -EOPNOTSUPP)
		return code;
	return fwc_fail(s->err, -EOPNOTSUPP, FWC_OBJECT_KERNEL,
			"this kernel does not set these counts back: Linux %s and later do",
			s->kind->since);
}

/* One dump, or with an object's name one object. */
static int request(struct resetting *s, uint32_t family, const char *table, const char *name)
{
	const struct kind *k = s->kind;
	bool single = k->object_type && name;
	struct nfgenmsg nfg = { .nfgen_family = (uint8_t)family, .version = NFNETLINK_V0 };
	fwc_cleanup(fwc_wire_free) struct fwc_wire w = { .data = NULL };
	uint32_t seq = ++s->kernel->nft.seq;
	size_t msg = fwc_wire_begin(&w, (uint16_t)(NFNL_SUBSYS_NFTABLES << 8 | k->message),
				    NLM_F_REQUEST | (single ? NLM_F_ACK : NLM_F_DUMP), seq, &nfg,
				    sizeof(nfg));
	int r;

	if (table)
		fwc_put_text(&w, k->table_attr, table);
	if (name)
		fwc_put_text(&w, k->name_attr, name);
	if (k->object_type)
		fwc_put_be32(&w, NFTA_OBJ_TYPE, k->object_type);
	fwc_wire_end(&w, msg);
	r = fwc_wire_error(&w, s->err);
	return r < 0 ? r : fwc_nl_dump_once(&s->kernel->nft, &w, seq, take, s, s->err);
}

/* Elements are asked for set by set. */
static int reset_elements(struct resetting *s)
{
	int r = 0;

	for (size_t i = 0; r == 0 && i < s->rs->tables.count; i++) {
		const struct fwc_table *t = s->rs->tables.items[i];

		for (size_t n = 0; r == 0 && n < t->sets.count; n++) {
			const struct fwc_set *set = t->sets.items[n];

			if (!s->name || !strcmp(set->name, s->name))
				r = request(s, t->family, t->name, set->name);
		}
	}
	return r;
}

/* Objects that are named are looked for by the kernel itself. */
static bool is_there(const struct resetting *s)
{
	const struct fwc_table *t = s->rs->tables.items[0];

	if (s->kind->answer == NFT_MSG_NEWRULE)
		return fwc_table_find_chain(t, s->name);
	return s->kind->object_type || fwc_table_find_set(t, s->name);
}

static int carry_out(struct resetting *s)
{
	int r;

	if (s->name && !is_there(s))
		return no_such(s);
	r = s->kind->answer == NFT_MSG_NEWSETELEM ? reset_elements(s)
						  : request(s, s->family, s->table, s->name);
	return r < 0 ? explain(s, r) : 0;
}

int fwc_kernel_reset(struct fwc_kernel *kernel, uint32_t what, uint32_t family, const char *table,
		     const char *name, struct fwc_ruleset **ret, struct fwc_error *err)
{
	const struct fwc_load_filter filter = { .family = family, .table = table, .bare = true };
	fwc_cleanup(fwc_ruleset_freep) struct fwc_ruleset *rs = NULL;
	struct resetting s = {
		.kernel = kernel, .family = family, .table = table, .name = name, .err = err
	};
	int r;

	if (!what || what >= FWC_ARRAY_SIZE(kinds))
		return fwc_fail(err, -EINVAL, FWC_OBJECT_ARGUMENT,
				"%u is nothing that is set back: see enum fwc_reset", what);
	if (name && !table)
		return fwc_fail(err, -EINVAL, FWC_OBJECT_ARGUMENT, "%s '%s' needs its table",
				kinds[what].word, name);
	if (!ret)
		return fwc_fail(err, -EINVAL, FWC_OBJECT_ARGUMENT,
				"there is no place for what was read");
	r = fwc_load_checked(kernel, &filter, &rs, err);
	if (r < 0)
		return r;
	s.rs = rs;
	s.kind = &kinds[what];
	r = carry_out(&s);
	if (r == 0)
		*ret = fwc_take(rs);
	return r;
}
