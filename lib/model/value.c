/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Nodes of values: how they are allocated, made and bound. */
#include <assert.h>
#include <pthread.h>
#include <stdlib.h>

#include "model/value.h"

/* ---- memory ---- */

size_t fwc_value_size(uint32_t kind, size_t bytes_len)
{
	size_t head = offsetof(struct fwc_value, bytes);

	if (kind == FWC_VALUE_CONSTANT || kind == FWC_VALUE_PREFIX)
		return head + bytes_len;
	if (kind == FWC_VALUE_BITS)
		return sizeof(struct fwc_value);
	/* A pointer, then what it points to, or a number, which is larger with 32 bits. */
	return head + sizeof(uint64_t) + bytes_len;
}

struct fwc_value *fwc_value_alloc(struct fwc_arena *a, uint32_t kind, size_t bytes_len)
{
	size_t size = fwc_value_size(kind, bytes_len);
	struct fwc_value *v = a ? fwc_arena_alloc(a, size) : calloc(1, size);

	if (v)
		v->kind = (uint8_t)kind;
	return v;
}

void *fwc_value_trailer(struct fwc_value *v)
{
	return (uint8_t *)v + fwc_value_size(v->kind, 0);
}

struct fwc_value *fwc_value_alloc_children(struct fwc_arena *a, uint32_t kind, size_t count)
{
	struct fwc_value *v;

	if (count > 2 * (size_t)FWC_MAX_LIST)
		return NULL;
	v = fwc_value_alloc(a, kind, count * sizeof(*v->child));
	if (!v)
		return NULL;
	v->len = (uint32_t)count;
	v->child = fwc_value_trailer(v);
	return v;
}

struct fwc_value *fwc_value_alloc_name(struct fwc_arena *a, uint32_t kind, const char *name)
{
	size_t size = strlen(name) + 1;
	struct fwc_value *v = fwc_value_alloc(a, kind, size);

	if (!v)
		return NULL;
	v->name = memcpy(fwc_value_trailer(v), name, size);
	return v;
}

/* ---- bound values, in an arena ---- */

enum { FIELDS_MOST = 512 };

/* Filled once, then only read: one node for each row of the table of fields, so that rules need none of their own. */
static struct fwc_value field_values[FIELDS_MOST];
static pthread_once_t field_values_once = PTHREAD_ONCE_INIT;

static void fill_field_values(void)
{
	assert(fwc_fields_count <= FIELDS_MOST);
	for (size_t i = 0; i < fwc_fields_count; i++) {
		field_values[i].kind = FWC_VALUE_FIELD;
		field_values[i].type = fwc_fields[i].type;
		field_values[i].field = &fwc_fields[i];
	}
}

const struct fwc_value *fwc_value_of_field(const struct fwc_field_row *f)
{
	pthread_once(&field_values_once, fill_field_values);
	return &field_values[f - fwc_fields];
}

struct fwc_value *fwc_value_made(struct fwc_arena *a, const struct fwc_field_row *f)
{
	size_t name = strlen(f->name) + 1;
	struct fwc_value *v = fwc_value_alloc(a, FWC_VALUE_FIELD, sizeof(*f) + name);
	struct fwc_field_row *row;

	if (!v)
		return NULL;
	row = fwc_value_trailer(v);
	*row = *f;
	row->name = memcpy(row + 1, f->name, name);
	v->type = f->type;
	v->field = row;
	return v;
}

const struct fwc_value *fwc_value_in(struct fwc_arena *a, const struct fwc_field_row *f)
{
	return f->made ? fwc_value_made(a, f) : fwc_value_of_field(f);
}

const struct fwc_value *fwc_value_catch_all(void)
{
	static const struct fwc_value any = { .kind = FWC_VALUE_ANY };

	return &any;
}

const struct fwc_value *fwc_value_constant(struct fwc_arena *a, const struct fwc_type *t,
					   const uint8_t *bytes)
{
	return fwc_value_prefix_of(a, t, bytes, t->len * 8u);
}

const struct fwc_value *fwc_value_prefix_of(struct fwc_arena *a, const struct fwc_type *t,
					    const uint8_t *bytes, uint32_t bits)
{
	uint32_t kind = bits == t->len * 8u ? FWC_VALUE_CONSTANT : FWC_VALUE_PREFIX;
	struct fwc_value *v = fwc_value_alloc(a, kind, t->len);

	assert(bits <= t->len * 8u && t->len <= sizeof(v->bytes));
	if (!v)
		return NULL;
	v->type = t;
	v->len = t->len;
	memcpy(v->bytes, bytes, t->len);
	if (kind == FWC_VALUE_PREFIX) {
		v->bits = (uint16_t)bits;
		fwc_mask_bits(v->bytes, t->len, bits);
	}
	return v;
}

