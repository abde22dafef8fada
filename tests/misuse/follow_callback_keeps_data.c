// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: a callback that keeps what it is lent in another object
// rule: borrow-escapes
// compilers: none
// checker: 'watchdog.watched' keeps 'd', which is borrowed for this call only
#include <holdfast/arc.h>
#include <holdfast/timer.h>

struct dev {
	struct hf_refs refs;
	u32 id, ticks;
};

void dev_destroy(struct dev *d);
void dev_release(struct dev *d);
HF_ARC_DEFINE(dev, struct dev, refs, dev_destroy, dev_release);
HF_TIMER_DEFINE(dev_poll, timer, dev_arc, dev_tick);

static struct {
	const struct dev *watched;
	u32 id;
} watchdog;

u32 watchdog_id(void);
u32 watchdog_id(void)
{
	return watchdog.watched ? watchdog.watched->id : watchdog.id;
}

static struct hf_timer_next dev_tick(const struct dev *d)
{
#ifdef MISUSE
	watchdog.watched = d; /* E */
#else
	watchdog.id = d->id;
#endif
	return hf_timer_stop();
}
