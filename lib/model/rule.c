/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Rules as lists of items: adding what is bound already, labels, reading. */
#include <assert.h>

#include "model/model.h"

/* ---- items ---- */

/* Memory is precious: an item is allocated with what its kind uses of the union. */
static struct fwc_item *add_item(struct fwc_rule *r, uint32_t kind, size_t used)
{
	struct fwc_item *item = fwc_arena_alloc(&r->chain->table->ruleset->arena,
						offsetof(struct fwc_item, left) + used);

	if (!item)
		return NULL;
	item->kind = (uint8_t)kind;
	*r->tail = item;
	r->tail = &item->next;
	return item;
}

int fwc_rule_add_match(struct fwc_rule *r, const struct fwc_value *left, uint32_t op,
		       const struct fwc_value *right)
{
	struct fwc_item *item;

	assert(left && right);
	item = add_item(r, FWC_ITEM_MATCH, 2 * sizeof(left));
	if (!item)
		return -ENOMEM;
	item->op = (uint8_t)op;
	item->left = left;
	item->right = right;
	return 0;
}

int fwc_rule_add_bound_target(struct fwc_rule *r, const struct fwc_target *t)
{
	struct fwc_item *item;

	assert(t);
	item = add_item(r, FWC_ITEM_TARGET, sizeof(t));
	if (!item)
		return -ENOMEM;
	item->target = t;
	return 0;
}

int fwc_rule_add_opaque(struct fwc_rule *r, const void *bytes, size_t len)
{
	const void *copy = fwc_arena_copy(&r->chain->table->ruleset->arena, bytes, len);
	struct fwc_item *item = copy ? add_item(r, FWC_ITEM_OPAQUE, sizeof(copy)) : NULL;

	if (!item)
		return -ENOMEM;
	item->len = (uint32_t)len;
	item->bytes = copy;
	return 0;
}

int fwc_rule_add_extension(struct fwc_rule *r, const struct fwc_extension *e)
{
	struct fwc_arena *a = &r->chain->table->ruleset->arena;
	struct fwc_extension *copy = fwc_arena_copy(a, e, sizeof(*e));
	struct fwc_item *item = NULL;

	if (copy) {
		copy->name = fwc_arena_strdup(a, e->name);
		copy->info = fwc_arena_copy(a, e->info, e->len);
		if (copy->name && copy->info)
			item = add_item(r, FWC_ITEM_EXTENSION, sizeof(copy));
	}
	if (!item)
		return -ENOMEM;
	item->extension = copy;
	return 0;
}

void fwc_rule_truncate(struct fwc_rule *r)
{
	r->items = NULL;
	r->tail = &r->items;
}

/* To whoever reads it a loaded ruleset is a constant, which threads may share. */
static void decode(struct fwc_rule *r)
{
	struct fwc_ruleset *rs = r->chain->table->ruleset;
	struct fwc_error err;

	pthread_mutex_lock(&rs->first_look);
	if (!r->decoded) {
		if (rs->decode(r) < 0) {
			/* A rule without its matches must not be printed or written: that would accept everything. */
			fwc_rule_truncate(r);
			fwc_fail_memory(&err);
			fwc_rule_fail(r, &err);
		}
		__atomic_store_n(&r->decoded, true, __ATOMIC_RELEASE);
	}
	pthread_mutex_unlock(&rs->first_look);
}

const struct fwc_item *fwc_rule_items(const struct fwc_rule *rule)
{
	struct fwc_rule *r = (struct fwc_rule *)(uintptr_t)rule;

	if (r->raw && !__atomic_load_n(&r->decoded, __ATOMIC_ACQUIRE))
		decode(r);
	return r->items;
}

/* ---- failures ---- */

void fwc_rule_place(const struct fwc_rule *r, struct fwc_error *err)
{
	const struct fwc_table *t = r->chain->table;
	const char *family = fwc_family_name(t->family);

	if (!err)
		return;
	err->rule = r->index;
	err->handle = r->handle;
	fwc_copy_name(err->table, sizeof(err->table), t->name);
	fwc_copy_name(err->chain, sizeof(err->chain), r->chain->name);
	fwc_error_prepend(err, "table %s %s, chain %s, rule %u", family ? family : "?", t->name,
			  r->chain->name, r->index + 1u);
}

int fwc_rule_fail(struct fwc_rule *r, struct fwc_error *err)
{
	fwc_rule_place(r, err);
	return fwc_ruleset_fail(r->chain->table->ruleset, err);
}

