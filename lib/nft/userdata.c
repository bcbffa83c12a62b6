/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "nft/userdata.h"
#include "nft/uapi.h"

void fwc_userdata_add(struct fwc_userdata *u, uint8_t type, const void *value, size_t len)
{
	if (len > UINT8_MAX || u->len + 2 + len > sizeof(u->bytes)) {
		u->overflow = true;
		return;
	}
	u->bytes[u->len++] = type;
	u->bytes[u->len++] = (uint8_t)len;
	memcpy(u->bytes + u->len, value, len);
	u->len += len;
}

size_t fwc_userdata_nest_begin(struct fwc_userdata *u, uint8_t type)
{
	size_t at = u->len;

	fwc_userdata_add(u, type, "", 0);
	return at;
}

void fwc_userdata_nest_end(struct fwc_userdata *u, size_t nest)
{
	size_t len = u->len - nest - 2;

	if (u->overflow)
		return;
	if (len > UINT8_MAX)
		u->overflow = true;
	else
		u->bytes[nest + 1] = (uint8_t)len;
}

void fwc_userdata_add_u32(struct fwc_userdata *u, uint8_t type, uint32_t n)
{
	fwc_userdata_add(u, type, &n, sizeof(n));
}

static void add_text(struct fwc_userdata *u, uint8_t type, const char *text)
{
	if (text)
		fwc_userdata_add(u, type, text, strlen(text) + 1);
}

static bool is_own(uint8_t type, uint8_t comment_type, uint32_t written)
{
	return type == comment_type || type == FWC_UDATA_OWNER || type == FWC_UDATA_TAG ||
	       (type < 32 && written >> type & 1);
}

void fwc_userdata_add_labels(struct fwc_userdata *u, const struct fwc_labels *labels,
			     uint8_t comment_type, uint32_t written, const char *owner)
{
	struct fwc_slice rest, value;
	uint8_t type;

	if (!labels) {
		add_text(u, FWC_UDATA_OWNER, owner);
		return;
	}
	add_text(u, comment_type, labels->comment);
	add_text(u, FWC_UDATA_OWNER, labels->owner ? labels->owner : owner);
	add_text(u, FWC_UDATA_TAG, labels->tag);
	rest = labels->userdata;
	while (fwc_tlv_next(&rest, &type, &value))
		if (!is_own(type, comment_type, written))
			fwc_userdata_add(u, type, value.data, value.len);
}

void fwc_userdata_put(const struct fwc_userdata *u, struct fwc_wire *w, uint16_t attr)
{
	if (u->overflow && !w->error)
		w->error = -EMSGSIZE;
	if (u->len)
		fwc_put(w, attr, u->bytes, u->len);
}

/* A text with its NUL, and nothing after it. */
static const char *text_of(struct fwc_slice value)
{
	const uint8_t *end = value.len ? memchr(value.data, '\0', value.len) : NULL;

	return end && end + 1 == value.data + value.len ? (const char *)value.data : NULL;
}

int fwc_userdata_read(struct fwc_arena *a, struct fwc_slice bytes, uint8_t comment_type,
		      uint32_t written, struct fwc_labels **at)
{
	struct fwc_slice rest = bytes, value;
	bool worth = false;
	uint8_t type;
	uint8_t *copy;

	while (fwc_tlv_next(&rest, &type, &value))
		if (type >= 32 || !(written >> type & 1))
			worth = true;
	if (!worth)
		return 0;
	copy = fwc_arena_copy(a, bytes.data, bytes.len);
	if (!copy || !fwc_labels_in(a, at))
		return -ENOMEM;
	(*at)->userdata = (struct fwc_slice){ copy, bytes.len };
	rest = (*at)->userdata;
	while (fwc_tlv_next(&rest, &type, &value)) {
		if (type == comment_type)
			(*at)->comment = text_of(value);
		else if (type == FWC_UDATA_OWNER)
			(*at)->owner = text_of(value);
		else if (type == FWC_UDATA_TAG)
			(*at)->tag = text_of(value);
	}
	return 0;
}
