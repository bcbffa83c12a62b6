/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What every part of the library uses: errors, ownership, memory. */
#ifndef FWC_CORE_H
#define FWC_CORE_H

#include <errno.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <fwcore/error.h>
#include <fwcore/types.h>

#define FWC_PRINTF(fmt, args) __attribute__((format(printf, fmt, args)))
#define FWC_ARRAY_SIZE(a) (sizeof(a) / sizeof((a)[0]))

/* Ownership: what a function owns is cleaned up unless it is handed over with fwc_take(). */
#define fwc_cleanup(fn) __attribute__((cleanup(fn)))
#define fwc_take(ptr)                                                                              \
	__extension__({                                                                            \
		__typeof__(ptr) taken_ = (ptr);                                                    \
		(ptr) = NULL;                                                                      \
		taken_;                                                                            \
	})
void fwc_freep(void *ptr); /* for fwc_cleanup(fwc_freep): frees what the variable points to */
void fwc_closep(int *fd); /* closes *fd unless it is negative */

/* Options structs: `size` is the caller's sizeof; a field beyond it has its default. */
#define fwc_opts_has(opts, field)                                                                  \
	((opts) && (opts)->size >= offsetof(__typeof__(*(opts)), field) + sizeof((opts)->field))
#define fwc_opts_get(opts, field, otherwise)                                                       \
	(fwc_opts_has(opts, field) ? (opts)->field : (otherwise))
/* A NULL opts is fine; a size that is no size, or non-zero bytes beyond what we know: -EINVAL, -E2BIG. */
int fwc_opts_check(const void *opts, size_t known, struct fwc_error *err);

/* Errors. All take a NULL err. Each returns `code`, so that callers can say `return fwc_fail(...)`. */
void fwc_error_clear(struct fwc_error *err);
int fwc_fail(struct fwc_error *err, int code, uint32_t object, const char *fmt, ...)
	FWC_PRINTF(4, 5);
int fwc_failv(struct fwc_error *err, int code, uint32_t object, const char *fmt, va_list ap);
int fwc_fail_memory(struct fwc_error *err);
/* Put words before the message that is there: `table inet t, chain c: ...`. */
void fwc_error_prepend(struct fwc_error *err, const char *fmt, ...) FWC_PRINTF(2, 3);
/* Copy a name into a fixed field, cut when it is longer; never cuts within a UTF-8 character. */
void fwc_copy_name(char *dst, size_t size, const char *name);

/* A name of a table, chain or set: 1 to 127 bytes of printable ASCII or UTF-8 that nft can read back. */
int fwc_check_name(const char *what, const char *name, struct fwc_error *err);
/* An interface's name as the kernel takes it and rules can be listed with it: 1 to 15 bytes, no '/', no ':', no white
 * space, not "." or ".."; no '"', no control characters. */
int fwc_check_ifname(const char *name, struct fwc_error *err);
/* A text of at most `max` bytes that is UTF-8 without control characters. */
int fwc_check_label(const char *what, const char *text, size_t max, struct fwc_error *err);
const char *fwc_family_name(uint32_t family); /* "inet"; NULL when unknown */
uint32_t fwc_family_find(const char *name, size_t len); /* 0 when unknown */
/* Whether its tables see packets of several network protocols: inet, bridge, netdev. */
bool fwc_family_is_mixed(uint32_t family);

enum { FWC_HUGE_PAGE = 2 * 1024 * 1024 };
/* Memory by malloc, for what may become large: from 2 MiB on in huge pages, where the kernel has them. */
void *fwc_block_alloc(size_t size);
/* A larger block that begins with the `used` bytes of the old one (NULL: none), which is gone. NULL when out of memory:
 * the old one is still there. */
void *fwc_block_grow(void *block, size_t used, size_t size);

/* Memory that is released all at once; addresses never move. Zero-initialised is empty. */
struct fwc_arena {
	struct fwc_arena_chunk *chunk;
	size_t used, room; /* of the newest chunk, its header counted */
	size_t total; /* bytes held, for measuring */
	bool failed; /* somebody was told NULL: what was made since may lack something */
};
void *fwc_arena_alloc(struct fwc_arena *a,
		      size_t size); /* zeroed, 8-aligned; NULL when out of memory */
void *fwc_arena_copy(struct fwc_arena *a, const void *bytes, size_t size);
char *fwc_arena_strdup(struct fwc_arena *a, const char *s);
void fwc_arena_free(struct fwc_arena *a);

/* A growing array of pointers. Zero-initialised is empty. */
struct fwc_vec {
	void **items;
	size_t count, room;
};
int fwc_vec_push(struct fwc_vec *v, void *item); /* 0 or -ENOMEM */
void fwc_vec_free(struct fwc_vec *v);

/* Addresses and prefixes. */
int fwc_ip_parse_prefix(const char *text, size_t len, struct fwc_ip *ret, uint32_t *ret_prefix_len,
			struct fwc_error *err);
unsigned int fwc_ip_bits(const struct fwc_ip *ip); /* 32 or 128, 0 for no family */
void fwc_mask_bits(uint8_t *bytes, size_t len,
		   unsigned int prefix_bits); /* clears what lies after the prefix */
/* The prefix length when `mask` is one (ones, then zeros), else -1. */
int fwc_mask_to_prefix(const uint8_t *mask, size_t len);

#endif
