/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The public constructors and readers of values.
 *
 * A value of the caller owns its children, so that each node is freed by itself. It has no types yet, unless it was
 * copied from a rule; what its constants mean is decided when it is bound. So a constructor takes everything that can be
 * told later with words, and answers NULL only for what cannot be kept. */
#include <stdlib.h>

#include "fields/details.h"
#include "model/value.h"

/* ---- freeing and copying ---- */

static bool has_children(const struct fwc_value *v)
{
	return v->kind == FWC_VALUE_RANGE || v->kind == FWC_VALUE_CONCAT ||
	       v->kind == FWC_VALUE_MAP || v->kind == FWC_VALUE_JOIN || v->kind == FWC_VALUE_HASH ||
	       (v->kind == FWC_VALUE_UNTYPED &&
		(v->op == FWC_UNTYPED_LIST || v->op == FWC_UNTYPED_PAIRS));
}

void fwc_value_free(struct fwc_value *value)
{
	if (!value)
		return;
	/* Children of a value that was made with malloc are its own copies. */
	if (has_children(value))
		for (size_t i = 0; i < value->len; i++)
			fwc_value_free((struct fwc_value *)(uintptr_t)value->child[i]);
	if (value->kind == FWC_VALUE_BITS)
		fwc_value_free((struct fwc_value *)(uintptr_t)value->of);
	free(value);
}

static void free_value(struct fwc_value **v)
{
	fwc_value_free(*v);
}

static struct fwc_value *copy_at(const struct fwc_value *v, unsigned int level);

/* Takes a child that may be NULL when its copy failed. */
static bool put_child(struct fwc_value *v, struct fwc_value *child)
{
	if (!child)
		return false;
	v->child[v->len++] = child;
	return true;
}

/* A node of `a`, then `b`, copied. A child that is NULL gives NULL. */
static struct fwc_value *copy_children(uint32_t kind, uint32_t op, const struct fwc_value *const *a,
				       size_t a_count, const struct fwc_value *const *b,
				       size_t b_count, unsigned int level)
{
	fwc_cleanup(free_value) struct fwc_value *v = NULL;

	if ((a_count && !a) || (b_count && !b))
		return NULL;
	v = fwc_value_alloc_children(NULL, kind, a_count + b_count);
	if (!v)
		return NULL;
	v->op = (uint8_t)op;
	v->len = 0; /* counts what is to be freed */
	for (size_t i = 0; i < a_count; i++)
		if (!put_child(v, copy_at(a[i], level + 1)))
			return NULL;
	for (size_t i = 0; i < b_count; i++)
		if (!put_child(v, copy_at(b[i], level + 1)))
			return NULL;
	return fwc_take(v);
}

/* A list that a rule holds becomes one without types: an anonymous set belongs to its ruleset. */
static struct fwc_value *copy_list(const struct fwc_set *s, unsigned int level)
{
	fwc_cleanup(free_value) struct fwc_value *v = NULL;
	size_t count = s->elements.count;

	v = fwc_value_alloc_children(NULL, FWC_VALUE_UNTYPED, s->data_count ? count * 2 : count);
	if (!v)
		return NULL;
	v->op = s->data_count ? FWC_UNTYPED_PAIRS : FWC_UNTYPED_LIST;
	v->len = 0;
	for (size_t i = 0; i < count; i++) {
		const struct fwc_element *e = s->elements.items[i];

		if (!put_child(v, copy_at(e->key, level + 1)))
			return NULL;
	}
	for (size_t i = 0; s->data_count && i < count; i++) {
		const struct fwc_element *e = s->elements.items[i];

		if (!put_child(v, copy_at(e->data, level + 1)))
			return NULL;
	}
	return fwc_take(v);
}

static struct fwc_value *copy_bits(const struct fwc_value *v, unsigned int level)
{
	fwc_cleanup(free_value) struct fwc_value *of = copy_at(v->of, level + 1);
	struct fwc_value *copy = of ? fwc_value_alloc(NULL, FWC_VALUE_BITS, 0) : NULL;

