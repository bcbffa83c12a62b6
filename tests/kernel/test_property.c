/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What holds for every ruleset, tried on random ones: written and read it is the same; printed, loaded by nft and
 * read it is the same; nft prints what we print; applied twice, the second time nothing is sent.
 *
 * The seed is always the same one, so that a change is what makes it fail: FWC_TEST_SEED=$(date +%s) tries others,
 * FWC_TEST_ROUNDS=N more of them.
 */
#include "../check.h"

#include <stdio.h>

#include "random_ruleset.h"

static unsigned long long first_seed;
static unsigned int rounds = 30;

static struct fwc_kernel *open_kernel(void)
{
	struct fwc_kernel *kernel;
	struct fwc_error err;

	assert_ok(fwc_kernel_open(&kernel, NULL, &err), err);
	return kernel;
}

static char *text_of(const struct fwc_ruleset *ruleset, uint32_t flags)
{
	struct fwc_error err;
	char *text = NULL;

	assert_ok(fwc_ruleset_format(ruleset, FWC_SYNTAX_NFT, flags, &text, NULL, &err), err);
	return text;
}

static struct fwc_ruleset *load(struct fwc_kernel *kernel)
{
	struct fwc_ruleset *ruleset = NULL;
	struct fwc_error err;

	assert_ok(fwc_kernel_load(kernel, FWC_FAMILY_ANY, NULL, &ruleset, &err), err);
	return ruleset;
}

/* Both texts, and where they part: a whole ruleset is too long to look through. */
static void assert_same(const char *what, unsigned long long seed, const char *ours,
			const char *theirs)
{
	size_t n = 0, line = 0;

	while (ours[n] && ours[n] == theirs[n]) {
		n++;
		if (ours[n - 1] == '\n')
			line = n;
	}
	ck_assert_msg(!ours[n] && !theirs[n], "seed %llu, %s: '%.*s' is '%.*s'", seed, what,
		      (int)strcspn(ours + line, "\n"), ours + line,
		      (int)strcspn(theirs + line, "\n"), theirs + line);
}

static size_t steps(struct fwc_kernel *kernel, const struct fwc_ruleset *ruleset, char *first,
		    size_t size)
{
	struct fwc_plan *plan = NULL;
	struct fwc_error err;
	size_t count;

	assert_ok(fwc_kernel_plan(kernel, ruleset, &plan, &err), err);
	count = fwc_plan_count(plan);
	if (count)
		fwc_plan_format(plan, 0, first, size, NULL);
	fwc_plan_free(plan);
	return count;
}

static void start_empty(struct fwc_kernel *kernel)
{
	(void)kernel;
	sh("nft flush ruleset");
}

static struct fwc_ruleset *make(unsigned long long seed)
{
	struct fwc_ruleset *ruleset = random_ruleset(seed);
	struct fwc_error err;

	ck_assert_msg(fwc_ruleset_error(ruleset, &err) == 0, "seed %llu: %s", seed, err.msg);
	return ruleset;
}

static void apply(struct fwc_kernel *kernel, const struct fwc_ruleset *ruleset,
		  unsigned long long seed)
{
	struct fwc_error err;
	int r = fwc_kernel_apply(kernel, ruleset, NULL, &err);

	ck_assert_msg(r == 0, "seed %llu: %d %s", seed, r, err.msg);
}

START_TEST(written_and_read_it_is_the_same)
{
	struct fwc_kernel *kernel = open_kernel();

	for (unsigned long long seed = first_seed; seed < first_seed + rounds; seed++) {
		struct fwc_ruleset *wanted = make(seed), *loaded;
		char *ours, *theirs;

		start_empty(kernel);
		apply(kernel, wanted, seed);
		loaded = load(kernel);
		ours = text_of(wanted, FWC_FORMAT_STATELESS);
		theirs = text_of(loaded, FWC_FORMAT_STATELESS);
		assert_same("read back", seed, ours, theirs);
		fwc_text_free(ours);
		fwc_text_free(theirs);
		fwc_ruleset_free(loaded);
		fwc_ruleset_free(wanted);
	}
	fwc_kernel_close(kernel);
}
END_TEST

