/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Elements: how one is written, and in which order nft lists them. */
#include <stdlib.h>

#include "fields/order.h"
#include "text/format.h"

/* ---- one element ---- */

void fwc_format_time_ms(uint64_t ms, struct fwc_buf *out)
{
	static const struct {
		const char *name;
		uint64_t ms;
	} units[] = {
		{ "d", 86400000 }, { "h", 3600000 }, { "m", 60000 }, { "s", 1000 }, { "ms", 1 }
	};

	if (!ms)
		fwc_buf_puts(out, "0s");
	for (size_t i = 0; i < FWC_ARRAY_SIZE(units); i++) {
		if (ms >= units[i].ms)
			fwc_buf_printf(out, "%llu%s", (unsigned long long)(ms / units[i].ms),
				       units[i].name);
		ms %= units[i].ms;
	}
}

void fwc_format_comment(const struct fwc_labels *l, const char *before, struct fwc_buf *out)
{
	if (l && l->comment)
		fwc_buf_printf(out, "%scomment \"%s\"", before, l->comment);
}

void fwc_format_stateful(const struct fwc_stateful *s, const char *before, bool stateless,
			 struct fwc_buf *out)
{
	for (size_t i = 0; i < s->count; i++) {
		fwc_buf_puts(out, i ? " " : before);
		fwc_format_target(NULL, s->targets[i], stateless, out);
	}
}

/* Of a single address in a map of ranges nft asks that it is a prefix: it would write half of the bytes. */
static void format_data(const struct fwc_element *e, struct fwc_buf *out)
{
	const struct fwc_value *data = e->data;
	size_t parts = data->kind == FWC_VALUE_CONCAT ? data->len : 1;

	if (!(e->set->flags & FWC_SET_DATA_INTERVAL)) {
		fwc_text_format_value(data, out);
		return;
	}
	for (size_t i = 0; i < parts; i++) {
		const struct fwc_value *part = parts > 1 ? data->child[i] : data;

		fwc_buf_puts(out, i ? " . " : "");
		fwc_format_key(part, out);
		if (i == 0 && !fwc_value_is_interval(data))
			fwc_buf_printf(out, "/%u", 8u * part->type->len);
	}
}

void fwc_format_element(const struct fwc_element *e, uint32_t flags, struct fwc_buf *out)
{
	const struct fwc_element_state none = { 0 }, *state = e->state ? e->state : &none;

	fwc_format_key(e->key, out);
	fwc_format_stateful(&state->stateful, " ", flags & FWC_FORMAT_STATELESS, out);
	if (state->timeout_ms) {
		fwc_buf_puts(out, " timeout ");
		fwc_format_time_ms(state->timeout_ms, out);
	}
	/* What is left of it is no declaration: commands do not say it. */
	if (state->expires_ms && !(flags & (FWC_FORMAT_STATELESS | FWC_FORMAT_COMMANDS))) {
		fwc_buf_puts(out, " expires ");
		fwc_format_time_ms(state->expires_ms, out);
	}
	fwc_format_comment(e->labels, " ", out);
	if (e->data) {
		fwc_buf_puts(out, " : ");
		format_data(e, out);
	}
}

void fwc_text_format_element(const struct fwc_element *e, struct fwc_buf *out)
{
	fwc_format_element(e, 0, out);
}

/* ---- order ---- */

/* An element with the bytes that it is sorted by. */
struct sorted {
	const struct fwc_element *element;
	bool last; /* the catch-all */
	uint8_t len;
	uint8_t bytes[FWC_MAX_CONCAT * FWC_TYPE_BYTES_MOST];
};

static const struct fwc_value *first_of(const struct fwc_value *v)
{
	return v->kind == FWC_VALUE_RANGE ? v->child[0] : v;
}

static void turn(uint8_t *bytes, size_t len)
{
	for (size_t i = 0; i < len / 2; i++) {
		uint8_t byte = bytes[i];

		bytes[i] = bytes[len - 1 - i];
		bytes[len - 1 - i] = byte;
	}
}

/* Several flags are sorted by the lowest of them; of equal ones the greater comes first. */
static void set_flags_bytes(const struct fwc_value *v, struct sorted *ret)
{
	uint64_t number = 0;

	fwc_type_get_number(v->type, v->bytes, &number);
	for (size_t i = 0; i < 8; i++) {
		ret->bytes[i] = (uint8_t)((number & (~number + 1)) >> (56 - 8 * i));
		ret->bytes[8 + i] = (uint8_t)(~number >> (56 - 8 * i));
	}
	ret->len = 16;
}

/* Interval sets list their elements by value. Others are sorted as numbers of the machine: on a little-endian one the
 * last byte of a concatenation or a name counts most. */
static void set_bytes(const struct fwc_element *e, bool intervals, struct sorted *ret)
{
	const struct fwc_value *key = e->key, *part = key;
	size_t parts = key->kind == FWC_VALUE_CONCAT ? key->len : 1;
	bool native = !intervals && __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__;

	ret->element = e;
	ret->last = key->kind == FWC_VALUE_ANY;
	if (ret->last)
		return;
	if (parts == 1 && key->type && key->type->form == FWC_FORM_BITS) {
		set_flags_bytes(first_of(key), ret);
		return;
	}
	for (size_t i = 0; i < parts; i++) {
		part = first_of(key->kind == FWC_VALUE_CONCAT ? key->child[i] : key);
		if (native)
			memcpy(ret->bytes + ret->len, part->bytes, part->type->len);
		else
			fwc_order_bytes(part->type, part->bytes, ret->bytes + ret->len);
		ret->len = (uint8_t)(ret->len + part->type->len);
	}
	if (native && (parts > 1 || part->type->order == FWC_ORDER_HOST))
		turn(ret->bytes, ret->len);
}

static int compare(const void *a, const void *b)
{
	const struct sorted *x = a, *y = b;
	size_t len = x->len < y->len ? x->len : y->len;
	int r = memcmp(x->bytes, y->bytes, len);

	if (x->last || y->last)
		return x->last - y->last;
	/* Equal keys do not happen in one set; the address keeps the order total. */
	return r ? r : (x->element > y->element) - (x->element < y->element);
}

static bool has_intervals(const struct fwc_set *s)
{
	if (s->flags & FWC_SET_INTERVAL || !s->anonymous)
		return s->flags & FWC_SET_INTERVAL;
	for (size_t i = 0; i < s->elements.count; i++)
		if (fwc_value_is_interval(((const struct fwc_element *)s->elements.items[i])->key))
			return true;
	return false;
}

const struct fwc_element **fwc_format_order(const struct fwc_set *s)
{
	size_t count = s->elements.count;
	const struct fwc_element **order = reallocarray(NULL, count ? count : 1, sizeof(*order));
	fwc_cleanup(fwc_freep) struct sorted *list = calloc(count ? count : 1, sizeof(*list));
	bool intervals = has_intervals(s);

	if (!order || !list) {
		free(order);
		return NULL;
	}
	for (size_t i = 0; i < count; i++) {
		order[i] = s->elements.items[i];
		/* Concatenations with intervals are listed as they came. */
		if (!intervals || s->key_count == 1)
			set_bytes(order[i], intervals, &list[i]);
	}
	if (intervals && s->key_count > 1)
		return order;
	qsort(list, count, sizeof(*list), compare);
	for (size_t i = 0; i < count; i++)
		order[i] = list[i].element;
	return order;
}
