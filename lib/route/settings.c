/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Reading and writing settings, remembering them, putting them back. */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "route/settings.h"

/* As sysctl(8) writes it: '.' between the parts, and '/' where a part has a '.'. */
static void setting_name(char *name, size_t size, uint32_t family, const char *path)
{
	size_t len;

	snprintf(name, size, "net/%s/%s", family == FWC_FAMILY_IP ? "ipv4" : "ipv6", path);
	len = strlen(name);
	for (size_t i = 0; i < len; i++)
		if (name[i] == '/')
			name[i] = '.';
		else if (name[i] == '.')
			name[i] = '/';
}

static int fail(struct fwc_error *err, int code, const char *verb, uint32_t family,
		const char *path)
{
	const char *why =
		code == -EROFS
			? "/proc/sys is mounted read-only: run sysctl(8) where it is not, in this network namespace"
		: code == -EPERM
			? "CAP_NET_ADMIN is needed in the user namespace that owns the network namespace"
		: code == -EOPNOTSUPP
			? "there is no /proc/sys/net: mount proc on /proc, or run sysctl(8) where it is"
		: code == -ENOENT ? "the kernel has no such setting"
				  : strerror(-code);
	char name[128];

	setting_name(name, sizeof(name), family, path);
	return fwc_fail(err, code, FWC_OBJECT_SETTING, "cannot %s %s: %s", verb, name, why);
}

static int open_setting(const struct fwc_kernel *k, uint32_t family, const char *path, int flags)
{
	int dir = family == FWC_FAMILY_IP ? k->proc_ipv4 : k->proc_ipv6;
	int fd;

	if (dir < 0)
		return -EOPNOTSUPP;
	fd = openat(dir, path, flags | O_CLOEXEC);
	if (fd >= 0)
		return fd;
	/* What root's file refuses to others is a matter of privilege here. */
	return errno == EACCES ? -EPERM : -errno;
}

int fwc_setting_read(const struct fwc_kernel *kernel, uint32_t family, const char *path,
		     char value[FWC_SETTING_ROOM], struct fwc_error *err)
{
	fwc_cleanup(fwc_closep) int fd = open_setting(kernel, family, path, O_RDONLY);
	ssize_t n;

	if (fd < 0)
		return fail(err, fd, "read", family, path);
	n = read(fd, value, FWC_SETTING_ROOM - 1);
	if (n < 0)
		return fail(err, -errno, "read", family, path);
	value[n] = '\0';
	value[strcspn(value, "\n")] = '\0';
	return 0;
}

int fwc_setting_write(const struct fwc_kernel *kernel, uint32_t family, const char *path,
		      const char *value, struct fwc_error *err)
{
	fwc_cleanup(fwc_closep) int fd = open_setting(kernel, family, path, O_WRONLY);

	if (fd < 0)
		return fail(err, fd, "set", family, path);
	if (write(fd, value, strlen(value)) < 0)
		return fail(err, -errno, "set", family, path);
	return 0;
}

struct fwc_settings *fwc_settings_new(void)
{
	return calloc(1, sizeof(struct fwc_settings));
}

void fwc_settings_free(struct fwc_settings *settings)
{
	if (!settings)
		return;
	fwc_vec_free(&settings->all);
	fwc_vec_free(&settings->changed);
	fwc_arena_free(&settings->arena);
	free(settings);
}

void fwc_settings_freep(struct fwc_settings **settings)
{
	fwc_settings_free(*settings);
}

int fwc_settings_note(struct fwc_settings *settings, const struct fwc_kernel *kernel,
		      uint32_t family, const char *path, struct fwc_error *err)
{
	struct fwc_arena *a = &settings->arena;
	char value[FWC_SETTING_ROOM], name[128];
	struct fwc_setting *s;
	int r;

	r = fwc_setting_read(kernel, family, path, value, err);
	if (r == -ENOENT)
		return 0;
	if (r < 0)
		return r;
	setting_name(name, sizeof(name), family, path);
	s = fwc_arena_alloc(a, sizeof(*s));
	if (!s)
		return fwc_fail_memory(err);
	*s = (struct fwc_setting){ family, fwc_arena_strdup(a, path), fwc_arena_strdup(a, name),
				   fwc_arena_strdup(a, value) };
	if (!s->path || !s->name || !s->value || fwc_vec_push(&settings->all, s) < 0)
		return fwc_fail_memory(err);
	return 0;
}

