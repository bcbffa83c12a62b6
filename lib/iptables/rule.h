/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A rule as iptables sees it: what every rule can have, and extensions. Words are read into it and written from it; items
 * of the model are made from it and taken apart into it. Within lib/iptables. */
#ifndef FWC_IPTABLES_RULE_H
#define FWC_IPTABLES_RULE_H

#include "iptables/extension.h"

struct fwc_xt_interface {
	char name[20]; /* as iptables writes it: "eth+"; "": any */
	bool inverted;
};

struct fwc_xt_prefix {
	uint8_t address[16], mask[16];
	bool given, inverted;
};

/* A use of an extension. */
struct fwc_xt_use {
	const struct fwc_xt_row *row; /* NULL: none is known for it */
	const struct fwc_extension *kernel; /* then what the kernel has */
	uint8_t *info;
	uint32_t given; /* options, a bit for each */
};

/* ---- arp.c: what a rule of arptables has instead of a protocol and matches ---- */

/* In the order in which they are compared. */
enum { FWC_XT_ARP_TYPE, FWC_XT_ARP_PROTO, FWC_XT_ARP_LEN, FWC_XT_ARP_OPCODE, FWC_XT_ARP_NUMBERS };

struct fwc_xt_arp_row {
	const char *name; /* without `--` */
	uint32_t field; /* enum fwc_field_id */
	int base; /* of a number in words */
	uint16_t usual; /* what it is compared with where nothing is said; 0: with nothing */
	const struct fwc_symbol *symbols;
	const char *allowed;
};
extern const struct fwc_xt_arp_row fwc_xt_arp_rows[FWC_XT_ARP_NUMBERS];

struct fwc_xt_number {
	uint16_t value;
	bool given, inverted; /* given: it is not the usual one */
};

struct fwc_xt_rule {
	struct fwc_arena arena; /* of what follows */
	uint32_t family;
	struct fwc_xt_interface in, out;
	struct fwc_xt_prefix source, destination;
	uint8_t proto; /* 0: any */
	bool proto_inverted;
	bool fragment, fragment_inverted;
	struct fwc_xt_number arp[FWC_XT_ARP_NUMBERS];
	struct fwc_xt_prefix source_mac, destination_mac; /* of arp, 6 bytes */
	struct fwc_vec matches; /* of struct fwc_xt_use */
	struct fwc_xt_use *target; /* NULL: none but perhaps a verdict */
	uint32_t verdict; /* enum fwc_verdict; 0: none */
	const char *chain; /* of JUMP and GOTO; borrowed */
	uint64_t packets, bytes;
};

void fwc_xt_rule_free(struct fwc_xt_rule *x);
/* A use of that row as it is without options, not among the rule's yet. NULL: out of memory. */
struct fwc_xt_use *fwc_xt_use_in(struct fwc_xt_rule *x, const struct fwc_xt_row *row);

bool fwc_xt_arp_scan(size_t which, const char *text, bool inverted, struct fwc_xt_number *ret);
/* ADDRESS, ADDRESS/MASK, or a name: sets both. */
bool fwc_xt_arp_scan_mac(const char *text, struct fwc_xt_prefix *ret);
/* What is between the target's name and its options. */
void fwc_xt_arp_format(const struct fwc_xt_rule *x, struct fwc_buf *out);

/* Items of the model, in the order in which iptables-nft writes expressions. 0, -ENOMEM. */
int fwc_xt_add_items(struct fwc_rule *r, const struct fwc_xt_rule *x);
/* The opposite. -EOPNOTSUPP: iptables has no words for an item, or would read it as another rule; it is named. */
int fwc_xt_take_items(const struct fwc_rule *r, struct fwc_xt_rule *x, struct fwc_error *err);

/* As iptables-save writes it, a space before each word; with `-c PACKETS BYTES` before the target. */
void fwc_xt_format_words(const struct fwc_xt_rule *x, bool counters, struct fwc_buf *out);

/* ---- list_extension.c ---- */

/* What `iptables -L` says about an extension, a space before it. */
void fwc_xt_list_use(const struct fwc_xt_rule *x, const struct fwc_xt_use *u, bool numeric,
		     struct fwc_buf *out);

#endif
