// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: an inner lock still held where the outer one is taken
// rule: lock-order
// compilers: clang>=22
// expect: must be acquired before
#include <holdfast/lock.h>

struct counts {
	int n;
};

HF_LOCKED_DEFINE(locked_process, mutex, struct counts);
HF_LOCKED_AFTER_DEFINE(locked_node, spinlock, struct counts, locked_process);

struct process {
	struct locked_process inner;
	struct locked_node nodes[4];
};

int f(struct process *p);
int f(struct process *p)
{
	int sum = 0;

	for (int i = 0; i < 4; i++) {
#ifdef MISUSE
		hf_lock(n, &p->nodes[i]);
		hf_lock(x, &p->inner); /* E */
#else
		hf_lock(x, &p->inner);
		hf_lock(n, &p->nodes[i]);
#endif

		sum += x->n + n->n;
	}
	return sum;
}
