/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Rules as bytes: those that the kernel dumped after nft had loaded the same words (tests/data/nft). */
#include <stdio.h>
#include <stdlib.h>

#include "../check.h"
#include "nft/expression.h"
#include "nft_records.h"
#include "text/text.h"

struct made {
	struct fwc_ruleset *rs;
	struct fwc_chain *chain;
	struct fwc_wire wire;
	struct fwc_nft_writer writer;
};

static void make(struct made *m, uint32_t family)
{
	memset(m, 0, sizeof(*m));
	m->rs = fwc_ruleset_new();
	m->chain = fwc_table_add_chain(fwc_ruleset_add_table(m->rs, family, "t", 0), "c", NULL);
	ck_assert_ptr_nonnull(m->chain);
	m->writer = (struct fwc_nft_writer){ .wire = &m->wire, .seq = 1 };
}

static void discard(struct made *m)
{
	fwc_wire_free(&m->wire);
	fwc_ruleset_free(m->rs);
}

/* ---- typed calls ---- */

static void match_name(struct fwc_rule *r)
{
	fwc_rule_match_name(r, FWC_FIELD_META_IIFNAME, FWC_OP_EQ, "lo");
	fwc_rule_verdict(r, FWC_VERDICT_ACCEPT, NULL);
}

static void match_port(struct fwc_rule *r)
{
	fwc_rule_match_u64(r, FWC_FIELD_TCP_DPORT, FWC_OP_EQ, 22, 22);
	fwc_rule_counter(r);
	fwc_rule_verdict(r, FWC_VERDICT_ACCEPT, NULL);
}

static void match_ports(struct fwc_rule *r)
{
	fwc_rule_match_u64(r, FWC_FIELD_TCP_DPORT, FWC_OP_NE, 80, 90);
	fwc_rule_verdict(r, FWC_VERDICT_ACCEPT, NULL);
}

static void match_prefix(struct fwc_rule *r)
{
	struct fwc_ip ip;

	fwc_ip_parse("10.0.0.0", &ip, NULL);
	fwc_rule_match_ip(r, FWC_FIELD_IP_SADDR, FWC_OP_EQ, &ip, 9);
	fwc_rule_verdict(r, FWC_VERDICT_ACCEPT, NULL);
}

static void match_state(struct fwc_rule *r)
{
	fwc_rule_match_u64(r, FWC_FIELD_CT_STATE, FWC_OP_ANY_OF, 6, 6);
	fwc_rule_verdict(r, FWC_VERDICT_ACCEPT, NULL);
}

static void match_flags(struct fwc_rule *r)
{
	fwc_rule_match_bits(r, FWC_FIELD_TCP_FLAGS, FWC_OP_EQ, 0x12, 0x02);
	fwc_rule_verdict(r, FWC_VERDICT_ACCEPT, NULL);
}

static void translate(struct fwc_rule *r)
{
	struct fwc_nat_opts opts = { .size = sizeof(opts), .port_min = 8080 };

	fwc_ip_parse("192.0.2.1", &opts.addr_min, NULL);
	fwc_rule_match_u64(r, FWC_FIELD_TCP_DPORT, FWC_OP_EQ, 80, 80);
	fwc_rule_nat(r, FWC_TARGET_DNAT, &opts);
}

static const struct {
	const char *words;
	void (*build)(struct fwc_rule *r);
} typed[] = {
	{ "iifname \"lo\" accept", match_name },
	{ "tcp dport 22 counter packets 0 bytes 0 accept", match_port },
	{ "tcp dport != 80-90 accept", match_ports },
	{ "ip saddr 10.0.0.0/9 accept", match_prefix },
	{ "ct state established,related accept", match_state },
	{ "tcp flags syn / syn,ack accept", match_flags },
	{ "tcp dport 80 dnat ip to 192.0.2.1:8080", translate },
};

