/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Two copies of the library in one process, as when a program links it and a plugin brings its own. Each opens its own
 * kernel object; both change the same namespace and see what the other did.
 */
#include <dlfcn.h>
#include <fwcore/fwcore.h>

#include "../check.h"

/* What is called of a copy. */
struct copy {
	void *handle;
	__typeof__(fwc_version) *version;
	__typeof__(fwc_kernel_open) *open;
	__typeof__(fwc_kernel_close) *close;
	__typeof__(fwc_kernel_apply) *apply;
	__typeof__(fwc_kernel_load) *load;
	__typeof__(fwc_ruleset_parse) *parse;
	__typeof__(fwc_ruleset_count) *count;
	__typeof__(fwc_ruleset_free) *free;
};

static void *find(void *handle, const char *name)
{
	void *symbol = dlsym(handle, name);

	ck_assert_msg(symbol != NULL, "%s", dlerror());
	return symbol;
}

/* In a namespace of the loader's own, libc and all: a second copy and not the first one again. */
static struct copy load_copy(void)
{
	struct copy c = { .handle = dlmopen(LM_ID_NEWLM, FWC_LIBRARY, RTLD_NOW | RTLD_LOCAL) };

	if (!c.handle)
		test_skip("no second copy can be loaded: %s", dlerror());
	*(void **)&c.version = find(c.handle, "fwc_version");
	*(void **)&c.open = find(c.handle, "fwc_kernel_open");
	*(void **)&c.close = find(c.handle, "fwc_kernel_close");
	*(void **)&c.apply = find(c.handle, "fwc_kernel_apply");
	*(void **)&c.load = find(c.handle, "fwc_kernel_load");
	*(void **)&c.parse = find(c.handle, "fwc_ruleset_parse");
	*(void **)&c.count = find(c.handle, "fwc_ruleset_count");
	*(void **)&c.free = find(c.handle, "fwc_ruleset_free");
	return c;
}

static const struct copy linked = {
	.version = fwc_version,
	.open = fwc_kernel_open,
	.close = fwc_kernel_close,
	.apply = fwc_kernel_apply,
	.load = fwc_kernel_load,
	.parse = fwc_ruleset_parse,
	.count = fwc_ruleset_count,
	.free = fwc_ruleset_free,
};

static void apply(const struct copy *c, struct fwc_kernel *kernel, const char *text)
{
	struct fwc_error err;
	struct fwc_ruleset *rs = c->parse(text, strlen(text), FWC_SYNTAX_NFT, &err);

	ck_assert_msg(rs != NULL, "%s", err.msg);
	assert_ok(c->apply(kernel, rs, NULL, &err), err);
	c->free(rs);
}

static size_t count_tables(const struct copy *c, struct fwc_kernel *kernel)
{
	struct fwc_ruleset *rs;
	struct fwc_error err;
	size_t count;

	assert_ok(c->load(kernel, FWC_FAMILY_ANY, NULL, &rs, &err), err);
	count = c->count(rs);
	c->free(rs);
	return count;
}

START_TEST(two_copies_work_side_by_side)
{
	struct copy second = load_copy();
	struct fwc_kernel *a, *b;
	struct fwc_error err;

	ck_assert_ptr_ne(find(second.handle, "fwc_version"), (void *)fwc_version);
	ck_assert_str_eq(second.version(), linked.version());
	assert_ok(linked.open(&a, NULL, &err), err);
	assert_ok(second.open(&b, NULL, &err), err);
	apply(&linked, a,
	      "add table inet one\nadd chain inet one c\nadd rule inet one c tcp dport 22 accept\n");
	apply(&second, b,
	      "add table inet two\nadd chain inet two c\nadd rule inet two c udp dport 53 accept\n");
	ck_assert_uint_eq(count_tables(&linked, a), 2);
	ck_assert_uint_eq(count_tables(&second, b), 2);
	second.close(b);
	ck_assert_int_eq(dlclose(second.handle), 0);
	/* The first goes on when the second has gone. */
	apply(&linked, a, "delete table inet two\n");
	ck_assert_uint_eq(count_tables(&linked, a), 1);
	linked.close(a);
}
END_TEST

/* Unloaded and loaded again: nothing was registered that would call into what has gone. */
START_TEST(library_can_be_unloaded)
{
	for (int i = 0; i < 3; i++) {
		struct copy c = load_copy();
		struct fwc_kernel *kernel;
		struct fwc_error err;

		assert_ok(c.open(&kernel, NULL, &err), err);
		ck_assert_uint_eq(count_tables(&c, kernel), 0);
		c.close(kernel);
		ck_assert_int_eq(dlclose(c.handle), 0);
	}
}
END_TEST

static Suite *two_libraries_suite(void)
{
	Suite *s = suite_create("two_libraries");
	TCase *tc = tcase_create("two_libraries");

	tcase_add_checked_fixture(tc, ns_enter, NULL);
	tcase_add_test(tc, two_copies_work_side_by_side);
	tcase_add_test(tc, library_can_be_unloaded);
	suite_add_tcase(s, tc);
	return s;
}

TEST_MAIN(two_libraries_suite)
