/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What rulesets do to packets that come over a veth pair. */
#include <fwcore/fwcore.h>

#include "peer.h"

static struct fwc_kernel *kernel;
static struct fwc_error err;

static void setup(void)
{
	peer_setup();
	assert_ok(fwc_kernel_open(&kernel, NULL, &err), err);
	serve(SOCK_STREAM, "10.0.0.1", 80);
	serve(SOCK_STREAM, "10.0.0.1", 81);
	serve(SOCK_STREAM, "fd00::1", 80);
	serve(SOCK_STREAM, "fd00::1", 81);
}

static void teardown(void)
{
	fwc_kernel_close(kernel);
}

/* Table inet t, whose chain input drops what these rules do not accept. */
static struct fwc_ruleset *input_rules(const char *const *rules)
{
	const struct fwc_base_opts opts = { .size = sizeof(opts),
					    .hook = FWC_HOOK_INPUT,
					    .policy = FWC_VERDICT_DROP };
	struct fwc_ruleset *rs = fwc_ruleset_new();
	struct fwc_table *t = fwc_ruleset_add_table(rs, FWC_FAMILY_INET, "t", 0);
	struct fwc_chain *c = fwc_table_add_chain(t, "input", &opts);

	/* Without neighbour discovery there is no IPv6. */
	fwc_chain_append_text(
		c, FWC_SYNTAX_NFT,
		"icmpv6 type { nd-neighbor-solicit, nd-neighbor-advert, nd-router-advert } accept");
	for (; *rules; rules++)
		fwc_chain_append_text(c, FWC_SYNTAX_NFT, *rules);
	assert_ok(fwc_ruleset_error(rs, &err), err);
	return rs;
}

static void apply(const char *const *rules)
{
	struct fwc_ruleset *rs = input_rules(rules);

	assert_ok(fwc_kernel_apply(kernel, rs, NULL, &err), err);
	fwc_ruleset_free(rs);
}

#define RULES(...) ((const char *const[]){ __VA_ARGS__, NULL })

START_TEST(everything_passes_before_and_after)
{
	struct fwc_ruleset *rs = fwc_ruleset_new();

	ck_assert_int_eq(peer_connects("10.0.0.1", 80), 0);
	apply(RULES("drop"));
	ck_assert(peer_is_unanswered("10.0.0.1", 80));
	fwc_ruleset_absent_table(rs, FWC_FAMILY_INET, "t");
	assert_ok(fwc_kernel_apply(kernel, rs, NULL, &err), err);
	ck_assert_int_eq(peer_connects("10.0.0.1", 80), 0);
	ck_assert_int_eq(peer_connects("10.0.0.1", 82), ECONNREFUSED);
	fwc_ruleset_free(rs);
}
END_TEST

START_TEST(accepted_port_passes_and_others_are_dropped)
{
	apply(RULES("ct state established,related accept", "tcp dport 80 accept"));
	ck_assert_int_eq(peer_connects("10.0.0.1", 80), 0);
	ck_assert_int_eq(peer_connects("fd00::1", 80), 0);
	ck_assert(peer_is_unanswered("10.0.0.1", 81));
	ck_assert(peer_is_unanswered("fd00::1", 81));
}
END_TEST

START_TEST(rejected_port_is_refused_at_once)
{
	apply(RULES("tcp dport 80 accept", "tcp dport 81 reject with tcp reset"));
	ck_assert_int_eq(peer_connects("10.0.0.1", 80), 0);
	ck_assert_int_eq(peer_connects("10.0.0.1", 81), ECONNREFUSED);
	ck_assert(peer_is_unanswered("10.0.0.1", 82));
}
END_TEST

