/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Link and address messages that no kernel here would send: hardware, old kernels, foreign bytes. */
#include <linux/rtnetlink.h>
#include <sys/socket.h>

#include "../check.h"
#include "route/interfaces.h"

static struct fwc_interfaces list;
static struct fwc_wire w;
static size_t msg;

static void begin_link(uint32_t index, uint16_t type)
{
	const struct ifinfomsg head = { .ifi_index = (int)index, .ifi_type = type };

	msg = fwc_wire_begin(&w, RTM_NEWLINK, 0, 1, &head, sizeof(head));
}

static void begin_address(uint32_t index, uint8_t family, uint8_t flags)
{
	const struct ifaddrmsg head = { .ifa_family = family,
					.ifa_index = index,
					.ifa_flags = flags };

	msg = fwc_wire_begin(&w, RTM_NEWADDR, 0, 1, &head, sizeof(head));
}

/* Reads the message, and it alone. */
static int end(void)
{
	struct fwc_slice s;
	const struct nlmsghdr *nlh;
	struct fwc_slice payload;
	int r;

	fwc_wire_end(&w, msg);
	s = (struct fwc_slice){ w.data, w.len };
	ck_assert_int_eq(fwc_msg_next(&s, &nlh, &payload), 1);
	r = nlh->nlmsg_type == RTM_NEWLINK ? fwc_interfaces_read_link(&list, payload)
					   : fwc_interfaces_read_address(&list, payload);
	fwc_wire_reset(&w);
	return r;
}

static void put_kind(const char *kind)
{
	size_t nest = fwc_nest_begin(&w, IFLA_LINKINFO);

	fwc_put_text(&w, IFLA_INFO_KIND, kind);
	fwc_nest_end(&w, nest);
}

static void finish(void)
{
	fwc_wire_free(&w);
	fwc_interfaces_clear(&list);
}

START_TEST(physical_is_what_has_a_device_behind_it)
{
	static const struct {
		const char *parent, *kind;
		bool physical;
	} rows[] = {
		{ NULL, NULL, false },       { "0000:00:03.0", NULL, true },
		{ NULL, "bridge", false },   { "netdevsim1", "netdevsim", false },
		{ "can0", "can", true },     { "switch0", "dsa", true },
		{ "mlx5_0", "ipoib", true }, { "wwan0", "wwan", true },
		{ NULL, "can", false },      { "virtio0", "canal", false },
	};

	for (uint32_t i = 0; i < FWC_ARRAY_SIZE(rows); i++) {
		begin_link(i + 1, 1);
		if (rows[i].parent)
			fwc_put_text(&w, IFLA_PARENT_DEV_NAME, rows[i].parent);
		if (rows[i].kind)
			put_kind(rows[i].kind);
		ck_assert_int_eq(end(), 0);
	}
	ck_assert_int_eq(fwc_interfaces_finish(&list), 0);
	for (uint32_t i = 0; i < FWC_ARRAY_SIZE(rows); i++)
		ck_assert_int_eq(fwc_interface_is_physical(fwc_interfaces_at(&list, i)),
				 rows[i].physical);
}
END_TEST

START_TEST(all_counters_come_from_their_place)
{
	struct rtnl_link_stats64 k;
	const struct fwc_interface_stats *s;
	const struct fwc_interface *i;

	for (size_t n = 0; n < sizeof(k) / 8; n++)
		((uint64_t *)&k)[n] = n + (1ULL << 40);
	begin_link(1, 1);
	fwc_put(&w, IFLA_STATS64, &k, sizeof(k));
	ck_assert_int_eq(end(), 0);
	/* An older kernel's ends earlier. */
	begin_link(2, 1);
	fwc_put(&w, IFLA_STATS64, &k, offsetof(struct rtnl_link_stats64, tx_packets));
	ck_assert_int_eq(end(), 0);
	ck_assert_int_eq(fwc_interfaces_finish(&list), 0);
	i = fwc_interfaces_at(&list, 0);
	s = fwc_interface_stats(i);
	ck_assert_uint_eq(s->rx_packets, k.rx_packets);
	ck_assert_uint_eq(s->tx_packets, k.tx_packets);
	ck_assert_uint_eq(s->rx_bytes, k.rx_bytes);
	ck_assert_uint_eq(s->tx_bytes, k.tx_bytes);
	ck_assert_uint_eq(s->rx_errors, k.rx_errors);
	ck_assert_uint_eq(s->tx_errors, k.tx_errors);
	ck_assert_uint_eq(s->rx_dropped, k.rx_dropped);
	ck_assert_uint_eq(s->tx_dropped, k.tx_dropped);
	ck_assert_uint_eq(s->rx_overruns, k.rx_over_errors);
	ck_assert_uint_eq(s->rx_frame, k.rx_frame_errors);
	ck_assert_uint_eq(s->tx_overruns, k.tx_fifo_errors);
	ck_assert_uint_eq(s->tx_carrier, k.tx_carrier_errors);
	ck_assert_uint_eq(s->collisions, k.collisions);
	ck_assert_uint_eq(s->multicast, k.multicast);
	s = fwc_interface_stats(fwc_interfaces_at(&list, 1));
	ck_assert_uint_eq(s->rx_packets, k.rx_packets);
	ck_assert_uint_eq(s->tx_packets, 0);
}
END_TEST

