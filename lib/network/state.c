/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What the table holds, read back: networks, their containers, what those publish. */
#include <stdio.h>
#include <stdlib.h>

#include "network/network.h"

/* A port before it is known whose it is. */
struct claim {
	struct fwc_port port;
	struct fwc_ip ip;
};

struct reader {
	struct fwc_networks *list;
	/* Growing arrays, sorted when everything is read. */
	struct fwc_vec claims; /* of struct claim */
	struct fwc_vec addresses; /* of struct address */
};

struct address {
	struct fwc_ip ip;
	struct fwc_network *network;
	const char *id;
	struct fwc_endpoint *endpoint;
};

static void *push(struct reader *r, struct fwc_vec *v, const void *item, size_t size)
{
	void *copy = fwc_arena_copy(&r->list->arena, item, size);

	return copy && fwc_vec_push(v, copy) == 0 ? copy : NULL;
}

static const struct fwc_value *part(const struct fwc_value *key, size_t i)
{
	return fwc_value_kind(key) == FWC_VALUE_CONCAT ? fwc_value_at(key, i) : i ? NULL : key;
}

static int read_bridge(struct reader *r, const struct fwc_element *e)
{
	const char *name = fwc_value_get_name(fwc_element_key(e));
	/* What is not found in icc is isolated. */
	struct fwc_network network = { .flags = FWC_NETWORK_ISOLATED };

	if (!name)
		return 0;
	fwc_copy_name(network.name, sizeof(network.name), name);
	return push(r, &r->list->list, &network, sizeof(network)) ? 0 : -ENOMEM;
}

static struct fwc_network *network_of(const struct reader *r, const struct fwc_value *name)
{
	const char *text = fwc_value_get_name(name);

	return text ? fwc_networks_lookup(r->list, text) : NULL;
}

static int read_internal(struct reader *r, const struct fwc_element *e)
{
	struct fwc_network *network = network_of(r, fwc_element_key(e));

	if (network)
		network->flags |= FWC_NETWORK_INTERNAL;
	return 0;
}

static int read_icc(struct reader *r, const struct fwc_element *e)
{
	struct fwc_network *network = network_of(r, part(fwc_element_key(e), 0));

	if (network)
		network->flags &= ~(uint32_t)FWC_NETWORK_ISOLATED;
	return 0;
}

static int family_index(const struct fwc_ip *ip)
{
	return ip->family == FWC_FAMILY_IP6;
}

static int read_subnet(struct reader *r, const struct fwc_element *e)
{
	struct fwc_network *network = network_of(r, part(fwc_element_key(e), 1));
	struct fwc_subnet *s;
	struct fwc_ip ip;
	uint32_t len;

	if (!network || !fwc_value_get_ip(part(fwc_element_key(e), 0), &ip, &len))
		return 0;
	s = &network->subnet[family_index(&ip)];
	s->base = ip;
	s->prefix_len = len;
	return 0;
}

/* The tag says whose an element is; when the ruleset was saved and loaded with nft, only the comment is left. */
static const char *element_id(const struct fwc_element *e)
{
	const char *tag = fwc_element_tag_get(e);

	return tag ? tag : fwc_element_comment_get(e);
}

static int read_address(struct reader *r, const struct fwc_element *e)
{
	struct address a = { .network = network_of(r, part(fwc_element_key(e), 1)) };
	const char *id = element_id(e);

	if (!a.network || !id || !fwc_value_get_ip(part(fwc_element_key(e), 0), &a.ip, NULL))
		return 0;
	if (!strcmp(id, FWC_GATEWAY_TAG)) {
		a.network->subnet[family_index(&a.ip)].gateway = a.ip;
		return 0;
	}
	a.id = fwc_arena_strdup(&r->list->arena, id);
	return a.id && push(r, &r->addresses, &a, sizeof(a)) ? 0 : -ENOMEM;
}

/* A port or a range of ports. */
static bool read_ports(const struct fwc_value *v, uint64_t *first, uint64_t *last)
{
	if (fwc_value_kind(v) == FWC_VALUE_RANGE)
		return fwc_value_get_number(fwc_value_at(v, 0), first) &&
		       fwc_value_get_number(fwc_value_at(v, 1), last);
	return fwc_value_get_number(v, first) && fwc_value_get_number(v, last);
}

