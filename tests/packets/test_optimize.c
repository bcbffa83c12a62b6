/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Random lists of rules and random packets: as they are and folded into sets and maps the same packets arrive, and
 * unfolded each rule has counted the same.
 */
#include <fwcore/fwcore.h>
#include <inttypes.h>
#include <poll.h>
#include <sched.h>
#include <stdarg.h>

#include "../dice.h"
#include "peer.h"

enum {
	PACKETS = 160,
	SENDERS = 8, /* 10.0.0.2 to 10.0.0.9 */
	SPORTS = 6,
	DPORTS = 12,
	FIRST_SPORT = 500,
	FIRST_DPORT = 1000,
	LAST_PORT = 9999, /* of the packet that comes last, which every list accepts */
};

static struct fwc_kernel *kernel;
static struct fwc_error err;
static int receivers[DPORTS + 1];
static unsigned long long first_seed;
static unsigned int rounds = 40, folded_rules;

static struct dice dice;

static void setup(void)
{
	peer_setup();
	for (int i = 3; i < 2 + SENDERS; i++)
		sh_in(peer_ns, "ip addr add 10.0.0.%d/24 dev v1", i);
	/* No packet is lost for want of a neighbour. */
	sh("ip link set v0 address 02:00:00:00:00:01");
	sh_in(peer_ns, "ip neigh replace 10.0.0.1 lladdr 02:00:00:00:00:01 dev v1 nud permanent");
	for (int i = 0; i < DPORTS; i++)
		receivers[i] = serve(SOCK_DGRAM, "10.0.0.1", (uint16_t)(FIRST_DPORT + i));
	receivers[DPORTS] = serve(SOCK_DGRAM, "10.0.0.1", LAST_PORT);
	assert_ok(fwc_kernel_open(&kernel, NULL, &err), err);
}

static void teardown(void)
{
	fwc_kernel_close(kernel);
}

/* ---- packets ---- */

/* From the peer, all on one processor, so that they arrive in the order in which they are sent. */
static void send_packets(uint64_t seed)
{
	struct sockaddr_storage to;
	socklen_t len = make_address("10.0.0.1", LAST_PORT, &to);
	cpu_set_t one;

	ns_switch(peer_ns);
	CPU_ZERO(&one);
	CPU_SET((unsigned int)sched_getcpu(), &one);
	ck_assert_int_eq(sched_setaffinity(0, sizeof(one), &one), 0);
	dice.state = seed;
	for (uint16_t id = 0; id <= PACKETS; id++) {
		uint16_t dport =
			(uint16_t)(id < PACKETS ? FIRST_DPORT + below(&dice, DPORTS) : LAST_PORT);
		uint16_t sport = (uint16_t)(FIRST_SPORT + below(&dice, SPORTS));
		char from[16], bytes[64] = "";
		int fd;

		snprintf(from, sizeof(from), "10.0.0.%u", 2 + below(&dice, SENDERS));
		memcpy(bytes, &id, sizeof(id));
		fd = serve(SOCK_DGRAM, from, sport);
		((struct sockaddr_in *)&to)->sin_port = htons(dport);
		ck_assert_int_gt(sendto(fd, bytes, sizeof(id) + below(&dice, 60), 0,
					(struct sockaddr *)&to, len),
				 0);
		close(fd);
	}
}

/* Which packets arrived. */
static void exchange(uint64_t seed, bool arrived[PACKETS])
{
	struct pollfd last = { .fd = receivers[DPORTS], .events = POLLIN };
	int status;
	uint16_t id;
	pid_t pid = fork();

	ck_assert_int_ge(pid, 0);
	if (pid == 0) {
		send_packets(seed);
		_exit(0);
	}
	ck_assert_int_eq(waitpid(pid, &status, 0), pid);
	ck_assert_int_eq(status, 0);
	ck_assert_int_eq(poll(&last, 1, 120000), 1);
	memset(arrived, 0, PACKETS * sizeof(*arrived));
	for (int i = 0; i <= DPORTS; i++)
		while (recv(receivers[i], &id, sizeof(id), MSG_DONTWAIT) == sizeof(id))
			if (id < PACKETS)
				arrived[id] = true;
}

/* ---- rules ---- */

struct line {
	char text[512];
	size_t len;
};

