/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What has no words and was kept as bytes, known only where the words are made of JSON: `opaque "1c0001..."`, and
 * extensions of iptables, `xt match "conntrack" 3 "01..."`. */
#include <linux/netfilter/nf_tables.h>

#include "text/parser.h"

static int digit_of(char c)
{
	static const char digits[] = "0123456789abcdef";
	const char *at = c ? strchr(digits, c) : NULL;

	return at ? (int)(at - digits) : -1;
}

int fwc_parse_bytes(struct fwc_parser *p, struct fwc_slice *ret)
{
	const struct fwc_token at = p->lx.token;
	uint8_t *bytes;

	if (at.kind != FWC_TOKEN_QUOTED || !at.len || at.len % 2)
		return fwc_parser_expected(p, "bytes as pairs of hexadecimal digits");
	bytes = fwc_arena_alloc(&p->rs->arena, at.len / 2);
	if (!bytes)
		return fwc_fail_memory(p->err);
	for (size_t i = 0; i < at.len / 2; i++) {
		int high = digit_of(at.text[2 * i]), low = digit_of(at.text[2 * i + 1]);

		if (high < 0 || low < 0)
			return fwc_parser_expected(p, "bytes as pairs of hexadecimal digits");
		bytes[i] = (uint8_t)(high << 4 | low);
	}
	*ret = (struct fwc_slice){ bytes, at.len / 2 };
	fwc_lexer_next(&p->lx);
	return 0;
}

/* One expression of the kernel's, whole and with its name: what surrounds it in a message must stay sound. */
static bool is_expression(struct fwc_slice s)
{
	struct fwc_attr elem, table[NFTA_EXPR_MAX + 1];

	return fwc_attr_next(&s, &elem) == 1 && s.len == 0 && elem.type == NFTA_LIST_ELEM &&
	       fwc_attrs_parse(fwc_attr_slice(&elem), table, NFTA_EXPR_MAX) == 0 &&
	       fwc_attr_text(&table[NFTA_EXPR_NAME]);
}

static int parse_expression(struct fwc_parser *p)
{
	struct fwc_token at = p->lx.token;
	struct fwc_slice bytes;

	if (fwc_parse_bytes(p, &bytes) < 0)
		return -EINVAL;
	if (!is_expression(bytes))
		return fwc_parser_fail_at(p, &at, "these bytes are no expression of the kernel's");
	return fwc_rule_add_opaque(p->rule, bytes.data, bytes.len) < 0 ? fwc_fail_memory(p->err)
								       : 0;
}

static int parse_extension(struct fwc_parser *p)
{
	static const struct fwc_symbol kinds[] = { { "match", 0 }, { "target", 1 }, { NULL, 0 } };
	struct fwc_extension e = { .info = NULL };
	struct fwc_slice bytes;
	uint64_t number;

	if (fwc_parser_symbol(p, kinds, "a kind of extension", &number) < 0)
		return -EINVAL;
	e.is_target = number;
	e.name = fwc_parser_text(p, "the name of an extension");
	if (!e.name || fwc_parser_number(p, "a revision", UINT8_MAX, &number) < 0 ||
	    fwc_parse_bytes(p, &bytes) < 0)
		return -EINVAL;
	e.revision = (uint32_t)number;
	e.info = bytes.data;
	e.len = (uint32_t)bytes.len;
	return fwc_rule_add_extension(p->rule, &e) < 0 ? fwc_fail_memory(p->err) : 0;
}

bool fwc_parse_begins_opaque(const struct fwc_parser *p)
{
	return p->of_json && (fwc_parser_is(p, "opaque") || fwc_parser_is(p, "xt"));
}

int fwc_parse_opaque(struct fwc_parser *p)
{
	if (fwc_parser_accept(p, "opaque"))
		return parse_expression(p);
	return fwc_parser_expect(p, "xt") < 0 ? -EINVAL : parse_extension(p);
}
