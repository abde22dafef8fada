// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: a pointer to what is inside a revocable kept in a variable past the guard's scope
// rule: guard-escapes
// compilers: clang>=23
// expect: .
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

int f(const struct edu *e);
int f(const struct edu *e)
{
	const struct window *kept = NULL;
	int status;

	{
		hf_access_else(w, &e->window, return -ENODEV); /* E */

		status = w->status;
#ifdef MISUSE
		kept = w; /* E */
#endif
	} /* E */
	return kept ? kept->status : status; /* E */
}
