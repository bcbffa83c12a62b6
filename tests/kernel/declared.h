/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* For tests that declare a ruleset in words and look at what becomes of it: a kernel object for each test, in a namespace
 * of its own. */
#ifndef FWC_TESTS_DECLARED_H
#define FWC_TESTS_DECLARED_H

#include <fwcore/fwcore.h>

#include "../check.h"

static struct fwc_kernel *kernel;
static struct fwc_error err;

static void setup(void)
{
	ns_enter();
	need_program("nft");
	assert_ok(fwc_kernel_open(&kernel, NULL, &err), err);
}

static void teardown(void)
{
	fwc_kernel_close(kernel);
}

static struct fwc_ruleset *parse(const char *text)
{
	struct fwc_ruleset *rs = fwc_ruleset_parse(text, strlen(text), FWC_SYNTAX_NFT, &err);

	ck_assert_msg(rs != NULL, "%u:%u %s", err.line, err.column, err.msg);
	return rs;
}

static void apply(const char *text)
{
	struct fwc_ruleset *rs = parse(text);

	assert_ok(fwc_kernel_apply(kernel, rs, NULL, &err), err);
	fwc_ruleset_free(rs);
}

/* The kernel has it already: nothing is planned. */
static void assert_in_place(const char *text)
{
	struct fwc_ruleset *rs = parse(text);
	struct fwc_plan *plan;
	char first[256] = "";

	assert_ok(fwc_kernel_plan(kernel, rs, &plan, &err), err);
	fwc_plan_format(plan, 0, first, sizeof(first), NULL);
	ck_assert_msg(fwc_plan_count(plan) == 0, "%s", first);
	fwc_plan_free(plan);
	fwc_ruleset_free(rs);
}

#endif
