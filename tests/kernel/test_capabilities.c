/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Which call needs which capability, and what works where /proc or /sys is not as usual.
 *
 * docs/CAPABILITIES.md has these tables: the last test compares them line by line, the others try each line out. */
#include <fcntl.h>
#include <linux/capability.h>
#include <sched.h>
#include <stdbool.h>
#include <stdio.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <fwcore/fwcore.h>

#include "../check.h"

#define COUNT(array) (sizeof(array) / sizeof(*(array)))
#define BIT(capability) (1ULL << (capability))

static struct fwc_kernel *k;
static struct fwc_error err;
static int container; /* its namespace */

/* ---- the calls ---- */

static struct fwc_ruleset *one_rule(void)
{
	const struct fwc_base_opts base = { .size = sizeof(base), .hook = FWC_HOOK_INPUT };
	struct fwc_ruleset *rs = fwc_ruleset_new();
	struct fwc_table *t = fwc_ruleset_add_table(rs, FWC_FAMILY_INET, "t", 0);

	fwc_chain_append_text(fwc_table_add_chain(t, "c", &base), FWC_SYNTAX_NFT,
			      "tcp dport 22 accept");
	return rs;
}

static int open_own(void)
{
	return 0; /* each call begins with that */
}

static int open_other(void)
{
	const struct fwc_kernel_opts opts = { .size = sizeof(opts), .netns_fd = container };
	struct fwc_kernel *other;
	int r = fwc_kernel_open(&other, &opts, &err);

	if (r == 0)
		fwc_kernel_close(other);
	return r;
}

static int load(void)
{
	struct fwc_ruleset *rs;
	int r = fwc_kernel_load(k, FWC_FAMILY_ANY, NULL, &rs, &err);

	if (r == 0)
		fwc_ruleset_free(rs);
	return r;
}

static int load_sets(void)
{
	struct fwc_ruleset *rs;
	int r = fwc_kernel_load_sets(k, FWC_FAMILY_INET, "t", NULL, &rs, &err);

	if (r == 0)
		fwc_ruleset_free(rs);
	return r;
}

static int reset(void)
{
	struct fwc_ruleset *rs;
	int r = fwc_kernel_reset(k, FWC_RESET_COUNTERS, FWC_FAMILY_INET, "t", NULL, &rs, &err);

	if (r == 0)
		fwc_ruleset_free(rs);
	return r;
}

static int plan(void)
{
	struct fwc_ruleset *rs = one_rule();
	struct fwc_plan *made = NULL;
	int r = fwc_kernel_plan(k, rs, &made, &err);

	fwc_plan_free(made);
	fwc_ruleset_free(rs);
	return r;
}

static int features(void)
{
	struct fwc_features *made = NULL;
	int r = fwc_features_get(k, &made, &err);

	fwc_features_free(made);
	return r;
}

static int commit_plan(void)
{
	struct fwc_ruleset *rs = one_rule();
	struct fwc_plan *made = NULL;
	int r = fwc_kernel_plan(k, rs, &made, &err);

	if (r == 0)
		r = fwc_kernel_commit_plan(k, made, NULL, &err);
	fwc_plan_free(made);
	fwc_ruleset_free(rs);
	return r;
}

/* Of a plan that has nothing to do, as carrying that out needs no more than what is asked about. */
static int plan_undo(void)
{
	struct fwc_ruleset *rs = fwc_ruleset_new();
	struct fwc_plan *made = NULL, *undo = NULL;
	int r = fwc_kernel_plan(k, rs, &made, &err);

	if (r == 0)
		r = fwc_kernel_commit_plan(k, made, NULL, &err);
	if (r == 0)
		r = fwc_kernel_plan_undo(k, made, &undo, &err);
	fwc_plan_free(undo);
	fwc_plan_free(made);
	fwc_ruleset_free(rs);
	return r;
}

