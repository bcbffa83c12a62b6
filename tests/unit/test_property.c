/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What holds for every row of the tables of fields, targets, types and objects, tried with random constants: written as
 * bytes and read it is the same, printed and parsed it is the same. A new row is tried without a word here.
 *
 * The seed is always the same one, so that a change is what makes it fail: FWC_TEST_SEED=$(date +%s) tries others,
 * FWC_TEST_ROUNDS=N more of them.
 */
#include <stdarg.h>
#include <stdio.h>

#include "../check.h"
#include "fields/objects.h"
#include "nft/encode.h"
#include "nft/messages.h"
#include "text/text.h"

static struct fwc_error err;
static unsigned long long first_seed;
static unsigned int rounds = 3;

/* splitmix64 */
static uint64_t state;

static uint64_t roll(void)
{
	uint64_t z = state += 0x9e3779b97f4a7c15u;

	z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
	z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
	return z ^ (z >> 31);
}

static unsigned int below(unsigned int n)
{
	return (unsigned int)(roll() % n);
}

static const uint32_t families[] = { FWC_FAMILY_INET, FWC_FAMILY_IP,     FWC_FAMILY_IP6,
				     FWC_FAMILY_ARP,  FWC_FAMILY_BRIDGE, FWC_FAMILY_NETDEV };

/* ---- a chain, and one that is made of what the first was written as ---- */

struct place {
	struct fwc_ruleset *rs;
	struct fwc_table *table;
	struct fwc_chain *chain;
};

/* Filter and nat rules stand in chains without a hook alike. */
static struct place make_place(uint32_t family)
{
	struct place p = { .rs = fwc_ruleset_new() };

	p.table = fwc_ruleset_add_table(p.rs, family, "t", 0);
	p.chain = fwc_table_add_chain(p.table, "c", NULL);
	fwc_table_add_chain(p.table, "other", NULL);
	ck_assert_ptr_nonnull(p.chain);
	return p;
}

/* What the kernel calls the anonymous sets of a rule: they are told apart by these names in a dump. */
struct namer {
	struct fwc_nft_writer *w;
	struct fwc_table *to;
	unsigned int count;
};

static void read_messages(struct fwc_table *to, const struct fwc_wire *wire)
{
	size_t at = 0;

	while (at < wire->len) {
		const struct nlmsghdr *h = (const void *)(wire->data + at);
		struct fwc_slice attrs = { wire->data + at + NLMSG_HDRLEN + 4,
					   h->nlmsg_len - NLMSG_HDRLEN - 4 };
		int type = h->nlmsg_type & 0xff;

		ck_assert_int_eq(
			type == NFT_MSG_NEWSET
				? fwc_nft_read_set(to->ruleset, to->family, attrs, NULL)
				: fwc_nft_read_elements(to->ruleset, to->family, attrs, NULL),
			0);
		at += NLMSG_ALIGN(h->nlmsg_len);
	}
}

static void copy_list(struct namer *n, struct fwc_set *list)
{
	struct fwc_wire wire = { .data = NULL };
	struct fwc_nft_writer w = { .wire = &wire, .next_set_id = 1 };
	uint8_t *at;
	char name[16];

	snprintf(name, sizeof(name), "__%s%02u", list->data_count ? "map" : "set", n->count++);
	list->name = fwc_arena_strdup(&list->ruleset->arena, name);
	assert_ok(fwc_put_anonymous_set(&w, n->to, list, &err), err);
	while ((at = memmem(wire.data, wire.len, list->data_count ? "__map%d" : "__set%d", 7)))
		memcpy(at, name, 7);
	read_messages(n->to, &wire);
	fwc_wire_free(&wire);
}

static void copy_lists(struct namer *n, const struct fwc_value *v)
{
	if (v->kind == FWC_VALUE_LIST)
		copy_list(n, v->list);
	else if (v->kind == FWC_VALUE_BITS)
		copy_lists(n, v->of);
	else if (v->kind == FWC_VALUE_CONCAT || v->kind == FWC_VALUE_MAP)
		for (size_t i = 0; i < v->len; i++)
			copy_lists(n, v->child[i]);
}

static void copy_lists_of_rule(struct namer *n, const struct fwc_rule *r)
{
	for (const struct fwc_item *i = fwc_rule_items(r); i; i = i->next) {
		if (i->kind == FWC_ITEM_MATCH) {
			copy_lists(n, i->left);
			copy_lists(n, i->right);
		}
		for (uint32_t p = 1; i->kind == FWC_ITEM_TARGET && p <= i->target->type->count; p++)
			if (fwc_target_get_value(i->target, p))
				copy_lists(n, fwc_target_get_value(i->target, p));
	}
}

