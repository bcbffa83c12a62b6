/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Constants meet the types of the place they go to. */
#include <stdio.h>

#include "fields/order.h"
#include "model/bind.h"
#include "text/text.h"

/* ---- single constants ---- */

static const struct fwc_value *bind_number(struct fwc_binder *b, uint64_t number,
					   const struct fwc_type *t)
{
	uint8_t bytes[16];
	char text[24];

	if (fwc_type_put_number(t, number, bytes))
		return fwc_bind_made(b, fwc_value_constant(&b->ruleset->arena, t, bytes));
	snprintf(text, sizeof(text), "%llu", (unsigned long long)number);
	fwc_type_fail(t, text, strlen(text), b->err);
	return NULL;
}

static const struct fwc_value *bind_ip(struct fwc_binder *b, const struct fwc_value *v,
				       const struct fwc_type *t)
{
	unsigned int most = fwc_ip_bits(v->ip);
	char text[96];

	if (most && v->bits > most) {
		fwc_fail(b->err, -EINVAL, FWC_OBJECT_ARGUMENT,
			 "'%s' is not an %s prefix: its length is 0 to %u",
			 fwc_value_describe(v, text), most == 32 ? "IPv4" : "IPv6", most);
		return NULL;
	}
	if ((t->form != FWC_FORM_IP4 && t->form != FWC_FORM_IP6) || most != t->len * 8u) {
		fwc_value_describe(v, text);
		fwc_type_fail(t, text, strlen(text), b->err);
		return NULL;
	}
	return fwc_bind_made(b, fwc_value_prefix_of(&b->ruleset->arena, t, v->ip->bytes, v->bits));
}

/* Literally: '*' and ',' are bytes of an interface's name. Types with symbols take one of them. */
static const struct fwc_value *bind_name(struct fwc_binder *b, const char *name,
					 const struct fwc_type *t)
{
	uint8_t bytes[16] = { 0 };
	uint32_t bits = t->len * 8u;

	if (t->form == FWC_FORM_IFNAME) {
		if (fwc_check_ifname(name, b->err) < 0)
			return NULL;
		memcpy(bytes, name, strlen(name));
	} else if (fwc_type_parse(t, name, strlen(name), bytes, &bits, b->err) < 0) {
		return NULL;
	}
	return fwc_bind_made(b, fwc_value_prefix_of(&b->ruleset->arena, t, bytes, bits));
}

static int compare(const struct fwc_type *t, const uint8_t *x, const uint8_t *y)
{
	uint8_t m[FWC_TYPE_BYTES_MOST], n[FWC_TYPE_BYTES_MOST];

	fwc_order_bytes(t, x, m);
	fwc_order_bytes(t, y, n);
	return memcmp(m, n, t->len);
}

static const struct fwc_value *bind_range(struct fwc_binder *b, const struct fwc_value *v,
					  const struct fwc_type *const *types)
{
	const struct fwc_type *t = types[0];
	const struct fwc_value *first, *last;
	char low[96], high[96];

	if (t->form == FWC_FORM_IFNAME || t->form == FWC_FORM_BITS || t->form == FWC_FORM_VERDICT) {
		fwc_fail(b->err, -EINVAL, FWC_OBJECT_ARGUMENT, "there are no ranges of type %s",
			 t->name);
		return NULL;
	}
	first = fwc_bind_constant(b, v->child[0], types, 1);
	last = first ? fwc_bind_constant(b, v->child[1], types, 1) : NULL;
	if (!last)
		return NULL;
	if (first->kind != FWC_VALUE_CONSTANT || last->kind != FWC_VALUE_CONSTANT)
		return fwc_bind_refuse(b, first->kind != FWC_VALUE_CONSTANT ? first : last, types,
				       1);
	if (compare(t, first->bytes, last->bytes) > 0) {
		fwc_fail(b->err, -EINVAL, FWC_OBJECT_ARGUMENT,
			 "the range '%s-%s' ends before it begins", fwc_value_describe(first, low),
			 fwc_value_describe(last, high));
		return NULL;
	}
	if (!memcmp(first->bytes, last->bytes, t->len))
		return first;
	if (first == v->child[0] && last == v->child[1])
		return v;
	return fwc_bind_made(b, fwc_value_make_range(&b->ruleset->arena, first, last));
}

/* ---- concatenations, lists ---- */

