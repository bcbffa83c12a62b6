/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "nft/target_shape.h"
#include "nft/uapi.h"

/* After uapi.h, which has libc's <netinet/in.h> first. */
#include <linux/icmp.h>
#include <linux/icmpv6.h>
#include <linux/netfilter/nf_synproxy.h>

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
	{ FWC_TARGET_QUOTA,
	  3,
	  "quota",
	  { { .attr = NFTA_QUOTA_BYTES,
	      .form = FWC_ATTR_BE64,
	      .param = FWC_QUOTA_BYTES,
	      .always = true },
	    { .attr = NFTA_QUOTA_CONSUMED,
	      .form = FWC_ATTR_BE64,
	      .param = FWC_QUOTA_USED,
	      .always = true,
	      .state = true },
	    { .attr = NFTA_QUOTA_FLAGS,
	      .form = FWC_ATTR_BE32,
	      .param = FWC_QUOTA_OVER,
	      .always = true } } },
	{ FWC_TARGET_CONNLIMIT,
	  2,
	  "connlimit",
	  { { .attr = NFTA_CONNLIMIT_COUNT,
	      .form = FWC_ATTR_BE32,
	      .param = FWC_CONNLIMIT_COUNT,
	      .always = true },
	    { .attr = NFTA_CONNLIMIT_FLAGS,
	      .form = FWC_ATTR_BE32,
	      .param = FWC_CONNLIMIT_OVER } } },
	{ FWC_TARGET_LAST,
	  2,
	  "last",
	  { { .attr = NFTA_LAST_SET,
	      .form = FWC_ATTR_BE32,
	      .param = FWC_LAST_SEEN,
	      .always = true,
	      .state = true },
	    { .attr = NFTA_LAST_MSECS,
	      .form = FWC_ATTR_BE64,
	      .param = FWC_LAST_AGO_MS,
	      .always = true,
	      .state = true } } },
	{ FWC_TARGET_NOTRACK, 0, "notrack", { { 0 } } },
	{ FWC_TARGET_SYNPROXY,
	  3,
	  "synproxy",
	  { { .attr = NFTA_SYNPROXY_MSS,
	      .form = FWC_ATTR_BE16,
	      .param = FWC_SYNPROXY_MSS,
	      .always = true,
	      .sets = NF_SYNPROXY_OPT_MSS },
	    { .attr = NFTA_SYNPROXY_WSCALE,
	      .form = FWC_ATTR_U8,
	      .param = FWC_SYNPROXY_WSCALE,
	      .always = true,
	      .sets = NF_SYNPROXY_OPT_WSCALE },
	    { .attr = NFTA_SYNPROXY_FLAGS,
	      .form = FWC_ATTR_BE32,
	      .param = FWC_SYNPROXY_FLAGS,
	      .always = true,
	      .collects = true } } },
	{ FWC_TARGET_QUEUE,
	  4,
	  "queue",
	  { { .attr = NFTA_QUEUE_NUM,
	      .form = FWC_ATTR_BE16,
	      .param = FWC_QUEUE_NUMBER,
	      .not_with = FWC_QUEUE_VALUE,
	      .always = true },
	    { .attr = NFTA_QUEUE_TOTAL,
	      .form = FWC_ATTR_BE16,
	      .param = FWC_QUEUE_COUNT,
	      .not_with = FWC_QUEUE_VALUE,
	      .always = true,
	      .otherwise = 1 },
	    { .attr = NFTA_QUEUE_SREG_QNUM, .form = FWC_ATTR_REGISTER, .param = FWC_QUEUE_VALUE },
	    { .attr = NFTA_QUEUE_FLAGS,
	      .form = FWC_ATTR_BE16,
	      .param = FWC_QUEUE_FLAGS,
	      .always = true } } },
	{ FWC_TARGET_TPROXY,
	  3,
	  "tproxy",
	  { { .attr = NFTA_TPROXY_FAMILY,
	      .form = FWC_ATTR_BE32,
	      .param = FWC_TPROXY_FAMILY,
	      .always = true },
	    { .attr = NFTA_TPROXY_REG_ADDR, .form = FWC_ATTR_REGISTER, .param = FWC_TPROXY_ADDR },
	    { .attr = NFTA_TPROXY_REG_PORT,
	      .form = FWC_ATTR_REGISTER,
	      .param = FWC_TPROXY_PORT } } },
	{ FWC_TARGET_DUP,
	  2,
	  "dup",
	  { { .attr = NFTA_DUP_SREG_ADDR, .form = FWC_ATTR_REGISTER, .param = FWC_DUP_ADDR },
	    { .attr = NFTA_DUP_SREG_DEV, .form = FWC_ATTR_REGISTER, .param = FWC_DUP_DEVICE } } },
	{ FWC_TARGET_FWD,
	  3,
	  "fwd",
	  { { .attr = NFTA_FWD_SREG_DEV, .form = FWC_ATTR_REGISTER, .param = FWC_FWD_DEVICE },
	    { .attr = NFTA_FWD_SREG_ADDR, .form = FWC_ATTR_REGISTER, .param = FWC_FWD_ADDR },
	    { .attr = NFTA_FWD_NFPROTO,
	      .form = FWC_ATTR_BE32,
	      .param = FWC_FWD_FAMILY,
	      .only_with = FWC_FWD_ADDR,
	      .always = true } } },
	{ FWC_TARGET_FLOW,
	  1,
	  "flow_offload",
	  { { .attr = NFTA_FLOW_TABLE_NAME, .form = FWC_ATTR_TEXT, .param = FWC_FLOW_TABLE } } },
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

uint64_t fwc_target_default(const struct fwc_target *t, const struct fwc_attr_shape *a,
			    uint32_t family)
{
	if (t->type->kind == FWC_TARGET_LIMIT && a->param == FWC_LIMIT_BURST &&
	    fwc_target_has(t, FWC_LIMIT_IN_BYTES) && t->params[FWC_LIMIT_IN_BYTES - 1].number)
		return 0;
	if (t->type->kind == FWC_TARGET_TPROXY && a->param == FWC_TPROXY_FAMILY)
		return family == FWC_FAMILY_INET ? NFPROTO_UNSPEC : family;
	return a->otherwise;
}

void fwc_reject_default(uint8_t l3, uint32_t *ret_type, uint32_t *ret_code)
{
	*ret_type = l3 ? NFT_REJECT_ICMP_UNREACH : NFT_REJECT_ICMPX_UNREACH;
	*ret_code = l3 == NFPROTO_IPV4   ? ICMP_PORT_UNREACH
		    : l3 == NFPROTO_IPV6 ? ICMPV6_PORT_UNREACH
					 : NFT_REJECT_ICMPX_PORT_UNREACH;
}
