/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Targets: one row for each word that begins one, and one small function for each kind. */
#include "text/parse_target.h"
#include "text/words.h"

enum { CODE_MOST = UINT8_MAX };

/* ---- what several share ---- */

bool fwc_parser_accept_words(struct fwc_parser *p, const char *words)
{
	size_t len = strcspn(words, " ");
	struct fwc_parser ahead;
	char word[32];

	/* Most rows are asked for in vain. */
	if (p->lx.token.len != len || memcmp(p->lx.token.text, words, len) != 0)
		return false;
	ahead = *p;
	ahead.err = NULL;
	for (; *words; words += len + (words[len] == ' ')) {
		len = strcspn(words, " ");
		if (len >= sizeof(word))
			return false;
		memcpy(word, words, len);
		word[len] = '\0';
		if (!fwc_parser_accept(&ahead, word))
			return false;
	}
	p->lx = ahead.lx;
	return true;
}

static void put_number(struct fwc_target *t, uint32_t param, uint64_t number)
{
	fwc_target_put_number(t, param, number);
}

int fwc_parse_once(struct fwc_parser *p, const struct fwc_target *t, uint32_t param)
{
	if (!fwc_target_has(t, param))
		return 0;
	return fwc_parser_fail_at(p, &p->lx.token, "the %s of '%s' is given twice",
				  t->type->params[param - 1].name, t->type->name);
}

int fwc_parse_number_param(struct fwc_parser *p, struct fwc_target *t, uint32_t param)
{
	const struct fwc_param_kind *kind = &t->type->params[param - 1];
	uint64_t number;
	int r = fwc_parse_once(p, t, param);

	if (r == 0)
		r = fwc_parser_number(p, kind->name, kind->max, &number);
	if (r == 0)
		put_number(t, param, number);
	return r;
}

/* ---- verdicts ---- */

/* `{ accept; drop }`: rules up to the brace, each ended by `;`, a new line or the brace. */
static int parse_block(struct fwc_parser *p, struct fwc_target *t)
{
	struct fwc_rule *outer = p->rule;
	struct fwc_chain *block;
	int r = 0;

	if (p->in_block)
		return fwc_parser_fail_at(p, &p->lx.token,
					  "rules of a rule have no rules of their own");
	block = fwc_table_block_in(outer->chain->table, NULL);
	if (!block)
		return fwc_fail_memory(p->err);
	fwc_lexer_next(&p->lx);
	p->in_block = true;
	for (;;) {
		struct fwc_rule *inner;

		while (p->lx.token.kind == FWC_TOKEN_NEWLINE || fwc_parser_is(p, ";"))
			fwc_lexer_next(&p->lx);
		if (fwc_parser_is(p, "}"))
			break;
		inner = fwc_chain_rule_in(block);
		r = inner ? fwc_parse_rule(p, inner) : fwc_fail_memory(p->err);
		if (r < 0)
			break;
	}
	p->in_block = false;
	p->rule = outer;
	if (r == 0)
		r = fwc_parser_expect(p, "}");
	if (r == 0)
		fwc_target_put_block(t, block);
	return r;
}

/* The verdict of `jump {` or `goto {`; 0: another one. */
static uint32_t begins_block(const struct fwc_parser *p)
{
	uint32_t verdict = fwc_parser_is(p, "jump")   ? FWC_VERDICT_JUMP
			   : fwc_parser_is(p, "goto") ? FWC_VERDICT_GOTO
						      : 0;
	struct fwc_parser ahead = *p;

	ahead.err = NULL;
	if (verdict)
		fwc_lexer_next(&ahead.lx);
	return verdict && fwc_parser_is(&ahead, "{") ? verdict : 0;
}