/* Key: [address .] protocol . ports. Data: address [. port]. */
static int read_port(struct reader *r, const struct fwc_element *e)
{
	const struct fwc_value *key = fwc_element_key(e), *data = fwc_element_data(e);
	size_t at = fwc_value_count(key) == 3;
	uint64_t protocol, first, last, port;
	struct claim c = { 0 };

	if (!fwc_value_get_ip(part(data, 0), &c.ip, NULL) ||
	    (at && !fwc_value_get_ip(part(key, 0), &c.port.host, NULL)) ||
	    !fwc_value_get_number(part(key, at), &protocol) ||
	    !read_ports(part(key, at + 1), &first, &last))
		return 0;
	if (!fwc_value_get_number(part(data, 1), &port))
		port = first;
	c.port.protocol = (uint32_t)protocol;
	c.port.host_port = (uint16_t)first;
	c.port.port = (uint16_t)port;
	c.port.count = (uint16_t)(last - first + 1);
	return push(r, &r->claims, &c, sizeof(c)) ? 0 : -ENOMEM;
}

/* In this order: a network comes before what belongs to it. */
static const struct {
	const char *name;
	int (*read)(struct reader *r, const struct fwc_element *e);
} readers[] = {
	{ "bridges", read_bridge }, { "internal", read_internal }, { "icc", read_icc },
	{ "nets4", read_subnet },   { "nets6", read_subnet },      { "addrs4", read_address },
	{ "addrs6", read_address }, { "pub4ip", read_port },       { "pub6ip", read_port },
	{ "rng4ip", read_port },    { "rng6ip", read_port },       { "pub4any", read_port },
	{ "pub6any", read_port },   { "rng4any", read_port },      { "rng6any", read_port },
};

static int compare_networks(const void *a, const void *b)
{
	const struct fwc_network *const *x = a, *const *y = b;

	return strcmp((*x)->name, (*y)->name);
}

static int compare_owners(const void *a, const void *b)
{
	const struct address *x = *(const struct address *const *)a;
	const struct address *y = *(const struct address *const *)b;
	int r = strcmp(x->network->name, y->network->name);

	if (r == 0)
		r = strcmp(x->id, y->id);
	return r ? r : memcmp(&x->ip, &y->ip, sizeof(x->ip));
}

static int compare_addresses(const void *a, const void *b)
{
	const struct address *x = *(const struct address *const *)a;
	const struct address *y = *(const struct address *const *)b;

	return memcmp(&x->ip, &y->ip, sizeof(x->ip));
}

static void sort(struct fwc_vec *v, int (*compare)(const void *, const void *))
{
	if (v->count)
		qsort(v->items, v->count, sizeof(*v->items), compare);
}

static int read_sets(struct reader *r, struct fwc_ruleset *ruleset, const char *table)
{
	for (size_t i = 0; i < FWC_ARRAY_SIZE(readers); i++) {
		const struct fwc_set *set =
			fwc_ruleset_find_set(ruleset, FWC_FAMILY_INET, table, readers[i].name);

		for (size_t j = 0; set && j < fwc_set_count(set); j++)
			if (readers[i].read(r, fwc_set_at(set, j)) < 0)
				return -ENOMEM;
		if (i == 0)
			sort(&r->list->list, compare_networks);
	}
	return 0;
}

/* Addresses of one network and id are one container. */
static int make_endpoints(struct reader *r)
{
	struct fwc_endpoint *last = NULL;

	sort(&r->addresses, compare_owners);
	for (size_t i = 0; i < r->addresses.count; i++) {
		struct address *a = r->addresses.items[i];

		if (!last || last->network != a->network || strcmp(last->id, a->id)) {
			const struct fwc_endpoint fresh = { .id = a->id, .network = a->network };

			last = push(r, &a->network->endpoints, &fresh, sizeof(fresh));
			if (!last)
				return -ENOMEM;
		}
		last->ip[family_index(&a->ip)] = a->ip;
		a->endpoint = last;
	}
	sort(&r->addresses, compare_addresses);
	return 0;
}

static struct fwc_endpoint *endpoint_at(const struct reader *r, const struct fwc_ip *ip)
{
	const struct address key = { .ip = *ip }, *at = &key;
	struct address **found = NULL;

	if (r->addresses.count)
		found = bsearch(&at, r->addresses.items, r->addresses.count, sizeof(at),
				compare_addresses);
	return found ? (*found)->endpoint : NULL;
}

static int compare_claims(const void *a, const void *b)
{
	const struct claim *x = *(const struct claim *const *)a;
	const struct claim *y = *(const struct claim *const *)b;

	return fwc_port_compare(&x->port, &y->port);
}

/* One port more of a run that was published with other numbers in the container. */
static bool goes_on(const struct fwc_port *last, const struct fwc_port *next)
{
	return next->count == 1 && next->protocol == last->protocol &&
	       fwc_ip_equal(&next->host, &last->host) &&
	       next->host_port == last->host_port + last->count &&
	       next->port == last->port + last->count && next->port != next->host_port;
}

