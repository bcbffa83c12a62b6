/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>

#include "../check.h"
#include "nft/encode.h"
#include "nft_records.h"

static uint8_t *unhex(const char *text, size_t *ret_len)
{
	size_t len = strcspn(text, "\n") / 2;
	uint8_t *bytes = malloc(len ? len : 1);

	ck_assert_ptr_nonnull(bytes);
	for (size_t i = 0; i < len; i++) {
		unsigned int byte;

		ck_assert_int_eq(sscanf(text + 2 * i, "%2x", &byte), 1);
		bytes[i] = (uint8_t)byte;
	}
	*ret_len = len;
	return bytes;
}

static int read_record(struct records *r, const char *kind, uint32_t family, struct fwc_slice attrs)
{
	if (!strcmp(kind, "table"))
		return fwc_nft_read_table(r->rs, family, attrs, NULL);
	if (!strcmp(kind, "chain"))
		return fwc_nft_read_chain(r->rs, family, attrs, NULL);
	if (!strcmp(kind, "set"))
		return fwc_nft_read_set(r->rs, family, attrs, NULL);
	if (!strcmp(kind, "elements"))
		return fwc_nft_read_elements(r->rs, family, attrs, NULL);
	ck_assert_str_eq(kind, "rule");
	return fwc_nft_read_rule(r->rs, family, attrs, &r->rules[r->count++]);
}

struct records records_load(const char *name)
{
	struct records r = { .rs = fwc_ruleset_new() };
	char path[1024], *line = NULL;
	size_t room = 0;
	FILE *file;

	snprintf(path, sizeof(path), "%s/nft/%s.dump", FWC_TEST_DATA, name);
	file = fopen(path, "r");
	ck_assert_msg(file != NULL, "%s cannot be opened", path);
	while (getline(&line, &room, file) > 0) {
		char kind[16];
		unsigned int family;
		int at;
		struct fwc_slice attrs;
		uint8_t *bytes;

		line[strcspn(line, "\n")] = '\0';
		if (!strncmp(line, "# Warning", 9))
			continue;
		if (line[0] == '#') {
			r.words[r.count] = strdup(line + 2);
			continue;
		}
		ck_assert_int_eq(sscanf(line, "%15s %u %n", kind, &family, &at), 2);
		bytes = unhex(line + at, &attrs.len);
		attrs.data = bytes;
		ck_assert_int_eq(read_record(&r, kind, family, attrs), 0);
		free(bytes); /* nothing of it may be looked at later */
	}
	free(line);
	fclose(file);
	ck_assert_uint_gt(r.count, 0);
	return r;
}

void records_free(struct records *r)
{
	for (size_t i = 0; i < r->count; i++)
		free(r->words[i]);
	fwc_ruleset_free(r->rs);
}

struct fwc_rule *records_find(const struct records *r, const char *words)
{
	for (size_t i = 0; i < r->count; i++)
		if (r->words[i] && !strcmp(r->words[i], words))
			return r->rules[i];
	ck_abort_msg("the dump has no rule '%s'", words);
	return NULL;
}

int records_encode(const struct fwc_rule *r, struct fwc_wire *wire, struct fwc_error *err)
{
	struct fwc_encoder e = fwc_encoder_for(r, wire, FWC_ENCODE_AS_LOADED, err);

	for (const struct fwc_item *i = fwc_rule_items(r); i; i = i->next) {
		int code = fwc_encode_item(&e, i);

		if (code < 0)
			return code;
	}
	return fwc_wire_error(wire, err);
}

size_t records_opaque(const struct fwc_rule *r)
{
	size_t count = 0;

	for (const struct fwc_item *i = fwc_rule_items(r); i; i = i->next)
		count += i->kind == FWC_ITEM_OPAQUE;
	return count;
}
