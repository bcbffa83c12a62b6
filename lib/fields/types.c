/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Types of values: their constants as words and as bytes of a register. */
#include <arpa/inet.h>
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>

#include "fields/types.h"

enum { IFNAME_BYTES = 16, TEXT_MOST = 511 };

/* Ids and names are nft's: include/datatype.h there. They go into the kernel as NFTA_SET_KEY_TYPE, which tells
 * nft how to print a set. */
const struct fwc_type fwc_type_verdict = {
	"verdict", 1, 0, FWC_ORDER_HOST, FWC_FORM_VERDICT, fwc_symbols_verdict, 1,
};
const struct fwc_type fwc_type_nf_proto = {
	"nf_proto", 2, 1, FWC_ORDER_HOST, FWC_FORM_NUMBER, fwc_symbols_nf_proto, 5,
};
const struct fwc_type fwc_type_ipv4_addr = {
	"ipv4_addr", 7, 4, FWC_ORDER_NETWORK, FWC_FORM_IP4, NULL, 2,
};
const struct fwc_type fwc_type_ipv6_addr = {
	"ipv6_addr", 8, 16, FWC_ORDER_NETWORK, FWC_FORM_IP6, NULL, 1,
};
const struct fwc_type fwc_type_inet_proto = {
	"inet_proto", 12, 1, FWC_ORDER_NETWORK, FWC_FORM_NUMBER, fwc_symbols_inet_proto, 5,
};
const struct fwc_type fwc_type_inet_service = {
	"inet_service", 13, 2, FWC_ORDER_NETWORK, FWC_FORM_NUMBER, NULL, 5,
};
const struct fwc_type fwc_type_icmp_type = {
	"icmp_type", 14, 1, FWC_ORDER_NETWORK, FWC_FORM_NUMBER, fwc_symbols_icmp_type, 1,
};
const struct fwc_type fwc_type_tcp_flag = {
	"tcp_flag", 15, 1, FWC_ORDER_NETWORK, FWC_FORM_BITS, fwc_symbols_tcp_flag, 5,
};
const struct fwc_type fwc_type_mark = {
	"mark", 19, 4, FWC_ORDER_HOST, FWC_FORM_HEX, NULL, 5,
};
const struct fwc_type fwc_type_ct_state = {
	"ct_state", 26, 4, FWC_ORDER_HOST, FWC_FORM_BITS, fwc_symbols_ct_state, 2,
};
const struct fwc_type fwc_type_ct_status = {
	"ct_status", 28, 4, FWC_ORDER_HOST, FWC_FORM_BITS, fwc_symbols_ct_status, 2,
};
const struct fwc_type fwc_type_icmpv6_type = {
	"icmpv6_type", 29, 1, FWC_ORDER_NETWORK, FWC_FORM_NUMBER, fwc_symbols_icmpv6_type, 1,
};
const struct fwc_type fwc_type_fib_addrtype = {
	"fib_addrtype", 38, 4, FWC_ORDER_HOST, FWC_FORM_NUMBER, fwc_symbols_fib_addrtype, 1,
};
const struct fwc_type fwc_type_ifname = {
	"ifname", 41, IFNAME_BYTES, FWC_ORDER_HOST, FWC_FORM_IFNAME, NULL, 1,
};

static const struct fwc_type *const types[] = {
	&fwc_type_ipv4_addr,    &fwc_type_ipv6_addr, &fwc_type_inet_service, &fwc_type_inet_proto,
	&fwc_type_ifname,       &fwc_type_mark,      &fwc_type_ct_state,     &fwc_type_ct_status,
	&fwc_type_icmp_type,    &fwc_type_tcp_flag,  &fwc_type_icmpv6_type,  &fwc_type_nf_proto,
	&fwc_type_fib_addrtype, &fwc_type_verdict,
};

const struct fwc_type *fwc_type_by_name(const char *name, size_t len)
{
	for (size_t i = 0; i < FWC_ARRAY_SIZE(types); i++)
		if (strlen(types[i]->name) == len && !memcmp(types[i]->name, name, len))
			return types[i];
	return NULL;
}

const struct fwc_type *fwc_type_by_id(uint32_t id)
{
	for (size_t i = 0; i < FWC_ARRAY_SIZE(types); i++)
		if (types[i]->id == id)
			return types[i];
	return NULL;
}

