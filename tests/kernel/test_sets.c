/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Sets and maps with all that they may have: applied, filled by packets, read back by us and by nft. */
#include <arpa/inet.h>
#include <stdio.h>
#include <sys/socket.h>
#include <unistd.h>

#include "declared.h"

/* The table inet t as the kernel has it; the caller's. */
static struct fwc_ruleset *load(void)
{
	struct fwc_ruleset *rs;

	assert_ok(fwc_kernel_load(kernel, FWC_FAMILY_INET, "t", &rs, &err), err);
	return rs;
}

static const struct fwc_set *set_of(struct fwc_ruleset *rs, const char *name)
{
	struct fwc_table *t = fwc_ruleset_at(rs, 0);

	for (size_t i = 0; i < fwc_table_set_count(t); i++)
		if (!strcmp(fwc_set_name(fwc_table_set_at(t, i)), name))
			return fwc_table_set_at(t, i);
	ck_abort_msg("there is no set %s", name);
	return NULL;
}

/* The element that is written so. */
static const struct fwc_element *element_of(const struct fwc_set *s, const char *key)
{
	char text[256];

	for (size_t i = 0; i < fwc_set_count(s); i++) {
		ck_assert_int_eq(fwc_element_format(fwc_set_at(s, i), text, sizeof(text), NULL), 0);
		if (!strncmp(text, key, strlen(key)))
			return fwc_set_at(s, i);
	}
	ck_abort_msg("there is no element %s", key);
	return NULL;
}

static uint64_t number_of(const struct fwc_target *t, uint32_t param)
{
	uint64_t n = 0;

	ck_assert_ptr_nonnull(t);
	fwc_target_get_number(t, param, &n);
	return n;
}

/* One datagram to an address of lo, which the output hook sees before sendto() returns. */
static void send_to(const char *address)
{
	struct sockaddr_in to = { .sin_family = AF_INET, .sin_port = htons(9) };
	int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);

	ck_assert_int_ge(fd, 0);
	ck_assert_int_eq(inet_pton(AF_INET, address, &to.sin_addr), 1);
	ck_assert_int_eq(sendto(fd, "x", 1, 0, (struct sockaddr *)&to, sizeof(to)), 1);
	close(fd);
}

/* ---- what elements keep ---- */

#define COUNTED                                                                                    \
	"add table inet t\n"                                                                       \
	"add set inet t s { type ipv4_addr; counter; elements = { 127.0.0.2, 127.0.0.3 comment "   \
	"\"three\", * }; }\n"                                                                      \
	"add chain inet t out { type filter hook output priority filter; }\n"                      \
	"add rule inet t out udp dport 9 ip daddr @s accept\n"

START_TEST(each_element_counts_its_own_packets)
{
	struct fwc_ruleset *rs;
	const struct fwc_set *s;

	apply(COUNTED);
	send_to("127.0.0.2");
	send_to("127.0.0.2");
	send_to("127.0.0.9");
	rs = load();
	s = set_of(rs, "s");
	ck_assert_uint_eq(fwc_set_target_count(s), 1);
	ck_assert_uint_eq(fwc_target_kind(fwc_set_target_at(s, 0)), FWC_TARGET_COUNTER);
	ck_assert_uint_eq(number_of(fwc_element_target_at(element_of(s, "127.0.0.2 "), 0),
				    FWC_COUNTER_PACKETS),
			  2);
	ck_assert_uint_eq(number_of(fwc_element_target_at(element_of(s, "127.0.0.3 "), 0),
				    FWC_COUNTER_PACKETS),
			  0);
	ck_assert_uint_eq(
		number_of(fwc_element_target_at(element_of(s, "* "), 0), FWC_COUNTER_PACKETS), 1);
	ck_assert_uint_eq(fwc_value_kind(fwc_element_key(element_of(s, "* "))), FWC_VALUE_ANY);
	ck_assert_str_eq(fwc_element_comment_get(element_of(s, "127.0.0.3 ")), "three");
	fwc_ruleset_free(rs);
	/* What was counted is state: nothing is left to do, and nothing starts anew. */
	assert_in_place(COUNTED);
	assert_contains(sh("nft list set inet t s"), "127.0.0.2 counter packets 2 bytes 58");
}
END_TEST

