/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Sets as a program declares and reads them. */
#include "fields/objects.h"
#include "model/set.h"
#include "text/text.h"

int fwc_set_fail(struct fwc_set *s, struct fwc_error *err)
{
	fwc_copy_name(err->chain, sizeof(err->chain), s->name);
	fwc_error_prepend(err, "set %s", s->name);
	return s->table ? fwc_table_fail(s->table, err) : fwc_ruleset_fail(s->ruleset, err);
}

/* ---- declaring ---- */

static int check_flags(const struct fwc_set *s, uint32_t flags, struct fwc_error *err)
{
	const uint32_t known = FWC_SET_CONSTANT | FWC_SET_INTERVAL | FWC_SET_DYNAMIC |
			       FWC_SET_TIMEOUT | FWC_SET_STATE | FWC_SET_AUTO_MERGE |
			       FWC_SET_DATA_INTERVAL;

	if (flags & ~known)
		return fwc_fail(err, -EINVAL, FWC_OBJECT_SET,
				"flags 0x%x are not known: only 0x%x are", flags & ~known, known);
	/* The kernel has no kind of set for these: EOPNOTSUPP without a word. */
	if ((flags & FWC_SET_CONSTANT) && (flags & FWC_SET_TIMEOUT))
		return fwc_fail(err, -EINVAL, FWC_OBJECT_SET,
				"a constant set has no timeouts: its elements stay");
	if ((flags & FWC_SET_DYNAMIC) && (flags & FWC_SET_INTERVAL))
		return fwc_fail(err, -EINVAL, FWC_OBJECT_SET,
				"a dynamic set has no intervals: rules add single keys");
	if ((flags & FWC_SET_DATA_INTERVAL) &&
	    (flags & FWC_SET_DYNAMIC || !fwc_data_can_be_intervals(s->data, s->data_count)))
		return fwc_fail(err, -EINVAL, FWC_OBJECT_SET,
				"ranges as data are for address translation: of ipv4_addr or "
				"ipv6_addr, alone or with inet_service, and not added by rules");
	if ((flags & FWC_SET_AUTO_MERGE) && !(flags & FWC_SET_INTERVAL))
		return fwc_fail(err, -EINVAL, FWC_OBJECT_SET,
				"only intervals are merged: auto-merge needs the flag interval");
	if ((flags & FWC_SET_DYNAMIC) && s->data_count && s->data[0] == &fwc_type_verdict)
		return fwc_fail(err, -EINVAL, FWC_OBJECT_SET,
				"a map to verdicts is not dynamic: rules cannot add verdicts");
	return 0;
}

#define TYPEOF "typeof "

/* Names of types, or `typeof` and fields that have them. */
static int parse_types(struct fwc_set *s, const char *text, const struct fwc_type **types,
		       uint8_t *ret_count, const struct fwc_value **ret_fields,
		       struct fwc_error *err)
{
	const char *fields = text + strlen(TYPEOF);

	if (strncmp(text, TYPEOF, strlen(TYPEOF)) != 0)
		return fwc_types_parse(text, types, ret_count, err);
	*ret_fields = fwc_text_parse_fields(s->ruleset, fields, strlen(fields), err);
	if (!*ret_fields)
		return err->code;
	*ret_count = fwc_types_of_fields(*ret_fields, types);
	if (!*ret_count)
		return fwc_fail(err, -EINVAL, FWC_OBJECT_SET,
				"'%s': at most %d fields may stand side by side", text,
				FWC_MAX_TYPES);
	return fwc_check_types(text, types, *ret_count, err);
}

/* nft lists either both as fields or both by name. */
static int check_fields(const struct fwc_set *s, struct fwc_error *err)
{
	bool free = !s->data_count || s->data[0]->form == FWC_FORM_VERDICT ||
		    s->data[0]->form == FWC_FORM_OBJECT;

	if (s->data_of ? s->key_of != NULL : free || !s->key_of)
		return 0;
	return fwc_fail(err, -EINVAL, FWC_OBJECT_SET,
			"keys and data are either both typeof or both named types");
}

