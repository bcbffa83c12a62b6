/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Errors: filled once, where the cause is known; callers add only where it happened. */
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "core/core.h"

void fwc_freep(void *ptr)
{
	void **p = ptr;

	free(*p);
	*p = NULL;
}

void fwc_closep(int *fd)
{
	int saved = errno;

	if (*fd >= 0)
		close(*fd);
	*fd = -1;
	errno = saved;
}

void fwc_error_clear(struct fwc_error *err)
{
	if (!err)
		return;
	memset(err, 0, sizeof(*err));
	err->rule = FWC_NO_INDEX;
	err->item = FWC_NO_INDEX;
}

/* Length of `s` cut to at most `max` bytes, not within a UTF-8 character. */
static size_t cut_length(const char *s, size_t max)
{
	size_t len = strnlen(s, max + 1);

	if (len <= max)
		return len;
	len = max;
	while (len && ((unsigned char)s[len] & 0xc0) == 0x80)
		len--;
	return len;
}

void fwc_copy_name(char *dst, size_t size, const char *name)
{
	size_t len = cut_length(name, size - 1);

	memcpy(dst, name, len);
	dst[len] = '\0';
}

int fwc_failv(struct fwc_error *err, int code, uint32_t object, const char *fmt, va_list ap)
{
	char text[1024];

	if (!err)
		return code;
	fwc_error_clear(err);
	err->code = code;
	err->object = object;
	vsnprintf(text, sizeof(text), fmt, ap);
	for (char *c = text; *c; c++)
		if ((unsigned char)*c < 0x20 || *c == 0x7f)
			*c = '?'; /* the message is one line, whatever was quoted */
	fwc_copy_name(err->msg, sizeof(err->msg), text);
	return code;
}

int fwc_fail(struct fwc_error *err, int code, uint32_t object, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	fwc_failv(err, code, object, fmt, ap);
	va_end(ap);
	return code;
}

int fwc_fail_memory(struct fwc_error *err)
{
	return fwc_fail(err, -ENOMEM, FWC_OBJECT_NONE, "out of memory");
}

void fwc_error_prepend(struct fwc_error *err, const char *fmt, ...)
{
	char where[512], text[1024];
	va_list ap;
	size_t room;

	if (!err)
		return;
	va_start(ap, fmt);
	vsnprintf(where, sizeof(where), fmt, ap);
	va_end(ap);
	/* Long names are shortened, never the cause. */
	room = sizeof(err->msg) - 1;
	if (strlen(err->msg) + 2 < room) {
		room -= strlen(err->msg) + 2;
		where[cut_length(where, room)] = '\0';
		snprintf(text, sizeof(text), "%s: %s", where, err->msg);
		fwc_copy_name(err->msg, sizeof(err->msg), text);
	}
}

int fwc_opts_check(const void *opts, size_t known, struct fwc_error *err)
{
	size_t size;

	if (!opts)
		return 0;
	memcpy(&size, opts, sizeof(size));
	if (size < sizeof(size) || size > 4096)
		return fwc_fail(err, -EINVAL, FWC_OBJECT_ARGUMENT,
				"size of the options is %zu: set it to sizeof the struct", size);
	for (size_t i = known; i < size; i++)
		if (((const uint8_t *)opts)[i])
			return fwc_fail(
				err, -E2BIG, FWC_OBJECT_ARGUMENT,
				"the options hold a field that this version of the library does not know");
	return 0;
}
