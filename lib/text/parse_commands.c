/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A ruleset in commands, one a line. */
#include "fields/objects.h"
#include "text/json/json.h"
#include "text/parse_element.h"
#include "text/parse_target.h"
#include "text/words.h"

/* ---- what commands share ---- */

/* A builder's failure is kept by the ruleset; here it gets its place. */
static int built(struct fwc_parser *p, const struct fwc_token *at)
{
	struct fwc_error err;

	if (fwc_ruleset_error(p->rs, &err) == 0)
		return 0;
	if (p->err)
		*p->err = err;
	return fwc_parser_place(p, at, err.code);
}

/* `inet`, or nothing: then nft means ip */
static uint32_t parse_family(struct fwc_parser *p)
{
	const struct fwc_token *t = &p->lx.token;
	uint32_t family = t->kind == FWC_TOKEN_WORD ? fwc_family_find(t->text, t->len) : 0;

	if (family)
		fwc_lexer_next(&p->lx);
	return family ? family : FWC_FAMILY_IP;
}

static struct fwc_table *parse_table(struct fwc_parser *p)
{
	uint32_t family = parse_family(p);
	struct fwc_token at = p->lx.token;
	const char *name = fwc_parser_name(p, "table");
	struct fwc_table *t = name ? fwc_ruleset_find_table(p->rs, family, name) : NULL;

	if (name && !t)
		fwc_parser_fail_at(p, &at, "table %s %s was not added before",
				   fwc_family_name(family), name);
	return t;
}

static int end_command(struct fwc_parser *p)
{
	return fwc_parser_at_end(p) ? 0 : fwc_parser_expected(p, "the end of the command");
}

static bool skip_separators(struct fwc_parser *p)
{
	bool skipped = false;

	while (p->lx.token.kind == FWC_TOKEN_NEWLINE || fwc_parser_is(p, ";")) {
		fwc_lexer_next(&p->lx);
		skipped = true;
	}
	return skipped;
}

/* `{ statement; statement; }`: `fn` reads one statement. */
static int parse_block(struct fwc_parser *p, int (*fn)(struct fwc_parser *, void *), void *ctx)
{
	int r = 0;

	fwc_lexer_next(&p->lx);
	skip_separators(p);
	while (r == 0 && !fwc_parser_is(p, "}")) {
		r = fn(p, ctx);
		if (r == 0 && !skip_separators(p) && !fwc_parser_is(p, "}"))
			r = fwc_parser_expected(p, "';' or '}'");
	}
	if (r == 0)
		fwc_lexer_next(&p->lx);
	return r;
}

/* Words with commas between, or-ed. */
static int parse_flags(struct fwc_parser *p, const struct fwc_symbol *words, uint32_t *flags)
{
	uint64_t flag;

	do {
		int r = fwc_parser_symbol(p, words, "a flag", &flag);

		if (r < 0)
			return r;
		*flags |= (uint32_t)flag;
	} while (fwc_parser_accept(p, ","));
	return 0;
}

/* ---- tables ---- */

struct table_spec {
	uint32_t flags;
	const char *comment;
};

static int parse_table_statement(struct fwc_parser *p, void *ctx)
{
	struct table_spec *spec = ctx;

	if (fwc_parser_accept(p, "flags"))
		return parse_flags(p, fwc_words_table_flag, &spec->flags);
	if (fwc_parser_accept(p, "comment"))
		return fwc_parse_comment(p, &spec->comment);
	return fwc_parser_expected(p, "'flags' or 'comment'");
}

static int add_table(struct fwc_parser *p)
{
	struct table_spec spec = { 0 };
	uint32_t family = parse_family(p);
	struct fwc_token at = p->lx.token;
	const char *name = fwc_parser_name(p, "table");
	struct fwc_table *t;
	int r = name ? 0 : -EINVAL;

	if (r == 0 && fwc_parser_is(p, "{"))
		r = parse_block(p, parse_table_statement, &spec);
	else if (r == 0 && fwc_ruleset_find_table(p->rs, family, name))
		return 0; /* adding what is there changes nothing */
	if (r < 0)
		return r;
	t = fwc_ruleset_add_table(p->rs, family, name, spec.flags);
	if (spec.comment)
		fwc_table_comment(t, spec.comment);
	return built(p, &at);
}

