/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Values of the caller: each owns copies of its children, and what cannot be kept is NULL. */
#include "../check.h"

#include "model/model.h"

START_TEST(a_child_that_is_null_gives_null)
{
	struct fwc_value *n = fwc_value_number(1);
	const struct fwc_value *half[] = { n, NULL };
	const struct fwc_value *full[] = { n, n };

	ck_assert_ptr_null(fwc_value_range(n, NULL));
	ck_assert_ptr_null(fwc_value_range(NULL, n));
	ck_assert_ptr_null(fwc_value_list(half, 2));
	ck_assert_ptr_null(fwc_value_list(NULL, 1));
	ck_assert_ptr_null(fwc_value_pairs(full, half, 2));
	ck_assert_ptr_null(fwc_value_pairs(full, NULL, 2));
	ck_assert_ptr_null(fwc_value_concat(half, 2));
	ck_assert_ptr_null(fwc_value_bits(NULL, FWC_BITS_AND, 1));
	ck_assert_ptr_null(fwc_value_map(n, NULL));
	ck_assert_ptr_null(fwc_value_map(NULL, n));
	ck_assert_ptr_null(fwc_value_ip(NULL));
	ck_assert_ptr_null(fwc_value_prefix(NULL, 8));
	ck_assert_ptr_null(fwc_value_name(NULL));
	ck_assert_ptr_null(fwc_value_text(NULL));
	ck_assert_ptr_null(fwc_value_set(NULL));
	fwc_value_free(NULL);
	fwc_value_free(n);
}
END_TEST

START_TEST(what_is_unknown_or_too_much_gives_null)
{
	struct fwc_value *n = fwc_value_number(1);
	const struct fwc_value *nine[] = { n, n, n, n, n, n, n, n, n };

	ck_assert_ptr_null(fwc_value_field(0));
	ck_assert_ptr_null(fwc_value_field(9999));
	ck_assert_ptr_null(fwc_value_concat(nine, 1));
	ck_assert_ptr_null(fwc_value_concat(nine, 9));
	ck_assert_ptr_null(fwc_value_list(nine, SIZE_MAX));
	ck_assert_ptr_null(fwc_value_list(nine, SIZE_MAX / 8));
	ck_assert_ptr_null(fwc_value_pairs(nine, nine, SIZE_MAX / 16));
	ck_assert_ptr_null(fwc_value_bits(n, 0, 1));
	ck_assert_ptr_null(fwc_value_bits(n, 6, 1));
	ck_assert_ptr_null(fwc_value_verdict(0, NULL));
	ck_assert_ptr_null(fwc_value_verdict(256 + FWC_VERDICT_ACCEPT, NULL));
	fwc_value_free(n);
}
END_TEST

START_TEST(values_nest_eight_deep_at_most)
{
	struct fwc_value *v = fwc_value_field(FWC_FIELD_META_MARK);

	for (int depth = 2; depth <= FWC_MAX_DEPTH; depth++) {
		struct fwc_value *outer = fwc_value_bits(v, FWC_BITS_AND, 0xff);

		ck_assert_msg(outer != NULL, "%d", depth);
		fwc_value_free(v);
		v = outer;
	}
	ck_assert_ptr_null(fwc_value_bits(v, FWC_BITS_AND, 0xff));
	ck_assert_ptr_null(fwc_value_range(v, v));
	fwc_value_free(v);
}
END_TEST

START_TEST(children_are_copies)
{
	struct fwc_ip ip = { FWC_FAMILY_IP, { 10, 0, 0, 1 } };
	struct fwc_value *name = fwc_value_name("eth0"), *addr = fwc_value_prefix(&ip, 8);
	const struct fwc_value *parts[] = { name, addr };
	struct fwc_value *concat = fwc_value_concat(parts, 2), *map;
	const struct fwc_value *child;

	fwc_value_free(name);
	fwc_value_free(addr);
	map = fwc_value_map(concat, concat);
	fwc_value_free(concat);
	ck_assert_uint_eq(fwc_value_kind(map), FWC_VALUE_MAP);
	ck_assert_uint_eq(fwc_value_count(map), 2);
	child = fwc_value_at(fwc_value_at(map, 1), 1);
	ck_assert_uint_eq(fwc_value_kind(child), FWC_VALUE_UNTYPED);
	ck_assert_uint_eq(child->bits, 8);
	ck_assert_mem_eq(child->ip, &ip, sizeof(ip));
	ck_assert_str_eq(fwc_value_at(fwc_value_at(map, 0), 0)->name, "eth0");
	ck_assert_ptr_null(fwc_value_at(map, 2));
	fwc_value_free(map);
}
END_TEST

