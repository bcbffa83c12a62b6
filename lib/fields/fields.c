/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Looking fields up: by their id, their words, and what the kernel loads. */
#include <assert.h>
#include <ctype.h>
#include <netinet/in.h>
#include <pthread.h>
#include <stdlib.h>

#include <linux/netfilter/nf_tables.h>

#include <fwcore/value.h>

#include "fields/types.h"

enum {
	FIELDS_MOST = 512,
	WORDS_MOST = 5, /* words that the name of a field has */
};

/* Rows in other orders than that of their ids. Filled once, then only read. */
static struct {
	const char *name;
	const struct fwc_field_row *row;
} by_name[2 * FIELDS_MOST];
static size_t by_name_count;
static const struct fwc_field_row *by_load[FIELDS_MOST];
static pthread_once_t indexed = PTHREAD_ONCE_INIT;

/* What rows are found by that begin at the same place; several fields can. */
static uint64_t load_key(uint8_t load, uint8_t base, uint32_t key, uint32_t offset)
{
	return (uint64_t)load << 56 | (uint64_t)base << 48 | (uint64_t)(key & 0xffff) << 32 |
	       offset;
}

static uint64_t key_of(const struct fwc_field_row *f)
{
	return load_key(f->load, f->base, f->key, f->offset);
}

static int compare_loads(const void *a, const void *b)
{
	const struct fwc_field_row *const *x = a, *const *y = b;
	uint64_t m = key_of(*x), n = key_of(*y);

	if (m != n)
		return m < n ? -1 : 1;
	return *x > *y ? -1 : *x < *y; /* of routing headers nft prefers that of segments */
}

