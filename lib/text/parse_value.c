/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Constants: words, prefixes, ranges, bits, lists, keys and data of elements. */
#include "fields/order.h"
#include "text/parse_element.h"
#include "text/words.h"

enum {
	/* places where a word is tried to end: `a-b-c-...` is no reason to try them all */
	CUTS_MOST = 8,
};

static bool is_address(const struct fwc_type *t)
{
	return t->form == FWC_FORM_IP4 || t->form == FWC_FORM_IP6;
}

/* Characters that may end a word of this type: what else they could mean is read next. */
static const char *cuts(const struct fwc_type *t)
{
	return t->form == FWC_FORM_IP6 ? "-/" : t->form == FWC_FORM_IFNAME ? ":" : "-/:";
}

static bool parse_cut(struct fwc_parser *p, const struct fwc_type *t, uint8_t *bytes,
		      uint32_t *ret_bits)
{
	const struct fwc_token *word = &p->lx.token;
	size_t tried = 0;

	for (size_t i = 1; i < word->len && tried < CUTS_MOST; i++) {
		if (!strchr(cuts(t), word->text[i]) ||
		    (word->text[i] == '/' && is_address(t) && i + 1 < word->len))
			continue; /* `10.0.0.0/33` is one bad word, not an address and something else */
		tried++;
		if (!fwc_type_parse(t, word->text, i, bytes, ret_bits, NULL)) {
			fwc_lexer_cut(&p->lx, i);
			return true;
		}
	}
	return false;
}

/* `fe80:::accept`: an address up to its last colon that is none of it. */
static bool parse_before_colon(struct fwc_parser *p, const struct fwc_type *t, uint8_t *bytes,
			       uint32_t *ret_bits)
{
	const struct fwc_token *word = &p->lx.token;
	size_t tried = 0;

	if (t->form != FWC_FORM_IP6)
		return false;
	for (size_t i = word->len - 1; i > 0 && tried < CUTS_MOST; i--) {
		if (word->text[i] != ':')
			continue;
		tried++;
		if (!fwc_type_parse(t, word->text, i, bytes, ret_bits, NULL)) {
			fwc_lexer_cut(&p->lx, i);
			return true;
		}
	}
	return false;
}

int fwc_parse_word(struct fwc_parser *p, const struct fwc_type *t, uint8_t *bytes,
		   uint32_t *ret_bits)
{
	const struct fwc_token *word = &p->lx.token;
	int r;

	if (word->kind != FWC_TOKEN_WORD && word->kind != FWC_TOKEN_QUOTED)
		return fwc_parser_expected(p, "a value of type %s", t->name);
	r = fwc_type_parse(t, word->text, word->len, bytes, ret_bits, p->err);
	if (r < 0 &&
	    (word->kind == FWC_TOKEN_QUOTED ||
	     (!parse_cut(p, t, bytes, ret_bits) && !parse_before_colon(p, t, bytes, ret_bits))))
		return fwc_parser_place(p, word, r);
	fwc_error_clear(p->err);
	fwc_lexer_next(&p->lx);
	return 0;
}

static const struct fwc_value *checked(struct fwc_parser *p, const struct fwc_value *v)
{
	if (!v)
		fwc_fail_memory(p->err);
	return v;
}

/* `(syn | ack)`, `syn|ack`, `established,related` after their first word */
static int parse_more_bits(struct fwc_parser *p, const struct fwc_type *t, bool commas,
			   uint8_t *bytes)
{
	uint8_t more[FWC_TYPE_BYTES_MOST];
	uint32_t bits;
	int r;

	while (fwc_parser_is(p, "|") || (commas && fwc_parser_is(p, ","))) {
		fwc_lexer_next(&p->lx);
		r = fwc_parse_word(p, t, more, &bits);
		if (r < 0)
			return r;
		for (size_t i = 0; i < t->len; i++)
			bytes[i] |= more[i];
	}
	return 0;
}

static const struct fwc_value *parse_bits(struct fwc_parser *p, const struct fwc_type *t,
					  bool commas)
{
	bool parentheses = fwc_parser_accept(p, "(");
	uint8_t bytes[FWC_TYPE_BYTES_MOST];
	uint32_t bits;

	if (fwc_parse_word(p, t, bytes, &bits) < 0 ||
	    parse_more_bits(p, t, commas || parentheses, bytes) < 0 ||
	    (parentheses && fwc_parser_expect(p, ")") < 0))
		return NULL;
	return checked(p, fwc_value_constant(&p->rs->arena, t, bytes));
}

