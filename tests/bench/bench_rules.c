/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Loading and reading back rules: `ip saddr A tcp dport P counter accept`, all different. */
#include <errno.h>
#include <linux/netfilter/nf_tables.h>
#include <linux/netfilter/nfnetlink.h>
#include <linux/netlink.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <fwcore/fwcore.h>

#include "bench.h"

static size_t chains = 1; /* the rules are spread over so many */
static size_t differs; /* each so manieth rule has another port; 0: none */

static struct fwc_ip address(size_t i)
{
	return (struct fwc_ip){ FWC_FAMILY_IP,
				{ 10, (uint8_t)(i >> 16), (uint8_t)(i >> 8), (uint8_t)i } };
}

static struct fwc_ruleset *declare(size_t n)
{
	struct fwc_ruleset *rs = fwc_ruleset_new();
	struct fwc_table *t = fwc_ruleset_add_table(rs, FWC_FAMILY_IP, "bench", 0);
	struct fwc_chain *c = NULL;
	char name[32];

	for (size_t i = 0; i < n; i++) {
		struct fwc_ip ip = address(i + 1);
		uint64_t port = 1024 + i % 60000 + (differs && i % differs == differs / 2);
		struct fwc_rule *r;

		if (i % (n / chains) == 0) {
			snprintf(name, sizeof(name), "c%zu", i / (n / chains));
			c = fwc_table_add_chain(t, name, NULL);
		}
		r = fwc_chain_append(c);
		fwc_rule_match_ip(r, FWC_FIELD_IP_SADDR, FWC_OP_EQ, &ip, 32);
		fwc_rule_match_u64(r, FWC_FIELD_TCP_DPORT, FWC_OP_EQ, port, port);
		fwc_rule_counter(r);
		fwc_rule_verdict(r, FWC_VERDICT_ACCEPT, NULL);
	}
	return rs;
}

static int complain(const struct fwc_error *err)
{
	fprintf(stderr, "%s\n", err->msg);
	return 1;
}

/* Build, plan, encode, send, read the answer. */
static int load_fwcore(size_t n, struct bench_sample *ret)
{
	double before = bench_now_ms(), own = bench_own_ms();
	struct fwc_ruleset *rs = declare(n);
	struct fwc_kernel *k;
	struct fwc_error err;

	if (fwc_kernel_open(&k, NULL, &err) < 0 || fwc_kernel_apply(k, rs, NULL, &err) < 0)
		return complain(&err);
	ret->ms = bench_now_ms() - before;
	ret->own_ms = bench_own_ms() - own;
	fwc_ruleset_free(rs);
	fwc_kernel_close(k);
	return 0;
}

/* The bytes are recorded from the library in a namespace of their own: replayed in this one by a bare socket. */
static int record(size_t n, struct bench_recording *r)
{
	struct fwc_ruleset *rs = declare(n);
	struct fwc_kernel *k;
	struct fwc_error err;

	bench_record(r);
	if (fwc_kernel_open(&k, NULL, &err) < 0 || fwc_kernel_apply(k, rs, NULL, &err) < 0)
		return complain(&err);
	bench_record(NULL);
	fwc_ruleset_free(rs);
	fwc_kernel_close(k);
	return 0;
}

static int load_bare(size_t n, struct bench_sample *ret)
{
	struct bench_recording r = { 0 };

	if (record(n, &r) || bench_fresh_namespace())
		return 1;
	bench_clear_generation(&r);
	ret->bytes = (double)r.len;
	return bench_replay(&r, &ret->ms);
}

static int write_nft(size_t n, char path[])
{
	struct fwc_ruleset *rs = declare(n);
	struct fwc_error err;
	char *text;
	size_t len;
	int fd = mkstemp(path), r;

	if (fd < 0)
		return bench_die(path);
	if (fwc_ruleset_format(rs, FWC_SYNTAX_NFT, 0, &text, &len, &err) < 0)
		return complain(&err);
	r = write(fd, text, len) != (ssize_t)len;
	close(fd);
	fwc_text_free(text);
	fwc_ruleset_free(rs);
	return r;
}

