/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What holds for every row of the tables of fields, targets, types and objects, tried with random constants: written as
 * bytes and read it is the same, printed and parsed, as words and as JSON, it is the same. A new row is tried without a word here.
 */
#include <stdarg.h>
#include <stdio.h>

#include "../check.h"
#include "../dice.h"
#include "fields/objects.h"
#include "nft/encode.h"
#include "nft/messages.h"
#include "text/text.h"

static struct fwc_error err;
static unsigned long long first_seed;
static unsigned int rounds = 5;

static struct dice dice;

static const uint32_t families[] = { FWC_FAMILY_INET, FWC_FAMILY_IP,     FWC_FAMILY_IP6,
				     FWC_FAMILY_ARP,  FWC_FAMILY_BRIDGE, FWC_FAMILY_NETDEV };

/* ---- a chain, and one that is made of what the first was written as ---- */

struct place {
	struct fwc_ruleset *rs;
	struct fwc_table *table;
	struct fwc_chain *chain;
};

/* Filter and nat rules stand in chains without a hook alike. */
static struct place make_place(uint32_t family)
{
	const struct fwc_set_opts opts = { .size = sizeof(opts),
					   .flags = FWC_SET_DYNAMIC | FWC_SET_TIMEOUT };
	struct place p = { .rs = fwc_ruleset_new() };

	p.table = fwc_ruleset_add_table(p.rs, family, "t", 0);
	p.chain = fwc_table_add_chain(p.table, "c", NULL);
	fwc_table_add_chain(p.table, "other", NULL);
	fwc_table_add_set(p.table, "other", "ipv4_addr", &opts);
	fwc_table_add_set(p.table, "a-b", "mark", &opts);
	ck_assert_ptr_nonnull(p.chain);
	return p;
}

/* What the kernel calls the anonymous sets of a rule: they are told apart by these names in a dump. */
struct namer {
	struct fwc_nft_writer *w;
	struct fwc_table *to;
	unsigned int count;
};

static void read_messages(struct fwc_table *to, const struct fwc_wire *wire)
{
	size_t at = 0;

	while (at < wire->len) {
		const struct nlmsghdr *h = (const void *)(wire->data + at);
		struct fwc_slice attrs = { wire->data + at + NLMSG_HDRLEN + 4,
					   h->nlmsg_len - NLMSG_HDRLEN - 4 };
		int type = h->nlmsg_type & 0xff;

		ck_assert_int_eq(
			type == NFT_MSG_NEWSET
				? fwc_nft_read_set(to->ruleset, to->family, attrs, NULL)
				: fwc_nft_read_elements(to->ruleset, to->family, attrs, NULL),
			0);
		at += NLMSG_ALIGN(h->nlmsg_len);
	}
}

static void copy_list(struct namer *n, struct fwc_set *list)
{
	struct fwc_wire wire = { .data = NULL };
	struct fwc_nft_writer w = { .wire = &wire, .next_set_id = 1 };
	uint8_t *at;
	char name[16];

	snprintf(name, sizeof(name), "__%s%02u", list->data_count ? "map" : "set", n->count++);
	list->name = fwc_arena_strdup(&list->ruleset->arena, name);
	assert_ok(fwc_put_anonymous_set(&w, n->to, list, &err), err);
	while ((at = memmem(wire.data, wire.len, list->data_count ? "__map%d" : "__set%d", 7)))
		memcpy(at, name, 7);
	read_messages(n->to, &wire);
	fwc_wire_free(&wire);
}

static void copy_lists(struct namer *n, const struct fwc_value *v)
{
	if (v->kind == FWC_VALUE_LIST)
		copy_list(n, v->list);
	else if (v->kind == FWC_VALUE_BITS)
		copy_lists(n, v->of);
	else if (v->kind == FWC_VALUE_CONCAT || v->kind == FWC_VALUE_MAP)
		for (size_t i = 0; i < v->len; i++)
			copy_lists(n, v->child[i]);
}

