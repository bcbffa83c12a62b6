/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* fwctl apply: make the kernel's tables what a file says. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "fwctl.h"

/* The whole file, or the standard input for "-". NULL: said so already. */
static char *read_file(const char *path, size_t *ret_len)
{
	FILE *file = strcmp(path, "-") ? fopen(path, "rb") : stdin;
	size_t len = 0, size = 0;
	char *text = NULL;

	if (!file) {
		failed_errno(path);
		return NULL;
	}
	do {
		char *larger;

		size = size ? 2 * size : 65536;
		larger = realloc(text, size);
		if (!larger)
			break;
		text = larger;
		len += fread(text + len, 1, size - len, file);
	} while (len == size);
	if (ferror(file) || len == size) {
		failed_errno(path);
		free(text);
		text = NULL;
	}
	if (file != stdin)
		fclose(file);
	*ret_len = len;
	return text;
}

/* The steps of the plan, one a line; a step has the length of its rule. */
static int print_plan(struct fwc_kernel *kernel, const struct fwc_ruleset *ruleset,
		      struct fwc_error *err)
{
	struct fwc_plan *plan;
	int r = fwc_kernel_plan(kernel, ruleset, &plan, err);

	if (r < 0)
		return r;
	for (size_t i = 0; i < fwc_plan_count(plan); i++) {
		size_t needed = 0;
		char *text;

		fwc_plan_format(plan, i, NULL, 0, &needed);
		text = malloc(needed + 1);
		if (text && fwc_plan_format(plan, i, text, needed + 1, NULL) == 0)
			puts(text);
		free(text);
	}
	fwc_plan_free(plan);
	return 0;
}

/* What was folded and what was left is told as comments: the steps that follow are commands. */
static int optimize(struct fwc_ruleset *ruleset, bool tell)
{
	struct fwc_folds *folds;
	struct fwc_error err;
	char text[512];

	if (fwc_ruleset_optimize(ruleset, NULL, &folds, &err) < 0)
		return failed(&err);
	for (size_t i = 0; tell && i < fwc_folds_count(folds); i++)
		if (fwc_fold_format(fwc_folds_at(folds, i), text, sizeof(text), NULL) == 0)
			printf("# %s\n", text);
	fwc_folds_free(folds);
	return EXIT_OK;
}

static int apply(struct fwc_kernel *kernel, const struct fwc_ruleset *ruleset, bool dry_run)
{
	struct fwc_apply_opts opts = { .size = sizeof(opts),
				       .flags = dry_run ? FWC_APPLY_DRY_RUN : 0 };
	struct fwc_error err;

	if (dry_run && print_plan(kernel, ruleset, &err) < 0)
		return failed(&err);
	if (fwc_kernel_apply(kernel, ruleset, &opts, &err) < 0)
		return failed(&err);
	return EXIT_OK;
}

int cmd_apply(const struct command *command, int argc, char **argv)
{
	static const struct option options[] = { { "dry-run", no_argument, NULL, 'n' },
						 { "optimize", no_argument, NULL, 'O' },
						 { "help", no_argument, NULL, 'h' },
						 { 0 } };
	struct fwc_ruleset *ruleset;
	struct fwc_kernel *kernel;
	struct fwc_error err;
	bool dry_run = false, fold = false;
	char *text;
	size_t len;
	int c, r;

	while ((c = getopt_long(argc, argv, ":h", options, NULL)) != -1) {
		if (c != 'n' && c != 'O')
			return usage_option(command, c, argv);
		dry_run |= c == 'n';
		fold |= c == 'O';
	}
	if (argc - optind != 1)
		return usage_error(command, "one FILE is needed");
	text = read_file(argv[optind], &len);
	if (!text)
		return EXIT_FAILED;
	ruleset = fwc_ruleset_parse(text, len, FWC_SYNTAX_NFT, &err);
	free(text);
	if (!ruleset) {
		fprintf(stderr, "fwctl: %s:%u:%u: %s\n", argv[optind], err.line, err.column,
			err.msg);
		return EXIT_FAILED;
	}
	kernel = fold && optimize(ruleset, dry_run) != EXIT_OK ? NULL : open_kernel();
	r = kernel ? apply(kernel, ruleset, dry_run) : EXIT_FAILED;
	fwc_kernel_close(kernel);
	fwc_ruleset_free(ruleset);
	return r;
}
