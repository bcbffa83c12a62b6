/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Targets: by the table of their keys, or where nft's JSON says something else than its words, by a function. */
#include "fields/made.h"
#include "fields/objects.h"
#include "text/format_target.h"
#include "text/json/json.h"
#include "text/json/statement.h"
#include "text/words.h"

#include <linux/netfilter/nf_tables.h>

static uint64_t number(const struct fwc_target *t, uint32_t param, uint64_t otherwise)
{
	uint64_t n = otherwise;

	fwc_target_get_number(t, param, &n);
	return n;
}

static void open_statement(struct fwc_json *j, const char *name)
{
	if (!j->bare)
		fwc_json_open(j, "{");
	fwc_json_key(j, name);
	fwc_json_open(j, "{");
}

static void close_statement(struct fwc_json *j)
{
	fwc_json_close(j, "}");
	if (!j->bare)
		fwc_json_close(j, "}");
}

/* {"counter":null} */
static void put_empty(struct fwc_json *j, const char *name)
{
	if (!j->bare)
		fwc_json_open(j, "{");
	fwc_json_key(j, name);
	fwc_json_word(j, "null");
	if (!j->bare)
		fwc_json_close(j, "}");
}

/* ---- by the table ---- */

static bool has_flag(const struct fwc_symbol *words, uint64_t flags)
{
	for (; words->name; words++)
		if (words->value & flags)
			return true;
	return false;
}

static bool is_default(const struct fwc_target *t, const struct fwc_json_key_row *k, uint64_t n)
{
	if (t->type->kind == FWC_TARGET_LOG && k->param == FWC_LOG_LEVEL)
		return n == FWC_LOG_LEVEL_DEFAULT;
	if (k->form == FWC_JSON_KEY_FLAGS)
		return !has_flag(k->words, n);
	return !n && k->form == FWC_JSON_KEY_TRUE;
}

/* A number's key and value. */
static void put_number(struct fwc_json *j, const struct fwc_json_key_row *k, uint64_t n)
{
	const char *word = k->words ? fwc_word_of(k->words, n) : NULL;
	const uint8_t byte = (uint8_t)n;
	char text[32];
	struct fwc_buf out = fwc_buf_over(text, sizeof(text));

	fwc_json_key(j, k->key);
	if (k->form == FWC_JSON_KEY_TRUE) {
		fwc_json_word(j, "true");
	} else if (k->form == FWC_JSON_KEY_FLAGS) {
		fwc_json_flags(j, k->words, n);
	} else if (k->form == FWC_JSON_KEY_FAMILY) {
		fwc_json_string(j, fwc_family_name((uint32_t)n));
	} else if (k->form == FWC_JSON_KEY_PROTOCOL) {
		fwc_type_format(fwc_type_by_name("inet_proto", strlen("inet_proto")), &byte, 8,
				NULL, &out);
		fwc_json_string(j, text);
	} else if (word) {
		fwc_json_string(j, word);
	} else {
		fwc_json_number(j, n);
	}
}

static void put_key(struct fwc_json *j, const struct fwc_target *t,
		    const struct fwc_json_key_row *k)
{
	const char *text = fwc_target_get_text(t, k->param);
	const struct fwc_value *v = fwc_target_get_value(t, k->param);
	uint64_t n;

	if (k->form == FWC_JSON_KEY_STATE && j->flags & FWC_FORMAT_STATELESS)
		return;
	if (text)
		fwc_json_put_string(j, k->key, text);
	if (v) {
		fwc_json_key(j, k->key);
		fwc_json_value(j, v);
	}
	if (fwc_target_get_number(t, k->param, &n) && !is_default(t, k, n))
		put_number(j, k, n);
	else if (k->form == FWC_JSON_KEY_NEEDED)
		put_number(j, k, 0);
}

