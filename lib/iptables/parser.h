/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Reading the words of iptables: what parse.c (a rule) and parse_command.c (what is done with it) share. */
#ifndef FWC_IPTABLES_PARSER_H
#define FWC_IPTABLES_PARSER_H

#include "iptables/command.h"
#include "iptables/words.h"

struct fwc_xt_standard;

struct fwc_xt_parser {
	struct fwc_rule *rule; /* NULL: the words are a command */
	struct fwc_xt_rule *x;
	struct fwc_xt_command *command; /* NULL: the words are a rule */
	struct fwc_xt_words in;
	size_t at; /* of the next word */
	const struct fwc_xt_standard *standards; /* of the family */
	size_t standard_count;
	bool inverted; /* `!` stands before it */
	bool chained, countered;
	const char *
		glued; /* what stands behind an option that may have a value, without white space */
	struct fwc_error *err;
};

/* An option that is of no extension. */
struct fwc_xt_standard {
	char letter;
	const char *name;
	unsigned int words; /* that it needs */
	bool inverts;
	int (*take)(struct fwc_xt_parser *p, const char *const *words);
	bool more; /* it looks for further words itself, in `glued` first */
};

/* Of commands alone; ends with a nameless one. */
extern const struct fwc_xt_standard fwc_xt_command_options[];

int fwc_xt_parser_fail(struct fwc_xt_parser *p, const char *fmt, ...) FWC_PRINTF(2, 3);
/* The words from p->at on. */
int fwc_xt_parser_run(struct fwc_xt_parser *p);
/* After them: what a rule's extensions need. */
int fwc_xt_parser_check(struct fwc_xt_parser *p);

#endif
