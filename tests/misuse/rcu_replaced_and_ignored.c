// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: a replacement whose old object nobody takes
// rule: owner-ignored
// flags: -Werror=unused-value
// expect: ignoring return value of
// explained: result-ignored
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
	config_rcu_replace(&d->config, hf_move(next)); /* E */
#else
	hf_let(config_retired, old, config_rcu_replace(&d->config, hf_move(next)));
#endif
}