static int apply(void)
{
	struct fwc_ruleset *rs = one_rule();
	int r = fwc_kernel_apply(k, rs, NULL, &err);

	fwc_ruleset_free(rs);
	return r;
}

static int commit(void)
{
	const struct fwc_place place = { .family = FWC_FAMILY_INET, .table = "t", .chain = "c" };
	struct fwc_batch *batch = fwc_batch_new();
	int r;

	fwc_batch_add_rule_text(batch, &place, FWC_SYNTAX_NFT, "tcp dport 80 accept");
	r = fwc_kernel_commit(k, batch, &err);
	fwc_batch_free(batch);
	return r;
}

static int watch(void)
{
	struct fwc_watch *w = NULL;
	int r = fwc_watch_open(k, &w, &err);

	fwc_watch_close(w);
	return r;
}

static struct fwc_kernel *there;

static void have_other(void)
{
	const struct fwc_kernel_opts opts = { .size = sizeof(opts), .netns_fd = container };

	assert_ok(fwc_kernel_open(&there, &opts, &err), err);
}

static int watch_other(void)
{
	struct fwc_watch *w = NULL;
	int r = fwc_watch_open(there, &w, &err);

	fwc_watch_close(w);
	return r;
}

static int interfaces(void)
{
	struct fwc_interfaces *list = NULL;
	int r = fwc_interfaces_get(k, &list, &err);

	fwc_interfaces_free(list);
	return r;
}

static const struct fwc_route blackhole = { .destination = { FWC_FAMILY_IP, { 10 } },
					    .prefix_len = 8,
					    .type = FWC_ROUTE_BLACKHOLE };

static int routes(void)
{
	struct fwc_routes *list = NULL;
	int r = fwc_routes_get(k, FWC_FAMILY_ANY, &list, &err);

	fwc_routes_free(list);
	return r;
}

/* Where lo is up there is a way to 127/8. */
static int route_lookup(void)
{
	const struct fwc_ip to = { FWC_FAMILY_IP, { 127, 0, 0, 1 } };
	struct fwc_routes *list = NULL;
	int r = fwc_route_lookup(k, &to, NULL, &list, &err);

	fwc_routes_free(list);
	return r;
}

static int route_add(void)
{
	return fwc_route_add(k, &blackhole, &err);
}

static int route_replace(void)
{
	return fwc_route_replace(k, &blackhole, &err);
}

static void have_route(void)
{
	assert_ok(fwc_route_add(k, &blackhole, &err), err);
}

static int route_delete(void)
{
	return fwc_route_delete(k, &blackhole, &err);
}

static int forwarding_get(void)
{
	bool on;

	return fwc_forwarding_get(k, FWC_FAMILY_IP6, NULL, &on, &err);
}

static int forwarding_set(void)
{
	int r = fwc_forwarding_set(k, FWC_FAMILY_IP, NULL, false, &err);

	return r < 0 ? r : fwc_forwarding_set(k, FWC_FAMILY_IP, NULL, true, &err);
}

static int forwarding_change(void)
{
	struct fwc_settings *before = NULL;
	int r = fwc_forwarding_change(k, FWC_FAMILY_IP, NULL, false, 0, &before, &err);

	if (r == 0)
		r = fwc_settings_restore(k, before, &err);
	fwc_settings_free(before);
	return r;
}

static struct fwc_settings *changed;

static void change_forwarding(void)
{
	assert_ok(fwc_forwarding_change(k, FWC_FAMILY_IP, NULL, false, 0, &changed, &err), err);
}

static int restore(void)
{
	return fwc_settings_restore(k, changed, &err);
}

static int network_create(void)
{
	const struct fwc_network_opts opts = { .size = sizeof(opts),
					       .subnet4 = "172.30.0.0/24",
					       .subnet6 = "fd30::/64" };

	return fwc_network_create(k, "fbr0", &opts, &err);
}

static void have_network(void)
{
	assert_ok(network_create(), err);
}

static int network_delete(void)
{
	return fwc_network_delete(k, "fbr0", &err);
}

