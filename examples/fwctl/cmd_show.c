/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* fwctl show: what the kernel has, in nft's words, its JSON, or as iptables-save has it. */
#include <string.h>

#include "fwctl.h"

struct query {
	uint32_t family, syntax, flags;
	const char *table;
	bool unfold;
};

static int show(struct fwc_kernel *kernel, const struct query *q)
{
	struct fwc_ruleset *ruleset;
	struct fwc_error err;
	size_t len;
	char *text;
	int r;

	if (fwc_kernel_load(kernel, q->family, q->table, &ruleset, &err) < 0)
		return failed(&err);
	r = q->unfold ? fwc_ruleset_unfold(ruleset, &err) : 0;
	if (r == 0)
		r = fwc_ruleset_format(ruleset, q->syntax, q->flags, &text, &len, &err);
	fwc_ruleset_free(ruleset);
	if (r < 0)
		return failed(&err);
	fwrite(text, 1, len, stdout);
	fwc_text_free(text);
	return EXIT_OK;
}

int cmd_show(const struct command *command, int argc, char **argv)
{
	static const struct option options[] = {
		{ "stateless", no_argument, NULL, 's' },
		{ "handles", no_argument, NULL, 'a' },
		{ "format", required_argument, NULL, 'f' },
		{ "json", no_argument, NULL, 'j' },
		{ "unfold", no_argument, NULL, 'u' },
		{ "help", no_argument, NULL, 'h' },
		{ 0 },
	};
	struct query q = { FWC_FAMILY_ANY, FWC_SYNTAX_NFT, 0, NULL, false };
	struct fwc_kernel *kernel;
	int c, r;

	while ((c = getopt_long(argc, argv, ":h", options, NULL)) != -1) {
		if (c == 's')
			q.flags |= FWC_FORMAT_STATELESS;
		else if (c == 'a')
			q.flags |= FWC_FORMAT_HANDLES;
		else if (c == 'u')
			q.unfold = true;
		else if (c == 'j' || (c == 'f' && !strcmp(optarg, "json")))
			q.syntax = FWC_SYNTAX_JSON;
		else if (c == 'f' && !strcmp(optarg, "nft"))
			q.syntax = FWC_SYNTAX_NFT;
		else if (c == 'f' && !strcmp(optarg, "iptables"))
			q.syntax = FWC_SYNTAX_IPTABLES;
		else if (c == 'f')
			return usage_error(command, "'%s' is no format: nft, json and iptables are",
					   optarg);
		else
			return usage_option(command, c, argv);
	}
	if (argc - optind > 2)
		return usage_error(command, "'%s' is one word too many", argv[optind + 2]);
	if (optind < argc && parse_family(argv[optind], &q.family) < 0)
		return usage_error(command, "'%s' is no family", argv[optind]);
	if (q.syntax == FWC_SYNTAX_IPTABLES && q.family == FWC_FAMILY_ANY)
		q.family = FWC_FAMILY_IP; /* iptables-save has no word for the family */
	kernel = open_kernel();
	if (!kernel)
		return EXIT_FAILED;
	q.table = optind < argc ? argv[optind + 1] : NULL;
	r = show(kernel, &q);
	fwc_kernel_close(kernel);
	return r;
}
