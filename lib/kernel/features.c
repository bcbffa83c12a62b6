/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Asking a kernel what it can express: every row of the table in one transaction that has no end.
 *
 * The kernel checks all of it, says what it refuses, and throws all of it away. One transaction, because throwing one away
 * waits for a grace period. Tables are dormant, so that no chain is registered even for that moment. */
#include <fwcore/feature.h>
#include <fwcore/ruleset.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "core/buf.h"
#include "kernel/feature_rows.h"
#include "kernel/load.h"
#include "kernel/plan.h"
#include "nft/uapi.h"

struct fwc_feature {
	const struct fwc_feature_row *row;
	const char *kconfig, *example;
	bool present;
};

struct fwc_features {
	struct fwc_feature *items; /* one a row */
	struct fwc_arena arena;
};

/* A row as it is asked. */
struct question {
	struct fwc_ruleset *wanted;
	size_t end; /* of its steps */
};

struct probe {
	struct fwc_kernel *kernel;
	struct fwc_features *features;
	struct question *questions;
	struct fwc_steps steps;
	struct fwc_error *err;
};

static void probe_free(struct probe *p)
{
	for (size_t i = 0; p->questions && i < fwc_feature_row_count; i++)
		fwc_ruleset_free(p->questions[i].wanted);
	free(p->questions);
	fwc_steps_free(&p->steps);
}

/* ---- a row that is a request ---- */

static const struct request {
	const char *words;
	uint16_t message;
} requests[] = {
	{ "reset counters", NFT_MSG_GETOBJ_RESET },
	{ "reset rules", FWC_NFT_MSG_GETRULE_RESET },
	{ "reset set", FWC_NFT_MSG_GETSETELEM_RESET },
};

/* NULL: it is steps. */
static const struct request *request_of(const struct fwc_feature_row *row)
{
	for (size_t i = 0; i < FWC_ARRAY_SIZE(requests); i++)
		if (!strncmp(row->example, requests[i].words, strlen(requests[i].words)))
			return &requests[i];
	return NULL;
}

static int no_answer(const struct nlmsghdr *nlh, struct fwc_slice payload, void *ctx)
{
	(void)nlh;
	(void)payload;
	(void)ctx;
	return 0;
}

/* Asked of a table that is not there: who knows the message says so, who does not says that it is none. */
static int ask_request(struct probe *p, const struct request *request, bool *ret)
{
	struct nfgenmsg nfg = { .nfgen_family = FWC_FAMILY_INET, .version = NFNETLINK_V0 };
	fwc_cleanup(fwc_wire_free) struct fwc_wire w = { .data = NULL };
	uint32_t seq = ++p->kernel->nft.seq;
	size_t msg = fwc_wire_begin(&w, (uint16_t)(NFNL_SUBSYS_NFTABLES << 8 | request->message),
				    NLM_F_REQUEST | NLM_F_ACK, seq, &nfg, sizeof(nfg));
	char table[64];
	int r;

	/* The table has the same number in all three; what else they want is a name, a list or a number. */
	snprintf(table, sizeof(table), "fwcore-probe-%ld", (long)getpid());
	fwc_put_text(&w, NFTA_OBJ_TABLE, table);
	if (request->message == FWC_NFT_MSG_GETSETELEM_RESET) {
		fwc_put_text(&w, NFTA_SET_ELEM_LIST_SET, "s");
		fwc_nest_end(&w, fwc_nest_begin(&w, NFTA_SET_ELEM_LIST_ELEMENTS));
	} else if (request->message == NFT_MSG_GETOBJ_RESET) {
		fwc_put_text(&w, NFTA_OBJ_NAME, "o");
		fwc_put_be32(&w, NFTA_OBJ_TYPE, NFT_OBJECT_COUNTER);
	} else {
		fwc_put_text(&w, NFTA_RULE_CHAIN, "c");
		fwc_put_be64(&w, NFTA_RULE_HANDLE, 1);
	}
	fwc_wire_end(&w, msg);
	r = fwc_wire_error(&w, p->err);
	if (r == 0)
		r = fwc_nl_dump(&p->kernel->nft, &w, seq, no_answer, NULL, p->err);
	*ret = r == -ENOENT;
	return r == -ENOENT || r == -EINVAL || r == -EOPNOTSUPP ? 0 : r;
}

/* ---- a row as steps ---- */

/* As `nft -f` would take it, in table `t`. */
static int row_text(const struct fwc_feature_row *row, char *buf, size_t size)
{
	bool is_table = !strncmp(row->example, "add table", strlen("add table"));
	struct fwc_buf out = fwc_buf_over(buf, size);

	if (!is_table)
		fwc_buf_printf(&out, "add table %s t\n", row->family);
	fwc_buf_puts(&out, row->before);
	if (row->chain)
		fwc_buf_printf(&out, "add chain %s t c { %s }\nadd rule %s t c ", row->family,
			       row->chain, row->family);
	fwc_buf_puts(&out, row->example);
	return fwc_buf_finish(&out, NULL);
}

static const char *row_kconfig(const struct fwc_feature_row *row)
{
	if (!strncmp(row->needs, "CONFIG_", strlen("CONFIG_")))
		return row->needs;
	return fwc_nft_kconfig(row->needs, fwc_family_find(row->family, strlen(row->family)));
}

