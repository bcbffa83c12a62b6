/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* How the parameters of targets and named objects stand in JSON: a table for both directions. */
#ifndef FWC_JSON_STATEMENT_H
#define FWC_JSON_STATEMENT_H

#include "model/model.h"

enum fwc_json_key_form {
	FWC_JSON_KEY_NUMBER = 1,
	FWC_JSON_KEY_NEEDED, /* a number that is 0 when it is not given */
	FWC_JSON_KEY_TEXT, /* in quotes, where it is words */
	FWC_JSON_KEY_NAME, /* without them */
	FWC_JSON_KEY_WORD, /* a number by its word */
	FWC_JSON_KEY_FLAGS, /* bits by their words: an array */
	FWC_JSON_KEY_TRUE, /* 1: true; 0: not there */
	FWC_JSON_KEY_VALUE,
	FWC_JSON_KEY_STATE, /* a number that is left out without state */
	FWC_JSON_KEY_SECONDS, /* milliseconds in words */
	FWC_JSON_KEY_PROTOCOL, /* inet_proto */
	FWC_JSON_KEY_FAMILY,
};

/* A parameter: its key, and the words that stand before it in nft's language. */
struct fwc_json_key_row {
	const char *key; /* NULL: the row ends */
	uint8_t param;
	uint8_t form; /* enum fwc_json_key_form */
	const struct fwc_symbol *words; /* WORD, FLAGS */
	const char *before;
	const char *between; /* FLAGS: of their words */
};

struct fwc_json_statement_row {
	uint32_t kind; /* enum fwc_target_kind */
	const char *name;
	struct fwc_json_key_row keys[7];
};

/* NULL: the kind has a form of its own. */
const struct fwc_json_statement_row *fwc_json_statement_of(uint32_t kind);
const struct fwc_json_statement_row *fwc_json_statement_named(const char *name);

/* What a named object of a kind does. */
const struct fwc_json_statement_row *fwc_json_object_of(uint32_t kind);

extern const struct fwc_symbol fwc_json_log_flags[];
extern const struct fwc_symbol fwc_json_nat_flags[];

#endif
