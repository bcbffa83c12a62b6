/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A command of iptables: what is done, where, and the rule that is meant. */
#ifndef FWC_IPTABLES_COMMAND_H
#define FWC_IPTABLES_COMMAND_H

#include "iptables/rule.h"

/* Strings are borrowed from the words. */
struct fwc_xt_command {
	char letter; /* of -A, -D ...; '\0': none was given */
	bool zero; /* -Z beside -L or -S */
	bool help, version;
	bool in_file; /* a line of iptables-restore, which has named the table */
	bool counted; /* -c was given */
	uint32_t list; /* enum fwc_xt_list_flags */
	const char *table, *chain; /* NULL: not given */
	const char *name; /* -E: the new one; -P: the policy */
	uint32_t number; /* of a rule, from 1; 0: not given */
	/* -s A,B: what stands behind the first comma; of struct fwc_xt_prefix in the rule's arena */
	struct fwc_vec more_sources, more_destinations;
};

/* Reads the words of main(), without the program's. x->family is set; *x and *c are to be freed in any case. */
int fwc_xt_parse_command(const char *const *words, size_t count, struct fwc_xt_rule *x,
			 struct fwc_xt_command *c, struct fwc_error *err);
/* Likewise the line of a file. */
int fwc_xt_parse_command_line(const char *text, size_t len, struct fwc_xt_rule *x,
			      struct fwc_xt_command *c, struct fwc_error *err);
void fwc_xt_command_free(struct fwc_xt_command *c);

#endif
