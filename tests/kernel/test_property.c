/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What holds for every ruleset, tried on random ones: written and read it is the same; printed, loaded by nft and
 * read it is the same; changed and undone it is the same; nft prints what we print; applied twice, the second time nothing is sent.
 */
#include "../check.h"

#include <stdio.h>

#include "../dice.h"
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

static struct fwc_ruleset *make_in_words(unsigned long long seed)
{
	char *text = random_commands(seed);
	struct fwc_error err;
	struct fwc_ruleset *ruleset = fwc_ruleset_parse(text, strlen(text), FWC_SYNTAX_NFT, &err);

	ck_assert_msg(ruleset != NULL, "seed %llu: line %u, column %u: %s: %.20000s", seed,
		      err.line, err.column, err.msg, text);
	free(text);
	return ruleset;
}

/* Two of three hold what tables can, the others what rules can. */
static struct fwc_ruleset *make(unsigned long long seed)
{
	struct fwc_ruleset *ruleset = seed % 3 ? make_in_words(seed) : random_ruleset(seed);
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

/* What is left of timeouts is another number each time that it is asked for. */
static void strip_expiry(char *text)
{
	for (char *at = text; (at = strstr(at, " expires ")) != NULL;) {
		char *end = at + strlen(" expires ");

		end += strcspn(end, " ,\n");
		memmove(at, end, strlen(end) + 1);
	}
}

START_TEST(nft_prints_it_as_we_do)
{
	struct fwc_kernel *kernel = open_kernel();

	need_program("nft");
	for (unsigned long long seed = first_seed; seed < first_seed + rounds; seed++) {
		struct fwc_ruleset *wanted = make(seed), *loaded;
		char *ours, *theirs;

		start_empty(kernel);
		apply(kernel, wanted, seed);
		loaded = load(kernel);
		ours = text_of(loaded, 0);
		theirs = strdup(sh("nft list ruleset"));
		strip_expiry(ours);
		strip_expiry(theirs);
		assert_same("nft list ruleset", seed, ours, theirs);
		fwc_text_free(ours);
		free(theirs);
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
		const char *applied;

		start_empty(kernel);
		apply(kernel, wanted, seed);
		applied = sh("nft -s list ruleset");
		start_empty(kernel);
		sh_input(printed, "nft -f -");
		assert_same(what, seed, applied, sh("nft -s list ruleset"));
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

START_TEST(printed_as_json_and_read_it_is_the_same)
{
	for (unsigned long long seed = first_seed; seed < first_seed + 4 * rounds; seed++) {
		struct fwc_ruleset *wanted = make(seed), *read;
		char *ours = text_of(wanted, 0), *json = NULL, *theirs;
		struct fwc_error err;

		assert_ok(fwc_ruleset_format(wanted, FWC_SYNTAX_JSON, 0, &json, NULL, &err), err);
		read = fwc_ruleset_parse(json, strlen(json), FWC_SYNTAX_JSON, &err);
		ck_assert_msg(read != NULL, "seed %llu: %s", seed, err.msg);
		theirs = text_of(read, 0);
		assert_same("JSON", seed, ours, theirs);
		fwc_text_free(json);
		fwc_text_free(ours);
		fwc_text_free(theirs);
		fwc_ruleset_free(read);
		fwc_ruleset_free(wanted);
	}
}
END_TEST

/* ---- undo ---- */

static unsigned int pick(unsigned long long *state, unsigned int n)
{
	*state = *state * 6364136223846793005u + 1442695040888963407u;
	return (unsigned int)(*state >> 33) % n;
}

static bool begins(const char *line, const char *words)
{
	return !strncmp(line, words, strlen(words));
}

/* Another ruleset with the same tables: rules and elements are left out, come twice, change their places. */
static struct fwc_ruleset *changed(const struct fwc_ruleset *ruleset, unsigned long long seed)
{
	char *text = text_of(ruleset, FWC_FORMAT_COMMANDS), *made, *held = NULL, *save = NULL;
	unsigned long long state = seed * 77 + 5;
	struct fwc_ruleset *other;
	struct fwc_error err;
	size_t len = 0;

	made = malloc(2 * strlen(text) + 2);
	for (char *line = strtok_r(text, "\n", &save); line; line = strtok_r(NULL, "\n", &save)) {
		bool rule = begins(line, "add rule");
		unsigned int what = rule || begins(line, "add element") ? pick(&state, 8) : 7;

		if (what < 2)
			continue;
		if (what == 2 && rule && !held) {
			held = line;
			continue;
		}
		len += (size_t)sprintf(made + len, "%s\n", line);
		if (what == 3 && rule)
			len += (size_t)sprintf(made + len, "%s\n", line);
		if (held && rule)
			len += (size_t)sprintf(made + len, "%s\n", held);
		held = rule ? NULL : held;
	}
	made[len] = '\0';
	other = fwc_ruleset_parse(made, len, FWC_SYNTAX_NFT, &err);
	ck_assert_msg(other != NULL, "seed %llu: %s", seed, err.msg);
	fwc_text_free(text);
	free(made);
	return other;
}

static struct fwc_plan *carry_out(struct fwc_kernel *kernel, struct fwc_plan *plan,
				  unsigned long long seed)
{
	struct fwc_error err;
	int r = fwc_kernel_commit_plan(kernel, plan, NULL, &err);

	ck_assert_msg(r == 0, "seed %llu: %d %s", seed, r, err.msg);
	return plan;
}

static struct fwc_plan *plan_of(struct fwc_kernel *kernel, const struct fwc_ruleset *ruleset,
				unsigned long long seed)
{
	struct fwc_plan *plan = NULL;
	struct fwc_error err;
	int r = fwc_kernel_plan(kernel, ruleset, &plan, &err);

	ck_assert_msg(r == 0, "seed %llu: %d %s", seed, r, err.msg);
	return plan;
}

static struct fwc_plan *undo_of(struct fwc_kernel *kernel, const struct fwc_plan *done,
				unsigned long long seed)
{
	struct fwc_plan *plan = NULL;
	struct fwc_error err;
	int r = fwc_kernel_plan_undo(kernel, done, &plan, &err);

	ck_assert_msg(r == 0, "seed %llu: %d %s", seed, r, err.msg);
	return plan;
}

static char *state_of(struct fwc_kernel *kernel)
{
	struct fwc_ruleset *loaded = load(kernel);
	char *text = text_of(loaded, FWC_FORMAT_STATELESS);

	fwc_ruleset_free(loaded);
	return text;
}

static int compare_lines(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

/* The same lines in an order of their own, in place. */
static void sort_lines(char *text)
{
	size_t count = 0, room = strlen(text) + 1, len = 0;
	char **lines = calloc(room, sizeof(*lines)), *copy = strdup(text), *save = NULL;

	for (char *line = strtok_r(copy, "\n", &save); line; line = strtok_r(NULL, "\n", &save))
		lines[count++] = line;
	qsort(lines, count, sizeof(*lines), compare_lines);
	for (size_t i = 0; i < count; i++)
		len += (size_t)snprintf(text + len, room - len, "%s\n", lines[i]);
	free(copy);
	free(lines);
}

/* The kernel has what that ruleset loaded then: nothing is left to do, and in words it is the same. Sets and chains that
 * came again are listed last: the order of lines does not count. */
static void assert_back(struct fwc_kernel *kernel, const struct fwc_ruleset *then, const char *what,
			unsigned long long seed)
{
	char first[512] = "", *before = text_of(then, FWC_FORMAT_STATELESS), *now;
	size_t count = steps(kernel, then, first, sizeof(first));

	ck_assert_msg(count == 0, "seed %llu, %s: %zu steps, first: %s", seed, what, count, first);
	now = state_of(kernel);
	sort_lines(before);
	sort_lines(now);
	assert_same(what, seed, before, now);
	fwc_text_free(before);
	fwc_text_free(now);
}

/* What is there is changed into a ruleset, and the change undone, and the undoing undone. */
static void there_and_back(struct fwc_kernel *kernel, const struct fwc_ruleset *ruleset,
			   unsigned long long seed)
{
	struct fwc_ruleset *before = load(kernel), *after;
	struct fwc_plan *done = carry_out(kernel, plan_of(kernel, ruleset, seed), seed);
	struct fwc_plan *undo, *redo;

	after = load(kernel);
	undo = undo_of(kernel, done, seed);
	fwc_plan_free(done);
	carry_out(kernel, undo, seed);
	assert_back(kernel, before, "undone", seed);
	redo = carry_out(kernel, undo_of(kernel, undo, seed), seed);
	assert_back(kernel, after, "done again", seed);
	fwc_plan_free(undo);
	fwc_plan_free(redo);
	fwc_ruleset_free(before);
	fwc_ruleset_free(after);
}

/* Every fourth time it is another ruleset altogether. */
static struct fwc_ruleset *another(const struct fwc_ruleset *first, unsigned long long seed)
{
	return seed % 4 ? changed(first, seed) : make(seed + 1000);
}

START_TEST(undone_it_is_as_it_was)
{
	struct fwc_kernel *kernel = open_kernel();

	for (unsigned long long seed = first_seed; seed < first_seed + 2 * rounds; seed++) {
		struct fwc_ruleset *first = make(seed), *second = another(first, seed);

		start_empty(kernel);
		apply(kernel, first, seed);
		there_and_back(kernel, second, seed);
		fwc_ruleset_free(first);
		fwc_ruleset_free(second);
	}
	fwc_kernel_close(kernel);
}
END_TEST

/* Somebody else puts a rule at the beginning and one at the end of every chain, or takes them away again. */
static void others_add(struct fwc_kernel *kernel, bool add)
{
	struct fwc_ruleset *now = load(kernel);
	struct fwc_batch *batch = fwc_batch_new();
	struct fwc_error err;

	for (size_t i = 0; i < fwc_ruleset_count(now); i++) {
		struct fwc_table *t = fwc_ruleset_at(now, i);

		for (size_t n = 0; add && n < fwc_table_chain_count(t); n++) {
			struct fwc_place at = { .family = fwc_table_family(t),
						.table = fwc_table_name(t),
						.chain = fwc_chain_name(fwc_table_chain_at(t, n)) };

			fwc_rule_tag(fwc_batch_add_rule_text(batch, &at, FWC_SYNTAX_NFT, "counter"),
				     "others");
			at.where = FWC_FIRST;
			fwc_rule_tag(fwc_batch_add_rule_text(batch, &at, FWC_SYNTAX_NFT, "counter"),
				     "others");
		}
		if (!add)
			fwc_batch_del_tagged(batch, fwc_table_family(t), fwc_table_name(t),
					     "others");
	}
	assert_ok(fwc_kernel_commit(kernel, batch, &err), err);
	fwc_batch_free(batch);
	fwc_ruleset_free(now);
}

/* Others write between the change and its undoing: what they added stays, all else is as it was. */
START_TEST(undone_it_leaves_what_others_added)
{
	struct fwc_kernel *kernel = open_kernel();

	for (unsigned long long seed = first_seed; seed < first_seed + rounds; seed++) {
		struct fwc_ruleset *first = make(seed), *second = changed(first, seed);
		char *before, *again;
		struct fwc_plan *done, *undo;

		start_empty(kernel);
		apply(kernel, first, seed);
		before = state_of(kernel);
		done = carry_out(kernel, plan_of(kernel, second, seed), seed);
		others_add(kernel, true);
		undo = carry_out(kernel, undo_of(kernel, done, seed), seed);
		others_add(kernel, false);
		again = state_of(kernel);
		sort_lines(before);
		sort_lines(again);
		assert_same("undone beside others", seed, before, again);
		fwc_plan_free(done);
		fwc_plan_free(undo);
		fwc_text_free(before);
		fwc_text_free(again);
		fwc_ruleset_free(first);
		fwc_ruleset_free(second);
	}
	fwc_kernel_close(kernel);
}
END_TEST

static TCase *undo_case(void)
{
	TCase *tc = tcase_create("undo");

	tcase_set_timeout(tc, 240);
	tcase_add_checked_fixture(tc, ns_enter, NULL);
	tcase_add_test(tc, undone_it_is_as_it_was);
	tcase_add_test(tc, undone_it_leaves_what_others_added);
	return tc;
}

static Suite *property_suite(void)
{
	Suite *s = suite_create("property");
	TCase *tc = tcase_create("property");

	first_seed = first_seed_of(&rounds, "rulesets");
	tcase_set_timeout(tc, 240);
	tcase_add_checked_fixture(tc, ns_enter, NULL);
	tcase_add_test(tc, written_and_read_it_is_the_same);
	tcase_add_test(tc, applied_twice_nothing_is_sent);
	tcase_add_test(tc, nft_prints_it_as_we_do);
	tcase_add_test(tc, printed_and_loaded_by_nft_it_is_the_same);
	tcase_add_test(tc, printed_as_commands_and_loaded_by_nft_it_is_the_same);
	tcase_add_test(tc, printed_as_commands_and_parsed_it_is_the_same);
	tcase_add_test(tc, printed_as_json_and_read_it_is_the_same);
	suite_add_tcase(s, tc);
	suite_add_tcase(s, undo_case());
	return s;
}

TEST_MAIN(property_suite)
