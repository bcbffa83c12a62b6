/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Targets: the table of their kinds and parameters, and objects filled by it. */
#include <assert.h>
#include <stdlib.h>

#include "fields/types.h"
#include "model/model.h"

/* ---- kinds ---- */

#define NUMBER(name, min, max)                                                                     \
	{                                                                                          \
		name, FWC_PARAM_NUMBER, false, min, max                                            \
	}
#define REQUIRED_NUMBER(name, min, max)                                                            \
	{                                                                                          \
		name, FWC_PARAM_NUMBER, true, min, max                                             \
	}
#define TEXT(name, max)                                                                            \
	{                                                                                          \
		name, FWC_PARAM_TEXT, false, 0, max                                                \
	}
#define VALUE(name)                                                                                \
	{                                                                                          \
		name, FWC_PARAM_VALUE, false, 0, 0                                                 \
	}
#define REQUIRED_VALUE(name)                                                                       \
	{                                                                                          \
		name, FWC_PARAM_VALUE, true, 0, 0                                                  \
	}
#define VALUE_OF(name, type)                                                                       \
	{                                                                                          \
		name, FWC_PARAM_VALUE, false, 0, 0, type                                           \
	}
#define REQUIRED_VALUE_OF(name, type)                                                              \
	{                                                                                          \
		name, FWC_PARAM_VALUE, true, 0, 0, type                                            \
	}
#define REQUIRED_TEXT(name, max)                                                                   \
	{                                                                                          \
		name, FWC_PARAM_TEXT, true, 0, max                                                 \
	}
#define TARGET(name)                                                                               \
	{                                                                                          \
		name, FWC_PARAM_TARGET, false, 0, 0                                                \
	}
#define BLOCK(name)                                                                                \
	{                                                                                          \
		name, FWC_PARAM_BLOCK, false, 0, 0                                                 \
	}
#define NONE                                                                                       \
	{                                                                                          \
		0                                                                                  \
	}

enum {
	OWN_FLAGS = FWC_NAT_RANDOM | FWC_NAT_FULLY_RANDOM | FWC_NAT_PERSISTENT,
	NAT_FLAGS = OWN_FLAGS | FWC_NAT_PREFIX,
	LOG_FLAGS = 0x2f, /* NF_LOG_MASK */
	WEEK_S = 604800,
	WSCALE_MOST = 14,
	FLOWTABLE_FLAGS = FWC_FLOWTABLE_OFFLOAD | FWC_FLOWTABLE_COUNTER,
	SYNPROXY_FLAGS = FWC_SYNPROXY_SACK_PERM | FWC_SYNPROXY_TIMESTAMP,
};

