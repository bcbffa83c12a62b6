/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Events: what happened, in which transaction, and whose it was. */
#include <fwcore/fwcore.h>
#include <poll.h>
#include <stdio.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "../check.h"

static struct fwc_kernel *kernel;
static struct fwc_watch *watch;
static struct fwc_error err;

static void setup(void)
{
	ns_enter();
	need_program("nft");
	assert_ok(fwc_kernel_open(&kernel, NULL, &err), err);
	assert_ok(fwc_watch_open(kernel, &watch, &err), err);
}

static void teardown(void)
{
	fwc_watch_close(watch);
	fwc_kernel_close(kernel);
}

static const struct fwc_event *next(void)
{
	const struct fwc_event *event = NULL;
	int r = fwc_watch_next(watch, &event, &err);

	ck_assert_int_ge(r, 0);
	return r ? event : NULL;
}

static void expect(uint32_t kind, uint32_t object, const char *table, const char *name)
{
	const struct fwc_event *event = next();

	ck_assert_ptr_nonnull(event);
	ck_assert_uint_eq(fwc_event_kind(event), kind);
	ck_assert_uint_eq(fwc_event_object(event), object);
	ck_assert_str_eq(fwc_event_table(event), table);
	ck_assert_str_eq(fwc_event_name(event), name);
}

START_TEST(nothing_happens_and_nothing_blocks)
{
	struct pollfd pfd = { .fd = fwc_watch_fd(watch), .events = POLLIN };

	ck_assert_ptr_null(next());
	ck_assert_int_eq(poll(&pfd, 1, 0), 0);
	sh("nft add table inet t");
	ck_assert_int_eq(poll(&pfd, 1, 60000), 1);
}
END_TEST

START_TEST(events_of_a_transaction_end_with_its_commit)
{
	const struct fwc_event *event;
	uint32_t generation;

	sh_input(
		"add table inet t\nadd chain inet t c\nadd set inet t s { type ipv4_addr; }\n"
		"add element inet t s { 10.0.0.1 }\nadd rule inet t c tcp dport { 22, 80 } accept\n",
		"nft -f -");
	expect(FWC_EVENT_ADDED, FWC_OBJECT_TABLE, "t", "");
	expect(FWC_EVENT_ADDED, FWC_OBJECT_CHAIN, "t", "c");
	expect(FWC_EVENT_ADDED, FWC_OBJECT_SET, "t", "s");
	expect(FWC_EVENT_ADDED, FWC_OBJECT_ELEMENT, "t", "s");
	do {
		event = next();
		ck_assert_ptr_nonnull(event);
	} while (fwc_event_object(event) != FWC_OBJECT_RULE);
	ck_assert_str_eq(fwc_event_name(event), "c");
	ck_assert_str_eq(fwc_event_process(event), "nft");
	ck_assert_uint_ne(fwc_event_pid(event), 0);
	ck_assert_uint_eq(fwc_event_family(event), FWC_FAMILY_INET);
	ck_assert_uint_eq(fwc_event_handle(event), fwc_rule_handle(fwc_event_rule(event)));
	ck_assert_uint_ne(fwc_event_handle(event), 0);
	ck_assert(!fwc_event_is_own(event));
	generation = fwc_event_generation(event);
	ck_assert_uint_ne(generation, 0);
	event = next();
	ck_assert_uint_eq(fwc_event_kind(event), FWC_EVENT_COMMIT);
	ck_assert_uint_eq(fwc_event_generation(event), generation);
	ck_assert_ptr_null(next());
	sh("nft delete table inet t");
	event = next();
	ck_assert_uint_eq(fwc_event_kind(event), FWC_EVENT_DELETED);
	ck_assert_uint_eq(fwc_event_generation(event), generation + 1);
}
END_TEST

START_TEST(rule_of_an_event_can_be_read)
{
	const struct fwc_event *event;
	char text[128] = "";

	sh_input("add table inet t\nadd chain inet t c\n"
		 "add rule inet t c tcp dport { 22, 80 } counter accept comment \"x\"\n",
		 "nft -f -");
	while ((event = next()))
		if (fwc_event_rule(event))
			ck_assert_int_eq(fwc_rule_format(fwc_event_rule(event), FWC_SYNTAX_NFT,
							 text, sizeof(text), NULL),
					 0);
	ck_assert_str_eq(text,
			 "tcp dport { 22, 80 } counter packets 0 bytes 0 accept comment \"x\"");
}
END_TEST

