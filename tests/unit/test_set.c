/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Sets: how they are declared, what their keys are as bytes, and that no key is there twice. */
#include "../check.h"

#include "model/set.h"

#include <stdio.h>

static struct fwc_ruleset *rs;
static struct fwc_table *table;

static void set_up(void)
{
	rs = fwc_ruleset_new();
	table = fwc_ruleset_add_table(rs, FWC_FAMILY_INET, "t", 0);
	ck_assert_ptr_nonnull(table);
}

static void tear_down(void)
{
	fwc_ruleset_free(rs);
}

static struct fwc_set *declare(const char *name, const char *key_type, const char *data_type,
			       uint32_t flags)
{
	struct fwc_set_opts opts = { .size = sizeof(opts), .flags = flags, .data_type = data_type };
	struct fwc_set *s = fwc_table_add_set(table, name, key_type, &opts);
	struct fwc_error err;

	ck_assert_msg(s != NULL, "%s", fwc_ruleset_error(rs, &err) ? err.msg : "no set, no error");
	return s;
}

/* One part of a key: "10.0.0.0/8", "22-25". Only types whose words have no '-'. */
static const struct fwc_value *part(const struct fwc_type *t, const char *text, size_t len)
{
	const char *dash = t->form == FWC_FORM_IFNAME ? NULL : memchr(text, '-', len);
	uint8_t bytes[16];
	uint32_t bits;

	if (dash)
		return fwc_value_make_range(&rs->arena, part(t, text, (size_t)(dash - text)),
					    part(t, dash + 1, (size_t)(text + len - dash - 1)));
	ck_assert_int_eq(fwc_type_parse(t, text, len, bytes, &bits, NULL), 0);
	return fwc_value_prefix_of(&rs->arena, t, bytes, bits);
}

/* A key in words, with " . " between its parts, of the set's types. */
static const struct fwc_value *key(const struct fwc_set *s, const char *text)
{
	const struct fwc_value *parts[FWC_MAX_CONCAT];

	for (size_t i = 0; i < s->key_count; i++) {
		const char *stop = strstr(text, " . ");
		size_t len = stop ? (size_t)(stop - text) : strlen(text);

		parts[i] = part(s->key[i], text, len);
		text += len + (stop ? 3 : 0);
	}
	return s->key_count == 1 ? parts[0]
				 : fwc_value_make_concat(&rs->arena, parts, s->key_count);
}

static int add(struct fwc_set *s, const char *text, struct fwc_error *err)
{
	return fwc_set_add_bound(s, key(s, text), NULL, NULL, err);
}

/* So many elements that no set of the tests is small. */
static void fill(struct fwc_set *s, const char *format)
{
	struct fwc_error err;
	char text[64];

	for (int i = 0; i < 20; i++) {
		snprintf(text, sizeof(text), format, 200 + i);
		assert_ok(add(s, text, &err), err);
	}
}

/* ---- declaring ---- */

START_TEST(declared_set_is_read_back)
{
	struct fwc_set_opts opts = {
		.size = sizeof(opts),
		.flags = FWC_SET_DYNAMIC,
		.max_elements = 1000,
		.timeout_ms = 60000,
	};
	struct fwc_set *s = fwc_table_add_set(table, "recent", " ipv4_addr.inet_service ", &opts);

	ck_assert_ptr_nonnull(s);
	ck_assert_str_eq(fwc_set_name(s), "recent");
	ck_assert_str_eq(fwc_set_key_type(s), "ipv4_addr . inet_service");
	ck_assert_ptr_null(fwc_set_data_type(s));
	ck_assert_uint_eq(fwc_set_flags(s), FWC_SET_DYNAMIC | FWC_SET_TIMEOUT);
	ck_assert_uint_eq(fwc_set_timeout_ms(s), 60000);
	ck_assert_uint_eq(fwc_set_max_elements(s), 1000);
	ck_assert_uint_eq(fwc_set_count(s), 0);
	ck_assert_ptr_null(fwc_set_at(s, 0));
	ck_assert_uint_eq(fwc_set_handle(s), 0);
	ck_assert_ptr_eq(fwc_table_find_set(table, "recent"), s);
	ck_assert_uint_eq(fwc_set_key_len(s), 8);
	ck_assert_uint_eq(fwc_set_data_len(s), 0);
	ck_assert(fwc_set_is_state(s));
	ck_assert(!fwc_set_is_state(declare("plain", "ifname", NULL, FWC_SET_CONSTANT)));
	ck_assert(fwc_set_is_state(declare("held", "ifname", NULL, FWC_SET_STATE)));
	ck_assert_str_eq(fwc_set_data_type(declare("m", "mark", "ipv6_addr . inet_service", 0)),
			 "ipv6_addr . inet_service");
}
END_TEST

