/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* sctp and dccp: ports, and the kinds of what a packet holds.
 *
 * Kernel: linux/netfilter/xt_sctp.h, xt_dccp.h. */
#include <netinet/in.h>
#include <strings.h>

#include "iptables/forms.h"

#define BIT(n) (1u << (n))

/* ---- ports, destinations first; `flags` is where what is looked at stands, what is inverted `bytes` behind it ---- */

#define PORTS(option, other, where, flags_at, bytes, bit, first)                                   \
	{ .name = (option),                                                                        \
	  .form = &fwc_xt_ports,                                                                   \
	  .at = (where),                                                                           \
	  .len = 4,                                                                                \
	  .max = UINT16_MAX,                                                                       \
	  .excludes = BIT((first) + 1),                                                            \
	  .given = { (flags_at), (bytes), (bit), (bit) },                                          \
	  .inverted = { (flags_at) + (bytes), (bytes), (bit), (bit) } },                           \
	{                                                                                          \
		.name = (other), .form = &fwc_xt_ports, .at = (where), .len = 4,                   \
		.max = UINT16_MAX, .flags = FWC_XT_READ_ONLY, .excludes = BIT(first),              \
		.given = { (flags_at), (bytes), (bit), (bit) }, .inverted = {                      \
			(flags_at) + (bytes),                                                      \
			(bytes),                                                                   \
			(bit),                                                                     \
			(bit)                                                                      \
		}                                                                                  \
	}
#define BOTH_PORTS(flags_at, bytes)                                                                \
	PORTS("sport", "source-port", 4, flags_at, bytes, 1, 0),                                   \
		PORTS("dport", "destination-port", 0, flags_at, bytes, 2, 2)

/* ---- sctp: a bit for each chunk 8, how 264, their flags 268, how many of these 280, what is looked at 284 ---- */

enum {
	CHUNKS = 8,
	CHUNKS_LEN = 256, /* bytes, of which the first 32 are looked up: all are set for ALL */
	CHUNKS_MOST = 256,
	HOW = 264,
	CHUNK_FLAGS = 268,
	CHUNK_FLAGS_LEN = 3, /* chunk, flags, their mask */
	CHUNK_FLAGS_MOST = 4,
	CHUNK_FLAGS_COUNT = 280,
	SCTP_FLAGS = 284,
	NO_CHUNK = 0xff,
	I_DATA = 64,
};

/* Letters are the flags' bits, the highest first. */
static const struct chunk {
	const char *name;
	uint8_t number;
	const char *letters;
} chunks[] = {
	{ "DATA", 0, "IUBE" },
	{ "INIT", 1, "" },
	{ "INIT_ACK", 2, "" },
	{ "SACK", 3, "" },
	{ "HEARTBEAT", 4, "" },
	{ "HEARTBEAT_ACK", 5, "" },
	{ "ABORT", 6, "T" },
	{ "SHUTDOWN", 7, "" },
	{ "SHUTDOWN_ACK", 8, "" },
	{ "ERROR", 9, "" },
	{ "COOKIE_ECHO", 10, "" },
	{ "COOKIE_ACK", 11, "" },
	{ "ECN_ECNE", 12, "" },
	{ "ECN_CWR", 13, "" },
	{ "SHUTDOWN_COMPLETE", 14, "T" },
	{ "I_DATA", I_DATA, "IUBE" },
	{ "ASCONF_ACK", 128, "" },
	{ "RE_CONFIG", 130, "" },
	{ "PAD", 132, "" },
	{ "FORWARD_TSN", 192, "" },
	{ "ASCONF", 193, "" },
	{ "I_FORWARD_TSN", 194, "" },
};

static const struct fwc_symbol hows[] = { { "any", 1 }, { "all", 2 }, { "only", 4 }, { 0 } };

static const struct chunk *find_chunk(const char *text, size_t len)
{
	for (size_t i = 0; i < FWC_ARRAY_SIZE(chunks); i++)
		if (!strncasecmp(chunks[i].name, text, len) && !chunks[i].name[len])
			return &chunks[i];
	return NULL;
}

