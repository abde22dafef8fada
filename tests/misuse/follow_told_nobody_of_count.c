// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: a count goes down on a way that fails, and who waits for its end is not woken
// rule: wake-up-missed
// compilers: none
// checker: 'dev_drain' waits until this changes, and here nobody wakes it: call hf_notify_all\(\) for 'idle', as 'dev_done' does
#include <holdfast/wait.h>

struct load {
	u32 active, failed;
};

HF_LOCKED_DEFINE(locked_load, spinlock_irq, struct load);
HF_CONDVAR_DEFINE(locked_load);

struct dev {
	struct locked_load load;
	struct locked_load_condvar idle;
};

void dev_done(const struct dev *d);
void dev_done(const struct dev *d)
{
	hf_lock(l, &d->load);

	if (!--l->active)
		hf_notify_all(&d->idle);
}

void dev_failed(const struct dev *d);
void dev_failed(const struct dev *d)
{
	hf_lock(l, &d->load);

	l->failed++;
#ifdef MISUSE
	l->active--; /* E */
#else
	if (!--l->active)
		hf_notify_all(&d->idle);
#endif
}

void dev_drain(const struct dev *d);
void dev_drain(const struct dev *d)
{
	hf_lock(l, &d->load);

	while (l->active != 0)
		hf_wait(&d->idle, l);
}
