/* SPDX-License-Identifier: LGPL-2.1-or-later */
/**
 * @file interface.h
 * Network interfaces of the kernel object's namespace, as immutable snapshots.
 */
#ifndef FWCORE_INTERFACE_H
#define FWCORE_INTERFACE_H

#include <fwcore/types.h>

FWC_BEGIN_DECLS

/**
 * Read all interfaces with their addresses and counters.
 *
 * @param kernel  the kernel object
 * @param ret     receives the snapshot, ordered by index; release it with fwc_interfaces_free()
 * @param err     detail on failure, or NULL
 * @return 0, -EAGAIN when they kept changing, -ENOMEM
 *
 * Threads: one at a time per kernel object; the snapshot needs it no more.
 * Kernel: RTM_GETLINK and RTM_GETADDR dumps, net/core/rtnetlink.c.
 * Since: 0.1
 */
FWC_API int fwc_interfaces_get(struct fwc_kernel *kernel, struct fwc_interfaces **ret,
			       struct fwc_error *err);
/** Release a snapshot. @param list the snapshot, or NULL */
FWC_API void fwc_interfaces_free(struct fwc_interfaces *list);
/** @param list the snapshot @return the number of interfaces */
FWC_API size_t fwc_interfaces_count(const struct fwc_interfaces *list);
/** @param list the snapshot @param i from 0 @return borrowed, NULL past the end */
FWC_API const struct fwc_interface *fwc_interfaces_at(const struct fwc_interfaces *list, size_t i);

/**
 * @param list  the snapshot
 * @param name  the interface's
 * @return borrowed, NULL when there is none
 */
FWC_API const struct fwc_interface *fwc_interfaces_find(const struct fwc_interfaces *list,
							const char *name);

/**
 * @param list   the snapshot
 * @param index  the interface's
 * @return borrowed, NULL when there is none
 */
FWC_API const struct fwc_interface *fwc_interfaces_find_index(const struct fwc_interfaces *list,
							      uint32_t index);

/** @param interface the interface @return its index */
FWC_API uint32_t fwc_interface_index(const struct fwc_interface *interface);
/** @param interface the interface @return its name, borrowed */
FWC_API const char *fwc_interface_name(const struct fwc_interface *interface);
/** @param interface the interface @return its alias (ifalias), NULL when there is none */
FWC_API const char *fwc_interface_alias(const struct fwc_interface *interface);

/**
 * @param interface  the interface
 * @return the kernel's kind, "bridge", "veth", "vlan"; "" for loopback and most hardware
 */
FWC_API const char *fwc_interface_kind(const struct fwc_interface *interface);

/**
 * Whether a device stands behind it: it has a parent device (IFLA_PARENT_DEV_NAME) and no kind,
 * or a kind of hardware ("can", "dsa", "ipoib", "wwan").
 *
 * @param interface  the interface
 * @return true when physical
 */
FWC_API bool fwc_interface_is_physical(const struct fwc_interface *interface);

/**
 * @param interface  the interface
 * @return IFF_*: 1 up, 2 broadcast, 8 loopback, 0x10 point-to-point, 0x40 running, 0x100
 *   promiscuous, 0x1000 multicast, 0x10000 lower up
 */
FWC_API uint32_t fwc_interface_flags(const struct fwc_interface *interface);
/** @param interface the interface @return bytes */
FWC_API uint32_t fwc_interface_mtu(const struct fwc_interface *interface);
/** @param interface the interface @return packets in its transmit queue (txqueuelen) */
FWC_API uint32_t fwc_interface_tx_queue_len(const struct fwc_interface *interface);
/** @param interface the interface @return ARPHRD_*: 1 ethernet, 772 loopback */
FWC_API uint32_t fwc_interface_link_type(const struct fwc_interface *interface);

/**
 * @param interface  the interface
 * @return the link type in ip-link's words, "ether", "loopback"; "link/N" when it has none
 */