/* After `-`. */
static const struct fwc_value *parse_range(struct fwc_parser *p, const struct fwc_type *t,
					   const struct fwc_token *at, const uint8_t *first)
{
	uint8_t last[FWC_TYPE_BYTES_MOST], low[FWC_TYPE_BYTES_MOST], high[FWC_TYPE_BYTES_MOST];
	struct fwc_arena *a = &p->rs->arena;
	const char *end;
	uint32_t bits;

	if (fwc_parse_word(p, t, last, &bits) < 0)
		return NULL;
	end = p->lx.token.text; /* of what comes next */
	while (end[-1] == ' ' || end[-1] == '\t')
		end--;
	if (bits != 8u * t->len) {
		fwc_parser_fail_at(p, at, "a range goes from one %s to another, not to a prefix",
				   t->name);
		return NULL;
	}
	fwc_order_bytes(t, first, low);
	fwc_order_bytes(t, last, high);
	if (memcmp(low, high, t->len) > 0) {
		fwc_parser_fail_at(p, at, "the range '%.*s' ends before it begins",
				   (int)(end - at->text > 80 ? 80 : end - at->text), at->text);
		return NULL;
	}
	return checked(p, fwc_value_make_range(a, fwc_value_constant(a, t, first),
					       fwc_value_constant(a, t, last)));
}

/* After `/`: the length of a prefix that stands apart (`10.0.0.0 / 8`), or of a number (`0x10/28`). */
static const struct fwc_value *parse_prefix_length(struct fwc_parser *p, const struct fwc_type *t,
						   const uint8_t *bytes)
{
	uint8_t first[FWC_TYPE_BYTES_MOST], last[FWC_TYPE_BYTES_MOST], mask[FWC_TYPE_BYTES_MOST];
	uint64_t bits;

	if (fwc_parser_number(p, "the length of a prefix", 8u * t->len, &bits) < 0)
		return NULL;
	if (is_address(t))
		return checked(p, fwc_value_prefix_of(&p->rs->arena, t, bytes, (uint32_t)bits));
	p->number_prefix = (uint32_t)bits;
	memset(mask, 0xff, t->len);
	fwc_mask_bits(mask, t->len, (unsigned int)bits);
	fwc_order_bytes(t, bytes, first);
	for (size_t i = 0; i < t->len; i++) {
		first[i] &= mask[i];
		last[i] = first[i] | (uint8_t)~mask[i];
	}
	fwc_order_bytes(t, first, mask);
	fwc_order_bytes(t, last, first);
	return checked(p, fwc_make_interval(&p->rs->arena, t, mask, first));
}

const struct fwc_value *fwc_parse_constant(struct fwc_parser *p, const struct fwc_type *t,
					   bool commas)
{
	struct fwc_token at = p->lx.token;
	uint8_t bytes[FWC_TYPE_BYTES_MOST];
	uint32_t bits;
	bool whole;

	if (t->form == FWC_FORM_BITS)
		return parse_bits(p, t, commas);
	if (fwc_parse_word(p, t, bytes, &bits) < 0)
		return NULL;
	whole = bits == 8u * t->len;
	if (whole && t->form != FWC_FORM_IFNAME) {
		if (fwc_parser_accept(p, "-"))
			return parse_range(p, t, &at, bytes);
		if (fwc_parser_accept(p, "/"))
			return parse_prefix_length(p, t, bytes);
	}
	return checked(p, fwc_value_prefix_of(&p->rs->arena, t, bytes, bits));
}

const struct fwc_value *fwc_parse_key(struct fwc_parser *p, const struct fwc_type *const *types,
				      size_t count, bool commas)
{
	const struct fwc_value *parts[FWC_MAX_CONCAT];

	for (size_t i = 0; i < count; i++) {
		if (i && !fwc_parser_accept(p, ".")) {
			fwc_parser_expected(p, "'.' and a value of type %s", types[i]->name);
			return NULL;
		}
		parts[i] = fwc_parse_constant(p, types[i], commas);
		if (!parts[i])
			return NULL;
	}
	if (count == 1)
		return parts[0];
	return checked(p, fwc_value_make_concat(&p->rs->arena, parts, count));
}

