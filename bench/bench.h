/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/*
 * The inputs of the kernels, and the table of kernels.
 *
 * A kernel is a pair of functions in one file of kernels/.  raw_x() is the code of a good kernel
 * programmer, with the checks that such code has; hf_x() does the same with Holdfast.  Both use the same
 * back end (hf_sys_…) for memory, locks, registers and atomics, so they differ only in what Holdfast adds.
 * For the same inputs they return the same number.
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

/* Every variant gets the same inputs, whose lengths the compiler does not know. */
struct bench_in {
	size_t n;			/* length of the next five: BENCH_N */
	const u32 *words;
	const u32 *more;
	const u16 *at;			/* each below n - 4 */
	const struct hf_le16 *index;	/* each below n, in a device's byte order */
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

/* Returns a number that depends on all that was read, or an errno. */
typedef s64 bench_fn(const struct bench_in *in);

struct bench_kernel {
	const char *name;
	unsigned int ops;		/* operations a call */
	unsigned int hostile;		/* the raw side checks as well: both agree on bad inputs */
	bench_fn *raw, *safe;		/* a driver path has no raw side */
};

/* The last entry has no name. */
extern const struct bench_kernel bench_table[];

#define BENCH_KERNEL(name, ops, hostile)	bench_fn raw_##name, hf_##name;
#define BENCH_DRIVER(name, ops)			bench_fn hf_##name;
/* Frees what the first calls of some kernels or paths allocated. */
#define BENCH_END(name)				void bench_##name##_end(void);
#include "list.h"
#undef BENCH_KERNEL
#undef BENCH_DRIVER
#undef BENCH_END

/* A function that is not inlined, and of which its callers know only the type. */
#if defined(__has_attribute) && __has_attribute(noipa)
#define BENCH_CALL	__attribute__((noipa))
#else
#define BENCH_CALL	__attribute__((__noinline__))
#endif

/* A compiler barrier: keeps a loop whose body has no other effect. */
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

/* Fills @m and @in from @seed, except for the window, which the harness makes. */
void bench_inputs(struct bench_in *in, struct bench_memory *m, u64 seed);
/*
 * Makes the inputs invalid in the @nth way, by wrong lengths or indexes.  Returns false if there is no such
 * way.  Only for kernels that are marked hostile.
 */
bool bench_spoil(struct bench_in *in, struct bench_memory *m, unsigned int nth);

#endif
