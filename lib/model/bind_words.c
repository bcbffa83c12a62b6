/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* How binding says what is wrong. */
#include "model/bind.h"

const char *fwc_value_describe(const struct fwc_value *v, char text[96])
{
	struct fwc_buf out = fwc_buf_over(text, 96);
	char ip[64];

	switch (v->kind) {
	case FWC_VALUE_CONSTANT:
		fwc_type_format(v->type, v->bytes, v->len * 8u, ",", &out);
		break;
	case FWC_VALUE_PREFIX:
		fwc_type_format(v->type, v->bytes, v->bits, ",", &out);
		break;
	case FWC_VALUE_FIELD:
		fwc_buf_puts(&out, v->field->name);
		break;
	case FWC_VALUE_SET:
		fwc_buf_printf(&out, "@%s", v->name);
		break;
	case FWC_VALUE_UNTYPED:
		if (v->op == FWC_UNTYPED_NUMBER) {
			fwc_buf_printf(&out, "%llu", (unsigned long long)v->number);
		} else if (v->op == FWC_UNTYPED_NAME || v->op == FWC_UNTYPED_TEXT) {
			fwc_buf_puts(&out, v->name);
		} else if (v->op == FWC_UNTYPED_IP && !fwc_ip_format(v->ip, ip, sizeof(ip), NULL)) {
			fwc_buf_puts(&out, ip);
			if (v->bits != fwc_ip_bits(v->ip))
				fwc_buf_printf(&out, "/%u", v->bits);
		} else {
			fwc_buf_puts(&out, v->op == FWC_UNTYPED_IP ? "an address without family"
								   : "a list");
		}
		break;
	default: {
		static const char *const names[] = {
			[FWC_VALUE_RANGE] = "a range",
			[FWC_VALUE_LIST] = "a list",
			[FWC_VALUE_CONCAT] = "a concatenation",
			[FWC_VALUE_BITS] = "bits of a value",
			[FWC_VALUE_MAP] = "a look-up in a map",
			[FWC_VALUE_VERDICT] = "a verdict",
			[FWC_VALUE_HASH] = "a hash of a value",
			[FWC_VALUE_JOIN] = "bits of two values",
		};
		fwc_buf_puts(&out, names[v->kind]);
	}
	}
	return text;
}

const char *fwc_types_describe(const struct fwc_type *const *types, size_t count, char text[128])
{
	struct fwc_buf out = fwc_buf_over(text, 128);

	for (size_t i = 0; i < count; i++)
		fwc_buf_printf(&out, "%s%s", i ? " . " : "", types[i]->name);
	return text;
}

const struct fwc_value *fwc_bind_refuse(struct fwc_binder *b, const struct fwc_value *v,
					const struct fwc_type *const *types, size_t count)
{
	char value[96], place[128];

	fwc_fail(b->err, -EINVAL, FWC_OBJECT_ARGUMENT, "'%s' stands where %s is wanted",
		 fwc_value_describe(v, value), fwc_types_describe(types, count, place));
	return NULL;
}

const struct fwc_value *fwc_bind_made(struct fwc_binder *b, const struct fwc_value *v)
{
	if (!v)
		fwc_fail_memory(b->err);
	return v;
}

bool fwc_bind_enter(struct fwc_binder *b, const struct fwc_value *v)
{
	if (!v) {
		fwc_fail(b->err, -EINVAL, FWC_OBJECT_ARGUMENT, "a value is missing (NULL)");
		return false;
	}
	if (b->level == FWC_MAX_DEPTH) {
		fwc_fail(b->err, -EINVAL, FWC_OBJECT_ARGUMENT,
			 "values are nested more than %d deep", FWC_MAX_DEPTH);
		return false;
	}
	b->level++;
	return true;
}