static void copy_lists_of_rule(struct namer *n, const struct fwc_rule *r)
{
	for (const struct fwc_item *i = fwc_rule_items(r); i; i = i->next) {
		if (i->kind == FWC_ITEM_MATCH) {
			copy_lists(n, i->left);
			copy_lists(n, i->right);
		}
		for (uint32_t p = 1; i->kind == FWC_ITEM_TARGET && p <= i->target->type->count; p++)
			if (fwc_target_get_value(i->target, p))
				copy_lists(n, fwc_target_get_value(i->target, p));
	}
}

static const char *text_of(const struct fwc_rule *r)
{
	static char text[8][4096];
	static unsigned int next;
	char *to = text[next++ % 8];

	ck_assert_int_eq(fwc_rule_format(r, FWC_SYNTAX_NFT, to, sizeof(text[0]), NULL), 0);
	return to;
}

static void check_same(const struct fwc_rule *a, const struct fwc_rule *b, const char *how,
		       bool names)
{
	ck_assert_msg(fwc_nft_rules_equal(a, b), "%s %s: '%s' is '%s'",
		      fwc_family_name(a->chain->table->family), how, text_of(a), text_of(b));
	ck_assert_msg(!names || !strcmp(text_of(a), text_of(b)), "%s %s: '%s' is printed as '%s'",
		      fwc_family_name(a->chain->table->family), how, text_of(a), text_of(b));
}

static void check_text(const struct fwc_rule *r, bool names)
{
	struct place p = make_place(r->chain->table->family);
	struct fwc_rule *parsed = fwc_chain_append_text(p.chain, FWC_SYNTAX_NFT, text_of(r));

	fwc_ruleset_error(p.rs, &err);
	ck_assert_msg(parsed != NULL, "%s '%s' is not parsed: %s", fwc_family_name(p.table->family),
		      text_of(r), err.msg);
	check_same(r, parsed, "parsed", names);
	fwc_ruleset_free(p.rs);
}

static void check_json(const struct fwc_rule *r, bool names)
{
	struct place p = make_place(r->chain->table->family);
	struct fwc_rule *parsed;
	char json[8192];

	ck_assert_int_eq(fwc_rule_format(r, FWC_SYNTAX_JSON, json, sizeof(json), NULL), 0);
	parsed = fwc_chain_append_text(p.chain, FWC_SYNTAX_JSON, json);
	fwc_ruleset_error(p.rs, &err);
	ck_assert_msg(parsed != NULL, "%s '%.300s' is not read: %s",
		      fwc_family_name(p.table->family), json, err.msg);
	check_same(r, parsed, json, names);
	fwc_ruleset_free(p.rs);
}

static void check_bytes(const struct fwc_rule *r, bool names)
{
	struct place p = make_place(r->chain->table->family);
	struct fwc_wire wire = { .data = NULL };
	struct namer n = { .to = p.table };
	struct fwc_encoder e;
	struct fwc_rule *read;

	copy_lists_of_rule(&n, r);
	e = fwc_encoder_for(r, &wire, FWC_ENCODE_AS_LOADED, &err);
	for (const struct fwc_item *i = fwc_rule_items(r); i; i = i->next) {
		int code = fwc_encode_item(&e, i);

		ck_assert_msg(code == 0, "'%s' is not written: %s", text_of(r), err.msg);
	}
	read = fwc_chain_append(p.chain);
	read->raw = wire.data;
	read->raw_len = (uint16_t)wire.len;
	p.rs->decode = fwc_nft_decode_rule;
	for (const struct fwc_item *i = fwc_rule_items(read); i; i = i->next)
		ck_assert_msg(i->kind != FWC_ITEM_OPAQUE, "%s '%s' is read as '%s'",
			      fwc_family_name(p.table->family), text_of(r), text_of(read));
	check_same(r, read, "read", names);
	check_text(read, names);
	check_json(read, names);
	fwc_ruleset_free(p.rs);
	fwc_wire_free(&wire);
}

/* ---- constants ---- */

