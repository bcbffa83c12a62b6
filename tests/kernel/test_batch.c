/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Operations on tables as they are. */
#include <fwcore/fwcore.h>
#include <stdio.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "../check.h"

static struct fwc_kernel *kernel;
static struct fwc_batch *batch;
static struct fwc_error err;

/* Where most operations here take place. */
static struct fwc_place place = { .family = FWC_FAMILY_INET, .table = "t", .chain = "c" };

static void setup(void)
{
	const struct fwc_kernel_opts opts = { .size = sizeof(opts), .owner = "tester" };

	ns_enter();
	need_program("nft");
	assert_ok(fwc_kernel_open(&kernel, &opts, &err), err);
	batch = fwc_batch_new();
	sh("nft add table inet t; nft add chain inet t c;"
	   "nft add rule inet t c tcp dport 1 accept; nft add rule inet t c tcp dport 2 accept;"
	   "nft add set inet t s '{ type ipv4_addr; }';"
	   "nft add set inet t i '{ type ipv4_addr; flags interval; }';"
	   "nft add map inet t m '{ type ipv4_addr . inet_service : verdict; }'");
}

static void teardown(void)
{
	fwc_batch_free(batch);
	fwc_kernel_close(kernel);
}

static void add(uint32_t where, uint64_t handle, const char *rule)
{
	struct fwc_place p = place;

	p.where = where;
	p.handle = handle;
	ck_assert_ptr_nonnull(fwc_batch_add_rule_text(batch, &p, FWC_SYNTAX_NFT, rule));
}

static void commit(void)
{
	assert_ok(fwc_kernel_commit(kernel, batch, &err), err);
	fwc_batch_clear(batch);
}

static unsigned long handle_of(const char *text)
{
	const char *listing = sh("nft -a list chain inet t c"), *line = strstr(listing, text);
	const char *handle = line ? strstr(line, "# handle ") : NULL;

	ck_assert_msg(handle != NULL, "'%s' has no handle in: %s", text, listing);
	return strtoul(handle + strlen("# handle "), NULL, 10);
}

static const char *ports(void)
{
	return sh(
		"nft list chain inet t c | grep -o 'dport [0-9]*' | cut -d' ' -f2 | tr '\\n' ' '");
}

START_TEST(rules_go_where_they_are_told)
{
	add(FWC_LAST, 0, "tcp dport 9 accept");
	add(FWC_FIRST, 0, "tcp dport 5 accept");
	add(FWC_BEFORE, handle_of("dport 2"), "tcp dport 6 accept");
	add(FWC_BEFORE, handle_of("dport 2"), "tcp dport 7 accept");
	add(FWC_AFTER, handle_of("dport 2"), "tcp dport 8 accept");
	commit();
	ck_assert_str_eq(ports(), "5 1 6 7 2 8 9 ");
}
END_TEST

START_TEST(rule_is_replaced_and_deleted_by_handle)
{
	struct fwc_place p = place;
	struct fwc_rule *r;

	p.handle = handle_of("dport 1");
	r = fwc_batch_replace_rule(batch, &p);
	ck_assert_int_eq(fwc_rule_match_u64(r, FWC_FIELD_TCP_DPORT, FWC_OP_EQ, 10, 10), 0);
	ck_assert_int_eq(fwc_rule_verdict(r, FWC_VERDICT_DROP, NULL), 0);
	p.handle = handle_of("dport 2");
	ck_assert_int_eq(fwc_batch_del_rule(batch, &p), 0);
	commit();
	ck_assert_str_eq(ports(), "10 ");
	assert_contains(sh("nft list chain inet t c"), "tcp dport 10 drop");
}
END_TEST