	if (!copy)
		return NULL;
	copy->op = v->op;
	copy->type = v->type;
	copy->mask = v->mask;
	copy->of = fwc_take(of);
	return copy;
}

static struct fwc_value *copy_ip(const struct fwc_ip *ip, uint32_t bits)
{
	struct fwc_value *v = fwc_value_alloc(NULL, FWC_VALUE_UNTYPED, sizeof(*ip));

	if (!v)
		return NULL;
	v->op = FWC_UNTYPED_IP;
	v->bits = bits < UINT16_MAX ? (uint16_t)bits : UINT16_MAX;
	v->ip = memcpy(fwc_value_trailer(v), ip, sizeof(*ip));
	return v;
}

static struct fwc_value *copy_name(uint32_t kind, uint32_t op, const char *name)
{
	struct fwc_value *v;

	if (!name)
		return NULL;
	v = fwc_value_alloc_name(NULL, kind, name);
	if (v)
		v->op = (uint8_t)op;
	return v;
}

/* Nodes of a fixed size without children. */
static struct fwc_value *copy_flat(const struct fwc_value *v)
{
	size_t extra = v->kind == FWC_VALUE_CONSTANT || v->kind == FWC_VALUE_PREFIX ? v->len : 0;
	struct fwc_value *copy = fwc_value_alloc(NULL, v->kind, extra);

	return copy ? memcpy(copy, v, fwc_value_size(v->kind, extra)) : NULL;
}

static struct fwc_value *copy_at(const struct fwc_value *v, unsigned int level)
{
	if (!v || level > FWC_MAX_DEPTH)
		return NULL;
	if (has_children(v)) {
		struct fwc_value *copy =
			copy_children(v->kind, v->op, v->child, v->len, NULL, 0, level);

		if (copy)
			copy->type = v->type;
		return copy;
	}
	if (v->kind == FWC_VALUE_LIST)
		return copy_list(v->list, level);
	if (v->kind == FWC_VALUE_BITS)
		return copy_bits(v, level);
	if (v->kind == FWC_VALUE_UNTYPED && v->op == FWC_UNTYPED_IP)
		return copy_ip(v->ip, v->bits);
	if (v->kind == FWC_VALUE_SET || v->kind == FWC_VALUE_OBJECT ||
	    (v->kind == FWC_VALUE_VERDICT && v->name) ||
	    (v->kind == FWC_VALUE_UNTYPED && v->op != FWC_UNTYPED_NUMBER))
		return copy_name(v->kind, v->op, v->name);
	if (v->kind == FWC_VALUE_FIELD && v->field->made)
		return fwc_value_made(NULL, v->field);
	return copy_flat(v);
}

struct fwc_value *fwc_value_copy(const struct fwc_value *v)
{
	return copy_at(v, 1);
}

/* ---- constructors ---- */

struct fwc_value *fwc_value_field(uint32_t field)
{
	const struct fwc_field_row *row = fwc_field_by_id(field);

	return row ? fwc_value_copy(fwc_value_of_field(row)) : NULL;
}

struct fwc_value *fwc_value_field_with(uint32_t field, const uint32_t *params,
				       const uint32_t *numbers, size_t count)
{
	const struct fwc_field_row *row;
	struct fwc_made_field made;

	if (count && (!params || !numbers))
		return NULL;
	row = fwc_field_with(&made, field, params, numbers, count);
	if (!row)
		return NULL;
	return row->made ? fwc_value_made(NULL, row) : fwc_value_copy(fwc_value_of_field(row));
}

struct fwc_value *fwc_value_number(uint64_t number)
{
	struct fwc_value *v = fwc_value_alloc(NULL, FWC_VALUE_UNTYPED, 0);

	if (!v)
		return NULL;
	v->op = FWC_UNTYPED_NUMBER;
	v->number = number;
	return v;
}