static void assert_bytes(const struct fwc_rule *built, const struct fwc_rule *dumped,
			 const char *words)
{
	struct fwc_wire wire = { .data = NULL };
	struct fwc_error err;

	assert_ok(records_encode(built, &wire, &err), err);
	ck_assert_msg(wire.len == dumped->raw_len && !memcmp(wire.data, dumped->raw, wire.len),
		      "'%s' gives other bytes than nft's", words);
	fwc_wire_free(&wire);
}

START_TEST(typed_calls_give_the_bytes_that_the_kernel_dumps)
{
	struct records all = records_load("rules");

	for (size_t i = 0; i < FWC_ARRAY_SIZE(typed); i++) {
		struct fwc_rule *r;
		struct made m;

		make(&m, FWC_FAMILY_INET);
		r = fwc_chain_append(m.chain);
		typed[i].build(r);
		assert_bytes(r, records_find(&all, typed[i].words), typed[i].words);
		discard(&m);
	}
	records_free(&all);
}
END_TEST

/* ---- words ---- */

static bool has_list(const struct fwc_rule *r)
{
	return memmem(r->raw, r->raw_len, "__set", 5) || memmem(r->raw, r->raw_len, "__map", 5);
}

/* Sets by name are those of the dump: a rule of words goes into a copy of its chain there. */
START_TEST(words_give_the_bytes_that_the_kernel_dumps)
{
	struct records all = records_load("rules");
	size_t compared = 0;

	for (size_t i = 0; i < all.count; i++) {
		struct fwc_rule *r = fwc_chain_rule_in(all.rules[i]->chain);
		struct fwc_error err;
		int code = fwc_text_parse_rule(r, all.words[i], strlen(all.words[i]), &err);

		ck_assert_msg(code == 0, "'%s': %s", all.words[i], err.msg);
		ck_assert_msg(fwc_nft_rules_equal(r, all.rules[i]), "'%s' is another rule",
			      all.words[i]);
		if (has_list(all.rules[i]))
			continue;
		assert_bytes(r, all.rules[i], all.words[i]);
		compared++;
	}
	ck_assert_uint_gt(compared, 100);
	records_free(&all);
}
END_TEST

/* ---- equality ---- */

static struct fwc_rule *rule_of(struct made *m, const char *words)
{
	struct fwc_rule *r = fwc_chain_append(m->chain);
	struct fwc_error err;

	assert_ok(fwc_text_parse_rule(r, words, strlen(words), &err), err);
	return r;
}

static const struct {
	const char *a, *b;
	bool equal;
} pairs[] = {
	{ "tcp dport 22 accept", "tcp dport 22 accept", true },
	{ "tcp dport 22 accept", "tcp dport 23 accept", false },
	{ "tcp dport 22 accept", "udp dport 22 accept", false },
	{ "tcp dport 22 accept", "tcp dport 22 drop", false },
	{ "tcp dport 22 accept", "tcp dport 22", false },
	{ "meta l4proto tcp tcp dport 22 accept", "tcp dport 22 accept", true },
	{ "counter packets 5 bytes 7 accept", "counter accept", true },
	{ "counter accept", "accept", false },
	{ "tcp dport { 1, 2 } accept", "tcp dport { 2, 1 } accept", true },
	{ "tcp dport { 1, 2 } accept", "tcp dport { 1, 3 } accept", false },
	{ "tcp dport { 1, 2 } accept", "tcp dport != { 1, 2 } accept", false },
	{ "tcp dport vmap { 1 : accept, 2 : drop }", "tcp dport vmap { 1 : accept, 2 : accept }",
	  false },
	{ "limit rate 10/second", "limit rate 10/second burst 5 packets", true },
	{ "log level warn", "log", true },
	{ "accept comment \"a\"", "accept comment \"b\"", false },
	{ "accept comment \"a\"", "accept", false },
	{ "ip saddr 10.0.0.0/8", "ip saddr 10.0.0.0/9", false },
};