static int load_nft(size_t n, struct bench_sample *ret)
{
	char path[] = "/tmp/fwc-bench-XXXXXX", command[64];
	double before;
	int r;

	if (write_nft(n, path))
		return 1;
	snprintf(command, sizeof(command), "exec nft -f %s", path);
	before = bench_now_ms();
	r = system(command);
	ret->ms = bench_now_ms() - before;
	unlink(path);
	return r != 0;
}

/* ---- reading back ---- */

static int fill(size_t n)
{
	struct fwc_ruleset *rs = declare(n);
	struct fwc_kernel *k;
	struct fwc_error err;

	if (fwc_kernel_open(&k, NULL, &err) < 0 || fwc_kernel_apply(k, rs, NULL, &err) < 0)
		return complain(&err);
	fwc_ruleset_free(rs);
	fwc_kernel_close(k);
	return 0;
}

static int dump_bare(size_t n, struct bench_sample *ret)
{
	struct {
		struct nlmsghdr nlh;
		struct nfgenmsg nfg;
		struct nlattr table_attr;
		char table[8];
		struct nlattr chain_attr;
		char chain[32];
	} request = { .nlh = { .nlmsg_type = NFNL_SUBSYS_NFTABLES << 8 | NFT_MSG_GETRULE,
			       .nlmsg_flags = NLM_F_REQUEST | NLM_F_DUMP,
			       .nlmsg_seq = 1 },
		      .nfg = { .nfgen_family = FWC_FAMILY_IP },
		      .table_attr = { .nla_len = 4 + sizeof("bench"), .nla_type = NFTA_RULE_TABLE },
		      .table = "bench" };

	if (fill(n))
		return 1;
	/* As the library does: chain by chain where there are several. */
	for (size_t c = 0; c < chains; c++) {
		double ms;

		snprintf(request.chain, sizeof(request.chain), "c%zu", c);
		request.chain_attr.nla_type = NFTA_RULE_CHAIN;
		request.chain_attr.nla_len = (uint16_t)(4 + strlen(request.chain) + 1);
		request.nlh.nlmsg_len = (uint32_t)(sizeof(request.nlh) + sizeof(request.nfg) + 12 +
						   NLA_ALIGN(request.chain_attr.nla_len));
		if (bench_bare_dump(NETLINK_NETFILTER, &request, request.nlh.nlmsg_len, &ms))
			return 1;
		ret->ms += ms;
	}
	return 0;
}

static int load_back(size_t n, struct bench_sample *ret, size_t (*look)(struct fwc_ruleset *rs))
{
	struct fwc_ruleset *rs;
	struct fwc_kernel *k;
	struct fwc_error err;
	double before;
	size_t seen;

	if (fill(n))
		return 1;
	before = bench_now_ms();
	double own = bench_own_ms();

	if (fwc_kernel_open(&k, NULL, &err) < 0 ||
	    fwc_kernel_load(k, FWC_FAMILY_IP, "bench", &rs, &err) < 0)
		return complain(&err);
	seen = look(rs);
	ret->ms = bench_now_ms() - before;
	ret->own_ms = bench_own_ms() - own;
	fwc_ruleset_free(rs);
	fwc_kernel_close(k);
	return seen != n;
}

static size_t count_rules(struct fwc_ruleset *rs)
{
	struct fwc_table *t = fwc_ruleset_at(rs, 0);
	size_t n = 0;

	for (size_t i = 0; i < fwc_table_chain_count(t); i++)
		n += fwc_chain_count(fwc_table_chain_at(t, i));
	return n;
}

static size_t read_rules(struct fwc_ruleset *rs)
{
	struct fwc_table *t = fwc_ruleset_at(rs, 0);
	size_t n = 0;

	for (size_t i = 0; i < fwc_table_chain_count(t); i++) {
		struct fwc_chain *c = fwc_table_chain_at(t, i);

		for (size_t j = 0; j < fwc_chain_count(c); j++)
			n += fwc_rule_count(fwc_chain_at(c, j)) == 4;
	}
	return n;
}

static int dump_fwcore(size_t n, struct bench_sample *ret)
{
	return load_back(n, ret, count_rules);
}

