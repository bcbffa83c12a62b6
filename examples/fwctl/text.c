/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Words in, words out. */
#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "fwctl.h"

static const struct {
	const char *word;
	uint32_t family;
} families[] = {
	{ "ip", FWC_FAMILY_IP },   { "ip6", FWC_FAMILY_IP6 },       { "inet", FWC_FAMILY_INET },
	{ "arp", FWC_FAMILY_ARP }, { "bridge", FWC_FAMILY_BRIDGE }, { "netdev", FWC_FAMILY_NETDEV },
};

int parse_family(const char *text, uint32_t *ret)
{
	for (size_t i = 0; i < sizeof(families) / sizeof(families[0]); i++) {
		if (!strcmp(families[i].word, text)) {
			*ret = families[i].family;
			return 0;
		}
	}
	return -1;
}

const char *family_word(uint32_t family)
{
	for (size_t i = 0; i < sizeof(families) / sizeof(families[0]); i++)
		if (families[i].family == family)
			return families[i].word;
	return "unknown";
}

const char *object_word(uint32_t object)
{
	switch (object) {
	case FWC_OBJECT_TABLE:
		return "table";
	case FWC_OBJECT_CHAIN:
		return "chain";
	case FWC_OBJECT_RULE:
		return "rule";
	case FWC_OBJECT_SET:
		return "set";
	case FWC_OBJECT_ELEMENT:
		return "element";
	default:
		return "object";
	}
}

int parse_number(const char *text, unsigned long max, unsigned long *ret)
{
	unsigned long number;
	char *end;

	errno = 0;
	number = strtoul(text, &end, 10);
	/* strtoul() takes signs and spaces, and makes a large number of -1. */
	if (!isdigit((unsigned char)text[0]) || *end || errno || number > max)
		return -1;
	*ret = number;
	return 0;
}

void print_text(const char *text)
{
	for (; *text; text++)
		putchar((unsigned char)*text < 0x20 || *text == 0x7f ? '?' : *text);
}

const char *address_text(const struct fwc_ip *ip)
{
	static char buf[64];

	if (fwc_ip_format(ip, buf, sizeof(buf), NULL) < 0)
		buf[0] = '\0';
	return buf;
}
