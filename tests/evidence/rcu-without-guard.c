// SPDX-License-Identifier: GPL-2.0-only OR MIT
// accepted: sparse knows __rcu
#include "kernel.h"

struct config { int limit; };
struct dev { struct config __rcu *config; };

int f(struct dev *d);
#ifdef MISUSE
int f(struct dev *d)
{
	return d->config->limit;
}
#else
int f(struct dev *d)
{
	int limit;

	rcu_read_lock();
	limit = rcu_dereference(d->config)->limit;
	rcu_read_unlock();
	return limit;
}
#endif
