/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* One element into a map of 100,000, in process, the socket open: what publishing a port costs. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <fwcore/fwcore.h>

#include "bench.h"

enum { ADDED = 100 }; /* elements a run: each in a commit of its own */

static int complain(const struct fwc_error *err)
{
	fprintf(stderr, "%s\n", err->msg);
	return 1;
}

/* A map of n addresses to ports. */
static int fill(struct fwc_kernel *k, size_t n)
{
	struct fwc_ruleset *rs = fwc_ruleset_new();
	struct fwc_table *t = fwc_ruleset_add_table(rs, FWC_FAMILY_IP, "bench", 0);
	struct fwc_set *m =
		fwc_table_add_set(t, "m", "ipv4_addr",
				  &(struct fwc_set_opts){ .size = sizeof(struct fwc_set_opts),
							  .data_type = "inet_service" });
	struct fwc_error err;

	for (size_t i = 0; i < n; i++) {
		struct fwc_ip ip = { FWC_FAMILY_IP,
				     { 10, (uint8_t)(i >> 16), (uint8_t)(i >> 8), (uint8_t)i } };
		struct fwc_value *key = fwc_value_ip(&ip), *data = fwc_value_number(80);

		fwc_set_add_value(m, key, data, NULL);
		fwc_value_free(key);
		fwc_value_free(data);
	}
	if (fwc_kernel_apply(k, rs, NULL, &err) < 0)
		return complain(&err);
	fwc_ruleset_free(rs);
	return 0;
}

static int add_one(struct fwc_kernel *k, size_t i)
{
	struct fwc_ip ip = { FWC_FAMILY_IP, { 11, 0, (uint8_t)(i >> 8), (uint8_t)i } };
	struct fwc_value *key = fwc_value_ip(&ip), *data = fwc_value_number(80);
	struct fwc_batch *b = fwc_batch_new();
	struct fwc_error err;
	int r;

	fwc_batch_add_element_value(b, FWC_FAMILY_IP, "bench", "m", key, data, 0, NULL);
	r = fwc_kernel_commit(k, b, &err);
	fwc_batch_free(b);
	fwc_value_free(key);
	fwc_value_free(data);
	return r < 0 ? complain(&err) : 0;
}

static int element_fwcore(size_t n, struct bench_sample *ret)
{
	struct fwc_kernel *k;
	struct fwc_error err;
	double before;

	if (fwc_kernel_open(&k, NULL, &err) < 0)
		return complain(&err);
	if (fill(k, n))
		return 1;
	before = bench_now_ms();
	for (size_t i = 0; i < ADDED; i++)
		if (add_one(k, i))
			return 1;
	ret->ms = (bench_now_ms() - before) / ADDED;
	fwc_kernel_close(k);
	return 0;
}

/* The bytes of one commit, recorded, then replayed over a socket of its own into a map that has as many. */
static int element_bare(size_t n, struct bench_sample *ret)
{
	static const uint8_t key[] = { 11, 0, 0, ADDED };
	struct bench_recording r = { 0 };
	uint8_t *at;
	struct fwc_kernel *k;
	struct fwc_error err;

	if (fwc_kernel_open(&k, NULL, &err) < 0)
		return complain(&err);
	if (fill(k, n))
		return 1;
	bench_record(&r);
	if (add_one(k, ADDED))
		return 1;
	bench_record(NULL);
	fwc_kernel_close(k);
	ret->bytes = (double)r.len;
	at = memmem(r.data, r.len, key, sizeof(key));
	if (!at)
		return 1;
	at[3]++; /* the recorded one is in the map */
	return bench_replay_often(&r, at + 3, ADDED, &ret->ms);
}

static int element_nft(size_t n, struct bench_sample *ret)
{
	struct fwc_kernel *k;
	struct fwc_error err;
	double before;
	int r;

	if (fwc_kernel_open(&k, NULL, &err) < 0)
		return complain(&err);
	if (fill(k, n))
		return 1;
	before = bench_now_ms();
	r = system("exec nft add element ip bench m '{ 11.0.0.1 : 80 }'");
	ret->ms = bench_now_ms() - before;
	fwc_kernel_close(k);
	return r != 0;
}

static const struct bench_variant variants[] = {
	{ "the same bytes, bare", element_bare },
	{ "libfwcore: build a batch, commit", element_fwcore },
	{ "nft add element, whole process", element_nft },
};

int main(int argc, char **argv)
{
	unsigned int rounds = bench_rounds(argc, argv);

	bench_contest("One element into a map of 100,000 (a commit each, mean of 100)", 100000,
		      variants, 3, rounds);
	return 0;
}
