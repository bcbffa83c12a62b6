/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Whole rulesets: each object of the array is one line of commands. */
#include "fields/objects.h"
#include "text/json/json.h"
#include "text/json/read.h"
#include "text/text.h"
#include "text/words.h"

enum { TABLES, CHAINS, OTHERS, RULES, PASSES };

static const char *const kinds[] = { "table", "chain", "rule", "set", "map", "element" };

static int read_name(struct fwc_json_reader *r, const struct fwc_json_at *at, const json_t *v,
		     const char *key)
{
	const struct fwc_json_at here = { at, key, 0 };

	fwc_buf_puts(r->out, " ");
	return fwc_json_read_word(r, &here, json_object_get(v, key));
}

/* ` inet "table" "name"` */
static int read_place(struct fwc_json_reader *r, const struct fwc_json_at *at, const json_t *v,
		      const char *key)
{
	const struct fwc_json_at here = { at, "family", 0 };
	const char *family = json_string_value(json_object_get(v, "family"));

	if (!family || !fwc_family_find(family, strlen(family)))
		return fwc_json_fail(r, &here, "inet, ip, ip6, arp, bridge or netdev is needed");
	fwc_buf_printf(r->out, " %s", family);
	if (read_name(r, at, v, strcmp(key, "table") ? "table" : "name") < 0)
		return -EINVAL;
	return strcmp(key, "table") ? read_name(r, at, v, key) : 0;
}

static int read_comment(struct fwc_json_reader *r, const struct fwc_json_at *at, const json_t *v)
{
	const json_t *comment = json_object_get(v, "comment");

	if (!comment)
		return 0;
	fwc_buf_puts(r->out, " comment ");
	if (fwc_json_read_quoted(r, &(struct fwc_json_at){ at, "comment", 0 }, comment) < 0)
		return -EINVAL;
	fwc_buf_puts(r->out, ";");
	return 0;
}

static bool is_word(const struct fwc_symbol *words, const char *text)
{
	uint64_t ignored;

	return text && fwc_word_find(words, text, strlen(text), &ignored);
}

/* nft 1.0.6 writes bytes of memory where it should write the flags of a table. */
static int read_flags(struct fwc_json_reader *r, const struct fwc_json_at *at, const json_t *v,
		      const struct fwc_symbol *words)
{
	const json_t *flags = json_object_get(v, "flags");
	size_t count = json_is_array(flags) ? json_array_size(flags) : 1;
	const struct fwc_json_at here = { at, "flags", 0 };
	const char *before = " flags ";

	if (!flags && !json_is_true(json_object_get(v, "dynamic")))
		return 0;
	if (json_is_true(json_object_get(v, "dynamic"))) {
		fwc_buf_printf(r->out, "%sdynamic", before);
		before = ",";
	}
	for (size_t i = 0; flags && i < count; i++) {
		const char *flag =
			json_string_value(json_is_array(flags) ? json_array_get(flags, i) : flags);

		if (!is_word(words, flag))
			return fwc_json_fail(r, &here, "'%s' is no flag that is known here",
					     flag ? flag : "what is there");
		fwc_buf_printf(r->out, "%s%s", before, flag);
		before = ",";
	}
	fwc_buf_puts(r->out, ";");
	return 0;
}

static int read_table(struct fwc_json_reader *r, const struct fwc_json_at *at, const json_t *v)
{
	if (read_place(r, at, v, "table") < 0)
		return -EINVAL;
	fwc_buf_puts(r->out, " {");
	if (read_flags(r, at, v, fwc_words_table_flag) < 0 || read_comment(r, at, v) < 0)
		return -EINVAL;
	fwc_buf_puts(r->out, " }");
	return 0;
}