START_TEST(failing_operation_is_named_and_nothing_applied)
{
	struct fwc_place p = place;

	add(FWC_LAST, 0, "tcp dport 9 accept");
	p.handle = 4711;
	ck_assert_int_eq(fwc_batch_del_rule(batch, &p), 0);
	assert_fails(fwc_kernel_commit(kernel, batch, &err), -ENOENT, err,
		     "table inet t, chain c: rule with handle 4711: there is no such rule");
	ck_assert_uint_eq(err.handle, 4711);
	ck_assert_uint_eq(err.outcome, FWC_OUTCOME_NOTHING);
	ck_assert_str_eq(ports(), "1 2 ");
	fwc_batch_clear(batch);
	add(FWC_LAST, 0, "tcp dport 9 accept");
	add(FWC_LAST, 0, "tcp dport 8 jump nowhere");
	assert_fails(fwc_kernel_commit(kernel, batch, &err), -ENOENT, err,
		     "rule 2: there is no chain of that name");
	ck_assert_str_eq(ports(), "1 2 ");
	fwc_batch_clear(batch);
	place.chain = "other";
	add(FWC_LAST, 0, "tcp dport 9 accept");
	assert_fails(fwc_kernel_commit(kernel, batch, &err), -ENOENT, err,
		     "table inet t, chain other, rule 1: there is no such table or chain");
	place.chain = "c";
	fwc_batch_clear(batch);
	add(FWC_BEFORE, 4711, "tcp dport 9 accept");
	assert_fails(fwc_kernel_commit(kernel, batch, &err), -ENOENT, err, "handle 4711");
}
END_TEST

static void add_element(const char *set, const char *key, const char *data, uint32_t flags,
			const char *tag)
{
	const struct fwc_element_opts opts = { .size = sizeof(opts), .tag = tag };

	ck_assert_int_eq(
		fwc_batch_add_element(batch, FWC_FAMILY_INET, "t", set, key, data, flags, &opts),
		0);
}

START_TEST(elements_get_their_types_from_the_kernel)
{
	add_element("s", "10.0.0.1", NULL, 0, NULL);
	add_element("s", "10.0.0.2", NULL, 0, NULL);
	add_element("i", "10.0.0.0/8", NULL, 0, NULL);
	add_element("i", "11.0.0.1-11.0.0.5", NULL, 0, NULL);
	add_element("m", "10.0.0.1 . 80", "jump c", 0, NULL);
	commit();
	assert_contains(sh("nft list set inet t s"), "elements = { 10.0.0.1, 10.0.0.2 }");
	assert_contains(sh("nft list set inet t i"), "10.0.0.0/8, 11.0.0.1-11.0.0.5");
	assert_contains(sh("nft list map inet t m"), "10.0.0.1 . 80 : jump c");
	ck_assert_int_eq(
		fwc_batch_del_element(batch, FWC_FAMILY_INET, "t", "i", "11.0.0.1-11.0.0.5"), 0);
	ck_assert_int_eq(fwc_batch_del_element(batch, FWC_FAMILY_INET, "t", "m", "10.0.0.1 . 80"),
			 0);
	ck_assert_int_eq(fwc_batch_del_element(batch, FWC_FAMILY_INET, "t", "s", "10.0.0.2"), 0);
	commit();
	assert_contains(sh("nft list set inet t s"), "elements = { 10.0.0.1 }");
	assert_contains(sh("nft list set inet t i"), "elements = { 10.0.0.0/8 }");
	assert_lacks(sh("nft list map inet t m"), "elements");
}
END_TEST

START_TEST(elements_by_value_are_bound_to_the_sets_types)
{
	const struct fwc_ip ip = { .family = FWC_FAMILY_IP, .bytes = { 10, 0, 0, 7 } };
	struct fwc_value *parts[] = { fwc_value_ip(&ip), fwc_value_number(443) };
	struct fwc_value *key = fwc_value_concat((const struct fwc_value *const *)parts, 2);
	struct fwc_value *data = fwc_value_verdict(FWC_VERDICT_DROP, NULL);

	ck_assert_int_eq(
		fwc_batch_add_element_value(batch, FWC_FAMILY_INET, "t", "m", key, data, 0, NULL),
		0);
	commit();
	assert_contains(sh("nft list map inet t m"), "10.0.0.7 . 443 : drop");
	ck_assert_int_eq(fwc_batch_del_element_value(batch, FWC_FAMILY_INET, "t", "m", key), 0);
	fwc_value_free(parts[0]);
	fwc_value_free(parts[1]);
	fwc_value_free(key);
	fwc_value_free(data);
	commit();
	assert_lacks(sh("nft list map inet t m"), "elements");
}
END_TEST

