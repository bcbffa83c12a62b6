/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What nft wrote, as we load it. */
#include <fwcore/fwcore.h>
#include <signal.h>
#include <stdio.h>
#include <sys/wait.h>
#include <unistd.h>

#include "../check.h"

static struct fwc_kernel *kernel;
static struct fwc_error err;

static void setup(void)
{
	ns_enter();
	need_program("nft");
	assert_ok(fwc_kernel_open(&kernel, NULL, &err), err);
}

static void teardown(void)
{
	fwc_kernel_close(kernel);
}

static struct fwc_ruleset *load(uint32_t family, const char *table)
{
	struct fwc_ruleset *rs;

	assert_ok(fwc_kernel_load(kernel, family, table, &rs, &err), err);
	return rs;
}

START_TEST(empty_namespace_is_an_empty_ruleset)
{
	struct fwc_ruleset *rs = load(FWC_FAMILY_ANY, NULL), *none = NULL;

	ck_assert_uint_eq(fwc_ruleset_count(rs), 0);
	assert_fails(fwc_kernel_load(kernel, FWC_FAMILY_INET, "t", &none, &err), -ENOENT, err,
		     "there is no table inet t");
	ck_assert_str_eq(err.table, "t");
	ck_assert_ptr_null(none);
	fwc_ruleset_free(rs);
}
END_TEST

START_TEST(extension_item_holds_name_revision_and_bytes_as_the_kernel_gave_them)
{
	struct fwc_ruleset *rs;
	const struct fwc_rule *rule;
	const uint8_t *bytes;
	size_t len = 0, found = 0;

	need_program("iptables-nft");
	sh("iptables-nft -A INPUT -m hashlimit --hashlimit-above 5/sec --hashlimit-name h -j DROP");
	rs = load(FWC_FAMILY_IP, "filter");
	ck_assert(fwc_table_is_iptables(fwc_ruleset_at(rs, 0)));
	rule = fwc_chain_at(fwc_ruleset_find_chain(rs, FWC_FAMILY_IP, "filter", "INPUT"), 0);
	ck_assert_ptr_nonnull(rule);
	for (size_t i = 0; i < fwc_rule_count(rule); i++) {
		const struct fwc_item *item = fwc_rule_at(rule, i);

		bytes = fwc_item_extension_info(item, &len);
		ck_assert_ptr_null(fwc_item_opaque(item, &len));
		if (fwc_item_kind(item) != FWC_ITEM_EXTENSION) {
			ck_assert_ptr_null(bytes);
			ck_assert_ptr_null(fwc_item_extension_name(item));
			continue;
		}
		ck_assert_str_eq(fwc_item_extension_name(item), "hashlimit");
		ck_assert_uint_eq(fwc_item_extension_revision(item), 3);
		ck_assert(!fwc_item_extension_is_target(item));
		/* Its struct begins with the name of the table of limits. */
		ck_assert_uint_gt(len, 255);
		ck_assert_str_eq((const char *)bytes, "h");
		found++;
	}
	ck_assert_uint_eq(found, 1);
	fwc_ruleset_free(rs);
}
END_TEST

START_TEST(one_set_is_loaded_without_the_rest_of_its_table)
{
	struct fwc_ruleset *rs, *none = NULL;

	sh("nft 'table inet t { set a { type ipv4_addr; flags interval; elements = { 10.0.0.0/8, 192.0.2.1 }; };"
	   " set b { type inet_service; elements = { 22 }; };"
	   " chain c { ip saddr @a accept; tcp dport { 80, 443 } accept; }; }'");
	assert_ok(fwc_kernel_load_sets(kernel, FWC_FAMILY_INET, "t", "a", &rs, &err), err);
	ck_assert_uint_eq(fwc_table_set_count(fwc_ruleset_at(rs, 0)), 1);
	ck_assert_uint_eq(fwc_table_chain_count(fwc_ruleset_at(rs, 0)), 0);
	ck_assert_uint_eq(fwc_set_count(fwc_ruleset_find_set(rs, FWC_FAMILY_INET, "t", "a")), 2);
	fwc_ruleset_free(rs);
	assert_ok(fwc_kernel_load_sets(kernel, FWC_FAMILY_INET, "t", NULL, &rs, &err), err);
	ck_assert_uint_eq(fwc_table_set_count(fwc_ruleset_at(rs, 0)), 2);
	ck_assert_uint_eq(fwc_set_count(fwc_ruleset_find_set(rs, FWC_FAMILY_INET, "t", "b")), 1);
	fwc_ruleset_free(rs);
	assert_fails(fwc_kernel_load_sets(kernel, FWC_FAMILY_INET, "t", "x", &none, &err), -ENOENT,
		     err, "table inet t has no set 'x'");
	assert_fails(fwc_kernel_load_sets(kernel, FWC_FAMILY_INET, "u", "a", &none, &err), -ENOENT,
		     err, "there is no table inet u");
	assert_fails(fwc_kernel_load_sets(kernel, FWC_FAMILY_INET, NULL, "a", &none, &err), -EINVAL,
		     err, "the table's name is missing");
	ck_assert_ptr_null(none);
}
END_TEST

