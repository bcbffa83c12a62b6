/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Constants in words, as bytes of a register. */
#include <arpa/inet.h>
#include <ctype.h>
#include <grp.h>
#include <net/if.h>
#include <pwd.h>
#include <stdlib.h>

#include "fields/clock.h"
#include "fields/order.h"
#include "fields/types.h"

enum {
	IFNAME_BYTES = 16,
	TEXT_MOST = 511,
	OWNER_BYTES_MOST = 4 * 1024 * 1024, /* of a group with all its members */
};

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
		[FWC_FORM_ETHER] = "six bytes in hexadecimal digits like 00:11:22:33:44:55",
		[FWC_FORM_TEXT] = "1 to 15 bytes",
		[FWC_FORM_TIME] = "a span like 1h30m or 500ms, or seconds",
		[FWC_FORM_DATE] =
			"\"2026-11-24 08:30:00\", shorter by the end, or seconds since 1970",
		[FWC_FORM_HOUR] = "\"08:30\", \"08:30:05\", or seconds since midnight UTC",
		[FWC_FORM_CLASSID] = "MAJOR:MINOR in hexadecimal digits, none, root",
		[FWC_FORM_LABEL] = "the number of a bit, 0 to 127",
		[FWC_FORM_IFINDEX] = "the name of an interface that is there, or its number",
	};

	if (t->form < FWC_ARRAY_SIZE(forms) && forms[t->form]) {
		fwc_buf_puts(out, forms[t->form]);
		return;
	}
	if (t == &fwc_type_uid || t == &fwc_type_gid)
		fwc_buf_printf(out, "the name of a %s of this machine, or ",
			       t == &fwc_type_uid ? "user" : "group");
	for (const struct fwc_symbol *s = t->read_only ? NULL : t->symbols; s && s->name; s++) {
		if (out->len > 110) {
			fwc_buf_puts(out, "...");
			break;
		}
		fwc_buf_printf(out, "%s%s", s->name, s[1].name ? ", " : "");
	}
	if (fwc_type_is_number(t))
		fwc_buf_printf(out, "%s0 to %llu", t->symbols && !t->read_only ? " or " : "",
			       (unsigned long long)fwc_type_largest(t));
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

static bool find_symbol(const struct fwc_type *t, const char *text, size_t len, uint64_t *ret)
{
	for (const struct fwc_symbol *s = t->symbols; s && s->name; s++)
		if (!strncmp(s->name, text, len) && !s->name[len]) {
			*ret = s->value;
			return true;
		}
	return false;
}

/* The number of an interface: its name is looked up in the network namespace of the calling thread. */
static bool read_ifindex(const char *text, size_t len, uint64_t *ret)
{
	char name[IFNAME_BYTES];

	if (len >= sizeof(name))
		return false;
	memcpy(name, text, len);
	name[len] = '\0';
	*ret = if_nametoindex(name);
	return *ret != 0;
}

/* The number of a user or group: its name is looked up as the C library does. */
static bool read_owner(const char *text, bool group, uint64_t *ret)
{
	union {
		struct passwd user;
		struct group group;
	} entry;
	struct passwd *user = NULL;
	struct group *found = NULL;
	size_t size = 1024;
	char *buffer = NULL;
	int r;

	do {
		char *larger = realloc(buffer, size);

		if (!larger)
			break;
		buffer = larger;
		r = group ? getgrnam_r(text, &entry.group, buffer, size, &found)
			  : getpwnam_r(text, &entry.user, buffer, size, &user);
		size *= 4;
	} while (r == ERANGE && size <= OWNER_BYTES_MOST);
	if (user)
		*ret = user->pw_uid;
	if (found)
		*ret = found->gr_gid;
	free(buffer);
	return user || found;
}

/* `1:2`, `1:`, both hexadecimal. */
static bool read_classid(const char *text, size_t len, uint64_t *ret)
{
	const char *colon = memchr(text, ':', len);
	uint64_t part[2] = { 0, 0 };
	size_t at = 0;

	if (!colon || colon == text)
		return false;
	for (size_t i = 0; i < len; i++) {
		unsigned char c = (unsigned char)text[i];

		if (text + i == colon) {
			at = 1;
			continue;
		}
		if (!isxdigit(c) || part[at] > 0xfff)
			return false;
		part[at] = part[at] * 16 + (uint64_t)(isdigit(c) ? c - '0' : tolower(c) - 'a' + 10);
	}
	*ret = part[0] << 16 | part[1];
	return true;
}

/* Days of the week are read however they are written. */
static bool find_day(const char *text, size_t len, uint64_t *ret)
{
	for (const struct fwc_symbol *s = fwc_symbols_day; s->name; s++)
		if (len >= 3 && len <= strlen(s->name) && !strncasecmp(s->name, text, len)) {
			*ret = s->value;
			return true;
		}
	return false;
}

