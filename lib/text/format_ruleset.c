/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Chains, tables and whole rulesets: as `nft list ruleset` prints them, or as commands. */
#include <stdio.h>

#include "fields/hooks.h"
#include "iptables/iptables.h"
#include "text/format.h"
#include "text/json/json.h"
#include "text/words.h"

static void format_handle(uint64_t handle, uint32_t flags, struct fwc_buf *out)
{
	if (flags & FWC_FORMAT_HANDLES)
		fwc_buf_printf(out, " # handle %llu", (unsigned long long)handle);
}

/* ---- chains ---- */

static void format_devices(const struct fwc_chain *c, struct fwc_buf *out)
{
	if (c->device_count == 1)
		fwc_buf_printf(out, "device \"%s\" ", c->devices[0]);
	if (c->device_count < 2)
		return;
	for (size_t i = 0; i < c->device_count; i++)
		fwc_buf_printf(out, "%s\"%s\"", i ? ", " : "devices = { ", c->devices[i]);
	fwc_buf_puts(out, " } ");
}

void fwc_text_format_chain_head(const struct fwc_chain *c, struct fwc_buf *out)
{
	const char *type = fwc_chain_type_name(c->type);
	const char *hook = c->type ? fwc_hook_name(c->hook) : NULL;

	fwc_buf_printf(out, "type %s hook %s ", type ? type : c->type_name, hook ? hook : "?");
	format_devices(c, out);
	fwc_buf_puts(out, "priority ");
	fwc_priority_format(c->priority, c->table->family, c->hook, out);
	fwc_buf_puts(out, "; policy ");
	fwc_format_verdict(c->policy, NULL, out);
	fwc_buf_puts(out, ";");
}

static bool has_head(const struct fwc_chain *c)
{
	return c->is_base && (c->type || c->type_name);
}

void fwc_text_format_chain(const struct fwc_chain *c, uint32_t flags, struct fwc_buf *out)
{
	fwc_buf_printf(out, "\tchain %s {", c->name);
	format_handle(c->handle, flags, out);
	fwc_buf_puts(out, "\n");
	if (c->labels && c->labels->comment)
		fwc_buf_printf(out, "\t\tcomment \"%s\"\n", c->labels->comment);
	if (has_head(c)) {
		fwc_buf_puts(out, "\t\t");
		fwc_text_format_chain_head(c, out);
		fwc_buf_puts(out, "\n");
	}
	for (size_t i = 0; i < c->rules.count; i++) {
		const struct fwc_rule *r = c->rules.items[i];

		fwc_buf_puts(out, "\t\t");
		fwc_format_rule(r, flags & FWC_FORMAT_STATELESS, 2, out);
		format_handle(r->handle, flags, out);
		fwc_buf_puts(out, "\n");
	}
	fwc_buf_puts(out, "\t}\n");
}

/* ---- tables ---- */

/* `shared` is ours. nft refuses it, and must: it would take the table for its own. */
enum { SHOWN_FLAGS = FWC_TABLE_DORMANT | FWC_TABLE_OWNER | FWC_TABLE_PERSIST };

static void format_flags(uint32_t flags, struct fwc_buf *out)
{
	const char *separator = "";

	for (const struct fwc_symbol *w = fwc_words_table_flag; w->name; w++)
		if (flags & w->value) {
			fwc_buf_printf(out, "%s%s", separator, w->name);
			separator = ",";
		}
}

/* ---- as `nft list ruleset` ---- */

/* nft lists flowtables after the sets, other objects before them. */
static const char *format_objects(const struct fwc_table *t, bool flowtables, uint32_t flags,
				  const char *between, struct fwc_buf *out)
{
	for (size_t i = 0; i < t->objects.count; i++) {
		const struct fwc_named *o = t->objects.items[i];

		if ((o->type == FWC_OBJECT_TYPE_FLOWTABLE) != flowtables)
			continue;
		fwc_buf_puts(out, between);
		fwc_format_object(o, flags, out);
		between = "\n";
	}
	return between;
}

static void format_table(const struct fwc_table *t, uint32_t flags, struct fwc_buf *out)
{
	const char *between = "";

	fwc_buf_printf(out, "table %s %s {", fwc_family_name(t->family), t->name);
	format_handle(t->handle, flags, out);
	fwc_buf_puts(out, "\n");
	if (t->flags & SHOWN_FLAGS) {
		fwc_buf_puts(out, "\tflags ");
		format_flags(t->flags & SHOWN_FLAGS, out);
		fwc_buf_puts(out, "\n");
		between = "\n";
	}
	if (t->labels && t->labels->comment)
		fwc_buf_printf(out, "\tcomment \"%s\"\n", t->labels->comment);
	between = format_objects(t, false, flags, between, out);
	for (size_t i = 0; i < t->sets.count; i++, between = "\n") {
		fwc_buf_puts(out, between);
		fwc_text_format_set(t->sets.items[i], flags, out);
	}
	between = format_objects(t, true, flags, between, out);
	for (size_t i = 0; i < t->chains.count; i++, between = "\n") {
		fwc_buf_puts(out, between);
		fwc_text_format_chain(t->chains.items[i], flags, out);
	}
	fwc_buf_puts(out, "}\n");
}

