/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Targets as nft writes them: one function for each kind. */
#include "text/format_target.h"
#include "fields/types.h"
#include "model/protocols.h"
#include "text/words.h"

static uint64_t number(const struct fwc_target *t, uint32_t param, uint64_t otherwise)
{
	uint64_t n = otherwise;

	fwc_target_get_number(t, param, &n);
	return n;
}

static uint32_t family(const struct fwc_format_context *c)
{
	return c->rule->chain->table->family;
}

/* A code by name, or as a number where it has none. */
static void format_word(const struct fwc_symbol *words, uint64_t value, struct fwc_buf *out)
{
	const char *word = fwc_word_of(words, value);

	if (word)
		fwc_buf_puts(out, word);
	else
		fwc_buf_printf(out, "%llu", (unsigned long long)value);
}

static void format_tabs(unsigned int count, struct fwc_buf *out)
{
	for (unsigned int i = 0; i < count; i++)
		fwc_buf_puts(out, "\t");
}

/* The rules that a rule owns: on lines of their own, or `{ accept; drop; }`. */
static void format_block(const struct fwc_format_context *c, const struct fwc_chain *block,
			 struct fwc_buf *out)
{
	fwc_buf_puts(out, c->indent ? " {\n" : " { ");
	for (size_t i = 0; i < block->rules.count; i++) {
		format_tabs(c->indent ? c->indent + 1 : 0, out);
		fwc_format_rule(block->rules.items[i], c->stateless, c->indent ? c->indent + 1 : 0,
				out);
		fwc_buf_puts(out, c->indent ? "\n" : "; ");
	}
	format_tabs(c->indent, out);
	fwc_buf_puts(out, "}");
}

static void format_verdict(const struct fwc_format_context *c, const struct fwc_target *t,
			   struct fwc_buf *out)
{
	fwc_format_verdict((uint32_t)number(t, FWC_VERDICT_CODE, 0),
			   fwc_target_get_text(t, FWC_VERDICT_CHAIN), out);
	if (fwc_target_get_block(t))
		format_block(c, fwc_target_get_block(t), out);
}

static void format_vmap(const struct fwc_format_context *c, const struct fwc_target *t,
			struct fwc_buf *out)
{
	const struct fwc_value *map = fwc_target_get_value(t, FWC_VMAP_VALUE);

	(void)c;
	fwc_text_format_value(map->child[0], out);
	fwc_buf_puts(out, " vmap ");
	fwc_text_format_value(map->child[1], out);
}

uint32_t fwc_text_known_family(const struct fwc_rule *r)
{
	uint32_t family = r->chain->table->family;
	uint32_t known = fwc_family_is_mixed(family) ? fwc_protocols_of(r).l3 : family;

	return known ? known : family;
}

void fwc_format_get_reject(const struct fwc_rule *rule, const struct fwc_target *t,
			   uint64_t *ret_with, uint64_t *ret_code)
{
	uint32_t of = rule->chain->table->family;
	bool ip6 = of == FWC_FAMILY_IP6, mixed = fwc_family_is_mixed(of);

	*ret_with = number(t, FWC_REJECT_WITH, mixed ? FWC_REJECT_ICMPX : FWC_REJECT_ICMP);
	*ret_code = number(t, FWC_REJECT_CODE,
			   *ret_with == FWC_REJECT_ICMPX           ? 1
			   : *ret_with == FWC_REJECT_ICMPV6 || ip6 ? 4
								   : 3);
	if (*ret_with == FWC_REJECT_ICMP)
		*ret_with = ip6 ? FWC_REJECT_ICMPV6 : FWC_REJECT_ICMPV4;
}