static const struct {
	const char *name, *key_type, *data_type, *why;
	uint32_t flags;
} refused[] = {
	{ "a b", "mark", NULL, "'a b' is no name for a set", 0 },
	{ "", "mark", NULL, "a set needs a name", 0 },
	{ "there", "mark", NULL, "set there is declared already", 0 },
	{ "s", NULL, NULL, "set s: the type of the keys is missing", 0 },
	{ "s", "", NULL, "set s: '' is no type: ipv4_addr, ipv6_addr, inet_service", 0 },
	{ "s", "ipv4", NULL, "'ipv4' is no type", 0 },
	{ "s", "mark .", NULL, "'' is no type", 0 },
	{ "s", "mark mark", NULL, "separated by ' . '", 0 },
	{ "s", "mark : mark", NULL, "separated by ' . '", 0 },
	{ "s", "mark.mark.mark.mark.mark.mark", NULL, "at most 5 types", 0 },
	{ "s", "ifname.ifname.ifname.ifname.mark", NULL, "68 bytes, where at most 64", 0 },
	{ "s", "verdict", NULL, "a verdict is no key", 0 },
	{ "s", "mark . verdict", NULL, "a verdict stands alone", 0 },
	{ "s", "mark", "mark . verdict", "a verdict stands alone", 0 },
	{ "s", "mark", "marks", "'marks' is no type", 0 },
	{ "s", "typeof", NULL, "'typeof' is no type", 0 },
	{ "s", "typeof ip sadr", NULL, "'ip sadr' is no field", 0 },
	{ "s", "typeof ip saddr tcp dport", NULL, "nothing more", 0 },
	{ "s", "typeof ip saddr .", NULL, "the text ends", 0 },
	{ "s", "typeof 5", NULL, "a field such as", 0 },
	{ "s", "typeof ip saddr . ip saddr . ip saddr . ip saddr . ip saddr . ip saddr", NULL,
	  "at most 5 fields", 0 },
	{ "s", "typeof ip6 saddr . ip6 saddr . ip6 saddr . ip6 saddr . tcp dport", NULL,
	  "68 bytes, where at most 64", 0 },
	{ "s", "typeof ip saddr", "mark", "either both typeof or both named types", 0 },
	{ "s", "mark", "typeof meta mark", "either both typeof or both named types", 0 },
	{ "s", "mark", NULL, "flags 0x800 are not known", 0x800 | FWC_SET_INTERVAL },
	{ "s", "mark", NULL, "ranges as data are for address translation", FWC_SET_DATA_INTERVAL },
	{ "s", "mark", "inet_service", "ranges as data", FWC_SET_DATA_INTERVAL },
	{ "s", "mark", "ipv4_addr . mark", "ranges as data", FWC_SET_DATA_INTERVAL },
	{ "s", "mark", "verdict", "ranges as data", FWC_SET_DATA_INTERVAL },
	{ "s", "mark", "ipv4_addr", "not added by rules", FWC_SET_DATA_INTERVAL | FWC_SET_DYNAMIC },
	{ "s", "mark", NULL, "a constant set has no timeouts", FWC_SET_CONSTANT | FWC_SET_TIMEOUT },
	{ "s", "mark", NULL, "a dynamic set has no intervals", FWC_SET_DYNAMIC | FWC_SET_INTERVAL },
	{ "s", "mark", "verdict", "rules cannot add verdicts", FWC_SET_DYNAMIC },
};

START_TEST(wrong_declaration_is_kept_by_the_ruleset)
{
	struct fwc_set_opts opts = { .size = sizeof(opts),
				     .flags = refused[_i].flags,
				     .data_type = refused[_i].data_type };
	struct fwc_error err;

	declare("there", "mark", NULL, 0);
	ck_assert_ptr_null(fwc_table_add_set(table, refused[_i].name, refused[_i].key_type, &opts));
	ck_assert_int_lt(fwc_ruleset_error(rs, &err), 0);
	assert_error(&err, err.code, refused[_i].why);
	ck_assert_str_eq(err.table, "t");
}
END_TEST

static const struct {
	const char *key_type, *data_type;
	const char *key, *data; /* of an element */
} of_fields[] = {
	{ "typeof ip saddr . tcp dport", NULL, "10.0.0.1 . 80", NULL },
	{ "typeof vlan id", "typeof meta mark", "5", "0x00000007" },
	{ "typeof @th,16,16", "verdict", "0x50", "accept" },
	{ "typeof osf name", "counter", "\"Linux\"", "\"c\"" },
	{ "typeof iifname . ip protocol", "typeof ip daddr . tcp dport", "\"lo\" . tcp",
	  "1.1.1.1 . 80" },
	{ "typeof numgen inc mod 4", NULL, "3", NULL },
	{ "typeof ip version", NULL, "4", NULL },
	{ "typeof fib saddr . iif oif", NULL, "\"lo\"", NULL },
};

START_TEST(types_are_those_of_fields)
{
	struct fwc_set *s = declare("s", of_fields[_i].key_type, of_fields[_i].data_type, 0);
	char text[128], wanted[128];

	ck_assert_str_eq(fwc_set_key_type(s), of_fields[_i].key_type);
	if (of_fields[_i].data_type)
		ck_assert_str_eq(fwc_set_data_type(s), of_fields[_i].data_type);
	ck_assert_int_eq(fwc_set_add(s, of_fields[_i].key, of_fields[_i].data, NULL), 0);
	ck_assert_int_eq(fwc_element_format(fwc_set_at(s, 0), text, sizeof(text), NULL), 0);
	snprintf(wanted, sizeof(wanted), "%s%s%s", of_fields[_i].key,
		 of_fields[_i].data ? " : " : "", of_fields[_i].data ? of_fields[_i].data : "");
	ck_assert_str_eq(text, wanted);
}
END_TEST

static const struct {
	const char *type, *added, *held; /* with blanks between; held: sorted as text */
} merged[] = {
	{ "ipv4_addr", "10.0.0.0/8 10.1.0.0/16", "10.0.0.0/8" },
	{ "ipv4_addr", "10.1.0.0/16 10.0.0.0/8", "10.0.0.0/8" },
	{ "ipv4_addr", "1.1.1.1 1.1.1.1", "1.1.1.1" },
	{ "ipv4_addr", "1.1.1.0 1.1.1.1", "1.1.1.0/31" },
	{ "ipv4_addr", "1.1.1.1 1.1.1.3 1.1.1.2", "1.1.1.1-1.1.1.3" },
	{ "ipv4_addr", "1.1.1.1 1.1.1.4 1.1.1.2-1.1.1.3 9.9.9.9", "1.1.1.1-1.1.1.4 9.9.9.9" },
	{ "ipv4_addr", "0.0.0.0 255.255.255.255 0.0.0.1-255.255.255.254", "0.0.0.0/0" },
	{ "ipv4_addr", "255.255.255.254 255.255.255.255", "255.255.255.254/31" },
	{ "inet_service", "1-5 4-9 20 11-19 7", "1-9 11-20" },
	{ "inet_service", "1 3 5 7 9 11 13 15 17 19 21 2-20", "1-21" },
	{ "mark", "0x10 0x12 0x11", "0x00000010-0x00000012" },
	{ "ipv6_addr", "::1 ::2 ::4 ::3", "::1-::4" },
};

