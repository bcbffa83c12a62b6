/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A container network: create it, attach one container, publish one port.
 *
 * The bare program makes the same links with as few rtnetlink messages as can be, and sends the library's own nf_tables
 * batches, recorded in another namespace. */
#include <arpa/inet.h>
#include <fcntl.h>
#include <linux/rtnetlink.h>
#include <linux/veth.h>
#include <net/if.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <fwcore/fwcore.h>

#include "bench.h"
#include "core/wire.h"

enum { BRIDGE = 1000, VETH = 1001, INSIDE = 2, BATCHES = 8 };

static int complain(const struct fwc_error *err)
{
	fprintf(stderr, "%s\n", err->msg);
	return 1;
}

/* The container's namespace; the process is left in another new one, the host's, which forwards. */
static int make_namespaces(void)
{
	int fd = open("/proc/self/ns/net", O_RDONLY | O_CLOEXEC), forward;

	if (fd < 0 || bench_fresh_namespace())
		return -1;
	forward = open("/proc/sys/net/ipv4/ip_forward", O_WRONLY | O_CLOEXEC);
	if (forward < 0 || write(forward, "1", 1) != 1) {
		bench_die("ip_forward");
		close(fd);
		fd = -1;
	}
	close(forward);
	return fd;
}

/* ---- the library ---- */

static int make_network(int netns, struct bench_sample *ret)
{
	const struct fwc_network_opts opts = { .size = sizeof(opts), .subnet4 = "172.30.0.0/24" };
	const struct fwc_port port = { .protocol = 6, .host_port = 8080, .port = 80, .count = 1 };
	double before = bench_now_ms(), own = bench_own_ms();
	struct fwc_kernel *k;
	struct fwc_error err;

	if (fwc_kernel_open(&k, NULL, &err) < 0 ||
	    fwc_network_create(k, "bench0", &opts, &err) < 0 ||
	    fwc_network_attach(k, "bench0", "c1", netns, NULL, &err) < 0 ||
	    fwc_network_publish(k, "bench0", "c1", &port, &err) < 0)
		return complain(&err);
	ret->ms = bench_now_ms() - before;
	ret->own_ms = bench_own_ms() - own;
	fwc_kernel_close(k);
	return 0;
}

/* The second one of a process, as the others': a runtime makes many. */
static int network_fwcore(size_t n, struct bench_sample *ret)
{
	int netns = make_namespaces();

	(void)n;
	if (netns < 0 || make_network(netns, ret) || bench_fresh_namespace())
		return 1;
	netns = make_namespaces();
	return netns < 0 || make_network(netns, ret);
}

/* ---- bare calls ---- */

static size_t begin_link(struct fwc_wire *w, uint16_t flags, int index, unsigned int up)
{
	struct ifinfomsg ifi = { .ifi_index = index, .ifi_flags = up, .ifi_change = up };

	return fwc_wire_begin(w, RTM_NEWLINK, NLM_F_REQUEST | flags, 1, &ifi, sizeof(ifi));
}

static void put_bridge(struct fwc_wire *w)
{
	size_t msg = begin_link(w, NLM_F_CREATE | NLM_F_EXCL, BRIDGE, IFF_UP);
	size_t info;

	fwc_put_text(w, IFLA_IFNAME, "bench0");
	info = fwc_nest_begin(w, IFLA_LINKINFO);
	fwc_put_text(w, IFLA_INFO_KIND, "bridge");
	fwc_nest_end(w, info);
	fwc_wire_end(w, msg);
}

