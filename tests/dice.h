/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Numbers that look random and are the same for the same seed on every machine: splitmix64. */
#ifndef FWC_TESTS_DICE_H
#define FWC_TESTS_DICE_H

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

struct dice {
	uint64_t state; /* at first the seed */
};

static inline uint64_t roll(struct dice *d)
{
	uint64_t z = d->state += 0x9e3779b97f4a7c15u;

	z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
	z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
	return z ^ (z >> 31);
}

/* From 0 to n - 1. */
static inline unsigned int below(struct dice *d, unsigned int n)
{
	return (unsigned int)(roll(d) % n);
}

/* The first seed of a random test, and how many follow it: always the same, so that a change is what makes it fail.
 * FWC_TEST_SEED=$(date +%s) tries others, FWC_TEST_ROUNDS=N more of them. `what`: of which there are *rounds. */
static inline unsigned long long first_seed_of(unsigned int *rounds, const char *what)
{
	const char *seed = getenv("FWC_TEST_SEED"), *count = getenv("FWC_TEST_ROUNDS");
	unsigned long long first = seed ? strtoull(seed, NULL, 10) : 1;

	if (count)
		*rounds = (unsigned int)strtoul(count, NULL, 10);
	printf("# FWC_TEST_SEED=%llu, %u %s\n", first, *rounds, what);
	fflush(stdout);
	return first;
}

#endif
