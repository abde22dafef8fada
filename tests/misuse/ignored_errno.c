// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: the error of a function without a value ignored
// rule: result-ignored
// expect: ignoring return value of
#include <holdfast/cursor.h>

int f(struct hf_reader *r);
int f(struct hf_reader *r)
{
#ifdef MISUSE
	hf_skip(r, 4); /* E */
#else
	hf_try_errno(hf_skip(r, 4));
#endif
	return 0;
}
