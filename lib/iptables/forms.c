/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Values of options: numbers, ranges, words, texts. */
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <strings.h>

#include "fields/types.h"
#include "iptables/forms.h"

int fwc_xt_bad_value(const struct fwc_xt_place *p, const char *text, const char *fmt, ...)
{
	char allowed[160];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(allowed, sizeof(allowed), fmt, ap);
	va_end(ap);
	return fwc_fail(p->err, -EINVAL, FWC_OBJECT_TEXT, "'%.64s' is no value of --%s: %s", text,
			p->option->name, allowed);
}

/* ---- scanning ---- */

bool fwc_xt_scan(const char *text, uint64_t min, uint64_t max, uint64_t *ret, const char **ret_end)
{
	char *end;
	unsigned long long n;

	if (!isdigit((unsigned char)text[0]))
		return false;
	errno = 0;
	n = strtoull(text, &end, 0);
	if (errno || n < min || n > max)
		return false;
	*ret = n;
	*ret_end = end;
	return true;
}

bool fwc_xt_scan_all(const char *text, uint64_t min, uint64_t max, uint64_t *ret)
{
	const char *end;

	return fwc_xt_scan(text, min, max, ret, &end) && !*end;
}

static const struct fwc_symbol *find_symbol(const struct fwc_symbol *s, const char *text,
					    size_t len)
{
	for (; s->name; s++)
		if (!strncasecmp(s->name, text, len) && !s->name[len])
			return s;
	return NULL;
}

bool fwc_xt_scan_port(const char *text, uint64_t *ret)
{
	const struct fwc_symbol *s;

	if (fwc_xt_scan_all(text, 0, UINT16_MAX, ret))
		return true;
	s = find_symbol(fwc_symbols_inet_service, text, strlen(text));
	if (s)
		*ret = s->value;
	return s != NULL;
}

bool fwc_xt_scan_protocol(const char *text, uint64_t *ret)
{
	const struct fwc_symbol *s;

	if (fwc_xt_scan_all(text, 0, UINT8_MAX, ret))
		return true;
	if (!strcasecmp(text, "all")) {
		*ret = 0;
		return true;
	}
	if (!strcasecmp(text, "mh") || !strcasecmp(text, "ipv6-mh"))
		text = "mobility-header";
	s = find_symbol(fwc_symbols_inet_proto, text, strlen(text));
	if (s)
		*ret = s->value;
	return s != NULL;
}

const char *fwc_xt_protocol_name(uint8_t proto)
{
	for (const struct fwc_symbol *s = fwc_symbols_inet_proto; s->name; s++)
		if (s->value == proto)
			return s->name;
	return NULL;
}

/* ---- flags and numbers ---- */

const struct fwc_xt_form fwc_xt_flag = { 0, NULL, NULL };

static uint64_t largest(size_t len)
{
	return len >= sizeof(uint64_t) ? UINT64_MAX : (UINT64_C(1) << 8 * len) - 1;
}

static uint64_t max_of(const struct fwc_xt_option *o, size_t len)
{
	return o->max ? o->max : largest(len);
}

static int parse_number(const struct fwc_xt_place *p, const char *const *words)
{
	const struct fwc_xt_option *o = p->option;
	uint64_t n;

	if (!fwc_xt_scan_all(words[0], o->min, max_of(o, o->len), &n))
		return fwc_xt_bad_value(p, words[0], "a number from %llu to %llu",
					(unsigned long long)o->min,
					(unsigned long long)max_of(o, o->len));
	fwc_xt_put(p->info, o->at, o->len, n);
	return 0;
}

static unsigned long long number_of(const struct fwc_xt_place *p)
{
	return fwc_xt_get(p->info, p->option->at, p->option->len);
}

static void format_number(const struct fwc_xt_place *p, struct fwc_buf *out)
{
	fwc_buf_printf(out, "%llu", number_of(p));
}

static void format_hex_all(const struct fwc_xt_place *p, struct fwc_buf *out)
{
	fwc_buf_printf(out, "0x%0*llx", 2 * p->option->len, number_of(p));
}

static void format_hex2(const struct fwc_xt_place *p, struct fwc_buf *out)
{
	fwc_buf_printf(out, "0x%02llx", number_of(p));
}

static void format_hex(const struct fwc_xt_place *p, struct fwc_buf *out)
{
	fwc_buf_printf(out, "0x%llx", number_of(p));
}

