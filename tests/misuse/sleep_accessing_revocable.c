// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: a function that may sleep called under an access guard of kind rcu
// rule: sleep-under-spinlock
// compilers: clang>=22
// expect: cannot call function 'edu_settle' while context 'hf_spinning' is held
#include <holdfast/own.h>
#include <holdfast/revocable.h>

struct window {
	int status;
};

void window_unmap(struct window *w);
HF_OWN_DEFINE(window, struct window, window_unmap);
HF_REVOCABLE_DEFINE(edu_window, rcu, window_own);

struct edu {
	struct edu_window window;
};

void edu_settle(int status) HF_SLEEPS;

int f(const struct edu *e);
int f(const struct edu *e)
{
	int status;

	{
		hf_access_else(w, &e->window, return -ENODEV);
		status = w->status;
#ifdef MISUSE
		edu_settle(status); /* E */
#endif
	}
	edu_settle(status);
	return status;
}
