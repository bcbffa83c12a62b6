/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The scenario in C, see run.py: `scenario STEP CONTAINER` does one step in the namespace it is started in. */
#include <errno.h>
#include <fcntl.h>
#include <fwcore/fwcore.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define TABLE FWC_FAMILY_INET, "scenario"

static struct fwc_kernel *kernel;
static const char *container; /* the path of its namespace */

/* Failures are part of what is compared: a line, and the step goes on. */
static bool ok(int r, const struct fwc_error *err)
{
	if (r < 0)
		printf("error %d table=%s chain=%s rule=%d: %s\n", -r, err->table, err->chain,
		       err->rule == FWC_NO_INDEX ? -1 : (int)err->rule, err->msg);
	return r >= 0;
}

static struct fwc_chain *input_of(struct fwc_ruleset *ruleset)
{
	struct fwc_base_opts base = { .size = sizeof(base),
				      .hook = FWC_HOOK_INPUT,
				      .policy = FWC_VERDICT_DROP,
				      .priority = "filter - 5" };

	return fwc_table_add_chain(fwc_ruleset_add_table(ruleset, TABLE, 0), "input", &base);
}

static void apply_and_free(struct fwc_ruleset *ruleset)
{
	struct fwc_plan *plan = NULL;
	struct fwc_error err;
	char text[256];

	if (ok(fwc_kernel_plan(kernel, ruleset, &plan, &err), &err)) {
		for (size_t i = 0; i < fwc_plan_count(plan); i++)
			if (fwc_plan_format(plan, i, text, sizeof(text), NULL) == 0)
				printf("plan %s\n", text);
		ok(fwc_kernel_apply(kernel, ruleset, NULL, &err), &err);
	}
	fwc_plan_free(plan);
	fwc_ruleset_free(ruleset);
}

static struct fwc_ruleset *declared(bool with_third)
{
	struct fwc_set_opts interval = { .size = sizeof(interval), .flags = FWC_SET_INTERVAL };
	struct fwc_set_opts map = { .size = sizeof(map), .data_type = "verdict" };
	struct fwc_element_opts commented = { .size = sizeof(commented), .comment = "a net" };
	struct fwc_ruleset *ruleset = fwc_ruleset_new();
	struct fwc_chain *input = input_of(ruleset);
	struct fwc_table *table = fwc_ruleset_find_table(ruleset, TABLE);
	struct fwc_set *blocked = fwc_table_add_set(table, "blocked", "ipv4_addr", &interval);
	struct fwc_set *ports = fwc_table_add_set(table, "ports", "inet_service", &map);
	struct fwc_rule *rule;
	struct fwc_ip ip;

	fwc_set_add(blocked, "192.0.2.0/24", NULL, &commented);
	fwc_set_add(ports, "80", "accept", NULL);
	fwc_table_add_chain(table, "user", NULL);
	rule = fwc_chain_append(input);
	fwc_rule_match(rule, FWC_FIELD_CT_STATE, FWC_OP_ANY_OF, "established,related");
	fwc_rule_counter(rule);
	fwc_rule_verdict(rule, FWC_VERDICT_ACCEPT, NULL);
	rule = fwc_chain_append(input);
	fwc_ip_parse("198.51.100.0", &ip, NULL);
	fwc_rule_match_ip(rule, FWC_FIELD_IP_SADDR, FWC_OP_NE, &ip, 24);
	fwc_rule_match_u64(rule, FWC_FIELD_TCP_DPORT, FWC_OP_EQ, 8000, 8080);
	fwc_rule_verdict(rule, FWC_VERDICT_JUMP, "user");
	if (with_third) {
		rule = fwc_chain_append(input);
		fwc_rule_match_name(rule, FWC_FIELD_META_IIFNAME, FWC_OP_EQ, "lo");
		fwc_rule_log(rule, "lo: ");
		fwc_rule_verdict(rule, FWC_VERDICT_ACCEPT, NULL);
	}
	rule = fwc_chain_append_text(input, FWC_SYNTAX_NFT,
				     "ip saddr @blocked tcp dport vmap @ports");
	fwc_rule_comment(rule, "words");
	return ruleset;
}

static void declare(void)
{
	apply_and_free(declared(false));
}

static void change(void)
{
	apply_and_free(declared(true));
}

static void again(void)
{
	apply_and_free(declared(true));
}

