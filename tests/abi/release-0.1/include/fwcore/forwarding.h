/* SPDX-License-Identifier: LGPL-2.1-or-later */
/**
 * @file forwarding.h
 * Whether the kernel object's namespace forwards packets (ip_forward), and putting back what a change moved.
 */
#ifndef FWCORE_FORWARDING_H
#define FWCORE_FORWARDING_H

#include <fwcore/types.h>

FWC_BEGIN_DECLS

/**
 * Whether packets are forwarded.
 *
 * @param kernel     the kernel object
 * @param family     FWC_FAMILY_IP or FWC_FAMILY_IP6
 * @param interface  its name; NULL: globally (IPv4 ip_forward, IPv6 conf/all/forwarding)
 * @param ret        receives it
 * @param err        detail on failure, or NULL
 * @return 0, -EINVAL, -ENOENT for an interface that does not exist or a kernel without that family
 *
 * For one interface: whether what arrives there is forwarded. With IPv6 that is the global switch or the interface's
 * force_forwarding (Linux 6.17); its conf/NAME/forwarding makes a router of it, which forwards nothing by that alone.
 *
 * Kernel: RTM_GETNETCONF, net/ipv4/devinet.c, net/ipv6/addrconf.c; works without /proc.
 * Since: 0.1
 */
FWC_API int fwc_forwarding_get(struct fwc_kernel *kernel, uint32_t family, const char *interface,
			       bool *ret, struct fwc_error *err);

/** How forwarding is switched. */
enum fwc_forwarding_flags {
	/** IPv6 on: interfaces that received router advertisements get accept_ra=2, so that they go on */
	FWC_FORWARDING_KEEP_RA = 1,
};

/**
 * Switch forwarding on or off.
 *
 * The kernel moves other settings along: IPv4's global switch rewrites every conf/NAME/forwarding and
 * conf/all/accept_redirects; IPv6's makes interfaces ignore router advertisements: refused where one has received
 * them and follows them (accept_ra=1).
 *
 * @param kernel      the kernel object
 * @param family      FWC_FAMILY_IP or FWC_FAMILY_IP6
 * @param interface   its name; NULL: globally
 * @param on          true: forward
 * @param err         detail on failure, or NULL
 * @return 0 (also when it was so already: then nothing is written), -EINVAL, -ENOENT, -EPERM, -EROFS,
 *         -EBUSY naming the interface whose router advertisements would be ignored, -EOPNOTSUPP without /proc/sys,
 *         for one interface of IPv6 before Linux 6.17, and for switching one off while IPv6 is on globally
 *
 * Since: 0.1
 */
FWC_API int fwc_forwarding_set(struct fwc_kernel *kernel, uint32_t family, const char *interface,
			       bool on, struct fwc_error *err);

/**
 * As fwc_forwarding_set(), with flags, and with all that it changed.
 *
 * @param kernel      the kernel object
 * @param family      FWC_FAMILY_IP or IP6
 * @param interface   its name; NULL: globally
 * @param on          true: forward
 * @param flags       enum fwc_forwarding_flags
 * @param ret_before  receives the settings as they were, to be put back with
 *                    fwc_settings_restore(); NULL: not wanted
 * @param err         detail, or NULL
 * @return as fwc_forwarding_set()
 */
FWC_API int fwc_forwarding_change(struct fwc_kernel *kernel, uint32_t family, const char *interface,
				  bool on, uint32_t flags, struct fwc_settings **ret_before,
				  struct fwc_error *err);

/** @param settings the settings @return how many were changed */
FWC_API size_t fwc_settings_count(const struct fwc_settings *settings);

/**
 * @param settings  the settings
 * @param i         from 0
 * @return its name as sysctl(8) writes it, "net.ipv4.ip_forward"; borrowed, NULL past the end
 */
FWC_API const char *fwc_settings_name(const struct fwc_settings *settings, size_t i);

/**
 * @param settings  the settings
 * @param i         from 0
 * @return the value it had; borrowed, NULL past the end
 */
FWC_API const char *fwc_settings_value(const struct fwc_settings *settings, size_t i);

/**
 * Put settings back. Interfaces that have gone are passed over; what others set meanwhile on
 * interfaces that the change had left alone stays.
 *
 * @param kernel    the kernel object
 * @param settings  the settings
 * @param err       detail, or NULL
 * @return 0, -EPERM, -EROFS
 */
FWC_API int fwc_settings_restore(struct fwc_kernel *kernel, const struct fwc_settings *settings,
				 struct fwc_error *err);
/** @param settings the settings, or NULL */
FWC_API void fwc_settings_free(struct fwc_settings *settings);

FWC_END_DECLS
#endif
