/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* docker0-style networks: how the files of this folder meet. docs/NETWORK.md tells what they build and why.
 *
 * nf_tables is reached through the public calls only; links through route/links.h. */
#ifndef FWC_NETWORK_PRIVATE_H
#define FWC_NETWORK_PRIVATE_H

#include <fwcore/batch.h>
#include <fwcore/network.h>
#include <fwcore/rule.h>
#include <fwcore/ruleset.h>
#include <fwcore/set.h>
#include <fwcore/value.h>

#include "core/buf.h"
#include "core/core.h"
#include "kernel/handle.h"
#include "route/links.h"

enum {
	FWC_MAX_ID = 64, /* bytes of a container's id */
	FWC_NET_TRIES = 64, /* how often something is done again because others were faster */
};

/* The tag of the element that keeps the gateway's address from containers: no id has a '/'. */
#define FWC_GATEWAY_TAG "/gateway"

/* Arrays of two: IPv4 first. */
enum { FWC_NET_FAMILIES = 2 };
extern const uint32_t fwc_net_family[FWC_NET_FAMILIES];
extern const char *const fwc_net_family_name[FWC_NET_FAMILIES];

/* ---- subnets (subnet.c) ---- */

struct fwc_subnet {
	struct fwc_ip base; /* family 0: there is none */
	struct fwc_ip gateway; /* family 0: not known */
	uint32_t prefix_len;
};

/* `gateway` NULL: the first address. */
int fwc_subnet_parse(uint32_t family, const char *text, const char *gateway, struct fwc_subnet *ret,
		     struct fwc_error *err);
bool fwc_prefix_overlaps(const struct fwc_ip *a, uint32_t a_len, const struct fwc_ip *b,
			 uint32_t b_len);
/* An address that a container may ask for: in the subnet, not its first, its broadcast or the gateway. */
int fwc_subnet_check(const struct fwc_subnet *s, const struct fwc_ip *ip, struct fwc_error *err);
/* The free address after `skip` other free ones, from the lowest, and round; `taken` need not be sorted. -EADDRNOTAVAIL. */
int fwc_subnet_pick(const struct fwc_subnet *s, const struct fwc_ip *taken, size_t count,
		    uint64_t skip, struct fwc_ip *ret, struct fwc_error *err);
/* The address in `other` of the same host's number as `ip` in `s`. False when that is none for a container. */
bool fwc_subnet_twin(const struct fwc_subnet *s, const struct fwc_ip *ip,
		     const struct fwc_subnet *other, struct fwc_ip *ret);
bool fwc_ip_equal(const struct fwc_ip *a, const struct fwc_ip *b);
/* For messages. */
struct fwc_ip_text {
	char s[48];
};
struct fwc_ip_text fwc_ip_text(const struct fwc_ip *ip);

/* ---- names (names.c) ---- */

int fwc_network_check_name(const char *name, struct fwc_error *err);
int fwc_network_check_id(const char *id, struct fwc_error *err);
/* "fwcore_OWNER" */
void fwc_network_table(const struct fwc_kernel *kernel, char table[48]);
/* The host's end of a container's veth pair: the same in every process, so that making it excludes. */
void fwc_network_veth(const struct fwc_kernel *kernel, const char *network, const char *id,
		      char name[16]);

/* What the aliases of our links say. */
struct fwc_network_alias {
	const char *network, *id; /* id NULL: the bridge */
	bool closing; /* bridge: being deleted, takes no more containers */
	bool internal; /* veth */
	struct fwc_ip ip[FWC_NET_FAMILIES]; /* veth */
};

void fwc_network_alias_write(const struct fwc_kernel *kernel, const struct fwc_network_alias *a,
			     char text[256]);
/* Whether `text` is the alias of that link; fills closing, internal and ip of *a. */
bool fwc_network_alias_read(const struct fwc_kernel *kernel, const char *text,
			    struct fwc_network_alias *a);

/* ---- ports (ports.c) ---- */

/* Checks a port and sets count to at least 1. */
int fwc_port_check(const struct fwc_port *port, struct fwc_port *ret, struct fwc_error *err);
/* Whether both would claim the same port of the same address of the host. */
bool fwc_port_overlaps(const struct fwc_port *a, const struct fwc_port *b);
/* One element holds it all: the container's ports have the same numbers. */
bool fwc_port_is_range(const struct fwc_port *port);
bool fwc_port_equal(const struct fwc_port *a, const struct fwc_port *b);
int fwc_port_compare(const void *a, const void *b); /* of struct fwc_port, for qsort */
/* "tcp port 8080", "udp ports 8000-8010 of 192.0.2.1" */
struct fwc_port_text {
	char s[96];
};
struct fwc_port_text fwc_port_text(const struct fwc_port *port);

