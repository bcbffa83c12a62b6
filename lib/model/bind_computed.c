/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Values that are computed from the packet: fields, their bits, look-ups in maps, several side by side. */
#include "model/bind.h"

bool fwc_value_is_computed(const struct fwc_value *v)
{
	if (v->kind == FWC_VALUE_CONCAT)
		for (size_t i = 0; i < v->len; i++)
			if (fwc_value_is_computed(v->child[i]))
				return true;
	return v->kind == FWC_VALUE_FIELD || v->kind == FWC_VALUE_BITS ||
	       v->kind == FWC_VALUE_MAP || v->kind == FWC_VALUE_JOIN || v->kind == FWC_VALUE_HASH;
}

size_t fwc_bind_types(const struct fwc_binder *b, const struct fwc_value *v,
		      const struct fwc_type *types[FWC_MAX_CONCAT])
{
	const struct fwc_type *part[FWC_MAX_CONCAT];
	const struct fwc_set *s;

	if (v->kind == FWC_VALUE_CONCAT) {
		for (size_t i = 0; i < v->len; i++) {
			if (fwc_bind_types(b, v->child[i], part) != 1)
				return 0;
			types[i] = part[0];
		}
		return v->len;
	}
	if (v->kind != FWC_VALUE_MAP || v->child[1]->kind != FWC_VALUE_SET)
		return fwc_value_types(v, types);
	s = fwc_bind_find_set(b, v->child[1]);
	if (!s)
		return 0;
	memcpy(types, s->data, s->data_count * sizeof(*types));
	return s->data_count;
}

/* ---- bits ---- */

/* Masks are 64 bits wide: an IPv4 address fits, an IPv6 address does not, and a name has none. */
static bool has_bits(const struct fwc_type *t)
{
	return t->len && t->len <= sizeof(uint64_t);
}

static const struct fwc_value *bind_bits(struct fwc_binder *b, const struct fwc_value *v)
{
	const struct fwc_value *of = fwc_bind_computed(b, v->of);
	const struct fwc_type *types[FWC_MAX_CONCAT];
	bool shift = v->op == FWC_BITS_LSHIFT || v->op == FWC_BITS_RSHIFT;
	char text[96];

	if (!of)
		return NULL;
	if (fwc_bind_types(b, of, types) != 1 || !has_bits(types[0])) {
		fwc_fail(b->err, -EINVAL, FWC_OBJECT_ARGUMENT, "%s is no number that has bits",
			 fwc_value_describe(of, text));
		return NULL;
	}
	if (v->mask > (shift ? types[0]->len * 8u - 1u : fwc_bits_all(types[0]))) {
		fwc_fail(b->err, -EINVAL, FWC_OBJECT_ARGUMENT,
			 "%s has %u bits: %s 0x%llx is too much", fwc_value_describe(of, text),
			 types[0]->len * 8u, shift ? "a shift by" : "the mask",
			 (unsigned long long)v->mask);
		return NULL;
	}
	if (b->in_arena && of == v->of && v->type == types[0])
		return v;
	return fwc_bind_made(b, fwc_value_make_bits(&b->ruleset->arena, of, v->op, v->mask));
}

/* ---- two values ---- */

static const struct fwc_value *bind_join(struct fwc_binder *b, const struct fwc_value *v)
{
	const struct fwc_type *left_types[FWC_MAX_CONCAT], *right_types[FWC_MAX_CONCAT];
	const struct fwc_value *left = fwc_bind_computed(b, v->child[0]);
	const struct fwc_value *right = left ? fwc_bind_computed(b, v->child[1]) : NULL;
	char first[96], second[96];

	if (!right)
		return NULL;
	if (fwc_bind_types(b, left, left_types) != 1 ||
	    fwc_bind_types(b, right, right_types) != 1 || !has_bits(left_types[0]) ||
	    left_types[0]->bits || right_types[0]->bits ||
	    left_types[0]->len != right_types[0]->len ||
	    left_types[0]->order != right_types[0]->order) {
		fwc_fail(
			b->err, -EINVAL, FWC_OBJECT_ARGUMENT,
			"the bits of %s and %s cannot be put together: both are numbers of as many "
			"bytes in the same order",
			fwc_value_describe(left, first), fwc_value_describe(right, second));
		return NULL;
	}
	if (b->in_arena && left == v->child[0] && right == v->child[1] && v->type == left_types[0])
		return v;
	return fwc_bind_made(
		b, fwc_value_make_pair(&b->ruleset->arena, FWC_VALUE_JOIN, v->op, left, right));
}

