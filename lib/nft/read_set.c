/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Sets and their elements as the kernel dumps them. */
#include "fields/objects.h"
#include "nft/decode.h"
#include "nft/messages.h"
#include "nft/read.h"
#include "nft/userdata.h"

/* ---- sets ---- */

/* Numbers have a length of their own: of the bytes that are left, each of them takes as many as the others. */
static void fill_numbers(const struct fwc_type **types, size_t count, uint32_t len)
{
	uint32_t known = 0, numbers = 0;

	for (size_t i = 0; i < count; i++) {
		known += types[i] ? (uint32_t)fwc_pad4(types[i]->len) : 0;
		numbers += !types[i];
	}
	for (size_t i = 0; numbers && i < count; i++)
		if (!types[i] && len > known)
			types[i] = fwc_type_of_key(FWC_TYPE_ID_INTEGER, (len - known) / numbers,
						   false);
}

/* nft's number of a key's types, 6 bits each. 0: one of them is unknown, or they are not `len` bytes long. */
static uint8_t types_of(uint32_t id, uint32_t len, bool host,
			const struct fwc_type *types[FWC_MAX_CONCAT])
{
	const uint32_t most = (1u << FWC_NFT_TYPE_BITS) - 1;
	uint8_t count = 0;

	if (id <= most) {
		types[0] = fwc_type_of_key(id, len, host);
		return types[0] && types[0]->form != FWC_FORM_VERDICT;
	}
	for (int shift = 30; shift >= 0; shift -= FWC_NFT_TYPE_BITS) {
		uint32_t one = id >> shift & most;

		if (!one && !count)
			continue; /* leading zeros: fewer parts */
		types[count] = fwc_type_by_id(one);
		if ((!types[count] && one != FWC_TYPE_ID_INTEGER) ||
		    (types[count] && types[count]->form == FWC_FORM_VERDICT))
			return 0;
		count++;
	}
	fill_numbers(types, count, len);
	for (size_t i = 0; i < count; i++)
		if (!types[i])
			return 0;
	return len <= FWC_MAX_KEY && fwc_types_len(types, count) == len ? count : 0;
}

/* A number that nft notes; 0: none. */
static uint32_t noted(const struct fwc_attr *userdata, uint8_t type)
{
	const uint8_t *at = userdata->data;
	size_t left = at ? userdata->len : 0;
	uint32_t number;

	while (left >= 2 && left - 2 >= at[1]) {
		if (at[0] == type && at[1] == sizeof(number)) {
			memcpy(&number, at + 2, sizeof(number));
			return number;
		}
		left -= 2u + at[1];
		at += 2u + at[1];
	}
	return 0;
}

/* nft notes the byte order of keys and data. */
static bool is_host_order(const struct fwc_attr *userdata, uint8_t type)
{
	return noted(userdata, type) == FWC_BYTEORDER_HOST;
}

/* The fields that nft notes, when their types take so many bytes: then they are the types. */
static const struct fwc_value *read_fields(struct fwc_set *s, const struct fwc_attr *userdata,
					   uint8_t noted_type, uint32_t len,
					   const struct fwc_type **types, uint8_t *count)
{
	const struct fwc_type *found[FWC_MAX_CONCAT];
	struct fwc_slice rest = fwc_attr_slice(userdata), value;
	const struct fwc_value *fields = NULL;
	uint8_t type, n;

	while (fwc_tlv_next(&rest, &type, &value))
		if (type == noted_type)
			fields = fwc_userdata_read_typeof(&s->ruleset->arena, value);
	n = fields ? fwc_types_of_fields(fields, found) : 0;
	if (!n || fwc_types_len(found, n) != len)
		return NULL;
	memcpy(types, found, n * sizeof(*types));
	*count = n;
	return fields;
}