static int parse_verdict(struct fwc_parser *p, struct fwc_target *t)
{
	uint32_t verdict = begins_block(p);
	const char *chain;
	int r;

	if (verdict) {
		fwc_lexer_next(&p->lx);
		put_number(t, FWC_VERDICT_CODE, verdict);
		return parse_block(p, t);
	}
	r = fwc_parse_verdict(p, &verdict, &chain);

	if (r < 0)
		return r;
	put_number(t, FWC_VERDICT_CODE, verdict);
	if (chain)
		fwc_target_put_text(t, FWC_VERDICT_CHAIN, chain);
	return 0;
}

/* ---- reject ---- */

/* What follows `with`: in which families, and what the rule then holds. */
static const struct reject_word {
	const char *word;
	uint32_t family; /* 0: both */
	uint32_t with; /* where packets of both come; in its own family it is FWC_REJECT_ICMP */
} reject_words[] = {
	{ "icmp", FWC_FAMILY_IP, FWC_REJECT_ICMPV4 },
	{ "icmpv6", FWC_FAMILY_IP6, FWC_REJECT_ICMPV6 },
	{ "icmpx", 0, FWC_REJECT_ICMPX },
};

static int parse_code(struct fwc_parser *p, const struct fwc_symbol *codes, uint64_t *ret)
{
	char first = p->lx.token.len ? *p->lx.token.text : '\0';

	if (p->lx.token.kind == FWC_TOKEN_WORD && first >= '0' && first <= '9')
		return fwc_parser_number(p, "a code", CODE_MOST, ret);
	return fwc_parser_symbol(p, codes, "a code", ret);
}

/* `reject` alone is port-unreachable of whatever family the packet is known to have. */
static void put_reject(const struct fwc_parser *p, struct fwc_target *t, uint64_t with,
		       uint64_t code)
{
	uint32_t family = p->rule->chain->table->family;
	bool is_default;

	if (!fwc_family_is_mixed(family) && with != FWC_REJECT_ICMPX)
		with = FWC_REJECT_ICMP;
	is_default = with == FWC_REJECT_ICMP
			     ? code == (family == FWC_FAMILY_IP ? (uint64_t)3 : (uint64_t)4)
		     : with == FWC_REJECT_ICMPX
			     ? fwc_family_is_mixed(fwc_text_known_family(p->rule)) && code == 1
			     : false;
	if (is_default)
		return;
	put_number(t, FWC_REJECT_WITH, with);
	put_number(t, FWC_REJECT_CODE, code);
}

static int parse_reject_with(struct fwc_parser *p, struct fwc_target *t)
{
	uint32_t family = p->rule->chain->table->family;
	struct fwc_token at = p->lx.token;
	uint64_t code;
	int r;

	if (fwc_parser_accept(p, "tcp")) {
		put_number(t, FWC_REJECT_WITH, FWC_REJECT_TCP_RESET);
		return fwc_parser_expect(p, "reset");
	}
	for (size_t i = 0; i < FWC_ARRAY_SIZE(reject_words); i++) {
		const struct reject_word *w = &reject_words[i];

		if (!fwc_parser_accept(p, w->word))
			continue;
		if (w->family && !fwc_family_is_mixed(family) && family != w->family)
			return fwc_parser_fail_at(p, &at, "'%s' does not go with an %s table",
						  w->word, fwc_family_name(family));
		fwc_parser_accept(p, "type"); /* as older nft writes it */
		r = parse_code(p, fwc_words_reject_code(w->with), &code);
		if (r == 0)
			put_reject(p, t, w->with, code);
		return r;
	}
	return fwc_parser_expected(p, "icmp, icmpv6, icmpx or 'tcp reset'");
}

static int parse_reject(struct fwc_parser *p, struct fwc_target *t)
{
	uint32_t family = fwc_text_known_family(p->rule);

	if (fwc_parser_accept(p, "with"))
		return parse_reject_with(p, t);
	if (fwc_family_is_mixed(p->rule->chain->table->family) &&
	    (family == FWC_FAMILY_IP || family == FWC_FAMILY_IP6)) {
		put_number(t, FWC_REJECT_WITH,
			   family == FWC_FAMILY_IP ? FWC_REJECT_ICMPV4 : FWC_REJECT_ICMPV6);
		put_number(t, FWC_REJECT_CODE, family == FWC_FAMILY_IP ? 3 : 4);
	}
	return 0;
}

