/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Large blocks, arena, pointer array and growing text. */
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>

#include "core/buf.h"
#include "core/core.h"

/* The first touch of a page costs more than all that is done with it later, the more so in a virtual machine. */
void *fwc_block_alloc(size_t size)
{
	void *p;

	if (size < FWC_HUGE_PAGE || size > SIZE_MAX / 2)
		return malloc(size);
	size = (size + FWC_HUGE_PAGE - 1) & ~(size_t)(FWC_HUGE_PAGE - 1);
	p = aligned_alloc(FWC_HUGE_PAGE, size);
	if (p)
		(void)madvise(p, size, MADV_HUGEPAGE); /* advice: small pages do as well */
	return p;
}

void *fwc_block_grow(void *block, size_t used, size_t size)
{
	void *p;

	if (size < FWC_HUGE_PAGE)
		return realloc(block, size);
	/* Not realloc(): it moves the mapping, which takes huge pages apart. */
	p = fwc_block_alloc(size);
	if (!p)
		return NULL;
	if (used)
		memcpy(p, block, used);
	free(block);
	return p;
}

/* What follows it is aligned for a uint64_t, with 32-bit pointers too. */
struct fwc_arena_chunk {
	struct fwc_arena_chunk *older;
} __attribute__((aligned(8)));

/* With this header: 1, 2, 4 ... 128 KiB, then huge pages. */
enum { CHUNK_FIRST = 1024, CHUNK_SMALL_MOST = 128 * 1024 };

static int add_chunk(struct fwc_arena *a, size_t least)
{
	struct fwc_arena_chunk *chunk;
	size_t room = a->room ? a->room * 2 : CHUNK_FIRST;

	if (room > CHUNK_SMALL_MOST)
		room = FWC_HUGE_PAGE;
	if (room < sizeof(*chunk) + least)
		room = sizeof(*chunk) + least;
	chunk = fwc_block_alloc(room);
	if (!chunk)
		return -ENOMEM;
	chunk->older = a->chunk;
	a->chunk = chunk;
	a->used = sizeof(*chunk);
	a->room = room;
	a->total += room;
	return 0;
}

void *fwc_arena_alloc(struct fwc_arena *a, size_t size)
{
	uint8_t *p;

	size = size > SIZE_MAX / 2 ? SIZE_MAX : (size + 7) & ~(size_t)7;
	if (size == SIZE_MAX ||
	    ((!a->chunk || a->room - a->used < size) && add_chunk(a, size) < 0)) {
		a->failed = true;
		return NULL;
	}
	p = (uint8_t *)a->chunk + a->used;
	a->used += size;
	return memset(p, 0, size);
}

void *fwc_arena_copy(struct fwc_arena *a, const void *bytes, size_t size)
{
	void *p = fwc_arena_alloc(a, size ? size : 1);

	if (p && size)
		memcpy(p, bytes, size);
	return p;
}

char *fwc_arena_strdup(struct fwc_arena *a, const char *s)
{
	return fwc_arena_copy(a, s, strlen(s) + 1);
}

void fwc_arena_free(struct fwc_arena *a)
{
	while (a->chunk) {
		struct fwc_arena_chunk *older = a->chunk->older;

		free(a->chunk);
		a->chunk = older;
	}
	memset(a, 0, sizeof(*a));
}

int fwc_vec_push(struct fwc_vec *v, void *item)
{
	if (v->count == v->room) {
		size_t room = v->room ? v->room * 2 : 4;
		void **items = reallocarray(v->items, room, sizeof(*items));

		if (!items)
			return -ENOMEM;
		v->items = items;
		v->room = room;
	}
	v->items[v->count++] = item;
	return 0;
}

void fwc_vec_free(struct fwc_vec *v)
{
	free(v->items);
	memset(v, 0, sizeof(*v));
}

struct fwc_buf fwc_buf_over(char *data, size_t size)
{
	if (size)
		data[0] = '\0';
	return (struct fwc_buf){ .data = data, .room = size, .fixed = true };
}

void fwc_buf_free(struct fwc_buf *b)
{
	if (!b->fixed)
		free(b->data);
	memset(b, 0, sizeof(*b));
}

static bool grow(struct fwc_buf *b, size_t more)
{
	size_t room = b->room ? b->room : 128;
	char *data;

	if (b->failed || more > SIZE_MAX / 4)
		return false;
	if (b->room - b->len > more)
		return true;
	while (room - b->len <= more)
		room *= 2;
	data = realloc(b->data, room);
	if (!data) {
		b->failed = true;
		return false;
	}
	b->data = data;
	b->room = room;
	return true;
}

void fwc_buf_add(struct fwc_buf *b, const char *bytes, size_t len)
{
	if (b->fixed) {
		if (b->len < b->room) {
			size_t fits = b->room - b->len - 1;

			fits = fits < len ? fits : len;
			memcpy(b->data + b->len, bytes, fits);
			b->data[b->len + fits] = '\0';
		}
		b->len += len;
		return;
	}
	if (!grow(b, len))
		return;
	memcpy(b->data + b->len, bytes, len);
	b->len += len;
	b->data[b->len] = '\0';
}

void fwc_buf_puts(struct fwc_buf *b, const char *s)
{
	fwc_buf_add(b, s, strlen(s));
}

void fwc_buf_printf(struct fwc_buf *b, const char *fmt, ...)
{
	char text[512];
	va_list ap;
	int n;

	va_start(ap, fmt);
	n = vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	if (n < 0) {
		b->failed = true;
	} else if ((size_t)n < sizeof(text)) {
		fwc_buf_add(b, text, (size_t)n);
	} else {
		char *big = malloc((size_t)n + 1);

		if (!big) {
			b->failed = true;
			return;
		}
		va_start(ap, fmt);
		vsnprintf(big, (size_t)n + 1, fmt, ap);
		va_end(ap);
		fwc_buf_add(b, big, (size_t)n);
		free(big);
	}
}

int fwc_buf_finish(const struct fwc_buf *b, size_t *ret_needed)
{
	if (b->failed)
		return -ENOMEM;
	if (ret_needed)
		*ret_needed = b->len;
	return b->fixed && b->len >= b->room ? -ENOSPC : 0;
}