START_TEST(packets_fill_a_set_whose_elements_have_no_timeouts)
{
	apply("add table inet t\n"
	      "add set inet t seen { type ipv4_addr; size 100; flags dynamic; }\n"
	      "add chain inet t output { type filter hook output priority 0; }\n"
	      "add rule inet t output add @seen { ip daddr }\n");
	send_to("127.0.0.7");
	sh("nft list set inet t seen | grep -q 127.0.0.7");
}
END_TEST

/* The kernel lists of a rule only what its set does not say. */
START_TEST(rule_that_says_what_its_set_says_is_in_place)
{
	static const char both[] =
		"add table inet t\n"
		"add set inet t s { type ipv4_addr; size 99; flags dynamic; limit rate 8/minute; }\n"
		"add chain inet t c\n"
		"add rule inet t c add @s { ip saddr limit rate 8/minute } drop\n";

	apply(both);
	assert_in_place(both);
}
END_TEST

/* The first rule that adds to a set without a limit gives it one. */
START_TEST(dynamic_set_without_a_size_is_in_place)
{
	static const char dynamic[] = "add table inet t\n"
				      "add set inet t s { type ipv4_addr; flags dynamic; }\n"
				      "add chain inet t c\n"
				      "add rule inet t c add @s { ip saddr } drop\n";

	apply(dynamic);
	assert_contains(sh("nft list set inet t s"), "size 65535");
	assert_in_place(dynamic);
}
END_TEST

/* So it does with a set that was not declared dynamic, which it does not let rules fill when it is made with a size. */
START_TEST(set_that_rules_fill_is_made_again_as_it_was)
{
	static const char filled[] = "add table inet t\n"
				     "add set inet t s { type ipv4_addr . inet_service; }\n"
				     "add chain inet t c\n"
				     "add rule inet t c add @s { ip saddr . 22 } drop\n";
	const struct fwc_apply_opts opts = { .size = sizeof(opts), .flags = FWC_APPLY_OVERWRITE };
	struct fwc_ruleset *rs;

	apply(filled);
	assert_in_place(filled);
	assert_contains(sh("nft list set inet t s"), "size 65535");
	rs = load();
	sh("nft flush ruleset");
	assert_ok(fwc_kernel_apply(kernel, rs, &opts, &err), err);
	fwc_ruleset_free(rs);
	assert_contains(sh("nft list ruleset"), "add @s { ip saddr . 22 } drop");
	assert_in_place(filled);
}
END_TEST

/* Another timeout makes it another set: the rules that fill it are written again. */
START_TEST(set_that_rules_fill_is_made_anew)
{
	static const char first[] = "add table inet t\n"
				    "add set inet t s { type ipv4_addr; size 9; flags dynamic; }\n"
				    "add chain inet t c\n"
				    "add rule inet t c add @s { ip saddr } drop\n";
	static const char second[] =
		"add table inet t\n"
		"add set inet t s { type ipv4_addr; size 9; flags dynamic,timeout; timeout 1h; }\n"
		"add chain inet t c\n"
		"add rule inet t c add @s { ip saddr } drop\n";

	apply(first);
	apply(second);
	assert_in_place(second);
}
END_TEST

/* Of a known size it would be in a tree of intervals. */
START_TEST(constant_set_that_is_to_be_small_holds_any_key)
{
	apply("add table inet t\n"
	      "add set inet t s { type ether_addr; flags constant; policy memory; elements = "
	      "{ 02:00:00:00:00:d0, 02:00:00:00:01:a7, 02:00:00:00:02:45 }; }\n");
	assert_contains(sh("nft list set inet t s"), "02:00:00:00:02:45");
}
END_TEST

#define LISTED                                                                                     \
	"add table inet t\n"                                                                       \
	"add chain inet t out { type filter hook output priority filter; }\n"                      \
	"add rule inet t out udp dport { 9 counter, 10 counter }\n"

START_TEST(elements_of_a_list_of_ports_count)
{
	apply(LISTED);
	send_to("127.0.0.2");
	assert_contains(sh("nft list chain inet t out"),
			"udp dport { 9 counter packets 1 bytes 29, 10 counter packets 0 bytes 0 }");
	assert_in_place(LISTED);
}
END_TEST