static const struct fwc_value *bind_hash(struct fwc_binder *b, const struct fwc_value *v)
{
	const struct fwc_value *of = fwc_bind_computed(b, v->child[0]), *hash;

	if (!of)
		return NULL;
	if (b->in_arena && of == v->child[0])
		return v;
	hash = fwc_bind_made(b, fwc_value_in(&b->ruleset->arena, v->child[1]->field));
	return hash ? fwc_bind_made(b, fwc_value_make_pair(&b->ruleset->arena, FWC_VALUE_HASH, 0,
							   of, hash))
		    : NULL;
}

/* ---- concatenations ---- */

static const struct fwc_value *bind_parts(struct fwc_binder *b, const struct fwc_value *v)
{
	const struct fwc_value *parts[FWC_MAX_CONCAT];
	const struct fwc_type *types[FWC_MAX_CONCAT];
	bool same = b->in_arena;
	size_t bytes = 0;
	char text[96];

	if (v->len < 2 || v->len > FWC_MAX_CONCAT) {
		fwc_fail(b->err, -EINVAL, FWC_OBJECT_ARGUMENT,
			 "a concatenation of %u values: it has 2 to %d", v->len, FWC_MAX_CONCAT);
		return NULL;
	}
	for (size_t i = 0; i < v->len; i++) {
		parts[i] = fwc_bind_computed(b, v->child[i]);
		if (!parts[i])
			return NULL;
		if (fwc_bind_types(b, parts[i], types) != 1) {
			fwc_fail(b->err, -EINVAL, FWC_OBJECT_ARGUMENT,
				 "%s is not one value: it cannot be part of a concatenation",
				 fwc_value_describe(parts[i], text));
			return NULL;
		}
		bytes += (types[0]->len + 3u) / 4 * 4;
		same &= parts[i] == v->child[i];
	}
	if (bytes > FWC_MAX_KEY) {
		fwc_fail(b->err, -EINVAL, FWC_OBJECT_ARGUMENT,
			 "a concatenation of %zu bytes: the kernel's registers hold %d", bytes,
			 FWC_MAX_KEY);
		return NULL;
	}
	return same ? v
		    : fwc_bind_made(b, fwc_value_make_concat(&b->ruleset->arena, parts, v->len));
}

/* ---- maps ---- */

/* The declaration of a map, NULL when it is not known here. */
static const struct fwc_set *set_of(const struct fwc_binder *b, const struct fwc_value *map)
{
	return map->kind == FWC_VALUE_LIST  ? map->list
	       : map->kind == FWC_VALUE_SET ? fwc_bind_find_set(b, map)
					    : NULL;
}

/* Two registers come out of such a map. */
static bool check_ranges(const struct fwc_binder *b, const struct fwc_value *map)
{
	const struct fwc_set *s = set_of(b, map);

	if (b->ranges || !s || !(s->flags & FWC_SET_DATA_INTERVAL))
		return true;
	fwc_fail(b->err, -EINVAL, FWC_OBJECT_ARGUMENT,
		 "map %s holds ranges of addresses: only snat and dnat take one",
		 s->anonymous ? "{ }" : s->name);
	return false;
}

static const struct fwc_value *look_up(struct fwc_binder *b, const struct fwc_value *v,
				       const struct fwc_type *const *types, size_t count)
{
	const struct fwc_type *key_types[FWC_MAX_CONCAT];
	const struct fwc_value *key = fwc_bind_computed(b, v->child[0]), *map;
	size_t key_count;
	char text[96];

	if (!key)
		return NULL;
	key_count = fwc_bind_types(b, key, key_types);
	if (!key_count) {
		fwc_fail(b->err, -EINVAL, FWC_OBJECT_ARGUMENT,
			 "%s has no known type: it cannot be the key of a map",
			 fwc_value_describe(key, text));
		return NULL;
	}
	map = fwc_bind_container(b, v->child[1], key_types, key_count, types, count);
	if (map && !check_ranges(b, map))
		return NULL;
	if (map && map->kind == FWC_VALUE_LIST)
		fwc_list_note_fields(map->list, key);
	if (map == v->child[1] && key == v->child[0] && b->in_arena)
		return v;
	return map ? fwc_bind_made(b, fwc_value_make_map(&b->ruleset->arena, key, map)) : NULL;
}

const struct fwc_value *fwc_bind_map(struct fwc_binder *b, const struct fwc_value *v,
				     const struct fwc_type *const *types, size_t count)
{
	const struct fwc_value *bound;

	if (!fwc_bind_enter(b, v))
		return NULL;
	bound = v->kind == FWC_VALUE_MAP ? look_up(b, v, types, count)
					 : fwc_bind_refuse(b, v, types, count);
	b->level--;
	return bound;
}

