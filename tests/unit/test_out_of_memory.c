/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Every allocation of the model fails once: nothing crashes or leaks, and the failure is told. */
#include "../check.h"
#include "../failing.h"

#include "core/core.h"

#include <fwcore/fwcore.h>

#include <stdio.h>

/* ---- what is built ---- */

static struct fwc_value *values[64];
static size_t value_count;
static bool value_missing; /* a constructor answered NULL */

static struct fwc_value *keep(struct fwc_value *v)
{
	value_missing |= !v;
	if (value_count == sizeof(values) / sizeof(values[0]))
		abort(); /* not an assertion: libcheck's would allocate */
	return values[value_count++] = v;
}

static void free_values(void)
{
	while (value_count)
		fwc_value_free(values[--value_count]);
}

static struct fwc_value *number(uint64_t n)
{
	return keep(fwc_value_number(n));
}

static struct fwc_value *concat(struct fwc_value *a, struct fwc_value *b)
{
	const struct fwc_value *parts[] = { a, b };

	return keep(fwc_value_concat(parts, 2));
}

static struct fwc_value *dport(void)
{
	return keep(fwc_value_field(FWC_FIELD_TCP_DPORT));
}

static void add_matches(struct fwc_chain *c)
{
	struct fwc_rule *r = fwc_chain_append(c);
	struct fwc_ip ip = { FWC_FAMILY_IP, { 10 } };
	struct fwc_value *left = concat(keep(fwc_value_field(FWC_FIELD_IP_SADDR)), dport());
	struct fwc_value *key = concat(keep(fwc_value_prefix(&ip, 8)), number(22));
	struct fwc_value *range = keep(fwc_value_range(number(1), number(9)));
	const struct fwc_value *keys[] = { key, concat(keep(fwc_value_ip(&ip)), range) };

	fwc_rule_match_ip(r, FWC_FIELD_IP_SADDR, FWC_OP_EQ, &ip, 8);
	fwc_rule_match_u64(r, FWC_FIELD_TCP_DPORT, FWC_OP_NE, 80, 89);
	fwc_rule_match_name(r, FWC_FIELD_META_IIFNAME, FWC_OP_EQ, "eth0");
	fwc_rule_match_bits(r, FWC_FIELD_TCP_FLAGS, FWC_OP_EQ, 0x12, 0x02);
	fwc_rule_match(r, FWC_FIELD_TCP_SPORT, FWC_OP_EQ, "{ 1-5, 9 }");
	fwc_rule_match_value(r, left, FWC_OP_EQ, keep(fwc_value_list(keys, 2)));
	fwc_rule_match_value(r, left, FWC_OP_NE, keep(fwc_value_set("pairs")));
	fwc_rule_match_value(r, left, FWC_OP_EQ, key);
	fwc_rule_counter(r);
	fwc_rule_log(r, "seen: ");
	fwc_rule_limit(r, 3, 60, 5);
	fwc_rule_comment(r, "everything");
	fwc_rule_tag(r, "t1");
	fwc_rule_verdict(r, FWC_VERDICT_JUMP, "user");
}

static void add_targets(struct fwc_chain *c)
{
	struct fwc_nat_opts opts = { .size = sizeof(opts), .port_min = 80, .port_max = 89 };
	const struct fwc_value *keys[] = { number(22), number(23) };
	const struct fwc_value *verdicts[] = { keep(fwc_value_verdict(FWC_VERDICT_GOTO, "user")),
					       keep(fwc_value_verdict(FWC_VERDICT_DROP, NULL)) };
	const struct fwc_value *marks[] = { number(1), number(2) };
	struct fwc_value *mark =
		keep(fwc_value_map(dport(), keep(fwc_value_pairs(keys, marks, 2))));
	struct fwc_value *vmap =
		keep(fwc_value_map(dport(), keep(fwc_value_pairs(keys, verdicts, 2))));
	struct fwc_target *t;
	struct fwc_rule *r;

	r = fwc_chain_append(c);
	fwc_rule_assign(r, FWC_FIELD_META_MARK, mark);
	fwc_rule_reject(r, FWC_REJECT_TCP_RESET, 0);
	r = fwc_chain_append(c);
	t = fwc_target_new(FWC_TARGET_VMAP);
	value_missing |= !t;
	fwc_target_set_value(t, FWC_VMAP_VALUE, vmap);
	fwc_rule_add_target(r, t);
	fwc_target_free(t);
	r = fwc_chain_append(c);
	fwc_rule_match_u64(r, FWC_FIELD_TCP_DPORT, FWC_OP_EQ, 80, 80);
	fwc_ip_parse("10.0.0.1", &opts.addr_min, NULL);
	fwc_ip_parse("10.0.0.9", &opts.addr_max, NULL);
	fwc_rule_nat(r, FWC_TARGET_DNAT, &opts);
}