/* nft lists fields when it has them for the data as well. */
static void read_typeof(struct fwc_set *s, const struct fwc_attr *userdata, uint32_t key_len,
			uint32_t data_len)
{
	bool data = s->data_count && s->data[0]->form != FWC_FORM_VERDICT;
	uint32_t one = s->flags & FWC_SET_DATA_INTERVAL ? data_len / 2 : data_len;

	s->key_of = s->data_of = NULL;
	if (s->kernel_flags & NFT_SET_OBJECT)
		return;
	if (data)
		s->data_of = read_fields(s, userdata, FWC_UDATA_SET_DATA_TYPEOF, one, s->data,
					 &s->data_count);
	if (s->data_of || !data)
		s->key_of = read_fields(s, userdata, FWC_UDATA_SET_KEY_TYPEOF, key_len, s->key,
					&s->key_count);
	if (!s->key_of)
		s->data_of = NULL;
}

static uint32_t model_flags(uint32_t kernel)
{
	return (kernel & NFT_SET_CONSTANT ? FWC_SET_CONSTANT : 0u) |
	       (kernel & NFT_SET_INTERVAL ? FWC_SET_INTERVAL : 0u) |
	       (kernel & NFT_SET_EVAL ? FWC_SET_DYNAMIC : 0u) |
	       (kernel & NFT_SET_TIMEOUT ? FWC_SET_TIMEOUT : 0u);
}

static void read_types(struct fwc_set *s, const struct fwc_attr a[NFTA_SET_MAX + 1])
{
	uint32_t key = 0, key_len = 0, data = 0, data_len = 0;

	fwc_attr_be32(&a[NFTA_SET_KEY_TYPE], &key);
	fwc_attr_be32(&a[NFTA_SET_KEY_LEN], &key_len);
	fwc_attr_be32(&a[NFTA_SET_DATA_TYPE], &data);
	fwc_attr_be32(&a[NFTA_SET_DATA_LEN], &data_len);
	s->key_count =
		types_of(key, key_len,
			 is_host_order(&a[NFTA_SET_USERDATA], FWC_UDATA_SET_KEYBYTEORDER), s->key);
	s->data_count = 0;
	if (s->kernel_flags & NFT_SET_MAP && data == (uint32_t)NFT_DATA_VERDICT) {
		s->data[0] = &fwc_type_verdict;
		s->data_count = 1;
	} else if (s->kernel_flags & NFT_SET_MAP) {
		bool intervals = noted(&a[NFTA_SET_USERDATA], FWC_UDATA_SET_DATA_INTERVAL);

		s->data_count = types_of(
			data, intervals ? data_len / 2 : data_len,
			is_host_order(&a[NFTA_SET_USERDATA], FWC_UDATA_SET_DATABYTEORDER), s->data);
		if (intervals && !fwc_data_can_be_intervals(s->data, s->data_count))
			s->data_count = 0;
		else if (intervals)
			s->flags |= FWC_SET_DATA_INTERVAL;
	}
	if (s->kernel_flags & NFT_SET_OBJECT && fwc_attr_be32(&a[NFTA_SET_OBJ_TYPE], &data)) {
		s->data[0] = fwc_type_of_object(data);
		s->data_count = s->data[0] != NULL;
	}
	if (a[NFTA_SET_USERDATA].data)
		read_typeof(s, &a[NFTA_SET_USERDATA], key_len, data_len);
	s->opaque = !s->key_count ||
		    (s->kernel_flags & (NFT_SET_MAP | NFT_SET_OBJECT) && !s->data_count);
}

static int read_set_labels(struct fwc_set *s, const struct fwc_attr *userdata)
{
	const uint32_t written = 1u << FWC_UDATA_SET_KEYBYTEORDER |
				 1u << FWC_UDATA_SET_DATABYTEORDER |
				 1u << FWC_UDATA_SET_DATA_INTERVAL | 1u << FWC_UDATA_SET_MERGE |
				 1u << FWC_UDATA_SET_KEY_TYPEOF | 1u << FWC_UDATA_SET_DATA_TYPEOF;

	s->labels = NULL;
	if (!userdata->data)
		return 0;
	return fwc_userdata_read(&s->ruleset->arena, fwc_attr_slice(userdata),
				 FWC_UDATA_SET_COMMENT, written, &s->labels);
}

