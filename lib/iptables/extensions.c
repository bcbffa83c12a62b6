/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What rows of extensions mean: finding them, and options in and out of a struct. */
#include <assert.h>

#include "iptables/extension.h"

static const struct fwc_xt_rows *const all[] = {
	&fwc_xt_transport_rows,  &fwc_xt_packet_rows,  &fwc_xt_conntrack_rows,  &fwc_xt_target_rows,
	&fwc_xt_nat_rows,        &fwc_xt_ipv6_rows,    &fwc_xt_connection_rows, &fwc_xt_sctp_rows,
	&fwc_xt_ecn_rows,        &fwc_xt_proxy_rows,   &fwc_xt_hmark_rows,      &fwc_xt_origin_rows,
	&fwc_xt_hashlimit_rows,  &fwc_xt_recent_rows,  &fwc_xt_string_rows,     &fwc_xt_policy_rows,
	&fwc_xt_time_rows,       &fwc_xt_program_rows, &fwc_xt_rateest_rows,    &fwc_xt_named_rows,
	&fwc_xt_arp_target_rows,
};

const struct fwc_xt_row *fwc_xt_row_at(size_t i)
{
	for (size_t table = 0; table < FWC_ARRAY_SIZE(all); i -= all[table++]->count)
		if (i < all[table]->count)
			return &all[table]->rows[i];
	return NULL;
}

static uint8_t family_bit(uint32_t family)
{
	return family == FWC_FAMILY_IP    ? FWC_XT_IP
	       : family == FWC_FAMILY_IP6 ? FWC_XT_IP6
	       : family == FWC_FAMILY_ARP ? FWC_XT_ARP
					  : 0;
}

const struct fwc_xt_row *fwc_xt_find(const char *name, bool is_target, uint32_t family)
{
	const struct fwc_xt_row *row;

	for (size_t i = 0; (row = fwc_xt_row_at(i)); i++)
		if (row->is_target == is_target && row->families & family_bit(family) &&
		    !strcmp(row->name, name))
			return row;
	return NULL;
}

const struct fwc_xt_row *fwc_xt_row_of(const struct fwc_extension *e, uint32_t family)
{
	const struct fwc_xt_row *row;

	for (size_t i = 0; (row = fwc_xt_row_at(i)); i++)
		if (row->is_target == e->is_target && row->revision == e->revision &&
		    row->families & family_bit(family) && fwc_xt_aligned(row) == e->len &&
		    !strcmp(row->kernel_name ? row->kernel_name : row->name, e->name) &&
		    fwc_xt_bits_are(e->info, &row->alias))
			return row;
	return NULL;
}

uint32_t fwc_xt_aligned(const struct fwc_xt_row *row)
{
	return (row->size + FWC_XT_WORD - 1u) / FWC_XT_WORD * FWC_XT_WORD;
}

/* ---- numbers of a struct ---- */

uint64_t fwc_xt_get(const uint8_t *info, size_t at, size_t len)
{
	uint64_t n64;
	uint32_t n32;
	uint16_t n16;

	switch (len) {
	case sizeof(n64):
		memcpy(&n64, info + at, len);
		return n64;
	case sizeof(n32):
		memcpy(&n32, info + at, len);
		return n32;
	case sizeof(n16):
		memcpy(&n16, info + at, len);
		return n16;
	default:
		assert(len == 1);
		return info[at];
	}
}

void fwc_xt_put(uint8_t *info, size_t at, size_t len, uint64_t number)
{
	const uint32_t n32 = (uint32_t)number;
	const uint16_t n16 = (uint16_t)number;

	switch (len) {
	case sizeof(number):
		memcpy(info + at, &number, len);
		break;
	case sizeof(n32):
		memcpy(info + at, &n32, len);
		break;
	case sizeof(n16):
		memcpy(info + at, &n16, len);
		break;
	default:
		assert(len == 1);
		info[at] = (uint8_t)number;
	}
}

