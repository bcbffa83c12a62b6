/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Commands of iptables, collected: words and files become operations. */
#include <stdlib.h>

#include "iptables/command.h"
#include "iptables/forms.h"
#include "kernel/iptables.h"

#include <fwcore/ruleset.h>

struct fwc_iptables *fwc_iptables_new(uint32_t family)
{
	struct fwc_iptables *i;

	if (family != FWC_FAMILY_IP && family != FWC_FAMILY_IP6)
		return NULL;
	i = calloc(1, sizeof(*i));
	if (!i)
		return NULL;
	i->family = family;
	i->rs = fwc_ruleset_new();
	if (!i->rs) {
		free(i);
		return NULL;
	}
	return i;
}

void fwc_iptables_free(struct fwc_iptables *iptables)
{
	if (!iptables)
		return;
	fwc_vec_free(&iptables->operations);
	fwc_buf_free(&iptables->help);
	fwc_ruleset_free(iptables->rs);
	free(iptables);
}

uint32_t fwc_iptables_failed(const struct fwc_iptables *iptables)
{
	return iptables ? (unsigned char)iptables->failed : 0;
}

/* ---- operations ---- */

static struct fwc_table *table_of(struct fwc_iptables *i, const char *name, struct fwc_error *err)
{
	struct fwc_table *t = fwc_ruleset_lookup_table(i->rs, i->family, name);

	if (t)
		return t;
	if (!fwc_xt_is_table(i->family, name)) {
		fwc_fail(err, -ENOENT, FWC_OBJECT_TABLE, "table '%.64s' does not exist", name);
		return NULL;
	}
	t = fwc_ruleset_add_iptables_table(i->rs, i->family, name, 0);
	if (!t)
		fwc_fail_memory(err);
	return t;
}

static struct fwc_xt_operation *add_operation(struct fwc_iptables *i, struct fwc_table *t,
					      char letter, uint32_t line)
{
	struct fwc_xt_operation *op = fwc_arena_alloc(&i->rs->arena, sizeof(*op));

	if (!op || fwc_vec_push(&i->operations, op) < 0)
		return NULL;
	op->letter = letter;
	op->line = line;
	op->table = t;
	return op;
}

/* A text that may be missing, into the arena. False: out of memory. */
static bool keep(struct fwc_iptables *i, const char *text, const char **ret)
{
	*ret = text ? fwc_arena_strdup(&i->rs->arena, text) : NULL;
	return !text || *ret;
}

static const struct fwc_rule *make_rule(struct fwc_iptables *i, struct fwc_table *t,
					const char *chain, const struct fwc_xt_rule *x)
{
	struct fwc_chain *c = fwc_table_find_chain(t, chain);
	struct fwc_rule *r;

	(void)i;
	if (!c)
		c = fwc_table_chain_in(t, chain);
	r = c ? fwc_chain_rule_in(c) : NULL;
	return r && fwc_xt_add_items(r, x) == 0 ? r : NULL;
}

static int parse_policy(const char *name, uint32_t *ret, struct fwc_error *err)
{
	if (strcmp(name, "ACCEPT") != 0 && strcmp(name, "DROP") != 0)
		return fwc_fail(err, -ENXIO, FWC_OBJECT_TEXT,
				"'%.32s' is no policy: ACCEPT and DROP are", name);
	*ret = name[0] == 'A' ? FWC_VERDICT_ACCEPT : FWC_VERDICT_DROP;
	return 0;
}

static int add_one(struct fwc_iptables *i, struct fwc_table *t, const struct fwc_xt_command *c,
		   const struct fwc_xt_rule *x, uint32_t line, struct fwc_error *err)
{
	struct fwc_xt_operation *op = add_operation(i, t, c->letter, line);

	if (!op || !keep(i, c->chain, &op->chain) || !keep(i, c->name, &op->name) ||
	    !keep(i, x->chain, &op->target))
		return fwc_fail_memory(err);
	op->zero = c->zero;
	op->list = c->list;
	op->number = c->number;
	op->counted = c->counted;
	op->packets = x->packets;
	op->bytes = x->bytes;
	if (c->letter == 'P')
		return parse_policy(c->name, &op->policy, err);
	if (strchr("AIRC", c->letter) || (c->letter == 'D' && !c->number)) {
		op->rule = make_rule(i, t, c->chain, x);
		if (!op->rule)
			return fwc_fail_memory(err);
	}
	return 0;
}

