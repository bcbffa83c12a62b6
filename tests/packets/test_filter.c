/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What rulesets do to packets that come over a veth pair. */
#include <netinet/ip.h>
#include <netinet/tcp.h>
#include <sys/mman.h>

#include <libmnl/libmnl.h>
#include <linux/netfilter.h>
#include <linux/netfilter/nfnetlink.h>
#include <linux/netfilter/nfnetlink_queue.h>

#include <fwcore/fwcore.h>

#include "peer.h"

static struct fwc_kernel *kernel;
static struct fwc_error err;

static void setup(void)
{
	peer_setup();
	assert_ok(fwc_kernel_open(&kernel, NULL, &err), err);
	serve(SOCK_STREAM, "10.0.0.1", 80);
	serve(SOCK_STREAM, "10.0.0.1", 81);
	serve(SOCK_STREAM, "fd00::1", 80);
	serve(SOCK_STREAM, "fd00::1", 81);
}

static void teardown(void)
{
	fwc_kernel_close(kernel);
}

/* Table inet t, whose chain input drops what these rules do not accept. */
static struct fwc_ruleset *input_rules(const char *const *rules)
{
	const struct fwc_base_opts opts = { .size = sizeof(opts),
					    .hook = FWC_HOOK_INPUT,
					    .policy = FWC_VERDICT_DROP };
	struct fwc_ruleset *rs = fwc_ruleset_new();
	struct fwc_table *t = fwc_ruleset_add_table(rs, FWC_FAMILY_INET, "t", 0);
	struct fwc_chain *c = fwc_table_add_chain(t, "input", &opts);

	/* Without neighbour discovery there is no IPv6. */
	fwc_chain_append_text(
		c, FWC_SYNTAX_NFT,
		"icmpv6 type { nd-neighbor-solicit, nd-neighbor-advert, nd-router-advert } accept");
	for (; *rules; rules++)
		fwc_chain_append_text(c, FWC_SYNTAX_NFT, *rules);
	assert_ok(fwc_ruleset_error(rs, &err), err);
	return rs;
}

static void apply(const char *const *rules)
{
	struct fwc_ruleset *rs = input_rules(rules);

	assert_ok(fwc_kernel_apply(kernel, rs, NULL, &err), err);
	fwc_ruleset_free(rs);
}

#define RULES(...) ((const char *const[]){ __VA_ARGS__, NULL })

START_TEST(everything_passes_before_and_after)
{
	struct fwc_ruleset *rs = fwc_ruleset_new();

	ck_assert_int_eq(peer_connects("10.0.0.1", 80), 0);
	apply(RULES("drop"));
	ck_assert(peer_is_unanswered("10.0.0.1", 80));
	fwc_ruleset_absent_table(rs, FWC_FAMILY_INET, "t");
	assert_ok(fwc_kernel_apply(kernel, rs, NULL, &err), err);
	ck_assert_int_eq(peer_connects("10.0.0.1", 80), 0);
	ck_assert_int_eq(peer_connects("10.0.0.1", 82), ECONNREFUSED);
	fwc_ruleset_free(rs);
}
END_TEST

START_TEST(accepted_port_passes_and_others_are_dropped)
{
	apply(RULES("ct state established,related accept", "tcp dport 80 accept"));
	ck_assert_int_eq(peer_connects("10.0.0.1", 80), 0);
	ck_assert_int_eq(peer_connects("fd00::1", 80), 0);
	ck_assert(peer_is_unanswered("10.0.0.1", 81));
	ck_assert(peer_is_unanswered("fd00::1", 81));
}
END_TEST

START_TEST(rejected_port_is_refused_at_once)
{
	apply(RULES("tcp dport 80 accept", "tcp dport 81 reject with tcp reset"));
	ck_assert_int_eq(peer_connects("10.0.0.1", 80), 0);
	ck_assert_int_eq(peer_connects("10.0.0.1", 81), ECONNREFUSED);
	ck_assert(peer_is_unanswered("10.0.0.1", 82));
}
END_TEST

