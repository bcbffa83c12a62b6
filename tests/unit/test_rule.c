/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Rules: what matches and targets take, what they refuse and in which words, and what a rule costs. */
#include "../check.h"

#include "model/model.h"

#include <stdio.h>

static struct fwc_ruleset *rs;

static void tear_down(void)
{
	fwc_ruleset_free(rs);
	rs = NULL;
}

/* An empty rule of a new ruleset: a failure sticks to the old one. */
static struct fwc_rule *fresh(uint32_t family)
{
	struct fwc_rule *r;

	fwc_ruleset_free(rs);
	rs = fwc_ruleset_new();
	r = fwc_chain_append(
		fwc_table_add_chain(fwc_ruleset_add_table(rs, family, "t", 0), "c", NULL));
	ck_assert_ptr_nonnull(r);
	return r;
}

/* The call on a new rule `r` of that family is refused in these words, and the ruleset keeps it. */
#define assert_refused(family_, call, part)                                                        \
	do {                                                                                       \
		struct fwc_rule *rule = fresh(family_);                                            \
		struct fwc_error err_;                                                             \
		int code_ = (call);                                                                \
		ck_assert_msg(code_ == -EINVAL, "%s: %d, not -EINVAL", #call, code_);              \
		ck_assert_int_eq(fwc_ruleset_error(rs, &err_), -EINVAL);                           \
		assert_error(&err_, -EINVAL, part);                                                \
		assert_contains(err_.msg, "chain c, rule 1: ");                                    \
		ck_assert_str_eq(err_.table, "t");                                                 \
		ck_assert_str_eq(err_.chain, "c");                                                 \
		ck_assert_uint_eq(err_.rule, 0);                                                   \
	} while (0)

#define assert_taken(call)                                                                         \
	do {                                                                                       \
		struct fwc_error err_;                                                             \
		int code_ = (call);                                                                \
		fwc_ruleset_error(rs, &err_);                                                      \
		ck_assert_msg(code_ == 0, "%s: %d: %s", #call, code_, err_.msg);                   \
	} while (0)

static struct fwc_ip ip(const char *text)
{
	struct fwc_ip ret;

	ck_assert_int_eq(fwc_ip_parse(text, &ret, NULL), 0);
	return ret;
}

static int match_ip(struct fwc_rule *r, uint32_t field, const char *addr, uint32_t prefix_len)
{
	struct fwc_ip a = ip(addr);

	return fwc_rule_match_ip(r, field, FWC_OP_EQ, &a, prefix_len);
}

static const struct fwc_value *right(const struct fwc_rule *r, size_t i)
{
	return fwc_item_right(fwc_rule_at(r, i));
}

/* ---- matches ---- */

START_TEST(constants_take_the_type_of_their_field)
{
	struct fwc_rule *r = fresh(FWC_FAMILY_INET);
	struct fwc_ip addr;
	uint64_t number;
	uint32_t len;

	assert_taken(match_ip(r, FWC_FIELD_IP_SADDR, "10.1.2.3", 8));
	assert_taken(fwc_rule_match_u64(r, FWC_FIELD_TCP_DPORT, FWC_OP_EQ, 22, 22));
	assert_taken(fwc_rule_match_u64(r, FWC_FIELD_META_MARK, FWC_OP_NE, 1, 5));
	assert_taken(fwc_rule_match_name(r, FWC_FIELD_META_IIFNAME, FWC_OP_EQ, "a,b"));
	assert_taken(fwc_rule_match(r, FWC_FIELD_CT_STATE, FWC_OP_ANY_OF, "established,related"));
	ck_assert_uint_eq(fwc_rule_count(r), 5);

	ck_assert_uint_eq(fwc_value_kind(right(r, 0)), FWC_VALUE_PREFIX);
	ck_assert(fwc_value_get_ip(right(r, 0), &addr, &len));
	ck_assert_uint_eq(len, 8);
	ck_assert_mem_eq(addr.bytes, "\x0a\0\0\0", 4);
	ck_assert_uint_eq(right(r, 1)->len, 2);
	ck_assert_mem_eq(right(r, 1)->bytes, "\0\x16", 2);
	ck_assert(fwc_value_get_number(right(r, 1), &number));
	ck_assert_uint_eq(number, 22);
	ck_assert_uint_eq(fwc_value_kind(right(r, 2)), FWC_VALUE_RANGE);
	ck_assert_uint_eq(fwc_value_count(right(r, 2)), 2);
	ck_assert(fwc_value_get_number(fwc_value_at(right(r, 2), 1), &number));
	ck_assert_uint_eq(number, 5);
	ck_assert_str_eq(fwc_value_get_name(right(r, 3)), "a,b");
	ck_assert(fwc_value_get_number(right(r, 4), &number));
	ck_assert_uint_eq(number, 6);
	ck_assert_uint_eq(fwc_item_op(fwc_rule_at(r, 4)), FWC_OP_ANY_OF);
	ck_assert_uint_eq(fwc_value_get_field(fwc_item_left(fwc_rule_at(r, 4))),
			  FWC_FIELD_CT_STATE);
	ck_assert_ptr_null(fwc_rule_at(r, 5));
}
END_TEST

START_TEST(bad_constants_are_named)
{
	assert_refused(FWC_FAMILY_INET,
		       fwc_rule_match_u64(rule, FWC_FIELD_TCP_DPORT, FWC_OP_EQ, 70000, 70000),
		       "tcp dport: '70000' is no inet_service: 0 to 65535");
	assert_refused(FWC_FAMILY_INET,
		       fwc_rule_match_u64(rule, FWC_FIELD_TCP_DPORT, FWC_OP_EQ, 90, 80),
		       "the range '90-80' ends before it begins");
	assert_refused(FWC_FAMILY_INET,
		       fwc_rule_match_u64(rule, FWC_FIELD_META_MARK, FWC_OP_EQ, 256, 2),
		       "ends before it begins");
	assert_refused(FWC_FAMILY_INET, match_ip(rule, FWC_FIELD_IP_SADDR, "10.0.0.0", 33),
		       "'10.0.0.0/33' is not an IPv4 prefix: its length is 0 to 32");
	assert_refused(FWC_FAMILY_INET, match_ip(rule, FWC_FIELD_IP6_SADDR, "2001:db8::", 129),
		       "'2001:db8::/129' is not an IPv6 prefix: its length is 0 to 128");
	assert_refused(FWC_FAMILY_INET, match_ip(rule, FWC_FIELD_IP_SADDR, "2001:db8::1", 128),
		       "'2001:db8::1' is no ipv4_addr");
	assert_refused(FWC_FAMILY_INET, match_ip(rule, FWC_FIELD_TCP_DPORT, "10.0.0.1", 32),
		       "'10.0.0.1' is no inet_service");
	assert_refused(
		FWC_FAMILY_INET,
		fwc_rule_match_name(rule, FWC_FIELD_META_IIFNAME, FWC_OP_EQ, "abcdefghijklmnop"),
		"'abcdefghijklmnop' has 16 bytes");
	assert_refused(FWC_FAMILY_INET,
		       fwc_rule_match_name(rule, FWC_FIELD_META_IIFNAME, FWC_OP_EQ, ""),
		       "1 to 15 bytes");
	assert_refused(FWC_FAMILY_INET,
		       fwc_rule_match_u64(rule, FWC_FIELD_META_IIFNAME, FWC_OP_EQ, 1, 1),
		       "'1' is no ifname");
	assert_refused(FWC_FAMILY_INET,
		       fwc_rule_match(rule, FWC_FIELD_TCP_DPORT, FWC_OP_EQ, "70000"),
		       "'70000' is no inet_service");
	assert_refused(FWC_FAMILY_INET,
		       fwc_rule_match(rule, FWC_FIELD_TCP_DPORT, FWC_OP_EQ, "80-20"),
		       "the range '80-20' ends before it begins");
	assert_refused(FWC_FAMILY_INET,
		       fwc_rule_match(rule, FWC_FIELD_TCP_DPORT, FWC_OP_EQ, "{ 22, 80-20 }"),
		       "the range '80-20' ends before it begins");
	assert_refused(FWC_FAMILY_INET,
		       fwc_rule_match(rule, FWC_FIELD_IP_SADDR, FWC_OP_EQ, "10.0.0.0/33"),
		       "0 to 32");
}
END_TEST

START_TEST(null_and_unknown_arguments_are_named)
{
	struct fwc_ip none = { 0 };

	assert_refused(FWC_FAMILY_INET, fwc_rule_match(rule, FWC_FIELD_TCP_DPORT, FWC_OP_EQ, NULL),
		       "NULL");
	assert_refused(FWC_FAMILY_INET,
		       fwc_rule_match_ip(rule, FWC_FIELD_IP_SADDR, FWC_OP_EQ, NULL, 32), "NULL");
	assert_refused(FWC_FAMILY_INET,
		       fwc_rule_match_ip(rule, FWC_FIELD_IP_SADDR, FWC_OP_EQ, &none, 32),
		       "an address without family");
	assert_refused(FWC_FAMILY_INET,
		       fwc_rule_match_name(rule, FWC_FIELD_META_IIFNAME, FWC_OP_EQ, NULL), "NULL");
	assert_refused(FWC_FAMILY_INET, fwc_rule_match_value(rule, NULL, FWC_OP_EQ, NULL), "NULL");
	assert_refused(FWC_FAMILY_INET, fwc_rule_add_target(rule, NULL), "NULL");
	assert_refused(FWC_FAMILY_INET, fwc_rule_assign(rule, FWC_FIELD_META_MARK, NULL), "NULL");
	assert_refused(FWC_FAMILY_INET, fwc_rule_match_u64(rule, 9999, FWC_OP_EQ, 1, 1),
		       "field 9999 is unknown");
	assert_refused(FWC_FAMILY_INET, fwc_rule_match_bits(rule, 9999, FWC_OP_EQ, 1, 1),
		       "field 9999 is unknown");
	assert_refused(FWC_FAMILY_INET, fwc_rule_match_u64(rule, FWC_FIELD_TCP_DPORT, 0, 1, 1),
		       "operator 0");
	assert_refused(FWC_FAMILY_INET, fwc_rule_match_u64(rule, FWC_FIELD_TCP_DPORT, 99, 1, 1),
		       "operator 99");
	ck_assert_int_eq(fwc_rule_match(NULL, FWC_FIELD_TCP_DPORT, FWC_OP_EQ, "22"), -EINVAL);
	ck_assert_int_eq(fwc_rule_verdict(NULL, FWC_VERDICT_ACCEPT, NULL), -EINVAL);
	ck_assert_int_eq(fwc_rule_comment(NULL, "x"), -EINVAL);
	ck_assert_uint_eq(fwc_rule_count(NULL), 0);
	ck_assert_ptr_null(fwc_rule_at(NULL, 0));
	ck_assert_uint_eq(fwc_item_kind(NULL), 0);
}
END_TEST

START_TEST(operators_go_with_some_types_only)
{
	struct fwc_rule *good;

	assert_refused(FWC_FAMILY_INET,
		       fwc_rule_match_name(rule, FWC_FIELD_META_IIFNAME, FWC_OP_LT, "eth0"),
		       "operator '<' does not go with ifname");
	assert_refused(FWC_FAMILY_INET,
		       fwc_rule_match_u64(rule, FWC_FIELD_CT_STATE, FWC_OP_GE, 2, 2),
		       "operator '>=' does not go with ct_state");
	assert_refused(FWC_FAMILY_INET,
		       fwc_rule_match_u64(rule, FWC_FIELD_TCP_DPORT, FWC_OP_ANY_OF, 2, 2),
		       "operator 'any of' does not go with inet_service");
	assert_refused(FWC_FAMILY_INET,
		       fwc_rule_match_u64(rule, FWC_FIELD_CT_STATE, FWC_OP_NONE_OF, 0, 0),
		       "needs a bit that is set");
	assert_refused(FWC_FAMILY_INET,
		       fwc_rule_match_u64(rule, FWC_FIELD_TCP_DPORT, FWC_OP_LT, 1, 2),
		       "operator '<' goes with one constant");
	assert_refused(FWC_FAMILY_INET,
		       fwc_rule_match_u64(rule, FWC_FIELD_CT_STATE, FWC_OP_EQ, 2, 8),
		       "no ranges of type ct_state");
	assert_refused(FWC_FAMILY_INET,
		       fwc_rule_match_bits(rule, FWC_FIELD_TCP_FLAGS, FWC_OP_LT, 0x12, 0x02),
		       "operator 3 with bits under a mask");
	assert_refused(FWC_FAMILY_INET,
		       fwc_rule_match_bits(rule, FWC_FIELD_TCP_FLAGS, FWC_OP_EQ, 0x12, 0x03),
		       "bits 0x3 are not all in the mask 0x12");
	assert_refused(FWC_FAMILY_INET,
		       fwc_rule_match_bits(rule, FWC_FIELD_TCP_FLAGS, FWC_OP_EQ, 0x100, 0),
		       "tcp flags has 8 bits: the mask 0x100 is too much");
	assert_refused(FWC_FAMILY_INET,
		       fwc_rule_match_bits(rule, FWC_FIELD_META_IIFNAME, FWC_OP_EQ, 1, 1),
		       "meta iifname is no number that has bits");

	good = fresh(FWC_FAMILY_INET);
	assert_taken(fwc_rule_match_u64(good, FWC_FIELD_TCP_DPORT, FWC_OP_GE, 1024, 1024));
	assert_taken(match_ip(good, FWC_FIELD_IP_SADDR, "10.0.0.0", 32));
	assert_taken(fwc_rule_match_bits(good, FWC_FIELD_TCP_FLAGS, FWC_OP_EQ, 0x12, 0x02));
	ck_assert_uint_eq(fwc_value_kind(fwc_item_left(fwc_rule_at(good, 2))), FWC_VALUE_BITS);
	assert_taken(
		fwc_rule_match_bits(good, FWC_FIELD_IP_DADDR, FWC_OP_NE, 0xff0000ff, 0x0a000001));
	ck_assert_mem_eq(right(good, 3)->bytes, "\x0a\0\0\1", 4);
}
END_TEST

START_TEST(fields_of_another_protocol_are_refused)
{
	struct fwc_rule *r = fresh(FWC_FAMILY_INET);

	assert_refused(FWC_FAMILY_IP6, match_ip(rule, FWC_FIELD_IP_SADDR, "10.0.0.1", 32),
		       "ip saddr does not go with a table of family ip6");
	assert_refused(FWC_FAMILY_IP, match_ip(rule, FWC_FIELD_IP6_SADDR, "::1", 128),
		       "ip6 saddr does not go with a table of family ip");
	assert_refused(FWC_FAMILY_INET,
		       (match_ip(rule, FWC_FIELD_IP_SADDR, "10.0.0.1", 32),
			match_ip(rule, FWC_FIELD_IP6_DADDR, "::1", 128)),
		       "ip6 daddr contradicts ip saddr before it: a packet has one address family");
	assert_refused(
		FWC_FAMILY_INET,
		(fwc_rule_match_u64(rule, FWC_FIELD_UDP_SPORT, FWC_OP_EQ, 53, 53),
		 fwc_rule_match_u64(rule, FWC_FIELD_TCP_DPORT, FWC_OP_EQ, 22, 22)),
		"tcp dport contradicts udp sport before it: a packet has one transport protocol");
	assert_refused(FWC_FAMILY_INET,
		       (fwc_rule_match(rule, FWC_FIELD_META_L4PROTO, FWC_OP_EQ, "udp"),
			fwc_rule_match_u64(rule, FWC_FIELD_TCP_DPORT, FWC_OP_EQ, 22, 22)),
		       "tcp dport contradicts meta l4proto before it");
	assert_refused(FWC_FAMILY_INET,
		       (fwc_rule_match(rule, FWC_FIELD_META_NFPROTO, FWC_OP_EQ, "ipv6"),
			match_ip(rule, FWC_FIELD_IP_SADDR, "10.0.0.1", 32)),
		       "ip saddr contradicts meta nfproto before it");

	r = fresh(FWC_FAMILY_INET);
	assert_taken(fwc_rule_match(r, FWC_FIELD_META_L4PROTO, FWC_OP_EQ, "tcp"));
	assert_taken(match_ip(r, FWC_FIELD_IP_SADDR, "10.0.0.1", 32));
	assert_taken(match_ip(r, FWC_FIELD_IP_DADDR, "10.0.0.2", 32));
	assert_taken(fwc_rule_match_u64(r, FWC_FIELD_TCP_DPORT, FWC_OP_EQ, 22, 22));
	assert_taken(fwc_rule_match_u64(r, FWC_FIELD_TH_SPORT, FWC_OP_GT, 1023, 1023));
}
END_TEST

START_TEST(failed_match_never_reaches_the_kernel)
{
	struct fwc_rule *r = fresh(FWC_FAMILY_INET);
	struct fwc_table *t = fwc_ruleset_at(rs, 0);
	char *text = NULL, line[64] = "";
	struct fwc_error err;

	ck_assert_int_eq(fwc_rule_match(r, FWC_FIELD_TCP_DPORT, FWC_OP_EQ, "shh"), -EINVAL);
	/* A program that did not look goes on; nothing of it counts, and the first failure stays. */
	ck_assert_int_eq(fwc_rule_verdict(r, FWC_VERDICT_ACCEPT, NULL), 0);
	ck_assert_int_eq(fwc_rule_match_u64(fwc_chain_append(fwc_table_chain_at(t, 0)), 9999,
					    FWC_OP_EQ, 1, 1),
			 -EINVAL);
	ck_assert_ptr_null(fwc_table_add_chain(t, "c", NULL));
	ck_assert_int_eq(fwc_ruleset_error(rs, &err), -EINVAL);
	assert_contains(err.msg,
			"table inet t, chain c, rule 1: tcp dport: 'shh' is no inet_service");
	ck_assert_uint_eq(err.item, 0);
	ck_assert_int_eq(fwc_ruleset_error(rs, NULL), -EINVAL);

	ck_assert_int_eq(fwc_ruleset_format(rs, FWC_SYNTAX_NFT, 0, &text, NULL, &err), -EINVAL);
	assert_contains(err.msg, "rule 1: tcp dport: 'shh'");
	ck_assert_ptr_null(text);
	ck_assert_int_eq(fwc_rule_format(r, FWC_SYNTAX_NFT, line, sizeof(line), NULL), -EINVAL);
	ck_assert_str_eq(line, "");
}
END_TEST

START_TEST(rules_in_words_are_built_the_same)
{
	struct fwc_rule *r = fresh(FWC_FAMILY_INET);
	struct fwc_chain *c = fwc_table_chain_at(fwc_ruleset_at(rs, 0), 0);
	struct fwc_error err;
	char line[256];

	r = fwc_chain_append_text(
		c, FWC_SYNTAX_NFT,
		"iifname eth0 ip saddr . tcp dport { 10.0.0.1 . 22, 10.0.0.2 . 80-89 } "
		"counter jump x comment \"hi\"");
	fwc_ruleset_error(rs, &err);
	ck_assert_msg(r != NULL, "%s", err.msg);
	ck_assert_uint_eq(fwc_rule_count(r), 4);
	ck_assert_str_eq(fwc_rule_comment_get(r), "hi");
	ck_assert_int_eq(fwc_rule_format(r, FWC_SYNTAX_NFT, line, sizeof(line), NULL), 0);
	ck_assert_str_eq(
		line, "iifname \"eth0\" ip saddr . tcp dport { 10.0.0.1 . 22, 10.0.0.2 . 80-89 } "
		      "counter packets 0 bytes 0 jump x comment \"hi\"");

	ck_assert_ptr_null(fwc_chain_append_text(c, FWC_SYNTAX_NFT, "udp sport 53 tcp dport 22"));
	fwc_ruleset_error(rs, &err);
	assert_contains(err.msg, "rule 3: tcp dport contradicts udp sport before it");
	ck_assert_uint_eq(err.line, 1);
	ck_assert_uint_eq(err.item, 1);
	fresh(FWC_FAMILY_INET);
	c = fwc_table_chain_at(fwc_ruleset_at(rs, 0), 0);
	ck_assert_ptr_null(fwc_chain_append_text(c, 7, "accept"));
	fwc_ruleset_error(rs, &err);
	assert_contains(err.msg, "chain c, rule 2: syntax 7 is not known");
	ck_assert_ptr_null(fwc_chain_append_text(c, FWC_SYNTAX_NFT, NULL));
	ck_assert_ptr_null(fwc_chain_append_text(NULL, FWC_SYNTAX_NFT, "accept"));
}
END_TEST

START_TEST(the_failing_item_is_told)
{
	struct fwc_rule *r = fresh(FWC_FAMILY_INET);
	struct fwc_error err;

	r = fwc_chain_append(fwc_table_chain_at(fwc_ruleset_at(rs, 0), 0));
	assert_taken(fwc_rule_match_u64(r, FWC_FIELD_TCP_DPORT, FWC_OP_EQ, 22, 22));
	assert_taken(fwc_rule_counter(r));
	ck_assert_int_eq(fwc_rule_verdict(r, FWC_VERDICT_JUMP, NULL), -EINVAL);
	fwc_ruleset_error(rs, &err);
	assert_contains(err.msg, "table inet t, chain c, rule 2: a chain needs a name");
	ck_assert_uint_eq(err.rule, 1);
	ck_assert_uint_eq(err.item, 2);
}
END_TEST

/* ---- values on both sides ---- */

/* Values made in an expression: freed together. */
static struct fwc_value *made[64];
static size_t made_count;

static struct fwc_value *keep(struct fwc_value *v)
{
	ck_assert(made_count < FWC_ARRAY_SIZE(made));
	made[made_count++] = v;
	return v;
}

static void free_made(void)
{
	while (made_count)
		fwc_value_free(made[--made_count]);
}

static struct fwc_value *concat2(struct fwc_value *a, struct fwc_value *b)
{
	const struct fwc_value *parts[] = { a, b };

	return keep(fwc_value_concat(parts, 2));
}

static struct fwc_value *list1(struct fwc_value *a)
{
	const struct fwc_value *items[] = { a };

	return keep(fwc_value_list(items, 1));
}

static struct fwc_value *pairs1(struct fwc_value *key, struct fwc_value *data)
{
	const struct fwc_value *keys[] = { key }, *datas[] = { data };

	return keep(fwc_value_pairs(keys, datas, 1));
}

static struct fwc_value *field(uint32_t id)
{
	return keep(fwc_value_field(id));
}

static struct fwc_value *text(const char *words)
{
	return keep(fwc_value_text(words));
}

static struct fwc_value *number(uint64_t n)
{
	return keep(fwc_value_number(n));
}

static struct fwc_value *verdict(uint32_t code, const char *chain)
{
	return keep(fwc_value_verdict(code, chain));
}

static struct fwc_value *set(const char *name)
{
	return keep(fwc_value_set(name));
}

static struct fwc_value *map(struct fwc_value *key, struct fwc_value *of)
{
	return keep(fwc_value_map(key, of));
}

START_TEST(lists_become_anonymous_sets)
{
	struct fwc_rule *r = fresh(FWC_FAMILY_INET);
	struct fwc_value *range = keep(fwc_value_range(number(80), number(89)));
	const struct fwc_value *items[] = { number(22), range };
	const struct fwc_set *s;

	assert_taken(fwc_rule_match_value(r, field(FWC_FIELD_TCP_DPORT), FWC_OP_EQ,
					  keep(fwc_value_list(items, 2))));
	ck_assert_uint_eq(fwc_value_kind(right(r, 0)), FWC_VALUE_LIST);
	s = fwc_value_get_list(right(r, 0));
	ck_assert_uint_eq(fwc_set_count(s), 2);
	ck_assert_str_eq(fwc_set_key_type(s), "inet_service");
	ck_assert_uint_eq(fwc_value_kind(fwc_element_key(fwc_set_at(s, 1))), FWC_VALUE_RANGE);
}
END_TEST

START_TEST(keys_of_several_parts_are_looked_up)
{
	struct fwc_rule *r = fresh(FWC_FAMILY_IP);
	struct fwc_value *left = concat2(field(FWC_FIELD_IP_SADDR), field(FWC_FIELD_TCP_DPORT));

	assert_taken(
		fwc_rule_match_value(r, left, FWC_OP_EQ, concat2(text("10.0.0.0/8"), number(22))));
	ck_assert_uint_eq(fwc_value_kind(right(r, 0)), FWC_VALUE_LIST);
	assert_taken(fwc_rule_match_value(r, left, FWC_OP_NE, set("later")));
	ck_assert_str_eq(fwc_value_get_name(right(r, 1)), "later");
	/* A value that a rule holds can be given to another one. */
	assert_taken(
		fwc_rule_match_value(r, fwc_item_left(fwc_rule_at(r, 0)), FWC_OP_EQ, right(r, 0)));
	ck_assert(fwc_value_equal(right(r, 2), right(r, 0)));
	ck_assert(!fwc_value_equal(right(r, 2), right(r, 1)));
}
END_TEST

START_TEST(values_outlive_the_ruleset_they_come_from)
{
	struct fwc_rule *r = fresh(FWC_FAMILY_IP);
	struct fwc_ruleset *other = fwc_ruleset_new();
	struct fwc_rule *copy = fwc_chain_append(fwc_table_add_chain(
		fwc_ruleset_add_table(other, FWC_FAMILY_IP, "t", 0), "c", NULL));

	assert_taken(fwc_rule_match_value(r, field(FWC_FIELD_IP_SADDR), FWC_OP_EQ,
					  list1(text("10.0.0.0/8"))));
	ck_assert_int_eq(fwc_rule_match_value(copy, fwc_item_left(fwc_rule_at(r, 0)), FWC_OP_EQ,
					      right(r, 0)),
			 0);
	ck_assert_ptr_ne(fwc_value_get_list(right(copy, 0)), fwc_value_get_list(right(r, 0)));
	ck_assert(fwc_value_equal(right(copy, 0), right(r, 0)));
	tear_down();
	ck_assert_uint_eq(fwc_set_count(fwc_value_get_list(right(copy, 0))), 1);
	fwc_ruleset_free(other);
}
END_TEST

START_TEST(sides_that_do_not_fit_are_refused)
{
	struct fwc_value *dport = field(FWC_FIELD_TCP_DPORT), *saddr = field(FWC_FIELD_IP_SADDR);
	struct fwc_value *both = concat2(saddr, dport);
	struct fwc_value *six[8];
	struct fwc_value *deep = number(1);

	assert_refused(FWC_FAMILY_INET, fwc_rule_match_value(rule, number(22), FWC_OP_EQ, dport),
		       "'22' stands where a field of the packet is wanted");
	assert_refused(FWC_FAMILY_INET, fwc_rule_match_value(rule, saddr, FWC_OP_EQ, saddr),
		       "'ip saddr' stands where ipv4_addr is wanted");
	assert_refused(FWC_FAMILY_INET, fwc_rule_match_value(rule, both, FWC_OP_EQ, number(22)),
		       "'22' stands where ipv4_addr . inet_service is wanted");
	assert_refused(FWC_FAMILY_INET, fwc_rule_match_value(rule, both, FWC_OP_LT, set("x")),
		       "operator '<' does not go with ipv4_addr . inet_service");
	assert_refused(FWC_FAMILY_INET,
		       fwc_rule_match_value(rule, both, FWC_OP_EQ, concat2(number(22), number(22))),
		       "'22' is no ipv4_addr");
	assert_refused(FWC_FAMILY_INET,
		       fwc_rule_match_value(rule, dport, FWC_OP_EQ, keep(fwc_value_list(NULL, 0))),
		       "the list is empty");
	assert_refused(FWC_FAMILY_INET,
		       fwc_rule_match_value(rule, dport, FWC_OP_EQ, list1(number(70000))),
		       "'70000' is no inet_service");
	assert_refused(FWC_FAMILY_INET,
		       fwc_rule_match_value(rule, dport, FWC_OP_EQ, pairs1(number(1), number(2))),
		       "stands where inet_service is wanted");
	assert_refused(
		FWC_FAMILY_INET,
		fwc_rule_match_value(rule, dport, FWC_OP_EQ, verdict(FWC_VERDICT_ACCEPT, NULL)),
		"'a verdict' stands where inet_service is wanted");
	assert_refused(FWC_FAMILY_INET, fwc_rule_match_value(rule, dport, FWC_OP_EQ, set("1x")),
		       "'1x' is no name for a set");
	for (size_t i = 0; i < FWC_ARRAY_SIZE(six); i++)
		six[i] = field(FWC_FIELD_IP6_SADDR);
	assert_refused(FWC_FAMILY_INET,
		       fwc_rule_match_value(
			       rule,
			       keep(fwc_value_concat((const struct fwc_value *const *)six, 8)),
			       FWC_OP_EQ, set("x")),
		       "a concatenation of 128 bytes: the kernel's registers hold 64");
	for (int i = 0; i < 7; i++)
		deep = list1(deep);
	ck_assert_ptr_nonnull(deep);
	ck_assert_ptr_null(list1(deep));
}
END_TEST

START_TEST(sets_that_are_declared_must_fit)
{
	struct fwc_set_opts to_addr = { .size = sizeof(to_addr), .data_type = "ipv4_addr" };
	struct fwc_value *dport = field(FWC_FIELD_TCP_DPORT);

#define WITH_SETS(call)                                                                            \
	(fwc_table_add_set(fwc_ruleset_at(rs, 0), "ports", "inet_service", NULL),                  \
	 fwc_table_add_set(fwc_ruleset_at(rs, 0), "addrs", "ipv4_addr", NULL),                     \
	 fwc_table_add_set(fwc_ruleset_at(rs, 0), "m", "inet_service", &to_addr), (call))
	assert_refused(FWC_FAMILY_INET,
		       WITH_SETS(fwc_rule_match_value(rule, dport, FWC_OP_EQ, set("addrs"))),
		       "set addrs holds ipv4_addr, not inet_service");
	assert_refused(FWC_FAMILY_INET,
		       WITH_SETS(fwc_rule_match_value(rule, dport, FWC_OP_EQ, set("m"))),
		       "m is a map to ipv4_addr, not a set");
	assert_refused(FWC_FAMILY_INET,
		       WITH_SETS(fwc_rule_assign(rule, FWC_FIELD_META_MARK, map(dport, set("m")))),
		       "m is a map to ipv4_addr, not a map to mark");
	assert_refused(
		FWC_FAMILY_INET,
		WITH_SETS(fwc_rule_assign(rule, FWC_FIELD_META_MARK, map(dport, set("ports")))),
		"ports is a set, not a map to mark");
	ck_assert_int_eq(WITH_SETS(fwc_rule_match_value(fresh(FWC_FAMILY_INET), dport, FWC_OP_EQ,
							set("ports"))),
			 0);
}
END_TEST

/* ---- targets ---- */

static int target(struct fwc_rule *r, uint32_t kind, ...)
{
	struct fwc_target *t = fwc_target_new(kind);
	uint32_t param;
	va_list ap;
	int code;

	va_start(ap, kind);
	while ((param = va_arg(ap, uint32_t)) != 0)
		fwc_target_set_number(t, param, va_arg(ap, uint64_t));
	va_end(ap);
	code = fwc_rule_add_target(r, t);
	fwc_target_free(t);
	return code;
}
#define N(n) ((uint64_t)(n))

static int target_value(struct fwc_rule *r, uint32_t kind, uint32_t param,
			const struct fwc_value *v)
{
	struct fwc_target *t = fwc_target_new(kind);
	int code;

	fwc_target_set_value(t, param, v);
	code = fwc_rule_add_target(r, t);
	fwc_target_free(t);
	return code;
}

START_TEST(targets_keep_to_their_limits)
{
	char prefix[129];

	memset(prefix, 'x', sizeof(prefix) - 1);
	prefix[128] = '\0';
	assert_refused(FWC_FAMILY_INET, fwc_rule_log(rule, prefix), "has more than 127 bytes");
	assert_refused(FWC_FAMILY_INET, target(rule, FWC_TARGET_LOG, FWC_LOG_GROUP, N(70000), 0),
		       "log: group 70000 is not 0 to 65535");
	assert_refused(FWC_FAMILY_INET,
		       target(rule, FWC_TARGET_LOG, FWC_LOG_GROUP, N(1), FWC_LOG_LEVEL, N(4), 0),
		       "log: level goes only without a group");
	assert_refused(FWC_FAMILY_INET, target(rule, FWC_TARGET_LOG, FWC_LOG_SNAPLEN, N(1), 0),
		       "log: snaplen goes only with a group");
	assert_refused(FWC_FAMILY_INET, target(rule, FWC_TARGET_LOG, FWC_LOG_FLAGS, N(0x10), 0),
		       "bits 0x2f are known");
	assert_refused(FWC_FAMILY_INET, fwc_rule_limit(rule, 0, 1, 5), "limit: rate 0 is not 1 to");
	assert_refused(FWC_FAMILY_INET, fwc_rule_limit(rule, 1, 61, 5),
		       "a unit of 61 seconds is not 1, 60, 3600, 86400 or 604800");
	assert_refused(FWC_FAMILY_INET, target(rule, FWC_TARGET_LIMIT, FWC_LIMIT_UNIT_S, N(1), 0),
		       "limit needs its rate");
	assert_refused(FWC_FAMILY_INET, target(rule, FWC_TARGET_COUNTER, 9, N(1), 0),
		       "counter has no parameter 9");
	assert_refused(FWC_FAMILY_INET,
		       target_value(rule, FWC_TARGET_LOG, FWC_LOG_LEVEL, number(1)),
		       "log: parameter 2 (level) was given NULL or another form of value");
	assert_refused(FWC_FAMILY_INET, target_value(rule, FWC_TARGET_SNAT, FWC_NAT_ADDR, NULL),
		       "snat: parameter 1 (address) was given NULL");
	assert_refused(FWC_FAMILY_INET,
		       target_value(rule, FWC_TARGET_MASQUERADE, FWC_NAT_ADDR, number(1)),
		       "masquerade has no parameter 1");
	assert_refused(FWC_FAMILY_INET, fwc_rule_verdict(rule, 0, NULL),
		       "verdict: verdict 0 is not 1 to 6");
	assert_refused(FWC_FAMILY_INET, fwc_rule_verdict(rule, FWC_VERDICT_GOTO, NULL),
		       "a chain needs a name");
	assert_refused(FWC_FAMILY_INET, fwc_rule_verdict(rule, FWC_VERDICT_JUMP, "a b"),
		       "'a b' is no name for a chain");
	assert_refused(FWC_FAMILY_INET, fwc_rule_verdict(rule, FWC_VERDICT_DROP, "x"),
		       "chain 'x' with a verdict that is neither jump nor goto");
	assert_refused(FWC_FAMILY_INET, fwc_rule_assign(rule, FWC_FIELD_CT_STATE, number(1)),
		       "ct state cannot be set");
	assert_refused(FWC_FAMILY_INET,
		       fwc_rule_assign(rule, FWC_FIELD_META_MARK, number(1ull << 32)),
		       "'4294967296' is no mark");
	assert_refused(FWC_FAMILY_INET,
		       fwc_rule_assign(rule, FWC_FIELD_META_MARK, list1(number(1))),
		       "'a list' stands where mark is wanted");
	assert_refused(FWC_FAMILY_INET,
		       fwc_rule_assign(rule, FWC_FIELD_META_MARK, field(FWC_FIELD_TCP_DPORT)),
		       "'tcp dport' stands where mark is wanted");
}
END_TEST

START_TEST(rejections_go_with_their_family)
{
	struct fwc_rule *r;
	uint64_t with;

	assert_refused(FWC_FAMILY_INET, fwc_rule_reject(rule, FWC_REJECT_ICMP, 1),
		       "(icmp) does not go with a table of family inet");
	assert_refused(FWC_FAMILY_IP, fwc_rule_reject(rule, FWC_REJECT_ICMPX, 1),
		       "(icmpx) does not go with a table of family ip");
	assert_refused(FWC_FAMILY_IP, fwc_rule_reject(rule, FWC_REJECT_ICMPV6, 1),
		       "reject with icmpv6 does not go with a table of family ip");
	assert_refused(FWC_FAMILY_INET, fwc_rule_reject(rule, FWC_REJECT_ICMPX, 4),
		       "reject with icmpx: code 4 is not 0 to 3");
	assert_refused(FWC_FAMILY_IP6, fwc_rule_reject(rule, FWC_REJECT_ICMP, 7),
		       "reject with icmpv6: code 7 is not 0 to 6");
	assert_refused(FWC_FAMILY_INET, fwc_rule_reject(rule, FWC_REJECT_TCP_RESET, 1),
		       "reject with tcp reset: code 1 is not 0 to 0");
	assert_refused(FWC_FAMILY_INET,
		       (fwc_rule_match_u64(rule, FWC_FIELD_UDP_DPORT, FWC_OP_EQ, 1, 1),
			fwc_rule_reject(rule, FWC_REJECT_TCP_RESET, 0)),
		       "reject with tcp reset contradicts udp dport before it");
	assert_refused(FWC_FAMILY_INET,
		       (match_ip(rule, FWC_FIELD_IP_SADDR, "10.0.0.1", 32),
			fwc_rule_reject(rule, FWC_REJECT_ICMPV6, 1)),
		       "reject with icmpv6 contradicts ip saddr before it");
	assert_refused(FWC_FAMILY_INET, target(rule, FWC_TARGET_REJECT, FWC_REJECT_CODE, N(1), 0),
		       "a code needs a type");

	r = fresh(FWC_FAMILY_IP);
	assert_taken(fwc_rule_reject(r, FWC_REJECT_ICMPV4, 13));
	ck_assert(
		fwc_target_get_number(fwc_item_target(fwc_rule_at(r, 0)), FWC_REJECT_WITH, &with));
	ck_assert_uint_eq(with, FWC_REJECT_ICMP);
	assert_taken(fwc_rule_reject(fresh(FWC_FAMILY_INET), FWC_REJECT_TCP_RESET, 0));
}
END_TEST

START_TEST(nothing_follows_a_verdict)
{
	struct fwc_rule *r = fresh(FWC_FAMILY_INET);

	assert_refused(FWC_FAMILY_INET,
		       (fwc_rule_verdict(rule, FWC_VERDICT_DROP, NULL), fwc_rule_counter(rule)),
		       "nothing can follow a verdict");
	assert_refused(FWC_FAMILY_INET,
		       (fwc_rule_verdict(rule, FWC_VERDICT_JUMP, "x"),
			fwc_rule_verdict(rule, FWC_VERDICT_ACCEPT, NULL)),
		       "nothing can follow a verdict");
	assert_refused(FWC_FAMILY_INET,
		       (fwc_rule_nat(rule, FWC_TARGET_MASQUERADE, NULL),
			fwc_rule_match_u64(rule, FWC_FIELD_META_MARK, FWC_OP_EQ, 1, 1)),
		       "nothing can follow a masquerade");
	r = fresh(FWC_FAMILY_INET);
	assert_taken(fwc_rule_verdict(r, FWC_VERDICT_CONTINUE, NULL));
	assert_taken(fwc_rule_counter(r));
}
END_TEST

static int nat(struct fwc_rule *r, uint32_t kind, const char *min, const char *max,
	       uint16_t port_min, uint16_t port_max)
{
	struct fwc_nat_opts opts = { .size = sizeof(opts),
				     .port_min = port_min,
				     .port_max = port_max };

	if (min)
		opts.addr_min = ip(min);
	if (max)
		opts.addr_max = ip(max);
	return fwc_rule_nat(r, kind, &opts);
}

START_TEST(translation_knows_its_family_and_ports)
{
	struct fwc_rule *r;
	const struct fwc_target *t;
	uint64_t family;

	assert_refused(FWC_FAMILY_IP, nat(rule, FWC_TARGET_SNAT, NULL, NULL, 0, 0),
		       "snat needs an address or a port");
	assert_refused(FWC_FAMILY_IP, nat(rule, FWC_TARGET_SNAT, "2001:db8::1", NULL, 0, 0),
		       "'2001:db8::1' is no ipv4_addr");
	assert_refused(FWC_FAMILY_IP, nat(rule, FWC_TARGET_SNAT, "10.0.0.9", "10.0.0.1", 0, 0),
		       "ends before it begins");
	assert_refused(FWC_FAMILY_IP, nat(rule, FWC_TARGET_DNAT, "10.0.0.1", NULL, 80, 0),
		       "dnat to a port: the rule must match a transport protocol before it");
	assert_refused(FWC_FAMILY_IP, nat(rule, FWC_TARGET_DNAT, "10.0.0.1", NULL, 0, 80),
		       "port_max 80 without port_min");
	assert_refused(FWC_FAMILY_IP, nat(rule, FWC_TARGET_DNAT, NULL, "10.0.0.1", 0, 0),
		       "addr_max without addr_min");
	assert_refused(FWC_FAMILY_IP, nat(rule, FWC_TARGET_MASQUERADE, "10.0.0.1", NULL, 0, 0),
		       "masquerade has no parameter 1");
	assert_refused(FWC_FAMILY_IP, nat(rule, FWC_TARGET_COUNTER, NULL, NULL, 0, 0),
		       "target 5 is not masquerade, snat, dnat or redirect");
	assert_refused(FWC_FAMILY_INET,
		       (match_ip(rule, FWC_FIELD_IP6_SADDR, "::1", 128),
			nat(rule, FWC_TARGET_SNAT, "10.0.0.1", NULL, 0, 0)),
		       "an IPv4 address contradicts ip6 saddr before it");
	assert_refused(FWC_FAMILY_INET,
		       target_value(rule, FWC_TARGET_DNAT, FWC_NAT_ADDR,
				    map(field(FWC_FIELD_TCP_DPORT), set("nowhere"))),
		       "needs to know of which family the address is");
	r = fresh(FWC_FAMILY_IP);
	assert_taken(target_value(r, FWC_TARGET_SNAT, FWC_NAT_ADDR, text("10.0.0.0/8")));
	t = fwc_item_target(fwc_rule_at(r, 0)); /* all addresses of it */
	ck_assert_uint_eq(fwc_value_kind(fwc_target_get_value(t, FWC_NAT_ADDR)), FWC_VALUE_RANGE);
	r = fresh(FWC_FAMILY_INET);
	assert_taken(fwc_rule_match_u64(r, FWC_FIELD_TCP_DPORT, FWC_OP_EQ, 80, 80));
	assert_taken(nat(r, FWC_TARGET_DNAT, "10.0.0.1", "10.0.0.9", 8000, 8009));
	t = fwc_item_target(fwc_rule_at(r, 1));
	ck_assert(fwc_target_get_number(t, FWC_NAT_FAMILY, &family));
	ck_assert_uint_eq(family, FWC_FAMILY_IP);
	ck_assert_uint_eq(fwc_value_kind(fwc_target_get_value(t, FWC_NAT_ADDR)), FWC_VALUE_RANGE);
	ck_assert_uint_eq(fwc_value_kind(fwc_target_get_value(t, FWC_NAT_PORT)), FWC_VALUE_RANGE);

	/* address and port from one map */
	r = fresh(FWC_FAMILY_IP);
	assert_taken(
		target_value(r, FWC_TARGET_DNAT, FWC_NAT_ADDR,
			     map(field(FWC_FIELD_TCP_DPORT),
				 pairs1(number(80), concat2(text("10.0.0.2"), number(8080))))));
	t = fwc_item_target(fwc_rule_at(r, 0));
	ck_assert(!fwc_target_get_number(t, FWC_NAT_FAMILY, &family));
	ck_assert_str_eq(fwc_set_data_type(fwc_value_get_list(
				 fwc_value_at(fwc_target_get_value(t, FWC_NAT_ADDR), 1))),
			 "ipv4_addr . inet_service");
}
END_TEST

START_TEST(verdict_maps_hold_verdicts)
{
	struct fwc_rule *r = fresh(FWC_FAMILY_INET);
	struct fwc_value *dport = field(FWC_FIELD_TCP_DPORT);
	const struct fwc_value *v;

	assert_taken(target_value(r, FWC_TARGET_VMAP, FWC_VMAP_VALUE,
				  map(dport, pairs1(number(22), verdict(FWC_VERDICT_JUMP, "x")))));
	v = fwc_target_get_value(fwc_item_target(fwc_rule_at(r, 0)), FWC_VMAP_VALUE);
	v = fwc_element_data(fwc_set_at(fwc_value_get_list(fwc_value_at(v, 1)), 0));
	ck_assert_uint_eq(fwc_value_get_verdict(v), FWC_VERDICT_JUMP);
	ck_assert_str_eq(fwc_value_get_name(v), "x");

	assert_refused(FWC_FAMILY_INET,
		       target_value(rule, FWC_TARGET_VMAP, FWC_VMAP_VALUE,
				    map(dport, pairs1(number(22), number(1)))),
		       "'1' stands where verdict is wanted");
	assert_refused(
		FWC_FAMILY_INET,
		target_value(rule, FWC_TARGET_VMAP, FWC_VMAP_VALUE,
			     map(dport, pairs1(number(22), verdict(FWC_VERDICT_GOTO, NULL)))),
		"a chain needs a name");
	assert_refused(FWC_FAMILY_INET,
		       target_value(rule, FWC_TARGET_VMAP, FWC_VMAP_VALUE, map(dport, number(22))),
		       "'22' stands where verdict is wanted");
	assert_refused(FWC_FAMILY_INET,
		       target_value(rule, FWC_TARGET_VMAP, FWC_VMAP_VALUE, number(22)),
		       "'22' stands where verdict is wanted");
}
END_TEST

/* ---- labels, reading, cost ---- */

START_TEST(comments_and_tags_have_limits)
{
	struct fwc_rule *r = fresh(FWC_FAMILY_INET);
	char text_129[130];

	memset(text_129, 'x', 129);
	text_129[129] = '\0';
	assert_taken(fwc_rule_comment(r, text_129 + 1));
	assert_taken(fwc_rule_tag(r, text_129 + 129 - FWC_MAX_TAG));
	ck_assert_str_eq(fwc_rule_comment_get(r), text_129 + 1);
	ck_assert_uint_eq(strlen(fwc_rule_tag_get(r)), FWC_MAX_TAG);
	assert_taken(fwc_rule_comment(r, NULL));
	ck_assert_ptr_null(fwc_rule_comment_get(r));
	ck_assert_ptr_null(fwc_rule_owner_get(r));
	assert_refused(FWC_FAMILY_INET, fwc_rule_comment(rule, text_129),
		       "has more than 128 bytes");
	assert_refused(FWC_FAMILY_INET, fwc_rule_tag(rule, text_129 + 129 - FWC_MAX_TAG - 1),
		       "has more than");
	assert_refused(FWC_FAMILY_INET, fwc_rule_comment(rule, "say \"hi\""),
		       "without control characters");
	assert_refused(FWC_FAMILY_INET, fwc_rule_tag(rule, "\xff"), "is not UTF-8");
}
END_TEST

START_TEST(counters_are_read)
{
	struct fwc_rule *r = fresh(FWC_FAMILY_INET);
	uint64_t packets = 7, bytes = 7;

	ck_assert(!fwc_rule_counter_get(r, &packets, &bytes));
	ck_assert_uint_eq(packets, 7);
	assert_taken(target(r, FWC_TARGET_COUNTER, FWC_COUNTER_PACKETS, N(3), FWC_COUNTER_BYTES,
			    N(180), 0));
	assert_taken(fwc_rule_counter(r));
	ck_assert(fwc_rule_counter_get(r, &packets, &bytes));
	ck_assert_uint_eq(packets, 3);
	ck_assert_uint_eq(bytes, 180);
	ck_assert(fwc_rule_counter_get(r, NULL, NULL));
}
END_TEST

START_TEST(a_simple_rule_costs_at_most_300_bytes)
{
	enum { RULES = 10000 };
	struct fwc_chain *c;
	struct fwc_ip a = ip("10.0.0.1");
	size_t bytes;

	fresh(FWC_FAMILY_INET);
	c = fwc_table_chain_at(fwc_ruleset_at(rs, 0), 0);
	for (int i = 0; i < RULES; i++) {
		struct fwc_rule *r = fwc_chain_append(c);

		a.bytes[2] = (uint8_t)(i >> 8);
		a.bytes[3] = (uint8_t)i;
		fwc_rule_match_ip(r, FWC_FIELD_IP_SADDR, FWC_OP_EQ, &a, 32);
		fwc_rule_match_u64(r, FWC_FIELD_TCP_DPORT, FWC_OP_EQ, 22, 22);
		fwc_rule_counter(r);
		fwc_rule_verdict(r, FWC_VERDICT_ACCEPT, NULL);
	}
	ck_assert_int_eq(fwc_ruleset_error(rs, NULL), 0);
	bytes = rs->arena.total + c->rules.room * sizeof(void *);
	ck_assert_msg(bytes / RULES <= 300, "%zu bytes a rule", bytes / RULES);
}
END_TEST

static Suite *suite(void)
{
	Suite *s = suite_create("rule");
	TCase *tc = tcase_create("rule");

	tcase_add_checked_fixture(tc, NULL, tear_down);
	tcase_add_checked_fixture(tc, NULL, free_made);
	tcase_add_test(tc, constants_take_the_type_of_their_field);
	tcase_add_test(tc, bad_constants_are_named);
	tcase_add_test(tc, null_and_unknown_arguments_are_named);
	tcase_add_test(tc, operators_go_with_some_types_only);
	tcase_add_test(tc, fields_of_another_protocol_are_refused);
	tcase_add_test(tc, failed_match_never_reaches_the_kernel);
	tcase_add_test(tc, rules_in_words_are_built_the_same);
	tcase_add_test(tc, the_failing_item_is_told);
	tcase_add_test(tc, lists_become_anonymous_sets);
	tcase_add_test(tc, keys_of_several_parts_are_looked_up);
	tcase_add_test(tc, values_outlive_the_ruleset_they_come_from);
	tcase_add_test(tc, sides_that_do_not_fit_are_refused);
	tcase_add_test(tc, sets_that_are_declared_must_fit);
	tcase_add_test(tc, targets_keep_to_their_limits);
	tcase_add_test(tc, rejections_go_with_their_family);
	tcase_add_test(tc, nothing_follows_a_verdict);
	tcase_add_test(tc, translation_knows_its_family_and_ports);
	tcase_add_test(tc, verdict_maps_hold_verdicts);
	tcase_add_test(tc, comments_and_tags_have_limits);
	tcase_add_test(tc, counters_are_read);
	tcase_add_test(tc, a_simple_rule_costs_at_most_300_bytes);
	suite_add_tcase(s, tc);
	return s;
}

TEST_MAIN(suite)