START_TEST(overlapping_and_adjacent_elements_are_merged)
{
	struct fwc_set *s =
		declare("s", merged[_i].type, NULL, FWC_SET_INTERVAL | FWC_SET_AUTO_MERGE);
	char added[128], text[64], *rest = added, *key;
	size_t count = 0;
	struct fwc_error err;

	snprintf(added, sizeof(added), "%s", merged[_i].added);
	while ((key = strsep(&rest, " ")))
		ck_assert_int_eq(fwc_set_add(s, key, NULL, NULL), 0);
	assert_ok(fwc_ruleset_error(rs, &err), err);
	snprintf(added, sizeof(added), "%s", merged[_i].held);
	for (rest = added; (key = strsep(&rest, " ")); count++) {
		bool there = false;

		for (size_t i = 0; i < fwc_set_count(s); i++) {
			ck_assert_int_eq(
				fwc_element_format(fwc_set_at(s, i), text, sizeof(text), NULL), 0);
			there |= !strcmp(text, key);
		}
		ck_assert_msg(there, "%s: not %s", merged[_i].added, key);
	}
	ck_assert_uint_eq(fwc_set_count(s), count);
}
END_TEST

/* Every number of a few thousand, in any order: what is left is what a table of bits says. */
START_TEST(merging_many_elements_leaves_the_same_keys)
{
	struct fwc_set *s =
		declare("s", "inet_service", NULL, FWC_SET_INTERVAL | FWC_SET_AUTO_MERGE);
	static bool held[4098];
	uint32_t random = 7;
	size_t spans = 0;

	for (size_t i = 0; i < 1500; i++) {
		uint32_t first, last;
		char key[32];

		random = random * 1103515245u + 12345u;
		first = (random >> 8) % 4000;
		last = first + (random >> 24) % 5;
		snprintf(key, sizeof(key), first == last ? "%u" : "%u-%u", first, last);
		ck_assert_int_eq(fwc_set_add(s, key, NULL, NULL), 0);
		memset(held + first + 1, true, last - first + 1);
	}
	for (size_t i = 1; i < sizeof(held); i++)
		spans += held[i] && !held[i - 1];
	ck_assert_uint_eq(fwc_set_count(s), spans);
	for (size_t i = 0; i < spans; i++) {
		uint8_t first[FWC_MAX_KEY], last[FWC_MAX_KEY];
		unsigned int from, to;

		fwc_key_bytes(fwc_element_key(fwc_set_at(s, i)), first, last);
		from = (unsigned int)first[0] << 8 | first[1];
		to = (unsigned int)last[0] << 8 | last[1];
		ck_assert(!held[from] && held[from + 1] && held[to + 1] && !held[to + 2]);
	}
}
END_TEST

START_TEST(what_has_more_than_a_key_is_not_merged)
{
	struct fwc_element_opts opts = { .size = sizeof(opts), .comment = "mine" };
	struct fwc_set *s = declare("s", "ipv4_addr", NULL, FWC_SET_INTERVAL | FWC_SET_AUTO_MERGE);
	struct fwc_error err;

	ck_assert_int_eq(fwc_set_add(s, "10.0.0.2", NULL, &opts), 0);
	ck_assert_int_eq(fwc_set_add(s, "10.0.0.1", NULL, NULL), 0);
	ck_assert_int_eq(fwc_set_add(s, "10.0.0.3", NULL, NULL), 0);
	ck_assert_uint_eq(fwc_set_count(s), 3);
	ck_assert_int_eq(fwc_set_add(s, "@x", NULL, NULL), -EINVAL);
	ck_assert_int_eq(fwc_set_add(s, "10.0.0.0/24", NULL, NULL), -EEXIST);
	fwc_ruleset_error(rs, &err);
}
END_TEST

START_TEST(nothing_is_declared_without_a_table)
{
	ck_assert_ptr_null(fwc_table_add_set(NULL, "s", "mark", NULL));
	ck_assert_int_eq(fwc_set_comment(NULL, "x"), -EINVAL);
	ck_assert_ptr_null(fwc_set_name(NULL));
	ck_assert_ptr_null(fwc_set_key_type(NULL));
	ck_assert_ptr_null(fwc_set_data_type(NULL));
	ck_assert_ptr_null(fwc_set_comment_get(NULL));
	ck_assert_ptr_null(fwc_set_at(NULL, 0));
	ck_assert_uint_eq(fwc_set_count(NULL), 0);
	ck_assert_uint_eq(fwc_set_flags(NULL), 0);
	ck_assert_uint_eq(fwc_set_handle(NULL), 0);
	ck_assert_uint_eq(fwc_set_timeout_ms(NULL), 0);
	ck_assert_uint_eq(fwc_set_max_elements(NULL), 0);
}
END_TEST

START_TEST(comment_of_a_set_is_kept_and_taken_away)
{
	struct fwc_set *s = declare("s", "mark", NULL, 0);
	struct fwc_error err;
	char text[130];

	ck_assert_int_eq(fwc_set_comment(s, "who knocks"), 0);
	ck_assert_str_eq(fwc_set_comment_get(s), "who knocks");
	ck_assert_int_eq(fwc_set_comment(s, NULL), 0);
	ck_assert_ptr_null(fwc_set_comment_get(s));
	memset(text, 'x', sizeof(text) - 1);
	text[sizeof(text) - 1] = '\0';
	ck_assert_int_eq(fwc_set_comment(s, text), -EINVAL);
	assert_fails(fwc_ruleset_error(rs, &err), -EINVAL, err, "set s: the comment");
	ck_assert_str_eq(err.chain, "s");
}
END_TEST

/* ---- bytes ---- */

