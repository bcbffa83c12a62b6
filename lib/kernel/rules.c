/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The smallest difference between the rules of two chains: as many as can be keep their place, handle and counters.
 *
 * Equal beginnings and ends are set aside, which is all there is to do for most changes. In between it is the longest
 * common subsequence, found through equal rules (Hunt and Szymanski): its cost grows with the number of equal
 * pairs, which is bounded for chains that hold one rule thousands of times. */
#include <stdlib.h>

#include "kernel/plan.h"
#include "kernel/references.h"

enum { MOST_PAIRS = 32 }; /* looked at for one loaded rule, those nearest to its own place */

struct difference {
	struct fwc_planner *p;
	const struct fwc_rule *const *wanted;
	size_t wanted_count;
	const struct fwc_rule **loaded; /* those that are ours to compare */
	size_t loaded_count;
	/* for each wanted one: the loaded one that it is, NULL for a new one */
	const struct fwc_rule **kept;
	size_t kept_count;
};

/* ---- rules that must be written again because a set of theirs is ---- */

static int is_remade(const struct fwc_reference *reference, void *ctx)
{
	const struct fwc_vec *remade = ctx;

	for (size_t i = 0; !reference->chain && i < remade->count; i++)
		if (!strcmp(reference->set, ((const struct fwc_set *)remade->items[i])->name))
			return 1;
	return 0;
}

static bool names_remade(const struct difference *d, const struct fwc_rule *r)
{
	return d->p->remade.count > 0 && fwc_rule_references(r, is_remade, &d->p->remade);
}

static bool stays(const struct difference *d, const struct fwc_rule *wanted,
		  const struct fwc_rule *loaded)
{
	return !names_remade(d, wanted) && fwc_nft_rules_equal(wanted, loaded);
}

/* ---- the longest common subsequence ---- */

/* What makes a rule itself, as bytes in one buffer. */
struct key {
	uint32_t hash;
	uint32_t index; /* of the rule */
	size_t offset, len;
};

struct pair {
	uint32_t wanted, loaded;
	uint32_t before; /* the pair before it in its chain of pairs, NO_PAIR if none */
};

enum { NO_PAIR = UINT32_MAX };

struct sequence {
	struct fwc_wire bytes;
	struct key *wanted; /* sorted by hash, then index */
	struct key *loaded;
	struct pair *pairs;
	size_t pair_count;
	/* ends[n]: the pair that ends the chain of n + 1 pairs with the smallest wanted index */
	uint32_t *ends;
	size_t length; /* of the longest chain so far */
};

static void sequence_free(struct sequence *s)
{
	fwc_wire_free(&s->bytes);
	free(s->wanted);
	free(s->loaded);
	free(s->pairs);
	free(s->ends);
}

static int make_key(struct difference *d, struct sequence *s, const struct fwc_rule *r,
		    uint32_t index, struct key *ret)
{
	size_t offset = s->bytes.len;
	int result = fwc_nft_canonical(&s->bytes, r, d->p->err);

	if (result == 0 && r->labels) {
		/* Apart by a byte that no text has, so that a comment is not taken for a tag. */
		if (r->labels->comment)
			fwc_wire_add(&s->bytes, r->labels->comment, strlen(r->labels->comment) + 1);
		fwc_wire_add(&s->bytes, "\1", 1);
		if (r->labels->tag)
			fwc_wire_add(&s->bytes, r->labels->tag, strlen(r->labels->tag) + 1);
	}
	if (result == 0)
		result = fwc_wire_error(&s->bytes, d->p->err);
	if (result < 0)
		return result;
	ret->index = index;
	ret->offset = offset;
	ret->len = s->bytes.len - offset;
	ret->hash = fwc_hash(s->bytes.data + offset, ret->len);
	return 0;
}

static int compare_keys(const void *a, const void *b)
{
	const struct key *x = a, *y = b;

	if (x->hash != y->hash)
		return x->hash < y->hash ? -1 : 1;
	return x->index < y->index ? -1 : x->index > y->index;
}

static bool equal_keys(const struct sequence *s, const struct key *a, const struct key *b)
{
	return a->hash == b->hash && a->len == b->len &&
	       !memcmp(s->bytes.data + a->offset, s->bytes.data + b->offset, a->len);
}

