/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * A kill switch for a VPN: nothing enters or leaves this machine except through wg0, and to the VPN's server.
 *
 * It watches the kernel and puts its table back when somebody changes it. It cannot fail open: the table is
 * applied in one transaction, and a rule that could not be built makes the whole apply fail. Ending the
 * program leaves the switch on; `killswitch --off` takes it away.
 */
#include <fwcore/fwcore.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define TABLE FWC_FAMILY_INET, "killswitch"

static struct fwc_chain *add_chain(struct fwc_table *table, const char *name, uint32_t hook)
{
	return fwc_table_add_chain(table, name,
				   &(struct fwc_base_opts){ .size = sizeof(struct fwc_base_opts),
							    .type = FWC_CHAIN_FILTER,
							    .hook = hook,
							    .policy = FWC_VERDICT_DROP,
							    .priority = "filter" });
}

static struct fwc_ruleset *wanted(const struct fwc_ip *server, uint16_t port)
{
	struct fwc_ruleset *ruleset = fwc_ruleset_new();
	struct fwc_table *table = fwc_ruleset_add_table(ruleset, TABLE, 0);
	struct fwc_chain *in = add_chain(table, "in", FWC_HOOK_INPUT);
	struct fwc_chain *out = add_chain(table, "out", FWC_HOOK_OUTPUT);
	int ip6 = server->family == FWC_FAMILY_IP6;
	struct fwc_rule *rule;

	/* Words that this program wrote itself. */
	fwc_chain_append_text(in, FWC_SYNTAX_NFT, "iifname { lo, wg0 } accept");
	fwc_chain_append_text(in, FWC_SYNTAX_NFT, "ct state established,related accept");
	fwc_chain_append_text(in, FWC_SYNTAX_NFT,
			      "icmpv6 type { nd-neighbor-solicit, nd-neighbor-advert,"
			      " nd-router-advert } accept");
	fwc_chain_append_text(out, FWC_SYNTAX_NFT, "oifname { lo, wg0 } accept");
	fwc_chain_append_text(out, FWC_SYNTAX_NFT,
			      "icmpv6 type { nd-neighbor-solicit, nd-neighbor-advert,"
			      " nd-router-solicit } accept");

	/* Values that somebody else wrote: typed, never printed into words. */
	rule = fwc_chain_append(out);
	fwc_rule_match_ip(rule, ip6 ? FWC_FIELD_IP6_DADDR : FWC_FIELD_IP_DADDR, FWC_OP_EQ, server,
			  ip6 ? 128 : 32);
	fwc_rule_match_u64(rule, FWC_FIELD_UDP_DPORT, FWC_OP_EQ, port, port);
	fwc_rule_verdict(rule, FWC_VERDICT_ACCEPT, NULL);
	return ruleset;
}

/* Puts the table back whenever a transaction that is not ours was made. Returns on an error only. */
static int guard(struct fwc_kernel *kernel, struct fwc_watch *watch,
		 const struct fwc_ruleset *ruleset, struct fwc_error *err)
{
	struct pollfd pollfd = { .fd = fwc_watch_fd(watch), .events = POLLIN };
	const struct fwc_event *event;
	int r = 0;

	while (r == 0 && poll(&pollfd, 1, -1) > 0) {
		bool foreign = false;

		while ((r = fwc_watch_next(watch, &event, err)) > 0)
			foreign |= !fwc_event_is_own(event);
		if (r == 0 && foreign)
			r = fwc_kernel_apply(kernel, ruleset, NULL, err);
	}
	return r;
}

static int switch_on(struct fwc_kernel *kernel, const struct fwc_ip *server, uint16_t port,
		     struct fwc_error *err)
{
	struct fwc_ruleset *ruleset = wanted(server, port);
	struct fwc_watch *watch = NULL;
	int r;

	/* Watch first: what happens between the two is then seen. */
	r = fwc_watch_open(kernel, &watch, err);
	if (r == 0)
		r = fwc_kernel_apply(kernel, ruleset, NULL, err);
	if (r == 0) {
		puts("killswitch: on");
		fflush(stdout);
		r = guard(kernel, watch, ruleset, err);
	}
	fwc_watch_close(watch);
	fwc_ruleset_free(ruleset);
	return r;
}

static int switch_off(struct fwc_kernel *kernel, struct fwc_error *err)
{
	struct fwc_ruleset *ruleset = fwc_ruleset_new();
	int r;

	fwc_ruleset_absent_table(ruleset, TABLE);
	r = fwc_kernel_apply(kernel, ruleset, NULL, err);
	fwc_ruleset_free(ruleset);
	return r;
}

int main(int argc, char **argv)
{
	struct fwc_kernel_opts opts = { .size = sizeof(opts), .owner = "killswitch" };
	struct fwc_kernel *kernel = NULL;
	unsigned long port = 51820;
	struct fwc_error err;
	struct fwc_ip server;
	char nothing[] = "", *end = nothing;
	int r;

	if (argc == 3)
		port = strtoul(argv[2], &end, 10);
	if (argc < 2 || argc > 3 || !strcmp(argv[1], "--help") || *end || port < 1 ||
	    port > 65535) {
		bool help = argc == 2 && !strcmp(argv[1], "--help");

		fprintf(help ? stdout : stderr,
			"usage: killswitch SERVER [PORT]   only wg0, and UDP to the server (51820)\n"
			"       killswitch --off           take the table away\n"
			"Runs until it is interrupted; the switch then stays on.\n");
		return help ? 0 : 2;
	}
	r = fwc_kernel_open(&kernel, &opts, &err);
	if (r == 0 && !strcmp(argv[1], "--off"))
		r = switch_off(kernel, &err);
	else if (r == 0 && (r = fwc_ip_parse(argv[1], &server, &err)) == 0)
		r = switch_on(kernel, &server, (uint16_t)port, &err);
	if (r < 0)
		fprintf(stderr, "killswitch: %s\n", err.msg);
	fwc_kernel_close(kernel);
	return r < 0;
}