int fwc_parse_verdict(struct fwc_parser *p, uint32_t *ret_verdict, const char **ret_chain)
{
	for (const struct fwc_symbol *s = fwc_words_verdict; s->name; s++) {
		if (!fwc_parser_accept(p, s->name))
			continue;
		*ret_verdict = (uint32_t)s->value;
		*ret_chain = NULL;
		if (s->value != FWC_VERDICT_JUMP && s->value != FWC_VERDICT_GOTO)
			return 1;
		*ret_chain = fwc_parser_name(p, "chain");
		return *ret_chain ? 1 : -EINVAL;
	}
	return 0;
}

static const struct fwc_value *parse_verdict_data(struct fwc_parser *p)
{
	const char *chain = NULL;
	uint32_t verdict;
	int r = fwc_parse_verdict(p, &verdict, &chain);

	if (!r)
		fwc_parser_expected(
			p, "a verdict: accept, drop, return, continue, jump CHAIN, goto CHAIN");
	return r <= 0 ? NULL : checked(p, fwc_value_make_verdict(&p->rs->arena, verdict, chain));
}

static const struct fwc_value *parse_object_data(struct fwc_parser *p, const struct fwc_type *t)
{
	struct fwc_token at = p->lx.token;
	const char *name = fwc_parser_text(p, "the name of an object in quotes");

	if (name && fwc_parser_place(p, &at, fwc_check_name(t->name, name, p->err)) < 0)
		return NULL;
	return name ? checked(p, fwc_value_make_object(&p->rs->arena, t, name)) : NULL;
}

const struct fwc_value *fwc_parse_data(struct fwc_parser *p, const struct fwc_type *const *types,
				       size_t count, size_t *ret_count)
{
	const struct fwc_value *parts[FWC_MAX_CONCAT];
	size_t n = 0;

	*ret_count = 1;
	if (types[0] == &fwc_type_verdict)
		return parse_verdict_data(p);
	if (types[0]->form == FWC_FORM_OBJECT)
		return parse_object_data(p, types[0]);
	do {
		struct fwc_token at = p->lx.token;

		parts[n] = fwc_parse_constant(p, types[n], false);
		if (!parts[n])
			return NULL;
		if (parts[n++]->kind != FWC_VALUE_CONSTANT &&
		    !fwc_data_can_be_intervals(types, n)) {
			fwc_parser_fail_at(p, &at,
					   "what a map holds is one %s, no range and no prefix",
					   types[n - 1]->name);
			return NULL;
		}
	} while (n < count && fwc_parser_accept(p, "."));
	*ret_count = n;
	return n == 1 ? parts[0] : checked(p, fwc_value_make_concat(&p->rs->arena, parts, n));
}

/* `key`, or `key : data` where there are types of data */
static int parse_listed(struct fwc_parser *p, const struct fwc_type *const *types, size_t count,
			const struct fwc_type *const *data, size_t data_most, size_t *data_count,
			struct fwc_listed *ret)
{
	size_t n = 0;

	*ret = (struct fwc_listed){ .at = p->lx.token };
	ret->key = fwc_parse_element_key(p, types, count);
	if (!ret->key || fwc_parse_element_spec(p, NULL, &ret->spec) < 0)
		return -EINVAL;
	if (!data_most)
		return 0;
	if (fwc_parser_expect(p, ":") < 0)
		return -EINVAL;
	ret->data = fwc_parse_data(p, data, data_most, &n);
	if (!ret->data)
		return -EINVAL;
	if (*data_count && n != *data_count)
		return fwc_parser_fail_at(p, &ret->at,
					  "every element of a map holds equally many values");
	*data_count = n;
	return 0;
}

/* What elements of a list are. */
struct list_types {
	const struct fwc_type *const *key, *const *data;
	size_t key_count, data_most;
	size_t data_count; /* of `data`, as many as the first element has */
};

static int parse_items(struct fwc_parser *p, struct list_types *t, struct fwc_list *list);

