// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: a write to what readers share
// rule: write-to-shared
// expect-gcc: assignment of member 'limit' in read-only object
// expect-clang: cannot assign to .*const|read-only variable is not assignable
// explained: const-written
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
	hf_rcu_read_else(c, &d->config, return -ENODEV);

#ifdef MISUSE
	c->limit = 0; /* E */
#endif
	return c->limit;
}
