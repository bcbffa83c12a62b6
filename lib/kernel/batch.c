/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Collecting operations. They are carried out by commit.c. */
#include <fwcore/ruleset.h>
#include <fwcore/value.h>
#include <stdlib.h>

#include "kernel/batch.h"
#include "text/text.h"

/* ---- the batch ---- */

struct fwc_batch *fwc_batch_new(void)
{
	struct fwc_batch *batch = calloc(1, sizeof(*batch));

	if (!batch)
		return NULL;
	batch->rs = fwc_ruleset_new();
	if (!batch->rs) {
		free(batch);
		return NULL;
	}
	return batch;
}

static void empty(struct fwc_batch *batch)
{
	for (size_t i = 0; i < batch->values.count; i++)
		fwc_value_free(batch->values.items[i]);
	fwc_vec_free(&batch->values);
	fwc_vec_free(&batch->operations);
	fwc_vec_free(&batch->declared);
	fwc_ruleset_free(batch->rs);
	batch->rs = NULL;
}

void fwc_batch_free(struct fwc_batch *batch)
{
	if (!batch)
		return;
	empty(batch);
	free(batch);
}

void fwc_batch_clear(struct fwc_batch *batch)
{
	if (!batch)
		return;
	empty(batch);
	batch->rs = fwc_ruleset_new();
}

int fwc_batch_error(const struct fwc_batch *batch, struct fwc_error *err)
{
	if (!batch)
		return fwc_fail(err, -EINVAL, FWC_OBJECT_ARGUMENT, "there is no batch");
	return batch->rs ? fwc_ruleset_error(batch->rs, err) : fwc_fail_memory(err);
}

/* ---- failures ---- */

static int keep_failure(struct fwc_batch *batch, struct fwc_error *err)
{
	return fwc_ruleset_fail(batch->rs, err);
}

static int keep_no_memory(struct fwc_batch *batch)
{
	struct fwc_error err;

	fwc_fail_memory(&err);
	return keep_failure(batch, &err);
}

/* Whether the batch takes operations at all: 0, -EINVAL, -ENOMEM. */
static int usable(const struct fwc_batch *batch)
{
	return !batch ? -EINVAL : !batch->rs ? -ENOMEM : 0;
}

/* ---- names ---- */

static struct fwc_table *table_of(struct fwc_batch *batch, uint32_t family, const char *name)
{
	struct fwc_table *t = NULL;
	struct fwc_error err;

	if (!fwc_family_name(family)) {
		fwc_fail(&err, -EINVAL, FWC_OBJECT_ARGUMENT,
			 "family %u is not ip, ip6, inet, arp, bridge or netdev", family);
	} else if (fwc_check_name("table", name, &err) == 0) {
		t = fwc_ruleset_lookup_table(batch->rs, family, name);
		if (!t)
			t = fwc_ruleset_table_in(batch->rs, family, name);
		if (!t)
			fwc_fail_memory(&err);
	}
	if (!t)
		keep_failure(batch, &err);
	return t;
}

static struct fwc_chain *chain_of(struct fwc_batch *batch, const struct fwc_place *place)
{
	struct fwc_table *t = table_of(batch, place->family, place->table);
	struct fwc_chain *c;
	struct fwc_error err;

	if (!t)
		return NULL;
	if (fwc_check_name("chain", place->chain, &err) < 0) {
		keep_failure(batch, &err);
		return NULL;
	}
	c = fwc_table_find_chain(t, place->chain);
	if (!c)
		c = fwc_table_chain_in(t, place->chain);
	if (!c)
		keep_no_memory(batch);
	return c;
}

static struct fwc_operation *add_operation(struct fwc_batch *batch, uint32_t kind)
{
	struct fwc_operation *op = fwc_arena_alloc(&batch->rs->arena, sizeof(*op));

	if (!op || fwc_vec_push(&batch->operations, op) < 0) {
		keep_no_memory(batch);
		return NULL;
	}
	op->kind = (uint8_t)kind;
	return op;
}

/* ---- rules ---- */

static int check_place(struct fwc_batch *batch, const struct fwc_place *place, bool needs_handle)
{
	struct fwc_error err;

	if (!place)
		fwc_fail(&err, -EINVAL, FWC_OBJECT_ARGUMENT, "a place is needed");
	else if (place->where > FWC_AFTER)
		fwc_fail(&err, -EINVAL, FWC_OBJECT_ARGUMENT,
			 "%u is no place: it is one of enum fwc_where", place->where);
	else if (place->reserved[0] || place->reserved[1])
		fwc_fail(&err, -EINVAL, FWC_OBJECT_ARGUMENT, "a place's reserved fields are not 0");
	else if (needs_handle && !place->handle)
		fwc_fail(&err, -EINVAL, FWC_OBJECT_ARGUMENT,
			 "the handle of a rule is needed, and 0 is none");
	else
		return 0;
	return keep_failure(batch, &err);
}

