/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Rules, chains, sets, objects, tables and whole rulesets. */
#include "fields/hooks.h"
#include <netinet/in.h>

#include "fields/objects.h"
#include "fields/timeouts.h"
#include "text/format.h"
#include "text/json/json.h"
#include "text/words.h"

/* ---- what all have ---- */

/* {"chain":{"family":...,"table":... : within {"add":...} where the ruleset is written as commands. */
static void open_entry(struct fwc_json *j, const char *kind, const struct fwc_table *t,
		       const char *name)
{
	if (j->flags & FWC_FORMAT_COMMANDS) {
		fwc_json_open(j, "{");
		fwc_json_key(j, t->absent ? "delete" : "add");
	}
	fwc_json_open(j, "{");
	fwc_json_key(j, kind);
	fwc_json_open(j, "{");
	fwc_json_put_string(j, "family", fwc_family_name(t->family));
	if (name) {
		fwc_json_put_string(j, "table", t->name);
		fwc_json_put_string(j, "name", name);
	} else {
		fwc_json_put_string(j, "name", t->name);
	}
}

static void close_entry(struct fwc_json *j)
{
	fwc_json_close(j, "}");
	fwc_json_close(j, "}");
	if (j->flags & FWC_FORMAT_COMMANDS)
		fwc_json_close(j, "}");
}

static void put_handle(struct fwc_json *j, uint64_t handle)
{
	if (j->flags & FWC_FORMAT_HANDLES)
		fwc_json_put_number(j, "handle", handle);
}

static void put_comment(struct fwc_json *j, const struct fwc_labels *l)
{
	if (l && l->comment)
		fwc_json_put_string(j, "comment", l->comment);
}

/* Bytes that have no name here, as hexadecimal digits. */
static void put_bytes(struct fwc_json *j, const char *key, const uint8_t *bytes, size_t len)
{
	static const char digits[] = "0123456789abcdef";

	fwc_json_key(j, key);
	fwc_buf_puts(j->out, "\"");
	for (size_t i = 0; i < len; i++) {
		const char pair[] = { digits[bytes[i] >> 4], digits[bytes[i] & 15] };

		fwc_buf_add(j->out, pair, sizeof(pair));
	}
	fwc_buf_puts(j->out, "\"");
	j->comma = true;
}

/* ---- rules ---- */

/* {"opaque":{"name":"xt","bytes":"..."}}: nft has nothing that would read it back, we do. */
static void put_opaque(struct fwc_json *j, const struct fwc_item *i)
{
	const char *name = fwc_format_opaque_name(i);

	fwc_json_open(j, "{");
	fwc_json_key(j, "opaque");
	fwc_json_open(j, "{");
	fwc_json_put_string(j, "name", name ? name : "?");
	put_bytes(j, "bytes", i->bytes, i->len);
	fwc_json_close(j, "}");
	fwc_json_close(j, "}");
}

/* {"xt":{...}}, as nft writes it, with what it does not say: which it is. */
static void put_extension(struct fwc_json *j, const struct fwc_extension *e)
{
	fwc_json_open(j, "{");
	fwc_json_key(j, "xt");
	fwc_json_open(j, "{");
	fwc_json_put_string(j, "type", e->is_target ? "target" : "match");
	fwc_json_put_string(j, "name", e->name);
	fwc_json_put_number(j, "revision", e->revision);
	put_bytes(j, "bytes", e->info, e->len);
	fwc_json_close(j, "}");
	fwc_json_close(j, "}");
}

/* As nft writes what its JSON has no form for: a text, in the words of its language. */
static void put_words(struct fwc_json *j, const struct fwc_item *i)
{
	fwc_cleanup(fwc_buf_free) struct fwc_buf words = { 0 };

	if (i->kind == FWC_ITEM_MATCH)
		fwc_format_match(i, &words);
	else
		fwc_format_target(j->rule, i->target, j->flags & FWC_FORMAT_STATELESS, &words);
	if (words.failed)
		j->out->failed = true;
	else
		fwc_json_text(j, words.data, words.len);
}