START_TEST(sets_that_were_loaded_alone_are_not_applied)
{
	struct fwc_batch *batch = fwc_batch_new();
	struct fwc_ruleset *rs;
	const char *before;

	sh("nft 'table inet t { set a { type ipv4_addr; elements = { 192.0.2.1 }; };"
	   " chain c { ip saddr @a accept; }; }'");
	before = sh("nft list ruleset");
	assert_ok(fwc_kernel_load_sets(kernel, FWC_FAMILY_INET, "t", NULL, &rs, &err), err);
	assert_fails(fwc_kernel_apply(kernel, rs, NULL, &err), -EINVAL, err,
		     "loaded without its chains");
	fwc_batch_declare(batch, rs);
	assert_fails(fwc_kernel_commit(kernel, batch, &err), -EINVAL, err,
		     "loaded without its chains");
	ck_assert_str_eq(sh("nft list ruleset"), before);
	fwc_batch_free(batch);
	fwc_ruleset_free(rs);
}
END_TEST

START_TEST(tables_are_loaded_by_family_and_by_name)
{
	struct fwc_ruleset *rs;

	sh("for f in inet ip ip6 arp bridge; do nft add table $f a; nft add table $f b; nft add chain $f a c; done");
	rs = load(FWC_FAMILY_ANY, NULL);
	ck_assert_uint_eq(fwc_ruleset_count(rs), 10);
	fwc_ruleset_free(rs);
	rs = load(FWC_FAMILY_BRIDGE, NULL);
	ck_assert_uint_eq(fwc_ruleset_count(rs), 2);
	fwc_ruleset_free(rs);
	rs = load(FWC_FAMILY_IP6, "a");
	ck_assert_uint_eq(fwc_ruleset_count(rs), 1);
	ck_assert_uint_eq(fwc_table_family(fwc_ruleset_at(rs, 0)), FWC_FAMILY_IP6);
	ck_assert_uint_eq(fwc_table_chain_count(fwc_ruleset_at(rs, 0)), 1);
	ck_assert_uint_ne(fwc_table_handle(fwc_ruleset_at(rs, 0)), 0);
	fwc_ruleset_free(rs);
}
END_TEST

/* `chains` chains of `rules` rules each. */
static void make_chains(int chains, int rules)
{
	sh("{ echo add table inet t; for c in $(seq %d); do echo add chain inet t c$c;"
	   " for r in $(seq %d); do echo add rule inet t c$c tcp dport $r counter accept; done; done; } | nft -f -",
	   chains, rules);
}

static void check_chains(size_t chains, size_t rules)
{
	struct fwc_ruleset *rs = load(FWC_FAMILY_INET, "t");
	struct fwc_table *t = fwc_ruleset_at(rs, 0);
	char text[128], wanted[128];

	ck_assert_uint_eq(fwc_table_chain_count(t), chains);
	for (size_t i = 0; i < chains; i++) {
		struct fwc_chain *c = fwc_table_chain_at(t, i);

		ck_assert_uint_eq(fwc_chain_count(c), rules);
		ck_assert_int_eq(fwc_rule_format(fwc_chain_at(c, rules - 1), FWC_SYNTAX_NFT, text,
						 sizeof(text), NULL),
				 0);
		snprintf(wanted, sizeof(wanted), "tcp dport %zu counter packets 0 bytes 0 accept",
			 rules);
		ck_assert_str_eq(text, wanted);
	}
	fwc_ruleset_free(rs);
}

