/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * A blocklist, kept up to date: what is in the list and not in the kernel is added, what is there and no longer in the list
 * goes, all in one commit. A million addresses are no problem: the rules read two sets of intervals, and only what changed is
 * sent.
 */
#include <errno.h>
#include <fwcore/fwcore.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define TABLE FWC_FAMILY_INET, "blocklist"

enum { SHOWN = 20 }; /* changes that are printed one by one */

/* An address, or a prefix of addresses. */
struct block {
	struct fwc_ip ip;
	uint32_t bits;
};

struct list {
	struct block *items;
	size_t count, room;
};

static uint32_t all_bits(const struct fwc_ip *ip)
{
	return ip->family == FWC_FAMILY_IP ? 32 : 128;
}

static const char *set_of(const struct block *b)
{
	return b->ip.family == FWC_FAMILY_IP ? "v4" : "v6";
}

static int push(struct list *l, const struct block *b)
{
	if (l->count == l->room) {
		size_t room = l->room ? 2 * l->room : 1024;
		struct block *items = realloc(l->items, room * sizeof(*items));

		if (!items)
			return -ENOMEM;
		l->items = items;
		l->room = room;
	}
	l->items[l->count++] = *b;
	return 0;
}

/* ---- reading ---- */

/* Bits after the prefix must be zero: 10.0.0.1/8 is a mistake that somebody should look at. */
static int has_stray_bits(const struct block *b)
{
	for (uint32_t i = b->bits; i < all_bits(&b->ip); i++)
		if (b->ip.bytes[i / 8] & 0x80 >> i % 8)
			return 1;
	return 0;
}

/* NULL, or what is wrong with it. */
static const char *parse(char *text, struct block *ret)
{
	char *slash = strchr(text, '/'), *end;
	unsigned long bits;

	if (slash)
		*slash = '\0';
	memset(ret, 0, sizeof(*ret));
	if (fwc_ip_parse(text, &ret->ip, NULL) < 0)
		return "it is neither an IPv4 nor an IPv6 address, nor a prefix such as 192.0.2.0/24";
	ret->bits = all_bits(&ret->ip);
	if (!slash)
		return NULL;
	*slash = '/';
	bits = strtoul(slash + 1, &end, 10);
	if (slash[1] < '0' || slash[1] > '9' || *end || bits > ret->bits)
		return ret->bits == 32 ? "the prefix length of an IPv4 address is 0 to 32"
				       : "the prefix length of an IPv6 address is 0 to 128";
	ret->bits = (uint32_t)bits;
	return has_stray_bits(ret) ? "bits are set after the prefix: they must be zero" : NULL;
}

/* One address or prefix a line; the rest of a line after '#', and empty ones, are passed over. 0, or how many are wrong. */
static int read_list(FILE *file, const char *name, struct list *ret)
{
	char line[256];
	int number = 0, wrong = 0;

	while (fgets(line, sizeof(line), file)) {
		char *text = line + strspn(line, " \t\r\n");
		struct block b;
		const char *why;

		number++;
		text[strcspn(text, " \t\r\n#")] = '\0';
		if (!*text)
			continue;
		why = parse(text, &b);
		if (why) {
			fprintf(stderr, "blocklist: %s, line %d: '%s': %s\n", name, number, text,
				why);
			wrong++;
		} else if (push(ret, &b) < 0) {
			fprintf(stderr, "blocklist: out of memory\n");
			return wrong + 1;
		}
	}
	if (ferror(file)) {
		fprintf(stderr, "blocklist: %s: %s\n", name, strerror(errno));
		wrong++;
	}
	return wrong;
}

static int compare(const void *a, const void *b)
{
	const struct block *x = a, *y = b;
	int r;

	if (x->ip.family != y->ip.family)
		return x->ip.family < y->ip.family ? -1 : 1;
	r = memcmp(x->ip.bytes, y->ip.bytes, sizeof(x->ip.bytes));
	return r ? r : (x->bits > y->bits) - (x->bits < y->bits);
}

