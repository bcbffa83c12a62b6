/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What the generated calls pass, and how their answers are looked at. */
#ifndef FWC_TESTS_CALLS_H
#define FWC_TESTS_CALLS_H

#include <fwcore/fwcore.h>

#include "../check.h"

/* One of each, named as its type is without `fwc_`. Those of a kernel are NULL where the test case has none. */
struct fixture {
	struct fwc_ruleset *ruleset;
	struct fwc_table *table;
	struct fwc_chain *chain;
	struct fwc_set *set;
	struct fwc_rule *rule;
	struct fwc_batch *batch;
	struct fwc_target *target;
	struct fwc_value *value;
	struct fwc_iptables *iptables;
	const char *words[2];
	const struct fwc_value *values[2];
	const struct fwc_element *element;
	const struct fwc_item *item;
	struct fwc_folds *folds;
	const struct fwc_fold *fold;

	struct fwc_kernel *kernel;
	struct fwc_plan *plan;
	struct fwc_watch *watch;
	const struct fwc_event *event;
	struct fwc_interfaces *interfaces;
	const struct fwc_interface *interface;
	const struct fwc_interface_address *interface_address;
	struct fwc_routes *routes;
	struct fwc_settings *settings;
	struct fwc_features *features;
	const struct fwc_feature *feature;
	struct fwc_networks *networks;
	const struct fwc_network *network;
	int netns_fd;

	struct fwc_ip ip[1];
	struct fwc_port port[1];
	struct fwc_place place[1];
	struct fwc_kernel_opts kernel_opts[1];
	struct fwc_apply_opts apply_opts[1];
	struct fwc_base_opts base_opts[1];
	struct fwc_set_opts set_opts[1];
	struct fwc_element_opts element_opts[1];
	struct fwc_nat_opts nat_opts[1];
	struct fwc_iptables_file_opts iptables_file_opts[1];
	struct fwc_optimize_opts optimize_opts[1];
	struct fwc_network_opts network_opts[1];
	struct fwc_attach_opts attach_opts[1];
	struct fwc_next_hop next_hop[1];
	struct fwc_route route[1];
	struct fwc_route_lookup_opts route_lookup_opts[1];

	uint32_t details[2];
	struct fwc_error error[1];
	char buf[64];
	size_t needed;
	uint64_t out[4][4]; /* what a call writes on success only */
};

extern const char *const long_text;
extern const uint64_t zeros[128]; /* as a struct that was not filled */

/* Fresh objects that stay reachable until the process ends; `failed`: ruleset, batch and target keep a failure. */
struct fixture *fixture_new(bool failed);
/* What came from a kernel is shared by the fixtures; a call may have released it, and it is read anew. */
void fixture_released(void);

enum expected { ANYTHING, REFUSED };
/* A refusal leaves `out` alone; REFUSED: it is one. */
void check_int(const struct fixture *f, long long n, enum expected expected);
void check_bool(const struct fixture *f, long long n, enum expected expected);
void check_number(const struct fixture *f, long long n, enum expected expected);
void check_pointer(const struct fixture *f, const void *p, enum expected expected);
/* In a child process: -ECHILD, in words, and nothing written. The parent's kernel object goes on working. */
void check_in_child(long long (*call)(struct fixture *f));

/* Generated. */
void add_memory_calls(TCase *tc);
void add_kernel_calls(TCase *tc);
void add_fork_calls(TCase *tc);

#endif
