/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "fields/objects.h"
#include "fields/fields.h"

#include <fwcore/target.h>

const struct fwc_object_words fwc_object_kinds[] = {
	{ FWC_OBJECT_TYPE_COUNTER, "counter", "counter name" },
	{ FWC_OBJECT_TYPE_QUOTA, "quota", "quota name" },
	{ FWC_OBJECT_TYPE_CT_HELPER, "ct helper", "ct helper set" },
	{ FWC_OBJECT_TYPE_LIMIT, "limit", "limit name" },
	{ FWC_OBJECT_TYPE_TUNNEL, "tunnel", "tunnel name" },
	{ FWC_OBJECT_TYPE_CT_TIMEOUT, "ct timeout", "ct timeout set" },
	{ FWC_OBJECT_TYPE_SECMARK, "secmark", "meta secmark set" },
	{ FWC_OBJECT_TYPE_CT_EXPECTATION, "ct expectation", "ct expectation set" },
	{ FWC_OBJECT_TYPE_SYNPROXY, "synproxy", "synproxy name" },
	{ FWC_OBJECT_TYPE_FLOWTABLE, "flowtable", NULL },
};

const size_t fwc_object_kinds_count = FWC_ARRAY_SIZE(fwc_object_kinds);

static const struct fwc_object_words *find(uint32_t type)
{
	for (size_t i = 0; i < FWC_ARRAY_SIZE(fwc_object_kinds); i++)
		if (fwc_object_kinds[i].type == type)
			return &fwc_object_kinds[i];
	return NULL;
}

const char *fwc_object_word(uint32_t type)
{
	return find(type) ? find(type)->name : NULL;
}

const char *fwc_object_statement(uint32_t type)
{
	return find(type) && find(type)->statement ? find(type)->statement : "object";
}

#define OBJECT_TYPE(name, number)                                                                  \
	{                                                                                          \
		name, number, 0, FWC_ORDER_HOST, FWC_FORM_OBJECT, NULL, 1                          \
	}

static const struct fwc_type object_types[] = {
	OBJECT_TYPE("counter", FWC_OBJECT_TYPE_COUNTER),
	OBJECT_TYPE("quota", FWC_OBJECT_TYPE_QUOTA),
	OBJECT_TYPE("ct helper", FWC_OBJECT_TYPE_CT_HELPER),
	OBJECT_TYPE("limit", FWC_OBJECT_TYPE_LIMIT),
	OBJECT_TYPE("tunnel", FWC_OBJECT_TYPE_TUNNEL),
	OBJECT_TYPE("ct timeout", FWC_OBJECT_TYPE_CT_TIMEOUT),
	OBJECT_TYPE("secmark", FWC_OBJECT_TYPE_SECMARK),
	OBJECT_TYPE("ct expectation", FWC_OBJECT_TYPE_CT_EXPECTATION),
	OBJECT_TYPE("synproxy", FWC_OBJECT_TYPE_SYNPROXY),
};

const struct fwc_type *fwc_type_of_object(uint32_t type)
{
	for (size_t i = 0; i < FWC_ARRAY_SIZE(object_types); i++)
		if (object_types[i].id == type)
			return &object_types[i];
	return NULL;
}

const struct fwc_type *fwc_type_of_object_named(const char *name)
{
	for (size_t i = 0; i < FWC_ARRAY_SIZE(object_types); i++)
		if (!strcmp(object_types[i].name, name))
			return &object_types[i];
	return NULL;
}
