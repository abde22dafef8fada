// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: a reader that goes on where nothing is published
// rule: rcu-without-guard
// expect: must leave: return, goto, break or continue
// explained: lock-not-taken
#include <holdfast/rcu.h>

struct config {
	struct hf_rcu_head rcu;
	int limit;
};

void config_free(struct config *c);
HF_RCU_DEFINE(config, struct config, rcu, config_free);

struct device {
	struct config_rcu config;
};

int f(const struct device *d, int *missing);
int f(const struct device *d, int *missing)
{
#ifdef MISUSE
	hf_rcu_read_else(c, &d->config, ++*missing); /* E */
#else
	hf_rcu_read_else(c, &d->config, ++*missing; return -ENODEV);
#endif
	return c->limit;
}