static void operate(void)
{
	struct fwc_place place = {
		.family = FWC_FAMILY_INET, .where = FWC_FIRST, .table = "scenario", .chain = "input"
	};
	struct fwc_batch *batch = fwc_batch_new();
	struct fwc_error err;

	fwc_rule_tag(fwc_batch_add_rule_text(batch, &place, FWC_SYNTAX_NFT, "udp dport 53 accept"),
		     "mine");
	fwc_batch_add_element(batch, TABLE, "blocked", "203.0.113.7", NULL, 0, NULL);
	ok(fwc_kernel_commit(kernel, batch, &err), &err);
	fwc_batch_free(batch);
}

static void untag(void)
{
	struct fwc_batch *batch = fwc_batch_new();
	struct fwc_error err;

	fwc_batch_del_tagged(batch, TABLE, "mine");
	fwc_batch_del_element(batch, TABLE, "blocked", "203.0.113.7");
	ok(fwc_kernel_commit(kernel, batch, &err), &err);
	fwc_batch_free(batch);
}

static void refused(void)
{
	struct fwc_ruleset *ruleset = fwc_ruleset_new();
	struct fwc_chain *input = input_of(ruleset);
	struct fwc_ruleset *parsed;
	struct fwc_error err;

	fwc_chain_append_text(input, FWC_SYNTAX_NFT, "accept");
	fwc_chain_append_text(input, FWC_SYNTAX_NFT, "jump nowhere");
	ok(fwc_kernel_apply(kernel, ruleset, NULL, &err), &err);
	fwc_chain_append_text(input, FWC_SYNTAX_NFT, "tcp dport 70000 accept");
	ok(fwc_ruleset_error(ruleset, &err), &err);
	fwc_ruleset_free(ruleset);
	parsed = fwc_ruleset_parse("add nonsense", 12, FWC_SYNTAX_NFT, &err);
	ok(parsed ? 0 : err.code, &err);
	fwc_ruleset_free(parsed);
}

static void load(void)
{
	struct fwc_ruleset *ruleset;
	struct fwc_table *table;
	struct fwc_error err;
	char text[512];

	if (!ok(fwc_kernel_load(kernel, TABLE, &ruleset, &err), &err))
		return;
	table = fwc_ruleset_at(ruleset, 0);
	for (size_t i = 0; i < fwc_table_chain_count(table); i++) {
		struct fwc_chain *chain = fwc_table_chain_at(table, i);

		for (size_t j = 0; j < fwc_chain_count(chain); j++)
			if (fwc_rule_format(fwc_chain_at(chain, j), FWC_SYNTAX_NFT, text,
					    sizeof(text), NULL) == 0)
				printf("rule %s: %s, %zu items\n", fwc_chain_name(chain), text,
				       fwc_rule_count(fwc_chain_at(chain, j)));
	}
	for (size_t i = 0; i < fwc_table_set_count(table); i++) {
		struct fwc_set *set = fwc_table_set_at(table, i);

		for (size_t j = 0; j < fwc_set_count(set); j++)
			if (fwc_element_format(fwc_set_at(set, j), text, sizeof(text), NULL) == 0)
				printf("element %s: %s\n", fwc_set_name(set), text);
	}
	fwc_ruleset_free(ruleset);
}

static void watch(void)
{
	const struct fwc_event *event;
	struct fwc_watch *w = NULL;
	struct fwc_error err;

	if (!ok(fwc_watch_open(kernel, &w, &err), &err))
		return;
	operate();
	while (fwc_watch_next(w, &event, &err) > 0)
		printf("event %u own=%d object=%u %s %s\n", fwc_event_kind(event),
		       fwc_event_is_own(event), fwc_event_object(event), fwc_event_table(event),
		       fwc_event_name(event));
	fwc_watch_close(w);
}

static void interfaces(void)
{
	struct fwc_interfaces *list;
	struct fwc_error err;

	if (!ok(fwc_interfaces_get(kernel, &list, &err), &err))
		return;
	for (size_t i = 0; i < fwc_interfaces_count(list); i++) {
		const struct fwc_interface *one = fwc_interfaces_at(list, i);

		printf("interface %s %s mtu %u %s\n", fwc_interface_name(one),
		       fwc_interface_kind(one), fwc_interface_mtu(one), fwc_interface_state(one));
		for (size_t j = 0; j < fwc_interface_address_count(one); j++) {
			const struct fwc_interface_address *address =
				fwc_interface_address_at(one, j);
			char text[46];

			fwc_ip_format(&address->ip, text, sizeof(text), NULL);
			printf("address %s/%u %s\n", text, address->prefix_len,
			       fwc_interface_address_scope_name(address));
		}
	}
	fwc_interfaces_free(list);
}

