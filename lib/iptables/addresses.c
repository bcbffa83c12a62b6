/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Values of options: addresses, interfaces. */
#include <arpa/inet.h>
#include <stdio.h>

#include "iptables/forms.h"

size_t fwc_xt_address_len(uint32_t family)
{
	return family == FWC_FAMILY_IP6 ? 16 : 4;
}

static int af_of(uint32_t family)
{
	return family == FWC_FAMILY_IP6 ? AF_INET6 : AF_INET;
}

bool fwc_xt_scan_address(uint32_t family, const char *text, uint8_t *ret)
{
	return inet_pton(af_of(family), text, ret) == 1;
}

void fwc_xt_format_address(uint32_t family, const uint8_t *bytes, struct fwc_buf *out)
{
	char text[INET6_ADDRSTRLEN];

	inet_ntop(af_of(family), bytes, text, sizeof(text));
	fwc_buf_puts(out, text);
}

static bool scan_mask(uint32_t family, const char *text, uint8_t *ret)
{
	size_t len = fwc_xt_address_len(family);
	uint64_t bits;

	if (!fwc_xt_scan_all(text, 0, 8 * len, &bits))
		return fwc_xt_scan_address(family, text, ret);
	memset(ret, 0xff, len);
	fwc_mask_bits(ret, len, (unsigned int)bits);
	return true;
}

bool fwc_xt_scan_prefix(uint32_t family, const char *text, uint8_t *ret_address, uint8_t *ret_mask)
{
	uint8_t address[16] = { 0 }, mask[16] = { 0 };
	size_t len = fwc_xt_address_len(family);
	const char *slash = strchr(text, '/');
	char head[INET6_ADDRSTRLEN];
	size_t head_len = slash ? (size_t)(slash - text) : strlen(text);

	if (head_len >= sizeof(head))
		return false;
	memcpy(head, text, head_len);
	head[head_len] = '\0';
	memset(mask, 0xff, len);
	if (!fwc_xt_scan_address(family, head, address) ||
	    (slash && !scan_mask(family, slash + 1, mask)))
		return false;
	memset(ret_address, 0, 16);
	memset(ret_mask, 0, 16);
	memcpy(ret_address, address, len);
	memcpy(ret_mask, mask, len);
	return true;
}

void fwc_xt_format_mask(uint32_t family, const uint8_t *mask, struct fwc_buf *out)
{
	int bits = fwc_mask_to_prefix(mask, fwc_xt_address_len(family));

	fwc_buf_puts(out, "/");
	if (bits < 0)
		fwc_xt_format_address(family, mask, out);
	else
		fwc_buf_printf(out, "%d", bits);
}

/* ---- address and mask ---- */

/* As iptables-nft writes it: all of the mask's 16 bytes are set where none is given. */
static int parse_address(const struct fwc_xt_place *p, const char *const *words)
{
	uint8_t *at = p->info + p->option->at;

	if (!fwc_xt_scan_prefix(p->family, words[0], at, at + 16))
		return fwc_xt_bad_value(p, words[0],
					"an address of the family, or one with /PREFIX or /MASK");
	if (!strchr(words[0], '/'))
		memset(at + 16, 0xff, 16);
	return 0;
}

static void format_address(const struct fwc_xt_place *p, struct fwc_buf *out)
{
	const uint8_t *at = p->info + p->option->at;
	size_t len = fwc_xt_address_len(p->family);

	fwc_xt_format_address(p->family, at, out);
	if (fwc_mask_to_prefix(at + 16, len) != (int)(8 * len))
		fwc_xt_format_mask(p->family, at + 16, out);
}

const struct fwc_xt_form fwc_xt_address = { 1, parse_address, format_address };

/* ---- an address, or a mask, alone ---- */

static int parse_plain_address(const struct fwc_xt_place *p, const char *const *words)
{
	uint8_t address[16] = { 0 };

	if (!fwc_xt_scan_address(p->family, words[0], address))
		return fwc_xt_bad_value(p, words[0], "an address of the family");
	memcpy(p->info + p->option->at, address, sizeof(address));
	return 0;
}

static void format_plain_address(const struct fwc_xt_place *p, struct fwc_buf *out)
{
	fwc_xt_format_address(p->family, p->info + p->option->at, out);
}

const struct fwc_xt_form fwc_xt_plain_address = { 1, parse_plain_address, format_plain_address };

