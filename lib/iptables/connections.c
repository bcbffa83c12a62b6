/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What is matched and set of a packet's connection, beside its state: how much it carried, how many there are, labels,
 * whose it is in a cluster, its security mark.
 *
 * Kernel: linux/netfilter/xt_connbytes.h, xt_connlimit.h, xt_connlabel.h, xt_cluster.h, xt_CONNSECMARK.h. */
#include "iptables/forms.h"

#define BIT(n) (1u << (n))

/* ---- connbytes: from 0, to 8, what 16, direction 17 ---- */

static int parse_amount(const struct fwc_xt_place *p, const char *const *words)
{
	uint64_t from = 0, to = UINT64_MAX;
	const char *end = words[0];

	if ((*end != ':' && !fwc_xt_scan(end, 0, UINT64_MAX, &from, &end)) ||
	    (*end && (*end != ':' || (end[1] && !fwc_xt_scan_all(end + 1, from, UINT64_MAX, &to)))))
		return fwc_xt_bad_value(p, words[0],
					"FROM, FROM:TO or :TO, up to 18446744073709551615");
	fwc_xt_put(p->info, 0, 8, from);
	fwc_xt_put(p->info, 8, 8, to);
	return 0;
}

static void format_amount(const struct fwc_xt_place *p, struct fwc_buf *out)
{
	uint64_t one = fwc_xt_get(p->info, 0, 8), other = fwc_xt_get(p->info, 8, 8);
	uint64_t last = one > other ? one : other;

	fwc_buf_printf(out, "%llu", (unsigned long long)(one > other ? other : one));
	if (last != UINT64_MAX)
		fwc_buf_printf(out, ":%llu", (unsigned long long)last);
}

static const struct fwc_xt_form amount_form = { 1, parse_amount, format_amount };

static const struct fwc_symbol counted[] = {
	{ "packets", 0 },
	{ "bytes", 1 },
	{ "avgpkt", 2 },
	{ 0 },
};

static const struct fwc_symbol directions[] = {
	{ "original", 0 },
	{ "reply", 1 },
	{ "both", 2 },
	{ 0 },
};

static const struct fwc_xt_option connbytes_options[] = {
	{ .name = "connbytes",
	  .form = &amount_form,
	  .len = 16,
	  .flags = FWC_XT_REQUIRED | FWC_XT_ALWAYS | FWC_XT_SWAP },
	{ .name = "connbytes-mode",
	  .form = &fwc_xt_symbol,
	  .at = 16,
	  .len = 1,
	  .flags = FWC_XT_REQUIRED | FWC_XT_ALWAYS,
	  .symbols = counted },
	{ .name = "connbytes-dir",
	  .form = &fwc_xt_symbol,
	  .at = 17,
	  .len = 1,
	  .flags = FWC_XT_REQUIRED | FWC_XT_ALWAYS,
	  .symbols = directions },
};

/* ---- connlimit: mask 0, number 16, flags 20: up to it 1, of destinations 2 ---- */

static const struct fwc_xt_option connlimit_options[] = {
	{ .name = "connlimit-upto",
	  .form = &fwc_xt_number,
	  .at = 16,
	  .len = 4,
	  .excludes = BIT(1),
	  .given = { 20, 4, 1, 1 },
	  .inverted = { 20, 4, 1, 0 } },
	{ .name = "connlimit-above",
	  .form = &fwc_xt_number,
	  .at = 16,
	  .len = 4,
	  .excludes = BIT(0),
	  .given = { 20, 4, 1, 0 },
	  .inverted = { 20, 4, 1, 1 } },
	{ .name = "connlimit-mask", .form = &fwc_xt_prefix_len, .len = 16, .flags = FWC_XT_ALWAYS },
	{ .name = "connlimit-saddr",
	  .form = &fwc_xt_flag,
	  .excludes = BIT(4),
	  .given = { 20, 4, 2, 0 } },
	{ .name = "connlimit-daddr",
	  .form = &fwc_xt_flag,
	  .excludes = BIT(3),
	  .given = { 20, 4, 2, 2 } },
};

/* ---- connlabel: bit 0, flags 2: inverted 1, set 2 ---- */

static int parse_label(const struct fwc_xt_place *p, const char *const *words)
{
	return fwc_xt_number.parse(p, words);
}

static void format_label(const struct fwc_xt_place *p, struct fwc_buf *out)
{
	fwc_buf_puts(out, "\"");
	fwc_xt_number.format(p, out);
	fwc_buf_puts(out, "\"");
}

