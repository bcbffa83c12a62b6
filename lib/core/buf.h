/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A growing text. The first failure to grow sticks; fwc_buf_error() tells at the end. */
#ifndef FWC_BUF_H
#define FWC_BUF_H

#include "core/core.h"

struct fwc_buf {
	char *data; /* NUL-terminated when not NULL */
	size_t len, room;
	bool failed;
	bool fixed; /* data is the caller's: len goes on counting, bytes past room are dropped */
};

/* Over the caller's memory, as the public *_format() calls need it. */
struct fwc_buf fwc_buf_over(char *data, size_t size);
void fwc_buf_free(struct fwc_buf *b);
void fwc_buf_add(struct fwc_buf *b, const char *bytes, size_t len);
void fwc_buf_puts(struct fwc_buf *b, const char *s);
void fwc_buf_printf(struct fwc_buf *b, const char *fmt, ...) FWC_PRINTF(2, 3);
/* What a public *_format() answers: 0, -ENOSPC, -ENOMEM; fills *ret_needed. */
int fwc_buf_finish(const struct fwc_buf *b, size_t *ret_needed);

#endif
