/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The one model: what is declared, loaded, parsed, printed and compared. Plain memory, no kernel.
 *
 * Everything of a ruleset lives in its arena. Values inside a rule, target or element are bound: constants have
 * their type and their bytes as the kernel's registers hold them. */
#ifndef FWC_MODEL_H
#define FWC_MODEL_H

#include <pthread.h>

#include "core/core.h"
#include "core/index.h"
#include "core/wire.h"
#include "fields/fields.h"

#include <fwcore/rule.h>
#include <fwcore/ruleset.h>
#include <fwcore/set.h>
#include <fwcore/target.h>
#include <fwcore/value.h>

enum {
	FWC_MAX_DEPTH = 8, /* nesting of values */
	FWC_MAX_CONCAT = 8, /* parts of a concatenation */
	FWC_MAX_KEY = 64, /* bytes of a key: 16 registers of 4 */
	FWC_MAX_LIST = 1 << 20, /* elements written in one list */
	FWC_MAX_COMMENT = 128,
	FWC_MAX_TAG = 64, /* the id of a container: 64 hex digits */
	FWC_MAX_OWNER = 31,
};

/* ---- values ---- */

/* The order of constants in an UNTYPED value: what it was made from. */
enum fwc_untyped {
	FWC_UNTYPED_NUMBER = 1,
	FWC_UNTYPED_IP,
	FWC_UNTYPED_NAME, /* literal */
	FWC_UNTYPED_TEXT, /* in nft's words */
	FWC_UNTYPED_LIST, /* children: constants and such, typed or not */
	FWC_UNTYPED_PAIRS, /* children: all keys, then as many data */
};

struct fwc_value {
	uint8_t kind; /* enum fwc_value_kind */
	uint8_t op; /* BITS, JOIN: enum fwc_bits_op; UNTYPED: enum fwc_untyped; VERDICT: enum fwc_verdict */
	uint16_t bits; /* PREFIX: how many count; UNTYPED IP: the prefix length */
	uint32_t
		len; /* CONSTANT, PREFIX: bytes; RANGE, CONCAT, MAP, UNTYPED LIST, PAIRS: children in child[] */
	/* CONSTANT, PREFIX, RANGE: theirs; BITS, JOIN: of its value; FIELD, HASH: of the field; else NULL */
	const struct fwc_type *type;
	union {
		const struct fwc_field_row *field; /* FIELD */
		/* RANGE 2, CONCAT len, MAP 2 (key; SET or LIST), JOIN 2, HASH 2 (value; FIELD jhash), UNTYPED LIST, PAIRS */
		const struct fwc_value **child;
		struct fwc_set *list; /* LIST: an anonymous set */
		char *name; /* SET: the set's; VERDICT: the chain's; UNTYPED NAME, TEXT */
		uint64_t number; /* UNTYPED NUMBER */
		struct fwc_ip *ip; /* UNTYPED IP */
		uint8_t bytes
			[16]; /* CONSTANT, PREFIX: as a register holds them; no type is longer */
		struct {
			const struct fwc_value *of; /* BITS */
			uint64_t mask; /* or the shift; host order */
		};
	};
};

/* Memory is precious here: a value is allocated with the bytes that its kind uses of that union, not with sizeof. */
size_t fwc_value_size(uint32_t kind, size_t bytes_len);

/* Where values are allocated: an arena, or malloc (then freed node by node with fwc_value_free). */
struct fwc_value *fwc_value_alloc(struct fwc_arena *a, uint32_t kind,
				  size_t bytes_len); /* a NULL: malloc */
/* The shared, immutable value of a field of the table; never freed. */
const struct fwc_value *fwc_value_of_field(const struct fwc_field_row *f);
/* The same for any field: one that has parameters is copied with them. */
const struct fwc_value *fwc_value_in(struct fwc_arena *a, const struct fwc_field_row *f);
const struct fwc_value *fwc_value_constant(struct fwc_arena *a, const struct fwc_type *t,
					   const uint8_t *bytes);
/* bits == 8 * type->len gives a CONSTANT. */
const struct fwc_value *fwc_value_prefix_of(struct fwc_arena *a, const struct fwc_type *t,
					    const uint8_t *bytes, uint32_t bits);
const struct fwc_value *fwc_value_make_range(struct fwc_arena *a, const struct fwc_value *first,
					     const struct fwc_value *last);