static int network_attach(void)
{
	return fwc_network_attach(k, "fbr0", "c1", container, NULL, &err);
}

static void have_container(void)
{
	have_network();
	assert_ok(network_attach(), err);
}

static int network_detach(void)
{
	return fwc_network_detach(k, "fbr0", "c1", &err);
}

static const struct fwc_port port = { .protocol = 6, .host_port = 8080, .port = 80 };

static int network_publish(void)
{
	return fwc_network_publish(k, "fbr0", "c1", &port, &err);
}

static void have_port(void)
{
	have_container();
	assert_ok(network_publish(), err);
}

static int network_unpublish(void)
{
	return fwc_network_unpublish(k, "fbr0", "c1", &port, &err);
}

static int networks_get(void)
{
	struct fwc_networks *list = NULL;
	int r = fwc_networks_get(k, &list, &err);

	fwc_networks_free(list);
	return r;
}

static void have_table(void)
{
	assert_ok(apply(), err);
}

/* ---- the first table ---- */

enum {
	NET = 1 << 0,
	SYS = 1 << 1,
};

static const struct {
	unsigned int bit;
	int capability;
	const char *name;
} capabilities[] = {
	{ NET, CAP_NET_ADMIN, "CAP_NET_ADMIN" },
	{ SYS, CAP_SYS_ADMIN, "CAP_SYS_ADMIN" },
};

static const struct {
	const char *name, *needs, *whose; /* as the document says */
	unsigned int bits;
	void (*before)(void); /* with all capabilities */
	int (*call)(void); /* with those alone, and with each of them missing */
} calls[] = {
	{ "`fwc_kernel_open()`", "none", "", 0, NULL, open_own },
	{ "`fwc_kernel_open()`, netns_fd or netns_path", "CAP_SYS_ADMIN",
	  "the namespace that is entered, and the caller's own user namespace", SYS, NULL,
	  open_other },
	{ "`fwc_kernel_load()`", "CAP_NET_ADMIN", "the network namespace", NET, NULL, load },
	{ "`fwc_kernel_load_sets()`", "CAP_NET_ADMIN", "the network namespace", NET, have_table,
	  load_sets },
	{ "`fwc_kernel_reset()`", "CAP_NET_ADMIN", "the network namespace", NET, have_table,
	  reset },
	{ "`fwc_kernel_plan()`", "CAP_NET_ADMIN", "the network namespace", NET, NULL, plan },
	{ "`fwc_kernel_commit_plan()`", "CAP_NET_ADMIN", "the network namespace", NET, NULL,
	  commit_plan },
	{ "`fwc_kernel_plan_undo()`", "CAP_NET_ADMIN", "the network namespace", NET, NULL,
	  plan_undo },
	{ "`fwc_kernel_apply()`", "CAP_NET_ADMIN", "the network namespace", NET, NULL, apply },
	{ "`fwc_kernel_commit()`", "CAP_NET_ADMIN", "the network namespace", NET, have_table,
	  commit },
	{ "`fwc_watch_open()`", "CAP_NET_ADMIN", "the network namespace", NET, NULL, watch },
	{ "`fwc_watch_open()`, object of another namespace", "CAP_NET_ADMIN, CAP_SYS_ADMIN",
	  "that namespace; CAP_SYS_ADMIN in the caller's own user namespace, too", NET | SYS,
	  have_other, watch_other },
	{ "`fwc_features_get()`", "CAP_NET_ADMIN", "the network namespace", NET, NULL, features },
	{ "`fwc_interfaces_get()`", "none", "", 0, NULL, interfaces },
	{ "`fwc_routes_get()`", "none", "", 0, NULL, routes },
	{ "`fwc_route_lookup()`", "none", "", 0, NULL, route_lookup },
	{ "`fwc_route_add()`", "CAP_NET_ADMIN", "the network namespace", NET, NULL, route_add },
	{ "`fwc_route_replace()`", "CAP_NET_ADMIN", "the network namespace", NET, NULL,
	  route_replace },
	{ "`fwc_route_delete()`", "CAP_NET_ADMIN", "the network namespace", NET, have_route,
	  route_delete },
	{ "`fwc_forwarding_get()`", "none", "", 0, NULL, forwarding_get },
	{ "`fwc_forwarding_set()`", "CAP_NET_ADMIN", "the network namespace", NET, NULL,
	  forwarding_set },
	{ "`fwc_forwarding_change()`", "CAP_NET_ADMIN", "the network namespace", NET, NULL,
	  forwarding_change },
	{ "`fwc_settings_restore()`", "CAP_NET_ADMIN", "the network namespace", NET,
	  change_forwarding, restore },
	{ "`fwc_network_create()`", "CAP_NET_ADMIN", "the network namespace", NET, NULL,
	  network_create },
	{ "`fwc_network_delete()`", "CAP_NET_ADMIN", "the network namespace", NET, have_network,
	  network_delete },
	{ "`fwc_network_attach()`", "CAP_NET_ADMIN, CAP_SYS_ADMIN",
	  "both network namespaces; CAP_SYS_ADMIN in the container's and in the caller's own user namespace",
	  NET | SYS, have_network, network_attach },
	{ "`fwc_network_detach()`", "CAP_NET_ADMIN", "the network namespace", NET, have_container,
	  network_detach },
	{ "`fwc_network_publish()`", "CAP_NET_ADMIN", "the network namespace", NET, have_container,
	  network_publish },
	{ "`fwc_network_unpublish()`", "CAP_NET_ADMIN", "the network namespace", NET, have_port,
	  network_unpublish },
	{ "`fwc_networks_get()`", "CAP_NET_ADMIN", "the network namespace", NET, have_network,
	  networks_get },
};

