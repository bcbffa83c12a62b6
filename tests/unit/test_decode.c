/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Messages of the kernel as objects: those that nft and iptables-nft made (tests/data/nft), and broken ones. */
#include <stdio.h>
#include <stdlib.h>

#include "../check.h"
#include "nft/encode.h"
#include "nft_records.h"

/* ---- what was dumped ---- */

static void assert_comes_back(const struct fwc_rule *r, const char *words)
{
	struct fwc_wire wire = { .data = NULL };
	struct fwc_error err;

	assert_ok(records_encode(r, &wire, &err), err);
	ck_assert_msg(wire.len == r->raw_len && !memcmp(wire.data, r->raw, wire.len),
		      "'%s' does not come back as the bytes it was", words ? words : "");
	fwc_wire_free(&wire);
}

START_TEST(rules_of_the_first_slice_are_named_and_come_back_as_they_were)
{
	struct records all = records_load("rules");

	for (size_t i = 0; i < all.count; i++) {
		ck_assert_msg(records_opaque(all.rules[i]) == 0, "'%s' is not named", all.words[i]);
		assert_comes_back(all.rules[i], all.words[i]);
	}
	ck_assert_uint_gt(all.count, 150);
	records_free(&all);
}
END_TEST

START_TEST(foreign_rules_come_back_as_they_were)
{
	struct records all = records_load("foreign");
	size_t opaque = 0;

	for (size_t i = 0; i < all.count; i++) {
		opaque += records_opaque(all.rules[i]);
		assert_comes_back(all.rules[i], all.words[i]);
	}
	ck_assert_uint_gt(opaque, 2);
	records_free(&all);
}
END_TEST

static size_t count_items(const struct fwc_rule *r)
{
	size_t count = 0;

	for (const struct fwc_item *i = fwc_rule_items(r); i; i = i->next)
		count++;
	return count;
}

static const char *const dumps[] = { "rules", "foreign", "iptables" };

START_TEST(rulesets_survive_json_with_what_has_no_name)
{
	struct records all = records_load(dumps[_i]);
	struct fwc_ruleset *rs;
	struct fwc_error err;
	char *json;
	size_t len;

	assert_ok(fwc_ruleset_format(all.rs, FWC_SYNTAX_JSON, 0, &json, &len, &err), err);
	rs = fwc_ruleset_parse(json, len, FWC_SYNTAX_JSON, &err);
	ck_assert_msg(rs != NULL, "%s: %.300s", err.msg, json);
	for (size_t i = 0; i < all.count; i++) {
		const struct fwc_chain *c = all.rules[i]->chain;
		const struct fwc_rule *read = fwc_chain_at(
			fwc_ruleset_find_chain(rs, c->table->family, c->table->name, c->name),
			all.rules[i]->index);

		ck_assert_msg(fwc_nft_rules_equal(all.rules[i], read), "'%s'",
			      all.words[i] ? all.words[i] : "");
		ck_assert_uint_eq(records_opaque(read), records_opaque(all.rules[i]));
	}
	ck_assert_uint_gt(all.count, 2);
	fwc_text_free(json);
	fwc_ruleset_free(rs);
	records_free(&all);
}
END_TEST

/* A rule that holds an expression of that name, which is made one that nobody knows. */
static void forget_expression(struct fwc_rule *r, const char *name)
{
	uint8_t *raw = fwc_arena_copy(&r->chain->table->ruleset->arena, r->raw, r->raw_len);
	uint8_t *at = memmem(raw, r->raw_len, name, strlen(name));

	ck_assert_ptr_nonnull(at);
	at[0] = 'x';
	r->raw = raw;
}

/* What is known beside what is not: the parts keep their places. */
START_TEST(only_the_unknown_part_of_a_rule_is_opaque)
{
	struct records all = records_load("foreign");
	struct fwc_rule *r = records_find(&all, "tcp dport 22 quota 10 mbytes accept");
	const struct fwc_item *i;

	forget_expression(r, "quota");
	i = fwc_rule_items(r);
	ck_assert_uint_eq(i->kind, FWC_ITEM_MATCH);
	ck_assert_uint_eq(i->left->field->id, FWC_FIELD_TCP_DPORT);
	while (i->next)
		i = i->next;
	ck_assert_uint_eq(i->kind, FWC_ITEM_TARGET);
	ck_assert_uint_eq(records_opaque(r), 1);
	records_free(&all);
}
END_TEST

