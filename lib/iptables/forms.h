/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Forms of values that several extensions have. One of an extension alone stands beside its row. */
#ifndef FWC_IPTABLES_FORMS_H
#define FWC_IPTABLES_FORMS_H

#include "iptables/extension.h"

/* No value: what the option says is in `given`. */
extern const struct fwc_xt_form fwc_xt_flag;
/* 42; 0x2a as two digits, as many as needed, as many as fit. Between `min` and `max`. */
extern const struct fwc_xt_form fwc_xt_number, fwc_xt_hex2, fwc_xt_hex, fwc_xt_hex_all;
/* Two numbers of len / 2 each: 1:5, or 1 alone; 0-1000. An end that is left out is `min` or `max`. A name of `symbols`, where
 * there are any, or its beginning, is a number too. */
extern const struct fwc_xt_form fwc_xt_range, fwc_xt_dash_range;
/* Likewise of ports, by number or name. */
extern const struct fwc_xt_form fwc_xt_ports;
/* A value and its mask, of len / 2 each: 0x1/0xff; the mask is left out where it is all ones. */
extern const struct fwc_xt_form fwc_xt_mark;
/* Likewise, and the mask is always written. */
extern const struct fwc_xt_form fwc_xt_mark_full;
/* A word of `symbols`; several with commas between, whose values are or-ed. */
extern const struct fwc_xt_form fwc_xt_symbol, fwc_xt_symbols;
/* A text of up to `max` bytes, as a shell would take it. */
extern const struct fwc_xt_form fwc_xt_text, fwc_xt_cut_text;
/* A name likewise, which is in quotes only where it could not be read without. Longer ones are cut. */
extern const struct fwc_xt_form fwc_xt_cut_name;
/* An interface's name, `+` at its end for any ending; its mask follows it. */
extern const struct fwc_xt_form fwc_xt_ifname;
extern const struct fwc_xt_form fwc_xt_mac;
/* An address and a mask, 16 bytes each; 1.1.1.1-2.2.2.2: the ends, likewise. */
extern const struct fwc_xt_form fwc_xt_address, fwc_xt_address_range;
/* An address alone, in 16 bytes. */
extern const struct fwc_xt_form fwc_xt_plain_address;
/* 24: a mask of so many bits, in 16 bytes; a mask is read, too. */
extern const struct fwc_xt_form fwc_xt_prefix_len;
/* A protocol's number. */
extern const struct fwc_xt_form fwc_xt_protocol;

/* "'70000' is no value of --dport: ..." and what is allowed. */
int fwc_xt_bad_value(const struct fwc_xt_place *p, const char *text, const char *fmt, ...)
	FWC_PRINTF(3, 4);
/* A number as C writes it, without a sign, from min to max; *ret_end is where it ends. */
bool fwc_xt_scan(const char *text, uint64_t min, uint64_t max, uint64_t *ret, const char **ret_end);
bool fwc_xt_scan_all(const char *text, uint64_t min, uint64_t max, uint64_t *ret);
/* By number or name. */
bool fwc_xt_scan_port(const char *text, uint64_t *ret);
bool fwc_xt_scan_protocol(const char *text, uint64_t *ret);
const char *fwc_xt_protocol_name(uint8_t proto); /* NULL: it has none */
/* 4 or 16 bytes of an address of the family. */
bool fwc_xt_scan_address(uint32_t family, const char *text, uint8_t *ret);
void fwc_xt_format_address(uint32_t family, const uint8_t *bytes, struct fwc_buf *out);
/* Six bytes, up to a character behind them: `/`, or NUL. */
bool fwc_xt_scan_mac(const char *text, char end, uint8_t *ret);
/* `1.2.3.0/24`, `/255.255.0.255`: the address as it is written, and the mask; 16 bytes each. */
bool fwc_xt_scan_prefix(uint32_t family, const char *text, uint8_t *ret_address, uint8_t *ret_mask);
/* `/24`, or the mask where it is none. */
void fwc_xt_format_mask(uint32_t family, const uint8_t *mask, struct fwc_buf *out);
size_t fwc_xt_address_len(uint32_t family); /* 4 or 16 */
/* A type of service: a name, NUMBER, or NUMBER/MASK. */
int fwc_xt_parse_tos(const struct fwc_xt_place *p, const char *text, uint8_t *ret_value,
		     uint8_t *ret_mask);
extern const struct fwc_symbol fwc_xt_dscp_classes[];
/* As iptables-save quotes it. */
void fwc_xt_format_text(const char *text, struct fwc_buf *out);

/* ---- targets.c ---- */

enum { FWC_XT_LOG_LEVELS = 8 };
extern const char *const fwc_xt_log_levels[FWC_XT_LOG_LEVELS]; /* nft and -L call them the same */

#endif