/* A rule for each source with each destination. */
static int add_command(struct fwc_iptables *i, struct fwc_table *t, const struct fwc_xt_command *c,
		       const struct fwc_xt_rule *x, uint32_t line, struct fwc_error *err)
{
	struct fwc_xt_rule one = *x;
	int r = 0;

	for (size_t s = 0; r == 0 && s <= c->more_sources.count; s++) {
		one.source = s ? *(struct fwc_xt_prefix *)c->more_sources.items[s - 1] : x->source;
		for (size_t d = 0; r == 0 && d <= c->more_destinations.count; d++) {
			one.destination =
				d ? *(struct fwc_xt_prefix *)c->more_destinations.items[d - 1]
				  : x->destination;
			r = add_one(i, t, c, &one, line, err);
		}
	}
	return r;
}

/* ---- words ---- */

static void add_help(struct fwc_iptables *i, const struct fwc_xt_row *row)
{
	fwc_buf_printf(&i->help, "\n%s %s options:\n", row->name,
		       row->is_target ? "target" : "match");
	for (size_t n = 0; n < row->count; n++) {
		const struct fwc_xt_option *o = &row->options[n];

		fwc_buf_printf(&i->help, "  %s--%s", o->inverted.mask ? "[!] " : "", o->name);
		for (unsigned int word = 0; word < o->form->words; word++)
			fwc_buf_puts(&i->help, " VALUE");
		fwc_buf_puts(&i->help, "\n");
	}
}

/* About the extensions of a rule. */
static void keep_help(struct fwc_iptables *i, const struct fwc_xt_rule *x)
{
	const char *name = x->proto ? fwc_xt_protocol_name(x->proto) : NULL;
	const struct fwc_xt_row *row = name ? fwc_xt_find(name, false, i->family) : NULL;

	fwc_buf_free(&i->help);
	i->help = (struct fwc_buf){ 0 };
	fwc_buf_puts(&i->help, "");
	if (row)
		add_help(i, row);
	for (size_t n = 0; n < x->matches.count; n++)
		add_help(i, ((const struct fwc_xt_use *)x->matches.items[n])->row);
	if (x->target)
		add_help(i, x->target->row);
}

int fwc_iptables_help(const struct fwc_iptables *iptables, char **ret, struct fwc_error *err)
{
	char *text;

	fwc_error_clear(err);
	if (!iptables || !ret)
		return fwc_fail(err, -EINVAL, FWC_OBJECT_ARGUMENT,
				"a list of commands and a place for the text are needed");
	text = iptables->help.failed ? NULL
				     : strdup(iptables->help.data ? iptables->help.data : "");
	if (!text)
		return fwc_fail_memory(err);
	*ret = text;
	return 0;
}

int fwc_iptables_add_words(struct fwc_iptables *iptables, const char *const *words, size_t count,
			   struct fwc_error *err)
{
	struct fwc_xt_command c = { .letter = '\0' };
	struct fwc_xt_rule x = { 0 };
	struct fwc_table *t;
	size_t before;
	int r;

	fwc_error_clear(err);
	if (!iptables || (!words && count))
		return fwc_fail(err, -EINVAL, FWC_OBJECT_ARGUMENT,
				"there are no commands, or no words");
	before = iptables->operations.count;
	x.family = iptables->family;
	r = fwc_xt_parse_command(words, count, &x, &c, err);
	if (r == 0 && c.help)
		keep_help(iptables, &x);
	if (r == 0 && (c.help || c.version)) {
		r = c.help ? FWC_IPTABLES_HELP : FWC_IPTABLES_VERSION;
	} else if (r == 0) {
		t = table_of(iptables, c.table ? c.table : "filter", err);
		r = t ? add_command(iptables, t, &c, &x, 0, err) : err ? err->code : -ENOENT;
	}
	if (r != 0)
		iptables->operations.count = before;
	fwc_xt_command_free(&c);
	fwc_xt_rule_free(&x);
	return r;
}

/* ---- files ---- */

struct file {
	struct fwc_iptables *commands;
	uint32_t flags; /* enum fwc_iptables_file_flags */
	const char *only; /* NULL: all tables */
	struct fwc_table *table; /* NULL: between tables */
	bool skipped; /* the table is not wanted */
	bool declaration; /* chains and -A alone */
	uint32_t line;
	struct fwc_error *err;
};

