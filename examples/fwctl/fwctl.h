/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What the sub-commands of fwctl share. Each is: read the arguments, one call of the library, print. */
#ifndef FWCTL_H
#define FWCTL_H

#include <fwcore/fwcore.h>
#include <getopt.h>
#include <stdio.h>

enum {
	EXIT_OK = 0,
	EXIT_FAILED = 1,
	EXIT_USAGE = 2,
};

struct command {
	const char *name;
	int (*run)(const struct command *command, int argc, char **argv); /* argv[0] is its name */
	const char *arguments; /* for the usage line */
	const char *summary; /* one line */
	const char *help; /* the options, one a line */
};

/* The options that every sub-command takes; taken out of argv before it runs. */
struct globals {
	const char *netns;
	const char *owner;
};
extern struct globals globals;

/* Finds argv[1] in a table that ends with a nameless row, and runs it. `group` is "fwctl" or "fwctl network". */
int run_from_table(const struct command *commands, const char *group, int argc, char **argv);
/* `--help` was asked for. Returns EXIT_OK. */
int print_help(const struct command *command);
/* Wrong arguments: `fwctl: msg`. Returns EXIT_USAGE. */
int usage_error(const struct command *command, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));
/* getopt_long() met something it does not know, or --help. Returns what main should. */
int usage_option(const struct command *command, int option, char **argv);
/* The arguments of a sub-command whose one option is --json, with as many words as that or fewer behind it. Returns -1 to go
 * on, else what main should. */
int json_option(const struct command *command, int argc, char **argv, int words, bool *ret);
/* A call of the library failed: `fwctl: msg`. Returns EXIT_FAILED. */
int failed(const struct fwc_error *err);
/* Something else failed. Returns EXIT_FAILED. */
int failed_errno(const char *what);

/* The kernel of --netns or of this process; NULL when it could not be opened: said so already. */
struct fwc_kernel *open_kernel(void);
/* A namespace as a file descriptor; -1 with err. A name without '/' stands for /run/netns/NAME. */
int open_netns(const char *path, struct fwc_error *err);
/* Its path; `buf` may be used. */
const char *netns_path(const char *path, char *buf, size_t size);

/* Reading arguments: 0, or -1. */
int parse_number(const char *text, unsigned long max, unsigned long *ret);
int parse_family(const char *text, uint32_t *ret);
const char *family_word(uint32_t family);
const char *object_word(uint32_t object); /* "object" for kinds that have no word of their own */

/* Printing what others chose: control characters as '?'. */
void print_text(const char *text);
/* An address in a static buffer, "" for none. */
const char *address_text(const struct fwc_ip *ip);

/* The sub-commands. */
int cmd_show(const struct command *command, int argc, char **argv);
int cmd_apply(const struct command *command, int argc, char **argv);
int cmd_confirm(const struct command *command, int argc, char **argv);
int cmd_diff(const struct command *command, int argc, char **argv);
int cmd_reset(const struct command *command, int argc, char **argv);
int cmd_watch(const struct command *command, int argc, char **argv);
int cmd_features(const struct command *command, int argc, char **argv);
int cmd_interfaces(const struct command *command, int argc, char **argv);
int cmd_forwarding(const struct command *command, int argc, char **argv);
int cmd_route(const struct command *command, int argc, char **argv);
int cmd_network(const struct command *command, int argc, char **argv);

#endif