static void put(struct fwc_buf *out, const struct fwc_type *t)
{
	static const char *const names[] = { "eth0", "wlan1", "br-a", "lo" };
	uint8_t bytes[FWC_TYPE_BYTES_MOST], mask[FWC_TYPE_BYTES_MOST];

	fwc_type_mask(t, mask);
	for (size_t i = 0; i < sizeof(bytes); i++)
		bytes[i] = (uint8_t)roll(&dice) & mask[i];
	switch (t->form) {
	case FWC_FORM_IFNAME:
		fwc_buf_printf(out, "\"%s%u\"", names[below(&dice, 4)], below(&dice, 9));
		return;
	case FWC_FORM_TEXT:
		fwc_buf_printf(out, "\"ftp%u\"", below(&dice, 99));
		return;
	case FWC_FORM_LABEL:
		fwc_buf_printf(out, "%u", below(&dice, 128));
		return;
	case FWC_FORM_HOUR:
		fwc_buf_printf(out, "\"%02u:%02u\"", below(&dice, 24), below(&dice, 60));
		return;
	case FWC_FORM_DATE:
		fwc_buf_printf(out, "\"20%02u-06-%02u 08:30:00\"", 10 + below(&dice, 60),
			       1 + below(&dice, 28));
		return;
	case FWC_FORM_TIME:
		fwc_buf_printf(out, "%us", 1 + below(&dice, 100000));
		return;
	case FWC_FORM_IFINDEX:
		fwc_buf_printf(out, "%u", 100 + below(&dice, 1000));
		return;
	default:
		fwc_type_format(t, bytes, 8u * t->len, ",", out);
	}
}

static bool is_ordered(const struct fwc_type *t)
{
	return t->form == FWC_FORM_NUMBER || t->form == FWC_FORM_HEX || t->form == FWC_FORM_RAW ||
	       t->form == FWC_FORM_IP4 || t->form == FWC_FORM_IP6 || t->form == FWC_FORM_ETHER;
}

/* What stands right of a field: a constant, an operator and one, a list, a prefix. */
static void put_right(struct fwc_buf *out, const struct fwc_type *t)
{
	switch (below(&dice, 5)) {
	case 0:
		fwc_buf_puts(out, "!= ");
		break;
	case 1:
		fwc_buf_puts(out, is_ordered(t) ? below(&dice, 2) ? "< " : "> " : "");
		break;
	case 2:
		fwc_buf_puts(out, "{ ");
		put(out, t);
		fwc_buf_puts(out, " }");
		return;
	case 3:
		if (t->form == FWC_FORM_IP4)
			fwc_buf_printf(out, "10.%u.0.0/%u", below(&dice, 256),
				       16 + below(&dice, 16));
		else if (t->form == FWC_FORM_IP6)
			fwc_buf_printf(out, "2001:db8:%x::/%u", 1 + below(&dice, 65535),
				       48 + below(&dice, 80));
		else
			put(out, t);
		return;
	default:
		break;
	}
	put(out, t);
}

/* ---- fields ---- */

/* Two names for the same bytes: what is read has the name of one of them. */
static bool has_twin(const struct fwc_field_row *f)
{
	for (size_t i = 0; i < fwc_fields_count; i++) {
		const struct fwc_field_row *other = &fwc_fields[i];

		if (other != f && other->load == f->load && other->base == f->base &&
		    other->key == f->key && other->offset == f->offset &&
		    other->flags == f->flags && other->l4 == f->l4 &&
		    other->type->len == f->type->len && other->type->bits == f->type->bits)
			return true;
	}
	return false;
}

/* Some stand in one kind of message, or need a transport protocol before them. */
static const char *const befores[] = { "",
				       "meta l4proto tcp ",
				       "meta l4proto udp ",
				       "icmp type echo-request ",
				       "icmp type destination-unreachable ",
				       "icmp type redirect ",
				       "icmpv6 type echo-request ",
				       "icmpv6 type packet-too-big ",
				       "icmpv6 type parameter-problem ",
				       "icmpv6 type mld-listener-query ",
				       "icmpv6 type nd-neighbor-solicit ",
				       "icmpv6 type nd-redirect " };

