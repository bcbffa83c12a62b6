/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Arithmetic of subnets: what is in one, what overlaps, which address is free. */
#include <stdio.h>
#include <stdlib.h>

#include "network/network.h"

bool fwc_ip_equal(const struct fwc_ip *a, const struct fwc_ip *b)
{
	return a->family == b->family && !memcmp(a->bytes, b->bytes, fwc_ip_bits(a) / 8);
}

struct fwc_ip_text fwc_ip_text(const struct fwc_ip *ip)
{
	struct fwc_ip_text text = { "" };

	(void)fwc_ip_format(ip, text.s, sizeof(text.s), NULL);
	return text;
}

static bool same_bits(const uint8_t *a, const uint8_t *b, uint32_t bits)
{
	uint8_t mask = (uint8_t)(0xff00 >> (bits % 8));

	return !memcmp(a, b, bits / 8) && (bits % 8 == 0 || !((a[bits / 8] ^ b[bits / 8]) & mask));
}

bool fwc_prefix_overlaps(const struct fwc_ip *a, uint32_t a_len, const struct fwc_ip *b,
			 uint32_t b_len)
{
	return a->family == b->family &&
	       same_bits(a->bytes, b->bytes, a_len < b_len ? a_len : b_len);
}

/* Numbers of the hosts of a subnet: from 1 to this. Of a wide IPv6 subnet 2^62 are enough. */
static uint64_t last_host(const struct fwc_subnet *s)
{
	unsigned int bits = fwc_ip_bits(&s->base) - s->prefix_len;
	uint64_t count = (uint64_t)1 << (bits > 62 ? 62 : bits);

	return s->base.family == FWC_FAMILY_IP ? count - 2 : count - 1;
}

/* The host's number within the subnet: 0 is the first address; UINT64_MAX for those that have more than 64 bits. */
static uint64_t host_number(const struct fwc_subnet *s, const struct fwc_ip *ip)
{
	size_t len = fwc_ip_bits(ip) / 8;
	uint64_t number = 0;
	bool high = false;

	for (size_t i = 0; i < len; i++) {
		uint8_t host = ip->bytes[i] ^ s->base.bytes[i];

		if (i + 8 < len)
			high = high || host;
		else
			number = number << 8 | host;
	}
	return high ? UINT64_MAX : number;
}

static struct fwc_ip host_at(const struct fwc_subnet *s, uint64_t number)
{
	struct fwc_ip ip = s->base;

	for (size_t i = fwc_ip_bits(&ip) / 8; i-- > 0 && number; number >>= 8)
		ip.bytes[i] |= (uint8_t)number;
	return ip;
}

static bool holds(const struct fwc_subnet *s, const struct fwc_ip *ip)
{
	return fwc_prefix_overlaps(&s->base, s->prefix_len, ip, fwc_ip_bits(ip));
}

int fwc_subnet_check(const struct fwc_subnet *s, const struct fwc_ip *ip, struct fwc_error *err)
{
	uint64_t number;

	if (!holds(s, ip))
		return fwc_fail(err, -EINVAL, FWC_OBJECT_ADDRESS, "%s is not in %s/%u",
				fwc_ip_text(ip).s, fwc_ip_text(&s->base).s, s->prefix_len);
	number = host_number(s, ip);
	if (!number || (ip->family == FWC_FAMILY_IP && number > last_host(s)))
		return fwc_fail(err, -EINVAL, FWC_OBJECT_ADDRESS,
				"%s is no address for a host in %s/%u", fwc_ip_text(ip).s,
				fwc_ip_text(&s->base).s, s->prefix_len);
	if (fwc_ip_equal(ip, &s->gateway))
		return fwc_fail(err, -EADDRINUSE, FWC_OBJECT_ADDRESS, "%s is the gateway",
				fwc_ip_text(ip).s);
	return 0;
}

bool fwc_subnet_twin(const struct fwc_subnet *s, const struct fwc_ip *ip,
		     const struct fwc_subnet *other, struct fwc_ip *ret)
{
	uint64_t number = host_number(s, ip);
	struct fwc_ip twin;

	if (number > last_host(other))
		return false;
	twin = host_at(other, number);
	if (fwc_subnet_check(other, &twin, NULL) < 0)
		return false;
	*ret = twin;
	return true;
}

/* Networks that mean something else to every host. */
static const struct {
	const char *prefix, *what;
} special[] = {
	{ "0.0.0.0/8", "addresses of this host" },
	{ "127.0.0.0/8", "loopback addresses" },
	{ "169.254.0.0/16", "link-local addresses" },
	{ "224.0.0.0/3", "multicast and reserved addresses" },
	{ "::/8", "reserved addresses" },
	{ "fe80::/10", "link-local addresses" },
	{ "ff00::/8", "multicast addresses" },
};

