/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Options of earlier and of later programs: each options struct with each size. It ends where the memory of the process
 * ends, so that a library that reads more than the program passed is caught.
 */
#include <fcntl.h>
#include <fwcore/fwcore.h>
#include <sys/mman.h>
#include <unistd.h>

#include "../check.h"

enum { MOST = 4096 }; /* a larger size is none */

static struct fwc_error err;
static struct fwc_ruleset *ruleset;
static struct fwc_table *table;
static struct fwc_kernel *kernel;
static struct fwc_settings *settings;
static uint8_t *end; /* behind it nothing can be read */
static int container = -1;

/* What an options struct is passed to: 0, or why it is refused. */
typedef int (*use_fn)(const void *opts);

static int finish(int r)
{
	int kept = fwc_ruleset_error(ruleset, &err);

	fwc_ruleset_free(ruleset);
	ck_assert_int_eq(kept, r < 0 ? r : kept);
	return kept;
}

static void start(void)
{
	ruleset = fwc_ruleset_new();
	table = fwc_ruleset_add_table(ruleset, FWC_FAMILY_INET, "t", 0);
}

static int use_base(const void *opts)
{
	start();
	fwc_table_add_chain(table, "c", opts);
	return finish(0);
}

static int use_set(const void *opts)
{
	start();
	fwc_table_add_set(table, "s", "ipv4_addr", opts);
	return finish(0);
}

static int use_element(const void *opts)
{
	struct fwc_set_opts set = { .size = sizeof(set), .flags = FWC_SET_TIMEOUT };

	start();
	return finish(fwc_set_add(fwc_table_add_set(table, "s", "ipv4_addr", &set), "192.0.2.1",
				  NULL, opts));
}

static int use_batch_element(const void *opts)
{
	struct fwc_batch *batch = fwc_batch_new();
	int r = fwc_batch_add_element(batch, FWC_FAMILY_INET, "t", "s", "192.0.2.1", NULL, 0, opts);

	ck_assert_int_eq(fwc_batch_error(batch, &err), r);
	fwc_batch_free(batch);
	return r;
}

static int use_nat(const void *opts)
{
	struct fwc_base_opts base = { .size = sizeof(base),
				      .type = FWC_CHAIN_NAT,
				      .hook = FWC_HOOK_PREROUTING };
	struct fwc_rule *rule;

	start();
	rule = fwc_chain_append(fwc_table_add_chain(table, "c", &base));
	fwc_rule_match(rule, FWC_FIELD_TCP_DPORT, FWC_OP_EQ, "80");
	return finish(fwc_rule_nat(rule, FWC_TARGET_REDIRECT, opts));
}

static int use_kernel(const void *opts)
{
	struct fwc_kernel *other = NULL;
	int r = fwc_kernel_open(&other, opts, &err);

	fwc_kernel_close(other);
	return r;
}

static int use_apply(const void *opts)
{
	int r;

	start();
	r = fwc_kernel_apply(kernel, ruleset, opts, &err);
	fwc_ruleset_free(ruleset);
	return r;
}

static int use_commit_plan(const void *opts)
{
	struct fwc_plan *plan;
	int r;

	start();
	assert_ok(fwc_kernel_plan(kernel, ruleset, &plan, &err), err);
	r = fwc_kernel_commit_plan(kernel, plan, opts, &err);
	fwc_plan_free(plan);
	fwc_ruleset_free(ruleset);
	return r;
}

static int use_network(const void *opts)
{
	int r = fwc_network_create(kernel, "net0", opts, &err);

	if (r == 0)
		ck_assert_int_eq(fwc_network_delete(kernel, "net0", NULL), 0);
	return r;
}

static int use_attach(const void *opts)
{
	int r = fwc_network_attach(kernel, "net1", "c1", container, opts, &err);

	if (r == 0)
		ck_assert_int_eq(fwc_network_detach(kernel, "net1", "c1", NULL), 0);
	return r;
}

static int use_optimize(const void *opts)
{
	struct fwc_ruleset *rs = fwc_ruleset_new();
	int r = fwc_ruleset_optimize(rs, opts, NULL, &err);

	fwc_ruleset_free(rs);
	return r;
}