START_TEST(a_match_that_is_implied_is_folded_only_right_before_its_field)
{
	struct records all = records_load("foreign");
	const struct fwc_item *i = fwc_rule_items(records_find(
		&all, "meta l4proto tcp counter packets 0 bytes 0 tcp dport 22 accept"));

	ck_assert_uint_eq(i->left->field->id, FWC_FIELD_META_L4PROTO);
	ck_assert_uint_eq(i->next->kind, FWC_ITEM_TARGET);
	ck_assert_uint_eq(i->next->next->left->field->id, FWC_FIELD_TCP_DPORT);
	records_free(&all);
	all = records_load("rules");
	ck_assert_uint_eq(count_items(records_find(&all, "tcp dport 22 ip saddr 192.0.2.1 accept")),
			  3);
	records_free(&all);
}
END_TEST

static size_t count_extensions(const struct fwc_rule *r, bool targets)
{
	size_t count = 0;

	for (const struct fwc_item *i = fwc_rule_items(r); i; i = i->next)
		count += i->kind == FWC_ITEM_EXTENSION && i->extension->is_target == targets;
	return count;
}

START_TEST(tables_of_iptables_are_known_and_keep_every_byte)
{
	struct records all = records_load("iptables");
	size_t matches = 0, targets = 0;

	for (size_t i = 0; i < all.rs->tables.count; i++)
		ck_assert(((struct fwc_table *)all.rs->tables.items[i])->is_iptables);
	for (size_t i = 0; i < all.count; i++) {
		struct fwc_wire wire = { .data = NULL };
		struct fwc_error err;

		matches += count_extensions(all.rules[i], false);
		targets += count_extensions(all.rules[i], true);
		assert_ok(records_encode(all.rules[i], &wire, &err), err);
		fwc_wire_free(&wire);
	}
	ck_assert_uint_gt(matches, 0);
	ck_assert_uint_gt(targets, 0);
	records_free(&all);
	all = records_load("rules");
	for (size_t i = 0; i < all.rs->tables.count; i++)
		ck_assert(!((struct fwc_table *)all.rs->tables.items[i])->is_iptables);
	records_free(&all);
}
END_TEST

/* ---- made here ---- */

struct made {
	struct fwc_ruleset *rs;
	struct fwc_wire wire;
};

static struct made make(void)
{
	return (struct made){ .rs = fwc_ruleset_new() };
}

static void discard(struct made *m)
{
	fwc_wire_free(&m->wire);
	fwc_ruleset_free(m->rs);
}

/* A rule of inet table t, chain c, whose expressions are `bytes`. Read from memory of exactly its size. */
static struct fwc_rule *read_rule(struct made *m, uint32_t family, const void *bytes, size_t len)
{
	struct fwc_wire wire = { .data = NULL };
	struct fwc_rule *r = NULL;
	uint8_t *exact;

	fwc_put_text(&wire, NFTA_RULE_TABLE, "t");
	fwc_put_text(&wire, NFTA_RULE_CHAIN, "c");
	fwc_put_be64(&wire, NFTA_RULE_HANDLE, 7);
	fwc_put(&wire, NFTA_RULE_EXPRESSIONS, bytes, len);
	exact = malloc(wire.len);
	memcpy(exact, wire.data, wire.len);
	ck_assert_int_eq(
		fwc_nft_read_rule(m->rs, family, (struct fwc_slice){ exact, wire.len }, &r), 0);
	free(exact);
	fwc_wire_free(&wire);
	return r;
}

START_TEST(every_beginning_of_a_rule_is_taken)
{
	struct records all = records_load("rules");

	for (size_t i = 0; i < all.count; i += 7)
		for (size_t len = 0; len < all.rules[i]->raw_len; len++) {
			struct made m = make();
			uint8_t *exact = malloc(len ? len : 1);
			struct fwc_rule *r;
			struct fwc_wire wire = { .data = NULL };
			struct fwc_error err;

			memcpy(exact, all.rules[i]->raw, len);
			r = read_rule(&m, FWC_FAMILY_INET, exact, len);
			assert_ok(fwc_nft_canonical(&wire, r, &err), err);
			ck_assert_uint_ge(wire.len, len / 4 * 4);
			fwc_wire_free(&wire);
			free(exact);
			discard(&m);
		}
	records_free(&all);
}
END_TEST

