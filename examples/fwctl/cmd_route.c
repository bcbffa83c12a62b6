/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* fwctl route: routes in ip-route's words. */
#include <errno.h>
#include <inttypes.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include "fwctl.h"
#include "json.h"

enum { MAX_HOPS = 64 };

struct request {
	struct fwc_route route;
	struct fwc_next_hop hops[MAX_HOPS];
	const struct fwc_interfaces *links;
	uint32_t family, table; /* table 0: all */
	bool as_json;
};

/* ---- printing ---- */

static const struct {
	const char *word;
	uint32_t number;
} tables[] = { { "main", FWC_ROUTE_TABLE_MAIN },
	       { "local", FWC_ROUTE_TABLE_LOCAL },
	       { "default", FWC_ROUTE_TABLE_DEFAULT },
	       { "all", 0 } };

static const char *number_text(uint32_t number)
{
	static char buf[16];

	snprintf(buf, sizeof(buf), "%" PRIu32, number);
	return buf;
}

static const char *table_text(uint32_t table)
{
	for (size_t i = 0; table && i < sizeof(tables) / sizeof(tables[0]); i++)
		if (tables[i].number == table)
			return tables[i].word;
	return number_text(table);
}

static const char *protocol_text(uint32_t protocol)
{
	const char *name = fwc_route_protocol_name(protocol);

	return *name ? name : number_text(protocol);
}

static const char *destination_text(const struct fwc_route *r)
{
	static char buf[80];

	if (!r->prefix_len)
		return "default";
	snprintf(buf, sizeof(buf), "%s/%" PRIu32, address_text(&r->destination), r->prefix_len);
	return buf;
}

/* "" for an interface that went meanwhile. */
static const char *link_text(const struct request *q, uint32_t index)
{
	const char *name = fwc_interface_name(fwc_interfaces_find_index(q->links, index));

	return name ? name : "";
}

static void print_hop(const struct request *q, const struct fwc_route *r,
		      const struct fwc_next_hop *hop)
{
	if (hop->gateway.family)
		printf(" via %s%s", hop->gateway.family == r->destination.family ? "" : "inet6 ",
		       address_text(&hop->gateway));
	if (hop->interface)
		printf(" dev %s", link_text(q, hop->interface));
}

static void print_route(const struct request *q, const struct fwc_route *r)
{
	if (r->type != FWC_ROUTE_UNICAST)
		printf("%s ", fwc_route_type_name(r->type));
	fputs(destination_text(r), stdout);
	if (r->hop_count == 1)
		print_hop(q, r, r->hops);
	if (r->table != FWC_ROUTE_TABLE_MAIN)
		printf(" table %s", table_text(r->table));
	if (r->protocol)
		printf(" proto %s", protocol_text(r->protocol));
	if (r->source.family)
		printf(" src %s", address_text(&r->source));
	if (r->metric)
		printf(" metric %" PRIu32, r->metric);
	if (r->mtu)
		printf(" mtu %" PRIu32, r->mtu);
	for (size_t i = 0; r->hop_count > 1 && i < r->hop_count; i++) {
		fputs(" nexthop", stdout);
		print_hop(q, r, &r->hops[i]);
		printf(" weight %" PRIu32, r->hops[i].weight);
	}
	putchar('\n');
}

static void json_hops(struct json *j, const struct request *q, const struct fwc_route *r)
{
	json_open(j, "hops", '[');
	for (size_t i = 0; i < r->hop_count; i++) {
		const struct fwc_next_hop *hop = &r->hops[i];

		json_open(j, NULL, '{');
		json_text(j, "gateway", hop->gateway.family ? address_text(&hop->gateway) : NULL);
		json_text(j, "interface", hop->interface ? link_text(q, hop->interface) : NULL);
		json_number(j, "weight", hop->weight);
		json_close(j, '}');
	}
	json_close(j, ']');
}

static void json_route(struct json *j, const struct request *q, const struct fwc_route *r)
{
	json_open(j, NULL, '{');
	json_text(j, "destination", destination_text(r));
	json_text(j, "family", family_word(r->destination.family));
	json_text(j, "type", fwc_route_type_name(r->type));
	json_text(j, "table", table_text(r->table));
	json_text(j, "protocol", protocol_text(r->protocol));
	json_text(j, "source", r->source.family ? address_text(&r->source) : NULL);
	json_number(j, "metric", r->metric);
	json_number(j, "mtu", r->mtu);
	json_hops(j, q, r);
	json_close(j, '}');
}

static void print_routes(const struct request *q, const struct fwc_routes *list)
{
	struct json j = { .out = stdout };

	if (q->as_json)
		json_open(&j, NULL, '[');
	for (size_t i = 0; i < fwc_routes_count(list); i++) {
		const struct fwc_route *r = fwc_routes_at(list, i);

		if (q->table && q->table != r->table)
			continue;
		if (q->as_json)
			json_route(&j, q, r);
		else
			print_route(q, r);
	}
	if (q->as_json)
		json_close(&j, ']');
}

