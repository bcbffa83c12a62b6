/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What the parsers of targets share. */
#ifndef FWC_PARSE_TARGET_H
#define FWC_PARSE_TARGET_H

#include "text/parser.h"

/* Fills `t`, whose word has been read. */
typedef int (*fwc_parse_fn)(struct fwc_parser *p, struct fwc_target *t);

/* Several words in a row: all of them are taken, or none. */
bool fwc_parser_accept_words(struct fwc_parser *p, const char *words);
/* An option is given once: `log prefix "a" prefix "b"` is a mistake. */
int fwc_parse_once(struct fwc_parser *p, const struct fwc_target *t, uint32_t param);
/* A number within the limits of that parameter. */
int fwc_parse_number_param(struct fwc_parser *p, struct fwc_target *t, uint32_t param);
/* A number and, for amounts of bytes, its unit. */
int fwc_parse_amount(struct fwc_parser *p, uint64_t *ret, bool *ret_bytes);
/* An address that may stand in brackets, alone or as a range. */
const struct fwc_value *fwc_parse_address(struct fwc_parser *p, const struct fwc_type *t);
/* The family of a literal address that follows, where nothing else says it. */
uint32_t fwc_parse_guess_family(const struct fwc_parser *p);
/* A counter, limit, quota, ... at the current token, for elements of sets: 1, 0 when there is none. */
int fwc_parse_stateful(struct fwc_parser *p, struct fwc_target **ret);

/* The same behind its word, which was read: in a named object. */
int fwc_parse_stateful_body(struct fwc_parser *p, struct fwc_target *t);

/* ---- parse_object.c ---- */

/* The words of a chain's or flowtable's priority, `filter + 10`; NULL: there are none. */
const char *fwc_parse_priority(struct fwc_parser *p);
/* `counter`, `ct helper`: the row of the words that are read, NULL when none begins here. */
struct fwc_object_words;
const struct fwc_object_words *fwc_parse_object_kind(struct fwc_parser *p);
/* One statement of its declaration, but the comment. */
int fwc_parse_object_statement(struct fwc_parser *p, struct fwc_target *t);

/* ---- parse_statement.c ---- */

int fwc_parse_quota(struct fwc_parser *p, struct fwc_target *t);
int fwc_parse_connlimit(struct fwc_parser *p, struct fwc_target *t);
int fwc_parse_last(struct fwc_parser *p, struct fwc_target *t);
int fwc_parse_nothing(struct fwc_parser *p, struct fwc_target *t);
int fwc_parse_synproxy(struct fwc_parser *p, struct fwc_target *t);
int fwc_parse_queue(struct fwc_parser *p, struct fwc_target *t);
int fwc_parse_tproxy(struct fwc_parser *p, struct fwc_target *t);
int fwc_parse_dup(struct fwc_parser *p, struct fwc_target *t);
int fwc_parse_fwd(struct fwc_parser *p, struct fwc_target *t);
int fwc_parse_strip(struct fwc_parser *p, struct fwc_target *t);
int fwc_parse_flow(struct fwc_parser *p, struct fwc_target *t);
int fwc_parse_add(struct fwc_parser *p, struct fwc_target *t);
int fwc_parse_update(struct fwc_parser *p, struct fwc_target *t);
int fwc_parse_delete(struct fwc_parser *p, struct fwc_target *t);
/* `counter name "x"` and the like: 1 with *ret, 0 when none begins here. */
int fwc_parse_objref(struct fwc_parser *p, struct fwc_target **ret);

#endif