const struct fwc_xt_form fwc_xt_number = { 1, parse_number, format_number };
const struct fwc_xt_form fwc_xt_hex2 = { 1, parse_number, format_hex2 };
const struct fwc_xt_form fwc_xt_hex_all = { 1, parse_number, format_hex_all };
const struct fwc_xt_form fwc_xt_hex = { 1, parse_number, format_hex };

/* ---- ranges ---- */

/* A name, or a beginning of one: the first that fits. */
static bool scan_name(const struct fwc_symbol *s, const char *text, uint64_t *ret)
{
	const struct fwc_symbol *found = find_symbol(s, text, strlen(text));

	for (; !found && text[0] && s->name; s++)
		if (!strncasecmp(s->name, text, strlen(text)))
			found = s;
	if (found)
		*ret = found->value;
	return found != NULL;
}

static bool scan_number(const struct fwc_xt_option *o, const char *text, uint64_t *ret)
{
	if (o->symbols && scan_name(o->symbols, text, ret))
		return true;
	return fwc_xt_scan_all(text, o->min, max_of(o, o->len / 2), ret);
}

static bool scan_port(const struct fwc_xt_option *o, const char *text, uint64_t *ret)
{
	(void)o;
	return fwc_xt_scan_port(text, ret);
}

static int parse_range_of(const struct fwc_xt_place *p, const char *text, char separator,
			  bool (*scan)(const struct fwc_xt_option *o, const char *text,
				       uint64_t *ret))
{
	const struct fwc_xt_option *o = p->option;
	size_t half = o->len / 2;
	uint64_t first = o->min, last = max_of(o, half);
	const char *between = strchr(text, separator);
	char head[32];
	size_t len = between ? (size_t)(between - text) : strlen(text);

	if (len < sizeof(head)) {
		memcpy(head, text, len);
		head[len] = '\0';
		if ((between && !len) || scan(o, head, &first)) {
			if (!between)
				last = first;
			if ((!between || !between[1] || scan(o, between + 1, &last)) &&
			    first <= last) {
				fwc_xt_put(p->info, o->at, half, first);
				fwc_xt_put(p->info, o->at + half, half, last);
				return 0;
			}
		}
	}
	return fwc_xt_bad_value(
		p, text,
		"a number from %llu to %llu%s%s, or two with '%c' between, the smaller one first",
		(unsigned long long)o->min, (unsigned long long)max_of(o, half),
		o->symbols ? ", a name such as " : "", o->symbols ? o->symbols->name : "",
		separator);
}

static int parse_range(const struct fwc_xt_place *p, const char *const *words)
{
	return parse_range_of(p, words[0], ':', scan_number);
}

static int parse_dash_range(const struct fwc_xt_place *p, const char *const *words)
{
	return parse_range_of(p, words[0], '-', scan_number);
}

static int parse_ports(const struct fwc_xt_place *p, const char *const *words)
{
	return parse_range_of(p, words[0], ':', scan_port);
}

static void format_range_with(const struct fwc_xt_place *p, char separator, struct fwc_buf *out)
{
	size_t half = p->option->len / 2;
	unsigned long long first = fwc_xt_get(p->info, p->option->at, half);
	unsigned long long last = fwc_xt_get(p->info, p->option->at + half, half);

	fwc_buf_printf(out, "%llu", first);
	if (first != last)
		fwc_buf_printf(out, "%c%llu", separator, last);
}

static void format_range(const struct fwc_xt_place *p, struct fwc_buf *out)
{
	format_range_with(p, ':', out);
}

static void format_dash_range(const struct fwc_xt_place *p, struct fwc_buf *out)
{
	format_range_with(p, '-', out);
}

const struct fwc_xt_form fwc_xt_range = { 1, parse_range, format_range };
const struct fwc_xt_form fwc_xt_dash_range = { 1, parse_dash_range, format_dash_range };
const struct fwc_xt_form fwc_xt_ports = { 1, parse_ports, format_range };

/* ---- a value and its mask ---- */

static int parse_mark(const struct fwc_xt_place *p, const char *const *words)
{
	size_t half = p->option->len / 2;
	uint64_t value, mask = largest(half);
	const char *end;

	if (!fwc_xt_scan(words[0], 0, largest(half), &value, &end) ||
	    (*end && (*end != '/' || !fwc_xt_scan_all(end + 1, 0, largest(half), &mask))))
		return fwc_xt_bad_value(p, words[0], "NUMBER or NUMBER/MASK, each up to 0x%llx",
					(unsigned long long)largest(half));
	fwc_xt_put(p->info, p->option->at, half, value);
	fwc_xt_put(p->info, p->option->at + half, half, mask);
	return 0;
}