static void format_reject(const struct fwc_format_context *c, const struct fwc_target *t,
			  struct fwc_buf *out)
{
	static const struct {
		const char *words;
		uint64_t plain; /* the code of `reject` alone */
	} kinds[] = {
		[FWC_REJECT_ICMPX] = { "icmpx", 1 },
		[FWC_REJECT_ICMPV4] = { "icmp", 3 },
		[FWC_REJECT_ICMPV6] = { "icmpv6", 4 },
	};
	uint32_t plain = fwc_family_is_mixed(family(c)) ? FWC_REJECT_ICMPX
			 : family(c) == FWC_FAMILY_IP6  ? FWC_REJECT_ICMPV6
							: FWC_REJECT_ICMPV4;
	uint64_t with, code;

	fwc_format_get_reject(c->rule, t, &with, &code);
	fwc_buf_puts(out, "reject");
	if (with == FWC_REJECT_TCP_RESET) {
		fwc_buf_puts(out, " with tcp reset");
		return;
	}
	/* Behind a match on one family, `reject` alone would be read as that family's. */
	if (with == plain && code == kinds[with].plain &&
	    (with != FWC_REJECT_ICMPX || fwc_family_is_mixed(fwc_text_known_family(c->rule))))
		return;
	fwc_buf_printf(out, " with %s ", kinds[with].words);
	format_word(fwc_words_reject_code((uint32_t)with), code, out);
}

static void format_log_flags(uint64_t flags, struct fwc_buf *out)
{
	if (flags == FWC_LOG_FLAGS_ALL) {
		fwc_buf_puts(out, " flags all");
		return;
	}
	if (flags & 3)
		fwc_buf_printf(out, " flags tcp %s%s%s", flags & 1 ? "sequence" : "",
			       (flags & 3) == 3 ? "," : "", flags & 2 ? "options" : "");
	if (flags & 4)
		fwc_buf_puts(out, " flags ip options");
	if (flags & 8)
		fwc_buf_puts(out, " flags skuid");
	if (flags & 32)
		fwc_buf_puts(out, " flags ether");
}

static void format_log(const struct fwc_format_context *c, const struct fwc_target *t,
		       struct fwc_buf *out)
{
	const char *prefix = fwc_target_get_text(t, FWC_LOG_PREFIX);
	uint64_t level = number(t, FWC_LOG_LEVEL, FWC_LOG_LEVEL_DEFAULT);
	uint64_t n;

	(void)c;
	fwc_buf_puts(out, "log");
	if (prefix)
		fwc_buf_printf(out, " prefix \"%s\"", prefix);
	if (fwc_target_get_number(t, FWC_LOG_GROUP, &n)) {
		fwc_buf_printf(out, " group %llu", (unsigned long long)n);
		if (fwc_target_get_number(t, FWC_LOG_SNAPLEN, &n))
			fwc_buf_printf(out, " snaplen %llu", (unsigned long long)n);
		if (fwc_target_get_number(t, FWC_LOG_QUEUE_THRESHOLD, &n))
			fwc_buf_printf(out, " queue-threshold %llu", (unsigned long long)n);
	} else if (level != FWC_LOG_LEVEL_DEFAULT) {
		fwc_buf_puts(out, " level ");
		format_word(fwc_words_log_level, level, out);
	}
	format_log_flags(number(t, FWC_LOG_FLAGS, 0), out);
}

static void format_counter(const struct fwc_format_context *c, const struct fwc_target *t,
			   struct fwc_buf *out)
{
	fwc_buf_puts(out, "counter");
	if (!c->stateless)
		fwc_buf_printf(out, " packets %llu bytes %llu",
			       (unsigned long long)number(t, FWC_COUNTER_PACKETS, 0),
			       (unsigned long long)number(t, FWC_COUNTER_BYTES, 0));
}

void fwc_format_bytes(uint64_t bytes, struct fwc_buf *out)
{
	const struct fwc_symbol *unit = fwc_words_bytes_unit_of(bytes);

	fwc_buf_printf(out, "%llu %s", (unsigned long long)(bytes / unit->value), unit->name);
}

