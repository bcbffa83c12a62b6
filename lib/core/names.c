/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Names, addresses and prefixes as people write them. */
#include <arpa/inet.h>
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>

#include "core/buf.h"
#include "core/core.h"

static const struct {
	const char *name;
	uint32_t family;
} families[] = {
	{ "inet", FWC_FAMILY_INET },     { "ip", FWC_FAMILY_IP },
	{ "ip6", FWC_FAMILY_IP6 },       { "arp", FWC_FAMILY_ARP },
	{ "bridge", FWC_FAMILY_BRIDGE }, { "netdev", FWC_FAMILY_NETDEV },
};

const char *fwc_family_name(uint32_t family)
{
	for (size_t i = 0; i < FWC_ARRAY_SIZE(families); i++)
		if (families[i].family == family)
			return families[i].name;
	return NULL;
}

bool fwc_family_is_mixed(uint32_t family)
{
	return family == FWC_FAMILY_INET || family == FWC_FAMILY_BRIDGE ||
	       family == FWC_FAMILY_NETDEV;
}

uint32_t fwc_family_find(const char *name, size_t len)
{
	for (size_t i = 0; i < FWC_ARRAY_SIZE(families); i++)
		if (strlen(families[i].name) == len && !memcmp(families[i].name, name, len))
			return families[i].family;
	return 0;
}

int fwc_check_name(const char *what, const char *name, struct fwc_error *err)
{
	size_t len;

	if (!name || !*name)
		return fwc_fail(err, -EINVAL, FWC_OBJECT_ARGUMENT,
				"a %s needs a name of 1 to 127 bytes", what);
	len = strnlen(name, 128);
	if (len > 127)
		return fwc_fail(err, -EINVAL, FWC_OBJECT_ARGUMENT,
				"'%.40s...' is too long: the name of a %s has 1 to 127 bytes", name,
				what);
	/* What nft reads back unquoted: a letter or underscore first, then letters, digits and / _ . - */
	for (size_t i = 0; i < len; i++) {
		unsigned char c = (unsigned char)name[i];

		if (isalpha(c) || c == '_' || (i && (isdigit(c) || strchr("/.-", c))))
			continue;
		return fwc_fail(
			err, -EINVAL, FWC_OBJECT_ARGUMENT,
			"'%s' is no name for a %s: it begins with a letter or '_', then come letters, digits and / _ . -",
			name, what);
	}
	return 0;
}

int fwc_check_ifname(const char *name, struct fwc_error *err)
{
	size_t len;

	if (!name || !*name)
		return fwc_fail(err, -EINVAL, FWC_OBJECT_ARGUMENT,
				"an interface needs a name of 1 to 15 bytes");
	len = strnlen(name, 1024);
	if (len > 15)
		return fwc_fail(err, -EINVAL, FWC_OBJECT_ARGUMENT,
				"'%.40s' has %zu bytes: an interface's name has 1 to 15", name,
				len);
	if (!strcmp(name, ".") || !strcmp(name, ".."))
		return fwc_fail(err, -EINVAL, FWC_OBJECT_ARGUMENT,
				"'%s' is no name for an interface", name);
	for (size_t i = 0; i < len; i++) {
		unsigned char c = (unsigned char)name[i];

		if (c == '/' || c == ':' || isspace(c))
			return fwc_fail(
				err, -EINVAL, FWC_OBJECT_ARGUMENT,
				"'%s' is no name for an interface: '/', ':' and white space are not allowed",
				name);
		/* The kernel would take them. In a listed rule a quote ends the name: what follows would be read as words. */
		if (c == '"' || c < 0x20 || c == 0x7f)
			return fwc_fail(
				err, -EINVAL, FWC_OBJECT_ARGUMENT,
				"'%s' cannot be written in a rule: an interface's name has no quotes and control characters there",
				name);
	}
	return 0;
}

/* Bytes of the UTF-8 character at s, 0 when it is none. */
static size_t utf8_length(const unsigned char *s)
{
	size_t len = s[0] < 0x80                   ? 1
		     : s[0] >= 0xc2 && s[0] < 0xe0 ? 2
		     : (s[0] & 0xf0) == 0xe0       ? 3
		     : s[0] >= 0xf0 && s[0] < 0xf5 ? 4
						   : 0;

	for (size_t i = 1; i < len; i++)
		if ((s[i] & 0xc0) != 0x80)
			return 0;
	return len;
}

