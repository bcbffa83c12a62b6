/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What lib/nft reads and writes, against the kernel and nft: rules of each kind are loaded by nft, read, written again
 * into tables of another name, and read back. */
#include <stdio.h>

#include "../check.h"
#include "nft_load.h"

#define DATA FWC_TEST_DATA "/nft/"

static const char *listing(const char *tables)
{
	return sh(
		"for t in %s; do nft list table $(echo $t | tr : ' '); done | sed 's, expires [0-9a-z]*,,g'",
		tables);
}

/* ---- reading ---- */

static size_t count_opaque(const struct fwc_rule *r)
{
	size_t count = 0;

	for (const struct fwc_item *i = fwc_rule_items(r); i; i = i->next)
		count += i->kind == FWC_ITEM_OPAQUE;
	return count;
}

START_TEST(every_rule_of_the_first_slice_is_named)
{
	struct fwc_ruleset *rs;
	size_t rules = 0, foreign = 0;

	need_program("nft");
	sh("nft -f " DATA "rules.nft");
	rs = nft_load();
	for (size_t i = 0; i < rs->tables.count; i++) {
		struct fwc_table *t = rs->tables.items[i];

		for (size_t j = 0; j < t->chains.count; j++) {
			struct fwc_chain *c = t->chains.items[j];

			for (size_t k = 0; k < c->rules.count; k++, rules++) {
				struct fwc_rule *r = c->rules.items[k];

				if (!count_opaque(r))
					continue;
				fprintf(stderr, "%s",
					sh("nft -a list chain %s %s %s | grep 'handle %llu$'",
					   fwc_family_name(t->family), t->name, c->name,
					   (unsigned long long)r->handle));
				foreign++;
			}
		}
		for (size_t j = 0; j < t->sets.count; j++)
			ck_assert(!((struct fwc_set *)t->sets.items[j])->opaque);
	}
	ck_assert_uint_gt(rules, 150);
	ck_assert_uint_eq(foreign, 0);
	fwc_ruleset_free(rs);
}
END_TEST

START_TEST(foreign_rules_keep_their_bytes)
{
	struct fwc_ruleset *rs;
	size_t opaque = 0;

	need_program("nft");
	sh("nft -f " DATA "foreign.nft");
	rs = nft_load();
	for (size_t i = 0; i < rs->tables.count; i++) {
		struct fwc_table *t = rs->tables.items[i];

		for (size_t j = 0; j < t->chains.count; j++) {
			struct fwc_chain *c = t->chains.items[j];

			for (size_t k = 0; k < c->rules.count; k++) {
				struct fwc_rule *r = c->rules.items[k];
				struct fwc_wire wire = { .data = NULL };
				struct fwc_error err;

				opaque += count_opaque(r);
				assert_ok(fwc_nft_canonical(&wire, r, &err), err);
				/* No counter is in these rules that counted: canonical is what was read. */
				ck_assert_uint_eq(wire.len, r->raw_len);
				ck_assert_mem_eq(wire.data, r->raw, wire.len);
				fwc_wire_free(&wire);
			}
		}
	}
	ck_assert_uint_gt(opaque, 2);
	fwc_ruleset_free(rs);
}
END_TEST

/* ---- writing ---- */

static void put_sets(struct nft_batch *b, const struct fwc_table *t)
{
	for (size_t i = 0; i < t->sets.count; i++) {
		const struct fwc_set *s = t->sets.items[i];
		struct fwc_error err;

		assert_ok(fwc_nft_put_set(&b->writer, s, false, &err), err);
	}
}

static void put_elements(struct nft_batch *b, const struct fwc_table *t)
{
	for (size_t i = 0; i < t->sets.count; i++) {
		const struct fwc_set *s = t->sets.items[i];
		struct fwc_error err;

		assert_ok(fwc_nft_put_elements(&b->writer, s,
					       (const struct fwc_element *const *)s->elements.items,
					       s->elements.count, NLM_F_EXCL, false, &err),
			  err);
	}
}

static void put_table(struct nft_batch *b, const struct fwc_table *t)
{
	fwc_nft_put_table(&b->writer, t);
	put_sets(b, t);
	for (size_t i = 0; i < t->chains.count; i++)
		fwc_nft_put_chain(&b->writer, t->chains.items[i], false);
	put_elements(b, t);
	for (size_t i = 0; i < t->chains.count; i++) {
		const struct fwc_chain *c = t->chains.items[i];

		for (size_t j = 0; j < c->rules.count; j++) {
			struct fwc_error err;

			assert_ok(fwc_nft_put_rule(&b->writer, c->rules.items[j], FWC_NFT_APPEND, 0,
						   false, &err),
				  err);
		}
	}
}