/* The first key of that hash whose index is at least `index`, or where it would be. */
static size_t lower_bound(const struct key *keys, size_t count, uint32_t hash, uint32_t index)
{
	struct key wanted = { .hash = hash, .index = index };
	size_t low = 0, high = count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (compare_keys(&keys[middle], &wanted) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

/* Puts the pair where it makes a chain of pairs better. */
static void chain_pair(struct sequence *s, uint32_t wanted, uint32_t loaded)
{
	size_t low = 0, high = s->length;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (s->pairs[s->ends[middle]].wanted < wanted)
			low = middle + 1;
		else
			high = middle;
	}
	if (low < s->length && s->pairs[s->ends[low]].wanted == wanted)
		return;
	s->pairs[s->pair_count] = (struct pair){ wanted, loaded, low ? s->ends[low - 1] : NO_PAIR };
	s->ends[low] = (uint32_t)s->pair_count++;
	if (low == s->length)
		s->length++;
}

/* All wanted rules that equal this loaded one, the last first: so that no chain holds two pairs of one loaded rule. */
static void pair_up(struct sequence *s, size_t wanted_count, const struct key *loaded)
{
	size_t begin = lower_bound(s->wanted, wanted_count, loaded->hash, 0);
	size_t end = lower_bound(s->wanted, wanted_count, loaded->hash, UINT32_MAX);

	if (end - begin > MOST_PAIRS) {
		size_t nearest = lower_bound(s->wanted, wanted_count, loaded->hash, loaded->index);
		size_t first = nearest - begin > MOST_PAIRS / 2 ? nearest - MOST_PAIRS / 2 : begin;

		if (end - first < MOST_PAIRS)
			first = end - MOST_PAIRS;
		begin = first;
		end = first + MOST_PAIRS;
	}
	for (size_t i = end; i-- > begin;)
		if (equal_keys(s, &s->wanted[i], loaded))
			chain_pair(s, s->wanted[i].index, loaded->index);
}

static int make_keys(struct difference *d, struct sequence *s, size_t from, size_t wanted,
		     size_t loaded)
{
	for (size_t i = 0; i < wanted; i++) {
		int r = make_key(d, s, d->wanted[from + i], (uint32_t)i, &s->wanted[i]);

		if (r < 0)
			return r;
	}
	for (size_t i = 0; i < loaded; i++) {
		int r = make_key(d, s, d->loaded[from + i], (uint32_t)i, &s->loaded[i]);

		if (r < 0)
			return r;
	}
	qsort(s->wanted, wanted, sizeof(*s->wanted), compare_keys);
	return 0;
}

/* What lies between the equal beginnings, which have `from` rules, and the equal ends. */
static int keep_between(struct difference *d, size_t from, size_t wanted, size_t loaded)
{
	fwc_cleanup(sequence_free) struct sequence s = {
		.wanted = calloc(wanted, sizeof(*s.wanted)),
		.loaded = calloc(loaded, sizeof(*s.loaded)),
		.pairs = calloc(loaded, MOST_PAIRS * sizeof(*s.pairs)),
		.ends = calloc(loaded, sizeof(*s.ends)),
	};
	int r;

	if (!s.wanted || !s.loaded || !s.pairs || !s.ends)
		return fwc_fail_memory(d->p->err);
	r = make_keys(d, &s, from, wanted, loaded);
	if (r < 0)
		return r;
	for (size_t i = 0; i < loaded; i++)
		pair_up(&s, wanted, &s.loaded[i]);
	for (uint32_t i = s.length ? s.ends[s.length - 1] : NO_PAIR; i != NO_PAIR;
	     i = s.pairs[i].before) {
		const struct fwc_rule *w = d->wanted[from + s.pairs[i].wanted];

		if (names_remade(d, w))
			continue;
		d->kept[from + s.pairs[i].wanted] = d->loaded[from + s.pairs[i].loaded];
		d->kept_count++;
	}
	return 0;
}

static int keep(struct difference *d)
{
	size_t from = 0, wanted = d->wanted_count, loaded = d->loaded_count;

	while (from < wanted && from < loaded && stays(d, d->wanted[from], d->loaded[from])) {
		d->kept[from] = d->loaded[from];
		from++;
	}
	while (wanted > from && loaded > from &&
	       stays(d, d->wanted[wanted - 1], d->loaded[loaded - 1])) {
		d->kept[--wanted] = d->loaded[--loaded];
		d->kept_count++;
	}
	d->kept_count += from;
	if (wanted == from || loaded == from)
		return 0;
	return keep_between(d, from, wanted - from, loaded - from);
}

/* ---- steps ---- */

static int delete_rules(struct difference *d, const struct fwc_chain *chain)
{
	struct fwc_step *step;
	size_t next = 0;

	/* Deleting by handle walks the chain each time. */
	if (d->kept_count == 0 && d->loaded_count == chain->rules.count && d->loaded_count > 1) {
		step = fwc_planner_step(d->p, FWC_STEP_FLUSH_CHAIN);
		if (!step)
			return -ENOMEM;
		step->chain = chain;
		return 0;
	}
	for (size_t i = 0; i < d->loaded_count; i++) {
		while (next < d->wanted_count && !d->kept[next])
			next++;
		if (next < d->wanted_count && d->kept[next] == d->loaded[i]) {
			next++;
			continue;
		}
		step = fwc_planner_step(d->p, FWC_STEP_DEL_RULE);
		if (!step)
			return -ENOMEM;
		step->rule = d->loaded[i];
		step->handle = d->loaded[i]->handle;
	}
	return 0;
}

/* An expression that this version cannot name keeps its bytes; but those of an anonymous set name one that went away
 * with the rule. */
static int check_writable(struct difference *d, const struct fwc_rule *r)
{
	for (const struct fwc_item *i = fwc_rule_items(r); i; i = i->next) {
		if (i->kind != FWC_ITEM_OPAQUE || (!memmem(i->bytes, i->len, "__set", 5) &&
						   !memmem(i->bytes, i->len, "__map", 5)))
			continue;
		fwc_fail(
			d->p->err, -EOPNOTSUPP, FWC_OBJECT_RULE,
			"it holds an expression of this kernel that names an anonymous set: it can stay in its place, not be written again");
		fwc_rule_place(r, d->p->err);
		return -EOPNOTSUPP;
	}
	return 0;
}

static int add_rule(struct difference *d, const struct fwc_rule *r, uint32_t place, uint64_t handle)
{
	struct fwc_step *step;
	int result = check_writable(d, r);

	if (result < 0)
		return result;
	step = fwc_planner_step(d->p, FWC_STEP_ADD_RULE);
	if (!step)
		return -ENOMEM;
	step->rule = r;
	step->stamp = fwc_needs_owner(d->p->wanted, r->labels);
	step->place = place;
	step->handle = handle;
	return 0;
}

/* Those behind the last one that stays. In a shared chain others' rules come after ours, or a `drop` at their end would
 * hide them; there the last goes first, since each lands right behind the same rule, or at the beginning. */
static int add_last_rules(struct difference *d, size_t from)
{
	bool shared = d->p->wanted->flags & FWC_TABLE_SHARED;
	int r = 0;

	for (size_t i = from; !shared && r == 0 && i < d->wanted_count; i++)
		r = add_rule(d, d->wanted[i], FWC_NFT_APPEND, 0);
	for (size_t i = d->wanted_count; shared && r == 0 && i > from; i--)
		r = add_rule(d, d->wanted[i - 1], from ? FWC_NFT_AFTER : FWC_NFT_INSERT,
			     from ? d->kept[from - 1]->handle : 0);
	return r;
}

/* New rules go before the next one that stays: in their order, each pushes the ones before it up. */
static int add_rules(struct difference *d)
{
	size_t last = d->wanted_count, next = 0;
	int r = 0;

	while (last > 0 && !d->kept[last - 1])
		last--;
	for (size_t i = 0; r == 0 && i < last; i++) {
		if (d->kept[i])
			continue;
		for (next = next > i ? next : i; !d->kept[next];)
			next++;
		r = add_rule(d, d->wanted[i], FWC_NFT_INSERT, d->kept[next]->handle);
	}
	return r < 0 ? r : add_last_rules(d, last);
}

/* In a shared table only the rules that carry our owner are compared. */
static void list_loaded(struct difference *d, const struct fwc_chain *c)
{
	bool shared = d->p->wanted->flags & FWC_TABLE_SHARED;

	for (size_t i = 0; i < c->rules.count; i++) {
		const struct fwc_rule *r = c->rules.items[i];

		if (!shared || fwc_is_owned(r->labels, d->p->owner))
			d->loaded[d->loaded_count++] = r;
	}
}

static void difference_free(struct difference *d)
{
	free(d->loaded);
	free(d->kept);
}

int fwc_plan_rules(struct fwc_planner *p, const struct fwc_chain *wanted,
		   const struct fwc_chain *loaded)
{
	size_t loaded_room = loaded ? loaded->rules.count : 0;
	fwc_cleanup(difference_free) struct difference d = { .p = p };
	int r;

	if (wanted) {
		d.wanted = (const struct fwc_rule *const *)wanted->rules.items;
		d.wanted_count = wanted->rules.count;
	}
	d.loaded = calloc(loaded_room + 1, sizeof(*d.loaded));
	d.kept = calloc(d.wanted_count + 1, sizeof(*d.kept));
	if (!d.loaded || !d.kept)
		return fwc_fail_memory(p->err);
	if (loaded)
		list_loaded(&d, loaded);
	r = keep(&d);
	if (r == 0 && loaded)
		r = delete_rules(&d, loaded);
	return r < 0 ? r : add_rules(&d);
}
