/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Comment, tag and owner: what rules, sets, elements, chains and tables are called. */
#include "model/model.h"

struct fwc_labels *fwc_labels_in(struct fwc_arena *a, struct fwc_labels **at)
{
	if (!*at)
		*at = fwc_arena_alloc(a, sizeof(**at));
	return *at;
}

/* Copies `text` into the arena after a check; *ret stays NULL when there is no text. */
static int copy_label(struct fwc_arena *a, const char *what, const char *text, size_t max,
		      const char **ret, struct fwc_error *err)
{
	if (!text) {
		*ret = NULL;
		return 0;
	}
	if (fwc_check_label(what, text, max, err) < 0)
		return -EINVAL;
	*ret = fwc_arena_strdup(a, text);
	return *ret ? 0 : fwc_fail_memory(err);
}

int fwc_label_set_comment(struct fwc_arena *a, struct fwc_labels **at, const char *text,
			  struct fwc_error *err)
{
	const char *copy;
	int r = copy_label(a, "comment", text, FWC_MAX_COMMENT, &copy, err);

	if (r < 0 || (!copy && !*at))
		return r;
	if (!fwc_labels_in(a, at))
		return fwc_fail_memory(err);
	(*at)->comment = copy;
	return 0;
}

int fwc_label_set_tag(struct fwc_arena *a, struct fwc_labels **at, const char *text,
		      struct fwc_error *err)
{
	const char *copy;
	int r = copy_label(a, "tag", text, FWC_MAX_TAG, &copy, err);

	if (r < 0 || (!copy && !*at))
		return r;
	if (!fwc_labels_in(a, at))
		return fwc_fail_memory(err);
	(*at)->tag = copy;
	return 0;
}

bool fwc_tlv_next(struct fwc_slice *s, uint8_t *ret_type, struct fwc_slice *ret_value)
{
	if (s->len < 2 || s->len < 2u + s->data[1])
		return false;
	*ret_type = s->data[0];
	*ret_value = (struct fwc_slice){ s->data + 2, s->data[1] };
	s->data += 2 + ret_value->len;
	s->len -= 2 + ret_value->len;
	return true;
}
