/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Chains, and the names by which a table finds its chains and sets. */
#include <limits.h>

#include "fields/hooks.h"
#include "text/text.h"

/* ---- names ---- */

static bool is_chain(const void *item, const void *key)
{
	return !strcmp(((const struct fwc_chain *)item)->name, key);
}

static bool is_set(const void *item, const void *key)
{
	return !strcmp(((const struct fwc_set *)item)->name, key);
}

static uint32_t hash_name(const char *name)
{
	return fwc_hash(name, strlen(name));
}

struct fwc_chain *fwc_table_find_chain(const struct fwc_table *t, const char *name)
{
	return fwc_index_find(&t->chain_lookup, hash_name(name), is_chain, name);
}

struct fwc_chain *fwc_table_find_block(const struct fwc_table *t, const char *name)
{
	return fwc_index_find(&t->block_lookup, hash_name(name), is_chain, name);
}

struct fwc_set *fwc_table_find_set(const struct fwc_table *t, const char *name)
{
	return fwc_index_find(&t->set_lookup, hash_name(name), is_set, name);
}

struct fwc_set *fwc_table_find_anonymous(const struct fwc_table *t, const char *name)
{
	return fwc_index_find(&t->anonymous_lookup, hash_name(name), is_set, name);
}

struct fwc_chain *fwc_table_chain_in(struct fwc_table *t, const char *name)
{
	struct fwc_chain *c = fwc_arena_alloc(&t->ruleset->arena, sizeof(*c));

	if (!c)
		return NULL;
	c->table = t;
	c->name = fwc_arena_strdup(&t->ruleset->arena, name);
	if (!c->name || fwc_vec_push(&t->chains, c) < 0 ||
	    fwc_index_add(&t->chain_lookup, hash_name(name), c) < 0)
		return NULL;
	return c;
}

struct fwc_chain *fwc_table_block_in(struct fwc_table *t, const char *name)
{
	struct fwc_chain *c = fwc_arena_alloc(&t->ruleset->arena, sizeof(*c));

	if (!c)
		return NULL;
	c->table = t;
	c->is_block = true;
	c->name = name ? fwc_arena_strdup(&t->ruleset->arena, name) : "{}";
	if (!c->name || fwc_vec_push(&t->blocks, c) < 0 ||
	    (name && fwc_index_add(&t->block_lookup, hash_name(name), c) < 0))
		return NULL;
	return c;
}

struct fwc_set *fwc_set_in(struct fwc_ruleset *rs)
{
	struct fwc_set *s = fwc_arena_alloc(&rs->arena, sizeof(*s));

	if (!s || fwc_vec_push(&rs->sets, s) < 0)
		return NULL;
	s->ruleset = rs;
	s->name = "";
	return s;
}

static struct fwc_set *add_set(struct fwc_table *t, const char *name, struct fwc_vec *to,
			       struct fwc_index *lookup)
{
	struct fwc_set *s = fwc_set_in(t->ruleset);

	if (!s)
		return NULL;
	s->name = fwc_arena_strdup(&t->ruleset->arena, name);
	s->table = t;
	s->index = (uint32_t)to->count;
	if (!s->name || fwc_vec_push(to, s) < 0 || fwc_index_add(lookup, hash_name(name), s) < 0)
		return NULL;
	return s;
}

struct fwc_set *fwc_table_set_in(struct fwc_table *t, const char *name)
{
	return add_set(t, name, &t->sets, &t->set_lookup);
}

struct fwc_set *fwc_table_anonymous_in(struct fwc_table *t, const char *name)
{
	struct fwc_set *s = add_set(t, name, &t->anonymous, &t->anonymous_lookup);

	if (s)
		s->anonymous = true;
	return s;
}

/* Nothing is taken out of an index: it is made again. */
int fwc_table_drop_set(struct fwc_table *t, struct fwc_set *s)
{
	size_t kept = 0;
	int r = 0;

	if (t->ruleset->loaded && s->handle)
		r = fwc_vec_push(&t->loaded_sets, s);
	fwc_index_free(&t->set_lookup);
	t->set_lookup = (struct fwc_index){ 0 };
	for (size_t i = 0; i < t->sets.count; i++) {
		struct fwc_set *other = t->sets.items[i];

		if (other == s)
			continue;
		other->index = (uint32_t)kept;
		t->sets.items[kept++] = other;
		if (r == 0)
			r = fwc_index_add(&t->set_lookup, hash_name(other->name), other);
	}
	t->sets.count = kept;
	return r;
}

/* ---- base chains ---- */

/* NF_IP_PRI_NAT_DST, NF_IP_PRI_NAT_SRC; nat chains must come after connection tracking. */
enum { PRIORITY_DSTNAT = -100, PRIORITY_SRCNAT = 100, PRIORITY_CONNTRACK = -200 };

/* NFT_NETDEVICE_MAX */
enum { DEVICES_MOST = 256 };