/* A set that keeps what has no words here is one that is not written. */
static void read_set_stateful(struct fwc_set *s, const struct fwc_attr a[NFTA_SET_MAX + 1])
{
	int count = fwc_decode_stateful_list(&s->ruleset->arena, &a[NFTA_SET_EXPR],
					     &a[NFTA_SET_EXPRESSIONS], s->stateful.targets,
					     FWC_MAX_STATEFUL);

	s->stateful.count = count > 0 ? (size_t)count : 0;
	if (count < 0)
		s->opaque = true;
}

static struct fwc_set *find_set(const struct fwc_table *t, const char *name)
{
	struct fwc_set *s = fwc_table_find_set(t, name);

	return s ? s : fwc_table_find_anonymous(t, name);
}

static struct fwc_set *add_set(struct fwc_ruleset *rs, uint32_t family, const char *table,
			       const char *name, bool anonymous)
{
	struct fwc_table *t = fwc_ruleset_lookup_table(rs, family, table);

	if (!t)
		t = fwc_ruleset_table_in(rs, family, table);
	if (!t)
		return NULL;
	if (find_set(t, name))
		return find_set(t, name);
	return anonymous ? fwc_table_anonymous_in(t, name) : fwc_table_set_in(t, name);
}

int fwc_nft_read_set(struct fwc_ruleset *rs, uint32_t family, struct fwc_slice attrs,
		     struct fwc_set **ret)
{
	struct fwc_attr a[NFTA_SET_MAX + 1], desc[NFTA_SET_DESC_MAX + 1];
	const char *table, *name;
	uint32_t flags = 0;
	struct fwc_set *s;
	int r = fwc_attrs_parse(attrs, a, NFTA_SET_MAX);

	if (r < 0)
		return r;
	table = fwc_attr_text(&a[NFTA_SET_TABLE]);
	name = fwc_attr_text(&a[NFTA_SET_NAME]);
	if (!table || !name ||
	    fwc_attrs_parse(fwc_attr_slice(&a[NFTA_SET_DESC]), desc, NFTA_SET_DESC_MAX) < 0)
		return -EBADMSG;
	fwc_attr_be32(&a[NFTA_SET_FLAGS], &flags);
	s = add_set(rs, family, table, name, flags & NFT_SET_ANONYMOUS);
	if (!s)
		return -ENOMEM;
	if (!s->elements
		     .count) { /* an event about a set that is there: its elements keep their types */
		s->kernel_flags = flags;
		s->flags = model_flags(flags);
		if (noted(&a[NFTA_SET_USERDATA], FWC_UDATA_SET_MERGE))
			s->flags |= FWC_SET_AUTO_MERGE;
		read_types(s, a);
	}
	fwc_attr_be64(&a[NFTA_SET_HANDLE], &s->handle);
	fwc_attr_be64(&a[NFTA_SET_TIMEOUT], &s->timeout_ms);
	fwc_attr_be32(&a[NFTA_SET_GC_INTERVAL], &s->gc_interval_ms);
	fwc_attr_be32(&a[NFTA_SET_POLICY], &s->policy);
	fwc_attr_be32(&desc[NFTA_SET_DESC_SIZE], &s->max_elements);
	read_set_stateful(s, a);
	r = read_set_labels(s, &a[NFTA_SET_USERDATA]);
	if (r == 0 && ret)
		*ret = s;
	return r;
}

/* ---- keys and data ---- */

static void swap_if(bool swap, const uint8_t *from, uint8_t *to, size_t len)
{
	for (size_t i = 0; i < len; i++)
		to[i] = from[swap ? len - 1 - i : i];
}

/* The number of leading bits that a prefix from first to last has; -1: it is none. */
static int prefix_bits(const uint8_t *first, const uint8_t *last, size_t len)
{
	uint8_t mask[16];
	int bits;

	for (size_t i = 0; i < len; i++) {
		mask[i] = (uint8_t) ~(first[i] ^ last[i]);
		if (first[i] & ~mask[i])
			return -1;
	}
	bits = fwc_mask_to_prefix(mask, len);
	return bits;
}