START_TEST(targets_of_sets_and_elements_are_given_by_calls)
{
	struct fwc_ruleset *rs = fwc_ruleset_new();
	struct fwc_table *t = fwc_ruleset_add_table(rs, FWC_FAMILY_INET, "t", 0);
	struct fwc_set *s = fwc_table_add_set(t, "s", "ipv4_addr", NULL);
	struct fwc_target *counter = fwc_target_new(FWC_TARGET_COUNTER);
	struct fwc_target *quota = fwc_target_new(FWC_TARGET_QUOTA);
	struct fwc_element_opts opts = { .size = sizeof(opts),
					 .target = counter,
					 .target_2 = quota };
	struct fwc_value *any = fwc_value_any();

	fwc_target_set_number(counter, FWC_COUNTER_PACKETS, 7);
	fwc_target_set_number(quota, FWC_QUOTA_BYTES, 1024);
	ck_assert_int_eq(fwc_set_add_target(s, counter), 0);
	ck_assert_int_eq(fwc_set_add_target(s, quota), 0);
	ck_assert_int_eq(fwc_set_add(s, "1.1.1.1", NULL, &opts), 0);
	ck_assert_int_eq(fwc_set_add_value(s, any, NULL, NULL), 0);
	assert_ok(fwc_kernel_apply(kernel, rs, NULL, &err), err);
	assert_contains(sh("nft list set inet t s"),
			"1.1.1.1 counter packets 7 bytes 0 quota 1 kbytes");
	fwc_ruleset_free(rs);
	rs = load();
	ck_assert_uint_eq(fwc_element_target_count(element_of(set_of(rs, "s"), "1.1.1.1")), 2);
	ck_assert_uint_eq(
		number_of(fwc_element_target_at(element_of(set_of(rs, "s"), "1.1.1.1"), 1),
			  FWC_QUOTA_BYTES),
		1024);
	fwc_ruleset_free(rs);
	fwc_target_free(counter);
	fwc_target_free(quota);
	fwc_value_free(any);
}
END_TEST

START_TEST(elements_of_a_batch_have_targets_and_any_key)
{
	struct fwc_batch *batch = fwc_batch_new();
	struct fwc_target *counter = fwc_target_new(FWC_TARGET_COUNTER);
	struct fwc_element_opts opts = { .size = sizeof(opts), .target = counter };

	sh_input("table inet t { set s { type ipv4_addr; flags interval; counter\n}\n}",
		 "nft -f -");
	fwc_target_set_number(counter, FWC_COUNTER_PACKETS, 3);
	fwc_batch_add_element(batch, FWC_FAMILY_INET, "t", "s", "*", NULL, 0, &opts);
	fwc_batch_add_element(batch, FWC_FAMILY_INET, "t", "s", "10.0.0.0/8", NULL, 0, &opts);
	assert_ok(fwc_kernel_commit(kernel, batch, &err), err);
	assert_contains(sh("nft list set inet t s"), "10.0.0.0/8 counter packets 3 bytes 0");
	assert_contains(sh("nft list set inet t s"), "* counter packets 3 bytes 0");
	fwc_batch_clear(batch);
	fwc_batch_del_element(batch, FWC_FAMILY_INET, "t", "s", "*");
	assert_ok(fwc_kernel_commit(kernel, batch, &err), err);
	ck_assert_ptr_null(strchr(sh("nft list set inet t s"), '*'));
	fwc_batch_free(batch);
	fwc_target_free(counter);
}
END_TEST

/* Of a set without timeouts; the second rule is of a batch that does not know it. */
#define RECENT                                                                                     \
	"add table inet t\n"                                                                       \
	"add set inet t s { type ipv4_addr; size 100; flags dynamic; }\n"                          \
	"add chain inet t out { type filter hook output priority filter; }\n"                      \
	"add rule inet t out udp dport 9 add @s { ip daddr }\n"

START_TEST(packets_add_elements_to_a_set_without_timeouts)
{
	const struct fwc_place place = { .family = FWC_FAMILY_INET, .table = "t", .chain = "out" };
	struct fwc_batch *batch = fwc_batch_new();

	apply(RECENT);
	assert_in_place(RECENT);
	send_to("127.0.0.2");
	assert_contains(sh("nft list set inet t s"), "elements = { 127.0.0.2 }");
	fwc_batch_add_rule_text(batch, &place, FWC_SYNTAX_NFT, "delete @s { ip daddr }");
	assert_ok(fwc_kernel_commit(kernel, batch, &err), err);
	send_to("127.0.0.3");
	assert_contains(sh("nft list set inet t s"), "elements = { 127.0.0.2 }");
	fwc_batch_free(batch);
}
END_TEST

/* ---- maps to objects ---- */

