// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: a completion copied to the stack
// rule: pinned-copied
// compilers: none
// query: 'd->done' is copied, but others point to it
#include <holdfast/holdfast.h>

HF_LOCKED_DEFINE(locked_count, mutex, int);
HF_CONDVAR_DEFINE(locked_count);

struct dev {
	struct locked_count count;
	struct locked_count_condvar changed;
	struct hf_completion done;
};

void f(const struct dev *d);
void f(const struct dev *d)
{
#ifdef MISUSE
	const struct hf_completion c = d->done; /* E */

	hf_complete(&c);
#else
	hf_complete(&d->done);
#endif
}