/* Before Linux 5.6 `bitwise` had no operation; others may leave out what is at its default. */
START_TEST(attributes_at_their_default_may_be_missing)
{
	static const uint8_t mask[] = { 6, 0, 0, 0 }, zero[4];
	struct made m = make();
	struct fwc_expression_nest e;
	struct fwc_rule *r;
	size_t nest;

	fwc_put_ct(&m.wire, 0, NFT_CT_STATE);
	e = fwc_expression_begin(&m.wire, "bitwise");
	fwc_put_be32(&m.wire, NFTA_BITWISE_SREG, NFT_REG_1);
	fwc_put_be32(&m.wire, NFTA_BITWISE_DREG, NFT_REG_1);
	fwc_put_be32(&m.wire, NFTA_BITWISE_LEN, 4);
	nest = fwc_nest_begin(&m.wire, NFTA_BITWISE_MASK); /* with the flag that dumps lack */
	fwc_put(&m.wire, NFTA_DATA_VALUE, mask, 4);
	fwc_nest_end(&m.wire, nest);
	nest = fwc_nest_begin(&m.wire, NFTA_BITWISE_XOR);
	fwc_put(&m.wire, NFTA_DATA_VALUE, zero, 4);
	fwc_nest_end(&m.wire, nest);
	fwc_expression_end(&m.wire, e);
	fwc_put_cmp(&m.wire, 0, NFT_CMP_NEQ, zero, 4);
	r = read_rule(&m, FWC_FAMILY_INET, m.wire.data, m.wire.len);
	ck_assert_uint_eq(count_items(r), 1);
	ck_assert_uint_eq(fwc_rule_items(r)->op, FWC_OP_ANY_OF);
	discard(&m);
}
END_TEST

/* A default that is another value is a difference: it must not be lost. */
START_TEST(attributes_that_are_unknown_make_their_part_opaque)
{
	struct made m = make();
	struct fwc_expression_nest e = fwc_expression_begin(&m.wire, "meta");
	struct fwc_rule *r;

	fwc_put_be32(&m.wire, NFTA_META_KEY, NFT_META_IIFNAME);
	fwc_put_be32(&m.wire, NFTA_META_DREG, NFT_REG_1);
	fwc_put_be32(&m.wire, 99, 1);
	fwc_expression_end(&m.wire, e);
	fwc_put_cmp(&m.wire, 0, NFT_CMP_EQ, (const uint8_t *)"lo\0\0\0\0\0\0\0\0\0\0\0\0\0", 16);
	fwc_put_verdict(&m.wire, NF_ACCEPT, NULL);
	r = read_rule(&m, FWC_FAMILY_INET, m.wire.data, m.wire.len);
	ck_assert_uint_eq(records_opaque(r), 2);
	ck_assert_uint_eq(count_items(r), 3);
	discard(&m);
}
END_TEST

/* As iptables-nft compares names: with their NUL, not with what follows it in the register. */
START_TEST(a_name_with_its_end_is_a_whole_name)
{
	struct made m = make();
	const struct fwc_item *i;

	fwc_put_meta(&m.wire, 0, NFT_META_IIFNAME);
	fwc_put_cmp(&m.wire, 0, NFT_CMP_EQ, (const uint8_t *)"lo", 3);
	fwc_put_meta(&m.wire, 0, NFT_META_IIFNAME);
	fwc_put_cmp(&m.wire, 0, NFT_CMP_EQ, (const uint8_t *)"lo", 2);
	i = fwc_rule_items(read_rule(&m, FWC_FAMILY_INET, m.wire.data, m.wire.len));
	ck_assert_uint_eq(i->right->kind, FWC_VALUE_CONSTANT);
	ck_assert_uint_eq(i->next->right->kind, FWC_VALUE_PREFIX);
	ck_assert_uint_eq(i->next->right->bits, 16);
	discard(&m);
}
END_TEST

START_TEST(packet_bytes_without_their_protocol_are_named_by_their_place)
{
	struct made m = make();
	struct fwc_rule *r;

	fwc_put_payload(&m.wire, 0, NFT_PAYLOAD_NETWORK_HEADER, 12, 4);
	fwc_put_cmp(&m.wire, 0, NFT_CMP_EQ, (const uint8_t *)"\x0a\0\0\1", 4);
	r = read_rule(&m, FWC_FAMILY_INET, m.wire.data, m.wire.len);
	ck_assert_uint_eq(records_opaque(r), 0);
	ck_assert_uint_eq(fwc_value_get_field(fwc_rule_items(r)->left), FWC_FIELD_RAW_PAYLOAD);
	ck_assert_str_eq(fwc_rule_items(r)->left->field->name, "@nh,96,32");
	/* In an ip table they are an address. */
	r = read_rule(&m, FWC_FAMILY_IP, m.wire.data, m.wire.len);
	ck_assert_uint_eq(records_opaque(r), 0);
	discard(&m);
}
END_TEST

