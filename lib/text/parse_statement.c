/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Targets that keep state, that hand the packet on, and that speak of sets and objects. */
#include "fields/objects.h"
#include "text/parse_target.h"
#include "text/words.h"

#include <linux/netfilter/nf_tables.h>

static const struct fwc_type *type_named(const char *name)
{
	return fwc_type_by_name(name, strlen(name));
}

static int put(struct fwc_target *t, uint32_t param, const struct fwc_value *v)
{
	if (!v)
		return -EINVAL;
	fwc_target_put_value(t, param, v);
	return 0;
}

static int parse_flags(struct fwc_parser *p, struct fwc_target *t, uint32_t param,
		       const struct fwc_symbol *words)
{
	uint64_t flags = 0, flag;

	do {
		int r = fwc_parser_symbol(p, words, "a flag", &flag);

		if (r < 0)
			return r;
		flags |= flag;
	} while (fwc_parser_accept(p, ","));
	fwc_target_put_number(t, param, flags);
	return 0;
}

/* ---- state ---- */

static int parse_bytes(struct fwc_parser *p, struct fwc_target *t, uint32_t param)
{
	struct fwc_token at = p->lx.token;
	uint64_t bytes;
	bool unit;
	int r = fwc_parse_amount(p, &bytes, &unit);

	if (r < 0)
		return r;
	if (!unit)
		return fwc_parser_expected(p, "bytes, kbytes or mbytes");
	if (bytes > t->type->params[param - 1].max)
		return fwc_parser_fail_at(p, &at, "a quota is at most %llu bytes",
					  (unsigned long long)t->type->params[param - 1].max);
	fwc_target_put_number(t, param, bytes);
	return 0;
}

int fwc_parse_quota(struct fwc_parser *p, struct fwc_target *t)
{
	int r;

	if (fwc_parser_accept(p, "over"))
		fwc_target_put_number(t, FWC_QUOTA_OVER, 1);
	else
		fwc_parser_accept(p, "until");
	r = parse_bytes(p, t, FWC_QUOTA_BYTES);
	if (r == 0 && fwc_parser_accept(p, "used"))
		r = parse_bytes(p, t, FWC_QUOTA_USED);
	return r;
}

int fwc_parse_connlimit(struct fwc_parser *p, struct fwc_target *t)
{
	if (fwc_parser_accept(p, "over"))
		fwc_target_put_number(t, FWC_CONNLIMIT_OVER, 1);
	return fwc_parse_number_param(p, t, FWC_CONNLIMIT_COUNT);
}

int fwc_parse_last(struct fwc_parser *p, struct fwc_target *t)
{
	uint64_t ms;
	int r;

	if (!fwc_parser_accept(p, "used") || fwc_parser_accept(p, "never"))
		return 0;
	r = fwc_parser_time_ms(p, &ms);
	if (r < 0)
		return r;
	fwc_target_put_number(t, FWC_LAST_SEEN, 1);
	fwc_target_put_number(t, FWC_LAST_AGO_MS, ms);
	return 0;
}

/* ---- handed on ---- */

int fwc_parse_nothing(struct fwc_parser *p, struct fwc_target *t)
{
	(void)p;
	(void)t;
	return 0;
}

int fwc_parse_synproxy(struct fwc_parser *p, struct fwc_target *t)
{
	uint64_t flags = 0;
	int r = 0;

	while (r == 0) {
		if (fwc_parser_accept(p, "mss"))
			r = fwc_parse_number_param(p, t, FWC_SYNPROXY_MSS);
		else if (fwc_parser_accept(p, "wscale"))
			r = fwc_parse_number_param(p, t, FWC_SYNPROXY_WSCALE);
		else if (fwc_parser_accept(p, "timestamp"))
			flags |= FWC_SYNPROXY_TIMESTAMP;
		else if (fwc_parser_accept(p, "sack-perm"))
			flags |= FWC_SYNPROXY_SACK_PERM;
		else
			break;
	}
	if (flags)
		fwc_target_put_number(t, FWC_SYNPROXY_FLAGS, flags);
	return r;
}