START_TEST(rules_are_equal_when_they_do_the_same)
{
	for (size_t i = 0; i < FWC_ARRAY_SIZE(pairs); i++) {
		struct made m;

		make(&m, FWC_FAMILY_INET);
		ck_assert_msg(fwc_nft_rules_equal(rule_of(&m, pairs[i].a),
						  rule_of(&m, pairs[i].b)) == pairs[i].equal,
			      "'%s' and '%s'", pairs[i].a, pairs[i].b);
		discard(&m);
	}
}
END_TEST

/* ---- messages ---- */

static void add(struct fwc_rule *r, uint32_t field, uint64_t n)
{
	const struct fwc_field_row *f = fwc_field_by_id(field);
	struct fwc_arena *a = &r->chain->table->ruleset->arena;
	uint8_t bytes[16] = { 0 };

	fwc_type_put_number(f->type, n, bytes);
	fwc_rule_add_match(r, fwc_value_of_field(f), FWC_OP_EQ,
			   fwc_value_constant(a, f->type, bytes));
}

/* What no packet can be is refused, and nothing of it is left in the transaction. */
START_TEST(a_rule_that_cannot_be_written_leaves_nothing)
{
	struct fwc_rule *r;
	struct fwc_error err;
	struct made m;

	make(&m, FWC_FAMILY_INET);
	fwc_nft_put_chain(&m.writer, m.chain, false);
	ck_assert_uint_eq(m.writer.seq, 2);
	r = fwc_chain_append(m.chain);
	add(r, FWC_FIELD_TCP_DPORT, 22);
	add(r, FWC_FIELD_UDP_DPORT, 22);
	for (size_t i = 0, len = m.wire.len; i < 2; i++) {
		assert_fails(fwc_nft_put_rule(&m.writer, r, FWC_NFT_APPEND, 0, false, &err),
			     -EINVAL, err, "udp dport");
		ck_assert_uint_eq(err.item, 1);
		ck_assert_uint_eq(m.wire.len, len);
		ck_assert_uint_eq(m.writer.seq, 2);
	}
	discard(&m);
}
END_TEST

START_TEST(an_offset_of_the_kernel_names_the_item)
{
	char expression[32];
	struct fwc_slice rest, payload;
	const struct nlmsghdr *nlh;
	const uint8_t *at;
	struct fwc_rule *r;
	struct made m;

	make(&m, FWC_FAMILY_INET);
	r = rule_of(&m, "tcp dport 22 ct state new log prefix \"x\" accept");
	ck_assert_int_eq(fwc_nft_put_rule(&m.writer, r, FWC_NFT_INSERT, 7, false, NULL), 0);
	rest = (struct fwc_slice){ m.wire.data, m.wire.len };
	ck_assert_int_eq(fwc_msg_next(&rest, &nlh, &payload), 1);
	at = memmem(m.wire.data, m.wire.len, "ct\0", 3);
	ck_assert_uint_eq(fwc_nft_item_at(r, (uint32_t)(at - 8 - m.wire.data), expression), 1);
	ck_assert_str_eq(expression, "ct");
	at = memmem(m.wire.data, m.wire.len, "log\0", 4);
	ck_assert_uint_eq(fwc_nft_item_at(r, (uint32_t)(at - 8 - m.wire.data), expression), 2);
	ck_assert_str_eq(expression, "log");
	at = memmem(m.wire.data, m.wire.len, "meta\0", 5); /* implied: of the first item */
	ck_assert_uint_eq(fwc_nft_item_at(r, (uint32_t)(at - 8 - m.wire.data), expression), 0);
	ck_assert_str_eq(expression, "meta");
	ck_assert_uint_eq(fwc_nft_item_at(r, 20, expression), FWC_NO_INDEX); /* the table's name */
	ck_assert_str_eq(expression, "");
	ck_assert_uint_eq(fwc_nft_item_at(r, 0, expression), FWC_NO_INDEX);
	ck_assert_uint_eq(fwc_nft_item_at(r, UINT32_MAX, expression), FWC_NO_INDEX);
	discard(&m);
}
END_TEST