START_TEST(a_register_that_nothing_filled_gives_an_opaque_part)
{
	struct made m = make();
	struct fwc_rule *r;

	fwc_put_cmp(&m.wire, 4, NFT_CMP_EQ, (const uint8_t *)"\0\26", 2);
	fwc_put_lookup(&m.wire, "s", 0, 0, FWC_NO_REGISTER, 0);
	fwc_put_meta_set(&m.wire, 3, NFT_META_MARK);
	r = read_rule(&m, FWC_FAMILY_INET, m.wire.data, m.wire.len);
	ck_assert_uint_eq(records_opaque(r), 3);
	discard(&m);
}
END_TEST

/* ---- sets ---- */

static void put_boundary(struct fwc_wire *w, const char *key, bool is_end)
{
	size_t elem = fwc_nest_begin(w, NFTA_LIST_ELEM);
	size_t nest = fwc_nest_begin(w, NFTA_SET_ELEM_KEY);

	fwc_put(w, NFTA_DATA_VALUE, key, 2);
	fwc_nest_end(w, nest);
	if (is_end)
		fwc_put_be32(w, NFTA_SET_ELEM_FLAGS, NFT_SET_ELEM_INTERVAL_END);
	fwc_nest_end(w, elem);
}

struct boundary {
	const char *key;
	bool is_end;
};

static void read_boundaries(struct made *m, const struct boundary *b, size_t count)
{
	struct fwc_wire wire = { .data = NULL };
	size_t nest;

	fwc_put_text(&wire, NFTA_SET_ELEM_LIST_TABLE, "t");
	fwc_put_text(&wire, NFTA_SET_ELEM_LIST_SET, "s");
	nest = fwc_nest_begin(&wire, NFTA_SET_ELEM_LIST_ELEMENTS);
	for (size_t i = 0; i < count; i++)
		put_boundary(&wire, b[i].key, b[i].is_end);
	fwc_nest_end(&wire, nest);
	ck_assert_int_eq(fwc_nft_read_elements(m->rs, FWC_FAMILY_INET,
					       (struct fwc_slice){ wire.data, wire.len }, NULL),
			 0);
	fwc_wire_free(&wire);
}

static struct fwc_set *read_set(struct made *m, uint32_t type, uint32_t len, uint32_t flags)
{
	struct fwc_wire wire = { .data = NULL };
	struct fwc_set *s = NULL;

	fwc_put_text(&wire, NFTA_SET_TABLE, "t");
	fwc_put_text(&wire, NFTA_SET_NAME, "s");
	fwc_put_be32(&wire, NFTA_SET_FLAGS, flags);
	fwc_put_be32(&wire, NFTA_SET_KEY_TYPE, type);
	fwc_put_be32(&wire, NFTA_SET_KEY_LEN, len);
	ck_assert_int_eq(fwc_nft_read_set(m->rs, FWC_FAMILY_INET,
					  (struct fwc_slice){ wire.data, wire.len }, &s),
			 0);
	fwc_wire_free(&wire);
	return s;
}

static void assert_interval(const struct fwc_set *s, size_t i, const char *first, const char *last)
{
	const struct fwc_element *e = s->elements.items[i];
	uint8_t from[FWC_MAX_KEY], to[FWC_MAX_KEY];

	fwc_key_ordered_bytes(e->key, from, to);
	ck_assert_mem_eq(from, first, 2);
	ck_assert_mem_eq(to, last, 2);
}

enum { INET_SERVICE = 13 };

/* 80-90, 91-100, 443, 65000-65535; boundaries at 80, 91, 101, 443, 444, 65000. */
static const struct boundary upwards[] = {
	{ "\0\0", true },   { "\0\x50", false },   { "\0\x5b", true },   { "\0\x5b", false },
	{ "\0\x65", true }, { "\x01\xbb", false }, { "\x01\xbc", true }, { "\xfd\xe8", false },
};
static const struct boundary downwards[] = {
	{ "\xfd\xe8", false }, { "\x01\xbc", true }, { "\x01\xbb", false }, { "\0\x65", true },
	{ "\0\x5b", false },   { "\0\x5b", true },   { "\0\x50", false },   { "\0\0", true },
};