/* A map in a place that does not say what it wants: the map's own declaration must. */
static const struct fwc_value *look_up_known(struct fwc_binder *b, const struct fwc_value *v)
{
	const struct fwc_value *map = v->child[1];
	const struct fwc_set *s = set_of(b, map);
	char text[96];

	if (s && s->data_count)
		return look_up(b, v, s->data, s->data_count);
	fwc_fail(b->err, -EINVAL, FWC_OBJECT_ARGUMENT,
		 "'%s' is no map whose data have a type that is known here",
		 fwc_value_describe(map, text));
	return NULL;
}

/* ---- any of them ---- */

static const struct fwc_value *computed_by_kind(struct fwc_binder *b, const struct fwc_value *v)
{
	char text[96];

	switch (v->kind) {
	case FWC_VALUE_FIELD:
		if (v->field->id == FWC_FIELD_JHASH) {
			fwc_fail(b->err, -EINVAL, FWC_OBJECT_ARGUMENT,
				 "jhash says how to hash, not what: fwc_value_hash()");
			return NULL;
		}
		return b->in_arena && v->field->made
			       ? v
			       : fwc_bind_made(b, fwc_value_in(&b->ruleset->arena, v->field));
	case FWC_VALUE_BITS:
		return bind_bits(b, v);
	case FWC_VALUE_CONCAT:
		return bind_parts(b, v);
	case FWC_VALUE_MAP:
		return look_up_known(b, v);
	case FWC_VALUE_JOIN:
		return bind_join(b, v);
	case FWC_VALUE_HASH:
		return bind_hash(b, v);
	default:
		fwc_fail(b->err, -EINVAL, FWC_OBJECT_ARGUMENT,
			 "'%s' stands where a field of the packet is wanted",
			 fwc_value_describe(v, text));
		return NULL;
	}
}

const struct fwc_value *fwc_bind_computed(struct fwc_binder *b, const struct fwc_value *v)
{
	const struct fwc_value *bound;

	if (!fwc_bind_enter(b, v))
		return NULL;
	bound = computed_by_kind(b, v);
	b->level--;
	return bound;
}

/* A plain number goes wherever as many bytes in the same order go: `ct mark set numgen inc mod 2`. */
static bool can_hold(const struct fwc_type *const *have, size_t have_count,
		     const struct fwc_type *const *types, size_t count)
{
	bool number = have_count == 1 && count == 1 && have[0]->id == FWC_TYPE_ID_INTEGER &&
		      !have[0]->bits && have[0]->len == types[0]->len &&
		      have[0]->order == types[0]->order;

	return number || fwc_types_same(have, have_count, types, count);
}

const struct fwc_value *fwc_bind_any(struct fwc_binder *b, const struct fwc_value *v,
				     const struct fwc_type *const *types, size_t count)
{
	const struct fwc_type *have[FWC_MAX_CONCAT];
	const struct fwc_value *bound;

	if (!v || !fwc_value_is_computed(v))
		return fwc_bind_constant(b, v, types, count);
	if (v->kind == FWC_VALUE_MAP)
		return fwc_bind_map(b, v, types, count);
	bound = fwc_bind_computed(b, v);
	if (bound && !can_hold(have, fwc_bind_types(b, bound, have), types, count))
		return fwc_bind_refuse(b, bound, types, count);
	return bound;
}

/* Some parts are of the packet, others constant: `ip saddr . 22`. */
static bool is_mixed(const struct fwc_value *v)
{
	for (size_t i = 0; v->kind == FWC_VALUE_CONCAT && i < v->len; i++)
		if (!fwc_value_is_computed(v->child[i]))
			return true;
	return false;
}

static const struct fwc_value *bind_mixed(struct fwc_binder *b, const struct fwc_value *v,
					  const struct fwc_type *const *types, size_t count)
{
	const struct fwc_value *parts[FWC_MAX_CONCAT];
	bool same = b->in_arena;
	char text[96];

	if (v->len != count)
		return fwc_bind_refuse(b, v, types, count);
	for (size_t i = 0; i < count; i++) {
		parts[i] = fwc_bind_any(b, v->child[i], &types[i], 1);
		if (!parts[i])
			return NULL;
		if (parts[i]->kind != FWC_VALUE_CONSTANT && !fwc_value_is_computed(parts[i])) {
			fwc_fail(b->err, -EINVAL, FWC_OBJECT_ARGUMENT,
				 "%s is not one value: a packet adds one key",
				 fwc_value_describe(parts[i], text));
			return NULL;
		}
		same &= parts[i] == v->child[i];
	}
	return same ? v : fwc_bind_made(b, fwc_value_make_concat(&b->ruleset->arena, parts, count));
}

const struct fwc_value *fwc_bind_new_key(struct fwc_binder *b, const struct fwc_value *v,
					 const struct fwc_type *const *types, size_t count)
{
	return v && fwc_value_is_computed(v) && is_mixed(v) ? bind_mixed(b, v, types, count)
							    : fwc_bind_any(b, v, types, count);
}
