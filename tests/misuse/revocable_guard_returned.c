// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: a pointer to what is inside a revocable returned
// rule: guard-escapes
// compilers: clang>=22
// expect: stack memory associated with local variable .hf_access_w.
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

const struct window *f(const struct edu *e);
const struct window *f(const struct edu *e)
{
	hf_access_else(w, &e->window, return NULL); /* E */

#ifdef MISUSE
	return w; /* E */
#else
	return w->status ? NULL : NULL;
#endif
}
