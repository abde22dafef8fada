// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: a wait under an if, behind which only one of its two conditions is looked at again
// rule: wake-up-missed
// compilers: none
// checker: test the condition again, by while \(...\) in place of if
#include <holdfast/holdfast.h>

struct fifo {
	u32 sample[16];
	u32 head, count;
	bool gone;
};

HF_LOCKED_DEFINE(locked_fifo, spinlock_irq, struct fifo);
HF_CONDVAR_DEFINE(locked_fifo);

struct adc {
	struct locked_fifo fifo;
	struct locked_fifo_condvar filled;
};

int adc_read(const struct adc *d, u32 *sample);
int adc_read(const struct adc *d, u32 *sample)
{
	hf_lock(f, &d->fifo);

#ifdef MISUSE
	if (!f->count && !f->gone) /* E */
#else
	while (!f->count && !f->gone)
#endif
		hf_try_errno(hf_wait_interruptible(&d->filled, f));
	if (f->gone)
		return -ENODEV;
	*sample = hf_array_at(f->sample, f->head);
	f->head = (f->head + 1) % 16;
	f->count--;
	return 0;
}

void adc_init(struct adc *d);
void adc_init(struct adc *d)
{
	hf_lock_init(&d->fifo);
	hf_cond_init(&d->filled);
}