#define TO_OBJECTS                                                                                    \
	"add table inet t\n"                                                                          \
	"add counter inet t two\nadd counter inet t others\nadd quota inet t q { over 10 mbytes; }\n" \
	"add limit inet t l { rate 5/second; }\n"                                                     \
	"add map inet t m { type ipv4_addr : counter; elements = { 127.0.0.2 : \"two\", * : "         \
	"\"others\" }; }\n"                                                                           \
	"add map inet t qs { type ipv4_addr . inet_service : quota; flags interval; elements = { "    \
	"127.0.0.0/8 . 9 : \"q\" }; }\n"                                                              \
	"add chain inet t out { type filter hook output priority filter; }\n"                         \
	"add rule inet t out udp dport 9 counter name ip daddr map @m\n"                              \
	"add rule inet t out quota name ip daddr . udp dport map @qs drop\n"                          \
	"add rule inet t out counter name ip daddr map { 127.0.0.2 : \"two\", 127.0.0.3 : "           \
	"\"others\" }\n"                                                                              \
	"add rule inet t out limit name udp dport map { 5 : \"l\" } accept\n"

START_TEST(maps_lead_to_objects)
{
	struct fwc_ruleset *rs;
	char *ours;

	apply(TO_OBJECTS);
	send_to("127.0.0.2");
	send_to("127.0.0.9");
	assert_in_place(TO_OBJECTS);
	assert_contains(sh("nft list counter inet t two"), "packets 2");
	assert_contains(sh("nft list counter inet t others"), "packets 1");
	rs = load();
	ck_assert_uint_eq(fwc_set_object_type(set_of(rs, "m")), FWC_OBJECT_TYPE_COUNTER);
	ck_assert_uint_eq(fwc_set_object_type(set_of(rs, "qs")), FWC_OBJECT_TYPE_QUOTA);
	ck_assert_str_eq(fwc_set_data_type(set_of(rs, "m")), "counter");
	ck_assert_str_eq(fwc_value_get_name(fwc_element_data(element_of(set_of(rs, "m"), "* "))),
			 "others");
	assert_ok(fwc_ruleset_format(rs, FWC_SYNTAX_NFT, 0, &ours, NULL, &err), err);
	ck_assert_str_eq(ours, sh("nft list ruleset"));
	sh("nft flush ruleset");
	sh_input(ours, "nft -f -");
	assert_in_place(TO_OBJECTS);
	fwc_text_free(ours);
	fwc_ruleset_free(rs);
}
END_TEST

START_TEST(objects_of_a_map_are_named_by_calls_and_missing_ones_told)
{
	struct fwc_ruleset *rs = parse("add table inet t\nadd counter inet t c\n");
	struct fwc_set_opts opts = { .size = sizeof(opts), .data_type = "counter" };
	struct fwc_set *s = fwc_table_add_set(fwc_ruleset_at(rs, 0), "m", "inet_service", &opts);
	struct fwc_value *key = fwc_value_number(80), *name = fwc_value_name("c");

	ck_assert_int_eq(fwc_set_add_value(s, key, name, NULL), 0);
	ck_assert_int_eq(fwc_set_add(s, "81", "nothing", NULL), 0);
	assert_fails(fwc_kernel_apply(kernel, rs, NULL, &err), -ENOENT, err,
		     "element 81 : \"nothing\": there is no such set, or no chain or object");
	fwc_ruleset_free(rs);
	fwc_value_free(key);
	fwc_value_free(name);
}
END_TEST

/* ---- maps to ranges ---- */

/* Of IPv6 addresses and ports nft 1.0.6 gets the registers wrong. */
#define TO_RANGES                                                                                  \
	"add table inet t\n"                                                                       \
	"add map inet t m { type ipv4_addr : interval ipv4_addr; flags interval; elements = { "    \
	"127.0.0.2 : 127.0.1.0-127.0.1.255, 127.0.0.4/31 : 127.0.2.1/32 }; }\n"                    \
	"add chain inet t out { type nat hook output priority -100; }\n"                           \
	"add rule inet t out udp dport 9 dnat ip to ip daddr map @m\n"                             \
	"add rule inet t out dnat ip6 to ip6 saddr . tcp dport map { ::1 . 80 : ::5-::9 . 8888 }\n"