/* The permitted ones stay: what is dropped can be had again. */
static void have_capabilities(uint64_t effective)
{
	struct __user_cap_header_struct head = { .version = _LINUX_CAPABILITY_VERSION_3 };
	struct __user_cap_data_struct data[2];

	ck_assert_int_eq(syscall(SYS_capget, &head, data), 0);
	data[0].effective = data[0].permitted & (uint32_t)effective;
	data[1].effective = data[1].permitted & (uint32_t)(effective >> 32);
	ck_assert_int_eq(syscall(SYS_capset, &head, data), 0);
}

static uint64_t mask_of(unsigned int bits)
{
	uint64_t mask = 0;

	for (size_t i = 0; i < COUNT(capabilities); i++)
		if (bits & capabilities[i].bit)
			mask |= BIT(capabilities[i].capability);
	return mask;
}

static void open_kernel(void)
{
	const struct fwc_kernel_opts opts = { .size = sizeof(opts), .owner = "test" };

	assert_ok(fwc_kernel_open(&k, &opts, &err), err);
}

static void set_up(void)
{
	ns_enter();
	sh("echo 1 > /proc/sys/net/ipv4/ip_forward; echo 1 > /proc/sys/net/ipv6/conf/all/forwarding");
	container = ns_new();
}

static void prepare(size_t row)
{
	open_kernel();
	if (calls[row].before)
		calls[row].before();
	fwc_kernel_close(k);
}

/* The whole row with an object that is opened with no more capabilities than the call has. */
static void try_row(size_t row)
{
	for (size_t i = 0; i < COUNT(capabilities); i++) {
		if (!(calls[row].bits & capabilities[i].bit))
			continue;
		have_capabilities(~BIT(capabilities[i].capability));
		open_kernel();
		assert_fails(calls[row].call(), -EPERM, err, capabilities[i].name);
		ck_assert_uint_eq(err.outcome, FWC_OUTCOME_NOTHING);
		fwc_kernel_close(k);
	}
	have_capabilities(mask_of(calls[row].bits));
	open_kernel();
	assert_ok(calls[row].call(), err);
	fwc_kernel_close(k);
	have_capabilities(UINT64_MAX);
}

