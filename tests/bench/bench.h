/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Interleaved runs, each in a process and a network namespace of its own; medians and paired ratios.
 *
 * Every variant of a contest runs once a round, in turn, so that a machine that becomes slower does so for all of them. A
 * ratio is the median of the rounds' ratios to the first variant. */
#ifndef FWC_BENCH_H
#define FWC_BENCH_H

#include <stddef.h>
#include <stdint.h>

enum { BENCH_ROUNDS = 100 }; /* at most */

struct bench_sample {
	double ms; /* what is measured, wall clock */
	double own_ms; /* processor time outside the kernel: 0 when it is not told apart */
	double bytes; /* memory or bytes on the wire, 0 when it is not told */
};

struct bench_variant {
	const char *name;
	/* Runs in a fresh namespace; returns 0, or prints why not and returns 1. */
	int (*run)(size_t n, struct bench_sample *ret);
};

/* The number of rounds from the command line; prints the usage and exits with 2 when it is none. A second argument is the
 * number of the one contest to run. */
unsigned int bench_rounds(int argc, char **argv);
/* Prints one row a variant. */
void bench_contest(const char *title, size_t n, const struct bench_variant *variants, size_t count,
		   unsigned int rounds);

double bench_now_ms(void);
/* Processor time of this process outside sendmsg and recvmsg: what the library itself takes. */
double bench_own_ms(void);
int bench_die(const char *what); /* prints errno, returns 1 */

/* The bytes of the last large sendmsg() of the library in this process. */
struct bench_recording {
	uint8_t *data;
	size_t len;
};
void bench_record(struct bench_recording *into); /* NULL stops */
/* Each nf_tables batch that the library sends, up to `room`, without its generation; NULL stops. Returns how many there were. */
size_t bench_record_batches(struct bench_recording *into, size_t room);
/* Sends what is recorded over a socket of its own and takes the one ack. */
int bench_send(int bus, const struct bench_recording *r);
/* Leaves for another empty namespace, where what was recorded can be replayed. */
int bench_fresh_namespace(void);
/* Takes the generation out of a recorded batch: it belonged to the other namespace. */
void bench_clear_generation(struct bench_recording *r);
/* The same bytes from a bare socket of protocol `bus`, answered by one ack. */
int bench_replay(const struct bench_recording *r, double *ret_ms);
/* The mean of so many times, one after the other over one socket; the byte at `vary` is another each time. */
int bench_replay_often(const struct bench_recording *r, uint8_t *vary, unsigned int times,
		       double *ret_ms);
/* Receives a dump without looking at it. */
int bench_bare_dump(int bus, const void *request, size_t len, double *ret_ms);

#endif
