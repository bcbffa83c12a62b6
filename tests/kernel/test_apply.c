/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Declared rulesets against the real kernel, read back with nft. */
#include <fwcore/fwcore.h>
#include <linux/capability.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "../check.h"

static struct fwc_kernel *kernel;
static struct fwc_watch *watch;
static struct fwc_error err;

static void setup(void)
{
	const struct fwc_kernel_opts opts = { .size = sizeof(opts), .owner = "tester" };

	ns_enter();
	need_program("nft");
	assert_ok(fwc_kernel_open(&kernel, &opts, &err), err);
	assert_ok(fwc_watch_open(kernel, &watch, &err), err);
}

static void teardown(void)
{
	fwc_watch_close(watch);
	fwc_kernel_close(kernel);
}

static struct fwc_chain *base_chain(struct fwc_table *t, const char *name, uint32_t hook,
				    uint32_t policy)
{
	const struct fwc_base_opts opts = { .size = sizeof(opts), .hook = hook, .policy = policy };

	return fwc_table_add_chain(t, name, &opts);
}

/* Rules in words, one a line. */
static void add_rules(struct fwc_chain *c, const char *lines)
{
	char *copy = strdup(lines), *rest = copy;
	const char *line;

	while ((line = strsep(&rest, "\n")))
		if (*line)
			fwc_chain_append_text(c, FWC_SYNTAX_NFT, line);
	free(copy);
}

/* A ruleset of one table inet t with a chain on input that drops, and these rules. */
static struct fwc_ruleset *one_chain(uint32_t flags, const char *rules)
{
	struct fwc_ruleset *rs = fwc_ruleset_new();
	struct fwc_table *t = fwc_ruleset_add_table(rs, FWC_FAMILY_INET, "t", flags);

	add_rules(base_chain(t, "input", FWC_HOOK_INPUT, FWC_VERDICT_ACCEPT), rules);
	assert_ok(fwc_ruleset_error(rs, &err), err);
	return rs;
}

static void apply(struct fwc_ruleset *rs)
{
	assert_ok(fwc_kernel_apply(kernel, rs, NULL, &err), err);
	fwc_ruleset_free(rs);
}

/* How many transactions there were since it was last asked. */
static int commits(void)
{
	const struct fwc_event *event;
	int count = 0, r;

	while ((r = fwc_watch_next(watch, &event, &err)) > 0)
		count += fwc_event_kind(event) == FWC_EVENT_COMMIT;
	ck_assert_int_eq(r, 0);
	return count;
}

/* The rules of a chain as nft lists them, with handles. */
static const char *rules_of(const char *chain)
{
	return sh("nft -a list chain inet t %s", chain);
}

/* The handle that nft prints behind the first line with that text. */
static unsigned long handle_of(const char *listing, const char *text)
{
	const char *line = strstr(listing, text), *handle = line ? strstr(line, "# handle ") : NULL;

	ck_assert_msg(handle != NULL, "'%s' has no handle in: %s", text, listing);
	return strtoul(handle + strlen("# handle "), NULL, 10);
}

START_TEST(applied_table_reads_back_with_nft)
{
	struct fwc_ruleset *rs = fwc_ruleset_new();
	struct fwc_table *t = fwc_ruleset_add_table(rs, FWC_FAMILY_INET, "t", 0);
	struct fwc_set *blocked, *ports;
	const char *listing;

	add_rules(base_chain(t, "input", FWC_HOOK_INPUT, FWC_VERDICT_DROP),
		  "iifname \"lo\" accept\n"
		  "ct state established,related accept\n"
		  "ip saddr @blocked drop\n"
		  "tcp dport vmap @ports\n"
		  "udp dport { 53, 67-68 } counter accept\n");
	add_rules(fwc_table_add_chain(t, "web", NULL), "ip saddr 10.0.0.0/8 accept\n");
	blocked = fwc_table_add_set(t, "blocked", "ipv4_addr",
				    &(struct fwc_set_opts){ .size = sizeof(struct fwc_set_opts),
							    .flags = FWC_SET_INTERVAL });
	fwc_set_add(blocked, "192.0.2.0/24", NULL, NULL);
	fwc_set_add(blocked, "198.51.100.7", NULL, NULL);
	ports = fwc_table_add_set(t, "ports", "inet_service",
				  &(struct fwc_set_opts){ .size = sizeof(struct fwc_set_opts),
							  .data_type = "verdict" });
	fwc_set_add(ports, "80", "jump web", NULL);
	fwc_set_add(ports, "22", "accept", NULL);
	apply(rs);
	listing = sh("nft list table inet t");
	assert_contains(listing, "type filter hook input priority filter; policy drop;");
	assert_contains(listing, "iifname \"lo\" accept\n");
	assert_contains(listing, "ct state established,related accept\n");
	assert_contains(listing, "ip saddr @blocked drop\n");
	assert_contains(listing, "tcp dport vmap @ports\n");
	assert_contains(listing, "udp dport { 53, 67-68 } counter packets 0 bytes 0 accept\n");
	assert_contains(listing, "elements = { 192.0.2.0/24, 198.51.100.7 }");
	assert_contains(listing, "80 : jump web");
	assert_contains(listing, "ip saddr 10.0.0.0/8 accept\n");
}
END_TEST

static struct fwc_ruleset *rich_ruleset(void)
{
	struct fwc_ruleset *rs = fwc_ruleset_new();
	struct fwc_table *t = fwc_ruleset_add_table(rs, FWC_FAMILY_INET, "t", 0);
	struct fwc_set *set;
	struct fwc_rule *r;

	fwc_table_comment(t, "mine");
	add_rules(
		base_chain(t, "input", FWC_HOOK_INPUT, FWC_VERDICT_DROP),
		"iifname \"lo\" accept\n"
		"ct state vmap { established : accept, invalid : drop }\n"
		"meta l4proto { icmp, ipv6-icmp } limit rate 5/second accept\n"
		"ip saddr . tcp dport { 10.0.0.1 . 22, 10.0.0.2 . 80 } counter log prefix \"x \" accept\n"
		"ip6 saddr 2001:db8::/32 jump web\n"
		"tcp dport != 1000-2000 tcp flags & (syn | ack) == syn reject with tcp reset\n"
		"meta mark set ct mark and 0xff\n");
	r = fwc_chain_append_text(fwc_table_add_chain(t, "web", NULL), FWC_SYNTAX_NFT,
				  "ip daddr @hosts counter accept");
	fwc_rule_comment(r, "the web");
	fwc_rule_tag(r, "web-1");
	set = fwc_table_add_set(t, "hosts", "ipv4_addr",
				&(struct fwc_set_opts){ .size = sizeof(struct fwc_set_opts),
							.flags = FWC_SET_INTERVAL });
	fwc_set_add(set, "10.1.0.0/16", NULL,
		    &(struct fwc_element_opts){
			    .size = sizeof(struct fwc_element_opts), .comment = "c", .tag = "t" });
	fwc_set_add(set, "10.3.0.1-10.3.0.9", NULL, NULL);
	set = fwc_table_add_set(
		t, "state", "ipv4_addr",
		&(struct fwc_set_opts){ .size = sizeof(struct fwc_set_opts), .timeout_ms = 60000 });
	fwc_set_add(set, "10.9.9.9", NULL, NULL);
	fwc_set_add(fwc_table_add_set(t, "const", "inet_service",
				      &(struct fwc_set_opts){ .size = sizeof(struct fwc_set_opts),
							      .flags = FWC_SET_CONSTANT }),
		    "443", NULL, NULL);
	fwc_table_add_set(t, "seen", "ipv4_addr . inet_service",
			  &(struct fwc_set_opts){ .size = sizeof(struct fwc_set_opts),
						  .flags = FWC_SET_DYNAMIC | FWC_SET_TIMEOUT,
						  .max_elements = 1000 });
	set = fwc_table_add_set(t, "ranges", "ipv4_addr . inet_service",
				&(struct fwc_set_opts){ .size = sizeof(struct fwc_set_opts),
							.flags = FWC_SET_INTERVAL,
							.data_type = "verdict" });
	fwc_set_add(set, "10.0.0.0/8 . 80-89", "jump web", NULL);
	set = fwc_table_add_set(t, "hosts6", "ipv6_addr",
				&(struct fwc_set_opts){ .size = sizeof(struct fwc_set_opts),
							.data_type = "mark",
							.max_elements = 64 });
	fwc_set_add(set, "2001:db8::1", "0x2a", NULL);
	t = fwc_ruleset_add_table(rs, FWC_FAMILY_IP, "sleeping", FWC_TABLE_DORMANT);
	r = fwc_chain_append_text(base_chain(t, "output", FWC_HOOK_OUTPUT, FWC_VERDICT_ACCEPT),
				  FWC_SYNTAX_NFT,
				  "ip protocol tcp ct mark set 0x1 log group 2 return");
	t = fwc_ruleset_add_table(rs, FWC_FAMILY_IP6, "six", 0);
	fwc_chain_append_text(fwc_table_add_chain(t, "a", NULL), FWC_SYNTAX_NFT,
			      "meta oifname { \"eth0\", \"wg*\" } goto b");
	fwc_table_add_chain(t, "b", NULL);
	assert_ok(fwc_ruleset_error(rs, &err), err);
	return rs;
}

