/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What the makers of values share: nodes with something behind them in the same allocation. */
#ifndef FWC_MODEL_VALUE_H
#define FWC_MODEL_VALUE_H

#include "model/model.h"

/* What lies behind a node's pointer. */
void *fwc_value_trailer(struct fwc_value *v);
/* With room for `count` children, all NULL. NULL when out of memory or for too many. */
struct fwc_value *fwc_value_alloc_children(struct fwc_arena *a, uint32_t kind, size_t count);
/* A field that is no row of the table, with its row. */
struct fwc_value *fwc_value_made(struct fwc_arena *a, const struct fwc_field_row *f);
/* With a copy of a name. */
struct fwc_value *fwc_value_alloc_name(struct fwc_arena *a, uint32_t kind, const char *name);

#endif
