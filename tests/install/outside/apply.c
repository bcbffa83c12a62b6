/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A program of somebody else's: declares a table, applies it and prints what the kernel has then. */
#include <fwcore/fwcore.h>
#include <stdio.h>
#include <string.h>

static int apply(struct fwc_kernel *kernel, struct fwc_error *err)
{
	struct fwc_ruleset *ruleset = fwc_ruleset_new();
	struct fwc_table *table = fwc_ruleset_add_table(ruleset, FWC_FAMILY_INET, "outside", 0);
	struct fwc_base_opts base;
	struct fwc_chain *chain;
	int r;

	memset(&base, 0, sizeof(base));
	base.size = sizeof(base);
	base.hook = FWC_HOOK_INPUT;
	chain = fwc_table_add_chain(table, "input", &base);
	fwc_chain_append_text(chain, FWC_SYNTAX_NFT, "tcp dport 22 accept");
	r = fwc_kernel_apply(kernel, ruleset, NULL, err);
	fwc_ruleset_free(ruleset);
	return r;
}

static int print(struct fwc_kernel *kernel, struct fwc_error *err)
{
	struct fwc_ruleset *ruleset;
	char *text;
	int r = fwc_kernel_load(kernel, FWC_FAMILY_INET, "outside", &ruleset, err);

	if (r < 0)
		return r;
	r = fwc_ruleset_format(ruleset, FWC_SYNTAX_NFT, 0, &text, NULL, err);
	fwc_ruleset_free(ruleset);
	if (r < 0)
		return r;
	fputs(text, stdout);
	fwc_text_free(text);
	return 0;
}

int main(void)
{
	struct fwc_kernel *kernel;
	struct fwc_error err;
	int r = fwc_kernel_open(&kernel, NULL, &err);

	if (r == 0) {
		r = apply(kernel, &err);
		if (r == 0)
			r = print(kernel, &err);
		fwc_kernel_close(kernel);
	}
	if (r < 0)
		fprintf(stderr, "%s\n", err.msg);
	return r < 0;
}