const struct fwc_value *fwc_value_make_range(struct fwc_arena *a, const struct fwc_value *first,
					     const struct fwc_value *last)
{
	struct fwc_value *v;

	if (!first || !last)
		return NULL;
	v = fwc_value_alloc_children(a, FWC_VALUE_RANGE, 2);
	if (!v)
		return NULL;
	v->type = first->type;
	v->child[0] = first;
	v->child[1] = last;
	return v;
}

const struct fwc_value *fwc_value_make_concat(struct fwc_arena *a, const struct fwc_value **parts,
					      size_t count)
{
	struct fwc_value *v = fwc_value_alloc_children(a, FWC_VALUE_CONCAT, count);

	if (!v)
		return NULL;
	for (size_t i = 0; i < count; i++) {
		if (!parts[i])
			return NULL;
		v->child[i] = parts[i];
	}
	return v;
}

const struct fwc_value *fwc_value_make_bits(struct fwc_arena *a, const struct fwc_value *of,
					    uint32_t op, uint64_t mask)
{
	struct fwc_value *v = of ? fwc_value_alloc(a, FWC_VALUE_BITS, 0) : NULL;

	if (!v)
		return NULL;
	v->op = (uint8_t)op;
	v->type = of->type;
	v->of = of;
	v->mask = mask;
	return v;
}

const struct fwc_value *fwc_value_make_set(struct fwc_arena *a, const char *name)
{
	return fwc_value_alloc_name(a, FWC_VALUE_SET, name);
}

const struct fwc_value *fwc_value_make_list(struct fwc_arena *a, struct fwc_set *anonymous)
{
	struct fwc_value *v = fwc_value_alloc(a, FWC_VALUE_LIST, 0);

	if (v)
		v->list = anonymous;
	return v;
}

const struct fwc_value *fwc_value_make_map(struct fwc_arena *a, const struct fwc_value *key,
					   const struct fwc_value *set)
{
	struct fwc_value *v = key && set ? fwc_value_alloc_children(a, FWC_VALUE_MAP, 2) : NULL;

	if (!v)
		return NULL;
	v->child[0] = key;
	v->child[1] = set;
	return v;
}

const struct fwc_value *fwc_value_make_pair(struct fwc_arena *a, uint32_t kind, uint32_t op,
					    const struct fwc_value *first,
					    const struct fwc_value *second)
{
	struct fwc_value *v = first && second ? fwc_value_alloc_children(a, kind, 2) : NULL;

	if (!v)
		return NULL;
	v->op = (uint8_t)op;
	v->type = kind == FWC_VALUE_HASH ? second->type : first->type;
	v->child[0] = first;
	v->child[1] = second;
	return v;
}

const struct fwc_value *fwc_value_make_verdict(struct fwc_arena *a, uint32_t verdict,
					       const char *chain)
{
	struct fwc_value *v = chain ? fwc_value_alloc_name(a, FWC_VALUE_VERDICT, chain)
				    : fwc_value_alloc(a, FWC_VALUE_VERDICT, 0);

	if (v)
		v->op = (uint8_t)verdict;
	return v;
}

const struct fwc_value *fwc_value_make_object(struct fwc_arena *a, const struct fwc_type *t,
					      const char *name)
{
	struct fwc_value *v = fwc_value_alloc_name(a, FWC_VALUE_OBJECT, name);

	if (v)
		v->type = t;
	return v;
}

size_t fwc_value_item_count(const struct fwc_value *v)
{
	if (!v)
		return 0;
	return v->kind == FWC_VALUE_LIST ? v->list->elements.count : 1;
}

const struct fwc_value *fwc_value_item(const struct fwc_value *v, size_t i)
{
	const struct fwc_element *e;

	if (v->kind != FWC_VALUE_LIST)
		return v;
	e = v->list->elements.items[i];
	return e->key;
}

size_t fwc_value_types(const struct fwc_value *v, const struct fwc_type *types[FWC_MAX_CONCAT])
{
	size_t count = 0;

	switch (v->kind) {
	case FWC_VALUE_FIELD:
	case FWC_VALUE_CONSTANT:
	case FWC_VALUE_PREFIX:
	case FWC_VALUE_RANGE:
	case FWC_VALUE_BITS:
	case FWC_VALUE_JOIN:
	case FWC_VALUE_HASH:
		types[0] = v->type;
		return v->type ? 1 : 0;
	case FWC_VALUE_LIST:
		memcpy(types, v->list->key, v->list->key_count * sizeof(*types));
		return v->list->key_count;
	case FWC_VALUE_MAP:
		if (v->child[1]->kind != FWC_VALUE_LIST)
			return 0;
		memcpy(types, v->child[1]->list->data,
		       v->child[1]->list->data_count * sizeof(*types));
		return v->child[1]->list->data_count;
	case FWC_VALUE_CONCAT:
		for (size_t i = 0; i < v->len; i++) {
			const struct fwc_type *part[FWC_MAX_CONCAT];

			if (fwc_value_types(v->child[i], part) != 1 || count == FWC_MAX_CONCAT)
				return 0;
			types[count++] = part[0];
		}
		return count;
	default:
		return 0;
	}
}
