/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What `iptables -L` says about extensions. Each has words of its own there, which no program reads back: rows give those of
 * an option, functions what is more than words. An extension without either is written as iptables-save does. */
#include "iptables/forms.h"
#include "iptables/rule.h"

/* In `plain` and `inverted`: %v is the value, %V without its quotes, %o the option's name, %s an `s` where the value is a
 * range, %f the bytes of the place as `0x17/0x02`, or the words with a slash where names are wanted. */
struct words {
	const char *option; /* NULL: all others */
	const char *plain, *inverted;
};

struct listed {
	const char *name;
	bool is_target;
	const char *head; /* before all options */
	const struct words *words;
	/* Instead of the options. */
	void (*list)(struct fwc_xt_place *p, bool numeric, struct fwc_buf *out);
};

static const struct words ports[] = {
	{ "source-port", "spt%s:%v", "spt%s:!%v" },
	{ "sport", "spt%s:%v", "spt%s:!%v" },
	{ "destination-port", "dpt%s:%v", "dpt%s:!%v" },
	{ "dport", "dpt%s:%v", "dpt%s:!%v" },
	{ "tcp-flags", "flags:%f", "flags:!%f" },
	{ "tcp-option", "option=%v", "option=!%v" },
	{ 0 },
};
static const struct words plain_words[] = { { NULL, "%o %v", "! %o %v" }, { 0 } };
static const struct words list_words[] = { { NULL, "%o %v", "%o  !%v" }, { 0 } };
static const struct words value_only[] = { { NULL, "%v", "!%v" }, { 0 } };
static const struct words value_apart[] = { { NULL, "%v", "! %v" }, { 0 } };
static const struct words with_dashes[] = { { NULL, "--%o %v", "! --%o %v" }, { 0 } };
static const struct words comment[] = { { NULL, "/* %V */", "" }, { 0 } };
static const struct words addrtype[] = { { "limit-iface-in", "limit-in", "" },
					 { "limit-iface-out", "limit-out", "" },
					 { NULL, "%o %v", "%o !%v" },
					 { 0 } };
static const struct words iprange[] = {
	{ "src-range", "source IP range %v", "source IP range ! %v" },
	{ "dst-range", "destination IP range %v", "destination IP range ! %v" },
	{ 0 },
};
static const struct words equals[] = { { NULL, "= %v", "!= %v" }, { 0 } };
static const struct words ttl[] = { { "ttl-eq", "TTL == %v", "TTL != %v" },
				    { "ttl-lt", "TTL < %v", "" },
				    { "ttl-gt", "TTL > %v", "" },
				    { 0 } };
static const struct words hl[] = { { "hl-eq", "HL == %v", "HL != %v" },
				   { "hl-lt", "HL < %v", "" },
				   { "hl-gt", "HL > %v", "" },
				   { 0 } };
static const struct words owner[] = {
	{ "uid-owner", "owner UID match %v", "! owner UID match %v" },
	{ "gid-owner", "owner GID match %v", "! owner GID match %v" },
	{ "socket-exists", "owner socket exists", "! owner socket exists" },
	{ 0 },
};
static const struct words to[] = {
	{ "to-destination", "to:%v", "" }, { "to-source", "to:%v", "" }, { "to", "to:%v", "" },
	{ "to-ports", "ports: %v", "" },   { NULL, "%o", "" },           { 0 },
};
static const struct words redirect[] = { { "to-ports", "redir ports %v", "" },
					 { NULL, "%o", "" },
					 { 0 } };
static const struct words masquerade[] = { { "to-ports", "masq ports: %v", "" },
					   { NULL, "%o", "" },
					   { 0 } };
static const struct words queue[] = { { "queue-num", "num %v", "" },
				      { "queue-balance", "balance %v", "" },
				      { "queue-bypass", "bypass", "" },
				      { "queue-cpu-fanout", "cpu-fanout", "" },
				      { 0 } };
static const struct words hops[] = {
	{ "ttl-set", "set to %v", "" },
	{ "ttl-dec", "decrement by %v", "" },
	{ "ttl-inc", "increment by %v", "" },
	{ "hl-set", "set to %v", "" },
	{ "hl-dec", "decrement by %v", "" },
	{ "hl-inc", "increment by %v", "" },
	{ 0 },
};
static const struct words set_value[] = { { NULL, "set %v", "" }, { 0 } };
static const struct words marks[] = { { NULL, " %v", "! %v" }, { 0 } };
static const struct words spi[] = { { NULL, "spi%s:%v", "spi%s:!%v" }, { 0 } };
static const struct words bytes[] = { { "quota", "%v bytes", "! %v bytes" }, { 0 } };
static const struct words in_quotes[] = { { NULL, "\"%V\"", "! \"%V\"" }, { 0 } };
static const struct words gateway[] = { { "gateway", "gw:%v", "" }, { 0 } };
static const struct words fill[] = { { "checksum-fill", "fill", "" }, { 0 } };
static const struct words strip[] = { { "strip-options", "options %v", "" }, { 0 } };
static const struct words mss[] = { { "set-mss", "set %v", "" },
				    { "clamp-mss-to-pmtu", "clamp to PMTU", "" },
				    { 0 } };

