/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Messages of named objects. Their data are the attributes of the expression that does the same in a rule. */
#include "nft/decode.h"
#include "nft/messages.h"
#include "nft/nft.h"
#include "nft/uapi.h"
#include "nft/userdata.h"

static size_t begin(struct fwc_nft_writer *w, uint16_t type, uint16_t flags,
		    const struct fwc_named *o)
{
	size_t msg = fwc_message_begin(w, type, flags, o->table->family);

	fwc_put_text(w->wire, NFTA_OBJ_TABLE, o->table->name);
	fwc_put_text(w->wire, NFTA_OBJ_NAME, o->name);
	fwc_put_be32(w->wire, NFTA_OBJ_TYPE, o->type);
	return msg;
}

static void put_attrs(struct fwc_wire *w, const struct fwc_named *o, uint32_t mode)
{
	if (o->type == FWC_OBJECT_TYPE_CT_TIMEOUT)
		fwc_put_timeouts(w, o->what, o->table->family);
	else
		fwc_encode_attrs(w, o->what, o->table->family, mode);
}

static void put_data(struct fwc_wire *w, const struct fwc_named *o, uint32_t mode)
{
	size_t nest = fwc_nest_begin(w, NFTA_OBJ_DATA);

	if (o->what)
		put_attrs(w, o, mode);
	else
		fwc_wire_add(w, o->data.data, o->data.len);
	fwc_nest_end(w, nest);
}

void fwc_nft_put_object(struct fwc_nft_writer *w, const struct fwc_named *o, bool stamp_owner)
{
	struct fwc_userdata u = { .len = 0 };
	size_t msg;

	if (o->type == FWC_OBJECT_TYPE_FLOWTABLE) {
		fwc_nft_put_flowtable(w, o);
		return;
	}
	msg = begin(w, NFT_MSG_NEWOBJ, NLM_F_CREATE, o);
	put_data(w->wire, o, FWC_ENCODE_SEND);
	fwc_userdata_add_labels(&u, o->labels, FWC_UDATA_COMMENT, 0, stamp_owner ? w->owner : NULL);
	fwc_userdata_put(&u, w->wire, NFTA_OBJ_USERDATA);
	fwc_wire_end(w->wire, msg);
}

void fwc_nft_del_object(struct fwc_nft_writer *w, const struct fwc_named *o)
{
	if (o->type == FWC_OBJECT_TYPE_FLOWTABLE)
		fwc_nft_del_flowtable(w, o);
	else
		fwc_wire_end(w->wire, begin(w, NFT_MSG_DELOBJ, 0, o));
}

bool fwc_nft_objects_equal(const struct fwc_named *a, const struct fwc_named *b)
{
	fwc_cleanup(fwc_wire_free) struct fwc_wire x = { .data = NULL }, y = { .data = NULL };

	if (a->type == FWC_OBJECT_TYPE_FLOWTABLE)
		return fwc_nft_flowtables_equal(a, b);
	put_data(&x, a, FWC_ENCODE_CANONICAL);
	put_data(&y, b, FWC_ENCODE_CANONICAL);
	return !x.error && !y.error && x.len == y.len && !memcmp(x.data, y.data, x.len);
}

/* What it does, as far as that is known here; its bytes where it is not. */
static int read_data(struct fwc_named *o, const struct fwc_attr *data)
{
	struct fwc_arena *arena = &o->table->ruleset->arena;
	fwc_cleanup(fwc_wire_free) struct fwc_wire again = { .data = NULL };
	uint32_t kind = fwc_object_kind_of(o->type);

	o->what = kind == FWC_TARGET_CT_TIMEOUT
			  ? fwc_read_timeouts(arena, fwc_attr_slice(data), o->table->family)
		  : kind ? fwc_decode_attrs(arena, kind, fwc_attr_slice(data), o->table->family)
			 : NULL;
	if (o->what) {
		put_attrs(&again, o, FWC_ENCODE_AS_LOADED);
		if (again.len == data->len)
			return 0;
		o->what = NULL; /* an attribute that only newer kernels have */
	}
	o->data.data = fwc_arena_copy(arena, data->data, data->len);
	o->data.len = data->len;
	return o->data.data ? 0 : -ENOMEM;
}

int fwc_read_named(struct fwc_ruleset *rs, uint32_t family, const struct fwc_attr *table,
		   const struct fwc_attr *name, uint32_t type, struct fwc_named **ret)
{
	const char *table_name = fwc_attr_text(table), *own = fwc_attr_text(name);
	struct fwc_table *t;
	struct fwc_named *o;

	if (!table_name || !own)
		return -EBADMSG;
	t = fwc_ruleset_lookup_table(rs, family, table_name);
	if (!t)
		t = fwc_ruleset_table_in(rs, family, table_name);
	o = t ? fwc_table_find_object(t, type, own) : NULL;
	if (t && !o)
		o = fwc_table_object_in(t, type, own);
	if (!o)
		return -ENOMEM;
	*ret = o;
	return 0;
}

int fwc_nft_read_object(struct fwc_ruleset *rs, uint32_t family, struct fwc_slice attrs,
			struct fwc_named **ret)
{
	struct fwc_attr a[NFTA_OBJ_MAX + 1];
	struct fwc_named *o;
	uint32_t type;
	int r = fwc_attrs_parse(attrs, a, NFTA_OBJ_MAX);

	if (r == 0 && !fwc_attr_be32(&a[NFTA_OBJ_TYPE], &type))
		r = -EBADMSG;
	if (r == 0)
		r = fwc_read_named(rs, family, &a[NFTA_OBJ_TABLE], &a[NFTA_OBJ_NAME], type, &o);
	if (r < 0)
		return r;
	fwc_attr_be64(&a[NFTA_OBJ_HANDLE], &o->handle);
	o->labels = NULL;
	r = read_data(o, &a[NFTA_OBJ_DATA]);
	if (r == 0 && a[NFTA_OBJ_USERDATA].data)
		r = fwc_userdata_read(&rs->arena, fwc_attr_slice(&a[NFTA_OBJ_USERDATA]),
				      FWC_UDATA_COMMENT, 0, &o->labels);
	if (r == 0 && ret)
		*ret = o;
	return r;
}