/* ---- what the table holds (state.c) ---- */

struct fwc_endpoint {
	const char *id;
	struct fwc_network *network;
	struct fwc_ip ip[FWC_NET_FAMILIES]; /* family 0: none */
	char interface[16]; /* "" when it has gone; filled for the public snapshot only */
	struct fwc_port *ports; /* sorted */
	size_t port_count;
};

struct fwc_network {
	char name[16];
	uint32_t flags; /* enum fwc_network_flags */
	struct fwc_subnet subnet[FWC_NET_FAMILIES];
	struct fwc_vec endpoints; /* sorted by address */
};

/* A published port whose container is not there. */
struct fwc_orphan {
	struct fwc_port port;
	struct fwc_ip ip;
};

struct fwc_networks {
	struct fwc_arena arena;
	struct fwc_vec list; /* of struct fwc_network, sorted by name */
	struct fwc_vec orphans;
};

/* Without interfaces. An empty list when there is no table. */
int fwc_networks_load(struct fwc_kernel *kernel, struct fwc_networks **ret, struct fwc_error *err);
void fwc_networks_freep(struct fwc_networks **list);
struct fwc_network *fwc_networks_lookup(const struct fwc_networks *list, const char *name);
/* -ENOENT with the words for it. */
int fwc_networks_need(const struct fwc_networks *list, const char *name, struct fwc_network **ret,
		      struct fwc_error *err);
struct fwc_endpoint *fwc_network_lookup(const struct fwc_network *network, const char *id);

/* ---- the table itself (rules.c) ---- */

/* The ruleset that every network's table has: chains, rules, empty sets. Yours. */
int fwc_network_rules(const struct fwc_kernel *kernel, struct fwc_ruleset **ret,
		      struct fwc_error *err);

/* ---- changes (change.c): one commit of elements ---- */

struct fwc_change {
	const struct fwc_kernel *kernel;
	struct fwc_batch *batch;
	char table[48];
};

enum fwc_change_op {
	FWC_CHANGE_ADD, /* must not be there */
	FWC_CHANGE_ENSURE, /* may be there, with the same data */
	FWC_CHANGE_DEL, /* must be there */
	FWC_CHANGE_PROBE, /* must not be there, and will not be */
	FWC_CHANGE_TAKE_BACK, /* goes if it is there and ours; -EEXIST when that key is somebody else's */
};

int fwc_change_begin(struct fwc_change *c, const struct fwc_kernel *kernel, struct fwc_error *err);
void fwc_change_end(struct fwc_change *c);
void fwc_change_network(struct fwc_change *c, enum fwc_change_op op,
			const struct fwc_network *network);
void fwc_change_address(struct fwc_change *c, enum fwc_change_op op, const char *network,
			const struct fwc_ip *ip, const char *id);
/* For each family that the container has and the port goes with. */
void fwc_change_port(struct fwc_change *c, enum fwc_change_op op, const struct fwc_port *port,
		     const struct fwc_ip ip[FWC_NET_FAMILIES], const char *id);

/* ---- ports in use (claim.c) ---- */

/* -EADDRINUSE, naming the port and the container that has it; 0 when nobody has. An equal port of `self` (may be NULL) is
 * passed over: it is the one that is asked for. */
int fwc_networks_check_port(const struct fwc_networks *list, const struct fwc_endpoint *self,
			    const struct fwc_port *port, struct fwc_error *err);
/* What is left of containers that went while their ports were published. */
int fwc_networks_drop_orphans(struct fwc_kernel *kernel, const struct fwc_networks *list,
			      struct fwc_error *err);

/* ---- connections (flows.c): what cannot be deleted is left to its timeout ---- */

void fwc_flows_drop_port(struct fwc_kernel *kernel, const struct fwc_port *port,
			 const struct fwc_ip ip[FWC_NET_FAMILIES]);
void fwc_flows_drop_address(struct fwc_kernel *kernel, const struct fwc_ip ip[FWC_NET_FAMILIES]);

/* ---- containers (attach.c) ---- */

/* Whether a container can have that port published: not on an internal network, and with an address of its family. */
int fwc_port_check_container(const struct fwc_port *port, const char *id, bool internal,
			     const struct fwc_ip ip[FWC_NET_FAMILIES], struct fwc_error *err);
/* What the host's end of its veth pair says; -ENOENT when there is none of ours. */
int fwc_network_find_veth(struct fwc_kernel *kernel, struct fwc_network_alias *a,
			  uint32_t *ret_index, struct fwc_error *err);

#endif
