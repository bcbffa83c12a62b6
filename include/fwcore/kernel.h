/* SPDX-License-Identifier: LGPL-2.1-or-later */
/**
 * @file kernel.h
 * The kernel of one network namespace: open it, load what it has, plan and apply what is wanted.
 */
#ifndef FWCORE_KERNEL_H
#define FWCORE_KERNEL_H

#include <fwcore/types.h>

FWC_BEGIN_DECLS

/** Which namespace, and in whose name. */
struct fwc_kernel_opts {
	size_t size; /**< sizeof(struct fwc_kernel_opts) */
	int32_t netns_fd; /**< a namespace as an open file; 0 or less: by path, or the caller's. Not closed, not kept */
	uint32_t flags; /**< 0 */
	/** "/run/netns/NAME", "/proc/PID/ns/net"; NULL: the calling thread's */
	const char *netns_path;
	/** whose objects these are, 1 to 31 of [A-Za-z0-9_.-]; NULL: the program's name */
	const char *owner;
};

/**
 * Open the kernel of a network namespace.
 *
 * Another namespace is entered by a short-lived helper thread, never by the caller's.
 *
 * @param ret   receives the kernel object; left alone on failure
 * @param opts  NULL: the calling thread's namespace, owned by the program's name
 * @param err   detail on failure, or NULL
 * @return 0, -EINVAL, -ENOENT, -EPERM, -ENOMEM, or another errno of open(2), setns(2), socket(2)
 *
 * Ownership: release *ret with fwc_kernel_close(). The object keeps its namespace alive.
 * Threads: any; the object serves one thread at a time and only the process that opened it (-ECHILD after fork).
 * Kernel: NETLINK_NETFILTER and NETLINK_ROUTE sockets, net/netlink/af_netlink.c; setns(2) wants CAP_SYS_ADMIN.
 * Since: 0.1
 */
FWC_API int fwc_kernel_open(struct fwc_kernel **ret, const struct fwc_kernel_opts *opts,
			    struct fwc_error *err);
/** Close it. @param kernel the kernel object, or NULL */
FWC_API void fwc_kernel_close(struct fwc_kernel *kernel);
/** @param kernel the kernel object @return its owner string, borrowed */
FWC_API const char *fwc_kernel_owner(const struct fwc_kernel *kernel);

/**
 * Load tables with their chains, rules, sets, elements, handles and counters.
 *
 * Whatever others wrote is taken as it is; what cannot be named is kept as opaque items.
 *
 * The ruleset can be edited and applied in the same namespace. It then says how each of its tables is to be as a whole, so
 * apply is -ESTALE where it would change something and others have changed one of them since; counters, and elements of
 * sets that are state, do not count. Load again and edit that, or apply with FWC_APPLY_OVERWRITE.
 *
 * @param kernel  the kernel object
 * @param family  FWC_FAMILY_ANY for all tables, with table NULL
 * @param table   one table's name; NULL: all tables of the family
 * @param ret     receives the ruleset; release it with fwc_ruleset_free(). It does not need the kernel object
 * @param err     detail on failure, or NULL
 * @return 0, -ENOENT when that table does not exist, -EPERM, -EAGAIN when others kept writing, -ENOMEM
 *
 * Kernel: NFT_MSG_GETTABLE, GETCHAIN, GETSET, GETSETELEM, GETRULE, net/netfilter/nf_tables_api.c.
 * Since: 0.1
 */
FWC_API int fwc_kernel_load(struct fwc_kernel *kernel, uint32_t family, const char *table,
			    struct fwc_ruleset **ret, struct fwc_error *err);

/**
 * Load sets of a table with their elements, and nothing else of it.
 *
 * For what changes often beside rules that do not: blocklists, addresses of containers. The ruleset is to be looked at;
 * applied it would be a table without chains, so that is -EINVAL. Elements are changed by a batch.
 *
 * @param kernel  the kernel object
 * @param family  the table's
 * @param table   its name
 * @param set     one set's name; NULL: all sets of the table
 * @param ret     receives the ruleset; release it with fwc_ruleset_free(). It does not need the kernel object
 * @param err     detail on failure, or NULL
 * @return 0, -ENOENT when there is no such table or set, -EINVAL, -EPERM, -EAGAIN when others kept writing, -ENOMEM
 *
 * Kernel: NFT_MSG_GETSET, GETSETELEM, net/netfilter/nf_tables_api.c. For each 32 KiB of elements it walks past all that it
 * has handed out: reading a million takes many times longer than reading ten times a hundred thousand.
 * Since: 0.1
 */
FWC_API int fwc_kernel_load_sets(struct fwc_kernel *kernel, uint32_t family, const char *table,
				 const char *set, struct fwc_ruleset **ret, struct fwc_error *err);

/** Whose counts fwc_kernel_reset() reads and sets back. */
enum fwc_reset {
	FWC_RESET_RULES = 1, /**< counters and quotas in rules (Linux 6.2) */
	FWC_RESET_COUNTERS = 2, /**< named counters (Linux 4.10) */
	FWC_RESET_QUOTAS = 3, /**< named quotas (Linux 4.10) */
	FWC_RESET_ELEMENTS = 4, /**< counters and quotas of elements of sets and maps (Linux 6.5) */
};