/* ` devices = { "a", "b" }`: of an array, or of one text. */
static int read_device_list(struct fwc_json_reader *r, const struct fwc_json_at *at,
			    const json_t *dev)
{
	size_t count = json_is_string(dev) ? 1 : json_array_size(dev);
	int e = 0;

	fwc_buf_puts(r->out, " devices = {");
	for (size_t i = 0; e == 0 && i < count; i++) {
		fwc_buf_puts(r->out, i ? ", " : " ");
		e = fwc_json_read_quoted(r, &(struct fwc_json_at){ at, NULL, i },
					 json_is_string(dev) ? dev : json_array_get(dev, i));
	}
	fwc_buf_puts(r->out, " }");
	return e;
}

static int read_devices(struct fwc_json_reader *r, const struct fwc_json_at *at, const json_t *v)
{
	const json_t *dev = json_object_get(v, "dev");
	const struct fwc_json_at here = { at, "dev", 0 };

	if (json_is_string(dev)) {
		fwc_buf_puts(r->out, " device ");
		return fwc_json_read_quoted(r, &here, dev);
	}
	if (!dev)
		return 0;
	return read_device_list(r, &here, dev);
}

static int read_priority(struct fwc_json_reader *r, const struct fwc_json_at *at, const json_t *v)
{
	const json_t *prio = json_object_get(v, "prio");

	if (!json_is_integer(prio) || json_integer_value(prio) != (int32_t)json_integer_value(prio))
		return fwc_json_fail(r, &(struct fwc_json_at){ at, "prio", 0 },
				     "a number of 32 bits is needed");
	fwc_buf_printf(r->out, " priority %d;", (int)json_integer_value(prio));
	return 0;
}

static int read_base(struct fwc_json_reader *r, const struct fwc_json_at *at, const json_t *v)
{
	const char *hook = json_string_value(json_object_get(v, "hook"));
	const char *policy = json_string_value(json_object_get(v, "policy"));

	if (!is_word(fwc_words_chain_type, json_string_value(json_object_get(v, "type"))))
		return fwc_json_fail(r, &(struct fwc_json_at){ at, "type", 0 },
				     "filter, nat or route is needed");
	if (!is_word(fwc_words_hook, hook))
		return fwc_json_fail(r, &(struct fwc_json_at){ at, "hook", 0 },
				     "a hook is needed: input, forward, ...");
	fwc_buf_printf(r->out, " type %s hook %s", json_string_value(json_object_get(v, "type")),
		       hook);
	if (read_devices(r, at, v) < 0)
		return -EINVAL;
	if (read_priority(r, at, v) < 0)
		return -EINVAL;
	if (!policy)
		return 0;
	if (strcmp(policy, "accept") && strcmp(policy, "drop"))
		return fwc_json_fail(r, &(struct fwc_json_at){ at, "policy", 0 },
				     "accept or drop is needed");
	fwc_buf_printf(r->out, " policy %s;", policy);
	return 0;
}

static int read_chain(struct fwc_json_reader *r, const struct fwc_json_at *at, const json_t *v)
{
	if (read_place(r, at, v, "name") < 0)
		return -EINVAL;
	fwc_buf_puts(r->out, " {");
	if (json_object_get(v, "hook") && read_base(r, at, v) < 0)
		return -EINVAL;
	if (read_comment(r, at, v) < 0)
		return -EINVAL;
	fwc_buf_puts(r->out, " }");
	return 0;
}

static int read_rule_words(struct fwc_json_reader *r, const struct fwc_json_at *at, const json_t *v)
{
	const json_t *comment = json_object_get(v, "comment");

	if (fwc_json_read_statements(r, &(struct fwc_json_at){ at, "expr", 0 },
				     json_object_get(v, "expr")) < 0)
		return -EINVAL;
	if (!comment)
		return 0;
	fwc_buf_puts(r->out, " comment ");
	return fwc_json_read_quoted(r, &(struct fwc_json_at){ at, "comment", 0 }, comment);
}

int fwc_json_read_rule(struct fwc_json_reader *r, const json_t *root)
{
	return json_is_object(root) ? read_rule_words(r, NULL, root)
				    : fwc_json_fail(r, NULL,
						    "an object is needed whose key expr "
						    "is an array of statements");
}