/* ---- words: each of these takes one, and returns false when it is none ---- */

static bool take_number(uint32_t *ret, const char *text)
{
	unsigned long number;

	if (parse_number(text, UINT32_MAX, &number) < 0)
		return false;
	*ret = (uint32_t)number;
	return true;
}

static bool take_table(uint32_t *ret, const char *text)
{
	for (size_t i = 0; i < sizeof(tables) / sizeof(tables[0]); i++) {
		if (!strcmp(tables[i].word, text)) {
			*ret = tables[i].number;
			return true;
		}
	}
	return take_number(ret, text);
}

static bool take_protocol(uint32_t *ret, const char *text)
{
	for (uint32_t i = 1; i < 256; i++) {
		if (!strcmp(fwc_route_protocol_name(i), text)) {
			*ret = i;
			return true;
		}
	}
	return take_number(ret, text);
}

static bool take_type(uint32_t *ret, const char *text)
{
	for (uint32_t i = FWC_ROUTE_UNICAST; i <= FWC_ROUTE_THROW; i++) {
		if (!strcmp(fwc_route_type_name(i), text)) {
			*ret = i;
			return true;
		}
	}
	return false;
}

/* "default", "192.0.2.0/24" or one address. */
static bool take_destination(struct request *q, const char *text)
{
	const char *slash = strchr(text, '/');
	struct fwc_ip *ip = &q->route.destination;
	char address[64];

	if (!strcmp(text, "default")) {
		ip->family = q->family == FWC_FAMILY_IP6 ? FWC_FAMILY_IP6 : FWC_FAMILY_IP;
		return true;
	}
	snprintf(address, sizeof(address), "%.*s", slash ? (int)(slash - text) : (int)strlen(text),
		 text);
	if (fwc_ip_parse(address, ip, NULL) < 0)
		return false;
	q->route.prefix_len = ip->family == FWC_FAMILY_IP ? 32 : 128;
	return !slash || take_number(&q->route.prefix_len, slash + 1);
}

static bool take_link(const struct request *q, uint32_t *ret, const char *name)
{
	*ret = fwc_interface_index(fwc_interfaces_find(q->links, name));
	return *ret != 0;
}

/* The hop that the words are about; the first `nexthop` begins the first. */
static struct fwc_next_hop *hop_of(struct request *q)
{
	if (!q->route.hop_count)
		q->route.hop_count = 1;
	return &q->hops[q->route.hop_count - 1];
}

/* `default` alone is of the gateway's family. */
static bool take_gateway(struct request *q, const char *text)
{
	struct fwc_next_hop *hop = hop_of(q);

	if (fwc_ip_parse(text, &hop->gateway, NULL) < 0)
		return false;
	if (!q->route.prefix_len && q->family == FWC_FAMILY_ANY)
		q->route.destination.family = hop->gateway.family;
	return true;
}

static bool take_interface(struct request *q, const char *text)
{
	return take_link(q, &hop_of(q)->interface, text);
}

static bool take_weight(struct request *q, const char *text)
{
	return take_number(&hop_of(q)->weight, text);
}

static bool take_source(struct request *q, const char *text)
{
	return fwc_ip_parse(text, &q->route.source, NULL) == 0;
}

/* Words with a value: of the route's numbers, or other ones. */
static const struct {
	const char *word;
	bool (*take)(struct request *q, const char *text);
	bool (*take_number)(uint32_t *ret, const char *text);
	size_t at; /* of the number */
} words_of_route[] = {
	{ "via", take_gateway },
	{ "dev", take_interface },
	{ "weight", take_weight },
	{ "src", take_source },
	{ "table", NULL, take_table, offsetof(struct fwc_route, table) },
	{ "proto", NULL, take_protocol, offsetof(struct fwc_route, protocol) },
	{ "metric", NULL, take_number, offsetof(struct fwc_route, metric) },
	{ "mtu", NULL, take_number, offsetof(struct fwc_route, mtu) },
	{ 0 },
};

static bool take_value(struct request *q, size_t i, const char *text)
{
	if (words_of_route[i].take)
		return words_of_route[i].take(q, text);
	return words_of_route[i].take_number(
		(uint32_t *)(void *)((char *)&q->route + words_of_route[i].at), text);
}

/* `nexthop` and `onlink` have no value. */
static bool take_flag(struct request *q, const char *word)
{
	if (!strcmp(word, "onlink")) {
		hop_of(q)->flags |= 4;
		return true;
	}
	if (strcmp(word, "nexthop") || q->route.hop_count == MAX_HOPS)
		return false;
	q->route.hop_count++;
	return true;
}