FWC_API const char *fwc_interface_link_type_name(const struct fwc_interface *interface);

/**
 * @param interface  the interface
 * @param ret_len    receives its bytes
 * @return its hardware address, NULL when there is none
 */
FWC_API const uint8_t *fwc_interface_mac(const struct fwc_interface *interface, size_t *ret_len);

/**
 * @param interface  the interface
 * @return index of the bridge, bond or VRF it belongs to, 0 for none
 */
FWC_API uint32_t fwc_interface_master(const struct fwc_interface *interface);

/**
 * @param interface  the interface
 * @return index of its peer or lower interface (IFLA_LINK), 0 for none; in another namespace when
 *   fwc_interface_peer_netns() says so
 */
FWC_API uint32_t fwc_interface_peer(const struct fwc_interface *interface);

/**
 * @param interface  the interface
 * @param ret        receives the namespace id of the peer
 * @return true when the peer is in another namespace
 */
FWC_API bool fwc_interface_peer_netns(const struct fwc_interface *interface, int32_t *ret);

/**
 * @param interface  the interface
 * @return operational state in ip-link's words: "UP", "DOWN", "UNKNOWN", "LOWERLAYERDOWN",
 *   "DORMANT", "TESTING", "NOTPRESENT"
 */
FWC_API const char *fwc_interface_state(const struct fwc_interface *interface);
/** @param interface the interface @return true when it has carrier */
FWC_API bool fwc_interface_carrier(const struct fwc_interface *interface);

/** Counters since the interface was made. */
struct fwc_interface_stats {
	uint64_t rx_packets; /**< received */
	uint64_t tx_packets; /**< sent */
	uint64_t rx_bytes; /**< received */
	uint64_t tx_bytes; /**< sent */
	uint64_t rx_errors; /**< bad packets that came */
	uint64_t tx_errors; /**< packets that could not be sent */
	uint64_t rx_dropped; /**< good packets that came and went no further */
	uint64_t tx_dropped; /**< packets dropped on their way out */
	uint64_t
		rx_overruns; /**< rx_over_errors: what ifconfig and ip call overruns, with rx_fifo_errors */
	uint64_t rx_frame; /**< rx_frame_errors */
	uint64_t tx_overruns; /**< tx_fifo_errors */
	uint64_t tx_carrier; /**< tx_carrier_errors */
	uint64_t collisions; /**< while sending */
	uint64_t multicast; /**< received */
	uint64_t reserved[8]; /**< 0 */
};

/** @param interface the interface @return its counters, borrowed */
FWC_API const struct fwc_interface_stats *
fwc_interface_stats(const struct fwc_interface *interface);

/** An address of an interface. */
struct fwc_interface_address {
	struct fwc_ip ip; /**< the interface's own */
	struct fwc_ip peer; /**< point-to-point; family 0: none */
	struct fwc_ip broadcast; /**< family 0: none */
	uint32_t prefix_len; /**< in bits */
	uint32_t scope; /**< RT_SCOPE_*: 0 global, 200 site, 253 link, 254 host */
	uint32_t flags; /**< IFA_F_*: 1 secondary, 2 nodad, 0x40 tentative, 0x80 permanent */
	char label[16]; /**< IPv4's label, "" if none */
	uint32_t reserved[4]; /**< 0 */
};

/** @param interface the interface @return the number of its addresses */
FWC_API size_t fwc_interface_address_count(const struct fwc_interface *interface);
/** @param interface the interface @param i from 0 @return borrowed, NULL past the end */
FWC_API const struct fwc_interface_address *
fwc_interface_address_at(const struct fwc_interface *interface, size_t i);

/**
 * @param address  the address
 * @return its scope in ip-address's words: "global", "site", "link", "host"; "" for others
 */
FWC_API const char *fwc_interface_address_scope_name(const struct fwc_interface_address *address);

FWC_END_DECLS
#endif