START_TEST(call_needs_what_the_table_says_and_no_more)
{
	prepare((size_t)_i);
	try_row((size_t)_i);
}
END_TEST

/* A service that is no root at all: what it may do hangs on its capabilities, files of /proc/sys included. */
START_TEST(another_user_with_the_capability_may_do_the_same)
{
	prepare((size_t)_i);
	if (ns_is_unprivileged() || prctl(PR_SET_KEEPCAPS, 1) < 0 ||
	    setresuid(65534, 65534, 65534) < 0)
		test_skip("no other user to be");
	try_row((size_t)_i);
}
END_TEST

/* Refused with EINVAL to a process of several threads, and one that was joined counts until the kernel has buried it,
 * which is a moment later: pthread_join() only waits until it uses the memory no more. */
static void enter_new_user_namespace(void)
{
	int r;

	for (int tries = 0; (r = unshare(CLONE_NEWUSER)) < 0 && errno == EINVAL; tries++) {
		ck_assert_int_lt(tries, 60000);
		usleep(1000);
	}
	if (r < 0)
		test_skip("no further user namespace: %s", strerror(errno));
}

/* All capabilities of a user namespace that does not own the network namespace. */
START_TEST(capabilities_of_another_user_namespace_do_not_count)
{
	prepare((size_t)_i);
	enter_new_user_namespace();
	open_kernel();
	if (calls[_i].bits)
		assert_fails(calls[_i].call(), -EPERM, err, "CAP_");
	else
		assert_ok(calls[_i].call(), err);
	fwc_kernel_close(k);
}
END_TEST

/* What the thread has at the call, not what it had when the object was opened. A watch that is open goes on. */
START_TEST(capability_counts_at_the_call)
{
	const struct fwc_event *event;
	struct fwc_watch *w;

	have_capabilities(0);
	open_kernel();
	assert_fails(load(), -EPERM, err, "CAP_NET_ADMIN");
	have_capabilities(UINT64_MAX);
	assert_ok(load(), err);
	assert_ok(fwc_watch_open(k, &w, &err), err);
	assert_ok(apply(), err);
	have_capabilities(0);
	assert_fails(apply(), -EPERM, err, "CAP_NET_ADMIN");
	ck_assert_int_eq(fwc_watch_next(w, &event, &err), 1);
	fwc_watch_close(w);
	fwc_kernel_close(k);
}
END_TEST

/* IPv6's switches are files of the machine's root to the kernel, IPv4's are looked after. */
START_TEST(ipv6_forwarding_is_switched_by_the_machines_root_without_capability)
{
	open_kernel();
	have_capabilities(0);
	assert_fails(fwc_forwarding_set(k, FWC_FAMILY_IP, NULL, false, &err), -EPERM, err,
		     "CAP_NET_ADMIN");
	if (ns_is_unprivileged())
		assert_fails(fwc_forwarding_set(k, FWC_FAMILY_IP6, NULL, false, &err), -EPERM, err,
			     "CAP_NET_ADMIN");
	else
		assert_ok(fwc_forwarding_set(k, FWC_FAMILY_IP6, NULL, false, &err), err);
	fwc_kernel_close(k);
}
END_TEST

START_TEST(ipv6_forwarding_is_switched_by_others_with_the_capability)
{
	open_kernel();
	if (ns_is_unprivileged() || prctl(PR_SET_KEEPCAPS, 1) < 0 ||
	    setresuid(65534, 65534, 65534) < 0)
		test_skip("no other user to be");
	assert_fails(fwc_forwarding_set(k, FWC_FAMILY_IP6, NULL, false, &err), -EPERM, err,
		     "CAP_NET_ADMIN");
	have_capabilities(BIT(CAP_NET_ADMIN));
	assert_ok(fwc_forwarding_set(k, FWC_FAMILY_IP6, NULL, false, &err), err);
	fwc_kernel_close(k);
}
END_TEST

