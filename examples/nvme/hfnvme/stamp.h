/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/*
 * Stamped content: the first words of a block are its number and its generation, which counts
 * writes. All other words depend on these and on a seed.
 */
#ifndef EXAMPLES_NVME_HFNVME_STAMP_H
#define EXAMPLES_NVME_HFNVME_STAMP_H

#include <holdfast/holdfast.h>

/* splitmix64's finaliser. */
static inline u64 stamp_mix(u64 z)
{
	z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9ull;
	z = (z ^ z >> 27) * 0x94d049bb133111ebull;
	return z ^ z >> 31;
}

/* Random numbers: splitmix64. */
static inline u64 stamp_random(u64 *state)
{
	return stamp_mix(*state += 0x9e3779b97f4a7c15ull);
}

/* A random number from 0 to n - 1. */
static inline u64 stamp_below(u64 *state, u64 n)
{
	return (u64)(__extension__ (unsigned __int128)stamp_random(state) * n >> 64);
}

/*
 * Word i of a block: the first two are its number and generation, the others a sequence that is
 * unique to them.
 */
struct stamp {
	u64 lba, generation, base, step;
};

static inline struct stamp stamp_of(u64 seed, u64 lba, u64 generation)
{
	u64 base = stamp_mix(seed + stamp_mix(lba + stamp_mix(generation + 1)));

	return (struct stamp) { lba, generation, base, stamp_mix(base) | 1 };
}

static inline void stamp_write(struct u8_slice block, u64 seed, u64 lba, u64 generation)
{
	struct stamp s = stamp_of(seed, lba, generation);
	size_t words = hf_len(block) / sizeof(u64);
	/* SAFETY: bytes are written through it up to words * 8, the block's length. */
	u8 *to = hf_ptr_unchecked(block);

	for (size_t i = 0; i < words; i++) {
		u64 v = s.base + i * s.step;

		memcpy(to + i * sizeof(v), &v, sizeof(v));
	}
	memcpy(to, &s.lba, sizeof(u64));
	memcpy(to + sizeof(u64), &s.generation, sizeof(u64));
}

/* Whether the block is this generation, word by word; generation 0 is all zeroes. */
static inline bool stamp_is(struct u8_cslice block, u64 seed, u64 lba, u64 generation)
{
	struct stamp s = stamp_of(seed, lba, generation);
	size_t words = hf_len(block) / sizeof(u64);
	/* SAFETY: bytes are read through it up to words * 8, the block's length. */
	const u8 *from = hf_ptr_unchecked(block);
	u64 differ = 0, v;

	if (!generation)
		s = (struct stamp) { 0 };
	for (size_t i = 2; i < words; i++) {
		memcpy(&v, from + i * sizeof(v), sizeof(v));
		differ |= v ^ (s.base + i * s.step);
	}
	memcpy(&v, from, sizeof(v));
	differ |= v ^ s.lba;
	memcpy(&v, from + sizeof(v), sizeof(v));
	return !(differ | (v ^ s.generation));
}

/* The generation according to the block itself. */
static inline u64 stamp_generation(struct u8_cslice block)
{
	u64 v = 0;

	/* SAFETY: a block has 512 bytes at least. */
	memcpy(&v, hf_ptr_unchecked(block) + sizeof(v), sizeof(v));
	return v;
}

#endif /* EXAMPLES_NVME_HFNVME_STAMP_H */
