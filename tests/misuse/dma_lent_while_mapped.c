// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: a buffer handed over while its bytes are borrowed
// rule: dma-direction
// compilers: clang>=22
// expect: cannot call function 'hf_move_' while loan of 'buf.own.loan' is held
// explained: loan-conflict
#include <holdfast/dma.h>

int f(struct hf_device *dev, struct u8_buffer_own given);
int f(struct hf_device *dev, struct u8_buffer_own given)
{
	hf_let(u8_buffer, buf, given);
#ifdef MISUSE
	hf_borrow_mut(lent, buf);
	struct u8_slice bytes = u8_buffer_slice(lent);
	hf_let(u8_to_device, m, hf_try(u8_map_to_device(hf_move(buf), dev, NULL))); /* E */

	hf_at(bytes, 0) = 1;
#else
	{
		hf_borrow_mut(lent, buf);
		struct u8_slice bytes = u8_buffer_slice(lent);

		hf_at(bytes, 0) = 1;
	}
	hf_let(u8_to_device, m, hf_try(u8_map_to_device(hf_move(buf), dev, NULL)));
#endif
	return hf_dma_size(m) > 4;
}
