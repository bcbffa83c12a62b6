/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Extensions that iptables-nft 1.8.9 writes as expressions of nf_tables: tcp, udp, mark, limit, NFLOG, TRACE. What of them
 * has no such form goes as a struct, like all others. */
#include <arpa/inet.h>

#include "fields/types.h"
#include "iptables/extension.h"

static struct fwc_arena *arena_of(const struct fwc_rule *r)
{
	return &r->chain->table->ruleset->arena;
}

static const struct fwc_value *field(uint32_t id)
{
	return fwc_value_of_field(fwc_field_by_id(id));
}

static int add_constant(struct fwc_rule *r, const struct fwc_value *left, uint32_t op,
			const struct fwc_type *type, const void *bytes)
{
	const struct fwc_value *c = left ? fwc_value_constant(arena_of(r), type, bytes) : NULL;

	return c ? fwc_rule_add_match(r, left, op, c) : -ENOMEM;
}

/* ---- ports ---- */

static const struct fwc_value *port_value(struct fwc_rule *r, const struct fwc_value *left,
					  uint64_t port)
{
	const uint16_t wire = htons((uint16_t)port);

	return fwc_value_constant(arena_of(r), left->type, (const uint8_t *)&wire);
}

/* One of `==`, `<=` and a range, as iptables-nft chooses. */
static int add_ports(struct fwc_rule *r, uint32_t id, const uint8_t *info, size_t at, bool inverted)
{
	uint64_t first = fwc_xt_get(info, at, 2), last = fwc_xt_get(info, at + 2, 2);
	const struct fwc_value *left = field(id), *a, *b, *range;
	struct fwc_item *item;
	uint32_t op = inverted ? FWC_OP_NE : FWC_OP_EQ;

	if (first == 0 && last == UINT16_MAX)
		return 0;
	a = port_value(r, left, first);
	b = port_value(r, left, last);
	if (!a || !b)
		return -ENOMEM;
	if (first == last)
		return fwc_rule_add_match(r, left, op, a);
	if (first == 0)
		return fwc_rule_add_match(r, left, inverted ? FWC_OP_GT : FWC_OP_LE, b);
	range = fwc_value_make_range(arena_of(r), a, b);
	item = range && fwc_rule_add_match(r, left, op, range) == 0 ? r->items : NULL;
	if (!item)
		return -ENOMEM;
	while (item->next)
		item = item->next;
	item->whole_range = !inverted;
	return 0;
}

/* Two ports, both inverted: iptables-nft compares them at once, and so do we, though it is not what the words say. */
static int add_both_inverted(struct fwc_rule *r, const uint8_t *info)
{
	const uint16_t ports[] = { htons((uint16_t)fwc_xt_get(info, 0, 2)),
				   htons((uint16_t)fwc_xt_get(info, 4, 2)) };
	static const uint32_t details[] = { FWC_FIELD_DETAIL_HEADER, FWC_FIELD_DETAIL_OFFSET,
					    FWC_FIELD_DETAIL_LENGTH };
	static const uint32_t numbers[] = { FWC_HEADER_TRANSPORT, 0, 32 };
	struct fwc_value *made = fwc_value_field_with(FWC_FIELD_RAW_PAYLOAD, details, numbers, 3);
	const struct fwc_value *left = made ? fwc_value_in(arena_of(r), made->field) : NULL;

	fwc_value_free(made);
	return left ? add_constant(r, left, FWC_OP_NE, left->type, ports) : -ENOMEM;
}

static bool is_one(const uint8_t *info, size_t at)
{
	uint64_t first = fwc_xt_get(info, at, 2);

	return first && first == fwc_xt_get(info, at + 2, 2);
}

static int add_port_pair(struct fwc_rule *r, uint32_t sport, uint32_t dport, const uint8_t *info,
			 uint8_t inverted)
{
	int code;

	if (is_one(info, 0) && is_one(info, 4) && (inverted & 3) == 3)
		return add_both_inverted(r, info);
	code = add_ports(r, sport, info, 0, inverted & 1);
	return code < 0 ? code : add_ports(r, dport, info, 4, inverted & 2);
}

static bool is_plain(const uint8_t *info, size_t from, size_t to)
{
	for (size_t i = from; i < to; i++)
		if (info[i])
			return false;
	return fwc_xt_get(info, 0, 2) == 0 && fwc_xt_get(info, 2, 2) == UINT16_MAX &&
	       fwc_xt_get(info, 4, 2) == 0 && fwc_xt_get(info, 6, 2) == UINT16_MAX;
}

int fwc_xt_add_udp(struct fwc_rule *r, const uint8_t *info)
{
	int code;

	if (is_plain(info, 8, 9) || info[8] > 3)
		return 0;
	code = add_port_pair(r, FWC_FIELD_UDP_SPORT, FWC_FIELD_UDP_DPORT, info, info[8]);
	return code < 0 ? code : 1;
}

