/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Published ports as words: 8080:80, 127.0.0.1:8000-8010:8000-8010/udp, [::1]:53:53/udp. */
#include <stdio.h>
#include <string.h>

#include "fwctl.h"
#include "network.h"

static const struct {
	const char *word;
	uint32_t number;
} protocols[] = { { "tcp", 6 }, { "udp", 17 }, { "sctp", 132 } };

/* Cuts the protocol off. */
static const char *take_protocol(char *text, struct fwc_port *port)
{
	char *slash = strrchr(text, '/');

	port->protocol = protocols[0].number;
	if (!slash)
		return NULL;
	*slash++ = '\0';
	for (size_t i = 0; i < sizeof(protocols) / sizeof(protocols[0]); i++) {
		if (!strcmp(slash, protocols[i].word)) {
			port->protocol = protocols[i].number;
			return NULL;
		}
	}
	return "the protocol is tcp, udp or sctp";
}

/* "8000" or "8000-8010" */
static int parse_range(char *text, uint16_t *ret_first, unsigned long *ret_count)
{
	unsigned long first, last;
	char *dash = strchr(text, '-');

	if (dash)
		*dash++ = '\0';
	if (parse_number(text, 65535, &first) < 0 || first == 0)
		return -1;
	last = first;
	if (dash && (parse_number(dash, 65535, &last) < 0 || last < first))
		return -1;
	*ret_first = (uint16_t)first;
	*ret_count = last - first + 1;
	return 0;
}

/* Cuts "ADDRESS:" off; what is left is "HOST_PORT:PORT". */
static char *take_address(char *text, struct fwc_ip *ret, const char **ret_wrong)
{
	char *end = *text == '[' ? strstr(text, "]:") : strchr(text, ':');
	char *rest = end ? end + (*text == '[' ? 2 : 1) : NULL;

	if (!rest || !strchr(rest, ':'))
		return text;
	*end = '\0';
	if (*text == '[')
		text++;
	if (fwc_ip_parse(text, ret, NULL) < 0)
		*ret_wrong = "before the ports stands an address of this machine";
	return rest;
}

const char *port_parse(const char *text, struct fwc_port *ret)
{
	unsigned long host_count, count;
	struct fwc_port port = { 0 };
	char buf[128], *ports, *colon;
	const char *wrong;

	if (snprintf(buf, sizeof(buf), "%s", text) >= (int)sizeof(buf))
		return "it is too long";
	wrong = take_protocol(buf, &port);
	ports = take_address(buf, &port.host, &wrong);
	if (wrong)
		return wrong;
	colon = strchr(ports, ':');
	if (!colon)
		return "it is written HOST_PORT:PORT";
	*colon++ = '\0';
	if (parse_range(ports, &port.host_port, &host_count) < 0 ||
	    parse_range(colon, &port.port, &count) < 0)
		return "a port is a number from 1 to 65535, or two with '-'";
	if (count != host_count)
		return "both ranges have the same number of ports";
	if (count > UINT16_MAX)
		return "a range has at most 65535 ports";
	port.count = (uint16_t)count;
	*ret = port;
	return NULL;
}

static const char *protocol_word(uint32_t number)
{
	for (size_t i = 0; i < sizeof(protocols) / sizeof(protocols[0]); i++)
		if (protocols[i].number == number)
			return protocols[i].word;
	return "unknown";
}

const char *port_text(const struct fwc_port *port)
{
	static char buf[128];
	unsigned int more = port->count ? port->count - 1U : 0;
	char address[64] = "", last[2][16] = { "", "" };

	if (port->host.family == FWC_FAMILY_IP6)
		snprintf(address, sizeof(address), "[%s]:", address_text(&port->host));
	else if (port->host.family)
		snprintf(address, sizeof(address), "%s:", address_text(&port->host));
	if (more) {
		snprintf(last[0], sizeof(last[0]), "-%u", port->host_port + more);
		snprintf(last[1], sizeof(last[1]), "-%u", port->port + more);
	}
	snprintf(buf, sizeof(buf), "%s%u%s:%u%s/%s", address, port->host_port, last[0], port->port,
		 last[1], protocol_word(port->protocol));
	return buf;
}
