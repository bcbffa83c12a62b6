/* SPDX-License-Identifier: LGPL-2.1-or-later */
/**
 * @file ruleset.h
 * Rulesets, tables and chains: memory only, no privilege, no kernel.
 *
 * A ruleset is what a program wants (built or parsed) or what a kernel has (loaded). Everything in it is
 * borrowed from it and lives until it is freed.
 */
#ifndef FWCORE_RULESET_H
#define FWCORE_RULESET_H

#include <fwcore/types.h>

FWC_BEGIN_DECLS

/** What a table is. */
enum fwc_table_flags {
	/** somebody else's: only objects that carry our owner are compared, added and removed; our rules come before others' */
	FWC_TABLE_SHARED = 1,
	FWC_TABLE_DORMANT = 2, /**< its base chains see no packets */
	/**
	 * only the kernel object that made it can change it, and it goes when that one is closed (Linux 5.12):
	 * for one long-lived daemon. A table that exists does not become one
	 */
	FWC_TABLE_OWNER = 4,
	/** with OWNER: the table outlives its owner, and who declares it next becomes the new one (Linux 6.9) */
	FWC_TABLE_PERSIST = 8,
};

/** An empty ruleset. @return yours; NULL when out of memory */
FWC_API struct fwc_ruleset *fwc_ruleset_new(void);
/** Release a ruleset and everything borrowed from it. @param ruleset the ruleset, or NULL */
FWC_API void fwc_ruleset_free(struct fwc_ruleset *ruleset);

/**
 * The first failure of a builder.
 *
 * @param ruleset  the ruleset
 * @param err      receives it; cleared when there is none; may be NULL
 * @return 0, or the failure's code
 */
FWC_API int fwc_ruleset_error(const struct fwc_ruleset *ruleset, struct fwc_error *err);

/**
 * Declare a table. Without SHARED the table is ours and wanted whole: what is not declared goes.
 *
 * @param ruleset  the ruleset
 * @param family   enum fwc_family, not ANY
 * @param name     1 to 127 bytes
 * @param flags    enum fwc_table_flags
 * @return borrowed; NULL on failure, which the ruleset keeps (-EEXIST for a second one of that name)
 *
 * Since: 0.1
 */
FWC_API struct fwc_table *fwc_ruleset_add_table(struct fwc_ruleset *ruleset, uint32_t family,
						const char *name, uint32_t flags);

/**
 * Declare a table of iptables with its base chains, as iptables-nft makes them: INPUT, FORWARD, OUTPUT ..., policy
 * accept. Its rules are those that iptables-nft reads as what they are; others are -EOPNOTSUPP when they are applied.
 *
 * @param ruleset  the ruleset
 * @param family   FWC_FAMILY_IP, IP6, or ARP, whose table is that of arptables
 * @param name     "filter", "nat", "mangle", "raw" or "security"; of ARP "filter" alone
 * @param flags    FWC_TABLE_SHARED, or 0: the table is ours and wanted whole
 * @return borrowed; NULL on failure, which the ruleset keeps
 *
 * Since: 0.1
 */
FWC_API struct fwc_table *fwc_ruleset_add_iptables_table(struct fwc_ruleset *ruleset,
							 uint32_t family, const char *name,
							 uint32_t flags);

/**
 * Declare that a table is not wanted.
 *
 * @param ruleset  the ruleset
 * @param family   its family
 * @param name     its name
 * @return 0, -EINVAL, -EEXIST, -ENOMEM
 */
FWC_API int fwc_ruleset_absent_table(struct fwc_ruleset *ruleset, uint32_t family,
				     const char *name);

/** What makes a chain a base chain. */
struct fwc_base_opts {
	size_t size; /**< sizeof(struct fwc_base_opts) */
	uint32_t type; /**< enum fwc_chain_type; 0: FILTER */
	uint32_t hook; /**< enum fwc_hook */
	uint32_t policy; /**< FWC_VERDICT_ACCEPT or DROP; 0: ACCEPT */
	uint32_t reserved; /**< 0 */
	/** a name or number, with offset: "filter", "dstnat - 5", "-300"; NULL: "filter" (nat: by hook) */
	const char *priority;
	const char *device; /**< for ingress and egress, else NULL */
	/** for ingress and egress at several devices instead of `device`: their names, then NULL */
	const char *const *devices;
};

