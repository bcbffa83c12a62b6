/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* fwctl interfaces: a line for each, or all about one. */
#include <ctype.h>
#include <inttypes.h>
#include <string.h>

#include "fwctl.h"
#include "json.h"

static const struct {
	uint32_t bit;
	const char *word;
} flag_words[] = {
	{ 0x1, "UP" },       { 0x2, "BROADCAST" }, { 0x8, "LOOPBACK" },     { 0x10, "POINTOPOINT" },
	{ 0x40, "RUNNING" }, { 0x80, "NOARP" },    { 0x100, "PROMISC" },    { 0x200, "ALLMULTI" },
	{ 0x400, "MASTER" }, { 0x800, "SLAVE" },   { 0x1000, "MULTICAST" }, { 0x10000, "LOWER_UP" },
};
enum {
	FLAG_LOOPBACK = 0x8,
	FLAG_WORDS = sizeof(flag_words) / sizeof(flag_words[0]),
};

/* "physical", "loopback", or the kind of virtual interface. */
static const char *type_text(const struct fwc_interface *i)
{
	if (fwc_interface_flags(i) & FLAG_LOOPBACK)
		return "loopback";
	if (fwc_interface_is_physical(i))
		return "physical";
	return *fwc_interface_kind(i) ? fwc_interface_kind(i) : "virtual";
}

static const char *mac_text(const struct fwc_interface *i, char *buf, size_t size)
{
	size_t len = 0, at = 0;
	const uint8_t *mac = fwc_interface_mac(i, &len);

	buf[0] = '\0';
	for (size_t n = 0; mac && n < len && at + 4 < size; n++)
		at += (size_t)snprintf(buf + at, size - at, "%s%02x", n ? ":" : "", mac[n]);
	return buf;
}

/* The name of an index in the same namespace, "" for 0, "#7" where it is not seen. */
static const char *name_of(const struct fwc_interfaces *list, uint32_t index, char *buf,
			   size_t size)
{
	const struct fwc_interface *i = fwc_interfaces_find_index(list, index);

	if (!index)
		return "";
	if (i)
		return fwc_interface_name(i);
	snprintf(buf, size, "#%" PRIu32, index);
	return buf;
}

/* The peer as `ip` writes it: "eth0@veth1", or the namespace's number where it lives elsewhere. */
static const char *peer_text(const struct fwc_interfaces *list, const struct fwc_interface *i,
			     char *buf, size_t size)
{
	int32_t netns;

	if (!fwc_interface_peer_netns(i, &netns))
		return name_of(list, fwc_interface_peer(i), buf, size);
	snprintf(buf, size, "#%" PRIu32 " in namespace %" PRId32, fwc_interface_peer(i), netns);
	return buf;
}

/* Columns. */

struct widths {
	int name, type, mac;
};

static int longer(int width, const char *text)
{
	return (int)strlen(text) > width ? (int)strlen(text) : width;
}

static void print_cell(const char *text, int width)
{
	print_text(text);
	printf("%*s", width + 2 - (int)strlen(text), "");
}

static void print_row(const struct fwc_interface *i, const struct widths *w)
{
	char mac[128];

	print_cell(fwc_interface_name(i), w->name);
	print_cell(type_text(i), w->type);
	print_cell(fwc_interface_state(i), 7);
	printf("%6" PRIu32 "  ", fwc_interface_mtu(i));
	mac_text(i, mac, sizeof(mac));
	printf("%s", mac);
	for (size_t n = 0; n < fwc_interface_address_count(i); n++) {
		const struct fwc_interface_address *a = fwc_interface_address_at(i, n);

		printf("%*s%s/%" PRIu32, n ? 1 : w->mac + 2 - (int)strlen(mac), "",
		       address_text(&a->ip), a->prefix_len);
	}
	putchar('\n');
}

static void print_table(const struct fwc_interfaces *list)
{
	struct widths w = { .name = 4, .type = 8, .mac = 17 };
	char mac[128];

	for (size_t n = 0; n < fwc_interfaces_count(list); n++) {
		const struct fwc_interface *i = fwc_interfaces_at(list, n);

		w.name = longer(w.name, fwc_interface_name(i));
		w.type = longer(w.type, type_text(i));
		w.mac = longer(w.mac, mac_text(i, mac, sizeof(mac)));
	}
	print_cell("NAME", w.name);
	print_cell("TYPE", w.type);
	print_cell("STATE", 7);
	fputs("   MTU  ", stdout);
	print_cell("MAC", w.mac);
	puts("ADDRESSES");
	for (size_t n = 0; n < fwc_interfaces_count(list); n++)
		print_row(fwc_interfaces_at(list, n), &w);
}

