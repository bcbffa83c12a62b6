/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * A program of the time of 0.1: compiled with the headers of that release, run with the library of today. It is not
 * changed any more; what it does must go on working.
 */
#include <fwcore/fwcore.h>
#include <poll.h>
#include <stdio.h>
#include <unistd.h>

#include "../../check.h"

static struct fwc_error err;

static struct fwc_ip ip(const char *text)
{
	struct fwc_ip ret;

	assert_ok(fwc_ip_parse(text, &ret, &err), err);
	return ret;
}

static void add_set(struct fwc_table *table)
{
	struct fwc_set_opts opts = { .size = sizeof(opts),
				     .flags = FWC_SET_INTERVAL,
				     .max_elements = 100,
				     .timeout_ms = 3600000 };
	struct fwc_element_opts element = {
		.size = sizeof(element), .timeout_ms = 60000, .comment = "guest", .tag = "id-7"
	};
	struct fwc_set *set = fwc_table_add_set(table, "guests", "ipv4_addr", &opts);
	struct fwc_ip net = ip("192.0.2.0");
	struct fwc_value *value = fwc_value_prefix(&net, 24);

	ck_assert_ptr_nonnull(set);
	ck_assert_int_eq(fwc_set_comment(set, "who may"), 0);
	ck_assert_int_eq(fwc_set_add(set, "198.51.100.7", NULL, &element), 0);
	ck_assert_int_eq(fwc_set_add_value(set, value, NULL, NULL), 0);
	fwc_value_free(value);
}

static void add_input(struct fwc_table *table)
{
	struct fwc_base_opts base = { .size = sizeof(base),
				      .type = FWC_CHAIN_FILTER,
				      .hook = FWC_HOOK_INPUT,
				      .policy = FWC_VERDICT_DROP,
				      .priority = "filter + 5" };
	struct fwc_chain *chain = fwc_table_add_chain(table, "input", &base);
	struct fwc_target *log = fwc_target_new(FWC_TARGET_LOG);
	struct fwc_ip host = ip("2001:db8::1");
	struct fwc_rule *rule;

	ck_assert_ptr_nonnull(fwc_chain_append_text(chain, FWC_SYNTAX_NFT,
						    "ct state established,related accept"));
	rule = fwc_chain_append(chain);
	ck_assert_int_eq(fwc_rule_match(rule, FWC_FIELD_IP_SADDR, FWC_OP_EQ, "@guests"), 0);
	ck_assert_int_eq(fwc_rule_match_u64(rule, FWC_FIELD_TCP_DPORT, FWC_OP_EQ, 80, 89), 0);
	ck_assert_int_eq(fwc_rule_match_bits(rule, FWC_FIELD_TCP_FLAGS, FWC_OP_EQ, 0x12, 0x02), 0);
	ck_assert_int_eq(fwc_rule_match_name(rule, FWC_FIELD_META_IIFNAME, FWC_OP_EQ, "lo"), 0);
	ck_assert_int_eq(fwc_rule_limit(rule, 10, 60, 5), 0);
	ck_assert_int_eq(fwc_rule_counter(rule), 0);
	ck_assert_int_eq(fwc_rule_verdict(rule, FWC_VERDICT_ACCEPT, NULL), 0);
	ck_assert_int_eq(fwc_rule_comment(rule, "guests"), 0);
	ck_assert_int_eq(fwc_rule_tag(rule, "tag-1"), 0);
	rule = fwc_chain_append(chain);
	ck_assert_int_eq(fwc_rule_match_ip(rule, FWC_FIELD_IP6_SADDR, FWC_OP_NE, &host, 128), 0);
	ck_assert_int_eq(fwc_target_set_text(log, FWC_LOG_PREFIX, "dropped: "), 0);
	ck_assert_int_eq(fwc_target_set_number(log, FWC_LOG_LEVEL, 4), 0);
	ck_assert_int_eq(fwc_rule_add_target(rule, log), 0);
	ck_assert_int_eq(fwc_rule_reject(rule, FWC_REJECT_ICMPX, 3), 0);
	fwc_target_free(log);
}