/* ---- the second table ---- */

enum { READ_ONLY, NO_PROC, NO_SYS, PLACES };

static const char *const places[] = { "/proc/sys read-only", "no /proc", "no /sys" };

static const struct {
	const char *name;
	const char *result[PLACES]; /* "works", or what its error says */
	int code[PLACES];
	void (*before)(void); /* with everything as usual */
	int (*call)(void);
} parts[] = {
	{ "open, this namespace or another",
	  { "works", "works", "works" },
	  { 0 },
	  NULL,
	  open_other },
	{ "load", { "works", "works", "works" }, { 0 }, NULL, load },
	{ "plan, apply, commit", { "works", "works", "works" }, { 0 }, NULL, commit_plan },
	{ "watch", { "works", "works", "works" }, { 0 }, NULL, watch },
	{ "interfaces", { "works", "works", "works" }, { 0 }, NULL, interfaces },
	{ "forwarding: read", { "works", "works", "works" }, { 0 }, NULL, forwarding_get },
	{ "forwarding: switch",
	  { "read-only", "no /proc/sys/net", "works" },
	  { -EROFS, -EOPNOTSUPP, 0 },
	  NULL,
	  forwarding_set },
	{ "settings: put back",
	  { "read-only", "no /proc/sys/net", "works" },
	  { -EROFS, -EOPNOTSUPP, 0 },
	  change_forwarding,
	  restore },
	{ "network: create (forwarding is on)",
	  { "works", "works", "works" },
	  { 0 },
	  NULL,
	  network_create },
	{ "network: delete", { "works", "works", "works" }, { 0 }, have_network, network_delete },
	{ "network: attach", { "works", "works", "works" }, { 0 }, have_network, network_attach },
	{ "network: detach", { "works", "works", "works" }, { 0 }, have_container, network_detach },
	{ "network: publish",
	  { "works", "works", "works" },
	  { 0 },
	  have_container,
	  network_publish },
	{ "network: unpublish",
	  { "works", "works", "works" },
	  { 0 },
	  have_port,
	  network_unpublish },
	{ "network: list", { "works", "works", "works" }, { 0 }, have_port, networks_get },
};

static void go_to(int place)
{
	const unsigned long kept = MS_NOSUID | MS_NODEV | MS_NOEXEC;
	int r = unshare(CLONE_NEWNS);

	if (r == 0)
		r = mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL);
	if (r == 0 && place == READ_ONLY) {
		r = mount("/proc/sys", "/proc/sys", NULL, MS_BIND, NULL);
		if (r == 0)
			r = mount(NULL, "/proc/sys", NULL, MS_REMOUNT | MS_BIND | MS_RDONLY | kept,
				  NULL);
	} else if (r == 0) {
		r = mount("none", place == NO_PROC ? "/proc" : "/sys", "tmpfs", 0, NULL);
	}
	if (r < 0)
		test_skip("no mount namespace with %s: %s", places[place], strerror(errno));
}

/* The leak checker of a build with sanitizers looks into /proc when the test ends. */
static void come_back(int place)
{
	if (place == NO_PROC)
		ck_assert_int_eq(umount("/proc"), 0);
}

START_TEST(part_works_or_names_what_is_missing)
{
	size_t part = (size_t)_i / PLACES;
	int place = _i % PLACES, r;

	open_kernel();
	if (parts[part].before)
		parts[part].before();
	fwc_kernel_close(k);
	go_to(place);
	open_kernel();
	r = parts[part].call();
	come_back(place);
	ck_assert_msg(r == parts[part].code[place], "%s, %s: %d %s", parts[part].name,
		      places[place], r, err.msg);
	if (r < 0)
		assert_error(&err, r, parts[part].result[place]);
	fwc_kernel_close(k);
}
END_TEST

