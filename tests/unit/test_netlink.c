/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What the netlink layer makes of scripted answers: the other end of a socketpair plays the kernel. */
#include <sys/socket.h>
#include <unistd.h>

#include "../check.h"

#include "netlink/netlink.h"

static struct fwc_nl nl;
static int kernel_end = -1;
static struct fwc_wire request, script;
static struct fwc_error err;

static void setup(void)
{
	int ends[2];

	ck_assert_int_eq(socketpair(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0, ends), 0);
	kernel_end = ends[1];
	ck_assert_int_eq(fwc_nl_open_fd(&nl, ends[0], &err), 0);
	fwc_wire_end(&request, fwc_wire_begin(&request, 1, NLM_F_REQUEST, 1, "", 0));
}

static void teardown(void)
{
	fwc_nl_close(&nl);
	fwc_closep(&kernel_end);
	fwc_wire_free(&request);
	fwc_wire_free(&script);
}

/* Queues what was scripted as one datagram, `cut` bytes short. */
static void say(size_t cut)
{
	ck_assert_int_eq(fwc_wire_error(&script, &err), 0);
	ck_assert_int_eq(send(kernel_end, script.data, script.len - cut, 0),
			 (ssize_t)(script.len - cut));
	fwc_wire_reset(&script);
}

static void put_error(uint32_t seq, int32_t code)
{
	struct nlmsgerr e = { .error = code, .msg = { .nlmsg_len = 64, .nlmsg_seq = seq } };

	fwc_wire_end(&script,
		     fwc_wire_begin(&script, NLMSG_ERROR, NLM_F_CAPPED, seq, &e, sizeof(e)));
}

static void put_words(uint32_t seq, int32_t code, uint32_t failed_len, uint16_t flags,
		      uint32_t offset, const char *words)
{
	struct nlmsgerr e = { .error = code, .msg = { .nlmsg_len = failed_len, .nlmsg_seq = seq } };
	size_t msg = fwc_wire_begin(&script, NLMSG_ERROR, flags, seq, &e, sizeof(e));

	if (!(flags & NLM_F_CAPPED))
		for (uint32_t i = sizeof(e.msg); i < failed_len; i += 4)
			fwc_wire_add(&script, "\1\2\3\4", 4);
	fwc_put_u32(&script, NLMSGERR_ATTR_OFFS, offset);
	fwc_put_text(&script, NLMSGERR_ATTR_MSG, words);
	fwc_wire_end(&script, msg);
}

static void put_part(uint16_t type, uint16_t flags, uint32_t seq)
{
	fwc_wire_end(&script, fwc_wire_begin(&script, type, NLM_F_MULTI | flags, seq, "\0\0\0", 4));
}

START_TEST(ack_of_the_last_operation_is_success)
{
	struct fwc_nl_answer answer = { .code = 1 };

	put_error(7, 0);
	say(0);
	ck_assert_int_eq(fwc_nl_transact(&nl, &request, 5, 7, &answer, &err), 0);
	ck_assert_int_eq(answer.code, 0);
}
END_TEST

START_TEST(first_failure_counts_although_the_last_operation_is_acked)
{
	struct fwc_nl_answer answer;

	put_words(5, -ENOENT, 64, NLM_F_CAPPED | NLM_F_ACK_TLVS, 40, "");
	put_error(6, -EEXIST);
	put_error(7, 0);
	say(0);
	ck_assert_int_eq(fwc_nl_transact(&nl, &request, 5, 7, &answer, &err), 0);
	ck_assert_int_eq(answer.code, -ENOENT);
	ck_assert_uint_eq(answer.seq, 5);
	ck_assert_uint_eq(answer.offset, 40);
}
END_TEST

START_TEST(answers_to_other_requests_are_passed_over)
{
	struct fwc_nl_answer answer;

	put_error(3, -EPERM);
	put_error(UINT32_MAX, -EPERM);
	say(0);
	put_error(7, 0);
	say(0);
	ck_assert_int_eq(fwc_nl_transact(&nl, &request, 5, 7, &answer, &err), 0);
	ck_assert_int_eq(answer.code, 0);
}
END_TEST

START_TEST(sequence_numbers_may_wrap)
{
	struct fwc_nl_answer answer;

	put_error(UINT32_MAX, -ENOENT);
	put_error(1, 0);
	say(0);
	ck_assert_int_eq(fwc_nl_transact(&nl, &request, UINT32_MAX - 1, 1, &answer, &err), 0);
	ck_assert_int_eq(answer.code, -ENOENT);
}
END_TEST