START_TEST(applied_twice_nothing_is_sent)
{
	struct fwc_kernel *kernel = open_kernel();

	for (unsigned long long seed = first_seed; seed < first_seed + rounds; seed++) {
		struct fwc_ruleset *wanted = make(seed), *loaded;
		char first[512] = "";
		size_t count;

		start_empty(kernel);
		apply(kernel, wanted, seed);
		count = steps(kernel, wanted, first, sizeof(first));
		ck_assert_msg(count == 0, "seed %llu: %zu steps, first: %s", seed, count, first);
		loaded = load(kernel);
		count = steps(kernel, loaded, first, sizeof(first));
		ck_assert_msg(count == 0, "seed %llu, as loaded: %zu steps, first: %s", seed, count,
			      first);
		fwc_ruleset_free(loaded);
		fwc_ruleset_free(wanted);
	}
	fwc_kernel_close(kernel);
}
END_TEST

START_TEST(nft_prints_it_as_we_do)
{
	struct fwc_kernel *kernel = open_kernel();

	need_program("nft");
	for (unsigned long long seed = first_seed; seed < first_seed + rounds; seed++) {
		struct fwc_ruleset *wanted = make(seed), *loaded;
		char *ours;

		start_empty(kernel);
		apply(kernel, wanted, seed);
		loaded = load(kernel);
		ours = text_of(loaded, 0);
		assert_same("nft list ruleset", seed, ours, sh("nft list ruleset"));
		fwc_text_free(ours);
		fwc_ruleset_free(loaded);
		fwc_ruleset_free(wanted);
	}
	fwc_kernel_close(kernel);
}
END_TEST

static void through_nft(uint32_t flags, const char *what)
{
	struct fwc_kernel *kernel = open_kernel();

	need_program("nft");
	for (unsigned long long seed = first_seed; seed < first_seed + rounds; seed++) {
		struct fwc_ruleset *wanted = make(seed), *loaded;
		char *printed = text_of(wanted, flags), *ours, *theirs;

		start_empty(kernel);
		sh_input(printed, "nft -f -");
		loaded = load(kernel);
		ours = text_of(wanted, FWC_FORMAT_STATELESS);
		theirs = text_of(loaded, FWC_FORMAT_STATELESS);
		assert_same(what, seed, ours, theirs);
		fwc_text_free(printed);
		fwc_text_free(ours);
		fwc_text_free(theirs);
		fwc_ruleset_free(loaded);
		fwc_ruleset_free(wanted);
	}
	fwc_kernel_close(kernel);
}

START_TEST(printed_and_loaded_by_nft_it_is_the_same)
{
	through_nft(0, "loaded by nft");
}
END_TEST

START_TEST(printed_as_commands_and_loaded_by_nft_it_is_the_same)
{
	through_nft(FWC_FORMAT_COMMANDS, "commands loaded by nft");
}
END_TEST

START_TEST(printed_as_commands_and_parsed_it_is_the_same)
{
	for (unsigned long long seed = first_seed; seed < first_seed + 4 * rounds; seed++) {
		struct fwc_ruleset *wanted = make(seed), *parsed;
		char *printed = text_of(wanted, FWC_FORMAT_COMMANDS), *again;
		struct fwc_error err;

		parsed = fwc_ruleset_parse(printed, strlen(printed), FWC_SYNTAX_NFT, &err);
		ck_assert_msg(parsed != NULL, "seed %llu, line %u: %s", seed, err.line, err.msg);
		again = text_of(parsed, FWC_FORMAT_COMMANDS);
		assert_same("parsed again", seed, printed, again);
		fwc_text_free(printed);
		fwc_text_free(again);
		fwc_ruleset_free(parsed);
		fwc_ruleset_free(wanted);
	}
}
END_TEST

static Suite *property_suite(void)
{
	const char *seed = getenv("FWC_TEST_SEED"), *count = getenv("FWC_TEST_ROUNDS");
	Suite *s = suite_create("property");
	TCase *tc = tcase_create("property");

	first_seed = seed ? strtoull(seed, NULL, 10) : 1;
	if (count)
		rounds = (unsigned int)strtoul(count, NULL, 10);
	printf("# FWC_TEST_SEED=%llu, %u rulesets\n", first_seed, rounds);
	fflush(stdout);
	tcase_set_timeout(tc, 240);
	tcase_add_checked_fixture(tc, ns_enter, NULL);
	tcase_add_test(tc, written_and_read_it_is_the_same);
	tcase_add_test(tc, applied_twice_nothing_is_sent);
	tcase_add_test(tc, nft_prints_it_as_we_do);
	tcase_add_test(tc, printed_and_loaded_by_nft_it_is_the_same);
	tcase_add_test(tc, printed_as_commands_and_loaded_by_nft_it_is_the_same);
	tcase_add_test(tc, printed_as_commands_and_parsed_it_is_the_same);
	suite_add_tcase(s, tc);
	return s;
}

TEST_MAIN(property_suite)
