/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Every field of the table: written as a rule, taken by the kernel, listed by nft as we write it, and read back. */
#include "../check.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

#include <fwcore/kernel.h>
#include <fwcore/rule.h>
#include <fwcore/ruleset.h>
#include <fwcore/set.h>
#include <fwcore/value.h>

enum { FIELDS_MOST = 1000 };

static const uint32_t families[] = { FWC_FAMILY_INET, FWC_FAMILY_IP,     FWC_FAMILY_IP6,
				     FWC_FAMILY_ARP,  FWC_FAMILY_BRIDGE, FWC_FAMILY_NETDEV };

/* One of them is a constant of any field. */
static const char *const samples[] = { "exists",      "1",      "192.0.2.1",
				       "2001:db8::1", "\"lo\"", "00:11:22:33:44:55",
				       "1h" };

/* What nft 1.0.6 has no words for: it aborts when it lists some of them. */
static const char *const newer[] = { "gre ", "icmpv6 taddr", "icmpv6 daddr", "meta broute",
				     "meta ibrhwaddr" };

/* What nft 1.0.6 has other words for, or none: test_families.c has it. */
static const char *const behind[] = { "vxlan ", "geneve ", "tunnel " };

/* What stands in UDP only. */
static const char *const in_udp[] = { "vxlan ", "geneve " };

static bool begins(const char *name, const char *const *list, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (!strncmp(name, list[i], strlen(list[i])))
			return true;
	return false;
}

#define IS(name, list) begins(name, list, sizeof(list) / sizeof((list)[0]))

/* Where nft wants more of a rule before it names the field again: a protocol, a frame's type. */
static const char *const alone[] = {
	"ct original proto-", "ct reply proto-", "vlan type", "meta protocol arp", "arp ", "rt0 "
};

/* The rule `NAME SAMPLE accept` of a field in a table of that family; false: the field does not go there. */
static bool write_line(uint32_t family, const char *name, char *line, size_t size)
{
	for (size_t i = 0; i < sizeof(samples) / sizeof(samples[0]); i++) {
		struct fwc_ruleset *rs = fwc_ruleset_new();
		struct fwc_chain *c =
			fwc_table_add_chain(fwc_ruleset_add_table(rs, family, "t", 0), "c", NULL);
		struct fwc_rule *r;
		char text[256];
		bool ok;

		snprintf(text, sizeof(text), "%s%s %s accept",
			 IS(name, in_udp) ? "meta l4proto udp " : "", name, samples[i]);
		r = fwc_chain_append_text(c, FWC_SYNTAX_NFT, text);
		ok = r && fwc_rule_format(r, FWC_SYNTAX_NFT, line, size, NULL) == 0;
		fwc_ruleset_free(rs);
		if (ok)
			return true;
	}
	return false;
}

static struct fwc_kernel *open_kernel(void)
{
	struct fwc_kernel *k = NULL;
	struct fwc_error err;

	assert_ok(fwc_kernel_open(&k, NULL, &err), err);
	return k;
}

/* Some can only be set, and some need an option of the kernel: those it does not know at all. */
static bool is_taken(struct fwc_kernel *k, uint32_t family, const char *line)
{
	struct fwc_ruleset *rs = fwc_ruleset_new();
	struct fwc_error err;
	int r;

	fwc_chain_append_text(
		fwc_table_add_chain(fwc_ruleset_add_table(rs, family, "t", 0), "c", NULL),
		FWC_SYNTAX_NFT, line);
	r = fwc_kernel_apply(k, rs, NULL, &err);
	/* Connections, routes and the like are not for every family. */
	ck_assert_msg(r == 0 || r == -EOPNOTSUPP || family != FWC_FAMILY_INET, "'%s': %s", line,
		      err.msg);
	fwc_ruleset_free(rs);
	return r == 0;
}

START_TEST(every_field_is_listed_by_nft_as_we_write_it_and_read_back)
{
	uint32_t family = families[_i];
	struct fwc_ruleset *rs = fwc_ruleset_new(), *loaded = NULL;
	struct fwc_chain *c =
		fwc_table_add_chain(fwc_ruleset_add_table(rs, family, "t", 0), "c", NULL);
	struct fwc_kernel *k = open_kernel();
	struct fwc_error err;
	char line[256], *listed;
	size_t count = 0;

	need_program("nft");
	for (uint32_t id = 1; id < FIELDS_MOST; id++) {
		const char *name = fwc_field_name(id);

		if (!name || IS(name, behind) || !write_line(family, name, line, sizeof(line)) ||
		    !is_taken(k, family, line) || IS(name, newer))
			continue;
		fwc_chain_append_text(c, FWC_SYNTAX_NFT, line);
		count++;
	}
	ck_assert_uint_gt(count, family == FWC_FAMILY_ARP ? 40 : 150);
	assert_ok(fwc_kernel_apply(k, rs, NULL, &err), err);
	assert_ok(fwc_kernel_load(k, family, "t", &loaded, &err), err);
	c = fwc_ruleset_find_chain(loaded, family, "t", "c");
	ck_assert_uint_eq(fwc_chain_count(c), count);
	listed = strdup(
		sh("nft list chain %s t c", (const char *[]){ [FWC_FAMILY_INET] = "inet",
							      [FWC_FAMILY_IP] = "ip",
							      [FWC_FAMILY_ARP] = "arp",
							      [FWC_FAMILY_NETDEV] = "netdev",
							      [FWC_FAMILY_BRIDGE] = "bridge",
							      [FWC_FAMILY_IP6] = "ip6" }[family]));
	for (size_t i = 0; i < count; i++) {
		char with_ends[300];

		ck_assert_int_eq(fwc_rule_format(fwc_chain_at(c, i), FWC_SYNTAX_NFT, line,
						 sizeof(line), NULL),
				 0);
		snprintf(with_ends, sizeof(with_ends), "\t%s\n", line);
		ck_assert_msg((family != FWC_FAMILY_ARP && IS(line, alone)) ||
				      strstr(listed, with_ends),
			      "nft does not list '%s'", line);
	}
	free(listed);
	fwc_ruleset_free(loaded);
	/* What was read says the same: nothing is to be done. */
	{
		struct fwc_plan *plan = NULL;

		assert_ok(fwc_kernel_plan(k, rs, &plan, &err), err);
		line[0] = '\0';
		if (fwc_plan_count(plan))
			fwc_plan_format(plan, 0, line, sizeof(line), NULL);
		ck_assert_str_eq(line, "");
		fwc_plan_free(plan);
	}
	fwc_ruleset_free(rs);
	fwc_kernel_close(k);
}
END_TEST

