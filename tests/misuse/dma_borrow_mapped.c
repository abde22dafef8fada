// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: a buffer that somebody else owns handed over to a device
// rule: dma-direction
// expect-gcc: incompatible type for argument 1 of 'u8_map_from_device'
// expect-clang: passing .* to parameter of incompatible type 'struct u8_buffer_own'
// explained: owner-of-other-type
#include <holdfast/dma.h>

int f(struct hf_device *dev, const struct u8_buffer *lent);
int f(struct hf_device *dev, const struct u8_buffer *lent)
{
#ifdef MISUSE
	hf_let(u8_from_device, m, hf_try(u8_map_from_device(lent, dev, NULL))); /* E */
#else
	hf_let(u8_buffer, copy, hf_try(hf_new_buffer(u8, hf_len(u8_buffer_cslice(lent)), GFP_KERNEL)));
	hf_let(u8_from_device, m, hf_try(u8_map_from_device(hf_move(copy), dev, NULL)));
#endif
	return hf_dma_size(m) > 4;
}
