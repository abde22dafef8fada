// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: what is inside a revocable used after the guard's scope
// rule: revoked-data
// expect: 'w' undeclared|undeclared identifier 'w'
// explained: nothing
#include <holdfast/own.h>
#include <holdfast/revocable.h>

struct window {
	int status;
};

void window_unmap(struct window *w);
HF_OWN_DEFINE(window, struct window, window_unmap);
HF_REVOCABLE_DEFINE(edu_window, srcu, window_own);

struct edu {
	struct edu_window window;
};

int f(const struct edu *e);
int f(const struct edu *e)
{
	int status;

	{
		hf_access_else(w, &e->window, return -ENODEV);
		status = w->status;
	}
#ifdef MISUSE
	return status + w->status; /* E */
#else
	return status;
#endif
}
