/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* fwctl show: what the kernel has, in nft's words. */
#include <string.h>

#include "fwctl.h"

static int show(struct fwc_kernel *kernel, uint32_t family, const char *table, uint32_t flags,
		bool unfold)
{
	struct fwc_ruleset *ruleset;
	struct fwc_error err;
	size_t len;
	char *text;
	int r;

	if (fwc_kernel_load(kernel, family, table, &ruleset, &err) < 0)
		return failed(&err);
	r = unfold ? fwc_ruleset_unfold(ruleset, &err) : 0;
	if (r == 0)
		r = fwc_ruleset_format(ruleset, FWC_SYNTAX_NFT, flags, &text, &len, &err);
	fwc_ruleset_free(ruleset);
	if (r < 0)
		return failed(&err);
	fwrite(text, 1, len, stdout);
	fwc_text_free(text);
	return EXIT_OK;
}

int cmd_show(const struct command *command, int argc, char **argv)
{
	static const struct option options[] = { { "stateless", no_argument, NULL, 's' },
						 { "handles", no_argument, NULL, 'a' },
						 { "unfold", no_argument, NULL, 'u' },
						 { "help", no_argument, NULL, 'h' },
						 { 0 } };
	uint32_t family = FWC_FAMILY_ANY, flags = 0;
	struct fwc_kernel *kernel;
	bool unfold = false;
	int c, r;

	while ((c = getopt_long(argc, argv, ":h", options, NULL)) != -1) {
		if (c == 's')
			flags |= FWC_FORMAT_STATELESS;
		else if (c == 'a')
			flags |= FWC_FORMAT_HANDLES;
		else if (c == 'u')
			unfold = true;
		else
			return usage_option(command, c, argv);
	}
	if (argc - optind > 2)
		return usage_error(command, "'%s' is one word too many", argv[optind + 2]);
	if (optind < argc && parse_family(argv[optind], &family) < 0)
		return usage_error(command, "'%s' is no family", argv[optind]);
	kernel = open_kernel();
	if (!kernel)
		return EXIT_FAILED;
	r = show(kernel, family, optind < argc ? argv[optind + 1] : NULL, flags, unfold);
	fwc_kernel_close(kernel);
	return r;
}