static int delete_table(struct fwc_parser *p)
{
	uint32_t family;
	struct fwc_token at;
	const char *name;

	if (fwc_parser_expect(p, "table") < 0)
		return -EINVAL;
	family = parse_family(p);
	at = p->lx.token;
	name = fwc_parser_name(p, "table");
	if (!name)
		return -EINVAL;
	fwc_ruleset_absent_table(p->rs, family, name);
	return built(p, &at);
}

/* ---- chains ---- */

struct chain_spec {
	bool is_base;
	struct fwc_base_opts base;
	const char *comment;
};

/* `devices = { "a", "b" }`, behind the first word. */
static int parse_device_list(struct fwc_parser *p, struct chain_spec *spec)
{
	fwc_cleanup(fwc_vec_free) struct fwc_vec names = { 0 };
	const char **copy;

	if (fwc_parser_expect(p, "=") < 0 || fwc_parser_expect(p, "{") < 0)
		return -EINVAL;
	do {
		const char *name = fwc_parser_text(p, "the name of a device");

		if (!name)
			return -EINVAL;
		if (fwc_vec_push(&names, (void *)(uintptr_t)name) < 0)
			return fwc_fail_memory(p->err);
	} while (fwc_parser_accept(p, ",") && !fwc_parser_is(p, "}"));
	if (fwc_parser_expect(p, "}") < 0)
		return -EINVAL;
	copy = fwc_arena_alloc(&p->rs->arena, (names.count + 1) * sizeof(*copy));
	if (!copy)
		return fwc_fail_memory(p->err);
	memcpy(copy, names.items, names.count * sizeof(*copy));
	spec->base.devices = copy;
	return 0;
}

static int parse_devices(struct fwc_parser *p, struct chain_spec *spec)
{
	if (fwc_parser_accept(p, "devices"))
		return parse_device_list(p, spec);
	if (!fwc_parser_accept(p, "device"))
		return 0;
	spec->base.device = fwc_parser_text(p, "the name of a device");
	return spec->base.device ? 0 : -EINVAL;
}

static int parse_hook(struct fwc_parser *p, struct chain_spec *spec)
{
	uint64_t type, hook;

	if (fwc_parser_symbol(p, fwc_words_chain_type, "a type of chain", &type) < 0 ||
	    fwc_parser_expect(p, "hook") < 0 ||
	    fwc_parser_symbol(p, fwc_words_hook, "a hook", &hook) < 0)
		return -EINVAL;
	spec->is_base = true;
	spec->base.type = (uint32_t)type;
	spec->base.hook = (uint32_t)hook;
	if (parse_devices(p, spec) < 0)
		return -EINVAL;
	if (fwc_parser_expect(p, "priority") < 0)
		return -EINVAL;
	spec->base.priority = fwc_parse_priority(p);
	return spec->base.priority ? 0 : -EINVAL;
}

static int parse_chain_statement(struct fwc_parser *p, void *ctx)
{
	static const struct fwc_symbol policies[] = { { "accept", FWC_VERDICT_ACCEPT },
						      { "drop", FWC_VERDICT_DROP },
						      { NULL, 0 } };
	struct chain_spec *spec = ctx;
	uint64_t policy;
	int r;

	if (fwc_parser_accept(p, "type"))
		return parse_hook(p, spec);
	if (fwc_parser_accept(p, "comment"))
		return fwc_parse_comment(p, &spec->comment);
	if (!fwc_parser_is(p, "policy"))
		return fwc_parser_expected(p, "'type', 'policy' or 'comment'");
	if (!spec->is_base)
		return fwc_parser_expected(p, "'type' first: only a base chain has a policy");
	fwc_lexer_next(&p->lx);
	r = fwc_parser_symbol(p, policies, "a policy", &policy);
	if (r == 0)
		spec->base.policy = (uint32_t)policy;
	return r;
}