/* The flags that a chunk has, or a new place for them. NULL: all are taken. */
static uint8_t *flags_of(uint8_t *info, uint8_t chunk, bool add)
{
	uint64_t count = fwc_xt_get(info, CHUNK_FLAGS_COUNT, 4);
	uint8_t *at = info + CHUNK_FLAGS;
	size_t i = 0;

	for (; i < count && i < CHUNK_FLAGS_MOST; i++, at += CHUNK_FLAGS_LEN)
		if (at[0] == chunk)
			return at;
	if (!add || i == CHUNK_FLAGS_MOST)
		return NULL;
	at[0] = chunk;
	fwc_xt_put(info, CHUNK_FLAGS_COUNT, 4, count + 1);
	return at;
}

/* "Be": a capital for a flag that is set, a small letter for one that is not. The flags of I_DATA are printed and not read:
 * iptables-nft 1.8.9 writes them for a chunk that does not exist, and lists no rule of a table that has the right ones. */
static bool scan_flags(uint8_t *info, const struct chunk *c, const char *text, size_t len)
{
	size_t letters = strlen(c->letters);
	uint8_t *flags = len && c->number != I_DATA ? flags_of(info, c->number, true) : NULL;

	for (size_t i = 0; i < len; i++) {
		const char *upper = strchr(c->letters, text[i] & ~0x20);
		uint8_t bit;

		if (!upper || !*upper || !flags)
			return false;
		bit = (uint8_t)BIT(letters - 1 - (size_t)(upper - c->letters));
		flags[1] |= text[i] == *upper ? bit : 0;
		flags[2] |= bit;
	}
	return true;
}

static bool scan_chunks(uint8_t *info, const char *text)
{
	if (!strcasecmp(text, "ALL") || !strcasecmp(text, "NONE")) {
		memset(info + CHUNKS, strcasecmp(text, "ALL") ? 0 : 0xff, CHUNKS_LEN);
		return true;
	}
	for (;; text++) {
		size_t len = strcspn(text, ",:"), at, flags = 0;
		const struct chunk *c = find_chunk(text, len);

		if (!c)
			return false;
		text += len;
		if (*text == ':') {
			flags = strcspn(++text, ",");
			if (!scan_flags(info, c, text, flags))
				return false;
			text += flags;
		}
		at = CHUNKS + c->number / 32u * 4u;
		fwc_xt_put(info, at, 4, fwc_xt_get(info, at, 4) | UINT64_C(1) << c->number % 32);
		if (!*text)
			return true;
	}
}

static int parse_chunks(const struct fwc_xt_place *p, const char *const *words)
{
	const struct fwc_symbol *how = hows;

	while (how->name && strcasecmp(how->name, words[0]) != 0)
		how++;
	if (!how->name)
		return fwc_xt_bad_value(p, words[0], "any, all or only, then chunks");
	fwc_xt_put(p->info, HOW, 4, how->value);
	return scan_chunks(p->info, words[1])
		       ? 0
		       : fwc_xt_bad_value(
				 p, words[1],
				 "ALL, NONE, or with commas between INIT, SACK ... and DATA:IUBEiube, ABORT:Tt, SHUTDOWN_COMPLETE:Tt, whose flags iptables can read");
}

static bool has_chunk(const uint8_t *info, size_t chunk)
{
	return fwc_xt_get(info, CHUNKS + chunk / 32 * 4, 4) >> chunk % 32 & 1;
}

static bool all_are(const uint8_t *info, uint8_t byte)
{
	for (size_t i = 0; i < CHUNKS_LEN; i++)
		if (info[CHUNKS + i] != byte)
			return false;
	return true;
}

static void format_chunk(uint8_t *info, const struct chunk *c, struct fwc_buf *out)
{
	const uint8_t *flags = flags_of(info, c->number, false);
	const char *separator = ":";
	uint8_t bit = (uint8_t)BIT(strlen(c->letters));

	fwc_buf_puts(out, c->name);
	for (const char *letter = c->letters; flags && *letter; letter++) {
		bit >>= 1;
		if (!(flags[2] & bit))
			continue;
		fwc_buf_printf(out, "%s%c", separator, flags[1] & bit ? *letter : *letter | 0x20);
		separator = "";
	}
}