const struct fwc_value *fwc_value_make_concat(struct fwc_arena *a, const struct fwc_value **parts,
					      size_t count);
const struct fwc_value *fwc_value_make_bits(struct fwc_arena *a, const struct fwc_value *v,
					    uint32_t op, uint64_t mask);
const struct fwc_value *fwc_value_make_set(struct fwc_arena *a, const char *name);
const struct fwc_value *fwc_value_make_list(struct fwc_arena *a, struct fwc_set *anonymous);
const struct fwc_value *fwc_value_make_map(struct fwc_arena *a, const struct fwc_value *key,
					   const struct fwc_value *set);
/* JOIN of two values (`op`: enum fwc_bits_op), or HASH of a value and the function. */
const struct fwc_value *fwc_value_make_pair(struct fwc_arena *a, uint32_t kind, uint32_t op,
					    const struct fwc_value *first,
					    const struct fwc_value *second);
const struct fwc_value *fwc_value_make_object(struct fwc_arena *a, const struct fwc_type *t,
					      const char *name);
/* A deep copy by malloc, for the public constructors; lists become UNTYPED LIST or PAIRS. NULL when out of memory or too deep. */
struct fwc_value *fwc_value_copy(const struct fwc_value *v);
const struct fwc_value *fwc_value_make_verdict(struct fwc_arena *a, uint32_t verdict,
					       const char *chain);

/* What a parameter lists: the keys of a bound LIST, or the one constant that it is. NULL: none. */
size_t fwc_value_item_count(const struct fwc_value *v);
const struct fwc_value *fwc_value_item(const struct fwc_value *v, size_t i);
/* The types of a value, one for each part of a concatenation: its count, or 0 for UNTYPED, SET, VERDICT. */
size_t fwc_value_types(const struct fwc_value *v, const struct fwc_type *types[FWC_MAX_CONCAT]);
/* With lists compared by content. */
bool fwc_value_equal(const struct fwc_value *a, const struct fwc_value *b);
/* Data of elements, NULL in a set: 10.0.0.0/24 and the range of the same addresses are one. */
bool fwc_data_equal(const struct fwc_value *a, const struct fwc_value *b);

/* Copies `v` into the ruleset's arena with every constant given its type: `types` are those of the place it goes to.
 * Lists become anonymous sets. Checks lengths, ranges, prefixes; the message names the value and what is allowed. */
const struct fwc_value *fwc_value_bind(struct fwc_ruleset *rs, const struct fwc_value *v,
				       const struct fwc_type *const *types, size_t count,
				       struct fwc_error *err);

/* The bits of a type, all set; of a part, its own, as the number that it is. */
uint64_t fwc_bits_all(const struct fwc_type *t);
/* `v`, or what AND, OR and XOR of it come to: (base & mask) ^ flip. */
const struct fwc_value *fwc_bits_flatten(const struct fwc_value *v, uint64_t *ret_mask,
					 uint64_t *ret_flip);
/* The steps in which nft writes that: `& and ^ xor | or`, each left out when it does nothing. */
struct fwc_bits_steps {
	bool has_and, has_xor, has_or;
	uint64_t and_, xor_, or_;
};
struct fwc_bits_steps fwc_bits_steps(const struct fwc_type *t, uint64_t mask, uint64_t flip);
/* Those steps as values: the opposite of fwc_bits_flatten(). NULL: out of memory. */
const struct fwc_value *fwc_bits_unflatten(struct fwc_arena *a, const struct fwc_value *v,
					   uint64_t mask, uint64_t flip);

/* ---- targets ---- */

enum fwc_param_form {
	FWC_PARAM_NUMBER = 1,
	FWC_PARAM_TEXT,
	FWC_PARAM_VALUE,
	FWC_PARAM_TARGET, /* one that keeps state: counter, limit, quota, ... */
	FWC_PARAM_BLOCK, /* a chain that the rule owns */
};

/* A parameter of a kind of target: a row. Its id is its index + 1. */
struct fwc_param_kind {
	const char *name; /* for messages: "group" */
	uint8_t form; /* enum fwc_param_form; 0: this kind has no parameter of that id */
	bool required;
	uint64_t min, max; /* NUMBER: the limits; TEXT: bytes */
	/* VALUE: nft's name of its type, FWC_TYPE_OF_FAMILY, or NULL where a check of the kind's own binds it */
	const char *type;
};