static int add_chain(struct fwc_parser *p)
{
	struct chain_spec spec = { .base.size = sizeof(spec.base) };
	struct fwc_table *t = parse_table(p);
	struct fwc_token at = p->lx.token;
	const char *name = t ? fwc_parser_name(p, "chain") : NULL;
	struct fwc_chain *c;
	int r = name ? 0 : -EINVAL;

	if (r == 0 && fwc_parser_is(p, "{"))
		r = parse_block(p, parse_chain_statement, &spec);
	else if (r == 0 && fwc_table_find_chain(t, name))
		return 0;
	if (r < 0)
		return r;
	c = fwc_table_add_chain(t, name, spec.is_base ? &spec.base : NULL);
	if (spec.comment)
		fwc_chain_comment(c, spec.comment);
	return built(p, &at);
}

static int add_rule(struct fwc_parser *p)
{
	struct fwc_table *t = parse_table(p);
	struct fwc_token at = p->lx.token;
	const char *name = t ? fwc_parser_name(p, "chain") : NULL;
	struct fwc_chain *c = name ? fwc_table_find_chain(t, name) : NULL;
	struct fwc_rule *r;

	if (!name)
		return -EINVAL;
	if (!c)
		return fwc_parser_fail_at(p, &at, "chain %s was not added before", name);
	r = fwc_chain_append(c);
	return r ? fwc_parse_rule(p, r) : built(p, &at);
}

/* ---- sets ---- */

struct set_spec {
	struct fwc_set_opts opts;
	const char *key_type, *comment;
	struct fwc_stateful stateful;
	struct fwc_lexer elements; /* where they begin; read when the set is there */
	bool has_elements;
};

/* Words with dots between, up to `:` or the end of the statement. */
static const char *parse_types(struct fwc_parser *p)
{
	const char *copy;
	char text[256];
	struct fwc_buf out = fwc_buf_over(text, sizeof(text));

	do {
		const struct fwc_token *t = &p->lx.token;

		if (t->kind != FWC_TOKEN_WORD) {
			fwc_parser_expected(p, "a type such as 'ipv4_addr'");
			return NULL;
		}
		fwc_buf_puts(&out, out.len ? " . " : "");
		fwc_buf_add(&out, t->text, t->len);
		fwc_lexer_next(&p->lx);
	} while (fwc_parser_accept(p, "."));
	if (fwc_buf_finish(&out, NULL) < 0) {
		fwc_parser_expected(p, "fewer types");
		return NULL;
	}
	copy = fwc_arena_strdup(&p->rs->arena, text);
	if (!copy)
		fwc_fail_memory(p->err);
	return copy;
}

/* The words of fields, behind `typeof` or `:`. */
static const char *parse_typeof(struct fwc_parser *p)
{
	const char *begin = p->lx.token.text, *end, *copy;
	char text[320];
	struct fwc_buf out = fwc_buf_over(text, sizeof(text));

	if (!fwc_parse_fields(p))
		return NULL;
	end = p->lx.token.text;
	while (end > begin && strchr(" \t", end[-1]))
		end--;
	fwc_buf_printf(&out, "typeof %.*s", (int)(end - begin), begin);
	if (fwc_buf_finish(&out, NULL) < 0) {
		fwc_parser_expected(p, "fewer fields");
		return NULL;
	}
	copy = fwc_arena_strdup(&p->rs->arena, text);
	if (!copy)
		fwc_fail_memory(p->err);
	return copy;
}

static int parse_set_type(struct fwc_parser *p, struct set_spec *spec, bool fields)
{
	const struct fwc_object_words *object;

	spec->key_type = fields ? parse_typeof(p) : parse_types(p);
	if (!spec->key_type || !fwc_parser_accept(p, ":"))
		return spec->key_type ? 0 : -EINVAL;
	object = fwc_parse_object_kind(p);
	if (object) {
		spec->opts.data_type = object->name;
		return 0;
	}
	if (fwc_parser_accept(p, "interval"))
		spec->opts.flags |= FWC_SET_DATA_INTERVAL;
	fields &= !fwc_parser_is(p, "verdict");
	spec->opts.data_type = fields ? parse_typeof(p) : parse_types(p);
	return spec->opts.data_type ? 0 : -EINVAL;
}

