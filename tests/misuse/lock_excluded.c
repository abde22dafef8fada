// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: the lock that a helper takes held by its caller: the deadlock of CVE-2026-23400
// rule: lock-excluded
// compilers: clang>=22
// expect: cannot call function 'push_work_if_looper' while lock 'p->inner.lock' is held
#include <holdfast/lock.h>

struct work {
	int kind;
};

struct process_inner {
	int ready;
};

HF_LOCKED_DEFINE(locked_process, spinlock, struct process_inner);

struct process {
	struct locked_process inner;
};

struct thread {
	struct process *proc;
	int is_looper;
};

void push_work_if_looper(struct process *p, struct thread *t, struct work *w)
	HF_EXCLUDES(&p->inner);

void f(struct process *p, struct thread *t, struct work *w);
void f(struct process *p, struct thread *t, struct work *w)
{
	{
		hf_lock(g, &p->inner);
		g->ready++;
#ifdef MISUSE
		push_work_if_looper(p, t, w); /* E */
#endif
	}
	push_work_if_looper(p, t, w);
}
