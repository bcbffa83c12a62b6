/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Netlink against the real kernel: what a script cannot play. */
#include <arpa/inet.h>
#include <linux/netfilter/nf_tables.h>
#include <linux/netfilter/nfnetlink.h>
#include <sys/socket.h>

#include "../check.h"

#include <fwcore/fwcore.h>

#include "kernel/steps.h"
#include "netlink/netlink.h"

static struct fwc_error err;

static void put_batch_mark(struct fwc_wire *w, uint16_t type, uint32_t seq)
{
	const struct nfgenmsg nfg = { .res_id = htons(NFNL_SUBSYS_NFTABLES) };

	fwc_wire_end(w, fwc_wire_begin(w, type, NLM_F_REQUEST, seq, &nfg, sizeof(nfg)));
}

/* A transaction that names one table `count` times, with an ack for each. */
static void put_tables(struct fwc_wire *w, uint32_t count, const char *name)
{
	const struct nfgenmsg nfg = { .nfgen_family = FWC_FAMILY_INET };

	put_batch_mark(w, NFNL_MSG_BATCH_BEGIN, 1);
	for (uint32_t i = 0; i < count; i++) {
		size_t msg = fwc_wire_begin(w, NFNL_SUBSYS_NFTABLES << 8 | NFT_MSG_NEWTABLE,
					    NLM_F_REQUEST | NLM_F_CREATE | NLM_F_ACK, 2 + i, &nfg,
					    sizeof(nfg));

		fwc_put_text(w, NFTA_TABLE_NAME, name);
		fwc_wire_end(w, msg);
	}
	put_batch_mark(w, NFNL_MSG_BATCH_END, 2 + count);
}

START_TEST(lost_acks_are_an_unknown_outcome_and_no_failure)
{
	struct fwc_nl_answer answer;
	struct fwc_wire w = { 0 };
	struct fwc_nl nl;
	int small = 2048;

	assert_ok(fwc_nl_open(&nl, NETLINK_NETFILTER, &err), err);
	ck_assert_int_eq(setsockopt(fwc_nl_fd(&nl), SOL_SOCKET, SO_RCVBUF, &small, sizeof(small)),
			 0);
	put_tables(&w, 500, "t");
	ck_assert_int_eq(fwc_nl_transact(&nl, &w, 1, 501, &answer, &err), -ENOBUFS);
	ck_assert_uint_eq(err.outcome, FWC_OUTCOME_UNKNOWN);
	/* And indeed it was carried out. */
	ck_assert_str_eq(sh("nft list tables"), "table inet t\n");
	fwc_wire_free(&w);
	fwc_nl_close(&nl);
}
END_TEST

START_TEST(failure_that_was_not_lost_is_certain)
{
	struct fwc_nl_answer answer;
	struct fwc_wire w = { 0 };
	struct fwc_nl nl;
	int small = 2048;
	char name[400]; /* longer than any table's */

	memset(name, 'x', sizeof(name));
	name[sizeof(name) - 1] = '\0';
	assert_ok(fwc_nl_open(&nl, NETLINK_NETFILTER, &err), err);
	ck_assert_int_eq(setsockopt(fwc_nl_fd(&nl), SOL_SOCKET, SO_RCVBUF, &small, sizeof(small)),
			 0);
	put_tables(&w, 500, name);
	assert_ok(fwc_nl_transact(&nl, &w, 1, 501, &answer, &err), err);
	ck_assert_int_lt(answer.code, 0);
	ck_assert_uint_eq(answer.seq, 2);
	ck_assert_str_eq(sh("nft list tables"), "");
	fwc_wire_free(&w);
	fwc_nl_close(&nl);
}
END_TEST

START_TEST(messages_of_other_processes_are_not_the_kernels)
{
	struct fwc_nl nl, other;
	struct sockaddr_nl to = { .nl_family = AF_NETLINK };
	struct nlmsgerr e = { .error = -EPERM };
	struct fwc_nl_answer answer;
	struct fwc_wire forged = { 0 }, w = { 0 };
	struct fwc_slice datagram;

	/* NETLINK_USERSOCK lets everybody write to everybody; so does root on any bus. */
	assert_ok(fwc_nl_open(&nl, NETLINK_NETFILTER, &err), err);
	assert_ok(fwc_nl_open(&other, NETLINK_NETFILTER, &err), err);
	to.nl_pid = nl.portid;
	fwc_wire_end(&forged, fwc_wire_begin(&forged, NLMSG_ERROR, 0, 2, &e, sizeof(e)));
	ck_assert_int_eq(sendto(fwc_nl_fd(&other), forged.data, forged.len, 0,
				(struct sockaddr *)&to, sizeof(to)),
			 (ssize_t)forged.len);
	put_tables(&w, 1, "t");
	assert_ok(fwc_nl_transact(&nl, &w, 1, 2, &answer, &err), err);
	ck_assert_int_eq(answer.code, 0);
	ck_assert_int_eq(fwc_nl_receive(&nl, &datagram), 0);
	fwc_wire_free(&forged);
	fwc_wire_free(&w);
	fwc_nl_close(&nl);
	fwc_nl_close(&other);
}
END_TEST

START_TEST(expression_that_the_kernel_lacks_is_named)
{
	static const uint8_t unknown[] =
		"\x14\x00\x01\x80\x0b\x00\x01\x00nosuch\0\0\x04\x00\x02\x80";
	const struct fwc_apply_opts dry = { .size = sizeof(dry), .flags = FWC_APPLY_DRY_RUN };
	struct fwc_ruleset *rs = fwc_ruleset_new();
	struct fwc_chain *c =
		fwc_table_add_chain(fwc_ruleset_add_table(rs, FWC_FAMILY_INET, "t", 0), "c", NULL);
	struct fwc_kernel *kernel;
	struct fwc_rule *r;

	assert_ok(fwc_kernel_open(&kernel, NULL, &err), err);
	fwc_rule_counter(fwc_chain_append(c));
	r = fwc_chain_append(c);
	fwc_rule_counter(r);
	ck_assert_int_eq(fwc_rule_add_opaque(r, unknown, 20), 0);
	fwc_rule_verdict(r, FWC_VERDICT_ACCEPT, NULL);
	assert_fails(fwc_kernel_apply(kernel, rs, NULL, &err), -ENOENT, err,
		     "table inet t, chain c, rule 2: the kernel has no 'nosuch' expression");
	ck_assert_uint_eq(err.rule, 1);
	ck_assert_uint_eq(err.item, 1);
	assert_fails(fwc_kernel_apply(kernel, rs, &dry, &err), -ENOENT, err, "rule 2");
	ck_assert_str_eq(sh("nft list ruleset"), "");
	fwc_kernel_close(kernel);
	fwc_ruleset_free(rs);
}
END_TEST

static Suite *netlink_suite(void)
{
	Suite *suite = suite_create("netlink");
	TCase *tc = tcase_create("kernel");

	tcase_add_checked_fixture(tc, ns_enter, NULL);
	tcase_add_test(tc, lost_acks_are_an_unknown_outcome_and_no_failure);
	tcase_add_test(tc, failure_that_was_not_lost_is_certain);
	tcase_add_test(tc, messages_of_other_processes_are_not_the_kernels);
	tcase_add_test(tc, expression_that_the_kernel_lacks_is_named);
	suite_add_tcase(suite, tc);
	return suite;
}

TEST_MAIN(netlink_suite)
