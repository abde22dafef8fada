// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: the outcome of an init that may have dropped the handle ignored
// rule: result-ignored
// expect: unused.result|ignoring return value
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

int f(struct edu *e, struct window_own taken);
int f(struct edu *e, struct window_own taken)
{
	hf_let(window, w, taken);
#ifdef MISUSE
	edu_window_init(&e->window, hf_move(w)); /* E */
	return 0;
#else
	return edu_window_init(&e->window, hf_move(w));
#endif
}