/* What two values of the packet make is what the words make. */
START_TEST(joined_and_hashed_values_are_those_of_the_words)
{
	static const uint32_t details[] = { FWC_FIELD_DETAIL_MODULUS };
	static const uint32_t numbers[] = { 2 };
	struct fwc_ruleset *rs = fwc_ruleset_new();
	struct fwc_table *t = fwc_ruleset_add_table(rs, FWC_FAMILY_INET, "t", 0);
	struct fwc_rule *r = fwc_chain_append(fwc_table_add_chain(t, "c", NULL));
	struct fwc_value *mark = fwc_value_field(FWC_FIELD_META_MARK);
	struct fwc_value *ct = fwc_value_field(FWC_FIELD_CT_MARK);
	struct fwc_value *both = fwc_value_join(mark, FWC_BITS_AND, ct);
	struct fwc_value *jhash = fwc_value_field_with(FWC_FIELD_JHASH, details, numbers, 1);
	struct fwc_value *hash = fwc_value_hash(ct, jhash);
	struct fwc_value *one = fwc_value_number(1);
	char text[128];

	ck_assert_ptr_null(fwc_value_join(mark, FWC_BITS_LSHIFT, ct));
	ck_assert_ptr_null(fwc_value_hash(mark, ct));
	fwc_rule_match_value(r, both, FWC_OP_EQ, one);
	fwc_rule_match_value(r, hash, FWC_OP_EQ, one);
	ck_assert_int_eq(fwc_ruleset_error(rs, NULL), 0);
	ck_assert_int_eq(fwc_rule_format(r, FWC_SYNTAX_NFT, text, sizeof(text), NULL), 0);
	ck_assert_str_eq(text, "meta mark & ct mark == 0x00000001 jhash ct mark mod 2 1");
	fwc_value_free(mark);
	fwc_value_free(ct);
	fwc_value_free(both);
	fwc_value_free(jhash);
	fwc_value_free(hash);
	fwc_value_free(one);
	fwc_ruleset_free(rs);
}
END_TEST

START_TEST(readers_tell_what_a_value_is)
{
	struct fwc_value *field = fwc_value_field(FWC_FIELD_TCP_FLAGS);
	struct fwc_value *bits = fwc_value_bits(field, FWC_BITS_XOR, 0x12);
	struct fwc_value *jump = fwc_value_verdict(FWC_VERDICT_JUMP, "x");
	struct fwc_value *drop = fwc_value_verdict(FWC_VERDICT_DROP, NULL);
	struct fwc_value *set = fwc_value_set("s");
	uint64_t number = 7;
	struct fwc_ip ip;
	uint32_t op;

	ck_assert_uint_eq(fwc_value_get_field(field), FWC_FIELD_TCP_FLAGS);
	ck_assert_uint_eq(fwc_value_get_field(bits), 0);
	ck_assert(fwc_value_get_bits(bits, &op, &number));
	ck_assert_uint_eq(op, FWC_BITS_XOR);
	ck_assert_uint_eq(number, 0x12);
	ck_assert(!fwc_value_get_bits(field, &op, &number));
	ck_assert_uint_eq(fwc_value_get_field(fwc_value_at(bits, 0)), FWC_FIELD_TCP_FLAGS);
	ck_assert_uint_eq(fwc_value_get_verdict(jump), FWC_VERDICT_JUMP);
	ck_assert_str_eq(fwc_value_get_name(jump), "x");
	ck_assert_uint_eq(fwc_value_get_verdict(drop), FWC_VERDICT_DROP);
	ck_assert_ptr_null(fwc_value_get_name(drop));
	ck_assert_uint_eq(fwc_value_get_verdict(set), 0);
	ck_assert_str_eq(fwc_value_get_name(set), "s");
	ck_assert_ptr_null(fwc_value_get_name(field));
	ck_assert_ptr_null(fwc_value_get_list(set));
	ck_assert(!fwc_value_get_number(set, &number));
	ck_assert(!fwc_value_get_ip(set, &ip, NULL));
	ck_assert_uint_eq(fwc_value_kind(NULL), 0);
	ck_assert_uint_eq(fwc_value_count(NULL), 0);
	ck_assert(!fwc_value_get_number(NULL, &number));
	fwc_value_free(field);
	fwc_value_free(bits);
	fwc_value_free(jump);
	fwc_value_free(drop);
	fwc_value_free(set);
}
END_TEST

