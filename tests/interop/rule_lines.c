/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* How much of a chain's rules we know: rule_lines FAMILY TABLE CHAIN OURS. Each line of standard input has the words from
 * which nft made the next rule of CHAIN. The same words are read by us and what comes of them is added to OURS. Prints,
 * with tabs between:
 *
 *     what the decoder says   named, or opaque and the kernel's expressions that it has no words for
 *     the rule in our words
 *     what the parser says    equal, differs, or why it refuses them
 *     of those words
 *     what the parser says    the same
 *     of nft's words
 *     what the kernel says    added, or why not
 */
#include <stdio.h>
#include <stdlib.h>

#include <fwcore/batch.h>
#include <fwcore/kernel.h>

#include "model/model.h"
#include "nft/nft.h"
#include "nft/uapi.h"
#include "text/text.h"

struct run {
	struct fwc_kernel *kernel;
	struct fwc_ruleset *rs;
	struct fwc_chain *chain, *scratch;
	const char *ours;
};

static void print_words(const char *text)
{
	for (; *text; text++)
		putchar(*text == '\t' || *text == '\n' ? ' ' : *text);
	putchar('\t');
}

static const char *expression_name(const struct fwc_item *i)
{
	struct fwc_slice s = { i->bytes, i->len };
	struct fwc_attr elem, a[NFTA_EXPR_MAX + 1];

	if (fwc_attr_next(&s, &elem) <= 0 ||
	    fwc_attrs_parse(fwc_attr_slice(&elem), a, NFTA_EXPR_MAX) < 0)
		return "?";
	return fwc_attr_text(&a[NFTA_EXPR_NAME]);
}

static void print_decoded(const struct fwc_rule *r)
{
	bool opaque = false;

	for (const struct fwc_item *i = fwc_rule_items(r); i; i = i->next)
		if (i->kind == FWC_ITEM_OPAQUE) {
			printf("%s%s", opaque ? " " : "opaque ", expression_name(i));
			opaque = true;
		}
	printf("%s\t", opaque ? "" : "named");
}

static void print_parsed(const struct run *run, const struct fwc_rule *loaded, const char *words)
{
	struct fwc_rule *r = fwc_chain_rule_in(run->scratch);
	struct fwc_wire w = { 0 };
	struct fwc_error err = { 0 };

	if (fwc_text_parse_rule(r, words, strlen(words), &err) < 0 ||
	    fwc_nft_canonical(&w, r, &err) < 0)
		print_words(err.msg);
	else
		printf("%s\t", fwc_nft_rules_equal(r, loaded) ? "equal" : "differs");
	fwc_wire_free(&w);
}

static void print_added(const struct run *run, const char *words)
{
	const struct fwc_place place = {
		.family = run->chain->table->family,
		.table = run->chain->table->name,
		.chain = run->ours,
	};
	struct fwc_batch *b = fwc_batch_new();
	struct fwc_error err = { 0 };

	fwc_batch_add_rule_text(b, &place, FWC_SYNTAX_NFT, words);
	if (fwc_batch_error(b, &err) < 0 || fwc_kernel_commit(run->kernel, b, &err) < 0)
		print_words(err.msg);
	else
		printf("added\t");
	putchar('\n');
	fwc_batch_free(b);
}

static void judge(const struct run *run, const struct fwc_rule *loaded, const char *words)
{
	struct fwc_buf text = { 0 };

	print_decoded(loaded);
	fwc_text_format_rule(loaded, false, &text);
	print_words(text.data ? text.data : "");
	print_parsed(run, loaded, text.data ? text.data : "");
	print_parsed(run, loaded, words);
	print_added(run, words);
	fwc_buf_free(&text);
}

/* Rules that are only read stand in a chain like the one that was loaded: what a rule may say depends on it. */
static struct fwc_chain *chain_like(const struct fwc_chain *c)
{
	struct fwc_chain *scratch = fwc_table_chain_in(c->table, "scratch");

	if (!scratch)
		return NULL;
	scratch->is_base = c->is_base;
	scratch->bound = c->bound;
	scratch->type = c->type;
	scratch->hook = c->hook;
	scratch->priority = c->priority;
	return scratch;
}

static int load(struct run *run, char **argv)
{
	struct fwc_error err = { .msg = "there is no such chain" };
	struct fwc_table *t;

	if (fwc_kernel_open(&run->kernel, NULL, &err) == 0 &&
	    fwc_kernel_load(run->kernel, FWC_FAMILY_ANY, NULL, &run->rs, &err) == 0) {
		t = fwc_ruleset_lookup_table(run->rs, fwc_family_find(argv[1], strlen(argv[1])),
					     argv[2]);
		run->chain = t ? fwc_table_find_chain(t, argv[3]) : NULL;
		run->scratch = run->chain ? chain_like(run->chain) : NULL;
		run->ours = argv[4];
		if (run->scratch)
			return 0;
	}
	fprintf(stderr, "%s\n", err.msg);
	return -1;
}

int main(int argc, char **argv)
{
	struct run run = { 0 };
	char *line = NULL;
	size_t room = 0;
	ssize_t len;
	int r = argc == 5 ? load(&run, argv) : -1;

	for (size_t i = 0; r == 0 && (len = getline(&line, &room, stdin)) > 0; i++) {
		line[len - 1] = '\0';
		if (i < run.chain->rules.count)
			judge(&run, run.chain->rules.items[i], line);
		else
			r = -1;
	}
	free(line);
	fwc_ruleset_free(run.rs);
	fwc_kernel_close(run.kernel);
	return r < 0;
}
