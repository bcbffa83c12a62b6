/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The words of iptables, in: one rule's line. */
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>

#include "iptables/command.h"
#include "iptables/forms.h"
#include "iptables/iptables.h"
#include "iptables/parser.h"
#include "iptables/translate.h"

int fwc_xt_parser_fail(struct fwc_xt_parser *p, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	fwc_failv(p->err, -EINVAL, FWC_OBJECT_TEXT, fmt, ap);
	va_end(ap);
	return -EINVAL;
}

/* ---- what every rule can have ---- */

static int take_address(struct fwc_xt_parser *p, struct fwc_xt_prefix *to, char letter,
			const char *text)
{
	if (to->given)
		return fwc_xt_parser_fail(p, "-%c is given twice", letter);
	if (!fwc_xt_scan_prefix(p->x->family, text, to->address, to->mask))
		return fwc_xt_parser_fail(
			p,
			"'%.64s' is no address of this family for -%c: ADDRESS, ADDRESS/PREFIX or ADDRESS/MASK, one alone",
			text, letter);
	if (p->inverted && !fwc_mask_to_prefix(to->mask, fwc_xt_address_len(p->x->family)))
		return fwc_xt_parser_fail(p, "'! -%c %.64s' matches no packet at all", letter,
					  text);
	for (size_t i = 0; i < sizeof(to->address); i++)
		to->address[i] &= to->mask[i];
	to->given = true;
	to->inverted = p->inverted;
	return 0;
}

/* `-s A,B` is a rule for each; of a rule alone there is one. */
static int take_addresses(struct fwc_xt_parser *p, struct fwc_xt_prefix *to, struct fwc_vec *more,
			  char letter, const char *text)
{
	char one[128];
	int r = 0;

	if (!p->command || !strchr(text, ','))
		return take_address(p, to, letter, text);
	if (p->inverted)
		return fwc_xt_parser_fail(p, "! not allowed with multiple source or destination "
					     "IP addresses");
	for (const char *end; r == 0 && *text; text = *end ? end + 1 : end) {
		end = text + strcspn(text, ",");
		snprintf(one, sizeof(one), "%.*s", (int)(end - text), text);
		if (to->given && !(to = fwc_arena_alloc(&p->x->arena, sizeof(*to))))
			return fwc_fail_memory(p->err);
		r = take_address(p, to, letter, one);
		if (r == 0 && to != &p->x->source && to != &p->x->destination &&
		    fwc_vec_push(more, to) < 0)
			return fwc_fail_memory(p->err);
	}
	return r;
}

static int take_source(struct fwc_xt_parser *p, const char *const *words)
{
	return take_addresses(p, &p->x->source, p->command ? &p->command->more_sources : NULL, 's',
			      words[0]);
}

static int take_destination(struct fwc_xt_parser *p, const char *const *words)
{
	return take_addresses(p, &p->x->destination,
			      p->command ? &p->command->more_destinations : NULL, 'd', words[0]);
}

static int take_mac(struct fwc_xt_parser *p, struct fwc_xt_prefix *to, const char *name,
		    const char *text)
{
	struct fwc_xt_prefix mac = { .given = true, .inverted = p->inverted };

	if (to->given)
		return fwc_xt_parser_fail(p, "--%s is given twice", name);
	if (!fwc_xt_arp_scan_mac(text, &mac))
		return fwc_xt_parser_fail(
			p,
			"'%.64s' is no value of --%s: ADDRESS or ADDRESS/MASK, 00:11:22:33:44:55, or one of Unicast, Multicast, Broadcast and BGA",
			text, name);
	if (mac.inverted && !fwc_mask_to_prefix(mac.mask, 6))
		return fwc_xt_parser_fail(p, "'! --%s %.64s' matches no packet at all", name, text);
	for (size_t i = 0; i < 6; i++)
		mac.address[i] &= mac.mask[i];
	*to = mac;
	return 0;
}

static int take_source_mac(struct fwc_xt_parser *p, const char *const *words)
{
	return take_mac(p, &p->x->source_mac, "src-mac", words[0]);
}

static int take_destination_mac(struct fwc_xt_parser *p, const char *const *words)
{
	return take_mac(p, &p->x->destination_mac, "dst-mac", words[0]);
}