/* An empty rule of that place and the operation that adds it. */
static struct fwc_rule *new_rule(struct fwc_batch *batch, const struct fwc_place *place,
				 uint32_t kind, uint32_t nft_place, bool needs_handle)
{
	struct fwc_operation *op;
	struct fwc_chain *c;
	struct fwc_rule *r;

	if (usable(batch) < 0 || check_place(batch, place, needs_handle) < 0)
		return NULL;
	c = chain_of(batch, place);
	r = c ? fwc_chain_append(c) : NULL;
	op = r ? add_operation(batch, kind) : NULL;
	if (!op)
		return NULL;
	op->rule = r;
	op->place = (uint8_t)nft_place;
	op->handle = needs_handle ? place->handle : 0;
	return r;
}

struct fwc_rule *fwc_batch_add_rule(struct fwc_batch *batch, const struct fwc_place *place)
{
	static const uint8_t places[] = {
		[FWC_LAST] = FWC_NFT_APPEND,
		[FWC_FIRST] = FWC_NFT_INSERT,
		[FWC_BEFORE] = FWC_NFT_INSERT,
		[FWC_AFTER] = FWC_NFT_AFTER,
	};
	uint32_t where = place && place->where <= FWC_AFTER ? place->where : FWC_LAST;

	return new_rule(batch, place, FWC_OPERATION_RULE, places[where],
			where == FWC_BEFORE || where == FWC_AFTER);
}

struct fwc_rule *fwc_batch_add_rule_text(struct fwc_batch *batch, const struct fwc_place *place,
					 uint32_t syntax, const char *text)
{
	struct fwc_rule *r = fwc_batch_add_rule(batch, place);
	struct fwc_error err;

	if (!r)
		return NULL;
	if (fwc_text_parse_rule_in(r, syntax, text, &err) == 0)
		return r;
	fwc_rule_fail(r, &err);
	return NULL;
}

struct fwc_rule *fwc_batch_replace_rule(struct fwc_batch *batch, const struct fwc_place *place)
{
	return new_rule(batch, place, FWC_OPERATION_RULE, FWC_NFT_REPLACE, true);
}

int fwc_batch_del_rule(struct fwc_batch *batch, const struct fwc_place *place)
{
	struct fwc_rule *r;

	if (usable(batch) < 0)
		return usable(batch);
	r = new_rule(batch, place, FWC_OPERATION_DEL_RULE, 0, true);
	if (!r)
		return fwc_ruleset_error(batch->rs, NULL);
	r->handle = place->handle;
	return 0;
}

int fwc_batch_del_tagged(struct fwc_batch *batch, uint32_t family, const char *table,
			 const char *tag)
{
	struct fwc_operation *op;
	struct fwc_table *t;
	struct fwc_error err;
	int r = usable(batch);

	if (r < 0)
		return r;
	t = table_of(batch, family, table);
	if (!t)
		return fwc_ruleset_error(batch->rs, NULL);
	if (!tag || !*tag) {
		fwc_fail(&err, -EINVAL, FWC_OBJECT_ARGUMENT, "a tag is needed");
		return keep_failure(batch, &err);
	}
	op = add_operation(batch, FWC_OPERATION_DEL_TAGGED);
	if (!op)
		return -ENOMEM;
	op->table = t;
	op->tag = fwc_arena_strdup(&batch->rs->arena, tag);
	return op->tag ? 0 : keep_no_memory(batch);
}

/* ---- elements ---- */

/* A text that may be absent, into the arena. False when out of memory. */
static bool copy_text(struct fwc_batch *batch, const char *text, const char **ret)
{
	*ret = text ? fwc_arena_strdup(&batch->rs->arena, text) : NULL;
	return !text || *ret;
}

static bool copy_value(struct fwc_batch *batch, const struct fwc_value *v,
		       const struct fwc_value **ret)
{
	struct fwc_value *copy = v ? fwc_value_copy(v) : NULL;

	*ret = copy;
	if (!copy)
		return !v;
	if (fwc_vec_push(&batch->values, copy) == 0)
		return true;
	fwc_value_free(copy);
	return false;
}

/* Operations on one set mostly come together, and share its name. NULL when out of memory. */
static const char *set_name(struct fwc_batch *batch, const char *name)
{
	const struct fwc_operation *last =
		batch->operations.count ? batch->operations.items[batch->operations.count - 1]
					: NULL;

	return last && last->set && !strcmp(last->set, name)
		       ? last->set
		       : fwc_arena_strdup(&batch->rs->arena, name);
}

static struct fwc_operation *element_operation(struct fwc_batch *batch, uint32_t kind,
					       uint32_t family, const char *table, const char *set)
{
	struct fwc_table *t = table_of(batch, family, table);
	struct fwc_operation *op;
	struct fwc_error err;

	if (!t)
		return NULL;
	if (fwc_check_name("set", set, &err) < 0) {
		keep_failure(batch, &err);
		return NULL;
	}
	set = set_name(batch, set);
	if (!set) {
		keep_no_memory(batch);
		return NULL;
	}
	op = add_operation(batch, kind);
	if (!op)
		return NULL;
	op->table = t;
	op->set = set;
	return op;
}

