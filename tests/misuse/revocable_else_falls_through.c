// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: what is inside a revocable used on the way on which access was refused
// rule: revoked-data
// expect: must leave: return, goto, break or continue
// explained: lock-not-taken
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

int f(const struct edu *e, int *refused);
int f(const struct edu *e, int *refused)
{
#ifdef MISUSE
	hf_access_else(w, &e->window, ++*refused); /* E */
#else
	hf_access_else(w, &e->window, ++*refused; return -ENODEV);
#endif
	return w->status;
}
