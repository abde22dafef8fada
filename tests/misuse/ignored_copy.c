// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: a copy whose failure is ignored
// rule: result-ignored
// expect: ignoring return value of
#include <holdfast/slice.h>

int f(struct u8_slice to, struct u8_cslice from);
int f(struct u8_slice to, struct u8_cslice from)
{
#ifdef MISUSE
	hf_copy(to, from); /* E */
#else
	hf_try_errno(hf_copy(to, from));
#endif
	return 0;
}