int fwc_settings_find_changed(struct fwc_settings *settings, const struct fwc_kernel *kernel,
			      struct fwc_error *err)
{
	char value[FWC_SETTING_ROOM];
	int r;

	for (size_t i = 0; i < settings->all.count; i++) {
		struct fwc_setting *s = settings->all.items[i];

		r = fwc_setting_read(kernel, s->family, s->path, value, err);
		if (r == -ENOENT)
			continue; /* its interface has gone */
		if (r < 0)
			return r;
		if (!strcmp(value, s->value))
			continue;
		s->changed = true;
		if (fwc_vec_push(&settings->changed, s) < 0)
			return fwc_fail_memory(err);
	}
	return 0;
}

/* What each setting is to be: as it was where the change changed it; else as it is now, for putting back the global
 * switch moves it a second time. Settings of interfaces that came later are not here: they follow the switch. */
static int wanted_values(struct fwc_settings *wanted, const struct fwc_kernel *kernel,
			 const struct fwc_settings *settings, struct fwc_error *err)
{
	for (size_t i = 0; i < settings->all.count; i++) {
		struct fwc_setting *s = settings->all.items[i];
		int r;

		if (s->changed)
			r = fwc_vec_push(&wanted->all, s) < 0 ? fwc_fail_memory(err) : 0;
		else
			r = fwc_settings_note(wanted, kernel, s->family, s->path, err);
		if (r < 0)
			return r;
	}
	return 0;
}

static int put_back(const struct fwc_kernel *kernel, const struct fwc_setting *s,
		    struct fwc_error *err)
{
	char value[FWC_SETTING_ROOM];
	int r;

	r = fwc_setting_read(kernel, s->family, s->path, value, err);
	if (r == 0 && strcmp(value, s->value))
		r = fwc_setting_write(kernel, s->family, s->path, s->value, err);
	return r == -ENOENT ? 0 : r;
}

/* One that cannot be put back is no reason to leave the others. */
static int put_all_back(const struct fwc_kernel *kernel, const struct fwc_settings *settings,
			struct fwc_error *err)
{
	int failed = 0;

	for (size_t i = 0; i < settings->all.count; i++) {
		int r = put_back(kernel, settings->all.items[i], failed ? NULL : err);

		if (r < 0 && !failed)
			failed = r;
	}
	return failed;
}

void fwc_settings_undo(struct fwc_settings *settings, const struct fwc_kernel *kernel)
{
	(void)put_all_back(kernel, settings, NULL);
}

int fwc_settings_restore(struct fwc_kernel *kernel, const struct fwc_settings *settings,
			 struct fwc_error *err)
{
	fwc_cleanup(fwc_settings_freep) struct fwc_settings *wanted = NULL;
	int r;

	r = fwc_kernel_check(kernel, err);
	if (r < 0)
		return r;
	if (!settings)
		return fwc_fail(err, -EINVAL, FWC_OBJECT_ARGUMENT, "the settings are needed");
	wanted = fwc_settings_new();
	if (!wanted)
		return fwc_fail_memory(err);
	r = wanted_values(wanted, kernel, settings, err);
	if (r == 0)
		r = put_all_back(kernel, wanted, err);
	if (r == 0)
		fwc_error_clear(err); /* of settings that have gone */
	return r;
}

size_t fwc_settings_count(const struct fwc_settings *settings)
{
	return settings ? settings->changed.count : 0;
}

static const struct fwc_setting *at(const struct fwc_settings *settings, size_t i)
{
	return i < fwc_settings_count(settings) ? settings->changed.items[i] : NULL;
}

const char *fwc_settings_name(const struct fwc_settings *settings, size_t i)
{
	return at(settings, i) ? at(settings, i)->name : NULL;
}

const char *fwc_settings_value(const struct fwc_settings *settings, size_t i)
{
	return at(settings, i) ? at(settings, i)->value : NULL;
}
