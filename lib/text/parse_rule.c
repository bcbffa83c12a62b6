/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* One rule: matches, targets, comment. */
#include <netinet/in.h>

#include <linux/icmp.h>
#include <linux/icmpv6.h>
#include <linux/if_ether.h>
#include <linux/netfilter.h>

#include "iptables/iptables.h"
#include "model/protocols.h"
#include "text/json/json.h"
#include "text/parse_target.h"

enum {
	RULE_TEXT_MOST = 1024 * 1024 - 1, /* bytes */
	ITEMS_MOST = 128, /* NFT_RULE_MAXEXPRS: every item needs an expression at least */
	OP_NONE = 0, /* no operator was written */
};

/* ---- matches ---- */

struct match {
	struct fwc_expression left;
	uint32_t op; /* enum fwc_op, OP_NONE */
	const struct fwc_value *right;
	struct fwc_token at, right_at;
	bool masked; /* as in struct fwc_item */
};

static uint32_t parse_operator(struct fwc_parser *p)
{
	static const struct fwc_symbol ops[] = {
		{ "==", FWC_OP_EQ },     { "eq", FWC_OP_EQ }, { "!=", FWC_OP_NE },
		{ "ne", FWC_OP_NE },     { "<", FWC_OP_LT },  { "lt", FWC_OP_LT },
		{ "<=", FWC_OP_LE },     { "le", FWC_OP_LE }, { ">", FWC_OP_GT },
		{ "gt", FWC_OP_GT },     { ">=", FWC_OP_GE }, { "ge", FWC_OP_GE },
		{ "!", FWC_OP_NONE_OF },
	};

	for (size_t i = 0; i < FWC_ARRAY_SIZE(ops); i++)
		if (fwc_parser_accept(p, ops[i].name))
			return (uint32_t)ops[i].value;
	return OP_NONE;
}

static bool is_flags(const struct fwc_value *v)
{
	return v->kind == FWC_VALUE_FIELD &&
	       (v->type->form == FWC_FORM_BITS || v->type->form == FWC_FORM_LABEL);
}

static int made(struct fwc_parser *p, const struct fwc_value *v)
{
	return v ? 0 : fwc_fail_memory(p->err);
}

/* `tcp flags syn / syn,ack`: what is compared, then the bits that are looked at. */
static int parse_slash(struct fwc_parser *p, struct match *m)
{
	const struct fwc_value *mask;
	uint64_t bits;

	mask = fwc_parse_constant(p, m->left.types[0], true);
	if (!mask || !fwc_value_get_number(mask, &bits))
		return -EINVAL;
	m->left.value = fwc_value_make_bits(&p->rs->arena, m->left.value, FWC_BITS_AND, bits);
	m->op = m->op == FWC_OP_NE ? FWC_OP_NE : FWC_OP_EQ;
	return made(p, m->left.value);
}

/* Whether any or none of some bits are set has operators of its own: `tcp flags & (syn|ack) == 0` is `! syn,ack`. */
static int simplify_flags(struct fwc_parser *p, struct match *m)
{
	const struct fwc_value *left = m->left.value;
	const struct fwc_type *t = m->left.types[0];
	uint64_t right, all = fwc_bits_all(t);
	uint8_t bytes[16];

	if (!fwc_value_get_number(m->right, &right))
		return 0;
	if (left->kind == FWC_VALUE_BITS && left->op == FWC_BITS_AND && is_flags(left->of) &&
	    !right && (m->op == FWC_OP_EQ || m->op == FWC_OP_NE)) {
		m->op = m->op == FWC_OP_EQ ? FWC_OP_NONE_OF : FWC_OP_ANY_OF;
		m->left.value = left->of;
		right = left->mask;
	}
	if ((m->op == FWC_OP_ANY_OF || m->op == FWC_OP_NONE_OF) && right == all) {
		m->op = m->op == FWC_OP_ANY_OF ? FWC_OP_NE : FWC_OP_EQ;
		right = 0; /* looking at all bits is looking at the whole value */
	}
	if (!fwc_type_put_number(t, right, bytes))
		return 0;
	m->right = fwc_value_constant(&p->rs->arena, t, bytes);
	return made(p, m->right);
}

