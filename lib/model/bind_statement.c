/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Targets whose values have the types that their rows name, and those that speak of sets and objects. */
#include "fields/objects.h"
#include "model/bind_target.h"

/* ---- values of the rows' types ---- */

static int take_value(struct fwc_adding *a, uint32_t param)
{
	const struct fwc_type *t = fwc_target_value_type(a->in, param, a->binder.table->family);
	const struct fwc_value *v;

	if (!t)
		return fwc_fail(a->err, -EINVAL, FWC_OBJECT_RULE,
				"%s needs to know of which family its address is",
				a->in->type->name);
	v = fwc_bind_any(&a->binder, a->in->params[param - 1].value, &t, 1);
	if (v && v->kind != FWC_VALUE_CONSTANT && !fwc_value_is_computed(v))
		v = fwc_bind_refuse(&a->binder, v, &t, 1);
	return fwc_adding_put(a, param, v);
}

int fwc_adding_values(struct fwc_adding *a)
{
	int r = 0;

	for (uint32_t param = 1; param <= a->in->type->count && r == 0; param++)
		if (a->in->type->params[param - 1].type && fwc_target_has(a->in, param))
			r = take_value(a, param);
	return r;
}

/* ---- what depends on the table's family ---- */

static int refuse_family(const struct fwc_adding *a, const char *families)
{
	return fwc_fail(a->err, -EINVAL, FWC_OBJECT_RULE,
			"%s goes with tables of family %s, not %s", a->in->type->name, families,
			fwc_family_name(a->binder.table->family));
}

static int need(const struct fwc_adding *a, uint32_t param)
{
	if (fwc_target_has(a->in, param))
		return 0;
	return fwc_fail(a->err, -EINVAL, FWC_OBJECT_RULE, "%s needs its %s", a->in->type->name,
			a->in->type->params[param - 1].name);
}

int fwc_adding_dup(struct fwc_adding *a)
{
	uint32_t family = a->binder.table->family;
	bool netdev = family == FWC_FAMILY_NETDEV;
	int r;

	if (!netdev && family != FWC_FAMILY_IP && family != FWC_FAMILY_IP6)
		return refuse_family(a, "ip, ip6 or netdev");
	r = need(a, netdev ? FWC_DUP_DEVICE : FWC_DUP_ADDR);
	if (r == 0 && netdev && fwc_target_has(a->in, FWC_DUP_ADDR))
		r = fwc_fail(a->err, -EINVAL, FWC_OBJECT_RULE,
			     "dup in a table of family netdev has a device alone");
	return r < 0 ? r : fwc_adding_values(a);
}

int fwc_adding_fwd(struct fwc_adding *a)
{
	if (a->binder.table->family != FWC_FAMILY_NETDEV)
		return refuse_family(a, "netdev");
	if (fwc_target_has(a->in, FWC_FWD_ADDR) != fwc_target_has(a->in, FWC_FWD_FAMILY))
		return fwc_fail(a->err, -EINVAL, FWC_OBJECT_RULE,
				"fwd has an address and its family, or neither");
	return fwc_adding_values(a);
}

int fwc_adding_tproxy(struct fwc_adding *a)
{
	uint32_t family = a->binder.table->family;
	uint64_t said = fwc_adding_number(a, FWC_TPROXY_FAMILY, 0);

	if (family != FWC_FAMILY_IP && family != FWC_FAMILY_IP6 && family != FWC_FAMILY_INET)
		return refuse_family(a, "ip, ip6 or inet");
	if (!fwc_target_has(a->in, FWC_TPROXY_ADDR) && !fwc_target_has(a->in, FWC_TPROXY_PORT))
		return fwc_fail(a->err, -EINVAL, FWC_OBJECT_RULE,
				"tproxy needs an address or a port");
	if (said && family != FWC_FAMILY_INET && said != family)
		return refuse_family(a, said == FWC_FAMILY_IP ? "ip or inet" : "ip6 or inet");
	if (!a->protocols.transport)
		return fwc_fail(
			a->err, -EINVAL, FWC_OBJECT_RULE,
			"tproxy: the rule must match a transport protocol before it, like tcp dport");
	/* The table says it where it can: two rules that are the same look the same. */
	if (family != FWC_FAMILY_INET)
		a->out->has &= (uint16_t) ~(1u << (FWC_TPROXY_FAMILY - 1));
	return fwc_adding_values(a);
}

int fwc_adding_queue(struct fwc_adding *a)
{
	uint64_t number = fwc_adding_number(a, FWC_QUEUE_NUMBER, 0);
	uint64_t count = fwc_adding_number(a, FWC_QUEUE_COUNT, 1);

	if (fwc_target_has(a->in, FWC_QUEUE_VALUE) &&
	    (fwc_target_has(a->in, FWC_QUEUE_NUMBER) || fwc_target_has(a->in, FWC_QUEUE_COUNT)))
		return fwc_fail(a->err, -EINVAL, FWC_OBJECT_RULE,
				"queue has a number or a value that picks it, not both");
	if (number + count - 1 > UINT16_MAX)
		return fwc_fail(a->err, -EINVAL, FWC_OBJECT_RULE,
				"queues %llu to %llu: the last one is 65535",
				(unsigned long long)number,
				(unsigned long long)(number + count - 1));
	if (fwc_adding_values(a) < 0)
		return a->err->code;
	/* A constant is a number with a limit, and says so. */
	if (fwc_target_has(a->in, FWC_QUEUE_VALUE) &&
	    !fwc_value_is_computed(fwc_target_get_value(a->out, FWC_QUEUE_VALUE)))
		return fwc_fail(a->err, -EINVAL, FWC_OBJECT_RULE,
				"queue: a value is a map or hash that picks it; a constant is its "
				"number");
	return 0;
}

