/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * A container runtime in a page: a docker0-style network, each namespace that is given attached to it with its
 * port 80 published, until Enter is pressed; then everything is taken back.
 */
#include <errno.h>
#include <fcntl.h>
#include <fwcore/fwcore.h>
#include <netinet/in.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define NETWORK "runtime0"

/* Attach with port 80 published as 8081, 8082, ... in the same commit. */
static int attach(struct fwc_kernel *kernel, const char *id, const char *path, int number,
		  struct fwc_error *err)
{
	struct fwc_port port = { .protocol = IPPROTO_TCP,
				 .host_port = (uint16_t)(8080 + number),
				 .port = 80,
				 .count = 1 };
	struct fwc_attach_opts opts = { .size = sizeof(opts), .ports = &port, .ports_count = 1 };
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	int r;

	if (fd < 0) {
		r = -errno;
		snprintf(err->msg, sizeof(err->msg), "%.200s: %s", path, strerror(-r));
		return r;
	}
	r = fwc_network_attach(kernel, NETWORK, id, fd, &opts, err);
	close(fd);
	return r;
}

/* A snapshot: it needs the kernel no more once it is read. */
static int show(struct fwc_kernel *kernel, struct fwc_error *err)
{
	const struct fwc_network *network;
	struct fwc_networks *list;
	int r = fwc_networks_get(kernel, &list, err);

	if (r < 0)
		return r;
	network = fwc_networks_find(list, NETWORK);
	for (size_t i = 0; i < fwc_network_endpoint_count(network); i++) {
		char text[46] = "";
		struct fwc_ip ip;

		if (fwc_network_endpoint_address(network, i, FWC_FAMILY_IP, &ip))
			fwc_ip_format(&ip, text, sizeof(text), NULL);
		printf("%s has %s, published on port %u\n", fwc_network_endpoint_id(network, i),
		       text, fwc_network_endpoint_port_at(network, i, 0)->host_port);
	}
	fwc_networks_free(list);
	return 0;
}

static void wait_for_enter(void)
{
	int c;

	puts("Press Enter to take everything back.");
	do
		c = getchar();
	while (c != '\n' && c != EOF);
}

/* What was made so far, and thus what is to be taken back. */
struct made {
	struct fwc_settings *settings;
	bool network;
	int attached;
};

static int set_up(struct fwc_kernel *kernel, char **paths, struct made *made, struct fwc_error *err)
{
	struct fwc_network_opts opts = { .size = sizeof(opts), .subnet4 = "172.29.0.0/24" };
	int r;

	r = fwc_forwarding_change(kernel, FWC_FAMILY_IP, NULL, true, 0, &made->settings, err);
	if (r < 0)
		return r;
	r = fwc_network_create(kernel, NETWORK, &opts, err);
	if (r < 0)
		return r;
	made->network = true;
	for (; paths[made->attached]; made->attached++) {
		char id[16];

		snprintf(id, sizeof(id), "c%d", made->attached + 1);
		r = attach(kernel, id, paths[made->attached], made->attached + 1, err);
		if (r < 0)
			return r;
	}
	return show(kernel, err);
}

/* From wherever set_up() ended. */
static void take_back(struct fwc_kernel *kernel, struct made *made)
{
	for (; made->attached > 0; made->attached--) {
		char id[16];

		snprintf(id, sizeof(id), "c%d", made->attached);
		fwc_network_detach(kernel, NETWORK, id, NULL);
	}
	if (made->network)
		fwc_network_delete(kernel, NETWORK, NULL);
	if (made->settings)
		fwc_settings_restore(kernel, made->settings, NULL);
	fwc_settings_free(made->settings);
}

int main(int argc, char **argv)
{
	struct fwc_kernel_opts opts = { .size = sizeof(opts), .owner = "runtime" };
	struct fwc_kernel *kernel;
	struct made made = { 0 };
	struct fwc_error err;
	int r;

	if (argc < 2 || !strcmp(argv[1], "--help")) {
		fprintf(argc < 2 ? stderr : stdout,
			"usage: runtime NETNS...   namespaces, as /run/netns/NAME or /proc/PID/ns/net\n");
		return argc < 2 ? 2 : 0;
	}
	r = fwc_kernel_open(&kernel, &opts, &err);
	if (r == 0) {
		r = set_up(kernel, argv + 1, &made, &err);
		if (r == 0)
			wait_for_enter();
		take_back(kernel, &made);
		fwc_kernel_close(kernel);
	}
	if (r < 0)
		fprintf(stderr, "runtime: %s\n", err.msg);
	return r < 0;
}
