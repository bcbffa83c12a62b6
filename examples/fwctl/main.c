/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* fwctl: the library on the command line. A table of sub-commands and a loop. */
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "fwctl.h"
#include "iptables.h"

struct globals globals;

static const struct command commands[] = {
	{ "show", cmd_show,
	  "[--format nft|json|iptables] [--stateless] [--handles] [--unfold] [FAMILY [TABLE]]",
	  "tables, chains, rules, sets and counters, in nft's words",
	  "  FAMILY        ip, ip6, inet, arp, bridge or netdev\n"
	  "  --format json, --json\n"
	  "                as libnftables-json(5) has it\n"
	  "  --format iptables\n"
	  "                as iptables-save has it: tables of iptables, of one family, ip when none is named\n"
	  "  --stateless   without the values of counters\n"
	  "  --handles     with the kernel's handle of each object\n"
	  "  --unfold      what was folded into sets and maps as the rules that it was\n" },
	{ "apply", cmd_apply, "[--dry-run [--json]] [--optimize] [--confirm SECONDS] FILE",
	  "make tables what a file says, in one transaction",
	  "  FILE          one command a line, or - for the standard input:\n"
	  "                    add table inet myapp\n"
	  "                    add set inet myapp blocked { type ipv4_addr; flags interval; }\n"
	  "                    add element inet myapp blocked { 192.0.2.0/24, 198.51.100.7 }\n"
	  "                    add chain inet myapp input { type filter hook input priority filter; policy drop; }\n"
	  "                    add rule inet myapp input ip saddr @blocked drop\n"
	  "                    delete table inet old\n"
	  "                or JSON, as libnftables-json(5) has it.\n"
	  "                Tables that it names are wanted whole: what it does not say goes.\n"
	  "                Other tables are not touched. Done twice, the second time sends nothing.\n"
	  "  --dry-run     print the steps and let the kernel check them; change nothing\n"
	  "  --json        the steps as JSON\n"
	  "  --confirm SECONDS\n"
	  "                take it back unless it is confirmed within that time, by `yes` at the\n"
	  "                terminal or by `fwctl confirm` from anywhere; also when the terminal dies\n"
	  "  --optimize    adjacent rules that compare the same fields become sets and maps; with\n"
	  "                --dry-run first what was folded, and what was left and why\n" },
	{ "confirm", cmd_confirm, "[--undo]", "keep what was applied for a time only",
	  "  --undo        take it back at once\n" },
	{ "diff", cmd_diff, "[--json] FILE", "what `fwctl apply FILE` would change",
	  "  FILE          as for apply; + comes, - goes, ~ changes\n"
	  "  --json        the same as JSON\n" },
	{ "reset", cmd_reset, "rules|counters|quotas|elements [FAMILY [TABLE [NAME]]]",
	  "print counts and let them begin at zero again",
	  "  rules         counters and quotas in rules (Linux 6.2); NAME is a chain\n"
	  "  counters, quotas\n"
	  "                named ones; NAME is one of them\n"
	  "  elements      counters and quotas of elements (Linux 6.5); NAME is a set or map\n"
	  "  FAMILY        as for show; all tables when none is named\n" },
	{ "watch", cmd_watch, "[--json]", "print what anybody changes, until interrupted",
	  "  --json        one JSON object a line\n" },
	{ "features", cmd_features, "[--json]",
	  "what this kernel can express, asked without changing it",
	  "  --json        print JSON, with an example of each in nft's words\n" },
	{ "interfaces", cmd_interfaces, "[--json] [NAME]",
	  "network interfaces: a line each, or all of one",
	  "  NAME          everything about this one\n"
	  "  --json        everything about all, or NAME, as JSON\n" },
	{ "forwarding", cmd_forwarding,
	  "[show|on|off] [--family FAMILY] [--interface NAME] [--keep-ra] [--json]",
	  "whether packets are forwarded, and switching it",
	  "  show          globally and for each interface; the default\n"
	  "  on, off       switch it, and print each setting that the kernel changed with it\n"
	  "  --family FAMILY\n"
	  "                ip or ip6; both when not given\n"
	  "  --interface NAME\n"
	  "                of this interface only\n"
	  "  --keep-ra     IPv6 on: interfaces that take router advertisements go on doing so\n"
	  "  --json        print JSON\n" },
	{ "route", cmd_route,
	  "[show|get ADDRESS|add ROUTE|replace ROUTE|delete ROUTE] [--family FAMILY] [--table TABLE] [--json]",
	  "routes: reading, asking for one, and changing them",
	  "  show          those of a table; the default\n"
	  "  get ADDRESS   the one that a packet from this host would take\n"
	  "  add, replace, delete ROUTE\n"
	  "                [TYPE] DESTINATION [via ADDRESS] [dev NAME] [onlink] [weight N]\n"
	  "                [table TABLE] [proto PROTOCOL] [src ADDRESS] [metric N] [mtu BYTES]\n"
	  "                [nexthop via ADDRESS dev NAME weight N] ...\n"
	  "                DESTINATION is default or a prefix; TYPE is unicast, local, broadcast,\n"
	  "                blackhole, unreachable, prohibit or throw\n"
	  "  --family FAMILY\n"
	  "                ip or ip6; both when not given\n"
	  "  --table TABLE main (the default), local, default, all or a number\n"
	  "  --json        print JSON\n" },
	{ "network", cmd_network, "COMMAND ...",
	  "docker0-style networks; `fwctl network --help` lists them", NULL },
	{ 0 },
};