static int parse_route(const struct command *command, struct request *q, char **words)
{
	q->route.hops = q->hops;
	if (*words && take_type(&q->route.type, *words))
		words++;
	if (!*words || !take_destination(q, *words))
		return usage_error(command, "'%s' is no destination: default, or a prefix",
				   *words ? *words : "");
	for (words++; *words; words++) {
		size_t i = 0;

		if (take_flag(q, *words))
			continue;
		while (words_of_route[i].word && strcmp(words_of_route[i].word, *words))
			i++;
		if (!words_of_route[i].word)
			return usage_error(command, "'%s' is no word of a route", *words);
		/* The gateway's family may stand before it. */
		if (words_of_route[i].take == take_gateway && words[1] &&
		    !strcmp(words[1], "inet6"))
			words++;
		if (!words[1] || !take_value(q, i, words[1]))
			return usage_error(command, "'%s' is not right after '%s'",
					   words[1] ? words[1] : "", words_of_route[i].word);
		words++;
	}
	return -1;
}

/* ---- commands ---- */

static int show(struct fwc_kernel *kernel, const struct request *q, struct fwc_error *err)
{
	struct fwc_routes *list;
	int r = fwc_routes_get(kernel, q->family, &list, err);

	if (r < 0)
		return r;
	print_routes(q, list);
	fwc_routes_free(list);
	return 0;
}

static int get(struct fwc_kernel *kernel, struct request *q, struct fwc_error *err)
{
	struct fwc_routes *list;
	int r = fwc_route_lookup(kernel, &q->route.destination, NULL, &list, err);

	if (r < 0)
		return r;
	q->table = 0;
	print_routes(q, list);
	fwc_routes_free(list);
	return 0;
}

static const struct {
	const char *word;
	int (*change)(struct fwc_kernel *, const struct fwc_route *, struct fwc_error *);
} changes[] = { { "add", fwc_route_add },
		{ "replace", fwc_route_replace },
		{ "delete", fwc_route_delete } };

static int run(struct fwc_kernel *kernel, const struct command *command, struct request *q,
	       char **words)
{
	struct fwc_error err;
	int r;

	if (!*words || (!strcmp(*words, "show") && !words[1])) {
		r = show(kernel, q, &err);
		return r < 0 ? failed(&err) : EXIT_OK;
	}
	if (!strcmp(*words, "get") && words[1] && !words[2]) {
		if (!take_destination(q, words[1]) || strchr(words[1], '/'))
			return usage_error(command, "'%s' is no address", words[1]);
		r = get(kernel, q, &err);
		return r < 0 ? failed(&err) : EXIT_OK;
	}
	for (size_t i = 0; i < sizeof(changes) / sizeof(changes[0]); i++) {
		if (strcmp(changes[i].word, *words))
			continue;
		r = parse_route(command, q, words + 1);
		if (r >= 0)
			return r;
		return changes[i].change(kernel, &q->route, &err) < 0 ? failed(&err) : EXIT_OK;
	}
	return usage_error(command, "'%s' is no command about routes", *words);
}

static int parse_options(const struct command *command, int argc, char **argv, struct request *q)
{
	static const struct option options[] = { { "family", required_argument, NULL, 'f' },
						 { "table", required_argument, NULL, 't' },
						 { "json", no_argument, NULL, 'j' },
						 { "help", no_argument, NULL, 'h' },
						 { 0 } };
	int c;

	while ((c = getopt_long(argc, argv, ":h", options, NULL)) != -1) {
		if (c == 'f' && parse_family(optarg, &q->family) == 0 &&
		    (q->family == FWC_FAMILY_IP || q->family == FWC_FAMILY_IP6))
			continue;
		if (c == 't' && take_table(&q->table, optarg))
			continue;
		if (c == 'f')
			return usage_error(command, "'%s' is no family of routes: ip or ip6",
					   optarg);
		if (c == 't')
			return usage_error(
				command, "'%s' is no table: main, local, default, all or a number",
				optarg);
		if (c != 'j')
			return usage_option(command, c, argv);
		q->as_json = true;
	}
	return -1;
}

int cmd_route(const struct command *command, int argc, char **argv)
{
	struct request q = { .family = FWC_FAMILY_ANY, .table = FWC_ROUTE_TABLE_MAIN };
	struct fwc_interfaces *links;
	struct fwc_kernel *kernel;
	struct fwc_error err;
	int r = parse_options(command, argc, argv, &q);

	if (r >= 0)
		return r;
	kernel = open_kernel();
	if (!kernel)
		return EXIT_FAILED;
	if (fwc_interfaces_get(kernel, &links, &err) < 0) {
		r = failed(&err);
	} else {
		q.links = links;
		r = run(kernel, command, &q, argv + optind);
		fwc_interfaces_free(links);
	}
	fwc_kernel_close(kernel);
	return r;
}