static const struct fwc_base_opts base = { .type = FWC_CHAIN_FILTER,
					   .hook = FWC_HOOK_INPUT,
					   .policy = FWC_VERDICT_DROP,
					   .priority = "5" };
static const struct fwc_set_opts set = { .flags = FWC_SET_INTERVAL,
					 .max_elements = 9,
					 .timeout_ms = 1000 };
static const struct fwc_element_opts element = { .timeout_ms = 1000, .comment = "c", .tag = "t" };
static const struct fwc_nat_opts nat = { .port_min = 8080 };
static const struct fwc_optimize_opts optimize = { .min_rules = 3 };
static const struct fwc_kernel_opts kernel_opts = { .owner = "options" };
static const struct fwc_apply_opts apply = { .retries = 3 };
static const struct fwc_network_opts network = { .subnet4 = "172.30.1.0/24",
						 .gateway4 = "172.30.1.1",
						 .mtu = 1400 };
static const struct fwc_attach_opts attach = { .interface = "net9" };

#define OPTS(type, content) sizeof(struct type), &(content)

/* `least`: where the first field ends that the call cannot do without. Its options may be smaller, but then lack it. */
static const struct options {
	size_t size;
	const void *content;
	use_fn use;
	size_t least;
} memory_options[] = {
	{ OPTS(fwc_base_opts, base), use_base, sizeof(size_t) },
	{ OPTS(fwc_set_opts, set), use_set, sizeof(size_t) },
	{ OPTS(fwc_element_opts, element), use_element, sizeof(size_t) },
	{ OPTS(fwc_element_opts, element), use_batch_element, sizeof(size_t) },
	{ OPTS(fwc_nat_opts, nat), use_nat, sizeof(size_t) },
	{ OPTS(fwc_optimize_opts, optimize), use_optimize, sizeof(size_t) },
}, kernel_options[] = {
	{ OPTS(fwc_kernel_opts, kernel_opts), use_kernel, sizeof(size_t) },
	{ OPTS(fwc_apply_opts, apply), use_apply, sizeof(size_t) },
	{ OPTS(fwc_apply_opts, apply), use_commit_plan, sizeof(size_t) },
	{ OPTS(fwc_network_opts, network), use_network, sizeof(size_t) + sizeof(char *) },
	{ OPTS(fwc_attach_opts, attach), use_attach, sizeof(size_t) },
};
enum {
	MEMORY_OPTIONS = sizeof(memory_options) / sizeof(memory_options[0]),
	KERNEL_OPTIONS = sizeof(kernel_options) / sizeof(kernel_options[0]),
};

/* The options as a program has them whose struct is that large; what is behind up to the next boundary is rubbish. */
static uint8_t *place(const struct options *o, size_t size)
{
	uint8_t *opts = end - (size + 7) / 8 * 8;

	memset(opts, 0xff, (size_t)(end - opts));
	memset(opts, 0, size);
	memcpy(opts, o->content, size < o->size ? size : o->size);
	memcpy(opts, &size, size < sizeof(size) ? size : sizeof(size));
	return opts;
}

static void check_smaller(const struct options *o)
{
	for (size_t size = sizeof(size_t); size <= o->size; size += sizeof(uint32_t)) {
		int r = o->use(place(o, size));

		if (size >= o->least)
			ck_assert_msg(r == 0, "%zu of %zu bytes: %d %s", size, o->size, r, err.msg);
		else
			ck_assert_int_eq(r, -EINVAL);
	}
}

static void check_larger(const struct options *o)
{
	static const size_t more[] = { 1, 8, 100 };
	uint8_t *opts;

	for (size_t i = 0; i < sizeof(more) / sizeof(more[0]); i++) {
		opts = place(o, o->size + more[i]);
		assert_ok(o->use(opts), err);
		opts[o->size + more[i] - 1] = 1;
		ck_assert_int_eq(o->use(opts), -E2BIG);
		assert_error(&err, -E2BIG, "");
	}
	opts = place(o, MOST);
	assert_ok(o->use(opts), err);
	opts[o->size] = 1;
	ck_assert_int_eq(o->use(opts), -E2BIG);
}

