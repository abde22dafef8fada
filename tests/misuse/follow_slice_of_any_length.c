// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: a slice as long as the device says
// rule: untrusted-number
// compilers: none
// checker: may give any number up to 65535 here, and line [0-9]+ uses it as the length of a slice
#include <holdfast/holdfast.h>

enum { SAMPLES = 1024 };

HF_MMIO_DEFINE(adc_regs, 0x10);
HF_REG_RO(adc_regs, count, 0x00, u32);

struct adc {
	struct adc_regs regs;
	u16 sample[SAMPLES];
};

u64 adc_sum(const struct adc *a);
u64 adc_sum(const struct adc *a)
{
#ifdef MISUSE
	const u32 n = hf_mask(adc_regs_read_count(&a->regs), 0xffff); /* E */
#else
	const u32 n = hf_try_or(hf_at_most(adc_regs_read_count(&a->regs), SAMPLES), 0);
#endif
	u64 sum = 0;

	/* SAFETY: the device counts what it wrote. */
	hf_for_each(v, hf_slice_unchecked(u16_cslice, a->sample, n))
		sum += *v;
	return sum;
}