static int covers(const struct block *outer, const struct block *inner)
{
	struct block cut = *inner;

	if (outer->ip.family != inner->ip.family || outer->bits > inner->bits)
		return 0;
	for (uint32_t i = outer->bits; i < all_bits(&cut.ip); i++)
		cut.ip.bytes[i / 8] &= (uint8_t) ~(0x80 >> i % 8);
	return !memcmp(cut.ip.bytes, outer->ip.bytes, sizeof(cut.ip.bytes));
}

/* In order, each once, without what lies within another: intervals of a set do not overlap. */
static void tidy(struct list *l)
{
	size_t kept = 0;

	if (l->count)
		qsort(l->items, l->count, sizeof(*l->items), compare);
	for (size_t i = 0; i < l->count; i++)
		if (!kept || !covers(&l->items[kept - 1], &l->items[i]))
			l->items[kept++] = l->items[i];
	l->count = kept;
}

/* ---- the kernel ---- */

/* What is blocked now; without the table nothing. */
static int load(struct fwc_kernel *kernel, struct list *ret, int *ret_present,
		struct fwc_error *err)
{
	static const char *const names[] = { "v4", "v6" };
	struct fwc_ruleset *ruleset;
	int r = fwc_kernel_load_sets(kernel, TABLE, NULL, &ruleset, err);

	*ret_present = r == 0;
	if (r < 0)
		return r == -ENOENT ? 0 : r;
	for (int n = 0; n < 2 && r == 0; n++) {
		const struct fwc_set *set = fwc_ruleset_find_set(ruleset, TABLE, names[n]);

		for (size_t i = 0; set && r == 0 && i < fwc_set_count(set); i++) {
			struct block b = { .bits = 0 };

			if (fwc_value_get_ip(fwc_element_key(fwc_set_at(set, i)), &b.ip, &b.bits))
				r = push(ret, &b);
		}
	}
	fwc_ruleset_free(ruleset);
	return r;
}

static void add_chain(struct fwc_table *table, const char *name, uint32_t hook)
{
	struct fwc_chain *c = fwc_table_add_chain(
		table, name,
		&(struct fwc_base_opts){
			.size = sizeof(struct fwc_base_opts), .hook = hook, .priority = "raw" });

	fwc_chain_append_text(c, FWC_SYNTAX_NFT, "ip saddr @v4 drop");
	fwc_chain_append_text(c, FWC_SYNTAX_NFT, "ip6 saddr @v6 drop");
}

/* The table. FWC_SET_STATE: what the sets hold is ours to keep, not declared here. */
static struct fwc_table *declare(struct fwc_ruleset *ruleset)
{
	const struct fwc_set_opts opts = { .size = sizeof(opts),
					   .flags = FWC_SET_INTERVAL | FWC_SET_STATE };
	struct fwc_table *table = fwc_ruleset_add_table(ruleset, TABLE, 0);

	fwc_table_add_set(table, "v4", "ipv4_addr", &opts);
	fwc_table_add_set(table, "v6", "ipv6_addr", &opts);
	add_chain(table, "in", FWC_HOOK_INPUT);
	add_chain(table, "through", FWC_HOOK_FORWARD);
	return table;
}

/* ---- what changes ---- */

struct change {
	struct fwc_ruleset *ruleset;
	struct fwc_batch *batch;
	int present; /* the table: if not, the elements are part of its declaration, which can be of any size */
	size_t added, deleted;
};

static void show(char sign, const struct block *b, size_t number)
{
	char text[46];

	if (number > SHOWN)
		return;
	fwc_ip_format(&b->ip, text, sizeof(text), NULL);
	if (b->bits < all_bits(&b->ip))
		printf("%c %s/%u\n", sign, text, b->bits);
	else
		printf("%c %s\n", sign, text);
}

/* No builder is checked: ruleset and batch keep the first failure, and commit returns it. */
static void add(struct change *c, const struct block *b)
{
	struct fwc_value *key = fwc_value_prefix(&b->ip, b->bits);

	if (c->present)
		fwc_batch_add_element_value(c->batch, TABLE, set_of(b), key, NULL, 0, NULL);
	else
		fwc_set_add_value(fwc_ruleset_find_set(c->ruleset, TABLE, set_of(b)), key, NULL,
				  NULL);
	fwc_value_free(key);
	show('+', b, ++c->added);
}

