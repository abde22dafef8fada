// SPDX-License-Identifier: GPL-2.0-only OR MIT
// accepted
#include "kernel.h"

struct config { int limit; struct rcu_head rcu; };
struct dev { struct config __rcu *config; };

void f(struct dev *d, struct config *next);
void f(struct dev *d, struct config *next)
{
	struct config *old = rcu_dereference_protected(d->config, 1);

	rcu_assign_pointer(d->config, next);
#ifdef MISUSE
	kfree(old);
#else
	kfree_rcu(old, rcu);
#endif
}
