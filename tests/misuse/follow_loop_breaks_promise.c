// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: the end of a loop over an array, whose index is promised to be inside, is any number from outside
// rule: untrusted-number
// compilers: none
// checker: 'hf_accept_any\(count\)' may give any number up to 65535 here, and line 23 uses it as the end of a loop over
#include <holdfast/num.h>
#include <holdfast/slice.h>

struct report {
	u32 value[12];
};

u32 report_sum(const struct report *r, struct hf_untrusted_u16 count);
u32 report_sum(const struct report *r, struct hf_untrusted_u16 count)
{
#ifdef MISUSE
	const u16 n = hf_accept_any(count); /* E */
#else
	const u16 n = hf_try_or(hf_at_most(count, 12), 0);
#endif
	u32 sum = 0;

	for (u16 i = 0; i < n; i++)
		sum += hf_array_at(r->value, i);
	return sum;
}