/* `ip saddr & 255.0.0.0 == 10.0.0.0` is a prefix, unless bits outside of the mask are asked for. */
static int simplify_prefix(struct fwc_parser *p, struct match *m)
{
	const struct fwc_value *left = m->left.value, *right = m->right;
	uint8_t mask[16];
	int bits = m->left.prefix_mask;

	if (m->left.count != 1 || right->kind != FWC_VALUE_CONSTANT ||
	    (m->op != FWC_OP_EQ && m->op != FWC_OP_NE))
		return 0;
	if (left->kind == FWC_VALUE_BITS && left->op == FWC_BITS_AND &&
	    left->of->kind == FWC_VALUE_FIELD && left->type->form == FWC_FORM_IP4) {
		for (size_t i = 0; i < 4; i++)
			mask[i] = (uint8_t)(left->mask >> (24 - 8 * i));
		bits = fwc_mask_to_prefix(mask, 4);
		left = left->of;
	}
	if (bits < 0)
		return 0;
	memset(mask, 0xff, right->len);
	fwc_mask_bits(mask, right->len, (unsigned int)bits);
	for (size_t i = 0; i < right->len; i++)
		if (right->bytes[i] & ~mask[i])
			return 0;
	m->left.value = left;
	m->left.prefix_mask = -1;
	m->masked = bits && bits % 8 == 0;
	m->right = fwc_value_prefix_of(&p->rs->arena, right->type, right->bytes, (uint32_t)bits);
	return made(p, m->right);
}

/* A mark is compared with a prefix by its bits: `meta mark 0x1200/24` is `meta mark & 0xffffff00 == 0x1200`. */
static int simplify_number_prefix(struct fwc_parser *p, struct match *m)
{
	unsigned int left = 8u * m->left.types[0]->len - p->number_prefix;

	if (!p->number_prefix || m->right->kind != FWC_VALUE_RANGE || m->left.count != 1 ||
	    m->left.value->kind != FWC_VALUE_FIELD || m->left.types[0]->form != FWC_FORM_HEX ||
	    (m->op != FWC_OP_EQ && m->op != FWC_OP_NE))
		return 0;
	m->left.value = fwc_value_make_bits(&p->rs->arena, m->left.value, FWC_BITS_AND,
					    fwc_bits_all(m->left.types[0]) >> left << left);
	m->right = m->right->child[0];
	return made(p, m->left.value);
}

/* `meta mark ^ 0xff == 1` asks for one mark: 0xfe. */
static int simplify_xor(struct fwc_parser *p, struct match *m)
{
	const struct fwc_value *left = m->left.value;
	uint8_t bytes[16];
	uint64_t right;

	if (left->kind != FWC_VALUE_BITS || left->op != FWC_BITS_XOR ||
	    (m->op != FWC_OP_EQ && m->op != FWC_OP_NE) || !fwc_value_get_number(m->right, &right) ||
	    !fwc_type_put_number(left->type, right ^ left->mask, bytes))
		return 0;
	m->left.value = left->of;
	m->right = fwc_value_constant(&p->rs->arena, left->type, bytes);
	return made(p, m->right);
}

/* What no operator means, and the one form of what can be written in several. */
static int simplify(struct fwc_parser *p, struct match *m)
{
	bool constant = m->right->kind == FWC_VALUE_CONSTANT;
	int r;

	if (m->op == OP_NONE)
		m->op = constant && is_flags(m->left.value) ? FWC_OP_ANY_OF : FWC_OP_EQ;
	if (m->op == FWC_OP_NONE_OF && (!constant || !is_flags(m->left.value)))
		return fwc_parser_fail_at(
			p, &m->right_at,
			"'!' goes with flags only, as in `tcp flags ! syn`: write '!='");
	r = constant && m->left.count == 1 && m->left.types[0]->form == FWC_FORM_BITS
		    ? simplify_flags(p, m)
		    : 0;
	if (r == 0)
		r = simplify_prefix(p, m);
	if (r == 0)
		r = simplify_number_prefix(p, m);
	if (r == 0)
		r = simplify_xor(p, m);
	if (r == 0 && m->left.prefix_mask >= 0)
		r = fwc_parser_fail_at(p, &m->right_at,
				       "a masked IPv6 address is compared with == or != "
				       "and an address within the mask");
	return r;
}