/* Whether any key would be written: a statement without is null. */
static bool has_keys(const struct fwc_target *t, const struct fwc_json_statement_row *row)
{
	uint64_t n;

	for (const struct fwc_json_key_row *k = row->keys; k->key; k++) {
		bool is_number = fwc_target_get_number(t, k->param, &n);

		if (k->form == FWC_JSON_KEY_NEEDED)
			return true;
		if (fwc_target_has(t, k->param) && (!is_number || !is_default(t, k, n)))
			return true;
	}
	return false;
}

static void put_statement(struct fwc_json *j, const struct fwc_target *t,
			  const struct fwc_json_statement_row *row)
{
	if (!has_keys(t, row)) {
		put_empty(j, row->name);
		return;
	}
	open_statement(j, row->name);
	for (const struct fwc_json_key_row *k = row->keys; k->key; k++)
		put_key(j, t, k);
	close_statement(j);
}

/* ---- by functions ---- */

static void put_verdict(struct fwc_json *j, const struct fwc_target *t)
{
	if (fwc_target_get_block(t)) /* nft has no words for it in JSON */
		j->no_form = true;
	fwc_json_verdict(j, (uint32_t)number(t, FWC_VERDICT_CODE, 0),
			 fwc_target_get_text(t, FWC_VERDICT_CHAIN));
}

static void put_vmap(struct fwc_json *j, const struct fwc_target *t)
{
	const struct fwc_value *map = fwc_target_get_value(t, FWC_VMAP_VALUE);

	open_statement(j, "vmap");
	fwc_json_key(j, "key");
	fwc_json_value(j, map->child[0]);
	fwc_json_key(j, "data");
	fwc_json_value(j, map->child[1]);
	close_statement(j);
}

static void put_reject(struct fwc_json *j, const struct fwc_target *t)
{
	static const char *const types[] = {
		[FWC_REJECT_TCP_RESET] = "tcp reset",
		[FWC_REJECT_ICMPX] = "icmpx",
		[FWC_REJECT_ICMPV4] = "icmp",
		[FWC_REJECT_ICMPV6] = "icmpv6",
	};
	const char *word = NULL;
	uint64_t with, code;

	fwc_format_get_reject(j->rule, t, &with, &code);
	if (j->rule->chain->table->family == FWC_FAMILY_ARP)
		j->no_form = true; /* nft's words say less there: `reject` */
	if (with != FWC_REJECT_TCP_RESET)
		word = fwc_word_of(fwc_words_reject_code((uint32_t)with), code);
	open_statement(j, "reject");
	fwc_json_put_string(j, "type", types[with]);
	if (word)
		fwc_json_put_string(j, "expr", word);
	else if (with != FWC_REJECT_TCP_RESET)
		fwc_json_put_number(j, "expr", code);
	close_statement(j);
}

static void put_counter(struct fwc_json *j, const struct fwc_target *t)
{
	if (j->flags & FWC_FORMAT_STATELESS) {
		put_empty(j, "counter");
		return;
	}
	open_statement(j, "counter");
	fwc_json_put_number(j, "packets", number(t, FWC_COUNTER_PACKETS, 0));
	fwc_json_put_number(j, "bytes", number(t, FWC_COUNTER_BYTES, 0));
	close_statement(j);
}

/* Bytes in the largest unit that loses nothing. */
static void put_bytes(struct fwc_json *j, const char *key, const char *unit_key, uint64_t bytes)
{
	const struct fwc_symbol *unit = fwc_words_bytes_unit_of(bytes);

	fwc_json_put_number(j, key, bytes / unit->value);
	fwc_json_put_string(j, unit_key, unit->name);
}

static void put_inverted(struct fwc_json *j, bool inverted)
{
	if (!inverted)
		return;
	fwc_json_key(j, "inv");
	fwc_json_word(j, "true");
}