START_TEST(own_commits_are_told_from_others)
{
	struct fwc_ruleset *rs = fwc_ruleset_new();
	struct fwc_kernel *other;
	const struct fwc_event *event;
	int own = 0, others = 0;

	fwc_ruleset_add_table(rs, FWC_FAMILY_INET, "t", 0);
	assert_ok(fwc_kernel_apply(kernel, rs, NULL, &err), err);
	while ((event = next())) {
		ck_assert(fwc_event_is_own(event));
		own++;
	}
	ck_assert_int_eq(own, 2);
	/* Another kernel object of this process is somebody else. */
	assert_ok(fwc_kernel_open(&other, NULL, &err), err);
	fwc_ruleset_add_table(rs, FWC_FAMILY_INET, "t2", 0);
	assert_ok(fwc_kernel_apply(other, rs, NULL, &err), err);
	while ((event = next())) {
		ck_assert(!fwc_event_is_own(event));
		ck_assert_uint_eq(fwc_event_pid(event), (uint32_t)getpid());
		others++;
	}
	ck_assert_int_eq(others, 2);
	fwc_kernel_close(other);
	fwc_ruleset_free(rs);
}
END_TEST

START_TEST(lost_events_ask_for_a_new_load)
{
	const struct fwc_event *event;
	int small = 4096, resyncs = 0;

	ck_assert_int_eq(
		setsockopt(fwc_watch_fd(watch), SOL_SOCKET, SO_RCVBUF, &small, sizeof(small)), 0);
	sh("nft add table inet t; nft add chain inet t c; for i in $(seq 300); do echo add rule inet t c tcp dport $i accept; done | nft -f -");
	while ((event = next()))
		if (fwc_event_kind(event) == FWC_EVENT_RESYNC) {
			ck_assert_uint_eq(fwc_event_generation(event), 0);
			resyncs++;
		}
	ck_assert_int_ge(resyncs, 1);
	sh("nft add table inet after");
	expect(FWC_EVENT_ADDED, FWC_OBJECT_TABLE, "after", "");
}
END_TEST

START_TEST(another_namespace_is_watched_where_its_kernel_object_is)
{
	int fd = ns_new();
	const struct fwc_kernel_opts opts = { .size = sizeof(opts), .netns_fd = fd };
	struct fwc_kernel *there;

	fwc_watch_close(watch);
	assert_ok(fwc_kernel_open(&there, &opts, &err), err);
	assert_ok(fwc_watch_open(there, &watch, &err), err);
	sh("nft add table inet here");
	sh_in(fd, "nft add table inet there");
	expect(FWC_EVENT_ADDED, FWC_OBJECT_TABLE, "there", "");
	fwc_watch_close(watch);
	watch = NULL;
	fwc_kernel_close(there);
	close(fd);
}
END_TEST

/* ---- many writers at once ---- */

enum { WRITERS = 16 };

static int add_operation(struct fwc_kernel *mine, int writer, int i)
{
	const struct fwc_place at = { .family = FWC_FAMILY_INET, .table = "t", .chain = "ops" };
	struct fwc_batch *some = fwc_batch_new();
	char key[32];
	int r;

	snprintf(key, sizeof(key), "10.%d.%d.%d", writer, i >> 8, i & 255);
	if (i % 3 == 0)
		fwc_batch_add_rule_text(some, &at, FWC_SYNTAX_NFT, "counter");
	else
		fwc_batch_add_element(some, FWC_FAMILY_INET, "t", "s", key, NULL,
				      FWC_ELEMENT_EXCLUSIVE, NULL);
	r = fwc_kernel_commit(mine, some, &err);
	fwc_batch_free(some);
	return r;
}

/* A rule, an element and a declared rule in turn, each a commit. Declarations are tied to what they read, so others may be
 * quicker 17 times in a row; one of those was then carried out. */
static int write_on(int writer, int count)
{
	char owner[16];
	const struct fwc_kernel_opts opts = { .size = sizeof(opts), .owner = owner };
	struct fwc_ruleset *rs = fwc_ruleset_new();
	struct fwc_table *t = fwc_ruleset_add_table(rs, FWC_FAMILY_INET, "t", FWC_TABLE_SHARED);
	struct fwc_kernel *mine;
	struct fwc_chain *c;
	int r;

	snprintf(owner, sizeof(owner), "w%d", writer);
	c = fwc_table_add_chain(t, owner, NULL);
	r = fwc_kernel_open(&mine, &opts, &err);
	for (int i = 0; r == 0 && i < count; i++) {
		if (i % 3 < 2) {
			r = add_operation(mine, writer, i);
			continue;
		}
		fwc_chain_append_text(c, FWC_SYNTAX_NFT, "counter");
		do
			r = fwc_kernel_apply(mine, rs, NULL, &err);
		while (r == -EAGAIN);
	}
	if (r < 0)
		printf("# writer %d: %s\n", writer, err.msg);
	fflush(stdout);
	return r < 0;
}