START_TEST(second_apply_sends_nothing)
{
	struct fwc_ruleset *rs = rich_ruleset();
	struct fwc_plan *plan;

	apply(rich_ruleset());
	ck_assert_int_eq(commits(), 1);
	assert_ok(fwc_kernel_plan(kernel, rs, &plan, &err), err);
	for (size_t i = 0; i < fwc_plan_count(plan); i++) {
		char text[512];

		fwc_plan_format(plan, i, text, sizeof(text), NULL);
		ck_assert_msg(false, "a second plan has: %s", text);
	}
	fwc_plan_free(plan);
	apply(rs);
	ck_assert_int_eq(commits(), 0);
}
END_TEST

START_TEST(loaded_ruleset_applied_again_sends_nothing)
{
	struct fwc_ruleset *rs;

	apply(rich_ruleset());
	commits();
	assert_ok(fwc_kernel_load(kernel, FWC_FAMILY_INET, "t", &rs, &err), err);
	apply(rs);
	ck_assert_int_eq(commits(), 0);
}
END_TEST

START_TEST(unchanged_rules_keep_handle_and_counters)
{
	const char *before, *after;

	apply(one_chain(
		0, "meta l4proto icmp counter accept\ntcp dport 22 accept\nudp dport 53 accept\n"));
	sh("ping -c 2 -i 0.01 127.0.0.1");
	before = rules_of("input");
	assert_lacks(before, "packets 0 bytes 0");
	apply(one_chain(
		0,
		"tcp dport 21 accept\nmeta l4proto icmp counter accept\nudp dport 53 accept\ntcp dport 23 accept\n"));
	after = rules_of("input");
	ck_assert_uint_eq(handle_of(after, "udp dport 53"), handle_of(before, "udp dport 53"));
	ck_assert_uint_eq(handle_of(after, "icmp counter"), handle_of(before, "icmp counter"));
	assert_lacks(after, "packets 0 bytes 0");
	assert_lacks(after, "dport 22");
	ck_assert_ptr_nonnull(strstr(strstr(after, "dport 21"), "icmp"));
	ck_assert_ptr_nonnull(strstr(strstr(after, "dport 53"), "dport 23"));
}
END_TEST

START_TEST(plan_says_in_nft_words_what_it_will_do)
{
	struct fwc_ruleset *rs;
	struct fwc_plan *plan;
	char all[4096] = "", line[512];

	apply(one_chain(0, "tcp dport 22 accept\nudp dport 53 accept\n"));
	rs = one_chain(0, "tcp dport 80 accept\nudp dport 53 accept\n");
	fwc_table_add_chain(fwc_ruleset_at(rs, 0), "more", NULL);
	assert_ok(fwc_kernel_plan(kernel, rs, &plan, &err), err);
	for (size_t i = 0; i < fwc_plan_count(plan); i++) {
		ck_assert_int_eq(fwc_plan_format(plan, i, line, sizeof(line), NULL), 0);
		strcat(strcat(all, line), "\n");
	}
	ck_assert_str_eq(all, "delete rule inet t input handle 2 # tcp dport 22 accept\n"
			      "add chain inet t more\n"
			      "insert rule inet t input handle 3 tcp dport 80 accept\n");
	ck_assert_int_eq(fwc_plan_format(plan, 3, line, sizeof(line), NULL), -EINVAL);
	commits();
	assert_ok(fwc_kernel_commit_plan(kernel, plan, NULL, &err), err);
	ck_assert_int_eq(commits(), 1);
	assert_contains(rules_of("input"), "tcp dport 80 accept");
	assert_fails(fwc_kernel_commit_plan(kernel, plan, NULL, &err), -ESTALE, err, "changed");
	fwc_plan_free(plan);
	fwc_ruleset_free(rs);
}
END_TEST

START_TEST(plan_is_stale_when_others_have_written)
{
	struct fwc_ruleset *rs = one_chain(0, "tcp dport 22 accept\n");
	struct fwc_plan *plan;

	assert_ok(fwc_kernel_plan(kernel, rs, &plan, &err), err);
	sh("nft add table inet somebody");
	assert_fails(fwc_kernel_commit_plan(kernel, plan, NULL, &err), -ESTALE, err, "changed");
	assert_lacks(sh("nft list tables"), "inet t\n");
	fwc_plan_free(plan);
	/* One without steps, too. */
	assert_ok(fwc_kernel_apply(kernel, rs, NULL, &err), err);
	assert_ok(fwc_kernel_plan(kernel, rs, &plan, &err), err);
	ck_assert_uint_eq(fwc_plan_count(plan), 0);
	sh("nft add table inet other");
	assert_fails(fwc_kernel_commit_plan(kernel, plan, NULL, &err), -ESTALE, err, "changed");
	fwc_plan_free(plan);
	fwc_ruleset_free(rs);
}
END_TEST

START_TEST(undeclared_objects_of_an_own_table_go)
{
	const char *listing;

	apply(one_chain(0, "tcp dport 22 accept\n"));
	sh("nft add chain inet t a; nft add chain inet t b; nft add rule inet t a jump b;"
	   "nft add set inet t s '{ type ipv4_addr; elements = { 10.0.0.1 }; }';"
	   "nft add map inet t m '{ type inet_service : verdict; elements = { 80 : jump a }; }';"
	   "nft add rule inet t input tcp dport vmap @m; nft add rule inet t input ip saddr @s drop");
	apply(one_chain(0, "tcp dport 22 accept\n"));
	listing = sh("nft list table inet t");
	assert_lacks(listing, "chain a");
	assert_lacks(listing, "set s");
	assert_lacks(listing, "map m");
	assert_contains(listing, "tcp dport 22 accept");
}
END_TEST

START_TEST(shared_table_keeps_what_others_wrote)
{
	struct fwc_ruleset *rs;
	struct fwc_table *t;
	const char *listing;

	sh("nft add table inet t; nft add chain inet t input '{ type filter hook input priority 0; policy drop; }';"
	   "nft add chain inet t theirs; nft add rule inet t input tcp dport 22 accept;"
	   "nft add set inet t s '{ type ipv4_addr; elements = { 10.0.0.1 }; }'");
	rs = fwc_ruleset_new();
	t = fwc_ruleset_add_table(rs, FWC_FAMILY_INET, "t", FWC_TABLE_SHARED);
	add_rules(fwc_table_add_chain(t, "input", NULL), "udp dport 51820 accept\njump ours\n");
	add_rules(fwc_table_add_chain(t, "ours", NULL), "tcp dport 80 accept\n");
	fwc_set_add(fwc_table_add_set(t, "s", "ipv4_addr", NULL), "10.0.0.2", NULL, NULL);
	assert_ok(fwc_kernel_apply(kernel, rs, NULL, &err), err);
	listing = sh("nft list table inet t");
	assert_contains(listing, "policy drop");
	assert_contains(listing,
			"udp dport 51820 accept\n\t\tjump ours\n\t\ttcp dport 22 accept\n");
	assert_contains(listing, "10.0.0.1, 10.0.0.2");
	assert_contains(listing, "chain theirs");
	commits();
	assert_ok(fwc_kernel_apply(kernel, rs, NULL, &err), err);
	ck_assert_int_eq(commits(), 0);
	fwc_ruleset_free(rs);

	/* Nothing of ours is wanted any more. */
	rs = fwc_ruleset_new();
	fwc_ruleset_add_table(rs, FWC_FAMILY_INET, "t", FWC_TABLE_SHARED);
	apply(rs);
	listing = sh("nft list table inet t");
	assert_contains(listing, "policy drop");
	assert_contains(listing, "tcp dport 22 accept\n");
	assert_contains(listing, "chain theirs");
	assert_contains(listing, "10.0.0.1");
	assert_lacks(listing, "10.0.0.2");
	assert_lacks(listing, "51820");
	assert_lacks(listing, "ours");
}
END_TEST