static int dump_fwcore_decoded(size_t n, struct bench_sample *ret)
{
	return load_back(n, ret, read_rules);
}

static int dump_nft(size_t n, struct bench_sample *ret)
{
	double before;
	int r;

	if (fill(n))
		return 1;
	before = bench_now_ms();
	r = system("exec nft list table ip bench >/dev/null");
	ret->ms = bench_now_ms() - before;
	return r != 0;
}

/* Apply what is there already: load, compare, send nothing. */
static int apply_again(size_t n, struct bench_sample *ret)
{
	struct fwc_ruleset *rs = declare(n);
	struct fwc_kernel *k;
	struct fwc_error err;
	double before, own;

	if (fwc_kernel_open(&k, NULL, &err) < 0 || fwc_kernel_apply(k, rs, NULL, &err) < 0)
		return complain(&err);
	before = bench_now_ms();
	own = bench_own_ms();
	if (fwc_kernel_apply(k, rs, NULL, &err) < 0)
		return complain(&err);
	ret->ms = bench_now_ms() - before;
	ret->own_ms = bench_own_ms() - own;
	fwc_ruleset_free(rs);
	fwc_kernel_close(k);
	return 0;
}

/* What is there is loaded and compared with what is declared; nothing is sent. */
static int plan(size_t n, size_t other, struct bench_sample *ret)
{
	struct fwc_plan *made;
	struct fwc_ruleset *rs;
	struct fwc_kernel *k;
	struct fwc_error err;
	double before, own;

	if (fill(n))
		return 1;
	differs = other;
	rs = declare(n);
	if (fwc_kernel_open(&k, NULL, &err) < 0)
		return complain(&err);
	before = bench_now_ms();
	own = bench_own_ms();
	if (fwc_kernel_plan(k, rs, &made, &err) < 0)
		return complain(&err);
	ret->ms = bench_now_ms() - before;
	ret->own_ms = bench_own_ms() - own;
	other = other ? 2 * (n / other) : 0; /* one goes, one comes */
	if (fwc_plan_count(made) != other)
		return fprintf(stderr, "%zu steps, not %zu\n", fwc_plan_count(made), other) > 0;
	fwc_plan_free(made);
	fwc_ruleset_free(rs);
	fwc_kernel_close(k);
	return 0;
}

static int plan_same(size_t n, struct bench_sample *ret)
{
	return plan(n, 0, ret);
}

static int plan_others(size_t n, struct bench_sample *ret)
{
	return plan(n, 100, ret);
}

static const struct bench_variant plans[] = {
	{ "bare recv loop, 32 KiB", dump_bare },
	{ "libfwcore: load alone", dump_fwcore },
	{ "libfwcore: load and plan, nothing differs", plan_same },
	{ "libfwcore: load and plan, one rule in 100 differs", plan_others },
};

static const struct bench_variant load[] = {
	{ "the same bytes, bare", load_bare },
	{ "libfwcore: build, plan, encode, send", load_fwcore },
	{ "nft -f, whole process", load_nft },
};

static const struct bench_variant back[] = {
	{ "bare recv loop, 32 KiB", dump_bare },
	{ "libfwcore: load", dump_fwcore },
	{ "libfwcore: load, every rule decoded", dump_fwcore_decoded },
	{ "libfwcore: apply again, nothing sent", apply_again },
	{ "nft list table, whole process", dump_nft },
};

int main(int argc, char **argv)
{
	unsigned int rounds = bench_rounds(argc, argv);
	static const size_t sizes[] = { 10000, 100000 };

	for (size_t i = 0; i < 2; i++) {
		chains = 1;
		bench_contest("Load rules into one chain", sizes[i], load, 3, rounds);
		bench_contest("Read rules back from one chain", sizes[i], back, 5, i ? 3 : rounds);
	}
	chains = 100;
	bench_contest("Plan: rules declared and rules that are there, 100 chains", 100000, plans, 4,
		      rounds);
	bench_contest("Load rules into 100 chains", 100000, load, 3, rounds);
	bench_contest("Read rules back from 100 chains", 100000, back, 5, rounds);
	return 0;
}