static void put_item(struct fwc_json *j, const struct fwc_item *i)
{
	size_t before = j->out->len;
	bool comma = j->comma;

	if (i->kind == FWC_ITEM_OPAQUE) {
		put_opaque(j, i);
		return;
	}
	if (i->kind == FWC_ITEM_EXTENSION) {
		put_extension(j, i->extension);
		return;
	}
	j->no_form = false;
	if (i->kind == FWC_ITEM_MATCH)
		fwc_json_match(j, i);
	else
		fwc_json_target(j, i->target);
	if (!j->no_form)
		return;
	j->out->len = before;
	j->comma = comma;
	put_words(j, i);
}

static void put_items(struct fwc_json *j, const struct fwc_rule *r)
{
	fwc_json_key(j, "expr");
	fwc_json_open(j, "[");
	for (const struct fwc_item *i = fwc_rule_items(r); i; i = i->next)
		if (!fwc_format_is_implied(i))
			put_item(j, i);
	fwc_json_close(j, "]");
}

static void put_rule_keys(struct fwc_json *j, const struct fwc_rule *r)
{
	j->rule = r;
	put_comment(j, r->labels);
	put_items(j, r);
	j->rule = NULL;
}

void fwc_json_rule(struct fwc_json *j, const struct fwc_rule *r)
{
	fwc_json_open(j, "{");
	put_rule_keys(j, r);
	fwc_json_close(j, "}");
}

static void put_rule(struct fwc_json *j, const struct fwc_rule *r)
{
	const struct fwc_table *t = r->chain->table;

	if (j->flags & FWC_FORMAT_COMMANDS) {
		fwc_json_open(j, "{");
		fwc_json_key(j, "add");
	}
	fwc_json_open(j, "{");
	fwc_json_key(j, "rule");
	fwc_json_open(j, "{");
	fwc_json_put_string(j, "family", fwc_family_name(t->family));
	fwc_json_put_string(j, "table", t->name);
	fwc_json_put_string(j, "chain", r->chain->name);
	put_handle(j, r->handle);
	put_rule_keys(j, r);
	close_entry(j);
}

/* ---- chains ---- */

static void put_base(struct fwc_json *j, const struct fwc_chain *c)
{
	const char *type = fwc_chain_type_name(c->type);
	const char *hook = c->type ? fwc_hook_name(c->hook) : NULL;
	char policy[16];
	struct fwc_buf out = fwc_buf_over(policy, sizeof(policy));

	fwc_json_put_string(j, "type", type ? type : c->type_name);
	fwc_json_put_string(j, "hook", hook ? hook : "?");
	fwc_json_key(j, "prio");
	fwc_json_integer(j, c->priority);
	if (c->device_count)
		fwc_json_key(j, "dev");
	if (c->device_count > 1)
		fwc_json_open(j, "[");
	for (size_t i = 0; i < c->device_count; i++)
		fwc_json_string(j, c->devices[i]);
	if (c->device_count > 1)
		fwc_json_close(j, "]");
	fwc_format_verdict(c->policy, NULL, &out);
	fwc_json_put_string(j, "policy", policy);
}

static void put_chain(struct fwc_json *j, const struct fwc_chain *c)
{
	open_entry(j, "chain", c->table, c->name);
	put_handle(j, c->handle);
	if (c->is_base && (c->type || c->type_name))
		put_base(j, c);
	put_comment(j, c->labels);
	close_entry(j);
}

/* ---- sets ---- */

static void put_types(struct fwc_json *j, const char *key, const struct fwc_type *const *types,
		      size_t count)
{
	fwc_json_key(j, key);
	if (count > 1)
		fwc_json_open(j, "[");
	for (size_t i = 0; i < count; i++)
		fwc_json_string(j, types[i]->name);
	if (count > 1)
		fwc_json_close(j, "]");
}

static void put_set_upkeep(struct fwc_json *j, const struct fwc_set *s)
{
	fwc_json_time(j, "gc-interval", "gc_interval_ms", s->gc_interval_ms);
	if (s->policy == FWC_SET_POLICY_MEMORY) {
		fwc_json_key(j, "policy");
		fwc_json_string(j, "memory");
	}
	if (s->flags & FWC_SET_AUTO_MERGE) {
		fwc_json_key(j, "auto-merge");
		fwc_json_word(j, "true");
	}
}