/* What nft 1.0.6 does not note of a set, does not read, or cannot list. */
static const char *const not_noted[] = {
	"gre ",           "icmpv6 taddr", "icmpv6 daddr", "icmpv6 parameter-problem",
	"vxlan ",         "geneve ",      "tunnel ",      "meta broute",
	"meta ibrhwaddr", "ct label",     "ct event",     "exthdr ",
	"rt0 addr[2]",    "srh sid[2]",   "rt0 reserved",
};

/* Of an option nft notes its fields, not whether it is there. */
static bool is_noted(const char *name)
{
	static const char *const whole[] = { "tcp option ", "ip option ", "sctp chunk " };
	const char *last = strrchr(name, ' ');

	if (IS(name, not_noted) || !last || !strcmp(last, " kind"))
		return false;
	for (size_t i = 0; i < sizeof(whole) / sizeof(whole[0]); i++)
		if (!strncmp(name, whole[i], strlen(whole[i])) &&
		    !strchr(name + strlen(whole[i]), ' '))
			return false;
	return true;
}

/* The first line in which they differ is told. */
static void assert_same_text(const char *ours, const char *theirs)
{
	while (*ours && *ours == *theirs)
		ours++, theirs++;
	if (!*ours && !*theirs)
		return;
	ck_abort_msg("'%.60s' is not '%.60s'", ours, theirs);
}

/* `typeof FIELD` of all fields, as one ruleset that nft has written or that we have. */
START_TEST(sets_have_the_type_of_every_field_as_nft_lists_it)
{
	struct fwc_ruleset *rs = fwc_ruleset_new(), *loaded = NULL;
	struct fwc_table *t = fwc_ruleset_add_table(rs, FWC_FAMILY_INET, "t", 0);
	struct fwc_kernel *k = open_kernel();
	struct fwc_error err;
	char *words, *again;
	size_t count = 0;

	need_program("nft");
	for (uint32_t id = 1; id < FIELDS_MOST; id++) {
		const char *name = fwc_field_name(id);
		char set[32], type[128];

		if (!name || !is_noted(name))
			continue;
		snprintf(set, sizeof(set), "s%u", id);
		snprintf(type, sizeof(type), "typeof %s", name);
		fwc_table_add_set(t, set, type, NULL);
		assert_ok(fwc_ruleset_error(rs, &err), err);
		count++;
	}
	ck_assert_uint_gt(count, 280);
	assert_ok(fwc_kernel_apply(k, rs, NULL, &err), err);
	assert_ok(fwc_ruleset_format(rs, FWC_SYNTAX_NFT, 0, &words, NULL, &err), err);
	assert_same_text(words, sh("nft list ruleset"));
	sh("nft flush ruleset");
	sh_input(words, "nft -f -");
	assert_ok(fwc_kernel_load(k, FWC_FAMILY_INET, "t", &loaded, &err), err);
	assert_ok(fwc_ruleset_format(loaded, FWC_SYNTAX_NFT, 0, &again, NULL, &err), err);
	assert_same_text(again, words);
	fwc_text_free(words);
	fwc_text_free(again);
	fwc_ruleset_free(loaded);
	fwc_ruleset_free(rs);
	fwc_kernel_close(k);
}
END_TEST

START_TEST(every_field_has_a_table_it_goes_with)
{
	char line[256];
	size_t count = 0;

	for (uint32_t id = 1; id < FIELDS_MOST; id++) {
		const char *name = fwc_field_name(id);
		bool found = false;

		for (size_t f = 0; name && f < sizeof(families) / sizeof(families[0]); f++)
			found |= write_line(families[f], name, line, sizeof(line));
		ck_assert_msg(!name || found, "'%s' goes with no table", name);
		count += name != NULL;
	}
	ck_assert_uint_gt(count, 370);
}
END_TEST

static Suite *make_suite(void)
{
	Suite *s = suite_create("fields");
	TCase *tc = tcase_create("every field");

	tcase_set_timeout(tc, 300);
	tcase_add_checked_fixture(tc, ns_enter, NULL);
	tcase_add_loop_test(tc, every_field_is_listed_by_nft_as_we_write_it_and_read_back, 0,
			    sizeof(families) / sizeof(families[0]));
	tcase_add_test(tc, sets_have_the_type_of_every_field_as_nft_lists_it);
	tcase_add_test(tc, every_field_has_a_table_it_goes_with);
	suite_add_tcase(s, tc);
	return s;
}

TEST_MAIN(make_suite)
