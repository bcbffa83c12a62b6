/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* From JSON to words, and from words to what they say. */
#include "text/json/json.h"
#include "text/json/read.h"
#include "text/text.h"

static json_t *load(const struct fwc_json_reader *r)
{
	json_error_t failed = { .line = 0 };
	json_t *root = json_loadb(r->text, r->text_len, JSON_REJECT_DUPLICATES, &failed);

	if (root)
		return root;
	if (!failed.text[0] || json_error_code(&failed) == json_error_out_of_memory) {
		fwc_fail_memory(r->err);
		return NULL;
	}
	fwc_fail(r->err, -EINVAL, FWC_OBJECT_TEXT, "this is no JSON: %s", failed.text);
	r->err->line = failed.line > 0 ? (uint32_t)failed.line : 0;
	r->err->column = failed.column > 0 ? (uint32_t)failed.column : 0;
	return NULL;
}

/* The words of a text. NULL: there are none, r->err says why. */
static json_t *read_text(struct fwc_json_reader *r, fwc_json_write_fn write)
{
	json_t *root = load(r);

	if (root && write(r, root) == 0 && !r->out->failed)
		return root;
	if (root && r->out->failed)
		fwc_fail_memory(r->err);
	json_decref(root);
	return NULL;
}

struct fwc_ruleset *fwc_json_parse_ruleset(const char *text, size_t len, struct fwc_error *err)
{
	fwc_cleanup(fwc_buf_free) struct fwc_buf words = { 0 };
	struct fwc_error own;
	struct fwc_json_reader r = {
		.out = &words, .err = err ? err : &own, .text = text, .text_len = len
	};
	fwc_cleanup(json_decrefp) json_t *root = read_text(&r, fwc_json_read_ruleset);
	struct fwc_ruleset *rs;

	if (!root)
		return NULL;
	rs = fwc_text_parse_commands(words.data ? words.data : "", words.len, true, r.err);
	if (!rs)
		fwc_json_blame(&r, fwc_json_read_ruleset, root);
	return rs;
}

int fwc_json_parse_rule(struct fwc_rule *rule, const char *text, size_t len, struct fwc_error *err)
{
	fwc_cleanup(fwc_buf_free) struct fwc_buf words = { 0 };
	struct fwc_json_reader r = { .out = &words, .err = err, .text = text, .text_len = len };
	fwc_cleanup(json_decrefp) json_t *root = read_text(&r, fwc_json_read_rule);
	int failed;

	if (!root)
		return err->code;
	failed = fwc_text_parse_words(rule, words.data ? words.data : "", words.len, true, err);
	if (failed < 0)
		fwc_json_blame(&r, fwc_json_read_rule, root);
	return failed;
}
