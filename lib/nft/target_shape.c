/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "nft/target_shape.h"
#include "nft/uapi.h"

/* After uapi.h, which has libc's <netinet/in.h> first. */
#include <linux/icmp.h>
#include <linux/icmpv6.h>

enum { LOG_LEVEL_WARNING = 4, LIMIT_BURST_PACKETS = 5 };

static const struct fwc_target_shape shapes[] = {
	{ FWC_TARGET_COUNTER,
	  2,
	  "counter",
	  { { .attr = NFTA_COUNTER_BYTES,
	      .form = FWC_ATTR_BE64,
	      .param = FWC_COUNTER_BYTES,
	      .always = true,
	      .state = true },
	    { .attr = NFTA_COUNTER_PACKETS,
	      .form = FWC_ATTR_BE64,
	      .param = FWC_COUNTER_PACKETS,
	      .always = true,
	      .state = true } } },
	{ FWC_TARGET_LIMIT,
	  5,
	  "limit",
	  { { .attr = NFTA_LIMIT_RATE,
	      .form = FWC_ATTR_BE64,
	      .param = FWC_LIMIT_RATE,
	      .always = true },
	    { .attr = NFTA_LIMIT_UNIT,
	      .form = FWC_ATTR_BE64,
	      .param = FWC_LIMIT_UNIT_S,
	      .always = true,
	      .otherwise = 1 },
	    { .attr = NFTA_LIMIT_BURST,
	      .form = FWC_ATTR_BE32,
	      .param = FWC_LIMIT_BURST,
	      .always = true,
	      .otherwise = LIMIT_BURST_PACKETS },
	    { .attr = NFTA_LIMIT_TYPE,
	      .form = FWC_ATTR_BE32,
	      .param = FWC_LIMIT_IN_BYTES,
	      .always = true,
	      .otherwise = NFT_LIMIT_PKTS },
	    { .attr = NFTA_LIMIT_FLAGS,
	      .form = FWC_ATTR_BE32,
	      .param = FWC_LIMIT_OVER,
	      .always = true } } },
	{ FWC_TARGET_LOG,
	  6,
	  "log",
	  { { .attr = NFTA_LOG_PREFIX, .form = FWC_ATTR_TEXT, .param = FWC_LOG_PREFIX },
	    { .attr = NFTA_LOG_GROUP,
	      .form = FWC_ATTR_BE16,
	      .param = FWC_LOG_GROUP,
	      .otherwise = UINT32_MAX /* group 0 is a group */ },
	    { .attr = NFTA_LOG_SNAPLEN, .form = FWC_ATTR_BE32, .param = FWC_LOG_SNAPLEN },
	    { .attr = NFTA_LOG_QTHRESHOLD,
	      .form = FWC_ATTR_BE16,
	      .param = FWC_LOG_QUEUE_THRESHOLD },
	    { .attr = NFTA_LOG_LEVEL,
	      .form = FWC_ATTR_BE32,
	      .param = FWC_LOG_LEVEL,
	      .always = true,
	      .not_with = FWC_LOG_GROUP,
	      .otherwise = LOG_LEVEL_WARNING },
	    { .attr = NFTA_LOG_FLAGS,
	      .form = FWC_ATTR_BE32,
	      .param = FWC_LOG_FLAGS,
	      .not_with = FWC_LOG_GROUP } } },
};

const struct fwc_target_shape *fwc_target_shape(uint32_t kind)
{
	for (size_t i = 0; i < FWC_ARRAY_SIZE(shapes); i++)
		if (shapes[i].kind == kind)
			return &shapes[i];
	return NULL;
}

const struct fwc_target_shape *fwc_target_shape_by_expression(const char *name)
{
	for (size_t i = 0; i < FWC_ARRAY_SIZE(shapes); i++)
		if (!strcmp(shapes[i].expression, name))
			return &shapes[i];
	return NULL;
}

uint64_t fwc_target_default(const struct fwc_target *t, const struct fwc_attr_shape *a)
{
	if (t->type->kind == FWC_TARGET_LIMIT && a->param == FWC_LIMIT_BURST &&
	    fwc_target_has(t, FWC_LIMIT_IN_BYTES) && t->params[FWC_LIMIT_IN_BYTES - 1].number)
		return 0;
	return a->otherwise;
}

void fwc_reject_default(uint8_t l3, uint32_t *ret_type, uint32_t *ret_code)
{
	*ret_type = l3 ? NFT_REJECT_ICMP_UNREACH : NFT_REJECT_ICMPX_UNREACH;
	*ret_code = l3 == NFPROTO_IPV4   ? ICMP_PORT_UNREACH
		    : l3 == NFPROTO_IPV6 ? ICMPV6_PORT_UNREACH
					 : NFT_REJECT_ICMPX_PORT_UNREACH;
}
