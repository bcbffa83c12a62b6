/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Our words against nft's: what it prints for numbers, names, addresses and priorities is what we print. */
#include <stdio.h>

#include "../check.h"
#include "fields/types.h"
#include "nft_load.h"
#include "text/text.h"

static void set_up(void)
{
	ns_enter();
	need_program("nft");
}

static const char *printed(const struct fwc_type *t, const uint8_t *bytes, uint32_t bits)
{
	static char text[512];
	struct fwc_buf out = fwc_buf_over(text, sizeof(text));

	fwc_type_format(t, bytes, bits, ",", &out);
	return text;
}

/* ---- symbols ---- */

static const char *const described[] = { "ct_state", "ct_status", "icmp_type",   "icmpv6_type",
					 "tcp_flag", "nf_proto",  "fib_addrtype" };

/* Lines `  name   value` of `nft describe`, in its order. */
START_TEST(symbols_are_those_of_nft)
{
	const struct fwc_type *t = fwc_type_by_name(described[_i], strlen(described[_i]));
	const char *text = sh("nft describe %s", described[_i]);
	size_t known = 0, told = 0;

	for (const struct fwc_symbol *s = t->symbols; s->name; s++)
		known++;
	for (const char *line = strstr(text, "\n\t"); line; line = strstr(line + 1, "\n\t")) {
		char name[64], value[32];
		uint8_t bytes[16];
		uint64_t number;
		uint32_t bits;

		if (sscanf(line, " %63s %31s", name, value) != 2)
			continue;
		ck_assert_msg(!fwc_type_parse(t, name, strlen(name), bytes, &bits, NULL),
			      "%s: '%s' is not known", t->name, name);
		ck_assert(fwc_type_get_number(t, bytes, &number));
		ck_assert_uint_eq(number, strtoull(value, NULL, 0));
		told++;
	}
	ck_assert_uint_eq(told, known);
}
END_TEST

/* ---- constants in rules ---- */

struct script {
	struct fwc_buf commands, wanted;
};

static void add_rule(struct script *s, const struct fwc_field_row *f, const char *text)
{
	uint8_t bytes[16];
	struct fwc_error err;
	uint32_t bits;
	bool name = f->type->form == FWC_FORM_IFNAME;

	assert_ok(fwc_type_parse(f->type, text, strlen(text), bytes, &bits, &err), err);
	fwc_buf_printf(&s->commands, "add rule inet t c %s %s%s%s\n", f->name, name ? "\"" : "",
		       text, name ? "\"" : "");
	fwc_buf_printf(&s->wanted, "\t\t%s %s\n", f->prints_alias ? f->alias : f->name,
		       printed(f->type, bytes, bits));
}

enum {
	LINES_AT_ONCE = 300 /* what nft can send without root's send buffer */
};

/* Loads a script in pieces. Returns nft's exit code, and its words for the piece that failed. */
static int load_script(const char *script, const char **ret_words)
{
	int code = 0;

	while (code == 0 && *script) {
		const char *end = script;
		char *piece;

		for (int i = 0; i < LINES_AT_ONCE && *end; i++)
			end = strchr(end, '\n') + 1;
		piece = strndup(script, (size_t)(end - script));
		ck_assert_ptr_nonnull(piece);
		code = sh_code(-1, piece, ret_words, "nft -f -");
		free(piece);
		script = end;
	}
	return code;
}

/* nft lists the rules as we would have. */
static void compare(struct script *s)
{
	const char *listed;

	sh("nft 'add table inet t; add chain inet t c'");
	ck_assert_msg(load_script(s->commands.data, &listed) == 0, "nft: %.2000s", listed);
	listed = sh("nft -s list chain inet t c");
	fwc_buf_puts(&s->wanted, "\t}\n}\n");
	listed = strstr(listed, "\t\t");
	ck_assert_ptr_nonnull(listed);
	for (const char *line = s->wanted.data; *line;) {
		size_t len = strcspn(line, "\n") + 1;

		if (strncmp(listed, line, len) != 0)
			ck_abort_msg("nft writes '%.60s', not '%.60s'", listed, line);
		listed += len;
		line += len;
	}
	ck_assert_str_eq(listed, "");
	fwc_buf_free(&s->commands);
	fwc_buf_free(&s->wanted);
}

static uint64_t largest(const struct fwc_type *t)
{
	return UINT64_MAX >> (64 - (t->bits ? t->bits : 8 * t->len));
}