START_TEST(many_short_chains_are_loaded_whole)
{
	make_chains(200, 3);
	check_chains(200, 3);
}
END_TEST

START_TEST(few_long_chains_are_loaded_whole)
{
	make_chains(4, 120);
	check_chains(4, 120);
}
END_TEST

START_TEST(objects_this_version_does_not_handle_stay_through_an_apply)
{
	struct fwc_ruleset *rs;

	sh_input("table inet t {\n"
		 "	counter c1 { }\n"
		 "	quota q1 { over 1 mbytes }\n"
		 "	chain c {\n"
		 "		type filter hook input priority 0;\n"
		 "		counter name c1\n"
		 "		meta skuid 0 accept\n"
		 "		tcp dport { 1, 2 } quota name q1 drop\n"
		 "	}\n"
		 "}\n",
		 "nft -f -");
	rs = load(FWC_FAMILY_INET, "t");
	fwc_chain_append_text(fwc_ruleset_find_chain(rs, FWC_FAMILY_INET, "t", "c"), FWC_SYNTAX_NFT,
			      "tcp dport 9 accept");
	assert_ok(fwc_kernel_apply(kernel, rs, NULL, &err), err);
	fwc_ruleset_free(rs);
	assert_contains(sh("nft list table inet t"),
			"counter name \"c1\"\n"
			"\t\tmeta skuid 0 accept\n"
			"\t\ttcp dport { 1, 2 } quota name \"q1\" drop\n"
			"\t\ttcp dport 9 accept\n");
}
END_TEST

START_TEST(load_is_of_one_generation_while_others_write)
{
	pid_t writer = fork();

	if (writer == 0) {
		struct fwc_kernel *k;

		if (fwc_kernel_open(&k, NULL, &err) < 0)
			_exit(1);
		/* Two chains that always hold the same number of rules, and so many that each is dumped by itself. */
		for (int i = 0;; i++) {
			struct fwc_ruleset *rs = fwc_ruleset_new();
			struct fwc_table *t = fwc_ruleset_add_table(rs, FWC_FAMILY_INET, "t", 0);
			struct fwc_chain *a = fwc_table_add_chain(t, "a", NULL);
			struct fwc_chain *b = fwc_table_add_chain(t, "b", NULL);

			for (int j = 0; j < 40 + i % 7 * 10; j++) {
				fwc_rule_counter(fwc_chain_append(a));
				fwc_rule_counter(fwc_chain_append(b));
			}
			fwc_kernel_apply(k, rs, NULL, &err);
			fwc_ruleset_free(rs);
			usleep(1000);
		}
	}
	ck_assert_int_gt(writer, 0);
	for (int i = 0; i < 300; i++) {
		struct fwc_ruleset *rs = NULL;
		int r = fwc_kernel_load(kernel, FWC_FAMILY_ANY, NULL, &rs, &err);
		struct fwc_chain *a, *b;

		ck_assert_msg(r == 0 || r == -EAGAIN, "%d: %s", r, err.msg);
		if (r < 0)
			continue;
		a = fwc_ruleset_find_chain(rs, FWC_FAMILY_INET, "t", "a");
		b = fwc_ruleset_find_chain(rs, FWC_FAMILY_INET, "t", "b");
		ck_assert_int_eq(!a, !b);
		if (a)
			ck_assert_uint_eq(fwc_chain_count(a), fwc_chain_count(b));
		fwc_ruleset_free(rs);
	}
	kill(writer, SIGKILL);
	waitpid(writer, NULL, 0);
}
END_TEST

START_TEST(loaded_ruleset_outlives_the_kernel_object)
{
	struct fwc_ruleset *rs;
	char *text;

	make_chains(1, 2);
	rs = load(FWC_FAMILY_ANY, NULL);
	fwc_kernel_close(kernel);
	kernel = NULL;
	assert_ok(fwc_ruleset_format(rs, FWC_SYNTAX_NFT, FWC_FORMAT_STATELESS, &text, NULL, &err),
		  err);
	assert_contains(text, "tcp dport 2 counter accept");
	fwc_text_free(text);
	fwc_ruleset_free(rs);
}
END_TEST

