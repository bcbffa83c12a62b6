/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Published ports: what is allowed, what meets what, how they are named in messages. */
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>

#include "network/network.h"

static const struct {
	uint32_t number;
	const char *name;
} protocols[] = {
	{ IPPROTO_TCP, "tcp" },
	{ IPPROTO_UDP, "udp" },
	{ IPPROTO_SCTP, "sctp" },
};

static const char *protocol_name(uint32_t number)
{
	for (size_t i = 0; i < FWC_ARRAY_SIZE(protocols); i++)
		if (protocols[i].number == number)
			return protocols[i].name;
	return NULL;
}

struct fwc_port_text fwc_port_text(const struct fwc_port *port)
{
	struct fwc_port_text text;
	struct fwc_buf b = fwc_buf_over(text.s, sizeof(text.s));

	text.s[0] = '\0';
	fwc_buf_printf(&b, "%s port%s %u", protocol_name(port->protocol),
		       port->count > 1 ? "s" : "", port->host_port);
	if (port->count > 1)
		fwc_buf_printf(&b, "-%u", port->host_port + port->count - 1u);
	if (port->host.family)
		fwc_buf_printf(&b, " of %s", fwc_ip_text(&port->host).s);
	return text;
}

static bool is_zero(const struct fwc_ip *ip)
{
	static const uint8_t zero[16];

	return !memcmp(ip->bytes, zero, fwc_ip_bits(ip) / 8);
}

static int check_host(const struct fwc_ip *host, struct fwc_error *err)
{
	static const uint8_t loopback6[16] = { [15] = 1 };
	bool is_ip4 = host->family == FWC_FAMILY_IP;

	if (!host->family)
		return 0;
	if (!is_ip4 && host->family != FWC_FAMILY_IP6)
		return fwc_fail(err, -EINVAL, FWC_OBJECT_ARGUMENT,
				"%u is no family for the host's address of a port", host->family);
	if (is_zero(host))
		return fwc_fail(
			err, -EINVAL, FWC_OBJECT_ARGUMENT,
			"a port cannot be published on %s: leave the address out to publish it on all",
			fwc_ip_text(host).s);
	if (is_ip4 ? host->bytes[0] >= 224 : host->bytes[0] == 0xff)
		return fwc_fail(err, -EINVAL, FWC_OBJECT_ARGUMENT,
				"a port cannot be published on %s: it is no address of one host",
				fwc_ip_text(host).s);
	/* The kernel has no route for a packet from ::1 that leaves through a bridge, masqueraded or not. */
	if (!is_ip4 && !memcmp(host->bytes, loopback6, 16))
		return fwc_fail(
			err, -EOPNOTSUPP, FWC_OBJECT_ARGUMENT,
			"a port cannot be published on ::1: the kernel routes ::1 to the host only");
	return 0;
}

int fwc_port_check(const struct fwc_port *port, struct fwc_port *ret, struct fwc_error *err)
{
	struct fwc_port p = *port;
	unsigned int last;
	int r;

	if (!p.count)
		p.count = 1;
	if (!protocol_name(p.protocol))
		return fwc_fail(
			err, -EINVAL, FWC_OBJECT_ARGUMENT,
			"ports of protocol %u cannot be published: 6 (tcp), 17 (udp) and 132 (sctp) can",
			p.protocol);
	if (p.reserved)
		return fwc_fail(err, -EINVAL, FWC_OBJECT_ARGUMENT, "a port's reserved is %u, not 0",
				p.reserved);
	last = (p.host_port > p.port ? p.host_port : p.port) + p.count - 1u;
	if (!p.host_port || !p.port || last > UINT16_MAX)
		return fwc_fail(
			err, -EINVAL, FWC_OBJECT_ARGUMENT,
			"%u port(s) from %u on the host to %u in the container: ports are 1 to 65535",
			p.count, p.host_port, p.port);
	r = check_host(&p.host, err);
	if (r < 0)
		return r;
	/* Hosts are compared as bytes: what the caller left behind an IPv4 address is no part of it. */
	if (p.host.family != FWC_FAMILY_IP6)
		memset(p.host.bytes + (p.host.family ? 4 : 0), 0, p.host.family ? 12 : 16);
	*ret = p;
	return 0;
}

bool fwc_port_is_range(const struct fwc_port *port)
{
	return port->count > 1 && port->host_port == port->port;
}

static bool same_place(const struct fwc_port *a, const struct fwc_port *b)
{
	return a->protocol == b->protocol && fwc_ip_equal(&a->host, &b->host);
}

/* A port of one address and that port of all do not meet: the address goes first, as a route to one host does. */
bool fwc_port_overlaps(const struct fwc_port *a, const struct fwc_port *b)
{
	return same_place(a, b) && a->host_port < b->host_port + b->count &&
	       b->host_port < a->host_port + a->count;
}

bool fwc_port_equal(const struct fwc_port *a, const struct fwc_port *b)
{
	return same_place(a, b) && a->host_port == b->host_port && a->port == b->port &&
	       a->count == b->count;
}

int fwc_port_compare(const void *a, const void *b)
{
	const struct fwc_port *x = a, *y = b;

	if (x->protocol != y->protocol)
		return x->protocol < y->protocol ? -1 : 1;
	if (!fwc_ip_equal(&x->host, &y->host))
		return memcmp(&x->host, &y->host, sizeof(x->host));
	if (x->host_port != y->host_port)
		return x->host_port < y->host_port ? -1 : 1;
	return x->port < y->port ? -1 : x->port > y->port;
}