START_TEST(addresses_prefixes_ranges_and_lists_match)
{
	apply(RULES("ip saddr 10.0.0.2 tcp dport 80 accept"));
	ck_assert_int_eq(peer_connects("10.0.0.1", 80), 0);
	ck_assert(peer_is_unanswered("fd00::1", 80));
	apply(RULES("ip saddr != 10.0.0.0/24 accept", "ip6 saddr fd00::/64 tcp dport 80 accept"));
	ck_assert(peer_is_unanswered("10.0.0.1", 80));
	ck_assert_int_eq(peer_connects("fd00::1", 80), 0);
	apply(RULES("ip saddr { 10.0.0.0-10.0.0.3, 10.9.0.0/16 } tcp dport { 79, 80 } accept"));
	ck_assert_int_eq(peer_connects("10.0.0.1", 80), 0);
	ck_assert(peer_is_unanswered("10.0.0.1", 81));
	apply(RULES("iifname \"v*\" tcp dport 81 accept", "iifname \"w*\" accept"));
	ck_assert(peer_is_unanswered("10.0.0.1", 80));
	ck_assert_int_eq(peer_connects("10.0.0.1", 81), 0);
}
END_TEST

START_TEST(verdict_map_sends_packets_to_chains)
{
	struct fwc_ruleset *rs = input_rules(RULES("ip saddr . tcp dport vmap @m"));
	struct fwc_table *t = fwc_ruleset_at(rs, 0);
	struct fwc_set *m =
		fwc_table_add_set(t, "m", "ipv4_addr . inet_service",
				  &(struct fwc_set_opts){ .size = sizeof(struct fwc_set_opts),
							  .data_type = "verdict" });

	fwc_chain_append_text(fwc_table_add_chain(t, "web", NULL), FWC_SYNTAX_NFT,
			      "counter accept");
	fwc_set_add(m, "10.0.0.2 . 80", "jump web", NULL);
	fwc_set_add(m, "10.0.0.2 . 81", "drop", NULL);
	assert_ok(fwc_kernel_apply(kernel, rs, NULL, &err), err);
	ck_assert_int_eq(peer_connects("10.0.0.1", 80), 0);
	ck_assert(peer_is_unanswered("10.0.0.1", 81));
	fwc_ruleset_free(rs);
}
END_TEST

static void change_element(bool add)
{
	struct fwc_batch *batch = fwc_batch_new();

	if (add)
		fwc_batch_add_element(batch, FWC_FAMILY_INET, "t", "blocked", "10.0.0.2", NULL, 0,
				      NULL);
	else
		fwc_batch_del_element(batch, FWC_FAMILY_INET, "t", "blocked", "10.0.0.2");
	assert_ok(fwc_kernel_commit(kernel, batch, &err), err);
	fwc_batch_free(batch);
}

START_TEST(blocked_address_is_one_element)
{
	struct fwc_ruleset *rs = input_rules(RULES("ip saddr @blocked drop", "accept"));

	fwc_table_add_set(fwc_ruleset_at(rs, 0), "blocked", "ipv4_addr",
			  &(struct fwc_set_opts){ .size = sizeof(struct fwc_set_opts),
						  .flags = FWC_SET_STATE });
	assert_ok(fwc_kernel_apply(kernel, rs, NULL, &err), err);
	ck_assert_int_eq(peer_connects("10.0.0.1", 80), 0);
	change_element(true);
	ck_assert(peer_is_unanswered("10.0.0.1", 80));
	ck_assert_int_eq(peer_connects("fd00::1", 80), 0);
	/* It is state: applying again does not undo it. */
	assert_ok(fwc_kernel_apply(kernel, rs, NULL, &err), err);
	ck_assert(peer_is_unanswered("10.0.0.1", 80));
	change_element(false);
	ck_assert_int_eq(peer_connects("10.0.0.1", 80), 0);
	fwc_ruleset_free(rs);
}
END_TEST

