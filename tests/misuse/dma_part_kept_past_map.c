// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: a part of a buffer, kept in a variable and read while the device writes the buffer
// rule: dma-direction
// compilers: none
// coccinelle: 'kept' borrows from 'buf', which was moved
// explained: borrow-outlives-owner
// checker: uses a pointer to what belongs to 'buf', which was moved
#include <holdfast/dma.h>

int f(struct hf_device *dev, struct u8_buffer_own given);
int f(struct hf_device *dev, struct u8_buffer_own given)
{
	hf_let(u8_buffer, buf, given);
	const struct u8_cslice kept = hf_try(hf_subslice(u8_buffer_cslice(hf_ref(buf)), 4, 8));
	const u8 before = hf_at(kept, 0);
	hf_let(u8_from_device, m, hf_try(u8_map_from_device(hf_move(buf), dev, NULL)));
#ifdef MISUSE
	return before != hf_at(kept, 0); /* E */
#else
	hf_let(u8_buffer, back, u8_unmap_from_device(hf_move(m)));
	return before != hf_at(u8_buffer_cslice(hf_ref(back)), 4);
#endif
}
