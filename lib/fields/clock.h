/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Times in words: spans, dates, hours of a day. Dates and hours are those of the time zone that the process is in, as
 * nft reads and writes them; the kernel has them in UTC. */
#ifndef FWC_FIELDS_CLOCK_H
#define FWC_FIELDS_CLOCK_H

#include "core/buf.h"

/* Milliseconds; digits alone are seconds. False when the text is none. */
bool fwc_clock_read_span(const char *text, size_t len, uint64_t *ret);
void fwc_clock_format_span(uint64_t ms, struct fwc_buf *out);
/* Nanoseconds since 1970; digits alone are seconds. */
bool fwc_clock_read_date(const char *text, size_t len, uint64_t *ret);
void fwc_clock_format_date(uint64_t ns, struct fwc_buf *out);
/* Seconds since midnight UTC; digits alone are those. */
bool fwc_clock_read_hour(const char *text, size_t len, uint64_t *ret);
void fwc_clock_format_hour(uint64_t s, struct fwc_buf *out);

#endif