START_TEST(a_name_of_16_bytes_without_end_is_no_name)
{
	struct fwc_arena a = { 0 };
	const struct fwc_type *ifname = fwc_type_by_name("ifname", 6);
	const struct fwc_value *v =
		fwc_value_constant(&a, ifname, (const uint8_t *)"abcdefghijklmnop");

	ck_assert_ptr_null(fwc_value_get_name(v));
	v = fwc_value_constant(&a, ifname, (const uint8_t *)"abcdefghijklmno");
	ck_assert_str_eq(fwc_value_get_name(v), "abcdefghijklmno");
	fwc_arena_free(&a);
}
END_TEST

START_TEST(equal_means_the_same_kind_type_and_content)
{
	struct fwc_arena a = { 0 };
	const struct fwc_type *mark = fwc_type_by_name("mark", 4);
	const struct fwc_type *addr = fwc_type_by_name("ipv4_addr", 9);
	const struct fwc_value *one = fwc_value_constant(&a, addr, (const uint8_t *)"\1\0\0\0");
	const struct fwc_value *same = fwc_value_constant(&a, addr, (const uint8_t *)"\1\0\0\0");
	const struct fwc_value *two = fwc_value_constant(&a, addr, (const uint8_t *)"\2\0\0\0");
	const struct fwc_value *other = fwc_value_constant(&a, mark, (const uint8_t *)"\1\0\0\0");
	const struct fwc_value *prefix =
		fwc_value_prefix_of(&a, addr, (const uint8_t *)"\1\0\0\0", 8);
	const struct fwc_value *longer =
		fwc_value_prefix_of(&a, addr, (const uint8_t *)"\1\0\0\0", 9);

	ck_assert(fwc_value_equal(one, same));
	ck_assert(!fwc_value_equal(one, two));
	ck_assert(!fwc_value_equal(one, other));
	ck_assert(!fwc_value_equal(one, prefix));
	ck_assert(!fwc_value_equal(prefix, longer));
	ck_assert(!fwc_value_equal(one, NULL));
	ck_assert(fwc_value_equal(NULL, NULL));
	ck_assert(fwc_value_equal(fwc_value_make_range(&a, one, two),
				  fwc_value_make_range(&a, same, two)));
	ck_assert(!fwc_value_equal(fwc_value_make_range(&a, one, two),
				   fwc_value_make_range(&a, one, one)));
	ck_assert(!fwc_value_equal(fwc_value_make_set(&a, "x"), fwc_value_make_set(&a, "y")));
	ck_assert(!fwc_value_equal(fwc_value_make_verdict(&a, FWC_VERDICT_JUMP, "x"),
				   fwc_value_make_verdict(&a, FWC_VERDICT_GOTO, "x")));
	fwc_arena_free(&a);
}
END_TEST

enum { DETAILS_MOST = 3 };