START_TEST(links_out_of_order_are_sorted_and_get_their_addresses)
{
	static const uint8_t one[4] = { 10, 0, 0, 1 }, two[4] = { 10, 0, 0, 2 };

	begin_link(9, 1);
	fwc_put_text(&w, IFLA_IFNAME, "nine");
	ck_assert_int_eq(end(), 0);
	begin_link(2, 1);
	fwc_put_text(&w, IFLA_IFNAME, "two");
	ck_assert_int_eq(end(), 0);
	for (int n = 0; n < 2; n++) {
		begin_address(n ? 2 : 9, AF_INET, 0x80);
		fwc_put(&w, IFA_LOCAL, n ? two : one, 4);
		ck_assert_int_eq(end(), 0);
	}
	/* Made between the two dumps: its interface is not known. */
	begin_address(5, AF_INET, 0x80);
	fwc_put(&w, IFA_LOCAL, two, 4);
	ck_assert_int_eq(end(), 0);
	ck_assert_int_eq(fwc_interfaces_finish(&list), 0);
	ck_assert_str_eq(fwc_interface_name(fwc_interfaces_at(&list, 0)), "two");
	ck_assert_uint_eq(fwc_interface_address_count(fwc_interfaces_at(&list, 0)), 1);
	ck_assert_uint_eq(fwc_interface_address_count(fwc_interfaces_at(&list, 1)), 1);
	ck_assert_mem_eq(fwc_interface_address_at(fwc_interfaces_at(&list, 0), 0)->ip.bytes, two,
			 4);
	ck_assert_mem_eq(fwc_interface_address_at(fwc_interfaces_at(&list, 1), 0)->ip.bytes, one,
			 4);
}
END_TEST

START_TEST(long_and_unterminated_fields_are_cut)
{
	const struct fwc_interface *i;
	uint8_t mac[40];
	size_t len = 0;

	memset(mac, 7, sizeof(mac));
	begin_link(1, 4242);
	fwc_put(&w, IFLA_IFNAME, "no end and far too long", 23);
	fwc_put(&w, IFLA_IFALIAS, "no end", 6);
	fwc_put(&w, IFLA_ADDRESS, mac, sizeof(mac));
	fwc_put(&w, IFLA_MTU, "\1", 1); /* of another size: not read */
	fwc_put_u8(&w, IFLA_OPERSTATE, 250);
	ck_assert_int_eq(end(), 0);
	ck_assert_int_eq(fwc_interfaces_finish(&list), 0);
	i = fwc_interfaces_at(&list, 0);
	ck_assert_str_eq(fwc_interface_name(i), "no end and far ");
	ck_assert_str_eq(fwc_interface_alias(i), "no end");
	ck_assert_ptr_nonnull(fwc_interface_mac(i, &len));
	ck_assert_uint_eq(len, 32);
	ck_assert_uint_eq(fwc_interface_mtu(i), 0);
	ck_assert_str_eq(fwc_interface_state(i), "UNKNOWN");
	ck_assert_str_eq(fwc_interface_link_type_name(i), "link/4242");
	ck_assert_str_eq(fwc_interface_kind(i), "");
}
END_TEST

START_TEST(messages_that_are_cut_off_are_refused)
{
	static const uint8_t bytes[32];

	for (size_t len = 0; len < sizeof(struct ifinfomsg); len++)
		ck_assert_int_eq(fwc_interfaces_read_link(&list, (struct fwc_slice){ bytes, len }),
				 -EBADMSG);
	for (size_t len = 0; len < sizeof(struct ifaddrmsg); len++)
		ck_assert_int_eq(
			fwc_interfaces_read_address(&list, (struct fwc_slice){ bytes, len }),
			-EBADMSG);
	/* An attribute of length 0. */
	ck_assert_int_eq(fwc_interfaces_read_link(&list, (struct fwc_slice){ bytes, 20 }),
			 -EBADMSG);
	ck_assert_int_eq(fwc_interfaces_finish(&list), 0);
}
END_TEST

static Suite *interfaces_suite(void)
{
	Suite *s = suite_create("interfaces");
	TCase *tc = tcase_create("messages");

	tcase_add_checked_fixture(tc, NULL, finish);
	tcase_add_test(tc, physical_is_what_has_a_device_behind_it);
	tcase_add_test(tc, all_counters_come_from_their_place);
	tcase_add_test(tc, links_out_of_order_are_sorted_and_get_their_addresses);
	tcase_add_test(tc, long_and_unterminated_fields_are_cut);
	tcase_add_test(tc, messages_that_are_cut_off_are_refused);
	suite_add_tcase(s, tc);
	return s;
}

TEST_MAIN(interfaces_suite)