/* Names of anonymous sets differ, all else must not. */
static bool has_list(const struct fwc_rule *r)
{
	static const char anonymous[][6] = { "__set", "__map" };

	for (size_t i = 0; i < FWC_ARRAY_SIZE(anonymous); i++)
		if (memmem(r->raw, r->raw_len, anonymous[i], 5))
			return true;
	return false;
}

/* libcheck cannot print what is as long as a ruleset. */
static void assert_same_lines(const char *a, const char *b)
{
	while (*a || *b) {
		size_t len_a = strcspn(a, "\n"), len_b = strcspn(b, "\n");

		ck_assert_msg(len_a == len_b && !memcmp(a, b, len_a), "'%.*s' became '%.*s'",
			      (int)len_a, a, (int)len_b, b);
		a += len_a + (a[len_a] != '\0');
		b += len_b + (b[len_b] != '\0');
	}
}

START_TEST(rules_written_again_are_the_same_bytes)
{
	const char *before, *after;
	struct fwc_ruleset *rs, *again;
	struct nft_batch b;
	struct fwc_nl_answer answer;
	size_t compared = 0;

	need_program("nft");
	sh("nft -f " DATA "rules.nft");
	before = listing("inet:t ip:t4 ip6:t6");
	rs = nft_load();
	nft_begin(&b);
	for (size_t i = 0; i < rs->tables.count; i++) {
		struct fwc_table *t = rs->tables.items[i];

		fwc_nft_del_table(&b.writer, t->family, t->name, t->handle);
		put_table(&b, t);
	}
	answer = nft_commit(&b);
	ck_assert_msg(answer.code == 0, "seq %u: %s", answer.seq, strerror(-answer.code));
	after = listing("inet:t ip:t4 ip6:t6");
	assert_same_lines(before, after);
	again = nft_load();
	ck_assert_uint_eq(rs->tables.count, again->tables.count);
	for (size_t i = 0; i < rs->tables.count; i++) {
		struct fwc_table *t = rs->tables.items[i], *t2 = again->tables.items[i];

		for (size_t j = 0; j < t->chains.count; j++) {
			struct fwc_chain *c = t->chains.items[j], *c2 = t2->chains.items[j];

			ck_assert_uint_eq(c->rules.count, c2->rules.count);
			for (size_t k = 0; k < c->rules.count; k++, compared++) {
				struct fwc_rule *r = c->rules.items[k], *r2 = c2->rules.items[k];

				ck_assert_msg(fwc_nft_rules_equal(r, r2), "%s rule %zu", c->name,
					      k);
				if (has_list(r))
					continue;
				ck_assert_uint_eq(r->raw_len, r2->raw_len);
				ck_assert_mem_eq(r->raw, r2->raw, r->raw_len);
			}
		}
	}
	ck_assert_uint_gt(compared, 150);
	fwc_ruleset_free(rs);
	fwc_ruleset_free(again);
}
END_TEST

/* ---- changes ---- */

static struct fwc_chain *load_chain(struct fwc_ruleset **ret, const char *chain)
{
	struct fwc_chain *c;

	*ret = nft_load();
	c = fwc_ruleset_find_chain(*ret, FWC_FAMILY_INET, "t", chain);
	ck_assert_ptr_nonnull(c);
	return c;
}

static void put_at(struct nft_batch *b, struct fwc_chain *c, const char *comment, uint32_t place,
		   uint64_t handle)
{
	struct fwc_rule *r = fwc_chain_rule_in(c);
	struct fwc_error err;

	ck_assert_int_eq(fwc_rule_verdict(r, FWC_VERDICT_ACCEPT, NULL), 0);
	ck_assert_int_eq(fwc_rule_comment(r, comment), 0);
	ck_assert_int_eq(fwc_rule_tag(r, "the tag"), 0);
	assert_ok(fwc_nft_put_rule(&b->writer, r, place, handle, true, &err), err);
}