/* ---- labels ---- */

int fwc_rule_comment(struct fwc_rule *rule, const char *text)
{
	struct fwc_error err;

	if (!rule)
		return -EINVAL;
	if (fwc_label_set_comment(&rule->chain->table->ruleset->arena, &rule->labels, text, &err) <
	    0)
		return fwc_rule_fail(rule, &err);
	return 0;
}

int fwc_rule_tag(struct fwc_rule *rule, const char *tag)
{
	struct fwc_error err;

	if (!rule)
		return -EINVAL;
	if (fwc_label_set_tag(&rule->chain->table->ruleset->arena, &rule->labels, tag, &err) < 0)
		return fwc_rule_fail(rule, &err);
	return 0;
}

/* ---- reading ---- */

uint64_t fwc_rule_handle(const struct fwc_rule *rule)
{
	return rule ? rule->handle : 0;
}

const char *fwc_rule_comment_get(const struct fwc_rule *rule)
{
	return rule && rule->labels ? rule->labels->comment : NULL;
}

const char *fwc_rule_tag_get(const struct fwc_rule *rule)
{
	return rule && rule->labels ? rule->labels->tag : NULL;
}

const char *fwc_rule_owner_get(const struct fwc_rule *rule)
{
	return rule && rule->labels ? rule->labels->owner : NULL;
}

bool fwc_rule_counter_get(const struct fwc_rule *rule, uint64_t *ret_packets, uint64_t *ret_bytes)
{
	const struct fwc_item *item = rule ? fwc_rule_items(rule) : NULL;
	uint64_t packets = 0, bytes = 0;

	while (item && (item->kind != FWC_ITEM_TARGET ||
			fwc_target_kind(item->target) != FWC_TARGET_COUNTER))
		item = item->next;
	if (!item)
		return false;
	fwc_target_get_number(item->target, FWC_COUNTER_PACKETS, &packets);
	fwc_target_get_number(item->target, FWC_COUNTER_BYTES, &bytes);
	if (ret_packets)
		*ret_packets = packets;
	if (ret_bytes)
		*ret_bytes = bytes;
	return true;
}

size_t fwc_rule_count(const struct fwc_rule *rule)
{
	const struct fwc_item *item = rule ? fwc_rule_items(rule) : NULL;
	size_t count = 0;

	for (; item; item = item->next)
		count++;
	return count;
}

const struct fwc_item *fwc_rule_at(const struct fwc_rule *rule, size_t i)
{
	const struct fwc_item *item = rule ? fwc_rule_items(rule) : NULL;

	while (item && i--)
		item = item->next;
	return item;
}

uint32_t fwc_item_kind(const struct fwc_item *item)
{
	return item ? item->kind : 0;
}

const struct fwc_value *fwc_item_left(const struct fwc_item *item)
{
	return item && item->kind == FWC_ITEM_MATCH ? item->left : NULL;
}

uint32_t fwc_item_op(const struct fwc_item *item)
{
	return item && item->kind == FWC_ITEM_MATCH ? item->op : 0;
}

const struct fwc_value *fwc_item_right(const struct fwc_item *item)
{
	return item && item->kind == FWC_ITEM_MATCH ? item->right : NULL;
}

const struct fwc_target *fwc_item_target(const struct fwc_item *item)
{
	return item && item->kind == FWC_ITEM_TARGET ? item->target : NULL;
}

const void *fwc_item_opaque(const struct fwc_item *item, size_t *ret_len)
{
	if (!item || item->kind != FWC_ITEM_OPAQUE)
		return NULL;
	if (ret_len)
		*ret_len = item->len;
	return item->bytes;
}

static const struct fwc_extension *extension_of(const struct fwc_item *item)
{
	return item && item->kind == FWC_ITEM_EXTENSION ? item->extension : NULL;
}

const char *fwc_item_extension_name(const struct fwc_item *item)
{
	return extension_of(item) ? item->extension->name : NULL;
}

bool fwc_item_extension_is_target(const struct fwc_item *item)
{
	return extension_of(item) && item->extension->is_target;
}

uint32_t fwc_item_extension_revision(const struct fwc_item *item)
{
	return extension_of(item) ? item->extension->revision : 0;
}

const void *fwc_item_extension_info(const struct fwc_item *item, size_t *ret_len)
{
	const struct fwc_extension *e = extension_of(item);

	if (e && ret_len)
		*ret_len = e->len;
	return e ? e->info : NULL;
}