static void list_icmp(struct fwc_xt_place *p, bool numeric, struct fwc_buf *out)
{
	const char *name = p->family == FWC_FAMILY_IP ? "icmp" : "ipv6-icmp";
	uint8_t type = p->info[0], first = p->info[1], last = p->info[2];
	bool inverted = p->info[3] & 1;

	if (!numeric) {
		fwc_buf_printf(out, " %s %s", name, inverted ? "!" : "");
		p->option = p->row->options;
		p->option->form->format(p, out);
		return;
	}
	fwc_buf_printf(out, " %s%stype %u", name, inverted ? " !" : "", type);
	if (first == last)
		fwc_buf_printf(out, " code %u", first);
	else if (first || last != UINT8_MAX)
		fwc_buf_printf(out, " codes %u-%u", first, last);
}

static void list_limit(struct fwc_xt_place *p, bool numeric, struct fwc_buf *out)
{
	(void)numeric;
	p->option = p->row->options;
	fwc_buf_puts(out, " limit: avg ");
	p->option->form->format(p, out);
	fwc_buf_printf(out, " burst %llu", (unsigned long long)fwc_xt_get(p->info, 4, 4));
}

static void list_recent(struct fwc_xt_place *p, bool numeric, struct fwc_buf *out)
{
	enum {
		SECONDS = 0,
		HITS = 4,
		FLAGS = 8,
		INVERTED = 9,
		NAME = 10,
		NAME_SIZE = 200,
		SIDE = 210,
		MASK = 212
	};
	static const struct {
		uint8_t bit;
		const char *word;
	} does[] = { { 2, " SET" }, { 1, " CHECK" }, { 4, " UPDATE" }, { 8, " REMOVE" } };
	static const uint8_t whole[16] = { 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
					   0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff };
	uint8_t flags = p->info[FLAGS];

	(void)numeric;
	fwc_buf_puts(out, p->info[INVERTED] ? " ! recent:" : " recent:");
	for (size_t i = 0; i < FWC_ARRAY_SIZE(does); i++)
		if (flags & does[i].bit)
			fwc_buf_puts(out, does[i].word);
	if (fwc_xt_get(p->info, SECONDS, 4))
		fwc_buf_printf(out, " seconds: %u", (uint32_t)fwc_xt_get(p->info, SECONDS, 4));
	if (flags & 0x20)
		fwc_buf_puts(out, " reap");
	if (fwc_xt_get(p->info, HITS, 4))
		fwc_buf_printf(out, " hit_count: %u", (uint32_t)fwc_xt_get(p->info, HITS, 4));
	if (flags & 0x10)
		fwc_buf_puts(out, " TTL-Match");
	fwc_buf_printf(out, " name: %.*s side: %s mask: ", NAME_SIZE, (const char *)p->info + NAME,
		       p->info[SIDE] ? "dest" : "source");
	fwc_xt_format_address(p->family, p->row->revision ? p->info + MASK : whole, out);
}

static void list_log(struct fwc_xt_place *p, bool numeric, struct fwc_buf *out)
{
	enum { LEVEL = 0, FLAGS = 1, PREFIX = 2, PREFIX_SIZE = 30 };
	static const char *const flags[] = { " tcp-sequence", " tcp-options",   " ip-options",
					     " uid",          " unknown-flags", " macdecode" };

	if (numeric || p->info[LEVEL] >= FWC_XT_LOG_LEVELS) {
		fwc_buf_printf(out, " LOG flags %u level %u", p->info[FLAGS], p->info[LEVEL]);
	} else {
		fwc_buf_printf(out, " LOG level %s", fwc_xt_log_levels[p->info[LEVEL]]);
		for (size_t i = 0; i < FWC_ARRAY_SIZE(flags); i++)
			if (p->info[FLAGS] & 1 << i)
				fwc_buf_puts(out, flags[i]);
	}
	if (p->info[PREFIX])
		fwc_buf_printf(out, " prefix \"%.*s\"", PREFIX_SIZE,
			       (const char *)p->info + PREFIX);
}

