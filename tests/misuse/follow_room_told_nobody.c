// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: room is made, and who waits for it is not woken
// rule: wake-up-missed
// compilers: none
// checker: 'mail_put' waits until this changes, and here nobody wakes it: call hf_notify_all\(\) for 'changed', as 'mail_put' does
#include <holdfast/wait.h>

#define SLOTS 8

struct box {
	u32 used, oldest;
};

HF_LOCKED_DEFINE(locked_box, mutex, struct box);
HF_CONDVAR_DEFINE(locked_box);

struct mail {
	struct locked_box box;
	struct locked_box_condvar changed;
};

void mail_put(const struct mail *m);
void mail_put(const struct mail *m)
{
	hf_lock(b, &m->box);

	while (b->used >= SLOTS)
		hf_wait(&m->changed, b);
	b->used++;
	hf_notify_all(&m->changed);
}

u32 mail_get(const struct mail *m);
u32 mail_get(const struct mail *m)
{
	hf_lock(b, &m->box);

	while (!b->used)
		hf_wait(&m->changed, b);
#ifdef MISUSE
	b->used -= 1; /* E */
#else
	b->used -= 1;
	hf_notify_all(&m->changed);
#endif
	return b->oldest++;
}