static int set_key(struct fwc_batch *batch, struct fwc_operation *op, const char *key,
		   const struct fwc_value *value)
{
	struct fwc_error err;

	if (!key && !value) {
		fwc_fail(&err, -EINVAL, FWC_OBJECT_ARGUMENT, "the element's key is missing");
		return keep_failure(batch, &err);
	}
	if (!copy_text(batch, key, &op->key) || !copy_value(batch, value, &op->key_value))
		return keep_no_memory(batch);
	return 0;
}

static int set_details(struct fwc_batch *batch, struct fwc_operation *op, uint32_t flags,
		       const struct fwc_element_opts *opts)
{
	const struct fwc_target *targets[2];
	struct fwc_error err;

	if (flags & ~(uint32_t)FWC_ELEMENT_EXCLUSIVE) {
		fwc_fail(&err, -EINVAL, FWC_OBJECT_ARGUMENT,
			 "0x%x holds a flag that is none of fwc_element_flags", flags);
		return keep_failure(batch, &err);
	}
	if (fwc_opts_check(opts, sizeof(*opts), &err) < 0)
		return keep_failure(batch, &err);
	targets[0] = fwc_opts_get(opts, target, NULL);
	targets[1] = fwc_opts_get(opts, target_2, NULL);
	for (size_t i = 0; i < FWC_ARRAY_SIZE(targets); i++)
		if (targets[i] && fwc_stateful_add(batch->rs, &op->stateful, targets[i], &err) < 0)
			return keep_failure(batch, &err);
	op->exclusive = flags & FWC_ELEMENT_EXCLUSIVE;
	op->timeout_ms = fwc_opts_get(opts, timeout_ms, 0u);
	if (!copy_text(batch, fwc_opts_get(opts, comment, NULL), &op->comment) ||
	    !copy_text(batch, fwc_opts_get(opts, tag, NULL), &op->tag))
		return keep_no_memory(batch);
	return 0;
}

/* Key and data are in words or values; the others are NULL. */
static int add_element(struct fwc_batch *batch, uint32_t family, const char *table, const char *set,
		       const char *key, const struct fwc_value *key_value, const char *data,
		       const struct fwc_value *data_value, uint32_t flags,
		       const struct fwc_element_opts *opts)
{
	struct fwc_operation *op;
	int r = usable(batch);

	if (r < 0)
		return r;
	op = element_operation(batch, FWC_OPERATION_ADD_ELEMENT, family, table, set);
	if (!op)
		return fwc_ruleset_error(batch->rs, NULL);
	r = set_key(batch, op, key, key_value);
	if (r == 0 &&
	    (!copy_text(batch, data, &op->data) || !copy_value(batch, data_value, &op->data_value)))
		r = keep_no_memory(batch);
	return r < 0 ? r : set_details(batch, op, flags, opts);
}

int fwc_batch_add_element(struct fwc_batch *batch, uint32_t family, const char *table,
			  const char *set, const char *key, const char *data, uint32_t flags,
			  const struct fwc_element_opts *opts)
{
	return add_element(batch, family, table, set, key, NULL, data, NULL, flags, opts);
}

int fwc_batch_add_element_value(struct fwc_batch *batch, uint32_t family, const char *table,
				const char *set, const struct fwc_value *key,
				const struct fwc_value *data, uint32_t flags,
				const struct fwc_element_opts *opts)
{
	return add_element(batch, family, table, set, NULL, key, NULL, data, flags, opts);
}

static int del_element(struct fwc_batch *batch, uint32_t family, const char *table, const char *set,
		       const char *key, const struct fwc_value *value)
{
	struct fwc_operation *op;
	int r = usable(batch);

	if (r < 0)
		return r;
	op = element_operation(batch, FWC_OPERATION_DEL_ELEMENT, family, table, set);
	return op ? set_key(batch, op, key, value) : fwc_ruleset_error(batch->rs, NULL);
}

int fwc_batch_del_element(struct fwc_batch *batch, uint32_t family, const char *table,
			  const char *set, const char *key)
{
	return del_element(batch, family, table, set, key, NULL);
}

int fwc_batch_del_element_value(struct fwc_batch *batch, uint32_t family, const char *table,
				const char *set, const struct fwc_value *key)
{
	return del_element(batch, family, table, set, NULL, key);
}

/* ---- declarations ---- */

int fwc_batch_declare(struct fwc_batch *batch, const struct fwc_ruleset *ruleset)
{
	struct fwc_error err;
	int r = usable(batch);

	if (r < 0)
		return r;
	if (!ruleset) {
		fwc_fail(&err, -EINVAL, FWC_OBJECT_ARGUMENT, "there is no ruleset");
		return keep_failure(batch, &err);
	}
	return fwc_vec_push(&batch->declared, (void *)(uintptr_t)ruleset) < 0
		       ? keep_no_memory(batch)
		       : 0;
}