static const struct fwc_xt_form label_form = { 1, parse_label, format_label };

static const struct fwc_xt_option connlabel_options[] = {
	{ .name = "label",
	  .form = &label_form,
	  .len = 2,
	  .max = 127,
	  .flags = FWC_XT_REQUIRED | FWC_XT_ALWAYS,
	  .inverted = { 2, 2, 1, 1 } },
	{ .name = "set", .form = &fwc_xt_flag, .given = { 2, 2, 2, 2 } },
};

/* ---- cluster: nodes 0, those that are this one 4, seed 8, inverted 12 ---- */

enum { NODES_MOST = 32 };

static int parse_node(const struct fwc_xt_place *p, const char *const *words)
{
	uint64_t n;

	if (!fwc_xt_scan_all(words[0], 1, NODES_MOST, &n))
		return fwc_xt_bad_value(p, words[0], "a number from 1 to %d", NODES_MOST);
	fwc_xt_put(p->info, p->option->at, 4, UINT64_C(1) << (n - 1));
	return 0;
}

static const struct fwc_xt_form node_form = { 1, parse_node, NULL };

#define NODES(option, how, more, others)                                                           \
	{                                                                                          \
		.name = (option), .form = &(how), .at = 4, .len = 4, .min = 1, .flags = (more),    \
		.excludes = (others), .inverted = {                                                \
			12,                                                                        \
			4,                                                                         \
			1,                                                                         \
			1                                                                          \
		}                                                                                  \
	}

static const struct fwc_xt_option cluster_options[] = {
	NODES("cluster-local-nodemask", fwc_xt_hex_all, FWC_XT_ALWAYS, BIT(1)),
	NODES("cluster-local-node", node_form, FWC_XT_READ_ONLY, BIT(0)),
	{ .name = "cluster-total-nodes",
	  .form = &fwc_xt_number,
	  .len = 4,
	  .min = 1,
	  .max = NODES_MOST,
	  .flags = FWC_XT_REQUIRED | FWC_XT_ALWAYS },
	{ .name = "cluster-hash-seed",
	  .form = &fwc_xt_hex_all,
	  .at = 8,
	  .len = 4,
	  .flags = FWC_XT_REQUIRED | FWC_XT_ALWAYS },
};

static int check_cluster(const struct fwc_xt_row *row, uint8_t *info, uint8_t proto, uint32_t given,
			 struct fwc_error *err)
{
	uint64_t nodes = fwc_xt_get(info, 0, 4), mask = fwc_xt_get(info, 4, 4);

	(void)proto;
	(void)given;
	if (mask < UINT64_C(1) << nodes)
		return 0;
	return fwc_fail(err, -EINVAL, FWC_OBJECT_TEXT,
			"-m %s: of %llu nodes the mask is up to 0x%llx, not 0x%llx", row->name,
			(unsigned long long)nodes, (1ULL << nodes) - 1, (unsigned long long)mask);
}

/* ---- CONNSECMARK ---- */

static const struct fwc_xt_option connsecmark_options[] = {
	{ .name = "save", .form = &fwc_xt_flag, .excludes = BIT(1), .given = { 0, 1, 0xff, 1 } },
	{ .name = "restore", .form = &fwc_xt_flag, .excludes = BIT(0), .given = { 0, 1, 0xff, 2 } },
};

#define ALL_ONES(where)                                                                            \
	{                                                                                          \
		(where), 4, UINT32_MAX, UINT32_MAX                                                 \
	}
#define BOTH(extension, number, bytes)                                                             \
	.name = (extension), .families = FWC_XT_BOTH, .revision = (number), .size = (bytes)

static const struct fwc_xt_row rows[] = {
	{ BOTH("connbytes", 0, 24), FWC_XT_OPTIONS(connbytes_options) },
	{ BOTH("connlimit", 1, 32), FWC_XT_OPTIONS(connlimit_options), .one_of = 3,
	  .defaults = { ALL_ONES(0), ALL_ONES(4), ALL_ONES(8), ALL_ONES(12) } },
	{ BOTH("connlabel", 0, 4), FWC_XT_OPTIONS(connlabel_options) },
	{ BOTH("cluster", 0, 16), FWC_XT_OPTIONS(cluster_options), .one_of = 3,
	  .check = check_cluster },
	{ BOTH("CONNSECMARK", 0, 1), .is_target = true, FWC_XT_OPTIONS(connsecmark_options),
	  .one_of = 3 },
};

const struct fwc_xt_rows fwc_xt_connection_rows = { rows, FWC_ARRAY_SIZE(rows) };
