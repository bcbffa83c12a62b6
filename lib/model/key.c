/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Keys of sets: their types, and the bytes that stand for them. */
#include <assert.h>
#include <ctype.h>

#include "fields/order.h"
#include "model/set.h"

/* ---- types ---- */

int fwc_check_types(const char *text, const struct fwc_type *const *types, size_t count,
		    struct fwc_error *err)
{
	size_t len = 0;

	for (size_t i = 0; i < count; i++) {
		len += fwc_padded(types[i]->len);
		if (count > 1 && types[i] == &fwc_type_verdict)
			return fwc_fail(err, -EINVAL, FWC_OBJECT_SET,
					"'%s': a verdict stands alone", text);
	}
	if (len > FWC_MAX_KEY)
		return fwc_fail(err, -EINVAL, FWC_OBJECT_SET,
				"'%s' is too long: %zu bytes, where at most %d are allowed", text,
				len, FWC_MAX_KEY);
	return 0;
}

int fwc_types_parse(const char *text, const struct fwc_type *types[FWC_MAX_CONCAT],
		    uint8_t *ret_count, struct fwc_error *err)
{
	const struct fwc_type *found[FWC_MAX_CONCAT];
	const char *at = text;
	size_t count = 0;
	int r;

	for (;;) {
		size_t len;

		while (isspace((unsigned char)*at))
			at++;
		len = strcspn(at, " \t\n.");
		if (count == FWC_MAX_TYPES)
			return fwc_fail(err, -EINVAL, FWC_OBJECT_SET,
					"'%s': at most %d types may stand side by side", text,
					FWC_MAX_TYPES);
		found[count] = fwc_type_by_name(at, len);
		if (!found[count])
			return fwc_type_unknown(at, len, err);
		count++;
		at += len;
		while (isspace((unsigned char)*at))
			at++;
		if (!*at)
			break;
		if (*at++ != '.')
			return fwc_fail(err, -EINVAL, FWC_OBJECT_SET,
					"'%s': types are separated by ' . '", text);
	}
	r = fwc_check_types(text, found, count, err);
	if (r < 0)
		return r;
	memcpy(types, found, count * sizeof(*types));
	*ret_count = (uint8_t)count;
	return 0;
}

static const struct fwc_type *type_of_field(const struct fwc_type *t)
{
	return t->shift ? fwc_type_of_key(t->id, (t->bits + 7u) / 8, t->order == FWC_ORDER_HOST)
			: t;
}

uint8_t fwc_types_of_fields(const struct fwc_value *fields,
			    const struct fwc_type *types[FWC_MAX_CONCAT])
{
	size_t count = fields->kind == FWC_VALUE_CONCAT ? fields->len : 1;

	for (size_t i = 0; i < count && i < FWC_MAX_TYPES; i++) {
		const struct fwc_value *one = count == 1 ? fields : fields->child[i];

		types[i] = type_of_field(one->type);
		if (!types[i])
			return 0;
	}
	return count > FWC_MAX_TYPES ? 0 : (uint8_t)count;
}

char *fwc_types_text(struct fwc_arena *a, const struct fwc_type *const *types, size_t count)
{
	char text[FWC_MAX_CONCAT * 24];
	struct fwc_buf out = fwc_buf_over(text, sizeof(text));

	for (size_t i = 0; i < count; i++)
		fwc_buf_printf(&out, "%s%s", i ? " . " : "", types[i]->name);
	assert(out.len < sizeof(text));
	return fwc_arena_strdup(a, text);
}

static size_t types_len(const struct fwc_type *const *types, size_t count)
{
	size_t len = 0;

	for (size_t i = 0; i < count; i++)
		len += fwc_padded(types[i]->len);
	return len;
}

size_t fwc_set_key_len(const struct fwc_set *s)
{
	return types_len(s->key, s->key_count);
}

size_t fwc_set_data_len(const struct fwc_set *s)
{
	return types_len(s->data, s->data_count);
}

bool fwc_data_can_be_intervals(const struct fwc_type *const *data, size_t count)
{
	bool address = count && (data[0]->form == FWC_FORM_IP4 || data[0]->form == FWC_FORM_IP6);

	return address && (count == 1 || (count == 2 && !strcmp(data[1]->name, "inet_service")));
}