/* What an element of a set may be. */
static bool is_key(const struct fwc_value *v)
{
	return v->kind == FWC_VALUE_CONSTANT || v->kind == FWC_VALUE_PREFIX ||
	       v->kind == FWC_VALUE_RANGE || v->kind == FWC_VALUE_CONCAT;
}

static const struct fwc_value *bind_key(struct fwc_binder *b, const struct fwc_value *v,
					const struct fwc_type *const *types, size_t count)
{
	const struct fwc_value *key = fwc_bind_constant(b, v, types, count);

	return key && !is_key(key) ? fwc_bind_refuse(b, key, types, count) : key;
}

const struct fwc_value *fwc_bind_key(struct fwc_binder *b, const struct fwc_value *v,
				     const struct fwc_type *const *types, size_t count)
{
	return v && v->kind == FWC_VALUE_ANY ? fwc_value_catch_all() : bind_key(b, v, types, count);
}

static const struct fwc_value *bind_concat(struct fwc_binder *b, const struct fwc_value *v,
					   const struct fwc_type *const *types, size_t count)
{
	const struct fwc_value *parts[FWC_MAX_CONCAT];
	bool same = b->in_arena;
	char place[128];

	if (v->len != count) {
		fwc_fail(b->err, -EINVAL, FWC_OBJECT_ARGUMENT,
			 "a concatenation of %u values stands where %s is wanted", v->len,
			 fwc_types_describe(types, count, place));
		return NULL;
	}
	for (size_t i = 0; i < count; i++) {
		parts[i] = bind_key(b, v->child[i], &types[i], 1);
		if (!parts[i])
			return NULL;
		same &= parts[i] == v->child[i];
	}
	return same ? v : fwc_bind_made(b, fwc_value_make_concat(&b->ruleset->arena, parts, count));
}

/* UNTYPED LIST, or UNTYPED PAIRS with the types of their data. */
static const struct fwc_value *bind_elements(struct fwc_binder *b, const struct fwc_value *v,
					     const struct fwc_type *const *key, size_t key_count,
					     const struct fwc_type *const *data, size_t data_count)
{
	size_t count = data_count ? v->len / 2 : v->len;
	struct fwc_set *s;

	if (!count) {
		fwc_fail(b->err, -EINVAL, FWC_OBJECT_ARGUMENT, "the list is empty");
		return NULL;
	}
	s = fwc_set_new_anonymous(b->ruleset, key, key_count, data, data_count);
	if (!s)
		return fwc_bind_made(b, NULL);
	for (size_t i = 0; i < count; i++) {
		const struct fwc_value *k = fwc_bind_key(b, v->child[i], key, key_count), *d = NULL;

		if (k && data_count)
			d = fwc_bind_constant(b, v->child[count + i], data, data_count);
		if (!k || (data_count && !d))
			return NULL;
		if (d && !is_key(d) && d->kind != FWC_VALUE_VERDICT && d->kind != FWC_VALUE_OBJECT)
			return fwc_bind_refuse(b, d, data, data_count);
		if (fwc_set_add_bound(s, k, d, NULL, b->err) < 0)
			return NULL;
	}
	return fwc_bind_made(b, fwc_value_make_list(&b->ruleset->arena, s));
}

/* With its comment and what it keeps. */
static int copy_element(struct fwc_binder *b, struct fwc_set *s, const struct fwc_element *from)
{
	const struct fwc_value *key = fwc_bind_key(b, from->key, s->key, s->key_count);
	const struct fwc_value *data = NULL;
	struct fwc_stateful own = { .count = 0 };
	struct fwc_element *e;
	int r;

	if (key && from->data)
		data = fwc_bind_constant(b, from->data, s->data, s->data_count);
	if (!key || !data != !from->data)
		return -EINVAL;
	for (size_t i = 0; from->state && i < from->state->stateful.count; i++)
		if (fwc_stateful_add(b->ruleset, &own, from->state->stateful.targets[i], b->err) <
		    0)
			return -EINVAL;
	r = fwc_set_add_bound(s, key, data, &e, b->err);
	if (r == 0 && from->labels)
		r = fwc_label_set_comment(&b->ruleset->arena, &e->labels, from->labels->comment,
					  b->err);
	if (r < 0 || !own.count)
		return r;
	if (!fwc_element_state_in(e))
		return fwc_fail_memory(b->err);
	e->state->stateful = own;
	return 0;
}

