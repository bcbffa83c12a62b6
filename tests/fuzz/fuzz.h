/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What libFuzzer calls, and what replay.c calls with every file of the corpus. */
#ifndef FWC_FUZZ_H
#define FWC_FUZZ_H

#include <stddef.h>
#include <stdint.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#endif
