/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Whatever is wrong with what a program gives: the error names it, the kernel's tables stay, nothing stays open. */
#include <fwcore/fwcore.h>
#include <unistd.h>

#include "../check.h"

static struct fwc_kernel *kernel;
static struct fwc_error err;

/* What is there before, somebody else's: a chain of theirs leads to `ours` through a map. */
static const char before[] =
	"table inet t {\n"
	"	map m { type inet_service : verdict; elements = { 80 : jump ours }; }\n"
	"	chain ours { tcp dport 1 accept; }\n"
	"	chain theirs { tcp dport vmap @m; }\n"
	"	chain input { type filter hook input priority 0; jump theirs; }\n"
	"}\n";

static void setup(void)
{
	const struct fwc_kernel_opts opts = { .size = sizeof(opts), .owner = "tester" };

	ns_enter();
	need_program("nft");
	assert_ok(fwc_kernel_open(&kernel, &opts, &err), err);
}

static void teardown(void)
{
	fwc_kernel_close(kernel);
}

static struct fwc_rule *text(struct fwc_chain *c, const char *words)
{
	return fwc_chain_append_text(c, FWC_SYNTAX_NFT, words);
}

static void text_match(struct fwc_chain *c)
{
	text(c, "tcp dport htpt accept");
}

static void typed_match(struct fwc_chain *c)
{
	struct fwc_rule *r = fwc_chain_append(c);

	fwc_rule_match(r, FWC_FIELD_IP_SADDR, FWC_OP_EQ, "10.0.0");
	fwc_rule_verdict(r, FWC_VERDICT_ACCEPT, NULL);
}

static void null_child(struct fwc_chain *c)
{
	struct fwc_value *list = fwc_value_list((const struct fwc_value *[]){ NULL }, 1);
	struct fwc_value *field = fwc_value_field(FWC_FIELD_TCP_DPORT);
	struct fwc_rule *r = fwc_chain_append(c);

	fwc_rule_match_value(r, field, FWC_OP_EQ, list);
	fwc_rule_verdict(r, FWC_VERDICT_ACCEPT, NULL);
	fwc_value_free(field);
	fwc_value_free(list);
}

static void long_name(struct fwc_chain *c)
{
	fwc_rule_match_name(fwc_chain_append(c), FWC_FIELD_META_IIFNAME, FWC_OP_EQ,
			    "abcdefghijklmnop");
}

static void long_prefix(struct fwc_chain *c)
{
	const struct fwc_ip ip = { .family = FWC_FAMILY_IP, .bytes = { 10 } };

	fwc_rule_match_ip(fwc_chain_append(c), FWC_FIELD_IP_DADDR, FWC_OP_EQ, &ip, 33);
}

static void large_port(struct fwc_chain *c)
{
	fwc_rule_match_u64(fwc_chain_append(c), FWC_FIELD_UDP_DPORT, FWC_OP_EQ, 70000, 70000);
}

static void inverted_range(struct fwc_chain *c)
{
	fwc_rule_match_u64(fwc_chain_append(c), FWC_FIELD_TCP_SPORT, FWC_OP_EQ, 80, 20);
}

static void jump_to_nowhere(struct fwc_chain *c)
{
	text(c, "jump nowhere");
}

static void loop_of_jumps(struct fwc_chain *c)
{
	text(c, "tcp dport vmap { 5 : goto ours }");
}

static void loop_through_their_map(struct fwc_chain *c)
{
	text(c, "tcp dport 7 jump theirs");
}

static void long_text(struct fwc_chain *c)
{
	char *words = malloc((1 << 20) + 1);

	memset(words, 'a', 1 << 20);
	words[1 << 20] = '\0';
	text(c, words);
	free(words);
}

