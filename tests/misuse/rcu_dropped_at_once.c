// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: what readers may still look at taken for what nobody else sees
// rule: freed-under-reader
// expect-gcc: invalid initializer
// expect-clang: initializing '.*config_own' .*with an expression of incompatible type
// explained: owner-of-other-type
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

void f(const struct device *d, struct config_own taken);
void f(const struct device *d, struct config_own taken)
{
	hf_let(config, next, taken);
#ifdef MISUSE
	hf_let(config, old, config_rcu_replace(&d->config, hf_move(next))); /* E */
#else
	hf_let(config_retired, old, config_rcu_replace(&d->config, hf_move(next)));
#endif
}