/* ---- log ---- */

static int parse_log_prefix(struct fwc_parser *p, struct fwc_target *t)
{
	struct fwc_token at = p->lx.token;
	const char *prefix;
	int r = fwc_parse_once(p, t, FWC_LOG_PREFIX);

	if (r < 0)
		return r;
	prefix = fwc_parser_text(p, "the prefix in quotes");
	if (!prefix)
		return -EINVAL;
	r = fwc_parser_place(p, &at,
			     fwc_check_label("log prefix", prefix,
					     t->type->params[FWC_LOG_PREFIX - 1].max, p->err));
	if (r == 0)
		fwc_target_put_text(t, FWC_LOG_PREFIX, prefix);
	return r;
}

static int parse_log_level(struct fwc_parser *p, struct fwc_target *t)
{
	uint64_t level;
	int r = fwc_parse_once(p, t, FWC_LOG_LEVEL);

	if (r == 0)
		r = fwc_parser_symbol(p, fwc_words_log_level, "a level", &level);
	if (r == 0 && level != FWC_LOG_LEVEL_DEFAULT)
		put_number(t, FWC_LOG_LEVEL, level);
	return r;
}

static int parse_log_flags(struct fwc_parser *p, struct fwc_target *t)
{
	static const struct fwc_symbol kinds[] = {
		{ "all", FWC_LOG_FLAGS_ALL },
		{ "skuid", 8 },
		{ "ether", 32 },
		{ NULL, 0 },
	};
	static const struct fwc_symbol tcp[] = { { "sequence", 1 }, { "options", 2 }, { NULL, 0 } };
	uint64_t flags = 0, flag;
	int r = 0;

	fwc_target_get_number(t, FWC_LOG_FLAGS, &flags);
	if (fwc_parser_accept(p, "ip")) {
		r = fwc_parser_expect(p, "options");
		flag = 4;
	} else if (fwc_parser_accept(p, "tcp")) {
		do {
			r = fwc_parser_symbol(p, tcp, "a part of the TCP header", &flag);
			flags |= r == 0 ? flag : 0;
		} while (r == 0 && fwc_parser_accept(p, ","));
		flag = 0;
	} else {
		r = fwc_parser_symbol(p, kinds, "'tcp', 'ip' or one of", &flag);
	}
	if (r == 0)
		put_number(t, FWC_LOG_FLAGS, flags | flag);
	return r;
}

static int parse_log_number(struct fwc_parser *p, struct fwc_target *t)
{
	static const struct fwc_symbol params[] = {
		{ "group", FWC_LOG_GROUP },
		{ "snaplen", FWC_LOG_SNAPLEN },
		{ "queue-threshold", FWC_LOG_QUEUE_THRESHOLD },
		{ NULL, 0 },
	};

	for (const struct fwc_symbol *s = params; s->name; s++)
		if (fwc_parser_accept(p, s->name)) {
			int r = fwc_parse_number_param(p, t, (uint32_t)s->value);

			return r < 0 ? r : 1;
		}
	return 0;
}

static int parse_log(struct fwc_parser *p, struct fwc_target *t)
{
	int r;

	do {
		if (fwc_parser_accept(p, "prefix"))
			r = parse_log_prefix(p, t) < 0 ? -EINVAL : 1;
		else if (fwc_parser_accept(p, "level"))
			r = parse_log_level(p, t) < 0 ? -EINVAL : 1;
		else if (fwc_parser_accept(p, "flags"))
			r = parse_log_flags(p, t) < 0 ? -EINVAL : 1;
		else
			r = parse_log_number(p, t);
	} while (r > 0);
	return r;
}

/* ---- counter, limit ---- */

