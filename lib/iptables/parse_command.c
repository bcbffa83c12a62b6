/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The words of iptables, in: what is done with a rule or chain. */
#include "iptables/forms.h"
#include "iptables/iptables.h"
#include "iptables/parser.h"

enum { CHAIN_NAME_MOST = 28 }; /* bytes: what xtables' own structs had room for */

/* A further word, when one is there that is no option. NULL: none. */
static const char *further(struct fwc_xt_parser *p)
{
	const char *word = p->glued;

	p->glued = NULL;
	if (word)
		return word;
	if (p->at == p->in.count || p->in.words[p->at][0] == '-' || p->in.words[p->at][0] == '!')
		return NULL;
	return p->in.words[p->at++];
}

/* One command a line; -Z goes beside the two that list. */
static int set_command(struct fwc_xt_parser *p, char letter)
{
	struct fwc_xt_command *c = p->command;
	bool lists = c->letter == 'L' || c->letter == 'S';

	if (lists && letter == 'Z') {
		c->zero = true;
		return 0;
	}
	if (c->letter == 'Z' && (letter == 'L' || letter == 'S'))
		c->zero = true;
	else if (c->letter)
		return fwc_xt_parser_fail(p, "Cannot use -%c with -%c", letter, c->letter);
	c->letter = letter;
	return 0;
}

static int set_chain(struct fwc_xt_parser *p, const char *name)
{
	struct fwc_xt_command *c = p->command;
	int r = name ? fwc_check_name("chain", name, p->err) : 0;

	if (r == 0 && name)
		c->chain = name;
	return r;
}

static int take_number(struct fwc_xt_parser *p, const char *word)
{
	uint64_t number;

	if (!word)
		return 0;
	if (!fwc_xt_scan_all(word, 1, UINT32_MAX, &number))
		return fwc_xt_parser_fail(p, "Invalid rule number `%.64s'", word);
	p->command->number = (uint32_t)number;
	return 0;
}

static int take_append(struct fwc_xt_parser *p, const char *const *words)
{
	int r = set_command(p, 'A');

	return r < 0 ? r : set_chain(p, words[0]);
}

static int take_check(struct fwc_xt_parser *p, const char *const *words)
{
	int r = set_command(p, 'C');

	return r < 0 ? r : set_chain(p, words[0]);
}

static int take_numbered(struct fwc_xt_parser *p, char letter, const char *chain)
{
	int r = set_command(p, letter);

	if (r == 0)
		r = set_chain(p, chain);
	return r < 0 ? r : take_number(p, further(p));
}

static int take_insert(struct fwc_xt_parser *p, const char *const *words)
{
	return take_numbered(p, 'I', words[0]);
}

static int take_delete(struct fwc_xt_parser *p, const char *const *words)
{
	return take_numbered(p, 'D', words[0]);
}

static int take_replace(struct fwc_xt_parser *p, const char *const *words)
{
	int r = take_numbered(p, 'R', words[0]);

	if (r == 0 && !p->command->number)
		return fwc_xt_parser_fail(p, "-R requires a rule number");
	return r;
}

/* [CHAIN [NUMBER]] */
static int take_optional(struct fwc_xt_parser *p, char letter, bool numbered)
{
	int r = set_command(p, letter);
	const char *chain = r == 0 ? further(p) : NULL;

	if (r == 0)
		r = set_chain(p, chain);
	return r < 0 || !chain || !numbered ? r : take_number(p, further(p));
}

static int take_list(struct fwc_xt_parser *p, const char *const *words)
{
	(void)words;
	return take_optional(p, 'L', true);
}

static int take_list_rules(struct fwc_xt_parser *p, const char *const *words)
{
	(void)words;
	return take_optional(p, 'S', true);
}

static int take_zero(struct fwc_xt_parser *p, const char *const *words)
{
	(void)words;
	return take_optional(p, 'Z', true);
}

static int take_flush(struct fwc_xt_parser *p, const char *const *words)
{
	(void)words;
	return take_optional(p, 'F', false);
}

