/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Messages of nf_tables as a kernel, or whoever, sends them: read, looked at, written again.
 *
 * Input: records of {kind, family, length as 16 bits little-endian, attributes}, as tests/kernel/nft_dump -b writes. */
#include <stdio.h>
#include <stdlib.h>

#include "fuzz.h"
#include "iptables/iptables.h"
#include "nft/nft.h"

static void read_record(struct fwc_ruleset *rs, uint8_t kind, uint32_t family, const uint8_t *bytes,
			size_t len)
{
	/* Of exactly its size, so that one byte read too far is seen; and gone before anything is looked at. */
	uint8_t *exact = malloc(len ? len : 1);
	struct fwc_slice attrs = { exact, len };

	if (!exact)
		abort();
	memcpy(exact, bytes, len);
	switch (kind % 5) {
	case 0:
		fwc_nft_read_table(rs, family, attrs, NULL);
		break;
	case 1:
		fwc_nft_read_chain(rs, family, attrs, NULL);
		break;
	case 2:
		fwc_nft_read_set(rs, family, attrs, NULL);
		break;
	case 3:
		fwc_nft_read_elements(rs, family, attrs, NULL);
		break;
	default:
		fwc_nft_read_rule(rs, family, attrs, NULL);
	}
	free(exact);
}

static void write_set(struct fwc_nft_writer *w, const struct fwc_set *s)
{
	const struct fwc_element *const *elements =
		(const struct fwc_element *const *)s->elements.items;

	if (fwc_nft_put_set(w, s, true, NULL) < 0)
		return;
	fwc_nft_put_elements(w, s, elements, s->elements.count, 0, true, NULL);
	fwc_nft_del_elements(w, s, elements, s->elements.count, NULL);
}

/* What was read must be encodable as canonical bytes, and equal to itself. */
static void look_at(struct fwc_nft_writer *w, const struct fwc_rule *r)
{
	struct fwc_wire canonical = { .data = NULL };
	struct fwc_buf words = { 0 };
	char expression[32];

	for (const struct fwc_item *i = fwc_rule_items(r); i; i = i->next)
		if (!i->kind)
			abort();
	if (fwc_nft_canonical(&canonical, r, NULL) < 0 || !fwc_nft_rules_equal(r, r))
		abort();
	fwc_wire_free(&canonical);
	fwc_nft_put_rule(w, r, FWC_NFT_APPEND, 0, true, NULL);
	fwc_nft_item_at(r, 60, expression);
	fwc_xt_format_rule(r, &words, NULL);
	fwc_buf_free(&words);
}

static void write_all(struct fwc_ruleset *rs)
{
	struct fwc_wire wire = { .data = NULL };
	struct fwc_nft_writer w = { .wire = &wire, .owner = "fuzz" };

	for (size_t i = 0; i < rs->tables.count; i++) {
		const struct fwc_table *t = rs->tables.items[i];

		fwc_nft_put_table(&w, t);
		for (size_t j = 0; j < t->sets.count; j++)
			write_set(&w, t->sets.items[j]);
		for (size_t j = 0; j < t->chains.count; j++) {
			const struct fwc_chain *c = t->chains.items[j];

			fwc_nft_put_chain(&w, c, true);
			for (size_t k = 0; k < c->rules.count; k++)
				look_at(&w, c->rules.items[k]);
		}
	}
	fwc_wire_free(&wire);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct fwc_ruleset *rs = fwc_ruleset_new();

	if (!rs)
		return 0;
	while (size >= 4) {
		size_t len = data[2] | (size_t)data[3] << 8;

		if (len > size - 4)
			len = size - 4;
		read_record(rs, data[0], data[1], data + 4, len);
		data += 4 + len;
		size -= 4 + len;
	}
	write_all(rs);
	fwc_ruleset_free(rs);
	return 0;
}