/* Passes over `= { ... }`: elements have the set's types, which may come behind them. */
static int note_elements(struct fwc_parser *p, struct set_spec *spec)
{
	if (fwc_parser_expect(p, "=") < 0)
		return -EINVAL;
	if (!fwc_parser_is(p, "{"))
		return fwc_parser_expected(p, "'{'");
	spec->elements = p->lx;
	spec->has_elements = true;
	while (!fwc_parser_accept(p, "}")) {
		if (p->lx.token.kind == FWC_TOKEN_END || p->lx.token.kind == FWC_TOKEN_BAD)
			return fwc_parser_expected(p, "'}'");
		fwc_lexer_next(&p->lx);
	}
	return 0;
}

/* What elements keep: `counter quota 10 mbytes`. */
static int parse_set_targets(struct fwc_parser *p, struct set_spec *spec)
{
	int r = fwc_parse_stateful_into(p, &spec->stateful);

	if (r == 0)
		return fwc_parser_expected(
			p, "'type', 'typeof', 'flags', 'size', 'timeout', 'gc-interval', 'policy', "
			   "'auto-merge', 'comment', 'elements', or what elements keep: "
			   "'counter', 'quota', ...");
	while (r > 0)
		r = fwc_parse_stateful_into(p, &spec->stateful);
	return r;
}

static int parse_gc_interval(struct fwc_parser *p, struct set_spec *spec)
{
	struct fwc_token at = p->lx.token;
	uint64_t ms;
	int r = fwc_parser_time_ms(p, &ms);

	if (r == 0 && ms > UINT32_MAX)
		return fwc_parser_fail_at(p, &at, "an interval is at most %u milliseconds",
					  UINT32_MAX);
	spec->opts.gc_interval_ms = r == 0 ? (uint32_t)ms : 0;
	return r;
}

static int parse_set_statement(struct fwc_parser *p, void *ctx)
{
	static const struct fwc_symbol policies[] = {
		{ "performance", FWC_SET_POLICY_PERFORMANCE },
		{ "memory", FWC_SET_POLICY_MEMORY },
		{ NULL, 0 },
	};
	struct set_spec *spec = ctx;
	uint64_t number;
	int r;

	if (fwc_parser_accept(p, "type"))
		return parse_set_type(p, spec, false);
	if (fwc_parser_accept(p, "typeof"))
		return parse_set_type(p, spec, true);
	if (fwc_parser_accept(p, "flags"))
		return parse_flags(p, fwc_words_set_flag, &spec->opts.flags);
	if (fwc_parser_accept(p, "timeout"))
		return fwc_parser_time_ms(p, &spec->opts.timeout_ms);
	if (fwc_parser_accept(p, "comment"))
		return fwc_parse_comment(p, &spec->comment);
	if (fwc_parser_accept(p, "elements"))
		return note_elements(p, spec);
	if (fwc_parser_accept(p, "gc-interval"))
		return parse_gc_interval(p, spec);
	if (fwc_parser_accept(p, "auto-merge")) {
		spec->opts.flags |= FWC_SET_AUTO_MERGE;
		return 0;
	}
	if (fwc_parser_accept(p, "policy")) {
		r = fwc_parser_symbol(p, policies, "a policy", &number);
		spec->opts.policy = r == 0 ? (uint32_t)number : 0;
		return r;
	}
	if (!fwc_parser_accept(p, "size"))
		return parse_set_targets(p, spec);
	r = fwc_parser_number(p, "a number of elements", UINT32_MAX, &number);
	if (r == 0)
		spec->opts.max_elements = (uint32_t)number;
	return r;
}

