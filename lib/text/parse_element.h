/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Elements, of named sets and of lists within rules. */
#ifndef FWC_PARSE_ELEMENT_H
#define FWC_PARSE_ELEMENT_H

#include "text/parser.h"

/* A key, or `*`. */
const struct fwc_value *fwc_parse_element_key(struct fwc_parser *p,
					      const struct fwc_type *const *types, size_t count);
/* Behind a key: `counter packets 1 bytes 2 timeout 5m comment "x"`, in any order. `s` NULL: of a list. */
int fwc_parse_element_spec(struct fwc_parser *p, const struct fwc_set *s,
			   struct fwc_element_spec *spec);
bool fwc_element_spec_is_empty(const struct fwc_element_spec *spec);
int fwc_element_give(struct fwc_parser *p, struct fwc_element *e,
		     const struct fwc_element_spec *spec);
/* `{ ... }` into a set. */
int fwc_parse_elements(struct fwc_parser *p, struct fwc_set *s);
/* The text behind `comment`. */
int fwc_parse_comment(struct fwc_parser *p, const char **ret);
/* Adds a counter, limit, ... at the current token: 1, or 0 when there is none. */
int fwc_parse_stateful_into(struct fwc_parser *p, struct fwc_stateful *s);

#endif