START_TEST(rules_in_a_shared_chain_come_before_those_of_others)
{
	static const char *const wanted[] = {
		"tcp dport 1 accept\ntcp dport 2 accept\n",
		"tcp dport 1 accept\ntcp dport 3 accept\ntcp dport 4 accept\n",
		"tcp dport 5 accept\ntcp dport 3 accept\n",
	};

	sh("nft add table inet t; nft add chain inet t input; nft add rule inet t input drop");
	for (size_t i = 0; i < sizeof(wanted) / sizeof(*wanted); i++) {
		struct fwc_ruleset *rs = fwc_ruleset_new();
		char want[256] = "", *line, *rest, text[128];

		add_rules(fwc_table_add_chain(
				  fwc_ruleset_add_table(rs, FWC_FAMILY_INET, "t", FWC_TABLE_SHARED),
				  "input", NULL),
			  wanted[i]);
		apply(rs);
		snprintf(text, sizeof(text), "%s", wanted[i]);
		for (line = strtok_r(text, "\n", &rest); line; line = strtok_r(NULL, "\n", &rest)) {
			strcat(want, "\t\t");
			strcat(want, line);
			strcat(want, "\n");
		}
		strcat(want, "\t\tdrop\n");
		assert_contains(sh("nft list table inet t"), want);
	}
}
END_TEST

START_TEST(chain_of_others_is_not_taken_for_one_of_another_hook)
{
	const struct fwc_base_opts base = { .size = sizeof(base), .hook = FWC_HOOK_OUTPUT };
	struct fwc_ruleset *rs = fwc_ruleset_new();
	struct fwc_table *t = fwc_ruleset_add_table(rs, FWC_FAMILY_INET, "t", FWC_TABLE_SHARED);

	sh("nft add table inet t; nft add chain inet t c '{ type filter hook input priority 0; }'");
	add_rules(fwc_table_add_chain(t, "c", &base), "accept\n");
	assert_fails(fwc_kernel_apply(kernel, rs, NULL, &err), -EEXIST, err,
		     "table inet t, chain c: this chain is somebody else's");
	assert_lacks(sh("nft list table inet t"), "\taccept");
	fwc_ruleset_free(rs);
}
END_TEST

START_TEST(absent_table_goes_and_its_absence_is_no_change)
{
	struct fwc_ruleset *rs = fwc_ruleset_new();

	fwc_ruleset_absent_table(rs, FWC_FAMILY_INET, "t");
	assert_ok(fwc_kernel_apply(kernel, rs, NULL, &err), err);
	ck_assert_int_eq(commits(), 0);
	sh("nft add table inet t; nft add chain inet t c; nft add rule inet t c drop; nft add table ip t");
	assert_ok(fwc_kernel_apply(kernel, rs, NULL, &err), err);
	ck_assert_str_eq(sh("nft list tables"), "table ip t\n");
	fwc_ruleset_free(rs);
}
END_TEST

START_TEST(failing_rule_is_named_and_nothing_applied)
{
	struct fwc_ruleset *rs = one_chain(0, "tcp dport 22 accept\n");
	struct fwc_table *t = fwc_ruleset_at(rs, 0);

	/* The kernel takes masquerade in chains of type nat alone. */
	add_rules(base_chain(t, "out", FWC_HOOK_POSTROUTING, 0),
		  "tcp dport 1 accept\nmeta l4proto tcp counter masquerade\ntcp dport 2 accept\n");
	assert_fails(fwc_kernel_apply(kernel, rs, NULL, &err), -EOPNOTSUPP, err,
		     "table inet t, chain out, rule 2: ");
	ck_assert_str_eq(err.table, "t");
	ck_assert_str_eq(err.chain, "out");
	ck_assert_uint_eq(err.rule, 1);
	ck_assert_uint_eq(err.object, FWC_OBJECT_RULE);
	ck_assert_uint_eq(err.from_kernel, 1);
	ck_assert_uint_eq(err.outcome, FWC_OUTCOME_NOTHING);
	ck_assert_str_eq(sh("nft list ruleset"), "");
	fwc_ruleset_free(rs);
}
END_TEST

START_TEST(dry_run_changes_nothing)
{
	const struct fwc_apply_opts opts = { .size = sizeof(opts), .flags = FWC_APPLY_DRY_RUN };
	struct fwc_ruleset *rs = one_chain(0, "tcp dport 22 accept\n");

	assert_ok(fwc_kernel_apply(kernel, rs, &opts, &err), err);
	ck_assert_str_eq(sh("nft list ruleset"), "");
	ck_assert_int_eq(commits(), 0);
	fwc_ruleset_free(rs);
}
END_TEST

START_TEST(policy_changes_in_place_and_another_hook_remakes_the_chain)
{
	struct fwc_ruleset *rs = one_chain(0, "tcp dport 22 counter accept\n");
	unsigned long handle;
	const char *listing;

	apply(rs);
	handle = handle_of(rules_of("input"), "chain input {");
	rs = fwc_ruleset_new();
	add_rules(base_chain(fwc_ruleset_add_table(rs, FWC_FAMILY_INET, "t", 0), "input",
			     FWC_HOOK_INPUT, FWC_VERDICT_DROP),
		  "tcp dport 22 counter accept\n");
	apply(rs);
	listing = rules_of("input");
	assert_contains(listing, "policy drop");
	ck_assert_uint_eq(handle_of(listing, "chain input {"), handle);
	rs = fwc_ruleset_new();
	add_rules(base_chain(fwc_ruleset_add_table(rs, FWC_FAMILY_INET, "t", 0), "input",
			     FWC_HOOK_FORWARD, FWC_VERDICT_DROP),
		  "tcp dport 22 counter accept\n");
	apply(rs);
	listing = rules_of("input");
	assert_contains(listing, "hook forward");
	assert_contains(listing, "tcp dport 22 counter packets 0 bytes 0 accept");
	ck_assert_uint_ne(handle_of(listing, "chain input {"), handle);
}
END_TEST

static struct fwc_ruleset *with_set(const char *type, uint32_t flags, const char *const *elements)
{
	struct fwc_ruleset *rs = one_chain(0, "");
	struct fwc_table *t = fwc_ruleset_at(rs, 0);
	struct fwc_set *s = fwc_table_add_set(
		t, "s", type,
		&(struct fwc_set_opts){ .size = sizeof(struct fwc_set_opts), .flags = flags });

	for (; *elements; elements++)
		fwc_set_add(s, *elements, NULL, NULL);
	add_rules(fwc_table_chain_at(t, 0),
		  "tcp dport 1 accept\nip saddr @s drop\ntcp dport 2 accept\n");
	assert_ok(fwc_ruleset_error(rs, &err), err);
	return rs;
}

START_TEST(set_with_other_flags_is_remade_with_the_rules_that_use_it)
{
	const char *listing;
	unsigned long one, two;

	apply(with_set("ipv4_addr", 0, (const char *[]){ "10.0.0.1", NULL }));
	one = handle_of(rules_of("input"), "dport 1");
	two = handle_of(rules_of("input"), "dport 2");
	apply(with_set("ipv4_addr", FWC_SET_INTERVAL, (const char *[]){ "10.0.0.0/8", NULL }));
	listing = sh("nft -a list table inet t");
	assert_contains(listing, "10.0.0.0/8");
	ck_assert_uint_eq(handle_of(listing, "dport 1"), one);
	ck_assert_uint_eq(handle_of(listing, "dport 2"), two);
	ck_assert_ptr_nonnull(strstr(strstr(listing, "dport 1"), "@s drop"));
	ck_assert_ptr_nonnull(strstr(strstr(listing, "@s drop"), "dport 2"));
}
END_TEST

START_TEST(elements_differ_only_where_they_differ)
{
	struct fwc_ruleset *rs;
	struct fwc_plan *plan;
	char text[256];

	apply(with_set("ipv4_addr", FWC_SET_INTERVAL,
		       (const char *[]){ "10.0.0.1", "10.2.0.0/16", "10.4.0.1-10.4.0.9", NULL }));
	rs = with_set("ipv4_addr", FWC_SET_INTERVAL,
		      (const char *[]){ "10.0.0.1", "10.2.0.0/17", "10.4.0.1-10.4.0.9", NULL });
	assert_ok(fwc_kernel_plan(kernel, rs, &plan, &err), err);
	ck_assert_uint_eq(fwc_plan_count(plan), 2);
	fwc_plan_format(plan, 0, text, sizeof(text), NULL);
	ck_assert_str_eq(text, "delete element inet t s { 10.2.0.0/16 }");
	fwc_plan_format(plan, 1, text, sizeof(text), NULL);
	ck_assert_str_eq(text, "add element inet t s { 10.2.0.0/17 }");
	assert_ok(fwc_kernel_commit_plan(kernel, plan, NULL, &err), err);
	fwc_plan_free(plan);
	fwc_ruleset_free(rs);
	assert_contains(sh("nft list set inet t s"), "10.2.0.0/17");
}
END_TEST