static void add_number(struct script *s, const struct fwc_field_row *f, uint64_t number)
{
	char text[32];

	/* Of no bits and of all bits nft says `== 0x0` and `!= 0x0`. */
	if (number > largest(f->type) ||
	    (f->type->form == FWC_FORM_BITS && (!number || number == largest(f->type))))
		return;
	snprintf(text, sizeof(text), "0x%llx", (unsigned long long)number);
	add_rule(s, f, text);
}

/* Protocol names are left out: nft takes them from a file of the machine, we do not. */
START_TEST(numbers_are_printed_as_nft_prints_them)
{
	static const uint64_t wide[] = { 256, 511, 0x800, 0xffff, 0x12345678, 0xffffffff };
	/* One of each type whose numbers nft takes. */
	static const char *const names[] = {
		"meta mark", "meta nfproto",   "meta protocol", "meta pkttype", "ct state",
		"ct status", "ct direction",   "ip dscp",       "ip ecn",       "tcp sport",
		"tcp flags", "icmp type",      "icmp code",     "icmpv6 type",  "icmpv6 code",
		"mh type",   "fib saddr type",
	};
	struct script s = { 0 };

	for (size_t i = 0; i < FWC_ARRAY_SIZE(names); i++) {
		size_t len;
		const struct fwc_field_row *f = fwc_field_by_name(names[i], strlen(names[i]), &len);

		for (uint64_t n = 0; n < 256; n++)
			add_number(&s, f, n);
		for (size_t k = 0; k < FWC_ARRAY_SIZE(wide); k++)
			add_number(&s, f, wide[k]);
	}
	compare(&s);
}
END_TEST

START_TEST(names_and_addresses_are_printed_as_nft_prints_them)
{
	static const struct {
		const char *field, *text;
	} texts[] = {
		{ "meta iifname", "eth0" },
		{ "meta oifname", "eth*" },
		{ "meta iifname", "eth\\*" },
		{ "meta iifname", "a,b" },
		{ "meta iifname", "1-2" },
		{ "meta iifname", "123456789012345" },
		{ "meta oifname", "12345678901234*" },
		{ "ip saddr", "10.1.2.3/8" },
		{ "ip saddr", "0.0.0.0/0" },
		{ "ip daddr", "192.0.2.1" },
		{ "ip daddr", "192.0.2.1/32" },
		{ "ip daddr", "192.0.2.255/31" },
		{ "ip6 saddr", "::" },
		{ "ip6 saddr", "::1" },
		{ "ip6 saddr", "::/1" },
		{ "ip6 saddr", "2001:DB8::/33" },
		{ "ip6 daddr", "::ffff:192.0.2.1" },
		{ "ip6 daddr", "::192.0.2.1" },
		{ "ip6 daddr", "1:0:0:2:0:0:0:3" },
		{ "ip6 daddr", "2001:db8:1:1:1:1:1:1/127" },
	};
	struct script s = { 0 };

	for (size_t i = 0; i < FWC_ARRAY_SIZE(texts); i++) {
		size_t len;

		add_rule(&s, fwc_field_by_name(texts[i].field, strlen(texts[i].field), &len),
			 texts[i].text);
	}
	compare(&s);
}
END_TEST

/* ---- priorities ---- */

/* Chains of one table are listed as they were added. */
START_TEST(priorities_are_printed_as_nft_prints_them)
{
	static const char *const hooks[] = { "prerouting", "input", "forward", "output",
					     "postrouting" };
	static const char *const families[] = { "inet", "ip", "ip6", "bridge" };
	const char *family = families[_i], *listed;
	uint32_t number = fwc_family_find(family, strlen(family));
	struct fwc_buf script = { 0 };
	int32_t last = 320;

	fwc_buf_printf(&script, "add table %s t\n", family);
	for (uint32_t hook = 0; hook < FWC_ARRAY_SIZE(hooks); hook++)
		for (int32_t p = -last; p <= last; p++)
			fwc_buf_printf(
				&script,
				"add chain %s t c%u_%d { type filter hook %s priority %d; }\n",
				family, hook, p + last, hooks[hook], p);
	if (load_script(script.data, &listed) != 0)
		test_skip("no chains of family %s: %s", family, listed);
	listed = sh("nft list ruleset");
	for (uint32_t hook = 0; hook < FWC_ARRAY_SIZE(hooks); hook++)
		for (int32_t p = -last; p <= last; p++) {
			char wanted[128] = "";
			struct fwc_buf out = fwc_buf_over(wanted, sizeof(wanted));

			fwc_buf_printf(&out, "type filter hook %s priority ", hooks[hook]);
			fwc_priority_format(p, number, hook, &out);
			fwc_buf_puts(&out, ";");
			listed = strstr(listed, "type filter");
			ck_assert_ptr_nonnull(listed);
			if (strncmp(listed, wanted, out.len) != 0)
				ck_abort_msg("not '%s' but '%.60s'", wanted, listed);
			listed++;
		}
	fwc_buf_free(&script);
}
END_TEST

