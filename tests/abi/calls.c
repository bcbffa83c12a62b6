/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Every public function with NULL, with numbers and texts that mean nothing, and after fork: calls.py writes the calls. */
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "calls.h"

enum { SENTINEL = 0xa5 };

const char *const long_text =
	"a text that is longer than any name of the kernel, of an interface or of a container may be; "
	"a text that is longer than any comment or tag, which are cut nowhere, because what is cut is "
	"another name; a text that is longer than the prefix of a log and than the buffer of the test; "
	"a text of a good three hundred bytes and more";

const uint64_t zeros[128];

static bool has_kernel;

/* Objects that the function under test may have freed are not freed again, and stay in reach of a search for leaks. */
static struct fixture *all[8192];
static const void *results[8192];
static const struct fixture *of_kernel;
static size_t all_count, results_count;

static void make_small(struct fixture *f)
{
	assert_ok(fwc_ip_parse("192.0.2.1", f->ip, f->error), *f->error);
	*f->port = (struct fwc_port){ .protocol = 6, .host_port = 8080, .port = 80, .count = 1 };
	*f->place = (struct fwc_place){ .family = FWC_FAMILY_INET, .table = "t", .chain = "c" };
	*f->kernel_opts = (struct fwc_kernel_opts){ .size = sizeof(*f->kernel_opts) };
	*f->apply_opts = (struct fwc_apply_opts){ .size = sizeof(*f->apply_opts) };
	*f->base_opts =
		(struct fwc_base_opts){ .size = sizeof(*f->base_opts), .hook = FWC_HOOK_INPUT };
	*f->set_opts = (struct fwc_set_opts){ .size = sizeof(*f->set_opts) };
	*f->element_opts = (struct fwc_element_opts){ .size = sizeof(*f->element_opts) };
	*f->nat_opts = (struct fwc_nat_opts){ .size = sizeof(*f->nat_opts), .port_min = 80 };
	*f->iptables_file_opts =
		(struct fwc_iptables_file_opts){ .size = sizeof(*f->iptables_file_opts) };
	*f->optimize_opts = (struct fwc_optimize_opts){ .size = sizeof(*f->optimize_opts) };
	*f->network_opts = (struct fwc_network_opts){ .size = sizeof(*f->network_opts),
						      .subnet4 = "172.30.0.0/24" };
	*f->attach_opts = (struct fwc_attach_opts){ .size = sizeof(*f->attach_opts) };
	*f->next_hop = (struct fwc_next_hop){ .interface = 1 };
	*f->route = (struct fwc_route){
		.destination = *f->ip, .prefix_len = 32, .hops = f->next_hop, .hop_count = 1
	};
	*f->route_lookup_opts =
		(struct fwc_route_lookup_opts){ .size = sizeof(*f->route_lookup_opts) };
}

static void make_model(struct fixture *f)
{
	f->ruleset = fwc_ruleset_new();
	f->table = fwc_ruleset_add_table(f->ruleset, FWC_FAMILY_INET, "t", 0);
	f->chain = fwc_table_add_chain(f->table, "c", NULL);
	f->set = fwc_table_add_set(f->table, "s", "ipv4_addr", NULL);
	ck_assert_int_eq(fwc_set_add(f->set, "198.51.100.1", NULL, NULL), 0);
	f->element = fwc_set_at(f->set, 0);
	f->rule = fwc_chain_append_text(f->chain, FWC_SYNTAX_NFT, "tcp dport 22 counter");
	f->item = fwc_rule_at(f->rule, 0);
	f->value = fwc_value_number(22);
	f->values[0] = f->value;
	f->values[1] = fwc_value_number(80);
	f->target = fwc_target_new(FWC_TARGET_COUNTER);
	f->batch = fwc_batch_new();
	f->iptables = fwc_iptables_new(FWC_FAMILY_IP);
	f->words[0] = "-S";
	f->words[1] = "INPUT";
	assert_ok(fwc_ruleset_optimize(f->ruleset, NULL, &f->folds, f->error), *f->error);
	f->fold = fwc_folds_at(f->folds, 0);
	ck_assert_ptr_nonnull(f->fold);
	ck_assert_ptr_nonnull(f->item);
	ck_assert_ptr_nonnull(f->element);
	ck_assert_int_eq(fwc_ruleset_error(f->ruleset, NULL), 0);
}

static void make_of_kernel(struct fixture *f)
{
	assert_ok(fwc_kernel_open(&f->kernel, NULL, f->error), *f->error);
	assert_ok(fwc_kernel_plan(f->kernel, f->ruleset, &f->plan, f->error), *f->error);
	assert_ok(fwc_watch_open(f->kernel, &f->watch, f->error), *f->error);
	assert_ok(fwc_kernel_apply(f->kernel, f->ruleset, NULL, f->error), *f->error);
	(void)fwc_watch_next(f->watch, &f->event, f->error);
	assert_ok(fwc_interfaces_get(f->kernel, &f->interfaces, f->error), *f->error);
	f->interface = fwc_interfaces_at(f->interfaces, 0);
	f->interface_address = fwc_interface_address_at(f->interface, 0);
	assert_ok(fwc_routes_get(f->kernel, FWC_FAMILY_ANY, &f->routes, f->error), *f->error);
	(void)fwc_forwarding_change(f->kernel, FWC_FAMILY_IP, NULL, true, 0, &f->settings,
				    f->error);
	assert_ok(fwc_features_get(f->kernel, &f->features, f->error), *f->error);
	f->feature = fwc_features_at(f->features, 0);
	(void)fwc_network_create(f->kernel, "net0", f->network_opts, f->error);
	assert_ok(fwc_networks_get(f->kernel, &f->networks, f->error), *f->error);
	f->network = fwc_networks_at(f->networks, 0);
	f->netns_fd = open("/proc/self/ns/net", O_RDONLY | O_CLOEXEC);
	of_kernel = f;
}