static int take_number(struct fwc_xt_parser *p, size_t which, const char *text)
{
	if (p->x->arp[which].given)
		return fwc_xt_parser_fail(p, "--%s is given twice", fwc_xt_arp_rows[which].name);
	return fwc_xt_arp_scan(which, text, p->inverted, &p->x->arp[which])
		       ? 0
		       : fwc_xt_parser_fail(p, "'%.64s' is no value of --%s: %s", text,
					    fwc_xt_arp_rows[which].name,
					    fwc_xt_arp_rows[which].allowed);
}

static int take_type(struct fwc_xt_parser *p, const char *const *words)
{
	return take_number(p, FWC_XT_ARP_TYPE, words[0]);
}

static int take_proto(struct fwc_xt_parser *p, const char *const *words)
{
	return take_number(p, FWC_XT_ARP_PROTO, words[0]);
}

static int take_length(struct fwc_xt_parser *p, const char *const *words)
{
	return take_number(p, FWC_XT_ARP_LEN, words[0]);
}

static int take_opcode(struct fwc_xt_parser *p, const char *const *words)
{
	return take_number(p, FWC_XT_ARP_OPCODE, words[0]);
}

static int take_interface(struct fwc_xt_parser *p, struct fwc_xt_interface *to, char letter,
			  const char *name)
{
	size_t len = strlen(name);

	if (to->name[0])
		return fwc_xt_parser_fail(p, "-%c is given twice", letter);
	if (!len || len > 15 || strpbrk(name, " /"))
		return fwc_xt_parser_fail(
			p, "'%.64s' is no interface for -%c: a name of 1 to 15 bytes", name,
			letter);
	memcpy(to->name, name, len + 1);
	to->inverted = p->inverted;
	return 0;
}

static int take_in(struct fwc_xt_parser *p, const char *const *words)
{
	return take_interface(p, &p->x->in, 'i', words[0]);
}

static int take_out(struct fwc_xt_parser *p, const char *const *words)
{
	return take_interface(p, &p->x->out, 'o', words[0]);
}

static int take_protocol(struct fwc_xt_parser *p, const char *const *words)
{
	uint64_t n;

	if (p->x->proto)
		return fwc_xt_parser_fail(p, "-p is given twice");
	if (!fwc_xt_scan_protocol(words[0], &n))
		return fwc_xt_parser_fail(
			p, "'%.64s' is no protocol for -p: a name, or a number up to 255",
			words[0]);
	if (!n && p->inverted)
		return fwc_xt_parser_fail(p, "'! -p %s' matches no packet at all", words[0]);
	p->x->proto = (uint8_t)n;
	p->x->proto_inverted = p->inverted;
	return 0;
}

static int take_fragment(struct fwc_xt_parser *p, const char *const *words)
{
	(void)words;
	if (p->x->family != FWC_FAMILY_IP)
		return fwc_xt_parser_fail(p, "-f is of IPv4: IPv6 has -m frag");
	p->x->fragment = true;
	p->x->fragment_inverted = p->inverted;
	return 0;
}

static int take_counters(struct fwc_xt_parser *p, const char *const *words)
{
	if (!fwc_xt_scan_all(words[0], 0, UINT64_MAX, &p->x->packets) ||
	    !fwc_xt_scan_all(words[1], 0, UINT64_MAX, &p->x->bytes))
		return fwc_xt_parser_fail(p, "'%.32s %.32s' are no counters for -c: PACKETS BYTES",
					  words[0], words[1]);
	p->countered = true;
	if (p->command)
		p->command->counted = true;
	return 0;
}

static int take_match(struct fwc_xt_parser *p, const char *const *words)
{
	const struct fwc_xt_row *row = fwc_xt_find(words[0], false, p->x->family);
	struct fwc_xt_use *u;

	if (!row)
		return fwc_xt_parser_fail(
			p,
			"Couldn't load match `%.64s': no match of that name is known for this family",
			words[0]);
	u = fwc_xt_use_in(p->x, row);
	return u && fwc_vec_push(&p->x->matches, u) == 0 ? 0 : fwc_fail_memory(p->err);
}

static int take_chain_of(struct fwc_xt_parser *p, const char *name, uint32_t verdict)
{
	int r = fwc_check_name("chain", name, p->err);

	if (r < 0)
		return r;
	p->x->chain = fwc_arena_strdup(&p->x->arena, name);
	p->x->verdict = verdict;
	return p->x->chain ? 0 : fwc_fail_memory(p->err);
}