static int read_rule(struct fwc_json_reader *r, const struct fwc_json_at *at, const json_t *v)
{
	if (read_place(r, at, v, "chain") < 0)
		return -EINVAL;
	fwc_buf_puts(r->out, " ");
	return read_rule_words(r, at, v);
}

/* The fields whose types are meant: in a key of their own, or as nft writes them from 1.1.3 on. NULL: names are there. */
static const json_t *fields_of(const json_t *v, const char *key, const char *fields_key)
{
	const json_t *own = json_object_get(v, fields_key);

	return own ? own : json_object_get(json_object_get(v, key), "typeof");
}

/* Names of types: a text, or an array of a concatenation's. Or fields. */
static int read_types(struct fwc_json_reader *r, const struct fwc_json_at *above, const json_t *set,
		      const char *key, const char *fields_key)
{
	const json_t *fields = fields_of(set, key, fields_key), *v = json_object_get(set, key);
	const struct fwc_json_at here = { above, key, 0 }, *at = &here;
	size_t count = json_is_array(v) ? json_array_size(v) : 1;

	if (fields)
		return fwc_json_read_expression(r, &(struct fwc_json_at){ above, fields_key, 0 },
						fields);

	for (size_t i = 0; i < count; i++) {
		const char *text = json_string_value(json_is_array(v) ? json_array_get(v, i) : v);

		if (!text || text[strspn(text, "abcdefghijklmnopqrstuvwxyz0123456789_ .")])
			return fwc_json_fail(r, at, "names of types are needed: \"ipv4_addr\"");
		fwc_buf_printf(r->out, "%s%s", i ? " . " : "", text);
	}
	return 0;
}

/* ` timeout 5s;` */
static int read_set_time(struct fwc_json_reader *r, const struct fwc_json_at *at, const json_t *v,
			 const char *key, const char *key_ms)
{
	size_t before = r->out->len;
	int e = fwc_json_read_time(r, at, v, key, key_ms);

	if (e == 0 && r->out->len > before)
		fwc_buf_puts(r->out, ";");
	return e;
}

static int read_set_numbers(struct fwc_json_reader *r, const struct fwc_json_at *at,
			    const json_t *v)
{
	const json_t *policy = json_object_get(v, "policy");
	const json_t *size = json_object_get(v, "size");

	if (size) {
		fwc_buf_puts(r->out, " size ");
		if (fwc_json_read_number(r, &(struct fwc_json_at){ at, "size", 0 }, size) < 0)
			return -EINVAL;
		fwc_buf_puts(r->out, ";");
	}
	if (policy) {
		fwc_buf_puts(r->out, " policy ");
		if (fwc_json_read_word(r, &(struct fwc_json_at){ at, "policy", 0 }, policy) < 0)
			return -EINVAL;
		fwc_buf_puts(r->out, ";");
	}
	if (read_set_time(r, at, v, "timeout", "timeout_ms") < 0)
		return -EINVAL;
	return read_set_time(r, at, v, "gc-interval", "gc_interval_ms");
}

static int read_set_statements(struct fwc_json_reader *r, const struct fwc_json_at *at,
			       const json_t *v)
{
	const json_t *stmt = json_object_get(v, "stmt");

	if (!stmt)
		return 0;
	fwc_buf_puts(r->out, " ");
	if (fwc_json_read_statements(r, &(struct fwc_json_at){ at, "stmt", 0 }, stmt) < 0)
		return -EINVAL;
	fwc_buf_puts(r->out, ";");
	return 0;
}

static bool is_interval(const json_t *v)
{
	const json_t *parts = json_object_get(v, "concat");

	for (size_t i = 0; i < json_array_size(parts); i++)
		if (is_interval(json_array_get(parts, i)))
			return true;
	return json_object_get(v, "range") || json_object_get(v, "prefix");
}

/* nft does not say that a map's data are ranges: it shows. */
static bool holds_intervals(const json_t *v)
{
	const json_t *elem = json_object_get(v, "elem");

	for (size_t i = 0; i < json_array_size(elem); i++)
		if (is_interval(json_array_get(json_array_get(elem, i), 1)))
			return true;
	return json_is_true(json_object_get(v, "interval"));
}

