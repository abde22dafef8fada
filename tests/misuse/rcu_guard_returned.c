// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: a pointer to what RCU publishes returned
// rule: guard-escapes
// compilers: clang>=22
// expect: stack memory associated with local variable 'hf_reading_c'
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

const struct config *f(const struct gadget *d);
const struct config *f(const struct gadget *d)
{
	hf_rcu_read_else(c, &d->config, return NULL); /* E */

#ifdef MISUSE
	return c; /* E */
#else
	return c->limit ? NULL : NULL;
#endif
}