static const struct {
	const char *type, *text;
	size_t len;
	uint8_t first[24], last[24], ordered_first[24], ordered_last[24];
} bytes[] = {
	{ "ipv4_addr",
	  "10.0.0.0/9",
	  4,
	  { 10 },
	  { 10, 0x7f, 255, 255 },
	  { 10 },
	  { 10, 0x7f, 255, 255 } },
	{ "ipv4_addr",
	  "0.0.0.0/0",
	  4,
	  { 0 },
	  { 255, 255, 255, 255 },
	  { 0 },
	  { 255, 255, 255, 255 } },
	{ "inet_service", "22", 4, { 0, 22 }, { 0, 22 }, { 0, 22 }, { 0, 22 } },
	{ "inet_service", "1-256", 4, { 0, 1 }, { 1, 0 }, { 0, 1 }, { 1, 0 } },
	{ "mark", "1-256", 4, { 1 }, { 0, 1 }, { 0, 0, 0, 1 }, { 0, 0, 1, 0 } },
	{ "ifname",
	  "eth*",
	  16,
	  "eth",
	  { 'e', 't', 'h', 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255 },
	  "eth",
	  { 'e', 't', 'h', 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255 } },
	{ "inet_proto . mark . inet_service",
	  "6 . 2 . 80-81",
	  12,
	  { 6, [4] = 2, [9] = 80 },
	  { 6, [4] = 2, [9] = 81 },
	  { 6, [7] = 2, [9] = 80 },
	  { 6, [7] = 2, [9] = 81 } },
};

START_TEST(key_has_first_and_last_bytes)
{
	struct fwc_set *s = declare("s", bytes[_i].type, NULL, FWC_SET_INTERVAL);
	uint8_t first[FWC_MAX_KEY], last[FWC_MAX_KEY];
	size_t len = fwc_set_key_len(s);

	ck_assert_uint_eq(len, bytes[_i].len);
	memset(first, 0xa5, sizeof(first));
	memset(last, 0xa5, sizeof(last));
	fwc_key_bytes(key(s, bytes[_i].text), first, last);
	ck_assert_mem_eq(first, bytes[_i].first, len);
	ck_assert_mem_eq(last, bytes[_i].last, len);
	ck_assert_uint_eq(first[len], 0xa5);
	ck_assert_uint_eq(last[len], 0xa5);
	fwc_key_ordered_bytes(key(s, bytes[_i].text), first, last);
	ck_assert_mem_eq(first, bytes[_i].ordered_first, len);
	ck_assert_mem_eq(last, bytes[_i].ordered_last, len);
}
END_TEST

/* ---- elements ---- */

START_TEST(same_key_is_refused_in_small_and_large_sets)
{
	struct fwc_set *s = declare("s", "ipv4_addr . inet_service", NULL, 0);
	struct fwc_error err;

	for (int round = 0; round < 2; round++) {
		const char *text = round ? "10.0.0.2 . 22" : "10.0.0.1 . 22";

		assert_ok(add(s, text, &err), err);
		assert_fails(add(s, text, &err), -EEXIST, err, " . 22 is there already");
		ck_assert_ptr_nonnull(fwc_set_find(s, key(s, text)));
		ck_assert_ptr_null(fwc_set_find(s, key(s, "10.0.0.1 . 23")));
		if (!round)
			fill(s, "10.0.1.%d . 22");
	}
	ck_assert_uint_eq(fwc_set_count(s), 22);
	ck_assert_ptr_eq(fwc_set_at(s, 0), fwc_set_find(s, key(s, "10.0.0.1 . 22")));
	ck_assert_ptr_null(fwc_set_at(s, 22));
}
END_TEST

static const struct {
	const char *type, *there, *added;
	bool overlaps;
} pairs[] = {
	{ "ipv4_addr", "10.0.0.0/8", "10.1.0.0/16", true },
	{ "ipv4_addr", "10.1.0.0/16", "10.0.0.0/8", true },
	{ "ipv4_addr", "10.0.0.0/8", "11.0.0.0/8", false },
	{ "ipv4_addr", "10.0.0.5-10.0.0.9", "10.0.0.9-10.0.0.20", true },
	{ "ipv4_addr", "10.0.0.5-10.0.0.9", "10.0.0.1-10.0.0.5", true },
	{ "ipv4_addr", "10.0.0.5-10.0.0.9", "10.0.0.10", false },
	{ "ipv4_addr", "10.0.0.5-10.0.0.9", "10.0.0.7", true },
	{ "ipv4_addr", "10.0.0.5-10.0.0.9", "10.0.0.1-10.0.0.30", true },
	{ "ipv4_addr", "10.0.0.5", "10.0.0.4-10.0.0.5", true },
	{ "ipv4_addr", "0.0.0.0-9.0.0.0", "10.0.0.0", false },
	{ "mark", "1-255", "256-511", false },
	{ "mark", "1-256", "256-511", true },
	{ "mark", "0x100-0x1ff", "0x102", true },
	{ "ifname", "eth*", "eth1", true },
	{ "ifname", "eth*", "et", false },
	{ "ifname", "eth*", "wlan*", false },
	{ "ipv4_addr . inet_service", "10.0.0.0/8 . 22", "10.1.0.0/16 . 20-25", true },
	{ "ipv4_addr . inet_service", "10.0.0.0/8 . 22", "10.1.0.0/16 . 23-25", false },
	{ "ipv4_addr . inet_service", "10.0.0.0/8 . 0-65535", "11.0.0.0 . 22", false },
	{ "ipv4_addr . inet_service", "10.0.0.0-10.0.0.9 . 22", "10.0.0.9 . 22", true },
};