static const struct detailed {
	uint32_t field;
	uint32_t details[DETAILS_MOST], numbers[DETAILS_MOST];
	size_t count;
	const char *words; /* NULL: refused */
} detailed[] = {
	{ FWC_FIELD_RAW_PAYLOAD, { 1, 2, 3 }, { FWC_HEADER_TRANSPORT, 16, 8 }, 3, "@th,16,8" },
	{ FWC_FIELD_RAW_PAYLOAD, { 3, 1 }, { 128, FWC_HEADER_LINK }, 2, "@ll,0,128" },
	{ FWC_FIELD_TCP_OPTION, { 4 }, { 255 }, 1, "tcp option 255" },
	{ FWC_FIELD_TCP_OPTION, { 4, 2, 3 }, { 255, 16, 32 }, 3, "tcp option @255,16,32" },
	{ FWC_FIELD_DCCP_OPTION, { 4 }, { 5 }, 1, "dccp option 5" },
	{ FWC_FIELD_NUMGEN, { 5 }, { 2 }, 1, "numgen inc mod 2" },
	{ FWC_FIELD_NUMGEN, { 7, 5, 6 }, { 1, 3, 10 }, 3, "numgen random mod 3 offset 10" },
	{ FWC_FIELD_SYMHASH, { 5, 6 }, { 4, 1 }, 2, "symhash mod 4 offset 1" },
	{ FWC_FIELD_JHASH, { 5, 12, 6 }, { 4, 0, 9 }, 3, "jhash mod 4 seed 0x0 offset 9" },
	{ FWC_FIELD_JHASH, { 5 }, { 4 }, 1, "jhash mod 4" },
	{ FWC_FIELD_JHASH, { 12 }, { 4 }, 1, NULL }, /* no modulus */
	{ FWC_FIELD_FIB_TYPE, { 8 }, { FWC_FIB_SADDR | FWC_FIB_IIF }, 1, "fib saddr . iif type" },
	{ FWC_FIELD_FIB_OIF, { 8 }, { FWC_FIB_DADDR | FWC_FIB_PRESENT }, 1, "fib daddr oif" },
	{ FWC_FIELD_FIB_OIFNAME, { 8 }, { FWC_FIB_SADDR }, 1, "fib saddr oifname" },
	{ FWC_FIELD_SOCKET_CGROUPV2, { 9 }, { 1 }, 1, "socket cgroupv2 level 1" },
	{ FWC_FIELD_OSF_NAME, { 10 }, { 2 }, 1, "osf ttl skip name" },
	{ FWC_FIELD_IPSEC_IN_REQID, { 11 }, { 2 }, 1, "ipsec in spnum 2 reqid" },
	{ FWC_FIELD_RAW_PAYLOAD, { 1, 3 }, { 4, 8 }, 2, NULL }, /* no such header */
	{ FWC_FIELD_RAW_PAYLOAD, { 1, 3 }, { 2, 7 }, 2, NULL }, /* not whole bytes */
	{ FWC_FIELD_RAW_PAYLOAD, { 1, 3 }, { 2, 136 }, 2, NULL }, /* more than 16 bytes */
	{ FWC_FIELD_RAW_PAYLOAD, { 1, 3, 5 }, { 2, 8, 1 }, 3, NULL }, /* not its own */
	{ FWC_FIELD_RAW_PAYLOAD, { 1, 3, 3 }, { 2, 8, 8 }, 3, NULL }, /* twice */
	{ FWC_FIELD_RAW_PAYLOAD, { 1 }, { 2 }, 1, NULL }, /* no length */
	{ FWC_FIELD_TCP_OPTION, { 4 }, { 256 }, 1, NULL },
	{ FWC_FIELD_NUMGEN, { 6 }, { 2 }, 1, NULL }, /* no modulus */
	{ FWC_FIELD_NUMGEN, { 5 }, { 0 }, 1, NULL },
	{ FWC_FIELD_NUMGEN, { 5, 6 }, { 2, UINT32_MAX }, 2, NULL }, /* above 32 bits */
	{ FWC_FIELD_FIB_OIF, { 8 }, { 0 }, 1, NULL },
	{ FWC_FIELD_FIB_OIF, { 8 }, { 64 }, 1, NULL },
	{ FWC_FIELD_IPSEC_IN_REQID, { 11 }, { 256 }, 1, NULL },
	{ FWC_FIELD_TCP_DPORT, { 4 }, { 1 }, 1, NULL },
	{ FWC_FIELD_NUMGEN, { 0 }, { 0 }, 0, NULL },
	{ 9999, { 4 }, { 1 }, 1, NULL },
};

START_TEST(fields_take_their_details_and_tell_them_again)
{
	const struct detailed *d = &detailed[_i];
	struct fwc_value *v = fwc_value_field_with(d->field, d->details, d->numbers, d->count);
	uint32_t number;

	if (!d->words) {
		ck_assert_ptr_null(v);
		return;
	}
	ck_assert_ptr_nonnull(v);
	ck_assert_str_eq(v->field->name, d->words);
	ck_assert_uint_eq(fwc_value_get_field(v), d->field);
	for (size_t i = 0; i < d->count; i++) {
		ck_assert(fwc_value_get_field_detail(v, d->details[i], &number));
		ck_assert_uint_eq(number, d->numbers[i]);
	}
	ck_assert(!fwc_value_get_field_detail(v, 99, &number));
	fwc_value_free(v);
}
END_TEST

static Suite *suite(void)
{
	Suite *s = suite_create("value");
	TCase *tc = tcase_create("value");

	tcase_add_test(tc, a_child_that_is_null_gives_null);
	tcase_add_test(tc, what_is_unknown_or_too_much_gives_null);
	tcase_add_test(tc, values_nest_eight_deep_at_most);
	tcase_add_test(tc, children_are_copies);
	tcase_add_test(tc, joined_and_hashed_values_are_those_of_the_words);
	tcase_add_test(tc, readers_tell_what_a_value_is);
	tcase_add_loop_test(tc, fields_take_their_details_and_tell_them_again, 0,
			    FWC_ARRAY_SIZE(detailed));
	tcase_add_test(tc, a_name_of_16_bytes_without_end_is_no_name);
	tcase_add_test(tc, equal_means_the_same_kind_type_and_content);
	suite_add_tcase(s, tc);
	return s;
}

TEST_MAIN(suite)