START_TEST(child_process_is_told_to_open_its_own)
{
	int status = -1;
	pid_t pid = fork();

	ck_assert_int_ge(pid, 0);
	if (pid == 0) {
		struct fwc_ruleset *rs = fwc_ruleset_new(), *loaded;
		struct fwc_batch *batch = fwc_batch_new();
		struct fwc_plan *plan;
		struct fwc_watch *watch;

		_exit(fwc_kernel_load(kernel, FWC_FAMILY_ANY, NULL, &loaded, &err) != -ECHILD ||
		      fwc_kernel_apply(kernel, rs, NULL, &err) != -ECHILD ||
		      fwc_kernel_plan(kernel, rs, &plan, &err) != -ECHILD ||
		      fwc_kernel_commit(kernel, batch, &err) != -ECHILD ||
		      fwc_watch_open(kernel, &watch, &err) != -ECHILD);
	}
	ck_assert_int_eq(waitpid(pid, &status, 0), pid);
	ck_assert_int_eq(status, 0);
}
END_TEST

/* ---- counts that begin anew ---- */

static void write_counts(void)
{
	sh("nft 'table inet t {"
	   " counter n { packets 5 bytes 7; }; counter m { packets 1 bytes 2; };"
	   " quota q { over 25 mbytes used 3 bytes; };"
	   " set s { type ipv4_addr; counter; elements = { 192.0.2.1 counter packets 11 bytes 12, 192.0.2.2 counter packets 13 bytes 14 }; };"
	   " set r { type ipv4_addr; flags interval; counter; elements = { 10.0.0.0/8 counter packets 15 bytes 16 }; };"
	   " chain c { tcp dport { 22, 80 } counter packets 8 bytes 9 accept; quota over 1 mbytes used 4 bytes drop; };"
	   " chain d { counter packets 17 bytes 18; }; }'");
}

static struct fwc_ruleset *reset(uint32_t what, const char *table, const char *name)
{
	struct fwc_ruleset *rs;
	int r = fwc_kernel_reset(kernel, what, table ? FWC_FAMILY_INET : FWC_FAMILY_ANY, table,
				 name, &rs, &err);

	if (r == -EOPNOTSUPP)
		test_skip("the kernel cannot: %s", err.msg);
	assert_ok(r, err);
	return rs;
}

/* What nft lists changed by that one line alone; the same length is not needed. */
static void assert_only_became(const char *before, const char *old, const char *new)
{
	const char *after = sh("nft list ruleset"), *at = strstr(before, old);
	char *wanted;

	ck_assert_msg(at != NULL, "'%s' is not in %s", old, before);
	wanted = calloc(1, strlen(before) + strlen(new) + 1);
	strncpy(wanted, before, (size_t)(at - before));
	strcat(wanted, new);
	strcat(wanted, at + strlen(old));
	ck_assert_str_eq(after, wanted);
	free(wanted);
}

