/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Allocations of the library that fail when they are told to: for programs linked with --wrap (tests/meson.build). */
#ifndef FWC_TESTS_FAILING_H
#define FWC_TESTS_FAILING_H

/* From now on the nth allocation fails, counted from 1 over all threads; 0: none does, and counting ends. */
void fail_allocation(unsigned long n);
/* How many there were since fail_allocation() was called with a number. */
unsigned long allocations_seen(void);

#endif
