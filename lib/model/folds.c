/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What was folded and what was left, as a list that needs the ruleset no more. */
#include <stdlib.h>

#include "core/buf.h"
#include "model/fold.h"

struct fwc_fold {
	uint32_t kind, reason, family;
	uint32_t first, rules;
	const char *table, *chain, *set;
};

struct fwc_folds {
	struct fwc_arena arena;
	struct fwc_vec entries; /* of struct fwc_fold */
};

struct fwc_folds *fwc_folds_new(void)
{
	return calloc(1, sizeof(struct fwc_folds));
}

void fwc_folds_free(struct fwc_folds *folds)
{
	if (!folds)
		return;
	fwc_vec_free(&folds->entries);
	fwc_arena_free(&folds->arena);
	free(folds);
}

static bool same_text(const char *a, const char *b)
{
	return !strcmp(a, b);
}

/* The entry before it, when it is about the rules right in front, left for the same reason. */
static struct fwc_fold *to_extend(const struct fwc_folds *folds, const struct fwc_chain *c,
				  uint32_t reason, size_t first)
{
	struct fwc_fold *last =
		folds->entries.count ? folds->entries.items[folds->entries.count - 1] : NULL;

	if (!last || last->kind != FWC_FOLD_LEFT || last->reason != reason ||
	    last->first + last->rules != first || last->family != c->table->family ||
	    !same_text(last->table, c->table->name) || !same_text(last->chain, c->name))
		return NULL;
	return last;
}

int fwc_folds_add(struct fwc_folds *folds, const struct fwc_chain *c, uint32_t kind,
		  uint32_t reason, size_t first, size_t rules, const char *set)
{
	struct fwc_fold *f;

	if (!folds)
		return 0;
	f = kind == FWC_FOLD_LEFT ? to_extend(folds, c, reason, first) : NULL;
	if (f) {
		f->rules += (uint32_t)rules;
		return 0;
	}
	f = fwc_arena_alloc(&folds->arena, sizeof(*f));
	if (!f)
		return -ENOMEM;
	f->kind = kind;
	f->reason = reason;
	f->family = c->table->family;
	f->first = (uint32_t)first;
	f->rules = (uint32_t)rules;
	f->table = fwc_arena_strdup(&folds->arena, c->table->name);
	f->chain = fwc_arena_strdup(&folds->arena, c->name);
	f->set = set ? fwc_arena_strdup(&folds->arena, set) : NULL;
	if (!f->table || !f->chain || (set && !f->set))
		return -ENOMEM;
	return fwc_vec_push(&folds->entries, f);
}

size_t fwc_folds_count(const struct fwc_folds *folds)
{
	return folds ? folds->entries.count : 0;
}

const struct fwc_fold *fwc_folds_at(const struct fwc_folds *folds, size_t i)
{
	return folds && i < folds->entries.count ? folds->entries.items[i] : NULL;
}

uint32_t fwc_fold_kind(const struct fwc_fold *fold)
{
	return fold ? fold->kind : 0;
}

uint32_t fwc_fold_reason(const struct fwc_fold *fold)
{
	return fold ? fold->reason : 0;
}

uint32_t fwc_fold_family(const struct fwc_fold *fold)
{
	return fold ? fold->family : 0;
}

const char *fwc_fold_table(const struct fwc_fold *fold)
{
	return fold ? fold->table : NULL;
}

const char *fwc_fold_chain(const struct fwc_fold *fold)
{
	return fold ? fold->chain : NULL;
}

const char *fwc_fold_set(const struct fwc_fold *fold)
{
	return fold ? fold->set : NULL;
}

uint32_t fwc_fold_first(const struct fwc_fold *fold)
{
	return fold ? fold->first : 0;
}

uint32_t fwc_fold_rules(const struct fwc_fold *fold)
{
	return fold ? fold->rules : 0;
}

static const char *reason_words(uint32_t reason)
{
	static const char *const words[] = {
		[FWC_FOLD_FEW] = "too few that follow each other compare the same fields",
		[FWC_FOLD_OVERLAP] = "a packet may match two of them, and the first one decides",
		[FWC_FOLD_COMPARISON] = "what is compared is no key of a set",
		[FWC_FOLD_NO_VERDICT] = "the next rule sees the packet in any case",
		[FWC_FOLD_JUMP] =
			"a chain that is jumped to may change what the next rule compares",
		[FWC_FOLD_TARGET] = "a target keeps a state that rules cannot share",
		[FWC_FOLD_CHANGING] = "numbers are compared that are others at each look",
		[FWC_FOLD_OPAQUE] = "they hold what this version cannot name",
		[FWC_FOLD_LARGE] = "they have too many matches or combinations of their lists",
		[FWC_FOLD_IPTABLES] = "the table is managed by iptables-nft",
	};

	return reason < FWC_ARRAY_SIZE(words) && words[reason] ? words[reason] : "";
}

int fwc_fold_format(const struct fwc_fold *fold, char *buf, size_t size, size_t *ret_needed)
{
	struct fwc_buf out;

	if (!fold || (!buf && size))
		return -EINVAL;
	out = fwc_buf_over(buf, size);
	fwc_buf_printf(&out, "table %s %s, chain %s, rule", fwc_family_name(fold->family),
		       fold->table, fold->chain);
	if (fold->rules == 1)
		fwc_buf_printf(&out, " %u: ", fold->first + 1);
	else
		fwc_buf_printf(&out, "s %u to %u: ", fold->first + 1, fold->first + fold->rules);
	if (fold->kind == FWC_FOLD_LEFT)
		fwc_buf_printf(&out, "left: %s", reason_words(fold->reason));
	else
		fwc_buf_printf(&out, "folded into %s %s",
			       fold->kind == FWC_FOLD_SET ? "set" : "map", fold->set);
	return fwc_buf_finish(&out, ret_needed);
}