int fwc_check_label(const char *what, const char *text, size_t max, struct fwc_error *err)
{
	size_t len = strnlen(text, max + 1);

	if (len > max)
		return fwc_fail(err, -EINVAL, FWC_OBJECT_ARGUMENT,
				"the %s '%.40s...' has more than %zu bytes", what, text, max);
	for (size_t i = 0, step; i < len; i += step) {
		unsigned char c = (unsigned char)text[i];

		step = utf8_length((const unsigned char *)text + i);
		if (!step || c < 0x20 || c == 0x7f || c == '"')
			return fwc_fail(
				err, -EINVAL, FWC_OBJECT_ARGUMENT,
				"the %s '%s' is not UTF-8 without control characters and double quotes",
				what, text);
	}
	return 0;
}

int fwc_ip_parse(const char *text, struct fwc_ip *ret, struct fwc_error *err)
{
	struct fwc_ip ip = { 0 };

	fwc_error_clear(err);
	if (!text || !ret)
		return fwc_fail(err, -EINVAL, FWC_OBJECT_ARGUMENT,
				"an address and a place for it are needed");
	if (inet_pton(AF_INET, text, ip.bytes) == 1)
		ip.family = FWC_FAMILY_IP;
	else if (inet_pton(AF_INET6, text, ip.bytes) == 1)
		ip.family = FWC_FAMILY_IP6;
	else
		return fwc_fail(err, -EINVAL, FWC_OBJECT_ARGUMENT,
				"'%.80s' is not an IPv4 or IPv6 address", text);
	*ret = ip;
	return 0;
}

unsigned int fwc_ip_bits(const struct fwc_ip *ip)
{
	return ip->family == FWC_FAMILY_IP ? 32 : ip->family == FWC_FAMILY_IP6 ? 128 : 0;
}

int fwc_ip_parse_prefix(const char *text, size_t len, struct fwc_ip *ret, uint32_t *ret_prefix_len,
			struct fwc_error *err)
{
	char copy[64];
	char *slash, *end;
	struct fwc_ip ip;
	unsigned long bits;
	int r;

	if (len >= sizeof(copy) || memchr(text, '\0', len))
		return fwc_fail(err, -EINVAL, FWC_OBJECT_ARGUMENT, "'%.*s' is not an IP prefix",
				(int)(len > 80 ? 80 : len), text);
	memcpy(copy, text, len);
	copy[len] = '\0';
	slash = strchr(copy, '/');
	if (slash)
		*slash = '\0';
	r = fwc_ip_parse(copy, &ip, err);
	if (r < 0)
		return fwc_fail(err, -EINVAL, FWC_OBJECT_ARGUMENT,
				"'%.*s' is not an IPv4 or IPv6 %s", (int)len, text,
				slash ? "prefix" : "address");
	bits = fwc_ip_bits(&ip);
	if (slash) {
		bits = isdigit((unsigned char)slash[1]) ? strtoul(slash + 1, &end, 10) : 999;
		if (bits > fwc_ip_bits(&ip) || *end)
			return fwc_fail(
				err, -EINVAL, FWC_OBJECT_ARGUMENT,
				"'%.*s' is not an %s prefix: its length is 0 to %u", (int)len, text,
				ip.family == FWC_FAMILY_IP ? "IPv4" : "IPv6", fwc_ip_bits(&ip));
	}
	*ret = ip;
	*ret_prefix_len = (uint32_t)bits;
	return 0;
}

int fwc_ip_format(const struct fwc_ip *ip, char *buf, size_t size, size_t *ret_needed)
{
	char text[INET6_ADDRSTRLEN];
	struct fwc_buf b;

	if (!ip || (size && !buf) || !fwc_ip_bits(ip))
		return -EINVAL;
	b = fwc_buf_over(buf, size);
	inet_ntop(ip->family == FWC_FAMILY_IP ? AF_INET : AF_INET6, ip->bytes, text, sizeof(text));
	fwc_buf_puts(&b, text);
	return fwc_buf_finish(&b, ret_needed);
}

void fwc_mask_bits(uint8_t *bytes, size_t len, unsigned int prefix_bits)
{
	for (size_t i = 0; i < len; i++) {
		size_t before = i * 8;

		if (prefix_bits <= before)
			bytes[i] = 0;
		else if (prefix_bits - before < 8)
			bytes[i] &= (uint8_t)(0xff << (8 - (prefix_bits - before)));
	}
}

int fwc_mask_to_prefix(const uint8_t *mask, size_t len)
{
	size_t bits = 0;

	while (bits < len * 8 && mask[bits / 8] & (0x80 >> (bits % 8)))
		bits++;
	for (size_t i = bits; i < len * 8; i++)
		if (mask[i / 8] & (0x80 >> (i % 8)))
			return -1;
	return (int)bits;
}

void fwc_text_free(char *text)
{
	free(text);
}

const char *fwc_version(void)
{
	return FWC_VERSION;
}