/* ---- as commands ---- */

static void format_table_command(const struct fwc_table *t, const char *where, struct fwc_buf *out)
{
	const char *comment = t->labels ? t->labels->comment : NULL;

	fwc_buf_printf(out, "add table %s", where);
	if (t->flags || comment) {
		fwc_buf_puts(out, " {");
		if (t->flags) {
			fwc_buf_puts(out, " flags ");
			format_flags(t->flags, out);
			fwc_buf_puts(out, ";");
		}
		if (comment)
			fwc_buf_printf(out, " comment \"%s\";", comment);
		fwc_buf_puts(out, " }");
	}
	fwc_buf_puts(out, "\n");
}

static void format_chain_command(const struct fwc_chain *c, const char *where, struct fwc_buf *out)
{
	const char *comment = c->labels ? c->labels->comment : NULL;

	fwc_buf_printf(out, "add chain %s %s", where, c->name);
	if (has_head(c) || comment) {
		fwc_buf_puts(out, " { ");
		if (has_head(c))
			fwc_text_format_chain_head(c, out);
		if (comment)
			fwc_buf_printf(out, "%scomment \"%s\";", has_head(c) ? " " : "", comment);
		fwc_buf_puts(out, " }");
	}
	fwc_buf_puts(out, "\n");
}

static void format_rule_commands(const struct fwc_chain *c, uint32_t flags, const char *where,
				 struct fwc_buf *out)
{
	for (size_t i = 0; i < c->rules.count; i++) {
		const struct fwc_rule *r = c->rules.items[i];

		fwc_buf_printf(out, "add rule %s %s ", where, c->name);
		fwc_text_format_rule(r, flags & FWC_FORMAT_STATELESS, out);
		format_handle(r->handle, flags, out);
		fwc_buf_puts(out, "\n");
	}
}

/* Chains come first: verdict maps and rules jump to them. */
static void format_table_commands(const struct fwc_table *t, uint32_t flags, struct fwc_buf *out)
{
	char where[160];

	snprintf(where, sizeof(where), "%s %s", fwc_family_name(t->family), t->name);
	if (t->absent) {
		fwc_buf_printf(out, "delete table %s\n", where);
		return;
	}
	format_table_command(t, where, out);
	for (size_t i = 0; i < t->objects.count; i++) {
		fwc_text_format_object_command(t->objects.items[i], "add", true,
					       flags & FWC_FORMAT_STATELESS, out);
		fwc_buf_puts(out, "\n");
	}
	for (size_t i = 0; i < t->chains.count; i++)
		format_chain_command(t->chains.items[i], where, out);
	for (size_t i = 0; i < t->sets.count; i++)
		fwc_format_set_commands(t->sets.items[i], flags, where, out);
	for (size_t i = 0; i < t->chains.count; i++)
		format_rule_commands(t->chains.items[i], flags, where, out);
}

/* ---- rulesets ---- */

static int check(const struct fwc_ruleset *rs, uint32_t syntax, uint32_t flags, char **ret,
		 struct fwc_error *err)
{
	const uint32_t known = FWC_FORMAT_STATELESS | FWC_FORMAT_HANDLES | FWC_FORMAT_COMMANDS;

	if (!rs || !ret)
		return fwc_fail(err, -EINVAL, FWC_OBJECT_ARGUMENT,
				"a ruleset and a place for its text are needed");
	if (syntax < FWC_SYNTAX_NFT || syntax > FWC_SYNTAX_IPTABLES)
		return fwc_fail(
			err, -EINVAL, FWC_OBJECT_ARGUMENT,
			"syntax %u is not known: FWC_SYNTAX_NFT (1), JSON (2) and IPTABLES (3) are",
			syntax);
	if (flags & ~known)
		return fwc_fail(err, -EINVAL, FWC_OBJECT_ARGUMENT,
				"flags 0x%x are not known: only 0x%x are", flags & ~known, known);
	return fwc_ruleset_error(rs, err);
}

static void format_tables(const struct fwc_ruleset *rs, uint32_t flags, struct fwc_buf *out)
{
	fwc_buf_puts(out, ""); /* no tables are an empty text, not none */
	for (size_t i = 0; i < rs->tables.count; i++) {
		const struct fwc_table *t = rs->tables.items[i];

		if (flags & FWC_FORMAT_COMMANDS)
			format_table_commands(t, flags, out);
		else if (!t->absent)
			format_table(t, flags, out);
	}
}

