// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: bytes that the device reads taken back as if it had written them
// rule: dma-direction
// expect-gcc: incompatible type for argument 1 of 'u8_unmap_from_device'
// expect-clang: passing .* to parameter of incompatible type 'struct u8_from_device_own'
#include <holdfast/dma.h>

u8 f(struct u8_to_device_own given);
u8 f(struct u8_to_device_own given)
{
	hf_let(u8_to_device, m, given);

#ifdef MISUSE
	hf_let(u8_buffer, buf, u8_unmap_from_device(hf_move(m))); /* E */
#else
	hf_let(u8_buffer, buf, u8_unmap_to_device(hf_move(m)));
#endif
	return hf_at(u8_buffer_cslice(hf_ref(buf)), 0);
}