static int parse_counter(struct fwc_parser *p, struct fwc_target *t)
{
	int r = 0;

	while (r == 0) {
		if (fwc_parser_accept(p, "packets"))
			r = fwc_parse_number_param(p, t, FWC_COUNTER_PACKETS);
		else if (fwc_parser_accept(p, "bytes"))
			r = fwc_parse_number_param(p, t, FWC_COUNTER_BYTES);
		else
			break;
	}
	return r;
}

/* The current word up to a `/` in it: `kbytes/second`. */
static void cut_at_slash(struct fwc_parser *p)
{
	const struct fwc_token *t = &p->lx.token;
	const char *slash = t->kind == FWC_TOKEN_WORD ? memchr(t->text, '/', t->len) : NULL;

	if (slash && slash > t->text)
		fwc_lexer_cut(&p->lx, (size_t)(slash - t->text));
}

int fwc_parse_amount(struct fwc_parser *p, uint64_t *ret, bool *ret_bytes)
{
	struct fwc_token at = p->lx.token;
	uint64_t number;
	int r = fwc_parser_number(p, "a rate", UINT64_MAX, &number);

	if (r < 0)
		return r;
	cut_at_slash(p);
	*ret_bytes = false;
	for (const struct fwc_symbol *s = fwc_words_bytes_unit; s->name; s++) {
		if (!fwc_parser_accept(p, s->name))
			continue;
		*ret_bytes = true;
		if (number > UINT64_MAX / s->value)
			return fwc_parser_fail_at(p, &at, "this rate has more than 64 bits");
		number *= s->value;
		break;
	}
	*ret = number;
	return 0;
}

static int parse_burst(struct fwc_parser *p, struct fwc_target *t, bool bytes)
{
	const struct fwc_param_kind *kind = &t->type->params[FWC_LIMIT_BURST - 1];
	struct fwc_token at = p->lx.token;
	uint64_t burst;
	bool in_bytes;
	int r = fwc_parse_amount(p, &burst, &in_bytes);

	if (r < 0)
		return r;
	if (!in_bytes)
		r = fwc_parser_expect(p, "packets");
	if (r < 0)
		return r;
	if (in_bytes != bytes)
		return fwc_parser_fail_at(p, &at, "the burst of a limit in %s is in %s as well",
					  bytes ? "bytes" : "packets", bytes ? "bytes" : "packets");
	if (burst > kind->max || (!bytes && !burst))
		return fwc_parser_fail_at(p, &at, "a burst is a number from %d to %llu", !bytes,
					  (unsigned long long)kind->max);
	if (burst != (bytes ? 0 : FWC_LIMIT_BURST_DEFAULT))
		put_number(t, FWC_LIMIT_BURST, burst);
	return 0;
}

static int parse_limit(struct fwc_parser *p, struct fwc_target *t)
{
	struct fwc_token at;
	uint64_t rate, unit;
	bool bytes;
	int r = fwc_parser_expect(p, "rate");

	if (r < 0)
		return r;
	if (fwc_parser_accept(p, "over"))
		put_number(t, FWC_LIMIT_OVER, 1);
	at = p->lx.token;
	r = fwc_parse_amount(p, &rate, &bytes);
	if (r == 0)
		r = fwc_parser_expect(p, "/");
	if (r == 0)
		r = fwc_parser_symbol(p, fwc_words_rate_unit, "a unit of time", &unit);
	if (r < 0)
		return r;
	if (!rate)
		return fwc_parser_fail_at(p, &at, "a rate is not 0");
	put_number(t, FWC_LIMIT_RATE, rate);
	if (unit != 1)
		put_number(t, FWC_LIMIT_UNIT_S, unit);
	if (bytes)
		put_number(t, FWC_LIMIT_IN_BYTES, 1);
	return fwc_parser_accept(p, "burst") ? parse_burst(p, t, bytes) : 0;
}

/* ---- address translation ---- */