/* `mark` in the bits of `mask`, by what it does to the mark of a packet or connection. */
static void list_set_mark(const struct fwc_xt_place *p, struct fwc_buf *out)
{
	uint32_t mark = (uint32_t)fwc_xt_get(p->info, 0, 4),
		 mask = (uint32_t)fwc_xt_get(p->info, 4, 4);

	fwc_buf_printf(out, " %s ", p->row->name);
	if (!mark)
		fwc_buf_printf(out, "and 0x%x", ~mask);
	else if (mark == mask)
		fwc_buf_printf(out, "or 0x%x", mark);
	else if (!mask)
		fwc_buf_printf(out, "xor 0x%x", mark);
	else if (mask == UINT32_MAX)
		fwc_buf_printf(out, "set 0x%x", mark);
	else
		fwc_buf_printf(out, "xset 0x%x/0x%x", mark, mask);
}

static void list_mark(struct fwc_xt_place *p, bool numeric, struct fwc_buf *out)
{
	(void)numeric;
	list_set_mark(p, out);
}

static void list_connmark(struct fwc_xt_place *p, bool numeric, struct fwc_buf *out)
{
	enum { CT_MASK = 4, NF_MASK = 8, MODE_1 = 12, MODE_2 = 14 };
	uint32_t ct = (uint32_t)fwc_xt_get(p->info, CT_MASK, 4);
	uint32_t nf = (uint32_t)fwc_xt_get(p->info, NF_MASK, 4);
	uint8_t mode = p->info[p->row->revision == 2 ? MODE_2 : MODE_1];

	(void)numeric;
	if (mode == 0) {
		list_set_mark(p, out);
		return;
	}
	fwc_buf_printf(out, " CONNMARK %s", mode == 1 ? "save" : "restore");
	if (nf == ct && nf != UINT32_MAX)
		fwc_buf_printf(out, " mask 0x%x", nf);
	else if (nf != ct)
		fwc_buf_printf(out, " nfmask 0x%x ctmask ~0x%x", nf, ct);
}

static void list_classify(struct fwc_xt_place *p, bool numeric, struct fwc_buf *out)
{
	uint32_t class = (uint32_t)fwc_xt_get(p->info, 0, 4);

	(void)numeric;
	fwc_buf_printf(out, " CLASSIFY set %x:%x", class >> 16, class & 0xffff);
}

static void list_tproxy(struct fwc_xt_place *p, bool numeric, struct fwc_buf *out)
{
	enum { MASK = 0, MARK = 4, ADDRESS = 8, PORT = 24 };

	(void)numeric;
	fwc_buf_puts(out, " TPROXY redirect ");
	fwc_xt_format_address(p->family, p->info + ADDRESS, out);
	fwc_buf_printf(out, ":%u mark 0x%x/0x%x", p->info[PORT] << 8 | p->info[PORT + 1],
		       (uint32_t)fwc_xt_get(p->info, MARK, 4),
		       (uint32_t)fwc_xt_get(p->info, MASK, 4));
}

static const struct listed table[] = {
	{ "tcp", false, "tcp", ports },
	{ "udp", false, "udp", ports },
	{ "udplite", false, "udplite", ports },
	{ "icmp", false, .list = list_icmp },
	{ "icmp6", false, .list = list_icmp },
	{ "state", false, NULL, plain_words },
	{ "conntrack", false, NULL, plain_words },
	{ "comment", false, NULL, comment },
	{ "multiport", false, "multiport", list_words },
	{ "limit", false, .list = list_limit },
	{ "mark", false, "mark match", value_apart },
	{ "connmark", false, "connmark match", marks },
	{ "recent", false, .list = list_recent },
	{ "helper", false, "helper match", in_quotes },
	{ "esp", false, "esp", spi },
	{ "ah", false, "ah", spi },
	{ "cpu", false, "cpu", value_only },
	{ "quota", false, "quota:", bytes },
	{ "realm", false, "realm", value_only },
	{ "devgroup", false, NULL, plain_words },
	{ "policy", false, "policy match", plain_words },
	{ "u32", false, "u32", value_only },
	{ "mac", false, "MAC", value_apart },
	{ "addrtype", false, "ADDRTYPE match", addrtype },
	{ "iprange", false, NULL, iprange },
	{ "length", false, "length", value_only },
	{ "pkttype", false, "PKTTYPE", equals },
	{ "ttl", false, "TTL match", ttl },
	{ "hl", false, "HL match", hl },
	{ "statistic", false, "statistic", plain_words },
	{ "physdev", false, "PHYSDEV match", with_dashes },
	{ "dscp", false, "DSCP match", value_only },
	{ "owner", false, NULL, owner },
	{ "LOG", true, .list = list_log },
	{ "NFLOG", true, NULL, plain_words },
	{ "REJECT", true, NULL, plain_words },
	{ "NFQUEUE", true, "NFQUEUE", queue },
	{ "MARK", true, .list = list_mark },
	{ "CONNMARK", true, .list = list_connmark },
	{ "DNAT", true, NULL, to },
	{ "SNAT", true, NULL, to },
	{ "NETMAP", true, NULL, to },
	{ "REDIRECT", true, NULL, redirect },
	{ "MASQUERADE", true, NULL, masquerade },
	{ "TTL", true, "TTL", hops },
	{ "HL", true, "HL", hops },
	{ "DSCP", true, "DSCP", set_value },
	{ "TOS", true, "TOS", set_value },
	{ "TCPMSS", true, "TCPMSS", mss },
	{ "CLASSIFY", true, .list = list_classify },
	{ "TPROXY", true, .list = list_tproxy },
	{ "TEE", true, "TEE", gateway },
	{ "CHECKSUM", true, "CHECKSUM", fill },
	{ "TCPOPTSTRIP", true, "TCPOPTSTRIP", strip },
	{ "AUDIT", true, "AUDIT", value_only },
	{ "CT", true, "CT", plain_words },
	{ "TRACE", true, NULL, plain_words },
};