START_TEST(counters_are_read_and_kept)
{
	struct fwc_ruleset *loaded;
	uint64_t packets = 0, bytes = 0, later = 0;

	apply(RULES("tcp dport 80 counter accept"));
	ck_assert_int_eq(peer_connects("10.0.0.1", 80), 0);
	assert_ok(fwc_kernel_load(kernel, FWC_FAMILY_INET, "t", &loaded, &err), err);
	ck_assert(fwc_rule_counter_get(
		fwc_chain_at(fwc_ruleset_find_chain(loaded, FWC_FAMILY_INET, "t", "input"), 1),
		&packets, &bytes));
	ck_assert_uint_ge(packets, 2);
	ck_assert_uint_ge(bytes, 80);
	fwc_ruleset_free(loaded);
	apply(RULES("tcp dport 79 accept", "tcp dport 80 counter accept"));
	assert_ok(fwc_kernel_load(kernel, FWC_FAMILY_INET, "t", &loaded, &err), err);
	ck_assert(fwc_rule_counter_get(
		fwc_chain_at(fwc_ruleset_find_chain(loaded, FWC_FAMILY_INET, "t", "input"), 2),
		&later, NULL));
	ck_assert_uint_ge(later, packets);
	fwc_ruleset_free(loaded);
}
END_TEST

START_TEST(no_packet_is_lost_while_rules_are_replaced)
{
	enum { ROUNDS = 60 };
	int fd = serve(SOCK_DGRAM, "10.0.0.1", 9), received = 0, sent = 0;
	struct sockaddr_storage sa;
	socklen_t len = make_address("10.0.0.1", 9, &sa);
	int from[2], stop[2];
	cpu_set_t any;
	char byte;
	pid_t pid;

	apply(RULES("udp dport 9 accept"));
	ck_assert_int_eq(pipe(from), 0);
	ck_assert_int_eq(pipe(stop), 0);
	pid = fork();
	ck_assert_int_ge(pid, 0);
	if (pid == 0) {
		ns_switch(peer_ns);
		/* Beside this thread, not in turns with it. */
		memset(&any, 0xff, sizeof(any));
		sched_setaffinity(0, sizeof(any), &any);
		fd = socket(AF_INET, SOCK_DGRAM, 0);
		close(stop[1]);
		for (struct timeval tv;; usleep(200)) {
			fd_set set;

			FD_ZERO(&set);
			FD_SET(stop[0], &set);
			tv = (struct timeval){ 0 };
			if (select(stop[0] + 1, &set, NULL, NULL, &tv) > 0)
				break;
			sent += sendto(fd, "x", 1, 0, (struct sockaddr *)&sa, len) == 1;
		}
		_exit(write(from[1], &sent, sizeof(sent)) == sizeof(sent) ? 0 : 1);
	}
	close(stop[0]);
	/* The sender may be slow to begin: without packets nothing is shown. */
	for (int i = 0; i < ROUNDS || (received <= ROUNDS / 4 && i < 60000); i++) {
		char rule[64];

		/* No rule is kept. */
		snprintf(rule, sizeof(rule), "udp sport != %d udp dport 9 accept", i + 1);
		apply(RULES(rule));
		while (recv(fd, &byte, 1, MSG_DONTWAIT) == 1)
			received++;
	}
	close(stop[1]);
	ck_assert_int_eq(read(from[0], &sent, sizeof(sent)), (int)sizeof(sent));
	waitpid(pid, NULL, 0);
	while (recv(fd, &byte, 1, MSG_DONTWAIT) == 1)
		received++;
	ck_assert_int_gt(sent, ROUNDS / 4);
	ck_assert_int_eq(received, sent);
}
END_TEST

static Suite *filter_suite(void)
{
	Suite *suite = suite_create("filter");
	TCase *tc = tcase_create("filter");

	tcase_add_checked_fixture(tc, setup, teardown);
	tcase_add_test(tc, everything_passes_before_and_after);
	tcase_add_test(tc, accepted_port_passes_and_others_are_dropped);
	tcase_add_test(tc, rejected_port_is_refused_at_once);
	tcase_add_test(tc, addresses_prefixes_ranges_and_lists_match);
	tcase_add_test(tc, verdict_map_sends_packets_to_chains);
	tcase_add_test(tc, blocked_address_is_one_element);
	tcase_add_test(tc, counters_are_read_and_kept);
	tcase_add_test(tc, no_packet_is_lost_while_rules_are_replaced);
	suite_add_tcase(suite, tc);
	return suite;
}

TEST_MAIN(filter_suite)
