/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/*
 * What the kernels share: their inputs, and the table of them.
 *
 * A kernel is a pair of functions beside each other in one file of kernels/: raw_x() is what a good
 * kernel programmer writes, with the checks that he does not leave out, and hf_x() the same with
 * Holdfast.  Both use the same back end (hf_sys_…) for memory, locks, registers and atomics, so what
 * differs is what Holdfast adds.  They give the same number for the same inputs.
 */
#ifndef HOLDFAST_BENCH_H
#define HOLDFAST_BENCH_H

#include <holdfast/holdfast.h>

#define BENCH_N		1024u		/* words, indexes, columns times rows */
#define BENCH_COLUMNS	32u
#define BENCH_TLVS	256u
#define BENCH_ENTRIES	128u
#define BENCH_PACKETS	64u
#define BENCH_ARENA	(64u << 10)
#define BENCH_WINDOW	4096u

/* The same for every variant, and to the compiler's knowledge of any length. */
struct bench_in {
	size_t n;			/* of the next five: BENCH_N */
	const u32 *words;
	const u32 *more;
	const u16 *at;			/* each below n - 4 */
	const struct hf_le16 *index;	/* each below n, as a device would give them */
	u32 *out;
	const u8 *tlvs;			/* type, length (at least 2), body */
	size_t tlvs_len;
	const u8 *entries;		/* NVMe completions, 16 bytes each */
	size_t entries_len;
	const u8 *packets;		/* IPv4 and TCP headers, with options in some */
	size_t packets_len;
	void *arena;			/* BENCH_ARENA zeroed bytes, for state */
	struct hf_io window;		/* BENCH_WINDOW bytes of memory as registers */
};

/* Gives a number made of all that it read, or an errno. */
typedef s64 bench_fn(const struct bench_in *in);

struct bench_kernel {
	const char *name;
	unsigned int ops;		/* operations a call */
	unsigned int hostile;		/* raw checks as well: both agree on bad inputs, too */
	bench_fn *raw, *safe;		/* a driver's path has no raw side */
};

/* Ends with one that has no name. */
extern const struct bench_kernel bench_table[];

#define BENCH_KERNEL(name, ops, hostile)	bench_fn raw_##name, hf_##name;
#define BENCH_DRIVER(name, ops)			bench_fn hf_##name;
/* Gives back what the paths of an example have made at their first call. */
#define BENCH_EXAMPLE(name)			void bench_##name##_end(void);
#include "list.h"
#undef BENCH_KERNEL
#undef BENCH_DRIVER
#undef BENCH_EXAMPLE

/* A function of its own, about which its callers know no more than its type. */
#if defined(__has_attribute) && __has_attribute(noipa)
#define BENCH_CALL	__attribute__((noipa))
#else
#define BENCH_CALL	__attribute__((__noinline__))
#endif

/* What was read before is read again: keeps a loop around a call that has no other effect. */
#define bench_again()	__asm__ volatile("" ::: "memory")

/* --- the inputs, for both harnesses (inputs.c) ------------------------------------------------- */

struct bench_memory {
	u32 words[BENCH_N], more[BENCH_N], out[BENCH_N];
	u16 at[BENCH_N];
	struct hf_le16 index[BENCH_N];
	u8 tlvs[BENCH_TLVS * 18], entries[BENCH_ENTRIES * 16], packets[BENCH_PACKETS * 80];
	u8 arena[BENCH_ARENA] __attribute__((aligned(64)));
	u8 window[BENCH_WINDOW] __attribute__((aligned(64)));
};

/* Fill @m and @in from @seed, but for the window, which the harness knows how to make. */
void bench_inputs(struct bench_in *in, struct bench_memory *m, u64 seed);
/*
 * Make them bad in the @nth way: bad lengths, bad indexes.  False if there is no such way.  Only for
 * kernels that are marked hostile.
 */
bool bench_spoil(struct bench_in *in, struct bench_memory *m, unsigned int nth);

#endif