/* The type of an address of the family that the table, or the target in an inet or netdev table, says. */
#define FWC_TYPE_OF_FAMILY "address"

enum { FWC_MAX_PARAMS = 7 };

struct fwc_target_type {
	uint32_t kind; /* enum fwc_target_kind */
	const char *name; /* in nft's words */
	uint32_t count;
	struct fwc_param_kind params[FWC_MAX_PARAMS];
};

const struct fwc_target_type *fwc_target_type(uint32_t kind); /* NULL when unknown */

union fwc_param {
	uint64_t number;
	const char *text;
	const struct fwc_value *value;
	const struct fwc_target *target;
	struct fwc_chain *block;
};

struct fwc_target {
	const struct fwc_target_type *type;
	uint16_t has; /* bit (param - 1) for each that is set */
	uint16_t failed_param; /* whose setter failed */
	int32_t failed; /* with what: reported by fwc_rule_add_target(). A number or text outside its limits is there. */
	union fwc_param params[]; /* type->count of them */
};

struct fwc_target *fwc_target_in(struct fwc_arena *a,
				 uint32_t kind); /* empty, to be filled directly */
bool fwc_target_has(const struct fwc_target *t, uint32_t param);
/* The shared, immutable targets `counter` from zero and verdicts without a chain; NULL for others. */
const struct fwc_target *fwc_target_plain(uint32_t kind, uint32_t verdict);
void fwc_target_put_number(struct fwc_target *t, uint32_t param,
			   uint64_t number); /* unchecked: for decoders */
void fwc_target_put_text(struct fwc_target *t, uint32_t param, const char *text);
void fwc_target_put_value(struct fwc_target *t, uint32_t param, const struct fwc_value *v);
void fwc_target_put_target(struct fwc_target *t, uint32_t param, const struct fwc_target *inner);
void fwc_target_put_block(struct fwc_target *t, struct fwc_chain *block);
/* What an ASSIGN sets: a FIELD; NULL: what it names is none. */
const struct fwc_value *fwc_target_assigned(const struct fwc_target *t);
/* Whether an element of a set can have one: it keeps state and needs nothing of the packet before it. */
bool fwc_target_is_stateful(uint32_t kind);
/* The type of a VALUE whose row names it; `family` is the table's. NULL: the row, or nothing, says it. */
const struct fwc_type *fwc_target_value_type(const struct fwc_target *t, uint32_t param,
					     uint32_t family);

/* ---- rules ---- */

/* A match or target of the kernel's x_tables: what the expressions `match` and `target` hold. */
struct fwc_extension {
	const char *name; /* the kernel's: "conntrack", also where iptables says `-m state` */
	uint32_t revision;
	bool is_target;
	uint32_t len;
	const uint8_t *info; /* its struct, in the kernel's layout */
};

struct fwc_item {
	struct fwc_item *next;
	uint8_t kind; /* enum fwc_item_kind */
	uint8_t op; /* MATCH: enum fwc_op */
	bool whole_range; /* MATCH of a RANGE: one expression, as iptables-nft writes it, not two comparisons */
	/* MATCH: a mask is written that its words do not need, of whole bytes of an address or of all bits: `ip saddr &
	 * 255.255.0.0 == 10.1.0.0`, which nft lists as a prefix. It asks for the same packets. */
	bool masked;
	uint32_t len; /* OPAQUE: bytes */
	union {
		struct {
			const struct fwc_value *left, *right;
		};
		const struct fwc_target *target;
		const uint8_t *bytes; /* OPAQUE: one NFTA_LIST_ELEM with its header */
		const struct fwc_extension *extension;
	};
};

/* What a rule, set, chain or table is called by people and programs. NULL members: not set. */
struct fwc_labels {
	const char *comment, *tag, *owner;
	struct fwc_slice
		userdata; /* loaded: the TLVs as they were, so that unknown ones are kept */
};

struct fwc_rule {
	struct fwc_chain *chain;
	struct fwc_item *items, **tail; /* tail: where the next one goes */
	uint64_t handle;
	struct fwc_labels *labels; /* NULL: none */
	/* Loaded and not decoded yet: the NFTA_RULE_EXPRESSIONS payload. Decoded at the first look, then items are filled
	 * and raw stays for comparing. */
	const uint8_t *raw;
	uint16_t raw_len; /* as an attribute has it */
	bool decoded; /* atomic: threads that share a ruleset look at a rule for the first time together. What failed
		       * then is not tried again: others may read the rule already. */
	uint32_t index; /* in its chain */
};

