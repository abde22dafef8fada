// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: a place that RCU publishes by assigned, which loses what it owns
// rule: pinned-copied
// expect-gcc: assignment of read-only (location|member)
// expect-clang: const-qualified data member .stays_.
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

void f(struct device *a, const struct device *b);
void f(struct device *a, const struct device *b)
{
#ifdef MISUSE
	a->config = b->config; /* E */
#else
	(void)a;
	(void)b;
#endif
}
