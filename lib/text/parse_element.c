/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Elements of sets: the key, what stands between it and the data, and `add element`. */
#include "text/parse_element.h"
#include "text/parse_target.h"

const struct fwc_value *fwc_parse_element_key(struct fwc_parser *p,
					      const struct fwc_type *const *types, size_t count)
{
	return fwc_parser_accept(p, "*") ? fwc_value_catch_all()
					 : fwc_parse_key(p, types, count, false);
}

int fwc_parse_comment(struct fwc_parser *p, const char **ret)
{
	struct fwc_token at = p->lx.token;

	*ret = fwc_parser_text(p, "the comment in quotes");
	if (!*ret)
		return -EINVAL;
	return fwc_parser_place(p, &at, fwc_check_label("comment", *ret, FWC_MAX_COMMENT, p->err));
}

static int parse_timeout(struct fwc_parser *p, const struct fwc_set *s, uint64_t *ret)
{
	if (!s || !(s->flags & FWC_SET_TIMEOUT))
		return fwc_parser_expected(p, s ? "no timeout: the set lacks the flag timeout"
						: "no timeout: a list has none");
	fwc_lexer_next(&p->lx);
	return fwc_parser_time_ms(p, ret);
}

int fwc_parse_stateful_into(struct fwc_parser *p, struct fwc_stateful *s)
{
	struct fwc_token at = p->lx.token;
	struct fwc_target *t;
	int r = fwc_parse_stateful(p, &t);

	if (r <= 0)
		return r;
	r = fwc_stateful_add(p->rs, s, t, p->err);
	return r < 0 ? fwc_parser_place(p, &at, r) : 1;
}

int fwc_parse_element_spec(struct fwc_parser *p, const struct fwc_set *s,
			   struct fwc_element_spec *spec)
{
	uint64_t ignored;
	int r = 0;

	do {
		if (fwc_parser_is(p, "timeout"))
			r = parse_timeout(p, s, &spec->timeout_ms);
		else if (fwc_parser_is(p, "expires"))
			r = parse_timeout(p, s, &ignored); /* it begins anew */
		else if (fwc_parser_accept(p, "comment"))
			r = fwc_parse_comment(p, &spec->comment);
		else if ((r = fwc_parse_stateful_into(p, &spec->stateful)) == 0)
			return 0;
	} while (r >= 0);
	return r;
}

bool fwc_element_spec_is_empty(const struct fwc_element_spec *spec)
{
	return !spec->timeout_ms && !spec->comment && !spec->stateful.count;
}

int fwc_element_give(struct fwc_parser *p, struct fwc_element *e,
		     const struct fwc_element_spec *spec)
{
	struct fwc_element_state *state;

	if (spec->comment &&
	    fwc_label_set_comment(&p->rs->arena, &e->labels, spec->comment, p->err) < 0)
		return p->err ? p->err->code : -EINVAL;
	if (!spec->timeout_ms && !spec->stateful.count)
		return 0;
	state = fwc_element_state_in(e);
	if (!state)
		return fwc_fail_memory(p->err);
	state->timeout_ms = spec->timeout_ms;
	state->stateful = spec->stateful;
	return 0;
}

static int parse_element(struct fwc_parser *p, struct fwc_set *s)
{
	struct fwc_element_spec spec = { 0 };
	struct fwc_token at = p->lx.token;
	const struct fwc_value *key, *data = NULL;
	struct fwc_element *e;
	size_t n;
	int r;

	key = fwc_parse_element_key(p, s->key, s->key_count);
	if (!key || fwc_parse_element_spec(p, s, &spec) < 0)
		return -EINVAL;
	if (s->data_count) {
		if (fwc_parser_expect(p, ":") < 0)
			return -EINVAL;
		data = fwc_parse_data(p, s->data, s->data_count, &n);
		if (!data)
			return -EINVAL;
	}
	if (fwc_set_merges(s) && fwc_element_spec_is_empty(&spec) && key->kind != FWC_VALUE_ANY)
		return fwc_parser_place(p, &at, fwc_set_merge(s, key, p->err));
	r = fwc_set_check_stateful(s, &spec.stateful, p->err);
	if (r == 0)
		r = fwc_set_add_bound(s, key, data, &e, p->err);
	if (r == 0)
		r = fwc_element_give(p, e, &spec);
	return fwc_parser_place(p, &at, r);
}

int fwc_parse_elements(struct fwc_parser *p, struct fwc_set *s)
{
	bool any = false;

	if (fwc_parser_expect(p, "{") < 0)
		return -EINVAL;
	do {
		int r;

		fwc_parser_skip_newlines(p);
		if (any && fwc_parser_is(p, "}"))
			break;
		r = parse_element(p, s);
		if (r < 0)
			return r;
		any = true;
		fwc_parser_skip_newlines(p);
	} while (fwc_parser_accept(p, ","));
	if (!fwc_parser_accept(p, "}"))
		return fwc_parser_expected(p, "',' and another element, or '}'");
	return 0;
}