START_TEST(exclusive_element_is_a_reservation)
{
	add_element("s", "10.0.0.1", NULL, FWC_ELEMENT_EXCLUSIVE, NULL);
	commit();
	add_element("s", "10.0.0.9", NULL, 0, NULL);
	add_element("s", "10.0.0.1", NULL, FWC_ELEMENT_EXCLUSIVE, NULL);
	assert_fails(fwc_kernel_commit(kernel, batch, &err), -EEXIST, err, "set s");
	ck_assert_uint_eq(err.object, FWC_OBJECT_ELEMENT);
	assert_lacks(sh("nft list set inet t s"), "10.0.0.9");
	fwc_batch_clear(batch);
	add_element("s", "10.0.0.1", NULL, 0, NULL);
	commit();
}
END_TEST

START_TEST(wrong_elements_are_named)
{
	add_element("s", "10.0.0.300", NULL, 0, NULL);
	assert_fails(fwc_kernel_commit(kernel, batch, &err), -EINVAL, err, "10.0.0.300");
	fwc_batch_clear(batch);
	add_element("nothing", "10.0.0.3", NULL, 0, NULL);
	assert_fails(fwc_kernel_commit(kernel, batch, &err), -ENOENT, err, "no set 'nothing'");
	fwc_batch_clear(batch);
	ck_assert_int_eq(fwc_batch_del_element(batch, FWC_FAMILY_INET, "t", "s", "10.0.0.77"), 0);
	assert_fails(fwc_kernel_commit(kernel, batch, &err), -ENOENT, err,
		     "table inet t: set s: element 10.0.0.77: there is no such set or element");
	fwc_batch_clear(batch);
	ck_assert_int_eq(fwc_batch_del_element(batch, FWC_FAMILY_INET, "t", "s", "x"), 0);
	assert_fails(fwc_kernel_commit(kernel, batch, &err), -EINVAL, err, "'x'");
}
END_TEST

START_TEST(refused_element_of_many_is_named)
{
	const char *keys[] = { "10.0.0.1", "10.0.0.2", "10.0.0.3" };
	char key[16];

	sh("nft add element inet t s '{ 10.0.0.2 }'; nft add element inet t i '{ 10.0.0.2 }'");
	for (size_t i = 0; i < 3; i++)
		add_element("s", keys[i], NULL, FWC_ELEMENT_EXCLUSIVE, i % 2 ? "tag" : "other");
	assert_fails(fwc_kernel_commit(kernel, batch, &err), -EEXIST, err,
		     "table inet t: set s: element 10.0.0.2: ");
	fwc_batch_clear(batch);
	/* Intervals are written in another order than they are added in. */
	for (size_t i = 3; i-- > 0;)
		add_element("i", keys[i], NULL, FWC_ELEMENT_EXCLUSIVE, NULL);
	assert_fails(fwc_kernel_commit(kernel, batch, &err), -EEXIST, err,
		     "table inet t: set i: element 10.0.0.2: ");
	fwc_batch_clear(batch);
	for (size_t i = 1; i < 3; i++)
		fwc_batch_del_element(batch, FWC_FAMILY_INET, "t", "s", keys[i]);
	assert_fails(fwc_kernel_commit(kernel, batch, &err), -ENOENT, err,
		     "table inet t: set s: element 10.0.0.3: there is no such");
	fwc_batch_clear(batch);
	/* In the second message of a step. */
	for (int i = 0; i < 6000; i++) {
		snprintf(key, sizeof(key), "10.1.%d.%d", i / 250, i % 250);
		add_element("s", key, NULL, FWC_ELEMENT_EXCLUSIVE, "tag");
	}
	add_element("s", keys[1], NULL, FWC_ELEMENT_EXCLUSIVE, "tag");
	add_element("s", keys[2], NULL, FWC_ELEMENT_EXCLUSIVE, "tag");
	assert_fails(fwc_kernel_commit(kernel, batch, &err), -EEXIST, err,
		     "set s: element 10.0.0.2: ");
	ck_assert_uint_eq(err.outcome, FWC_OUTCOME_NOTHING);
	assert_contains(sh("nft list set inet t s"), "elements = { 10.0.0.2 }");
}
END_TEST

