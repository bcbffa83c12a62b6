/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A plan as commands, as a difference, as JSON. */
#include <stdlib.h>
#include <unistd.h>

#include "fwctl.h"
#include "json.h"
#include "plan.h"

static const struct {
	const char *word, *sign, *colour;
} actions[] = {
	[0] = { "unknown", " ", "" },
	[FWC_PLAN_ADD] = { "add", "+", "\033[32m" },
	[FWC_PLAN_DELETE] = { "delete", "-", "\033[31m" },
	[FWC_PLAN_CHANGE] = { "change", "~", "\033[33m" },
};

typedef int (*format_fn)(const struct fwc_plan *plan, size_t i, char *buf, size_t size,
			 size_t *ret_needed);

/* To be freed; a step has the length of its rule. */
static char *text_of(format_fn format, const struct fwc_plan *plan, size_t i)
{
	size_t needed = 0;
	char *text;

	format(plan, i, NULL, 0, &needed);
	text = malloc(needed + 1);
	if (text)
		format(plan, i, text, needed + 1, NULL);
	return text;
}

static void print_json_step(struct json *j, const struct fwc_plan *plan, size_t i, const char *text)
{
	json_open(j, NULL, '{');
	json_text(j, "action", actions[fwc_plan_action(plan, i)].word);
	json_text(j, "object", object_word(fwc_plan_object(plan, i)));
	json_text(j, "family", family_word(fwc_plan_family(plan, i)));
	json_text(j, "table", fwc_plan_table(plan, i));
	json_text(j, "name", fwc_plan_name(plan, i));
	json_text(j, "words", text);
	json_close(j, '}');
}

static void print_json_kept(struct json *j, const char *text)
{
	json_open(j, NULL, '{');
	json_text(j, "action", "keep");
	json_text(j, "words", text);
	json_close(j, '}');
}

void print_plan(const struct fwc_plan *plan, enum plan_format format)
{
	bool coloured = format != PLAN_JSON && isatty(STDOUT_FILENO);
	struct json j = { .out = stdout };

	if (format == PLAN_JSON)
		json_open(&j, NULL, '[');
	for (size_t i = 0; i < fwc_plan_count(plan); i++) {
		uint32_t action = fwc_plan_action(plan, i);
		char *text = text_of(fwc_plan_format, plan, i);

		if (format == PLAN_JSON)
			print_json_step(&j, plan, i, text);
		else
			printf("%s%s%s%s%s\n", coloured ? actions[action].colour : "",
			       format == PLAN_DIFF ? actions[action].sign : "",
			       format == PLAN_DIFF ? " " : "", text ? text : "",
			       coloured ? "\033[m" : "");
		free(text);
	}
	for (size_t i = 0; i < fwc_plan_kept_count(plan); i++) {
		char *text = text_of(fwc_plan_kept_format, plan, i);

		if (format == PLAN_JSON)
			print_json_kept(&j, text);
		else
			printf("# %s\n", text ? text : "");
		free(text);
	}
	if (format == PLAN_JSON)
		json_close(&j, ']');
}
