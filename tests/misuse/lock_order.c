// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: two locks taken in the other order than declared
// rule: lock-order
// compilers: clang>=22
// expect: must be acquired before
#include <holdfast/lock.h>

struct counts {
	int n;
};

HF_LOCKED_DEFINE(locked_process, mutex, struct counts);
HF_LOCKED_AFTER_DEFINE(locked_node, spinlock, struct counts, locked_process);

int f(struct locked_process *p, struct locked_node *n);
int f(struct locked_process *p, struct locked_node *n)
{
#ifdef MISUSE
	hf_lock(y, n);
	hf_lock(x, p); /* E */
#else
	hf_lock(x, p);
	hf_lock(y, n);
#endif

	return x->n + y->n;
}