/**
 * Declare a chain.
 *
 * @param table  the table
 * @param name   1 to 127 bytes
 * @param base   NULL: a user chain (or, in a SHARED table, whatever it is). A chain of somebody else's
 *               in a SHARED table must have that type, hook and priority; its policy stays
 * @return borrowed; NULL on failure, which the ruleset keeps
 */
FWC_API struct fwc_chain *fwc_table_add_chain(struct fwc_table *table, const char *name,
					      const struct fwc_base_opts *base);

/**
 * A comment that nft shows.
 *
 * @param table  the table
 * @param text   up to 128 bytes, or NULL for none
 * @return 0, -EINVAL, -ENOMEM
 */
FWC_API int fwc_table_comment(struct fwc_table *table, const char *text);

/**
 * A comment that nft shows.
 *
 * @param chain  the chain
 * @param text   up to 128 bytes, or NULL for none
 * @return 0, -EINVAL, -ENOMEM
 */
FWC_API int fwc_chain_comment(struct fwc_chain *chain, const char *text);

/**
 * Declare a named object: what it does is what a target of that kind does, and all rules that refer to it share its
 * state. State is given when it is made, and never compared.
 *
 * @param table  the table
 * @param name   1 to 127 bytes
 * @param what   COUNTER, QUOTA, LIMIT, SYNPROXY, CT_HELPER, CT_EXPECTATION, CT_TIMEOUT, SECMARK or FLOWTABLE;
 *              copied
 * @return 0, -EINVAL, -EEXIST, -ENOMEM; the ruleset keeps the failure
 *
 * Rules refer to it by FWC_TARGET_OBJREF, or in words: `counter name "x"`; to a flowtable by FWC_TARGET_FLOW.
 * Kernel: NFT_MSG_NEWOBJ, NFT_MSG_NEWFLOWTABLE, net/netfilter/nf_tables_api.c.
 * Since: 0.1
 */
FWC_API int fwc_table_add_object(struct fwc_table *table, const char *name,
				 const struct fwc_target *what);

/**
 * Append an empty rule, to be filled by the calls of rule.h.
 *
 * @param chain  the chain
 * @return borrowed; NULL on failure
 */
FWC_API struct fwc_rule *fwc_chain_append(struct fwc_chain *chain);

/**
 * Append a rule in words.
 *
 * @param chain   the chain
 * @param syntax  enum fwc_syntax
 * @param text    one rule, without its chain: `tcp dport 22 ct state new accept`. As JSON
 *                `{"expr":[...],"comment":"..."}`, as fwc_rule_format() writes it; the other keys of a rule in a ruleset, such
 *                as `chain` and `handle`, are passed over: the chain is the one given. In iptables' words, in tables of
 *                iptables, with or without `-A CHAIN`: `-p tcp --dport 22 -m conntrack --ctstate NEW -j ACCEPT`
 * @return borrowed; NULL on failure, which the ruleset keeps with line and column
 *
 * Since: 0.1
 */
FWC_API struct fwc_rule *fwc_chain_append_text(struct fwc_chain *chain, uint32_t syntax,
					       const char *text);

/**
 * Read a ruleset in nft's command words, one command a line (or after `;`), `#` for comments:
 *
 *     add table inet myapp
 *     add set inet myapp blocked { type ipv4_addr; flags interval; }
 *     add element inet myapp blocked { 192.0.2.0/24, 198.51.100.7 }
 *     add chain inet myapp input { type filter hook input priority filter; policy drop; }
 *     add rule inet myapp input ip saddr @blocked drop
 *     delete table inet old
 *
 * `delete table` declares that table absent. nft's nested file form is not read.
 *
 * As JSON by libnftables-json(5), what `nft -j list ruleset` prints and fwc_ruleset_format() writes: an array of objects,
 * or of `add` and `create` commands and `delete` of tables; its other commands are no declaration: -EINVAL. Errors name
 * the value, `nftables[3].rule.expr[1].match.right`, and its line and column. What this version cannot name is written
 * with its bytes, `{"opaque":...}` and `{"xt":...}`, and read again; of an `xt` nft itself says too little: -EINVAL.
 *
 * @param text    the text; need not end in NUL
 * @param len     its bytes, up to 64 MiB
 * @param syntax  enum fwc_syntax
 * @param err     line, column and what is allowed there, or NULL
 * @return yours; NULL on failure
 *
 * Since: 0.1
 */