/* The field in one of the families, behind what it needs. False: refused everywhere. */
static bool try_field(const struct fwc_field_row *f)
{
	struct fwc_buf right = { .data = NULL };
	unsigned int first = below(&dice, 6);
	bool taken = false;

	put_right(&right, f->type);
	for (unsigned int i = 0; i < 6 * FWC_ARRAY_SIZE(befores) && !taken; i++) {
		struct place p = make_place(families[(first + i) % 6]);
		char text[1024];
		struct fwc_rule *r;

		snprintf(text, sizeof(text), "%s%s %s counter", befores[i / 6], f->name,
			 right.data);
		r = fwc_chain_append_text(p.chain, FWC_SYNTAX_NFT, text);
		taken = r != NULL;
		if (r) {
			check_bytes(r, !has_twin(f));
			check_text(r, true);
			check_json(r, true);
		} else {
			fwc_ruleset_error(p.rs, &err);
		}
		fwc_ruleset_free(p.rs);
	}
	fwc_buf_free(&right);
	return taken;
}

START_TEST(every_field_is_written_and_read_and_printed_and_parsed)
{
	for (unsigned long long seed = first_seed; seed < first_seed + rounds; seed++) {
		dice.state = seed;
		for (size_t i = 0; i < fwc_fields_count; i++) {
			bool taken = false;

			for (int tries = 0; tries < 4; tries++)
				taken |= try_field(&fwc_fields[i]);
			ck_assert_msg(taken, "seed %llu: '%s' is taken nowhere: %s", seed,
				      fwc_fields[i].name, err.msg);
		}
	}
}
END_TEST

/* ---- targets ---- */

static uint64_t number_in(const struct fwc_param_kind *kind)
{
	/* Of times words take fewer than the kernel, which counts milliseconds in 64 bits. */
	uint64_t max = kind->max > UINT64_C(1) << 40 ? UINT64_C(1) << 40 : kind->max;
	uint64_t span = max - kind->min;

	switch (below(&dice, 4)) {
	case 0:
		return kind->min;
	case 1:
		return max;
	case 2:
		return kind->min + roll(&dice) % (span < 20 ? span + 1 : 20);
	default:
		return kind->min + roll(&dice) % (span + 1);
	}
}

/* Of any type: the rule refuses what does not belong there. */
static struct fwc_value *any_value(bool maps)
{
	static const char *const words[] = { "10.0.0.7", "2001:db8::7", "10.0.0.1-10.0.0.9",
					     "80",       "1000-2000",   "0x10",
					     "lo" };
	static const uint32_t fields[] = { FWC_FIELD_IP_SADDR, FWC_FIELD_IP6_DADDR,
					   FWC_FIELD_TCP_DPORT, FWC_FIELD_META_MARK,
					   FWC_FIELD_CT_MARK };
	struct fwc_value *key[2], *data[2], *field, *pairs, *map;
	unsigned int kind = below(&dice, maps ? 10 : 8);

	if (kind < FWC_ARRAY_SIZE(words))
		return fwc_value_text(words[kind]);
	field = fwc_value_field(fields[below(&dice, FWC_ARRAY_SIZE(fields))]);
	if (kind == 7)
		return field;
	for (unsigned int i = 0; i < 2; i++) {
		key[i] = fwc_value_text(i ? "8" : "9");
		data[i] = kind == 8 ? fwc_value_verdict(below(&dice, 2) ? FWC_VERDICT_DROP
									: FWC_VERDICT_GOTO,
							NULL)
				    : fwc_value_text(below(&dice, 2) ? "10.0.0.3" : "7");
	}
	pairs = fwc_value_pairs((const struct fwc_value *const *)key,
				(const struct fwc_value *const *)data, 2);
	map = fwc_value_map(field, pairs);
	for (unsigned int i = 0; i < 2; i++) {
		fwc_value_free(key[i]);
		fwc_value_free(data[i]);
	}
	fwc_value_free(field);
	fwc_value_free(pairs);
	return map;
}

static struct fwc_value *value_for(const struct fwc_target *t, uint32_t param, uint32_t family)
{
	const struct fwc_type *type = fwc_target_value_type(t, param, family);
	struct fwc_buf out = { .data = NULL };
	struct fwc_value *v;

	if (!type && t->type->params[param - 1].type)
		return fwc_value_text(below(&dice, 2) ? "10.0.0.7" : "2001:db8::7");
	if (!type)
		/* nft has words for elements whose key is a field. */
		return any_value(t->type->kind != FWC_TARGET_UPDATE);
	put(&out, type);
	v = fwc_value_text(out.data);
	fwc_buf_free(&out);
	return v;
}

