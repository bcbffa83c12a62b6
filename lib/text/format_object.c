/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Named objects, as nft lists them and as commands. */
#include <ctype.h>

#include "fields/objects.h"
#include "text/format.h"
#include "text/format_target.h"
#include "text/words.h"

/* Parts of an object's body: lines in a listing, statements in a command. */
struct body {
	struct fwc_buf *out;
	const char *before, *after;
	uint32_t family; /* of the table */
};

static uint64_t number(const struct fwc_target *t, uint32_t param)
{
	uint64_t n = 0;

	fwc_target_get_number(t, param, &n);
	return n;
}

static void begin(const struct body *b)
{
	fwc_buf_puts(b->out, b->before);
}

static void end(const struct body *b)
{
	fwc_buf_puts(b->out, b->after);
}

/* A target without its word: `over 25 mbytes`, `rate 3/second`. */
static void format_stateful(const struct body *b, const struct fwc_target *t, bool stateless)
{
	fwc_cleanup(fwc_buf_free) struct fwc_buf whole = { 0 };
	const char *rest;

	fwc_format_target(NULL, t, stateless, &whole);
	rest = whole.data ? strchr(whole.data, ' ') : NULL;
	if (!rest)
		return;
	begin(b);
	fwc_buf_puts(b->out, rest + 1);
	end(b);
}

static void format_protocol(uint64_t protocol, struct fwc_buf *out)
{
	const struct fwc_type *t = fwc_type_by_name("inet_proto", strlen("inet_proto"));
	uint8_t byte = (uint8_t)protocol;

	fwc_buf_puts(out, "protocol ");
	fwc_type_format(t, &byte, 8, NULL, out);
}

static void format_l3(const struct body *b, const struct fwc_target *t, uint32_t param)
{
	uint64_t family = b->family;

	fwc_target_get_number(t, param, &family);
	begin(b);
	fwc_buf_printf(b->out, "l3proto %s", fwc_family_name((uint32_t)family));
	end(b);
}

static void format_helper(const struct body *b, const struct fwc_target *t)
{
	begin(b);
	fwc_buf_printf(b->out, "type \"%s\" ", fwc_target_get_text(t, FWC_CT_HELPER_TYPE));
	format_protocol(number(t, FWC_CT_HELPER_PROTOCOL), b->out);
	end(b);
	format_l3(b, t, FWC_CT_HELPER_FAMILY);
}

static void format_expectation(const struct body *b, const struct fwc_target *t)
{
	begin(b);
	format_protocol(number(t, FWC_CT_EXPECTATION_PROTOCOL), b->out);
	end(b);
	begin(b);
	fwc_buf_printf(b->out, "dport %llu",
		       (unsigned long long)number(t, FWC_CT_EXPECTATION_DPORT));
	end(b);
	begin(b);
	fwc_buf_puts(b->out, "timeout ");
	fwc_format_time_ms(number(t, FWC_CT_EXPECTATION_TIMEOUT_MS), b->out);
	end(b);
	begin(b);
	fwc_buf_printf(b->out, "size %llu", (unsigned long long)number(t, FWC_CT_EXPECTATION_SIZE));
	end(b);
	format_l3(b, t, FWC_CT_EXPECTATION_FAMILY);
}

static void format_synproxy(const struct body *b, const struct fwc_target *t)
{
	uint64_t flags = number(t, FWC_SYNPROXY_FLAGS);
	const char *between = "";

	begin(b);
	fwc_buf_printf(b->out, "mss %llu", (unsigned long long)number(t, FWC_SYNPROXY_MSS));
	end(b);
	begin(b);
	fwc_buf_printf(b->out, "wscale %llu", (unsigned long long)number(t, FWC_SYNPROXY_WSCALE));
	end(b);
	if (!flags)
		return;
	begin(b);
	for (const struct fwc_symbol *w = fwc_words_synproxy_flag; w->name; w++)
		if (flags & w->value) {
			fwc_buf_printf(b->out, "%s%s", between, w->name);
			between = " ";
		}
	end(b);
}

