// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: a hand-over to the device whose failure is ignored
// rule: result-ignored
// expect: ignoring return value of
#include <holdfast/dma.h>

int f(struct hf_dma_to_device *m, struct hf_device *dev, struct u8_cslice c);
int f(struct hf_dma_to_device *m, struct hf_device *dev, struct u8_cslice c)
{
#ifdef MISUSE
	hf_dma_map_to_device(m, dev, c); /* E */
#else
	hf_try_errno(hf_dma_map_to_device(m, dev, c));
#endif
	return 0;
}
