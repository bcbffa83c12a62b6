/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Within lib/fields: the types that rows of table.c name, and the words that constants are read from and written in. */
#ifndef FWC_TYPES_H
#define FWC_TYPES_H

#include "fields/fields.h"

extern const struct fwc_type fwc_type_arp_op, fwc_type_bitmask, fwc_type_boolean,
	fwc_type_cgroupsv2, fwc_type_classid, fwc_type_ct_dir, fwc_type_ct_event, fwc_type_ct_label,
	fwc_type_ct_state, fwc_type_ct_status, fwc_type_date, fwc_type_day, fwc_type_dccp_pkttype,
	fwc_type_devgroup, fwc_type_dscp4, fwc_type_dscp6, fwc_type_ecn, fwc_type_ecn6,
	fwc_type_ether_addr, fwc_type_ether_type, fwc_type_fib_addrtype, fwc_type_gid,
	fwc_type_hour, fwc_type_icmp_code, fwc_type_icmp_type, fwc_type_icmpv6_code,
	fwc_type_icmpv6_type, fwc_type_iface_index, fwc_type_iface_type, fwc_type_ifname,
	fwc_type_igmp_type, fwc_type_inet_proto, fwc_type_inet_service, fwc_type_ipv4_addr,
	fwc_type_ipv6_addr, fwc_type_mark, fwc_type_mh_type, fwc_type_nf_proto, fwc_type_pkt_type,
	fwc_type_realm, fwc_type_tcp_flag, fwc_type_text, fwc_type_time, fwc_type_uid;
/* By their bytes: 1, 2, 3, 4, 8; the raw ones 1 to 16. */
extern const struct fwc_type fwc_type_integer[9], fwc_type_host_integer[9], fwc_type_raw[17];
/* Parts of bytes. */
extern const struct fwc_type fwc_type_low4, fwc_type_high4, fwc_type_low20, fwc_type_low12,
	fwc_type_bit0, fwc_type_bit4, fwc_type_high3, fwc_type_high5, fwc_type_low3,
	fwc_type_high13, fwc_type_bits1_2;

/* Of several names for one value the first is printed; the others are read. */
extern const struct fwc_symbol fwc_symbols_verdict[], fwc_symbols_inet_proto[],
	fwc_symbols_ct_state[], fwc_symbols_ct_status[], fwc_symbols_icmp_type[],
	fwc_symbols_icmpv6_type[], fwc_symbols_tcp_flag[], fwc_symbols_nf_proto[],
	fwc_symbols_fib_addrtype[], fwc_symbols_ether_type[], fwc_symbols_arp_op[],
	fwc_symbols_dccp_pkttype[], fwc_symbols_mh_type[], fwc_symbols_iface_index[],
	fwc_symbols_iface_type[], fwc_symbols_realm[], fwc_symbols_classid[], fwc_symbols_ct_dir[],
	fwc_symbols_pkt_type[], fwc_symbols_icmp_code[], fwc_symbols_icmpv6_code[],
	fwc_symbols_devgroup[], fwc_symbols_dscp[], fwc_symbols_ecn[], fwc_symbols_boolean[],
	fwc_symbols_ct_event[], fwc_symbols_igmp_type[], fwc_symbols_day[],
	fwc_symbols_inet_service[], fwc_symbols_root[];

bool fwc_type_is_number(const struct fwc_type *t);
uint64_t fwc_type_largest(const struct fwc_type *t);

#endif
