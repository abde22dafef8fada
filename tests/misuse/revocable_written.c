// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: a write to what many guards share
// rule: write-to-shared
// expect-gcc: assignment of member 'status' in read-only object
// expect-clang: cannot assign to .*const|read-only variable is not assignable
// explained: const-written
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
	hf_access_else(w, &e->window, return -ENODEV);

#ifdef MISUSE
	w->status = 0; /* E */
#endif
	return w->status;
}
