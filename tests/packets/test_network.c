/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Networks with real traffic: containers, a host, and an outside that is joined to it by a veth pair.
 *
 * A server answers with the address that it sees the client come from. Every test runs twice: with the bridge's frames
 * going past iptables and nftables (br_netfilter) and without. */
#include <arpa/inet.h>
#include <fcntl.h>
#include <linux/if_packet.h>
#include <net/ethernet.h>
#include <net/if.h>
#include <netinet/icmp6.h>
#include <netinet/ip.h>
#include <netinet/udp.h>
#include <stdio.h>
#include <sys/ioctl.h>

#include <fwcore/fwcore.h>

#include "sockets.h"

static struct fwc_kernel *k;
static struct fwc_error err;
static int host, outside;

/* ---- sockets in namespaces ---- */

/* A type of socket beside the kernel's own: one-to-one SCTP. */
enum { STREAM_SCTP = 100 };

static int client_or_server(int ns, int family, int type)
{
	return type == STREAM_SCTP ? socket_in(ns, family, SOCK_STREAM, IPPROTO_SCTP)
				   : socket_in(ns, family, type, 0);
}

/* Both families; an IPv4 client comes from ::ffff:a.b.c.d. */
static int listener(int ns, int type, int port)
{
	const struct sockaddr_in6 any = { .sin6_family = AF_INET6,
					  .sin6_port = htons((uint16_t)port) };
	int fd = client_or_server(ns, AF_INET6, type), no = 0;

	setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &no, sizeof(no));
	ck_assert_int_eq(bind(fd, (const struct sockaddr *)&any, sizeof(any)), 0);
	if (type != SOCK_DGRAM)
		ck_assert_int_eq(listen(fd, 16), 0);
	return fd;
}

static void peer_text(const struct sockaddr_in6 *from, char text[64])
{
	inet_ntop(AF_INET6, &from->sin6_addr, text, 64);
	if (!strncmp(text, "::ffff:", 7))
		memmove(text, text + 7, strlen(text + 7) + 1);
}

/* A thread for each connection, which answers every byte with the client's address. */
static void *answer_stream(void *arg)
{
	int fd = (int)(intptr_t)arg;
	struct sockaddr_in6 from;
	socklen_t len = sizeof(from);
	char text[64], byte;

	if (getpeername(fd, (struct sockaddr *)&from, &len) == 0) {
		peer_text(&from, text);
		while (recv(fd, &byte, 1, 0) == 1 && send(fd, text, strlen(text), MSG_NOSIGNAL) > 0)
			;
	}
	close(fd);
	return NULL;
}

static void *serve_stream(void *arg)
{
	int fd = (int)(intptr_t)arg, client;
	pthread_t thread;

	for (;;) {
		client = accept(fd, NULL, NULL);
		if (client >= 0 &&
		    pthread_create(&thread, NULL, answer_stream, (void *)(intptr_t)client) == 0)
			pthread_detach(thread);
	}
	return NULL;
}

static void *serve_datagrams(void *arg)
{
	int fd = (int)(intptr_t)arg;
	struct sockaddr_in6 from;
	char text[64];

	for (;;) {
		socklen_t len = sizeof(from);

		if (recvfrom(fd, text, sizeof(text), 0, (struct sockaddr *)&from, &len) < 0)
			continue;
		peer_text(&from, text);
		sendto(fd, text, strlen(text), 0, (const struct sockaddr *)&from, len);
	}
	return NULL;
}

static void serve(int ns, int type, int port)
{
	int fd = listener(ns, type, port);
	pthread_t thread;

	ck_assert_int_eq(pthread_create(&thread, NULL,
					type == SOCK_DGRAM ? serve_datagrams : serve_stream,
					(void *)(intptr_t)fd),
			 0);
	pthread_detach(thread);
}

