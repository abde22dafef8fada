// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: what readers may still look at freed by hand
// rule: freed-under-reader
// flags: -Werror
// expect: discards .*qualifier
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

void f(const struct device *d, struct config_own taken);
void f(const struct device *d, struct config_own taken)
{
	hf_let(config, next, taken);
	hf_let(config_retired, old, config_rcu_replace(&d->config, hf_move(next)));
#ifdef MISUSE
	config_free(hf_ref(old)); /* E */
#else
	(void)hf_ref(old);
#endif
}
