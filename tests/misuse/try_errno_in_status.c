// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: hf_try_errno() in a function that returns a status byte
// rule: try-in-other-function
// expect: error: .*(conver|<<)
#include <holdfast/num.h>

typedef u8 blk_status_t;
HF_MUST_USE int start(void *dev);
blk_status_t queue_rq(void *dev);

blk_status_t queue_rq(void *dev)
{
#ifdef MISUSE
	hf_try_errno(start(dev)); /* E */
#else
	hf_try_errno_or(start(dev), 10);
#endif
	return 0;
}
