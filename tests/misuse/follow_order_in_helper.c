// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: the declared order of two locks, broken by two functions
// rule: lock-order
// compilers: none
// checker: must be locked before a 'struct locked_node', which is held since line
#include <holdfast/lock.h>

struct counts {
	u32 refs, work;
};

HF_LOCKED_DEFINE(locked_proc, mutex, struct counts);
HF_LOCKED_AFTER_DEFINE(locked_node, mutex, struct counts, locked_proc);

struct proc {
	struct locked_proc state;
};

struct node {
	struct locked_node state;
	struct proc *owner;
};

static void wake(struct proc *p)
{
	hf_lock(s, &p->state); /* E */

	s->work++;
}

void f(struct node *n);
void f(struct node *n)
{
#ifdef MISUSE
	hf_lock(s, &n->state);

	if (--s->refs == 0)
		wake(n->owner);
#else
	{
		hf_lock(s, &n->state);
		if (--s->refs)
			return;
	}
	wake(n->owner);
#endif
}
