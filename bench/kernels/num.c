// SPDX-License-Identifier: GPL-2.0-only OR MIT
/* Numbers: checked arithmetic, narrowing, untrusted indexes. */
#include "../bench.h"

/* --- gather by untrusted indexes ---------------------------------------------------------------- */

s64 raw_gather(const struct bench_in *in)
{
	const size_t n = in->n;
	const u32 *const p = in->words;
	const struct hf_le16 *const index = in->index;
	s64 sum = 0;

	for (size_t i = 0; i < n; i++) {
		const u16 at = le16_to_cpu(index[i].raw_);

		if (at >= n)
			return -ERANGE;
		sum += p[at];
	}
	return sum;
}

HF_SLICE_DEFINE(le16, struct hf_le16);

s64 hf_gather(const struct bench_in *in)
{
	/* SAFETY: bench_in gives the length. */
	const struct u32_cslice s = hf_slice_unchecked(u32_cslice, in->words, in->n);
	s64 sum = 0;

	/* SAFETY: the same. */
	hf_for_each(i, hf_slice_unchecked(le16_cslice, in->index, in->n))
		sum += hf_at(s, hf_try(hf_below(hf_from_le(*i), hf_len(s))));
	return sum;
}

/* --- arithmetic --------------------------------------------------------------------------------- */

s64 raw_num_add(const struct bench_in *in)
{
	u32 sum = 0;

	for (size_t i = 0; i < in->n; i++)
		if (__builtin_add_overflow(sum, in->words[i], &sum))
			return -EOVERFLOW;
	return sum;
}

s64 hf_num_add(const struct bench_in *in)
{
	u32 sum = 0;

	for (size_t i = 0; i < in->n; i++)
		sum = hf_try(hf_add_u32(sum, in->words[i]));
	return sum;
}

/* The size of a header followed by several elements. */
s64 raw_num_mul(const struct bench_in *in)
{
	u64 sum = 0;

	for (size_t i = 0; i < in->n; i++) {
		u32 size;

		if (__builtin_mul_overflow(in->words[i], 24u, &size) ||
		    __builtin_add_overflow(size, 16u, &size))
			return -EOVERFLOW;
		sum += size;
	}
	return (s64)sum;
}

s64 hf_num_mul(const struct bench_in *in)
{
	u64 sum = 0;

	for (size_t i = 0; i < in->n; i++)
		sum += hf_try(hf_add_u32(hf_try(hf_mul_u32(in->words[i], 24)), 16));
	return (s64)sum;
}

/* --- narrowing ---------------------------------------------------------------------------------- */

s64 raw_num_narrow(const struct bench_in *in)
{
	u64 sum = 0;

	for (size_t i = 0; i < in->n; i++) {
		const u32 v = in->words[i] >> 4;

		if (v > 0xffff)
			return -ERANGE;
		sum += (u16)v;
	}
	return (s64)sum;
}

s64 hf_num_narrow(const struct bench_in *in)
{
	u64 sum = 0;

	for (size_t i = 0; i < in->n; i++)
		sum += hf_try(hf_to_u16(in->words[i] >> 4));
	return (s64)sum;
}