START_TEST(counts_of_one_chain_are_read_and_begin_anew)
{
	const struct fwc_chain *c;
	struct fwc_ruleset *rs;
	uint64_t packets, bytes;
	const char *before;
	char text[256];

	write_counts();
	before = sh("nft list ruleset");
	rs = reset(FWC_RESET_RULES, "t", "c");
	c = fwc_ruleset_find_chain(rs, FWC_FAMILY_INET, "t", "c");
	ck_assert_uint_eq(fwc_chain_count(c), 2);
	ck_assert_uint_eq(fwc_chain_count(fwc_ruleset_find_chain(rs, FWC_FAMILY_INET, "t", "d")),
			  0);
	ck_assert(fwc_rule_counter_get(fwc_chain_at(c, 0), &packets, &bytes));
	ck_assert_uint_eq(packets, 8);
	ck_assert_uint_eq(bytes, 9);
	ck_assert_int_eq(
		fwc_rule_format(fwc_chain_at(c, 0), FWC_SYNTAX_NFT, text, sizeof(text), NULL), 0);
	ck_assert_str_eq(text, "tcp dport { 22, 80 } counter packets 8 bytes 9 accept");
	ck_assert_int_eq(
		fwc_rule_format(fwc_chain_at(c, 1), FWC_SYNTAX_NFT, text, sizeof(text), NULL), 0);
	ck_assert_str_eq(text, "quota over 1 mbytes used 4 bytes drop");
	assert_fails(fwc_kernel_apply(kernel, rs, NULL, &err), -EINVAL, err,
		     "loaded without its chains");
	fwc_ruleset_free(rs);
	assert_only_became(before,
			   "counter packets 8 bytes 9 accept\n\t\tquota over 1 mbytes used 4 bytes",
			   "counter packets 0 bytes 0 accept\n\t\tquota over 1 mbytes");
	rs = reset(FWC_RESET_RULES, NULL, NULL);
	c = fwc_ruleset_find_chain(rs, FWC_FAMILY_INET, "t", "d");
	ck_assert(fwc_rule_counter_get(fwc_chain_at(c, 0), &packets, &bytes));
	ck_assert_uint_eq(packets, 17);
	fwc_ruleset_free(rs);
	assert_contains(sh("nft list chain inet t d"), "counter packets 0 bytes 0");
}
END_TEST

static uint64_t number_of(struct fwc_ruleset *rs, const char *name, uint32_t param)
{
	struct fwc_table *t = fwc_ruleset_at(rs, 0);
	uint64_t n;

	for (size_t i = 0; i < fwc_table_object_count(t); i++)
		if (!strcmp(fwc_table_object_name(t, i), name)) {
			ck_assert(fwc_target_get_number(fwc_table_object_at(t, i), param, &n));
			return n;
		}
	ck_abort_msg("there is no object %s", name);
}

START_TEST(named_objects_are_read_and_begin_anew)
{
	struct fwc_ruleset *rs;
	const char *before;

	write_counts();
	before = sh("nft list ruleset");
	rs = reset(FWC_RESET_COUNTERS, "t", "n");
	ck_assert_uint_eq(fwc_table_object_count(fwc_ruleset_at(rs, 0)), 1);
	ck_assert_uint_eq(number_of(rs, "n", FWC_COUNTER_PACKETS), 5);
	ck_assert_uint_eq(number_of(rs, "n", FWC_COUNTER_BYTES), 7);
	fwc_ruleset_free(rs);
	assert_only_became(before, "packets 5 bytes 7", "packets 0 bytes 0");
	rs = reset(FWC_RESET_COUNTERS, "t", NULL);
	ck_assert_uint_eq(number_of(rs, "n", FWC_COUNTER_PACKETS), 0);
	ck_assert_uint_eq(number_of(rs, "m", FWC_COUNTER_BYTES), 2);
	fwc_ruleset_free(rs);
	before = sh("nft list ruleset");
	rs = reset(FWC_RESET_QUOTAS, NULL, NULL);
	ck_assert_uint_eq(number_of(rs, "q", FWC_QUOTA_USED), 3);
	fwc_ruleset_free(rs);
	assert_only_became(before, "over 25 mbytes used 3 bytes", "over 25 mbytes");
}
END_TEST

START_TEST(counts_of_elements_are_read_and_begin_anew)
{
	const struct fwc_set *s;
	struct fwc_ruleset *rs;
	const char *before;
	uint64_t n;

	write_counts();
	before = sh("nft list ruleset");
	rs = reset(FWC_RESET_ELEMENTS, "t", "r");
	s = fwc_ruleset_find_set(rs, FWC_FAMILY_INET, "t", "r");
	ck_assert_uint_eq(fwc_set_count(s), 1);
	ck_assert(fwc_target_get_number(fwc_element_target_at(fwc_set_at(s, 0), 0),
					FWC_COUNTER_PACKETS, &n));
	ck_assert_uint_eq(n, 15);
	ck_assert_uint_eq(fwc_set_count(fwc_ruleset_find_set(rs, FWC_FAMILY_INET, "t", "s")), 0);
	fwc_ruleset_free(rs);
	assert_only_became(before, "packets 15 bytes 16", "packets 0 bytes 0");
	rs = reset(FWC_RESET_ELEMENTS, "t", NULL);
	s = fwc_ruleset_find_set(rs, FWC_FAMILY_INET, "t", "s");
	ck_assert_uint_eq(fwc_set_count(s), 2);
	fwc_ruleset_free(rs);
	assert_lacks(sh("nft list set inet t s"), "packets 1");
}
END_TEST