/* ---- bytes ---- */

bool fwc_value_is_interval(const struct fwc_value *key)
{
	if (key->kind != FWC_VALUE_CONCAT)
		return key->kind == FWC_VALUE_PREFIX || key->kind == FWC_VALUE_RANGE;
	for (size_t i = 0; i < key->len; i++)
		if (fwc_value_is_interval(key->child[i]))
			return true;
	return false;
}

bool fwc_value_is_key(const struct fwc_value *v)
{
	switch (v->kind) {
	case FWC_VALUE_CONSTANT:
	case FWC_VALUE_PREFIX:
		return true;
	case FWC_VALUE_RANGE:
		return v->child[0]->kind == FWC_VALUE_CONSTANT &&
		       v->child[1]->kind == FWC_VALUE_CONSTANT;
	case FWC_VALUE_CONCAT:
		for (size_t i = 0; i < v->len; i++)
			if (v->child[i]->kind == FWC_VALUE_CONCAT || !fwc_value_is_key(v->child[i]))
				return false;
		return true;
	default:
		return false;
	}
}

static void put_part(const struct fwc_value *v, bool ordered, uint8_t *first, uint8_t *last)
{
	const struct fwc_value *from = v->kind == FWC_VALUE_RANGE ? v->child[0] : v;
	const struct fwc_value *to = v->kind == FWC_VALUE_RANGE ? v->child[1] : v;

	memset(first, 0, fwc_padded(v->type->len));
	memset(last, 0, fwc_padded(v->type->len));
	if (ordered) {
		fwc_order_bytes(v->type, from->bytes, first);
		fwc_order_bytes(v->type, to->bytes, last);
	} else {
		memcpy(first, from->bytes, v->type->len);
		memcpy(last, to->bytes, v->type->len);
	}
	if (v->kind == FWC_VALUE_PREFIX)
		for (size_t bit = v->bits; bit < 8u * v->type->len; bit++)
			last[bit / 8] |= (uint8_t)(0x80 >> (bit % 8));
}

static void put_key(const struct fwc_value *key, bool ordered, uint8_t *first, uint8_t *last)
{
	if (key->kind == FWC_VALUE_ANY) {
		memset(first, 0, FWC_MAX_KEY);
		memset(last, 0xff, FWC_MAX_KEY);
		return;
	}
	if (key->kind != FWC_VALUE_CONCAT) {
		put_part(key, ordered, first, last);
		return;
	}
	for (size_t i = 0, at = 0; i < key->len; i++) {
		put_part(key->child[i], ordered, first + at, last + at);
		at += fwc_padded(key->child[i]->type->len);
	}
}

void fwc_key_bytes(const struct fwc_value *key, uint8_t first[FWC_MAX_KEY],
		   uint8_t last[FWC_MAX_KEY])
{
	put_key(key, false, first, last);
}

void fwc_key_ordered_bytes(const struct fwc_value *key, uint8_t first[FWC_MAX_KEY],
			   uint8_t last[FWC_MAX_KEY])
{
	put_key(key, true, first, last);
}

const struct fwc_value *fwc_make_interval(struct fwc_arena *a, const struct fwc_type *t,
					  const uint8_t *first, const uint8_t *last)
{
	uint8_t mask[FWC_TYPE_BYTES_MOST];
	int bits = -1;

	if (!memcmp(first, last, t->len))
		return fwc_value_constant(a, t, first);
	for (size_t i = 0; i < t->len; i++)
		mask[i] = (uint8_t) ~(first[i] ^ last[i]);
	if (t->form == FWC_FORM_IP4 || t->form == FWC_FORM_IP6)
		bits = fwc_mask_to_prefix(mask, t->len);
	for (size_t i = 0; bits >= 0 && i < t->len; i++)
		if (first[i] & ~mask[i])
			bits = -1; /* as many addresses as a prefix has, but not from its start */
	if (bits >= 0)
		return fwc_value_prefix_of(a, t, first, (uint32_t)bits);
	return fwc_value_make_range(a, fwc_value_constant(a, t, first),
				    fwc_value_constant(a, t, last));
}