static socklen_t address_of(const char *address, int port, struct sockaddr_storage *ret)
{
	struct sockaddr_in *in = (struct sockaddr_in *)ret;
	struct sockaddr_in6 *in6 = (struct sockaddr_in6 *)ret;

	memset(ret, 0, sizeof(*ret));
	if (inet_pton(AF_INET, address, &in->sin_addr) == 1) {
		in->sin_family = AF_INET;
		in->sin_port = htons((uint16_t)port);
		return sizeof(*in);
	}
	ck_assert_int_eq(inet_pton(AF_INET6, address, &in6->sin6_addr), 1);
	in6->sin6_family = AF_INET6;
	in6->sin6_port = htons((uint16_t)port);
	return sizeof(*in6);
}

/* What a connected socket is answered. */
static const char *ask_again(int fd)
{
	static char text[64];
	ssize_t n;

	if (send(fd, "?", 1, MSG_NOSIGNAL) < 0)
		return errno == ECONNREFUSED ? "refused" : "broken";
	n = recv(fd, text, sizeof(text) - 1, 0);
	if (n < 0)
		return errno == EAGAIN ? "silence" : errno == ECONNREFUSED ? "refused" : "broken";
	text[n] = '\0';
	return text;
}

static int connect_to(int ns, int type, const char *address, int port, const char **ret_failure)
{
	struct sockaddr_storage to;
	socklen_t len = address_of(address, port, &to);
	int fd = client_or_server(ns, to.ss_family, type);

	*ret_failure = NULL;
	if (connect(fd, (const struct sockaddr *)&to, len) < 0)
		*ret_failure = errno == ECONNREFUSED                     ? "refused"
			       : errno == ENETUNREACH                    ? "unreachable"
			       : errno == EINPROGRESS || errno == EAGAIN ? "silence"
									 : strerror(errno);
	return fd;
}

/* The client's address as the server saw it, "refused", "silence", "unreachable". */
static const char *ask(int ns, int type, const char *address, int port)
{
	const char *answer;
	int fd = connect_to(ns, type, address, port, &answer);

	if (!answer)
		answer = ask_again(fd);
	close(fd);
	return answer;
}

#define assert_answer(ns, address, port, wanted)                                                   \
	ck_assert_str_eq(ask(ns, SOCK_STREAM, address, port), wanted)

/* Where the answer must be none; a datagram is for a port without a server. */
static bool unanswered(int ns, int type, const char *address, int port)
{
	struct sockaddr_storage to;
	socklen_t len = address_of(address, port, &to);
	int fd = client_or_server(ns, to.ss_family, type);
	bool silence = is_unanswered(fd, &to, len);

	close(fd);
	return silence;
}

#define assert_silence(ns, address, port) ck_assert(unanswered(ns, SOCK_STREAM, address, port))

/* ---- packets that no socket would send ---- */

static void mac_of(int ns, const char *link, uint8_t mac[6])
{
	const char *text = sh_in(ns, "ip -o link show dev %s | grep -o 'ether [0-9a-f:]*'", link);

	ck_assert_int_eq(sscanf(text, "ether %hhx:%hhx:%hhx:%hhx:%hhx:%hhx", &mac[0], &mac[1],
				&mac[2], &mac[3], &mac[4], &mac[5]),
			 6);
}

static uint16_t checksum(const void *bytes, size_t len)
{
	const uint8_t *b = bytes;
	uint32_t sum = 0;

	for (size_t i = 0; i + 1 < len; i += 2)
		sum += (uint32_t)(b[i] << 8 | b[i + 1]);
	sum = (sum & 0xffff) + (sum >> 16);
	return htons((uint16_t) ~(sum + (sum >> 16)));
}

static void send_frame(int ns, const char *link, const uint8_t to[6], uint16_t type,
		       const void *bytes, size_t len)
{
	struct sockaddr_ll address = { .sll_family = AF_PACKET,
				       .sll_protocol = htons(type),
				       .sll_halen = 6 };
	int fd = socket_in(ns, AF_PACKET, SOCK_DGRAM, 0);
	struct ifreq ifr = { 0 };

	strcpy(ifr.ifr_name, link);
	ck_assert_int_eq(ioctl(fd, SIOCGIFINDEX, &ifr), 0);
	address.sll_ifindex = ifr.ifr_ifindex;
	memcpy(address.sll_addr, to, 6);
	ck_assert_int_eq(
		sendto(fd, bytes, len, 0, (const struct sockaddr *)&address, sizeof(address)),
		(int)len);
	close(fd);
}