/* One of that name without a base chain may be another one's, and iptables takes it for its own. */
static bool is_of_iptables(const struct fwc_table *t)
{
	if (t->is_iptables || !fwc_xt_is_table(t->family, t->name))
		return t->is_iptables;
	for (size_t i = 0; i < t->chains.count; i++)
		if (((const struct fwc_chain *)t->chains.items[i])->is_base)
			return false;
	return true;
}

/* The form has no word for the family: the first table of iptables says it. */
static int format_iptables(const struct fwc_ruleset *rs, uint32_t flags, struct fwc_buf *out,
			   struct fwc_error *err)
{
	/* As iptables-save has them, whatever was made first. */
	static const char *const order[] = { "mangle", "security", "raw", "filter", "nat" };
	uint32_t family = FWC_FAMILY_ANY;
	int r = 0;

	fwc_buf_puts(out, "");
	for (size_t i = 0; r == 0 && i < rs->tables.count * (FWC_ARRAY_SIZE(order) + 1); i++) {
		const struct fwc_table *t = rs->tables.items[i % rs->tables.count];
		size_t turn = i / rs->tables.count;

		if (t->absent)
			continue;
		if (!is_of_iptables(t) && turn == 0)
			fwc_buf_printf(out, "# table %s %s is none of iptables\n",
				       fwc_family_name(t->family), t->name);
		if (!is_of_iptables(t) || turn == 0 || strcmp(t->name, order[turn - 1]) != 0)
			continue;
		if (family != FWC_FAMILY_ANY && family != t->family)
			return fwc_fail(
				err, -EINVAL, FWC_OBJECT_RULESET,
				"tables of iptables are written for one family, and these are of %s and %s",
				fwc_family_name(family), fwc_family_name(t->family));
		family = t->family;
		r = fwc_xt_format_table(t, flags, out, err);
	}
	return r;
}

int fwc_ruleset_format(const struct fwc_ruleset *ruleset, uint32_t syntax, uint32_t flags,
		       char **ret, size_t *ret_len, struct fwc_error *err)
{
	fwc_cleanup(fwc_buf_free) struct fwc_buf out = { 0 };
	int r;

	fwc_error_clear(err);
	r = check(ruleset, syntax, flags, ret, err);
	if (r < 0)
		return r;
	if (syntax == FWC_SYNTAX_JSON)
		r = fwc_json_format_ruleset(ruleset, flags, &out, err);
	else if (syntax == FWC_SYNTAX_IPTABLES)
		r = format_iptables(ruleset, flags, &out, err);
	else
		format_tables(ruleset, flags, &out);
	if (r < 0)
		return r;
	r = fwc_ruleset_error(ruleset, err); /* a loaded rule is decoded when it is printed */
	if (r < 0)
		return r;
	if (fwc_buf_finish(&out, ret_len) < 0)
		return fwc_fail_memory(err);
	*ret = out.data;
	out.data = NULL;
	return 0;
}

static int format_json(const struct fwc_rule *rule, struct fwc_buf *out, size_t *ret_needed)
{
	struct fwc_json j = { .out = out };

	int r;

	fwc_json_rule(&j, rule);
	r = fwc_ruleset_error(rule->chain->table->ruleset, NULL);
	if (r < 0)
		return r;
	return j.bad_text ? -EILSEQ : fwc_buf_finish(out, ret_needed);
}

int fwc_rule_format(const struct fwc_rule *rule, uint32_t syntax, char *buf, size_t size,
		    size_t *ret_needed)
{
	const struct fwc_ruleset *rs;
	struct fwc_buf out;
	int r;

	if (!rule || syntax < FWC_SYNTAX_NFT || syntax > FWC_SYNTAX_IPTABLES || (size && !buf))
		return -EINVAL;
	out = fwc_buf_over(buf, size);
	rs = rule->chain->table->ruleset;
	/* A rule that lost a match would read as one that matches more: now, or when it is decoded. */
	if (fwc_ruleset_error(rs, NULL) == 0 && syntax == FWC_SYNTAX_JSON)
		return format_json(rule, &out, ret_needed);
	if (fwc_ruleset_error(rs, NULL) == 0 && syntax == FWC_SYNTAX_IPTABLES) {
		r = fwc_xt_format_rule(rule, &out, NULL);
		if (r < 0)
			return r;
	} else if (fwc_ruleset_error(rs, NULL) == 0)
		fwc_text_format_rule(rule, false, &out);
	r = fwc_ruleset_error(rs, NULL);
	return r < 0 ? r : fwc_buf_finish(&out, ret_needed);
}

int fwc_element_format(const struct fwc_element *element, char *buf, size_t size,
		       size_t *ret_needed)
{
	struct fwc_buf out;

	if (!element || (size && !buf))
		return -EINVAL;
	out = fwc_buf_over(buf, size);
	fwc_text_format_element(element, &out);
	return fwc_buf_finish(&out, ret_needed);
}
