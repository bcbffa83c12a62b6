/* SPDX-License-Identifier: LGPL-2.1-or-later */
/**
 * @file iptables.h
 * Tables of iptables as a user edits them: its commands and its files, carried out in one transaction.
 *
 * What is written is what iptables-nft 1.8.9 would have written: both edit the same rules. Tables that a program declares
 * whole are made with fwc_ruleset_add_iptables_table() and applied like any other.
 */
#ifndef FWCORE_IPTABLES_H
#define FWCORE_IPTABLES_H

#include <fwcore/types.h>

FWC_BEGIN_DECLS

/**
 * An empty list of commands.
 *
 * @param family  FWC_FAMILY_IP or IP6
 * @return yours; NULL when out of memory, and for another family
 *
 * Since: 0.1
 */
FWC_API struct fwc_iptables *fwc_iptables_new(uint32_t family);
/** Release it. @param iptables the commands, or NULL */
FWC_API void fwc_iptables_free(struct fwc_iptables *iptables);

/** What a command asks for beside what is done in the kernel. */
enum fwc_iptables_result {
	FWC_IPTABLES_COMMAND = 0, /**< it was added to the list */
	FWC_IPTABLES_HELP = 1, /**< `-h` was given: nothing was added */
	FWC_IPTABLES_VERSION = 2, /**< `-V` was given: nothing was added */
};

/**
 * Add a command in words, as the arguments of iptables(8) without the program's name: `-t`, `nat`, `-A`, `PREROUTING`, ...
 *
 * All its commands are taken: -A -I -D -R -C -L -S -F -Z -X -N -E -P; options are long, short, abbreviated or glued as there.
 * `-s A,B` is a rule for each address. Names of hosts are not looked up. -w is accepted and means nothing, for a
 * transaction needs no lock.
 *
 * @param iptables  the commands
 * @param words     the words
 * @param count     how many
 * @param err       detail on failure, or NULL
 * @return enum fwc_iptables_result; -EINVAL for words that are no command; -ENOENT, object TABLE, for a table that iptables does
 *         not have; -ENOMEM. Nothing is added then
 *
 * Since: 0.1
 */
FWC_API int fwc_iptables_add_words(struct fwc_iptables *iptables, const char *const *words,
				   size_t count, struct fwc_error *err);

/**
 * What the words that asked for help said about extensions: the options of each match and target that they named.
 *
 * @param iptables  the commands, the last words of which were FWC_IPTABLES_HELP
 * @param ret       receives the text; release it with fwc_text_free()
 * @param err       detail, or NULL
 * @return 0, -EINVAL, -ENOMEM
 *
 * Since: 0.1
 */
FWC_API int fwc_iptables_help(const struct fwc_iptables *iptables, char **ret,
			      struct fwc_error *err);

/** How a file is read. */
enum fwc_iptables_file_flags {
	FWC_IPTABLES_NOFLUSH =
		1, /**< what the tables have stays; chains that the file declares are emptied */
	FWC_IPTABLES_COUNTERS = 2, /**< counters become what the file says */
	FWC_IPTABLES_VERBOSE = 4, /**< what -v tells */
};

/** Options of fwc_iptables_add_file(). */
struct fwc_iptables_file_opts {
	size_t size; /**< sizeof(struct fwc_iptables_file_opts) */
	uint32_t flags; /**< enum fwc_iptables_file_flags */
	uint32_t reserved; /**< 0 */
	const char *table; /**< of this table only; NULL: all */
};

/**
 * Add the commands of a file as iptables-save writes and iptables-restore reads it: all its tables.
 *
 * Tables that it names lose what they have first, unless NOFLUSH is given. Lines with `-4` or `-6` are of that family only.
 *
 * @param iptables  the commands
 * @param text      the file; need not end in NUL
 * @param len       its bytes
 * @param opts      NULL: the defaults
 * @param err       err->line says which line is wrong; or NULL
 * @return 0; -EINVAL for a line that is wrong, -EBADMSG for one that is no line of such a file or when the last COMMIT is
 *         missing, -ENOENT for a table that iptables does not have, -ENOMEM. Nothing is added then
 *
 * Since: 0.1
 */
FWC_API int fwc_iptables_add_file(struct fwc_iptables *iptables, const char *text, size_t len,
				  const struct fwc_iptables_file_opts *opts, struct fwc_error *err);

/** How commands are carried out. */
enum fwc_iptables_commit_flags {
	FWC_IPTABLES_TEST = 1, /**< the kernel checks and changes nothing */
};

/**
 * Carry out the commands, all or none, in one transaction. They can be carried out again.
 *
 * Tables and base chains that are needed are made. Only what the commands need is read: adding at either end of a chain
 * reads no rules. When others write meanwhile it is all done again.
 *
 * @param kernel    the kernel object
 * @param iptables  the commands
 * @param flags     enum fwc_iptables_commit_flags
 * @param ret       receives what -L, -S and -v print, "" when nothing; release it with fwc_text_free(). Or NULL
 * @param err       err->line says which line of a file it was; or NULL
 * @return 0; -ENOENT (a chain does not exist), -EEXIST (one does already), -ESRCH (no rule is like that one), -E2BIG (a
 *         rule's number is too big), -ENXIO (a policy, and the chain is no base chain), -EADDRNOTAVAIL (a chain that cannot be
 *         listed), -EINVAL (a chain to jump to does not exist), -EOPNOTSUPP (a rule that iptables has no words for), -EBUSY (a
 *         chain that still has rules or is jumped to), -EPERM, -EAGAIN (others kept writing), or what the kernel says:
 *         err->from_kernel is 1 then
 *
 * Kernel: one nf_tables batch; with NFNL_BATCH_GENID when something was read.
 * Since: 0.1
 */
FWC_API int fwc_kernel_commit_iptables(struct fwc_kernel *kernel, struct fwc_iptables *iptables,
				       uint32_t flags, char **ret, struct fwc_error *err);

/**
 * Which command the last fwc_kernel_commit_iptables() could not carry out.
 *
 * @param iptables  the commands
 * @return its letter, `A` for -A; 0: none failed, or it is not known which
 *
 * Since: 0.1
 */
FWC_API uint32_t fwc_iptables_failed(const struct fwc_iptables *iptables);

/**
 * A file of iptables-save as a declaration: tables wanted whole, for fwc_kernel_apply().
 *
 * It may hold chains and `-A` alone: other commands are no declaration. Counters are taken over.
 *
 * @param family  FWC_FAMILY_IP or IP6
 * @param text    the file; need not end in NUL
 * @param len     its bytes
 * @param err     err->line says which line is wrong; or NULL
 * @return yours; NULL on failure
 *
 * Since: 0.1
 */
FWC_API struct fwc_ruleset *fwc_ruleset_parse_iptables(uint32_t family, const char *text,
						       size_t len, struct fwc_error *err);

FWC_END_DECLS
#endif
