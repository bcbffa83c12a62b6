/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Address translation, seen from the other end of a veth pair. */
#include <fwcore/fwcore.h>

#include "peer.h"

static struct fwc_kernel *kernel;
static struct fwc_error err;

static void setup(void)
{
	peer_setup();
	assert_ok(fwc_kernel_open(&kernel, NULL, &err), err);
	serve(SOCK_STREAM, "10.0.0.1", 8080);
}

static void teardown(void)
{
	fwc_kernel_close(kernel);
}

static struct fwc_ruleset *nat_rules(uint32_t hook, const char *rule)
{
	const struct fwc_base_opts opts = { .size = sizeof(opts),
					    .type = FWC_CHAIN_NAT,
					    .hook = hook };
	struct fwc_ruleset *rs = fwc_ruleset_new();
	struct fwc_table *t = fwc_ruleset_add_table(rs, FWC_FAMILY_IP, "n", 0);

	fwc_chain_append_text(fwc_table_add_chain(t, "c", &opts), FWC_SYNTAX_NFT, rule);
	assert_ok(fwc_ruleset_error(rs, &err), err);
	return rs;
}

static void apply(struct fwc_ruleset *rs)
{
	assert_ok(fwc_kernel_apply(kernel, rs, NULL, &err), err);
	fwc_ruleset_free(rs);
}

START_TEST(redirected_port_is_reached_at_another)
{
	ck_assert_int_eq(peer_connects("10.0.0.1", 80), ECONNREFUSED);
	apply(nat_rules(FWC_HOOK_PREROUTING, "tcp dport 80 redirect to :8080"));
	ck_assert_int_eq(peer_connects("10.0.0.1", 80), 0);
	ck_assert_int_eq(peer_connects("10.0.0.1", 81), ECONNREFUSED);
}
END_TEST

START_TEST(destination_is_translated_by_rule_and_by_map)
{
	struct fwc_ruleset *rs;
	struct fwc_set *m;

	sh("ip addr add 10.7.0.1/32 dev lo");
	sh_in(peer_ns, "ip route add 10.7.0.0/24 via 10.0.0.1");
	ck_assert_int_eq(peer_connects("10.7.0.1", 80), ECONNREFUSED);
	apply(nat_rules(FWC_HOOK_PREROUTING,
			"ip daddr 10.7.0.1 tcp dport 80 dnat to 10.0.0.1:8080"));
	ck_assert_int_eq(peer_connects("10.7.0.1", 80), 0);
	rs = nat_rules(FWC_HOOK_PREROUTING, "dnat to tcp dport map @m");
	m = fwc_table_add_set(fwc_ruleset_at(rs, 0), "m", "inet_service",
			      &(struct fwc_set_opts){ .size = sizeof(struct fwc_set_opts),
						      .data_type = "ipv4_addr . inet_service" });
	fwc_set_add(m, "90", "10.0.0.1 . 8080", NULL);
	apply(rs);
	ck_assert_int_eq(peer_connects("10.7.0.1", 90), 0);
	ck_assert_int_eq(peer_connects("10.7.0.1", 80), ECONNREFUSED);
}
END_TEST

/* The source address of a datagram that this namespace sends to the peer, as the peer sees it. */
static const char *source_seen(void)
{
	static char text[INET_ADDRSTRLEN];
	struct sockaddr_in from = { 0 };
	socklen_t len = sizeof(from), to_len;
	const struct timeval patience = { .tv_sec = 30 };
	struct sockaddr_storage to;
	int ready[2], seen[2], fd;
	char byte;
	pid_t pid;

	ck_assert_int_eq(pipe(ready), 0);
	ck_assert_int_eq(pipe(seen), 0);
	pid = fork();
	ck_assert_int_ge(pid, 0);
	if (pid == 0) {
		ns_switch(peer_ns);
		fd = serve(SOCK_DGRAM, "10.0.0.2", 9);
		setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof(patience));
		if (write(ready[1], "x", 1) != 1 ||
		    recvfrom(fd, &byte, 1, 0, (struct sockaddr *)&from, &len) != 1)
			_exit(1);
		_exit(write(seen[1], &from, sizeof(from)) != sizeof(from));
	}
	close(seen[1]);
	ck_assert_int_eq(read(ready[0], &byte, 1), 1);
	fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	to_len = make_address("10.0.0.2", 9, &to);
	ck_assert_int_eq(sendto(fd, "x", 1, 0, (struct sockaddr *)&to, to_len), 1);
	close(fd);
	ck_assert_msg(read(seen[0], &from, sizeof(from)) == sizeof(from), "nothing arrived");
	waitpid(pid, NULL, 0);
	inet_ntop(AF_INET, &from.sin_addr, text, sizeof(text));
	return text;
}

START_TEST(source_is_translated)
{
	sh("ip addr add 10.7.0.9/32 dev lo");
	ck_assert_str_eq(source_seen(), "10.0.0.1");
	apply(nat_rules(FWC_HOOK_POSTROUTING, "oifname \"v0\" snat to 10.7.0.9"));
	ck_assert_str_eq(source_seen(), "10.7.0.9");
}
END_TEST

START_TEST(masquerade_takes_the_address_of_the_way_out)
{
	/* Sent from an address that the peer does not know the way to. */
	sh("ip addr add 10.7.0.9/32 dev lo && ip route replace 10.0.0.0/24 dev v0 src 10.7.0.9");
	ck_assert_str_eq(source_seen(), "10.7.0.9");
	apply(nat_rules(FWC_HOOK_POSTROUTING, "ip saddr 10.7.0.0/24 oifname \"v0\" masquerade"));
	ck_assert_str_eq(source_seen(), "10.0.0.1");
}
END_TEST

static Suite *nat_suite(void)
{
	Suite *suite = suite_create("nat");
	TCase *tc = tcase_create("nat");

	tcase_add_checked_fixture(tc, setup, teardown);
	tcase_add_test(tc, redirected_port_is_reached_at_another);
	tcase_add_test(tc, destination_is_translated_by_rule_and_by_map);
	tcase_add_test(tc, source_is_translated);
	tcase_add_test(tc, masquerade_takes_the_address_of_the_way_out);
	suite_add_tcase(suite, tc);
	return suite;
}

TEST_MAIN(nat_suite)