static int take_types(struct fwc_set *s, const char *key_type, const char *data_type,
		      struct fwc_error *err)
{
	const struct fwc_type *object = data_type ? fwc_type_of_object_named(data_type) : NULL;
	int r;

	if (!key_type)
		return fwc_fail(err, -EINVAL, FWC_OBJECT_SET, "the type of the keys is missing");
	r = parse_types(s, key_type, s->key, &s->key_count, &s->key_of, err);
	if (object) {
		s->data[0] = object;
		s->data_count = 1;
	} else if (r == 0 && data_type) {
		r = parse_types(s, data_type, s->data, &s->data_count, &s->data_of, err);
	}
	if (r == 0)
		r = check_fields(s, err);
	if (r == 0 && s->key[0] == &fwc_type_verdict)
		r = fwc_fail(err, -EINVAL, FWC_OBJECT_SET,
			     "a verdict is no key: it may be the data of a map");
	if (r == 0 && (!fwc_set_key_type(s) || (data_type && !fwc_set_data_type(s))))
		r = fwc_fail_memory(err);
	return r;
}

static int declare(struct fwc_set *s, const char *key_type, const struct fwc_set_opts *opts,
		   struct fwc_error *err)
{
	uint64_t timeout_ms = fwc_opts_get(opts, timeout_ms, 0u);
	uint32_t flags = fwc_opts_get(opts, flags, 0u) | (timeout_ms ? FWC_SET_TIMEOUT : 0u);
	int r;

	r = take_types(s, key_type, fwc_opts_get(opts, data_type, NULL), err);
	if (r == 0)
		r = check_flags(s, flags, err);
	if (r == 0 && fwc_opts_get(opts, policy, 0u) > FWC_SET_POLICY_MEMORY)
		r = fwc_fail(err, -EINVAL, FWC_OBJECT_SET,
			     "policy %u is none of enum fwc_set_policy", opts->policy);
	if (r < 0)
		return r;
	s->gc_interval_ms = fwc_opts_get(opts, gc_interval_ms, 0u);
	s->policy = fwc_opts_get(opts, policy, 0u);
	s->flags = flags;
	s->timeout_ms = timeout_ms;
	s->max_elements = fwc_opts_get(opts, max_elements, 0u);
	return 0;
}

struct fwc_set *fwc_table_add_set(struct fwc_table *table, const char *name, const char *key_type,
				  const struct fwc_set_opts *opts)
{
	struct fwc_error err;
	struct fwc_set *s;
	int r;

	if (!table)
		return NULL;
	r = fwc_check_name("set", name, &err);
	if (r == 0)
		r = fwc_opts_check(opts, sizeof(*opts), &err);
	if (r == 0 && fwc_table_find_set(table, name))
		r = fwc_fail(&err, -EEXIST, FWC_OBJECT_SET, "set %s is declared already", name);
	if (r < 0) {
		fwc_table_fail(table, &err);
		return NULL;
	}
	s = fwc_table_set_in(table, name);
	if (!s) {
		fwc_fail_memory(&err);
		fwc_table_fail(table, &err);
		return NULL;
	}
	if (declare(s, key_type, opts, &err) < 0) {
		fwc_set_fail(s, &err);
		return NULL;
	}
	return s;
}

int fwc_set_comment(struct fwc_set *set, const char *text)
{
	struct fwc_error err;

	if (!set)
		return -EINVAL;
	if (fwc_label_set_comment(&set->ruleset->arena, &set->labels, text, &err) < 0)
		return fwc_set_fail(set, &err);
	return 0;
}

int fwc_set_add_target(struct fwc_set *set, const struct fwc_target *target)
{
	struct fwc_error err;
	int r;

	if (!set)
		return -EINVAL;
	if (!target)
		r = fwc_fail(&err, -EINVAL, FWC_OBJECT_ARGUMENT, "a target is missing (NULL)");
	else
		r = fwc_stateful_add(set->ruleset, &set->stateful, target, &err);
	return r < 0 ? fwc_set_fail(set, &err) : 0;
}

