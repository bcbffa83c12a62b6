/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Networks and their containers as lines or as JSON. */
#include <string.h>

#include "fwctl.h"
#include "json.h"
#include "network.h"

static const uint32_t families[] = { FWC_FAMILY_IP, FWC_FAMILY_IP6 };

/* "172.30.0.1/24", "" when there is none. */
static const char *subnet_text(const struct fwc_network *network, uint32_t family, char *buf,
			       size_t size)
{
	struct fwc_ip gateway;
	uint32_t prefix_len;

	buf[0] = '\0';
	if (fwc_network_subnet(network, family, &gateway, &prefix_len))
		snprintf(buf, size, "%s/%u", address_text(&gateway), prefix_len);
	return buf;
}

static const char *endpoint_address(const struct fwc_network *network, size_t i, uint32_t family)
{
	struct fwc_ip ip;

	return fwc_network_endpoint_address(network, i, family, &ip) ? address_text(&ip) : "";
}

static const char *flags_text(uint32_t flags)
{
	static const char *const words[] = { "", "internal", "isolated", "internal, isolated" };

	return words[flags & 3];
}

static void print_network_line(const struct fwc_network *network)
{
	char subnet4[64], subnet6[64];

	printf("%-16s%-20s%-28s%zu", fwc_network_name(network),
	       subnet_text(network, FWC_FAMILY_IP, subnet4, sizeof(subnet4)),
	       subnet_text(network, FWC_FAMILY_IP6, subnet6, sizeof(subnet6)),
	       fwc_network_endpoint_count(network));
	if (fwc_network_flags(network))
		printf("  %s", flags_text(fwc_network_flags(network)));
	putchar('\n');
}

static void print_endpoint_line(const struct fwc_network *network, size_t i)
{
	const char *interface = fwc_network_endpoint_interface(network, i);

	printf("  %-20s%-16s", fwc_network_endpoint_id(network, i),
	       endpoint_address(network, i, FWC_FAMILY_IP));
	printf(" %-24s %s", endpoint_address(network, i, FWC_FAMILY_IP6),
	       *interface ? interface : "(gone)");
	for (size_t n = 0; n < fwc_network_endpoint_port_count(network, i); n++)
		printf("  %s", port_text(fwc_network_endpoint_port_at(network, i, n)));
	putchar('\n');
}

static void write_port(struct json *j, const struct fwc_port *port)
{
	json_open(j, NULL, '{');
	json_text(j, "text", port_text(port));
	json_number(j, "protocol", port->protocol);
	json_text(j, "host", port->host.family ? address_text(&port->host) : NULL);
	json_number(j, "host_port", port->host_port);
	json_number(j, "port", port->port);
	json_number(j, "count", port->count ? port->count : 1);
	json_close(j, '}');
}

static void write_endpoint(struct json *j, const struct fwc_network *network, size_t i)
{
	json_open(j, NULL, '{');
	json_text(j, "id", fwc_network_endpoint_id(network, i));
	json_text(j, "interface", fwc_network_endpoint_interface(network, i));
	json_open(j, "addresses", '[');
	for (size_t n = 0; n < 2; n++)
		if (*endpoint_address(network, i, families[n]))
			json_text(j, NULL, endpoint_address(network, i, families[n]));
	json_close(j, ']');
	json_open(j, "ports", '[');
	for (size_t n = 0; n < fwc_network_endpoint_port_count(network, i); n++)
		write_port(j, fwc_network_endpoint_port_at(network, i, n));
	json_close(j, ']');
	json_close(j, '}');
}

static void write_network(struct json *j, const struct fwc_network *network)
{
	char buf[64];

	json_open(j, NULL, '{');
	json_text(j, "name", fwc_network_name(network));
	json_open(j, "gateways", '[');
	for (size_t n = 0; n < 2; n++)
		if (*subnet_text(network, families[n], buf, sizeof(buf)))
			json_text(j, NULL, buf);
	json_close(j, ']');
	json_bool(j, "internal", fwc_network_flags(network) & FWC_NETWORK_INTERNAL);
	json_bool(j, "isolated", fwc_network_flags(network) & FWC_NETWORK_ISOLATED);
	json_open(j, "containers", '[');
	for (size_t i = 0; i < fwc_network_endpoint_count(network); i++)
		write_endpoint(j, network, i);
	json_close(j, ']');
	json_close(j, '}');
}

void print_networks(const struct fwc_networks *list, bool as_json)
{
	struct json j = { .out = stdout };

	if (!as_json)
		puts("NAME            IPV4                IPV6                        CONTAINERS");
	else
		json_open(&j, NULL, '[');
	for (size_t i = 0; i < fwc_networks_count(list); i++) {
		if (as_json)
			write_network(&j, fwc_networks_at(list, i));
		else
			print_network_line(fwc_networks_at(list, i));
	}
	if (as_json)
		json_close(&j, ']');
}

void print_network(const struct fwc_network *network, bool as_json)
{
	struct json j = { .out = stdout };
	char buf[64];

	if (as_json) {
		write_network(&j, network);
		return;
	}
	fputs(fwc_network_name(network), stdout);
	for (size_t n = 0; n < 2; n++)
		if (*subnet_text(network, families[n], buf, sizeof(buf)))
			printf("  %s", buf);
	if (fwc_network_flags(network))
		printf("  %s", flags_text(fwc_network_flags(network)));
	putchar('\n');
	for (size_t i = 0; i < fwc_network_endpoint_count(network); i++)
		print_endpoint_line(network, i);
}

void print_endpoint(const struct fwc_network *network, const char *id, bool as_json)
{
	struct json j = { .out = stdout };

	for (size_t i = 0; i < fwc_network_endpoint_count(network); i++) {
		if (strcmp(fwc_network_endpoint_id(network, i), id))
			continue;
		if (as_json)
			write_endpoint(&j, network, i);
		else
			print_endpoint_line(network, i);
	}
}