static void put_limit_keys(struct fwc_json *j, const struct fwc_target *t)
{
	bool bytes = number(t, FWC_LIMIT_IN_BYTES, 0);
	uint64_t burst = number(t, FWC_LIMIT_BURST, bytes ? 0 : FWC_LIMIT_BURST_DEFAULT);
	uint64_t rate = number(t, FWC_LIMIT_RATE, 0), unit = number(t, FWC_LIMIT_UNIT_S, 1);
	const char *word = fwc_word_of(fwc_words_rate_unit, unit);

	if (bytes) {
		put_bytes(j, "rate", "rate_unit", rate);
		put_bytes(j, "burst", "burst_unit", burst);
	} else {
		fwc_json_put_number(j, "rate", rate);
		fwc_json_put_number(j, "burst", burst);
	}
	if (word)
		fwc_json_put_string(j, "per", word);
	else
		fwc_json_put_number(j, "per", unit);
	put_inverted(j, number(t, FWC_LIMIT_OVER, 0));
}

/* In an object one unit, of bytes or packets, goes for rate and burst. */
static void put_limit_object(struct fwc_json *j, const struct fwc_target *t)
{
	bool bytes = number(t, FWC_LIMIT_IN_BYTES, 0);

	fwc_json_put_number(j, "rate", number(t, FWC_LIMIT_RATE, 0));
	fwc_json_put_string(j, "per",
			    fwc_word_of(fwc_words_rate_unit, number(t, FWC_LIMIT_UNIT_S, 1)));
	fwc_json_put_number(j, "burst",
			    number(t, FWC_LIMIT_BURST, bytes ? 0 : FWC_LIMIT_BURST_DEFAULT));
	if (bytes) {
		fwc_json_put_string(j, "unit", "bytes"); /* as nft writes it; it reads those: */
		fwc_json_put_string(j, "rate_unit", "bytes");
		fwc_json_put_string(j, "burst_unit", "bytes");
	}
	put_inverted(j, number(t, FWC_LIMIT_OVER, 0));
}

static void put_limit(struct fwc_json *j, const struct fwc_target *t)
{
	open_statement(j, "limit");
	put_limit_keys(j, t);
	close_statement(j);
}

static void put_quota(struct fwc_json *j, const struct fwc_target *t)
{
	uint64_t used = number(t, FWC_QUOTA_USED, 0);

	open_statement(j, "quota");
	put_bytes(j, "val", "val_unit", number(t, FWC_QUOTA_BYTES, 0));
	put_inverted(j, number(t, FWC_QUOTA_OVER, 0));
	if (used && !(j->flags & FWC_FORMAT_STATELESS))
		put_bytes(j, "used", "used_unit", used);
	close_statement(j);
}

/* What it has seen is of one moment: a rule that is made has seen nothing. */
static void put_last(struct fwc_json *j, const struct fwc_target *t)
{
	if (!number(t, FWC_LAST_SEEN, 0) || j->flags & FWC_FORMAT_STATELESS) {
		put_empty(j, "last");
		return;
	}
	open_statement(j, "last");
	fwc_json_put_number(j, "used", number(t, FWC_LAST_AGO_MS, 0));
	close_statement(j);
}

static void put_assign(struct fwc_json *j, const struct fwc_target *t)
{
	const struct fwc_value *v = fwc_target_get_value(t, FWC_ASSIGN_VALUE);
	const struct fwc_value *to = fwc_target_assigned(t);

	open_statement(j, "mangle");
	fwc_json_key(j, "key");
	fwc_json_value(j, to);
	fwc_json_key(j, "value");
	if (v->kind == FWC_VALUE_CONSTANT)
		fwc_json_constant(j, v,
				  to->field->load == FWC_LOAD_PAYLOAD ? FWC_JSON_BITS_OR
								      : FWC_JSON_BITS_LIST);
	else
		fwc_json_value(j, v);
	close_statement(j);
}

/* In netdev what is written behind `to` is the device. */
static void put_dup(struct fwc_json *j, const struct fwc_target *t)
{
	const struct fwc_value *addr = fwc_target_get_value(t, FWC_DUP_ADDR);
	const struct fwc_value *device = fwc_target_get_value(t, FWC_DUP_DEVICE);

	open_statement(j, "dup");
	fwc_json_key(j, "addr");
	fwc_json_value(j, addr ? addr : device);
	if (addr && device) {
		fwc_json_key(j, "dev");
		fwc_json_value(j, device);
	}
	close_statement(j);
}