static const char *text_of(const struct fwc_rule *r)
{
	static char text[8][4096];
	static unsigned int next;
	char *to = text[next++ % 8];

	ck_assert_int_eq(fwc_rule_format(r, FWC_SYNTAX_NFT, to, sizeof(text[0]), NULL), 0);
	return to;
}

static void check_same(const struct fwc_rule *a, const struct fwc_rule *b, const char *how,
		       bool names)
{
	ck_assert_msg(fwc_nft_rules_equal(a, b), "%s %s: '%s' is '%s'",
		      fwc_family_name(a->chain->table->family), how, text_of(a), text_of(b));
	ck_assert_msg(!names || !strcmp(text_of(a), text_of(b)), "%s %s: '%s' is printed as '%s'",
		      fwc_family_name(a->chain->table->family), how, text_of(a), text_of(b));
}

static void check_bytes(const struct fwc_rule *r, bool names)
{
	struct place p = make_place(r->chain->table->family);
	struct fwc_wire wire = { .data = NULL };
	struct namer n = { .to = p.table };
	struct fwc_encoder e;
	struct fwc_rule *read;

	copy_lists_of_rule(&n, r);
	e = fwc_encoder_for(r, &wire, FWC_ENCODE_AS_LOADED, &err);
	for (const struct fwc_item *i = fwc_rule_items(r); i; i = i->next) {
		int code = fwc_encode_item(&e, i);

		ck_assert_msg(code == 0, "'%s' is not written: %s", text_of(r), err.msg);
	}
	read = fwc_chain_append(p.chain);
	read->raw = wire.data;
	read->raw_len = (uint16_t)wire.len;
	p.rs->decode = fwc_nft_decode_rule;
	for (const struct fwc_item *i = fwc_rule_items(read); i; i = i->next)
		ck_assert_msg(i->kind != FWC_ITEM_OPAQUE, "%s '%s' is read as '%s'",
			      fwc_family_name(p.table->family), text_of(r), text_of(read));
	check_same(r, read, "read", names);
	fwc_ruleset_free(p.rs);
	fwc_wire_free(&wire);
}

static void check_text(const struct fwc_rule *r)
{
	struct place p = make_place(r->chain->table->family);
	struct fwc_rule *parsed = fwc_chain_append_text(p.chain, FWC_SYNTAX_NFT, text_of(r));

	fwc_ruleset_error(p.rs, &err);
	ck_assert_msg(parsed != NULL, "%s '%s' is not parsed: %s", fwc_family_name(p.table->family),
		      text_of(r), err.msg);
	check_same(r, parsed, "parsed", true);
	fwc_ruleset_free(p.rs);
}

/* ---- constants ---- */

static void put(struct fwc_buf *out, const struct fwc_type *t)
{
	static const char *const names[] = { "eth0", "wlan1", "br-a", "lo" };
	uint8_t bytes[FWC_TYPE_BYTES_MOST], mask[FWC_TYPE_BYTES_MOST];

	fwc_type_mask(t, mask);
	for (size_t i = 0; i < sizeof(bytes); i++)
		bytes[i] = (uint8_t)roll() & mask[i];
	switch (t->form) {
	case FWC_FORM_IFNAME:
		fwc_buf_printf(out, "\"%s%u\"", names[below(4)], below(9));
		return;
	case FWC_FORM_TEXT:
		fwc_buf_printf(out, "\"ftp%u\"", below(99));
		return;
	case FWC_FORM_LABEL:
		fwc_buf_printf(out, "%u", below(128));
		return;
	case FWC_FORM_HOUR:
		fwc_buf_printf(out, "\"%02u:%02u\"", below(24), below(60));
		return;
	case FWC_FORM_DATE:
		fwc_buf_printf(out, "\"20%02u-06-%02u 08:30:00\"", 10 + below(60), 1 + below(28));
		return;
	case FWC_FORM_TIME:
		fwc_buf_printf(out, "%us", 1 + below(100000));
		return;
	case FWC_FORM_IFINDEX:
		fwc_buf_printf(out, "%u", 100 + below(1000));
		return;
	default:
		fwc_type_format(t, bytes, 8u * t->len, ",", out);
	}
}

static bool is_ordered(const struct fwc_type *t)
{
	return t->form == FWC_FORM_NUMBER || t->form == FWC_FORM_HEX || t->form == FWC_FORM_RAW ||
	       t->form == FWC_FORM_IP4 || t->form == FWC_FORM_IP6 || t->form == FWC_FORM_ETHER;
}

