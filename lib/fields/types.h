/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Within lib/fields: the types that rows of fields.c name, and the words that types.c reads and writes. */
#ifndef FWC_TYPES_H
#define FWC_TYPES_H

#include "fields/fields.h"

extern const struct fwc_type fwc_type_ipv4_addr, fwc_type_ipv6_addr, fwc_type_inet_proto,
	fwc_type_inet_service, fwc_type_ifname, fwc_type_mark, fwc_type_ct_state,
	fwc_type_ct_status, fwc_type_icmp_type, fwc_type_icmpv6_type, fwc_type_tcp_flag,
	fwc_type_nf_proto, fwc_type_fib_addrtype;

/* Of several names for one value the first is printed; the others are read. */
extern const struct fwc_symbol fwc_symbols_verdict[], fwc_symbols_inet_proto[],
	fwc_symbols_ct_state[], fwc_symbols_ct_status[], fwc_symbols_icmp_type[],
	fwc_symbols_icmpv6_type[], fwc_symbols_tcp_flag[], fwc_symbols_nf_proto[],
	fwc_symbols_fib_addrtype[];

#endif