START_TEST(one_key_twice_is_as_in_two_batches)
{
	add_element("s", "10.0.0.1", NULL, 0, NULL);
	add_element("s", "10.0.0.1", NULL, 0, NULL);
	add_element("s", "10.0.0.4", NULL, 0, NULL);
	commit();
	assert_contains(sh("nft list set inet t s"), "elements = { 10.0.0.1, 10.0.0.4 }");
	/* Reserved twice, or with other data, it is refused. */
	add_element("s", "10.0.0.2", NULL, FWC_ELEMENT_EXCLUSIVE, NULL);
	add_element("s", "10.0.0.2", NULL, FWC_ELEMENT_EXCLUSIVE, NULL);
	assert_fails(fwc_kernel_commit(kernel, batch, &err), -EEXIST, err, "element 10.0.0.2: ");
	fwc_batch_clear(batch);
	add_element("m", "10.0.0.2 . 80", "accept", 0, NULL);
	add_element("m", "10.0.0.2 . 80", "drop", 0, NULL);
	assert_fails(fwc_kernel_commit(kernel, batch, &err), -EEXIST, err,
		     "element 10.0.0.2 . 80 : drop: ");
	assert_lacks(sh("nft list table inet t"), "10.0.0.2");
}
END_TEST

/* Rules that became elements of one map: a tag still finds the one that carried it. */
START_TEST(folded_rule_is_deleted_by_its_tag)
{
	struct fwc_ruleset *rs = fwc_ruleset_new();
	struct fwc_table *t = fwc_ruleset_add_table(rs, FWC_FAMILY_INET, "folded", 0);
	struct fwc_chain *c = fwc_table_add_chain(t, "c", NULL);
	char text[64];

	for (int i = 1; i <= 12; i++) {
		struct fwc_rule *r;

		snprintf(text, sizeof(text), "tcp dport %d %s", 100 + i, i % 2 ? "accept" : "drop");
		r = fwc_chain_append_text(c, FWC_SYNTAX_NFT, text);
		snprintf(text, sizeof(text), "t%d", i);
		ck_assert_int_eq(fwc_rule_tag(r, text), 0);
	}
	assert_ok(fwc_ruleset_optimize(rs, NULL, NULL, &err), err);
	assert_ok(fwc_kernel_apply(kernel, rs, NULL, &err), err);
	assert_contains(sh("nft list table inet folded"), "tcp dport vmap @c.tcp_dport");
	fwc_batch_del_tagged(batch, FWC_FAMILY_INET, "folded", "t7");
	commit();
	assert_lacks(sh("nft list table inet folded"), "107");
	assert_contains(sh("nft list table inet folded"), "106 : drop");
	assert_contains(sh("nft list table inet folded"), "108 : drop");
	fwc_ruleset_free(rs);
}
END_TEST

START_TEST(jump_that_the_kernel_refuses_is_explained)
{
	sh("nft add chain inet t in '{ type filter hook input priority 0; }'");
	add(FWC_LAST, 0, "tcp dport 80 jump in");
	assert_fails(fwc_kernel_commit(kernel, batch, &err), -EOPNOTSUPP, err,
		     "only chains without a hook are jumped to");
	ck_assert_uint_eq(err.item, 1);
	fwc_batch_clear(batch);
	sh("nft add rule inet t in jump c");
	add(FWC_LAST, 0, "tcp dport 80 jump c");
	assert_fails(fwc_kernel_commit(kernel, batch, &err), -EMLINK, err, "a loop: c -> c");
	ck_assert_str_eq(err.chain, "c");
	fwc_batch_clear(batch);
	add(FWC_LAST, 0, "tcp dport 80 jump nowhere");
	assert_fails(fwc_kernel_commit(kernel, batch, &err), -ENOENT, err,
		     "there is no chain of that name");
	assert_lacks(sh("nft list chain inet t c"), "jump");
}
END_TEST