/* What stands right of a field: a constant, an operator and one, a list, a prefix. */
static void put_right(struct fwc_buf *out, const struct fwc_type *t)
{
	switch (below(5)) {
	case 0:
		fwc_buf_puts(out, "!= ");
		break;
	case 1:
		fwc_buf_puts(out, is_ordered(t) ? below(2) ? "< " : "> " : "");
		break;
	case 2:
		fwc_buf_puts(out, "{ ");
		put(out, t);
		fwc_buf_puts(out, " }");
		return;
	case 3:
		if (t->form == FWC_FORM_IP4)
			fwc_buf_printf(out, "10.%u.0.0/%u", below(256), 16 + below(16));
		else if (t->form == FWC_FORM_IP6)
			fwc_buf_printf(out, "2001:db8:%x::/%u", 1 + below(65535), 48 + below(80));
		else
			put(out, t);
		return;
	default:
		break;
	}
	put(out, t);
}

/* ---- fields ---- */

/* Two names for the same bytes: what is read has the name of one of them. */
static bool has_twin(const struct fwc_field_row *f)
{
	for (size_t i = 0; i < fwc_fields_count; i++) {
		const struct fwc_field_row *other = &fwc_fields[i];

		if (other != f && other->load == f->load && other->base == f->base &&
		    other->key == f->key && other->offset == f->offset &&
		    other->flags == f->flags && other->l4 == f->l4 &&
		    other->type->len == f->type->len && other->type->bits == f->type->bits)
			return true;
	}
	return false;
}

/* Some stand in one kind of message, or need a transport protocol before them. */
static const char *const befores[] = { "",
				       "meta l4proto tcp ",
				       "icmp type echo-request ",
				       "icmp type destination-unreachable ",
				       "icmp type redirect ",
				       "icmpv6 type echo-request ",
				       "icmpv6 type packet-too-big ",
				       "icmpv6 type parameter-problem ",
				       "icmpv6 type mld-listener-query ",
				       "icmpv6 type nd-neighbor-solicit ",
				       "icmpv6 type nd-redirect " };

/* The field in one of the families, behind what it needs. False: refused everywhere. */
static bool try_field(const struct fwc_field_row *f)
{
	struct fwc_buf right = { .data = NULL };
	unsigned int first = below(6);
	bool taken = false;

	put_right(&right, f->type);
	for (unsigned int i = 0; i < 6 * FWC_ARRAY_SIZE(befores) && !taken; i++) {
		struct place p = make_place(families[(first + i) % 6]);
		char text[1024];
		struct fwc_rule *r;

		snprintf(text, sizeof(text), "%s%s %s counter", befores[i / 6], f->name,
			 right.data);
		r = fwc_chain_append_text(p.chain, FWC_SYNTAX_NFT, text);
		taken = r != NULL;
		if (r) {
			check_bytes(r, !has_twin(f));
			check_text(r);
		} else {
			fwc_ruleset_error(p.rs, &err);
		}
		fwc_ruleset_free(p.rs);
	}
	fwc_buf_free(&right);
	return taken;
}

START_TEST(every_field_is_written_and_read_and_printed_and_parsed)
{
	for (unsigned long long seed = first_seed; seed < first_seed + rounds; seed++) {
		state = seed;
		for (size_t i = 0; i < fwc_fields_count; i++) {
			bool taken = false;

			for (int tries = 0; tries < 4; tries++)
				taken |= try_field(&fwc_fields[i]);
			ck_assert_msg(taken, "seed %llu: '%s' is taken nowhere: %s", seed,
				      fwc_fields[i].name, err.msg);
		}
	}
}
END_TEST

static Suite *property_suite(void)
{
	const char *seed = getenv("FWC_TEST_SEED"), *count = getenv("FWC_TEST_ROUNDS");
	Suite *s = suite_create("property");
	TCase *tc = tcase_create("property");

	first_seed = seed ? strtoull(seed, NULL, 10) : 1;
	if (count)
		rounds = (unsigned int)strtoul(count, NULL, 10);
	printf("# FWC_TEST_SEED=%llu, %u rounds\n", first_seed, rounds);
	fflush(stdout);
	tcase_set_timeout(tc, 600);
	tcase_add_test(tc, every_field_is_written_and_read_and_printed_and_parsed);
	suite_add_tcase(s, tc);
	return s;
}

TEST_MAIN(property_suite)
