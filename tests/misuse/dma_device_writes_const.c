// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: read-only bytes handed to a device that writes them
// rule: dma-direction
// expect-gcc: incompatible type for argument 3 of 'hf_dma_map_from_device'
// expect-clang: passing '.*' to parameter of incompatible type 'struct u8_slice'
// explained: const-written
#include <holdfast/dma.h>

int f(struct hf_dma_from_device *m, struct hf_device *dev, struct u8_cslice c, struct u8_slice s);
int f(struct hf_dma_from_device *m, struct hf_device *dev, struct u8_cslice c, struct u8_slice s)
{
	(void)c;
	(void)s;
#ifdef MISUSE
	return hf_dma_map_from_device(m, dev, c); /* E */
#else
	return hf_dma_map_from_device(m, dev, s);
#endif
}