/* What was seen since: rules and elements that came, and whether some of it was lost. */
static bool see(int *ret_rules, int *ret_elements)
{
	const struct fwc_event *event;
	bool all = true;

	while ((event = next())) {
		bool came = fwc_event_kind(event) == FWC_EVENT_ADDED;

		all &= fwc_event_kind(event) != FWC_EVENT_RESYNC;
		*ret_rules += came && fwc_event_object(event) == FWC_OBJECT_RULE;
		*ret_elements += came && fwc_event_object(event) == FWC_OBJECT_ELEMENT;
	}
	return all;
}

/* Sees what happens until all of them have ended. */
static bool watch_writers(int *ret_rules, int *ret_elements)
{
	struct pollfd pfd = { .fd = fwc_watch_fd(watch), .events = POLLIN };
	int left = WRITERS, failed = 0, status;
	bool all = true;

	while (left) {
		poll(&pfd, 1, 20);
		all &= see(ret_rules, ret_elements);
		while (left && waitpid(-1, &status, WNOHANG) > 0) {
			failed += status != 0;
			left--;
		}
	}
	ck_assert_int_eq(failed, 0);
	return see(ret_rules, ret_elements) && all;
}

static void count_there(int *ret_rules, int *ret_elements)
{
	struct fwc_ruleset *rs;
	struct fwc_table *t;

	assert_ok(fwc_kernel_load(kernel, FWC_FAMILY_INET, "t", &rs, &err), err);
	t = fwc_ruleset_at(rs, 0);
	for (size_t i = 0; i < fwc_table_chain_count(t); i++)
		*ret_rules += (int)fwc_chain_count(fwc_table_chain_at(t, i));
	*ret_elements += (int)fwc_set_count(fwc_table_set_at(t, 0));
	fwc_ruleset_free(rs);
}

/* FWC_TEST_COMMITS=500: of each writer. */
START_TEST(sixteen_writers_lose_nothing_and_a_watcher_misses_nothing)
{
	const char *commits = getenv("FWC_TEST_COMMITS");
	int count = commits ? atoi(commits) : 20;
	int seen_rules = 0, seen_elements = 0, rules = 0, elements = 0;
	bool all;

	sh("nft 'add table inet t; add chain inet t ops; add set inet t s { type ipv4_addr; }'");
	while (next())
		;
	for (int i = 0; i < WRITERS; i++)
		if (fork() == 0)
			_exit(write_on(i, count));
	all = watch_writers(&seen_rules, &seen_elements);
	count_there(&rules, &elements);
	ck_assert_int_eq(elements, WRITERS * ((count + 1) / 3));
	ck_assert_int_eq(rules + elements, WRITERS * count);
	if (all) {
		ck_assert_int_eq(seen_rules, rules);
		ck_assert_int_eq(seen_elements, elements);
	}
	printf("# %d commits, %s\n", WRITERS * count, all ? "all seen" : "the watcher said RESYNC");
	fflush(stdout);
}
END_TEST

START_TEST(wrong_arguments_are_refused)
{
	const struct fwc_event *event;

	ck_assert_int_eq(fwc_watch_open(NULL, &watch, &err), -EINVAL);
	assert_fails(fwc_watch_open(kernel, NULL, &err), -EINVAL, err, "watch");
	assert_fails(fwc_watch_next(NULL, &event, &err), -EINVAL, err, "watch");
	assert_fails(fwc_watch_next(watch, NULL, &err), -EINVAL, err, "event");
	ck_assert_int_eq(fwc_watch_fd(NULL), -1);
	ck_assert_uint_eq(fwc_event_kind(NULL), 0);
	ck_assert_str_eq(fwc_event_table(NULL), "");
	ck_assert_ptr_null(fwc_event_rule(NULL));
	fwc_watch_close(NULL);
}
END_TEST

static Suite *watch_suite(void)
{
	Suite *suite = suite_create("watch");
	TCase *tc = tcase_create("watch");

	tcase_set_timeout(tc, 600);
	tcase_add_checked_fixture(tc, setup, teardown);
	tcase_add_test(tc, nothing_happens_and_nothing_blocks);
	tcase_add_test(tc, events_of_a_transaction_end_with_its_commit);
	tcase_add_test(tc, rule_of_an_event_can_be_read);
	tcase_add_test(tc, own_commits_are_told_from_others);
	tcase_add_test(tc, lost_events_ask_for_a_new_load);
	tcase_add_test(tc, another_namespace_is_watched_where_its_kernel_object_is);
	tcase_add_test(tc, sixteen_writers_lose_nothing_and_a_watcher_misses_nothing);
	tcase_add_test(tc, wrong_arguments_are_refused);
	suite_add_tcase(suite, tc);
	return suite;
}

TEST_MAIN(watch_suite)
