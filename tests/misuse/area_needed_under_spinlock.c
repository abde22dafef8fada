// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: pages needed, which sleeps, under a spinlock that the mmap operation takes
// rule: sleep-under-spinlock
// compilers: clang>=22
// expect: cannot call function 'hf_area_need' while context 'hf_spinning' is held
#include <holdfast/lock.h>
#include <holdfast/pages.h>

struct state {
	struct hf_area_arc area;
};

HF_LOCKED_DEFINE(locked_state, spinlock, struct state);

int send(struct locked_state *l);
int send(struct locked_state *l)
{
#ifdef MISUSE
	hf_lock(s, l);

	return hf_drop_ok(hf_pages_own, hf_area_need(hf_ref(s->area), 0, 64)); /* E */
#else
	hf_let_arc(hf_area, area, hf_empty(hf_area_arc));
	{
		hf_lock(s, l);

		hf_set(area, hf_arc_from(hf_area, hf_ref(s->area)));
	}
	return hf_drop_ok(hf_pages_own, hf_area_need(hf_ref(area), 0, 64));
#endif
}
