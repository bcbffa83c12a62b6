/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Messages of sets: what they hold is in elements.c. */
#include "nft/encode.h"
#include "nft/messages.h"
#include "nft/userdata.h"

size_t fwc_types_len(const struct fwc_type *const *types, size_t count)
{
	size_t len = 0;

	if (count == 1)
		return types[0]->form == FWC_FORM_VERDICT ? FWC_NFT_VERDICT_LEN : types[0]->len;
	for (size_t i = 0; i < count; i++)
		len += fwc_pad4(types[i]->len);
	return len;
}

size_t fwc_wire_data_len(const struct fwc_set *s)
{
	size_t one = fwc_types_len(s->data, s->data_count);

	return s->flags & FWC_SET_DATA_INTERVAL ? 2 * one : one;
}

bool fwc_set_is_rbtree(const struct fwc_set *s)
{
	return s->key_count == 1 && fwc_encode_is_interval(s);
}

static bool is_verdict_map(const struct fwc_set *s)
{
	return s->data_count == 1 && s->data[0]->form == FWC_FORM_VERDICT;
}

static bool is_object_map(const struct fwc_set *s)
{
	return s->data_count == 1 && s->data[0]->form == FWC_FORM_OBJECT;
}

static bool same_kinds(const struct fwc_stateful *a, const struct fwc_stateful *b)
{
	for (size_t i = 0; i < a->count && a->count == b->count; i++)
		if (a->targets[i]->type != b->targets[i]->type)
			return false;
	return a->count == b->count;
}

/* What elements have that say nothing else. A list whose elements all say the same says it too: as a bitmap, which the
 * kernel makes of short keys otherwise, it would count nothing. */
static const struct fwc_stateful *stateful_of(const struct fwc_set *s)
{
	const struct fwc_stateful *first = NULL;

	if (!s->anonymous || s->stateful.count || !s->elements.count)
		return &s->stateful;
	for (size_t i = 0; i < s->elements.count; i++) {
		const struct fwc_stateful *own = fwc_element_stateful(s->elements.items[i]);

		first = first ? first : own;
		if (!same_kinds(first, own))
			return &s->stateful;
	}
	return first;
}

uint32_t fwc_set_kernel_flags(const struct fwc_set *s)
{
	uint32_t flags = 0;

	if (s->anonymous)
		flags |= NFT_SET_ANONYMOUS;
	if (s->flags & FWC_SET_CONSTANT)
		flags |= NFT_SET_CONSTANT;
	if (s->flags & FWC_SET_TIMEOUT || s->timeout_ms)
		flags |= NFT_SET_TIMEOUT;
	if (s->flags & FWC_SET_DYNAMIC)
		flags |= NFT_SET_EVAL;
	if (s->data_count)
		flags |= is_object_map(s) ? NFT_SET_OBJECT : NFT_SET_MAP;
	if (stateful_of(s)->count > 1)
		flags |= NFT_SET_EXPR;
	if (fwc_encode_is_interval(s))
		flags |= NFT_SET_INTERVAL | (s->key_count > 1 ? NFT_SET_CONCAT : 0);
	return flags;
}

/* nft's number of a key's types: 6 bits each, the first one highest. It only tells nft how to print. */
static uint32_t types_id(const struct fwc_type *const *types, size_t count)
{
	uint32_t id = 0;

	for (size_t i = 0; i < count; i++)
		id = id << FWC_NFT_TYPE_BITS | types[i]->id;
	return id;
}

static uint32_t byteorder(const struct fwc_type *const *types, size_t count)
{
	if (count != 1 || types[0]->form == FWC_FORM_VERDICT)
		return FWC_BYTEORDER_NONE;
	return types[0]->order == FWC_ORDER_HOST ? FWC_BYTEORDER_HOST : FWC_BYTEORDER_BIG;
}

static void add_typeof(struct fwc_userdata *u, const struct fwc_set *s)
{
	if (s->key_of)
		fwc_userdata_add_typeof(u, FWC_UDATA_SET_KEY_TYPEOF, s->key_of);
	if (s->data_of || (s->key_of && is_verdict_map(s)))
		fwc_userdata_add_typeof(u, FWC_UDATA_SET_DATA_TYPEOF, s->data_of);
}