/**
 * Read counters and quotas and let them begin at zero again, so that no packet is counted twice or never.
 *
 * The ruleset holds what was read: rules, objects or elements with the counts that they had, in their tables. It is to be
 * looked at, not to be applied. What others change meanwhile does not make counts go lost: where the kernel handed
 * something out twice it stands there twice, each time with what was counted since the time before, and an
 * element or a rule that came in between is there or keeps its counts for the next time.
 *
 * @param kernel  the kernel object
 * @param what    enum fwc_reset
 * @param family  the table's; FWC_FAMILY_ANY for all tables, with table NULL
 * @param table   one table's name; NULL: all tables of the family
 * @param name    one chain's, object's or set's name; NULL: all of the table
 * @param ret     receives the ruleset; release it with fwc_ruleset_free(). It does not need the kernel object
 * @param err     detail on failure, or NULL
 * @return 0, -ENOENT when there is nothing of that name, -EOPNOTSUPP when the kernel cannot, -EINVAL, -EPERM, -EAGAIN when
 *         others kept writing before anything was read, -ENOBUFS when some counts were lost, -ENOMEM
 *
 * Kernel: NFT_MSG_GETRULE_RESET, GETOBJ_RESET, GETSETELEM_RESET, net/netfilter/nf_tables_api.c.
 * Since: 0.1
 */
FWC_API int fwc_kernel_reset(struct fwc_kernel *kernel, uint32_t what, uint32_t family,
			     const char *table, const char *name, struct fwc_ruleset **ret,
			     struct fwc_error *err);

/** How a ruleset is applied. */
enum fwc_apply_flags {
	/** The kernel checks and changes nothing. What it checks at the end of a transaction alone, such as a target that the
	 * type of a chain made in the same transaction does not allow, passes (as with `nft -c`). */
	FWC_APPLY_DRY_RUN = 1,
	/** A ruleset that was loaded is applied even where others have changed its tables since: what they did goes. */
	FWC_APPLY_OVERWRITE = 2,
};

/** Options of fwc_kernel_apply() and fwc_kernel_commit_plan(). */
struct fwc_apply_opts {
	size_t size; /**< sizeof(struct fwc_apply_opts) */
	uint32_t flags; /**< enum fwc_apply_flags */
	uint32_t retries; /**< how often to plan again when others wrote meanwhile; 0: 16 */
};

/**
 * Make the kernel's tables what the ruleset says, in one transaction; tables it does not name are not touched.
 *
 * Reads, plans the smallest difference and commits it, tied to the generation it read. Rules that do not
 * change keep their handle and counters; when nothing differs nothing is sent. An element is compared with its data, comment,
 * tag, targets and timeout, but for what a packet changes (what is left of a timeout, counts), and written anew where it differs;
 * in sets that are DYNAMIC or STATE one that is there stays as it is. The kernel cannot change a comment of a table,
 * chain, set or named object: it is written when that is created; fwc_plan_kept_format() tells where it differs.
 *
 * Without CAP_NET_ADMIN in the initial user namespace the kernel limits the size of a transaction. A larger change
 * is then carried out in stages that no packet meets before the last one; what cannot be staged is -EMSGSIZE.
 * A table that wakes, or goes to sleep (FWC_TABLE_DORMANT), while a base chain of it gets another hook, type, priority or
 * device is two transactions as well: the kernel does not do both in one, and the table is changed while it sleeps.
 *
 * @param kernel   the kernel object
 * @param ruleset  what is wanted
 * @param opts     NULL: the defaults
 * @param err      the object, rule and item that was refused, and the kernel's words; or NULL
 * @return 0; the ruleset's own failure; -EINVAL, -ENOENT (a chain or set that does not exist, or an
 *         expression the kernel lacks: see err->kconfig), -EEXIST (somebody else's set,
 *         element or base chain of that name is another), -EBUSY (others' rules still use what is to go), -EMLINK (a loop
 *         of jumps), -EMSGSIZE, -EOPNOTSUPP (a table of iptables-nft, or a target that the kernel
 *         does not allow in that chain), -ESTALE (the ruleset was loaded, and others have changed its tables
 *         since), -EPERM, -EAGAIN (others kept writing), -ENOBUFS (the
 *         answer was lost), -ECHILD, -ENOMEM. err->outcome tells whether anything changed.
 *
 * Kernel: one nf_tables batch with NFNL_BATCH_GENID, net/netfilter/nfnetlink.c.
 * Since: 0.1
 */
FWC_API int fwc_kernel_apply(struct fwc_kernel *kernel, const struct fwc_ruleset *ruleset,
			     const struct fwc_apply_opts *opts, struct fwc_error *err);

/**
 * Work out what apply would do.
 *
 * @param kernel   the kernel object; the plan does not keep it
 * @param ruleset  what is wanted; must live as long as the plan
 * @param ret      receives the plan; release it with fwc_plan_free()
 * @param err      as for fwc_kernel_apply()
 * @return as fwc_kernel_apply()
 *
 * Since: 0.1
 */