static int add_set_or_map(struct fwc_parser *p, bool map)
{
	struct set_spec spec = { .opts.size = sizeof(spec.opts) };
	struct fwc_table *t = parse_table(p);
	struct fwc_token at = p->lx.token;
	const char *name = t ? fwc_parser_name(p, map ? "map" : "set") : NULL;
	struct fwc_lexer behind;
	struct fwc_set *s;
	int r;

	if (!name)
		return -EINVAL;
	if (!fwc_parser_is(p, "{"))
		return fwc_parser_expected(p, "'{ type ...; }'");
	if (parse_block(p, parse_set_statement, &spec) < 0)
		return -EINVAL;
	if (!spec.key_type || !spec.opts.data_type != !map)
		return fwc_parser_fail_at(p, &at, "%s needs 'type %s;'", name,
					  map ? "KEY : DATA" : "KEY");
	s = fwc_table_add_set(t, name, spec.key_type, &spec.opts);
	if (s)
		s->stateful = spec.stateful;
	if (spec.comment)
		fwc_set_comment(s, spec.comment);
	r = built(p, &at);
	if (r < 0 || !spec.has_elements)
		return r;
	behind = p->lx;
	p->lx = spec.elements;
	r = fwc_parse_elements(p, s);
	p->lx = r < 0 ? p->lx : behind;
	return r;
}

static int add_set(struct fwc_parser *p)
{
	return add_set_or_map(p, false);
}

static int add_map(struct fwc_parser *p)
{
	return add_set_or_map(p, true);
}

static int add_element(struct fwc_parser *p)
{
	struct fwc_table *t = parse_table(p);
	struct fwc_token at = p->lx.token;
	const char *name = t ? fwc_parser_name(p, "set") : NULL;
	struct fwc_set *s = name ? fwc_table_find_set(t, name) : NULL;

	if (!name)
		return -EINVAL;
	if (!s)
		return fwc_parser_fail_at(p, &at, "set %s was not added before", name);
	return fwc_parse_elements(p, s);
}

/* ---- objects ---- */

struct object_spec {
	struct fwc_target *what;
	struct fwc_slice bytes; /* of one that has no words */
	const char *comment;
};

static int parse_object_statement(struct fwc_parser *p, void *ctx)
{
	struct object_spec *spec = ctx;

	/* The kernel keeps nothing for programs with a flowtable. */
	if ((!spec->what || spec->what->type->kind != FWC_TARGET_FLOWTABLE) &&
	    fwc_parser_accept(p, "comment"))
		return fwc_parse_comment(p, &spec->comment);
	if (spec->what)
		return fwc_parse_object_statement(p, spec->what);
	return fwc_parser_expect(p, "opaque") < 0 ? -EINVAL : fwc_parse_bytes(p, &spec->bytes);
}

/* Behind the words of its kind. */
static int add_object(struct fwc_parser *p, const struct fwc_object_words *kind)
{
	struct object_spec spec = { .what = NULL };
	struct fwc_table *t = parse_table(p);
	struct fwc_token at = p->lx.token;
	const char *name = t ? fwc_parser_name(p, kind->name) : NULL;
	struct fwc_named *o;
	int r = name ? 0 : -EINVAL;

	if (r == 0) {
		spec.what = fwc_target_in(&p->rs->arena, fwc_object_kind_of(kind->type));
		r = spec.what ? 0 : fwc_fail_memory(p->err);
	}
	if (r == 0 && fwc_parser_is(p, "{"))
		r = parse_block(p, parse_object_statement, &spec);
	else if (r == 0 && !fwc_parser_at_end(p))
		r = fwc_parse_object_statement(p, spec.what);
	if (r == 0)
		r = fwc_parser_place(p, &at,
				     fwc_table_declare_object(t, name, spec.what, &o, p->err));
	if (r == 0 && spec.comment)
		r = fwc_label_set_comment(&p->rs->arena, &o->labels, spec.comment, p->err);
	return r;
}