static void collect_userdata(struct fwc_userdata *u, const struct fwc_set *s, const char *owner,
			     bool fields)
{
	bool data = s->data_count && !is_object_map(s);
	uint32_t written = 1u << FWC_UDATA_SET_KEYBYTEORDER | 1u << FWC_UDATA_SET_DATABYTEORDER |
			   1u << FWC_UDATA_SET_DATA_INTERVAL | 1u << FWC_UDATA_SET_MERGE |
			   1u << FWC_UDATA_SET_KEY_TYPEOF | 1u << FWC_UDATA_SET_DATA_TYPEOF;

	u->len = 0;
	u->overflow = false;
	fwc_userdata_add_u32(u, FWC_UDATA_SET_KEYBYTEORDER, byteorder(s->key, s->key_count));
	if (s->flags & FWC_SET_AUTO_MERGE)
		fwc_userdata_add_u32(u, FWC_UDATA_SET_MERGE, 1);
	if (data)
		fwc_userdata_add_u32(u, FWC_UDATA_SET_DATABYTEORDER,
				     is_verdict_map(s) ? FWC_BYTEORDER_NONE
						       : byteorder(s->data, s->data_count));
	if (fields)
		add_typeof(u, s);
	if (data)
		fwc_userdata_add_u32(u, FWC_UDATA_SET_DATA_INTERVAL,
				     s->flags & FWC_SET_DATA_INTERVAL ? 1 : 0);
	fwc_userdata_add_labels(u, s->labels, FWC_UDATA_SET_COMMENT, written, owner);
}

/* Numbers and texts have the lengths of their fields. */
static bool needs_fields(const struct fwc_set *s)
{
	for (size_t i = 0; i < s->key_count; i++)
		if (s->key[i]->id == FWC_TYPE_ID_INTEGER || s->key[i]->id == FWC_TYPE_ID_STRING)
			return true;
	return false;
}

/* Where a comment and the like leave no room for it, the note of the fields goes if nobody needs it. */
static void put_set_userdata(struct fwc_nft_writer *w, const struct fwc_set *s, const char *owner)
{
	struct fwc_userdata u;

	collect_userdata(&u, s, owner, true);
	if (u.overflow && s->key_of && !needs_fields(s))
		collect_userdata(&u, s, owner, false);
	fwc_userdata_put(&u, w->wire, NFTA_SET_USERDATA);
}

static void put_desc(struct fwc_wire *w, const struct fwc_set *s, uint32_t flags, uint32_t size)
{
	size_t desc, fields;

	if (!size && !(flags & NFT_SET_CONCAT))
		return;
	desc = fwc_nest_begin(w, NFTA_SET_DESC);
	if (size)
		fwc_put_be32(w, NFTA_SET_DESC_SIZE, size);
	if (flags & NFT_SET_CONCAT) {
		fields = fwc_nest_begin(w, NFTA_SET_DESC_CONCAT);
		for (size_t i = 0; i < s->key_count; i++) {
			size_t field = fwc_nest_begin(w, NFTA_LIST_ELEM);

			fwc_put_be32(w, NFTA_SET_FIELD_LEN, s->key[i]->len);
			fwc_nest_end(w, field);
		}
		fwc_nest_end(w, fields);
	}
	fwc_nest_end(w, desc);
}

/* A set that never changes is given its own size: the kernel then picks the faster kinds and fills them 2.5 times
 * faster. Intervals of one part are two elements each, and one more closes the gap before the first. */
static uint32_t set_size(const struct fwc_set *s)
{
	size_t count = s->elements.count;

	if (!s->anonymous && (s->max_elements || !(s->flags & FWC_SET_CONSTANT)))
		return s->max_elements;
	/* Of a known size, keys that are no intervals would be in a tree of intervals, which is smallest: they overlap. */
	if (!count || (!s->anonymous && s->policy && !fwc_encode_is_interval(s)))
		return 0;
	return (uint32_t)(fwc_set_is_rbtree(s) ? 2 * count + 1 : count);
}