static int take_jump(struct fwc_xt_parser *p, const char *const *words)
{
	static const struct {
		const char *name;
		uint32_t verdict;
	} verdicts[] = {
		{ "ACCEPT", FWC_VERDICT_ACCEPT },
		{ "DROP", FWC_VERDICT_DROP },
		{ "RETURN", FWC_VERDICT_RETURN },
	};
	const struct fwc_xt_row *row = fwc_xt_find(words[0], true, p->x->family);

	if (p->x->verdict || p->x->target)
		return fwc_xt_parser_fail(p, "there are two targets: a rule has one of -j and -g");
	for (size_t i = 0; i < FWC_ARRAY_SIZE(verdicts); i++)
		if (!strcmp(words[0], verdicts[i].name)) {
			p->x->verdict = verdicts[i].verdict;
			return 0;
		}
	if (!row)
		return take_chain_of(p, words[0], FWC_VERDICT_JUMP);
	p->x->target = fwc_xt_use_in(p->x, row);
	return p->x->target ? 0 : fwc_fail_memory(p->err);
}

static int take_goto(struct fwc_xt_parser *p, const char *const *words)
{
	if (p->x->verdict || p->x->target)
		return fwc_xt_parser_fail(p, "there are two targets: a rule has one of -j and -g");
	return take_chain_of(p, words[0], FWC_VERDICT_GOTO);
}

static int take_append(struct fwc_xt_parser *p, const char *const *words)
{
	if (p->chained || strcmp(words[0], p->rule->chain->name) != 0)
		return fwc_xt_parser_fail(p, "'-A %.64s': this rule is added to chain %s", words[0],
					  p->rule->chain->name);
	p->chained = true;
	return 0;
}

static int take_family(struct fwc_xt_parser *p, const char *const *words)
{
	bool v6 = !strcmp(words[-1], "-6") || !strncmp(words[-1], "--ipv6", 6);

	return v6 == (p->x->family == FWC_FAMILY_IP6)
		       ? 0
		       : fwc_xt_parser_fail(p, "%s: the table is of the other family", words[-1]);
}

static const struct fwc_xt_standard standards[] = {
	{ 's', "source", 1, true, take_source, false },
	{ 's', "src", 1, true, take_source, false },
	{ 'd', "destination", 1, true, take_destination, false },
	{ 'd', "dst", 1, true, take_destination, false },
	{ 'i', "in-interface", 1, true, take_in, false },
	{ 'o', "out-interface", 1, true, take_out, false },
	{ 'p', "protocol", 1, true, take_protocol, false },
	{ 'f', "fragments", 0, true, take_fragment, false },
	{ 'c', "set-counters", 2, false, take_counters, false },
	{ 'm', "match", 1, false, take_match, false },
	{ 'j', "jump", 1, false, take_jump, false },
	{ 'g', "goto", 1, false, take_goto, false },
	{ '4', "ipv4", 0, false, take_family, false },
	{ '6', "ipv6", 0, false, take_family, false },
};

static const struct fwc_xt_standard arp_standards[] = {
	{ 's', "source-ip", 1, true, take_source, false },
	{ 's', "src-ip", 1, true, take_source, false },
	{ 'd', "destination-ip", 1, true, take_destination, false },
	{ 'd', "dst-ip", 1, true, take_destination, false },
	{ 'i', "in-interface", 1, true, take_in, false },
	{ 'o', "out-interface", 1, true, take_out, false },
	{ 'l', "h-length", 1, true, take_length, false },
	{ '\0', "h-type", 1, true, take_type, false },
	{ '\0', "proto-type", 1, true, take_proto, false },
	{ '\0', "opcode", 1, true, take_opcode, false },
	{ '\0', "source-mac", 1, true, take_source_mac, false },
	{ '\0', "src-mac", 1, true, take_source_mac, false },
	{ '\0', "destination-mac", 1, true, take_destination_mac, false },
	{ '\0', "dst-mac", 1, true, take_destination_mac, false },
	{ 'c', "set-counters", 2, false, take_counters, false },
	{ 'j', "jump", 1, false, take_jump, false },
};

/* A rule alone may say where it is added: there, and nowhere else. */
static const struct fwc_xt_standard append_alone[] = {
	{ 'A', "append", 1, false, take_append, false },
	{ 0 },
};

