// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: a pointer to what RCU publishes stored in a global
// rule: guard-escapes
// compilers: clang>=23
// expect: 'hf_reading_c' escapes to the global variable
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

extern const struct config *current_config;
const struct config *current_config;

int f(const struct gadget *d);
int f(const struct gadget *d)
{
	hf_rcu_read_else(c, &d->config, return -ENODEV); /* E */

#ifdef MISUSE
	current_config = c; /* E */
#else
	current_config = NULL;
#endif
	return c->limit;
}
