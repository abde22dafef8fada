// SPDX-License-Identifier: GPL-2.0-only OR MIT
// accepted: KASAN at run time
#include <linux/errno.h>

struct hw;
struct edu;
struct config;
struct hw *hw_new(const struct config *c);
void hw_free(struct hw *hw);
int attach(struct edu *edu, struct hw *hw);	/* frees it, if that fails */

int init(struct edu *edu, const struct config *c);
int init(struct edu *edu, const struct config *c)
{
	struct hw *hw = hw_new(c);
	int err;

	if (!hw)
		return -ENOMEM;
	err = attach(edu, hw);
#ifdef MISUSE
	if (err)
		hw_free(hw);
#endif
	return err;
}