static void add_nat(struct fwc_table *table)
{
	struct fwc_base_opts base = { .size = sizeof(base),
				      .type = FWC_CHAIN_NAT,
				      .hook = FWC_HOOK_PREROUTING };
	struct fwc_nat_opts opts = { .size = sizeof(opts),
				     .flags = FWC_NAT_RANDOM,
				     .port_min = 8000,
				     .port_max = 8009,
				     .addr_min = ip("10.0.0.1"),
				     .addr_max = ip("10.0.0.9") };
	struct fwc_chain *chain = fwc_table_add_chain(table, "pre", &base);
	struct fwc_rule *rule = fwc_chain_append(chain);

	ck_assert_int_eq(fwc_rule_match(rule, FWC_FIELD_TCP_DPORT, FWC_OP_EQ, "{ 80, 443 }"), 0);
	ck_assert_int_eq(fwc_rule_nat(rule, FWC_TARGET_DNAT, &opts), 0);
}

static struct fwc_ruleset *build(void)
{
	struct fwc_ruleset *rs = fwc_ruleset_new();
	struct fwc_table *table = fwc_ruleset_add_table(rs, FWC_FAMILY_INET, "old", 0);

	add_set(table);
	add_input(table);
	add_nat(table);
	assert_ok(fwc_ruleset_error(rs, &err), err);
	return rs;
}

static char *commands(const struct fwc_ruleset *rs)
{
	size_t len = 0;
	char *text;

	assert_ok(fwc_ruleset_format(rs, FWC_SYNTAX_NFT, FWC_FORMAT_COMMANDS | FWC_FORMAT_STATELESS,
				     &text, &len, &err),
		  err);
	ck_assert_uint_eq(len, strlen(text));
	return text;
}

START_TEST(ruleset_is_built_printed_and_read_again)
{
	struct fwc_ruleset *rs = build(), *again;
	char *text = commands(rs), *text_again;

	again = fwc_ruleset_parse(text, strlen(text), FWC_SYNTAX_NFT, &err);
	ck_assert_msg(again != NULL, "%s", err.msg);
	text_again = commands(again);
	ck_assert_str_eq(text, text_again);
	fwc_text_free(text);
	fwc_text_free(text_again);
	fwc_ruleset_free(again);
	fwc_ruleset_free(rs);
}
END_TEST

START_TEST(rule_is_taken_apart)
{
	struct fwc_ruleset *rs = build();
	struct fwc_chain *chain = fwc_ruleset_find_chain(rs, FWC_FAMILY_INET, "old", "input");
	const struct fwc_rule *rule = fwc_chain_at(chain, 1);
	const struct fwc_item *item = fwc_rule_at(rule, 0), *last;
	uint64_t number = 0;

	ck_assert_uint_eq(fwc_chain_count(chain), 3);
	ck_assert_uint_eq(fwc_chain_policy(chain), FWC_VERDICT_DROP);
	ck_assert_int_eq(fwc_chain_priority(chain), 5);
	ck_assert_str_eq(fwc_rule_comment_get(rule), "guests");
	ck_assert_str_eq(fwc_rule_tag_get(rule), "tag-1");
	ck_assert_uint_eq(fwc_item_kind(item), FWC_ITEM_MATCH);
	ck_assert_uint_eq(fwc_value_get_field(fwc_item_left(item)), FWC_FIELD_IP_SADDR);
	ck_assert_uint_eq(fwc_item_op(item), FWC_OP_EQ);
	ck_assert_uint_eq(fwc_value_kind(fwc_item_right(item)), FWC_VALUE_SET);
	ck_assert_str_eq(fwc_value_get_name(fwc_item_right(item)), "guests");
	last = fwc_rule_at(rule, fwc_rule_count(rule) - 1);
	ck_assert_uint_eq(fwc_target_kind(fwc_item_target(last)), FWC_TARGET_VERDICT);
	ck_assert(fwc_target_get_number(fwc_item_target(last), FWC_VERDICT_CODE, &number));
	ck_assert_uint_eq(number, FWC_VERDICT_ACCEPT);
	fwc_ruleset_free(rs);
}
END_TEST

START_TEST(failure_is_told_in_the_struct_of_that_time)
{
	struct {
		struct fwc_error err;
		char behind[8];
	} guarded = { .behind = "behind" };
	struct fwc_ruleset *rs = fwc_ruleset_new();
	struct fwc_table *table = fwc_ruleset_add_table(rs, FWC_FAMILY_IP, "t", 0);
	struct fwc_chain *chain = fwc_table_add_chain(table, "c", NULL);

	fwc_chain_append(chain);
	ck_assert_ptr_null(fwc_chain_append_text(chain, FWC_SYNTAX_NFT, "tcp dport 70000"));
	assert_fails(fwc_ruleset_error(rs, &guarded.err), -EINVAL, guarded.err, "70000");
	ck_assert_str_eq(guarded.err.table, "t");
	ck_assert_str_eq(guarded.err.chain, "c");
	ck_assert_uint_eq(guarded.err.rule, 1);
	ck_assert_uint_eq(guarded.err.line, 1);
	ck_assert_uint_eq(guarded.err.column, 11);
	ck_assert_uint_eq(guarded.err.outcome, FWC_OUTCOME_NOTHING);
	ck_assert_str_eq(guarded.behind, "behind");
	fwc_ruleset_free(rs);
}
END_TEST