const struct fwc_value *fwc_key_value(struct fwc_arena *a, const struct fwc_type *t,
				      const uint8_t *first, const uint8_t *last, bool ordered)
{
	bool swap = ordered && fwc_type_needs_hton(t);
	uint8_t from[16], to[16];
	int bits = -1;

	if (!memcmp(first, last, t->len)) {
		swap_if(swap, first, from, t->len);
		return fwc_value_constant(a, t, from);
	}
	if (t->form == FWC_FORM_IP4 || t->form == FWC_FORM_IP6 || t->form == FWC_FORM_IFNAME)
		bits = prefix_bits(first, last, t->len);
	if (bits >= 0 && (t->form != FWC_FORM_IFNAME || (bits && bits % 8 == 0)))
		return fwc_value_prefix_of(a, t, first, (uint32_t)bits);
	swap_if(swap, first, from, t->len);
	swap_if(swap, last, to, t->len);
	return fwc_value_make_range(a, fwc_value_constant(a, t, from),
				    fwc_value_constant(a, t, to));
}

static const struct fwc_value *concat_value(struct fwc_arena *a,
					    const struct fwc_type *const *types, size_t count,
					    const uint8_t *first, const uint8_t *last, bool ordered)
{
	const struct fwc_value *parts[FWC_MAX_CONCAT];

	if (count == 1)
		return fwc_key_value(a, types[0], first, last, ordered);
	for (size_t i = 0; i < count; i++) {
		parts[i] = fwc_key_value(a, types[i], first, last, ordered);
		first += fwc_pad4(types[i]->len);
		last += fwc_pad4(types[i]->len);
	}
	return fwc_value_make_concat(a, parts, count);
}

static bool can_retype(const struct fwc_type *const *from, const struct fwc_type *const *to,
		       size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (count == 1 ? from[i]->len != to[i]->len
			       : fwc_pad4(from[i]->len) != fwc_pad4(to[i]->len))
			return false;
	return true;
}

int fwc_set_retype_key(struct fwc_set *s, const struct fwc_type *const *types, size_t count)
{
	bool ordered = s->kernel_flags & NFT_SET_INTERVAL;

	if (fwc_types_same(s->key, s->key_count, types, count))
		return 0;
	if (count != s->key_count || !can_retype(s->key, types, count))
		return -EINVAL;
	for (size_t i = 0; i < s->elements.count; i++) {
		struct fwc_element *e = s->elements.items[i];
		uint8_t first[FWC_MAX_KEY], last[FWC_MAX_KEY];

		if (e == s->catch_all)
			continue;
		if (ordered)
			fwc_key_ordered_bytes(e->key, first, last);
		else
			fwc_key_bytes(e->key, first, last);
		e->key = concat_value(&s->ruleset->arena, types, count, first, last, ordered);
		if (!e->key)
			return -ENOMEM;
	}
	memcpy(s->key, types, count * sizeof(*types));
	return 0;
}

int fwc_set_retype_data(struct fwc_set *s, const struct fwc_type *type)
{
	if (s->data_count != 1 || fwc_type_same(s->data[0], type))
		return 0;
	if (s->data[0]->form == FWC_FORM_VERDICT || !can_retype(s->data, &type, 1))
		return -EINVAL;
	for (size_t i = 0; i < s->elements.count; i++) {
		struct fwc_element *e = s->elements.items[i];

		if (e->data->kind != FWC_VALUE_CONSTANT)
			return -EINVAL;
		e->data = fwc_value_constant(&s->ruleset->arena, type, e->data->bytes);
		if (!e->data)
			return -ENOMEM;
	}
	s->data[0] = type;
	return 0;
}

/* The bytes of a NFTA_DATA_VALUE within `nest`; NULL when it does not hold exactly `len`. */
static const uint8_t *data_bytes(const struct fwc_attr *nest, size_t len)
{
	struct fwc_attr a[NFTA_DATA_MAX + 1];

	if (!nest->data || fwc_attrs_parse(fwc_attr_slice(nest), a, NFTA_DATA_MAX) < 0 ||
	    !a[NFTA_DATA_VALUE].data || a[NFTA_DATA_VALUE].len != len)
		return NULL;
	return a[NFTA_DATA_VALUE].data;
}