/* An element, or a list whose elements are this one's. */
static int parse_item(struct fwc_parser *p, struct list_types *t, struct fwc_list *list)
{
	struct fwc_token at = p->lx.token;
	struct fwc_listed item;
	int r;

	if (fwc_parser_accept(p, "{")) {
		if (p->depth == FWC_MAX_DEPTH)
			return fwc_parser_fail_at(p, &at, "lists are nested more than %d deep",
						  FWC_MAX_DEPTH);
		p->depth++;
		r = parse_items(p, t, list);
		p->depth--;
		return r;
	}
	r = parse_listed(p, t->key, t->key_count, t->data, t->data_most, &t->data_count, &item);
	return r < 0 ? r : fwc_list_push(p, list, &item);
}

/* Up to `}`. */
static int parse_items(struct fwc_parser *p, struct list_types *t, struct fwc_list *list)
{
	bool any = false;

	do {
		fwc_parser_skip_newlines(p);
		if (any && fwc_parser_is(p, "}"))
			break; /* after a last comma */
		if (parse_item(p, t, list) < 0)
			return -EINVAL;
		any = true;
		fwc_parser_skip_newlines(p);
	} while (fwc_parser_accept(p, ","));
	return fwc_parser_accept(p, "}")
		       ? 0
		       : fwc_parser_expected(p, "',' and another element, or '}'");
}

static const struct fwc_value *parse_list(struct fwc_parser *p, const struct fwc_type *const *types,
					  size_t count, const struct fwc_type *const *data,
					  size_t data_most)
{
	fwc_cleanup(fwc_list_free) struct fwc_list list = { 0 };
	struct list_types t = {
		.key = types, .key_count = count, .data = data, .data_most = data_most
	};

	if (parse_items(p, &t, &list) < 0)
		return NULL;
	return fwc_list_finish(p, &list, types, count, data, t.data_count);
}

static const struct fwc_value *parse_set_name(struct fwc_parser *p)
{
	const char *name = fwc_parser_name(p, "set");

	return name ? checked(p, fwc_value_make_set(&p->rs->arena, name)) : NULL;
}

const struct fwc_value *fwc_parse_right(struct fwc_parser *p, const struct fwc_type *const *types,
					size_t count)
{
	if (fwc_parser_accept(p, "@"))
		return parse_set_name(p);
	if (fwc_parser_accept(p, "{"))
		return parse_list(p, types, count, NULL, 0);
	return fwc_parse_key(p, types, count, count == 1);
}

const struct fwc_value *fwc_parse_map(struct fwc_parser *p, const struct fwc_value *key,
				      const struct fwc_type *const *data, size_t data_count)
{
	const struct fwc_type *types[FWC_MAX_CONCAT];
	size_t count = fwc_value_types(key, types);
	const struct fwc_value *map = NULL;

	if (fwc_parser_accept(p, "@"))
		map = parse_set_name(p);
	else if (fwc_parser_accept(p, "{"))
		map = parse_list(p, types, count, data, data_count);
	else
		fwc_parser_expected(p, "'@' and the name of a map, or '{ key : data }'");
	return map ? checked(p, fwc_value_make_map(&p->rs->arena, key, map)) : NULL;
}

/* ---- values read alone ---- */

static const struct fwc_value *ended(struct fwc_parser *p, const struct fwc_value *v)
{
	if (!v || p->lx.token.kind == FWC_TOKEN_END)
		return v;
	fwc_parser_expected(p, "nothing more");
	return NULL;
}

const struct fwc_value *fwc_text_parse_value(struct fwc_ruleset *rs, const char *text, size_t len,
					     const struct fwc_type *const *types, size_t count,
					     struct fwc_error *err)
{
	struct fwc_parser p;

	fwc_parser_start(&p, rs, text, len, err);
	return ended(&p, fwc_parse_right(&p, types, count));
}

const struct fwc_value *fwc_text_parse_data(struct fwc_ruleset *rs, const char *text, size_t len,
					    const struct fwc_type *const *types, size_t count,
					    struct fwc_error *err)
{
	const struct fwc_value *v;
	struct fwc_parser p;
	size_t n;

	fwc_parser_start(&p, rs, text, len, err);
	v = ended(&p, fwc_parse_data(&p, types, count, &n));
	if (v && n != count) {
		fwc_parser_fail_at(&p, &p.lx.token,
				   "the map holds %zu values side by side, not %zu", count, n);
		return NULL;
	}
	return v;
}
