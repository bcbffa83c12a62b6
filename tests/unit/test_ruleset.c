/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Rulesets, tables and chains: what is declared, what is refused, and how it is found again. */
#include "../check.h"

#include "model/model.h"

#include <stdio.h>
#include <time.h>

static struct fwc_ruleset *rs;
static struct fwc_error err;

static void tear_down(void)
{
	fwc_ruleset_free(rs);
	rs = NULL;
}

static struct fwc_table *fresh(uint32_t family)
{
	tear_down();
	rs = fwc_ruleset_new();
	return fwc_ruleset_add_table(rs, family, "t", 0);
}

/* The call on a new table of that family gives NULL, and the ruleset says why. */
#define assert_refused(family, call, code, part)                                                   \
	do {                                                                                       \
		struct fwc_table *table = fresh(family);                                           \
		ck_assert_msg(!(call), "%s was taken", #call);                                     \
		(void)table;                                                                       \
		ck_assert_int_eq(fwc_ruleset_error(rs, &err), code);                               \
		assert_error(&err, code, part);                                                    \
	} while (0)

static struct fwc_chain *base(struct fwc_table *t, uint32_t type, uint32_t hook,
			      const char *priority, const char *device)
{
	struct fwc_base_opts opts = { .size = sizeof(opts),
				      .type = type,
				      .hook = hook,
				      .priority = priority,
				      .device = device };

	return fwc_table_add_chain(t, "c", &opts);
}

START_TEST(tables_are_declared_once)
{
	struct fwc_table *t = fresh(FWC_FAMILY_INET);

	ck_assert_str_eq(fwc_table_name(t), "t");
	ck_assert_uint_eq(fwc_table_family(t), FWC_FAMILY_INET);
	ck_assert_ptr_nonnull(fwc_ruleset_add_table(rs, FWC_FAMILY_IP, "t", FWC_TABLE_SHARED));
	ck_assert_int_eq(fwc_ruleset_absent_table(rs, FWC_FAMILY_BRIDGE, "gone"), 0);
	ck_assert_int_eq(fwc_ruleset_error(rs, &err), 0);
	ck_assert_uint_eq(fwc_ruleset_count(rs), 2);
	ck_assert_ptr_eq(fwc_ruleset_at(rs, 0), t);
	ck_assert_uint_eq(fwc_table_flags(fwc_ruleset_at(rs, 1)), FWC_TABLE_SHARED);
	ck_assert_ptr_null(fwc_ruleset_at(rs, 2));
	ck_assert_ptr_null(fwc_ruleset_find_table(rs, FWC_FAMILY_BRIDGE, "gone"));
	ck_assert_ptr_null(fwc_ruleset_find_table(rs, FWC_FAMILY_IP6, "t"));
	ck_assert_ptr_eq(fwc_ruleset_find_table(rs, FWC_FAMILY_INET, "t"), t);

	assert_refused(FWC_FAMILY_INET, fwc_ruleset_add_table(rs, FWC_FAMILY_INET, "t", 0), -EEXIST,
		       "table inet t is declared here already");
	assert_refused(FWC_FAMILY_INET,
		       (fwc_ruleset_absent_table(rs, FWC_FAMILY_IP, "x"),
			fwc_ruleset_add_table(rs, FWC_FAMILY_IP, "x", 0)),
		       -EEXIST, "table ip x is declared absent already");
	assert_refused(FWC_FAMILY_INET,
		       fwc_ruleset_absent_table(rs, FWC_FAMILY_INET, "t") != -EEXIST, -EEXIST,
		       "table inet t is declared here already");
	assert_refused(FWC_FAMILY_INET, fwc_ruleset_add_table(rs, 4, "x", 0), -EINVAL,
		       "family 4 is not ip, ip6, inet, arp, bridge or netdev");
	assert_refused(FWC_FAMILY_INET, fwc_ruleset_add_table(rs, FWC_FAMILY_IP, "x", 16), -EINVAL,
		       "flags 0x10 of a table");
	assert_refused(FWC_FAMILY_INET,
		       fwc_ruleset_add_table(rs, FWC_FAMILY_IP, "x", FWC_TABLE_PERSIST), -EINVAL,
		       "the flag PERSIST of a table goes with OWNER");
	assert_refused(
		FWC_FAMILY_INET,
		fwc_ruleset_add_table(rs, FWC_FAMILY_IP, "x", FWC_TABLE_SHARED | FWC_TABLE_OWNER),
		-EINVAL, "a table is SHARED or has an OWNER, not both");
	assert_refused(FWC_FAMILY_INET, fwc_ruleset_add_table(rs, FWC_FAMILY_IP, NULL, 0), -EINVAL,
		       "a table needs a name");
	assert_refused(FWC_FAMILY_INET, fwc_ruleset_add_table(rs, FWC_FAMILY_IP, "a\nb", 0),
		       -EINVAL, "'a?b' is no name for a table");
	ck_assert_ptr_null(fwc_ruleset_add_table(NULL, FWC_FAMILY_IP, "x", 0));
	ck_assert_int_eq(fwc_ruleset_absent_table(NULL, FWC_FAMILY_IP, "x"), -EINVAL);
	ck_assert_int_eq(fwc_ruleset_error(NULL, &err), -EINVAL);
}
END_TEST

START_TEST(chains_are_declared_once)
{
	struct fwc_table *t = fresh(FWC_FAMILY_INET);
	struct fwc_chain *c = fwc_table_add_chain(t, "c", NULL);
	char name[129];

	ck_assert_str_eq(fwc_chain_name(c), "c");
	ck_assert(!fwc_chain_is_base(c));
	ck_assert_ptr_eq(fwc_ruleset_find_chain(rs, FWC_FAMILY_INET, "t", "c"), c);
	ck_assert_ptr_null(fwc_ruleset_find_chain(rs, FWC_FAMILY_INET, "t", "d"));
	ck_assert_ptr_null(fwc_ruleset_find_chain(rs, FWC_FAMILY_INET, "u", "c"));
	ck_assert_uint_eq(fwc_table_chain_count(t), 1);
	ck_assert_ptr_eq(fwc_table_chain_at(t, 0), c);
	ck_assert_ptr_null(fwc_table_chain_at(t, 1));

	memset(name, 'x', 128);
	name[128] = '\0';
	assert_refused(
		FWC_FAMILY_INET,
		(fwc_table_add_chain(table, "c", NULL), fwc_table_add_chain(table, "c", NULL)),
		-EEXIST, "table inet t: chain c is declared already");
	assert_refused(FWC_FAMILY_INET, fwc_table_add_chain(table, name, NULL), -EINVAL,
		       "is too long: the name of a chain has 1 to 127 bytes");
	assert_refused(FWC_FAMILY_INET, fwc_table_add_chain(table, NULL, NULL), -EINVAL,
		       "a chain needs a name");
	ck_assert_ptr_null(fwc_table_add_chain(NULL, "c", NULL));
	ck_assert_ptr_null(fwc_chain_append(NULL));
}
END_TEST

START_TEST(base_chains_have_a_place)
{
	struct fwc_chain *c = base(fresh(FWC_FAMILY_INET), 0, FWC_HOOK_INPUT, "filter + 5", NULL);

	ck_assert(fwc_chain_is_base(c));
	ck_assert_uint_eq(fwc_chain_type(c), FWC_CHAIN_FILTER);
	ck_assert_uint_eq(fwc_chain_hook(c), FWC_HOOK_INPUT);
	ck_assert_int_eq(fwc_chain_priority(c), 5);
	ck_assert_uint_eq(fwc_chain_policy(c), FWC_VERDICT_ACCEPT);
	c = base(fresh(FWC_FAMILY_IP), FWC_CHAIN_NAT, FWC_HOOK_POSTROUTING, NULL, NULL);
	ck_assert_int_eq(fwc_chain_priority(c), 100);
	c = base(fresh(FWC_FAMILY_IP), FWC_CHAIN_NAT, FWC_HOOK_OUTPUT, NULL, NULL);
	ck_assert_int_eq(fwc_chain_priority(c), -100);
	c = base(fresh(FWC_FAMILY_INET), 0, FWC_HOOK_INGRESS, NULL, "eth0");
	ck_assert_str_eq(fwc_chain_device(c), "eth0");
	c = base(fresh(FWC_FAMILY_BRIDGE), 0, FWC_HOOK_INPUT, NULL, NULL);
	ck_assert_int_eq(fwc_chain_priority(c), -200);
	ck_assert_ptr_null(fwc_chain_device(c));
}
END_TEST

START_TEST(a_chain_may_be_at_several_devices)
{
	const char *const names[] = { "eth1", "eth0", NULL };
	const struct fwc_base_opts opts = { .size = sizeof(opts),
					    .hook = FWC_HOOK_EGRESS,
					    .devices = names };
	struct fwc_chain *c = fwc_table_add_chain(fresh(FWC_FAMILY_NETDEV), "c", &opts);

	ck_assert_uint_eq(fwc_chain_hook(c), FWC_HOOK_EGRESS);
	ck_assert_str_eq(fwc_chain_device(c), "eth1");
	ck_assert_str_eq(fwc_chain_device_at(c, 1), "eth0");
	ck_assert_ptr_null(fwc_chain_device_at(c, 2));
	ck_assert_ptr_null(fwc_chain_device_at(NULL, 0));
}
END_TEST

START_TEST(base_chains_that_cannot_be_are_named)
{
	struct fwc_base_opts small = { .size = 3 };
	struct fwc_base_opts policy = { .size = sizeof(policy),
					.hook = FWC_HOOK_INPUT,
					.policy = FWC_VERDICT_JUMP };
	struct fwc_base_opts reserved = { .size = sizeof(reserved), .reserved = 1 };
	const char *const names[] = { "eth0", "eth0", NULL };
	struct fwc_base_opts twice = { .size = sizeof(twice),
				       .hook = FWC_HOOK_INGRESS,
				       .devices = names };
	struct fwc_base_opts both = {
		.size = sizeof(both), .hook = FWC_HOOK_INGRESS, .device = "eth0", .devices = names
	};

	assert_refused(FWC_FAMILY_INET, base(table, FWC_CHAIN_NAT, FWC_HOOK_FORWARD, NULL, NULL),
		       -EINVAL, "table inet t, chain c: there is no nat chain at hook forward");
	assert_refused(FWC_FAMILY_INET, base(table, FWC_CHAIN_ROUTE, FWC_HOOK_INPUT, NULL, NULL),
		       -EINVAL, "there is no route chain at hook input");
	assert_refused(FWC_FAMILY_INET, base(table, 9, FWC_HOOK_INPUT, NULL, NULL), -EINVAL,
		       "type 9 of a base chain");
	assert_refused(FWC_FAMILY_INET, base(table, 0, 9, NULL, NULL), -EINVAL,
		       "hook 9 of a base chain");
	assert_refused(
		FWC_FAMILY_IP, base(table, 0, FWC_HOOK_INGRESS, NULL, "eth0"), -EINVAL,
		"there is no filter chain at hook ingress in family ip: prerouting, input, ");
	assert_refused(FWC_FAMILY_INET, base(table, 0, FWC_HOOK_INGRESS, NULL, NULL), -EINVAL,
		       "a chain at hook ingress needs the name of a device");
	assert_refused(FWC_FAMILY_INET, base(table, 0, FWC_HOOK_INGRESS, NULL, "abcdefghijklmnop"),
		       -EINVAL, "'abcdefghijklmnop' has 16 bytes");
	assert_refused(FWC_FAMILY_INET, base(table, 0, FWC_HOOK_INPUT, NULL, "eth0"), -EINVAL,
		       "device 'eth0': only chains at hooks ingress and egress have a device");
	assert_refused(
		FWC_FAMILY_NETDEV, base(table, 0, FWC_HOOK_INPUT, NULL, NULL), -EINVAL,
		"no filter chain at hook input in family netdev: ingress, egress are its hooks");
	assert_refused(FWC_FAMILY_BRIDGE, base(table, FWC_CHAIN_NAT, FWC_HOOK_INPUT, NULL, NULL),
		       -EINVAL, "there are no nat chains in family bridge");
	assert_refused(FWC_FAMILY_NETDEV, fwc_table_add_chain(table, "c", &twice), -EINVAL,
		       "device 'eth0' is named twice");
	assert_refused(FWC_FAMILY_NETDEV, fwc_table_add_chain(table, "c", &both), -EINVAL,
		       "a base chain has a device or devices, not both");
	assert_refused(FWC_FAMILY_INET, base(table, 0, FWC_HOOK_INPUT, "filtre", NULL), -EINVAL,
		       "filtre");
	assert_refused(FWC_FAMILY_INET,
		       base(table, FWC_CHAIN_NAT, FWC_HOOK_PREROUTING, "-200", NULL), -EINVAL,
		       "priority -200 of a nat chain: it must be above -200");
	assert_refused(FWC_FAMILY_INET, fwc_table_add_chain(table, "c", &small), -EINVAL,
		       "size of the options is 3");
	assert_refused(FWC_FAMILY_INET, fwc_table_add_chain(table, "c", &policy), -EINVAL,
		       "policy 5 of a base chain is not accept (1) or drop (2)");
	assert_refused(FWC_FAMILY_INET, fwc_table_add_chain(table, "c", &reserved), -EINVAL,
		       "reserved");
}
END_TEST

START_TEST(comments_stay_with_what_they_are_on)
{
	struct fwc_table *t = fresh(FWC_FAMILY_INET);
	struct fwc_chain *c = fwc_table_add_chain(t, "c", NULL);
	char longer[130];

	ck_assert_int_eq(fwc_table_comment(t, "mine"), 0);
	ck_assert_int_eq(fwc_chain_comment(c, "too"), 0);
	ck_assert_str_eq(fwc_table_comment_get(t), "mine");
	ck_assert_str_eq(fwc_chain_comment_get(c), "too");
	ck_assert_int_eq(fwc_table_comment(t, NULL), 0);
	ck_assert_ptr_null(fwc_table_comment_get(t));
	memset(longer, 'x', 129);
	longer[129] = '\0';
	ck_assert_int_eq(fwc_chain_comment(c, longer), -EINVAL);
	ck_assert_int_eq(fwc_ruleset_error(rs, &err), -EINVAL);
	assert_contains(err.msg, "table inet t, chain c: the comment");
	ck_assert_int_eq(fwc_table_comment(NULL, "x"), -EINVAL);
	ck_assert_int_eq(fwc_chain_comment(NULL, "x"), -EINVAL);
}
END_TEST

START_TEST(the_first_failure_stays)
{
	struct fwc_table *t = fresh(FWC_FAMILY_INET);

	ck_assert_ptr_null(fwc_table_add_chain(t, "9", NULL));
	ck_assert_ptr_null(fwc_ruleset_add_table(rs, FWC_FAMILY_INET, "t", 0));
	ck_assert_ptr_nonnull(fwc_table_add_chain(t, "later", NULL));
	ck_assert_int_eq(fwc_ruleset_error(rs, &err), -EINVAL);
	assert_contains(err.msg, "table inet t: '9' is no name for a chain");
	ck_assert_str_eq(err.table, "t");
	ck_assert_str_eq(err.chain, "");
	ck_assert_uint_eq(err.rule, FWC_NO_INDEX);
}
END_TEST

START_TEST(readers_take_null)
{
	ck_assert_uint_eq(fwc_ruleset_count(NULL), 0);
	ck_assert_ptr_null(fwc_ruleset_at(NULL, 0));
	ck_assert_ptr_null(fwc_ruleset_find_table(NULL, FWC_FAMILY_IP, "t"));
	ck_assert_ptr_null(fwc_table_name(NULL));
	ck_assert_uint_eq(fwc_table_family(NULL), 0);
	ck_assert_uint_eq(fwc_table_handle(NULL), 0);
	ck_assert(!fwc_table_is_iptables(NULL));
	ck_assert_uint_eq(fwc_table_set_count(NULL), 0);
	ck_assert_ptr_null(fwc_table_set_at(NULL, 0));
	ck_assert_ptr_null(fwc_chain_name(NULL));
	ck_assert_uint_eq(fwc_chain_type(NULL), 0);
	ck_assert_uint_eq(fwc_chain_handle(NULL), 0);
	ck_assert_uint_eq(fwc_chain_count(NULL), 0);
	ck_assert_ptr_null(fwc_chain_at(NULL, 0));
	ck_assert_ptr_null(fwc_chain_device(NULL));
	fwc_ruleset_free(NULL);
}
END_TEST

static double seconds(void)
{
	struct timespec now;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
	return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

/* Adds and finds `count` chains; the time that took. */
static double fill(int count)
{
	struct fwc_table *t = fresh(FWC_FAMILY_INET);
	double start = seconds();
	char name[32];

	for (int i = 0; i < count; i++) {
		snprintf(name, sizeof(name), "c%d", i);
		ck_assert_ptr_nonnull(fwc_table_add_chain(t, name, NULL));
	}
	for (int i = 0; i < count; i++) {
		snprintf(name, sizeof(name), "c%d", i);
		ck_assert_ptr_eq(fwc_table_find_chain(t, name), fwc_table_chain_at(t, (size_t)i));
	}
	return seconds() - start;
}

START_TEST(names_are_found_in_tables_of_32000_chains)
{
	double small = fill(2000), large = fill(32000);

	/* Sixteen times as many: linear search would take 256 times as long. */
	ck_assert_msg(large < 100 * small, "%f s for 2,000 chains, %f s for 32,000", small, large);
}
END_TEST

static Suite *suite(void)
{
	Suite *s = suite_create("ruleset");
	TCase *tc = tcase_create("ruleset");

	tcase_add_checked_fixture(tc, NULL, tear_down);
	tcase_add_test(tc, tables_are_declared_once);
	tcase_add_test(tc, chains_are_declared_once);
	tcase_add_test(tc, base_chains_have_a_place);
	tcase_add_test(tc, a_chain_may_be_at_several_devices);
	tcase_add_test(tc, base_chains_that_cannot_be_are_named);
	tcase_add_test(tc, comments_stay_with_what_they_are_on);
	tcase_add_test(tc, the_first_failure_stays);
	tcase_add_test(tc, readers_take_null);
	tcase_add_test(tc, names_are_found_in_tables_of_32000_chains);
	suite_add_tcase(s, tc);
	return s;
}

TEST_MAIN(suite)
