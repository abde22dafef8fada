// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: hf_try_errno() in a function that returns bool
// rule: try-in-other-function
// expect: error: .*(conver|<<)
#include <holdfast/num.h>

HF_MUST_USE int start(void *dev);
bool started(void *dev);

bool started(void *dev)
{
#ifdef MISUSE
	hf_try_errno(start(dev)); /* E */
#else
	hf_try_errno_or(start(dev), false);
#endif
	return true;
}
