// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: the device's address of a buffer that the CPU owns
// rule: dma-direction
// expect: no member named '?.?mapped_
#include <holdfast/dma.h>

dma_addr_t f(struct hf_device *dev, struct u8_buffer_own given);
dma_addr_t f(struct hf_device *dev, struct u8_buffer_own given)
{
	hf_let(u8_buffer, buf, given);

#ifdef MISUSE
	(void)dev;
	return hf_dma_addr(buf); /* E */
#else
	hf_let(u8_to_device, m, hf_try_or(u8_map_to_device(hf_move(buf), dev, NULL), 0));
	return hf_dma_addr(m);
#endif
}
