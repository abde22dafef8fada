// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: an exclusive borrow of what readers may still look at
// rule: freed-under-reader
// expect: old.{1,2} is a shared owner, which gives no exclusive borrow
// explained: write-to-shared
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
	hf_let(config_retired, old, config_rcu_replace(&d->config, hf_empty(config_own)));

#ifdef MISUSE
	hf_mut(old)->limit = 0; /* E */
	return 0;
#else
	hf_let(config, mine, config_rcu_wait(hf_move(old)));
	hf_mut(mine)->limit = 0;
	return 0;
#endif
}
