// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: an init function that forgets a lock
// rule: lock-not-initialised
// compilers: none
// query: 'dev_init\(\)' makes an object for hf_new_with\(\), but does not initialise its member 'misses'
#include <holdfast/lock.h>
#include <holdfast/pin.h>

HF_LOCKED_DEFINE(locked_count, mutex, u64);

struct dev {
	u32 id;
	struct locked_count hits;
	struct locked_count misses;
};

static void dev_free(struct dev *dev)
{
	hf_lock_fini(&dev->hits);
	hf_lock_fini(&dev->misses);
	hf_free(dev);
}
HF_OWN_DEFINE(dev, struct dev, dev_free);

#ifdef MISUSE
static int dev_init(struct dev *dev, u32 id) /* E */
#else
static int dev_init(struct dev *dev, u32 id)
#endif
{
	dev->id = id;
	hf_lock_init(&dev->hits);
#ifndef MISUSE
	hf_lock_init(&dev->misses);
#endif
	return 0;
}

int dev_make(struct dev_own *to, u32 id);
int dev_make(struct dev_own *to, u32 id)
{
	return hf_set_ok(*to, hf_new_with(dev, GFP_KERNEL, dev_init, id));
}