static int take_delete_chain(struct fwc_xt_parser *p, const char *const *words)
{
	(void)words;
	return take_optional(p, 'X', false);
}

/* A name that a user's chain can have. */
static int check_new_name(struct fwc_xt_parser *p, const char *name)
{
	static const char *const verdicts[] = { "ACCEPT", "DROP", "RETURN", "QUEUE" };

	if (name[0] == '-' || name[0] == '!')
		return fwc_xt_parser_fail(p, "chain name not allowed to start with `%c'", name[0]);
	if (strlen(name) > CHAIN_NAME_MOST)
		return fwc_xt_parser_fail(p, "chain name `%.64s' too long (must be under 29 chars)",
					  name);
	for (size_t i = 0; i < FWC_ARRAY_SIZE(verdicts); i++)
		if (!strcmp(name, verdicts[i]))
			return fwc_xt_parser_fail(p, "chain name may not clash with target name");
	if (fwc_xt_find(name, true, p->x->family))
		return fwc_xt_parser_fail(p, "chain name may not clash with target name");
	return 0;
}

static int take_new_chain(struct fwc_xt_parser *p, const char *const *words)
{
	int r = set_command(p, 'N');

	if (r == 0)
		r = check_new_name(p, words[0]);
	return r < 0 ? r : set_chain(p, words[0]);
}

static int take_rename(struct fwc_xt_parser *p, const char *const *words)
{
	int r = set_command(p, 'E');

	if (r == 0)
		r = set_chain(p, words[0]);
	if (r == 0)
		r = check_new_name(p, words[1]);
	if (r == 0)
		p->command->name = words[1];
	return r;
}

static int take_policy(struct fwc_xt_parser *p, const char *const *words)
{
	int r = set_command(p, 'P');

	if (r == 0)
		r = set_chain(p, words[0]);
	if (r == 0)
		p->command->name = words[1];
	return r;
}

static int take_table(struct fwc_xt_parser *p, const char *const *words)
{
	if (p->command->in_file)
		return fwc_xt_parser_fail(p,
					  "The -t option cannot be used in a file, which has "
					  "lines for that: *%.32s",
					  words[0]);
	p->command->table = words[0];
	return 0;
}

static int take_verbose(struct fwc_xt_parser *p, const char *const *words)
{
	(void)words;
	p->command->list |= FWC_XT_LIST_VERBOSE;
	return 0;
}

static int take_numeric(struct fwc_xt_parser *p, const char *const *words)
{
	(void)words;
	p->command->list |= FWC_XT_LIST_NUMERIC;
	return 0;
}

static int take_exact(struct fwc_xt_parser *p, const char *const *words)
{
	(void)words;
	p->command->list |= FWC_XT_LIST_EXACT;
	return 0;
}

static int take_line_numbers(struct fwc_xt_parser *p, const char *const *words)
{
	(void)words;
	p->command->list |= FWC_XT_LIST_LINE_NUMBERS;
	return 0;
}

/* nf_tables has no lock to wait for: the kernel's transactions do what it is for. */
static int take_wait(struct fwc_xt_parser *p, const char *const *words)
{
	const char *seconds = further(p);
	uint64_t n;

	(void)words;
	if (seconds && !fwc_xt_scan_all(seconds, 0, INT32_MAX, &n))
		return fwc_xt_parser_fail(p, "wait seconds not numeric: '%.32s'", seconds);
	return 0;
}

static int take_and_ignore(struct fwc_xt_parser *p, const char *const *words)
{
	(void)p;
	(void)words;
	return 0;
}

static int take_help(struct fwc_xt_parser *p, const char *const *words)
{
	(void)words;
	(void)further(p);
	p->command->help = true;
	return 0;
}

static int take_version(struct fwc_xt_parser *p, const char *const *words)
{
	(void)words;
	p->command->version = true;
	return 0;
}

