// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: a slice of a buffer, kept in a variable and written while the device has the buffer
// rule: dma-direction
// compilers: none
// coccinelle: 'bytes' borrows from 'buf', which was moved
// explained: borrow-outlives-owner
// checker: uses a pointer to what belongs to 'buf', which was moved
#include <holdfast/dma.h>

int f(struct hf_device *dev, struct u8_buffer_own given);
int f(struct hf_device *dev, struct u8_buffer_own given)
{
	hf_let(u8_buffer, buf, given);
	struct u8_slice bytes = u8_buffer_slice(hf_mut(buf));

	hf_at(bytes, 0) = 1;
	hf_let(u8_to_device, m, hf_try(u8_map_to_device(hf_move(buf), dev, NULL)));
#ifdef MISUSE
	hf_at(bytes, 0) = 2; /* E */
#endif
	return hf_dma_size(m) > 4;
}