bool fwc_xt_bits_are(const uint8_t *info, const struct fwc_xt_bits *bits)
{
	return !bits->mask || (fwc_xt_get(info, bits->at, bits->len) & bits->mask) == bits->value;
}

void fwc_xt_bits_set(uint8_t *info, const struct fwc_xt_bits *bits)
{
	if (bits->mask)
		fwc_xt_put(info, bits->at, bits->len,
			   (fwc_xt_get(info, bits->at, bits->len) & ~(uint64_t)bits->mask) |
				   bits->value);
}

void fwc_xt_init(const struct fwc_xt_row *row, uint8_t *info)
{
	memset(info, 0, fwc_xt_aligned(row));
	for (size_t i = 0; i < FWC_XT_DEFAULTS; i++)
		fwc_xt_bits_set(info, &row->defaults[i]);
	fwc_xt_bits_set(info, &row->alias);
}

/* ---- out ---- */

static bool is_inverted(const struct fwc_xt_option *o, const uint8_t *info)
{
	size_t half = o->len / 2;

	if (o->flags & FWC_XT_SWAP)
		return fwc_xt_get(info, o->at, half) > fwc_xt_get(info, o->at + half, half);
	return o->inverted.mask && fwc_xt_bits_are(info, &o->inverted);
}

static bool is_there(const struct fwc_xt_place *p, const uint8_t *initial)
{
	const struct fwc_xt_option *o = p->option;
	const uint8_t *info = p->info;

	if (o->left_out && o->left_out(p))
		return false;
	if (o->flags & FWC_XT_READ_ONLY || (o->unless.mask && fwc_xt_bits_are(info, &o->unless)))
		return false;
	if (o->given.mask && !(o->flags & FWC_XT_BY_VALUE))
		return fwc_xt_bits_are(info, &o->given);
	return o->flags & FWC_XT_ALWAYS || is_inverted(o, info) ||
	       memcmp(info + o->at, initial + o->at, o->len) != 0;
}

void fwc_xt_given_begin(struct fwc_xt_given *g, const struct fwc_xt_row *row, const uint8_t *info,
			uint32_t family)
{
	assert(fwc_xt_aligned(row) <= sizeof(g->initial));
	g->place = (struct fwc_xt_place){ .row = row, .family = family };
	g->place.info = (uint8_t *)(uintptr_t)info; /* forms that write do not change it */
	g->next = 0;
	fwc_xt_init(row, g->initial);
}

bool fwc_xt_given_next(struct fwc_xt_given *g)
{
	while (g->next < g->place.row->count) {
		g->place.option = &g->place.row->options[g->next++];
		if (!is_there(&g->place, g->initial))
			continue;
		g->inverted = is_inverted(g->place.option, g->place.info);
		return true;
	}
	return false;
}

void fwc_xt_format_options(const struct fwc_xt_row *row, const uint8_t *info, uint32_t family,
			   struct fwc_buf *out)
{
	struct fwc_xt_given g;

	fwc_xt_given_begin(&g, row, info, family);
	while (fwc_xt_given_next(&g)) {
		const struct fwc_xt_option *o = g.place.option;

		fwc_buf_printf(out, "%s --%s", g.inverted ? " !" : "", o->name);
		if (!o->form->words)
			continue;
		fwc_buf_puts(out, " ");
		o->form->format(&g.place, out);
	}
}

/* ---- in ---- */

/* The names of options, for messages: "--sport, --dport". */
static void name_options(const struct fwc_xt_row *row, uint32_t bits, char *ret, size_t room)
{
	struct fwc_buf b = fwc_buf_over(ret, room);
	const char *separator = "";

	for (size_t i = 0; i < row->count; i++)
		if (bits & 1u << i) {
			fwc_buf_printf(&b, "%s--%s", separator, row->options[i].name);
			separator = ", ";
		}
}

static bool takes_inversion(const struct fwc_xt_option *o)
{
	return o->inverted.mask || o->flags & FWC_XT_SWAP;
}

