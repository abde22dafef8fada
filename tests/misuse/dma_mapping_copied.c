// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: a mapping kept by two, of which each would unmap
// rule: owner-copied
// compilers: none
// query: 'm' is copied, and stays an owner as well: hf_move
#include <holdfast/dma.h>

void f(struct u8_to_device_own given);
void f(struct u8_to_device_own given)
{
	hf_let(u8_to_device, m, given);
#ifdef MISUSE
	hf_let(u8_to_device, same, m); /* E */
#else
	hf_let(u8_to_device, same, hf_move(m));
#endif
	hf_drop(u8_to_device, same);
}
