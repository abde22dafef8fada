// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: a number that the device gave used as an index
// rule: untrusted-number
// expect: array subscript is not an integer
#include <holdfast/mmio.h>

HF_MMIO_DEFINE(edu_regs, 0xa0);
HF_REG_RO(edu_regs, id, 0x00, u32);
HF_REG_RW(edu_regs, factorial, 0x08, u32);	/* a number; later its factorial */
HF_REG_RW(edu_regs, status, 0x20, u32);
HF_REG_RO(edu_regs, irq_status, 0x24, u32);
HF_REG_WO(edu_regs, irq_ack, 0x64, u32);
HF_REG_WO(edu_regs, dma_source, 0x80, u64);
HF_REG_WO(edu_regs, dma_destination, 0x88, u64);
HF_REG_WO(edu_regs, dma_count, 0x90, u64);
HF_REG_RW(edu_regs, dma_command, 0x98, u64);

#define EDU_ID		0x010000edu	/* with the minor version in bits 16 to 23 */
enum { EDU_COMPUTING = 0x01, EDU_IRQ_WHEN_COMPUTED = 0x80 };		/* status */
enum { EDU_IRQ_FACTORIAL = 0x001, EDU_IRQ_DMA = 0x100 };		/* irq_status, irq_ack */
enum { EDU_RUN = 0x1, EDU_RUN_FROM_DEVICE = 0x3, EDU_DMA_RAISES = 0x4 };	/* dma_command */

#define EDU_VERSIONS	3
static const char *const edu_versions[EDU_VERSIONS] = { "1.0", "1.1", "1.2" };

/* -ENODEV: it is another device.  -ERANGE: it is newer than this driver. */
int edu_identify(const struct edu_regs *regs, const char **version)
{
	const struct hf_untrusted_u32 id = edu_regs_read_id(regs);

	if (hf_mask(id, 0xff00ffff) != EDU_ID)
		return -ENODEV;
#ifdef MISUSE
	*version = edu_versions[hf_bits(id, 16, 8)]; /* E */
#else
	*version = edu_versions[hf_try(hf_below(hf_bits(id, 16, 8), EDU_VERSIONS))];
#endif
	return 0;
}