const struct fwc_value *fwc_read_verdict(struct fwc_arena *a, struct fwc_slice verdict)
{
	struct fwc_attr v[NFTA_VERDICT_MAX + 1];
	uint32_t code, kind;
	const char *chain;
	bool jumps;

	if (fwc_attrs_parse(verdict, v, NFTA_VERDICT_MAX) < 0 ||
	    !fwc_attr_be32(&v[NFTA_VERDICT_CODE], &code) ||
	    !fwc_verdict_of_code((int32_t)code, &kind))
		return NULL;
	chain = fwc_attr_text(&v[NFTA_VERDICT_CHAIN]);
	jumps = kind == FWC_VERDICT_JUMP || kind == FWC_VERDICT_GOTO;
	if (jumps != (chain != NULL))
		return NULL;
	return fwc_value_make_verdict(a, kind, chain);
}

/* No part ends before it begins. */
static bool are_in_order(const struct fwc_type *const *types, size_t count, const uint8_t *first,
			 const uint8_t *last)
{
	for (size_t i = 0, at = 0; i < count; at += fwc_pad4(types[i++]->len))
		if (memcmp(first + at, last + at, types[i]->len) > 0)
			return false;
	return true;
}

/* NULL: not of the set's type, or out of memory. */
static const struct fwc_value *read_data(const struct fwc_set *s, const struct fwc_attr *nest)
{
	struct fwc_arena *arena = &s->ruleset->arena;
	struct fwc_attr a[NFTA_DATA_MAX + 1];
	const uint8_t *bytes, *last;

	if (s->data[0]->form == FWC_FORM_VERDICT) {
		if (!nest->data || fwc_attrs_parse(fwc_attr_slice(nest), a, NFTA_DATA_MAX) < 0 ||
		    !a[NFTA_DATA_VERDICT].data)
			return NULL;
		return fwc_read_verdict(arena, fwc_attr_slice(&a[NFTA_DATA_VERDICT]));
	}
	bytes = data_bytes(nest, fwc_wire_data_len(s));
	if (!bytes)
		return NULL;
	last = bytes + fwc_wire_data_len(s) - fwc_types_len(s->data, s->data_count);
	return are_in_order(s->data, s->data_count, bytes, last)
		       ? concat_value(arena, s->data, s->data_count, bytes, last, false)
		       : NULL;
}

static const struct fwc_value *read_object(const struct fwc_set *s, const struct fwc_attr *name)
{
	const char *text = fwc_attr_text(name);

	return text ? fwc_value_make_object(&s->ruleset->arena, s->data[0], text) : NULL;
}

/* ---- intervals of one part ---- */

/* The kernel dumps starts and ends of intervals one by one: today from the highest key down, one day maybe upwards; the
 * two elements of an interval may be in two messages. An interval holds up to the next boundary, or to the largest key. */
struct interval_reader {
	uint8_t before[16]; /* the boundary that was read last */
	bool any;
	struct fwc_element *open; /* it was a start, and this its element */
};

static struct interval_reader *reader_of(struct fwc_set *s)
{
	if (!s->reading)
		s->reading = fwc_arena_alloc(&s->ruleset->arena, sizeof(struct interval_reader));
	return s->reading;
}

static void key_before(const uint8_t *key, size_t len, uint8_t *ret)
{
	memcpy(ret, key, len);
	while (len)
		if (ret[--len]--)
			break;
}

/* Upwards: what was open ends before this boundary. */
static int close_interval(struct fwc_set *s, struct interval_reader *in, const uint8_t *bytes)
{
	struct fwc_element *e = in->open;
	uint8_t last[16];
	const struct fwc_value *key;

	if (!e || memcmp(bytes, in->before, s->key[0]->len) <= 0)
		return 0;
	key_before(bytes, s->key[0]->len, last);
	key = fwc_key_value(&s->ruleset->arena, s->key[0], in->before, last, true);
	if (!key)
		return -ENOMEM;
	e->key = key;
	return 0;
}

