// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: a buffer handed over to a device that has it
// rule: dma-direction
// compilers: clang>=22
// expect: releasing ownership of 'buf.own' that was not held
// coccinelle: 'buf' was moved in line
// explained: use-after-move
#include <holdfast/dma.h>

int f(struct hf_device *dev, struct u8_buffer_own given);
int f(struct hf_device *dev, struct u8_buffer_own given)
{
	hf_let(u8_buffer, buf, given);
	hf_let(u8_to_device, out, hf_try(u8_map_to_device(hf_move(buf), dev, NULL)));
#ifdef MISUSE
	hf_let(u8_from_device, in, hf_try(u8_map_from_device(hf_move(buf), dev, NULL))); /* E */
#else
	hf_let(u8_buffer, back, u8_unmap_to_device(hf_move(out)));
	hf_let(u8_from_device, in, hf_try(u8_map_from_device(hf_move(back), dev, NULL)));
#endif
	return hf_dma_size(in) > 4;
}
