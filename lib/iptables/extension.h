/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Extensions of iptables as rows: their options, and where each lies in the struct that the kernel takes.
 *
 * Offsets and sizes are those of a 64-bit kernel, written as numbers: the struct is the kernel's, whatever this library
 * was compiled for. Numbers in a struct are in host order unless the form says otherwise. A struct that has another
 * size than its row is none of that row: it is kept and never looked into. */
#ifndef FWC_IPTABLES_EXTENSION_H
#define FWC_IPTABLES_EXTENSION_H

#include "core/buf.h"
#include "model/model.h"

enum {
	FWC_XT_IP = 1,
	FWC_XT_IP6 = 2,
	FWC_XT_BOTH = 3,
	FWC_XT_ARP = 4,
	FWC_XT_WORD = 8, /* what structs are padded to */
	FWC_XT_SIZE_MOST = 2048,
	FWC_XT_NEVER_A_STRUCT = 0xff, /* as a revision: what is written is expressions */
};

/* Some bits of a struct: a number of `len` bytes at `at`, of which `mask` is `value`. mask 0: no such bits. */
struct fwc_xt_bits {
	uint16_t at;
	uint8_t len;
	uint32_t mask, value;
};

enum fwc_xt_option_flags {
	FWC_XT_REQUIRED = 1,
	FWC_XT_ALWAYS = 2, /* written also where it is what it would be without */
	FWC_XT_READ_ONLY = 4, /* another way to say what a later option is written as */
	FWC_XT_AFTER = 8, /* what it needs is given before it */
	FWC_XT_BY_VALUE = 16, /* its bits are set with it, but its value says that it is there */
	FWC_XT_PARTS = 64, /* behind it options of the same names are of the next part */
	FWC_XT_VALUE_OPTIONAL = 128, /* its value may be missing: words[0] is NULL */
	FWC_XT_SWAP = 32, /* of two numbers: `!` swaps them, the first is then the larger one */
};

struct fwc_xt_form;
struct fwc_xt_place;

struct fwc_xt_option {
	const char *name; /* without `--` */
	const struct fwc_xt_form *form; /* of its value */
	uint16_t at; /* its value: `len` bytes from there */
	uint16_t len;
	uint8_t flags; /* enum fwc_xt_option_flags */
	uint32_t excludes, needs; /* a bit for each option of the row, in their order */
	struct fwc_xt_bits
		given; /* they say that it is there; without: its value differs from the default */
	struct fwc_xt_bits unless; /* it is not written where they are so */
	struct fwc_xt_bits inverted; /* `!`; without: it takes none */
	/* It is not written either where this says so: what `unless` cannot say. */
	bool (*left_out)(const struct fwc_xt_place *p);
	uint64_t min, max; /* of a number; bytes of a text */
	const struct fwc_symbol *symbols;
};

enum { FWC_XT_DEFAULTS = 4 };

/* Each (name, family, revision) that can be written is a row; of those that can be read the first is made. */
struct fwc_xt_row {
	const char *name; /* after -m or -j */
	const char *kernel_name; /* where it is another one: `-m state` is "conntrack" */
	bool is_target;
	uint8_t families; /* FWC_XT_* */
	uint8_t revision;
	uint8_t proto; /* it needs this -p; 0: any */
	uint16_t size; /* of its struct */
	uint16_t count; /* of its options */
	const struct fwc_xt_option *options; /* in the order in which they are written */
	uint32_t one_of; /* a bit for each option: one of these is given at least */
	struct fwc_xt_bits defaults[FWC_XT_DEFAULTS]; /* all else is zero */
	struct fwc_xt_bits
		alias; /* structs that are so are this row, of several with one kernel_name */
	/* What options alone do not tell: 0, or what is wrong with them; completes the struct. `given` has a bit for each. */
	int (*check)(const struct fwc_xt_row *row, uint8_t *info, uint8_t proto, uint32_t given,
		     struct fwc_error *err);
	/* Where iptables-nft writes native expressions: 1: they were added; 0: this struct goes as it is; -ENOMEM. */
	int (*add_native)(struct fwc_rule *r, const uint8_t *info);
};

#define FWC_XT_OPTIONS(array) .options = (array), .count = FWC_ARRAY_SIZE(array)

