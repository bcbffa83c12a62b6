/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "fields/objects.h"

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
	return find(type) ? find(type)->statement : "object";
}