/* A UDP packet with whatever source and destination, to a neighbour's hardware address. */
static void forge(int ns, const char *link, const uint8_t to[6], const char *source,
		  const char *destination, int port)
{
	struct {
		struct iphdr ip;
		struct udphdr udp;
	} p = { .ip = { .version = 4, .ihl = 5, .ttl = 64, .protocol = IPPROTO_UDP } };

	p.ip.tot_len = htons(sizeof(p));
	inet_pton(AF_INET, source, &p.ip.saddr);
	inet_pton(AF_INET, destination, &p.ip.daddr);
	p.ip.check = checksum(&p.ip, sizeof(p.ip));
	p.udp.source = htons(4000);
	p.udp.dest = htons((uint16_t)port);
	p.udp.len = htons(sizeof(p.udp));
	send_frame(ns, link, to, ETH_P_IP, &p, sizeof(p));
}

/* The address of the sender of a datagram that must come. */
static const char *heard(int fd)
{
	static char text[64];
	struct sockaddr_in6 from;
	socklen_t len = sizeof(from);
	char bytes[64];

	if (recvfrom(fd, bytes, sizeof(bytes), 0, (struct sockaddr *)&from, &len) < 0)
		return "silence";
	peer_text(&from, text);
	return text;
}

static void assert_nothing_heard(int fd)
{
	char byte;

	settle();
	ck_assert_int_eq(recv(fd, &byte, 1, MSG_DONTWAIT), -1);
	ck_assert_int_eq(errno, EAGAIN);
}

/* ---- the scene ---- */

static void set_br_netfilter(int on)
{
	const char *path = "/proc/sys/net/bridge/bridge-nf-call-iptables";

	if (access(path, W_OK) < 0) {
		if (on)
			test_skip("this kernel has no br_netfilter (%s)", path);
		return;
	}
	sh("echo %d > %s; echo %d > /proc/sys/net/bridge/bridge-nf-call-ip6tables", on, path, on);
}

static void set_up(void)
{
	need_program("ip");
	ns_enter();
	settle_setup();
	host = open("/proc/self/ns/net", O_RDONLY | O_CLOEXEC);
	outside = ns_new();
	sh("echo 1 > /proc/sys/net/ipv4/ip_forward; echo 1 > /proc/sys/net/ipv6/conf/all/forwarding");
	sh("ip link add up0 type veth peer name up1 && ip link set up1 netns /proc/%d/fd/%d",
	   (int)getpid(), outside);
	sh("ip addr add 203.0.113.1/24 dev up0; ip addr add 2001:db8:1::1/64 dev up0 nodad; ip link set up0 up");
	sh_in(outside,
	      "ip addr add 203.0.113.2/24 dev up1; ip addr add 2001:db8:1::2/64 dev up1 nodad; ip link set up1 up");
	assert_ok(fwc_kernel_open(&k, NULL, &err), err);
}

static struct fwc_ip ip(const char *text)
{
	struct fwc_ip parsed;

	assert_ok(fwc_ip_parse(text, &parsed, &err), err);
	return parsed;
}

static void create(const char *name, const char *subnet4, const char *subnet6, uint32_t flags)
{
	const struct fwc_network_opts opts = {
		.size = sizeof(opts), .subnet4 = subnet4, .subnet6 = subnet6, .flags = flags
	};

	assert_ok(fwc_network_create(k, name, &opts, &err), err);
}

/* A container whose TCP port 80 and UDP port 53 answer. */
static int container(const char *network, const char *id)
{
	int ns = ns_new();

	assert_ok(fwc_network_attach(k, network, id, ns, NULL, &err), err);
	serve(ns, SOCK_STREAM, 80);
	serve(ns, SOCK_DGRAM, 53);
	return ns;
}

static void publish(const char *network, const char *id, struct fwc_port port)
{
	if (!port.protocol)
		port.protocol = IPPROTO_TCP;
	assert_ok(fwc_network_publish(k, network, id, &port, &err), err);
}

