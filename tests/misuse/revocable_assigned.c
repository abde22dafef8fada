// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: a revocable assigned, which guards point to
// rule: pinned-copied
// expect-gcc: assignment of read-only (location|member)
// expect-clang: const-qualified data member .stays_.
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

void f(struct edu *a, const struct edu *b);
void f(struct edu *a, const struct edu *b)
{
#ifdef MISUSE
	a->window = b->window; /* E */
#else
	(void)a;
	(void)b;
#endif
}