/* Through rules that are there, maps that are looked into, and elements that come to them. */
START_TEST(loop_that_operations_close_is_named)
{
	static const char chains[] =
		"add chain inet t in { type filter hook input priority 0; }\n"
		"add chain inet t a\nadd chain inet t b\nadd chain inet t c2\n"
		"add map inet t verdicts { type inet_service : verdict; }\n"
		"add element inet t verdicts { 80 : jump b }\n"
		"add rule inet t in jump a\nadd rule inet t a tcp dport vmap @verdicts\n"
		"add rule inet t b jump c2\n";
	struct fwc_place at = { .family = FWC_FAMILY_INET, .table = "t", .chain = "c2" };

	sh_input(chains, "nft -f -");
	fwc_batch_add_rule_text(batch, &at, FWC_SYNTAX_NFT, "counter goto a");
	assert_fails(fwc_kernel_commit(kernel, batch, &err), -EMLINK, err,
		     "table inet t: the jumps form a loop: a -> b -> c2 -> a");
	ck_assert_str_eq(err.chain, "c2");
	fwc_batch_clear(batch);
	fwc_batch_add_rule_text(batch, &at, FWC_SYNTAX_NFT, "tcp dport 1 jump { counter goto a }");
	assert_fails(fwc_kernel_commit(kernel, batch, &err), -EMLINK, err,
		     "a -> b -> c2 -> { } of its rule 1 -> a");
	fwc_batch_clear(batch);
	fwc_batch_add_element(batch, FWC_FAMILY_INET, "t", "verdicts", "81", "goto a", 0, NULL);
	assert_fails(fwc_kernel_commit(kernel, batch, &err), -EMLINK, err, "a loop: a -> a");
	ck_assert_str_eq(err.chain, "a");
	assert_lacks(sh("nft list table inet t"), "goto");
}
END_TEST

START_TEST(rule_that_looks_into_another_type_is_refused)
{
	add(FWC_LAST, 0, "ip saddr @s ip daddr @s accept");
	commit();
	add(FWC_LAST, 0, "tcp dport 1 meta mark @s drop");
	assert_fails(fwc_kernel_commit(kernel, batch, &err), -EINVAL, err,
		     "table inet t, chain c, rule 1: set s holds ipv4_addr, not mark");
	ck_assert_uint_eq(err.item, 1);
	fwc_batch_clear(batch);
	add(FWC_LAST, 0, "ip saddr @nothing drop");
	assert_fails(fwc_kernel_commit(kernel, batch, &err), -ENOENT, err,
		     "rule 1: table inet t has no set 'nothing'");
	fwc_batch_clear(batch);
	ck_assert_int_eq(fwc_batch_add_element(batch, FWC_FAMILY_INET, "t", "nothing", "1.2.3.4",
					       NULL, 0, NULL),
			 0);
	assert_fails(fwc_kernel_commit(kernel, batch, &err), -ENOENT, err,
		     "table inet t has no set 'nothing'");
	fwc_batch_clear(batch);
	/* Not the set: its table. */
	ck_assert_int_eq(
		fwc_batch_add_element(batch, FWC_FAMILY_INET, "u", "s", "1.2.3.4", NULL, 0, NULL),
		0);
	assert_fails(fwc_kernel_commit(kernel, batch, &err), -ENOENT, err,
		     "there is no table inet u");
	ck_assert_uint_eq(err.object, FWC_OBJECT_TABLE);
}
END_TEST

START_TEST(tagged_rules_and_elements_go_by_their_tag)
{
	struct fwc_place p = place;
	struct fwc_rule *r;

	for (int i = 0; i < 3; i++) {
		r = fwc_batch_add_rule_text(batch, &p, FWC_SYNTAX_NFT, "tcp dport 80 accept");
		ck_assert_int_eq(fwc_rule_tag(r, i == 1 ? "keep" : "web"), 0);
	}
	add_element("s", "10.0.0.1", NULL, 0, "web");
	add_element("s", "10.0.0.2", NULL, 0, "keep");
	add_element("s", "10.0.0.3", NULL, 0, NULL);
	commit();
	ck_assert_str_eq(ports(), "1 2 80 80 80 ");
	ck_assert_int_eq(fwc_batch_del_tagged(batch, FWC_FAMILY_INET, "t", "web"), 0);
	commit();
	ck_assert_str_eq(ports(), "1 2 80 ");
	assert_contains(sh("nft list set inet t s"), "elements = { 10.0.0.2, 10.0.0.3 }");
	/* None is no failure, nor is a table that is not there. */
	ck_assert_int_eq(fwc_batch_del_tagged(batch, FWC_FAMILY_INET, "t", "web"), 0);
	ck_assert_int_eq(fwc_batch_del_tagged(batch, FWC_FAMILY_INET, "gone", "web"), 0);
	commit();
	ck_assert_str_eq(ports(), "1 2 80 ");
}
END_TEST

