// SPDX-License-Identifier: GPL-2.0-only OR MIT
// misuse: a pointer to what RCU publishes kept in a variable past the reader's scope
// rule: guard-escapes
// compilers: clang>=23
// expect: local variable 'hf_reading_c'
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

int f(const struct gadget *d);
int f(const struct gadget *d)
{
	const struct config *kept = NULL;
	int limit;

	{
		hf_rcu_read_else(c, &d->config, return -ENODEV); /* E */

		limit = c->limit;
#ifdef MISUSE
		kept = c; /* E */
#endif
	} /* E */
	return kept ? kept->limit : limit; /* E */
}