struct fwc_value *fwc_value_ip(const struct fwc_ip *ip)
{
	return ip ? copy_ip(ip, fwc_ip_bits(ip)) : NULL;
}

struct fwc_value *fwc_value_prefix(const struct fwc_ip *ip, uint32_t prefix_len)
{
	return ip ? copy_ip(ip, prefix_len) : NULL;
}

struct fwc_value *fwc_value_name(const char *name)
{
	return copy_name(FWC_VALUE_UNTYPED, FWC_UNTYPED_NAME, name);
}

struct fwc_value *fwc_value_text(const char *text)
{
	return copy_name(FWC_VALUE_UNTYPED, FWC_UNTYPED_TEXT, text);
}

struct fwc_value *fwc_value_range(const struct fwc_value *first, const struct fwc_value *last)
{
	const struct fwc_value *ends[] = { first, last };

	return copy_children(FWC_VALUE_RANGE, 0, ends, 2, NULL, 0, 1);
}

struct fwc_value *fwc_value_list(const struct fwc_value *const *items, size_t count)
{
	return count > FWC_MAX_LIST ? NULL
				    : copy_children(FWC_VALUE_UNTYPED, FWC_UNTYPED_LIST, items,
						    count, NULL, 0, 1);
}

struct fwc_value *fwc_value_pairs(const struct fwc_value *const *keys,
				  const struct fwc_value *const *data, size_t count)
{
	return count > FWC_MAX_LIST ? NULL
				    : copy_children(FWC_VALUE_UNTYPED, FWC_UNTYPED_PAIRS, keys,
						    count, data, count, 1);
}

struct fwc_value *fwc_value_set(const char *name)
{
	return copy_name(FWC_VALUE_SET, 0, name);
}

struct fwc_value *fwc_value_concat(const struct fwc_value *const *parts, size_t count)
{
	if (count < 2 || count > FWC_MAX_CONCAT)
		return NULL;
	return copy_children(FWC_VALUE_CONCAT, 0, parts, count, NULL, 0, 1);
}

struct fwc_value *fwc_value_bits(const struct fwc_value *value, uint32_t op, uint64_t bits)
{
	struct fwc_value outer = { .kind = FWC_VALUE_BITS, .op = (uint8_t)op };

	if (!value || op < FWC_BITS_AND || op > FWC_BITS_RSHIFT)
		return NULL;
	outer.type = value->type;
	outer.of = value;
	outer.mask = bits;
	return copy_bits(&outer, 1);
}

struct fwc_value *fwc_value_join(const struct fwc_value *left, uint32_t op,
				 const struct fwc_value *right)
{
	const struct fwc_value *children[] = { left, right };
	struct fwc_value *v;

	if (op < FWC_BITS_AND || op > FWC_BITS_XOR)
		return NULL;
	v = copy_children(FWC_VALUE_JOIN, op, children, 2, NULL, 0, 1);
	if (v)
		v->type = left->type;
	return v;
}

static bool is_jhash(const struct fwc_value *v)
{
	return v && v->kind == FWC_VALUE_FIELD && v->field->id == FWC_FIELD_JHASH;
}

struct fwc_value *fwc_value_hash(const struct fwc_value *value, const struct fwc_value *hash)
{
	const struct fwc_value *children[] = { value, hash };
	struct fwc_value *v;

	if (!is_jhash(hash))
		return NULL;
	v = copy_children(FWC_VALUE_HASH, 0, children, 2, NULL, 0, 1);
	if (v)
		v->type = hash->type;
	return v;
}

struct fwc_value *fwc_value_map(const struct fwc_value *key, const struct fwc_value *map)
{
	const struct fwc_value *children[] = { key, map };

	return copy_children(FWC_VALUE_MAP, 0, children, 2, NULL, 0, 1);
}

struct fwc_value *fwc_value_verdict(uint32_t verdict, const char *chain)
{
	struct fwc_value outer = { .kind = FWC_VALUE_VERDICT, .op = (uint8_t)verdict };