/* The order within a row is that of the ids in target.h. */
static const struct fwc_target_type types[] = {
	{ FWC_TARGET_VERDICT,
	  "verdict",
	  3,
	  { REQUIRED_NUMBER("verdict", FWC_VERDICT_ACCEPT, FWC_VERDICT_GOTO), TEXT("chain", 127),
	    BLOCK("rules") } },
	{ FWC_TARGET_VMAP, "vmap", 1, { REQUIRED_VALUE("map") } },
	{ FWC_TARGET_REJECT,
	  "reject",
	  2,
	  { NUMBER("type", FWC_REJECT_ICMP, FWC_REJECT_ICMPV6), NUMBER("code", 0, UINT8_MAX) } },
	{ FWC_TARGET_LOG,
	  "log",
	  6,
	  { TEXT("prefix", 127), NUMBER("level", 0, 8), NUMBER("group", 0, UINT16_MAX),
	    NUMBER("snaplen", 0, UINT32_MAX), NUMBER("queue-threshold", 0, UINT16_MAX),
	    NUMBER("flags", 0, LOG_FLAGS) } },
	{ FWC_TARGET_COUNTER,
	  "counter",
	  2,
	  { NUMBER("packets", 0, UINT64_MAX), NUMBER("bytes", 0, UINT64_MAX) } },
	{ FWC_TARGET_LIMIT,
	  "limit",
	  5,
	  { REQUIRED_NUMBER("rate", 1, UINT64_MAX), NUMBER("unit", 1, WEEK_S),
	    NUMBER("burst", 0, UINT32_MAX), NUMBER("in-bytes", 0, 1), NUMBER("over", 0, 1) } },
	{ FWC_TARGET_ASSIGN,
	  "set",
	  3,
	  { NUMBER("field", 1, UINT32_MAX), REQUIRED_VALUE("value"), VALUE("field") } },
	{ FWC_TARGET_MASQUERADE,
	  "masquerade",
	  4,
	  { NONE, VALUE("port"), NUMBER("flags", 0, OWN_FLAGS), NONE } },
	{ FWC_TARGET_SNAT,
	  "snat",
	  4,
	  { VALUE("address"), VALUE("port"), NUMBER("flags", 0, NAT_FLAGS),
	    NUMBER("family", FWC_FAMILY_IP, FWC_FAMILY_IP6) } },
	{ FWC_TARGET_DNAT,
	  "dnat",
	  4,
	  { VALUE("address"), VALUE("port"), NUMBER("flags", 0, NAT_FLAGS),
	    NUMBER("family", FWC_FAMILY_IP, FWC_FAMILY_IP6) } },
	{ FWC_TARGET_REDIRECT,
	  "redirect",
	  4,
	  { NONE, VALUE("port"), NUMBER("flags", 0, OWN_FLAGS), NONE } },
	{ FWC_TARGET_QUOTA,
	  "quota",
	  3,
	  { REQUIRED_NUMBER("bytes", 0, INT64_MAX), NUMBER("over", 0, 1),
	    NUMBER("used", 0, INT64_MAX) } },
	{ FWC_TARGET_CONNLIMIT,
	  "ct count",
	  2,
	  { REQUIRED_NUMBER("count", 0, UINT32_MAX), NUMBER("over", 0, 1) } },
	{ FWC_TARGET_LAST, "last", 2, { NUMBER("seen", 0, 1), NUMBER("ago", 0, UINT64_MAX) } },
	{ FWC_TARGET_NOTRACK, "notrack", 0, { NONE } },
	{ FWC_TARGET_SYNPROXY,
	  "synproxy",
	  3,
	  { NUMBER("mss", 0, UINT16_MAX), NUMBER("wscale", 0, WSCALE_MOST),
	    NUMBER("flags", 0, SYNPROXY_FLAGS) } },
	{ FWC_TARGET_QUEUE,
	  "queue",
	  4,
	  { NUMBER("number", 0, UINT16_MAX), NUMBER("count", 1, UINT16_MAX), NUMBER("flags", 0, 3),
	    VALUE_OF("value", "integer") } },
	{ FWC_TARGET_TPROXY,
	  "tproxy",
	  3,
	  { VALUE_OF("address", FWC_TYPE_OF_FAMILY), VALUE_OF("port", "inet_service"),
	    NUMBER("family", FWC_FAMILY_IP, FWC_FAMILY_IP6) } },
	{ FWC_TARGET_DUP,
	  "dup",
	  2,
	  { VALUE_OF("address", FWC_TYPE_OF_FAMILY), VALUE_OF("device", "iface_index") } },
	{ FWC_TARGET_FWD,
	  "fwd",
	  3,
	  { REQUIRED_VALUE_OF("device", "iface_index"), VALUE_OF("address", FWC_TYPE_OF_FAMILY),
	    NUMBER("family", FWC_FAMILY_IP, FWC_FAMILY_IP6) } },
	{ FWC_TARGET_OBJREF,
	  "object",
	  3,
	  { REQUIRED_NUMBER("type", FWC_OBJECT_TYPE_COUNTER, FWC_OBJECT_TYPE_SYNPROXY),
	    TEXT("name", 127), VALUE("map") } },
	{ FWC_TARGET_FLOW, "flow", 1, { REQUIRED_TEXT("flowtable", 127) } },
	{ FWC_TARGET_UPDATE,
	  "update",
	  7,
	  { NUMBER("operation", FWC_UPDATE_ADD, FWC_UPDATE_DELETE), REQUIRED_TEXT("set", 127),
	    REQUIRED_VALUE("key"), VALUE("data"), NUMBER("timeout", 0, UINT64_MAX),
	    TARGET("target"), TARGET("second target") } },
	{ FWC_TARGET_STRIP, "reset tcp option", 1, { REQUIRED_NUMBER("kind", 0, UINT8_MAX) } },
	{ FWC_TARGET_CT_HELPER,
	  "ct helper",
	  3,
	  { REQUIRED_TEXT("type", 15), REQUIRED_NUMBER("protocol", 0, UINT8_MAX),
	    NUMBER("family", FWC_FAMILY_INET, FWC_FAMILY_IP6) } },
	{ FWC_TARGET_CT_EXPECTATION,
	  "ct expectation",
	  5,
	  { REQUIRED_NUMBER("protocol", 0, UINT8_MAX), REQUIRED_NUMBER("dport", 0, UINT16_MAX),
	    REQUIRED_NUMBER("timeout", 0, UINT32_MAX), REQUIRED_NUMBER("size", 1, UINT8_MAX),
	    NUMBER("family", FWC_FAMILY_INET, FWC_FAMILY_IP6) } },
	{ FWC_TARGET_SECMARK, "secmark", 1, { REQUIRED_TEXT("context", 255) } },
	{ FWC_TARGET_CT_TIMEOUT,
	  "ct timeout",
	  3,
	  { REQUIRED_NUMBER("protocol", 0, UINT8_MAX), TEXT("policy", 255),
	    NUMBER("family", FWC_FAMILY_INET, FWC_FAMILY_IP6) } },
	{ FWC_TARGET_FLOWTABLE,
	  "flowtable",
	  3,
	  { TEXT("priority", 63), VALUE("devices"), NUMBER("flags", 0, FLOWTABLE_FLAGS) } },
};

