// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: bytes that the device reads taken back as if it had written them
// rule: dma-direction
// flags: -Werror=incompatible-pointer-types
// expect-gcc: passing argument 1 of 'hf_dma_unmap_from_device' from incompatible pointer type
// expect-clang: passing 'struct hf_dma_to_device \*' to parameter of type 'struct hf_dma_from_device \*'
#include <holdfast/dma.h>

void f(struct hf_dma_to_device *m);
void f(struct hf_dma_to_device *m)
{
#ifdef MISUSE
	(void)hf_dma_unmap_from_device(m); /* E */
#else
	hf_dma_unmap_to_device(m);
#endif
}