/* One number, or several queues in a row. */
static int parse_queue_numbers(struct fwc_parser *p, struct fwc_target *t)
{
	const struct fwc_value *v = fwc_parse_constant(p, type_named("inet_service"), false);
	uint64_t first, last;

	if (!v)
		return -EINVAL;
	if (v->kind != FWC_VALUE_RANGE) {
		fwc_value_get_number(v, &first);
		if (first)
			fwc_target_put_number(t, FWC_QUEUE_NUMBER, first);
		return 0;
	}
	fwc_value_get_number(v->child[0], &first);
	fwc_value_get_number(v->child[1], &last);
	if (first)
		fwc_target_put_number(t, FWC_QUEUE_NUMBER, first);
	fwc_target_put_number(t, FWC_QUEUE_COUNT, last - first + 1);
	return 0;
}

static int parse_queue_to(struct fwc_parser *p, struct fwc_target *t)
{
	if (!fwc_parse_begins_field(p) && !fwc_parser_is(p, "("))
		return parse_queue_numbers(p, t);
	return put(t, FWC_QUEUE_VALUE,
		   fwc_parse_assigned(p, fwc_target_value_type(t, FWC_QUEUE_VALUE, 0)));
}

/* `queue flags bypass to 1-3`, or as older nft writes it: `queue num 1-3 bypass,fanout` */
int fwc_parse_queue(struct fwc_parser *p, struct fwc_target *t)
{
	int r = 0;

	if (fwc_parser_accept(p, "flags"))
		r = parse_flags(p, t, FWC_QUEUE_FLAGS, fwc_words_queue_flag);
	if (r == 0 && (fwc_parser_accept(p, "to") || fwc_parser_accept(p, "num")))
		r = parse_queue_to(p, t);
	if (r == 0 && (fwc_parser_is(p, "bypass") || fwc_parser_is(p, "fanout")))
		r = parse_flags(p, t, FWC_QUEUE_FLAGS, fwc_words_queue_flag);
	return r;
}

static int parse_tproxy_address(struct fwc_parser *p, struct fwc_target *t, uint32_t family)
{
	uint32_t table = p->rule->chain->table->family;

	if (!family)
		family = fwc_text_known_family(p->rule);
	if (family == FWC_FAMILY_INET)
		family = fwc_parse_guess_family(p);
	if (table == FWC_FAMILY_INET)
		fwc_target_put_number(t, FWC_TPROXY_FAMILY, family);
	return put(t, FWC_TPROXY_ADDR,
		   fwc_parse_address(p, fwc_target_value_type(t, FWC_TPROXY_ADDR, family)));
}

int fwc_parse_tproxy(struct fwc_parser *p, struct fwc_target *t)
{
	uint32_t family = fwc_parser_accept(p, "ip")    ? FWC_FAMILY_IP
			  : fwc_parser_accept(p, "ip6") ? FWC_FAMILY_IP6
							: 0;
	int r = fwc_parser_expect(p, "to");

	if (r == 0 && !fwc_parser_is(p, ":"))
		r = parse_tproxy_address(p, t, family);
	if (r < 0 || !fwc_parser_accept(p, ":"))
		return r;
	if (family && p->rule->chain->table->family == FWC_FAMILY_INET)
		fwc_target_put_number(t, FWC_TPROXY_FAMILY, family);
	return put(t, FWC_TPROXY_PORT,
		   fwc_parse_assigned(p, fwc_target_value_type(t, FWC_TPROXY_PORT, 0)));
}

static int parse_device(struct fwc_parser *p, struct fwc_target *t, uint32_t param)
{
	return put(t, param, fwc_parse_assigned(p, fwc_target_value_type(t, param, 0)));
}

int fwc_parse_dup(struct fwc_parser *p, struct fwc_target *t)
{
	uint32_t family = p->rule->chain->table->family;
	const struct fwc_type *type = fwc_target_value_type(t, FWC_DUP_ADDR, family);
	int r = fwc_parser_expect(p, "to");

	if (r < 0)
		return r;
	if (family == FWC_FAMILY_NETDEV)
		return parse_device(p, t, FWC_DUP_DEVICE);
	if (!type)
		return fwc_parser_fail_at(p, &p->lx.token,
					  "'dup' goes with ip, ip6 and netdev tables, not %s",
					  fwc_family_name(family));
	r = put(t, FWC_DUP_ADDR, fwc_parse_assigned(p, type));
	if (r == 0 && fwc_parser_accept(p, "device"))
		r = parse_device(p, t, FWC_DUP_DEVICE);
	return r;
}