FWC_API struct fwc_ruleset *fwc_ruleset_parse(const char *text, size_t len, uint32_t syntax,
					      struct fwc_error *err);

/** How a ruleset is written. */
enum fwc_format_flags {
	FWC_FORMAT_STATELESS = 1, /**< without counters' values and elements of dynamic sets */
	FWC_FORMAT_HANDLES = 2, /**< with `# handle N` */
	/** one command a line, as fwc_ruleset_parse() reads; else as `nft list ruleset` prints */
	FWC_FORMAT_COMMANDS = 4,
};

/**
 * Write a whole ruleset as text that `nft -f` takes, or as JSON that `nft -j -f` takes.
 *
 * JSON is that of libnftables-json(5). What it has no form for is a text in nft's words in a rule's `expr`, as nft writes
 * it, and what has no name at all `{"opaque":{"name":...,"bytes":...}}`. With COMMANDS each object is within
 * `{"add":...}`.
 *
 * In iptables' words: the tables of iptables, each from `*filter` to `COMMIT` as iptables-save writes it; STATELESS leaves
 * the rules' counters out, other flags have no meaning. They have no word for the family, so it is one. Of other tables a
 * comment names each. A rule that iptables has no words for is -EOPNOTSUPP; an extension that this version does not know is
 * written as `-m NAME <revision R: N bytes>`, which no parser takes.
 *
 * @param ruleset  the ruleset
 * @param syntax   enum fwc_syntax
 * @param flags    enum fwc_format_flags
 * @param ret      receives the text; release it with fwc_text_free()
 * @param ret_len  receives its length without the NUL, or NULL
 * @param err      detail on failure, or NULL
 * @return 0, -EINVAL, -ENOMEM, -EILSEQ when a text is not UTF-8, as JSON is, or the ruleset's own failure
 *
 * Since: 0.1
 */
FWC_API int fwc_ruleset_format(const struct fwc_ruleset *ruleset, uint32_t syntax, uint32_t flags,
			       char **ret, size_t *ret_len, struct fwc_error *err);

/* Reading. */

/** @param ruleset the ruleset @return the number of tables, absent ones not counted */
FWC_API size_t fwc_ruleset_count(const struct fwc_ruleset *ruleset);
/** @param ruleset the ruleset @param i from 0 @return borrowed, NULL past the end */
FWC_API struct fwc_table *fwc_ruleset_at(struct fwc_ruleset *ruleset, size_t i);

/**
 * @param ruleset  the ruleset
 * @param family   its family
 * @param name     its name
 * @return borrowed, NULL when there is none
 */
FWC_API struct fwc_table *fwc_ruleset_find_table(struct fwc_ruleset *ruleset, uint32_t family,
						 const char *name);

/**
 * @param ruleset  the ruleset
 * @param family   the table's family
 * @param table    its name
 * @param chain    the chain's name
 * @return borrowed, NULL when there is none
 */
FWC_API struct fwc_chain *fwc_ruleset_find_chain(struct fwc_ruleset *ruleset, uint32_t family,
						 const char *table, const char *chain);

/**
 * @param ruleset  the ruleset
 * @param family   the table's family
 * @param table    its name
 * @param set      the set's name
 * @return borrowed, NULL when there is none
 */
FWC_API struct fwc_set *fwc_ruleset_find_set(struct fwc_ruleset *ruleset, uint32_t family,
					     const char *table, const char *set);