/* Adding what is bound already: for parsers and decoders. 0 or -ENOMEM. */
int fwc_rule_add_match(struct fwc_rule *r, const struct fwc_value *left, uint32_t op,
		       const struct fwc_value *right);
int fwc_rule_add_bound_target(struct fwc_rule *r, const struct fwc_target *t);
int fwc_rule_add_opaque(struct fwc_rule *r, const void *bytes, size_t len);
/* Copies what it is given. */
int fwc_rule_add_extension(struct fwc_rule *r, const struct fwc_extension *e);
/* Checks and adds a match whose sides, of the ruleset's arena, may still be UNTYPED (right) or unbound. Parts that are
 * bound already are kept, not copied. A right side of several parts becomes a LIST of one. */
int fwc_rule_bind_match(struct fwc_rule *r, const struct fwc_value *left, uint32_t op,
			const struct fwc_value *right, struct fwc_error *err);
/* Checks a target that fwc_target_in() made against its type, its values against what it takes, and the chain's family;
 * binds its values in place and adds it. Afterwards a NAT target has FWC_NAT_FAMILY in inet tables only, where it has an
 * address; a rejection by ICMP is ICMP in ip and ip6 tables, ICMPV4, ICMPV6 or ICMPX in others. */
int fwc_rule_bind_target(struct fwc_rule *r, struct fwc_target *t, struct fwc_error *err);
/* The items; a loaded rule is decoded first, in place, by one thread while others wait. */
const struct fwc_item *fwc_rule_items(const struct fwc_rule *r);
void fwc_rule_truncate(struct fwc_rule *r); /* no items: a parser starts over */

/* ---- sets ---- */

enum { FWC_MAX_STATEFUL = 2 }; /* the kernel's limit since 5.11; older ones take one */

/* What each element of a set keeps: counter, limit, quota, ... */
struct fwc_stateful {
	const struct fwc_target *targets[FWC_MAX_STATEFUL];
	size_t count;
};

/* What few elements have; most sets hold many elements, so it is kept apart. */
struct fwc_element_state {
	struct fwc_stateful stateful; /* its own; count 0: as the set says */
	uint64_t timeout_ms, expires_ms; /* 0: the set's own, or none; 0: does not expire */
	struct fwc_slice
		opaque; /* loaded: element attributes that this version does not know, kept */
};

struct fwc_element {
	/* CONSTANT, PREFIX, RANGE or CONCAT of such, all constant; ANY: the catch-all */
	const struct fwc_value *key;
	const struct fwc_value *data; /* NULL in a set */
	struct fwc_set *set;
	struct fwc_labels *labels; /* NULL: none */
	struct fwc_element_state *state; /* NULL: none */
};
/* e->state, made when there is none; NULL when out of memory. */
struct fwc_element_state *fwc_element_state_in(struct fwc_element *e);

struct fwc_set {
	struct fwc_ruleset *ruleset; /* whose arena its elements live in; set by fwc_set_in() */
	struct fwc_table *table; /* NULL: anonymous, not in a table yet */
	const char *name; /* "" for anonymous ones; "__set7" when loaded */
	const struct fwc_type *key[FWC_MAX_CONCAT];
	const struct fwc_type *data[FWC_MAX_CONCAT];
	/* the fields that have these types: FIELD or CONCAT of such; NULL: they were named themselves */
	const struct fwc_value *key_of, *data_of;
	uint8_t key_count, data_count; /* data_count 0: a set */
	bool anonymous;
	bool is_part; /* of the elements of a set that has others too: they are not counted against its size */
	bool opaque; /* loaded with a key type this version does not know: kept, not rewritten */
	uint32_t flags; /* enum fwc_set_flags: TIMEOUT too where timeout_ms is set */
	uint32_t kernel_flags; /* loaded: NFT_SET_*, all of them */
	uint32_t max_elements;
	uint64_t timeout_ms;
	uint32_t gc_interval_ms;
	uint32_t policy; /* enum fwc_set_policy */
	uint64_t handle;
	uint32_t index; /* among its table's sets */
	struct fwc_stateful stateful; /* what elements have that say nothing else */
	struct fwc_labels *labels;
	struct fwc_vec elements; /* of struct fwc_element */
	struct fwc_element *catch_all; /* one of them, whose key is ANY; NULL: none */
	size_t loaded_count; /* of them, the first: as they were when the ruleset was loaded */
	char *key_text, *data_text; /* "ipv4_addr . inet_service" */
	/* of the elements, the first: they are in the order of their keys, or, once one was not, lookup or intervals have them */
	size_t indexed;
	bool disordered;
	struct fwc_numbers
		lookup; /* of elements by key, for -EEXIST and comparing; empty until needed */
	struct fwc_intervals *intervals; /* the same where keys are intervals; in the arena */
	void *reading; /* while it is loaded: how far the reader of intervals came; in the arena */
};