START_TEST(maps_lead_to_ranges_of_addresses)
{
	struct fwc_ruleset *rs;
	char *ours;

	apply(TO_RANGES);
	assert_in_place(TO_RANGES);
	rs = load();
	ck_assert_uint_eq(fwc_set_flags(set_of(rs, "m")), FWC_SET_INTERVAL | FWC_SET_DATA_INTERVAL);
	ck_assert_str_eq(fwc_set_data_type(set_of(rs, "m")), "ipv4_addr");
	ck_assert_uint_eq(
		fwc_value_kind(fwc_element_data(element_of(set_of(rs, "m"), "127.0.0.2"))),
		FWC_VALUE_PREFIX);
	ck_assert_uint_eq(
		fwc_value_kind(fwc_element_data(element_of(set_of(rs, "m"), "127.0.0.4"))),
		FWC_VALUE_CONSTANT);
	assert_ok(fwc_ruleset_format(rs, FWC_SYNTAX_NFT, 0, &ours, NULL, &err), err);
	ck_assert_str_eq(ours, sh("nft list ruleset"));
	fwc_text_free(ours);
	fwc_ruleset_free(rs);
}
END_TEST

START_TEST(ranges_are_given_to_a_map_by_calls_and_changed)
{
	struct fwc_ruleset *rs = parse("add table inet t\n");
	struct fwc_set_opts opts = { .size = sizeof(opts),
				     .data_type = "ipv4_addr . inet_service",
				     .flags = FWC_SET_DATA_INTERVAL };
	struct fwc_set *s = fwc_table_add_set(fwc_ruleset_at(rs, 0), "m", "inet_service", &opts);
	struct fwc_batch *batch = fwc_batch_new();

	ck_assert_int_eq(fwc_set_add(s, "80", "10.0.0.0/24 . 80-90", NULL), 0);
	ck_assert_int_eq(fwc_set_add(s, "81", "10.0.0.1 . 80", NULL), 0);
	assert_ok(fwc_kernel_apply(kernel, rs, NULL, &err), err);
	assert_contains(sh("nft list map inet t m"), "80 : 10.0.0.0/24 . 80-90");
	fwc_batch_add_element(batch, FWC_FAMILY_INET, "t", "m", "82", "10.1.0.5-10.1.0.7 . 5", 0,
			      NULL);
	assert_ok(fwc_kernel_commit(kernel, batch, &err), err);
	assert_contains(sh("nft list map inet t m"), "82 : 10.1.0.5-10.1.0.7 . 5");
	fwc_batch_free(batch);
	fwc_ruleset_free(rs);
	/* The other end of a range is a change too. */
	apply("add table inet t\nadd map inet t m { type inet_service : interval ipv4_addr . "
	      "inet_service; elements = { 80 : 10.0.0.0/24 . 80-91 }; }\n");
	assert_contains(sh("nft list map inet t m"), "elements = { 80 : 10.0.0.0/24 . 80-91 }");
}
END_TEST

/* JSON of nft 1.0.6 has no place for it, so it is none of the declarations of test_text_nft.c. */
#define MERGED                                                                                     \
	"add table inet t\n"                                                                       \
	"add set inet t s { type ipv4_addr; flags interval; auto-merge; elements = { 10.0.0.0/7, " \
	"192.168.1.1-192.168.1.9 }; }\n"

START_TEST(what_nft_is_to_merge_is_written_as_nft_writes_it)
{
	struct fwc_ruleset *rs;
	char *ours;

	apply(MERGED);
	sh("nft add element inet t s '{ 12.0.0.0/8 , 12.1.0.0/16 }'");
	rs = load();
	ck_assert_uint_eq(fwc_set_flags(set_of(rs, "s")), FWC_SET_INTERVAL | FWC_SET_AUTO_MERGE);
	assert_ok(fwc_ruleset_format(rs, FWC_SYNTAX_NFT, 0, &ours, NULL, &err), err);
	ck_assert_str_eq(ours, sh("nft list ruleset"));
	sh("nft flush ruleset");
	sh_input(ours, "nft -f -");
	ck_assert_str_eq(ours, sh("nft list ruleset"));
	fwc_text_free(ours);
	fwc_ruleset_free(rs);
}
END_TEST

#define OVERLAPPING                                                                                \
	"add table inet t\n"                                                                       \
	"add set inet t s { type ipv4_addr; flags interval; auto-merge; }\n"                       \
	"add element inet t s { 10.0.0.0/8, 10.1.0.0/16, 192.168.1.1, 192.168.1.3, "               \
	"192.168.1.2, 1.1.1.1 comment \"one\" }\n"

