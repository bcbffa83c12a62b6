/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Expressions that speak of sets and objects of the table. */
#include "fields/objects.h"
#include "nft/decode.h"

static enum fwc_decoded decode_objref_map(struct fwc_decoder *d,
					  const struct fwc_attr a[NFTA_OBJREF_MAX + 1])
{
	const char *name = fwc_attr_text(&a[NFTA_OBJREF_SET_NAME]);
	const struct fwc_value *key, *set, *map;
	const struct fwc_set *s;
	struct fwc_target *t;

	key = name ? fwc_decode_key_of(d, &a[NFTA_OBJREF_SET_SREG], name, &set) : NULL;
	if (!key || d->waiting)
		return FWC_DECODED_FOREIGN;
	s = fwc_encode_set(d->table, set);
	if (!s || s->data_count != 1 || s->data[0]->form != FWC_FORM_OBJECT)
		return FWC_DECODED_FOREIGN;
	map = fwc_value_make_map(d->arena, key, set);
	t = fwc_target_in(d->arena, FWC_TARGET_OBJREF);
	if (!map || !t)
		return FWC_DECODED_NO_MEMORY;
	fwc_target_put_number(t, FWC_OBJREF_TYPE, s->data[0]->id);
	fwc_target_put_value(t, FWC_OBJREF_MAP, map);
	return fwc_decoded_target(d, t, &map, 1);
}

enum fwc_decoded fwc_decode_objref(struct fwc_decoder *d, struct fwc_slice data)
{
	struct fwc_attr a[NFTA_OBJREF_MAX + 1];
	struct fwc_target *t;
	const char *name;
	uint32_t type;

	if (fwc_attrs_parse(data, a, NFTA_OBJREF_MAX) < 0)
		return FWC_DECODED_FOREIGN;
	if (a[NFTA_OBJREF_SET_SREG].data)
		return decode_objref_map(d, a);
	if (d->waiting || !fwc_attr_be32(&a[NFTA_OBJREF_IMM_TYPE], &type))
		return FWC_DECODED_FOREIGN;
	name = fwc_attr_text(&a[NFTA_OBJREF_IMM_NAME]);
	if (!name || !fwc_object_word(type))
		return FWC_DECODED_FOREIGN;
	t = fwc_target_in(d->arena, FWC_TARGET_OBJREF);
	if (!t)
		return FWC_DECODED_NO_MEMORY;
	fwc_target_put_number(t, FWC_OBJREF_TYPE, type);
	fwc_target_put_text(t, FWC_OBJREF_NAME, name);
	return fwc_decoded_target(d, t, NULL, 0);
}

/* What a register holds, for a place of these types. A concatenation lies side by side in several. */
static const struct fwc_value *take(struct fwc_decoder *d, const struct fwc_attr *reg,
				    const struct fwc_type *const *types, size_t count)
{
	const struct fwc_value *parts[FWC_MAX_CONCAT];
	uint32_t index;

	if (!fwc_decode_register(reg, &index))
		return NULL;
	for (size_t i = 0; i < count; i++) {
		const struct fwc_slot *s =
			index < FWC_NFT_REGISTERS ? fwc_slot_take(d, index) : NULL;

		parts[i] = s ? fwc_slot_value(d, s, types[i]) : NULL;
		if (!parts[i])
			return NULL;
		index += (uint32_t)(fwc_pad4(types[i]->len) / NFT_REG32_SIZE);
	}
	return count == 1 ? parts[0] : fwc_value_make_concat(d->arena, parts, count);
}

static bool read_inner(struct fwc_decoder *d, struct fwc_target *t,
		       const struct fwc_attr a[NFTA_DYNSET_MAX + 1])
{
	const struct fwc_target *inner[2];
	int count =
		fwc_decode_stateful_list(d->arena, &a[NFTA_DYNSET_EXPR],
					 &a[NFTA_DYNSET_EXPRESSIONS], inner, FWC_ARRAY_SIZE(inner));

	for (int i = 0; i < count; i++)
		fwc_target_put_target(t, FWC_UPDATE_TARGET + (uint32_t)i, inner[i]);
	return count >= 0;
}