const struct fwc_target_type *fwc_target_type(uint32_t kind)
{
	for (size_t i = 0; i < FWC_ARRAY_SIZE(types); i++)
		if (types[i].kind == kind)
			return &types[i];
	return NULL;
}

/* The parameter's row, NULL when this kind has none of that id and form. */
static const struct fwc_param_kind *param_kind(const struct fwc_target *t, uint32_t param,
					       uint32_t form)
{
	if (param < 1 || param > t->type->count || t->type->params[param - 1].form != form)
		return NULL;
	return &t->type->params[param - 1];
}

/* ---- shared ones ---- */

/* Most rules end in one of these; they need no memory of their own. */
#define PLAIN(n)                                                                                   \
	{                                                                                          \
		.type = &types[0], .has = 1, .params = { { .number = (n) } }                       \
	}

static const struct {
	const struct fwc_target_type *type;
	uint16_t has;
	uint16_t failed_param;
	int32_t failed;
	union fwc_param params[3];
} plain_verdicts[] = {
	PLAIN(FWC_VERDICT_ACCEPT),
	PLAIN(FWC_VERDICT_DROP),
	PLAIN(FWC_VERDICT_RETURN),
	PLAIN(FWC_VERDICT_CONTINUE),
}, plain_counter = { .type = &types[4] };

const struct fwc_target *fwc_target_plain(uint32_t kind, uint32_t verdict)
{
	if (kind == FWC_TARGET_COUNTER)
		return (const struct fwc_target *)&plain_counter;
	if (kind == FWC_TARGET_VERDICT && verdict >= FWC_VERDICT_ACCEPT &&
	    verdict <= FWC_VERDICT_CONTINUE)
		return (const struct fwc_target *)&plain_verdicts[verdict - FWC_VERDICT_ACCEPT];
	return NULL;
}

/* ---- filled without checks, in an arena ---- */

static struct fwc_target *alloc_target(struct fwc_arena *a, uint32_t kind)
{
	const struct fwc_target_type *type = fwc_target_type(kind);
	struct fwc_target *t;
	size_t size;

	if (!type)
		return NULL;
	size = sizeof(*t) + type->count * sizeof(t->params[0]);
	t = a ? fwc_arena_alloc(a, size) : calloc(1, size);
	if (t)
		t->type = type;
	return t;
}

struct fwc_target *fwc_target_in(struct fwc_arena *a, uint32_t kind)
{
	return alloc_target(a, kind);
}

bool fwc_target_has(const struct fwc_target *t, uint32_t param)
{
	return param >= 1 && param <= t->type->count && t->has & 1u << (param - 1);
}

static union fwc_param *put_param(struct fwc_target *t, uint32_t param)
{
	assert(param >= 1 && param <= t->type->count);
	t->has |= (uint16_t)(1u << (param - 1));
	return &t->params[param - 1];
}

void fwc_target_put_number(struct fwc_target *t, uint32_t param, uint64_t number)
{
	put_param(t, param)->number = number;
}

