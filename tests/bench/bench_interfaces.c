/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Reading 1,000 interfaces. */
#include <linux/rtnetlink.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#include <fwcore/fwcore.h>

#include "bench.h"

/* Half as many veth pairs, each end with an address. */
static int make_interfaces(size_t n)
{
	char path[] = "/tmp/fwc-bench-XXXXXX", command[96];
	int fd = mkstemp(path), r;
	FILE *f = fd < 0 ? NULL : fdopen(fd, "w");

	if (!f)
		return bench_die(path);
	for (size_t i = 0; i < n / 2; i++) {
		fprintf(f, "link add a%zu type veth peer name b%zu\n", i, i);
		fprintf(f, "addr add 10.%zu.%zu.1/24 dev a%zu\n", i / 250, i % 250, i);
		fprintf(f, "addr add 10.%zu.%zu.2/24 dev b%zu\n", i / 250, i % 250, i);
	}
	fclose(f);
	snprintf(command, sizeof(command), "ip -batch %s", path);
	r = system(command);
	unlink(path);
	return r != 0;
}

static int enum_bare(size_t n, struct bench_sample *ret)
{
	struct {
		struct nlmsghdr nlh;
		struct ifinfomsg ifi;
	} links = { { sizeof(links), RTM_GETLINK, NLM_F_REQUEST | NLM_F_DUMP, 1, 0 }, { 0 } };
	struct {
		struct nlmsghdr nlh;
		struct ifaddrmsg ifa;
	} addresses = { { sizeof(addresses), RTM_GETADDR, NLM_F_REQUEST | NLM_F_DUMP, 2, 0 },
			{ 0 } };
	double first, second;

	if (make_interfaces(n) || bench_bare_dump(NETLINK_ROUTE, &links, sizeof(links), &first) ||
	    bench_bare_dump(NETLINK_ROUTE, &addresses, sizeof(addresses), &second))
		return 1;
	ret->ms = first + second;
	return 0;
}

static int enum_fwcore(size_t n, struct bench_sample *ret)
{
	struct fwc_interfaces *list;
	struct fwc_kernel *k;
	struct fwc_error err;
	double before, own;
	size_t seen;

	if (make_interfaces(n))
		return 1;
	before = bench_now_ms();
	own = bench_own_ms();
	if (fwc_kernel_open(&k, NULL, &err) < 0 || fwc_interfaces_get(k, &list, &err) < 0) {
		fprintf(stderr, "%s\n", err.msg);
		return 1;
	}
	ret->ms = bench_now_ms() - before;
	ret->own_ms = bench_own_ms() - own;
	seen = fwc_interfaces_count(list);
	fwc_interfaces_free(list);
	fwc_kernel_close(k);
	return seen < n;
}

static int enum_ip(size_t n, struct bench_sample *ret)
{
	double before;
	int r;

	if (make_interfaces(n))
		return 1;
	before = bench_now_ms();
	r = system("exec ip -j -s -d addr >/dev/null");
	ret->ms = bench_now_ms() - before;
	return r != 0;
}

static const struct bench_variant variants[] = {
	{ "bare recv loop, links and addresses", enum_bare },
	{ "libfwcore: fwc_interfaces_get()", enum_fwcore },
	{ "ip -j -s -d addr, whole process", enum_ip },
};

int main(int argc, char **argv)
{
	unsigned int rounds = bench_rounds(argc, argv);

	bench_contest("Read interfaces", 1000, variants, 3, rounds);
	return 0;
}
