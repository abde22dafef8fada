// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: what RCU publishes read without a reader's guard
// rule: rcu-without-guard
// expect: has no member named 'limit'|no member named 'limit' in
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
#ifdef MISUSE
	return d->config.limit; /* E */
#else
	hf_rcu_read_else(c, &d->config, return -ENODEV);
	return c->limit;
#endif
}