/* An option, and the struct that its value goes to or comes from. */
struct fwc_xt_place {
	const struct fwc_xt_row *row;
	const struct fwc_xt_option *option;
	uint8_t *info;
	uint32_t family;
	uint8_t proto;
	struct fwc_error *err;
};

/* How a value is written. */
struct fwc_xt_form {
	unsigned int words; /* behind the option */
	int (*parse)(const struct fwc_xt_place *p, const char *const *words);
	void (*format)(const struct fwc_xt_place *p, struct fwc_buf *out);
};

/* ---- extensions.c ---- */

/* What `-m NAME` or `-j NAME` makes; NULL: not known. */
const struct fwc_xt_row *fwc_xt_find(const char *name, bool is_target, uint32_t family);
/* The row of a struct of the kernel's; NULL: none has that name, revision and size. */
const struct fwc_xt_row *fwc_xt_row_of(const struct fwc_extension *e, uint32_t family);
/* The i-th of all rows, NULL past the end: for tests. */
const struct fwc_xt_row *fwc_xt_row_at(size_t i);
uint32_t fwc_xt_aligned(const struct fwc_xt_row *row); /* the bytes of its struct on the wire */
void fwc_xt_init(const struct fwc_xt_row *row, uint8_t *info); /* as it is without options */
bool fwc_xt_bits_are(const uint8_t *info, const struct fwc_xt_bits *bits);
void fwc_xt_bits_set(uint8_t *info, const struct fwc_xt_bits *bits);
uint64_t fwc_xt_get(const uint8_t *info, size_t at, size_t len);
void fwc_xt_put(uint8_t *info, size_t at, size_t len, uint64_t number);
/* The options that are there, in the order in which they are written. */
struct fwc_xt_given {
	struct fwc_xt_place place; /* its `option` is the one */
	bool inverted;
	size_t next;
	uint8_t initial[FWC_XT_SIZE_MOST]; /* the struct without options */
};
void fwc_xt_given_begin(struct fwc_xt_given *g, const struct fwc_xt_row *row, const uint8_t *info,
			uint32_t family);
bool fwc_xt_given_next(struct fwc_xt_given *g); /* false at the end */
/* ` --name value` of each option that is there. */
void fwc_xt_format_options(const struct fwc_xt_row *row, const uint8_t *info, uint32_t family,
			   struct fwc_buf *out);
/* Takes an option: a bit of *given is set. `words` are as many as its form has. */
int fwc_xt_parse_option(const struct fwc_xt_place *place, bool inverted, const char *const *words,
			uint32_t *given);
/* After the last one. */
int fwc_xt_check_options(const struct fwc_xt_row *row, uint8_t *info, uint8_t proto, uint32_t given,
			 struct fwc_error *err);

/* ---- rows, a table for each file ---- */

struct fwc_xt_rows {
	const struct fwc_xt_row *rows;
	size_t count;
};
extern const struct fwc_xt_rows fwc_xt_transport_rows, fwc_xt_packet_rows, fwc_xt_conntrack_rows,
	fwc_xt_target_rows, fwc_xt_nat_rows, fwc_xt_ipv6_rows, fwc_xt_connection_rows,
	fwc_xt_sctp_rows, fwc_xt_ecn_rows, fwc_xt_proxy_rows, fwc_xt_hmark_rows, fwc_xt_origin_rows,
	fwc_xt_hashlimit_rows, fwc_xt_recent_rows, fwc_xt_string_rows, fwc_xt_policy_rows,
	fwc_xt_time_rows, fwc_xt_program_rows, fwc_xt_rateest_rows, fwc_xt_named_rows,
	fwc_xt_arp_target_rows;

/* ---- native.c: what iptables-nft 1.8.9 writes as expressions ---- */

int fwc_xt_add_tcp(struct fwc_rule *r, const uint8_t *info);
int fwc_xt_add_udp(struct fwc_rule *r, const uint8_t *info);
int fwc_xt_add_mark(struct fwc_rule *r, const uint8_t *info);
int fwc_xt_add_limit(struct fwc_rule *r, const uint8_t *info);
int fwc_xt_add_nflog(struct fwc_rule *r, const uint8_t *info);
int fwc_xt_add_trace(struct fwc_rule *r, const uint8_t *info);

#endif