int fwc_parse_fwd(struct fwc_parser *p, struct fwc_target *t)
{
	uint32_t family = fwc_parser_accept(p, "ip")    ? FWC_FAMILY_IP
			  : fwc_parser_accept(p, "ip6") ? FWC_FAMILY_IP6
							: 0;
	int r = fwc_parser_expect(p, "to");

	if (r < 0)
		return r;
	if (family) {
		fwc_target_put_number(t, FWC_FWD_FAMILY, family);
		r = put(t, FWC_FWD_ADDR,
			fwc_parse_assigned(p, fwc_target_value_type(t, FWC_FWD_ADDR, family)));
		if (r == 0)
			r = fwc_parser_expect(p, "device");
	}
	return r < 0 ? r : parse_device(p, t, FWC_FWD_DEVICE);
}

int fwc_parse_flow(struct fwc_parser *p, struct fwc_target *t)
{
	const char *name;

	if (!fwc_parser_accept(p, "add") && !fwc_parser_accept(p, "offload"))
		return fwc_parser_expected(p, "'add'");
	if (fwc_parser_expect(p, "@") < 0)
		return -EINVAL;
	name = fwc_parser_name(p, "flowtable");
	if (name)
		fwc_target_put_text(t, FWC_FLOW_TABLE, name);
	return name ? 0 : -EINVAL;
}

/* `reset tcp option sack-perm`: the field that says whether it is there */
int fwc_parse_strip(struct fwc_parser *p, struct fwc_target *t)
{
	struct fwc_token at = p->lx.token;
	const struct fwc_value *v = NULL;
	int r = fwc_parse_field(p, &v);

	if (r < 0)
		return r;
	if (!v || v->field->load != FWC_LOAD_EXTHDR || v->field->base != NFT_EXTHDR_OP_TCPOPT ||
	    v->field->flags != NFT_EXTHDR_F_PRESENT)
		return fwc_parser_fail_at(p, &at,
					  "'reset' goes with a TCP option: 'tcp option sack-perm', "
					  "or its number");
	fwc_target_put_number(t, FWC_STRIP_KIND, v->field->key);
	return 0;
}

/* ---- elements made by packets ---- */

/* *ret: NULL where the set is not known here: it may be in the kernel, and keys have the types that they have. */
static int parse_set_name(struct fwc_parser *p, struct fwc_target *t, const struct fwc_set **ret)
{
	const char *name = fwc_parser_expect(p, "@") < 0 ? NULL : fwc_parser_name(p, "set");

	if (!name)
		return -EINVAL;
	*ret = fwc_table_find_set(p->rule->chain->table, name);
	fwc_target_put_text(t, FWC_UPDATE_SET, name);
	return fwc_parser_expect(p, "{");
}

static int parse_targets(struct fwc_parser *p, struct fwc_target *t)
{
	uint32_t param = FWC_UPDATE_TARGET;
	struct fwc_token at = p->lx.token;
	struct fwc_target *inner;
	int r;

	for (; (r = fwc_parse_stateful(p, &inner)) > 0; at = p->lx.token) {
		if (param > FWC_UPDATE_TARGET_2)
			return fwc_parser_fail_at(p, &at, "an element has two targets at most");
		fwc_target_put_target(t, param++, inner);
	}
	return r;
}

static int parse_key(struct fwc_parser *p, struct fwc_target *t, const struct fwc_set *s)
{
	struct fwc_expression key;

	if ((s && s->key_count > 1 ? fwc_parse_new_key(p, s->key, s->key_count, &key)
				   : fwc_parse_expression(p, &key)) < 0)
		return -EINVAL;
	if (key.prefix_mask >= 0)
		return fwc_parser_expected(p, "a key that is not masked to a prefix");
	return put(t, FWC_UPDATE_KEY, key.value);
}

