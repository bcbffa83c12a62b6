/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Matches as expressions: load, change, compare. What nft 1.0.6 writes for the same words, so that it prints ours as
 * it prints its own. */
#include <assert.h>

#include "nft/encode.h"

struct fwc_encoder fwc_encoder_for(const struct fwc_rule *r, struct fwc_wire *w, uint32_t mode,
				   struct fwc_error *err)
{
	uint32_t family = r->chain->table->family;

	return (struct fwc_encoder){
		.wire = w,
		.table = r->chain->table,
		.err = err,
		.mode = mode,
		.family = family,
		.known = fwc_known_of(family),
	};
}

static int no_such_comparison(struct fwc_encoder *e, const char *why)
{
	return fwc_fail(e->err, -EINVAL, FWC_OBJECT_RULE, "this comparison cannot be made: %s",
			why);
}

static void swap_bytes(const uint8_t *from, uint8_t *to, size_t len)
{
	for (size_t i = 0; i < len; i++)
		to[i] = from[len - 1 - i];
}

/* The bytes of a constant that is compared by order, which the kernel does with memcmp. */
static const uint8_t *ordered_bytes(const struct fwc_value *constant, uint8_t room[16])
{
	if (!fwc_type_needs_hton(constant->type))
		return constant->bytes;
	swap_bytes(constant->bytes, room, constant->len);
	return room;
}

static int match_any_of(struct fwc_encoder *e, const struct fwc_value *left, uint32_t op,
			const struct fwc_value *bits)
{
	static const uint8_t zero[16];
	int r = fwc_encode_load(e, left, 0, false);

	if (r < 0)
		return r;
	fwc_put_mask_xor(e->wire, 0, bits->bytes, zero, bits->len);
	fwc_put_cmp(e->wire, 0, op == FWC_OP_ANY_OF ? NFT_CMP_NEQ : NFT_CMP_EQ, zero, bits->len);
	return 0;
}

/* iptables-nft compares an interface's name up to its NUL, nft all of the register. */
static size_t compared_len(const struct fwc_encoder *e, const struct fwc_value *constant)
{
	size_t len = constant->len;

	if (e->table->is_iptables && e->mode != FWC_ENCODE_CANONICAL &&
	    constant->type->form == FWC_FORM_IFNAME)
		len = strnlen((const char *)constant->bytes, len - 1) + 1;
	return len;
}

static int match_constant(struct fwc_encoder *e, const struct fwc_value *left, uint32_t op,
			  const struct fwc_value *right)
{
	static const uint8_t kernel_ops[] = {
		[FWC_OP_EQ] = NFT_CMP_EQ,  [FWC_OP_NE] = NFT_CMP_NEQ, [FWC_OP_LT] = NFT_CMP_LT,
		[FWC_OP_LE] = NFT_CMP_LTE, [FWC_OP_GT] = NFT_CMP_GT,  [FWC_OP_GE] = NFT_CMP_GTE,
	};
	static const uint8_t zero[16];
	uint8_t room[16], mask[16];
	const uint8_t *bytes = right->bytes;
	bool by_order;
	int r;

	if (op == FWC_OP_ANY_OF || op == FWC_OP_NONE_OF)
		return match_any_of(e, left, op, right);
	if (op == 0 || op >= FWC_ARRAY_SIZE(kernel_ops))
		return no_such_comparison(e, "the operator is unknown");
	by_order = op != FWC_OP_EQ && op != FWC_OP_NE;
	r = fwc_encode_load(e, left, 0, by_order);
	if (r < 0)
		return r;
	if (by_order)
		bytes = ordered_bytes(right, room);
	if (e->masked) {
		memset(mask, 0xff, sizeof(mask));
		fwc_put_mask_xor(e->wire, 0, mask, zero, right->len);
	}
	fwc_put_cmp(e->wire, 0, kernel_ops[op], bytes, compared_len(e, right));
	return 0;
}

static bool is_header(const struct fwc_field_row *f)
{
	return f->load == FWC_LOAD_PAYLOAD || f->load == FWC_LOAD_INNER;
}