/* Letters below ' ' stand for options that have none. */
const struct fwc_xt_standard fwc_xt_command_options[] = {
	{ 'A', "append", 1, false, take_append, false },
	{ 'C', "check", 1, false, take_check, false },
	{ 'I', "insert", 1, false, take_insert, false },
	{ 'D', "delete", 1, false, take_delete, false },
	{ 'R', "replace", 1, false, take_replace, false },
	{ 'L', "list", 0, false, take_list, true },
	{ 'S', "list-rules", 0, false, take_list_rules, true },
	{ 'F', "flush", 0, false, take_flush, true },
	{ 'Z', "zero", 0, false, take_zero, true },
	{ 'X', "delete-chain", 0, false, take_delete_chain, true },
	{ 'N', "new-chain", 1, false, take_new_chain, false },
	{ 'E', "rename-chain", 2, false, take_rename, false },
	{ 'P', "policy", 2, false, take_policy, false },
	{ 't', "table", 1, false, take_table, false },
	{ 'v', "verbose", 0, false, take_verbose, false },
	{ 'n', "numeric", 0, false, take_numeric, false },
	{ 'x', "exact", 0, false, take_exact, false },
	{ '\1', "line-numbers", 0, false, take_line_numbers, false },
	{ 'w', "wait", 0, false, take_wait, true },
	{ 'W', "wait-interval", 1, false, take_and_ignore, false },
	{ 'M', "modprobe", 1, false, take_and_ignore, false },
	{ 'h', "help", 0, false, take_help, true },
	{ 'V', "version", 0, false, take_version, false },
	{ 0 },
};

/* ---- the whole ---- */

static bool has_rule(const struct fwc_xt_rule *x)
{
	return x->in.name[0] || x->out.name[0] || x->source.given || x->destination.given ||
	       x->proto || x->fragment || x->matches.count || x->target || x->verdict;
}

static int check_command(struct fwc_xt_parser *p)
{
	const struct fwc_xt_command *c = p->command;
	bool takes_rule = c->letter && strchr("AICR", c->letter);

	if (c->help || c->version)
		return 0;
	if (!c->letter)
		return fwc_xt_parser_fail(p, "no command specified");
	if (c->letter == 'D')
		takes_rule = !c->number;
	if (has_rule(p->x) && !takes_rule)
		return fwc_xt_parser_fail(p, "-%c takes no rule: options of one stand beside it",
					  c->letter);
	return fwc_xt_parser_check(p);
}

int fwc_xt_parse_command(const char *const *words, size_t count, struct fwc_xt_rule *x,
			 struct fwc_xt_command *c, struct fwc_error *err)
{
	struct fwc_xt_parser p = {
		.x = x,
		.command = c,
		.in = { .words = (const char **)(uintptr_t)words, .count = count },
		.err = err,
	};
	int r = fwc_xt_parser_run(&p);

	return r < 0 ? r : check_command(&p);
}

int fwc_xt_parse_command_line(const char *text, size_t len, struct fwc_xt_rule *x,
			      struct fwc_xt_command *c, struct fwc_error *err)
{
	struct fwc_xt_parser p = { .x = x, .command = c, .err = err };
	int r = fwc_xt_words_cut(&p.in, &x->arena, text, len, err);

	c->in_file = true;
	/* A line for the other family is passed over: what it says cannot be read here. */
	for (size_t i = 0; r == 0 && i < p.in.count; i++) {
		const char *word = p.in.words[i];
		bool v4 = !strcmp(word, "-4") || !strcmp(word, "--ipv4");
		bool v6 = !strcmp(word, "-6") || !strcmp(word, "--ipv6");

		if ((v4 && x->family != FWC_FAMILY_IP) || (v6 && x->family != FWC_FAMILY_IP6))
			return 0;
	}
	if (r == 0)
		r = fwc_xt_parser_run(&p);
	return r < 0 ? r : check_command(&p);
}

void fwc_xt_command_free(struct fwc_xt_command *c)
{
	fwc_vec_free(&c->more_sources);
	fwc_vec_free(&c->more_destinations);
}
