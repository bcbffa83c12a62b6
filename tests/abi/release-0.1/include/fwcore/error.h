/* SPDX-License-Identifier: LGPL-2.1-or-later */
/**
 * @file error.h
 * What went wrong, and with which object: a struct of the caller, filled by the call that failed.
 *
 * The code is the contract, the text is for people.
 */
#ifndef FWCORE_ERROR_H
#define FWCORE_ERROR_H

#include <fwcore/types.h>

FWC_BEGIN_DECLS

enum {
	FWC_NO_INDEX = 0x7fffffff, /**< rule or item: none */
};

/** What a failed call left behind. */
enum fwc_outcome {
	FWC_OUTCOME_NOTHING = 0, /**< nothing was changed */
	FWC_OUTCOME_DONE = 1, /**< the change was made, what came after it failed */
	FWC_OUTCOME_UNKNOWN = 2, /**< the answer was lost: read again before deciding */
};

/**
 * Caller-owned, 512 bytes for this soname; needs no release. Every call clears it on entry.
 * New fields come out of reserved.
 */
struct fwc_error {
	int32_t code; /**< negative errno, 0 when nothing failed */
	uint32_t object; /**< enum fwc_object */
	uint32_t rule; /**< index of the rule in its chain, FWC_NO_INDEX if none */
	uint32_t item; /**< match or target within the rule, FWC_NO_INDEX if none */
	uint64_t handle; /**< the kernel's handle of the rule, 0 if none */
	uint32_t line; /**< in parsed text, from 1; 0 if none */
	uint32_t column; /**< in parsed text, in bytes from 1; 0 if none */
	uint32_t outcome; /**< enum fwc_outcome */
	uint32_t from_kernel; /**< 1 when the kernel refused, 0 when the library did */
	uint32_t offset; /**< the kernel's NLMSGERR_ATTR_OFFS, 0 if none */
	uint32_t reserved0; /**< 0 */
	char table[32]; /**< "" if none; long names are cut here, not in msg */
	char chain[32]; /**< chain, set or network by the object; "" if none */
	char kconfig[48]; /**< what the kernel may lack, "CONFIG_NFT_CT"; "" if unknown */
	char msg[288]; /**< one line without newline */
	uint8_t reserved[64]; /**< 0 */
};

FWC_END_DECLS
#endif
