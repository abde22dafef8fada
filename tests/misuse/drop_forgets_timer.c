// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: a drop function that frees an object and forgets the timer in it
// rule: member-not-dropped
// compilers: none
// query: is freed, but not what its member
#include <holdfast/arc.h>
#include <holdfast/timer.h>

struct dev {
	struct hf_refs refs;
	int irqs;
};

void dev_destroy(struct dev *d);
void dev_release(struct dev *d);
HF_ARC_DEFINE(dev, struct dev, refs, dev_destroy, dev_release);

HF_TIMER_DEFINE(dev_timer, hrtimer, dev_arc, dev_callback);

struct driver {
	struct dev_timer_own timer;
	int state;
};

static void driver_free(struct driver *d)
{
#ifdef MISUSE
	hf_free(d); /* E */
#else
	dev_timer_own_drop(&d->timer);
	hf_free(d);
#endif
}

HF_OWN_DEFINE(driver, struct driver, driver_free);

static struct hf_timer_next dev_callback(const struct dev *d)
{
	return d->irqs ? hf_timer_again_in(1000) : hf_timer_stop();
}
