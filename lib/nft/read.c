/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Messages of a dump or event as objects of a ruleset. Rules stay raw: fwc_nft_decode_rule() reads them when somebody
 * looks. What is unknown is kept or passed over, never refused. */
#include "nft/read.h"
#include "fields/hooks.h"
#include "iptables/iptables.h"
#include "nft/messages.h"
#include "nft/userdata.h"

static struct fwc_table *table_of(struct fwc_ruleset *rs, uint32_t family,
				  const struct fwc_attr *name, int *ret_error)
{
	const char *text = fwc_attr_text(name);
	struct fwc_table *t;

	*ret_error = text ? -ENOMEM : -EBADMSG;
	if (!text)
		return NULL;
	t = fwc_ruleset_lookup_table(rs, family, text);
	return t ? t : fwc_ruleset_table_in(rs, family, text);
}

static int read_labels(struct fwc_ruleset *rs, const struct fwc_attr *userdata,
		       struct fwc_labels **at)
{
	*at = NULL;
	if (!userdata->data)
		return 0;
	return fwc_userdata_read(&rs->arena, fwc_attr_slice(userdata), FWC_UDATA_COMMENT, 0, at);
}

int fwc_nft_read_table(struct fwc_ruleset *rs, uint32_t family, struct fwc_slice attrs,
		       struct fwc_table **ret)
{
	struct fwc_attr a[NFTA_TABLE_MAX + 1];
	struct fwc_table *t;
	uint32_t flags = 0;
	int r = fwc_attrs_parse(attrs, a, NFTA_TABLE_MAX);

	if (r < 0)
		return r;
	t = table_of(rs, family, &a[NFTA_TABLE_NAME], &r);
	if (!t)
		return r;
	fwc_attr_be32(&a[NFTA_TABLE_FLAGS], &flags);
	t->kernel_flags = flags;
	t->flags = (flags & NFT_TABLE_F_DORMANT ? FWC_TABLE_DORMANT : 0u) |
		   (flags & NFT_TABLE_F_OWNER ? FWC_TABLE_OWNER : 0u) |
		   (flags & FWC_NFT_TABLE_F_PERSIST ? FWC_TABLE_PERSIST : 0u);
	fwc_attr_be32(&a[NFTA_TABLE_USE], &t->uses);
	fwc_attr_be64(&a[NFTA_TABLE_HANDLE], &t->handle);
	r = read_labels(rs, &a[NFTA_TABLE_USERDATA], &t->labels);
	if (r == 0 && ret)
		*ret = t;
	return r;
}

/* ---- chains ---- */

/* The chain of that name, made when there is none. `block`: one that a rule owns; its name is the kernel's. */
static struct fwc_chain *chain_of(struct fwc_ruleset *rs, uint32_t family,
				  const struct fwc_attr *table, const struct fwc_attr *chain,
				  bool block, int *ret_error)
{
	struct fwc_table *t = table_of(rs, family, table, ret_error);
	const char *text = fwc_attr_text(chain);
	struct fwc_chain *c;

	if (!t)
		return NULL;
	*ret_error = text ? -ENOMEM : -EBADMSG;
	if (!text)
		return NULL;
	c = block ? NULL : fwc_table_find_chain(t, text);
	if (!c)
		c = fwc_table_find_block(t, text);
	if (c)
		return c;
	return block ? fwc_table_block_in(t, text) : fwc_table_chain_in(t, text);
}

/* Attributes that are names of devices, into c->devices; -EBADMSG: one of them is something else. */
static int read_devices(struct fwc_arena *arena, struct fwc_chain *c,
			const struct fwc_attr hook[NFTA_HOOK_MAX + 1])
{
	struct fwc_slice list = fwc_attr_slice(&hook[NFTA_HOOK_DEVS]), rest = list;
	const struct fwc_attr *one = &hook[NFTA_HOOK_DEV];
	struct fwc_attr device = *one;
	size_t count = one->data ? 1 : 0;

	while (!one->data && fwc_attr_next(&rest, &device) > 0)
		count++;
	if (!count)
		return 0;
	c->devices = fwc_arena_alloc(arena, count * sizeof(*c->devices));
	if (!c->devices)
		return -ENOMEM;
	device = *one;
	for (c->device_count = 0; c->device_count < count; c->device_count++) {
		if (!one->data &&
		    (fwc_attr_next(&list, &device) <= 0 || device.type != NFTA_DEVICE_NAME))
			return -EBADMSG;
		if (!fwc_attr_text(&device))
			return -EBADMSG;
		c->devices[c->device_count] = fwc_arena_strdup(arena, fwc_attr_text(&device));
		if (!c->devices[c->device_count])
			return -ENOMEM;
	}
	return 0;
}

static void read_counters(struct fwc_chain *c, const struct fwc_attr *counters)
{
	struct fwc_attr a[NFTA_COUNTER_MAX + 1];

	c->counted = counters->data &&
		     fwc_attrs_parse(fwc_attr_slice(counters), a, NFTA_COUNTER_MAX) == 0 &&
		     fwc_attr_be64(&a[NFTA_COUNTER_PACKETS], &c->packets) &&
		     fwc_attr_be64(&a[NFTA_COUNTER_BYTES], &c->bytes);
}