static int parse_nat_flags(struct fwc_parser *p, struct fwc_target *t)
{
	uint64_t flags = 0, flag;
	bool begins = false;

	fwc_target_get_number(t, FWC_NAT_FLAGS, &flags); /* prefix */

	for (const struct fwc_symbol *s = fwc_words_nat_flag; s->name; s++)
		begins |= fwc_parser_is(p, s->name);
	if (!begins)
		return 0;
	do {
		int r = fwc_parser_symbol(p, fwc_words_nat_flag, "a flag", &flag);

		if (r < 0)
			return r;
		flags |= flag;
	} while (fwc_parser_accept(p, ","));
	put_number(t, FWC_NAT_FLAGS, flags);
	return 0;
}

/* A field or parenthesis, alone or with a map: `tcp dport map @m`. 1 when there was one. */
static int parse_nat_map(struct fwc_parser *p, struct fwc_target *t, uint32_t param,
			 const struct fwc_type *const *data, size_t data_count)
{
	struct fwc_expression key;
	const struct fwc_value *v;

	if (!fwc_parse_begins_field(p) && !fwc_parser_is(p, "("))
		return 0;
	if (fwc_parse_expression(p, &key) < 0)
		return -EINVAL;
	if (key.count == 1 && key.prefix_mask < 0 && !fwc_parser_is(p, "map"))
		v = key.value;
	else if (fwc_parser_expect(p, "map") < 0)
		return -EINVAL;
	else
		v = fwc_parse_map(p, key.value, data, data_count);
	if (!v)
		return -EINVAL;
	fwc_target_put_value(t, param, v);
	return 1;
}

static int parse_nat_port(struct fwc_parser *p, struct fwc_target *t)
{
	const struct fwc_type *port = fwc_field_by_id(FWC_FIELD_TH_DPORT)->type;
	const struct fwc_value *v;
	int r = parse_nat_map(p, t, FWC_NAT_PORT, &port, 1);

	if (r)
		return r < 0 ? r : 0;
	v = fwc_parse_constant(p, port, false);
	if (!v)
		return -EINVAL;
	fwc_target_put_value(t, FWC_NAT_PORT, v);
	return 0;
}

/* `[2001:db8::1]`, with more behind it than an address can hold by itself. */
static const struct fwc_value *parse_bracketed(struct fwc_parser *p, const struct fwc_type *t)
{
	uint8_t bytes[16];
	uint32_t bits;

	if (fwc_parser_expect(p, "[") < 0 || fwc_parse_word(p, t, bytes, &bits) < 0 ||
	    fwc_parser_expect(p, "]") < 0)
		return NULL;
	return fwc_value_constant(&p->rs->arena, t, bytes);
}

static const struct fwc_value *parse_bracketed_range(struct fwc_parser *p, const struct fwc_type *t)
{
	const struct fwc_value *first = parse_bracketed(p, t), *last;

	if (!first || !fwc_parser_accept(p, "-"))
		return first;
	last = parse_bracketed(p, t);
	return last ? fwc_value_make_range(&p->rs->arena, first, last) : NULL;
}

uint32_t fwc_parse_guess_family(const struct fwc_parser *p)
{
	const struct fwc_token *t = &p->lx.token;
	size_t colons = 0;

	for (size_t i = 0; i < t->len; i++)
		colons += t->text[i] == ':';
	return fwc_parser_is(p, "[") || colons > 1 ? FWC_FAMILY_IP6 : FWC_FAMILY_IP;
}

const struct fwc_value *fwc_parse_address(struct fwc_parser *p, const struct fwc_type *t)
{
	if (!t) {
		fwc_parser_expected(p, "a family before it: 'ip to' or 'ip6 to'");
		return NULL;
	}
	return fwc_parser_is(p, "[") ? parse_bracketed_range(p, t) : fwc_parse_assigned(p, t);
}

