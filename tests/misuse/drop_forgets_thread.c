// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: a drop function that frees an object and forgets the thread in it
// rule: member-not-dropped
// compilers: none
// query: is freed, but not what its member
#include <holdfast/arc.h>
#include <holdfast/thread.h>

struct dev {
	struct hf_refs refs;
	int irqs;
};

void dev_destroy(struct dev *d);
void dev_release(struct dev *d);
HF_ARC_DEFINE(dev, struct dev, refs, dev_destroy, dev_release);

HF_THREAD_DEFINE(dev_thread, dev_arc, dev_callback);

struct driver {
	struct dev_thread_own thread;
	int state;
};

static void driver_free(struct driver *d)
{
#ifdef MISUSE
	hf_free(d); /* E */
#else
	dev_thread_own_drop(&d->thread);
	hf_free(d);
#endif
}

HF_OWN_DEFINE(driver, struct driver, driver_free);

static int dev_callback(const struct dev *d)
{
	return d->irqs;
}