static void del(struct change *c, const struct block *b)
{
	struct fwc_value *key = fwc_value_prefix(&b->ip, b->bits);

	fwc_batch_del_element_value(c->batch, TABLE, set_of(b), key);
	fwc_value_free(key);
	show('-', b, ++c->deleted);
}

/* Both lists are in order. What goes comes first: a prefix may be replaced by parts of it. */
static void compare_lists(struct change *c, const struct list *wanted, const struct list *there,
			  int adding)
{
	size_t w = 0, t = 0;

	while (w < wanted->count || t < there->count) {
		int r = w == wanted->count  ? 1
			: t == there->count ? -1
					    : compare(&wanted->items[w], &there->items[t]);

		if (r < 0 && adding)
			add(c, &wanted->items[w]);
		if (r > 0 && !adding)
			del(c, &there->items[t]);
		w += r <= 0;
		t += r >= 0;
	}
}

static int update(struct fwc_kernel *kernel, const struct list *wanted, struct fwc_error *err)
{
	struct change c = { .ruleset = fwc_ruleset_new(), .batch = fwc_batch_new() };
	struct list there = { 0 };
	int r = load(kernel, &there, &c.present, err);

	if (r == 0) {
		if (there.count)
			qsort(there.items, there.count, sizeof(*there.items), compare);
		declare(c.ruleset);
		fwc_batch_declare(c.batch, c.ruleset);
		compare_lists(&c, wanted, &there, 0);
		compare_lists(&c, wanted, &there, 1);
		r = fwc_kernel_commit(kernel, c.batch, err);
	}
	if (r == 0)
		printf("blocklist: %zu blocked, %zu added, %zu deleted\n", wanted->count, c.added,
		       c.deleted);
	fwc_batch_free(c.batch);
	fwc_ruleset_free(c.ruleset);
	free(there.items);
	return r;
}

static int clear(struct fwc_kernel *kernel, struct fwc_error *err)
{
	struct fwc_ruleset *ruleset = fwc_ruleset_new();
	int r;

	fwc_ruleset_absent_table(ruleset, TABLE);
	r = fwc_kernel_apply(kernel, ruleset, NULL, err);
	fwc_ruleset_free(ruleset);
	return r;
}

/* ---- the program ---- */

static int read_file(const char *path, struct list *ret)
{
	FILE *file = strcmp(path, "-") ? fopen(path, "re") : stdin;
	int wrong;

	if (!file) {
		fprintf(stderr, "blocklist: %s: %s\n", path, strerror(errno));
		return 1;
	}
	wrong = read_list(file, file == stdin ? "standard input" : path, ret);
	if (file != stdin)
		fclose(file);
	if (wrong)
		fprintf(stderr, "blocklist: nothing was changed\n");
	return wrong;
}

int main(int argc, char **argv)
{
	struct fwc_kernel_opts opts = { .size = sizeof(opts), .owner = "blocklist" };
	struct fwc_error err = { .msg = "out of memory" };
	struct fwc_kernel *kernel = NULL;
	struct list list = { 0 };
	int r, clears;

	if (argc != 2 || !strcmp(argv[1], "--help")) {
		fprintf(argc == 2 ? stdout : stderr,
			"usage: blocklist FILE      block the addresses in the file, and no others; - is standard input\n"
			"       blocklist --clear   block nothing, take the table away\n"
			"One IPv4 or IPv6 address or prefix a line, '#' begins a comment. Prints what changes, one by one\n"
			"up to 20. Exits with 0, 1 when something failed and nothing was changed, 2 for wrong arguments.\n");
		return argc == 2 ? 0 : 2;
	}
	clears = !strcmp(argv[1], "--clear");
	if (!clears && read_file(argv[1], &list)) {
		free(list.items);
		return 1;
	}
	tidy(&list);
	r = fwc_kernel_open(&kernel, &opts, &err);
	if (r == 0)
		r = clears ? clear(kernel, &err) : update(kernel, &list, &err);
	if (r < 0)
		fprintf(stderr, "blocklist: %s\n", err.msg);
	fwc_kernel_close(kernel);
	free(list.items);
	return r < 0;
}