static void print_commands(FILE *out, const struct command *table, const char *group)
{
	fprintf(out, "usage: %s COMMAND ...\n\n", group);
	for (const struct command *c = table; c->name; c++)
		fprintf(out, "  %-12s%s\n", c->name, c->summary);
	fprintf(out,
		"\n`%s COMMAND --help` explains a command. All take these:\n"
		"  --netns PATH  a network namespace: a path, or a name of `ip netns`\n"
		"  --owner NAME  whose objects they are; fwctl when not given\n"
		"`fwctl --version` tells the version of the library.\n"
		"Exit codes: 0 done, 1 failed, 2 wrong arguments.\n",
		group);
}

int run_from_table(const struct command *table, const char *group, int argc, char **argv)
{
	static char option[] = "--help";

	if (argc < 2) {
		print_commands(stderr, table, group);
		return EXIT_USAGE;
	}
	if (!strcmp(argv[1], "--help") || !strcmp(argv[1], "-h") ||
	    (!strcmp(argv[1], "help") && argc == 2)) {
		print_commands(stdout, table, group);
		return EXIT_OK;
	}
	/* `help COMMAND` is `COMMAND --help`, with the words that stand after it. */
	if (!strcmp(argv[1], "help")) {
		memmove(argv + 1, argv + 2, (size_t)(argc - 2) * sizeof(*argv));
		argv[argc - 1] = option;
	}
	for (const struct command *c = table; c->name; c++)
		if (!strcmp(c->name, argv[1]))
			return c->run(c, argc - 1, argv + 1);
	fprintf(stderr, "fwctl: there is no %s '%s'; see `%s --help`\n",
		*argv[1] == '-' ? "such option before the command:" : "command", argv[1], group);
	return EXIT_USAGE;
}

/* Where sub-commands nest, the group's name is needed to print the whole line. */
static const char *group_of(const struct command *command)
{
	for (const struct command *c = commands; c->name; c++)
		if (c == command)
			return "fwctl";
	return "fwctl network";
}

int print_help(const struct command *command)
{
	printf("usage: %s %s %s\n\n%c%s.\n%s%s", group_of(command), command->name,
	       command->arguments, command->summary[0] - 'a' + 'A', command->summary + 1,
	       *command->help ? "\n" : "", command->help);
	return EXIT_OK;
}

int usage_error(const struct command *command, const char *fmt, ...)
{
	va_list ap;

	fputs("fwctl: ", stderr);
	va_start(ap, fmt);
	vfprintf(stderr, fmt, ap);
	va_end(ap);
	fprintf(stderr, "\nusage: %s %s %s\n", group_of(command), command->name,
		command->arguments);
	return EXIT_USAGE;
}

int usage_option(const struct command *command, int option, char **argv)
{
	if (option == 'h')
		return print_help(command);
	if (option == ':')
		return usage_error(command, "'%s' needs a value", argv[optind - 1]);
	return usage_error(command, "there is no option '%s'", argv[optind - 1]);
}

