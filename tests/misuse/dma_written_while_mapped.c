// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: a write to bytes that the device reads
// rule: dma-direction
// flags: -Werror=incompatible-pointer-types
// expect-gcc: passing argument 1 of 'u8_buffer_slice' from incompatible pointer type
// expect-clang: incompatible pointer types passing
#include <holdfast/dma.h>

void f(struct u8_to_device_own given);
void f(struct u8_to_device_own given)
{
	hf_let(u8_to_device, m, given);

#ifdef MISUSE
	hf_at(u8_buffer_slice(hf_mut(m)), 0) = 1; /* E */
#else
	hf_let(u8_buffer, buf, u8_unmap_to_device(hf_move(m)));
	hf_at(u8_buffer_slice(hf_mut(buf)), 0) = 1;
#endif
}