START_TEST(what_overlaps_is_merged_before_the_kernel_is_asked)
{
	apply(OVERLAPPING);
	assert_contains(sh("nft list set inet t s"), "elements = { 1.1.1.1 comment \"one\", "
						     "10.0.0.0/8,\n\t\t\t     "
						     "192.168.1.1-192.168.1.3 }");
	assert_in_place(OVERLAPPING);
	/* What nft has merged with it since goes again. */
	sh("nft add element inet t s '{ 11.0.0.0/8 }'");
	assert_contains(sh("nft list set inet t s"), "10.0.0.0/7");
	apply(OVERLAPPING);
	assert_contains(sh("nft list set inet t s"), "10.0.0.0/8");
	assert_in_place(OVERLAPPING);
}
END_TEST

/* Elements of a set whose elements are state: what others merged with ours is not touched. */
#define OTHERS                                                                                     \
	"add table inet t\n"                                                                       \
	"add set inet t s { type ipv4_addr; flags interval,state; auto-merge; }\n"                 \
	"add element inet t s { 10.0.0.0/8 }\n"

START_TEST(what_others_merged_stays_where_elements_are_state)
{
	apply(OTHERS);
	sh("nft add element inet t s '{ 11.0.0.0/8 }'");
	assert_in_place(OTHERS);
	assert_contains(sh("nft list set inet t s"), "10.0.0.0/7");
}
END_TEST

/* Numbers side by side: without a note of what they are nft 1.0.6 aborts, and we would not know where one ends. */
#define NUMBERS                                                                                    \
	"add table inet t\n"                                                                       \
	"add chain inet t c\n"                                                                     \
	"add rule inet t c udp length . @th,160,128 vmap { 47-63 . 0xe3731353631 : accept }\n"     \
	"add rule inet t c ip saddr . @ih,32,32 { 1.1.1.1 . 0x14, 2.2.2.2 . 0x1e }\n"              \
	"add set inet t s { typeof ip saddr . ip id . udp length . @ih,32,32 . @th,160,128; "      \
	"comment \"1234567890123456789012345678901234567890123456789012345678901234567890\"; }\n"

START_TEST(lists_of_numbers_are_noted_for_nft)
{
	struct fwc_ruleset *rs;
	char *ours;

	apply(NUMBERS);
	assert_in_place(NUMBERS);
	/* Of five parts nft reads no note. */
	sh("nft delete set inet t s");
	rs = load();
	assert_ok(fwc_ruleset_format(rs, FWC_SYNTAX_NFT, 0, &ours, NULL, &err), err);
	ck_assert_str_eq(ours, sh("nft list ruleset"));
	fwc_text_free(ours);
	fwc_ruleset_free(rs);
}
END_TEST

START_TEST(what_a_set_is_kept_for_is_read_back)
{
	struct fwc_ruleset *rs;

	apply("add table inet t\nadd set inet t s { type ipv4_addr; timeout 1h; gc-interval 500ms; policy memory; }\n"
	      "add set inet t plain { type ipv4_addr; }\n");
	rs = load();
	ck_assert_uint_eq(fwc_set_policy(set_of(rs, "s")), FWC_SET_POLICY_MEMORY);
	ck_assert_uint_eq(fwc_set_gc_interval_ms(set_of(rs, "s")), 500);
	ck_assert_uint_eq(fwc_set_policy(set_of(rs, "plain")), FWC_SET_POLICY_PERFORMANCE);
	ck_assert_uint_eq(fwc_set_gc_interval_ms(set_of(rs, "plain")), 0);
	assert_contains(sh("nft list ruleset"), "policy memory\n");
	fwc_ruleset_free(rs);
}
END_TEST

/* ---- what is refused ---- */

static const struct {
	const char *set, *part;
} refused[] = {
	{ "s { type ipv4_addr; elements = { *, * }; }", "* is there already" },
	{ "s { type ipv4_addr; elements = { 1.1.1.1 timeout 5s }; }", "lacks the flag timeout" },
	{ "s { type ipv4_addr; counter; elements = { 1.1.1.1 quota 5 bytes }; }",
	  "elements of this set have a counter, not a quota" },
	{ "s { type ipv4_addr; counter quota 5 bytes last; }", "2 targets at most" },
	{ "s { type ipv4_addr; log; }", "'log' is not known here" },
	{ "s { type ipv4_addr; auto-merge; }", "auto-merge needs the flag interval" },
	{ "s { type ipv4_addr; flags interval; elements = { 10.0.0.0/8, 10.1.0.0/16 }; }",
	  "10.1.0.0/16 overlaps 10.0.0.0/8" },
	{ "s { type ipv4_addr; elements = { eth0 }; }", "'eth0' is no ipv4_addr" },
	{ "s { type ipv6_addr . ipv6_addr . ipv6_addr . ipv6_addr . inet_service; }",
	  "68 bytes, where at most 64 are allowed" },
	{ "s { type ipv4_addr; policy fast; }", "a policy" },
	{ "m { type ipv4_addr : ipv4_addr; elements = { 1.1.1.1 : 10.0.0.0/8 }; }",
	  "the data of an element is one ipv4_addr: ranges and prefixes need the map's flag" },
	{ "m { type ipv4_addr : interval mark; }", "ranges as data are for address translation" },
	{ "s { type ipv4_addr; gc-interval 100d; }", "at most 4294967295 milliseconds" },
};

