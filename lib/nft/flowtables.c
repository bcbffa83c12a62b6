/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Messages of flowtables. The model has them as named objects; the kernel keeps them apart, without userdata. */
#include <stdlib.h>

#include "fields/types.h"
#include "nft/messages.h"
#include "nft/nft.h"
#include "nft/uapi.h"

static size_t begin(struct fwc_nft_writer *w, uint16_t type, uint16_t flags,
		    const struct fwc_named *o)
{
	size_t msg = fwc_message_begin(w, type, flags, o->table->family);

	fwc_put_text(w->wire, NFTA_FLOWTABLE_TABLE, o->table->name);
	fwc_put_text(w->wire, NFTA_FLOWTABLE_NAME, o->name);
	return msg;
}

static const struct fwc_value *devices_of(const struct fwc_named *o)
{
	return fwc_target_get_value(o->what, FWC_FLOWTABLE_DEVICES);
}

static const char *device_at(const struct fwc_named *o, size_t i)
{
	return (const char *)fwc_value_item(devices_of(o), i)->bytes;
}

static int32_t priority_of(const struct fwc_named *o)
{
	const char *text = fwc_target_get_text(o->what, FWC_FLOWTABLE_PRIORITY);
	int32_t priority = 0;

	if (text)
		fwc_priority_parse(text, FWC_FAMILY_NETDEV, FWC_HOOK_INGRESS, &priority, NULL);
	return priority;
}

static uint64_t flags_of(const struct fwc_named *o)
{
	uint64_t flags = 0;

	fwc_target_get_number(o->what, FWC_FLOWTABLE_FLAGS, &flags);
	return flags;
}

static void put_hook(struct fwc_wire *w, const struct fwc_named *o)
{
	size_t hook = fwc_nest_begin(w, NFTA_FLOWTABLE_HOOK), devices;

	fwc_put_be32(w, NFTA_FLOWTABLE_HOOK_NUM, NF_NETDEV_INGRESS);
	fwc_put_be32(w, NFTA_FLOWTABLE_HOOK_PRIORITY, (uint32_t)priority_of(o));
	if (devices_of(o)) {
		devices = fwc_nest_begin(w, NFTA_FLOWTABLE_HOOK_DEVS);
		for (size_t i = 0; i < fwc_value_item_count(devices_of(o)); i++)
			fwc_put_text(w, NFTA_DEVICE_NAME, device_at(o, i));
		fwc_nest_end(w, devices);
	}
	fwc_nest_end(w, hook);
}

/* Of one that is there the kernel adds the devices that it lacks, and takes the new flags. */
void fwc_nft_put_flowtable(struct fwc_nft_writer *w, const struct fwc_named *o)
{
	size_t msg = begin(w, NFT_MSG_NEWFLOWTABLE, NLM_F_CREATE, o);

	put_hook(w->wire, o);
	fwc_put_be32(w->wire, NFTA_FLOWTABLE_FLAGS, (uint32_t)flags_of(o));
	fwc_wire_end(w->wire, msg);
}

void fwc_nft_del_flowtable(struct fwc_nft_writer *w, const struct fwc_named *o)
{
	fwc_wire_end(w->wire, begin(w, NFT_MSG_DELFLOWTABLE, 0, o));
}

void fwc_nft_del_flowtable_device(struct fwc_nft_writer *w, const struct fwc_named *o)
{
	size_t msg = begin(w, NFT_MSG_DELFLOWTABLE, 0, o);

	put_hook(w->wire, o);
	fwc_wire_end(w->wire, msg);
}

/* ---- comparing ---- */

bool fwc_nft_flowtable_has_device(const struct fwc_named *o, const struct fwc_value *device)
{
	for (size_t i = 0; i < fwc_value_item_count(devices_of(o)); i++)
		if (fwc_value_equal(fwc_value_item(devices_of(o), i), device))
			return true;
	return false;
}

/* The order in which devices are named means nothing; no device is named twice. */
static bool same_devices(const struct fwc_named *a, const struct fwc_named *b)
{
	size_t count = fwc_value_item_count(devices_of(a));

	if (count != fwc_value_item_count(devices_of(b)))
		return false;
	for (size_t i = 0; i < count; i++)
		if (!fwc_nft_flowtable_has_device(b, fwc_value_item(devices_of(a), i)))
			return false;
	return true;
}

bool fwc_nft_flowtables_equal(const struct fwc_named *a, const struct fwc_named *b)
{
	return priority_of(a) == priority_of(b) && flags_of(a) == flags_of(b) && same_devices(a, b);
}

