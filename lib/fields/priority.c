/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Priorities of base chains by name. */
#include <ctype.h>
#include <limits.h>
#include <linux/netfilter_bridge.h>
#include <linux/netfilter_ipv4.h>
#include <stdlib.h>

#include "fields/fields.h"

enum {
	ANY_HOOK = -1,
	REACH = 10, /* nft names a priority this far from a named one: `filter + 10`, but 11 */
};

enum families {
	OF_IP = 1, /* ip, ip6 and inet */
	OF_OTHERS = 2, /* arp and netdev */
	OF_BRIDGE = 4, /* has numbers of its own */
};

/* A name counts only in its hook: elsewhere -100 is a number, not `dstnat`. */
static const struct named_priority {
	const char *name;
	int32_t value;
	int hook;
	unsigned int families;
} names[] = {
	{ "raw", NF_IP_PRI_RAW, ANY_HOOK, OF_IP },
	{ "mangle", NF_IP_PRI_MANGLE, ANY_HOOK, OF_IP },
	{ "dstnat", NF_IP_PRI_NAT_DST, FWC_HOOK_PREROUTING, OF_IP },
	{ "filter", NF_IP_PRI_FILTER, ANY_HOOK, OF_IP | OF_OTHERS },
	{ "security", NF_IP_PRI_SECURITY, ANY_HOOK, OF_IP },
	{ "srcnat", NF_IP_PRI_NAT_SRC, FWC_HOOK_POSTROUTING, OF_IP },
	{ "dstnat", NF_BR_PRI_NAT_DST_BRIDGED, FWC_HOOK_PREROUTING, OF_BRIDGE },
	{ "filter", NF_BR_PRI_FILTER_BRIDGED, ANY_HOOK, OF_BRIDGE },
	{ "out", NF_BR_PRI_NAT_DST_OTHER, FWC_HOOK_OUTPUT, OF_BRIDGE },
	{ "srcnat", NF_BR_PRI_NAT_SRC, FWC_HOOK_POSTROUTING, OF_BRIDGE },
};

static bool is_known(const struct named_priority *p, uint32_t family, uint32_t hook)
{
	unsigned int of =
		family == FWC_FAMILY_BRIDGE ? OF_BRIDGE
		: family == FWC_FAMILY_INET || family == FWC_FAMILY_IP || family == FWC_FAMILY_IP6
			? OF_IP
			: OF_OTHERS;

	return (p->families & of) && (p->hook == ANY_HOOK || p->hook == (int)hook);
}

static int fail(const char *text, uint32_t family, uint32_t hook, struct fwc_error *err)
{
	char allowed[128];
	struct fwc_buf out = fwc_buf_over(allowed, sizeof(allowed));

	for (size_t i = 0; i < FWC_ARRAY_SIZE(names); i++)
		if (is_known(&names[i], family, hook))
			fwc_buf_printf(&out, "%s, ", names[i].name);
	return fwc_fail(
		err, -EINVAL, FWC_OBJECT_CHAIN,
		"'%.60s' is no priority here: it is a number, or %swith or without an offset like 'filter + 10'",
		text, allowed);
}

/* A decimal number and nothing after it but white space. */
static bool read_number(const char *text, int64_t *ret)
{
	char *end;
	long long number;

	if (!isdigit((unsigned char)text[text[0] == '-']))
		return false;
	number = strtoll(text, &end, 10); /* one that is too large stays so */
	while (isspace((unsigned char)*end))
		end++;
	if (*end)
		return false;
	*ret = number;
	return true;
}

/* What follows a name: nothing, or a sign and a number. */
static bool read_offset(const char *text, int64_t *ret)
{
	bool minus;

	while (isspace((unsigned char)*text))
		text++;
	*ret = 0;
	if (!*text)
		return true;
	if (*text != '+' && *text != '-')
		return false;
	minus = *text++ == '-';
	while (isspace((unsigned char)*text))
		text++;
	if (*text == '-' || !read_number(text, ret))
		return false;
	*ret = minus ? -*ret : *ret;
	return true;
}

int fwc_priority_parse(const char *text, uint32_t family, uint32_t hook, int32_t *ret,
		       struct fwc_error *err)
{
	const char *start = text;
	int64_t number = 0;
	size_t len = 0;
	bool ok;

	while (isspace((unsigned char)*text))
		text++;
	while (isalpha((unsigned char)text[len]))
		len++;
	ok = !len && read_number(text, &number);
	for (size_t i = 0; len && !ok && i < FWC_ARRAY_SIZE(names); i++) {
		const struct named_priority *p = &names[i];

		if (strncmp(p->name, text, len) != 0 || p->name[len] || !is_known(p, family, hook))
			continue;
		ok = read_offset(text + len, &number) && number >= INT_MIN && number <= INT_MAX;
		number += p->value;
	}
	if (!ok || number < INT_MIN || number > INT_MAX)
		return fail(start, family, hook, err);
	*ret = (int32_t)number;
	return 0;
}

void fwc_priority_format(int32_t priority, uint32_t family, uint32_t hook, struct fwc_buf *out)
{
	for (size_t i = 0; i < FWC_ARRAY_SIZE(names); i++) {
		const struct named_priority *p = &names[i];
		int64_t offset = (int64_t)priority - p->value;

		if (offset < -REACH || offset > REACH || !is_known(p, family, hook))
			continue;
		fwc_buf_puts(out, p->name);
		if (offset)
			fwc_buf_printf(out, " %c %d", offset < 0 ? '-' : '+', abs((int)offset));
		return;
	}
	fwc_buf_printf(out, "%d", priority);
}