START_TEST(what_a_set_cannot_have_is_named)
{
	char text[512];

	snprintf(text, sizeof(text), "add table inet t\nadd %s inet t %s\n",
		 refused[_i].set[0] == 'm' ? "map" : "set", refused[_i].set);
	ck_assert_ptr_null(fwc_ruleset_parse(text, strlen(text), FWC_SYNTAX_NFT, &err));
	assert_error(&err, err.code, refused[_i].part);
}
END_TEST

/* ---- size ---- */

START_TEST(full_set_says_so_with_its_size)
{
	struct fwc_batch *batch = fwc_batch_new();

	apply("add table inet t\nadd set inet t s { type ipv4_addr; size 2; }\n");
	fwc_batch_add_element(batch, FWC_FAMILY_INET, "t", "s", "10.0.0.1", NULL, 0, NULL);
	fwc_batch_add_element(batch, FWC_FAMILY_INET, "t", "s", "10.0.0.2", NULL, 0, NULL);
	assert_ok(fwc_kernel_commit(kernel, batch, &err), err);
	assert_ok(fwc_kernel_commit(kernel, batch, &err), err);
	fwc_batch_add_element(batch, FWC_FAMILY_INET, "t", "s", "10.0.0.3", NULL, 0, NULL);
	assert_fails(fwc_kernel_commit(kernel, batch, &err), -ENFILE, err,
		     "set s: element 10.0.0.3: the set is full: its size is 2 elements");
	fwc_batch_free(batch);
}
END_TEST

START_TEST(set_that_grows_keeps_what_others_put_there)
{
	const struct fwc_element *e;
	struct fwc_ruleset *rs;

	apply("add table inet t\nadd set inet t s { type ipv4_addr; flags dynamic, timeout; timeout 1h; size 2; }\n"
	      "add chain inet t c { type filter hook input priority 0; }\nadd rule inet t c ip saddr @s drop\n");
	sh("nft add element inet t s '{ 10.0.0.1 timeout 30m expires 20m, 10.0.0.2 }'");
	apply("add table inet t\nadd set inet t s { type ipv4_addr; flags dynamic, timeout; timeout 1h; size 1000; }\n"
	      "add chain inet t c { type filter hook input priority 0; }\nadd rule inet t c ip saddr @s drop\n");
	assert_contains(sh("nft list set inet t s"), "size 1000");
	assert_contains(sh("nft list chain inet t c"), "ip saddr @s drop");
	rs = load();
	ck_assert_uint_eq(fwc_set_count(set_of(rs, "s")), 2);
	e = element_of(set_of(rs, "s"), "10.0.0.1");
	ck_assert_uint_eq(fwc_element_timeout_ms(e), 30 * 60 * 1000);
	ck_assert_uint_le(fwc_element_expires_ms(e), 20 * 60 * 1000);
	fwc_ruleset_free(rs);
	/* Types that differ: what is there cannot be kept. */
	apply("add table inet t\nadd set inet t s { type ipv6_addr; flags dynamic, timeout; timeout 1h; size 1000; }\n");
	rs = load();
	ck_assert_uint_eq(fwc_set_count(set_of(rs, "s")), 0);
	fwc_ruleset_free(rs);
}
END_TEST

/* ---- many ---- */

static const struct many {
	const char *type;
	const char *key; /* with its number in it */
	uint32_t flags, count;
} many[] = {
	{ "ipv4_addr", "10.%u.%u.%u", 0, 20000 },
	{ "ipv4_addr", "10.%u.%u.%u/31", FWC_SET_INTERVAL, 20000 },
	{ "ipv4_addr . inet_service", "10.%u.%u.%u . 80", 0, 20000 },
	{ "ipv4_addr . inet_service", "10.%u.%u.%u . 80-90", FWC_SET_INTERVAL, 2000 },
};

