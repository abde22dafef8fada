// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: a buffer taken back twice, on the way out as well
// rule: dma-direction
// compilers: clang>=22
// expect: releasing ownership of 'm.own' that was not held
// analyzer: use after 'hf_move'
// coccinelle: 'm' was moved in line
// explained: use-after-move
#include <holdfast/dma.h>

u8 f(struct u8_from_device_own given);
u8 f(struct u8_from_device_own given)
{
	hf_let(u8_from_device, m, given);
	hf_let(u8_buffer, buf, u8_unmap_from_device(hf_move(m)));
	const u8 v = hf_at(u8_buffer_cslice(hf_ref(buf)), 0);

#ifdef MISUSE
	if (!v)
		hf_drop(u8_from_device, m); /* E */
#else
	if (!v)
		hf_drop(u8_buffer, buf);
#endif
	return v;
}