static int parse_data(struct fwc_parser *p, struct fwc_target *t, const struct fwc_set *s)
{
	struct fwc_expression data;
	size_t len;

	if (s->data_count == 1)
		return put(t, FWC_UPDATE_DATA, fwc_parse_assigned(p, s->data[0]));
	if (!fwc_parse_begins_field(p) && !fwc_parser_is(p, "("))
		return put(t, FWC_UPDATE_DATA, fwc_parse_data(p, s->data, s->data_count, &len));
	return fwc_parse_expression(p, &data) < 0 ? -EINVAL : put(t, FWC_UPDATE_DATA, data.value);
}

static int parse_update(struct fwc_parser *p, struct fwc_target *t, uint32_t operation)
{
	const struct fwc_set *s;
	uint64_t timeout;
	int r = parse_set_name(p, t, &s);

	if (operation != FWC_UPDATE_ADD)
		fwc_target_put_number(t, FWC_UPDATE_OPERATION, operation);
	if (r == 0)
		r = parse_key(p, t, s);
	if (r == 0 && fwc_parser_accept(p, "timeout")) {
		r = fwc_parser_time_ms(p, &timeout);
		if (r == 0)
			fwc_target_put_number(t, FWC_UPDATE_TIMEOUT_MS, timeout);
	}
	if (r == 0)
		r = parse_targets(p, t);
	if (r == 0 && !s && fwc_parser_is(p, ":"))
		return fwc_parser_expected(
			p, "no data: the map is not declared here, so their type is not known");
	if (r == 0 && s && s->data_count)
		r = fwc_parser_expect(p, ":");
	if (r == 0 && s && s->data_count)
		r = parse_data(p, t, s);
	return r < 0 ? r : fwc_parser_expect(p, "}");
}

int fwc_parse_add(struct fwc_parser *p, struct fwc_target *t)
{
	return parse_update(p, t, FWC_UPDATE_ADD);
}

int fwc_parse_update(struct fwc_parser *p, struct fwc_target *t)
{
	return parse_update(p, t, FWC_UPDATE_UPDATE);
}

int fwc_parse_delete(struct fwc_parser *p, struct fwc_target *t)
{
	return parse_update(p, t, FWC_UPDATE_DELETE);
}

/* ---- objects ---- */

/* A name in quotes follows; `ct helper set` and `meta secmark set` may be followed by a value as well. */
static const struct fwc_object_words *begins_objref(const struct fwc_parser *p)
{
	struct fwc_parser ahead = *p;

	ahead.err = NULL;
	for (size_t i = 0; i < fwc_object_kinds_count; i++) {
		ahead.lx = p->lx;
		if (fwc_object_kinds[i].statement &&
		    fwc_parser_accept_words(&ahead, fwc_object_kinds[i].statement) &&
		    (ahead.lx.token.kind == FWC_TOKEN_QUOTED ||
		     (fwc_object_kinds[i].type != FWC_OBJECT_TYPE_SECMARK &&
		      fwc_parse_begins_field(&ahead))))
			return &fwc_object_kinds[i];
	}
	return NULL;
}

static int parse_objref_map(struct fwc_parser *p, struct fwc_target *t, const struct fwc_type *type)
{
	struct fwc_expression key;

	if (fwc_parse_expression(p, &key) < 0 || fwc_parser_expect(p, "map") < 0 ||
	    put(t, FWC_OBJREF_MAP, fwc_parse_map(p, key.value, &type, 1)) < 0)
		return -EINVAL;
	return 1;
}

int fwc_parse_objref(struct fwc_parser *p, struct fwc_target **ret)
{
	const struct fwc_object_words *kind = begins_objref(p);
	const char *name;

	if (!kind)
		return 0;
	*ret = fwc_target_in(&p->rs->arena, FWC_TARGET_OBJREF);
	if (!*ret)
		return fwc_fail_memory(p->err);
	fwc_parser_accept_words(p, kind->statement);
	fwc_target_put_number(*ret, FWC_OBJREF_TYPE, kind->type);
	if (p->lx.token.kind != FWC_TOKEN_QUOTED)
		return parse_objref_map(p, *ret, fwc_type_of_object(kind->type));
	name = fwc_parser_text(p, "a name");
	if (!name)
		return -EINVAL;
	fwc_target_put_text(*ret, FWC_OBJREF_NAME, name);
	return 1;
}