static int read_set(struct fwc_json_reader *r, const struct fwc_json_at *at, const json_t *v)
{
	const json_t *map = json_object_get(v, "map"), *elem = json_object_get(v, "elem");

	if (read_place(r, at, v, "name") < 0)
		return -EINVAL;
	if (json_object_get(v, "opaque"))
		return fwc_json_fail(r, at,
				     "is a set of a type that was not known where it was "
				     "written: its elements are not here");
	fwc_buf_puts(r->out, fields_of(v, "type", "typeof") ? " { typeof " : " { type ");
	if (read_types(r, at, v, "type", "typeof") < 0)
		return -EINVAL;
	fwc_buf_puts(r->out, !map ? "" : holds_intervals(v) ? " : interval " : " : ");
	if (map && read_types(r, at, v, "map", "map_typeof") < 0)
		return -EINVAL;
	fwc_buf_puts(r->out, ";");
	if (read_flags(r, at, v, fwc_words_set_flag) < 0 || read_set_numbers(r, at, v) < 0 ||
	    read_set_statements(r, at, v) < 0 || read_comment(r, at, v) < 0)
		return -EINVAL;
	if (json_is_true(json_object_get(v, "auto-merge")))
		fwc_buf_puts(r->out, " auto-merge;");
	if (elem) {
		fwc_buf_puts(r->out, " elements = ");
		if (fwc_json_read_elements(r, &(struct fwc_json_at){ at, "elem", 0 }, elem) < 0)
			return -EINVAL;
		fwc_buf_puts(r->out, ";");
	}
	fwc_buf_puts(r->out, " }");
	return 0;
}

static int read_element(struct fwc_json_reader *r, const struct fwc_json_at *at, const json_t *v)
{
	if (read_place(r, at, v, "name") < 0)
		return -EINVAL;
	fwc_buf_puts(r->out, " ");
	return fwc_json_read_elements(r, &(struct fwc_json_at){ at, "elem", 0 },
				      json_object_get(v, "elem"));
}

/* One that is kept as bytes. */
static int read_opaque_object(struct fwc_json_reader *r, const struct fwc_json_at *at,
			      const json_t *v)
{
	if (read_place(r, at, v, "name") < 0)
		return -EINVAL;
	fwc_buf_puts(r->out, " { opaque ");
	if (fwc_json_read_quoted(r, &(struct fwc_json_at){ at, "opaque", 0 },
				 json_object_get(v, "opaque")) < 0)
		return -EINVAL;
	fwc_buf_puts(r->out, ";");
	if (read_comment(r, at, v) < 0)
		return -EINVAL;
	fwc_buf_puts(r->out, " }");
	return 0;
}

/* What nft calls a flag is one word, what counts another. */
static int read_flowtable_flags(struct fwc_json_reader *r, const struct fwc_json_at *at,
				const json_t *flags)
{
	size_t count = json_is_array(flags) ? json_array_size(flags) : 1;

	for (size_t i = 0; flags && i < count; i++) {
		const char *flag =
			json_string_value(json_is_array(flags) ? json_array_get(flags, i) : flags);

		if (!is_word(fwc_words_flowtable_flag, flag))
			return fwc_json_fail(r, at, "offload or counter is needed");
		fwc_buf_printf(r->out, strcmp(flag, "offload") ? " %s;" : " flags %s;", flag);
	}
	return 0;
}

static int read_flowtable(struct fwc_json_reader *r, const struct fwc_json_at *at, const json_t *v)
{
	const char *hook = json_string_value(json_object_get(v, "hook"));
	const json_t *dev = json_object_get(v, "dev");

	if (!hook || strcmp(hook, "ingress"))
		return fwc_json_fail(r, &(struct fwc_json_at){ at, "hook", 0 },
				     "ingress is needed");
	fwc_buf_puts(r->out, "hook ingress");
	if (read_priority(r, at, v) < 0)
		return -EINVAL;
	if (dev && read_device_list(r, &(struct fwc_json_at){ at, "dev", 0 }, dev) < 0)
		return -EINVAL;
	fwc_buf_puts(r->out, dev ? ";" : "");
	return read_flowtable_flags(r, &(struct fwc_json_at){ at, "flags", 0 },
				    json_object_get(v, "flags"));
}

