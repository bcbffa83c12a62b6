/* SPDX-License-Identifier: LGPL-2.1-or-later */
/**
 * @file network.h
 * docker0-style networks: a bridge, containers on it, NAT to the outside, published ports.
 *
 * All state is in the kernel: one table `fwcore_OWNER` in family inet, the bridge and its veth pairs. There are
 * no files and no daemon; any number of processes may work on the networks of one owner.
 */
#ifndef FWCORE_NETWORK_H
#define FWCORE_NETWORK_H

#include <fwcore/types.h>

FWC_BEGIN_DECLS

/** What the containers of a network may reach. */
enum fwc_network_flags {
	FWC_NETWORK_INTERNAL = 1, /**< no way out and no published ports */
	/** its containers do not reach each other (isolated bridge ports) */
	FWC_NETWORK_ISOLATED = 2,
};

/** What a network is like. */
struct fwc_network_opts {
	size_t size; /**< sizeof(struct fwc_network_opts) */
	const char *subnet4; /**< "172.30.0.0/24"; NULL: no IPv4 */
	const char *subnet6; /**< "fd30::/64"; NULL: no IPv6. At least one of the two */
	const char *gateway4; /**< the bridge's address; NULL: the subnet's first */
	const char *gateway6; /**< the same of subnet6 */
	uint32_t mtu; /**< bytes; 0: the kernel's default */
	uint32_t flags; /**< enum fwc_network_flags */
};

/**
 * Create a network: its bridge, addresses, chain and sets. Fails whole: what was made is taken back.
 *
 * Forwarding is not switched on behind the caller's back: -ENOTCONN with a message when it is off, before
 * anything is made (not for INTERNAL).
 *
 * @param kernel  the kernel object
 * @param name    the bridge's name too: 1 to 15 bytes
 * @param opts    at least one subnet
 * @param err     detail on failure, or NULL
 * @return 0, -EINVAL, -EEXIST, -EADDRINUSE for a subnet that overlaps another of the namespace's, -ENOTCONN, -EPERM
 *
 * Since: 0.1
 */
FWC_API int fwc_network_create(struct fwc_kernel *kernel, const char *name,
			       const struct fwc_network_opts *opts, struct fwc_error *err);

/**
 * Delete a network that has no endpoints; the last one takes the table along.
 *
 * @param kernel  the kernel object
 * @param name    the network
 * @param err     detail, or NULL
 * @return 0, -ENOENT, -EBUSY naming an endpoint, -EPERM
 */
FWC_API int fwc_network_delete(struct fwc_kernel *kernel, const char *name, struct fwc_error *err);

/** A published port or range of ports. */
struct fwc_port {
	uint32_t protocol; /**< 6 tcp, 17 udp, 132 sctp */
	uint16_t host_port; /**< first port on the host */
	uint16_t port; /**< first port in the container */
	uint16_t count; /**< how many; 0: 1 */
	uint16_t reserved; /**< 0 */
	struct fwc_ip host; /**< only through this address of the host; family 0: through any */
};

/** What a container gets. */
struct fwc_attach_opts {
	size_t size; /**< sizeof(struct fwc_attach_opts) */
	const char *interface; /**< its name in the container; NULL: "eth0" */
	const struct fwc_port *ports; /**< published in the same commit */
	size_t ports_count; /**< their number */
	const struct fwc_ip
		*addresses; /**< one a family; for families without, the next free one is taken */
	size_t addresses_count; /**< their number */
};

/**
 * Attach a container: veth pair, addresses, default route, published ports. Fails whole.
 *
 * @param kernel    the kernel object
 * @param network   its name
 * @param id        the container's id, 1 to 64 bytes without '/' and '"'
 * @param netns_fd  its network namespace; not closed, not kept
 * @param opts      NULL: "eth0", next free addresses, no ports
 * @param err       detail on failure, or NULL
 * @return 0, -EINVAL, -ENOENT, -EEXIST when that id is attached, -EADDRINUSE for an address or port that is taken,
 *         -EADDRNOTAVAIL when the subnet is full, -EOPNOTSUPP (publishing on ::1), -EPERM
 *
 * Since: 0.1
 */
FWC_API int fwc_network_attach(struct fwc_kernel *kernel, const char *network, const char *id,
			       int netns_fd, const struct fwc_attach_opts *opts,
			       struct fwc_error *err);

