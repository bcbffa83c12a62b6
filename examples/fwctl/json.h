/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * A JSON writer: calls nest as the text does, commas and escapes are its own matter.
 *
 *     json_open(j, NULL, '{');
 *     json_text(j, "name", "lo");
 *     json_close(j, '}');
 *
 * `key` is NULL for a member of an array and for the outermost value.
 */
#ifndef FWCTL_JSON_H
#define FWCTL_JSON_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

struct json {
	FILE *out;
	bool one_line; /* no line breaks within a value */
	unsigned int depth;
	bool follows; /* something stands before, in the same object or array */
};

void json_open(struct json *j, const char *key, char bracket); /* '{' or '[' */
void json_close(struct json *j, char bracket); /* '}' or ']'; ends the line of the outermost */
void json_text(struct json *j, const char *key, const char *text); /* NULL: null */
void json_number(struct json *j, const char *key, uint64_t number);
void json_bool(struct json *j, const char *key, bool value);

#endif
