/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* fwctl called as iptables, ip6tables, iptables-save ...: which program it is, and iptables itself. The words are read by the
 * library. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "iptables.h"

static const struct iptables_program programs[] = {
	{ "iptables", "iptables", FWC_FAMILY_IP, iptables_command },
	{ "iptables-save", "iptables", FWC_FAMILY_IP, iptables_save },
	{ "iptables-restore", "iptables", FWC_FAMILY_IP, iptables_restore },
	{ "ip6tables", "ip6tables", FWC_FAMILY_IP6, iptables_command },
	{ "ip6tables-save", "ip6tables", FWC_FAMILY_IP6, iptables_save },
	{ "ip6tables-restore", "ip6tables", FWC_FAMILY_IP6, iptables_restore },
};

static const char *base_name(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash ? slash + 1 : path;
}

/* "iptables-nft-save" is "iptables-save". */
static bool is_name(const char *name, const char *called)
{
	const char *dash = strstr(called, "-nft");
	size_t before = dash ? (size_t)(dash - called) : strlen(called);

	return !strncmp(name, called, before) && !strcmp(name + before, dash ? dash + 4 : "");
}

const struct iptables_program *iptables_find(const char *name)
{
	name = base_name(name);
	for (size_t i = 0; i < sizeof(programs) / sizeof(programs[0]); i++)
		if (is_name(programs[i].name, name))
			return &programs[i];
	return NULL;
}

int iptables_run(const struct iptables_program *program, int argc, char **argv)
{
	const char *called =
		program->run == iptables_command ? program->family_name : base_name(argv[0]);
	int status = program->run(program, called, argc, argv);

	if (fflush(stdout) != 0 && status == IPTABLES_OK) {
		fprintf(stderr, "%s: standard output: %s\n", called, strerror(errno));
		return IPTABLES_OTHER_PROBLEM;
	}
	return status;
}

/* ---- failures ---- */

/* What the commands say; programs compare these texts. */
static const struct {
	int code;
	uint32_t command; /* 0: any */
	const char *text;
} reasons[] = {
	{ -ENOENT, 0, "No chain/target/match by that name." },
	{ -EEXIST, 'E', "File exists." },
	{ -EEXIST, 0, "Chain already exists." },
	{ -ESRCH, 0, "Bad rule (does a matching rule exist in that chain?)." },
	{ -E2BIG, 'I', "Index of insertion too big." },
	{ -E2BIG, 'D', "Index of deletion too big." },
	{ -E2BIG, 'R', "Index of replacement too big." },
	{ -E2BIG, 0, "Index of zeroing too big." },
	{ -ENXIO, 'P', "Bad built-in chain name." },
	{ -ENXIO, 0, "Bad policy name. Run `dmesg' for more information." },
};

/* What the kernel was asked for when it refused. */
static const struct {
	uint32_t command;
	const char *step, *object;
} steps[] = {
	{ 'A', "RULE_APPEND", "rule in chain" },
	{ 'I', "RULE_INSERT", "rule in chain" },
	{ 'R', "RULE_REPLACE", "rule in chain" },
	{ 'D', "RULE_DELETE", "rule in chain" },
	{ 'N', "CHAIN_ADD", "chain" },
	{ 'X', "CHAIN_DEL", "chain" },
	{ 'E', "CHAIN_RENAME", "chain" },
	{ 'P', "CHAIN_UPDATE", "chain" },
	{ 'F', "RULE_FLUSH", "rule in chain" },
	{ 0, "TABLE_ADD", "table" },
};

static int refused_by_kernel(const char *called, uint32_t command, const struct fwc_error *err)
{
	size_t i = 0;

	while (steps[i].command && steps[i].command != command)
		i++;
	fprintf(stderr, "%s " IPTABLES_VERSION ": ", called);
	if (err->line)
		fprintf(stderr, "\nline %u: ", err->line);
	fprintf(stderr, " %s failed (%s): %s %s\n", steps[i].step, strerror(-err->code),
		steps[i].object, *err->chain ? err->chain : err->table);
	fprintf(stderr, "%s\n", err->msg);
	return IPTABLES_RESOURCE_PROBLEM;
}

static int wrong_words(const char *called, const struct fwc_error *err)
{
	fprintf(stderr, "%s " IPTABLES_VERSION ": %s\n", called, err->msg);
	if (err->line)
		fprintf(stderr, "Error occurred at line: %u\n", err->line);
	fprintf(stderr, "Try `%s -h' or '%s --help' for more information.\n", called, called);
	return IPTABLES_PARAMETER_PROBLEM;
}

static int reason(const char *called, uint32_t command, const struct fwc_error *err)
{
	size_t i = 0;

	while (reasons[i].code != err->code ||
	       (reasons[i].command && reasons[i].command != command))
		i++;
	if (err->line)
		fprintf(stderr, "%s: line %u failed: %s\n", called, err->line, reasons[i].text);
	else
		fprintf(stderr, "%s: %s\n", called, reasons[i].text);
	return IPTABLES_OTHER_PROBLEM;
}

