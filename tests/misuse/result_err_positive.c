// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: an error that is a positive errno, and would be taken for a success
// rule: result-misused
// expect: hf_err: \\?'ENOMEM\\?' is no negative errno
#include <holdfast/num.h>

struct u32_result f(void);
struct u32_result f(void)
{
#ifdef MISUSE
	return hf_err(u32, ENOMEM); /* E */
#else
	return hf_err(u32, -ENOMEM);
#endif
}
