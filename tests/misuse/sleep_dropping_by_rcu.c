// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: a drop function that sleeps, which RCU calls where it must not
// rule: sleep-under-spinlock
// compilers: clang>=22
// expect: cannot call function 'config_free' while context 'hf_spinning' is held
#include <holdfast/rcu.h>

struct config {
	struct hf_rcu_head rcu;
	int limit;
};

#ifdef MISUSE
void config_free(struct config *c) HF_SLEEPS;
#else
void config_free(struct config *c);
#endif
HF_RCU_DEFINE(config, struct config, rcu, config_free); /* E */

void f(struct config_own o);
void f(struct config_own o)
{
	hf_let(config, c, o);
}