static int read_timeout(struct fwc_json_reader *r, const struct fwc_json_at *at, const json_t *v)
{
	const struct fwc_json_at here = { at, "policy", 0 };
	const char *between = "; policy = { ", *state;
	const json_t *seconds;
	int e = 0;

	fwc_buf_puts(r->out, "protocol");
	if (read_name(r, at, v, "protocol") < 0)
		return -EINVAL;
	if (json_object_get(v, "l3proto")) {
		fwc_buf_puts(r->out, "; l3proto");
		e = read_name(r, at, v, "l3proto");
	}
	json_object_foreach((json_t *)(uintptr_t)json_object_get(v, "policy"), state, seconds)
	{
		const struct fwc_json_at place = { &here, state, 0 };

		if (state[strspn(state, "abcdefghijklmnopqrstuvwxyz_0123456789")])
			return fwc_json_fail(r, &here, "the states of a protocol are needed");
		fwc_buf_printf(r->out, "%s%s : ", between, state);
		between = ", ";
		if (e == 0)
			e = fwc_json_read_number(r, &place, seconds);
	}
	fwc_buf_puts(r->out, *between == ',' ? " }" : "");
	return e;
}

static int read_named(struct fwc_json_reader *r, const struct fwc_json_at *at, const char *kind,
		      const json_t *v)
{
	if (read_place(r, at, v, "name") < 0)
		return -EINVAL;
	fwc_buf_puts(r->out, " { ");
	if ((!strcmp(kind, "flowtable")    ? read_flowtable(r, at, v)
	     : !strcmp(kind, "ct timeout") ? read_timeout(r, at, v)
					   : fwc_json_read_object(r, at, kind, v)) < 0)
		return -EINVAL;
	fwc_buf_puts(r->out, ";");
	if (read_comment(r, at, v) < 0)
		return -EINVAL;
	fwc_buf_puts(r->out, " }");
	return 0;
}

/* ---- objects of the array ---- */

struct entry {
	const char *command, *kind;
	const json_t *what;
	struct fwc_json_at within, at; /* `at.above` is `within` where there is a command */
};

/* Those that say what shall be. The others of libnftables-json(5) say what to do. */
static const struct {
	const char *name, *word; /* word NULL: it is no declaration */
} commands[] = {
	{ "add", "add" },    { "create", "add" }, { "delete", "delete" }, { "insert", NULL },
	{ "replace", NULL }, { "flush", NULL },   { "destroy", NULL },    { "rename", NULL },
	{ "list", NULL },    { "reset", NULL },
};

/* 1: `ret->within` is a command, whose object is opened; 0: it is none. */
static int open_command(struct fwc_json_reader *r, struct entry *ret)
{
	const char *key = NULL;

	for (size_t i = 0; i < FWC_ARRAY_SIZE(commands); i++) {
		if (strcmp(commands[i].name, ret->kind))
			continue;
		ret->within = ret->at;
		if (!commands[i].word)
			return fwc_json_fail(r, &ret->within,
					     "is no declaration: objects, add, create and "
					     "delete of a table are");
		ret->command = commands[i].word;
		key = json_object_iter_key(json_object_iter((json_t *)(uintptr_t)ret->what));
		if (json_object_size(ret->what) != 1)
			return fwc_json_fail(r, &ret->within, "an object with one key is needed");
		ret->what = json_object_get(ret->what, key);
		ret->kind = key;
		ret->at = (struct fwc_json_at){ &ret->within, key, 0 };
		return 1;
	}
	return 0;
}

static int open_entry(struct fwc_json_reader *r, const struct fwc_json_at *at, const json_t *v,
		      struct entry *ret)
{
	const char *key = json_object_iter_key(json_object_iter((json_t *)(uintptr_t)v));

