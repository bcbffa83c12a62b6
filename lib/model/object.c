/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Named objects of a table: counters, quotas, limits and the like that several rules share. */
#include "fields/objects.h"
#include "model/bind_target.h"

struct object_key {
	uint32_t type;
	const char *name;
};

static bool is_object(const void *item, const void *key)
{
	const struct fwc_named *o = item;
	const struct object_key *k = key;

	return o->type == k->type && !strcmp(o->name, k->name);
}

static uint32_t hash_object(uint32_t type, const char *name)
{
	return fwc_hash(name, strlen(name)) + type;
}

struct fwc_named *fwc_table_find_object(const struct fwc_table *t, uint32_t type, const char *name)
{
	struct object_key key = { type, name };

	return fwc_index_find(&t->object_lookup, hash_object(type, name), is_object, &key);
}

struct fwc_named *fwc_table_object_in(struct fwc_table *t, uint32_t type, const char *name)
{
	struct fwc_named *o = fwc_arena_alloc(&t->ruleset->arena, sizeof(*o));

	if (!o)
		return NULL;
	o->table = t;
	o->type = type;
	o->name = fwc_arena_strdup(&t->ruleset->arena, name);
	if (!o->name || fwc_vec_push(&t->objects, o) < 0 ||
	    fwc_index_add(&t->object_lookup, hash_object(type, name), o) < 0)
		return NULL;
	return o;
}

/* What the kernel calls an object that does what this kind of target does; 0: none does. */
static const struct {
	uint32_t kind, type;
} kinds[] = {
	{ FWC_TARGET_COUNTER, FWC_OBJECT_TYPE_COUNTER },
	{ FWC_TARGET_QUOTA, FWC_OBJECT_TYPE_QUOTA },
	{ FWC_TARGET_LIMIT, FWC_OBJECT_TYPE_LIMIT },
	{ FWC_TARGET_SYNPROXY, FWC_OBJECT_TYPE_SYNPROXY },
	{ FWC_TARGET_CT_HELPER, FWC_OBJECT_TYPE_CT_HELPER },
	{ FWC_TARGET_CT_EXPECTATION, FWC_OBJECT_TYPE_CT_EXPECTATION },
	{ FWC_TARGET_SECMARK, FWC_OBJECT_TYPE_SECMARK },
	{ FWC_TARGET_CT_TIMEOUT, FWC_OBJECT_TYPE_CT_TIMEOUT },
	{ FWC_TARGET_FLOWTABLE, FWC_OBJECT_TYPE_FLOWTABLE },
};

uint32_t fwc_object_type_of(uint32_t kind)
{
	for (size_t i = 0; i < FWC_ARRAY_SIZE(kinds); i++)
		if (kinds[i].kind == kind)
			return kinds[i].type;
	return 0;
}

uint32_t fwc_object_kind_of(uint32_t type)
{
	for (size_t i = 0; i < FWC_ARRAY_SIZE(kinds); i++)
		if (kinds[i].type == type)
			return kinds[i].kind;
	return 0;
}

int fwc_table_declare_object(struct fwc_table *t, const char *name, const struct fwc_target *what,
			     struct fwc_named **ret, struct fwc_error *err)
{
	uint32_t type = what ? fwc_object_type_of(what->type->kind) : 0;
	struct fwc_adding a = {
		.in = what,
		.binder = { .ruleset = t->ruleset, .table = t, .err = err },
		.protocols = { .family = t->family, .l4 = -1 },
		.err = err,
	};
	int r = fwc_check_name("object", name, err);

	if (r < 0)
		return r;
	if (!type)
		return fwc_fail(err, -EINVAL, FWC_OBJECT_ARGUMENT,
				"%s is nothing that has a name of its own",
				what ? what->type->name : "NULL");
	if (fwc_table_find_object(t, type, name))
		return fwc_fail(err, -EEXIST, FWC_OBJECT_TABLE, "%s %s is declared already",
				fwc_object_word(type), name);
	a.out = fwc_target_in(&t->ruleset->arena, what->type->kind);
	if (!a.out)
		return fwc_fail_memory(err);
	r = fwc_adding_take(&a);
	if (r < 0)
		return r;
	*ret = fwc_table_object_in(t, type, name);
	if (!*ret)
		return fwc_fail_memory(err);
	(*ret)->what = a.out;
	return 0;
}

int fwc_table_add_object(struct fwc_table *table, const char *name, const struct fwc_target *what)
{
	struct fwc_named *o;
	struct fwc_error err;

	if (!table)
		return -EINVAL;
	if (fwc_table_declare_object(table, name, what, &o, &err) < 0)
		return fwc_table_fail(table, &err);
	return 0;
}

/* ---- reading ---- */

size_t fwc_table_object_count(const struct fwc_table *table)
{
	return table ? table->objects.count : 0;
}

static const struct fwc_named *at(const struct fwc_table *table, size_t i)
{
	return table && i < table->objects.count ? table->objects.items[i] : NULL;
}

const char *fwc_table_object_name(const struct fwc_table *table, size_t i)
{
	return at(table, i) ? at(table, i)->name : NULL;
}

uint32_t fwc_table_object_type(const struct fwc_table *table, size_t i)
{
	return at(table, i) ? at(table, i)->type : 0;
}

const struct fwc_target *fwc_table_object_at(const struct fwc_table *table, size_t i)
{
	return at(table, i) ? at(table, i)->what : NULL;
}