static int check_special(const struct fwc_subnet *s, const char *text, struct fwc_error *err)
{
	struct fwc_ip ip;
	uint32_t len;

	for (size_t i = 0; i < FWC_ARRAY_SIZE(special); i++) {
		(void)fwc_ip_parse_prefix(special[i].prefix, strlen(special[i].prefix), &ip, &len,
					  NULL);
		if (fwc_prefix_overlaps(&s->base, s->prefix_len, &ip, len))
			return fwc_fail(err, -EINVAL, FWC_OBJECT_NETWORK,
					"the subnet '%s' has %s in it (%s)", text, special[i].what,
					special[i].prefix);
	}
	return 0;
}

static int parse_gateway(struct fwc_subnet *s, const char *text, struct fwc_error *err)
{
	struct fwc_ip ip;
	int r;

	if (!text) {
		s->gateway = host_at(s, 1);
		return 0;
	}
	r = fwc_ip_parse(text, &ip, err);
	if (r == 0)
		r = fwc_subnet_check(s, &ip, err);
	if (r < 0) {
		fwc_error_prepend(err, "gateway");
		return r;
	}
	s->gateway = ip;
	return 0;
}

int fwc_subnet_parse(uint32_t family, const char *text, const char *gateway, struct fwc_subnet *ret,
		     struct fwc_error *err)
{
	struct fwc_subnet s = { 0 };
	const char *version = family == FWC_FAMILY_IP ? "IPv4" : "IPv6";
	unsigned int bits;
	int r;

	r = fwc_ip_parse_prefix(text, strlen(text), &s.base, &s.prefix_len, err);
	if (r < 0)
		return r;
	bits = fwc_ip_bits(&s.base);
	if (s.base.family != family || !strchr(text, '/'))
		return fwc_fail(err, -EINVAL, FWC_OBJECT_NETWORK,
				"'%.60s' is no %s subnet: it is written like %s", text, version,
				family == FWC_FAMILY_IP ? "172.30.0.0/24" : "fd30::/64");
	if (s.prefix_len < 8 || s.prefix_len > bits - 2)
		return fwc_fail(err, -EINVAL, FWC_OBJECT_NETWORK,
				"'%.60s' is no %s subnet for a network: its length is 8 to %u",
				text, version, bits - 2);
	fwc_mask_bits(s.base.bytes, bits / 8, s.prefix_len);
	r = fwc_ip_parse_prefix(text, strlen(text), &s.gateway, &s.prefix_len, err);
	if (r == 0 && !fwc_ip_equal(&s.base, &s.gateway))
		return fwc_fail(err, -EINVAL, FWC_OBJECT_NETWORK,
				"'%.60s' has bits beyond its length: %s/%u is meant", text,
				fwc_ip_text(&s.base).s, s.prefix_len);
	memset(&s.gateway, 0, sizeof(s.gateway));
	r = check_special(&s, text, err);
	if (r == 0)
		r = parse_gateway(&s, gateway, err);
	if (r == 0)
		*ret = s;
	return r;
}

static int compare_numbers(const void *a, const void *b)
{
	uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;

	return x < y ? -1 : x > y;
}

/* Fills `numbers` with the different numbers of the taken hosts, sorted; returns how many. */
static size_t taken_numbers(const struct fwc_subnet *s, const struct fwc_ip *taken, size_t count,
			    uint64_t *numbers)
{
	size_t n = 0, unique = 0;

	numbers[n++] = host_number(s, &s->gateway);
	for (size_t i = 0; i < count; i++)
		if (holds(s, &taken[i]))
			numbers[n++] = host_number(s, &taken[i]);
	qsort(numbers, n, sizeof(*numbers), compare_numbers);
	for (size_t i = 0; i < n; i++)
		if (numbers[i] && numbers[i] <= last_host(s) &&
		    (!unique || numbers[i] != numbers[unique - 1]))
			numbers[unique++] = numbers[i];
	return unique;
}

int fwc_subnet_pick(const struct fwc_subnet *s, const struct fwc_ip *taken, size_t count,
		    uint64_t skip, struct fwc_ip *ret, struct fwc_error *err)
{
	fwc_cleanup(fwc_freep) uint64_t *numbers = calloc(count + 1, sizeof(*numbers));
	uint64_t before = 0, free_count;
	size_t n;

	if (!numbers)
		return fwc_fail_memory(err);
	n = taken_numbers(s, taken, count, numbers);
	free_count = last_host(s) - n;
	if (!free_count)
		return fwc_fail(err, -EADDRNOTAVAIL, FWC_OBJECT_NETWORK,
				"%s/%u has no free address: all %zu are taken",
				fwc_ip_text(&s->base).s, s->prefix_len, n);
	skip %= free_count;
	for (size_t i = 0; i < n && numbers[i] - before - 1 <= skip; i++) {
		skip -= numbers[i] - before - 1;
		before = numbers[i];
	}
	*ret = host_at(s, before + 1 + skip);
	return 0;
}