static void share_of_kernel(struct fixture *f)
{
	f->kernel = of_kernel->kernel;
	f->plan = of_kernel->plan;
	f->watch = of_kernel->watch;
	f->event = of_kernel->event;
	f->interfaces = of_kernel->interfaces;
	f->interface = of_kernel->interface;
	f->interface_address = of_kernel->interface_address;
	f->routes = of_kernel->routes;
	f->settings = of_kernel->settings;
	f->features = of_kernel->features;
	f->feature = of_kernel->feature;
	f->networks = of_kernel->networks;
	f->network = of_kernel->network;
	f->netns_fd = of_kernel->netns_fd;
}

void fixture_released(void)
{
	of_kernel = NULL;
}

struct fixture *fixture_new(bool failed)
{
	struct fixture *f = calloc(1, sizeof(*f));

	ck_assert_ptr_nonnull(f);
	ck_assert_uint_lt(all_count, sizeof(all) / sizeof(all[0]));
	all[all_count++] = f;
	make_small(f);
	make_model(f);
	if (has_kernel && of_kernel)
		share_of_kernel(f);
	else if (has_kernel)
		make_of_kernel(f);
	if (failed) {
		ck_assert_int_lt(fwc_rule_match(f->rule, FWC_FIELD_TCP_DPORT, FWC_OP_EQ, "70000"),
				 0);
		ck_assert_int_lt(fwc_batch_del_rule(f->batch, NULL), 0);
		ck_assert_int_lt(fwc_target_set_number(f->target, 99, 1), 0);
	}
	memset(f->out, SENTINEL, sizeof(f->out));
	return f;
}

static void check_untouched(const struct fixture *f)
{
	const uint8_t *bytes = (const uint8_t *)f->out;

	for (size_t i = 0; i < sizeof(f->out); i++)
		ck_assert_msg(bytes[i] == SENTINEL,
			      "a call that failed wrote to byte %zu of ret%zu",
			      i % sizeof(f->out[0]), i / sizeof(f->out[0]));
}

void check_int(const struct fixture *f, long long n, enum expected expected)
{
	if (n < 0)
		check_untouched(f);
	if (expected == REFUSED)
		ck_assert_int_eq(n, -EINVAL);
}

void check_bool(const struct fixture *f, long long n, enum expected expected)
{
	if (!n)
		check_untouched(f);
	if (expected == REFUSED)
		ck_assert_int_eq(n, 0);
}

void check_number(const struct fixture *f, long long n, enum expected expected)
{
	(void)f;
	if (expected == REFUSED)
		ck_assert_int_eq(n, 0);
}

void check_pointer(const struct fixture *f, const void *p, enum expected expected)
{
	(void)f;
	ck_assert_uint_lt(results_count, sizeof(results) / sizeof(results[0]));
	results[results_count++] = p;
	if (expected == REFUSED)
		ck_assert_ptr_null(p);
}

struct answer {
	long long n;
	struct fixture f;
};

void check_in_child(long long (*call)(struct fixture *f))
{
	struct answer *answer = mmap(NULL, sizeof(*answer), PROT_READ | PROT_WRITE,
				     MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	struct fixture *f = fixture_new(false);
	struct fwc_interfaces *list;
	int status = 0;
	pid_t pid;

	ck_assert_ptr_ne(answer, MAP_FAILED);
	pid = fork();
	ck_assert_int_ge(pid, 0);
	if (pid == 0) {
		answer->n = call(f);
		answer->f = *f;
		_exit(0);
	}
	while (waitpid(pid, &status, 0) < 0)
		ck_assert_int_eq(errno, EINTR);
	ck_assert_int_eq(status, 0);
	ck_assert_int_eq(answer->n, -ECHILD);
	check_untouched(&answer->f);
	assert_error(answer->f.error, -ECHILD, "process");
	assert_ok(fwc_interfaces_get(f->kernel, &list, f->error), *f->error);
	fwc_interfaces_free(list);
}

static void with_kernel(void)
{
	ns_enter();
	has_kernel = true;
}

static Suite *calls_suite(void)
{
	Suite *s = suite_create("calls");
	TCase *memory = tcase_create("memory"), *kernel = tcase_create("kernel"),
	      *forked = tcase_create("fork");

	add_memory_calls(memory);
	suite_add_tcase(s, memory);
	tcase_add_checked_fixture(kernel, with_kernel, NULL);
	add_kernel_calls(kernel);
	suite_add_tcase(s, kernel);
	tcase_add_checked_fixture(forked, with_kernel, NULL);
	add_fork_calls(forked);
	suite_add_tcase(s, forked);
	return s;
}

TEST_MAIN(calls_suite)
