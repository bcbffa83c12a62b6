/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What folding notes in the userdata of sets and elements, where it is kept, dumped and read like any other. */
#include "model/fold.h"

/* Of our own types, beside the owner's and the tag's: nft/uapi.h. */
enum { TLV_FOLD = 0x82, TLV_OWN_FIRST = 0x80, TLV_COMMENT = 0 };

/* A value of that type as all of the userdata. */
static int put(struct fwc_arena *a, struct fwc_labels *labels, const uint8_t *value, size_t len)
{
	uint8_t *bytes = fwc_arena_alloc(a, len + 2);

	if (!bytes)
		return -ENOMEM;
	bytes[0] = TLV_FOLD;
	bytes[1] = (uint8_t)len;
	memcpy(bytes + 2, value, len);
	labels->userdata = (struct fwc_slice){ bytes, len + 2 };
	return 0;
}

static bool find(const struct fwc_labels *labels, struct fwc_slice *ret)
{
	struct fwc_slice rest = labels ? labels->userdata : (struct fwc_slice){ NULL, 0 };
	uint8_t type;

	while (fwc_tlv_next(&rest, &type, ret))
		if (type == TLV_FOLD)
			return true;
	return false;
}

/* The machine's own order: nobody else reads this kernel's userdata. */
int fwc_fold_note(struct fwc_arena *a, struct fwc_labels *labels, const struct fwc_fold_note *note)
{
	return put(a, labels, (const uint8_t *)note, sizeof(*note));
}

bool fwc_fold_note_read(const struct fwc_labels *labels, struct fwc_fold_note *ret)
{
	struct fwc_slice value;

	if (!find(labels, &value) || value.len != sizeof(*ret))
		return false;
	memcpy(ret, value.data, sizeof(*ret));
	return true;
}

int fwc_fold_layout(struct fwc_arena *a, struct fwc_labels *labels, const uint8_t *layout,
		    size_t count)
{
	return put(a, labels, layout, count);
}

size_t fwc_fold_layout_read(const struct fwc_labels *labels, uint8_t layout[FWC_FOLD_MATCHES])
{
	struct fwc_slice value;

	if (!find(labels, &value) || value.len > FWC_FOLD_MATCHES)
		return 0;
	memcpy(layout, value.data, value.len);
	return value.len;
}

bool fwc_fold_same_note(const struct fwc_labels *a, const struct fwc_labels *b)
{
	struct fwc_fold_note one = { 0 }, other = { 0 };

	fwc_fold_note_read(a, &one);
	fwc_fold_note_read(b, &other);
	return one.group == other.group && one.lists == other.lists && one.ranges == other.ranges;
}

bool fwc_fold_labels_are_plain(const struct fwc_labels *labels)
{
	struct fwc_slice rest = labels->userdata, value;
	uint8_t type;

	while (fwc_tlv_next(&rest, &type, &value))
		if (type != TLV_COMMENT && type < TLV_OWN_FIRST)
			return false;
	return true;
}