/** @param table the table @return borrowed */
FWC_API const char *fwc_table_name(const struct fwc_table *table);
/** @param table the table @return enum fwc_family */
FWC_API uint32_t fwc_table_family(const struct fwc_table *table);
/** @param table the table @return enum fwc_table_flags */
FWC_API uint32_t fwc_table_flags(const struct fwc_table *table);
/** @param table the table @return the kernel's handle, 0 when not read from a kernel */
FWC_API uint64_t fwc_table_handle(const struct fwc_table *table);
/** @param table the table @return borrowed, NULL when there is none */
FWC_API const char *fwc_table_comment_get(const struct fwc_table *table);

/**
 * Whether it is a table of iptables: one that iptables-nft made, or of fwc_ruleset_add_iptables_table(). It takes rules
 * of iptables' dialect; others are -EOPNOTSUPP, because iptables-nft would read them as something else.
 *
 * @param table  the table
 * @return true when it did
 */
FWC_API bool fwc_table_is_iptables(const struct fwc_table *table);
/** @param table the table @return the number of chains */
FWC_API size_t fwc_table_chain_count(const struct fwc_table *table);
/** @param table the table @param i from 0 @return borrowed, NULL past the end */
FWC_API struct fwc_chain *fwc_table_chain_at(struct fwc_table *table, size_t i);
/** @param table the table @return the number of named sets and maps */
FWC_API size_t fwc_table_set_count(const struct fwc_table *table);
/** @param table the table @param i from 0 @return borrowed, NULL past the end */
FWC_API struct fwc_set *fwc_table_set_at(struct fwc_table *table, size_t i);

/** @param table the table @return the number of named objects */
FWC_API size_t fwc_table_object_count(const struct fwc_table *table);
/** @param table the table @param i from 0 @return an object's name, borrowed; NULL past the end */
FWC_API const char *fwc_table_object_name(const struct fwc_table *table, size_t i);
/** @param table the table @param i from 0 @return enum fwc_object_type, 0 past the end */
FWC_API uint32_t fwc_table_object_type(const struct fwc_table *table, size_t i);
/** @param table the table @param i from 0 @return what it does, with its state; NULL past the end, and where it is kept as bytes; borrowed */
FWC_API const struct fwc_target *fwc_table_object_at(const struct fwc_table *table, size_t i);

/** @param chain the chain @return borrowed */
FWC_API const char *fwc_chain_name(const struct fwc_chain *chain);
/** @param chain the chain @return the kernel's handle, 0 when not read from a kernel */
FWC_API uint64_t fwc_chain_handle(const struct fwc_chain *chain);
/** @param chain the chain @return true for a base chain */
FWC_API bool fwc_chain_is_base(const struct fwc_chain *chain);
/** @param chain a base chain @return enum fwc_chain_type, 0 for others */
FWC_API uint32_t fwc_chain_type(const struct fwc_chain *chain);
/** @param chain a base chain @return enum fwc_hook */
FWC_API uint32_t fwc_chain_hook(const struct fwc_chain *chain);
/** @param chain a base chain @return its priority as a number: smaller sees packets earlier */
FWC_API int32_t fwc_chain_priority(const struct fwc_chain *chain);
/** @param chain a base chain @return FWC_VERDICT_ACCEPT or DROP, 0 for others */
FWC_API uint32_t fwc_chain_policy(const struct fwc_chain *chain);
/** @param chain a base chain on devices @return the first, borrowed; NULL when there is none */
FWC_API const char *fwc_chain_device(const struct fwc_chain *chain);
/** @param chain a base chain on devices @param i from 0 @return borrowed, NULL past the end */
FWC_API const char *fwc_chain_device_at(const struct fwc_chain *chain, size_t i);
/** @param chain the chain @return borrowed, NULL when there is none */
FWC_API const char *fwc_chain_comment_get(const struct fwc_chain *chain);
/** @param chain the chain @return the number of rules */
FWC_API size_t fwc_chain_count(const struct fwc_chain *chain);
/** @param chain the chain @param i from 0 @return borrowed, NULL past the end */
FWC_API const struct fwc_rule *fwc_chain_at(const struct fwc_chain *chain, size_t i);

FWC_END_DECLS
#endif