int iptables_failed(const char *called, uint32_t command, const struct fwc_error *err)
{
	switch (err->code) {
	case -EPERM:
		fprintf(stderr,
			"%s " IPTABLES_VERSION
			": Could not fetch rule set generation id: Permission denied (you must be root)\n",
			called);
		return IPTABLES_RESOURCE_PROBLEM;
	case -EBADMSG:
		fprintf(stderr, "%s: %s\n", called, err->msg);
		return IPTABLES_OTHER_PROBLEM;
	case -EADDRNOTAVAIL:
	case -EOPNOTSUPP:
		fprintf(stderr, "%s " IPTABLES_VERSION ": %s\n", called, err->msg);
		return IPTABLES_OTHER_PROBLEM;
	default:
		break;
	}
	if (err->from_kernel || err->code == -EBUSY)
		return refused_by_kernel(called, command, err);
	if (err->code == -ENOENT && err->object == FWC_OBJECT_TABLE && !err->line) {
		fprintf(stderr, "%s " IPTABLES_VERSION ": %s\n", called, err->msg);
		fputs("Perhaps iptables or your kernel needs to be upgraded.\n", stderr);
		return IPTABLES_VERSION_PROBLEM;
	}
	if (err->code == -EINVAL || (err->code == -ENOENT && err->object == FWC_OBJECT_TABLE))
		return wrong_words(called, err);
	for (size_t i = 0; i < sizeof(reasons) / sizeof(reasons[0]); i++)
		if (reasons[i].code == err->code)
			return reason(called, command, err);
	fprintf(stderr, "%s " IPTABLES_VERSION ": %s\n", called, err->msg);
	return IPTABLES_RESOURCE_PROBLEM;
}

struct fwc_kernel *iptables_open(const char *called, int *ret_status)
{
	struct fwc_kernel *kernel;
	struct fwc_error err;

	if (fwc_kernel_open(&kernel, NULL, &err) == 0)
		return kernel;
	*ret_status = iptables_failed(called, 0, &err);
	return NULL;
}

/* ---- iptables ---- */

static int print_iptables_help(const struct iptables_program *p, struct fwc_iptables *commands)
{
	char *extensions;

	printf("%s %s\n\n"
	       "Usage: %s [-t TABLE] COMMAND [CHAIN] [RULE] [OPTIONS]\n"
	       "       %s -h (print this help information)\n\n",
	       p->family_name, IPTABLES_VERSION, p->family_name, p->family_name);
	fputs("Commands:\n"
	      "  -A --append CHAIN RULE          a rule at the end of a chain\n"
	      "  -I --insert CHAIN [N] RULE      a rule as the N-th, the first when no number is given\n"
	      "  -R --replace CHAIN N RULE       a rule instead of the N-th\n"
	      "  -D --delete CHAIN N|RULE        the N-th rule, or the first one that is like this, goes\n"
	      "  -C --check CHAIN RULE           is there a rule like this? the exit code tells\n"
	      "  -L --list [CHAIN [N]]           rules in columns\n"
	      "  -S --list-rules [CHAIN [N]]     rules as they are added\n"
	      "  -F --flush [CHAIN]              all rules go\n"
	      "  -Z --zero [CHAIN [N]]           counters become 0\n"
	      "  -N --new-chain CHAIN            a chain of the user's\n"
	      "  -X --delete-chain [CHAIN]       it goes, when it is empty and nothing jumps there\n"
	      "  -E --rename-chain OLD NEW       it gets another name\n"
	      "  -P --policy CHAIN ACCEPT|DROP   what becomes of packets at the end of a base chain\n"
	      "Rules, each option with ! before it for the opposite:\n"
	      "  -p --protocol NAME  -s --source ADDRESS[/MASK]  -d --destination ADDRESS[/MASK]\n"
	      "  -i --in-interface NAME[+]  -o --out-interface NAME[+]  -f --fragment\n"
	      "  -m --match NAME     then options of that match\n"
	      "  -j --jump TARGET    then options of that target; -g --goto CHAIN does not come back\n"
	      "  -c --set-counters PACKETS BYTES\n"
	      "Options:\n"
	      "  -t --table NAME     filter when not given; nat, mangle, raw, security\n"
	      "  -v --verbose  -n --numeric  -x --exact  --line-numbers\n"
	      "  -w --wait [SECONDS] is accepted and needless\n"
	      "  -V --version\n",
	      stdout);
	if (fwc_iptables_help(commands, &extensions, NULL) == 0) {
		fputs(extensions, stdout);
		fwc_text_free(extensions);
	}
	return IPTABLES_OK;
}

static int carry_out(const char *called, struct fwc_iptables *commands)
{
	int status = IPTABLES_OTHER_PROBLEM;
	struct fwc_kernel *kernel = iptables_open(called, &status);
	struct fwc_error err;
	char *text;

	if (!kernel)
		return status;
	if (fwc_kernel_commit_iptables(kernel, commands, 0, &text, &err) == 0) {
		fputs(text, stdout);
		fwc_text_free(text);
		status = IPTABLES_OK;
	} else {
		status = iptables_failed(called, fwc_iptables_failed(commands), &err);
	}
	fwc_kernel_close(kernel);
	return status;
}

int iptables_command(const struct iptables_program *program, const char *called, int argc,
		     char **argv)
{
	struct fwc_iptables *commands = fwc_iptables_new(program->family);
	struct fwc_error err;
	int status;

	switch (fwc_iptables_add_words(commands, (const char *const *)argv + 1, (size_t)argc - 1,
				       &err)) {
	case FWC_IPTABLES_COMMAND:
		status = carry_out(called, commands);
		break;
	case FWC_IPTABLES_HELP:
		status = print_iptables_help(program, commands);
		break;
	case FWC_IPTABLES_VERSION:
		printf("%s %s\n", called, IPTABLES_VERSION);
		status = IPTABLES_OK;
		break;
	default:
		status = iptables_failed(called, 0, &err);
	}
	fwc_iptables_free(commands);
	return status;
}