	if (json_object_size(v) != 1)
		return fwc_json_fail(r, at, "an object with one key is needed: table, chain, ...");
	*ret = (struct entry){ .command = "add", .kind = key, .what = json_object_get(v, key) };
	ret->at = (struct fwc_json_at){ at, key, 0 };
	if (open_command(r, ret) < 0)
		return -EINVAL;
	if (!strcmp(ret->command, "delete") && strcmp(ret->kind, "table"))
		return fwc_json_fail(r, &ret->at,
				     "is not deleted in a declaration: what is not "
				     "declared goes, and tables are deleted");
	return 0;
}

static unsigned int pass_of(const struct entry *e)
{
	return !strcmp(e->kind, "table")   ? TABLES
	       : !strcmp(e->kind, "chain") ? CHAINS
	       : !strcmp(e->kind, "rule")  ? RULES
					   : OTHERS;
}

static int read_entry(struct fwc_json_reader *r, struct entry *e)
{
	static int (*const fns[])(struct fwc_json_reader *, const struct fwc_json_at *,
				  const json_t *) = { read_table, read_chain, read_rule,
						      read_set,   read_set,   read_element };

	if (!json_is_object(e->what))
		return fwc_json_fail(r, &e->at, "an object is needed");
	fwc_buf_printf(r->out, "%s ", e->command);
	if (!strcmp(e->command, "delete")) {
		fwc_buf_puts(r->out, "table");
		return read_place(r, &e->at, e->what, "table");
	}
	for (size_t i = 0; i < FWC_ARRAY_SIZE(kinds); i++)
		if (!strcmp(e->kind, kinds[i])) {
			fwc_buf_puts(r->out, e->kind);
			return fns[i](r, &e->at, e->what);
		}
	for (size_t i = 0; i < fwc_object_kinds_count; i++) {
		if (strcmp(e->kind, fwc_object_kinds[i].name))
			continue;
		if (json_object_get(e->what, "opaque")) {
			fwc_buf_printf(r->out, "opaque %u", fwc_object_kinds[i].type);
			return read_opaque_object(r, &e->at, e->what);
		}
		fwc_buf_puts(r->out, e->kind);
		return read_named(r, &e->at, e->kind, e->what);
	}
	if (!strcmp(e->kind, "object")) { /* of a kind that has no name */
		fwc_buf_puts(r->out, "opaque ");
		if (fwc_json_read_number(r, &(struct fwc_json_at){ &e->at, "type", 0 },
					 json_object_get(e->what, "type")) < 0)
			return -EINVAL;
		return read_opaque_object(r, &e->at, e->what);
	}
	return fwc_json_fail(r, &e->at,
			     "is not known here: table, chain, rule, set, map, element, "
			     "named objects, add, create and delete are");
}

/* All tables first, then what is in them: maps and rules may speak of chains that come later. */
static int read_pass(struct fwc_json_reader *r, const json_t *list, unsigned int pass)
{
	static const struct fwc_json_at top = { NULL, "nftables", 0 };

	for (size_t i = 0; i < json_array_size(list); i++) {
		const struct fwc_json_at at = { &top, NULL, i };
		struct entry e;

		if (open_entry(r, &at, json_array_get(list, i), &e) < 0)
			return -EINVAL;
		if (!strcmp(e.kind, "metainfo") || pass_of(&e) != pass)
			continue;
		if (read_entry(r, &e) < 0)
			return -EINVAL;
		fwc_buf_puts(r->out, "\n");
	}
	return 0;
}

int fwc_json_read_ruleset(struct fwc_json_reader *r, const json_t *root)
{
	const json_t *list = json_object_get(root, "nftables");

	if (!json_is_array(list))
		return fwc_json_fail(r, NULL,
				     "an object is needed whose one key, nftables, is an array");
	for (unsigned int pass = 0; pass < PASSES; pass++)
		if (read_pass(r, list, pass) < 0)
			return -EINVAL;
	return 0;
}
