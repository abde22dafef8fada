// SPDX-License-Identifier: GPL-2.0-only OR MIT
// refused: by Clang
#include "kernel.h"
#include <linux/cleanup.h>
#include <linux/slab.h>

int start(void);
int probe(int quick);
int probe(int quick)
{
	int err = start();

#ifdef MISUSE
	if (err || quick)
		goto out;
#else
	if (err || quick)
		return err;
#endif
	void *p __free(kfree) = kmalloc(16, GFP_KERNEL);
	err = p ? 0 : -ENOMEM;
#ifdef MISUSE
out:
#endif
	return err;
}
