/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Rulesets that are loaded, edited and applied, while others write. */
#include <fwcore/fwcore.h>
#include <unistd.h>

#include "../check.h"

#define COUNT(array) (sizeof(array) / sizeof(*(array)))

static struct fwc_kernel *kernel;
static struct fwc_ruleset *rs;
static struct fwc_error err;

static const struct fwc_apply_opts overwrite = { .size = sizeof(overwrite),
						 .flags = FWC_APPLY_OVERWRITE };

static void load(void)
{
	assert_ok(fwc_kernel_load(kernel, FWC_FAMILY_INET, "t", &rs, &err), err);
}

static void setup(void)
{
	ns_enter();
	need_program("nft");
	sh("nft -f - <<'X'\n"
	   "table inet t {\n"
	   " set s { type ipv4_addr; elements = { 10.0.0.1, 10.0.0.2 }; }\n"
	   " set timed { type ipv4_addr; timeout 1h; elements = { 10.0.0.1 }; }\n"
	   " map m { type inet_service : verdict; elements = { 80 : accept }; }\n"
	   " chain c { type filter hook input priority 0; policy accept; tcp dport 1 counter; tcp dport 2 counter; ip saddr @s accept; }\n"
	   " chain d { tcp dport vmap @m; }\n"
	   "}\n"
	   "table inet other { chain c { type filter hook input priority 1; }; }\n"
	   "X");
	assert_ok(fwc_kernel_open(&kernel, NULL, &err), err);
	load();
}

static void teardown(void)
{
	fwc_ruleset_free(rs);
	fwc_kernel_close(kernel);
}

static void edit(const char *rule)
{
	struct fwc_chain *c = fwc_ruleset_find_chain(rs, FWC_FAMILY_INET, "t", "c");

	ck_assert_ptr_nonnull(fwc_chain_append_text(c, FWC_SYNTAX_NFT, rule));
}

/* What somebody else may do to the table, and what the error says of it. */
static const struct {
	const char *command, *words;
} changes[] = {
	{ "nft add rule inet t c tcp dport 3 accept", "chain c" },
	{ "nft insert rule inet t c tcp dport 3 accept", "chain c" },
	{ "nft delete rule inet t c handle $(nft -a list chain inet t c | sed -n 's/.*dport 1 .*handle //p')",
	  "chain c" },
	{ "nft replace rule inet t c handle $(nft -a list chain inet t c | sed -n 's/.*dport 1 .*handle //p') "
	  "tcp dport 1 accept",
	  "chain c" },
	{ "nft flush chain inet t c", "chain c" },
	{ "nft 'chain inet t c { policy drop; }'", "chain c" },
	{ "nft add chain inet t new", "chain new" },
	{ "nft add set inet t new '{ type mark; }'", "set new" },
	{ "nft add element inet t s '{ 10.0.0.3 }'", "set s" },
	{ "nft delete element inet t s '{ 10.0.0.1 }'", "set s" },
	{ "nft 'delete element inet t m { 80 : accept }; add element inet t m { 80 : drop }'",
	  "set m" },
	{ "nft 'table inet t { flags dormant; }'", "changed its flags since" },
	{ "nft delete table inet t", "have deleted it since" },
	/* The same to the letter, and not the same. */
	{ "nft list table inet t > \"$X\"; nft delete table inet t; nft -f \"$X\"; rm \"$X\"",
	  "made it again" },
};

static const char *world(void)
{
	return sh("nft -a list ruleset | sed 's/ expires [0-9a-z]*//'");
}

START_TEST(edited_ruleset_is_stale_when_its_table_has_changed)
{
	const char *there;

	edit("tcp dport 22 accept");
	sh("X=$(mktemp); %s", changes[_i].command);
	there = world();
	assert_fails(fwc_kernel_apply(kernel, rs, NULL, &err), -ESTALE, err, changes[_i].words);
	assert_contains(err.msg, "table inet t");
	ck_assert_str_eq(err.table, "t");
	ck_assert_uint_eq(err.outcome, FWC_OUTCOME_NOTHING);
	ck_assert_str_eq(world(), there);
	/* Knowingly. */
	assert_ok(fwc_kernel_apply(kernel, rs, &overwrite, &err), err);
	there = sh("nft list table inet t");
	assert_contains(there, "tcp dport 22 accept");
	assert_contains(there, "80 : accept");
	assert_contains(there, "10.0.0.1, 10.0.0.2");
	assert_contains(there, "policy accept");
	assert_lacks(there, "dport 3");
	assert_lacks(there, "new");
	assert_lacks(there, "10.0.0.3");
	assert_lacks(there, "dormant");
}
END_TEST

/* Counters, elements that are state, and what happens to others' tables. */
static const char *const harmless[] = {
	"nft add rule inet other c accept",
	"nft delete table inet other",
	"nft add element inet t timed '{ 10.0.0.9 }'",
	"nft delete element inet t timed '{ 10.0.0.1 }'",
	"nft reset counters; nft add table inet another",
	"nft add rule inet t c accept; nft delete rule inet t c handle $(nft -a list chain inet t c | sed -n 's/.*accept # handle //p' | tail -1)",
};