static bool read_word(const struct fwc_type *t, const char *text, size_t len, uint64_t *ret)
{
	if (!len)
		return false;
	if (find_symbol(t, text, len, ret))
		return true;
	switch (t->form) {
	case FWC_FORM_TIME:
		return fwc_clock_read_span(text, len, ret);
	case FWC_FORM_DATE:
		return fwc_clock_read_date(text, len, ret);
	case FWC_FORM_HOUR:
		return fwc_clock_read_hour(text, len, ret);
	case FWC_FORM_CLASSID:
		return read_classid(text, len, ret) || read_number(text, len, ret);
	case FWC_FORM_IFINDEX:
		return read_ifindex(text, len, ret) || read_number(text, len, ret);
	default:
		return read_number(text, len, ret) ||
		       (t == &fwc_type_day && find_day(text, len, ret)) ||
		       ((t == &fwc_type_uid || t == &fwc_type_gid) && !text[len] &&
			read_owner(text, t == &fwc_type_gid, ret));
	}
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
	uint64_t number;

	if (slash) {
		*slash = '\0';
		if (!read_prefix_len(slash + 1, bits, &bits))
			return false;
	}
	if (t->form == FWC_FORM_IP4 && text[0] == '0' && text[1] == 'x') {
		if (!read_number(text, strlen(text), &number) || number > UINT32_MAX)
			return false;
		for (size_t i = 0; i < 4; i++)
			bytes[i] = (uint8_t)(number >> (24 - 8 * i));
	} else if (inet_pton(t->form == FWC_FORM_IP4 ? AF_INET : AF_INET6, text, bytes) != 1) {
		return false;
	}
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

/* Two digits each, or one, with colons between. */
static bool parse_ether(const char *text, uint8_t *bytes)
{
	for (size_t i = 0; i < 6; i++) {
		unsigned int byte = 0, digits = 0;

		for (; isxdigit((unsigned char)*text) && digits < 2; text++, digits++)
			byte = byte * 16 + (unsigned int)(isdigit((unsigned char)*text)
								  ? *text - '0'
								  : tolower(*text) - 'a' + 10);
		if (!digits || *text++ != (i < 5 ? ':' : '\0'))
			return false;
		bytes[i] = (uint8_t)byte;
	}
	return true;
}

static bool parse_text(const char *text, size_t len, uint8_t *bytes)
{
	if (!len || len >= FWC_TYPE_BYTES_MOST || memchr(text, '"', len))
		return false;
	memset(bytes, 0, FWC_TYPE_BYTES_MOST);
	memcpy(bytes, text, len);
	return true;
}

/* Hexadecimal digits that are too many for a number. */
static bool parse_long(const struct fwc_type *t, const char *text, size_t len, uint8_t *bytes)
{
	size_t digits = 0;
	uint64_t number;

	memset(bytes, 0, t->len);
	if (read_number(text, len, &number)) {
		for (size_t i = 0; i < sizeof(number); i++)
			bytes[t->len - 1u - i] = (uint8_t)(number >> (8 * i));
		return true;
	}
	if (len < 3 || text[0] != '0' || (text[1] != 'x' && text[1] != 'X'))
		return false;
	for (; len > 2; len--, digits++) {
		unsigned char c = (unsigned char)text[len - 1];
		unsigned int digit = (unsigned int)(isdigit(c) ? c - '0' : tolower(c) - 'a' + 10);

		if (!isxdigit(c) || digits >= 2u * t->len)
			return false;
		bytes[t->len - 1u - digits / 2] |= (uint8_t)(digit << (digits % 2 * 4));
	}
	return true;
}

static bool parse_label(const char *text, size_t len, uint8_t *bytes)
{
	uint64_t bit;

	if (!read_number(text, len, &bit) || bit >= 8u * FWC_TYPE_BYTES_MOST)
		return false;
	memset(bytes, 0, FWC_TYPE_BYTES_MOST);
	bytes[bit / 8] = (uint8_t)(1 << bit % 8);
	return true;
}

static bool parse_bytes(const struct fwc_type *t, const char *text, size_t len, uint8_t *bytes)
{
	switch (t->form) {
	case FWC_FORM_ETHER:
		return parse_ether(text, bytes);
	case FWC_FORM_TEXT:
		return parse_text(text, len, bytes);
	case FWC_FORM_RAW:
		return parse_long(t, text, len, bytes);
	case FWC_FORM_LABEL:
		return parse_label(text, len, bytes);
	default:
		return false;
	}
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
	uint32_t bits;
	int r = 0;

	if (len > TEXT_MOST || memchr(text, '\0', len))
		return fwc_type_fail(t, text, len, err);
	memcpy(copy, text, len);
	copy[len] = '\0';
	bits = 8u * t->len;
	if (fwc_type_is_number(t))
		r = parse_number(t, copy, len, parsed, &bits, err);
	else if (t->form == FWC_FORM_IFNAME)
		r = parse_ifname(copy, parsed, &bits, err);
	else if (t->form == FWC_FORM_IP4 || t->form == FWC_FORM_IP6)
		r = parse_address(t, copy, parsed, &bits) ? 0 : fwc_type_fail(t, text, len, err);
	else if (!parse_bytes(t, copy, len, parsed))
		r = fwc_type_fail(t, text, len, err);
	if (r < 0)
		return r;
	memcpy(bytes, parsed, t->len);
	*ret_bits = bits;
	return 0;
}
