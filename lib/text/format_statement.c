/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Targets that keep state, that hand the packet on, and that speak of sets and objects, as nft writes them. */
#include "fields/made.h"
#include "text/format.h"
#include "text/format_target.h"
#include "text/words.h"

#include <linux/netfilter/nf_tables.h>

static uint64_t number(const struct fwc_target *t, uint32_t param, uint64_t otherwise)
{
	uint64_t n = otherwise;

	fwc_target_get_number(t, param, &n);
	return n;
}

static void format_flags(const struct fwc_symbol *words, uint64_t flags, const char *before,
			 const char *between, struct fwc_buf *out)
{
	for (; words->name; words++)
		if (flags & words->value) {
			fwc_buf_printf(out, "%s%s", before, words->name);
			before = between;
		}
}

/* ---- state ---- */

void fwc_format_quota(const struct fwc_format_context *c, const struct fwc_target *t,
		      struct fwc_buf *out)
{
	uint64_t used = number(t, FWC_QUOTA_USED, 0);

	fwc_buf_puts(out, number(t, FWC_QUOTA_OVER, 0) ? "quota over " : "quota ");
	fwc_format_bytes(number(t, FWC_QUOTA_BYTES, 0), out);
	if (!used || c->stateless)
		return;
	fwc_buf_puts(out, " used ");
	fwc_format_bytes(used, out);
}

void fwc_format_connlimit(const struct fwc_format_context *c, const struct fwc_target *t,
			  struct fwc_buf *out)
{
	(void)c;
	fwc_buf_printf(out, "ct count %s%llu", number(t, FWC_CONNLIMIT_OVER, 0) ? "over " : "",
		       (unsigned long long)number(t, FWC_CONNLIMIT_COUNT, 0));
}

void fwc_format_last(const struct fwc_format_context *c, const struct fwc_target *t,
		     struct fwc_buf *out)
{
	fwc_buf_puts(out, "last");
	if (c->stateless)
		return;
	fwc_buf_puts(out, " used ");
	if (number(t, FWC_LAST_SEEN, 0))
		fwc_format_time_ms(number(t, FWC_LAST_AGO_MS, 0), out);
	else
		fwc_buf_puts(out, "never");
}

/* ---- handed on ---- */

void fwc_format_notrack(const struct fwc_format_context *c, const struct fwc_target *t,
			struct fwc_buf *out)
{
	(void)c;
	(void)t;
	fwc_buf_puts(out, "notrack");
}

void fwc_format_synproxy(const struct fwc_format_context *c, const struct fwc_target *t,
			 struct fwc_buf *out)
{
	uint64_t n;

	(void)c;
	fwc_buf_puts(out, "synproxy");
	if (fwc_target_get_number(t, FWC_SYNPROXY_MSS, &n))
		fwc_buf_printf(out, " mss %llu", (unsigned long long)n);
	if (fwc_target_get_number(t, FWC_SYNPROXY_WSCALE, &n))
		fwc_buf_printf(out, " wscale %llu", (unsigned long long)n);
	format_flags(fwc_words_synproxy_flag, number(t, FWC_SYNPROXY_FLAGS, 0), " ", " ", out);
}

void fwc_format_queue(const struct fwc_format_context *c, const struct fwc_target *t,
		      struct fwc_buf *out)
{
	uint64_t first = number(t, FWC_QUEUE_NUMBER, 0), count = number(t, FWC_QUEUE_COUNT, 1);
	uint64_t flags = number(t, FWC_QUEUE_FLAGS, 0);
	const struct fwc_value *v = fwc_target_get_value(t, FWC_QUEUE_VALUE);

	(void)c;
	fwc_buf_puts(out, "queue");
	if (flags)
		format_flags(fwc_words_queue_flag, flags, " flags ", ",", out);
	fwc_buf_puts(out, " to ");
	if (v)
		fwc_text_format_value(v, out);
	else
		fwc_buf_printf(out, "%llu", (unsigned long long)first);
	if (count > 1)
		fwc_buf_printf(out, "-%llu", (unsigned long long)(first + count - 1));
}

void fwc_format_tproxy(const struct fwc_format_context *c, const struct fwc_target *t,
		       struct fwc_buf *out)
{
	const struct fwc_value *addr = fwc_target_get_value(t, FWC_TPROXY_ADDR);
	const struct fwc_value *port = fwc_target_get_value(t, FWC_TPROXY_PORT);
	uint64_t said;

