/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Where a packet comes from: the control group of its socket, the system that made it.
 *
 * Kernel: linux/netfilter/xt_cgroup.h, nfnetlink_osf.h. */
#include <netinet/in.h>

#include "iptables/forms.h"

#define BIT(n) (1u << (n))

/* ---- cgroup: has a path 0, a class 1, inverted 2 and 3, one of them 4 ---- */

/* In quotes whatever it holds. */
static int parse_path(const struct fwc_xt_place *p, const char *const *words)
{
	return fwc_xt_text.parse(p, words);
}

static void format_path(const struct fwc_xt_place *p, struct fwc_buf *out)
{
	const char *at = (const char *)p->info + p->option->at;

	fwc_buf_puts(out, "\"");
	for (size_t i = 0; i < p->option->len && at[i]; i++) {
		if (strchr("\"\\'", at[i]))
			fwc_buf_puts(out, "\\");
		fwc_buf_add(out, at + i, 1);
	}
	fwc_buf_puts(out, "\"");
}

static const struct fwc_xt_form path_form = { 1, parse_path, format_path };

static const struct fwc_xt_option cgroup_options[] = {
	{ .name = "path",
	  .form = &path_form,
	  .at = 4,
	  .len = 512,
	  .excludes = BIT(1),
	  .given = { 0, 1, 0xff, 1 },
	  .inverted = { 2, 1, 0xff, 1 } },
	{ .name = "cgroup",
	  .form = &fwc_xt_number,
	  .at = 4,
	  .len = 4,
	  .excludes = BIT(0),
	  .given = { 1, 1, 0xff, 1 },
	  .inverted = { 3, 1, 0xff, 1 } },
};

/* ---- osf: name 0, its length 32, flags 36, what is logged 40, how a TTL is compared 44 ---- */

static const struct fwc_xt_option osf_options[] = {
	{ .name = "genre",
	  .form = &fwc_xt_text,
	  .len = 32,
	  .min = 1,
	  .flags = FWC_XT_REQUIRED | FWC_XT_ALWAYS,
	  .inverted = { 36, 4, 8, 8 } },
	{ .name = "ttl",
	  .form = &fwc_xt_number,
	  .at = 44,
	  .len = 4,
	  .max = 2,
	  .given = { 36, 4, 2, 2 } },
	{ .name = "log",
	  .form = &fwc_xt_number,
	  .at = 40,
	  .len = 4,
	  .max = 2,
	  .given = { 36, 4, 4, 4 } },
};

static int check_osf(const struct fwc_xt_row *row, uint8_t *info, uint8_t proto, uint32_t given,
		     struct fwc_error *err)
{
	(void)row;
	(void)proto;
	(void)given;
	(void)err;
	fwc_xt_put(info, 32, 4, strnlen((const char *)info, 32));
	return 0;
}

#define BOTH .families = FWC_XT_BOTH

static const struct fwc_xt_row rows[] = {
	{ .name = "cgroup",
	  BOTH,
	  .revision = 2,
	  .size = 528,
	  FWC_XT_OPTIONS(cgroup_options),
	  .one_of = 3 },
	{ .name = "osf",
	  BOTH,
	  .proto = IPPROTO_TCP,
	  .size = 48,
	  FWC_XT_OPTIONS(osf_options),
	  .check = check_osf },
};

const struct fwc_xt_rows fwc_xt_origin_rows = { rows, FWC_ARRAY_SIZE(rows) };