/* Options that are of no extension are in two tables. */
static const struct fwc_xt_standard *standard_at(const struct fwc_xt_parser *p, size_t i)
{
	const struct fwc_xt_standard *more = p->command ? fwc_xt_command_options : append_alone;

	if (i < p->standard_count)
		return &p->standards[i];
	i -= p->standard_count;
	return more[i].name ? &more[i] : NULL;
}

/* ---- finding an option by its name ---- */

struct found {
	const struct fwc_xt_standard *standard;
	struct fwc_xt_use *use;
	const struct fwc_xt_option *option;
	size_t count; /* of different options that begin so */
	bool exact;
};

/* How well a name fits: the whole, a beginning of it, not at all. */
static void compare(struct found *f, const char *name, const char *text, size_t len,
		    const struct fwc_xt_standard *s, struct fwc_xt_use *u,
		    const struct fwc_xt_option *o)
{
	bool exact = strlen(name) == len;

	if (strncmp(name, text, len) != 0 || f->exact)
		return;
	if (s && f->standard && s->take == f->standard->take && !exact)
		return;
	if (o && f->option && !strcmp(f->option->name, name) && !exact)
		return;
	if (o && f->option && !strcmp(o->name, f->option->name))
		return; /* `--sport` of another match, or read and written by options of their own */
	f->count = exact ? 1 : f->count + 1;
	f->exact = exact;
	f->standard = s;
	f->use = u;
	f->option = o;
}

static void look_in(struct found *f, struct fwc_xt_use *u, const char *text, size_t len)
{
	for (size_t i = 0; i < u->row->count; i++)
		compare(f, u->row->options[i].name, text, len, NULL, u, &u->row->options[i]);
}

/* The extension that was named last comes first. */
static struct found find_option(struct fwc_xt_parser *p, const char *text, size_t len)
{
	const struct fwc_xt_standard *s;
	struct found f = { .count = 0 };

	if (p->x->target)
		look_in(&f, p->x->target, text, len);
	for (size_t i = p->x->matches.count; i > 0; i--)
		look_in(&f, p->x->matches.items[i - 1], text, len);
	for (size_t i = 0; (s = standard_at(p, i)); i++)
		compare(&f, s->name, text, len, s, NULL, NULL);
	return f;
}

/* `-p tcp --dport 22`: a protocol brings its match. */
static int load_protocol(struct fwc_xt_parser *p, bool *ret_loaded)
{
	const char *name = p->x->proto == IPPROTO_ICMPV6 ? "icmp6"
			   : p->x->proto == IPPROTO_MH   ? "mh"
			   : p->x->proto                 ? fwc_xt_protocol_name(p->x->proto)
							 : NULL;
	const struct fwc_xt_row *row;

	*ret_loaded = false;
	if (!name || p->x->proto_inverted || !(row = fwc_xt_find(name, false, p->x->family)))
		return 0;
	for (size_t i = 0; i < p->x->matches.count; i++)
		if (((struct fwc_xt_use *)p->x->matches.items[i])->row == row)
			return 0;
	*ret_loaded = true;
	return take_match(p, &name);
}

/* ---- words ---- */

/* As many as the option takes; the first one may be glued to it. */
static int take_values(struct fwc_xt_parser *p, const char *option, const char *glued,
		       unsigned int count, const char **ret)
{
	unsigned int n = 0;

	if (glued && count)
		ret[n++] = glued;
	for (; n < count; n++) {
		if (p->at == p->in.count)
			return fwc_xt_parser_fail(p, "option \"%s\" requires an argument", option);
		ret[n] = p->in.words[p->at++];
	}
	return 0;
}

static int take_standard(struct fwc_xt_parser *p, const struct fwc_xt_standard *s,
			 const char *option, const char *glued)
{
	const char *values[3] = { option };
	int r;

	/* arptables still takes `-s ! ADDRESS`. */
	if (p->standards == arp_standards && s->inverts && !glued && !p->inverted &&
	    p->at < p->in.count && !strcmp(p->in.words[p->at], "!")) {
		p->inverted = true;
		p->at++;
	}
	if (p->inverted && !s->inverts)
		return fwc_xt_parser_fail(p, "%s takes no '!'", option);
	p->glued = s->more ? glued : NULL;
	r = take_values(p, option, s->words ? fwc_take(glued) : NULL, s->words, values + 1);
	if (r == 0)
		r = s->take(p, values + 1);
	p->inverted = false;
	return r;
}