START_TEST(elements_of_state_sets_stay)
{
	const char *listing;

	apply(with_set("ipv4_addr", FWC_SET_STATE, (const char *[]){ "10.0.0.1", NULL }));
	sh("nft add element inet t s '{ 10.0.0.2 }'; nft delete element inet t s '{ 10.0.0.1 }'");
	apply(with_set("ipv4_addr", FWC_SET_STATE, (const char *[]){ "10.0.0.1", NULL }));
	listing = sh("nft list set inet t s");
	assert_contains(listing, "10.0.0.1");
	assert_contains(listing, "10.0.0.2");
}
END_TEST

START_TEST(constant_set_is_remade_when_its_elements_change)
{
	apply(with_set("ipv4_addr", FWC_SET_CONSTANT, (const char *[]){ "10.0.0.1", NULL }));
	apply(with_set("ipv4_addr", FWC_SET_CONSTANT,
		       (const char *[]){ "10.0.0.2", "10.0.0.3", NULL }));
	assert_contains(sh("nft list set inet t s"), "10.0.0.2, 10.0.0.3");
}
END_TEST

START_TEST(table_of_iptables_is_refused)
{
	struct fwc_ruleset *rs = fwc_ruleset_new();
	struct fwc_batch *batch = fwc_batch_new();
	const char *before;

	need_program("iptables-nft");
	sh("iptables-nft -A INPUT -p tcp --dport 22 -j ACCEPT");
	before = sh("nft list ruleset");
	fwc_chain_append_text(fwc_table_add_chain(fwc_ruleset_add_table(rs, FWC_FAMILY_IP, "filter",
									FWC_TABLE_SHARED),
						  "INPUT", NULL),
			      FWC_SYNTAX_NFT, "tcp dport 80 accept");
	assert_fails(fwc_kernel_apply(kernel, rs, NULL, &err), -EOPNOTSUPP, err, "iptables-nft");
	fwc_batch_add_rule_text(
		batch,
		&(struct fwc_place){ .family = FWC_FAMILY_IP, .table = "filter", .chain = "INPUT" },
		FWC_SYNTAX_NFT, "tcp dport 80 accept");
	assert_fails(fwc_kernel_commit(kernel, batch, &err), -EOPNOTSUPP, err, "iptables-nft");
	fwc_batch_clear(batch);
	fwc_batch_del_rule(batch, &(struct fwc_place){ .family = FWC_FAMILY_IP,
						       .table = "filter",
						       .chain = "INPUT",
						       .handle = 5 });
	assert_fails(fwc_kernel_commit(kernel, batch, &err), -EOPNOTSUPP, err, "iptables-nft");
	ck_assert_str_eq(sh("nft list ruleset"), before);
	/* A table of nft that has such a name is none of them. */
	sh("nft add table ip6 nat; nft add chain ip6 nat c");
	fwc_batch_clear(batch);
	fwc_batch_add_rule_text(
		batch,
		&(struct fwc_place){ .family = FWC_FAMILY_IP6, .table = "nat", .chain = "c" },
		FWC_SYNTAX_NFT, "tcp dport 80 accept");
	assert_ok(fwc_kernel_commit(kernel, batch, &err), err);
	fwc_batch_free(batch);
	fwc_ruleset_free(rs);
	/* What is loaded and not changed may be applied with the rest. */
	assert_ok(fwc_kernel_load(kernel, FWC_FAMILY_ANY, NULL, &rs, &err), err);
	commits();
	apply(rs);
	ck_assert_int_eq(commits(), 0);
	rs = fwc_ruleset_new();
	fwc_ruleset_absent_table(rs, FWC_FAMILY_IP, "filter");
	assert_fails(fwc_kernel_apply(kernel, rs, NULL, &err), -EOPNOTSUPP, err, "iptables-nft");
	fwc_ruleset_free(rs);
}
END_TEST

START_TEST(rules_of_arptables_are_read_by_arptables_as_they_were_written)
{
	struct fwc_ruleset *rs = fwc_ruleset_new();
	struct fwc_chain *c;
	const char *saved;

	need_program("arptables-nft");
	fwc_ruleset_add_iptables_table(rs, FWC_FAMILY_ARP, "filter", 0);
	c = fwc_ruleset_find_chain(rs, FWC_FAMILY_ARP, "filter", "OUTPUT");
	fwc_chain_append_text(
		c, FWC_SYNTAX_IPTABLES,
		"-s 10.0.0.1 --src-mac 02:00:00:00:00:01 --opcode Request -j mangle --mangle-ip-s 10.0.0.9");
	fwc_chain_append_text(c, FWC_SYNTAX_IPTABLES, "! -d 10.0.0.0/8 --dst-mac Unicast -j DROP");
	assert_ok(fwc_kernel_apply(kernel, rs, NULL, &err), err);
	fwc_ruleset_free(rs);
	saved = sh("arptables-nft-save");
	assert_contains(
		saved,
		"-A OUTPUT -j mangle -s 10.0.0.1 --src-mac 02:00:00:00:00:01 --opcode 1 --mangle-ip-s 10.0.0.9\n");
	assert_contains(
		saved,
		"-A OUTPUT -j DROP ! -d 10.0.0.0/8 --dst-mac 00:00:00:00:00:00/01:00:00:00:00:00\n");
	/* And it deletes one of them by what it says. */
	sh("arptables-nft -D OUTPUT ! -d 10.0.0.0/8 --dst-mac Unicast -j DROP");
	assert_ok(fwc_kernel_load(kernel, FWC_FAMILY_ARP, "filter", &rs, &err), err);
	ck_assert_uint_eq(
		fwc_chain_count(fwc_ruleset_find_chain(rs, FWC_FAMILY_ARP, "filter", "OUTPUT")), 1);
	commits();
	apply(rs);
	ck_assert_int_eq(commits(), 0);
}
END_TEST

START_TEST(jump_to_nowhere_is_named)
{
	struct fwc_ruleset *rs = one_chain(0, "tcp dport 1 accept\njump nowhere\n");

	assert_fails(fwc_kernel_apply(kernel, rs, NULL, &err), -ENOENT, err,
		     "table inet t, chain input, rule 2: there is no chain 'nowhere'");
	fwc_ruleset_free(rs);
	rs = one_chain(0, "ip saddr @nothing drop\n");
	assert_fails(fwc_kernel_apply(kernel, rs, NULL, &err), -ENOENT, err,
		     "rule 1: there is no set 'nothing'");
	fwc_ruleset_free(rs);
}
END_TEST

/* The kernel compares the lengths of keys only: four bytes of a mark are an address to it. */
START_TEST(set_of_another_type_is_named)
{
	static const struct {
		const char *rule, *words;
		uint32_t item;
	} rows[] = {
		{ "tcp dport 1 ip saddr @marks drop",
		  "chain input, rule 2: set marks holds mark, not ipv4_addr", 1 },
		{ "iifname . ip saddr @marks drop", "holds mark, not ifname . ipv4_addr", 0 },
		{ "ip daddr @ports drop", "set ports holds inet_service, not ipv4_addr", 0 },
		{ "meta mark vmap @marks", "marks is a set, not a map to verdicts", 0 },
		{ "meta mark @verdicts drop", "verdicts is a map to verdicts, not a set", 0 },
		{ "ip saddr vmap @verdicts", "set verdicts holds mark, not ipv4_addr", 0 },
		{ "meta mark set ip saddr map @verdicts",
		  "verdicts is a map to verdicts, not a map", 0 },
		{ "counter meta mark set tcp dport map @numbers",
		  "set numbers holds mark, not inet_service", 1 },
	};
	struct fwc_ruleset *rs;

	sh("nft add table inet t; nft add chain inet t input; nft add set inet t marks '{ type mark; }';"
	   "nft add map inet t verdicts '{ type mark : verdict; }'; nft add map inet t numbers '{ type mark : mark; }'");
	commits();
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct fwc_table *t;
		struct fwc_chain *c;

		rs = fwc_ruleset_new();
		t = fwc_ruleset_add_table(rs, FWC_FAMILY_INET, "t", FWC_TABLE_SHARED);
		c = fwc_table_add_chain(t, "input", NULL);
		add_rules(c, "meta mark @marks accept\n");
		ck_assert_ptr_nonnull(fwc_chain_append_text(c, FWC_SYNTAX_NFT, rows[i].rule));
		/* Declared after the rule that names it: that rule was taken at its word. */
		fwc_table_add_set(t, "ports", "inet_service", NULL);
		assert_fails(fwc_kernel_apply(kernel, rs, NULL, &err), -EINVAL, err, rows[i].words);
		ck_assert_uint_eq(err.item, rows[i].item);
		fwc_ruleset_free(rs);
	}
	ck_assert_int_eq(commits(), 0);
}
END_TEST