/* `icmp id` is in echoes only: as nft does, a match on the type is put before it where there is none. */
static int require_icmp_type(struct fwc_parser *p, const struct fwc_value *left)
{
	const struct fwc_protocols protocols = fwc_protocols_of(p->rule);
	const struct fwc_field_row *f = fwc_protocols_lack_icmp(&protocols, left), *type;
	const struct fwc_value *right, *first;
	uint8_t reply;
	struct fwc_set *s;

	if (!f)
		return 0;
	type = fwc_field_by_id(f->l3 == NFPROTO_IPV4 ? FWC_FIELD_ICMP_TYPE : FWC_FIELD_ICMPV6_TYPE);
	first = right = fwc_value_constant(&p->rs->arena, type->type, &f->icmp);
	if (right && (f->icmp == ICMP_ECHO || f->icmp == ICMPV6_ECHO_REQUEST)) {
		reply = f->icmp == ICMP_ECHO ? ICMP_ECHOREPLY : ICMPV6_ECHO_REPLY;
		s = fwc_set_new_anonymous(p->rs, &type->type, 1, NULL, 0);
		right = fwc_value_constant(&p->rs->arena, type->type, &reply);
		if (!s || !right || !fwc_set_push(s, first, NULL) || !fwc_set_push(s, right, NULL))
			return fwc_fail_memory(p->err);
		right = fwc_value_make_list(&p->rs->arena, s);
	}
	if (!right)
		return fwc_fail_memory(p->err);
	return fwc_rule_bind_match(p->rule, fwc_value_of_field(type), FWC_OP_EQ, right, p->err);
}

/* `ip saddr & 0xff == 1`: what is left of an address is a number. */
static const struct fwc_value *parse_right(struct fwc_parser *p, const struct match *m)
{
	const struct fwc_type *t = m->left.types[0];
	const struct fwc_token *word = &p->lx.token;
	const struct fwc_value *v;
	uint8_t bytes[4];
	uint64_t number;

	if (m->left.value->kind != FWC_VALUE_BITS || t->form != FWC_FORM_IP4 ||
	    word->kind != FWC_TOKEN_WORD || strspn(word->text, "0123456789") < word->len)
		return fwc_parse_right(p, m->left.types, m->left.count);
	if (fwc_parser_number(p, "a number", UINT32_MAX, &number) < 0)
		return NULL;
	for (size_t i = 0; i < sizeof(bytes); i++)
		bytes[i] = (uint8_t)(number >> (24 - 8 * i));
	v = fwc_value_constant(&p->rs->arena, t, bytes);
	if (!v)
		fwc_fail_memory(p->err);
	return v;
}

static int finish_match(struct fwc_parser *p, struct match *m)
{
	int r = fwc_parser_place(p, &m->at, require_icmp_type(p, m->left.value));
	struct fwc_item **at = p->rule->tail;

	if (r < 0)
		return r;
	m->op = parse_operator(p);
	m->right_at = p->lx.token;
	p->number_prefix = 0;
	m->right = parse_right(p, m);
	if (!m->right)
		return -EINVAL;
	if (m->right->kind == FWC_VALUE_CONCAT)
		return fwc_parser_fail_at(p, &m->right_at,
					  "values side by side are compared with a list or a set: "
					  "put them into '{ }'");
	if (m->right->kind == FWC_VALUE_CONSTANT && is_flags(m->left.value) &&
	    (m->op == OP_NONE || m->op == FWC_OP_EQ || m->op == FWC_OP_NE) &&
	    fwc_parser_accept(p, "/") && parse_slash(p, m) < 0)
		return -EINVAL;
	r = simplify(p, m);
	if (r < 0)
		return r;
	m->masked |= m->left.all_bits && m->right->kind == FWC_VALUE_CONSTANT &&
		     m->left.value->kind == FWC_VALUE_FIELD &&
		     (m->op == FWC_OP_EQ || m->op == FWC_OP_NE);
	r = fwc_parser_place(p, &m->right_at,
			     fwc_rule_bind_match(p->rule, m->left.value, m->op, m->right, p->err));
	if (r == 0 && *at)
		(*at)->masked = m->masked;
	return r;
}

/* ---- targets that begin with a value ---- */

static int parse_vmap(struct fwc_parser *p, const struct match *m)
{
	const struct fwc_type *verdict = &fwc_type_verdict;
	const struct fwc_value *map = fwc_parse_map(p, m->left.value, &verdict, 1);
	struct fwc_target *t;

	if (!map)
		return -EINVAL;
	t = fwc_target_in(&p->rs->arena, FWC_TARGET_VMAP);
	if (!t)
		return fwc_fail_memory(p->err);
	fwc_target_put_value(t, FWC_VMAP_VALUE, map);
	return fwc_parse_add_target(p, &m->at, t);
}

