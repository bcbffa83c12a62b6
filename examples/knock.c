/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * A port knocker: lets an address reach port 22 for thirty seconds, in a firewall that somebody else wrote.
 *
 * The table `inet filter` and its chain `input` are another program's. Declared SHARED, only what carries
 * our owner name is compared, added and removed in it. After the first knock the set and its rule are
 * there, and a knock is a commit of one element.
 */
#include <fwcore/fwcore.h>
#include <stdio.h>
#include <string.h>

#define TABLE FWC_FAMILY_INET, "filter"

/* What we want in their table: a set whose elements expire, and one rule that reads it. */
static void declare(struct fwc_ruleset *ruleset)
{
	struct fwc_table *table = fwc_ruleset_add_table(ruleset, TABLE, FWC_TABLE_SHARED);
	struct fwc_chain *input = fwc_table_add_chain(table, "input", NULL);
	struct fwc_rule *rule;

	fwc_table_add_set(
		table, "knock", "ipv4_addr",
		&(struct fwc_set_opts){ .size = sizeof(struct fwc_set_opts), .timeout_ms = 30000 });
	rule = fwc_chain_append_text(input, FWC_SYNTAX_NFT,
				     "ip saddr @knock tcp dport 22 ct state new accept");
	fwc_rule_tag(rule, "knock");
}

static int knock(struct fwc_kernel *kernel, const char *address, struct fwc_error *err)
{
	struct fwc_ruleset *ruleset = fwc_ruleset_new();
	struct fwc_batch *batch = fwc_batch_new();
	int r;

	/* No builder is checked: the batch keeps the first failure and commit returns it. */
	declare(ruleset);
	fwc_batch_declare(batch, ruleset);
	fwc_batch_add_element(batch, TABLE, "knock", address, NULL, 0, NULL);
	r = fwc_kernel_commit(kernel, batch, err);
	fwc_batch_free(batch);
	fwc_ruleset_free(ruleset);
	return r;
}

/* Their table, with nothing of ours in it. */
static int clear(struct fwc_kernel *kernel, struct fwc_error *err)
{
	struct fwc_ruleset *ruleset = fwc_ruleset_new();
	int r;

	fwc_ruleset_add_table(ruleset, TABLE, FWC_TABLE_SHARED);
	r = fwc_kernel_apply(kernel, ruleset, NULL, err);
	fwc_ruleset_free(ruleset);
	return r;
}

int main(int argc, char **argv)
{
	struct fwc_kernel_opts opts = { .size = sizeof(opts), .owner = "knock" };
	struct fwc_kernel *kernel = NULL;
	struct fwc_error err;
	int r;

	if (argc != 2 || !strcmp(argv[1], "--help")) {
		fprintf(argc == 2 ? stdout : stderr,
			"usage: knock ADDRESS   let an IPv4 address reach port 22 for 30 seconds\n"
			"       knock --clear   take the set and the rule away\n"
			"Works on the table `inet filter` with a chain `input`, which must exist.\n");
		return argc == 2 ? 0 : 2;
	}
	r = fwc_kernel_open(&kernel, &opts, &err);
	if (r == 0)
		r = strcmp(argv[1], "--clear") ? knock(kernel, argv[1], &err) : clear(kernel, &err);
	if (r < 0)
		fprintf(stderr, "knock: %s\n", err.msg);
	fwc_kernel_close(kernel);
	return r < 0;
}