	(void)c;
	fwc_buf_puts(out, "tproxy");
	if (fwc_target_get_number(t, FWC_TPROXY_FAMILY, &said))
		fwc_buf_puts(out, said == FWC_FAMILY_IP6 ? " ip6" : " ip");
	fwc_buf_puts(out, " to ");
	if (addr)
		fwc_format_nat_address(addr, addr->type && addr->type->form == FWC_FORM_IP6, out);
	if (port) {
		fwc_buf_puts(out, ":");
		fwc_text_format_value(port, out);
	}
}

void fwc_format_dup(const struct fwc_format_context *c, const struct fwc_target *t,
		    struct fwc_buf *out)
{
	const struct fwc_value *addr = fwc_target_get_value(t, FWC_DUP_ADDR);
	const struct fwc_value *device = fwc_target_get_value(t, FWC_DUP_DEVICE);

	(void)c;
	fwc_buf_puts(out, "dup to ");
	if (addr)
		fwc_text_format_value(addr, out);
	if (addr && device)
		fwc_buf_puts(out, " device ");
	if (device)
		fwc_text_format_value(device, out);
}

void fwc_format_fwd(const struct fwc_format_context *c, const struct fwc_target *t,
		    struct fwc_buf *out)
{
	const struct fwc_value *addr = fwc_target_get_value(t, FWC_FWD_ADDR);
	const struct fwc_value *device = fwc_target_get_value(t, FWC_FWD_DEVICE);

	(void)c;
	fwc_buf_puts(out, "fwd ");
	if (addr) {
		fwc_buf_puts(out,
			     number(t, FWC_FWD_FAMILY, 0) == FWC_FAMILY_IP6 ? "ip6 to " : "ip to ");
		fwc_text_format_value(addr, out);
		fwc_buf_puts(out, " device ");
	} else {
		fwc_buf_puts(out, "to ");
	}
	fwc_text_format_value(device, out);
}

/* By the words of the field that says whether it is there. */
void fwc_format_strip(const struct fwc_format_context *c, const struct fwc_target *t,
		      struct fwc_buf *out)
{
	struct fwc_made_field made = { .row = { .load = FWC_LOAD_EXTHDR,
						.base = NFT_EXTHDR_OP_TCPOPT,
						.key = (uint32_t)number(t, FWC_STRIP_KIND, 0),
						.flags = NFT_EXTHDR_F_PRESENT } };

	(void)c;
	fwc_buf_printf(out, "reset %s", fwc_field_make(&made, 1)->name);
}

/* ---- sets and objects ---- */

void fwc_format_objref(const struct fwc_format_context *c, const struct fwc_target *t,
		       struct fwc_buf *out)
{
	const struct fwc_value *map = fwc_target_get_value(t, FWC_OBJREF_MAP);

	(void)c;
	fwc_buf_printf(out, "%s ", fwc_object_statement((uint32_t)number(t, FWC_OBJREF_TYPE, 0)));
	if (map)
		fwc_text_format_value(map, out);
	else
		fwc_buf_printf(out, "\"%s\"", fwc_target_get_text(t, FWC_OBJREF_NAME));
}

void fwc_format_flow(const struct fwc_format_context *c, const struct fwc_target *t,
		     struct fwc_buf *out)
{
	(void)c;
	fwc_buf_printf(out, "flow add @%s", fwc_target_get_text(t, FWC_FLOW_TABLE));
}

void fwc_format_update(const struct fwc_format_context *c, const struct fwc_target *t,
		       struct fwc_buf *out)
{
	static const char *const words[] = { "add", "update", "delete" };
	const struct fwc_value *data = fwc_target_get_value(t, FWC_UPDATE_DATA);
	uint64_t timeout;

	fwc_buf_printf(out, "%s @%s { ", words[number(t, FWC_UPDATE_OPERATION, 0)],
		       fwc_target_get_text(t, FWC_UPDATE_SET));
	fwc_text_format_value(fwc_target_get_value(t, FWC_UPDATE_KEY), out);
	if (fwc_target_get_number(t, FWC_UPDATE_TIMEOUT_MS, &timeout)) {
		fwc_buf_puts(out, " timeout ");
		fwc_format_time_ms(timeout, out);
	}
	for (uint32_t param = FWC_UPDATE_TARGET; param <= FWC_UPDATE_TARGET_2; param++) {
		const struct fwc_target *inner = fwc_target_get_target(t, param);

		if (!inner)
			continue;
		/* What each new element begins with; the state is the elements' own. */
		fwc_buf_puts(out, " ");
		fwc_format_target(c->rule, inner, true, out);
	}
	if (data) {
		fwc_buf_puts(out, " : ");
		fwc_text_format_value(data, out);
	}
	fwc_buf_puts(out, " }");
}