static void format_timeout(const struct body *b, const struct fwc_target *t)
{
	const char *policy = fwc_target_get_text(t, FWC_CT_TIMEOUT_POLICY);

	begin(b);
	format_protocol(number(t, FWC_CT_TIMEOUT_PROTOCOL), b->out);
	end(b);
	format_l3(b, t, FWC_CT_TIMEOUT_FAMILY);
	if (!policy)
		return;
	begin(b);
	fwc_buf_printf(b->out, "policy = { %s }", policy);
	end(b);
}

/* Quoted where it would be more than one word. */
static void format_device(const struct fwc_value *device, struct fwc_buf *out)
{
	const char *name = (const char *)device->bytes;
	const char *plain = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-.";
	bool word = isalpha((unsigned char)*name) && !name[strspn(name, plain)];

	fwc_buf_printf(out, word ? "%s" : "\"%s\"", name);
}

static void format_flowtable(const struct body *b, const struct fwc_target *t)
{
	const char *priority = fwc_target_get_text(t, FWC_FLOWTABLE_PRIORITY);
	const struct fwc_value *devices = fwc_target_get_value(t, FWC_FLOWTABLE_DEVICES);
	uint64_t flags = number(t, FWC_FLOWTABLE_FLAGS);

	begin(b);
	fwc_buf_printf(b->out, "hook ingress priority %s", priority ? priority : "filter");
	end(b);
	if (devices) {
		begin(b);
		for (size_t i = 0; i < fwc_value_item_count(devices); i++) {
			fwc_buf_puts(b->out, i ? ", " : "devices = { ");
			format_device(fwc_value_item(devices, i), b->out);
		}
		fwc_buf_puts(b->out, " }");
		end(b);
	}
	if (flags & FWC_FLOWTABLE_OFFLOAD) {
		begin(b);
		fwc_buf_puts(b->out, "flags offload");
		end(b);
	}
	if (flags & FWC_FLOWTABLE_COUNTER) {
		begin(b);
		fwc_buf_puts(b->out, "counter");
		end(b);
	}
}

static void format_body(const struct body *b, const struct fwc_named *o, bool stateless)
{
	if (o->labels && o->labels->comment) {
		begin(b);
		fwc_buf_printf(b->out, "comment \"%s\"", o->labels->comment);
		end(b);
	}
	if (!o->what) { /* in a way that no parser takes */
		begin(b);
		fwc_buf_printf(b->out, "<%zu bytes>", o->data.len);
		end(b);
		return;
	}
	switch (o->what->type->kind) {
	case FWC_TARGET_CT_HELPER:
		format_helper(b, o->what);
		return;
	case FWC_TARGET_CT_EXPECTATION:
		format_expectation(b, o->what);
		return;
	case FWC_TARGET_CT_TIMEOUT:
		format_timeout(b, o->what);
		return;
	case FWC_TARGET_FLOWTABLE:
		format_flowtable(b, o->what);
		return;
	case FWC_TARGET_SYNPROXY:
		format_synproxy(b, o->what);
		return;
	case FWC_TARGET_SECMARK:
		begin(b);
		fwc_buf_printf(b->out, "\"%s\"", fwc_target_get_text(o->what, FWC_SECMARK_CONTEXT));
		end(b);
		return;
	default:
		format_stateful(b, o->what, stateless);
	}
}

static const char *word_of(const struct fwc_named *o)
{
	const char *word = fwc_object_word(o->type);

	return word ? word : "object";
}

void fwc_format_object(const struct fwc_named *o, uint32_t flags, struct fwc_buf *out)
{
	const struct body b = { out, "\t\t", "\n", o->table->family };

	fwc_buf_printf(out, "\t%s %s {", word_of(o), o->name);
	if (flags & FWC_FORMAT_HANDLES)
		fwc_buf_printf(out, " # handle %llu", (unsigned long long)o->handle);
	fwc_buf_puts(out, "\n");
	format_body(&b, o, flags & FWC_FORMAT_STATELESS);
	fwc_buf_puts(out, "\t}\n");
}

void fwc_text_format_object_command(const struct fwc_named *o, const char *verb, bool body,
				    bool stateless, struct fwc_buf *out)
{
	const struct body b = { out, " ", ";", o->table->family };

	fwc_buf_printf(out, "%s %s %s %s %s", verb, word_of(o), fwc_family_name(o->table->family),
		       o->table->name, o->name);
	if (!body)
		return;
	fwc_buf_puts(out, " {");
	format_body(&b, o, stateless);
	fwc_buf_puts(out, " }");
}
