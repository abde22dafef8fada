// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: a completion reset by an assignment
// rule: pinned-copied
// expect-gcc: assignment of read-only (location|member)
// expect-clang: const-qualified data member 'stays_'
// explained: const-written
#include <holdfast/holdfast.h>

HF_LOCKED_DEFINE(locked_count, mutex, int);
HF_CONDVAR_DEFINE(locked_count);

struct dev {
	struct locked_count count;
	struct locked_count_condvar changed;
	struct hf_completion done;
};

void f(struct dev *d);
void f(struct dev *d)
{
#ifdef MISUSE
	d->done = (struct hf_completion){ 0 }; /* E */
#else
	hf_completion_reinit(&d->done);
#endif
}