static struct fwc_kernel *open_kernel(void)
{
	struct fwc_kernel_opts opts = { .size = sizeof(opts), .owner = "release" };
	struct fwc_kernel *kernel;

	assert_ok(fwc_kernel_open(&kernel, &opts, &err), err);
	ck_assert_str_eq(fwc_kernel_owner(kernel), "release");
	return kernel;
}

static uint64_t change_by_batch(struct fwc_kernel *kernel, uint64_t handle)
{
	struct fwc_place place = { .family = FWC_FAMILY_INET,
				   .where = FWC_AFTER,
				   .handle = handle,
				   .table = "old",
				   .chain = "input" };
	struct fwc_batch *batch = fwc_batch_new();
	struct fwc_ruleset *rs;
	uint64_t ret;

	ck_assert_ptr_nonnull(
		fwc_batch_add_rule_text(batch, &place, FWC_SYNTAX_NFT, "udp dport 53 accept"));
	ck_assert_int_eq(fwc_batch_add_element(batch, FWC_FAMILY_INET, "old", "guests",
					       "203.0.113.0/24", NULL, FWC_ELEMENT_EXCLUSIVE, NULL),
			 0);
	assert_ok(fwc_kernel_commit(kernel, batch, &err), err);
	fwc_batch_free(batch);
	assert_ok(fwc_kernel_load(kernel, FWC_FAMILY_INET, "old", &rs, &err), err);
	ret = fwc_rule_handle(
		fwc_chain_at(fwc_ruleset_find_chain(rs, FWC_FAMILY_INET, "old", "input"), 1));
	ck_assert_uint_eq(fwc_set_count(fwc_ruleset_find_set(rs, FWC_FAMILY_INET, "old", "guests")),
			  3);
	fwc_ruleset_free(rs);
	return ret;
}

START_TEST(ruleset_is_applied_loaded_and_changed)
{
	struct fwc_apply_opts opts = { .size = sizeof(opts), .flags = FWC_APPLY_DRY_RUN };
	struct fwc_ruleset *rs = build(), *loaded;
	struct fwc_kernel *kernel = open_kernel();
	struct fwc_chain *chain;
	struct fwc_plan *plan;
	uint64_t first;

	assert_ok(fwc_kernel_apply(kernel, rs, &opts, &err), err);
	opts.flags = 0;
	assert_ok(fwc_kernel_apply(kernel, rs, &opts, &err), err);
	assert_ok(fwc_kernel_plan(kernel, rs, &plan, &err), err);
	ck_assert_uint_eq(fwc_plan_count(plan), 0);
	assert_ok(fwc_kernel_commit_plan(kernel, plan, &opts, &err), err);
	fwc_plan_free(plan);
	assert_ok(fwc_kernel_load(kernel, FWC_FAMILY_INET, "old", &loaded, &err), err);
	chain = fwc_ruleset_find_chain(loaded, FWC_FAMILY_INET, "old", "input");
	ck_assert_uint_eq(fwc_chain_count(chain), 3);
	first = fwc_rule_handle(fwc_chain_at(chain, 0));
	ck_assert_uint_ne(change_by_batch(kernel, first), 0);
	fwc_ruleset_free(loaded);
	fwc_kernel_close(kernel);
	fwc_ruleset_free(rs);
}
END_TEST

START_TEST(change_is_watched)
{
	struct fwc_kernel *kernel = open_kernel();
	const struct fwc_event *event = NULL;
	struct fwc_ruleset *rs = build();
	struct fwc_watch *watch;
	struct pollfd pfd = { .events = POLLIN };

	assert_ok(fwc_watch_open(kernel, &watch, &err), err);
	assert_ok(fwc_kernel_apply(kernel, rs, NULL, &err), err);
	pfd.fd = fwc_watch_fd(watch);
	ck_assert_int_eq(poll(&pfd, 1, 60000), 1);
	ck_assert_int_eq(fwc_watch_next(watch, &event, &err), 1);
	ck_assert_uint_eq(fwc_event_kind(event), FWC_EVENT_ADDED);
	ck_assert_uint_eq(fwc_event_object(event), FWC_OBJECT_TABLE);
	ck_assert_str_eq(fwc_event_table(event), "old");
	ck_assert(fwc_event_is_own(event));
	fwc_watch_close(watch);
	fwc_ruleset_free(rs);
	fwc_kernel_close(kernel);
}
END_TEST

