/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What languages.py compares with: calls and rules in C. Prints nanoseconds of processor time, `name: number`, a line each. */
#include <fwcore/fwcore.h>
#include <stdio.h>
#include <time.h>

enum { CALLS = 200000, RULES = 10000 };

static double now_ns(void)
{
	struct timespec t;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
	return (double)t.tv_sec * 1e9 + (double)t.tv_nsec;
}

static void build(struct fwc_chain *chain)
{
	for (unsigned int i = 1; i <= RULES; i++) {
		struct fwc_ip ip = { FWC_FAMILY_IP, { 10, 0, (uint8_t)(i >> 8), (uint8_t)i } };
		struct fwc_rule *rule = fwc_chain_append(chain);

		fwc_rule_match_ip(rule, FWC_FIELD_IP_SADDR, FWC_OP_EQ, &ip, 32);
		fwc_rule_match_u64(rule, FWC_FIELD_TCP_DPORT, FWC_OP_EQ, i, i);
		fwc_rule_counter(rule);
		fwc_rule_verdict(rule, FWC_VERDICT_ACCEPT, NULL);
	}
}

int main(void)
{
	struct fwc_ruleset *ruleset = fwc_ruleset_new();
	struct fwc_table *table = fwc_ruleset_add_table(ruleset, FWC_FAMILY_IP, "bench", 0);
	struct fwc_chain *chain = fwc_table_add_chain(table, "c", NULL);
	struct fwc_kernel *kernel;
	volatile uint64_t sum = 0;
	struct fwc_error err;
	double before, built, read;

	before = now_ns();
	for (unsigned int i = 0; i < CALLS; i++)
		sum += fwc_chain_handle(chain);
	printf("call: %f\n", (now_ns() - before) / CALLS);

	before = now_ns();
	build(chain);
	built = now_ns() - before;
	printf("rule: %f\n", built / RULES);

	before = now_ns();
	if (fwc_kernel_open(&kernel, NULL, &err) < 0 ||
	    fwc_kernel_apply(kernel, ruleset, NULL, &err) < 0) {
		fprintf(stderr, "%s\n", err.msg);
		return 1;
	}
	printf("built and applied: %f\n", built + now_ns() - before);

	fwc_ruleset_free(ruleset);
	before = now_ns();
	if (fwc_kernel_load(kernel, FWC_FAMILY_IP, "bench", &ruleset, &err) < 0)
		return 1;
	chain = fwc_ruleset_find_chain(ruleset, FWC_FAMILY_IP, "bench", "c");
	for (size_t i = 0; i < fwc_chain_count(chain); i++) {
		char text[256];

		fwc_rule_format(fwc_chain_at(chain, i), FWC_SYNTAX_NFT, text, sizeof(text), NULL);
		sum += (unsigned char)text[0];
	}
	read = now_ns() - before;
	printf("loaded and printed: %f\n", read);
	fwc_ruleset_free(ruleset);
	fwc_kernel_close(kernel);
	return 0;
}
