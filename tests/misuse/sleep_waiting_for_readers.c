// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: a wait for the readers by one of them
// rule: sleep-under-spinlock
// compilers: clang>=22
// expect: cannot call function 'config_rcu_wait' while context 'hf_spinning' is held
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

int f(const struct gadget *d);
int f(const struct gadget *d)
{
	hf_let(config_retired, old, config_rcu_replace(&d->config, hf_empty(config_own)));

#ifdef MISUSE
	hf_rcu_read_else(c, &d->config, return -ENODEV);
	hf_let(config, mine, config_rcu_wait(hf_move(old))); /* E */
#else
	hf_let(config, mine, config_rcu_wait(hf_move(old)));
	hf_rcu_read_else(c, &d->config, return -ENODEV);
#endif
	return c->limit;
}