/* Linux dumps downwards today; where a message ends is not in our hands. */
START_TEST(intervals_are_read_in_both_directions_wherever_messages_end)
{
	const size_t count = FWC_ARRAY_SIZE(upwards);

	for (size_t cut = 0; cut <= count; cut++) {
		struct made m = make();
		struct fwc_set *s = read_set(&m, INET_SERVICE, 2, NFT_SET_INTERVAL);

		read_boundaries(&m, upwards, cut);
		read_boundaries(&m, upwards + cut, count - cut);
		ck_assert_uint_eq(s->elements.count, 4);
		assert_interval(s, 0, "\0\x50", "\0\x5a");
		assert_interval(s, 1, "\0\x5b", "\0\x64");
		assert_interval(s, 2, "\x01\xbb", "\x01\xbb");
		assert_interval(s, 3, "\xfd\xe8", "\xff\xff");
		discard(&m);
		m = make();
		s = read_set(&m, INET_SERVICE, 2, NFT_SET_INTERVAL);
		read_boundaries(&m, downwards, cut);
		read_boundaries(&m, downwards + cut, count - cut);
		ck_assert_uint_eq(s->elements.count, 4);
		assert_interval(s, 3, "\0\x50", "\0\x5a");
		assert_interval(s, 2, "\0\x5b", "\0\x64");
		assert_interval(s, 1, "\x01\xbb", "\x01\xbb");
		assert_interval(s, 0, "\xfd\xe8", "\xff\xff");
		discard(&m);
	}
}
END_TEST

START_TEST(sets_of_unknown_types_are_kept_apart)
{
	static const struct {
		uint32_t type, len;
	} unknown[] = {
		{ 0, 4 }, { 63, 4 }, { INET_SERVICE, 4 }, { INET_SERVICE << 6, 4 }, { 1, 4 }
	};

	for (size_t i = 0; i < FWC_ARRAY_SIZE(unknown); i++) {
		struct made m = make();
		struct fwc_set *s = read_set(&m, unknown[i].type, unknown[i].len, 0);
		struct fwc_nft_writer w = { .wire = &m.wire };
		struct fwc_error err;

		ck_assert(s->opaque);
		read_boundaries(&m, upwards, 2);
		ck_assert_uint_eq(s->elements.count, 0);
		assert_fails(fwc_nft_put_set(&w, s, false, &err), -EOPNOTSUPP, err, "'s'");
		ck_assert_uint_eq(m.wire.len, 0);
		discard(&m);
	}
}
END_TEST

START_TEST(messages_that_are_none_are_refused)
{
	static const uint8_t bad[] = { 3, 0, 1, 0 }, no_name[] = { 8, 0, 3, 0, 0, 0, 0, 0 };
	const struct fwc_slice slices[] = { { bad, 4 }, { bad, 2 }, { no_name, 8 }, { NULL, 0 } };

	for (size_t i = 0; i < FWC_ARRAY_SIZE(slices); i++) {
		struct made m = make();

		ck_assert_int_eq(fwc_nft_read_table(m.rs, 1, slices[i], NULL), -EBADMSG);
		ck_assert_int_eq(fwc_nft_read_chain(m.rs, 1, slices[i], NULL), -EBADMSG);
		ck_assert_int_eq(fwc_nft_read_set(m.rs, 1, slices[i], NULL), -EBADMSG);
		ck_assert_int_eq(fwc_nft_read_elements(m.rs, 1, slices[i], NULL), -EBADMSG);
		ck_assert_int_eq(fwc_nft_read_rule(m.rs, 1, slices[i], NULL), -EBADMSG);
		discard(&m);
	}
}
END_TEST

static Suite *make_suite(void)
{
	Suite *s = suite_create("decode");
	TCase *tc = tcase_create("decode");

	tcase_add_test(tc, rules_of_the_first_slice_are_named_and_come_back_as_they_were);
	tcase_add_test(tc, foreign_rules_come_back_as_they_were);
	tcase_add_loop_test(tc, rulesets_survive_json_with_what_has_no_name, 0,
			    sizeof(dumps) / sizeof(dumps[0]));
	tcase_add_test(tc, only_the_unknown_part_of_a_rule_is_opaque);
	tcase_add_test(tc, a_match_that_is_implied_is_folded_only_right_before_its_field);
	tcase_add_test(tc, tables_of_iptables_are_known_and_keep_every_byte);
	tcase_add_test(tc, every_beginning_of_a_rule_is_taken);
	tcase_add_test(tc, attributes_at_their_default_may_be_missing);
	tcase_add_test(tc, attributes_that_are_unknown_make_their_part_opaque);
	tcase_add_test(tc, a_name_with_its_end_is_a_whole_name);
	tcase_add_test(tc, packet_bytes_without_their_protocol_are_named_by_their_place);
	tcase_add_test(tc, a_register_that_nothing_filled_gives_an_opaque_part);
	tcase_add_test(tc, intervals_are_read_in_both_directions_wherever_messages_end);
	tcase_add_test(tc, sets_of_unknown_types_are_kept_apart);
	tcase_add_test(tc, messages_that_are_none_are_refused);
	suite_add_tcase(s, tc);
	return s;
}

TEST_MAIN(make_suite)