/* ---- sets ---- */

static const struct {
	const char *type, *key;
	bool interval;
} keys[] = {
	{ "ipv4_addr", "192.0.2.1", false },
	{ "ipv4_addr", "192.0.2.0/25", true },
	{ "ipv4_addr", "0.0.0.0/0", true },
	{ "ipv4_addr", "255.255.255.0-255.255.255.255", true },
	{ "ipv6_addr", "2001:db8::/33", true },
	{ "inet_proto", "6", false },
	{ "inet_service", "22", false },
	{ "inet_service", "1000-1999", true },
	{ "ifname", "\"eth0\"", false },
	{ "ifname", "\"eth*\"", true },
	{ "mark", "0x100", false },
	{ "mark", "0x100-0x1fe", true },
	{ "ct_state", "established", false },
	{ "ct_status", "dnat", false },
	{ "icmp_type", "echo-request", false },
	{ "icmpv6_type", "nd-router-advert", false },
	{ "tcp_flag", "syn | ack", false },
	{ "nf_proto", "ipv6", false },
	{ "fib_addrtype", "local", false },
	{ "ipv4_addr . inet_service", "192.0.2.1 . 22", false },
	{ "ipv4_addr . inet_service", "192.0.2.0/25 . 20-22", true },
	{ "mark . ct_state . inet_proto", "0x100-0x1fe . new . tcp", true },
	{ "inet_proto . ifname . mark . nf_proto . icmp_type",
	  "udp . \"lo\" . 0x1 . ipv4 . redirect", false },
};

/* nft makes the set, we read its type and find the element by its words. */
START_TEST(element_that_nft_added_is_found_by_its_words)
{
	struct fwc_buf script = { 0 };
	struct fwc_ruleset *rs;
	struct fwc_set *s;
	const struct fwc_value *key;
	struct fwc_error err;

	sh("nft add table inet t");
	fwc_buf_printf(&script, "add set inet t s { type %s; %s elements = { %s }; }\n",
		       keys[_i].type, keys[_i].interval ? "flags interval;" : "", keys[_i].key);
	sh_input(script.data, "nft -f -");
	fwc_buf_free(&script);
	rs = nft_load();
	s = fwc_ruleset_find_set(rs, FWC_FAMILY_INET, "t", "s");
	ck_assert_ptr_nonnull(s);
	ck_assert_str_eq(fwc_set_key_type(s), keys[_i].type);
	ck_assert_uint_eq(fwc_set_count(s), 1);
	key = fwc_text_parse_value(rs, keys[_i].key, strlen(keys[_i].key), s->key, s->key_count,
				   &err);
	ck_assert_msg(key != NULL, "%s", err.msg);
	ck_assert_ptr_eq(fwc_set_find(s, key), fwc_set_at(s, 0));
	fwc_ruleset_free(rs);
}
END_TEST

static Suite *make_suite(void)
{
	Suite *s = suite_create("words");
	TCase *tc = tcase_create("all");

	tcase_add_checked_fixture(tc, set_up, NULL);
	tcase_set_timeout(tc, 60);
	tcase_add_loop_test(tc, symbols_are_those_of_nft, 0, FWC_ARRAY_SIZE(described));
	tcase_add_test(tc, numbers_are_printed_as_nft_prints_them);
	tcase_add_test(tc, names_and_addresses_are_printed_as_nft_prints_them);
	tcase_add_loop_test(tc, priorities_are_printed_as_nft_prints_them, 0, 4);
	tcase_add_loop_test(tc, element_that_nft_added_is_found_by_its_words, 0,
			    FWC_ARRAY_SIZE(keys));
	suite_add_tcase(s, tc);
	return s;
}

TEST_MAIN(make_suite)