/* `text` is nft's names with dots between; fills types and *ret_count. */
int fwc_types_parse(const char *text, const struct fwc_type *types[FWC_MAX_CONCAT],
		    uint8_t *ret_count, struct fwc_error *err);
/* The types that fields give a set: of a part of some bytes that does not begin at the lowest bit it is the number that
 * the part is. Fills `types`; 0 when `fields` are too many. */
uint8_t fwc_types_of_fields(const struct fwc_value *fields,
			    const struct fwc_type *types[FWC_MAX_CONCAT]);
/* A list remembers what is looked up in it where nft cannot tell from the numbers of its types how long each part is. */
void fwc_list_note_fields(struct fwc_set *list, const struct fwc_value *key);
struct fwc_set *fwc_set_new_anonymous(struct fwc_ruleset *rs, const struct fwc_type *const *key,
				      size_t key_count, const struct fwc_type *const *data,
				      size_t data_count);
/* Adds bound key and data. -EEXIST when the key is there; overlapping intervals are -EEXIST too. */
int fwc_set_add_bound(struct fwc_set *s, const struct fwc_value *key, const struct fwc_value *data,
		      struct fwc_element **ret, struct fwc_error *err);
/* Whether elements that overlap or touch become one; those with a comment, tag, timeout or target stay as they are. */
bool fwc_set_merges(const struct fwc_set *s);
/* Adds a bound key and nothing else to such a set. -EEXIST when it overlaps what cannot be merged. */
int fwc_set_merge(struct fwc_set *s, const struct fwc_value *key, struct fwc_error *err);
/* Without looking for the key: for decoders, whose kernel has looked. */
struct fwc_element *fwc_set_push(struct fwc_set *s, const struct fwc_value *key,
				 const struct fwc_value *data);
/* A key in words, or as a caller made it; "*" and ANY are the catch-all. NULL: not of the set's types. */
const struct fwc_value *fwc_set_parse_key(const struct fwc_set *s, const char *text,
					  struct fwc_error *err);
const struct fwc_value *fwc_set_bind_key(const struct fwc_set *s, const struct fwc_value *key,
					 struct fwc_error *err);
/* From first to last as the shortest of constant, prefix and range. */
const struct fwc_value *fwc_make_interval(struct fwc_arena *a, const struct fwc_type *t,
					  const uint8_t *first, const uint8_t *last);
/* What an element is to keep, against what its set says. */
int fwc_set_check_stateful(const struct fwc_set *s, const struct fwc_stateful *own,
			   struct fwc_error *err);
const struct fwc_element *fwc_set_find(const struct fwc_set *s,
				       const struct fwc_value *key); /* NULL: none */
/* Of a set of intervals of one part: an element that has all keys of this one. NULL: none. */
const struct fwc_element *fwc_set_find_covering(const struct fwc_set *s,
						const struct fwc_value *key);
size_t fwc_set_key_len(const struct fwc_set *s); /* bytes, parts padded to 4 */
size_t fwc_set_data_len(const struct fwc_set *s); /* of one end where data are intervals */
/* Whether a map's data can be intervals: only address translation takes ranges, of addresses or of addresses . ports. */
bool fwc_data_can_be_intervals(const struct fwc_type *const *data, size_t count);
/* Key bytes as the kernel holds them, first and last of the interval, parts padded to 4; equal when it is one value. */
void fwc_key_bytes(const struct fwc_value *key, uint8_t first[FWC_MAX_KEY],
		   uint8_t last[FWC_MAX_KEY]);
/* The same with numbers of host order turned big-endian, so that memcmp() orders keys: what sets of intervals hold. */
void fwc_key_ordered_bytes(const struct fwc_value *key, uint8_t first[FWC_MAX_KEY],
			   uint8_t last[FWC_MAX_KEY]);