static int invert(const struct fwc_xt_place *p)
{
	const struct fwc_xt_option *o = p->option;
	size_t half = o->len / 2;
	uint64_t first, last;

	fwc_xt_bits_set(p->info, &o->inverted);
	if (!(o->flags & FWC_XT_SWAP))
		return 0;
	first = fwc_xt_get(p->info, o->at, half);
	last = fwc_xt_get(p->info, o->at + half, half);
	if (first == last)
		return fwc_fail(p->err, -EINVAL, FWC_OBJECT_TEXT,
				"'! --%s' of one number has no form: give two", o->name);
	fwc_xt_put(p->info, o->at, half, last);
	fwc_xt_put(p->info, o->at + half, half, first);
	return 0;
}

/* Of options with one name, that of the part which the options so far have come to. */
static const struct fwc_xt_option *of_part(const struct fwc_xt_row *row,
					   const struct fwc_xt_option *o, uint32_t given)
{
	size_t first = 0;

	for (size_t i = 0; i < row->count; i++)
		if (row->options[i].flags & FWC_XT_PARTS && given & 1u << i)
			first = i + 1;
	for (size_t i = first; first && i < row->count; i++)
		if (!strcmp(row->options[i].name, o->name))
			return &row->options[i];
	return o;
}

int fwc_xt_parse_option(const struct fwc_xt_place *place, bool inverted, const char *const *words,
			uint32_t *given)
{
	const struct fwc_xt_option *o = of_part(place->row, place->option, *given);
	struct fwc_xt_place at = *place, *p = &at;
	uint32_t bit = 1u << (o - p->row->options);
	char names[96];
	int r;

	at.option = o;
	if (*given & bit)
		return fwc_fail(p->err, -EINVAL, FWC_OBJECT_TEXT, "--%s is given twice", o->name);
	if (inverted && !takes_inversion(o))
		return fwc_fail(p->err, -EINVAL, FWC_OBJECT_TEXT, "--%s takes no '!'", o->name);
	name_options(p->row, o->excludes & *given, names, sizeof(names));
	if (o->excludes & *given)
		return fwc_fail(p->err, -EINVAL, FWC_OBJECT_TEXT,
				"--%s does not go together with %s", o->name, names);
	name_options(p->row, o->needs, names, sizeof(names));
	if (o->flags & FWC_XT_AFTER && o->needs & ~*given)
		return fwc_fail(p->err, -EINVAL, FWC_OBJECT_TEXT, "--%s needs %s before it",
				o->name, names);
	r = o->form->parse ? o->form->parse(p, words) : 0;
	if (r < 0)
		return r;
	fwc_xt_bits_set(p->info, &o->given);
	if (inverted)
		r = invert(p);
	if (r < 0)
		return r;
	*given |= bit;
	return 0;
}

int fwc_xt_check_options(const struct fwc_xt_row *row, uint8_t *info, uint8_t proto, uint32_t given,
			 struct fwc_error *err)
{
	const char *sign = row->is_target ? "-j" : "-m";
	char names[160];

	for (size_t i = 0; i < row->count; i++) {
		const struct fwc_xt_option *o = &row->options[i];

		name_options(row, o->needs, names, sizeof(names));
		if (given & 1u << i && o->needs & ~given)
			return fwc_fail(err, -EINVAL, FWC_OBJECT_TEXT, "--%s needs %s", o->name,
					names);
		if (o->flags & FWC_XT_REQUIRED && !(given & 1u << i))
			return fwc_fail(err, -EINVAL, FWC_OBJECT_TEXT, "%s %s needs --%s", sign,
					row->name, o->name);
	}
	name_options(row, row->one_of, names, sizeof(names));
	if (row->one_of && !(row->one_of & given))
		return fwc_fail(err, -EINVAL, FWC_OBJECT_TEXT, "%s %s needs one of %s", sign,
				row->name, names);
	return row->check ? row->check(row, info, proto, given, err) : 0;
}