START_TEST(rules_go_to_their_places_and_carry_their_labels)
{
	static const char *const wanted[] = { "first", "before", "new", "after", "last" };
	struct fwc_nl_answer answer;
	struct fwc_ruleset *rs;
	struct nft_batch b;
	struct fwc_chain *c;
	uint64_t handle;

	need_program("nft");
	sh("nft add table inet t; nft add chain inet t c; nft add rule inet t c drop");
	c = load_chain(&rs, "c");
	handle = ((struct fwc_rule *)c->rules.items[0])->handle;
	nft_begin(&b);
	b.writer.owner = "the owner";
	put_at(&b, c, "last", FWC_NFT_APPEND, 0);
	put_at(&b, c, "first", FWC_NFT_INSERT, 0);
	put_at(&b, c, "before", FWC_NFT_INSERT, handle);
	put_at(&b, c, "after", FWC_NFT_AFTER, handle);
	put_at(&b, c, "new", FWC_NFT_REPLACE, handle);
	answer = nft_commit(&b);
	ck_assert_int_eq(answer.code, 0);
	fwc_ruleset_free(rs);
	c = load_chain(&rs, "c");
	ck_assert_uint_eq(c->rules.count, FWC_ARRAY_SIZE(wanted));
	for (size_t i = 0; i < c->rules.count; i++) {
		ck_assert_str_eq(fwc_rule_comment_get(c->rules.items[i]), wanted[i]);
		ck_assert_str_eq(fwc_rule_tag_get(c->rules.items[i]), "the tag");
		ck_assert_str_eq(fwc_rule_owner_get(c->rules.items[i]), "the owner");
	}
	/* What nft does not know it passes over. */
	assert_contains(sh("nft list chain inet t c"), "accept comment \"new\"");
	nft_begin(&b);
	fwc_nft_del_rule(&b.writer, c, ((struct fwc_rule *)c->rules.items[0])->handle);
	answer = nft_commit(&b);
	ck_assert_int_eq(answer.code, 0);
	fwc_ruleset_free(rs);
	c = load_chain(&rs, "c");
	ck_assert_uint_eq(c->rules.count, 4);
	nft_begin(&b);
	fwc_nft_flush_chain(&b.writer, c);
	fwc_nft_del_chain(&b.writer, c, false);
	answer = nft_commit(&b);
	ck_assert_int_eq(answer.code, 0);
	assert_lacks(sh("nft list table inet t"), "chain");
	fwc_ruleset_free(rs);
}
END_TEST

START_TEST(elements_of_each_kind_are_deleted)
{
	struct fwc_nl_answer answer;
	struct fwc_ruleset *rs;
	struct nft_batch b;
	struct fwc_table *t;

	need_program("nft");
	sh("nft -f " DATA "rules.nft");
	rs = nft_load();
	t = fwc_ruleset_lookup_table(rs, FWC_FAMILY_INET, "t");
	nft_begin(&b);
	for (size_t i = 0; i < t->sets.count; i++) {
		const struct fwc_set *s = t->sets.items[i];
		struct fwc_error err;

		if (s->flags & FWC_SET_CONSTANT)
			continue;
		ck_assert_uint_gt(s->elements.count, 0);
		assert_ok(fwc_nft_del_elements(&b.writer, s,
					       (const struct fwc_element *const *)s->elements.items,
					       s->elements.count, &err),
			  err);
	}
	answer = nft_commit(&b);
	ck_assert_msg(answer.code == 0, "seq %u: %s", answer.seq, strerror(-answer.code));
	fwc_ruleset_free(rs);
	rs = nft_load();
	t = fwc_ruleset_lookup_table(rs, FWC_FAMILY_INET, "t");
	for (size_t i = 0; i < t->sets.count; i++) {
		const struct fwc_set *s = t->sets.items[i];

		ck_assert_msg(s->flags & FWC_SET_CONSTANT || !s->elements.count, "%s", s->name);
	}
	fwc_ruleset_free(rs);
}
END_TEST

START_TEST(an_element_that_is_there_is_refused_when_it_is_reserved)
{
	static const char *const sets[] = { "addrs", "nets", "pairs", "marks" };
	struct fwc_ruleset *rs;
	struct fwc_table *t;

	need_program("nft");
	sh("nft -f " DATA "rules.nft");
	rs = nft_load();
	t = fwc_ruleset_lookup_table(rs, FWC_FAMILY_INET, "t");
	for (size_t i = 0; i < FWC_ARRAY_SIZE(sets); i++) {
		const struct fwc_set *s = fwc_table_find_set(t, sets[i]);
		const struct fwc_element *const *first =
			(const struct fwc_element *const *)s->elements.items;

		for (int reserve = 0; reserve < 2; reserve++) {
			struct fwc_nl_answer answer;
			struct nft_batch b;
			struct fwc_error err;

			nft_begin(&b);
			assert_ok(fwc_nft_put_elements(&b.writer, s, first, 1,
						       reserve ? NLM_F_EXCL : 0, false, &err),
				  err);
			answer = nft_commit(&b);
			ck_assert_msg(answer.code == (reserve ? -EEXIST : 0), "%s: %s", sets[i],
				      strerror(-answer.code));
		}
	}
	fwc_ruleset_free(rs);
}
END_TEST

