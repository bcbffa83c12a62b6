/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Targets that hand packets to somebody else: TEE, TPROXY, SYNPROXY.
 *
 * Kernel: linux/netfilter/xt_TEE.h, xt_TPROXY.h, nf_synproxy.h. */
#include <arpa/inet.h>
#include <netinet/in.h>

#include "iptables/forms.h"

/* ---- TEE: gateway 0, interface 16 ---- */

static int parse_gateway(const struct fwc_xt_place *p, const char *const *words)
{
	static const uint8_t nowhere[16];
	int r = fwc_xt_plain_address.parse(p, words);

	if (r == 0 && !memcmp(p->info, nowhere, sizeof(nowhere)))
		r = fwc_xt_bad_value(p, words[0], "the address of a host");
	return r;
}

static void format_gateway(const struct fwc_xt_place *p, struct fwc_buf *out)
{
	fwc_xt_plain_address.format(p, out);
}

static const struct fwc_xt_form gateway_form = { 1, parse_gateway, format_gateway };

static const struct fwc_xt_option tee_options[] = {
	{ .name = "gateway",
	  .form = &gateway_form,
	  .len = 16,
	  .flags = FWC_XT_REQUIRED | FWC_XT_ALWAYS },
	{ .name = "oif", .form = &fwc_xt_text, .at = 16, .len = 16, .min = 1 },
};

/* ---- TPROXY: mask 0, mark 4, address 8, port 24 ---- */

/* The halves are the other way round than in other structs. */
static int parse_proxy_mark(const struct fwc_xt_place *p, const char *const *words)
{
	uint64_t mark;
	int r = fwc_xt_mark.parse(p, words);

	if (r < 0)
		return r;
	mark = fwc_xt_get(p->info, 0, 4);
	fwc_xt_put(p->info, 0, 4, fwc_xt_get(p->info, 4, 4));
	fwc_xt_put(p->info, 4, 4, mark);
	return 0;
}

static void format_proxy_mark(const struct fwc_xt_place *p, struct fwc_buf *out)
{
	fwc_buf_printf(out, "0x%llx/0x%llx", (unsigned long long)fwc_xt_get(p->info, 4, 4),
		       (unsigned long long)fwc_xt_get(p->info, 0, 4));
}

static const struct fwc_xt_form proxy_mark_form = { 1, parse_proxy_mark, format_proxy_mark };

static int parse_port(const struct fwc_xt_place *p, const char *const *words)
{
	uint64_t port;

	if (!fwc_xt_scan_port(words[0], &port))
		return fwc_xt_bad_value(p, words[0], "a port's name, or a number up to 65535");
	fwc_xt_put(p->info, p->option->at, 2, htons((uint16_t)port));
	return 0;
}

static void format_port(const struct fwc_xt_place *p, struct fwc_buf *out)
{
	fwc_buf_printf(out, "%u", ntohs((uint16_t)fwc_xt_get(p->info, p->option->at, 2)));
}

static const struct fwc_xt_form port_form = { 1, parse_port, format_port };

static const struct fwc_xt_option tproxy_options[] = {
	{ .name = "on-port",
	  .form = &port_form,
	  .at = 24,
	  .len = 2,
	  .flags = FWC_XT_REQUIRED | FWC_XT_ALWAYS },
	{ .name = "on-ip",
	  .form = &fwc_xt_plain_address,
	  .at = 8,
	  .len = 16,
	  .flags = FWC_XT_ALWAYS },
	{ .name = "tproxy-mark", .form = &proxy_mark_form, .len = 8, .flags = FWC_XT_ALWAYS },
};

static int check_tproxy(const struct fwc_xt_row *row, uint8_t *info, uint8_t proto, uint32_t given,
			struct fwc_error *err)
{
	(void)info;
	(void)given;
	if (proto == IPPROTO_TCP || proto == IPPROTO_UDP)
		return 0;
	return fwc_fail(err, -EINVAL, FWC_OBJECT_TEXT, "-j %s needs -p tcp or udp", row->name);
}

/* ---- SYNPROXY: what is announced 0, scale 1, segments 2 ---- */

#define ANNOUNCED(bit) .given = { 0, 1, (bit), (bit) }

static const struct fwc_xt_option synproxy_options[] = {
	{ .name = "sack-perm", .form = &fwc_xt_flag, ANNOUNCED(0x04) },
	{ .name = "timestamp", .form = &fwc_xt_flag, ANNOUNCED(0x08) },
	{ .name = "wscale", .form = &fwc_xt_number, .at = 1, .len = 1, ANNOUNCED(0x02) },
	{ .name = "mss", .form = &fwc_xt_number, .at = 2, .len = 2, ANNOUNCED(0x01) },
	{ .name = "ecn", .form = &fwc_xt_flag, ANNOUNCED(0x10) },
};

#define TARGET(target, number, bytes)                                                              \
	.name = (target), .is_target = true, .families = FWC_XT_BOTH, .revision = (number),        \
	.size = (bytes)

static const struct fwc_xt_row rows[] = {
	{ TARGET("TEE", 1, 40), FWC_XT_OPTIONS(tee_options) },
	{ TARGET("TPROXY", 1, 28), FWC_XT_OPTIONS(tproxy_options), .check = check_tproxy },
	{ TARGET("SYNPROXY", 0, 4), .proto = IPPROTO_TCP, FWC_XT_OPTIONS(synproxy_options) },
};

const struct fwc_xt_rows fwc_xt_proxy_rows = { rows, FWC_ARRAY_SIZE(rows) };