static void put_queue(struct fwc_json *j, const struct fwc_target *t)
{
	uint64_t first = number(t, FWC_QUEUE_NUMBER, 0), count = number(t, FWC_QUEUE_COUNT, 1);
	const struct fwc_value *v = fwc_target_get_value(t, FWC_QUEUE_VALUE);
	uint64_t flags = number(t, FWC_QUEUE_FLAGS, 0);

	open_statement(j, "queue");
	fwc_json_key(j, "num");
	if (v) {
		fwc_json_value(j, v);
	} else if (count > 1) {
		fwc_json_open(j, "{");
		fwc_json_key(j, "range");
		fwc_json_open(j, "[");
		fwc_json_number(j, first);
		fwc_json_number(j, first + count - 1);
		fwc_json_close(j, "]");
		fwc_json_close(j, "}");
	} else {
		fwc_json_number(j, first);
	}
	if (flags) {
		fwc_json_key(j, "flags");
		fwc_json_flags(j, fwc_words_queue_flag, flags);
	}
	close_statement(j);
}

static void put_nat(struct fwc_json *j, const struct fwc_target *t)
{
	const struct fwc_json_statement_row *row = fwc_json_statement_of(t->type->kind);
	uint32_t family = fwc_format_nat_family(j->rule, t);

	open_statement(j, row->name);
	for (const struct fwc_json_key_row *k = row->keys; k->key; k++)
		if (k->form != FWC_JSON_KEY_FAMILY)
			put_key(j, t, k);
		else if (family)
			put_number(j, k, family);
	close_statement(j);
}

static void put_objref(struct fwc_json *j, const struct fwc_target *t)
{
	uint32_t type = (uint32_t)number(t, FWC_OBJREF_TYPE, 0);
	const struct fwc_value *map = fwc_target_get_value(t, FWC_OBJREF_MAP);
	const char *word = fwc_object_word(type);

	fwc_json_open(j, "{");
	fwc_json_key(j, word ? word : "object");
	if (map)
		fwc_json_value(j, map);
	else
		fwc_json_string(j, fwc_target_get_text(t, FWC_OBJREF_NAME));
	fwc_json_close(j, "}");
}

static void put_set_name(struct fwc_json *j, const char *key, const char *name)
{
	char text[160];
	struct fwc_buf out = fwc_buf_over(text, sizeof(text));

	fwc_buf_printf(&out, "@%s", name);
	fwc_json_put_string(j, key, text);
}

static void put_flow(struct fwc_json *j, const struct fwc_target *t)
{
	open_statement(j, "flow");
	fwc_json_put_string(j, "op", "add");
	put_set_name(j, "flowtable", fwc_target_get_text(t, FWC_FLOW_TABLE));
	close_statement(j);
}

/* The element's key, with the timeout that it gets. */
static void put_updated_element(struct fwc_json *j, const struct fwc_target *t)
{
	uint64_t ms = number(t, FWC_UPDATE_TIMEOUT_MS, 0);

	fwc_json_key(j, "elem");
	if (ms) {
		open_statement(j, "elem");
		fwc_json_key(j, "val");
	}
	fwc_json_value(j, fwc_target_get_value(t, FWC_UPDATE_KEY));
	if (!ms)
		return;
	fwc_json_time(j, "timeout", "timeout_ms", ms);
	close_statement(j);
}

