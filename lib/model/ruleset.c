/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Rulesets and their tables: what everything else is borrowed from. */
#include <assert.h>
#include <stdlib.h>

#include "model/model.h"

struct fwc_ruleset *fwc_ruleset_new(void)
{
	struct fwc_ruleset *rs = calloc(1, sizeof(*rs));

	if (rs)
		pthread_mutex_init(&rs->first_look, NULL); /* of the default kind it cannot fail */
	return rs;
}

static void free_table(struct fwc_table *t)
{
	for (size_t i = 0; i < t->chains.count; i++) {
		struct fwc_chain *c = t->chains.items[i];

		fwc_vec_free(&c->rules);
		fwc_vec_free(&c->loaded_rules);
	}
	for (size_t i = 0; i < t->blocks.count; i++)
		fwc_vec_free(&((struct fwc_chain *)t->blocks.items[i])->rules);
	fwc_vec_free(&t->chains);
	fwc_vec_free(&t->blocks);
	fwc_vec_free(&t->loaded_sets);
	fwc_vec_free(&t->sets);
	fwc_vec_free(&t->anonymous);
	fwc_vec_free(&t->objects);
	fwc_index_free(&t->chain_lookup);
	fwc_index_free(&t->block_lookup);
	fwc_index_free(&t->set_lookup);
	fwc_index_free(&t->anonymous_lookup);
	fwc_index_free(&t->object_lookup);
}

struct fwc_ruleset *fwc_ruleset_hold(struct fwc_ruleset *ruleset)
{
	__atomic_fetch_add(&ruleset->holders, 1, __ATOMIC_RELAXED);
	return ruleset;
}

void fwc_ruleset_free(struct fwc_ruleset *ruleset)
{
	if (!ruleset || __atomic_fetch_sub(&ruleset->holders, 1, __ATOMIC_ACQ_REL) > 0)
		return;
	for (size_t i = 0; i < ruleset->tables.count; i++)
		free_table(ruleset->tables.items[i]);
	for (size_t i = 0; i < ruleset->sets.count; i++) {
		struct fwc_set *s = ruleset->sets.items[i];

		fwc_vec_free(&s->elements);
		fwc_numbers_free(&s->lookup);
	}
	fwc_vec_free(&ruleset->tables);
	fwc_vec_free(&ruleset->sets);
	fwc_index_free(&ruleset->table_lookup);
	fwc_arena_free(&ruleset->arena);
	pthread_mutex_destroy(&ruleset->first_look);
	free(ruleset);
}

const struct fwc_error *fwc_ruleset_failure(const struct fwc_ruleset *rs)
{
	return __atomic_load_n(&rs->failure, __ATOMIC_ACQUIRE);
}

void fwc_ruleset_forgive(struct fwc_ruleset *rs)
{
	rs->failure = NULL;
}

int fwc_ruleset_error(const struct fwc_ruleset *ruleset, struct fwc_error *err)
{
	const struct fwc_error *failure;

	if (!ruleset)
		return fwc_fail(err, -EINVAL, FWC_OBJECT_ARGUMENT, "a ruleset is needed");
	failure = fwc_ruleset_failure(ruleset);
	if (!failure) {
		fwc_error_clear(err);
		return 0;
	}
	if (err)
		*err = *failure;
	return failure->code;
}

int fwc_ruleset_fail(struct fwc_ruleset *rs, const struct fwc_error *err)
{
	assert(err->code < 0);
	if (!rs->failure) {
		rs->first_failure = *err;
		__atomic_store_n(&rs->failure, &rs->first_failure, __ATOMIC_RELEASE);
	}
	return err->code;
}

/* Tables. */

struct table_key {
	uint32_t family;
	const char *name;
};

static uint32_t hash_table(uint32_t family, const char *name)
{
	return fwc_hash(name, strlen(name)) + family;
}

static bool is_table(const void *item, const void *key)
{
	const struct fwc_table *t = item;
	const struct table_key *k = key;

	return t->family == k->family && !strcmp(t->name, k->name);
}

struct fwc_table *fwc_ruleset_lookup_table(const struct fwc_ruleset *rs, uint32_t family,
					   const char *name)
{
	struct table_key key = { family, name };

	return fwc_index_find(&rs->table_lookup, hash_table(family, name), is_table, &key);
}

struct fwc_table *fwc_ruleset_table_in(struct fwc_ruleset *rs, uint32_t family, const char *name)
{
	struct fwc_table *t = fwc_arena_alloc(&rs->arena, sizeof(*t));

	if (!t)
		return NULL;
	t->ruleset = rs;
	t->family = family;
	t->name = fwc_arena_strdup(&rs->arena, name);
	if (!t->name || fwc_vec_push(&rs->tables, t) < 0 ||
	    fwc_index_add(&rs->table_lookup, hash_table(family, name), t) < 0)
		return NULL;
	return t;
}

void fwc_table_place(const struct fwc_table *t, struct fwc_error *err)
{
	const char *family = fwc_family_name(t->family);

	if (!err)
		return;
	fwc_copy_name(err->table, sizeof(err->table), t->name);
	fwc_error_prepend(err, "table %s %s", family ? family : "?", t->name);
}

int fwc_table_fail(struct fwc_table *t, struct fwc_error *err)
{
	fwc_table_place(t, err);
	return fwc_ruleset_fail(t->ruleset, err);
}

enum { TABLE_FLAGS = FWC_TABLE_SHARED | FWC_TABLE_DORMANT | FWC_TABLE_OWNER | FWC_TABLE_PERSIST };

/* Checks a declaration of a table and makes it. */
static struct fwc_table *declare_table(struct fwc_ruleset *rs, uint32_t family, const char *name,
				       struct fwc_error *err)
{
	struct fwc_table *t;