/* ---- reading ---- */

const char *fwc_set_name(const struct fwc_set *set)
{
	return !set ? NULL : set->anonymous ? "" : set->name;
}

uint64_t fwc_set_handle(const struct fwc_set *set)
{
	return set ? set->handle : 0;
}

uint32_t fwc_set_flags(const struct fwc_set *set)
{
	return set ? set->flags : 0;
}

uint64_t fwc_set_timeout_ms(const struct fwc_set *set)
{
	return set ? set->timeout_ms : 0;
}

uint32_t fwc_set_gc_interval_ms(const struct fwc_set *set)
{
	return set ? set->gc_interval_ms : 0;
}

uint32_t fwc_set_policy(const struct fwc_set *set)
{
	return set ? set->policy : 0;
}

uint32_t fwc_set_object_type(const struct fwc_set *set)
{
	bool objects = set && set->data_count && set->data[0]->form == FWC_FORM_OBJECT;

	return objects ? set->data[0]->id : 0;
}

uint32_t fwc_set_max_elements(const struct fwc_set *set)
{
	return set ? set->max_elements : 0;
}

/* Anonymous and loaded sets have their types alone; the words are made for whoever asks. */
static const char *type_text(const struct fwc_set *s, char **text,
			     const struct fwc_type *const *types, size_t count,
			     const struct fwc_value *fields)
{
	fwc_cleanup(fwc_buf_free) struct fwc_buf words = { 0 };

	if (*text || !count)
		return *text;
	if (!fields)
		return *text = fwc_types_text(&s->ruleset->arena, types, count);
	fwc_buf_puts(&words, TYPEOF);
	fwc_text_format_value(fields, &words);
	if (!words.failed)
		*text = fwc_arena_strdup(&s->ruleset->arena, words.data);
	return *text;
}

const char *fwc_set_key_type(const struct fwc_set *set)
{
	return set ? type_text(set, &((struct fwc_set *)set)->key_text, set->key, set->key_count,
			       set->key_of)
		   : NULL;
}

const char *fwc_set_data_type(const struct fwc_set *set)
{
	return set ? type_text(set, &((struct fwc_set *)set)->data_text, set->data, set->data_count,
			       set->data_of)
		   : NULL;
}

const char *fwc_set_comment_get(const struct fwc_set *set)
{
	return set && set->labels ? set->labels->comment : NULL;
}

size_t fwc_set_target_count(const struct fwc_set *set)
{
	return set ? set->stateful.count : 0;
}

const struct fwc_target *fwc_set_target_at(const struct fwc_set *set, size_t i)
{
	return set && i < set->stateful.count ? set->stateful.targets[i] : NULL;
}

size_t fwc_set_count(const struct fwc_set *set)
{
	return set ? set->elements.count : 0;
}

const struct fwc_element *fwc_set_at(const struct fwc_set *set, size_t i)
{
	return set && i < set->elements.count ? set->elements.items[i] : NULL;
}

const struct fwc_value *fwc_element_key(const struct fwc_element *element)
{
	return element ? element->key : NULL;
}

const struct fwc_value *fwc_element_data(const struct fwc_element *element)
{
	return element ? element->data : NULL;
}

uint64_t fwc_element_timeout_ms(const struct fwc_element *element)
{
	return element && element->state ? element->state->timeout_ms : 0;
}

uint64_t fwc_element_expires_ms(const struct fwc_element *element)
{
	return element && element->state ? element->state->expires_ms : 0;
}

size_t fwc_element_target_count(const struct fwc_element *element)
{
	return element && element->state ? element->state->stateful.count : 0;
}

const struct fwc_target *fwc_element_target_at(const struct fwc_element *element, size_t i)
{
	return i < fwc_element_target_count(element) ? element->state->stateful.targets[i] : NULL;
}

const char *fwc_element_comment_get(const struct fwc_element *element)
{
	return element && element->labels ? element->labels->comment : NULL;
}

const char *fwc_element_tag_get(const struct fwc_element *element)
{
	return element && element->labels ? element->labels->tag : NULL;
}