START_TEST(tags_of_other_owners_stay)
{
	const struct fwc_kernel_opts opts = { .size = sizeof(opts), .owner = "other" };
	struct fwc_kernel *other;

	ck_assert_int_eq(fwc_rule_tag(fwc_batch_add_rule_text(batch, &place, FWC_SYNTAX_NFT,
							      "tcp dport 80 accept"),
				      "web"),
			 0);
	commit();
	assert_ok(fwc_kernel_open(&other, &opts, &err), err);
	ck_assert_int_eq(fwc_batch_del_tagged(batch, FWC_FAMILY_INET, "t", "web"), 0);
	assert_ok(fwc_kernel_commit(other, batch, &err), err);
	ck_assert_str_eq(ports(), "1 2 80 ");
	fwc_kernel_close(other);
}
END_TEST

START_TEST(declared_ruleset_and_operations_are_one_commit)
{
	struct fwc_ruleset *rs = fwc_ruleset_new();
	struct fwc_table *t = fwc_ruleset_add_table(rs, FWC_FAMILY_INET, "own", 0);

	fwc_chain_append_text(fwc_table_add_chain(t, "c", NULL), FWC_SYNTAX_NFT, "accept");
	fwc_table_add_set(t, "new", "inet_service",
			  &(struct fwc_set_opts){ .size = sizeof(struct fwc_set_opts),
						  .flags = FWC_SET_STATE });
	ck_assert_int_eq(fwc_batch_declare(batch, rs), 0);
	/* Of a set that does not exist before. */
	ck_assert_int_eq(
		fwc_batch_add_element(batch, FWC_FAMILY_INET, "own", "new", "443", NULL, 0, NULL),
		0);
	add(FWC_LAST, 0, "tcp dport 9 jump nowhere");
	assert_fails(fwc_kernel_commit(kernel, batch, &err), -ENOENT, err, "chain c, rule 1");
	assert_lacks(sh("nft list tables"), "own");
	fwc_batch_clear(batch);
	ck_assert_int_eq(fwc_batch_declare(batch, rs), 0);
	ck_assert_int_eq(
		fwc_batch_add_element(batch, FWC_FAMILY_INET, "own", "new", "443", NULL, 0, NULL),
		0);
	add(FWC_LAST, 0, "tcp dport 9 accept");
	assert_ok(fwc_kernel_commit(kernel, batch, &err), err);
	assert_contains(sh("nft list table inet own"), "elements = { 443 }");
	ck_assert_str_eq(ports(), "1 2 9 ");
	fwc_ruleset_free(rs);
}
END_TEST

START_TEST(batch_keeps_its_first_failure)
{
	struct fwc_place bad = { .family = 99, .table = "t", .chain = "c" };

	ck_assert_ptr_null(fwc_batch_add_rule(batch, &bad));
	ck_assert_ptr_null(fwc_batch_add_rule_text(batch, &place, FWC_SYNTAX_NFT, "no rule"));
	assert_fails(fwc_batch_error(batch, &err), -EINVAL, err, "99");
	assert_fails(fwc_kernel_commit(kernel, batch, &err), -EINVAL, err, "99");
	fwc_batch_clear(batch);
	ck_assert_int_eq(fwc_batch_error(batch, &err), 0);
	ck_assert_ptr_null(fwc_batch_add_rule_text(batch, &place, FWC_SYNTAX_NFT, "no rule"));
	ck_assert_int_lt(fwc_batch_error(batch, &err), 0);
	fwc_batch_clear(batch);
	bad = place;
	bad.where = FWC_BEFORE;
	ck_assert_ptr_null(fwc_batch_add_rule(batch, &bad));
	assert_fails(fwc_batch_error(batch, &err), -EINVAL, err, "handle");
	fwc_batch_clear(batch);
	bad = place;
	bad.reserved[1] = 1;
	ck_assert_ptr_null(fwc_batch_add_rule(batch, &bad));
	assert_fails(fwc_batch_error(batch, &err), -EINVAL, err, "reserved");
	fwc_batch_clear(batch);
	ck_assert_int_eq(fwc_batch_del_rule(batch, &place), -EINVAL);
	fwc_batch_clear(batch);
	ck_assert_int_eq(fwc_batch_del_tagged(batch, FWC_FAMILY_INET, "t", ""), -EINVAL);
	fwc_batch_clear(batch);
	ck_assert_int_eq(
		fwc_batch_add_element(batch, FWC_FAMILY_INET, "t", "s", "1", NULL, 2, NULL),
		-EINVAL);
	fwc_batch_clear(batch);
	ck_assert_int_eq(fwc_batch_del_element(batch, FWC_FAMILY_INET, "t", "s", NULL), -EINVAL);
	ck_assert_ptr_null(fwc_batch_add_rule(NULL, &place));
	ck_assert_int_eq(fwc_batch_del_rule(NULL, &place), -EINVAL);
	fwc_batch_free(NULL);
}
END_TEST