static void format_masked(const struct fwc_xt_place *p, int digits, bool always,
			  struct fwc_buf *out)
{
	size_t half = p->option->len / 2;
	unsigned long long mask = fwc_xt_get(p->info, p->option->at + half, half);

	fwc_buf_printf(out, "0x%0*llx", digits,
		       (unsigned long long)fwc_xt_get(p->info, p->option->at, half));
	if (always || mask != largest(half))
		fwc_buf_printf(out, "/0x%0*llx", digits, mask);
}

static void format_mark(const struct fwc_xt_place *p, struct fwc_buf *out)
{
	format_masked(p, 1, false, out);
}

static void format_mark_full(const struct fwc_xt_place *p, struct fwc_buf *out)
{
	format_masked(p, 1, true, out);
}

const struct fwc_xt_form fwc_xt_mark = { 1, parse_mark, format_mark };
const struct fwc_xt_form fwc_xt_mark_full = { 1, parse_mark, format_mark_full };

/* ---- types of service ---- */

const struct fwc_symbol fwc_xt_dscp_classes[] = {
	{ "CS0", 0x00 },
	{ "CS1", 0x08 },
	{ "CS2", 0x10 },
	{ "CS3", 0x18 },
	{ "CS4", 0x20 },
	{ "CS5", 0x28 },
	{ "CS6", 0x30 },
	{ "CS7", 0x38 },
	{ "BE", 0x00 },
	{ "AF11", 0x0a },
	{ "AF12", 0x0c },
	{ "AF13", 0x0e },
	{ "AF21", 0x12 },
	{ "AF22", 0x14 },
	{ "AF23", 0x16 },
	{ "AF31", 0x1a },
	{ "AF32", 0x1c },
	{ "AF33", 0x1e },
	{ "AF41", 0x22 },
	{ "AF42", 0x24 },
	{ "AF43", 0x26 },
	{ "EF", 0x2e },
	{ 0 },
};

static const struct fwc_symbol tos_names[] = {
	{ "Minimize-Delay", 0x10 },       { "Maximize-Throughput", 0x08 },
	{ "Maximize-Reliability", 0x04 }, { "Minimize-Cost", 0x02 },
	{ "Normal-Service", 0x00 },       { 0 },
};

int fwc_xt_parse_tos(const struct fwc_xt_place *p, const char *text, uint8_t *ret_value,
		     uint8_t *ret_mask)
{
	const struct fwc_symbol *s = find_symbol(tos_names, text, strlen(text));
	uint64_t value, mask = UINT8_MAX;
	const char *end;

	if (s) {
		value = s->value;
		mask = 0x3f; /* names are from before ECN took its two bits */
	} else if (!fwc_xt_scan(text, 0, UINT8_MAX, &value, &end) ||
		   (*end && (*end != '/' || !fwc_xt_scan_all(end + 1, 0, UINT8_MAX, &mask)))) {
		return fwc_xt_bad_value(
			p, text,
			"NUMBER or NUMBER/MASK up to 0xff, Minimize-Delay, Maximize-Throughput, Maximize-Reliability, Minimize-Cost or Normal-Service");
	}
	*ret_value = (uint8_t)value;
	*ret_mask = (uint8_t)mask;
	return 0;
}

/* ---- words ---- */

/* "NEW, ESTABLISHED, ..." */
static int bad_word(const struct fwc_xt_place *p, const char *text)
{
	char names[140];
	struct fwc_buf b = fwc_buf_over(names, sizeof(names));

	for (const struct fwc_symbol *s = p->option->symbols; s->name; s++)
		fwc_buf_printf(&b, "%s%s", s == p->option->symbols ? "" : ", ", s->name);
	return fwc_xt_bad_value(p, text, "one of %s%s", names,
				b.len >= sizeof(names) ? " ..." : "");
}

static int parse_symbol(const struct fwc_xt_place *p, const char *const *words)
{
	const struct fwc_symbol *s = find_symbol(p->option->symbols, words[0], strlen(words[0]));

	if (!s)
		return bad_word(p, words[0]);
	fwc_xt_put(p->info, p->option->at, p->option->len, s->value);
	return 0;
}

static void format_symbol(const struct fwc_xt_place *p, struct fwc_buf *out)
{
	for (const struct fwc_symbol *s = p->option->symbols; s->name; s++)
		if (s->value == number_of(p)) {
			fwc_buf_puts(out, s->name);
			return;
		}
	format_number(p, out);
}