/* A row that this version cannot read would be a mistake in the table: a test reads them all. */
static int read_row(struct probe *p, size_t i)
{
	struct fwc_feature *f = &p->features->items[i];
	char text[1024];
	struct fwc_table *t;

	f->row = &fwc_feature_rows[i];
	f->kconfig = row_kconfig(f->row);
	if (row_text(f->row, text, sizeof(text)) == 0)
		f->example = fwc_arena_strdup(&p->features->arena, text);
	if (!f->example)
		return fwc_fail_memory(p->err);
	if (request_of(f->row))
		return 0;
	f->present = true;
	p->questions[i].wanted = fwc_ruleset_parse(text, strlen(text), FWC_SYNTAX_NFT, p->err);
	if (!p->questions[i].wanted) {
		fwc_error_prepend(p->err, "feature '%s'", f->row->name);
		return p->err->code;
	}
	/* A table each, or the refusal of one would be the refusal of all. */
	t = p->questions[i].wanted->tables.items[0];
	snprintf(text, sizeof(text), "fwcore-probe-%ld-%zu", (long)getpid(), i);
	t->name = fwc_arena_strdup(&p->questions[i].wanted->arena, text);
	t->flags |= FWC_TABLE_DORMANT;
	return t->name ? 0 : fwc_fail_memory(p->err);
}

static int add_steps(struct probe *p, size_t i)
{
	struct fwc_plan plan = { .wanted = p->questions[i].wanted };
	int r;

	p->questions[i].end = p->steps.count;
	if (!plan.wanted)
		return 0;
	plan.loaded = fwc_ruleset_new();
	if (!plan.loaded)
		return fwc_fail_memory(p->err);
	r = fwc_plan_difference(&plan, p->kernel->owner, p->err);
	for (size_t n = 0; r == 0 && n < plan.steps.count; n++) {
		struct fwc_step *step = fwc_steps_add(&p->steps, 0);

		if (step)
			*step = plan.steps.items[n];
		else
			r = fwc_fail_memory(p->err);
	}
	p->questions[i].end = p->steps.count;
	/* Lists of elements would go with the plan's arena: no row has a set with elements of its own. */
	fwc_steps_free(&plan.steps);
	fwc_arena_free(&plan.arena);
	fwc_ruleset_free(plan.loaded);
	return r;
}

/* ---- asking ---- */

static int ask(struct probe *p)
{
	fwc_cleanup(fwc_freep) bool *refused = NULL;
	size_t at = 0;
	int r = 0;

	p->questions = calloc(fwc_feature_row_count, sizeof(*p->questions));
	if (!p->questions)
		return fwc_fail_memory(p->err);
	for (size_t i = 0; r == 0 && i < fwc_feature_row_count; i++) {
		r = read_row(p, i);
		if (r == 0)
			r = add_steps(p, i);
	}
	if (r < 0)
		return r;
	refused = calloc(p->steps.count, sizeof(*refused));
	if (!refused)
		return fwc_fail_memory(p->err);
	r = fwc_steps_ask(&p->steps, p->kernel, refused, p->err);
	for (size_t i = 0; r == 0 && i < fwc_feature_row_count; i++) {
		struct fwc_feature *f = &p->features->items[i];

		if (request_of(f->row))
			r = ask_request(p, request_of(f->row), &f->present);
		for (; at < p->questions[i].end; at++)
			f->present &= !refused[at];
	}
	return r;
}

static void features_freep(struct fwc_features **features)
{
	fwc_features_free(*features);
}

int fwc_features_get(struct fwc_kernel *kernel, struct fwc_features **ret, struct fwc_error *err)
{
	fwc_cleanup(features_freep) struct fwc_features *features = NULL;
	struct fwc_error local;
	fwc_cleanup(probe_free) struct probe p = { .kernel = kernel, .err = err ? err : &local };
	int r = fwc_kernel_check(kernel, p.err);

	if (r < 0)
		return r;
	if (!ret)
		return fwc_fail(err, -EINVAL, FWC_OBJECT_ARGUMENT,
				"there is no place for the features");
	features = calloc(1, sizeof(*features));
	if (features)
		features->items = calloc(fwc_feature_row_count, sizeof(*features->items));
	if (!features || !features->items)
		return fwc_fail_memory(err);
	p.features = features;
	r = ask(&p);
	if (r == 0)
		*ret = fwc_take(features);
	return r;
}

/* ---- reading them ---- */

size_t fwc_features_count(const struct fwc_features *features)
{
	return features ? fwc_feature_row_count : 0;
}

const struct fwc_feature *fwc_features_at(const struct fwc_features *features, size_t i)
{
	return i < fwc_features_count(features) ? &features->items[i] : NULL;
}

const struct fwc_feature *fwc_features_find(const struct fwc_features *features, const char *name)
{
	const struct fwc_feature_row *row = features && name ? fwc_feature_row_find(name) : NULL;

	return row ? &features->items[row - fwc_feature_rows] : NULL;
}

void fwc_features_free(struct fwc_features *features)
{
	if (!features)
		return;
	free(features->items);
	fwc_arena_free(&features->arena);
	free(features);
}

const char *fwc_feature_name(const struct fwc_feature *feature)
{
	return feature ? feature->row->name : NULL;
}

const char *fwc_feature_summary(const struct fwc_feature *feature)
{
	return feature ? feature->row->summary : NULL;
}

bool fwc_feature_is_present(const struct fwc_feature *feature)
{
	return feature && feature->present;
}

const char *fwc_feature_since(const struct fwc_feature *feature)
{
	return feature ? feature->row->since : NULL;
}

const char *fwc_feature_kconfig(const struct fwc_feature *feature)
{
	return feature ? feature->kconfig : NULL;
}

const char *fwc_feature_example(const struct fwc_feature *feature)
{
	return feature ? feature->example : NULL;
}