/* The kernel says that the rule is not supported, and no more. */
START_TEST(target_in_the_wrong_chain_is_named)
{
	static const struct {
		const char *rule, *words;
		uint32_t hook, type, item;
	} rows[] = {
		{ "tcp dport 1 counter masquerade",
		  "rule 1: the kernel does not allow 'masquerade' in a chain of this type and hook: it is for nat chains at postrouting",
		  FWC_HOOK_INPUT, FWC_CHAIN_FILTER, 2 },
		{ "masquerade", "for nat chains at postrouting", FWC_HOOK_PREROUTING, FWC_CHAIN_NAT,
		  0 },
		{ "counter snat ip to 10.0.0.1", "'snat'", FWC_HOOK_OUTPUT, FWC_CHAIN_NAT, 1 },
		{ "dnat ip to 10.0.0.1", "for nat chains at prerouting or output",
		  FWC_HOOK_POSTROUTING, FWC_CHAIN_NAT, 0 },
		{ "tcp dport 1 redirect to :2", "'redirect'", FWC_HOOK_INPUT, FWC_CHAIN_NAT, 1 },
		{ "counter reject", "'reject'", FWC_HOOK_POSTROUTING, FWC_CHAIN_FILTER, 1 },
	};

	for (size_t i = 0; i < 2 * sizeof(rows) / sizeof(*rows); i++) {
		const struct fwc_base_opts opts = { .size = sizeof(opts),
						    .hook = rows[i / 2].hook,
						    .type = rows[i / 2].type };
		struct fwc_ruleset *rs = fwc_ruleset_new();
		struct fwc_table *t = fwc_ruleset_add_table(rs, FWC_FAMILY_INET, "t", 0);
		struct fwc_chain *base = fwc_table_add_chain(t, "base", &opts);
		struct fwc_chain *c = base;

		if (i % 2) { /* in a chain that it jumps to */
			c = fwc_table_add_chain(t, "c", NULL);
			add_rules(base, "jump c\n");
		}
		add_rules(c, rows[i / 2].rule);
		assert_fails(fwc_kernel_apply(kernel, rs, NULL, &err), -EOPNOTSUPP, err,
			     rows[i / 2].words);
		ck_assert_uint_eq(err.item, rows[i / 2].item);
		fwc_ruleset_free(rs);
	}
	ck_assert_str_eq(sh("nft list ruleset"), "");
}
END_TEST

/* ---- tables that wake or go to sleep while their chains change ---- */

#define IN(more) "add chain inet t a { type filter hook input priority filter; " more "}\n"
#define OUT "add chain inet t b { type filter hook output priority filter; policy accept; }\n"
#define SLEEPS "add table inet t { flags dormant; }\n"
#define AWAKE "add table inet t\n"

static const struct {
	const char *sleeping, *awake; /* behind the table */
	int commits; /* for the one to become the other */
} waking[] = {
	{ IN(), IN(), 1 },
	{ IN(), IN() OUT, 1 },
	{ IN() OUT, IN(), 1 },
	{ IN(), OUT, 1 },
	{ IN("policy accept;"), IN("policy drop;"), 1 },
	{ IN("policy drop;") OUT, IN("policy accept;"), 1 },
	{ "add chain inet t a\n", IN(), 1 },
	{ IN(), "add chain inet t a\n" OUT "add rule inet t b jump a\n", 1 },
	{ IN() "add rule inet t a tcp dport { 1, 2 } drop\n",
	  "add set inet t s { type ipv4_addr; }\nadd element inet t s { 10.0.0.1 }\n" OUT
	  "add rule inet t b ip daddr @s counter\n",
	  1 },
	{ IN(), "add chain inet t a { type filter hook output priority filter; }\n", 2 },
	{ IN() OUT "add rule inet t a tcp dport 1 drop\n",
	  "add chain inet t a { type filter hook input priority 7; }\n"
	  "add rule inet t a tcp dport 2 drop\n",
	  2 },
};

static struct fwc_ruleset *parse(const char *table, const char *rest)
{
	char text[1024];
	struct fwc_ruleset *rs;

	snprintf(text, sizeof(text), "%s%s", table, rest);
	rs = fwc_ruleset_parse(text, strlen(text), FWC_SYNTAX_NFT, &err);
	ck_assert_msg(rs != NULL, "%s", err.msg);
	return rs;
}

/* Chains that came again are listed last: the order of lines does not count. */
static const char *lines(void)
{
	return sh("nft -s list ruleset | sort");
}

static struct fwc_plan *carry_out(struct fwc_plan *plan)
{
	assert_ok(fwc_kernel_commit_plan(kernel, plan, NULL, &err), err);
	return plan;
}

static void check_waking(const char *from_table, const char *from, const char *to_table,
			 const char *to, int wanted)
{
	const struct fwc_apply_opts dry = { .size = sizeof(dry), .flags = FWC_APPLY_DRY_RUN };
	struct fwc_ruleset *first = parse(from_table, from), *second = parse(to_table, to);
	struct fwc_plan *plan, *undo;
	const char *before, *after;

	assert_ok(fwc_kernel_apply(kernel, second, NULL, &err), err);
	after = lines();
	sh("nft flush ruleset");
	assert_ok(fwc_kernel_apply(kernel, first, NULL, &err), err);
	before = lines();
	commits();
	assert_ok(fwc_kernel_apply(kernel, second, &dry, &err), err);
	ck_assert_int_eq(commits(), 0);
	assert_ok(fwc_kernel_plan(kernel, second, &plan, &err), err);
	carry_out(plan);
	ck_assert_int_eq(commits(), wanted);
	ck_assert_str_eq(lines(), after);
	assert_ok(fwc_kernel_apply(kernel, second, NULL, &err), err);
	ck_assert_int_eq(commits(), 0);
	assert_ok(fwc_kernel_plan_undo(kernel, plan, &undo, &err), err);
	fwc_plan_free(carry_out(undo));
	ck_assert_int_eq(commits(), wanted);
	ck_assert_str_eq(lines(), before);
	fwc_plan_free(plan);
	fwc_ruleset_free(first);
	fwc_ruleset_free(second);
	sh("nft flush ruleset");
}

START_TEST(table_wakes_and_sleeps_while_its_hooks_come_and_go)
{
	check_waking(SLEEPS, waking[_i].sleeping, AWAKE, waking[_i].awake, waking[_i].commits);
	check_waking(AWAKE, waking[_i].awake, SLEEPS, waking[_i].sleeping, waking[_i].commits);
	check_waking(SLEEPS, waking[_i].awake, AWAKE, waking[_i].sleeping, waking[_i].commits);
}
END_TEST

/* Two transactions: where the second fails, the first is taken back: filters have no masquerade. */
START_TEST(failed_waking_leaves_all_as_it_was)
{
	static const char later[] = "add chain inet t a { type filter hook input priority 7; }\n"
				    "add rule inet t a tcp dport 2 drop\n"
				    "add table ip n\nadd chain ip n u\nadd rule ip n u masquerade\n"
				    "add chain ip n c { type filter hook input priority 0; }\n"
				    "add rule ip n c jump u\n";
	static const char *const tables[] = { SLEEPS, AWAKE };
	struct fwc_ruleset *rs = parse(tables[!_i], later);
	const char *before;

	apply(parse(
		tables[_i],
		IN("policy drop;") "add rule inet t a tcp dport 1 accept\nadd table ip n\n"
				   "add chain ip n c { type filter hook input priority 0; }\n"));
	before = sh("nft -s list ruleset");
	commits();
	ck_assert_int_eq(fwc_kernel_apply(kernel, rs, NULL, &err), -EOPNOTSUPP);
	ck_assert_str_eq(err.table, "n");
	ck_assert_int_eq(commits(), 2);
	ck_assert_uint_eq(err.outcome, FWC_OUTCOME_NOTHING);
	ck_assert_str_eq(sh("nft -s list ruleset"), before);
	fwc_ruleset_free(rs);
}
END_TEST