static void format_limit(const struct fwc_format_context *c, const struct fwc_target *t,
			 struct fwc_buf *out)
{
	bool bytes = number(t, FWC_LIMIT_IN_BYTES, 0);
	uint64_t rate = number(t, FWC_LIMIT_RATE, 0);
	uint64_t plain = bytes ? 0 : FWC_LIMIT_BURST_DEFAULT;
	uint64_t burst = number(t, FWC_LIMIT_BURST, plain);

	(void)c;
	fwc_buf_printf(out, "limit rate %s", number(t, FWC_LIMIT_OVER, 0) ? "over " : "");
	if (bytes)
		fwc_format_bytes(rate, out);
	else
		fwc_buf_printf(out, "%llu", (unsigned long long)rate);
	fwc_buf_puts(out, "/");
	format_word(fwc_words_rate_unit, number(t, FWC_LIMIT_UNIT_S, 1), out);
	if (burst == plain)
		return;
	fwc_buf_puts(out, " burst ");
	if (bytes)
		fwc_format_bytes(burst, out);
	else
		fwc_buf_printf(out, "%llu packets", (unsigned long long)burst);
}

static void format_assign(const struct fwc_format_context *c, const struct fwc_target *t,
			  struct fwc_buf *out)
{
	const struct fwc_value *v = fwc_target_get_value(t, FWC_ASSIGN_VALUE);
	const struct fwc_value *to = fwc_target_assigned(t);

	uint64_t protocol;

	(void)c;
	fwc_text_format_value(to, out);
	fwc_buf_puts(out, " set ");
	/* nft lists `ip protocol set icmp`, and does not read it: its names of protocols begin fields. */
	if (v->kind == FWC_VALUE_CONSTANT && v->type == &fwc_type_inet_proto &&
	    fwc_value_get_number(v, &protocol))
		fwc_buf_printf(out, "%llu", (unsigned long long)protocol);
	else if (v->kind == FWC_VALUE_CONSTANT)
		fwc_format_constant(v, to->field->load == FWC_LOAD_PAYLOAD ? " | " : ",", out);
	else
		fwc_text_format_value(v, out);
}

/* ---- address translation ---- */

static bool is_ip6(const struct fwc_value *v)
{
	return v->type && v->type->form == FWC_FORM_IP6;
}

void fwc_format_nat_address(const struct fwc_value *v, bool brackets, struct fwc_buf *out)
{
	bool constant = v->kind == FWC_VALUE_CONSTANT || v->kind == FWC_VALUE_PREFIX ||
			v->kind == FWC_VALUE_RANGE;

	if (!brackets || !constant) {
		if (v->kind == FWC_VALUE_RANGE)
			fwc_format_key(v, out);
		else
			fwc_text_format_value(v, out);
		return;
	}
	if (v->kind == FWC_VALUE_RANGE) {
		fwc_format_nat_address(v->child[0], true, out);
		fwc_buf_puts(out, "-");
		fwc_format_nat_address(v->child[1], true, out);
		return;
	}
	fwc_buf_puts(out, "[");
	fwc_text_format_value(v, out);
	fwc_buf_puts(out, "]");
}

/* A map to address and port, or to ranges: then nft names the family in every table. */
static bool names_family(const struct fwc_rule *rule, const struct fwc_value *addr)
{
	const struct fwc_value *map = addr->kind == FWC_VALUE_MAP ? addr->child[1] : NULL;
	const struct fwc_set *set = NULL;

	if (map && map->kind == FWC_VALUE_SET)
		set = fwc_table_find_set(rule->chain->table, map->name);
	else if (map && map->kind == FWC_VALUE_LIST)
		set = map->list;
	return set && (set->data_count > 1 || set->flags & FWC_SET_DATA_INTERVAL);
}