bool fwc_value_is_interval(
	const struct fwc_value *key); /* a PREFIX or RANGE, also within a CONCAT */
/* The shared value ANY. */
const struct fwc_value *fwc_value_catch_all(void);
/* What the element keeps: its own, or what its set says. */
const struct fwc_stateful *fwc_element_stateful(const struct fwc_element *e);
/* Adds a copy of the caller's target. -EINVAL: it keeps no state, there is no room, or its parameters are wrong. */
int fwc_stateful_add(struct fwc_ruleset *rs, struct fwc_stateful *s, const struct fwc_target *t,
		     struct fwc_error *err);
/* Elements are state: dynamic, with timeout, or flagged so. */
bool fwc_set_is_state(const struct fwc_set *s);

/* ---- chains, tables, rulesets ---- */

struct fwc_chain {
	struct fwc_table *table;
	const char *name;
	bool is_block; /* of a rule, without a name of its own: not among the table's chains */
	bool is_base;
	bool bound; /* base: hook, type, priority were given; a SHARED table's chain may be declared without */
	uint32_t type, hook, policy; /* base */
	bool counted; /* base: it counts what its policy decides */
	uint64_t packets, bytes; /* counted; not compared: they are state */
	uint32_t uses; /* loaded: its rules, and jumps to it */
	int32_t priority;
	const char **devices;
	size_t device_count;
	uint64_t handle;
	uint32_t kernel_flags;
	struct fwc_slice
		opaque_hook; /* loaded: a hook or type this version does not know; type is then 0, hook the kernel's number */
	const char *type_name; /* loaded: the kernel's word */
	struct fwc_labels *labels;
	struct fwc_vec rules;
	/* loaded, and folded or unfolded since: the rules as they were; else empty */
	struct fwc_vec loaded_rules;
};

/* A named object: counter, quota, ... What it does is what a target does. */
struct fwc_named {
	struct fwc_table *table;
	const char *name;
	uint32_t type; /* enum fwc_object_type, or a number that only the kernel knows */
	const struct fwc_target *what; /* NULL: not known here, `data` is kept */
	struct fwc_slice data; /* loaded: the payload of NFTA_OBJ_DATA */
	uint64_t handle;
	struct fwc_labels *labels;
};

struct fwc_table {
	struct fwc_ruleset *ruleset;
	const char *name;
	uint32_t family;
	uint32_t flags; /* enum fwc_table_flags */
	uint32_t kernel_flags; /* loaded: NFT_TABLE_F_* */
	bool absent;
	bool is_iptables; /* loaded: iptables-nft's */
	uint64_t handle;
	uint32_t uses;
	struct fwc_labels *labels;
	struct fwc_vec chains, sets; /* sets: named ones */
	struct fwc_vec objects; /* of struct fwc_named */
	struct fwc_vec blocks; /* chains that rules own */
	struct fwc_vec anonymous; /* loaded: anonymous sets, by the name that lookups carry */
	struct fwc_vec loaded_sets; /* loaded, and unfolded since: sets that are gone from `sets` */
	struct fwc_index block_lookup; /* loaded ones, by the kernel's names */
	struct fwc_index chain_lookup, set_lookup, anonymous_lookup, object_lookup; /* by name */
};

struct fwc_ruleset {
	struct fwc_arena arena;
	struct fwc_error first_failure;
	const struct fwc_error *
		failure; /* NULL: none; atomic: a thread that looks at a rule may meet one while others read */
	struct fwc_vec tables; /* absent ones included */
	struct fwc_index table_lookup;
	struct fwc_vec sets; /* all of them, anonymous ones too: what is to be freed */
	int holders; /* beside its owner: plans that need what another one has loaded */
	uint32_t generation; /* loaded: NFTA_GEN_ID */
	uint64_t netns; /* loaded: where; 0: not known */
	int (*decode)(
		/* loaded: fills a raw rule's items; set by who keeps rules raw. 0 or -ENOMEM */
		struct fwc_rule *r);
	pthread_mutex_t
		first_look; /* rules that are decoded, one after the other; indexes of elements */
	bool loaded;
	bool partial; /* loaded: sets alone, or what was reset, so it does not say how its table is to be */
};

/* Where a failure was: fills table, chain and rule of *err and puts them before its message, which counts rules
 * from 1. An item that is not set yet becomes the one that would come next. */