static void put_update(struct fwc_json *j, const struct fwc_target *t)
{
	static const char *const words[] = { "add", "update", "delete" };
	const struct fwc_value *data = fwc_target_get_value(t, FWC_UPDATE_DATA);

	open_statement(j, data ? "map" : "set");
	fwc_json_put_string(j, "op", words[number(t, FWC_UPDATE_OPERATION, 0)]);
	put_updated_element(j, t);
	if (data) {
		fwc_json_key(j, "data");
		fwc_json_value(j, data);
	}
	put_set_name(j, data ? "map" : "set", fwc_target_get_text(t, FWC_UPDATE_SET));
	if (fwc_target_has(t, FWC_UPDATE_TARGET) || fwc_target_has(t, FWC_UPDATE_TARGET_2)) {
		fwc_json_key(j, "stmt");
		fwc_json_open(j, "[");
		for (uint32_t param = FWC_UPDATE_TARGET; param <= FWC_UPDATE_TARGET_2; param++)
			if (fwc_target_has(t, param))
				fwc_json_target(j, fwc_target_get_target(t, param));
		fwc_json_close(j, "]");
	}
	close_statement(j);
}

static void put_strip(struct fwc_json *j, const struct fwc_target *t)
{
	struct fwc_made_field made = { .row = { .load = FWC_LOAD_EXTHDR,
						.base = NFT_EXTHDR_OP_TCPOPT,
						.key = (uint32_t)number(t, FWC_STRIP_KIND, 0),
						.flags = NFT_EXTHDR_F_PRESENT } };

	fwc_json_open(j, "{");
	fwc_json_key(j, "reset");
	fwc_json_field(j, fwc_field_make(&made, 1));
	fwc_json_close(j, "}");
}

void fwc_json_target(struct fwc_json *j, const struct fwc_target *t)
{
	static void (*const functions[])(struct fwc_json *, const struct fwc_target *) = {
		[FWC_TARGET_VERDICT] = put_verdict, [FWC_TARGET_VMAP] = put_vmap,
		[FWC_TARGET_REJECT] = put_reject,   [FWC_TARGET_COUNTER] = put_counter,
		[FWC_TARGET_LIMIT] = put_limit,     [FWC_TARGET_ASSIGN] = put_assign,
		[FWC_TARGET_QUOTA] = put_quota,     [FWC_TARGET_LAST] = put_last,
		[FWC_TARGET_QUEUE] = put_queue,     [FWC_TARGET_DUP] = put_dup,
		[FWC_TARGET_OBJREF] = put_objref,   [FWC_TARGET_FLOW] = put_flow,
		[FWC_TARGET_UPDATE] = put_update,   [FWC_TARGET_SNAT] = put_nat,
		[FWC_TARGET_DNAT] = put_nat,        [FWC_TARGET_STRIP] = put_strip,
	};
	uint32_t kind = t->type->kind;

	if (kind < FWC_ARRAY_SIZE(functions) && functions[kind])
		functions[kind](j, t);
	else if (fwc_json_statement_of(kind))
		put_statement(j, t, fwc_json_statement_of(kind));
	else
		j->no_form = true;
}

void fwc_json_target_keys(struct fwc_json *j, const struct fwc_stateful *s)
{
	j->bare = true;
	for (size_t i = 0; i < s->count; i++)
		fwc_json_target(j, s->targets[i]);
	j->bare = false;
}

/* ---- objects ---- */

/* In an object every key is there, also one that is 0. */
static void put_object_key(struct fwc_json *j, const struct fwc_target *t,
			   const struct fwc_json_key_row *k, uint32_t family)
{
	uint64_t n = 0;

	if (k->form == FWC_JSON_KEY_FAMILY)
		put_number(j, k, number(t, k->param, family));
	else if (fwc_target_has(t, k->param) || k->form != FWC_JSON_KEY_STATE)
		put_key(j, t, k);
	else if (!(j->flags & FWC_FORMAT_STATELESS))
		put_number(j, k, n);
}

void fwc_json_object_keys(struct fwc_json *j, const struct fwc_target *t, uint32_t family)
{
	const struct fwc_json_statement_row *row = fwc_json_object_of(t->type->kind);

	if (t->type->kind == FWC_TARGET_LIMIT)
		put_limit_object(j, t);
	for (const struct fwc_json_key_row *k = row ? row->keys : NULL; k && k->key; k++)
		put_object_key(j, t, k, family);
}