static int compare_names(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static void add_name(const char *name, const struct fwc_field_row *f)
{
	by_name[by_name_count].name = name;
	by_name[by_name_count++].row = f;
}

static void fill_indexes(void)
{
	assert(fwc_fields_count <= FIELDS_MOST);
	for (size_t i = 0; i < fwc_fields_count; i++) {
		by_load[i] = &fwc_fields[i];
		add_name(fwc_fields[i].name, &fwc_fields[i]);
		if (fwc_fields[i].alias)
			add_name(fwc_fields[i].alias, &fwc_fields[i]);
	}
	qsort(by_load, fwc_fields_count, sizeof(by_load[0]), compare_loads);
	qsort(by_name, by_name_count, sizeof(by_name[0]), compare_names);
}

static int compare_id(const void *key, const void *row)
{
	uint32_t id = *(const uint32_t *)key, other = ((const struct fwc_field_row *)row)->id;

	return id < other ? -1 : id > other;
}

const struct fwc_field_row *fwc_field_by_id(uint32_t id)
{
	return bsearch(&id, fwc_fields, fwc_fields_count, sizeof(fwc_fields[0]), compare_id);
}

bool fwc_field_same(const struct fwc_field_row *a, const struct fwc_field_row *b)
{
	return a == b || (a->made && b->made && a->id == b->id && a->type == b->type &&
			  !strcmp(a->name, b->name));
}

/* ---- by name ---- */

static bool is_word(char c)
{
	return isalnum((unsigned char)c) || c == '_' || c == '-' || c == '[' || c == ']';
}

/* The first words of a text with single spaces between; where each ends, here and in the text. */
struct words {
	char text[FWC_FIELD_NAME_MOST];
	size_t count, end[WORDS_MOST], end_in_text[WORDS_MOST];
};

static void read_words(const char *text, size_t len, struct words *w)
{
	size_t at = 0, used = 0;

	w->count = 0;
	while (w->count < WORDS_MOST) {
		size_t start = at;

		while (at < len && is_word(text[at]))
			at++;
		if (at == start || used + (at - start) + 1 >= sizeof(w->text))
			return;
		if (w->count)
			w->text[used++] = ' ';
		memcpy(w->text + used, text + start, at - start);
		used += at - start;
		w->end[w->count] = used;
		w->end_in_text[w->count++] = at;
		while (at < len && isspace((unsigned char)text[at]))
			at++;
	}
}

static const struct fwc_field_row *find_name(const char *name)
{
	size_t low = 0, high = by_name_count;

	while (low < high) {
		size_t mid = low + (high - low) / 2;
		int r = strcmp(name, by_name[mid].name);

		if (!r)
			return by_name[mid].row;
		if (r < 0)
			high = mid;
		else
			low = mid + 1;
	}
	return NULL;
}

const struct fwc_field_row *fwc_field_by_name(const char *text, size_t len, size_t *ret_len)
{
	struct words w;

	pthread_once(&indexed, fill_indexes);
	read_words(text, len, &w);
	for (size_t n = w.count; n > 0; n--) {
		const struct fwc_field_row *f;

		w.text[w.end[n - 1]] = '\0';
		f = find_name(w.text);
		if (f) {
			*ret_len = w.end_in_text[n - 1];
			return f;
		}
	}
	return NULL;
}

/* ---- by what is loaded ---- */

/* The first of the rows in by_load that are not below `key`. */
static size_t lower_bound(uint64_t key)
{
	size_t low = 0, high = fwc_fields_count;

	pthread_once(&indexed, fill_indexes);
	while (low < high) {
		size_t mid = low + (high - low) / 2;

		if (key_of(by_load[mid]) < key)
			low = mid + 1;
		else
			high = mid;
	}
	return low;
}

static bool has_prefixes(const struct fwc_type *t)
{
	return t->form == FWC_FORM_IP4 || t->form == FWC_FORM_IP6;
}

/* Bytes at the network header mean a field only when the address family is known; what lies at the transport
 * header is told by the protocol alone. */
bool fwc_field_is_of_packet(const struct fwc_field_row *f, struct fwc_known known)
{
	if (f->base == NFT_PAYLOAD_NETWORK_HEADER)
		return f->l3 == known.l3;
	if (f->base == NFT_PAYLOAD_LL_HEADER)
		return f->l2 <= known.l2;
	return f->l4 == -1 || (f->l4 == known.l4 && (!f->icmp || f->icmp == known.icmp));
}

/* A part of its bytes, or all of them, as the mask says. */
static bool is_masked_by(const struct fwc_type *t, const uint8_t *mask)
{
	uint8_t own[FWC_TYPE_BYTES_MOST];

	if (!mask || !t->bits)
		return !mask && !t->bits;
	fwc_type_mask(t, own);
	return !memcmp(own, mask, t->len);
}

const struct fwc_field_row *fwc_field_by_payload(uint8_t base, uint32_t offset, uint32_t len,
						 struct fwc_known known, const uint8_t *mask)
{
	uint64_t key = load_key(FWC_LOAD_PAYLOAD, base, 0, offset);
	const struct fwc_field_row *any = NULL;

	for (size_t i = lower_bound(key); i < fwc_fields_count && key_of(by_load[i]) == key; i++) {
		const struct fwc_field_row *f = by_load[i];

		if (!fwc_field_is_of_packet(f, known) || !is_masked_by(f->type, mask))
			continue;
		if (len != f->type->len && (!len || len > f->type->len || !has_prefixes(f->type)))
			continue;
		if (f->base != NFT_PAYLOAD_TRANSPORT_HEADER || f->l4 == known.l4)
			return f;
		any = f; /* `th`: what ports are called when the protocol is not known */
	}
	/* The first two bytes of ICMP are type and code. */
	return known.l4 == IPPROTO_ICMP || known.l4 == IPPROTO_ICMPV6 ? NULL : any;
}

const struct fwc_field_row *fwc_field_by_exthdr(uint8_t op, uint32_t type, uint32_t offset,
						uint32_t len, uint32_t flags, const uint8_t *mask)
{
	uint64_t key = load_key(FWC_LOAD_EXTHDR, op, type, offset);

	for (size_t i = lower_bound(key); i < fwc_fields_count && key_of(by_load[i]) == key; i++) {
		const struct fwc_field_row *f = by_load[i];

		if (f->flags == flags && f->type->len == len && is_masked_by(f->type, mask))
			return f;
	}
	return NULL;
}

const struct fwc_field_row *fwc_field_by_tunnel(uint8_t tunnel, uint32_t offset, uint32_t len)
{
	uint64_t key = load_key(FWC_LOAD_INNER, tunnel, 0, offset);
	size_t i = lower_bound(key);

	return i < fwc_fields_count && key_of(by_load[i]) == key && by_load[i]->type->len == len
		       ? by_load[i]
		       : NULL;
}

const struct fwc_field_row *fwc_field_within(const struct fwc_field_row *f)
{
	return f->load == FWC_LOAD_INNER && f->key ? fwc_field_by_id(f->key) : NULL;
}

const struct fwc_field_row *fwc_field_by_key(uint8_t load, uint8_t base, uint32_t key,
					     uint32_t flags)
{
	uint64_t wanted = load_key(load, base, key, 0);

	for (size_t i = lower_bound(wanted); i < fwc_fields_count && key_of(by_load[i]) == wanted;
	     i++)
		if (by_load[i]->flags == flags && by_load[i]->key == key)
			return by_load[i];
	return NULL;
}

/* ---- public ---- */

const char *fwc_field_name(uint32_t field)
{
	const struct fwc_field_row *f = fwc_field_by_id(field);

	return !f ? NULL : f->prints_alias ? f->alias : f->name;
}

uint32_t fwc_field_find(const char *name)
{
	size_t len = name ? strlen(name) : 0, matched;
	const struct fwc_field_row *f = len ? fwc_field_by_name(name, len, &matched) : NULL;

	return f && matched == len ? f->id : 0;
}
