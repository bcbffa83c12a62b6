/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Elements as a program adds them: in words or by values. */
#include "model/bind.h"
#include "model/set.h"
#include "text/text.h"

static int element_fail(struct fwc_set *s, const char *key, struct fwc_error *err)
{
	/* Messages about a value name it already. */
	if (key && !strstr(err->msg, key))
		fwc_error_prepend(err, "element %.80s", key);
	err->object = FWC_OBJECT_ELEMENT;
	return fwc_set_fail(s, err);
}

static int check_opts(const struct fwc_set *s, const struct fwc_element_opts *opts,
		      struct fwc_error *err)
{
	int r = fwc_opts_check(opts, sizeof(*opts), err);

	if (r < 0)
		return r;
	if (fwc_opts_get(opts, timeout_ms, 0u) && !(s->flags & FWC_SET_TIMEOUT))
		return fwc_fail(
			err, -EINVAL, FWC_OBJECT_ELEMENT,
			"the set has no timeouts: they need its timeout_ms or FWC_SET_TIMEOUT");
	if (s->opaque)
		return fwc_fail(err, -EOPNOTSUPP, FWC_OBJECT_SET,
				"its key has a type that this version does not know");
	return 0;
}

/* The kernel gives an element what its set says, or takes what is of the same kinds. */
static int take_targets(struct fwc_set *s, const struct fwc_element_opts *opts,
			struct fwc_stateful *ret, struct fwc_error *err)
{
	const struct fwc_target *targets[] = { fwc_opts_get(opts, target, NULL),
					       fwc_opts_get(opts, target_2, NULL) };
	int r = 0;

	for (size_t i = 0; r == 0 && i < FWC_ARRAY_SIZE(targets); i++)
		if (targets[i])
			r = fwc_stateful_add(s->ruleset, ret, targets[i], err);
	return r < 0 ? r : fwc_set_check_stateful(s, ret, err);
}

/* Labels are copied before the element is added, so that a failure leaves no half of it. */
static int add(struct fwc_set *s, const struct fwc_value *key, const struct fwc_value *data,
	       const struct fwc_element_opts *opts, struct fwc_error *err)
{
	uint64_t timeout_ms = fwc_opts_get(opts, timeout_ms, 0u);
	struct fwc_arena *a = &s->ruleset->arena;
	struct fwc_stateful stateful = { .count = 0 };
	struct fwc_labels *labels = NULL;
	struct fwc_element *e;
	int r;

	r = fwc_label_set_comment(a, &labels, fwc_opts_get(opts, comment, NULL), err);
	if (r == 0)
		r = fwc_label_set_tag(a, &labels, fwc_opts_get(opts, tag, NULL), err);
	if (r == 0)
		r = take_targets(s, opts, &stateful, err);
	if (r == 0 && !labels && !timeout_ms && !stateful.count && fwc_set_merges(s) &&
	    key->kind != FWC_VALUE_ANY)
		return fwc_set_merge(s, key, err);
	if (r == 0)
		r = fwc_set_add_bound(s, key, data, &e, err);
	if (r < 0)
		return r;
	e->labels = labels;
	if (!timeout_ms && !stateful.count)
		return 0;
	if (!fwc_element_state_in(e))
		return fwc_fail_memory(err);
	e->state->timeout_ms = timeout_ms;
	e->state->stateful = stateful;
	return 0;
}

/* What both ways of adding check before they read the key. */
static int check_call(const struct fwc_set *s, bool has_key, bool has_data,
		      const struct fwc_element_opts *opts, struct fwc_error *err)
{
	if (!has_key)
		return fwc_fail(err, -EINVAL, FWC_OBJECT_ELEMENT, "the key is missing");
	if (has_data && !s->data_count)
		return fwc_fail(err, -EINVAL, FWC_OBJECT_ELEMENT,
				"this is a set, not a map: its elements have no data");
	return check_opts(s, opts, err);
}

const struct fwc_value *fwc_set_parse_key(const struct fwc_set *s, const char *text,
					  struct fwc_error *err)
{
	if (!strcmp(text, "*"))
		return fwc_value_catch_all();
	return fwc_text_parse_value(s->ruleset, text, strlen(text), s->key, s->key_count, err);
}

const struct fwc_value *fwc_set_bind_key(const struct fwc_set *s, const struct fwc_value *key,
					 struct fwc_error *err)
{
	struct fwc_binder b = { .ruleset = s->ruleset, .err = err };

	return fwc_bind_key(&b, key, s->key, s->key_count);
}

static int add_text(struct fwc_set *s, const char *key, const char *data,
		    const struct fwc_element_opts *opts, struct fwc_error *err)
{
	const struct fwc_value *k, *d = NULL;
	int r = check_call(s, key, data, opts, err);

	if (r < 0)
		return r;
	k = fwc_set_parse_key(s, key, err);
	if (!k)
		return err->code;
	if (data)
		d = fwc_text_parse_data(s->ruleset, data, strlen(data), s->data, s->data_count,
					err);
	if (data && !d)
		return err->code;
	return add(s, k, d, opts, err);
}

int fwc_set_add(struct fwc_set *set, const char *key, const char *data,
		const struct fwc_element_opts *opts)
{
	struct fwc_error err;

	if (!set)
		return -EINVAL;
	if (add_text(set, key, data, opts, &err) < 0)
		return element_fail(set, key, &err);
	return 0;
}

static int add_value(struct fwc_set *s, const struct fwc_value *key, const struct fwc_value *data,
		     const struct fwc_element_opts *opts, struct fwc_error *err)
{
	const struct fwc_value *k, *d = NULL;
	int r = check_call(s, key, data, opts, err);

	if (r < 0)
		return r;
	k = fwc_set_bind_key(s, key, err);
	if (!k)
		return err->code;
	if (data)
		d = fwc_value_bind(s->ruleset, data, s->data, s->data_count, err);
	if (data && !d)
		return err->code;
	return add(s, k, d, opts, err);
}

int fwc_set_add_value(struct fwc_set *set, const struct fwc_value *key,
		      const struct fwc_value *data, const struct fwc_element_opts *opts)
{
	struct fwc_error err;

	if (!set)
		return -EINVAL;
	if (add_value(set, key, data, opts, &err) < 0)
		return element_fail(set, NULL, &err);
	return 0;
}