static int take_table_line(struct file *f, const char *name, size_t len)
{
	struct fwc_xt_operation *op;
	char text[64];

	while (len && strchr(" \t\r", name[len - 1]))
		len--;
	if (len >= sizeof(text))
		len = sizeof(text) - 1;
	memcpy(text, name, len);
	text[len] = '\0';
	f->skipped = f->only && strcmp(f->only, text) != 0;
	f->table = table_of(f->commands, text, f->err);
	if (!f->table)
		return f->err ? f->err->code : -ENOENT;
	if (f->skipped || f->flags & FWC_IPTABLES_NOFLUSH)
		return 0;
	op = add_operation(f->commands, f->table, '*', f->line);
	if (!op)
		return fwc_fail_memory(f->err);
	op->list = f->flags & FWC_IPTABLES_VERBOSE ? FWC_XT_LIST_VERBOSE : 0;
	return 0;
}

/* "[3:180]" */
static bool scan_counters(const char *text, uint64_t *ret_packets, uint64_t *ret_bytes)
{
	const char *end;

	return text[0] == '[' && fwc_xt_scan(text + 1, 0, UINT64_MAX, ret_packets, &end) &&
	       *end == ':' && fwc_xt_scan(end + 1, 0, UINT64_MAX, ret_bytes, &end) &&
	       !strcmp(end, "]");
}

/* :NAME POLICY [PACKETS:BYTES] */
static int take_chain_line(struct file *f, const char *text, size_t len)
{
	struct fwc_iptables *i = f->commands;
	struct fwc_xt_operation *op = add_operation(i, f->table, ':', f->line);
	char *copy = fwc_arena_alloc(&i->rs->arena, len + 1);
	const char *policy, *counters;
	char *rest = copy;
	int r;

	if (!op || !copy)
		return fwc_fail_memory(f->err);
	memcpy(copy, text, len);
	op->chain = strtok_r(copy, " \t\r", &rest);
	policy = strtok_r(NULL, " \t\r", &rest);
	counters = strtok_r(NULL, " \t\r", &rest);
	r = fwc_check_name("chain", op->chain, f->err);
	if (r < 0)
		return r;
	if (!policy)
		return fwc_fail(
			f->err, -EINVAL, FWC_OBJECT_TEXT,
			"chain '%.64s' has no policy: ACCEPT, DROP, or - for a user's chain",
			op->chain);
	op->counted = f->flags & FWC_IPTABLES_COUNTERS && strcmp(policy, "-") != 0;
	if (op->counted && (!counters || !scan_counters(counters, &op->packets, &op->bytes)))
		return fwc_fail(f->err, -EINVAL, FWC_OBJECT_TEXT,
				"invalid policy counters for chain '%.64s': [PACKETS:BYTES]",
				op->chain);
	return strcmp(policy, "-") != 0 ? parse_policy(policy, &op->policy, f->err) : 0;
}

static int take_command_line(struct file *f, const char *text, size_t len)
{
	struct fwc_xt_rule x = { .family = f->commands->family };
	struct fwc_xt_command c = { .letter = '\0' };
	int r = fwc_xt_parse_command_line(text, len, &x, &c, f->err);

	/* As there: with NOFLUSH nothing is told. */
	if (f->flags & FWC_IPTABLES_VERBOSE && !(f->flags & FWC_IPTABLES_NOFLUSH))
		c.list |= FWC_XT_LIST_VERBOSE;
	if (!(f->flags & FWC_IPTABLES_COUNTERS) && !c.counted)
		x.packets = x.bytes = 0;
	if (r == 0 && f->declaration && c.letter && c.letter != 'A')
		r = fwc_fail(f->err, -EINVAL, FWC_OBJECT_TEXT,
			     "-%c is no declaration: a file of iptables-save has chains and -A",
			     c.letter);
	if (r == 0 && c.letter)
		r = add_command(f->commands, f->table, &c, &x, f->line, f->err);
	fwc_xt_command_free(&c);
	fwc_xt_rule_free(&x);
	return r;
}

