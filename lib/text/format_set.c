/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Named sets and maps. */
#include <stdlib.h>

#include "text/format.h"
#include "text/words.h"

static void format_types(const struct fwc_type *const *types, size_t count,
			 const struct fwc_value *fields, struct fwc_buf *out)
{
	if (fields)
		fwc_text_format_value(fields, out);
	for (size_t i = 0; !fields && i < count; i++)
		fwc_buf_printf(out, "%s%s", i ? " . " : "", types[i]->name);
}

static void format_set_type(const struct fwc_set *s, struct fwc_buf *out)
{
	fwc_buf_puts(out, s->key_of ? "typeof " : "type ");
	format_types(s->key, s->key_count, s->key_of, out);
	if (!s->data_count)
		return;
	fwc_buf_puts(out, s->flags & FWC_SET_DATA_INTERVAL ? " : interval " : " : ");
	format_types(s->data, s->data_count, s->data_of, out);
}

/* A timeout says by itself that elements have timeouts; only beside other flags nft names
 * that one too. */
uint32_t fwc_format_set_flags(const struct fwc_set *s, uint32_t flags)
{
	uint32_t shown =
		s->flags & ~(uint32_t)(FWC_SET_STATE | FWC_SET_AUTO_MERGE | FWC_SET_DATA_INTERVAL);

	if (shown == FWC_SET_TIMEOUT && s->timeout_ms)
		shown = 0;
	if (flags & FWC_FORMAT_COMMANDS)
		shown |= s->flags & FWC_SET_STATE; /* ours: nft has no word for it */
	return shown;
}

static void format_flags(uint32_t shown, struct fwc_buf *out)
{
	const char *separator = "flags ";

	for (const struct fwc_symbol *w = fwc_words_set_flag; w->name; w++)
		if (shown & w->value) {
			fwc_buf_printf(out, "%s%s", separator, w->name);
			separator = ",";
		}
}

/* The attributes in nft's order, each between `before` and `after`. */
static void format_attributes(const struct fwc_set *s, uint32_t flags, const char *before,
			      const char *after, struct fwc_buf *out)
{
	uint32_t shown = fwc_format_set_flags(s, flags);

	fwc_buf_puts(out, before);
	format_set_type(s, out);
	fwc_buf_puts(out, after);
	if (s->policy == FWC_SET_POLICY_MEMORY)
		fwc_buf_printf(out, "%spolicy memory%s", before, after);
	/* A constant set is given the size that it has: nft does not list that. */
	if (s->max_elements && (!(s->flags & FWC_SET_CONSTANT) || flags & FWC_FORMAT_COMMANDS))
		fwc_buf_printf(out, "%ssize %u%s", before, s->max_elements, after);
	if (shown) {
		fwc_buf_puts(out, before);
		format_flags(shown, out);
		fwc_buf_puts(out, after);
	}
	if (s->stateful.count) {
		fwc_format_stateful(&s->stateful, before, true, out);
		fwc_buf_puts(out, after);
	}
	if (s->flags & FWC_SET_AUTO_MERGE)
		fwc_buf_printf(out, "%sauto-merge%s", before, after);
	if (s->timeout_ms) {
		fwc_buf_printf(out, "%stimeout ", before);
		fwc_format_time_ms(s->timeout_ms, out);
		fwc_buf_puts(out, after);
	}
	if (s->gc_interval_ms) {
		fwc_buf_printf(out, "%sgc-interval ", before);
		fwc_format_time_ms(s->gc_interval_ms, out);
		fwc_buf_puts(out, after);
	}
	if (s->labels && s->labels->comment)
		fwc_buf_printf(out, "%scomment \"%s\"%s", before, s->labels->comment, after);
}

void fwc_text_format_set_head(const struct fwc_set *s, struct fwc_buf *out)
{
	format_attributes(s, FWC_FORMAT_COMMANDS, " ", ";", out);
}

bool fwc_format_shows_elements(const struct fwc_set *s, uint32_t flags)
{
	return s->elements.count && !(flags & FWC_FORMAT_STATELESS && s->flags & FWC_SET_DYNAMIC);
}

static void format_elements(const struct fwc_set *s, uint32_t flags, struct fwc_buf *out)
{
	fwc_cleanup(fwc_freep) const struct fwc_element **order = fwc_format_order(s);
	size_t a_line = s->key_count == 1 ? s->key[0]->a_line : 1;

	if (!order) {
		out->failed = true;
		return;
	}
	fwc_buf_puts(out, "\t\telements = { ");
	for (size_t i = 0; i < s->elements.count; i++) {
		if (i)
			fwc_buf_puts(out, i % a_line ? ", " : ",\n\t\t\t     ");
		fwc_format_element(order[i], flags, out);
	}
	fwc_buf_puts(out, " }\n");
}

void fwc_text_format_set(const struct fwc_set *s, uint32_t flags, struct fwc_buf *out)
{
	fwc_buf_printf(out, "\t%s %s {", s->data_count ? "map" : "set", s->name);
	if (flags & FWC_FORMAT_HANDLES)
		fwc_buf_printf(out, " # handle %llu", (unsigned long long)s->handle);
	fwc_buf_puts(out, "\n");
	if (s->opaque) {
		fwc_buf_puts(out, "\t\t<keys of a type that is not known>\n");
	} else {
		format_attributes(s, flags, "\t\t", "\n", out);
		if (fwc_format_shows_elements(s, flags))
			format_elements(s, flags, out);
	}
	fwc_buf_puts(out, "\t}\n");
}

static void put_on_one_line(const struct fwc_set *s, uint32_t flags, struct fwc_buf *out)
{
	fwc_cleanup(fwc_freep) const struct fwc_element **order = fwc_format_order(s);

	if (!order) {
		out->failed = true;
		return;
	}
	fwc_buf_puts(out, "{ ");
	for (size_t i = 0; i < s->elements.count; i++) {
		fwc_buf_puts(out, i ? ", " : "");
		fwc_format_element(order[i], flags, out);
	}
	fwc_buf_puts(out, " }");
}

void fwc_format_set_commands(const struct fwc_set *s, uint32_t flags, const char *where,
			     struct fwc_buf *out)
{
	/* nft 1.0.6 crashes when it adds a catch-all to a set of intervals that is there. */
	bool within = s->catch_all && s->flags & FWC_SET_INTERVAL;

	if (s->opaque) {
		fwc_buf_printf(out, "add set %s %s { <keys of a type that is not known> }\n", where,
			       s->name);
		return;
	}
	fwc_buf_printf(out, "add %s %s %s {", s->data_count ? "map" : "set", where, s->name);
	format_attributes(s, flags, " ", ";", out);
	if (within && fwc_format_shows_elements(s, flags)) {
		fwc_buf_puts(out, " elements = ");
		put_on_one_line(s, flags, out);
		fwc_buf_puts(out, ";");
	}
	fwc_buf_puts(out, " }\n");
	if (within || !fwc_format_shows_elements(s, flags))
		return;
	fwc_buf_printf(out, "add element %s %s ", where, s->name);
	put_on_one_line(s, flags, out);
	fwc_buf_puts(out, "\n");
}