FWC_API int fwc_kernel_plan(struct fwc_kernel *kernel, const struct fwc_ruleset *ruleset,
			    struct fwc_plan **ret, struct fwc_error *err);

/**
 * Carry a plan out, once.
 *
 * @param kernel  the kernel object it was made with
 * @param plan    the plan
 * @param opts    NULL: the defaults; retries are not used
 * @param err     detail, or NULL
 * @return as fwc_kernel_apply(); -ESTALE when others have written since it was made
 */
FWC_API int fwc_kernel_commit_plan(struct fwc_kernel *kernel, struct fwc_plan *plan,
				   const struct fwc_apply_opts *opts, struct fwc_error *err);
/** @param plan the plan @return the number of steps, 0 when the kernel has it all */
FWC_API size_t fwc_plan_count(const struct fwc_plan *plan);

/**
 * A step in words: `add rule inet myapp input tcp dport 22 accept`. `nft -f` takes them; what follows a `#` says what it is
 * that goes.
 *
 * @param plan        the plan
 * @param i           from 0
 * @param buf         receives the text
 * @param size        bytes in buf
 * @param ret_needed  receives the length without the NUL, or NULL
 * @return 0, -EINVAL, -ENOSPC
 */
FWC_API int fwc_plan_format(const struct fwc_plan *plan, size_t i, char *buf, size_t size,
			    size_t *ret_needed);
/** What a step of a plan does. */
enum fwc_plan_action {
	FWC_PLAN_ADD = 1, /**< something comes */
	FWC_PLAN_DELETE = 2, /**< something goes */
	FWC_PLAN_CHANGE =
		3, /**< a policy or a flag becomes another one; or a chain loses all its rules */
};

/** @param plan the plan @param i a step, from 0 @return enum fwc_plan_action; 0 past the end */
FWC_API uint32_t fwc_plan_action(const struct fwc_plan *plan, size_t i);
/** @param plan the plan @param i a step @return enum fwc_object: TABLE, CHAIN, RULE, SET, ELEMENT; NONE for named objects */
FWC_API uint32_t fwc_plan_object(const struct fwc_plan *plan, size_t i);
/** @param plan the plan @param i a step @return enum fwc_family of the table; 0 past the end */
FWC_API uint32_t fwc_plan_family(const struct fwc_plan *plan, size_t i);
/** @param plan the plan @param i a step @return the table's name, borrowed; NULL past the end */
FWC_API const char *fwc_plan_table(const struct fwc_plan *plan, size_t i);
/** @param plan the plan @param i a step @return the name of the chain, set or object, "" for tables; borrowed; NULL past the end */
FWC_API const char *fwc_plan_name(const struct fwc_plan *plan, size_t i);

/** @param plan the plan @return how many comments differ and stay, since the kernel cannot change them */
FWC_API size_t fwc_plan_kept_count(const struct fwc_plan *plan);

/**
 * What stays, in words: `comment of chain inet myapp input stays "old", declared is "new"`.
 *
 * The kernel takes comments of tables, chains, sets and named objects when it makes them, and never again: only deleting
 * and making it anew, with all that refers to it, would change one.
 *
 * @param plan        the plan
 * @param i           from 0
 * @param buf         receives the text
 * @param size        bytes in buf
 * @param ret_needed  receives the length without the NUL, or NULL
 * @return 0, -EINVAL, -ENOSPC
 *
 * Kernel: nf_tables_updtable(), nf_tables_updchain(), nf_tables_newset(), net/netfilter/nf_tables_api.c.
 * Since: 0.1
 */
FWC_API int fwc_plan_kept_format(const struct fwc_plan *plan, size_t i, char *buf, size_t size,
				 size_t *ret_needed);

/**
 * Work out what undoes a plan that was carried out.
 *
 * It is planned anew: what the plan changed becomes what it was, what others changed since stays. Rules come back where they
 * were, with new handles and the counters that they had, and a set that the plan deleted with the elements that it had.
 * Elements of other sets that are state, counters and quotas are no declaration and are not undone. The result is a plan like any other: print it, commit it, undo it.
 *
 * @param kernel  the kernel object
 * @param done    the plan, carried out with fwc_kernel_commit_plan(); its ruleset as it was then
 * @param ret     receives the plan; release it with fwc_plan_free(). It does not need `done`
 * @param err     detail, or NULL
 * @return as fwc_kernel_plan(); -EINVAL when the plan was not carried out; -ESTALE, naming what it is, when others have
 *         changed the same thing since
 *
 * Since: 0.1
 */
FWC_API int fwc_kernel_plan_undo(struct fwc_kernel *kernel, const struct fwc_plan *done,
				 struct fwc_plan **ret, struct fwc_error *err);
/** Release a plan. @param plan the plan, or NULL */
FWC_API void fwc_plan_free(struct fwc_plan *plan);

FWC_END_DECLS
#endif
