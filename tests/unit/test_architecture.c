/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* docs/ARCHITECTURE.md shows one rule as bytes: here they are encoded, and decoded from the page. */
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>

#include "../check.h"
#include "model/model.h"
#include "nft/nft.h"

static struct fwc_rule *the_rule(struct fwc_ruleset *rs)
{
	struct fwc_table *t = fwc_ruleset_add_table(rs, FWC_FAMILY_INET, "t", 0);
	struct fwc_chain *c = fwc_table_add_chain(t, "c", NULL);
	struct fwc_ip net = { FWC_FAMILY_IP, { 192, 0, 2, 0 } };
	struct fwc_rule *r = fwc_chain_append(c);

	fwc_rule_match_ip(r, FWC_FIELD_IP_SADDR, FWC_OP_EQ, &net, 24);
	fwc_rule_match_u64(r, FWC_FIELD_TCP_DPORT, FWC_OP_EQ, 22, 22);
	fwc_rule_counter(r);
	fwc_rule_verdict(r, FWC_VERDICT_ACCEPT, NULL);
	ck_assert_int_eq(fwc_ruleset_error(rs, NULL), 0);
	return r;
}

/* The hex between the page's `golden` marker and the end of that block. */
static size_t read_page(uint8_t *bytes, size_t room)
{
	FILE *f = fopen(FWC_SOURCE_ROOT "/docs/ARCHITECTURE.md", "r");
	char line[512];
	bool golden = false, block = false;
	size_t len = 0;

	ck_assert_ptr_nonnull(f);
	while (fgets(line, sizeof(line), f)) {
		const char *s = line;

		if (strstr(line, "<!-- golden"))
			golden = true;
		if (!strncmp(line, "```", 3) && golden && block)
			break;
		if (!strncmp(line, "```", 3) && golden) {
			block = true;
			continue;
		}
		/* Bytes in pairs; two spaces begin the explanation. */
		while (block && isxdigit((unsigned char)s[0]) && isxdigit((unsigned char)s[1]) &&
		       len < room) {
			bytes[len++] = (uint8_t)strtoul((char[]){ s[0], s[1], 0 }, NULL, 16);
			s += s[2] == ' ' ? 3 : 2;
		}
	}
	fclose(f);
	return len;
}

START_TEST(the_page_shows_what_the_encoder_writes)
{
	struct fwc_ruleset *rs = fwc_ruleset_new();
	struct fwc_wire wire = { 0 };
	uint8_t page[2048];
	size_t len = read_page(page, sizeof(page));

	ck_assert_int_eq(fwc_nft_canonical(&wire, the_rule(rs), NULL), 0);
	ck_assert_uint_eq(len, wire.len);
	ck_assert_mem_eq(page, wire.data, len);
	fwc_wire_free(&wire);
	fwc_ruleset_free(rs);
}
END_TEST

START_TEST(the_page_decodes_to_the_rule)
{
	struct fwc_ruleset *rs = fwc_ruleset_new(), *read = fwc_ruleset_new();
	struct fwc_rule *wanted = the_rule(rs), *r;
	uint8_t page[2048];
	char words[128];

	r = fwc_chain_append(fwc_table_add_chain(
		fwc_ruleset_add_table(read, FWC_FAMILY_INET, "t", 0), "c", NULL));
	r->raw_len = (uint16_t)read_page(page, sizeof(page));
	r->raw = page;
	ck_assert_int_eq(fwc_nft_decode_rule(r), 0);
	r->decoded = true;
	ck_assert(fwc_nft_rules_equal(wanted, r));
	ck_assert_int_eq(fwc_rule_format(r, FWC_SYNTAX_NFT, words, sizeof(words), NULL), 0);
	ck_assert_str_eq(words,
			 "ip saddr 192.0.2.0/24 tcp dport 22 counter packets 0 bytes 0 accept");
	fwc_ruleset_free(rs);
	fwc_ruleset_free(read);
}
END_TEST

static Suite *make_suite(void)
{
	Suite *s = suite_create("architecture");
	TCase *tc = tcase_create("one rule");

	tcase_add_test(tc, the_page_shows_what_the_encoder_writes);
	tcase_add_test(tc, the_page_decodes_to_the_rule);
	suite_add_tcase(s, tc);
	return s;
}

TEST_MAIN(make_suite)
