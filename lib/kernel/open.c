/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Opening and closing the kernel of a network namespace. */
#include <fcntl.h>
#include <linux/magic.h>
#include <linux/nsfs.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/vfs.h>
#include <unistd.h>

#include "kernel/handle.h"

static bool is_owner_char(char c)
{
	return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') ||
	       c == '_' || c == '.' || c == '-';
}

/* The program's name as an owner: what does not fit is replaced, never refused. */
static void default_owner(char owner[32])
{
	size_t len = 0;

	for (const char *c = program_invocation_short_name; *c && len < 31; c++)
		owner[len++] = is_owner_char(*c) ? *c : '_';
	if (len == 0)
		owner[len++] = '_';
	owner[len] = '\0';
}

static int take_owner(char owner[32], const char *wanted, struct fwc_error *err)
{
	size_t len;

	if (!wanted) {
		default_owner(owner);
		return 0;
	}
	len = strnlen(wanted, 32);
	if (len == 0 || len > 31)
		return fwc_fail(err, -EINVAL, FWC_OBJECT_ARGUMENT,
				"'%.40s' is no owner: it has 1 to 31 bytes", wanted);
	for (size_t i = 0; i < len; i++)
		if (!is_owner_char(wanted[i]))
			return fwc_fail(
				err, -EINVAL, FWC_OBJECT_ARGUMENT,
				"'%s' is no owner: it has letters, digits, '_', '.' and '-' only",
				wanted);
	memcpy(owner, wanted, len + 1);
	return 0;
}

/* A directory below /proc as the calling thread's namespace sees it; -1 when there is no such /proc. */
static int open_proc(const char *path)
{
	int fd = open(path, O_PATH | O_DIRECTORY | O_CLOEXEC);
	struct statfs fs;

	/* What else may be mounted or lie there would take our writes and change nothing. */
	if (fd >= 0 && (fstatfs(fd, &fs) < 0 || fs.f_type != PROC_SUPER_MAGIC))
		fwc_closep(&fd);
	return fd;
}

static uint64_t netns_cookie(int fd)
{
	uint64_t cookie = 0;
	socklen_t len = sizeof(cookie);

	return getsockopt(fd, SOL_SOCKET, SO_NETNS_COOKIE, &cookie, &len) < 0 ? 0 : cookie;
}

/* All that belongs to a namespace, in the calling thread's. */
static int open_here(struct fwc_kernel *k, struct fwc_error *err)
{
	int r;

	r = fwc_nl_open(&k->nft, NETLINK_NETFILTER, err);
	if (r == 0)
		r = fwc_nl_open(&k->route, NETLINK_ROUTE, err);
	if (r < 0)
		return r;
	k->netns = netns_cookie(fwc_nl_fd(&k->nft));
	k->proc_ipv4 = open_proc("/proc/sys/net/ipv4");
	k->proc_ipv6 = open_proc("/proc/sys/net/ipv6");
	return 0;
}

static int open_route_here(struct fwc_kernel *k, struct fwc_error *err)
{
	return fwc_nl_open(&k->route, NETLINK_ROUTE, err);
}

struct visit {
	struct fwc_kernel *kernel;
	int (*open)(struct fwc_kernel *k, struct fwc_error *err);
	int netns_fd;
	const char *name; /* for errors */
	struct fwc_error *err;
	int result;
};

static void *visit_thread(void *arg)
{
	struct visit *v = arg;

	if (setns(v->netns_fd, CLONE_NEWNET) < 0)
		v->result = fwc_fail(
			v->err, -errno, FWC_OBJECT_NAMESPACE,
			errno == EPERM
				? "entering %s needs CAP_SYS_ADMIN in its user namespace and in this one"
				: "cannot enter %s: %m",
			v->name);
	else
		v->result = v->open(v->kernel, v->err);
	return NULL;
}

/* The caller's thread must not change its namespace, not even for a moment: what it has to do meanwhile, in a signal
 * handler say, would happen elsewhere. So the helper gets no signals either. */
static int open_there(struct fwc_kernel *k,
		      int (*open_what)(struct fwc_kernel *, struct fwc_error *), int netns_fd,
		      const char *name, struct fwc_error *err)
{
	struct visit v = { k, open_what, netns_fd, name, err, 0 };
	sigset_t all, before;
	pthread_t thread;
	int r;

	sigfillset(&all);
	pthread_sigmask(SIG_BLOCK, &all, &before);
	r = pthread_create(&thread, NULL, visit_thread, &v);
	pthread_sigmask(SIG_SETMASK, &before, NULL);
	if (r)
		return fwc_fail(err, -r, FWC_OBJECT_NAMESPACE,
				"cannot start the thread that enters %s: %s", name, strerror(r));
	pthread_join(thread, NULL);
	return v.result;
}