START_TEST(batch_is_one_transaction_and_says_what_needs_two)
{
	const struct fwc_place at = { .family = FWC_FAMILY_INET, .table = "t", .chain = "a" };
	struct fwc_ruleset *rs = parse(AWAKE, waking[9].awake);
	struct fwc_batch *batch = fwc_batch_new();

	apply(parse(SLEEPS, IN()));
	fwc_batch_declare(batch, rs);
	assert_ok(fwc_kernel_commit(kernel, batch, &err), err);
	apply(parse(SLEEPS, IN()));
	fwc_batch_add_rule_text(batch, &at, FWC_SYNTAX_NFT, "counter");
	assert_fails(fwc_kernel_commit(kernel, batch, &err), -EOPNOTSUPP, err, "two transactions");
	fwc_batch_free(batch);
	fwc_ruleset_free(rs);
}
END_TEST

/* ---- what is compared of sets, and comments ---- */

START_TEST(elements_are_what_they_are_declared_to_be)
{
	static const char before[] =
		"add set inet t s { type ipv4_addr; flags timeout; }\n"
		"add element inet t s { 10.0.0.1 timeout 1h, 10.0.0.2 timeout 1h comment \"a\", 10.0.0.3 }\n"
		"add set inet t k { type ipv4_addr; counter; }\n"
		"add element inet t k { 10.0.0.1 comment \"a\", 10.0.0.2 }\n"
		"add set inet t q { type ipv4_addr; quota over 5 mbytes; }\n"
		"add element inet t q { 10.0.0.1 quota over 5 mbytes }\n";
	static const char after[] =
		"add set inet t s { type ipv4_addr; flags timeout; }\n"
		"add element inet t s { 10.0.0.1 timeout 2h, 10.0.0.2 timeout 1h comment \"b\" }\n"
		"add set inet t k { type ipv4_addr; counter; }\n"
		"add element inet t k { 10.0.0.1 comment \"b\", 10.0.0.2 }\n"
		"add set inet t q { type ipv4_addr; quota over 5 mbytes; }\n"
		"add element inet t q { 10.0.0.1 quota over 6 mbytes }\n";
	struct fwc_ruleset *rs = parse(AWAKE, after);
	struct fwc_plan *plan;
	char text[256];

	apply(parse(AWAKE, before));
	assert_ok(fwc_kernel_plan(kernel, rs, &plan, &err), err);
	ck_assert_uint_eq(fwc_plan_count(plan), 6);
	fwc_plan_format(plan, 0, text, sizeof(text), NULL);
	assert_contains(text, "delete element inet t s { 10.0.0.1 timeout 1h");
	assert_lacks(text, "10.0.0.3");
	fwc_plan_free(carry_out(plan));
	assert_contains(sh("nft -s list set inet t s"),
			"{ 10.0.0.1 timeout 2h, 10.0.0.2 timeout 1h comment \"b\"");
	/* What only has a timeout is nobody's to delete. */
	assert_contains(sh("nft -s list set inet t s"), "10.0.0.3");
	assert_contains(sh("nft -s list set inet t k"), "comment \"b\"");
	assert_contains(sh("nft -s list set inet t q"), "quota over 6 mbytes");
	commits();
	apply(rs);
	ck_assert_int_eq(commits(), 0);
}
END_TEST

/* The kernel counts in ticks. */
START_TEST(timeouts_are_equal_where_the_kernel_keeps_them_so)
{
	static const char odd[] =
		"add set inet t s { type ipv4_addr; timeout 1h1001ms; gc-interval 1001ms; }\n"
		"add element inet t s { 10.0.0.1 timeout 2h3ms, 10.0.0.2 }\n";

	apply(parse(AWAKE, odd));
	commits();
	apply(parse(AWAKE, odd));
	ck_assert_int_eq(commits(), 0);
}
END_TEST

START_TEST(comments_that_the_kernel_cannot_change_are_told)
{
	static const char commented[] =
		"add counter inet t n { comment \"%s\"; }\n"
		"add chain inet t c { type filter hook input priority 0; comment \"%s\"; }\n"
		"add set inet t s { type ipv4_addr; comment \"%s\"; }\n";
	static const char *const wanted[] = {
		"comment of table inet t stays none, declared is \"c\"",
		"comment of object inet t n stays \"a\", declared is \"b\"",
		"comment of set inet t s stays \"a\", declared is \"b\"",
		"comment of chain inet t c stays \"a\", declared is \"b\"",
	};
	char text[1024], first[512], second[512];
	struct fwc_ruleset *rs;
	struct fwc_plan *plan;

	snprintf(first, sizeof(first), commented, "a", "a", "a");
	snprintf(second, sizeof(second), commented, "b", "b", "b");
	apply(parse(AWAKE, first));
	rs = parse("add table inet t { comment \"c\"; }\n", second);
	assert_ok(fwc_kernel_plan(kernel, rs, &plan, &err), err);
	ck_assert_uint_eq(fwc_plan_count(plan), 0);
	ck_assert_uint_eq(fwc_plan_kept_count(plan), 4);
	for (size_t i = 0; i < 4; i++) {
		ck_assert_int_eq(fwc_plan_kept_format(plan, i, text, sizeof(text), NULL), 0);
		ck_assert_str_eq(text, wanted[i]);
	}
	ck_assert_int_eq(fwc_plan_kept_format(plan, 4, text, sizeof(text), NULL), -EINVAL);
	ck_assert_int_eq(fwc_plan_kept_format(plan, 0, text, 3, NULL), -ENOSPC);
	fwc_plan_free(plan);
	fwc_ruleset_free(rs);
	/* And the kernel is of the same mind. */
	sh("nft 'add table inet t { comment \"c\"; }'");
	assert_lacks(sh("nft list ruleset"), "comment \"c\"");
}
END_TEST

START_TEST(loop_through_a_map_is_named)
{
	struct fwc_ruleset *rs = one_chain(0, "jump a\n");
	struct fwc_table *t = fwc_ruleset_at(rs, 0);

	add_rules(fwc_table_add_chain(t, "a", NULL), "tcp dport vmap { 80 : jump b }\n");
	add_rules(fwc_table_add_chain(t, "b", NULL), "tcp dport vmap @m\n");
	fwc_set_add(fwc_table_add_set(t, "m", "inet_service",
				      &(struct fwc_set_opts){ .size = sizeof(struct fwc_set_opts),
							      .data_type = "verdict" }),
		    "80", "goto a", NULL);
	assert_fails(fwc_kernel_apply(kernel, rs, NULL, &err), -EMLINK, err, "a -> b -> a");
	ck_assert_str_eq(err.table, "t");
	ck_assert_str_eq(err.chain, "a");
	fwc_ruleset_free(rs);
}
END_TEST

START_TEST(loop_through_a_chain_that_a_rule_owns_is_named)
{
	struct fwc_ruleset *rs = one_chain(0, "jump a\n");
	struct fwc_table *t = fwc_ruleset_at(rs, 0);

	add_rules(fwc_table_add_chain(t, "a", NULL),
		  "counter\ntcp dport 80 jump { counter; goto b }\n");
	add_rules(fwc_table_add_chain(t, "b", NULL), "goto a\n");
	assert_fails(fwc_kernel_apply(kernel, rs, NULL, &err), -EMLINK, err,
		     "a -> { } of its rule 2 -> b -> a");
	ck_assert_str_eq(err.chain, "a");
	fwc_ruleset_free(rs);
}
END_TEST

START_TEST(loop_through_chains_of_others_is_named)
{
	struct fwc_ruleset *rs;
	struct fwc_table *t;

	sh("nft add table inet t; nft add chain inet t theirs; nft add chain inet t ours;"
	   "nft add rule inet t theirs jump ours");
	rs = fwc_ruleset_new();
	t = fwc_ruleset_add_table(rs, FWC_FAMILY_INET, "t", FWC_TABLE_SHARED);
	add_rules(fwc_table_add_chain(t, "ours", NULL), "jump theirs\n");
	assert_fails(fwc_kernel_apply(kernel, rs, NULL, &err), -EMLINK, err,
		     "ours -> theirs -> ours");
	fwc_ruleset_free(rs);
}
END_TEST

/* A base chain that leads through `count` chains, itself counted. */
static struct fwc_ruleset *row_of_chains(int count)
{
	struct fwc_ruleset *rs = one_chain(0, "jump c1\n");
	struct fwc_table *t = fwc_ruleset_at(rs, 0);
	char name[16], rule[32];

