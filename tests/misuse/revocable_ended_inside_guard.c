// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: the end of a revocable inside a guard that it would wait for
// rule: revoked-inside-guard
// compilers: clang>=22
// expect: cannot call function 'edu_window_fini' while access guard 'e->window.access' is held
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

void f(struct edu *e);
void f(struct edu *e)
{
	{
		hf_access_else(w, &e->window, return);
#ifdef MISUSE
		edu_window_fini(&e->window); /* E */
#endif
	}
	edu_window_fini(&e->window);
}
