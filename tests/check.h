/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What every test uses beside libcheck: a main that reports in TAP, namespaces of one's own, a shell.
 *
 * A test program is one file that ends in TEST_MAIN(suite). Each test runs in a process of its own, so
 * a namespace that it enters dies with it. Include this as "../check.h": the folder is not searched, its
 * name would hide libcheck's header.
 */
#ifndef FWC_TESTS_CHECK_H
#define FWC_TESTS_CHECK_H

#include <check.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <fwcore/error.h>

/*
 * Runs the suite, prints one TAP line a test, and returns 0, 1 when a test failed, 77 when all were skipped.
 * CK_RUN_CASE=name of libcheck runs the test case of that name alone.
 */
int fwc_test_main(Suite *(*make_suite)(void));
#define TEST_MAIN(make_suite)                                                                      \
	int main(void)                                                                             \
	{                                                                                          \
		return fwc_test_main(make_suite);                                                  \
	}

/*
 * Ends the test as skipped, with the reason. Where the environment has FWC_TEST_REQUIRE=net it is a
 * failure: a machine that must be able to run everything cannot skip by accident.
 */
void test_skip(const char *fmt, ...) __attribute__((format(printf, 1, 2), noreturn));
/* Skips unless the program is found in PATH (the system folders are added to it). */
void need_program(const char *name);

/*
 * A fixture: tcase_add_checked_fixture(tc, ns_enter, NULL). Puts the test into a new network namespace with
 * lo up: as root plainly, else in a new user namespace where it is root. Skips where neither is allowed.
 */
void ns_enter(void);
/* True when ns_enter() had to make a user namespace: then what needs real root is not allowed. */
int ns_is_unprivileged(void);
/* One more network namespace with lo up, not entered. The descriptor is the test's to close. */
int ns_new(void);
/* Puts the calling thread into it. */
void ns_switch(int fd);

/* A command line for sh(1). Returns its output, stdout and stderr, kept until the process ends; it must exit with 0. */
const char *sh(const char *fmt, ...) __attribute__((format(printf, 1, 2)));
/* The same in another namespace. */
const char *sh_in(int netns_fd, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
/* The same with a text as its input. */
const char *sh_input(const char *input, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
/* Returns the exit code, whatever it is; 128 + the signal that ended it. ret_output may be NULL. netns_fd -1: here. */
int sh_code(int netns_fd, const char *input, const char **ret_output, const char *fmt, ...)
	__attribute__((format(printf, 4, 5)));

/* A call succeeded; `error` is the struct fwc_error that it was given. */
#define assert_ok(call, error)                                                                     \
	do {                                                                                       \
		int assert_r_ = (call);                                                            \
		ck_assert_msg(assert_r_ == 0, "%s: %d (%s) %s", #call, assert_r_,                  \
			      strerror(-assert_r_), (error).msg);                                  \
	} while (0)

/* A call failed with that code, and said so in one line that contains `part`. */
#define assert_fails(call, wanted, error, part)                                                    \
	do {                                                                                       \
		int assert_r_ = (call);                                                            \
		ck_assert_msg(assert_r_ == (wanted), "%s: %d (%s), not %s: %s", #call, assert_r_,  \
			      assert_r_ < 0 ? strerror(-assert_r_) : "no error", #wanted,          \
			      (error).msg);                                                        \
		assert_error(&(error), wanted, part);                                              \
	} while (0)
void assert_error(const struct fwc_error *err, int code, const char *part);
#define assert_contains(text, part)                                                                \
	do {                                                                                       \
		const char *assert_text_ = (text);                                                 \
		ck_assert_msg(assert_text_ &&strstr(assert_text_, part),                           \
			      "'%s' is not in: %.3000s", part,                                     \
			      assert_text_ ? assert_text_ : "(null)");                             \
	} while (0)
#define assert_lacks(text, part)                                                                   \
	do {                                                                                       \
		const char *assert_text_ = (text);                                                 \
		ck_assert_msg(assert_text_ && !strstr(assert_text_, part), "'%s' is in: %.3000s",  \
			      part, assert_text_ ? assert_text_ : "(null)");                       \
	} while (0)

#endif