static void put(struct line *l, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

static void put(struct line *l, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	l->len += (size_t)vsnprintf(l->text + l->len, sizeof(l->text) - l->len, fmt, ap);
	va_end(ap);
}

static void put_address(struct line *l)
{
	unsigned int form = below(&dice, 8), a = 2 + below(&dice, SENDERS);

	if (form == 0)
		put(l, "10.0.0.%u/30", a & ~3u);
	else if (form == 1)
		put(l, "10.0.0.%u-10.0.0.%u", a, a + 1 + below(&dice, 2));
	else if (form == 2)
		put(l, "{ 10.0.0.%u, 10.0.0.%u }", a, a + 1);
	else
		put(l, "10.0.0.%u", a);
}

static void put_port(struct line *l, unsigned int first, unsigned int count)
{
	unsigned int form = below(&dice, 8), a = first + below(&dice, count);

	if (form == 0)
		put(l, "%u-%u", a, a + 1 + below(&dice, 3));
	else if (form == 1)
		put(l, "{ %u, %u-%u }", a, a + 2, a + 3);
	else
		put(l, "%u", a);
}

enum { SADDR = 1, SPORT = 2, DPORT = 4, MARK = 8, NAME = 16, L4 = 32, SHAPES = 64 };

static void put_matches(struct line *l, unsigned int shape, bool turned)
{
	if (shape & NAME)
		put(l, "iifname %s ", below(&dice, 6) ? "\"v0\"" : "\"lo\"");
	if (shape & DPORT && turned) {
		put(l, "udp dport ");
		put_port(l, FIRST_DPORT, DPORTS);
		put(l, " ");
	}
	if (shape & SADDR) {
		put(l, "ip saddr ");
		put_address(l);
		put(l, " ");
	}
	if (shape & L4 && !(shape & (SPORT | DPORT))) /* which say it themselves */
		put(l, "meta l4proto %s ", below(&dice, 4) ? "udp" : "tcp");
	if (shape & MARK)
		put(l, "meta mark %u ", below(&dice, 4));
	if (shape & SPORT) {
		put(l, "udp sport ");
		put_port(l, FIRST_SPORT, SPORTS);
		put(l, " ");
	}
	if (shape & DPORT && !turned) {
		put(l, "udp dport ");
		put_port(l, FIRST_DPORT, DPORTS);
		put(l, " ");
	}
}

/* What rules of a burst do: the same, or a verdict each; a chain u2 jumps to u3 at most. */
static void put_tail(struct line *l, unsigned int kind, unsigned int chain)
{
	static const char *const verdicts[] = { "accept", "drop", "return" };

	if (kind == 0) {
		put(l, "meta mark set %u", below(&dice, 4));
	} else if (kind == 1) {
		put(l, "log prefix \"x\"");
	} else if (kind == 2) {
		put(l, "quota over %u bytes drop", 200 + below(&dice, 4) * 100);
	} else if (chain < 3 && below(&dice, 3) == 0) {
		put(l, "%s u%u", below(&dice, 2) ? "jump" : "goto",
		    chain + below(&dice, 3 - chain));
	} else {
		put(l, "%s", verdicts[below(&dice, 3)]);
	}
}

static void add_burst(struct fwc_chain *c, unsigned int chain)
{
	unsigned int shape = 1 + below(&dice, SHAPES - 1), kind = below(&dice, 8),
		     count = 1 + below(&dice, 12);
	bool turned = !(shape & SPORT) && below(&dice, 2), counts = below(&dice, 2),
	     random = below(&dice, 16) == 0;

	for (unsigned int i = 0; i < count; i++) {
		struct line l = { .len = 0 };
		struct fwc_rule *r;

		if (random)
			put(&l, "numgen inc mod 2 0 ");
		put_matches(&l, shape, turned);
		if (counts && below(&dice, 4))
			put(&l, "counter ");
		put_tail(&l, kind, chain);
		r = fwc_chain_append_text(c, FWC_SYNTAX_NFT, l.text);
		if (below(&dice, 4) == 0)
			fwc_rule_comment(r, below(&dice, 2) ? "one" : "two");
		ck_assert_msg(r != NULL, "%s", l.text);
	}
}

/* Lists that look as if they could be folded. */
static void add_trap(struct fwc_chain *c)
{
	static const char *const traps[][4] = {
		{ "meta mark 0 jump u0", "meta mark 1 drop", "meta mark 2 accept" },
		{ "meta mark 0 meta mark set 1", "meta mark 1 meta mark set 2",
		  "meta mark 2 drop" },
		{ "ip saddr 10.0.0.0/29 udp dport 1000-1003 drop",
		  "ip saddr 10.0.0.4 udp dport 1001 accept" },
		{ "udp dport 1001 limit rate 1/day burst 3 packets drop",
		  "udp dport 1002 limit rate 1/day burst 3 packets drop" },
	};
	const char *const *trap = traps[below(&dice, 4)];

	for (; *trap; trap++)
		fwc_chain_append_text(c, FWC_SYNTAX_NFT, *trap);
}

/* Chains u0 to u2, and the base chain. */
static struct fwc_ruleset *make_rules(void)
{
	const struct fwc_base_opts opts = { .size = sizeof(opts),
					    .hook = FWC_HOOK_INPUT,
					    .policy = below(&dice, 2) ? FWC_VERDICT_DROP
								      : FWC_VERDICT_ACCEPT };
	struct fwc_ruleset *rs = fwc_ruleset_new();
	struct fwc_table *t = fwc_ruleset_add_table(rs, FWC_FAMILY_INET, "t", 0);
	struct fwc_chain *users[3], *input;
	char name[4] = "u0";

	for (unsigned int i = 0; i < 3; i++, name[1]++)
		users[i] = fwc_table_add_chain(t, name, NULL);
	/* Then a packet comes back from there as another one. */
	if (below(&dice, 2))
		fwc_chain_append_text(users[below(&dice, 3)], FWC_SYNTAX_NFT,
				      below(&dice, 2) ? "meta mark set 1" : "meta mark set 2");
	for (unsigned int i = 0; i < 3; i++)
		add_burst(users[i], i + 1);
	input = fwc_table_add_chain(t, "input", &opts);
	fwc_chain_append_text(input, FWC_SYNTAX_NFT, "udp dport != 1-9998 accept");
	for (unsigned int i = 2 + below(&dice, 6); i > 0; i--) {
		if (below(&dice, 4) == 0)
			add_trap(input);
		add_burst(input, 0);
	}
	assert_ok(fwc_ruleset_error(rs, &err), err);
	return rs;
}

/* ---- one list, as it is and folded ---- */

static void apply(const struct fwc_ruleset *rs)
{
	assert_ok(fwc_kernel_apply(kernel, rs, NULL, &err), err);
}

static void remove_table(void)
{
	struct fwc_ruleset *rs = fwc_ruleset_new();

	fwc_ruleset_absent_table(rs, FWC_FAMILY_INET, "t");
	apply(rs);
	fwc_ruleset_free(rs);
}

/* Applies it, exchanges the packets; the rules as text with their counters. */
static char *try_rules(const struct fwc_ruleset *rs, uint64_t seed, bool unfold,
		       bool arrived[PACKETS])
{
	struct fwc_ruleset *loaded;
	char *text;

	apply(rs);
	exchange(seed, arrived);
	assert_ok(fwc_kernel_load(kernel, FWC_FAMILY_INET, "t", &loaded, &err), err);
	if (unfold)
		assert_ok(fwc_ruleset_unfold(loaded, &err), err);
	assert_ok(
		fwc_ruleset_format(loaded, FWC_SYNTAX_NFT, FWC_FORMAT_COMMANDS, &text, NULL, &err),
		err);
	fwc_ruleset_free(loaded);
	remove_table();
	return text;
}

static void count_folds(struct fwc_ruleset *rs)
{
	const struct fwc_optimize_opts opts = { .size = sizeof(opts), .min_rules = 2 };
	struct fwc_folds *folds;

	assert_ok(fwc_ruleset_optimize(rs, &opts, &folds, &err), err);
	for (size_t i = 0; i < fwc_folds_count(folds); i++)
		if (fwc_fold_kind(fwc_folds_at(folds, i)) != FWC_FOLD_LEFT)
			folded_rules += fwc_fold_rules(fwc_folds_at(folds, i));
	fwc_folds_free(folds);
}

/* The first line that differs. */
static void check_same(unsigned long long seed, const char *plain, const char *folded)
{
	size_t line = 0;

	for (size_t i = 0; plain[i] && plain[i] == folded[i]; i++)
		if (plain[i] == '\n')
			line = i + 1;
	ck_assert_msg(!strcmp(plain, folded), "seed %llu: '%.*s' has become '%.*s'", seed,
		      (int)strcspn(plain + line, "\n"), plain + line,
		      (int)strcspn(folded + line, "\n"), folded + line);
}

static void check_seed(unsigned long long seed)
{
	bool plain[PACKETS], folded[PACKETS];
	struct fwc_ruleset *rs;
	char *plain_text, *folded_text;

	dice.state = seed;
	rs = make_rules();
	plain_text = try_rules(rs, seed, false, plain);
	count_folds(rs);
	folded_text = try_rules(rs, seed, true, folded);
	for (int i = 0; i < PACKETS; i++)
		ck_assert_msg(plain[i] == folded[i],
			      "seed %llu: packet %d %s by the rules, not by their sets:\n%.3000s",
			      seed, i, plain[i] ? "passes" : "is dropped", plain_text);
	check_same(seed, plain_text, folded_text);
	fwc_text_free(plain_text);
	fwc_text_free(folded_text);
	fwc_ruleset_free(rs);
}

START_TEST(folded_rules_do_and_count_what_they_did)
{
	for (unsigned long long seed = first_seed; seed < first_seed + rounds; seed++)
		check_seed(seed);
	/* Else nothing was shown. */
	ck_assert_uint_gt(folded_rules, 4 * rounds);
}
END_TEST

static Suite *optimize_suite(void)
{
	Suite *suite = suite_create("optimize");
	TCase *tc = tcase_create("optimize");

	first_seed = first_seed_of(&rounds, "lists");
	tcase_set_timeout(tc, 800);
	tcase_add_checked_fixture(tc, setup, teardown);
	tcase_add_test(tc, folded_rules_do_and_count_what_they_did);
	suite_add_tcase(suite, tc);
	return suite;
}

TEST_MAIN(optimize_suite)