/* The key of an interval that starts at `bytes`, as far as it is known now. */
static const struct fwc_value *open_interval(struct fwc_set *s, const struct interval_reader *in,
					     const uint8_t *bytes)
{
	size_t len = s->key[0]->len;
	uint8_t last[16];

	memset(last, 0xff, sizeof(last));
	if (in->any && memcmp(bytes, in->before, len) < 0)
		key_before(in->before, len, last);
	return fwc_key_value(&s->ruleset->arena, s->key[0], bytes, last, true);
}

/* ---- elements ---- */

static bool is_expression(const struct fwc_attr *a)
{
	return a->type == NFTA_SET_ELEM_EXPR || a->type == NFTA_SET_ELEM_EXPRESSIONS;
}

/* 1: read, or there are none; 0: of a kind that the model has no words for. */
static int read_stateful(struct fwc_element *e, const struct fwc_attr a[NFTA_SET_ELEM_MAX + 1])
{
	struct fwc_stateful s;
	int count = fwc_decode_stateful_list(&e->set->ruleset->arena, &a[NFTA_SET_ELEM_EXPR],
					     &a[NFTA_SET_ELEM_EXPRESSIONS], s.targets,
					     FWC_MAX_STATEFUL);

	if (count <= 0)
		return count == 0;
	if (!fwc_element_state_in(e))
		return -ENOMEM;
	s.count = (size_t)count;
	e->state->stateful = s;
	return 1;
}

/* What has no place in the model: expressions when they are not `known`. */
static int keep_rest(struct fwc_element *e, struct fwc_slice attrs, bool known)
{
	struct fwc_arena *arena = &e->set->ruleset->arena;
	struct fwc_wire rest = { .data = NULL };
	struct fwc_element_state *state;
	struct fwc_slice scan = attrs;
	struct fwc_attr a;
	int r = 0;

	while (fwc_attr_next(&scan, &a) > 0)
		if (a.type > NFTA_SET_ELEM_MAX || (!known && is_expression(&a)))
			fwc_wire_add(&rest, a.whole.data, a.whole.len);
	if (rest.len) {
		state = fwc_element_state_in(e);
		if (state)
			state->opaque.data = fwc_arena_copy(arena, rest.data, rest.len);
		if (state && state->opaque.data)
			state->opaque.len = rest.len;
		else
			r = -ENOMEM;
	}
	if (rest.error)
		r = rest.error;
	fwc_wire_free(&rest);
	return r;
}

static int read_extras(struct fwc_element *e, const struct fwc_attr a[NFTA_SET_ELEM_MAX + 1],
		       struct fwc_slice attrs)
{
	uint64_t timeout = 0, expires = 0;
	struct fwc_element_state *state;
	int r = 0;

	fwc_attr_be64(&a[NFTA_SET_ELEM_TIMEOUT], &timeout);
	fwc_attr_be64(&a[NFTA_SET_ELEM_EXPIRATION], &expires);
	if (timeout || expires) {
		state = fwc_element_state_in(e);
		if (!state)
			return -ENOMEM;
		state->timeout_ms = timeout;
		state->expires_ms = expires;
	}
	if (a[NFTA_SET_ELEM_USERDATA].data)
		r = fwc_userdata_read(&e->set->ruleset->arena,
				      fwc_attr_slice(&a[NFTA_SET_ELEM_USERDATA]), FWC_UDATA_COMMENT,
				      1u << FWC_UDATA_ELEMENT_FLAGS, &e->labels);
	if (r == 0)
		r = read_stateful(e, a);
	return r < 0 ? r : keep_rest(e, attrs, r);
}

