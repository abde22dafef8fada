// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: a buffer used while the device has it
// rule: dma-direction
// compilers: clang>=22
// expect: calling function 'hf_ref_' requires holding ownership of 'buf.own'
// coccinelle: 'buf' was moved in line
// explained: use-after-move
#include <holdfast/dma.h>

int f(struct hf_device *dev, struct u8_buffer_own given);
int f(struct hf_device *dev, struct u8_buffer_own given)
{
	hf_let(u8_buffer, buf, given);
	hf_let(u8_from_device, m, hf_try(u8_map_from_device(hf_move(buf), dev, NULL)));
#ifdef MISUSE
	return hf_at(u8_buffer_cslice(hf_ref(buf)), 0); /* E */
#else
	hf_let(u8_buffer, back, u8_unmap_from_device(hf_move(m)));
	return hf_at(u8_buffer_cslice(hf_ref(back)), 0);
#endif
}
