/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A raw rule becomes items. What comes out is encoded again and compared with the bytes: what does not come back the
 * same stays as the bytes it was, so that nothing is lost, whoever wrote the rule. */
#include <assert.h>

#include "nft/compare.h"
#include "nft/decode.h"
#include "nft/nft.h"

static const struct {
	const char *name;
	fwc_decode_fn decode;
} expressions[] = {
	{ "payload", fwc_decode_payload },
	{ "cmp", fwc_decode_cmp },
	{ "meta", fwc_decode_meta },
	{ "inner", fwc_decode_inner },
	{ "immediate", fwc_decode_immediate },
	{ "ct", fwc_decode_ct },
	{ "bitwise", fwc_decode_bitwise },
	{ "lookup", fwc_decode_lookup },
	{ "range", fwc_decode_range },
	{ "fib", fwc_decode_fib },
	{ "byteorder", fwc_decode_byteorder },
	{ "exthdr", fwc_decode_exthdr },
	{ "hash", fwc_decode_hash },
	{ "numgen", fwc_decode_numgen },
	{ "osf", fwc_decode_osf },
	{ "rt", fwc_decode_rt },
	{ "socket", fwc_decode_socket },
	{ "xfrm", fwc_decode_xfrm },
	{ "tunnel", fwc_decode_tunnel },
	{ "reject", fwc_decode_reject },
	{ "nat", fwc_decode_nat },
	{ "masq", fwc_decode_masq },
	{ "redir", fwc_decode_redir },
	{ "objref", fwc_decode_objref },
	{ "dynset", fwc_decode_dynset },
	{ "match", fwc_decode_xt_match },
	{ "target", fwc_decode_xt_target },
};

/* ---- items ---- */

enum fwc_decoded fwc_decoded_match(struct fwc_decoder *d, const struct fwc_value *left, uint32_t op,
				   const struct fwc_value *right)
{
	if (!left || !right)
		return FWC_DECODED_NO_MEMORY;
	fwc_fold_value(d, left);
	fwc_known_learn(&d->known, &d->inside, left, op, right);
	return fwc_rule_add_match(d->rule, left, op, right) < 0 ? FWC_DECODED_NO_MEMORY
								: FWC_DECODED_DONE;
}

enum fwc_decoded fwc_decoded_target(struct fwc_decoder *d, struct fwc_target *t,
				    const struct fwc_value *const *values, size_t count)
{
	if (!t)
		return FWC_DECODED_NO_MEMORY;
	for (size_t i = count; i > 0; i--)
		if (values[i - 1])
			fwc_fold_value(d, values[i - 1]);
	return fwc_rule_add_bound_target(d->rule, t) < 0 ? FWC_DECODED_NO_MEMORY : FWC_DECODED_DONE;
}

/* ---- a rule ---- */

enum { MOST_FOREIGN = 16 };

/* Where in the raw bytes items must stay opaque because they did not come back the same. */
struct foreign {
	size_t at[MOST_FOREIGN];
	size_t count;
};

static enum fwc_decoded decode_expression(struct fwc_decoder *d, const struct fwc_attr *elem)
{
	struct fwc_attr a[NFTA_EXPR_MAX + 1];
	const char *name;

	if (elem->type != NFTA_LIST_ELEM ||
	    fwc_attrs_parse(fwc_attr_slice(elem), a, NFTA_EXPR_MAX) < 0)
		return FWC_DECODED_FOREIGN;
	name = fwc_attr_text(&a[NFTA_EXPR_NAME]);
	if (!name)
		return FWC_DECODED_FOREIGN;
	for (size_t i = 0; i < FWC_ARRAY_SIZE(expressions); i++)
		if (!strcmp(name, expressions[i].name))
			return expressions[i].decode(d, fwc_attr_slice(&a[NFTA_EXPR_DATA]));
	return fwc_decode_shaped(d, name, fwc_attr_slice(&a[NFTA_EXPR_DATA]));
}

/* The expressions of `group`, each as it is. */
static int keep_group(struct fwc_decoder *d, struct fwc_slice group)
{
	struct fwc_attr elem;
	int r;

	while ((r = fwc_attr_next(&group, &elem)) > 0)
		if (fwc_rule_add_opaque(d->rule, elem.whole.data, elem.whole.len) < 0)
			return -ENOMEM;
	if (r < 0 && fwc_rule_add_opaque(d->rule, group.data, group.len) < 0)
		return -ENOMEM;
	fwc_slot_clear_all(d);
	return 0;
}

