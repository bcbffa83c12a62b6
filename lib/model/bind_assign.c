/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What is set, and whether it takes the value. */
#include "model/bind_target.h"

/* The field, checked and where it has parameters copied. NULL: told. */
static const struct fwc_value *take_field(struct fwc_adding *a)
{
	const struct fwc_value *to = fwc_target_get_value(a->in, FWC_ASSIGN_TO);
	uint64_t id = fwc_adding_number(a, FWC_ASSIGN_FIELD, 0);
	const struct fwc_value *v;
	char text[96];

	if (!to == !fwc_target_has(a->in, FWC_ASSIGN_FIELD)) {
		fwc_fail(a->err, -EINVAL, FWC_OBJECT_RULE,
			 "set needs its field: by its number, or as a value");
		return NULL;
	}
	if (to && to->kind != FWC_VALUE_FIELD) {
		fwc_fail(a->err, -EINVAL, FWC_OBJECT_RULE, "%s is no field: it cannot be set",
			 fwc_value_describe(to, text));
		return NULL;
	}
	v = to ? fwc_bind_computed(&a->binder, to) : fwc_target_assigned(a->in);
	if (!to && !v)
		fwc_fail(a->err, -EINVAL, FWC_OBJECT_RULE, "set: field %llu is unknown",
			 (unsigned long long)id);
	if (!v)
		return NULL;
	if (!fwc_field_is_settable(v->field)) {
		fwc_fail(a->err, -EINVAL, FWC_OBJECT_RULE,
			 "%s cannot be set: marks and the like, fields of headers and of TCP "
			 "options can",
			 v->field->name);
		return NULL;
	}
	return v;
}

/* The same field has the same form, however it was said. */
static int put_field(struct fwc_adding *a, const struct fwc_value *v)
{
	a->out->has &= (uint16_t) ~(1u << (FWC_ASSIGN_FIELD - 1) | 1u << (FWC_ASSIGN_TO - 1));
	if (v->field->made)
		return fwc_adding_put(a, FWC_ASSIGN_TO, v);
	fwc_target_put_number(a->out, FWC_ASSIGN_FIELD, v->field->id);
	return fwc_adding_uses(a, v);
}

/* A number that the kernel counts in host order is turned on its way into the packet. */
static bool is_turned(const struct fwc_field_row *f, const struct fwc_value *v)
{
	const struct fwc_type *t = v->type;

	return t && t->id == FWC_TYPE_ID_INTEGER && t->order == FWC_ORDER_HOST && !t->bits &&
	       f->type->order == FWC_ORDER_NETWORK && t->len == f->type->len && t->len != 1;
}

/* What lies beside a field in the bytes that are written is known to the packet alone. */
static bool is_own(const struct fwc_field_row *f, const struct fwc_value *v)
{
	while (v->kind == FWC_VALUE_BITS && v->op <= FWC_BITS_XOR)
		v = v->of;
	return v->kind == FWC_VALUE_FIELD && fwc_field_same(v->field, f);
}

static const struct fwc_value *take_value(struct fwc_adding *a, const struct fwc_field_row *f)
{
	const struct fwc_value *in = a->in->params[FWC_ASSIGN_VALUE - 1].value, *v;
	bool part = f->type->bits || fwc_field_write_of(f).len != f->type->len;

	if (fwc_value_is_computed(in) && in->kind != FWC_VALUE_MAP &&
	    f->type->order == FWC_ORDER_NETWORK) {
		v = fwc_bind_computed(&a->binder, in);
		if (!v || (!part && is_turned(f, v)))
			return v;
	}
	v = fwc_bind_any(&a->binder, in, &f->type, 1);
	if (!v)
		return NULL;
	if (v->kind != FWC_VALUE_CONSTANT && !fwc_value_is_computed(v))
		return fwc_bind_refuse(&a->binder, v, &f->type, 1);
	if (!part || v->kind == FWC_VALUE_CONSTANT || is_own(f, v))
		return v;
	fwc_fail(a->err, -EINVAL, FWC_OBJECT_RULE,
		 "%s is written along with the bits around it: it is set to a constant or to bits "
		 "of itself",
		 f->name);
	return NULL;
}

int fwc_adding_assign(struct fwc_adding *a)
{
	const struct fwc_value *field = take_field(a), *value;
	int r = field ? put_field(a, field) : a->err->code;

	if (r < 0)
		return r;
	value = take_value(a, field->field);
	return value ? fwc_adding_put(a, FWC_ASSIGN_VALUE, value) : a->err->code;
}