static int check_netns(int fd, const char *name, struct fwc_error *err)
{
	struct statfs fs;
	int type;

	if (fstatfs(fd, &fs) < 0)
		return fwc_fail(err, -errno, FWC_OBJECT_NAMESPACE,
				"%s is not a network namespace: %m", name);
	/* The file system first: other files may take the number of this ioctl for something else. */
	if (fs.f_type != NSFS_MAGIC)
		return fwc_fail(err, -EINVAL, FWC_OBJECT_NAMESPACE, "%s is not a network namespace",
				name);
	type = ioctl(fd, NS_GET_NSTYPE);
	if (type >= 0 && type != CLONE_NEWNET)
		return fwc_fail(err, -EINVAL, FWC_OBJECT_NAMESPACE,
				"%s is a namespace of another kind: a network namespace is wanted",
				name);
	return 0;
}

static int open_netns(struct fwc_kernel *k, const struct fwc_kernel_opts *opts,
		      struct fwc_error *err)
{
	const char *path = fwc_opts_get(opts, netns_path, NULL);
	int given = fwc_opts_get(opts, netns_fd, 0);
	fwc_cleanup(fwc_closep) int opened = -1;
	char name[128];
	int r;

	if (given <= 0 && !path)
		return open_here(k, err);
	if (given > 0 && path)
		return fwc_fail(err, -EINVAL, FWC_OBJECT_ARGUMENT,
				"the namespace is given by netns_fd and by netns_path: give one");
	if (path) {
		fwc_copy_name(name + 1, sizeof(name) - 2, path);
		name[0] = '\'';
		strcat(name, "'");
		/* Non-blocking: the path may be a FIFO. */
		opened = open(path, O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
		if (opened < 0)
			return fwc_fail(err, -errno, FWC_OBJECT_NAMESPACE,
					"cannot open the network namespace %s: %m", name);
		given = opened;
	} else {
		snprintf(name, sizeof(name), "file descriptor %d", given);
	}
	r = check_netns(given, name, err);
	return r < 0 ? r : open_there(k, open_here, given, name, err);
}

static void closep(struct fwc_kernel **k)
{
	fwc_kernel_close(*k);
}

static struct fwc_kernel *new_kernel(void)
{
	struct fwc_kernel *k = calloc(1, sizeof(*k));

	if (k) {
		k->proc_ipv4 = k->proc_ipv6 = -1;
		k->pid = getpid();
	}
	return k;
}

int fwc_kernel_open_route(struct fwc_kernel **ret, int netns_fd, struct fwc_error *err)
{
	fwc_cleanup(closep) struct fwc_kernel *k = new_kernel();
	char name[32];
	int r;

	if (!k)
		return fwc_fail_memory(err);
	snprintf(name, sizeof(name), "file descriptor %d", netns_fd);
	r = check_netns(netns_fd, name, err);
	if (r == 0)
		r = open_there(k, open_route_here, netns_fd, name, err);
	if (r == 0)
		*ret = fwc_take(k);
	return r;
}

int fwc_kernel_open(struct fwc_kernel **ret, const struct fwc_kernel_opts *opts,
		    struct fwc_error *err)
{
	fwc_cleanup(closep) struct fwc_kernel *k = NULL;
	int r;

	fwc_error_clear(err);
	if (!ret)
		return fwc_fail(err, -EINVAL, FWC_OBJECT_ARGUMENT,
				"a place for the kernel object is needed");
	r = fwc_opts_check(opts, sizeof(*opts), err);
	if (r < 0)
		return r;
	if (fwc_opts_get(opts, flags, 0))
		return fwc_fail(err, -EINVAL, FWC_OBJECT_ARGUMENT,
				"the flags %#x are not known: 0 is allowed", opts->flags);
	k = new_kernel();
	if (!k)
		return fwc_fail_memory(err);
	r = take_owner(k->owner, fwc_opts_get(opts, owner, NULL), err);
	if (r == 0)
		r = open_netns(k, opts, err);
	if (r < 0)
		return r;
	*ret = fwc_take(k);
	return 0;
}

void fwc_kernel_close(struct fwc_kernel *kernel)
{
	if (!kernel)
		return;
	fwc_nl_close(&kernel->nft);
	fwc_nl_close(&kernel->route);
	fwc_closep(&kernel->proc_ipv4);
	fwc_closep(&kernel->proc_ipv6);
	free(kernel);
}

const char *fwc_kernel_owner(const struct fwc_kernel *kernel)
{
	return kernel ? kernel->owner : NULL;
}

int fwc_kernel_check(const struct fwc_kernel *kernel, struct fwc_error *err)
{
	fwc_error_clear(err);
	if (!kernel)
		return fwc_fail(err, -EINVAL, FWC_OBJECT_ARGUMENT, "a kernel object is needed");
	if (kernel->pid != getpid())
		return fwc_fail(
			err, -ECHILD, FWC_OBJECT_KERNEL,
			"the kernel object was opened by process %ld: after fork() open another",
			(long)kernel->pid);
	return 0;
}