/* ---- numbers ---- */

static bool is_number(const struct fwc_type *t)
{
	return t->form == FWC_FORM_NUMBER || t->form == FWC_FORM_HEX || t->form == FWC_FORM_BITS;
}

static uint64_t largest(const struct fwc_type *t)
{
	return UINT64_MAX >> (64 - 8 * t->len);
}

bool fwc_type_put_number(const struct fwc_type *t, uint64_t number, uint8_t *bytes)
{
	if (!is_number(t) || number > largest(t))
		return false;
	for (size_t i = 0; i < t->len; i++) {
		bool swap = t->order == FWC_ORDER_NETWORK || __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__;

		bytes[swap ? t->len - 1u - i : i] = (uint8_t)(number >> (8 * i));
	}
	return true;
}

bool fwc_type_get_number(const struct fwc_type *t, const uint8_t *bytes, uint64_t *ret)
{
	uint64_t number = 0;

	if (!t->len || t->len > sizeof(number))
		return false;
	for (size_t i = 0; i < t->len; i++) {
		bool swap = t->order == FWC_ORDER_NETWORK || __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__;

		number |= (uint64_t)bytes[swap ? t->len - 1u - i : i] << (8 * i);
	}
	*ret = number;
	return true;
}

/* Decimal, or hexadecimal after 0x. A leading 0 is refused: nft takes 010 for 8, people do not. */
static bool read_number(const char *text, size_t len, uint64_t *ret)
{
	unsigned int base = 10;
	uint64_t number = 0;

	if (len > 2 && text[0] == '0' && (text[1] == 'x' || text[1] == 'X')) {
		base = 16;
		text += 2;
		len -= 2;
	}
	if (!len || (base == 10 && len > 1 && text[0] == '0'))
		return false;
	for (size_t i = 0; i < len; i++) {
		unsigned char c = (unsigned char)text[i];
		unsigned int digit;

		if (!isxdigit(c) || (base == 10 && !isdigit(c)))
			return false;
		digit = (unsigned int)(isdigit(c) ? c - '0' : tolower(c) - 'a' + 10);
		if (number > (UINT64_MAX - digit) / base)
			return false;
		number = number * base + digit;
	}
	*ret = number;
	return true;
}

/* ---- messages ---- */

static void describe(const struct fwc_type *t, struct fwc_buf *out)
{
	static const char *const forms[] = {
		[FWC_FORM_IP4] = "an IPv4 address, or a prefix of 0 to 32 bits like 192.0.2.0/24",
		[FWC_FORM_IP6] = "an IPv6 address, or a prefix of 0 to 128 bits like 2001:db8::/32",
		[FWC_FORM_IFNAME] =
			"1 to 15 bytes without '/', ':' and white space, or the beginning of a name and '*'",
	};

	if (t->form < FWC_ARRAY_SIZE(forms) && forms[t->form]) {
		fwc_buf_puts(out, forms[t->form]);
		return;
	}
	for (const struct fwc_symbol *s = t->symbols; s && s->name; s++) {
		if (out->len > 110) {
			fwc_buf_puts(out, "...");
			break;
		}
		fwc_buf_printf(out, "%s%s", s->name, s[1].name ? ", " : "");
	}
	if (is_number(t))
		fwc_buf_printf(out, "%s0 to %llu", t->symbols ? " or " : "",
			       (unsigned long long)largest(t));
}

int fwc_type_fail(const struct fwc_type *t, const char *text, size_t len, struct fwc_error *err)
{
	char allowed[256];
	struct fwc_buf out = fwc_buf_over(allowed, sizeof(allowed));
	bool cut = len > 60;

	describe(t, &out);
	return fwc_fail(err, -EINVAL, FWC_OBJECT_ARGUMENT, "'%.*s%s' is no %s: %s",
			(int)(cut ? 60 : len), text, cut ? "..." : "", t->name, allowed);
}