	if (verdict < FWC_VERDICT_ACCEPT || verdict > FWC_VERDICT_GOTO)
		return NULL;
	return chain ? copy_name(FWC_VALUE_VERDICT, verdict, chain) : copy_flat(&outer);
}

struct fwc_value *fwc_value_any(void)
{
	return copy_flat(fwc_value_catch_all());
}

/* ---- reading ---- */

static bool is_constant(const struct fwc_value *v)
{
	return v && (v->kind == FWC_VALUE_CONSTANT || v->kind == FWC_VALUE_PREFIX);
}

uint32_t fwc_value_kind(const struct fwc_value *value)
{
	return value ? value->kind : 0;
}

uint32_t fwc_value_get_field(const struct fwc_value *value)
{
	return value && value->kind == FWC_VALUE_FIELD ? value->field->id : 0;
}

bool fwc_value_get_field_detail(const struct fwc_value *value, uint32_t param, uint32_t *ret)
{
	uint32_t number;

	if (!ret || !value || value->kind != FWC_VALUE_FIELD ||
	    !fwc_field_detail(value->field, param, &number))
		return false;
	*ret = number;
	return true;
}

bool fwc_value_get_number(const struct fwc_value *value, uint64_t *ret)
{
	uint64_t number;

	if (!ret || !value || value->kind != FWC_VALUE_CONSTANT || value->len > sizeof(number) ||
	    !fwc_type_get_number(value->type, value->bytes, &number))
		return false;
	*ret = number;
	return true;
}

bool fwc_value_get_ip(const struct fwc_value *value, struct fwc_ip *ret, uint32_t *ret_prefix_len)
{
	struct fwc_ip ip = { 0 };

	if (!ret || !is_constant(value) ||
	    (value->type->form != FWC_FORM_IP4 && value->type->form != FWC_FORM_IP6))
		return false;
	ip.family = value->type->form == FWC_FORM_IP4 ? FWC_FAMILY_IP : FWC_FAMILY_IP6;
	memcpy(ip.bytes, value->bytes, value->len);
	*ret = ip;
	if (ret_prefix_len)
		*ret_prefix_len = value->kind == FWC_VALUE_PREFIX ? value->bits : value->len * 8u;
	return true;
}

const char *fwc_value_get_name(const struct fwc_value *value)
{
	if (!value)
		return NULL;
	if (value->kind == FWC_VALUE_SET || value->kind == FWC_VALUE_VERDICT ||
	    value->kind == FWC_VALUE_OBJECT)
		return value->name;
	/* A foreign program may have compared all 16 bytes: then there is no end, and no name. */
	if (is_constant(value) && value->type->form == FWC_FORM_IFNAME &&
	    memchr(value->bytes, '\0', value->len))
		return (const char *)value->bytes;
	return NULL;
}

uint32_t fwc_value_get_verdict(const struct fwc_value *value)
{
	return value && value->kind == FWC_VALUE_VERDICT ? value->op : 0;
}

bool fwc_value_get_bits(const struct fwc_value *value, uint32_t *ret_op, uint64_t *ret_bits)
{
	if (!value || (value->kind != FWC_VALUE_BITS && value->kind != FWC_VALUE_JOIN))
		return false;
	if (ret_op)
		*ret_op = value->op;
	if (ret_bits)
		*ret_bits = value->kind == FWC_VALUE_BITS ? value->mask : 0;
	return true;
}

size_t fwc_value_count(const struct fwc_value *value)
{
	if (!value)
		return 0;
	return value->kind == FWC_VALUE_BITS ? 1 : has_children(value) ? value->len : 0;
}

const struct fwc_value *fwc_value_at(const struct fwc_value *value, size_t i)
{
	if (i >= fwc_value_count(value))
		return NULL;
	return value->kind == FWC_VALUE_BITS ? value->of : value->child[i];
}

const struct fwc_set *fwc_value_get_list(const struct fwc_value *value)
{
	return value && value->kind == FWC_VALUE_LIST ? value->list : NULL;
}