/* Whole bytes of a packet are loaded alone; names of interfaces are compared up to where the `*` stands; else a mask. */
static int match_prefix(struct fwc_encoder *e, const struct fwc_value *left, uint32_t op,
			const struct fwc_value *right)
{
	static const uint8_t zero[16];
	uint32_t kernel_op = op == FWC_OP_EQ ? NFT_CMP_EQ : NFT_CMP_NEQ;
	bool whole_bytes = right->bits && right->bits % 8 == 0 && !e->masked;
	size_t len = right->bits / 8;
	uint8_t mask[16];
	int r;

	if (right->type->order == FWC_ORDER_HOST && right->type->form != FWC_FORM_IFNAME)
		return no_such_comparison(e, "a prefix goes with addresses and names only");
	if (whole_bytes && left->kind == FWC_VALUE_FIELD && is_header(left->field)) {
		fwc_encode_header(e, 0, left->field, (uint32_t)len);
		fwc_put_cmp(e->wire, 0, kernel_op, right->bytes, len);
		return 0;
	}
	r = fwc_encode_load(e, left, 0, false);
	if (r < 0)
		return r;
	if (whole_bytes &&
	    (right->type->form == FWC_FORM_IFNAME || left->kind == FWC_VALUE_FIELD)) {
		fwc_put_cmp(e->wire, 0, kernel_op, right->bytes, len);
		return 0;
	}
	memset(mask, 0xff, sizeof(mask));
	fwc_mask_bits(mask, right->len, right->bits);
	fwc_put_mask_xor(e->wire, 0, mask, zero, right->len);
	fwc_put_cmp(e->wire, 0, kernel_op, right->bytes, right->len);
	return 0;
}

static int match_range(struct fwc_encoder *e, const struct fwc_value *left, uint32_t op,
		       const struct fwc_value *right)
{
	const struct fwc_value *first = right->child[0], *last = right->child[1];
	uint8_t room_first[16], room_last[16];
	int r = fwc_encode_load(e, left, 0, true);

	if (r < 0)
		return r;
	if (op == FWC_OP_NE || e->whole_range) {
		fwc_put_range(e->wire, 0, op == FWC_OP_NE ? NFT_RANGE_NEQ : NFT_RANGE_EQ,
			      ordered_bytes(first, room_first), ordered_bytes(last, room_last),
			      first->len);
		return 0;
	}
	fwc_put_cmp(e->wire, 0, NFT_CMP_GTE, ordered_bytes(first, room_first), first->len);
	fwc_put_cmp(e->wire, 0, NFT_CMP_LTE, ordered_bytes(last, room_last), last->len);
	return 0;
}

static int match_set(struct fwc_encoder *e, const struct fwc_value *left, uint32_t op,
		     const struct fwc_value *right)
{
	const struct fwc_set *set = fwc_encode_set(e->table, right);
	int r = fwc_encode_load(e, left, 0, fwc_encode_is_interval(set));

	return r < 0 ? r : fwc_encode_lookup(e, right, 0, FWC_NO_REGISTER, op == FWC_OP_NE);
}

static int match(struct fwc_encoder *e, const struct fwc_value *left, uint32_t op,
		 const struct fwc_value *right);

/* The kernel compares 16 bytes at once, so the parts are compared one by one. */
static int match_concat(struct fwc_encoder *e, const struct fwc_value *left, uint32_t op,
			const struct fwc_value *right)
{
	int r = 0;

	if (op != FWC_OP_EQ || left->kind != FWC_VALUE_CONCAT || left->len != right->len)
		return no_such_comparison(
			e, "several values side by side are compared with == or with a set");
	for (size_t i = 0; i < left->len && r == 0; i++)
		r = match(e, left->child[i], op, right->child[i]);
	return r;
}

static int match(struct fwc_encoder *e, const struct fwc_value *left, uint32_t op,
		 const struct fwc_value *right)
{
	if (right->kind != FWC_VALUE_CONSTANT && op != FWC_OP_EQ && op != FWC_OP_NE)
		return no_such_comparison(e, "ranges, prefixes and sets go with == and != only");
	switch (right->kind) {
	case FWC_VALUE_CONSTANT:
		return match_constant(e, left, op, right);
	case FWC_VALUE_PREFIX:
		return match_prefix(e, left, op, right);
	case FWC_VALUE_RANGE:
		return match_range(e, left, op, right);
	case FWC_VALUE_LIST:
	case FWC_VALUE_SET:
		return match_set(e, left, op, right);
	case FWC_VALUE_CONCAT:
		return match_concat(e, left, op, right);
	default:
		return no_such_comparison(e, "its right side is no constant and no set");
	}
}