static void forward(void)
{
	struct fwc_settings *before;
	struct fwc_error err;
	bool on;

	if (!ok(fwc_forwarding_change(kernel, FWC_FAMILY_IP, NULL, true, 0, &before, &err), &err))
		return;
	for (size_t i = 0; i < fwc_settings_count(before); i++)
		printf("setting %s was %s\n", fwc_settings_name(before, i),
		       fwc_settings_value(before, i));
	fwc_settings_free(before);
	if (ok(fwc_forwarding_get(kernel, FWC_FAMILY_IP, NULL, &on, &err), &err))
		printf("forwarding %d\n", on);
}

static void show_networks(void)
{
	struct fwc_networks *list;
	struct fwc_error err;

	if (!ok(fwc_networks_get(kernel, &list, &err), &err))
		return;
	for (size_t i = 0; i < fwc_networks_count(list); i++) {
		const struct fwc_network *network = fwc_networks_at(list, i);

		for (size_t j = 0; j < fwc_network_endpoint_count(network); j++) {
			struct fwc_ip ip = { 0 };
			char text[46] = "";

			fwc_network_endpoint_address(network, j, FWC_FAMILY_IP, &ip);
			fwc_ip_format(&ip, text, sizeof(text), NULL);
			printf("endpoint %s %s %s %zu ports\n", fwc_network_name(network),
			       fwc_network_endpoint_id(network, j), text,
			       fwc_network_endpoint_port_count(network, j));
		}
	}
	fwc_networks_free(list);
}

static void network(void)
{
	struct fwc_network_opts opts = { .size = sizeof(opts), .subnet4 = "172.31.0.0/24" };
	struct fwc_port port = { .protocol = 6, .host_port = 8080, .port = 80 };
	struct fwc_port more = { .protocol = 17, .host_port = 5000, .port = 6000, .count = 2 };
	struct fwc_attach_opts attach = { .size = sizeof(attach),
					  .ports = &port,
					  .ports_count = 1 };
	int fd = open(container, O_RDONLY | O_CLOEXEC);
	struct fwc_error err;

	ok(fwc_network_create(kernel, "scene0", &opts, &err), &err);
	ok(fwc_network_attach(kernel, "scene0", "c1", fd, &attach, &err), &err);
	ok(fwc_network_publish(kernel, "scene0", "c1", &more, &err), &err);
	ok(fwc_network_publish(kernel, "scene0", "c1", &port, &err), &err); /* taken */
	show_networks();
	close(fd);
}

static void no_network(void)
{
	struct fwc_port more = { .protocol = 17, .host_port = 5000, .port = 6000, .count = 2 };
	struct fwc_error err;

	ok(fwc_network_delete(kernel, "scene0", &err), &err); /* has an endpoint */
	ok(fwc_network_unpublish(kernel, "scene0", "c1", &more, &err), &err);
	ok(fwc_network_detach(kernel, "scene0", "c1", &err), &err);
	ok(fwc_network_delete(kernel, "scene0", &err), &err);
	ok(fwc_forwarding_set(kernel, FWC_FAMILY_IP, NULL, false, &err), &err);
	show_networks();
}

static void absent(void)
{
	struct fwc_ruleset *ruleset = fwc_ruleset_new();

	fwc_ruleset_absent_table(ruleset, TABLE);
	apply_and_free(ruleset);
}

static const struct {
	const char *name;
	void (*run)(void);
} steps[] = {
	{ "declare", declare }, { "change", change },   { "again", again },
	{ "operate", operate }, { "load", load },       { "untag", untag },
	{ "watch", watch },     { "refused", refused }, { "interfaces", interfaces },
	{ "forward", forward }, { "network", network }, { "no-network", no_network },
	{ "absent", absent },
};

int main(int argc, char **argv)
{
	struct fwc_kernel_opts opts = { .size = sizeof(opts), .owner = "scenario" };
	struct fwc_error err;

	for (size_t i = 0; argc == 3 && i < sizeof(steps) / sizeof(steps[0]); i++) {
		if (strcmp(argv[1], steps[i].name) != 0)
			continue;
		container = argv[2];
		if (!ok(fwc_kernel_open(&kernel, &opts, &err), &err))
			return 1;
		steps[i].run();
		fwc_kernel_close(kernel);
		return 0;
	}
	fprintf(stderr, "usage: scenario STEP CONTAINER\n");
	return 2;
}