/* Two networks, a and b on the first (.2, .3), c on the second (.2). Port 8080 of the host is a's 80. */
static int a, b, c;

static void two_networks(int br_netfilter)
{
	set_br_netfilter(br_netfilter);
	create("fbr0", "172.30.0.0/24", "fd30::/64", 0);
	create("fbr1", "172.31.0.0/24", "fd31::/64", 0);
	a = container("fbr0", "a");
	b = container("fbr0", "b");
	c = container("fbr1", "c");
	publish("fbr0", "a", (struct fwc_port){ .host_port = 8080, .port = 80 });
}

/* ---- what must pass ---- */

START_TEST(containers_reach_the_outside_with_the_hosts_address)
{
	two_networks(_i);
	serve(outside, SOCK_STREAM, 7);
	serve(outside, SOCK_DGRAM, 7);
	assert_answer(a, "203.0.113.2", 7, "203.0.113.1");
	assert_answer(a, "2001:db8:1::2", 7, "2001:db8:1::1");
	ck_assert_str_eq(ask(c, SOCK_DGRAM, "203.0.113.2", 7), "203.0.113.1");
}
END_TEST

START_TEST(outside_reaches_published_ports_with_its_own_address)
{
	two_networks(_i);
	publish("fbr0", "b",
		(struct fwc_port){ .protocol = IPPROTO_UDP, .host_port = 53, .port = 53 });
	assert_answer(outside, "203.0.113.1", 8080, "203.0.113.2");
	assert_answer(outside, "2001:db8:1::1", 8080, "2001:db8:1::2");
	ck_assert_str_eq(ask(outside, SOCK_DGRAM, "203.0.113.1", 53), "203.0.113.2");
	assert_answer(outside, "203.0.113.1", 8081, "refused");
	assert_answer(outside, "203.0.113.1", 80, "refused");
}
END_TEST

START_TEST(published_sctp_port_is_reached)
{
	int probe = socket(AF_INET6, SOCK_STREAM | SOCK_CLOEXEC, IPPROTO_SCTP);

	if (probe < 0)
		test_skip("this kernel has no SCTP sockets (CONFIG_IP_SCTP): %s", strerror(errno));
	close(probe);
	two_networks(_i);
	serve(a, STREAM_SCTP, 80);
	publish("fbr0", "a",
		(struct fwc_port){ .protocol = IPPROTO_SCTP, .host_port = 9080, .port = 80 });
	ck_assert_str_eq(ask(outside, STREAM_SCTP, "203.0.113.1", 9080), "203.0.113.2");
	/* The port of one protocol is not one of another. */
	assert_answer(outside, "203.0.113.1", 9080, "refused");
}
END_TEST

START_TEST(ranges_keep_or_shift_their_ports)
{
	two_networks(_i);
	for (int port = 9000; port < 9003; port++)
		serve(b, SOCK_STREAM, port);
	publish("fbr0", "b", (struct fwc_port){ .host_port = 9000, .port = 9000, .count = 2 });
	publish("fbr0", "b", (struct fwc_port){ .host_port = 7000, .port = 9000, .count = 3 });
	assert_answer(outside, "203.0.113.1", 9000, "203.0.113.2");
	assert_answer(outside, "203.0.113.1", 9001, "203.0.113.2");
	assert_answer(outside, "203.0.113.1", 9002, "refused");
	assert_answer(outside, "203.0.113.1", 7002, "203.0.113.2");
	assert_answer(outside, "2001:db8:1::1", 9001, "2001:db8:1::2");
	assert_answer(outside, "203.0.113.1", 7003, "refused");
	assert_answer(outside, "203.0.113.1", 6999, "refused");
}
END_TEST

