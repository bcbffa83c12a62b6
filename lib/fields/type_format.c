/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Constants, as bytes of a register, in words. */
#include <arpa/inet.h>

#include "fields/clock.h"
#include "fields/types.h"

enum { IFNAME_BYTES = 16 };

static const char *symbol_name(const struct fwc_type *t, uint64_t value)
{
	if (t->read_only)
		return NULL;
	for (const struct fwc_symbol *s = t->symbols; s && s->name; s++)
		if (s->value == value)
			return s->name;
	return NULL;
}

/* In hexadecimal digits, as many as the type has. */
static unsigned int digits_of(const struct fwc_type *t)
{
	return t->bits ? (t->bits + 3u) / 4 : 2u * t->len;
}

void fwc_type_format_number(const struct fwc_type *t, uint64_t value, struct fwc_buf *out)
{
	switch (t->form) {
	case FWC_FORM_HEX:
		fwc_buf_printf(out, "0x%0*llx", (int)digits_of(t), (unsigned long long)value);
		break;
	case FWC_FORM_TIME:
		fwc_clock_format_span(value, out);
		break;
	case FWC_FORM_DATE:
		fwc_clock_format_date(value, out);
		break;
	case FWC_FORM_HOUR:
		fwc_clock_format_hour(value, out);
		break;
	case FWC_FORM_CLASSID:
		fwc_buf_printf(out, "%llx:%llx", (unsigned long long)value >> 16,
			       (unsigned long long)value & 0xffff);
		break;
	case FWC_FORM_RAW:
	case FWC_FORM_BITS:
		fwc_buf_printf(out, "0x%llx", (unsigned long long)value);
		break;
	default:
		fwc_buf_printf(out, "%llu", (unsigned long long)value);
	}
}

static void format_word(const struct fwc_type *t, uint64_t value, struct fwc_buf *out)
{
	const char *name = symbol_name(t, value);

	if (name)
		fwc_buf_printf(out, t->quoted ? "\"%s\"" : "%s", name);
	else
		fwc_type_format_number(t, value, out);
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

static void format_ether(const uint8_t *bytes, struct fwc_buf *out)
{
	for (size_t i = 0; i < 6; i++)
		fwc_buf_printf(out, "%s%02x", i ? ":" : "", bytes[i]);
}

static void format_text(const struct fwc_type *t, const uint8_t *bytes, struct fwc_buf *out)
{
	fwc_buf_puts(out, "\"");
	fwc_buf_add(out, (const char *)bytes, strnlen((const char *)bytes, t->len));
	fwc_buf_puts(out, "\"");
}

static void format_long(const struct fwc_type *t, const uint8_t *bytes, struct fwc_buf *out)
{
	size_t at = 0;

	while (at + 1 < t->len && !bytes[at])
		at++;
	fwc_buf_printf(out, "0x%x", bytes[at]);
	while (++at < t->len)
		fwc_buf_printf(out, "%02x", bytes[at]);
}

static void format_label(const uint8_t *bytes, struct fwc_buf *out)
{
	unsigned int bit = 0;

	while (bit < 127 && !(bytes[bit / 8] & 1 << bit % 8))
		bit++;
	fwc_buf_printf(out, "%u", bit);
}

void fwc_type_format(const struct fwc_type *t, const uint8_t *bytes, uint32_t bits,
		     const char *separator, struct fwc_buf *out)
{
	uint64_t number;

	switch (t->form) {
	case FWC_FORM_IP4:
	case FWC_FORM_IP6:
		format_address(t, bytes, bits, out);
		break;
	case FWC_FORM_IFNAME:
		format_ifname(bytes, bits, out);
		break;
	case FWC_FORM_ETHER:
		format_ether(bytes, out);
		break;
	case FWC_FORM_TEXT:
		format_text(t, bytes, out);
		break;
	case FWC_FORM_RAW:
		format_long(t, bytes, out);
		break;
	case FWC_FORM_LABEL:
		format_label(bytes, out);
		break;
	default:
		if (fwc_type_get_number(t, bytes, &number))
			format_bits(t, number, t->form == FWC_FORM_BITS ? separator : NULL, out);
	}
}