static void put_set_keys(struct fwc_json *j, const struct fwc_set *s)
{
	uint32_t shown = fwc_format_set_flags(s, j->flags);

	put_types(j, "type", s->key, s->key_count);
	/* An array where there are several: nft 1.0.6 writes one text, and takes back neither. */
	if (s->data_count)
		put_types(j, "map", s->data, s->data_count);
	if (s->key_of) { /* nft passes over it */
		fwc_json_key(j, "typeof");
		fwc_json_value(j, s->key_of);
	}
	if (s->data_of) {
		fwc_json_key(j, "map_typeof");
		fwc_json_value(j, s->data_of);
	}
	if (s->flags & FWC_SET_DATA_INTERVAL) { /* nft has no key for it */
		fwc_json_key(j, "interval");
		fwc_json_word(j, "true");
	}
	if (s->max_elements && (!(s->flags & FWC_SET_CONSTANT) || j->flags & FWC_FORMAT_COMMANDS))
		fwc_json_put_number(j, "size", s->max_elements);
	if (shown & ~(uint32_t)FWC_SET_DYNAMIC) {
		fwc_json_key(j, "flags");
		fwc_json_flags(j, fwc_words_set_flag, shown & ~(uint32_t)FWC_SET_DYNAMIC);
	}
	/* As a flag nft takes it from 1.0.7 on; every one makes a set dynamic that a rule updates. */
	if (shown & FWC_SET_DYNAMIC) {
		fwc_json_key(j, "dynamic");
		fwc_json_word(j, "true");
	}
	if (s->stateful.count) {
		fwc_json_key(j, "stmt");
		fwc_json_open(j, "[");
		for (size_t i = 0; i < s->stateful.count; i++)
			fwc_json_target(j, s->stateful.targets[i]);
		fwc_json_close(j, "]");
	}
	fwc_json_time(j, "timeout", "timeout_ms", s->timeout_ms);
	put_set_upkeep(j, s);
	put_comment(j, s->labels);
	if (fwc_format_shows_elements(s, j->flags)) {
		fwc_json_key(j, "elem");
		fwc_json_elements(j, s);
	}
}

static void put_set(struct fwc_json *j, const struct fwc_set *s)
{
	open_entry(j, s->data_count ? "map" : "set", s->table, s->name);
	put_handle(j, s->handle);
	if (s->opaque) {
		fwc_json_key(j, "opaque");
		fwc_json_word(j, "true");
	} else {
		put_set_keys(j, s);
	}
	close_entry(j);
}

/* ---- objects ---- */

static void put_timeout(struct fwc_json *j, const struct fwc_target *t, uint64_t family)
{
	static const char *const protocols[] = { [IPPROTO_TCP] = "tcp", [IPPROTO_UDP] = "udp" };
	uint32_t seconds[FWC_TIMEOUTS_MOST];
	const struct fwc_timeouts *row;
	uint64_t l4 = 0;

	fwc_target_get_number(t, FWC_CT_TIMEOUT_PROTOCOL, &l4);
	fwc_target_get_number(t, FWC_CT_TIMEOUT_FAMILY, &family);
	row = fwc_timeouts_of(l4);
	fwc_timeouts_parse(row, fwc_target_get_text(t, FWC_CT_TIMEOUT_POLICY), seconds, NULL);
	fwc_json_put_string(j, "protocol", protocols[l4]);
	fwc_json_put_string(j, "l3proto", fwc_family_name((uint32_t)family));
	fwc_json_key(j, "policy");
	fwc_json_open(j, "{");
	for (size_t i = 0; i < row->count; i++)
		if (seconds[i] != row->states[i].seconds)
			fwc_json_put_number(j, row->states[i].name, seconds[i]);
	fwc_json_close(j, "}");
}