static void format_chunk_list(uint8_t *info, struct fwc_buf *out)
{
	const struct chunk *named = chunks;
	const char *separator = "";

	for (size_t i = 0; i < CHUNKS_MOST; i++) {
		bool known = named < chunks + FWC_ARRAY_SIZE(chunks) && named->number == i;

		if (has_chunk(info, i)) {
			fwc_buf_puts(out, separator);
			separator = ",";
			if (known)
				format_chunk(info, named, out);
			else
				fwc_buf_printf(out, "%zu", i); /* which nobody reads */
		}
		named += known;
	}
}

static void format_chunks(const struct fwc_xt_place *p, struct fwc_buf *out)
{
	for (const struct fwc_symbol *how = hows; how->name; how++)
		if (how->value == fwc_xt_get(p->info, HOW, 4))
			fwc_buf_puts(out, how->name);
	fwc_buf_puts(out, " ");
	if (all_are(p->info, 0xff) || all_are(p->info, 0))
		fwc_buf_puts(out, all_are(p->info, 0) ? "NONE" : "ALL");
	else
		format_chunk_list(p->info, out);
}

static const struct fwc_xt_form chunks_form = { 2, parse_chunks, format_chunks };

static const struct fwc_xt_option sctp_options[] = {
	BOTH_PORTS(SCTP_FLAGS, 4),
	{ .name = "chunk-types",
	  .form = &chunks_form,
	  .at = CHUNKS,
	  .len = CHUNKS_LEN,
	  .given = { SCTP_FLAGS, 4, 4, 4 },
	  .inverted = { SCTP_FLAGS + 4, 4, 4, 4 } },
};

/* ---- dccp: what is looked at 8, inverted 10, a bit for each type 12, option 14 ---- */

static const struct fwc_symbol dccp_types[] = {
	{ "REQUEST", BIT(0) }, { "RESPONSE", BIT(1) }, { "DATA", BIT(2) },    { "ACK", BIT(3) },
	{ "DATAACK", BIT(4) }, { "CLOSEREQ", BIT(5) }, { "CLOSE", BIT(6) },   { "RESET", BIT(7) },
	{ "SYNC", BIT(8) },    { "SYNCACK", BIT(9) },  { "INVALID", 0xfc00 }, { 0 },
};

static const struct fwc_xt_option dccp_options[] = {
	BOTH_PORTS(8, 2),
	{ .name = "dccp-types",
	  .form = &fwc_xt_symbols,
	  .at = 12,
	  .len = 2,
	  .given = { 8, 2, 4, 4 },
	  .inverted = { 10, 2, 4, 4 },
	  .symbols = dccp_types },
	{ .name = "dccp-option",
	  .form = &fwc_xt_number,
	  .at = 14,
	  .len = 1,
	  .min = 1,
	  .given = { 8, 2, 8, 8 },
	  .inverted = { 10, 2, 8, 8 } },
};

#define NO_FLAGS(n)                                                                                \
	{                                                                                          \
		CHUNK_FLAGS + CHUNK_FLAGS_LEN *(n), 1, 0xff, NO_CHUNK                              \
	}

static const struct fwc_xt_row rows[] = {
	{ .name = "sctp",
	  .families = FWC_XT_BOTH,
	  .proto = IPPROTO_SCTP,
	  .size = 292,
	  FWC_XT_OPTIONS(sctp_options),
	  .defaults = { NO_FLAGS(0), NO_FLAGS(1), NO_FLAGS(2), NO_FLAGS(3) } },
	{ .name = "dccp",
	  .families = FWC_XT_BOTH,
	  .proto = IPPROTO_DCCP,
	  .size = 16,
	  FWC_XT_OPTIONS(dccp_options) },
};

const struct fwc_xt_rows fwc_xt_sctp_rows = { rows, FWC_ARRAY_SIZE(rows) };