/* Sets that nft never saw: it prints them from their types and userdata. */
static const struct {
	const char *key_type, *data_type, *key, *data, *listed;
	uint32_t flags;
} own_sets[] = {
	{ "ipv4_addr . inet_service", NULL, "10.0.0.0/8 . 80-90", NULL, "{ 10.0.0.0/8 . 80-90 }",
	  FWC_SET_INTERVAL },
	{ "mark", NULL, "5-10", NULL, "{ 0x00000005-0x0000000a }", FWC_SET_INTERVAL },
	{ "mark", NULL, "5", NULL, "{ 0x00000005 }", 0 },
	{ "ifname", NULL, "eth*", NULL, "{ \"eth*\" }", FWC_SET_INTERVAL },
	{ "ifname . mark", NULL, "eth0 . 7", NULL, "{ \"eth0\" . 0x00000007 }", 0 },
	{ "ipv4_addr . inet_service", "ipv4_addr . inet_service", "192.0.2.1 . 80",
	  "10.0.0.1 . 8080", "{ 192.0.2.1 . 80 : 10.0.0.1 . 8080 }", 0 },
	{ "inet_service", "verdict", "80-65535", "accept", "{ 80-65535 : accept }",
	  FWC_SET_INTERVAL },
	{ "mark", "ct_state . mark", "7", "new . 9", "{ 0x00000007 : new . 0x00000009 }", 0 },
	{ "ipv6_addr", "mark", "2001:db8::/32", "1", "{ 2001:db8::/32 : 0x00000001 }",
	  FWC_SET_INTERVAL },
};

START_TEST(sets_that_nft_did_not_make_are_listed_by_it)
{
	struct fwc_ruleset *rs = fwc_ruleset_new();
	struct fwc_table *t = fwc_ruleset_add_table(rs, FWC_FAMILY_INET, "t", 0);
	struct fwc_nl_answer answer;
	struct nft_batch b;
	struct fwc_error err;
	char name[16];

	need_program("nft");
	nft_begin(&b);
	fwc_nft_put_table(&b.writer, t);
	for (size_t i = 0; i < FWC_ARRAY_SIZE(own_sets); i++) {
		const struct fwc_set_opts opts = { .size = sizeof(opts),
						   .flags = own_sets[i].flags,
						   .data_type = own_sets[i].data_type };

		snprintf(name, sizeof(name), "s%zu", i);
		fwc_set_add(fwc_table_add_set(t, name, own_sets[i].key_type, &opts),
			    own_sets[i].key, own_sets[i].data, NULL);
	}
	assert_ok(fwc_ruleset_error(rs, &err), err);
	put_sets(&b, t);
	put_elements(&b, t);
	answer = nft_commit(&b);
	ck_assert_msg(answer.code == 0, "seq %u: %s", answer.seq, strerror(-answer.code));
	for (size_t i = 0; i < FWC_ARRAY_SIZE(own_sets); i++)
		assert_contains(sh("nft list set inet t s%zu || nft list map inet t s%zu", i, i),
				own_sets[i].listed);
	fwc_ruleset_free(rs);
}
END_TEST