/* `opaque 7 ip t o { opaque "0c00..."; }`: its kind by number. */
static int add_opaque_object(struct fwc_parser *p)
{
	struct object_spec spec = { .what = NULL };
	struct fwc_token at = p->lx.token;
	struct fwc_named *o;
	struct fwc_table *t;
	const char *name;
	uint64_t type;

	if (fwc_parser_number(p, "a kind of object", UINT32_MAX, &type) < 0)
		return -EINVAL;
	t = parse_table(p);
	at = p->lx.token;
	name = t ? fwc_parser_name(p, "object") : NULL;
	if (!name)
		return -EINVAL;
	if (!fwc_parser_is(p, "{"))
		return fwc_parser_expected(p, "'{'");
	if (parse_block(p, parse_object_statement, &spec) < 0)
		return -EINVAL;
	if (fwc_table_find_object(t, (uint32_t)type, name))
		return fwc_parser_fail_at(p, &at, "object %s is declared already", name);
	o = fwc_table_object_in(t, (uint32_t)type, name);
	if (!o)
		return fwc_fail_memory(p->err);
	o->data = spec.bytes;
	return spec.comment ? fwc_label_set_comment(&p->rs->arena, &o->labels, spec.comment, p->err)
			    : 0;
}

/* ---- commands ---- */

static int parse_add(struct fwc_parser *p)
{
	static const struct {
		const char *word;
		int (*fn)(struct fwc_parser *);
	} objects[] = {
		{ "table", add_table }, { "chain", add_chain }, { "rule", add_rule },
		{ "set", add_set },     { "map", add_map },     { "element", add_element },
	};

	const struct fwc_object_words *kind;

	for (size_t i = 0; i < FWC_ARRAY_SIZE(objects); i++)
		if (fwc_parser_accept(p, objects[i].word))
			return objects[i].fn(p);
	if (p->of_json && fwc_parser_accept(p, "opaque"))
		return add_opaque_object(p);
	kind = fwc_parse_object_kind(p);
	return kind ? add_object(p, kind)
		    : fwc_parser_expected(
			      p, "'table', 'chain', 'rule', 'set', 'map', 'element' or an object: "
				 "'counter', 'quota', 'limit', ...");
}

static int parse_command(struct fwc_parser *p)
{
	int r;

	if (fwc_parser_accept(p, "add"))
		r = parse_add(p);
	else if (fwc_parser_accept(p, "delete"))
		r = delete_table(p);
	else
		r = fwc_parser_expected(p, "a command: 'add' or 'delete table'");
	return r < 0 ? r : end_command(p);
}

struct fwc_ruleset *fwc_text_parse_commands(const char *text, size_t len, bool of_json,
					    struct fwc_error *err)
{
	struct fwc_ruleset *rs = fwc_ruleset_new();
	struct fwc_parser p;
	int r = 0;

	if (!rs) {
		fwc_fail_memory(err);
		return NULL;
	}
	fwc_parser_start(&p, rs, text, len, err);
	p.of_json = of_json;
	skip_separators(&p);
	while (r == 0 && p.lx.token.kind != FWC_TOKEN_END) {
		r = parse_command(&p);
		skip_separators(&p);
	}
	if (r == 0)
		return rs;
	fwc_ruleset_free(rs);
	return NULL;
}

struct fwc_ruleset *fwc_ruleset_parse(const char *text, size_t len, uint32_t syntax,
				      struct fwc_error *err)
{
	int r = 0;

	fwc_error_clear(err);
	if (!text && len)
		r = fwc_fail(err, -EINVAL, FWC_OBJECT_ARGUMENT, "a text is needed");
	else if (syntax != FWC_SYNTAX_NFT && syntax != FWC_SYNTAX_JSON)
		r = fwc_fail(err, -EINVAL, FWC_OBJECT_ARGUMENT, FWC_SYNTAX_UNKNOWN, syntax);
	else if (len > FWC_TEXT_MOST)
		r = fwc_fail(err, -EINVAL, FWC_OBJECT_TEXT,
			     "the text has %zu bytes: at most %d are taken", len, FWC_TEXT_MOST);
	if (r < 0)
		return NULL;
	text = text ? text : "";
	return syntax == FWC_SYNTAX_JSON ? fwc_json_parse_ruleset(text, len, err)
					 : fwc_text_parse_commands(text, len, false, err);
}
