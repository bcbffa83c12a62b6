/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* fwctl reset: counts as they were, which begin at zero again. */
#include <stdlib.h>
#include <string.h>

#include "fwctl.h"

static int print_rule(const struct fwc_table *table, const struct fwc_chain *chain,
		      const struct fwc_rule *rule)
{
	size_t needed = 0;
	char *text;
	int r;

	r = fwc_rule_format(rule, FWC_SYNTAX_NFT, NULL, 0, &needed);
	text = malloc(needed + 1);
	if (!text)
		return failed_errno("a rule");
	r = fwc_rule_format(rule, FWC_SYNTAX_NFT, text, needed + 1, NULL);
	if (r == 0)
		printf("%s %s %s handle %llu: %s\n", family_word(fwc_table_family(table)),
		       fwc_table_name(table), fwc_chain_name(chain),
		       (unsigned long long)fwc_rule_handle(rule), text);
	free(text);
	return r < 0 ? EXIT_FAILED : EXIT_OK;
}

static int print_rules(struct fwc_ruleset *ruleset)
{
	int r = EXIT_OK;

	for (size_t i = 0; i < fwc_ruleset_count(ruleset); i++) {
		struct fwc_table *t = fwc_ruleset_at(ruleset, i);

		for (size_t c = 0; c < fwc_table_chain_count(t); c++) {
			const struct fwc_chain *chain = fwc_table_chain_at(t, c);

			for (size_t n = 0; n < fwc_chain_count(chain) && r == EXIT_OK; n++)
				r = print_rule(t, chain, fwc_chain_at(chain, n));
		}
	}
	return r;
}

static int print_objects(struct fwc_ruleset *ruleset)
{
	for (size_t i = 0; i < fwc_ruleset_count(ruleset); i++) {
		struct fwc_table *t = fwc_ruleset_at(ruleset, i);

		for (size_t n = 0; n < fwc_table_object_count(t); n++) {
			const struct fwc_target *what = fwc_table_object_at(t, n);
			bool quota = fwc_target_kind(what) == FWC_TARGET_QUOTA;
			uint64_t packets = 0, bytes = 0;

			fwc_target_get_number(what, FWC_COUNTER_PACKETS, &packets);
			fwc_target_get_number(what, quota ? FWC_QUOTA_USED : FWC_COUNTER_BYTES,
					      &bytes);
			printf("%s %s %s:", family_word(fwc_table_family(t)), fwc_table_name(t),
			       fwc_table_object_name(t, n));
			if (!quota)
				printf(" packets %llu", (unsigned long long)packets);
			printf(" bytes %llu\n", (unsigned long long)bytes);
		}
	}
	return EXIT_OK;
}

static int print_elements(struct fwc_ruleset *ruleset)
{
	char text[1024];

	for (size_t i = 0; i < fwc_ruleset_count(ruleset); i++) {
		struct fwc_table *t = fwc_ruleset_at(ruleset, i);

		for (size_t n = 0; n < fwc_table_set_count(t); n++) {
			const struct fwc_set *set = fwc_table_set_at(t, n);

			for (size_t e = 0; e < fwc_set_count(set); e++) {
				if (fwc_element_format(fwc_set_at(set, e), text, sizeof(text),
						       NULL) < 0)
					return EXIT_FAILED;
				printf("%s %s %s: %s\n", family_word(fwc_table_family(t)),
				       fwc_table_name(t), fwc_set_name(set), text);
			}
		}
	}
	return EXIT_OK;
}

static const struct {
	const char *word;
	uint32_t what;
	int (*print)(struct fwc_ruleset *ruleset);
} kinds[] = {
	{ "rules", FWC_RESET_RULES, print_rules },
	{ "counters", FWC_RESET_COUNTERS, print_objects },
	{ "quotas", FWC_RESET_QUOTAS, print_objects },
	{ "elements", FWC_RESET_ELEMENTS, print_elements },
};

int cmd_reset(const struct command *command, int argc, char **argv)
{
	static const struct option options[] = { { "help", no_argument, NULL, 'h' }, { 0 } };
	struct fwc_ruleset *ruleset;
	struct fwc_kernel *kernel;
	uint32_t family = FWC_FAMILY_ANY;
	struct fwc_error err;
	size_t i = 0;
	int c, r;

	while ((c = getopt_long(argc, argv, ":h", options, NULL)) != -1)
		return usage_option(command, c, argv);
	argv += optind;
	argc -= optind;
	if (argc == 0)
		return usage_error(command, "what is to be set back is missing");
	while (i < sizeof(kinds) / sizeof(kinds[0]) && strcmp(argv[0], kinds[i].word) != 0)
		i++;
	if (i == sizeof(kinds) / sizeof(kinds[0]))
		return usage_error(command, "'%s' is none of rules, counters, quotas, elements",
				   argv[0]);
	if (argc > 4)
		return usage_error(command, "'%s' is one word too many", argv[4]);
	if (argc > 1 && parse_family(argv[1], &family) < 0)
		return usage_error(command, "'%s' is no family", argv[1]);
	kernel = open_kernel();
	if (!kernel)
		return EXIT_FAILED;
	if (fwc_kernel_reset(kernel, kinds[i].what, family, argc > 2 ? argv[2] : NULL,
			     argc > 3 ? argv[3] : NULL, &ruleset, &err) < 0) {
		r = failed(&err);
	} else {
		r = kinds[i].print(ruleset);
		fwc_ruleset_free(ruleset);
	}
	fwc_kernel_close(kernel);
	return r;
}