/**
 * Detach a container with everything it published; its namespace may have gone.
 *
 * @param kernel   the kernel object
 * @param network  its name
 * @param id       the container's
 * @param err      detail, or NULL
 * @return 0, -ENOENT, -EPERM
 */
FWC_API int fwc_network_detach(struct fwc_kernel *kernel, const char *network, const char *id,
			       struct fwc_error *err);

/**
 * Publish a port: one element, or one for each port of a shifted range.
 *
 * @param kernel   the kernel object
 * @param network  its name
 * @param id       the container's
 * @param port     the port
 * @param err      detail, or NULL
 * @return 0, -EINVAL, -ENOENT, -EADDRINUSE, -EOPNOTSUPP, -EPERM
 */
FWC_API int fwc_network_publish(struct fwc_kernel *kernel, const char *network, const char *id,
				const struct fwc_port *port, struct fwc_error *err);

/**
 * Take a published port back.
 *
 * @param kernel   the kernel object
 * @param network  its name
 * @param id       the container's
 * @param port     as it was published
 * @param err      detail, or NULL
 * @return 0, -ENOENT, -EPERM
 */
FWC_API int fwc_network_unpublish(struct fwc_kernel *kernel, const char *network, const char *id,
				  const struct fwc_port *port, struct fwc_error *err);

/**
 * The networks of this owner.
 *
 * @param kernel  the kernel object
 * @param ret     receives a snapshot; release it with fwc_networks_free()
 * @param err     detail, or NULL
 * @return 0, -EAGAIN, -ENOMEM
 */
FWC_API int fwc_networks_get(struct fwc_kernel *kernel, struct fwc_networks **ret,
			     struct fwc_error *err);
/** @param list the snapshot, or NULL */
FWC_API void fwc_networks_free(struct fwc_networks *list);
/** @param list the snapshot @return the number of networks */
FWC_API size_t fwc_networks_count(const struct fwc_networks *list);
/** @param list the snapshot @param i from 0 @return borrowed, NULL past the end */
FWC_API const struct fwc_network *fwc_networks_at(const struct fwc_networks *list, size_t i);
/** @param list the snapshot @param name the network's @return borrowed, NULL when there is none */
FWC_API const struct fwc_network *fwc_networks_find(const struct fwc_networks *list,
						    const char *name);
/** @param network the network @return its name, borrowed */
FWC_API const char *fwc_network_name(const struct fwc_network *network);

/**
 * @param network         the network
 * @param family          FWC_FAMILY_IP or IP6
 * @param ret_gateway     receives the bridge's address, or NULL
 * @param ret_prefix_len  receives the subnet's, or NULL
 * @return false when it has none of that family
 */
FWC_API bool fwc_network_subnet(const struct fwc_network *network, uint32_t family,
				struct fwc_ip *ret_gateway, uint32_t *ret_prefix_len);
/** @param network the network @return enum fwc_network_flags */
FWC_API uint32_t fwc_network_flags(const struct fwc_network *network);
/** @param network the network @return the number of its containers */
FWC_API size_t fwc_network_endpoint_count(const struct fwc_network *network);

/**
 * @param network  the network
 * @param i        from 0
 * @return the container's id; borrowed, NULL past the end
 */
FWC_API const char *fwc_network_endpoint_id(const struct fwc_network *network, size_t i);

/**
 * @param network  the network
 * @param i        the container, from 0
 * @return the host's interface to it; borrowed, "" when it has gone, NULL past the end
 */
FWC_API const char *fwc_network_endpoint_interface(const struct fwc_network *network, size_t i);

/**
 * @param network  the network
 * @param i        the container, from 0
 * @param family   FWC_FAMILY_IP or IP6
 * @param ret      receives its address
 * @return false when it has none of that family
 */
FWC_API bool fwc_network_endpoint_address(const struct fwc_network *network, size_t i,
					  uint32_t family, struct fwc_ip *ret);

/**
 * @param network  the network
 * @param i        the container, from 0
 * @return the number of ports it published
 */
FWC_API size_t fwc_network_endpoint_port_count(const struct fwc_network *network, size_t i);

/**
 * @param network  the network
 * @param i        the container, from 0
 * @param j        the port, from 0
 * @return borrowed, NULL past the end
 */
FWC_API const struct fwc_port *fwc_network_endpoint_port_at(const struct fwc_network *network,
							    size_t i, size_t j);

FWC_END_DECLS
#endif