/* Every second address, the highest first. */
static struct fwc_ruleset *declare_many(const struct many *m, uint32_t from, uint32_t to)
{
	const struct fwc_set_opts opts = { .size = sizeof(opts), .flags = m->flags };
	struct fwc_ruleset *rs = fwc_ruleset_new();
	struct fwc_table *t = fwc_ruleset_add_table(rs, FWC_FAMILY_INET, "t", 0);
	struct fwc_set *s = fwc_table_add_set(t, "s", m->type, &opts);
	char key[64];

	for (uint32_t i = to; i-- > from;) {
		snprintf(key, sizeof(key), m->key, i >> 15, i >> 7 & 255, i << 1 & 255);
		ck_assert_int_eq(fwc_set_add(s, key, NULL, NULL), 0);
	}
	return rs;
}

static size_t apply_many(const struct many *m, uint32_t from, uint32_t to)
{
	struct fwc_ruleset *rs = declare_many(m, from, to);
	struct fwc_plan *plan;
	size_t steps;

	assert_ok(fwc_kernel_plan(kernel, rs, &plan, &err), err);
	steps = fwc_plan_count(plan);
	assert_ok(fwc_kernel_commit_plan(kernel, plan, NULL, &err), err);
	fwc_plan_free(plan);
	fwc_ruleset_free(rs);
	rs = load();
	ck_assert_uint_eq(fwc_set_count(set_of(rs, "s")), to - from);
	fwc_ruleset_free(rs);
	return steps;
}

START_TEST(very_many_elements_come_and_change_and_go)
{
	const struct many *m = &many[_i];

	ck_assert_uint_eq(apply_many(m, 0, m->count), 3); /* table, set, elements */
	ck_assert_uint_eq(apply_many(m, 0, m->count), 0);
	ck_assert_uint_eq(apply_many(m, 1, m->count + 1), 2); /* one goes, one comes */
	ck_assert_uint_eq(apply_many(m, 0, 0), 1);
}
END_TEST

static Suite *make_suite(void)
{
	Suite *s = suite_create("sets");
	TCase *tc = tcase_create("sets");

	tcase_set_timeout(tc, 300);
	tcase_add_checked_fixture(tc, setup, teardown);
	tcase_add_test(tc, each_element_counts_its_own_packets);
	tcase_add_test(tc, packets_fill_a_set_whose_elements_have_no_timeouts);
	tcase_add_test(tc, rule_that_says_what_its_set_says_is_in_place);
	tcase_add_test(tc, dynamic_set_without_a_size_is_in_place);
	tcase_add_test(tc, set_that_rules_fill_is_made_again_as_it_was);
	tcase_add_test(tc, set_that_rules_fill_is_made_anew);
	tcase_add_test(tc, constant_set_that_is_to_be_small_holds_any_key);
	tcase_add_test(tc, elements_of_a_list_of_ports_count);
	tcase_add_test(tc, targets_of_sets_and_elements_are_given_by_calls);
	tcase_add_test(tc, elements_of_a_batch_have_targets_and_any_key);
	tcase_add_test(tc, packets_add_elements_to_a_set_without_timeouts);
	tcase_add_test(tc, maps_lead_to_objects);
	tcase_add_test(tc, maps_lead_to_ranges_of_addresses);
	tcase_add_test(tc, ranges_are_given_to_a_map_by_calls_and_changed);
	tcase_add_test(tc, what_nft_is_to_merge_is_written_as_nft_writes_it);
	tcase_add_test(tc, what_overlaps_is_merged_before_the_kernel_is_asked);
	tcase_add_test(tc, what_others_merged_stays_where_elements_are_state);
	tcase_add_test(tc, lists_of_numbers_are_noted_for_nft);
	tcase_add_test(tc, what_a_set_is_kept_for_is_read_back);
	tcase_add_test(tc, objects_of_a_map_are_named_by_calls_and_missing_ones_told);
	tcase_add_loop_test(tc, what_a_set_cannot_have_is_named, 0,
			    sizeof(refused) / sizeof(refused[0]));
	tcase_add_test(tc, full_set_says_so_with_its_size);
	tcase_add_test(tc, set_that_grows_keeps_what_others_put_there);
	tcase_add_loop_test(tc, very_many_elements_come_and_change_and_go, 0,
			    (int)(sizeof(many) / sizeof(*many)));
	suite_add_tcase(s, tc);
	return s;
}

TEST_MAIN(make_suite)