int fwc_type_unknown(const char *text, size_t len, struct fwc_error *err)
{
	char names[256];
	struct fwc_buf out = fwc_buf_over(names, sizeof(names));

	for (size_t i = 0; i < FWC_ARRAY_SIZE(types); i++)
		fwc_buf_printf(&out, "%s%s", i ? ", " : "", types[i]->name);
	return fwc_fail(err, -EINVAL, FWC_OBJECT_ARGUMENT, "'%.*s' is no type: %s",
			(int)(len > 40 ? 40 : len), text, names);
}

/* ---- words to bytes ---- */

static bool find_symbol(const struct fwc_type *t, const char *text, size_t len, uint64_t *ret)
{
	for (const struct fwc_symbol *s = t->symbols; s && s->name; s++)
		if (!strncmp(s->name, text, len) && !s->name[len]) {
			*ret = s->value;
			return true;
		}
	return false;
}

static bool read_word(const struct fwc_type *t, const char *text, size_t len, uint64_t *ret)
{
	return len && (find_symbol(t, text, len, ret) || read_number(text, len, ret));
}

/* `established,related`, `syn | ack`, `0x80,new`: what is listed is or-ed. */
static bool read_bits(const struct fwc_type *t, const char *text, size_t len, uint64_t *ret)
{
	const char *end = text + len;
	uint64_t all = 0, one;

	for (;;) {
		const char *stop = text, *word_end;

		while (stop < end && *stop != ',' && *stop != '|')
			stop++;
		word_end = stop;
		while (text < word_end && isspace((unsigned char)*text))
			text++;
		while (word_end > text && isspace((unsigned char)word_end[-1]))
			word_end--;
		if (!read_word(t, text, (size_t)(word_end - text), &one))
			return false;
		all |= one;
		if (stop == end)
			break;
		text = stop + 1;
	}
	*ret = all;
	return true;
}

/* The digits after the '/' of a prefix. */
static bool read_prefix_len(const char *text, uint32_t most, uint32_t *ret)
{
	uint64_t bits;

	if (!read_number(text, strlen(text), &bits) || bits > most ||
	    !isdigit((unsigned char)text[strlen(text) - 1]) || text[1] == 'x' || text[1] == 'X')
		return false;
	*ret = (uint32_t)bits;
	return true;
}

static bool parse_address(const struct fwc_type *t, char *text, uint8_t *bytes, uint32_t *ret_bits)
{
	uint32_t bits = 8u * t->len;
	char *slash = strchr(text, '/');

	if (slash) {
		*slash = '\0';
		if (!read_prefix_len(slash + 1, bits, &bits))
			return false;
	}
	if (inet_pton(t->form == FWC_FORM_IP4 ? AF_INET : AF_INET6, text, bytes) != 1)
		return false;
	/* nft too takes 10.0.0.1/8 for 10.0.0.0/8. */
	fwc_mask_bits(bytes, t->len, bits);
	*ret_bits = bits;
	return true;
}

/* A star at the end makes it a prefix, unless a backslash says that the name has one. */
static int parse_ifname(char *text, uint8_t *bytes, uint32_t *ret_bits, struct fwc_error *err)
{
	size_t len = strlen(text);
	bool star = len && text[len - 1] == '*';
	bool literal = star && len > 1 && text[len - 2] == '\\';
	int r;

	if (len == 1 && star)
		return fwc_fail(err, -EINVAL, FWC_OBJECT_ARGUMENT,
				"'*' is every interface: leave the match out");
	if (literal) {
		text[len - 2] = '*';
		text[--len] = '\0';
	} else if (star) {
		text[--len] = '\0';
		if (len > IFNAME_BYTES - 2)
			return fwc_fail(err, -EINVAL, FWC_OBJECT_ARGUMENT,
					"'%s*' is too long: 14 bytes at most may stand before '*'",
					text);
	}
	r = fwc_check_ifname(text, err);
	if (r < 0)
		return r;
	memset(bytes, 0, IFNAME_BYTES);
	memcpy(bytes, text, len);
	*ret_bits = 8 * (star && !literal ? (uint32_t)len : IFNAME_BYTES);
	return 0;
}

static int parse_number(const struct fwc_type *t, const char *text, size_t len, uint8_t *bytes,
			uint32_t *ret_bits, struct fwc_error *err)
{
	uint64_t number;
	bool ok = t->form == FWC_FORM_BITS ? read_bits(t, text, len, &number)
					   : read_word(t, text, len, &number);

	if (!ok || !fwc_type_put_number(t, number, bytes))
		return fwc_type_fail(t, text, len, err);
	*ret_bits = 8u * t->len;
	return 0;
}

