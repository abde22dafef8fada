// SPDX-License-Identifier: GPL-2.0-only OR MIT
// accepted: it deadlocks (lockdep reports it at run time)
#include "kernel.h"

struct edu { struct srcu_struct srcu; int *window; };

int f(struct edu *e);
int f(struct edu *e)
{
	int idx = srcu_read_lock(&e->srcu), v = *e->window;

#ifdef MISUSE
	synchronize_srcu(&e->srcu);
	srcu_read_unlock(&e->srcu, idx);
#else
	srcu_read_unlock(&e->srcu, idx);
	synchronize_srcu(&e->srcu);
#endif
	return v;
}