static int add_device(struct fwc_chain *c, const char *device, struct fwc_error *err)
{
	if (fwc_check_ifname(device, err) < 0)
		return -EINVAL;
	for (size_t i = 0; i < c->device_count; i++)
		if (!strcmp(c->devices[i], device))
			return fwc_fail(err, -EINVAL, FWC_OBJECT_CHAIN,
					"device '%.40s' is named twice", device);
	c->devices[c->device_count] = fwc_arena_strdup(&c->table->ruleset->arena, device);
	if (!c->devices[c->device_count])
		return fwc_fail_memory(err);
	c->device_count++;
	return 0;
}

static int set_devices(struct fwc_chain *c, const char *const *devices, struct fwc_error *err)
{
	size_t count = 0;
	int r = 0;

	while (devices && devices[count])
		count++;
	if (count && !fwc_hook_has_devices(c->hook))
		return fwc_fail(
			err, -EINVAL, FWC_OBJECT_CHAIN,
			"device '%.40s': only chains at hooks ingress and egress have a device",
			devices[0]);
	if (!count && fwc_hook_has_devices(c->hook))
		return fwc_fail(err, -EINVAL, FWC_OBJECT_CHAIN,
				"a chain at hook %s needs the name of a device",
				fwc_hook_name(c->hook));
	if (count > DEVICES_MOST)
		return fwc_fail(err, -EINVAL, FWC_OBJECT_CHAIN,
				"a chain is at most at %d devices, not %zu", DEVICES_MOST, count);
	if (!count)
		return 0;
	c->devices = fwc_arena_alloc(&c->table->ruleset->arena, count * sizeof(*c->devices));
	if (!c->devices)
		return fwc_fail_memory(err);
	for (size_t i = 0; i < count && r == 0; i++)
		r = add_device(c, devices[i], err);
	return r;
}

/* One of `device` and `devices`. */
static int take_devices(struct fwc_chain *c, const struct fwc_base_opts *base,
			struct fwc_error *err)
{
	const char *const one[] = { fwc_opts_get(base, device, NULL), NULL };
	const char *const *several = fwc_opts_get(base, devices, NULL);

	if (one[0] && several)
		return fwc_fail(err, -EINVAL, FWC_OBJECT_CHAIN,
				"a base chain has a device or devices, not both");
	return set_devices(c, several ? several : one, err);
}

static int set_priority(struct fwc_chain *c, const char *priority, struct fwc_error *err)
{
	int r = 0;

	if (priority)
		r = fwc_priority_parse(priority, c->table->family, c->hook, &c->priority, err);
	else if (c->type == FWC_CHAIN_NAT)
		c->priority = c->hook == FWC_HOOK_PREROUTING || c->hook == FWC_HOOK_OUTPUT
				      ? PRIORITY_DSTNAT
				      : PRIORITY_SRCNAT;
	else
		r = fwc_priority_parse("filter", c->table->family, c->hook, &c->priority, err);
	if (r == 0 && c->type == FWC_CHAIN_NAT && c->priority <= PRIORITY_CONNTRACK)
		return fwc_fail(
			err, -EINVAL, FWC_OBJECT_CHAIN,
			"priority %d of a nat chain: it must be above %d, where connection tracking is",
			c->priority, PRIORITY_CONNTRACK);
	return r;
}

static int make_base(struct fwc_chain *c, const struct fwc_base_opts *base, struct fwc_error *err)
{
	int r = fwc_opts_check(base, sizeof(*base), err);

	if (r < 0)
		return r;
	c->is_base = c->bound = true;
	c->type = fwc_opts_get(base, type, 0u);
	c->hook = fwc_opts_get(base, hook, (uint32_t)FWC_HOOK_PREROUTING);
	c->policy = fwc_opts_get(base, policy, 0u);
	if (!c->type)
		c->type = FWC_CHAIN_FILTER;
	if (!c->policy)
		c->policy = FWC_VERDICT_ACCEPT;
	if (c->policy != FWC_VERDICT_ACCEPT && c->policy != FWC_VERDICT_DROP)
		return fwc_fail(err, -EINVAL, FWC_OBJECT_CHAIN,
				"policy %u of a base chain is not accept (1) or drop (2)",
				c->policy);
	if (fwc_opts_get(base, reserved, 0u))
		return fwc_fail(err, -EINVAL, FWC_OBJECT_CHAIN,
				"the reserved field of a base chain's options is not 0");
	r = fwc_hook_check(c->table->family, c->hook, c->type, err);
	if (r == 0)
		r = take_devices(c, base, err);
	if (r == 0)
		r = set_priority(c, fwc_opts_get(base, priority, NULL), err);
	return r;
}

/* ---- chains ---- */

void fwc_chain_place(const struct fwc_chain *c, struct fwc_error *err)
{
	const char *family = fwc_family_name(c->table->family);

	if (!err)
		return;
	fwc_copy_name(err->table, sizeof(err->table), c->table->name);
	fwc_copy_name(err->chain, sizeof(err->chain), c->name);
	fwc_error_prepend(err, "table %s %s, chain %s", family ? family : "?", c->table->name,
			  c->name);
}