/* A list of this ruleset is shared, it never changes; one of another ruleset is made again. */
static const struct fwc_value *rebind_list(struct fwc_binder *b, const struct fwc_value *v,
					   const struct fwc_type *const *key, size_t key_count,
					   const struct fwc_type *const *data, size_t data_count)
{
	const bool in_arena = b->in_arena;
	struct fwc_set *s;
	int r = 0;

	if (!fwc_types_same(v->list->key, v->list->key_count, key, key_count) ||
	    !fwc_types_same(v->list->data, v->list->data_count, data, data_count))
		return fwc_bind_refuse(b, v, data_count ? data : key,
				       data_count ? data_count : key_count);
	if (v->list->ruleset == b->ruleset)
		return b->in_arena
			       ? v
			       : fwc_bind_made(b, fwc_value_make_list(&b->ruleset->arena, v->list));
	s = fwc_set_new_anonymous(b->ruleset, key, key_count, data, data_count);
	if (!s)
		return fwc_bind_made(b, NULL);
	b->in_arena = false;
	for (size_t i = 0; i < v->list->elements.count && r == 0; i++)
		r = copy_element(b, s, v->list->elements.items[i]);
	b->in_arena = in_arena;
	return r < 0 ? NULL : fwc_bind_made(b, fwc_value_make_list(&b->ruleset->arena, s));
}

/* ---- sets and verdicts ---- */

const struct fwc_set *fwc_bind_find_set(const struct fwc_binder *b, const struct fwc_value *v)
{
	return b->table ? fwc_table_find_set(b->table, v->name) : NULL;
}

/* A set that is not declared (yet, or because the table is somebody else's) is taken at its word. */
static const struct fwc_value *bind_set(struct fwc_binder *b, const struct fwc_value *v,
					const struct fwc_type *const *key, size_t key_count,
					const struct fwc_type *const *data, size_t data_count)
{
	const struct fwc_set *s = fwc_bind_find_set(b, v);
	char want[128], have[128];

	if (fwc_check_name("set", v->name, b->err) < 0)
		return NULL;
	if (s && !s->opaque && !fwc_types_same(s->key, s->key_count, key, key_count)) {
		fwc_fail(b->err, -EINVAL, FWC_OBJECT_SET, "set %s holds %s, not %s", v->name,
			 fwc_types_describe(s->key, s->key_count, have),
			 fwc_types_describe(key, key_count, want));
		return NULL;
	}
	if (s && !s->opaque && !fwc_types_same(s->data, s->data_count, data, data_count)) {
		fwc_fail(b->err, -EINVAL, FWC_OBJECT_SET, "%s is %s%s, not %s%s", v->name,
			 s->data_count ? "a map to " : "a set",
			 fwc_types_describe(s->data, s->data_count, have),
			 data_count ? "a map to " : "a set",
			 fwc_types_describe(data, data_count, want));
		return NULL;
	}
	return b->in_arena ? v : fwc_bind_made(b, fwc_value_make_set(&b->ruleset->arena, v->name));
}

static const struct fwc_value *bind_verdict(struct fwc_binder *b, const struct fwc_value *v)
{
	bool jumps = v->op == FWC_VERDICT_JUMP || v->op == FWC_VERDICT_GOTO;

	if (jumps && fwc_check_name("chain", v->name, b->err) < 0)
		return NULL;
	if (!jumps && v->name) {
		fwc_fail(b->err, -EINVAL, FWC_OBJECT_ARGUMENT,
			 "chain '%.60s' with a verdict that is neither jump nor goto", v->name);
		return NULL;
	}
	if (b->in_arena)
		return v;
	return fwc_bind_made(b, fwc_value_make_verdict(&b->ruleset->arena, v->op, v->name));
}

const struct fwc_value *fwc_bind_container(struct fwc_binder *b, const struct fwc_value *v,
					   const struct fwc_type *const *key, size_t key_count,
					   const struct fwc_type *const *data, size_t data_count)
{
	uint8_t untyped = data_count ? FWC_UNTYPED_PAIRS : FWC_UNTYPED_LIST;

	if (v->kind == FWC_VALUE_SET)
		return bind_set(b, v, key, key_count, data, data_count);
	if (v->kind == FWC_VALUE_LIST)
		return rebind_list(b, v, key, key_count, data, data_count);
	if (v->kind == FWC_VALUE_UNTYPED && v->op == untyped)
		return bind_elements(b, v, key, key_count, data, data_count);
	return fwc_bind_refuse(b, v, data_count ? data : key, data_count ? data_count : key_count);
}