/* ---- sets ---- */

/* A target that elements are given: its own numbers are checked like those of a rule's target. */
static int take_stateful(struct fwc_adding *a)
{
	if (!fwc_target_is_stateful(a->in->type->kind))
		return fwc_fail(a->err, -EINVAL, FWC_OBJECT_RULE,
				"%s keeps no state: elements have counters, limits and quotas",
				a->in->type->name);
	a->out = fwc_target_in(&a->binder.ruleset->arena, a->in->type->kind);
	return a->out ? fwc_adding_take(a) : fwc_fail_memory(a->err);
}

static int take_inner(struct fwc_adding *a, uint32_t param)
{
	struct fwc_adding inner = *a;
	int r;

	inner.in = a->in->params[param - 1].target;
	r = take_stateful(&inner);
	if (r == 0)
		fwc_target_put_target(a->out, param, inner.out);
	return r;
}

int fwc_stateful_add(struct fwc_ruleset *rs, struct fwc_stateful *s, const struct fwc_target *t,
		     struct fwc_error *err)
{
	struct fwc_adding a = { .in = t, .binder = { .ruleset = rs, .err = err }, .err = err };
	int r;

	if (s->count == FWC_MAX_STATEFUL)
		return fwc_fail(err, -EINVAL, FWC_OBJECT_SET, "an element has %d targets at most",
				FWC_MAX_STATEFUL);
	r = take_stateful(&a);
	if (r == 0)
		s->targets[s->count++] = a.out;
	return r;
}

static int take_data(struct fwc_adding *a, const struct fwc_set *s)
{
	const struct fwc_value *v;

	if (!fwc_target_has(a->in, FWC_UPDATE_DATA))
		return s && s->data_count ? fwc_fail(a->err, -EINVAL, FWC_OBJECT_RULE,
						     "%s is a map: its elements need data", s->name)
					  : 0;
	if (!s)
		return fwc_fail(a->err, -EINVAL, FWC_OBJECT_RULE,
				"map %s is not declared here: the type of its data is not known",
				fwc_target_get_text(a->in, FWC_UPDATE_SET));
	if (!s->data_count)
		return fwc_fail(a->err, -EINVAL, FWC_OBJECT_RULE,
				"%s is a set: its elements have no data", s->name);
	v = a->in->params[FWC_UPDATE_DATA - 1].value;
	return fwc_adding_put(a, FWC_UPDATE_DATA,
			      fwc_bind_any(&a->binder, v, s->data, s->data_count));
}

/* What a packet adds is its own, and one key. */
static int check_key(struct fwc_adding *a, const struct fwc_value *key)
{
	char text[96];

	if (fwc_value_is_computed(key))
		return 0;
	return fwc_fail(a->err, -EINVAL, FWC_OBJECT_RULE,
			"'%s' is the same for all packets: the key is a field, or several",
			fwc_value_describe(key, text));
}

int fwc_adding_update(struct fwc_adding *a)
{
	const char *name = fwc_target_get_text(a->in, FWC_UPDATE_SET);
	const struct fwc_set *s = fwc_table_find_set(a->binder.table, name);
	const struct fwc_value *key = a->in->params[FWC_UPDATE_KEY - 1].value;
	int r;

	if (s && s->flags & FWC_SET_CONSTANT)
		return fwc_fail(a->err, -EINVAL, FWC_OBJECT_RULE,
				"set %s is constant: rules cannot change it", name);
	r = fwc_adding_put(a, FWC_UPDATE_KEY,
			   s ? fwc_bind_new_key(&a->binder, key, s->key, s->key_count)
			     : fwc_bind_computed(&a->binder, key));
	if (r == 0)
		r = check_key(a, fwc_target_get_value(a->out, FWC_UPDATE_KEY));
	if (r == 0)
		r = take_data(a, s);
	for (uint32_t param = FWC_UPDATE_TARGET; param <= FWC_UPDATE_TARGET_2 && r == 0; param++)
		if (fwc_target_has(a->in, param))
			r = take_inner(a, param);
	return r;
}

/* ---- objects ---- */

int fwc_adding_objref(struct fwc_adding *a)
{
	const char *name = fwc_target_get_text(a->in, FWC_OBJREF_NAME);
	uint64_t type = fwc_adding_number(a, FWC_OBJREF_TYPE, 0);
	const struct fwc_type *held;

	if (!fwc_object_word((uint32_t)type))
		return fwc_fail(a->err, -EINVAL, FWC_OBJECT_RULE,
				"objects of type %llu are in no rule", (unsigned long long)type);
	if (!name == !fwc_target_has(a->in, FWC_OBJREF_MAP))
		return fwc_fail(a->err, -EINVAL, FWC_OBJECT_RULE,
				"an object has a name or comes from a map: one of them");
	if (name)
		return fwc_check_name("object", name, a->err);
	held = fwc_type_of_object((uint32_t)type);
	if (!held)
		return fwc_fail(a->err, -EINVAL, FWC_OBJECT_RULE,
				"objects of type %llu are in no map", (unsigned long long)type);
	return fwc_adding_put(
		a, FWC_OBJREF_MAP,
		fwc_bind_map(&a->binder, a->in->params[FWC_OBJREF_MAP - 1].value, &held, 1));
}
