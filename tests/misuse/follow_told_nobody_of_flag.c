// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: a flag that others wait for is cleared, and they are not woken
// rule: wake-up-missed
// compilers: none
// checker: 'bus_claim' waits until this changes, and here nobody wakes it: call hf_notify_all\(\) for 'free', as 'bus_release' does
#include <holdfast/wait.h>

struct owner {
	bool claimed;
	u32 resets;
};

HF_LOCKED_DEFINE(locked_owner, mutex, struct owner);
HF_CONDVAR_DEFINE(locked_owner);

struct bus {
	struct locked_owner owner;
	struct locked_owner_condvar free;
};

void bus_claim(const struct bus *b);
void bus_claim(const struct bus *b)
{
	hf_lock(o, &b->owner);

	while (o->claimed)
		hf_wait(&b->free, o);
	o->claimed = true;
}

void bus_release(const struct bus *b);
void bus_release(const struct bus *b)
{
	hf_lock(o, &b->owner);

	o->claimed = false;
	hf_notify_one(&b->free);
}

void bus_reset(const struct bus *b);
void bus_reset(const struct bus *b)
{
	hf_lock(o, &b->owner);

	o->resets++;
#ifdef MISUSE
	o->claimed = false; /* E */
#else
	o->claimed = false;
	hf_notify_all(&b->free);
#endif
}