static bool value_follows(const struct fwc_xt_parser *p)
{
	return p->at < p->in.count && p->in.words[p->at][0] != '-' &&
	       strcmp(p->in.words[p->at], "!") != 0;
}

static int take_option(struct fwc_xt_parser *p, const struct found *f, const char *option,
		       const char *glued)
{
	const struct fwc_xt_place place = {
		.row = f->use->row,
		.option = f->option,
		.info = f->use->info,
		.family = p->x->family,
		.proto = p->x->proto_inverted ? 0 : p->x->proto,
		.err = p->err,
	};
	const char *values[2] = { NULL, NULL };
	bool none = f->option->flags & FWC_XT_VALUE_OPTIONAL && !glued && !value_follows(p);
	int r = none ? 0 : take_values(p, option, glued, f->option->form->words, values);

	if (r == 0)
		r = fwc_xt_parse_option(&place, p->inverted, values, &f->use->given);
	p->inverted = false;
	return r;
}

static int take_long(struct fwc_xt_parser *p, const char *word)
{
	const char *name = word + 2, *equals = strchr(name, '=');
	size_t len = equals ? (size_t)(equals - name) : strlen(name);
	struct found f = find_option(p, name, len);
	bool loaded;
	int r;

	if (!f.count) {
		r = load_protocol(p, &loaded);
		if (r < 0)
			return r;
		if (loaded)
			f = find_option(p, name, len);
	}
	if (!f.count)
		return fwc_xt_parser_fail(p, "unknown option \"%.64s\"", word);
	if (f.count > 1)
		return fwc_xt_parser_fail(p, "'%.64s' is short for several options", word);
	return f.standard ? take_standard(p, f.standard, word, equals ? equals + 1 : NULL)
			  : take_option(p, &f, word, equals ? equals + 1 : NULL);
}

static const struct fwc_xt_standard *find_letter(const struct fwc_xt_parser *p, char letter)
{
	const struct fwc_xt_standard *s;

	for (size_t i = 0; (s = standard_at(p, i)); i++)
		if (s->letter == letter)
			return s;
	return NULL;
}

/* `-s1.2.3.4`, `-nvL INPUT`: letters that take no value may stand together. */
static int take_short(struct fwc_xt_parser *p, const char *word)
{
	char option[3] = { '-' };
	int r = 0;

	for (const char *letter = word + 1; *letter && r == 0; letter++) {
		const struct fwc_xt_standard *s = find_letter(p, *letter);

		option[1] = *letter;
		if (!s)
			return fwc_xt_parser_fail(p, "unknown option \"%.64s\"",
						  letter == word + 1 ? word : option);
		if (s->words || s->more)
			return take_standard(p, s, letter == word + 1 ? word : option,
					     letter[1] ? letter + 1 : NULL);
		r = take_standard(p, s, option, NULL);
	}
	return r;
}

/* `[3:180] -A ...`, as iptables-save writes counters. */
static int take_saved_counters(struct fwc_xt_parser *p, const char *word)
{
	const char *end;

	if (!fwc_xt_scan(word + 1, 0, UINT64_MAX, &p->x->packets, &end) || *end != ':' ||
	    !fwc_xt_scan(end + 1, 0, UINT64_MAX, &p->x->bytes, &end) || strcmp(end, "]") != 0)
		return fwc_xt_parser_fail(p, "'%.64s' are no counters: [PACKETS:BYTES]", word);
	return 0;
}

static int take_word(struct fwc_xt_parser *p)
{
	const char *word = p->in.words[p->at++];

	if (!strcmp(word, "!")) {
		if (p->inverted || p->at == p->in.count)
			return fwc_xt_parser_fail(p, "'!' stands before an option, once");
		p->inverted = true;
		return 0;
	}
	if (p->at == 1 && word[0] == '[')
		return take_saved_counters(p, word);
	if (word[0] == '-' && word[1] == '-' && word[2])
		return take_long(p, word);
	if (word[0] == '-' && word[1] && word[1] != '-')
		return take_short(p, word);
	return fwc_xt_parser_fail(p, "Bad argument `%.64s'", word);
}

/* ---- the whole ---- */