static int parse_symbols(const struct fwc_xt_place *p, const char *const *words)
{
	uint64_t bits = 0;

	for (const char *at = words[0];; at++) {
		size_t len = strcspn(at, ",");
		const struct fwc_symbol *s = len ? find_symbol(p->option->symbols, at, len) : NULL;

		if (!s)
			return bad_word(p, words[0]);
		bits |= s->value;
		at += len;
		if (!*at)
			break;
	}
	fwc_xt_put(p->info, p->option->at, p->option->len, bits);
	return 0;
}

/* A word for no bits stands alone; of several for the same bits the first is written. */
static void format_symbols(const struct fwc_xt_place *p, struct fwc_buf *out)
{
	uint64_t bits = number_of(p), rest = bits;
	const char *separator = "";

	for (const struct fwc_symbol *s = p->option->symbols; s->name; s++)
		if (s->value ? (s->value & rest) != 0 : !bits) {
			fwc_buf_printf(out, "%s%s", separator, s->name);
			separator = ",";
			rest &= ~s->value;
		}
}

const struct fwc_xt_form fwc_xt_symbol = { 1, parse_symbol, format_symbol };
const struct fwc_xt_form fwc_xt_symbols = { 1, parse_symbols, format_symbols };

static int parse_protocol(const struct fwc_xt_place *p, const char *const *words)
{
	uint64_t n;

	if (!fwc_xt_scan_protocol(words[0], &n))
		return fwc_xt_bad_value(p, words[0], "a protocol's name or number");
	fwc_xt_put(p->info, p->option->at, p->option->len, n);
	return 0;
}

const struct fwc_xt_form fwc_xt_protocol = { 1, parse_protocol, format_number };

/* ---- texts ---- */

void fwc_xt_format_text(const char *text, struct fwc_buf *out)
{
	bool plain = text[0] != '\0';

	for (const char *c = text; *c && plain; c++)
		plain = isalnum((unsigned char)*c) || *c == '_' || *c == '-';
	if (plain) {
		fwc_buf_puts(out, text);
		return;
	}
	fwc_buf_puts(out, "\"");
	for (const char *c = text; *c; c++) {
		if (strchr("\"\\'", *c))
			fwc_buf_puts(out, "\\");
		fwc_buf_add(out, c, 1);
	}
	fwc_buf_puts(out, "\"");
}

static void format_name_text(const char *name, struct fwc_buf *out)
{
	if (name[0] && !strpbrk(name, " \t\r\n\"\\"))
		fwc_buf_puts(out, name);
	else
		fwc_xt_format_text(name, out);
}

static int parse_text_of(const struct fwc_xt_place *p, const char *text, bool cut)
{
	const struct fwc_xt_option *o = p->option;
	size_t len = strlen(text), most = o->max ? o->max : o->len - 1u;

	if (len > most && cut)
		len = most;
	if (len < o->min || len > most)
		return fwc_xt_bad_value(p, text, "a text of %llu to %zu bytes",
					(unsigned long long)o->min, most);
	memset(p->info + o->at, 0, o->len);
	memcpy(p->info + o->at, text, len);
	return 0;
}

static int parse_text(const struct fwc_xt_place *p, const char *const *words)
{
	return parse_text_of(p, words[0], false);
}

static int parse_cut_text(const struct fwc_xt_place *p, const char *const *words)
{
	return parse_text_of(p, words[0], true);
}

/* A struct of the kernel's may lack the NUL. */
static void format_bytes(const struct fwc_xt_place *p, struct fwc_buf *out,
			 void (*format)(const char *text, struct fwc_buf *out))
{
	char text[FWC_XT_SIZE_MOST + 1];
	size_t len = strnlen((const char *)p->info + p->option->at, p->option->len);

	memcpy(text, p->info + p->option->at, len);
	text[len] = '\0';
	format(text, out);
}

static void format_text(const struct fwc_xt_place *p, struct fwc_buf *out)
{
	format_bytes(p, out, fwc_xt_format_text);
}

static void format_name(const struct fwc_xt_place *p, struct fwc_buf *out)
{
	format_bytes(p, out, format_name_text);
}

const struct fwc_xt_form fwc_xt_text = { 1, parse_text, format_text };
const struct fwc_xt_form fwc_xt_cut_text = { 1, parse_cut_text, format_text };
const struct fwc_xt_form fwc_xt_cut_name = { 1, parse_cut_text, format_name };
