// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: hf_try() in an interrupt handler: the errno becomes flags of irqreturn_t
// rule: try-in-other-function
// expect: error: .*(conver|<<)
#include <holdfast/num.h>

struct u32_result read_status(void *dev);
irqreturn_t handler(int irq, void *dev);

irqreturn_t handler(int irq, void *dev)
{
#ifdef MISUSE
	const u32 status = hf_try(read_status(dev)); /* E */
#else
	const u32 status = hf_try_or(read_status(dev), IRQ_NONE);
#endif

	return irq && status ? IRQ_HANDLED : IRQ_NONE;
}
