// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: a revocation inside a guard that it would wait for
// rule: revoked-inside-guard
// compilers: clang>=22
// expect: cannot call function 'edu_window_revoke' while access guard 'e->window.access' is held
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
#ifdef MISUSE
		if (!status)
			edu_window_revoke(&e->window); /* E */
#endif
	}
	if (!status)
		edu_window_revoke(&e->window);
	return status;
}