static void set_param(struct fwc_target *t, uint32_t param, uint32_t family);

static struct fwc_target *stateful_target(void)
{
	struct fwc_target *t;

	for (uint32_t kind = 1 + below(&dice, 30);; kind = 1 + below(&dice, 30)) {
		if (!fwc_target_is_stateful(kind))
			continue;
		t = fwc_target_new(kind);
		for (uint32_t param = 1; param <= t->type->count; param++)
			if (t->type->params[param - 1].required)
				fwc_target_set_number(t, param, 1 + below(&dice, 1000));
		return t;
	}
}

static void set_param(struct fwc_target *t, uint32_t param, uint32_t family)
{
	const struct fwc_param_kind *kind = &t->type->params[param - 1];
	struct fwc_value *v;
	struct fwc_target *inner;

	switch (kind->form) {
	case FWC_PARAM_NUMBER:
		fwc_target_set_number(t, param, number_in(kind));
		return;
	case FWC_PARAM_TEXT:
		fwc_target_set_text(t, param, below(&dice, 2) ? "other" : "a-b");
		return;
	case FWC_PARAM_VALUE:
		v = value_for(t, param, family);
		fwc_target_set_value(t, param, v);
		fwc_value_free(v);
		return;
	case FWC_PARAM_TARGET:
		inner = stateful_target();
		fwc_target_set_target(t, param, inner);
		fwc_target_free(inner);
		return;
	default:
		return;
	}
}

static struct fwc_target *random_target(const struct fwc_target_type *type, uint32_t family)
{
	struct fwc_target *t = fwc_target_new(type->kind);

	for (uint32_t param = 1; param <= type->count; param++)
		if (type->params[param - 1].required || below(&dice, 2))
			set_param(t, param, family);
	/* Among all numbers there are few fields that can be set. */
	if (type->kind == FWC_TARGET_ASSIGN)
		fwc_target_set_number(t, FWC_ASSIGN_FIELD,
				      fwc_fields[below(&dice, (unsigned int)fwc_fields_count)].id);
	return t;
}

/* False: refused. */
static bool try_target(const struct fwc_target_type *type)
{
	uint32_t family = families[below(&dice, 6)];
	struct fwc_target *t = random_target(type, family);
	struct place p = make_place(family);
	struct fwc_rule *r = fwc_chain_append(p.chain);
	bool taken;

	/* What a rejection implies nft moves to the front, and so does the parser. */
	if (type->kind != FWC_TARGET_REJECT)
		ck_assert_int_eq(fwc_rule_match(r,
						below(&dice, 2) ? FWC_FIELD_META_L4PROTO
								: FWC_FIELD_META_MARK,
						FWC_OP_EQ, "{ 6, 17 }"),
				 0);
	taken = fwc_rule_add_target(r, t) == 0;
	if (taken) {
		/* What is read is in the words that nft prints: what says nothing is left out. */
		check_bytes(r, false);
		check_text(r, false);
		check_json(r, false);
	} else {
		fwc_ruleset_error(p.rs, &err);
	}
	fwc_target_free(t);
	fwc_ruleset_free(p.rs);
	return taken;
}

START_TEST(every_target_is_written_and_read_and_printed_and_parsed)
{
	enum { TRIES = 100 };

	for (uint32_t kind = 1; kind < FWC_TARGET_CT_HELPER; kind++) {
		const struct fwc_target_type *type = fwc_target_type(kind);
		unsigned int taken = 0;

		dice.state = first_seed + kind;
		for (unsigned int i = 0; type && i < TRIES * rounds; i++)
			taken += try_target(type);
		ck_assert_msg(!type || taken > 0, "'%s' is taken nowhere: %s", type->name, err.msg);
	}
}
END_TEST

static Suite *property_suite(void)
{
	Suite *s = suite_create("property");
	TCase *tc = tcase_create("property");

	first_seed = first_seed_of(&rounds, "rounds");
	tcase_set_timeout(tc, 600);
	tcase_add_test(tc, every_field_is_written_and_read_and_printed_and_parsed);
	tcase_add_test(tc, every_target_is_written_and_read_and_printed_and_parsed);
	suite_add_tcase(s, tc);
	return s;
}

TEST_MAIN(property_suite)