static int add_flags(struct fwc_rule *r, uint8_t mask, uint8_t flags, bool inverted)
{
	const struct fwc_value *left = field(FWC_FIELD_TCP_FLAGS);
	const struct fwc_type *type = left->type;

	/* Nothing set, and the opposite, have operators of their own. */
	if (!flags)
		return add_constant(r, left, inverted ? FWC_OP_ANY_OF : FWC_OP_NONE_OF, type,
				    &mask);
	return add_constant(r, fwc_value_make_bits(arena_of(r), left, FWC_BITS_AND, mask),
			    inverted ? FWC_OP_NE : FWC_OP_EQ, type, &flags);
}

int fwc_xt_add_tcp(struct fwc_rule *r, const uint8_t *info)
{
	enum { OPTION = 8, MASK = 9, FLAGS = 10, INVERTED = 11 };
	int code = 0;

	if (is_plain(info, OPTION, INVERTED + 1) || info[OPTION] || info[INVERTED] > 7)
		return 0;
	if (info[MASK])
		code = add_flags(r, info[MASK], info[FLAGS], info[INVERTED] & 4);
	if (code == 0)
		code = add_port_pair(r, FWC_FIELD_TCP_SPORT, FWC_FIELD_TCP_DPORT, info,
				     info[INVERTED]);
	return code < 0 ? code : 1;
}

/* ---- others ---- */

int fwc_xt_add_mark(struct fwc_rule *r, const uint8_t *info)
{
	uint64_t mask = fwc_xt_get(info, 4, 4);
	const struct fwc_value *mark = field(FWC_FIELD_META_MARK), *left = mark;
	int code;

	if (mask != UINT32_MAX)
		left = fwc_value_make_bits(arena_of(r), mark, FWC_BITS_AND, mask);
	code = add_constant(r, left, info[8] ? FWC_OP_NE : FWC_OP_EQ, mark->type, info);
	return code < 0 ? code : 1;
}

int fwc_xt_add_limit(struct fwc_rule *r, const uint8_t *info)
{
	static const uint32_t units[] = { 86400, 3600, 60, 1 };
	enum { SCALE = 10000 };
	uint64_t period = fwc_xt_get(info, 0, 4), unit = 0;
	struct fwc_target *t = fwc_target_in(arena_of(r), FWC_TARGET_LIMIT);
	size_t i = 1;

	for (; i < FWC_ARRAY_SIZE(units); i++) {
		unit = (uint64_t)units[i] * SCALE;
		if (period > unit || unit / period < unit % period)
			break;
	}
	unit = (uint64_t)units[i - 1] * SCALE;
	if (!t)
		return -ENOMEM;
	fwc_target_put_number(t, FWC_LIMIT_RATE, unit / period);
	fwc_target_put_number(t, FWC_LIMIT_UNIT_S, units[i - 1]);
	fwc_target_put_number(t, FWC_LIMIT_BURST, fwc_xt_get(info, 4, 4));
	return fwc_rule_add_bound_target(r, t) < 0 ? -ENOMEM : 1;
}

/* Length 0, group 4, threshold 6, flags 8, prefix 12. */
int fwc_xt_add_nflog(struct fwc_rule *r, const uint8_t *info)
{
	enum { PREFIX = 12, PREFIX_LEN = 128 };
	struct fwc_target *t = fwc_target_in(arena_of(r), FWC_TARGET_LOG);
	char *prefix = NULL;

	if (t && info[PREFIX])
		prefix = fwc_arena_alloc(arena_of(r), PREFIX_LEN + 1);
	if (!t || (info[PREFIX] && !prefix))
		return -ENOMEM;
	if (prefix) {
		memcpy(prefix, info + PREFIX, PREFIX_LEN);
		fwc_target_put_text(t, FWC_LOG_PREFIX, prefix);
	}
	fwc_target_put_number(t, FWC_LOG_GROUP, fwc_xt_get(info, 4, 2));
	if (fwc_xt_get(info, 8, 2) & 1)
		fwc_target_put_number(t, FWC_LOG_SNAPLEN, fwc_xt_get(info, 0, 4));
	if (fwc_xt_get(info, 6, 2))
		fwc_target_put_number(t, FWC_LOG_QUEUE_THRESHOLD, fwc_xt_get(info, 6, 2));
	return fwc_rule_add_bound_target(r, t) < 0 ? -ENOMEM : 1;
}

int fwc_xt_add_trace(struct fwc_rule *r, const uint8_t *info)
{
	static const uint8_t on = 1;
	struct fwc_target *t = fwc_target_in(arena_of(r), FWC_TARGET_ASSIGN);
	const struct fwc_value *trace = field(FWC_FIELD_META_NFTRACE);
	const struct fwc_value *value = fwc_value_constant(arena_of(r), trace->type, &on);

	(void)info;
	if (!t || !value)
		return -ENOMEM;
	fwc_target_put_number(t, FWC_ASSIGN_FIELD, FWC_FIELD_META_NFTRACE);
	fwc_target_put_value(t, FWC_ASSIGN_VALUE, value);
	return fwc_rule_add_bound_target(r, t) < 0 ? -ENOMEM : 1;
}
