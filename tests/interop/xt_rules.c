/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Rules in iptables' words, written by us: xt_rules FAMILY TABLE CHAIN. Each line of standard input is the words of a rule;
 * those that we read and the kernel takes are in CHAIN at the end, in their order. Prints a line for each: `added`, or why
 * not. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <fwcore/fwcore.h>

enum { LINES_MOST = 256 };

struct run {
	struct fwc_kernel *kernel;
	uint32_t family;
	const char *table, *chain;
	char *lines[LINES_MOST];
	size_t count;
};

/* All lines so far, as one table. */
static int apply(const struct run *run, struct fwc_error *err)
{
	struct fwc_ruleset *rs = fwc_ruleset_new();
	struct fwc_chain *chain;
	int r;

	fwc_ruleset_add_iptables_table(rs, run->family, run->table, 0);
	chain = fwc_ruleset_find_chain(rs, run->family, run->table, run->chain);
	for (size_t i = 0; i < run->count; i++)
		fwc_chain_append_text(chain, FWC_SYNTAX_IPTABLES, run->lines[i]);
	r = fwc_ruleset_error(rs, err);
	if (r == 0)
		r = fwc_kernel_apply(run->kernel, rs, NULL, err);
	fwc_ruleset_free(rs);
	return r;
}

static uint32_t family_of(const char *name)
{
	return !strcmp(name, "ip6")   ? FWC_FAMILY_IP6
	       : !strcmp(name, "arp") ? FWC_FAMILY_ARP
				      : FWC_FAMILY_IP;
}

int main(int argc, char **argv)
{
	struct run run = { .family = argc > 1 ? family_of(argv[1]) : FWC_FAMILY_IP };
	struct fwc_error err;
	char *line = NULL;
	size_t room = 0;
	ssize_t len;

	if (argc != 4 || fwc_kernel_open(&run.kernel, NULL, &err) < 0)
		return 1;
	run.table = argv[2];
	run.chain = argv[3];
	while ((len = getline(&line, &room, stdin)) > 0 && run.count < LINES_MOST) {
		line[len - 1] = '\0';
		run.lines[run.count++] = strdup(line);
		if (apply(&run, &err) == 0) {
			puts("added");
			continue;
		}
		puts(err.msg);
		free(run.lines[--run.count]);
	}
	free(line);
	while (run.count)
		free(run.lines[--run.count]);
	fwc_kernel_close(run.kernel);
	return 0;
}