static int parse_assignment(struct fwc_parser *p, const struct match *m)
{
	const struct fwc_value *field = m->left.value, *v;
	struct fwc_target *t;
	int r;

	if (field->kind != FWC_VALUE_FIELD)
		return fwc_parser_fail_at(p, &m->at, "what is set is one field, without a mask");
	if (!fwc_field_is_settable(field->field))
		return fwc_parser_fail_at(p, &m->at,
					  "'%s' cannot be set: marks and the like, fields of "
					  "headers and of TCP options can",
					  field->field->name);
	r = fwc_parser_place(p, &m->at, require_icmp_type(p, field));
	if (r < 0)
		return r;
	v = fwc_parse_assigned(p, field->type);
	if (!v)
		return -EINVAL;
	t = fwc_target_in(&p->rs->arena, FWC_TARGET_ASSIGN);
	if (!t)
		return fwc_fail_memory(p->err);
	if (field->field->made)
		fwc_target_put_value(t, FWC_ASSIGN_TO, field);
	else
		fwc_target_put_number(t, FWC_ASSIGN_FIELD, field->field->id);
	fwc_target_put_value(t, FWC_ASSIGN_VALUE, v);
	return fwc_parse_add_target(p, &m->at, t);
}

/* What begins with a field or a parenthesis. */
static int parse_valued(struct fwc_parser *p)
{
	struct match m = { .at = p->lx.token };
	int r;

	if (!fwc_parse_begins_field(p) && !fwc_parser_is(p, "("))
		return fwc_parse_no_field(
			p,
			"a field ('ip saddr', 'tcp dport', 'ct state', 'iifname', ...) or a target "
			"('accept', 'drop', 'jump', 'counter', 'log', ...)");
	r = fwc_parse_expression(p, &m.left);
	if (r < 0)
		return r;
	if (fwc_parser_accept(p, "vmap"))
		return parse_vmap(p, &m);
	if (fwc_parser_accept(p, "set"))
		return parse_assignment(p, &m);
	return finish_match(p, &m);
}

/* ---- what a rule says twice ---- */

static bool implies_l4(const struct fwc_item *i, uint64_t protocol)
{
	return i->kind == FWC_ITEM_MATCH && i->left->kind == FWC_VALUE_FIELD &&
	       i->left->field->l4 >= 0 && (uint64_t)i->left->field->l4 == protocol;
}

static bool implies_l3(const struct fwc_item *i, uint64_t family)
{
	return i->kind == FWC_ITEM_MATCH && i->left->kind == FWC_VALUE_FIELD &&
	       i->left->field->l3 == family;
}

/* Whether a reject, right behind a match on that family or protocol, makes it needless in nft's eyes. */
static bool implied_by_reject(const struct fwc_field_row *f, uint64_t number,
			      const struct fwc_item *reject, bool mixed)
{
	uint64_t with;

	if (!fwc_target_get_number(fwc_item_target(reject), FWC_REJECT_WITH, &with))
		return false;
	if (f->id == FWC_FIELD_META_L4PROTO)
		return number == IPPROTO_TCP && with == FWC_REJECT_TCP_RESET && !mixed;
	if (f->id == FWC_FIELD_META_PROTOCOL)
		number = number == ETH_P_IP     ? FWC_FAMILY_IP
			 : number == ETH_P_IPV6 ? FWC_FAMILY_IP6
						: 0;
	else if (f->id != FWC_FIELD_META_NFPROTO)
		return false;
	return (number == FWC_FAMILY_IP && with == FWC_REJECT_ICMPV4) ||
	       (number == FWC_FAMILY_IP6 && with == FWC_REJECT_ICMPV6);
}

/* In a table of that family all packets are. */
static bool is_own_protocol(uint32_t family, uint64_t ether_type)
{
	return (family == FWC_FAMILY_IP && ether_type == ETH_P_IP) ||
	       (family == FWC_FAMILY_IP6 && ether_type == ETH_P_IPV6);
}