uint32_t fwc_format_nat_family(const struct fwc_rule *rule, const struct fwc_target *t)
{
	const struct fwc_value *addr = fwc_target_get_value(t, FWC_NAT_ADDR);
	uint32_t of = rule->chain->table->family;
	uint64_t said;

	if (!addr || (of != FWC_FAMILY_INET && !names_family(rule, addr)))
		return 0;
	if (fwc_target_get_number(t, FWC_NAT_FAMILY, &said))
		return (uint32_t)said;
	return is_ip6(addr) || of == FWC_FAMILY_IP6 ? FWC_FAMILY_IP6 : FWC_FAMILY_IP;
}

static void format_nat(const struct fwc_format_context *c, const struct fwc_target *t,
		       struct fwc_buf *out)
{
	const struct fwc_value *addr = fwc_target_get_value(t, FWC_NAT_ADDR);
	const struct fwc_value *port = fwc_target_get_value(t, FWC_NAT_PORT);
	uint32_t of = fwc_format_nat_family(c->rule, t);
	uint64_t flags = number(t, FWC_NAT_FLAGS, 0);
	const char *separator = " ";

	fwc_buf_puts(out, t->type->name);
	if (of)
		fwc_buf_printf(out, " %s", fwc_family_name(of));
	if (flags & FWC_NAT_PREFIX)
		fwc_buf_puts(out, " prefix");
	if (addr || port)
		fwc_buf_puts(out, " to ");
	if (addr)
		fwc_format_nat_address(addr, port && is_ip6(addr), out);
	if (port) {
		fwc_buf_puts(out, ":");
		fwc_text_format_value(port, out);
	}
	for (const struct fwc_symbol *s = fwc_words_nat_flag; s->name; s++)
		if (flags & s->value) {
			fwc_buf_printf(out, "%s%s", separator, s->name);
			separator = ",";
		}
}

void fwc_format_target_within(const struct fwc_rule *r, const struct fwc_target *t, bool stateless,
			      unsigned int indent, struct fwc_buf *out)
{
	static const fwc_format_fn functions[] = {
		[FWC_TARGET_VERDICT] = format_verdict,
		[FWC_TARGET_VMAP] = format_vmap,
		[FWC_TARGET_REJECT] = format_reject,
		[FWC_TARGET_LOG] = format_log,
		[FWC_TARGET_COUNTER] = format_counter,
		[FWC_TARGET_LIMIT] = format_limit,
		[FWC_TARGET_ASSIGN] = format_assign,
		[FWC_TARGET_MASQUERADE] = format_nat,
		[FWC_TARGET_SNAT] = format_nat,
		[FWC_TARGET_DNAT] = format_nat,
		[FWC_TARGET_REDIRECT] = format_nat,
		[FWC_TARGET_QUOTA] = fwc_format_quota,
		[FWC_TARGET_CONNLIMIT] = fwc_format_connlimit,
		[FWC_TARGET_LAST] = fwc_format_last,
		[FWC_TARGET_NOTRACK] = fwc_format_notrack,
		[FWC_TARGET_SYNPROXY] = fwc_format_synproxy,
		[FWC_TARGET_QUEUE] = fwc_format_queue,
		[FWC_TARGET_TPROXY] = fwc_format_tproxy,
		[FWC_TARGET_DUP] = fwc_format_dup,
		[FWC_TARGET_FWD] = fwc_format_fwd,
		[FWC_TARGET_OBJREF] = fwc_format_objref,
		[FWC_TARGET_FLOW] = fwc_format_flow,
		[FWC_TARGET_UPDATE] = fwc_format_update,
		[FWC_TARGET_STRIP] = fwc_format_strip,
	};
	struct fwc_format_context c = { .rule = r, .stateless = stateless, .indent = indent };

	functions[t->type->kind](&c, t, out);
}

void fwc_format_target(const struct fwc_rule *r, const struct fwc_target *t, bool stateless,
		       struct fwc_buf *out)
{
	fwc_format_target_within(r, t, stateless, 0, out);
}
