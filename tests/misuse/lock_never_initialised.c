// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: a lock of a structure that only this file knows, taken and initialised nowhere
// rule: lock-not-initialised
// compilers: none
// query: 'hits' is used in this file, and initialised nowhere
#include <holdfast/lock.h>
#include <holdfast/own.h>

HF_LOCKED_DEFINE(locked_count, spinlock, u64);

struct dev {
	u32 id;
#ifdef MISUSE
	struct locked_count hits; /* E */
#else
	struct locked_count hits;
#endif
};

static void dev_free(struct dev *dev)
{
	hf_lock_fini(&dev->hits);
	hf_free(dev);
}
HF_OWN_DEFINE(dev, struct dev, dev_free);

void dev_hit(struct dev *dev);
void dev_hit(struct dev *dev)
{
	hf_lock(n, &dev->hits);
	++*n;
}

int dev_make(struct dev_own *to, u32 id);
int dev_make(struct dev_own *to, u32 id)
{
	hf_let(dev, dev, hf_try(hf_new(dev, GFP_KERNEL)));

	hf_mut(dev)->id = id;
#ifndef MISUSE
	hf_lock_init(&hf_mut(dev)->hits);
#endif
	hf_set(*to, hf_move(dev));
	return 0;
}
