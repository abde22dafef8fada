/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/* For whom a thread of the server calls the core. */
#ifndef EXAMPLES_BINDER_HOST_H
#define EXAMPLES_BINDER_HOST_H

#include "../binder.h"
#include "wire.h"

struct caller {
	u32 tid, pid, uid;
	int channel;		/* -1: it cannot be asked for anything */
};

/* Of this thread, from now on; NULL while it closes a file. */
void caller_enter(const struct caller *c);

#endif
