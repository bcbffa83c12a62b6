/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* How the words of a field stand in JSON: a table for both directions. */
#ifndef FWC_JSON_FIELD_H
#define FWC_JSON_FIELD_H

#include "fields/fields.h"

enum fwc_json_part_form {
	FWC_JSON_WORD = 1, /* up to a blank or comma */
	FWC_JSON_NUMBER,
	FWC_JSON_REST, /* all words that are left */
	FWC_JSON_DOTTED, /* words with ` . ` between: an array */
	FWC_JSON_AGAIN, /* no words of its own: the text of the first part once more */
	FWC_JSON_FIXED, /* no words: a number that says which row it is */
};

/* A part of a field's words and the key it has. */
struct fwc_json_part {
	const char *key; /* NULL: the row ends */
	uint8_t form; /* enum fwc_json_part_form */
	bool optional;
	const char *before; /* what stands before it; NULL: a blank */
	const char *only[3]; /* WORD: there is no other; none: any */
	uint8_t fixed;
};

struct fwc_json_field_row {
	const char *object; /* "tcp option" */
	const char *words; /* what a field begins with; "": its first part */
	uint8_t load; /* enum fwc_load */
	int16_t base; /* as in the field's row; -1: any */
	bool exists; /* compared with true and false */
	struct fwc_json_part parts[4];
};

extern const struct fwc_json_field_row fwc_json_fields[];
extern const size_t fwc_json_fields_count;

#endif