START_TEST(writers_do_not_starve_each_other)
{
	enum { WRITERS = 4, EACH = 100 };
	pid_t pids[WRITERS];

	for (int w = 0; w < WRITERS; w++) {
		pids[w] = fork();
		if (pids[w])
			continue;
		if (fwc_kernel_open(&kernel, NULL, &err) < 0)
			_exit(1);
		for (int i = 0; i < EACH; i++) {
			char key[32];

			snprintf(key, sizeof(key), "10.1.%d.%d", w, i);
			fwc_batch_clear(batch);
			add_element("s", key, NULL, FWC_ELEMENT_EXCLUSIVE, NULL);
			if (fwc_kernel_commit(kernel, batch, &err) < 0)
				_exit(2);
		}
		_exit(0);
	}
	for (int w = 0; w < WRITERS; w++) {
		int status = -1;

		ck_assert_int_eq(waitpid(pids[w], &status, 0), pids[w]);
		ck_assert_int_eq(status, 0);
	}
	assert_contains(sh("nft list set inet t s | grep -o '10\\.1\\.' | wc -l"), "400\n");
}
END_TEST

static double now_ms(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec * 1e3 + (double)t.tv_nsec / 1e6;
}

START_TEST(one_element_does_not_read_the_map)
{
	double best = 1e9;
	char key[32];

	for (int i = 0; i < 50000; i++) {
		snprintf(key, sizeof(key), "10.%d.%d.%d . 80", 2 + (i >> 16), (i >> 8) & 255,
			 i & 255);
		add_element("m", key, "accept", 0, NULL);
	}
	if (ns_is_unprivileged())
		test_skip("the send buffer cannot grow that far in a user namespace");
	commit();
	for (int i = 0; i < 20; i++) {
		double start = now_ms();

		snprintf(key, sizeof(key), "10.1.0.%d . 80", i);
		add_element("m", key, "accept", 0, NULL);
		commit();
		if (now_ms() - start < best)
			best = now_ms() - start;
	}
	/* Reading 50,000 elements takes more than 10 ms. */
	ck_assert_msg(best < 2, "one element takes %f ms", best);
}
END_TEST

static Suite *batch_suite(void)
{
	Suite *suite = suite_create("batch");
	TCase *tc = tcase_create("batch");

	tcase_add_checked_fixture(tc, setup, teardown);
	tcase_add_test(tc, rules_go_where_they_are_told);
	tcase_add_test(tc, rule_is_replaced_and_deleted_by_handle);
	tcase_add_test(tc, failing_operation_is_named_and_nothing_applied);
	tcase_add_test(tc, elements_get_their_types_from_the_kernel);
	tcase_add_test(tc, elements_by_value_are_bound_to_the_sets_types);
	tcase_add_test(tc, exclusive_element_is_a_reservation);
	tcase_add_test(tc, wrong_elements_are_named);
	tcase_add_test(tc, refused_element_of_many_is_named);
	tcase_add_test(tc, one_key_twice_is_as_in_two_batches);
	tcase_add_test(tc, folded_rule_is_deleted_by_its_tag);
	tcase_add_test(tc, jump_that_the_kernel_refuses_is_explained);
	tcase_add_test(tc, loop_that_operations_close_is_named);
	tcase_add_test(tc, rule_that_looks_into_another_type_is_refused);
	tcase_add_test(tc, tagged_rules_and_elements_go_by_their_tag);
	tcase_add_test(tc, tags_of_other_owners_stay);
	tcase_add_test(tc, declared_ruleset_and_operations_are_one_commit);
	tcase_add_test(tc, batch_keeps_its_first_failure);
	tcase_add_test(tc, writers_do_not_starve_each_other);
	tcase_add_test(tc, one_element_does_not_read_the_map);
	suite_add_tcase(suite, tc);
	return suite;
}

TEST_MAIN(batch_suite)