int json_option(const struct command *command, int argc, char **argv, int words, bool *ret)
{
	static const struct option options[] = { { "json", no_argument, NULL, 'j' },
						 { "help", no_argument, NULL, 'h' },
						 { 0 } };
	int c;

	*ret = false;
	while ((c = getopt_long(argc, argv, ":h", options, NULL)) != -1) {
		if (c != 'j')
			return usage_option(command, c, argv);
		*ret = true;
	}
	if (argc - optind > words)
		return usage_error(command, "'%s' is one word too many", argv[optind + words]);
	return -1;
}

int failed(const struct fwc_error *err)
{
	fprintf(stderr, "fwctl: %s\n", err->msg);
	if (*err->kconfig && !strstr(err->msg, err->kconfig))
		fprintf(stderr, "fwctl: the kernel may lack %s\n", err->kconfig);
	if (err->outcome == FWC_OUTCOME_UNKNOWN)
		fputs("fwctl: the answer was lost: look with `fwctl show` what was done\n", stderr);
	return EXIT_FAILED;
}

int failed_errno(const char *what)
{
	fprintf(stderr, "fwctl: %s: %s\n", what, strerror(errno));
	return EXIT_FAILED;
}

/* A name without '/' is one of `ip netns`. */
const char *netns_path(const char *path, char *buf, size_t size)
{
	if (strchr(path, '/'))
		return path;
	snprintf(buf, size, "/run/netns/%s", path);
	return buf;
}

int open_netns(const char *path, struct fwc_error *err)
{
	char buf[4096];
	int fd;

	path = netns_path(path, buf, sizeof(buf));
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0) {
		err->code = -errno;
		snprintf(err->msg, sizeof(err->msg), "%.200s: %s", path, strerror(errno));
	}
	return fd;
}

struct fwc_kernel *open_kernel(void)
{
	struct fwc_kernel_opts opts = { .size = sizeof(opts), .owner = globals.owner };
	struct fwc_kernel *kernel;
	struct fwc_error err;
	char buf[4096];

	if (globals.netns)
		opts.netns_path = netns_path(globals.netns, buf, sizeof(buf));
	if (fwc_kernel_open(&kernel, &opts, &err) < 0) {
		failed(&err);
		return NULL;
	}
	return kernel;
}

/* "--name VALUE" or "--name=VALUE" at argv[i]: the number of words it has, 0 when it is something else. */
static int take_global(char **argv, int i, const char *name, const char **ret)
{
	size_t len = strlen(name);

	if (strncmp(argv[i], name, len) != 0)
		return 0;
	if (argv[i][len] == '=') {
		*ret = argv[i] + len + 1;
		return 1;
	}
	if (argv[i][len])
		return 0;
	*ret = argv[i + 1];
	return 2;
}

/* Takes the global options out of argv, wherever they are. Returns the new argc, -1 for a missing value. */
static int take_globals(int argc, char **argv)
{
	int kept = 1;

	for (int i = 1; i < argc;) {
		const char *value = "";
		int words = take_global(argv, i, "--netns", &value);

		if (words)
			globals.netns = value;
		else if ((words = take_global(argv, i, "--owner", &value)))
			globals.owner = value;
		else
			argv[kept++] = argv[i++];
		if (!value || (words && !*value)) {
			fprintf(stderr, "fwctl: '%s' needs a value\n", argv[i]);
			return -1;
		}
		i += words;
	}
	argv[kept] = NULL;
	return kept;
}

/* Called as iptables and the like, by a link or a first word: then all words are theirs. */
static const struct iptables_program *find_iptables(int *argc, char ***argv)
{
	const struct iptables_program *program = iptables_find((*argv)[0]);

	if (!program && *argc > 1 && (program = iptables_find((*argv)[1]))) {
		--*argc;
		++*argv;
	}
	return program;
}

int main(int argc, char **argv)
{
	const struct iptables_program *program = argc > 0 ? find_iptables(&argc, &argv) : NULL;
	int r;

	if (program)
		return iptables_run(program, argc, argv);
	argc = take_globals(argc, argv);
	if (argc < 0)
		return EXIT_USAGE;
	if (argc > 1 && !strcmp(argv[1], "--version")) {
		printf("fwctl, libfwcore %s\n", fwc_version());
		return EXIT_OK;
	}
	r = run_from_table(commands, "fwctl", argc, argv);
	/* A full disk is a failure too. */
	if (fflush(stdout) != 0 && r == EXIT_OK)
		return failed_errno("standard output");
	return r;
}