static int take_line(struct file *f, const char *text, size_t len)
{
	if (len && text[len - 1] == '\r')
		len--;
	if (!len || text[0] == '#')
		return 0;
	if (!f->table && text[0] == '*')
		return take_table_line(f, text + 1, len - 1);
	if (!f->table)
		return fwc_fail(
			f->err, -EBADMSG, FWC_OBJECT_TEXT,
			"line %u failed: it is outside of a table, which *NAME begins and COMMIT ends",
			f->line);
	if (len == 6 && !memcmp(text, "COMMIT", len)) {
		f->table = NULL;
		return 0;
	}
	if (f->skipped)
		return 0;
	return text[0] == ':' ? take_chain_line(f, text + 1, len - 1)
			      : take_command_line(f, text, len);
}

static int take_file(struct file *f, const char *text, size_t len)
{
	const char *end = text + len;
	int r = 0;

	for (const char *at = text; at < end && r == 0;) {
		const char *stop = memchr(at, '\n', (size_t)(end - at));

		f->line++;
		stop = stop ? stop : end;
		r = take_line(f, at, (size_t)(stop - at));
		at = stop + 1;
	}
	if (r == 0 && f->table) {
		f->line++;
		r = fwc_fail(f->err, -EBADMSG, FWC_OBJECT_TEXT, "COMMIT expected at line %u",
			     f->line);
	}
	if (r < 0 && f->err)
		f->err->line = f->line;
	return r;
}

int fwc_iptables_add_file(struct fwc_iptables *iptables, const char *text, size_t len,
			  const struct fwc_iptables_file_opts *opts, struct fwc_error *err)
{
	const uint32_t known = FWC_IPTABLES_NOFLUSH | FWC_IPTABLES_COUNTERS | FWC_IPTABLES_VERBOSE;
	struct fwc_error local;
	struct file f = { .commands = iptables, .err = err ? err : &local };
	size_t before;
	int r;

	fwc_error_clear(err);
	r = fwc_opts_check(opts, sizeof(*opts), err);
	if (r < 0)
		return r;
	f.flags = fwc_opts_get(opts, flags, 0u);
	f.only = fwc_opts_get(opts, table, NULL);
	if (!iptables || (!text && len) || f.flags & ~known || fwc_opts_get(opts, reserved, 0u))
		return fwc_fail(err, -EINVAL, FWC_OBJECT_ARGUMENT,
				"a list of commands, a text and flags of 0x%x are needed", known);
	before = iptables->operations.count;
	r = take_file(&f, text ? text : "", len);
	if (r < 0)
		iptables->operations.count = before;
	return r;
}

/* ---- as a declaration ---- */

/* What is said about chains; rules are in the ruleset already, but in tables that are named twice. */
static int declare(struct fwc_iptables *i, struct fwc_error *err)
{
	for (size_t n = 0; n < i->operations.count; n++) {
		const struct fwc_xt_operation *op = i->operations.items[n];
		struct fwc_chain *c = op->chain ? fwc_table_find_chain(op->table, op->chain) : NULL;

		if (op->letter == ':' && !c && !(c = fwc_table_chain_in(op->table, op->chain)))
			return fwc_fail_memory(err);
		if (op->letter != ':' || !c->is_base)
			continue;
		if (op->policy)
			c->policy = op->policy;
		c->counted = op->counted;
		c->packets = op->packets;
		c->bytes = op->bytes;
	}
	return 0;
}

struct fwc_ruleset *fwc_ruleset_parse_iptables(uint32_t family, const char *text, size_t len,
					       struct fwc_error *err)
{
	struct fwc_iptables *i = fwc_iptables_new(family);
	struct fwc_error local;
	struct file f = {
		.commands = i,
		.flags = FWC_IPTABLES_NOFLUSH | FWC_IPTABLES_COUNTERS,
		.declaration = true,
		.err = err ? err : &local,
	};
	struct fwc_ruleset *rs = NULL;
	int r;

	fwc_error_clear(err);
	if (!text && len)
		r = fwc_fail(err, -EINVAL, FWC_OBJECT_ARGUMENT, "a text is needed");
	else if (!i)
		r = fwc_fail(err, -EINVAL, FWC_OBJECT_ARGUMENT,
			     "family %u is not ip or ip6, or there is no memory", family);
	else
		r = take_file(&f, text ? text : "", len);
	if (r == 0 && declare(i, err) == 0)
		rs = fwc_take(i->rs);
	fwc_iptables_free(i);
	return rs;
}