/* ---- two ports at once ---- */

static bool is_exact_payload(const struct fwc_item *item)
{
	return item && item->kind == FWC_ITEM_MATCH && item->op == FWC_OP_EQ && !item->masked &&
	       item->left->kind == FWC_VALUE_FIELD && item->left->field->load == FWC_LOAD_PAYLOAD &&
	       item->right->kind == FWC_VALUE_CONSTANT;
}

/* The kernel's fast path loads 4 bytes at most, and none of the link header: what is slow anyhow is loaded together. */
static bool is_worth_merging(uint8_t base, size_t a, size_t b)
{
	return a + b <= NFT_REG32_SIZE ||
	       (a + b <= NFT_REG_SIZE &&
		(base == NFT_PAYLOAD_LL_HEADER || a > NFT_REG32_SIZE || b > NFT_REG32_SIZE));
}

/* As nft does: what lies side by side in one header is loaded and compared together. */
static bool can_merge(const struct fwc_item *a, const struct fwc_item *b)
{
	const struct fwc_field_row *fa, *fb;

	if (!is_exact_payload(a) || !is_exact_payload(b))
		return false;
	fa = a->left->field;
	fb = b->left->field;
	return fa->base == fb->base && fa->l4 == fb->l4 && fa->l3 == fb->l3 && fa->l2 == fb->l2 &&
	       !fa->type->bits && !fb->type->bits &&
	       is_worth_merging(fa->base, fa->type->len, fb->type->len) &&
	       (fa->offset + fa->type->len == fb->offset ||
		fb->offset + fb->type->len == fa->offset);
}

/* arptables-nft compares each field alone; iptables-nft two ports at once, like nft. */
static bool merges(const struct fwc_encoder *e)
{
	return !e->table->is_iptables || e->table->family != FWC_FAMILY_ARP;
}

static void match_merged(struct fwc_encoder *e, const struct fwc_item *a, const struct fwc_item *b)
{
	bool in_order = a->left->field->offset < b->left->field->offset;
	const struct fwc_item *first = in_order ? a : b, *second = in_order ? b : a;
	const struct fwc_field_row *f = first->left->field;
	uint8_t bytes[NFT_REG_SIZE];
	size_t len = first->right->len + second->right->len;

	memcpy(bytes, first->right->bytes, first->right->len);
	memcpy(bytes + first->right->len, second->right->bytes, second->right->len);
	fwc_put_payload(e->wire, 0, f->base, f->offset, (uint32_t)len);
	fwc_put_cmp(e->wire, 0, NFT_CMP_EQ, bytes, len);
}

static int encode_match(struct fwc_encoder *e, const struct fwc_item *item)
{
	int r;

	if (e->merged == item) {
		e->merged = NULL;
		return 0;
	}
	r = fwc_encode_implied(e, item->left);
	if (r < 0)
		return r;
	if (merges(e) && can_merge(item, item->next)) {
		match_merged(e, item, item->next);
		e->merged = item->next;
		return 0;
	}
	e->whole_range = item->whole_range;
	e->masked = item->masked && e->mode != FWC_ENCODE_CANONICAL;
	r = match(e, item->left, item->op, item->right);
	fwc_known_learn(&e->known, &e->inside, item->left, item->op, item->right);
	return r;
}

static void encode_extension(struct fwc_encoder *e, const struct fwc_extension *x)
{
	struct fwc_expression_nest nest =
		fwc_expression_begin(e->wire, x->is_target ? "target" : "match");

	fwc_put_text(e->wire, NFTA_MATCH_NAME, x->name);
	fwc_put_be32(e->wire, NFTA_MATCH_REV, x->revision);
	fwc_put(e->wire, NFTA_MATCH_INFO, x->info, x->len);
	fwc_expression_end(e->wire, nest);
}

int fwc_encode_item(struct fwc_encoder *e, const struct fwc_item *item)
{
	switch (item->kind) {
	case FWC_ITEM_MATCH:
		return encode_match(e, item);
	case FWC_ITEM_TARGET:
		return fwc_encode_target(e, item->target);
	case FWC_ITEM_EXTENSION:
		encode_extension(e, item->extension);
		return 0;
	default:
		assert(item->kind == FWC_ITEM_OPAQUE);
		fwc_wire_add(e->wire, item->bytes, item->len);
		return 0;
	}
}
