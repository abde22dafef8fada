// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: a wait without an end that stands in a branch, behind which the last element is given
// rule: wake-up-missed
// compilers: none
// checker: a wait may end for no reason, and another thread may have been first: test the condition again
#include <holdfast/slice.h>
#include <holdfast/wait.h>

struct stack {
	u32 page[16];
	u32 n;
};

HF_LOCKED_DEFINE(locked_stack, mutex, struct stack);
HF_CONDVAR_DEFINE(locked_stack);

struct pool {
	struct locked_stack stack;
	struct locked_stack_condvar filled;
};

void pool_put(const struct pool *p, u32 page);
void pool_put(const struct pool *p, u32 page)
{
	hf_lock(s, &p->stack);

	hf_array_at(s->page, s->n++) = page;
	hf_notify_one(&p->filled);
}

u32 pool_get(const struct pool *p);
u32 pool_get(const struct pool *p)
{
	hf_lock(s, &p->stack);

#ifdef MISUSE
	if (s->n == 0) /* E */
#else
	while (s->n == 0)
#endif
		hf_wait(&p->filled, s);
	return hf_array_at(s->page, --s->n);
}
