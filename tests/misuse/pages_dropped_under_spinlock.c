// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: pages dropped, which may sleep, under a spinlock
// rule: sleep-under-spinlock
// compilers: clang>=22
// expect: cannot call function 'hf_pages_own_drop' while context 'hf_spinning' is held
#include <holdfast/lock.h>
#include <holdfast/pages.h>

struct state {
	struct hf_pages_own pages;
};

HF_LOCKED_DEFINE(locked_state, spinlock, struct state);

static inline struct hf_pages_own take(struct locked_state *l)
{
	hf_lock(s, l);

	return hf_take(s->pages);
}

void end(struct locked_state *l);
void end(struct locked_state *l)
{
#ifdef MISUSE
	hf_lock(s, l);

	hf_pages_own_drop(&s->pages); /* E */
#else
	hf_let(hf_pages, p, take(l));
#endif
}