static void put_veth(struct fwc_wire *w, int netns)
{
	const struct ifinfomsg peer = { .ifi_index = INSIDE };
	size_t msg = begin_link(w, NLM_F_CREATE | NLM_F_EXCL, VETH, IFF_UP), info, data, nest;

	fwc_put_text(w, IFLA_IFNAME, "veth1");
	fwc_put_u32(w, IFLA_MASTER, BRIDGE);
	info = fwc_nest_begin(w, IFLA_LINKINFO);
	fwc_put_text(w, IFLA_INFO_KIND, "veth");
	data = fwc_nest_begin(w, IFLA_INFO_DATA);
	nest = fwc_nest_begin(w, VETH_INFO_PEER);
	fwc_wire_add(w, &peer, sizeof(peer));
	fwc_put_text(w, IFLA_IFNAME, "eth0");
	fwc_put_u32(w, IFLA_NET_NS_FD, (uint32_t)netns);
	fwc_nest_end(w, nest);
	fwc_nest_end(w, data);
	fwc_nest_end(w, info);
	fwc_wire_end(w, msg);
}

static void put_address(struct fwc_wire *w, uint32_t index, const char *address)
{
	struct ifaddrmsg ifa = { .ifa_family = AF_INET, .ifa_prefixlen = 24, .ifa_index = index };
	size_t msg = fwc_wire_begin(w, RTM_NEWADDR, NLM_F_REQUEST | NLM_F_CREATE | NLM_F_EXCL, 1,
				    &ifa, sizeof(ifa));

	fwc_put_u32(w, IFA_LOCAL, inet_addr(address));
	fwc_put_u32(w, IFA_ADDRESS, inet_addr(address));
	fwc_wire_end(w, msg);
}

static void put_default_route(struct fwc_wire *w)
{
	struct rtmsg rtm = { .rtm_family = AF_INET,
			     .rtm_table = RT_TABLE_MAIN,
			     .rtm_protocol = RTPROT_BOOT,
			     .rtm_type = RTN_UNICAST };
	size_t msg = fwc_wire_begin(w, RTM_NEWROUTE, NLM_F_REQUEST | NLM_F_CREATE | NLM_F_ACK, 1,
				    &rtm, sizeof(rtm));

	fwc_put_u32(w, RTA_GATEWAY, inet_addr("172.30.0.1"));
	fwc_put_u32(w, RTA_OIF, INSIDE);
	fwc_wire_end(w, msg);
}

/* route_localnet, as published ports on 127.0.0.1 need it. */
static void put_localnet(struct fwc_wire *w)
{
	size_t msg = begin_link(w, NLM_F_ACK, BRIDGE, 0), spec, inet, conf;

	spec = fwc_nest_begin(w, IFLA_AF_SPEC);
	inet = fwc_nest_begin(w, AF_INET);
	conf = fwc_nest_begin(w, IFLA_INET_CONF);
	fwc_put_u32(w, 26, 1); /* IPV4_DEVCONF_ROUTE_LOCALNET */
	fwc_nest_end(w, conf);
	fwc_nest_end(w, inet);
	fwc_nest_end(w, spec);
	fwc_wire_end(w, msg);
}

static int send_links(struct fwc_wire *w)
{
	struct bench_recording r = { w->data, w->len };
	int failed = bench_send(NETLINK_ROUTE, &r);

	fwc_wire_free(w);
	return failed;
}

static int bare_links(int netns)
{
	struct fwc_wire host = { 0 }, inside = { 0 };
	int here = open("/proc/self/ns/net", O_RDONLY | O_CLOEXEC), r;

	put_bridge(&host);
	put_address(&host, BRIDGE, "172.30.0.1");
	put_veth(&host, netns);
	put_localnet(&host);
	fwc_wire_end(&inside, begin_link(&inside, 0, 1, IFF_UP));
	fwc_wire_end(&inside, begin_link(&inside, 0, INSIDE, IFF_UP));
	put_address(&inside, INSIDE, "172.30.0.2");
	put_default_route(&inside);
	r = send_links(&host);
	if (r == 0 && setns(netns, CLONE_NEWNET) < 0)
		r = bench_die("setns");
	r = send_links(&inside) || r;
	if (setns(here, CLONE_NEWNET) < 0)
		r = bench_die("setns");
	close(here);
	return r;
}