static size_t nest_len(const struct nlmsghdr *nlh, struct fwc_slice payload)
{
	struct fwc_attr a[NFTA_SET_ELEM_LIST_MAX + 1];

	ck_assert_uint_eq(nlh->nlmsg_type & 0xff, NFT_MSG_NEWSETELEM);
	payload.data += sizeof(struct nfgenmsg);
	payload.len -= sizeof(struct nfgenmsg);
	ck_assert_int_eq(fwc_attrs_parse(payload, a, NFTA_SET_ELEM_LIST_MAX), 0);
	return a[NFTA_SET_ELEM_LIST_ELEMENTS].whole.len;
}

/* An attribute holds 65,535 bytes at most. */
START_TEST(many_elements_are_spread_over_messages)
{
	const struct fwc_set_opts opts = { .size = sizeof(opts), .flags = FWC_SET_INTERVAL };
	struct fwc_slice rest, payload;
	const struct nlmsghdr *nlh;
	struct fwc_error err;
	struct fwc_set *s;
	size_t messages = 0;
	struct made m;

	make(&m, FWC_FAMILY_INET);
	s = fwc_table_add_set(m.chain->table, "s", "ipv6_addr", &opts);
	for (unsigned int i = 0; i < 5000; i++) {
		char key[64];

		snprintf(key, sizeof(key), "2001:db8:%x::/64", 2 * i);
		ck_assert_int_eq(fwc_set_add(s, key, NULL, NULL), 0);
	}
	assert_ok(fwc_nft_put_elements(&m.writer, s,
				       (const struct fwc_element *const *)s->elements.items,
				       s->elements.count, 0, false, &err),
		  err);
	assert_ok(fwc_wire_error(&m.wire, &err), err);
	rest = (struct fwc_slice){ m.wire.data, m.wire.len };
	while (fwc_msg_next(&rest, &nlh, &payload) > 0) {
		ck_assert_uint_eq(nlh->nlmsg_seq, ++messages);
		ck_assert_uint_le(nest_len(nlh, payload), UINT16_MAX);
	}
	ck_assert_uint_gt(messages, 3);
	ck_assert_uint_eq(m.writer.seq, messages + 1);
	discard(&m);
}
END_TEST

START_TEST(missing_options_of_the_kernel_are_named)
{
	ck_assert_str_eq(fwc_nft_kconfig("ct", FWC_FAMILY_IP), "CONFIG_NFT_CT");
	ck_assert_str_eq(fwc_nft_kconfig("fib", FWC_FAMILY_INET), "CONFIG_NFT_FIB_INET");
	ck_assert_str_eq(fwc_nft_kconfig("fib", FWC_FAMILY_IP6), "CONFIG_NFT_FIB_IPV6");
	ck_assert_str_eq(fwc_nft_kconfig("reject", FWC_FAMILY_BRIDGE), "CONFIG_NFT_BRIDGE_REJECT");
	ck_assert_str_eq(fwc_nft_kconfig("reject", FWC_FAMILY_IP), "CONFIG_NFT_REJECT");
	ck_assert_str_eq(fwc_nft_kconfig("no such", FWC_FAMILY_IP), "");
}
END_TEST

static Suite *make_suite(void)
{
	Suite *s = suite_create("encode");
	TCase *tc = tcase_create("encode");

	tcase_add_test(tc, typed_calls_give_the_bytes_that_the_kernel_dumps);
	tcase_add_test(tc, words_give_the_bytes_that_the_kernel_dumps);
	tcase_add_test(tc, rules_are_equal_when_they_do_the_same);
	tcase_add_test(tc, a_rule_that_cannot_be_written_leaves_nothing);
	tcase_add_test(tc, an_offset_of_the_kernel_names_the_item);
	tcase_add_test(tc, many_elements_are_spread_over_messages);
	tcase_add_test(tc, missing_options_of_the_kernel_are_named);
	suite_add_tcase(s, tc);
	return s;
}

TEST_MAIN(make_suite)
