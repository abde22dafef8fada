// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: a condition variable copied to the stack
// rule: pinned-copied
// compilers: none
// query: 'd->changed' is copied, but others point to it
#include <holdfast/holdfast.h>

HF_LOCKED_DEFINE(locked_count, mutex, int);
HF_CONDVAR_DEFINE(locked_count);

struct dev {
	struct locked_count count;
	struct locked_count_condvar changed;
	struct hf_completion done;
};
void wake(const struct locked_count_condvar *cv);

void f(const struct dev *d);
void f(const struct dev *d)
{
#ifdef MISUSE
	const struct locked_count_condvar cv = d->changed; /* E */

	wake(&cv);
#else
	wake(&d->changed);
#endif
}
