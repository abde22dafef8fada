// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: what RCU publishes used after the reader's scope
// rule: rcu-without-guard
// expect: 'c' undeclared|undeclared identifier 'c'
// explained: nothing
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

int f(const struct device *d);
int f(const struct device *d)
{
	int limit;

	{
		hf_rcu_read_else(c, &d->config, return -ENODEV);
		limit = c->limit;
	}
#ifdef MISUSE
	return limit + c->limit; /* E */
#else
	return limit;
#endif
}