static int parse_prefix_len(const struct fwc_xt_place *p, const char *const *words)
{
	size_t len = fwc_xt_address_len(p->family);
	uint8_t mask[16] = { 0 };

	if (!scan_mask(p->family, words[0], mask) || fwc_mask_to_prefix(mask, len) < 0)
		return fwc_xt_bad_value(p, words[0], "a number of bits from 0 to %zu, or a mask",
					8 * len);
	memcpy(p->info + p->option->at, mask, sizeof(mask));
	return 0;
}

/* What is no prefix is written as it is: iptables would read it as another mask, so it is not read here. */
static void format_prefix_len(const struct fwc_xt_place *p, struct fwc_buf *out)
{
	const uint8_t *mask = p->info + p->option->at;
	int bits = fwc_mask_to_prefix(mask, fwc_xt_address_len(p->family));

	if (bits < 0)
		fwc_xt_format_address(p->family, mask, out);
	else
		fwc_buf_printf(out, "%d", bits);
}

const struct fwc_xt_form fwc_xt_prefix_len = { 1, parse_prefix_len, format_prefix_len };

/* ---- the ends of a range ---- */

static int parse_address_range(const struct fwc_xt_place *p, const char *const *words)
{
	uint8_t first[16] = { 0 }, last[16] = { 0 };
	const char *dash = strchr(words[0], '-');
	char head[INET6_ADDRSTRLEN];
	size_t len = dash ? (size_t)(dash - words[0]) : strlen(words[0]);
	bool good = len < sizeof(head);

	if (good) {
		memcpy(head, words[0], len);
		head[len] = '\0';
		good = fwc_xt_scan_address(p->family, head, first) &&
		       fwc_xt_scan_address(p->family, dash ? dash + 1 : head, last);
	}
	if (!good)
		return fwc_xt_bad_value(p, words[0], "ADDRESS or ADDRESS-ADDRESS");
	memcpy(p->info + p->option->at, first, sizeof(first));
	memcpy(p->info + p->option->at + sizeof(first), last, sizeof(last));
	return 0;
}

static void format_address_range(const struct fwc_xt_place *p, struct fwc_buf *out)
{
	fwc_xt_format_address(p->family, p->info + p->option->at, out);
	fwc_buf_puts(out, "-");
	fwc_xt_format_address(p->family, p->info + p->option->at + 16, out);
}

const struct fwc_xt_form fwc_xt_address_range = { 1, parse_address_range, format_address_range };

/* ---- hardware addresses and interfaces ---- */

bool fwc_xt_scan_mac(const char *text, char end, uint8_t *ret)
{
	uint8_t mac[6];

	for (size_t i = 0; i < sizeof(mac); i++) {
		unsigned int n;
		int len = 0;

		if (sscanf(text, "%2x%n", &n, &len) != 1 || !len ||
		    text[len] != (i + 1 < sizeof(mac) ? ':' : end))
			return false;
		mac[i] = (uint8_t)n;
		text += len + 1;
	}
	memcpy(ret, mac, sizeof(mac));
	return true;
}

static int parse_mac(const struct fwc_xt_place *p, const char *const *words)
{
	return fwc_xt_scan_mac(words[0], '\0', p->info + p->option->at)
		       ? 0
		       : fwc_xt_bad_value(p, words[0], "six bytes, 00:11:22:33:44:55");
}

static void format_mac(const struct fwc_xt_place *p, struct fwc_buf *out)
{
	for (size_t i = 0; i < 6; i++)
		fwc_buf_printf(out, "%s%02x", i ? ":" : "", p->info[p->option->at + i]);
}

const struct fwc_xt_form fwc_xt_mac = { 1, parse_mac, format_mac };

enum { IFNAME_LEN = 16 };

static int parse_ifname(const struct fwc_xt_place *p, const char *const *words)
{
	uint8_t *name = p->info + p->option->at, *mask = name + IFNAME_LEN;
	size_t len = strlen(words[0]);

	if (!len || len >= IFNAME_LEN || strpbrk(words[0], " /"))
		return fwc_xt_bad_value(p, words[0], "an interface's name of 1 to 15 bytes");
	memset(name, 0, IFNAME_LEN);
	memcpy(name, words[0], len);
	memset(mask, 0, IFNAME_LEN);
	/* With its NUL, or without the `+`. */
	memset(mask, 0xff, words[0][len - 1] == '+' ? len - 1 : len + 1);
	return 0;
}

static void format_ifname(const struct fwc_xt_place *p, struct fwc_buf *out)
{
	const char *name = (const char *)p->info + p->option->at;

	fwc_buf_add(out, name, strnlen(name, IFNAME_LEN));
}

const struct fwc_xt_form fwc_xt_ifname = { 1, parse_ifname, format_ifname };