START_TEST(port_of_one_address_is_not_one_of_another)
{
	two_networks(_i);
	sh("ip addr add 203.0.113.5/24 dev up0");
	publish("fbr1", "c",
		(struct fwc_port){ .host_port = 8080, .port = 80, .host = ip("203.0.113.5") });
	publish("fbr1", "c",
		(struct fwc_port){ .host_port = 99, .port = 80, .host = ip("203.0.113.5") });
	publish("fbr1", "c",
		(struct fwc_port){ .host_port = 99, .port = 80, .host = ip("2001:db8:1::1") });
	assert_answer(outside, "203.0.113.5", 99, "203.0.113.2");
	assert_answer(outside, "203.0.113.1", 99, "refused");
	assert_answer(outside, "2001:db8:1::1", 99, "2001:db8:1::2");
	/* The address goes first. */
	assert_ok(fwc_network_detach(k, "fbr0", "a", &err), err);
	assert_answer(outside, "203.0.113.5", 8080, "203.0.113.2");
	assert_answer(outside, "203.0.113.1", 8080, "refused");
}
END_TEST

START_TEST(neighbours_reach_each_other_directly)
{
	two_networks(_i);
	assert_answer(b, "172.30.0.2", 80, "172.30.0.3");
	assert_answer(b, "fd30::2", 80, "fd30::3");
	ck_assert_str_eq(ask(a, SOCK_DGRAM, "172.30.0.3", 53), "172.30.0.2");
}
END_TEST

START_TEST(containers_reach_published_ports_of_their_neighbours_and_their_own)
{
	two_networks(_i);
	assert_answer(b, "203.0.113.1", 8080,
		      "172.30.0.1"); /* masqueraded: the answer comes back here */
	assert_answer(a, "203.0.113.1", 8080, "172.30.0.1");
	assert_answer(b, "172.30.0.1", 8080, "172.30.0.1");
	assert_answer(b, "2001:db8:1::1", 8080, "fd30::1");
	assert_answer(a, "2001:db8:1::1", 8080, "fd30::1");
	assert_answer(c, "203.0.113.1", 8080, "172.31.0.2");
	assert_answer(c, "2001:db8:1::1", 8080, "fd31::2");
}
END_TEST

START_TEST(host_reaches_containers_and_localhost_publishes)
{
	two_networks(_i);
	publish("fbr0", "a",
		(struct fwc_port){ .host_port = 9090, .port = 80, .host = ip("127.0.0.1") });
	publish("fbr0", "a",
		(struct fwc_port){ .protocol = IPPROTO_UDP,
				   .host_port = 9090,
				   .port = 53,
				   .host = ip("127.0.0.1") });
	assert_answer(host, "172.30.0.2", 80, "172.30.0.1");
	assert_answer(host, "fd30::2", 80, "fd30::1");
	assert_answer(host, "127.0.0.1", 8080, "172.30.0.1");
	assert_answer(host, "127.0.0.1", 9090, "172.30.0.1");
	ck_assert_str_eq(ask(host, SOCK_DGRAM, "127.0.0.1", 9090), "172.30.0.1");
	assert_answer(host, "203.0.113.1", 8080, "203.0.113.1");
	assert_answer(host, "::1", 8080, "refused");
	assert_answer(outside, "203.0.113.1", 9090, "refused");
	assert_answer(b, "172.30.0.1", 9090, "refused");
}
END_TEST

/* ---- what must not ---- */

START_TEST(nothing_else_reaches_a_container)
{
	two_networks(_i);
	sh_in(outside,
	      "ip route add 172.30.0.0/15 via 203.0.113.1; ip route add fd30::/15 via 2001:db8:1::1");
	/* The way is there: the host's own addresses on the bridges answer. */
	assert_answer(outside, "172.30.0.1", 81, "refused");
	assert_silence(outside, "172.30.0.2", 80);
	assert_silence(outside, "172.30.0.3", 80);
	assert_silence(outside, "fd30::2", 80);
	assert_silence(c, "172.30.0.2", 80);
	assert_silence(c, "fd30::2", 80);
	ck_assert_str_eq(ask(host, SOCK_DGRAM, "172.30.0.3", 54), "refused");
	ck_assert(unanswered(c, SOCK_DGRAM, "172.30.0.3", 54));
}
END_TEST