void fwc_table_place(const struct fwc_table *t, struct fwc_error *err);
void fwc_chain_place(const struct fwc_chain *c, struct fwc_error *err);
void fwc_rule_place(const struct fwc_rule *r, struct fwc_error *err);
/* NULL: there was none. */
const struct fwc_error *fwc_ruleset_failure(const struct fwc_ruleset *rs);
void fwc_ruleset_forgive(struct fwc_ruleset *rs); /* for who made the failure and knows better */
/* Failures stick: the ruleset keeps the first, placed as above. Each returns err->code. */
int fwc_ruleset_fail(struct fwc_ruleset *rs, const struct fwc_error *err);
int fwc_table_fail(struct fwc_table *t, struct fwc_error *err);
int fwc_chain_fail(struct fwc_chain *c, struct fwc_error *err);
int fwc_rule_fail(struct fwc_rule *r, struct fwc_error *err);

/* One more fwc_ruleset_free() is needed before it is freed. */
struct fwc_ruleset *fwc_ruleset_hold(struct fwc_ruleset *ruleset);
struct fwc_table *fwc_ruleset_table_in(struct fwc_ruleset *rs, uint32_t family,
				       const char *name); /* unchecked, for decoders */
struct fwc_chain *fwc_table_chain_in(struct fwc_table *t, const char *name);
/* A chain of a rule; `name` is the kernel's, NULL: not loaded. */
struct fwc_chain *fwc_table_block_in(struct fwc_table *t, const char *name);
struct fwc_chain *fwc_table_find_block(const struct fwc_table *t,
				       const char *name); /* loaded ones */
struct fwc_rule *fwc_chain_rule_in(struct fwc_chain *c);
struct fwc_rule *fwc_rule_new_in(struct fwc_chain *c); /* not among its rules yet */
/* `rules` become the chain's, and get its old ones. A loaded chain remembers how it was. */
void fwc_chain_take_rules(struct fwc_chain *c, struct fwc_vec *rules);
struct fwc_set *fwc_table_set_in(struct fwc_table *t, const char *name);
struct fwc_set *fwc_table_anonymous_in(struct fwc_table *t, const char *name); /* loaded */
/* It is the table's no more; a loaded table remembers it. 0 or -ENOMEM. */
int fwc_table_drop_set(struct fwc_table *t, struct fwc_set *s);
/* An empty set in the arena. Its vector and index are freed with the ruleset. */
struct fwc_set *fwc_set_in(struct fwc_ruleset *rs);
struct fwc_chain *fwc_table_find_chain(const struct fwc_table *t, const char *name);
struct fwc_set *fwc_table_find_set(const struct fwc_table *t, const char *name); /* named ones */
struct fwc_set *fwc_table_find_anonymous(const struct fwc_table *t,
					 const char *name); /* loaded ones */
struct fwc_named *fwc_table_find_object(const struct fwc_table *t, uint32_t type, const char *name);
struct fwc_named *fwc_table_object_in(struct fwc_table *t, uint32_t type, const char *name);
/* Checks and adds what a caller or parser made. 0, -EINVAL, -EEXIST, -ENOMEM. */
int fwc_table_declare_object(struct fwc_table *t, const char *name, const struct fwc_target *what,
			     struct fwc_named **ret, struct fwc_error *err);
uint32_t
fwc_object_type_of(uint32_t kind); /* enum fwc_target_kind -> enum fwc_object_type; 0: none */
uint32_t fwc_object_kind_of(uint32_t type); /* 0: its data are kept as bytes */
/* Absent ones too. */
struct fwc_table *fwc_ruleset_lookup_table(const struct fwc_ruleset *rs, uint32_t family,
					   const char *name);
/* Sets or, with NULL, removes a label of *at. 0, -EINVAL with words, -ENOMEM. */
int fwc_label_set_comment(struct fwc_arena *a, struct fwc_labels **at, const char *text,
			  struct fwc_error *err);
int fwc_label_set_tag(struct fwc_arena *a, struct fwc_labels **at, const char *text,
		      struct fwc_error *err);
struct fwc_labels *fwc_labels_in(struct fwc_arena *a,
				 struct fwc_labels **at); /* makes them when NULL */
/* Takes the next {type, len, value} of userdata off *s; false at the end and where the bytes are none. */
bool fwc_tlv_next(struct fwc_slice *s, uint8_t *ret_type, struct fwc_slice *ret_value);

#endif