static int network_bare(size_t n, struct bench_sample *ret)
{
	struct bench_recording batches[BATCHES] = { 0 };
	struct bench_sample unused;
	size_t count;
	double before;
	int netns;

	(void)n;
	netns = make_namespaces();
	bench_record_batches(batches, BATCHES);
	if (netns < 0 || make_network(netns, &unused))
		return 1;
	count = bench_record_batches(NULL, 0);
	if (bench_fresh_namespace())
		return 1;
	netns = make_namespaces();
	if (netns < 0)
		return 1;
	before = bench_now_ms();
	if (bare_links(netns))
		return 1;
	for (size_t i = 0; i < count; i++) {
		if (bench_send(NETLINK_NETFILTER, &batches[i]))
			return 1;
		ret->bytes += (double)batches[i].len;
	}
	ret->ms = bench_now_ms() - before;
	return 0;
}

/* ---- ip and nft ---- */

static int write_file(const char *path, const char *text)
{
	FILE *f = fopen(path, "w");

	if (!f || fputs(text, f) < 0)
		return bench_die(path);
	return fclose(f);
}

/* The table as text, as `nft -f` takes it. */
static int write_table(struct fwc_kernel *k, const char *path)
{
	struct fwc_ruleset *rs;
	struct fwc_error err;
	char *text;
	int r;

	if (fwc_kernel_load(k, FWC_FAMILY_ANY, NULL, &rs, &err) < 0 ||
	    fwc_ruleset_format(rs, FWC_SYNTAX_NFT, 0, &text, NULL, &err) < 0)
		return complain(&err);
	r = write_file(path, text);
	fwc_text_free(text);
	fwc_ruleset_free(rs);
	return r;
}

static int prepare_files(const char *folder, int netns)
{
	struct bench_sample unused;
	struct fwc_kernel *k;
	struct fwc_error err;
	char path[96];
	int r;

	if (make_network(netns, &unused))
		return 1;
	if (fwc_kernel_open(&k, NULL, &err) < 0)
		return complain(&err);
	snprintf(path, sizeof(path), "%s/table", folder);
	r = write_table(k, path);
	fwc_kernel_close(k);
	snprintf(path, sizeof(path), "%s/host", folder);
	r = r ||
	    write_file(
		    path,
		    "link add bench0 type bridge\nlink set bench0 up\naddr add 172.30.0.1/24 dev bench0\n"
		    "link add veth1 master bench0 up type veth peer name eth0 netns /proc/self/fd/9\n");
	snprintf(path, sizeof(path), "%s/inside", folder);
	return r || write_file(path,
			       "link set lo up\nlink set eth0 up\naddr add 172.30.0.2/24 dev eth0\n"
			       "route add default via 172.30.0.1\n");
}

static int network_tools(size_t n, struct bench_sample *ret)
{
	char folder[] = "/tmp/fwc-bench-XXXXXX", command[512];
	double before;
	int netns, r;

	(void)n;
	netns = make_namespaces();
	if (netns < 0 || !mkdtemp(folder) || prepare_files(folder, netns) ||
	    bench_fresh_namespace())
		return 1;
	netns = make_namespaces();
	if (netns < 0 || dup2(netns, 9) < 0)
		return bench_die("netns");
	snprintf(command, sizeof(command),
		 "cd %s && ip -batch host && nsenter --net=/proc/self/fd/9 ip -batch inside && "
		 "echo 1 >/proc/sys/net/ipv4/conf/bench0/route_localnet && nft -f table",
		 folder);
	before = bench_now_ms();
	r = system(command);
	ret->ms = bench_now_ms() - before;
	snprintf(command, sizeof(command), "rm -r %s", folder);
	return system(command) || r;
}

static const struct bench_variant variants[] = {
	{ "the same links and batches, bare", network_bare },
	{ "libfwcore: create, attach, publish", network_fwcore },
	{ "sh: ip -batch twice, nft -f", network_tools },
};

int main(int argc, char **argv)
{
	bench_contest("A container network: create, attach, publish", 1, variants, 3,
		      bench_rounds(argc, argv));
	return 0;
}