static void check_wrong(const struct options *o)
{
	static const size_t wrong[] = { 0, 1, sizeof(size_t) - 1, MOST + 1, SIZE_MAX };

	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
		uint8_t *opts = place(o, o->size);

		memcpy(opts, &wrong[i], sizeof(wrong[i]));
		ck_assert_msg(o->use(opts) == -EINVAL, "size %zu is taken", wrong[i]);
	}
}

START_TEST(smaller_options_have_defaults_for_the_rest)
{
	check_smaller(&memory_options[_i]);
}
END_TEST

START_TEST(larger_options_are_taken_while_the_rest_is_zero)
{
	check_larger(&memory_options[_i]);
}
END_TEST

START_TEST(options_without_a_size_are_refused)
{
	check_wrong(&memory_options[_i]);
}
END_TEST

START_TEST(smaller_options_of_kernel_calls_have_defaults_for_the_rest)
{
	check_smaller(&kernel_options[_i]);
}
END_TEST

START_TEST(larger_options_of_kernel_calls_are_taken_while_the_rest_is_zero)
{
	check_larger(&kernel_options[_i]);
}
END_TEST

START_TEST(options_of_kernel_calls_without_a_size_are_refused)
{
	check_wrong(&kernel_options[_i]);
}
END_TEST

static void map_memory(void)
{
	size_t page = (size_t)sysconf(_SC_PAGESIZE), room = MOST + page;

	end = mmap(NULL, room + page, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	ck_assert_ptr_ne(end, MAP_FAILED);
	end += room - room % page;
	ck_assert_int_eq(mprotect(end, page, PROT_NONE), 0);
}

static void open_kernel(void)
{
	struct fwc_network_opts opts = { .size = sizeof(opts), .subnet4 = "172.30.0.0/24" };
	int r;

	ns_enter();
	assert_ok(fwc_kernel_open(&kernel, NULL, &err), err);
	r = fwc_forwarding_change(kernel, FWC_FAMILY_IP, NULL, true, 0, &settings, &err);
	if (r == -EROFS || r == -EPERM || r == -EOPNOTSUPP)
		test_skip("forwarding cannot be switched on: %s", err.msg);
	assert_ok(r, err);
	assert_ok(fwc_network_create(kernel, "net1", &opts, &err), err);
	container = ns_new();
}

static void close_kernel(void)
{
	fwc_settings_free(settings);
	fwc_kernel_close(kernel);
	close(container);
}

static Suite *options_suite(void)
{
	Suite *s = suite_create("options");
	TCase *memory = tcase_create("memory"), *of_kernel = tcase_create("kernel");

	tcase_add_checked_fixture(memory, map_memory, NULL);
	tcase_add_loop_test(memory, smaller_options_have_defaults_for_the_rest, 0, MEMORY_OPTIONS);
	tcase_add_loop_test(memory, larger_options_are_taken_while_the_rest_is_zero, 0,
			    MEMORY_OPTIONS);
	tcase_add_loop_test(memory, options_without_a_size_are_refused, 0, MEMORY_OPTIONS);
	suite_add_tcase(s, memory);
	tcase_add_checked_fixture(of_kernel, map_memory, NULL);
	tcase_add_checked_fixture(of_kernel, open_kernel, close_kernel);
	tcase_add_loop_test(of_kernel, smaller_options_of_kernel_calls_have_defaults_for_the_rest,
			    0, KERNEL_OPTIONS);
	tcase_add_loop_test(of_kernel,
			    larger_options_of_kernel_calls_are_taken_while_the_rest_is_zero, 0,
			    KERNEL_OPTIONS);
	tcase_add_loop_test(of_kernel, options_of_kernel_calls_without_a_size_are_refused, 0,
			    KERNEL_OPTIONS);
	suite_add_tcase(s, of_kernel);
	return s;
}

TEST_MAIN(options_suite)