void fwc_target_put_text(struct fwc_target *t, uint32_t param, const char *text)
{
	put_param(t, param)->text = text;
}

void fwc_target_put_value(struct fwc_target *t, uint32_t param, const struct fwc_value *v)
{
	put_param(t, param)->value = v;
}

void fwc_target_put_target(struct fwc_target *t, uint32_t param, const struct fwc_target *inner)
{
	put_param(t, param)->target = inner;
}

void fwc_target_put_block(struct fwc_target *t, struct fwc_chain *block)
{
	put_param(t, FWC_VERDICT_BLOCK)->block = block;
}

const struct fwc_chain *fwc_target_get_block(const struct fwc_target *target)
{
	if (!target || target->type->kind != FWC_TARGET_VERDICT ||
	    !fwc_target_has(target, FWC_VERDICT_BLOCK))
		return NULL;
	return target->params[FWC_VERDICT_BLOCK - 1].block;
}

const struct fwc_value *fwc_target_assigned(const struct fwc_target *t)
{
	const struct fwc_value *to = fwc_target_get_value(t, FWC_ASSIGN_TO);
	const struct fwc_field_row *f;
	uint64_t id = 0;

	if (to)
		return to->kind == FWC_VALUE_FIELD ? to : NULL;
	fwc_target_get_number(t, FWC_ASSIGN_FIELD, &id);
	f = id <= UINT32_MAX ? fwc_field_by_id((uint32_t)id) : NULL;
	return f ? fwc_value_of_field(f) : NULL;
}

bool fwc_target_is_stateful(uint32_t kind)
{
	return kind == FWC_TARGET_COUNTER || kind == FWC_TARGET_LIMIT || kind == FWC_TARGET_QUOTA ||
	       kind == FWC_TARGET_CONNLIMIT || kind == FWC_TARGET_LAST;
}

/* The family that the target itself says. */
static uint32_t said_family(const struct fwc_target *t)
{
	static const struct {
		uint32_t kind, param;
	} families[] = {
		{ FWC_TARGET_TPROXY, FWC_TPROXY_FAMILY },
		{ FWC_TARGET_FWD, FWC_FWD_FAMILY },
	};

	for (size_t i = 0; i < FWC_ARRAY_SIZE(families); i++)
		if (families[i].kind == t->type->kind && fwc_target_has(t, families[i].param))
			return (uint32_t)t->params[families[i].param - 1].number;
	return 0;
}

const struct fwc_type *fwc_target_value_type(const struct fwc_target *t, uint32_t param,
					     uint32_t family)
{
	const char *name = t->type->params[param - 1].type;
	uint32_t said = said_family(t);

	if (name && !strcmp(name, FWC_TYPE_OF_FAMILY)) {
		family = said ? said : family;
		name = family == FWC_FAMILY_IP    ? "ipv4_addr"
		       : family == FWC_FAMILY_IP6 ? "ipv6_addr"
						  : NULL;
	}
	if (name && !strcmp(name, "integer")) /* of 4 bytes: what hashes and counters give */
		return &fwc_type_host_integer[4];
	return name ? fwc_type_by_name(name, strlen(name)) : NULL;
}

/* ---- the caller's, by malloc ---- */

struct fwc_target *fwc_target_new(uint32_t kind)
{
	return alloc_target(NULL, kind);
}

/* Releases what a parameter holds. */
static void clear_param(struct fwc_target *t, uint32_t param)
{
	union fwc_param *p = &t->params[param - 1];

	if (!fwc_target_has(t, param))
		return;
	if (t->type->params[param - 1].form == FWC_PARAM_TEXT)
		free((char *)(uintptr_t)p->text);
	else if (t->type->params[param - 1].form == FWC_PARAM_VALUE)
		fwc_value_free((struct fwc_value *)(uintptr_t)p->value);
	else if (t->type->params[param - 1].form == FWC_PARAM_TARGET)
		fwc_target_free((struct fwc_target *)(uintptr_t)p->target);
	t->has &= (uint16_t) ~(1u << (param - 1));
}

void fwc_target_free(struct fwc_target *target)
{
	if (!target)
		return;
	for (uint32_t param = 1; param <= target->type->count; param++)
		clear_param(target, param);
	free(target);
}

static int fail(struct fwc_target *t, uint32_t param, int code)
{
	t->failed = code;
	t->failed_param = param < UINT16_MAX ? (uint16_t)param : UINT16_MAX;
	return code;
}