static bool read_update(struct fwc_decoder *d, struct fwc_target *t,
			const struct fwc_attr a[NFTA_DYNSET_MAX + 1], const struct fwc_set *set)
{
	uint64_t timeout = 0;
	uint32_t op;

	if (!fwc_attr_be32(&a[NFTA_DYNSET_OP], &op) || op > FWC_UPDATE_DELETE)
		return false;
	if (op != FWC_UPDATE_ADD)
		fwc_target_put_number(t, FWC_UPDATE_OPERATION, op);
	fwc_attr_be64(&a[NFTA_DYNSET_TIMEOUT], &timeout);
	if (timeout)
		fwc_target_put_number(t, FWC_UPDATE_TIMEOUT_MS, timeout);
	fwc_target_put_text(t, FWC_UPDATE_SET, set->name);
	return read_inner(d, t, a);
}

enum fwc_decoded fwc_decode_dynset(struct fwc_decoder *d, struct fwc_slice data)
{
	const struct fwc_value *values[2] = { NULL, NULL };
	struct fwc_attr a[NFTA_DYNSET_MAX + 1];
	const struct fwc_set *set;
	struct fwc_target *t;
	const char *name;

	if (fwc_attrs_parse(data, a, NFTA_DYNSET_MAX) < 0)
		return FWC_DECODED_FOREIGN;
	name = fwc_attr_text(&a[NFTA_DYNSET_SET_NAME]);
	set = name ? fwc_table_find_set(d->table, name) : NULL;
	if (!set || !set->key_count || !a[NFTA_DYNSET_SREG_DATA].data != !set->data_count)
		return FWC_DECODED_FOREIGN;
	values[0] = take(d, &a[NFTA_DYNSET_SREG_KEY], set->key, set->key_count);
	if (values[0] && set->data_count)
		values[1] = take(d, &a[NFTA_DYNSET_SREG_DATA], set->data, set->data_count);
	if (!values[0] || (set->data_count && !values[1]) || d->waiting)
		return FWC_DECODED_FOREIGN;
	t = fwc_target_in(d->arena, FWC_TARGET_UPDATE);
	if (!t)
		return FWC_DECODED_NO_MEMORY;
	if (!read_update(d, t, a, set))
		return FWC_DECODED_FOREIGN;
	fwc_target_put_value(t, FWC_UPDATE_KEY, values[0]);
	if (values[1])
		fwc_target_put_value(t, FWC_UPDATE_DATA, values[1]);
	return fwc_decoded_target(d, t, values, 2);
}

/* ---- extensions of iptables ---- */

/* NFTA_TARGET_* are the same numbers as NFTA_MATCH_*. */
static enum fwc_decoded extension(struct fwc_decoder *d, struct fwc_slice data, bool is_target)
{
	struct fwc_attr a[NFTA_MATCH_MAX + 1];
	struct fwc_extension e = { .is_target = is_target };

	if (d->waiting || fwc_attrs_parse(data, a, NFTA_MATCH_MAX) < 0 ||
	    !fwc_attr_be32(&a[NFTA_MATCH_REV], &e.revision) || !a[NFTA_MATCH_INFO].data)
		return FWC_DECODED_FOREIGN;
	e.name = fwc_attr_text(&a[NFTA_MATCH_NAME]);
	if (!e.name || !e.name[0])
		return FWC_DECODED_FOREIGN;
	e.info = a[NFTA_MATCH_INFO].data;
	e.len = (uint32_t)a[NFTA_MATCH_INFO].len;
	return fwc_rule_add_extension(d->rule, &e) < 0 ? FWC_DECODED_NO_MEMORY : FWC_DECODED_DONE;
}

enum fwc_decoded fwc_decode_xt_match(struct fwc_decoder *d, struct fwc_slice data)
{
	return extension(d, data, false);
}

enum fwc_decoded fwc_decode_xt_target(struct fwc_decoder *d, struct fwc_slice data)
{
	return extension(d, data, true);
}