START_TEST(missing_or_cut_off_answer_is_an_unknown_outcome)
{
	struct fwc_nl_answer answer = { .code = 1 };

	ck_assert_int_eq(fwc_nl_transact(&nl, &request, 5, 7, &answer, &err), -EBADMSG);
	ck_assert_uint_eq(err.outcome, FWC_OUTCOME_UNKNOWN);
	put_error(7, 0);
	say(8);
	fwc_error_clear(&err);
	ck_assert_int_eq(fwc_nl_transact(&nl, &request, 5, 7, &answer, &err), -EBADMSG);
	ck_assert_uint_eq(err.outcome, FWC_OUTCOME_UNKNOWN);
	ck_assert_int_eq(answer.code, 1);
}
END_TEST

START_TEST(datagram_larger_than_the_buffer_is_an_unknown_outcome)
{
	struct fwc_nl_answer answer;
	uint8_t *rest = calloc(1, FWC_NL_BUFFER);
	size_t msg;

	ck_assert_ptr_nonnull(rest);
	put_error(7, 0);
	/* Cut at the buffer's end all would look well. */
	msg = fwc_wire_begin(&script, NLMSG_NOOP, 0, 7, rest,
			     FWC_NL_BUFFER - script.len - NLMSG_HDRLEN);
	fwc_wire_end(&script, msg);
	fwc_wire_add(&script, rest, 64);
	free(rest);
	say(0);
	ck_assert_int_eq(fwc_nl_transact(&nl, &request, 5, 7, &answer, &err), -EBADMSG);
	ck_assert_uint_eq(err.outcome, FWC_OUTCOME_UNKNOWN);
}
END_TEST

START_TEST(dry_run_needs_no_ack)
{
	struct fwc_nl_answer answer;

	ck_assert_int_eq(fwc_nl_transact_check(&nl, &request, 5, 7, &answer, &err), 0);
	ck_assert_int_eq(answer.code, 0);
	put_error(6, -EBUSY);
	say(0);
	ck_assert_int_eq(fwc_nl_transact_check(&nl, &request, 5, 7, &answer, &err), 0);
	ck_assert_int_eq(answer.code, -EBUSY);
}
END_TEST

static int count_parts(const struct nlmsghdr *nlh, struct fwc_slice payload, void *ctx)
{
	int *count = ctx;

	ck_assert_uint_eq(nlh->nlmsg_type, 20);
	ck_assert_uint_eq(payload.len, 4);
	++*count;
	return 0;
}

static int stop_at_once(const struct nlmsghdr *nlh, struct fwc_slice payload, void *ctx)
{
	(void)nlh;
	(void)payload;
	++*(int *)ctx;
	return 42;
}

START_TEST(dump_hands_out_its_own_messages_until_done)
{
	int count = 0;

	put_part(20, 0, 9);
	put_part(20, 0, 8); /* of another request */
	say(0);
	put_part(20, 0, 9);
	put_part(NLMSG_DONE, 0, 9);
	say(0);
	ck_assert_int_eq(fwc_nl_dump(&nl, &request, 9, count_parts, &count, &err), 0);
	ck_assert_int_eq(count, 2);
}
END_TEST

START_TEST(dump_without_its_end_is_refused)
{
	int count = 0;

	put_part(20, 0, 9);
	say(0);
	ck_assert_int_eq(fwc_nl_dump(&nl, &request, 9, count_parts, &count, &err), -EBADMSG);
	put_part(NLMSG_DONE, 0, 9);
	say(2);
	ck_assert_int_eq(fwc_nl_dump(&nl, &request, 9, count_parts, &count, &err), -EBADMSG);
}
END_TEST

START_TEST(interrupted_dump_is_eagain_and_read_to_its_end)
{
	int count = 0;

	put_part(20, NLM_F_DUMP_INTR, 9);
	put_part(20, 0, 9);
	say(0);
	put_part(NLMSG_DONE, 0, 9);
	say(0);
	ck_assert_int_eq(fwc_nl_dump(&nl, &request, 9, count_parts, &count, &err), -EAGAIN);
	ck_assert_int_eq(recv(fwc_nl_fd(&nl), &count, sizeof(count), MSG_DONTWAIT), -1);
}
END_TEST

START_TEST(interrupted_dump_that_is_made_once_is_handed_out_whole)
{
	int count = 0;

	put_part(20, NLM_F_DUMP_INTR, 9);
	put_part(20, 0, 9);
	say(0);
	put_part(NLMSG_DONE, 0, 9);
	say(0);
	ck_assert_int_eq(fwc_nl_dump_once(&nl, &request, 9, count_parts, &count, &err), 0);
	ck_assert_int_eq(count, 2);
}
END_TEST

START_TEST(stopped_dump_is_read_to_its_end)
{
	int count = 0;

	put_part(20, 0, 9);
	put_part(20, 0, 9);
	say(0);
	put_part(NLMSG_DONE, 0, 9);
	say(0);
	ck_assert_int_eq(fwc_nl_dump(&nl, &request, 9, stop_at_once, &count, &err), 42);
	ck_assert_int_eq(count, 1);
	ck_assert_int_eq(recv(fwc_nl_fd(&nl), &count, sizeof(count), MSG_DONTWAIT), -1);
}
END_TEST