static void put_set(struct fwc_nft_writer *w, const struct fwc_table *t, const struct fwc_set *s,
		    const char *name, uint32_t id, const char *owner)
{
	size_t msg = fwc_message_begin(w, NFT_MSG_NEWSET, NLM_F_CREATE, t->family);
	uint32_t flags = fwc_set_kernel_flags(s);
	struct fwc_wire *wire = w->wire;

	fwc_put_text(wire, NFTA_SET_TABLE, t->name);
	fwc_put_text(wire, NFTA_SET_NAME, name);
	fwc_put_be32(wire, NFTA_SET_FLAGS, flags);
	fwc_put_be32(wire, NFTA_SET_KEY_TYPE, types_id(s->key, s->key_count));
	fwc_put_be32(wire, NFTA_SET_KEY_LEN, (uint32_t)fwc_types_len(s->key, s->key_count));
	if (is_object_map(s)) {
		fwc_put_be32(wire, NFTA_SET_OBJ_TYPE, s->data[0]->id);
	} else if (s->data_count) {
		fwc_put_be32(wire, NFTA_SET_DATA_TYPE,
			     is_verdict_map(s) ? (uint32_t)NFT_DATA_VERDICT
					       : types_id(s->data, s->data_count));
		fwc_put_be32(wire, NFTA_SET_DATA_LEN, (uint32_t)fwc_wire_data_len(s));
	}
	fwc_put_be32(wire, NFTA_SET_ID, id);
	if (s->timeout_ms)
		fwc_put_be64(wire, NFTA_SET_TIMEOUT, s->timeout_ms);
	if (s->gc_interval_ms)
		fwc_put_be32(wire, NFTA_SET_GC_INTERVAL, s->gc_interval_ms);
	if (s->policy)
		fwc_put_be32(wire, NFTA_SET_POLICY, s->policy);
	put_desc(wire, s, flags, set_size(s));
	put_set_userdata(w, s, owner);
	fwc_encode_stateful_list(wire, stateful_of(s), FWC_ENCODE_SEND, NFTA_SET_EXPR,
				 NFTA_SET_EXPRESSIONS);
	fwc_wire_end(wire, msg);
}

int fwc_nft_put_set(struct fwc_nft_writer *w, const struct fwc_set *s, bool stamp_owner,
		    struct fwc_error *err)
{
	if (s->opaque)
		return fwc_fail(
			err, -EOPNOTSUPP, FWC_OBJECT_SET,
			"set '%s' has a type that this version of the library does not know",
			s->name);
	if (!w->next_set_id)
		w->next_set_id = 1;
	put_set(w, s->table, s, s->name, w->next_set_id++, stamp_owner ? w->owner : NULL);
	return 0;
}

void fwc_nft_del_set(struct fwc_nft_writer *w, const struct fwc_set *s)
{
	size_t msg = fwc_message_begin(w, NFT_MSG_DELSET, 0, s->table->family);

	fwc_put_text(w->wire, NFTA_SET_TABLE, s->table->name);
	fwc_put_text(w->wire, NFTA_SET_NAME, s->name);
	fwc_wire_end(w->wire, msg);
}

const char *fwc_anonymous_name(const struct fwc_set *s)
{
	return is_object_map(s) ? "__objmap%d" : s->data_count ? "__map%d" : "__set%d";
}

int fwc_put_anonymous_set(struct fwc_nft_writer *w, const struct fwc_table *t,
			  const struct fwc_set *s, struct fwc_error *err)
{
	const char *name = fwc_anonymous_name(s);
	uint32_t id = w->next_set_id++;

	if (s->opaque)
		return fwc_fail(
			err, -EOPNOTSUPP, FWC_OBJECT_SET,
			"a list in this rule has a type that this version of the library does not know");
	put_set(w, t, s, name, id, NULL);
	return fwc_put_elements_of(w, t, s, name, id, err);
}
