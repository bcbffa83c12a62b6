/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "core/core.h"

#include "failing.h"

/* The linker sends the library's allocations here (--wrap), those from an arena too: most find room in it. Atomic,
 * because threads may allocate. */
static unsigned long allocation, fails_at;

void *__real_malloc(size_t size);
void *__real_calloc(size_t count, size_t size);
void *__real_realloc(void *p, size_t size);
void *__real_reallocarray(void *p, size_t count, size_t size);
char *__real_strdup(const char *s);
void *__real_fwc_arena_alloc(struct fwc_arena *a, size_t size);
void *__real_fwc_arena_copy(struct fwc_arena *a, const void *bytes, size_t size);
char *__real_fwc_arena_strdup(struct fwc_arena *a, const char *s);
void *__wrap_malloc(size_t size);
void *__wrap_calloc(size_t count, size_t size);
void *__wrap_realloc(void *p, size_t size);
void *__wrap_reallocarray(void *p, size_t count, size_t size);
char *__wrap_strdup(const char *s);
void *__wrap_fwc_arena_alloc(struct fwc_arena *a, size_t size);
void *__wrap_fwc_arena_copy(struct fwc_arena *a, const void *bytes, size_t size);
char *__wrap_fwc_arena_strdup(struct fwc_arena *a, const char *s);

static bool fails(void)
{
	unsigned long at = __atomic_load_n(&fails_at, __ATOMIC_RELAXED);

	return at && __atomic_add_fetch(&allocation, 1, __ATOMIC_RELAXED) == at;
}

static bool arena_fails(struct fwc_arena *a)
{
	bool failed = fails();

	a->failed |= failed;
	return failed;
}

void *__wrap_malloc(size_t size)
{
	return fails() ? NULL : __real_malloc(size);
}

void *__wrap_calloc(size_t count, size_t size)
{
	return fails() ? NULL : __real_calloc(count, size);
}

void *__wrap_realloc(void *p, size_t size)
{
	return fails() ? NULL : __real_realloc(p, size);
}

void *__wrap_reallocarray(void *p, size_t count, size_t size)
{
	return fails() ? NULL : __real_reallocarray(p, count, size);
}

char *__wrap_strdup(const char *s)
{
	return fails() ? NULL : __real_strdup(s);
}

void *__wrap_fwc_arena_alloc(struct fwc_arena *a, size_t size)
{
	return arena_fails(a) ? NULL : __real_fwc_arena_alloc(a, size);
}

void *__wrap_fwc_arena_copy(struct fwc_arena *a, const void *bytes, size_t size)
{
	return arena_fails(a) ? NULL : __real_fwc_arena_copy(a, bytes, size);
}

char *__wrap_fwc_arena_strdup(struct fwc_arena *a, const char *s)
{
	return arena_fails(a) ? NULL : __real_fwc_arena_strdup(a, s);
}

void fail_allocation(unsigned long n)
{
	if (n)
		__atomic_store_n(&allocation, 0, __ATOMIC_RELAXED);
	__atomic_store_n(&fails_at, n, __ATOMIC_RELAXED);
}

unsigned long allocations_seen(void)
{
	return allocation;
}