/* 1: read; 0: passed over, for it is the end of an interval; else an error. -EBADMSG: the model has no words for it. */
static int read_key(struct fwc_set *s, const struct fwc_attr a[NFTA_SET_ELEM_MAX + 1],
		    const struct fwc_value **ret, const uint8_t **ret_boundary)
{
	size_t len = fwc_types_len(s->key, s->key_count);
	const uint8_t *first = data_bytes(&a[NFTA_SET_ELEM_KEY], len), *last = first;
	struct interval_reader *in;
	uint32_t flags = 0;
	int r;

	fwc_attr_be32(&a[NFTA_SET_ELEM_FLAGS], &flags);
	if (flags == NFT_SET_ELEM_CATCHALL) {
		*ret = fwc_value_catch_all();
		return 1;
	}
	if (!first || flags & ~(uint32_t)NFT_SET_ELEM_INTERVAL_END)
		return -EBADMSG;
	if (!fwc_set_is_rbtree(s)) {
		if (a[NFTA_SET_ELEM_KEY_END].data)
			last = data_bytes(&a[NFTA_SET_ELEM_KEY_END], len);
		if (!last || flags || !are_in_order(s->key, s->key_count, first, last))
			return -EBADMSG;
		*ret = concat_value(&s->ruleset->arena, s->key, s->key_count, first, last,
				    s->kernel_flags & NFT_SET_INTERVAL);
		return *ret ? 1 : -ENOMEM;
	}
	in = reader_of(s);
	r = in ? close_interval(s, in, first) : -ENOMEM;
	if (r < 0)
		return r;
	*ret_boundary = first;
	if (!(flags & NFT_SET_ELEM_INTERVAL_END)) {
		*ret = open_interval(s, in, first);
		if (!*ret)
			return -ENOMEM;
	}
	memcpy(in->before, first, len);
	in->any = true;
	in->open = NULL;
	return !(flags & NFT_SET_ELEM_INTERVAL_END);
}

static int read_element(struct fwc_set *s, struct fwc_slice attrs)
{
	struct fwc_attr a[NFTA_SET_ELEM_MAX + 1];
	const struct fwc_value *key = NULL, *data = NULL;
	const uint8_t *boundary = NULL;
	struct fwc_element *e;
	int r = fwc_attrs_parse(attrs, a, NFTA_SET_ELEM_MAX);

	if (r < 0)
		return r;
	r = read_key(s, a, &key, &boundary);
	if (r <= 0)
		return r;
	if (s->data_count) {
		data = s->data[0]->form == FWC_FORM_OBJECT
			       ? read_object(s, &a[NFTA_SET_ELEM_OBJREF])
			       : read_data(s, &a[NFTA_SET_ELEM_DATA]);
		if (!data)
			return -EBADMSG;
	}
	e = fwc_set_push(s, key, data);
	if (!e)
		return -ENOMEM;
	if (boundary)
		reader_of(s)->open = e;
	return read_extras(e, a, attrs);
}

int fwc_nft_read_elements(struct fwc_ruleset *rs, uint32_t family, struct fwc_slice attrs,
			  struct fwc_set **ret)
{
	struct fwc_attr a[NFTA_SET_ELEM_LIST_MAX + 1], elem;
	const char *table, *name;
	struct fwc_slice rest;
	struct fwc_set *s;
	int r = fwc_attrs_parse(attrs, a, NFTA_SET_ELEM_LIST_MAX);

	if (r < 0)
		return r;
	table = fwc_attr_text(&a[NFTA_SET_ELEM_LIST_TABLE]);
	name = fwc_attr_text(&a[NFTA_SET_ELEM_LIST_SET]);
	if (!table || !name)
		return -EBADMSG;
	s = add_set(rs, family, table, name, false);
	if (!s)
		return -ENOMEM;
	if (!s->key_count)
		s->opaque = true;
	rest = fwc_attr_slice(&a[NFTA_SET_ELEM_LIST_ELEMENTS]);
	while (!s->opaque && (r = fwc_attr_next(&rest, &elem)) > 0) {
		r = read_element(s, fwc_attr_slice(&elem));
		if (r == -EBADMSG)
			/* of a kind that only newer kernels have: kept there, not rewritten */
			s->opaque = true;
		else if (r < 0)
			return r;
	}
	if (r == -ENOMEM)
		return r;
	if (ret)
		*ret = s;
	return 0;
}