static void put_flowtable(struct fwc_json *j, const struct fwc_target *t)
{
	const char *text = fwc_target_get_text(t, FWC_FLOWTABLE_PRIORITY);
	const struct fwc_value *devices = fwc_target_get_value(t, FWC_FLOWTABLE_DEVICES);
	size_t count = fwc_value_item_count(devices);
	uint64_t flags = 0;
	int32_t priority = 0;

	if (text)
		fwc_priority_parse(text, FWC_FAMILY_NETDEV, FWC_HOOK_INGRESS, &priority, NULL);
	fwc_json_put_string(j, "hook", "ingress");
	fwc_json_key(j, "prio");
	fwc_json_integer(j, priority);
	if (count)
		fwc_json_key(j, "dev");
	if (count > 1)
		fwc_json_open(j, "[");
	for (size_t i = 0; i < count; i++)
		fwc_json_string(j, (const char *)fwc_value_item(devices, i)->bytes);
	if (count > 1)
		fwc_json_close(j, "]");
	/* nft 1.0.6 says nothing of them, and passes over them. */
	if (fwc_target_get_number(t, FWC_FLOWTABLE_FLAGS, &flags) && flags) {
		fwc_json_key(j, "flags");
		fwc_json_flags(j, fwc_words_flowtable_flag, (uint32_t)flags);
	}
}

static void put_object(struct fwc_json *j, const struct fwc_named *o)
{
	const char *word = fwc_object_word(o->type);

	open_entry(j, word ? word : "object", o->table, o->name);
	put_handle(j, o->handle);
	put_comment(j, o->labels);
	if (!word)
		fwc_json_put_number(j, "type", o->type);
	if (o->what && o->type == FWC_OBJECT_TYPE_CT_TIMEOUT)
		put_timeout(j, o->what, o->table->family);
	else if (o->what && o->type == FWC_OBJECT_TYPE_FLOWTABLE)
		put_flowtable(j, o->what);
	else if (o->what)
		fwc_json_object_keys(j, o->what, o->table->family);
	else
		put_bytes(j, "opaque", o->data.data, o->data.len);
	close_entry(j);
}

/* ---- tables ---- */

static void put_table(struct fwc_json *j, const struct fwc_table *t)
{
	uint32_t flags = t->flags;

	if (!(j->flags & FWC_FORMAT_COMMANDS))
		flags &= ~(uint32_t)FWC_TABLE_SHARED; /* ours: nft has no word for it */
	open_entry(j, "table", t, NULL);
	put_handle(j, t->handle);
	if (flags) {
		fwc_json_key(j, "flags");
		fwc_json_flags(j, fwc_words_table_flag, flags);
	}
	put_comment(j, t->labels);
	close_entry(j);
}

/* Chains come first: verdict maps and rules jump to them. */
static void put_contents(struct fwc_json *j, const struct fwc_table *t)
{
	for (size_t i = 0; i < t->objects.count; i++)
		put_object(j, t->objects.items[i]);
	for (size_t i = 0; i < t->chains.count; i++)
		put_chain(j, t->chains.items[i]);
	for (size_t i = 0; i < t->sets.count; i++)
		put_set(j, t->sets.items[i]);
	for (size_t i = 0; i < t->chains.count; i++) {
		const struct fwc_chain *c = t->chains.items[i];

		for (size_t k = 0; k < c->rules.count; k++)
			put_rule(j, c->rules.items[k]);
	}
}

static void put_metainfo(struct fwc_json *j)
{
	fwc_json_open(j, "{");
	fwc_json_key(j, "metainfo");
	fwc_json_open(j, "{");
	fwc_json_put_string(j, "version", fwc_version());
	fwc_json_put_string(j, "release_name", "libfwcore");
	fwc_json_put_number(j, "json_schema_version", 1);
	fwc_json_close(j, "}");
	fwc_json_close(j, "}");
}

int fwc_json_format_ruleset(const struct fwc_ruleset *rs, uint32_t flags, struct fwc_buf *out,
			    struct fwc_error *err)
{
	struct fwc_json j = { .out = out, .flags = flags };

	fwc_json_open(&j, "{");
	fwc_json_key(&j, "nftables");
	fwc_json_open(&j, "[");
	put_metainfo(&j);
	for (size_t i = 0; i < rs->tables.count; i++) {
		const struct fwc_table *t = rs->tables.items[i];

		if (t->absent && !(flags & FWC_FORMAT_COMMANDS))
			continue;
		put_table(&j, t);
		put_contents(&j, t);
	}
	fwc_json_close(&j, "]");
	fwc_json_close(&j, "}");
	fwc_buf_puts(out, "\n");
	if (j.bad_text)
		return fwc_fail(err, -EILSEQ, FWC_OBJECT_TEXT,
				"a name or comment is not UTF-8: JSON holds nothing else, nft's "
				"words do");
	return 0;
}
