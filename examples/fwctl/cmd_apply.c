/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* fwctl apply and diff: make the kernel's tables what a file says, or tell what that would change. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "fwctl.h"
#include "plan.h"

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

/* JSON begins with a brace, no command does. */
static uint32_t syntax_of(const char *text, size_t len)
{
	size_t at = 0;

	while (at < len && text[at] && strchr(" \t\r\n", text[at]))
		at++;
	return at < len && text[at] == '{' ? FWC_SYNTAX_JSON : FWC_SYNTAX_NFT;
}

struct fwc_ruleset *read_ruleset(const char *path)
{
	struct fwc_ruleset *ruleset;
	struct fwc_error err;
	size_t len;
	char *text = read_file(path, &len);

	if (!text)
		return NULL;
	ruleset = fwc_ruleset_parse(text, len, syntax_of(text, len), &err);
	free(text);
	if (!ruleset)
		fprintf(stderr, "fwctl: %s:%u:%u: %s\n", path, err.line, err.column, err.msg);
	return ruleset;
}

static int show_plan(struct fwc_kernel *kernel, const struct fwc_ruleset *ruleset,
		     enum plan_format format, struct fwc_error *err)
{
	struct fwc_plan *plan;
	int r = fwc_kernel_plan(kernel, ruleset, &plan, err);

	if (r < 0)
		return r;
	print_plan(plan, format);
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

struct request {
	const char *path;
	bool dry_run, fold, as_json;
	unsigned long seconds; /* to confirm it; 0: not asked for */
};

static int apply(struct fwc_kernel *kernel, const struct fwc_ruleset *ruleset,
		 const struct request *q)
{
	struct fwc_apply_opts opts = { .size = sizeof(opts),
				       .flags = q->dry_run ? FWC_APPLY_DRY_RUN : 0 };
	struct fwc_error err;

	if (q->dry_run &&
	    show_plan(kernel, ruleset, q->as_json ? PLAN_JSON : PLAN_COMMANDS, &err) < 0)
		return failed(&err);
	if (fwc_kernel_apply(kernel, ruleset, &opts, &err) < 0)
		return failed(&err);
	return EXIT_OK;
}

static int run(const struct request *q)
{
	struct fwc_ruleset *ruleset = read_ruleset(q->path);
	struct fwc_kernel *kernel;
	int r = ruleset ? EXIT_OK : EXIT_FAILED;

	if (r == EXIT_OK && q->fold)
		r = optimize(ruleset, q->dry_run && !q->as_json);
	if (r == EXIT_OK && q->seconds) {
		r = apply_to_confirm(ruleset, q->path, q->seconds);
	} else if (r == EXIT_OK) {
		kernel = open_kernel();
		r = kernel ? apply(kernel, ruleset, q) : EXIT_FAILED;
		fwc_kernel_close(kernel);
	}
	fwc_ruleset_free(ruleset);
	return r;
}

int cmd_apply(const struct command *command, int argc, char **argv)
{
	static const struct option options[] = {
		{ "dry-run", no_argument, NULL, 'n' },       { "optimize", no_argument, NULL, 'O' },
		{ "confirm", required_argument, NULL, 'c' }, { "json", no_argument, NULL, 'j' },
		{ "help", no_argument, NULL, 'h' },          { 0 }
	};
	struct request q = { .path = NULL };
	int c;

	while ((c = getopt_long(argc, argv, ":h", options, NULL)) != -1) {
		if (c == 'c' && (parse_number(optarg, 86400, &q.seconds) < 0 || !q.seconds))
			return usage_error(command, "'%s' is not a number of seconds, 1 to 86400",
					   optarg);
		if (c != 'n' && c != 'O' && c != 'c' && c != 'j')
			return usage_option(command, c, argv);
		q.dry_run |= c == 'n';
		q.fold |= c == 'O';
		q.as_json |= c == 'j';
	}
	if (argc - optind != 1)
		return usage_error(command, "one FILE is needed");
	if (q.as_json && !q.dry_run)
		return usage_error(command, "--json is for the steps of --dry-run");
	if (q.seconds && q.dry_run)
		return usage_error(command,
				   "--dry-run changes nothing: there is nothing to confirm");
	q.path = argv[optind];
	return run(&q);
}

int cmd_diff(const struct command *command, int argc, char **argv)
{
	struct fwc_ruleset *ruleset;
	struct fwc_kernel *kernel;
	struct fwc_error err;
	bool as_json;
	int r = json_option(command, argc, argv, 1, &as_json);

	if (r >= 0)
		return r;
	if (optind == argc)
		return usage_error(command, "one FILE is needed");
	r = EXIT_FAILED;
	ruleset = read_ruleset(argv[optind]);
	kernel = ruleset ? open_kernel() : NULL;
	if (kernel)
		r = show_plan(kernel, ruleset, as_json ? PLAN_JSON : PLAN_DIFF, &err) < 0
			    ? failed(&err)
			    : EXIT_OK;
	fwc_kernel_close(kernel);
	fwc_ruleset_free(ruleset);
	return r;
}