	if (fwc_check_name("table", name, err) < 0)
		return NULL;
	t = fwc_ruleset_lookup_table(rs, family, name);
	if (t) {
		fwc_fail(err, -EEXIST, FWC_OBJECT_TABLE, "table %s %s is declared %s already",
			 fwc_family_name(family), name, t->absent ? "absent" : "here");
		return NULL;
	}
	t = fwc_ruleset_table_in(rs, family, name);
	if (!t)
		fwc_fail_memory(err);
	return t;
}

struct fwc_table *fwc_ruleset_add_table(struct fwc_ruleset *ruleset, uint32_t family,
					const char *name, uint32_t flags)
{
	struct fwc_table *t = NULL;
	struct fwc_error err;

	if (!ruleset)
		return NULL;
	if (!fwc_family_name(family))
		fwc_fail(&err, -EINVAL, FWC_OBJECT_TABLE,
			 "family %u is not ip, ip6, inet, arp, bridge or netdev", family);
	else if (flags & ~(uint32_t)TABLE_FLAGS)
		fwc_fail(
			&err, -EINVAL, FWC_OBJECT_TABLE,
			"flags 0x%x of a table: SHARED (1), DORMANT (2), OWNER (4) and PERSIST (8) are known",
			flags);
	else if (flags & FWC_TABLE_PERSIST && !(flags & FWC_TABLE_OWNER))
		fwc_fail(&err, -EINVAL, FWC_OBJECT_TABLE,
			 "the flag PERSIST of a table goes with OWNER: others stay anyway");
	else if (flags & FWC_TABLE_SHARED && flags & FWC_TABLE_OWNER)
		fwc_fail(&err, -EINVAL, FWC_OBJECT_TABLE,
			 "a table is SHARED or has an OWNER, not both");
	else
		t = declare_table(ruleset, family, name, &err);
	if (!t) {
		fwc_ruleset_fail(ruleset, &err);
		return NULL;
	}
	t->flags = flags;
	return t;
}

int fwc_ruleset_absent_table(struct fwc_ruleset *ruleset, uint32_t family, const char *name)
{
	struct fwc_table *t = NULL;
	struct fwc_error err;

	if (!ruleset)
		return -EINVAL;
	if (!fwc_family_name(family))
		fwc_fail(&err, -EINVAL, FWC_OBJECT_TABLE, "family %u is unknown", family);
	else
		t = declare_table(ruleset, family, name, &err);
	if (!t)
		return fwc_ruleset_fail(ruleset, &err);
	t->absent = true;
	return 0;
}

int fwc_table_comment(struct fwc_table *table, const char *text)
{
	struct fwc_error err;

	if (!table)
		return -EINVAL;
	if (fwc_label_set_comment(&table->ruleset->arena, &table->labels, text, &err) < 0)
		return fwc_table_fail(table, &err);
	return 0;
}

/* Reading. */

size_t fwc_ruleset_count(const struct fwc_ruleset *ruleset)
{
	size_t count = 0;

	for (size_t i = 0; ruleset && i < ruleset->tables.count; i++)
		count += !((struct fwc_table *)ruleset->tables.items[i])->absent;
	return count;
}

struct fwc_table *fwc_ruleset_at(struct fwc_ruleset *ruleset, size_t i)
{
	for (size_t n = 0; ruleset && n < ruleset->tables.count; n++) {
		struct fwc_table *t = ruleset->tables.items[n];

		if (!t->absent && i-- == 0)
			return t;
	}
	return NULL;
}

struct fwc_table *fwc_ruleset_find_table(struct fwc_ruleset *ruleset, uint32_t family,
					 const char *name)
{
	struct fwc_table *t;

	if (!ruleset || !name)
		return NULL;
	t = fwc_ruleset_lookup_table(ruleset, family, name);
	return t && !t->absent ? t : NULL;
}

struct fwc_chain *fwc_ruleset_find_chain(struct fwc_ruleset *ruleset, uint32_t family,
					 const char *table, const char *chain)
{
	struct fwc_table *t = fwc_ruleset_find_table(ruleset, family, table);

	return t && chain ? fwc_table_find_chain(t, chain) : NULL;
}

struct fwc_set *fwc_ruleset_find_set(struct fwc_ruleset *ruleset, uint32_t family,
				     const char *table, const char *set)
{
	struct fwc_table *t = fwc_ruleset_find_table(ruleset, family, table);

	return t && set ? fwc_table_find_set(t, set) : NULL;
}

const char *fwc_table_name(const struct fwc_table *table)
{
	return table ? table->name : NULL;
}

uint32_t fwc_table_family(const struct fwc_table *table)
{
	return table ? table->family : 0;
}

uint32_t fwc_table_flags(const struct fwc_table *table)
{
	return table ? table->flags : 0;
}

uint64_t fwc_table_handle(const struct fwc_table *table)
{
	return table ? table->handle : 0;
}

const char *fwc_table_comment_get(const struct fwc_table *table)
{
	return table && table->labels ? table->labels->comment : NULL;
}

bool fwc_table_is_iptables(const struct fwc_table *table)
{
	return table && table->is_iptables;
}

size_t fwc_table_chain_count(const struct fwc_table *table)
{
	return table ? table->chains.count : 0;
}

struct fwc_chain *fwc_table_chain_at(struct fwc_table *table, size_t i)
{
	return table && i < table->chains.count ? table->chains.items[i] : NULL;
}

size_t fwc_table_set_count(const struct fwc_table *table)
{
	return table ? table->sets.count : 0;
}

struct fwc_set *fwc_table_set_at(struct fwc_table *table, size_t i)
{
	return table && i < table->sets.count ? table->sets.items[i] : NULL;
}