START_TEST(dump_refused_by_the_kernel_has_its_code_and_words)
{
	int32_t code = -ENOMEM;
	int count = 0;

	put_words(9, -EINVAL, 20, NLM_F_CAPPED | NLM_F_ACK_TLVS, 24, "no such thing");
	say(0);
	ck_assert_int_eq(fwc_nl_dump(&nl, &request, 9, count_parts, &count, &err), -EINVAL);
	ck_assert_str_eq(err.msg, "no such thing");
	ck_assert_uint_eq(err.offset, 24);
	ck_assert_uint_eq(err.from_kernel, 1);
	fwc_wire_end(&script, fwc_wire_begin(&script, NLMSG_DONE, NLM_F_MULTI, 9, &code, 4));
	say(0);
	ck_assert_int_eq(fwc_nl_dump(&nl, &request, 9, count_parts, &count, &err), -ENOMEM);
}
END_TEST

/* The one message of `script` through the parser. */
static int parse_script(struct fwc_nl_answer *ret)
{
	struct fwc_slice s = { script.data, script.len };
	const struct nlmsghdr *nlh;
	struct fwc_slice payload;

	ck_assert_int_eq(fwc_msg_next(&s, &nlh, &payload), 1);
	return fwc_nl_parse_error(nlh, payload, ret);
}

START_TEST(extended_ack_is_read_behind_a_capped_and_a_whole_message)
{
	const uint16_t flags[] = { NLM_F_ACK_TLVS | NLM_F_CAPPED, NLM_F_ACK_TLVS };
	struct fwc_nl_answer answer;

	put_words(3, -ERANGE, 70, flags[_i], 40, "out of range");
	ck_assert_int_eq(parse_script(&answer), 0);
	ck_assert_int_eq(answer.code, -ERANGE);
	ck_assert_uint_eq(answer.seq, 3);
	ck_assert_uint_eq(answer.offset, 40);
	ck_assert_str_eq(answer.text, "out of range");
}
END_TEST

START_TEST(error_that_lies_about_its_lengths_is_refused)
{
	const uint32_t lengths[] = { 0, 15, 1000, UINT32_MAX };
	struct fwc_nl_answer answer = { .code = 1 };

	put_words(3, -ERANGE, 16, NLM_F_ACK_TLVS, 40, "x");
	memcpy(script.data + NLMSG_HDRLEN + offsetof(struct nlmsgerr, msg), &lengths[_i], 4);
	ck_assert_int_eq(parse_script(&answer), -EBADMSG);
	ck_assert_int_eq(answer.code, 1);
}
END_TEST

START_TEST(error_that_is_no_errno_is_refused)
{
	const int32_t codes[] = { 1, -4096, INT32_MIN };
	struct fwc_nl_answer answer;

	put_error(3, codes[_i]);
	ck_assert_int_eq(parse_script(&answer), -EBADMSG);
}
END_TEST

static Suite *netlink_suite(void)
{
	Suite *suite = suite_create("netlink");
	TCase *tc = tcase_create("scripted answers");

	tcase_add_checked_fixture(tc, setup, teardown);
	tcase_add_test(tc, ack_of_the_last_operation_is_success);
	tcase_add_test(tc, first_failure_counts_although_the_last_operation_is_acked);
	tcase_add_test(tc, answers_to_other_requests_are_passed_over);
	tcase_add_test(tc, sequence_numbers_may_wrap);
	tcase_add_test(tc, missing_or_cut_off_answer_is_an_unknown_outcome);
	tcase_add_test(tc, datagram_larger_than_the_buffer_is_an_unknown_outcome);
	tcase_add_test(tc, dry_run_needs_no_ack);
	tcase_add_test(tc, dump_hands_out_its_own_messages_until_done);
	tcase_add_test(tc, dump_without_its_end_is_refused);
	tcase_add_test(tc, interrupted_dump_is_eagain_and_read_to_its_end);
	tcase_add_test(tc, interrupted_dump_that_is_made_once_is_handed_out_whole);
	tcase_add_test(tc, stopped_dump_is_read_to_its_end);
	tcase_add_test(tc, dump_refused_by_the_kernel_has_its_code_and_words);
	tcase_add_loop_test(tc, extended_ack_is_read_behind_a_capped_and_a_whole_message, 0, 2);
	tcase_add_loop_test(tc, error_that_lies_about_its_lengths_is_refused, 0, 4);
	tcase_add_loop_test(tc, error_that_is_no_errno_is_refused, 0, 3);
	suite_add_tcase(suite, tc);
	return suite;
}

TEST_MAIN(netlink_suite)