int fwc_chain_fail(struct fwc_chain *c, struct fwc_error *err)
{
	fwc_chain_place(c, err);
	return fwc_ruleset_fail(c->table->ruleset, err);
}

struct fwc_chain *fwc_table_add_chain(struct fwc_table *table, const char *name,
				      const struct fwc_base_opts *base)
{
	struct fwc_chain *c;
	struct fwc_error err;

	if (!table)
		return NULL;
	if (fwc_check_name("chain", name, &err) < 0) {
		fwc_table_fail(table, &err);
		return NULL;
	}
	if (fwc_table_find_chain(table, name)) {
		fwc_fail(&err, -EEXIST, FWC_OBJECT_CHAIN, "chain %s is declared already", name);
		fwc_table_fail(table, &err);
		return NULL;
	}
	c = fwc_table_chain_in(table, name);
	if (!c) {
		fwc_fail_memory(&err);
		fwc_table_fail(table, &err);
		return NULL;
	}
	if (base && make_base(c, base, &err) < 0) {
		fwc_chain_fail(c, &err);
		return NULL;
	}
	return c;
}

int fwc_chain_comment(struct fwc_chain *chain, const char *text)
{
	struct fwc_error err;

	if (!chain)
		return -EINVAL;
	if (fwc_label_set_comment(&chain->table->ruleset->arena, &chain->labels, text, &err) < 0)
		return fwc_chain_fail(chain, &err);
	return 0;
}

struct fwc_rule *fwc_rule_new_in(struct fwc_chain *c)
{
	struct fwc_rule *r = fwc_arena_alloc(&c->table->ruleset->arena, sizeof(*r));

	if (!r)
		return NULL;
	r->chain = c;
	r->tail = &r->items;
	return r;
}

struct fwc_rule *fwc_chain_rule_in(struct fwc_chain *c)
{
	struct fwc_rule *r = fwc_rule_new_in(c);

	if (!r || fwc_vec_push(&c->rules, r) < 0)
		return NULL;
	r->index = (uint32_t)(c->rules.count - 1) & INT_MAX;
	return r;
}

void fwc_chain_take_rules(struct fwc_chain *c, struct fwc_vec *rules)
{
	struct fwc_vec before = c->rules;

	c->rules = *rules;
	*rules = (struct fwc_vec){ 0 };
	for (size_t i = 0; i < c->rules.count; i++)
		((struct fwc_rule *)c->rules.items[i])->index = (uint32_t)i & INT_MAX;
	/* How it was when it was loaded, not what was made of it in between. */
	if (c->table->ruleset->loaded && !c->loaded_rules.count)
		c->loaded_rules = before;
	else
		*rules = before;
}

struct fwc_rule *fwc_chain_append(struct fwc_chain *chain)
{
	struct fwc_rule *r;
	struct fwc_error err;

	if (!chain)
		return NULL;
	r = fwc_chain_rule_in(chain);
	if (!r) {
		fwc_fail_memory(&err);
		fwc_chain_fail(chain, &err);
	}
	return r;
}

struct fwc_rule *fwc_chain_append_text(struct fwc_chain *chain, uint32_t syntax, const char *text)
{
	struct fwc_rule *r = fwc_chain_append(chain);
	struct fwc_error err;

	if (r && fwc_text_parse_rule_in(r, syntax, text, &err) < 0) {
		fwc_rule_fail(r, &err);
		return NULL;
	}
	return r;
}

/* Reading. */

const char *fwc_chain_name(const struct fwc_chain *chain)
{
	return chain ? chain->name : NULL;
}

uint64_t fwc_chain_handle(const struct fwc_chain *chain)
{
	return chain ? chain->handle : 0;
}

bool fwc_chain_is_base(const struct fwc_chain *chain)
{
	return chain && chain->is_base;
}

uint32_t fwc_chain_type(const struct fwc_chain *chain)
{
	return chain && chain->is_base ? chain->type : 0;
}

uint32_t fwc_chain_hook(const struct fwc_chain *chain)
{
	return chain && chain->is_base ? chain->hook : 0;
}

int32_t fwc_chain_priority(const struct fwc_chain *chain)
{
	return chain && chain->is_base ? chain->priority : 0;
}

uint32_t fwc_chain_policy(const struct fwc_chain *chain)
{
	return chain && chain->is_base ? chain->policy : 0;
}

const char *fwc_chain_device(const struct fwc_chain *chain)
{
	return fwc_chain_device_at(chain, 0);
}

const char *fwc_chain_device_at(const struct fwc_chain *chain, size_t i)
{
	return chain && i < chain->device_count ? chain->devices[i] : NULL;
}

const char *fwc_chain_comment_get(const struct fwc_chain *chain)
{
	return chain && chain->labels ? chain->labels->comment : NULL;
}

size_t fwc_chain_count(const struct fwc_chain *chain)
{
	return chain ? chain->rules.count : 0;
}

const struct fwc_rule *fwc_chain_at(const struct fwc_chain *chain, size_t i)
{
	return chain && i < chain->rules.count ? chain->rules.items[i] : NULL;
}