START_TEST(addresses_prefixes_ranges_and_lists_match)
{
	apply(RULES("ip saddr 10.0.0.2 tcp dport 80 accept"));
	ck_assert_int_eq(peer_connects("10.0.0.1", 80), 0);
	ck_assert(peer_is_unanswered("fd00::1", 80));
	apply(RULES("ip saddr != 10.0.0.0/24 accept", "ip6 saddr fd00::/64 tcp dport 80 accept"));
	ck_assert(peer_is_unanswered("10.0.0.1", 80));
	ck_assert_int_eq(peer_connects("fd00::1", 80), 0);
	apply(RULES("ip saddr { 10.0.0.0-10.0.0.3, 10.9.0.0/16 } tcp dport { 79, 80 } accept"));
	ck_assert_int_eq(peer_connects("10.0.0.1", 80), 0);
	ck_assert(peer_is_unanswered("10.0.0.1", 81));
	apply(RULES("iifname \"v*\" tcp dport 81 accept", "iifname \"w*\" accept"));
	ck_assert(peer_is_unanswered("10.0.0.1", 80));
	ck_assert_int_eq(peer_connects("10.0.0.1", 81), 0);
}
END_TEST

START_TEST(verdict_map_sends_packets_to_chains)
{
	struct fwc_ruleset *rs = input_rules(RULES("ip saddr . tcp dport vmap @m"));
	struct fwc_table *t = fwc_ruleset_at(rs, 0);
	struct fwc_set *m =
		fwc_table_add_set(t, "m", "ipv4_addr . inet_service",
				  &(struct fwc_set_opts){ .size = sizeof(struct fwc_set_opts),
							  .data_type = "verdict" });

	fwc_chain_append_text(fwc_table_add_chain(t, "web", NULL), FWC_SYNTAX_NFT,
			      "counter accept");
	fwc_set_add(m, "10.0.0.2 . 80", "jump web", NULL);
	fwc_set_add(m, "10.0.0.2 . 81", "drop", NULL);
	assert_ok(fwc_kernel_apply(kernel, rs, NULL, &err), err);
	ck_assert_int_eq(peer_connects("10.0.0.1", 80), 0);
	ck_assert(peer_is_unanswered("10.0.0.1", 81));
	fwc_ruleset_free(rs);
}
END_TEST

static void change_element(bool add)
{
	struct fwc_batch *batch = fwc_batch_new();

	if (add)
		fwc_batch_add_element(batch, FWC_FAMILY_INET, "t", "blocked", "10.0.0.2", NULL, 0,
				      NULL);
	else
		fwc_batch_del_element(batch, FWC_FAMILY_INET, "t", "blocked", "10.0.0.2");
	assert_ok(fwc_kernel_commit(kernel, batch, &err), err);
	fwc_batch_free(batch);
}

START_TEST(blocked_address_is_one_element)
{
	struct fwc_ruleset *rs = input_rules(RULES("ip saddr @blocked drop", "accept"));

	fwc_table_add_set(fwc_ruleset_at(rs, 0), "blocked", "ipv4_addr",
			  &(struct fwc_set_opts){ .size = sizeof(struct fwc_set_opts),
						  .flags = FWC_SET_STATE });
	assert_ok(fwc_kernel_apply(kernel, rs, NULL, &err), err);
	ck_assert_int_eq(peer_connects("10.0.0.1", 80), 0);
	change_element(true);
	ck_assert(peer_is_unanswered("10.0.0.1", 80));
	ck_assert_int_eq(peer_connects("fd00::1", 80), 0);
	/* It is state: applying again does not undo it. */
	assert_ok(fwc_kernel_apply(kernel, rs, NULL, &err), err);
	ck_assert(peer_is_unanswered("10.0.0.1", 80));
	change_element(false);
	ck_assert_int_eq(peer_connects("10.0.0.1", 80), 0);
	fwc_ruleset_free(rs);
}
END_TEST

START_TEST(counters_are_read_and_kept)
{
	struct fwc_ruleset *loaded;
	uint64_t packets = 0, bytes = 0, later = 0;

	apply(RULES("tcp dport 80 counter accept"));
	ck_assert_int_eq(peer_connects("10.0.0.1", 80), 0);
	assert_ok(fwc_kernel_load(kernel, FWC_FAMILY_INET, "t", &loaded, &err), err);
	ck_assert(fwc_rule_counter_get(
		fwc_chain_at(fwc_ruleset_find_chain(loaded, FWC_FAMILY_INET, "t", "input"), 1),
		&packets, &bytes));
	ck_assert_uint_ge(packets, 2);
	ck_assert_uint_ge(bytes, 80);
	fwc_ruleset_free(loaded);
	apply(RULES("tcp dport 79 accept", "tcp dport 80 counter accept"));
	assert_ok(fwc_kernel_load(kernel, FWC_FAMILY_INET, "t", &loaded, &err), err);
	ck_assert(fwc_rule_counter_get(
		fwc_chain_at(fwc_ruleset_find_chain(loaded, FWC_FAMILY_INET, "t", "input"), 2),
		&later, NULL));
	ck_assert_uint_ge(later, packets);
	fwc_ruleset_free(loaded);
}
END_TEST