static int parse_nat_address(struct fwc_parser *p, struct fwc_target *t, uint32_t family)
{
	const struct fwc_type *types[2];
	const struct fwc_value *v;
	int r;

	types[0] =
		fwc_field_by_id(family == FWC_FAMILY_IP6 ? FWC_FIELD_IP6_SADDR : FWC_FIELD_IP_SADDR)
			->type;
	types[1] = fwc_field_by_id(FWC_FIELD_TH_DPORT)->type;
	r = parse_nat_map(p, t, FWC_NAT_ADDR, types, 2);
	if (r)
		return r < 0 ? r : 0;
	v = fwc_parser_is(p, "[") ? parse_bracketed_range(p, types[0])
				  : fwc_parse_constant(p, types[0], false);
	if (!v)
		return -EINVAL;
	fwc_target_put_value(t, FWC_NAT_ADDR, v);
	return 0;
}

/* `ip`, `ip6` before `to`, or nothing */
static uint32_t parse_nat_family(struct fwc_parser *p)
{
	if (fwc_parser_accept(p, "ip"))
		return FWC_FAMILY_IP;
	return fwc_parser_accept(p, "ip6") ? FWC_FAMILY_IP6 : 0;
}

static int parse_nat(struct fwc_parser *p, struct fwc_target *t)
{
	uint32_t table = p->rule->chain->table->family;
	struct fwc_token at = p->lx.token;
	uint32_t family = parse_nat_family(p);
	int r;

	if (family && table != FWC_FAMILY_INET && family != table)
		return fwc_parser_fail_at(p, &at, "'%s' does not go with an %s table",
					  fwc_family_name(family), fwc_family_name(table));
	if (fwc_parser_accept(p, "addr")) { /* `addr . port`, as nft wrote it before 1.0 */
		if (fwc_parser_expect(p, ".") < 0 || fwc_parser_expect(p, "port") < 0)
			return -EINVAL;
	}
	if (fwc_parser_accept(p, "prefix"))
		put_number(t, FWC_NAT_FLAGS, FWC_NAT_PREFIX);
	fwc_parser_accept(p, "to");
	if (!family)
		family = fwc_text_known_family(p->rule);
	if (family == FWC_FAMILY_INET)
		family = fwc_parse_guess_family(p);
	if (!fwc_parser_is(p, ":")) {
		r = parse_nat_address(p, t, family);
		if (r < 0)
			return r;
		if (table == FWC_FAMILY_INET)
			put_number(t, FWC_NAT_FAMILY, family);
	}
	if (fwc_parser_accept(p, ":")) {
		r = parse_nat_port(p, t);
		if (r < 0)
			return r;
	}
	return parse_nat_flags(p, t);
}

/* masquerade and redirect: ports at most */
static int parse_nat_self(struct fwc_parser *p, struct fwc_target *t)
{
	if (fwc_parser_accept(p, "to")) {
		fwc_parser_accept(p, ":");
		if (parse_nat_port(p, t) < 0)
			return -EINVAL;
	}
	return parse_nat_flags(p, t);
}

/* ---- the table ---- */