bool fwc_nft_flowtable_can_become(const struct fwc_named *is, const struct fwc_named *wanted)
{
	return priority_of(is) == priority_of(wanted) &&
	       !((flags_of(is) ^ flags_of(wanted)) & NFT_FLOWTABLE_HW_OFFLOAD);
}

/* ---- reading ---- */

static const struct fwc_value *read_device(struct fwc_arena *arena, const struct fwc_attr *a)
{
	const char *name = a->type == NFTA_DEVICE_NAME ? fwc_attr_text(a) : NULL;
	uint8_t bytes[FWC_TYPE_BYTES_MOST] = { 0 };

	if (!name || strlen(name) >= sizeof(bytes))
		return NULL;
	memcpy(bytes, name, strlen(name));
	return fwc_value_constant(arena, &fwc_type_ifname, bytes);
}

static int read_devices(struct fwc_ruleset *rs, struct fwc_target *t, struct fwc_slice list)
{
	const struct fwc_type *const type = &fwc_type_ifname;
	struct fwc_set *s = fwc_set_new_anonymous(rs, &type, 1, NULL, 0);
	const struct fwc_value *v = NULL;
	struct fwc_attr a;

	if (!s)
		return -ENOMEM;
	while (fwc_attr_next(&list, &a) > 0) {
		v = read_device(&rs->arena, &a);
		if (!v)
			return -EBADMSG;
		if (!fwc_set_push(s, v, NULL))
			return -ENOMEM;
	}
	if (s->elements.count > 1)
		v = fwc_value_make_list(&rs->arena, s);
	if (v)
		fwc_target_put_value(t, FWC_FLOWTABLE_DEVICES, v);
	return v || s->elements.count == 0 ? 0 : -ENOMEM;
}

static int read_priority(struct fwc_ruleset *rs, struct fwc_target *t, int32_t priority)
{
	char text[64];
	struct fwc_buf out = fwc_buf_over(text, sizeof(text));
	const char *copy;

	fwc_priority_format(priority, FWC_FAMILY_NETDEV, FWC_HOOK_INGRESS, &out);
	copy = fwc_arena_strdup(&rs->arena, text);
	if (copy)
		fwc_target_put_text(t, FWC_FLOWTABLE_PRIORITY, copy);
	return copy ? 0 : -ENOMEM;
}

static int read_what(struct fwc_ruleset *rs, struct fwc_target *t, const struct fwc_attr *attrs)
{
	struct fwc_attr hook[NFTA_FLOWTABLE_HOOK_MAX + 1];
	uint32_t flags = 0, priority = 0;
	int r = fwc_attrs_parse(fwc_attr_slice(&attrs[NFTA_FLOWTABLE_HOOK]), hook,
				NFTA_FLOWTABLE_HOOK_MAX);

	if (r < 0)
		return r;
	fwc_attr_be32(&attrs[NFTA_FLOWTABLE_FLAGS], &flags);
	fwc_attr_be32(&hook[NFTA_FLOWTABLE_HOOK_PRIORITY], &priority);
	if (flags)
		fwc_target_put_number(t, FWC_FLOWTABLE_FLAGS, flags);
	r = read_priority(rs, t, (int32_t)priority);
	return r < 0 ? r : read_devices(rs, t, fwc_attr_slice(&hook[NFTA_FLOWTABLE_HOOK_DEVS]));
}

int fwc_nft_read_flowtable(struct fwc_ruleset *rs, uint32_t family, struct fwc_slice attrs,
			   struct fwc_named **ret)
{
	struct fwc_attr a[NFTA_FLOWTABLE_MAX + 1];
	struct fwc_target *what;
	struct fwc_named *o;
	int r = fwc_attrs_parse(attrs, a, NFTA_FLOWTABLE_MAX);

	if (r < 0)
		return r;
	r = fwc_read_named(rs, family, &a[NFTA_FLOWTABLE_TABLE], &a[NFTA_FLOWTABLE_NAME],
			   FWC_OBJECT_TYPE_FLOWTABLE, &o);
	if (r < 0)
		return r;
	what = fwc_target_in(&rs->arena, FWC_TARGET_FLOWTABLE);
	if (!what)
		return -ENOMEM;
	fwc_attr_be64(&a[NFTA_FLOWTABLE_HANDLE], &o->handle);
	r = read_what(rs, what, a);
	if (r < 0)
		return r;
	o->what = what;
	if (ret)
		*ret = o;
	return 0;
}
