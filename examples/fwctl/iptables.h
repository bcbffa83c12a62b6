/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* fwctl called as iptables and its kin: what their programs share. */
#ifndef FWCTL_IPTABLES_H
#define FWCTL_IPTABLES_H

#include "fwctl.h"

/* What other programs read as the version: that of the iptables whose words and answers these are. */
#define IPTABLES_VERSION "v1.8.9 (nf_tables)"

/* Their exit codes. */
enum {
	IPTABLES_OK = 0,
	IPTABLES_OTHER_PROBLEM = 1,
	IPTABLES_PARAMETER_PROBLEM = 2,
	IPTABLES_VERSION_PROBLEM = 3,
	IPTABLES_RESOURCE_PROBLEM = 4,
};

struct iptables_program {
	const char *name; /* "iptables-save"; also with -nft behind its first word */
	const char *family_name; /* what the command itself calls itself: "iptables" */
	uint32_t family;
	int (*run)(const struct iptables_program *program, const char *called, int argc,
		   char **argv);
};

/* NULL: it is none of them. */
const struct iptables_program *iptables_find(const char *name);
/* argv[0] is what it was called. */
int iptables_run(const struct iptables_program *program, int argc, char **argv);

int iptables_command(const struct iptables_program *program, const char *called, int argc,
		     char **argv);
int iptables_save(const struct iptables_program *program, const char *called, int argc,
		  char **argv);
int iptables_restore(const struct iptables_program *program, const char *called, int argc,
		     char **argv);

/* The failure in the words that programs look for. Returns the exit code. `command`: the letter of what failed, 0: not
 * known. */
int iptables_failed(const char *called, uint32_t command, const struct fwc_error *err);
/* The kernel of this process's namespace; NULL: said so already, and *ret_status is set. */
struct fwc_kernel *iptables_open(const char *called, int *ret_status);

#endif
