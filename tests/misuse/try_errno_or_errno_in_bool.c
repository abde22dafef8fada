// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: hf_try_errno_or() with an errno in a function that returns bool: -ENODEV becomes true
// rule: try-in-other-function
// flags: -O2
// expect: error: .*<<
#include <holdfast/result.h>

struct device;

HF_MUST_USE int start(struct device *dev);
bool started(struct device *dev);

bool started(struct device *dev)
{
#ifdef MISUSE
	hf_try_errno_or(start(dev), -ENODEV); /* E */
#else
	hf_try_errno_or(start(dev), false);
#endif
	return true;
}