START_TEST(overlap_is_refused_and_both_are_named)
{
	static const char *const filler[] = { "200.0.0.%d", "%d000", "zz%d", "200.0.0.%d . 22" };
	const char *type = pairs[_i].type;
	const char *fills = filler[strchr(type, '.') ? 3
				   : *type == 'm'    ? 1
				   : type[1] == 'f'  ? 2
						     : 0];

	for (int large = 0; large < 2; large++) {
		struct fwc_set *s =
			declare(large ? "large" : "small", type, NULL, FWC_SET_INTERVAL);
		struct fwc_error err;

		if (large)
			fill(s, fills);
		assert_ok(add(s, pairs[_i].there, &err), err);
		if (pairs[_i].overlaps)
			assert_fails(add(s, pairs[_i].added, &err), -EEXIST, err,
				     "which is there already");
		else
			assert_ok(add(s, pairs[_i].added, &err), err);
		ck_assert_ptr_nonnull(fwc_set_find(s, key(s, pairs[_i].there)));
		ck_assert_int_eq(!fwc_set_find(s, key(s, pairs[_i].added)), pairs[_i].overlaps);
		assert_fails(add(s, pairs[_i].there, &err), -EEXIST, err, "is there already");
	}
}
END_TEST

START_TEST(overlap_message_names_both)
{
	struct fwc_set *s = declare("s", "ipv4_addr . inet_service", NULL, FWC_SET_INTERVAL);
	struct fwc_error err;

	assert_ok(add(s, "10.0.0.0/8 . 22", &err), err);
	assert_fails(add(s, "10.1.1.1 . 20-25", &err), -EEXIST, err,
		     "10.1.1.1 . 20-25 overlaps 10.0.0.0/8 . 22, which is there already");
	ck_assert_uint_eq(err.object, FWC_OBJECT_ELEMENT);
}
END_TEST

/* Against the plain way, in orders that split blocks at their ends and in the middle; of several parts so many that there are
 * groups of blocks. */
START_TEST(intervals_are_found_whatever_the_order)
{
	const char *type = _i < 3 ? "ipv4_addr" : "ipv4_addr . inet_service";
	struct fwc_set *s = declare("s", type, NULL, FWC_SET_INTERVAL);
	const uint32_t count = _i < 3 ? 500 : 2500;
	struct fwc_error err;
	uint32_t random = 1;
	char text[64];

	for (uint32_t i = 0; i < count; i++) {
		uint32_t n = _i % 3 == 0 ? i : _i % 3 == 1 ? count - 1 - i : i * 7919 % count;

		snprintf(text, sizeof(text), "10.%u.%u.8-10.%u.%u.15%s", n >> 8, n & 255, n >> 8,
			 n & 255, _i < 3 ? "" : " . 100-200");
		assert_ok(add(s, text, &err), err);
	}
	for (uint32_t n = 0; n < count; n++) {
		snprintf(text, sizeof(text), "10.%u.%u.0-10.%u.%u.8%s", n >> 8, n & 255, n >> 8,
			 n & 255, _i < 3 ? "" : " . 199-300");
		ck_assert_int_eq(add(s, text, &err), -EEXIST);
	}
	for (uint32_t i = 0; i < 2000; i++) {
		uint32_t n, low;
		bool inside;

		random = random * 1103515245 + 12345;
		n = (random >> 8) % count;
		low = (random >> 4) % 20;
		inside = low >= 8 && low < 16;
		snprintf(text, sizeof(text), "10.%u.%u.%u%s", n >> 8, n & 255, low,
			 _i < 3 ? "" : " . 150");
		if (inside)
			ck_assert_int_eq(add(s, text, &err), -EEXIST);
		else if (!fwc_set_find(s, key(s, text)))
			assert_ok(add(s, text, &err), err);
	}
	for (size_t i = 0; i < fwc_set_count(s); i++)
		ck_assert_ptr_eq(fwc_set_find(s, fwc_element_key(fwc_set_at(s, i))),
				 fwc_set_at(s, i));
}
END_TEST

START_TEST(pushed_elements_are_found)
{
	for (int round = 0; round < 2; round++) {
		struct fwc_set *s = declare(round ? "i" : "h", "inet_service", NULL,
					    round ? FWC_SET_INTERVAL : 0);
		struct fwc_error err;
		char text[16];

		for (int i = 0; i < 1000; i++) {
			snprintf(text, sizeof(text), "%d", i);
			ck_assert_ptr_nonnull(fwc_set_push(s, key(s, text), NULL));
		}
		for (int i = 0; i < 1000; i++) {
			snprintf(text, sizeof(text), "%d", i);
			ck_assert_ptr_eq(fwc_set_find(s, key(s, text)), fwc_set_at(s, (size_t)i));
		}
		assert_fails(add(s, "999", &err), -EEXIST, err, "999 is there already");
		assert_ok(add(s, "1000", &err), err);
	}
}
END_TEST

START_TEST(anonymous_set_becomes_one_of_intervals)
{
	const struct fwc_type *t = fwc_type_by_name("inet_service", 12);
	struct fwc_set *s = fwc_set_new_anonymous(rs, &t, 1, NULL, 0);
	struct fwc_error err;

	ck_assert_ptr_nonnull(s);
	fill(s, "%d");
	ck_assert_uint_eq(fwc_set_flags(s), FWC_SET_CONSTANT);
	ck_assert_str_eq(fwc_set_name(s), "");
	ck_assert_str_eq(fwc_set_key_type(s), "inet_service");
	assert_ok(add(s, "80-89", &err), err);
	ck_assert_uint_eq(fwc_set_flags(s), FWC_SET_CONSTANT | FWC_SET_INTERVAL);
	assert_fails(add(s, "100-200", &err), -EEXIST, err, "100-200 overlaps 200");
	assert_fails(add(s, "85", &err), -EEXIST, err, "85 overlaps 80-89");
	assert_fails(add(s, "205", &err), -EEXIST, err, "205 is there already");
}
END_TEST

static const struct fwc_value *verdict(uint32_t v)
{
	return fwc_value_make_verdict(&rs->arena, v, NULL);
}

