/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The kernel's network settings: files below /proc/sys/net as the kernel object's namespace sees them. */
#ifndef FWC_ROUTE_SETTINGS_H
#define FWC_ROUTE_SETTINGS_H

#include <fwcore/forwarding.h>

#include "kernel/handle.h"

enum { FWC_SETTING_ROOM = 64 }; /* bytes of a value with its NUL */

struct fwc_setting {
	uint32_t family;
	const char *path; /* "conf/eth0.5/forwarding" */
	const char *name; /* "net.ipv4.conf.eth0/5.forwarding" */
	const char *value;
	bool changed; /* by the change that it was noted for */
};

/* Settings as they were. Those that a change moves along with others come after what moves them. */
struct fwc_settings {
	struct fwc_arena arena;
	struct fwc_vec all; /* struct fwc_setting: what the change may move */
	struct fwc_vec changed; /* those among them that it did move */
};

/* Without its newline. -ENOENT when the file is not there, -EOPNOTSUPP without /proc. */
int fwc_setting_read(const struct fwc_kernel *kernel, uint32_t family, const char *path,
		     char value[FWC_SETTING_ROOM], struct fwc_error *err);
/* The same, and -EPERM, -EROFS. */
int fwc_setting_write(const struct fwc_kernel *kernel, uint32_t family, const char *path,
		      const char *value, struct fwc_error *err);

struct fwc_settings *fwc_settings_new(void);
void fwc_settings_freep(struct fwc_settings **settings); /* for fwc_cleanup() */
/* Reads one more as it is now; one that is not there is passed over. 0 or -ENOMEM or what reading said. */
int fwc_settings_note(struct fwc_settings *settings, const struct fwc_kernel *kernel,
		      uint32_t family, const char *path, struct fwc_error *err);
/* Reads all again and marks those that differ. */
int fwc_settings_find_changed(struct fwc_settings *settings, const struct fwc_kernel *kernel,
			      struct fwc_error *err);
/* After a change that stopped half-way: puts back whatever was noted, as far as possible. */
void fwc_settings_undo(struct fwc_settings *settings, const struct fwc_kernel *kernel);

#endif
