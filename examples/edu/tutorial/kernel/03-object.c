// SPDX-License-Identifier: GPL-2.0-only OR MIT
// accepted: an oops at run time
#include <linux/bits.h>
#include <linux/err.h>
#include <linux/io.h>
#include <linux/slab.h>

#define STATUS			0x20
#define IRQ_WHEN_COMPUTED	BIT(7)

struct hw {
	void __iomem *regs;
	void *memory;
};

struct config;
struct hw *hw_new(const struct config *c);
void hw_free(struct hw *hw);

int test(const struct config *c);
int test(const struct config *c)
{
	struct hw *hw = hw_new(c);

#ifdef MISUSE
	if (!hw)
		return -ENOMEM;
	writel(IRQ_WHEN_COMPUTED, hw->regs + STATUS);
	if (!(readl(hw->regs + STATUS) & IRQ_WHEN_COMPUTED))
		return -EIO;
	hw_free(hw);
	return 0;
#else
	int err = 0;

	if (IS_ERR(hw))
		return PTR_ERR(hw);
	writel(IRQ_WHEN_COMPUTED, hw->regs + STATUS);
	if (!(readl(hw->regs + STATUS) & IRQ_WHEN_COMPUTED))
		err = -EIO;
	hw_free(hw);
	return err;
#endif
}
