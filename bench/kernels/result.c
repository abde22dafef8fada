// SPDX-License-Identifier: GPL-2.0-only OR MIT
/* Results through several functions.  The raw side has an errno and an output parameter. */
#include "../bench.h"

#define OPS 256
#define TOO_LARGE 0xfffffff0u

#define RAW_CHAIN(name, below)								\
	BENCH_CALL static int raw_##name(u32 x, u32 *v);				\
	BENCH_CALL static int raw_##name(u32 x, u32 *v)					\
	{										\
		u32 got;								\
		int err = raw_##below(x, &got);						\
											\
		if (err)								\
			return err;							\
		*v = got + 1;								\
		return 0;								\
	}

#define HF_CHAIN(name, below)								\
	BENCH_CALL static struct u32_result hf_##name(u32 x);				\
	BENCH_CALL static struct u32_result hf_##name(u32 x)				\
	{										\
		return hf_ok(u32, hf_try_in(u32, hf_##below(x)) + 1);			\
	}

BENCH_CALL static int raw_result_at1(u32 x, u32 *v)
{
	if (x >= TOO_LARGE)
		return -ERANGE;
	*v = x ^ 0x55;
	return 0;
}

BENCH_CALL static struct u32_result hf_result_at1(u32 x)
{
	if (x >= TOO_LARGE)
		return hf_err(u32, -ERANGE);
	return hf_ok(u32, x ^ 0x55);
}

#define BOTH(d)										\
	s64 raw_result_##d(const struct bench_in *in)					\
	{										\
		s64 sum = 0;								\
											\
		for (size_t i = 0; i < OPS && i < in->n; i++) {				\
			u32 v;								\
			int err = raw_result_at##d(in->words[i], &v);			\
											\
			if (err)							\
				return err;						\
			sum += v;							\
		}									\
		return sum;								\
	}										\
	s64 hf_result_##d(const struct bench_in *in)					\
	{										\
		s64 sum = 0;								\
											\
		for (size_t i = 0; i < OPS && i < in->n; i++)				\
			sum += hf_try(hf_result_at##d(in->words[i]));			\
		return sum;								\
	}

#define DEEPER(d, below)								\
	RAW_CHAIN(result_at##d, result_at##below)					\
	HF_CHAIN(result_at##d, result_at##below)					\
	BOTH(d)

BOTH(1)
DEEPER(2, 1)
DEEPER(3, 2)
DEEPER(4, 3)
DEEPER(5, 4)
DEEPER(6, 5)
DEEPER(7, 6)
DEEPER(8, 7)

/* --- a pointer or an errno: the raw side is ERR_PTR() ------------------------------------------- */

HF_PTR_RESULT_DEFINE(word, const u32);

BENCH_CALL static const u32 *raw_result_pointer_find(const struct bench_in *in, u32 i)
{
	if (i >= in->n)
		return (const u32 *)(long)-ERANGE;
	return &in->words[i];
}

s64 raw_result_pointer(const struct bench_in *in)
{
	s64 sum = 0;

	for (size_t i = 0; i < OPS && i < in->n; i++) {
		const u32 *p = raw_result_pointer_find(in, in->at[i]);

		if (HF_UNLIKELY((unsigned long)p >= (unsigned long)-HF_MAX_ERRNO))
			return (long)p;
		sum += *p;
	}
	return sum;
}

BENCH_CALL static struct word_result hf_result_pointer_find(const struct bench_in *in, u32 i)
{
	if (i >= in->n)
		return hf_err(word, -ERANGE);
	return hf_ok(word, &in->words[i]);
}

s64 hf_result_pointer(const struct bench_in *in)
{
	s64 sum = 0;

	for (size_t i = 0; i < OPS && i < in->n; i++)
		sum += *hf_try(hf_result_pointer_find(in, in->at[i]));
	return sum;
}