START_TEST(isolated_containers_do_not_reach_each_other)
{
	int d, e;

	set_br_netfilter(_i);
	create("iso0", "10.5.0.0/24", "fd05::/64", FWC_NETWORK_ISOLATED);
	d = container("iso0", "d");
	e = container("iso0", "e");
	serve(outside, SOCK_STREAM, 7);
	publish("iso0", "d", (struct fwc_port){ .host_port = 8080, .port = 80 });
	assert_silence(e, "10.5.0.2", 80);
	/* Nor by way of the gateway. */
	sh_in(e, "ip route add 10.5.0.2/32 via 10.5.0.1; ip route add fd05::2/128 via fd05::1");
	assert_silence(e, "10.5.0.2", 80);
	assert_silence(e, "fd05::2", 80);
	assert_answer(e, "203.0.113.2", 7, "203.0.113.1");
	/* With br_netfilter the bridge itself would have to carry that over, and does not. */
	if (_i)
		assert_silence(e, "203.0.113.1", 8080);
	else
		assert_answer(e, "203.0.113.1", 8080, "10.5.0.1");
	assert_answer(host, "10.5.0.2", 80, "10.5.0.1");
	(void)d;
}
END_TEST

START_TEST(internal_network_has_no_way_in_or_out)
{
	int d, e;

	two_networks(_i);
	serve(outside, SOCK_STREAM, 7);
	create("int0", "10.6.0.0/24", "fd06::/64", FWC_NETWORK_INTERNAL);
	d = container("int0", "d");
	e = container("int0", "e");
	assert_answer(d, "10.6.0.3", 80, "10.6.0.2");
	assert_answer(d, "203.0.113.2", 7, "unreachable");
	/* A container that gives itself a route. */
	sh_in(d, "ip route add default via 10.6.0.1; ip route add default via fd06::1");
	assert_silence(d, "203.0.113.2", 7);
	assert_silence(d, "2001:db8:1::2", 7);
	assert_silence(d, "172.30.0.2", 80);
	assert_silence(d, "203.0.113.1", 8080);
	assert_silence(a, "10.6.0.2", 80);
	sh_in(outside, "ip route add 10.6.0.0/24 via 203.0.113.1");
	assert_silence(outside, "10.6.0.2", 80);
	assert_answer(host, "10.6.0.2", 80, "10.6.0.1");
	(void)e;
}
END_TEST

START_TEST(forged_loopback_addresses_are_dropped)
{
	uint8_t gateway[6], uplink[6];
	int service, local;

	two_networks(_i);
	service = listener(host, SOCK_DGRAM, 777);
	mac_of(host, "fbr0", gateway);
	mac_of(host, "up0", uplink);
	publish("fbr0", "a",
		(struct fwc_port){ .protocol = IPPROTO_UDP,
				   .host_port = 778,
				   .port = 777,
				   .host = ip("127.0.0.1") });
	local = listener(a, SOCK_DGRAM, 777);
	/* Unforged packets made in the same way arrive. */
	forge(a, "eth0", gateway, "172.30.0.2", "172.30.0.1", 777);
	ck_assert_str_eq(heard(service), "172.30.0.2");
	forge(outside, "up1", uplink, "203.0.113.2", "203.0.113.1", 777);
	ck_assert_str_eq(heard(service), "203.0.113.2");
	forge(a, "eth0", gateway, "127.0.0.2", "172.30.0.1", 777);
	forge(a, "eth0", gateway, "172.30.0.2", "127.0.0.1", 777);
	forge(outside, "up1", uplink, "127.0.0.2", "203.0.113.1", 777);
	forge(outside, "up1", uplink, "203.0.113.2", "127.0.0.1", 777);
	assert_nothing_heard(service);
	forge(outside, "up1", uplink, "203.0.113.2", "127.0.0.1", 778);
	forge(b, "eth0", gateway, "172.30.0.3", "127.0.0.1", 778);
	assert_nothing_heard(local);
}
END_TEST