START_TEST(element_must_suit_its_set)
{
	struct fwc_set *plain = declare("plain", "inet_service", NULL, 0);
	struct fwc_set *map = declare("map", "inet_service", "ipv4_addr", FWC_SET_INTERVAL);
	struct fwc_set *vmap = declare("vmap", "inet_service", "verdict", 0);
	struct fwc_set *marks = declare("marks", "mark", NULL, 0);
	const struct fwc_value *port = key(plain, "80"), *mark = key(marks, "80");
	const struct fwc_value *range = key(plain, "80-90"), *ip = part(map->data[0], "1.1.1.1", 7);
	const struct fwc_value *net = part(map->data[0], "1.0.0.0/8", 9);
	const struct fwc_value *field = fwc_value_of_field(fwc_field_by_id(FWC_FIELD_TCP_DPORT));
	struct fwc_element *e;
	struct fwc_error err;

	assert_fails(add(plain, "80-90", &err), -EINVAL, err, "need the flag interval");
	assert_fails(fwc_set_add_bound(plain, mark, NULL, NULL, &err), -EINVAL, err,
		     "a key is a constant, prefix or range of inet_service");
	assert_fails(
		fwc_set_add_bound(plain, fwc_value_make_set(&rs->arena, "x"), NULL, NULL, &err),
		-EINVAL, err, "a key is a constant");
	assert_fails(fwc_set_add_bound(plain, field, NULL, NULL, &err), -EINVAL, err,
		     "a key is a constant");
	assert_fails(fwc_set_add_bound(plain, port, ip, NULL, &err), -EINVAL, err, "not a map");
	assert_fails(fwc_set_add_bound(map, port, NULL, NULL, &err), -EINVAL, err,
		     "needs data: a ipv4_addr");
	assert_fails(fwc_set_add_bound(map, port, port, NULL, &err), -EINVAL, err,
		     "is one ipv4_addr");
	assert_fails(fwc_set_add_bound(map, port, net, NULL, &err), -EINVAL, err,
		     "is one ipv4_addr");
	assert_fails(fwc_set_add_bound(map, port, verdict(FWC_VERDICT_DROP), NULL, &err), -EINVAL,
		     err, "is one ipv4_addr");
	assert_fails(fwc_set_add_bound(vmap, port, ip, NULL, &err), -EINVAL, err, "is one verdict");
	assert_ok(fwc_set_add_bound(map, range, ip, &e, &err), err);
	ck_assert_ptr_eq(fwc_element_key(e), range);
	ck_assert_ptr_eq(fwc_element_data(e), ip);
	assert_ok(fwc_set_add_bound(vmap, port, verdict(FWC_VERDICT_DROP), &e, &err), err);
	ck_assert_uint_eq(fwc_value_get_verdict(fwc_element_data(e)), FWC_VERDICT_DROP);
	ck_assert_uint_eq(fwc_set_count(plain) + fwc_set_count(map) + fwc_set_count(vmap), 2);
}
END_TEST

START_TEST(full_set_takes_no_more)
{
	struct fwc_set_opts opts = { .size = sizeof(opts), .max_elements = 2 };
	struct fwc_set *s = fwc_table_add_set(table, "s", "mark", &opts);
	struct fwc_error err;

	assert_ok(add(s, "1", &err), err);
	assert_ok(add(s, "2", &err), err);
	assert_fails(add(s, "3", &err), -EINVAL, err, "room for 2 elements");
}
END_TEST

/* ---- elements as a program adds them ---- */

static const char *written(const struct fwc_set *s, size_t i)
{
	static char text[256];
	size_t needed;

	ck_assert_int_eq(fwc_element_format(fwc_set_at(s, i), text, sizeof(text), &needed), 0);
	ck_assert_uint_eq(needed, strlen(text));
	return text;
}

static const struct {
	const char *key_type, *data_type, *key, *data, *printed;
} added[] = {
	{ "ipv4_addr", NULL, "192.0.2.1", NULL, "192.0.2.1" },
	{ "ipv4_addr", NULL, "192.0.2.0/24", NULL, "192.0.2.0/24" },
	{ "ipv4_addr", NULL, "192.0.2.1-192.0.2.9", NULL, "192.0.2.1-192.0.2.9" },
	{ "ipv6_addr", NULL, "2001:db8::/32", NULL, "2001:db8::/32" },
	{ "inet_proto", NULL, "6", NULL, "tcp" },
	{ "inet_service", NULL, "8000-8080", NULL, "8000-8080" },
	{ "ifname", NULL, "\"eth*\"", NULL, "\"eth*\"" },
	{ "ifname", NULL, "br-0a1", NULL, "\"br-0a1\"" },
	{ "mark", NULL, "0x10", NULL, "0x00000010" },
	{ "ct_state", NULL, "established", NULL, "established" },
	{ "ct_status", NULL, "dnat", NULL, "dnat" },
	{ "icmp_type", NULL, "echo-request", NULL, "echo-request" },
	{ "icmpv6_type", NULL, "nd-router-advert", NULL, "nd-router-advert" },
	{ "tcp_flag", NULL, "syn | ack", NULL, "syn | ack" },
	{ "nf_proto", NULL, "ipv4", NULL, "ipv4" },
	{ "fib_addrtype", NULL, "local", NULL, "local" },
	{ "ipv4_addr . inet_service", NULL, "10.0.0.0/8 . 22-23", NULL, "10.0.0.0/8 . 22-23" },
	{ "inet_service", "ipv4_addr", "80", "10.0.0.1", "80 : 10.0.0.1" },
	{ "inet_service", "ipv4_addr . inet_service", "80", "10.0.0.1 . 8080",
	  "80 : 10.0.0.1 . 8080" },
	{ "inet_service", "verdict", "22", "accept", "22 : accept" },
	{ "ifname . inet_proto", "verdict", "eth0 . udp", "jump services",
	  "\"eth0\" . udp : jump services" },
	{ "ipv4_addr", "mark", "10.0.0.0/8", "1", "10.0.0.0/8 : 0x00000001" },
};

