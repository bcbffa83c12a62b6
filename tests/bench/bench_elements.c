/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Many elements at once: into a hash, into intervals, into concatenations; and one changed of them all. */
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <unistd.h>

#include <fwcore/fwcore.h>

#include "bench.h"

static struct kind {
	const char *type;
	uint32_t flags;
	int sized; /* the set is given its size */
} kind;

static int complain(const struct fwc_error *err)
{
	fprintf(stderr, "%s\n", err->msg);
	return 1;
}

/* Every second address, with a port where the kind is a concatenation. */
static struct fwc_value *key_of(size_t i, int concat)
{
	const struct fwc_ip ip = { FWC_FAMILY_IP,
				   { (uint8_t)(10 + (i >> 23)), (uint8_t)(i >> 15),
				     (uint8_t)(i >> 7), (uint8_t)(i << 1) } };
	struct fwc_value *address = fwc_value_ip(&ip), *port, *key;

	if (!concat)
		return address;
	port = fwc_value_number(80);
	key = fwc_value_concat((const struct fwc_value *[]){ address, port }, 2);
	fwc_value_free(address);
	fwc_value_free(port);
	return key;
}

static struct fwc_ruleset *declare(size_t from, size_t to)
{
	const struct fwc_set_opts opts = { .size = sizeof(opts),
					   .flags = kind.flags,
					   .max_elements = kind.sized ? (uint32_t)(to - from) : 0 };
	struct fwc_ruleset *rs = fwc_ruleset_new();
	struct fwc_table *t = fwc_ruleset_add_table(rs, FWC_FAMILY_IP, "bench", 0);
	struct fwc_set *s = fwc_table_add_set(t, "s", kind.type, &opts);
	int concat = kind.type[9] == ' ';

	for (size_t i = from; i < to; i++) {
		struct fwc_value *key = key_of(i, concat);

		fwc_set_add_value(s, key, NULL, NULL);
		fwc_value_free(key);
	}
	return rs;
}

static double peak_bytes(void)
{
	struct rusage u;

	getrusage(RUSAGE_SELF, &u);
	return (double)u.ru_maxrss * 1024;
}

/* Build, plan, encode, send, read the answer. `bytes` is the most memory that the process had. */
static int load_fwcore(size_t n, struct bench_sample *ret)
{
	double before = bench_now_ms(), own = bench_own_ms();
	struct fwc_ruleset *rs = declare(0, n);
	struct fwc_kernel *k;
	struct fwc_error err;

	if (fwc_kernel_open(&k, NULL, &err) < 0 || fwc_kernel_apply(k, rs, NULL, &err) < 0)
		return complain(&err);
	ret->ms = bench_now_ms() - before;
	ret->own_ms = bench_own_ms() - own;
	ret->bytes = peak_bytes();
	fwc_ruleset_free(rs);
	fwc_kernel_close(k);
	return 0;
}

static int load_bare(size_t n, struct bench_sample *ret)
{
	struct bench_recording r = { 0 };
	struct bench_sample recorded;

	bench_record(&r);
	if (load_fwcore(n, &recorded) || bench_fresh_namespace())
		return 1;
	bench_record(NULL);
	bench_clear_generation(&r);
	ret->bytes = (double)r.len;
	return bench_replay(&r, &ret->ms);
}

static int load_nft(size_t n, struct bench_sample *ret)
{
	char path[] = "/tmp/fwc-bench-XXXXXX", command[64];
	struct fwc_ruleset *rs = declare(0, n);
	int fd = mkstemp(path), r;
	struct fwc_error err;
	double before;
	char *text;
	size_t len;

	if (fd < 0)
		return bench_die(path);
	if (fwc_ruleset_format(rs, FWC_SYNTAX_NFT, 0, &text, &len, &err) < 0)
		return complain(&err);
	r = write(fd, text, len) != (ssize_t)len;
	close(fd);
	fwc_text_free(text);
	fwc_ruleset_free(rs);
	snprintf(command, sizeof(command), "exec nft -f %s", path);
	before = bench_now_ms();
	r = r || system(command);
	ret->ms = bench_now_ms() - before;
	unlink(path);
	return r;
}

/* What is there is loaded, compared with what is wanted, and the one element that differs is sent. */
static int change_one(size_t n, struct bench_sample *ret)
{
	struct bench_sample filled;
	struct fwc_ruleset *rs;
	struct fwc_kernel *k;
	struct fwc_error err;
	double before, own;

	if (load_fwcore(n, &filled))
		return 1;
	rs = declare(1, n + 1);
	if (fwc_kernel_open(&k, NULL, &err) < 0)
		return complain(&err);
	before = bench_now_ms();
	own = bench_own_ms();
	if (fwc_kernel_apply(k, rs, NULL, &err) < 0)
		return complain(&err);
	ret->ms = bench_now_ms() - before;
	ret->own_ms = bench_own_ms() - own;
	ret->bytes = peak_bytes();
	fwc_ruleset_free(rs);
	fwc_kernel_close(k);
	return 0;
}

static const struct bench_variant variants[] = {
	{ "the same bytes, bare", load_bare },
	{ "libfwcore: build, plan, encode, send (bytes: memory)", load_fwcore },
	{ "libfwcore: one changed, all compared (bytes: memory)", change_one },
	{ "nft -f, whole process", load_nft },
};

int main(int argc, char **argv)
{
	static const struct {
		const char *title;
		struct kind kind;
	} kinds[] = {
		{ "Elements into a hash with its size", { "ipv4_addr", 0, 1 } },
		{ "Elements into a set of intervals", { "ipv4_addr", FWC_SET_INTERVAL, 0 } },
		{ "Elements into concatenations with their size",
		  { "ipv4_addr . inet_service", 0, 1 } },
	};
	unsigned int rounds = bench_rounds(argc, argv);

	for (size_t n = 100000; n <= 1000000; n *= 10)
		for (size_t i = 0; i < sizeof(kinds) / sizeof(*kinds); i++) {
			kind = kinds[i].kind;
			bench_contest(kinds[i].title, n, variants, 4, rounds);
		}
	return 0;
}
