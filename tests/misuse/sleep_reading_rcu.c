// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: a function that may sleep called while RCU's data is read
// rule: sleep-under-spinlock
// compilers: clang>=22
// expect: cannot call function 'apply' while context 'hf_spinning' is held
#include <holdfast/rcu.h>

struct config {
	struct hf_rcu_head rcu;
	int limit;
};

void config_free(struct config *c);
HF_RCU_DEFINE(config, struct config, rcu, config_free);

struct gadget {
	struct config_rcu config;
};

void apply(int limit) HF_SLEEPS;

int f(const struct gadget *d);
int f(const struct gadget *d)
{
	int limit;

	{
		hf_rcu_read_else(c, &d->config, return -ENODEV);
		limit = c->limit;
#ifdef MISUSE
		apply(limit); /* E */
#endif
	}
	apply(limit);
	return limit;
}