static int read_base(struct fwc_arena *arena, struct fwc_chain *c,
		     const struct fwc_attr a[NFTA_CHAIN_MAX + 1])
{
	struct fwc_attr hook[NFTA_HOOK_MAX + 1];
	const char *type = fwc_attr_text(&a[NFTA_CHAIN_TYPE]);
	struct fwc_slice whole = a[NFTA_CHAIN_HOOK].whole;
	uint32_t n = 0, policy = NF_ACCEPT;
	int r;

	if (fwc_attrs_parse(fwc_attr_slice(&a[NFTA_CHAIN_HOOK]), hook, NFTA_HOOK_MAX) < 0)
		return -EBADMSG;
	c->is_base = c->bound = true;
	fwc_attr_be32(&hook[NFTA_HOOK_HOOKNUM], &c->hook);
	fwc_attr_be32(&hook[NFTA_HOOK_PRIORITY], &n);
	c->priority = (int32_t)n;
	fwc_attr_be32(&a[NFTA_CHAIN_POLICY], &policy);
	c->policy = policy == NF_DROP ? FWC_VERDICT_DROP : FWC_VERDICT_ACCEPT;
	read_counters(c, &a[NFTA_CHAIN_COUNTERS]);
	c->type_name = fwc_arena_strdup(arena, type ? type : "");
	if (!c->type_name)
		return -ENOMEM;
	c->type = fwc_chain_type_find(c->type_name);
	c->device_count = 0; /* an event may tell of a chain that is there */
	r = read_devices(arena, c, hook);
	if (r == -ENOMEM)
		return r;
	if (r == 0 && c->type && fwc_hook_of_kernel(c->table->family, c->hook, &c->hook))
		return 0;
	c->type = 0;
	c->opaque_hook.data = fwc_arena_copy(arena, whole.data, whole.len);
	c->opaque_hook.len = whole.len;
	return c->opaque_hook.data ? 0 : -ENOMEM;
}

int fwc_nft_read_chain(struct fwc_ruleset *rs, uint32_t family, struct fwc_slice attrs,
		       struct fwc_chain **ret)
{
	struct fwc_attr a[NFTA_CHAIN_MAX + 1];
	struct fwc_chain *c;
	uint32_t flags = 0;
	int r = fwc_attrs_parse(attrs, a, NFTA_CHAIN_MAX);

	if (r < 0)
		return r;
	fwc_attr_be32(&a[NFTA_CHAIN_FLAGS], &flags);
	c = chain_of(rs, family, &a[NFTA_CHAIN_TABLE], &a[NFTA_CHAIN_NAME],
		     flags & NFT_CHAIN_BINDING, &r);
	if (!c)
		return r;
	fwc_attr_be64(&a[NFTA_CHAIN_HANDLE], &c->handle);
	fwc_attr_be32(&a[NFTA_CHAIN_USE], &c->uses);
	c->kernel_flags = flags;
	r = a[NFTA_CHAIN_HOOK].data ? read_base(&rs->arena, c, a) : 0;
	if (r == 0)
		r = read_labels(rs, &a[NFTA_CHAIN_USERDATA], &c->labels);
	if (r < 0)
		return r;
	if (fwc_xt_is_chain(c))
		c->table->is_iptables = true;
	if (ret)
		*ret = c;
	return 0;
}

/* ---- rules ---- */

int fwc_nft_read_rule(struct fwc_ruleset *rs, uint32_t family, struct fwc_slice attrs,
		      struct fwc_rule **ret)
{
	struct fwc_attr a[NFTA_RULE_MAX + 1];
	struct fwc_chain *c;
	struct fwc_rule *rule;
	int r = fwc_attrs_parse(attrs, a, NFTA_RULE_MAX);

	if (r < 0)
		return r;
	if (a[NFTA_RULE_EXPRESSIONS].len > UINT16_MAX)
		return -EBADMSG;
	c = chain_of(rs, family, &a[NFTA_RULE_TABLE], &a[NFTA_RULE_CHAIN], false, &r);
	if (!c)
		return r;
	rule = fwc_chain_rule_in(c);
	if (!rule)
		return -ENOMEM;
	rs->decode = fwc_nft_decode_rule;
	fwc_attr_be64(&a[NFTA_RULE_HANDLE], &rule->handle);
	rule->raw = fwc_arena_copy(&rs->arena, a[NFTA_RULE_EXPRESSIONS].data,
				   a[NFTA_RULE_EXPRESSIONS].len);
	if (!rule->raw)
		return -ENOMEM;
	rule->raw_len = (uint16_t)a[NFTA_RULE_EXPRESSIONS].len;
	r = read_labels(rs, &a[NFTA_RULE_USERDATA], &rule->labels);
	if (r < 0)
		return r;
	if (!c->table->is_iptables && fwc_rule_is_iptables(rule))
		c->table->is_iptables = true;
	if (ret)
		*ret = rule;
	return 0;
}