static int add_port(struct reader *r, struct fwc_endpoint *e, const struct fwc_port *port)
{
	struct fwc_port *last = e->port_count ? &e->ports[e->port_count - 1] : NULL;
	size_t room = e->port_count ? e->port_count * 2 : 1;

	/* Published through all addresses, it is there once for IPv4 and once for IPv6. */
	if (last && fwc_port_overlaps(last, port))
		return 0;
	if (last && goes_on(last, port)) {
		last->count++;
		return 0;
	}
	if ((e->port_count & (e->port_count - 1)) == 0) { /* full: a power of two */
		struct fwc_port *ports = fwc_arena_alloc(&r->list->arena, room * sizeof(*ports));

		if (!ports)
			return -ENOMEM;
		if (e->port_count)
			memcpy(ports, e->ports, e->port_count * sizeof(*ports));
		e->ports = ports;
	}
	e->ports[e->port_count++] = *port;
	return 0;
}

static int give_ports(struct reader *r)
{
	sort(&r->claims, compare_claims);
	for (size_t i = 0; i < r->claims.count; i++) {
		const struct claim *c = r->claims.items[i];
		struct fwc_endpoint *e = endpoint_at(r, &c->ip);
		const struct fwc_orphan orphan = { c->port, c->ip };

		if (e ? add_port(r, e, &c->port) < 0
		      : !push(r, &r->list->orphans, &orphan, sizeof(orphan)))
			return -ENOMEM;
	}
	return 0;
}

static int compare_endpoints(const void *a, const void *b)
{
	const struct fwc_endpoint *x = *(const struct fwc_endpoint *const *)a;
	const struct fwc_endpoint *y = *(const struct fwc_endpoint *const *)b;
	int r = memcmp(x->ip, y->ip, sizeof(x->ip));

	return r ? r : strcmp(x->id, y->id);
}

static int read_table(struct reader *r, struct fwc_ruleset *ruleset, const char *table)
{
	int failed = read_sets(r, ruleset, table);

	if (failed == 0)
		failed = make_endpoints(r);
	if (failed == 0)
		failed = give_ports(r);
	for (size_t i = 0; i < r->list->list.count; i++) {
		struct fwc_network *network = r->list->list.items[i];

		sort(&network->endpoints, compare_endpoints);
	}
	return failed;
}

int fwc_networks_load(struct fwc_kernel *kernel, struct fwc_networks **ret, struct fwc_error *err)
{
	fwc_cleanup(fwc_networks_freep) struct fwc_networks *list = calloc(1, sizeof(*list));
	struct reader reader = { .list = list };
	struct fwc_ruleset *ruleset = NULL;
	char table[48];
	int r;

	if (!list)
		return fwc_fail_memory(err);
	fwc_network_table(kernel, table);
	r = fwc_kernel_load_sets(kernel, FWC_FAMILY_INET, table, NULL, &ruleset, err);
	if (r < 0 && r != -ENOENT)
		return r;
	fwc_error_clear(err);
	r = ruleset ? read_table(&reader, ruleset, table) : 0;
	fwc_vec_free(&reader.addresses);
	fwc_vec_free(&reader.claims);
	fwc_ruleset_free(ruleset);
	if (r < 0)
		return fwc_fail_memory(err);
	*ret = fwc_take(list);
	return 0;
}

void fwc_networks_freep(struct fwc_networks **list)
{
	fwc_networks_free(*list);
	*list = NULL;
}

void fwc_networks_free(struct fwc_networks *list)
{
	if (!list)
		return;
	for (size_t i = 0; i < list->list.count; i++)
		fwc_vec_free(&((struct fwc_network *)list->list.items[i])->endpoints);
	fwc_vec_free(&list->list);
	fwc_vec_free(&list->orphans);
	fwc_arena_free(&list->arena);
	free(list);
}

struct fwc_network *fwc_networks_lookup(const struct fwc_networks *list, const char *name)
{
	for (size_t i = 0; i < list->list.count; i++) {
		struct fwc_network *network = list->list.items[i];

		if (!strcmp(network->name, name))
			return network;
	}
	return NULL;
}

int fwc_networks_need(const struct fwc_networks *list, const char *name, struct fwc_network **ret,
		      struct fwc_error *err)
{
	struct fwc_network *network = fwc_networks_lookup(list, name);

	if (!network)
		return fwc_fail(err, -ENOENT, FWC_OBJECT_NETWORK, "there is no network '%s'", name);
	*ret = network;
	return 0;
}

struct fwc_endpoint *fwc_network_lookup(const struct fwc_network *network, const char *id)
{
	for (size_t i = 0; i < network->endpoints.count; i++) {
		struct fwc_endpoint *e = network->endpoints.items[i];

		if (!strcmp(e->id, id))
			return e;
	}
	return NULL;
}