START_TEST(interfaces_are_read)
{
	struct fwc_kernel *kernel = open_kernel();
	const struct fwc_interface_address *address;
	const struct fwc_interface *lo;
	struct fwc_interfaces *list;

	assert_ok(fwc_interfaces_get(kernel, &list, &err), err);
	fwc_kernel_close(kernel);
	lo = fwc_interfaces_find(list, "lo");
	ck_assert_ptr_nonnull(lo);
	ck_assert_uint_eq(fwc_interface_index(lo), 1);
	ck_assert_uint_eq(fwc_interface_flags(lo) & 9, 9);
	ck_assert_uint_eq(fwc_interface_stats(lo)->collisions, 0);
	address = fwc_interface_address_at(lo, 0);
	ck_assert_ptr_nonnull(address);
	ck_assert_uint_eq(address->prefix_len, address->ip.family == FWC_FAMILY_IP ? 8 : 128);
	ck_assert_str_eq(fwc_interface_address_scope_name(address), "host");
	fwc_interfaces_free(list);
}
END_TEST

static void create_network(struct fwc_kernel *kernel, struct fwc_settings **settings)
{
	struct fwc_network_opts opts = { .size = sizeof(opts),
					 .subnet4 = "172.30.0.0/24",
					 .gateway4 = "172.30.0.254",
					 .mtu = 1400 };
	int r = fwc_forwarding_change(kernel, FWC_FAMILY_IP, NULL, true, 0, settings, &err);

	if (r == -EROFS || r == -EPERM || r == -EOPNOTSUPP)
		test_skip("forwarding cannot be switched on: %s", err.msg);
	assert_ok(r, err);
	assert_ok(fwc_network_create(kernel, "old0", &opts, &err), err);
}

START_TEST(network_is_made_used_and_taken_back)
{
	struct fwc_port port = { .protocol = 6, .host_port = 8080, .port = 80, .count = 2 };
	struct fwc_ip wanted = ip("172.30.0.7"), address;
	struct fwc_attach_opts opts = { .size = sizeof(opts),
					.interface = "net0",
					.ports = &port,
					.ports_count = 1,
					.addresses = &wanted,
					.addresses_count = 1 };
	struct fwc_kernel *kernel = open_kernel();
	struct fwc_settings *settings = NULL;
	const struct fwc_network *network;
	struct fwc_networks *list;
	int container = ns_new();

	create_network(kernel, &settings);
	assert_ok(fwc_network_attach(kernel, "old0", "c1", container, &opts, &err), err);
	assert_ok(fwc_networks_get(kernel, &list, &err), err);
	network = fwc_networks_find(list, "old0");
	ck_assert_uint_eq(fwc_network_endpoint_count(network), 1);
	ck_assert(fwc_network_endpoint_address(network, 0, FWC_FAMILY_IP, &address));
	ck_assert_mem_eq(&address, &wanted, sizeof(address));
	ck_assert_uint_eq(fwc_network_endpoint_port_at(network, 0, 0)->count, 2);
	fwc_networks_free(list);
	assert_ok(fwc_network_detach(kernel, "old0", "c1", &err), err);
	assert_ok(fwc_network_delete(kernel, "old0", &err), err);
	assert_ok(fwc_settings_restore(kernel, settings, &err), err);
	fwc_settings_free(settings);
	fwc_kernel_close(kernel);
	close(container);
}
END_TEST

static Suite *program_suite(void)
{
	Suite *s = suite_create("release_0_1");
	TCase *memory = tcase_create("memory"), *kernel = tcase_create("kernel");

	tcase_add_test(memory, ruleset_is_built_printed_and_read_again);
	tcase_add_test(memory, rule_is_taken_apart);
	tcase_add_test(memory, failure_is_told_in_the_struct_of_that_time);
	suite_add_tcase(s, memory);
	tcase_add_checked_fixture(kernel, ns_enter, NULL);
	tcase_add_test(kernel, ruleset_is_applied_loaded_and_changed);
	tcase_add_test(kernel, change_is_watched);
	tcase_add_test(kernel, interfaces_are_read);
	tcase_add_test(kernel, network_is_made_used_and_taken_back);
	suite_add_tcase(s, kernel);
	return s;
}

TEST_MAIN(program_suite)
