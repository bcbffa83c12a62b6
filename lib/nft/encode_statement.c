/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Targets that speak of sets and objects of the table. */
#include "nft/encode.h"
#include "nft/messages.h"

enum { STEP = NFT_REG_SIZE / NFT_REG32_SIZE };

static uint64_t number(const struct fwc_target *t, uint32_t param)
{
	return fwc_target_has(t, param) ? t->params[param - 1].number : 0;
}

static const struct fwc_value *value(const struct fwc_target *t, uint32_t param)
{
	return fwc_target_has(t, param) ? t->params[param - 1].value : NULL;
}

/* ---- objects ---- */

static int encode_objref_map(struct fwc_encoder *e, const struct fwc_value *map)
{
	const struct fwc_value *set = map->child[1];
	struct fwc_expression_nest nest;
	int r = fwc_encode_implied(e, map->child[0]);

	if (r == 0)
		r = fwc_encode_load(e, map->child[0], 0,
				    fwc_encode_is_interval(fwc_encode_set(e->table, set)));
	if (r < 0)
		return r;
	nest = fwc_expression_begin(e->wire, "objref");
	fwc_put_be32(e->wire, NFTA_OBJREF_SET_SREG, fwc_register_number(0));
	if (set->kind == FWC_VALUE_SET) {
		fwc_put_text(e->wire, NFTA_OBJREF_SET_NAME, set->name);
	} else if (e->mode == FWC_ENCODE_SEND) {
		fwc_put_text(e->wire, NFTA_OBJREF_SET_NAME, fwc_anonymous_name(set->list));
		fwc_put_be32(e->wire, NFTA_OBJREF_SET_ID, e->next_set_id++);
	} else if (e->mode == FWC_ENCODE_AS_LOADED) {
		fwc_put_text(e->wire, NFTA_OBJREF_SET_NAME, set->list->name ? set->list->name : "");
	} else {
		fwc_put_set_content(e->wire, set->list);
	}
	fwc_expression_end(e->wire, nest);
	return 0;
}

int fwc_encode_objref(struct fwc_encoder *e, const struct fwc_target *t)
{
	struct fwc_expression_nest nest;

	if (value(t, FWC_OBJREF_MAP))
		return encode_objref_map(e, value(t, FWC_OBJREF_MAP));
	nest = fwc_expression_begin(e->wire, "objref");
	fwc_put_text(e->wire, NFTA_OBJREF_IMM_NAME, t->params[FWC_OBJREF_NAME - 1].text);
	fwc_put_be32(e->wire, NFTA_OBJREF_IMM_TYPE, (uint32_t)number(t, FWC_OBJREF_TYPE));
	fwc_expression_end(e->wire, nest);
	return 0;
}

/* ---- elements made by packets ---- */

/* What the set says itself is the same in all its elements: the kernel does not list it of the rule. */
static bool set_says_so(const struct fwc_encoder *e, const struct fwc_target *t)
{
	const struct fwc_set *s = fwc_table_find_set(e->table, t->params[FWC_UPDATE_SET - 1].text);

	return s && s->stateful.count;
}

/* Returns NFTA_DYNSET_FLAGS: the kernel takes several of them with a flag only, which it does not list. */
static uint32_t put_inner(struct fwc_encoder *e, const struct fwc_target *t)
{
	const struct fwc_target *inner[] = { fwc_target_get_target(t, FWC_UPDATE_TARGET),
					     fwc_target_get_target(t, FWC_UPDATE_TARGET_2) };
	struct fwc_stateful s = { .count = 0 };

	for (size_t i = 0; i < FWC_ARRAY_SIZE(inner); i++)
		if (inner[i])
			s.targets[s.count++] = inner[i];
	fwc_encode_stateful_list(e->wire, &s, e->mode, NFTA_DYNSET_EXPR, NFTA_DYNSET_EXPRESSIONS);
	return s.count > 1 && e->mode == FWC_ENCODE_SEND ? NFT_DYNSET_F_EXPR : 0;
}

static int load_element(struct fwc_encoder *e, const struct fwc_value *key,
			const struct fwc_value *data, uint32_t *ret_data)
{
	uint32_t registers = (uint32_t)((fwc_encode_len(key) + NFT_REG_SIZE - 1) / NFT_REG_SIZE);
	int r = fwc_encode_implied(e, key);

	*ret_data = (registers ? registers : 1) * STEP;
	if (r == 0 && data)
		r = fwc_encode_implied(e, data);
	if (r == 0)
		r = fwc_encode_load(e, key, 0, false);
	if (r == 0 && data)
		r = fwc_encode_load(e, data, *ret_data, false);
	return r;
}

int fwc_encode_update(struct fwc_encoder *e, const struct fwc_target *t)
{
	const struct fwc_value *data = value(t, FWC_UPDATE_DATA);
	struct fwc_expression_nest nest;
	uint32_t reg, flags = 0;
	int r = load_element(e, value(t, FWC_UPDATE_KEY), data, &reg);

	if (r < 0)
		return r;
	nest = fwc_expression_begin(e->wire, "dynset");
	fwc_put_be32(e->wire, NFTA_DYNSET_SREG_KEY, fwc_register_number(0));
	if (data)
		fwc_put_be32(e->wire, NFTA_DYNSET_SREG_DATA, fwc_register_number(reg));
	fwc_put_be32(e->wire, NFTA_DYNSET_OP, (uint32_t)number(t, FWC_UPDATE_OPERATION));
	fwc_put_text(e->wire, NFTA_DYNSET_SET_NAME, t->params[FWC_UPDATE_SET - 1].text);
	/* The kernel lists it always, and takes none, not even 0, for a set whose elements have no timeouts. */
	if (number(t, FWC_UPDATE_TIMEOUT_MS) || e->mode != FWC_ENCODE_SEND)
		fwc_put_be64(e->wire, NFTA_DYNSET_TIMEOUT, number(t, FWC_UPDATE_TIMEOUT_MS));
	if (e->mode == FWC_ENCODE_SEND || !set_says_so(e, t))
		flags = put_inner(e, t);
	fwc_put_be32(e->wire, NFTA_DYNSET_FLAGS, flags);
	fwc_expression_end(e->wire, nest);
	return 0;
}
