/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Threads: objects of their own at the same time, each in a network namespace of its own, and rulesets and snapshots that
 * all of them read. tests/run.sh runs this under ThreadSanitizer, which sees what luck would hide.
 */
#include <fwcore/fwcore.h>
#include <poll.h>
#include <pthread.h>
#include <sched.h>
#include <stdio.h>
#include <unistd.h>

#include "../check.h"
#include "../failing.h"

enum { THREADS = 4, ROUNDS = 5 };

/* Made by the first thread before the others start, and only read afterwards. */
static struct fwc_ruleset *declared, *loaded;
static struct fwc_interfaces *interfaces;
static pthread_barrier_t start;

/* Within a thread nothing may be asserted: libcheck's way out is that of the process. */
#define must(condition)                                                                            \
	do {                                                                                       \
		if (!(condition)) {                                                                \
			fprintf(stderr, "# line %d: %s: %s\n", __LINE__, #condition, err.msg);     \
			return false;                                                              \
		}                                                                                  \
	} while (0)

typedef bool (*work_fn)(int number);

struct worker {
	pthread_t thread;
	work_fn work;
	int number;
	bool done;
};

static void *run(void *arg)
{
	struct worker *w = arg;

	pthread_barrier_wait(&start);
	w->done = w->work(w->number);
	return NULL;
}

static void in_threads(work_fn work)
{
	struct worker workers[THREADS];

	ck_assert_int_eq(pthread_barrier_init(&start, NULL, THREADS + 1), 0);
	for (int i = 0; i < THREADS; i++) {
		workers[i] = (struct worker){ .work = work, .number = i };
		ck_assert_int_eq(pthread_create(&workers[i].thread, NULL, run, &workers[i]), 0);
	}
	pthread_barrier_wait(&start); /* until they are done this thread only waits */
	for (int i = 0; i < THREADS; i++)
		pthread_join(workers[i].thread, NULL);
	for (int i = 0; i < THREADS; i++)
		ck_assert_msg(workers[i].done, "thread %d failed, see above", i);
	pthread_barrier_destroy(&start);
}

static struct fwc_ruleset *parse(const char *text)
{
	struct fwc_error err;
	struct fwc_ruleset *rs = fwc_ruleset_parse(text, strlen(text), FWC_SYNTAX_NFT, &err);

	ck_assert_msg(rs != NULL, "%s", err.msg);
	return rs;
}

static void set_up(void)
{
	struct fwc_kernel *kernel;
	struct fwc_error err;

	ns_enter();
	declared = parse(
		"add table inet shared\n"
		"add set inet shared nets { type ipv4_addr; flags interval; }\n"
		"add element inet shared nets { 10.0.0.0/8, 192.0.2.1-192.0.2.9 }\n"
		"add set inet shared many { type inet_service; }\n"
		"add element inet shared many { 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12 }\n"
		"add map inet shared ports { type inet_service : verdict; }\n"
		"add element inet shared ports { 22 : accept, 23 : drop }\n"
		"add chain inet shared in { type filter hook input priority filter; }\n"
		"add rule inet shared in ip saddr @nets tcp dport { 80, 443 } counter accept\n"
		"add rule inet shared in tcp dport vmap @ports\n"
		"add rule inet shared in ct state established,related accept comment \"c\"\n"
		"add rule inet shared in meta mark & 0xff == 5 log prefix \"x\" drop\n");
	assert_ok(fwc_kernel_open(&kernel, NULL, &err), err);
	assert_ok(fwc_kernel_apply(kernel, declared, NULL, &err), err);
	assert_ok(fwc_kernel_load(kernel, FWC_FAMILY_ANY, NULL, &loaded, &err), err);
	assert_ok(fwc_interfaces_get(kernel, &interfaces, &err), err);
	fwc_kernel_close(kernel);
}

static void tear_down(void)
{
	fwc_ruleset_free(declared);
	fwc_ruleset_free(loaded);
	fwc_interfaces_free(interfaces);
}

/* Everything that can be read of a ruleset. */
static bool read_all(struct fwc_ruleset *rs)
{
	struct fwc_table *table = fwc_ruleset_find_table(rs, FWC_FAMILY_INET, "shared");
	struct fwc_chain *chain = fwc_table_chain_at(table, 0);
	struct fwc_set *set = fwc_ruleset_find_set(rs, FWC_FAMILY_INET, "shared", "nets");
	struct fwc_error err = { 0 };
	char line[256], *text = NULL;
	size_t len = 0;

	must(fwc_chain_count(chain) == 4 && fwc_set_count(set) == 2);
	for (size_t i = 0; i < fwc_chain_count(chain); i++) {
		const struct fwc_rule *rule = fwc_chain_at(chain, i);

		for (size_t j = 0; j < fwc_rule_count(rule); j++) {
			const struct fwc_item *item = fwc_rule_at(rule, j);

			must(fwc_item_kind(item) != FWC_ITEM_OPAQUE);
			must(fwc_item_left(item) || fwc_item_target(item));
		}
		must(fwc_rule_format(rule, FWC_SYNTAX_NFT, line, sizeof(line), NULL) == 0);
	}
	for (size_t i = 0; i < fwc_set_count(set); i++)
		must(fwc_element_format(fwc_set_at(set, i), line, sizeof(line), NULL) == 0);
	must(fwc_ruleset_format(rs, FWC_SYNTAX_NFT, 0, &text, &len, &err) == 0);
	must(strstr(text, "vmap @ports"));
	fwc_text_free(text);
	return true;
}

static bool read_shared(int number)
{
	const struct fwc_interface *lo = fwc_interfaces_find(interfaces, "lo");
	struct fwc_error err = { 0 };

	/* Half of them begin with the other ruleset. */
	must(read_all(number % 2 ? declared : loaded));
	must(read_all(number % 2 ? loaded : declared));
	must(lo && fwc_interface_index(lo) == 1 && fwc_interface_stats(lo));
	must(fwc_interface_address_at(lo, 0));
	return true;
}

START_TEST(rulesets_and_snapshots_are_read_by_all_threads)
{
	in_threads(read_shared);
}
END_TEST

/* ---- memory that runs out while they look at a rule for the first time ---- */

static struct fwc_ruleset *raw;
static unsigned long failing;
static pthread_barrier_t armed;
static char whole[4][256]; /* the rules, when nothing fails */

static bool read_or_be_told(int number)
{
	struct fwc_chain *chain = fwc_ruleset_find_chain(raw, FWC_FAMILY_INET, "shared", "in");
	struct fwc_error err = { 0 };
	char line[256];

	if (number == 0)
		fail_allocation(failing);
	pthread_barrier_wait(&armed);
	for (size_t i = 0; i < 4; i++) {
		const struct fwc_rule *rule = fwc_chain_at(chain, i);
		size_t items = fwc_rule_count(rule);
		int r = fwc_rule_format(rule, FWC_SYNTAX_NFT, line, sizeof(line), NULL);

		/* Never a rule that lost a match. */
		must(r == -ENOMEM || (r == 0 && !strcmp(line, whole[i])));
		must(items || fwc_ruleset_error(raw, &err) == -ENOMEM);
		must(fwc_rule_count(rule) == items);
	}
	return true;
}

static bool fails_in_round(struct fwc_kernel *kernel, unsigned long n)
{
	struct fwc_error err;
	int r;

	failing = n;
	assert_ok(fwc_kernel_load(kernel, FWC_FAMILY_INET, "shared", &raw, &err), err);
	in_threads(read_or_be_told);
	fail_allocation(0);
	r = fwc_ruleset_error(raw, &err);
	ck_assert(r == 0 || (r == -ENOMEM && err.rule < 4 && strstr(err.msg, "memory")));
	fwc_ruleset_free(raw);
	return r < 0;
}

START_TEST(rule_that_finds_no_memory_is_told_to_all_threads)
{
	struct fwc_chain *chain = fwc_ruleset_find_chain(loaded, FWC_FAMILY_INET, "shared", "in");
	struct fwc_kernel *kernel;
	struct fwc_error err;
	unsigned long n = 1;

	assert_ok(fwc_kernel_open(&kernel, NULL, &err), err);
	ck_assert_int_eq(pthread_barrier_init(&armed, NULL, THREADS), 0);
	for (size_t i = 0; i < 4; i++)
		ck_assert_int_eq(fwc_rule_format(fwc_chain_at(chain, i), FWC_SYNTAX_NFT, whole[i],
						 sizeof(whole[i]), NULL),
				 0);
	while (fails_in_round(kernel, n))
		n++;
	ck_assert_uint_gt(n, 2 * 4); /* each rule has some */
	pthread_barrier_destroy(&armed);
	fwc_kernel_close(kernel);
}
END_TEST

static bool build_own(int number)
{
	struct fwc_error err = { 0 };
	char name[16];

	for (int round = 0; round < ROUNDS * 10; round++) {
		struct fwc_ruleset *rs = fwc_ruleset_new();
		struct fwc_chain *chain;
		char *text;

		snprintf(name, sizeof(name), "t%d", number);
		chain = fwc_table_add_chain(fwc_ruleset_add_table(rs, FWC_FAMILY_INET, name, 0),
					    "c", NULL);
		must(fwc_chain_append_text(chain, FWC_SYNTAX_NFT, "tcp dport { 22, 80 } accept"));
		must(fwc_rule_match(fwc_chain_append(chain), FWC_FIELD_CT_STATE, FWC_OP_ANY_OF,
				    "new,established") == 0);
		must(fwc_ruleset_format(rs, FWC_SYNTAX_NFT, 0, &text, NULL, &err) == 0);
		must(strstr(text, name));
		fwc_text_free(text);
		fwc_ruleset_free(rs);
	}
	return true;
}

START_TEST(rulesets_of_their_own_are_built_at_the_same_time)
{
	in_threads(build_own);
}
END_TEST

static bool add_by_batch(struct fwc_kernel *kernel, int number)
{
	struct fwc_place place = { .family = FWC_FAMILY_INET, .table = "shared", .chain = "in" };
	struct fwc_batch *batch = fwc_batch_new();
	struct fwc_rule *rule = fwc_batch_add_rule(batch, &place);
	struct fwc_error err = { 0 };

	must(fwc_rule_match_u64(rule, FWC_FIELD_UDP_DPORT, FWC_OP_EQ, (uint64_t)number + 1,
				(uint64_t)number + 1) == 0);
	must(fwc_rule_verdict(rule, FWC_VERDICT_ACCEPT, NULL) == 0);
	must(fwc_kernel_commit(kernel, batch, &err) == 0);
	fwc_batch_free(batch);
	return true;
}

/* Each commit is an event of this namespace, and no other's comes. */
static bool read_events(struct fwc_watch *watch, int commits)
{
	struct pollfd pfd = { .fd = fwc_watch_fd(watch), .events = POLLIN };
	const struct fwc_event *event;
	struct fwc_error err = { 0 };

	while (commits > 0) {
		int r = fwc_watch_next(watch, &event, &err);

		must(r >= 0);
		if (r == 0)
			must(poll(&pfd, 1, 60000) == 1);
		else
			must(fwc_event_is_own(event));
		if (r > 0 && fwc_event_kind(event) == FWC_EVENT_COMMIT)
			commits--;
	}
	must(fwc_watch_next(watch, &event, &err) == 0);
	return true;
}

static bool change_own(struct fwc_kernel *kernel, struct fwc_watch *watch, int number)
{
	struct fwc_ruleset *now;
	struct fwc_interfaces *list;
	struct fwc_error err = { 0 };

	/* The declared ruleset is everybody's; what a batch added to the chain goes again. */
	must(fwc_kernel_apply(kernel, declared, NULL, &err) == 0);
	must(add_by_batch(kernel, number));
	must(fwc_kernel_load(kernel, FWC_FAMILY_INET, "shared", &now, &err) == 0);
	must(fwc_chain_count(fwc_ruleset_find_chain(now, FWC_FAMILY_INET, "shared", "in")) == 5);
	fwc_ruleset_free(now);
	must(fwc_interfaces_get(kernel, &list, &err) == 0);
	must(fwc_interfaces_count(list) >= 1);
	fwc_interfaces_free(list);
	must(read_events(watch, 2));
	return true;
}

static bool work_in_own_namespace(int number)
{
	struct fwc_error err = { 0 };
	struct fwc_kernel *kernel;
	struct fwc_watch *watch;
	bool ok = true;

	must(unshare(CLONE_NEWNET) == 0);
	must(fwc_kernel_open(&kernel, NULL, &err) == 0);
	must(fwc_watch_open(kernel, &watch, &err) == 0);
	for (int round = 0; ok && round < ROUNDS; round++)
		ok = change_own(kernel, watch, number);
	fwc_watch_close(watch);
	fwc_kernel_close(kernel);
	return ok;
}

START_TEST(kernel_objects_of_their_own_work_at_the_same_time)
{
	in_threads(work_in_own_namespace);
}
END_TEST

/* A kernel object may go from one thread to another, whatever namespace that is in. */
static struct fwc_kernel *handed_on;

static bool use_handed_on(int number)
{
	static pthread_mutex_t one_at_a_time = PTHREAD_MUTEX_INITIALIZER;
	struct fwc_ruleset *rs = NULL;
	struct fwc_error err = { 0 };
	int r;

	(void)number;
	must(unshare(CLONE_NEWNET) == 0);
	pthread_mutex_lock(&one_at_a_time);
	r = fwc_kernel_load(handed_on, FWC_FAMILY_INET, "shared", &rs, &err);
	pthread_mutex_unlock(&one_at_a_time);
	must(r == 0);
	must(read_all(rs));
	fwc_ruleset_free(rs);
	return true;
}

START_TEST(kernel_object_goes_from_thread_to_thread)
{
	struct fwc_error err;

	assert_ok(fwc_kernel_open(&handed_on, NULL, &err), err);
	in_threads(use_handed_on);
	fwc_kernel_close(handed_on);
}
END_TEST

static Suite *threads_suite(void)
{
	Suite *s = suite_create("threads");
	TCase *tc = tcase_create("threads");

	tcase_add_checked_fixture(tc, set_up, tear_down);
	tcase_add_test(tc, rulesets_and_snapshots_are_read_by_all_threads);
	tcase_add_test(tc, rule_that_finds_no_memory_is_told_to_all_threads);
	tcase_add_test(tc, rulesets_of_their_own_are_built_at_the_same_time);
	tcase_add_test(tc, kernel_objects_of_their_own_work_at_the_same_time);
	tcase_add_test(tc, kernel_object_goes_from_thread_to_thread);
	suite_add_tcase(s, tc);
	return s;
}

TEST_MAIN(threads_suite)