/* An object that was opened before keeps what it found. */
START_TEST(proc_that_goes_after_opening_is_not_missed)
{
	open_kernel();
	go_to(NO_PROC);
	assert_ok(forwarding_set(), err);
	fwc_kernel_close(k);
	come_back(NO_PROC);
}
END_TEST

/* Whether a namespace is the thread's own must not be asked of /proc: entering it would need CAP_SYS_ADMIN. */
START_TEST(watching_needs_no_more_without_proc)
{
	go_to(NO_PROC);
	have_capabilities(BIT(CAP_NET_ADMIN));
	open_kernel();
	assert_ok(watch(), err);
	fwc_kernel_close(k);
	have_capabilities(UINT64_MAX);
	come_back(NO_PROC);
}
END_TEST

/* ---- the document ---- */

static size_t append(char *text, size_t len, size_t size, const char *line)
{
	ck_assert_uint_lt(len + strlen(line), size);
	strcpy(text + len, line);
	return len + strlen(line);
}

static void first_table(char *text, size_t size)
{
	size_t len =
		append(text, 0, size,
		       "| call | capability | of the user namespace that owns |\n|---|---|---|\n");
	char line[512];

	for (size_t i = 0; i < COUNT(calls); i++) {
		snprintf(line, sizeof(line), "| %s | %s | %s |\n", calls[i].name, calls[i].needs,
			 calls[i].whose);
		len = append(text, len, size, line);
	}
}

static void second_table(char *text, size_t size)
{
	size_t len = append(text, 0, size, "| part | ");
	char line[512];

	for (int p = 0; p < PLACES; p++) {
		snprintf(line, sizeof(line), "%s%s", places[p], p + 1 < PLACES ? " | " : " |\n");
		len = append(text, len, size, line);
	}
	len = append(text, len, size, "|---|---|---|---|\n");
	for (size_t i = 0; i < COUNT(parts); i++) {
		snprintf(line, sizeof(line), "| %s | ", parts[i].name);
		len = append(text, len, size, line);
		for (int p = 0; p < PLACES; p++) {
			int code = parts[i].code[p];

			snprintf(line, sizeof(line), "%s%s",
				 code ? strerrorname_np(-code) : "works",
				 p + 1 < PLACES ? " | " : " |\n");
			len = append(text, len, size, line);
		}
	}
}

START_TEST(document_has_these_tables)
{
	static char text[8192];

	first_table(text, sizeof(text));
	assert_contains(sh("cat '%s'", CAPABILITIES), text);
	second_table(text, sizeof(text));
	assert_contains(sh("cat '%s'", CAPABILITIES), text);
}
END_TEST

static Suite *capabilities_suite(void)
{
	Suite *suite = suite_create("capabilities");
	TCase *tc = tcase_create("capabilities"), *document = tcase_create("document");

	tcase_add_checked_fixture(tc, set_up, NULL);
	tcase_add_loop_test(tc, call_needs_what_the_table_says_and_no_more, 0, COUNT(calls));
	tcase_add_loop_test(tc, another_user_with_the_capability_may_do_the_same, 0,
			    geteuid() == 0 ? (int)COUNT(calls)
					   : 1); /* one says why it is skipped */
	tcase_add_loop_test(tc, capabilities_of_another_user_namespace_do_not_count, 0,
			    COUNT(calls));
	tcase_add_test(tc, capability_counts_at_the_call);
	tcase_add_test(tc, ipv6_forwarding_is_switched_by_the_machines_root_without_capability);
	tcase_add_test(tc, ipv6_forwarding_is_switched_by_others_with_the_capability);
	tcase_add_loop_test(tc, part_works_or_names_what_is_missing, 0, COUNT(parts) * PLACES);
	tcase_add_test(tc, proc_that_goes_after_opening_is_not_missed);
	tcase_add_test(tc, watching_needs_no_more_without_proc);
	suite_add_tcase(suite, tc);
	tcase_add_test(document, document_has_these_tables);
	suite_add_tcase(suite, document);
	return suite;
}

TEST_MAIN(capabilities_suite)
