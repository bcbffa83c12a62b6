/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* recent: lists of addresses that were seen.
 *
 * Kernel: struct xt_recent_mtinfo and its v1 of linux/netfilter/xt_recent.h: seconds 0, hits 4, what to do 8, inversion 9,
 * name 10, source or destination 210, then a mask of 16 bytes. */
#include "iptables/forms.h"

enum {
	TO_DO = 8,
	INVERT = 9,
	NAME = 10,
	NAME_LEN = 200,
	SIDE = 210,
	MASK = 212,
	MASK_LEN = 16,
	CHECK = 0x01,
	SET = 0x02,
	UPDATE = 0x04,
	REMOVE = 0x08,
	TTL = 0x10,
	REAP = 0x20,
};

enum {
	OPTION_SET,
	OPTION_CHECK,
	OPTION_UPDATE,
	OPTION_REMOVE,
	OPTION_SECONDS,
	OPTION_REAP,
	OPTION_HITS,
	OPTION_TTL,
	OPTION_NAME,
	OPTION_MASK,
};

#define BIT(n) (1u << (n))

/* A shorter name leaves the end of the one that stood there: deleting a rule by what it says compares all bytes. */
static void put_name(uint8_t *info, const char *name)
{
	size_t len = strnlen(name, NAME_LEN - 1);

	memcpy(info + NAME, name, len);
	info[NAME + len] = '\0';
}

static int parse_name(const struct fwc_xt_place *p, const char *const *words)
{
	if (!words[0][0])
		return fwc_xt_bad_value(p, words[0], "a name of 1 to %d bytes", NAME_LEN - 1);
	put_name(p->info, "DEFAULT");
	put_name(p->info, words[0]);
	return 0;
}

static void format_name(const struct fwc_xt_place *p, struct fwc_buf *out)
{
	fwc_xt_cut_name.format(p, out);
}

static const struct fwc_xt_form name_form = { 1, parse_name, format_name };

static int parse_mask(const struct fwc_xt_place *p, const char *const *words)
{
	uint8_t mask[MASK_LEN] = { 0 };

	if (!fwc_xt_scan_address(p->family, words[0], mask))
		return fwc_xt_bad_value(p, words[0], "a mask written as an address: %s",
					p->family == FWC_FAMILY_IP ? "255.255.255.0" : "ffff::");
	memcpy(p->info + MASK, mask, sizeof(mask));
	return 0;
}

static void format_mask(const struct fwc_xt_place *p, struct fwc_buf *out)
{
	fwc_xt_format_address(p->family, p->info + MASK, out);
}

static const struct fwc_xt_form mask_form = { 1, parse_mask, format_mask };

#define ACTION(option, bit, which)                                                                 \
	{                                                                                          \
		.name = (option), .form = &fwc_xt_flag, .excludes = 0xf & ~BIT(which),             \
		.given = { TO_DO, 1, (bit), (bit) }, .inverted = {                                 \
			INVERT,                                                                    \
			1,                                                                         \
			0xff,                                                                      \
			1                                                                          \
		}                                                                                  \
	}
#define SIDE_OPTION(option, number)                                                                \
	{                                                                                          \
		.name = (option), .form = &fwc_xt_flag, .given = { SIDE, 1, 0xff, (number) }       \
	}

/* In the order of the enum; the mask is only in the newer struct. */
#define OPTIONS_BEFORE_MASK                                                                        \
	ACTION("set", SET, OPTION_SET), ACTION("rcheck", CHECK, OPTION_CHECK),                     \
		ACTION("update", UPDATE, OPTION_UPDATE), ACTION("remove", REMOVE, OPTION_REMOVE),  \
		{ .name = "seconds", .form = &fwc_xt_number, .len = 4, .min = 1 },                 \
		{ .name = "reap",                                                                  \
		  .form = &fwc_xt_flag,                                                            \
		  .needs = BIT(OPTION_SECONDS),                                                    \
		  .given = { TO_DO, 1, REAP, REAP } },                                             \
		{ .name = "hitcount", .form = &fwc_xt_number, .at = 4, .len = 4 },                 \
		{ .name = "rttl", .form = &fwc_xt_flag, .given = { TO_DO, 1, TTL, TTL } },         \
	{                                                                                          \
		.name = "name", .form = &name_form, .at = NAME, .len = NAME_LEN,                   \
		.flags = FWC_XT_ALWAYS                                                             \
	}
#define SIDES SIDE_OPTION("rsource", 0), SIDE_OPTION("rdest", 1)

static const struct fwc_xt_option options[] = {
	OPTIONS_BEFORE_MASK,
	{ .name = "mask", .form = &mask_form, .at = MASK, .len = MASK_LEN, .flags = FWC_XT_ALWAYS },
	SIDES,
};
static const struct fwc_xt_option older_options[] = { OPTIONS_BEFORE_MASK, SIDES };

/* Completes what no option gave: the name, and in the newer struct the mask, which is 0 until then. */
static int check(const struct fwc_xt_row *row, uint8_t *info, uint8_t proto, uint32_t given,
		 struct fwc_error *err)
{
	uint32_t narrowing = given & (BIT(OPTION_SECONDS) | BIT(OPTION_HITS) | BIT(OPTION_TTL));

	(void)proto;
	if (narrowing && !(given & (BIT(OPTION_CHECK) | BIT(OPTION_UPDATE))))
		return fwc_fail(err, -EINVAL, FWC_OBJECT_TEXT,
				"--seconds, --hitcount and --rttl go with --rcheck and --update");
	if (!info[NAME])
		put_name(info, "DEFAULT");
	if (row->revision && !(given & BIT(OPTION_MASK)))
		memset(info + MASK, 0xff, MASK_LEN);
	return 0;
}

static const struct fwc_xt_row rows[] = {
	{ .name = "recent",
	  .families = FWC_XT_BOTH,
	  .revision = 1,
	  .size = MASK + MASK_LEN,
	  FWC_XT_OPTIONS(options),
	  .one_of = 0xf,
	  .check = check },
	{ .name = "recent",
	  .families = FWC_XT_BOTH,
	  .size = MASK,
	  FWC_XT_OPTIONS(older_options),
	  .one_of = 0xf,
	  .check = check },
};

const struct fwc_xt_rows fwc_xt_recent_rows = { rows, FWC_ARRAY_SIZE(rows) };