static const struct target_word {
	const char *word;
	uint32_t kind; /* enum fwc_target_kind */
	bool keeps_word; /* the function reads the word itself */
	bool ends; /* nothing is looked at behind it */
	fwc_parse_fn parse;
} target_words[] = {
	{ "accept", FWC_TARGET_VERDICT, true, true, parse_verdict },
	{ "drop", FWC_TARGET_VERDICT, true, true, parse_verdict },
	{ "return", FWC_TARGET_VERDICT, true, true, parse_verdict },
	{ "continue", FWC_TARGET_VERDICT, true, true, parse_verdict },
	{ "jump", FWC_TARGET_VERDICT, true, true, parse_verdict },
	{ "goto", FWC_TARGET_VERDICT, true, true, parse_verdict },
	{ "reject", FWC_TARGET_REJECT, false, true, parse_reject },
	{ "log", FWC_TARGET_LOG, false, false, parse_log },
	{ "counter", FWC_TARGET_COUNTER, false, false, parse_counter },
	{ "limit", FWC_TARGET_LIMIT, false, false, parse_limit },
	{ "masquerade", FWC_TARGET_MASQUERADE, false, true, parse_nat_self },
	{ "redirect", FWC_TARGET_REDIRECT, false, true, parse_nat_self },
	{ "snat", FWC_TARGET_SNAT, false, true, parse_nat },
	{ "dnat", FWC_TARGET_DNAT, false, true, parse_nat },
	{ "quota", FWC_TARGET_QUOTA, false, false, fwc_parse_quota },
	{ "ct count", FWC_TARGET_CONNLIMIT, false, false, fwc_parse_connlimit },
	{ "last", FWC_TARGET_LAST, false, false, fwc_parse_last },
	{ "notrack", FWC_TARGET_NOTRACK, false, false, fwc_parse_nothing },
	{ "synproxy", FWC_TARGET_SYNPROXY, false, false, fwc_parse_synproxy },
	{ "queue", FWC_TARGET_QUEUE, false, true, fwc_parse_queue },
	{ "tproxy", FWC_TARGET_TPROXY, false, false, fwc_parse_tproxy },
	{ "dup", FWC_TARGET_DUP, false, false, fwc_parse_dup },
	{ "fwd", FWC_TARGET_FWD, false, true, fwc_parse_fwd },
	{ "flow", FWC_TARGET_FLOW, false, false, fwc_parse_flow },
	{ "reset", FWC_TARGET_STRIP, false, false, fwc_parse_strip },
	{ "add", FWC_TARGET_UPDATE, false, false, fwc_parse_add },
	{ "update", FWC_TARGET_UPDATE, false, false, fwc_parse_update },
	{ "delete", FWC_TARGET_UPDATE, false, false, fwc_parse_delete },
};

int fwc_parse_add_target(struct fwc_parser *p, const struct fwc_token *at, struct fwc_target *t)
{
	return fwc_parser_place(p, at, fwc_rule_bind_target(p->rule, t, p->err));
}

/* The row whose words begin here; they are read unless the function reads them itself. */
static const struct target_word *accept_word(struct fwc_parser *p, bool stateful)
{
	for (size_t i = 0; i < FWC_ARRAY_SIZE(target_words); i++) {
		const struct target_word *w = &target_words[i];

		if (stateful && !fwc_target_is_stateful(w->kind))
			continue;
		if (w->keeps_word ? fwc_parser_is(p, w->word) : fwc_parser_accept_words(p, w->word))
			return w;
	}
	return NULL;
}

int fwc_parse_stateful(struct fwc_parser *p, struct fwc_target **ret)
{
	const struct target_word *w = accept_word(p, true);
	int r;

	if (!w)
		return 0;
	*ret = fwc_target_in(&p->rs->arena, w->kind);
	if (!*ret)
		return fwc_fail_memory(p->err);
	r = w->parse(p, *ret);
	return r < 0 ? r : 1;
}

int fwc_parse_stateful_body(struct fwc_parser *p, struct fwc_target *t)
{
	for (size_t i = 0; i < FWC_ARRAY_SIZE(target_words); i++)
		if (target_words[i].kind == t->type->kind)
			return target_words[i].parse(p, t);
	return fwc_parser_expected(p, "'comment'");
}

int fwc_parse_target(struct fwc_parser *p, bool *ret_ends)
{
	struct fwc_token at = p->lx.token;
	const struct target_word *w = NULL;
	struct fwc_target *t;
	int r = fwc_parse_objref(p, &t);

	if (r == 0) {
		w = accept_word(p, false);
		if (!w)
			return 0;
		t = fwc_target_in(&p->rs->arena, w->kind);
		r = t ? w->parse(p, t) : fwc_fail_memory(p->err);
	}
	if (r >= 0)
		r = fwc_parse_add_target(p, &at, t);
	*ret_ends = w && w->ends;
	return r < 0 ? r : 1;
}