START_TEST(forged_addresses_do_not_leave_the_bridge)
{
	uint8_t gateway[6];
	int service, seen;

	two_networks(_i);
	seen = listener(outside, SOCK_DGRAM, 777);
	service = listener(host, SOCK_DGRAM, 777);
	sh_in(outside,
	      "ip route add 8.8.4.0/24 via 203.0.113.1; ip route add 172.31.0.0/24 via 203.0.113.1");
	mac_of(host, "fbr0", gateway);
	forge(a, "eth0", gateway, "172.30.0.2", "203.0.113.2", 777);
	ck_assert_str_eq(heard(seen), "203.0.113.1");
	forge(a, "eth0", gateway, "8.8.4.4", "203.0.113.2", 777);
	forge(a, "eth0", gateway, "172.31.0.2", "203.0.113.2", 777);
	forge(a, "eth0", gateway, "203.0.113.9", "203.0.113.2", 777);
	assert_nothing_heard(seen);
	forge(a, "eth0", gateway, "8.8.4.4", "172.30.0.1", 777);
	assert_nothing_heard(service);
}
END_TEST

/* A router advertisement to all nodes, from the link-local address of a link. */
static void advertise(int ns, const char *link)
{
	const struct nd_router_advert ra = { .nd_ra_type = ND_ROUTER_ADVERT,
					     .nd_ra_router_lifetime = htons(1800) };
	struct sockaddr_in6 all = { .sin6_family = AF_INET6 };
	int fd = socket_in(ns, AF_INET6, SOCK_RAW, IPPROTO_ICMPV6), hops = 255;
	struct ifreq ifr = { 0 };

	strcpy(ifr.ifr_name, link);
	ck_assert_int_eq(ioctl(fd, SIOCGIFINDEX, &ifr), 0);
	inet_pton(AF_INET6, "ff02::1", &all.sin6_addr);
	all.sin6_scope_id = (uint32_t)ifr.ifr_ifindex;
	setsockopt(fd, IPPROTO_IPV6, IPV6_MULTICAST_HOPS, &hops, sizeof(hops));
	ck_assert_int_eq(sendto(fd, &ra, sizeof(ra), 0, (const struct sockaddr *)&all, sizeof(all)),
			 (int)sizeof(ra));
	close(fd);
}

START_TEST(container_cannot_become_the_hosts_router)
{
	int d;

	set_br_netfilter(_i);
	sh("echo 0 > /proc/sys/net/ipv6/conf/all/forwarding");
	create("int0", "10.6.0.0/24", NULL, FWC_NETWORK_INTERNAL);
	d = container("int0", "d");
	/* Its link-local address is checked for duplicates first. */
	sh_in(d,
	      "for i in $(seq 600); do"
	      " ip -o -6 addr show dev eth0 scope link -tentative | grep -q fe80 && exit; sleep 0.2;"
	      " done; exit 1");
	advertise(d, "eth0");
	settle();
	ck_assert_str_eq(sh("ip -6 route show default"), "");
	/* It would, without the guard. */
	sh("nft flush chain inet fwcore_packets_network guard");
	advertise(d, "eth0");
	settle();
	assert_contains(sh("ip -6 route show default"), "dev int0");
}
END_TEST

START_TEST(traffic_of_others_is_left_alone)
{
	int lan = ns_new();

	two_networks(_i);
	/* A router between two networks that have nothing to do with ours, and that publishes nothing of 8080. */
	sh("ip link add lan0 type veth peer name lan1 && ip link set lan1 netns /proc/%d/fd/%d",
	   (int)getpid(), lan);
	sh("ip addr add 192.0.2.1/24 dev lan0; ip link set lan0 up");
	sh_in(lan,
	      "ip addr add 192.0.2.2/24 dev lan1; ip link set lan1 up; ip route add default via 192.0.2.1");
	sh_in(outside, "ip route add 192.0.2.0/24 via 203.0.113.1");
	serve(lan, SOCK_STREAM, 8080);
	assert_answer(outside, "192.0.2.2", 8080, "203.0.113.2");
	serve(outside, SOCK_STREAM, 8080);
	assert_answer(lan, "203.0.113.2", 8080, "192.0.2.2");
	assert_answer(a, "203.0.113.2", 8080, "203.0.113.1");
}
END_TEST

/* ---- what ends ---- */