/* What is set is kept even when it is outside its limits, so that the rule can name it. */
int fwc_target_set_number(struct fwc_target *target, uint32_t param, uint64_t number)
{
	const struct fwc_param_kind *kind;

	if (!target)
		return -EINVAL;
	if (target->failed)
		return target->failed;
	kind = param_kind(target, param, FWC_PARAM_NUMBER);
	if (!kind)
		return fail(target, param, -EINVAL);
	fwc_target_put_number(target, param, number);
	return number < kind->min || number > kind->max ? fail(target, param, -EINVAL) : 0;
}

int fwc_target_set_text(struct fwc_target *target, uint32_t param, const char *text)
{
	const struct fwc_param_kind *kind;
	char *copy;

	if (!target)
		return -EINVAL;
	if (target->failed)
		return target->failed;
	kind = param_kind(target, param, FWC_PARAM_TEXT);
	if (!kind || !text)
		return fail(target, param, -EINVAL);
	copy = strdup(text);
	if (!copy)
		return fail(target, param, -ENOMEM);
	clear_param(target, param);
	fwc_target_put_text(target, param, copy);
	return strlen(text) > kind->max ? fail(target, param, -EINVAL) : 0;
}

int fwc_target_set_value(struct fwc_target *target, uint32_t param, const struct fwc_value *value)
{
	struct fwc_value *copy;

	if (!target)
		return -EINVAL;
	if (target->failed)
		return target->failed;
	if (!param_kind(target, param, FWC_PARAM_VALUE) || !value)
		return fail(target, param, -EINVAL);
	copy = fwc_value_copy(value);
	if (!copy)
		return fail(target, param, -ENOMEM);
	clear_param(target, param);
	fwc_target_put_value(target, param, copy);
	return 0;
}

/* A copy of one that holds numbers alone, as all stateful ones do. */
static struct fwc_target *copy_stateful(const struct fwc_target *from)
{
	struct fwc_target *copy = fwc_target_new(from->type->kind);

	for (uint32_t param = 1; copy && param <= from->type->count; param++)
		if (fwc_target_has(from, param))
			fwc_target_put_number(copy, param, from->params[param - 1].number);
	if (copy) {
		copy->failed = from->failed;
		copy->failed_param = from->failed_param;
	}
	return copy;
}

int fwc_target_set_target(struct fwc_target *target, uint32_t param, const struct fwc_target *inner)
{
	struct fwc_target *copy;

	if (!target)
		return -EINVAL;
	if (target->failed)
		return target->failed;
	if (!param_kind(target, param, FWC_PARAM_TARGET) || !inner ||
	    !fwc_target_is_stateful(inner->type->kind))
		return fail(target, param, -EINVAL);
	copy = copy_stateful(inner);
	if (!copy)
		return fail(target, param, -ENOMEM);
	clear_param(target, param);
	fwc_target_put_target(target, param, copy);
	return 0;
}

uint32_t fwc_target_kind(const struct fwc_target *target)
{
	return target ? target->type->kind : 0;
}

const char *fwc_target_name(const struct fwc_target *target)
{
	return target ? target->type->name : NULL;
}

bool fwc_target_get_number(const struct fwc_target *target, uint32_t param, uint64_t *ret)
{
	if (!target || !ret || !param_kind(target, param, FWC_PARAM_NUMBER) ||
	    !fwc_target_has(target, param))
		return false;
	*ret = target->params[param - 1].number;
	return true;
}

const char *fwc_target_get_text(const struct fwc_target *target, uint32_t param)
{
	if (!target || !param_kind(target, param, FWC_PARAM_TEXT) || !fwc_target_has(target, param))
		return NULL;
	return target->params[param - 1].text;
}

const struct fwc_value *fwc_target_get_value(const struct fwc_target *target, uint32_t param)
{
	if (!target || !param_kind(target, param, FWC_PARAM_VALUE) ||
	    !fwc_target_has(target, param))
		return NULL;
	return target->params[param - 1].value;
}

const struct fwc_target *fwc_target_get_target(const struct fwc_target *target, uint32_t param)
{
	if (!target || !param_kind(target, param, FWC_PARAM_TARGET) ||
	    !fwc_target_has(target, param))
		return NULL;
	return target->params[param - 1].target;
}