/* Whether a later match says what this one says, with nothing but matches between them: then nft drops this one. */
static bool is_implied_later(const struct fwc_item *i, uint32_t family)
{
	bool mixed = fwc_family_is_mixed(family);
	const struct fwc_field_row *f;
	uint64_t number;

	if (i->kind != FWC_ITEM_MATCH || i->op != FWC_OP_EQ || i->left->kind != FWC_VALUE_FIELD ||
	    !fwc_value_get_number(i->right, &number))
		return false;
	f = i->left->field;
	if (fwc_target_kind(fwc_item_target(i->next)) == FWC_TARGET_REJECT)
		return implied_by_reject(f, number, i->next, mixed);
	for (const struct fwc_item *n = i->next; n && n->kind == FWC_ITEM_MATCH; n = n->next) {
		if (f->id == FWC_FIELD_META_L4PROTO && implies_l4(n, number))
			return true;
		if (f->id == FWC_FIELD_META_NFPROTO && implies_l3(n, number))
			return true;
		if (f->id == FWC_FIELD_META_PROTOCOL && is_own_protocol(family, number) &&
		    n->left->kind == FWC_VALUE_FIELD && n->left->field->l4 >= 0)
			return true;
	}
	return false;
}

/* Ports of a transport protocol that is known by then are named after it: `meta l4proto udp th dport 53`. */
static void name_ports(struct fwc_rule *r)
{
	uint64_t protocol = 0;

	for (struct fwc_item *i = r->items; i; i = i->next) {
		const struct fwc_field_row *f;

		if (i->kind != FWC_ITEM_MATCH) {
			protocol = 0;
			continue;
		}
		if (i->left->kind != FWC_VALUE_FIELD)
			continue;
		f = i->left->field;
		if (f->id == FWC_FIELD_META_L4PROTO && i->op == FWC_OP_EQ)
			fwc_value_get_number(i->right, &protocol);
		else if (protocol && (f->id == FWC_FIELD_TH_SPORT || f->id == FWC_FIELD_TH_DPORT))
			i->left = fwc_value_of_field(fwc_field_by_payload(
				f->base, f->offset, f->type->len,
				(struct fwc_known){ .l4 = (int16_t)protocol }, NULL));
	}
}

static void drop_implied(struct fwc_rule *r)
{
	struct fwc_item **at = &r->items;

	while (*at) {
		if (is_implied_later(*at, r->chain->table->family))
			*at = (*at)->next;
		else
			at = &(*at)->next;
	}
	r->tail = at;
}

static void move_last_to_front(struct fwc_rule *r)
{
	struct fwc_item **at = &r->items, *last;

	while ((*at)->next)
		at = &(*at)->next;
	if (at == &r->items)
		return;
	last = *at;
	*at = NULL;
	r->tail = at;
	last->next = r->items;
	r->items = last;
}

/* A reset answers TCP only: where that is not said, nft begins the rule with it. */
static int require_tcp(struct fwc_parser *p)
{
	const struct fwc_field_row *l4 = fwc_field_by_id(FWC_FIELD_META_L4PROTO);
	const uint8_t tcp = IPPROTO_TCP;
	const struct fwc_value *right;
	int r;

	/* Alone in an ip or ip6 table nft does not show it: there it is implied. */
	if (!p->rule->items && !fwc_family_is_mixed(p->rule->chain->table->family))
		return 0;
	if (fwc_protocols_of(p->rule).l4 == IPPROTO_TCP)
		return 0;
	right = fwc_value_constant(&p->rs->arena, l4->type, &tcp);
	if (!right)
		return fwc_fail_memory(p->err);
	r = fwc_rule_bind_match(p->rule, fwc_value_of_field(l4), FWC_OP_EQ, right, p->err);
	if (r == 0)
		move_last_to_front(p->rule);
	return r;
}

static bool begins_reset(const struct fwc_parser *p)
{
	struct fwc_parser ahead = *p;

	ahead.err = NULL;
	return fwc_parser_accept(&ahead, "reject") && fwc_parser_accept(&ahead, "with") &&
	       fwc_parser_is(&ahead, "tcp");
}

/* ---- rules ---- */

/* `xt range tcp dport 22-80`, in words that were made of JSON: one expression, as iptables-nft writes it. */
static int parse_whole_range(struct fwc_parser *p)
{
	struct fwc_item **at = p->rule->tail;
	int r = parse_valued(p);

	if (r == 0 && *at)
		(*at)->whole_range = true;
	return r;
}

static int parse_comment(struct fwc_parser *p)
{
	struct fwc_token at = p->lx.token;
	const char *comment = fwc_parser_text(p, "the comment in quotes");
	int r;

	if (!comment)
		return -EINVAL;
	r = fwc_parser_place(p, &at, fwc_check_label("comment", comment, FWC_MAX_COMMENT, p->err));
	if (r < 0)
		return r;
	if (!fwc_parser_at_end(p))
		return fwc_parser_expected(p, "the end of the rule: nothing follows a comment");
	return fwc_rule_comment(p->rule, comment) < 0 ? fwc_fail_memory(p->err) : 0;
}