START_TEST(element_is_added_in_words_and_written_again)
{
	bool dynamic_key = !strcmp(added[_i].key_type, "ct_state");
	struct fwc_set *s = declare("s", added[_i].key_type, added[_i].data_type,
				    dynamic_key ? 0 : FWC_SET_INTERVAL);
	struct fwc_error err;

	ck_assert_msg(fwc_set_add(s, added[_i].key, added[_i].data, NULL) == 0, "%s",
		      fwc_ruleset_error(rs, &err) ? err.msg : "");
	ck_assert_uint_eq(fwc_set_count(s), 1);
	ck_assert_str_eq(written(s, 0), added[_i].printed);
	/* The same once more, by the values that are there. */
	ck_assert_int_eq(fwc_set_add_value(s, fwc_element_key(fwc_set_at(s, 0)),
					   fwc_element_data(fwc_set_at(s, 0)), NULL),
			 -EEXIST);
	assert_fails(fwc_ruleset_error(rs, &err), -EEXIST, err, "table inet t: set s: ");
}
END_TEST

static const struct {
	const char *key_type, *data_type, *key, *data, *why;
	int code;
} unwanted[] = {
	{ "ipv4_addr", NULL, NULL, NULL, "set s: the key is missing", -EINVAL },
	{ "ipv4_addr", NULL, "", NULL, "set s: ", -EINVAL },
	{ "ipv4_addr", NULL, "10.0.0.0/33", NULL, "set s: '10.0.0.0/33' is no ipv4_addr", -EINVAL },
	{ "ipv4_addr", NULL, "10.0.0.0/8", NULL, "need the flag interval", -EINVAL },
	{ "ipv4_addr", NULL, "@other", NULL, "a key is a constant", -EINVAL },
	{ "ipv4_addr", NULL, "{ 10.0.0.1, 10.0.0.2 }", NULL, "a key is a constant", -EINVAL },
	{ "ipv4_addr", NULL, "10.0.0.1 . 22", NULL, "10.0.0.1 . 22", -EINVAL },
	{ "ipv4_addr", NULL, "10.0.0.1", "accept", "not a map", -EINVAL },
	{ "ipv4_addr . inet_service", NULL, "10.0.0.1", NULL, "inet_service", -EINVAL },
	{ "inet_service", "verdict", "22", NULL, "needs data: a verdict", -EINVAL },
	{ "inet_service", "verdict", "22", "jump", "22", -EINVAL },
	{ "inet_service", "ipv4_addr", "22", "10.0.0.0/8", "ipv4_addr", -EINVAL },
	{ "inet_service", "ipv4_addr . inet_service", "22", "10.0.0.1", "22", -EINVAL },
	{ "inet_service", NULL, "70000", NULL, "'70000' is no inet_service: 0 to 65535", -EINVAL },
	{ "inet_service", NULL, "1", NULL, "1 is there already", -EEXIST },
};

START_TEST(unwanted_element_is_kept_by_the_ruleset)
{
	struct fwc_set *s = declare("s", unwanted[_i].key_type, unwanted[_i].data_type, 0);
	struct fwc_error err;

	if (unwanted[_i].code == -EEXIST)
		ck_assert_int_eq(fwc_set_add(s, "1", NULL, NULL), 0);
	ck_assert_int_eq(fwc_set_add(s, unwanted[_i].key, unwanted[_i].data, NULL),
			 unwanted[_i].code);
	assert_fails(fwc_ruleset_error(rs, &err), unwanted[_i].code, err, unwanted[_i].why);
	ck_assert_str_eq(err.table, "t");
	ck_assert_str_eq(err.chain, "s");
	ck_assert_uint_eq(err.object, FWC_OBJECT_ELEMENT);
	ck_assert_uint_eq(fwc_set_count(s), unwanted[_i].code == -EEXIST);
	/* The first failure stays, what comes later does no harm. */
	fwc_set_add(s, "nonsense", NULL, NULL);
	ck_assert_int_eq(fwc_ruleset_error(rs, NULL), unwanted[_i].code);
}
END_TEST

START_TEST(values_are_elements_too)
{
	struct fwc_set *s = declare("s", "ipv4_addr . ifname", "verdict", FWC_SET_INTERVAL);
	struct fwc_ip ip = { FWC_FAMILY_IP, { 10 } };
	struct fwc_value *parts[] = { fwc_value_prefix(&ip, 8), fwc_value_name("a,b") };
	struct fwc_value *k = fwc_value_concat((const struct fwc_value *const *)parts, 2);
	struct fwc_value *jump = fwc_value_verdict(FWC_VERDICT_JUMP, "c");
	struct fwc_value *number = fwc_value_number(22);
	struct fwc_error err;

	ck_assert_int_eq(fwc_set_add_value(s, k, jump, NULL), 0);
	ck_assert_str_eq(written(s, 0), "10.0.0.0/8 . \"a,b\" : jump c");
	ck_assert_int_eq(fwc_set_add_value(s, k, NULL, NULL), -EINVAL);
	assert_fails(fwc_ruleset_error(rs, &err), -EINVAL, err, "needs data");
	ck_assert_int_eq(fwc_set_add_value(s, number, jump, NULL), -EINVAL);
	ck_assert_int_eq(fwc_set_add_value(s, NULL, jump, NULL), -EINVAL);
	ck_assert_int_eq(fwc_set_add_value(s, k, number, NULL), -EINVAL);
	ck_assert_int_eq(fwc_set_add_value(NULL, k, jump, NULL), -EINVAL);
	ck_assert_int_eq(fwc_set_add(NULL, "1", NULL, NULL), -EINVAL);
	ck_assert_uint_eq(fwc_set_count(s), 1);
	for (size_t i = 0; i < 2; i++)
		fwc_value_free(parts[i]);
	fwc_value_free(k);
	fwc_value_free(jump);
	fwc_value_free(number);
}
END_TEST