/* The rules go to chain `ours` of a table that is shared. */
static const struct bad {
	void (*build)(struct fwc_chain *c);
	int code;
	const char *part;
} rows[] = {
	{ text_match, -EINVAL, "rule 1: 'htpt' is no inet_service" },
	{ typed_match, -EINVAL, "rule 1: ip saddr: '10.0.0' is no ipv4_addr" },
	{ null_child, -EINVAL, "rule 1: tcp dport: a value is missing" },
	{ long_name, -EINVAL, "'abcdefghijklmnop' has 16 bytes" },
	{ long_prefix, -EINVAL, "ip daddr: '10.0.0.0/33'" },
	{ large_port, -EINVAL, "udp dport: '70000'" },
	{ inverted_range, -EINVAL, "tcp sport: the range '80-20'" },
	{ jump_to_nowhere, -ENOENT, "rule 1: there is no chain 'nowhere'" },
	{ loop_of_jumps, -EMLINK, "ours -> ours" },
	{ loop_through_their_map, -EMLINK, "theirs -> ours" },
	{ long_text, -EINVAL, "rule 1: the text of a rule has 1048576 bytes" },
};

static const char *open_files(void)
{
	return sh("ls /proc/%d/fd | wc -l", (int)getpid());
}

/* Built, then carried on with as if nothing had happened: once declared, once in a batch. */
START_TEST(bad_rule_is_named_and_nothing_changes)
{
	const struct bad *row = &rows[_i];
	struct fwc_batch *batch = fwc_batch_new();
	const char *listing, *files;
	struct fwc_ruleset *rs = fwc_ruleset_new();
	struct fwc_table *t = fwc_ruleset_add_table(rs, FWC_FAMILY_INET, "t", FWC_TABLE_SHARED);
	struct fwc_chain *c = fwc_table_add_chain(t, "ours", NULL);

	sh_input(before, "nft -f -");
	listing = sh("nft -a list ruleset");
	files = open_files();
	row->build(c);
	text(c, "accept");
	assert_fails(fwc_kernel_apply(kernel, rs, NULL, &err), row->code, err, row->part);
	assert_contains(err.msg, "table inet t");
	ck_assert_str_eq(err.table, "t");
	ck_assert_uint_eq(err.outcome, FWC_OUTCOME_NOTHING);
	fwc_batch_declare(batch, rs);
	fwc_batch_add_element(batch, FWC_FAMILY_INET, "t", "m", "443", "accept", 0, NULL);
	assert_fails(fwc_kernel_commit(kernel, batch, &err), row->code, err, row->part);
	ck_assert_str_eq(sh("nft -a list ruleset"), listing);
	ck_assert_str_eq(open_files(), files);
	fwc_batch_free(batch);
	fwc_ruleset_free(rs);
}
END_TEST

/* The same names twice, and text that ends too early: nothing is left to apply. */
START_TEST(bad_text_gives_no_ruleset)
{
	static const struct {
		const char *text;
		size_t len;
		uint32_t line;
		const char *part;
	} texts[] = {
#define TEXT(t) t, sizeof(t) - 1
		{ TEXT("add table inet t\n"
		       "add chain inet t c { type filter hook input priority 0; }\n"
		       "add chain inet t c { type filter hook output priority 0; }\n"),
		  3, "chain c is declared already" },
		{ TEXT("add table inet t\nadd set inet t s { type ipv4_addr; }\n"
		       "add set inet t s { type ipv6_addr; }\n"),
		  3, "set s is declared already" },
		{ TEXT("add table inet t\nadd chain inet t c\nadd rule inet t c tcp dp\0ort 2\n"),
		  3, "'tcp dp" },
		{ TEXT("add table inet t\0\n"), 1, "" },
	};

	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		ck_assert_msg(!fwc_ruleset_parse(texts[i].text, texts[i].len, FWC_SYNTAX_NFT, &err),
			      "text %zu was taken", i);
		assert_error(&err, i < 2 ? -EEXIST : -EINVAL, texts[i].part);
		ck_assert_uint_eq(err.line, texts[i].line);
	}
}
END_TEST

static Suite *bad_input_suite(void)
{
	Suite *suite = suite_create("bad_input");
	TCase *tc = tcase_create("bad_input");

	tcase_add_checked_fixture(tc, setup, teardown);
	tcase_add_loop_test(tc, bad_rule_is_named_and_nothing_changes, 0,
			    sizeof(rows) / sizeof(rows[0]));
	tcase_add_test(tc, bad_text_gives_no_ruleset);
	suite_add_tcase(suite, tc);
	return suite;
}

TEST_MAIN(bad_input_suite)