static int check_use(struct fwc_xt_parser *p, const struct fwc_xt_use *u)
{
	const struct fwc_xt_row *row = u->row;
	uint8_t proto = p->x->proto_inverted ? 0 : p->x->proto;
	const char *name;

	if (row->proto && row->proto != proto) {
		name = fwc_xt_protocol_name(row->proto);
		return fwc_xt_parser_fail(p, "%s %s needs -p %s", row->is_target ? "-j" : "-m",
					  row->name, name ? name : "?");
	}
	return fwc_xt_check_options(row, u->info, proto, u->given, p->err);
}

/* Chains of hooks where a packet has no interface of one of its two sides. */
static int check_interfaces(struct fwc_xt_parser *p)
{
	static const struct {
		const char *chain;
		bool has_in, has_out;
	} hooks[] = {
		{ "PREROUTING", true, false },
		{ "INPUT", true, false },
		{ "OUTPUT", false, true },
		{ "POSTROUTING", false, true },
	};
	const char *chain = p->rule ? p->rule->chain->name : p->command->chain;

	for (size_t i = 0; chain && i < FWC_ARRAY_SIZE(hooks); i++) {
		if (strcmp(chain, hooks[i].chain) != 0)
			continue;
		if (p->x->in.name[0] && !hooks[i].has_in)
			return fwc_xt_parser_fail(p, "chain %s has no -i: its packets have only -o",
						  chain);
		if (p->x->out.name[0] && !hooks[i].has_out)
			return fwc_xt_parser_fail(p, "chain %s has no -o: its packets have only -i",
						  chain);
	}
	return 0;
}

int fwc_xt_parser_check(struct fwc_xt_parser *p)
{
	int r = check_interfaces(p);

	for (size_t i = 0; i < p->x->matches.count && r == 0; i++)
		r = check_use(p, p->x->matches.items[i]);
	return r < 0 || !p->x->target ? r : check_use(p, p->x->target);
}

int fwc_xt_parser_run(struct fwc_xt_parser *p)
{
	bool arp = p->x->family == FWC_FAMILY_ARP;
	int r = 0;

	p->standards = arp ? arp_standards : standards;
	p->standard_count = arp ? FWC_ARRAY_SIZE(arp_standards) : FWC_ARRAY_SIZE(standards);

	while (r == 0 && p->at < p->in.count) {
		size_t at = p->at;

		r = take_word(p);
		if (r < 0 && p->err && p->in.columns) {
			p->err->line = 1;
			p->err->column = p->in.columns[at];
		}
	}
	return r;
}

/* Reads the words as those of the chain's family into p->x. */
static int read_rule(struct fwc_xt_parser *p, const char *text, size_t len)
{
	uint32_t family = p->x->family;
	int code;

	if (family != FWC_FAMILY_IP && family != FWC_FAMILY_IP6 && family != FWC_FAMILY_ARP)
		return fwc_fail(p->err, -EOPNOTSUPP, FWC_OBJECT_TEXT,
				"words of iptables make rules in ip, ip6 and arp");
	code = fwc_xt_words_cut(&p->in, &p->x->arena, text, len, p->err);
	if (code == 0)
		code = fwc_xt_parser_run(p);
	return code < 0 ? code : fwc_xt_parser_check(p);
}

int fwc_xt_parse_rule(struct fwc_rule *r, const char *text, size_t len, struct fwc_error *err)
{
	struct fwc_xt_rule x = { .family = r->chain->table->family };
	struct fwc_xt_parser p = { .rule = r, .x = &x, .err = err };
	int code = read_rule(&p, text, len);

	if (code == 0 && fwc_xt_add_items(r, &x) < 0)
		code = fwc_fail_memory(err);
	if (code < 0)
		fwc_rule_truncate(r);
	fwc_xt_rule_free(&x);
	return code;
}

int fwc_xt_parse_native(struct fwc_rule *r, const char *text, size_t len, struct fwc_buf *out,
			struct fwc_error *err)
{
	struct fwc_xt_rule x = { .family = r->chain->table->family };
	struct fwc_xt_parser p = { .rule = r, .x = &x, .err = err };
	const char *differs = NULL;
	int code = read_rule(&p, text, len);

	if (code == 0)
		code = fwc_xt_translate_rule(&x, out, &differs, err);
	if (code == 0 && differs)
		code = fwc_fail(err, -EOPNOTSUPP, FWC_OBJECT_TEXT,
				"native tables have no form that is quite the same: %s", differs);
	if (code == 0 && out->failed)
		code = fwc_fail_memory(err);
	fwc_xt_rule_free(&x);
	return code;
}