/* What the sender and the receiver tell each other. */
struct stream {
	int sent, received, stop;
};

enum { WINDOW = 64 }; /* packets that the receiver's buffer holds for certain */

/* In a process of its own, and beside this one, not in turns with it. */
static void send_stream(struct stream *stream)
{
	struct sockaddr_storage to;
	socklen_t len = make_address("10.0.0.1", 9, &to);
	cpu_set_t any;
	int fd;

	memset(&any, 0xff, sizeof(any));
	sched_setaffinity(0, sizeof(any), &any);
	ns_switch(peer_ns);
	fd = socket(AF_INET, SOCK_DGRAM, 0);
	for (; !__atomic_load_n(&stream->stop, __ATOMIC_ACQUIRE); usleep(200))
		if (stream->sent - __atomic_load_n(&stream->received, __ATOMIC_ACQUIRE) < WINDOW)
			stream->sent += sendto(fd, "x", 1, 0, (struct sockaddr *)&to, len) == 1;
}

static void receive_stream(int fd, struct stream *stream, int flags)
{
	char byte;

	if (recv(fd, &byte, 1, flags) == 1)
		__atomic_add_fetch(&stream->received, 1, __ATOMIC_RELEASE);
	else
		ck_assert_msg(flags & MSG_DONTWAIT, "of %d packets %d arrived", stream->sent,
			      stream->received);
}

START_TEST(no_packet_is_lost_while_rules_are_replaced)
{
	enum { ROUNDS = 60 };
	const struct timeval patience = { .tv_sec = PATIENCE_S };
	struct stream *stream = mmap(NULL, sizeof(*stream), PROT_READ | PROT_WRITE,
				     MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	int fd = serve(SOCK_DGRAM, "10.0.0.1", 9);
	pid_t pid;

	ck_assert_ptr_ne(stream, MAP_FAILED);
	setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof(patience));
	apply(RULES("udp dport 9 accept"));
	pid = fork();
	ck_assert_int_ge(pid, 0);
	if (pid == 0) {
		send_stream(stream);
		_exit(0);
	}
	/* The sender may be slow to begin: without packets nothing is shown. */
	for (int i = 0; i < ROUNDS || (stream->received <= ROUNDS / 4 && i < 60000); i++) {
		char rule[64];

		/* No rule is kept. */
		snprintf(rule, sizeof(rule), "udp sport != %d udp dport 9 accept", i + 1);
		apply(RULES(rule));
		for (int n = 0; n < WINDOW; n++)
			receive_stream(fd, stream, MSG_DONTWAIT);
	}
	__atomic_store_n(&stream->stop, 1, __ATOMIC_RELEASE);
	waitpid(pid, NULL, 0);
	ck_assert_int_gt(stream->sent, ROUNDS / 4);
	while (stream->received < stream->sent)
		receive_stream(fd, stream, 0);
	ck_assert_int_eq(recv(fd, &(char){ 0 }, 1, MSG_DONTWAIT), -1);
}
END_TEST

/* ---- packets that a program decides about ---- */

enum { QUEUE = 5 };

static char queue_buffer[8192];

static struct nlmsghdr *queue_message(uint16_t type, uint16_t queue)
{
	struct nlmsghdr *nlh = mnl_nlmsg_put_header(queue_buffer);
	struct nfgenmsg *head = mnl_nlmsg_put_extra_header(nlh, sizeof(*head));

	nlh->nlmsg_type = (uint16_t)(NFNL_SUBSYS_QUEUE << 8 | type);
	nlh->nlmsg_flags = NLM_F_REQUEST;
	head->nfgen_family = AF_UNSPEC;
	head->version = NFNETLINK_V0;
	head->res_id = htons(queue);
	return nlh;
}

/* Listens on queues in a row, with whole packets. */
static struct mnl_socket *queue_listen(uint16_t first, uint16_t count)
{
	const struct nfqnl_msg_config_params whole = { htonl(0xffff), NFQNL_COPY_PACKET };
	const struct nfqnl_msg_config_cmd bind = { .command = NFQNL_CFG_CMD_BIND };
	const struct timeval patience = { .tv_sec = PATIENCE_S };
	struct mnl_socket *nl = mnl_socket_open(NETLINK_NETFILTER);
	ssize_t n;