int fwc_type_parse(const struct fwc_type *t, const char *text, size_t len, uint8_t *bytes,
		   uint32_t *ret_bits, struct fwc_error *err)
{
	char copy[TEXT_MOST + 1];
	uint8_t parsed[IFNAME_BYTES];
	uint32_t bits = 0;
	int r = 0;

	if (len > TEXT_MOST || memchr(text, '\0', len))
		return fwc_type_fail(t, text, len, err);
	memcpy(copy, text, len);
	copy[len] = '\0';
	if (is_number(t))
		r = parse_number(t, copy, len, parsed, &bits, err);
	else if (t->form == FWC_FORM_IFNAME)
		r = parse_ifname(copy, parsed, &bits, err);
	else if (t->form == FWC_FORM_VERDICT || !parse_address(t, copy, parsed, &bits))
		r = fwc_type_fail(t, text, len, err);
	if (r < 0)
		return r;
	memcpy(bytes, parsed, t->len);
	*ret_bits = bits;
	return 0;
}

/* ---- bytes to words ---- */

static const char *symbol_name(const struct fwc_type *t, uint64_t value)
{
	for (const struct fwc_symbol *s = t->symbols; s && s->name; s++)
		if (s->value == value)
			return s->name;
	return NULL;
}

static void format_word(const struct fwc_type *t, uint64_t value, struct fwc_buf *out)
{
	const char *name = symbol_name(t, value);

	if (name)
		fwc_buf_puts(out, name);
	else if (t->form == FWC_FORM_NUMBER)
		fwc_buf_printf(out, "%llu", (unsigned long long)value);
	else if (t->form == FWC_FORM_HEX)
		fwc_buf_printf(out, "0x%0*llx", 2 * t->len, (unsigned long long)value);
	else
		fwc_buf_printf(out, "0x%llx", (unsigned long long)value);
}

static void format_bits(const struct fwc_type *t, uint64_t value, const char *separator,
			struct fwc_buf *out)
{
	if (!value || !separator) {
		format_word(t, value, out);
		return;
	}
	for (uint64_t bit = 1; bit && bit <= value; bit <<= 1)
		if (value & bit) {
			format_word(t, bit, out);
			if (value > (value & (bit | (bit - 1))))
				fwc_buf_puts(out, separator);
		}
}

static void format_address(const struct fwc_type *t, const uint8_t *bytes, uint32_t bits,
			   struct fwc_buf *out)
{
	char text[INET6_ADDRSTRLEN];

	inet_ntop(t->form == FWC_FORM_IP4 ? AF_INET : AF_INET6, bytes, text, sizeof(text));
	fwc_buf_puts(out, text);
	if (bits < 8u * t->len)
		fwc_buf_printf(out, "/%u", bits);
}

static void format_ifname(const uint8_t *bytes, uint32_t bits, struct fwc_buf *out)
{
	size_t room = bits < 8u * IFNAME_BYTES ? bits / 8 : IFNAME_BYTES;
	size_t len = strnlen((const char *)bytes, room);
	bool prefix = bits < 8u * IFNAME_BYTES;
	bool star = !prefix && len && bytes[len - 1] == '*';

	fwc_buf_puts(out, "\"");
	fwc_buf_add(out, (const char *)bytes, star ? len - 1 : len);
	fwc_buf_puts(out, star ? "\\*" : prefix ? "*" : "");
	fwc_buf_puts(out, "\"");
}

void fwc_type_format(const struct fwc_type *t, const uint8_t *bytes, uint32_t bits,
		     const char *separator, struct fwc_buf *out)
{
	uint64_t number;

	if (t->form == FWC_FORM_IP4 || t->form == FWC_FORM_IP6)
		format_address(t, bytes, bits, out);
	else if (t->form == FWC_FORM_IFNAME)
		format_ifname(bytes, bits, out);
	else if (fwc_type_get_number(t, bytes, &number))
		format_bits(t, number, t->form == FWC_FORM_BITS ? separator : NULL, out);
}