/* The name of an object: whether there is one is looked at by the kernel. */
static const struct fwc_value *bind_object(struct fwc_binder *b, const struct fwc_value *v,
					   const struct fwc_type *const *types)
{
	bool named = v->kind == FWC_VALUE_OBJECT ||
		     (v->kind == FWC_VALUE_UNTYPED &&
		      (v->op == FWC_UNTYPED_NAME || v->op == FWC_UNTYPED_TEXT));

	if (!named)
		return fwc_bind_refuse(b, v, types, 1);
	if (fwc_check_name(types[0]->name, v->name, b->err) < 0)
		return NULL;
	return fwc_bind_made(b, fwc_value_make_object(&b->ruleset->arena, types[0], v->name));
}

/* ---- any constant ---- */

static const struct fwc_value *bind_text(struct fwc_binder *b, const char *text,
					 const struct fwc_type *const *types, size_t count)
{
	const struct fwc_value *v;
	size_t len = strlen(text);

	if (types[0] == &fwc_type_verdict)
		return fwc_text_parse_data(b->ruleset, text, len, types, count, b->err);
	v = fwc_text_parse_value(b->ruleset, text, len, types, count, b->err);
	/* A set in words still has to be one that its table knows. */
	return v && v->kind == FWC_VALUE_SET ? bind_set(b, v, types, count, NULL, 0) : v;
}

static const struct fwc_value *bind_untyped(struct fwc_binder *b, const struct fwc_value *v,
					    const struct fwc_type *const *types, size_t count)
{
	switch (v->op) {
	case FWC_UNTYPED_TEXT:
		return bind_text(b, v->name, types, count);
	case FWC_UNTYPED_LIST:
	case FWC_UNTYPED_PAIRS:
		return fwc_bind_container(b, v, types, count, NULL, 0);
	default:
		break;
	}
	if (count != 1 || types[0]->form == FWC_FORM_VERDICT)
		return fwc_bind_refuse(b, v, types, count);
	if (v->op == FWC_UNTYPED_NUMBER)
		return bind_number(b, v->number, types[0]);
	return v->op == FWC_UNTYPED_IP ? bind_ip(b, v, types[0]) : bind_name(b, v->name, types[0]);
}

static const struct fwc_value *bind_by_kind(struct fwc_binder *b, const struct fwc_value *v,
					    const struct fwc_type *const *types, size_t count)
{
	if (types[0]->form == FWC_FORM_OBJECT)
		return bind_object(b, v, types);
	switch (v->kind) {
	case FWC_VALUE_UNTYPED:
		return bind_untyped(b, v, types, count);
	case FWC_VALUE_CONSTANT:
	case FWC_VALUE_PREFIX:
		if (count != 1 || !fwc_type_same(v->type, types[0]))
			return fwc_bind_refuse(b, v, types, count);
		if (b->in_arena)
			return v;
		return fwc_bind_made(
			b,
			fwc_value_prefix_of(&b->ruleset->arena, v->type, v->bytes,
					    v->kind == FWC_VALUE_PREFIX ? v->bits : v->len * 8u));
	case FWC_VALUE_RANGE:
		return count == 1 ? bind_range(b, v, types) : fwc_bind_refuse(b, v, types, count);
	case FWC_VALUE_CONCAT:
		return bind_concat(b, v, types, count);
	case FWC_VALUE_LIST:
	case FWC_VALUE_SET:
		return fwc_bind_container(b, v, types, count, NULL, 0);
	case FWC_VALUE_VERDICT:
		return types[0] == &fwc_type_verdict ? bind_verdict(b, v)
						     : fwc_bind_refuse(b, v, types, count);
	default:
		return fwc_bind_refuse(b, v, types, count);
	}
}

const struct fwc_value *fwc_bind_constant(struct fwc_binder *b, const struct fwc_value *v,
					  const struct fwc_type *const *types, size_t count)
{
	const struct fwc_value *bound;

	if (!fwc_bind_enter(b, v))
		return NULL;
	bound = bind_by_kind(b, v, types, count);
	b->level--;
	return bound;
}

const struct fwc_value *fwc_value_bind(struct fwc_ruleset *rs, const struct fwc_value *v,
				       const struct fwc_type *const *types, size_t count,
				       struct fwc_error *err)
{
	struct fwc_binder b = { .ruleset = rs, .err = err };

	return fwc_bind_constant(&b, v, types, count);
}
