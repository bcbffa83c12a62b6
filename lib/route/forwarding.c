/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Whether packets are forwarded.
 *
 * Read over netlink, which works without /proc; the switches can be written only there. */
#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

#include "route/conf.h"
#include "route/settings.h"

static int check_arguments(struct fwc_kernel *kernel, uint32_t family, const char *interface,
			   struct fwc_error *err)
{
	int r = fwc_kernel_check(kernel, err);

	if (r < 0)
		return r;
	if (family != FWC_FAMILY_IP && family != FWC_FAMILY_IP6)
		return fwc_fail(err, -EINVAL, FWC_OBJECT_ARGUMENT,
				"family %u: forwarding is of FWC_FAMILY_IP or FWC_FAMILY_IP6",
				family);
	if (!interface)
		return 0;
	r = fwc_check_ifname(interface, err);
	if (r < 0)
		return r;
	/* These are folders beside those of the interfaces. */
	if (!strcmp(interface, "all") || !strcmp(interface, "default"))
		return fwc_fail(err, -EINVAL, FWC_OBJECT_ARGUMENT,
				"'%s' is no interface: none (NULL) means globally", interface);
	return 0;
}

struct state {
	bool on; /* what was asked for */
	bool global;
	struct fwc_conf interface;
};

static int read_state(struct fwc_kernel *k, uint32_t family, const char *interface,
		      struct state *ret, struct fwc_error *err)
{
	struct state state = { 0 };
	int r;

	r = fwc_conf_read_global(&k->route, family, &state.global, err);
	if (r == 0 && interface)
		r = fwc_conf_read_interface(&k->route, family, interface, &state.interface, err);
	if (r < 0)
		return r;
	if (!interface)
		state.on = state.global;
	else if (family == FWC_FAMILY_IP)
		state.on = state.interface.forwarding;
	else /* its own `forwarding` makes a router of it, which forwards nothing for that */
		state.on = state.global || state.interface.force;
	*ret = state;
	return 0;
}

int fwc_forwarding_get(struct fwc_kernel *kernel, uint32_t family, const char *interface, bool *ret,
		       struct fwc_error *err)
{
	struct state state;
	int r;

	r = check_arguments(kernel, family, interface, err);
	if (r < 0)
		return r;
	if (!ret)
		return fwc_fail(err, -EINVAL, FWC_OBJECT_ARGUMENT,
				"a place for the answer is needed");
	r = read_state(kernel, family, interface, &state, err);
	if (r == 0)
		*ret = state.on;
	return r;
}

static void closedirp(DIR **dir)
{
	if (*dir)
		closedir(*dir);
}

/* conf/NAME/forwarding for each NAME that the family has, "all" and "default" among them. */
static int note_all_interfaces(struct fwc_settings *s, const struct fwc_kernel *k, uint32_t family,
			       struct fwc_error *err)
{
	int proc = family == FWC_FAMILY_IP ? k->proc_ipv4 : k->proc_ipv6;
	fwc_cleanup(fwc_closep) int fd = openat(proc, "conf", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	fwc_cleanup(closedirp) DIR *dir = fd < 0 ? NULL : fdopendir(fd);
	struct dirent *entry;
	char path[64];
	int r = 0;

	if (!dir)
		return fwc_fail(err, -errno, FWC_OBJECT_SETTING,
				"the %s settings of the interfaces cannot be listed: %s",
				fwc_conf_family_name(family), strerror(errno));
	fd = -1; /* dir's now */
	while (r == 0 && (entry = readdir(dir))) {
		if (!strcmp(entry->d_name, ".") || !strcmp(entry->d_name, ".."))
			continue;
		if (family == FWC_FAMILY_IP6 && !strcmp(entry->d_name, "all"))
			continue; /* the switch itself, noted first */
		snprintf(path, sizeof(path), "conf/%.16s/forwarding", entry->d_name);
		r = fwc_settings_note(s, k, family, path, err);
	}
	return r;
}

static int set_accept_ra(struct fwc_kernel *k, struct fwc_settings *s, const char *interface,
			 struct fwc_error *err)
{
	char path[64];
	int r;