START_TEST(what_cannot_be_set_back_is_named)
{
	struct fwc_ruleset *none = NULL;
	const char *before;

	write_counts();
	before = sh("nft list ruleset");
	assert_fails(
		fwc_kernel_reset(kernel, FWC_RESET_RULES, FWC_FAMILY_INET, "t", "x", &none, &err),
		-ENOENT, err, "table inet t has no chain 'x'");
	assert_fails(
		fwc_kernel_reset(kernel, FWC_RESET_QUOTAS, FWC_FAMILY_INET, "t", "n", &none, &err),
		-ENOENT, err, "table inet t has no quota 'n'");
	assert_fails(fwc_kernel_reset(kernel, FWC_RESET_ELEMENTS, FWC_FAMILY_INET, "t", "c", &none,
				      &err),
		     -ENOENT, err, "table inet t has no set 'c'");
	assert_fails(fwc_kernel_reset(kernel, FWC_RESET_COUNTERS, FWC_FAMILY_INET, "u", NULL, &none,
				      &err),
		     -ENOENT, err, "there is no table inet u");
	assert_fails(
		fwc_kernel_reset(kernel, FWC_RESET_RULES, FWC_FAMILY_ANY, NULL, "c", &none, &err),
		-EINVAL, err, "chain 'c' needs its table");
	assert_fails(fwc_kernel_reset(kernel, 9, FWC_FAMILY_INET, "t", NULL, &none, &err), -EINVAL,
		     err, "9 is nothing that is set back");
	ck_assert_ptr_null(none);
	ck_assert_str_eq(sh("nft list ruleset"), before);
}
END_TEST

START_TEST(wrong_arguments_are_refused)
{
	struct fwc_ruleset *rs;

	ck_assert_int_eq(fwc_kernel_load(NULL, FWC_FAMILY_ANY, NULL, &rs, &err), -EINVAL);
	assert_fails(fwc_kernel_load(kernel, FWC_FAMILY_ANY, NULL, NULL, &err), -EINVAL, err,
		     "ruleset");
	assert_fails(fwc_kernel_load(kernel, FWC_FAMILY_ANY, "t", &rs, &err), -EINVAL, err,
		     "family");
	assert_fails(fwc_kernel_load(kernel, 99, NULL, &rs, &err), -EINVAL, err, "99");
}
END_TEST

static Suite *load_suite(void)
{
	Suite *suite = suite_create("load");
	TCase *tc = tcase_create("load");

	tcase_add_checked_fixture(tc, setup, teardown);
	tcase_add_test(tc, empty_namespace_is_an_empty_ruleset);
	tcase_add_test(tc, one_set_is_loaded_without_the_rest_of_its_table);
	tcase_add_test(tc, sets_that_were_loaded_alone_are_not_applied);
	tcase_add_test(tc, tables_are_loaded_by_family_and_by_name);
	tcase_add_test(tc, extension_item_holds_name_revision_and_bytes_as_the_kernel_gave_them);
	tcase_add_test(tc, many_short_chains_are_loaded_whole);
	tcase_add_test(tc, few_long_chains_are_loaded_whole);
	tcase_add_test(tc, objects_this_version_does_not_handle_stay_through_an_apply);
	tcase_add_test(tc, load_is_of_one_generation_while_others_write);
	tcase_add_test(tc, loaded_ruleset_outlives_the_kernel_object);
	tcase_add_test(tc, child_process_is_told_to_open_its_own);
	tcase_add_test(tc, wrong_arguments_are_refused);
	tcase_add_test(tc, counts_of_one_chain_are_read_and_begin_anew);
	tcase_add_test(tc, named_objects_are_read_and_begin_anew);
	tcase_add_test(tc, counts_of_elements_are_read_and_begin_anew);
	tcase_add_test(tc, what_cannot_be_set_back_is_named);
	suite_add_tcase(suite, tc);
	return suite;
}

TEST_MAIN(load_suite)