static const struct listed *find(const struct fwc_xt_row *row)
{
	for (size_t i = 0; i < FWC_ARRAY_SIZE(table); i++)
		if (table[i].is_target == row->is_target && !strcmp(table[i].name, row->name))
			return &table[i];
	return NULL;
}

/* ---- options by their words ---- */

static void put_unquoted(const char *value, struct fwc_buf *out)
{
	bool quoted = *value == '"';

	for (value += quoted; *value && !(quoted && *value == '"' && !value[1]); value++) {
		if (quoted && *value == '\\' && value[1])
			value++;
		fwc_buf_add(out, value, 1);
	}
}

static void put_flags(const struct fwc_xt_place *p, const char *value, bool numeric,
		      struct fwc_buf *out)
{
	if (numeric)
		fwc_buf_printf(out, "0x%02X/0x%02X", p->info[p->option->at],
			       p->info[p->option->at + 1]);
	for (; !numeric && *value; value++)
		fwc_buf_add(out, *value == ' ' ? "/" : value, 1);
}

static void put_words(const char *form, const struct fwc_xt_place *p, const char *value,
		      bool numeric, struct fwc_buf *out)
{
	for (; *form; form++) {
		if (*form != '%') {
			/* What is before a value that is not there is the end. */
			if (*form != ' ' || form[1] != '%' || *value)
				fwc_buf_add(out, form, 1);
			continue;
		}
		switch (*++form) {
		case 'v':
			fwc_buf_puts(out, value);
			break;
		case 'V':
			put_unquoted(value, out);
			break;
		case 'o':
			fwc_buf_puts(out, p->option->name);
			break;
		case 's':
			fwc_buf_puts(out, strchr(value, ':') ? "s" : "");
			break;
		default:
			put_flags(p, value, numeric, out);
		}
	}
}

static const struct words *words_of(const struct listed *l, const char *option)
{
	static const struct words as_saved = { NULL, "%o %v", "! %o %v" };

	for (const struct words *w = l->words; w->plain; w++)
		if (!w->option || !strcmp(w->option, option))
			return w;
	return &as_saved;
}

static void list_options(const struct listed *l, const struct fwc_xt_use *u, uint32_t family,
			 bool numeric, struct fwc_buf *out)
{
	struct fwc_buf value = { 0 };
	struct fwc_xt_given g;

	if (l->head)
		fwc_buf_printf(out, " %s", l->head);
	fwc_xt_given_begin(&g, u->row, u->info, family);
	while (fwc_xt_given_next(&g)) {
		const struct words *w = words_of(l, g.place.option->name);

		value.len = 0;
		fwc_buf_puts(&value, "");
		if (g.place.option->form->words)
			g.place.option->form->format(&g.place, &value);
		out->failed |= value.failed;
		fwc_buf_puts(out, " ");
		put_words(g.inverted ? w->inverted : w->plain, &g.place,
			  value.data ? value.data : "", numeric, out);
	}
	fwc_buf_free(&value);
}

void fwc_xt_list_use(const struct fwc_xt_rule *x, const struct fwc_xt_use *u, bool numeric,
		     struct fwc_buf *out)
{
	const struct listed *l = u->row ? find(u->row) : NULL;

	if (!u->row) {
		fwc_buf_printf(out, " [%u bytes of unknown %s %s]", u->kernel->len,
			       u->kernel->is_target ? "target" : "match", u->kernel->name);
	} else if (!l) {
		fwc_buf_printf(out, " %s", u->row->name);
		fwc_xt_format_options(u->row, u->info, x->family, out);
	} else if (l->list) {
		l->list(&(struct fwc_xt_place){ .row = u->row,
						.info = u->info,
						.family = x->family },
			numeric, out);
	} else {
		list_options(l, u, x->family, numeric, out);
	}
}