/* nft joins neighbours before it writes a list; we write what was said, and the kernel must take it. */
START_TEST(lists_of_neighbours_and_of_everything_are_taken)
{
	static const char *const words[] = {
		"tcp dport { 80-90, 91-100 } accept",
		"tcp dport vmap { 22 : accept, 23-65535 : drop }",
		"tcp dport vmap { 0-21 : accept, 22 : drop, 23-30 : accept }",
		"tcp dport { 0-65535 } accept",
		"ip saddr { 0.0.0.0/1, 128.0.0.0/1 } accept",
		"ip saddr != { 10.0.0.0/8, 11.0.0.0/8, 192.0.2.1 } accept",
		"meta mark { 0-5, 6, 4294967295 } accept",
		"ip6 saddr { ::/0 } accept",
		"iifname { \"a*\", \"b\" } accept",
		"ip saddr . tcp dport { 10.0.0.0/8 . 1-10, 10.0.0.0/8 . 11-20 } accept",
	};
	struct fwc_ruleset *rs, *again;
	struct fwc_nl_answer answer;
	struct fwc_chain *c, *c2;
	struct nft_batch b;
	struct fwc_error err;

	need_program("nft");
	sh("nft add table inet t; nft add chain inet t c '{ type filter hook input priority 0; }'");
	c = load_chain(&rs, "c");
	nft_begin(&b);
	for (size_t i = 0; i < FWC_ARRAY_SIZE(words); i++) {
		struct fwc_rule *r = fwc_chain_append_text(c, FWC_SYNTAX_NFT, words[i]);

		assert_ok(fwc_ruleset_error(rs, &err), err);
		assert_ok(fwc_nft_put_rule(&b.writer, r, FWC_NFT_APPEND, 0, false, &err), err);
	}
	answer = nft_commit(&b);
	ck_assert_msg(answer.code == 0, "seq %u: %s", answer.seq, strerror(-answer.code));
	c2 = load_chain(&again, "c");
	ck_assert_uint_eq(c2->rules.count, FWC_ARRAY_SIZE(words));
	for (size_t i = 0; i < FWC_ARRAY_SIZE(words); i++)
		ck_assert_msg(fwc_nft_rules_equal(c->rules.items[i], c2->rules.items[i]),
			      "'%s' came back as another rule", words[i]);
	sh("nft list ruleset");
	fwc_ruleset_free(rs);
	fwc_ruleset_free(again);
}
END_TEST

/* The kernel's offset leads to the item that it refused. */
START_TEST(the_item_that_the_kernel_refuses_is_found)
{
	struct fwc_nl_answer answer;
	char expression[32];
	struct fwc_ruleset *rs;
	struct nft_batch b;
	struct fwc_chain *c;
	struct fwc_rule *r;

	need_program("nft");
	sh("nft add table inet t; nft add chain inet t c '{ type filter hook input priority 0; }'");
	c = load_chain(&rs, "c");
	r = fwc_chain_rule_in(c);
	ck_assert_int_eq(fwc_rule_match_u64(r, FWC_FIELD_TCP_DPORT, FWC_OP_EQ, 22, 22), 0);
	ck_assert_int_eq(fwc_rule_counter(r), 0);
	ck_assert_int_eq(fwc_rule_verdict(r, FWC_VERDICT_JUMP, "nowhere"), 0);
	nft_begin(&b);
	ck_assert_int_eq(fwc_nft_put_rule(&b.writer, r, FWC_NFT_APPEND, 0, false, NULL), 0);
	answer = nft_commit(&b);
	ck_assert_int_eq(answer.code, -ENOENT);
	ck_assert_uint_eq(fwc_nft_item_at(r, answer.offset, expression), 2);
	ck_assert_str_eq(expression, "immediate");
	fwc_ruleset_free(rs);
}
END_TEST

START_TEST(tables_of_iptables_are_recognised)
{
	struct fwc_ruleset *rs;

	need_program("iptables-nft");
	need_program("nft");
	sh("sh " DATA "iptables.sh; nft add table ip mine; nft add table inet filter; "
	   "nft add chain inet filter INPUT '{ type filter hook input priority 0; }'");
	rs = nft_load();
	ck_assert_uint_ge(rs->tables.count, 5);
	for (size_t i = 0; i < rs->tables.count; i++) {
		const struct fwc_table *t = rs->tables.items[i];

		ck_assert_int_eq(t->is_iptables,
				 t->family != FWC_FAMILY_INET && strcmp(t->name, "mine") != 0);
	}
	fwc_ruleset_free(rs);
}
END_TEST

static Suite *make_suite(void)
{
	Suite *s = suite_create("nft");
	TCase *tc = tcase_create("nft");

	tcase_add_checked_fixture(tc, ns_enter, NULL);
	tcase_add_test(tc, every_rule_of_the_first_slice_is_named);
	tcase_add_test(tc, foreign_rules_keep_their_bytes);
	tcase_add_test(tc, rules_written_again_are_the_same_bytes);
	tcase_add_test(tc, rules_go_to_their_places_and_carry_their_labels);
	tcase_add_test(tc, elements_of_each_kind_are_deleted);
	tcase_add_test(tc, an_element_that_is_there_is_refused_when_it_is_reserved);
	tcase_add_test(tc, sets_that_nft_did_not_make_are_listed_by_it);
	tcase_add_test(tc, lists_of_neighbours_and_of_everything_are_taken);
	tcase_add_test(tc, the_item_that_the_kernel_refuses_is_found);
	tcase_add_test(tc, tables_of_iptables_are_recognised);
	suite_add_tcase(s, tc);
	return s;
}

TEST_MAIN(make_suite)