	ck_assert_ptr_nonnull(nl);
	ck_assert_int_eq(mnl_socket_bind(nl, 0, MNL_SOCKET_AUTOPID), 0);
	setsockopt(mnl_socket_get_fd(nl), SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof(patience));
	for (uint16_t queue = first; queue < first + count; queue++) {
		struct nlmsghdr *nlh = queue_message(NFQNL_MSG_CONFIG, queue);

		nlh->nlmsg_flags |= NLM_F_ACK;
		mnl_attr_put(nlh, NFQA_CFG_CMD, sizeof(bind), &bind);
		mnl_attr_put(nlh, NFQA_CFG_PARAMS, sizeof(whole), &whole);
		ck_assert_int_eq(mnl_socket_sendto(nl, nlh, nlh->nlmsg_len), nlh->nlmsg_len);
		n = mnl_socket_recvfrom(nl, queue_buffer, sizeof(queue_buffer));
		ck_assert_int_gt(n, 0);
		if (mnl_cb_run(queue_buffer, (size_t)n, 0, 0, NULL, NULL) < 0)
			test_skip("no program can listen (CONFIG_NETFILTER_NETLINK_QUEUE): %s",
				  strerror(errno));
	}
	return nl;
}

/* One packet that waits for its verdict. */
struct queued {
	uint32_t id;
	uint16_t queue, port;
	char source[INET_ADDRSTRLEN];
};

static struct queued next_queued(struct mnl_socket *nl)
{
	struct queued q = { 0 };
	const struct nlattr *attr;
	const struct nlmsghdr *nlh = (const void *)queue_buffer;
	ssize_t n = mnl_socket_recvfrom(nl, queue_buffer, sizeof(queue_buffer));

	ck_assert_int_gt(n, 0);
	ck_assert_int_eq(nlh->nlmsg_type, NFNL_SUBSYS_QUEUE << 8 | NFQNL_MSG_PACKET);
	q.queue = ntohs(((const struct nfgenmsg *)mnl_nlmsg_get_payload(nlh))->res_id);
	mnl_attr_for_each(attr, nlh, sizeof(struct nfgenmsg))
	{
		if (mnl_attr_get_type(attr) == NFQA_PACKET_HDR) {
			const struct nfqnl_msg_packet_hdr *head = mnl_attr_get_payload(attr);

			q.id = ntohl(head->packet_id);
			ck_assert_uint_eq(head->hook, NF_INET_LOCAL_IN);
		} else if (mnl_attr_get_type(attr) == NFQA_PAYLOAD) {
			const struct iphdr *ip = mnl_attr_get_payload(attr);
			const struct tcphdr *tcp = (const void *)((const char *)ip + ip->ihl * 4);

			ck_assert_uint_eq(ip->protocol, IPPROTO_TCP);
			inet_ntop(AF_INET, &ip->saddr, q.source, sizeof(q.source));
			q.port = ntohs(tcp->dest);
		}
	}
	return q;
}

static void decide(struct mnl_socket *nl, const struct queued *q, uint32_t verdict)
{
	const struct nfqnl_msg_verdict_hdr head = { htonl(verdict), htonl(q->id) };
	struct nlmsghdr *nlh = queue_message(NFQNL_MSG_VERDICT, q->queue);

	mnl_attr_put(nlh, NFQA_VERDICT_HDR, sizeof(head), &head);
	ck_assert_int_eq(mnl_socket_sendto(nl, nlh, nlh->nlmsg_len), nlh->nlmsg_len);
}

/* Rules with statements that are modules: a kernel without them says so. */
static void apply_if_built(const char *const *rules)
{
	struct fwc_ruleset *rs = input_rules(rules);
	int r = fwc_kernel_apply(kernel, rs, NULL, &err);

	fwc_ruleset_free(rs);
	if (r < 0 && err.kconfig[0])
		test_skip("this kernel has no %s", err.kconfig);
	assert_ok(r, err);
}

static int begin_connecting(uint16_t port)
{
	struct sockaddr_storage to;
	socklen_t len = make_address("10.0.0.1", port, &to);
	int fd = socket_in(peer_ns, AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);

	ck_assert_int_eq(connect(fd, (struct sockaddr *)&to, len), -1);
	ck_assert_int_eq(errno, EINPROGRESS);
	return fd;
}