	for (int i = 1; i < count; i++) {
		struct fwc_chain *c;

		snprintf(name, sizeof(name), "c%d", i);
		snprintf(rule, sizeof(rule), "jump c%d", i + 1);
		c = fwc_table_add_chain(t, name, NULL);
		if (i + 1 < count)
			add_rules(c, rule);
	}
	return rs;
}

START_TEST(longest_row_of_chains_is_what_the_kernel_takes)
{
	struct fwc_ruleset *rs = row_of_chains(17);
	const char *output;

	apply(row_of_chains(16));
	assert_fails(fwc_kernel_apply(kernel, rs, NULL, &err), -EMLINK, err, "17 chains");
	assert_contains(err.msg, "input -> c1 -> c2");
	/* One that a rule owns counts, too. */
	fwc_ruleset_free(rs);
	rs = row_of_chains(16);
	add_rules(fwc_ruleset_find_chain(rs, FWC_FAMILY_INET, "t", "c15"), "jump { counter }\n");
	assert_fails(fwc_kernel_apply(kernel, rs, NULL, &err), -EMLINK, err, "17 chains");
	/* And the kernel is of the same mind. */
	ck_assert_int_ne(sh_code(-1, NULL, &output, "nft 'add rule inet t c15 jump { counter; }'"),
			 0);
	assert_contains(output, "Too many links");
	ck_assert_int_ne(sh_code(-1, NULL, &output,
				 "nft add chain inet t c16 \\; add rule inet t c15 jump c16"),
			 0);
	assert_contains(output, "Too many links");
	fwc_ruleset_free(rs);
}
END_TEST

static void drop_capabilities(void)
{
	struct __user_cap_header_struct head = { .version = _LINUX_CAPABILITY_VERSION_3 };
	struct __user_cap_data_struct data[2] = { { 0 } };

	ck_assert_int_eq(syscall(SYS_capset, &head, data), 0);
}

START_TEST(missing_capability_is_named)
{
	struct fwc_ruleset *rs = one_chain(0, "accept\n"), *loaded;
	struct fwc_batch *batch = fwc_batch_new();

	drop_capabilities();
	assert_fails(fwc_kernel_apply(kernel, rs, NULL, &err), -EPERM, err, "CAP_NET_ADMIN");
	assert_fails(fwc_kernel_load(kernel, FWC_FAMILY_ANY, NULL, &loaded, &err), -EPERM, err,
		     "CAP_NET_ADMIN");
	fwc_batch_del_rule(batch, &(struct fwc_place){ .family = FWC_FAMILY_INET,
						       .table = "t",
						       .chain = "c",
						       .handle = 1 });
	assert_fails(fwc_kernel_commit(kernel, batch, &err), -EPERM, err, "CAP_NET_ADMIN");
	ck_assert_uint_eq(err.outcome, FWC_OUTCOME_NOTHING);
	fwc_batch_free(batch);
	fwc_ruleset_free(rs);
}
END_TEST

/* Another process that commits all the time, in a table of its own. */
static pid_t start_writer(void)
{
	pid_t pid = fork();
	struct fwc_kernel *k;
	struct fwc_batch *b;

	if (pid)
		return pid;
	prctl(PR_SET_NAME, "busy-writer");
	if (fwc_kernel_open(&k, NULL, &err) < 0)
		_exit(1);
	for (unsigned int i = 0;; i++) {
		char key[16];

		b = fwc_batch_new();
		snprintf(key, sizeof(key), "%u", i % 65536);
		fwc_batch_add_element(b, FWC_FAMILY_INET, "busy", "s", key, NULL, 0, NULL);
		fwc_kernel_commit(k, b, &err);
		fwc_batch_free(b);
	}
}

START_TEST(concurrent_writer_starves_nobody_or_is_named)
{
	pid_t writer;
	int done = 0;

	sh("nft add table inet busy; nft add set inet busy s '{ type inet_service; }'");
	writer = start_writer();
	ck_assert_int_gt(writer, 0);
	for (int i = 0; i < 200; i++) {
		char rule[64];
		struct fwc_ruleset *rs;
		int r;

		snprintf(rule, sizeof(rule), "tcp dport %d accept\n", i + 1);
		rs = one_chain(0, rule);
		r = fwc_kernel_apply(kernel, rs, NULL, &err);
		fwc_ruleset_free(rs);
		if (r == -EAGAIN)
			assert_error(&err, -EAGAIN, "busy-writer");
		else
			assert_ok(r, err);
		done += r == 0;
	}
	kill(writer, SIGKILL);
	waitpid(writer, NULL, 0);
	ck_assert_int_gt(done, 0);
	apply(one_chain(0, "tcp dport 7 accept\n"));
	assert_contains(sh("nft list table inet t"), "tcp dport 7 accept\n\t}\n}\n");
}
END_TEST

START_TEST(starving_apply_names_the_writer)
{
	const struct fwc_apply_opts once = { .size = sizeof(once), .retries = 1 };
	struct fwc_ruleset *rs = one_chain(0, "");
	pid_t writer;
	int r = 0;

	for (int i = 1; i <= 3000; i++)
		fwc_rule_match_u64(fwc_chain_append(fwc_table_chain_at(fwc_ruleset_at(rs, 0), 0)),
				   FWC_FIELD_TCP_DPORT, FWC_OP_EQ, (uint64_t)i, (uint64_t)i);
	sh("nft add table inet busy; nft add set inet busy s '{ type inet_service; }'");
	writer = start_writer();
	ck_assert_int_gt(writer, 0);
	for (int i = 0; i < 50 && r == 0; i++) {
		struct fwc_ruleset *none = fwc_ruleset_new();

		r = fwc_kernel_apply(kernel, rs, &once, &err);
		fwc_ruleset_absent_table(none, FWC_FAMILY_INET, "t");
		if (r == 0)
			fwc_kernel_apply(kernel, none, NULL, &err);
		fwc_ruleset_free(none);
	}
	kill(writer, SIGKILL);
	waitpid(writer, NULL, 0);
	ck_assert_int_eq(r, -EAGAIN);
	assert_error(&err, -EAGAIN, "'busy-writer'");
	ck_assert_uint_eq(err.outcome, FWC_OUTCOME_NOTHING);
	fwc_ruleset_free(rs);
}
END_TEST

START_TEST(thousands_of_rules_go_in_one_transaction)
{
	struct fwc_ruleset *rs = one_chain(0, "");
	struct fwc_chain *c = fwc_table_chain_at(fwc_ruleset_at(rs, 0), 0);
	char rule[64];

	if (ns_is_unprivileged())
		test_skip("the send buffer cannot grow that far in a user namespace");
	for (int i = 0; i < 20000; i++) {
		snprintf(rule, sizeof(rule), "ip saddr 10.%d.%d.1 tcp dport %d counter accept",
			 i >> 8, i & 255, i + 1);
		fwc_chain_append_text(c, FWC_SYNTAX_NFT, rule);
	}
	assert_ok(fwc_kernel_apply(kernel, rs, NULL, &err), err);
	commits(); /* more events than the watch's buffer holds */
	assert_contains(sh("nft list table inet t | grep -c counter"), "20000\n");
	assert_ok(fwc_kernel_apply(kernel, rs, NULL, &err), err);
	ck_assert_int_eq(commits(), 0);
	fwc_ruleset_free(rs);
}
END_TEST

START_TEST(failed_ruleset_never_reaches_the_kernel)
{
	struct fwc_ruleset *rs = fwc_ruleset_new();
	struct fwc_chain *c =
		fwc_table_add_chain(fwc_ruleset_add_table(rs, FWC_FAMILY_INET, "t", 0), "c", NULL);
	struct fwc_batch *batch = fwc_batch_new();
	struct fwc_plan *plan;

	fwc_chain_append_text(c, FWC_SYNTAX_NFT, "tcp dport 70000 accept");
	assert_fails(fwc_kernel_apply(kernel, rs, NULL, &err), -EINVAL, err, "70000");
	assert_fails(fwc_kernel_plan(kernel, rs, &plan, &err), -EINVAL, err, "70000");
	fwc_batch_declare(batch, rs);
	assert_fails(fwc_kernel_commit(kernel, batch, &err), -EINVAL, err, "70000");
	ck_assert_str_eq(sh("nft list ruleset"), "");
	fwc_batch_free(batch);
	fwc_ruleset_free(rs);
}
END_TEST

