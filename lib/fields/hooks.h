/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The hooks of each family: their names, the kernel's numbers, and which types of chain stand there. */
#ifndef FWC_HOOKS_H
#define FWC_HOOKS_H

#include "core/core.h"

/* Hooks of a family are numbered by the kernel anew: 0 is prerouting in ip, input in arp, ingress in netdev. */
bool fwc_hook_to_kernel(uint32_t family, uint32_t hook, uint32_t *ret);
bool fwc_hook_of_kernel(uint32_t family, uint32_t number, uint32_t *ret);
const char *fwc_hook_name(uint32_t hook); /* "ingress"; NULL when unknown */
/* Whether a base chain of that type may stand there: 0, -EINVAL with what is allowed in that family. */
int fwc_hook_check(uint32_t family, uint32_t hook, uint32_t type, struct fwc_error *err);
/* Chains at this hook see the packets of devices. */
bool fwc_hook_has_devices(uint32_t hook);

const char *fwc_chain_type_name(uint32_t type); /* "nat"; NULL when unknown */
uint32_t fwc_chain_type_find(const char *name); /* 0 when unknown */

#endif
