// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: a pointer to what is inside a revocable stored in a global
// rule: guard-escapes
// compilers: clang>=23
// expect: 'hf_access_w' escapes to the global variable
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

extern const struct window *current_window;
const struct window *current_window;

int f(const struct edu *e);
int f(const struct edu *e)
{
	hf_access_else(w, &e->window, return -ENODEV); /* E */

#ifdef MISUSE
	current_window = w; /* E */
#else
	current_window = NULL;
#endif
	return w->status;
}
