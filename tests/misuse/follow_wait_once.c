// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: a wait with a deadline that stands in a branch, behind which nobody looks again
// rule: wake-up-missed
// compilers: none
// checker: a wait may end for no reason, and another thread may have been first: test the condition again
#include <holdfast/wait.h>

struct ring {
	u32 free, head;
};

HF_LOCKED_DEFINE(locked_ring, mutex, struct ring);
HF_CONDVAR_DEFINE(locked_ring);

struct dev {
	struct locked_ring ring;
	struct locked_ring_condvar room;
};

void dev_done(const struct dev *d);
void dev_done(const struct dev *d)
{
	hf_lock(r, &d->ring);

	r->free++;
	hf_notify_one(&d->room);
}

static bool is_full(const struct ring *r)
{
	return r->free == 0;
}

int dev_take(const struct dev *d, u32 *slot);
int dev_take(const struct dev *d, u32 *slot)
{
	const struct hf_deadline end = hf_deadline_in(100);

	hf_lock(r, &d->ring);
#ifdef MISUSE
	if (is_full(r)) { /* E */
#else
	while (is_full(r)) {
#endif
		const int err = hf_wait_until(&d->room, r, end, HF_INTERRUPTIBLE);

		if (err)
			return err;
	}
	r->free--;
	*slot = r->head++;
	return 0;
}