static int parse_items(struct fwc_parser *p)
{
	unsigned int count = 0;
	bool ended = false;
	int r = 0;

	if (fwc_parser_at_end(p))
		return fwc_parser_expected(p, "a match or a target");
	while (r >= 0 && !fwc_parser_at_end(p)) {
		if (p->rule->items && fwc_parser_accept(p, "comment"))
			return parse_comment(p);
		if (ended)
			return fwc_parser_expected(
				p, "the end of the rule or a comment: no packet gets past what "
				   "stands before");
		if (count++ == ITEMS_MOST)
			return fwc_parser_fail_at(p, &p->lx.token,
						  "a rule has at most %d matches and targets",
						  ITEMS_MOST);
		if (p->of_json && fwc_parser_accept_words(p, "xt range")) {
			r = parse_whole_range(p);
			continue;
		}
		if (fwc_parse_begins_opaque(p)) {
			r = fwc_parse_opaque(p);
			continue;
		}
		r = begins_reset(p) ? require_tcp(p) : 0;
		if (r == 0)
			r = fwc_parse_target(p, &ended);
		if (r == 0)
			r = parse_valued(p);
	}
	return r < 0 ? r : 0;
}

int fwc_parse_rule(struct fwc_parser *p, struct fwc_rule *r)
{
	int failed;

	p->rule = r;
	failed = parse_items(p);
	if (failed)
		fwc_rule_truncate(r);
	if (!failed) {
		name_ports(r);
		drop_implied(r);
	}
	return failed;
}

int fwc_text_parse_words(struct fwc_rule *r, const char *text, size_t len, bool of_json,
			 struct fwc_error *err)
{
	struct fwc_parser p;

	fwc_parser_start(&p, r->chain->table->ruleset, text, len, err);
	p.of_json = of_json;
	if (fwc_parse_rule(&p, r) < 0)
		return err->code;
	while (p.lx.token.kind == FWC_TOKEN_NEWLINE || fwc_parser_is(&p, ";"))
		fwc_lexer_next(&p.lx);
	if (p.lx.token.kind == FWC_TOKEN_END)
		return 0;
	fwc_rule_truncate(r);
	return fwc_parser_expected(&p, "the end of the text: it is one rule");
}

int fwc_text_parse_rule(struct fwc_rule *r, const char *text, size_t len, struct fwc_error *err)
{
	struct fwc_error own;

	err = err ? err : &own;
	fwc_error_clear(err);
	if (len > RULE_TEXT_MOST)
		return fwc_fail(err, -EINVAL, FWC_OBJECT_TEXT,
				"the text of a rule has %zu bytes: at most %d are taken", len,
				RULE_TEXT_MOST);
	return fwc_text_parse_words(r, text, len, false, err);
}

/* In a native table: as the words of nft that say the same. */
static int parse_iptables_words(struct fwc_rule *r, const char *text, size_t len,
				struct fwc_error *err)
{
	fwc_cleanup(fwc_buf_free) struct fwc_buf words = { 0 };
	int code = fwc_xt_parse_native(r, text, len, &words, err);

	return code < 0 ? code : fwc_text_parse_rule(r, words.data, words.len, err);
}

int fwc_text_parse_rule_in(struct fwc_rule *r, uint32_t syntax, const char *text,
			   struct fwc_error *err)
{
	size_t len = text ? strlen(text) : 0;

	fwc_error_clear(err);
	if (!text)
		return fwc_fail(err, -EINVAL, FWC_OBJECT_ARGUMENT, "the rule's text is missing");
	if (syntax == FWC_SYNTAX_NFT)
		return fwc_text_parse_rule(r, text, len, err);
	if (syntax == FWC_SYNTAX_IPTABLES)
		return r->chain->table->is_iptables ? fwc_xt_parse_rule(r, text, len, err)
						    : parse_iptables_words(r, text, len, err);
	if (syntax != FWC_SYNTAX_JSON)
		return fwc_fail(err, -EINVAL, FWC_OBJECT_ARGUMENT, FWC_SYNTAX_UNKNOWN, syntax);
	if (len > FWC_TEXT_MOST)
		return fwc_fail(err, -EINVAL, FWC_OBJECT_TEXT,
				"the text has %zu bytes: at most %d are taken", len, FWC_TEXT_MOST);
	return fwc_json_parse_rule(r, text, len, err);
}