START_TEST(unpublished_port_ends_its_connections)
{
	const struct fwc_port port = { .protocol = 6, .host_port = 8080, .port = 80 };
	const char *failure;
	int fd, other;

	two_networks(_i);
	publish("fbr0", "a", (struct fwc_port){ .host_port = 8081, .port = 80 });
	fd = connect_to(outside, SOCK_STREAM, "203.0.113.1", 8080, &failure);
	ck_assert_ptr_null(failure);
	other = connect_to(outside, SOCK_STREAM, "203.0.113.1", 8081, &failure);
	ck_assert_ptr_null(failure);
	ck_assert_str_eq(ask_again(fd), "203.0.113.2");
	assert_ok(fwc_network_unpublish(k, "fbr0", "a", &port, &err), err);
	ck_assert_str_ne(ask_again(fd), "203.0.113.2");
	ck_assert_str_eq(ask_again(other), "203.0.113.2");
	assert_answer(outside, "203.0.113.1", 8080, "refused");
}
END_TEST

START_TEST(address_of_a_detached_container_is_free_of_its_past)
{
	struct fwc_ip first = ip("172.30.0.2");
	const struct fwc_attach_opts opts = { .size = sizeof(opts),
					      .addresses = &first,
					      .addresses_count = 1 };
	const char *failure;
	int fd, next = ns_new();

	two_networks(_i);
	publish("fbr0", "a",
		(struct fwc_port){ .protocol = IPPROTO_UDP, .host_port = 53, .port = 53 });
	fd = connect_to(outside, SOCK_DGRAM, "203.0.113.1", 53, &failure);
	ck_assert_str_eq(ask_again(fd), "203.0.113.2");
	assert_ok(fwc_network_detach(k, "fbr0", "a", &err), err);
	assert_ok(fwc_network_attach(k, "fbr0", "next", next, &opts, &err), err);
	serve(next, SOCK_DGRAM, 53);
	ck_assert_str_eq(ask(host, SOCK_DGRAM, "172.30.0.2", 53), "172.30.0.1");
	ck_assert_str_eq(ask_again(fd), "refused");
	assert_answer(outside, "203.0.113.1", 8080, "refused");
}
END_TEST

static Suite *make_suite(void)
{
	Suite *s = suite_create("network");
	TCase *tc = tcase_create("all");

	tcase_set_timeout(tc, 300);
	tcase_add_checked_fixture(tc, set_up, NULL);
	tcase_add_loop_test(tc, containers_reach_the_outside_with_the_hosts_address, 0, 2);
	tcase_add_loop_test(tc, outside_reaches_published_ports_with_its_own_address, 0, 2);
	tcase_add_loop_test(tc, ranges_keep_or_shift_their_ports, 0, 2);
	tcase_add_loop_test(tc, port_of_one_address_is_not_one_of_another, 0, 2);
	tcase_add_loop_test(tc, neighbours_reach_each_other_directly, 0, 2);
	tcase_add_loop_test(tc, containers_reach_published_ports_of_their_neighbours_and_their_own,
			    0, 2);
	tcase_add_loop_test(tc, host_reaches_containers_and_localhost_publishes, 0, 2);
	tcase_add_loop_test(tc, nothing_else_reaches_a_container, 0, 2);
	tcase_add_loop_test(tc, isolated_containers_do_not_reach_each_other, 0, 2);
	tcase_add_loop_test(tc, internal_network_has_no_way_in_or_out, 0, 2);
	tcase_add_loop_test(tc, forged_loopback_addresses_are_dropped, 0, 2);
	tcase_add_loop_test(tc, forged_addresses_do_not_leave_the_bridge, 0, 2);
	tcase_add_loop_test(tc, container_cannot_become_the_hosts_router, 0, 2);
	tcase_add_loop_test(tc, traffic_of_others_is_left_alone, 0, 2);
	tcase_add_loop_test(tc, unpublished_port_ends_its_connections, 0, 2);
	tcase_add_loop_test(tc, address_of_a_detached_container_is_free_of_its_past, 0, 2);
	suite_add_tcase(s, tc);
	tc = tcase_create("sctp");
	tcase_set_timeout(tc, 300);
	tcase_add_checked_fixture(tc, set_up, NULL);
	tcase_add_loop_test(tc, published_sctp_port_is_reached, 0, 2);
	suite_add_tcase(s, tc);
	return s;
}

TEST_MAIN(make_suite)
