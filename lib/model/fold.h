/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Adjacent rules become one look-up, and rules again. Within lib/model: what the files about it share.
 *
 * A rule that can be folded is matches, then perhaps a counter, then the tail. Matches that are the same in all rules of a
 * run stay in front; the others are the key. */
#ifndef FWC_MODEL_FOLD_H
#define FWC_MODEL_FOLD_H

#include "model/set.h"

#include <fwcore/optimize.h>

enum {
	FWC_FOLD_MATCHES = 12, /* of a rule */
	FWC_FOLD_KEYS = 4096, /* that the lists of one rule come to */
	FWC_FOLD_MIN = 8,
};

/* ---- a rule, as folding sees it ---- */

struct fwc_fold_rule {
	const struct fwc_rule *rule;
	const struct fwc_item *match[FWC_FOLD_MATCHES];
	uint32_t match_count;
	const struct fwc_target *counter; /* right behind the matches; NULL: none */
	const struct fwc_item *tail; /* NULL: nothing */
	/* the tail is a verdict alone, which a map can hold: enum fwc_verdict and its chain; else 0 */
	uint32_t verdict;
	const char *chain;
	uint32_t reason; /* enum fwc_fold_reason: why it cannot be folded */
};

/* What is found out once a table. */
struct fwc_fold_table {
	struct fwc_table *table;
	bool looked, changes; /* whether a chain may change what rules compare */
};

void fwc_fold_look(struct fwc_fold_table *t, const struct fwc_rule *r, struct fwc_fold_rule *ret);
/* Whether a match can be a part of a key. */
bool fwc_fold_is_key(const struct fwc_item *match);
/* The same targets in the same order. */
bool fwc_fold_same_tail(const struct fwc_item *a, const struct fwc_item *b);

/* ---- runs of them ---- */

struct fwc_fold_run {
	struct fwc_fold_rule *rules; /* the chain's */
	size_t from, count; /* those of the run */
	uint32_t varied; /* bits of the matches that are the key */
	bool same_tails; /* a set; else a verdict map */
	struct fwc_ruleset *scratch; /* where the keys so far are looked up */
	struct fwc_set *keys; /* in it */
};

/* From rule `from` on, as far as it goes among `count`. Why it ended there, 0 at the end of the chain or where a rule
 * cannot be folded; -ENOMEM. */
int fwc_fold_run_grow(struct fwc_fold_run *run, size_t from, size_t count);
void fwc_fold_run_end(struct fwc_fold_run *run);

/* The types of its key; 0: too many. */
size_t fwc_fold_types(const struct fwc_fold_run *run, const struct fwc_type *types[FWC_MAX_TYPES]);
/* How many keys a rule is: each of its lists with each other. */
size_t fwc_fold_key_count(const struct fwc_fold_rule *f, uint32_t varied);

struct fwc_fold_keys {
	const struct fwc_fold_rule *rule;
	uint32_t varied;
	struct fwc_arena *arena; /* for concatenations */
	int (*add)(const struct fwc_value *key, void *ctx);
	void *ctx;
	const struct fwc_value *part[FWC_MAX_CONCAT]; /* of the key that is being made */
	size_t parts;
};
/* Calls add() with each of them until it returns another than 0. */
int fwc_fold_keys_add(struct fwc_fold_keys *k);

/* The rule that takes the run's place, and its set in the table. NULL: out of memory. */
struct fwc_rule *fwc_fold_build(struct fwc_chain *c, const struct fwc_fold_run *run,
				const struct fwc_set **ret_set);

/* ---- notes in userdata, by which rules come back ---- */

/* Of an element: the rule that it was, or was a part of. */
struct fwc_fold_note {
	uint32_t number; /* its place among the rules of the chain */
	uint32_t group; /* the same in all elements of one rule; 0: it has but one */
	uint16_t lists; /* bit i: match i of the key was a list */
	uint16_t ranges; /* bit i: part i of the key was a range, which may read as a prefix */
};

int fwc_fold_note(struct fwc_arena *a, struct fwc_labels *labels, const struct fwc_fold_note *note);
bool fwc_fold_note_read(const struct fwc_labels *labels, struct fwc_fold_note *ret);

/* Whether two elements are as much of a rule; its number does not count, or one more rule would change all behind it. */
bool fwc_fold_same_note(const struct fwc_labels *a, const struct fwc_labels *b);
/* Userdata that holds nothing but comment, owner and tag. */
bool fwc_fold_labels_are_plain(const struct fwc_labels *labels);

/* Of a set: the matches of its rules, in order: 0 for one in front, else how many parts of the key it has. */
int fwc_fold_layout(struct fwc_arena *a, struct fwc_labels *labels, const uint8_t *layout,
		    size_t count);
size_t fwc_fold_layout_read(const struct fwc_labels *labels, uint8_t layout[FWC_FOLD_MATCHES]);

/* ---- the report ---- */

struct fwc_folds;
struct fwc_folds *fwc_folds_new(void);
/* Adjacent rules that are left for one reason become one entry. `set` NULL: left. 0 or -ENOMEM; `folds` may be NULL. */
int fwc_folds_add(struct fwc_folds *folds, const struct fwc_chain *c, uint32_t kind,
		  uint32_t reason, size_t first, size_t rules, const char *set);

#endif