/* 0, or a failure; *ret is what was made, for the caller to free. */
static int build(struct fwc_ruleset **ret, struct fwc_error *err)
{
	struct fwc_base_opts base = { .size = sizeof(base), .hook = FWC_HOOK_INPUT };
	struct fwc_set_opts interval = { .size = sizeof(interval), .flags = FWC_SET_INTERVAL };
	struct fwc_element_opts named = { .size = sizeof(named), .comment = "c", .tag = "t" };
	struct fwc_table *t;
	struct fwc_chain *c;
	struct fwc_set *s;
	char *text = NULL;
	int r;

	*ret = fwc_ruleset_new();
	if (!*ret)
		return -ENOMEM;
	t = fwc_ruleset_add_table(*ret, FWC_FAMILY_INET, "t", 0);
	fwc_table_comment(t, "table");
	fwc_ruleset_absent_table(*ret, FWC_FAMILY_IP, "old");
	s = fwc_table_add_set(t, "pairs", "ipv4_addr . inet_service", &interval);
	fwc_set_add(s, "10.0.0.0/8 . 22", NULL, &named);
	fwc_set_add(s, "11.0.0.1 . 80-89", NULL, NULL);
	c = fwc_table_add_chain(t, "input", &base);
	fwc_chain_comment(c, "chain");
	fwc_table_add_chain(t, "user", NULL);
	fwc_chain_append_text(
		c, FWC_SYNTAX_NFT,
		"ip saddr . tcp dport { 10.0.0.0/8 . 22, 11.0.0.1 . 80-89 } meta mark set "
		"ct mark & 0xff counter log prefix \"x\" dnat ip to tcp dport map { 22 : "
		"10.0.0.1 . 80 } comment \"words\"");
	add_matches(c);
	add_targets(c);
	fwc_ruleset_add_iptables_table(*ret, FWC_FAMILY_IP, "filter", 0);
	c = fwc_ruleset_find_chain(*ret, FWC_FAMILY_IP, "filter", "INPUT");
	fwc_chain_append_text(
		c, FWC_SYNTAX_IPTABLES,
		"-s 10.0.0.0/8 -i eth+ -p tcp --dport 1:5 ! --syn -m limit --limit 5/min "
		"-m comment --comment \"a b\" -m mark --mark 1/3 -j LOG --log-prefix x");
	fwc_chain_append_text(c, FWC_SYNTAX_IPTABLES, "-m state --state NEW -g later");
	r = fwc_ruleset_error(*ret, err);
	if (r == 0)
		r = fwc_ruleset_format(*ret, FWC_SYNTAX_NFT, 0, &text, NULL, err);
	fwc_text_free(text);
	text = NULL;
	if (r == 0)
		r = fwc_ruleset_format(*ret, FWC_SYNTAX_IPTABLES, 0, &text, NULL, err);
	fwc_text_free(text);
	return r;
}

/* Writes it as JSON and reads that. */
static int through_json(const struct fwc_ruleset *rs, struct fwc_error *err)
{
	struct fwc_ruleset *read;
	char *text = NULL;
	size_t len;
	int r = fwc_ruleset_format(rs, FWC_SYNTAX_JSON, 0, &text, &len, err);

	if (r < 0)
		return r;
	read = fwc_ruleset_parse(text, len, FWC_SYNTAX_JSON, err);
	fwc_text_free(text);
	fwc_ruleset_free(read);
	return read ? 0 : err->code;
}