	snprintf(path, sizeof(path), "conf/%.16s/accept_ra", interface);
	r = fwc_settings_note(s, k, FWC_FAMILY_IP6, path, err);
	return r < 0 ? r : fwc_setting_write(k, FWC_FAMILY_IP6, path, "2", err);
}

/* Before forwarding is on: the kernel throws the routes of advertisements away at that moment. */
static int keep_advertisements(struct fwc_kernel *k, struct fwc_settings *s, uint32_t flags,
			       struct fwc_error *err)
{
	fwc_cleanup(fwc_vec_free) struct fwc_vec names = { 0 };
	int r;

	r = fwc_conf_find_ra(&k->route, &s->arena, &names, err);
	if (r == 0 && names.count && !(flags & FWC_FORWARDING_KEEP_RA))
		return fwc_fail(
			err, -EBUSY, FWC_OBJECT_INTERFACE,
			"with IPv6 forwarding on, '%s' would ignore router advertisements and lose its routes: keep them with FWC_FORWARDING_KEEP_RA (accept_ra=2)",
			(const char *)names.items[0]);
	for (size_t i = 0; r == 0 && i < names.count; i++)
		r = set_accept_ra(k, s, names.items[i], err);
	return r;
}

static int change_global(struct fwc_kernel *k, uint32_t family, bool on, uint32_t flags,
			 struct fwc_settings *s, struct fwc_error *err)
{
	const char *path = family == FWC_FAMILY_IP ? "ip_forward" : "conf/all/forwarding";
	int r;

	r = fwc_settings_note(s, k, family, path, err);
	if (r == 0)
		r = note_all_interfaces(s, k, family, err);
	if (r == 0 && family == FWC_FAMILY_IP)
		r = fwc_settings_note(s, k, family, "conf/all/accept_redirects", err);
	if (r == 0 && family == FWC_FAMILY_IP6 && on)
		r = keep_advertisements(k, s, flags, err);
	if (r == 0)
		r = fwc_setting_write(k, family, path, on ? "1" : "0", err);
	return r;
}

static int change_interface(struct fwc_kernel *k, uint32_t family, const char *interface, bool on,
			    const struct state *state, struct fwc_settings *s,
			    struct fwc_error *err)
{
	const char *setting = family == FWC_FAMILY_IP ? "forwarding" : "force_forwarding";
	char path[64];
	int r;

	if (family == FWC_FAMILY_IP6 && !state->interface.has_force)
		return fwc_fail(err, -EOPNOTSUPP, FWC_OBJECT_INTERFACE,
				"forwarding IPv6 on '%s' alone needs Linux 6.17 (force_forwarding)",
				interface);
	if (family == FWC_FAMILY_IP6 && !on && state->global)
		return fwc_fail(err, -EOPNOTSUPP, FWC_OBJECT_INTERFACE,
				"'%s' cannot be left out while IPv6 forwarding is on globally",
				interface);
	snprintf(path, sizeof(path), "conf/%s/%s", interface, setting);
	r = fwc_settings_note(s, k, family, path, err);
	if (r == 0)
		r = fwc_setting_write(k, family, path, on ? "1" : "0", err);
	return r;
}

int fwc_forwarding_change(struct fwc_kernel *kernel, uint32_t family, const char *interface,
			  bool on, uint32_t flags, struct fwc_settings **ret_before,
			  struct fwc_error *err)
{
	fwc_cleanup(fwc_settings_freep) struct fwc_settings *s = NULL;
	struct state state;
	int r;

	r = check_arguments(kernel, family, interface, err);
	if (r < 0)
		return r;
	if (flags & ~(uint32_t)FWC_FORWARDING_KEEP_RA)
		return fwc_fail(err, -EINVAL, FWC_OBJECT_ARGUMENT,
				"the flags %#x are not known: FWC_FORWARDING_KEEP_RA is allowed",
				flags);
	s = fwc_settings_new();
	if (!s)
		return fwc_fail_memory(err);
	r = read_state(kernel, family, interface, &state, err);
	if (r < 0)
		return r;
	if (state.on != on) {
		r = interface ? change_interface(kernel, family, interface, on, &state, s, err)
			      : change_global(kernel, family, on, flags, s, err);
		if (r == 0)
			r = fwc_settings_find_changed(s, kernel, err);
		if (r < 0) {
			fwc_settings_undo(s, kernel);
			return r;
		}
	}
	if (ret_before)
		*ret_before = fwc_take(s);
	return 0;
}

int fwc_forwarding_set(struct fwc_kernel *kernel, uint32_t family, const char *interface, bool on,
		       struct fwc_error *err)
{
	return fwc_forwarding_change(kernel, family, interface, on, 0, NULL, err);
}