static bool holds_foreign(const struct foreign *f, size_t from, size_t to)
{
	for (size_t i = 0; i < f->count; i++)
		if (f->at[i] >= from && f->at[i] < to)
			return true;
	return false;
}

/* An item is made of the expressions from the one after the last item to the one that takes the values. */
static int decode_items(struct fwc_decoder *d, const struct foreign *foreign)
{
	struct fwc_rule *r = d->rule;
	struct fwc_slice rest = { r->raw, r->raw_len }, group = rest;
	struct fwc_attr elem;

	while (rest.len) {
		enum fwc_decoded what = FWC_DECODED_FOREIGN;
		const struct fwc_item *half = d->half_range;
		size_t from = (size_t)(group.data - r->raw), to;

		if (fwc_attr_next(&rest, &elem) < 0)
			break;
		to = (size_t)(rest.data - r->raw);
		if (!holds_foreign(foreign, from, to))
			what = decode_expression(d, &elem);
		if (d->half_range == half)
			d->half_range = NULL; /* `<=` comes right after `>=`, or not at all */
		if (what == FWC_DECODED_NO_MEMORY)
			return -ENOMEM;
		if (what == FWC_DECODED_LOADED)
			continue;
		if (what == FWC_DECODED_FOREIGN &&
		    keep_group(d, (struct fwc_slice){ group.data, to - from }) < 0)
			return -ENOMEM;
		group = rest;
	}
	group.len = (size_t)(r->raw + r->raw_len - group.data);
	return keep_group(d, group);
}

static int decode(struct fwc_rule *r, bool fold, const struct foreign *foreign)
{
	const struct fwc_table *t = r->chain->table;
	struct fwc_decoder d = {
		.rule = r,
		.arena = &t->ruleset->arena,
		.table = t,
		.family = t->family,
		.known = fwc_known_of(t->family),
		.fold = fold,
	};

	fwc_rule_truncate(r);
	return decode_items(&d, foreign);
}

/* 1: the items say what the bytes say; 0: they do not, *ret_at is where; -ENOMEM. */
static int check(const struct fwc_rule *r, struct fwc_wire *room, size_t *ret_at)
{
	struct fwc_encoder e = fwc_encoder_for(r, room, FWC_ENCODE_AS_LOADED, NULL);
	bool complete = true;

	fwc_wire_reset(room);
	for (const struct fwc_item *i = r->items; i && complete; i = i->next)
		complete = fwc_encode_item(&e, i) == 0;
	if (room->error)
		return -ENOMEM;
	/* The raw bytes come first: the difference is told as an offset into them. */
	return fwc_expressions_equal((struct fwc_slice){ r->raw, r->raw_len },
				     (struct fwc_slice){ room->data, room->len }, ret_at) &&
	       complete;
}

static int decode_checked(struct fwc_rule *r, struct fwc_wire *room)
{
	struct foreign foreign = { .count = 0 };
	size_t at = 0;
	bool fold = true;

	for (;;) {
		int code = decode(r, fold, &foreign);

		if (code == 0)
			code = check(r, room, &at);
		if (code)
			return code < 0 ? code : 0;
		if (fold) {
			fold = false; /* an explicit match that only looked implied */
			continue;
		}
		if (foreign.count == MOST_FOREIGN || holds_foreign(&foreign, at, at + 1))
			break;
		foreign.at[foreign.count++] = at;
	}
	/* None of it, then. */
	fwc_rule_truncate(r);
	return keep_group(&(struct fwc_decoder){ .rule = r },
			  (struct fwc_slice){ r->raw, r->raw_len });
}

int fwc_nft_decode_rule(struct fwc_rule *r)
{
	fwc_cleanup(fwc_wire_free) struct fwc_wire room = { .data = NULL };
	int code;

	assert(r->raw && !r->decoded);
	code = decode_checked(r, &room);
	/* What found no memory for a value or a field took it for one that is not known. */
	return r->chain->table->ruleset->arena.failed ? -ENOMEM : code;
}