static bool connects(int fd)
{
	struct pollfd pfd = { .fd = fd, .events = POLLOUT };
	int failure = -1;
	socklen_t len = sizeof(failure);

	ck_assert_int_eq(poll(&pfd, 1, PATIENCE_S * 1000), 1);
	getsockopt(fd, SOL_SOCKET, SO_ERROR, &failure, &len);
	return failure == 0;
}

START_TEST(program_that_listens_decides_about_packets)
{
	struct mnl_socket *nl;
	struct queued q;
	int accepted, dropped;

	apply_if_built(RULES("ct state established accept", "tcp dport 80-81 queue to 5"));
	nl = queue_listen(QUEUE, 1);
	accepted = begin_connecting(80);
	q = next_queued(nl);
	ck_assert_uint_eq(q.queue, QUEUE);
	ck_assert_uint_eq(q.port, 80);
	ck_assert_str_eq(q.source, "10.0.0.2");
	decide(nl, &q, NF_ACCEPT);
	ck_assert(connects(accepted));
	dropped = begin_connecting(81);
	q = next_queued(nl);
	ck_assert_uint_eq(q.port, 81);
	decide(nl, &q, NF_DROP);
	settle();
	ck_assert_int_eq(poll(&(struct pollfd){ .fd = dropped, .events = POLLOUT }, 1, 0), 0);
	ck_assert(peer_is_unanswered("10.0.0.1", 82));
	assert_contains(sh("nft list ruleset"), "tcp dport 80-81 queue to 5");
	mnl_socket_close(nl);
}
END_TEST

START_TEST(queue_without_a_listener_drops_or_is_bypassed)
{
	apply_if_built(RULES("ct state established accept", "tcp dport 80 queue flags bypass to 5",
			     "tcp dport 81 queue to 5"));
	ck_assert_int_eq(peer_connects("10.0.0.1", 80), 0);
	ck_assert(peer_is_unanswered("10.0.0.1", 81));
	assert_contains(sh("nft list ruleset"), "tcp dport 80 queue flags bypass to 5");
}
END_TEST

START_TEST(queues_in_a_row_share_the_packets)
{
	struct mnl_socket *nl;
	struct queued q;
	int fd;

	apply_if_built(
		RULES("ct state established accept", "tcp dport 80 queue flags fanout to 6-8"));
	nl = queue_listen(6, 3);
	fd = begin_connecting(80);
	q = next_queued(nl);
	ck_assert(q.queue >= 6 && q.queue <= 8);
	decide(nl, &q, NF_ACCEPT);
	ck_assert(connects(fd));
	assert_contains(sh("nft list ruleset"), "tcp dport 80 queue flags fanout to 6-8");
	mnl_socket_close(nl);
}
END_TEST

/* ---- flows that pass the chains by ---- */

/* A namespace behind this one: 10.9.0.2, and the peer knows the way. */
static int make_behind(void)
{
	int behind = ns_new();

	sh("ip link add w0 type veth peer name w1 && ip link set w1 netns /proc/%d/fd/%d",
	   (int)getpid(), behind);
	sh("ip addr add 10.9.0.1/24 dev w0 && ip link set w0 up");
	sh("echo 1 > /proc/sys/net/ipv4/ip_forward");
	sh_in(behind, "ip addr add 10.9.0.2/24 dev w1 && ip link set w1 up");
	sh_in(behind, "ip route add default via 10.9.0.1");
	sh_in(peer_ns, "ip route add 10.9.0.0/24 via 10.0.0.1");
	return behind;
}

/* A connection of the peer to the namespace behind; both ends. */
static void connect_through(int behind, int ret_ends[2])
{
	struct sockaddr_storage to;
	socklen_t len = make_address("10.9.0.2", 80, &to);
	int listener = socket_in(behind, AF_INET, SOCK_STREAM, 0);

	ck_assert_int_eq(bind(listener, (struct sockaddr *)&to, len), 0);
	ck_assert_int_eq(listen(listener, 1), 0);
	ret_ends[0] = socket_in(peer_ns, AF_INET, SOCK_STREAM, 0);
	ck_assert_int_eq(connect(ret_ends[0], (struct sockaddr *)&to, len), 0);
	ret_ends[1] = accept(listener, NULL, NULL);
	ck_assert_int_ge(ret_ends[1], 0);
	close(listener);
}

