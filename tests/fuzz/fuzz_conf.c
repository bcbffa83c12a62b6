/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Any datagram as the kernel's answer to a question about forwarding. The first byte says which question. */
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#include "fuzz.h"
#include "route/conf.h"

enum { size_most = 64 * 1024 }; /* no attribute is longer */

static void check(bool good)
{
	if (!good)
		abort();
}

static void find_ra(struct fwc_nl *route)
{
	struct fwc_arena arena = { 0 };
	struct fwc_vec names = { 0 };

	if (fwc_conf_find_ra(route, &arena, &names, NULL) == 0)
		for (size_t i = 0; i < names.count; i++)
			check(strlen(names.items[i]) < size_most);
	fwc_vec_free(&names);
	fwc_arena_free(&arena);
}

static void ask(struct fwc_nl *route, uint8_t question)
{
	uint32_t family = question & 1 ? FWC_FAMILY_IP6 : FWC_FAMILY_IP;
	struct fwc_conf conf = { 0 };
	struct fwc_error err;
	bool on = false;
	int r = 0;

	fwc_error_clear(&err);
	switch (question / 2 % 3) {
	case 0:
		r = fwc_conf_read_interface(route, family, "lo", &conf, &err);
		check(r < 0 || conf.found);
		break;
	case 1:
		r = fwc_conf_read_global(route, family, &on, &err);
		break;
	default:
		find_ra(route);
	}
	check(r <= 0 && r == err.code);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct fwc_nl route;
	int ends[2];

	if (size < 2)
		return 0;
	check(socketpair(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0, ends) == 0);
	check(fwc_nl_open_fd(&route, ends[0], NULL) == 0);
	/* It is there before the question is asked, and the other end closes: nothing blocks. */
	(void)send(ends[1], data + 1, size - 1, 0);
	ask(&route, data[0]);
	close(ends[1]);
	fwc_nl_close(&route);
	return 0;
}