/* All about one. */

static void print_flags(uint32_t flags)
{
	const char *comma = "";

	for (size_t n = 0; n < FLAG_WORDS; n++) {
		if (!(flags & flag_words[n].bit))
			continue;
		printf("%s%s", comma, flag_words[n].word);
		comma = ",";
	}
	putchar('\n');
}

static void print_addresses(const struct fwc_interface *i)
{
	for (size_t n = 0; n < fwc_interface_address_count(i); n++) {
		const struct fwc_interface_address *a = fwc_interface_address_at(i, n);

		printf("  %-10s", a->ip.family == FWC_FAMILY_IP6 ? "inet6" : "inet");
		printf("%s/%" PRIu32, address_text(&a->ip), a->prefix_len);
		if (a->peer.family)
			printf("  peer %s", address_text(&a->peer));
		if (a->broadcast.family)
			printf("  broadcast %s", address_text(&a->broadcast));
		printf("  scope %s\n", fwc_interface_address_scope_name(a));
	}
}

/* "1234567 bytes (1.2 MiB)" */
static void print_bytes(uint64_t bytes)
{
	static const char *const units[] = { "B", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB" };
	double amount = (double)bytes;
	size_t unit = 0;

	for (; amount >= 1024; unit++)
		amount /= 1024;
	printf("%" PRIu64 " bytes", bytes);
	if (unit)
		printf(" (%.1f %s)", amount, units[unit]);
}

static void print_stats(const struct fwc_interface_stats *s)
{
	printf("  %-10s%" PRIu64 " packets  ", "received", s->rx_packets);
	print_bytes(s->rx_bytes);
	printf("\n  %-10s%" PRIu64 " errors  %" PRIu64 " dropped  %" PRIu64 " overruns  %" PRIu64
	       " frame\n",
	       "", s->rx_errors, s->rx_dropped, s->rx_overruns, s->rx_frame);
	printf("  %-10s%" PRIu64 " packets  ", "sent", s->tx_packets);
	print_bytes(s->tx_bytes);
	printf("\n  %-10s%" PRIu64 " errors  %" PRIu64 " dropped  %" PRIu64 " overruns  %" PRIu64
	       " carrier  %" PRIu64 " collisions\n",
	       "", s->tx_errors, s->tx_dropped, s->tx_overruns, s->tx_carrier, s->collisions);
}

static void print_field(const char *name, const char *text)
{
	if (!text || !*text)
		return;
	printf("  %-10s", name);
	print_text(text);
	putchar('\n');
}

static void print_all_of(const struct fwc_interfaces *list, const struct fwc_interface *i)
{
	char buf[128];

	printf("%" PRIu32 ": ", fwc_interface_index(i));
	print_text(fwc_interface_name(i));
	printf(": %s, link %s, mtu %" PRIu32 ", queue of %" PRIu32 "\n", type_text(i),
	       fwc_interface_link_type_name(i), fwc_interface_mtu(i),
	       fwc_interface_tx_queue_len(i));
	printf("  %-10s%s, %s\n", "state", fwc_interface_state(i),
	       fwc_interface_carrier(i) ? "carrier" : "no carrier");
	printf("  %-10s", "flags");
	print_flags(fwc_interface_flags(i));
	print_field("mac", mac_text(i, buf, sizeof(buf)));
	print_field("alias", fwc_interface_alias(i));
	print_field("master", name_of(list, fwc_interface_master(i), buf, sizeof(buf)));
	print_field("peer", peer_text(list, i, buf, sizeof(buf)));
	print_addresses(i);
	print_stats(fwc_interface_stats(i));
}

/* JSON. */

static void write_addresses(struct json *j, const struct fwc_interface *i)
{
	json_open(j, "addresses", '[');
	for (size_t n = 0; n < fwc_interface_address_count(i); n++) {
		const struct fwc_interface_address *a = fwc_interface_address_at(i, n);

		json_open(j, NULL, '{');
		json_text(j, "family", family_word(a->ip.family));
		json_text(j, "address", address_text(&a->ip));
		json_number(j, "prefix_len", a->prefix_len);
		json_text(j, "scope", fwc_interface_address_scope_name(a));
		if (a->peer.family)
			json_text(j, "peer", address_text(&a->peer));
		if (a->broadcast.family)
			json_text(j, "broadcast", address_text(&a->broadcast));
		if (*a->label)
			json_text(j, "label", a->label);
		json_number(j, "flags", a->flags);
		json_close(j, '}');
	}
	json_close(j, ']');
}

static void write_stats(struct json *j, const struct fwc_interface_stats *s)
{
	const struct {
		const char *name;
		uint64_t number;
	} fields[] = {
		{ "rx_packets", s->rx_packets },   { "rx_bytes", s->rx_bytes },
		{ "rx_errors", s->rx_errors },     { "rx_dropped", s->rx_dropped },
		{ "rx_overruns", s->rx_overruns }, { "rx_frame", s->rx_frame },
		{ "tx_packets", s->tx_packets },   { "tx_bytes", s->tx_bytes },
		{ "tx_errors", s->tx_errors },     { "tx_dropped", s->tx_dropped },
		{ "tx_overruns", s->tx_overruns }, { "tx_carrier", s->tx_carrier },
		{ "collisions", s->collisions },   { "multicast", s->multicast },
	};

	json_open(j, "stats", '{');
	for (size_t n = 0; n < sizeof(fields) / sizeof(fields[0]); n++)
		json_number(j, fields[n].name, fields[n].number);
	json_close(j, '}');
}

static void write_flags(struct json *j, uint32_t flags)
{
	json_open(j, "flags", '[');
	for (size_t n = 0; n < FLAG_WORDS; n++)
		if (flags & flag_words[n].bit)
			json_text(j, NULL, flag_words[n].word);
	json_close(j, ']');
}

static void write_interface(struct json *j, const struct fwc_interfaces *list,
			    const struct fwc_interface *i)
{
	char buf[128];
	int32_t netns;

	json_open(j, NULL, '{');
	json_number(j, "index", fwc_interface_index(i));
	json_text(j, "name", fwc_interface_name(i));
	json_text(j, "kind", fwc_interface_kind(i));
	json_bool(j, "physical", fwc_interface_is_physical(i));
	json_text(j, "state", fwc_interface_state(i));
	json_bool(j, "carrier", fwc_interface_carrier(i));
	write_flags(j, fwc_interface_flags(i));
	json_number(j, "mtu", fwc_interface_mtu(i));
	json_number(j, "tx_queue_len", fwc_interface_tx_queue_len(i));
	json_text(j, "link_type", fwc_interface_link_type_name(i));
	json_text(j, "mac", mac_text(i, buf, sizeof(buf)));
	if (fwc_interface_alias(i))
		json_text(j, "alias", fwc_interface_alias(i));
	if (fwc_interface_master(i))
		json_text(j, "master", name_of(list, fwc_interface_master(i), buf, sizeof(buf)));
	if (fwc_interface_peer(i))
		json_number(j, "peer_index", fwc_interface_peer(i));
	if (fwc_interface_peer_netns(i, &netns) && netns >= 0)
		json_number(j, "peer_netns", (uint64_t)netns);
	write_addresses(j, i);
	write_stats(j, fwc_interface_stats(i));
	json_close(j, '}');
}

static void write_json(const struct fwc_interfaces *list, const struct fwc_interface *only)
{
	struct json j = { .out = stdout };

	json_open(&j, NULL, '[');
	for (size_t n = 0; n < fwc_interfaces_count(list); n++)
		if (!only || only == fwc_interfaces_at(list, n))
			write_interface(&j, list, fwc_interfaces_at(list, n));
	json_close(&j, ']');
}

static int interfaces(struct fwc_kernel *kernel, const char *name, bool as_json)
{
	const struct fwc_interface *only = NULL;
	struct fwc_interfaces *list;
	struct fwc_error err;
	int r = EXIT_OK;

	if (fwc_interfaces_get(kernel, &list, &err) < 0)
		return failed(&err);
	if (name)
		only = fwc_interfaces_find(list, name);
	if (name && !only) {
		fprintf(stderr, "fwctl: there is no interface '%s'\n", name);
		r = EXIT_FAILED;
	} else if (as_json) {
		write_json(list, only);
	} else if (only) {
		print_all_of(list, only);
	} else {
		print_table(list);
	}
	fwc_interfaces_free(list);
	return r;
}

int cmd_interfaces(const struct command *command, int argc, char **argv)
{
	static const struct option options[] = { { "json", no_argument, NULL, 'j' },
						 { "help", no_argument, NULL, 'h' },
						 { 0 } };
	struct fwc_kernel *kernel;
	bool as_json = false;
	int c, r;

	while ((c = getopt_long(argc, argv, ":h", options, NULL)) != -1) {
		if (c != 'j')
			return usage_option(command, c, argv);
		as_json = true;
	}
	if (argc - optind > 1)
		return usage_error(command, "'%s' is one word too many", argv[optind + 1]);
	kernel = open_kernel();
	if (!kernel)
		return EXIT_FAILED;
	r = interfaces(kernel, argv[optind], as_json);
	fwc_kernel_close(kernel);
	return r;
}