START_TEST(options_of_an_element_are_kept)
{
	struct fwc_element_opts opts = {
		.size = sizeof(opts), .timeout_ms = 90000, .comment = "guest", .tag = "id-7"
	};
	struct fwc_element_opts old = { .size = offsetof(struct fwc_element_opts, comment),
					.timeout_ms = 1,
					.comment = "not read",
					.tag = "not read" };
	struct fwc_set *s = declare("s", "ipv4_addr", NULL, FWC_SET_TIMEOUT);
	struct fwc_set *plain = declare("plain", "ipv4_addr", NULL, 0);
	const struct fwc_element *e;
	struct fwc_error err;

	ck_assert_int_eq(fwc_set_add(s, "10.0.0.1", NULL, &opts), 0);
	e = fwc_set_at(s, 0);
	ck_assert_uint_eq(fwc_element_timeout_ms(e), 90000);
	ck_assert_uint_eq(fwc_element_expires_ms(e), 0);
	ck_assert_str_eq(fwc_element_comment_get(e), "guest");
	ck_assert_str_eq(fwc_element_tag_get(e), "id-7");
	ck_assert_str_eq(written(s, 0), "10.0.0.1 timeout 1m30s comment \"guest\"");
	ck_assert_int_eq(fwc_set_add(s, "10.0.0.2", NULL, &old), 0);
	ck_assert_ptr_null(fwc_element_comment_get(fwc_set_at(s, 1)));
	ck_assert_ptr_null(fwc_element_tag_get(fwc_set_at(s, 1)));
	ck_assert_int_eq(fwc_set_add(plain, "10.0.0.1", NULL, &opts), -EINVAL);
	assert_fails(fwc_ruleset_error(rs, &err), -EINVAL, err, "the set has no timeouts");
	opts.timeout_ms = 0;
	opts.comment = "two\nlines";
	ck_assert_int_eq(fwc_set_add(plain, "10.0.0.1", NULL, &opts), -EINVAL);
	opts.size = 3;
	ck_assert_int_eq(fwc_set_add(plain, "10.0.0.1", NULL, &opts), -EINVAL);
	ck_assert_uint_eq(fwc_set_count(plain), 0);
	ck_assert_uint_eq(fwc_element_timeout_ms(NULL), 0);
	ck_assert_uint_eq(fwc_element_expires_ms(NULL), 0);
	ck_assert_ptr_null(fwc_element_key(NULL));
	ck_assert_ptr_null(fwc_element_data(NULL));
	ck_assert_ptr_null(fwc_element_tag_get(NULL));
	ck_assert_ptr_null(fwc_element_comment_get(NULL));
}
END_TEST

/* What a blocklist costs: the arena, the array and the index, for keys that are one IPv4 address. */
START_TEST(element_takes_at_most_120_bytes)
{
	enum { COUNT = 100000 };

	for (int round = 0; round < 2; round++) {
		struct fwc_set *s =
			declare(round ? "i" : "h", "ipv4_addr", NULL, round ? FWC_SET_INTERVAL : 0);
		size_t before = rs->arena.total, total;
		char text[32];

		for (uint32_t i = 0; i < COUNT; i++) {
			snprintf(text, sizeof(text), "10.%u.%u.%u", i >> 16, i >> 8 & 255, i & 255);
			if (fwc_set_add(s, text, NULL, NULL) != 0)
				ck_abort_msg("%s is not taken", text);
		}
		total = rs->arena.total - before + s->elements.room * sizeof(void *) +
			s->lookup.room * sizeof(struct fwc_index_slot);
		ck_assert_msg(total / COUNT <= 120, "%zu bytes an element", total / COUNT);
	}
}
END_TEST

static Suite *make_suite(void)
{
	Suite *s = suite_create("set");
	TCase *tc = tcase_create("all");

	tcase_add_checked_fixture(tc, set_up, tear_down);
	tcase_add_test(tc, declared_set_is_read_back);
	tcase_add_loop_test(tc, wrong_declaration_is_kept_by_the_ruleset, 0,
			    FWC_ARRAY_SIZE(refused));
	tcase_add_loop_test(tc, types_are_those_of_fields, 0,
			    sizeof(of_fields) / sizeof(of_fields[0]));
	tcase_add_loop_test(tc, overlapping_and_adjacent_elements_are_merged, 0,
			    sizeof(merged) / sizeof(merged[0]));
	tcase_add_test(tc, merging_many_elements_leaves_the_same_keys);
	tcase_add_test(tc, what_has_more_than_a_key_is_not_merged);
	tcase_add_test(tc, nothing_is_declared_without_a_table);
	tcase_add_test(tc, comment_of_a_set_is_kept_and_taken_away);
	tcase_add_loop_test(tc, key_has_first_and_last_bytes, 0, FWC_ARRAY_SIZE(bytes));
	tcase_add_test(tc, same_key_is_refused_in_small_and_large_sets);
	tcase_add_loop_test(tc, overlap_is_refused_and_both_are_named, 0, FWC_ARRAY_SIZE(pairs));
	tcase_add_test(tc, overlap_message_names_both);
	tcase_add_loop_test(tc, intervals_are_found_whatever_the_order, 0, 6);
	tcase_add_test(tc, pushed_elements_are_found);
	tcase_add_test(tc, anonymous_set_becomes_one_of_intervals);
	tcase_add_test(tc, element_must_suit_its_set);
	tcase_add_test(tc, full_set_takes_no_more);
	tcase_add_loop_test(tc, element_is_added_in_words_and_written_again, 0,
			    FWC_ARRAY_SIZE(added));
	tcase_add_loop_test(tc, unwanted_element_is_kept_by_the_ruleset, 0,
			    FWC_ARRAY_SIZE(unwanted));
	tcase_add_test(tc, values_are_elements_too);
	tcase_add_test(tc, options_of_an_element_are_kept);
	tcase_add_test(tc, element_takes_at_most_120_bytes);
	suite_add_tcase(s, tc);
	return s;
}

TEST_MAIN(make_suite)
