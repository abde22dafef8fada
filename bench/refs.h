/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/* The raw side's reference counts: a kref, with the checks of refcount_t. */
#ifndef HOLDFAST_BENCH_REFS_H
#define HOLDFAST_BENCH_REFS_H

#include "bench.h"

/*
 * Saturates as refcount_warn_saturate() does.  That is a function of another file, so the compiler must not
 * know here either which registers it leaves alone: GCC would keep values in them.
 */
BENCH_CALL static HF_COLD void raw_refs_saturate(hf_sys_atomic *refs)
{
	hf_sys_atomic_set(refs, -(1 << 30));
}

/* The sums wrap, as in the kernel.  Otherwise the compiler may leave the test for an overflow out. */
HF_INLINE void raw_refs_get(hf_sys_atomic *refs)
{
	int old = hf_sys_atomic_fetch_add_relaxed(refs, 1);

	if (HF_UNLIKELY(!old) || HF_UNLIKELY(old < 0 || (int)((unsigned int)old + 1) < 0))
		raw_refs_saturate(refs);
}

/* Whether that was the last reference. */
HF_INLINE bool raw_refs_put(hf_sys_atomic *refs)
{
	int old = hf_sys_atomic_fetch_sub_acq_rel(refs, 1);

	if (old == 1)
		return true;
	if (HF_UNLIKELY(old < 0 || (int)((unsigned int)old - 1) < 0))
		raw_refs_saturate(refs);
	return false;
}

#endif