START_TEST(other_changes_do_not_make_it_stale)
{
	edit("tcp dport 22 accept");
	sh("%s", harmless[_i]);
	assert_ok(fwc_kernel_apply(kernel, rs, NULL, &err), err);
	assert_contains(sh("nft list table inet t"), "tcp dport 22 accept");
}
END_TEST

/* What apply itself did is no change by others. */
START_TEST(ruleset_that_was_applied_can_be_edited_again)
{
	for (int i = 0; i < 3; i++) {
		edit("tcp dport 22 accept");
		assert_ok(fwc_kernel_apply(kernel, rs, NULL, &err), err);
		sh("nft add rule inet other c accept");
	}
	assert_contains(sh("nft list table inet t | grep -c 'dport 22'"), "3\n");
	sh("nft add rule inet t d accept");
	edit("tcp dport 23 accept");
	assert_fails(fwc_kernel_apply(kernel, rs, NULL, &err), -ESTALE, err, "chain d");
	/* A plan is the same, and so is a batch that declares it. */
	{
		struct fwc_batch *batch = fwc_batch_new();
		struct fwc_plan *plan;

		assert_fails(fwc_kernel_plan(kernel, rs, &plan, &err), -ESTALE, err, "chain d");
		fwc_batch_declare(batch, rs);
		assert_fails(fwc_kernel_commit(kernel, batch, &err), -ESTALE, err, "chain d");
		fwc_batch_free(batch);
	}
	fwc_ruleset_free(rs);
	load();
	edit("tcp dport 23 accept");
	assert_ok(fwc_kernel_apply(kernel, rs, NULL, &err), err);
}
END_TEST

/* Plans and batches leave it fresh as well. */
START_TEST(ruleset_that_was_planned_or_declared_can_be_edited_again)
{
	struct fwc_batch *batch = fwc_batch_new();
	struct fwc_plan *plan;

	edit("tcp dport 22 accept");
	assert_ok(fwc_kernel_plan(kernel, rs, &plan, &err), err);
	assert_ok(fwc_kernel_commit_plan(kernel, plan, NULL, &err), err);
	fwc_plan_free(plan);
	edit("tcp dport 23 accept");
	fwc_batch_declare(batch, rs);
	assert_ok(fwc_kernel_commit(kernel, batch, &err), err);
	fwc_batch_free(batch);
	edit("tcp dport 24 accept");
	assert_ok(fwc_kernel_apply(kernel, rs, NULL, &err), err);
}
END_TEST

/* Nothing to change is nothing to lose. */
START_TEST(stale_ruleset_that_the_kernel_has_is_no_failure)
{
	sh("nft add rule inet t c tcp dport 22 accept");
	edit("tcp dport 22 accept");
	assert_ok(fwc_kernel_apply(kernel, rs, NULL, &err), err);
	/* And it is what was loaded, now. */
	edit("tcp dport 23 accept");
	assert_ok(fwc_kernel_apply(kernel, rs, NULL, &err), err);
}
END_TEST

/* Somewhere else it is a declaration. */
START_TEST(ruleset_of_another_namespace_is_not_stale)
{
	int there = ns_new();
	const struct fwc_kernel_opts opts = { .size = sizeof(opts), .netns_fd = there };
	struct fwc_kernel *other;

	assert_ok(fwc_kernel_open(&other, &opts, &err), err);
	sh_in(there, "nft add table inet t");
	assert_ok(fwc_kernel_apply(other, rs, NULL, &err), err);
	assert_contains(sh_in(there, "nft list table inet t"), "tcp dport vmap @m");
	/* That did not make it stale here, and what happens there does not either. */
	edit("tcp dport 22 accept");
	sh("nft add rule inet other c accept");
	sh_in(there, "nft add rule inet t c accept");
	assert_ok(fwc_kernel_apply(kernel, rs, NULL, &err), err);
	assert_ok(fwc_kernel_apply(other, rs, NULL, &err), err);
	fwc_kernel_close(other);
	close(there);
}
END_TEST

START_TEST(table_added_to_a_loaded_ruleset_is_a_declaration)
{
	struct fwc_table *t = fwc_ruleset_add_table(rs, FWC_FAMILY_INET, "other", 0);

	fwc_table_add_chain(t, "mine", NULL);
	sh("nft add rule inet other c accept");
	assert_ok(fwc_kernel_apply(kernel, rs, NULL, &err), err);
	assert_lacks(sh("nft list table inet other"), "accept");
}
END_TEST

static Suite *stale_suite(void)
{
	Suite *suite = suite_create("stale");
	TCase *tc = tcase_create("stale");

	tcase_add_checked_fixture(tc, setup, teardown);
	tcase_add_loop_test(tc, edited_ruleset_is_stale_when_its_table_has_changed, 0,
			    COUNT(changes));
	tcase_add_loop_test(tc, other_changes_do_not_make_it_stale, 0, COUNT(harmless));
	tcase_add_test(tc, ruleset_that_was_applied_can_be_edited_again);
	tcase_add_test(tc, ruleset_that_was_planned_or_declared_can_be_edited_again);
	tcase_add_test(tc, stale_ruleset_that_the_kernel_has_is_no_failure);
	tcase_add_test(tc, ruleset_of_another_namespace_is_not_stale);
	tcase_add_test(tc, table_added_to_a_loaded_ruleset_is_a_declaration);
	suite_add_tcase(suite, tc);
	return suite;
}

TEST_MAIN(stale_suite)