static void exchange(const int ends[2], int times)
{
	char byte;

	for (int i = 0; i < 2 * times; i++) {
		ck_assert_int_eq(send(ends[i % 2], "x", 1, MSG_NOSIGNAL), 1);
		ck_assert_int_eq(recv(ends[(i + 1) % 2], &byte, 1, 0), 1);
	}
}

static struct fwc_ruleset *load_forward(struct fwc_chain **ret_chain)
{
	struct fwc_ruleset *rs;

	assert_ok(fwc_kernel_load(kernel, FWC_FAMILY_INET, "t", &rs, &err), err);
	*ret_chain = fwc_ruleset_find_chain(rs, FWC_FAMILY_INET, "t", "forward");
	return rs;
}

static uint64_t packets_forwarded(void)
{
	struct fwc_chain *chain;
	struct fwc_ruleset *rs = load_forward(&chain);
	uint64_t packets = 0;

	ck_assert(fwc_rule_counter_get(fwc_chain_at(chain, 0), &packets, NULL));
	fwc_ruleset_free(rs);
	return packets;
}

START_TEST(flowtable_stays_through_an_apply_and_takes_flows)
{
	const char *listed, *table = "table inet t {\n"
				     "\tflowtable f {\n"
				     "\t\thook ingress priority filter\n"
				     "\t\tdevices = { v0, w0 }\n"
				     "\t}\n";
	int behind = make_behind(), ends[2];
	struct fwc_chain *chain;
	struct fwc_ruleset *rs;
	uint64_t before;
	char text[512];

	snprintf(text, sizeof(text),
		 "%s\tchain forward {\n\t\ttype filter hook forward priority 0\n\t}\n}\n", table);
	if (sh_code(-1, text, NULL, "nft -f -") != 0)
		test_skip("this kernel has no flowtables (CONFIG_NF_FLOW_TABLE)");
	rs = load_forward(&chain);
	fwc_chain_append_text(chain, FWC_SYNTAX_NFT, "counter");
	assert_ok(fwc_kernel_apply(kernel, rs, NULL, &err), err);
	fwc_ruleset_free(rs);
	connect_through(behind, ends);
	exchange(ends, 20);
	/* Packets that pass the chain: without the statement all do. */
	ck_assert_uint_ge(packets_forwarded(), 3 + 2 * 20);
	rs = load_forward(&chain);
	fwc_chain_append_text(chain, FWC_SYNTAX_NFT, "ip protocol tcp flow add @f");
	assert_ok(fwc_kernel_apply(kernel, rs, NULL, &err), err);
	listed = sh("nft list table inet t");
	assert_contains(listed, table);
	assert_contains(listed, "\t\tip protocol tcp flow add @f\n");
	exchange(ends, 2);
	before = packets_forwarded();
	exchange(ends, 20);
	ck_assert_uint_eq(packets_forwarded(), before);
	/* Again: nothing to be done. */
	assert_ok(fwc_kernel_apply(kernel, rs, NULL, &err), err);
	assert_contains(sh("nft list table inet t"), table);
	fwc_ruleset_free(rs);
}
END_TEST

static Suite *filter_suite(void)
{
	Suite *suite = suite_create("filter");
	TCase *tc = tcase_create("filter");

	tcase_set_timeout(tc, 300);
	tcase_add_checked_fixture(tc, setup, teardown);
	tcase_add_test(tc, everything_passes_before_and_after);
	tcase_add_test(tc, accepted_port_passes_and_others_are_dropped);
	tcase_add_test(tc, rejected_port_is_refused_at_once);
	tcase_add_test(tc, addresses_prefixes_ranges_and_lists_match);
	tcase_add_test(tc, verdict_map_sends_packets_to_chains);
	tcase_add_test(tc, blocked_address_is_one_element);
	tcase_add_test(tc, counters_are_read_and_kept);
	tcase_add_test(tc, no_packet_is_lost_while_rules_are_replaced);
	suite_add_tcase(suite, tc);
	tc = tcase_create("modules");
	tcase_set_timeout(tc, 300);
	tcase_add_checked_fixture(tc, setup, teardown);
	tcase_add_test(tc, program_that_listens_decides_about_packets);
	tcase_add_test(tc, queue_without_a_listener_drops_or_is_bypassed);
	tcase_add_test(tc, queues_in_a_row_share_the_packets);
	tcase_add_test(tc, flowtable_stays_through_an_apply_and_takes_flows);
	suite_add_tcase(suite, tc);
	return suite;
}

TEST_MAIN(filter_suite)