START_TEST(each_allocation_fails_once)
{
	unsigned long n, last = 0;

	for (n = 1;; n++) {
		struct fwc_ruleset *rs;
		struct fwc_error err = { 0 };
		int r;

		value_missing = false;
		fail_allocation(n);
		r = build(&rs, &err);
		fail_allocation(0);
		fwc_ruleset_free(rs);
		free_values();
		if (allocations_seen() < n) {
			ck_assert_msg(r == 0, "without any failure: %s", err.msg);
			break;
		}
		/* A value that could not be made is NULL, and the builder that is given it says so. */
		ck_assert_msg(r == -ENOMEM || (r == -EINVAL && value_missing),
			      "allocation %lu failed, and the result is %d: %s", n, r, err.msg);
		last = n;
	}
	ck_assert_msg(last > 50, "only %lu allocations were seen: are they wrapped?", last);
}
END_TEST

/* Rules that fold, in words. */
static struct fwc_ruleset *foldable(void)
{
	struct fwc_ruleset *rs = fwc_ruleset_new();
	struct fwc_chain *c =
		fwc_table_add_chain(fwc_ruleset_add_table(rs, FWC_FAMILY_INET, "t", 0), "c", NULL);
	char text[96];

	for (int i = 1; i <= 10; i++) {
		snprintf(text, sizeof(text),
			 "ip saddr 10.0.0.%d tcp dport { %d, %d } %s comment \"%d\"", i, 100 + i,
			 200 + i, i % 2 ? "accept" : "drop", i);
		ck_assert_ptr_nonnull(fwc_chain_append_text(c, FWC_SYNTAX_NFT, text));
	}
	return rs;
}

static int fold_and_unfold(struct fwc_ruleset *rs, struct fwc_error *err)
{
	struct fwc_folds *folds = NULL;
	int r = fwc_ruleset_optimize(rs, NULL, &folds, err);

	if (r == 0)
		r = fwc_ruleset_unfold(rs, err);
	fwc_folds_free(folds);
	return r;
}

/* What failed half-way must not be applied: the ruleset keeps the failure. */
START_TEST(each_allocation_of_folding_fails_once)
{
	unsigned long n = 0;
	struct fwc_error err;
	int r;

	do {
		struct fwc_ruleset *rs = foldable();

		fail_allocation(++n);
		r = fold_and_unfold(rs, &err);
		fail_allocation(0);
		ck_assert_msg(r == (allocations_seen() < n ? 0 : -ENOMEM),
			      "allocation %lu failed, and the result is %d: %s", n, r, err.msg);
		if (r == 0)
			ck_assert_uint_eq(
				fwc_chain_count(fwc_table_chain_at(fwc_ruleset_at(rs, 0), 0)), 10);
		fwc_ruleset_free(rs);
	} while (r < 0);
	ck_assert_uint_gt(n, 30);
}
END_TEST

START_TEST(each_allocation_of_json_fails_once)
{
	struct fwc_error err = { 0 };
	struct fwc_ruleset *rs;
	unsigned long n = 0;
	int r;

	assert_ok(build(&rs, &err), err);
	free_values();
	do {
		fail_allocation(++n);
		r = through_json(rs, &err);
		fail_allocation(0);
		ck_assert_msg(r == (allocations_seen() < n ? 0 : -ENOMEM),
			      "allocation %lu failed, and the result is %d: %s", n, r, err.msg);
	} while (r < 0);
	ck_assert_msg(n > 50, "only %lu allocations were seen: are they wrapped?", n);
	fwc_ruleset_free(rs);
}
END_TEST

static Suite *suite(void)
{
	Suite *s = suite_create("out_of_memory");
	TCase *tc = tcase_create("out_of_memory");

	tcase_add_test(tc, each_allocation_fails_once);
	tcase_add_test(tc, each_allocation_of_folding_fails_once);
	tcase_add_test(tc, each_allocation_of_json_fails_once);
	suite_add_tcase(s, tc);
	return s;
}

TEST_MAIN(suite)