START_TEST(wrong_arguments_are_refused)
{
	struct fwc_ruleset *rs = fwc_ruleset_new();
	const struct fwc_apply_opts flags = { .size = sizeof(flags), .flags = 4 };

	ck_assert_int_eq(fwc_kernel_apply(NULL, rs, NULL, &err), -EINVAL);
	assert_fails(fwc_kernel_apply(kernel, NULL, NULL, &err), -EINVAL, err, "ruleset");
	assert_fails(fwc_kernel_apply(kernel, rs, &flags, &err), -EINVAL, err, "0x4");
	assert_fails(fwc_kernel_plan(kernel, rs, NULL, &err), -EINVAL, err, "plan");
	assert_fails(fwc_kernel_commit_plan(kernel, NULL, NULL, &err), -EINVAL, err, "plan");
	assert_fails(fwc_kernel_commit(kernel, NULL, &err), -EINVAL, err, "batch");
	ck_assert_uint_eq(fwc_plan_count(NULL), 0);
	fwc_plan_free(NULL);
	fwc_ruleset_free(rs);
}
END_TEST

/* Chains without a name: nobody removes them but the kernel, with their rule. */
START_TEST(rules_of_a_rule_come_and_go_with_it)
{
	struct fwc_ruleset *rs = one_chain(0, ""), *loaded = NULL;
	struct fwc_chain *c = fwc_ruleset_find_chain(rs, FWC_FAMILY_INET, "t", "input");
	struct fwc_rule *r = fwc_chain_append_text(c, FWC_SYNTAX_NFT, "iifname lo");
	struct fwc_chain *block = fwc_rule_add_block(r, FWC_VERDICT_JUMP);
	const struct fwc_target *t;
	struct fwc_plan *plan = NULL;

	fwc_chain_append_text(block, FWC_SYNTAX_NFT, "tcp dport { 22, 80 } counter accept");
	fwc_chain_append_text(block, FWC_SYNTAX_NFT, "drop comment \"rest\"");
	assert_ok(fwc_kernel_apply(kernel, rs, NULL, &err), err);
	assert_contains(sh("nft -s list chain inet t input"),
			"iifname \"lo\" jump {\n\t\t\ttcp dport { 22, 80 } counter accept\n"
			"\t\t\tdrop comment \"rest\"\n\t\t}\n");
	assert_ok(fwc_kernel_plan(kernel, rs, &plan, &err), err);
	ck_assert_uint_eq(fwc_plan_count(plan), 0);
	fwc_plan_free(plan);

	assert_ok(fwc_kernel_load(kernel, FWC_FAMILY_INET, "t", &loaded, &err), err);
	ck_assert_uint_eq(
		fwc_table_chain_count(fwc_ruleset_find_table(loaded, FWC_FAMILY_INET, "t")), 1);
	c = fwc_ruleset_find_chain(loaded, FWC_FAMILY_INET, "t", "input");
	t = fwc_item_target(fwc_rule_at(fwc_chain_at(c, 0), 1));
	ck_assert_uint_eq(fwc_chain_count(fwc_target_get_block(t)), 2);
	/* What belongs to one rule is not copied into another. */
	ck_assert_int_eq(fwc_rule_add_target(fwc_chain_append(block), t), -EINVAL);
	fwc_ruleset_free(loaded);
	fwc_ruleset_free(rs);

	/* One of them is another one: the rule is made anew, and nothing is left of the old one. */
	rs = one_chain(0, "iifname lo jump { tcp dport { 22, 81 } counter accept; drop; }");
	apply(rs);
	assert_contains(sh("nft -s list chain inet t input"), "tcp dport { 22, 81 }");
	ck_assert_ptr_null(strstr(sh("nft -s list ruleset"), "80"));
	rs = one_chain(0, "drop");
	apply(rs);
	ck_assert_ptr_null(strstr(sh("nft -s list ruleset"), "jump"));
}
END_TEST

START_TEST(rules_of_a_rule_are_refused_by_name)
{
	struct fwc_ruleset *rs = one_chain(0, "");
	struct fwc_chain *c = fwc_ruleset_find_chain(rs, FWC_FAMILY_INET, "t", "input");
	struct fwc_chain *block = fwc_rule_add_block(fwc_chain_append(c), FWC_VERDICT_GOTO);

	ck_assert_ptr_null(fwc_rule_add_block(fwc_chain_append(block), FWC_VERDICT_JUMP));
	assert_fails(fwc_ruleset_error(rs, &err), -EINVAL, err, "have no rules of their own");
	fwc_ruleset_free(rs);
	rs = one_chain(0, "");
	c = fwc_ruleset_find_chain(rs, FWC_FAMILY_INET, "t", "input");
	ck_assert_ptr_null(fwc_rule_add_block(fwc_chain_append(c), FWC_VERDICT_ACCEPT));
	assert_fails(fwc_ruleset_error(rs, &err), -EINVAL, err, "jump (5) or goto (6)");
	fwc_ruleset_free(rs);
	/* A jump out of it is looked for, like any other. */
	rs = one_chain(0, "jump { goto nowhere; }");
	assert_fails(fwc_kernel_apply(kernel, rs, NULL, &err), -ENOENT, err, "no chain 'nowhere'");
	fwc_ruleset_free(rs);
}
END_TEST

static Suite *apply_suite(void)
{
	Suite *suite = suite_create("apply");
	TCase *tc = tcase_create("apply");

	tcase_add_checked_fixture(tc, setup, teardown);
	tcase_add_test(tc, applied_table_reads_back_with_nft);
	tcase_add_test(tc, second_apply_sends_nothing);
	tcase_add_test(tc, rules_of_a_rule_come_and_go_with_it);
	tcase_add_test(tc, rules_of_a_rule_are_refused_by_name);
	tcase_add_test(tc, loaded_ruleset_applied_again_sends_nothing);
	tcase_add_test(tc, unchanged_rules_keep_handle_and_counters);
	tcase_add_test(tc, plan_says_in_nft_words_what_it_will_do);
	tcase_add_test(tc, plan_is_stale_when_others_have_written);
	tcase_add_test(tc, undeclared_objects_of_an_own_table_go);
	tcase_add_test(tc, shared_table_keeps_what_others_wrote);
	tcase_add_test(tc, rules_in_a_shared_chain_come_before_those_of_others);
	tcase_add_test(tc, chain_of_others_is_not_taken_for_one_of_another_hook);
	tcase_add_test(tc, absent_table_goes_and_its_absence_is_no_change);
	tcase_add_test(tc, failing_rule_is_named_and_nothing_applied);
	tcase_add_test(tc, dry_run_changes_nothing);
	tcase_add_test(tc, policy_changes_in_place_and_another_hook_remakes_the_chain);
	tcase_add_test(tc, set_with_other_flags_is_remade_with_the_rules_that_use_it);
	tcase_add_test(tc, elements_differ_only_where_they_differ);
	tcase_add_test(tc, elements_of_state_sets_stay);
	tcase_add_test(tc, constant_set_is_remade_when_its_elements_change);
	tcase_add_test(tc, table_of_iptables_is_refused);
	tcase_add_test(tc, rules_of_arptables_are_read_by_arptables_as_they_were_written);
	tcase_add_test(tc, jump_to_nowhere_is_named);
	tcase_add_test(tc, set_of_another_type_is_named);
	tcase_add_test(tc, target_in_the_wrong_chain_is_named);
	tcase_add_loop_test(tc, table_wakes_and_sleeps_while_its_hooks_come_and_go, 0,
			    (int)(sizeof(waking) / sizeof(waking[0])));
	tcase_add_loop_test(tc, failed_waking_leaves_all_as_it_was, 0, 2);
	tcase_add_test(tc, batch_is_one_transaction_and_says_what_needs_two);
	tcase_add_test(tc, elements_are_what_they_are_declared_to_be);
	tcase_add_test(tc, timeouts_are_equal_where_the_kernel_keeps_them_so);
	tcase_add_test(tc, comments_that_the_kernel_cannot_change_are_told);
	tcase_add_test(tc, loop_through_a_map_is_named);
	tcase_add_test(tc, loop_through_a_chain_that_a_rule_owns_is_named);
	tcase_add_test(tc, loop_through_chains_of_others_is_named);
	tcase_add_test(tc, longest_row_of_chains_is_what_the_kernel_takes);
	tcase_add_test(tc, missing_capability_is_named);
	tcase_add_test(tc, concurrent_writer_starves_nobody_or_is_named);
	tcase_add_test(tc, starving_apply_names_the_writer);
	tcase_add_test(tc, thousands_of_rules_go_in_one_transaction);
	tcase_add_test(tc, failed_ruleset_never_reaches_the_kernel);
	tcase_add_test(tc, wrong_arguments_are_refused);
	suite_add_tcase(suite, tc);
	return suite;
}

TEST_MAIN(apply_suite)
