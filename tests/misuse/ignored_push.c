// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: a push to a vector whose failure is ignored
// rule: result-ignored
// expect: ignoring return value of
#include <holdfast/vec.h>

int f(struct u32_vec *v);
int f(struct u32_vec *v)
{
#ifdef MISUSE
	hf_vec_push(v, 1, GFP_KERNEL); /* E */
#else
	hf_try_errno(hf_vec_push(v, 1, GFP_KERNEL));
#endif
	return 0;
}
